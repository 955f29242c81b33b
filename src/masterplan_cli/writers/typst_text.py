"""Texts as a book's fonts can print them, with places to break, and what lists show of them."""

from __future__ import annotations

import re

from masterplan_cli import fonts
from masterplan_cli.layout import SOFT_HYPHEN, hyphenated
from masterplan_cli.tree import Break, Footnote, Line, Paragraph, Picture, Run, plain

#: Characters that only choose a form of the one before them; a font without that form prints the plain one.
_SELECTORS = re.compile("[\ufe00-\ufe0f\ufeff]")
#: No font has the ends of lines and the tabs of a drawing's code, which are no part of what it says.
_LINE = re.compile(r"[^\n\r\t]+")
_WORD = re.compile(r"\S+")
#: Where a line may break already.
_GAPS = re.compile(rf"([\s{SOFT_HYPHEN}]+)")


def visible(text: str, font: str) -> str:
    """The text as the book's fonts can print it: a character they lack stands as its code, `[U+1F600]`."""
    text = _SELECTORS.sub("", text)
    return fonts.missing(font).sub(lambda match: f"[U+{ord(match.group()):04X}]", text)


def visible_drawing(svg: bytes, font: str) -> bytes:
    """An SVG whose text the fonts can print; one in another encoding is left as it is."""
    try:
        text = svg.decode("utf-8")
    except UnicodeDecodeError:
        return svg
    return _LINE.sub(lambda match: visible(match[0], font), text).encode("utf-8")


def breakable(text: str, longest: int) -> str:
    """The text with places to break in words that no line could hold."""
    if len(text) <= longest:
        return text
    pieces = _GAPS.split(text)
    return "".join(
        "\u200b".join(piece[i : i + longest] for i in range(0, len(piece), longest))
        if len(piece) > longest
        else piece
        for piece in pieces
    )


def with_syllables(text: str, room: int) -> str:
    """The text with soft hyphens in the words that are longer than their cell: they stay in copied text."""
    if len(text) <= room:
        return text
    return _WORD.sub(lambda match: hyphenated(match[0]) if len(match[0]) > room else match[0], text)


def worded(line: Line, font: str) -> Line:
    """The words of a heading; one that shows nothing, or nothing but a picture, would be refused."""
    own = tuple(i for i in line if not isinstance(i, Picture))
    if not visible(plain(own), font).strip():
        line = tuple(Run(i.alt) if isinstance(i, Picture) else i for i in line)
    return line if visible(plain(line), font).strip() else (Run("–"),)


def has_words(paragraph: Paragraph) -> bool:
    """Whether it is more than a picture."""
    return any(not isinstance(inline, Picture | Break) for inline in paragraph.line)


def unlinked(line: Line) -> Line:
    """The words without their links: a heading stands inside a link of the contents."""
    return tuple(Run(i.text, i.bold, i.italic, i.strike, i.code) if isinstance(i, Run) else i for i in line)


def for_lists(line: Line) -> Line:
    """What lists show of a line: neither links nor notes, and of a picture its text."""
    shown = (Run(i.alt) if isinstance(i, Picture) else i for i in unlinked(line))
    return tuple(inline for inline in shown if not isinstance(inline, Footnote))
