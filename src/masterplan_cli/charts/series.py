"""The figures of an indicator in the order of their years, and the axes on which they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from masterplan_cli import schema
from masterplan_cli.charts.svg import Point, named, say
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan

_ALT = Both(
    "{name} ({unit}). Nilai awal: {baseline}. Target: {targets}. Realisasi: {actuals}.",
    "{name} ({unit}). Baseline: {baseline}. Targets: {targets}. Results: {actuals}.",
)
#: So many years before and after the plan's own are shown; what lies farther away stands at the edge.
_BEYOND = 5


class Mark(NamedTuple):
    """A figure and its year."""

    year: int
    value: Decimal


class Series(NamedTuple):
    """The baseline (with a year, or the one before the first figure), the targets, and the results."""

    baseline: Mark | None
    targets: list[Mark]
    actuals: list[Mark]

    @classmethod
    def of(cls, measured: schema.Indicator) -> Series:
        targets, actuals = _marks(measured.targets), _marks(measured.actuals)
        base, years = measured.baseline, [mark.year for mark in (*targets, *actuals)]
        before = min(years) - 1 if years else 0
        year = (base.year or before) if base else 0
        return cls(Mark(year, base.value) if base and year else None, targets, actuals)

    @property
    def aims(self) -> list[Mark]:
        """The baseline and the targets, by year."""
        return sorted([self.baseline, *self.targets] if self.baseline else self.targets)

    @property
    def all(self) -> list[Mark]:
        return self.aims + self.actuals

    def alt(self, plan: Plan, measured: schema.Indicator) -> str:
        """Every figure in words."""

        def listed(marks: Iterable[Mark]) -> str:
            return "; ".join(f"{mark.year}: {plan.figures.grouped(mark.value)}" for mark in marks) or "–"

        baseline = plan.figures.grouped(measured.baseline.value) if measured.baseline else "–"
        about = {"name": named(measured.name), "unit": named(measured.unit), "baseline": baseline}
        return say(_ALT, plan, **about, targets=listed(self.targets), actuals=listed(self.actuals))


def _marks(values: dict[int, Decimal]) -> list[Mark]:
    return [Mark(year, value) for year, value in sorted(values.items())]


def reached(measured: schema.Indicator) -> bool | None:
    """Whether the last result is as good as the target that was due by then; None where none was due."""
    series = Series.of(measured)
    if not series.actuals:
        return None
    last = series.actuals[-1]
    due = [mark.value for mark in series.targets if mark.year <= last.year]
    if not due:
        return None
    better = {"up": last.value >= due[-1], "down": last.value <= due[-1]}
    return better.get(measured.direction, last.value == due[-1])


class Timeline(NamedTuple):
    """The years that several series share: those of the plan, and a few around them where there are figures."""

    first: int
    last: int

    @classmethod
    def of(cls, plan: Plan, series: Iterable[Series]) -> Timeline:
        first, last = plan.years[0], plan.years[-1]
        years = [mark.year for one in series for mark in one.all]
        return cls(
            max(min([first, *years]), first - _BEYOND),
            min(max([last, *years]), last + _BEYOND),
        )

    def share(self, year: int) -> float:
        """Where a year lies between the first and the last, from 0 to 1."""
        inside = min(max(year, self.first), self.last)
        return (inside - self.first) / max(1, self.last - self.first)


class Plot(NamedTuple):
    """A box with a time axis and an axis of values, on which figures are points."""

    timeline: Timeline
    low: Decimal
    high: Decimal
    left: float
    top: float
    width: float
    height: float

    def at(self, mark: Mark) -> Point:
        across = float((mark.value - self.low) / (self.high - self.low)) if self.high != self.low else 0.5
        x = self.left + self.width * self.timeline.share(mark.year)
        return x, self.top + self.height * (1 - across)

    def path(self, marks: Iterable[Mark], decimals: int = 2) -> str:
        """A line through figures."""
        points = (self.at(mark) for mark in marks)
        return "M" + "L".join(f"{x:.{decimals}f} {y:.{decimals}f}" for x, y in points)


def value_range(marks: Iterable[Mark]) -> tuple[Decimal, Decimal]:
    """The lowest and the highest figure; zero is the lowest where it is near enough to be shown honestly."""
    values = [mark.value for mark in marks]
    low, high = min(values), max(values)
    return (Decimal(0) if 0 <= low <= high / 2 else low), high
