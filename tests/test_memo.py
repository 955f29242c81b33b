"""Results kept in batches: each is had again while all that it looked at is as it was, and only then."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masterplan_cli.files import Pieces, digest
from masterplan_cli.looks import States, look
from masterplan_cli.memo import Memo, Result
from masterplan_cli.store import Store


class Desk:
    """Things with a state each, and work on them: unit `x` looks at `dx`, and at what `also` names."""

    def __init__(self, place: Path, size: int = 10) -> None:
        self.place, self.size = str(place), size
        self.things: dict[str, str] = {}
        self.also: dict[str, list[str]] = {}
        self.done: list[str] = []

    def round(self, units: Iterable[str], store: Store | None = None) -> dict[str, tuple[str, bytes]]:
        """What a run has of each unit in the end; `done` are those that it had to work on."""
        self.done = []
        store = store or Store(self.place)
        memo = Memo(store, States(lambda looked_at: self.things.get(looked_at, "")), "work")
        heads = {}
        for unit in units:
            result = memo.recall(unit) or memo.do(unit, lambda: self._work(unit))  # noqa: B023 - called here
            heads[unit] = result.head
        memo.close(heads)
        with memo.reading(heads):
            found = {unit: (head, bytes(memo.body(unit) or b"")) for unit, head in heads.items()}
        store.flush()
        return found

    def _work(self, unit: str) -> Result:
        self.done.append(unit)
        return self.expected(unit, noted=True)

    def expected(self, unit: str, *, noted: bool = False) -> Result:
        looks = [f"d{unit}", *self.also.get(unit, ())]
        for looked_at in looks if noted else ():
            look(looked_at[0], looked_at[1:])
        seen = " ".join(self.things.get(looked_at, "") for looked_at in looks)
        return Result(f"{unit}: {seen}", f"<{unit} {seen}>".encode() * self.size)

    def check(self, units: Iterable[str]) -> None:
        """A run has of each unit what its work gives now."""
        listed = list(units)
        assert self.round(listed) == {unit: tuple(self.expected(unit)) for unit in listed}


MANY = [f"u{number:03}" for number in range(250)]


@pytest.mark.parametrize("size", [0, 1, 900])
def test_what_has_not_changed_is_not_done_again(tmp_path: Path, size: int) -> None:
    desk = Desk(tmp_path, size)
    desk.check(MANY)
    assert desk.done == MANY
    desk.check(MANY)
    assert desk.done == []


@pytest.mark.parametrize("size", [0, 900])
def test_of_a_batch_only_what_changed_is_done_again(tmp_path: Path, size: int) -> None:
    desk = Desk(tmp_path, size)
    desk.check(MANY)
    desk.things["du007"] = "new"
    desk.check(MANY)
    assert desk.done == ["u007"]
    desk.check(MANY)
    assert desk.done == []


def test_a_change_that_is_taken_back_is_found(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.check(MANY)
    desk.things["du007"] = "new"
    desk.check(MANY)
    del desk.things["du007"]
    desk.check(MANY)
    assert desk.done == []


def test_what_is_looked_at_may_change_with_what_is_seen(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.also = {"u003": ["dother"]}
    desk.check(MANY)
    desk.also, desk.things = {"u003": ["dthird"]}, {"dother": "x"}
    desk.check(MANY)
    assert desk.done == ["u003"]
    desk.things["dthird"] = "y"
    desk.check(MANY)
    assert desk.done == ["u003"]


def test_units_may_come_go_and_change_their_order(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.check(MANY)
    desk.check(["new", *reversed(MANY[10:])])
    assert desk.done == ["new"]
    desk.check(MANY[20:])
    assert desk.done == []
    desk.check(MANY[20:])
    assert desk.done == []


def test_a_picture_that_is_another_one_each_time_is_never_taken_for_an_earlier_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.also = {"u003": ["fphoto"]}
    states = iter(str(number) for number in range(1000))
    for _ in range(2):
        store = Store(desk.place)
        memo = Memo(store, States(lambda looked_at: next(states) if looked_at[0] == "f" else ""), "work")
        assert memo.recall("u003") is None
        memo.do("u003", lambda: desk._work("u003"))
        memo.do("u004", lambda: desk._work("u004"))
        memo.close(["u003", "u004"])
        store.flush()


def test_bytes_that_the_store_has_let_go_of_are_missing_and_no_error(tmp_path: Path) -> None:
    desk, store = Desk(tmp_path), Store(str(tmp_path))
    desk.check(MANY)
    memo = Memo(store, States(lambda _looked_at: ""), "work")
    gone = [key for key in _keys(store) if key.endswith(" bodies")]
    store.put(dict.fromkeys(gone, b""))
    store.flush()
    assert gone
    assert memo.recall("u001") == Result("u001: ")
    assert memo.body("u001") is None


def _keys(store: Store) -> list[str]:
    found: list[str] = []
    store._use(lambda database: found.extend(key for (key,) in database.execute("SELECT key FROM kept")))
    return found


@pytest.mark.parametrize(
    "record", [b"", b"[]", b"{", b"[1, 2, 3]", b'{"a": 1}', b"null", json.dumps(["x"] * 7).encode()]
)
def test_records_that_are_not_ours_are_none(tmp_path: Path, record: bytes) -> None:
    desk, store = Desk(tmp_path), Store(str(tmp_path))
    desk.check(MANY)
    for key in _keys(store):
        if not key.endswith(" bodies"):
            store.put({key: record})
    store.flush()
    desk.check(MANY)
    assert desk.done == MANY


def test_without_a_place_results_last_for_the_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.round(MANY, Store(None)) == {unit: tuple(desk.expected(unit)) for unit in MANY}


@given(
    st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from(["du001", "du002", "dfar", "dnear"]), st.sampled_from("abc")),
            st.dictionaries(
                st.sampled_from(["u001", "u002", "u003"]), st.lists(st.sampled_from(["dfar", "dnear"]))
            ),
            st.sets(st.sampled_from(["u001", "u002", "u003", "u004"])),
        ),
        max_size=6,
    )
)
def test_after_any_changes_each_unit_has_what_its_work_gives(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[dict[str, str], dict[str, list[str]], set[str]]],
) -> None:
    desk = Desk(tmp_path_factory.mktemp("memo"))
    for things, also, units in steps:
        # What a unit looks at depends on what it saw, as a template's looks do.
        desk.things = things
        desk.also = {unit: looks if things.get(f"d{unit}") else [] for unit, looks in also.items()}
        desk.also = {unit: looks for unit, looks in desk.also.items() if f"d{unit}" in things}
        desk.things |= {f"d{unit}": f"{things[f'd{unit}']}{looks}" for unit, looks in desk.also.items()}
        desk.check(sorted(units))


# --- looks at a whole folder


def test_looks_at_all_files_of_a_folder_are_one() -> None:
    folders = {"a/": [f"a/{number}" for number in range(100)], "b/": [f"b/{number}" for number in range(100)]}
    states = States(lambda looked_at: looked_at, folders)
    every = {f"d{path}" for path in folders["a/"]}
    assert states.condensed(every | {"db/1", "kb/2"}) == ["da/", "db/1", "kb/2"]
    assert states.condensed(every - {"da/7"}) == sorted(every - {"da/7"})


def test_a_folder_s_state_differs_whenever_that_of_one_file_does() -> None:
    paths = [f"a/{number}" for number in range(100)]
    before = States(lambda _looked_at: "", {"a/": paths})["da/"]
    for changed in paths:
        now = States(lambda looked_at: "x" if looked_at == f"d{changed}" else "", {"a/": paths})  # noqa: B023
        assert now["da/"] != before
        assert now["ka/"] == before


# --- content in pieces


def test_pieces_are_made_whenever_they_are_asked_for() -> None:
    made: list[int] = []

    def make() -> Iterable[bytes]:
        for number in range(3):
            made.append(number)
            yield bytes([number])

    pieces = Pieces(lambda: iter(make()))
    assert pieces.digest == digest(b"\0\1\2")
    assert bytes(pieces) == b"\0\1\2"
    assert made == [0, 1, 2] * 2
    assert pieces.digest == digest(b"\0\1\2")
    assert made == [0, 1, 2] * 2, "the digest is known by now"
