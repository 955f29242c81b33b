"""Who must act: what is asked of each agency, what of it is done, and how both are shown."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from conftest import SMALL_PLAN, edit, masterplan, write
from masterplan_cli import parts
from masterplan_cli.checking import check
from masterplan_cli.messages import Language
from masterplan_cli.screens import markdown_text, short_names, status_text, tasks_text
from masterplan_cli.tasks import Level, Share, Task, Work, assess, total

GOLDEN = Path(__file__).parent / "golden"
PROGRAM, PILLAR = "pillars/alfa/layanan.md", "pillars/alfa/pillar.md"

#: The fields of a program that lacks nothing; agency B owns it, A supports it.
FIELDS = {
    "subdimension": "satu",
    "owner": "dinas-b",
    "supporting": "[dinas-a]",
    "period": "2023-2024",
    "quick_win": "Ya",
    "goals": "[Layanan cepat]",
    "beneficiaries": "[Warga]",
    "indicators": "[{name: Waktu, unit: menit, direction: turun, baseline: {value: 30, year: 2021, source: Survei}, targets: {2024: 10}}]",
    "budget": "[{year: 2023, amount: Rp 100.000.000, source: APBD Kota}]",
    "alignment": "[{plan: RPJMD, item: Misi 1}]",
    "risks": "[{risk: Terlambat, mitigation: Dijadwal}]",
    "evidence": "[{title: Laporan, url: https://contoh.go.id/laporan}]",
    "stage": "implementasi",
    "progress": "40",
}


def write_program(root: Path, fields: dict[str, str], text: str = "Teks tentang layanan.") -> None:
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    write(root, PROGRAM, f"---\ntitle: Layanan Cepat\n{lines}---\n\n## Latar belakang\n\n{text}\n")


@pytest.fixture
def complete(plan: Path) -> Path:
    """The small plan with nothing left to do."""
    edit(plan, "agencies/dinas-b.yaml", "valid: 2023-\n", "")
    write_program(plan, FIELDS)
    return plan


@pytest.fixture
def troubled(plan: Path) -> Path:
    """The small plan with an error, warnings, gaps, and a second program that begins later."""
    edit(plan, PROGRAM, "amount: Rp 100.000.000", "amount: 1.250")
    edit(plan, PROGRAM, "      source: Survei 2021\n", "")
    edit(plan, "agencies/dinas-b.yaml", "  alfa: Membantu pilar.\n", "")
    fields = FIELDS | {"period": "2024-2025", "quick_win": "Tidak", "evidence": "[]", "budget": "[]"}
    write_program(plan / "later", fields | {"indicators": "[]"})
    shutil.move(plan / "later" / PROGRAM, plan / "pillars" / "alfa" / "arsip.md")
    shutil.rmtree(plan / "later")
    return plan


def work_of(root: Path, language: Language = Language.ID) -> Work:
    checked = check(root, language)
    assert checked.plan is not None
    return assess(checked.plan, checked.diagnostics, language)


def all_tasks(work: Work) -> list[Task]:
    return [task for row in work.rows for task in row.tasks]


def shares(work: Work) -> dict[tuple[str, str], tuple[int, int]]:
    """Done and asked for each agency and pillar."""
    return {
        (row.agency.id if row.agency else "", pillar.id): (cell.share.done, cell.share.asked)
        for row in work.rows
        for pillar, cell in zip(work.plan.pillars, row.cells, strict=True)
    }


def assert_adds_up(work: Work) -> None:
    cells = [cell.share for row in work.rows for cell in row.cells]
    assert work.total == total(cells) == total(work.totals) == total(row.share for row in work.rows)
    assert all(0 <= cell.done <= cell.asked for cell in cells)


# --- what is asked


def test_rows_and_columns_add_up_and_every_agency_has_a_row(kota_pasuruan: Path) -> None:
    work = work_of(kota_pasuruan)
    assert_adds_up(work)
    assert [row.agency for row in work.rows] == work.plan.agency_list
    assert len(work.totals) == len(work.plan.pillars) == 6
    assert all(cell.share.asked for row in work.rows for cell in row.cells), "all take part in all pillars"


def test_a_plan_that_lacks_nothing_is_complete_and_has_no_tasks(complete: Path) -> None:
    work = work_of(complete)
    assert all_tasks(work) == []
    assert shares(work) == {("dinas-a", "alfa"): (9, 9), ("dinas-b", "alfa"): (16, 16)}
    assert work.total.percent == 100
    assert masterplan("tasks", complete).out == "Tidak ada tugas: rencana lengkap.\n"


@given(st.sets(st.sampled_from(sorted(FIELDS))), st.sets(st.sampled_from(sorted(FIELDS))))
@settings(max_examples=40, deadline=None)
def test_the_matrix_adds_up_whatever_is_missing_or_wrong(missing: set[str], wrong: set[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = shutil.copytree(SMALL_PLAN, Path(folder) / "plan")
        fields = {key: value for key, value in FIELDS.items() if key not in missing}
        fields |= dict.fromkeys(wrong - missing, "{x: TODO}")
        write_program(root, fields)
        work = work_of(root)
    assert_adds_up(work)
    assert work.total.asked == 25, "what is asked does not depend on what is given"
    assert work.total.percent == 100 or all_tasks(work), "whoever lacks something is told"


@given(
    st.lists(
        st.integers(0, 50).flatmap(lambda asked: st.builds(Share, st.integers(0, asked), st.just(asked)))
    )
)
def test_a_percentage_is_100_only_for_everything(parts: list[Share]) -> None:
    share = total(parts)
    assert (share.percent == 100) == (share.asked > 0 and share.done == share.asked)
    assert (share.percent is None) == (share.asked == 0)


# --- one cause, one message


def without(key: str, text: str = "") -> Callable[[Path], None]:
    return lambda root: write_program(root, {k: v for k, v in FIELDS.items() if k != key})


def changed(key: str, value: str) -> Callable[[Path], None]:
    return lambda root: write_program(root, FIELDS | {key: value})


def edited(path: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda root: edit(root, path, old, new)


#: One cause each: how it is made, whose cell loses how many parts, and the code that names it (none: a gap).
CAUSES: dict[str, tuple[Callable[[Path], None], str, int, str]] = {
    "program subdimension unknown to the pillar": (changed("subdimension", "xyz"), "dinas-b", 1, "MP111"),
    "program period": (without("period"), "dinas-b", 1, "MP308"),
    "program narrative": (edited(PROGRAM, "## Latar belakang\n", ""), "dinas-b", 1, "MP501"),
    "program narrative empty": (lambda root: write_program(root, FIELDS, ""), "dinas-b", 1, "MP502"),
    "program narrative still to be written": (
        lambda root: write_program(root, FIELDS, "Ini TODO dahulu."),
        "dinas-b",
        1,
        "MP503",
    ),
    "program goals": (without("goals"), "dinas-b", 1, ""),
    "program goals emptied": (changed("goals", "[]"), "dinas-b", 1, ""),
    "program goals still to be written": (changed("goals", "[TODO]"), "dinas-b", 1, "MP503"),
    "program goals of a wrong form": (changed("goals", "teks"), "dinas-b", 1, "MP023"),
    "program goals misspelt": (edited(PROGRAM, "goals:", "goalz:"), "dinas-b", 1, "MP021"),
    "program beneficiaries": (without("beneficiaries"), "dinas-b", 1, ""),
    "program involved": (without("supporting"), "dinas-b", 1, ""),
    "program involved unknown": (changed("supporting", "[dinas-x]"), "dinas-b", 1, "MP201"),
    "program indicators": (without("indicators"), "dinas-b", 3, "MP401"),
    "program baseline": (
        edited(PROGRAM, "baseline: {value: 30, year: 2021, source: Survei}, ", ""),
        "dinas-b",
        1,
        "MP402",
    ),
    "program baseline without source": (edited(PROGRAM, ", source: Survei}", "}"), "dinas-b", 1, "MP403"),
    "program targets": (edited(PROGRAM, ", targets: {2024: 10}", ""), "dinas-b", 1, "MP407"),
    "program targets out of time": (edited(PROGRAM, "{2024: 10}", "{2029: 10}"), "dinas-b", 1, "MP404"),
    "program budget": (without("budget"), "dinas-b", 1, "MP304"),
    "program budget that does not read": (edited(PROGRAM, "Rp 100.000.000", "1.250"), "dinas-b", 1, "MP024"),
    "program alignment": (without("alignment"), "dinas-b", 1, ""),
    "program risks": (without("risks"), "dinas-b", 1, ""),
    "program risks without mitigation": (changed("risks", "[{risk: Terlambat}]"), "dinas-b", 1, ""),
    "program evidence": (without("evidence"), "dinas-b", 1, ""),
    "program progress": (without("progress"), "dinas-b", 1, ""),
    "program progress without stage": (without("stage"), "dinas-b", 1, ""),
    "pillar narrative": (edited(PILLAR, "### Keadaan\n", ""), "dinas-a", 1, "MP501"),
    "program narrative with HTML": (
        lambda root: write_program(root, FIELDS, "Teks <b>tebal</b>."),
        "dinas-b",
        1,
        "MP506",
    ),
    "pillar narrative still to be written": (
        edited(PILLAR, "Teks tentang keadaan.", "TODO keadaan."),
        "dinas-a",
        1,
        "MP503",
    ),
    "pillar goal": (
        lambda root: write(root, PILLAR, "---\nowner: dinas-a\n---\n\n## Satu\n\n### Keadaan\n\nTeks.\n"),
        "dinas-a",
        4,
        "",
    ),
    "pillar baseline": (
        edited(PILLAR, "        baseline: {value: 50, year: 2021, source: Survei 2021}\n", ""),
        "dinas-a",
        1,
        "MP402",
    ),
    "pillar targets": (edited(PILLAR, "        targets: {2026: 80}\n", ""), "dinas-a", 1, "MP407"),
    "pillar quick_win": (changed("quick_win", "Tidak"), "dinas-a", 1, "MP109"),
    "duty": (edited("agencies/dinas-b.yaml", "  alfa: Membantu pilar.\n", ""), "dinas-b", 1, "MP107"),
    "duty of a wrong form": (
        edited("agencies/dinas-b.yaml", "alfa: Membantu pilar.", "alfa: [x]"),
        "dinas-b",
        1,
        "MP023",
    ),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_one_cause_lowers_one_cell_and_gives_one_task(complete: Path, cause: str) -> None:
    before = shares(work_of(complete))
    make, agency, lost, code = CAUSES[cause]
    make(complete)
    work = work_of(complete)
    after = shares(work)
    lower = {key: before[key][0] - after[key][0] for key in before}
    expected = {("dinas-a", "alfa"): 0, ("dinas-b", "alfa"): 0} | {(agency, "alfa"): lost}
    if (
        "subdimension" in cause
    ):  # and the sub-dimension has no program left, which the pillar's owner is asked for
        expected["dinas-a", "alfa"] = 1
    assert lower == expected
    assert {key: asked for key, (_, asked) in after.items()} == {
        key: asked for key, (_, asked) in before.items()
    }
    assert [(t.code, t.level is Level.GAP) for t in all_tasks(work)] == [(code, not code)]


def test_every_part_that_is_asked_has_a_cause_above_or_a_test_below() -> None:
    asked = {f"program {part.key}" for part in parts.PROGRAM} | {part.key for part in parts.DUTY}
    asked |= {f"pillar {part.key}" for part in parts.PILLAR} | {f"pillar {part.key}" for part in parts.FACET}
    elsewhere = {"program owner", "pillar owner", "pillar indicators", "pillar program", "pillar goals"}
    assert {part for part in asked if not any(cause.startswith(part) for cause in CAUSES)} == elsewhere


def test_a_program_without_an_owner_is_asked_of_its_pillars(complete: Path) -> None:
    without("owner")(complete)
    work = work_of(complete)
    assert shares(work) == {("dinas-a", "alfa"): (23, 24), ("dinas-b", "alfa"): (1, 1)}
    assert [(t.code, t.agency and t.agency.id) for t in all_tasks(work)] == [("MP103", "dinas-a")]


def test_what_nobody_answers_for_stands_in_a_last_row_only_when_there_is_something(complete: Path) -> None:
    edit(complete, PILLAR, "owner: dinas-a\n", "")
    assert shares(work_of(complete))["dinas-a", "alfa"] == (8, 9), "the coordinator answers for it"
    edit(complete, "masterplan.yaml", "coordinator: dinas-a\n", "")
    work = work_of(complete)
    assert work.rows[-1].agency is None
    assert shares(work) == {("dinas-a", "alfa"): (1, 1), ("dinas-b", "alfa"): (16, 16), ("", "alfa"): (7, 8)}
    assert [task.code for task in work.urgent[-1].tasks] == ["MP101"]
    assert "Belum ditentukan" in masterplan("tasks", complete).out
    assert "Isi `coordinator:`" in masterplan("tasks", complete).out
    assert "Belum ditentukan" in masterplan("status", complete).out


def test_a_pillar_without_programs_or_goal_indicators_is_told_once(complete: Path) -> None:
    (complete / PROGRAM).unlink()
    edit(complete, PILLAR, "    indicators:\n      - name: Kepuasan\n        unit: persen\n", "")
    edit(complete, PILLAR, "        baseline: {value: 50, year: 2021, source: Survei 2021}\n", "")
    edit(complete, PILLAR, "        targets: {2026: 80}\n", "")
    work = work_of(complete)
    assert shares(work) == {("dinas-a", "alfa"): (4, 9), ("dinas-b", "alfa"): (1, 1)}
    assert [task.code for task in all_tasks(work)] == ["MP108", "MP401"]


def test_a_pillar_without_subdimensions_is_asked_for_goals_as_a_whole(complete: Path) -> None:
    edit(complete, "taxonomy.yaml", "    subdimensions:\n      - id: satu\n        name: Satu\n", "")
    write(complete, PILLAR, "---\nowner: dinas-a\n---\n")
    without("subdimension")(complete)
    assert [task.label for task in all_tasks(work_of(complete))] == ["sasaran pilar"]


def test_a_file_that_does_not_read_is_one_task(complete: Path) -> None:
    write(complete, PROGRAM, "---\ntitle: [\n---\n")
    work = work_of(complete)
    assert_adds_up(work)
    assert len(all_tasks(work)) == 1
    assert shares(work)["dinas-a", "alfa"][1] == 24


def test_a_rule_that_the_plan_turned_off_is_not_asked(complete: Path) -> None:
    without("budget")(complete)
    edit(
        complete,
        "masterplan.yaml",
        "coordinator: dinas-a\n",
        'coordinator: dinas-a\nrules:\n  MP304: {severity: off, reason: "tahap ide"}\n',
    )
    work = work_of(complete)
    assert all_tasks(work) == []
    assert shares(work)["dinas-b", "alfa"] == (15, 15)


def test_an_agency_that_does_not_exist_in_the_plans_years_is_asked_for_no_duty(complete: Path) -> None:
    write(complete, "agencies/dinas-c.yaml", "name: Dinas C\nvalid: 2030-\n")
    assert shares(work_of(complete))["dinas-c", "alfa"] == (0, 0)
    assert re.search(r"^Dinas C +– +– ", masterplan("status", complete).out, flags=re.M)


# --- the order


def test_the_most_urgent_comes_first(troubled: Path) -> None:
    work = work_of(troubled)
    assert [row.agency and row.agency.id for row in work.urgent] == ["dinas-a", "dinas-b"]
    for row in work.urgent:
        levels = [list(Level).index(task.level) for task in row.tasks]
        assert levels == sorted(levels)
    assert [task.path for task in work.urgent[0].tasks if task.level is Level.GAP] == [PROGRAM] * 6


def test_quick_wins_go_first_and_then_what_begins_soonest(complete: Path) -> None:
    bare = {key: FIELDS[key] for key in FIELDS if key not in ("goals", "quick_win")}
    for name, period, quick in (
        ("a", "2025-2026", "Tidak"),
        ("b", "2024-2025", "Tidak"),
        ("c", "2026-2026", "Ya"),
    ):
        write_program(
            complete, bare | {"period": period, "quick_win": quick} | {"indicators": "[]", "budget": "[]"}
        )
        shutil.copy(complete / PROGRAM, complete / "pillars" / "alfa" / f"{name}.md")
    write_program(complete, FIELDS)
    paths = [task.path for task in all_tasks(work_of(complete)) if task.label == "tujuan"]
    assert [Path(path).stem for path in paths] == ["c", "b", "a"]


def test_tasks_are_counted_by_pillar_and_what_belongs_to_none_is_general(troubled: Path) -> None:
    work = work_of(troubled)
    counts = {row.agency.id: work.by_pillar(row) for row in work.rows if row.agency}
    assert [(p.id if p else None, n) for p, n in counts["dinas-b"]] == [("alfa", 3), (None, 1)]
    assert all(sum(n for _, n in work.by_pillar(row)) == len(row.tasks) for row in work.rows)


# --- the screens


def golden(name: str, actual: str) -> None:
    """A golden file: `MASTERPLAN_UPDATE=1` writes it anew; read the difference before you commit it."""
    path = GOLDEN / name
    if os.environ.get("MASTERPLAN_UPDATE"):
        path.write_text(actual, encoding="utf-8")
    assert actual == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("tasks", ["tasks"]),
        ("tasks-agency", ["tasks", "--agency", "dinas-b"]),
        ("tasks-en", ["tasks", "--lang", "en"]),
        ("tasks-md", ["tasks", "--to", "md"]),
        ("tasks-json", ["tasks", "--to", "json"]),
        ("status", ["status"]),
        ("status-en", ["status", "--lang", "en"]),
        ("status-md", ["status", "--to", "md"]),
        ("status-json", ["status", "--to", "json"]),
    ],
)
def test_the_screens_are_as_they_were(
    troubled: Path, monkeypatch: pytest.MonkeyPatch, name: str, arguments: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = masterplan(arguments[0], troubled, *arguments[1:])
    assert (result.code, result.err) == (0, "")
    golden(f"troubled-{name}.txt", result.out)


@pytest.mark.parametrize("command", ["tasks", "status"])
def test_the_screens_of_the_small_plan_are_as_they_were(
    plan: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    golden(f"small-{command}.txt", masterplan(command, plan).out)


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@pytest.fixture
def large(plan: Path) -> Path:
    """Twelve pillars with alike and wide names, sixty agencies with long ones."""
    names = ["Industri Kreatif", "Industri Kreasi", "東京都市", *(f"Pilar Nomor {i}" for i in range(9))]
    frame = "".join(f"  - {{id: p{i}, name: Ekosistem {name}}}\n" for i, name in enumerate(names))
    write(plan, "taxonomy.yaml", f"title: T\npillars:\n{frame}")
    shutil.rmtree(plan / "pillars")
    for i in range(12):
        write(plan, f"pillars/p{i}/pillar.md", f"---\nowner: d{i}\n---\n\nTeks.\n")
    for i in range(60):
        name = f"Dinas Pengelolaan Urusan Pemerintahan Yang Sangat Panjang Nomor {i}"
        write(plan, f"agencies/d{i}.yaml", f"name: {name}\nduties: {{p1: x}}\n")
    return plan


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_matrix_of_a_large_plan_fits_the_terminal_and_leaves_nothing_out(large: Path, width: int) -> None:
    work = work_of(large)
    text = status_text(work, Language.ID, width)
    assert max(map(columns, text.splitlines())) <= width
    heads = [line for line in text.splitlines() if line.startswith("Perangkat daerah ")]
    assert len(heads) == {60: 4, 80: 2, 120: 2}[width]
    shown = " ".join(heads).split()
    assert len([head for head in shown if head not in ("Perangkat", "daerah", "Semua", "Err", "Per")]) >= 12
    for agency in work.plan.agencies.values():
        lines = [line for line in text.splitlines() if line.split()[:1] == [agency.id]]
        assert len(lines) == len(heads) or agency.id.startswith("dinas"), agency.id
    sizes = {columns(line) for line in text.splitlines() if line.startswith(("d1 ", "d59 "))}
    assert len(sizes) <= len(heads), "columns stand below each other"


def test_lines_of_tasks_fit_the_terminal(large: Path) -> None:
    text = tasks_text(work_of(large), None, Language.ID, 80)
    assert max(map(columns, text.splitlines())) <= 80
    assert all(f"(d{i})" in text for i in range(60)), "the id stays whole, for --agency"


@pytest.mark.parametrize(
    ("names", "heads"),
    [
        (["Smart Governance", "Smart Living"], ["Govern…", "Living"]),
        (["Smart", "Smart Living"], ["Smart", "Smart…"]),
        (["Tata Kelola"], ["Tata K…"]),
        (["Industri A", "Industri B"], ["A", "B"]),
        (["Kesehatan", "Kesehatian"], ["Kes…tan", "Kes…ian"]),
        (["Sama persis", "Sama persis"], ["persis1", "persis2"]),
        ([], []),
    ],
)
def test_heads_are_short_and_differ(names: list[str], heads: list[str]) -> None:
    assert short_names(names, 7) == heads


def test_ids_that_differ_at_their_ends_are_told_apart(large: Path) -> None:
    for number in (1, 2):
        name = f"name: Unit Pelaksana Teknis Puskesmas Kelurahan Kota Lama Bagian {number}\nkind: dinas\n"
        write(large, f"agencies/upt-puskesmas-kelurahan-kota-lama-bagian-{number}.yaml", name)
    screen = masterplan("status", large).out
    rows = [line.split(" ")[0] for line in screen.splitlines() if line.startswith("upt-pusk")]
    assert len(rows) == len(set(rows)) * (len(rows) // 2) > 1, screen


def test_colour_adds_nothing_to_what_is_said(troubled: Path) -> None:
    work = work_of(troubled)
    for text, coloured in (
        (status_text(work, Language.ID, 80), status_text(work, Language.ID, 80, colour=True)),
        (tasks_text(work, None, Language.ID, 80), tasks_text(work, None, Language.ID, 80, colour=True)),
    ):
        assert "\x1b" not in text
        assert "\x1b[1;31m" in coloured
        assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text


def test_markdown_shows_what_files_say_as_text() -> None:
    assert markdown_text("isian `a_b` <img> [x](y) *z*") == r"isian `a_b` \<img\> \[x\](y) \*z\*"
    assert markdown_text("satu ` saja <b>\n# judul") == r"satu \` saja \<b\> \# judul"
    assert "\x1b" not in markdown_text("\x1b[31mmerah")


def test_an_unknown_agency_is_wrong_use_and_a_near_miss_is_named(plan: Path) -> None:
    result = masterplan("tasks", plan, "--agency", "dinas-aa")
    assert (result.code, result.out) == (2, "")
    assert (
        result.err
        == "masterplan: perangkat daerah `dinas-aa` tidak ada di agencies/; mungkin maksudnya `dinas-a` (Dinas A)\n"
    )
    result = masterplan("tasks", plan, "--agency", "zzz", "--lang", "en")
    assert result.code == 2
    assert (
        result.err
        == "masterplan: agency `zzz` is not in agencies/; there are: `dinas-a` (Dinas A), `dinas-b` (Dinas B)\n"
    )


@pytest.mark.parametrize("command", ["tasks", "status"])
def test_a_plan_that_cannot_be_understood_shows_its_findings(plan: Path, command: str) -> None:
    write(plan, "masterplan.yaml", "title: [\n")
    result = masterplan(command, plan)
    assert result.code == 1
    assert "error[MP" in result.out


def test_a_plan_without_agencies_has_a_status(plan: Path) -> None:
    shutil.rmtree(plan / "agencies")
    result = masterplan("status", plan)
    assert result.code == 0
    assert "Belum ditentukan" in result.out
    assert masterplan("tasks", plan).code == 0


# --- files


def test_the_list_can_be_saved_and_a_place_that_cannot_be_written_is_a_finding(plan: Path) -> None:
    result = masterplan("tasks", plan, "--to", "md", "--out", plan / "pesan" / "tugas.md")
    assert result.code == 0
    saved = (plan / "pesan" / "tugas.md").read_text(encoding="utf-8")
    assert saved == masterplan("tasks", plan, "--to", "md").out
    assert saved.count("- [ ]") == 6
    result = masterplan("tasks", plan, "--to", "xlsx", "--out", plan / "masterplan.yaml" / "tugas.xlsx")
    assert result.code == 1
    assert "MP903" in result.out


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names
    }


def test_the_workbook_holds_every_task_and_the_matrix(troubled: Path) -> None:
    assert masterplan("tasks", troubled, "--to", "xlsx").code == 0
    read = sheets((troubled / "build" / "tasks.xlsx").read_bytes())
    work = work_of(troubled)
    assert list(read) == ["Tugas", "Kelengkapan"]
    *listed, total = read["Tugas"][1:]
    rows = [(row[1], row[5], row[6], row[7], row[8] or None, row[9]) for row in listed]
    assert rows == [
        (r.agency and r.agency.id, t.message, t.help, t.path, t.line, t.code)
        for r in work.urgent
        for t in r.tasks
    ]
    assert total[5] == len(rows)
    assert {row[2] for row in listed} == {"error", "peringatan", "belum lengkap"}
    matrix = [[row[4], row[5]] for row in read["Kelengkapan"][1:]]
    assert matrix == [[row.share.done, row.share.asked] for row in work.rows] + [
        [work.total.done, work.total.asked]
    ]


def test_the_workbook_of_one_agency_holds_only_that_one(troubled: Path) -> None:
    out = troubled / "b.xlsx"
    assert (
        masterplan(
            "tasks", troubled, "--agency", "dinas-b", "--to", "xlsx", "--out", out, "--lang", "en"
        ).code
        == 0
    )
    read = sheets(out.read_bytes())
    assert [row[0] for row in (read["Tasks"][-1], read["Completeness"][-1])] == ["Total", "Total"]
    rows = [*read["Tasks"][1:-1], *read["Completeness"][1:-1]]
    assert {row[1] for row in rows} == {"dinas-b"}


def test_a_formula_in_a_title_stays_text_in_the_workbook(troubled: Path) -> None:
    formula = '=HYPERLINK("https://contoh.test","klik")'
    edit(troubled, PROGRAM, "title: Layanan Cepat", f"title: '{formula}'")
    edit(troubled, "agencies/dinas-a.yaml", "name: Dinas A", "name: '@SUM(1)'")
    edit(troubled, "masterplan.yaml", "title: Rencana Kota Uji", "title: https://contoh.test")
    masterplan("tasks", troubled, "--to", "xlsx")
    data = (troubled / "build" / "tasks.xlsx").read_bytes()
    assert [row[4] for row in sheets(data)["Tugas"]].count(formula) >= 2
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        pages = [parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name]
    assert pages
    formulas = [formula for page in pages for formula in re.findall(r"<f[^>]*>([^<]*)", page)]
    assert all(re.match(r"SUBTOTAL\(|IFERROR\(INT\(100\*SUBTOTAL\(", formula) for formula in formulas)
    assert not any("hyperlink" in page for page in pages)


def test_two_workbooks_of_one_plan_are_equal_to_the_byte(troubled: Path) -> None:
    for name in ("satu.xlsx", "dua.xlsx"):
        masterplan("tasks", troubled, "--to", "xlsx", "--out", troubled / name)
    assert (troubled / "satu.xlsx").read_bytes() == (troubled / "dua.xlsx").read_bytes()


def test_the_data_are_versioned_and_complete(troubled: Path) -> None:
    listed = json.loads(masterplan("tasks", troubled, "--to", "json").out)
    assert (listed["format"], listed["version"]) == ("masterplan-tasks", 1)
    work = work_of(troubled)
    assert sum(len(agency["tasks"]) for agency in listed["agencies"]) == len(all_tasks(work))
    status = json.loads(masterplan("status", troubled, "--to", "json").out)
    assert (status["format"], status["version"]) == ("masterplan-status", 1)
    assert status["total"]["done"] == sum(pillar["done"] for pillar in status["pillars"])
    assert status["total"]["done"] == sum(agency["total"]["done"] for agency in status["agencies"])


def test_the_book_prints_the_same_figures(plan: Path) -> None:
    masterplan("build", plan, "--to", "md", "--book", "review")
    book = (plan / "build" / "review.md").read_text(encoding="utf-8")
    assert re.search('# <a id="status"></a>Kelengkapan Rencana', book)
    work = work_of(plan)
    for row in work.rows:
        assert row.agency
        assert (
            f"| {row.agency.short} | {row.share.percent}\N{NO-BREAK SPACE}% | {row.share.done}/{row.share.asked} |"
            in book
        )
