"""What is drawn in a Word text: its pictures, and shapes, charts and objects that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from masterplan_cli.files import MAX_ASSET_BYTES
from masterplan_cli.words.package import Package, Relation, text_in

#: So many pictures are taken, and of so many bytes together.
_MOST, _MOST_BYTES = 500, 128 << 20
#: What stands for a text alternative, and says nothing.
_NAME = re.compile(
    r"[^\n]*\.(?:png|jpe?g|gif|webp|svg|emf|wmf|bmp|tiff?)|(?:Picture|Image|Gambar|Graphic)? ?\d*", re.I
)
_MADE_BY_WORD = re.compile(
    r"(?:Description automatically generated|Deskripsi dibuat secara otomatis)[^\n]*", re.I
)
_KINDS = {"chart": "chart", "diagram": "diagram", "wordprocessingShape": "shape", "ink": "shape"}


class Drawn(NamedTuple):
    """Something drawn: `picture` with its text alternative, or what else it is, with its words."""

    kind: str
    said: str
    #: The id of what holds a picture.
    id: str = ""


def drawn(element: Element) -> Iterator[Drawn]:
    """What an element of a run draws."""
    if element.tag == "object":
        ole = next(element.iter("OLEObject"), None)
        yield Drawn("object", ole.get("ProgID", "") if ole is not None else text_in(element))
        return
    boxes = [text for box in element.iter("txbxContent") if (text := text_in(box))]
    yield from (Drawn("box", text) for text in dict.fromkeys(boxes))
    pictures = [*_pictures(element)]
    yield from pictures
    if not boxes and not pictures:
        data = next(element.iter("graphicData"), None)
        uri = (data.get("uri", "") if data is not None else "").rpartition("/")[2]
        yield Drawn(_KINDS.get(uri, "shape"), _alternative(element))


def _pictures(element: Element) -> Iterator[Drawn]:
    said = _alternative(element)
    for holder in element.iter():
        if holder.tag == "blip":
            id_ = holder.get("embed") or holder.get("link") or ""
            yield Drawn("picture", said, id_)
        elif holder.tag == "imagedata":
            yield Drawn("picture", said, holder.get("id", ""))


def _alternative(element: Element) -> str:
    """The text alternative that somebody gave, not the name of a file nor what stands there by itself."""
    for holder in element.iter():
        if holder.tag in ("docPr", "shape", "cNvPr"):
            for name in ("descr", "alt", "title"):
                text = _MADE_BY_WORD.sub("", holder.get(name, "")).strip()
                if text and not _NAME.fullmatch(text):
                    return " ".join(text.split())
    return ""


class Drawings:
    """The pictures of a file by their numbers, each of which is kept once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._numbers: dict[str, int] = {}
        self._size = 0
        self.pictures: list[bytes] = []

    def number_of(self, thing: Drawn, relations: dict[str, Relation]) -> int:
        """The number of a picture, from 1; 0 for what is none, or cannot be had."""
        relation = relations.get(thing.id)
        if thing.kind != "picture" or relation is None or relation.outside:
            return 0
        if relation.target not in self._numbers:
            self._numbers[relation.target] = self._taken(relation.target)
        return self._numbers[relation.target]

    def _taken(self, name: str) -> int:
        data = self._package.part(name, MAX_ASSET_BYTES) if len(self.pictures) < _MOST else None
        self._size += len(data or b"")
        if not data or self._size > _MOST_BYTES:
            return 0
        self.pictures.append(data)
        return len(self.pictures)
