"""Whatever is committed: a finding at its place, never an exception."""

from __future__ import annotations

import datetime
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import REPO, SMALL_PLAN, codes, edit, examples, masterplan, write
from masterplan_cli.build import Order, build
from masterplan_cli.checking import check
from masterplan_cli.diagnostics import Diagnostic
from masterplan_cli.markdown import block_parser, escape
from masterplan_cli.source import Source
from masterplan_cli.yaml_reader import parse_markdown_file, parse_yaml_file

PROGRAM = "pillars/alfa/layanan.md"


def only(plan: Path) -> Diagnostic:
    found = check(plan).diagnostics
    assert len(found) == 1, [(d.code, d.path, d.message) for d in found]
    return found[0]


def test_a_file_of_fifty_megabytes_is_not_even_read(plan: Path) -> None:
    with (plan / PROGRAM).open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    found = only(plan)
    assert found.code == "MP002"
    assert "50.0 MiB" in found.message


@pytest.mark.parametrize(
    "path", ["masterplan.yaml", "agencies/dinas-b.yaml", PROGRAM, "chapters/pendahuluan.md"]
)
def test_a_folder_where_a_file_should_be(plan: Path, path: str) -> None:
    (plan / path).unlink()
    (plan / path).mkdir()
    found = next(d for d in check(plan).diagnostics if d.path == path)
    assert found.code == "MP003"
    assert masterplan("check", plan).code == 1


def test_a_file_where_a_folder_should_be(plan: Path) -> None:
    (plan / "chapters" / "pendahuluan.md").unlink()
    (plan / "chapters").rmdir()
    write(plan, "chapters", "bab")
    assert (only(plan).code, only(plan).path) == ("MP003", "chapters")


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_a_linked_picture_is_not_followed(plan: Path) -> None:
    write(plan.parent, "rahasia.png", b"rahasia")
    (plan / "assets").mkdir()
    (plan / "assets" / "peta.png").symlink_to(plan.parent / "rahasia.png")
    edit(plan, "chapters/pendahuluan.md", "Teks pendahuluan.", "![Peta](../assets/peta.png)")
    assert codes(check(plan)) == ["MP203"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_without_permission(plan: Path) -> None:
    (plan / PROGRAM).chmod(0)
    assert only(plan).code == "MP007"


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe"]
)
def test_hidden_characters_are_named_once_where_the_first_stands(plan: Path, character: str) -> None:
    edit(plan, PROGRAM, "title: Layanan Cepat", f"title: Layanan {character}Cepat{character}")
    found = only(plan)
    assert (found.code, found.span[:2]) == ("MP009", (2, 16))
    assert f"U+{ord(character):04X}" in found.message


def test_broken_items_of_a_long_list_take_no_good_one_with_them(plan: Path) -> None:
    lines = [f"  - {{year: 2022, amount: {n * 100_000_000}, source: APBN}}\n" for n in range(1, 13)]
    for broken in (9, 10):
        lines[broken] = "  - {year: 2022, amount: banyak, source: APBN}\n"
    edit(plan, PROGRAM, "budget:\n", "budget:\n" + "".join(lines))
    checked = check(plan)
    assert codes(checked) == ["MP024", "MP024"]
    assert checked.plan
    assert len(checked.plan.by_id["alfa/layanan"].data.budget) == 11


DEEP = {
    "brackets": "x: " + "[" * 100_000,
    "braces": "x: " + "{a: " * 50_000,
    "indents": "".join(f"{' ' * n}a:\n" for n in range(200)),
    "quotes": "x: >-\n" + "> " * 50_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_depth_is_refused_and_does_not_crash(plan: Path, text: str) -> None:
    write(plan, "agencies/dinas-b.yaml", text)
    assert check(plan).failed
    write(
        plan, "chapters/pendahuluan.md", f"---\ntitle: Bab\n---\n\n{text}\n{'> ' * 5000}x\n{'- ' * 2000}x\n"
    )
    check(plan)


def test_deeply_nested_prose_builds(plan: Path) -> None:
    edit(
        plan,
        "chapters/pendahuluan.md",
        "Teks pendahuluan.",
        "> " * 3000 + "x\n\n" + "[" * 5000 + "\n\n" + "*a " * 3000,
    )
    checked = check(plan)
    assert build(checked, Order(formats=("html", "md", "json"))).files


@pytest.mark.deep
@settings(max_examples=examples(60, 500))
@given(st.binary(max_size=400))
def test_any_bytes_as_any_file(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    parse_yaml_file(Source("a.yaml", text))
    parse_markdown_file(Source("a.md", text))


YAMLISH = st.text(st.sampled_from("abc:#-[]{}\"'&*!|>%@`,?\n\n  \t\\<.0129~=é\u00a0"), max_size=120)


@pytest.mark.deep
@settings(max_examples=examples(10, 60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    front=YAMLISH,
    body=YAMLISH,
    kind=st.sampled_from(
        [
            "agencies/x.yaml",
            "pillars/alfa/x.md",
            "pillars/alfa/x.yaml",
            "chapters/x.md",
            "masterplan.yaml",
            "pillars/alfa/pillar.md",
        ]
    ),
)
def test_a_plan_with_any_file_is_checked_and_drafted(
    tmp_path_factory: pytest.TempPathFactory, front: str, body: str, kind: str
) -> None:
    import shutil

    root = tmp_path_factory.mktemp("plan") / "plan"
    shutil.copytree(SMALL_PLAN, root)
    write(root, kind, front if kind.endswith(".yaml") else f"---\ntitle: x\n{front}\n---\n{body}")
    checked = check(root)
    for found in checked.diagnostics:
        assert found.message
        assert found.span.line >= 1
    build(checked, Order(formats=("html", "md", "json"), draft=True))
    shutil.rmtree(root)


VISIBLE = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
    ),
    min_size=1,
    max_size=40,
).filter(lambda s: s.strip() == s and s.split() == s.split(" "))


@pytest.mark.deep
@settings(max_examples=examples(60, 1000))
@given(
    VISIBLE
    | st.text(st.sampled_from("|\\`*_{}[]()#+-.!<>&~:$@^=\"' a1"), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
    .map(lambda s: " ".join(s.split()))
)
def test_an_escaped_value_comes_out_as_it_went_in(text: str) -> None:
    from html import unescape

    html = block_parser().render(
        f"# {escape(text)}\n\n{escape(text)}\n\n- {escape(text)}\n\n| {escape(text)} |\n| --- |\n| {escape(text)} |\n"
    )
    import re

    for tag in ("h1", "p", "li", "th", "td"):
        found = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        assert found, (tag, html)
        assert unescape(found[1]) == text, tag


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize(
    "reach",
    [
        "plan.settings.parse_raw('x', proto='pickle', allow_pickle=true)",
        "plan.settings.parse_file('/etc/passwd')",
        "plan.pillars[0].data.model_construct()",
        "plan['project'].root.joinpath('written').write_text('x')",
        "plan | attr('project')",
        "plan.assets.trials",
        "plan | attr('links')",
        "[plan] | map(attribute='project.root') | list",
        "plan.pillars[0].shaped",
        "plan.pillars[0].prose.tokens[0].attrSet('id', 'x')",
        "date.today()",
        "date.fromtimestamp(0)",
    ],
)
def test_a_template_reaches_nothing_beyond_the_plan(plan: Path, reach: str) -> None:
    write(plan, "templates/cover.md.j2", f"{{{{ {reach} }}}}")
    checked = check(plan)
    built = build(checked, Order(formats=("html",), date=datetime.date(2026, 1, 1)))
    assert [d.code for d in built.diagnostics] == ["MP902"]
    assert "tidak boleh dipakai" in built.diagnostics[0].message
    assert not (plan / "written").exists()


# --- marks of ours that a template tries to write

MARKS = {
    "one of an earlier form": r"{{ '\x1a0\x1a' | markdown }}",
    "a part of one": "{{ (program | prose)[:20] | markdown }}",
    "one for a text that is not there": "{{ (program | prose)[:-3] | markdown }}99 {{ (program | prose) | replace('0', '7') }}",
    "one in capitals": "{{ (program | prose) | upper | markdown }}",
    "one with words after it": "{{ (program | prose) | trim | markdown }}abc",
}


@pytest.mark.parametrize("name", MARKS)
def test_no_template_can_write_a_mark_of_ours(plan: Path, name: str) -> None:
    order = Order(formats=("html",), date=datetime.date(2026, 1, 1))
    plain = build(check(plan), order).files["masterplan.html"].count(b"Teks tentang")
    write(plan, "templates/program.md.j2", f"### {{{{ program.title }}}}\n\n{MARKS[name]}\n")
    made = [
        build(check(plan), Order(formats=("html", "md"), date=datetime.date(2026, 1, 1))) for _ in range(2)
    ]
    assert made[0].diagnostics == []
    assert made[0].files == made[1].files
    assert made[0].files["masterplan.html"].count(b"Teks tentang") <= plain


@pytest.mark.parametrize(
    "sign",
    [
        r"{{ '\x1a3\x1a' }}",
        "{{ sections[0][1] }}3",
        "{{ sections[0][1][:9] }}",
        "{{ sections[0][1] | upper }}",
    ],
)
def test_no_page_can_write_one(plan: Path, sign: str) -> None:
    page = (REPO / "templates/html/page.html.j2").read_text(encoding="utf-8")
    write(plan, "templates/html/page.html.j2", page.replace("<body", f"{sign}<body"))
    made = [build(check(plan), Order(formats=("html",), date=datetime.date(2026, 1, 1))) for _ in range(2)]
    assert made[0].diagnostics == []
    assert made[0].files == made[1].files


# --- what is no character, and what only looks like ours


@pytest.mark.skipif(os.name == "nt", reason="names there are always text")
@pytest.mark.parametrize("form", ["full", "json", "github", "gitlab", "sarif", "junit"])
def test_a_name_that_is_no_text_stops_no_report(plan: Path, form: str) -> None:
    (plan / "chapters" / os.fsdecode(b"a\xff\x9b.md")).write_text("x")
    result = masterplan("check", plan, "--output-format", form)
    assert result.code == 1
    assert "MP005" in result.out
    result.out.encode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="names there are always text")
def test_a_name_that_is_no_text_stops_no_draft(plan: Path) -> None:
    (plan / "chapters" / os.fsdecode(b"a\xff.md")).write_text("x")
    assert masterplan("build", plan, "--draft", "--to", "html,md,docx,pdf,xlsx,json").code == 0


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize(
    "template",
    [r"{{ '\ud800' }}", r"{{ '%c' % 55296 }}", r"{{ '\x1a99\x1a' | markdown }}", r"{{ '\x1a' ~ '9' * 5000 ~ '\x1a' | markdown }}"],
)  # fmt: skip
def test_no_template_writes_a_mark_of_ours_or_what_no_file_can_hold(plan: Path, template: str) -> None:
    write(plan, "templates/legal.md.j2", f"# Hukum\n\n{template}\n")
    result = masterplan("build", plan, "--to", "html,md,pdf,docx")
    assert result.code == 0, result.out


@pytest.mark.usefixtures("one_process")
def test_no_page_takes_a_mark_of_its_own_for_a_section(plan: Path) -> None:
    page = (REPO / "templates/html/page.html.j2").read_text(encoding="utf-8")
    write(
        plan,
        "templates/html/page.html.j2",
        page.replace("<body", r"{{ '\x1a7777\x1a\x1a' }}{{ '\ud800' }}<body"),
    )
    assert masterplan("build", plan, "--to", "html").code == 0


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize("template", ["{{ [1].index(plan) }}", "{{ {}[plan] }}"])
def test_no_message_says_where_a_thing_lies_in_memory(plan: Path, template: str) -> None:
    write(plan, "templates/legal.md.j2", f"# Hukum\n\n{template}\n")
    said = masterplan("build", plan, "--to", "md").out
    assert "MP902" in said
    assert " at 0x" not in said


def test_what_a_preamble_lacks_is_not_named_with_the_folder_of_the_moment(plan: Path) -> None:
    write(plan, "templates/pdf/book.typ", '#let x = read("/etc/passwd")\n')
    said = masterplan("build", plan, "--to", "pdf").out
    assert "MP905" in said
    assert tempfile.gettempdir() not in said.replace(str(plan), "")


@pytest.mark.usefixtures("one_process")
def test_a_set_is_printed_in_one_order(plan: Path) -> None:
    keys = dict.fromkeys("qwertyuiop", 1)
    write(plan, "templates/legal.md.j2", f"# Hukum\n\n{{{{ ({keys}.keys() - ['q']) | join('') }}}}\n")
    assert masterplan("build", plan, "--to", "md").code == 0
    assert "wertyuiop" in (plan / "build/masterplan.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("epoch", ["99999999999999999999", "253402300800", "²", "kemarin"])
def test_a_day_that_is_none_is_wrong_use(plan: Path, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    result = masterplan("build", plan, "--to", "md")
    assert result.code == 2
    assert epoch in result.err


def test_more_phases_than_a_period_has_years_are_refused(plan: Path) -> None:
    edit(plan, "masterplan.yaml", "phases:\n", "phases:\n" + "  - {title: F, period: 2022-2023}\n" * 50)
    assert any("50" in found.message for found in check(plan).diagnostics)
