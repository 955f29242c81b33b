"""What a piece of work looks at: the doors to a plan note each look, so that its result can be kept for as long as
nothing that it saw has changed.

A look is named by the letter of its kind and what it is at: `s` all bytes of a text file, `d` its data, `k` the few
fields of it that the plan as a whole needs and `b` its budget, `p` its prose, `l` what a node is linked to, `e` whether
a path holds a node, `f` the bytes of a picture or attachment, `t` what an agency must do, `q` what is wrong with a file;
a folder's name stands for all its files, no name for all of a kind; `n` which nodes there are, and `a` every name in the plan's folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, overload

from masterplan_cli.files import digest

Value = TypeVar("Value")

#: Up to so many looks, and looks at so many files of a folder, stand each by itself.
_MANY, _FEW = 64, 16

_watchers: list[set[str]] = []


def look(kind: str, name: str = "") -> None:
    """Note that whatever is at work looks at something."""
    if _watchers:
        _watchers[-1].add(kind + name)


def looked(looks: list[str]) -> None:
    """Note the looks of work that was done before, on whose result the work at hand relies."""
    if _watchers:
        _watchers[-1].update(looks)


def being_watched() -> bool:
    """Whether any work's looks are noted."""
    return bool(_watchers)


@contextmanager
def watched() -> Iterator[set[str]]:
    """The looks of the work inside, which are looks of the work around it as well."""
    looks: set[str] = set()
    _watchers.append(looks)
    try:
        yield looks
    finally:
        _watchers.pop()
        if _watchers:
            _watchers[-1] |= looks


class States(dict[str, str]):
    """How the things are that can be looked at, each asked once, as texts that differ whenever they do.

    A picture may be saved while a run is at work, so of pictures it is asked each time. `folders` are the files of each
    folder: a look at one kind of thing of them all may be named by the folder.
    """

    def __init__(self, ask: Callable[[str], str], folders: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__()
        self._ask, self.folders = ask, folders or {}

    def __missing__(self, looked_at: str) -> str:
        kind, name = looked_at[0], looked_at[1:]
        if name in self.folders:
            state = digest("\0".join(self[kind + path] for path in self.folders[name]).encode("utf-8"))
        else:
            state = self._ask(looked_at)
        if kind != "f":
            self[looked_at] = state
        return state

    def condensed(self, looks: set[str]) -> list[str]:
        """The same looks in their order; those at all files of a large folder are one."""
        if len(looks) > _MANY:
            names: dict[str, set[str]] = {}
            for looked_at in looks:
                names.setdefault(looked_at[0], set()).add(looked_at[1:])
            for folder, paths in self.folders.items():
                for kind, seen in names.items() if len(paths) > _FEW else ():
                    if seen.issuperset(paths):
                        names[kind] = seen.difference(paths) | {folder}
            looks = {kind + name for kind, seen in names.items() for name in seen}
        return sorted(looks)


class Link(Generic[Value]):
    """A relation of a node: whoever follows it has looked at the node's links."""

    def __init__(self, empty: Callable[[], Value]) -> None:
        self.empty = empty

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, node: None, _cls: type) -> Link[Value]: ...
    @overload
    def __get__(self, node: Any, _cls: type) -> Value: ...
    def __get__(self, node: Any, _cls: type) -> Value | Link[Value]:
        if node is None:
            return self
        if _watchers:
            look("l", node.path)
        kept: dict[str, Any] = node.__dict__
        if self.name not in kept:
            kept[self.name] = self.empty()
        value: Value = kept[self.name]
        return value

    def __set__(self, node: Any, value: Value) -> None:
        node.__dict__[self.name] = value


class Whole(Generic[Value]):
    """A property of a whole plan, worked out once; whoever asks for it has looked at all that it is made from."""

    def __init__(self, kinds: str, work: Callable[[Any], Value]) -> None:
        self.kinds, self.work = kinds, work
        self.__doc__ = work.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, plan: None, _cls: type) -> Whole[Value]: ...
    @overload
    def __get__(self, plan: Any, _cls: type) -> Value: ...
    def __get__(self, plan: Any, _cls: type) -> Value | Whole[Value]:
        if plan is None:
            return self
        for kind in self.kinds:
            look(kind)
        kept: dict[str, Any] = plan.__dict__
        if self.name not in kept:
            _watchers.append(set())  # what it looks at on the way is in `kinds`, and the same each time
            try:
                kept[self.name] = self.work(plan)
            finally:
                _watchers.pop()
        value: Value = kept[self.name]
        return value

    def __set__(self, plan: Any, value: Value) -> None:
        raise AttributeError(self.name)


def whole(kinds: str) -> Callable[[Callable[[Any], Value]], Whole[Value]]:
    """Make a method a property worked out once, from all of some kinds of things; none: from what never changes."""
    return lambda work: Whole(kinds, work)
