"""Reports: the same findings for a person at a terminal and for every CI system."""

from __future__ import annotations

import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from lxml import etree

from conftest import edit, masterplan, write
from masterplan_cli.checking import check
from masterplan_cli.diagnostics import MOST, SIDE, Diagnostic, Note, Place, Severity, place_findings, total
from masterplan_cli.live.panel import panel
from masterplan_cli.live.rounds import Round
from masterplan_cli.messages import Language
from masterplan_cli.report import FORM_NAMES, report
from masterplan_cli.report.text import PLAIN, Screen, summary
from masterplan_cli.rules.tool import NO_PLAN
from masterplan_cli.source import Located, Source, Span

SCHEMAS = Path(__file__).parent / "schemas"


def found(code: str = "MP101", **changes: Any) -> Diagnostic:
    values: dict[str, Any] = {
        "code": code,
        "name": "pillar-without-owner",
        "severity": Severity.ERROR,
        "message": "pilar `alfa` belum punya perangkat daerah pengampu",
        "help": "tambahkan `owner:`",
        "path": "pillars/alfa/pillar.md",
        "span": Span(2, 1, 2, 6),
        "excerpt": "title: Alfa",
        "notes": (),
        "agency": "dinas-a",
    }
    return Diagnostic(**(values | changes))


#: What a format must carry unharmed: marks of XML, of workflow commands, of JSON, of terminals; another place.
HOSTILE = [
    found(message="<b>&amp; \"'%0A::error::,: ]]> \x1b[31m\u202e\ud83d".replace("\ud83d", "😀")),
    found(path="pillars/dua kata/é#?.md", severity=Severity.WARNING, agency=None),
    found(notes=(Note("agencies/dinas-a.yaml", Span(1, 1, 1, 5), "yang pertama"),), fix="dinas-a"),
    found(span=Span(3, 4, 9, 2)),
    found(),
    found(),
]


def machine(form: str, diagnostics: list[Diagnostic], prefix: str = "") -> str:
    return report(diagnostics, form, Language.ID, prefix=prefix)


# --- programs


@pytest.mark.parametrize("diagnostics", [HOSTILE, []], ids=["findings", "clean"])
@pytest.mark.parametrize("form", ["json", "json-v1"])
def test_json_follows_the_schema_that_the_tool_prints(form: str, diagnostics: list[Diagnostic]) -> None:
    schema = json.loads(masterplan("schema", "findings").out)
    Draft202012Validator.check_schema(schema)
    objects = json.loads(machine(form, diagnostics))
    Draft202012Validator(schema).validate(objects)
    assert len(objects) == len(diagnostics)
    assert [o["fix"] for o in objects] == [d.fix for d in diagnostics]


@pytest.mark.parametrize("diagnostics", [HOSTILE, []], ids=["findings", "clean"])
def test_sarif_follows_the_public_schema(diagnostics: list[Diagnostic]) -> None:
    log = json.loads(machine("sarif", diagnostics))
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    Draft4Validator(schema).validate(log)
    [run] = log["runs"]
    assert [r["ruleId"] for r in run["results"]] == [d.code for d in diagnostics]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    names = [r["partialFingerprints"]["masterplan/v1"] for r in run["results"]]
    assert len(set(names)) == len(names)


def test_a_sarif_place_is_a_valid_address() -> None:
    log = json.loads(machine("sarif", HOSTILE))
    uris = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]
    }
    assert "pillars/dua%20kata/%C3%A9%23%3F.md" in uris


@pytest.mark.parametrize("diagnostics", [HOSTILE, []], ids=["findings", "clean"])
def test_junit_follows_the_public_schema(diagnostics: list[Diagnostic]) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit-10.xsd")))
    tree = etree.fromstring(machine("junit", diagnostics).encode())
    schema.assertValid(tree)
    assert len(tree.findall(".//failure")) == sum(d.severity is Severity.ERROR for d in diagnostics)
    assert len(tree.findall(".//skipped")) == sum(d.severity is Severity.WARNING for d in diagnostics)
    assert len(tree.findall(".//testcase")) == int(tree.get("tests", "")) == (len(diagnostics) or 1)
    if diagnostics:
        message = tree.find(".//failure").get("message")
        assert message.startswith("<b>&amp; \"'%0A::error::,: ]]> ")


#: The fields that GitLab documents as required of a code quality report.
_GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^[^./]"},
                    "lines": {"type": "object", "required": ["begin"]},
                },
            },
        },
    },
}


@pytest.mark.parametrize("diagnostics", [HOSTILE, []], ids=["findings", "clean"])
def test_gitlab_gets_a_code_quality_report(diagnostics: list[Diagnostic]) -> None:
    issues = json.loads(machine("gitlab", diagnostics))
    Draft202012Validator(_GITLAB).validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(diagnostics)


def test_a_fingerprint_survives_lines_that_come_and_go_above() -> None:
    one, moved = (json.loads(machine("gitlab", [found(span=Span(n, 1, n, 6))])) for n in (2, 40))
    assert one[0]["fingerprint"] == moved[0]["fingerprint"]


def test_github_gets_one_line_a_finding() -> None:
    lines = machine("github", HOSTILE).splitlines()
    assert len(lines) == len(HOSTILE)
    assert all(re.match(r"::(error|warning) file=[^,:]+,line=\d+,col=\d+,", line) for line in lines)


@pytest.mark.parametrize("form", ["github", "gitlab", "sarif", "junit"])
def test_a_plan_in_a_folder_of_its_repository_is_named_with_it(form: str) -> None:
    assert "rencana/kota/pillars/alfa/pillar.md" in machine(form, [found()], "rencana/kota/")


def test_json_and_people_keep_the_plans_own_paths() -> None:
    for form in ("json", "full", "concise"):
        assert "rencana/kota" not in machine(form, [found()], "rencana/kota/")


@pytest.mark.parametrize("form", FORM_NAMES)
def test_every_form_is_an_option_and_fails_when_the_plan_does(plan: Path, form: str) -> None:
    edit(plan, "pillars/alfa/pillar.md", "owner: dinas-a\n", "")
    result = masterplan("check", plan, "--output-format", form)
    assert result.code == 1
    assert "MP101" in result.out


# --- people


def test_equal_findings_stand_once_with_their_places() -> None:
    same = [found(path=f"pillars/p{n}/pillar.md", span=Span(n, 1, n, 6)) for n in range(1, 41)]
    text = report([*same, found("MP103", message="lain")], "full", Language.ID)
    assert text.count("error[MP101]") == 1
    assert "juga di: pillars/p2/pillar.md:2:1, " in text
    assert "dan 35 tempat lain" in text
    assert text.count("error[MP103]") == 1
    assert text.rstrip().endswith("41 error, 0 peringatan; yang harus bertindak: dinas-a (41)")


def test_findings_with_different_explanations_stay_apart() -> None:
    notes = [(Note("a.yaml", Span(n, 1, n, 2), "yang pertama"),) for n in (1, 2)]
    text = report([found(notes=n) for n in notes], "full", Language.ID)
    assert text.count("error[MP101]") == 2


def test_the_way_to_learn_more_is_shown_once_a_code() -> None:
    text = report([found(message="satu"), found(message="dua")], "full", Language.ID)
    assert text.count("masterplan explain MP101") == 1


def test_the_mark_stands_under_wide_letters() -> None:
    text = report([found(excerpt="title: 市Cafe\u0301 x", span=Span(2, 15, 2, 16))], "full", Language.ID)
    line, mark = text.splitlines()[3:5]
    assert line == "2 | title: 市Cafe\u0301 x"
    assert mark == "  | " + " " * (len("title: ") + 2 + 4 + 1) + "^"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_keep_to_the_width_of_the_terminal(width: int) -> None:
    words = "kata " * 60
    long = found(message=words, help=words, excerpt="x" * 500, span=Span(2, 300, 2, 310))
    text = report([long], "full", Language.ID, Screen(width=width))
    assert max(map(len, text.splitlines())) <= width
    assert "^^^^^^^^^^" in text


def test_without_a_terminal_nothing_is_broken_or_coloured() -> None:
    text = report([found(help="kata " * 60)], "full", Language.ID, PLAIN)
    assert "kata " * 60 in text
    assert "\x1b" not in text


def test_nothing_of_a_file_reaches_the_terminal_as_a_command() -> None:
    for form in ("full", "concise", "github", "junit"):
        assert "\x1b" not in machine(form, HOSTILE)
        assert "\u202e" not in machine(form, HOSTILE)


@pytest.mark.parametrize(
    ("errors", "warnings", "language", "start"),
    [
        (1, 0, Language.EN, "1 error, 0 warnings"),
        (2, 1, Language.EN, "2 errors, 1 warning"),
        (1, 2, Language.ID, "1 error, 2 peringatan"),
    ],
)
def test_the_summary_counts_every_finding(errors: int, warnings: int, language: Language, start: str) -> None:
    diagnostics = [found()] * errors + [found(severity=Severity.WARNING)] * warnings
    assert summary(diagnostics, language).startswith(start)


def test_the_summary_of_ten_thousand_findings_is_true(plan: Path) -> None:
    lines = "".join(f"salah{n}: x\n" for n in range(10_000))
    edit(plan, "pillars/alfa/layanan.md", "quick_win: Ya\n", f"quick_win: Ya\n{lines}")
    checked = check(plan)
    text = report(checked.diagnostics, "full", Language.ID, Screen(most=None))
    assert text.count("error[MP021]: isian") == MOST
    assert "error[MP021]: di berkas ini masih ada 9900 temuan MP021 lagi\n" in text
    assert "\n10000 error, 0 peringatan; yang harus bertindak: dinas-a (10000)" in text


# --- terminals


def _main(monkeypatch: pytest.MonkeyPatch, encoding: str, *args: str) -> str:
    """What the installed command sends to a console of an encoding."""
    from masterplan_cli import cli

    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["masterplan", *args])
    with pytest.raises(SystemExit):
        cli.main()
    out.flush()
    return out.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_an_old_code_page_shows_ascii_for_what_it_lacks(
    plan: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    write(
        plan,
        "pillars/alfa/b.md",
        "---\ntitle: B\nsubdimension: satu\nowner: dinas-a\nperiod: 2022\ndepends_on: [alfa/b]\n---\n",
    )
    text = _main(monkeypatch, encoding, "check", str(plan))
    assert "alfa/b -> alfa/b" in text
    assert "?" not in text.split("explain")[0]


def test_what_is_no_terminal_gets_utf_8_on_windows_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report in JSON or XML is in no code page; who wants one for a program of their own names it."""
    from masterplan_cli.cli import _encoding

    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    out = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr("sys.platform", "win32")
    assert _encoding(out) == "utf-8"
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    assert _encoding(out) is None
    monkeypatch.delenv("PYTHONIOENCODING")
    monkeypatch.setattr(out, "isatty", lambda: True, raising=False)
    assert _encoding(out) is None


def test_colours_only_for_a_terminal_and_never_against_no_color(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(plan, "pillars/alfa/pillar.md", "owner: dinas-a\n", "")
    assert "\x1b" not in masterplan("check", plan).out
    from masterplan_cli.cli.console import in_colour

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert in_colour()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not in_colour()


# --- more than anybody reads


def _supporting(plan: Path, ids: list[str]) -> list[Diagnostic]:
    """What is found of the supporting agencies of a program."""
    edit(plan, "pillars/alfa/layanan.md", "supporting: [dinas-b]", f"supporting: [{', '.join(ids)}]")
    return [d for d in check(plan).diagnostics if d.code in ("MP201", "MP112")]


def test_one_finding_more_than_are_told_is_told_as_well(plan: Path) -> None:
    told = _supporting(plan, [f"entah-{n}" for n in range(MOST + 1)])
    assert [d.count for d in told] == [1] * (MOST + 1)
    assert all("entah" in d.message for d in told)


def test_the_findings_beyond_those_that_are_told_are_one_at_the_place_of_the_first(plan: Path) -> None:
    told = _supporting(plan, [f"entah-{n}" for n in range(MOST + 2)])
    assert [d.count for d in told] == [*[1] * MOST, 2]
    assert told[-1].message == "di berkas ini masih ada 2 temuan MP201 lagi"
    assert (told[-1].severity, told[-1].agency, told[-1].fix) == (Severity.ERROR, "dinas-a", None)
    assert told[-1].route == ("supporting", MOST)
    assert told[-1].span.column > told[-2].span.column


def test_each_place_of_the_same_slip_counts_once(plan: Path) -> None:
    links = " ".join(["[a](entah.md)"] * 500)
    edit(plan, "chapters/pendahuluan.md", "Teks pendahuluan.", links)
    assert {d.code for d in check(plan).diagnostics} == {"MP203"}
    assert total(check(plan).diagnostics) == 500


def test_each_file_and_each_code_counts_by_itself(plan: Path) -> None:
    told = _supporting(plan, [*(f"entah-{n}" for n in range(300)), *["dinas-b"] * 300])
    assert [(d.code, d.count) for d in told if d.count > 1] == [("MP201", 200), ("MP112", 199)]


def test_those_that_can_be_fixed_are_told_beside_those_that_cannot(plan: Path) -> None:
    told = _supporting(
        plan, [*(f"entah-{n}" for n in range(300)), *(f"DINAS--{'-' * n}B" for n in range(300))]
    )
    assert [d.message for d in told if d.count > 1] == [
        "di berkas ini masih ada 200 temuan MP201 lagi",
        "di berkas ini masih ada 200 temuan MP201 lagi yang dapat diperbaiki otomatis",
    ]
    assert sum(d.fix is not None for d in told) == MOST


LONG = 3_000


@pytest.mark.parametrize("width", [20, 80, 200, SIDE])
@pytest.mark.parametrize("column", [1, 40, SIDE, SIDE + 1, 1_500, LONG - SIDE, LONG - 20])
def test_a_mark_on_a_long_line_stands_below_what_it_marks(plan: Path, width: int, column: int) -> None:
    line = "".join(chr(0x4E00 + n) if n % 7 == 0 else "abcdef"[n % 6] for n in range(LONG))
    source = Source("a.md", line)
    place = Place("a.md", span=Span(1, column, 1, column + 5))
    cut = place_findings([NO_PLAN.at(place, path="x")], {"a.md": Located(source)}, {}, Language.ID)[0]
    assert len(cut.excerpt) <= 2 * SIDE
    assert cut.excerpt == line[cut.cut : cut.cut + len(cut.excerpt)]
    whole = replace(cut, excerpt=line, cut=0)
    screen = Screen(width=width)
    assert report([cut], "full", Language.ID, screen) == report([whole], "full", Language.ID, screen)
    panels = (panel(Round(Language.ID, diagnostics=[d]), page=True)["html"] for d in (cut, whole))
    assert next(panels) == next(panels)


def test_a_finding_that_stands_for_many_counts_as_many() -> None:
    many = [found(count=200), found("MP501", severity=Severity.WARNING, count=3)]
    root = etree.fromstring(machine("junit", many).encode())
    assert (root.get("tests"), root.get("failures")) == ("203", "200")
    assert [one["count"] for one in json.loads(machine("json", many))] == [200, 3]


HIDDEN_NAME = "chapters/a\x07\x9b31m\u202eb\udcff.md"


@pytest.mark.parametrize("form", FORM_NAMES)
def test_no_form_holds_what_a_terminal_would_obey(form: str) -> None:
    """A name that is no text, as some file systems have them, does not stop a report either."""
    said = report([found(path=HIDDEN_NAME, message=HIDDEN_NAME)], form, Language.ID)
    assert said.replace("\n", "").isprintable()
    said.encode("utf-8")


def test_no_line_of_a_report_begins_like_a_command_of_a_ci_system() -> None:
    words = f"{'a' * 60} ::error::PALSU {'b' * 60} ::add-mask::a ##[group]x ##vso[task.x]y"
    said = report([found(message=words, help=words)], "full", Language.ID, Screen(width=80))
    assert not re.search(r"(?m)^\s*::|##\[|##vso\[", said)


# --- many findings


@pytest.fixture
def flooded(plan: Path) -> Path:
    """A plan with an error, and twenty-five warnings of one code that differ."""
    program = (plan / "pillars/alfa/layanan.md").read_text(encoding="utf-8")
    more = "".join(f"  - {{name: Ukuran {n}, unit: menit, targets: {{2023: {n}}}}}\n" for n in range(1, 26))
    program = program.replace("indicators:\n", f"indicators:\n{more}").replace(
        "owner: dinas-a", "owner: dinas-z"
    )
    (plan / "pillars/alfa/layanan.md").write_text(program, encoding="utf-8")
    return plan


def test_of_many_findings_the_errors_come_first_and_a_table_counts_the_rest(flooded: Path) -> None:
    said = masterplan("check", flooded).out
    assert said.index("error[MP102]") < said.index("peringatan[")
    assert said.count("peringatan[MP402]: ") == 10
    assert "    25  peringatan[MP402], 15 di antaranya belum disebut: --only MP402\n" in said
    assert "     1  error[MP102]\n" in said
    assert masterplan("check", flooded, "--all").out.count("peringatan[MP402]: ") == 25


def test_one_code_or_the_errors_alone_are_shown_on_demand(flooded: Path) -> None:
    one = masterplan("check", flooded, "--only", "mp402")
    assert one.code == 1, "the exit code follows all that was found"
    assert one.out.count("peringatan[MP402]: ") == 25
    assert "MP102" not in one.out
    errors = masterplan("check", flooded, "--errors")
    assert "error[MP102]" in errors.out
    assert "peringatan[" not in errors.out
    assert "temuan lain tidak ditampilkan" in errors.err
    nothing = masterplan("check", flooded, "--only", "MP101")
    assert "bersih" not in nothing.out, "a choice that is empty is no clean plan"
    assert "26 temuan lain tidak ditampilkan" in nothing.err
    unknown = masterplan("check", flooded, "--only", "MP999")
    assert (unknown.code, unknown.out) == (2, "")
    assert "kode `MP999` tidak ada" in unknown.err


def test_the_forms_that_programs_read_name_all(flooded: Path) -> None:
    found = json.loads(masterplan("check", flooded, "--output-format", "json").out)
    assert sum(one["code"] == "MP402" for one in found) == 25


# --- tasks of many


def test_tasks_of_all_name_ten_of_each_agency_and_those_of_one_all(flooded: Path) -> None:
    said = masterplan("tasks", flooded).out
    assert re.search(r"dan \d+ tugas lagi: masterplan tasks --agency dinas-a", said)
    alone = masterplan("tasks", flooded, "--agency", "dinas-a").out
    assert alone.count("[MP402]") == 25


def test_a_message_has_fewer_than_700_characters_and_plain_words(flooded: Path) -> None:
    messages = masterplan("tasks", flooded, "--to", "wa").out.split("\n-----\n")
    assert len(messages) >= 1
    for message in messages:
        assert len(message) < 700
        assert "`" not in message
        assert "MP4" not in message
    assert re.search(r"… dan \d+ lagi\.\n", messages[0])


def test_a_message_says_what_to_do_with_a_part_that_is_missing(plan: Path) -> None:
    message = masterplan("tasks", plan, "--to", "wa", "--agency", "dinas-a").out
    assert re.search(r"^\d+\. .*: lengkapi [a-z]", message, re.M)
