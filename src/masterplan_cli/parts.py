"""The parts of a plan that a coordinator and the assessors ask for: of an agency, a pillar, a sub-dimension, a program.

A part is asked of the agency that answers for its file, and a part with an error in it is not done. What a finding names
already is not named again as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from masterplan_cli import schema
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Agency, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.rules.prose import lines_of, narrated
from masterplan_cli.source import Route
from masterplan_cli.taxonomy import Term

Subject = TypeVar("Subject")


class Duty(NamedTuple):
    """What an agency says of itself in a pillar."""

    agency: Agency
    pillar: Pillar


class Facet(NamedTuple):
    """A sub-dimension of a pillar."""

    pillar: Pillar
    term: Term


@dataclass(frozen=True)
class Part(Generic[Subject]):
    """One thing that is asked for.

    An error below one of its `routes` (`*` stands for any name or number) names it, and spoils it when it is
    `strict`. The rules in `codes` name its absence; a plan that has turned all of them off, with its reason,
    does not ask for the part. `lines` tells which lines of prose belong to it. `explained` tells whether the lack of something else is the cause.
    """

    key: str
    label: Both
    fix: Both
    given: Callable[[Plan, Subject], object]
    routes: tuple[Route, ...] = ()
    codes: tuple[str, ...] = ()
    asked: Callable[[Plan, Subject], object] = lambda _plan, _subject: True
    explained: Callable[[Plan, Subject], object] = lambda _plan, _subject: False
    lines: Callable[[Subject], range] = lambda _subject: range(0)
    strict: bool = True


DUTY: tuple[Part[Duty], ...] = (
    Part(
        "duty",
        Both("tugas di {name}", "duty in {name}"),
        Both("tulis `{id}: …` di bawah `duties:`", "write `{id}: …` below `duties:`"),
        given=lambda _, duty: duty.agency.duty(duty.pillar),
        codes=("MP107",),
        routes=(("duties",),),
        asked=lambda plan, duty: (
            duty.pillar.term and duty.agency.owes_duties and _exists_in(plan, duty.agency)
        ),
        strict=False,
    ),
)
PILLAR: tuple[Part[Pillar], ...] = (
    Part(
        "owner",
        Both("pengampu pilar", "owner of the pillar"),
        Both("tambahkan `owner:` dengan id di agencies/", "add `owner:` with an id in agencies/"),
        given=lambda _, pillar: pillar.owner,
        routes=(("owner",),),
        codes=("MP101",),
    ),
    Part(
        "goals",
        Both("sasaran pilar", "goals of the pillar"),
        Both(
            "tambahkan `goals:` dengan `title` dan `indicators`", "add `goals:` with `title` and `indicators`"
        ),
        given=lambda _, pillar: pillar.data.goals,
        routes=(("goals",),),
        asked=lambda _, pillar: not facets(pillar),
        strict=False,
    ),
    Part(
        "indicators",
        Both("indikator untuk setiap sasaran", "indicators for every goal"),
        Both("tambahkan `indicators:` di setiap sasaran", "add `indicators:` to every goal"),
        given=lambda _, pillar: all(goal.indicators for goal in pillar.data.goals) and pillar.data.goals,
        routes=(("goals", "*", "indicators"),),
        codes=("MP401",),
        explained=lambda _, pillar: not pillar.data.goals,
    ),
    Part(
        "baseline",
        Both(
            "nilai awal, tahun, dan sumber untuk setiap indikator",
            "baseline, year and source for every indicator",
        ),
        Both(
            "tambahkan `baseline:` dengan `value`, `year`, `source`",
            "add `baseline:` with `value`, `year`, `source`",
        ),
        given=lambda plan, pillar: _based(plan, _of_goals(pillar)),
        routes=(("goals", "*", "indicators", "*", "baseline"),),
        codes=("MP402", "MP403"),
        explained=lambda _, pillar: not _of_goals(pillar),
    ),
    Part(
        "targets",
        Both("target untuk setiap indikator", "targets for every indicator"),
        Both("tambahkan `targets:` dengan `tahun: angka`", "add `targets:` with `year: figure`"),
        given=lambda _, pillar: _targeted(_of_goals(pillar)),
        routes=(("goals", "*", "indicators", "*", "targets"),),
        codes=("MP407",),
        explained=lambda _, pillar: not _of_goals(pillar),
    ),
    Part(
        "quick_win",
        Both("quick win", "quick win"),
        Both("tulis `quick_win: Ya` di salah satu program", "write `quick_win: yes` in one of the programs"),
        given=lambda _, pillar: any(program.data.quick_win for program in pillar.programs),
        codes=("MP109",),
        explained=lambda _, pillar: (
            not pillar.programs or any(p.spoiled("quick_win") for p in pillar.programs)
        ),
    ),
)
FACET: tuple[Part[Facet], ...] = (
    Part(
        "narrative",
        Both("naskah subdimensi {name}", "text on {name}"),
        Both("tulis bagian `## {name}` beserta isinya", "write a section `## {name}` and its text"),
        given=lambda plan, facet: narrated(facet.pillar.prose, plan.taxonomy.sections.pillar, facet.term),
        codes=("MP501", "MP502"),
        lines=lambda facet: lines_of(facet.pillar.prose, facet.term),
    ),
    Part(
        "goal",
        Both("sasaran untuk {name}", "goal for {name}"),
        Both("tambahkan sasaran dengan `subdimension: {id}`", "add a goal with `subdimension: {id}`"),
        given=lambda _, facet: any(goal.subdimension == facet.term.id for goal in facet.pillar.data.goals),
        routes=(("goals",),),
        strict=False,
    ),
    Part(
        "program",
        Both("program untuk {name}", "program for {name}"),
        Both("buat dengan `masterplan new program`", "make one with `masterplan new program`"),
        given=lambda plan, facet: plan.programs_of(facet.pillar, facet.term),
        codes=("MP108",),
        # A program without a place in the pillar has a finding of its own, and may be the one that is missed.
        explained=lambda _, facet: any(p.subdimension is None for p in facet.pillar.programs),
    ),
)
PROGRAM: tuple[Part[Program], ...] = (
    Part(
        "owner",
        Both("pengampu program", "owner of the program"),
        Both("tambahkan `owner:` dengan id di agencies/", "add `owner:` with an id in agencies/"),
        given=lambda _, program: program.owner,
        routes=(("owner",),),
        codes=("MP103",),
    ),
    Part(
        "subdimension",
        Both("subdimensi", "sub-dimension"),
        Both("tambahkan `subdimension:`", "add `subdimension:`"),
        given=lambda _, program: program.subdimension,
        routes=(("subdimension",),),
        codes=("MP111",),
        asked=lambda _, program: facets(program.pillar),
    ),
    Part(
        "period",
        Both("periode", "period"),
        Both("tambahkan `period:`, misalnya `2025-2027`", "add `period:`, as in `2025-2027`"),
        given=lambda _, program: program.period,
        routes=(("period",),),
        codes=("MP308",),
    ),
    Part(
        "narrative",
        Both("naskah dengan semua bagian wajib", "text with every required section"),
        Both("tulis setiap bagian dengan judul `## …`", "write each section with a heading `## …`"),
        given=lambda plan, program: narrated(program.prose, plan.taxonomy.sections.program),
        codes=("MP501", "MP502"),
        lines=lambda program: lines_of(program.prose),
        # A program in a .yaml file chose to have no narrative.
        asked=lambda plan, program: program.path.endswith(".md") and plan.taxonomy.sections.program,
    ),
    Part(
        "goals",
        Both("tujuan", "goals"),
        Both("tambahkan `goals:`, satu kalimat setiap tujuan", "add `goals:`, one sentence a goal"),
        given=lambda _, program: program.data.goals,
        routes=(("goals",),),
    ),
    Part(
        "beneficiaries",
        Both("penerima manfaat", "beneficiaries"),
        Both("tambahkan `beneficiaries:`", "add `beneficiaries:`"),
        given=lambda _, program: program.data.beneficiaries,
        routes=(("beneficiaries",),),
    ),
    Part(
        "involved",
        Both("perangkat daerah pendukung atau mitra", "supporting agencies or partners"),
        Both("tambahkan `supporting:` atau `partners:`", "add `supporting:` or `partners:`"),
        given=lambda _, program: program.data.supporting or program.data.partners,
        routes=(("supporting",), ("partners",)),
    ),
    Part(
        "indicators",
        Both("indikator", "indicators"),
        Both("tambahkan `indicators:` dengan `name` dan `unit`", "add `indicators:` with `name` and `unit`"),
        given=lambda _, program: program.data.indicators,
        routes=(("indicators",),),
        codes=("MP401",),
    ),
    Part(
        "baseline",
        Both("nilai awal, tahun, dan sumber untuk setiap indikator", "baseline, year and source for every indicator"),
        Both("tambahkan `baseline:` dengan `value`, `year`, `source`", "add `baseline:` with `value`, `year`, `source`"),
        given=lambda plan, program: _based(plan, program.data.indicators),
        routes=(("indicators", "*", "baseline"),),
        codes=("MP402", "MP403"),
        explained=lambda _, program: not program.data.indicators,
    ),
    Part(
        "targets",
        Both("target untuk setiap indikator", "targets for every indicator"),
        Both("tambahkan `targets:` dengan `tahun: angka`", "add `targets:` with `year: figure`"),
        given=lambda _, program: _targeted(program.data.indicators),
        routes=(("indicators", "*", "targets"),),
        codes=("MP407",),
        explained=lambda _, program: not program.data.indicators,
    ),
    Part(
        "budget",
        Both("anggaran, atau alasan tanpa anggaran", "budget, or the reason for none"),
        Both("tambahkan `budget:` atau `no_budget_reason:`", "add `budget:` or `no_budget_reason:`"),
        given=lambda _, program: program.data.budget or program.data.no_budget_reason,
        routes=(("budget",), ("no_budget_reason",)),
        codes=("MP304",),
    ),
    Part(
        "alignment",
        Both("keselarasan dengan RPJMD, Renstra, atau rencana lain", "alignment with other plans"),
        Both("tambahkan `alignment:` dengan `plan` dan `item`", "add `alignment:` with `plan` and `item`"),
        given=lambda _, program: program.data.alignment,
        routes=(("alignment",),),
    ),
    Part(
        "risks",
        Both("risiko, masing-masing dengan mitigasinya", "risks, each with its mitigation"),
        Both("tambahkan `risks:` dengan `risk` dan `mitigation`", "add `risks:` with `risk` and `mitigation`"),
        given=lambda _, program: program.data.risks and all(risk.mitigation for risk in program.data.risks),
        routes=(("risks",),),
    ),
    Part(
        "evidence",
        Both("data dukung", "evidence"),
        Both("tambahkan `evidence:` dengan `title` dan `file` atau `url`", "add `evidence:` with `title` and `file` or `url`"),
        given=lambda _, program: program.data.evidence,
        routes=(("evidence",),),
    ),
    Part(
        "progress",
        Both("tahapan dan kemajuan", "stage and progress"),
        Both("tambahkan `stage:` dan `progress:`", "add `stage:` and `progress:`"),
        given=lambda _, program: program.data.stage and program.data.progress is not None,
        routes=(("stage",), ("progress",)),
    ),
)  # fmt: skip


def _exists_in(plan: Plan, agency: Agency) -> bool:
    """Whether an agency exists in some year of the plan."""
    return agency.data.valid is None or any(year in agency.data.valid for year in plan.years)


def facets(pillar: Pillar) -> tuple[Term, ...]:
    return pillar.term.subdimensions if pillar.term else ()


def _of_goals(pillar: Pillar) -> list[schema.Indicator]:
    return [indicator for goal in pillar.data.goals for indicator in goal.indicators]


def _based(plan: Plan, indicators: Sequence[schema.Indicator]) -> bool:
    """Whether there are indicators and each has a baseline that can be checked, or needs none."""
    asked = [one.baseline for one in indicators if one.baseline or not plan.starts_from_nothing(one)]
    return bool(indicators) and all(base and base.year and base.source for base in asked)


def _targeted(indicators: Iterable[schema.Indicator]) -> bool:
    targets = [indicator.targets for indicator in indicators]
    return bool(targets) and all(targets)
