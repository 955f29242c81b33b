"""The head of a table, of one row to three, and which of its columns a mapping takes as what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple

from masterplan_cli.tables.mapping import TableMap
from masterplan_cli.tables.reading import MOST_COLUMNS, kind_of
from masterplan_cli.values import slug
from masterplan_cli.workbooks import Cell, SheetCells, letters_of, typed

#: A head begins within so many rows, and has so many at most.
_WITHIN, _DEEPEST = 30, 3
#: So many fields make a head, and no head is longer.
_FEWEST, _LONGEST = 2, 300
#: Columns of persons, accounts and users, which are never taken.
_PRIVATE = re.compile(
    r"(^|-)(nik|nip|npwp|ntpn|user|users|username|password|email|telepon|telp|hp|pegawai|billing|created-by|created-user)(-|$)"
    r"|nomor-rekening|no-rekening|rekening-penerima|nama-penerima|nama-rekening-penerima|bank-penerima|nama-inisiator|nama-lengkap"
)
_NUMBERING = re.compile(r"\(?\d{1,2}\)?")
_SLOTS = {"yearslot": r"(?P<year>20\d\d)", "countslot": r"(?P<nth>[1-9]\d?)"}


class FieldColumn(NamedTuple):
    """A column that is taken: what it is called, and the year that its head names, or the number of one."""

    field: str
    year: int | None = None
    nth: int | None = None


class HeadNames:
    """The heads that a mapping knows, each with its field and how good a name for it it is."""

    def __init__(self, map_: TableMap) -> None:
        self.plain: dict[str, list[tuple[str, int]]] = {}
        self.yearly: list[tuple[re.Pattern[str], str, int]] = []
        for name, heads in _fields_of(map_):
            for rank, head in enumerate(heads):
                self._add(name, head, rank)

    def _add(self, name: str, head: str, rank: int) -> None:
        plain = slug(head.replace("{year}", " yearslot ").replace("{n}", " countslot "))
        if "slot" in plain:
            pattern = re.escape(plain)
            for slot, part in _SLOTS.items():
                pattern = pattern.replace(slot, part, 1)
            self.yearly.append((re.compile(pattern), name, rank))
        elif plain:
            self.plain.setdefault(plain, []).append((name, rank))

    def read(self, path: list[str]) -> list[tuple[FieldColumn, int]]:
        """What a column may be by its heads from the top down: by all of them, or by the lowest ones alone."""
        ends = [slug(" ".join(path[at:])[:_LONGEST]) for at in range(len(path))]
        for end in ends:
            found = [(one.fullmatch(end), name, rank) for one, name, rank in self.yearly]
            if made := [(_yearly(match, name), rank) for match, name, rank in found if match]:
                return made
        for end in ends:
            if end in self.plain:
                return [(FieldColumn(name), rank) for name, rank in self.plain[end]]
        return []


def _yearly(match: re.Match[str], name: str) -> FieldColumn:
    said = match.groupdict()
    year, nth = said.get("year"), said.get("nth")
    return FieldColumn(name, int(year) if year else None, int(nth) if nth else None)


def _fields_of(map_: TableMap) -> Iterator[tuple[str, tuple[str, ...]]]:
    """All fields with their heads; those of an indicator begin with its number."""
    for name in type(map_.columns).model_fields:
        yield name, getattr(map_.columns, name)
    for number, measure in enumerate(map_.measures):
        for part in ("name", "unit", "target", "baseline"):
            yield f"{number}.{part}", getattr(measure, part)


@dataclass
class HeadedTable:
    """A sheet with a head: the fields of its columns, the heads of those that are not taken, and where its rows begin."""

    file: str
    sheet: SheetCells
    columns: dict[int, list[FieldColumn]]
    others: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    body: int = 0
    heads: dict[int, str] = field(default_factory=dict)
    #: The words that stand for the file where several are imported.
    prefix: str = ""

    def place(self, number: int, name: str = "") -> str:
        """A cell as people find it: `Sheet!D17`, the line and column of a text, the index and key of an object."""
        at = next((at for at, fields in self.columns.items() if any(f.field == name for f in fields)), None)
        return self.place_at(number, at)

    def place_at(self, number: int, at: int | None) -> str:
        """The same by the number of a column."""
        head = self.heads.get(at, "") if at is not None else ""
        if kind_of(PurePath(self.file)) == "json":
            return f"{self.file}[{number - 1}]{'.' if head else ''}{head}"
        if kind_of(PurePath(self.file)) == "csv":
            return f"{self.file}:{number + 1}{f' ({head})' if head else ''}"
        column = letters_of(at) if at is not None else "A"
        return f"{self.prefix}{self.sheet.name.strip()}!{column}{number + 1}"

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """The rows below the head, without those that only number the columns or repeat the head."""
        merged = _merged_down(self.sheet, self.columns, self.body)
        for number, cells in self.sheet.rows[self.body :]:
            said = [typed(cell) for cell in cells.values() if typed(cell)]
            repeated = cells and all(self.heads.get(at) == _said(cell) for at, cell in cells.items())
            numbering = len(said) > _FEWEST and all(_NUMBERING.fullmatch(one) for one in said)
            if said and not repeated and not (numbering and number < self.body + _WITHIN):
                yield number, {**merged.get(number, {}), **cells}


#: What a cell that is merged over several rows says of each of them.
_NAMING = (
    "agency",
    "agency_code",
    "unit_code",
    "program",
    "program_code",
    "activity",
    "activity_code",
    "year",
)


def _merged_down(
    sheet: SheetCells, columns: Mapping[int, list[FieldColumn]], body: int
) -> dict[int, dict[int, Cell]]:
    filled: dict[int, dict[int, Cell]] = {}
    by_number = dict(sheet.rows[body:]) if sheet.merged else {}
    naming = {at for at, fields in columns.items() if any(one.field in _NAMING for one in fields)}
    for top, left, bottom, _ in sheet.merged:
        if left in naming and top in by_number and bottom > top:
            for number in (n for n in by_number if top < n <= bottom):
                filled.setdefault(number, {})[left] = by_number[top].get(left)
    return filled


def find_head(file: str, sheet: SheetCells, names: HeadNames) -> HeadedTable | None:
    """The sheet as a table below the rows that name most fields; None where none do."""
    best: tuple[int, int, int] | None = None
    for start in range(min(_WITHIN, len(sheet.rows))):
        for depth in range(1, min(_DEEPEST, len(sheet.rows) - start) + 1):
            paths = _paths(sheet, start, depth)
            fields = {column for path in paths.values() for column, _ in names.read(path)}
            score = len(fields), -depth, -start
            if len(fields) >= _FEWEST and (best is None or score > best):
                best = score
    if best is None:
        return None
    _, depth, start = (abs(part) for part in best)
    return _headed(file, sheet, names, _paths(sheet, start, depth), start + depth)


def _headed(
    file: str, sheet: SheetCells, names: HeadNames, paths: Mapping[int, list[str]], body: int
) -> HeadedTable:
    """The table with the best column of each field; other columns are told."""
    table = HeadedTable(file, sheet, {}, body=body)
    best: dict[FieldColumn, tuple[int, int]] = {}
    for at, path in paths.items():
        table.heads[at] = path[-1]
        shown = " / ".join(path)
        found = names.read(path)
        if _PRIVATE.search(slug(shown)):
            if found:
                table.private.append(shown)
            found = []
        for column, rank in found:
            if column not in best or rank < best[column][0]:
                best[column] = rank, at
    for column, (_, at) in best.items():
        table.columns.setdefault(at, []).append(column)
    table.others = [" / ".join(path) for at, path in paths.items() if at not in table.columns]
    return table


def _paths(sheet: SheetCells, start: int, depth: int) -> dict[int, list[str]]:
    """The heads of each column from the top down, merged ones for each column that they cover."""
    rows = sheet.rows[start : start + depth]
    spread = [
        _spread(sheet, number, cells, lowest=row == depth - 1) for row, (number, cells) in enumerate(rows)
    ]
    columns = sorted({at for cells in spread for at in cells if at < MOST_COLUMNS})
    paths: dict[int, list[str]] = {}
    for at in columns:
        path = [cells[at] for cells in spread if cells.get(at)]
        paths[at] = [one for place, one in enumerate(path) if not place or one != path[place - 1]]
    return paths


def _spread(sheet: SheetCells, number: int, cells: Mapping[int, Cell], *, lowest: bool) -> dict[int, str]:
    """The heads of a row; one above others that no merged range holds stands for the empty ones to its right."""
    said = {at: _said(cell) for at, cell in cells.items() if isinstance(cell, str | int | float)}
    for top, left, bottom, right in sheet.merged:
        if top <= number <= bottom and left in said:
            said |= {at: said[left] for at in range(left, min(right, MOST_COLUMNS) + 1) if at not in said}
    if not sheet.merged and not lowest:
        last = ""
        for at in range(max(said, default=-1) + 2):
            last = said.get(at) or last
            if last:
                said[at] = last
    return said


def _said(cell: Cell) -> str:
    return " ".join(typed(cell).split())[:_LONGEST]
