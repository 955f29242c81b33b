"""Work that a plan's own files could make endless, done by another process within bounds.

Templates and pictures from anybody can loop, take all memory, or end the process that reads them. The worker is this
program once more, given one task; the process that wants its result watches it, and ends it where it goes too far.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import IO, Any, NamedTuple

_WATCHED_EVERY = 0.02
#: A worker that waits instead of working has so many times as long.
_PATIENCE = 20
#: Whatever the bounds say, so much of the computer's memory is left to others.
_SHARE = 0.8
_LONGEST_NOTE = 64 << 20
#: Typst would fetch what a template imports from a package; no port 0 can ever answer.
_NO_NETWORK = {f"{name}_proxy": "http://127.0.0.1:0" for name in ("http", "https", "ftp", "all")}
#: Sets, which a template may print, come in the same order each time.
_SAME = {"PYTHONHASHSEED": "0"}


class Bounds(NamedTuple):
    """What a piece of work may take: seconds of a processor, bytes of memory, and bytes of results."""

    seconds: float
    memory: int
    output: int


class Stopped(NamedTuple):
    """Why a worker came to no result: `time`, `memory`, `output`, `crash`, or `start` where it never began; and what was at work."""

    why: str
    at: str = ""


class WorkerError(Exception):
    """Our own mistake in a worker, with its traceback."""


def work(
    task: str, request: dict[str, Any], bounds: Bounds, note: Callable[[Any], None] = lambda _at: None
) -> Any | Stopped:
    """The result of a task, or an `OSError` that it met; `note` is told what is at work whenever that changes.

    A task is a function by `module:name`, from the request and a way to tell what is at work to a result, all of them
    plain data. What is large goes through files in the request's `folder`; its `scratch` folder, if any, is removed
    should this process be killed.
    """
    try:
        started = _started(task)
    except OSError:  # the system has no room for another process, or lets nobody start one
        return Stopped("start")
    with started as process:
        _RUNNING.add(process)
        watch = _Watch(process, bounds, request.get("folder"))
        try:
            return _outcome(process, request, watch, note)
        finally:
            _RUNNING.discard(process)
            process.kill()
            watch.end()
            with contextlib.suppress(OSError):  # what a dead worker did not read
                _pipe(process.stdin).close()


def memory_left() -> int:
    """How many bytes of memory the computer can still give, without writing others to the disk."""
    import psutil

    return int(psutil.virtual_memory().available)


#: The workers of this process.
_RUNNING: set[subprocess.Popen[bytes]] = set()


def end_all() -> None:
    """End all workers, so that nobody waits for them."""
    for process in list(_RUNNING):
        process.kill()


def _started(task: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    # In a virtual environment of Windows `python` only starts another program, which nobody would watch.
    python = getattr(sys, "_base_executable", sys.executable) if os.name == "nt" else sys.executable
    if python != sys.executable:
        environment["__PYVENV_LAUNCHER__"] = sys.executable
    return subprocess.Popen(  # noqa: S603 - this program
        [python, "-P", "-m", "masterplan_cli.worker", task],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, **_NO_NETWORK, **_SAME},
    )


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream  # noqa: S101 - as it was started
    return stream


def _outcome(
    process: subprocess.Popen[bytes], request: dict[str, Any], watch: _Watch, note: Callable[[Any], None]
) -> Any | Stopped:
    at = ""
    for line in _lines(process, request):
        said = json.loads(line)
        match said:
            case {"at": now}:
                at = now if isinstance(now, str) else at
                note(now)
            case {"done": result}:
                return Stopped("output", at) if said["size"] > watch.bounds.output else result
            case {"stopped": why}:
                return Stopped(why, at)
            case {"failed": [int(number), reason, name]}:
                raise OSError(number, reason, name)
            case {"failed": [_, reason, _]}:
                raise OSError(reason)
            case {"bug": text}:
                raise WorkerError(text)
    process.wait()
    return Stopped(watch.reason or "crash", at)


def _lines(process: subprocess.Popen[bytes], request: dict[str, Any]) -> Iterator[bytes]:
    """What a worker says, a line at a time; one that died in the midst of a line did not say it."""
    stdin, stdout = _pipe(process.stdin), _pipe(process.stdout)
    with contextlib.suppress(OSError):  # it is dead already
        stdin.write(json.dumps(request).encode("ascii") + b"\n")
        stdin.flush()
    while (line := stdout.readline(_LONGEST_NOTE)).endswith(b"\n"):
        yield line
    if len(line) == _LONGEST_NOTE:
        yield b'{"stopped": "output"}'


class _Watch(threading.Thread):
    """Ends a worker that goes beyond its bounds, and knows why."""

    def __init__(self, process: subprocess.Popen[bytes], bounds: Bounds, folder: str | None) -> None:
        super().__init__(daemon=True)
        self.process, self.bounds, self.folder, self.reason = process, bounds, folder, ""
        self._most = bounds.memory
        self._began, self._over = time.monotonic(), threading.Event()
        self.start()

    def end(self) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        import psutil

        # One that cannot be watched, though it lives, is ended as well.
        with contextlib.suppress(psutil.Error, OSError):
            watched = psutil.Process(self.process.pid)
            self._most = min(self.bounds.memory, int(psutil.virtual_memory().total * _SHARE))
            while self.process.poll() is None and not self._over.is_set():
                if reason := self._excess(watched):
                    self.reason = reason
                    break
                self._over.wait(_WATCHED_EVERY)
        self.process.kill()

    def _excess(self, watched: Any) -> str:
        if watched.memory_info().rss > self._most:
            return "memory"
        if _size(self.folder) > self.bounds.output:
            return "output"
        used = watched.cpu_times()
        waited = (time.monotonic() - self._began) / _PATIENCE
        return "time" if max(used.user + used.system, waited) > self.bounds.seconds else ""


# --- within the worker


def main() -> None:
    """Do one task, as the process that started this one asks on standard input; end when that one ends."""
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_leave_with_parent, args=(request.get("scratch"),), daemon=True).start()
    tempfile.tempdir = request.get("scratch")  # what this one leaves there goes with it, however it ends
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer

    def say(**what: Any) -> None:
        line = memoryview(json.dumps(what).encode("ascii") + b"\n")
        while line:
            line = line[os.write(answers, line) :]

    module, _, name = sys.argv[1].partition(":")
    try:
        result = getattr(import_module(module), name)(request, lambda at: say(at=at))
        say(done=result, size=_size(request.get("folder")))
    except MemoryError:
        say(stopped="memory")
    except OSError as error:
        say(failed=[error.errno, error.strerror or str(error), error.filename and str(error.filename)])
    except Exception:  # noqa: BLE001 - told to the process that wants the result
        say(bug=traceback.format_exc())
    os._exit(0)


def _size(folder: str | None) -> int:
    """The bytes of the results in a folder."""
    size = 0
    for entry in os.scandir(folder) if folder else ():
        with contextlib.suppress(FileNotFoundError):  # it has taken another name, or another's place
            size += entry.stat().st_size
    return size


def _leave_with_parent(scratch: str | None) -> None:
    """Nothing more comes on standard input before it is closed, when the process that reads our result is gone.

    Its scratch folder, which it can no longer remove, goes with it.
    """
    with contextlib.suppress(OSError):
        os.read(0, 1)
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main()
