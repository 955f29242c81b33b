"""How much work an SVG is to draw, with all that is drawn again wherever it is referred to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from masterplan_cli.messages import Both
from masterplan_cli.pictures.values import NUMBER, Drawn, Effects, length, stop, too_deep, too_much

#: In drawings of a plain shape, each of which a page full of colour takes half a millisecond.
MAX_WEIGHT = 200_000
#: A layer is as large as the page; each inside of another takes its own memory.
_LAYER, _MAX_LAYERS = 50, 16
_DASHES = 20
_MAX_DEPTH = 96
#: By how much parts inside of parts may be enlarged, and how many pages large the tile of a pattern may be.
_MAX_SCALE, _MAX_TILE = 1e6, 4.0
#: What is drawn only where something refers to it.
UNDRAWN = {
    "defs", "symbol", "clipPath", "mask", "pattern", "marker", "linearGradient", "radialGradient", "style", "metadata",
    "title", "desc", "view",
}  # fmt: skip
_FRAMES = {"svg", "symbol", "use", "marker", "pattern"}
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_TEXTS = {"text", "tspan", "textPath"}
_SEGMENT = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])([^MmLlHhVvCcSsQqTtAaZz]*)")
# A number is taken as a whole or not at all: no file makes the search try its digits one by one.
_GAP, _WHOLE = r"[\s,]*+", rf"((?>{NUMBER.pattern}))"
_ARC = re.compile(_GAP.join([_WHOLE] * 3 + ["([01])"] * 2 + [_WHOLE] * 2))
_ARGUMENTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7}


@dataclass(eq=False, slots=True)
class SvgElement:
    """An element of an SVG: what it says of its geometry, what it holds, and what it draws besides."""

    tag: str
    given: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    effects: Effects = field(default_factory=Effects)
    children: list[SvgElement] = field(default_factory=list)
    weight: float = 0.0
    points: int = 0
    letters: int = 0


class Load(NamedTuple):
    """What a part is to draw: its work; the shapes, points and strokes that what it inherits is drawn for again."""

    weight: float = 0.0
    shapes: int = 0
    points: int = 0
    strokes: float = 0.0
    extent: float = 0.0
    tile: float = 0.0
    #: A tile as a part of the shape that is painted with it.
    share: float = 0.0
    layers: int = 0
    scale: float = 1.0
    depth: int = 0


class Scale:
    """Weighs the parts of one picture, each once."""

    def __init__(
        self, root: SvgElement, ids: dict[str, list[SvgElement]], font: float, *, measured: bool
    ) -> None:
        self.root, self.ids, self.font = root, ids, font
        #: Whether lengths and widths matter, as they do to dashes and patterns.
        self.measured = measured
        box = _box(root)
        sides = [length(root.given.get(side), 100) for side in ("width", "height")]
        self.sized = bool(box) or all(sides)
        self.side = max(box[2:]) if box else max([s for s in sides if s] or [100.0])
        self.loads: dict[SvgElement, Load] = {}
        self.of_names: dict[str, Load] = {}
        self.open: set[SvgElement] = set()

    def weigh(self) -> None:
        """Stop where the picture as a whole is too much."""
        load = self._load(self.root, 1)
        if load.shapes and not self.sized:
            # Programs would look for its size in what it draws, however far that lies apart.
            raise stop("unsized")
        if load.tile > _MAX_TILE * self.side:
            raise stop(
                "complex", reason=Both("ubin polanya terlalu besar", "the tile of a pattern is too large")
            )

    def _load(self, part: SvgElement, depth: int) -> Load:
        if part in self.loads:
            return self.loads[part]
        if part in self.open:
            raise stop("cycle", part=next((name for name in part.names if name[0] == "#"), part.tag))
        if depth > _MAX_DEPTH:
            raise too_deep()
        self.open.add(part)
        load = self._all(part, depth)
        self.open.discard(part)
        self.loads[part] = load
        _bounded(load)
        return load

    def _all(self, part: SvgElement, depth: int) -> Load:
        """The part with all in it and all that it draws besides, as large as it is drawn."""
        effects, load = part.effects, self._own(part)
        if part.children or effects.drawn:
            load = self._with_others(part, load, depth)
        own = self._enlarged(part)
        load = load._replace(
            weight=load.weight + effects.layers * _LAYER + load.strokes / effects.dash / _DASHES,
            extent=load.extent * own,
            tile=load.tile * own,
            layers=load.layers + (effects.layers > 0),
            scale=load.scale * own,
            depth=load.depth + 1,
        )
        return self._as_pattern(part, load) if part.tag == "pattern" else load

    def _with_others(self, part: SvgElement, load: Load, depth: int) -> Load:
        """The part with what it holds, and with what it refers to as often as that is drawn."""
        drawn: dict[Drawn, list[Load]] = {"once": [load], "shape": [Load()], "point": [Load()]}
        for child in part.children:
            if child.tag not in UNDRAWN:
                drawn["once"].append(self._load(child, depth + 1))
        for how, id_ in sorted(part.effects.drawn):
            drawn[how].append(self._named(id_, depth + 1))
        load, paint, marks = (_together(loads) for loads in drawn.values())
        around = _together([load, paint, marks])
        return around._replace(
            weight=load.weight
            + paint.weight * load.shapes
            + (marks.weight + 1) * load.points * bool(marks.depth),
            shapes=load.shapes,
            points=load.points,
            strokes=load.strokes,
            extent=load.extent,
            tile=max(load.tile, marks.tile, paint.tile, paint.share * load.extent),
            share=load.share,
        )

    def _named(self, id_: str, depth: int) -> Load:
        """All parts of one name together, for which of them is drawn programs may decide otherwise."""
        if id_ not in self.of_names:
            self.of_names[id_] = _together(
                [Load(), *(self._load(one, depth) for one in self.ids.get(id_, ()))]
            )
        return self.of_names[id_]

    def _own(self, part: SvgElement) -> Load:
        """The part by itself."""
        if part.tag in _TEXTS:
            return Load(
                1 + part.letters / 4, 1, 0, self.font * part.letters * 4, self.font * (1 + part.letters)
            )
        if part.tag == "image":
            return Load(1 + part.weight, 1)
        if part.tag not in _SHAPES:
            return Load(0.01)
        stroke, extent = outline(part.tag, part.given, self.side) if self.measured else (0.0, 0.0)
        return Load(1 + part.points / 50, 1, part.points, stroke, extent)

    def _enlarged(self, part: SvgElement) -> float:
        """How many times larger than its own numbers say a part is drawn."""
        scale = part.effects.scale
        if part.tag not in _FRAMES:
            return scale
        sides = [length(part.given.get(side), self.side) for side in ("width", "height")]
        if part is not self.root and (box := _box(part)):
            shown = [abs(side or self.side) / max(of, 1e-9) for side, of in zip(sides, box[2:], strict=True)]
            scale *= max(shown)
        elif part.tag == "use":
            scale *= max([1.0, *(abs(side) / self.side for side in sides if side)])
        elif part.tag == "marker":
            # It grows with the line that it stands on.
            scale *= 1000.0
        return scale

    def _as_pattern(self, part: SvgElement, load: Load) -> Load:
        """A pattern is painted tile by tile: in the units of the picture, or as a part of what it paints."""
        units = part.given.get("patternUnits", "objectBoundingBox") == "userSpaceOnUse"
        sides = [length(part.given.get(side), self.side if units else 1.0) for side in ("width", "height")]
        most = max([abs(side) for side in sides if side] or [0.0]) * part.effects.scale
        if units:
            return load._replace(tile=max(load.tile, most))
        return load._replace(share=max(load.share, most), tile=load.tile * 1000)


def _together(loads: list[Load]) -> Load:
    """Several loads as one."""
    if len(loads) == 1:
        return loads[0]
    weight, shapes, points, strokes, extent, tile, share, layers, scale, depth = zip(*loads, strict=True)
    return Load(
        sum(weight), sum(shapes), sum(points), sum(strokes),
        max(extent), max(tile), max(share), max(layers), max(scale), max(depth),
    )  # fmt: skip


def _bounded(load: Load) -> None:
    if not load.weight <= MAX_WEIGHT:
        raise too_much()
    if load.depth > _MAX_DEPTH:
        raise too_deep()
    if load.layers > _MAX_LAYERS:
        raise stop(
            "complex",
            reason=Both(
                "lapisan tembus pandangnya terlalu banyak", "too many see-through layers lie on each other"
            ),
        )
    if not load.scale <= _MAX_SCALE:
        raise stop(
            "complex", reason=Both("isinya diperbesar terlalu banyak", "its parts are enlarged too much")
        )


def _box(part: SvgElement) -> list[float] | None:
    """The `viewBox` of a part, if it is one."""
    box = [float(n) for n in NUMBER.findall(part.given.get("viewBox", ""))]
    return box if len(box) == 4 and min(box[2:]) > 0 else None


def outline(tag: str, given: dict[str, str], whole: float) -> tuple[float, float]:
    """How long the line of a shape is, and how wide or high the shape; neither is less than it is."""
    if tag in ("path", "polyline", "polygon"):
        return _along(given.get("d", "") if tag == "path" else f"M{given.get('points', '')}z")
    get = {name: abs(length(value, whole) or 0.0) for name, value in given.items() if name in _SIDES}
    if tag == "line":
        across, down = get.get("x1", 0) + get.get("x2", 0), get.get("y1", 0) + get.get("y2", 0)
        return across + down, max(across, down)
    width = get.get("width", 0) + 2 * max(get.get("r", 0), get.get("rx", 0))
    height = get.get("height", 0) + 2 * max(get.get("r", 0), get.get("ry", 0))
    return 2 * (width + height), max(width, height)


_SIDES = {"x1", "x2", "y1", "y2", "width", "height", "r", "rx", "ry"}


def _along(path: str) -> tuple[float, float]:
    """The length of a path's control lines, and the larger side of the box around them."""
    x = y = total = reach = 0.0
    start = (0.0, 0.0)
    across, down = [], []
    for command, text in _SEGMENT.findall(path):
        kind, relative = command.lower(), command.islower()
        for group in _groups(kind, text):
            corners = _corners(kind, group, (x, y), relative)
            if kind == "a":
                # An arc whose radii are too small grows until it reaches its end.
                bow = 2 * max(abs(group[0]), abs(group[1]), abs(corners[0][0] - x) + abs(corners[0][1] - y))
                total, reach = total + 3.2 * bow, max(reach, bow)
            for corner in corners:
                total += abs(corner[0] - x) + abs(corner[1] - y)
                x, y = corner
                across.append(x)
                down.append(y)
        if kind == "m":
            start = (x, y)
        if kind == "z":
            total += abs(start[0] - x) + abs(start[1] - y)
            x, y = start
    swing = 1 + 2 * sum(path.count(letter) for letter in "SsTt")
    box = max(max(across) - min(across), max(down) - min(down)) if across else 0.0
    return total * swing, (box + 2 * reach) * swing


def _groups(kind: str, text: str) -> Iterator[list[float]]:
    """The numbers of a command of a path, cut where the command begins anew."""
    if kind == "a":
        yield from ([float(n) for n in one] for one in _ARC.findall(text))
        return
    numbers = [float(n) for n in NUMBER.findall(text)]
    size = _ARGUMENTS.get(kind, len(numbers) + 1)
    yield from (numbers[at : at + size] for at in range(0, len(numbers) - size + 1, size))


def _corners(
    kind: str, group: list[float], at: tuple[float, float], relative: bool
) -> list[tuple[float, float]]:
    """The points that a command goes to, or is drawn towards."""
    x, y = at if relative else (0.0, 0.0)
    if kind == "h":
        return [(x + group[0], at[1])]
    if kind == "v":
        return [(at[0], y + group[0])]
    rest = group[5:] if kind == "a" else group
    return [(x + rest[i], y + rest[i + 1]) for i in range(0, len(rest), 2)]
