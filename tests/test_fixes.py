"""Safe fixes: what only has one meaning is put right, and not a byte beside it changes."""

from __future__ import annotations

import difflib
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import REPO, SMALL_PLAN, codes, edit, examples, masterplan, write
from masterplan_cli.checking import check
from masterplan_cli.diagnostics import Diagnostic
from masterplan_cli.fixes import Fixed, edited, fix_plan
from masterplan_cli.source import Span
from masterplan_cli.suggestions import is_slip, suggest
from specs import Case, cases, prepared

PROGRAM = "pillars/alfa/layanan.md"

MISTAKES = {  # what, the text in the program, as it is written wrong, as it is fixed
    "key": ("supporting: [dinas-b]", "suporting: [dinas-b]", "supporting: [dinas-b]"),
    "key with capitals": ("supporting: [dinas-b]", "Supporting: [dinas-b]", "supporting: [dinas-b]"),
    "id with capitals": ("supporting: [dinas-b]", "supporting: [Dinas-B]", "supporting: [dinas-b]"),
    "id in quotes": ("supporting: [dinas-b]", 'supporting: ["Dinas B"]', 'supporting: ["dinas-b"]'),
    "id with a comment": ("owner: dinas-a", "owner: DINAS-A   # ketua", "owner: dinas-a   # ketua"),
    "sub-dimension": ("subdimension: satu", "subdimension: Satu", "subdimension: satu"),
    "source of funds": ("source: APBD Kota", "source: APBD  kota", "source: APBD Kota"),
    "commas in an amount": ("amount: Rp 100.000.000", "amount: 100,000,000", "amount: 100.000.000"),
    "blanks in an amount": ("amount: Rp 100.000.000", 'amount: "100 000 000"', 'amount: "100.000.000"'),
    "a no-break space": ("amount: Rp 100.000.000", "amount: 100\u00a0000\u00a0000", "amount: 100000000"),
    "an invisible mark": ("owner: dinas-a", "owner: dinas\u200b-a", "owner: dinas-a"),
    "choice": ("direction: turun", "direction: Turnu", "direction: turun"),
    "a word with a hash": ("title: Layanan Cepat", "title: Layanan Cepat #Satu", 'title: "Layanan Cepat #Satu"'),
    "a comma in braces": (
        "    targets:\n      2022: 25\n      2024: 10", "    targets: {2022: 25,5, 2024: 10}", '    targets: {2022: "25,5", 2024: 10}',
    ),
    "commas of thousands in braces": (
        "  - year: 2022\n    amount: Rp 100.000.000\n    source: APBD Kota",
        "  - {year: 2022, amount: 100,000,000, source: APBD Kota}", '  - {year: 2022, amount: "100.000.000", source: APBD Kota}',
    ),
    "a no-break space before a field": ("    unit: menit", "  \u00a0 unit: menit", "    unit: menit"),
    "an empty line before the data": ("---\ntitle: Lay", "\n \n---\ntitle: Lay", "---\ntitle: Lay"),
    "a blank before the data": ("---\ntitle: Lay", "  ---\ntitle: Lay", "---\ntitle: Lay"),
    "no line before the data": ("---\ntitle: Lay", "title: Lay", "---\ntitle: Lay"),
    "a dash before the data": ("---\ntitle: Lay", "—\ntitle: Lay", "---\ntitle: Lay"),
    "a colon in an item": (
        "quick_win: Ya", "quick_win: Ya\ngoals:\n  - Agar: murah", 'quick_win: Ya\ngoals:\n  - "Agar: murah"',
    ),
    "a text of lines where a list belongs": (
        "supporting: [dinas-b]\n", "goals: |\n  Cepat\n\nsupporting: [dinas-b]\n", 'goals: ["Cepat"]\nsupporting: [dinas-b]\n',
    ),
    "two steps": ("subdimension: satu\nowner: dinas-a", "subdimensoin: Satu\nowner: dinas-a", "subdimension: satu\nowner: dinas-a"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_with_one_meaning_is_put_right_and_nothing_else_changes(
    plan: Path, mistake: tuple[str, str, str]
) -> None:
    right, wrong, fixed = mistake
    if right not in (plan / PROGRAM).read_text(encoding="utf-8"):
        pytest.fail(f"the small plan no longer says {right!r}")
    edit(plan, PROGRAM, right, wrong)
    before = (plan / PROGRAM).read_text(encoding="utf-8")
    result = masterplan("check", plan, "--fix")
    assert (plan / PROGRAM).read_text(encoding="utf-8") == before.replace(wrong, fixed)
    assert (result.code, result.out) == (0, "bersih: tidak ada temuan\n")
    assert PROGRAM in result.err


LEFT_ALONE = {
    "an id that is another's neighbour": ("supporting: [dinas-b]", "supporting: [dinas-c]"),
    "an amount with two readings": ("amount: Rp 100.000.000", "amount: 1.250"),
    "a comma that may be a decimal": ("amount: Rp 100.000.000", "amount: 1,250"),
    "a key that would stand twice": ("supporting: [dinas-b]", "supporting: [dinas-b]\nsuporting: [dinas-b]"),
    "a broken file": ("owner: dinas-a\n", 'owner: "dinas-a\n'),
    "a lost value": ("title: Layanan Cepat", "title: #1 Layanan"),
}


@pytest.mark.parametrize("case", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_mean_two_things_is_left_to_people(plan: Path, case: tuple[str, str]) -> None:
    edit(plan, PROGRAM, *case)
    before = (plan / PROGRAM).read_bytes()
    assert masterplan("check", plan, "--fix").code == 1
    assert (plan / PROGRAM).read_bytes() == before


def test_bytes_that_say_nothing_go(plan: Path) -> None:
    text = (plan / PROGRAM).read_text(encoding="utf-8")
    spoilt = text.replace("owner: dinas-a\n", "owner: dinas-a  \n").replace(
        "Layanan Cepat", "Layanan Cafe\u0301"
    )
    write(plan, PROGRAM, b"\xef\xbb\xbf" + spoilt.replace("\n", "\r\n").encode())
    assert codes(check(plan)) == []
    assert masterplan("check", plan, "--fix").code == 0
    assert (plan / PROGRAM).read_text(encoding="utf-8") == text.replace("Layanan Cepat", "Layanan Café")


MEANT = [
    "Baris satu  \nbaris dua\n",  # a hard line break
    "```\nkode  \n```\n",
    "- butir\n\n      kode menjorok   \n",
]


@pytest.mark.parametrize("prose", MEANT)
def test_blanks_that_say_something_stay(plan: Path, prose: str) -> None:
    edit(plan, "chapters/pendahuluan.md", "Teks pendahuluan.\n", f"Teks pendahuluan.\n\n{prose}")
    before = (plan / "chapters/pendahuluan.md").read_bytes()
    assert not fix_plan(plan).after
    assert (plan / "chapters/pendahuluan.md").read_bytes() == before


def test_blanks_in_literal_data_stay(plan: Path) -> None:
    edit(plan, PROGRAM, "title: Layanan Cepat\n", 'title: "Layanan \\\n  Cepat"   \nshort: |\n  Cepat  \n\n')
    assert codes(check(plan)) == []
    assert not fix_plan(plan).after


def test_a_diff_saves_nothing_and_can_be_applied(plan: Path, tmp_path: Path) -> None:
    edit(plan, PROGRAM, "supporting: [dinas-b]", "suporting: [dinas-b]")
    write(plan, "agencies/dinas-b.yaml", (plan / "agencies/dinas-b.yaml").read_bytes().rstrip(b"\n") + b"  ")
    before = {p: p.read_bytes() for p in plan.rglob("*") if p.is_file()}
    result = masterplan("check", plan, "--diff")
    assert {p: p.read_bytes() for p in plan.rglob("*") if p.is_file()} == before
    assert result.code == 0, "after the fix there would be nothing left"
    assert "-suporting: [dinas-b]\n+supporting: [dinas-b]\n" in result.out
    assert "\\ No newline at end of file" in result.out
    if shutil.which("git"):
        subprocess.run(["git", "apply", "-"], input=result.out.encode(), cwd=plan, check=True)
        assert masterplan("check", plan, "--diff").out == ""


def test_fix_and_diff_show_what_they_save_and_what_is_left(plan: Path) -> None:
    edit(plan, PROGRAM, "supporting: [dinas-b]", "suporting: [dinas-c]")
    result = masterplan("check", plan, "--fix", "--diff")
    assert "+supporting: [dinas-c]" in result.out
    assert "[MP201]" in result.out
    assert result.code == 1


def test_the_report_says_how_much_can_be_fixed(plan: Path) -> None:
    edit(plan, PROGRAM, "supporting: [dinas-b]", "suporting: [dinas-b]")
    assert masterplan("check", plan).out.endswith(
        "1 dapat diperbaiki otomatis: masterplan check --fix (lihat dulu: --diff)\n"
    )


def test_the_example_plan_needs_no_fix() -> None:
    assert not fix_plan(REPO).after


# --- every fix there is


def _fixable() -> list[Case]:
    """The cases of the specifications in which a fix is offered."""
    return [case for case in cases() if "dapat diperbaiki otomatis" in case.expected and not case.command]


@pytest.mark.parametrize("case", _fixable(), ids=lambda case: f"{case.code}: {case.title}")
def test_a_fix_changes_its_span_alone_and_mends_what_it_is_for(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = prepared(case, tmp_path / "plan", monkeypatch)
    found = check(root).diagnostics
    assert any(d.fix is not None for d in found)
    for d in found:
        if d.fix is not None:
            text = (root / d.path).read_bytes().decode("utf-8-sig")
            new = edited(text, [d])
            before, after = _around(text, d.span)
            assert new.startswith(before)
            assert new.endswith(after)
            left = check(root, overlay={d.path: new.encode("utf-8")}).diagnostics
            assert _same(left, d) < _same(found, d)


def _around(text: str, span: Span) -> tuple[str, str]:
    """What stands before a span and behind it."""
    lines = text.split("\n")
    first, last = lines[span.line - 1], lines[span.end_line - 1]
    before = "\n".join([*lines[: span.line - 1], first[: span.column - 1]])
    return before, "\n".join([last[span.end_column - 1 :], *lines[span.end_line :]])


def _same(found: Iterable[Diagnostic], d: Diagnostic) -> int:
    """How many findings there are like one; what is put right may show another one behind it."""
    return sum((other.message, other.path) == (d.message, d.path) for other in found)


#: What Markdown reads otherwise than it was meant, each around words of its own.
SLIPS = [
    "![{0}](../assets/{1} {2}.jpg) {3}", "{0} [{1}](..\\pillars\\alfa\\layanan.md) {2} {3}", "{0} [[Layanan Cepat|{1}]] {2} {3}",
    "| {0} | {1} |\n|---|---|\n| `{2}|b` | {3} |", "| {0} | {1} |\n| {2} | {3} |", "| {0} | {1} |\n|---|\n| {2} | {3} |",
    "{0}\t{1}\n{2}\t{3}", "{0}\n• {1}\n•\t{2}\n• {3}", "– {0} {1}\n– {2} {3}", "{0}:\na. {1}\nb. {2} {3}", "({0}) {1}:\n(1) {2}\n(2) {3}",
    "✓ {0}\n✅ {1}\n☐ {2} {3}", "- • {0}\n- {1} {2} {3}", "1, {0}\n2, {1} {2} {3}", "-- {0}\n-- {1} {2} {3}", "o {0}\no {1} {2} {3}",
    "{0} | {1}\n{2} | {3}", "| {0} | {1} |\n\n| {2} | {3} |", "+---+---+\n| {0} | {1} |\n+---+---+\n| {2} | {3} |\n+---+---+",
    "{0};{1};\n{2};{3};", "Kolom,{0},{1}\nLajur,{2},{3}", "Nama {0}: {1}\nAlamat: {2} {3}", "[{0}] ({1}.pdf) {2} {3}", "=={0}== {1} {2} {3}",
    "I. {0} {1}\nII. {2} {3}", "{0}:\n| {1} | {2} |\n| {3} | x |",
    "##{0} {1}\n\n{2} {3}", "{0} {1} {2} {3}.\n---", "    {0} {1}\n    {2} {3}", "{0} {1} {2} {3}",
]  # fmt: skip


@pytest.mark.deep
@given(chosen=st.lists(st.sampled_from(SLIPS), min_size=1, max_size=6))
@settings(max_examples=examples(30, 300))
def test_no_word_is_lost_in_putting_prose_right(chosen: list[str]) -> None:
    words = [f"kata{number}" for number in range(4 * len(chosen))]
    pieces = [slip.format(*words[4 * at : 4 * at + 4]) for at, slip in enumerate(chosen)]
    with tempfile.TemporaryDirectory() as folder:
        root = shutil.copytree(SMALL_PLAN, Path(folder, "plan"))
        write(
            root, "chapters/pendahuluan.md", "---\ntitle: Pendahuluan\n---\n\n" + "\n\n".join(pieces) + "\n"
        )
        fixed = fix_plan(root)
    after = fixed.after.get("chapters/pendahuluan.md", b"\n\n".join(piece.encode() for piece in pieces))
    assert re.findall(r"kata\d+", after.decode("utf-8")) == words
    assert not [d for d in fixed.checked.diagnostics if d.fix is not None]


def test_a_file_keeps_its_permissions(plan: Path) -> None:
    (plan / PROGRAM).chmod(0o640)
    edit(plan, PROGRAM, "supporting: [dinas-b]", "suporting: [dinas-b]")
    masterplan("check", plan, "--fix")
    assert (plan / PROGRAM).stat().st_mode & 0o777 == 0o640


SPOILS = st.lists(
    st.sampled_from(
        [
            ("supporting: [dinas-b]", "suporting: [Dinas-B]"),
            ("owner: dinas-a", "owner: Dinas A"),
            ("Rp 100.000.000", "100,000,000"),
            ("title: Layanan Cepat", "title: Cafe\u0301  "),
            ("Teks tentang layanan.", "Teks  \ntentang   \n\n```\nx  \n```\n"),
            ("quick_win: Ya", "quick_win: >-\n  Ya  "),
            ("direction: turun", "direction: trun"),
            ("---\n\n##", "---   \n\n##"),
        ]
    ),
    unique=True,
)


@settings(max_examples=60, deadline=None)
@given(SPOILS, st.booleans(), st.booleans())
def test_fixing_twice_is_fixing_once_and_never_adds_a_finding(
    tmp_path_factory: pytest.TempPathFactory, spoils: list[tuple[str, str]], crlf: bool, bom: bool
) -> None:
    plan = shutil.copytree(SMALL_PLAN, tmp_path_factory.mktemp("plan") / "plan")
    text = (plan / PROGRAM).read_text(encoding="utf-8")
    for old, new in spoils:
        text = text.replace(old, new, 1)
    data = text.replace("\n", "\r\n").encode() if crlf else text.encode()
    write(plan, PROGRAM, b"\xef\xbb\xbf" * bom + data)
    found = codes(check(plan))
    fixed = fix_plan(plan)
    assert len(codes(fixed.checked)) <= len(found)
    for path, content in fixed.after.items():
        assert b"\r" not in content
        write(plan, path, content)
    assert not fix_plan(plan).after
    after = (plan / PROGRAM).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", after)
    shutil.rmtree(plan.parent)


@pytest.mark.parametrize(
    ("word", "meant", "slip"),
    [
        ("Dinas Perhubungan", "dinas-perhubungan", True),
        ("diskominfotk", "diskominfotik", True),
        ("dikominfotki", "diskominfotik", False),
        ("dinas-c", "dinas-a", False),
        ("kecamatan-1", "kecamatan-2", False),
        ("pasar-digital-2023", "pasar-digital-2024", False),
        ("bapeda", "bappeda", True),
        ("dinkes", "dinsos", False),
        ("APBD", "APBN", False),
        ("apbn kota", "APBD Kota", False),
        ("ABPD Kota", "APBD Kota", True),
        ("APBD Kotta", "APBD Kota", True),
    ],
)
def test_a_slip_of_the_hand_is_told_from_another_thing(word: str, meant: str, slip: bool) -> None:
    assert is_slip(word, meant) is slip


def test_a_guess_is_sure_only_without_a_rival() -> None:
    sure = suggest("diskominfotk", ["diskominfotik", "dishub"])
    assert sure
    assert sure.fix == "diskominfotik"
    assert suggest("bappenda", ["bapenda", "bappeda"]) is None, "one slip from each"
    similar = suggest("dispendik", ["dispendikbud", "dispendukcapil"])
    assert similar
    assert similar.fix is None


def test_more_mistakes_than_a_report_tells_are_all_put_right(plan: Path) -> None:
    ids = [f"entah-{n}" for n in range(150)] + [f"DINAS{'-' * (n + 1)}B" for n in range(250)]
    edit(plan, PROGRAM, "supporting: [dinas-b]", f"supporting: [{', '.join(ids)}]")
    text = fix_plan(plan).after[PROGRAM].decode()
    assert text.count("dinas-b") == 250
    assert "DINAS" not in text


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["a\n", "a \n", "b\n", "\t\n", "\n"]), max_size=40),
    st.sampled_from(["", "c", "c ", " "]),
)
def test_a_diff_is_what_diff_writes(lines: list[str], last: str) -> None:
    before = [f"{n}{line}" for n, line in enumerate(lines)] + [last] * bool(last)
    after = [line.rstrip(" \t\n") + "\n" * line.endswith("\n") for line in before]
    expected = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(before, [line for line in after if line], "a/x.md", "b/x.md")
    )
    fixed = Fixed(check(SMALL_PLAN), {"x.md": "".join(before).encode()}, {"x.md": "".join(after).encode()})
    assert fixed.diff() == expected
