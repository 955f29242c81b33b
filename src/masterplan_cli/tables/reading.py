"""The cells of a table from elsewhere, whether a workbook, CSV or JSON: by a worker, within bounds of time and memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import Any, TypeAlias

from masterplan_cli.files import read_file
from masterplan_cli.messages import STOPPED, reason
from masterplan_cli.typesetting import Refused, make_apart
from masterplan_cli.workbooks import MAX_BYTES, SheetCells, Unreadable, read_workbook, sheets_of
from masterplan_cli.worker import Bounds, Stopped

#: What reading a text of rows may take, and the most of it that is taken.
_BOUNDS = Bounds(60, 1 << 30, 1 << 28)
MOST_ROWS, MOST_COLUMNS, _LONGEST = 100_000, 500, 40_000
_FILE = "table"
_TEXTS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".json": "json"}
_DELIMITERS = ";,\t|"
#: No text of a table.
_END = "\x1e"
#: So many lines show which character parts the cells, and so deep a list of objects is looked for.
_SAMPLE, _DEPTH = 20, 3

_Line: TypeAlias = tuple[int, list[tuple[int, Any]]]


def kind_of(file: PurePath) -> str:
    """What a file is by its name: `csv`, `json`, or else `workbook`."""
    return _TEXTS.get(file.suffix.lower(), "workbook")


def read_cells_of(file: Path) -> list[SheetCells] | Unreadable:
    """The sheets of a file; a text has one, and the keys of objects are its head."""
    kind = kind_of(file)
    if kind == "workbook":
        return _no_wider(read_workbook(file, most_rows=MOST_ROWS))
    try:
        data = read_file(file, MAX_BYTES)
        made = make_apart("masterplan_cli.tables.reading:read_text", {_FILE: data}, _BOUNDS, {"kind": kind})
    except OSError as error:
        return Unreadable("unread", {"reason": reason(error)})
    if isinstance(made, Stopped):
        return Unreadable("stopped", {"how": STOPPED[made.why]})
    if isinstance(made, Refused):
        return Unreadable(made.message, {})
    return _no_wider(sheets_of(made[0]))


def _no_wider(sheets: list[SheetCells] | Unreadable) -> list[SheetCells] | Unreadable:
    """The sheets, unless one says something in more columns than are looked at: none is passed over."""
    if isinstance(sheets, Unreadable):
        return sheets
    last = max((max(cells) for sheet in sheets for _, cells in sheet.rows if cells), default=0)
    return sheets if last < MOST_COLUMNS else Unreadable("large", {})


# --- within the worker


class _TooLargeError(Exception):
    """More rows than are looked at, or a longer text."""


class _DoubledError(Exception):
    """An object says one key twice, of which all but one would be lost."""


def read_text(request: dict[str, Any], _note: Callable[[Any], None]) -> int | tuple[str, str]:
    """Put the cells of a text into a file; or why there are none."""
    try:
        text = _decoded(Path(request["input"], _FILE).read_bytes())
        rows = list(_lines_of_csv(text) if request["kind"] == "csv" else _lines_of_json(text))
    except (ValueError, RecursionError, csv.Error):
        return "", "broken"
    except _DoubledError:
        return "", "doubled"
    except _TooLargeError:
        return "", "large"
    if len(rows) > MOST_ROWS + 1:
        return "", "large"
    Path(request["folder"], "0").write_text(json.dumps([["", rows, []]]), encoding="ascii")
    return 1


def _decoded(data: bytes) -> str:
    """The text of bytes; what is no UTF-8 anywhere was most probably saved by an older Excel."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if b"\0" in data:
        raise ValueError
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if not data.decode("utf-8-sig", "ignore").isascii():
            raise  # read in another way, what is right of it would be other words
        return data.decode("cp1252", "replace")


def _lines_of_csv(text: str) -> Iterator[_Line]:
    """The rows by the numbers of the lines that they begin in."""
    begins = 0
    # What follows the text is a row of its own, unless a quote was not closed and has swallowed rows.
    ended = io.StringIO(f"{text}\n{_END}", newline="")
    row: list[str] = []
    reader = csv.reader(ended, delimiter=_delimiter(text))
    for number, row in enumerate(reader):
        cells = [(at, _bounded(cell)) for at, cell in enumerate(row) if cell.strip()]
        if cells and row != [_END]:
            yield begins, cells
        begins = reader.line_num
        if number > 2 * MOST_ROWS:
            raise _TooLargeError
    if row != [_END]:
        raise csv.Error


def _bounded(text: str) -> str:
    if len(text) > _LONGEST:
        raise _TooLargeError
    return text


def _delimiter(text: str) -> str:
    """The character that parts most lines of a sample into most cells, the same number of them in each."""
    sample = list(_sample(text))

    def cells(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        usual = max(counts, key=counts.count, default=1)
        return (counts.count(usual) if usual > 1 else 0, usual)

    return max(_DELIMITERS, key=cells)


def _sample(text: str) -> Iterator[str]:
    lines = io.StringIO(text[: _SAMPLE * _LONGEST], newline="")
    for number, line in enumerate(lines):
        if number == _SAMPLE:
            return
        yield line


def _lines_of_json(text: str) -> Iterator[_Line]:
    """The keys of all objects as a head, and each object as a row."""
    read = json.loads(text, parse_constant=lambda _: None, object_pairs_hook=_object)
    objects = _objects(read, _DEPTH)
    if objects is None:
        raise ValueError
    flat = [dict(_flat(one)) for one in objects[: MOST_ROWS + 1]]
    keys = dict.fromkeys(key for one in flat for key in one)
    if len(keys) > MOST_COLUMNS:
        raise _TooLargeError
    places = {key: at for at, key in enumerate(keys)}
    yield 0, [(at, key) for key, at in places.items()]
    for number, one in enumerate(flat, 1):
        yield number, [(places[key], cell) for key, cell in one.items()]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _DoubledError
    return made


def _objects(value: Any, depth: int) -> list[dict[str, Any]] | None:
    """The longest list of objects that a value is or holds."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return value
    if not isinstance(value, dict) or not depth:
        return None
    inside = (_objects(one, depth - 1) for one in value.values())
    return max((found for found in inside if found), key=len, default=None)


def _flat(value: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """The cells of an object; of a list in it, what its items say for each key, one a line."""
    for name, inside in value.items():
        key = f"{above}{name}"
        if isinstance(inside, dict):
            yield from _flat(inside, f"{key}.")
        elif isinstance(inside, list) and inside and isinstance(inside[0], dict):
            items = [dict(_flat(one)) for one in inside if isinstance(one, dict)]
            for column in dict.fromkeys(key for one in items for key in one):
                yield f"{key}.{column}", "\n".join(_line(one.get(column)) for one in items)
        elif isinstance(inside, list):
            yield key, "\n".join(map(_line, inside))
        elif isinstance(inside, str | int | float):
            yield key, _bounded(inside) if isinstance(inside, str) else inside


def _line(value: Any) -> str:
    """A value within a list, in one line."""
    return _bounded(" ".join(str(value).split())) if isinstance(value, str | int | float) else "-"
