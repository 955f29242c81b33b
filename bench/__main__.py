"""`make bench`: measure every target on generated plans, print the report, and write docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from course import Course, Results
from masterplan_cli.messages import LABELS
from report import Row, document, terminal
from rivals import hugo, mkdocs

_PROSE = Path(__file__).parent / "page" / "performance.md"
_LIBRARIES = ("pyyaml", "pydantic", "markdown-it-py", "jinja2", "typer")


def rounds(size: int) -> int:
    """Small plans take little time, and noise is a larger part of it."""
    return 11 if size <= 100 else 5 if size <= 1000 else 1


def measure(folder: Path, size: int, runs: int) -> Results:
    """All rounds of one size, and what is looked at once."""
    course = Course(folder, size, {key: words.id for key, words in LABELS.items()})
    for number in range(runs):
        print(f"{size:,} programs, round {number + 1} of {runs}", file=sys.stderr, flush=True)
        course.round(number)
    course.finish(saves=runs)
    return course.results


def machine(date: str | None) -> list[Row]:
    """What the figures depend on beside the program."""
    found: list[Row] = [
        ("Processors", str(os.cpu_count())),
        ("System", f"{platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        ("Libraries", ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)),
        ("Hugo", _says(hugo(), "version")),
        ("MkDocs", _says(mkdocs(), "--version")),
    ]
    return [*found, ("Date", date)] if date else found


def _says(tool: str | None, option: str) -> str:
    """The version that a tool names, without where it stands on this machine."""
    if tool is None:
        return "not installed"
    said = subprocess.run([tool, option], capture_output=True, text=True, check=False).stdout
    return next(
        (word.strip("v,").split("-")[0] for word in said.split() if word.strip("v")[:1].isdigit()), "?"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[60, 300, 1000], help="numbers of programs")
    parser.add_argument("--runs", type=int, help="rounds of each size; else 11, 5 or 1 by size")
    parser.add_argument("--date", help="the day to name in the document")
    parser.add_argument("--write", type=Path, help="the Markdown document to write")
    options = parser.parse_args()
    measured = {}
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measured[size] = measure(Path(folder), size, options.runs or rounds(size))
    print(terminal(measured))
    if options.write:
        prose = _PROSE.read_text(encoding="utf-8")
        options.write.write_text(document(measured, machine(options.date), prose), encoding="utf-8")


if __name__ == "__main__":
    main()
