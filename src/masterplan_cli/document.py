"""The document: every block of a book with its outline, and what is resolved once for all formats.

Ids of headings, numbers of chapters, tables and figures, the contents and the lists stand here before any format sees
them; a writer prints them and counts nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from markdown_it.token import Token

from masterplan_cli import values
from masterplan_cli.figures import Figures
from masterplan_cli.markdown import plain_text
from masterplan_cli.messages import LABELS, Language, banners
from masterplan_cli.source import Located

#: The lists of tables and figures, and all blocks that stand before the numbered chapters.
LISTS = ("tables", "figures")
FRONT = ("cover", "annex", "preface", "glance", "contents", *LISTS, "gaps", "status")
#: What shows parts of other blocks.
_LATE = {"container_contents_open", "container_tables_open", "container_figures_open"}


class Block:
    """One part of a book: the template it comes from, its tokens, and the plan's file it is about.

    `key` stands for all that it is made from; it gives None where that cannot be told.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[], list[Token]],
        path: str = "",
        key: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.name, self.path, self.key, self._make = name, path, key, make

    @cached_property
    def tokens(self) -> list[Token]:
        """Its tokens, made when they are first asked for."""
        return self._make()

    def drop(self) -> None:
        """Let go of the tokens; they can be made again."""
        self.__dict__.pop("tokens", None)


class Outline(NamedTuple):
    """What the rest of a book must know of a block.

    `marks` are its headings `["h", level, id, title]` and numbered captions `["table" or "figure", text]` in their
    order, `links` the places of the book that it leads to. A `late` block shows what stands in the others.
    """

    marks: list[list[Any]]
    links: list[str]
    late: bool


class Resolved(NamedTuple):
    """What the rest of a book makes of a block.

    `ids` and `chapters` are of its headings, the number of a chapter being 0 where none begins; `anchors` are of its
    captions, each the kind and the number; `dead` are links that lead nowhere in this book.
    """

    ids: list[str]
    chapters: list[int]
    anchors: list[str]
    dead: list[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents; `chapter` is the number of the chapter that begins there, or 0."""

    level: int
    anchor: str
    title: str
    front: bool
    chapter: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A numbered table or figure: its anchor, its number such as `2.1`, and its caption."""

    anchor: str
    number: str
    caption: str


@dataclass
class Document:
    """A book ready for the writers: nothing in it depends on a format."""

    title: str
    language: Language
    date: datetime.date | None
    example: bool
    draft: bool
    author: str = ""
    #: How it prints figures.
    figures: Figures = field(default_factory=lambda: Figures(Language.ID))
    #: Whether the plan says of itself that it is a draft.
    pending: bool = False
    #: `a4` or `f4`, and `sans` or `serif`: what the book's settings ask of formats that have pages.
    paper: str = "a4"
    font: str = "sans"
    blocks: list[Block] = field(default_factory=list)
    #: What each block has of its own, in the same order.
    outlines: list[Outline] = field(default_factory=list)
    #: What the book makes of each of them.
    resolved: list[Resolved] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    #: The numbered tables and figures, by `table` and `figure`, in their order.
    listed: dict[str, list[Listed]] = field(default_factory=lambda: {"table": [], "figure": []})
    #: The pictures that its tokens name, by their path in the repo: media type and bytes.
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    #: The plan's files, so that what a format finds can be shown at its line.
    files: Mapping[str, Located] = field(default_factory=dict)

    def tokens(self) -> Iterator[Token]:
        return (token for block in self.blocks for token in block.tokens)

    @property
    def banners(self) -> list[str]:
        """What every reader must know: that this is a draft, or an example."""
        return banners(self.language, draft=self.draft, example=self.example, pending=self.pending)

    def word(self, key: str) -> str:
        """A printed word in the language of the book."""
        return LABELS[key].of(self.language)

    def chapter_label(self, number: int) -> str:
        """What stands above the title of a chapter."""
        return f"{self.word('chapter')} {values.roman(number)}"

    def caption_label(self, kind: str, number: str) -> str:
        """What stands before the caption of a `table` or a `figure`."""
        return f"{self.word(kind)} {number}"


def outline_of(block: Block) -> Outline:
    """What the rest of the book must know of a block."""
    tokens = block.tokens
    marks: list[list[Any]] = []
    links: dict[str, None] = {}
    late = False
    for index, token in enumerate(tokens):
        kind = token.type
        if kind == "heading_open":
            title = plain_text(tokens[index + 1])
            base = str(token.attrs.get("id") or values.slug(title) or "bagian")
            marks.append(["h", int(token.tag[1]), base, title])
        elif kind in ("table_open", "figure") and _numbered(token):
            marks.append([kind.removesuffix("_open"), plain_text(token.meta["caption"])])
        elif kind in _LATE:
            late = True
        for child in token.children or ():
            if child.type == "link_open" and str(child.attrs.get("href", "")).startswith("#"):
                links[str(child.attrs["href"])[1:]] = None
    return Outline(marks, list(links), late)


def _numbered(token: Token) -> bool:
    return bool(token.meta.get("caption")) and not token.meta.get("plain")


class Numbering:
    """Goes through the blocks of a book in their order and gives every heading and caption what is its alone."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        #: The last number that was put to a name.
        self.last: dict[str, int] = {}
        self.chapter = 0
        self.count = {"table": 0, "figure": 0}

    def resolve(self, name: str, outline: Outline) -> Resolved:
        """The places of the next block, links apart."""
        ids: list[str] = []
        chapters: list[int] = []
        anchors: list[str] = []
        for kind, *mark in outline.marks:
            if kind == "h":
                begins = mark[0] == 1 and name not in FRONT
                if begins:
                    self.chapter, self.count = self.chapter + 1, {"table": 0, "figure": 0}
                ids.append(self._unique(mark[1]))
                chapters.append(self.chapter if begins else 0)
            else:
                self.count[kind] += 1
                number = f"{self.chapter}.{self.count[kind]}" if self.chapter else str(self.count[kind])
                anchors.append(f"{kind}-{number}")
        return Resolved(ids, chapters, anchors, [])

    def _unique(self, base: str) -> str:
        unique, turn = base, self.last.get(base, 1)
        while unique in self.taken:
            turn += 1
            unique = f"{base}-{turn}"
            self.last[base] = turn
        self.taken.add(unique)
        return unique


def resolve(document: Document) -> list[Resolved]:
    """Resolve every block of a book, and list its headings, tables and figures; an empty list of these goes."""
    _drop_empty_lists(document)
    numbering = Numbering()
    resolved = []
    for block, outline in zip(document.blocks, document.outlines, strict=True):
        places = numbering.resolve(block.name, outline)
        _list(document, block.name, outline, places)
        resolved.append(places)
    return [
        places._replace(dead=[link for link in outline.links if link not in numbering.taken])
        for places, outline in zip(resolved, document.outlines, strict=True)
    ]


def _list(document: Document, name: str, outline: Outline, places: Resolved) -> None:
    """Put a block's headings, tables and figures into the lists of its book."""
    headings, anchors = zip(places.ids, places.chapters, strict=True), iter(places.anchors)
    for kind, *mark in outline.marks:
        if kind == "h":
            level, _, title = mark
            anchor, chapter = next(headings)
            if name not in ("cover", "annex", "contents"):
                document.entries.append(Entry(level, anchor, title, name in FRONT, chapter))
        else:
            anchor = next(anchors)
            document.listed[kind].append(Listed(anchor, anchor.removeprefix(f"{kind}-"), mark[0]))


def _drop_empty_lists(document: Document) -> None:
    """A book without tables or figures has no list of them."""
    kinds = {mark[0] for outline in document.outlines for mark in outline.marks}
    kept = [
        (block, outline)
        for block, outline in zip(document.blocks, document.outlines, strict=True)
        if block.name not in LISTS or block.name.removesuffix("s") in kinds
    ]
    document.blocks, document.outlines = [b for b, _ in kept], [o for _, o in kept]


def apply(block: Block, places: Resolved) -> None:
    """Write into a block's tokens what the rest of the book makes of it; a dead link becomes its text."""
    headings, anchors = zip(places.ids, places.chapters, strict=True), iter(places.anchors)
    for token in block.tokens:
        if token.type == "heading_open":
            token.attrs["id"], token.meta["chapter"] = next(headings)
        elif token.type in ("table_open", "figure") and _numbered(token):
            token.meta["anchor"] = anchor = next(anchors)
            token.meta["number"] = anchor.rpartition("-")[2]
        if places.dead and token.children:
            token.children = _without_links(token.children, {f"#{target}" for target in places.dead})


def _without_links(children: list[Token], dead: set[str]) -> list[Token]:
    """The same, less the links to these places, whose text stays."""
    out: list[Token] = []
    open_links: list[bool] = []
    for child in children:
        if child.type == "link_open":
            open_links.append(child.attrs.get("href") not in dead)
        if child.type in ("link_open", "link_close"):
            if open_links[-1]:
                out.append(child)
            if child.type == "link_close":
                open_links.pop()
        else:
            out.append(child)
    return out
