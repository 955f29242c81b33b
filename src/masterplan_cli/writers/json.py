"""JSON: the plan as data, for programs in any language. Versioned: a field never changes its meaning."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from masterplan_cli.nodes import Agency, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.values import Period
from masterplan_cli.writers import Request, Written

FORMAT, VERSION = "masterplan", 1


def write(request: Request) -> Written:
    """The whole plan: two-space indentation, keys in a fixed order, amounts in whole rupiah."""
    plan = _plan(request.plan, request.date, draft=request.draft)
    text = json.dumps(plan, ensure_ascii=False, indent=2)
    return Written({f"{request.name}.json": text.encode("utf-8") + b"\n"})


def _plan(plan: Plan, date: datetime.date | None, *, draft: bool) -> dict[str, Any]:
    settings = _plain(plan.settings)
    for internal in ("rules", "prose", "outputs", "books"):
        settings.pop(internal)
    return {
        "format": FORMAT,
        "version": VERSION,
        "date": _plain(date),
        "draft": draft,
        **settings,
        "pillars": [_pillar(plan, pillar) for pillar in plan.pillars],
        "agencies": [_agency(agency) for agency in plan.agency_list],
        "chapters": [{"id": c.id, **_plain(c.data), "text": _text(c)} for c in plan.chapters],
        "budget": _budget(plan),
    }


def _pillar(plan: Plan, pillar: Pillar) -> dict[str, Any]:
    return {
        "id": pillar.id,
        **_plain(pillar.data),
        "title": pillar.title,
        "subdimensions": [
            {"id": s.id, "name": s.name.of(plan.language)}
            for s in (pillar.term.subdimensions if pillar.term else ())
        ],
        "total": pillar.total,
        "text": _text(pillar),
        "programs": [_program(program) for program in pillar.programs],
    }


def _program(program: Program) -> dict[str, Any]:
    return {
        "id": program.id,
        **_plain(program.data),
        "needed_by": [p.id for p in program.needed_by],
        "total": program.total,
        "text": _text(program),
    }


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "id": agency.id,
        **_plain(agency.data),
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


def _text(node: Any) -> str | None:
    """The prose as its agency wrote it."""
    prose = node.prose
    return "\n".join(prose.source.lines[prose.first_line - 1 :]).strip() + "\n" if prose else None


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Period):
        return {"first": value.first, "last": value.last}
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
