"""Where the time of a cold `build --to html` goes, as JSON: `stages.py PLAN OUT`.

It takes samples of the stack while the command line builds a page, so it names modules as they are, without a
change to the program and without the cost of a profiler.
"""

from __future__ import annotations

import json
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

_INTERVAL = 0.002
_DATE = "2026-01-01"


def html(root: Path) -> dict[str, dict[str, float]]:
    """Shares of the processor's time by our modules, and by the library that ran at that moment."""
    from masterplan_cli.cli import main

    modules: Counter[str] = Counter()
    libraries: Counter[str] = Counter()

    def sample(_signal: int, frame: FrameType | None) -> None:
        modules[_module(frame)] += 1
        libraries[_library(frame)] += 1

    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)
    sys.argv = ["masterplan", "build", "--to", "html", "--date", _DATE, str(root)]
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return {"module": _shares(modules), "library": _shares(libraries)}


def _shares(counts: Counter[str]) -> dict[str, float]:
    return {name: count / counts.total() for name, count in counts.most_common()}


def _frames(frame: FrameType | None) -> list[str]:
    """The files of the stack, innermost first."""
    files = []
    while frame:
        files.append(frame.f_code.co_filename)
        frame = frame.f_back
    return files


def _module(frame: FrameType | None) -> str:
    """The innermost module of ours, or the loading of modules."""
    for file in _frames(frame):
        if file.startswith("<frozen importlib"):
            return "imports"
        if "masterplan_cli/" in file:
            return file.rpartition("masterplan_cli/")[2]
    return "imports"


def _library(frame: FrameType | None) -> str:
    """Whose code ran: a library's name, ours, or Python's own."""
    files = _frames(frame)
    if any(file.startswith("<frozen importlib") for file in files):
        return "imports"
    for file in files:
        if "/site-packages/" in file:
            return file.partition("/site-packages/")[2].split("/")[0].removesuffix(".py")
        if "masterplan_cli/" in file:
            return "masterplan"
        if file.startswith("<") or file.endswith(".j2"):
            return "templates"
    return "python"


if __name__ == "__main__":
    _, plan, out = sys.argv
    Path(out).write_text(json.dumps(html(Path(plan))), encoding="utf-8")
