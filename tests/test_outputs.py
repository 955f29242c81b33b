"""Outputs on disk: nothing is lost, nothing depends on the machine, the folder or the hour."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest

from conftest import DEEP, edit, masterplan
from masterplan_cli.formats import FORMATS
from masterplan_cli.messages import reason


def outputs(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


@pytest.fixture
def earlier(plan: Path) -> dict[str, bytes]:
    """An earlier build, and a plan that has changed since."""
    assert masterplan("build", plan).code == 0
    edit(plan, "pillars/alfa/layanan.md", "title: Layanan Cepat", "title: Layanan Baru")
    return outputs(plan / "build")


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("step", ["mkdir", "fsync"])
def test_a_full_or_read_only_disk_leaves_earlier_outputs(
    plan: Path, earlier: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, error: int, step: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, step, fail)
    result = masterplan("build", plan)
    assert result.code == 1
    assert "MP903" in result.out
    assert str(reason(OSError(error, "")).id) in result.out
    assert outputs(plan / "build") == earlier


def test_a_disk_that_fills_at_the_second_file_leaves_all_earlier_outputs(
    plan: Path, earlier: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    sync = os.fsync

    def fail_second(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fail_second)
    assert masterplan("build", plan).code == 1
    assert outputs(plan / "build") == earlier


def test_an_output_folder_that_is_a_file(plan: Path) -> None:
    (plan / "keluaran").write_text("x", encoding="utf-8")
    result = masterplan("build", plan, "--out", plan / "keluaran")
    assert result.code == 1
    assert "MP903" in result.out


def test_unchanged_files_are_not_touched(plan: Path) -> None:
    masterplan("build", plan)
    page = plan / "build" / "masterplan.html"
    os.utime(page, (1, 1))
    masterplan("build", plan)
    assert page.stat().st_mtime == 1


def _git(root: Path, *args: str, date: str) -> None:
    env = {**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    subprocess.run(
        ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b.c", *args],
        check=True,
        env=env,
        capture_output=True,
    )


@pytest.mark.deep
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("name", ["kota_pasuruan" if DEEP else "plan"])
def test_two_clones_in_two_folders_at_two_times_build_the_same_bytes(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    root = request.getfixturevalue(name)
    _git(root, "init", "-q", date="2026-01-02T03:04:05+0700")
    _git(root, "add", "-A", date="2026-01-02T03:04:05+0700")
    _git(root, "commit", "-qm", "x", date="2026-01-02T03:04:05+0700")
    built = []
    for name, zone, seed in (("satu", "Asia/Jakarta", "1"), ("folder dua/dalam", "America/New_York", "2")):
        clone = tmp_path / name
        subprocess.run(["git", "clone", "-q", str(root), str(clone)], check=True)
        env = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
        env.pop("SOURCE_DATE_EPOCH", None)
        subprocess.run(
            [
                sys.executable,
                "-c",
                "from masterplan_cli.cli import main; main()",
                "build",
                str(clone),
                "--to",
                ",".join(FORMATS),
            ],
            check=True,
            env=env,
            capture_output=True,
        )
        built.append(outputs(clone / "build"))
        time.sleep(0.01)
    assert built[0] == built[1]
    assert "2\N{NO-BREAK SPACE}Januari\N{NO-BREAK SPACE}2026" in built[0]["masterplan.html"].decode()


def test_the_date_is_the_one_given_or_the_epochs(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    masterplan("build", plan, "--to", "md")
    assert "2\N{NO-BREAK SPACE}Januari\N{NO-BREAK SPACE}1970" in (plan / "build" / "masterplan.md").read_text(
        encoding="utf-8"
    )
    masterplan("build", plan, "--to", "md", "--date", "2026-11-24")
    assert "24\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026" in (
        plan / "build" / "masterplan.md"
    ).read_text(encoding="utf-8")


def test_the_small_plans_markdown_is_as_it_was(plan: Path) -> None:
    """A golden file: `MASTERPLAN_UPDATE=1` writes it anew; read the difference before you commit it."""
    golden = Path(__file__).parent / "golden" / "small.md"
    masterplan("build", plan, "--to", "md", "--date", "2026-11-24", "--out", plan / "out")
    actual = (plan / "out" / "masterplan.md").read_text(encoding="utf-8")
    if os.environ.get("MASTERPLAN_UPDATE"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(actual, encoding="utf-8")
    assert actual == golden.read_text(encoding="utf-8")


WHEEL = os.environ.get("MASTERPLAN_WHEEL")


@pytest.mark.skipif(
    WHEEL is None, reason="MASTERPLAN_WHEEL does not name the command of an installed wheel; .ci/run does"
)
def test_the_installed_wheel_makes_checks_and_builds_a_plan_with_its_own_templates(tmp_path: Path) -> None:
    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(WHEEL), *args], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False
        )

    assert run("init", "kota").returncode == 0
    assert run("check", "kota").returncode == 1
    for path in (tmp_path / "kota" / "pillars").rglob("*.md"):
        path.write_text(
            path.read_text(encoding="utf-8").replace("\nowner:\n", "\nowner: diskominfo\n"), encoding="utf-8"
        )
    templates = tmp_path / "kota" / "templates"
    templates.mkdir()
    (templates / "cover.md.j2").write_text(
        '{% extends "shipped/cover.md.j2" %}\n{% block cover %}\n{{ picture(plan.logo, "Lambang") }}\n\n# Sampul Kami {{ "cover" | anchor }}\n{% endblock %}\n',
        encoding="utf-8",
    )
    (templates / "evidence.md.j2").write_text('# Bukti {{ "evidence" | anchor }}\n', encoding="utf-8")
    (templates / "program.md.j2").write_text(
        '{% extends "shipped/program.md.j2" %}\n{% block figures %}\nAnggaran kami.\n\n{{ super() }}{% endblock %}\n',
        encoding="utf-8",
    )
    house = docx.Document()
    house.sections[0].page_width = docx.shared.Mm(200)
    house.save(str(templates / "reference.docx"))
    (tmp_path / "kota" / "assets").mkdir(exist_ok=True)
    (tmp_path / "kota" / "assets" / "lambang.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>',
        encoding="utf-8",
    )
    with (tmp_path / "kota" / "masterplan.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\nlogo: assets/lambang.svg\n")
    result = run("build", "kota", "--to", "html,pdf,docx,xlsx,md,json")
    assert result.returncode == 0, result.stdout + result.stderr
    built = tmp_path / "kota" / "build"
    assert (built / "masterplan.pdf").read_bytes().startswith(b"%PDF")
    assert (built / "masterplan.xlsx").read_bytes().startswith(b"PK")
    word = docx.Document(str(built / "masterplan.docx"))
    assert abs((word.sections[0].page_width or 0) - docx.shared.Mm(200)) < 1000, "the office's own page"
    assert "Anggaran kami." in (built / "masterplan.md").read_text(encoding="utf-8")
    page = (tmp_path / "kota" / "build" / "masterplan.html").read_text(encoding="utf-8")
    assert "Sampul Kami" in page
    assert 'alt="Lambang"' in page
    assert ">Bukti<" in page
    assert ">Anggaran<" in page


@pytest.mark.skipif(
    WHEEL is None, reason="MASTERPLAN_WHEEL does not name the command of an installed wheel; .ci/run does"
)
def test_the_wheel_and_the_sources_make_the_same_document(plan: Path) -> None:
    subprocess.run(
        [str(WHEEL), "build", str(plan), "--out", str(plan / "wheel")], check=True, capture_output=True
    )
    masterplan("build", plan, "--out", plan / "here")
    assert outputs(plan / "wheel") == outputs(plan / "here")
