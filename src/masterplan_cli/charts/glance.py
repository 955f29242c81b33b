"""The plan in figures, for a front page: money by year and by source of funds, and indicators on course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from masterplan_cli.charts.money import Denomination, Fund, Years, funds, peak
from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.series import reached
from masterplan_cli.charts.svg import SMALL, WIDTH, Chart, Drawing, named, numbered, say, text_width
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan, percentages

_MONEY = Both(
    "Rencana dalam angka: {total} untuk {count} program", "The plan in figures: {total} for {count} programs"
)
_PEAK = Both(", memuncak pada {year}", ", at its peak in {year}")
_COURSE = Both(
    "Rencana dalam angka: {count} dari {all} target yang sudah jatuh tempo tercapai",
    "The plan in figures: {count} of the {all} targets that were due are reached",
)
_BY_YEAR = Both("Anggaran menurut tahun, {unit} rupiah", "Budget by year, {unit} rupiah")
_BY_SOURCE = Both("Anggaran menurut sumber dana", "Budget by source of funds")
_ON_COURSE = Both("Indikator yang targetnya sudah jatuh tempo", "Indicators with a target that is due")
_DONE = Both("{count} mencapai target", "{count} reached the target")
_BEHIND = Both("{count} belum", "{count} behind")
_YEARS_ALT = Both("Anggaran {total}. Menurut tahun: {years}.", "A budget of {total}. By year: {years}.")
_SOURCES_ALT = Both("Menurut sumber dana: {sources}.", "By source of funds: {sources}.")
_COURSE_ALT = Both(
    "Indikator dengan realisasi: {done} mencapai target, {behind} belum.",
    "Indicators with results: {done} reached their target, {behind} are behind.",
)

_HEAD, _PLOT, _LEFT, _GAP, _ROW, _STRIP = 14.0, 118.0, 242.0, 21.0, 24.0, 40.0


class _Course(NamedTuple):
    """How many indicators reached the target that was due, and how many did not."""

    done: int
    behind: int

    @classmethod
    def of(cls, plan: Plan) -> _Course:
        measures = (measure for pillar in plan.pillars for measure in plan.measures(pillar))
        results = [result for measure in measures if (result := reached(measure.indicator)) is not None]
        return cls(sum(results), len(results) - sum(results))

    @property
    def all(self) -> int:
        return self.done + self.behind


def glance(plan: Plan) -> list[Chart]:
    """One picture; nothing while the plan has neither money nor results."""
    table = plan.budget_by_source()
    totals = [(year, total) for year, _, total in table.rows]
    sources, course = funds(plan, table) if table.total else [], _Course.of(plan)
    if not sources and not course.all:
        return []
    art, y = Drawing(), 0.0
    if sources:
        _years(art, plan, Years(totals, sources))
        y = max(_HEAD + 12 + _PLOT + 14, _sources(art, plan, sources)) + 4
    if course.all:
        y = _strip(art, plan, course, y)
    alt = _alt(plan, totals, sources, course)
    return [Chart(numbered("glance", 1), art.svg(y), _finding(plan, totals, course), alt)]


def _finding(plan: Plan, totals: Sequence[tuple[int, int]], course: _Course) -> str:
    if not plan.total:
        return say(_COURSE, plan, count=course.done, all=course.all)
    money = say(_MONEY, plan, total=plan.figures.short_rupiah(plan.total), count=len(plan.programs))
    top = peak(totals)
    return money + (say(_PEAK, plan, year=top[0]) if top else "")


def _years(art: Drawing, plan: Plan, data: Years) -> None:
    """A column for each year, its amount above it; where there is no room for all, the largest and the last have one."""
    unit = Denomination.of(data)
    title = say(_BY_YEAR, plan, unit=plan.figures.scale(unit.power)).replace("  ", " ")
    art.text((0, 8), title, width=_LEFT, size=SMALL, bold=True)
    totals = [total for _, total in data.totals]
    shown = [unit.shown(plan.figures, total) for total in totals]
    step, base, most = _LEFT / len(totals), _HEAD + 12 + _PLOT, max(totals)
    top, last = totals.index(most), max(index for index, total in enumerate(totals) if total)
    for index, total in enumerate(totals):
        height, colour = _PLOT * total / most, PALETTE.funds[0 if index == top else 2]
        art.rect(index * step + step * 0.1, base - height, step * 0.8, height, colour)
    widest = max(text_width(words, SMALL, bold=True) for words in shown)
    labelled = range(len(totals)) if widest <= step - 1 else _apart(shown, sorted({top, last}), step)
    for index in labelled:
        width = text_width(shown[index], SMALL, bold=True)
        middle = min(max((index + 0.5) * step, width / 2), _LEFT - width / 2)
        under = totals[max(0, int((middle - width / 2) / step)) : int((middle + width / 2) / step) + 1]
        at = (middle, base - _PLOT * max(under) / most - 3.5)
        art.text(at, shown[index], width=_LEFT, size=SMALL, anchor="middle", bold=True)
    art.line((0, base), (_LEFT, base), PALETTE.soft)
    for index in _labelled(len(totals), step):
        at = ((index + 0.5) * step, base + 10)
        art.text(at, str(data.totals[index][0]), width=40, size=SMALL, anchor="middle")


def _apart(shown: Sequence[str], places: list[int], step: float) -> list[int]:
    """Both places where their words have room side by side, else the first: that of the largest, or of all there is."""
    widths = [text_width(shown[place], SMALL, bold=True) for place in places]
    near = len(places) == 2 and (places[1] - places[0]) * step < sum(widths) + 4
    return places[:1] if near else places


def _labelled(count: int, step: float) -> list[int]:
    """The places of the years that have room for their names."""
    room = text_width("0000", SMALL)
    every = int((room + 2) / step) + 1
    return [i for i in range(0, count, every) if room / 2 <= (i + 0.5) * step <= _LEFT - room / 2] or [0]


def _sources(art: Drawing, plan: Plan, sources: Sequence[Fund]) -> float:
    """A bar for each source under its name, its amount and share behind it; the place below."""
    x, y = _LEFT + _GAP, _HEAD
    room = WIDTH - x
    art.text((x, 8), say(_BY_SOURCE, plan), width=room, size=SMALL, bold=True)
    shares = percentages([source.total for source in sources])
    most = max(source.total for source in sources)
    for source, share in zip(sources, shares, strict=True):
        words = f"{plan.figures.short_rupiah(source.total)} ({plan.figures.percent(share)})"
        width = text_width(words, SMALL)
        art.text((x, y + 8), source.name, width=room, size=SMALL)
        length = max(0.0, room - width - 5) * source.total / most
        art.bar(x, y + 11, length, 8, source.colour)
        art.text((x + length + 4, y + 17.7), words, width=width + 1, size=SMALL)
        y += _ROW
    return y


def _strip(art: Drawing, plan: Plan, course: _Course, y: float) -> float:
    """One bar of two parts: the indicators that reached the target, and those behind; the place below."""
    art.text((0, y + 9), say(_ON_COURSE, plan), width=WIDTH, size=SMALL, bold=True)
    x = 0.0
    parts = ((course.done, _DONE, PALETTE.funds[1]), (course.behind, _BEHIND, PALETTE.funds[4]))
    for count, _, colour in parts:
        length = WIDTH * count / course.all
        if count:
            art.rect(x, y + 14, length, 11, colour)
        x += length
    done, behind = (say(words, plan, count=count) for count, words, _ in parts)
    art.text((0, y + 35), done, width=WIDTH / 2, size=SMALL)
    art.text((WIDTH, y + 35), behind, width=WIDTH / 2, size=SMALL, anchor="end")
    return y + _STRIP


def _alt(plan: Plan, totals: Sequence[tuple[int, int]], sources: Sequence[Fund], course: _Course) -> str:
    short, parts = plan.figures.short_rupiah, []
    if sources:
        years = "; ".join(f"{year}: {short(total)}" for year, total in totals)
        by_source = "; ".join(f"{named(source.name)}: {short(source.total)}" for source in sources)
        parts += [
            say(_YEARS_ALT, plan, total=short(plan.total), years=years),
            say(_SOURCES_ALT, plan, sources=by_source),
        ]
    if course.all:
        parts.append(say(_COURSE_ALT, plan, done=course.done, behind=course.behind))
    return " ".join(parts)
