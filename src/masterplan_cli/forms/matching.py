"""Which record of a plan each row of a workbook is about, whatever has become of both since the form was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeAlias

from masterplan_cli.forms.reading import FormTableRow
from masterplan_cli.forms.records import FormColumn, FormSheet, Record, digest
from masterplan_cli.forms.workbook import shown_route
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
    base = row.base or {}
    own = (column for column in sheet.columns if column.key in row.cells and column.key not in row.covered)
    return [c.key for c in own if digest(c.kind.of_cell(row.cells[c.key], pillar)) != base.get(c.key, "")]


class Matcher:
    """The records of a sheet, each of which belongs to one row at most."""

    def __init__(self, sheet: FormSheet) -> None:
        self.sheet = sheet
        self.whole = sheet.form in ("file", "fixed")
        #: What tells a record from others beside it: what it is called, or of lines all but the amounts.
        plain = [column for column in sheet.columns if not column.year]
        self.telling = plain if sheet.form == "lines" else plain[:1]
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
