"""The plan: its nodes together, and every look-up, grouping and total that a document prints."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from masterplan_cli import schema
from masterplan_cli.assets import Assets
from masterplan_cli.figures import Figures, Key, Pivot, decimals_of
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.links import Links
from masterplan_cli.messages import LABELS, Both, Language, banners
from masterplan_cli.nodes import (
    Agency,
    AnyNode,
    Chapter,
    Linked,
    Measure,
    Pillar,
    Program,
    Root,
    ids,
    units_of,
)
from masterplan_cli.project import Project
from masterplan_cli.source import Route
from masterplan_cli.taxonomy import Taxonomy, Term
from masterplan_cli.values import slug

#: The id of the one document that a plan gives without `--book`, that of what is still to be done, and how the id of
#: an agency's excerpt begins.
MASTERPLAN, REVIEW, EXCERPT = "masterplan", "review", "agency-"
#: More columns than these of years make a table too wide for a page.
MOST_YEARS = 12
#: So many sources of funds, or columns of them, stand by themselves; the smaller ones are one.
_MOST_SOURCES = 12
#: What every region calls its own budget.
_OWN_BUDGET = (
    "APBD",
    "Anggaran Pendapatan dan Belanja Daerah",
    "Anggaran Pendapatan dan Belanja Daerah (APBD)",
)


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


class Role(NamedTuple):
    """What one agency does for one pillar."""

    owner: bool
    programs: int
    supports: int
    duty: bool


@dataclass(eq=False, repr=False)
class Plan:
    """Everything the files say, linked. Built by `link`; never changed afterwards."""

    settings: schema.Masterplan
    root: Root
    taxonomy: Taxonomy
    project: Project
    agencies: dict[str, Agency]
    pillars: list[Pillar]
    chapters: list[Chapter]

    @cached_property
    def assets(self) -> Assets:
        return Assets(self.project)

    @cached_property
    def links(self) -> Links:
        return Links(self.project, self.by_path)

    @property
    def language(self) -> Language:
        return Language(self.settings.language)

    @property
    def years(self) -> list[int]:
        return self.settings.period.years

    @cached_property
    def figures(self) -> Figures:
        """How the plan's documents print figures."""
        return Figures(self.language, self.settings.rupiah_space)

    @property
    def is_example(self) -> bool:
        return self.settings.status == "example"

    @property
    def is_pending(self) -> bool:
        """Whether the plan says of itself that it is a draft; one that says nothing may be anything."""
        return self.settings.status == "draft" and "status" in self.settings.model_fields_set

    def banners(self, *, draft: bool) -> list[str]:
        """What every reader must know first; `draft` is one that is built despite errors."""
        return banners(self.language, draft=draft, example=self.is_example, pending=self.is_pending)

    # --- nodes

    @cached_property
    def programs(self) -> list[Program]:
        return [program for pillar in self.pillars for program in pillar.programs]

    @cached_property
    def places(self) -> dict[Program, int]:
        """Where each program stands among all."""
        return {program: place for place, program in enumerate(self.programs)}

    @cached_property
    def numbers(self) -> dict[Pillar | Program, str]:
        """The numbers of pillars and programs in their order: `1`, `1.4`."""
        numbers: dict[Pillar | Program, str] = {}
        for place, pillar in enumerate(self.pillars, 1):
            numbers[pillar] = str(place)
            numbers |= {program: f"{place}.{turn}" for turn, program in enumerate(pillar.programs, 1)}
        return numbers

    @cached_property
    def by_id(self) -> dict[str, Program]:
        return {program.id: program for program in self.programs}

    @cached_property
    def by_path(self) -> dict[str, Linked]:
        nodes: list[Linked] = [*self.agencies.values(), *self.pillars, *self.programs, *self.chapters]
        return {node.path: node for node in nodes}

    @property
    def nodes(self) -> list[AnyNode]:
        """Every file that says something of the plan."""
        return [self.root, *self.by_path.values()]

    def node_at(self, path: str) -> AnyNode | None:
        """The node that a file holds."""
        return self.root if path == PLAN_FILE else self.by_path.get(path)

    def kind_of(self, id_: str) -> Both | None:
        """What an id names, for a field that asks for something else."""
        return self._kinds.get(id_)

    def kind_called(self, name: str) -> Both | None:
        """What has this name, for a field that asks for the id of something else."""
        return self._kinds_by_name.get(slug(name))

    @cached_property
    def _kinds_by_name(self) -> dict[str, Both]:
        agencies = [(name, agency.id) for agency in self.agency_list for name in (agency.name, agency.short)]
        titles = [(pillar.title, pillar.id) for pillar in self.pillars]
        titles += [(program.title, program.id) for program in self.programs]
        return {slug(name): self._kinds[id_] for name, id_ in (*agencies, *titles) if slug(name)}

    @cached_property
    def _kinds(self) -> dict[str, Both]:
        terms = [term.id for pillar in self.taxonomy.pillars for term in pillar.subdimensions]
        return {
            **dict.fromkeys(terms, Both("subdimensi", "a sub-dimension")),
            **dict.fromkeys(ids(self.pillars), Both("pilar", "a pillar")),
            **dict.fromkeys(self.by_id, Both("program", "a program")),
            **dict.fromkeys(self.agencies, Both("perangkat daerah", "an agency")),
        }

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
            self.agencies.values(), key=lambda agency: (kinds.index(agency.data.kind), agency.name.casefold())
        )

    @cached_property
    def units(self) -> dict[str, str]:
        """The units that are no slips, by their small letters: listed, or in use three times or more."""
        nodes: list[Pillar | Program] = [*self.pillars, *self.programs]
        used = Counter(unit for node in nodes for unit in units_of(node))
        known = [*self.taxonomy.units, *self.settings.units, *(u for u, count in used.items() if count > 2)]
        return {unit.casefold(): unit for unit in reversed(known)}

    @cached_property
    def funding_sources(self) -> list[str]:
        return [*self.taxonomy.funding_sources, *self.settings.funding_sources]

    @cached_property
    def offered_sources(self) -> list[str]:
        """The sources as they are offered: the budget of a region of this kind before those of others."""
        return sorted(self.funding_sources, key=lambda source: not self._is_own_budget(source))

    def _is_own_budget(self, source: str) -> bool:
        """Whether a source of funds is the budget of the region itself."""
        return source.casefold() == f"APBD {self.settings.region.kind}".casefold()

    @cached_property
    def source_names(self) -> dict[str, str]:
        """What a source of funds may be called, and the name of the list for it."""
        known = set(self.funding_sources)
        others = {
            alias: source
            for source, aliases in self.taxonomy.funding_aliases.items()
            if source in known
            for alias in aliases
        }
        own = {name: source for source in known if self._is_own_budget(source) for name in _OWN_BUDGET}
        return others | own | {source: source for source in self.funding_sources}

    @cached_property
    def _countable(self) -> set[str]:
        return {unit.casefold() for unit in self.taxonomy.countable_units}

    def starts_from_nothing(self, indicator: schema.Indicator) -> bool:
        """Whether an indicator counts what the work itself brings forth: before it begins there is none of it."""
        figures = indicator.targets.values()
        whole = all(figure == figure.to_integral_value() for figure in figures)
        return indicator.direction == "up" and whole and indicator.unit.casefold() in self._countable

    @cached_property
    def books(self) -> dict[str, Book]:
        """Every book by its id; the one masterplan document is always among them."""
        given: dict[str, Book] = {}
        review = schema.Book(id=REVIEW, template=REVIEW, subtitle=LABELS["review"].of(self.language))
        for book in (*self.settings.books, schema.Book(id=MASTERPLAN), review):
            given.setdefault(book.id, self._book(book))
        return given

    @property
    def all_books(self) -> dict[str, Book]:
        """The books that are made together: the review only where the plan itself names it."""
        listed = {book.id for book in self.settings.books}
        return {id_: book for id_, book in self.books.items() if id_ != REVIEW or id_ in listed}

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

    def chapters_of(self, part: str, book: Book | None = None) -> list[Chapter]:
        """The chapters of a part; of a book, those that stand in it."""
        return [
            chapter
            for chapter in self.chapters
            if chapter.data.part == part
            and (book is None or not chapter.data.books or book.id in chapter.data.books)
        ]

    def book_of(self, template: str) -> Book | None:
        """The first book that a template makes."""
        return next((book for book in self.books.values() if book.template == template), None)

    def programs_of(self, pillar: Pillar, term: Term) -> list[Program]:
        return [p for p in pillar.programs if p.data.subdimension == term.id]

    @property
    def quick_wins(self) -> list[Program]:
        return [program for program in self.programs if program.quick_win]

    def sheets_of(self, agency: Agency) -> list[tuple[Pillar, list[Program]]]:
        """The pillars that an agency owns or has programs in, with the programs that it owns or supports."""
        sheets = [(p, [x for x in p.programs if agency in (x.owner, *x.supporting)]) for p in self.pillars]
        return [(pillar, programs) for pillar, programs in sheets if programs or pillar.owner is agency]

    # --- money

    @cached_property
    def budget(self) -> list[BudgetLine]:
        return [
            BudgetLine(program, line.year, line.amount, line.source)
            for program in self.programs
            for line in program.data.budget
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

    def sources_by_year(self) -> Pivot[str]:
        """Sources of funds down, the small ones together, years across."""
        main = self._main_sources
        return self._by_year(lambda b: main.get(b.source, self._other), self._source_rows)

    def sources_by_pillar(self) -> Pivot[str]:
        """Sources of funds down, the small ones together, pillars across by their numbers."""
        main, numbers = self._main_sources, [str(number) for number, _ in enumerate(self.pillars, 1)]
        return pivot(
            self.budget,
            lambda b: main.get(b.source, self._other),
            lambda b: self.numbers[b.pillar],
            self._source_rows,
            numbers,
        )

    def programs_by_year(self, pillar: Pillar) -> Pivot[Program]:
        """The programs of a pillar down, years across."""
        lines = (line for line in self.budget if line.pillar is pillar)
        return pivot(
            lines,
            lambda b: b.program,
            lambda b: str(b.year),
            pillar.programs,
            [str(y) for y in self._budget_years],
        )

    def sheet_years(self, program: Program) -> list[int]:
        """The years that stand above a program's figures: those of the plan, or those in use where they are too many."""
        used = {line.year for line in program.data.budget}
        for indicator in program.data.indicators:
            used |= {*indicator.targets, *indicator.actuals}
        return sorted(used | set(self.years if len(self.years) <= MOST_YEARS else ()))

    def baseline_year(self, program: Program) -> int | None:
        """The year of a program's baselines, where it is one."""
        years = {one.baseline.year for one in program.data.indicators if one.baseline}
        return next(iter(years)) if len(years) == 1 else None

    def sheet_budget(self, program: Program) -> Pivot[str]:
        """A program's sources of funds down, the years of its sheet across."""
        lines = [BudgetLine(program, line.year, line.amount, line.source) for line in program.data.budget]
        sources = list(dict.fromkeys(line.source for line in lines))
        return pivot(
            lines,
            lambda b: b.source,
            lambda b: str(b.year),
            sources,
            [str(year) for year in self.sheet_years(program)],
        )

    def decimals_of(self, programs: Sequence[Program]) -> int:
        """How many decimals the budgets of some programs need in a column of millions."""
        return decimals_of(line.amount for program in programs for line in program.data.budget)

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
    def _other(self) -> str:
        """What the smaller sources of funds are called together."""
        return LABELS["sources.other"].of(self.language)

    @property
    def _main_sources(self) -> dict[str, str]:
        """The sources that stand by themselves: all, or the largest where they are many."""
        sums: Counter[str] = Counter()
        for line in self.budget:
            sums[line.source] += line.amount
        most = len(sums)
        if most > _MOST_SOURCES:
            most = _MOST_SOURCES - 1
            sums.pop(self._other, None)  # one of that name is among the smaller ones, however large it is
        return {source: source for source, _ in sums.most_common(most)}

    @property
    def _source_rows(self) -> list[str]:
        main = self._main_sources
        kept = [source for source in self._budget_sources if source in main]
        return kept if len(kept) == len(self._budget_sources) else [*kept, self._other]

    @property
    def _budget_years(self) -> list[int]:
        return sorted({line.year for line in self.budget} | set(self.years))

    @property
    def _budget_sources(self) -> list[str]:
        """The sources in use: those of the list in its order, then the unknown ones."""
        used = {line.source for line in self.budget}
        return [s for s in self.funding_sources if s in used] + sorted(used - set(self.funding_sources))

    # --- time

    def timeline(self, program: Program) -> list[tuple[int, bool]]:
        """Each year of the plan, and whether the program runs in it."""
        return [(year, program.period is not None and year in program.period) for year in self.years]

    # --- measures

    @property
    def all_measures(self) -> list[Measure]:
        return [measure for pillar in self.pillars for measure in self.measures(pillar)]

    def measured(self, pillar: Pillar) -> list[list[Measure]]:
        """The indicators of a pillar, those of one goal or program together."""
        groups: dict[int, list[Measure]] = {}
        for measure in self.measures(pillar):
            groups.setdefault(id(measure.of), []).append(measure)
        return list(groups.values())

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
        node = self.by_path.get(path)
        if isinstance(node, Agency):
            return node.id
        owner = node.owner if isinstance(node, Program | Pillar) else None
        if owner is None and isinstance(node, Program):
            owner = node.pillar.owner
        coordinator = self.settings.coordinator
        return owner.id if owner else coordinator if coordinator in self.agencies else None

    # --- files

    @property
    def paths(self) -> set[str]:
        """Every ordinary file of the repo by its path."""
        return self.project.paths

    def picture(self, path: str) -> tuple[str, bytes] | None:
        """The media type and bytes of a picture of the repo; None when it cannot be had or must not be shown."""
        return self.assets.picture(path)

    @property
    def logo(self) -> str | None:
        """The emblem's path in the repo, when the picture can be had."""
        target = self.links.resolve(PLAN_FILE, self.settings.logo) if self.settings.logo else None
        return target.path if target and target.kind == "asset" and self.picture(target.path) else None


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
