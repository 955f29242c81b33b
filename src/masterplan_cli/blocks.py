"""Blocks: Jinja templates make Markdown, Markdown becomes tokens, a book is the list of its blocks.

Every value a template prints is escaped for Markdown unless it is `Md` already, so what an agency wrote can
only ever come out as text. Prose enters by one filter, as the tokens that checking has parsed; it is never
read as a template.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol, overload
from urllib.parse import unquote

from markdown_it.token import Token

from masterplan_cli import charts, schema, values
from masterplan_cli.diagnostics import Diagnostic, total
from masterplan_cli.document import Block, Document, Outline, apply, outline_of, resolve
from masterplan_cli.looks import look
from masterplan_cli.markdown import Md, block_parser, escape, plain_text
from masterplan_cli.memo import Memo
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.plan import Agency, Book, Linked, Plan
from masterplan_cli.prose import BookProse, figure_token, lone_picture
from masterplan_cli.sandbox import Mistake, Sandbox, kind_of, printable
from masterplan_cli.tasks import Work, assess
from masterplan_cli.templates import Templates

_MARKER = re.compile("\x1a(\\d{1,6})\x1a")
_HEADING_ID = re.compile(r"(?<!\s)\s*\{#([^{}\s]+)\}\s*$")


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

    Without a `press` of a format that wants no tokens, the document's tokens are all there and resolved.
    """
    taker = press or _Keeper()
    document = _Printer(plan, book, context, templates, taker).print()
    document.outlines = taker.outlines(document)
    document.resolved = resolve(document)
    if press is None:
        for block, places in zip(document.blocks, document.resolved, strict=True):
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
        self.inserts.append(BookProse(self.plan, self.document.pictures, node, shift).tokens())
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
        if tokens[index].type == "paragraph_open" and not lone_picture(tokens, index):
            caption = tokens[index + 1]
            index += 3
        if tokens[index].type == "table_open":
            words = token.info.split()
            tokens[index].meta = {"caption": caption, "wide": "wide" in words, "plain": "plain" in words}
        elif picture := lone_picture(tokens, index):
            out.append(figure_token(picture, caption))
            index += 3
    return out


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
