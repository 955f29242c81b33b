"""Unfinished merges: the marks that git leaves in a file, and the text without what they spoil."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from masterplan_cli.diagnostics import Finding, Place, Related
from masterplan_cli.file_rules import CONFLICT
from masterplan_cli.messages import Both
from masterplan_cli.source import Source

#: A line of its own; in a Markdown file `=======` alone may also underline a heading.
_MARK = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: |$)")
_OURS = Both("isi dari satu pihak", "what one side says")
_THEIRS = Both("isi dari pihak lain", "what the other side says")


class _Conflict(NamedTuple):
    """The numbers of the lines of its marks; `base` is `middle` where what stood before is not shown."""

    start: int
    base: int
    middle: int
    end: int


def without_conflicts(source: Source) -> tuple[Source, list[Finding]]:
    """The text with the longer side of each conflict, at the lines where it stands, and a finding for each."""
    if "<<<<<<<" not in source.text and ">>>>>>>" not in source.text:
        return source, []
    lines, findings = list(source.lines), []
    for found in _conflicts(source.lines):
        if isinstance(found, int):
            mark = lines[found - 1][:7]
            findings.append(CONFLICT.at(Place(source.path, span=source.whole_line(found)), "left", mark=mark))
            lines[found - 1] = ""
            continue
        findings.append(_finding(source, found))
        for first, last in _spoilt(found):
            lines[first - 1 : last] = [""] * (last - first + 1)
    return (Source(source.path, "\n".join(lines)) if findings else source), findings


def _spoilt(found: _Conflict) -> tuple[tuple[int, int], tuple[int, int]]:
    """The lines before and after the side that says more, or else the first."""
    if found.end - found.middle > found.base - found.start:
        return (found.start, found.middle), (found.end, found.end)
    return (found.start, found.start), (found.base, found.end)


def _conflicts(lines: list[str]) -> Iterator[_Conflict | int]:
    """Each conflict, or the number of a mark that stands alone."""
    open_: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        match = _MARK.match(line) if line[:1] in ("<", "|", "=", ">") else None
        sign = match[1][0] if match else ""
        if sign == "<":
            if open_:
                yield open_["<"]
            open_ = {"<": number}
        elif sign == ">" and "=" in open_:
            middle = open_["="]
            yield _Conflict(open_["<"], min(open_.get("|", middle), middle), middle, number)
            open_ = {}
        elif sign == ">":
            yield number
        elif sign and open_:
            open_.setdefault(sign, number)
    if open_:
        yield open_["<"]


def _finding(source: Source, found: _Conflict) -> Finding:
    sides = ((found.start, found.base, _OURS), (found.middle, found.end, _THEIRS))
    related = [
        Related(Place(source.path, span=source.whole_line(before + 1)), label)
        for before, after, label in sides
        if after > before + 1
    ]
    place = Place(source.path, span=source.whole_line(found.start))
    ours, theirs = (_lines(before, after) for before, after, _ in sides)
    return CONFLICT.at(place, "", related, ours=ours, theirs=theirs)


def _lines(before: int, after: int) -> Both | str:
    """The numbers of the lines between two marks."""
    if after == before + 1:
        return Both("(kosong)", "(none)")
    return f"{before + 1}" if after == before + 2 else f"{before + 1}–{after - 1}"
