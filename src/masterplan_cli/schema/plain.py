"""Values of a plan as plain data, as JSON has them; and such data back, as far as it has the schema's form."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from masterplan_cli.schema.labels import model_in, type_in
from masterplan_cli.schema.types import Choice
from masterplan_cli.values import Period

#: Stands for what has not the form that is asked for.
UNFIT: Any = object()


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Period):
        return {"first": value.first, "last": value.last}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def conformed(annotation: Any, value: Any) -> Any:
    """Plain data as far as it has the form of a type or a field: what a group lacks is as if it were not written; else `UNFIT`."""
    kind = model_in(getattr(annotation, "annotation", annotation))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _group(kind, value)
    if get_origin(kind) is tuple:
        items = [conformed(get_args(kind)[0], item) for item in value] if isinstance(value, list) else UNFIT
        return items if items is UNFIT else [item for item in items if item is not UNFIT]
    if get_origin(kind) is dict:
        return _mapping(get_args(kind)[1], value)
    reads = _LEAVES.get(kind)
    words = type_in(annotation)
    fits = reads and reads(value) and not (isinstance(words, Choice) and value not in words.words)
    return _clean(value) if fits else UNFIT


def _group(model: type[BaseModel], value: Any) -> Any:
    if not isinstance(value, dict):
        return UNFIT
    out = {}
    for name, info in model.model_fields.items():
        inner = conformed(info, value[name]) if value.get(name) is not None else UNFIT
        if inner is UNFIT and info.is_required():
            return UNFIT
        out[name] = plain(info.get_default(call_default_factory=True)) if inner is UNFIT else inner
    return out


def _mapping(inside: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        return UNFIT
    read = {_clean(key): conformed(inside, inner) for key, inner in value.items()}
    return {key: inner for key, inner in read.items() if inner is not UNFIT}


def _clean(value: Any) -> Any:
    """JSON may name halves of characters, which no file can hold."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_period(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"first", "last"}:
        return False
    return _is_whole(value["first"]) and (value["last"] is None or _is_whole(value["last"]))


def _is_day(value: Any) -> bool:
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


_LEAVES: dict[Any, Callable[[Any], bool]] = {
    str: lambda value: isinstance(value, str),
    int: _is_whole,
    bool: lambda value: isinstance(value, bool),
    Decimal: lambda value: _is_whole(value) or (isinstance(value, float) and math.isfinite(value)),
    Period: _is_period,
    datetime.date: _is_day,
}
