"""A lean start: each command loads what it needs, and nothing that only another one does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from conftest import SMALL_PLAN
from masterplan_cli.cli.app import app_for

#: Runs the command, then prints what it has loaded on a line of its own.
_RUN = """\
import sys
sys.argv[0] = "masterplan"
try:
    from masterplan_cli.cli import main
    main()
finally:
    print("\\nloaded", *sys.modules)
"""
#: What renders a document, or reads one of another kind.
RENDERS = {
    "jinja2",
    "masterplan_cli.blocks",
    "masterplan_cli.build",
    "masterplan_cli.templates",
    "masterplan_cli.writers",
}
FORMATS = {"docx", "lxml", "pikepdf", "PIL", "typst", "xlsxwriter", "xml.sax", "urllib.request"}
#: What reads and checks a plan.
CHECKS = {"markdown_it", "masterplan_cli.plan", "masterplan_cli.project", "masterplan_cli.schema", "yaml"}
#: What only a run that does its work needs.
WORKS = {"dataclasses", "masterplan_cli.cli.app", "pathlib", "pydantic", "typer"}


class Start(NamedTuple):
    """What a run said, and the modules that it had loaded when it ended."""

    said: str
    modules: set[str]


def start(*args: str, at: Path, **variables: str) -> Start:
    """Run the command in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", _RUN, *args],
        cwd=at,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "MASTERPLAN_CACHE": str(at / "cache"), **variables},
    )
    assert "Traceback" not in run.stderr, run.stderr
    said, _, modules = run.stdout.rpartition("\nloaded ")
    return Start(said, set(modules.split()))


@pytest.fixture
def at(tmp_path: Path) -> Path:
    shutil.copytree(SMALL_PLAN, tmp_path / "plan")
    return tmp_path


def test_the_version_loads_no_library(at: Path) -> None:
    assert not start("--version", at=at).modules & (WORKS | CHECKS | RENDERS | FORMATS)


def test_the_help_loads_the_command_line_only(at: Path) -> None:
    modules = start("--help", at=at).modules
    assert not modules & {"pydantic", "sqlite3", *CHECKS, *RENDERS, *FORMATS}
    assert not any(
        name.startswith("masterplan_cli.cli.")
        for name in modules
        - {"masterplan_cli.cli.app", "masterplan_cli.cli.help_pages", "masterplan_cli.cli.run"}
    )


@pytest.mark.parametrize(
    "asked", [["--help"], ["-h"], ["--help", "check"], ["--help", "new"], ["-h", "--bogus"]]
)
def test_the_help_of_all_is_what_the_loaded_commands_give(asked: list[str]) -> None:
    listed, loaded = (CliRunner().invoke(app_for(args), asked) for args in (asked, []))
    assert (listed.exit_code, listed.output) == (loaded.exit_code, loaded.output)


@pytest.mark.parametrize(
    ("words", "completed"), [("masterplan ch", "check"), ("masterplan check --output-", "--output-format")]
)
def test_completion_loads_the_command_line_only(at: Path, words: str, completed: str) -> None:
    asked = {
        "_MASTERPLAN_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    said, modules = start(at=at, **asked)
    assert said.split() == [completed]
    assert not modules & {"sqlite3", *CHECKS, *RENDERS, *FORMATS}


def test_a_check_loads_nothing_that_renders(at: Path) -> None:
    modules = start("check", "plan", at=at).modules
    assert modules >= CHECKS
    assert not modules & (RENDERS | FORMATS)


def test_html_loads_no_other_format(at: Path) -> None:
    modules = start("build", "plan", "--to", "html", "--date", "2026-01-01", at=at).modules
    assert "jinja2" in modules
    assert not modules & FORMATS


def test_an_unchanged_check_loads_no_library(at: Path) -> None:
    start("check", "plan", at=at)
    assert not start("check", "plan", at=at).modules & (WORKS | CHECKS | RENDERS | FORMATS)


def test_an_unchanged_build_loads_no_library(at: Path) -> None:
    wanted = ["build", "plan", "--to", "html", "--date", "2026-01-01"]
    start(*wanted, at=at)
    assert not start(*wanted, at=at).modules & (WORKS | CHECKS | RENDERS | FORMATS)


@pytest.mark.parametrize("args", [["--version"], ["--help"], ["check", "plan"], ["check", "nowhere"]])
def test_the_end_does_not_look_at_what_ends_with_it(at: Path, args: list[str]) -> None:
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > len(gc.get_objects()), file=sys.stderr))\n"
        f"sys.argv[1:] = {args!r}\nfrom masterplan_cli.cli import main\nmain()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=at, capture_output=True, text=True, encoding="utf-8"
    )
    assert run.stderr.splitlines()[-1] == "True"
