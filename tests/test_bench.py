"""The benchmark: its plans are what it says, its floors and rivals print what we print, its report tells what was measured."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import floor
import measure
import report
from course import Format, Results
from masterplan_cli.build import Order, build
from masterplan_cli.checking import Checked, check
from masterplan_cli.messages import LABELS
from measure import Failed, Sample
from plans import PILLARS, write_plan
from rivals import hugo, rows, write_hugo_site

Rows = Counter[tuple[str, ...]]

SIZE = 12
WORDS = {key: words.id for key, words in LABELS.items()}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "plan"
    write_plan(folder, SIZE)
    return folder


@pytest.fixture(scope="module")
def checked(plan: Path) -> Checked:
    return check(plan)


@pytest.fixture(scope="module")
def ours(checked: Checked) -> Rows:
    """The rows of our page, save those of the table of completeness, which only we have."""
    built = build(checked, Order(formats=("html",), date=datetime.date(2026, 1, 1)))
    page = bytes(built.files["masterplan.html"]).decode()
    before, _, rest = page.partition('<section class="block block-status">')
    return rows(before + rest.partition("</section>")[2])


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the plans


def test_same_number_same_bytes(plan: Path, tmp_path: Path) -> None:
    write_plan(tmp_path, SIZE)
    assert files_of(tmp_path) == files_of(plan)


def test_a_generated_plan_has_no_finding(checked: Checked) -> None:
    assert checked.diagnostics == []


def test_a_generated_plan_is_what_the_report_says(checked: Checked) -> None:
    assert checked.plan
    programs = checked.plan.programs
    assert len(programs) == SIZE
    assert {pillar.id for pillar in checked.plan.pillars} == set(PILLARS)
    assert len(checked.plan.agencies) == 30
    for program in programs:
        assert program.prose
        assert [len(indicator.targets) for indicator in program.data.indicators] == [10, 10, 10]
        assert len(program.data.budget) == 10
        kinds = {token.type for token in program.prose.tokens}
        assert {"table_open", "bullet_list_open"} <= kinds
        assert len(program.prose.links) == 1
        words = sum(len(token.content.split()) for token in program.prose.tokens if token.type == "inline")
        assert 240 <= words <= 300
    assert sum(len(program.depends_on) for program in programs) == 2 * (SIZE - 2)


# --- what is compared prints the same


@pytest.mark.parametrize("work", [floor.page, floor.book])
def test_a_floor_prints_every_row_that_we_print(
    work: Callable[[floor.Plan, dict[str, str]], str], plan: Path, ours: Rows
) -> None:
    assert rows(work(floor.Plan(plan), WORDS)) == ours


@pytest.mark.skipif(hugo() is None, reason="hugo is not installed")
def test_hugo_prints_every_row_that_we_print(plan: Path, ours: Rows, tmp_path: Path) -> None:
    write_hugo_site(tmp_path / "site", plan, WORDS)
    out = tmp_path / "out"
    measure.run([str(hugo()), "--quiet", "--source", str(tmp_path / "site"), "--destination", str(out)])
    assert rows((out / "index.html").read_text(encoding="utf-8")) == ours


def test_the_floor_of_check_reads_values_and_prose(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    whole = floor.read

    def noted(path: Path, model: type[floor.Model]) -> tuple[floor.Model, str]:
        read.append(path.name)
        return whole(path, model)

    monkeypatch.setattr(floor, "read", noted)
    floor.main("check", str(plan))
    assert len(read) == 1 + 30 + len(PILLARS) + SIZE


def test_the_floors_never_load_the_compiler() -> None:
    code = "import floor, sys; print([name for name in sys.modules if name.startswith('masterplan')])"
    with pytest.raises(Failed, match=r"\[\]"):
        measure.run([sys.executable, "-c", f"{code}; sys.exit(1)"], {"PYTHONPATH": str(floor.REPO / "bench")})


# --- measuring


def test_a_run_counts_the_clock_and_the_processor() -> None:
    sample = measure.run([sys.executable, "-c", "import time; time.sleep(0.2)"])
    assert sample.wall > 0.2
    assert sample.cpu > 0


def test_a_failed_run_says_its_last_line() -> None:
    with pytest.raises(Failed, match="ended with 3: no such plan"):
        measure.run([sys.executable, "-c", "import sys; print('no such plan'); sys.exit(3)"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's memory")
def test_peak_memory_counts_children() -> None:
    half = "bytearray(60_000_000); import time; time.sleep(0.5)"
    child = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'x = {half}']); x = {half}; p.wait()"
    assert (measure.peak_memory([sys.executable, "-c", child]) or 0) > 110


# --- the report


def measured(**walls: float) -> dict[int, Results]:
    results = Results(memory=150.0)
    for name, wall in walls.items():
        results.samples[name.replace("_", " ")] = [Sample(wall, wall)]
    results.notes |= {"hugo": "not installed", "mkdocs": "not installed"}
    return {1000: results}


def row_of(rows: list[report.Row], title: str) -> report.Row:
    return next(row for row in rows if row[0] == title)


def test_a_target_is_reached_or_missed_by_a_factor() -> None:
    found = report.targets(measured(python=0.01, version=0.02, help=0.14))
    assert row_of(found, "`--version`")[2:] == ("≤ 3 × Python", "2.00 × Python", "2.00 ×", "20 ms", "reached")
    assert row_of(found, "`--help`")[-1] == "missed: 2.00 × the limit"


def test_what_lacks_its_rival_says_why() -> None:
    found = report.targets(measured(python=0.01, html_prose=0.2))
    assert row_of(found, "`build --to html`, a sentence changed")[3:] == (
        "–",
        "–",
        "0.20 s",
        "not installed",
    )


def test_memory_has_its_target() -> None:
    assert row_of(report.targets(measured()), "peak memory of `build --to html`")[3:] == (
        "150 MB",
        "–",
        "–",
        "reached",
    )


def test_growth_needs_both_sizes() -> None:
    both = measured(html_cold=1.0) | {10000: measured(html_cold=12.0)[1000]}
    assert report.targets(both)[-1][2:] == (
        "≤ 11 ×",
        "12.0 ×",
        "12.0 ×",
        "12.0 s",
        "missed: 1.09 × the limit",
    )


def test_the_document_holds_targets_method_and_figures() -> None:
    results = measured(python=0.01, html_cold=2.0)
    results[1000].stages = {"module": {f"m{n}.py": 0.05 for n in range(20)}}
    results[1000].formats = {"pdf": Format(Sample(9.0, 12.5), Sample(2.25, 3.0), 750.0, 5_000_000)}
    results[1000].pages = {"masterplan": (2_000_000, 60, 400)}
    prose = (floor.REPO / "bench/page/performance.md").read_text(encoding="utf-8")
    text = report.document(results, [("Processors", "2")], prose)
    for part in ("| `--version` | 1,000 |", "| Processors | 2 |", "## The floors", "## 1,000 programs",
                 "| masterplan | 2.00 | 60 | 400 |", "| `the rest` | 30% |", "| pdf | 9.00 s | 12.5 s | 2.25 s | 750 MB | 5.00 MB |",
                 "| `build --to pdf`, a sentence changed | 1,000 | ≤ 0.3 × cold | 0.25 × cold | – | – | reached |"):  # fmt: skip
        assert part in text
    assert "pdf" in report.terminal(results)
