"""From joined programs to edits of a plan: new files, and what an earlier import wrote brought up to date.

A budget line is the import's own while its note begins with the label of the mapping; whatever else people wrote stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from typing import Any

from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.edits import Edit, Given, InsertItem, NewFile, RemoveValue, SetValue
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.importing import LONGEST_ID, Changed, program_stem
from masterplan_cli.messages import Both, Language
from masterplan_cli.nodes import Program
from masterplan_cli.project import ID
from masterplan_cli.rules.imports import JOINT_FUNDS, NOT_TAKEN, TO_DECIDE
from masterplan_cli.schema import STATUS
from masterplan_cli.schema.types import SEVERITY
from masterplan_cli.source import Route
from masterplan_cli.tables import cells as reading
from masterplan_cli.tables.measures import MeasureReader
from masterplan_cli.tables.rows import FundedLine, JoinedProgram, Measured, shown
from masterplan_cli.tables.vocabulary import Office, Vocabulary
from masterplan_cli.values import Period, grouped, rupiah, slug

#: Amounts of two dots or more.
_GROUPED = 10**6
#: With more new programs than a masterplan holds, or so many agencies, what no table tells is not asked one by one.
MANY, _MANY_AGENCIES = 60, 20


@dataclass
class ImportedLine:
    """A budget line as a plan is to say it."""

    year: int
    amount: int
    source: str
    note: str
    place: str

    @property
    def value(self) -> dict[str, Given]:
        return {"year": self.year, "amount": _written(self.amount), "source": self.source, "note": self.note}


@dataclass
class TablePlanner:
    """Makes the edits for programs one by one, and keeps the places in the tables that their values come from."""

    words: Vocabulary
    measures: MeasureReader
    edits: list[Edit] = field(default_factory=list)
    places: dict[tuple[str, Route], str] = field(default_factory=dict)
    changes: list[Changed] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    new: list[JoinedProgram] = field(default_factory=list)
    new_agencies: int = 0

    def __post_init__(self) -> None:
        self.plan = self.words.plan
        self._paths = {path.rpartition(".")[0] for path in self.plan.by_path}
        self._ids = set(self.plan.agencies)
        self._shorts = {slug(agency.short) for agency in self.plan.agency_list}
        self._by_code: dict[tuple[str, str], Program] = {}
        self._by_title: dict[tuple[str, str], Program] = {}
        for program in self.plan.programs:
            owner = program.owner.id if program.owner else ""
            for code in program.data.codes:
                self._by_code.setdefault((owner, code.code), program)
            self._by_title.setdefault((owner, slug(program.title)), program)

    def take(self, program: JoinedProgram) -> None:
        """Bring a program into the plan, or up to date there."""
        there = self.found(program)
        lines = [self._line(program, line) for _, line in sorted(program.lines.items())]
        measures = list(self.measures.settled(program, self.plan.language))
        if there is None:
            self._make(program, lines, measures)
        else:
            self._update_budget(program, there, lines)
            self._update_measures(there, measures)

    def found(self, program: JoinedProgram) -> Program | None:
        """The plan's program for a code or, without one, a title of the same office."""
        owner = program.office.id
        if not owner:
            return None
        there = self._by_code.get((owner, program.code)) if program.code else None
        if there is None:
            titled = self._by_title.get((owner, slug(program.title)))
            there = titled if titled and not (program.code and titled.data.codes) else None
        return there

    def _note(self, path: str, route: Route, place: str) -> None:
        self.places.setdefault((path, route), place)

    # --- money

    def _line(self, program: JoinedProgram, line: FundedLine) -> ImportedLine:
        """A budget line; several funds with one amount stay one line of the region's own budget."""
        file, label = program.rows[0].table.file, self.words.map.label
        funds = "; ".join(" ".join(part for part in fund if part) for fund in line.funds)
        sources = dict.fromkeys(self.words.fund(*fund) for fund in line.funds)
        source = next(iter(sources), "") or self.words.own_budget
        if len(line.funds) > 1:
            source = source if len(sources) == 1 else self.words.own_budget
            told: dict[str, Any] = {"cell": line.place, "funds": funds, "source": source}
            self.findings.append(JOINT_FUNDS.at(Place(file), **told))
        elif line.funds and "" in sources:
            told = {"funds": funds, "source": source}
            self.findings.append(TO_DECIDE.at(Place(file), "fund", **told))
        amount = int(line.amount.quantize(Decimal(1), ROUND_HALF_UP))
        if amount != line.amount:
            told = {"cell": line.place, "sum": shown(line.amount)}
            self.findings.append(NOT_TAKEN.at(Place(file), "rounded", **told))
        return ImportedLine(line.year, amount, source, f"{label}: {funds}" if funds else label, line.place)

    def _is_own(self, note: str | None) -> bool:
        """Whether a budget line is the import's."""
        label = self.words.map.label
        return note is not None and (note == label or note.startswith(f"{label}: "))

    def _update_budget(self, program: JoinedProgram, there: Program, lines: list[ImportedLine]) -> None:
        """Let the import's own lines of these years say what the table says."""
        budget = there.data.budget
        wanted = {(line.year, line.note): line for line in lines}
        years = {line.year for line in lines}
        removed: list[int] = []
        for at, line in enumerate(budget):
            if line.year not in years or not self._is_own(line.note):
                continue
            now = wanted.pop((line.year, line.note or ""), None)
            route = there.at("budget", at).route
            if now is None:
                removed.append(at)
                self._changed(there, line.year, "", rupiah(line.amount), "")
            elif now.amount != line.amount:
                self._set_amount(there, (*route, "amount"), now, line.amount)
        kept = {line.year for line in budget if line.year in years and not self._is_own(line.note)}
        for year in sorted(kept & {year for year, _ in wanted}):
            self._tell_difference(program, there, year, lines)
        new = [line for (year, _), line in wanted.items() if year not in kept]
        self._move_lines(there, removed, new)
        self._lengthen(there, new)

    def _set_amount(self, there: Program, route: Route, line: ImportedLine, before: int) -> None:
        self.edits.append(SetValue(there.path, route, _written(line.amount)))
        self._note(there.path, route, line.place)
        self._changed(there, line.year, line.place, rupiah(before), rupiah(line.amount))

    def _move_lines(self, there: Program, removed: list[int], new: list[ImportedLine]) -> None:
        written = there.value.get("budget")
        size = len(written) if isinstance(written, list) else 0
        for at in sorted((there.at("budget", at).route[-1] for at in removed), key=int, reverse=True):
            self.edits.append(RemoveValue(there.path, ("budget", at)))
        for at, line in enumerate(new, size - len(removed)):
            self.edits.append(InsertItem(there.path, ("budget", at), line.value))
            self._note(there.path, ("budget", at), line.place)
            self._changed(there, line.year, line.place, "", rupiah(line.amount))

    def _lengthen(self, there: Program, new: list[ImportedLine]) -> None:
        """Let a program that says its period go on into the years that have money now."""
        period = there.data.period
        years = {line.year for line in new}
        if period is None or period.last is None or all(year in period for year in years):
            return
        longer = _period({*years, period.first, period.last})
        self.edits.append(SetValue(there.path, ("period",), longer))
        place = next(line.place for line in new if line.year not in period)
        self._note(there.path, ("period",), place)
        about = Both(f"{there.title}: periode", f"{there.title}: period")
        self.changes.append(Changed(place, about, str(period), str(longer)))

    def _changed(self, there: Program, year: int, place: str, before: str, after: str) -> None:
        about = Both(f"{there.title}: anggaran {year}", f"{there.title}: budget of {year}")
        self.changes.append(Changed(place or there.path, about, before, after))

    def _tell_difference(
        self, program: JoinedProgram, there: Program, year: int, lines: list[ImportedLine]
    ) -> None:
        """Say where people's own lines of a year come to another sum than the table's."""
        said = sum(line.amount for line in there.data.budget if line.year == year)
        table = [line for line in lines if line.year == year]
        if said != (amount := sum(line.amount for line in table)):
            words: dict[str, Any] = {
                "cell": table[0].place,
                "table": rupiah(amount),
                "plan": rupiah(said),
                "file": there.path,
            }
            self.findings.append(NOT_TAKEN.at(Place(program.rows[0].table.file), "differs", **words))

    # --- measures

    def _update_measures(
        self, there: Program, measures: Iterable[tuple[Measured, dict[int, Decimal]]]
    ) -> None:
        """Add indicators and targets that the plan has not; what it says stays."""
        named = {slug(one.name): (at, one) for at, one in enumerate(there.data.indicators)}
        written = there.value.get("indicators")
        size = len(written) if isinstance(written, list) else 0
        for measure, targets in measures:
            known = named.get(slug(measure.name))
            if known is None:
                route: Route = ("indicators", size)
                self.edits.append(InsertItem(there.path, route, _indicator(measure, targets)))
                self._note(there.path, route, measure.place)
                self.changes.append(Changed(measure.place, self._about(there, measure), "", measure.unit))
                size += 1
                continue
            at, indicator = known
            for year, value in targets.items():
                self._update_target(there, at, measure, year, (indicator.targets.get(year), value))

    def _about(self, there: Program, measure: Measured) -> Both:
        return Both(f"{there.title}: indikator {measure.name}", f"{there.title}: indicator {measure.name}")

    def _update_target(
        self, there: Program, at: int, measure: Measured, year: int, values: tuple[Decimal | None, Decimal]
    ) -> None:
        said, value = values
        place = next(iter(measure.targets[year].values()))
        figures = [grouped(one, self.plan.language) if one is not None else "" for one in values]
        if said is None:
            route = (*there.at("indicators", at).route, "targets", str(year))
            self.edits.append(SetValue(there.path, route, value))
            self._note(there.path, route, place)
            about = Both(f"{measure.name}: target {year}", f"{measure.name}: target of {year}")
            self.changes.append(Changed(place, about, "", figures[1]))
        elif said != value:
            words: dict[str, Any] = {
                "cell": place,
                "table": figures[1],
                "plan": figures[0],
                "file": there.path,
            }
            self.findings.append(
                NOT_TAKEN.at(Place(there.path, there.at("indicators", at).route), "differs", **words)
            )

    # --- new files

    def _make(
        self,
        program: JoinedProgram,
        lines: list[ImportedLine],
        measures: list[tuple[Measured, dict[int, Decimal]]],
    ) -> None:
        """A new file for a program, with its agency where the plan has none."""
        pillar, sub, _ = self.words.pillar(program.code)
        owner = self._owner(program)
        path = self._path(program, pillar)
        value: dict[str, Any] = {
            "title": self._title(program),
            "subdimension": sub,
            "owner": owner,
            "status": STATUS.label("draft", self.plan.language),
            "period": _period({line.year for line in lines}),
            "goals": list(program.goals),
            "beneficiaries": list(program.beneficiaries.values()),
            "indicators": [_indicator(*one) for one in measures],
            "budget": [line.value for line in lines],
            "codes": self._codes(program),
        }
        self.edits.append(NewFile(path, {key: said for key, said in value.items() if said}))
        self.new.append(program)
        self._note(path, (), program.place)
        for at, (measure, _) in enumerate(measures):
            self._note(path, ("indicators", at), measure.place)
        for at, line in enumerate(lines):
            self._note(path, ("budget", at), line.place)
        about = f"{self._title(program)} ({program.office.name})"
        self.changes.append(Changed(program.place, Both(about, about), "", path, new=True))

    def _title(self, program: JoinedProgram) -> str:
        """The title of a program; how a list writes it stands beside its code."""
        if not self.words.map.sentence_case:
            return program.title
        return reading.sentence(program.title, self.words.map.abbreviations)

    def _codes(self, program: JoinedProgram) -> list[dict[str, str]]:
        """The code of the chosen level, which only means something in a nomenclature."""
        nomenclature = self.words.map.nomenclature
        if not program.code or not nomenclature:
            return []
        return [{"code": program.code, "nomenclature": nomenclature, "title": program.title}]

    def _path(self, program: JoinedProgram, pillar: str) -> str:
        """A path that no other file has; programs of one title are told apart by their owners."""
        stem = program_stem(slug(program.title).removeprefix("program-"))
        apart = f"{stem[: LONGEST_ID - len(program.office.id) - 1].strip('-')}-{program.office.id}"
        name = next(one for one in _names(stem, apart) if f"pillars/{pillar}/{one}" not in self._paths)
        self._paths.add(f"pillars/{pillar}/{name}")
        return f"pillars/{pillar}/{name}.md"

    def _owner(self, program: JoinedProgram) -> str:
        """The id of an office; one that the plan has not becomes a file of it."""
        office = program.office
        if office.id:
            return office.id
        short = self.words.short_of(office.name)
        short = "" if slug(short) in self._shorts else short
        self._shorts.add(slug(short))
        office.id = self._agency_id(office, short)
        path = f"agencies/{office.id}.yaml"
        value = {
            "name": office.name,
            "short": short,
            "kind": self.words.kind_of(office.name),
            "status": STATUS.label("draft", self.plan.language),
            "affairs": office.affairs,
        }
        self.edits.append(NewFile(path, {key: said for key, said in value.items() if said}))
        self.new_agencies += 1
        place = program.rows[0].place("agency")
        self._note(path, (), place)
        self.changes.append(Changed(place, Both(office.name, office.name), "", path, new=True))
        return office.id

    def _agency_id(self, office: Office, short: str) -> str:
        stem, full = slug(short), slug(office.name)[:LONGEST_ID].strip("-")
        stem = stem if ID.fullmatch(stem) else full if ID.fullmatch(full) else "perangkat-daerah"
        full = full if ID.fullmatch(full) else stem
        id_ = next(one for one in _names(stem, full) if one not in self._ids)
        self._ids.add(id_)
        return id_

    # --- the plan's own file

    def settle(self) -> None:
        """List the units and sources of funds that came with the tables."""
        for key, names in (("units", self.words.new_units), ("funding_sources", self.words.new_sources)):
            self._list(key, list(names))
        label = self.words.map.label
        if count_ := sum(not self.words.pillar(one.code)[1] for one in self.new):
            self._relax(
                "MP111",
                "warning",
                Both(
                    f"Subdimensi {count_} program dari {label} belum ditetapkan.",
                    f"The sub-dimensions of {count_} programs from {label} are not decided yet.",
                ),
            )
        measured = sum(bool(one.measures) for one in self.new)
        for code, count_, what in (
            ("MP401", len(self.new) - measured, Both("indikator", "indicators")),
            ("MP402", measured, Both("nilai awal", "baselines")),
            ("MP501", len(self.new), Both("narasi", "texts")),
        ):
            if count_ > MANY:
                self._relax(
                    code, "off", Both(f"{label} tidak memuat {what.id}.", f"{label} has no {what.en}.")
                )
        if self.new_agencies > _MANY_AGENCIES:
            self._relax(
                "MP107",
                "off",
                Both(f"{label} tidak memuat tugas per pilar.", f"{label} has no duties in pillars."),
            )

    def _relax(self, code: str, severity: str, reason: Both) -> None:
        """Change how grave a rule is, unless the plan says so itself."""
        if code in self.plan.settings.rules:
            return
        language = self.plan.language
        value = {"severity": SEVERITY.label(severity, language), "reason": reason.of(language)}
        self.edits.append(SetValue(PLAN_FILE, ("rules", code), value))
        about = Both(f"aturan {code}", f"rule {code}")
        self.changes.append(Changed(PLAN_FILE, about, "", f"{value['severity']}: {value['reason']}"))

    def _list(self, key: str, names: list[str]) -> None:
        written = self.plan.root.value.get(key)
        size = len(written) if isinstance(written, list) else 0
        for at, name in enumerate(names, size):
            self.edits.append(InsertItem(PLAN_FILE, (key, at), name))
        if names:
            word = {
                "units": Both("satuan", "units"),
                "funding_sources": Both("sumber dana", "sources of funds"),
            }[key]
            self.changes.append(Changed(PLAN_FILE, word, "", ", ".join(names)))


def _written(amount: int) -> str:
    """An amount as a file says it; a single dot in it would be doubtful."""
    return grouped(amount, Language.ID) if amount >= _GROUPED else str(amount)


def _period(years: set[int]) -> Period | None:
    """The years from the first to the last."""
    return Period(min(years), max(years)) if years else None


def _indicator(measure: Measured, targets: dict[int, Decimal]) -> dict[str, Given]:
    """An indicator as a file says it."""
    value: dict[str, Given] = {"name": measure.name, "unit": measure.unit}
    if measure.baseline:
        said, year = measure.baseline
        value["baseline"] = {"value": said} | ({"year": year} if year else {})
    return value | ({"targets": {str(year): figure for year, figure in targets.items()}} if targets else {})


def _names(stem: str, apart: str) -> Iterator[str]:
    """Names for a file, the best one first."""
    yield stem
    yield apart
    for number in count(2):
        yield f"{apart}-{number}"
