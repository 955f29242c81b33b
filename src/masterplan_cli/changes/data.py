"""A comparison as data, for programs, and its JSON Schema."""

from __future__ import annotations

import json
from typing import Any

from masterplan_cli.changes.compare import BudgetChange, Comparison, Difference, ItemName, RecordChange, Sum
from masterplan_cli.changes.model import FileRecord, State
from masterplan_cli.terminal import escaped_json

FORMAT, VERSION = "masterplan-changes", 1


def comparison_json(comparison: Comparison) -> str:
    """A comparison after `CHANGES_SCHEMA`; values stand as in the JSON of a plan."""
    moved = [line for line in comparison.budget if line.difference]
    value = {
        "format": FORMAT,
        "version": VERSION,
        "before": _state(comparison.before),
        "after": _state(comparison.after),
        "budget": {
            "total": _sum(comparison.total),
            "by_year": _sums(comparison, lambda line, _: str(line.year)),
            "by_source": _sums(comparison, lambda line, _: line.source),
            "by_pillar": _sums(comparison, lambda _, record: record.pillar),
            "by_agency": _sums(comparison, lambda _, record: record.owner or ""),
            "lines": [_line(line) for line in moved],
        },
        "changes": [_change(one) for one in comparison.changes],
    }
    return escaped_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _state(state: State) -> dict[str, Any]:
    unread = [{"path": path, "findings": count} for path, count in sorted(state.unread.items())]
    return {"name": state.name, "revision": state.revision, "unread": unread}


def _sum(one: Sum | BudgetChange) -> dict[str, int]:
    return {"before": one.before, "after": one.after, "difference": one.difference}


def _sums(comparison: Comparison, key: Any) -> dict[str, dict[str, int]]:
    return {name: _sum(one) for name, one in sorted(comparison.sums(key).items())}


def _line(line: BudgetChange) -> dict[str, Any]:
    return {"program": line.program.record.id, "year": line.year, "source": line.source, **_sum(line)}


def _change(change: RecordChange) -> dict[str, Any]:
    return {
        "kind": change.record.kind,
        "what": change.kinds,
        "before": _record(change.before, whole=change.after is None),
        "after": _record(change.after, whole=change.before is None),
        "others": [record.id for record in change.others],
        "fields": [_difference(one) for one in change.differences],
        "text": [
            {"before": one.before, "after": one.after, "words": [[p.kind, p.text] for p in one.pieces]}
            for one in change.rewordings
        ],
    }


def _record(record: FileRecord | None, *, whole: bool) -> dict[str, Any] | None:
    """What is what; all that it says where it has no other side."""
    if record is None:
        return None
    said = {"data": record.data, "text": record.text} if whole else {}
    return {"id": record.id, "title": record.title, **said}


def _difference(difference: Difference) -> dict[str, Any]:
    route = [
        {"before": step.at.before, "after": step.at.after} if isinstance(step.at, ItemName) else step.at
        for step in difference.steps
    ]
    return {"route": route, "before": difference.before, "after": difference.after}


# --- its schema


def _object(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT, _AMOUNT = {"type": "string"}, {"type": "integer"}
_SUM = {"before": _AMOUNT, "after": _AMOUNT, "difference": _AMOUNT}
_SUMS = {"type": "object", "additionalProperties": _object(_SUM)}
_STATE = _object(
    {
        "name": {**_TEXT, "description": "what was asked for, or what stood for it"},
        "revision": {"type": ["string", "null"], "description": "the id of the commit; null for files"},
        "unread": {
            **_list(_object({"path": _TEXT, "findings": {"type": "integer", "minimum": 1}})),
            "description": "files of which something did not read, and was compared as far as it did",
        },
    }
)
_RECORD = {
    "type": ["object", "null"],
    "properties": {
        "id": _TEXT,
        "title": _TEXT,
        "data": {"type": "object", "description": "all fields, where it is new or has ended"},
        "text": {"type": ["string", "null"]},
    },
    "required": ["id", "title"],
    "additionalProperties": False,
}
_NAMES = {"type": ["object", "null"], "description": "the fields that an item of a list is called by"}
_STEP = {"anyOf": [_TEXT, _object({"before": _NAMES, "after": _NAMES})]}
_KINDS = ["masterplan", "pillar", "program", "agency", "chapter"]
_WHAT = [
    "added", "ended", "merged", "split", "replaced", "renamed", "moved", "transferred", "changed", "unreadable",
]  # fmt: skip
_CHANGE = _object(
    {
        "kind": {"enum": _KINDS},
        "what": {"type": "array", "items": {"enum": _WHAT}, "minItems": 1},
        "before": _RECORD,
        "after": _RECORD,
        "others": {
            **_list(_TEXT),
            "description": "ids of what was merged into it, or that it was split into",
        },
        "fields": _list(_object({"route": {**_list(_STEP), "minItems": 1}, "before": {}, "after": {}})),
        "text": _list(
            _object(
                {
                    "before": {**_TEXT, "description": "the heading above, empty where there is none"},
                    "after": _TEXT,
                    "words": _list(
                        {
                            "type": "array",
                            "prefixItems": [{"enum": ["same", "removed", "added"]}, _TEXT],
                            "minItems": 2,
                            "maxItems": 2,
                        }
                    ),
                }
            )
        ),
    }
)
_LINE = _object({"program": _TEXT, "year": {"type": "integer"}, "source": _TEXT, **_SUM})
#: JSON Schema of `masterplan diff --to json`, version 1; a field never changes its meaning.
CHANGES_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "masterplan changes, version 1",
    **_object(
        {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "before": _STATE,
            "after": _STATE,
            "budget": _object(
                {
                    "total": _object(_SUM),
                    "by_year": _SUMS,
                    "by_source": _SUMS,
                    "by_pillar": _SUMS,
                    "by_agency": _SUMS,
                    "lines": _list(_LINE),
                }
            ),
            "changes": _list(_CHANGE),
        }
    ),
}
