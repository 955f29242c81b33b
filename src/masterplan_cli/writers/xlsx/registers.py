"""The registers of the annexes as tables: risks, dependencies, other plans, evidence, sources, abbreviations."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan_cli import schema
from masterplan_cli.messages import Both
from masterplan_cli.writers.xlsx.scope import DAY, Scope
from masterplan_cli.writers.xlsx.tables import CellValue, Sheet, Value

_SHEETS = {
    "risks": Both("Risiko", "Risks"),
    "dependencies": Both("Ketergantungan", "Dependencies"),
    "alignment": Both("Keselarasan", "Alignment"),
    "evidence": Both("Data Dukung", "Evidence"),
    "sources": Both("Sumber Data", "Sources of Data"),
    "abbreviations": Both("Daftar Singkatan", "Abbreviations"),
}
_NEEDED = (
    Both("Id program itu", "Its id"),
    Both("Pengampunya", "Its owner"),
    Both("Id pengampunya", "Its owner's id"),
)
_PLACES = Both("Berkas", "File"), Both("Alamat web", "Address")


def register_sheets(scope: Scope) -> Iterator[Sheet]:
    """The registers in the order of the annexes; of an agency those of its programs."""
    yield _risks(scope)
    yield _dependencies(scope)
    yield _alignment(scope)
    yield _evidence(scope)
    yield _sources(scope)
    if scope.agency is None:
        yield _abbreviations(scope)


def _risks(scope: Scope) -> Sheet:
    columns = [
        scope.number(),
        scope.counted("risk", 44),
        scope.column("level", 12),
        scope.column("mitigation", 44),
        *scope.program_columns(first=False),
    ]
    own = set(scope.programs)
    rows: list[list[Value]] = [
        [risk.risk, schema.LABELLED["level"].label(risk.level, scope.language), risk.mitigation,
         *scope.program_cells(program)]
        for program, risk in scope.registers.risks if program in own
    ]  # fmt: skip
    return Sheet(scope.t(_SHEETS["risks"]), scope.t("risks.table"), columns, _numbered(rows))


def _dependencies(scope: Scope) -> Sheet:
    columns = [
        scope.number(),
        *scope.program_columns(first=False),
        scope.counted("depends_on", 38),
        *(scope.column(words, 30) for words in _NEEDED),
    ]
    rows: list[list[Value]] = [
        [*scope.program_cells(program), needed.title, needed.id,
         needed.owner.short if needed.owner else None, needed.owner.id if needed.owner else None]
        for program in scope.programs for needed in program.depends_on
    ]  # fmt: skip
    about = scope.t("dependencies.table")
    return Sheet(scope.t(_SHEETS["dependencies"]), about, columns, _numbered(rows))


def _alignment(scope: Scope) -> Sheet:
    columns = [
        scope.number(),
        scope.counted("alignment.item", 44),
        scope.column("document", 24),
        *scope.program_columns(first=False),
    ]
    own = set(scope.programs)
    rows: list[list[Value]] = [
        [entry.item, entry.system, *scope.program_cells(program)]
        for entry in scope.registers.alignment for program in entry.programs if program in own
    ]  # fmt: skip
    about = scope.t("alignment.table")
    return Sheet(scope.t(_SHEETS["alignment"]), about, columns, _numbered(rows))


def _evidence(scope: Scope) -> Sheet:
    columns = [
        scope.number(),
        scope.counted("document", 44),
        scope.column("date", 20, DAY),
        *(scope.column(words, 38) for words in _PLACES),
        *scope.program_columns(first=False),
    ]
    rows: list[list[Value]] = [
        [item.title, item.date, item.file, CellValue(item.url, link=item.url or ""),
         *scope.program_cells(program)]
        for program in scope.programs for item in program.data.evidence
    ]  # fmt: skip
    return Sheet(scope.t(_SHEETS["evidence"]), scope.t("evidence.table"), columns, _numbered(rows))


def _sources(scope: Scope) -> Sheet:
    columns = [
        scope.number(),
        scope.counted("source.data", 60),
        scope.whole("indicators"),
        scope.column("used.in", 60),
        scope.column("owner", 44),
    ]
    measures = [(pillar, scope.measures(pillar, programs)) for pillar, programs in scope.pillars]
    rows: list[list[Value]] = [
        [source, uses, ", ".join(p.title for p in pillars),
         ", ".join(dict.fromkeys(p.owner.short for p in pillars if p.owner))]
        for source, uses, pillars in scope.registers.sources_of(measures)
    ]  # fmt: skip
    return Sheet(scope.t(_SHEETS["sources"]), scope.t("sources.table"), columns, _numbered(rows))


def _abbreviations(scope: Scope) -> Sheet:
    columns = [
        scope.number(),
        scope.counted("abbreviation", 26),
        scope.column("meaning", 80),
        scope.column(Both("Id perangkat daerah", "Agency id"), 22),
    ]
    rows: list[list[Value]] = [
        [term, meaning, agency.id if agency else None]
        for term, meaning, agency in scope.registers.abbreviations
    ]
    about = scope.t(Both("Singkatan dan kepanjangannya.", "Abbreviations and what they stand for."))
    return Sheet(scope.t(_SHEETS["abbreviations"]), about, columns, _numbered(rows))


def _numbered(rows: list[list[Value]]) -> list[list[Value]]:
    return [[number, *row] for number, row in enumerate(rows, 1)]
