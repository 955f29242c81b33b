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
    """A node with the name of the block that it stands in, and the plan's file that the block is about."""

    block_name: str
    path: str
    node: TreeNode
    #: Whether it is the first of its block.
    begins: bool


def chapters_of(trees: Iterable[tuple[BlockTree, str]]) -> Iterator[tuple[str, list[Placed]]]:
    """The blocks between two headings of chapters, of however many templates, and whether they are cover, front or body."""
    place = now = "cover"
    chapter: list[Placed] = []
    for tree, path in trees:
        if not (now == "cover" and tree.name == "cover"):
            now = "front" if now != "body" and tree.name in FRONT else "body"
        for number, node in enumerate(tree.children):
            if chapter and (now != place or (isinstance(node, Heading) and node.level == 1)):
                yield place, chapter
                chapter = []
            place = now
            chapter.append(Placed(tree.name, path, node, number == 0))
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
    """The nodes of a chapter, apart where one asks for a page, and behind the block that has asked."""
    group: list[Placed] = []
    asked = False
    for child in children:
        asks = isinstance(child.node, Division) and child.node.name in ASKING
        if group and (
            asks or (asked and (child.block_name, child.path) != (group[0].block_name, group[0].path))
        ):
            yield group
            group, asked = [], False
        asked = asked or asks
        group.append(child)
    if group:
        yield group


Treatment: TypeAlias = Literal["plain", "together", "kept", "one-page", "page", "run-on", "torn"]


def treatment(group: Sequence[Placed], measured: Sequence[TreeNode], paper: str) -> Treatment:
    """What becomes of nodes of which the first may ask for a page; `measured` is all of their block where that begins.

    They follow what stands before as they are (`plain`) or without what asks (`run-on`). They stay on one page: wherever
    there is room (`together`), on the next one (`kept`), or on one that they are made to fit (`one-page`). They begin a
    page (`page`), or are too long to stay on one (`torn`).
    """
    nodes = [child.node for child in group]
    mark = nodes[0]
    if not isinstance(mark, Division) or mark.name not in ASKING:
        return "plain"
    upright = not any(isinstance(node, Table) and is_wide(node, paper) for node in nodes)
    if upright and not mark.children:
        if is_little(measured, paper):
            return "together"
        if not group[0].begins:
            return "kept"
        if is_long(nodes, paper):
            return "one-page"
    if not group[0].begins and has_short_lead(nodes, paper):
        return "run-on"
    return "page" if mark.name == "page" else "torn"


def nodes_by_block(children: Iterable[Placed]) -> dict[tuple[str, str], list[TreeNode]]:
    """All nodes of each block of a chapter."""
    found: dict[tuple[str, str], list[TreeNode]] = {}
    for child in children:
        found.setdefault((child.block_name, child.path), []).append(child.node)
    return found


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
