"""Pictures from anyone: what is wrong with one is found by its structure, before any decoder sees it.

Whatever passes is small enough to be decoded, and is of the kinds that all outputs can show.
"""

from __future__ import annotations

from masterplan_cli.messages import Both
from masterplan_cli.pictures.drawing import examine_svg
from masterplan_cli.pictures.faults import Fault, Size
from masterplan_cli.pictures.rasters import examine_raster, raster_of

SVG = "image/svg+xml"
_SPACE = b" \t\r\n"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
#: What else people save under the name of a picture.
_OTHERS = (
    (0, b"\x1f\x8b", Both("SVG yang dipadatkan (svgz) atau arsip gzip", "a compressed SVG (svgz) or a gzip archive")),
    (4, b"ftyp", Both("foto HEIC/AVIF atau video", "an HEIC/AVIF photo or a video")),
    (0, b"BM", Both("gambar BMP", "a BMP picture")),
    (0, b"II*\0", Both("gambar TIFF", "a TIFF picture")),
    (0, b"MM\0*", Both("gambar TIFF", "a TIFF picture")),
    (0, b"%PDF", Both("dokumen PDF", "a PDF document")),
)  # fmt: skip
#: What Git LFS leaves in the place of a file that it has not fetched.
_POINTER = b"version https://git-lfs"
#: A web page says what it is in its first line or two.
_OPENING, _PAGES = 1024, (b"<!doctype html", b"<html")
_UNKNOWN = Both("berkas yang jenisnya tidak dikenal", "a file of an unknown kind")


def media_of(data: bytes) -> str | None:
    """The kind of a picture by its first bytes, whatever its name says."""
    if raster := raster_of(data):
        return raster
    drawn = data.startswith(_MARKS) or data[:256].lstrip(_SPACE).startswith(b"<")
    return SVG if drawn else None


def _is_page(data: bytes) -> bool:
    """Whether it is a web page, which was saved in the picture's stead."""
    before = data[:_OPENING].lower().partition(b"<svg")[0]
    return any(page in before for page in _PAGES)


def pixels_of(data: bytes) -> int:
    """How many pixels a raster picture has once it is decoded; none where it is something else."""
    media = raster_of(data)
    size = examine_raster(media, data) if media else None
    return size.pixels if isinstance(size, Size) else 0


def examine(data: bytes) -> Fault | None:
    """What is wrong with a picture, if anything, by headers and structure only; never an exception."""
    if data.startswith(_POINTER):
        return Fault("pointer")
    media = media_of(data)
    if media == SVG:
        return Fault("page") if _is_page(data) else examine_svg(data)
    if media:
        found = examine_raster(media, data)
        return found if isinstance(found, Fault) else None
    found_kinds = (kind for at, start, kind in _OTHERS if data.startswith(start, at))
    return Fault("kind", {"found": next(found_kinds, _UNKNOWN)})
