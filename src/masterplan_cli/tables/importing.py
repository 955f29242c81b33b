"""What tables of other systems change in a plan, and where every rupiah of them has gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from masterplan_cli.checking import Checked, diagnose
from masterplan_cli.diagnostics import Finding, Place, Severity, place_findings
from masterplan_cli.importing import Imported, try_edits
from masterplan_cli.messages import Both
from masterplan_cli.rules.imports import TO_DECIDE, UNREADABLE_TABLE, UNUSABLE_MAP
from masterplan_cli.source import Located
from masterplan_cli.tables.heads import HeadedTable, HeadNames, find_head
from masterplan_cli.tables.joining import NO_PILLAR, TOO_SMALL, Joiner
from masterplan_cli.tables.mapping import MapReading, read_map
from masterplan_cli.tables.planning import MANY, TablePlanner
from masterplan_cli.tables.reading import read_cells_of
from masterplan_cli.tables.rows import JoinedProgram, ReadRow, shown
from masterplan_cli.tables.vocabulary import Vocabulary
from masterplan_cli.workbooks import Unreadable
from masterplan_cli.yaml_reader import parse_yaml_file

#: So many columns or guesses are named.
_NAMED = 12


class TableChoice(NamedTuple):
    """What whoever imports tables asks for: the shipped mapping or their own, and what stands above it."""

    base: str = ""
    map: Path | None = None
    wanted: Mapping[str, Any] = {}


def import_tables(checked: Checked, files: list[Path], choice: TableChoice) -> Imported:
    """What tables change in a plan that was checked."""
    made = Imported()
    if checked.plan is None:
        made.refused = checked.diagnostics
        return made
    reading = read_map(choice.map, choice.base, choice.wanted)
    words = Vocabulary(checked.plan, reading.map) if reading.map else None
    findings = [*reading.findings, *(_false_pillars(reading, words, choice) if words else ())]
    if findings or words is None:
        made.refused = _on_map(checked, reading, findings)
        return made
    joiner, tables, findings = _joined(files, words)
    if findings:
        made.refused = diagnose(checked.project, None, findings, checked.language)
        return made
    _plan(made, checked, joiner, reading)
    made.summary = [line for number, of in enumerate(tables) for line in _summary(joiner, number, of)]
    return made


def _false_pillars(reading: MapReading, words: Vocabulary, choice: TableChoice) -> Iterator[Finding]:
    """Pillars that a mapping of one's own names and the plan has not."""
    name = f"{choice.map.stem}.yaml" if choice.map else ""
    for code in sorted(reading.confirmed):
        said = words.map.pillars[code]
        if not words.is_pillar(said):
            yield UNUSABLE_MAP.at(Place(name, ("pillars", code)), "pillar", pillar=said, code=code)


def _on_map(checked: Checked, reading: MapReading, findings: list[Finding]) -> list[Any]:
    """Findings on a mapping, at their lines."""
    located = dict(checked.project.located)
    if source := reading.source:
        for name in {finding.place.path for finding in findings}:
            located[name] = Located(source, lambda: parse_yaml_file(source).spans)
    return place_findings(findings, located, {}, checked.language)


def _joined(files: list[Path], words: Vocabulary) -> tuple[Joiner, list[list[HeadedTable]], list[Finding]]:
    """The rows of all files, and what of them cannot be read."""
    joiner, names, read, findings = Joiner(words), HeadNames(words.map), [], []
    for number, file in enumerate(files):
        sheets = read_cells_of(file)
        if isinstance(sheets, Unreadable):
            place = Place(file.name)
            findings.append(UNREADABLE_TABLE.at(place, sheets.variant, file=file.name, **sheets.words))
            continue
        found = [table for sheet in sheets if (table := find_head(file.name, sheet, names))]
        if not found:
            findings.append(UNREADABLE_TABLE.at(Place(file.name), file=file.name))
        for table in found:
            table.prefix = f"{file.name} " if len(files) > 1 else ""
            findings += [UNUSABLE_MAP.at(Place(file.name), head=head) for head in table.private]
        joiner.take(found, number)
        read.append(found)
    joiner.leave_out()
    return joiner, read, findings


def _plan(made: Imported, checked: Checked, joiner: Joiner, reading: MapReading) -> None:
    """The edits that the programs of all tables ask for, tried on the plan."""
    planner = TablePlanner(joiner.words, joiner.measures)
    programs = joiner.programs()
    least = joiner.map.select.least or 0
    open_: list[JoinedProgram] = []
    for program in programs:
        known = planner.found(program) is not None
        if program.amount < least and not known:
            _leave(program, TOO_SMALL)
        elif not joiner.words.pillar(program.code)[0] and not known:
            _leave(program, NO_PILLAR)
            open_.append(program)
        else:
            planner.take(program)
    planner.settle()
    findings = [*joiner.findings, *planner.findings, *_decisions(joiner, planner, open_, reading)]
    if any(finding.rule.severity is Severity.ERROR for finding in findings):
        made.tell(diagnose(checked.project, checked.plan, findings, checked.language))
        return
    made.changes = planner.changes
    try_edits(made, checked, planner.edits, planner.places, findings)


def _leave(program: JoinedProgram, why: Both) -> None:
    for row in program.rows:
        row.why = why


def _decisions(
    joiner: Joiner, planner: TablePlanner, open_: list[JoinedProgram], reading: MapReading
) -> Iterator[Finding]:
    """What the tables leave to people."""
    file = joiner.rows[0].table.file if joiner.rows else ""
    by_affair: dict[str, list[JoinedProgram]] = {}
    for program in open_:
        by_affair.setdefault(".".join(program.code.split(".")[:2]) or "–", []).append(program)
    for affair, programs in sorted(by_affair.items()):
        amount = shown(sum((one.amount for one in programs), Decimal(0)))
        yield TO_DECIDE.at(Place(file), count=len(programs), affair=affair, amount=amount)
    guessed = [(joiner.words.pillar(one.code), one) for one in planner.new]
    counted = Counter(
        f"{begin} → {'/'.join(part for part in (pillar, sub) if part)}"
        for (pillar, sub, begin), _ in guessed
        if begin not in reading.confirmed
    )
    if counted:
        guesses = "; ".join(f"{guess} ({times})" for guess, times in sorted(counted.items())[: 2 * _NAMED])
        yield TO_DECIDE.at(Place(file), "guess", count=counted.total(), guesses=guesses)
    yield from _twice(joiner)
    yield from _missed(joiner, file)
    if len(planner.new) > MANY:
        yield TO_DECIDE.at(Place(file), "many", count=len(planner.new))


def _missed(joiner: Joiner, file: str) -> Iterator[Finding]:
    """Agencies that were asked for and that no row names."""
    offices = joiner.words.offices
    known = ", ".join([one.name for one in offices.values()][:_NAMED])
    for name in joiner.map.select.agencies if joiner.rows else ():
        if not joiner.words.chosen([name]) & set(offices):
            yield UNUSABLE_MAP.at(Place(file), "agency_wanted", name=name, known=known)


def _twice(joiner: Joiner) -> Iterator[Finding]:
    """Codes whose money two files tell."""
    found: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    for row in joiner.rows:
        for money in row.money if row.why is None else ():
            if money.other:
                key = row.table.file, money.other
                found.setdefault(key, []).append((f"{row.office.key} {row.code or row.title}", money.amount))
    for (name, other), pairs in found.items():
        amount = shown(sum((one for _, one in pairs), Decimal(0)))
        codes = len({code for code, _ in pairs})
        yield TO_DECIDE.at(Place(name), "twice", count=codes, file=name, other=other, amount=amount)


# --- the report


def _summary(joiner: Joiner, number: int, tables: list[HeadedTable]) -> Iterator[Both]:
    """Where the rows and the money of a file have gone."""
    rows = [row for row in joiner.rows if row.file == number]
    left: dict[Both, list[ReadRow]] = {}
    lost: dict[Both, Decimal] = {}
    taken = total = Decimal(0)
    for row in rows:
        if row.why is not None:
            left.setdefault(row.why, []).append(row)
        for money in row.money:
            total += money.amount
            why = row.why or money.why
            if why is None:
                taken += money.amount
            else:
                lost[why] = lost.get(why, Decimal(0)) + money.amount
    kept = sum(row.why is None for row in rows)
    name = tables[0].file if tables else "–"
    yield Both(
        f"{name}: {len(rows)} baris, {shown(total)}; diambil {kept} baris, {shown(taken)}",
        f"{name}: {len(rows)} rows, {shown(total)}; taken {kept} rows, {shown(taken)}",
    )
    for why in dict.fromkeys([*left, *lost]):
        count, amount = len(left.get(why, ())), shown(lost.get(why, Decimal(0)))
        rows_ = Both(f"{count} baris, ", f"{count} rows, ") if count else Both("", "")
        yield Both(
            f"  tidak diambil: {why.id}: {rows_.id}{amount}", f"  left out: {why.en}: {rows_.en}{amount}"
        )
    if joiner.totals[number]:
        yield Both(
            f"  baris jumlah, tidak dihitung lagi: {joiner.totals[number]}",
            f"  rows that sum up others, not counted again: {joiner.totals[number]}",
        )
    others = list(dict.fromkeys(head for table in tables for head in table.others))
    if others:
        said = ", ".join(others[: 4 * _NAMED]) + (" …" if len(others) > 4 * _NAMED else "")
        yield Both(f"  kolom yang tidak diambil: {said}", f"  columns that are not taken: {said}")
