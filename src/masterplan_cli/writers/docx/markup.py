"""WordprocessingML as text, escaped by construction; nothing here knows a plan or a book.

What is not `Xml` becomes it by `text`, `run`, or as the value of an attribute only, so that no text can be markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NewType
from urllib.parse import urlsplit

Xml = NewType("Xml", str)
NOTHING = Xml("")
#: What the roots of parts declare.
NAMESPACES = {
    "xmlns_w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "xmlns_r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "xmlns_wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "xmlns_a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "xmlns_pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: Twentieths of a point, and English Metric Units, in a millimetre.
TWIPS, EMU = 56.6929, 36000
#: What XML 1.0 cannot hold.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ODD = re.compile("[^\x20-%'-;=?-~\xa0-\xac\xae-\ud7ff]")
_PIECES = re.compile("\r\n|[\t\n\r\u00ad]|[^\t\n\r\u00ad]+")
_HOST = re.compile(r"[\w.-]+(:\d{1,5})?", re.ASCII)
#: Word opens no longer address.
_LONGEST_ADDRESS = 2000


def emu(twips: float) -> int:
    return round(twips * EMU / TWIPS)


def legal(words: str) -> str:
    """The text with a replacement character for what XML cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", words)


def text(words: str) -> Xml:
    """The words as they stand between tags."""
    escaped = legal(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Xml(escaped.replace("\r", "&#13;"))


def _value(value: object) -> str:
    words = str(value)
    if words.isalnum():  # as most are
        return words
    escaped = text(words).replace('"', "&quot;")
    return escaped.replace("\t", "&#9;").replace("\n", "&#10;")


@cache
def _attribute(key: str) -> str:
    return key.replace("_", ":", 1)


def element(tag: str, *children: Xml, **attributes: object) -> Xml:
    """An element; an attribute `w_val` is `w:val`, one that is None is left out."""
    attrs = "".join(
        [f' {_attribute(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None]
    )
    inside = "".join(children)
    return Xml(f"<{tag}{attrs}>{inside}</{tag}>" if inside else f"<{tag}{attrs}/>")


#: The same for elements that come again and again.
common = lru_cache(4096)(element)


def joined(*parts: Xml) -> Xml:
    return Xml("".join(parts))


def opened(tag: str, **attributes: object) -> Xml:
    """The beginning of an element."""
    return Xml(f"{element(tag, **attributes)[:-2]}>")


def closed(tag: str) -> Xml:
    return Xml(f"</{tag}>")


def run(words: str, properties: Xml = NOTHING) -> Xml:
    """A run of text; tabs, line ends and soft hyphens are elements of Word's own."""
    if not _ODD.search(words):
        return Xml(f"<w:r>{properties}{_words(words, words)}</w:r>") if words else common("w:r", properties)
    return Xml(f"<w:r>{properties}{''.join(_pieces(words))}</w:r>")


def _words(words: str, escaped: str) -> str:
    kept = words[0].isspace() or words[-1].isspace() or "  " in words
    return f'<w:t xml:space="preserve">{escaped}</w:t>' if kept else f"<w:t>{escaped}</w:t>"


def _pieces(words: str) -> Iterator[str]:
    for piece in _PIECES.findall(legal(words)):
        if piece == "\t":
            yield "<w:tab/>"
        elif piece == "\N{SOFT HYPHEN}":
            yield "<w:softHyphen/>"
        elif piece in ("\n", "\r", "\r\n"):
            yield "<w:br/>"
        else:
            yield _words(piece, text(piece))


def field(instruction: str, *shown: Xml) -> tuple[Xml, Xml, Xml]:
    """A field: how it begins, the runs it shows until Word works it out again, and its end."""
    code = Xml(f'<w:instrText xml:space="preserve"> {text(instruction)} </w:instrText>')
    begin = joined(
        common("w:r", common("w:fldChar", w_fldCharType="begin")),
        element("w:r", code),
        common("w:r", common("w:fldChar", w_fldCharType="separate")),
    )
    return begin, joined(*shown), common("w:r", common("w:fldChar", w_fldCharType="end"))


#: The schema is a sequence: Word refuses properties in another order.
_ORDER = ("keepNext", "pageBreakBefore", "framePr", "numPr", "tabs", "spacing", "ind", "jc")


def paragraph(style: str, *content: Xml, **more: Xml) -> Xml:
    """A paragraph; `more` are properties by their names in the schema, put in the schema's order."""
    return Xml(f"<w:p>{_properties(style, **more)}{''.join(content)}</w:p>")


@lru_cache(4096)
def _properties(style: str, **more: Xml) -> Xml:
    return element("w:pPr", element("w:pStyle", w_val=style), *(more[key] for key in _ORDER if key in more))


def with_section(block: Xml, properties: Xml) -> Xml:
    """A paragraph that ends its section."""
    return Xml(block.replace("</w:pPr>", f"{properties}</w:pPr>", 1))


def is_paragraph(block: Xml) -> bool:
    return block.startswith("<w:p>")


def begins_page(block: Xml) -> bool:
    """Whether a paragraph stands first on a new page."""
    properties, end, _ = block.partition("</w:pPr>")
    return is_paragraph(block) and bool(end) and "<w:pageBreakBefore/>" in properties


def on(tag: str, *, wanted: bool = True) -> Xml:
    """A switch, when it is wanted."""
    return common(f"w:{tag}") if wanted else NOTHING


def bookmarked(mark: str, number: int, *content: Xml) -> Xml:
    return joined(
        element("w:bookmarkStart", w_id=number, w_name=mark),
        *content,
        element("w:bookmarkEnd", w_id=number),
    )


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
