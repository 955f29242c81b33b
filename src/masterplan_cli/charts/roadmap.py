"""The roadmap: a bar for every program over the years, grouped by pillar, on the bands of the phases."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.svg import (
    HEIGHT,
    SMALL,
    WIDTH,
    Chart,
    Drawing,
    numbered,
    pages,
    part_of,
    say,
    shared,
    text_width,
    wrapped,
)
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.nodes import Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.schema import Phase
from masterplan_cli.values import Period

_ROADMAP = Both("Peta jalan program, {period}", "Roadmap of the programs, {period}")
_PILLAR_PROGRAMS = Both("{pillar} {count} program", "{pillar} {count} programs")
_PHASE_PROGRAMS = Both("{phase} ({period}) {count} program", "{phase} ({period}) {count} programs")
_ROADMAP_ALT = Both(
    "Masa pelaksanaan {count} program. Menurut pilar: {pillars}. Berjalan menurut tahap: {phases}. Quick win: {stars} program.",
    "The years of {count} programs. By pillar: {pillars}. Running in each phase: {phases}. Quick wins: {stars}.",
)

_LABEL, _ROW, _GROUP, _BAR, _HEAD = 172.0, 12.6, 16.0, 9.0, 13.0
_LINE = 8.5


def roadmap(plan: Plan) -> list[Chart]:
    """All programs; those of a pillar stay on one page where they can."""
    groups = [part for pillar in plan.pillars if pillar.programs for part in _parts(pillar)]
    heights = [_GROUP + _ROW * len(part) for part in groups]
    axis = _Axis(plan.years, starred=bool(plan.quick_wins))
    head = _HEAD + sum(lane.height(axis) for lane in _lanes(plan.settings.phases, axis))
    found = pages(groups, heights, max(HEIGHT - head, HEIGHT / 2))
    return [_chart(plan, axis, groups, number, len(found)) for number, groups in enumerate(found, 1)]


def _parts(pillar: Pillar) -> list[list[Program]]:
    """A pillar's programs, in more than one part only where they need more than a page."""
    return [list(part) for part in shared(pillar.programs, int((HEIGHT - 4 * _HEAD - _GROUP) / _ROW))]


def _chart(plan: Plan, axis: _Axis, groups: list[list[Program]], number: int, count: int) -> Chart:
    art = Drawing()
    lanes = _lanes(plan.settings.phases, axis)
    top = _HEAD + sum(lane.height(axis) for lane in lanes)
    bottom = top + sum(_GROUP + _ROW * len(group) for group in groups)
    _ground(art, plan, axis, lanes, bottom)
    y = top
    for group in groups:
        y = _group(art, plan, axis, group, y)
    caption = say(_ROADMAP, plan, period=plan.settings.period)
    if count > 1:
        caption += ": " + ", ".join(dict.fromkeys(group[0].pillar.title for group in groups))
    caption = part_of(caption, plan, number, count)
    return Chart(numbered("roadmap", number), art.svg(bottom + 4), caption, _alt(plan, groups))


class _Axis:
    """Where the years lie; `starred` says whether any program has a star."""

    def __init__(self, years: list[int], *, starred: bool) -> None:
        self.years, self.starred = years, starred
        self.step = (WIDTH - _LABEL) / len(years)

    def x(self, year: int) -> float:
        """The left edge of a year, of one outside of the plan the nearest edge."""
        return _LABEL + self.step * (min(max(year, self.years[0]), self.years[-1] + 1) - self.years[0])

    def width(self, period: Period) -> float:
        return self.x(_last(period) + 1) - self.x(period.first)

    @property
    def labelled(self) -> list[int]:
        """The years that have room for their names."""
        room = text_width("0000", SMALL)
        every = int((room + 3) / self.step) + 1
        return [year for year in self.years[::every] if self.x(year) + (self.step + room) / 2 <= WIDTH]


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


def _ground(art: Drawing, plan: Plan, axis: _Axis, lanes: list[_Lane], bottom: float) -> None:
    """The bands of the phases with their names, the years, and what a star means."""
    y = 0.0
    for row, lane in enumerate(lanes):
        below = y + lane.height(axis)
        _lane(art, axis, lane, y, below, bottom if row == 0 else below)
        y = below
    y += _HEAD
    for year in axis.labelled:
        art.text((axis.x(year) + axis.step / 2, y - 4), str(year), width=40, size=SMALL, anchor="middle")
    for year in axis.years:
        art.line((axis.x(year), y), (axis.x(year), bottom), PALETTE.line, 0.4)
    if axis.starred:
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


def _group(art: Drawing, plan: Plan, axis: _Axis, programs: list[Program], y: float) -> float:
    """A pillar's name and its programs; the place below them."""
    pillar = programs[0].pillar
    colour = PALETTE.category(plan.pillars.index(pillar))
    art.line((0, y), (WIDTH, y), PALETTE.soft, 0.75)
    art.rect(0, y + 5, 8, 8, colour)
    art.text((12, y + 12), pillar.title, width=_LABEL - 16, bold=True)
    y += _GROUP
    for program in programs:
        _program(art, axis, program, colour, y)
        y += _ROW
    return y


def _program(art: Drawing, axis: _Axis, program: Program, colour: str, y: float) -> None:
    if program.quick_win:
        art.star((5, y + 6), 4, PALETTE.ink)
    art.text((12, y + 9), program.name, width=_LABEL - 16, size=SMALL)
    period = program.period
    if period is None:
        art.text((_LABEL + 4, y + 9), "–", width=10, size=SMALL)
        return
    first, last = period.first, _last(period)
    left, right = axis.x(first), axis.x(last + 1)
    top, middle = y + (_ROW - _BAR) / 2, y + _ROW / 2
    before, after = first < axis.years[0], last > axis.years[-1]
    if right > left:
        art.rect(left, top, right - left, _BAR, colour)
    _beyond(art, before, after, (left, right), middle, PALETTE.on(colour) if right > left else colour)
    shown, room = str(period), right - left - 6 - 7 * (before + after)
    if text_width(shown, SMALL) <= room:
        at = ((left + right + 7 * (before - after)) / 2, y + 9)
        art.text(at, shown, width=room, size=SMALL, fill=PALETTE.on(colour), anchor="middle")


def _beyond(
    art: Drawing, before: bool, after: bool, edges: tuple[float, float], middle: float, fill: str
) -> None:
    """Arrow heads where a program runs beyond the years of the plan."""
    left, right = edges
    if before:
        tip = min(max(left, _LABEL) + 2, WIDTH - 8)
        art.polygon([(tip, middle), (tip + 5, middle - 3), (tip + 5, middle + 3)], fill)
    if after:
        tip = max(min(right, WIDTH) - 2, _LABEL + 8)
        art.polygon([(tip, middle), (tip - 5, middle - 3), (tip - 5, middle + 3)], fill)


def _alt(plan: Plan, groups: list[list[Program]]) -> str:
    programs = [program for group in groups for program in group]
    pillars = [
        say(_PILLAR_PROGRAMS, plan, pillar=title, count=len(list(found)))
        for title, found in groupby(programs, key=lambda p: p.pillar.title)
    ]
    phases = [
        say(_PHASE_PROGRAMS, plan, phase=phase.title, period=phase.period, count=running)
        for phase in plan.settings.phases
        if (running := sum(program.runs_in(phase.period) for program in programs))
    ]
    stars = sum(1 for program in programs if program.quick_win)
    return say(
        _ROADMAP_ALT,
        plan,
        count=len(programs),
        pillars="; ".join(pillars),
        phases="; ".join(phases) or "–",
        stars=stars,
    )
