"""Rows of a form that were sorted, shifted or called otherwise, and what they are about all the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import work_here, write
from masterplan_cli import typesetting
from officer import Officer, form_of
from test_forms import brought, changed_lines


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "work", work_here)


def shift(officer: Officer, sheet: str, change: Callable[[list[list[Any]]], Any]) -> None:
    """Change the cells that an officer sees, and leave the hidden ones where they are."""
    rows = officer.sheets[sheet]
    shown = [row[3:] for row in rows]
    width = len(shown[0])
    change(shown)
    rows += [["", "", ""] for _ in range(len(shown) - len(rows))]
    shown += [[""] * width for _ in range(len(rows) - len(shown))]
    rows[:] = [[*row[:3], *cells] for row, cells in zip(rows, shown, strict=True)]


def shuffle(rows: list[list[Any]]) -> None:
    rest = rows[2:]
    random.Random(3).shuffle(rest)
    rows[2:] = rest


def test_rows_are_known_again_when_their_hidden_cells_stayed_behind(kota_pasuruan: Path) -> None:
    sheets = ("Program", "Indikator", "Anggaran", "Risiko", "Mitra", "Keselarasan", "Sasaran")
    officer = Officer(form_of(kota_pasuruan))
    for sheet in sheets:
        shift(officer, sheet, shuffle)
    assert not brought(kota_pasuruan, officer).changes
    cells = [
        officer.set("Anggaran", "Arsip", "2024", 5e8),
        officer.set("Risiko", "Arsip", "Risiko", "Nama lain"),
        officer.set("Program", "Smart Economy", "Nama singkat", "SAYA"),
    ]
    made = brought(kota_pasuruan, officer)
    assert not made.refused
    assert sorted(change.place for change in made.changes) == sorted(cells)
    assert changed_lines(made) == [
        "+short: SAYA", "-    amount: Rp 320.000.000", "+    amount: 500.000.000",
        "-  - risk: Berkas lama rusak sebelum sempat dipindai", "+  - risk: Nama lain",
    ]  # fmt: skip


def test_cells_that_were_inserted_or_deleted_move_the_others_and_change_nothing(kota_pasuruan: Path) -> None:
    officer = Officer(form_of(kota_pasuruan))
    new = ["Arsip Digital Pemerintah Kota", "Risiko baru", "", "tinggi"]
    shift(officer, "Risiko", lambda rows: rows.insert(5, new))
    made = brought(kota_pasuruan, officer)
    assert [(change.after, change.new) for change in made.changes] == [("Risiko baru", True)]
    officer = Officer(form_of(kota_pasuruan))
    shift(officer, "Risiko", lambda rows: rows.pop(6))
    made = brought(kota_pasuruan, officer)
    assert not made.changes
    assert not made.refused
    officer = Officer(form_of(kota_pasuruan))
    rows = officer.sheets["Indikator"]
    rows[4][:3], rows[7][:3] = rows[7][:3], rows[4][:3]
    assert not brought(kota_pasuruan, officer).changes


def test_titles_that_change_lead_to_the_same_programs(kota_pasuruan: Path) -> None:
    officer = Officer(form_of(kota_pasuruan))
    old = "e-Sambat, Kanal Aduan Warga Terpadu"
    officer.set("Program", "Smart Governance", "Judul program", "Nama  Baru ")
    for sheet in ("Indikator", "Anggaran", "Risiko"):
        for row in officer.sheets[sheet]:
            row[3] = "NAMA BARU" if row[3] == old else row[3]
    officer.add("Mitra", Program="nama\u00a0baru", Nama_mitra="Mitra baru")
    made = brought(kota_pasuruan, officer)
    assert not made.refused
    assert changed_lines(made) == [
        f"-title: {old}",
        "+title: Nama Baru",
        "+partners:",
        "+  - name: Mitra baru",
    ]
    for path, data in made.after.items():
        write(kota_pasuruan, path, data)
    again = brought(kota_pasuruan, officer)
    assert not again.changes
    assert not again.refused
    # Two that change titles with each other stay what they are.
    officer = Officer(form_of(kota_pasuruan))
    at, head = officer.row("Program", "Smart Governance"), officer.column("Program", "Judul program")
    first, second = officer.sheets["Program"][at], officer.sheets["Program"][at + 1]
    first[head], second[head] = second[head], first[head]
    made = brought(kota_pasuruan, officer)
    assert [change.place[:-1] for change in made.changes] == ["Program!E", "Program!E"]
    assert len(changed_lines(made)) == 4
