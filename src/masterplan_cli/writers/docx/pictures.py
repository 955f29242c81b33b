"""Pictures of a document: their parts, their natural size, and how Word is told to draw them."""

from __future__ import annotations

import hashlib
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.opc.part import Part
from docx.oxml.parser import parse_xml

from masterplan_cli.typesetting import DPI, DRAWN, Kept, pngs_of
from masterplan_cli.writers.docx.base import Base
from masterplan_cli.writers.docx.elements import SVG, Element, legal

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
        self._drawn = pngs_of(base.document.pictures, store)
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
        raster = self._drawn.get(src) if media in DRAWN else data
        try:
            image = Image.from_blob(raster) if raster else None
            size = _natural(image, drawn=media in DRAWN) if image else (0, 0)
        except _BAD:
            return None
        if image is None or raster is None or min(size) < 1:
            return None
        # Only our own charts go in as SVG: that of others may name files elsewhere.
        vector = self._part(data, _SVG_MEDIA, "svg") if chart and media == _SVG_MEDIA else None
        return Shown(self._part(raster, image.content_type, image.ext), vector, *size, chart)

    def _part(self, data: bytes, media: str, extension: str) -> Part:
        name = hashlib.sha256(data).hexdigest()[:16]
        if name not in self._parts:
            self._parts[name] = self._base.part_of(f"media/{name}.{extension}", media, data)
        return self._parts[name]


def _natural(image: Image, *, drawn: bool) -> tuple[int, int]:
    """The size that a picture asks for, in EMU."""
    if not drawn:
        return int(image.width), int(image.height)
    return image.px_width * _INCH // DPI, image.px_height * _INCH // DPI


_DRAWING = """\
<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="{id}" name={name} descr={alt}/>
<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>
<pic:nvPicPr><pic:cNvPr id="{id}" name={name} descr={alt}/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:embed="{raster}">{vector}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>
</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"""
_VECTOR = (
    '<a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="{namespace}" r:embed="{rid}"/></a:ext></a:extLst>'
)


def drawing(number: int, alt: str, size: tuple[int, int], raster: str, vector: str | None) -> Element:
    """A picture in a line of text, with its text alternative; `raster` and `vector` are relations."""
    return parse_xml(
        _DRAWING.format(
            id=number,
            name=quoteattr(f"Picture {number}"),
            alt=quoteattr(legal(alt)),
            cx=size[0],
            cy=size[1],
            raster=raster,
            vector=_VECTOR.format(namespace=SVG, rid=vector) if vector else "",
        )
    )
