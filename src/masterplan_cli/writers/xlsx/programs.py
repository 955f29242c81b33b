"""The tables of pillars, programs, budget lines and indicators, and each pillar's action plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from masterplan_cli import schema
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Measure, Pillar, Program
from masterplan_cli.registers import Strategy
from masterplan_cli.writers.xlsx.scope import PERCENT, YEAR, Scope, codes, figure, years_of
from masterplan_cli.writers.xlsx.tables import CellValue, Column, Sheet, Value

_PILLARS = Both("Pilar", "Pillars")
_PROGRAMS = Both("Program", "Programs")
_BUDGET = Both("Anggaran", "Budget")
_COUNTED = Both("pilar", "pillars")
_PILLAR_ID = Both("Id pilar", "Pillar id")
_ID = Both("Id pilar atau program", "Pillar or program id")
_OF = Both("Sasaran atau program", "Goal or program")
_ABOUT = {
    "pillars": Both(
        "Ringkasan anggaran: setiap pilar dengan pengampu, program, dan anggarannya per tahun.",
        "Budget summary: each pillar with its owner, its programs and its budget by year.",
    ),
    "programs": Both("Semua program, satu baris per program.", "All programs, one row each."),
    "budget": Both(
        "Baris anggaran menurut program, tahun, dan sumber dana.",
        "Budget lines by program, year and source of funds.",
    ),
    "indicators": Both(
        "Indikator sasaran dan program: nilai awal, target, dan realisasi per tahun.",
        "Indicators of goals and programs: baselines, targets and results by year.",
    ),
    "action": Both(
        "Rencana kerja: sasaran, strategi, indikator, pelaksana, dan anggaran per tahun dari program {pillar}.",
        "Action plan: goals, strategies, indicators, who, and budget by year of the programs of {pillar}.",
    ),
}
#: The fields of a program that stand in a column of their own below, or on a sheet of their own, and ids that the plan
#: has no more; any other has a column after those, named by the schema.
_TOLD = {
    "title", "short", "subdimension", "owner", "supporting", "partners", "status", "period", "quick_win", "innovation",
    "origin", "goals", "beneficiaries", "indicators", "budget", "no_budget_reason", "codes", "alignment", "depends_on",
    "risks", "evidence", "tags", "stage", "progress", "formerly", "replaces",
}  # fmt: skip


def program_sheets(scope: Scope) -> Iterator[Sheet]:
    """The plan's tables in the order of the book, each pillar's action plan last."""
    yield _pillars(scope)
    yield _programs(scope)
    yield _budget(scope)
    yield _indicators(scope)
    for pillar, programs in scope.pillars:
        yield _action(scope, pillar, programs)


# --- one row a pillar


def _pillars(scope: Scope) -> Sheet:
    sums = _by_year(*scope.programs)
    years, most = years_of(scope.plan.years, [sums]), max(sums.values(), default=0)
    columns = [
        scope.number(),
        scope.counted("pillar", 20, _COUNTED),
        scope.column(_PILLAR_ID, 18),
        *scope.owner_columns()[1:],
        scope.whole("programs.count"),
        scope.whole("quick_wins"),
        scope.whole("indicators"),
        *(scope.money("budget", most, year) for year in years),
        scope.money("total", sums.total()),
    ]
    rows = [_pillar(scope, pillar, programs, years) for pillar, programs in scope.pillars]
    return Sheet(scope.t(_PILLARS), scope.t(_ABOUT["pillars"]), columns, rows)


def _pillar(scope: Scope, pillar: Pillar, programs: list[Program], years: list[int]) -> list[Value]:
    sums = _by_year(*programs)
    title, *owner = scope.owner_cells(pillar, pillar.owner)
    return [
        int(scope.plan.numbers[pillar]),
        title,
        pillar.id,
        *owner,
        len(programs),
        sum(1 for program in programs if program.quick_win),
        len(scope.measures(pillar, programs)),
        *(sums[year] or None for year in years),
        sums.total(),
    ]


# --- one row a program


def _programs(scope: Scope) -> Sheet:
    further = [name for name in schema.Program.model_fields if name not in _TOLD]
    columns = [
        scope.number(),
        *scope.program_columns(first=True),
        scope.column("subdimension", 18),
        scope.column("short", 14),
        *scope.others_columns(),
        *scope.time_columns(),
        scope.column("quick_win", 10),
        scope.column("innovation", 12),
        scope.column("origin", 14),
        scope.column("stage", 15),
        scope.column("progress", 12, PERCENT),
        scope.money("budget", scope.total),
        scope.column("budget.note", 20),
        scope.whole("indicators"),
        scope.column("goals.program", 40),
        scope.column("beneficiaries", 26),
        scope.column("codes", 24),
        scope.column("tags", 14),
        scope.column(Both("Status", "Status"), 10),
        *(_column(scope, name) for name in further),
    ]
    rows = [_program(scope, number, one, further) for number, one in enumerate(scope.programs, 1)]
    return Sheet(scope.t(_PROGRAMS), scope.t(_ABOUT["programs"]), columns, rows)


def _program(scope: Scope, number: int, program: Program, further: list[str]) -> list[Value]:
    data = program.data
    return [
        number,
        *scope.program_cells(program),
        scope.subdimension(program),
        data.short,
        *scope.others_cells(program),
        *scope.time_cells(program),
        *(_words(scope, program, name) for name in ("quick_win", "innovation", "origin", "stage")),
        None if data.progress is None else data.progress / 100,
        program.total,
        data.no_budget_reason,
        len(data.indicators),
        "\n".join(data.goals),
        "\n".join(data.beneficiaries),
        codes(program),
        ", ".join(data.tags),
        _words(scope, program, "status"),
        *(_further(scope, program, name) for name in further),
    ]


def _column(scope: Scope, name: str) -> Column:
    label = schema.field_label(schema.Program, (name,))
    words = scope.t(label) if label else name
    return Column(words[:1].upper() + words[1:], max(12, min(len(words) + 4, 34)))


def _words(scope: Scope, program: Program, name: str) -> str | None:
    return schema.in_words(schema.Program, name, getattr(program.data, name), scope.language)


def _further(scope: Scope, program: Program, name: str) -> Value:
    value = getattr(program.data, name)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return figure(Decimal(value))
    return _words(scope, program, name)


# --- one row a line of the budget


def _budget(scope: Scope) -> Sheet:
    columns = [
        scope.number(),
        *scope.program_columns(first=False),
        scope.column("year", 9, YEAR),
        scope.counted("source", 20),
        scope.money("amount", scope.total),
        scope.column(Both("Keterangan", "Remark"), 24),
        scope.column("codes", 20),
    ]
    rows: list[list[Value]] = []
    for program in scope.programs:
        about, coded = scope.program_cells(program), "\n".join(code.code for code in program.data.codes)
        rows += [
            [len(rows) + number, *about, line.year, line.source, line.amount, line.note, coded]
            for number, line in enumerate(program.data.budget, 1)
        ]
    return Sheet(scope.t(_BUDGET), scope.t(_ABOUT["budget"]), columns, rows)


# --- one row an indicator


def _indicators(scope: Scope) -> Sheet:
    measures = [
        (pillar, measure)
        for pillar, programs in scope.pillars
        for measure in scope.measures(pillar, programs)
    ]
    targets = years_of(scope.plan.years, (m.indicator.targets for _, m in measures))
    actuals = years_of([], (m.indicator.actuals for _, m in measures))
    columns = [
        scope.number(),
        scope.counted("indicator", 34),
        scope.column(_OF, 30),
        scope.column(_ID, scope.id_width),
        scope.column("number", 9),
        *scope.owner_columns(),
        scope.column("unit", 12),
        scope.column(Both("Arah", "Direction"), 11),
        scope.column("definition", 24),
        scope.column("baseline", 11),
        scope.column(Both("Tahun awal", "Baseline year"), 11, YEAR),
        scope.column("source.data", 24),
        *(scope.column("target", 11, year=str(year)) for year in targets),
        *(scope.column("actual", 12, year=str(year)) for year in actuals),
    ]
    rows = [
        [number, *_indicator(scope, pillar, measure, targets, actuals)]
        for number, (pillar, measure) in enumerate(measures, 1)
    ]
    return Sheet(scope.t("indicators"), scope.t(_ABOUT["indicators"]), columns, rows)


def _indicator(
    scope: Scope, pillar: Pillar, measure: Measure, targets: list[int], actuals: list[int]
) -> list[Value]:
    indicator, node = measure.indicator, measure.node
    base = indicator.baseline
    return [
        indicator.name,
        node.name if measure.program else measure.of.title,
        node.id,
        scope.plan.numbers[node],
        *scope.owner_cells(pillar, node.owner),
        indicator.unit,
        schema.DIRECTION.label(indicator.direction, scope.language),
        indicator.definition,
        figure(base.value if base else None),
        base.year if base else None,
        base.source if base else None,
        *(figure(indicator.targets.get(year)) for year in targets),
        *(figure(indicator.actuals.get(year)) for year in actuals),
    ]


# --- the action plan of a pillar


def _action(scope: Scope, pillar: Pillar, programs: list[Program]) -> Sheet:
    """The master table of the second book, with a column for each year's budget."""
    sums = _by_year(*programs)
    years, most = years_of(scope.plan.years, [sums]), max(sums.values(), default=0)
    strategies = {
        program: group for group in scope.registers.strategies(pillar) for program in group.programs
    }
    columns = [
        scope.number(),
        *scope.program_columns(first=True),
        scope.column("subdimension", 18),
        scope.column(Both("Sasaran", "Goals"), 26),
        scope.column(Both("Strategi", "Strategy"), 40),
        scope.column("goals.program", 36),
        scope.column(Both("Indikator: nilai awal → target akhir", "Indicators: baseline → final target"), 48),
        *scope.others_columns(),
        *scope.time_columns(),
        scope.column("source", 18),
        *(scope.money("budget", most, year) for year in years),
        scope.money("total", sums.total()),
    ]
    rows = [
        [number, *_planned(scope, program, strategies.get(program), years)]
        for number, program in enumerate(programs, 1)
    ]
    about = scope.t(_ABOUT["action"]).format(pillar=pillar.title)
    return Sheet(f"{scope.plan.numbers[pillar]} {pillar.title}", about, columns, rows)


def _planned(scope: Scope, program: Program, group: Strategy | None, years: list[int]) -> list[Value]:
    amounts = _by_year(program)
    return [
        *scope.program_cells(program),
        scope.subdimension(program),
        "\n".join(group.goals) if group else None,
        group.strategy if group else None,
        "\n".join(program.data.goals),
        "\n".join(_course(scope, indicator) for indicator in program.data.indicators),
        *scope.others_cells(program),
        *scope.time_cells(program),
        "\n".join(dict.fromkeys(line.source for line in program.data.budget)),
        *(amounts.get(year) for year in years),
        CellValue(program.total, "strong", scope.rupiah),
    ]


def _course(scope: Scope, indicator: schema.Indicator) -> str:
    """An indicator in a line: from where to where, and by when."""
    number = scope.plan.figures.grouped
    name = f"{indicator.name} ({indicator.unit})"
    start = number(indicator.baseline.value) if indicator.baseline else "·"
    if not indicator.targets:
        return f"{name}: {start}"
    last = max(indicator.targets)
    return f"{name}: {start} → {number(indicator.targets[last])} ({last})"


def _by_year(*programs: Program) -> Counter[int]:
    """What programs cost in each year."""
    sums: Counter[int] = Counter()
    for program in programs:
        for line in program.data.budget:
            sums[line.year] += line.amount
    return sums
