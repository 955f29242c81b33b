"""What a misspelt word probably meant: a slip of one letter away from a known word, or the one most like it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from math import inf


class Guess(str):
    """What a word probably meant; `fix` says it again when nothing else can have been meant."""

    __slots__ = ("fix",)
    fix: str | None


#: What the searches for what misspelt words mean in one file, or one rule's in a whole plan, may cost: comparisons of two words.
EFFORT = 1_000_000
#: What it costs to tell how like each other two words are, where it costs one to see a slip.
_LIKENESS = 20
_ALIKE = 0.72
_LONGEST_WORD = 80


class Choices:
    """The words of which one may have been meant, made ready for many searches.

    How like it a word must be to be meant by it is told by `alike`. A mapping leads from each spelling to what it stands for. After as much `effort` only words that differ in capitals
    and separators are found: who writes so many wrong words has made another mistake.
    """

    def __init__(
        self, choices: Iterable[str] | Mapping[str, str], effort: float = inf, alike: float = _ALIKE
    ) -> None:
        self._alike = alike
        self._meanings = choices if isinstance(choices, Mapping) else {choice: choice for choice in choices}
        self._effort = effort
        self._found: dict[str, Guess | None] = {}

    @cached_property
    def _same(self) -> dict[str, set[str]]:
        """What the spellings stand for, by their letters alone."""
        same: dict[str, set[str]] = {}
        for spelling, meaning in self._meanings.items():
            same.setdefault(_bare(spelling), set()).add(meaning)
        return same

    @cached_property
    def _options(self) -> dict[str, str]:
        """What the spellings stand for, by their small letters."""
        return {spelling.casefold(): meaning for spelling, meaning in self._meanings.items()}

    @cached_property
    def _spelt(self) -> dict[str, str]:
        """The spellings as they are written, by their small letters."""
        return {spelling.casefold(): spelling for spelling in self._meanings}

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = {}
        for option in self._options:
            lengths.setdefault(len(option), []).append(option)
        return lengths

    def suggest(self, word: str) -> Guess | None:
        """The choice that `word` probably meant: a slip of one letter away, else the most similar.

        Where several choices are one slip away, nobody can tell.
        """
        bare = _bare(word)
        same = self._same.get(bare, ()) if bare else ()
        if len(same) == 1:
            return _guess(*same, sure=True)
        if word not in self._found and self._effort > 0:
            self._found[word] = self._search(word.casefold()[:_LONGEST_WORD])
        return self._found.get(word)

    def slips(self, folded: str) -> list[str]:
        """The choices, in small letters, that are a slip of one letter away from a word in small letters."""
        lengths = range(max(3, len(folded) - 1), len(folded) + 2)
        options = [option for length in lengths for option in self._by_length.get(length, ())]
        if self._effort <= 0:
            return []
        self._effort -= len(options)
        return [option for option in options if one_slip(folded, option)]

    def _search(self, folded: str) -> Guess | None:
        options, slips, similar = self._options, self.slips(folded), self._similar(folded)
        meant = {options[spelling] for spelling in slips or similar[:1]}
        if len(meant) != 1:
            return None
        alone = len({options[spelling] for spelling in (*slips, *similar)}) == 1
        sure = alone and any(is_slip(folded, self._spelt[spelling]) for spelling in slips)
        return _guess(meant.pop(), sure=sure)

    def _similar(self, folded: str) -> list[str]:
        """The choices that are most like a word."""
        from difflib import get_close_matches

        own = len(folded)
        lengths = [n for n in self._by_length if 2.0 * min(n, own) / (n + own or 1) >= self._alike]
        options = [option for length in lengths for option in self._by_length[length]]
        self._effort -= _LIKENESS * len(options)
        return get_close_matches(folded, options, n=4, cutoff=self._alike)


def suggest(word: str, choices: Iterable[str] | Mapping[str, str]) -> Guess | None:
    """The choice that `word` probably meant, as `Choices` finds it."""
    return Choices(choices).suggest(word)


def _guess(meaning: str, *, sure: bool) -> Guess:
    guess = Guess(meaning)
    guess.fix = meaning if sure else None
    return guess


def _bare(text: str) -> str:
    """A word without capitals and separators."""
    return re.sub(r"[\W_]+", "", text.casefold())


def is_slip(word: str, meant: str) -> bool:
    """Whether a word is another with other capitals or separators, or with one letter wrong in a part of it.

    Parts that tell things apart by themselves (digits, parts shorter than four letters, abbreviations) must be the
    same: `dinas-c` is no slip of `dinas-a`, nor `APBD` one of `APBN`.
    """
    if _bare(word) == _bare(meant):
        return True
    ours, theirs = (re.split(r"[\W_]+", text.strip()) for text in (word, meant))
    if len(ours) != len(theirs) or re.sub(r"\D", "", word) != re.sub(r"\D", "", meant):
        return False
    return all(_is_slipped(a.casefold(), b) for a, b in zip(ours, theirs, strict=True))


def _is_slipped(part: str, meant: str) -> bool:
    """Whether a part of a word is that of another, or a slip of it; an abbreviation keeps its letters."""
    other = meant.casefold()
    letters = not meant.isupper() or sorted(part) == sorted(other)
    return part == other or (letters and min(len(part), len(other)) >= 4 and one_slip(part, other))


def one_slip(one: str, other: str) -> bool:
    """Whether one wrong, missing, surplus or exchanged letter leads from one word to the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest, more = short[start:], long[start:]
    if len(short) < len(long):
        return rest == more[1:]
    return rest[1:] == more[1:] or (rest[:2] == more[1::-1] and rest[2:] == more[2:])
