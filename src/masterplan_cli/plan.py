"""The plan: its files as nodes, linked, and every look-up, grouping and total that a document prints."""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel

from masterplan_cli import schema
from masterplan_cli.diagnostics import Place
from masterplan_cli.files import MAX_ASSET_BYTES, PLAN_FILE, digest
from masterplan_cli.looks import Link, States, look, whole
from masterplan_cli.markdown import Prose, parse_prose
from masterplan_cli.messages import Both, Language
from masterplan_cli.project import Known, Project
from masterplan_cli.source import Located, Route
from masterplan_cli.taxonomy import PillarTerm, Taxonomy, Term
from masterplan_cli.values import EFFORT, Choices, Period
from masterplan_cli.yaml_reader import Value

# Most runs examine no picture: what examines them is loaded when one is there.
if TYPE_CHECKING:
    from masterplan_cli.pictures.faults import Fault
    from masterplan_cli.pictures.trial import Trial, Trials

#: Of more files than these, the prose is let go once it was used.
_MANY = 2_000

#: As many characters as a digest has.
_SHORT = 64

#: The names of pictures end so; which kind one is, its content says.
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")

#: The id of the one document that a plan gives without `--book`, and how the id of an agency's excerpt begins.
MASTERPLAN, EXCERPT = "masterplan", "agency-"

Model = TypeVar("Model", bound=BaseModel)
Key = TypeVar("Key")


class Said(NamedTuple, Generic[Model]):
    """The data of a file, typed as far as it is right, and what is wrong with it."""

    data: Model
    shaped: schema.Shaped[Model] | None


class Contents(Generic[Model]):
    """What one file says, read when somebody asks; `facts` are the fields that linking needs, if known before."""

    def __init__(
        self,
        project: Project,
        path: str,
        read: Callable[[], Said[Model]],
        facts: dict[str, Any] | None = None,
    ) -> None:
        self._project, self._path, self._read, self._facts = project, path, read, facts
        self._known = facts is not None
        self._said: Said[Model] | None = None

    @property
    def said(self) -> Said[Model]:
        """The data, typed."""
        if self._said is None:
            self._said = self._read()
        return self._said

    @property
    def value(self) -> dict[str, Value]:
        """The data as it was written."""
        parsed = self._project.parsed.get(self._path)
        return (parsed.value if parsed else None) or {}

    @cached_property
    def prose(self) -> Prose | None:
        parsed = self._project.parsed.get(self._path)
        if parsed is None or parsed.body is None or not parsed.body.strip():
            return None
        return parse_prose(self._project.located[self._path].source, parsed.body, parsed.body_line)

    def rest(self) -> None:
        """Let go of all but the typed data and the text; what is known of the file stands for what it was."""
        prose: Prose | None = self.__dict__.get("prose")
        if prose:
            prose.rest()
        if self._path not in self._project.known and (known := known_of(self._project, self._path, self)):
            self._project.known[self._path] = known
        if self.right:
            self._project.rest(self._path)

    @property
    def facts(self) -> dict[str, Any]:
        """What linking and the rules for the plan as a whole need of the file."""
        if self._facts is None:
            self._facts = facts_of(self.said.data)
        return self._facts

    @property
    def right(self) -> bool:
        """Whether nothing is wrong with the data."""
        return self._known or (self.said.shaped is not None and not self.said.shaped.findings)


def stamps(facts: dict[str, Any]) -> tuple[str, str]:
    """Stand for the facts of a file: all but the budget, and the budget."""
    told = [{key: fact for key, fact in facts.items() if (key == "budget") is own} for own in (False, True)]
    fields, budget = (digest(json.dumps(part).encode("ascii")) for part in told)
    return fields, budget


def known_of(project: Project, path: str, contents: Contents[Any]) -> Known | None:
    """What can be known of a file before it is read, once it was found right."""
    whole = project.digests.get(path)
    if whole is None or not contents.right:
        return None
    return project.known_as(path) or Known(
        whole, *project.parts(path), *stamps(contents.facts), contents.facts
    )


#: The fields of each kind of file that linking needs.
_FACTS: dict[type[BaseModel], tuple[str, ...]] = {
    schema.Agency: ("kind", "name", "short"),
    schema.Chapter: ("part", "title"),
    schema.Pillar: ("owner", "title"),
    schema.Program: ("owner", "supporting", "depends_on", "subdimension", "quick_win", "title", "short"),
}


def facts_of(data: BaseModel) -> dict[str, Any]:
    """The few things of a file that the plan as a whole is linked and judged by, as plain data."""
    facts = {name: getattr(data, name) for name in _FACTS[type(data)]}
    if isinstance(data, schema.Program):
        facts["units"] = [indicator.unit for indicator in data.indicators]
        facts["period"] = data.period and [data.period.first, data.period.last]
        facts["proven"] = bool(data.evidence)
        facts["budget"] = [[line.year, line.amount, line.source] for line in data.budget]
    elif isinstance(data, schema.Chapter):
        facts["order"] = str(data.order)
    elif isinstance(data, schema.Pillar):
        facts["units"] = [indicator.unit for goal in data.goals for indicator in goal.indicators]
    return facts


@dataclass(eq=False, repr=False)
class Node(Generic[Model]):
    """One file of the plan: what it says, as far as it could be read, and the way back to its places."""

    id: str
    path: str
    _contents: Contents[Model]

    def __repr__(self) -> str:
        """A template that prints the node as a whole prints the same each time."""
        return f"<{type(self).__name__} {self.path}>"

    @property
    def data(self) -> Model:
        look("d", self.path)
        return self._contents.said.data

    @property
    def value(self) -> dict[str, Value]:
        look("d", self.path)
        return self._contents.value

    @property
    def shaped(self) -> schema.Shaped[Model] | None:
        look("d", self.path)
        return self._contents.said.shaped

    @property
    def prose(self) -> Prose | None:
        look("p", self.path)
        return self._contents.prose

    def fact(self, name: str) -> Any:
        """One of the things that the plan as a whole needs, for which the file need not be read again."""
        look("b" if name == "budget" else "k", self.path)
        return self._contents.facts[name]

    @property
    def facts(self) -> dict[str, Any]:
        """All of these things."""
        look("k", self.path)
        look("b", self.path)
        return self._contents.facts

    @property
    def right(self) -> bool:
        """Whether nothing is wrong with the data of the file."""
        look("d", self.path)
        return self._contents.right

    def rest(self) -> None:
        """Let go of what takes much room until somebody asks for it again."""
        self._contents.rest()

    @property
    def contents(self) -> Contents[Model]:
        """All that the file says."""
        look("d", self.path)
        look("p", self.path)
        return self._contents

    @property
    def linked(self) -> tuple[object, ...]:
        """What the node is linked to, as plain data."""
        return ()

    @property
    def broken(self) -> bool:
        """Whether the file could not be read at all; `data` then only stands in for it."""
        return self.shaped is None

    def wrote(self, key: str) -> bool:
        """Whether the file says something for a field, right or wrong; a broken file may have."""
        misspelt = self.shaped is not None and (key,) in self.shaped.meant
        return self.broken or misspelt or self.value.get(key) is not None

    def spoiled(self, *route: str | int) -> bool:
        """Whether what was written at a route has a finding of its own, so that its absence needs none."""
        if self.right:
            return False
        return self.shaped is None or self.shaped.written(route) in self._spoiled

    @cached_property
    def _spoiled(self) -> set[Route]:
        """The routes of all that has a finding or was misspelt, and of all that holds such a thing."""
        if self.shaped is None:
            return set()
        routes = [*(finding.place.route for finding in self.shaped.findings), *self.shaped.meant]
        return {route[:depth] for route in routes for depth in range(len(route) + 1)}

    def as_written(self, *route: str | int) -> Value:
        """What the file says at a route of the node, right or wrong; None where it says nothing."""
        value: Value = self.value
        for step in self.shaped.written(route) if self.shaped else route:
            if isinstance(value, dict):
                value = value.get(str(step))
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def at(self, *route: str | int, part: str = "value") -> Place:
        """The place of a field of this node."""
        return Place(self.path, self.shaped.written(route) if self.shaped else (), part)


class Root(Node[schema.Masterplan]):
    """The plan's own file."""

    def rest(self) -> None:
        """It is one, and asked all the time."""


@dataclass(eq=False, repr=False)
class Agency(Node[schema.Agency]):
    """A perangkat daerah, with what it owns and supports."""

    owned = Link[list["Program"]](list)
    supported = Link[list["Program"]](list)
    pillars = Link[list["Pillar"]](list)

    @property
    def linked(self) -> tuple[object, ...]:
        return ids(self.owned), ids(self.supported), ids(self.pillars)

    @property
    def name(self) -> str:
        name: str = self.fact("name")
        return name

    @property
    def short(self) -> str:
        return self.fact("short") or self.name

    def duty(self, pillar: Pillar) -> str | None:
        return self.data.duties.get(pillar.id)

    @property
    def anchor(self) -> str:
        return f"agency/{self.id}"

    title = name


@dataclass(eq=False, repr=False)
class Program(Node[schema.Program]):
    """A program, with its agencies and the programs it needs and serves, all linked."""

    pillar: Pillar
    owner = Link["Agency | None"](lambda: None)
    supporting = Link[list["Agency"]](list)
    depends_on = Link[list["Program"]](list)
    needed_by = Link[list["Program"]](list)

    @property
    def linked(self) -> tuple[object, ...]:
        owner = self.owner.id if self.owner else None
        return owner, ids(self.supporting), ids(self.depends_on), ids(self.needed_by)

    @property
    def title(self) -> str:
        title: str = self.fact("title")
        return title

    @property
    def anchor(self) -> str:
        return self.id

    @property
    def period(self) -> Period | None:
        years = self.fact("period")
        return Period(*years) if years else None

    @property
    def short(self) -> str | None:
        short: str | None = self.fact("short")
        return short

    @property
    def quick_win(self) -> bool:
        return bool(self.fact("quick_win"))

    @property
    def proven(self) -> bool:
        """Whether there is any evidence."""
        return bool(self.fact("proven"))

    @property
    def subdimension(self) -> Term | None:
        return self.pillar.term.subdimension(self.fact("subdimension") or "") if self.pillar.term else None

    @property
    def total(self) -> int:
        return sum(amount for _, amount, _ in self.fact("budget"))

    def runs_in(self, period: Period) -> bool:
        """Whether it runs in some year of a period."""
        return self.period is not None and not set(period.years).isdisjoint(self.period.years)

    @property
    def measures(self) -> list[Measure]:
        """What the program is measured by."""
        return [Measure(one, self, self, ("indicators", i)) for i, one in enumerate(self.data.indicators)]


@dataclass(eq=False, repr=False)
class Pillar(Node[schema.Pillar]):
    """A pillar, with its owner and its programs in the order of the sub-dimensions."""

    term: PillarTerm | None
    language: Language
    _exists: bool = True
    owner = Link["Agency | None"](lambda: None)
    programs = Link[list["Program"]](list)

    @property
    def linked(self) -> tuple[object, ...]:
        return self._exists, self.owner.id if self.owner else None, ids(self.programs)

    @property
    def exists(self) -> bool:
        """Whether its file is there, readable or not."""
        look("l", self.path)
        return self._exists

    @property
    def title(self) -> str:
        return self.fact("title") or (self.term.name.of(self.language) if self.term else self.id)

    @property
    def anchor(self) -> str:
        return self.id

    @property
    def about(self) -> str | None:
        return self.data.summary or (
            self.term.about.of(self.language) if self.term and self.term.about else None
        )

    @property
    def total(self) -> int:
        return sum(program.total for program in self.programs)

    @property
    def measures(self) -> list[Measure]:
        """What the goals of the pillar are measured by."""
        return [
            Measure(indicator, goal, self, ("goals", g, "indicators", i))
            for g, goal in enumerate(self.data.goals)
            for i, indicator in enumerate(goal.indicators)
        ]

    @property
    def quick_wins(self) -> list[Program]:
        return [program for program in self.programs if program.quick_win]


@dataclass(eq=False, repr=False)
class Chapter(Node[schema.Chapter]):
    """A narrative chapter of the book."""

    @property
    def title(self) -> str:
        title: str = self.fact("title")
        return title

    @property
    def anchor(self) -> str:
        return f"chapter/{self.id}"


def ids(nodes: list[Any]) -> list[str]:
    return [node.id for node in nodes]


@dataclass(frozen=True)
class Book:
    """A book to be made, with what the plan says where the book says nothing; of one agency, its excerpt."""

    id: str
    template: str
    title: str
    subtitle: str | None
    outputs: tuple[str, ...]
    paper: str
    font: str
    archive: bool = False
    regulation: schema.Regulation | None = None
    agency: Agency | None = None


class Digest(NamedTuple):
    """A pillar in a line: how many programs and quick wins, and its part of the budget."""

    pillar: Pillar
    programs: int
    quick_wins: int
    total: int
    percent: Decimal


class BudgetLine(NamedTuple):
    """One line of a program's budget with all that it is summed by."""

    program: Program
    year: int
    amount: int
    source: str

    @property
    def pillar(self) -> Pillar:
        return self.program.pillar

    @property
    def agency(self) -> Agency | None:
        return self.program.owner


@dataclass(frozen=True)
class Pivot(Generic[Key]):
    """A table of sums: a row and a column for each key, and every total."""

    columns: list[str]
    rows: list[tuple[Key, list[int], int]]
    totals: list[int]
    total: int


class Measure(NamedTuple):
    """An indicator and what it measures: a program, or a goal of a pillar."""

    indicator: schema.Indicator
    of: Program | schema.Goal
    node: Program | Pillar
    route: Route

    @property
    def program(self) -> Program | None:
        return self.node if isinstance(self.node, Program) else None

    def at(self, *route: str | int, part: str = "value") -> Place:
        """A place inside the indicator."""
        return self.node.at(*self.route, *route, part=part)

    def as_written(self, *route: str | int) -> Value:
        """What the file says at a route of the indicator, right or wrong."""
        return self.node.as_written(*self.route, *route)


class Role(NamedTuple):
    """What one agency does for one pillar."""

    owner: bool
    programs: int
    supports: int
    duty: bool


class Target(NamedTuple):
    """What a link of prose leads to."""

    kind: Literal["node", "asset", "external", "unsafe", "outside", "case", "missing", "anchor", "backslash"]
    node: Agency | Program | Pillar | Chapter | None = None
    anchor: str = ""
    path: str = ""
    near: str | None = None


class Reference(NamedTuple):
    """A link, a picture or the file of some evidence: where it stands, and what it leads to."""

    place: Place
    target: Target
    image: bool


#: What a book can lead to, and one file of a plan, of whatever kind.
Linked: TypeAlias = Agency | Program | Pillar | Chapter
AnyNode: TypeAlias = "Agency | Program | Pillar | Chapter | Root"


@dataclass(eq=False, repr=False)
class Plan:
    """Everything the files say, linked. Built by `link`; never changed afterwards."""

    settings: schema.Masterplan
    root: Root
    taxonomy: Taxonomy
    _project: Project
    _agencies: dict[str, Agency]
    _pillars: list[Pillar]
    _chapters: list[Chapter]

    @property
    def project(self) -> Project:
        """The plan's folder; who looks into it may see anything."""
        for kind in "dpan":
            look(kind)
        return self._project

    @property
    def whole_project(self) -> Project:
        """The plan's folder, for those who are no piece of work whose looks count."""
        return self._project

    def known_files(self) -> dict[str, Known]:
        """What linking needs of the files in which nothing is wrong."""
        wrong = {finding.place.path for finding in self._project.findings}
        return {
            path: known
            for path, node in self._by_path.items()
            if path not in wrong and (known := known_of(self._project, path, node.contents))
        }

    @property
    def paths(self) -> set[str]:
        """Every ordinary file of the repo by its path."""
        look("a")
        return self._project.paths

    def stands_there(self, path: str) -> bool:
        """Whether anything of this name is in the repo, ordinary file or not."""
        look("a")
        return os.path.lexists(self._project.root / path)

    def asset(self, path: str) -> bytes | None:
        """The bytes of a picture or attachment; None when it cannot be had."""
        look("f", path)
        return self._project.read_asset(path)

    @property
    def untrusted(self) -> bool:
        """Whether the plan's own templates are left out."""
        return self._project.untrusted

    @property
    def located(self) -> Mapping[str, Located]:
        """The files with the places of what they say."""
        return self._project.located

    @property
    def agencies(self) -> dict[str, Agency]:
        look("n")
        return self._agencies

    @property
    def pillars(self) -> list[Pillar]:
        look("n")
        return self._pillars

    @property
    def chapters(self) -> list[Chapter]:
        look("n")
        return self._chapters

    @property
    def language(self) -> Language:
        return Language(self.settings.language)

    @property
    def years(self) -> list[int]:
        return self.settings.period.years

    @whole("n")
    def programs(self) -> list[Program]:
        return [program for pillar in self.pillars for program in pillar.programs]

    @whole("n")
    def places(self) -> dict[Program, int]:
        """Where each program stands among all."""
        return {program: place for place, program in enumerate(self.programs)}

    @whole("n")
    def by_id(self) -> dict[str, Program]:
        return {program.id: program for program in self.programs}

    @whole("n")
    def by_path(self) -> dict[str, Agency | Program | Pillar | Chapter]:
        nodes: list[Agency | Program | Pillar | Chapter] = [
            *self.agencies.values(), *self.pillars, *self.programs, *self.chapters,
        ]  # fmt: skip
        return {node.path: node for node in nodes}

    def kind_of(self, id_: str) -> Both | None:
        """What an id names, for a field that asks for something else."""
        return self._kinds.get(id_)

    @whole("n")
    def _kinds(self) -> dict[str, Both]:
        terms = [term.id for pillar in self.taxonomy.pillars for term in pillar.subdimensions]
        return {
            **dict.fromkeys(terms, Both("subdimensi", "a sub-dimension")),
            **dict.fromkeys(ids(self.pillars), Both("pilar", "a pillar")),
            **dict.fromkeys(self.by_id, Both("program", "a program")),
            **dict.fromkeys(self.agencies, Both("perangkat daerah", "an agency")),
        }

    @property
    def nodes(self) -> list[AnyNode]:
        """Every file that says something of the plan."""
        return [self.root, *self.by_path.values()]

    def node_at(self, path: str) -> AnyNode | None:
        """The node that a file holds."""
        return self.root if path == PLAN_FILE else self.node_by(path)

    def node_by(self, path: str) -> Agency | Program | Pillar | Chapter | None:
        """The node of a file of an agency, a pillar, a program or a chapter."""
        look("e", path)
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> dict[str, Agency | Program | Pillar | Chapter]:
        return dict(self.by_path)

    def explained(self, path: str, route: Route) -> bool:
        """Whether what stands at a place, or what holds it, has a finding of its form already."""
        node = self.node_at(path)
        spoilt = node.shaped.spoilt if node and node.shaped else ()
        return any(route[:depth] in spoilt for depth in range(1, len(route) + 1))

    @property
    def agency_list(self) -> list[Agency]:
        """The agencies in the order of the register: by kind, then by name."""
        kinds = list(schema.AGENCY_KIND.words)
        return sorted(
            self.agencies.values(), key=lambda a: (kinds.index(a.fact("kind")), a.fact("name").casefold())
        )

    @whole("nk")
    def units(self) -> dict[str, str]:
        """The units that are no slips, by their small letters: listed, or in use three times or more."""
        nodes: list[Pillar | Program] = [*self.pillars, *self.programs]
        used = Counter(unit for node in nodes for unit in node.fact("units"))
        known = [*self.taxonomy.units, *self.settings.units, *(u for u, count in used.items() if count > 2)]
        return {unit.casefold(): unit for unit in reversed(known)}

    @whole("")
    def funding_sources(self) -> list[str]:
        return [*self.taxonomy.funding_sources, *self.settings.funding_sources]

    @whole("")
    def books(self) -> dict[str, Book]:
        """Every book by its id; the one masterplan document is always among them."""
        given: dict[str, Book] = {}
        for book in (*self.settings.books, schema.Book(id=MASTERPLAN)):
            given.setdefault(book.id, self._book(book))
        return given

    def _book(self, book: schema.Book) -> Book:
        annexed = book.template == "regulation"
        return Book(
            book.id,
            book.template,
            book.title or self.settings.title,
            book.subtitle or self.settings.subtitle,
            book.outputs or self.settings.outputs,
            book.paper or ("f4" if annexed else "a4"),
            book.font or ("serif" if annexed else "sans"),
            book.archive,
            book.regulation,
        )

    def excerpt(self, agency: Agency) -> Book:
        """The book of one agency; the JSON, which holds the whole plan, is no part of it."""
        outputs = tuple(output for output in self.settings.outputs if output != "json")
        subtitle = agency.name
        return Book(
            f"{EXCERPT}{agency.id}",
            "agency",
            self.settings.title,
            subtitle,
            outputs,
            "a4",
            "sans",
            agency=agency,
        )

    def chapters_of(self, part: str) -> list[Chapter]:
        return [chapter for chapter in self.chapters if chapter.fact("part") == part]

    def programs_of(self, pillar: Pillar, term: Term) -> list[Program]:
        return [p for p in pillar.programs if p.fact("subdimension") == term.id]

    @property
    def quick_wins(self) -> list[Program]:
        return [program for program in self.programs if program.quick_win]

    def sheets_of(self, agency: Agency) -> list[tuple[Pillar, list[Program]]]:
        """The pillars that an agency owns or has programs in, with the programs that it owns or supports."""
        sheets = [(p, [x for x in p.programs if agency in (x.owner, *x.supporting)]) for p in self.pillars]
        return [(pillar, programs) for pillar, programs in sheets if programs or pillar.owner is agency]

    @property
    def large(self) -> bool:
        """Whether the prose of all files at once would take more room than it is worth."""
        return len(self._by_path) > _MANY

    @property
    def is_example(self) -> bool:
        return self.settings.status == "example"

    # --- money

    @whole("nb")
    def budget(self) -> list[BudgetLine]:
        return [
            BudgetLine(program, year, amount, source)
            for program in self.programs
            for year, amount, source in program.fact("budget")
        ]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.budget)

    def budget_by_source(self) -> Pivot[int]:
        """Years down, sources of funds across."""
        return pivot(
            self.budget, lambda b: b.year, lambda b: b.source, self._budget_years, self._budget_sources
        )

    def budget_by_pillar(self) -> Pivot[Pillar]:
        """Pillars down, years across."""
        return self._by_year(lambda b: b.pillar, self.pillars)

    def budget_by_agency(self) -> Pivot[Agency | None]:
        """Agencies that own a program with a budget down (None: nobody owns it), years across."""
        owners: list[Agency | None] = [a for a in self.agency_list if any(p.total for p in a.owned)]
        if any(line.agency is None for line in self.budget):
            owners.append(None)
        return self._by_year(lambda b: b.agency, owners)

    def pillar_by_source(self) -> Pivot[Pillar]:
        """Pillars down, sources of funds across."""
        return pivot(self.budget, lambda b: b.pillar, lambda b: b.source, self.pillars, self._budget_sources)

    def budget_by_phase(self) -> Pivot[Pillar]:
        """Pillars down, phases across; a year outside of all phases stands by itself."""
        names = {
            year: f"{p.title} ({p.period})" for p in reversed(self.settings.phases) for year in p.period.years
        }
        columns = dict.fromkeys(names.get(year, str(year)) for year in self._budget_years)
        return pivot(
            self.budget,
            lambda b: b.pillar,
            lambda b: names.get(b.year, str(b.year)),
            self.pillars,
            list(columns),
        )

    def digest(self) -> list[Digest]:
        """Each pillar in a line."""
        shares = percentages([pillar.total for pillar in self.pillars])
        return [
            Digest(pillar, len(pillar.programs), len(pillar.quick_wins), pillar.total, share)
            for pillar, share in zip(self.pillars, shares, strict=True)
        ]

    def _by_year(self, row: Callable[[BudgetLine], Key], keys: list[Key]) -> Pivot[Key]:
        return pivot(self.budget, row, lambda b: str(b.year), keys, [str(y) for y in self._budget_years])

    @property
    def _budget_years(self) -> list[int]:
        return sorted({line.year for line in self.budget} | set(self.years))

    @property
    def _budget_sources(self) -> list[str]:
        """The sources in use: those of the list in its order, then the unknown ones."""
        used = {line.source for line in self.budget}
        return [s for s in self.funding_sources if s in used] + sorted(used - set(self.funding_sources))

    # --- time

    def active_in(self, period: Period) -> list[Program]:
        """The programs that run in some year of a period."""
        return [program for program in self.programs if program.runs_in(period)]

    def timeline(self, program: Program) -> list[tuple[int, bool]]:
        """Each year of the plan, and whether the program runs in it."""
        return [(year, program.period is not None and year in program.period) for year in self.years]

    # --- measures

    def measures(self, pillar: Pillar) -> list[Measure]:
        """Every indicator of a pillar: those of its goals, then those of its programs."""
        return pillar.measures + [measure for program in pillar.programs for measure in program.measures]

    # --- agencies

    def participation(self) -> list[tuple[Agency, list[Role]]]:
        """Each agency's part in each pillar."""
        return [
            (agency, [self.cell(agency, pillar) for pillar in self.pillars]) for agency in self.agency_list
        ]

    def cell(self, agency: Agency, pillar: Pillar) -> Role:
        return Role(
            owner=pillar.owner is agency,
            programs=sum(1 for p in agency.owned if p.pillar is pillar),
            supports=sum(1 for p in agency.supported if p.pillar is pillar),
            duty=bool(agency.duty(pillar)),
        )

    def responsible(self, path: str) -> str | None:
        """The agency that must act on a file: its owner, else its pillar's, else the coordinator."""
        node = self.node_by(path)
        if isinstance(node, Agency):
            return node.id
        owner = node.owner if isinstance(node, Program | Pillar) else None
        if owner is None and isinstance(node, Program):
            owner = node.pillar.owner
        coordinator = self.settings.coordinator
        return owner.id if owner else coordinator if self._is_agency(coordinator or "") else None

    def _is_agency(self, id_: str) -> bool:
        """Whether an agency has this id, without a look at all the others."""
        return isinstance(self.node_by(f"agencies/{id_}.yaml"), Agency)

    def picture(self, path: str) -> tuple[str, bytes] | None:
        """The media type and bytes of a picture of the repo; None when it cannot be had or must not be shown."""
        from masterplan_cli.pictures import media_of

        data = self.picture_file(path)
        media = media_of(data) if data else None
        return (media, data) if data and media and self._examined(path, data) is None else None

    def picture_file(self, path: str) -> bytes | None:
        """The bytes of a picture of the repo, whatever is wrong with them; None when they cannot be had."""
        return self.asset(path) if path.lower().endswith(PICTURES) else None

    @property
    def size_of_pictures(self) -> int:
        """The bytes of all pictures of the repo, whether or not they are shown."""
        paths = (self._project.root / path for path in self._project.paths if path.lower().endswith(PICTURES))
        size = 0
        for path in paths:
            with suppress(OSError):  # it has just gone
                size += min(path.stat().st_size, MAX_ASSET_BYTES)
        return size

    def picture_fault(self, path: str) -> Fault | None:
        """What is wrong with a picture of the repo that can be had."""
        data = self.picture_file(path)
        return self._examined(path, data) if data else None

    def _examined(self, path: str, data: bytes) -> Fault | None:
        """What is wrong with a picture, which is examined once in a run."""
        from masterplan_cli.pictures import examine, media_of
        from masterplan_cli.pictures.trial import Trial

        key = self._project.digests.get(path) or digest(data)
        if key not in self._examinations:
            media, fault = media_of(data), examine(data)
            tried = media and not fault
            self._examinations[key] = self.trials.of(media or "", data) if tried else Trial(fault)
        fault, final = self._examinations[key]
        if not final:  # another run may find it otherwise, so none may rely on this one
            self._project.digests[path] = None
        return fault

    @cached_property
    def trials(self) -> Trials:
        """What came of drawing the plan's pictures."""
        from masterplan_cli.pictures.trial import Trials

        return self._project.trials or Trials(self._project.store)

    @cached_property
    def _examinations(self) -> dict[str, Trial]:
        """What came of the pictures that were examined, by their digests."""
        return {}

    # --- what pieces of work look at

    @cached_property
    def states(self) -> States:
        """How all is now that can be looked at (see `looks`)."""
        folders: dict[str, list[str]] = {}
        for path in sorted(self._by_path):
            folders.setdefault(f"{posixpath.dirname(path)}/", []).append(path)
        states = States(lambda looked_at: self._state(looked_at[0], looked_at[1:]), folders)
        for path, node in self._by_path.items():
            states[f"e{path}"] = type(node).__name__
            if known := self._project.known_as(path):
                parts = {"d": known.data, "p": known.prose, "k": known.fields, "b": known.budget}
                states.update({kind + path: state for kind, state in parts.items()})
        return states

    def _state(self, kind: str, name: str) -> str:
        match kind:
            case "d" | "p" if name:
                return self._project.parts(name)[kind == "p"]
            case "d" | "p" | "k" | "b" if not name:
                return digest("".join(self.states[kind + folder] for folder in self.states.folders).encode())
            case "k" | "b":
                node = self._by_path.get(name)
                return stamps(node.facts)[kind == "b"] if node else ""
            case "l":
                node = self._by_path.get(name)
                return _short(repr(node.linked)) if node else ""
            case "e":
                return type(self._by_path.get(name)).__name__
            case "n":
                return digest(repr(list(self._by_path)).encode("utf-8", "surrogatepass"))
            case "a":
                return self._project.names
            case _:
                return self._project.asset_digest(name)

    # --- links of prose

    def references_of(self, node: AnyNode) -> Iterator[Reference]:
        """Every link, picture and evidence file of a node with what it leads to."""
        meant = _Meant(self)
        for link in node.prose.links if node.prose else ():
            target = meant.target(self.resolve(node.path, link.target))
            yield Reference(Place(node.path, span=link.span), target, link.image)
        if isinstance(node, Program):
            for index, item in enumerate(node.data.evidence):
                if item.file:
                    target = meant.target(self.resolve(PLAN_FILE, item.file))
                    yield Reference(node.at("evidence", index, "file"), target, False)
        if isinstance(node, Root) and node.data.logo:
            yield Reference(node.at("logo"), meant.target(self.resolve(PLAN_FILE, node.data.logo)), True)

    @property
    def logo(self) -> str | None:
        """The emblem's path in the repo, when the picture can be had."""
        target = self.resolve(PLAN_FILE, self.settings.logo) if self.settings.logo else None
        return target.path if target and target.kind == "asset" and self.picture(target.path) else None

    def resolve(self, path: str, target: str) -> Target:
        """What a link written in the file `path` leads to."""
        raw, _, fragment = unquote(target).partition("#")
        if raw.startswith("//") or (scheme := re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", raw)):
            safe = (
                not raw.startswith("//")
                and scheme is not None
                and scheme[1].lower() in ("http", "https", "mailto", "tel")
            )
            return Target("external" if safe else "unsafe", path=raw)
        if "\\" in raw:
            return Target("backslash", path=raw, near=raw.replace("\\", "/"))
        base = "" if raw.startswith("/") else posixpath.dirname(path)
        full = posixpath.normpath(posixpath.join(base, raw.lstrip("/"))) if raw else path
        if full == ".." or full.startswith("../"):
            return Target("outside", path=raw)
        return self._resolve_inside(full, fragment)

    def _resolve_inside(self, full: str, fragment: str) -> Target:
        node = self.node_by(full) or self.node_by(f"{full}/pillar.md")
        if node is not None:
            anchors = node.prose.anchors if fragment and node.prose else {}
            if fragment and fragment not in anchors:
                return Target("anchor", node, fragment, full)
            return Target("node", node, fragment, full)
        look("a")
        if full in self._project.paths:
            return Target("asset", path=full)
        real = self._project.real_name(full)
        if real:
            return Target("case", path=full, near=PurePosixPath(real).name)
        return Target("missing", path=full)


class _Meant:
    """What the links of one file that lead nowhere may have meant."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._choices: dict[str, Choices] = {}

    def target(self, target: Target) -> Target:
        """The same, with what was meant in the place of what is not there."""
        if target.kind == "missing":
            return target._replace(near=self._among("", self._plan.paths).near(target.path))
        if target.kind == "anchor":
            prose = target.node.prose if target.node else None
            return target._replace(
                near=self._among(target.path, prose.anchors if prose else ()).near(target.anchor)
            )
        return target

    def _among(self, path: str, words: Iterable[str]) -> Choices:
        if path not in self._choices:
            self._choices[path] = Choices(list(words), EFFORT)
        return self._choices[path]


def _short(text: str) -> str:
    """A text, or its digest where that is shorter."""
    return text if len(text) <= _SHORT else digest(text.encode("utf-8", "surrogatepass"))


def pivot(
    lines: Iterable[BudgetLine],
    row: Callable[[BudgetLine], Key],
    column: Callable[[BudgetLine], str],
    rows: list[Key],
    columns: list[str],
) -> Pivot[Key]:
    """Sum budget lines by two keys."""
    sums: dict[tuple[Key, str], int] = defaultdict(int)
    for line in lines:
        sums[row(line), column(line)] += line.amount
    table = [(key, [sums[key, c] for c in columns]) for key in rows]
    return Pivot(
        columns,
        [(key, cells, sum(cells)) for key, cells in table],
        [sum(cells[i] for _, cells in table) for i in range(len(columns))],
        sum(sum(cells) for _, cells in table),
    )


def percentages(amounts: list[int]) -> list[Decimal]:
    """The share of each amount to a tenth of a percent; what rounding leaves goes to the largest remainders."""
    whole = sum(amounts)
    if not whole:
        return [Decimal(0) for _ in amounts]
    tenths = [amount * 1000 // whole for amount in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda i: (-(amounts[i] * 1000 % whole), i))
    for index in by_remainder[: 1000 - sum(tenths)]:
        tenths[index] += 1
    return [Decimal(part) / 10 for part in tenths]
