"""The floor: what the libraries themselves need for a plan, in one process, with nothing else around them.

`check PLAN`: every file read, its front matter by libyaml's events and Pydantic, its prose by markdown-it-py.
`page PLAN OUT LABELS`: the same, and one Jinja template writes facts and tables straight as HTML.
`book PLAN OUT LABELS`: the same by the way of the book: the shipped templates make Markdown, which
markdown-it-py renders, so that every format could be made of it.

It checks nothing, resolves no link, draws no chart, makes no contents. It never imports the compiler: LABELS is a JSON
file of printed words, made beforehand.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from pydantic import BaseModel

REPO = Path(__file__).parents[1]
TAXONOMY = REPO / "src/masterplan_cli/taxonomies/kominfo-2021.yaml"
NBSP = "\u00a0"
Model = TypeVar("Model", bound=BaseModel)


# --- what a file says -------------------------------------------------------------------------------------


class Baseline(BaseModel):
    value: float
    year: int
    source: str
    date: None = None


class Indicator(BaseModel):
    name: str
    unit: str
    direction: str
    baseline: Baseline
    targets: dict[int, float]
    definition: str | None = None
    actuals: dict[int, float] = {}


class BudgetLine(BaseModel):
    year: int
    amount: int
    source: str
    note: str | None = None


class Program(BaseModel):
    title: str
    subdimension: str
    owner: str
    supporting: list[str]
    period: str
    quick_win: str
    depends_on: list[str]
    indicators: list[Indicator]
    budget: list[BudgetLine]
    # What the shipped templates ask for and these plans leave out.
    short: str | None = None
    status: str | None = None
    innovation: str | None = None
    origin: str | None = None
    stage: str | None = None
    progress: int | None = None
    goals: list[str] = []
    beneficiaries: list[str] = []
    tags: list[str] = []
    partners: list[str] = []
    risks: list[str] = []
    alignment: list[str] = []
    evidence: list[str] = []
    codes: list[str] = []


class Goal(BaseModel):
    title: str
    subdimension: str
    indicators: list[Indicator]


class Pillar(BaseModel):
    owner: str
    summary: str
    goals: list[Goal]


class Agency(BaseModel):
    name: str
    short: str
    kind: str
    head: str
    affairs: list[str] = []
    duties: list[str] = []
    former_names: list[str] = []
    valid: str | None = None


class Region(BaseModel):
    name: str
    kind: str
    head: str
    province: str | None = None


class Phase(BaseModel):
    title: str
    period: str


class Settings(BaseModel):
    title: str
    region: Region
    period: str
    phases: list[Phase]
    coordinator: str
    vision: str
    rules: dict[str, dict[str, str]]
    missions: list[str] = []
    council: list[str] = []
    legal_basis: list[str] = []
    signing_place: str | None = None


def plain(text: str) -> Any:
    """The values of a YAML text, by the shortest loop over libyaml's events."""
    following = yaml.parse(text, yaml.CSafeLoader).__next__

    def value(event: Any) -> Any:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return event.value
        if kind is yaml.MappingStartEvent:
            mapping = {}
            while type(event := following()) is yaml.ScalarEvent:
                mapping[event.value] = value(following())
            return mapping
        items = []
        while type(event := following()) is not yaml.SequenceEndEvent:
            items.append(value(event))
        return items

    following(), following()  # the stream and its document
    return value(following())


def read(path: Path, model: type[Model]) -> tuple[Model, str]:
    """A file's fields and its prose."""
    text = path.read_bytes().decode("utf-8")
    front, prose = text[4:].split("\n---\n", 1) if text.startswith("---\n") else (text, "")
    return model.model_validate(plain(front)), prose


def parser() -> MarkdownIt:
    """The Markdown of plans and templates; one division stands for all of them."""
    md = MarkdownIt("commonmark", {"html": False, "typographer": True})
    md.enable(["table", "strikethrough", "smartquotes"])
    md.use(footnote_plugin, inline=False).use(deflist_plugin)
    return md.use(container_plugin, name="division", validate=lambda *_: True)


# --- the plan, as far as templates ask for it -------------------------------------------------------------


class Node:
    """Anything with attributes."""

    def __init__(self, **given: Any) -> None:
        self.__dict__.update(given)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...


class Plan(Node):
    """The files linked, and the sums that the document prints."""

    language, logo, title, subtitle, agency, regulation = "id", None, "", None, None, None
    agencies: dict[str, Node]
    pillars: list[Node]
    programs: list[Node]

    def __init__(self, root: Path) -> None:
        self.settings, _ = read(root / "masterplan.yaml", Settings)
        self.title = self.settings.title
        self.years = years(self.settings.period)
        self.agencies = {path.stem: agency(path) for path in sorted(root.glob("agencies/*.yaml"))}
        self.agency_list = list(self.agencies.values())
        terms = plain(TAXONOMY.read_text(encoding="utf-8"))["pillars"]
        self.pillars = [self.pillar(root / "pillars" / term["id"], term) for term in terms]
        self.programs = [program for pillar in self.pillars for program in pillar.programs]
        self.quick_wins = [program for program in self.programs if program.data.quick_win]
        self.link()

    def pillar(self, folder: Path, term: dict[str, Any]) -> Node:
        data, prose = read(folder / "pillar.md", Pillar)
        names = {
            sub["id"]: Node(name=Node(of=lambda _, n=sub["name"]["id"]: n)) for sub in term["subdimensions"]
        }
        pillar = Node(
            id=folder.name, anchor=folder.name, title=term["name"], shown=term["name"], data=data, prose=prose,
            owner=self.agencies[data.owner], about=data.summary, subdimensions=names, programs=[],
        )  # fmt: skip
        pillar.owner.pillars.append(pillar)
        for path in sorted(folder.glob("*.md")):
            if path.stem != "pillar":
                pillar.programs.append(self.program(path, pillar, names))
        rank = list(names)
        pillar.programs.sort(key=lambda p: (rank.index(p.data.subdimension), p.id))
        pillar.quick_wins = [p for p in pillar.programs if p.quick_win]
        pillar.measures = [Node(indicator=i, program=None, of=g) for g in data.goals for i in g.indicators]
        pillar.total = sum(p.total for p in pillar.programs)
        return pillar

    def program(self, path: Path, pillar: Node, names: dict[str, Node]) -> Node:
        data, prose = read(path, Program)
        data.quick_win = "Ya" if data.quick_win == "Ya" else ""
        id_ = f"{pillar.id}/{path.stem}"
        return Node(
            id=id_, anchor=id_, title=data.title, name=data.title, shown=data.title, data=data, prose=prose, pillar=pillar,
            owner=self.agencies[data.owner], supporting=[self.agencies[id_] for id_ in data.supporting],
            subdimension=names[data.subdimension], period=data.period.replace("-", "–"), years=years(data.period),
            total=sum(line.amount for line in data.budget), depends_on=[], needed_by=[],
            quick_win=data.quick_win, proven=bool(data.evidence), short=data.short,
        )  # fmt: skip

    def link(self) -> None:
        self.numbers: dict[Node, str] = {}
        for place, pillar in enumerate(self.pillars, 1):
            self.numbers[pillar] = str(place)
            self.numbers |= {program: f"{place}.{turn}" for turn, program in enumerate(pillar.programs, 1)}
        by_id = {program.id: program for program in self.programs}
        for program in self.programs:
            program.owner.owned.append(program)
            for helper in program.supporting:
                helper.supported.append(program)
            for needed in program.data.depends_on:
                program.depends_on.append(by_id[needed])
                by_id[needed].needed_by.append(program)

    @property
    def budget(self) -> list[tuple[Node, BudgetLine]]:
        return [(program, line) for program in self.programs for line in program.data.budget]

    @property
    def total(self) -> int:
        return sum(program.total for program in self.programs)

    @property
    def sources(self) -> list[str]:
        return sorted({line.source for _, line in self.budget})

    def sources_by_year(self) -> Node:
        return pivot(((b.source, b.year, b.amount) for _, b in self.budget), self.sources, self.years)

    def sources_by_pillar(self) -> Node:
        return pivot(((b.source, p.pillar, b.amount) for p, b in self.budget), self.sources, self.pillars)

    def budget_by_pillar(self) -> Node:
        return pivot(((p.pillar, b.year, b.amount) for p, b in self.budget), self.pillars, self.years)

    def budget_by_agency(self) -> Node:
        owners = [agency for agency in self.agency_list if agency.owned]
        return pivot(((p.owner, b.year, b.amount) for p, b in self.budget), owners, self.years)

    def programs_by_year(self, pillar: Node) -> Node:
        lines = ((p, b.year, b.amount) for p in pillar.programs for b in p.data.budget)
        return pivot(lines, pillar.programs, self.years)

    def sheet_years(self, program: Node) -> list[int]:
        measured = (year for indicator in program.data.indicators for year in indicator.targets)
        return sorted({*self.years, *measured, *(line.year for line in program.data.budget)})

    def sheet_budget(self, program: Node) -> Node:
        lines = [(line.source, line.year, line.amount) for line in program.data.budget]
        sources = list(dict.fromkeys(source for source, _, _ in lines))
        return pivot(lines, sources, self.sheet_years(program))

    def decimals_of(self, programs: list[Node]) -> int:
        return int(any(line.amount % 10**6 for program in programs for line in program.data.budget))

    def baseline_year(self, program: Node) -> int | None:
        found = {indicator.baseline.year for indicator in program.data.indicators}
        return found.pop() if len(found) == 1 else None

    def digest(self) -> list[Node]:
        shares = percentages([pillar.total for pillar in self.pillars])
        return [
            Node(
                pillar=p, programs=len(p.programs), quick_wins=len(p.quick_wins), total=p.total, percent=share
            )
            for p, share in zip(self.pillars, shares, strict=True)
        ]

    def measured(self, pillar: Node) -> list[list[Node]]:
        of_goals = [[m for m in pillar.measures if m.of is goal] for goal in pillar.data.goals]
        of_programs = [[Node(indicator=i, program=p) for i in p.data.indicators] for p in pillar.programs]
        return [group for group in of_goals + of_programs if group]

    @property
    def all_measures(self) -> list[Node]:
        return [measure for p in self.pillars for group in self.measured(p) for measure in group]

    def participation(self) -> list[tuple[Node, list[Node]]]:
        owns, helps = defaultdict(int), defaultdict(int)  # type: ignore[var-annotated]
        for program in self.programs:
            owns[program.owner, program.pillar] += 1
            for helper in program.supporting:
                helps[helper, program.pillar] += 1
        return [
            (a, [Node(owner=p.owner is a, programs=owns[a, p], supports=helps[a, p]) for p in self.pillars])
            for a in self.agency_list
        ]

    def chapters_of(self, _part: str, _book: object) -> list[Node]:
        return []

    def book_of(self, _template: str) -> None:
        return None


class Registers:
    """What the annexes list; of risks and other plans these plans say nothing."""

    risks, alignment = (), ()

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def strategies(self, pillar: Node) -> list[Node]:
        groups = []
        for id_, term in pillar.subdimensions.items():
            goals = [goal.title for goal in pillar.data.goals if goal.subdimension == id_]
            programs = [program for program in pillar.programs if program.subdimension is term]
            groups.append(Node(name=term.name.of("id"), goals=goals, strategy="", programs=programs))
        return [group for group in groups if group.programs]

    @property
    def sources(self) -> list[Node]:
        uses: dict[str, list[Node]] = defaultdict(list)
        for pillar in self.plan.pillars:
            for group in self.plan.measured(pillar):
                for measure in group:
                    uses[measure.indicator.baseline.source].append(pillar)
        found = [
            Node(source=s, uses=len(used), pillars=list(dict.fromkeys(used))) for s, used in uses.items()
        ]
        return sorted(found, key=lambda entry: (-entry.uses, entry.source.casefold()))

    @property
    def abbreviations(self) -> list[Node]:
        found = [Node(term=agency.short, meaning=agency.name) for agency in self.plan.agency_list]
        return sorted(found, key=lambda entry: entry.term.casefold())

    @property
    def index(self) -> list[Node]:
        return sorted(self.plan.programs, key=lambda program: program.name.casefold())

    def phases_of(self, program: Node) -> list[str]:
        phases = self.plan.settings.phases
        return [phase.title for phase in phases if not set(years(phase.period)).isdisjoint(program.years)]


def agency(path: Path) -> Node:
    data, _ = read(path, Agency)
    return Node(
        id=path.stem, anchor=f"agency/{path.stem}", name=data.name, short=data.short, shown=data.short, data=data,
        owned=[], supported=[], pillars=[], duty=lambda _pillar: None,
    )  # fmt: skip


def years(period: str) -> list[int]:
    first, last = re.split("[-–]", period)
    return list(range(int(first), int(last) + 1))


def pivot(lines: Iterable[tuple[Any, Any, int]], rows: list[Any], columns: list[Any]) -> Node:
    """Sums by two keys, with every total."""
    sums: dict[tuple[Any, Any], int] = defaultdict(int)
    for row, column, amount in lines:
        sums[row, column] += amount
    table = [(row, [sums[row, column] for column in columns]) for row in rows]
    totals = [sum(cells[at] for _, cells in table) for at in range(len(columns))]
    return Node(
        columns=columns, rows=[(row, cells, sum(cells)) for row, cells in table], totals=totals, total=sum(totals),
        decimals=int(any(amount % 10**6 for _, cells in table for amount in cells)), rounded=False,
    )  # fmt: skip


def percentages(amounts: list[int]) -> list[float]:
    """Shares of one decimal that add up to a hundred: the largest remainders are rounded up."""
    total = sum(amounts) or 1
    tenths = [amount * 1000 // total for amount in amounts]
    order = sorted(range(len(amounts)), key=lambda at: -(amounts[at] * 1000 % total))
    for at in order[: 1000 - sum(tenths)] if any(amounts) else ():
        tenths[at] += 1
    return [tenth / 10 for tenth in tenths]


# --- the document -----------------------------------------------------------------------------------------


def rupiah(amount: int) -> str:
    return f"Rp{NBSP}{amount:,}".replace(",", ".")


def short_rupiah(amount: int) -> str:
    power, word = (1e12, "triliun") if amount >= 1e12 else (1e9, "miliar")
    return f"Rp{NBSP}{round(amount / power, 2):g}{NBSP}{word}".replace(".", ",")


def millions(amount: int, decimals: int = 0) -> str:
    return f"{amount / 1e6:,.{decimals}f}".translate(str.maketrans(",.", ".,")) if amount else "·"


FILTERS = {
    "millions": millions,
    "number": lambda value: f"{value:g}",
    "rupiah": rupiah,
    "short_rupiah": short_rupiah,
    "percent": lambda value: f"{value:g}{NBSP}%".replace(".", ","),
}


def page(plan: Plan, labels: dict[str, str]) -> str:
    """Facts and tables straight as HTML, prose by markdown-it-py, one template."""
    import jinja2

    md = parser()
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "page"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS, prose=lambda node: md.render(node.prose))
    return env.get_template("floor.html.j2").render(
        plan=plan, registers=Registers(plan), t=lambda key, **args: labels[key].format(**args)
    )


class Md(str):
    """Text that is Markdown already."""


_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_GROUP = re.compile(r"<tr>\n<td>(<strong>.*)</td>\n((?:<td[^>]*></td>\n)+)</tr>")


def headed(html: str) -> str:
    """Rows that have but a strong first cell as headings across their tables."""
    return _GROUP.sub(
        lambda row: f'<tr class="group">\n<th colspan="{row[2].count("<td") + 1}">{row[1]}</th>\n</tr>', html
    )


def book(plan: Plan, labels: dict[str, str]) -> str:
    """The shipped templates' Markdown by markdown-it-py, in the shipped page."""
    import jinja2

    class Environment(jinja2.Environment):
        concat = staticmethod(lambda parts: Md("".join(parts)))

    def escape(value: object) -> Md:
        return value if type(value) is Md else Md(_MARKS.sub(r"\\\1", "" if value is None else str(value)))

    def link(node: Node) -> Md:
        return Md(f"[{escape(node.shown)}](#{node.anchor})")

    def prose(node: Node, shift: int = 0) -> Md:
        return Md("\n\n" + re.sub("^#", "#" * (shift + 1), node.prose, flags=re.M) + "\n\n")

    def exact(amount: int, decimals: int = 0) -> Md:
        return Md(f"[{millions(amount, decimals)}](rupiah:{amount})" if amount else "·")

    def block(name: str, **context: object) -> str:
        text = env.get_template(f"{name}.md.j2").render(**context)
        sections.append((name, headed(md.render(text))))
        return ""

    md, sections = parser(), []  # type: ignore[var-annotated]
    loader = jinja2.FileSystemLoader(REPO / "templates")
    env = Environment(
        loader=loader, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.do"], finalize=escape
    )  # fmt: skip
    env.globals.update(
        plan=plan, book=plan, date=None, draft=False, block=block, registers=Registers(plan),
        chart=lambda *_: Md(""), spark=lambda *_: Md(""), t=lambda key, **args: labels[key].format(**args),
    )  # fmt: skip
    env.filters.update(
        FILTERS, anchor=lambda _: Md(""), choice=lambda value, _kind: value, link=link, markdown=Md, prose=prose,
        millions=exact, prose_table=lambda pillar, shift, _caption: prose(pillar, shift),
        joined=lambda nodes: Md(", ".join(map(link, nodes))),
    )  # fmt: skip
    env.get_template("books/masterplan.j2").render()
    shell = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    style, script = ((REPO / "templates/html" / name).read_text("utf-8") for name in ("style.css", "page.js"))
    return shell.get_template("html/page.html.j2").render(
        title=plan.title, language="id", policy="", style=style, script=script, contents="", sections=sections,
        marks=[], words=labels,
    )  # fmt: skip


def check(root: Path) -> None:
    """Values and prose of every file."""
    md = parser()
    read(root / "masterplan.yaml", Settings)
    for path in root.glob("agencies/*.yaml"):
        read(path, Agency)
    for path in root.glob("pillars/*/*.md"):
        model: type[BaseModel] = Pillar if path.stem == "pillar" else Program
        md.parse(read(path, model)[1])


def main(work: str, root: str, out: str = "", labels: str = "") -> None:
    if work == "check":
        check(Path(root))
        return
    words = json.loads(Path(labels).read_text(encoding="utf-8"))
    made = {"page": page, "book": book}[work](Plan(Path(root)), words)
    Path(out).write_text(made, encoding="utf-8")
