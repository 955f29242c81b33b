"""Rules that give the tokens of markdown-it's own rules, faster: for tables, divisions, and lines without marks.

`tests/test_markdown.py` compares them. What a rule here does not know it leaves to the library's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as any_table
from markdown_it.rules_block.table import MAX_AUTOCOMPLETED_CELLS, escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

# --- inline marks --------------------------------------------------------------------------------------

#: What a rule of inline marks may begin with.
_MARK = re.compile(r"[\n\\`~*_\[<&]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
#: Text and escapes. Quotes are left out: which way they turn depends on whether they were escaped.
_TEXT = r"""(?:[^\n\\`~*_\[\]<&!^"']|\\[!#-&(-/:-@\[-`{-~])+"""
_LINK = rf"\[({_TEXT})\]\((#[\w/:.-]*)\)"
_LINKED = re.compile(rf"({_TEXT})|{_LINK}", re.ASCII)
_PICTURE = re.compile(rf"!\[({_TEXT})\]\(<(chart:[a-z0-9-]+)>\)")
_BOLD = re.compile(rf"\*\*({_TEXT})\*\*(?: ({_TEXT}))?")


class _Nothing(dict[str, Any]):
    """The attributes of all tokens that have none: it is one, so nothing may be put in."""

    def __setitem__(self, key: str, value: Any) -> None:
        raise TypeError(key)


_NOTHING = _Nothing()


def new_token(kind: str, tag: str, nesting: Literal[-1, 0, 1], level: int, content: str = "") -> Token:
    """A token without attributes; the library's constructor takes twice as long, and a book has a million of them."""
    token = Token.__new__(Token)
    token.type, token.tag, token.nesting, token.level, token.content = kind, tag, nesting, level, content
    token.attrs = token.meta = _NOTHING
    token.map = token.children = None
    token.markup = token.info = ""
    token.block = token.hidden = False
    return token


def simple_inlines(content: str) -> list[Token] | None:
    """The tokens of a text of a few plain marks, None where it has others; straight quotes stay as they are."""
    if not content:
        return []
    if not _MARK.search(content):
        return [new_token("text", "", 0, 0, content)]
    if content.startswith("**"):
        return _bold(content)
    return _picture(content) if content.startswith("![") else _linked(content)


def _text(content: str, level: int = 0) -> Token:
    """A text without its escapes; the library joins what follows to the first, which keeps its marks."""
    if "\\" not in content:
        return new_token("text", "", 0, level, content)
    token = new_token("text", "", 0, level, _unescaped(content))
    if content[0] == "\\":
        token.markup, token.info = content[:2], "escape"
    return token


def _unescaped(content: str) -> str:
    """A text of which every backslash is an escape's."""
    return _ESCAPE.sub(r"\1", content) if "\\\\" in content else content.replace("\\", "")


def _linked(content: str) -> list[Token] | None:
    """A text with links to anchors."""
    out: list[Token] = []
    position = 0
    while position < len(content):
        found = _LINKED.match(content, position)
        if not found:
            return None
        position = found.end()
        text, label, target = found.groups()
        if text:
            out.append(_text(text))
            continue
        opening = new_token("link_open", "a", 1, 0)
        opening.attrs = {"href": target}
        out += (opening, _text(label, 1), new_token("link_close", "a", -1, 0))
    return out


def _bold(content: str) -> list[Token] | None:
    """A bold text, and what may follow it after a space; the empty texts are what is left of its stars."""
    found = _BOLD.fullmatch(content)
    if not found or found[1][0].isspace() or found[1][-1].isspace():
        return None
    opening, closing = new_token("strong_open", "strong", 1, 0), new_token("strong_close", "strong", -1, 0)
    opening.markup = closing.markup = "**"
    rest = new_token("text", "", 0, 0, _unescaped(content[found.end(1) + 2 :]))
    return [new_token("text", "", 0, 0), opening, _text(found[1], 1), closing, rest]


def _picture(content: str) -> list[Token] | None:
    """A picture of ours by itself."""
    found = _PICTURE.fullmatch(content)
    if not found:
        return None
    image = new_token("image", "img", 0, 0, found[1])
    image.attrs = {"src": found[2], "alt": ""}
    image.children = [_text(found[1])]
    return [image]


# --- blocks --------------------------------------------------------------------------------------------

_DELIMITERS = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?")
_ALIGNMENT = {(True, True): "center", (False, True): "right", (True, False): "left"}


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table all of whose lines begin with a bar, which no other block begins with."""
    rows = [] if silent else _rows(state, start, end)
    if len(rows) < 2 or not _DELIMITERS.fullmatch(rows[1]):
        return any_table(state, start, end, silent)
    aligns = [_attrs(cell.strip(" \t")) for cell in rows[1].strip("|").split("|") if cell]
    cells = [_cells(row) for row in (rows[0], *rows[2:])]
    missing = sum(max(0, len(aligns) - len(row)) for row in cells)
    if len(cells[0]) != len(aligns) or missing > MAX_AUTOCOMPLETED_CELLS:
        return any_table(state, start, end, silent)
    _Rows(state, aligns).push(start, cells)
    state.line = start + len(rows)
    return True


def _rows(state: StateBlock, start: int, end: int) -> list[str]:
    """The lines of a table; none where one does not begin with a bar, or the table has not begun at all."""
    rows: list[str] = []
    for line in range(start, end):
        position, stop = state.bMarks[line] + state.tShift[line], state.eMarks[line]
        if not 0 <= state.sCount[line] - state.blkIndent < 4 or position >= stop:
            break
        if state.src[position] != "|":
            return []
        rows.append(state.src[position:stop].strip(MD_TRIM_CHARS))
    return rows


def _attrs(delimiter: str) -> dict[str, str | int | float]:
    alignment = _ALIGNMENT.get((delimiter[0] == ":", delimiter[-1] == ":"))
    return {"style": f"text-align:{alignment}"} if alignment else {}


def _cells(row: str) -> list[str]:
    cells = escapedSplit(row) if "\\|" in row else row.split("|")
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return cells


class _Rows:
    """Pushes the tokens of a table; those that are the same in every row are one object."""

    def __init__(self, state: StateBlock, attrs: Sequence[dict[str, str | int | float]]) -> None:
        self.tokens, self.level, self.attrs = state.tokens, state.level, attrs
        self.row_end = self._token("tr", -1, 2)

    def _token(self, tag: str, nesting: Literal[-1, 1], level: int, lines: list[int] | None = None) -> Token:
        kind = f"{tag}_open" if nesting == 1 else f"{tag}_close"
        return _block(new_token(kind, tag, nesting, self.level + level), lines)

    def push(self, start: int, cells: list[list[str]]) -> None:
        end = start + len(cells) + 1
        add = self.tokens.append
        add(self._token("table", 1, 0, [start, end]))
        add(self._token("thead", 1, 1, [start, start + 1]))
        self._push_rows("th", start, cells[:1])
        add(self._token("thead", -1, 1))
        if len(cells) > 1:
            add(self._token("tbody", 1, 1, [start + 2, end]))
            self._push_rows("td", start + 2, cells[1:])
            add(self._token("tbody", -1, 1))
        add(self._token("table", -1, 0))

    def _push_rows(self, tag: str, start: int, rows: list[list[str]]) -> None:
        openings = [self._token(tag, 1, 3) for _ in self.attrs]
        for opening, attrs in zip(openings, self.attrs, strict=True):
            opening.attrs = attrs
        closing, level = self._token(tag, -1, 3), self.level + 4
        for line, row in enumerate(rows, start):
            lines = [line, line + 1]
            self.tokens.append(self._token("tr", 1, 2, lines))
            row += [""] * (len(openings) - len(row))
            for opening, cell in zip(openings, row, strict=False):
                inline = new_token("inline", "", 0, level, cell.strip(MD_TRIM_CHARS))
                self.tokens += (opening, _block(inline, lines), closing)
            self.tokens.append(self.row_end)


def _block(token: Token, lines: list[int] | None) -> Token:
    token.block, token.map = True, lines
    return token


#: What a line begins with that a rule may take, four spaces aside.
_BEGINNINGS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*-+0123456789",
    "footnote_def": "[",
    "reference": "[",
    "html_block": "<",
    "heading": "#",
    "container_division": ":",
}


class Blocks(ParserBlock):
    """The parser of blocks; it tries only the rules that may take a line that begins as this one does."""

    def __init__(self) -> None:
        super().__init__()
        self._fitting: dict[str, list[RuleFuncBlockType]] = {}

    def _rules(self, state: StateBlock, line: int) -> list[RuleFuncBlockType]:
        every = self.ruler.getRules("")
        if state.is_code_block(line):
            return every
        first = state.src[state.bMarks[line] + state.tShift[line]]
        if first not in self._fitting:
            names = self.ruler.get_active_rules()
            self._fitting[first] = [
                rule
                for name, rule in zip(names, every, strict=True)
                if name != "code" and first in _BEGINNINGS.get(name, first)
            ]
        return self._fitting[first]

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - the library's
        """As the library's own, rule for rule."""
        line, empty = startLine, False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            if state.level >= state.md.options.maxNesting:
                state.line = endLine
                break
            next(rule for rule in self._rules(state, line) if rule(state, line, endLine, False))
            state.tight = not empty
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                empty = True
            if line < endLine and state.isEmpty(line):
                empty = True
                state.line = line = line + 1


# --- divisions -----------------------------------------------------------------------------------------


def add_divisions(md: MarkdownIt, names: Sequence[str]) -> None:
    """`::: name` for each of the names, by one rule for all."""
    known = set(names)
    md.use(container_plugin, name="division", validate=lambda words, _mark: _name(words) in known)
    md.core.ruler.after("block", "divisions", _name_divisions)


def _name(words: str) -> str:
    return words.strip().split(" ", 2)[0]


def _name_divisions(state: StateCore) -> None:
    names: list[str] = []
    for token in state.tokens:
        if token.type == "container_division_open":
            names.append(_name(token.info))
            token.type = f"container_{names[-1]}_open"
        elif token.type == "container_division_close":
            token.type = f"container_{names.pop()}_close"
