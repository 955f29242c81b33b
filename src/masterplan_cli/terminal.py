"""What a terminal may be given: no control characters but colours, and nothing that turns the reading direction."""

from __future__ import annotations

import re

_LINES = re.compile("\n+")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_COLOUR = re.compile("\x1b\\[[0-9;]{0,12}m")


def shown(text: str) -> str:
    """A text made safe for one line of a terminal or of a log, where a line of its own could be taken for ours."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", _LINES.sub(" ", text))


def shown_lines(text: str) -> str:
    """A text of several lines made safe for a terminal."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def is_safe(text: str) -> bool:
    """Whether a text, which may be coloured, is safe for a terminal as it is."""
    return not _HIDDEN.search(_COLOUR.sub("", text))
