"""Somebody who fills in a form: it is read, its cells are changed, and it is saved as another program would save it."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from python_calamine import CalamineWorkbook

from masterplan_cli.checking import check
from masterplan_cli.forms.cells import Scalar, Several
from masterplan_cli.forms.records import PlanForm
from masterplan_cli.forms.workbook import write_form

_FORMS: dict[bytes, bytes] = {}


def form_of(root: Path) -> bytes:
    """The form of a plan, made once for all plans of the same files."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".xlsx")
    key = sha256(
        b"".join(str(path.relative_to(root)).encode() + path.read_bytes() for path in files)
    ).digest()
    if key not in _FORMS:
        _FORMS[key] = new_form_of(root)
    return _FORMS[key]


def new_form_of(root: Path) -> bytes:
    checked = check(root)
    assert checked.plan
    return write_form(PlanForm(checked.plan))


class Formula(NamedTuple):
    """A formula with the value that a program has computed, or without any."""

    text: str
    value: Any = None


class Percent(NamedTuple):
    """A share that is shown in percent."""

    share: float


#: Stands for a value that was not computed, until the workbook is written.
_NOT_COMPUTED = -987654321


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
        return next(
            number
            for number, row in enumerate(self.sheets[sheet])
            if number
            and not str(row[3]).startswith("(")
            and any(str(cell).startswith(said) for cell in row[3:])
        )

    def set(self, sheet: str, said: str, head: str, value: Any) -> str:
        """Write a cell of the row that says something; its address."""
        if head not in self.sheets[sheet][0]:
            for number, cells in enumerate(self.sheets[sheet]):
                cells.append("" if number else head)
        row, column = self.row(sheet, said), self.column(sheet, head)
        self.sheets[sheet][row][column] = value
        return f"{sheet}!{letters(column)}{row + 1}"

    def add(self, sheet: str, **cells: Any) -> None:
        """A row at the end, by the heads of its columns."""
        heads = self.sheets[sheet][0]
        self.sheets[sheet].append([cells.get(head, cells.get(head.replace(" ", "_"), "")) for head in heads])

    def turn_around(self, sheet: str) -> None:
        """Let the rows stand the other way round, and the hidden cells where they were."""
        rows = self.sheets[sheet]
        first = next(n for n, row in enumerate(rows) if n and row[0])
        shown = [row[3:] for row in rows[first:]]
        rows[first:] = [[*row[:3], *cells] for row, cells in zip(rows[first:], reversed(shown), strict=True)]

    def drop(self, sheet: str, *heads: str) -> None:
        for head in heads:
            at = self.column(sheet, head)
            for row in self.sheets[sheet]:
                del row[at]

    def save(self, path: Path) -> Path:
        stream = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        with xlsxwriter.Workbook(stream, options) as book:
            day, percent = (book.add_format({"num_format": form}) for form in ("d mmmm yyyy", "0%"))
            for name, rows in self.sheets.items():
                page = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for at, cell in enumerate(row):
                        if isinstance(cell, Formula):
                            value = _NOT_COMPUTED if cell.value is None else cell.value
                            page.write_formula(number, at, cell.text, None, value)
                        elif isinstance(cell, Percent):
                            page.write_number(number, at, cell.share, percent)
                        elif isinstance(cell, datetime.date):
                            page.write_datetime(number, at, cell, day)
                        elif cell != "":
                            page.write(number, at, cell)
                for area in self.merged.get(name, []):
                    page.merge_range(*area, rows[area[0]][area[1]])
        path.write_bytes(
            with_parts(
                stream.getvalue(), lambda _, data: data.replace(f"<v>{_NOT_COMPUTED}</v>".encode(), b"")
            )
        )
        return path


def with_parts(
    data: bytes, change: Callable[[str, bytes], bytes], more: Mapping[str, bytes] | None = None
) -> bytes:
    """A workbook whose parts are others, and which has more of them."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, added in (more or {}).items():
            new.writestr(name, added)
    return made.getvalue()


def letters(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else chr(ord("A") + at // 26 - 1) + chr(ord("A") + at % 26)


def another(form: PlanForm, kind: Any, said: str, pillar: str, options: str) -> Any:
    """Another value of the same kind, which no rule minds."""
    if options in (
        "subdimensions",
        "sources",
        "units",
        "Program.status",
        "Pillar.status",
        "Indicator.direction",
    ):
        return None
    if options:
        names = [n for n in form.lists[options] if n != kind.in_cell(said, pillar)]
        return next(n for n in names if kind.of_cell(n, pillar) != said)
    if isinstance(kind, Several):
        return kind.in_cell("\n".join(said.split("\n")[:-1]), pillar) or None
    match said:
        case _ if isinstance(kind, Scalar) and kind.form == "money":
            return int(said) + 1_000_000
        case _ if re.fullmatch(r"\d{4}(-\d{4})?|[a-z]+:.*|https?:.*|\d\.\d\d.*|\d{4}-.*", said):
            return None
        case _ if re.fullmatch(r"-?\d+(,\d+)?", said):
            return said + ("1" if "," in said else ",01") if kind.form != "percent" else "61"
    return f"{said} lagi"


def write_filled(root: Path, path: str, body: str) -> None:
    """A form of a plan in which somebody wrote `sheet | row | head | value`; a `*` names all heads, and a new head a new column.

    `+ sheet | head | value | …` is a new row, in a new sheet where there is none; `! sheet sheet` are deleted, `^ sheet`
    is copied, and of `~ sheet` the rows are turned around without their hidden cells; of `- sheet | head` the column is deleted.
    """
    officer = Officer(form_of(root))
    for line in body.splitlines():
        sheet, *rest = (part.strip() for part in line.lstrip("+!^~-").split("|"))
        match line[0]:
            case "!":
                for name in sheet.split():
                    del officer.sheets[name.replace("_", " ")]
            case "^":
                officer.sheets[f"{sheet} (2)"] = [list(row) for row in officer.sheets[sheet]]
            case "-":
                officer.drop(sheet, *rest)
            case "~":
                officer.turn_around(sheet)
            case "+":
                officer.sheets.setdefault(sheet, [rest[::2]])
                officer.add(sheet, **dict(zip(rest[::2], rest[1::2], strict=True)))
            case _ if rest[1] == "*":
                row = officer.sheets[sheet][officer.row(sheet, rest[0])]
                row[3:] = [rest[2]] * len(row[3:])
            case _:
                officer.set(sheet, *rest)
    officer.save(root / path)
