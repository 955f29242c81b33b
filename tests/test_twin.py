"""The second process: it does its part, and whatever happens to it, findings and bytes are those of one process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import SMALL_PLAN, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process cannot be copied here")

PROGRAM = "pillars/alfa/layanan.md"
#: Checks and builds a plan with a twin wherever there are four files; says what came of it and what the twin sent.
_RUN = """\
import datetime, hashlib, json, os, signal, sys
from pathlib import Path
from masterplan_cli import twin as twins
from masterplan_cli.build import Order, assist, build
from masterplan_cli.checking import check
from masterplan_cli.store import Store

root, least, dies, place = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
twins.LEAST, twins._can_fork = least, lambda: True
received, sent = [], []
receive, send = twins.Twin.receive, twins.Twin.send

def counted(twin):
    thing = receive(twin)
    received.append(thing is not None)
    return thing

def mortal(twin, thing):
    sent.append(thing)
    if twin.child and len(sent) > int(dies or 99):
        os.kill(os.getpid(), signal.SIGKILL)
    send(twin, thing)

twins.Twin.receive, twins.Twin.send = counted, mortal
order = Order(formats=("html",), date=datetime.date(2026, 1, 1), draft=True)
store = Store(place) if place else None
with twins.Twin() as twin:
    checked = check(root, store=store, twin=twin, assist=assist)
    forked = twin.running
    built = build(checked, order, store=store, twin=twin)
if store:
    store.flush()
try:
    os.waitpid(-1, 0)
    left = True
except ChildProcessError:
    left = False
files = {name: hashlib.sha256(bytes(data)).hexdigest() for name, data in built.files.items()}
print(json.dumps({"found": [repr(d) for d in checked.diagnostics], "warned": [repr(d) for d in built.diagnostics],
                  "files": files, "forked": forked, "received": received, "left": left}))
"""


def run(root: Path, least: int, dies: str = "", place: str = "") -> dict[str, object]:
    """What a run finds and makes, and what it heard from its second process."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(root), str(least), dies, place],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def result(said: dict[str, object]) -> dict[str, object]:
    return {key: said[key] for key in ("found", "warned", "files")}


@pytest.fixture
def many(plan: Path) -> Path:
    """A plan with some programs that refer to each other, right ones and wrong ones."""
    text = (SMALL_PLAN / PROGRAM).read_text(encoding="utf-8")
    for number in range(12):
        linked = text.replace("owner: dinas-a", f"owner: dinas-a\ndepends_on: [alfa/p{(number + 1) % 12}]")
        prose = f"\nLihat [lain](p{(number + 5) % 12}.md#latar-belakang) dan [ini](hilang-{number}.md).\n"
        write(plan, f"pillars/alfa/p{number}.md", linked + prose * (number % 3))
    write(plan, "pillars/alfa/p2.md", "---\ntitle: [\n---\n\nx\n")
    write(plan, "pillars/alfa/p3.md", b"\xff\xfe\x00")
    write(plan, "pillars/alfa/p4.md", text.replace("owner: dinas-a", "owner: dinas-z\nbugdet: 1"))
    write(plan, "pillars/alfa/p5.md", text.replace("2022: 25", "2022: dua"))
    return plan


def test_two_processes_find_and_make_what_one_does(many: Path) -> None:
    alone, together = run(many, 10_000), run(many, 4)
    assert (alone["forked"], together["forked"]) == (False, True)
    assert result(together) == result(alone)
    assert together["received"] == [True] * 4, "the second one sends what it read, found, judged and rendered"


def test_two_processes_with_a_store_keep_what_one_does(many: Path, tmp_path: Path) -> None:
    alone, place = run(many, 10_000), str(tmp_path / "cache")
    assert result(run(many, 4, place=place)) == result(alone)
    again = run(many, 5, place=place)
    assert result(again) == result(alone)
    assert not again["forked"], "only broken files are read again, and they are few"
    assert result(run(many, 10_000, place=place)) == result(alone)
    write(many, "pillars/alfa/p7.md", (many / PROGRAM).read_bytes() + b"\nBaru.\n")
    assert result(run(many, 1, place=place)) == result(run(many, 10_000))


@pytest.mark.parametrize("dies", ["0", "1", "2", "3"])
def test_a_second_process_that_dies_costs_time_only(many: Path, dies: str) -> None:
    said = run(many, 4, dies)
    assert said["forked"]
    assert False in (said["received"] or [])  # type: ignore[operator]
    assert result(said) == result(run(many, 10_000))


@pytest.mark.parametrize("dies", ["", "0", "2"])
def test_no_process_is_left_behind(many: Path, dies: str) -> None:
    assert run(many, 4, dies)["left"] is False


def test_a_template_s_mistake_in_both_processes_is_one_finding(many: Path) -> None:
    write(many, "templates/program.md.j2", "{{ program.titel }}")
    alone, together = run(many, 10_000), run(many, 4)
    assert together["forked"]
    assert together["files"] == {}
    assert result(together) == result(alone)


def test_a_plan_whose_own_file_is_broken_needs_no_second_process(many: Path) -> None:
    write(many, "masterplan.yaml", "title: [")
    assert result(run(many, 4)) == result(run(many, 10_000))


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_interrupted_both_processes_end(many: Path) -> None:
    endless = _RUN.replace(
        "    built =", "    import time; print('now', flush=True); time.sleep(60)\n    built ="
    )
    with subprocess.Popen(
        [sys.executable, "-c", endless, str(many), "4", "", ""],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as command:
        assert command.stdout
        assert command.stdout.readline() == b"now\n"
        os.killpg(command.pid, signal.SIGINT)  # as Ctrl+C reaches every process of a terminal
        assert command.stdout.read() == b"", "the pipe ends with the last process that holds it"
    assert command.returncode != 0
