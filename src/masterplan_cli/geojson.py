"""Areas out of a GeoJSON file: read within bounds, checked, and made no finer than a printed map shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from math import cos, isfinite, radians
from typing import Any, NamedTuple, TypeAlias

#: What is larger was drawn for a screen that zooms; a district's outline for print takes some ten kilobytes.
MAX_BYTES, MAX_POINTS = 2 * 1024 * 1024, 20_000
#: The finest step of an outline, as a part of the larger side of the map: half a point on paper.
_FINEST = 1000
#: How deep the parts of a collection may lie in each other.
_DEPTH = 8
_OTHERS = ("Point", "MultiPoint", "LineString", "MultiLineString")

Ring: TypeAlias = list[tuple[float, float]]


class AreaError(ValueError):
    """What keeps a file from being drawn; `kind` names the sentence that says so."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Area(NamedTuple):
    """A part of the map: its name, and its rings, on a plane with equal scales where it lies."""

    name: str
    rings: list[Ring]


class Areas(NamedTuple):
    """The parts of a map, its width and height (the larger is 1), what is said of it, and whether anything was left out."""

    parts: list[Area]
    width: float
    height: float
    note: str
    partial: bool


class _Feature(NamedTuple):
    properties: dict[str, Any]
    geometry: dict[str, Any]


def read_areas(data: bytes) -> Areas:
    """The areas of a file; an `AreaError` where there is nothing that can be drawn."""
    if len(data) > MAX_BYTES:
        raise AreaError("large")
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise AreaError("") from None
    features = list(_features(value, {}, _DEPTH))
    known = [feature for feature in features if feature.geometry.get("type") not in _OTHERS]
    found = [(_text(f.properties, "nama", "name"), list(_rings(f.geometry))) for f in known]
    if not any(rings for _, rings in found):
        raise AreaError("shapes")
    note = _text(value, "keterangan", "note") or next(
        (text for f in features if (text := _text(f.properties, "keterangan", "note"))), ""
    )
    return _flat(found, note, partial=len(known) < len(features))


def _features(value: Any, properties: dict[str, Any], depth: int) -> Iterator[_Feature]:
    """The simple shapes of a collection, each with the properties of the feature that it belongs to."""
    if not isinstance(value, dict) or not depth:
        return
    kind = value.get("type")
    if kind in ("FeatureCollection", "GeometryCollection"):
        members = value.get("features" if kind == "FeatureCollection" else "geometries")
        for member in members if isinstance(members, list) else ():
            yield from _features(member, properties, depth - 1)
    elif kind == "Feature":
        own = value.get("properties")
        yield from _features(value.get("geometry"), own if isinstance(own, dict) else {}, depth - 1)
    elif kind in ("Polygon", "MultiPolygon", *_OTHERS):
        yield _Feature(properties, value)


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    """All rings, in degrees; inner ones are holes."""
    held = geometry.get("coordinates")
    polygons = [held] if geometry.get("type") == "Polygon" else held
    for polygon in _list(polygons):
        for ring in _list(polygon):
            yield [_position(point) for point in _list(ring)]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise AreaError("coordinates")
    return value


def _position(point: Any) -> tuple[float, float]:
    """Longitude and latitude; what are no degrees are metres of some projection."""
    numbers = _list(point)[:2]
    if len(numbers) < 2 or any(type(number) not in (int, float) for number in numbers):
        raise AreaError("coordinates")
    x, y = (float(number) if abs(number) <= 180 else float("nan") for number in numbers)
    if not (isfinite(x) and isfinite(y) and abs(y) <= 90):
        raise AreaError("coordinates")
    return x, y


def _text(properties: Any, *names: str) -> str:
    values = (properties.get(name) for name in names) if isinstance(properties, dict) else ()
    return next((" ".join(value.split()) for value in values if isinstance(value, str) and value.strip()), "")


def _flat(found: list[tuple[str, list[Ring]]], note: str, *, partial: bool) -> Areas:
    """The rings on a plane: degrees of longitude are as much shorter than those of latitude as they are in the middle."""
    points = list(chain.from_iterable(chain.from_iterable(rings for _, rings in found)))
    if not points:
        raise AreaError("shapes")
    (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    shrink = cos(radians((low + high) / 2))
    width, height = (right - left) * shrink, high - low
    size = max(width, height)
    if not size or min(width, height) < size / 1000:  # a line, or a point
        raise AreaError("shapes")
    parts = [
        Area(name, [fine for ring in rings if (fine := _thinned(ring, (left, high), shrink, size))])
        for name, rings in found
    ]
    parts = [part for part in parts if part.rings]
    if sum(len(ring) for part in parts for ring in part.rings) > MAX_POINTS:
        raise AreaError("points")
    return Areas(parts, width / size, height / size, note, partial)


def _thinned(
    ring: Iterable[tuple[float, float]], corner: tuple[float, float], shrink: float, size: float
) -> Ring:
    """A ring in steps of the finest size, its top left at the corner; nothing where it has no extent left."""
    left, top = corner
    steps = (
        (round((x - left) * shrink / size * _FINEST), round((top - y) / size * _FINEST)) for x, y in ring
    )
    kept = [step for step, _ in groupby(steps)]
    return [(x / _FINEST, y / _FINEST) for x, y in kept] if len(set(kept)) > 2 else []
