"""What a list or a group looks like that somebody wrote as one text: the form of the field, with that text in it."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from masterplan_cli.schema.labels import annotation_at, model_in, type_in
from masterplan_cli.schema.types import Code, Id, Number, PlainText, Rupiah, Typed, Url, Year
from masterplan_cli.source import Route
from masterplan_cli.values import BadValue, Period

_UNKNOWN = "…"
_YEAR_IN = re.compile(r"\(?(?<!\d)((?:19|20)\d\d)(?!\d)\)?")
_NUMBER_IN = re.compile(r"(?<![\w.,])-?\d[\d.]*(?:,\d+)?")
_ID = re.compile(r"[a-z0-9][a-z0-9/-]*")
_ADDRESS = re.compile(r"https?://\S+")
_FILE = re.compile(r"\S+\.[A-Za-z]{2,5}")


class Remedy(NamedTuple):
    """How to write it: the variant of the sentence, what it shows, and the value when only one thing can be meant."""

    variant: str
    shown: str
    fix: str | None = None


def remedy_at(model: type[BaseModel], route: Route, text: str, period: Period | None) -> Remedy | None:
    """The form of the field at a route for a text that was written there; None where the schema knows no better."""
    found = annotation_at(model, tuple(0 if isinstance(step, int) else step for step in route))
    if isinstance(found, type) and issubclass(found, BaseModel):
        return _item(found, text) if isinstance(route[-1], int) else _group(found, text)
    if get_origin(found) is dict:
        return _years(text, period) if type_in(get_args(found)[0]) is _kind(Year) else None
    if get_origin(found) is tuple:
        inside = model_in(get_args(found)[0])
        if isinstance(inside, type) and issubclass(inside, BaseModel):
            item = _item(inside, text)
            return item._replace(fix=f"[{item.fix}]" if item.fix else None)
        return _texts(str(route[-1]), text, ids=type_in(get_args(found)[0]) is _kind(Id))
    return None


def _kind(annotated: Any) -> Typed:
    """What reads the values of an annotated type."""
    kind = type_in(annotated)
    assert kind  # noqa: S101 - as it was declared
    return kind


def _group(model: type[BaseModel], text: str) -> Remedy:
    return Remedy("form", ", ".join(f"`{name}: {value}`" for name, value in _pairs(model, text).items()))


def _item(model: type[BaseModel], text: str) -> Remedy:
    pairs = _pairs(model, text)
    lines = [f"`{name}: {value}`" for name, value in pairs.items()]
    alone = list(pairs.values()) == [text] and not re.search(r"[,;\n]| dan | and | - ", text)
    fix = f"{{{next(iter(pairs))}: {json.dumps(text, ensure_ascii=False)}}}" if alone else None
    return Remedy("form", ", ".join(["`- " + lines[0][1:], *lines[1:]]), fix)


def _pairs(model: type[BaseModel], text: str) -> dict[str, str]:
    """The fields that a group must have, and what of the text belongs to each; a year and a figure find their own."""
    kinds = {name: type_in(info) for name, info in model.model_fields.items() if _is_single(model, name)}
    required = [name for name, info in model.model_fields.items() if info.is_required()]
    found: dict[str, str] = {}
    rest = text.strip()
    for name in kinds:
        year = _YEAR_IN.search(rest) if kinds[name] is _kind(Year) else None
        if year:
            found[name], rest = year[1], (rest[: year.start()] + rest[year.end() :]).strip(" :,;-")
    figures = False
    for name in required:
        kind = kinds.get(name)
        if kind is _kind(Number) and (number := _NUMBER_IN.search(rest)):
            found[name], figures = number[0], True
        elif kind is _kind(Rupiah) and _reads(kind, rest):
            found[name], figures = rest, True
    slot = _slot(kinds, required, rest)
    if slot and rest and not figures:
        found[slot] = f"assets/{rest}" if slot == "file" and "/" not in rest else rest
    return {
        name: found.get(name, _UNKNOWN) for name in model.model_fields if name in found or name in required
    }


def _is_single(model: type[BaseModel], name: str) -> bool:
    """Whether a field holds one value, and no list or group."""
    return get_origin(annotation_at(model, (name,))) not in (dict, tuple)


def _slot(kinds: dict[str, Typed | None], required: list[str], text: str) -> str | None:
    """The field that a text belongs to: an address, a file, else the first that must be a text."""
    if _ADDRESS.fullmatch(text):
        return next((name for name, kind in kinds.items() if kind is _kind(Url)), None)
    if "file" in kinds and _FILE.fullmatch(text):
        return "file"
    own = [name for name in required if kinds.get(name) in (_kind(PlainText), _kind(Code))]
    exact = (name for name in own if kinds[name] is _kind(Code) and _reads(kinds[name], text))
    return next(exact, next((name for name in own if kinds[name] is _kind(PlainText)), None))


def _reads(kind: Typed | None, text: str) -> bool:
    try:
        return kind is not None and kind.read(text) is not None
    except (BadValue, PydanticCustomError):
        return False


def _years(text: str, period: Period | None) -> Remedy | None:
    """Figures in a row, each under a year of the plan."""
    figures = _NUMBER_IN.findall(text.replace(", ", " ; "))
    years = period.years if period else ()
    if not figures or not years or _YEAR_IN.search(text):
        return None
    return Remedy(
        "form", ", ".join(f"`{year}: {figure}`" for year, figure in zip(years, figures, strict=False))
    )


def _texts(key: str, text: str, *, ids: bool) -> Remedy:
    """One text, or several ids, as a list."""
    items = [item.strip() for item in re.split(r"[,;\n]| dan | and ", text) if item.strip()] if ids else []
    if items and all(map(_ID.fullmatch, items)):
        return Remedy("texts", f"{key}: [{', '.join(items)}]", f"[{', '.join(items)}]")
    parts = [
        json.dumps(part.strip(), ensure_ascii=False) for part in re.split(r"[,;\n]", text) if part.strip()
    ]
    listed = f"[{', '.join(parts)}]"
    return Remedy("texts", f"{key}: {listed}", listed if len(parts) == 1 and " - " not in text else None)
