"""Whole processes, measured: wall and processor time, peak memory, and how soon a browser is told of a saved file."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PATIENCE = 600.0


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
    """What the shell says, without what would make two machines build different books, or read no compiled modules."""
    other = ("SOURCE_DATE_EPOCH", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if key not in other}
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


def reloads(
    command: list[str], port: int, edits: list[Callable[[], None]], env: Mapping[str, str]
) -> list[float]:
    """Seconds from each saved file to the moment when all that the page needs is here.

    It listens as the page's own script does; the browser's drawing is not in it.
    """
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(env)
    )
    try:
        version = _first_page(port, server)
        with closing(_connected(port)) as stream:
            stream.request("GET", f"/_live?at={version}")
            events = stream.getresponse()
            _message(events)  # what it tells everyone who comes
            return [_reload(port, events, edit) for edit in edits]
    except OSError as error:
        raise Failed(f"masterplan serve: {error}") from error
    finally:
        server.terminate()
        server.wait(timeout=_PATIENCE)


def _first_page(port: int, server: subprocess.Popen[bytes]) -> str:
    """Wait until the plan's page stands, and tell its version."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError):
            page = _get(port, "/")
            if (
                version := re.search(rb'data-version="(\w+)"', page)
            ) and b'class="block block-program' in page:
                return version[1].decode()
        time.sleep(0.1)
    raise Failed("masterplan serve showed no page")


def _reload(port: int, events: http.client.HTTPResponse, edit: Callable[[], None]) -> float:
    start = time.perf_counter()
    edit()
    while "page" not in (news := _message(events)):
        pass
    if news["page"].get("reload"):
        _get(port, "/")
    return time.perf_counter() - start


def _message(events: http.client.HTTPResponse) -> dict[str, Any]:
    """The next message of a stream of server-sent events."""
    while line := events.readline():
        if line.startswith(b"data:"):
            message: dict[str, Any] = json.loads(line.removeprefix(b"data:"))
            return message
    raise Failed("masterplan serve closed its stream")


def _get(port: int, path: str) -> bytes:
    with closing(_connected(port)) as page:
        page.request("GET", path)
        return page.getresponse().read()


def _connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
