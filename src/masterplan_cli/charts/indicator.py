"""One indicator on its way: the baseline, the targets, and the results against them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from masterplan_cli import schema
from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.svg import SMALL, Chart, Drawing, Point, say, text_width
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.nodes import Program
from masterplan_cli.plan import Plan
from masterplan_cli.values import grouped

_INDICATOR_ALT = Both(
    "{name} ({unit}). Nilai awal: {baseline}. Target: {targets}. Realisasi: {actuals}.",
    "{name} ({unit}). Baseline: {baseline}. Targets: {targets}. Results: {actuals}.",
)

_WIDTH, _SIDE, _TOP, _PLOT, _BOTTOM = 300.0, 72.0, 8.0, 34.0, 26.0


class _Mark(NamedTuple):
    year: int
    value: Decimal


class _Series(NamedTuple):
    """The baseline (with a year or the one before the first target), the targets, the results."""

    baseline: _Mark | None
    targets: list[_Mark]
    actuals: list[_Mark]

    @property
    def aims(self) -> list[_Mark]:
        return ([self.baseline] if self.baseline else []) + self.targets

    @property
    def all(self) -> list[_Mark]:
        return self.aims + self.actuals


def indicator(plan: Plan, program: Program, index: int) -> list[Chart]:
    """A program's n-th indicator; nothing while there are not two figures to draw a line between."""
    measured = program.data.indicators[index]
    series = _series(measured)
    if len({mark.year for mark in series.all}) < 2:
        return []
    number = plan.places[program] + 1
    svg = _draw(plan, series)
    return [Chart(f"chart:indicator-{number}-{index + 1}", svg, "", _alt(plan, measured, series))]


def _series(measured: schema.Indicator) -> _Series:
    targets = _marks(measured.targets)
    actuals = _marks(measured.actuals)
    base = measured.baseline
    years = [mark.year for mark in (*targets, *actuals)]
    before = min(years) - 1 if years else 0
    baseline = _Mark(base.year or before, base.value) if base and years else None
    return _Series(baseline, targets, actuals)


def _marks(values: dict[int, Decimal]) -> list[_Mark]:
    return [_Mark(year, value) for year, value in sorted(values.items())]


class _Scale:
    """Where years and values lie."""

    def __init__(self, marks: Sequence[_Mark]) -> None:
        years, values = [m.year for m in marks], [m.value for m in marks]
        self.first, self.span = min(years), max(1, max(years) - min(years))
        self.low, self.range = min(values), max(values) - min(values)

    def at(self, mark: _Mark) -> Point:
        share = (mark.value - self.low) / self.range if self.range else Decimal("0.5")
        x = _SIDE + (_WIDTH - 2 * _SIDE) * (mark.year - self.first) / self.span
        return x, _TOP + _PLOT * (1 - float(share))


def _draw(plan: Plan, series: _Series) -> str:
    art = Drawing(_WIDTH)
    scale = _Scale(series.all)
    base = _TOP + _PLOT + 4
    art.line((_SIDE, base), (_WIDTH - _SIDE, base), PALETTE.line)
    aims, actuals = ([scale.at(mark) for mark in marks] for marks in (series.aims, series.actuals))
    _track(art, aims, PALETTE.soft, "3 2")
    _track(art, actuals, PALETTE.brand, "")
    for point in aims:
        art.circle(point, 2.4, PALETTE.paper, PALETTE.soft)
    for x, y in actuals:
        art.rect(x - 2.3, y - 2.3, 4.6, 4.6, PALETTE.brand)
    _ends(art, plan, series, scale)
    _key(art, plan, series, base + 16)
    return art.svg(_TOP + _PLOT + _BOTTOM)


def _track(art: Drawing, points: list[Point], colour: str, dash: str) -> None:
    if len(points) > 1:
        art.path("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points), colour, 1.4, dash)


def _ends(art: Drawing, plan: Plan, series: _Series, scale: _Scale) -> None:
    """The first figure to the left of the line, the last target to the right, the years below each."""
    marks = sorted(series.aims or series.actuals)
    for mark, anchor, x in ((marks[0], "end", _SIDE - 8), (marks[-1], "start", _WIDTH - _SIDE + 8)):
        y = min(max(scale.at(mark)[1] + 2.5, _TOP + 2), _TOP + _PLOT - 4)
        figure = grouped(mark.value, plan.language)
        art.text((x, y), figure, width=_SIDE - 10, anchor=anchor, bold=True)  # type: ignore[arg-type]
        art.text((x, y + 9), str(mark.year), width=_SIDE - 10, size=SMALL, anchor=anchor, fill=PALETTE.soft)  # type: ignore[arg-type]


def _key(art: Drawing, plan: Plan, series: _Series, y: float) -> None:
    """What the marks mean, and the last result."""
    x = _SIDE
    if series.aims:
        words = say(LABELS["target"], plan)
        art.circle((x + 3, y - 2.5), 2.4, PALETTE.paper, PALETTE.soft)
        art.text((x + 10, y), words, width=70, size=SMALL)
        x += 10 + text_width(words, SMALL) + 14
    if series.actuals:
        last = series.actuals[-1]
        words = f"{say(LABELS['actual'], plan)} {last.year}: {grouped(last.value, plan.language)}"
        art.rect(x + 0.7, y - 4.8, 4.6, 4.6, PALETTE.brand)
        art.text((x + 10, y), words, width=_WIDTH - x - 12, size=SMALL)


def _alt(plan: Plan, measured: schema.Indicator, series: _Series) -> str:
    def list_of(marks: list[_Mark]) -> str:
        return "; ".join(f"{m.year}: {grouped(m.value, plan.language)}" for m in marks) or "–"

    baseline = grouped(series.baseline.value, plan.language) if series.baseline else "–"
    return say(
        _INDICATOR_ALT,
        plan,
        name=measured.name,
        unit=measured.unit,
        baseline=baseline,
        targets=list_of(series.targets),
        actuals=list_of(series.actuals),
    )
