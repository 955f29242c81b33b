"""Indicators on their way: a grid of small pictures on one time axis, and lines that fit into a cell of a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from masterplan_cli import schema
from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.series import Mark, Plot, Series, Timeline, reached, value_range
from masterplan_cli.charts.svg import (
    SMALL,
    WIDTH,
    Chart,
    Drawing,
    named,
    numbered,
    part_of,
    say,
    shared,
    text_width,
    wrapped,
)
from masterplan_cli.figures import scale_of, scaled
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.nodes import Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.values import NBSP

_INDICATORS = Both("Indikator sasaran {pillar}, {years}", "Indicators of the goals of {pillar}, {years}")
_REACHED = Both(
    "{pillar}: {count} dari {all} target yang sudah jatuh tempo tercapai",
    "{pillar}: {count} of the {all} targets that were due are reached",
)
_NO_FIGURES = Both("belum ada angka", "no figures yet")
_LINE_KEY = Both("nilai awal dan target", "baseline and targets")
_SPARK_ALT = Both(
    "{name}: {first} ({first_year}), lalu {last} ({last_year})",
    "{name}: {first} ({first_year}), then {last} ({last_year})",
)

_COLUMNS, _MOST, _GUTTER = 3, 12, 13.0
_NAME, _PLOT, _HEIGHT, _AXIS, _LAST = 38.0, 34.0, 102.0, 33.0, 38.0
_CELL = (WIDTH - _GUTTER * (_COLUMNS - 1)) / _COLUMNS
_KEY = 16.0
_SPARK = (56.0, 13.0)


class _Panel(NamedTuple):
    """An indicator with its figures and the years that it shares with the others."""

    measured: schema.Indicator
    series: Series
    timeline: Timeline


def indicators(plan: Plan, pillar: Pillar) -> list[Chart]:
    """The indicators of a pillar's goals, each in a small picture of its own, all on one time axis."""
    return _grids(plan, pillar, f"indicators-{plan.pillars.index(pillar) + 1}")


def _grids(plan: Plan, pillar: Pillar, name: str) -> list[Chart]:
    measured = [measure.indicator for measure in pillar.measures]
    series = [Series.of(one) for one in measured]
    timeline = Timeline.of(plan, series)
    cells = [_Panel(one, figures, timeline) for one, figures in zip(measured, series, strict=True)]
    found = shared(cells, _MOST)
    caption = _finding(plan, pillar, measured)
    return [
        _grid(plan, part, numbered(name, number), part_of(caption, plan, number, len(found)))
        for number, part in enumerate(found, 1)
    ]


def _finding(plan: Plan, pillar: Pillar, measured: Sequence[schema.Indicator]) -> str:
    """How many reached their target, where any target was due; else a neutral title."""
    results = [result for one in measured if (result := reached(one)) is not None]
    if not results:
        return say(_INDICATORS, plan, pillar=named(pillar.title), years=plan.settings.period)
    return say(_REACHED, plan, pillar=named(pillar.title), count=sum(results), all=len(results))


def _grid(plan: Plan, cells: Sequence[_Panel], name: str, caption: str) -> Chart:
    art = Drawing()
    for place, cell in enumerate(cells):
        row, column = divmod(place, _COLUMNS)
        _panel(art, plan, cell, (column * (_CELL + _GUTTER), row * _HEIGHT))
    bottom = -(-len(cells) // _COLUMNS) * _HEIGHT
    _key(art, plan, bottom, results=any(cell.series.actuals for cell in cells))
    alt = " ".join(cell.series.alt(plan, cell.measured) for cell in cells)
    return Chart(name, art.svg(bottom + _KEY), caption, alt)


def _key(art: Drawing, plan: Plan, y: float, *, results: bool) -> None:
    """What the line and the dots mean."""
    words = say(_LINE_KEY, plan)
    art.line((0, y + 6), (14, y + 6), PALETTE.brand, 1.4)
    art.circle((14, y + 6), 1.8, PALETTE.brand)
    art.text((19, y + 8.7), words, width=WIDTH / 2, size=SMALL, fill=PALETTE.soft)
    if results:
        x = 19 + text_width(words, SMALL) + 16
        art.circle((x, y + 6), 2.3, PALETTE.paper, PALETTE.ink)
        words = say(LABELS["actual"], plan).lower()
        art.text((x + 6, y + 8.7), words, width=WIDTH / 3, size=SMALL, fill=PALETTE.soft)


def _panel(art: Drawing, plan: Plan, cell: _Panel, corner: tuple[float, float]) -> None:
    """An indicator's name and unit over its figures."""
    x, y = corner
    names = wrapped(cell.measured.name, _CELL, 2, SMALL, bold=True)
    for row, line in enumerate(names):
        art.text((x, y + 7.5 + 9 * row), line, width=_CELL, size=SMALL, bold=True)
    below = y + 7.5 + 9 * len(names)
    art.text((x, below), cell.measured.unit, width=_CELL, size=SMALL, fill=PALETTE.soft)
    if not cell.series.all:
        art.text((x, below + 12), say(_NO_FIGURES, plan), width=_CELL, size=SMALL)
        return
    low, high = value_range(cell.series.all)
    width = _CELL - _AXIS - _LAST
    plot = Plot(cell.timeline, low, high, x + _AXIS, y + _NAME, width, _PLOT)
    _axes(art, plan, plot, x)
    _figures(art, plan, plot, cell.series)


def _axes(art: Drawing, plan: Plan, plot: Plot, x: float) -> None:
    """The lowest and the highest value at the left, the first and the last year below."""
    right, base, room = plot.left + plot.width, plot.top + plot.height, _AXIS - 6
    art.line((plot.left - 3, base), (right, base), PALETTE.line)
    for value in dict.fromkeys((plot.low, plot.high)):
        _, y = plot.at(Mark(plot.timeline.first, value))
        art.line((plot.left - 3, y), (plot.left, y), PALETTE.soft, 0.5)
        shown = _short(plan, value, room)
        art.text((x + room, y + 2.7), shown, width=room, size=SMALL, fill=PALETTE.soft, anchor="end")
    for year in dict.fromkeys((plot.timeline.first, plot.timeline.last)):
        at = (plot.left + plot.width * plot.timeline.share(year), base + 20)
        art.line((at[0], base), (at[0], base + 3), PALETTE.soft, 0.5)
        art.text(at, str(year), width=40, size=SMALL, fill=PALETTE.soft, anchor="middle")


def _figures(art: Drawing, plan: Plan, plot: Plot, series: Series) -> None:
    """The line of targets from the baseline, the results as dots, and the first and last figures."""
    marks = series.aims or series.actuals
    if len(series.aims) > 1:
        art.path(plot.path(series.aims), PALETTE.brand, 1.4)
    for mark in series.aims:
        art.circle(plot.at(mark), 1.8, PALETTE.brand)
    for mark in series.actuals:
        art.circle(plot.at(mark), 2.3, PALETTE.paper, PALETTE.ink)
    rising = len(marks) < 2 or marks[1].value >= marks[0].value
    _first(art, plan, plot, marks[0], rising=rising)
    if len(marks) > 1:
        _last(art, plan, plot, marks[-1], rising=rising)


def _first(art: Drawing, plan: Plan, plot: Plot, first: Mark, *, rising: bool) -> None:
    """The first figure on the side that the line leaves free; its year with it where the axis begins later."""
    x, y = plot.at(first)
    early = f" ({first.year})" if first.year < plot.timeline.first else ""
    room = plot.width
    shown = _short(plan, first.value, room - text_width(early, SMALL, bold=True)) + early
    below, base = y + 10.5, plot.top + plot.height
    if y + 4.5 < base < y + 12.5:  # it would stand on the axis
        below = base + 9.5
    at = (min(x - 2, plot.left + room - text_width(shown, SMALL, bold=True)), below if rising else y - 5)
    art.text(at, shown, width=room, size=SMALL, bold=True)


def _last(art: Drawing, plan: Plan, plot: Plot, last: Mark, *, rising: bool) -> None:
    """The last figure to the right of its point."""
    x, y = plot.at(last)
    room = _LAST - 5
    aside = 2.7 if last.year >= plot.timeline.last else -2.5 if rising else 8
    art.text((x + 5, y + aside), _short(plan, last.value, room), width=room, size=SMALL, bold=True)


def _short(plan: Plan, value: Decimal, room: float) -> str:
    """A figure as it is printed, in millions and more where it has no room otherwise."""
    shown = plan.figures.grouped(value)
    whole = int(abs(value))
    if text_width(shown, SMALL, bold=True) <= room or not (power := scale_of(whole)):
        return shown
    sign = "-" if value < 0 else ""
    for decimals in (2, 1, 0):
        figure = plan.figures.grouped(scaled(whole, power, decimals).normalize())
        shown = f"{sign}{figure}{NBSP}{plan.figures.scale(power)[:2]}"
        if text_width(shown, SMALL, bold=True) <= room:
            break
    return shown


def spark(plan: Plan, node: Program | Pillar, index: int) -> list[Chart]:
    """The n-th indicator of a program or a pillar as a line for a cell of a table; nothing where there are not two figures."""
    measured = node.measures[index].indicator
    series = Series.of(measured)
    if len({mark.year for mark in series.all}) < 2:
        return []
    place = plan.places[node] + 1 if isinstance(node, Program) else f"p{plan.pillars.index(node) + 1}"
    alt = _spark_alt(plan, measured, series)
    return [Chart(f"chart:spark-{place}-{index + 1}", _spark(plan, series), "", alt)]


def _spark(plan: Plan, series: Series) -> str:
    width, height = _SPARK
    low, high = value_range(series.all)
    plot = Plot(Timeline.of(plan, [series]), low, high, 3, 3, width - 6, height - 6)
    art = Drawing(width)
    if len(series.aims) > 1:
        art.path(plot.path(series.aims, 1), PALETTE.brand)
    if series.aims:
        art.circle(plot.at(series.aims[-1]), 1.7, PALETTE.brand)
    for mark in series.actuals:
        art.circle(plot.at(mark), 1.5, PALETTE.paper, PALETTE.ink, 0.8)
    return art.svg(height, bare=True)


def _spark_alt(plan: Plan, measured: schema.Indicator, series: Series) -> str:
    marks = series.aims if len({mark.year for mark in series.aims}) > 1 else sorted(series.all)
    first, last = marks[0], marks[-1]
    return say(
        _SPARK_ALT,
        plan,
        name=named(measured.name),
        first=plan.figures.grouped(first.value),
        first_year=first.year,
        last=plan.figures.grouped(last.value),
        last_year=last.year,
    )
