"""Results of pieces of work, each kept for as long as all that it looked at is as it was.

Results are kept in batches, for one record of a hundred costs little more than one of one. With every result stands
what its work looked at, and a key made from how these things were then: it is right while they give the same key.
An index names the batches of the last run, and some that these have replaced, for a change that is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import accumulate, islice
from typing import Any, NamedTuple

from masterplan_cli.files import digest
from masterplan_cli.looks import States, being_watched, looked, watched
from masterplan_cli.store import Store

#: A batch is full with so many results, or when their bodies have so many bytes.
_RESULTS, _BYTES = 96, 1 << 20
#: So many batches that others have replaced are remembered.
_FORMER = 12
#: So many batches' bodies are held at a time: both processes' parts of a book are read in turn.
_HELD = 4


class Result(NamedTuple):
    """What a piece of work came to: plain data, and bytes, which for a kept one are read when they are asked for."""

    head: Any
    body: bytes = b""


class Loose(NamedTuple):
    """A result with its key and what it looked at."""

    key: str
    looks: list[str]
    result: Result


class _Columns(NamedTuple):
    """What a batch's record holds: how all was that any result looked at, what that is, and a list for each part.

    `places` are what each result looked at, by its place in `looks`; `ends` are where its bytes end among those of all.
    """

    seen: str
    looks: list[str]
    names: list[str]
    keys: list[str]
    places: list[list[int]]
    heads: list[Any]
    ends: list[int]


class Batch:
    """Results that are kept as one record."""

    def __init__(self, key: str, columns: _Columns) -> None:
        self.key, self.columns = key, columns
        self.names = columns.names
        self._at = {name: at for at, name in enumerate(columns.names)}

    def key_of(self, name: str) -> str:
        return self.columns.keys[self._at[name]]

    def looks_of(self, name: str) -> list[str]:
        return [self.columns.looks[place] for place in self.columns.places[self._at[name]]]

    def head_of(self, name: str) -> Any:
        return self.columns.heads[self._at[name]]

    def part_of(self, name: str) -> slice:
        """Where the bytes of a result stand among those of all."""
        at = self._at[name]
        return slice(self.columns.ends[at - 1] if at else 0, self.columns.ends[at])


class Memo:
    """The results of one kind of work on one plan; `basis` is all that every piece of it depends on."""

    def __init__(self, store: Store | None, states: States, *basis: str) -> None:
        self.store, self.states = store or Store(None), states
        self.basis = digest("\0".join(basis).encode("utf-8", "surrogateescape"))
        #: The batch that has the result of a unit, while it is right.
        self.right: dict[str, Batch] = {}
        #: Results that are in no batch yet.
        self.loose: dict[str, Loose] = {}
        self._loose_bytes = 0
        self._bodies: dict[str, bytes] = {}
        #: Bytes of batches that are on their way, and those to come after them.
        self._ahead: dict[str, Future[bytes | None]] = {}
        self._further: Iterator[tuple[str, Future[bytes | None]]] = iter(())
        try:
            self._index, self._batches = self._open()
        except (ValueError, TypeError, LookupError):  # sealed, but not by us
            self._index, self._batches, self.right = [], [], {}

    # --- what is known

    def _open(self) -> tuple[list[str], list[Batch]]:
        """The keys and the batches of the index, the newest first, and which of their results are right now."""
        kept = self.store.get(f"index {self.basis}")
        index = json.loads(kept) if kept else []
        records = self.store.get_all(index)
        batches = [batch for key in index if (batch := _batch(key, records.get(key)))]
        for batch in reversed(batches):
            if batch.columns.seen == self._seen(batch.columns.looks):
                self.right |= dict.fromkeys(batch.names, batch)
                continue
            for name in batch.names:
                if batch.key_of(name) == self._key(name, batch.looks_of(name)):
                    self.right[name] = batch
        return index, batches

    def recall(self, unit: str) -> Result | None:
        """The result of a piece of work that need not be done again; its bytes are got by `body`."""
        if loose := self.loose.get(unit):
            looked(loose.looks)
            return loose.result
        batch = self.right.get(unit)
        if batch is None:
            return None
        if being_watched():
            looked(batch.looks_of(unit))
        return Result(batch.head_of(unit))

    def heads(self) -> Iterator[tuple[str, Any]]:
        """All results that need not be worked out again."""
        return ((unit, batch.head_of(unit)) for unit, batch in self.right.items())

    def body(self, unit: str) -> bytes | memoryview | None:
        """The bytes of a result; None when the store has let go of them."""
        if unit in self.loose:
            return self.loose[unit].result.body
        batch = self.right[unit]
        part = batch.part_of(unit)
        if part.start == part.stop:
            return b""
        if batch.key not in self._bodies:
            while len(self._bodies) >= _HELD:
                del self._bodies[next(iter(self._bodies))]
            self._bodies[batch.key] = self._read(batch.key) or b""
        whole = self._bodies[batch.key]
        return memoryview(whole)[part] if len(whole) >= part.stop else None

    @contextmanager
    def reading(self, units: Iterable[str]) -> Iterator[None]:
        """Read the bytes of results ahead of `body`, in the order in which it will be asked for them."""
        self.store.flush()
        batches = dict.fromkeys(self.right[unit].key for unit in units if unit in self.right)
        with ThreadPoolExecutor(max_workers=1) as pool:
            # A database is read by the thread that has opened it.
            rest = ((key, partial(Store(self.store.place).get, f"{key} bodies")) for key in batches)
            self._ahead = {key: pool.submit(read) for key, read in islice(rest, _HELD)}
            self._further = ((key, pool.submit(read)) for key, read in rest)
            try:
                yield
            finally:
                self._ahead, self._further = {}, iter(())

    def _read(self, key: str) -> bytes | None:
        """The bytes of a batch; the next one after those that are on their way is begun."""
        coming = self._ahead.pop(key, None)
        self._ahead |= islice(self._further, 1)
        return coming.result() if coming else self.store.get(f"{key} bodies")

    # --- what is done

    def do(self, unit: str, work: Callable[[], Result]) -> Result:
        """Do a piece of work and remember its result with what it looked at."""
        with watched() as looks:
            result = work()
        self.keep(unit, self.states.condensed(looks), result)
        return result

    def keep(self, unit: str, looks: list[str], result: Result) -> None:
        """Remember a result; one of the same unit, if any, counts no more."""
        self.right.pop(unit, None)
        self.loose[unit] = Loose(self._key(unit, looks), looks, result)
        self._loose_bytes += len(result.body)
        if self._loose_bytes > _BYTES and self.store.place:
            self._pack(list(self.loose))

    def replace(self, unit: str, result: Result) -> None:
        """Put another result in the place of a piece of work's own."""
        loose = self.loose.get(unit)
        self.keep(unit, loose.looks if loose else self.right[unit].looks_of(unit), result)

    def all(self, units: Sequence[str], work: Callable[[str], Result]) -> dict[str, Any]:
        """The plain data of all results; of other units than these nothing is kept."""
        heads = {unit: (self.recall(unit) or self.do(unit, partial(work, unit))).head for unit in units}
        self.close(units)
        return heads

    def _add(self, batch: Batch) -> None:
        self._batches.append(batch)
        self.right |= dict.fromkeys(batch.names, batch)

    # --- what is kept

    def close(self, units: Iterable[str]) -> None:
        """Keep what was made, and forget the pieces of work that are not among `units` any more."""
        if not self.store.place:
            return
        wanted = dict.fromkeys(units)
        whole = [batch for batch in self._batches if self._holds(batch, wanted)]
        kept = {unit for batch in whole for unit in batch.names}
        self._pack([unit for unit in wanted if unit not in kept and self._taken_out(unit)])
        now = list(dict.fromkeys(batch.key for batch in self._batches if self._holds(batch, wanted)))
        former = [key for key in self._index if key not in now][:_FORMER]
        if [*now, *former] != self._index:
            self.store.put({f"index {self.basis}": _json([*now, *former])})

    def _holds(self, batch: Batch, wanted: Container[str]) -> bool:
        """Whether all of a batch is right and wanted."""
        return all(self.right.get(unit) is batch and unit in wanted for unit in batch.names)

    def _taken_out(self, unit: str) -> bool:
        """Make a result loose; one whose bytes are gone cannot be."""
        if unit in self.loose:
            return True
        batch = self.right.get(unit)
        body = self.body(unit) if batch else None
        if batch is None or body is None:
            return False
        result = Result(batch.head_of(unit), bytes(body))
        self.loose[unit] = Loose(batch.key_of(unit), batch.looks_of(unit), result)
        return True

    def _pack(self, names: Sequence[str]) -> None:
        """Make batches of loose results."""
        for some in _portions(names, lambda name: len(self.loose[name].result.body)):
            units = {name: self.loose.pop(name) for name in some}
            columns = self._columns(units)
            record = _json(columns)
            batch = Batch(digest(record), columns)
            bodies = b"".join(unit.result.body for unit in units.values())
            self.store.put({batch.key: record} | ({f"{batch.key} bodies": bodies} if bodies else {}))
            self._add(batch)
        self._loose_bytes = 0

    def _columns(self, units: dict[str, Loose]) -> _Columns:
        looks = list(dict.fromkeys(one for unit in units.values() for one in unit.looks))
        place = {looked_at: at for at, looked_at in enumerate(looks)}
        # A picture may change meanwhile: then only the key of each result tells what it was made from.
        steady = not any(one.startswith("f") for one in looks)
        return _Columns(
            self._seen(looks) if steady else "",
            looks,
            list(units),
            [unit.key for unit in units.values()],
            [[place[one] for one in unit.looks] for unit in units.values()],
            [unit.result.head for unit in units.values()],
            list(accumulate(len(unit.result.body) for unit in units.values())),
        )

    def _seen(self, looks: Iterable[str]) -> str:
        return digest("\0".join(map(self.states.__getitem__, looks)).encode("utf-8", "surrogateescape"))

    def _key(self, unit: str, looks: list[str]) -> str:
        states = "\0".join(map(self.states.__getitem__, looks))
        return digest(f"{self.basis}\0{unit}\0{states}".encode("utf-8", "surrogateescape"))


def _portions(names: Sequence[str], size: Callable[[str], int]) -> Iterator[list[str]]:
    """Names in their order, as many together as a batch takes."""
    some: list[str] = []
    room = _BYTES
    for name in names:
        if some and (len(some) == _RESULTS or room < size(name)):
            yield some
            some, room = [], _BYTES
        some.append(name)
        room -= size(name)
    if some:
        yield some


def _batch(key: str, record: bytes | None) -> Batch | None:
    return Batch(key, _Columns(*json.loads(record))) if record else None


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
