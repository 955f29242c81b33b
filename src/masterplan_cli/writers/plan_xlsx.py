"""XLSX of the whole plan: its programs, budget lines, indicators, agencies and tasks as tables for Excel."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from masterplan_cli import schema
from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.nodes import Agency, Measure, Pillar, Program
from masterplan_cli.plan import Plan, Role
from masterplan_cli.tasks import Work, assess
from masterplan_cli.values import long_date
from masterplan_cli.writers import Request, Written
from masterplan_cli.writers.xlsx import (
    CellValue,
    Column,
    Sheet,
    completeness_sheet,
    tasks_sheet,
    write_workbook,
)

#: Rupiah that stay numbers; Excel writes the separators of its own language.
RUPIAH = "[$Rp-421] #,##0"
_PERCENT = "0%"
_SHEETS = {
    "about": Both("Ringkasan", "Summary"),
    "programs": Both("Program", "Programs"),
    "budget": Both("Anggaran", "Budget"),
    "indicators": Both("Indikator", "Indicators"),
    "participation": Both("Peran Serta", "Participation"),
}
#: The columns of each table: their heads and their widths in characters.
_PROGRAM = (
    (LABELS["no"], 7),
    (LABELS["pillar"], 20),
    (LABELS["subdimension"], 20),
    (LABELS["program"], 34),
    (LABELS["short"], 16),
    (LABELS["owner"], 16),
    (LABELS["supporting"], 24),
    (LABELS["partners"], 28),
    (LABELS["period"], 12),
    (LABELS["quick_win"], 10),
    (LABELS["stage"], 16),
    (LABELS["progress"], 14),
    (LABELS["budget"], 22),
    (LABELS["indicators"], 13),
    (Both("Status", "Status"), 12),
    (Both("Id", "Id"), 34),
    (LABELS["codes"], 30),
)
#: The fields of a program that stand in a column above or on a sheet of their own, or are told in the book alone; any
#: other has a column of its own, named by the schema.
_TOLD = {
    "title", "short", "subdimension", "owner", "supporting", "partners", "status", "period", "quick_win", "innovation",
    "origin", "goals", "beneficiaries", "indicators", "budget", "no_budget_reason", "codes", "alignment", "depends_on",
    "risks", "evidence", "tags", "stage", "progress",
}  # fmt: skip
_LINE = (
    (LABELS["pillar"], 20),
    (LABELS["program"], 40),
    (LABELS["owner"], 16),
    (LABELS["year"], 10),
    (LABELS["source"], 22),
    (LABELS["amount"], 22),
    (Both("Keterangan", "Remark"), 30),
    (Both("Id", "Id"), 34),
    (LABELS["codes"], 30),
)
_MEASURE = (
    (LABELS["pillar"], 20),
    (Both("Sasaran atau program", "Goal or program"), 34),
    (LABELS["indicator"], 34),
    (LABELS["unit"], 14),
    (Both("Arah", "Direction"), 10),
    (LABELS["baseline"], 12),
    (Both("Tahun awal", "Baseline year"), 13),
    (LABELS["source.data"], 28),
)
_BOOK_TABLE = (
    (LABELS["no"], 7),
    (LABELS["subdimension"], 20),
    (LABELS["program"], 34),
    (Both("Id", "Id"), 30),
    (LABELS["goals.program"], 38),
    (LABELS["indicators"], 38),
    (LABELS["owner"], 16),
    (LABELS["supporting"], 22),
    (LABELS["partners"], 22),
    (LABELS["period"], 12),
)
_AGENCY = (
    (LABELS["agency"], 44),
    (Both("Id", "Id"), 18),
    (LABELS["kind"], 16),
)
_PART = (
    (LABELS["owns"], 14),
    (LABELS["supports"], 15),
    (LABELS["budget"], 22),
)


def write(request: Request) -> Written:
    """The whole plan; of an agency's excerpt, what that agency owns, supports and owes."""
    plan, draft = request.plan, request.draft
    work = assess(plan, request.diagnostics, plan.language)
    tables = _Tables(plan, work, request.book.agency)
    marks = "\n".join([plan.settings.title, *plan.banners(draft=draft)])
    sheets = [tables.about(request.date, draft=draft), *tables.sheets()]
    book = write_workbook(plan.settings.title, [replace(sheet, marks=marks) for sheet in sheets])
    return Written({f"{request.name}.xlsx": book})


@dataclass
class _Tables:
    """The sheets of a plan, or of one agency's part of it."""

    plan: Plan
    work: Work
    agency: Agency | None

    def __post_init__(self) -> None:
        agency, plan = self.agency, self.plan
        self.language: Language = plan.language
        self.programs: list[tuple[Pillar, list[Program]]] = (
            plan.sheets_of(agency) if agency else [(pillar, pillar.programs) for pillar in plan.pillars]
        )
        self.listed = [program for _, programs in self.programs for program in programs]

    def sheets(self) -> list[Sheet]:
        row = self.work.row_of(self.agency) if self.agency else None
        urgent = self.work.urgent if self.agency is None else [row] if row else []
        rows = self.work.rows if self.agency is None else urgent
        return [
            self._programs(),
            self._budget(),
            self._indicators(),
            self._participation(),
            completeness_sheet(self.work, rows, self.language),
            tasks_sheet(urgent, self.language),
            *(self._pillar(pillar, programs) for pillar, programs in self.programs),
        ]

    def about(self, date: datetime.date | None, *, draft: bool) -> Sheet:
        """What this workbook is, and the figures that its other sheets add up to."""
        settings = self.plan.settings
        rows: list[tuple[str, CellValue]] = [
            (self._t(Both("Judul", "Title")), CellValue(settings.title)),
            (self._t(Both("Daerah", "Region")), CellValue(settings.region.name)),
            (self._t(LABELS["period"]), CellValue(str(settings.period))),
            (self._t(LABELS["date"]), CellValue(long_date(date, self.language) if date else None)),
            *(
                (self._t(Both("Catatan", "Note")), CellValue(mark, "warning"))
                for mark in self.plan.banners(draft=draft)
            ),
            *([(self._t(LABELS["agency"]), CellValue(self.agency.name))] if self.agency else []),
            (self._t(LABELS["programs.count"]), CellValue(len(self.listed), "left")),
            (
                self._t(LABELS["quick_wins"]),
                CellValue(sum(1 for p in self.listed if p.data.quick_win), "left"),
            ),
            (self._t(LABELS["budget"]), self._money(sum(p.total for p in self.listed), "left")),
        ]
        columns = [Column(self._t(LABELS["part"]), 28), Column(self._t(Both("Isi", "Content")), 80)]
        table = [[CellValue(label), value] for label, value in rows]
        return Sheet(self._t(_SHEETS["about"]), columns, table, filtered=False)

    # --- one row a program

    def _programs(self) -> Sheet:
        columns = [*self._columns(_PROGRAM), *(self._column(name) for name in self._further)]
        rows = [self._program(number, program) for number, program in enumerate(self.listed, 1)]
        total = self._sum(
            columns,
            {
                12: self._money(sum(p.total for p in self.listed), "sum"),
                13: CellValue(sum(len(p.data.indicators) for p in self.listed), "sum"),
            },
        )
        return Sheet(self._t(_SHEETS["programs"]), columns, [*rows, total], sums=1, frozen=4)

    def _program(self, number: int, program: Program) -> list[CellValue]:
        data = program.data
        progress = None if data.progress is None else data.progress / 100
        return [
            CellValue(number),
            CellValue(program.pillar.title),
            CellValue(self._subdimension(program)),
            CellValue(program.title),
            CellValue(data.short),
            CellValue(
                program.owner.short if program.owner else self._t(LABELS["no_owner"]),
                "" if program.owner else "error",
            ),
            CellValue(", ".join(agency.short for agency in program.supporting)),
            CellValue(", ".join(partner.name for partner in data.partners)),
            CellValue(str(program.period) if program.period else None),
            CellValue(self._t(LABELS["yes"]) if data.quick_win else None),
            CellValue(schema.STAGE.label(data.stage, self.language) if data.stage else None),
            CellValue(progress, form=_PERCENT),
            self._money(program.total),
            CellValue(len(data.indicators)),
            CellValue(schema.STATUS.label(data.status, self.language)),
            CellValue(program.id),
            CellValue(_codes(program)),
            *(self._further_value(program, name) for name in self._further),
        ]

    @property
    def _further(self) -> list[str]:
        return [name for name in schema.Program.model_fields if name not in _TOLD]

    def _column(self, name: str) -> Column:
        label = schema.field_label(schema.Program, (name,))
        words = self._t(label) if label else name
        return Column(words[:1].upper() + words[1:], max(12, min(len(words) + 4, 34)))

    def _further_value(self, program: Program, name: str) -> CellValue:
        value = getattr(program.data, name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return _number(Decimal(value))
        return CellValue(schema.in_words(schema.Program, name, value, self.language))

    # --- one row a line of the budget

    def _budget(self) -> Sheet:
        columns = self._columns(_LINE)
        rows = [
            [
                CellValue(program.pillar.title),
                CellValue(program.title),
                CellValue(program.owner.short if program.owner else None),
                CellValue(line.year),
                CellValue(line.source),
                self._money(line.amount),
                CellValue(line.note),
                CellValue(program.id),
                CellValue(_codes(program)),
            ]
            for program in self.listed
            for line in program.data.budget
        ]
        total = self._sum(columns, {5: self._money(sum(p.total for p in self.listed), "sum")})
        return Sheet(self._t(_SHEETS["budget"]), columns, [*rows, total], sums=1, frozen=2)

    # --- one row an indicator

    def _indicators(self) -> Sheet:
        measures = [m for pillar, programs in self.programs for m in self._measures(pillar, programs)]
        targets = _years(self.plan.years, (m.indicator.targets for m in measures))
        actuals = _years([], (m.indicator.actuals for m in measures))
        columns = self._columns(_MEASURE)
        columns += [Column(f"{self._t(LABELS['target'])} {year}", 13) for year in targets]
        columns += [Column(f"{self._t(LABELS['actual'])} {year}", 13) for year in actuals]
        rows = [self._indicator(measure, targets, actuals) for measure in measures]
        return Sheet(self._t(_SHEETS["indicators"]), columns, rows, frozen=3, broad=True)

    def _measures(self, pillar: Pillar, programs: list[Program]) -> list[Measure]:
        """The pillar's indicators; of an agency, those of its pillars and of its programs."""
        owned = self.agency in (None, pillar.owner)
        return [m for m in self.plan.measures(pillar) if (m.program in programs if m.program else owned)]

    def _indicator(self, measure: Measure, targets: list[int], actuals: list[int]) -> list[CellValue]:
        indicator, pillar = measure.indicator, measure.program.pillar if measure.program else measure.node
        base = indicator.baseline
        return [
            CellValue(pillar.title),
            CellValue(measure.node.name if measure.program else measure.of.title),
            CellValue(indicator.name),
            CellValue(indicator.unit),
            CellValue(schema.DIRECTION.label(indicator.direction, self.language)),
            _number(base.value if base else None),
            CellValue(base.year if base else None),
            CellValue(base.source if base else None),
            *(_number(indicator.targets.get(year)) for year in targets),
            *(_number(indicator.actuals.get(year)) for year in actuals),
        ]

    # --- one row an agency

    def _participation(self) -> Sheet:
        columns = self._columns(_AGENCY)
        columns += [Column(pillar.title, 14) for pillar in self.plan.pillars]
        columns += self._columns(_PART)
        rows = [
            [
                CellValue(agency.name),
                CellValue(agency.id),
                CellValue(schema.AGENCY_KIND.label(agency.data.kind, self.language)),
                *(CellValue(" ".join(_roles(cell))) for cell in cells),
                CellValue(len(agency.owned)),
                CellValue(len(agency.supported)),
                self._money(sum(program.total for program in agency.owned)),
            ]
            for agency, cells in self.plan.participation()
            if self.agency in (None, agency)
        ]
        return Sheet(self._t(_SHEETS["participation"]), columns, rows, frozen=1)

    # --- one sheet a pillar

    def _pillar(self, pillar: Pillar, programs: list[Program]) -> Sheet:
        """The program table of the masterplan's second book, with a column for each year's budget."""
        years = _years(
            self.plan.years, ({line.year: line.amount for line in p.data.budget} for p in programs)
        )
        columns = self._columns(_BOOK_TABLE)
        columns += [*(Column(str(year), 18) for year in years), Column(self._t(LABELS["total"]), 20)]
        rows = [self._pillar_row(number, program, years) for number, program in enumerate(programs, 1)]
        sums = [sum(_spent(p, year) for p in programs) for year in years] + [sum(p.total for p in programs)]
        total = self._sum(
            columns, {10 + n: self._money(amount, "sum") for n, amount in enumerate(sums)}, label=2
        )
        return Sheet(pillar.title, columns, [*rows, total], sums=1, frozen=3, broad=True)

    def _pillar_row(self, number: int, program: Program, years: list[int]) -> list[CellValue]:
        return [
            CellValue(number),
            CellValue(self._subdimension(program)),
            CellValue(program.title),
            CellValue(program.id),
            CellValue(_lines(program.data.goals)),
            CellValue(_lines(f"{i.name} ({i.unit})" for i in program.data.indicators)),
            CellValue(program.owner.short if program.owner else None),
            CellValue(", ".join(agency.short for agency in program.supporting)),
            CellValue(", ".join(partner.name for partner in program.data.partners)),
            CellValue(str(program.period) if program.period else None),
            *(self._money(_spent(program, year) or None) for year in years),
            self._money(program.total, "sum"),
        ]

    # --- words and figures

    def _money(self, amount: int | None, style: str = "") -> CellValue:
        return CellValue(
            amount, style, RUPIAH if self.plan.settings.rupiah_space else RUPIAH.replace(" ", "")
        )

    def _t(self, words: Both) -> str:
        return words.of(self.language)

    def _columns(self, columns: Iterable[tuple[Both, float]]) -> list[Column]:
        return [Column(self._t(words), width) for words, width in columns]

    def _subdimension(self, program: Program) -> str | None:
        return program.subdimension.name.of(self.language) if program.subdimension else None

    def _sum(self, columns: list[Column], sums: dict[int, CellValue], label: int = 1) -> list[CellValue]:
        """The last row: the sums under their columns, and the word for them."""
        row = [sums.get(index, CellValue(None, "sum")) for index in range(len(columns))]
        row[label] = CellValue(self._t(LABELS["total"]), "sum")
        return row


def _number(value: Decimal | None) -> CellValue:
    return CellValue(None if value is None else float(value))


def _codes(program: Program) -> str | None:
    """The codes of a program in the government's nomenclature."""
    return _lines(f"{code.code} {code.title or ''}".rstrip() for code in program.data.codes) or None


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _years(years: list[int], written: Iterable[Iterable[int]]) -> list[int]:
    return sorted({*years, *(year for group in written for year in group)})


def _spent(program: Program, year: int) -> int:
    return sum(line.amount for line in program.data.budget if line.year == year)


_ROLES: tuple[tuple[str, Callable[[Role], int]], ...] = (
    ("P", lambda cell: cell.owner), ("U", lambda cell: cell.programs), ("D", lambda cell: cell.supports),
    ("T", lambda cell: cell.duty),
)  # fmt: skip


def _roles(cell: Role) -> list[str]:
    """The marks of the participation matrix, as its key explains them."""
    shown = [(mark, role(cell)) for mark, role in _ROLES]
    return [mark if isinstance(count, bool) else f"{mark}{count}" for mark, count in shown if count]
