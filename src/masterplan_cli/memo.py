"""Results of pieces of work, each kept for as long as all that it looked at is as it was.

Results are kept in batches, for one record of a hundred costs little more than one of one. With every result stands
what its work looked at, and a key made from how these things were then: it is right while they give the same key.
An index names the batches of the last run, and some that these have replaced, for a change that is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from masterplan_cli.files import digest
from masterplan_cli.looks import looked, watched
from masterplan_cli.store import Store
from masterplan_cli.twin import Twin

#: How a thing that was looked at is now.
State = Callable[[str], str]

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


class _Unit(NamedTuple):
    """A result in its batch: its key, what it looked at, its plain data, and where its bytes stand among the others'."""

    key: str
    looks: list[str]
    head: Any
    start: int
    end: int


@dataclass
class Batch:
    """Results that are kept as one record; `seen` stands for how all was that any of them looked at."""

    key: str
    seen: str
    units: dict[str, _Unit]

    @classmethod
    def read(cls, key: str, record: bytes) -> Batch:
        seen, looks, rows = json.loads(record)
        units = {
            name: _Unit(unit_key, [looks[at] for at in places], head, start, end)
            for name, unit_key, places, head, start, end in rows
        }
        return cls(key, seen, units)

    def written(self) -> bytes:
        places = {looked_at: at for at, looked_at in enumerate(self.looks())}
        rows = [
            [name, unit.key, [places[one] for one in unit.looks], unit.head, unit.start, unit.end]
            for name, unit in self.units.items()
        ]
        return _json([self.seen, list(places), rows])

    def looks(self) -> dict[str, None]:
        """All that the results looked at."""
        return dict.fromkeys(one for unit in self.units.values() for one in unit.looks)

    @property
    def has_bodies(self) -> bool:
        return any(unit.end for unit in self.units.values())


@dataclass
class Made:
    """What a process has made: batches that stand in the store, and results that are in none yet."""

    batches: list[Batch] = field(default_factory=list)
    loose: dict[str, tuple[str, list[str], Result]] = field(default_factory=dict)


class _States(dict[str, str]):
    """How things are, asked once; a picture may be saved while a run is at work, so of pictures it is asked each time."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state

    def __missing__(self, looked_at: str) -> str:
        state = self._state(looked_at)
        if not looked_at.startswith("f"):
            self[looked_at] = state
        return state


class Memo:
    """The results of one kind of work on one plan; `basis` is all that every piece of it depends on."""

    def __init__(self, store: Store | None, state: State, *basis: str) -> None:
        self.store, self.state = store or Store(None), _States(state).__getitem__
        self.basis = digest("\0".join(basis).encode("utf-8", "surrogateescape"))
        #: The batch that has the result of a unit, while it is right.
        self.right: dict[str, Batch] = {}
        self.made = Made()
        self._loose_bytes = 0
        self._bodies: dict[str, bytes] = {}
        self._index, self._batches = self._open()

    # --- what is known

    def _open(self) -> tuple[list[str], list[Batch]]:
        """The keys and the batches of the index, the newest first, and which of their results are right now."""
        kept = self.store.get(f"index {self.basis}")
        index = _checked(kept, list) or []
        records = self.store.get_all(index)
        batches = [batch for key in index if (batch := _batch(key, records.get(key)))]
        for batch in batches:
            whole = batch.seen == self._seen(batch.looks())
            for name, unit in batch.units.items():
                if name not in self.right and (whole or unit.key == self._key(name, unit.looks)):
                    self.right[name] = batch
        return index, batches

    def recall(self, unit: str) -> Result | None:
        """The result of a piece of work that need not be done again; its body is got by `body`."""
        if unit in self.made.loose:
            _, looks, result = self.made.loose[unit]
            looked(looks)
            return result
        batch = self.right.get(unit)
        if batch is None:
            return None
        looked(batch.units[unit].looks)
        return Result(batch.units[unit].head)

    def body(self, unit: str) -> bytes | memoryview | None:
        """The bytes of a result; None when the store has let go of them."""
        if unit in self.made.loose:
            return self.made.loose[unit][2].body
        batch = self.right[unit]
        if batch.key not in self._bodies:
            while len(self._bodies) >= _HELD:
                del self._bodies[next(iter(self._bodies))]
            self._bodies[batch.key] = self.store.get(f"{batch.key} bodies") or b""
        whole, one = self._bodies[batch.key], batch.units[unit]
        return memoryview(whole)[one.start : one.end] if len(whole) >= one.end else None

    # --- what is done

    def do(self, unit: str, work: Callable[[], Result]) -> Result:
        """Do a piece of work and remember its result with what it looked at."""
        with watched() as looks:
            result = work()
        self.keep(unit, sorted(looks), result)
        return result

    def keep(self, unit: str, looks: list[str], result: Result) -> None:
        """Remember a result; one of the same unit, if any, counts no more."""
        self.right.pop(unit, None)
        self.made.loose[unit] = (self._key(unit, looks), looks, result)
        self._loose_bytes += len(result.body)
        if self._loose_bytes > _BYTES and self.store.place:
            self._pack(list(self.made.loose))

    def replace(self, unit: str, result: Result) -> None:
        """Put another result in the place of a piece of work's own."""
        loose = self.made.loose.get(unit)
        self.keep(unit, loose[1] if loose else self.right[unit].units[unit].looks, result)

    def share(
        self,
        units: Sequence[str],
        work: Callable[[str], Result],
        twin: Twin | None = None,
        others: Container[str] = (),
    ) -> dict[str, Any]:
        """The plain data of all results, where a twin does those among `others`; it has only its own."""
        heads = {unit: self._head(unit, work) for unit in units if unit not in others}
        if twin and twin.running:
            if twin.child:
                twin.send(self.made)
                return heads
            self.take(twin.receive())
        heads = {unit: heads[unit] if unit in heads else self._head(unit, work) for unit in units}
        self.close(units)
        return heads

    def _head(self, unit: str, work: Callable[[str], Result]) -> Any:
        return (self.recall(unit) or self.do(unit, partial(work, unit))).head

    def hand_over(self, twin: Twin) -> None:
        """Give a twin what was made here; batches are in the store by then."""
        self.store.flush()
        twin.send(self.made)

    def take(self, made: Made | None) -> None:
        """Keep what a twin has made."""
        for batch in made.batches if made else ():
            self.made.batches.append(batch)
            self.right |= dict.fromkeys(batch.units, batch)
        for unit, (_, looks, result) in made.loose.items() if made else ():
            self.keep(unit, looks, result)

    # --- what is kept

    def close(self, units: Iterable[str]) -> None:
        """Keep what was made, and forget the pieces of work that are not among `units` any more."""
        if not self.store.place:
            return
        wanted = dict.fromkeys(units)
        whole = [batch for batch in [*self.made.batches, *self._batches] if self._holds(batch, wanted)]
        kept = {unit for batch in whole for unit in batch.units}
        self._pack([unit for unit in wanted if unit not in kept and self._reopened(unit)])
        now = [batch.key for batch in [*self.made.batches, *whole] if self._holds(batch, wanted)]
        now = list(dict.fromkeys(now))
        former = [key for key in self._index if key not in now][:_FORMER]
        if [*now, *former] != self._index:
            self.store.put({f"index {self.basis}": _json([*now, *former])})

    def _holds(self, batch: Batch, wanted: Container[str]) -> bool:
        """Whether all of a batch is right and wanted."""
        return all(self.right.get(unit) is batch and unit in wanted for unit in batch.units)

    def _reopened(self, unit: str) -> bool:
        """Whether a result is loose, or could be taken out of its batch."""
        if unit in self.made.loose:
            return True
        batch = self.right.get(unit)
        one = batch.units[unit] if batch else None
        body = self.body(unit) if one and one.end else b""
        if one is None or body is None:
            return False
        self.made.loose[unit] = (one.key, one.looks, Result(one.head, bytes(body)))
        return True

    def _pack(self, names: Sequence[str]) -> None:
        """Make batches of loose results."""
        for some in _portions(names, lambda name: len(self.made.loose[name][2].body)):
            at, units, bodies = 0, {}, []
            for name in some:
                key, looks, result = self.made.loose.pop(name)
                units[name] = _Unit(key, looks, result.head, at, at + len(result.body))
                bodies.append(result.body)
                at += len(result.body)
            batch = self._batch_of(units)
            record = batch.written()
            batch.key = digest(record)
            self.store.put({batch.key: record} | ({f"{batch.key} bodies": b"".join(bodies)} if at else {}))
            self.made.batches.append(batch)
            self.right |= dict.fromkeys(units, batch)
        self._loose_bytes = 0

    def _batch_of(self, units: dict[str, _Unit]) -> Batch:
        """A batch of results; where a picture was looked at, which may change meanwhile, only each one's key tells."""
        batch = Batch("", "", units)
        looks = batch.looks()
        if not any(one.startswith("f") for one in looks):
            batch.seen = self._seen(looks)
        return batch

    def _seen(self, looks: Iterable[str]) -> str:
        return digest("\0".join(map(self.state, looks)).encode("utf-8", "surrogateescape"))

    def _key(self, unit: str, looks: list[str]) -> str:
        states = "\0".join(map(self.state, looks))
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
    try:
        return Batch.read(key, record) if record else None
    except (ValueError, TypeError, LookupError):
        return None


def _checked(kept: bytes | None, kind: type) -> Any:
    try:
        value = json.loads(kept) if kept else None
    except ValueError:
        return None
    return value if isinstance(value, kind) else None


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
