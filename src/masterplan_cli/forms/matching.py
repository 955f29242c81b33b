"""Which record of a plan each row of a workbook is about, whatever has become of both since the form was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, TypeAlias

from masterplan_cli.forms.reading import FormTableRow
from masterplan_cli.forms.records import FormColumn, FormSheet, Record, digest
from masterplan_cli.forms.workbook import key_digest, shown_route
from masterplan_cli.workbooks import Cell, typed
from masterplan_cli.writers.xlsx.names import clean

_Open: TypeAlias = dict[int, Record]
#: So many records that look alike are compared with one row.
_MOST_ALIKE = 100


class Match(NamedTuple):
    """A row and its record. Without one the row is new, or was `known` and its record is gone."""

    row: FormTableRow
    record: Record | None
    known: bool = False


def says(column: FormColumn, cell: Cell, pillar: str, file: str = "") -> str:
    """What a cell says; one that shows what the `file` says says that."""
    if typed(cell) == typed(column.kind.in_cell(file, pillar)):
        return file
    return column.kind.of_cell(cell, pillar)


def can_show(column: FormColumn, file: str, pillar: str) -> bool:
    """Whether a cell holds all that a file says."""
    shown = column.kind.in_cell(file, pillar)
    return not isinstance(shown, str) or clean(shown) == shown


def changed_columns(sheet: FormSheet, row: FormTableRow, pillar: str = "") -> list[str]:
    """The columns that say something else than when the form was made."""
    own = (column for column in sheet.columns if column.key in row.cells and column.key not in row.covered)
    return [column.key for column in own if not is_as_was(column, row, pillar)]


def is_as_was(column: FormColumn, row: FormTableRow, pillar: str) -> bool:
    """Whether a cell says what it said when the form was made, by its value or by the names that it showed."""
    cell, base = row.cells[column.key], row.base or {}
    if row.shown.get(column.key) == key_digest(cell):
        return True
    return digest(column.kind.of_cell(cell, pillar)) == base.get(column.key, "")


def telling_columns(sheet: FormSheet) -> list[FormColumn]:
    """What tells a record from others beside it: what it is called, or of lines all but the amounts."""
    words = [column for column in sheet.columns if not column.year]
    return words if sheet.form == "lines" else words[:1]


def rejoined(sheet: FormSheet, rows: list[FormTableRow]) -> list[FormTableRow]:
    """The rows with the hidden cells that are theirs, where sorting or shifting the others has left those behind."""
    return _Rejoining(sheet, rows).rows()


class _Rejoining:
    """Rows whose names are not those that their hidden cells know, and which of these hidden cells belong to which."""

    def __init__(self, sheet: FormSheet, rows: list[FormTableRow]) -> None:
        self.sheet, self.all = sheet, rows
        self.naming = [*sheet.keys, *([] if sheet.form == "fixed" else telling_columns(sheet))]
        named = [row for row in rows if self._name(row) != self._base_name(row)]
        self.wrong = [row for row in named if not row.is_empty]
        self.digests = {row.number: self._digests(row, sheet.all_columns) for row in self.wrong}
        #: Those whose hidden cells no row has yet, and the hidden cells of each row, as those of another one.
        self.free = {row.number: row for row in named if row.base is not None}
        self.found: dict[int, FormTableRow] = {}

    def rows(self) -> list[FormTableRow]:
        if not self.free:
            return self.all
        self._find_names()
        left = [row for row in self.wrong if row.base is not None and row.number not in self.found]
        for row in left:
            best = max(self._open_to(row), key=lambda one: self._score(row, one), default=None)
            if best is not None and 2 * self._score(row, best) > len(best.base or ()):
                self._take(row, best)
        for row in left:
            if row.number not in self.found:
                own = self.free.pop(row.number, None)
                self.found[row.number] = own or replace(
                    row, path="", route="", base=None, astray=bool(self.free)
                )
        # What was in an emptied row may have been moved to another one.
        taken = {hidden.number for number, hidden in self.found.items() if hidden.number != number}
        for row in self.all:
            if row.is_empty and row.number in taken:
                self.found[row.number] = replace(row, path="", route="", base=None)
        return [self._joined(row) for row in self.all]

    def _find_names(self) -> None:
        """Let rows have the hidden cells that know their name, where these fit them better than their own."""
        known: dict[tuple[str, ...], list[FormTableRow]] = defaultdict(list)
        for row in self.free.values():
            known[self._base_name(row)].append(row)
        for row in self.wrong:
            alike = (one for one in known[self._name(row)][:_MOST_ALIKE] if one.number in self.free)
            best = max(alike, key=lambda one: self._score(row, one), default=None)
            if best is not None and self._score(row, best) > self._score(row, row):
                self._take(row, best)

    def _open_to(self, row: FormTableRow) -> list[FormTableRow]:
        """The rows whose hidden cells may be those of another one; its own come first."""
        own = [row] if row.number in self.free else []
        return [*own, *islice(self.free.values(), _MOST_ALIKE)]

    def _take(self, row: FormTableRow, hidden: FormTableRow) -> None:
        self.found[row.number] = self.free.pop(hidden.number)

    def _joined(self, row: FormTableRow) -> FormTableRow:
        hidden = self.found.get(row.number, row)
        return replace(
            row,
            path=hidden.path,
            route=hidden.route,
            base=hidden.base,
            shown=hidden.shown,
            astray=hidden.astray,
        )

    def _digests(self, row: FormTableRow, columns: Iterable[FormColumn]) -> dict[str, str]:
        cells = ((column, row.cells.get(column.key)) for column in columns)
        return {
            c.key: key_digest(cell) if c in self.sheet.keys else digest(c.kind.of_cell(cell, ""))
            for c, cell in cells
        }

    def _name(self, row: FormTableRow) -> tuple[str, ...]:
        return tuple(self._digests(row, self.naming).values())

    def _base_name(self, row: FormTableRow) -> tuple[str, ...]:
        base = row.base or {}
        return tuple(base.get(column.key, "") for column in self.naming)

    def _score(self, row: FormTableRow, hidden: FormTableRow) -> int:
        """How much of what hidden cells know stands in a row."""
        own = self.digests[row.number]
        return sum(1 for key, was in (hidden.base or {}).items() if was and was == own.get(key))


class Matcher:
    """The records of a sheet, each of which belongs to one row at most."""

    def __init__(self, sheet: FormSheet) -> None:
        self.sheet = sheet
        self.whole = sheet.form in ("file", "fixed")
        self.telling = telling_columns(sheet)
        self.by_name: dict[tuple[str, ...], _Open] = defaultdict(dict)
        self.by_route: dict[tuple[str, ...], _Open] = defaultdict(dict)
        self.by_owner: dict[tuple[str, ...], _Open] = defaultdict(dict)
        #: What rows that have their record said of their place.
        self.marks: set[tuple[object, ...]] = set()
        for record in sheet.records:
            for group, name in self._groups(record):
                group[name][id(record)] = record

    def _groups(self, record: Record) -> Iterator[tuple[dict[tuple[str, ...], _Open], tuple[str, ...]]]:
        name = tuple(digest(record.said.get(column.key, "")) for column in self.telling)
        yield self.by_name, (record.path, *name)
        yield self.by_route, (record.path, shown_route(record.route))
        yield self.by_owner, record.owner if self.sheet.form == "fixed" else (*record.owner, *name)

    def _taken(self, record: Record | None) -> Record | None:
        if record is not None:
            for group, name in self._groups(record):
                group[name].pop(id(record), None)
        return record

    def placed(self, rows: Iterable[FormTableRow]) -> Iterator[Match]:
        """The rows that say where they stand, with their records; a row of which others are copies goes first."""
        order = sorted(rows, key=lambda row: len(changed_columns(self.sheet, row)))
        yield from (match for row in order if (match := self._by_place(row)) is not None)

    def _by_place(self, row: FormTableRow) -> Match | None:
        """The record that a row says it is; a copy of a row is a new one, or nothing where it was not changed."""
        base = row.base or {}
        mark = (row.path, row.route, *sorted(base.items()))
        name = (row.path, *(base.get(column.key, "") for column in self.telling))
        # What was imported before is called as the row calls it now.
        now = (row.path, *(digest(c.kind.of_cell(row.cells.get(c.key), "")) for c in self.telling))
        here, alike = self.by_route[row.path, row.route], self.by_name[name] or self.by_name[now]
        both = [record for record in islice(here.values(), _MOST_ALIKE) if id(record) in alike]
        same = [*both, *islice(alike.values(), _MOST_ALIKE)]
        rest = list(islice(here.values(), _MOST_ALIKE))
        found = next(iter(rest), None) if self.whole else self._best(same, base) or self._alike(rest, base)
        if found is not None:
            self.marks.add(mark)
            return Match(row, self._taken(found))
        if mark not in self.marks:
            return Match(row, None, known=True)
        copied = FormTableRow(row.number, "", "", None, row.cells, row.covered)
        return Match(copied, None) if changed_columns(self.sheet, row) else None

    def _best(self, records: list[Record], base: dict[str, str]) -> Record | None:
        """The record that has most of what a row had."""
        return max(records, key=lambda record: self._score(record, base), default=None)

    def _alike(self, records: list[Record], base: dict[str, str]) -> Record | None:
        """The record that has more than half of what a row had, under another name."""
        best, count = self._best(records, base), sum(1 for c in self.sheet.columns if base.get(c.key))
        return best if best is not None and 2 * self._score(best, base) > count else None

    def _score(self, record: Record, base: dict[str, str]) -> int:
        said = ((base.get(c.key), record.said.get(c.key, "")) for c in self.sheet.columns)
        return sum(1 for was, is_ in said if was and was == digest(is_))

    def named(self, row: FormTableRow, owner: tuple[str, ...], pillar: str) -> Record | None:
        """The record that a row without a place is about, by whose it is and what it is called."""
        name = [digest(c.kind.of_cell(row.cells.get(c.key), pillar)) for c in self.telling]
        group = self.by_owner[owner if self.sheet.form == "fixed" else (*owner, *name)]
        return self._taken(next(iter(group.values()), None))
