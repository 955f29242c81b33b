"""XLSX: tables for Excel. What a file says is only ever text there: never a formula, never a link."""

from __future__ import annotations

import datetime
import io
import re
import textwrap
import zipfile
from dataclasses import dataclass
from typing import Any, NamedTuple

import xlsxwriter

from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.tasks import Level, Row, Share, Task, Work

#: The day that every workbook says it was made, so that two runs give the same bytes.
_CREATED = datetime.datetime(2000, 1, 1)
#: Unix among the systems that an archive can name.
_UNIX = 3
#: The most characters that a cell of Excel can hold.
_LONGEST = 32767
#: The most characters of a sheet's name, and those that it cannot have.
_LONGEST_NAME = 31
_UNNAMEABLE = re.compile(r"[\[\]:*?/\\\s]+")
#: Excel's numbers of paper sizes.
_A3, _A4 = 8, 9
#: The height of a line, and the most lines of a row.
_LINE, _TALLEST = 15, 27
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_TEXT = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#D5DBE3"}
_STYLES: dict[str, dict[str, Any]] = {
    "": {},
    "head": {"bold": True, "bg_color": "#0B5D57", "font_color": "#FFFFFF", "valign": "vcenter"},
    "sum": {"bold": True, "bg_color": "#F2F6F5"},
    "left": {"align": "left"},
    "error": {"bold": True, "bg_color": "#FBDAD7", "font_color": "#7A1010"},
    "warning": {"bold": True, "bg_color": "#FFF0C9", "font_color": "#5C3B00"},
    "gap": {"bg_color": "#E1EDF7", "font_color": "#0A3B5E"},
}


class CellValue(NamedTuple):
    """What a cell holds, its look, and the form of its number."""

    value: str | float | None
    style: str = ""
    form: str = ""


class Column(NamedTuple):
    """The head of a column and its width in characters."""

    title: str
    width: float


@dataclass(frozen=True)
class Sheet:
    """A table with a head that stays in sight, and a filter; the last `sums` rows stand outside of the filter.

    `marks` is printed at the top of every page; a sheet of many columns wants `broad` paper, A3.
    """

    name: str
    columns: list[Column]
    rows: list[list[CellValue]]
    sums: int = 0
    frozen: int = 0
    marks: str = ""
    broad: bool = False
    filtered: bool = True


def write_workbook(title: str, sheets: list[Sheet]) -> bytes:
    """The sheets as one file."""
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": _clean(title), "created": _CREATED})
        formats = _Formats(book)
        for sheet, name in zip(sheets, safe_names([sheet.name for sheet in sheets]), strict=True):
            _write_sheet(book.add_worksheet(name), sheet, formats)
    _as_on_unix(stream)
    return stream.getvalue()


def _as_on_unix(stream: io.BytesIO) -> None:
    """Let the archive's list of parts, which names the system that each was made on, name the same one everywhere."""
    with zipfile.ZipFile(stream, "a") as archive:
        for part in archive.infolist():
            part.create_system = _UNIX
        archive.comment = b""  # only what has a new comment is closed with a new list


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[str, str, bool], Any] = {}

    def of(self, style: str, form: str = "", *, text: bool = True) -> Any:
        """A format; a text keeps a little distance from the figure before it."""
        key = style, form, text
        if key not in self.made:
            number = {"num_format": form} if form else {}
            aside = {"align": "left", "indent": 1} if text else {}
            self.made[key] = self.book.add_format(_TEXT | aside | _STYLES[style] | number)
        return self.made[key]


def _write_sheet(page: Any, sheet: Sheet, formats: _Formats) -> None:
    head = [CellValue(column.title, "head") for column in sheet.columns]
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
    for number, row in enumerate([head, *sheet.rows]):
        page.set_row(number, _LINE * _lines_of(row, sheet.columns))
        for index, cell in enumerate(row):
            form = formats.of(cell.style, cell.form, text=isinstance(cell.value, str))
            _write_cell(page, number, index, cell, form)
    page.freeze_panes(1, sheet.frozen)
    if sheet.filtered:
        page.autofilter(0, 0, max(1, len(sheet.rows) - sheet.sums), len(sheet.columns) - 1)
    if sheet.marks:
        page.set_header("&L" + "\n".join(_printed(line) for line in sheet.marks.split("\n")))
        page.set_footer("&L&A&R&P / &N")
    page.set_landscape()
    page.set_paper(_A3 if sheet.broad else _A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _lines_of(row: list[CellValue], columns: list[Column]) -> int:
    """How many lines the fullest cell of a row takes; not every program that opens the file works it out."""
    return min(_TALLEST, max(_lines(cell, column.width) for cell, column in zip(row, columns, strict=True)))


def _lines(cell: CellValue, width: float) -> int:
    if not isinstance(cell.value, str):
        return 1
    room = max(int(width) - (5 if cell.style == "head" else 0), 3)
    return sum(_wrapped(line, room) for line in cell.value.split("\n"))


def _wrapped(line: str, room: int) -> int:
    if len(line) <= room and "\t" not in line:  # most of them: to break each would take half of the writing
        return 1
    return len(textwrap.wrap(line, room)) or 1


def _write_cell(page: Any, row: int, column: int, cell: CellValue, form: Any) -> None:
    match cell.value:
        case None | "":
            page.write_blank(row, column, None, form)
        case str() as text:
            page.write_string(row, column, _clean(text), form)
        case number:
            page.write_number(row, column, number, form)


def safe_names(names: list[str]) -> list[str]:
    """The names as Excel takes them for sheets: short, without its special characters, each used once."""
    taken = {"history", "riwayat"}
    out: list[str] = []
    for name in names:
        plain = _UNNAMEABLE.sub(" ", _clean(name)).strip(" '") or "-"
        safe, count = _cut(plain, _LONGEST_NAME), 1
        while safe.casefold() in taken:
            count += 1
            safe = _cut(plain, _LONGEST_NAME - len(f" {count}")) + f" {count}"
        taken.add(safe.casefold())
        out.append(safe)
    return out


def _cut(text: str, units: int) -> str:
    """The beginning of a text in as many units as Excel counts, which are those of UTF-16."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").strip(" '")


def _printed(text: str) -> str:
    """A text for a page's head, where `&` begins an instruction."""
    return _cut(_clean(text), 110).replace("&", "&&")


def _clean(text: str) -> str:
    """A text that Excel accepts and that shows what it holds."""
    plain = _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


# --- the tasks

_SHEETS = Both("Tugas", "Tasks"), Both("Kelengkapan", "Completeness")
_COLUMNS = (
    (Both("Perangkat daerah", "Agency"), 30),
    (Both("Id", "Id"), 16),
    (Both("Tingkat", "Level"), 14),
    (Both("Pilar", "Pillar"), 20),
    (Both("Tentang", "About"), 30),
    (Both("Yang harus diselesaikan", "What remains to be done"), 50),
    (Both("Caranya", "How"), 50),
    (Both("Berkas", "File"), 36),
    (Both("Baris", "Line"), 8),
    (Both("Kode", "Code"), 9),
)
_DONE = Both("Terisi", "Done"), Both("Diminta", "Asked")


def write_tasks(work: Work, only: Row | None, language: Language) -> bytes:
    """The tasks, and how complete every agency is, as a workbook."""
    rows = [only] if only else work.urgent
    sheets = [tasks_sheet(rows, language), completeness_sheet(work, [only] if only else work.rows, language)]
    return write_workbook(work.plan.settings.title, sheets)


def tasks_sheet(rows: list[Row], language: Language) -> Sheet:
    """The tasks of some agencies."""
    columns = [Column(head.of(language), width) for head, width in _COLUMNS]
    tasks = [_task(row, task, language) for row in rows for task in row.tasks]
    return Sheet(_SHEETS[0].of(language), columns, tasks, frozen=1)


def _name(row: Row, language: Language) -> str:
    return row.agency.name if row.agency else LABELS["status.nobody"].of(language)


def _task(row: Row, task: Task, language: Language) -> list[CellValue]:
    return [
        CellValue(_name(row, language)),
        CellValue(row.agency.id if row.agency else None),
        CellValue(task.level.word(language), str(task.level)),
        CellValue(task.pillar.title if task.pillar else None),
        CellValue(task.node.title if task.node else None),
        CellValue(task.message),
        CellValue(task.help),
        CellValue(task.path),
        CellValue(task.line),
        CellValue(task.code),
    ]


def completeness_sheet(work: Work, rows: list[Row], language: Language) -> Sheet:
    """Agencies down, pillars across, with the sums of the rows that are shown."""
    words = [level.word(language) for level in Level]
    heads = [LABELS["status.all"].of(language), *(head.of(language) for head in _DONE), *words]
    columns = [Column(_COLUMNS[0][0].of(language), 44), Column(_COLUMNS[1][0].of(language), 18)]
    columns += [Column(pillar.title, 14) for pillar in work.plan.pillars]
    columns += [Column(head, 12) for head in heads]
    table = [_status(row, language) for row in rows]
    if len(rows) > 1:
        table.append(_sums(work, language))
    return Sheet(_SHEETS[1].of(language), columns, table, sums=int(len(rows) > 1), frozen=1)


def _status(row: Row, language: Language) -> list[CellValue]:
    share = row.share
    return [
        CellValue(_name(row, language)),
        CellValue(row.agency.id if row.agency else None),
        *(_percent(cell.share, cell.marks) for cell in row.cells),
        _percent(share, style="sum"),
        CellValue(share.done),
        CellValue(share.asked),
        *(CellValue(row.count(level), str(level) if row.count(level) else "") for level in Level),
    ]


def _sums(work: Work, language: Language) -> list[CellValue]:
    share = work.total
    counts = [sum(row.count(level) for row in work.rows) for level in Level]
    return [
        CellValue(LABELS["status.all"].of(language), "sum"),
        CellValue(None, "sum"),
        *(_percent(s, style="sum") for s in work.totals),
        _percent(share, style="sum"),
        *(CellValue(number, "sum") for number in (share.done, share.asked, *counts)),
    ]


def _percent(share: Share, marks: str = "", style: str = "") -> CellValue:
    """A number that Excel can sort and count with; the marks stand before it as part of its form."""
    if share.percent is None:
        return CellValue("–", style)
    return CellValue(share.percent / 100, style, f'"{marks} "0%' if marks else "0%")
