"""Markdown: prose and template blocks as markdown-it tokens, with the lines of headings and links."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from string import punctuation
from typing import Any, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_core import StateCore, text_join
from markdown_it.rules_core.smartquotes import process_inlines
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from masterplan_cli.inlines import simple_inlines
from masterplan_cli.source import Source, Span
from masterplan_cli.values import slug

#: The fenced divisions that a template may open with `::: name`; agencies' prose has none of them.
DIVISIONS = (
    "cover", "banner", "contents", "tables", "figures", "table", "figure", "facts", "sheet", "signatures", "note", "page",
    "regulation", "lead", "numbers", "opener", "together",
)  # fmt: skip
#: How the address of a link begins that leads nowhere: it is the exact amount of what stands in it, in rupiah.
EXACT = "rupiah:"

#: Three printed pages without a break, and a table that no paper is wide enough for.
MAX_PARAGRAPH, MAX_CELLS = 10_000, 200
_MAX_QUOTES = 300
_ESCAPES = {ord(mark): f"\\{mark}" for mark in punctuation}
_FOLDED = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
#: What no document may hold; YAML and prose were read without them, other data may not have been.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_TAGS = (
    "a", "abbr", "address", "article", "aside", "audio", "b", "big", "blockquote", "body", "br", "button", "canvas", "caption",
    "center", "circle", "cite", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "embed", "figcaption",
    "figure", "font", "footer", "form", "frame", "g", "h[1-6]", "head", "header", "hr", "html", "i", "iframe", "img", "input", "ins",
    "kbd", "label", "li", "line", "link", "main", "mark", "math", "meta", "nav", "nobr", "object", "ol", "option", "p", "param",
    "path", "picture", "polygon", "pre", "q", "rect", "s", "samp", "script", "section", "select", "small", "source", "span",
    "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th",
    "thead", "time", "title", "tr", "tt", "u", "ul", "var", "video", "wbr", "[a-z]+-[a-z]+", "o:p",
)  # fmt: skip
#: What stands in a tag without a value; `a <b dan c> d` is none.
_FLAGS = "async|autoplay|checked|controls|default|defer|disabled|hidden|loop|multiple|muted|open|readonly|required|reversed|selected"
_ATTRIBUTE = (
    rf"""\s++(?:[A-Za-z_:@][\w:.@-]*+\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'=<>`]++)|(?:{_FLAGS})\b)"""
)
_TAG = re.compile(rf"</?(?:{'|'.join(_TAGS)})(?:{_ATTRIBUTE})*+\s*+/?>|<!--|<[?!][A-Za-z]", re.I)
#: The address of a link or a picture.
_ADDRESS = re.compile(r"\]\([ \t\n]*+(?:<([^<>\n]*+)>|([^\s()<>]++(?:\([^\s()]*+\)[^\s()]*+)*+))")
_TICKS = re.compile("`+")
_CODE_OR_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]|`+")
_REFUSED = re.compile(
    r"(?:\]\(|^\[(?:[^\[\]\\]|\\.)++\]:)\s*+<?\s*+((?:javascript|vbscript|file|data)\s*:)", re.I | re.M
)


class Md(str):
    """Text that is Markdown already; every other text is escaped when a template prints it."""

    __slots__ = ()


def escape(value: object) -> Md:
    """A value as Markdown that renders to exactly its characters, white space folded to one space."""
    if isinstance(value, Md):
        return value
    return Md("") if value is None else _escaped(str(value))


@lru_cache(maxsize=2048)
def _escaped(text: str) -> Md:
    """As `escape`; years, names and sources of funds come again and again."""
    clean = _FOLDED.sub(" ", _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))
    return Md(clean.translate(_ESCAPES))


class ProseHeading(NamedTuple):
    """A heading of prose: its level, its words, also as a slug, the anchor it makes, its line, and whether words stand below it."""

    level: int
    text: str
    slug: str
    anchor: str
    line: int
    worded: bool


@dataclass(frozen=True)
class Link:
    """A link or a picture of prose: its address as Markdown reads it and, where its place is known, as it is written."""

    target: str
    text: str
    image: bool
    span: Span
    written: str | None = None


class ProseOutline(NamedTuple):
    """What other files may ask of a text: its headings, and the pictures that it shows, as written."""

    headings: list[ProseHeading]
    pictures: list[str]


@dataclass
class Reading:
    """What a text comes to: its tokens, and what the rules ask of it."""

    tokens: list[Token]
    headings: list[ProseHeading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    html: list[Span] = field(default_factory=list)
    refused: list[tuple[str, Span]] = field(default_factory=list)
    #: Paragraphs, or rows of a table, that are too long to be read: their first lines.
    endless: list[int] = field(default_factory=list)
    #: The notes that are written, by their labels, and whether the text refers to them.
    notes: dict[str, bool] = field(default_factory=dict)
    #: The lines, counted from the text's first, that give the addresses of references, by their labels as the parser
    #: compares them; and those of labels that had one before.
    references: dict[str, int] = field(default_factory=dict)
    doubles: list[tuple[str, int]] = field(default_factory=list)


class Prose:
    """A text written by an agency, parsed when more is asked of it than its `outline`, which may be known before."""

    def __init__(
        self, source: Source, text: str, first_line: int, outline: ProseOutline | None = None
    ) -> None:
        self.source, self.text, self.first_line, self._outline = source, text, first_line, outline

    @cached_property
    def reading(self) -> Reading:
        return read_prose(self.source, self.text, self.first_line)

    @property
    def tokens(self) -> list[Token]:
        return self.reading.tokens

    @property
    def links(self) -> list[Link]:
        return self.reading.links

    @cached_property
    def outline(self) -> ProseOutline:
        if self._outline:
            return self._outline
        pictures = [link.target for link in self.reading.links if link.image]
        return ProseOutline(self.reading.headings, pictures)

    @property
    def headings(self) -> list[ProseHeading]:
        return self.outline.headings

    @cached_property
    def anchors(self) -> dict[str, ProseHeading]:
        """The headings by the anchors they make."""
        return {heading.anchor: heading for heading in self.headings}

    def lines_of_text(self) -> Iterator[tuple[int, str]]:
        """Every line of prose once with its number, code blocks left out; a row of a table has many cells."""
        last = 0
        for token in self.tokens:
            if token.type == "inline" and token.map:
                first, end = (number + self.first_line for number in token.map)
                for number in range(max(first, last + 1), end):
                    last = number
                    yield number, self.source.line(number)


def _readable(text: str, env: dict[str, Any]) -> str:
    """The text, rows of a table of more cells than any page holds cut; each line keeps its number."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.count("|") > MAX_CELLS:
            env.setdefault("endless", []).append(number)
            lines[number] = line.replace("|", " ")
    return "\n".join(lines)


def _parser() -> MarkdownIt:
    options = {"html": False, "typographer": True}
    md = MarkdownIt("commonmark", options)
    md.configure("commonmark", options)
    # `replacements` stays off: legal texts count (a), (b), (c), which it would turn into ©.
    md.enable(["table", "strikethrough"]).disable("text_join")
    md.core.ruler.after("block", "limits", _limit)
    md.core.ruler.at("inline", _inline)
    return md.use(footnote_plugin, inline=False).use(deflist_plugin)


def _limit(state: StateCore) -> None:
    """Cut what no reader would read; inline marks take time that grows with the square of a paragraph."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > MAX_PARAGRAPH:
            token.content = token.content[:MAX_PARAGRAPH] + "…"
            state.env.setdefault("endless", []).append(token.map[0] if token.map else 0)


def _inline(state: StateCore) -> None:
    """Read the marks within texts; most have so few that they are taken apart directly."""
    marked: list[Token] = []
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = simple_inlines(token.content)
        if token.children is None:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
            marked.append(token)
        elif '"' in token.content or "'" in token.content:
            marked.append(token)
    rest = StateCore(state.src, state.md, state.env, marked)
    _smartquotes(rest)
    text_join(rest)


def _smartquotes(state: StateCore) -> None:
    """Typographic quotes, save where there are so many that they can be no quotations."""
    for token in state.tokens:
        if 0 < sum(map(token.content.count, "\"'")) <= _MAX_QUOTES:
            process_inlines(token.children or [], state)


@cache
def prose_parser() -> MarkdownIt:
    """The Markdown that agencies write: CommonMark, tables, footnotes, definition lists; no HTML."""
    return _parser()


@cache
def block_parser() -> MarkdownIt:
    """The Markdown of templates: the same, and `::: name` divisions."""
    md = _parser()
    for name in DIVISIONS:
        md.use(container_plugin, name=name)
    return md


def read_prose(source: Source, text: str, first_line: int) -> Reading:
    """Read the prose of a file; `first_line` is the number of its first line in the file."""
    env: dict[str, Any] = {}
    tokens = prose_parser().parse(_readable(text, env), env)
    reading = Reading(tokens, _headings(tokens, first_line))
    reading.endless = [number + first_line for number in env.get("endless", [])]
    notes = env.get("footnotes", {}).get("refs", {})
    reading.notes = {label.removeprefix(":"): number >= 0 for label, number in notes.items()}
    reading.references = {label: said["map"][0] for label, said in env.get("references", {}).items()}
    reading.doubles = [(said["label"], said["map"][0]) for said in env.get("duplicate_refs", ())]
    lines = _Lines(source, 0, 0)
    for token in tokens:
        if token.type == "inline" and token.map:
            first = token.map[0] + first_line
            last = max(token.map[1] + first_line - 1, first)
            # The cells of a row stand in the same line.
            lines = lines if (lines.first, lines.last) == (first, last) else _Lines(source, first, last)
            _add_links(reading, token, lines)
            _add_refusals(reading, token, lines)
    return reading


def _headings(tokens: list[Token], first_line: int) -> list[ProseHeading]:
    """The headings, each with an anchor of its own, which its token has as its id."""
    headings: list[ProseHeading] = []
    anchors: dict[str, int] = {}
    #: The places of the headings in whose sections the text is, one inside the other.
    open_: list[int] = []
    for index, token in enumerate(tokens):
        opening = tokens[index - 1] if index else token
        if token.type == "inline" and token.map and opening.type == "heading_open":
            heading = _heading(opening, token, token.map[0] + first_line, anchors)
            open_ = [place for place in open_ if headings[place].level < heading.level]
            open_.append(len(headings))
            headings.append(heading)
        elif open_ and token.type in ("inline", "fence", "code_block") and token.content.strip():
            for place in open_:
                headings[place] = headings[place]._replace(worded=True)
            open_ = []
    return headings


def _heading(opening: Token, inline: Token, line: int, anchors: dict[str, int]) -> ProseHeading:
    text = plain_text(inline)
    words = slug(text)
    base = words or "bagian"
    count = anchors[base] = anchors.get(base, 0) + 1
    anchor = base if count == 1 else f"{base}-{count}"
    opening.attrs["id"] = anchor
    return ProseHeading(int(opening.tag[1]), text, words, anchor, line, worded=False)


class _Lines:
    """The lines of a block, in which many words are looked for."""

    def __init__(self, source: Source, first: int, last: int) -> None:
        self._source, self.first, self.last = source, first, last

    @cached_property
    def _text(self) -> str:
        return "\n".join(self._source.line(number) for number in range(self.first, self.last + 1))

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins in the text."""
        lengths = (len(self._source.line(number)) + 1 for number in range(self.first, self.last))
        return list(accumulate(lengths, initial=0))

    def holds(self, word: str, line: int) -> bool:
        """Whether a word stands anywhere from a line on."""
        return self._text.find(word, self._starts[line - self.first]) >= 0

    @cached_property
    def masked(self) -> str:
        """The lines without what stands in code and after backslashes, so that signs in them are none."""
        return masked(self._text)

    @cached_property
    def _addresses(self) -> dict[str, list[tuple[int, str]]]:
        """The addresses that are written, by what Markdown reads, from the last to the first."""
        found: dict[str, list[tuple[int, str]]] = {}
        for match in _ADDRESS.finditer(masked(self._text, escapes=False)):
            group = 1 if match[2] is None else 2
            read = normalizeLink(unescapeAll(match[group]))
            found.setdefault(read, []).append((match.start(group), match[group]))
        return {read: places[::-1] for read, places in found.items()}

    def address(self, target: str) -> tuple[Span, str] | None:
        """Where an address stands, and how it is written; the next place each time that it is asked for."""
        places = self._addresses.get(target)
        if not places:
            return None
        at, written = places.pop()
        return self.span(at, len(written)), written

    def find(self, word: str, line: int) -> Span:
        """Where a word first stands from a line on; that whole line when it does not."""
        at = self._text.find(word, self._starts[line - self.first]) if word else -1
        return self.span(at, len(word)) if at >= 0 else self._source.whole_line(line)

    def span(self, at: int, length: int) -> Span:
        """The span of so many characters of one line."""
        index = bisect_right(self._starts, at) - 1
        number, column = self.first + index, at - self._starts[index] + 1
        return Span(number, column, number, column + length)


def _add_links(reading: Reading, inline: Token, lines: _Lines) -> None:
    """Inline tokens know no place: it is the block's first line plus the breaks before them."""
    here = lines.first
    children = inline.children or []
    for position, child in enumerate(children):
        if child.type in ("softbreak", "hardbreak"):
            here = min(here + 1, lines.last)
        elif child.type == "link_open":
            target = str(child.attrs.get("href", ""))
            text = "".join(c.content for c in children[position + 1 : _closing(children, position)])
            reading.links.append(_link(target, text, lines, here, image=False))
        elif child.type == "image":
            target = str(child.attrs.get("src", ""))
            reading.links.append(_link(target, plain_text(child), lines, here, image=True))


def _link(target: str, text: str, lines: _Lines, line: int, *, image: bool) -> Link:
    if place := lines.address(target):
        return Link(target, text, image, *place)
    # markdown-it percent-encodes what an address may not hold, such as the backslashes of Windows.
    written = target if lines.holds(target, line) else unquote(target)
    return Link(target, text, image, lines.find(written, line))


def _closing(children: list[Token], start: int) -> int:
    return next((i for i in range(start, len(children)) if children[i].type == "link_close"), start)


def _add_refusals(reading: Reading, inline: Token, lines: _Lines) -> None:
    """Raw HTML and links of unsafe schemes, which come out as the text they are."""
    for child in inline.children or []:
        if child.type == "text" and _TAG.search(child.content):
            reading.html += [
                lines.span(tag.start(), min(len(tag[0]), 40)) for tag in _TAG.finditer(lines.masked)
            ]
            break
    for match in _REFUSED.finditer(masked(inline.content, escapes=False)):
        scheme = match[1].rstrip(":").strip().lower()
        reading.refused.append((scheme, lines.find(match[1], lines.first)))


def masked(text: str, *, escapes: bool = True) -> str:
    """A text of the same length in which code, and what a backslash takes its meaning, is blank."""
    runs: dict[int, list[int]] = {}
    for run in _TICKS.finditer(text):
        runs.setdefault(len(run[0]), []).append(run.start())
    parts: list[str] = []
    at = 0
    while found := _CODE_OR_ESCAPE.search(text, at):
        start, end = found.span()
        later = runs.get(end - start, []) if found[0][0] == "`" else []
        index = bisect_right(later, start)
        if index < len(later):
            end = later[index] + (end - start)
        blank = index < len(later) or (escapes and found[0][0] == "\\")
        parts += [text[at:start], re.sub(r"[^\n]", "\0", text[start:end]) if blank else text[start:end]]
        at = end
    return "".join([*parts, text[at:]])


def plain_text(inline: Token) -> str:
    """The words of an inline token without their marks."""
    parts = []
    for child in inline.children or []:
        if child.type == "image":
            parts.append(plain_text(child))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
    return "".join(parts).strip()
