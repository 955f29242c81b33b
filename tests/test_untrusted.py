"""A plan from a fork: its templates may be ignored, and nothing that it says is taken for a line of ours."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import docx
import pytest

from conftest import edit, masterplan, write
from masterplan_cli.build import Order
from masterplan_cli.checking import check
from masterplan_cli.live.rounds import rounds
from masterplan_cli.live.watcher import Watcher
from masterplan_cli.messages import Language

PROGRAM = "pillars/alfa/layanan.md"
SAID = "templates/ rencana ini diabaikan (--untrusted)"


def reference(folder: Path) -> Path:
    """An office's own Word file, whose pages have a head."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "MARK-HEAD"
    document.save(str(folder / "reference.docx"))
    return folder / "reference.docx"


@pytest.fixture
def hostile(plan: Path) -> Path:
    """The small plan with templates of every kind that mark what they make."""
    write(plan, "templates/vision.md.j2", "# MARK-J2\n")
    write(plan, "templates/html/style.css", "/* MARK-CSS */")
    write(plan, "templates/html/page.js", "/* MARK-JS */")
    write(plan, "templates/html/page.html.j2", "MARK-PAGE")
    write(plan, "templates/pdf/book.typ", '#panic("MARK")')
    shutil.copy(reference(plan.parent), plan / "templates/reference.docx")
    return plan


FORMATS = ("html", "md", "docx", "pdf", "json", "xlsx")


def test_a_plans_templates_are_ignored_and_that_is_said(hostile: Path, plan: Path, tmp_path: Path) -> None:
    to = ("--to", ",".join(FORMATS), "--date", "2026-01-01")
    result = masterplan("build", hostile, *to, "--untrusted", "--out", tmp_path / "a")
    assert (result.code, f"{SAID}: 6 berkas" in result.err) == (0, True), result.out
    (hostile / "templates").rename(tmp_path / "away")
    result = masterplan("build", plan, *to, "--untrusted", "--out", tmp_path / "b")
    assert (result.code, SAID in result.err) == (0, False)
    made = {p.relative_to(tmp_path / "a"): p.read_bytes() for p in (tmp_path / "a").rglob("*") if p.is_file()}
    assert made == {
        p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*") if p.is_file()
    }


def test_without_the_switch_they_count(hostile: Path) -> None:
    assert "MARK-PAGE" in "".join(
        (hostile / "build/masterplan.html").read_text("utf-8")
        for _ in [masterplan("build", hostile, "--to", "html")]
    )


def test_a_template_that_cannot_be_read_is_nothing_to_an_untrusted_build(plan: Path) -> None:
    write(plan, "templates/vision.md.j2", b"\xff")
    assert masterplan("build", plan, "--to", "md").code == 1
    assert masterplan("build", plan, "--to", "md", "--untrusted").code == 0


def test_serve_and_watch_ignore_them_too(hostile: Path) -> None:
    for untrusted in (True, False):
        order = Order(formats=("md",), untrusted=untrusted)
        made = next(rounds(hostile, order, None, Language.ID, Watcher(hostile)))
        assert ("MARK-J2" in made.files["masterplan.md"].decode()) is not untrusted


def test_results_of_one_are_not_taken_for_the_others(hostile: Path, tmp_path: Path) -> None:
    from masterplan_cli.build import build
    from masterplan_cli.cache.store import Store

    for untrusted in (True, False, True):
        store = Store(str(tmp_path / "cache"))
        checked = check(hostile, store=store, untrusted=untrusted)
        made = bytes(
            build(checked, Order(formats=("html",), untrusted=untrusted), store=store).files[
                "masterplan.html"
            ]
        )
        store.flush()
        assert (b"MARK" in made) is not untrusted


# --- what a plan says, in a log


@pytest.mark.parametrize("form", ["full", "concise", "github"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_line_of_a_report_is_a_plans_own(plan: Path, form: str, language: str) -> None:
    edit(
        plan,
        PROGRAM,
        "owner: dinas-a\n",
        'owner: "dinas\\n::error::forged\\n\\r::stop-commands::x\\u2028::add-mask::y"\n',
    )
    edit(
        plan,
        PROGRAM,
        "title: Layanan Cepat\n",
        'title: "TODO\\n::error::forged\\nbersih: tidak ada temuan"\n',
    )
    result = masterplan("check", plan, "--output-format", form, "--lang", language)
    assert result.code == 1
    lines = result.out.splitlines()
    starts = ("::error", "::stop", "::add", "bersih", "section_")
    own = [line for line in lines if line.lstrip().startswith(starts)]
    assert own == (
        [line for line in own if line.startswith("::error file=pillars/")] if form == "github" else []
    )
    if form == "github":
        assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)


def test_tasks_and_status_say_each_thing_in_lines_of_ours(plan: Path) -> None:
    edit(plan, "agencies/dinas-a.yaml", "name: Dinas A\n", 'name: "Dinas\\n::error::forged"\n')
    for command in ("tasks", "status", "check"):
        result = masterplan(command, plan)
        assert not [line for line in result.out.splitlines() if line.lstrip().startswith("::")], command


@pytest.mark.parametrize(
    ("owner", "new"),
    [("dinas pekerjaan", "dinas-pekerjaan"), ("x; rm -rf ~", "x-rm-rf"), ("$(touch y)", "touch-y"), ("`id`", "id"),
     ("dinas\\n&& id", "dinas-id"), ("-rf", "rf"), ("データ", "<id>"), ("!!!", "<id>"), ("a" * 500, "a" * 60)],
)  # fmt: skip
def test_a_command_to_type_holds_nothing_of_the_plan_that_a_shell_would_run(
    plan: Path, owner: str, new: str
) -> None:
    edit(plan, PROGRAM, "owner: dinas-a\n", f'owner: "{owner}"\n')
    found = json.loads(masterplan("check", plan, "--output-format", "json").out)
    helps = [f["help"] for f in found if f["code"] == "MP102"]
    assert helps == [
        f'tulis id yang ada, atau buat agencies/{new}.yaml dengan `masterplan new agency {new} --name "…"`'
    ]
