"""JSON: the plan as data, for programs in any language. Versioned: a field never changes its meaning."""

from __future__ import annotations

import datetime
import json
from typing import Any

from masterplan_cli import schema
from masterplan_cli.nodes import Agency, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.schema import plain
from masterplan_cli.writers import Request, Written

FORMAT, VERSION = "masterplan", 1


def write(request: Request) -> Written:
    """The whole plan: two-space indentation, keys in a fixed order, amounts in whole rupiah."""
    plan = _plan(request.plan, request.date, draft=request.draft)
    text = json.dumps(plan, ensure_ascii=False, indent=2)
    return Written({f"{request.name}.json": text.encode("utf-8") + b"\n"})


def _plan(plan: Plan, date: datetime.date | None, *, draft: bool) -> dict[str, Any]:
    settings = plain(plan.settings)
    for name in schema.OF_THE_TOOL:
        settings.pop(name)
    return {
        "format": FORMAT,
        "version": VERSION,
        "date": plain(date),
        "draft": draft,
        **settings,
        "pillars": [_pillar(plan, pillar) for pillar in plan.pillars],
        "agencies": [_agency(agency) for agency in plan.agency_list],
        "chapters": [{"id": c.id, **plain(c.data), "text": c.text} for c in plan.chapters],
        "budget": _budget(plan),
    }


def _pillar(plan: Plan, pillar: Pillar) -> dict[str, Any]:
    return {
        "id": pillar.id,
        **plain(pillar.data),
        "title": pillar.title,
        "subdimensions": [
            {"id": s.id, "name": s.name.of(plan.language)}
            for s in (pillar.term.subdimensions if pillar.term else ())
        ],
        "total": pillar.total,
        "text": pillar.text,
        "programs": [_program(program) for program in pillar.programs],
    }


def _program(program: Program) -> dict[str, Any]:
    return {
        "id": program.id,
        **plain(program.data),
        "needed_by": [p.id for p in program.needed_by],
        "total": program.total,
        "text": program.text,
    }


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "id": agency.id,
        **plain(agency.data),
        "owns_pillars": [p.id for p in agency.pillars],
        "owns_programs": [p.id for p in agency.owned],
        "supports_programs": [p.id for p in agency.supported],
    }


def _budget(plan: Plan) -> dict[str, Any]:
    by_source = plan.budget_by_source()
    return {
        "total": plan.total,
        "by_year": {str(year): total for year, _, total in by_source.rows},
        "by_source": dict(zip(by_source.columns, by_source.totals, strict=True)),
        "by_pillar": {pillar.id: total for pillar, _, total in plan.budget_by_pillar().rows},
        "by_agency": {a.id if a else "": total for a, _, total in plan.budget_by_agency().rows},
    }
