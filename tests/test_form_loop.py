"""The whole loop of a form by the command line: from a fresh plan to a program, and each cell of a whole plan in turn."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from conftest import REPO, every, masterplan, work_here, write
from masterplan_cli import typesetting
from masterplan_cli.checking import check
from masterplan_cli.forms.importing import import_form
from masterplan_cli.forms.records import PlanForm
from masterplan_cli.nodes import Program
from masterplan_cli.plan import Plan
from officer import Officer, another, form_of

PATH = "pillars/smart-living/peta-banjir-warga.md"
#: What somebody would write by hand who knows the files.
WRITTEN = """---
title: Peta Banjir Warga
short: PBW
subdimension: harmony
owner: diskominfo
period: 2025-2027
quick_win: Ya
goals:
  - Warga tahu kapan air naik
beneficiaries: [Warga bantaran sungai, Petugas siaga]
indicators:
  - name: Sensor terpasang
    unit: unit
    direction: naik
    definition: Sensor yang mengirim data tiap jam
    baseline: {value: 0, year: 2024, source: Diskominfo}
    targets: {2025: 5, 2027: "12,5"}
  - name: Waktu peringatan
    unit: menit
    direction: turun
    baseline: {value: 90, year: 2024, source: BPBD}
    targets: {2027: 30}
budget:
  - {year: 2025, amount: Rp 200.000.000, source: APBD Kota}
  - {year: 2026, amount: Rp 1.250.000.000, source: APBD Kota}
  - {year: 2026, amount: Rp 50.000.000, source: TJSLP, note: Sensor sumbangan}
risks:
  - {risk: Sensor hanyut, mitigation: Tiang kuat, level: tinggi}
partners:
  - {name: Universitas Contoh, kind: perguruan-tinggi, role: Merancang sensor}
evidence:
  - {title: Peta rawan banjir, url: "https://example.org/peta", date: 2024-11-18}
alignment:
  - {plan: RPJMD Kota Uji, period: 2025-2029, item: Misi 3}
---

## Latar belakang

Banjir datang tanpa kabar.

Warga **baru tahu** ketika air sudah di pintu.

## Uraian

- Sensor di sungai
- Kabar lewat telepon

## Keberlanjutan

Dipelihara bersama kelurahan.
"""


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "work", work_here)


def fill_in(officer: Officer) -> None:
    """What an officer writes who has never seen the files."""
    for row in officer.sheets["Pilar"][1:]:
        row[officer.column("Pilar", "Perangkat daerah pengampu")] = "dinas komunikasi dan informatika"
    officer.set("Program", "Kanal", "Perangkat daerah pengampu", "Dinas Komunikasi dan Informatika")
    officer.set("Indikator", "Kanal", "Sumber data", "Laporan Diskominfo 2024")
    title = "Peta Banjir Warga"
    officer.add(
        "Program", Pilar="Smart Living", Judul_program=title, Nama_singkat=" PBW ", Subdimensi="Smart Living: Harmonisasi tata ruang wilayah",
        Perangkat_daerah_pengampu="Dinas Komunikasi dan Informatika", Periode_program="2025 - 2027", Quick_win="ya", Tujuan="Warga tahu kapan air naik",
        Penerima_manfaat="Warga bantaran sungai\nPetugas siaga", Latar_belakang="Banjir datang tanpa kabar.\r\n\r\nWarga **baru tahu** ketika air sudah di pintu.\n",
        Uraian="- Sensor di sungai\n- Kabar lewat telepon", Keberlanjutan="Dipelihara bersama kelurahan.",
    )  # fmt: skip
    officer.add(
        "Indikator", Program_atau_sasaran=title, Nama_indikator="Sensor terpasang", Satuan="unit", Arah="Naik", Definisi_operasional="Sensor yang mengirim data tiap jam",
        Nilai_awal=0.0, Tahun_nilai_awal=2024.0, Sumber_data="Diskominfo", Target_2025="5", Target_2027=12.5,
    )  # fmt: skip
    officer.add(
        "Indikator", Program_atau_sasaran=title.upper(), Nama_indikator="Waktu peringatan", Satuan="menit", Arah="turun",
        Nilai_awal="90", Tahun_nilai_awal="2024", Sumber_data="BPBD", Target_2027=30.0,
    )  # fmt: skip
    budget = {"2025": 2e8, "2026": "Rp\u00a01,25 miliar"}
    officer.add("Anggaran", Program=f" {title}", Sumber_dana="APBD Kota", **budget)
    officer.add(
        "Anggaran",
        Program=title,
        Sumber_dana="TJSLP",
        Keterangan="Sensor sumbangan",
        **{"2026": "50.000.000"},
    )
    officer.add("Risiko", Program=title, Risiko="Sensor hanyut", Mitigasi="Tiang kuat", Tingkat="tinggi")
    officer.add(
        "Mitra",
        Program=title,
        Nama_mitra="Universitas Contoh",
        Jenis_mitra="perguruan tinggi",
        Peran="Merancang sensor",
    )
    officer.add(
        "Data dukung",
        Program=title,
        Judul_bukti="Peta rawan banjir",
        Alamat_web="https://example.org/peta",
        Tanggal="18 November 2024",
    )
    officer.add(
        "Keselarasan",
        Program=title,
        Dokumen_perencanaan="RPJMD Kota Uji",
        Periode="2025-2029",
        Bagian_yang_didukung="Misi 3",
    )


def test_a_whole_program_by_a_form_says_what_one_by_hand_says(tmp_path: Path) -> None:
    root, hand = tmp_path / "rencana", tmp_path / "tangan"
    assert masterplan("init", root, "--name", "Kota Uji").code == 0
    shutil.copytree(root, hand)
    form = tmp_path / "formulir.xlsx"
    assert masterplan("form", root, "--out", form).code == 0
    officer = Officer(form.read_bytes())
    fill_in(officer)
    officer.save(form)
    result = masterplan("import", form, root)
    assert result.code == 0, result.out
    assert result.out.endswith("baru 9, berubah 8, ditolak 0\n"), result.out
    checked = masterplan("check", root)
    assert checked.out == "bersih: tidak ada temuan\n"
    write(hand, PATH, WRITTEN)
    ours, theirs = (check(one) for one in (root, hand))
    assert ours.plan
    assert theirs.plan
    assert not [d for d in ours.diagnostics if d.path == PATH], ours.diagnostics
    assert said_by(ours.plan) == said_by(theirs.plan)
    assert ours.plan.project.parsed[PATH].body == theirs.plan.project.parsed[PATH].body
    before = (root / PATH).read_bytes()
    again = masterplan("import", form, root)
    assert again.out == "baru 0, berubah 0, ditolak 0\n"
    assert (root / PATH).read_bytes() == before


def said_by(plan: Plan) -> dict[str, Any]:
    """What the new program's file says, by its values."""
    program = plan.by_path[PATH]
    assert isinstance(program, Program)
    return program.data.model_dump()


# --- each column of a whole plan


def columns() -> list[tuple[str, str]]:
    """Each column of the form that some record of the plan says something in."""
    checked = check(REPO)
    assert checked.plan
    return [
        (sheet.name.id, column.key)
        for sheet in PlanForm(checked.plan).sheets
        for column in sheet.columns
        if any(column.key in record.said for record in sheet.records)
    ]


def comments(data: bytes) -> list[str]:
    return [
        line.partition("#")[2]
        for line in data.decode("utf-8").partition("\n---")[0].split("\n")
        if " #" in line or line.startswith("#")
    ]


@pytest.mark.deep
@pytest.mark.parametrize(("sheet", "key"), every(10, columns()))
def test_a_changed_cell_is_a_changed_value_and_nothing_else(
    kota_pasuruan: Path, sheet: str, key: str
) -> None:
    checked = check(kota_pasuruan)
    assert checked.plan
    form = PlanForm(checked.plan)
    own = next(one for one in form.sheets if one.name.id == sheet)
    column = own.by_key[key]
    number, new = next(
        (
            (n, value)
            for n, record in reversed([*enumerate(own.records)])
            if (said := record.said.get(key))
            and (value := another(form, column.kind, said, record.pillar, column.options)) is not None
        ),
        (-1, None),
    )
    if new is None:
        pytest.skip("no rule leaves another value of it alone")
    record = own.records[number]
    officer = Officer(form_of(kota_pasuruan))
    officer.sheets[sheet][number + (2 if own.form != "fixed" else 1)][
        officer.column(sheet, column.title.id)
    ] = new
    file = officer.save(kota_pasuruan.parent / "isian.xlsx")
    made = import_form(checked, file)
    assert not made.refused, made.refused
    assert list(made.after) == [record.path]
    assert comments(made.after[record.path]) == comments(made.before[record.path])
    write(kota_pasuruan, record.path, made.after[record.path])
    after = check(kota_pasuruan)
    assert after.plan
    assert differences(form, PlanForm(after.plan)) == {
        (sheet, record.path, key): column.kind.of_cell(new, record.pillar)
    }
    again = import_form(after, file)
    assert not again.changes
    assert not again.refused


def differences(before: PlanForm, after: PlanForm) -> dict[tuple[str, str, str], Any]:
    """What the records of a form say otherwise than those of an earlier one."""
    return {
        (old.name.id, one.path, key): two.said.get(key)
        for old, new in zip(before.sheets, after.sheets, strict=True)
        for one, two in zip(old.records, new.records, strict=True)
        for key in one.said | two.said
        if one.said.get(key) != two.said.get(key)
    }
