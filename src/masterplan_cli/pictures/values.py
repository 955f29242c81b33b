"""What attributes and CSS properties of an SVG may say, each value within bounds, and what it makes an element draw."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Literal

from masterplan_cli.messages import Both
from masterplan_cli.pictures.faults import Fault

#: Beyond this, programs reckon with so little precision that what they draw is left to chance.
MAX_NUMBER = 1e8
MAX_VALUE = 64 * 1024
_MAX_DIGITS, _MAX_TRANSFORM = 40, 2_000
#: Of a drawing's style sheets: all rules, and the elements that one of them draws with.
_MAX_RULES, MAX_NAMES = 2_000, 32
#: What an element may draw besides itself: once, for each shape in it, or at each point of these.
Drawn = Literal["once", "shape", "point"]

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_LENGTH = re.compile(rf"\s*({NUMBER.pattern})\s*([a-zA-Z%]*)")
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "Q": 24 / 25.4,
}
_URL = re.compile(r"url\(\s*['\"]?\s*([^)'\"]*)", re.IGNORECASE)
_INSIDE = re.compile(r"#[^\s()]+\s*|none")
_FUNCTION = re.compile(r"(?<![a-zA-Z0-9])([a-zA-Z0-9]++)\s*+\(([^()]*+)\)")
#: Digits in colours, names and texts are no numbers.
_NO_NUMBERS = re.compile(
    r"#[\w.-]*|'[^']*'|\"[^\"]*\"|url\([^()]*+\)|(?<![\w.-])[A-Za-z_][\w-]*(?=[\s,;()]|$)"
)
_ESCAPED = re.compile(r"\\(?!['\"])")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)

#: Properties that begin so only say how text and lines look.
_FAMILIES = (
    "-inkscape-", "-webkit-font", "-webkit-text", "-moz-osx-font", "--", "font-", "text-", "stroke-", "fill-", "marker-", "color-",
    "clip-", "mask-", "white-space", "word-", "letter-", "line-", "baseline-", "alignment-", "dominant-", "stop-", "flood-",
    "solid-", "shape-", "image-", "ruby-", "margin", "padding", "user-select", "transform-", "flex", "align-", "justify-",
)  # fmt: skip
_PROPERTIES = {
    "fill", "stroke", "color", "opacity", "font", "marker", "mask", "clip", "display", "visibility", "overflow", "direction",
    "unicode-bidi", "writing-mode", "glyph-orientation-vertical", "glyph-orientation-horizontal", "kerning", "transform",
    "paint-order", "vector-effect", "isolation", "mix-blend-mode", "enable-background", "pointer-events", "cursor", "filter",
    "block-progression", "text", "background", "background-color", "border", "width", "height", "x", "y", "r", "cx", "cy", "rx", "ry",
    "d", "all", "content", "hyphens", "position", "z-index", "box-sizing", "lighting-color", "max-width", "max-height",
    "min-width", "min-height", "color-scheme", "touch-action", "orphans", "widows", "outline", "will-change",
}  # fmt: skip
#: Most of a drawing's properties are colours, which need no second look.
_COLOURED = {"fill", "stroke", "color", "stop-color"}
_PLAIN = re.compile(r"\s*(?:#[0-9a-fA-F]{3,8}|[a-zA-Z]{1,20})\s*")
_LAYERS = {"opacity": {"1", "1.0", "100%"}, "mix-blend-mode": {"normal"}, "isolation": {"auto"}}
_NEUTRAL = {"inherit", "initial", "unset", "none", "normal", "auto", ""}


class StopError(Exception):
    """Ends the reading of a picture in which something is wrong."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.cause)
        self.fault = fault


@dataclass(slots=True)
class Effects:
    """What is drawn because of an element's attributes: other elements by id, layers, dashes, and how far it is enlarged."""

    drawn: set[tuple[Drawn, str]] = field(default_factory=set)
    layers: int = 0
    dash: float = math.inf
    scale: float = 1.0
    font: float = 0.0

    def add(self, other: Effects) -> None:
        """Count another's effects as well."""
        self.drawn |= other.drawn
        self.layers = max(self.layers, other.layers)
        self.dash = min(self.dash, other.dash)
        self.scale *= other.scale
        self.font = max(self.font, other.font)


def stop(cause: str, **args: object) -> StopError:
    return StopError(Fault(cause, args))


def too_deep() -> StopError:
    return stop("complex", reason=Both("grupnya bersusun terlalu dalam", "its groups are nested too deeply"))


def too_much() -> StopError:
    return stop("complex", reason=Both("bagiannya terlalu banyak", "it has too many parts"))


def too_long(part: str, value: str) -> StopError:
    """Says that a value has more characters than anybody needs."""
    return stop("number", part=part, value=Both(f"{len(value)} huruf", f"{len(value)} characters"))


def numbers(name: str, value: str) -> list[float]:
    """The numbers of a value, all within bounds."""
    found = NUMBER.findall(value)
    if len(value) > _MAX_DIGITS and any(len(one) > _MAX_DIGITS for one in found):
        raise stop("number", part=name, value=max(found, key=len)[:_MAX_DIGITS])
    made = [float(one) for one in found]
    if made and (max(made) > MAX_NUMBER or min(made) < -MAX_NUMBER):
        raise stop("number", part=name, value=f"{max(made, key=abs):g}")
    return made


def length(value: str | None, whole: float) -> float | None:
    """A length in pixels; a part of the `whole` where it is in percent, as in units that depend on the font."""
    found = _LENGTH.match(value or "")
    if found is None:
        return None
    number, unit = float(found[1]), found[2]
    return (
        number * _UNITS[unit] if unit in _UNITS else number * whole / 100 if unit == "%" else number * whole
    )


def declared(effects: Effects, name: str, value: str, part: str = "") -> None:
    """Take in one property, from an attribute or a style."""
    if not _PLAIN.fullmatch(value) or name not in _COLOURED:
        _judged(effects, name, value, part or name)


def _judged(effects: Effects, name: str, value: str, part: str) -> None:
    if name not in _PROPERTIES and not name.startswith(_FAMILIES):
        raise stop("unknown", part=part)
    if len(value) > MAX_VALUE:
        raise too_long(part, value)
    value = value.replace("!important", "").strip()
    if _ESCAPED.search(value):
        raise stop("unknown", part=part)
    _refers(effects, name, value)
    if name == "filter" and value not in _NEUTRAL:
        raise stop("effect")
    numbers(part, _NO_NUMBERS.sub(" ", value) if name not in ("d", "transform") else value)
    _enlarges(effects, name, value)


def _refers(effects: Effects, name: str, value: str) -> None:
    """Note the elements of the picture that a value draws with."""
    for address in _URL.findall(value):
        if not _INSIDE.fullmatch(address):
            raise stop("outside", address=address[:80])
        drawn: Drawn = "point" if name.startswith("marker") else "shape"
        effects.drawn.add(("once" if name in ("clip-path", "mask") else drawn, address[1:].strip()))
    if name in ("clip-path", "mask") and value not in _NEUTRAL:
        effects.layers = max(effects.layers, 3)
    if name in _LAYERS and value not in _LAYERS[name] | _NEUTRAL:
        effects.layers = max(effects.layers, 1)


def _enlarges(effects: Effects, name: str, value: str) -> None:
    """Note how far a value enlarges what is drawn, and how short its dashes are."""
    if name == "transform" and value not in _NEUTRAL:
        effects.scale *= scale_of(value)
    elif name in ("font-size", "font"):
        size = re.search(rf"({NUMBER.pattern})\s*([a-zA-Z%]*)", value)
        if size and size[2] in ("em", "ex", "rem", "%", "ch"):
            effects.scale *= max(1.0, float(size[1]) / (100 if size[2] == "%" else 1))
        elif size:
            effects.font = max(effects.font, abs(float(size[1])) * _UNITS.get(size[2], 1.0))
    elif name == "stroke-dasharray" and (found := numbers(name, value)):
        total = sum(map(abs, found)) / (100 if "%" in value or "em" in value else 1)
        effects.dash = min(effects.dash, total) if total else effects.dash


def declarations(effects: Effects, text: str) -> None:
    """Take in the properties of a `style` attribute, or of a rule of a style sheet."""
    for piece in _COMMENT.sub("", text).split(";"):
        name, colon, value = piece.partition(":")
        if colon and name.strip():
            declared(effects, name.strip().lower(), value)


def style_sheet(text: str, rules: list[tuple[str, Effects]]) -> None:
    """Add the rules of a style sheet, each by a name that all its elements have: `.class`, `#id`, a tag, or `*` for any."""
    text = _COMMENT.sub("", text).replace("<!--", "").replace("-->", "")
    for rule in text.split("}"):
        selectors, _, body = rule.partition("{")
        if "@" in selectors:
            imported = "@import" in selectors.lower()
            raise (
                stop("outside", address="@import")
                if imported
                else stop("unknown", part=selectors.strip()[:60])
            )
        if _ESCAPED.search(selectors):
            raise stop("unknown", part="\\")
        effects = Effects()
        declarations(effects, body)
        if len(effects.drawn) > MAX_NAMES:
            raise too_much()
        rules += [(_name_of(one), effects) for one in selectors.split(",") if one.strip()]
        if len(rules) > _MAX_RULES:
            raise too_much()


def _name_of(selector: str) -> str:
    """A name that every element which a selector fits has."""
    last = re.split(r"[\s>+~]+", selector.strip())[-1]
    name = re.match(r"[.#]?[^\s.#:\[\]*]+", last)
    return name[0] if name else "*"


def scale_of(transform: str) -> float:
    """By how much a transformation enlarges at most."""
    if len(transform) > _MAX_TRANSFORM:
        raise too_long("transform", transform)
    product = 1.0
    for name, given in _FUNCTION.findall(transform):
        args = [abs(n) for n in numbers("transform", given)]
        if name == "matrix" and len(args) == 6:
            product *= _stretch(*numbers("transform", given)[:4])
        elif name.startswith("scale"):
            product *= max(args, default=1.0)
        elif name.startswith("skew"):
            product *= 1 + sum(abs(math.tan(math.radians(angle))) for angle in args)
        elif not name.startswith(("translate", "rotate")):
            raise stop("unknown", part=f"transform: {name[:40]}")
    return product


def _stretch(a: float, b: float, c: float, d: float) -> float:
    """The larger singular value of a matrix."""
    whole, area = a * a + b * b + c * c + d * d, a * d - b * c
    return math.sqrt((whole + math.sqrt(max(0.0, whole * whole - 4 * area * area))) / 2)
