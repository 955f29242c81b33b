"""Blocks: Jinja templates make Markdown, Markdown becomes tokens, a book is the list of its blocks.

Every value a template prints is escaped for Markdown unless it is `Md` already, so what an agency wrote can
only ever come out as text. Prose enters by one filter, as the tokens that checking has parsed; it is never
read as a template.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from masterplan_cli import charts, schema, values
from masterplan_cli.diagnostics import Diagnostic, total
from masterplan_cli.document import Block, Document, Outline, apply, outline_of, resolve
from masterplan_cli.markdown import EXACT, Md, block_parser, escape, plain_text
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.nodes import Agency, Linked, Pillar
from masterplan_cli.plan import MASTERPLAN, Book, Plan
from masterplan_cli.prose import BookProse, figure_token, lone_picture, with_table
from masterplan_cli.registers import Registers
from masterplan_cli.sandbox import Mistake, Sandbox, kind_of, printable
from masterplan_cli.tasks import Work, assess
from masterplan_cli.templates import Templates

_HEADING_ID = re.compile(r"(?<!\s)\s*\{#([^{}\s]+)\}\s*$")


#: The key of a block: by its book, what its template is given, the nodes among that, and the inputs that it declares.
Keys = Callable[[str, str, list[Linked], tuple[str, ...]], str | None]


def _untold(_template: str) -> None:
    """Nobody wants to know."""


@dataclass
class Context:
    """What a book says beside the plan."""

    date: datetime.date | None = None
    draft: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    #: Told the name of each template before it renders.
    at_work: Callable[[str], None] = _untold


class _MarkdownSandbox(Sandbox):
    """Joins of Markdown are Markdown: what macros, `super()` and block assignments give is not escaped again."""

    concat = staticmethod(lambda parts: Md("".join(parts)))

    def __init__(self, templates: Templates) -> None:
        super().__init__(templates, finalize=self.escape)

    def escape(self, value: object) -> Md:
        return escape(printable(value))


def render_book(
    plan: Plan,
    book: Book,
    context: Context,
    templates: Templates,
    take: Callable[[Document, Block], Outline] | None = None,
    keys: Keys | None = None,
) -> Document:
    """Render a book's template; a template's mistake is raised, for `template_errors.attempt` to explain.

    A writer that does not need all tokens at once takes each block as its template gives it, and tells its outline;
    otherwise the document's tokens are all there, and resolved. The blocks of declared templates have the `keys` asked for.
    """
    printer = _Printer(plan, book, context, templates, take or _with_tokens, keys)
    document = printer.print()
    document.resolved = resolve(document)
    if take is None:
        _apply_all(document)
    return document


def render_block(plan: Plan, context: Context, templates: Templates, name: str, **about: object) -> Document:
    """A document of one block alone; its links to the rest of the book are plain words."""
    printer = _Printer(plan, plan.books[MASTERPLAN], context, templates, _with_tokens, None)
    printer.block(name, **about)
    printer.document.resolved = resolve(printer.document)
    _apply_all(printer.document)
    return printer.document


def _apply_all(document: Document) -> None:
    for block, places in zip(document.blocks, document.resolved, strict=True):
        apply(block, places)


def _with_tokens(_document: Document, block: Block) -> Outline:
    """The tokens are made where the book's template asks for them, so that a mistake is shown there."""
    return outline_of(block)


class _Found(list[Diagnostic]):
    """Diagnostics that a template may print."""

    @property
    def total(self) -> int:
        """How many findings there are; a diagnostic may stand for several."""
        return total(self)


class _Printer:
    """Prints one book: the environment of its templates and the blocks made so far."""

    def __init__(
        self,
        plan: Plan,
        book: Book,
        context: Context,
        templates: Templates,
        take: Callable[[Document, Block], Outline],
        keys: Keys | None,
    ) -> None:
        self.templates, self.take, self.keys = templates, take, keys
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
            figures=plan.figures,
            pending=plan.is_pending,
            files=plan.project.located,
            paper=book.paper,
            font=book.font,
        )
        self.env = _MarkdownSandbox(templates)
        self.env.globals.update(self._globals())
        self.env.filters.update(self._filters())

    def _globals(self) -> dict[str, Any]:
        """The names that every template knows."""
        context = self.context
        return {
            "plan": self.plan,
            "book": self.book,
            "date": context.date,
            "draft": context.draft,
            "findings": _Found(context.diagnostics),
            "tasks": _Found([found for found in context.diagnostics if found.agency]),
            "tasks_of": self.tasks_of,
            "work": self.work,
            "block": self.block,
            "chart": self.chart,
            "registers": Registers(self.plan),
            "spark": self.spark,
            "picture": self.picture,
            "t": self.label,
            "field": self.field,
            "shown": self.shown_value,
        }

    def _filters(self) -> dict[str, Any]:
        language, day, figures = self.language, Both("tanggal", "a date"), self.plan.figures
        return {
            "anchor": lambda node: Md(f"{{#{_anchor(node)}}}"),
            "choice": self.choice,
            "date": _takes(datetime.date, day, lambda value: values.long_date(value, language)),
            "joined": _takes(list, Both("daftar", "a list"), self.joined),
            "link": _takes(Linked | None, _PART, link),
            "markdown": Md,
            "millions": _takes(int, _FIGURE, self.millions),
            "number": _takes(int | Decimal | None, _FIGURE, self.number),
            "percent": _takes(int | Decimal | None, _FIGURE, figures.percent),
            "prose": _takes(Linked, _PART, self.prose),
            "prose_table": _takes(Pillar, _PART, self.prose_table),
            "rupiah": _takes(int, _FIGURE, figures.rupiah),
            "short_rupiah": _takes(int, _FIGURE, figures.short_rupiah),
            "web": lambda text, url: Md(f"[{escape(text)}](<{url}>)"),
        }

    def print(self) -> Document:
        name = f"books/{self.book.template}.j2"
        self.context.at_work(name)
        self.env.get_template(name).render()
        return self.document

    # --- what templates call

    def block(self, name: str, **context: object) -> Md:
        """Put a block into the book, rendered from its template."""
        about = next((value.path for value in context.values() if isinstance(value, Linked)), "")
        made = Block(name, lambda: self._block(name, context), about, lambda: self._key(name, context))
        self.document.outlines.append(self.take(self.document, made))
        self.document.blocks.append(made)
        return Md("")

    def _key(self, name: str, context: dict[str, object]) -> str | None:
        """Stands for all that a block is made from, where its template declares that."""
        declared = self.templates.inputs(f"{name}.md.j2")
        unit = _unit(name, context)
        if self.keys is None or declared is None or unit is None:
            return None
        nodes = [value for value in context.values() if isinstance(value, Linked)]
        return self.keys(self._about, unit, nodes, declared)

    @cached_property
    def _about(self) -> str:
        """Stands for what is the same in all blocks of the book; what it is of an agency, the plan says."""
        return repr((replace(self.book, agency=None), self.context.date, self.context.draft))

    def _block(self, name: str, context: dict[str, object]) -> list[Token]:
        self.inserts, self.shown = [], set()
        template = f"{name}.md.j2"
        self.context.at_work(template)
        text = self.env.get_template(template).render(**context)
        # The name of a file, or a template, may hold what is no character.
        return self._tokens(text.encode("utf-8", "replace").decode("utf-8"))

    def tasks_of(self, agency: Agency) -> list[Diagnostic]:
        """What an agency must do."""
        return self._tasks.get(agency.id, [])

    @cached_property
    def _tasks(self) -> dict[str, list[Diagnostic]]:
        tasks: dict[str, list[Diagnostic]] = {}
        for diagnostic in self.context.diagnostics:
            tasks.setdefault(diagnostic.agency or "", []).append(diagnostic)
        return tasks

    def chart(self, name: str, *args: object) -> Md:
        """Pictures of the plan's data as figures with their captions; nothing where there is nothing to show."""
        if str(name) not in charts.CHARTS:
            raise Mistake("chart", charts.CHARTS, name=str(name), known=", ".join(charts.CHARTS))
        return Md("".join(map(self._figure, charts.draw(name, self.plan, *args))))

    def spark(self, *args: object) -> Md:
        """A picture of a measure that is as high as a line of text; nothing where there is no course to show."""
        made = charts.draw("spark", self.plan, *args)
        for one in made:
            self.document.pictures[one.name] = ("image/svg+xml", one.svg.encode("utf-8", "replace"))
            self.shown.add(one.name)
        return Md("".join(f"![{escape(one.alt)}](<{one.name}>)" for one in made))

    def _figure(self, made: charts.Chart) -> Md:
        self.document.pictures[made.name] = ("image/svg+xml", made.svg.encode("utf-8", "replace"))
        self.shown.add(made.name)
        caption = f"{escape(made.caption)}\n\n" if made.caption else ""
        return Md(f"\n\n::: figure\n{caption}![{escape(made.alt)}](<{made.name}>)\n\n:::\n\n")

    def picture(self, path: str, alt: str) -> Md:
        """A picture of the repo by its path from the plan's folder."""
        found = self.plan.picture(str(path))
        if found is None and self.plan.assets.picture_file(str(path)):
            raise Mistake("bad_picture", name=str(path))
        if found is None:
            raise Mistake("picture", self.plan.paths, name=str(path))
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
        return assess(self.plan, self.context.diagnostics, self.language)

    def label(self, key: str, **args: object) -> str:
        """A printed word of the plan's language."""
        if key not in LABELS:
            raise Mistake("label", LABELS, name=str(key))
        return LABELS[key].of(self.language).format(**args)

    def field(self, node: Linked, name: str) -> str:
        """The human name of a field of a file."""
        words = str(self._field(node, name).of(self.language))
        return words[:1].upper() + words[1:]

    def shown_value(self, node: Linked, name: str) -> str | None:
        """What a field of a file says, in words."""
        self._field(node, name)
        return schema.in_words(type(node.data), name, getattr(node.data, name), self.language)

    def _field(self, node: Linked, name: str) -> Both:
        if not isinstance(node, Linked):
            raise Mistake("value", given=kind_of(node), wanted=_PART)
        known = type(node.data).model_fields
        label = schema.field_label(type(node.data), (name,)) if name in known else None
        if label is None:
            raise Mistake("field", known, name=str(name), known=", ".join(known))
        return label

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
        return Md(f"\n\n{self.templates.mark}{len(self.inserts) - 1}\n\n")

    def prose_table(self, pillar: Pillar, shift: int, caption: str) -> Md:
        """A pillar's text, what it says of each sub-dimension in the rows of one table."""
        text = self.prose(pillar, shift)
        if self.inserts and text:
            sections = [
                (term.spellings, term.name.of(self.language)) for term in self.plan.taxonomy.sections.pillar
            ]
            first = LABELS["subdimension"].of(self.language)
            self.inserts[-1] = with_table(self.inserts[-1], 2 + shift, sections, first, caption)
        return text

    def millions(self, amount: int, decimals: int = 0) -> Md:
        """An amount in millions of rupiah, and with it the exact one; a point where there is none."""
        if not amount:
            return Md("·")
        return Md(f"[{self.plan.figures.millions(amount, decimals)}]({EXACT}{amount})")

    # --- from text to tokens

    def _insert(self, text: str) -> list[Token] | None:
        """The prose that a paragraph stands for."""
        mark, number = self.templates.mark, text.removeprefix(self.templates.mark)
        known = {str(place): insert for place, insert in enumerate(self.inserts)}
        return known.get(number) if text.startswith(mark) else None

    def _tokens(self, text: str) -> list[Token]:
        tokens = block_parser().parse(text)
        out: list[Token] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            insert = self._insert(tokens[index + 1].content) if token.type == "paragraph_open" else None
            if insert is not None:
                out += insert
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
    text = node.short if isinstance(node, Agency) else node.name
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
