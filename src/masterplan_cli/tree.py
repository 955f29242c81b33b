"""A book's tokens as a tree of paragraphs, lists, tables and figures, for formats that are built of objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from markdown_it.token import Token

from masterplan_cli.document import Block, Document, Outline, Resolved, apply, outline_of
from masterplan_cli.markdown import EXACT, plain_text

Align: TypeAlias = Literal["left", "center", "right"]


class Run(NamedTuple):
    """A stretch of text of one style; `link` is an address, or `#` and an anchor of the book."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str | None = None


@dataclass(frozen=True)
class Break:
    """A line break that the text asks for."""


@dataclass(frozen=True)
class Picture:
    """A picture inside a line; `src` is its name among the document's pictures."""

    src: str
    alt: str


@dataclass(eq=False)
class Footnote:
    """A footnote with all it says: one object, however many places cite it."""

    children: tuple[TreeNode, ...] = ()
    #: How many places cite it.
    cited: int = 0


Inline: TypeAlias = Run | Break | Picture | Footnote
Line: TypeAlias = tuple[Inline, ...]


@dataclass
class Heading:
    level: int
    anchor: str
    line: Line
    #: The number of the chapter that it begins, or 0.
    chapter: int = 0


@dataclass(frozen=True)
class Paragraph:
    line: Line


@dataclass(frozen=True)
class Items:
    """A list; `start` is its first number, or None for bullets."""

    start: int | None
    items: tuple[tuple[TreeNode, ...], ...]


@dataclass(frozen=True)
class Quote:
    children: tuple[TreeNode, ...]


@dataclass(frozen=True)
class Code:
    text: str


@dataclass(frozen=True)
class Divider:
    """A line across the page."""


@dataclass
class Table:
    """A table: a head, rows as long as it, an alignment for each column."""

    caption: Line | None
    head: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    aligns: tuple[Align, ...]
    wide: bool
    #: The number of its caption, if it has one, and so a line in the list of tables.
    number: str = ""

    @cached_property
    def kinds(self) -> list[RowKind]:
        """What each row is."""
        return [row_kind(row) for row in self.rows]


RowKind: TypeAlias = Literal["", "group", "total"]


def row_kind(row: Sequence[Line]) -> RowKind:
    """Whether a row is a heading of those below it, which begins in bold and is alone, or a total, whose name is bold."""
    first = next((cell for cell in row if _is_worded(cell)), ())
    bold = [isinstance(i, Run) and i.bold for i in first if plain((i,)).strip()]
    if bold[:1] == [True] and len(row) > 1 and first is row[0] and not any(map(_is_worded, row[1:])):
        return "group"
    return "total" if bold and all(bold) else ""


def _is_worded(cell: Line) -> bool:
    return any(isinstance(i, Picture) for i in cell) or bool(plain(cell).strip())


@dataclass
class Figure:
    """A picture by itself, with its caption."""

    src: str
    alt: str
    caption: Line | None
    number: str = ""


@dataclass(frozen=True)
class Definitions:
    """Terms, each with what is said of it."""

    pairs: tuple[tuple[Line, tuple[TreeNode, ...]], ...]


@dataclass(frozen=True)
class Division:
    """A part that a template marked as `::: name`."""

    name: str
    children: tuple[TreeNode, ...]


_Numbered: TypeAlias = Heading | Table | Figure
TreeNode: TypeAlias = (
    Heading | Paragraph | Items | Quote | Code | Divider | Table | Figure | Definitions | Division
)


@dataclass(frozen=True)
class BlockTree:
    """What one template made."""

    name: str
    children: tuple[TreeNode, ...]


def block_trees(document: Document) -> list[BlockTree]:
    """The document's blocks in their order, footnotes at the places that refer to them."""
    return [BlockTree(block.name, _Reader(block.tokens).read()) for block in document.blocks]


class Trees:
    """The blocks of a book, read once for all formats that are built of them.

    With `take` each is read as soon as its template gives it: they take a fraction of their tokens' room.
    """

    def __init__(self) -> None:
        self._read: dict[Block, tuple[BlockTree, list[_Numbered]]] = {}
        self._trees: list[BlockTree] | None = None

    def take(self, _document: Document, block: Block) -> Outline:
        """Read a block before its numbers are known; each heading and caption has its place in the block instead."""
        outline = outline_of(block)
        kinds = [str(mark[0]) for mark in outline.marks]
        headings, captions = kinds.count("h"), [kind for kind in kinds if kind != "h"]
        places = [f"{kind}-{place}" for place, kind in enumerate(captions)]
        apply(block, Resolved([str(place) for place in range(headings)], [0] * headings, places, []))
        reader = _Reader(block.tokens)
        self._read[block] = BlockTree(block.name, reader.read()), reader.numbered
        block.drop()
        return outline

    def block_trees(self, document: Document) -> list[BlockTree]:
        """The document's blocks with its ids and numbers; what a dead link names is the id of nothing."""
        if self._trees is None:
            self._trees = self._numbered(document) if self._read else block_trees(document)
        return self._trees

    def _numbered(self, document: Document) -> list[BlockTree]:
        trees = []
        for block, places in zip(document.blocks, document.resolved, strict=True):
            tree, numbered = self._read.pop(block)
            for node in numbered:
                _number_by(node, places)
            trees.append(tree)
        return trees


def _number_by(node: _Numbered, places: Resolved) -> None:
    if isinstance(node, Heading):
        place = int(node.anchor)
        node.anchor, node.chapter = places.ids[place], places.chapters[place]
    elif node.number:
        node.number = places.anchors[int(node.number)].rpartition("-")[2]


def plain(line: Line | None) -> str:
    """The words of a line."""
    return "".join(
        i.text
        if isinstance(i, Run)
        else " "
        if isinstance(i, Break)
        else i.alt
        if isinstance(i, Picture)
        else ""
        for i in line or ()
    )


def words(note: Footnote) -> str:
    """The words of a note's paragraphs, for a place where no note can stand."""
    texts = [plain(block.line) for block in note.children if isinstance(block, Heading | Paragraph)]
    return " ".join(filter(None, texts)) or "–"


@dataclass
class _Open:
    """A container whose end has not come yet."""

    token: Token
    children: list[TreeNode] = field(default_factory=list)
    items: list[tuple[TreeNode, ...]] = field(default_factory=list)
    pairs: list[tuple[Line, tuple[TreeNode, ...]]] = field(default_factory=list)


class _Reader:
    """Reads the tokens of one block."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        #: What the book gives ids and numbers.
        self.numbered: list[_Numbered] = []
        self.text, said = _without_notes(tokens)
        # A note may cite another one, or itself: all of them are there before any is read.
        self.notes = {name: Footnote() for name in said}
        for name, inside in said.items():
            self.notes[name].children = self._blocks(inside)

    def read(self) -> tuple[TreeNode, ...]:
        return self._blocks(self.text)

    def _blocks(self, tokens: Sequence[Token]) -> tuple[TreeNode, ...]:
        stack = [_Open(Token("", "", 0))]
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                self._add(stack, self._table(tokens[index : end + 1]))
                index = end
            elif token.type == "inline":
                self._text(stack, token)
            elif token.type == "figure":
                source, alt = str(token.attrs["src"]), str(token.attrs["alt"])
                self._add(stack, Figure(source, alt, self._caption(token), _number(token)))
            elif token.type in ("fence", "code_block"):
                stack[-1].children.append(Code(token.content.rstrip("\n")))
            elif token.type == "hr":
                stack[-1].children.append(Divider())
            elif token.nesting == 1:
                stack.append(_Open(token))
            elif token.nesting == -1:
                self._close(stack)
            index += 1
        return tuple(stack[0].children)

    def _add(self, stack: list[_Open], node: _Numbered) -> None:
        self.numbered.append(node)
        stack[-1].children.append(node)

    def _text(self, stack: list[_Open], token: Token) -> None:
        opening = stack[-1].token
        line = self._line(token)
        if opening.type == "heading_open":
            anchor, chapter = str(opening.attrs.get("id", "")), opening.meta.get("chapter", 0)
            self._add(stack, Heading(int(opening.tag[1]), anchor, line, chapter))
        else:
            stack[-1].children.append(Paragraph(line))

    def _close(self, stack: list[_Open]) -> None:
        closed, outer = stack.pop(), stack[-1]
        children = tuple(closed.children)
        match closed.token.type:
            case "list_item_open":
                outer.items.append(children)
            case "bullet_list_open":
                outer.children.append(Items(None, tuple(closed.items)))
            case "ordered_list_open":
                start = int(closed.token.attrs.get("start", 1))
                outer.children.append(Items(start, tuple(closed.items)))
            case "blockquote_open":
                outer.children.append(Quote(children))
            case "dt_open":
                outer.pairs.append((children[0].line if isinstance(children[0], Paragraph) else (), ()))
            case "dd_open":
                term, said = outer.pairs.pop()
                outer.pairs.append((term, said + children))
            case "dl_open":
                outer.children.append(Definitions(tuple(closed.pairs)))
            case kind if kind.startswith("container_"):
                name = kind.removeprefix("container_").removesuffix("_open")
                outer.children.append(Division(name, children))
            case _:
                outer.children += children

    def _caption(self, token: Token) -> Line | None:
        caption = token.meta.get("caption")
        return self._line(caption) if caption else None

    def _table(self, tokens: Sequence[Token]) -> Table:
        rows: list[list[Line]] = []
        aligns: list[Align] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "th_open":
                aligns.append(_align(token))
            elif token.type == "inline":
                rows[-1].append(self._line(token))
        head, *body = (tuple(row) for row in rows)
        wide = bool(tokens[0].meta.get("wide"))
        return Table(self._caption(tokens[0]), head, tuple(body), tuple(aligns), wide, _number(tokens[0]))

    def _line(self, token: Token) -> Line:
        return tuple(self._inlines(token.children or []))

    def _inlines(self, tokens: Sequence[Token]) -> Iterator[Inline]:
        style = Run("")
        for token in tokens:
            if token.nesting:
                style = _styled(style, token)
            elif token.type == "footnote_ref":
                note = self.notes.setdefault(_name(token), Footnote())
                note.cited += 1
                yield note
            elif token.type == "image":
                yield Picture(str(token.attrs["src"]), str(token.attrs["alt"]) or plain_text(token))
            elif token.type == "hardbreak":
                yield Break()
            elif text := " " if token.type == "softbreak" else token.content:
                yield style._replace(text=text, code=token.type == "code_inline")


def _without_notes(tokens: Sequence[Token]) -> tuple[list[Token], dict[tuple[str, int], list[Token]]]:
    """The tokens of the text, and those of its footnotes by their names."""
    text: list[Token] = []
    notes: dict[tuple[str, int], list[Token]] = {}
    into = text
    for token in tokens:
        if token.type == "footnote_open":
            into = notes[_name(token)] = []
        elif token.type == "footnote_close":
            into = text
        elif not token.type.startswith("footnote_"):
            into.append(token)
    return text, notes


def _styled(style: Run, token: Token) -> Run:
    on = token.nesting == 1
    match token.type.rpartition("_")[0]:
        case "strong":
            return style._replace(bold=on)
        case "em":
            return style._replace(italic=on)
        case "s":
            return style._replace(strike=on)
        case "link":
            href = str(token.attrs.get("href", ""))
            return style._replace(link=href if on and not href.startswith(EXACT) else None)
    return style


def _name(token: Token) -> tuple[str, int]:
    return str(token.meta.get("doc", "")), int(token.meta["id"])


def _number(token: Token) -> str:
    return str(token.meta.get("number", ""))


def _align(token: Token) -> Align:
    style = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return "center" if style == "center" else "right" if style == "right" else "left"
