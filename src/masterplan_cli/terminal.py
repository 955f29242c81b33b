"""What a terminal may be given: no control characters but colours, and nothing that turns the reading direction."""

from __future__ import annotations

import re

# Compiled when they are first used: a run that is answered by an earlier one seldom needs them.
_LINES = "\n+"
_HIDDEN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
_COLOUR = "\x1b\\[[0-9;]{0,12}m"


def shown(text: str) -> str:
    """A text made safe for one line of a terminal or of a log, where a line of its own could be taken for ours."""
    return shown_lines(re.sub(_LINES, " ", text))


def shown_lines(text: str) -> str:
    """A text of several lines made safe for a terminal."""
    return text if text.isprintable() else re.sub(_HIDDEN, "\N{REPLACEMENT CHARACTER}", text)


def is_safe(text: str) -> bool:
    """Whether a text, which may be coloured, is safe for a terminal as it is."""
    return text.replace("\n", "").isprintable() or not re.search(_HIDDEN, re.sub(_COLOUR, "", text))
