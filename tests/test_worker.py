"""Work in a process of its own: its result comes back, and it ends where it goes beyond its bounds or its parent is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from conftest import write
from masterplan_cli import worker
from masterplan_cli.worker import Bounds, Stopped, WorkerError, work
from worker_tasks import (
    Note,
    compute,
    die,
    echo,
    fail,
    fill,
    hashes,
    no_memory,
    no_number,
    no_room,
    paths,
    proxies,
    sleep,
    speak,
    spin,
    swell,
    talk,
    write_much,
)

WIDE = Bounds(60, 1 << 30, 1 << 30)


@pytest.fixture(autouse=True)
def _reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.environ.get("PYTHONPATH")
    here = str(Path(__file__).parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [here, before])))


def ask(
    task: Callable[..., Any], bounds: Bounds = WIDE, note: Note = lambda _at: None, **request: Any
) -> Any:
    return work(f"worker_tasks:{task.__name__}", request, bounds, note)


# --- what comes back


def test_a_result_and_notes_come_back() -> None:
    notes: list[Any] = []
    assert ask(echo, note=notes.append, a=["ünïcode \ud800", None, 1.5]) == {
        "a": ["ünïcode \ud800", None, 1.5]
    }
    assert notes == ["first", ["form", "book"]]


@pytest.mark.parametrize(
    ("task", "bounds", "why", "at"),
    [
        (spin, Bounds(2, 1 << 30, 1), "time", "spinning"),
        (compute, Bounds(2, 1 << 30, 1), "time", "computing"),
        (swell, Bounds(60, 200 << 20, 1), "memory", "swelling"),
        (die, WIDE, "crash", "dying"),
        (no_memory, WIDE, "memory", ""),
    ],
)
def test_work_beyond_its_bounds_is_ended_and_says_what_was_at_work(
    task: Callable[..., Any], bounds: Bounds, why: str, at: str
) -> None:
    assert ask(task, bounds) == Stopped(why, at)


def test_work_that_only_waits_has_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_PATIENCE", 3)
    assert ask(sleep, Bounds(1, 1 << 30, 1)) == Stopped("time", "sleeping")


def test_memory_is_bounded_while_it_grows(tmp_path: Path) -> None:
    """The bound may be passed by what fits between two looks, not by a multiple."""
    peak = 0
    before = psutil.Process().children()

    def look(_at: Any) -> None:
        nonlocal peak
        (child,) = [p for p in psutil.Process().children() if p not in before]
        for _ in range(400):
            try:
                peak = max(peak, child.memory_info().rss)
            except psutil.NoSuchProcess:
                return
            time.sleep(0.005)

    assert ask(swell, Bounds(60, 300 << 20, 1), look).why == "memory"
    assert peak < 450 << 20


def test_results_that_are_too_large_are_refused(tmp_path: Path) -> None:
    assert ask(write_much, Bounds(60, 1 << 30, 4999), folder=str(tmp_path)) == Stopped("output")
    assert ask(write_much, Bounds(60, 1 << 30, 5000), folder=str(tmp_path)) is None


def test_results_are_measured_while_they_are_made(tmp_path: Path) -> None:
    assert ask(fill, Bounds(60, 1 << 30, 1 << 20), folder=str(tmp_path)) == Stopped("output")


def test_an_answer_without_end_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_LONGEST_NOTE", 4096)
    assert ask(talk) == Stopped("output")


def test_a_worker_that_dies_before_it_reads_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    assert work("x:y", {"a": "x" * (1 << 20)}, WIDE) == Stopped("crash")
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert work("x:y", {}, WIDE) == Stopped("start")


def test_a_worker_that_cannot_be_watched_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_pid: int) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "Process", closed)
    assert ask(sleep).why == "crash"


def test_no_worker_takes_nearly_all_memory_of_the_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_SHARE", 1e-6)
    assert ask(sleep, Bounds(60, 1 << 40, 1)).why == "memory"


def test_a_worker_orders_sets_alike_each_time() -> None:
    assert ask(hashes) == ask(hashes)


def test_our_own_mistake_is_raised_with_its_traceback() -> None:
    with pytest.raises(WorkerError, match=r"(?s)Traceback.*ValueError: ours"):
        ask(fail)


def test_what_the_system_refuses_is_raised_as_that() -> None:
    with pytest.raises(OSError, match="No space left") as error:
        ask(no_room)
    assert (error.value.errno, error.value.filename) == (28, "/x")
    with pytest.raises(OSError, match=r"^no number$"):
        ask(no_number)


def test_what_a_library_prints_is_no_result() -> None:
    assert ask(speak) is None


def test_no_network_and_nothing_from_the_folder_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HTTPS_PROXY", "http://example.invalid")
    monkeypatch.setenv("no_proxy", "*")
    assert set(ask(proxies).values()) == {"http://127.0.0.1:0"}
    assert not {"", str(tmp_path)} & set(ask(paths))


# --- whose end it is


@pytest.mark.parametrize("task", [spin, sleep])
def test_a_worker_ends_with_the_process_that_asked_and_takes_its_scratch_along(
    task: Callable[..., Any], tmp_path: Path
) -> None:
    write(tmp_path, "scratch/pages/1", b"x")
    request = {"scratch": str(tmp_path / "scratch"), "folder": str(tmp_path / "scratch/pages")}
    code = (
        "import masterplan_cli.worker as w\n"
        f"w.work('worker_tasks:{task.__name__}', {request!r}, w.Bounds(600, 1 << 30, 1), lambda at: print(at, flush=True))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline()
        children = psutil.Process(parent.pid).children()
        parent.kill()
    assert children
    assert psutil.wait_procs(children, timeout=60)[1] == []
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_is_not_read_any_more_is_gone() -> None:
    before = {p.pid for p in psutil.Process().children()}
    with pytest.raises(RuntimeError, match="enough"):
        ask(spin, note=_stop)
    assert {p.pid for p in psutil.Process().children()} <= before


def _stop(_at: Any) -> None:
    raise RuntimeError("enough")
