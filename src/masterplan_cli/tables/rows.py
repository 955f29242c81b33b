"""The rows of tables in the words of a mapping, and the programs that they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from masterplan_cli.messages import Both
from masterplan_cli.tables.heads import FieldColumn, HeadedTable
from masterplan_cli.tables.vocabulary import Office
from masterplan_cli.values import rupiah
from masterplan_cli.workbooks import Cell


@dataclass
class Money:
    """An amount of a year in a row, and why it is left out, if it is."""

    year: int
    amount: Decimal
    place: str
    #: The number of its column.
    column: int = 0
    why: Both | None = None
    #: The file that tells it as well.
    other: str = ""


@dataclass(eq=False)
class ReadRow:
    """A row in the words of the mapping."""

    table: HeadedTable
    file: int
    number: int
    cells: dict[str, Cell]
    yearly: list[tuple[FieldColumn, Cell, int]]
    office: Office
    unit: str
    code: str
    title: str
    year: int | None
    money: list[Money] = field(default_factory=list)
    why: Both | None = None

    @property
    def money_years(self) -> set[int]:
        """The years that the row is about, whether it has an amount for them or none."""
        fields = [column for columns in self.table.columns.values() for column in columns]
        told = any(one.field == "amount" and one.year is None and one.nth is None for one in fields)
        return {money.year for money in self.money} | ({self.year} if told and self.year else set())

    def place(self, name: str = "") -> str:
        """A cell of the row, by its field."""
        return self.table.place(self.number, name)


@dataclass
class FundedLine:
    """What a program gets in a year from the same sources of funds."""

    year: int
    funds: tuple[tuple[str, str], ...]
    amount: Decimal
    place: str


@dataclass
class Measured:
    """An indicator of a program: its targets by years, each with the cells that say it."""

    name: str
    unit: str
    place: str
    targets: dict[int, dict[Decimal, str]] = field(default_factory=dict)
    #: The value before the program, and its year where the head of its column names one.
    baseline: tuple[Decimal, int | None] | None = None


@dataclass(eq=False)
class JoinedProgram:
    """All that tables say of one code of one office."""

    office: Office
    code: str
    title: str
    place: str
    rows: list[ReadRow] = field(default_factory=list)
    lines: dict[tuple[int, tuple[tuple[str, str], ...]], FundedLine] = field(default_factory=dict)
    measures: dict[str, Measured] = field(default_factory=dict)
    goals: dict[str, None] = field(default_factory=dict)
    beneficiaries: dict[str, str] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines.values()), Decimal(0))


def shown(amount: Decimal) -> str:
    """An amount as it is told, with its cents if it has any."""
    whole = int(amount)
    cents = f"{amount % 1:.2f}"[1:].replace(".", ",") if amount % 1 else ""
    return f"{rupiah(whole)}{cents}"
