"""Blocks: Jinja templates make Markdown, Markdown becomes tokens, a book is the list of its blocks.

Every value a template prints is escaped for Markdown unless it is `Md` already, so what an agency wrote can
only ever come out as text. Prose enters by one filter, as the tokens that checking has parsed; it is never
read as a template.
"""

from __future__ import annotations

import copy
import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from masterplan_cli import charts, schema, values
from masterplan_cli.diagnostics import Diagnostic
from masterplan_cli.markdown import Md, block_parser, escape, plain_text
from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.plan import Agency, Book, Chapter, Pillar, Plan, Program
from masterplan_cli.source import Located
from masterplan_cli.tasks import Work, assess
from masterplan_cli.templates import Mistake, Sandbox, Templates, kind_of

Linked = Agency | Program | Pillar | Chapter
_MARKER = re.compile("\x1a(\\d+)\x1a")
_HEADING_ID = re.compile(r"\s*\{#([^}\s]+)\}\s*$")


@dataclass
class Block:
    """One part of a book: the template it comes from, its tokens, and the plan's file it is about."""

    name: str
    tokens: list[Token]
    path: str = ""


@dataclass(frozen=True)
class Entry:
    """A line of the contents."""

    level: int
    anchor: str
    title: str
    front: bool


@dataclass(frozen=True)
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
    entries: list[Entry] = field(default_factory=list)
    #: The numbered tables and figures, by `table` and `figure`, in their order.
    listed: dict[str, list[Listed]] = field(default_factory=lambda: {"table": [], "figure": []})
    #: The pictures that its tokens name, by their path in the repo: media type and bytes.
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    #: The plan's files, so that what a format finds can be shown at its line.
    files: dict[str, Located] = field(default_factory=dict)

    def tokens(self) -> Iterator[Token]:
        return (token for block in self.blocks for token in block.tokens)


@dataclass
class Context:
    """What a book says beside the plan."""

    date: datetime.date | None = None
    draft: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)


class _MarkdownSandbox(Sandbox):
    """Joins of Markdown are Markdown: what macros, `super()` and block assignments give is not escaped again."""

    concat = staticmethod(lambda parts: Md("".join(parts)))

    def __init__(self, templates: Templates) -> None:
        super().__init__(templates, finalize=self.escape)

    def escape(self, value: object) -> Md:
        made = escape(value)
        self.print_size(len(made))
        return made


def render_book(plan: Plan, book: Book, context: Context, templates: Templates) -> Document:
    """Render a book's template; a template's mistake is raised, for `Templates.attempt` to explain."""
    return _Press(plan, book, context, templates).print()


class _Press:
    """Prints one book: the environment of its templates and the blocks made so far."""

    def __init__(self, plan: Plan, book: Book, context: Context, templates: Templates) -> None:
        self.plan, self.book, self.language, self.context = plan, book, plan.language, context
        self.inserts: list[list[Token]] = []
        self.document = Document(
            book.title,
            plan.language,
            context.date,
            plan.is_example,
            context.draft,
            author=plan.settings.region.name,
            files=plan.project.located,
            paper=book.paper,
            font=book.font,
        )
        self.env = _MarkdownSandbox(templates)
        self.env.globals.update(
            plan=plan,
            book=book,
            date=context.date,
            draft=context.draft,
            findings=context.diagnostics,
            tasks=[d for d in context.diagnostics if d.agency],
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
        self.env.get_template(f"books/{self.book.template}.j2").render()
        _number_captions(self.document)
        _drop_empty_lists(self.document)
        _number_headings(self.document)
        _drop_dead_links(self.document)
        return self.document

    # --- what templates call

    def block(self, name: str, **context: object) -> Md:
        """Render a block's template and put it into the book."""
        text = self.env.get_template(f"{name}.md.j2").render(**context)
        about = next((value.path for value in context.values() if isinstance(value, Linked)), "")
        self.document.blocks.append(Block(name, self._tokens(text), about))
        return Md("")

    def chart(self, name: str, *args: object) -> Md:
        """Pictures of the plan's data as figures with their captions; nothing where there is nothing to show."""
        return Md("".join(map(self._figure, charts.draw(name, self.plan, *args))))

    def _figure(self, made: charts.Chart) -> Md:
        self.document.pictures[made.name] = ("image/svg+xml", made.svg.encode("utf-8"))
        caption = f"{escape(made.caption)}\n\n" if made.caption else ""
        return Md(f"\n\n::: figure\n{caption}![{escape(made.alt)}](<{made.name}>)\n\n:::\n\n")

    def picture(self, path: str, alt: str) -> Md:
        """A picture of the repo by its path from the plan's folder."""
        found = self.plan.picture(str(path))
        if found is None:
            raise Mistake("picture", self.plan.project.paths, name=str(path))
        self.document.pictures[str(path)] = found
        return Md(f"![{escape(alt)}](<{escape(path)}>)")

    def _shown(self, image: Token) -> Token:
        """A picture of a template's Markdown; one that nothing made known is its text alternative."""
        name, alt = unquote(str(image.attrs["src"])), plain_text(image)
        if name not in self.document.pictures:
            return Token("text", "", 0, content=alt)
        image.attrs |= {"src": name, "alt": alt}
        return image

    def work(self) -> Work:
        """How complete the plan is."""
        return assess(self.plan, self.context.diagnostics, self.language)

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
        return Md(f"\n\n\x1a{len(self.inserts) - 1}\x1a\n\n")

    # --- from text to tokens

    def _tokens(self, text: str) -> list[Token]:
        tokens = block_parser().parse(text)
        out: list[Token] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            marker = _MARKER.fullmatch(tokens[index + 1].content) if token.type == "paragraph_open" else None
            if marker:
                out += self.inserts[int(marker[1])]
                index += 3
                continue
            if token.type == "heading_open":
                _take_heading_id(token, tokens[index + 1])
            if token.children:
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


def _with_captions(tokens: list[Token]) -> list[Token]:
    """`::: table` and `::: figure` hold a caption and what it is of; the caption moves into the latter's token."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.type in ("container_table_close", "container_figure_close"):
            continue
        if token.type not in ("container_table_open", "container_figure_open"):
            out.append(token)
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


class _Prose:
    """An agency's tokens, made fit for a book."""

    def __init__(self, press: _Press, node: Linked, shift: int) -> None:
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
        heading = node.prose.anchors.get(anchor) if node.prose and anchor else None
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


def _number_headings(document: Document) -> None:
    """Give every heading an id of its own and collect the contents."""
    taken: set[str] = set()
    uses: Counter[str] = Counter()
    for block in document.blocks:
        for index, token in enumerate(block.tokens):
            if token.type != "heading_open":
                continue
            title = plain_text(block.tokens[index + 1])
            base = str(token.attrs.get("id") or values.slug(title) or "bagian")
            uses[base] += 1
            unique = base if uses[base] == 1 else f"{base}-{uses[base]}"
            while unique in taken:
                uses[base] += 1
                unique = f"{base}-{uses[base]}"
            taken.add(unique)
            token.attrs["id"] = unique
            if block.name not in ("cover", "annex", "contents"):
                document.entries.append(Entry(int(token.tag[1]), unique, title, block.name in FRONT))


#: Blocks that stand before the numbered chapters.
LISTS = ("tables", "figures")
FRONT = ("cover", "annex", "preface", "legal", "contents", *LISTS, "gaps")


def _number_captions(document: Document) -> None:
    """Number the captions by chapter, as every format prints them, and give each an anchor."""
    chapter = 0
    count = {"table": 0, "figure": 0}
    for block in document.blocks:
        for token in block.tokens:
            kind = token.type.removesuffix("_open")
            if token.type == "heading_open" and token.tag == "h1" and block.name not in FRONT:
                chapter, count = chapter + 1, {"table": 0, "figure": 0}
            elif kind in count and token.meta.get("caption") and not token.meta.get("plain"):
                count[kind] += 1
                number = f"{chapter}.{count[kind]}" if chapter else str(count[kind])
                token.meta["anchor"] = f"{kind}-{number}"
                document.listed[kind].append(
                    Listed(token.meta["anchor"], number, plain_text(token.meta["caption"]))
                )


def _drop_empty_lists(document: Document) -> None:
    """A book without tables or figures has no list of them."""
    document.blocks = [
        block
        for block in document.blocks
        if block.name not in LISTS or document.listed[block.name.removesuffix("s")]
    ]


def _drop_dead_links(document: Document) -> None:
    """A link to what this book does not print becomes its text."""
    ids = {str(token.attrs["id"]) for token in document.tokens() if token.type == "heading_open"}
    for token in document.tokens():
        children = token.children or []
        dead = [
            child for child in children
            if child.type == "link_open" and str(child.attrs.get("href", "")).startswith("#")
            and str(child.attrs["href"])[1:] not in ids
        ]  # fmt: skip
        for opening in dead:
            start = children.index(opening)
            end = next(i for i in range(start, len(children)) if children[i].type == "link_close")
            token.children = children = [*children[:start], *children[start + 1 : end], *children[end + 1 :]]
