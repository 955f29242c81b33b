"""Sheets of a workbook as tables of Excel, written one after another. What a file says is only ever text there."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

import xlsxwriter

from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.writers.xlsx import pages
from masterplan_cli.writers.xlsx.names import Names, SheetNames, clean, column_heads, reference, table_name

#: The day that a workbook without a date says it was made, so that two runs give the same bytes.
CREATED = datetime.date(2000, 1, 1)
#: Unix among the systems that an archive can name.
_UNIX = 3
#: The most rows of a sheet, less its head and its totals; the most links, and the longest.
_MOST_ROWS, _MOST_LINKS, _LONGEST_LINK = 1_048_574, 65_000, 2_000
#: The height of a line, and the most lines of a row.
LINE, _TALLEST = 15, 27
#: How many characters of a head its filter's button covers.
_BUTTON = 4
#: Nothing that a file says is ever taken for a formula, a link or a number.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CELL = {"valign": "top", "text_wrap": True, "bottom": 7, "bottom_color": "#9AA5B1"}
_STYLES: dict[str, dict[str, Any]] = {
    "": {},
    "head": {"bold": True, "bg_color": "#0B5D57", "font_color": "#FFFFFF", "valign": "vcenter"},
    "sum": {"bold": True, "top": 1, "bottom": 1},
    "strong": {"bold": True},
    "left": {"align": "left", "indent": 1},
    "link": {"font_color": "#0B5D57", "underline": 1},
    "error": {"bold": True, "bg_color": "#FBDAD7", "font_color": "#7A1010"},
    "warning": {"bold": True, "bg_color": "#FFF0C9", "font_color": "#5C3B00"},
    "gap": {"bg_color": "#E1EDF7", "font_color": "#0A3B5E"},
}
_HEADS = Both("Lembar", "Sheet"), Both("Isi", "Content"), Both("Baris", "Rows")
_WHERE = 28, 112, 10


class CellValue(NamedTuple):
    """A value that is shown otherwise than its column, or leads to an address."""

    value: str | float | datetime.date | None
    style: str = ""
    form: str = ""
    link: str = ""


Value: TypeAlias = str | float | datetime.date | CellValue | None


class Total(NamedTuple):
    """What stands below a column: its `sum`, the `count` of its entries, a `word`, or the `share` of one sum in another.

    `parts` are the columns of such sums.
    """

    kind: str
    form: str = ""
    word: str = ""
    parts: tuple[int, int] = (0, 0)


class Column(NamedTuple):
    """The head of a column, its width in characters, the form of its numbers, and what stands below it."""

    title: str
    width: float
    form: str = ""
    total: Total | None = None


@dataclass(frozen=True)
class Sheet:
    """A table with a head and first columns that stay in sight; `about` says what it holds."""

    name: str
    about: str
    columns: list[Column]
    rows: list[list[Value]]
    frozen: int = 2


class Imprint(NamedTuple):
    """What a workbook says of itself: in its properties, and at the head and the foot of every printed page."""

    title: str
    language: Language
    marks: list[str]
    foot: str = ""
    author: str = ""
    date: datetime.date | None = None


class Opening(NamedTuple):
    """The first sheet: facts, before the list of what stands where."""

    name: str
    facts: list[tuple[str, CellValue]]


class _Written(NamedTuple):
    """A sheet that is in the workbook."""

    name: str
    about: str
    rows: int


def write_workbook(imprint: Imprint, sheets: Iterable[Sheet], opening: Opening | None = None) -> bytes:
    """The sheets that have rows as one file; each is let go of before the next one is asked for."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        writer = _WorkbookWriter(book, imprint)
        first = book.add_worksheet(writer.names.of(opening.name)) if opening else None
        listed = [writer.add(part) for sheet in sheets for part in _parts(sheet)]
        if opening:
            writer.open_with(first, opening, listed)
    as_on_unix(stream)
    return stream.getvalue()


def _parts(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet, or several where it has more rows than fit into one; none where it has none."""
    for start in range(0, len(sheet.rows), _MOST_ROWS):
        yield replace(sheet, rows=sheet.rows[start : start + _MOST_ROWS])


def as_on_unix(stream: io.BytesIO) -> None:
    """Let the archive's list of parts, which names the system that each was made on, name the same one everywhere."""
    with zipfile.ZipFile(stream, "a") as archive:
        for part in archive.infolist():
            part.create_system = _UNIX
        archive.comment = b""  # only what has a new comment is closed with a new list


class _WorkbookWriter:
    """A workbook in the making: its names, its formats, what is printed on every page."""

    def __init__(self, book: Any, imprint: Imprint) -> None:
        self.book, self.imprint = book, imprint
        self.names, self.tables = SheetNames(), Names(200, joint="_")
        self.formats: dict[tuple[str, str, bool], Any] = {}
        self.links = 0
        created = datetime.datetime.combine(imprint.date or CREATED, datetime.time())
        said = {"title": imprint.title, "author": imprint.author, "subject": imprint.foot}
        book.set_properties({key: clean(text) for key, text in said.items()} | {"created": created})

    def add(self, sheet: Sheet) -> _Written:
        """A sheet of its own for a table."""
        name = self.names.of(sheet.name)
        page, self.links = self.book.add_worksheet(name), 0
        heads, widths = column_heads([c.title for c in sheet.columns]), [c.width for c in sheet.columns]
        for index, width in enumerate(widths):
            page.set_column(index, index, width)
        page.set_row(0, LINE * max(_lines(h, w - _BUTTON) for h, w in zip(heads, widths, strict=True)))
        forms = [self._format("", column.form) for column in sheet.columns]
        for number, row in enumerate(sheet.rows, 1):
            self._write_row(page, number, row, widths, forms)
        self._frame(page, name, sheet, heads)
        page.freeze_panes(1, sheet.frozen)
        page.hide_gridlines(2)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        pages.set_up(page, widths, sheet.frozen, self.imprint.marks, self.imprint.foot)
        return _Written(name, sheet.about, len(sheet.rows))

    def _write_row(
        self, page: Any, number: int, row: list[Value], widths: list[float], forms: list[Any]
    ) -> None:
        """A row, as high as its fullest cell; `forms` are the formats of numbers."""
        lines, text, blank = 1, self._format("", text=True), self._format("")
        for index, value in enumerate(row):
            if isinstance(value, str) and value:
                page.write_string(number, index, clean(value), text)
            elif value is None:
                page.write_blank(number, index, None, blank)
            elif isinstance(value, CellValue):
                self._write(page, number, index, value, forms[index])
                value = value.value
            else:
                self._write(page, number, index, CellValue(value), forms[index])
            if isinstance(value, str) and (len(value) > widths[index] or "\n" in value):
                lines = max(lines, _lines(value, widths[index]))
        if lines > 1:  # not every program that opens the file works it out
            page.set_row(number, LINE * min(lines, _TALLEST))

    def _write(self, page: Any, row: int, index: int, cell: CellValue, plain: Any = None) -> None:
        """A cell; a number without a look of its own in the `plain` format of its column."""
        value, style, form, link = cell
        match value:
            case None | "":
                page.write_blank(row, index, None, self._format(style))
            case str() if link and len(link) <= _LONGEST_LINK and self.links < _MOST_LINKS:
                self.links += 1
                page.write_url(row, index, link, self._format("link", text=True), clean(value))
            case str():
                page.write_string(row, index, clean(value), self._format(style, text=True))
            case datetime.date():
                page.write_datetime(row, index, value, plain or self._format(style, form))
            case _:
                page.write_number(row, index, value, self._format(style, form) if style or form else plain)

    def _format(self, style: str, form: str = "", *, text: bool = False) -> Any:
        """A format, made once; a text keeps a little distance from the figure before it."""
        key = style, form, text
        if key not in self.formats:
            number = {"num_format": form} if form and not text else {}
            aside = {"align": "left", "indent": 1} if text else {}
            self.formats[key] = self.book.add_format(_CELL | aside | _STYLES[style] | number)
        return self.formats[key]

    def _frame(self, page: Any, name: str, sheet: Sheet, heads: list[str]) -> None:
        """Make a table of what stands on a page, with its totals below."""
        last, totals = len(sheet.rows), any(column.total for column in sheet.columns)
        word = LABELS["table"].of(self.imprint.language)
        title = self.tables.of(table_name(word, name, len(self.tables.taken)))
        sums = _Sums(title, sheet, heads)
        options = {
            "name": title,
            "style": None,
            "columns": [
                {"header": head, "header_format": self._format("head", text=True), **sums.told(index)}
                for index, head in enumerate(heads)
            ],
            "total_row": totals,
            "title": name,
            "description": clean(sheet.about),
        }
        page.add_table(0, 0, last + totals, len(heads) - 1, options)
        page.table_cells.clear()  # kept to see tables that overlap, a note for each cell: there is only this one
        for index, column in enumerate(sheet.columns if totals else ()):
            self._write_total(page, last + 1, index, column, sums)

    def _write_total(self, page: Any, row: int, index: int, column: Column, sums: _Sums) -> None:
        """A total again, in its own form and with its value, for programs that do not compute."""
        total = column.total
        if total is None or total.kind == "word":
            self._write(page, row, index, CellValue(total.word if total else None, "sum"))
            return
        form = self._format("sum", total.form or column.form)
        page.write_formula(row, index, f"={sums.formula(index)}", form, sums.value(index))

    def open_with(self, page: Any, opening: Opening, listed: list[_Written]) -> None:
        """Write the first sheet: the facts, then what stands where, with links to it."""
        for index, width in enumerate(_WHERE):
            page.set_column(index, index, width)
        self.links = 0
        facts: list[list[CellValue]] = [
            [CellValue(label), value, CellValue(None)] for label, value in opening.facts
        ]
        heads = [CellValue(head.of(self.imprint.language), "head") for head in _HEADS]
        rows = [*facts, [], heads]
        rows += [
            [CellValue(name, link=f"internal:{_quoted(name)}!A1"), CellValue(about), CellValue(count)]
            for name, about, count in listed
        ]
        for number, row in enumerate(rows):
            texts = zip((cell.value for cell in row), _WHERE, strict=False)
            page.set_row(number, LINE * max([1, *(_lines(t, w) for t, w in texts if isinstance(t, str))]))
            for index, cell in enumerate(row):
                self._write(page, number, index, cell)
        page.hide_gridlines(2)
        pages.set_up_opening(page, self.imprint.marks, self.imprint.foot)


def _quoted(name: str) -> str:
    """The name of a sheet as an address has it."""
    return "'" + name.replace("'", "''") + "'"


def _plain(value: Value) -> str | float | datetime.date | None:
    return value.value if isinstance(value, CellValue) else value


class _Sums:
    """What stands below the columns of a table, of the rows that its filters show."""

    def __init__(self, table: str, sheet: Sheet, heads: list[str]) -> None:
        self.table, self.sheet, self.heads = table, sheet, heads

    def told(self, index: int) -> dict[str, str]:
        """How the table's own description says it."""
        total = self.sheet.columns[index].total
        if total is None:
            return {}
        if total.kind == "word":
            return {"total_string": total.word}
        return {"total_function": self.formula(index) if total.kind == "share" else total.kind}

    def formula(self, index: int) -> str:
        """As Excel computes it."""
        match self.sheet.columns[index].total:
            case Total(kind="share", parts=(part, whole)):
                return f"IFERROR(INT(100*{self._subtotal(part)}/{self._subtotal(whole)})/100,0)"
            case Total(kind="count"):
                return self._subtotal(index, 103)
            case _:
                return self._subtotal(index)

    def value(self, index: int) -> float:
        """What that gives while all rows are shown."""
        values = [_plain(row[index]) for row in self.sheet.rows]
        match self.sheet.columns[index].total:
            case Total(kind="share", parts=(part, whole)):
                asked = self.value(whole)
                return self.value(part) * 100 // asked / 100 if asked else 0
            case Total(kind="count"):
                return sum(1 for value in values if value not in (None, ""))
            case _:
                return sum(value for value in values if isinstance(value, int | float))

    def _subtotal(self, index: int, function: int = 109) -> str:
        return f"SUBTOTAL({function},{reference(self.table, self.heads[index])})"


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column."""
    room = max(int(width), 3)
    return sum(_wrapped(line, room) for line in text.split("\n", _TALLEST)[:_TALLEST])


def _wrapped(line: str, room: int) -> int:
    """How many lines the words of one line take, each moved down where it does not fit."""
    if len(line) <= room:
        return 1
    lines, used = 1, 0
    for word in line[: room * _TALLEST].split(" "):
        if used and used + len(word) > room:
            lines, used = lines + 1, 0
        lines += (len(word) - 1) // room if word else 0
        used += len(word) % room + 1 if len(word) > room else len(word) + 1
    return lines


def columns_of(language: Language, columns: Sequence[tuple[Both, float]]) -> list[Column]:
    """Columns by their heads in both languages, and their widths."""
    return [Column(head.of(language), width) for head, width in columns]
