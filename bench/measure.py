"""Whole processes, measured: wall and processor time, peak memory, and how soon a browser is told of a saved file."""

from __future__ import annotations

import http.client
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 120.0


class Failed(Exception):  # noqa: N818 - a command's failure, which the report names
    """A command that did not do its work, with the last line it said."""


@dataclass(frozen=True)
class Sample:
    """One run: seconds on the clock, and seconds of processors, those of its own children included."""

    wall: float
    cpu: float


def run(command: list[str], env: Mapping[str, str] | None = None) -> Sample:
    """Run a command to its end; what it prints is kept only to explain a failure."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=said, env=_environment(env))
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
            raise Failed(f"{Path(command[0]).name} ended with {process.returncode}: {lines[-1]}")
    return Sample(wall, usage.ru_utime + usage.ru_stime)


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """What the shell says, without what would make two machines build different books."""
    kept = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    return {**kept, **(extra or {})}


# --- memory (Linux) -----------------------------------------------------------------------------------------


def peak_memory(command: list[str], env: Mapping[str, str] | None = None) -> float | None:
    """The most that a command and its children held at once, in MB; None where the system does not tell.

    The proportional set size counts a page that two processes share once, so a fork does not count double.
    """
    if not Path("/proc/self/smaps_rollup").is_file():
        return None
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(env)
    )
    highest = 0
    while process.poll() is None:
        highest = max(highest, sum(map(_proportional, _family(process.pid))))
        time.sleep(0.01)
    if process.returncode:
        raise Failed(f"{Path(command[0]).name} ended with {process.returncode}")
    return highest / 1000


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, tasks.read_text().split())
    return found


def _proportional(pid: int) -> int:
    """A process's proportional set size in kB; nothing when it has just ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


# --- the live preview ---------------------------------------------------------------------------------------

#: Where `masterplan serve` tells of a new page.
EVENTS = "/_masterplan/events"


def reloads(
    command: list[str], port: int, edits: list[Callable[[], None]], env: Mapping[str, str]
) -> list[float]:
    """Seconds from each saved file to the moment when all that the page needs has arrived.

    The clock stops when the event and what the page's script then fetches are here; the browser's own drawing is
    not in it.
    """
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(env)
    )
    try:
        _await(port, server)
        return [_reload(port, edit) for edit in edits]
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE)


def _await(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until the first page stands."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError):
            _get(port, "/")
            return
        time.sleep(0.05)
    raise Failed("masterplan serve showed no page")


def _reload(port: int, edit: Callable[[], None]) -> float:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as stream:
        stream.request("GET", EVENTS)
        events = stream.getresponse()
        if events.status != http.HTTPStatus.OK:
            raise Failed(f"masterplan serve answered {events.status} for {EVENTS}")
        time.sleep(0.5)  # what it tells a browser that has just come is no news of the edit
        start = time.perf_counter()
        edit()
        while not (line := events.readline()).startswith(b"data:"):
            if not line:
                raise Failed("masterplan serve closed its stream")
        _get(port, "/")
        return time.perf_counter() - start


def _get(port: int, path: str) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as page:
        page.request("GET", path)
        return page.getresponse().read()
