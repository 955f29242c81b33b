"""Who must act: how complete each agency's share of each pillar is, and what each agency must do next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from typing import Any, NamedTuple

from masterplan_cli import schema
from masterplan_cli.diagnostics import SEVERITY_WORDS, Diagnostic, Severity
from masterplan_cli.messages import Both, Language
from masterplan_cli.nodes import Agency, Chapter, Pillar, Program
from masterplan_cli.parts import DUTY, FACET, PILLAR, PROGRAM, Duty, Facet, Part, facets
from masterplan_cli.plan import Plan, Role
from masterplan_cli.rules import severities
from masterplan_cli.source import Route
from masterplan_cli.suggestions import suggest

Named = Agency | Pillar | Program | Chapter
_INCOMPLETE = Both("belum lengkap: {label}", "still missing: {label}")
_PLACEHOLDER = "MP503"
_NO_TERM = Both("", "")


class Level(StrEnum):
    """How urgent a task is, the most urgent first."""

    ERROR = "error"
    WARNING = "warning"
    GAP = "gap"

    def word(self, language: Language) -> str:
        return _WORDS[self].of(language)


_WORDS = {
    Level.ERROR: SEVERITY_WORDS[Severity.ERROR],
    Level.WARNING: SEVERITY_WORDS[Severity.WARNING],
    Level.GAP: Both("belum lengkap", "missing"),
}
_RANK = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True)
class Task:
    """One thing to do: a finding, or a part that is not given yet. `node` is what it is about."""

    level: Level
    agency: Agency | None
    pillar: Pillar | None
    node: Named | None
    code: str
    message: str
    help: str
    path: str
    line: int | None
    label: str = ""
    #: How many findings it stands for.
    count: int = 1


@dataclass(frozen=True)
class Share:
    """How many of the parts asked for are done."""

    done: int
    asked: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means everything; None when nothing is asked."""
        return self.done * 100 // self.asked if self.asked else None


def total(shares: Iterable[Share]) -> Share:
    """The sum of shares."""
    listed = list(shares)
    return Share(sum(s.done for s in listed), sum(s.asked for s in listed))


class Cell(NamedTuple):
    """An agency's share of a pillar, and its role there."""

    share: Share
    role: Role | None

    @property
    def marks(self) -> str:
        """The marks of the participation matrix: P owns the pillar, U owns programs in it."""
        owner, programs = (self.role.owner, self.role.programs) if self.role else (False, 0)
        return ("P" if owner else "") + ("U" if programs else "")


@dataclass(frozen=True)
class Row:
    """One agency (None: what nobody answers for): its share of each pillar and its tasks, most urgent first."""

    agency: Agency | None
    cells: list[Cell]
    _list: Callable[[], list[Task]] = field(repr=False, compare=False)

    @cached_property
    def tasks(self) -> list[Task]:
        return self._list()

    @property
    def share(self) -> Share:
        return total(cell.share for cell in self.cells)

    def count(self, level: Level) -> int:
        return sum(task.count for task in self.tasks if task.level is level)

    @property
    def urgency(self) -> tuple[object, ...]:
        """Sorts the most urgent row first, and what nobody answers for last."""
        return (self.agency is None, *(-self.count(level) for level in Level))


@dataclass(frozen=True)
class Work:
    """The whole plan's rows, in the order of the register."""

    plan: Plan
    rows: list[Row]

    @property
    def totals(self) -> list[Share]:
        """The share of each pillar, over all agencies."""
        return [total(row.cells[index].share for row in self.rows) for index in range(len(self.plan.pillars))]

    @property
    def total(self) -> Share:
        return total(row.share for row in self.rows)

    @property
    def urgent(self) -> list[Row]:
        """The rows that have tasks, most urgent first."""
        return sorted((row for row in self.rows if row.tasks), key=lambda row: row.urgency)

    def row_of(self, agency: Agency) -> Row | None:
        """What an agency has done and must do."""
        return next((row for row in self.rows if row.agency is agency), None)

    def by_pillar(self, row: Row) -> list[tuple[Pillar | None, int]]:
        """How many of a row's tasks belong to each pillar; None: to no single one."""
        counts: Counter[str | None] = Counter()
        for task in row.tasks:
            counts[task.pillar.id if task.pillar else None] += task.count
        pillars: list[Pillar | None] = [*self.plan.pillars, None]
        listed = [(pillar, counts[pillar.id if pillar else None]) for pillar in pillars]
        return [(pillar, count) for pillar, count in listed if count]


def assess(plan: Plan, diagnostics: list[Diagnostic], language: Language) -> Work:
    """Everything that agencies owe the plan, from its parts and from what `masterplan check` found."""
    judge = _Judge(plan, diagnostics)
    judge.judge()
    tasks = _Tasks(plan, diagnostics, judge.gaps, language)
    owners: list[Agency | None] = [*plan.agency_list, None]
    rows = [Row(agency, _cells(plan, agency, judge.counts), partial(tasks.of, agency)) for agency in owners]
    return Work(plan, [row for row in rows if row.agency or row.share.asked or tasks.any_of(None)])


def _cells(
    plan: Plan, agency: Agency | None, counts: Mapping[tuple[Agency | None, Pillar], list[int]]
) -> list[Cell]:
    """An agency's share of every pillar."""
    shares = [Share(*counts.get((agency, pillar), (0, 0))) for pillar in plan.pillars]
    roles = [plan.cell(agency, pillar) if agency else None for pillar in plan.pillars]
    return [Cell(share, role) for share, role in zip(shares, roles, strict=True)]


@dataclass
class _Tasks:
    """The tasks of every agency, listed once somebody asks for those of one."""

    plan: Plan
    diagnostics: list[Diagnostic]
    gaps: list[Item]
    language: Language

    def any_of(self, agency: Agency | None) -> bool:
        """Whether there is a task of an agency, without listing them all."""
        agencies = self.plan.agencies
        return any(agencies.get(found.agency or "") is agency for found in self.diagnostics) or any(
            item.agency is agency for item in self.gaps
        )

    def of(self, agency: Agency | None) -> list[Task]:
        return self._by_agency.get(agency, [])

    @cached_property
    def _by_agency(self) -> dict[Agency | None, list[Task]]:
        tasks = [_finding(self.plan, found) for found in self.diagnostics]
        tasks += [_gap(item, self.language) for item in self.gaps]
        groups: dict[Agency | None, list[Task]] = defaultdict(list)
        for task in sorted(tasks, key=lambda task: _urgency(self.plan, task)):
            groups[task.agency].append(task)
        return groups


class Item(NamedTuple):
    """A part as it was judged."""

    part: Part[Any]
    node: Agency | Pillar | Program
    agency: Agency | None
    pillar: Pillar
    term: Both
    id: str
    done: bool
    named: bool


@dataclass
class _Asked:
    """A part and what it is asked of."""

    part: Part[Any]
    subject: Any
    pillar: Pillar
    term: Both = _NO_TERM
    id: str = ""


@dataclass
class _Judge:
    """Tells for every part that is asked whether it is done, and whether a finding names its absence."""

    plan: Plan
    diagnostics: list[Diagnostic]
    found: dict[str, list[Diagnostic]] = field(default_factory=lambda: defaultdict(list))
    #: How many parts of a pillar are done by an agency, and how many it is asked for.
    counts: dict[tuple[Agency | None, Pillar], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    #: What is not done and named by no finding.
    gaps: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        for diagnostic in self.diagnostics:
            self.found[diagnostic.path].append(diagnostic)
        self.off = {code for code, severity in severities(self.plan).items() if severity is Severity.OFF}

    def judge(self) -> None:
        """Count what is done, and find the gaps."""
        for item in [*self._duties(), *self._pillars(), *self._programs()]:
            count = self.counts[item.agency, item.pillar]
            count[0] += item.done
            count[1] += 1
            if not (item.done or item.named):
                self.gaps.append(item)

    def _duties(self) -> Iterator[Item]:
        pillars = self.plan.pillars
        for agency in self.plan.agency_list:
            duties = [
                _Asked(part, Duty(agency, pillar), pillar, Both(pillar.title, pillar.title), pillar.id)
                for pillar in pillars
                for part in DUTY
            ]
            yield from self._node(agency, duties)

    def _pillars(self) -> Iterator[Item]:
        for pillar in self.plan.pillars:
            own = [_Asked(part, pillar, pillar) for part in PILLAR]
            asked = [
                _Asked(part, Facet(pillar, term), pillar, Both(term.name.id, term.name.en), term.id)
                for term in facets(pillar)
                for part in FACET
            ]
            yield from self._node(pillar, own + asked)

    def _programs(self) -> Iterator[Item]:
        for program in self.plan.programs:
            yield from self._node(program, [_Asked(part, program, program.pillar) for part in PROGRAM])

    def _agency(self, node: Agency | Pillar | Program) -> Agency | None:
        return self.plan.agencies.get(self.plan.responsible(node.path) or "")

    def _node(self, node: Agency | Pillar | Program, listed: list[_Asked]) -> Iterator[Item]:
        """The parts of one file that are asked."""
        asked = [a for a in listed if a.part.asked(self.plan, a.subject) and not self._waived(a.part)]
        found = [(f, self._route(node, f)) for f in self.found.get(node.path, ())]
        spoilt = {id(one) for f, route in found if _spoils(f) for one in _spoilt(asked, f, route)}
        agency = self._agency(node)
        for one in asked:
            done = id(one) not in spoilt and bool(one.part.given(self.plan, one.subject))
            named = not done and (node.broken or id(one) in spoilt or self._named(one, found))
            yield Item(one.part, node, agency, one.pillar, one.term, one.id, done, named)

    def _waived(self, part: Part[Any]) -> bool:
        return bool(part.codes) and self.off.issuperset(part.codes)

    def _named(self, asked: _Asked, found: list[tuple[Diagnostic, Route]]) -> bool:
        part = asked.part
        return bool(part.explained(self.plan, asked.subject)) or any(
            f.code in part.codes or (_spoils(f) and any(_below(route, r) for r in part.routes))
            for f, route in found
        )

    def _route(self, node: Agency | Pillar | Program, found: Diagnostic) -> Route:
        """Where a finding points; a misspelt field points at the field that is meant."""
        if found.code != schema.UNKNOWN_FIELD.code or not found.route:
            return found.route
        *parents, key = found.route
        meant = suggest(str(key), schema.fields_at(type(node.data), tuple(parents)))
        return (*parents, meant or key)


def _spoils(found: Diagnostic) -> bool:
    return found.severity is Severity.ERROR or found.code == _PLACEHOLDER


def _below(route: Route, pattern: Route) -> bool:
    return len(route) >= len(pattern) and all(
        step in ("*", name) for step, name in zip(pattern, route, strict=False)
    )


def _spoilt(asked: list[_Asked], found: Diagnostic, route: Route) -> list[_Asked]:
    """The parts that an error spoils: the one whose route comes closest to it, or those whose lines hold it.

    One that stands for errors which are not told may stand for some anywhere in its file.
    """
    if found.count > 1:
        return asked
    if not route:
        return [one for one in asked if found.span.line in one.part.lines(one.subject)]
    above = [
        (len(pattern), one)
        for one in asked
        for pattern in one.part.routes
        if one.part.strict and _below(route, pattern)
    ]
    return [max(above, key=lambda pair: pair[0])[1]] if above else []


def _finding(plan: Plan, found: Diagnostic) -> Task:
    node = plan.by_path.get(found.path)
    return Task(
        Level(found.severity),
        plan.agencies.get(found.agency or ""),
        _pillar(plan, node, found.route),
        node,
        found.code,
        found.message,
        found.help,
        found.path,
        found.span.line,
        count=found.count,
    )


def _pillar(plan: Plan, node: Named | None, route: Route) -> Pillar | None:
    if isinstance(node, Pillar):
        return node
    if isinstance(node, Program):
        return node.pillar
    inside = route[1] if isinstance(node, Agency) and route[:1] == ("duties",) and len(route) > 1 else ""
    return next((pillar for pillar in plan.pillars if pillar.id == inside), None)


def _gap(item: Item, language: Language) -> Task:
    words = {"name": item.term.of(language), "id": item.id}
    label = item.part.label.of(language).format(**words)
    return Task(
        Level.GAP,
        item.agency,
        item.pillar,
        item.node,
        "",
        _INCOMPLETE.of(language).format(label=label),
        item.part.fix.of(language).format(**words),
        item.node.path,
        None,
        label,
    )


def _urgency(plan: Plan, task: Task) -> tuple[object, ...]:
    """Errors, warnings, gaps; in each the quick wins first, then what starts soonest.

    What is no program, or has no period yet, counts from the plan's first year: it is needed from the start.
    """
    program = task.node if isinstance(task.node, Program) else None
    start = program.period.first if program and program.period else plan.settings.period.first
    quick = bool(program and program.quick_win)
    return (_RANK[task.level], not quick, start, task.path, task.line or 0)
