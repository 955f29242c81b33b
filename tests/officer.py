"""Somebody who fills in a form: it is read, its cells are changed, and it is saved as another program would save it."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from masterplan_cli.checking import check
from masterplan_cli.forms.records import PlanForm
from masterplan_cli.forms.workbook import write_form


def form_of(root: Path) -> bytes:
    checked = check(root)
    assert checked.plan
    return write_form(PlanForm(checked.plan))


class Officer:
    """Somebody who opens a form, changes cells of it and saves it, as another program would write it."""

    def __init__(self, data: bytes) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        self.sheets: dict[str, list[list[Any]]] = {
            name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
        }
        self.merged: dict[str, list[tuple[int, int, int, int]]] = {}

    def column(self, sheet: str, head: str) -> int:
        return self.sheets[sheet][0].index(head)

    def row(self, sheet: str, said: str) -> int:
        """The first row in which a cell begins with some words, and which is no example."""
        rows = self.sheets[sheet]
        return next(
            n for n, row in enumerate(rows) if n and any(str(cell).startswith(said) for cell in row[3:])
        )

    def set(self, sheet: str, said: str, head: str, value: Any) -> str:
        """Write a cell of the row that says something; its address."""
        row, column = self.row(sheet, said), self.column(sheet, head)
        self.sheets[sheet][row][column] = value
        return f"{sheet}!{letters(column)}{row + 1}"

    def add(self, sheet: str, **cells: Any) -> None:
        """A row at the end, by the heads of its columns."""
        heads = self.sheets[sheet][0]
        self.sheets[sheet].append([cells.get(head, cells.get(head.replace(" ", "_"), "")) for head in heads])

    def drop(self, sheet: str, *heads: str) -> None:
        for head in heads:
            at = self.column(sheet, head)
            for row in self.sheets[sheet]:
                del row[at]

    def save(self, path: Path) -> Path:
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            day = book.add_format({"num_format": "d mmmm yyyy"})
            for name, rows in self.sheets.items():
                page = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for at, cell in enumerate(row):
                        if isinstance(cell, datetime.date):
                            page.write_datetime(number, at, cell, day)
                        elif cell != "":
                            page.write(number, at, cell)
                for area in self.merged.get(name, []):
                    page.merge_range(*area, rows[area[0]][area[1]])
        return path


def letters(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else chr(ord("A") + at // 26 - 1) + chr(ord("A") + at % 26)


def write_filled(root: Path, path: str, body: str) -> None:
    """A form of a plan in which somebody wrote `sheet | row | head | value`, or after a `+` a row of `sheet | head | value | …`; a `!` names
    sheets that were deleted, and a `*` all heads.
    """
    officer = Officer(form_of(root))
    for line in body.splitlines():
        if line.startswith("!"):
            for name in line[1:].split():
                del officer.sheets[name.replace("_", " ")]
            continue
        sheet, *rest = (part.strip() for part in line.removeprefix("+").split("|"))
        if line.startswith("+"):
            officer.add(sheet, **dict(zip(rest[::2], rest[1::2], strict=True)))
        elif rest[1] == "*":
            row = officer.sheets[sheet][officer.row(sheet, rest[0])]
            row[3:] = [rest[2]] * len(row[3:])
        else:
            officer.set(sheet, *rest)
    officer.save(root / path)
