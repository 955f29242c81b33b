"""What fields are called and how their values are said, as the schema tells it."""

from __future__ import annotations

import datetime
import types
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.schema.types import Choice, Typed, Year
from masterplan_cli.source import Route
from masterplan_cli.values import grouped, long_date


def described(model: type[BaseModel], route: Route) -> Both:
    """A field by its human name, after the numbers of the list items that hold it: `indikator ke-2: satuan`."""
    parts: list[Both] = []
    for depth, step in enumerate(route, 1):
        if isinstance(step, int):
            label = field_label(model, route[: depth - 1]) or Both(shown_key(route), shown_key(route))
            parts.append(Both(f"{label.id} ke-{step + 1}", f"{label.en} no. {step + 1}"))
    if route and not isinstance(route[-1], int):
        parts.append(field_label(model, route) or Both(str(route[-1]), str(route[-1])))
    return Both(": ".join(p.id for p in parts), ": ".join(p.en for p in parts))


def shown_key(route: Route) -> str:
    """The last name of a route; an item of a list is called by its list."""
    return next((str(step) for step in reversed(route) if isinstance(step, str)), "")


def model_in(annotation: Any) -> Any:
    """What stands inside an optional or annotated type."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return model_in(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return model_in(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


def annotation_at(model: Any, route: Route) -> Any:
    """The type that a route leads to; None where the schema knows nothing."""
    current = model
    for step in route:
        current = model_in(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            info = current.model_fields.get(str(step))
            current = info.annotation if info else None
        elif get_origin(current) is tuple:
            current = get_args(current)[0]
        elif get_origin(current) is dict:
            current = get_args(current)[1]
        else:
            return None
    return model_in(current)


def fields_at(model: type[BaseModel], route: Route) -> list[str]:
    """The names of the fields that may stand at a route."""
    found = annotation_at(model, route)
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []


def field_label(model: type[BaseModel], route: Route) -> Both | None:
    """The human name of the field at a route, or of the list or group it belongs to."""
    while route:
        owner = annotation_at(model, route[:-1])
        if isinstance(owner, type) and issubclass(owner, BaseModel) and str(route[-1]) in owner.model_fields:
            info = owner.model_fields[str(route[-1])]
            english = info.json_schema_extra["x-en"] if isinstance(info.json_schema_extra, dict) else None
            return Both(info.title or "", str(english[0])) if isinstance(english, list) else None
        route = route[:-1]
    return None


def in_words(model: type[BaseModel], name: str, value: Any, language: Language) -> str | None:
    """A value of a field as a document prints it; None where there is nothing to print."""
    if isinstance(value, tuple | list):
        items = [words for item in value if (words := in_words(model, name, item, language))]
        return ", ".join(items) or None
    if value is None or value is False or isinstance(value, BaseModel):
        return None
    if value is True:
        return LABELS["yes"].of(language)
    if isinstance(value, datetime.date):
        return long_date(value, language)
    kind = type_in(model.model_fields[name])
    if isinstance(kind, Choice):
        return kind.label(value, language)
    if isinstance(value, int | Decimal) and kind is not _YEAR:
        return grouped(value, language)
    return str(value)


_YEAR = get_args(Year)[1]


def type_in(field: Any) -> Typed | None:
    """What reads the values of a field, or of an annotated type, wherever in it that stands."""
    inside = [*getattr(field, "metadata", ()), *get_args(getattr(field, "annotation", field))]
    found = (part if isinstance(part, Typed) else type_in(part) for part in inside)
    return next((kind for kind in found if kind), None)
