"""The lines that part the data of a Markdown file from its text, and what is said where they are missing or odd."""

from __future__ import annotations

import re

from masterplan_cli.diagnostics import Exact, Finding, Place
from masterplan_cli.source import Source, Span
from masterplan_cli.yaml_rules import FRONT_MATTER

#: A line of data.
_DATA = re.compile(r"[a-z_]+:(\s|$)|\s|- |#\s")
#: What is written for the line that closes the data, perhaps with the first words of the text behind it.
_CLOSING = re.compile(r"(?:-{2,}|[–—―]+|[*_=]{3,})(?:\s+(\S.*))?")


def opening(source: Source) -> tuple[int | None, list[Finding]]:
    """How many lines stand before the data; None where there are none. What is odd about them is a finding."""
    lines = source.lines
    first = next(n for n, line in enumerate(lines) if line.strip())
    text = lines[first].strip()
    if lines[0].rstrip() == "---":
        return 1, []
    if text == "---":
        column = lines[first].index("---") + 1
        place = Place(source.path, span=Span(1, 1, first + 1, column))
        return first + 1, [FRONT_MATTER.at(place, "before", fix=Exact(""))]
    if re.fullmatch("[-–—―]+", text) and _data_end(lines[first + 1 :]):
        place = Place(source.path, span=Span(first + 1, 1, first + 1, len(lines[first]) + 1))
        return first + 1, [FRONT_MATTER.at(place, "dashes", fix=Exact("---"), text=text)]
    if _data_end(lines[first:]):
        place = Place(source.path, span=Span(1, 1, first + 1, 1))
        return first, [FRONT_MATTER.at(place, "first", fix=Exact("---\n"))]
    ruler = next((n for n, line in enumerate(lines) if line.rstrip() == "---"), 0)
    if ruler and _data_end(lines[ruler + 1 :]):
        place = Place(source.path, span=Span(first + 1, 1, ruler, len(lines[ruler - 1]) + 1))
        return ruler + 1, [FRONT_MATTER.at(place, "above", text=text)]
    return None, [FRONT_MATTER.at(Place(source.path, span=source.whole_line(1)))]


def unclosed(source: Source, start: int) -> Finding:
    """Data without an end, or with a line that was meant to be it."""
    lines = source.lines
    said = ((n, line) for n, line in enumerate(lines[start:], start) if line.strip())
    end = next((n for n, line in said if not _DATA.match(line) or line.strip() == "---"), 0)
    written = _CLOSING.fullmatch(lines[end].strip()) if end else None
    if not written:
        return FRONT_MATTER.at(Place(source.path, span=source.whole_line(max(start, 1))), "open")
    place = Place(source.path, span=Span(end + 1, 1, end + 1, len(lines[end]) + 1))
    text = f"---\n{written[1]}" if written[1] else "---"
    return FRONT_MATTER.at(place, "closing", text=lines[end].strip()[:80], fix=Exact(text))


def _data_end(lines: list[str]) -> int:
    """Where data end that begin with a field and go up to a line `---`; 0 where the lines are something else."""
    end = next((n for n, line in enumerate(lines) if line.rstrip() == "---"), 0)
    said = [line for line in lines[:end] if line.strip()]
    fields = bool(said) and all(_DATA.match(line) for line in said)
    return end if fields and re.match(r"[a-z_]+:(\s|$)", said[0]) else 0


def goes_on(lines: list[str]) -> bool:
    """Whether what follows the data part is more data with a `---` of its own, and no prose."""
    end = next((n for n, line in enumerate(lines) if line.rstrip() == "---"), 0)
    data = [line for line in lines[:end] if line.strip()]
    return bool(data) and all(_DATA.match(line) for line in data)
