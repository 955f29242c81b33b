"""The budget as pictures: by year and source of funds, and by pillar."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.svg import (
    HEIGHT,
    NORMAL,
    SMALL,
    WIDTH,
    Chart,
    Drawing,
    cut,
    numbered,
    part_of,
    say,
    shared,
    text_width,
)
from masterplan_cli.figures import Figures, rounded, scale_of, scaled
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.plan import Digest, Plan
from masterplan_cli.values import NBSP

_OTHER_SOURCES = Both("{count} sumber lain", "{count} other sources")
_UNIT = Both("Angka di dalam batang dalam {unit} rupiah.", "Figures inside the columns in {unit} rupiah.")
_BUDGET_YEARS = Both(
    "Anggaran menurut tahun dan sumber dana, {years}", "Budget by year and source of funds, {years}"
)
_BUDGET_YEARS_ALT = Both(
    "Anggaran seluruh program {total}. Menurut tahun: {years}. Menurut sumber dana: {sources}.",
    "The budget of all programs is {total}. By year: {years}. By source of funds: {sources}.",
)
_ROUNDED = Both(
    "Angka dibulatkan, sehingga jumlahnya dapat sedikit berbeda.",
    "Figures are rounded, so they may not add up exactly.",
)
_BUDGET_PILLARS = Both("Anggaran menurut pilar", "Budget by pillar")
_BUDGET_PILLARS_ALT = Both(
    "Anggaran seluruh program {total}. Menurut pilar: {pillars}.",
    "The budget of all programs is {total}. By pillar: {pillars}.",
)

_PLOT, _TOP, _COLUMNS = 190.0, 24.0, 12
_LABEL, _ROW = 132.0, 18.0
#: More sources than colours and their hatched kinds can tell apart are shown as one.
_SOURCES = 2 * len(PALETTE.categories)


class _Source(NamedTuple):
    """A source of funds: its name, its amount in each year, and its place among the colours."""

    name: str
    amounts: list[int]
    place: int

    @property
    def total(self) -> int:
        return sum(self.amounts)

    @property
    def colour(self) -> str:
        return PALETTE.category(self.place)


def budget_years(plan: Plan) -> list[Chart]:
    """A column for each year, stacked by source of funds, its total above it."""
    table = plan.budget_by_source()
    if not table.total:
        return []
    years = [(year, total) for year, _, total in table.rows]
    sources = _sources(plan, table.columns, [cells for _, cells, _ in table.rows])
    widest = max(text_width(line, SMALL) for _, total in years for line in _lines(total, plan.figures))
    columns = min(_COLUMNS, int(WIDTH / (widest + 5)))
    found = shared(range(len(years)), columns)
    return [
        _years_chart(plan, _Years(years, sources), part, number, len(found))
        for number, part in enumerate(found, 1)
    ]


class _Years(NamedTuple):
    """The years with their totals, and what each source gives in them."""

    totals: list[tuple[int, int]]
    sources: list[_Source]


def _sources(plan: Plan, names: list[str], rows: list[list[int]]) -> list[_Source]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    named = list(zip(names, columns, strict=True))
    if len(named) > _SOURCES:
        large = sorted(named, key=lambda s: -sum(s[1]))[: _SOURCES - 1]
        rest = [amounts for name, amounts in named if (name, amounts) not in large]
        other = say(_OTHER_SOURCES, plan, count=len(rest))
        named = [n for n in named if n in large] + [(other, [sum(a) for a in zip(*rest, strict=True)])]
    return [_Source(name, amounts, index) for index, (name, amounts) in enumerate(named)]


def _lines(amount: int, figures: Figures) -> list[str]:
    """An amount in two short lines: `Rp 12,45` and `miliar`."""
    if not amount:
        return ["–"]
    shown = figures.short_rupiah(amount)
    return shown.rsplit(NBSP, 1) if scale_of(amount) else [shown]


def _years_chart(plan: Plan, data: _Years, part: Sequence[int], number: int, count: int) -> Chart:
    art = Drawing()
    most = max(total for _, total in data.totals)
    scale = _Scale.of(data, most)
    step = WIDTH / len(part)
    base = _TOP + _PLOT
    for place, index in enumerate(part):
        _column(art, plan, data, index, (place + 0.5) * step, min(46, step * 0.74), most, scale)
        year = str(data.totals[index][0])
        art.text(((place + 0.5) * step, base + 11), year, width=step, bold=True, anchor="middle")
    art.line((0, base), (WIDTH, base), PALETTE.soft, 1)
    y = base + 26
    notes = [say(_UNIT, plan, unit=unit)] if (unit := plan.figures.scale(scale.power)) else []
    notes += [] if _adds_up(data, scale) else [say(_ROUNDED, plan)]
    for note in notes:
        art.text((0, y), note, width=WIDTH, size=SMALL, fill=PALETTE.soft)
        y += 13
    y = _legend(art, plan, data.sources, y)
    first, last = data.totals[part[0]][0], data.totals[part[-1]][0]
    span = f"{first}–{last}" if first != last else str(first)
    caption = part_of(say(_BUDGET_YEARS, plan, years=span), plan, number, count)
    return Chart(numbered("budget-years", number), art.svg(y), caption, _years_alt(plan, data, part))


class _Scale(NamedTuple):
    """How the parts of all columns are counted: in units of a power of ten, each with as many decimals."""

    power: int
    decimals: int

    @classmethod
    def of(cls, data: _Years, most: int) -> _Scale:
        power = scale_of(most)
        parts = [amount for source in data.sources for amount in source.amounts]
        exact = (d for d in (0, 1) if all(scaled(part, power, d) * 10**power == part for part in parts))
        return cls(power, next(exact, 2) if power else 0)

    def figure(self, amount: int) -> Decimal:
        return scaled(amount, self.power, self.decimals)


def _adds_up(data: _Years, scale: _Scale) -> bool:
    """Whether the figures that are printed add up to the totals that are printed."""
    unit = 10**scale.power
    years = all(
        sum(scale.figure(source.amounts[index]) for source in data.sources) * unit == rounded(total)
        for index, (_, total) in enumerate(data.totals)
    )
    shown = sum(rounded(source.total) for source in data.sources)
    return years and shown == rounded(sum(source.total for source in data.sources))


def _column(
    art: Drawing, plan: Plan, data: _Years, index: int, middle: float, width: float, most: int, scale: _Scale
) -> None:
    """One year: its parts from the base upwards, then its total."""
    y = _TOP + _PLOT
    for source in data.sources:
        amount = source.amounts[index]
        height = _PLOT * amount / most
        y -= height
        if amount:
            _segment(art, source, (middle - width / 2, y, width, height))
            _figure(art, plan.figures.grouped(scale.figure(amount)), source, (middle, y, width, height))
    for row, line in enumerate(reversed(_lines(data.totals[index][1], plan.figures))):
        art.text((middle, y - 3 - 8.5 * row), line, width=80, size=SMALL, anchor="middle", bold=False)


def _segment(art: Drawing, source: _Source, box: tuple[float, float, float, float]) -> None:
    """A part in its colour, a line of paper above it; hatched where the colour comes for the second time."""
    x, y, width, height = box
    art.rect(x, y, width, height, source.colour)
    if source.place >= len(PALETTE.categories):
        art.hatch(x, y, width, height, PALETTE.paper, rising=True)
    art.line((x, y), (x + width, y), PALETTE.paper, 0.75)


def _figure(art: Drawing, shown: str, source: _Source, box: tuple[float, float, float, float]) -> None:
    middle, y, width, height = box
    needed = text_width(shown, SMALL)
    if height < 10 or needed > width - 2:
        return
    baseline = y + height / 2 + 2.6
    if source.place >= len(PALETTE.categories):
        art.rect(middle - needed / 2 - 1, baseline - 7, needed + 2, 9, source.colour)
    fill = PALETTE.on(source.colour)
    art.text((middle, baseline), shown, width=width, size=SMALL, fill=fill, anchor="middle")


def _legend(art: Drawing, plan: Plan, sources: Sequence[_Source], y: float) -> float:
    """A mark, the name and the amount of each source, as many in a line as fit; the place below."""
    x = 0.0
    for source in sources:
        amount = plan.figures.short_rupiah(source.total)
        shown = f"{cut(source.name, 170, NORMAL)} · {amount}"
        width = 13 + text_width(shown, NORMAL)
        if x and x + width > WIDTH:
            x, y = 0.0, y + 13
        _segment(art, source, (x, y - 7, 9, 9))
        art.text((x + 13, y), shown, width=WIDTH - x - 13)
        x += width + 14
    return y + 8


def _years_alt(plan: Plan, data: _Years, part: Sequence[int]) -> str:
    years = [f"{data.totals[i][0]}: {plan.figures.short_rupiah(data.totals[i][1])}" for i in part]
    sources = [f"{s.name}: {plan.figures.short_rupiah(s.total)}" for s in data.sources]
    return say(
        _BUDGET_YEARS_ALT,
        plan,
        total=plan.figures.short_rupiah(plan.total),
        years="; ".join(years),
        sources="; ".join(sources),
    )


def budget_pillars(plan: Plan) -> list[Chart]:
    """A bar for each pillar with its amount and its share."""
    if not plan.total:
        return []
    lines = plan.digest()
    found = shared(lines, int(HEIGHT / _ROW) - 2)
    return [_pillars_chart(plan, lines, part, number, len(found)) for number, part in enumerate(found, 1)]


def _pillars_chart(
    plan: Plan, lines: Sequence[Digest], part: Sequence[Digest], number: int, count: int
) -> Chart:
    art = Drawing()
    said = {line.pillar: _amount_and_share(plan, line) for line in lines}
    room = WIDTH - _LABEL - max(text_width(words, NORMAL) for words in said.values()) - 6
    most = max(line.total for line in lines)
    for row, line in enumerate(part):
        y = row * _ROW
        length = room * line.total / most
        art.text((0, y + 12), line.pillar.title, width=_LABEL - 6)
        art.rect(_LABEL, y + 3, length, _ROW - 6, PALETTE.category(lines.index(line)))
        art.text((_LABEL + length + 5, y + 12), said[line.pillar], width=WIDTH)
    bottom = len(part) * _ROW
    art.line((_LABEL, 0), (_LABEL, bottom), PALETTE.soft, 1)
    total = f"{say(LABELS['total'], plan)}: {plan.figures.short_rupiah(plan.total)}"
    art.text((_LABEL + 5, bottom + 12), total, width=WIDTH - _LABEL - 5, bold=True)
    height = bottom + _ROW
    if sum(rounded(line.total) for line in lines) != rounded(plan.total):
        art.text((_LABEL + 5, height + 6), say(_ROUNDED, plan), width=WIDTH, size=SMALL, fill=PALETTE.soft)
        height += 12
    caption = part_of(say(_BUDGET_PILLARS, plan), plan, number, count)
    alt = say(
        _BUDGET_PILLARS_ALT,
        plan,
        total=plan.figures.short_rupiah(plan.total),
        pillars="; ".join(f"{line.pillar.title}: {said[line.pillar]}" for line in part),
    )
    return Chart(numbered("budget-pillars", number), art.svg(height), caption, alt)


def _amount_and_share(plan: Plan, line: Digest) -> str:
    return f"{plan.figures.short_rupiah(line.total)} ({plan.figures.percent(line.percent)})"
