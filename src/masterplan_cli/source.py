"""Sources: the text of a file, and all knowledge of its lines and columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, TypeAlias

#: The names that lead from a file's root to a value: ``("budget", 1, "amount")``.
Route: TypeAlias = tuple[str | int, ...]


_QUOTES = ("'", '"')
_UNQUOTED = re.compile(r"[\w./%+-][\w ./%#()+-]*")


class Span(NamedTuple):
    """A stretch of text; lines and columns count characters from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Spans(NamedTuple):
    """Where a value stands, and where its key stands when it has one."""

    key: Span | None
    value: Span


@dataclass(frozen=True)
class Source:
    """A text file of the plan; `path` is relative to the plan's root, with forward slashes."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return [line.removesuffix("\r") for line in self.text.split("\n")]

    def line(self, number: int) -> str:
        """Line `number` (from 1); empty beyond the end of the file."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins in the text."""
        return list(accumulate((len(line) + 1 for line in self.text.split("\n")), initial=0))

    def offset(self, line: int, column: int) -> int:
        """Where a place stands in the text; one behind the end of its line is that end."""
        return self.starts[line - 1] + min(column - 1, len(self.lines[line - 1]))

    def find(self, needle: str, line: int, last: int | None = None) -> Span:
        """Where `needle` first stands between two lines; the whole first line when it does not."""
        for number in range(line, (last or line) + 1):
            column = self.line(number).find(needle) if needle else -1
            if column >= 0:
                return Span(number, column + 1, number, column + 1 + len(needle))
        return self.whole_line(line)

    def whole_line(self, number: int) -> Span:
        """The printed part of a line."""
        text = self.line(number)
        start = len(text) - len(text.lstrip()) + 1
        return Span(number, start, number, max(len(text.rstrip()) + 1, start + 1))


class Change(NamedTuple):
    """A stretch of a text, by its offsets, and what is to stand there instead."""

    start: int
    end: int
    new: str


def changed(text: str, changes: Iterable[Change]) -> str:
    """A text with changes in place, insertions at one place in their order; of two that overlap the later one counts."""
    parts: list[str] = []
    done = len(text)
    for change in sorted(changes, key=lambda change: (change.start, change.end))[::-1]:
        if change.end <= done:
            parts += [text[change.end : done], change.new]
            done = change.start
    return "".join([text[:done], *parts[::-1]])


def inside_quotes(line: str, span: Span) -> Span:
    """The words at a span of a line, without quotes that stand around them."""
    start, end = span.column - 1, span.end_column - 1
    if end - start > 1 and line[start : start + 1] in _QUOTES and line[start] == line[end - 1 : end]:
        return Span(span.line, span.column + 1, span.end_line, span.end_column - 1)
    return span


def needs_quotes(value: str) -> bool:
    """Whether a value may mean something else when it is written into YAML as it is."""
    return not _UNQUOTED.fullmatch(value) or " #" in value


@dataclass(frozen=True)
class Located:
    """A parsed file: its text and, once somebody asks, the position of every value in it."""

    source: Source
    locate: Callable[[], dict[Route, Spans]] = dict

    @cached_property
    def spans(self) -> dict[Route, Spans]:
        return self.locate()

    def span(self, route: Route, part: str = "value") -> Span:
        """The span of a route, or of its closest ancestor that was written."""
        exact = self.spans.get(route)
        if part == "pair" and (keys := self.keys.get(route)):
            key, start = next(iter(keys.items()))
            return Span(*start[:2], *self.spans[(*route, key)].value[2:])
        if exact is not None:
            return exact.key if part == "key" and exact.key else exact.value
        while route and route not in self.spans:
            route = route[:-1]
        found = self.spans.get(route)
        return self._first_key(route) or (found.value if found else Span(1, 1, 1, 1))

    def _first_key(self, route: Route) -> Span | None:
        """A missing value is shown at the first key of the mapping that lacks it."""
        return next(iter(self.keys.get(route, {}).values()), None)

    @cached_property
    def keys(self) -> dict[Route, dict[str, Span]]:
        """The keys that were written in every mapping, in their order."""
        found: dict[Route, dict[str, Span]] = {}
        for route, spans in self.spans.items():
            if route and spans.key:
                found.setdefault(route[:-1], {})[str(route[-1])] = spans.key
        return found
