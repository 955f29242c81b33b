"""Other words in the text of a Markdown file: a section by its headings, or all of it."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple, TypeAlias

from masterplan_cli.edits.draft import NoPlaceError
from masterplan_cli.markdown import escape, plain_text, prose_parser
from masterplan_cli.values import slug

#: The headings that lead to a section, the outermost first; each in all words that it may have, first those of a new one.
Headings: TypeAlias = tuple[tuple[str, ...], ...]


class _Section(NamedTuple):
    """A heading at the top level of a text: its words as a slug, where it stands, where its text begins and ends."""

    level: int
    name: str
    line: int
    start: int
    end: int


def with_section(body: str, headings: Headings, text: str | None, order: tuple[tuple[str, ...], ...]) -> str:
    """A text in which a section says something else, is new, or is gone; `order` has the sections beside it."""
    lines = body.split("\n")
    sections = _sections(body)
    if not headings:
        new = _with_words(lines, 0, len(lines), text or "")
    elif (found := _find(sections, headings)) is not None:
        if text is None:
            new = lines[: found.line] + lines[found.end :]
        else:
            new = _with_words(lines, found.start, found.end, text)
    elif text is None:
        raise NoPlaceError("section")
    else:
        new = _with_section(lines, sections, headings, text, order)
    made = "\n".join(new)
    if not _kept(sections, _sections(made), headings, text):
        raise NoPlaceError("headings")
    return made


def section_text(body: str, headings: Headings) -> str | None:
    """What a section says, without the empty lines around it; None where there is none."""
    lines = body.split("\n")
    if not headings:
        return "\n".join(_said(lines))
    found = _find(_sections(body), headings)
    return None if found is None else "\n".join(_said(lines[found.start : found.end]))


def stands_alone(text: str) -> bool:
    """Whether a text in a section of the second level neither begins others nor swallows those behind it."""
    found = [one.level for one in _sections(f"{text}\n\n## -\n")]
    return found[-1:] == [2] and all(level > 2 for level in found[:-1])


def _said(lines: list[str]) -> list[str]:
    """Lines without the empty ones around them."""
    first, last = _edges(lines)
    return lines[first:last]


def _edges(lines: list[str]) -> tuple[int, int]:
    """How many empty lines stand first, and where the last words end."""
    first = sum(1 for _ in takewhile(lambda line: not line.strip(), lines))
    last = len(lines) - sum(1 for _ in takewhile(lambda line: not line.strip(), reversed(lines)))
    return first, max(first, last)


def _with_words(lines: list[str], start: int, end: int, text: str) -> list[str]:
    """Lines in which those between two places say something else; the empty lines around them stay."""
    words = _said(text.split("\n"))
    first, last = _edges(lines[start:end])
    if first < last and words:
        return [*lines[: start + first], *words, *lines[start + last :]]
    if first < last:
        return [*lines[: start + first], *lines[start + last :]]
    if not words:
        return lines
    # Where nothing stood but empty lines, one of them goes before the words.
    rest = lines[start + 1 : end] or [""]
    return [*lines[:start], "", *words, *rest, *lines[end:]]


def _with_section(
    lines: list[str],
    sections: list[_Section],
    headings: Headings,
    text: str,
    order: tuple[tuple[str, ...], ...],
) -> list[str]:
    """Lines with a new section behind the nearest that belongs before it, or at the end of the one that holds it."""
    outer = _find(sections, headings[:-1]) if headings[:-1] else _Section(0, "", 0, 0, len(lines))
    if outer is None:
        raise NoPlaceError("section")
    inside = [one for one in sections if outer.start <= one.line < outer.end]
    top = min((one.level for one in inside), default=max(outer.level + 1, 2))
    beside = {one.name: one for one in reversed(inside) if one.level == top}
    names = [tuple(map(slug, words)) for words in order]
    own = slug(headings[-1][0])
    place = next((at for at, words in enumerate(names) if own in words), len(names))
    before = (beside[name] for words in reversed(names[:place]) for name in words if name in beside)
    after = (beside[name] for words in names[place + 1 :] for name in words if name in beside)
    at = next((one.end for one in before), None)
    at = next((one.line for one in after), outer.end) if at is None else at
    above = list(lines[:at])
    while above and not above[-1].strip():
        above.pop()
    made = ["", f"{'#' * top} {escape(headings[-1][0])}", "", *_said(text.split("\n")), ""]
    return [*above, *made, *lines[at:]]


def _sections(body: str) -> list[_Section]:
    """The headings of a text that stand in nothing else."""
    tokens = prose_parser().parse(body)
    found = [
        (int(token.tag[1]), slug(plain_text(tokens[at + 1])), token.map[0], token.map[1])
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and not token.level and token.map
    ]
    made: list[_Section] = []
    last = body.count("\n") + 1
    ends: dict[int, int] = {}
    for level, name, line, start in reversed(found):
        end = min((ends[other] for other in ends if other <= level), default=last)
        made.append(_Section(level, name, line, start, end))
        ends = {other: at for other, at in ends.items() if other < level} | {level: line}
    return made[::-1]


def _find(sections: list[_Section], headings: Headings) -> _Section | None:
    """The section to which headings lead."""
    start, end, found = 0, None, None
    for words in headings:
        names = set(map(slug, words))
        inside = (one for one in sections if start <= one.line and (end is None or one.line < end))
        found = next((one for one in inside if one.name in names), None)
        if found is None:
            return None
        start, end = found.start, found.end
    return found


def _kept(before: list[_Section], after: list[_Section], headings: Headings, text: str | None) -> bool:
    """Whether all other headings are what they were: words may not begin sections beside their own, nor swallow one."""
    if not headings:
        return True
    old, new = _find(before, headings), _find(after, headings) if text is not None else None
    return _others(before, old) == _others(after, new) and (text is None or new is not None)


def _others(sections: list[_Section], but: _Section | None) -> list[tuple[int, str]]:
    """The headings outside of a section."""
    return [
        (one.level, one.name)
        for one in sections
        if but is None or not but.line <= one.line < max(but.end, but.line + 1)
    ]
