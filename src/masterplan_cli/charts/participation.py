"""What each agency does for each pillar, as a map of cells: the darker, the more it carries."""

from __future__ import annotations

from collections.abc import Sequence

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.svg import (
    HEIGHT,
    NORMAL,
    SMALL,
    WIDTH,
    Chart,
    Drawing,
    numbered,
    part_of,
    say,
    shared,
    text_width,
    wrapped,
)
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.nodes import Agency, Pillar
from masterplan_cli.plan import Plan, Role

_PARTICIPATION = Both("Peta peran serta perangkat daerah", "Map of what the agencies do for the pillars")
_PARTICIPATION_KEY = Both(
    "P pengampu pilar | U pengampu program (jumlah) | D pendukung program (jumlah) | T tugas tertulis | – tanpa peran",
    "P owns the pillar | U owns programs (number) | D supports programs (number) | T written duty | – no part",
)
_PARTICIPATION_PILLAR = Both(
    "{pillar} (pengampu: {owner}): {owners} mengampu program, {supporters} mendukung, {duties} bertugas",
    "{pillar} (owner: {owner}): {owners} own programs, {supporters} support, {duties} have a duty",
)
_PARTICIPATION_ALT = Both(
    "Peran {agencies} perangkat daerah. {pillars}. Sel tanpa peran: {empty} dari {cells}.",
    "The parts of {agencies} agencies. {pillars}. Cells without a part: {empty} of {cells}.",
)

_LABEL, _ROW, _HEAD, _KEY = 132.0, 13.0, 32.0, 34.0


def participation(plan: Plan) -> list[Chart]:
    """Agencies down, pillars across; letters and numbers in the cells as in the table."""
    rows = plan.participation()
    if not rows or not plan.pillars:
        return []
    widest = max(text_width(_letters(cell), SMALL) for _, cells in rows for cell in cells)
    columns = shared(range(len(plan.pillars)), int((WIDTH - _LABEL) / max(widest + 4, 36)))
    agencies = shared(rows, int((HEIGHT - _HEAD - _KEY) / _ROW))
    found = [(some, across) for some in agencies for across in columns]
    return [_chart(plan, *part, number, len(found)) for number, part in enumerate(found, 1)]


def _chart(
    plan: Plan, rows: Sequence[tuple[Agency, list[Role]]], columns: Sequence[int], number: int, count: int
) -> Chart:
    art = Drawing()
    step = min((WIDTH - _LABEL) / len(columns), 90)
    for place, index in enumerate(columns):
        _head(art, plan.pillars[index], _LABEL + place * step, step)
    for row, (agency, cells) in enumerate(rows):
        y = _HEAD + row * _ROW
        art.text((0, y + 9.5), agency.short, width=_LABEL - 6, size=SMALL)
        for place, index in enumerate(columns):
            _cell(art, cells[index], (_LABEL + place * step, y, step))
    bottom = _HEAD + len(rows) * _ROW
    _key(art, plan, bottom)
    caption = part_of(say(_PARTICIPATION, plan), plan, number, count)
    return Chart(
        numbered("participation", number), art.svg(bottom + _KEY), caption, _alt(plan, rows, columns)
    )


def _head(art: Drawing, pillar: Pillar, x: float, step: float) -> None:
    lines = wrapped(pillar.title, step - 2, 3, SMALL, bold=True)
    for row, line in enumerate(reversed(lines)):
        at = (x + step / 2, _HEAD - 5 - 8.5 * row)
        art.text(at, line, width=step - 2, size=SMALL, anchor="middle", bold=True)


def _cell(art: Drawing, cell: Role, box: tuple[float, float, float]) -> None:
    x, y, step = box
    fill = PALETTE.weights[_weight(cell)]
    art.rect(x, y, step, _ROW, fill, PALETTE.soft)
    at = (x + step / 2, y + 9.3)
    art.text(at, _letters(cell) or "–", width=step - 2, size=SMALL, fill=PALETTE.on(fill), anchor="middle")


def _weight(cell: Role) -> int:
    """The heaviest part in a cell: owner of the pillar, of programs, support, a duty, nothing."""
    return next(
        (i for i, holds in enumerate((cell.owner, cell.programs, cell.supports, cell.duty)) if holds), 4
    )


def _letters(cell: Role) -> str:
    parts = (
        "P" if cell.owner else "",
        f"U{cell.programs}" if cell.programs else "",
        f"D{cell.supports}" if cell.supports else "",
        "T" if cell.duty else "",
    )
    return " ".join(part for part in parts if part)


def _key(art: Drawing, plan: Plan, bottom: float) -> None:
    """What the fills and letters mean."""
    x, y = 0.0, bottom + 14
    for words, fill in zip(say(_PARTICIPATION_KEY, plan).split(" | "), PALETTE.weights, strict=True):
        width = 14 + text_width(words, NORMAL) + 12
        if x and x + width > WIDTH:
            x, y = 0.0, y + 13
        art.rect(x, y - 7, 9, 9, fill, PALETTE.soft)
        art.text((x + 14, y), words, width=WIDTH - x - 14)
        x += width


def _alt(plan: Plan, rows: Sequence[tuple[Agency, list[Role]]], columns: Sequence[int]) -> str:
    by_pillar = [
        say(
            _PARTICIPATION_PILLAR,
            plan,
            pillar=plan.pillars[index].title,
            owner=owner.short if (owner := plan.pillars[index].owner) else say(LABELS["no_owner"], plan),
            owners=sum(1 for _, cells in rows if cells[index].programs),
            supporters=sum(1 for _, cells in rows if cells[index].supports),
            duties=sum(1 for _, cells in rows if cells[index].duty),
        )
        for index in columns
    ]
    empty = sum(1 for _, cells in rows for index in columns if not _letters(cells[index]))
    return say(
        _PARTICIPATION_ALT,
        plan,
        agencies=len(rows),
        pillars="; ".join(by_pillar),
        empty=empty,
        cells=len(rows) * len(columns),
    )
