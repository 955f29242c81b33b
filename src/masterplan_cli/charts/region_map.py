"""The region's outline and its parts, from a GeoJSON file of the plan."""

from __future__ import annotations

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.svg import SMALL, WIDTH, Chart, Drawing, named, numbered, say, text_width, wrapped
from masterplan_cli.geojson import Area, Areas, Ring
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan

_MAP = Both("Peta {region}", "Map of {region}")
_PARTS = Both("Peta {region}: {count} wilayah", "Map of {region}: {count} areas")
_ALT = Both("Batas {region}. Wilayah: {names}.", "Outline of {region}. Areas: {names}.")
_MORE = Both("dan {count} lainnya", "and {count} more")
_PLAIN = Both("tanpa nama", "without names")

_TALLEST, _EDGE, _LINE = 280.0, 2.0, 9.0
#: So many names are listed.
_LISTED = 40

_Box = tuple[float, float, float, float]


def region_map(plan: Plan) -> list[Chart]:
    """The areas of the plan's map with the names that have room; nothing where there is no usable file."""
    areas = plan.assets.areas
    if areas is None:
        return []
    scale = min((WIDTH - 2 * _EDGE) / areas.width, (_TALLEST - 2 * _EDGE) / areas.height)
    left = (WIDTH - areas.width * scale) / 2
    art = Drawing()
    placed = [_placed(area, scale, (left, _EDGE)) for area in areas.parts]
    for area in placed:
        art.area("".join(map(_path, area.rings)), PALETTE.tint, PALETTE.brand)
    taken: list[_Box] = []
    for area in placed[: 10 * _LISTED]:
        _label(art, area, taken)
    return [
        Chart(
            numbered("map", 1),
            art.svg(areas.height * scale + 2 * _EDGE),
            _caption(plan, areas),
            _alt(plan, areas),
        )
    ]


def _placed(area: Area, scale: float, corner: tuple[float, float]) -> Area:
    (left, top) = corner
    return Area(area.name, [[(left + x * scale, top + y * scale) for x, y in ring] for ring in area.rings])


def _path(ring: Ring) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"


def _label(art: Drawing, area: Area, taken: list[_Box]) -> None:
    """The name in the middle of the largest ring, where it lies inside of it and meets no other name."""
    ring = max(area.rings, key=_extent)
    x, y = _middle(ring)
    lines = (
        wrapped(area.name, (_right(ring) - min(px for px, _ in ring)) * 0.8, 2, SMALL) if area.name else []
    )
    width = max((text_width(line, SMALL) for line in lines), default=0)
    if not width or " ".join(lines) != area.name:
        return
    top = y - len(lines) * _LINE / 2
    box = (x - width / 2, top, x + width / 2, top + len(lines) * _LINE)
    corners = [(box[i], box[j]) for i in (0, 2) for j in (1, 3)]
    if not all(_inside(corner, ring) for corner in corners) or any(_meet(box, other) for other in taken):
        return
    taken.append(box)
    for row, line in enumerate(lines):
        art.text((x, top + 7 + _LINE * row), line, width=width + 1, size=SMALL, anchor="middle")


def _right(ring: Ring) -> float:
    return max(x for x, _ in ring)


def _extent(ring: Ring) -> float:
    return abs(_doubled(ring))


def _doubled(ring: Ring) -> float:
    """Twice the area inside a ring, by its sense of rotation."""
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, ring[1:] + ring[:1], strict=True))


def _middle(ring: Ring) -> tuple[float, float]:
    """The centre of gravity of what a ring surrounds."""
    doubled = _doubled(ring)
    if not doubled:
        return ring[0]
    pairs = [(p, q, p[0] * q[1] - q[0] * p[1]) for p, q in zip(ring, ring[1:] + ring[:1], strict=True)]
    x = sum((p[0] + q[0]) * turn for p, q, turn in pairs) / (3 * doubled)
    y = sum((p[1] + q[1]) * turn for p, q, turn in pairs) / (3 * doubled)
    return x, y


def _inside(point: tuple[float, float], ring: Ring) -> bool:
    """Whether a ray from a point crosses the ring an odd number of times."""
    x, y = point
    crossed = [
        (u - px) * (y - py) / (v - py) + px > x
        for (px, py), (u, v) in zip(ring, ring[1:] + ring[:1], strict=True)
        if (py > y) != (v > y)
    ]
    return sum(crossed) % 2 == 1


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _caption(plan: Plan, areas: Areas) -> str:
    region = named(plan.settings.region.name)
    several = len(areas.parts) > 1
    caption = (
        say(_PARTS, plan, region=region, count=len(areas.parts))
        if several
        else say(_MAP, plan, region=region)
    )
    return f"{caption} ({named(areas.note)})" if areas.note else caption


def _alt(plan: Plan, areas: Areas) -> str:
    names = [named(area.name) for area in areas.parts if area.name]
    listed = names[:_LISTED]
    if len(names) > _LISTED:
        listed.append(say(_MORE, plan, count=len(names) - _LISTED))
    shown = ", ".join(listed) or say(_PLAIN, plan)
    return say(_ALT, plan, region=named(plan.settings.region.name), names=shown)
