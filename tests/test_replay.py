"""A run that an earlier one answers: it says and leaves just what the command itself would, or it is not answered so.

`Desk` stands for a person at a plan: it runs the command as `masterplan` does, and tells whether a run is answered by
an earlier one. Whenever one is, its words, its exit code and the files are compared with those of `--no-cache`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import SMALL_PLAN, Result, commit, edit, write
from masterplan_cli import cli
from masterplan_cli.cache import replay, store
from masterplan_cli.cache.invocation import Invocation
from masterplan_cli.cli import run
from picture_files import PNG

pytestmark = pytest.mark.usefixtures("one_process")
PROGRAM = "pillars/alfa/layanan.md"
BUILD = ("build", "plan", "--to", "html", "--date", "2026-01-01")


@dataclass
class Desk:
    """A folder with a plan below it, a cache, and the command."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    @property
    def plan(self) -> Path:
        return self.folder / "plan"

    def run(self, *args: str) -> Result:
        """Run the command as a process of its own would, so that it may be remembered."""
        Invocation.__init__(run)  # a process has one, and begins with it
        with pytest.raises(SystemExit) as end:
            cli._run(list(args))
        out, err = self.capture.readouterr()
        return Result(int(end.value.code or 0), out, err)

    def answered(self, *args: str) -> bool:
        """Whether an earlier run answers; it then says and leaves what `--no-cache` does."""
        code = replay.replay(list(args), Invocation())
        out, err = self.capture.readouterr()
        if code is not None:
            outputs = self.outputs()
            assert Result(code, out, err) == self.run(*args, "--no-cache")
            assert outputs == self.outputs()
        return code is not None

    def outputs(self) -> dict[str, bytes]:
        found = [path for path in (self.plan / "build").rglob("*") if path.is_file()]
        return {str(path): path.read_bytes() for path in found}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A plan with a finding, a picture and a template of its own."""
    shutil.copytree(SMALL_PLAN, tmp_path / "plan")
    write(tmp_path, "plan/assets/foto.png", PNG)
    write(tmp_path, "plan/templates/vision.md.j2", "# Visi\n\n{{ plan.total }}\n")
    with (tmp_path / "plan" / PROGRAM).open("a", encoding="utf-8") as file:
        file.write("\n![Foto](../../assets/foto.png)\n\nKata Bupati.\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "cache"))
    return Desk(tmp_path, capsys)


# --- what is answered

links = pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
CHECKS = [
    ("check", "plan"),
    ("check", "plan", "--output-format", "json"),
    ("check", "plan", "--output-format", "github"),
    ("check", "plan/pillars/alfa", "--lang", "en"),
    ("check", "plan", "--strict"),
]


@pytest.mark.parametrize(
    "args", [*CHECKS, BUILD, ("build", "plan", "--to", "md,json,html"), (*BUILD, "--out", "elsewhere")]
)
def test_an_equal_run_is_answered(desk: Desk, args: tuple[str, ...]) -> None:
    assert not desk.answered(*args)
    desk.run(*args)
    assert desk.answered(*args)


def test_a_run_that_finds_an_error_is_answered_with_its_exit_code(desk: Desk) -> None:
    edit(desk.plan, PROGRAM, "owner: dinas-a", "owner: dinas-z")
    for args in (("check", "plan"), BUILD):
        assert desk.run(*args).code == 1
        assert desk.answered(*args)


# --- what is not


def _same_size_and_time(root: Path) -> None:
    target = root / PROGRAM
    status = target.stat()
    edit(root, PROGRAM, "100.000.000", "900.000.000")
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (target.stat().st_size, target.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)


def _picture_is_edited(root: Path) -> None:
    write(root, "assets/foto.png", PNG + b"x")


def _template_is_edited(root: Path) -> None:
    write(root, "templates/vision.md.j2", "# Visi\n\n{{ plan.total + 1 }}\n")


def _file_is_renamed(root: Path) -> None:
    (root / PROGRAM).rename(root / "pillars/alfa/layanan-baru.md")


def _file_is_added(root: Path) -> None:
    write(root, "agencies/dinas-c.yaml", "name: Dinas C\n")


def _file_that_is_not_read_is_added(root: Path) -> None:
    write(root, "catatan.txt", "")


def _file_is_deleted(root: Path) -> None:
    (root / PROGRAM).unlink()


def _file_becomes_a_link_to_the_same(root: Path) -> None:
    target = root / PROGRAM
    target.rename(root.parent / "layanan.md")
    target.symlink_to(root.parent / "layanan.md")


def _file_becomes_a_folder(root: Path) -> None:
    (root / PROGRAM).unlink()
    (root / PROGRAM).mkdir()


def _folder_becomes_a_link_to_the_same(root: Path) -> None:
    (root / "agencies").rename(root.parent / "agencies")
    (root / "agencies").symlink_to(root.parent / "agencies")


def _template_appears(root: Path) -> None:
    write(root, "templates/cover.md.j2", "# Lain\n")


CHANGES = [
    _same_size_and_time, _picture_is_edited, _template_is_edited, _file_is_renamed, _file_is_added,
    _file_that_is_not_read_is_added, _file_is_deleted, pytest.param(_file_becomes_a_link_to_the_same, marks=links), _file_becomes_a_folder,
    pytest.param(_folder_becomes_a_link_to_the_same, marks=links), _template_appears,
]  # fmt: skip


@pytest.mark.parametrize("args", [("check", "plan"), BUILD])
@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_of_the_plan_the_work_is_done(
    desk: Desk, change: Callable[[Path], None], args: tuple[str, ...]
) -> None:
    desk.run(*args)
    change(desk.plan)
    # No finding depends on what a picture shows, so a check may be answered all the same.
    assert not desk.answered(*args) or (args[0] == "check" and change is _picture_is_edited)
    kept = desk.run(*args)
    outputs = desk.outputs()
    assert kept == desk.run(*args, "--no-cache")
    assert outputs == desk.outputs()


def _is_edited(page: Path) -> None:
    page.write_bytes(page.read_bytes() + b" ")


def _is_emptied(page: Path) -> None:
    page.write_bytes(b"")


def _is_removed(page: Path) -> None:
    page.unlink()


def _folder_is_removed(page: Path) -> None:
    shutil.rmtree(page.parent)


@pytest.mark.parametrize("change", [_is_edited, _is_emptied, _is_removed, _folder_is_removed])
def test_an_output_that_somebody_changed_is_made_again(desk: Desk, change: Callable[[Path], None]) -> None:
    desk.run(*BUILD)
    page = desk.plan / "build" / "masterplan.html"
    made = page.read_bytes()
    change(page)
    assert not desk.answered(*BUILD)
    desk.run(*BUILD)
    assert page.read_bytes() == made
    assert desk.answered(*BUILD)


@links
def test_an_output_that_became_a_pipe_is_made_again(desk: Desk) -> None:
    desk.run(*BUILD)
    page = desk.plan / "build" / "masterplan.html"
    page.unlink()
    os.mkfifo(page)
    assert not desk.answered(*BUILD)
    desk.run(*BUILD)
    assert page.is_file()


@pytest.mark.parametrize(
    ("folder", "args"),
    [
        ("plan", ("check", "plan")),
        ("plan/build", ("check", "plan")),
        ("plan/build", BUILD),
        ("elsewhere", (*BUILD, "--out", "elsewhere")),
    ],
)
def test_what_a_killed_run_left_is_cleared_instead_of_answering(
    desk: Desk, folder: str, args: tuple[str, ...]
) -> None:
    desk.run(*args)
    for left in (".masterplan-staging.tmp/0.new", ".masterplan-abc_1234.tmp"):
        write(desk.folder / folder, left, "x")
    assert not desk.answered(*args)
    desk.run(*args)
    assert not list(desk.folder.rglob(".masterplan-*"))
    assert desk.answered(*args)


@pytest.mark.parametrize("more", [["--lang", "en"], ["--draft"], ["--agency", "dinas-a"], ["--out", "x"]])
def test_another_option_is_another_run(desk: Desk, more: list[str]) -> None:
    desk.run(*BUILD)
    assert not desk.answered(*BUILD, *more)


@pytest.mark.parametrize("name", replay._VARIABLES)
def test_another_variable_is_another_run(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name, raising=False)
    desk.run(*BUILD)
    monkeypatch.setenv(name, "86400")
    assert not desk.answered(*BUILD)


def test_another_width_is_another_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("check", "plan")
    monkeypatch.setattr(replay, "_width", lambda _stream: 80)
    assert not desk.answered("check", "plan")


def test_another_folder_is_another_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("check", ".")
    monkeypatch.chdir(desk.plan)
    desk.run("check", ".")
    assert desk.answered("check", ".")
    shutil.copytree(desk.plan, desk.folder / "other")
    monkeypatch.chdir(desk.folder / "other")
    assert not desk.answered("check", ".")


def test_another_tool_is_another_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("check", "plan")
    monkeypatch.setattr(store, "tool", lambda: "another")
    assert not desk.answered("check", "plan")


@links
def test_a_path_that_leads_to_another_plan_is_another_run(desk: Desk) -> None:
    shutil.copytree(desk.plan, desk.folder / "other")
    edit(desk.folder / "other", PROGRAM, "owner: dinas-a", "owner: dinas-z")
    (desk.folder / "now").symlink_to("plan")
    desk.run("check", "now")
    assert desk.answered("check", "now")
    (desk.folder / "now").unlink()
    (desk.folder / "now").symlink_to("other")
    assert not desk.answered("check", "now")


@links
def test_outputs_that_would_come_to_another_folder_are_made_there(desk: Desk) -> None:
    for name in ("first", "second"):
        (desk.folder / name).mkdir()
    (desk.folder / "out").symlink_to("first")
    desk.run(*BUILD, "--out", "out")
    assert desk.answered(*BUILD, "--out", "out")
    (desk.folder / "out").unlink()
    (desk.folder / "out").symlink_to("second")
    assert not desk.answered(*BUILD, "--out", "out")
    desk.run(*BUILD, "--out", "out")
    assert (desk.folder / "second" / "masterplan.html").exists()


def test_a_path_that_is_gone_is_no_equal_run(desk: Desk) -> None:
    (desk.plan / "lama").mkdir()
    desk.run("check", "plan")
    (desk.plan / "lama" / "x").mkdir()
    desk.run("check", "plan/lama/x")
    (desk.plan / "lama" / "x").rmdir()
    assert not desk.answered("check", "plan/lama/x")
    assert desk.run("check", "plan/lama/x").code == 2


def test_a_plan_that_begins_nearer_is_another_run(desk: Desk) -> None:
    desk.run("check", "plan/pillars")
    shutil.copytree(SMALL_PLAN, desk.plan / "pillars", dirs_exist_ok=True)
    assert not desk.answered("check", "plan/pillars")


def test_a_commit_of_another_day_dates_the_book_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    undated = ("build", "plan", "--to", "html")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2025-03-01T12:00:00Z")
    commit(desk.plan)
    desk.run(*undated)
    assert desk.answered(*undated)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2025-03-02T12:00:00Z")
    commit(desk.plan)
    assert not desk.answered(*undated)


def test_a_report_of_paths_in_the_repository_depends_on_where_that_begins(desk: Desk) -> None:
    desk.run("check", "plan", "--output-format", "github")
    commit(desk.folder)
    assert not desk.answered("check", "plan", "--output-format", "github")


@pytest.mark.parametrize(
    "more", [["--since", "HEAD"], ["--since=HEAD"], ["--diff"], ["--fix"], ["--no-cache"]]
)
def test_these_options_always_do_their_work(desk: Desk, more: list[str]) -> None:
    commit(desk.plan)
    desk.run("check", "plan", *more)
    assert not desk.answered("check", "plan", *more)


@pytest.mark.parametrize("args", [["tasks", "plan"], ["status", "plan"], ["rules"]])
def test_other_commands_always_do_their_work(desk: Desk, args: list[str]) -> None:
    desk.run(*args)
    assert not desk.answered(*args)


def test_without_a_cache_nothing_is_answered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(store.VARIABLE, "")
    desk.run("check", "plan")
    assert not desk.answered("check", "plan")


def test_wrong_use_is_not_remembered(desk: Desk) -> None:
    assert desk.run("build", "plan", "--to", "odt").code == 2
    assert not desk.answered("build", "plan", "--to", "odt")
    assert desk.run("check", "cache").code == 2
    assert not desk.answered("check", "cache")


def test_a_file_that_cannot_be_read_keeps_a_run_from_being_remembered(desk: Desk) -> None:
    write(desk.plan, PROGRAM, b"x" * 600_000)
    desk.run("check", "plan")
    assert not desk.answered("check", "plan")


@pytest.mark.parametrize("kept", [b"", b"[]", b"null", b"{}", b"\xff", b'{"said": 1, "root": null}'])
def test_a_memory_that_makes_no_sense_is_none(desk: Desk, kept: bytes) -> None:
    place = Path(os.environ[store.VARIABLE])
    foreign = store.Store(str(place))
    foreign.put({replay._key(["check", "plan"]): kept})
    foreign.flush()
    assert not desk.answered("check", "plan")
    desk.run("check", "plan")
    assert desk.answered("check", "plan")


# --- a store that somebody else may have filled

SAID = "simpanan hasil tidak dipakai"


def forged(desk: Desk, place: Path, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that answers the check of the desk's plan, which has an error, with other words and exit code 0."""
    monkeypatch.setenv(store.VARIABLE, str(place))
    desk.run("check", "plan")
    kept = store.Store(str(place))
    (key,) = [replay._key(["check", "plan"])]
    saved = json.loads(kept.get(key) or b"{}")
    if saved:
        kept.put({key: json.dumps({**saved, "said": [[True, said]], "code": 0}).encode()})
        kept.flush()


@pytest.mark.parametrize("inside", ["plan/.cache", "plan/pillars/cache", "plan/build/cache", "plan"])
def test_a_store_in_the_plan_is_not_used_and_a_sentence_says_so(
    desk: Desk, inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(desk.plan, PROGRAM, "owner: dinas-a", "owner: dinas-z")
    forged(desk, desk.folder / "elsewhere", "bersih: tidak ada temuan\n", monkeypatch)
    assert desk.run("check", "plan").out == "bersih: tidak ada temuan\n"  # such a store would be believed
    shutil.copytree(desk.folder / "elsewhere", desk.folder / inside, dirs_exist_ok=True)
    (desk.folder / inside).chmod(0o700)
    monkeypatch.setenv(store.VARIABLE, str(desk.folder / inside))
    result = desk.run("check", "plan")
    assert result.code == 1
    assert "MP102" in result.out
    assert (SAID in result.err, "di luar repo" in result.err) == (True, True)
    assert SAID not in desk.run("check", "plan", "--no-cache").err


def test_a_store_that_is_a_file_is_called_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = desk.folder / "berkas"
    place.write_text("x")
    monkeypatch.setenv(store.VARIABLE, str(place))
    said = desk.run("check", "plan").err
    assert SAID in said
    assert "bukan folder" in said


def test_nor_one_elsewhere_in_the_plans_repository_nor_behind_a_link(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(desk.folder)
    assert SAID in desk.run("check", "plan").err
    shutil.rmtree(desk.folder / ".git")
    assert SAID not in desk.run("check", "plan").err
    (desk.folder / "door").symlink_to(desk.plan / "assets")
    monkeypatch.setenv(store.VARIABLE, str(desk.folder / "door" / "cache"))
    assert SAID in desk.run("check", "plan").err
    assert not (desk.plan / "assets" / "cache").exists()


def test_a_relative_folder_is_meant_from_here_and_never_made_in_the_plan(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(store.VARIABLE, "here")
    desk.run("check", "plan")
    assert (desk.folder / "here").is_dir()
    monkeypatch.chdir(desk.plan)
    assert SAID in desk.run("check").err
    assert not (desk.plan / "here").exists()
    monkeypatch.setenv(store.VARIABLE, "../there")
    assert SAID not in desk.run("check").err
    assert (desk.folder / "there").is_dir()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_store_that_others_can_write_to_is_not_used_and_a_sentence_says_so(desk: Desk) -> None:
    place = Path(os.environ[store.VARIABLE])
    desk.run("check", "plan")
    place.chmod(0o777)
    assert "dapat ditulisi orang lain" in desk.run("check", "plan").err
    assert "others can write to it" in desk.run("build", "plan", "--to", "html", "--lang", "en").err


@pytest.mark.parametrize(
    "said", ["\x1b]0;title\x07", "\x1b[2J", "a\rb", "\x9b31m", "\u202ebersih", "\x1b[31"]
)
def test_control_sequences_are_not_said_again(desk: Desk, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    forged(desk, desk.folder / "elsewhere", f"{said}\n", monkeypatch)
    assert not desk.answered("check", "plan")
    assert said not in desk.run("check", "plan").out


def test_colours_are_said_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    forged(desk, desk.folder / "elsewhere", "\x1b[1;31merror\x1b[0m\n", monkeypatch)
    assert desk.run("check", "plan").out == "\x1b[1;31merror\x1b[0m\n"


# --- runs that do not come to their end


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_run_is_not_remembered(desk: Desk, sent: signal.Signals) -> None:
    text = (desk.plan / PROGRAM).read_text(encoding="utf-8")
    for number in range(40):
        write(desk.plan, f"pillars/alfa/p{number}.md", text)
    for delay in (0.6, 0.45, 0.3):  # however fast the machine is, one of these falls within the work
        edit(desk.plan, PROGRAM, "\ntitle: ", f"\ntitle: {delay} ")
        # A shell that starts the tests in its background has them, and what they start, ignore Ctrl+C.
        command = subprocess.Popen(
            [sys.executable, "-m", "masterplan_cli", *BUILD],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        time.sleep(delay)
        command.send_signal(sent)
        command.communicate()
        if command.returncode:
            break
    assert command.returncode != 0
    assert not desk.answered(*BUILD)
    assert desk.run(*BUILD) == desk.run(*BUILD, "--no-cache")
