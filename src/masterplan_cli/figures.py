"""Figures as documents print them: rupiah in full and in words, shares, how they are rounded, and tables of their sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Generic, TypeVar

from masterplan_cli.messages import Language
from masterplan_cli.values import NBSP, grouped

#: In tables amounts stand in millions of rupiah.
MILLION = 10**6
_SCALE_WORDS: dict[Language, dict[int, str]] = {
    Language.ID: {12: "triliun", 9: "miliar", 6: "juta"},
    Language.EN: {12: "trillion", 9: "billion", 6: "million"},
}


def scale_of(amount: int) -> int:
    """The power of ten in which an amount is said in short; 0 where it is said in full."""
    power = next((power for power in (12, 9, 6) if amount >= 10**power), 0)
    # 999.995.000 is a billion, and no thousand millions.
    return power + 3 if 0 < power < 12 and scaled(amount, power) >= 1000 else power


def scaled(amount: int, power: int, decimals: int = 2) -> Decimal:
    """An amount in units of a power of ten; half a unit of the last decimal is rounded up."""
    return (Decimal(amount) / Decimal(10) ** power).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def rounded(amount: int) -> Decimal:
    """What the short form of an amount stands for."""
    power = scale_of(amount)
    return scaled(amount, power) * 10**power if power else Decimal(amount)


@dataclass(frozen=True)
class Figures:
    """How a document prints figures: with its language's separators, and with a space after `Rp` or without."""

    language: Language
    spaced: bool = True

    def grouped(self, value: int | Decimal) -> str:
        return grouped(value, self.language)

    def rupiah(self, amount: int) -> str:
        """An amount in full: `Rp 1.250.000.000`."""
        return f"Rp{NBSP if self.spaced else ''}{self.grouped(amount)}"

    def short_rupiah(self, amount: int) -> str:
        """A round amount in words: `Rp 1,25 miliar`."""
        power = scale_of(amount)
        if not power:
            return self.rupiah(amount)
        figure = self.grouped(scaled(amount, power).normalize())
        return f"Rp{NBSP if self.spaced else ''}{figure}{NBSP}{_SCALE_WORDS[self.language][power]}"

    def millions(self, amount: int, decimals: int = 0) -> str:
        """An amount in millions of rupiah, as tables have it; one too small for its decimals is not nought."""
        figure = scaled(amount, 6, decimals)
        if amount and not figure:
            return f"<{NBSP}{self.grouped(Decimal(1).scaleb(-decimals))}"
        return self.grouped(figure)

    def scale(self, power: int) -> str:
        """The word for a power of ten; empty where figures are said in full."""
        return _SCALE_WORDS[self.language].get(power, "")

    def percent(self, value: int | Decimal | None) -> str:
        """A share: `55 %` in Indonesian, `55%` in English."""
        if value is None:
            return "–"
        return f"{self.grouped(value)}{NBSP if self.language is Language.ID else ''}%"


def decimals_of(amounts: Iterable[int]) -> int:
    """How many decimals amounts of one column need in millions: none where all of them are whole."""
    return int(any(amount % MILLION for amount in amounts))


Key = TypeVar("Key")


@dataclass(frozen=True)
class Pivot(Generic[Key]):
    """A table of sums: a row and a column for each key, and every total."""

    columns: list[str]
    rows: list[tuple[Key, list[int], int]]
    totals: list[int]
    total: int

    @cached_property
    def decimals(self) -> int:
        """How many decimals its amounts need in millions: none where all of them are whole."""
        return decimals_of(amount for _, cells, _ in self.rows for amount in cells)

    @cached_property
    def rounded(self) -> bool:
        """Whether its amounts, as they are shown in millions, do not add up to its totals."""

        def shown(amount: int) -> Decimal:
            return scaled(amount, 6, self.decimals)

        columns = zip(*(cells for _, cells, _ in self.rows), strict=True)
        sums = [(cells, total) for _, cells, total in self.rows]
        sums += zip(map(list, columns), self.totals, strict=True) if self.rows else []
        return any(sum(map(shown, cells)) != shown(total) for cells, total in sums)
