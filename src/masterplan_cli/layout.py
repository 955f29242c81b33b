"""Layout that formats share: the widths of a table's columns, and where long Indonesian words may break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
#: Shorter words need no break in a cell; a piece of a word is never shorter than three letters.
_LONG_WORD, _PIECE = 12, 3
#: An address may be longer: it is broken anywhere, rather than starve the other columns.
_LONGEST_PIECE = 30
_WORD = re.compile(rf"[^\W\d_]{{{_LONG_WORD},}}")
#: Two letters that write one consonant, and two vowels of one syllable, stay together.
_CONSONANT = "(?:ng|ny|sy|kh|(?!ng|ny|sy|kh)[^aiueo])"
_SYLLABLE = re.compile(rf"[aiueo](?:i|u)?(?=({_CONSONANT}?)({_CONSONANT})[aiueo])", re.IGNORECASE)
#: Where a line may end; a space that must not break, as in "Rp 1.000", is none of these.
_BREAK = re.compile(rf"(?:[^\S\u00a0\u202f]|{SOFT_HYPHEN})+")
#: A column's share grows more slowly than its text, so that one long column does not starve the others.
_GROWTH = 0.75
#: Digits of a share: far fewer than floats have, whose last ones differ between systems and between Pythons.
_DIGITS = 6


def column_widths(rows: Sequence[Sequence[str]], capacity: int, pad: float = 2) -> list[float]:
    """The share of each column in a table's width, summing to 1.

    `rows` are the cells' texts, the head first; `capacity` is how many characters a line of the table holds, `pad` how
    many of them the space around a cell takes.
    No column is narrower than its longest unbreakable piece where that is possible.
    """
    columns = list(zip(*rows, strict=True))
    least = [max(_longest_piece(cell) for cell in column) + pad for column in columns]
    natural = [max(len(cell) for cell in column) + pad for column in columns]
    if sum(natural) <= capacity:
        return _shares([float(n) for n in natural])
    spare = max(0, capacity - sum(least))
    weights = [sum(map(len, column)) ** _GROWTH + 1 for column in columns]
    wanted = [n - m for n, m in zip(natural, least, strict=True)]
    given = _dealt(spare, weights, wanted)
    return _shares([m + g for m, g in zip(least, given, strict=True)])


def least_width(rows: Sequence[Sequence[str]], pad: float = 2) -> float:
    """How many characters a line must hold so that a table shows no word cut."""
    return sum(max(_longest_piece(cell) for cell in column) + pad for column in zip(*rows, strict=True))


def roomy_width(rows: Sequence[Sequence[str]], longest: int) -> int:
    """How many characters a line must hold so that no cell shorter than `longest` needs a second line."""
    return sum(min(max(map(len, column)), longest) + 2 for column in zip(*rows, strict=True))


def _dealt(spare: float, weights: list[float], wanted: list[float]) -> list[float]:
    """Deal out spare width by weight; what a column does not want goes to the others."""
    given = [0.0] * len(weights)
    open_ = [i for i, w in enumerate(wanted) if w > 0]
    while open_ and spare > 0.5:
        total = sum(weights[i] for i in open_)
        parts = {i: spare * weights[i] / total for i in open_}
        full = [i for i in open_ if given[i] + parts[i] >= wanted[i]]
        for i in full or open_:
            part = wanted[i] - given[i] if full else parts[i]
            given[i] += part
            spare -= part
        open_ = [i for i in open_ if i not in full] if full else []
    return given


def _shares(widths: list[float]) -> list[float]:
    total = sum(widths)
    return [round(width / total, _DIGITS) for width in widths]


@lru_cache(
    1 << 14
)  # a table's cells are measured for its direction, its size and its columns, in each format
def _longest_piece(text: str) -> float:
    longest = max(map(_width, _BREAK.split(hyphenated(text))), default=0)
    return min(longest, _LONGEST_PIECE)


def _width(piece: str) -> float:
    """How wide a piece is, in characters; the marks of a number are half as wide as its digits."""
    return len(piece) - 0.5 * sum(map(piece.count, ".,")) if piece[:1].isdigit() else len(piece)


def hyphenated(text: str) -> str:
    """The text with soft hyphens between the syllables of its long words."""
    return _WORD.sub(lambda match: _broken(match.group()), text)


def _broken(word: str) -> str:
    """A word with its breaks: after a vowel that a consonant and a vowel follow, between two consonants."""
    breaks = [match.end() + len(match[1]) for match in _SYLLABLE.finditer(word)]
    kept = [b for b in breaks if _PIECE <= b <= len(word) - _PIECE]
    pieces = [word[a:b] for a, b in zip([0, *kept], [*kept, len(word)], strict=True)]
    return SOFT_HYPHEN.join(pieces)
