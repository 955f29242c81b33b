"""Pictures of a document: their parts, their natural size, and how Word is told to draw them."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import NamedTuple

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.opc.part import Part

from masterplan_cli.pictures.orientation import is_turned
from masterplan_cli.typesetting import DPI, DRAWN, Kept, pngs_of
from masterplan_cli.writers.docx.base import COLOURS, Base
from masterplan_cli.writers.docx.markup import NAMESPACES, NOTHING, Xml, common, element, text

_SVG_MEDIA = "image/svg+xml"
_BAD = (
    InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, ValueError, KeyError, IndexError,
    AttributeError, ZeroDivisionError, TypeError,
)  # fmt: skip


_INCH = 914400
#: A chart is laid out in points; in SVG its numbers are pixels, which are smaller.
_CHART_UNIT = 96 / 72


class Shown(NamedTuple):
    """A picture in the package: what every program draws, the SVG beside it, its natural size in EMU."""

    raster: Part
    vector: Part | None
    width: int
    height: int
    chart: bool

    def within(self, width: int, height: int) -> tuple[int, int]:
        """Its size in a box, never larger than it asks for."""
        scale = min(width / self.width, height / self.height, _CHART_UNIT if self.chart else 1)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))


class Pictures:
    """The document's pictures, each in the package once."""

    def __init__(self, base: Base, store: Kept | None) -> None:
        self._base = base
        pictures = base.document.pictures
        # Word shows a photograph as it lies in the file, whatever the camera noted of how it was held.
        self._turned = {name for name, (_, data) in pictures.items() if is_turned(data)}
        self._drawn = pngs_of(pictures, store, also=self._turned)
        self._shown: dict[str, Shown | None] = {}
        self._parts: dict[str, Part] = {}

    def get(self, src: str) -> Shown | None:
        """A picture by its name; None when it is not there or no program could draw it."""
        if src not in self._shown:
            found = self._base.document.pictures.get(src)
            self._shown[src] = self._made(src, *found) if found else None
        return self._shown[src]

    def _made(self, src: str, media: str, data: bytes) -> Shown | None:
        chart = src.startswith("chart:")
        drawn = media in DRAWN or src in self._turned
        raster = self._drawn.get(src) if drawn else data
        try:
            image = Image.from_blob(raster) if raster else None
            size = _natural(image, drawn=drawn) if image else (0, 0)
        except _BAD:
            return None
        if image is None or raster is None or min(size) < 1:
            return None
        # Only our own charts go in as SVG: that of others may name files elsewhere.
        vector = self._part(data, _SVG_MEDIA, "svg") if chart and media == _SVG_MEDIA else None
        return Shown(self._part(raster, image.content_type, image.ext), vector, *size, chart)

    def ground(self) -> Part:
        """One pixel of the house colour, to be drawn as large as is needed."""
        return self._part(_pixel(COLOURS["brand"]), "image/png", "png")

    def _part(self, data: bytes, media: str, extension: str) -> Part:
        name = hashlib.sha256(data).hexdigest()[:16]
        if name not in self._parts:
            self._parts[name] = self._base.part_of(f"media/{name}.{extension}", media, data)
        return self._parts[name]


def _pixel(colour: str) -> bytes:
    """A PNG of one pixel; stored as it is, for what packs better differs between systems."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    line = zlib.compress(b"\0" + bytes.fromhex(colour), 0)
    chunks = ((b"IHDR", head), (b"IDAT", line), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _natural(image: Image, *, drawn: bool) -> tuple[int, int]:
    """The size that a picture asks for, in EMU."""
    if not drawn:
        return int(image.width), int(image.height)
    return image.px_width * _INCH // DPI, image.px_height * _INCH // DPI


_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_PICTURE = NAMESPACES["xmlns_pic"]


def drawing(number: int, alt: str, size: tuple[int, int], raster: str, vector: str | None) -> Xml:
    """A picture in a line of text, with its text alternative; `raster` and `vector` are relations."""
    return element(
        "w:drawing",
        element(
            "wp:inline",
            element("wp:extent", cx=size[0], cy=size[1]),
            _named("wp:docPr", number, alt),
            common("wp:cNvGraphicFramePr", common("a:graphicFrameLocks", noChangeAspect=1)),
            _graphic(number, alt, size, raster, vector),
            distT=0, distB=0, distL=0, distR=0,
        ),
    )  # fmt: skip


def ground(number: int, top: int, size: tuple[int, int], raster: str) -> Xml:
    """A picture that lies behind the text of a page from edge to edge, `top` below the upper one; it says nothing."""
    return element(
        "w:drawing",
        element(
            "wp:anchor",
            element("wp:simplePos", x=0, y=0),
            element("wp:positionH", element("wp:posOffset", text("0")), relativeFrom="page"),
            element("wp:positionV", element("wp:posOffset", text(str(top))), relativeFrom="page"),
            element("wp:extent", cx=size[0], cy=size[1]),
            element("wp:wrapNone"),
            element("wp:docPr", _DECORATIVE, id=number, name=f"Picture {number}", descr=""),
            element("wp:cNvGraphicFramePr"),
            _graphic(number, "", size, raster, None),
            distT=0, distB=0, distL=0, distR=0, simplePos=0, relativeHeight=0, behindDoc=1, locked=1,
            layoutInCell=1, allowOverlap=1,
        ),
    )  # fmt: skip


_DECORATIVE = element(
    "a:extLst",
    element(
        "a:ext",
        element("adec:decorative", xmlns_adec="http://schemas.microsoft.com/office/drawing/2017/decorative", val=1),
        uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}",
    ),
)  # fmt: skip


def _named(tag: str, number: int, alt: str) -> Xml:
    return element(tag, id=number, name=f"Picture {number}", descr=alt)


def _graphic(number: int, alt: str, size: tuple[int, int], raster: str, vector: str | None) -> Xml:
    return element(
        "a:graphic",
        element(
            "a:graphicData",
            element(
                "pic:pic",
                element("pic:nvPicPr", _named("pic:cNvPr", number, alt), common("pic:cNvPicPr")),
                element(
                    "pic:blipFill",
                    element("a:blip", _vector(vector) if vector else NOTHING, r_embed=raster),
                    common("a:stretch", common("a:fillRect")),
                ),
                element(
                    "pic:spPr",
                    element("a:xfrm", common("a:off", x=0, y=0), element("a:ext", cx=size[0], cy=size[1])),
                    common("a:prstGeom", common("a:avLst"), prst="rect"),
                ),
            ),
            uri=_PICTURE,
        ),
    )


def _vector(relation: str) -> Xml:
    return element(
        "a:extLst",
        element(
            "a:ext",
            element("asvg:svgBlip", xmlns_asvg=_SVG, r_embed=relation),
            uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}",
        ),
    )
