"""Texts word by word: what was taken away and what was put in, in which section; how a text is laid out does not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from masterplan_cli.changes.alignment import Effort, Stretch, aligned
from masterplan_cli.markdown import read_prose
from masterplan_cli.source import Source

#: Stands among words for the end of a paragraph.
PARAGRAPH = "¶"


class Piece(NamedTuple):
    """Words that stayed (`same`), were taken away (`removed`) or put in (`added`)."""

    kind: str
    text: str


class Rewording(NamedTuple):
    """A stretch of a text that reads otherwise, below a heading before and after; empty above all headings."""

    before: str
    after: str
    pieces: tuple[Piece, ...]

    @property
    def section(self) -> str:
        return self.after or self.before


class _Paragraph(NamedTuple):
    """The words of a paragraph, a heading, an item or a cell, with the heading above it."""

    words: str
    section: str


def rewordings(before: str | None, after: str | None, effort: Effort) -> list[Rewording]:
    """The stretches in which two texts differ."""
    old, new = list(_paragraphs(before or "")), list(_paragraphs(after or ""))
    found, x, y = [], 0, 0
    for stretch in aligned([p.words for p in old], [p.words for p in new], effort):
        if not stretch.same:
            pieces = tuple(_pieces(_words(stretch.before), _words(stretch.after), effort))
            found.append(Rewording(_section(old, x), _section(new, y), pieces))
        x, y = x + len(stretch.before), y + len(stretch.after)
    return found


def are_alike(before: str, after: str) -> bool:
    """Whether one text is probably the other in other words."""
    return _alike(before.split(), after.split())


def _alike(before: list[str], after: list[str]) -> bool:
    shared = (Counter(before) & Counter(after)).total()
    return 2 * shared > min(len(before), len(after))


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    """What a text says, however it is laid out: its inline Markdown and its blocks of code, in their order."""
    if not text.strip():
        return
    source = Source("", text)
    reading = read_prose(source, text, 1)
    section, opened = "", False
    for token in reading.tokens:
        words = " ".join(token.content.split())
        if opened:
            section = words
        opened = token.type == "heading_open"
        if words:
            yield _Paragraph(words, section)
    for line in sorted(reading.references.values()):
        yield _Paragraph(" ".join(source.line(line + 1).split()), "")


def _section(paragraphs: list[_Paragraph], at: int) -> str:
    """The heading above a place of a text."""
    return paragraphs[min(at, len(paragraphs) - 1)].section if paragraphs else ""


def _words(paragraphs: list[str]) -> list[str]:
    return f" {PARAGRAPH} ".join(paragraphs).split()


def _pieces(before: list[str], after: list[str], effort: Effort) -> Iterator[Piece]:
    stretches = [Stretch(before, after)] if not _alike(before, after) else aligned(before, after, effort)
    for old, new in stretches:
        if old == new:
            yield Piece("same", " ".join(old))
            continue
        if old:
            yield Piece("removed", " ".join(old))
        if new:
            yield Piece("added", " ".join(new))
