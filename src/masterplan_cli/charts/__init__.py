"""Pictures of a plan's data as SVG: the same in every format, each with a text that says what it shows."""

from __future__ import annotations

from collections.abc import Callable

from masterplan_cli.charts.council import council
from masterplan_cli.charts.dependencies import dependencies
from masterplan_cli.charts.glance import glance
from masterplan_cli.charts.indicators import indicators, spark
from masterplan_cli.charts.money import budget_pillars, budget_years
from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.region_map import region_map
from masterplan_cli.charts.roadmap import roadmap
from masterplan_cli.charts.svg import Chart
from masterplan_cli.plan import Plan

__all__ = ["CHARTS", "PALETTE", "Chart", "draw"]

#: What a template may ask for. What does not fit on one page comes as several pictures.
CHARTS: dict[str, Callable[..., list[Chart]]] = {
    "budget-pillars": budget_pillars,
    "budget-years": budget_years,
    "council": council,
    "dependencies": dependencies,
    "glance": glance,
    "indicators": indicators,
    "map": region_map,
    "roadmap": roadmap,
    "spark": spark,
}


def draw(name: str, plan: Plan, *args: object) -> list[Chart]:
    """The pictures of one name in `CHARTS`; none where the plan has nothing to show in it."""
    return CHARTS[name](plan, *args)
