"""Rows become programs: by office and code, with the money of all rows summed and the measures of other files beside it.

Every amount of a file is either taken or left out for a reason that is told, so that both together are its sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.messages import Both
from masterplan_cli.rules.imports import NOT_TAKEN, UNUSABLE_MAP
from masterplan_cli.tables import cells as reading
from masterplan_cli.tables.heads import FieldColumn, HeadedTable
from masterplan_cli.tables.mapping import BLOCKS
from masterplan_cli.tables.measures import MeasureReader
from masterplan_cli.tables.rows import FundedLine, JoinedProgram, Money, ReadRow, shown
from masterplan_cli.tables.vocabulary import Office, Vocabulary
from masterplan_cli.values import BadValue, slug
from masterplan_cli.workbooks import Cell, typed

#: An agency whose code and name stand in one cell.
_LED_OFFICE = re.compile(r"([0-9.]{5,40}) +(\S.*)")
_TOTAL = re.compile(r"(grand total|total|jumlah|sub total|subtotal)\b", re.I)
_LEVELS = ("program", "activity", "sub_activity")
#: Why rows or their money are left out, beside the reasons of a mapping.
UNSELECTED = Both("di luar pilihan", "not selected")
NO_CODE = Both("tanpa kode atau nama pada tingkat yang dipilih", "without a code or name of the chosen level")
TWICE = Both("sudah ada di berkas lain", "already in another file")
NO_PILLAR = Both("urusan tanpa pilar", "affair without a pillar")
TOO_SMALL = Both("di bawah jumlah paling kecil", "below the least amount")
#: So many amounts are told to be equal or not without a word of cents.
_TOLERANCE = Decimal("0.5")


class _FieldCells(NamedTuple):
    """A row as it stands in a table: its cells by fields, those of years with their columns, and its first words."""

    number: int
    said: dict[str, Cell]
    yearly: list[tuple[FieldColumn, Cell, int]]
    first: str


class Joiner:
    """Takes tables one after the other, and gives the programs that they make together."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.words, self.map = vocabulary, vocabulary.map
        self.findings: list[Finding] = []
        self.rows: list[ReadRow] = []
        #: Total rows and heads of groups, which are no rows of their own, by files.
        self.totals: list[int] = []
        self._titles: dict[tuple[str, str], str] = {}
        self._refused: set[tuple[str, str]] = set()
        self.measures = MeasureReader(vocabulary, self.tell, self.year_of)

    def tell(self, table: HeadedTable, variant: str, **words: Any) -> None:
        """Keep a finding on a table."""
        self.findings.append(NOT_TAKEN.at(Place(table.file), variant, **words))

    def refuse(self, table: HeadedTable, variant: str, cell: str) -> None:
        """Say once for each table what nothing can be taken without."""
        if (table.file, variant) not in self._refused:
            self._refused.add((table.file, variant))
            self.findings.append(UNUSABLE_MAP.at(Place(table.file), variant, cell=cell))

    # --- rows

    def take(self, tables: Iterable[HeadedTable], file: int) -> None:
        """Read the rows of a file's tables."""
        self.totals.append(0)
        for table in tables:
            rows: list[ReadRow] = []
            end: _FieldCells | None = None
            for found in self._found(table):
                end = found if self._is_total(found) else None
                row = self._row(table, file, found) if end is None else None
                if row is not None:
                    rows.append(row)
                self.totals[-1] += end is not None
            self._leave_totals(table, rows)
            if end is not None:
                self._compare_end(table, end, rows)
            self.rows += rows

    def _found(self, table: HeadedTable) -> Iterator[_FieldCells]:
        """The rows by their fields, with what stands in the first one of a group alone."""
        last: dict[str, Cell] = {}
        for number, cells in table.rows():
            found = _by_fields(table, number, cells)
            for name in self.map.fill_down:
                last[name] = found.said.get(name) or last.get(name)
                found.said.setdefault(name, last[name])
            if found.said or found.yearly:
                yield found

    def _is_total(self, found: _FieldCells) -> bool:
        """Whether a row only sums up others."""
        code, title = self._code(found.said)
        return not code and bool(_TOTAL.match(title or found.first))

    def _row(self, table: HeadedTable, file: int, found: _FieldCells) -> ReadRow | None:
        """A row with its office, code and money; None where it has no office."""
        said = found.said
        unit = reading.office_code(said.get("unit_code"))
        office = self._office(said, unit)
        if office is None:
            self.refuse(table, "agency", table.place(found.number, "agency"))
            return None
        code, title = self._code(said)
        year = reading.year_of(said.get("year")) or self.map.year
        row = ReadRow(table, file, found.number, said, found.yearly, office, unit, code, title, year)
        row.money = list(self._money(row))
        for name, level in zip(_LEVELS, BLOCKS.values(), strict=True):
            self._keep_title(office, reading.cut(code, level), said.get(name))
        self._keep_title(office, code, title)
        return row

    def _keep_title(self, office: Office, code: str, cell: Cell) -> None:
        title = reading.titled(reading.clean(cell))[1]
        if code and title:
            self._titles.setdefault((office.key, code), title)
            self._titles.setdefault(("", code), title)

    def _office(self, said: Mapping[str, Cell], unit: str) -> Office | None:
        name, code = reading.clean(said.get("agency")), reading.office_code(said.get("agency_code"))
        led = _LED_OFFICE.fullmatch(name)
        if led:
            code, name = code or led[1], led[2]
        if not code and unit and not name:
            code = f"{unit.rpartition('.')[0]}.0000"
        if not name and not code:
            name = self.map.agency or ""
        return self.words.office(name, code)

    def _code(self, said: Mapping[str, Cell]) -> tuple[str, str]:
        """The deepest code of a row, and the name that belongs to it."""
        led, named = reading.titled(reading.clean(said.get("name")))
        for name in reversed(_LEVELS):
            own, title = reading.titled(reading.clean(said.get(name)))
            code = reading.code_of(said.get(f"{name}_code")) or own
            if code or title:
                return code, title or named
        return reading.code_of(said.get("code")) or led, named

    def year_of(self, row: ReadRow, column: FieldColumn, place: str) -> int | None:
        """The year of a column in a row."""
        if column.year is not None:
            return column.year
        if column.nth is not None and self.map.year is not None:
            return self.map.year + column.nth - 1
        if column.nth is None and row.year is not None:
            return row.year
        self.refuse(row.table, "year", place)
        return None

    def _money(self, row: ReadRow) -> Iterator[Money]:
        columns = [(column, cell, at) for column, cell, at in row.yearly if column.field == "amount"]
        for column, cell, at in columns:
            place = row.table.place_at(row.number, at)
            try:
                amount = reading.amount_of(cell)
            except BadValue:
                self.tell(row.table, "amount", cell=place, text=reading.clean(cell))
                continue
            if amount is None:
                continue
            year = self.year_of(row, column, place)
            if year is not None:
                yield Money(year, amount, place, at)

    # --- rows that sum up those below them

    def _leave_totals(self, table: HeadedTable, rows: list[ReadRow]) -> None:
        """Take the money out of rows whose code stands above others that have money for the year."""
        above = {(row.office.key, code) for row in rows for code in _above(row.code)}
        sums: dict[tuple[str, str, int], Decimal] = {}
        for row in sorted(rows, key=lambda row: -reading.blocks_of(row.code)):
            own: list[Money] = []
            for money in row.money:
                below = sums.get((row.office.key, row.code, money.year))
                if (row.office.key, row.code) in above and below is not None:
                    self._compare(table, money, below)
                    continue
                own.append(money)
                for code in _above(row.code):
                    key = row.office.key, code, money.year
                    sums[key] = sums.get(key, Decimal(0)) + money.amount
            if len(own) < len(row.money):
                self.totals[-1] += 1
            row.money = own

    def _compare_end(self, table: HeadedTable, end: _FieldCells, rows: list[ReadRow]) -> None:
        """Say where the last row of a table is another sum than that of its rows."""
        sums: dict[int, Decimal] = {}
        for money in (one for row in rows for one in row.money):
            sums[money.column] = sums.get(money.column, Decimal(0)) + money.amount
        for column, cell, at in end.yearly:
            try:
                amount = reading.amount_of(cell) if column.field == "amount" else None
            except BadValue:
                continue
            if amount is not None and at in sums:
                place = table.place_at(end.number, at)
                self._compare(table, Money(0, amount, place), sums[at])

    def _compare(self, table: HeadedTable, money: Money, below: Decimal) -> None:
        if abs(money.amount - below) > _TOLERANCE:
            self.tell(table, "total", cell=money.place, total=shown(money.amount), sum=shown(below))

    # --- what is left out

    def leave_out(self) -> None:
        """Give each row that is not taken its reason, and money that an earlier file has told before."""
        agencies = self.words.chosen(self.map.select.agencies)
        for row in self.rows:
            row.why = self._why(row, agencies)
        self._leave_twice()

    def _why(self, row: ReadRow, agencies: set[str]) -> Both | None:
        select = self.map.select
        for one in self.map.left_out:
            if any(begins(row.code, code) for code in one.codes):
                return one.reason
        codes = [*select.affairs, *select.codes]
        unselected = agencies and row.office.key not in agencies
        if unselected or (codes and not any(begins(row.code, code) for code in codes)):
            return UNSELECTED
        return None if self.key(row) else NO_CODE

    def key(self, row: ReadRow) -> str:
        """What tells a program from others of its office: its code, or its name where there are no codes."""
        level = self.map.level
        return reading.cut(row.code, BLOCKS[level]) if row.code else slug(row.title)

    def _leave_twice(self) -> None:
        """Leave out money of a year for a code that an earlier file tells about, for the same unit or for all of them."""
        seen: dict[tuple[str, str, int], dict[int, set[str]]] = {}
        names = {row.file: row.table.file for row in self.rows}
        for row in self.rows:
            for year in row.money_years:
                files = seen.setdefault((row.office.key, row.code or slug(row.title), year), {})
                first = _told_by(files, row)
                if first is None:
                    files.setdefault(row.file, set()).add(row.unit)
                    continue
                for money in row.money:
                    if money.year == year:
                        money.why, money.other = TWICE, names[first]

    # --- programs

    def programs(self) -> list[JoinedProgram]:
        """The programs that the rows make which are not left out."""
        made: dict[tuple[str, str], JoinedProgram] = {}
        untitled: set[tuple[str, str]] = set()
        for row in self.rows:
            if row.why is not None:
                continue
            key = row.office.key, self.key(row)
            title = self._title(row, key[1])
            if not title:
                row.why = NO_CODE
                if key not in untitled:
                    untitled.add(key)
                    self.tell(row.table, "title", cell=row.place("program_code"), code=key[1])
                continue
            program = made.get(key)
            if program is None:
                code = key[1] if row.code else ""
                program = made[key] = JoinedProgram(row.office, code, title, self._place(row))
            self._add(program, row)
        return list(made.values())

    def _place(self, row: ReadRow) -> str:
        names = (f"{self.map.level}_code", self.map.level, "code", "name")
        return row.place(next((name for name in names if name in row.cells), ""))

    def _title(self, row: ReadRow, key: str) -> str:
        if not row.code:
            return row.title
        return self._titles.get((row.office.key, key)) or self._titles.get(("", key), "")

    def _add(self, program: JoinedProgram, row: ReadRow) -> None:
        """Put what a row says to its program."""
        program.rows.append(row)
        funds = funds_of(row.cells)
        for money in row.money:
            if money.why is None:
                key = money.year, funds
                line = program.lines.get(key)
                if line is None:
                    line = program.lines[key] = FundedLine(money.year, funds, Decimal(0), money.place)
                line.amount += money.amount
        for goal in reading.lines(row.cells.get("goals")):
            said = goal.strip("[] ")
            if said and said != "-":
                program.goals.setdefault(said)
        for word in re.split(r"[,;\n]", typed(row.cells.get("beneficiaries"))):
            if said := reading.clean(word):
                program.beneficiaries.setdefault(said.casefold(), said)
        self.measures.take(program, row)


def _told_by(files: Mapping[int, set[str]], row: ReadRow) -> int | None:
    """The earlier file that tells of a row's unit, or of its office without units."""
    others = ((file, units) for file, units in files.items() if file != row.file)
    return next((file for file, units in others if not row.unit or units & {row.unit, ""}), None)


def _by_fields(table: HeadedTable, number: int, cells: Mapping[int, Cell]) -> _FieldCells:
    """The cells by their fields, and those that belong to a year: money, targets."""
    first = reading.clean(next((cell for _, cell in sorted(cells.items())), None))
    found = _FieldCells(number, {}, [], first)
    for at, fields in table.columns.items():
        cell = cells.get(at)
        for column in fields if cell is not None else ():
            if column.field == "amount" or column.field.endswith((".target", ".baseline")):
                found.yearly.append((column, cell, at))
            else:
                found.said[column.field] = cell
    return found


def _above(code: str) -> list[str]:
    """The codes that a code stands below."""
    blocks = code.split(".")
    return [".".join(blocks[:depth]) for depth in range(1, len(blocks))]


def begins(code: str, pattern: str) -> bool:
    """Whether a code begins with the blocks of a pattern, of which `*` stands for any affair."""
    if pattern.startswith("*."):
        code, pattern = ".".join(code.split(".")[2:]), pattern[2:]
    return f"{code}.".startswith(f"{pattern}.")


def funds_of(cells: Mapping[str, Cell]) -> tuple[tuple[str, str], ...]:
    """The sources of funds of a row, with codes and names; which name belongs to which code, their order tells."""
    codes, names = (
        [one for part in re.split(r"[,;\n]", typed(cells.get(key))) if (one := reading.clean(part))]
        for key in ("source_code", "source")
    )
    if len(codes) == len(names):
        return tuple(dict.fromkeys(zip(codes, names, strict=True)))
    if len(codes) <= 1:
        # A name may hold commas itself.
        name = reading.clean(cells.get("source"))
        return ((codes[0] if codes else "", name),) if codes or name else ()
    return tuple(dict.fromkeys((code, "") for code in codes))
