"""The roadmap: every program's cost and a bar over its years, grouped by pillar, on the bands of the phases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.svg import (
    HEIGHT,
    SMALL,
    WIDTH,
    Chart,
    Drawing,
    named,
    numbered,
    pages,
    part_of,
    say,
    shared,
    text_width,
    wrapped,
)
from masterplan_cli.figures import scaled
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.nodes import Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.schema import Phase
from masterplan_cli.values import Period

_ROADMAP = Both("Peta jalan program, {period}", "Roadmap of the programs, {period}")
_BUSIEST = Both(
    "Terbanyak berjalan pada {years}: {count} dari {all} program",
    "Most programs run in {years}: {count} of {all}",
)
_NO_PERIOD = Both("belum ada periode", "no period yet")
_UNIT = Both("Rp {unit}", "Rp {unit}")
_ALL = Both("Jumlah {count} program", "Total of {count} programs")
_PILLAR_PROGRAMS = Both("{pillar} {count} program {cost}", "{pillar} {count} programs {cost}")
_PHASE_PROGRAMS = Both("{phase} ({period}) {count} program", "{phase} ({period}) {count} programs")
_ROADMAP_ALT = Both(
    "Masa pelaksanaan dan biaya {count} program. Menurut pilar: {pillars}. Berjalan menurut tahap: {phases}. Quick win: {stars} program. Belum ada periode: {without}.",
    "The years and costs of {count} programs. By pillar: {pillars}. Running in each phase: {phases}. Quick wins: {stars}. No period yet: {without}.",
)

_LABEL, _ROW, _GROUP, _BAR, _HEAD = 188.0, 11.0, 14.0, 7.0, 13.0
_LINE = 9.0
#: How wide the column of costs is at least and at most, and from where on a larger unit is used.
_NARROW, _WIDE, _ROOM = 40.0, 92.0, 52.0


def roadmap(plan: Plan) -> list[Chart]:
    """All programs with their costs; those of a pillar stay on one page where they can."""
    groups = [part for pillar in plan.pillars if pillar.programs for part in _parts(pillar)]
    if not groups:
        return []
    heights = [_GROUP + _ROW * len(part) for part in groups]
    costs = _Costs(plan)
    axis = _Axis(plan.years, _LABEL + costs.width)
    head = _HEAD + sum(lane.height(axis) for lane in _lanes(plan.settings.phases, axis))
    found = pages(groups, heights, max(HEIGHT - head - _GROUP, HEIGHT / 2))
    frame = _Gantt(plan, axis, costs)
    return [_chart(frame, groups, number, len(found)) for number, groups in enumerate(found, 1)]


def _parts(pillar: Pillar) -> list[list[Program]]:
    """A pillar's programs, in more than one part only where they need more than a page."""
    return [list(part) for part in shared(pillar.programs, int((HEIGHT - 4 * _HEAD - 2 * _GROUP) / _ROW))]


def _chart(frame: _Gantt, groups: list[list[Program]], number: int, count: int) -> Chart:
    art, plan, axis = Drawing(), frame.plan, frame.axis
    lanes = _lanes(plan.settings.phases, axis)
    top = _HEAD + sum(lane.height(axis) for lane in lanes)
    bottom = top + sum(_GROUP + _ROW * len(group) for group in groups)
    _ground(art, frame, lanes, bottom)
    y = top
    for group in groups:
        y = _group(art, frame, group, y)
    art.line((0, bottom), (WIDTH, bottom), PALETTE.soft)
    if number == count:
        words = say(_ALL, plan, count=len(plan.programs))
        art.text((12, bottom + 9.5), words, width=_LABEL - 14, size=SMALL, bold=True)
        frame.costs.write(art, plan.total, bottom + 9.5, bold=True)
    caption = _finding(plan)
    if count > 1:
        caption += ": " + ", ".join(dict.fromkeys(named(group[0].pillar.title) for group in groups))
    caption = part_of(caption, plan, number, count)
    return Chart(
        numbered("roadmap", number),
        art.svg(bottom + (_GROUP if number == count else 2)),
        caption,
        _alt(plan, groups),
    )


def _finding(plan: Plan) -> str:
    """The years in which most programs run; a neutral title where they are apart, or all years."""
    running = Counter(
        year
        for program in plan.programs
        if (period := program.period)
        for year in plan.years
        if year in period
    )
    most = max(running.values(), default=0)
    years = [year for year in plan.years if running[year] == most]
    together = years[-1] - years[0] + 1 == len(years)
    if len(plan.programs) < 2 or not most or not together or len(years) == len(plan.years):
        return say(_ROADMAP, plan, period=plan.settings.period)
    span = str(Period(years[0], years[-1]))
    return say(_BUSIEST, plan, years=span, count=most, all=len(plan.programs))


class _Costs:
    """The column of costs: its unit, so large that the sums have room, and its width."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        for power, decimals in ((6, 0), (9, 2), (12, 2)):
            self.power, self.decimals = power, decimals
            if text_width(self.shown(plan.total), SMALL, bold=True) <= _ROOM:
                break
        shown = [self.shown(plan.total), say(_UNIT, plan, unit=plan.figures.scale(self.power))]
        self.width = min(max(_NARROW, *(text_width(words, SMALL, bold=True) + 5 for words in shown)), _WIDE)
        self.head = shown[1]

    def shown(self, amount: int) -> str:
        """A cost in the column's unit; what would be rounded to nothing is said to be less than one."""
        if not amount:
            return "·"
        figure = scaled(amount, self.power, self.decimals)
        least = Decimal(1).scaleb(-self.decimals)
        return self.plan.figures.grouped(figure) if figure else f"<{self.plan.figures.grouped(least)}"

    def write(self, art: Drawing, amount: int, y: float, *, bold: bool = False) -> None:
        """An amount at the right edge of the column."""
        at = (_LABEL + self.width - 5, y)
        art.text(at, self.shown(amount), width=self.width - 4, size=SMALL, anchor="end", bold=bold)


class _Gantt(NamedTuple):
    """What all parts of the picture have in common."""

    plan: Plan
    axis: _Axis
    costs: _Costs


class _Axis:
    """Where the years lie, from the edge at `left`."""

    def __init__(self, years: list[int], left: float) -> None:
        self.years, self.left = years, left
        self.step = (WIDTH - left) / len(years)

    def x(self, year: int) -> float:
        """The left edge of a year, of one outside of the plan the nearest edge."""
        return self.left + self.step * (min(max(year, self.years[0]), self.years[-1] + 1) - self.years[0])

    def width(self, period: Period) -> float:
        return self.x(_last(period) + 1) - self.x(period.first)

    @property
    def labelled(self) -> list[int]:
        """The years that have room for their names."""
        room = text_width("0000", SMALL)
        every = int((room + 1) / self.step) + 1
        edge = (self.step + room) / 2
        shown = [year for year in self.years[::every] if self.x(year) + edge <= WIDTH]
        return [year for year in shown if self.step >= room or year > self.years[0]]


@dataclass
class _Lane:
    """Phases that follow each other."""

    phases: list[Phase]

    def names(self, axis: _Axis) -> list[list[str]]:
        return [
            wrapped(phase.title, axis.width(phase.period) - 4, 2, SMALL, bold=True) for phase in self.phases
        ]

    def height(self, axis: _Axis) -> float:
        return 5 + _LINE * max(map(len, self.names(axis)))


def _lanes(phases: tuple[Phase, ...], axis: _Axis) -> list[_Lane]:
    """Phases one beside the other; those that overlap one below the other."""
    lanes: list[_Lane] = []
    for phase in sorted(phases, key=lambda p: p.period.first):
        if axis.width(phase.period) <= 0:
            continue
        free = next((lane for lane in lanes if _last(lane.phases[-1].period) < phase.period.first), None)
        if free:
            free.phases.append(phase)
        else:
            lanes.append(_Lane([phase]))
    return lanes


def _last(period: Period) -> int:
    return period.last or 9999


def _ground(art: Drawing, frame: _Gantt, lanes: list[_Lane], bottom: float) -> None:
    """The bands of the phases with their names, the years, the head of the costs, and what a star means."""
    plan, axis, y = frame.plan, frame.axis, 0.0
    for row, lane in enumerate(lanes):
        below = y + lane.height(axis)
        _lane(art, axis, lane, y, below, bottom if row == 0 else below)
        y = below
    y += _HEAD
    for year in axis.labelled:
        art.text((axis.x(year) + axis.step / 2, y - 4), str(year), width=40, size=SMALL, anchor="middle")
    # Of a plan of centuries not every year has a line: they would lie side by side.
    for year in axis.years[:: int(3 / axis.step) + 1]:
        art.line((axis.x(year), y), (axis.x(year), bottom), PALETTE.line, 0.4)
    at, room = (axis.left - 5, y - 4), frame.costs.width
    art.text(at, frame.costs.head, width=room, size=SMALL, anchor="end", fill=PALETTE.soft)
    if plan.quick_wins:
        art.star((5, y - 6.5), 4, PALETTE.ink)
        art.text((12, y - 4), say(LABELS["quick_win"], plan), width=_LABEL - 16, size=SMALL)


def _lane(art: Drawing, axis: _Axis, lane: _Lane, y: float, below: float, depth: float) -> None:
    for index, (phase, names) in enumerate(zip(lane.phases, lane.names(axis), strict=True)):
        left, width = axis.x(phase.period.first), axis.width(phase.period)
        art.rect(left, y, width, depth - y, PALETTE.tint if index % 2 == 0 else PALETTE.paper)
        art.line((left, y), (left, depth), PALETTE.soft)
        for line, name in enumerate(reversed(names)):
            at = (left + width / 2, below - 4 - _LINE * line)
            art.text(at, name, width=width - 4, size=SMALL, anchor="middle", bold=True)


def _group(art: Drawing, frame: _Gantt, programs: list[Program], y: float) -> float:
    """A pillar's number, name and sum, then its programs; the place below them."""
    pillar = programs[0].pillar
    number = frame.plan.pillars.index(pillar) + 1
    colour = PALETTE.category(number - 1)
    art.line((0, y), (WIDTH, y), PALETTE.soft)
    left = art.badge(0.5, y + 2, number, colour) + 5
    art.text((left, y + 10), pillar.title, width=_LABEL - left, size=SMALL, bold=True)
    frame.costs.write(art, pillar.total, y + 10, bold=True)
    y += _GROUP
    for program in programs:
        _program(art, frame, program, colour, y)
        y += _ROW
    return y


def _program(art: Drawing, frame: _Gantt, program: Program, colour: str, y: float) -> None:
    axis, baseline = frame.axis, y + 8.2
    if program.quick_win:
        art.star((5, y + 5.5), 4, PALETTE.ink)
    art.text((12, baseline), _fitting(program), width=_LABEL - 14, size=SMALL)
    frame.costs.write(art, program.total, baseline)
    period = program.period
    if period is None:
        room = WIDTH - axis.left - 4
        art.text(
            (axis.left + 4, baseline), say(_NO_PERIOD, frame.plan), width=room, size=SMALL, fill=PALETTE.soft
        )
        return
    first, last = period.first, _last(period)
    left, right = axis.x(first), axis.x(last + 1)
    before, after = first < axis.years[0], last > axis.years[-1]
    if right > left:
        art.bar(left, y + (_ROW - _BAR) / 2, right - left, _BAR, colour)
    fill = PALETTE.on(colour) if right > left else PALETTE.ink
    _beyond(art, before, after, (left, right), (axis.left, y + _ROW / 2), fill)


def _fitting(program: Program) -> str:
    """A program's name, or its short one where that is known and the other would be cut."""
    fits = text_width(program.name, SMALL) <= _LABEL - 14
    return program.name if fits or program.apart else program.short or program.name


def _beyond(
    art: Drawing, before: bool, after: bool, edges: tuple[float, float], at: tuple[float, float], fill: str
) -> None:
    """Arrow heads where a program runs beyond the years of the plan."""
    (left, right), (edge, middle) = edges, at
    if before:
        tip = min(max(left, edge) + 2, WIDTH - 8)
        art.polygon([(tip, middle), (tip + 5, middle - 2.8), (tip + 5, middle + 2.8)], fill)
    if after:
        tip = max(min(right, WIDTH) - 2, edge + 8)
        art.polygon([(tip, middle), (tip - 5, middle - 2.8), (tip - 5, middle + 2.8)], fill)


def _alt(plan: Plan, groups: list[list[Program]]) -> str:
    programs = [program for group in groups for program in group]
    pillars = [
        say(
            _PILLAR_PROGRAMS,
            plan,
            pillar=named(pillar.title),
            count=sum(program.pillar is pillar for program in programs),
            cost=plan.figures.short_rupiah(pillar.total),
        )
        for pillar in dict.fromkeys(program.pillar for program in programs)
    ]
    phases = [
        say(_PHASE_PROGRAMS, plan, phase=named(phase.title), period=phase.period, count=running)
        for phase in plan.settings.phases
        if (running := sum(program.runs_in(phase.period) for program in programs))
    ]
    return say(
        _ROADMAP_ALT,
        plan,
        count=len(programs),
        pillars="; ".join(pillars),
        phases="; ".join(phases) or "–",
        stars=sum(program.quick_win for program in programs),
        without=sum(program.period is None for program in programs),
    )
