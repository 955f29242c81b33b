"""The council as a figure: who leads it from the top down, and who sits side by side below."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.svg import (
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
    wrapped,
)
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan
from masterplan_cli.schema.settings import CouncilSeat

_COUNCIL = Both("Susunan Dewan Smart City", "Seats of the Smart City Council")
_SEATS = Both(
    "Dewan Smart City: {seats} kedudukan, {coordinators} di antaranya koordinator",
    "The Smart City Council: {seats} seats, {coordinators} of them coordinators",
)
_ALT = Both(
    "Dewan Smart City dari atas ke bawah. {seats}.", "The Smart City Council from the top down. {seats}."
)

#: The levels from the top down, by how their roles begin in either language; the last stand side by side.
_LEVELS = (
    ("pembina", "patron"),
    ("pengarah", "steering", "director"),
    ("ketua", "chair"),
    ("sekretaris", "secretary"),
    ("koordinator", "coordinator"),
)
_COORDINATORS = len(_LEVELS) - 1
_COLUMNS, _GAP, _PAD, _LINE, _SPACE = 3, 7.0, 5.0, 9.5, 11.0
_ALONE = 210.0


class _Seat(NamedTuple):
    """A seat: its level, and what its box says."""

    level: float
    role: str
    holder: str
    agency: str

    @property
    def words(self) -> str:
        held = f"{named(self.holder)} ({named(self.agency)})" if self.agency else named(self.holder)
        return f"{named(self.role)}: {held}" if held else named(self.role)


def council(plan: Plan) -> list[Chart]:
    """A box for each seat; nothing where there is no council."""
    seats = _seats(plan)
    tiers = [tier for _, level in groupby(seats, lambda seat: seat.level) for tier in _tiers(list(level))]
    found = pages(tiers, [tier.height + _SPACE for tier in tiers])
    return [_chart(plan, seats, part, number, len(found)) for number, part in enumerate(found, 1)]


def _seats(plan: Plan) -> list[_Seat]:
    """The seats by their levels; one of no level of its own stands below the one before it."""
    seats, before = [], -1.0
    for seat in plan.settings.council:
        level = _level(seat.role)
        before = before if level is None else level
        seats.append(_seat(plan, seat, before + 0.5 if level is None else level))
    return sorted(seats, key=lambda seat: seat.level)


def _level(role: str) -> int | None:
    folded = role.casefold()
    return next((place for place, begins in enumerate(_LEVELS) if folded.startswith(begins)), None)


def _seat(plan: Plan, seat: CouncilSeat, level: float) -> _Seat:
    agency = plan.agencies.get(seat.agency or "")
    name, short = (agency.name, agency.short) if agency else (seat.agency or "", "")
    return _Seat(level, seat.role, seat.holder or name, (short or name) if seat.holder else "")


def _tiers(level: list[_Seat]) -> list[_Tier]:
    return [_Tier(list(part), alone=len(level) == 1) for part in shared(level, _COLUMNS)]


class _Tier:
    """Boxes side by side, all of one height."""

    def __init__(self, seats: list[_Seat], *, alone: bool) -> None:
        self.seats, self.level, self.alone = seats, seats[0].level, alone
        self.width = _ALONE if alone else (WIDTH - 2 * _PAD - _GAP * (_COLUMNS - 1)) / _COLUMNS
        self.boxes = [self._lines(seat) for seat in seats]
        self.height = max(map(len, self.boxes)) * _LINE + 2 * _PAD

    def _lines(self, seat: _Seat) -> list[tuple[str, str]]:
        """The lines of a box with their colours; the role is the bold one."""
        room = self.width - 2 * _PAD
        lines = [(line, "") for line in wrapped(seat.role, room, 2, SMALL, bold=True)]
        lines += [(line, PALETTE.ink) for line in wrapped(seat.holder, room, 3, SMALL) if line]
        return lines + [(line, PALETTE.soft) for line in wrapped(seat.agency, room, 1, SMALL) if line]

    def draw(self, art: Drawing, y: float) -> None:
        whole = self.width * len(self.boxes) + _GAP * (len(self.boxes) - 1)
        x = (WIDTH - whole) / 2
        for lines in self.boxes:
            leading = self.level < _COORDINATORS
            art.rect(x, y, self.width, self.height, PALETTE.tint if leading else PALETTE.paper, PALETTE.brand)
            self._write(art, lines, x, y)
            x += self.width + _GAP

    def _write(self, art: Drawing, lines: list[tuple[str, str]], x: float, y: float) -> None:
        top = y + (self.height - len(lines) * _LINE) / 2 + 7.5
        for place, (line, fill) in enumerate(lines):
            at, room = (x + self.width / 2, top + place * _LINE), self.width - 2 * _PAD
            bold = not fill
            art.text(at, line, width=room, size=SMALL, fill=fill or PALETTE.ink, anchor="middle", bold=bold)


def _chart(plan: Plan, seats: list[_Seat], rows: list[_Tier], number: int, count: int) -> Chart:
    art = Drawing()
    y, last = 2.0, None
    for _, group in groupby(rows, lambda row: row.level):
        members = list(group)
        if last is not None:
            art.line((WIDTH / 2, last), (WIDTH / 2, y), PALETTE.soft, 1)
        y = _level_of(art, members, y, framed=not members[0].alone)
        last, y = y, y + _SPACE
    coordinators = sum(seat.level == _COORDINATORS for seat in seats)
    caption = (
        say(_SEATS, plan, seats=len(seats), coordinators=coordinators)
        if coordinators > 1
        else say(_COUNCIL, plan)
    )
    alt = say(_ALT, plan, seats="; ".join(seat.words for row in rows for seat in row.seats))
    return Chart(
        numbered("council", number), art.svg((last or 0) + 2), part_of(caption, plan, number, count), alt
    )


def _level_of(art: Drawing, rows: list[_Tier], y: float, *, framed: bool) -> float:
    """The rows of a level, in a frame where there are several boxes; the place below."""
    pad = _PAD if framed else 0
    height = sum(row.height for row in rows) + _GAP * (len(rows) - 1) + 2 * pad
    if framed:
        art.rect(0.5, y, WIDTH - 1, height, PALETTE.paper, PALETTE.soft)
    at = y + pad
    for row in rows:
        row.draw(art, at)
        at += row.height + _GAP
    return y + height
