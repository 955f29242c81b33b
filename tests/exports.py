"""Exports as other systems give them out, made up: their shapes and oddities are real, what they say is invented."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

#: Offices: the code, the name, and the sub units below it.
OFFICES = (
    ("2.16.2.20.2.21.01.0000", "Dinas Komunikasi dan Informatika", ()),
    ("1.02.0.00.0.00.01.0000", "Dinas Kesehatan", ("Puskesmas Melati", "Puskesmas Kenanga")),
    ("2.15.0.00.0.00.01.0000", "Dinas Perhubungan", ("UPTD Terminal",)),
    ("2.11.0.00.0.00.01.0000", "Dinas Lingkungan Hidup", ()),
    ("7.01.0.00.0.00.01.0000", "Kecamatan Angsana", ("Kelurahan Angsana",)),
)
FUNDS = (
    ("1.2.01.08", "Dana Alokasi Umum (DAU)"),
    ("1.1.01", "PAD"),
    ("2.2.01.09", "DAK Fisik"),
    ("1.4.01", "Sisa Lebih Perhitungan Anggaran"),
)
TARGETS = (
    ("12 Dokumen", "Dokumen"), (" 396  Orang", "Orang"), ("16.332,75  Ton", "Ton"), ("25.71 KM", "Km"),
    ("25/14 Orang/bulan", "Orang/bulan"), ("- Unit", "Unit"), ("100 %", "%"), ("1 Laporan ", "Laporan"),
)  # fmt: skip


def planning(
    seed: int, offices: Iterable[tuple[str, str, Sequence[str]]] = OFFICES, each: int = 12, year: int = 2026
) -> list[dict[str, Any]]:
    """The flat list of sub-activities: one object for each of them and each sub unit."""
    dice, rows = random.Random(seed), []
    for code, name, units in offices:
        affair = ".".join(code.split(".")[:2])
        for number in range(each):
            unit = dice.randrange(len(units) + 1)
            program = f"{affair}.{1 + number % 4:02}"
            activity = f"{program}.2.{1 + number % 3:02}"
            target, measure = TARGETS[(number + number // 4 + seed) % len(TARGETS)]
            funds = [FUNDS[number % len(FUNDS)], *([FUNDS[0]] if number % 5 == 1 else [])]
            amount = 0 if number % 7 == 6 else dice.randrange(10**6, 10**10)
            rows.append({
                "tahun": year, "kode_skpd": code, "nama_skpd": name, "created_user": 1074, "id_skpd": 682,
                "kode_sub_skpd": f"{code[:-4]}{unit:04}", "nama_sub_skpd": units[unit - 1] if unit else name,
                "kode_bidang_urusan": affair, "kode_program": program,
                "nama_program": f"PROGRAM {name.split()[-1].upper()}  BAGIAN {program}\r\n",
                "outcome": f"[ Terwujudnya layanan {program} ]",
                "kode_giat": activity, "nama_giat": f"Kegiatan {activity} ",
                "kode_sub_giat": f"{activity}.{number:04}", "nama_sub_giat": f"Subkegiatan  {number}",
                "pagu": amount, "pagu_indikatif": amount + number % 2, "total_pagu_indikatif": 10**12,
                "tolak_ukur_output": f"Jumlah hasil {number}", "target_teks_output": target, "satuan_output": measure,
                "tolak_ukur_capaian": f"Persentase layanan {program}", "target_teks_capaian": "80", "satuan_capaian": "%",
                "kode_dana": ", ".join(c for c, _ in funds), "nama_dana": ", ".join(n for _, n in funds),
                "kelompok_sasaran": "Masyarakat, Pelaku usaha",
            })  # fmt: skip
    return rows


HEADS = (
    "NO", "TAHUN", "KODE URUSAN", "NAMA URUSAN", "KODE SKPD", "NAMA SKPD", "KODE SUB UNIT", "NAMA SUB UNIT",
    "KODE BIDANG URUSAN", "NAMA BIDANG URUSAN", "KODE PROGRAM", "NAMA PROGRAM", "KODE KEGIATAN", "NAMA KEGIATAN",
    "KODE SUB KEGIATAN", "NAMA SUB KEGIATAN", "KODE SUMBER DANA", "NAMA SUMBER DANA", "KODE REKENING", "NAMA REKENING",
    "PAKET/KELOMPOK", "NAMA PAKET/KELOMPOK", "PAGU",
)  # fmt: skip


def recap(rows: list[dict[str, Any]], seed: int = 1) -> list[list[Any]]:
    """The recap of a list: a row for each fund, account and package; some without details, some equal."""
    dice = random.Random(seed)
    out: list[list[Any]] = [list(HEADS)]
    for row in rows:
        codes, names = row["kode_dana"].split(", "), row["nama_dana"].split(", ")
        common = [
            len(out), row["tahun"], row["kode_program"][0], "URUSAN", row["kode_skpd"], row["nama_skpd"],
            row["kode_sub_skpd"], row["nama_sub_skpd"], row["kode_bidang_urusan"], "BIDANG", row["kode_program"],
            row["nama_program"], row["kode_giat"], row["nama_giat"], row["kode_sub_giat"], row["nama_sub_giat"],
        ]  # fmt: skip
        if dice.random() < 0.1:
            out.append([*common, "", "", "", "", "", "", None])
            continue
        share, rest = divmod(row["pagu"], len(codes) * 2)
        for code, name in zip(codes, names, strict=True):
            # Two equal packages of one account.
            out += [[*common, code, name, "5.1.02", "Belanja", "[#]", "Paket", share]] * 2
        if rest:
            out.append([*common, codes[0], names[0], "5.1.03", "Belanja", "[#]", "Paket", rest])
    return out


def write_json(path: Path, rows: Any) -> Path:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def write_xlsx(
    path: Path,
    rows: list[list[Any]],
    sheet: str = "Sheet 1",
    merged: Iterable[tuple[int, int, int, int]] = (),
) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                if cell not in ("", None):
                    page.write(number, at, cell)
        for area in merged:
            page.merge_range(*area, rows[area[0]][area[1]])
    return path


def csv_of(rows: list[list[Any]], delimiter: str = ";") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()
