"""HTML: one self-contained file that needs no network; its one script adds comfort, not content."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from html import escape
from types import MethodType
from typing import Any, NamedTuple

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from masterplan_cli.document import Block, Document, Numbering, Outline, Resolved, apply, outline_of
from masterplan_cli.markdown import DIVISIONS, EXACT, plain_text
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.sandbox import Sandbox
from masterplan_cli.templates import Templates
from masterplan_cli.values import roman
from masterplan_cli.writers import Request, Written

_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
_CONTENTS_DEPTH = 3
#: What the page itself says, by the names that its template has for it.
_WORDS: dict[str, Both] = {
    "chapter": LABELS["chapter"],
    "contents": LABELS["contents"],
    "figure": LABELS["figure"],
    "find": LABELS["find"],
    "found": LABELS["find.some"],
    "navigation": LABELS["navigation"],
    "not_found": LABELS["find.none"],
    "skip": LABELS["skip"],
    "table": LABELS["table"],
}


class _HtmlBlock(NamedTuple):
    """What a block was made into: its outline, and its HTML for the places that it had."""

    key: str | None
    outline: Outline
    places: Resolved
    html: bytes

    def kept(self) -> bytes:
        return b"\n".join((json.dumps([self.outline, self.places]).encode("ascii"), self.html))

    @classmethod
    def of(cls, key: str, kept: bytes) -> _HtmlBlock:
        head, _, html = kept.partition(b"\n")
        outline, places = json.loads(head)
        return cls(key, Outline(*outline), Resolved(*places), html)


class HtmlBlocks:
    """The HTML of a book's blocks, each made as soon as its template gives it, or taken from those that were kept."""

    def __init__(self, kept: Mapping[str, bytes]) -> None:
        self.kept = kept
        #: What is to be kept besides.
        self.fresh: dict[str, bytes] = {}
        self.numbering = Numbering()
        self.renderer: HtmlRenderer | None = None
        self.made: dict[Block, _HtmlBlock] = {}

    def take(self, document: Document, block: Block) -> Outline:
        """Have a block's HTML for the place that it seems to have."""
        self.renderer = self.renderer or HtmlRenderer(document)
        key = block.key()
        if key and key in self.kept:
            made = _HtmlBlock.of(key, self.kept[key])
            self.numbering.resolve(block.name, made.outline)
        else:
            outline = outline_of(block)
            places = self.numbering.resolve(block.name, outline)
            html = b"" if outline.late else self._html(document, block, places)
            made = _HtmlBlock(key if key == block.key() else None, outline, places, html)
        self.made[block] = made
        return made.outline

    @property
    def keys(self) -> list[str]:
        """The keys of all blocks that can be kept."""
        return list(dict.fromkeys(made.key for made in self.made.values() if made.key))

    def _html(self, document: Document, block: Block, places: Resolved) -> bytes:
        assert self.renderer  # noqa: S101 - made with the first block
        apply(block, places)
        html = self.renderer.render_block(block).encode("utf-8")
        block.drop()
        document.pictures.clear()
        return html

    def finish(self, document: Document) -> list[bytes]:
        """The HTML of all blocks; what was made for another place than it has in the end is made anew."""
        for block, places in zip(document.blocks, document.resolved, strict=True):
            made = self.made[block]
            again = made.outline.late or made.places != places
            if again:
                html = self._html(document, block, places)
                self.made[block] = made = made._replace(places=places, html=html)
            if made.key and (again or made.key not in self.kept):
                self.fresh[made.key] = made.kept()
        return [self.made[block].html for block in document.blocks]


def write(request: Request) -> Written:
    """The document as one page; the plan's own page, style and script go before the shipped ones."""
    document, templates = request.document, request.templates
    if request.html:
        made = request.html.finish(document)
    else:
        renderer = HtmlRenderer(document)
        made = [renderer.render_block(block).encode("utf-8") for block in document.blocks]
    known = {str(number): section for number, section in enumerate(made)}
    parts = _page(document, templates).split(templates.mark)
    # Every other part of the page is the number of a section.
    texts = (part.encode("utf-8", "replace") for part in parts)
    pieces = [known.get(parts[n], text) if n % 2 else text for n, text in enumerate(texts)]
    return Written({f"{request.name}.html": b"".join(pieces)})


def write_alone(document: Document, templates: Templates) -> bytes:
    """The blocks of a document as a page with nothing around them, and no script."""
    renderer = HtmlRenderer(document)
    parts = [
        f'<section class="block block-{block.name}">\n{renderer.render_block(block)}</section>\n'
        for block in document.blocks
    ]
    head = f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
    title = f"<title>{escape(document.title)}</title>\n<style>\n{_text(templates, 'html/style.css')}\n</style>\n</head>\n"
    return f"{head}{title}<body><main>\n{''.join(parts)}</main></body>\n</html>\n".encode("utf-8", "replace")


def _page(document: Document, templates: Templates) -> str:
    """What stands around the sections, each of which is its number between two marks."""
    script = _text(templates, "html/page.js")
    return (
        Sandbox(templates, autoescape=True)
        .get_template("html/page.html.j2")
        .render(
            title=document.title,
            language=str(document.language),
            policy=_POLICY.format(script=_fingerprint(script)),
            style=_text(templates, "html/style.css"),
            script=script,
            contents=_contents(document),
            sections=[
                (block.name, f"{templates.mark}{index}{templates.mark}")
                for index, block in enumerate(document.blocks)
            ],
            marks=document.banners,
            words={key: words.of(document.language) for key, words in _WORDS.items()},
        )
    )


def _text(templates: Templates, name: str) -> str:
    return (templates.text(name) or ("", ""))[0]


def _fingerprint(script: str) -> str:
    """How a Content-Security-Policy names the one script that may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


_OPTIONS = OptionsDict(
    {
        "maxNesting": 100,
        "html": False,
        "linkify": False,
        "typographer": False,
        "quotes": "",
        "xhtmlOut": False,
        "breaks": False,
        "langPrefix": "language-",
        "highlight": None,
    }
)


#: Tags that are always written alike: of tables, most of a book's, and of marks within texts.
_TABLE_PARTS = {
    **{f"{tag}_close": f"</{tag}>\n" for tag in ("td", "th", "tr", "tbody", "thead")},
    **{f"{tag}_open": f"<{tag}>\n" for tag in ("tbody", "thead")},
}
_MARKS = {
    **{f"{tag}_open": f"<{tag}>" for tag in ("strong", "em")},
    **{f"{tag}_close": f"</{tag}>" for tag in ("strong", "em")},
}


class HtmlRenderer(RendererHTML):
    """markdown-it's renderer with our tables, divisions, pictures and contents."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.heading = ""
        self.labels: Counter[str] = Counter()
        #: Whether the first cells of the open table's rows name them, and what ends the links that are open.
        self.named = False
        self.ends: list[str] = []
        for name in DIVISIONS:
            self.rules.setdefault(f"container_{name}_open", MethodType(_division, name))
            self.rules.setdefault(f"container_{name}_close", MethodType(_end, name))

    def render_block(self, block: Block) -> str:
        """The HTML of a block; nothing in it depends on the blocks before it."""
        self.labels.clear()
        first = next((n for n, token in enumerate(block.tokens) if token.type == "heading_open"), None)
        self.heading = "" if first is None else plain_text(block.tokens[first + 1])
        return str(self.render(block.tokens, _OPTIONS, {}))

    def _label(self, words: str) -> str:
        """What a screen reader calls a table among all of a book: by its words, its block, and its turn in it."""
        label = f"{words} – {self.heading}" if self.heading else words
        self.labels[label] += 1
        return label if self.labels[label] == 1 else f"{label} ({self.labels[label]})"

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        out: list[str] = []
        row: list[tuple[Token, Token]] | None = None
        for place, token in enumerate(tokens):
            kind = token.type
            if kind == "tr_open" and tokens[place + 1].type == "td_open":
                row = []
            elif kind == "tr_close" and row is not None:
                out.append(self._row(row, options, env))
                row = None
            elif row is not None:
                if kind == "td_open":
                    row.append((token, tokens[place + 1]))
            elif kind == "inline":
                out.append(self._text(token, options, env))
            elif kind in _TABLE_PARTS:
                out.append(_TABLE_PARTS[kind])
            else:
                out.append(self.rules.get(kind, self.renderToken)(tokens, place, options, env))
        return "".join(out)

    def _text(self, inline: Token, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        children = inline.children or ()
        if len(children) == 1 and children[0].type == "text":
            return str(escapeHtml(children[0].content))
        return self.renderInline(children, options, env) if children else ""

    def _row(
        self, row: list[tuple[Token, Token]], options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """A row of a table; a total stays last when a reader sorts the table, a heading of rows goes across it."""
        cells = [(_align(opening), self._text(inline, options, env)) for opening, inline in row]
        kind = _row_kind([inline.children or [] for _, inline in row])
        if kind == "group":
            return (
                f'<tr class="group">\n<th scope="rowgroup" colspan="{len(row)}">{cells[0][1]}</th>\n</tr>\n'
            )
        head = self.named and bool(cells[0][1].strip())
        shown = [f'<th scope="row"{cells[0][0]}>{cells[0][1]}</th>\n'] if head else []
        shown += [f"<td{align}>{text}</td>\n" for align, text in cells[head:]]
        opening = '<tr class="total">' if kind else "<tr>"
        return f"{opening}\n{''.join(shown)}</tr>\n"

    def renderInline(  # noqa: N802 - the library's
        self, tokens: Sequence[Token], options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        out: list[str] = []
        for place, token in enumerate(tokens):
            kind = token.type
            if kind == "text":
                out.append(escapeHtml(token.content))
            elif kind in _MARKS:
                out.append(_MARKS[kind])
            else:
                out.append(self.rules.get(kind, self.renderToken)(tokens, place, options, env))
        return "".join(out)

    # Each method below renders the token type it is named after.

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        token = tokens[idx]
        first = next(later for later in tokens[idx:] if later.type == "th_open")
        self.named = _align(first) != ' class="right"'
        caption: Token | None = token.meta.get("caption")
        words = plain_text(caption) if caption else LABELS["table"].of(self.document.language)
        label = self._label(words)
        kind = ' class="wide"' if token.meta.get("wide") else ""
        out = f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(label)}"><table{kind}>\n'
        if caption:
            numbered = (
                f' id="{token.meta["anchor"]}"{self._shown("table", token)}'
                if token.meta.get("number")
                else ""
            )
            out += f"<caption{numbered}>{self.renderInline(caption.children or [], options, env)}</caption>\n"
        return out

    def heading_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """A heading; the number of its chapter is shown by the style, so that the heading's text stays its own."""
        token = tokens[idx]
        chapter = token.meta.get("chapter")
        label = f' data-number="{escape(self.document.chapter_label(chapter))}"' if chapter else ""
        return f'<{token.tag} id="{escape(str(token.attrs.get("id", "")))}"{label}>'

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"

    def link_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """A link, or the exact amount of what is shown rounded."""
        href = str(tokens[idx].attrs.get("href", ""))
        if href.startswith(EXACT):
            self.ends.append("</data>")
            amount = href.removeprefix(EXACT)
            return (
                f'<data value="{escape(amount)}" title="{escape(self.document.figures.rupiah(int(amount)))}">'
            )
        self.ends.append("</a>")
        return f'<a href="{escape(href)}">'

    def link_close(self, *_: Any) -> str:
        return self.ends.pop()

    def th_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f'<th scope="col"{_align(tokens[idx])}>'

    def heading_close(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """A heading ends with a link to itself, whose sign is the style's, so that the heading's text stays its own."""
        token, anchor = tokens[idx], str(tokens[idx - 2].attrs.get("id", ""))
        label = escape(LABELS["link.here"].of(self.document.language))
        return f'<a class="anchor" href="#{escape(anchor)}" aria-label="{label}"></a></{token.tag}>\n'

    def image(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        token = tokens[idx]
        media, data = self.document.pictures[str(token.attrs["src"])]
        encoded = base64.b64encode(data).decode("ascii")
        kind = ' class="spark"' if str(token.attrs["src"]).startswith("chart:") else ""
        return f'<img{kind} src="data:{media};base64,{encoded}" alt="{escape(str(token.attrs["alt"]))}">'

    def figure(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        """A picture with its caption; our own charts stand in the page itself, so that their text can be selected."""
        token = tokens[idx]
        name = str(token.attrs["src"])
        if name.startswith("chart:"):
            svg = self.document.pictures[name][1].decode("utf-8")
            label = escape(str(token.attrs["alt"]))
            kind = "scroll chart" if token.meta.get("caption") else "scroll chart small"
            picture = f'<div class="{kind}" role="img" tabindex="0" aria-label="{label}">{svg}</div>'
        else:
            picture = self.image(tokens, idx)
        caption: Token | None = token.meta.get("caption")
        words = self.renderInline(caption.children or [], options, env) if caption else ""
        anchor = f' id="{token.meta["anchor"]}"' if token.meta.get("number") else ""
        shown = f"<figcaption{self._shown('figure', token)}>{words}</figcaption>" if words else ""
        return f"<figure{anchor}>{picture}{shown}</figure>\n"

    def _shown(self, kind: str, token: Token) -> str:
        """What the style shows before a caption."""
        number = token.meta.get("number")
        return f' data-number="{escape(self.document.caption_label(kind, number))}"' if number else ""

    def container_contents_open(self, *_: Any) -> str:
        label = LABELS["contents"].of(self.document.language)
        return f'<nav class="contents" aria-label="{escape(label)}">\n{_contents(self.document)}'

    def container_contents_close(self, *_: Any) -> str:
        return "</nav>\n"

    def container_tables_open(self, *_: Any) -> str:
        return self._list("table")

    def container_figures_open(self, *_: Any) -> str:
        return self._list("figure")

    def _list(self, kind: str) -> str:
        word = LABELS[kind].of(self.document.language)
        items = "".join(
            f'<li><a href="#{escape(one.anchor)}">{word} {one.number}</a> {escape(one.caption)}</li>\n'
            for one in self.document.listed[kind]
        )
        return f'<ul class="list">\n{items}</ul>\n'

    def container_tables_close(self, *_: Any) -> str:
        return ""

    container_figures_close = container_tables_close

    # Footnotes of several files meet in one page: their ids carry the file.

    def footnote_ref(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        (name, number), back = _note(tokens[idx]), _citation(tokens[idx])
        return f'<sup class="footnote"><a href="#fn:{name}" id="fnref:{back}">{number}</a></sup>'

    def footnote_block_open(self, *_: Any) -> str:
        return '<section class="footnotes"><ol>\n'

    def footnote_block_close(self, *_: Any) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f'<li id="fn:{_note(tokens[idx])[0]}">'

    def footnote_close(self, *_: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        label = LABELS["back"].of(self.document.language)
        return f' <a href="#fnref:{_citation(tokens[idx])}" aria-label="{escape(label)} {_note(tokens[idx])[1]}">↩</a>'


def _division(name: str, *_: Any) -> str:
    return f'<div class="{name}">\n'


def _end(*_: Any) -> str:
    return "</div>\n"


def _row_kind(row: Sequence[Sequence[Token]]) -> str:
    """`tree.row_kind` of tokens."""
    first = next((cell for cell in row if _is_worded(cell)), ())
    if all(child.type != "strong_open" for child in first):
        return ""
    depth, bold = 0, list[bool]()
    for child in first:
        depth += child.nesting if child.tag == "strong" else 0
        if child.content.strip():
            bold.append(depth > 0 and child.type != "image")
    if bold[:1] == [True] and len(row) > 1 and first is row[0] and not any(map(_is_worded, row[1:])):
        return "group"
    return "total" if bold and all(bold) else ""


def _is_worded(cell: Sequence[Token]) -> bool:
    return any(child.content.strip() or child.type == "image" for child in cell)


def _align(token: Token) -> str:
    style = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return f' class="{style}"' if style in ("left", "center", "right") else ""


def _note(token: Token) -> tuple[str, int]:
    number = int(token.meta["id"]) + 1
    return escape(f"{token.meta.get('doc', '')}:{number}"), number


def _citation(token: Token) -> str:
    """The name of a place that refers to a note, or that an arrow leads back to."""
    name, sub = _note(token)[0], token.meta.get("subId", 0)
    return f"{name}-{sub}" if sub else name


def _contents(document: Document) -> str:
    """The headings as nested lists, down to the third level."""
    out: list[str] = []
    depth = 0
    for entry in document.entries:
        if entry.level > _CONTENTS_DEPTH:
            continue
        while depth > entry.level:
            out.append("</li></ol>\n")
            depth -= 1
        if depth == entry.level:
            out.append("</li>\n")
        while depth < entry.level:
            out.append("<ol>" if depth == entry.level - 1 else "<ol><li>")
            depth += 1
        kind = ' class="front"' if entry.front else ""
        label = escape(document.chapter_label(entry.chapter))
        number = f' data-number="{label}" data-chapter="{roman(entry.chapter)}"' if entry.chapter else ""
        out.append(f'<li{kind}><a href="#{escape(entry.anchor)}"{number}>{escape(entry.title)}</a>')
    out.append("</li></ol>\n" * depth)
    return "".join(out)
