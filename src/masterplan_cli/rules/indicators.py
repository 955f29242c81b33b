"""MP4xx: indicators, baselines, targets and actuals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Measure, Pillar, Program, units_of
from masterplan_cli.plan import Plan
from masterplan_cli.rules.registry import rule
from masterplan_cli.suggestions import EFFORT, Choices
from masterplan_cli.values import suggested_year

_WHY = Both(
    "Evaluasi tahunan membandingkan nilai awal, target, dan realisasi. Indikator tanpa salah satunya tidak dapat dinilai.",
    "The yearly evaluation compares baseline, target and result. An indicator that lacks one of them cannot be judged.",
)


def _said(measure: Measure, *route: str) -> bool:
    """Whether the file says something here, right, wrong or under a misspelt key."""
    return measure.as_written(*route) is not None or measure.node.spoiled(*measure.route, *route)


@rule(
    "MP401",
    "no-indicator",
    Severity.WARNING,
    title=Both("program atau sasaran tanpa indikator", "program or goal without an indicator"),
    why=_WHY,
    message=Both("`{name}` belum punya indikator", "`{name}` has no indicator"),
    fix=Both(
        "tambahkan `indicators:` dengan `name`, `unit`, `baseline`, dan `targets`",
        "add `indicators:` with `name`, `unit`, `baseline` and `targets`",
    ),
    each=(Program, Pillar),
)
def no_indicator(found: Rule, _plan: Plan, node: Program | Pillar) -> Iterator[Finding]:
    if isinstance(node, Program):
        if not node.wrote("indicators"):
            yield found.at(node.at("indicators", part="key"), name=node.id)
        return
    for index, goal in enumerate(node.data.goals):
        if not node.as_written("goals", index, "indicators"):
            yield found.at(node.at("goals", index), name=goal.title)


@rule(
    "MP402",
    "no-baseline",
    Severity.WARNING,
    title=Both("indikator tanpa nilai awal", "indicator without a baseline"),
    why=_WHY,
    message=Both("indikator `{name}` belum punya nilai awal", "indicator `{name}` has no baseline"),
    fix=Both(
        "tambahkan `baseline:` dengan `value`, `year`, dan `source`",
        "add `baseline:` with `value`, `year` and `source`",
    ),
    each=Measure,
)
def no_baseline(found: Rule, plan: Plan, measure: Measure) -> Iterator[Finding]:
    asked = measure.indicator.baseline is None and not plan.starts_from_nothing(measure.indicator)
    if asked and not _said(measure, "baseline"):
        yield found.at(measure.at("baseline", part="key"), name=measure.indicator.name)


@rule(
    "MP403",
    "baseline-without-source",
    Severity.WARNING,
    title=Both("nilai awal tanpa tahun atau sumber", "baseline without a year or a source"),
    why=Both(
        "Fakta yang lemah adalah kelemahan terbesar rencana kota; angka tanpa sumber tidak dapat diperiksa.",
        "Weak facts are the worst fault of city plans; a figure without a source cannot be checked.",
    ),
    message=Both(
        "nilai awal `{name}` belum menyebut sumber data (`source`)",
        "the baseline of `{name}` does not name its source (`source`)",
    ),
    fix=Both(
        "tambahkan `source:`, misalnya nama laporan dan tahunnya",
        "add `source:`, as the name of a report and its year",
    ),
    variants={
        "year": Text(
            Both(
                "nilai awal `{name}` belum menyebut tahunnya (`year`)",
                "the baseline of `{name}` does not name its year (`year`)",
            ),
            Both("tambahkan `year:`", "add `year:`"),
        )
    },
    each=Measure,
)
def baseline_without_source(found: Rule, _plan: Plan, measure: Measure) -> Iterator[Finding]:
    baseline = measure.indicator.baseline
    for key, variant in (("source", ""), ("year", "year")) if baseline else ():
        if getattr(baseline, key) is None and not _said(measure, "baseline", key):
            place = measure.at("baseline", key, part="key")
            yield found.at(place, variant, name=measure.indicator.name)


_YEARLY = (("targets", Both("target", "target")), ("actuals", Both("realisasi", "result")))


@rule(
    "MP404",
    "target-year-outside-period",
    Severity.ERROR,
    title=Both("tahun target di luar periode", "target year outside the period"),
    why=Both(
        "Target di luar periode tidak akan dinilai, atau tahunnya salah ketik.",
        "A target outside the period will not be judged, or its year is a slip.",
    ),
    message=Both(
        "{label} tahun {year} di luar periode {period}",
        "the {label} of {year} is outside the period {period}",
    ),
    fix=Both("ubah tahunnya menjadi di dalam {period}", "change the year to lie within {period}"),
    variants={
        "suggestion": Text(
            Both(
                "{label} tahun {year} di luar periode {period}",
                "the {label} of {year} is outside the period {period}",
            ),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        )
    },
    each=Measure,
)
def target_year_outside_period(found: Rule, plan: Plan, measure: Measure) -> Iterator[Finding]:
    period = (measure.program.period if measure.program else None) or plan.settings.period
    for key, label in _YEARLY:
        years: dict[int, Decimal] = getattr(measure.indicator, key)
        inside = not years or (min(years) in period and max(years) in period)
        for year in () if inside else (y for y in years if y not in period):
            free = suggested_year(str(year), period)
            guess = free if free not in years else None
            yield found.at(
                _year(measure, key, year),
                "suggestion" if guess else "",
                year=year,
                period=period,
                label=label,
                suggestion=guess,
            )


def _year(measure: Measure, key: str, year: int) -> Place:
    """The place of a year as it was written, full-width digits and all."""
    return measure.at(key, _written_year(measure, key, year) or str(year), part="key")


def _written_year(measure: Measure, key: str, year: int) -> str | None:
    """The key that stands for a year, with or without a value."""
    group = measure.as_written(key)
    years = group if isinstance(group, dict) else {}
    if str(year) in years:
        return str(year)
    return next((word for word in years if unicodedata.normalize("NFKC", word).strip() == str(year)), None)


@rule(
    "MP405",
    "target-against-direction",
    Severity.ERROR,
    title=Both("target berlawanan dengan arah", "target against the direction"),
    why=Both(
        "Target yang bergerak ke arah yang salah biasanya berarti arah atau angkanya keliru.",
        "A target that moves the wrong way usually means that the direction or the figure is wrong.",
    ),
    message=Both(
        "target {year} ({value}) tidak {direction} dari {before}",
        "target {year} ({value}) does not go {direction} from {before}",
    ),
    fix=Both(
        "periksa angkanya, atau `direction:` (sekarang: {direction})",
        "look at the figure, or at `direction:` (now: {direction})",
    ),
    each=Measure,
)
def target_against_direction(found: Rule, _plan: Plan, measure: Measure) -> Iterator[Finding]:
    indicator, direction = measure.indicator, measure.indicator.direction
    years = sorted(indicator.targets)
    values = [indicator.targets[year] for year in years]
    if indicator.baseline:
        values.insert(0, indicator.baseline.value)
    if _along(direction, values) or measure.node.spoiled(*measure.route, "direction"):
        return
    for year, before, value in zip(years[-len(values) + 1 :], values, values[1:], strict=False):
        if not _along(direction, [before, value]):
            place = _year(measure, "targets", year)._replace(part="value")
            yield found.at(place, year=year, value=value, before=before, direction=_DIRECTIONS[direction])


_DIRECTIONS = {
    "up": Both("naik", "up"),
    "down": Both("turun", "down"),
    "keep": Both("tetap", "along unchanged"),
}


def _along(direction: str, values: list[Decimal]) -> bool:
    """Whether figures follow each other in a direction; equal ones may, for a plan may hold what it has reached."""
    if direction == "keep":
        return values == values[:1] * len(values)
    return values == sorted(values, reverse=direction == "down")


@rule(
    "MP406",
    "actual-without-target",
    Severity.WARNING,
    title=Both("realisasi tanpa target", "result without a target"),
    why=_WHY,
    message=Both(
        "realisasi {year} tidak punya target {year}", "the result of {year} has no target of {year}"
    ),
    fix=Both(
        "tambahkan `{year}:` di `targets:`, atau periksa tahunnya",
        "add `{year}:` to `targets:`, or look at the year",
    ),
    each=Measure,
)
def actual_without_target(found: Rule, plan: Plan, measure: Measure) -> Iterator[Finding]:
    period = (measure.program.period if measure.program else None) or plan.settings.period
    spoiled = measure.node.spoiled(*measure.route, "targets")  # its target may be what does not read
    for year in () if spoiled else measure.indicator.actuals:
        target = year in measure.indicator.targets or _written_year(measure, "targets", year)
        if year in period and not target:
            yield found.at(_year(measure, "actuals", year), year=year)


@rule(
    "MP407",
    "no-target",
    Severity.WARNING,
    title=Both("indikator tanpa target", "indicator without a target"),
    why=_WHY,
    message=Both("indikator `{name}` belum punya target", "indicator `{name}` has no target"),
    fix=Both("tambahkan `targets:` dengan `tahun: angka`", "add `targets:` with `year: figure`"),
    each=Measure,
)
def no_target(found: Rule, _plan: Plan, measure: Measure) -> Iterator[Finding]:
    if not measure.indicator.targets and not _said(measure, "targets"):
        yield found.at(measure.at("targets", part="key"), name=measure.indicator.name)


@rule(
    "MP408",
    "misspelt-unit",
    Severity.WARNING,
    title=Both("satuan mungkin salah ketik", "a unit that may be misspelt"),
    why=Both(
        "Indikator dengan satuan yang sama dibandingkan dan dijumlahkan; satu huruf keliru memisahkannya.",
        "Indicators of one unit are compared and summed; one wrong letter sets them apart.",
    ),
    message=Both("satuan (`unit`) `{unit}` tidak dikenal", "unit (`unit`) `{unit}` is not known"),
    fix=Both(
        "mungkin maksudnya `{suggestion}`; bila memang satuan lain, tambahkan di `units:` masterplan.yaml",
        "did you mean `{suggestion}`? If it is another unit, add it to `units:` of masterplan.yaml",
    ),
)
def misspelt_unit(found: Rule, plan: Plan) -> Iterator[Finding]:
    nodes: list[Pillar | Program] = [*plan.pillars, *plan.programs]
    units, known = plan.units, Choices(plan.units, EFFORT)
    for node in nodes:
        unknown = [(n, u) for n, u in enumerate(units_of(node)) if u.casefold() not in units]
        meant = [(n, u, min(slips)) for n, u in unknown if (slips := known.slips(u.casefold()))]
        measures = node.measures if meant else []
        for index, unit, suggestion in meant:
            yield found.at(measures[index].at("unit"), unit=unit, suggestion=units[suggestion])


#: A figure before words; round ones belong to a unit, as in `1.000 jiwa`.
_FIGURE = re.compile(r"(?P<figure>\d[\d.,]*+)(?P<unit>.*)", re.S)
_ROUND = re.compile(r"10+")


@rule(
    "MP411",
    "figure-in-unit",
    Severity.WARNING,
    title=Both("angka di dalam satuan", "a figure in a unit"),
    why=Both(
        "Satuan dicetak di belakang setiap angka indikator; angka di dalamnya membuat `40 80 persen`.",
        "The unit is printed behind each figure of the indicator; a figure in it makes `40 80 percent`.",
    ),
    message=Both(
        "satuan (`unit`) `{unit}` memuat angka `{figure}`, yang tercetak di belakang setiap angka indikator",
        "unit (`unit`) `{unit}` holds the figure `{figure}`, which is printed behind each figure of the indicator",
    ),
    fix=Both(
        "tulis `unit: {suggestion}`; angkanya di `targets:`, `actuals:`, atau `baseline:`",
        "write `unit: {suggestion}`; the figure belongs to `targets:`, `actuals:` or `baseline:`",
    ),
    each=Measure,
)
def figure_in_unit(found: Rule, _plan: Plan, measure: Measure) -> Iterator[Finding]:
    unit = measure.indicator.unit
    match = _FIGURE.fullmatch(unit)
    if match and not _ROUND.fullmatch(re.sub(r"\D", "", match["figure"])):
        rest = match["unit"].strip().replace("%", "persen")
        yield found.at(measure.at("unit"), unit=unit, figure=match["figure"], suggestion=rest)


@rule(
    "MP409",
    "indicator-twice",
    Severity.WARNING,
    title=Both("dua indikator bernama sama", "two indicators of one name"),
    why=_WHY,
    message=Both("indikator `{name}` tertulis dua kali di sini", "the indicator `{name}` stands here twice"),
    fix=Both(
        "hapus salah satu, atau beri nama yang membedakannya",
        "remove one of them, or give them names that tell them apart",
    ),
    each=(Program, Pillar),
)
def indicator_twice(found: Rule, _plan: Plan, node: Program | Pillar) -> Iterator[Finding]:
    seen: dict[tuple[int, str], Measure] = {}
    for measure in node.measures:
        name = " ".join(measure.indicator.name.casefold().split())
        first = seen.setdefault((id(measure.of), name), measure)
        if first is not measure:
            related = [Related(first.at("name"), Both("yang pertama", "the first"))]
            yield found.at(measure.at("name"), related=related, name=measure.indicator.name)


@rule(
    "MP410",
    "baseline-after-target",
    Severity.WARNING,
    title=Both("nilai awal sesudah target pertama", "baseline after the first target"),
    why=_WHY,
    message=Both(
        "tahun nilai awal {year} sesudah target pertama ({first})",
        "the baseline's year {year} is after the first target ({first})",
    ),
    fix=Both(
        "nilai awal adalah keadaan sebelum mulai: periksa `year` atau tahun targetnya",
        "a baseline is the state before the start: look at its `year`, or at the target's",
    ),
    each=Measure,
)
def baseline_after_target(found: Rule, _plan: Plan, measure: Measure) -> Iterator[Finding]:
    baseline, first = measure.indicator.baseline, min(measure.indicator.targets, default=None)
    if baseline and baseline.year and first and baseline.year > first:
        yield found.at(measure.at("baseline", "year"), year=baseline.year, first=first)
