"""The cells of a workbook that somebody sends: opened by a worker, within bounds of time, memory, rows and cells.

A cell says what a person sees in it: of a formula its value, of a share that is shown in percent the percent. A
formula without a value is a `CellFault`, never an empty cell.
"""

from __future__ import annotations

import datetime
import json
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from xml.etree import ElementTree

from masterplan_cli.files import read_file
from masterplan_cli.messages import STOPPED, reason
from masterplan_cli.typesetting import Refused, make_apart
from masterplan_cli.worker import Bounds, Stopped

#: What opening a workbook may take.
_BOUNDS = Bounds(90, 1 << 30, 1 << 28)
#: The largest file that is opened, the most that is looked at, and the longest text.
MAX_BYTES, _MOST_BYTES = 64 << 20, 500 << 20
_MOST_ROWS, _MOST_CELLS, _MOST_SHEETS, _MOST_MERGED, _LONGEST = 200_000, 4_000_000, 200, 1_000, 40_000
_LETTERS = 26
_FILE = "workbook"
_PARTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
#: Formats of Excel's own that show a share in percent.
_PERCENT = {9, 10}
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class CellFault(NamedTuple):
    """A formula without a value, by what its cell shows."""

    said: str


Cell: TypeAlias = str | int | float | datetime.date | CellFault | None


class Sheet(NamedTuple):
    """The rows of a sheet that say something, by numbers from 0, with their cells by columns from 0, and merged ranges."""

    name: str
    rows: list[tuple[int, dict[int, Cell]]]
    merged: list[tuple[int, int, int, int]]


class Unreadable(NamedTuple):
    """Why a workbook is not read: the variant of the finding on it, and its words."""

    variant: str
    words: dict[str, Any]


def read_workbook(file: Path, *, office_only: bool = False) -> list[Sheet] | Unreadable:
    """The sheets of a workbook; with `office_only` of one whose faults are known, which is .xlsx and .xlsm."""
    try:
        data = read_file(file, MAX_BYTES)
        settings = {"office_only": office_only}
        made = make_apart("masterplan_cli.workbooks:read_cells", {_FILE: data}, _BOUNDS, settings)
    except OSError as error:
        return Unreadable("unread", {"reason": reason(error)})
    if isinstance(made, Stopped):
        return Unreadable("stopped", {"how": STOPPED[made.why]})
    if isinstance(made, Refused):
        return Unreadable(made.message, {})
    return [
        Sheet(name, [(number, {at: _cell(cell) for at, cell in cells}) for number, cells in rows], merged)
        for name, rows, merged in json.loads(made[0])
    ]


def typed(cell: Cell) -> str:
    """What stands in a cell, as somebody would type it."""
    match cell:
        case None:
            return ""
        case CellFault():
            return cell.said
        case bool():
            return "Ya" if cell else "Tidak"
        case float():
            whole = cell.is_integer() and abs(cell) < 10**EXACT
            return str(int(cell)) if whole else f"{Decimal(f'{cell:.{EXACT}g}'):f}".replace(".", ",")
        case datetime.date():
            return cell.isoformat()[:10]
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()


#: Excel keeps fifteen digits of a figure; those after them are its own rounding.
EXACT = 15


def letters_of(at: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def _cell(cell: Any) -> Cell:
    """A cell as it was before it went through JSON."""
    if isinstance(cell, dict):
        return CellFault(cell["fault"]) if "fault" in cell else datetime.date.fromisoformat(cell["day"])
    return cell if isinstance(cell, str | int | float) else None


# --- within the worker


def read_cells(request: dict[str, Any], _note: Callable[[Any], None]) -> int | tuple[str, str]:
    """Put all cells that say something into a file; or why there are none."""
    import python_calamine as calamine

    file = Path(request["input"], _FILE)
    try:
        marks = _marks(file)
        if marks is None and request["office_only"]:
            return "", "kind"
        cells = list(_all_cells(calamine.load_workbook(str(file)), marks or {}))
    except calamine.PasswordError:
        return "", "password"
    except _TooManyError:
        return "", "large"
    except (
        calamine.CalamineError,
        ValueError,
        OverflowError,
        ElementTree.ParseError,
        KeyError,
        zipfile.BadZipFile,
    ):
        return "", "broken"
    Path(request["folder"], "0").write_text(json.dumps(cells), encoding="ascii")
    return 1


class _TooManyError(Exception):
    """More bytes, rows or cells than are looked at."""


_Marks: TypeAlias = dict[tuple[int, int], str]


def _all_cells(book: Any, marks: dict[str, _Marks]) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Each sheet by its name, with its cells by the numbers of rows and columns, and its merged ranges."""
    rows_left, cells_left = _MOST_ROWS, _MOST_CELLS
    for name in book.sheet_names[:_MOST_SHEETS]:
        sheet = book.get_sheet_by_name(name)
        rows: dict[int, dict[int, Any]] = {}
        first = sheet.start[1] if sheet.start else 0
        for number, row in enumerate(sheet.iter_rows()):
            held = {at: _as_json(cell) for at, cell in enumerate(row, first) if cell not in ("", None)}
            if held:
                rows[number] = held
                rows_left, cells_left = rows_left - 1, cells_left - len(held)
            if rows_left < 0 or cells_left < 0:
                raise _TooManyError
        for (number, at), mark in marks.get(name, {}).items():
            cell = rows.get(number, {}).get(at)
            if mark != "%":
                rows.setdefault(number, {})[at] = {"fault": mark}
            elif isinstance(cell, float):
                rows[number][at] = float(Decimal(repr(cell)) * 100)
        merged = [[*first, *last] for first, last in (sheet.merged_cell_ranges or ())[:_MOST_MERGED]]
        yield name, [(number, sorted(rows[number].items())) for number in sorted(rows)], merged


def _as_json(cell: Any) -> Any:
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"day": cell.isoformat()[:10]}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    return cell[:_LONGEST] if isinstance(cell, str) else cell


# --- what only the parts of an Office file tell


def _marks(file: Path) -> dict[str, _Marks] | None:
    """By sheets, which cells are shown in percent, and what formulas without a value show; None for other files."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    with archive:
        # A file that says less than it holds is stopped by the bounds of the worker.
        if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
            raise _TooManyError
        names = set(archive.namelist())
        if not {*_PARTS[:2]} <= names:
            return None
        percents = _percent_styles(archive) if _PARTS[2] in names else set()
        return {
            name: dict(_sheet_marks(archive, part, percents))
            for name, part in _sheet_parts(archive)
            if part in names
        }


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The names of sheets and of the parts that hold them."""
    targets = {one.get("Id"): one.get("Target", "") for one in _elements(archive, _PARTS[1], "Relationship")}
    for sheet in _elements(archive, _PARTS[0], "sheet"):
        id_ = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        target = targets.get(id_, "")
        yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """The numbers of the styles that show a share in percent."""
    own = {
        int(one.get("numFmtId", "0")): one.get("formatCode", "")
        for one in _elements(archive, _PARTS[2], "numFmt")
    }
    percents = _PERCENT | {number for number, code in own.items() if "%" in code}
    [formats] = [*_elements(archive, _PARTS[2], "cellXfs")][:1] or [ElementTree.Element("none")]
    return {str(number) for number, one in enumerate(formats) if int(one.get("numFmtId", "0")) in percents}


def _sheet_marks(
    archive: zipfile.ZipFile, part: str, percents: set[str]
) -> Iterator[tuple[tuple[int, int], str]]:
    for cell in _elements(archive, part, "c"):
        address = _ADDRESS.fullmatch(cell.get("r", ""))
        said = {child.tag.rpartition("}")[2]: child.text for child in cell}
        if not address:
            continue
        place = int(address[2]) - 1, _column(address[1])
        if cell.get("t") == "e":
            yield place, str(said.get("v") or "#?")
        elif "f" in said and said.get("v") is None and cell.get("t") != "str":
            yield place, f"={said['f'] or '…'}"[:_LONGEST]
        elif cell.get("s") in percents and cell.get("t", "n") == "n":
            yield place, "%"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[ElementTree.Element]:
    """The elements of a name in a part, each of which is forgotten after it was looked at."""
    with archive.open(part) as stream:
        above: list[ElementTree.Element] = []
        # In a worker, whose time and memory are bounded; entities from elsewhere are not fetched.
        for event, element in ElementTree.iterparse(stream, ("start", "end")):  # noqa: S314
            if event == "start":
                above.append(element)
                continue
            above.pop()
            if element.tag.rpartition("}")[2] == name:
                yield element
                if above:
                    above[-1].clear()
