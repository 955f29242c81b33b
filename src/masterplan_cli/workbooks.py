"""The cells of a workbook that somebody sends: opened by a worker, within bounds of time, memory, rows and cells.

A cell says what a person sees in it: of a formula its value, of a share that is shown in percent the percent. A
formula without a value is a `CellFault`, never an empty cell.
"""

from __future__ import annotations

import datetime
import json
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias
from xml.etree import ElementTree
from xml.parsers import expat

from masterplan_cli.files import read_file
from masterplan_cli.messages import STOPPED, reason
from masterplan_cli.typesetting import Refused, make_apart
from masterplan_cli.worker import Bounds, Stopped

#: What opening a workbook may take.
_BOUNDS = Bounds(90, 1 << 30, 1 << 28)
#: The largest file that is opened, the most that is looked at, and the longest text.
MAX_BYTES, _MOST_BYTES = 64 << 20, 500 << 20
_MOST_CELLS, _MOST_SHEETS, _LONGEST = 4_000_000, 200, 100_000
#: The most cells of the rectangle that holds all of a sheet's, each of which takes memory.
_LARGEST = 10_000_000
#: So many rows may merged cells cover, those of each counted.
_MOST_MERGED = 200_000
_LETTERS = 26
_FILE = "workbook"
_PARTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
#: Formats of Excel's own that show a share in percent.
_PERCENT = {9, 10}
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
#: How a file begins that holds others, and how the one of them is called that a password locks.
_COMPOUND, _LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")


class CellFault(NamedTuple):
    """A formula without a value, by what its cell shows."""

    said: str


class PercentCell(float):
    """A share as its cell shows it, in percent."""


Cell: TypeAlias = str | int | float | datetime.date | CellFault | None


class SheetCells(NamedTuple):
    """The rows of a sheet that say something, by numbers from 0, with their cells by columns from 0, and merged ranges."""

    name: str
    rows: list[tuple[int, dict[int, Cell]]]
    merged: list[tuple[int, int, int, int]]


class Unreadable(NamedTuple):
    """Why a workbook is not read: the variant of the finding on it, and its words."""

    variant: str
    words: dict[str, Any]


def read_workbook(
    file: Path, *, office_only: bool = False, most_rows: int = 200_000
) -> list[SheetCells] | Unreadable:
    """The sheets of a workbook; with `office_only` of one whose faults are known, which is .xlsx and .xlsm."""
    try:
        data = read_file(file, MAX_BYTES)
        settings = {"office_only": office_only, "most_rows": most_rows}
        made = make_apart("masterplan_cli.workbooks:read_cells", {_FILE: data}, _BOUNDS, settings)
    except OSError as error:
        return Unreadable("unread", {"reason": reason(error)})
    if isinstance(made, Stopped):
        return Unreadable("stopped", {"how": STOPPED[made.why]})
    if isinstance(made, Refused):
        return Unreadable(made.message, {})
    return sheets_of(made[0])


def sheets_of(data: bytes) -> list[SheetCells]:
    """The sheets that a worker has put into a file."""
    return [
        SheetCells(
            name, [(number, {at: _cell(cell) for at, cell in cells}) for number, cells in rows], merged
        )
        for name, rows, merged in json.loads(data)
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


#: What is no text or number, by the word for it in JSON.
_KINDS: dict[str, Callable[[Any], Cell]] = {
    "fault": CellFault,
    "share": PercentCell,
    "day": datetime.date.fromisoformat,
}


def _cell(cell: Any) -> Cell:
    """A cell as it was before it went through JSON."""
    if isinstance(cell, dict):
        [(kind, said)] = cell.items()
        return _KINDS[kind](said)
    return cell if isinstance(cell, str | int | float) else None


# --- within the worker


def read_cells(request: dict[str, Any], _note: Callable[[Any], None]) -> int | tuple[str, str]:
    """Put all cells that say something into a file; or why there are none."""
    import python_calamine as calamine

    file = Path(request["input"], _FILE)
    try:
        most_rows = request["most_rows"]
        marks = _marks(file, most_rows)
        if marks is None and _is_locked(file):
            return "", "password"
        if marks is None and request["office_only"]:
            return "", "kind"
        cells = list(_all_cells(calamine.load_workbook(str(file)), marks or {}, most_rows))
    except calamine.PasswordError:
        return "", "password"
    except _TooManyError:
        return "", "large"
    except (calamine.CalamineError, *_BROKEN):
        return "", "broken"
    Path(request["folder"], "0").write_text(json.dumps(cells), encoding="ascii")
    return 1


def _is_locked(file: Path) -> bool:
    data = file.read_bytes()
    return data.startswith(_COMPOUND) and _LOCKED in data


#: What the parts of a file raise that are not what they say.
_BROKEN = (
    ElementTree.ParseError, expat.ExpatError, zipfile.BadZipFile, zlib.error,
    ValueError, OverflowError, LookupError, RuntimeError, EOFError, OSError,
)  # fmt: skip


class _TooManyError(Exception):
    """More bytes, rows or cells than are looked at."""


_Marks = dict[tuple[int, int], str]


def _all_cells(
    book: Any, marks: dict[str, _Marks], rows_left: int
) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Each sheet by its name, with its cells by the numbers of rows and columns, and its merged ranges."""
    from python_calamine import SheetTypeEnum

    cells_left = _MOST_CELLS
    # A sheet that is a chart or a program of its own has no cells.
    names = [one.name for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    if len(names) > _MOST_SHEETS:
        raise _TooManyError
    for name in names:
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
                rows[number][at] = {"share": float(Decimal(repr(cell)) * 100)}
        merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
        # Rows below the last one that says something are nobody's.
        if sum(max(min(one[2], max(rows, default=0)) - one[0], 0) + 1 for one in merged) > _MOST_MERGED:
            raise _TooManyError
        yield name, [(number, sorted(rows[number].items())) for number in sorted(rows)], merged


def _as_json(cell: Any) -> Any:
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"day": cell.isoformat()[:10]}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    if isinstance(cell, str) and len(cell) > _LONGEST:
        raise _TooManyError
    return cell


# --- what only the parts of an Office file tell


def _marks(file: Path, most_rows: int) -> dict[str, _Marks] | None:
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
        return {name: _read_marks(archive, part, percents, most_rows) for name, part in _sheet_parts(archive)}


def _read_marks(archive: zipfile.ZipFile, part: str, percents: set[str], most_rows: int) -> _Marks:
    with archive.open(part) as stream:
        return _CellReader(percents, most_rows).read(stream)


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


class _CellReader:
    """Notes what only the part of a sheet tells of its cells, tag after tag, as a large one must be read."""

    def __init__(self, percents: set[str], most_rows: int) -> None:
        self.percents, self.rows_left, self.marks = percents, most_rows, _Marks()
        self.number, self.at = -1, 0
        self.last = 0, 0
        #: The cell that is being read: its type, and what its formula and value say, where that counts.
        self.type, self.said = "", dict[str, str]()
        self.inside = False
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin

    def read(self, stream: IO[bytes]) -> _Marks:
        self.parser.ParseFile(stream)
        self._end_cell()
        return self.marks

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in ("f", "v", "is") and self.inside:
            self._begin_value(name)
        elif name == "c":
            self._end_cell()
            self._begin_cell(attributes)
        elif name not in ("t", "r"):
            self._end_cell()
            self.inside = False
            if name == "row":
                self.number, self.at = int(attributes.get("r", self.number + 2)) - 1, -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        """A cell at its address; one without any stands behind the one before it."""
        address = _ADDRESS.fullmatch(attributes.get("r", ""))
        self.place = (int(address[2]) - 1, _column(address[1])) if address else (self.number, self.at + 1)
        self.at = self.place[1]
        self.type, self.said, self.inside = attributes.get("t", "n"), {}, True
        if self.type == "n" and attributes.get("s") in self.percents:
            self.marks[self.place] = "%"

    def _begin_value(self, name: str) -> None:
        self.rows_left -= self.place[0] > self.last[0]
        self.last = max(self.last[0], self.place[0]), max(self.last[1], self.place[1])
        if self.rows_left < 0 or self.last[0] * self.last[1] > _LARGEST:
            raise _TooManyError
        if name == "f" or self.type == "e" or self.said:
            self.said[name] = ""
            self.name = name
            self.parser.CharacterDataHandler = self._tell

    def _tell(self, text: str) -> None:
        self.said[self.name] = (self.said[self.name] + text)[:_LONGEST]

    def _end_cell(self) -> None:
        said, self.parser.CharacterDataHandler = self.said, None
        value = said.get("v", "").strip()
        if self.type == "e" and self.inside:
            self.marks[self.place] = value or "#?"
        elif "f" in said and not value and self.type != "str":
            self.marks[self.place] = f"={said['f'].strip() or '…'}"
        self.type, self.said = "", {}


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
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
