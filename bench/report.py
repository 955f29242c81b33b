"""What was measured, as text: each target and whether it is reached, every figure as ratios, and where the time goes."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from course import Format, Results


class Limit(NamedTuple):
    """At most `factor` × the time of `reference` (or × one second), and `more` seconds."""

    factor: float
    reference: str = ""
    more: float = 0.0

    def __str__(self) -> str:
        more = f"{self.more:g} s + " if self.more else ""
        return (
            f"≤ {more}{self.factor:g} × {NAMES[self.reference]}" if self.reference else f"≤ {self.factor:g} s"
        )


@dataclass(frozen=True)
class Line:
    """A line of targets: what is measured, and the limits by size; without a limit it is only reported."""

    title: str
    name: str
    limits: dict[int, Limit]
    #: What its ratio is taken to where there is no limit.
    reference: str = "python"


#: What the tables call a thing that ratios are taken to.
NAMES = {
    "python": "Python", "check floor": "floor", "book floor": "floor", "page floor": "page floor",
    "check cold": "cold", "hugo again": "Hugo", "hugo touched": "Hugo", "hugo cold": "Hugo",
}  # fmt: skip
_SIZES = (60, 300, 1000)
LINES = (
    Line("`--version`", "version", dict.fromkeys(_SIZES, Limit(3, "python"))),
    Line("`--help`", "help", dict.fromkeys(_SIZES, Limit(7, "python"))),
    Line("`check`, cold", "check cold", {}, "check floor"),
    Line(
        "`check`, nothing changed", "check again",
        {60: Limit(4, "python"), 300: Limit(5, "python"), 1000: Limit(8, "python")},
    ),
    Line(
        "`build --to html`, cold", "html cold",
        {60: Limit(1.2, "book floor"), 300: Limit(1.1, "book floor"), 1000: Limit(0.95, "book floor")},
        "book floor",
    ),
    Line(
        "`build --to html`, nothing changed", "html again",
        {60: Limit(4, "python"), 300: Limit(5, "python"), 1000: Limit(8, "python")},
    ),
    Line(
        "`build --to html`, a sentence changed", "html prose",
        {60: Limit(45, "python"), 300: Limit(1.2, "hugo touched"), 1000: Limit(0.8, "hugo touched")},
        "hugo touched",
    ),
    Line(
        "`build --to html`, a budget changed", "html figure",
        {60: Limit(55, "python"), 300: Limit(1.5, "hugo touched"), 1000: Limit(1.3, "hugo touched")},
        "hugo touched",
    ),
    Line(
        "all six formats, a sentence changed", "all touched", {60: Limit(2), 300: Limit(7), 1000: Limit(25)}, "python",
    ),
    Line("`serve`: saved → page there", "serve", {60: Limit(0.3), 300: Limit(0.5), 1000: Limit(1)}, ""),
)  # fmt: skip


@dataclass(frozen=True)
class Bound:
    """What a format alone may take, by size, in a unit of its own; without a limit it is only reported."""

    form: str
    title: str
    unit: str
    value: Callable[[Format, Results], float | None]
    limits: dict[int, float]


def _to_typst(form: Format, results: Results) -> float | None:
    alone = cpu(results, "typst")
    return form.cold.cpu / alone if alone else None


BOUNDS = (
    Bound("pdf", "cold, CPU", "s", lambda form, _: form.cold.cpu, {300: 6, 1000: 25}),
    Bound("pdf", "cold, CPU", "× Typst alone", _to_typst, {60: 2}),
    Bound("pdf", "peak memory", "MB", lambda form, _: form.memory, {60: 300, 300: 900, 1000: 1500}),
    Bound("pdf", "file", "MB", lambda form, _: form.size / 1e6, {60: 1.5, 300: 6, 1000: 20}),
    Bound("pdf", "a sentence changed", "× cold", lambda form, _: form.touched.wall / form.cold.wall, {300: 0.4, 1000: 0.3}),
    Bound("docx", "cold, CPU", "s", lambda form, _: form.cold.cpu, {300: 2.5, 1000: 8}),
    Bound("docx", "peak memory", "MB", lambda form, _: form.memory, {300: 200, 1000: 300}),
)  # fmt: skip
#: MB that a cold page may take, by size; and how much more 10,000 programs may take than 1,000.
MEMORY = {1000: 300}
GROWTH = 11
_FIGURES = (
    ("python", "`python -c pass`"), ("version", "`masterplan --version`"), ("help", "`masterplan --help`"),
    ("check floor", "floor of `check`"), ("check cold", "`check`, cold"), ("check again", "`check`, nothing changed"),
    ("page floor", "page floor"), ("book floor", "floor of `build`"), ("html cold", "`build --to html`, cold"),
    ("html again", "… nothing changed"), ("html prose", "… a sentence changed"), ("html figure", "… a budget changed"),
    ("hugo cold", "`hugo`, cold"), ("hugo again", "… nothing changed"), ("hugo touched", "… a sentence changed"),
    ("mkdocs cold", "`mkdocs build`"), ("all cold", "all six formats, cold"), ("all touched", "… a sentence changed"),
    ("serve", "`serve`: saved → page there"),
)  # fmt: skip


def wall(results: Results, name: str) -> float | None:
    """The median of a work's seconds on the clock."""
    samples = results.samples.get(name)
    return statistics.median(sample.wall for sample in samples) if samples else None


def cpu(results: Results, name: str) -> float | None:
    samples = results.samples.get(name)
    return statistics.median(sample.cpu for sample in samples) if samples else None


Row = tuple[str, ...]


def targets(measured: dict[int, Results]) -> list[Row]:
    """Every target of every size: what it is, what was measured, and whether it is reached."""
    found: list[Row] = [("Work", "N", "Target", "Measured", "by CPU", "Time", "")]
    for size, results in measured.items():
        found += [_target(line, size, results) for line in LINES]
        found.append(_memory(size, results))
        found += _bounded(size, results)
    if {1000, 10000} <= measured.keys():
        found.append(_growth(measured))
    return found


def _target(line: Line, size: int, results: Results) -> Row:
    limit, taken = line.limits.get(size), wall(results, line.name)
    reference = limit.reference if limit else line.reference
    base = wall(results, reference) if reference else 1.0
    start = line.title, f"{size:,}", str(limit) if limit else "report"
    if taken is None:
        return *start, "–", "–", "–", _why(results, line.name)
    if base is None:
        return *start, "–", "–", _seconds(taken), _why(results, reference)
    ratio = f"{taken / base:.2f} × {NAMES[reference]}" if reference else _seconds(taken)
    verdict = _verdict(taken, limit.factor * base + limit.more) if limit else ""
    return *start, ratio, _busy(line.name, reference, results), _seconds(taken), verdict


def _busy(name: str, reference: str, results: Results) -> str:
    """The same ratio of processor time, which a busy machine leaves alone and work on two processors does not shorten."""
    taken, base = cpu(results, name), cpu(results, reference)
    return f"{taken / base:.2f} ×" if taken and base else "–"


def _memory(size: int, results: Results) -> Row:
    limit, taken = MEMORY.get(size), results.memory
    start = "peak memory of `build --to html`", f"{size:,}", f"≤ {limit} MB" if limit else "report"
    if taken is None:
        return *start, "–", "–", "–", _why(results, "memory")
    return *start, f"{taken:.0f} MB", "–", "–", _verdict(taken, limit) if limit else ""


def _bounded(size: int, results: Results) -> Iterator[Row]:
    for bound in BOUNDS:
        limit, form = bound.limits.get(size), results.formats.get(bound.form)
        value = bound.value(form, results) if form else None
        if limit is None and bound.limits.keys() == {60}:
            continue
        target = f"≤ {limit:g} {bound.unit}" if limit else "report"
        start = f"`build --to {bound.form}`, {bound.title}", f"{size:,}", target
        if value is None:
            yield *start, "–", "–", "–", _why(results, "formats")
        else:
            yield *start, f"{value:.2f} {bound.unit}", "–", "–", _verdict(value, limit) if limit else ""


def _growth(measured: dict[int, Results]) -> Row:
    """How many times longer ten times the programs take."""
    start = "`build --to html`, cold, to that of 1,000", "10,000", f"≤ {GROWTH} ×"
    small, large = (wall(measured[size], "html cold") for size in (1000, 10000))
    if not small or not large:
        return *start, "–", "–", "–", "not measured"
    busy = [cpu(measured[size], "html cold") or 1.0 for size in (1000, 10000)]
    times = f"{large / small:.1f} ×", f"{busy[1] / busy[0]:.1f} ×"
    return *start, *times, _seconds(large), _verdict(large, GROWTH * small)


def _verdict(taken: float, limit: float) -> str:
    return "reached" if taken <= limit else f"missed: {taken / limit:.2f} × the limit"


def _why(results: Results, name: str) -> str:
    """The word for a missing figure: of the work itself, or of the tool."""
    return results.notes.get(name) or results.notes.get(name.split(" ", 1)[0]) or "not measured"


def figures(results: Results) -> list[Row]:
    """Every work of one size: seconds, and ratios to the interpreter, both floors and Hugo."""
    references = ("python", "page floor", "book floor", "hugo cold")
    found: list[Row] = [
        ("Work", "Wall", "CPU", "÷ Python", "÷ page floor", "÷ floor", "÷ Hugo", "Runs"),
    ]  # fmt: skip
    for name, title in _FIGURES:
        taken, busy = wall(results, name), cpu(results, name)
        if taken is None or busy is None:
            found.append((title, *"–" * 6, _why(results, name)))
            continue
        ratios = [f"{taken / base:.2f}" if (base := wall(results, one)) else "–" for one in references]
        own = _seconds(busy) if busy else "–"
        found.append((title, _seconds(taken), own, *ratios, str(len(results.samples[name]))))
    return found


def pages(results: Results) -> list[Row]:
    """What each tool's page holds, so that all can be seen to print the same."""
    found: list[Row] = [("Page of", "MB", "Tables", "Rows of tables")]
    for name, (size, tables, lines) in results.pages.items():
        found.append((name, f"{size / 1e6:.2f}", f"{tables:,}", f"{lines:,}"))
    return found


def formats(results: Results) -> list[Row]:
    """What a build of each format alone takes, and how large its file is."""
    found: list[Row] = [("Format, cold", "Wall", "CPU", "A sentence changed", "Peak memory", "File")]
    for name, form in results.formats.items():
        taken = map(_seconds, (form.cold.wall, form.cold.cpu, form.touched.wall))
        memory = f"{form.memory:.0f} MB" if form.memory else "–"
        found.append((name, *taken, memory, f"{form.size / 1e6:.2f} MB"))
    return found


def stages(results: Results, most: int = 14) -> Iterable[tuple[str, list[Row]]]:
    """Tables of shares: by module and by library."""
    titles = {"module": "Module, with what it calls of libraries", "library": "Library"}
    for kind, title in titles.items():
        shares = list(results.stages.get(kind, {}).items())
        if shares:
            rest = sum(share for _, share in shares[most:])
            lines = [*shares[:most], ("the rest", rest)] if rest else shares
            yield kind, [(title, "Share"), *((f"`{name}`", f"{share:.0%}") for name, share in lines)]


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 0.1 else f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def text_table(rows: list[Row]) -> str:
    """Columns under each other, for a terminal."""
    bare = [[cell.replace("`", "") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*bare, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in bare)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def markdown_table(rows: list[Row]) -> str:
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *body]) + "\n"


def terminal(measured: dict[int, Results]) -> str:
    """The report as a terminal shows it."""
    parts = ["Targets", text_table(targets(measured))]
    for size, results in measured.items():
        parts += [
            f"{size:,} programs",
            text_table(figures(results)),
            text_table(formats(results)),
            text_table(pages(results)),
        ]
        parts += [text_table(table) for _, table in stages(results)]
    return "\n".join(parts)


def document(measured: dict[int, Results], machine: list[Row], prose: str) -> str:
    """docs/performance.md: the targets, the method (`prose`), and all figures."""
    sections = [f"## {size:,} programs\n\n{_size(results)}" for size, results in measured.items()]
    return prose.format(
        targets=markdown_table(targets(measured)).strip(),
        machine=markdown_table([("Machine", ""), *machine]).strip(),
        sizes="\n".join(sections).strip(),
    )


def _size(results: Results) -> str:
    parts = [markdown_table(table) for table in (figures(results), formats(results), pages(results))]
    said = {
        "module": "Where the time of a cold `build --to html` goes, by our module:",
        "library": "The same samples by the code that ran:",
    }
    for kind, table in stages(results):
        parts += [said[kind] + "\n", markdown_table(table)]
    return "\n".join(parts)
