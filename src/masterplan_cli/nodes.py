"""Nodes: what each file of a plan says, typed, and what it is linked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel

from masterplan_cli import schema
from masterplan_cli.diagnostics import Place
from masterplan_cli.markdown import Prose
from masterplan_cli.messages import Language
from masterplan_cli.source import Route
from masterplan_cli.taxonomy import PillarTerm, Term
from masterplan_cli.values import Period, slug
from masterplan_cli.yaml_reader import Value

Model = TypeVar("Model", bound=BaseModel)


@dataclass(eq=False, repr=False)
class Node(Generic[Model]):
    """One file of the plan: what it says, as far as it could be read, and the way back to its places.

    `data` is typed, `value` as it was written; `shaped` leads from one to the other, and is None where the file could
    not be read at all and `data` only stands in for it.
    """

    id: str
    path: str
    data: Model
    value: dict[str, Value]
    shaped: schema.Shaped[Model] | None
    prose: Prose | None

    def __repr__(self) -> str:
        """A template that prints the node as a whole prints the same each time."""
        return f"<{type(self).__name__} {self.path}>"

    @property
    def broken(self) -> bool:
        """Whether the file could not be read at all."""
        return self.shaped is None

    @property
    def text(self) -> str | None:
        """The prose as its agency wrote it."""
        if self.prose is None:
            return None
        return "\n".join(self.prose.source.lines[self.prose.first_line - 1 :]).strip() + "\n"

    def wrote(self, key: str) -> bool:
        """Whether the file says something for a field, right or wrong; a broken file may have."""
        return self.shaped is None or (key,) in self.shaped.meant or self.value.get(key) is not None

    def spoiled(self, *route: str | int) -> bool:
        """Whether what was written at a route has a finding of its own, so that its absence needs none."""
        return self.shaped is None or self.shaped.written(route) in self.shaped.spoilt_within

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


def _begins(name: str, words: list[str]) -> bool:
    """Whether a name begins with one of some words."""
    return f"{slug(name)}-".startswith(tuple(f"{word}-" for word in words))


@dataclass(eq=False, repr=False)
class Agency(Node[schema.Agency]):
    """A perangkat daerah, with what it owns and supports."""

    owned: list[Program] = field(default_factory=list)
    supported: list[Program] = field(default_factory=list)
    pillars: list[Pillar] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.data.name

    @property
    def short(self) -> str:
        return self.data.short or self.data.name

    @property
    def owes_duties(self) -> bool:
        """Whether it says its duty in each pillar by itself; what is no kind of its own is told by its name."""
        kind = self.data.kind
        if not self.wrote("kind"):
            named = (k for k in schema.WITHOUT_DUTIES if _begins(self.name, schema.AGENCY_KIND.words[k]))
            kind = next(named, kind)
        return kind not in schema.WITHOUT_DUTIES

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
    owner: Agency | None = None
    supporting: list[Agency] = field(default_factory=list)
    depends_on: list[Program] = field(default_factory=list)
    needed_by: list[Program] = field(default_factory=list)
    #: What tells it from others of the same title.
    apart: str = ""

    @property
    def title(self) -> str:
        return self.data.title

    @property
    def name(self) -> str:
        """The title, and what tells it from others of the same title."""
        return f"{self.title} ({self.apart})" if self.apart else self.title

    @property
    def anchor(self) -> str:
        return self.id

    @property
    def period(self) -> Period | None:
        return self.data.period

    @property
    def short(self) -> str | None:
        return self.data.short

    @property
    def quick_win(self) -> bool:
        return self.data.quick_win

    @property
    def proven(self) -> bool:
        """Whether there is any evidence."""
        return bool(self.data.evidence)

    @property
    def subdimension(self) -> Term | None:
        return self.pillar.term.subdimension(self.data.subdimension or "") if self.pillar.term else None

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.data.budget)

    def runs_in(self, period: Period) -> bool:
        """Whether it runs in some year of a period."""
        return self.period is not None and not set(period.years).isdisjoint(self.period.years)

    @property
    def measures(self) -> list[Measure]:
        """What the program is measured by."""
        return [Measure(one, self, self, ("indicators", i)) for i, one in enumerate(self.data.indicators)]


@dataclass(eq=False, repr=False)
class Pillar(Node[schema.Pillar]):
    """A pillar, with its owner and its programs in the order of the sub-dimensions; `exists` says whether its file is there."""

    term: PillarTerm | None
    language: Language
    exists: bool = True
    owner: Agency | None = None
    programs: list[Program] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.data.title or (self.term.name.of(self.language) if self.term else self.id)

    name = title

    @property
    def anchor(self) -> str:
        return self.id

    @property
    def about(self) -> str | None:
        described = self.term.about.of(self.language) if self.term and self.term.about else None
        return self.data.summary or described

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
        return self.data.title

    name = title

    @property
    def anchor(self) -> str:
        return f"chapter/{self.id}"


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


def units_of(node: Program | Pillar) -> list[str]:
    """The units of all that a program or a pillar is measured by."""
    return [measure.indicator.unit for measure in node.measures]


#: What a book can lead to, and one file of a plan, of whatever kind.
Linked: TypeAlias = Agency | Program | Pillar | Chapter
AnyNode: TypeAlias = Agency | Program | Pillar | Chapter | Root


def ids(nodes: Sequence[Linked]) -> list[str]:
    return [node.id for node in nodes]
