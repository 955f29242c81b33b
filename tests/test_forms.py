"""The Excel form: what an officer does to it, and what of that reaches the plan's files."""

from __future__ import annotations

import datetime
import os
import random
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conftest import REPO, edit, masterplan, only_deep, work_here, write
from masterplan_cli import typesetting
from masterplan_cli.checking import check
from masterplan_cli.forms.importing import ImportedForm, import_form
from masterplan_cli.forms.matching import says
from masterplan_cli.forms.records import PlanForm
from masterplan_cli.forms.workbook import write_form
from masterplan_cli.workbooks import Cell
from officer import Officer, another, form_of, new_form_of

VALIDATOR = REPO / ".tools" / "node_modules" / ".bin" / "ooxml-validator"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def brought(root: Path, officer: Officer) -> ImportedForm:
    """What a filled-in form does to a plan, in memory."""
    return import_form(check(root), officer.save(root.parent / "isian.xlsx"))


def changed_lines(made: ImportedForm) -> list[str]:
    """The lines that a diff takes away and adds."""
    return [line for line in made.diff().splitlines() if re.match(r"[-+](?![-+])", line)]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker for each workbook would take most of the time; tests/test_workbooks.py has them."""
    monkeypatch.setattr(typesetting, "work", work_here)


@pytest.fixture
def officer(plan: Path) -> Officer:
    return Officer(form_of(plan))


# --- nothing changed


def test_a_form_that_nobody_changed_changes_no_byte(kota_pasuruan: Path) -> None:
    made = masterplan("form", kota_pasuruan, "--out", kota_pasuruan.parent / "f.xlsx")
    assert made.code == 0, made.err
    assert "masterplan import" in made.err
    before = {path: path.read_bytes() for path in kota_pasuruan.rglob("*") if path.is_file()}
    result = masterplan("import", kota_pasuruan.parent / "f.xlsx", kota_pasuruan)
    assert (result.code, result.out) == (0, "baru 0, berubah 0, ditolak 0\n")
    assert {path: path.read_bytes() for path in kota_pasuruan.rglob("*") if path.is_file()} == before


def test_every_value_of_a_file_survives_its_cell(kota_pasuruan: Path) -> None:
    """What a cell shows is read as what the file says, whatever that is."""
    edit(kota_pasuruan, "pillars/smart-economy/bursa-kerja-digital.md", "5,64\n", "1.250\n")
    edit(kota_pasuruan, "pillars/smart-economy/bursa-kerja-digital.md", "progress: 60 %", "progress: separuh")
    checked = check(kota_pasuruan)
    assert checked.plan
    for sheet in PlanForm(checked.plan).sheets:
        for record in sheet.records:
            for column in sheet.columns:
                said = record.said.get(column.key, "")
                cell: Cell = column.kind.in_cell(said, record.pillar)
                assert says(column, cell, record.pillar, said) == said
                if said not in ("1.250", "separuh"):
                    assert column.kind.of_cell(cell, record.pillar) == said, (sheet.name, column.key)


def test_a_file_that_changes_while_a_form_is_read_keeps_what_it_then_says(
    plan: Path, officer: Officer
) -> None:
    officer.set("Program", "Layanan", "Judul program", "Layanan Baru")
    file, checked = officer.save(plan.parent / "isian.xlsx"), check(plan)
    edit(plan, "pillars/alfa/layanan.md", "title: ", "title: Bersama ")
    made = import_form(checked, file)
    assert [d.code for d in made.refused] == ["MP903"]
    assert not made.after


def test_two_runs_give_the_same_bytes(plan: Path) -> None:
    assert new_form_of(plan) == new_form_of(plan)


# --- what an officer changes


PROGRAM = "Layanan Cepat"
PATH = "pillars/alfa/layanan.md"


def test_a_cell_changes_its_value_and_nothing_else(plan: Path, officer: Officer) -> None:
    cell = officer.set("Program", PROGRAM, "Nama singkat", "Lacep")
    made = brought(plan, officer)
    assert not made.refused, made.refused
    assert [change.place for change in made.changes] == [cell]
    assert changed_lines(made) == ["+short: Lacep"]


@pytest.mark.parametrize(
    ("sheet", "row", "head", "value", "lines"),
    [
        ("Anggaran", PROGRAM, "2022", 250_000_000.0, ["-    amount: Rp 100.000.000", "+    amount: 250.000.000"]),
        ("Anggaran", PROGRAM, "2022", "Rp 1,25 miliar", ["-    amount: Rp 100.000.000", "+    amount: 1.250.000.000"]),
        ("Anggaran", PROGRAM, "2022", "100000000", []),
        ("Anggaran", PROGRAM, "2022", "Rp 100 juta", []),
        ("Anggaran", PROGRAM, "2023", 5e7, ["+  - year: 2023", "+    amount: 50.000.000", "+    source: APBD Kota"]),
        ("Anggaran", PROGRAM, "Sumber dana", "APBN", ["-    source: APBD Kota", "+    source: APBN"]),
        ("Indikator", "Sasaran Alfa", "Arah", "Naik", ["+        direction: naik"]),
        ("Indikator", PROGRAM, "Target 2022", 24.5, ["-      2022: 25", "+      2022: 24,5"]),
        ("Indikator", PROGRAM, "Target 2023", "20", ["+      2023: 20"]),
        ("Indikator", PROGRAM, "Target 2022", "25,0", []),
        ("Indikator", PROGRAM, "Realisasi 2022", "", ["-    actuals:", "-      2022: 27"]),
        ("Indikator", PROGRAM, "Tanggal data", datetime.date(2021, 11, 18), ["+      date: 2021-11-18"]),
        ("Indikator", PROGRAM, "Tanggal data", 44518.0, ["+      date: 2021-11-18"]),
        ("Indikator", PROGRAM, "Tanggal data", "18 November 2021", ["+      date: 2021-11-18"]),
        ("Indikator", "Sasaran Alfa", "Satuan", "indeks", ["-        unit: persen", "+        unit: indeks"]),
        ("Program", PROGRAM, "Perangkat daerah pengampu", "A", []),
        ("Program", PROGRAM, "Perangkat daerah pendukung", "", ["-supporting: [dinas-b]"]),
        ("Program", PROGRAM, "Quick win", "tidak", ["-quick_win: Ya", "+quick_win: Tidak"]),
        ("Program", PROGRAM, "Tujuan", "Satu\nDua", ["+goals:", "+  - Satu", "+  - Dua"]),
        ("Program", PROGRAM, "Tanda", "sdg:11.6; sdg:9.1", ["+tags:", "+  - sdg:11.6", "+  - sdg:9.1"]),
        ("Program", PROGRAM, "Kemajuan", "60", ["+progress: 60 %"]),
        ("Program", PROGRAM, "Latar belakang", "Baru.\n\nDua.", ["-Teks tentang layanan.", "+Baru.", "+", "+Dua."]),
        ("Tugas pilar", "Dinas B", "Tugas", "Mendukung.", None),
        ("Pilar", "Alfa", "Ringkasan", "Kota yang baik.", ["+summary: Kota yang baik."]),
        ("Sasaran", "Warga puas", "Sasaran", "Warga senang", ["-  - title: Warga puas", "+  - title: Warga senang"]),
    ],
)  # fmt: skip
def test_what_a_cell_says_becomes_what_the_file_says(
    plan: Path, officer: Officer, sheet: str, row: str, head: str, value: Any, lines: list[str] | None
) -> None:
    officer.set(sheet, row, head, value)
    made = brought(plan, officer)
    assert not made.refused, made.refused
    if lines is None:
        assert len(made.after) == 1
    else:
        assert changed_lines(made) == lines
    again = import_form_after(plan, made, officer)
    assert not again.changes, "a second import of the same file changes nothing"
    assert not again.refused


def import_form_after(plan: Path, made: ImportedForm, officer: Officer) -> ImportedForm:
    """The same form once more, after what it said was saved."""
    for path, data in made.after.items():
        write(plan, path, data)
    return brought(plan, officer)


def test_one_cell_of_every_column_changes_that_value_alone(kota_pasuruan: Path) -> None:
    """Each in another record: then every file says what it did, but for the values that were changed."""
    checked = check(kota_pasuruan)
    assert checked.plan
    form = PlanForm(checked.plan)
    officer = Officer(write_form(form))
    expected: dict[tuple[str, str, str], str] = {}
    names = {sheet.name.id: sheet for sheet in form.sheets}
    for name, sheet in names.items():
        used: set[int] = set()
        for column in sheet.columns:
            rows = [n for n, r in enumerate(sheet.records) if n not in used and r.said.get(column.key)]
            if not rows:
                continue
            record = sheet.records[rows[0]]
            used.add(rows[0])
            new = another(form, column.kind, record.said[column.key], record.pillar, column.options)
            if new is None:
                continue
            at = officer.column(name, column.title.id)
            offset = 2 if sheet.form != "fixed" else 1
            assert officer.sheets[name][rows[0] + offset][0] == record.path
            officer.sheets[name][rows[0] + offset][at] = new
            expected[name, record.path, column.key] = column.kind.of_cell(new, record.pillar)
    made = brought(kota_pasuruan, officer)
    assert not made.refused, [d.message for d in made.refused]
    assert len(made.changes) == len(expected) > 45
    assert set(made.after) == {path for _, path, _ in expected}
    for path, data in made.after.items():
        write(kota_pasuruan, path, data)
    after = check(kota_pasuruan)
    assert after.plan
    differences = {
        (old.name.id, one.path, key): two.said.get(key)
        for old, new_ in zip(form.sheets, PlanForm(after.plan).sheets, strict=True)
        for one, two in zip(old.records, new_.records, strict=True)
        for key in one.said | two.said
        if one.said.get(key) != two.said.get(key)
    }
    assert differences == expected


def test_a_new_row_goes_to_the_end_of_its_list(plan: Path, officer: Officer) -> None:
    officer.add("Risiko", Program=PROGRAM, Risiko="Server mati", Tingkat="sedang")
    officer.add("Indikator", Program_atau_sasaran=PROGRAM, Nama_indikator="Antrean", Satuan="orang")
    made = brought(plan, officer)
    assert not made.refused
    assert changed_lines(made) == [
        "+  - name: Antrean", "+    unit: orang", "+risks:", "+  - risk: Server mati", "+    level: sedang",
    ]  # fmt: skip
    again = import_form_after(plan, made, officer)
    assert not again.changes


def test_a_row_that_was_emptied_removes_its_item_and_one_that_was_deleted_nothing(
    plan: Path, officer: Officer
) -> None:
    row = officer.row("Indikator", PROGRAM)
    deleted = Officer(form_of(plan))
    del deleted.sheets["Indikator"][row]
    assert not brought(plan, deleted).changes
    officer.sheets["Indikator"][row][4:] = [""] * len(officer.sheets["Indikator"][row][4:])
    made = brought(plan, officer)
    assert [change.after for change in made.changes] == [""]
    assert "+indicators: []" in changed_lines(made)


def test_a_program_is_not_removed(plan: Path, officer: Officer) -> None:
    row = officer.row("Program", PROGRAM)
    officer.sheets["Program"][row][4:] = [""] * len(officer.sheets["Program"][row][4:])
    [refused] = brought(plan, officer).refused
    assert "program tidak dihapus" in refused.message


# --- what becomes of workbooks


def test_sorted_rows_moved_columns_and_other_names_change_nothing(kota_pasuruan: Path) -> None:
    officer = Officer(form_of(kota_pasuruan))
    chance = random.Random(7)
    sheets: dict[str, list[list[Any]]] = {}
    for number, rows in enumerate(officer.sheets.values()):
        order = list(range(max(map(len, rows))))
        chance.shuffle(order)
        head, *rest = ([row[at] for at in order] for row in rows)
        chance.shuffle(rest)
        blank: list[Any] = [""] * len(order)
        sheets[f"Lembar {number}"] = [blank, head, *(row for one in rest for row in (one, blank))]
    officer.sheets = dict(reversed(sheets.items()))
    made = brought(kota_pasuruan, officer)
    assert not made.changes
    assert not made.refused
    assert len(made.tables) == 11


def test_deleted_columns_and_sheets_change_nothing(plan: Path, officer: Officer) -> None:
    officer.drop("Program", "Nama singkat", "Latar belakang", "Periode program", "Subdimensi")
    officer.drop("Indikator", "Satuan", "Target 2022")
    officer.drop("Anggaran", "2022")
    del officer.sheets["Risiko"], officer.sheets["Tugas pilar"], officer.sheets["Daftar nama"]
    made = brought(plan, officer)
    assert not made.changes
    assert not made.refused


def test_without_hidden_columns_a_row_is_known_by_its_name(plan: Path, officer: Officer) -> None:
    for sheet in ("Program", "Indikator", "Anggaran", "Pilar", "Sasaran", "Tugas pilar"):
        officer.drop(sheet, "#path", "#route", "#base")
        officer.sheets[sheet] = [["", "", "", *row] for row in officer.sheets[sheet]]
    assert not brought(plan, officer).changes
    officer.set("Indikator", PROGRAM, "Target 2022", 20.0)
    officer.set("Program", PROGRAM, "Latar belakang", "")
    assert changed_lines(brought(plan, officer)) == ["-      2022: 25", "+      2022: 20"]


def test_a_copied_row_is_a_new_one(plan: Path, officer: Officer) -> None:
    rows = officer.sheets["Indikator"]
    copy = list(rows[officer.row("Indikator", PROGRAM)])
    rows.append(list(copy))
    assert not brought(plan, officer).changes
    rows[-1][officer.column("Indikator", "Nama indikator")] = "Waktu tunggu"
    made = brought(plan, officer)
    assert [change.new for change in made.changes] == [True]
    assert "+  - name: Waktu tunggu" in changed_lines(made)


def test_merged_cells_say_nothing_but_a_name_stands_for_each_row(plan: Path, officer: Officer) -> None:
    officer.add("Risiko", Program=PROGRAM, Risiko="Satu", Tingkat="sedang")
    officer.add("Risiko", Program="", Risiko="Dua", Tingkat="sedang")
    last = len(officer.sheets["Risiko"])
    officer.merged["Risiko"] = [(last - 2, 3, last - 1, 3)]
    made = brought(plan, officer)
    assert not made.refused, made.refused
    assert len(made.changes) == 2


def test_a_row_follows_its_record_where_others_have_moved_it(plan: Path, officer: Officer) -> None:
    new = "indicators:\n  - name: Yang baru\n    unit: orang\n    direction: naik\n  - name: Waktu layanan"
    edit(plan, PATH, "indicators:\n  - name: Waktu layanan", new)
    officer.set("Indikator", PROGRAM, "Satuan", "jam")
    assert changed_lines(brought(plan, officer)) == ["-    unit: menit", "+    unit: jam"]


# --- what is refused


def refusal(plan: Path, officer: Officer) -> str:
    """The only thing that is said against a form, which then changes nothing."""
    made = brought(plan, officer)
    assert not made.after
    [refused] = made.refused
    return refused.message


def test_what_both_have_changed_is_a_conflict(plan: Path, officer: Officer) -> None:
    edit(plan, PATH, "unit: menit", "unit: jam")
    assert not brought(plan, officer).changes
    cell = officer.set("Indikator", PROGRAM, "Satuan", "detik")
    assert refusal(plan, officer) == f"{cell}: formulir menulis `detik`, sedangkan berkas kini menulis `jam`"
    officer.set("Indikator", PROGRAM, "Satuan", "jam")
    made = brought(plan, officer)
    assert not made.changes
    assert not made.refused


def test_a_value_that_does_not_read_is_told_at_its_cell_and_nothing_is_saved(
    plan: Path, officer: Officer
) -> None:
    cell = officer.set("Anggaran", PROGRAM, "2022", "1.250")
    officer.set("Program", PROGRAM, "Nama singkat", "Lacep")
    file = officer.save(plan.parent / "isian.xlsx")
    before = (plan / PATH).read_bytes()
    result = masterplan("import", file, plan)
    assert result.code == 1
    assert f"{cell}: " in result.out
    assert PATH in result.out
    assert "berubah 2, ditolak 1" in result.out
    assert (plan / PATH).read_bytes() == before
    marked = plan.parent / "ditandai.xlsx"
    assert masterplan("import", file, plan, "--marked", marked).code == 1
    with zipfile.ZipFile(marked) as parts:
        [name] = [name for name in parts.namelist() if re.match(r"xl/comments", name)]
        assert "1.250" in parts.read(name).decode()
    marked_again = import_form(check(plan), marked)
    assert [d.message for d in marked_again.refused] == [d.message for d in brought(plan, officer).refused]


def test_a_row_cannot_be_moved_or_lead_out_of_the_plan(plan: Path, officer: Officer) -> None:
    for path in (
        "../../etc/passwd",
        "/etc/passwd",
        "masterplan.yaml",
        "agencies/dinas-a.yaml",
        "pillars/alfa/x.md",
        "pillars\\alfa\\layanan.md",
        "./pillars/alfa/layanan.md",
        "C:/layanan.md",
        "luar/layanan.md",
    ):
        wrong = Officer(form_of(plan))
        wrong.set("Program", PROGRAM, "#path", path)
        wrong.set("Program", PROGRAM, "Nama singkat", "X")
        assert "bukan berkas untuk lembar ini" in refusal(plan, wrong)
    assert not list(plan.parent.glob("**/passwd"))
    wrong = Officer(form_of(plan))
    wrong.set("Indikator", PROGRAM, "#route", "indicators/99/../../owner")
    wrong.set("Indikator", PROGRAM, "#base", "@program=0 name=1234")
    wrong.set("Indikator", PROGRAM, "Nama indikator", "Lain")
    assert "sudah tidak ada di berkas" in refusal(plan, wrong)
    officer.set("Indikator", PROGRAM, "Program atau sasaran", "Sasaran Alfa: Warga puas")
    assert "tidak dapat dipindah" in refusal(plan, officer)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_nothing_is_written_through_a_link(plan: Path, officer: Officer) -> None:
    outside = plan.parent / "luar"
    (plan / "pillars/alfa").rename(outside)
    (plan / "pillars/alfa").symlink_to(outside)
    before = {path: path.read_bytes() for path in outside.iterdir()}
    officer.set("Program", PROGRAM, "Nama singkat", "X")
    officer.add("Program", Pilar="Alfa", Judul_program="Peta")
    file = officer.save(plan.parent / "isian.xlsx")
    assert masterplan("import", file, plan).code == 1
    assert {path: path.read_bytes() for path in outside.iterdir()} == before


def test_long_names_are_no_hindrance(plan: Path, officer: Officer) -> None:
    edit(plan, PATH, "title: Layanan Cepat", f"title: {'Layanan sangat cepat ' * 12}")
    officer = Officer(form_of(plan))
    assert not brought(plan, officer).changes
    title = "Peta banjir yang panjang " * 10
    officer.add(
        "Program",
        Pilar="Alfa",
        Judul_program=title,
        Perangkat_daerah_pengampu="Dinas A",
        Subdimensi="Alfa: Satu",
    )
    officer.add("Risiko", Program=title, Risiko="R" * 250)
    made = brought(plan, officer)
    assert not made.refused, made.refused
    [path] = made.after
    assert len(path) < 90
    assert b"risk: " + b"R" * 250 in made.after[path]


def test_programs_of_one_title_are_told_apart(plan: Path, officer: Officer) -> None:
    officer.add("Program", Pilar="Alfa", Judul_program="Peta Banjir", Nama_singkat="PB")
    officer.add("Risiko", Program="Peta Banjir (Alfa)", Risiko="Satu")
    officer.add("Risiko", Program="Peta Banjir", Risiko="Dua")
    made = brought(plan, officer)
    assert sum(change.new for change in made.changes) == 3
    officer.add("Program", Pilar="Alfa", Judul_program="Peta Banjir", Nama_singkat="PB2")
    again = brought(plan, officer)
    assert [d.message for d in again.refused if d.code == "MP913"] == [
        "Risiko!D3: beberapa program bernama `Peta Banjir (Alfa)`",
        "Risiko!D4: beberapa program bernama `Peta Banjir`",
    ]


def test_a_program_that_is_gone_says_nothing_unless_its_row_was_changed(plan: Path, officer: Officer) -> None:
    (plan / PATH).rename(plan / PATH.replace("layanan", "lain"))
    made = brought(plan, officer)
    assert not made.refused
    assert not made.changes


def test_a_plan_in_english_has_an_english_form(plan: Path) -> None:
    edit(plan, "masterplan.yaml", "title: Rencana Kota Uji\n", "title: Plan\nlanguage: en\n")
    officer = Officer(form_of(plan))
    officer.set("Program", PROGRAM, "Quick win", "No")
    officer.set("Indicators", "Goal of Alfa", "Direction", "Up")
    made = brought(plan, officer)
    lines = changed_lines(made)
    assert "+quick_win: No" in lines
    assert "+        direction: up" in lines


def test_a_new_row_says_whose_it_is(plan: Path, officer: Officer) -> None:
    officer.add("Risiko", Program="Layanan Lambat", Risiko="Satu")
    assert "`Layanan Lambat` tidak dikenal" in refusal(plan, officer)
    officer = Officer(form_of(plan))
    officer.add("Risiko", Risiko="Satu")
    assert "belum menyebut `Program`" in refusal(plan, officer)
    officer = Officer(form_of(plan))
    officer.add("Program", Judul_program="Tanpa pilar")
    assert "belum menyebut `Pilar`" in refusal(plan, officer)
    officer = Officer(form_of(plan))
    officer.add("Program", Pilar="Alfa", Nama_singkat="TJ")
    assert "belum menyebut `Judul program`" in refusal(plan, officer)


def test_what_stands_there_is_not_written_over(plan: Path) -> None:
    out = plan.parent / "f.xlsx"
    assert masterplan("form", plan, "--out", out).code == 0
    assert masterplan("form", plan, "--out", out).code == 0
    write(plan.parent, "f.xlsx", b"terisi")
    result = masterplan("form", plan, "--out", out)
    assert result.code == 2
    assert out.read_bytes() == b"terisi"
    assert masterplan("form", plan, "--out", plan.parent / "f.docx").code == 2


# --- where a finding is


TWO_INDICATORS = """indicators:
  - name: Waktu tunggu
    unit: menit
    direction: turun
    baseline: {value: 60, year: 2021, source: Survei 2021}
    targets: {2024: 20}
  - name: Waktu layanan
"""


def test_items_that_move_up_keep_their_cells(plan: Path) -> None:
    edit(plan, PATH, "indicators:\n  - name: Waktu layanan\n", TWO_INDICATORS)
    officer = Officer(form_of(plan))
    gone, rest = officer.sheets["Indikator"][2], officer.sheets["Indikator"][3]
    gone[4:] = [""] * len(gone[4:])
    rest[officer.column("Indikator", "Target 2022")] = "banyak"
    made = brought(plan, officer)
    [refused] = made.refused
    assert refused.message.startswith("Indikator!M4: ")
    assert (refused.path, refused.route[:2]) == (PATH, ("indicators", 0)), "the second one is now the first"


def test_items_within_items_that_move_up_keep_their_cells(plan: Path) -> None:
    path = "pillars/alfa/pillar.md"
    edit(plan, path, "goals:\n", "goals:\n  - title: Warga sehat\n    subdimension: satu\n")
    officer = Officer(form_of(plan))
    row = officer.sheets["Sasaran"][officer.row("Sasaran", "Warga sehat")]
    row[4:] = [""] * len(row[4:])
    cell = officer.set("Indikator", "Sasaran Alfa: Warga puas", "Target 2025", "banyak")
    officer.add(
        "Indikator",
        Program_atau_sasaran="Sasaran Alfa: Warga puas",
        Nama_indikator="Antrean",
        Target_2025="sedikit",
    )
    made = brought(plan, officer)
    found = {d.route: d.message.partition(": ")[0] for d in made.refused if "2025" in d.route}
    below = cell.replace("4", "5")
    assert found == {
        ("goals", 0, "indicators", n, "targets", "2025"): at for n, at in enumerate((cell, below))
    }


def test_a_line_of_an_earlier_year_moves_the_others_and_not_their_cells(plan: Path) -> None:
    edit(plan, PATH, "  - year: 2022\n", "  - year: 2023\n")
    officer = Officer(form_of(plan))
    officer.set("Anggaran", PROGRAM, "2022", 5e6)
    cell = officer.set("Anggaran", PROGRAM, "2023", "banyak")
    made = brought(plan, officer)
    [refused] = made.refused
    assert refused.message.startswith(f"{cell}: ")
    assert refused.route == ("budget", 1, "amount")


def test_what_is_found_in_a_text_is_told_at_its_cell(plan: Path, officer: Officer) -> None:
    officer.set("Program", PROGRAM, "Nama singkat", "Lacep")
    cell = officer.set("Program", PROGRAM, "Latar belakang", "Lihat [situs] (https://example.org).")
    officer.add(
        "Program",
        Pilar="Alfa",
        Judul_program="Peta",
        Nama_singkat="P",
        Latar_belakang="Baik.\n\nLihat [situs] (https://example.com).",
    )
    made = brought(plan, officer)
    found = [d.message.partition(": ")[0] for d in made.refused if d.code == "MP512"]
    assert found == [cell, cell.replace("3", "4")]


# --- what a form is


@only_deep
def test_a_form_of_an_agency_or_pillar_has_its_records(kota_pasuruan: Path) -> None:
    out = kota_pasuruan.parent / "f.xlsx"
    assert masterplan("form", kota_pasuruan, "--agency", "diskominfotik", "--out", out).code == 0
    checked = check(kota_pasuruan)
    assert checked.plan
    own = {program.path for program in checked.plan.agencies["diskominfotik"].owned}
    rows = Officer(out.read_bytes()).sheets["Program"]
    assert {row[0] for row in rows[2:]} == own
    out.unlink()
    assert masterplan("form", kota_pasuruan, "--pillar", "Smart Living", "--out", out).code == 0
    assert all("smart-living" in row[0] for row in Officer(out.read_bytes()).sheets["Anggaran"][2:])
    assert masterplan("form", kota_pasuruan, "--pillar", "smart-x", "--out", out).code == 2


# --- what is said to whoever fills it in


def test_findings_name_fields_as_the_form_does(plan: Path, officer: Officer) -> None:
    officer.add("Program", Pilar="Alfa", Judul_program="Peta")
    officer.set("Anggaran", PROGRAM, "2022", "1.250")
    made = brought(plan, officer)
    said = "\n".join(f"{d.message}\n{d.help}" for d in (*made.refused, *made.warnings))
    for words in (
        "tambahkan “Perangkat daerah pengampu” dengan",
        "tambahkan “Indikator” dengan “Nama indikator”, “Satuan”, “Nilai awal”, dan “Target”",
        "isi “Anggaran”, atau jelaskan di “Alasan tanpa anggaran”",
        "tambahkan judul “Latar belakang” dan isinya",
        ": jumlah berisi `1.250`, yang dapat",
    ):
        assert words in said
    assert ":`" not in said


def test_rows_of_a_refused_program_are_not_refused_as_well(plan: Path, officer: Officer) -> None:
    officer.add("Program", Pilar="Alfaa", Judul_program="Peta Banjir")
    officer.add("Risiko", Program="peta  banjir", Risiko="Server mati")
    officer.add("Risiko", Program="Kebun Raya", Risiko="Server mati")
    made = brought(plan, officer)
    assert {d.message.split("`")[1] for d in made.refused} == {"Alfaa", "Kebun Raya"}
    assert len(made.refused) == 2
