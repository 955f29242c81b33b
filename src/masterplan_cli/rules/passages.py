"""The words of a text in pieces, with the place of each piece in its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
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
        self.prose, self.inline = prose, token
        # The blanks that a line begins with are kept in the token, and not printed.
        self.text = "\n".join(line.lstrip(" \t") for line in token.content.split("\n"))
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


class Tabbed(NamedTuple):
    """A table whose cells tabs separate: its first and its last line, its rows, and whether a cell has no end."""

    first: int
    last: int
    rows: list[list[str]]
    torn: bool


#: A cell that is pasted from a workbook hardly has more lines.
_MOST_LINES = 50
#: A cell in quotes, as a workbook writes one of several lines; the beginning of one that goes on; and the end of it.
_CLOSED = re.compile(r'(?:^|(?<=\t))"((?:[^"]|"")*+)"(?=\t|$)')
_OPENED = re.compile(r'(?:^|\t)"(?:[^"]|"")*+$')
_END = re.compile(r'(?:[^"]|"")*+"(?!")')


def tabbed(prose: Prose) -> list[Tabbed]:
    """Tables whose cells tabs separate, as they are pasted from a workbook; a cell may be empty, the first as well."""
    blocks = [
        t for t in prose.tokens if t.map and t.level == 0 and t.type in ("paragraph_open", "code_block")
    ]
    numbers = {prose.first_line + n for block in blocks for n in range(*(block.map or ()))}
    numbers = {n for n in numbers if _has_tab(prose, n)}
    tables: list[Tabbed] = []
    for number in sorted(numbers):
        if not tables or number > tables[-1].last:
            tables.append(_table(prose, number, numbers))
    return [table for table in tables if len(table.rows) > 1 and _is_table(prose, table)]


def _has_tab(prose: Prose, number: int) -> bool:
    return number <= len(prose.source.lines) and "\t" in prose.source.line(number).rstrip()


def _table(prose: Prose, first: int, numbers: set[int]) -> Tabbed:
    """The rows from a line on: those with tabs, each with the further lines of its cells in quotes."""
    rows: list[list[str]] = []
    number, torn, several = first, False, False
    # Below a cell of several lines Markdown may see anything, a list for instance.
    while number in numbers or (several and _has_tab(prose, number)):
        row, end = _row(prose, number)
        several = end > number
        torn = torn or row is None
        rows.append([cell.strip() for cell in (row or prose.source.line(number)).split("\t")])
        number = end + 1
    return Tabbed(first, number - 1, rows, torn)


def _row(prose: Prose, number: int) -> tuple[str | None, int]:
    """A row that begins at a line and the last of its lines; no row where a cell in quotes has no end."""
    source = prose.source
    is_open = False
    for end in range(number, min(number + _MOST_LINES, len(source.lines) + 1)):
        is_open = _leaves_open(source.line(end), is_open=is_open)
        if not is_open:
            text = "\n".join(source.line(line) for line in range(number, end + 1))
            row = _CLOSED.sub(_in_one_line, text)
            return (row, end) if "\n" not in row else (None, number)
    return None, number


def _leaves_open(line: str, *, is_open: bool) -> bool:
    """Whether a cell in quotes goes on below a line, in which one may be open already."""
    end = _END.match(line) if is_open else None
    if is_open and not end:
        return True
    # What follows the end of a cell is no beginning of another one.
    return bool(_OPENED.search(f" {line[end.end() :]}" if end else line))


def _in_one_line(cell: re.Match[str]) -> str:
    """The words of a cell of several lines in one, with the sign between them that parts items in a sentence."""
    if "\n" not in cell[0]:
        return cell[0]
    lines = [line.strip() for line in cell[1].replace('""', '"').replace("\t", " ").split("\n")]
    said = [line for line in lines if line]
    return " ".join([*(line if line[-1] in ".,;:" else f"{line};" for line in said[:-1]), *said[-1:]])


def _is_table(prose: Prose, table: Tabbed) -> bool:
    """Whether lines with tabs are no form, no list and no indented text."""
    lines = [prose.source.line(number) for number in range(table.first, table.last + 1)]
    is_form = all(row[0].endswith(":") or row[1].startswith(":") for row in table.rows)
    return not is_form and not is_listed(lines) and any("\t" in line.strip() for line in lines)


def is_listed(lines: list[str]) -> bool:
    """Whether each line has the mark of an item before its first tab."""
    marks = [line.partition("\t")[0].strip() for line in lines]
    return all(mark and _MARK.fullmatch(mark) for mark in marks)
