"""Our styles and lists beside those of the office, which go before ours under the same name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from masterplan_cli.values import roman
from masterplan_cli.writers.docx.elements import Element, el, name

LIST_INDENT = 397
_BULLETS = "•–▪"
_LEVELS = 9
_HIGHEST_START = 32767
#: What stands after the language in the schema's order.
_AFTER_LANGUAGE = ("eastAsianLayout", "specVanish", "oMath")


def value(element: Element, tag: str) -> str:
    """What a child says, or nothing."""
    found = element.find(name(tag))
    return "" if found is None else str(found.get(name("w:val"), ""))


def add_styles(styles: Element, ours: Element) -> dict[str, str]:
    """Add to `styles` those of ours that it lacks; the ids that our styles have there."""
    theirs = list(styles.iterchildren(name("w:style")))
    by_name = {value(s, "w:name").casefold(): s.get(name("w:styleId")) for s in theirs}
    taken = {s.get(name("w:styleId")) for s in theirs}
    defaults = {s.get(name("w:type")) for s in theirs if s.get(name("w:default")) in ("1", "true")}
    ids: dict[str, str] = {}
    new = []
    for style in list(ours.iterchildren(name("w:style"))):
        own = style.get(name("w:styleId"))
        known = by_name.get(value(style, "w:name").casefold())
        ids[own] = known or (f"{own}MP" if own in taken else own)
        new += [] if known else [style]
    for style in new:
        _adopt(style, ids, defaults)
        styles.append(style)
    _set_defaults(styles, ours.find(name("w:docDefaults")))
    return ids


def _adopt(style: Element, ids: dict[str, str], defaults: set[str]) -> None:
    style.set(name("w:styleId"), ids[style.get(name("w:styleId"))])
    if style.get(name("w:type")) in defaults:
        style.attrib.pop(name("w:default"), None)
    for tag in ("w:basedOn", "w:next", "w:link"):
        for other in style.iterchildren(name(tag)):
            other.set(name("w:val"), ids[other.get(name("w:val"))])


def _set_defaults(styles: Element, ours: Element) -> None:
    """The language is the document's, whatever the office's file was written in."""
    theirs = styles.find(name("w:docDefaults"))
    if theirs is None:
        styles.insert(0, ours)
        return
    runs = theirs.find(name("w:rPrDefault"))
    if runs is None:
        theirs.insert(0, ours.find(name("w:rPrDefault")))
        return
    if not len(runs):
        runs.append(el("w:rPr"))
    for old in list(runs[0].iterchildren(name("w:lang"))):
        runs[0].remove(old)
    language = next(ours.iter(name("w:lang")))
    after = next((e for e in runs[0] if str(e.tag).rpartition("}")[2] in _AFTER_LANGUAGE), None)
    runs[0].append(language) if after is None else after.addprevious(language)


def style_of(styles: Element, style_id: str) -> Element:
    return next(s for s in styles.iterchildren(name("w:style")) if s.get(name("w:styleId")) == style_id)


def list_levels() -> dict[str, str]:
    """The levels of our bullets and numbers, for numbering.xml."""
    return {
        "bullets": "".join(_level(i, "bullet", _BULLETS[i % len(_BULLETS)]) for i in range(_LEVELS)),
        "numbers": "".join(_level(i, "decimal", f"%{i + 1}.") for i in range(_LEVELS)),
    }


def _level(index: int, form: str, text: str) -> str:
    left = LIST_INDENT * (index + 1)
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{LIST_INDENT}"/></w:pPr></w:lvl>'
    )


_FORMS: dict[str, Callable[[int], str]] = {"upperRoman": roman, "decimal": str}


class Lists:
    """The lists of a document: ours come after the office's, with numbers of their own."""

    def __init__(self, numbering: Element, ours: Element, ids: dict[str, str]) -> None:
        self.element = numbering
        first = 1 + max(self._numbers("w:abstractNum", "w:abstractNumId"), default=0)
        self._last = max(self._numbers("w:num", "w:numId"), default=0)
        before = numbering.find(name("w:num"))
        for offset, abstract in enumerate(list(ours)):
            abstract.set(name("w:abstractNumId"), str(first + offset))
            for bound in abstract.iter(name("w:pStyle")):
                bound.set(name("w:val"), ids[bound.get(name("w:val"))])
            numbering.append(abstract) if before is None else before.addprevious(abstract)
        self.chapters, self.bullets = self._add(first), self._add(first + 1)
        self._counted = first + 2

    def ordered(self, level: int, start: int) -> int:
        """A list that counts from `start` at a level."""
        begin = el("w:startOverride", w_val=min(start, _HIGHEST_START))
        return self._add(self._counted, el("w:lvlOverride", begin, w_ilvl=level))

    def label(self, number: int, count: int) -> str:
        """What a list prints before its item of this count, at its first level; nothing where that is not plain."""
        nums = self.element.iterchildren(name("w:num"))
        abstract = next(
            (value(n, "w:abstractNumId") for n in nums if n.get(name("w:numId")) == str(number)), None
        )
        for found in self.element.iterchildren(name("w:abstractNum")):
            level = found.find(name("w:lvl"))
            if found.get(name("w:abstractNumId")) == abstract and level is not None:
                write = _FORMS.get(value(level, "w:numFmt"))
                return value(level, "w:lvlText").replace("%1", write(count)) + " " if write else ""
        return ""

    def _numbers(self, tag: str, attribute: str) -> Iterator[int]:
        return (int(e.get(name(attribute))) for e in self.element.iterchildren(name(tag)))

    def _add(self, abstract: int, *overrides: Element) -> int:
        self._last += 1
        made = el("w:num", el("w:abstractNumId", w_val=abstract), *overrides, w_numId=self._last)
        end = self.element.find(name("w:numIdMacAtCleanup"))
        self.element.append(made) if end is None else end.addprevious(made)
        return self._last
