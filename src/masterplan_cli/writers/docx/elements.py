"""Elements of the parts that are read from the office's file or changed after they are made; the text is `markup`."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

from docx.oxml.ns import nsmap
from docx.oxml.parser import oxml_parser, parse_xml

from masterplan_cli.writers.docx.markup import Xml

Element: TypeAlias = Any


@cache
def name(tag: str) -> str:
    prefix, _, local = tag.partition(":")
    return f"{{{nsmap[prefix]}}}{local}"


def el(tag: str, *children: Element, **attributes: object) -> Element:
    """An element; an attribute `w_val` is `w:val`."""
    attrs = {name(key.replace("_", ":", 1)): str(value) for key, value in attributes.items()}
    made = oxml_parser.makeelement(name(tag), attrib=attrs, nsmap={"w": nsmap["w"]})
    made.extend(children)
    return made


def parsed(markup: Xml) -> Element:
    """The same as elements."""
    return parse_xml(markup)
