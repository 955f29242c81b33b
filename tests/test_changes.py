"""`masterplan diff`: two states of a plan compared as models, each kind of change by a small pair of plans."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from conftest import Result, commit, edit, examples, git, masterplan, write
from masterplan_cli import schema
from masterplan_cli.changes.alignment import Effort, aligned
from masterplan_cli.changes.compare import (
    Comparison,
    Difference,
    ItemName,
    RecordChange,
    compare,
    differences,
)
from masterplan_cli.changes.data import CHANGES_SCHEMA, comparison_json
from masterplan_cli.changes.model import State, state_in_json
from masterplan_cli.changes.screen import comparison_markdown, comparison_text
from masterplan_cli.changes.values import ValueWords
from masterplan_cli.messages import Language
from masterplan_cli.schema.labels import model_in
from masterplan_cli.values import Period
from test_screens import golden

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
PILLAR, PROGRAM, ROOT = "pillars/alfa/pillar.md", "pillars/alfa/layanan.md", "masterplan.yaml"
AGENCY, CHAPTER = "agencies/dinas-b.yaml", "chapters/pendahuluan.md"
SECOND = """title: Loket Cepat
subdimension: satu
owner: dinas-b
period: 2023-2024
indicators:
  - {name: Antrean, unit: orang, direction: turun, baseline: {value: 9, year: 2021, source: Survei}, targets: {2024: 3}}
budget:
  - {year: 2023, amount: Rp 40.000.000, source: APBD Kota}
  - {year: 2024, amount: Rp 60.000.000, source: APBN}
"""


@pytest.fixture
def old(tmp_path: Path, plan: Path) -> Path:
    """The small plan with a second program, as it was; `plan` is the folder in which it changes."""
    write(plan, "pillars/alfa/loket.yaml", SECOND)
    return shutil.copytree(plan, tmp_path / "lama")


def diff(old: Path, plan: Path, *options: str) -> Result:
    return masterplan("diff", old, plan, "--path", plan, *options)


def told(old: Path, plan: Path, *options: str) -> list[str]:
    """The lines of the details: what became of things and what is said otherwise, without the summary."""
    text = diff(old, plan, *options).out
    details = re.sub(r"\n(?: {4}| {8})(?=\S)", " ", text.partition("\n\n")[2].partition("\n\n")[2])
    return [
        line.strip().replace("\N{NO-BREAK SPACE}", " ")
        for line in details.splitlines()
        if line.startswith("  ")
    ]


def data(old: Path, plan: Path, *options: str) -> Any:
    found = json.loads(diff(old, plan, "--to", "json", *options).out)
    Draft202012Validator(CHANGES_SCHEMA).validate(found)
    return found


# --- each kind of change

LAYANAN = "~ Layanan Cepat (alfa/layanan)"
#: A file, what is replaced in it, and what is told; the first line names the thing.
EDITS = {
    "title": (PROGRAM, "title: Layanan Cepat", "title: Layanan Kilat",
        ["~ Layanan Kilat (alfa/layanan): dulu Layanan Cepat", "~ judul program: Layanan Cepat → Layanan Kilat"]),
    "owner": (PROGRAM, "owner: dinas-a", "owner: dinas-b", [LAYANAN, "~ perangkat daerah pengampu: A → B"]),
    "supporters": (PROGRAM, "supporting: [dinas-b]", "supporting: []", [LAYANAN, "− perangkat daerah pendukung: B"]),
    "period": (PROGRAM, "period: 2022-2024", "period: 2022-2025", [LAYANAN, "~ periode program: 2022–2024 → 2022–2025"]),
    "quick win": (PROGRAM, "quick_win: Ya\n", "", [LAYANAN, "~ quick win: Ya → Tidak"]),
    "stage": (PROGRAM, "quick_win: Ya\n", "quick_win: Ya\nstage: evaluasi\n", [LAYANAN, "+ tahapan: evaluasi"]),
    "baseline": (PROGRAM, "value: 30", "value: 32,5",
        [LAYANAN, "~ indikator Waktu layanan – nilai awal – nilai awal: 30 → 32,5 (+2,5)"]),
    "target": (PROGRAM, "2024: 10", "2024: 8", [LAYANAN, "~ indikator Waktu layanan – target 2024: 10 → 8 (−2)"]),
    "actual": (PROGRAM, "2022: 27", "2022: 27\n      2023: 20",
        [LAYANAN, "+ indikator Waktu layanan – realisasi 2023: 20"]),
    "the name of an indicator": (PROGRAM, "name: Waktu layanan", "name: Lama layanan",
        [LAYANAN, "~ indikator – nama indikator: Waktu layanan → Lama layanan"]),
    "amount": (PROGRAM, "amount: Rp 100.000.000", "amount: 125 juta",
        [f"{LAYANAN}: +Rp 25.000.000",
         "~ anggaran 2022, APBD Kota – jumlah: Rp 100.000.000 → Rp 125.000.000 (+Rp 25.000.000)"]),
    "source of funds": (PROGRAM, "source: APBD Kota", "source: APBN",
        [LAYANAN, "~ anggaran 2022 – sumber dana: APBD Kota → APBN"]),
    "risk": (PROGRAM, "budget:", "risks:\n  - {risk: Listrik padam, level: tinggi}\nbudget:",
        [LAYANAN, "+ risiko Listrik padam: tingkat tinggi"]),
    "evidence": (PROGRAM, "budget:", "evidence:\n  - {title: SK Tim, date: 2022-03-01}\nbudget:",
        [LAYANAN, "+ data dukung SK Tim: tanggal 1 Maret 2022"]),
    "partner": (PROGRAM, "budget:", "partners:\n  - {name: Kampus, kind: perguruan-tinggi}\nbudget:",
        [LAYANAN, "+ mitra Kampus: jenis mitra perguruan tinggi"]),
    "alignment": (PROGRAM, "budget:", "alignment:\n  - {plan: RPJMD, item: Misi 1}\nbudget:",
        [LAYANAN, "+ keselarasan RPJMD, Misi 1"]),
    "prose": (PROGRAM, "Teks tentang layanan.", "Teks baru tentang layanan warga.",
        [LAYANAN, "~ naskah Latar belakang: Teks {+baru+} tentang [-layanan.-] {+layanan warga.+}"]),
    "goal of a pillar": (PILLAR, "targets: {2026: 80}", "targets: {2026: 90}",
        ["~ Alfa", "~ sasaran Warga puas – indikator Kepuasan – target 2026: 80 → 90 (+10)"]),
    "owner of a pillar": (PILLAR, "owner: dinas-a", "owner: dinas-b", ["~ Alfa", "~ perangkat daerah pengampu: A → B"]),
    "vision": (ROOT, "status: final", "status: final\nvision: Kota yang ramah.",
        ["~ Rencana Kota Uji", "+ visi: Kota yang ramah."]),
    "council": (ROOT, "status: final", "status: final\ncouncil:\n  - {role: Ketua, agency: dinas-a}",
        ["~ Rencana Kota Uji", "+ Dewan Smart City Ketua: perangkat daerah A"]),
    "duty": (AGENCY, "alfa: Membantu pilar.", "alfa: Menjaga mutu.",
        ["~ Dinas B (dinas-b)", "~ tugas per pilar Alfa: Membantu pilar. → Menjaga mutu."]),
    "chapter": (CHAPTER, "Teks pendahuluan.", "Teks pendahuluan. Kalimat kedua.",
        ["~ Pendahuluan (pendahuluan)", "~ naskah: Teks pendahuluan. {+Kalimat kedua.+}"]),
}  # fmt: skip


@pytest.mark.parametrize("what", EDITS)
def test_a_change_is_told_once_in_words(old: Path, plan: Path, what: str) -> None:
    path, before, after, lines = EDITS[what]
    edit(plan, path, before, after)
    assert told(old, plan) == lines
    assert diff(old, plan, "--to", "md").out.count("\n- ") >= 1
    assert data(old, plan)["changes"]


def test_an_ended_and_a_new_program(old: Path, plan: Path) -> None:
    (plan / "pillars/alfa/loket.yaml").unlink()
    write(plan, "pillars/alfa/taman.yaml", "title: Taman\nowner: dinas-a\nperiod: 2024\n")
    assert told(old, plan) == [
        "+ Taman (alfa/taman): baru; A",
        "− Loket Cepat (alfa/loket): berakhir; B; −Rp 100.000.000",
    ]
    changes = data(old, plan)["changes"]
    assert [(one["what"], one["before"] and one["before"]["data"]["owner"]) for one in changes] == [
        (["added"], None),
        (["ended"], "dinas-b"),
    ]


@pytest.mark.parametrize("sign", ["formerly", "content", "title"])
def test_a_program_that_moved_is_never_one_that_ended_and_another(old: Path, plan: Path, sign: str) -> None:
    changed = {
        "formerly": SECOND.replace("Loket Cepat", "Loket Kilat").replace("60.", "70.")
        + "formerly: [alfa/loket]\n",
        "content": SECOND.replace("Loket Cepat", "Loket Kilat"),
        "title": SECOND.replace("60.", "70."),
    }
    (plan / "pillars/alfa/loket.yaml").unlink()
    write(plan, "pillars/beta/loket-baru.yaml", changed[sign])
    for before, after, way in ((old, plan, ("alfa", "beta")), (plan, old, ("beta", "alfa"))):
        (one,) = [one for one in data(before, after)["changes"] if one["kind"] == "program"]
        assert one["what"][:2] == ["renamed", "moved"]
        assert (one["before"]["id"].split("/")[0], one["after"]["id"].split("/")[0]) == way


def test_programs_that_were_merged_and_split(old: Path, plan: Path) -> None:
    (plan / "pillars/alfa/loket.yaml").unlink()
    text = (plan / PROGRAM).read_text(encoding="utf-8")
    (plan / PROGRAM).unlink()
    merged = text.replace("title: Layanan Cepat", "title: Satu Atap\nreplaces: [alfa/layanan, alfa/loket]")
    write(plan, "pillars/alfa/satu-atap.md", merged)
    assert told(old, plan) == [
        "+ Satu Atap (alfa/satu-atap): baru; A; dari Layanan Cepat (alfa/layanan), Loket Cepat (alfa/loket); "
        "+Rp 100.000.000",
        "− Layanan Cepat (alfa/layanan): berakhir; A; menjadi Satu Atap (alfa/satu-atap); −Rp 100.000.000",
        "− Loket Cepat (alfa/loket): berakhir; B; menjadi Satu Atap (alfa/satu-atap); −Rp 100.000.000",
    ]
    assert "2 dilebur" in diff(old, plan).out
    assert [one["what"] for one in data(plan, old)["changes"]] == [["added", "split"]] * 2 + [
        ["ended", "split"]
    ]


def test_what_is_laid_out_otherwise_is_no_change(old: Path, plan: Path) -> None:
    text = (plan / PROGRAM).read_text(encoding="utf-8")
    head = "owner: dinas-a\nsupporting: [dinas-b]\n"
    assert head in text
    text = text.replace(head, "").replace("period: 2022-2024\n", f"# catatan\n{head}period: '2022 - 2024'\n")
    text = text.replace("Rp 100.000.000", "100 juta").replace(
        "2022: 25\n      2024: 10", "2024: 10,0\n      2022: 25"
    )
    text = text.replace("Teks tentang layanan.", "Teks\ntentang   layanan.\n\n")
    write(plan, PROGRAM, text.replace("\n", "\r\n"))
    lines = SECOND.splitlines()
    write(plan, "pillars/alfa/loket.yaml", "\n".join([*lines[:-2], lines[-1], lines[-2]]))
    result = diff(old, plan, "--exit-code")
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("  Tidak ada yang berubah.\n")


def test_the_exit_code_tells_of_changes_within_what_was_asked(old: Path, plan: Path) -> None:
    edit(plan, PROGRAM, "quick_win: Ya\n", "")
    assert diff(old, plan, "--exit-code").code == 1
    assert diff(old, plan).code == 0
    assert diff(old, plan, "--exit-code", "--money").code == 0
    assert diff(old, plan, "--exit-code", "--agency", "Dinas A").code == 1
    assert diff(old, plan, "--exit-code", "--pillar", "alfa").code == 1


def test_an_agency_sees_what_concerns_it_before_or_after(old: Path, plan: Path) -> None:
    edit(plan, PROGRAM, "owner: dinas-a", "owner: dinas-b")
    edit(plan, "pillars/alfa/loket.yaml", "2023-2024", "2023-2025")
    assert told(old, plan, "--agency", "a") == [LAYANAN, "~ perangkat daerah pengampu: A → B"]
    assert len(told(old, plan, "--agency", "dinas-b")) == 4


@pytest.mark.parametrize(("option", "said"), [
    ("--agency", "perangkat daerah `dinas-c` tidak ada di kedua keadaan"),
    ("--pillar", "pilar `dinas-c` tidak ada di kedua keadaan"),
])  # fmt: skip
def test_an_unknown_agency_or_pillar_is_wrong_use(old: Path, plan: Path, option: str, said: str) -> None:
    result = diff(old, plan, option, "dinas-c")
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_an_output_goes_into_a_file(old: Path, plan: Path, tmp_path: Path) -> None:
    edit(plan, PROGRAM, "quick_win: Ya\n", "")
    result = diff(old, plan, "--to", "md", "--out", str(tmp_path / "ubah.md"))
    assert result.out.endswith("ubah.md\n")
    assert (tmp_path / "ubah.md").read_text(encoding="utf-8").startswith("# Yang berubah: ")


# --- states


@needs_git
def test_the_older_state_is_the_last_tag_else_the_last_commit(plan: Path) -> None:
    first = commit(plan)
    edit(plan, PROGRAM, "period: 2022-2024", "period: 2022-2025")
    assert "Yang berubah: HEAD → berkas sekarang" in masterplan("diff", "--path", plan).out
    git(plan, "tag", "edisi-1")
    commit(plan)
    edit(plan, PROGRAM, "period: 2022-2025", "period: 2022-2026")
    result = masterplan("diff", "--path", plan)
    assert "Yang berubah: edisi-1 → berkas sekarang" in result.out
    assert "2022–2024 → 2022–2026" in result.out.replace("\n        ", " ")
    found = json.loads(masterplan("diff", "edisi-1", "HEAD", "--path", plan, "--to", "json").out)
    assert found["before"]["revision"] == first
    assert found["changes"][0]["fields"][0]["after"] == {"first": 2022, "last": 2025}


def test_the_json_of_a_plan_is_a_state_like_its_folder(old: Path, plan: Path) -> None:
    assert masterplan("build", old, "--to", "json").code == 0
    made = old / "build" / "masterplan.json"
    assert diff(made, plan).out.endswith("  Tidak ada yang berubah.\n")
    edit(plan, PROGRAM, "2024: 10", "2024: 8")
    assert told(made, plan) == told(old, plan)


@needs_git
@pytest.mark.parametrize(
    "revision",
    ["--upload-pack=touch x", "-x", "..nowhere", "HEAD:masterplan.yaml", "HEAD^{tree}", "", "a\x1bb"],
)
def test_what_is_no_revision_is_wrong_use(plan: Path, revision: str) -> None:
    commit(plan)
    result = masterplan("diff", "--path", plan, "--", revision)
    assert (result.code, result.out) == (2, "")
    assert "tidak ada di repo git ini" in result.err
    assert "\x1b" not in result.err


@needs_git
def test_a_revision_without_the_plan_says_so(plan: Path) -> None:
    repo = plan / "sub"
    commit(plan)
    shutil.copytree(plan, repo, ignore=lambda folder, _: {".git", "sub"} if Path(folder) == plan else set())
    result = masterplan("diff", "HEAD", "--path", repo)
    assert (result.code, result.out) == (2, "")
    assert "error[MP930]: di revisi `HEAD` belum ada masterplan.yaml" in result.err


@needs_git
def test_a_shallow_clone_names_the_remedy_and_a_bare_one_holds_no_plan(plan: Path, tmp_path: Path) -> None:
    first = commit(plan)
    commit(plan, "y")
    git(tmp_path, "clone", "-q", "--depth", "1", plan.as_uri(), "shallow")
    result = masterplan("diff", first, "--path", tmp_path / "shallow")
    assert (result.code, result.out) == (2, "")
    assert "git fetch --unshallow" in result.err
    git(tmp_path, "clone", "-q", "--bare", str(plan), "bare.git")
    assert "MP904" in masterplan("diff", "--path", tmp_path / "bare.git").err


def test_without_git_two_folders_can_be_compared_and_nothing_else(old: Path, plan: Path) -> None:
    assert masterplan("diff", "--path", plan).code == 2
    assert diff(old, plan).code == 0


def test_a_folder_without_a_plan_says_so(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    result = masterplan("diff", tmp_path / "kosong", "--path", plan)
    assert result.code == 2
    assert "error[MP904]" in result.err


def test_a_state_that_does_not_check_is_compared_as_far_as_it_reads(old: Path, plan: Path) -> None:
    edit(old, PROGRAM, "2024: 10", "2024: sepuluh")
    write(old, AGENCY, "name: [\n")
    edit(plan, PROGRAM, "period: 2022-2024", "period: 2022-2025")
    edit(plan, AGENCY, "alfa: Membantu", "alfa: Ikut membantu")
    result = diff(old, plan)
    assert "dibandingkan sejauh terbaca: `agencies/dinas-b.yaml`, `pillars/alfa/layanan.md`" in result.err
    assert told(old, plan) == [
        LAYANAN,
        "~ periode program: 2022–2024 → 2022–2025",
        "+ indikator Waktu layanan – target 2024: 10",
        "~ Dinas B (dinas-b): tidak terbaca, jadi isinya tidak dibandingkan",
    ]
    unread = [one["path"] for one in data(old, plan)["before"]["unread"]]
    assert unread == ["agencies/dinas-b.yaml", PROGRAM]


def test_a_state_whose_own_file_does_not_read_still_has_its_programs(old: Path, plan: Path) -> None:
    write(old, ROOT, "title: [\n")
    edit(plan, PROGRAM, "2024: 10", "2024: 8")
    assert told(old, plan) == [
        "~ Rencana Kota Uji: tidak terbaca, jadi isinya tidak dibandingkan",
        LAYANAN,
        "~ indikator Waktu layanan – target 2024: 10 → 8 (−2)",
    ]


def test_json_that_is_no_plan_ends_in_no_traceback(plan: Path, tmp_path: Path) -> None:
    head = b'{"format": "masterplan", "version": 1'
    hostile = {
        "deep": b"[" * 200_000,
        "number": head + b', "x": ' + b"9" * 10_000 + b"}",
        "values": head + b', "pillars": [' + b"1," * 5_000_000 + b"1]}",
        "infinite": head + b', "title": Infinity}',
        "bare": head + b"}",
        "bytes": b"\xff\xfe{",
    }
    for name, content in hostile.items():
        write(tmp_path, f"{name}.json", content)
        result = masterplan("diff", tmp_path / f"{name}.json", "--path", plan)
        assert (result.code, result.out) == (2, ""), name
        assert "error[MP930]" in result.err


def test_odd_values_in_json_are_left_out(plan: Path, tmp_path: Path) -> None:
    assert masterplan("build", plan, "--to", "json").code == 0
    made = json.loads((plan / "build/masterplan.json").read_text(encoding="utf-8"))
    program = made["pillars"][0]["programs"][0]
    program |= {
        "stage": "entah",
        "progress": "@",
        "quick_win": "x",
        "budget": [3, {"year": 2022}],
        "title": "\ud800\x1b[2J",
    }
    made["agencies"].append({"id": 7})
    write(tmp_path, "aneh.json", json.dumps(made).replace('"@"', "1e400"))
    result = masterplan("diff", tmp_path / "aneh.json", "--path", plan)
    assert result.code == 0
    assert "\x1b" not in result.out
    for form in ("md", "json"):
        out = str(tmp_path / f"x.{form}")
        assert (
            masterplan("diff", tmp_path / "aneh.json", "--path", plan, "--to", form, "--out", out).code == 0
        )


# --- properties, on plans that are made up

_WORDS = st.sampled_from(["warga", "layanan", "cepat", "baru", "aman"])
_NAMES = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)
_YEARS = st.integers(2022, 2024)
_LINE = st.fixed_dictionaries(
    {"year": _YEARS, "amount": st.integers(0, 9) , "source": st.sampled_from(["APBD Kota", "APBN"])}
)  # fmt: skip
_INDICATOR = st.fixed_dictionaries(
    {"name": _NAMES, "unit": st.just("persen"), "targets": st.dictionaries(_YEARS.map(str), st.integers(0, 3), max_size=2)}
)  # fmt: skip
_IDS = [f"{pillar}/{name}" for pillar in ("satu", "dua") for name in ("a", "b", "c")]
_PROGRAM = st.fixed_dictionaries(
    {
        "title": _NAMES,
        "owner": st.sampled_from(["x", "y", None]),
        "supporting": st.lists(st.sampled_from(["x", "y", "z"]), max_size=2),
        "goals": st.lists(_NAMES, max_size=2),
        "budget": st.lists(_LINE, max_size=3),
        "indicators": st.lists(_INDICATOR, max_size=2),
        "formerly": st.lists(st.sampled_from(_IDS), max_size=1),
        "replaces": st.lists(st.sampled_from(_IDS), max_size=2),
        "text": st.lists(st.one_of(_WORDS, st.just("\n\n"), st.just("\n\n## Bagian\n\n")), max_size=8).map(
            " ".join
        ),
    }
)


def _state(programs: dict[str, Any]) -> State:
    pillars = [
        {
            "id": pillar,
            "programs": [{"id": id_, **p} for id_, p in programs.items() if id_.startswith(f"{pillar}/")],
        }
        for pillar in ("satu", "dua")
    ]
    head = {"title": "R", "region": {"name": "K"}, "period": {"first": 2022, "last": 2024}}
    made = state_in_json("x", {**head, "pillars": pillars})
    assert made
    return made


_STATES = st.dictionaries(st.sampled_from(_IDS), _PROGRAM, max_size=4).map(_state)


@given(_STATES)
def test_a_state_is_no_change_of_itself(state: State) -> None:
    found = compare(state, state)
    assert found.changes == []
    assert found.total.difference == 0


def _swapped(one: Difference) -> Any:
    steps = [
        s.at._replace(before=s.at.after, after=s.at.before) if isinstance(s.at, ItemName) else s.at
        for s in one.steps
    ]
    return repr((steps, one.after, one.before))


def _said(one: Difference) -> Any:
    return repr(([step.at for step in one.steps], one.before, one.after))


def _is_mirror(one: RecordChange, other: RecordChange) -> bool:
    back = {"added": "ended", "ended": "added", "merged": "split", "split": "merged"}
    turned = {"added": "removed", "removed": "added", "same": "same"}
    pieces = [sorted((turned[kind], text) for kind, text in r.pieces) for r in one.rewordings]
    return (
        sorted(map(_swapped, one.differences)) == sorted(map(_said, other.differences))
        and pieces == [sorted(map(tuple, r.pieces)) for r in other.rewordings]
        and {back.get(kind, kind) for kind in one.kinds} == set(other.kinds)
        and {r.id for r in one.others} == {r.id for r in other.others}
    )


@settings(max_examples=examples(usual=100, deep=1000))
@given(_STATES, _STATES)
def test_the_way_back_mirrors_the_way_there(a: State, b: State) -> None:
    there = {_ids(one): one for one in compare(a, b).changes}
    back = {_ids(one)[::-1]: one for one in compare(b, a).changes}
    assert set(there) == set(back)
    assert all(_is_mirror(one, back[ids]) for ids, one in there.items())


def _ids(change: RecordChange) -> tuple[str, ...]:
    return tuple(f"{side.kind} {side.id}" if side else "" for side in (change.before, change.after))


@given(_STATES, _STATES)
def test_the_difference_of_the_totals_is_the_sum_of_its_parts(a: State, b: State) -> None:
    found = compare(a, b)
    total = found.total
    assert total.before == sum(record.total for record in a.records)
    assert total.after == sum(record.total for record in b.records)
    assert total.difference == sum(line.difference for line in found.budget)
    for key in (
        lambda line, _: line.year,
        lambda line, _: line.source,
        lambda _, r: r.pillar,
        lambda _, r: r.owner,
    ):
        assert total.difference == sum(one.difference for one in found.sums(key).values())
    for pillar in ("satu", "dua"):
        narrowed = found.narrowed(None, pillar, money=True)
        assert narrowed.total.difference == sum(line.difference for line in narrowed.budget)


@given(_STATES, _STATES)
def test_every_output_can_be_made_of_any_two_states(a: State, b: State) -> None:
    found = compare(a, b)
    Draft202012Validator(CHANGES_SCHEMA).validate(json.loads(comparison_json(found)))
    for language in Language:
        assert comparison_text(found, language, 80)
        assert comparison_markdown(found, language)


_TOKENS = st.lists(st.sampled_from("abc"), max_size=12)


@given(_TOKENS, _TOKENS)
def test_stretches_put_together_are_the_sequences(a: list[str], b: list[str]) -> None:
    found = aligned(a, b, Effort(10_000))
    assert [x for one in found for x in one.before] == a
    assert [x for one in found for x in one.after] == b
    assert [(one.after, one.before) for one in found] == [tuple(one) for one in aligned(b, a, Effort(10_000))]


# --- any field of the schema


def _values(annotation: Any) -> tuple[Any, Any]:
    """Two values of a type, as plain data."""
    kind = model_in(getattr(annotation, "annotation", annotation))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        required = {name: _values(info) for name, info in kind.model_fields.items() if info.is_required()}
        both = [{name: pair[side] for name, pair in required.items()} for side in (0, 1)]
        whole = [schema.conformed(kind, one) for one in both]
        return (whole[0], whole[1]) if required else (whole[0], whole[0] | {next(iter(whole[0])): "lain"})
    if get_origin(kind) is tuple:
        return [], [_values(get_args(kind)[0])[1]]
    if get_origin(kind) is dict:
        return {}, {"2022": _values(get_args(kind)[1])[1]}
    words = schema.labels.type_in(annotation)
    if isinstance(words, schema.Choice):
        return next(iter(words.words)), list(words.words)[-1]
    return {bool: (False, True), str: ("lama", "lain"), Period: ({"first": 1, "last": 2}, {"first": 1, "last": None})}.get(
        kind, ("2022-01-01", "2022-01-02") if "date" in repr(kind) else (1, 2)
    )  # fmt: skip


@pytest.mark.parametrize("kind", schema.KINDS)
def test_every_field_of_the_schema_is_compared_and_has_its_name(kind: str) -> None:
    model = schema.KINDS[kind]
    for name, info in model.model_fields.items():
        if name in (*schema.OF_THE_TOOL, "prose"):
            continue
        old, new = _values(info)
        (found,) = differences(model, {name: old}, {name: new})
        for language in Language:
            line = ValueWords({}, language).line(found)
            assert found.steps[0].label
            assert found.steps[0].label.of(language) in line


# --- screens, help and speed


def _story(old: Path, plan: Path) -> None:
    for path, before, after, _ in EDITS.values():
        text = (plan / path).read_text(encoding="utf-8")
        if text.count(before) == 1 and not after.startswith(("status: final", "budget:")):
            write(plan, path, text.replace(before, after))
    (plan / "pillars/alfa/loket.yaml").unlink()
    write(plan, "pillars/alfa/taman.yaml", "title: Taman Baca\nowner: dinas-b\nperiod: 2024\n")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("form", ["text", "md"])
def test_the_screen_of_a_comparison(
    old: Path, plan: Path, language: Language, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _story(old, plan)
    monkeypatch.chdir(plan.parent)
    text = masterplan("diff", "lama", "plan", "--path", "plan", "--lang", language.value, "--to", form).out
    golden(f"diff-{language}.{'txt' if form == 'text' else form}", text)
    if form == "text":
        assert max(map(len, text.splitlines())) <= 80


def test_colours_say_nothing_that_signs_do_not(old: Path, plan: Path) -> None:
    _story(old, plan)
    masterplan("build", old, "--to", "json", "--draft")
    masterplan("build", plan, "--to", "json", "--draft")
    found = _compared(old, plan)
    plain, coloured = (comparison_text(found, Language.ID, 80, colour=colour) for colour in (False, True))
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def _compared(old: Path, plan: Path) -> Comparison:
    states = [
        state_in_json(root.name, json.loads((root / "build/masterplan.json").read_text(encoding="utf-8")))
        for root in (old, plan)
    ]
    assert states[0]
    assert states[1]
    return compare(states[0], states[1])


def test_the_schema_of_changes_is_published() -> None:
    printed = json.loads(masterplan("schema", "changes").out)
    Draft202012Validator.check_schema(printed)
    assert printed == CHANGES_SCHEMA


def test_two_thousand_programs_take_seconds(old: Path, plan: Path) -> None:
    text = (plan / PROGRAM).read_text(encoding="utf-8")
    for number in range(2000):
        named = text.replace("Layanan Cepat", f"Layanan {number}")
        write(old, f"pillars/alfa/p{number}.md", named)
        write(
            plan,
            f"pillars/alfa/p{number + number % 2 * 5000}.md",
            named.replace("2024: 10", f"2024: {number}"),
        )
    started = time.process_time()
    found = data(old, plan)
    assert time.process_time() - started < 30
    assert len(found["changes"]) >= 1999
    assert all(one["before"] and one["after"] for one in found["changes"])


def test_texts_without_end_take_no_longer_than_they_are_long() -> None:
    def took(size: int) -> float:
        a = [str(n % 7) for n in range(size)]
        b = [str(n % 5) for n in range(size)]
        started = time.process_time()
        aligned(a, b, Effort(1_000_000))
        return time.process_time() - started

    assert took(40_000) < 5


@needs_git
def test_nothing_of_a_repository_runs(plan: Path, tmp_path: Path) -> None:
    commit(plan)
    edit(plan, PROGRAM, "2024: 10", "2024: 8")
    trap = tmp_path / "ran"
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "filter.x.smudge",
        "log.showSignature",
    ):
        git(plan, "config", name, f"touch {trap}")
    write(plan, ".gitattributes", "* filter=x\n")
    environment = {**os.environ, "MASTERPLAN_CACHE": ""}
    run = subprocess.run(
        [sys.executable, "-m", "masterplan_cli", "diff"],
        cwd=plan,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "target 2024: 10 → 8" in run.stdout
    assert not trap.exists()
