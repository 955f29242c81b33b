"""A workbook as people send it back: which of its cells belong to which column of which record, and what they hold.

Sheets are known by the heads of their columns and rows by what their hidden cells say, so that neither names nor order
matter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from masterplan_cli.forms.cells import plain
from masterplan_cli.forms.guide import GUIDE
from masterplan_cli.forms.records import FormSheet, PlanForm
from masterplan_cli.forms.workbook import BASE, EXAMPLE, HIDDEN, LISTS, PATH, ROUTE, SHOWN
from masterplan_cli.workbooks import Cell, SheetCells, Unreadable, letters_of, read_workbook, typed

#: The head of a table stands in one of the first rows.
_HEAD_ROWS = 20
#: No form holds more.
_MOST_ROWS = 60_000


@dataclass(frozen=True)
class FormTableRow:
    """A row of a workbook: its number, where it says to stand in the plan, what stood there, and its cells by columns.

    A cell that a merged one `covers` says nothing; without hidden cells `base` is None, and with those of another row,
    when nobody can tell its own, the row is `astray`.
    """

    number: int
    path: str
    route: str
    base: dict[str, str] | None
    cells: dict[str, Cell]
    covered: frozenset[str] = frozenset()
    #: What stands for the names that cells showed, by their columns.
    shown: dict[str, str] = field(default_factory=dict)
    astray: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(typed(cell) for cell in self.cells.values())


@dataclass(frozen=True)
class FormTable:
    """A sheet of a workbook that is one of a form's, with the letters of the columns that it has.

    Of a `complete` one every row that the plan has is there and says so: any other row is new.
    """

    sheet: FormSheet
    name: str
    letters: dict[str, str]
    rows: list[FormTableRow] = field(default_factory=list)
    #: The heads of other columns that say something, by their cells.
    others: dict[str, str] = field(default_factory=dict)
    #: The number of the row that its heads stand in.
    head: int = 1
    #: Whether its hidden columns are gone.
    bare: bool = False
    complete: bool = False

    def place(self, number: int, key: str = "") -> str:
        """A cell, or the first one of a row, as people name it."""
        letter = self.letters.get(key) or next(iter(self.letters.values()), "A")
        return f"{self.name}!{letter}{number}"


class FormReading(NamedTuple):
    """The tables of a workbook that belong to a form, and where other sheets begin."""

    tables: list[FormTable]
    others: list[str]


def read_form(file: Path, form: PlanForm) -> FormReading | Unreadable:
    """What of a workbook belongs to a form."""
    sheets = read_workbook(file, office_only=True, most_rows=_MOST_ROWS)
    if isinstance(sheets, Unreadable):
        return sheets
    tables: list[FormTable] = []
    others: list[str] = []
    for sheet in sheets:
        table = _table(sheet, form)
        if table is not None:
            tables.append(table)
        elif sheet.rows and sheet.name not in (*GUIDE, *LISTS):
            number, cells = sheet.rows[0]
            others.append(f"{sheet.name}!{letters_of(min(cells))}{number + 1}")
    return FormReading(tables, others) if tables else Unreadable("", {})


# --- tables


def _table(sheet: SheetCells, form: PlanForm) -> FormTable | None:
    """The table of a sheet, if its heads are those of one of the form's."""
    found: tuple[tuple[int, bool], int, FormSheet, dict[int, str]] | None = None
    for place, (_, cells) in enumerate(sheet.rows[:_HEAD_ROWS]):
        heads = {at: plain(typed(cell)).casefold() for at, cell in cells.items()}
        for known in form.sheets:
            columns = _columns(heads, known)
            rank = len(columns), sheet.name in known.name
            if (found is None or rank > found[0]) and _is_table(known, columns):
                found = rank, place, known, columns
    if found is None:
        return None
    _, place, known, columns = found
    letters = {key: letters_of(at) for at, key in columns.items()}
    keys = [key for key in letters if key not in HIDDEN]
    shown = {key: letters[key] for key in (*known.by_key,) if key in keys}
    table = FormTable(known, sheet.name, shown, head=sheet.rows[place][0] + 1, bare=PATH not in letters)
    table.rows.extend(_rows(sheet, place, known, columns))
    table.others.update(_other_heads(sheet, place, columns))
    return table


def _other_heads(sheet: SheetCells, place: int, columns: dict[int, str]) -> Iterator[tuple[str, str]]:
    """The heads that no column of the form has and below which something stands."""
    filled = {at for _, cells in sheet.rows[place + 1 :] for at in cells}
    number, heads = sheet.rows[place]
    for at in sorted(filled - columns.keys()):
        yield f"{sheet.name}!{letters_of(at)}{number + 1}", typed(heads.get(at))


def _columns(heads: dict[int, str], sheet: FormSheet) -> dict[int, str]:
    """The columns of a sheet by where their heads stand, in either language; of two alike the first counts."""
    known = {word.casefold(): column.key for column in sheet.all_columns for word in column.title}
    known |= {name: name for name in HIDDEN}
    columns: dict[int, str] = {}
    for at, head in heads.items():
        key = known.get(head)
        if key and key not in columns.values():
            columns[at] = key
    return columns


def _is_table(sheet: FormSheet, columns: dict[int, str]) -> bool:
    """Whether columns tell whose a row is and what is said of it."""
    keys = set(columns.values())
    told = PATH in keys or all(column.key in keys for column in sheet.keys)
    return told and any(column.key in keys for column in sheet.columns)


def _rows(sheet: SheetCells, place: int, form: FormSheet, columns: dict[int, str]) -> Iterator[FormTableRow]:
    """The rows below a head that are no example and not wholly empty."""
    covered, filled = _merged(sheet, columns, form)
    for number, cells in sheet.rows[place + 1 :]:
        held = {columns[at]: cell for at, cell in cells.items() if at in columns}
        hidden = {name: typed(held.pop(name, None)) for name in HIDDEN}
        for key, cell in filled.get(number, {}).items():
            held.setdefault(key, cell)
        first = typed(next((held[c.key] for c in form.all_columns if held.get(c.key)), None))
        if first.casefold().startswith(tuple(EXAMPLE)) or not (held or hidden[PATH]):
            continue
        path, route, base = hidden[PATH], hidden[ROUTE], hidden[BASE]
        known = dict(part.partition("=")[::2] for part in base.split()) if path else {}
        shown = {key.removesuffix(SHOWN): known.pop(key) for key in [*known] if key.endswith(SHOWN)}
        all_cells = {
            column.key: held.get(column.key) for column in form.all_columns if column.key in columns.values()
        }
        hidden_by = frozenset(covered.get(number, ()))
        yield FormTableRow(number + 1, path, route, known or None, all_cells, hidden_by, shown)


def _merged(
    sheet: SheetCells, columns: dict[int, str], known: FormSheet
) -> tuple[dict[int, set[str]], dict[int, dict[str, Cell]]]:
    """The cells that merged ones cover, by rows; a name above several rows stands for each of them."""
    covered: dict[int, set[str]] = {}
    filled: dict[int, dict[str, Cell]] = {}
    names = {column.key for column in known.keys}
    by_number = dict(sheet.rows) if sheet.merged else {}
    numbers = [*by_number]
    for top, left, bottom, right in sheet.merged:
        for row in numbers[bisect_left(numbers, top) : bisect_left(numbers, bottom + 1)]:
            for at, key in columns.items():
                if left <= at <= right and (row, at) != (top, left):
                    covered.setdefault(row, set()).add(key)
                    if key in names and at == left:
                        filled.setdefault(row, {})[key] = by_number.get(top, {}).get(left)
    return covered, filled
