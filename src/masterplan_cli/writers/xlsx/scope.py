"""What a workbook holds of a plan, and the columns that tables of programs have in common."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.nodes import Agency, Measure, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.registers import Registers
from masterplan_cli.values import Period
from masterplan_cli.writers.xlsx.tables import CellValue, Column, Total, Value

#: Rupiah that stay numbers; Excel writes the separators of its own language.
RUPIAH = "[$Rp-421] #,##0"
WHOLE, YEAR, PERCENT, DAY = "#,##0", "0", "0%", "[$-421]d mmmm yyyy"
ID = Both("Id", "Id")
_OWNER_ID = Both("Id pengampu", "Owner id")
_PROGRAM_ID = Both("Id program", "Program id")
_ENTRIES = Both("baris", "rows")
_PROGRAMS = Both("program", "programs")
_FIRST, _LAST = Both("Mulai", "First year"), Both("Selesai", "Last year")


class Scope:
    """The whole plan, or of an agency's excerpt what that agency owns and supports."""

    def __init__(self, plan: Plan, agency: Agency | None) -> None:
        self.plan, self.agency = plan, agency
        self.language: Language = plan.language
        self.registers = Registers(plan)
        self.pillars: list[tuple[Pillar, list[Program]]] = (
            plan.sheets_of(agency) if agency else [(pillar, pillar.programs) for pillar in plan.pillars]
        )
        self.programs = [program for _, programs in self.pillars for program in programs]
        #: As wide as the longest id, within reason.
        self.id_width = min(46, max((len(program.id) for program in self.programs), default=0) + 2)
        self.total = sum(program.total for program in self.programs)
        self.rupiah = RUPIAH if plan.settings.rupiah_space else RUPIAH.replace(" ", "")

    def t(self, words: Both | str) -> str:
        """A word, or that of a label, in the plan's language."""
        return (LABELS[words] if isinstance(words, str) else words).of(self.language)

    def measures(self, pillar: Pillar, programs: Iterable[Program]) -> list[Measure]:
        """The pillar's indicators; of an agency, those of its pillars and of its programs."""
        scope, owned = set(programs), self.agency in (None, pillar.owner)
        return [m for m in self.plan.measures(pillar) if (m.program in scope if m.program else owned)]

    # --- columns, and what stands in them

    def column(
        self, words: Both | str, width: float, form: str = "", total: Total | None = None, year: str = ""
    ) -> Column:
        """A column by the word above it, to which a year may be added."""
        return Column(f"{self.t(words)} {year}".rstrip(), width, form, total)

    def number(self) -> Column:
        """The order of the rows, to sort them back into."""
        return self.column("no", 8, WHOLE, Total("word", word=self.t("total")))

    def counted(self, words: Both | str, width: float, of: Both = _ENTRIES) -> Column:
        """A column below which stands how many rows the filters show."""
        return self.column(words, width, total=Total("count", form=f'#,##0 "{self.t(of)}"'))

    def money(self, words: Both | str, most: int, year: int | None = None) -> Column:
        """Amounts in whole rupiah with their sum, in a column that holds the most of them; those of years without `Rp`."""
        width = round(1.2 * len(str(most))) + (2 if year else 5)
        form = WHOLE if year else self.rupiah
        return self.column(words, max(width, 14), form, Total("sum"), str(year or ""))

    def whole(self, words: Both | str, width: float = 10) -> Column:
        """Numbers of things with their sum."""
        return self.column(words, width, WHOLE, Total("sum"))

    def owner_columns(self) -> list[Column]:
        """The pillar and who answers for the row."""
        return [self.column("pillar", 18), self.column("owner", 15), self.column(_OWNER_ID, 15)]

    def owner_cells(self, pillar: Pillar, owner: Agency | None) -> list[Value]:
        """The pillar and who answers for the row."""
        nobody = CellValue(self.t("no_owner"), "error")
        return [pillar.title, owner.short if owner else nobody, owner.id if owner else None]

    def program_columns(self, *, first: bool) -> list[Column]:
        """The program that a row is about; in a table where it stands `first` its rows are counted there."""
        title = self.counted("program", 34, _PROGRAMS) if first else self.column("program", 34)
        return [
            title,
            self.column(_PROGRAM_ID, self.id_width),
            self.column("number", 9),
            *self.owner_columns(),
        ]

    def program_cells(self, program: Program) -> list[Value]:
        """The program that a row is about."""
        numbers = self.plan.numbers
        return [program.title, program.id, numbers[program], *self.owner_cells(program.pillar, program.owner)]

    def time_columns(self) -> list[Column]:
        """When a program runs, as years and as phases of the plan."""
        return [self.column(_FIRST, 9, YEAR), self.column(_LAST, 9, YEAR), self.column("phase", 20)]

    def time_cells(self, program: Program) -> list[Value]:
        """When a program runs."""
        period: Period | None = program.period
        phases = ", ".join(self.registers.phases_of(program))
        return [period.first if period else None, period.last if period else None, phases]

    def others_columns(self) -> list[Column]:
        """Who works on a program besides its owner."""
        return [self.column("supporting", 30), self.column("partners", 22)]

    def others_cells(self, program: Program) -> list[Value]:
        """Who works on a program besides its owner."""
        supporting = ", ".join(agency.short for agency in program.supporting)
        return [supporting, ", ".join(partner.name for partner in program.data.partners)]

    def subdimension(self, program: Program) -> str | None:
        """The name of the program's sub-dimension."""
        return program.subdimension.name.of(self.language) if program.subdimension else None


def figure(value: Decimal | None) -> float | None:
    """A decimal as Excel holds it."""
    return None if value is None else float(value)


def codes(program: Program) -> str:
    """The codes of a program in the government's nomenclature, with what they stand for."""
    return "\n".join(f"{code.code} {code.title or ''}".rstrip() for code in program.data.codes)


def years_of(years: Iterable[int], written: Iterable[Iterable[int]]) -> list[int]:
    """The years of the plan, and those that its files write of besides."""
    return sorted({*years, *(year for group in written for year in group)})
