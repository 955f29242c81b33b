"""The styles and the lists of a Word file: what makes a heading, what is bold, and which number an item has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from masterplan_cli.words.blocks import WordItem
from masterplan_cli.words.package import child, is_on, number, value

_HEADING = re.compile(r"(?:heading|judul) ([1-9])")
_ROLES = {
    "title": "title", "caption": "caption", "quote": "quote", "intense quote": "quote", "quotations": "quote",
    "toc heading": "contents", "contents heading": "contents", "table of figures": "contents",
}  # fmt: skip
_LEVELS, _MOST_STYLES = 9, 20
_PLAIN = "%{}"


class WordStyle(NamedTuple):
    """What a style, with those that it is based on, makes of a paragraph or of words."""

    level: int = 0
    role: str = ""
    bold: bool | None = None
    italic: bool | None = None
    struck: bool | None = None
    #: The list that its paragraphs belong to, and how deep.
    list_id: str = ""
    depth: int = 0


class WordStyles:
    """The styles of a file by their ids."""

    def __init__(self, root: Element | None) -> None:
        styles = root.findall("style") if root is not None else ()
        self._elements = {style.get("styleId", ""): style for style in styles}
        self._known: dict[str, WordStyle] = {}

    def of(self, id_: str | None) -> WordStyle:
        if not id_:
            return WordStyle()
        if id_ not in self._known:
            self._known[id_] = self._style(id_)
        return self._known[id_]

    def _style(self, id_: str) -> WordStyle:
        """The nearest that a style or those below it say."""
        made = WordStyle()
        for element in self._chain(id_):
            name = (value(element, "name") or "").lower()
            formats = child(element, "rPr")
            list_ = child(element, "pPr", "numPr")
            made = WordStyle(
                made.level or level_of(element, name),
                made.role or _role(name),
                _first(made.bold, is_on(formats, "b")),
                _first(made.italic, is_on(formats, "i")),
                _first(made.struck, is_on(formats, "strike")),
                made.list_id or value(list_, "numId") or "",
                made.depth or number(value(list_, "ilvl")),
            )
        return made

    def _chain(self, id_: str) -> Iterator[Element]:
        for _ in range(_MOST_STYLES):
            element = self._elements.get(id_)
            if element is None:
                return
            yield element
            id_ = value(element, "basedOn") or ""


def _first(one: bool | None, other: bool | None) -> bool | None:
    return other if one is None else one


def _role(name: str) -> str:
    return "contents" if re.fullmatch(r"toc [1-9]", name) else _ROLES.get(name, "")


def level_of(element: Element, name: str = "") -> int:
    """The level of headings that a style or a paragraph says, 0 where it says none."""
    found = _HEADING.fullmatch(name)
    level = value(element, "pPr", "outlineLvl")
    if found:
        return int(found[1])
    return number(level, _LEVELS) + 1 if level and number(level, _LEVELS) < _LEVELS else 0


class _ListLevel(NamedTuple):
    """How the items of a list are marked at one depth."""

    form: str
    text: str
    start: int


class WordLists:
    """The lists of a file, whose items are counted in the order in which they are asked for."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _ListLevel]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for element in root if root is not None else ():
            if element.tag == "abstractNum":
                self._levels[element.get("abstractNumId", "")] = dict(_levels(element))
            elif element.tag == "num":
                id_ = element.get("numId", "")
                self._lists[id_] = value(element, "abstractNumId") or ""
                self._restarts[id_] = dict(_restarts(element))

    def item(self, list_id: str, depth: int) -> tuple[WordItem, bool]:
        """The next item of a list, and whether its mark is one that Markdown has."""
        abstract = self._lists.get(list_id, "")
        level = self._levels.get(abstract, {}).get(depth, _ListLevel("bullet", "", 1))
        if level.form in ("bullet", "none"):
            return WordItem(depth, 0), level.form == "bullet"
        counts = self._counts.setdefault(abstract, {})
        restart = self._restarts.get(list_id, {}).pop(depth, None)
        counts[depth] = restart if restart is not None else counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        plain = level.form == "decimal" and level.text.strip(" .)(") == _PLAIN.format(depth + 1)
        return WordItem(depth, counts[depth]), plain


def _levels(element: Element) -> Iterator[tuple[int, _ListLevel]]:
    for level in element.findall("lvl"):
        start = number(value(level, "start"), 1)
        form = value(level, "numFmt") or "decimal"
        yield number(level.get("ilvl")), _ListLevel(form, value(level, "lvlText") or "", start)


def _restarts(element: Element) -> Iterator[tuple[int, int]]:
    for level in element.findall("lvlOverride"):
        start = value(level, "startOverride")
        if start is not None:
            yield number(level.get("ilvl")), number(start, 1)
