"""What a file is to say: its values with those that are set, inserted and removed, and where new ones belong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

from masterplan_cli.edits.tree import CollectionNode, ScalarNode, Tree, TreeEntry, value_of
from masterplan_cli.source import Route
from masterplan_cli.yaml_reader import Value

#: The fields that may stand in the mapping at a route, in their order; none where any name may.
Fields = Callable[[Route], list[str]]


#: No more than ten thousand keys of a mapping look like this.
_YEAR = re.compile("[0-9]{4}")


class NoPlaceError(Exception):
    """A route that leads to no place in a file; `kind` says why."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def put(root: Value, route: Route, new: Value) -> None:
    """Set what stands at a route of a value, and make on the way what is missing."""
    here = _parent(root, route, make=True)
    step = route[-1]
    if isinstance(here, list) and isinstance(step, int) and step == len(here):
        here.append(new)
    elif isinstance(here, dict) and isinstance(step, str):
        here[step] = new
    else:
        _check(here, step)
        here[step] = new


def insert(root: Value, route: Route, new: Value) -> None:
    """Put an item into a list, before the one at its number."""
    here = _parent(root, route, make=True)
    if not isinstance(here, list) or not isinstance(route[-1], int):
        raise NoPlaceError("kind")
    if not 0 <= route[-1] <= len(here):
        raise NoPlaceError("missing")
    here.insert(route[-1], new)


def remove(root: Value, route: Route) -> None:
    here = _parent(root, route)
    _check(here, route[-1])
    del here[route[-1]]


def _parent(root: Value, route: Route, *, make: bool = False) -> Any:
    """The list or mapping in which a route ends."""
    here: Any = root
    for step, following in pairwise(route):
        if make and isinstance(here, dict) and isinstance(step, str) and here.get(step) is None:
            here[step] = [] if isinstance(following, int) else {}
        elif make and isinstance(here, list) and step == len(here):
            here.append([] if isinstance(following, int) else {})
        else:
            _check(here, step)
            if make and here[step] is None:
                here[step] = [] if isinstance(following, int) else {}
        here = here[step]
    return here


def _check(here: Any, step: str | int) -> None:
    """Refuse a step that leads nowhere."""
    if not isinstance(here, list if isinstance(step, int) else dict):
        raise NoPlaceError("kind")
    if not (0 <= step < len(here) if isinstance(step, int) else step in here):
        raise NoPlaceError("missing")


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same; line ends at the end of a text say nothing."""
    if isinstance(one, str) and isinstance(other, str):
        return one.rstrip("\n") == other.rstrip("\n")
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one is None and other is None


def arranged(fields: Fields, route: Route, value: Value) -> Value:
    """A value with the keys of each mapping in the order of its fields."""
    if isinstance(value, list):
        return [arranged(fields, (*route, 0), item) for item in value]
    if isinstance(value, dict):
        rank = {name: place for place, name in enumerate(fields(route))}
        keys = sorted(value, key=lambda key: rank.get(key, len(rank)))
        return {key: arranged(fields, (*route, key), value[key]) for key in keys}
    return value


@dataclass(eq=False)
class Slot:
    """A part of a collection as it is to be: one that stands there already, or a new one without an `origin`."""

    key: str | None
    value: Any
    origin: TreeEntry | None = None


class Draft:
    """The values of a text as they are to be, beside the tree of the text as it is."""

    def __init__(self, tree: Tree, fields: Fields) -> None:
        self.tree, self.fields = tree, fields
        self.root = Slot(None, tree.root if tree.root else {})
        #: The parts of each collection that was touched, and those of a mapping by their keys.
        self.parts: dict[CollectionNode, list[Slot]] = {}
        self._keyed: dict[CollectionNode, dict[str | None, Slot]] = {}

    def put(self, route: Route, new: Value) -> None:
        self._put(self.root, (), route, new)

    def _put(self, slot: Slot, above: Route, route: Route, new: Value) -> None:
        if not route:
            slot.value = self._merged(slot.value, above, new)
            return
        node, step = self._opened(slot, route[0]), route[0]
        if not isinstance(node, CollectionNode):
            put(slot.value, route, new)
            return
        found = self._find(node, step)
        if found is None:
            if isinstance(step, int) and step != len(self.parts_of(node)):
                raise NoPlaceError("missing")
            holder: dict[str, Value] = {}
            put(holder, ("", *route[1:]), new)
            self._add(node, above, step, holder[""])
        else:
            self._put(found, (*above, step), route[1:], new)

    def insert(self, route: Route, new: Value) -> None:
        slot, rest = self._reach(route)
        if isinstance(slot.value, CollectionNode) and len(rest) == 1:
            parts = self.parts_of(slot.value)
            if slot.value.keys or not isinstance(rest[0], int):
                raise NoPlaceError("kind")
            if not 0 <= rest[0] <= len(parts):
                raise NoPlaceError("missing")
            parts.insert(rest[0], Slot(None, new))
        elif isinstance(slot.value, CollectionNode):
            if rest[-1] != 0:
                raise NoPlaceError("missing")
            self._put(slot, route[: -len(rest)], rest, new)
        else:
            insert(slot.value, rest, new)

    def remove(self, route: Route) -> None:
        slot, rest = self._reach(route)
        if not isinstance(slot.value, CollectionNode):
            remove(slot.value, rest)
            return
        found = self._find(slot.value, rest[0]) if len(rest) == 1 else None
        if found is None:
            raise NoPlaceError("missing")
        self.parts_of(slot.value).remove(found)
        self._keyed[slot.value].pop(found.key, None)

    def _reach(self, route: Route) -> tuple[Slot, Route]:
        """The innermost part that stands there and holds the end of a route, and the rest of the route from it."""
        slot = self.root
        for depth, step in enumerate(route[:-1]):
            node = self._opened(slot, step)
            found = self._find(node, step) if isinstance(node, CollectionNode) else None
            if found is None:
                return slot, route[depth:]
            slot = found
        self._opened(slot, route[-1])
        return slot, route[-1:]

    def _opened(self, slot: Slot, step: str | int) -> Any:
        """A part's value, where a step may lead on from it; no value becomes an empty list or mapping."""
        if isinstance(slot.value, ScalarNode) and slot.value.value is None:
            slot.value = None
        if slot.value is None:
            slot.value = [] if isinstance(step, int) else {}
        if isinstance(slot.value, CollectionNode):
            if slot.value.keys != isinstance(step, str):
                raise NoPlaceError("kind")
        elif not isinstance(slot.value, list if isinstance(step, int) else dict):
            raise NoPlaceError("kind")
        return slot.value

    def parts_of(self, node: CollectionNode) -> list[Slot]:
        if node not in self.parts:
            self.parts[node] = [Slot(entry.key, entry.node, entry) for entry in node.entries]
            self._keyed[node] = {part.key: part for part in self.parts[node]}
        return self.parts[node]

    def _find(self, node: CollectionNode, step: str | int) -> Slot | None:
        parts = self.parts_of(node)
        if isinstance(step, int):
            return parts[step] if 0 <= step < len(parts) else None
        return self._keyed[node].get(step)

    def _add(self, node: CollectionNode, above: Route, step: str | int, new: Value) -> None:
        """A new part: a pair behind the nearest field that belongs before it, or years in their order."""
        parts = self.parts_of(node)
        if isinstance(step, int):
            parts.append(Slot(None, new))
            return
        known, fields, at = self._keyed[node], self.fields(above), len(parts)
        if step in fields:
            before = (known[name] for name in fields[: fields.index(step)][::-1] if name in known)
            nearest = next(before, None)
            at = parts.index(nearest) + 1 if nearest is not None else 0
        elif _YEAR.fullmatch(step) and all(_YEAR.fullmatch(str(key)) for key in known):
            at = next((place for place, part in enumerate(parts) if str(part.key) > step), at)
        known[step] = Slot(step, new)
        parts.insert(at, known[step])

    def _merged(self, old: Any, above: Route, new: Value) -> Any:
        """What stands there, with what is new in it; all that is alike keeps its place."""
        if isinstance(old, ScalarNode):
            return old if same(old.value, new) else new
        if isinstance(old, CollectionNode) and old.keys and isinstance(new, dict):
            parts = self.parts_of(old)
            parts[:] = [part for part in parts if part.key in new]
            known = self._keyed[old] = {part.key: part for part in parts}
            for key, value in new.items():
                if key in known:
                    known[key].value = self._merged(known[key].value, (*above, key), value)
                else:
                    self._add(old, above, key, value)
            return old
        if isinstance(old, CollectionNode) and not old.keys and isinstance(new, list):
            self._align(old, above, new)
            return old
        return new

    def _align(self, node: CollectionNode, above: Route, new: list[Value]) -> None:
        """Let a list say what is new: items that are alike at both ends stay, those between change one by one."""
        parts = self.parts_of(node)
        old = [self._said(part.value) for part in parts]
        least = min(len(old), len(new))
        first = next((at for at in range(least) if not same(old[at], new[at])), least)
        last = next(
            (at for at in range(least - first) if not same(old[-1 - at], new[-1 - at])), least - first
        )
        middle, fresh = parts[first : len(parts) - last], new[first : len(new) - last]
        for part, value in zip(middle, fresh, strict=False):
            part.value = self._merged(part.value, (*above, 0), value)
        rest = [Slot(None, value) for value in fresh[len(middle) :]]
        parts[first : len(parts) - last] = [*middle[: len(fresh)], *rest]

    def _said(self, value: Any) -> Value:
        """What a part is to say."""
        if isinstance(value, CollectionNode) and value in self.parts:
            parts = self.parts[value]
            if value.keys:
                return {str(part.key): self._said(part.value) for part in parts}
            return [self._said(part.value) for part in parts]
        if isinstance(value, ScalarNode | CollectionNode):
            return value_of(value)
        return cast("Value", value)
