"""Results of pieces of work, each kept for as long as all that it looked at is as it was.

Beside the results stands one index: what each piece of work looked at when it was last done. The key of a result is
made from these things as they are now, so a result that is found is right, whatever the index says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Sequence
from functools import partial
from typing import Any

from masterplan_cli.files import digest
from masterplan_cli.looks import looked, watched
from masterplan_cli.store import Store
from masterplan_cli.twin import Twin

#: How a thing that was looked at is now.
State = Callable[[str], str]


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
        self.store, self.state = store, _States(state).__getitem__
        self.basis = digest("\0".join(basis).encode("utf-8", "surrogateescape"))
        self.index = self._read_index()
        self.found: dict[str, bytes] = {}
        self.made: dict[str, bytes] = {}
        self.changed = False

    def _read_index(self) -> dict[str, list[str]]:
        kept = self.store.get(f"index {self.basis}") if self.store else None
        try:
            index = json.loads(kept) if kept else {}
        except ValueError:
            return {}
        return index if isinstance(index, dict) else {}

    def fetch(self, units: Iterable[str]) -> None:
        """Get the results of several pieces of work in one go."""
        if self.store:
            keys = [self._key(unit, self.index[unit]) for unit in units if unit in self.index]
            self.found = self.store.get_all(keys)

    def recall(self, unit: str) -> bytes | None:
        """The result of a piece of work that need not be done again."""
        looks = self.index.get(unit)
        if looks is None:
            return None
        key = self._key(unit, looks)
        result = self.found.get(key, self.made.get(key))
        if result is not None:
            looked(looks)
        return result

    def do(self, unit: str, work: Callable[[], bytes]) -> bytes:
        """Do a piece of work and remember its result with what it looked at."""
        with watched() as looks:
            result = work()
        self.keep(unit, sorted(looks), result)
        return result

    def keep(self, unit: str, looks: list[str], result: bytes) -> None:
        if self.index.get(unit) != looks:
            self.index[unit], self.changed = looks, True
        self.made[self._key(unit, looks)] = result

    def share(
        self,
        units: Sequence[str],
        work: Callable[[str], bytes],
        twin: Twin | None = None,
        others: Container[str] = (),
    ) -> dict[str, bytes]:
        """The results of several pieces of work, where a twin does those among `others`; it has only its own."""
        results = {
            unit: self.recall(unit) or self.do(unit, partial(work, unit))
            for unit in units
            if unit not in others
        }
        if twin and twin.running:
            if twin.child:
                twin.send([(unit, self.index[unit], result) for unit, result in results.items()])
            else:
                results |= self.take(twin.receive() or [])
        for unit in units:
            if unit not in results and not (twin and twin.child):
                results[unit] = self.recall(unit) or self.do(unit, partial(work, unit))
        return results

    def take(self, sent: list[tuple[str, list[str], bytes]]) -> dict[str, bytes]:
        """Keep what a twin has done."""
        for unit, looks, result in sent:
            self.keep(unit, looks, result)
        return {unit: result for unit, _, result in sent}

    def replace(self, unit: str, result: bytes) -> None:
        """Put another result in the place of a piece of work's own."""
        if unit in self.index:
            self.keep(unit, self.index[unit], result)

    def close(self, units: Iterable[str]) -> None:
        """Keep what was made, and forget the pieces of work that are not among `units` any more."""
        if self.store is None:
            return
        gone = self.index.keys() - set(units)
        for unit in gone:
            del self.index[unit]
        values = dict(self.made)
        if self.changed or gone:
            values[f"index {self.basis}"] = json.dumps(self.index, ensure_ascii=False).encode(
                "utf-8", "surrogateescape"
            )
        if values:
            self.store.put(values)
        self.found.clear()
        self.made.clear()

    def _key(self, unit: str, looks: list[str]) -> str:
        states = "\0".join(map(self.state, looks))
        return digest(f"{self.basis}\0{unit}\0{states}".encode("utf-8", "surrogateescape"))


def pack(head: Any, body: bytes = b"") -> bytes:
    """Plain data and bytes as one result."""
    return (
        json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        + b"\n"
        + body
    )


def unpack(result: bytes) -> tuple[Any, memoryview]:
    """The data of a result, and its bytes, which are not copied."""
    end = result.index(b"\n")
    return json.loads(result[:end]), memoryview(result)[end + 1 :]
