"""Blocks: Jinja templates make Markdown, Markdown becomes tokens, a book is the list of its blocks.

Every value a template prints is escaped for Markdown unless it is `Md` already, so what an agency wrote can
only ever come out as text. Prose enters by one filter, as the tokens that checking has parsed; it is never
read as a template.
"""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Protocol, overload
from urllib.parse import unquote

from markdown_it.token import Token

from masterplan_cli import charts, schema, values
from masterplan_cli.diagnostics import Diagnostic, total
from masterplan_cli.looks import look
from masterplan_cli.markdown import Md, block_parser, escape, plain_text
from masterplan_cli.memo import Memo
from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.plan import Agency, Book, Chapter, Pillar, Plan, Program
from masterplan_cli.sandbox import Mistake, Sandbox, kind_of, printable
from masterplan_cli.source import Located
from masterplan_cli.tasks import Work, assess
from masterplan_cli.templates import Templates

Linked = Agency | Program | Pillar | Chapter
_MARKER = re.compile("\x1a(\\d{1,6})\x1a")
_HEADING_ID = re.compile(r"(?<!\s)\s*\{#([^{}\s]+)\}\s*$")


class Block:
    """One part of a book: the template it comes from, its tokens, and the plan's file it is about.

    `unit` names it by its template and all that the template is given; None when that has no name.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[], list[Token]],
        path: str = "",
        unit: str | None = None,
    ) -> None:
        self.name, self.path, self.unit, self._make = name, path, unit, make

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


class Settled(NamedTuple):
    """What the rest of a book makes of a block: the ids of its headings, the anchors of its captions, its dead links."""

    ids: list[str]
    anchors: list[str]
    dead: list[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents."""

    level: int
    anchor: str
    title: str
    front: bool


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
    #: `a4` or `f4`, and `sans` or `serif`: what the book's settings ask of formats that have pages.
    paper: str = "a4"
    font: str = "sans"
    blocks: list[Block] = field(default_factory=list)
    #: What each block has of its own, in the same order.
    outlines: list[Outline] = field(default_factory=list)
    #: What the book makes of each of them.
    settled: list[Settled] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    #: The numbered tables and figures, by `table` and `figure`, in their order.
    listed: dict[str, list[Listed]] = field(default_factory=lambda: {"table": [], "figure": []})
    #: The pictures that its tokens name, by their path in the repo: media type and bytes.
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    #: The plan's files, so that what a format finds can be shown at its line.
    files: Mapping[str, Located] = field(default_factory=dict)

    def tokens(self) -> Iterator[Token]:
        return (token for block in self.blocks for token in block.tokens)


def _untold(_template: str) -> None:
    """Nobody wants to know."""


@dataclass
class Context:
    """What a book says beside the plan."""

    date: datetime.date | None = None
    draft: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    #: What is known of how complete each program is.
    judged: Memo | None = None
    #: Told the name of each template before it renders.
    at_work: Callable[[str], None] = _untold


class _MarkdownSandbox(Sandbox):
    """Joins of Markdown are Markdown: what macros, `super()` and block assignments give is not escaped again."""

    concat = staticmethod(lambda parts: Md("".join(parts)))

    def __init__(self, templates: Templates) -> None:
        super().__init__(templates, finalize=self.escape)

    def escape(self, value: object) -> Md:
        return escape(printable(value))


class Press(Protocol):
    """Takes each block of a book as its template gives it; in the end it tells what each has of its own."""

    def take(self, document: Document, block: Block) -> None: ...

    def outlines(self, document: Document) -> list[Outline]: ...


class _Keeper:
    """Keeps the tokens of every block, for writers that need them all."""

    def take(self, document: Document, block: Block) -> None:  # noqa: ARG002 - as `Press` asks
        block.tokens  # noqa: B018 - made where the book's template asks for them, so that a mistake is shown there

    def outlines(self, document: Document) -> list[Outline]:
        return [outline_of(block) for block in document.blocks]


def render_book(
    plan: Plan, book: Book, context: Context, templates: Templates, press: Press | None = None
) -> Document:
    """Render a book's template; a template's mistake is raised, for `Templates.attempt` to explain.

    Without a `press` of a format that wants no tokens, the document's tokens are all there and settled.
    """
    taker = press or _Keeper()
    document = _Printer(plan, book, context, templates, taker).print()
    document.outlines = taker.outlines(document)
    document.settled = settle(document)
    if press is None:
        for block, places in zip(document.blocks, document.settled, strict=True):
            apply(block, places)
    return document


class Told(Sequence[Diagnostic]):
    """Diagnostics that a template may print; who looks at one has looked at all."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self._all = diagnostics

    def __len__(self) -> int:
        look("t")
        return len(self._all)

    @property
    def total(self) -> int:
        """How many findings there are; a diagnostic may stand for several."""
        look("t")
        return total(self._all)

    @overload
    def __getitem__(self, index: int) -> Diagnostic: ...
    @overload
    def __getitem__(self, index: slice) -> list[Diagnostic]: ...
    def __getitem__(self, index: int | slice) -> Diagnostic | list[Diagnostic]:
        look("t")
        return self._all[index]


class _Printer:
    """Prints one book: the environment of its templates and the blocks made so far."""

    def __init__(self, plan: Plan, book: Book, context: Context, templates: Templates, press: Press) -> None:
        self.press = press
        self.shown: set[str] = set()
        self.plan, self.book, self.language, self.context = plan, book, plan.language, context
        self.inserts: list[list[Token]] = []
        self.document = Document(
            book.title,
            plan.language,
            context.date,
            plan.is_example,
            context.draft,
            author=plan.settings.region.name,
            files=plan.located,
            paper=book.paper,
            font=book.font,
        )
        self.env = _MarkdownSandbox(templates)
        self.env.globals.update(
            plan=plan,
            book=book,
            date=context.date,
            draft=context.draft,
            findings=Told(context.diagnostics),
            tasks=Told([d for d in context.diagnostics if d.agency]),
            tasks_of=self.tasks_of,
            work=self.work,
            block=self.block,
            chart=self.chart,
            picture=self.picture,
            t=self.label,
        )
        self.env.filters.update(
            anchor=lambda node: Md(f"{{#{_anchor(node)}}}"),
            choice=self.choice,
            date=_takes(
                datetime.date,
                Both("tanggal", "a date"),
                lambda value: values.long_date(value, self.language),
            ),
            joined=_takes(list, Both("daftar", "a list"), self.joined),
            link=_takes(Linked | None, _PART, link),
            markdown=Md,
            number=_takes(int | Decimal | None, _FIGURE, self.number),
            prose=_takes(Linked, _PART, self.prose),
            rupiah=_takes(int, _FIGURE, values.rupiah),
            short_rupiah=_takes(int, _FIGURE, lambda amount: values.short_rupiah(amount, self.language)),
            web=lambda text, url: Md(f"[{escape(text)}](<{url}>)"),
        )

    def print(self) -> Document:
        name = f"books/{self.book.template}.j2"
        self.context.at_work(name)
        self.env.get_template(name).render()
        return self.document

    # --- what templates call

    def block(self, name: str, **context: object) -> Md:
        """Put a block into the book, rendered from its template."""
        about = next((value.path for value in context.values() if isinstance(value, Linked)), "")
        made = Block(name, lambda: self._block(name, context), about, _unit(name, context))
        self.press.take(self.document, made)
        self.document.blocks.append(made)
        return Md("")

    def _block(self, name: str, context: dict[str, object]) -> list[Token]:
        self.inserts, self.shown = [], set()
        template = f"{name}.md.j2"
        self.context.at_work(template)
        text = self.env.get_template(template).render(**context)
        # The name of a file, or a template, may hold what is no character.
        return self._tokens(text.encode("utf-8", "replace").decode("utf-8"))

    def tasks_of(self, agency: Agency) -> list[Diagnostic]:
        """What an agency must do."""
        look("t", agency.id)
        return self._tasks.get(agency.id, [])

    @cached_property
    def _tasks(self) -> dict[str, list[Diagnostic]]:
        tasks: dict[str, list[Diagnostic]] = {}
        for diagnostic in self.context.diagnostics:
            tasks.setdefault(diagnostic.agency or "", []).append(diagnostic)
        return tasks

    def chart(self, name: str, *args: object) -> Md:
        """Pictures of the plan's data as figures with their captions; nothing where there is nothing to show."""
        return Md("".join(map(self._figure, charts.draw(name, self.plan, *args))))

    def _figure(self, made: charts.Chart) -> Md:
        self.document.pictures[made.name] = ("image/svg+xml", made.svg.encode("utf-8", "replace"))
        self.shown.add(made.name)
        caption = f"{escape(made.caption)}\n\n" if made.caption else ""
        return Md(f"\n\n::: figure\n{caption}![{escape(made.alt)}](<{made.name}>)\n\n:::\n\n")

    def picture(self, path: str, alt: str) -> Md:
        """A picture of the repo by its path from the plan's folder."""
        found = self.plan.picture(str(path))
        if found is None and self.plan.picture_file(str(path)):
            raise Mistake("bad_picture", name=str(path))
        if found is None:
            raise Mistake("picture", self.plan.project.paths, name=str(path))
        self.document.pictures[str(path)] = found
        self.shown.add(str(path))
        return Md(f"![{escape(alt)}](<{escape(path)}>)")

    def _shown(self, image: Token) -> Token:
        """A picture of a template's Markdown; one that its block has not made known is its text alternative."""
        name, alt = unquote(str(image.attrs["src"])), plain_text(image)
        if name not in self.shown:
            return Token("text", "", 0, content=alt)
        image.attrs = {**image.attrs, "src": name, "alt": alt}
        return image

    def work(self) -> Work:
        """How complete the plan is."""
        look("t")
        return assess(self.plan, self.context.diagnostics, self.language, self.context.judged)

    def label(self, key: str, **args: object) -> str:
        """A printed word of the plan's language."""
        if key not in LABELS:
            raise Mistake("label", LABELS, name=str(key))
        return LABELS[key].of(self.language).format(**args)

    def choice(self, value: str, kind: str) -> str:
        """A choice as it is printed."""
        if kind not in schema.LABELLED:
            raise Mistake("choice", name=str(kind), known=", ".join(schema.LABELLED))
        return schema.LABELLED[kind].label(value, self.language)

    def number(self, value: Decimal | int | None) -> str:
        return "–" if value is None else values.grouped(value, self.language)

    def joined(self, nodes: list[Linked]) -> Md:
        """Links to several things, separated by commas."""
        return Md(", ".join(link(node) for node in nodes))

    def prose(self, node: Linked, shift: int = 0) -> Md:
        """An agency's text, its headings lowered by `shift` levels, its links leading into this book."""
        if node.prose is None:
            return Md("")
        self.inserts.append(_Prose(self, node, shift).tokens())
        if self.plan.large:
            node.rest()
        return Md(f"\n\n\x1a{len(self.inserts) - 1}\x1a\n\n")

    # --- from text to tokens

    def _tokens(self, text: str) -> list[Token]:
        tokens = block_parser().parse(text)
        out: list[Token] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            marker = _MARKER.fullmatch(tokens[index + 1].content) if token.type == "paragraph_open" else None
            if marker and int(marker[1]) < len(self.inserts):
                out += self.inserts[int(marker[1])]
                index += 3
                continue
            if token.type == "heading_open":
                _take_heading_id(token, tokens[index + 1])
            if token.children and "![" in token.content:
                token.children = [self._shown(c) if c.type == "image" else c for c in token.children]
            out.append(token)
            index += 1
        return _with_captions(out)


_FIGURE = Both("angka", "a figure")
_PART = Both("pilar, program, perangkat daerah, atau bab", "a pillar, a program, an agency or a chapter")


def _takes(wanted: Any, named: Both, function: Callable[..., str]) -> Callable[..., str]:
    """A filter that says what it needs when it is given something else."""

    def checked(value: object, *args: Any, **options: Any) -> str:
        if not isinstance(value, wanted):
            raise Mistake("value", given=kind_of(value), wanted=named)
        return function(value, *args, **options)

    return checked


def _anchor(node: object) -> str:
    return node.anchor if isinstance(node, Linked) else values.slug(str(node))


def link(node: Linked | None) -> Md:
    """A link to a thing of the plan, with its name as text."""
    if node is None:
        return Md("–")
    text = node.short if isinstance(node, Agency) else node.title
    return Md(f"[{escape(text)}](#{node.anchor})")


def _take_heading_id(opening: Token, inline: Token) -> None:
    """`## Title {#id}`: values are escaped, so only a template can write such an id."""
    found = _HEADING_ID.search(inline.content)
    last = inline.children[-1] if inline.children else None
    if found and last and last.type == "text" and last.content.endswith(f"{{#{found[1]}}}"):
        opening.attrs["id"] = found[1]
        last.content = last.content.removesuffix(f"{{#{found[1]}}}").rstrip()


_CAPTIONED = {f"container_{kind}_{end}" for kind in ("table", "figure") for end in ("open", "close")}


def _with_captions(tokens: list[Token]) -> list[Token]:
    """`::: table` and `::: figure` hold a caption and what it is of; the caption moves into the latter's token."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.type not in _CAPTIONED:
            out.append(token)
            continue
        if token.nesting < 0:
            continue
        caption = None
        if tokens[index].type == "paragraph_open" and not _lone_picture(tokens, index):
            caption = tokens[index + 1]
            index += 3
        if tokens[index].type == "table_open":
            words = token.info.split()
            tokens[index].meta = {"caption": caption, "wide": "wide" in words, "plain": "plain" in words}
        elif picture := _lone_picture(tokens, index):
            out.append(_figure(picture, caption))
            index += 3
    return out


def _lone_picture(tokens: list[Token], index: int) -> Token | None:
    """The picture that is all a paragraph holds."""
    if tokens[index].type != "paragraph_open":
        return None
    children = tokens[index + 1].children or []
    return children[0] if len(children) == 1 and children[0].type == "image" else None


def _figure(picture: Token, caption: Token | None) -> Token:
    """A block token for a picture that stands by itself."""
    attrs = {"src": str(picture.attrs["src"]), "alt": picture.attrs.get("alt") or plain_text(picture)}
    return Token("figure", "", 0, attrs=attrs, meta={"caption": caption}, block=True)


#: What a book changes of prose, and what it changes within texts.
_CHANGED = {"heading_open", "heading_close", "table_open", "inline"}
_LEADING = {"link_open", "image", "footnote_ref"}


class _Prose:
    """An agency's tokens, made fit for a book."""

    def __init__(self, press: _Printer, node: Linked, shift: int) -> None:
        self.plan, self.pictures = press.plan, press.document.pictures
        self.node, self.shift = node, shift

    def tokens(self) -> list[Token]:
        """The prose's tokens; a picture that stands by itself is a figure, captioned by its title or its text."""
        written = self.node.prose.tokens if self.node.prose else []
        out: list[Token] = []
        index = 0
        while index < len(written):
            picture = _lone_picture(written, index)
            made = self._token(written[index + 1]) if picture else None
            image = made.children[0] if made and made.children else None
            if picture and image and image.type == "image":
                caption = str(picture.attrs.get("title") or image.attrs["alt"])
                text = Token("text", "", 0, content=caption)
                out.append(_figure(image, Token("inline", "", 0, children=[text])))
                index += 3
                continue
            out.append(self._token(written[index]))
            index += 1
        return out

    def _token(self, token: Token) -> Token:
        """The token as it stands in a book; one that no book changes is in all of them."""
        if token.type not in _CHANGED and not token.type.startswith("footnote"):
            return token
        if token.type == "inline" and not any(child.type in _LEADING for child in token.children or ()):
            return token
        made = copy.copy(token)
        made.attrs, made.meta = dict(token.attrs), dict(token.meta)
        if token.type in ("heading_open", "heading_close"):
            made.tag = f"h{min(int(token.tag[1]) + self.shift, 6)}"
            if "id" in made.attrs:
                made.attrs["id"] = f"{self.node.anchor}:{made.attrs['id']}"
        if token.type.startswith("footnote"):
            made.meta["doc"] = self.node.anchor
        if token.children:
            made.children = self._inline(token.children)
        return made

    def _inline(self, children: list[Token]) -> list[Token]:
        out: list[Token] = []
        open_links: list[bool] = []
        tail = ""
        for position, child in enumerate(children):
            if child.type == "link_open":
                made, title, tail = self._link(child)
                open_links.append(made is not None)
                if made:
                    out.append(made)
                if children[position + 1].type == "link_close":
                    out.append(Token("text", "", 0, content=title))
            elif child.type == "link_close":
                if open_links.pop():
                    out.append(child)
                if tail:
                    out.append(Token("text", "", 0, content=tail))
                tail = ""
            elif child.type == "image":
                out.append(self._picture(child))
            else:
                out.append(self._token(child))
        return out

    def _link(self, token: Token) -> tuple[Token | None, str, str]:
        """The link as it stands in a book (None: its text only), its target's name, and what follows it."""
        href = str(token.attrs.get("href", ""))
        target = self.plan.resolve(self.node.path, href)
        made = copy.copy(token)
        if target.kind == "external":
            made.attrs = {"href": href}
            return made, href, ""
        if target.kind == "node" and target.node is not None:
            fragment = f":{target.anchor}" if target.anchor else ""
            made.attrs = {"href": f"#{target.node.anchor}{fragment}"}
            return made, self._name(target.node, target.anchor), ""
        return None, href, f" ({target.path})" if target.kind == "asset" else ""

    def _name(self, node: Linked, anchor: str) -> str:
        heading = node.prose.anchors.get(anchor) if anchor and node.prose else None
        return heading.text if heading else node.title

    def _picture(self, token: Token) -> Token:
        """A picture by its path in the repo; where it cannot be had, its text alternative."""
        target = self.plan.resolve(self.node.path, str(token.attrs.get("src", "")))
        picture = self.plan.picture(target.path) if target.kind == "asset" else None
        if picture is None:
            return Token("text", "", 0, content=plain_text(token))
        self.pictures[target.path] = picture
        made = copy.copy(token)
        made.attrs = {"src": target.path, "alt": plain_text(token)}
        return made


# --- a block and its book -----------------------------------------------------------------------------

#: Blocks that stand before the numbered chapters.
LISTS = ("tables", "figures")
FRONT = ("cover", "annex", "preface", "legal", "contents", *LISTS, "gaps")
#: What shows parts of other blocks.
_LATE = {"container_contents_open", "container_tables_open", "container_figures_open"}


def _unit(name: str, context: dict[str, object]) -> str | None:
    """Names a block by its template and what it is given; None where that is more than things of the plan."""
    named = {key: _named(value) for key, value in sorted(context.items())}
    if None in named.values():
        return None
    return " ".join([repr(name), *(f"{key}={value}" for key, value in named.items())])


def _named(value: object) -> str | None:
    if isinstance(value, Linked):
        return value.path
    if isinstance(value, list):
        parts = [_named(item) for item in value]
        return None if None in parts else f"[{', '.join(map(str, parts))}]"
    return repr(value) if value is None or type(value) in (str, int, bool) else None


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


class Settler:
    """Goes through the blocks of a book in their order and gives every heading and caption what is its alone."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        #: The last number that was put to a name.
        self.last: dict[str, int] = {}
        self.chapter = 0
        self.count = {"table": 0, "figure": 0}

    def settle(self, name: str, outline: Outline) -> Settled:
        """The places of the next block, links apart."""
        ids: list[str] = []
        anchors: list[str] = []
        for kind, *mark in outline.marks:
            if kind == "h":
                if mark[0] == 1 and name not in FRONT:
                    self.chapter, self.count = self.chapter + 1, {"table": 0, "figure": 0}
                ids.append(self._unique(mark[1]))
            else:
                self.count[kind] += 1
                number = f"{self.chapter}.{self.count[kind]}" if self.chapter else str(self.count[kind])
                anchors.append(f"{kind}-{number}")
        return Settled(ids, anchors, [])

    def _unique(self, base: str) -> str:
        unique, turn = base, self.last.get(base, 1)
        while unique in self.taken:
            turn += 1
            unique = f"{base}-{turn}"
            self.last[base] = turn
        self.taken.add(unique)
        return unique


def settle(document: Document) -> list[Settled]:
    """Settle every block of a book, and list its headings, tables and figures; an empty list of these goes."""
    _drop_empty_lists(document)
    settler = Settler()
    settled = []
    for block, outline in zip(document.blocks, document.outlines, strict=True):
        places = settler.settle(block.name, outline)
        _list(document, block.name, outline, places)
        settled.append(places)
    return [
        places._replace(dead=[link for link in outline.links if link not in settler.taken])
        for places, outline in zip(settled, document.outlines, strict=True)
    ]


def _list(document: Document, name: str, outline: Outline, places: Settled) -> None:
    """Put a block's headings, tables and figures into the lists of its book."""
    ids, anchors = iter(places.ids), iter(places.anchors)
    for kind, *mark in outline.marks:
        if kind == "h":
            level, _, title = mark
            anchor = next(ids)
            if name not in ("cover", "annex", "contents"):
                document.entries.append(Entry(level, anchor, title, name in FRONT))
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


def apply(block: Block, places: Settled) -> None:
    """Write into a block's tokens what the rest of the book makes of it; a dead link becomes its text."""
    ids, anchors = iter(places.ids), iter(places.anchors)
    for token in block.tokens:
        if token.type == "heading_open":
            token.attrs["id"] = next(ids)
        elif token.type in ("table_open", "figure") and _numbered(token):
            token.meta["anchor"] = next(anchors)
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
