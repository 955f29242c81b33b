"""The tool in a Windows Python, run by Wine: the same sentences, places and bytes as on Linux.

Wine is not Windows. It does not refuse to replace a file that another program holds open in all the cases in which
Windows does, tells every process the processor's time of the one that asks, has no antivirus and no true console; its
code page is always that of Western Europe. What hangs on these stays with the tests of the modules concerned.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import DEEP, edit, masterplan, write
from windows.wine import UnpreparedError, Windows, missing, shared

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(not DEEP, reason="takes a minute: make test-deep"),
    pytest.mark.skipif(bool(missing()), reason=f"something is missing: {missing()}"),
]
FORMATS = "html,pdf,docx,xlsx,md,json"
DATE = ("--date", "2026-01-01")


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    base = tmp_path_factory.getbasetemp()
    with ExitStack() as stack:
        try:
            # The folders of all workers of one run lie in one.
            made = stack.enter_context(shared(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base))
        except UnpreparedError as error:
            pytest.skip(f"the packages cannot be had: {error}")
        yield made


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_version(windows: Windows, tmp_path: Path) -> None:
    said = windows.masterplan("--version", at=tmp_path)
    assert (said.code, said.out, said.err) == (0, masterplan("--version").out, "")


def test_a_clean_plan_is_called_clean(windows: Windows, plan: Path) -> None:
    said = windows.masterplan("check", plan.name, at=plan.parent)
    assert (said.code, said.out + said.err) == (0, "bersih: tidak ada temuan\n")


def test_a_finding_is_told_as_on_linux_at_a_place_with_forward_slashes(windows: Windows, plan: Path) -> None:
    """In UTF-8, although a pipe of Windows would have its code page."""
    edit(plan, "pillars/alfa/layanan.md", "owner: dinas-a\n", "owner: entáh–≥\n")
    said = windows.masterplan("check", plan.name, at=plan.parent)
    assert said.code == 1
    assert "--> pillars/alfa/layanan.md:4:8\n" in said.out
    assert "`entáh–≥`" in said.out
    assert said == masterplan("check", plan)


@pytest.mark.parametrize("form", ["json", "junit", "github"])
def test_a_report_is_the_one_of_linux(windows: Windows, plan: Path, form: str) -> None:
    edit(plan, "pillars/alfa/layanan.md", "owner: dinas-a\n", "owner: entáh–≥\n")
    said = windows.masterplan("check", plan.name, "--output-format", form, at=plan.parent)
    assert said == masterplan("check", plan, "--output-format", form)


def test_a_checkout_with_the_line_ends_of_windows_is_clean(windows: Windows, plan: Path) -> None:
    for path, data in files(plan).items():
        write(plan, path, data.replace(b"\n", b"\r\n"))
    said = windows.masterplan("check", plan.name, at=plan.parent)
    assert (said.code, said.out + said.err) == (0, "bersih: tidak ada temuan\n")


def test_every_format_has_the_bytes_of_linux(windows: Windows, plan: Path, tmp_path: Path) -> None:
    here = tmp_path / "linux"
    assert masterplan("build", plan, "--to", FORMATS, *DATE, "--out", here).code == 0
    said = windows.masterplan("build", plan.name, "--to", FORMATS, *DATE, at=plan.parent)
    assert said.code == 0, said.err
    assert files(plan / "build") == files(here)


def test_a_book_of_a_whole_city_has_the_bytes_of_linux(
    windows: Windows, kota_pasuruan: Path, tmp_path: Path
) -> None:
    """Its tables are many, and their widths hang on the last digits of floats; another Python adds these up differently."""
    here, wanted = tmp_path / "linux", ("--to", FORMATS, *DATE, "--book", "analisis")
    assert masterplan("build", kota_pasuruan, *wanted, "--out", here).code == 0
    assert windows.masterplan("build", kota_pasuruan.name, *wanted, at=kota_pasuruan.parent).code == 0
    there = files(kota_pasuruan / "build")
    assert {name for name, data in files(here).items() if there.get(name) != data} == set()


def test_an_unchanged_build_says_the_same_and_renders_nothing(windows: Windows, plan: Path) -> None:
    wanted = ("build", plan.name, "--to", FORMATS, *DATE)
    first = windows.masterplan(*wanted, at=plan.parent)
    before = {p: p.stat().st_mtime_ns for p in (plan / "build").iterdir()}
    code = (
        "import sys; from masterplan_cli.cli import main\n"
        "try: main()\n"
        "finally: print(*{'jinja2', 'typst', 'yaml'} & set(sys.modules), 'loaded', file=sys.stderr)"
    )
    process = windows.start("-c", code, *wanted, at=plan.parent)
    out, err = (stream.decode("utf-8").replace("\r\n", "\n") for stream in process.communicate(timeout=60))
    assert (process.returncode, out, err) == (0, first.out, f"{first.err}loaded\n")
    assert {p: p.stat().st_mtime_ns for p in (plan / "build").iterdir()} == before


def test_a_new_plan_in_a_folder_with_blanks_and_other_letters(windows: Windows, tmp_path: Path) -> None:
    name = "Kota Baru é – ≥"
    assert windows.masterplan("init", name, at=tmp_path).code == 0
    assert masterplan("init", tmp_path / "linux").code == 0
    there = files(tmp_path / name)
    assert there.keys() == files(tmp_path / "linux").keys()
    assert not any(b"\r" in data for data in there.values())
    here = masterplan("check", tmp_path / name)
    assert here.code == 1, "nobody owns anything yet"
    assert windows.masterplan("check", at=tmp_path / name) == here
    assert windows.masterplan("check", name, at=tmp_path) == here


def heard(process: subprocess.Popen[bytes]) -> str:
    """The next line of a program's log."""
    assert process.stderr
    line = process.stderr.readline().decode("utf-8")
    assert line, "it has ended"
    return line


def test_the_preview_answers_and_follows_the_files(windows: Windows, plan: Path) -> None:
    """It is ended by its process: Wine hands on no Ctrl+C to a program without a console."""
    process = windows.start("-m", "masterplan_cli", "serve", "--no-open", plan.name, at=plan.parent)
    # Its log is on standard error; a preview that never says where it is must not keep the test waiting.
    late = threading.Timer(60, process.kill)
    late.start()
    try:
        said = ""
        while "tersusun" not in said:
            said += heard(process)
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address, said
        with urllib.request.urlopen(address[0], timeout=20) as answer:
            assert "Rencana Kota Uji" in answer.read().decode("utf-8")
        write(plan, "pillars/alfa/layanan.md", b"")
        while "layanan.md: belum tersusun" not in said:
            said += heard(process)
    finally:
        late.cancel()
        process.kill()
        process.communicate()


def test_a_template_of_the_plans_own_is_rendered_by_a_worker(
    windows: Windows, plan: Path, tmp_path: Path
) -> None:
    write(plan, "templates/cover.md.j2", "# Sampul ≥ sendiri\n")
    here = tmp_path / "linux"
    assert masterplan("build", plan, "--to", "html,json", *DATE, "--out", here).code == 0
    said = windows.masterplan("build", plan.name, "--to", "html,json", *DATE, at=plan.parent)
    assert said.code == 0, said.out + said.err
    assert files(plan / "build") == files(here)
    assert "Sampul ≥ sendiri" in (plan / "build" / "masterplan.html").read_text(encoding="utf-8")


def test_a_template_that_takes_all_memory_is_stopped(windows: Windows, plan: Path) -> None:
    """Wine tells how much memory another process takes, but not how much of the processor's time."""
    endless = (
        "{% for a in range(99999) %}{% for b in range(99999) %}" + "x" * 20_000 + "{% endfor %}{% endfor %}"
    )
    write(plan, "templates/cover.md.j2", endless)
    said = windows.masterplan("build", plan.name, "--to", "html", at=plan.parent)
    assert said.code == 1
    assert "error[MP902]: " in said.out
    assert "memori" in said.out
