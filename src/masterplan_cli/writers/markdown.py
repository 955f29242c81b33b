"""Markdown: the book as one GitHub-flavoured file, its pictures beside it; safe to show anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from markdown_it.token import Token

from masterplan_cli.document import Document, Entry
from masterplan_cli.markdown import EXACT
from masterplan_cli.writers import Request, Written

#: What would mean something else at this place of a text; the rest of the punctuation stays readable.
_INLINE = re.compile(r"([\\`*_\[\]<>&|~#])")
_LINE_START = re.compile(r"^(\s*)([-+=:]|\d+[.)])")
_CONTENTS_DEPTH = 2


def write(request: Request) -> Written:
    """The document as one text, and its pictures in a folder beside it."""
    document, name = request.document, request.name
    writer = _MarkdownWriter(document, f"{name}_files")
    text = writer.blocks([token for block in document.blocks for token in block.tokens])
    files = {f"{name}.md": (_marks(document) + text.strip() + "\n").encode("utf-8")}
    pictures = {f"{name}_files/{_file(path)}": data for path, (_, data) in document.pictures.items()}
    return Written(files | pictures)


def _file(picture: str) -> str:
    """The file of a picture; a chart has a name of its own."""
    return f"charts/{picture.removeprefix('chart:')}.svg" if picture.startswith("chart:") else picture


def _marks(document: Document) -> str:
    """What the reader must know first: that this is a draft, or an example."""
    return "".join(f"> **{words}**\n\n" for words in document.banners)


@dataclass
class _OpenBlock:
    """An open container: what its lines begin with, and what it has so far."""

    prefix: Callable[[str], str]
    parts: list[str] = field(default_factory=list)
    tight: bool = False

    def close(self) -> str:
        return self.prefix(("\n" if self.tight else "\n\n").join(part for part in self.parts if part))


class _MarkdownWriter:
    """Writes tokens back as Markdown."""

    def __init__(self, document: Document, folder: str) -> None:
        self.document, self.folder = document, folder
        self.stack: list[_OpenBlock] = []
        self.lists: list[int | None] = []
        self.rows: list[list[str]] = []
        self.aligns: list[str] = []
        self.table: Token | None = None
        self.heading: Token | None = None
        #: The last term of each open definition list.
        self.terms: list[str] = []

    def blocks(self, tokens: Iterable[Token]) -> str:
        self.stack = [_OpenBlock(str)]
        for token in tokens:
            handler = getattr(self, token.type, None)
            if handler:
                handler(token)
        return self.stack[0].close()

    def _put(self, text: str) -> None:
        self.stack[-1].parts.append(text)

    def _push(self, prefix: Callable[[str], str], *, tight: bool = False) -> None:
        self.stack.append(_OpenBlock(prefix, tight=tight))

    def _pop(self, _token: Token) -> None:
        closed = self.stack.pop().close()
        self._put(closed)

    # Each method below writes the token type it is named after.

    def heading_open(self, token: Token) -> None:
        self.heading = token

    def heading_close(self, _token: Token) -> None:
        self.heading = None

    def inline(self, token: Token) -> None:
        if self.table is not None:
            self.rows[-1].append(self._inline(token).replace("\n", " "))
            return
        text = self._inline(token)
        if self.heading is not None:
            anchor = f'<a id="{_attribute(str(self.heading.attrs.get("id", "")))}"></a>'
            chapter = self.heading.meta.get("chapter")
            label = f"{self.document.chapter_label(chapter)} – " if chapter else ""
            text = f"{'#' * int(self.heading.tag[1])} {anchor}{label}{text}"
        else:
            text = "\n".join(_LINE_START.sub(_protect, line) for line in text.split("\n"))
        self._put(text)

    def figure(self, token: Token) -> None:
        self._caption("figure", token)
        picture = Token("image", "", 0, attrs=token.attrs)
        self._put(self._span(picture, []))

    def hr(self, _token: Token) -> None:
        self._put("---")

    def fence(self, token: Token) -> None:
        ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", token.content)), default=0))
        self._put(f"{ticks}{re.sub(r'[^A-Za-z0-9]', '', token.info)}\n{token.content.rstrip()}\n{ticks}")

    code_block = fence

    def bullet_list_open(self, _token: Token) -> None:
        self.lists.append(None)
        self._push(str, tight=True)

    def ordered_list_open(self, token: Token) -> None:
        self.lists.append(int(token.attrs.get("start", 1)))
        self._push(str, tight=True)

    def _list_close(self, token: Token) -> None:
        self.lists.pop()
        self._pop(token)

    bullet_list_close = ordered_list_close = _list_close

    def list_item_open(self, _token: Token) -> None:
        number = self.lists[-1]
        mark = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1
        self._push(lambda text: mark + text.replace("\n", "\n" + " " * len(mark)))

    def blockquote_open(self, _token: Token) -> None:
        self._push(lambda text: "> " + text.replace("\n", "\n> "))

    # A definition list has no form in GitHub's Markdown: each term begins a list item.

    def dl_open(self, _token: Token) -> None:
        self.terms.append("")
        self._push(str, tight=True)

    def dt_open(self, _token: Token) -> None:
        self._push(str)

    def dd_open(self, _token: Token) -> None:
        term = self.terms[-1]
        self._push(lambda text: f"- {term}: " + text.replace("\n", "\n  "))

    def dt_close(self, _token: Token) -> None:
        self.terms[-1] = self.stack.pop().close()

    def dl_close(self, token: Token) -> None:
        self.terms.pop()
        self._pop(token)

    list_item_close = blockquote_close = dd_close = _pop

    def table_open(self, token: Token) -> None:
        self.table, self.rows, self.aligns = token, [], []

    def tr_open(self, _token: Token) -> None:
        self.rows.append([])

    def th_open(self, token: Token) -> None:
        style = str(token.attrs.get("style", ""))
        self.aligns.append({"text-align:right": "---:", "text-align:center": ":---:"}.get(style, "---"))

    def table_close(self, _token: Token) -> None:
        table, self.table = self.table, None
        lines = ["| " + " | ".join(row) + " |" for row in self.rows]
        lines.insert(1, "| " + " | ".join(self.aligns) + " |")
        if table:
            self._caption("table", table)
        self._put("\n".join(lines))

    def _caption(self, kind: str, token: Token) -> None:
        caption, number = token.meta.get("caption"), token.meta.get("number")
        label = f"{self.document.caption_label(kind, number)}. " if number else ""
        if caption:
            self._put(f"**{label}{self._inline(caption)}**")

    def container_contents_open(self, _token: Token) -> None:
        lines = [
            f"{'  ' * (entry.level - 1)}- [{self._titled(entry)}](#{entry.anchor})"
            for entry in self.document.entries
            if entry.level <= _CONTENTS_DEPTH
        ]
        self._put("\n".join(lines))

    def _titled(self, entry: Entry) -> str:
        label = f"{self.document.chapter_label(entry.chapter)} – " if entry.chapter else ""
        return f"{label}{_plain(entry.title)}"

    def container_tables_open(self, _token: Token) -> None:
        self._list("table")

    def container_figures_open(self, _token: Token) -> None:
        self._list("figure")

    def _list(self, kind: str) -> None:
        labelled = (
            f"{self.document.caption_label(kind, one.number)}. {_plain(one.caption)}"
            for one in self.document.listed[kind]
        )
        self._put("\n".join(f"- {line}" for line in labelled))

    def footnote_open(self, token: Token) -> None:
        name = self._note(token)
        self._push(lambda text: f"[^{name}]: " + text.replace("\n", "\n    "))

    footnote_close = _pop

    def _note(self, token: Token) -> str:
        return re.sub(r"[^\w-]", "-", f"{token.meta.get('doc', '')}-{int(token.meta['id']) + 1}")

    def _inline(self, token: Token) -> str:
        ends: list[str] = []
        return "".join(self._span(child, ends) for child in token.children or [])

    def _span(self, child: Token, ends: list[str]) -> str:
        """One inline token; `ends` holds what closes the links that are open."""
        match child.type:
            case "text" | "text_special":
                return _plain(child.content)
            case "code_inline":
                return self._code(child.content)
            case "link_open" if str(child.attrs.get("href", "")).startswith(EXACT):
                ends.append("")
            case "link_open":
                ends.append(f"](<{_address(str(child.attrs.get('href', '')))}>)")
                return "["
            case "link_close":
                return ends.pop()
            case "image":
                path = _address(f"{self.folder}/{_file(str(child.attrs['src']))}")
                return f"![{_plain(str(child.attrs['alt']))}](<{path}>)"
            case "footnote_ref":
                return f"[^{self._note(child)}]"
        return _MARKS.get(child.type, "")

    def _code(self, content: str) -> str:
        ticks = "`" * (1 + max((len(run) for run in re.findall("`+", content)), default=0))
        pad = " " if "`" in content else ""
        return f"{ticks}{pad}{content.replace('|', chr(92) + '|') if self.table else content}{pad}{ticks}"


_MARKS = {
    "softbreak": "\n", "hardbreak": "  \n", "em_open": "*", "em_close": "*", "strong_open": "**", "strong_close": "**",
    "s_open": "~~", "s_close": "~~",
}  # fmt: skip


def _plain(text: str) -> str:
    return _INLINE.sub(r"\\\1", text)


def _protect(match: re.Match[str]) -> str:
    mark = match[2]
    return match[1] + (f"{mark[:-1]}\\{mark[-1]}" if mark[0].isdigit() else f"\\{mark}")


def _address(text: str) -> str:
    return text.replace("<", "%3C").replace(">", "%3E").replace("\n", "")


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
