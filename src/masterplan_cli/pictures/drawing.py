"""SVG, read as a stream: only what draws, nothing that runs, moves, reaches out or grows without bound."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from masterplan_cli.pictures.faults import MAX_RATIO, Fault
from masterplan_cli.pictures.rasters import examine_raster, raster_of
from masterplan_cli.pictures.values import (
    MAX_NAMES,
    MAX_VALUE,
    Effects,
    StopError,
    declarations,
    declared,
    length,
    numbers,
    stop,
    style_sheet,
    too_deep,
    too_long,
    too_much,
)
from masterplan_cli.pictures.weight import Scale, SvgElement

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_XML, _XHTML = "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/1999/xhtml"
_MAX_ELEMENTS, _MAX_DEPTH, _MAX_ATTRIBUTES = 100_000, 64, 256
_MAX_POINTS, _MAX_LETTERS, _MAX_STYLE = 2_000_000, 500_000, 256 * 1024
#: References to other elements, those by style sheets counted for each element that has them.
_MAX_REFERENCES = 200_000
#: A picture's largest side in pixels, and its smallest.
_LARGEST, _SMALLEST = 100_000.0, 0.01
_PIXELS_OF_A_SHAPE = 500
_PIECE = 64 * 1024

_ELEMENTS = {
    "svg", "g", "defs", "symbol", "use", "a", "switch", "title", "desc", "metadata", "style", "view", "path", "rect",
    "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath", "tref", "image", "clipPath", "mask",
    "pattern", "marker", "linearGradient", "radialGradient", "stop", "solidcolor", "solidColor",
    # What Inkscape once wrote for text in a frame, and no program draws.
    "flowRoot", "flowRegion", "flowPara", "flowSpan", "flowDiv", "flowLine", "flowRegionExclude",
}  # fmt: skip
_ANIMATION = {"animate", "animateTransform", "animateMotion", "animateColor", "set", "mpath", "discard"}
_CAUSES = {
    "script": "script",
    "foreignObject": "foreign",
    "filter": "effect",
    **dict.fromkeys(_ANIMATION, "animation"),
}
#: What says how an element lies and how large it is, in numbers.
_GEOMETRY = {
    "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "fr", "dx", "dy", "rotate", "width",
    "height", "viewBox", "offset", "textLength", "startOffset", "refX", "refY", "markerWidth", "markerHeight", "orient",
    "d", "points", "tabindex",
}  # fmt: skip
_TRANSFORMS = {"transform", "gradientTransform", "patternTransform"}
#: What names and describes, or chooses among a few words.
_WORDS = {
    "id", "class", "lang", "role", "version", "baseProfile", "type", "media", "title", "target", "rel", "content", "focusable",
    "preserveAspectRatio", "gradientUnits", "patternContentUnits", "clipPathUnits", "maskUnits",
    "maskContentUnits", "markerUnits", "spreadMethod", "lengthAdjust", "method", "spacing", "side", "crossorigin", "host",
    "requiredFeatures", "requiredExtensions", "systemLanguage", "contentScriptType", "contentStyleType", "zoomAndPan",
    "externalResourcesRequired", "name", "alt", "slot", "xmlns", "download", "hreflang", "referrerpolicy", "decoding",
}  # fmt: skip
_SPACE_AND_LANGUAGE = {f"{_XML} space", f"{_XML} lang"}
_SAFE_LINK = re.compile(r"\s*+(?:https?:|mailto:|tel:|#|[^:]*+$)", re.IGNORECASE)


def examine_svg(data: bytes) -> Fault | None:
    """What is wrong with an SVG, if anything."""
    try:
        # Typst reads no other encoding, whatever the file declares.
        data.decode("utf-8")
    except UnicodeDecodeError:
        return Fault("encoding")
    reading = _Reading()
    try:
        reading.read(data)
        reading.weigh()
    except StopError as stopped:
        return Fault(stopped.fault.cause, {"line": reading.line, **stopped.fault.args})
    except expat.ExpatError as error:
        return Fault("xml", {"line": error.lineno})
    return None


class _Reading:
    """An SVG as far as it was read."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self.parser.SkippedEntityHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parts: list[SvgElement] = []
        self.stack: list[SvgElement] = []
        self.ids: dict[str, list[SvgElement]] = {}
        self.style: list[str] = []
        self.rules: list[tuple[str, Effects]] = []
        self.elements = self.points = self.letters = self.styled = 0

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def read(self, data: bytes) -> None:
        """Read all of it, and stop at the first thing that is wrong."""
        for start in range(0, len(data), _PIECE):
            self.parser.Parse(data[start : start + _PIECE], False)
        self.parser.Parse(b"", True)

    def weigh(self) -> None:
        """Stop where the whole is too much, with its style sheets, and with all that is drawn more than once."""
        self._dress()
        font = max(max((part.effects.font for part in self.parts), default=0.0), 16.0)
        drawn = {id_ for part in self.parts for how, id_ in part.effects.drawn if how == "shape"}
        patterns = any(part.tag == "pattern" for id_ in drawn for part in self.ids.get(id_, ()))
        dashed = any(part.effects.dash < float("inf") for part in self.parts)
        Scale(self.parts[0], self.ids, font, measured=patterns or dashed).weigh()

    def _dress(self) -> None:
        """Let each element have what the style sheets say of its names."""
        named: dict[str, Effects] = {}
        for name, effects in self.rules:
            named.setdefault(name, Effects()).add(effects)
        if any(len(effects.drawn) > MAX_NAMES for effects in named.values()):
            raise too_much()
        references = 0
        for part in self.parts:
            for name in ("*", part.tag, *part.names) if named else ():
                if name in named:
                    part.effects.add(named[name])
            references += len(part.effects.drawn)
            if references > _MAX_REFERENCES:
                raise too_much()

    # --- what the parser finds

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > _MAX_ELEMENTS:
            raise too_much()
        if len(self.stack) >= _MAX_DEPTH:
            raise too_deep()
        space, _, tag = name.rpartition(" ")
        if space != _SVG and (not self.stack or space == _XHTML):
            raise stop("foreign") if self.stack else stop("root")
        if space == _SVG:
            self._allowed(tag)
        part = SvgElement(tag if space == _SVG else "metadata")
        if self.stack:
            self.stack[-1].children.append(part)
        self.stack.append(part)
        self.parts.append(part)
        if len(attributes) > _MAX_ATTRIBUTES:
            raise too_much()
        for key, value in attributes.items():
            if space == _SVG:
                self._attribute(part, key, value)
        if len(self.stack) == 1:
            _measured(part)

    def _allowed(self, tag: str) -> None:
        if tag not in _ELEMENTS:
            raise stop(_CAUSES.get(tag, "unknown"), part=f"<{tag[:60]}>")
        if not self.stack and tag != "svg":
            raise stop("root")

    def _end(self, _name: str) -> None:
        if self.stack.pop().tag == "style":
            style_sheet("".join(self.style), self.rules)
            self.style.clear()

    def _text(self, text: str) -> None:
        tag = self.stack[-1].tag
        if tag == "style":
            self.styled += len(text)
            self.style.append(text)
        elif tag in ("text", "tspan", "textPath", "a", "tref"):
            self.letters += len(text)
            self.stack[-1].letters += len(text)
        if self.styled > _MAX_STYLE or self.letters > _MAX_LETTERS:
            raise too_much()

    def _doctype(self, _name: str, _system: str | None, _public: str | None, inside: bool) -> None:
        if inside:
            raise stop("entities")

    def _entity(self, *_: Any) -> None:
        raise stop("entities")

    def _instruction(self, target: str, _data: str) -> None:
        if target == "xml-stylesheet":
            raise stop("outside", address="xml-stylesheet")

    # --- attributes

    def _attribute(self, part: SvgElement, key: str, value: str) -> None:
        """Take in one attribute; those of other programs mean nothing to whoever draws."""
        space, _, name = key.rpartition(" ")
        if name == "href" and space in ("", _XLINK):
            self._href(part, value)
        elif not space:
            self._plain(part, name, value)
        elif space == _XML and key not in _SPACE_AND_LANGUAGE:
            raise stop("unknown", part=f"xml:{name[:60]}")

    def _plain(self, part: SvgElement, name: str, value: str) -> None:
        """Take in an attribute of SVG itself."""
        if name in _GEOMETRY:
            self._geometry(part, name, value)
        elif name in _TRANSFORMS:
            declared(part.effects, "transform", value, name)
        elif name == "style":
            declarations(part.effects, value)
        elif name in ("id", "class"):
            self._names(part, name, value)
        elif name == "patternUnits":
            part.given[name] = value
        elif name.lower().startswith("on"):
            raise stop("script", part=name[:60])
        elif name not in _WORDS and not name.startswith(("data-", "aria-")):
            declared(part.effects, name, value)

    def _names(self, part: SvgElement, name: str, value: str) -> None:
        names = value.split() if name == "class" else [value]
        if len(names) > MAX_NAMES:
            raise too_much()
        part.names += tuple(f"{'.' if name == 'class' else '#'}{one}" for one in names)
        if name == "id":
            self.ids.setdefault(value, []).append(part)

    def _geometry(self, part: SvgElement, name: str, value: str) -> None:
        found = len(numbers(name, value))
        if name in ("d", "points"):
            self.points += found
            part.points = found // 2
        elif len(value) > MAX_VALUE:
            raise too_long(name, value)
        if self.points > _MAX_POINTS:
            raise too_much()
        part.given[name] = value

    def _href(self, part: SvgElement, value: str) -> None:
        """Where an element refers to: within the picture, or to the bytes of a raster picture."""
        address = value.strip()
        if part.tag == "a":
            if not _SAFE_LINK.match(address):
                raise stop("script", part=address[:60])
        elif part.tag == "image" and address[:5].lower() == "data:":
            part.weight += _embedded(address)
        elif address.startswith("#"):
            part.effects.drawn.add(("once", address[1:]))
        elif address:
            raise stop("outside", address=address[:80])


def _embedded(address: str) -> float:
    """The work that a picture inside of a picture is; no SVG, which could hold others."""
    head, _, text = address.partition(",")
    try:
        data = base64.b64decode(re.sub(rb"\s+", b"", unquote_to_bytes(text)), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    media = raster_of(data) if head.lower().endswith(";base64") else None
    size = examine_raster(media, data) if media else None
    if size is None or isinstance(size, Fault):
        raise stop("inside")
    return size.pixels / _PIXELS_OF_A_SHAPE


def _measured(root: SvgElement) -> None:
    """Stop at a picture that is endless, or has no room."""
    sides = [
        found for side in ("width", "height") if (found := length(root.given.get(side), 100)) is not None
    ]
    box = numbers("viewBox", root.given.get("viewBox", ""))[2:]
    for name, given, largest in (("width/height", sides, _LARGEST), ("viewBox", box, float("inf"))):
        if given and not (min(given) >= _SMALLEST and max(given) <= min(largest, MAX_RATIO * min(given))):
            raise stop("number", part=name, value=" × ".join(f"{one:g}" for one in given))
