"""Pictures from anyone: ordinary ones pass, and what is wrong with others is said before a decoder sees them."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import REPO, codes, commit, edit, every, examples, masterplan, write
from masterplan_cli import charts, pictures
from masterplan_cli.assets import PICTURES
from masterplan_cli.cache.store import Store
from masterplan_cli.checking import check
from masterplan_cli.messages import Both
from masterplan_cli.pictures import examine, media_of, trial
from masterplan_cli.pictures.faults import Fault
from masterplan_cli.pictures.trial import Trials
from masterplan_cli.since import since
from masterplan_cli.typesetting import typeset
from masterplan_cli.worker import Bounds, Stopped
from picture_files import (
    GIF,
    JPEG,
    PNG,
    SCAN,
    SVG_HEAD,
    TABLES,
    WEBP,
    canvas,
    chunk,
    frame,
    gif,
    header,
    jpeg,
    lossless,
    moving,
    png,
    riff,
    segment,
    svg,
    webp_chunk,
)  # fmt: skip
from test_growth import too_fast

RASTERS = {"image/png": PNG, "image/jpeg": JPEG, "image/gif": GIF, "image/webp": WEBP}
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def cause(data: bytes) -> str | None:
    found = examine(data)
    return found.cause if found else None


def reason(data: bytes) -> str:
    found = examine(data)
    assert found, "nothing was found"
    assert found.cause == "damaged", found
    return _english(found.args["reason"])


def _english(said: object) -> str:
    assert isinstance(said, Both)
    return said.en


# --- ordinary pictures


@pytest.mark.parametrize(("media", "data"), RASTERS.items(), ids=RASTERS)
def test_an_ordinary_picture_passes_by_its_own_kind(media: str, data: bytes) -> None:
    assert (media_of(data), examine(data)) == (media, None)


ORDINARY = {
    "interlaced png": png(width=5, height=5, rows=bytes(2 + 2 + 3 + 4 + 4 + 9 + 12), interlaced=1),
    "png of a palette": png(chunk(b"PLTE", bytes(6)), rows=bytes(2 * 4), colour=3, depth=1),
    "png of 16 bits with alpha": png(rows=bytes((4 * 8 + 1) * 4), colour=6, depth=16),
    "png with texts and a profile": png(
        chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(bytes(3000))),
        chunk(b"tEXt", b"Comment\0halo"),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"halo")),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0id\0\0" + zlib.compress(b"<x/>")),
        chunk(b"tIME", bytes(7)),
    ),
    "png with something behind it": PNG + b"trailer",
    "png whose rows come in several chunks": SIGNATURE
    + header(4, 4)
    + b"".join(chunk(b"IDAT", bytes([byte])) for byte in zlib.compress(bytes(20)))
    + chunk(b"IEND", b""),
    "png whose time has a wrong checksum": png(chunk(b"tIME", bytes(7))[:-4] + b"oops"),
    "jpeg from a telephone": jpeg(before=segment(0xE1, b"Exif\0\0" + JPEG) + TABLES, end=b"\xff\xd9" + JPEG),
    "jpeg of three colours": jpeg(frame(components=3)),
    "progressive jpeg": jpeg(frame(0xC2), scan=SCAN * 10),
    "jpeg with fill bytes and restarts": jpeg(scan=SCAN + b"\xff\xd0\x12\xff\x00\xff\xd1\x34\xff"),
    "moving gif": gif((1, 1), (1, 1)),
    "gif with a comment": GIF[:19] + b"!\xfe\4halo\0" + GIF[19:],
    "extended webp": riff(canvas(1, 1), webp_chunk(b"ICCP", b"abc"), lossless()),
    "moving webp": riff(canvas(3, 3, 2), webp_chunk(b"ANIM", bytes(6)), moving(3, 3), moving(1, 1, left=2)),
}  # fmt: skip


@pytest.mark.parametrize("data", ORDINARY.values(), ids=ORDINARY)
def test_what_cameras_and_programs_save_passes(data: bytes) -> None:
    assert examine(data) is None


# --- what is no picture


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"BM" + bytes(60), "BMP"),
        (b"II*\0" + bytes(60), "TIFF"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08\0" + bytes(20), "svgz"),
        (b"halo", "unknown"),
        (b"", "unknown"),
    ],
)
def test_what_it_is_instead_of_a_picture_is_named(data: bytes, kind: str) -> None:
    found = examine(data)
    assert found
    assert found.cause == "kind"
    assert kind in _english(found.args["found"])


def test_a_pointer_of_git_lfs_is_known() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 48213\n"
    assert cause(pointer) == "pointer"


@pytest.mark.parametrize(
    "opening",
    [
        b"<!DOCTYPE html>\n<html lang='id'><head>",
        b"\r\n\r\n<HTML><HEAD><TITLE>Masuk</TITLE>",
        b"\xef\xbb\xbf<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'a.dtd'>",
        b"<!-- saved from url=(0014)about:internet -->\n<html>",
        b"<html><body><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html>\xe9",
    ],
)
def test_a_web_page_saved_as_a_picture_is_known(opening: bytes) -> None:
    assert cause(opening + b"<body>halo" * 400) == "page"


def test_a_drawing_that_speaks_of_pages_is_a_drawing() -> None:
    text = f"{SVG_HEAD}<!-- <html> --><title>&lt;html></title></svg>"
    assert cause(text.encode()) is None


# --- rasters, fault by fault

TOO_LARGE = {
    "gif of 35 bytes": gif(width=65_535, height=65_535),
    "png of 60,000 x 60,000": png(width=60_000, height=60_000, rows=b""),
    "long png": png(width=30_001, height=99, rows=b""),
    "jpeg": jpeg(frame(width=65_500, height=65_500)),
    "webp": riff(lossless(16_384, 16_384)),
    "canvas of a webp": riff(canvas(1 << 24, 1 << 24), lossless()),
    "frame of a gif": gif((60_000, 60_000)),
}


@pytest.mark.parametrize("data", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_picture_of_too_many_pixels(data: bytes) -> None:
    assert cause(data) == "pixels"


def test_a_picture_so_slim_that_it_would_be_miles_long_at_the_width_of_a_column() -> None:
    assert cause(gif(width=1, height=1000)) is None
    assert cause(gif(width=1, height=1001)) == "slim"
    assert cause(riff(lossless(1, 1001))) == "slim"
    # What changes from frame to frame may well be a line.
    assert cause(gif((1, 1001), width=9, height=1001)) is None
    assert cause(riff(canvas(9, 1001), moving(1, 1001))) is None
    assert cause(svg(head='<svg xmlns="http://www.w3.org/2000/svg" width="9">')) == "unsized"


def test_what_fifty_megapixels_are_still_passes() -> None:
    assert cause(jpeg(frame(width=8192, height=6144))) is None
    assert cause(jpeg(frame(width=8192, height=6401))) == "pixels"


def test_frames_count_together() -> None:
    assert cause(gif(*[(7000, 7000)] * 4, width=7000, height=7000)) is None
    assert cause(gif(*[(7000, 7000)] * 5, width=7000, height=7000)) == "frames"
    assert cause(gif(*[(1, 1)] * 2001)) == "frames"
    assert cause(riff(canvas(7000, 7000), *[moving(7000, 7000)] * 5)) == "frames"
    control = b"\0\0\0\0" + (4).to_bytes(4, "big") * 2 + bytes(14)
    assert cause(png(*[chunk(b"fcTL", control)] * 2001)) == "frames"


DAMAGED = {
    "png without an end": (PNG[:-12], "ends before"),
    "png whose chunk leaves the file": (PNG[:33] + b"\x7f\xff\xff\xff" + PNG[37:], "ends before"),
    "png with a changed byte": (PNG[:45] + bytes([PNG[45] ^ 1]) + PNG[46:], "checksum"),
    "png of no width": (png(width=0), "zero"),
    "png of a colour of three bits": (png(depth=3), "header"),
    "png of colours in four bits": (png(depth=4, colour=2), "header"),
    "png of an unknown colour": (png(colour=1), "header"),
    "png interlaced otherwise": (png(interlaced=2), "header"),
    "png without a header": (SIGNATURE + chunk(b"IEND", b""), "header"),
    "png with two headers": (png(header(4, 4)), "order"),
    "png without a palette": (png(colour=3), "order"),
    "png with a broken palette": (png(chunk(b"PLTE", bytes(4)), colour=3), "palette"),
    "png with a text between its rows": (
        SIGNATURE + header(1, 1) + chunk(b"IDAT", b"") + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        "order",
    ),
    "png with too few rows": (png(rows=bytes(19)), "ends before"),
    "png with too many rows": (png(rows=bytes(21)), "more than its size"),
    "png whose pixels do not unpack": (SIGNATURE + header(4, 4) + chunk(b"IDAT", b"oops") + chunk(b"IEND", b""), "unpacked"),
    "png whose row is written in a fifth way": (png(rows=bytes(5) + b"\5" + bytes(14)), "row"),
    "moving png with a frame outside": (png(chunk(b"fcTL", bytes(4) + b"\0\0\0\5" * 2 + bytes(14))), "outside"),
    "jpeg without an end": (jpeg(end=b""), "ends before"),
    "jpeg without a scan": (jpeg(scan=b""), "ends before"),
    "jpeg without a frame": (b"\xff\xd8" + TABLES + SCAN + b"\xff\xd9", "ends before"),
    "jpeg whose segment leaves the file": (b"\xff\xd8\xff\xe0\xff\xff" + bytes(9), "ends before"),
    "jpeg with something between": (b"\xff\xd8" + TABLES + b"oops" + frame() + SCAN + b"\xff\xd9", "join"),
    "jpeg of no height": (jpeg(frame(height=0)), "zero"),
    "jpeg of two colours": (jpeg(frame(components=2)), "header"),
    "gif without an end": (gif(end=b""), "ends before"),
    "gif without a frame": (GIF[:19] + b";", "ends before"),
    "gif of no width": (gif(width=0), "zero"),
    "gif whose frame has no height": (gif((1, 0)), "zero"),
    "gif with something between": (GIF[:-1] + b"?;", "join"),
    "gif whose codes are too long": (GIF[:29] + b"\x0c" + GIF[30:], "frame"),
    "webp that is longer than its file": (WEBP[:-2], "ends before"),
    "webp that is sound": (b"RIFF\x10\0\0\0WAVEfmt " + bytes(20), "not a WebP"),
    "webp without a picture": (riff(canvas(1, 1)), "ends before"),
    "webp with another size than its canvas": (riff(canvas(2, 2), lossless()), "outside"),
    "webp whose frame is larger than it says": (riff(canvas(9, 9), moving(2, 2, drawn=lossless(9, 9))), "outside"),
    "webp whose frame leaves the canvas": (riff(canvas(3, 3), moving(3, 3, left=2)), "outside"),
    "webp with an odd head": (riff(webp_chunk(b"VP8 ", bytes(20))), "header"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "why"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_picture(data: bytes, why: str) -> None:
    assert why in reason(data)


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF])
def test_a_jpeg_that_decoders_refuse(marker: int) -> None:
    assert cause(jpeg(frame(marker))) == "coding"


def test_a_jpeg_of_twelve_bits_two_frames_or_a_thousand_scans() -> None:
    assert cause(jpeg(frame(0xC1, precision=12))) == "coding"
    assert cause(jpeg(frame(), frame())) == "coding"
    assert cause(jpeg(frame(0xC2), scan=SCAN * 1000)) == "coding"


def test_a_jpeg_for_the_printing_press() -> None:
    assert cause(jpeg(frame(components=4))) == "cmyk"


@pytest.mark.parametrize("start", [b"iCCP", b"zTXt"])
def test_what_a_png_says_of_itself_does_not_grow_without_bound(start: bytes) -> None:
    assert cause(png(chunk(start, b"a\0\0" + zlib.compress(bytes(5 << 20))))) == "notes"
    parts = [chunk(start, b"a\0\0" + zlib.compress(bytes(1 << 20)))] * 5
    assert cause(png(*parts)) == "notes"


# --- drawings


def inside(text: str) -> str | None:
    return cause(svg(text))


INKSCAPE = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->
<svg width="210mm" height="297mm" viewBox="0 0 210 297" version="1.1" id="svg5" inkscape:version="1.2.2 (b0a84865, 2022-12-01)"
  sodipodi:docname="peta.svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns="http://www.w3.org/2000/svg"
  xmlns:svg="http://www.w3.org/2000/svg" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:cc="http://creativecommons.org/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <sodipodi:namedview id="namedview7" pagecolor="#ffffff" inkscape:zoom="0.6"><inkscape:grid type="xygrid" id="grid9"/></sodipodi:namedview>
  <defs id="defs2"><linearGradient id="a"><stop style="stop-color:#d40000;stop-opacity:1;" offset="0" id="stop1"/></linearGradient>
    <linearGradient inkscape:collect="always" xlink:href="#a" id="b" x1="10" y1="20" x2="80%" y2="20" gradientUnits="userSpaceOnUse"
      gradientTransform="matrix(0.26458333,0,0,0.26458333,-12.3,4e-3)"/>
    <marker style="overflow:visible" id="m" refX="0.0" refY="0.0" orient="auto" inkscape:stockid="Arrow1Lend" inkscape:isstock="true">
      <path transform="scale(0.8) rotate(180) translate(12.5,0)" style="fill-rule:evenodd;stroke:context-stroke;stroke-width:1pt" d="M 0,0 5,-5 -12.5,0 5,5 Z" id="path11"/></marker></defs>
  <g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1">
    <path style="fill:url(#b);fill-opacity:1;stroke:#000000;stroke-width:0.264583;stroke-miterlimit:4;stroke-dasharray:0.79, 1.58;stroke-dashoffset:0;marker-end:url(#m)"
      d="m 31.75,47.625 c 10.2,-4.5 30,1e-5 42.3,12 l 12,30 h -4 v 3 q 1,2 3,4 t 4,4 s 2,2 4,4 a 5,5 0 0 1 5,5 z" id="path33" sodipodi:nodetypes="ccccc" inkscape:connector-curvature="0"/>
    <text xml:space="preserve" style="font-style:normal;font-weight:normal;font-size:10.5833px;line-height:1.25;font-family:sans-serif;-inkscape-font-specification:'sans-serif, Normal';letter-spacing:0px;word-spacing:0px;fill:#000000;fill-opacity:1;stroke:none" x="40" y="60" id="text22"><tspan sodipodi:role="line" id="tspan20" style="stroke-width:0.264583" x="40" y="60">Alun-alun</tspan></text>
    <use x="0" y="0" xlink:href="#path33" id="use1" transform="translate(50.2,30)" width="100%" height="100%"/></g>
  <metadata id="metadata1"><rdf:RDF><cc:Work rdf:about=""><dc:format>image/svg+xml</dc:format><dc:title/></cc:Work></rdf:RDF></metadata>
</svg>"""
ILLUSTRATOR = """<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: Adobe Illustrator 25.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg version="1.1" id="Layer_1" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" x="0px" y="0px"
  width="595.28px" height="841.89px" viewBox="0 0 595.28 841.89" style="enable-background:new 0 0 595.28 841.89;" xml:space="preserve">
<style type="text/css">
  .st0{fill:#0B5D57;stroke:#231F20;stroke-miterlimit:10;}
  .st1{clip-path:url(#SVGID_2_);}
  .st2{font-family:'MyriadPro-Regular';}
  .st3{opacity:0.5;fill:url(#New_Pattern);}
  g .st4:hover, rect[width]{enable-background:new    ;}
</style>
<pattern x="0" y="841.89" width="69" height="69" patternUnits="userSpaceOnUse" id="New_Pattern" viewBox="2.125 -70.896 69 69" style="overflow:visible;"><g><polygon class="st0" points="71.125,-1.896 2.125,-1.896 2.125,-70.896 71.125,-70.896 "/></g></pattern>
<g id="Group_1_" data-name="Group 1"><defs><rect id="SVGID_1_" x="95.5" y="120.5" width="248" height="196"/></defs>
  <clipPath id="SVGID_2_"><use xlink:href="#SVGID_1_"  style="overflow:visible;"/></clipPath>
  <g class="st1"><circle class="st3 st0" cx="219.5" cy="218.5" r="98"/></g></g>
<text transform="matrix(1 0 0 1 95.5 400)" class="st2" style="font-size:12px;">Kota</text>
<switch><g><line class="st0" x1="0" y1="0" x2="10" y2="10"/></g></switch></svg>"""
LIBREOFFICE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'>
<svg version="1.2" width="210mm" height="297mm" viewBox="0 0 21000 29700" preserveAspectRatio="xMidYMid" fill-rule="evenodd" stroke-width="28.222" stroke-linejoin="round" xmlns="http://www.w3.org/2000/svg" xmlns:ooo="http://xml.openoffice.org/svg/export" xmlns:xlink="http://www.w3.org/1999/xlink" xml:space="preserve">
 <defs class="ClipPathGroup"><clipPath id="presentation_clip_path" clipPathUnits="userSpaceOnUse"><rect x="0" y="0" width="21000" height="29700"/></clipPath></defs>
 <defs><font id="f" horiz-adv-x="2048"/></defs>
</svg>""".replace(
    ' <defs><font id="f" horiz-adv-x="2048"/></defs>\n',
    """ <g class="SlideGroup"><g><g id="container-id1"><g id="id1" class="Slide" clip-path="url(#presentation_clip_path)"><g class="Page">
 <g class="com.sun.star.drawing.CustomShape"><g id="id3"><rect class="BoundingBox" stroke="none" fill="none" x="3000" y="3000" width="9003" height="5003"/><path fill="rgb(114,159,207)" stroke="none" d="M 7500,8000 L 3000,8000 3000,3000 12000,3000 12000,8000 7500,8000 Z"/><text class="SVGTextShape"><tspan class="TextParagraph" font-family="Liberation Sans, sans-serif" font-size="635px" font-weight="400"><tspan class="TextPosition" x="6000" y="5700"><tspan fill="rgb(0,0,0)" stroke="none" style="white-space: pre">Dinas</tspan></tspan></tspan></text></g></g>
 </g></g></g></g></g>\n""",
)
FIGMA = f"""<svg width="320" height="240" viewBox="0 0 320 240" fill="none" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<g clip-path="url(#clip0_1_2)"><rect width="320" height="240" rx="8" fill="white"/><path fill-rule="evenodd" clip-rule="evenodd" d="M160 20C237.32 20 300 64.7715 300 120V0H160Z" fill="url(#paint0_radial)"/>
<mask id="mask0" style="mask-type:alpha" maskUnits="userSpaceOnUse" x="0" y="0" width="320" height="240"><rect width="320" height="240" fill="#D9D9D9"/></mask><g mask="url(#mask0)" style="mix-blend-mode:multiply"><rect x="10" y="10" width="100" height="80" fill="url(#pattern0)"/></g></g>
<defs><pattern id="pattern0" patternContentUnits="objectBoundingBox" width="1" height="1"><use xlink:href="#image0" transform="scale(0.25)"/></pattern>
<radialGradient id="paint0_radial" cx="0" cy="0" r="1" gradientUnits="userSpaceOnUse" gradientTransform="translate(160 120) rotate(90) scale(100 140)"><stop stop-color="#0B5D57"/><stop offset="1" stop-color="#0B5D57" stop-opacity="0"/></radialGradient>
<clipPath id="clip0_1_2"><rect width="320" height="240" fill="white"/></clipPath><image id="image0" width="4" height="4" preserveAspectRatio="none" xlink:href="data:image/png;base64,{base64.b64encode(PNG).decode()}"/></defs></svg>"""
DRAWIO = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" width="121px" height="61px" viewBox="-0.5 -0.5 121 61" content="&lt;mxfile host=&quot;app.diagrams.net&quot;&gt;&lt;/mxfile&gt;" style="background-color: rgb(255, 255, 255);"><defs/><rect fill="#ffffff" width="100%%" height="100%%" x="0" y="0"/><g><g data-cell-id="0"><rect x="0" y="0" width="120" height="60" fill="#ffffff" stroke="#000000" pointer-events="all" style="fill: light-dark(#ffffff, var(--ge-dark-color, #121212)); stroke: light-dark(rgb(0, 0, 0), rgb(255, 255, 255));"/></g>%s</g></svg>"""
DRAWINGS = {
    "Inkscape": INKSCAPE, "Illustrator": ILLUSTRATOR, "LibreOffice": LIBREOFFICE, "Figma": FIGMA,
    "draw.io": DRAWIO % '<g fill="#000000" font-family="Helvetica" text-anchor="middle" font-size="12px"><text x="59.5" y="34.5">Kota</text></g>',
}  # fmt: skip


@pytest.mark.parametrize("text", DRAWINGS.values(), ids=DRAWINGS)
def test_what_drawing_programs_export_passes(text: str) -> None:
    assert examine(text.encode()) is None
    assert examine(b"\xef\xbb\xbf" + text.encode()) is None or text.startswith("<?xml")


def test_the_pictures_of_this_repository_pass() -> None:
    found = {
        path: examine(path.read_bytes())
        for path in (REPO / "assets").iterdir()
        if path.name.endswith(PICTURES)
    }
    assert set(found.values()) == {None}


def test_our_own_charts_pass() -> None:
    plan = check(REPO).plan
    assert plan
    drawn = [chart for name in charts.CHARTS for chart in _drawn(name, plan)]
    assert len(drawn) > 3
    assert {examine(chart.svg.encode()) for chart in drawn} == {None}


def _drawn(name: str, plan: object) -> list[charts.Chart]:
    try:
        return list(charts.draw(name, plan))  # type: ignore[arg-type]
    except TypeError:
        return []  # one for each program or pillar


def test_text_of_draw_io_as_html_is_refused_with_its_own_sentence() -> None:
    html = '<switch><foreignObject width="100%" height="100%"><div xmlns="http://www.w3.org/1999/xhtml">Kota</div></foreignObject><text>Kota</text></switch>'
    assert cause((DRAWIO % html).encode()) == "foreign"


REFUSED = {
    "script": ["<script>1</script>", '<rect onclick="x()"/>', '<a href="javascript:x()"><rect/></a>'],
    "animation": ['<rect><animate attributeName="x"/></rect>', "<set/>"],
    "effect": ["<filter/>", '<g filter="url(#f)"/>', '<g style="filter:blur(900px)"/>', "<style>g{filter:url(#f)}</style>"],
    "foreign": ["<foreignObject/>", '<metadata><p xmlns="http://www.w3.org/1999/xhtml"/></metadata>'],
    "outside": [
        '<image href="http://a/b.png"/>', '<image xlink:href="/etc/passwd"/>', '<use href="other.svg#a"/>', '<g fill="url(a.svg#b)"/>',
        '<g style="fill:url( &quot;//a/b&quot;)"/>', "<style>@import 'a.css';</style>", "<style>g{fill:url(http://a)}</style>",
        "<?xml-stylesheet href='a.css'?>",
    ],
    "unknown": [
        "<font/>", "<iframe/>", '<g xml:base="http://a/"/>', '<g behavior="url(#a)"/>', '<g style="-moz-binding:none"/>',
        "<style>@font-face{font-family:a}</style>", '<g style="fill:u\\72l(http://a)"/>', '<g transform="matrix3d(1)"/>',
        '<path d="M0 0" pathLength="1"/>',
    ],
    "number": [
        '<rect width="1e9"/>', '<path d="M0 0L1e38 1"/>', '<g transform="scale(1e30)"/>', '<g style="stroke-width:1e300"/>',
        f'<rect x="{"9" * 50}"/>', f'<g fill="{"a" * 70_000}"/>', f'<rect x="{"1 " * 40_000}"/>',
    ],
    "inside": [
        '<image href="data:image/svg+xml;base64,PHN2Zz4="/>', '<image href="data:image/png,abc"/>', '<image href="data:image/png;base64,%%%"/>',
        f'<image href="data:image/png;base64,{base64.b64encode(gif(width=65_535, height=65_535)).decode()}"/>',
        f'<image href="data:image/png;base64,{base64.b64encode(PNG[:-9]).decode()}"/>',
    ],
    "cycle": [
        '<g id="a"><use href="#a"/></g>',
        '<use href="#b"/><g id="b"><use href="#c"/></g><g id="c"><use href="#b"/></g>',
        '<rect fill="url(#p)"/><pattern id="p"><rect fill="url(#p)"/></pattern>',
        '<rect id="r" mask="url(#m)"/><mask id="m"><use href="#r"/></mask>',
        '<style>.a{marker-start:url(#m)}</style><marker id="m"><path class="a" d="M0 0"/></marker><path class="a" d="M0 0"/>',
    ],
    "complex": [
        "<g>" * 70 + "</g>" * 70,
        "<g/>" * 100_001,
        '<g opacity=".5">' * 20 + "</g>" * 20,
        '<g transform="scale(1000)">' * 3 + "</g>" * 3,
        '<text font-size="1000em">' * 3 + "</text>" * 3,
        '<rect opacity=".5"/>' * 5000,
        "".join(f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "<rect/></g>" for n in range(9)),
        "".join(f'<g id="g{n}"><use href="#g{n - 1}"/></g>' for n in range(200)),
        '<marker id="m">' + "<rect/>" * 500 + f'</marker><path marker-mid="url(#m)" d="M0 0{"L1 1" * 500}"/>',
        '<pattern id="p" width="9" height="9" patternUnits="userSpaceOnUse">' + "<rect/>" * 500 + '</pattern><g fill="url(#p)">' + "<rect/>" * 500 + "</g>",
        '<pattern id="p" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="scale(900)"/><rect fill="url(#p)"/>',
        '<pattern id="p" width="1" height="1"/><path fill="url(#p)" d="m0 0l50000 50000"/>',
        '<path stroke-dasharray=".0001" d="M0 0L9999 0"/>',
        '<g style="stroke-dasharray:.0001 .0001"><path d="M0 0h9999"/></g>',
        "<style>.a{stroke-dasharray:1e-6}</style><line class='a' x2='90'/>",
        f"<style>{'.a{fill:red}' * 2001}</style>",
        "<text>" + "a" * 900_000 + "</text>",
        f'<path d="M0 0{"l1 1" * 1_000_001}"/>',
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "text"),
    [(wanted, text) for wanted, texts in REFUSED.items() for text in texts],
    ids=lambda value: value[:40],
)
def test_a_drawing_that_does_more_than_draw(wanted: str, text: str) -> None:
    assert inside(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>', "entities"),
        (
            '<!DOCTYPE svg [<!ATTLIST svg onload CDATA "x">]><svg xmlns="http://www.w3.org/2000/svg"/>',
            "entities",
        ),
        (
            '<!DOCTYPE svg SYSTEM "a.dtd"><svg xmlns="http://www.w3.org/2000/svg"><text>&nbsp;</text></svg>',
            "entities",
        ),
        ('<svg xmlns="http://www.w3.org/2000/svg"><text>&nbsp;</text></svg>', "xml"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><g>', "xml"),
        ("<svg/>", "root"),
        ("<xhtml/>", "root"),
        ('<g xmlns="http://www.w3.org/2000/svg"/>', "root"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="1e7" height="9"/>', "number"),
        ('<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="1"/>', "number"),
        ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>', "number"),
    ],
)
def test_a_file_that_is_no_plain_drawing(text: str, wanted: str) -> None:
    assert cause(text.encode()) == wanted


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_drawing_in_another_encoding_is_not_read_as_another_drawing(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{SVG_HEAD}<text>é</text></svg>'
    assert cause(text.encode(encoding)) == "encoding"


def test_what_a_file_declares_of_its_encoding_hides_nothing() -> None:
    text = '<?xml version="1.0" encoding="cp037"?>' + svg("<script/>").decode()
    assert cause(text.encode()) == "script"


SLOW = {
    "dashes in a colour": f'<g fill="{"-" * 60_000}!"/>',
    "addresses that do not end": f'<g fill="url(# {"url( " * 12_000}"/>',
    "a name of a function that does not end": f'<g transform="{"a" * 60_000}"/>',
    "arcs of many twos": f'<path stroke-dasharray="9" d="M0 0a{("2" * 39 + " ") * 3_000}"/>',
    "a comment that does not end": f"<style>{'/*' * 60_000}</style>",
    "braces": f"<style>{'{' * 100_000}</style>",
    "quotes": f"""<g font-family="{"'" * 60_001}"/>""",
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_no_text_makes_a_search_go_back_and_forth(text: str) -> None:
    """Each would take minutes if a search tried every way to read it."""
    run = subprocess.run(
        [sys.executable, "-c", "import sys; from masterplan_cli.pictures import examine; examine(sys.stdin.buffer.read())"],
        input=svg(text), timeout=20,
    )  # fmt: skip
    assert run.returncode == 0


def test_where_it_stands_is_said() -> None:
    found = examine(svg("\n\n<g>\n<script/></g>"))
    assert found == Fault("script", {"line": 4, "part": "<script>"})
    found = examine(svg("\n<style>@import 'a';\n</style>\n\n<g/>"))
    assert found == Fault("outside", {"line": 3, "address": "@import"})


# --- anything at all


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise(tail: bytes) -> None:
    for start in (
        b"",
        b"<svg ",
        SVG_HEAD.encode(),
        *(data[:size] for data in RASTERS.values() for size in (12, 40)),
    ):
        assert examine(start + tail) is None or examine(start + tail)


def mutants(data: bytes, count: int, seed: int) -> list[bytes]:
    """A picture changed in every way that a broken disk and a patient hand can."""
    chance, made = random.Random(seed), []
    for _ in range(count):
        one = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(one))
            match chance.randrange(4):
                case 0:
                    one[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
                case 1:
                    del one[at : at + chance.randrange(1, 8)]
                case 2:
                    one[at:at] = one[at : at + chance.randrange(1, 16)]
                case _:
                    one[at : at + 4] = chance.randbytes(4)
            one = one or bytearray(data)
        made.append(_with_checksums(bytes(one)) if chance.random() < 0.5 else bytes(one))
    return made


def _with_checksums(data: bytes) -> bytes:
    """A PNG whose checksums fit again, so that what lies behind them is reached."""
    at, out = 8, [data[:8]]
    while data.startswith(SIGNATURE) and at + 12 <= len(data):
        size = min(int.from_bytes(data[at : at + 4], "big"), len(data) - at - 12)
        out.append(chunk(data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += size + 12
    return b"".join(out) if len(out) > 1 else data


CORPUS = [*RASTERS.values(), *ORDINARY.values(), *(text.encode() for text in DRAWINGS.values())]


@pytest.mark.parametrize("seed", range(len(CORPUS)))
def test_a_mutated_picture_is_examined_without_an_exception(seed: int) -> None:
    for mutant in mutants(CORPUS[seed], 300, seed):
        found = examine(mutant)
        assert found is None or found.cause


def test_the_work_of_examining_grows_no_faster_than_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in lines of the program that run, for a file and one of four times as much."""

    def work(data: bytes) -> int:
        lines = 0

        def count(_frame: Any, event: str, _arg: Any) -> Any:
            nonlocal lines
            lines += event == "line"
            return count

        before = sys.gettrace()
        sys.settrace(count)
        try:
            examine(data)
        finally:
            sys.settrace(before)
        return lines

    makers: list[Callable[[int], bytes]] = [
        lambda n: png(*[chunk(b"tEXt", b"a\0b")] * n),
        lambda n: jpeg(before=segment(0xE0, b"a") * n + TABLES),
        lambda n: gif(*[(1, 1)] * n),
        lambda n: riff(canvas(1, 1), *[moving(1, 1)] * n),
        lambda n: svg('<rect x="1" style="fill:red;opacity:.5" class="a b"/>' * n),
        lambda n: svg("<style>" + ".a{fill:red}" * n + "</style>" + '<rect class="a"/>' * n),
        lambda n: svg(f'<path stroke-dasharray="5" d="M0 0{"l1 1" * n}"/>'),
    ]
    for make in makers:
        assert work(make(400)) < 5 * work(make(100))


#: What refers to much again and again, for so many elements; the second has style sheets that dress them all.
REFERRING: dict[str, Callable[[int], str]] = {
    "names that stand twice": lambda n: '<stop id="a"/>' * n + '<g fill="url(#a)"/>' * n,
    "classes": lambda n: (
        "<style>" + "".join(f".a{i}{{--v:{' '.join(f'url(#b{i}x{j})' for j in range(30))}}}" for i in range(30)) + "</style>"
        + ('<g class="' + " ".join(f"a{i}" for i in range(30)) + '"/>') * n
    ),
    "selectors": lambda n: (
        "<style>" + ",".join(f".a{i}" for i in range(n)) + "{fill:" + " ".join(f"url(#b{i})" for i in range(n)) + "}</style>"
    ),
    "rules": lambda n: "<style>" + "".join(f".a{i}{{fill:url(#b)}}" for i in range(n)) + "</style>" + "<g/>" * n,
    "uses": lambda n: '<rect id="a" width="1" height="1"/>' + '<use href="#a"/>' * n,
}  # fmt: skip


@pytest.mark.deep
@pytest.mark.parametrize("kind", every(6, REFERRING))
def test_what_refers_to_others_takes_time_and_memory_in_step_with_its_size(
    kind: str,
) -> None:
    make = REFERRING[kind]

    def timed(n: int) -> Callable[[], object]:
        data = svg(make(n))
        return lambda: examine(data)

    assert not too_fast(timed, 2_000, 0.05)
    data = svg(make(8_000))
    tracemalloc.start()
    try:
        examine(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * len(data) + (30 << 20)


DECODE = """
import sys, typst
from pathlib import Path
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except ImportError:
    pass
folder = Path(sys.argv[1])
drawn = 0
for file in sorted(folder.glob("picture-*")):
    print(file.name, flush=True)
    page = folder / f"{file.stem}.typ"
    page.write_text(f'#set page(width: auto, height: auto, margin: 0pt)\\n#image("{file.name}", width: 90pt)')
    for form in ("png", "pdf"):
        try:
            typst.compile(page, root=folder, format=form)
            drawn += 1
        except typst.TypstError:
            pass
print("drawn", drawn)
"""


@pytest.mark.deep
def test_what_passes_is_drawn_or_refused_but_never_ends_or_stops_typst(tmp_path: Path) -> None:
    endings = {media: media.partition("/")[2].partition("+")[0] for media in (*RASTERS, pictures.SVG)}
    passed = 0
    for seed, data in enumerate(CORPUS):
        for mutant in [data, *mutants(data, examples(10, 40), 1000 + seed)]:
            media = media_of(mutant)
            if media and examine(mutant) is None:
                passed += 1
                (tmp_path / f"picture-{passed:04}.{endings[media]}").write_bytes(mutant)
    assert passed > 50
    run = subprocess.run(
        [sys.executable, "-c", DECODE, tmp_path], capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, (run.stdout[-200:], run.stderr[-2000:])
    assert int(run.stdout.split()[-1]) > len(CORPUS)


# --- in a plan


def show(plan: Path, name: str, data: bytes) -> None:
    write(plan, f"assets/{name}", data)
    edit(plan, "chapters/pendahuluan.md", "Teks pendahuluan.", f"![Peta](../assets/{name})")


@pytest.mark.parametrize(("media", "data"), RASTERS.items(), ids=RASTERS)
def test_a_picture_whose_name_lies_is_shown_as_what_it_is(plan: Path, media: str, data: bytes) -> None:
    show(plan, "peta.jpg", data)
    checked = check(plan)
    assert codes(checked) == []
    assert checked.plan
    assert checked.plan.picture("assets/peta.jpg") == (media, data)


def test_a_wrong_picture_is_found_and_never_handed_on(plan: Path) -> None:
    show(plan, "peta.gif", TOO_LARGE["gif of 35 bytes"])
    checked = check(plan)
    assert codes(checked) == ["MP209"]
    assert "65535 × 65535" in checked.diagnostics[0].message
    assert checked.plan
    assert checked.plan.picture("assets/peta.gif") is None


def test_a_wrong_emblem_is_found_and_not_printed(plan: Path) -> None:
    write(plan, "assets/lambang.svg", svg("<script/>"))
    edit(plan, "masterplan.yaml", "coordinator: dinas-a", "coordinator: dinas-a\nlogo: assets/lambang.svg")
    checked = check(plan)
    assert codes(checked) == ["MP209"]
    assert checked.plan
    assert checked.plan.logo is None


def test_a_wrong_picture_of_a_template_is_a_finding_of_the_build(plan: Path) -> None:
    write(plan, "assets/peta.gif", TOO_LARGE["gif of 35 bytes"])
    write(
        plan,
        "templates/cover.md.j2",
        '{% extends "shipped/cover.md.j2" %}\n{% block cover %}\n{{ picture("assets/peta.gif", "Peta") }}\n{% endblock %}\n',
    )
    result = masterplan("build", plan, "--to", "html")
    assert result.code == 1
    assert "assets/peta.gif" in result.err + result.out


def test_a_picture_is_examined_once_in_a_run(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr("masterplan_cli.pictures.examine", lambda data: seen.append(data))
    show(plan, "peta.png", PNG)
    text = (plan / "chapters/pendahuluan.md").read_text(encoding="utf-8")
    write(plan, "chapters/pendahuluan.md", text + "\n![Sama](../assets/peta.png)\n")
    checked = check(plan)
    assert checked.plan
    checked.plan.picture("assets/peta.png")
    assert seen == [PNG]


def test_the_emblem_of_a_silenced_rule_is_still_not_handed_on(plan: Path) -> None:
    write(plan, "assets/lambang.svg", svg("<script/>"))
    edit(
        plan, "masterplan.yaml", "coordinator: dinas-a",
        "coordinator: dinas-a\nlogo: assets/lambang.svg\nrules:\n  MP209: {severity: off, reason: uji}",
    )  # fmt: skip
    checked = check(plan)
    assert "MP209" not in codes(checked)
    assert checked.plan
    assert checked.plan.logo is None


# --- what only a decoder finds


def page_with(plan: Path, pictures: dict[str, bytes]) -> None:
    lines = []
    for name, data in pictures.items():
        write(plan, f"assets/{name}", data)
        lines.append(f"![Gambar {name}](../assets/{name})\n")
    write(plan, "chapters/pendahuluan.md", "---\ntitle: Pendahuluan\n---\n\n" + "\n".join(lines))


def causes(plan: Path) -> list[str]:
    result = masterplan("check", plan, "--output-format", "json")
    return [found["message"] for found in json.loads(result.out) if found["code"] == "MP209"]


#: A drawing that passes for light and is not: its layers are drawn one over the other.
def layers(count: int) -> bytes:
    return svg("".join(f'<rect width="9" height="9" x="{n % 7}"/>' for n in range(count)))


def test_a_picture_that_comes_to_no_end_is_found_by_check(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_with(plan, {"a.svg": layers(3)})
    assert causes(plan) == []
    monkeypatch.setattr(trial, "ONE", Bounds(0.01, 1 << 30, 1 << 30))
    assert causes(plan) == ["gambar `assets/a.svg` tidak selesai dalam waktu yang wajar"]
    monkeypatch.setattr(trial, "ONE", Bounds(60, 1 << 20, 1 << 30))
    assert causes(plan) == ["gambar `assets/a.svg` memakai terlalu banyak memori"]


def test_after_some_that_come_to_no_end_no_more_are_tried(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page_with(plan, {f"{n}.svg": layers(n + 1) for n in range(6)})
    monkeypatch.setattr(trial, "ONE", Bounds(0.01, 1 << 30, 1 << 30))
    said = causes(plan)
    assert [("tidak selesai" in s and "belum" not in s, "belum dicoba" in s) for s in said] == (
        [(True, False)] * 3 + [(False, True)] * 3
    )


def test_a_picture_is_tried_once_and_what_came_of_it_is_kept(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = jpeg(before=b"")
    page_with(plan, {"a.svg": layers(3), "b.jpg": broken, "c.jpg": broken})
    tried = []

    def typeset_once(files: dict[str, bytes], *args: Any, **options: Any) -> Any:
        tried.append(options["format"])
        return typeset(files, *args, **options)

    monkeypatch.setattr(trial, "typeset", typeset_once)
    kept = Store(str(tmp_path / "cache"))
    first = check(plan, store=kept)
    kept.flush()
    assert tried == ["pdf", "png", "pdf"]
    write(plan, "chapters/pendahuluan.md", (plan / "chapters/pendahuluan.md").read_bytes() + b"\nKata.\n")
    again = check(plan, store=kept)
    assert tried == ["pdf", "png", "pdf"]
    assert [d.message for d in again.diagnostics] == [d.message for d in first.diagnostics]
    assert sum(d.code == "MP209" for d in again.diagnostics) == 2


@pytest.mark.parametrize(
    "came", [Stopped("crash"), Stopped("start"), OSError(28, "full"), "untried"], ids=str
)
def test_what_the_picture_did_not_decide_is_tried_again(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, came: Any
) -> None:
    page_with(plan, {"a.svg": layers(3)})

    def typeset_not(*_args: Any, **_options: Any) -> Any:
        if isinstance(came, OSError):
            raise came
        return came

    with monkeypatch.context() as patch:
        if came == "untried":
            patch.setattr(trial, "_MOST_STOPPED", 0)
        patch.setattr(trial, "typeset", typeset_not)
        store = Store(str(tmp_path / "cache"))
        first = check(plan, store=store)
    store.flush()
    assert [d.code for d in first.diagnostics] == (["MP209"] if came in (Stopped("crash"), "untried") else [])
    assert first.project.digests["assets/a.svg"] is None, "a later run must not be answered by this one"
    assert check(plan, store=Store(str(tmp_path / "cache"))).diagnostics == []


def test_a_worker_and_a_look_back_need_not_draw_again(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page_with(plan, {"a.svg": layers(3)})
    commit(plan)
    checked = check(plan)
    assert checked.plan
    assert len(checked.plan.assets.trials.known) == 1
    monkeypatch.setattr(trial, "_draw", None)
    assert check(plan, trials=Trials(known=checked.plan.assets.trials.known)).diagnostics == []
    write(plan, "chapters/lain.md", "tanpa kepala\n")
    with monkeypatch.context() as patch:
        patch.setattr(trial, "_draw", lambda *_: ("", ""))
        checked = check(plan)
    selection = since(checked, "HEAD")
    assert not isinstance(selection, str)
    assert selection.notice == ""


def test_letters_that_no_font_has_are_no_fault_of_a_drawing(plan: Path) -> None:
    page_with(plan, {"a.svg": svg('<text x="1" y="9">漢字 \U0001f600</text>')})
    assert causes(plan) == []


def test_without_room_to_try_a_picture_is_taken_as_it_is(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(28, "No space left on device")

    page_with(plan, {"a.svg": layers(3)})
    monkeypatch.setattr(trial, "typeset", full)
    assert causes(plan) == []
