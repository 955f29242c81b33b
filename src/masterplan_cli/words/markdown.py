"""Blocks of a Word text as the Markdown that plans hold: no character of the text becomes a mark by accident."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from markdown_it.token import Token

from masterplan_cli.markdown import prose_parser
from masterplan_cli.values import BULLETS, CONTROLS, without_odd
from masterplan_cli.words.blocks import WordBlock, WordItem, WordParagraph, WordRun, WordTable, paragraphs_of

#: What is a mark wherever it stands, but for a stroke within a word and what can begin neither a tag nor a sign.
_MARKS = re.compile(r"[\\*`\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=[#\w])|~(?=~|$)|(?<=~)~|^~|!$")
#: What is a mark at the beginning of a line.
_FIRST = re.compile(r"[#>=|]|~(?!~)|[-+](?!\d)|:(?=\s|$|[-:])")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_SPACE = re.compile(r"[ \t]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_TYPED_BULLET = re.compile(rf"[-–—{BULLETS}]\s++(?=\S)|[{BULLETS}](?=\w)")
_CAPTION = re.compile(r"(?:gambar|figure|foto)\s++[\dIVX]{1,6}(?:[.-]\d{1,4}){0,3}\s?[.:]?\s?", re.I)
_SAFE = re.compile(r"(?:https?|mailto|tel):", re.I)
_LINK = str.maketrans({"<": "%3C", ">": "%3E", " ": "%20", "\n": "", "\\": "%5C"})
_LOOKS = ("bold", "italic", "struck")
_OPENED = {"strong": "bold", "em": "italic", "s": "struck"}
#: A mark that shows no words, in the place of pictures and marks of notes.
_NEUTRAL = "![](<#>)"
_QUOTES = "\"'“”‘’"
_DEEPEST = 6


def clean(text: str) -> str:
    """A text without characters that cannot be seen, and with ordinary spaces."""
    text = CONTROLS.sub("", text)
    return text if _ARABIC.search(text) else without_odd(text)


def is_safe(link: str) -> bool:
    """Whether an address is one that a plan may link to."""
    return _SAFE.match(link) is not None


class MarkdownText(NamedTuple):
    """Markdown by its lines, each with the number of the paragraph that it comes from."""

    lines: list[tuple[str, int]]

    @property
    def text(self) -> str:
        return "\n".join(line for line, _ in self.lines)


class WordMarkdown:
    """Writes sections of a Word text, with the addresses of its pictures and the notes that it refers to."""

    def __init__(self, addresses: Callable[[int], str], notes: Mapping[str, list[WordParagraph]]) -> None:
        self._addresses, self._notes = addresses, notes

    def section(self, blocks: Sequence[WordBlock], level: int, name: str) -> MarkdownText:
        """What stands below a heading of a level in the file, as the text of a section; `name` begins the labels of notes."""
        writer = _SectionWriter(self._addresses, name, level)
        for block in _with_captions([part for one in blocks for part in _apart(one)]):
            writer.add(block)
        writer.add_notes(self._notes)
        return MarkdownText(writer.lines)


def _apart(block: WordBlock) -> Iterator[WordBlock]:
    """A paragraph with its words made clean; one of pictures alone is one for each of them."""
    if isinstance(block, WordTable):
        rows = [[[_cleaned(one) for one in cell] for cell in row] for row in block.rows]
        yield WordTable(block.number, rows)
        return
    block = _cleaned(block)
    if len(block.pictures) > 1 and not block.words:
        yield from (block._replace(runs=[picture]) for picture in block.pictures)
    else:
        yield _as_item(block)


def _cleaned(paragraph: WordParagraph) -> WordParagraph:
    return paragraph._replace(runs=_merged(run._replace(text=clean(run.text)) for run in paragraph.runs))


def _as_item(block: WordParagraph) -> WordParagraph:
    """A paragraph that begins with a bullet which somebody typed is an item."""
    first = block.runs[0] if block.runs else WordRun("")
    typed = _TYPED_BULLET.match(first.text.lstrip()) if not (block.item or block.level) else None
    if typed is None:
        return block
    rest = first._replace(text=first.text.lstrip()[typed.end() :])
    return block._replace(item=WordItem(0, 0), runs=[rest, *block.runs[1:]])


def _with_captions(blocks: Sequence[WordBlock]) -> Iterator[WordBlock]:
    """The blocks, with the caption below a picture as what that picture says."""
    waiting: WordParagraph | None = None
    for block in blocks:
        if waiting is not None:
            caption = _caption(block)
            if caption:
                yield waiting._replace(role=f"caption {caption}")
                waiting = None
                continue
            yield waiting
        alone = isinstance(block, WordParagraph) and len(block.pictures) == 1 and not block.words
        waiting = block if alone and isinstance(block, WordParagraph) else None
        if waiting is None:
            yield block
    if waiting is not None:
        yield waiting


def _caption(block: WordBlock) -> str:
    """What the caption of a picture says without its number, which the document gives."""
    if not isinstance(block, WordParagraph) or block.pictures:
        return ""
    found = _CAPTION.match(block.words)
    if found is None and block.role != "caption":
        return ""
    return block.words[found.end() if found else 0 :].strip()


class _SectionWriter:
    """Writes the blocks of one section, one after the other."""

    def __init__(self, addresses: Callable[[int], str], name: str, level: int) -> None:
        self._addresses, self._name = addresses, name
        self.lines: list[tuple[str, int]] = []
        self._labels: dict[str, str] = {}
        #: The levels of the headings that stand open, the section's own first.
        self._open = [level]
        #: The list that stands open: for each depth the last number, what ends it, and how wide its mark is.
        self._items: list[_OpenItem] = []

    def add(self, block: WordBlock) -> None:
        if isinstance(block, WordTable):
            self._table(block)
        elif not block.runs:
            pass
        elif block.level:
            self._heading(block)
        elif block.item:
            self._item(block, block.item)
        else:
            mark = "> " if block.role == "quote" else ""
            self._put([mark + line for line in self._lines(block)], block.number)

    def _put(self, lines: list[str], number: int, *, tight: bool = False) -> None:
        if not any(lines):
            return
        if not tight:
            self._items = []
        if self.lines and not tight:
            self.lines.append(("", number))
        self.lines += ((line, number) for line in lines)

    def _lines(self, paragraph: WordParagraph) -> list[str]:
        """The lines of a paragraph, with breaks where it has them."""
        return [_begun(line) for line in self._inline(paragraph).split("\n")]

    def _inline(self, paragraph: WordParagraph) -> str:
        caption = paragraph.role.removeprefix("caption ") if paragraph.role.startswith("caption ") else ""
        return inline(paragraph.runs, lambda run: self._atom(run, caption))

    def _atom(self, run: WordRun, caption: str) -> str:
        """A picture, or the mark of a note."""
        if run.note:
            label = self._labels.setdefault(run.note, f"{self._name}-{len(self._labels) + 1}")
            return f"[^{label}]"
        address, said = self._addresses(run.picture), clean(run.text)
        quoted = escaped(caption).replace('"', '\\"')
        title = f' "{quoted}"' if caption and said and caption != said else ""
        return f"![{escaped(said or caption or address.rpartition('/')[2])}]({address}{title})"

    def _heading(self, paragraph: WordParagraph) -> None:
        while len(self._open) > 1 and self._open[-1] >= paragraph.level:
            self._open.pop()
        self._open.append(paragraph.level)
        words = " ".join(self._inline(paragraph).replace("\\\n", " ").split())
        if words.endswith("#"):
            words = f"{words[:-1]}\\#"
        depth = min(len(self._open) + 1, _DEEPEST)
        self._put([f"{'#' * depth} {words}"] if words else [], paragraph.number)

    def _item(self, paragraph: WordParagraph, item: WordItem) -> None:
        depth = min(item.depth, len(self._items))
        before = self._items[depth] if depth < len(self._items) else None
        follows = before is not None and before.number and item.number == before.number + 1
        end = before.end if before else "."
        apart = before is not None and (
            bool(before.number) != bool(item.number) or (item.number and not follows)
        )
        if apart and item.number and before and before.number:
            end = ")" if before.end == "." else "."
        # A number other than 1 cannot begin a list in the midst of a paragraph.
        apart = apart or (before is None and depth > 0 and item.number > 1)
        mark = f"{item.number}{end} " if item.number else "- "
        indent = " " * sum(one.width for one in self._items[:depth])
        lines = [(mark if not n else " " * len(mark)) + line for n, line in enumerate(self._lines(paragraph))]
        tight = bool(self._items) and not apart
        kept = [*self._items[:depth], _OpenItem(item.number, end, len(mark))]
        self._put([indent + line for line in lines], paragraph.number, tight=tight)
        self._items = kept

    def _table(self, table: WordTable) -> None:
        width = max(map(len, table.rows))
        rows = [[*map(self._cell, row), *[""] * (width - len(row))] for row in table.rows]
        numbers = [next((one.number for cell in row for one in cell), table.number) for row in table.rows]
        lines = [f"| {' | '.join(row)} |" for row in rows]
        self._put([lines[0], "|" + " --- |" * width, *lines[1:]], table.number)
        places = [numbers[0], *numbers]
        self.lines[-len(places) :] = [
            (line, place) for (line, _), place in zip(self.lines[-len(places) :], places, strict=True)
        ]

    def _cell(self, paragraphs: list[WordParagraph]) -> str:
        """The words of a cell in one line; what began a new one there begins after a semicolon."""
        said = [part for one in paragraphs for part in self._numbered(one).split("\\\n")]
        text = ""
        for part in (" ".join(part.split()) for part in said):
            gap = "" if not text or not part else " " if text.endswith((".", ":", ";", ",")) else "; "
            text += gap + part
        return text.replace("|", "\\|")

    def _numbered(self, paragraph: WordParagraph) -> str:
        number = paragraph.item.number if paragraph.item else 0
        return (f"{number}. " if number else "") + self._inline(paragraph)

    def add_notes(self, notes: Mapping[str, list[WordParagraph]]) -> None:
        """Write the notes that the section refers to, below it."""
        done: set[str] = set()
        while waiting := [id_ for id_ in self._labels if id_ not in done]:
            for id_ in waiting:
                done.add(id_)
                paragraphs = [_cleaned(one) for one in notes.get(id_, ()) if one.words]
                lines = [line for one in paragraphs for line in ("", *self._lines(one))][1:] or ["–"]
                first = f"[^{self._labels[id_]}]: {lines[0]}"
                self._put([first, *(f"    {line}" if line else "" for line in lines[1:])], 0)


class _OpenItem(NamedTuple):
    """The last item at one depth of a list."""

    number: int
    end: str
    width: int


# --- words within a paragraph


def escaped(text: str) -> str:
    """A text in which nothing is a mark; what is one at the beginning of a line only, `_begun` sees to."""
    return _MARKS.sub(lambda mark: f"\\{mark[0]}", text)


def _begun(line: str) -> str:
    """A line that begins with no mark of a block."""
    line = line.strip()
    if _FIRST.match(line):
        return f"\\{line}"
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line


def inline(runs: Sequence[WordRun], atom: Callable[[WordRun], str]) -> str:
    """The Markdown of words, with a backslash at each break of a line.

    Emphasis that Markdown cannot have where the text has it, as in the midst of a word, is left out.
    """
    formats = [look for look in _LOOKS if any(getattr(run, look) for run in runs)]
    for count in range(len(formats), 0, -1):
        for begins in (_is_seen, str.isalnum):
            peeled = _peeled(runs, begins)
            text = _written(peeled, ("link", *formats[:count]), atom)
            plain = _written(peeled, ("link", *formats[:count]), lambda _run: _NEUTRAL)
            if _reads_as(plain, peeled, formats[:count]):
                return text
    return _written(_peeled(runs, _is_seen), ("link",), atom)


def _is_seen(sign: str) -> bool:
    return not sign.isspace()


_WRAPS = {"bold": "**", "italic": "*", "struck": "~~"}


def _written(runs: Iterable[WordRun], formats: tuple[str, ...], atom: Callable[[WordRun], str]) -> str:
    """Words with the marks of their formats, the first of which holds the others."""
    if not formats:
        return "".join(
            atom(run) if run.picture or run.note else escaped(run.text).replace("\n", "\\\n") for run in runs
        )
    parts: list[str] = []
    for value, group in groupby(runs, key=lambda run: getattr(run, formats[0])):
        text = _written(group, formats[1:], atom)
        if not value or not text.strip():
            parts.append(text)
        elif formats[0] == "link":
            parts.append(f"[{text}](<{value.translate(_LINK)}>)" if is_safe(value) else text)
        else:
            parts.append(f"{_WRAPS[formats[0]]}{text}{_WRAPS[formats[0]]}")
    return "".join(parts)


def _merged(runs: Iterable[WordRun]) -> list[WordRun]:
    """Words of one look together, with one space where there are several."""
    made: list[WordRun] = []
    for run in runs:
        text = run.text if run.picture else _SPACE.sub(" ", run.text)
        last = made[-1] if made else None
        if last and not (last.picture or last.note) and last.text.endswith((" ", "\n")) and not run.picture:
            text = text.lstrip(" ")
        if not (text or run.picture or run.note):
            continue
        if last and not (run.picture or run.note) and last._replace(text="") == run._replace(text=""):
            made[-1] = last._replace(text=_SPACE.sub(" ", last.text + text))
        else:
            made.append(run._replace(text=text))
    return _stripped(made)


def _stripped(runs: list[WordRun]) -> list[WordRun]:
    """Words without white space around them."""
    while runs and not (runs[0].picture or runs[0].note or runs[0].text.strip()):
        runs = runs[1:]
    while runs and not (runs[-1].picture or runs[-1].note or runs[-1].text.strip()):
        runs = runs[:-1]
    if runs and not runs[0].picture:
        runs = [runs[0]._replace(text=runs[0].text.lstrip()), *runs[1:]]
    if runs and not runs[-1].picture:
        runs = [*runs[:-1], runs[-1]._replace(text=runs[-1].text.rstrip())]
    return runs


def _peeled(runs: Sequence[WordRun], begins: Callable[[str], bool]) -> list[WordRun]:
    """Words whose emphasis begins and ends with certain characters, so that Markdown can have it."""
    made: list[WordRun] = []
    for run in runs:
        if run.picture or run.note or not (run.bold or run.italic or run.struck or run.link):
            made.append(run)
            continue
        first = next((at for at, sign in enumerate(run.text) if begins(sign)), len(run.text))
        last = next((at for at, sign in enumerate(reversed(run.text)) if begins(sign)), 0)
        end = max(first, len(run.text) - last)
        plain = run._replace(bold=False, italic=False, struck=False)
        around = run.text[:first], run.text[end:]
        before, after = (plain._replace(text=text, link=run.link if text.strip() else "") for text in around)
        made += [part for part in (before, run._replace(text=run.text[first:end]), after) if part.text]
    return made


def _reads_as(text: str, runs: Sequence[WordRun], formats: Sequence[str]) -> bool:
    """Whether Markdown shows the characters that words have, with their emphasis."""
    wanted = (
        sign
        for run in runs
        if not (run.picture or run.note)
        for sign in _shown(run.text, [bool(getattr(run, look)) for look in formats])
    )
    return [*wanted] == [*_signs(prose_parser().parseInline(text)[0].children or [], formats)]


def _shown(text: str, state: list[bool]) -> Iterator[tuple[str, list[bool]]]:
    """The characters of a text with their formats, of which those of signs and the form of quotes do not matter."""
    for sign in text:
        if not sign.isspace() and sign not in _QUOTES:
            yield sign, state if sign.isalnum() else []


def _signs(tokens: Iterable[Token], formats: Sequence[str]) -> Iterator[tuple[str, list[bool]]]:
    """The characters that Markdown shows, with their formats."""
    open_: dict[str, int] = dict.fromkeys(_LOOKS, 0)
    for token in tokens:
        if token.tag in _OPENED:
            open_[_OPENED[token.tag]] += token.nesting
        elif token.type == "text":
            yield from _shown(token.content, [open_[look] > 0 for look in formats])


def pictures_of(blocks: Iterable[WordBlock]) -> Iterator[tuple[WordRun, int]]:
    """The pictures of blocks, with the numbers of their paragraphs."""
    yield from ((run, one.number) for one in paragraphs_of(blocks) for run in one.pictures)
