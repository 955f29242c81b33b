"""Tables of other systems: what comes into a plan, what does not, and that every rupiah is told."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conftest import REPO, masterplan, only_deep, write
from exports import HEADS, OFFICES, csv_of, planning, recap, write_json, write_xlsx
from masterplan_cli.checking import check
from masterplan_cli.importing import Imported
from masterplan_cli.outputs import write_sources
from masterplan_cli.plan import Plan
from masterplan_cli.tables import cells as reading
from masterplan_cli.tables.importing import TableChoice, import_tables
from masterplan_cli.tables.mapping import RowSelection, TableColumns, TableMap, shipped_map, shipped_maps
from masterplan_cli.tables.reading import read_cells_of
from masterplan_cli.values import BadValue, slug
from masterplan_cli.workbooks import Cell, CellFault, PercentCell
from test_workbooks import bomb, locked

ROUTINE = ".01"


@pytest.fixture(scope="module")
def _new_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("init") / "plan"
    masterplan("init", root, "--name", "Kota Contoh")
    return root


@pytest.fixture
def city(_new_city: Path, tmp_path: Path) -> Path:
    """A new plan with the usual pillars."""
    return shutil.copytree(_new_city, tmp_path / "plan")


def brought(root: Path, *files: Path, map_: Path | None = None, **wanted: Any) -> Imported:
    """What files change in a plan, in memory."""
    base = "" if map_ else "sipd"
    return import_tables(check(root), list(files), TableChoice(base, map_, wanted))


def saved(root: Path, made: Imported) -> Plan:
    """The plan with what was imported."""
    assert not made.refused, made.refused[:3]
    assert not write_sources(root, made.after, check(root).language)
    plan = check(root).plan
    assert plan
    return plan


def imported(root: Path, *files: Path, map_: Path | None = None, **wanted: Any) -> Plan:
    return saved(root, brought(root, *files, map_=map_, **wanted))


def messages(made: Imported) -> list[str]:
    return [found.message for found in (*made.refused, *made.warnings)]


def money(plan: Plan) -> dict[tuple[str, str], int]:
    """What the plan says of each code of an office."""
    sums: dict[tuple[str, str], int] = {}
    for program in plan.programs:
        for code in program.data.codes:
            assert program.owner
            key = program.owner.name, code.code
            assert key not in sums, "a program came twice"
            sums[key] = sum(line.amount for line in program.data.budget)
    return sums


def expected(rows: list[dict[str, Any]], depth: int = 3) -> dict[tuple[str, str], int]:
    """What a list says of each code of an office, without routine programs."""
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        if not row["kode_program"].endswith(ROUTINE):
            key = row["nama_skpd"], ".".join(row["kode_sub_giat"].split(".")[:depth])
            sums[key] = sums.get(key, 0) + row["pagu"]
    return sums


# --- the shapes of one system


@pytest.mark.parametrize(("level", "depth"), [("program", 3), ("kegiatan", 5), ("sub-kegiatan", 6)])
def test_all_money_of_a_list_comes_into_the_plan(city: Path, tmp_path: Path, level: str, depth: int) -> None:
    rows = planning(1)
    plan = imported(city, write_json(tmp_path / "a.json", rows), level=level)
    assert money(plan) == expected(rows, depth)


def test_nothing_is_invented(city: Path, tmp_path: Path) -> None:
    """Every word of the new files stands in the list, or in the mapping and the plan."""
    rows = planning(2)
    old = check(city).plan
    assert old
    before = {node.path for node in old.nodes}
    plan = imported(city, write_json(tmp_path / "a.json", rows), level="sub-kegiatan")
    said = " ".join(" ".join(str(value).split()) for row in rows for value in row.values())
    for program in (p for p in plan.programs if p.path not in before):
        assert program.title.casefold() in said.casefold()
        assert (program.data.codes[0].title or "-") in said
        assert program.owner
        assert program.owner.name in said
        assert not program.data.risks
        assert not program.prose
        for indicator in program.data.indicators:
            assert indicator.name in said
            assert indicator.baseline is None
            assert set(indicator.targets) <= {2026}


def test_targets_are_figures_and_what_is_none_is_told(city: Path, tmp_path: Path) -> None:
    made = brought(city, write_json(tmp_path / "a.json", planning(1)), level="sub-kegiatan")
    plan = saved(city, made)
    found = {str(v) for p in plan.programs for i in p.data.indicators for v in i.targets.values()}
    assert {"12", "396", "16332.75", "25.71", "100", "1"} <= found
    units = {i.unit for p in plan.programs for i in p.data.indicators}
    assert {"dokumen", "orang", "ton", "kilometer", "persen", "laporan"} <= units
    told = [text for text in messages(made) if "bukan angka" in text]
    assert any("`25/14 Orang/bulan`" in text for text in told)
    assert any("`- Unit`" in text for text in told)


def test_the_recap_is_summed_and_no_row_is_dropped(city: Path, tmp_path: Path) -> None:
    table = recap(planning(1))
    made = brought(city, write_xlsx(tmp_path / "c.xlsx", table))
    sums: dict[tuple[str, str], int] = {}
    for row in table[1:]:
        said = dict(zip(HEADS, row, strict=True))
        if not said["KODE PROGRAM"].endswith(ROUTINE):
            key = said["NAMA SKPD"], said["KODE PROGRAM"]
            sums[key] = sums.get(key, 0) + (said["PAGU"] or 0)
    plan = saved(city, made)
    assert money(plan) == sums
    assert not any("satu jumlah untuk beberapa" in text for text in messages(made)), (
        "the recap tells each fund"
    )
    sources = {line.source for p in plan.programs for line in p.data.budget}
    assert {"DAU", "PAD", "DAK"} <= sources


def test_the_report_tells_where_every_rupiah_is(city: Path, tmp_path: Path) -> None:
    rows = planning(1)
    made = brought(city, write_json(tmp_path / "a.json", rows), select={"affairs": ["2.16", "1.02"]})
    amounts = [int(re.sub(r"\D", "", line.id.rpartition("Rp")[2])) for line in made.summary[:3]]
    total = int(re.sub(r"\D", "", made.summary[0].id.partition("Rp")[2].partition(";")[0]))
    assert total == sum(row["pagu"] for row in rows) == sum(amounts)
    assert "penunjang urusan" in made.summary[1].id
    assert "di luar pilihan" in made.summary[2].id
    assert "created_user" in made.summary[-1].id


def test_files_of_one_export_are_joined(city: Path, tmp_path: Path) -> None:
    """Money comes from the first file alone, also where it says of a code that there is none; measures from the other."""
    rows = planning(1)
    table = recap(rows)
    files = write_xlsx(tmp_path / "c.xlsx", table), write_json(tmp_path / "a.json", rows)
    made = brought(city, *files)
    plan = saved(city, made)
    amounts = [row[-1] or 0 for row in table[1:] if not row[10].endswith(ROUTINE)]
    assert sum(money(plan).values()) == sum(amounts)
    assert all(p.data.indicators for p in plan.programs if p.data.codes)
    assert any("uangnya diambil dari `c.xlsx` saja" in text for text in messages(made))


def test_files_of_several_units_are_added(city: Path, tmp_path: Path) -> None:
    """Units below an office tell the same code; together they are the office's."""
    rows = planning(1)
    parts = [
        [r for r in rows if r["kode_sub_skpd"].endswith("0000")],
        [r for r in rows if not r["kode_sub_skpd"].endswith("0000")],
    ]
    files = [write_json(tmp_path / f"{number}.json", part) for number, part in enumerate(parts)]
    assert money(imported(city, *files)) == expected(rows)


@only_deep
def test_a_second_import_changes_nothing(city: Path, tmp_path: Path) -> None:
    files = write_xlsx(tmp_path / "c.xlsx", recap(planning(1))), write_json(tmp_path / "a.json", planning(1))
    imported(city, *files)
    again = brought(city, *files)
    assert not again.refused
    assert not again.changes
    assert not again.after


def test_the_export_of_next_year_adds_a_year_and_doubles_nothing(city: Path, tmp_path: Path) -> None:
    first, second = planning(1), planning(1, year=2027)
    for row in second:
        row["pagu"] += 1_000_000
        row["target_teks_capaian"] = "85"
    before = imported(city, write_json(tmp_path / "a.json", first))
    after = imported(city, write_json(tmp_path / "b.json", second))
    assert {p.path for p in before.programs} == {p.path for p in after.programs}
    assert set(before.agencies) == set(after.agencies)
    assert sum(money(after).values()) == sum(expected(first).values()) + sum(expected(second).values())
    program = next(p for p in after.programs if p.data.codes)
    assert str(program.data.period) == "2026–2027"
    assert [sorted(i.targets.items()) for i in program.data.indicators] == [
        [(2026, Decimal(80)), (2027, Decimal(85))]
    ]


def test_a_later_stage_of_the_same_year_replaces_what_was_imported(city: Path, tmp_path: Path) -> None:
    rows = planning(1)
    imported(city, write_json(tmp_path / "a.json", rows))
    for row in rows:
        row["pagu"] //= 2
        row["kode_dana"], row["nama_dana"] = "1.1.01", "PAD"
    made = brought(city, write_json(tmp_path / "b.json", rows))
    assert money(saved(city, made)) == expected(rows)
    assert all(change.before or change.after for change in made.changes)


def test_what_people_wrote_stays(city: Path, tmp_path: Path) -> None:
    rows = [row for row in planning(1) if row["kode_program"] == "2.16.02"]
    file = write_json(tmp_path / "a.json", rows)
    plan = imported(city, file)
    [program] = [p for p in plan.programs if p.data.codes]
    text = (city / program.path).read_text("utf-8")
    text = re.sub(
        r"title: PROGRAM INFORMATIKA BAGIAN 2.16.02\n", "title: Kota Terhubung # nama kita\n", text, count=1
    )
    text = text.replace("2026: 80", "2026: 75").replace('note: "SIPD: ', "note: dibagi sendiri, ")
    text = re.sub(r'note: dibagi sendiri, [^\n"]*"', "note: dibagi sendiri", text)
    write(city, program.path, text)
    made = brought(city, file)
    assert not made.changes
    assert not made.after
    assert any("80" in m and "75" in m and "yang ditulis orang tetap" in m for m in messages(made))
    rows[0]["pagu"] += 1
    made = brought(city, write_json(file, rows))
    assert not made.changes
    assert any("yang ditulis orang tetap" in m and "Rp" in m for m in messages(made))


def test_open_affairs_and_guesses_are_told(city: Path, tmp_path: Path) -> None:
    offices = [*OFFICES, ("1.06.2.09.0.00.01.0000", "Dinas Sosial", ())]
    file = write_json(tmp_path / "a.json", planning(1, offices))
    made = brought(city, file)
    assert any("3 program dari urusan 1.06" in text for text in messages(made))
    assert any(
        "ditebak dari bidang urusannya" in text and "2.16 → smart-governance/bureaucracy (3)" in text
        for text in messages(made)
    )
    write(tmp_path, "map.yaml", 'base: sipd\npillars:\n  "1.06": smart-society/community\n')
    made = brought(city, file, map_=tmp_path / "map.yaml")
    assert not any("urusan 1.06" in text for text in messages(made))
    plan = saved(city, made)
    assert {p.pillar.id for p in plan.programs if p.owner and p.owner.name == "Dinas Sosial"} == {
        "smart-society"
    }
    assert plan.agencies["dinsos"].data.affairs == ("1.06", "2.09")
    assert plan.settings.rules["MP111"].severity == "warning", "smart-environment has no sub-dimension yet"


def test_a_selection_is_by_office_affair_code_and_amount(city: Path, tmp_path: Path) -> None:
    rows = planning(1)
    file = write_json(tmp_path / "a.json", rows)
    all_ = expected(rows)
    made = money(
        imported(city, file, select={"agencies": ["diskominfo", "Dinkes"], "codes": ["2.16.03", "1.02"]})
    )
    assert made == {k: v for k, v in all_.items() if k[1].startswith(("2.16.03", "1.02"))}
    least = sorted(all_.values())[-2]
    shutil.rmtree(city)
    masterplan("init", city, "--name", "Kota Contoh")
    assert money(imported(city, file, select={"least": str(least)})) == {
        k: v for k, v in all_.items() if v >= least
    }


def test_a_nested_copy_reads_as_the_flat_list(city: Path, tmp_path: Path) -> None:
    """All values are texts, names begin with their codes, measures and funds are lists of their own."""
    rows = planning(1)
    nested = [
        {
            "tahun_anggaran": str(row["tahun"]), "kode_skpd": row["kode_skpd"], "nama_skpd": row["nama_skpd"],
            "kode_program": row["kode_program"], "nama_program": f"{row['kode_program']} {row['nama_program']}",
            "kode_sub_giat": row["kode_sub_giat"], "nama_sub_giat": f"{row['kode_sub_giat']} Koordinasi\n\n{row['kode_sub_giat'][-2:]}",
            "pagu": f"{row['pagu']}.00", "pagumurni": "1", "waktu_awal": "1",
            "sub_keg_indikator": [
                {"outputteks": row["tolak_ukur_output"], "targetoutput": "12", "satuanoutput": "Dokumen"},
                {"outputteks": "Jumlah peserta", "targetoutput": "30", "satuanoutput": "Orang"},
            ],
            "sumber_dana": [{"kode_dana": c, "nama_dana": f"[DANA UMUM] - {n}"} for c, n in zip(row["kode_dana"].split(", "), row["nama_dana"].split(", "), strict=True)],
        }
        for row in rows
    ]  # fmt: skip
    plan = imported(city, write_json(tmp_path / "b.json", {"data": {"items": nested}}), level="sub-kegiatan")
    assert money(plan) == expected(rows, 6)
    program = next(p for p in plan.programs if p.data.codes)
    assert program.title.startswith("Koordinasi ")
    assert {(i.name, i.unit, i.targets[2026]) for i in program.data.indicators} >= {
        ("Jumlah peserta", "orang", 30)
    }


def test_a_local_template_reads_with_an_agency(city: Path, tmp_path: Path) -> None:
    """One head, no agency and no year but in dates, shares of a cell's format, bare codes of funds."""
    import xlsxwriter

    heads = [
        "KODE SUB KEGIATAN",
        "PROGRAM DAN KEGIATAN",
        "TOLAK UKUR KELUARAN",
        "TARGET KINERJA KELUARAN",
        "SUMBER DANA",
        "AWAL PELAKSANAAN",
        "JUMLAH PAGU",
    ]
    with xlsxwriter.Workbook(tmp_path / "e.xlsx") as book:
        page, percent, day = (
            book.add_worksheet(),
            book.add_format({"num_format": "0.00%"}),
            book.add_format({"num_format": "dd/mm/yyyy"}),
        )
        page.write_row(0, 0, heads)
        page.write_row(1, 0, ["2.15.02.2.01.0001", "Pengadaan rambu", "Jumlah rambu", "40 Unit", "1.2.01.08"])
        page.write_datetime(1, 5, datetime.datetime(2026, 1, 1), day)
        page.write_number(1, 6, 1250000.5)
        page.write_row(2, 0, ["2.15.02.2.01.0002", "Uji kendaraan", "Kendaraan lulus uji"])
        page.write_number(2, 3, 0.96, percent)
        page.write_datetime(2, 5, datetime.datetime(2026, 1, 1), day)
        page.write_number(2, 6, 5_000_000)
    wanted: Mapping[str, Any] = {"agency": "Dinas Perhubungan", "level": "sub-kegiatan"}
    made = brought(city, tmp_path / "e.xlsx", **wanted)
    assert any("Sheet1!G2" in text and "dibulatkan" in text for text in messages(made))
    plan = saved(city, made)
    assert money(plan) == {
        ("Dinas Perhubungan", "2.15.02.2.01.0001"): 1_250_001, ("Dinas Perhubungan", "2.15.02.2.01.0002"): 5_000_000,
    }  # fmt: skip
    figures = {
        (i.name, i.unit, i.targets[2026]) for p in plan.programs if p.data.codes for i in p.data.indicators
    }
    assert figures == {("Jumlah rambu", "unit", Decimal(40)), ("Kendaraan lulus uji", "persen", Decimal(96))}
    assert any(
        "tidak menyebut perangkat daerahnya" in text for text in messages(brought(city, tmp_path / "e.xlsx"))
    )


# --- heads of several rows


FORM: list[list[Any]] = [
    ["Tabel rencana program", None, None, None, None, None, None, None],
    [None] * 8,
    ["Kode", "Program dan Kegiatan", "Indikator Kinerja", "Satuan", "Target Kinerja dan Kerangka Pendanaan"],
    [None, None, None, None, "Tahun-1", None, "Tahun-2", None],
    [None, None, None, None, "Target", "Rp", "Target", "Rp"],
    [f"({number})" for number in range(1, 9)],
    ["2.15.02", "Program Lalu Lintas", "Jalan yang aman", "%", 60, 3_000, 70, 9_000],
    ["2.15.02.2.01", "Kegiatan Rambu", "Rambu", "Unit", "10 Unit", 1_000, "12 Unit", 4_000],
    ["2.15.02.2.02", "Kegiatan Marka", "Marka", "Km", "1,5", 2_000, "-", 4_000],
    ["JUMLAH", None, None, None, None, 3_000, None, 7_500],
]  # fmt: skip
MERGED = [(2, 0, 4, 0), (2, 1, 4, 1), (2, 2, 4, 2), (2, 3, 4, 3), (2, 4, 2, 7), (3, 4, 3, 5), (3, 6, 3, 7)]


@pytest.mark.parametrize("merged", [MERGED, []])
def test_a_form_of_relative_years_with_totals_on_each_level(city: Path, tmp_path: Path, merged: Any) -> None:
    file = write_xlsx(tmp_path / "t.xlsx", FORM, merged=merged)
    made = brought(city, file, agency="Dinas Perhubungan", year="2026")
    told = [text for text in messages(made) if "baris-barisnya berjumlah" in text]
    assert [re.sub("\u00a0", " ", text) for text in told] == [
        "Sheet 1!H10: tertulis Rp 7.500, sedangkan baris-barisnya berjumlah Rp 8.000",
        "Sheet 1!H7: tertulis Rp 9.000, sedangkan baris-barisnya berjumlah Rp 8.000",
    ]
    plan = saved(city, made)
    [program] = [p for p in plan.programs if p.data.codes]
    assert program.title == "Program Lalu Lintas"
    assert {line.year: line.amount for line in program.data.budget} == {2026: 3_000, 2027: 8_000}
    [indicator] = program.data.indicators
    assert (indicator.unit, indicator.targets) == ("persen", {2026: Decimal(60), 2027: Decimal(70)})


def test_absolute_years_stand_above_pairs(city: Path, tmp_path: Path) -> None:
    table: list[list[Any]] = [
        [
            "KODE",
            "URAIAN",
            "INDIKATOR OUTCOME/OUTPUT",
            "SATUAN",
            "BASELINE 2024",
            "TARGET DAN PAGU INDIKATIF TAHUN",
            None,
            None,
            None,
        ],
        [None, None, None, None, None, 2026, None, 2027, None],
        [None, None, None, None, None, "TARGET", "PAGU", "TARGET", "PAGU"],
        ["2.15.02", "PROGRAM LALU LINTAS", "Jalan yang aman", "Persen", "55,5", 60, 7, 70, 8],
    ]
    plan = imported(
        city, write_xlsx(tmp_path / "t.xlsx", table), agency="Dinas Perhubungan", sentence_case="Ya"
    )
    [program] = [p for p in plan.programs if p.data.codes]
    assert program.title == "Program lalu lintas"
    assert [(line.year, line.amount) for line in program.data.budget] == [(2026, 7), (2027, 8)]
    [indicator] = program.data.indicators
    assert indicator.targets == {2026: 60, 2027: 70}
    assert indicator.baseline
    assert (indicator.baseline.value, indicator.baseline.year) == (Decimal("55.5"), 2024)


# --- tables of their own


MAP = """\
label: Usulan
year: 2026
columns:
  agency: [Dinas]
  program: [Nama usulan]
  amount: [Biaya]
  source: [Dana]
measures:
  - name: [Ukuran]
    target: [Sasaran]
fill_down: [agency]
pillars:
  "*": smart-living/mobility
"""
ROWS = [
    ["Dinas", "Nama usulan", "Ukuran", "Sasaran", "Biaya", "Dana", "NIP pengusul"],
    ["Dinas Perhubungan", "Halte ramah", "Halte", "12 Titik", "Rp 1,25 miliar", "APBD Kota", "1985"],
    ["", "Sepeda kota", "Sepeda", "1.234 unit", "850.000.000,00", "CSR", "1986"],
]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_their_own(city: Path, tmp_path: Path, delimiter: str, encoding: str) -> None:
    write(tmp_path, "map.yaml", MAP)
    rows = [*ROWS, ["Dinas Perhubungan", "Kafé kota – pagi", "", "", "", "", ""]]
    (tmp_path / "usulan.csv").write_bytes(csv_of(rows, delimiter).encode(encoding))
    made = brought(city, tmp_path / "usulan.csv", map_=tmp_path / "map.yaml")
    assert any("usulan.csv:3 (Sasaran): `1.234 unit` bukan angka" in text for text in messages(made)), (
        messages(made)
    )
    assert "NIP pengusul" in made.summary[-1].id
    plan = saved(city, made)
    titles = {p.title: p for p in plan.programs}
    assert sum(line.amount for line in titles["Halte ramah"].data.budget) == 1_250_000_000
    assert titles["Sepeda kota"].data.budget[0].source == "CSR"
    assert not titles["Kafé kota – pagi"].data.budget
    assert not brought(city, tmp_path / "usulan.csv", map_=tmp_path / "map.yaml").changes


def test_columns_of_persons_are_never_taken(city: Path, tmp_path: Path) -> None:
    write(tmp_path, "map.yaml", MAP + "level: program\nbase: sipd\n".replace("level: program\n", ""))
    write(
        tmp_path,
        "own.yaml",
        MAP.replace("[Biaya]", "[Biaya, NIP pengusul]").replace("[Ukuran]", "[NIP pengusul]"),
    )
    write(tmp_path, "usulan.csv", csv_of(ROWS))
    assert any(
        "`NIP pengusul` memuat orang" in text
        for text in messages(brought(city, tmp_path / "usulan.csv", map_=tmp_path / "own.yaml"))
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns:\n  agensi: [Dinas]\n", "agensi"),
        ("columns:\n  agency: Dinas\n", "daftar"),
        ("base: sipt\n", "sipt"),
        ("level: desa\n", "desa"),
        ("pillars:\n  '1.06': smart-kota\n", "smart-kota"),
        ("columns: [\n", ""),
        ("", ""),
    ],
)
def test_a_mapping_that_cannot_be_used_is_told_at_its_line(
    city: Path, tmp_path: Path, text: str, said: str
) -> None:
    write(tmp_path, "map.yaml", text)
    write(tmp_path, "usulan.csv", csv_of(ROWS))
    made = brought(city, tmp_path / "usulan.csv", map_=tmp_path / "map.yaml")
    assert made.refused
    assert not made.after
    assert said in " ".join(found.message for found in made.refused)


def test_every_shipped_mapping_is_valid() -> None:
    for name in shipped_maps():
        map_ = TableMap.model_validate(shipped_map(name))
        assert len({slug(head) for head in map_.columns.amount}) == len(map_.columns.amount)


# --- cells


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("12 Dokumen", ("12", "Dokumen")), (" 396  Orang", ("396", "Orang")), ("16.332,75  Ton", ("16332.75", "Ton")),
        ("25.71 KM", ("25.71", "KM")), ("100 %", ("100", "%")), ("95%", ("95", "%")), ("12,5 Km", ("12.5", "Km")),
        ("12.345,67  M³", ("12345.67", "M³")), ("5 m2", ("5", "m2")), (0.96, ("0.96", "")), (PercentCell(96.0), ("96", "%")), (3, ("3", "")),
        ("-4,33", ("-4.33", "")),
    ],
)  # fmt: skip
def test_a_target_is_a_figure_with_its_unit(cell: Cell, figure: tuple[str, str]) -> None:
    found = reading.figure_of(cell)
    assert found
    assert (f"{found.value.normalize():f}", found.unit) == figure


@pytest.mark.parametrize(
    "cell", ["25/14 Orang/bulan", "- Unit", "3.10-3.25", "1.234", "BB", "12 Orang 3 Unit", CellFault("=A1")]
)
def test_what_is_no_single_figure_is_none(cell: Cell) -> None:
    with pytest.raises(BadValue):
        reading.figure_of(cell)


@pytest.mark.parametrize("cell", [None, "", " ", "-", "\r\n"])
def test_absent_is_not_nought(cell: Cell) -> None:
    assert reading.figure_of(cell) is None
    assert reading.amount_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("250000000", "250000000"),
        ("250000000.00", "250000000"),
        ("1.250.000,50", "1250000.5"),
        (1250000.5, "1250000.5"),
        ("Rp 1,25 miliar", "1250000000"),
        (0, "0"),
        ("Rp. 5.000,-", "5000"),
    ],
)
def test_an_amount_reads_to_its_cents(cell: Cell, amount: str) -> None:
    assert reading.amount_of(cell) == Decimal(amount)


@pytest.mark.parametrize(
    "cell", ["850.000", "-5", -5, float("inf"), float("nan"), "tahap 2", PercentCell(5.0), 1e30, True]
)
def test_what_is_no_amount_is_none(cell: Cell) -> None:
    with pytest.raises(BadValue):
        reading.amount_of(cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.3.2", "1.03.02"),
        ("1.01.01.02.01.0001", "1.01.01.2.01.0001"),
        ("x.xx.01", "X.XX.01"),
        (2.16, "2.16"),
        (2.1, "2.10"),
        ("2.16.02.", "2.16.02"),
        ("Program", ""),
        ("", ""),
    ],
)
def test_codes_are_written_as_official_lists_write_them(cell: Cell, code: str) -> None:
    assert reading.code_of(cell) == code


# --- many rows, and hostile files


def test_a_whole_budget_of_97_offices(city: Path, tmp_path: Path) -> None:
    offices = [
        (f"{1 + n % 2}.{1 + n % 7:02}.0.00.0.00.{n:02}.0000", f"Dinas {n} Kota", ()) for n in range(97)
    ]
    rows = planning(5, offices, each=23)
    assert len(rows) > 2_200
    made = brought(city, write_json(tmp_path / "a.json", rows))
    assert any("lebih banyak daripada isi sebuah masterplan" in text for text in messages(made))
    plan = saved(city, made)
    pillars = {"1.06", "1.07", "2.01", "2.02", "2.03", "2.04", "2.05", "2.06"}
    assert money(plan) == {k: v for k, v in expected(rows).items() if k[1][:4] not in pillars}
    assert not any(
        found.severity == "error" and found.code not in ("MP101", "MP103")
        for found in check(city).diagnostics
    )
    assert plan.settings.rules["MP402"].severity == "off"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.json", "[" * 100_000), ("deeper.json", '{"a":' * 5_000 + "1" + "}" * 5_000), ("none.json", "[]"), ("texts.json", '["a", "b"]'),
        ("half.json", '[{"kode_program": "2'), ("digits.json", '[{"pagu": ' + "9" * 10_000 + "}]"),
        ("empty.csv", ""), ("nul.csv", "a;b\0c\n" * 5), ("wide.csv", ";" * 1_000_000), ("quote.csv", 'kode_program;nama_program;pagu\n"' + "a" * 1_000_000),
        ("rows.csv", "x\n" * 300_000), ("text.xlsx", "kode_program"), ("missing.csv", None), ("binary.json", "\x00\xff" * 50),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_by_a_sentence(
    city: Path, tmp_path: Path, name: str, content: str | None
) -> None:
    if content is not None:
        write(tmp_path, name, content)
    made = brought(city, tmp_path / name)
    assert [found.code for found in made.refused] == ["MP915"]
    assert not made.after


@pytest.mark.parametrize("made", [locked, bomb])
def test_a_hostile_workbook_is_refused_by_a_sentence(
    city: Path, tmp_path: Path, made: Callable[[], bytes]
) -> None:
    write(tmp_path, "a.xlsx", made())
    assert [found.code for found in brought(city, tmp_path / "a.xlsx").refused] == ["MP915"]


def test_a_report_in_english_is_english(city: Path, tmp_path: Path) -> None:
    file = write_json(tmp_path / "a.json", planning(1))
    result = masterplan("import", "--from", "sipd", file, city, "--check", "--lang", "en")
    assert result.code == 0
    assert "left out: support of the office (.01): 15 rows" in result.out
    assert "not saved yet" in result.err
    assert masterplan("import", "--from", "sipt", file, city).code == 2
    assert masterplan("import", "--from", "table", file, city).code == 2
    assert masterplan("import", "--from", "sipd", "--least", "banyak", file, city).code == 2


def test_hostile_cells_are_texts(city: Path, tmp_path: Path) -> None:
    rows = [row for row in planning(1) if row["kode_program"] == "2.16.02"]
    words = [
        "=cmd|' /C calc'!A0",
        "{{ plan }} {% raw %}",
        "# judul\n---\n",
        "\ud800\u202eaman",
        "a" * 50_000,
        "../../etc",
        "<script>",
    ]
    for word in words:
        for row in rows:
            row |= {
                "nama_program": word,
                "kelompok_sasaran": word,
                "tolak_ukur_capaian": word,
                "satuan_capaian": "Unit",
            }
        (tmp_path / "a.json").write_text(json.dumps(rows), encoding="ascii")
        made = brought(city, tmp_path / "a.json")
        assert all(path.startswith(("pillars/smart-governance/", "masterplan.yaml")) for path in made.after)
        assert not [found for found in made.refused if found.code.startswith("MP0")], made.refused


def test_more_rows_than_any_table_has(city: Path, tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "kode_program;nama_program\n" + "2.16.02;a\n" * 100_001)
    assert [found.message for found in brought(city, tmp_path / "a.csv").refused] == [
        "`a.csv` terlalu besar: lebih dari seratus ribu baris, lima ratus kolom, atau empat juta sel, atau satu selnya terlalu panjang"
    ]


HEAD = "kode_program;nama_program\n"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        # Rows after many blank lines, columns and characters beyond those that are kept.
        ("blank.csv", HEAD + "\n" * 200_010 + "2.16.02;a\n", "terlalu besar"),
        ("wide.csv", HEAD + ";".join("7" * 600) + "\n", "terlalu besar"),
        ("wide.json", json.dumps([{f"k{n}": n for n in range(600)}]), "terlalu besar"),
        ("long.csv", HEAD + f"2.16.02;{'a' * 50_000}\n", "terlalu besar"),
        ("long.json", json.dumps([{"kode_program": "a" * 50_000}]), "terlalu besar"),
        # An object that says a key twice, a quote that swallows the rows below it.
        ("twice.json", '[{"kode_program": "2.16.02", "pagu": 1, "pagu": 2}]', "dua kali"),
        ("quote.csv", HEAD + '2.16.02;"Program\n2.16.03;b\n', "utuh"),
        # Text that is none, or has one wrong byte and would read as other words.
        ("nul.csv", HEAD + "2.16.02;a\0b\n", "utuh"),
        ("unmarked.csv", (HEAD + "2.16.02;a\n").encode("utf-16-le"), "utuh"),
        ("byte.csv", (HEAD + "2.16.02;é\n").encode() + b"2.16.03;\xff\n", "utuh"),
    ],
)  # fmt: skip
def test_what_would_be_lost_of_a_table_is_refused(
    city: Path, tmp_path: Path, name: str, content: str | bytes, word: str
) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    [found] = brought(city, tmp_path / name).refused
    assert (found.code, word in found.message) == ("MP915", True), found.message


def test_objects_within_objects_are_columns(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": {"b": {"c": 5}}}]')
    sheets = read_cells_of(tmp_path / "a.json")
    assert isinstance(sheets, list)
    [sheet] = sheets
    assert sheet.rows == [(0, {0: "a.b.c"}), (1, {0: 5})]


# --- what the documentation says


PAGE = REPO / "docs" / "import.md"


def test_the_example_of_the_documentation_comes_true(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", PAGE.read_text("utf-8"), flags=re.M | re.S)
    expected_ = {path: body for _, path, body in blocks if path.startswith("pillars/")}
    for _, path, body in blocks:
        if path and path not in expected_:
            write(city, path, body)
    [command] = [body.split() for kind, _, body in blocks if kind == "run"]
    monkeypatch.chdir(city)
    result = masterplan(*command[1:])
    assert result.code == 0, result.out
    assert expected_
    for path, body in expected_.items():
        assert (city / path).read_text("utf-8") == body
    assert "NIP pengusul" in result.out
    assert "Rp\u00a02.500.000.000; diambil 2 baris" in result.out


def test_every_field_of_a_mapping_is_documented() -> None:
    page = PAGE.read_text("utf-8")
    models = (TableMap, TableColumns, RowSelection)
    bare = [name for model in models for name in model.model_fields if f"`{name}`" not in page]
    assert not bare


# --- what people see


def test_a_table_without_a_mapping_is_told_how_it_is_read(city: Path, tmp_path: Path) -> None:
    file = tmp_path / "usulan.csv"
    file.write_text("OPD;Judul\nDinas A;Halte\n", encoding="utf-8")
    run = masterplan("import", file, city)
    assert run.code == 2
    assert "--from table --map MAP.yaml" in run.err


def test_no_report_of_an_import_offers_to_mend_what_is_not_in_the_plan(city: Path, tmp_path: Path) -> None:
    file = tmp_path / "usulan.csv"
    file.write_text("OPD;Judul\nDinas A;Halte\n", encoding="utf-8")
    map_ = tmp_path / "peta.yaml"
    map_.write_text("label: Usulan\nkolom:\n  program: [Judul]\n", encoding="utf-8")
    run = masterplan("import", "--from", "table", "--map", map_, file, city)
    assert run.code == 1
    assert "`columns`" in run.out
    assert "--fix" not in run.out


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("DINAS PERHUBUNGAN", "Dinas Perhubungan"),
        ("RSUD KOTA DAN BALAI", "RSUD Kota dan Balai"),
        ("Dinas PUPR", "Dinas PUPR"),
        ("CABANG DINAS WILAYAH II (RSUD)", "Cabang Dinas Wilayah II (RSUD)"),
    ],
)
def test_offices_in_capitals_are_written_as_names(written: str, name: str) -> None:
    assert reading.in_title_case(written, {"RSUD"}, {"dan"}) == name
