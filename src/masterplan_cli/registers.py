"""Registers: what the annexes of a book list, gathered from all files of a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from masterplan_cli import schema
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Agency, Measure, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.prose import BookProse, section_text
from masterplan_cli.values import Period, long_date

#: The Sustainable Development Goals by their numbers, as Indonesia's and the UN's documents name them.
_GOALS = {
    1: Both("Tanpa Kemiskinan", "No Poverty"),
    2: Both("Tanpa Kelaparan", "Zero Hunger"),
    3: Both("Kehidupan Sehat dan Sejahtera", "Good Health and Well-being"),
    4: Both("Pendidikan Berkualitas", "Quality Education"),
    5: Both("Kesetaraan Gender", "Gender Equality"),
    6: Both("Air Bersih dan Sanitasi Layak", "Clean Water and Sanitation"),
    7: Both("Energi Bersih dan Terjangkau", "Affordable and Clean Energy"),
    8: Both("Pekerjaan Layak dan Pertumbuhan Ekonomi", "Decent Work and Economic Growth"),
    9: Both("Industri, Inovasi, dan Infrastruktur", "Industry, Innovation and Infrastructure"),
    10: Both("Berkurangnya Kesenjangan", "Reduced Inequalities"),
    11: Both("Kota dan Permukiman yang Berkelanjutan", "Sustainable Cities and Communities"),
    12: Both("Konsumsi dan Produksi yang Bertanggung Jawab", "Responsible Consumption and Production"),
    13: Both("Penanganan Perubahan Iklim", "Climate Action"),
    14: Both("Ekosistem Lautan", "Life Below Water"),
    15: Both("Ekosistem Daratan", "Life on Land"),
    16: Both("Perdamaian, Keadilan, dan Kelembagaan yang Tangguh", "Peace, Justice and Strong Institutions"),
    17: Both("Kemitraan untuk Mencapai Tujuan", "Partnerships for the Goals"),
}
_SDG = Both("TPB", "SDG")


class RiskEntry(NamedTuple):
    """A risk and the program that runs it."""

    program: Program
    risk: schema.Risk


class Aligned(NamedTuple):
    """A part of another plan, or a goal of a system of goals, and the programs that serve it."""

    system: str
    item: str
    programs: list[Program]


class DataSource(NamedTuple):
    """Where baselines come from, how many of them, and the pillars that use it."""

    source: str
    uses: int
    pillars: list[Pillar]


class Short(NamedTuple):
    """An abbreviation and what it stands for."""

    term: str
    meaning: str
    agency: Agency | None = None


class Strategy(NamedTuple):
    """What a pillar says of a sub-dimension, and its programs there; the last one has those of none."""

    name: str
    goals: list[str]
    strategy: str
    programs: list[Program]


class Registers:
    """The registers of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def strategies(self, pillar: Pillar) -> list[Strategy]:
        """The sub-dimensions of a pillar with their goals, their strategies and their programs."""
        language, sections = self.plan.language, self.plan.taxonomy.sections.pillar
        terms = pillar.term.subdimensions if pillar.term else ()
        text = BookProse(self.plan, {}, pillar, 0).tokens()
        found = []
        for term in terms:
            goals = [goal.title for goal in pillar.data.goals if goal.subdimension == term.id]
            said = section_text(text, term.spellings, sections[-1].spellings) if sections else ""
            found.append(Strategy(term.name.of(language), goals, said, self.plan.programs_of(pillar, term)))
        rest = [program for program in pillar.programs if program.subdimension is None]
        found.append(Strategy("–", [], "", rest))
        return [group for group in found if group.programs]

    @property
    def risks(self) -> list[RiskEntry]:
        """Every risk, the gravest first."""
        levels = list(schema.LABELLED["level"].words)
        found = [RiskEntry(program, risk) for program in self.plan.programs for risk in program.data.risks]
        return sorted(found, key=lambda entry: levels.index(entry.risk.level))

    @property
    def alignment(self) -> list[Aligned]:
        """The parts of other plans that programs serve, by plan and part; then goals by their tags."""
        served: dict[tuple[str, str], list[Program]] = defaultdict(list)
        for program in self.plan.programs:
            for place in dict.fromkeys(_place(item) for item in program.data.alignment):
                served[place].append(program)
        listed = sorted(served, key=lambda place: (place[0].casefold(), place[1].casefold()))
        return [*(Aligned(*place, served[place]) for place in listed), *self._tagged()]

    def _tagged(self) -> list[Aligned]:
        """The goals that programs name by tags such as `sdg:11.6`, in the order of their systems and numbers."""
        served: dict[str, list[Program]] = defaultdict(list)
        for program in self.plan.programs:
            for tag in dict.fromkeys(_goal(tag) for tag in program.data.tags if ":" in tag):
                served[tag].append(program)
        return [Aligned(*self._goal_name(tag), served[tag]) for tag in sorted(served, key=_order)]

    def _goal_name(self, tag: str) -> tuple[str, str]:
        system, _, item = tag.partition(":")
        if system != "sdg":
            return system.upper(), item
        number = int(item) if item.isdecimal() else 0
        name = _GOALS.get(number)
        return _SDG.of(self.plan.language), f"{item} {name.of(self.plan.language)}" if name else item

    @property
    def sources(self) -> list[DataSource]:
        """The sources of baselines, the most used first."""
        return self.sources_of((pillar, self.plan.measures(pillar)) for pillar in self.plan.pillars)

    def sources_of(self, measured: Iterable[tuple[Pillar, list[Measure]]]) -> list[DataSource]:
        """The sources of some pillars' indicators, the most used first."""
        uses: dict[str, list[Pillar]] = defaultdict(list)
        for pillar, measures in measured:
            for measure in measures:
                baseline = measure.indicator.baseline
                if baseline and baseline.source:
                    day = f", {long_date(baseline.date, self.plan.language)}" if baseline.date else ""
                    uses[f"{baseline.source}{day}"].append(pillar)
        found = [DataSource(source, len(used), list(dict.fromkeys(used))) for source, used in uses.items()]
        return sorted(found, key=lambda one: (-one.uses, one.source.casefold()))

    @property
    def abbreviations(self) -> list[Short]:
        """The plan's glossary and the short names of agencies, in alphabetical order."""
        found = [Short(entry.term, entry.meaning) for entry in self.plan.settings.glossary]
        found += [
            Short(agency.short, agency.name, agency)
            for agency in self.plan.agency_list
            if agency.short != agency.name
        ]
        return sorted(found, key=lambda entry: entry.term.casefold())

    @property
    def index(self) -> list[Program]:
        """Every program by its name."""
        return sorted(self.plan.programs, key=lambda program: program.name.casefold())

    def phases_of(self, program: Program) -> list[str]:
        """The phases that a program runs in."""
        return [phase.title for phase in self.plan.settings.phases if program.runs_in(phase.period)]


def _place(item: schema.Alignment) -> tuple[str, str]:
    period: Period | None = item.period
    return f"{item.plan} {period}" if period else item.plan, item.item


def _goal(tag: str) -> str:
    """A tag without the target of its goal: of `sdg:11.6` the eleventh goal."""
    return tag.partition(".")[0] if tag.startswith("sdg:") else tag


def _order(tag: str) -> tuple[str, int, str]:
    system, _, item = tag.partition(":")
    return system, int(item) if item.isdecimal() else 0, item
