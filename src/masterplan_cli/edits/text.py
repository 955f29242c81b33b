"""Values as YAML is written by hand: plain where that reads, in quotes where it must be, of several lines as a block."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from masterplan_cli.values import Period
from masterplan_cli.yaml_faults import quoted
from masterplan_cli.yaml_reader import NULLS, Value

#: What a caller may give for a value: what a file says, or the figures and dates that its texts are read as.
Given: TypeAlias = "str | int | float | Decimal | datetime.date | Period | Sequence[Given] | Mapping[str, Given] | Mapping[int, Given] | None"

#: A text that means something else, or nothing, without quotes.
_MARKED = re.compile(r"""[\s,\[\]{}#&*!|>'"%@`?:=~]|-(?![\w.,])|<<$|---|\.\.\.$""")
_BROKEN = re.compile(r":(?:\s|$)|\s#|\s$|[\t\n\x0b\x0c]")
_BRACKETS = re.compile(r"[,\[\]{}]|:\S")


class Layout(NamedTuple):
    """How much deeper than its key a file writes a mapping and a list."""

    mapping: int = 2
    sequence: int = 2


def as_value(given: Given) -> Value:
    """What a file says for a value; line ends at the end of a text say nothing."""
    match given:
        case None:
            return None
        case bool():
            return "Ya" if given else "Tidak"
        case str():
            return given.replace("\r\n", "\n").rstrip("\n")
        case Period():
            return f"{given.first}" if given.first == given.last else f"{given.first}-{given.last or ''}"
        case float() | Decimal():
            return f"{Decimal(str(given)):f}".replace(".", ",")
        case list() | tuple():
            return [as_value(item) for item in given]
        case dict():
            return {str(key): as_value(value) for key, value in given.items()}
        case datetime.date():
            return f"{given:%Y-%m-%d}"
    return str(given)


def is_plain(text: str, *, flow: bool) -> bool:
    """Whether a text needs no quotes."""
    return not (
        text in NULLS or _MARKED.match(text) or _BROKEN.search(text) or (flow and _BRACKETS.search(text))
    )


def scalar(text: str | None, *, flow: bool = False, style: str = "") -> str:
    """A text within a line, in the quotes of a style, or without any where none are needed."""
    if text is None:
        return "null"
    if style == "'" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    if style == '"' or "\n" in text:
        return (
            '"'
            + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
            + '"'
        )
    return text if is_plain(text, flow=flow) else quoted(text)


def inline(value: Value, *, flow: bool = True) -> str:
    """A value within a line, in brackets where it has parts."""
    if isinstance(value, list):
        return f"[{', '.join(inline(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key, flow=True)}: {inline(item)}' for key, item in value.items())}}}"
    return scalar(value, flow=flow)


def is_block(value: Value) -> bool:
    """Whether a value takes lines of its own."""
    if isinstance(value, str):
        return literal(value) is not None
    return bool(value) and value is not None


def literal(text: str) -> list[str] | None:
    """The lines of a text in a block `|`; None where one line holds it, or a block cannot."""
    if "\n" not in text or text[0].isspace() or not text.rsplit("\n", 1)[-1].strip():
        return None
    return text.split("\n")


def folded(text: str, width: int) -> list[str] | None:
    """The lines of a text in a block `>`, about as long as it says; None where a block cannot hold it."""
    paragraphs = text.split("\n")
    if any(one != one.strip() for one in paragraphs) or not paragraphs[-1].strip() or not paragraphs[0]:
        return None
    lines: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        lines += [""] if number and paragraph else []
        lines += _wrapped(paragraph, width) or [""]
    return lines


def _wrapped(paragraph: str, width: int) -> list[str]:
    """A paragraph in lines, broken at single spaces only, which a block `>` reads as the space again."""
    words: list[str] = []
    for word in re.split(r"(?<=\S) (?=\S)", paragraph):
        if words and len(words[-1]) + 1 + len(word) <= width:
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def pair(key: str, value: Value, layout: Layout) -> list[str]:
    """The lines of a key and its value."""
    name = scalar(key)
    if value is None:
        return [f"{name}:"]
    if not is_block(value):
        return [f"{name}: {inline(value, flow=False)}"]
    if isinstance(value, str):
        return [f"{name}: |", *deeper(literal(value) or (), layout.mapping)]
    step = layout.sequence if isinstance(value, list) else layout.mapping
    return [f"{name}:", *deeper(block(value, layout), step)]


def item(value: Value, layout: Layout, step: int = 2) -> list[str]:
    """The lines of an item of a list, its text so far behind the dash."""
    if value is None:
        return ["-"]
    dash = "-".ljust(step)
    if not is_block(value):
        return [f"{dash}{inline(value, flow=False)}"]
    if isinstance(value, str):
        return [f"{dash}|", *deeper(literal(value) or (), step)]
    first, *rest = block(value, layout)
    return [f"{dash}{first}", *deeper(rest, step)]


def block(value: Value, layout: Layout) -> list[str]:
    """The lines of a list or a mapping that has parts."""
    if isinstance(value, dict):
        return [line for key, part in value.items() for line in pair(key, part, layout)]
    return [line for part in value or () for line in item(part, layout)]


def deeper(lines: Iterable[str], columns: int) -> list[str]:
    """Lines with so many more blanks before them, save where they are empty."""
    return [" " * columns + line if line else "" for line in lines]
