"""Two states of a plan compared: which programs became which, what their fields say otherwise, and where the money went.

Fields are compared as the schema declares them, so that a new one needs no line here; lists by what their items are
called, never by their places.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from masterplan_cli import schema
from masterplan_cli.changes.alignment import Effort
from masterplan_cli.changes.model import FileRecord, State
from masterplan_cli.changes.wording import Rewording, are_alike, rewordings
from masterplan_cli.messages import Both
from masterplan_cli.schema.labels import field_label, model_in

#: Steps that the alignments of all texts may take together, some seconds.
_EFFORT = 8_000_000
#: Fields that tell which program became which, and those that one changes by being renamed or moved.
_IDENTITY = ("formerly", "replaces")
_NAMING = ("title", "short", "subdimension", *_IDENTITY)


class ItemName(NamedTuple):
    """What an item of a list is called before and after, by the fields that name it; None where it is not there."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Step(NamedTuple):
    """A step into the data of a record: a field by its human name, a key of a mapping, or an item of a list."""

    at: str | ItemName
    label: Both | None = None
    annotation: Any = None


class Difference(NamedTuple):
    """A value that is another one now; None where there was or is none. `annotation` is its type in the schema."""

    steps: tuple[Step, ...]
    before: Any
    after: Any
    annotation: Any

    @property
    def field(self) -> str:
        """The field of the file that it belongs to."""
        return str(self.steps[0].at)


class RecordChange(NamedTuple):
    """What became of one file: None before where it is new, None after where it has ended."""

    before: FileRecord | None
    after: FileRecord | None
    differences: list[Difference]
    rewordings: list[Rewording]
    #: Where something was merged or split: the programs that it came of, or that it became.
    others: tuple[FileRecord, ...] = ()
    way: str = ""

    @property
    def record(self) -> FileRecord:
        record = self.after or self.before
        assert record  # noqa: S101 - one of them is there
        return record

    @property
    def kinds(self) -> list[str]:
        """What happened, in the words of the JSON; none where nothing did."""
        if self.before is None or self.after is None:
            return [word for word in ("added" if self.before is None else "ended", self.way) if word]
        if self.before.broken or self.after.broken:
            return ["unreadable"] if self.before != self.after else []
        program = self.record.kind == "program"
        old, new = self.before, self.after
        happened = {
            "renamed": program and (old.title != new.title or _stem(old.id) != _stem(new.id)),
            "moved": old.pillar != new.pillar,
            "transferred": "owner" in {d.field for d in self.differences},
            "changed": bool(self.differences or self.rewordings),
        }
        return [word for word, holds in happened.items() if holds]


class BudgetChange(NamedTuple):
    """The money of one program in one year from one source."""

    program: RecordChange
    year: int
    source: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


class Sum(NamedTuple):
    """An amount before and after."""

    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """Two states, and what became of each record of them, the unchanged ones as well."""

    before: State
    after: State
    records: list[RecordChange]

    @cached_property
    def changes(self) -> list[RecordChange]:
        return [one for one in self.records if one.kinds]

    def of_kind(self, kind: str) -> list[RecordChange]:
        """The changed records of a kind."""
        return [one for one in self.changes if one.record.kind == kind]

    def counted(self, kind: str) -> tuple[int, int]:
        """How many records of a kind there were and are."""
        own = [one for one in self.records if one.record.kind == kind]
        return sum(1 for one in own if one.before), sum(1 for one in own if one.after)

    @cached_property
    def budget(self) -> list[BudgetChange]:
        """The money of all programs by year and source, the unchanged as well."""
        return [line for one in self.records if one.record.kind == "program" for line in _budget(one)]

    @property
    def total(self) -> Sum:
        return Sum(sum(line.before for line in self.budget), sum(line.after for line in self.budget))

    def sums(self, key: Callable[[BudgetChange, FileRecord], Hashable]) -> dict[Any, Sum]:
        """The money by a key of its line and of the program as it was, or is; those keys whose sums differ."""
        sums: defaultdict[Any, list[int]] = defaultdict(lambda: [0, 0])
        for line in self.budget:
            if line.program.before:
                sums[key(line, line.program.before)][0] += line.before
            if line.program.after:
                sums[key(line, line.program.after)][1] += line.after
        return {name: Sum(*pair) for name, pair in sums.items() if pair[0] != pair[1]}

    def narrowed(self, agency: str | None, pillar: str | None, *, money: bool) -> Comparison:
        """What concerns an agency or a pillar, before or after; or the money alone."""
        records = [one for one in self.records if _concerns(one, agency, pillar)]
        if money:
            records = [_money_alone(one) for one in records if one.record.kind == "program"]
        return replace(self, records=records)


def _concerns(change: RecordChange, agency: str | None, pillar: str | None) -> bool:
    sides = [side for side in (change.before, change.after) if side]
    of_agency = agency is None or any(agency in side.agencies for side in sides)
    return of_agency and (pillar is None or any(pillar == side.pillar for side in sides))


def _money_alone(change: RecordChange) -> RecordChange:
    if change.before is None or change.after is None:
        return change
    return change._replace(
        differences=[d for d in change.differences if d.field in ("budget", "no_budget_reason")],
        rewordings=[],
    )


def _stem(id_: str) -> str:
    return id_.rpartition("/")[2]


def _budget(change: RecordChange) -> Iterator[BudgetChange]:
    sums: defaultdict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for side, record in enumerate((change.before, change.after)):
        for line in record.data["budget"] if record else ():
            sums[line["year"], line["source"]][side] += line["amount"]
    for (year, source), (before, after) in sorted(sums.items()):
        yield BudgetChange(change, year, source, before, after)


# --- records


def compare(before: State, after: State) -> Comparison:
    """Compare two states of a plan."""
    effort = Effort(_EFFORT)
    pairs: list[tuple[FileRecord | None, FileRecord | None]] = []
    for kind in ("masterplan", "pillar", "program", "agency", "chapter"):
        pairs += _in_order(before.of_kind(kind), after.of_kind(kind), kind)
    records = [_change(old, new, effort) for old, new in pairs]
    return Comparison(before, after, _related(records))


def _in_order(
    before: list[FileRecord], after: list[FileRecord], kind: str
) -> Iterator[tuple[FileRecord | None, FileRecord | None]]:
    """Each record with what it was, then those that have ended."""
    became = _programs(before, after) if kind == "program" else {}
    ids = {record.id: record for record in before}
    old = {new.id: ids.get(became.get(new.id, new.id)) for new in after}
    yield from ((old[new.id], new) for new in after)
    continued = {record.id for record in old.values() if record}
    yield from ((record, None) for record in before if record.id not in continued)


def _programs(before: list[FileRecord], after: list[FileRecord]) -> dict[str, str]:
    """The ids of programs that were renamed or moved, with those that they had."""
    shared = {r.id for r in before} & {r.id for r in after}
    gone = {r.id: r for r in before if r.id not in shared}
    come = {r.id: r for r in after if r.id not in shared}
    pairs: dict[str, str] = {}

    def pair(found: list[tuple[str, str]]) -> None:
        for old, new in found:
            if old in gone and new in come:
                pairs[new] = old
                del gone[old], come[new]

    pair(_links(gone, come, "formerly"))
    for old, new in _links(gone, come, "replaces"):
        gone.pop(old, None)
        come.pop(new, None)
    for sign in (_content, _title):
        pair(_only_pairs(gone, come, sign))
    return pairs


def _links(gone: dict[str, FileRecord], come: dict[str, FileRecord], field: str) -> list[tuple[str, str]]:
    """Which program became which, as a field of one of the two tells it."""
    told = [(old, new.id) for new in come.values() for old in new.data[field] if old in gone]
    told += [(old.id, new) for old in gone.values() for new in old.data[field] if new in come]
    # In an order that is the same on the way back.
    return sorted(set(told), key=sorted)


def _only_pairs(
    gone: dict[str, FileRecord], come: dict[str, FileRecord], sign: Callable[[FileRecord], Hashable | None]
) -> list[tuple[str, str]]:
    """The records that alone among those before and those after have one sign."""
    old, new = _by_sign(gone.values(), sign), _by_sign(come.values(), sign)
    return [(old[s][0], new[s][0]) for s in old if s in new and len(old[s]) == len(new[s]) == 1]


def _by_sign(
    records: Iterable[FileRecord], sign: Callable[[FileRecord], Hashable | None]
) -> dict[Hashable, list[str]]:
    found: defaultdict[Hashable, list[str]] = defaultdict(list)
    for record in records:
        key = sign(record)
        if key is not None:
            found[key].append(record.id)
    return found


def _content(record: FileRecord) -> Hashable | None:
    """All that a program says but its names, where that is enough to know it again."""
    said = {name: value for name, value in record.data.items() if name not in _NAMING}
    worth = record.text or any(said[name] for name in ("budget", "indicators"))
    words = (record.text or "").split()
    return _sign([said, words]) if worth and not record.broken else None


def _title(record: FileRecord) -> Hashable | None:
    return None if record.broken else record.title.casefold()


def _change(before: FileRecord | None, after: FileRecord | None, effort: Effort) -> RecordChange:
    if before is None or after is None or before.broken or after.broken:
        return RecordChange(before, after, [], [])
    unread = before.unread | after.unread
    found = differences(schema.KINDS[after.kind], before.data, after.data)
    kept = [one for one in found if one.field not in unread and one.field not in _IDENTITY]
    words = rewordings(before.text, after.text, effort) if before.text != after.text else []
    return RecordChange(before, after, kept, words)


def _related(records: list[RecordChange]) -> list[RecordChange]:
    """The changes with what was merged and split, as `replaces` tells it."""
    ended = {
        one.record.id: one.record for one in records if one.after is None and one.record.kind == "program"
    }
    added = {
        one.record.id: one.record for one in records if one.before is None and one.record.kind == "program"
    }
    links = _links(ended, added, "replaces")
    came, became = Counter(new for _, new in links), Counter(old for old, _ in links)

    def ways(old: str, new: str) -> str:
        if (became[old] > 1) == (came[new] > 1):
            return "replaced"
        return "split" if became[old] > 1 else "merged"

    related: dict[tuple[bool, str], list[tuple[FileRecord, str]]] = defaultdict(list)
    for old, new in links:
        related[False, old].append((added[new], ways(old, new)))
        related[True, new].append((ended[old], ways(old, new)))
    return [_with_others(one, related.get((one.before is None, one.record.id), [])) for one in records]


def _with_others(change: RecordChange, others: list[tuple[FileRecord, str]]) -> RecordChange:
    if not others or (change.before and change.after) or change.record.kind != "program":
        return change
    return change._replace(others=tuple(record for record, _ in others), way=others[0][1])


# --- fields


def differences(
    annotation: Any, before: Any, after: Any, steps: tuple[Step, ...] = ()
) -> Iterator[Difference]:
    """What two values of one type in the schema say otherwise."""
    if before == after:
        return
    kind = model_in(getattr(annotation, "annotation", annotation))
    if get_origin(kind) is tuple:
        yield from _of_lists(get_args(kind)[0], before or [], after or [], steps)
    elif get_origin(kind) is dict:
        old, new = before or {}, after or {}
        for key in sorted({*old, *new}):
            yield from differences(get_args(kind)[1], old.get(key), new.get(key), (*steps, Step(key)))
    elif _is_group(kind) and before is not None and after is not None:
        for name, info in kind.model_fields.items():
            step = Step(name, field_label(kind, (name,)), info)
            yield from differences(info, before.get(name), after.get(name), (*steps, step))
    else:
        yield Difference(steps, before, after, annotation)


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _of_lists(
    inside: Any, before: list[Any], after: list[Any], steps: tuple[Step, ...]
) -> Iterator[Difference]:
    kind = model_in(inside)
    if not _is_group(kind):
        yield from _of_values(inside, before, after, steps)
        return
    for old, new in _paired(kind, before, after):
        name = ItemName(_name(kind, old), _name(kind, new))
        yield from differences(inside, old, new, (*steps, Step(name, None, kind)))


def _of_values(
    inside: Any, before: list[Any], after: list[Any], steps: tuple[Step, ...]
) -> Iterator[Difference]:
    """What a list of plain values has lost and got; one sentence that is written otherwise is one change."""
    lost, got = _left(before, after), _left(after, before)
    if len(lost) == len(got) == 1 and are_alike(str(lost[0]), str(got[0])):
        yield Difference(steps, lost[0], got[0], inside)
        return
    yield from (Difference(steps, value, None, inside) for value in lost)
    yield from (Difference(steps, None, value, inside) for value in got)


def _left(values: list[Any], others: list[Any]) -> list[Any]:
    """The values that are left when those of another list are taken away."""
    rest, left = Counter(map(_sign, others)), []
    for value in values:
        rest[_sign(value)] -= 1
        if rest[_sign(value)] < 0:
            left.append(value)
    return left


def _sign(value: Any) -> str:
    """The same for values that say the same, in whatever order their keys stand."""
    return json.dumps(value, sort_keys=True)


def _name(kind: Any, item: dict[str, Any] | None) -> dict[str, Any] | None:
    names = kind.called_by or tuple(kind.model_fields)[:1]
    return None if item is None else {name: item.get(name) for name in names}


def _paired(
    kind: Any, before: list[Any], after: list[Any]
) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """The items of two lists that are one: by what they are called, the equal ones first; then by all else they say."""
    old, new = _left(before, after), _left(after, before)
    for sign in (_by_name, _apart_from_name):
        waiting: defaultdict[str, list[Any]] = defaultdict(list)
        for item in old:
            waiting[sign(kind, item)].append(item)
        pairs = [(waiting[s].pop(0), item) for item in new if waiting[s := sign(kind, item)]]
        yield from pairs
        done = {id(item) for pair in pairs for item in pair}
        old, new = ([item for item in items if id(item) not in done] for items in (old, new))
    yield from ((item, None) for item in old)
    yield from ((None, item) for item in new)


def _by_name(kind: Any, item: dict[str, Any]) -> str:
    return _sign(_name(kind, item))


def _apart_from_name(kind: Any, item: dict[str, Any]) -> str:
    """What an item says besides its name; where that is nothing, no other item is like it."""
    said = {name: value for name, value in item.items() if value and name not in (_name(kind, item) or ())}
    return _sign(said) if said else f"{id(item)}"
