"""The first sheet of a form: how it is filled in, what its colours mean, and what stands on which sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from masterplan_cli.forms.records import PlanForm
from masterplan_cli.messages import Both, Language
from masterplan_cli.writers.xlsx.names import clean
from masterplan_cli.writers.xlsx.tables import LINE

GUIDE = Both("Petunjuk", "Guide")
#: The colours of a form's cells, as formats of xlsxwriter.
COLOURS: dict[str, dict[str, Any]] = {
    "": {},
    "head": {"bold": True, "bg_color": "#0B5D57", "font_color": "#FFFFFF", "locked": True},
    "required": {"bold": True, "bg_color": "#0A3B5E", "font_color": "#FFFFFF", "locked": True},
    "example": {"italic": True, "bg_color": "#E4E7EB", "font_color": "#4A5460"},
    "missing": {"bg_color": "#F9C6D0"},
    "marked": {"bg_color": "#FBDAD7", "font_color": "#7A1010"},
}
_TITLE = Both("Formulir masterplan", "Masterplan form")
_HOW, _LOOK, _WHERE = (
    Both("Cara mengisi", "How to fill it in"),
    Both("Arti warna", "What the colours mean"),
    Both("Lembar", "Sheets"),
)
_STEPS = (
    Both(
        "Buka lembar dari daftar di bawah. Satu baris adalah satu isian; baris kosong di bawahnya untuk isian baru.",
        "Open a sheet from the list below. A row is an entry; the empty rows at the end are for new ones.",
    ),
    Both(
        "Program baru ditulis dahulu di lembar Program; sesudah itu judulnya ada dalam daftar nama di lembar lain.",
        "Write a new program into its own sheet first; after that its title is among the names of the other sheets.",
    ),
    Both(
        "Pilih nama dari daftar yang muncul di sel. Bila satu sel memuat beberapa isian, tulis satu per baris (Alt+Enter).",
        "Choose names from the list that a cell offers. Where a cell holds several entries, write one a line (Alt+Enter).",
    ),
    Both(
        "Rupiah boleh ditulis 850000000, 850.000.000, atau 1,25 miliar; tanggal 18 November 2021; angka desimal dengan koma.",
        "Amounts may be written 850000000, 850.000.000 or 1,25 miliar; dates 18 November 2021; decimals with a comma.",
    ),
    Both(
        "Baris boleh diurutkan, disaring, dan disisipkan; kolom yang tidak perlu boleh dihapus. Judul kolom jangan diubah.",
        "Rows may be sorted, filtered and inserted; columns that are not needed may be deleted. Leave their heads as they are.",
    ),
    Both(
        "Menghapus baris tidak menghapus isinya dari rencana; untuk itu kosongkan semua selnya. Program tidak dapat dihapus di sini.",
        "Deleting a row removes nothing from the plan; empty all of its cells for that. A program cannot be removed here.",
    ),
    Both(
        "Simpan sebagai .xlsx tanpa kata sandi, lalu kirim kepada koordinator.",
        "Save it as .xlsx without a password, and send it to the coordinator.",
    ),
    Both(
        "Koordinator menjalankan: masterplan import BERKAS.xlsx. Semuanya diperiksa dahulu; lalu semua disimpan, atau tidak sama sekali.",
        "The coordinator runs: masterplan import FILE.xlsx. All of it is checked first; then all of it is saved, or nothing.",
    ),
)
_MEANINGS = {
    "required": Both("judul kolom yang wajib diisi", "head of a column that must be filled in"),
    "head": Both("judul kolom lain", "head of another column"),
    "example": Both("contoh; tidak ikut diimpor", "an example; it is not imported"),
    "missing": Both("belum diisi, padahal wajib", "not yet filled in, but must be"),
    "marked": Both(
        "perlu diperbaiki; alasannya ada di catatan sel", "to be mended; a comment of the cell says why"
    ),
}
_HEADS = Both("Baris terisi", "Rows filled in"), Both("Baris baru", "New rows")
_YES_NO = Both("boleh", "may be added"), Both("tidak", "none")


class GuideLine(NamedTuple):
    """A sheet in the list of the guide: its name, how many of its rows are filled in, and whether it takes new ones."""

    name: str
    filled: int
    grows: bool


def write_guide(book: Any, page: Any, form: PlanForm, sheets: Iterable[GuideLine]) -> None:
    """Fill in the sheet of a workbook that explains it."""
    language = form.plan.language
    _Guide(book, page, language).write(_about(form), list(sheets))
    page.hide_gridlines(2)
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _about(form: PlanForm) -> str:
    """Which plan the form is of, and whose part of it."""
    parts = [form.plan.settings.title]
    parts += [form.agency.name] if form.agency else []
    parts += [form.pillar.title] if form.pillar else []
    return clean(" · ".join(parts))


class _Guide:
    """The sheet in the making, row after row."""

    def __init__(self, book: Any, page: Any, language: Language) -> None:
        self.page, self.language, self.row = page, language, 0
        plain = {"valign": "vcenter", "text_wrap": True}
        self.plain = book.add_format(plain | {"indent": 1})
        self.middle = book.add_format(plain | {"align": "center"})
        self.number = book.add_format(
            {"valign": "vcenter", "align": "center", "font_color": "#0B5D57", "bold": True}
        )
        self.title = book.add_format({"bold": True, "font_size": 18, "font_color": "#0A3B5E"})
        self.head = book.add_format({"bold": True, "font_size": 12, "font_color": "#0B5D57", "bottom": 1})
        self.middle_head = book.add_format(
            {"bold": True, "font_color": "#0B5D57", "bottom": 1, "align": "center"}
        )
        self.colours = {name: book.add_format(plain | look) for name, look in COLOURS.items()}
        self.link = book.add_format({"font_color": "#0A3B5E", "underline": 1, "indent": 1})

    def write(self, about: str, sheets: list[GuideLine]) -> None:
        page = self.page
        page.set_column(0, 0, 6)
        page.set_column(1, 1, 82)
        page.set_column(2, 3, 15)
        page.write_string(0, 0, self._t(_TITLE), self.title)
        page.set_row(0, 28)
        page.write_string(1, 0, about)
        self.row = 3
        self._head(_HOW)
        for number, step in enumerate(_STEPS, 1):
            page.write_number(self.row, 0, number, self.number)
            page.merge_range(self.row, 1, self.row, 3, self._t(step), self.plain)
            page.set_row(self.row, 1.5 * LINE)
            self.row += 1
        self._head(_LOOK)
        for name, meaning in _MEANINGS.items():
            page.write_blank(self.row, 0, None, self.colours[name])
            page.write_string(self.row, 1, self._t(meaning), self.plain)
            page.set_row(self.row, 1.2 * LINE)
            self.row += 1
        self._head(_WHERE, *_HEADS)
        for sheet in sheets:
            page.write_url(self.row, 1, f"internal:'{sheet.name}'!A1", self.link, sheet.name)
            page.write_number(self.row, 2, sheet.filled, self.middle)
            page.write_string(self.row, 3, self._t(_YES_NO[not sheet.grows]), self.middle)
            self.row += 1

    def _t(self, words: Both) -> str:
        return words.of(self.language)

    def _head(self, words: Both, *more: Both) -> None:
        """A heading, with an empty row above it."""
        self.row += self.row > 3
        for column, text in enumerate((self._t(words), "", *(self._t(one) for one in more))):
            self.page.write_string(self.row, column, text, self.head if column < 2 else self.middle_head)
        for column in range(2 + len(more), 4):
            self.page.write_blank(self.row, column, None, self.head)
        self.page.set_row(self.row, 20)
        self.row += 1
