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
    named,
    numbered,
    part_of,
    say,
    shared,
    text_width,
)
from masterplan_cli.figures import Figures, Pivot, rounded, scale_of, scaled
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.plan import Digest, Plan, percentages

_OTHER = Both("Lainnya ({count} sumber)", "Other ({count} sources)")
_UNIT = Both("Dalam {unit} rupiah.", "In {unit} rupiah.")
_PLAIN = Both("Dalam rupiah.", "In rupiah.")
_ROUNDED = Both(
    "Angka dibulatkan, sehingga jumlahnya dapat sedikit berbeda.",
    "Figures are rounded, so they may not add up exactly.",
)
_BUDGET_YEARS = Both(
    "Anggaran menurut tahun dan sumber dana, {years}", "Budget by year and source of funds, {years}"
)
_PEAK = Both("Anggaran memuncak pada {year}, {amount}", "The budget peaks in {year}, at {amount}")
_BUDGET_YEARS_ALT = Both(
    "Anggaran seluruh program {total}. Menurut tahun: {years}. Menurut sumber dana: {sources}.",
    "The budget of all programs is {total}. By year: {years}. By source of funds: {sources}.",
)
_BUDGET_PILLARS = Both("Anggaran menurut pilar", "Budget by pillar")
_LARGEST = Both(
    "{pillar} memakai bagian anggaran terbesar, {share}",
    "{pillar} takes the largest part of the budget, {share}",
)
_BUDGET_PILLARS_ALT = Both(
    "Anggaran seluruh program {total}. Menurut pilar: {pillars}.",
    "The budget of all programs is {total}. By pillar: {pillars}.",
)

_PLOT, _TOP, _COLUMNS, _KEY, _KEY_ROW = 190.0, 24.0, 12, 132.0, 27.0
_LABEL, _ROW = 142.0, 17.0
#: So many sources of funds are told apart.
_NAMED = len(PALETTE.funds) - 1


class Fund(NamedTuple):
    """A source of funds, or those that are too small to be told apart: its name, its amounts and its colour."""

    name: str
    amounts: list[int]
    colour: str

    @property
    def total(self) -> int:
        return sum(self.amounts)


def funds(plan: Plan, table: Pivot[int]) -> list[Fund]:
    """The sources that give anything, the largest first; more than five are folded into one at the end."""
    columns = zip(*(cells for _, cells, _ in table.rows), strict=True)
    given = [(name, list(column)) for name, column in zip(table.columns, columns, strict=True) if any(column)]
    given.sort(key=lambda source: -sum(source[1]))
    large, small = (given, []) if len(given) <= _NAMED + 1 else (given[:_NAMED], given[_NAMED:])
    if small:
        rest = [sum(amounts) for amounts in zip(*(column for _, column in small), strict=True)]
        large = [*large, (say(_OTHER, plan, count=len(small)), rest)]
    return [
        Fund(name, amounts, colour) for (name, amounts), colour in zip(large, PALETTE.funds, strict=False)
    ]


def peak(totals: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The year with the largest sum; none where several share it or it is the only one that has any."""
    most = max((total for _, total in totals), default=0)
    having = [total for _, total in totals if total]
    found = [(year, total) for year, total in totals if total == most]
    return found[0] if len(found) == 1 and len(having) > 1 else None


def budget_finding(plan: Plan, totals: Sequence[tuple[int, int]]) -> str:
    """When the budget is largest; a neutral title where no single year stands out."""
    years = str(totals[0][0]) if len(totals) == 1 else f"{totals[0][0]}–{totals[-1][0]}"
    top = peak(totals)
    if top is None:
        return say(_BUDGET_YEARS, plan, years=years)
    return say(_PEAK, plan, year=top[0], amount=plan.figures.short_rupiah(top[1]))


def budget_years(plan: Plan) -> list[Chart]:
    """A column for each year, stacked by source of funds, its total above it, the sources beside it."""
    table = plan.budget_by_source()
    if not table.total:
        return []
    data = Years([(year, total) for year, _, total in table.rows], funds(plan, table))
    scale = Denomination.of(data)
    widest = max(text_width(scale.shown(plan.figures, total), SMALL, bold=True) for _, total in data.totals)
    found = shared(range(len(data.totals)), min(_COLUMNS, int((WIDTH - _KEY) / (widest + 4))))
    return [_years_chart(plan, data, scale, part, number, len(found)) for number, part in enumerate(found, 1)]


class Years(NamedTuple):
    """The years with their totals, and what each source gives in them."""

    totals: list[tuple[int, int]]
    sources: list[Fund]


class Denomination(NamedTuple):
    """How all amounts of a picture are counted: in units of a power of ten, each with as many decimals."""

    power: int
    decimals: int

    @classmethod
    def of(cls, data: Years) -> Denomination:
        power = scale_of(max(total for _, total in data.totals))
        parts = [amount for source in data.sources for amount in source.amounts]
        exact = (d for d in (0, 1) if all(scaled(part, power, d) * 10**power == part for part in parts))
        return cls(power, next(exact, 2) if power else 0)

    def figure(self, amount: int) -> Decimal:
        return scaled(amount, self.power, self.decimals)

    def shown(self, figures: Figures, amount: int) -> str:
        """An amount as it is printed; what would be rounded to nothing is said to be less than the least figure."""
        figure = self.figure(amount)
        if amount and not figure:
            return f"<{figures.grouped(Decimal(1).scaleb(-self.decimals))}"
        return figures.grouped(figure) if amount else "–"


def _adds_up(data: Years, scale: Denomination) -> bool:
    """Whether the figures that are printed add up to the totals that are printed."""
    years = all(
        sum(scale.figure(source.amounts[index]) for source in data.sources) == scale.figure(total)
        for index, (_, total) in enumerate(data.totals)
    )
    sources = all(
        sum(map(scale.figure, source.amounts)) == scale.figure(source.total) for source in data.sources
    )
    return years and sources


def _years_chart(
    plan: Plan, data: Years, scale: Denomination, part: Sequence[int], number: int, count: int
) -> Chart:
    art = Drawing()
    widest = max(text_width(scale.shown(plan.figures, total), SMALL, bold=True) for _, total in data.totals)
    step = min((WIDTH - _KEY) / len(part), max(60, widest + 4))
    base = _TOP + _PLOT
    for place, index in enumerate(part):
        middle = (place + 0.5) * step
        _column(art, plan.figures, data, index, (middle, min(44, step * 0.78)), scale)
        year = str(data.totals[index][0])
        art.text((middle, base + 11), year, width=step, size=SMALL, anchor="middle")
    art.line((0, base), (step * len(part), base), PALETTE.soft, 1)
    _sources(art, plan, data, scale, step * len(part) + 14)
    unit = plan.figures.scale(scale.power)
    notes = [say(_UNIT, plan, unit=unit) if unit else say(_PLAIN, plan)]
    notes += [] if _adds_up(data, scale) else [say(_ROUNDED, plan)]
    art.text((0, base + 25), " ".join(notes), width=WIDTH, size=SMALL, fill=PALETTE.soft)
    caption = budget_finding(plan, data.totals)
    if count > 1:
        caption = f"{caption}: {data.totals[part[0]][0]}–{data.totals[part[-1]][0]}"
    caption = part_of(caption, plan, number, count)
    return Chart(numbered("budget-years", number), art.svg(base + 30), caption, _years_alt(plan, data, part))


def _column(
    art: Drawing, figures: Figures, data: Years, index: int, across: tuple[float, float], scale: Denomination
) -> None:
    """One year: its parts from the base upwards, then its total."""
    most = max(total for _, total in data.totals)
    middle, width = across
    y = _TOP + _PLOT
    for source in data.sources:
        amount = source.amounts[index]
        height = _PLOT * amount / most
        y -= height
        if not amount:
            continue
        art.rect(middle - width / 2, y, width, height, source.colour)
        art.line((middle - width / 2, y), (middle + width / 2, y), PALETTE.paper, 0.75)
        shown = scale.shown(figures, amount)
        if height >= 10 and text_width(shown, SMALL) <= width - 1:
            at, fill = (middle, y + height / 2 + 2.6), PALETTE.on(source.colour)
            art.text(at, shown, width=width, size=SMALL, fill=fill, anchor="middle")
    shown = scale.shown(figures, data.totals[index][1])
    art.text((middle, y - 3.5), shown, width=WIDTH, size=SMALL, anchor="middle", bold=True)


def _sources(art: Drawing, plan: Plan, data: Years, scale: Denomination, x: float) -> None:
    """The sources in the order in which they are stacked, the largest at the base, each with its sum and share."""
    shares = percentages([source.total for source in data.sources])
    y = _TOP + _PLOT - _KEY_ROW * len(data.sources) + 4
    for source, share in reversed(list(zip(data.sources, shares, strict=True))):
        art.bar(x, y + 1, 9, 9, source.colour)
        room = WIDTH - x - 14
        art.text((x + 14, y + 8.5), source.name, width=room, size=SMALL, bold=True)
        sums = f"{scale.shown(plan.figures, source.total)} ({plan.figures.percent(share)})"
        art.text((x + 14, y + 18), sums, width=room, size=SMALL)
        y += _KEY_ROW


def _years_alt(plan: Plan, data: Years, part: Sequence[int]) -> str:
    short = plan.figures.short_rupiah
    return say(
        _BUDGET_YEARS_ALT,
        plan,
        total=short(plan.total),
        years="; ".join(f"{data.totals[i][0]}: {short(data.totals[i][1])}" for i in part),
        sources="; ".join(f"{named(source.name)}: {short(source.total)}" for source in data.sources),
    )


class _Bar(NamedTuple):
    """A pillar with its number and what is said of its money."""

    line: Digest
    number: int
    words: str


def budget_pillars(plan: Plan) -> list[Chart]:
    """A bar for each pillar with its amount and its share, the largest first."""
    if not plan.total:
        return []
    bars = [_Bar(line, number, _amount_and_share(plan, line)) for number, line in enumerate(plan.digest(), 1)]
    bars.sort(key=lambda bar: -bar.line.total)
    found = shared(bars, int(HEIGHT / _ROW) - 3)
    return [_pillars_chart(plan, bars, part, number, len(found)) for number, part in enumerate(found, 1)]


def _pillars_chart(plan: Plan, bars: Sequence[_Bar], part: Sequence[_Bar], number: int, count: int) -> Chart:
    art = Drawing()
    room = WIDTH - _LABEL - max(text_width(bar.words, NORMAL) for bar in bars) - 6
    for row, bar in enumerate(part):
        y, colour = row * _ROW, PALETTE.category(bar.number - 1)
        length = room * bar.line.total / bars[0].line.total
        left = art.badge(0.5, y + 3.5, bar.number, colour) + 5
        art.text((left, y + 11.5), bar.line.pillar.title, width=_LABEL - 6 - left)
        art.bar(_LABEL, y + 3, length, _ROW - 6, colour)
        art.text((_LABEL + length + 5, y + 11.5), bar.words, width=WIDTH)
    bottom = len(part) * _ROW
    art.line((_LABEL, 0), (_LABEL, bottom), PALETTE.soft, 1)
    total = f"{say(LABELS['total'], plan)}: {plan.figures.short_rupiah(plan.total)}"
    art.text((_LABEL + 5, bottom + 12), total, width=WIDTH - _LABEL - 5, bold=True)
    height = bottom + _ROW
    if sum(rounded(bar.line.total) for bar in bars) != rounded(plan.total):
        art.text((_LABEL + 5, height + 6), say(_ROUNDED, plan), width=WIDTH, size=SMALL, fill=PALETTE.soft)
        height += 12
    caption = part_of(_pillars_finding(plan, bars), plan, number, count)
    alt = say(
        _BUDGET_PILLARS_ALT,
        plan,
        total=plan.figures.short_rupiah(plan.total),
        pillars="; ".join(f"{named(bar.line.pillar.title)}: {bar.words}" for bar in part),
    )
    return Chart(numbered("budget-pillars", number), art.svg(height), caption, alt)


def _pillars_finding(plan: Plan, bars: Sequence[_Bar]) -> str:
    """Which pillar has the largest part, where one has."""
    first = bars[0].line
    if len(bars) < 2 or bars[1].line.total == first.total:
        return say(_BUDGET_PILLARS, plan)
    return say(_LARGEST, plan, pillar=named(first.pillar.title), share=plan.figures.percent(first.percent))


def _amount_and_share(plan: Plan, line: Digest) -> str:
    return f"{plan.figures.short_rupiah(line.total)} ({plan.figures.percent(line.percent)})"
