"""The fonts that come with the tool, and which characters they have. Written by tools/subset_fonts.py."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
#: What prints where the font of the text has no glyph, in this order.
_SYMBOLS = ("DejaVu Sans", "Noto Naskh Arabic", "Noto Sans Javanese")
_TEXT = {"sans": "Noto Sans", "serif": "Noto Serif"}


@cache
def missing(font: str) -> re.Pattern[str]:
    """Finds each character that a book in this font (`sans` or `serif`) cannot print."""
    coverage = json.loads((FOLDER / "coverage.json").read_text(encoding="utf-8"))
    ranges = [pair for family in (_TEXT[font], *_SYMBOLS) for pair in coverage[family]]
    return re.compile("[^" + "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in ranges) + "]")
