"""What a terminal may be given: no control characters but colours, and nothing that turns the reading direction."""

from __future__ import annotations

import re

# Compiled when they are first used: a run that is answered by an earlier one seldom needs them.
_LINES = "\n+"
_HIDDEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_COMMAND = r"##(?=\[|vso\[)"
_COLOUR = "\x1b\\[[0-9;]{0,12}m"


def shown(text: str) -> str:
    """A text made safe for one line of a terminal or of a log, where a line of its own could be taken for ours."""
    return shown_lines(re.sub(_LINES, " ", text))


def shown_lines(text: str) -> str:
    """A text of several lines made safe for a terminal, and for systems that find commands within lines."""
    if "##" in text:
        text = re.sub(_COMMAND, "## ", text)
    return text if text.isprintable() else re.sub(_HIDDEN, "\N{REPLACEMENT CHARACTER}", text)


def no_command(line: str) -> str:
    """A line that begins with the text of a plan, made safe for systems that take its beginning for a command."""
    indent = len(line) - len(line.lstrip())
    return f"{line[:indent]}·{line[indent:]}" if line.startswith("::", indent) else line


def escaped_json(text: str) -> str:
    """The same JSON, in which nothing of that stands raw."""
    return text if text.isprintable() else re.sub(_HIDDEN, lambda found: f"\\u{ord(found[0]):04x}", text)


def is_safe(text: str) -> bool:
    """Whether a text, which may be coloured, is safe for a terminal as it is."""
    return text.replace("\n", "").isprintable() or not re.search(_HIDDEN, re.sub(_COLOUR, "", text))
