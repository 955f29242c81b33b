"""Indicators of programs out of the cells of a table: names, units and targets, taken only where they read for certain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from masterplan_cli.messages import Language
from masterplan_cli.tables import cells as reading
from masterplan_cli.tables.heads import FieldColumn
from masterplan_cli.tables.mapping import BLOCKS
from masterplan_cli.tables.rows import JoinedProgram, Measured, ReadRow
from masterplan_cli.tables.vocabulary import Vocabulary
from masterplan_cli.values import BadValue, grouped, slug
from masterplan_cli.workbooks import Cell, typed


@dataclass
class MeasureReader:
    """Takes the indicators of rows; what is not for certain is told."""

    words: Vocabulary
    tell: Callable[..., None]
    year_of: Callable[[ReadRow, FieldColumn, str], int | None]

    def take(self, program: JoinedProgram, row: ReadRow) -> None:
        """Put the indicators of a row that are those of its program to it."""
        level = self.words.map.level
        for number, columns in enumerate(self.words.map.measures):
            own = reading.blocks_of(row.code) == BLOCKS[level] if row.code else True
            if columns.level == level or (columns.level is None and own):
                self._take(program, row, number)

    def _take(self, program: JoinedProgram, row: ReadRow, number: int) -> None:
        names = reading.lines(row.cells.get(f"{number}.name"))
        units = reading.lines(row.cells.get(f"{number}.unit"))
        place = row.place(f"{number}.name")
        targets = list(self._targets(row, number, len(names))) if names else []
        for at, name in enumerate(names):
            said = units[at] if len(units) == len(names) else units[0] if len(units) == 1 else ""
            figures = [
                (year, figure, cell)
                for year, part, cell in targets
                if (figure := self._figure(row, part[at], cell))
            ]
            unit = next((u for _, f, _ in figures if (u := self.words.unit(f.unit))), "") or self.words.unit(
                said
            )
            if reading.clean(name):
                baseline = self._baseline(row, number) if len(names) == 1 else None
                self._keep(program, Measured(name, unit, place, baseline=baseline), figures)

    def _targets(self, row: ReadRow, number: int, names: int) -> Iterator[tuple[int, list[Cell], str]]:
        """The targets of each year, one for each name."""
        for column, cell, at in row.yearly:
            if column.field != f"{number}.target":
                continue
            where = row.table.place_at(row.number, at)
            parts: list[Cell] = [cell] if isinstance(cell, int | float) else list(reading.lines(cell))
            if not any(reading.clean(part) for part in parts):
                continue
            if len(parts) != names:
                self.tell(row.table, "counts", cell=where, names=names, targets=len(parts))
                continue
            year = self.year_of(row, column, where)
            if year is not None:
                yield year, parts, where

    def _baseline(self, row: ReadRow, number: int) -> tuple[Decimal, int | None] | None:
        """The value before the program, where a row has one."""
        for column, cell, at in row.yearly:
            if column.field == f"{number}.baseline":
                figure = self._figure(row, cell, row.table.place_at(row.number, at))
                return (figure.value.normalize(), column.year) if figure else None
        return None

    def _figure(self, row: ReadRow, cell: Cell, place: str) -> reading.TargetFigure | None:
        try:
            return reading.figure_of(cell)
        except BadValue:
            self.tell(row.table, "", cell=place, text=typed(cell))
            return None

    def _keep(
        self,
        program: JoinedProgram,
        found: Measured,
        figures: list[tuple[int, reading.TargetFigure, str]],
    ) -> None:
        measure = program.measures.get(slug(found.name))
        if measure is None:
            measure = program.measures[slug(found.name)] = found
        measure.unit = measure.unit or found.unit
        for year, figure, cell in figures:
            measure.targets.setdefault(year, {}).setdefault(figure.value.normalize(), cell)

    def settled(
        self, program: JoinedProgram, language: Language
    ) -> Iterator[tuple[Measured, dict[int, Decimal]]]:
        """The indicators that have a unit, with the targets that nothing contradicts."""
        table = program.rows[0].table
        for measure in program.measures.values():
            if not measure.unit:
                self.tell(table, "unit", cell=measure.place, text=measure.name)
                continue
            targets: dict[int, Decimal] = {}
            for year, values in sorted(measure.targets.items()):
                if len(values) > 1:
                    said = ", ".join(grouped(value, language) for value in sorted(values))
                    place = next(iter(values.values()))
                    self.tell(table, "targets", cell=place, text=measure.name, year=year, values=said)
                else:
                    targets[year] = next(iter(values))
            yield measure, targets
