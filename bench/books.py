"""How long every format takes, and which share each stage has: `make bench`.

Each size is measured in fresh processes, several times; the medians are printed, and shares are of one run's whole.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from plans import write_plan

Made = TypeVar("Made")
FORMATS = ("html", "md", "json", "xlsx", "docx", "pdf")


def stages(root: Path) -> dict[str, float]:
    """Seconds of each stage by itself in this process, of the whole build with its overlap, and its peak memory."""
    from masterplan_cli.blocks import Context, render_book
    from masterplan_cli.build import Order, build, check
    from masterplan_cli.plan import MASTERPLAN
    from masterplan_cli.templates import Templates

    taken: dict[str, float] = {}

    def timed(name: str, call: Callable[[], Made]) -> Made:
        start = time.perf_counter()
        made = call()
        taken[name] = time.perf_counter() - start
        return made

    checked = timed("check", lambda: check(root))
    plan = checked.plan
    assert plan, [d.message for d in checked.diagnostics][:3]
    assert not checked.failed, [d.message for d in checked.diagnostics][:3]
    context = Context(None, False, checked.diagnostics)
    timed("blocks", lambda: render_book(plan, plan.books[MASTERPLAN], context, Templates(plan.project)))
    for form in FORMATS:
        timed(form, lambda form=form: build(checked, Order(formats=(form,))))  # type: ignore[misc]
        if form in ("html", "md", "docx", "pdf"):  # each of these rendered the blocks anew
            taken[form] = max(0.0, taken[form] - taken["blocks"])
    timed("all formats", lambda: build(checked, Order(formats=FORMATS)))
    taken["MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return taken


def measured(root: Path, runs: int) -> dict[str, float]:
    """The median of each stage over several processes."""
    results = [
        json.loads(subprocess.run([sys.executable, __file__, "--one", str(root)], check=True, capture_output=True).stdout)
        for _ in range(runs)
    ]  # fmt: skip
    return {name: statistics.median(result[name] for result in results) for name in results[0]}


def report(title: str, taken: dict[str, float]) -> None:
    """A table of one size: seconds, and shares of the sum of the stages."""
    single = {name: seconds for name, seconds in taken.items() if name not in ("all formats", "MiB")}
    total = sum(single.values())
    print(f"\n{title}")
    for name, seconds in single.items():
        print(f"  {name:<12} {seconds:7.2f} s  {seconds / total:4.0%}")
    overlap = (taken["check"] + taken["all formats"]) / total
    print(f"  {'one by one':<12} {total:7.2f} s  100%")
    print(f"  {'together':<12} {taken['check'] + taken['all formats']:7.2f} s  {overlap:4.0%}")
    print(f"  {'peak memory':<12} {taken['MiB']:7.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="*", default=[60, 300], help="numbers of programs")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(stages(options.one)))
        return
    repo = Path(__file__).parents[1]
    report("this repository's plan", measured(repo, options.runs))
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            write_plan(Path(folder) / str(size), size)
            report(f"{size} programs", measured(Path(folder) / str(size), options.runs))


if __name__ == "__main__":
    main()
