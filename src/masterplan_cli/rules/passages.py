"""The words of a text in pieces, with the place of each piece in its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from markdown_it.token import Token

from masterplan_cli.diagnostics import Place
from masterplan_cli.markdown import Prose, masked
from masterplan_cli.source import Span
from masterplan_cli.values import BULLETS

_MARK = re.compile(rf"(?:[{BULLETS}o–—-]|\(?(?:[a-z]|\d{{1,2}})[.)])")


class Line(NamedTuple):
    """A line of a passage: its number in the file, where it begins there, and its words."""

    number: int
    column: int
    text: str


class Passage:
    """The words of a paragraph, a heading or a cell, and what kind of token holds them."""

    def __init__(self, prose: Prose, token: Token, holder: str) -> None:
        self.prose, self.inline, self.text = prose, token, token.content
        self.holder, self.level = holder, token.level
        self.first = prose.first_line + (token.map[0] if token.map else 0)

    @cached_property
    def lines(self) -> list[Line]:
        return [
            Line(number, max(self.prose.source.line(number).find(text), 0) + 1, text)
            for number, text in enumerate(self.text.split("\n"), self.first)
        ]

    @cached_property
    def masked(self) -> str:
        return masked(self.text)

    def place(self, start: int, end: int) -> Place:
        """The place of a piece of the text that stands in one line."""
        index = self.text.count("\n", 0, start)
        line = self.lines[index]
        column = line.column + start - (self.text.rfind("\n", 0, start) + 1)
        if self.holder in ("td_open", "th_open"):  # the words of a cell may stand in its row before
            column = max(self.prose.source.line(line.number).find(self.text[start:end]), 0) + 1
        return Place(
            self.prose.source.path, span=Span(line.number, column, line.number, column + end - start)
        )

    def lines_at(self, lines: list[Line]) -> Place:
        """The place of some lines that follow each other, from the first word to the last."""
        first, last = lines[0], lines[-1]
        span = Span(first.number, first.column, last.number, last.column + len(last.text))
        return Place(self.prose.source.path, span=span)


def passages(prose: Prose | None) -> Iterator[Passage]:
    for before, token in pairwise(prose.tokens if prose else ()):
        if prose and token.type == "inline" and token.map:
            yield Passage(prose, token, before.type)


def tabbed(prose: Prose) -> list[tuple[int, int]]:
    """The first and the last lines of tables whose cells are separated by tabs; a cell may be empty, the first as well."""
    blocks = [
        t for t in prose.tokens if t.map and t.level == 0 and t.type in ("paragraph_open", "code_block")
    ]
    numbers = {prose.first_line + n for block in blocks for n in range(*(block.map or ()))}
    numbers = {n for n in numbers if "\t" in prose.source.line(n).rstrip()}
    found: list[tuple[int, int]] = []
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda at: at[1] - at[0]):
        lines = [number for _, number in run]
        is_indented = not any("\t" in prose.source.line(number).strip() for number in lines)
        cells = [prose.source.line(number).replace(" ", "").split("\t") for number in lines]
        is_form = all(row[0].endswith(":") or row[1].startswith(":") for row in cells)
        if (
            len(lines) > 1
            and not is_form
            and not is_indented
            and not is_listed([prose.source.line(n) for n in lines])
        ):
            found.append((lines[0], lines[-1]))
    return found


def is_listed(lines: list[str]) -> bool:
    """Whether each line has the mark of an item before its first tab."""
    marks = [line.partition("\t")[0].strip() for line in lines]
    return all(mark and _MARK.fullmatch(mark) for mark in marks)
