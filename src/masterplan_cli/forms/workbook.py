"""The form as a workbook: heads that are protected, names to choose from, and what is missing in colour."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from masterplan_cli.forms.cells import Several, plain
from masterplan_cli.forms.guide import COLOURS, GUIDE, GuideLine, write_guide
from masterplan_cli.forms.records import FormColumn, FormSheet, PlanForm, Record, digest
from masterplan_cli.messages import Both
from masterplan_cli.source import Route
from masterplan_cli.workbooks import Cell, typed
from masterplan_cli.writers.xlsx.names import SheetNames, clean
from masterplan_cli.writers.xlsx.tables import CREATED, LINE, OPTIONS, as_on_unix

#: The hidden columns: the file, the route in it, and what stands for each value that the plan had.
PATH, ROUTE, BASE = "#path", "#route", "#base"
HIDDEN = (PATH, ROUTE, BASE)
#: Behind the key of a value whose cell showed names.
SHOWN = "'"
#: What the first visible cell of a row that is no record begins with.
EXAMPLE = Both("(contoh)", "(example)")
#: So many empty rows wait for new records, and a row shows no more lines than this.
_EMPTY, _LINES = 60, 5
#: What Excel takes for the title and the text of a message beside a cell.
_MESSAGE_TITLE, _MESSAGE = 32, 255
_DAY = Both("[$-421]d mmmm yyyy", "[$-409]d mmmm yyyy")
LISTS = Both("Daftar nama", "Names")
_PROTECTED = dict.fromkeys(
    (
        "format_cells", "format_columns", "format_rows", "insert_columns", "insert_rows", "delete_columns",
        "delete_rows", "sort", "autofilter", "objects", "scenarios",
    ),
    True,
)  # fmt: skip
_TEXT = Both("@", "@")
_FORMATS = {"money": Both("#,##0", "#,##0"), "date": _DAY}


class FormRow(NamedTuple):
    """A row to be written: where it stands in the plan, what stood there, its cells, and what is wrong with them."""

    path: str = ""
    route: str = ""
    base: str = ""
    cells: Mapping[str, Cell] = {}
    notes: Mapping[str, str] = {}


def row_of(sheet: FormSheet, record: Record) -> FormRow:
    """A record as a row."""
    said = {c.key: id_ for c, id_ in zip(sheet.keys, record.owner, strict=True)} | record.said
    cells = {key: sheet.by_key[key].kind.in_cell(text, record.pillar) for key, text in said.items()}
    # Names as they were shown, since what they name may be called otherwise by then.
    shown = {column.key: key_digest(cells[column.key]) for column in sheet.keys}
    parts = [f"{key}={shown.get(key) or digest(text)}" for key, text in said.items()]
    parts += [
        f"{key}{SHOWN}={key_digest(cells[key])}" for key in record.said if sheet.by_key[key].kind.shows_names
    ]
    base = " ".join(parts)
    return FormRow(record.path, shown_route(record.route), base, cells)


def key_digest(cell: Cell) -> str:
    """What stands for the name in a cell that tells whose a row is."""
    return digest(plain(typed(cell)).casefold())


def shown_route(route: Route) -> str:
    return "/".join(map(str, route))


def write_form(form: PlanForm, rows: Iterable[tuple[FormSheet, list[FormRow]]] | None = None) -> bytes:
    """The workbook of a form, with the rows of the plan or with others."""
    stream = io.BytesIO()
    given = rows or [(sheet, [row_of(sheet, record) for record in sheet.records]) for sheet in form.sheets]
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        _FormWriter(book, form).write(list(given))
    as_on_unix(stream)
    return stream.getvalue()


class _FormWriter:
    """A workbook in the making."""

    def __init__(self, book: Any, form: PlanForm) -> None:
        self.book, self.form, self.language = book, form, form.plan.language
        self.names = SheetNames()
        self.formats: dict[tuple[str, str], Any] = {}
        #: Where each list of names stands, as a formula names it.
        self.ranges: dict[str, str] = {}
        created = datetime.datetime.combine(CREATED, datetime.time())
        book.set_properties({"title": clean(form.plan.settings.title), "created": created})

    def write(self, sheets: list[tuple[FormSheet, list[FormRow]]]) -> None:
        guide = self.book.add_worksheet(self.names.of(self.t(GUIDE)))
        pages = [self.book.add_worksheet(self.names.of(self.t(sheet.name))) for sheet, _ in sheets]
        self._write_lists(sheets, pages)
        for (sheet, rows), page in zip(sheets, pages, strict=True):
            _SheetWriter(self, sheet, rows, page).write()
        listed = (
            GuideLine(page.get_name(), len(rows), sheet.form != "fixed")
            for page, (sheet, rows) in zip(pages, sheets, strict=True)
        )
        write_guide(self.book, guide, self.form, listed)
        guide.activate()

    def t(self, words: Both) -> str:
        return words.of(self.language)

    def format(self, style: str, form: str = "text") -> Any:
        """A format, made once."""
        key = style, form
        if key not in self.formats:
            plain = {
                "valign": "top",
                "text_wrap": True,
                "locked": False,
                "num_format": self.t(_FORMATS.get(form, _TEXT)),
            }
            self.formats[key] = self.book.add_format(plain | COLOURS[style])
        return self.formats[key]

    def _write_lists(self, sheets: list[tuple[FormSheet, list[FormRow]]], pages: list[Any]) -> None:
        """The names to choose from, on a hidden sheet; programs that are new in this workbook stand among theirs."""
        name = self.names.of(self.t(LISTS))
        page = self.book.add_worksheet(name)
        page.hide()
        used = {column.options for sheet, _ in sheets for column in sheet.all_columns if column.options}
        for at, listed in enumerate(sorted(used)):
            names, letter = self.form.lists[listed], xl_col_to_name(at)
            page.write_string(0, at, listed)
            for row, text in enumerate(names, 1):
                page.write_string(row, at, clean(text))
            new = self._new_programs(sheets, pages) if listed in ("programs", "holders") else []
            for row, cell in enumerate(new, len(names) + 1):
                page.write_formula(row, at, f'=IF({cell}="","",{cell})', None, "")
            last = max(len(names) + len(new), 1) + 1
            self.ranges[listed] = f"='{name}'!${letter}$2:${letter}${last}"

    def _new_programs(self, sheets: list[tuple[FormSheet, list[FormRow]]], pages: list[Any]) -> list[str]:
        """The cells that the titles of new programs stand in."""
        sheet, rows = sheets[0]
        if sheet.form != "file":
            return []
        letter = xl_col_to_name(len(HIDDEN) + len(sheet.keys))
        new = [number for number, row in enumerate(rows) if not row.path]
        places = [*new, *range(len(rows), len(rows) + _EMPTY)]
        return [f"'{pages[0].get_name()}'!${letter}${place + 3}" for place in places]


class _SheetWriter:
    """A sheet in the making: its head, an example, the rows, and empty ones for more."""

    def __init__(self, book: _FormWriter, sheet: FormSheet, rows: list[FormRow], page: Any) -> None:
        self.book, self.sheet, self.rows, self.page = book, sheet, rows, page
        self.columns = list(enumerate(sheet.all_columns, len(HIDDEN)))
        #: A sheet of records that are only filled in has no room for new ones, and needs no example.
        self.grows = sheet.form != "fixed"
        self.last = len(rows) + self.grows + (_EMPTY if self.grows else 0)

    def write(self) -> None:
        page, kept = self.page, self.sheet.keys
        page.set_column(0, 16383, None, self.book.format(""))
        page.set_column(0, len(HIDDEN) - 1, 10, self.book.format(""), {"hidden": True})
        for at, head in enumerate(HIDDEN):
            page.write_string(0, at, head, self.book.format("head"))
        for at, column in self.columns:
            self._set_up(at, column)
        if self.grows:
            self._write_example()
        for number, row in enumerate(self.rows, 1 + self.grows):
            self._write_row(number, row)
        page.freeze_panes(1, len(HIDDEN) + len(kept) + (not kept or self.sheet.form != "lines"))
        page.autofilter(0, 0, max(self.last, 1), self.columns[-1][0])
        page.protect("", _PROTECTED)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        page.set_landscape()
        page.set_paper(8)
        page.repeat_rows(0)
        page.fit_to_pages(1, 0)

    def _set_up(self, at: int, column: FormColumn) -> None:
        """The head of a column, its width, and what is chosen or told in its cells."""
        page, form = self.page, column.kind.form
        page.set_column(at, at, column.kind.width, self.book.format("", form))
        style = "required" if column.required else "head"
        page.write_string(0, at, clean(self.book.t(column.title)), self.book.format(style))
        first = 1 + self.grows
        last = max(self.last, first)
        told = {
            "input_title": clean(self.book.t(column.title))[:_MESSAGE_TITLE],
            "input_message": clean(self.book.t(column.about).replace("`", ""))[:_MESSAGE],
        }
        # A cell that holds several names cannot be filled from a list.
        listed = None if isinstance(column.kind, Several) else self.book.ranges.get(column.options)
        page.data_validation(
            first, at, last, at,
            told | ({"validate": "list", "source": listed, "show_error": column.closed and self.book.form.lists[column.options] != []} if listed else {"validate": "any"}),
        )  # fmt: skip
        if column.required and self.grows:
            self._mark_missing(at, first, last)

    def _mark_missing(self, at: int, first: int, last: int) -> None:
        """An empty cell of a row that says something."""
        begin, end = (xl_col_to_name(self.columns[place][0]) for place in (0, -1))
        row, letter = first + 1, xl_col_to_name(at)
        criteria = f"=AND(COUNTA(${begin}{row}:${end}{row})>0,LEN(TRIM(${letter}{row}))=0)"
        form = self.book.formats.setdefault(("missing", ""), self.book.book.add_format(COLOURS["missing"]))
        self.page.conditional_format(
            first, at, last, at, {"type": "formula", "criteria": criteria, "format": form}
        )

    def _write_example(self) -> None:
        """A grey row that shows how each value is written."""
        year_shown: set[str] = set()
        for at, column in self.columns:
            value = self._example(column)
            series = column.key.partition("/")[0]
            if column.year and series in year_shown:
                value = None
            year_shown.add(series)
            if at == len(HIDDEN):
                value = f"{self.book.t(EXAMPLE)} {value or ''}".strip()
            self._write_cell(1, at, value, "example", column.kind.form)
        self.page.set_row(1, 3 * LINE)

    def _example(self, column: FormColumn) -> Cell:
        names = self.book.form.lists.get(column.options)
        if names and isinstance(column.kind, Several):
            return "\n".join(names[:2])
        if names:
            return names[0]
        example = next(iter(getattr(getattr(column.kind, "type", None), "form", {}).get("examples", ())), "")
        if example:
            return column.kind.in_cell(column.kind.of_text(example, ""), "")
        return self.book.t(column.about).replace("`", "")

    def _write_row(self, number: int, row: FormRow) -> None:
        for at, text in enumerate((row.path, row.route, row.base)):
            self.page.write_string(number, at, clean(text), self.book.format(""))
        lines = 1
        for at, column in self.columns:
            value, note = row.cells.get(column.key), row.notes.get(column.key)
            self._write_cell(number, at, value, "marked" if note else "", column.kind.form)
            if note:
                self.page.write_comment(number, at, clean(note), {"x_scale": 2.5, "y_scale": 1.5})
            if isinstance(value, str):
                lines = max(lines, len(value) // int(column.kind.width) + value.count("\n") + 1)
        self.page.set_row(number, LINE * min(lines, _LINES))

    def _write_cell(self, row: int, at: int, value: Cell, style: str, form: str) -> None:
        look = self.book.format(style, form)
        match value:
            case None | "":
                if style:
                    self.page.write_blank(row, at, None, look)
            case bool():
                self.page.write_boolean(row, at, value, look)
            case str():
                self.page.write_string(row, at, clean(value), look)
            case datetime.date():
                self.page.write_datetime(row, at, value, look)
            case _:
                self.page.write_number(row, at, value, look)
