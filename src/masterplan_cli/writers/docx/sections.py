"""How a book falls into sections: cover, front matter, chapters, and turned pages for wide tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from masterplan_cli.document import FRONT
from masterplan_cli.tree import (
    BlockTree,
    Code,
    Definitions,
    Division,
    Figure,
    Footnote,
    Heading,
    Items,
    Line,
    Paragraph,
    Quote,
    Table,
    TreeNode,
    plain,
)

Matter: TypeAlias = Literal["cover", "front", "body"]
#: Divisions that only group what they hold.
_OPEN = frozenset({"sheet"})
#: A text of fewer characters than this follows its wide table onto the turned page.
_SHORT = 900


@dataclass
class Section:
    """Pages of one kind and direction; each block with whether it is of the front matter."""

    kind: Matter
    landscape: bool = False
    blocks: list[tuple[bool, TreeNode]] = field(default_factory=list)


def sections_of(trees: Iterable[BlockTree], turns: Callable[[Table], bool]) -> list[Section]:
    """The book's sections in their order; `turns` tells which tables need a turned page."""
    sections: list[Section] = []
    for kind, chapter in _chapters(trees):
        turned = _turned([block for _, block in chapter], turns) if kind == "body" else [False] * len(chapter)
        for pair, landscape in zip(chapter, turned, strict=True):
            last = sections[-1] if sections else None
            if last is None or (last.kind, last.landscape) != (kind, landscape):
                sections.append(Section(kind, landscape))
            sections[-1].blocks.append(pair)
    return sections


def _chapters(trees: Iterable[BlockTree]) -> Iterator[tuple[Matter, list[tuple[bool, TreeNode]]]]:
    """The blocks, cut before each chapter; once the chapters have begun, all is body."""
    kind: Matter = "front"
    chapter: list[tuple[bool, TreeNode]] = []
    for tree in trees:
        front = tree.name in FRONT
        for block in _flat(tree.children):
            cover = isinstance(block, Division) and block.name == "cover"
            now: Matter = "cover" if cover else "front" if front and kind != "body" else "body"
            if chapter and (now != kind or (isinstance(block, Heading) and block.level == 1)):
                yield kind, chapter
                chapter = []
            kind = now
            chapter.append((front, block))
    if chapter:
        yield kind, chapter


def _flat(blocks: Iterable[TreeNode]) -> Iterator[TreeNode]:
    for block in blocks:
        if isinstance(block, Division) and block.name in _OPEN:
            yield from _flat(block.children)
        else:
            yield block


def _turned(chapter: list[TreeNode], turns: Callable[[Table], bool]) -> list[bool]:
    """Which blocks of a chapter stand on turned pages: wide tables, their headings, and short text around them."""
    turned = [isinstance(block, Table) and turns(block) for block in chapter]
    if not any(turned):
        return turned
    start = 0
    while start < len(chapter):
        end = next((i for i in range(start, len(chapter)) if turned[i] != turned[start]), len(chapter))
        if not turned[start]:
            first = start if _is_short(chapter[start:end]) else _headings_before(chapter, start, end)
            turned[first:end] = [True] * (end - first)
        start = end
    return turned


def _is_short(blocks: list[TreeNode]) -> bool:
    if any(isinstance(b, Table | Figure | Code | Division | Definitions) for b in blocks):
        return False
    return sum(_length(b) for b in blocks) < _SHORT


def _headings_before(chapter: list[TreeNode], start: int, end: int) -> int:
    """Where the headings begin that end a run of upright blocks; at the chapter's end none move."""
    first = end
    while end < len(chapter) and first > start and isinstance(chapter[first - 1], Heading):
        first -= 1
    return first


def _length(block: TreeNode) -> int:
    if isinstance(block, Heading | Paragraph):
        return len(plain(block.line)) + 60
    return sum(_length(child) for child in children(block))


def children(block: TreeNode) -> Iterator[TreeNode]:
    """What a block holds, in the order of the text."""
    match block:
        case Items(items=items):
            for item in items:
                yield from item
        case Quote(children=inside) | Division(children=inside):
            yield from inside
        case Definitions(pairs=pairs):
            for _, said in pairs:
                yield from said


class Caption(NamedTuple):
    """A numbered caption, and its bookmark."""

    number: str
    line: Line
    mark: str


class Bookmarks:
    """The bookmarks of headings, tables and figures, known before they are written."""

    def __init__(self, sections: Iterable[Section]) -> None:
        self.marks: dict[str, str] = {}
        self.tables: list[Caption] = []
        self.figures: list[Caption] = []
        #: The numbers and bookmarks of the notes that are written.
        self.notes: dict[Footnote, tuple[int, str]] = {}
        self._captions: dict[int, Caption] = {}
        self._count = 0
        for section in sections:
            for _, block in section.blocks:
                self._see(block)

    def caption(self, block: Table | Figure) -> Caption | None:
        return self._captions.get(id(block))

    def _see(self, block: TreeNode) -> None:
        if isinstance(block, Heading):
            self.marks[block.anchor] = self.new()
        elif isinstance(block, Table | Figure) and block.caption is not None and block.number:
            caption = Caption(block.number, block.caption, self.new())
            self._captions[id(block)] = caption
            (self.tables if isinstance(block, Table) else self.figures).append(caption)
        for child in children(block):
            self._see(child)

    def new(self) -> str:
        """A name that Word keeps when it makes the contents anew, and does not list among the reader's own."""
        self._count += 1
        return f"_Ref{100000000 + self._count}"
