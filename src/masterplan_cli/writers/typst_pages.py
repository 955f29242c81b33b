"""Which parts of a book stand on which pages of its PDF: chapters, what has a page of its own, and turned pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from masterplan_cli.document import FRONT
from masterplan_cli.tree import BlockTree, Division, Heading, Paragraph, Table, TreeNode, plain
from masterplan_cli.writers.typst_room import has_short_lead, is_little, is_long, is_wide

#: Paragraphs of more than this stay above a turned table, on an upright page.
_LONG_LEAD = 1200
#: So many rows between two turned tables are turned with them.
_FEW_ROWS = 16
#: The divisions that stand before what has a page of its own, and before what no page tears apart.
ASKING = ("page", "together")


class Placed(NamedTuple):
    """A block with the part of the book that it stands in, and the plan's file that the part is about."""

    part: str
    path: str
    block: TreeNode
    #: Whether it is the first of its part.
    begins: bool


def chapters_of(parts: Iterable[tuple[BlockTree, str]]) -> Iterator[tuple[str, list[Placed]]]:
    """The blocks between two headings of chapters, of however many parts, and whether they are cover, front or body."""
    place = now = "cover"
    chapter: list[Placed] = []
    for part, path in parts:
        if not (now == "cover" and part.name == "cover"):
            now = "front" if now != "body" and part.name in FRONT else "body"
        for number, block in enumerate(part.children):
            if chapter and (now != place or (isinstance(block, Heading) and block.level == 1)):
                yield place, chapter
                chapter = []
            place = now
            chapter.append(Placed(part.name, path, block, number == 0))
    if chapter:
        yield place, chapter


def headings_in(blocks: Iterable[TreeNode]) -> Iterator[Heading]:
    """The headings among blocks, and in the parts of them that a template marked."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block
        elif isinstance(block, Division):
            yield from headings_in(block.children)


def pages_of(children: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The blocks of a chapter, apart where one asks for a page, and behind the part that has asked."""
    group: list[Placed] = []
    asked = False
    for child in children:
        asks = isinstance(child.block, Division) and child.block.name in ASKING
        if group and (asks or (asked and (child.part, child.path) != (group[0].part, group[0].path))):
            yield group
            group, asked = [], False
        asked = asked or asks
        group.append(child)
    if group:
        yield group


Treatment: TypeAlias = Literal["plain", "together", "kept", "one-page", "page", "run-on", "torn"]


def treatment(group: Sequence[Placed], measured: Sequence[TreeNode], paper: str) -> Treatment:
    """What becomes of blocks of which the first may ask for a page; `measured` is all of their part where that begins.

    They follow what stands before as they are (`plain`) or without what asks (`run-on`). They stay on one page: wherever
    there is room (`together`), on the next one (`kept`), or on one that they are made to fit (`one-page`). They begin a
    page (`page`), or are too long to stay on one (`torn`).
    """
    blocks = [child.block for child in group]
    mark = blocks[0]
    if not isinstance(mark, Division) or mark.name not in ASKING:
        return "plain"
    upright = not any(isinstance(block, Table) and is_wide(block, paper) for block in blocks)
    if upright and not mark.children:
        if is_little(measured, paper):
            return "together"
        if not group[0].begins:
            return "kept"
        if is_long(blocks, paper):
            return "one-page"
    if not group[0].begins and has_short_lead(blocks, paper):
        return "run-on"
    return "page" if mark.name == "page" else "torn"


def blocks_by_part(children: Iterable[Placed]) -> dict[tuple[str, str], list[TreeNode]]:
    """All blocks of each part of a chapter."""
    parts: dict[tuple[str, str], list[TreeNode]] = {}
    for child in children:
        parts.setdefault((child.part, child.path), []).append(child.block)
    return parts


def with_headings(children: Sequence[TreeNode], turned: list[bool]) -> list[bool]:
    """Turn with a table the headings above it, and a short text that stands between the two."""
    for at in [i for i, on in enumerate(turned) if on]:
        start = at
        while start and isinstance(children[start - 1], Heading | Paragraph) and not turned[start - 1]:
            start -= 1
        lead = children[start:at]
        written = sum(len(plain(block.line)) for block in lead if isinstance(block, Paragraph))
        first = next((i for i in range(start, at) if isinstance(children[i], Heading)), at)
        if written > _LONG_LEAD:
            first = at - 1 if at and isinstance(children[at - 1], Heading) else at
        elif start and turned[start - 1]:
            first = start
        turned[first:at] = [True] * (at - first)
    return _bridged(children, turned)


def _bridged(children: Sequence[TreeNode], turned: list[bool]) -> list[bool]:
    """Turn a short table that stands between two turned pages: by itself it would leave most of an upright one free."""
    on = [at for at, is_turned in enumerate(turned) if is_turned]
    for before, after in pairwise(on):
        between = children[before + 1 : after]
        rows = sum(len(block.rows) for block in between if isinstance(block, Table))
        if rows <= _FEW_ROWS and all(isinstance(block, Heading | Paragraph | Table) for block in between):
            turned[before:after] = [True] * (after - before)
    return turned
