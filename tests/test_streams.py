"""Where a command's words go, where it stands and how it is ended: none of these makes it show a traceback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import SMALL_PLAN, every

unix = pytest.mark.skipif(os.name == "nt", reason="made for the shells of Unix")
COMMANDS = [
    "check",
    "build --to html --out {out}",
    "status",
    "rules",
    "schema program",
    "--help",
    "--version",
]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL_PLAN, tmp_path / "plan"))


def shell(line: str, at: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell in which `masterplan` is this program."""
    command = line.replace("masterplan", f"{sys.executable} -m masterplan_cli").replace(
        "{out}", str(at / "out")
    )
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=at,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


@pytest.mark.deep
@unix
@pytest.mark.parametrize("command", every(3, COMMANDS))
def test_closed_streams_are_none_of_its_business(plan: Path, command: str) -> None:
    for closed in (">&-", ">&- 2>&-", "<&- >&-"):
        run = shell(f"masterplan {command} {closed}", plan)
        assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.deep
@unix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("command", every(2, COMMANDS))
def test_a_full_disk_is_told_in_a_sentence(plan: Path, command: str) -> None:
    run = shell(f"masterplan {command} >/dev/full", plan)
    assert run.returncode == 1
    assert "keluaran tidak dapat ditulis (cakram penuh)" in run.stderr
    assert "Traceback" not in run.stderr
    english = shell(f"masterplan {command} >/dev/full", plan, MASTERPLAN_LANG="en")
    assert "the output cannot be written (the disk is full)" in english.stderr


@unix
@pytest.mark.parametrize("command", ["rules", "check"])
def test_a_reader_that_goes_away_is_no_error(plan: Path, command: str) -> None:
    run = shell(f"masterplan {command} | head -c 1", plan)
    assert len(run.stdout) == 1
    assert run.stderr == ""


@unix
@pytest.mark.parametrize("command", ["check", "build", "init baru", "status"])
def test_a_folder_that_is_gone_is_told_in_a_sentence(tmp_path: Path, command: str) -> None:
    (tmp_path / "gone").mkdir()
    run = shell(f"cd gone && rmdir ../gone && masterplan {command}", tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith("masterplan: folder tempat perintah ini dijalankan sudah tidak ada")
    assert run.stderr.count("\n") == 1


@pytest.mark.deep
@unix
@pytest.mark.parametrize("after", every(2, [0.8, 0.4, 1.2]))
def test_a_command_that_is_asked_to_end_leaves_nothing_in_the_temporary_folder(
    plan: Path, after: float
) -> None:
    scratch = plan.parent / "tmp"
    scratch.mkdir()
    (plan / "templates").mkdir()
    (plan / "templates/cover.md.j2").write_text("# Sampul\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "masterplan_cli", "build", "--to", "pdf,docx"],
        cwd=plan, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(scratch)},
    )  # fmt: skip
    time.sleep(after)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=30)[1]
    assert process.returncode in (0, 128 + signal.SIGTERM, -signal.SIGTERM), said
    assert said in (b"", b"\n")
    deadline = time.monotonic() + 10
    while list(scratch.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(scratch.iterdir()) == []


@unix
def test_leaving_is_not_disturbed_by_work_that_ends_meanwhile(tmp_path: Path) -> None:
    """A thread lets go of its scratch folders as soon as its worker is dead."""
    script = """
import os, signal, threading, time
from masterplan_cli.leaving import leave_when_asked, scratch_folder
stop = threading.Event()
def work():
    with scratch_folder():
        stop.wait()
for _ in range(200):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
leave_when_asked(stop.set)
os.kill(os.getpid(), signal.SIGTERM)
time.sleep(10)
"""
    run = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (128 + signal.SIGTERM, "")
    assert list(tmp_path.iterdir()) == []
