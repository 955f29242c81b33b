"""WordprocessingML by hand: elements, text, fields, bookmarks; nothing here knows a plan or a book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from functools import cache, lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from docx.oxml.ns import nsmap
from docx.oxml.parser import oxml_parser

Element: TypeAlias = Any
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
#: Each prefix that an element declares costs time wherever it is put.
_PLAIN = {"w": nsmap["w"]}
_RELATED = {**_PLAIN, "r": nsmap["r"]}
#: Twentieths of a point, and English Metric Units, in a millimetre.
TWIPS, EMU = 56.6929, 36000
#: What XML 1.0 cannot hold.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PIECES = re.compile("\r\n|[\t\n\r\u00ad]|[^\t\n\r\u00ad]+")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_HOST = re.compile(r"[\w.-]+(:\d{1,5})?", re.ASCII)
#: Word opens no longer address.
_LONGEST_ADDRESS = 2000


def emu(twips: int) -> int:
    return round(twips * EMU / TWIPS)


@cache
def name(tag: str) -> str:
    prefix, _, local = tag.partition(":")
    return f"{{{nsmap[prefix]}}}{local}"


def el(tag: str, *children: Element | None, **attributes: object) -> Element:
    """An element; an attribute `w_val` is `w:val`, one without prefix has no namespace; None is left out."""
    made = copy(_empty(tag, **attributes))
    if children:
        made.extend([child for child in children if child is not None])
    return made


@lru_cache(4096, typed=True)  # most are like many others: a copy takes a third of the time
def _empty(tag: str, **attributes: object) -> Element:
    attrs = {_attribute(key): str(value) for key, value in attributes.items() if value is not None}
    return oxml_parser.makeelement(
        name(tag), attrib=attrs, nsmap=_RELATED if "r_id" in attributes else _PLAIN
    )


@cache
def _attribute(key: str) -> str:
    prefix, mark, local = key.partition("_")
    return name(f"{prefix}:{local}") if mark else key


def legal(text: str) -> str:
    """The text with a replacement character for what XML cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


def run(text: str, *properties: Element) -> Element:
    """A run of text; tabs, line ends and soft hyphens are elements of Word's own."""
    made = el("w:r", el("w:rPr", *properties) if properties else None)
    made.extend(_pieces(text))
    return made


def _pieces(text: str) -> Iterator[Element]:
    for piece in _PIECES.findall(legal(text)):
        if piece == "\t":
            yield el("w:tab")
        elif piece == "\N{SOFT HYPHEN}":
            yield el("w:softHyphen")
        elif piece in ("\n", "\r", "\r\n"):
            yield el("w:br")
        else:
            made = el("w:t")
            made.text = piece
            if piece != piece.strip() or "  " in piece:
                made.set(_SPACE, "preserve")
            yield made


def field(instruction: str, *shown: Element) -> list[Element]:
    """A field with the runs it shows until Word works it out again."""
    code = el("w:instrText")
    code.text = f" {instruction} "
    code.set(_SPACE, "preserve")
    return [
        el("w:r", el("w:fldChar", w_fldCharType="begin")),
        el("w:r", code),
        el("w:r", el("w:fldChar", w_fldCharType="separate")),
        *shown,
        el("w:r", el("w:fldChar", w_fldCharType="end")),
    ]


def paragraph(style: str, *content: Element, **more: Element | None) -> Element:
    """A paragraph; `more` are properties by their names in the schema, put in the schema's order."""
    properties = [el("w:pStyle", w_val=style), *(more[key] for key in _ORDER if more.get(key) is not None)]
    return el("w:p", el("w:pPr", *properties), *content)


#: The schema is a sequence: Word refuses properties in another order.
_ORDER = ("keepNext", "pageBreakBefore", "numPr", "tabs", "spacing", "ind", "jc", "sectPr")


def on(tag: str, *, wanted: bool = True) -> Element | None:
    """A switch, when it is wanted."""
    return el(f"w:{tag}") if wanted else None


def bookmarked(mark: str, number: int, *content: Element) -> list[Element]:
    return [
        el("w:bookmarkStart", w_id=number, w_name=mark),
        *content,
        el("w:bookmarkEnd", w_id=number),
    ]


def web_address(link: str) -> str | None:
    """An address that Word can follow; None for one that would make it call the file damaged."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if not link.isascii() or len(link) > _LONGEST_ADDRESS or re.search(r"[\s<>\"{}|\\^`]", link):
        return None
    if parts.scheme == "mailto":
        return link if "@" in parts.path else None
    return link if parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc) else None
