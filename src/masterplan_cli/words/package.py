"""The parts of a Word file: a zip archive of XML from anybody, of which nothing outside is ever fetched."""

from __future__ import annotations

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

#: What a file and a part of it may hold; what says less than it holds is cut off when it is read.
_MOST_BYTES, _MOST_PARTS, _MOST_XML = 500 << 20, 20_000, 64 << 20
_MOST_ELEMENTS, _MOST_DEPTH = 1_000_000, 256
_MAIN = "word/document.xml"
_PIECE = 1 << 16
#: What Python says of an archive that is damaged, or packed in a way that it does not know.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
_MACROS = "vbaProject.bin"


class PackageError(Exception):
    """Why a file is not read, as the variant of the finding on it."""

    def __init__(self, variant: str) -> None:
        super().__init__(variant)
        self.variant = variant


class Relation(NamedTuple):
    """What a part refers to: its kind, where it is, and whether that is outside of the file."""

    kind: str
    target: str
    outside: bool


class Package:
    """A Word file by its parts."""

    def __init__(self, file: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(file)
            infos = self._archive.infolist()
        except _UNREADABLE:
            raise PackageError("broken") from None
        if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > _MOST_BYTES:
            raise PackageError("large")
        self._names = {info.filename for info in infos}
        starts = (one.target for one in self.relations("").values() if one.kind == "officeDocument")
        self.main = next((name for name in starts if name in self._names), _MAIN)
        if self.main not in self._names or not self.main.startswith("word"):
            raise PackageError("")

    @property
    def has_macros(self) -> bool:
        return any(name.endswith(_MACROS) for name in self._names)

    def part(self, name: str, limit: int) -> bytes | None:
        """The bytes of a part; None where there is none, or it has more than `limit`."""
        if name not in self._names:
            return None
        try:
            with self._archive.open(name) as stream:
                data = stream.read(limit + 1)
        except (*_UNREADABLE, RuntimeError):  # a part that is locked by itself is one of the latter
            raise PackageError("broken") from None
        return data if len(data) <= limit else None

    def xml(self, name: str) -> Element | None:
        """A part as XML, its names without their namespaces; None where there is none."""
        if name not in self._names:
            return None
        data = self.part(name, _MOST_XML)
        if data is None:
            raise PackageError("large")
        try:
            return _parsed(data)
        except (expat.ExpatError, ValueError, AssertionError):
            raise PackageError("broken") from None

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to, by the ids that it uses."""
        folder, _, name = part.rpartition("/")
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {one.get("Id", ""): _relation(folder, one) for one in (root if root is not None else ())}

    def related(self, kind: str) -> Element | None:
        """The part of a kind that the text refers to, as XML."""
        found = (
            one.target for one in self.relations(self.main).values() if one.kind == kind and not one.outside
        )
        return self.xml(next(found, ""))


def _relation(folder: str, element: Element) -> Relation:
    kind = element.get("Type", "").rpartition("/")[2]
    target = element.get("Target", "")
    if element.get("TargetMode") == "External":
        return Relation(kind, target, outside=True)
    return Relation(kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"), outside=False)


def _parsed(data: bytes) -> Element:
    """A part as XML; one that declares entities, or nests and repeats without end, is refused."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _MOST_DEPTH or count > _MOST_ELEMENTS:
            raise PackageError("large")
        builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    def doctype(*_declared: object) -> None:
        raise PackageError("broken")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    for at in range(0, len(data), _PIECE):
        parser.Parse(data[at : at + _PIECE], False)
    parser.Parse(b"", True)
    return builder.close()


@lru_cache(maxsize=4096)
def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def child(element: Element | None, *names: str) -> Element | None:
    """The element that names lead to, one inside the other."""
    for name in names:
        element = element.find(name) if element is not None else None
    return element


def value(element: Element | None, *names: str) -> str | None:
    """What the element that names lead to says; an empty text where it is there and says nothing."""
    found = child(element, *names)
    return None if found is None else found.get("val", "")


def number(text: str | None, otherwise: int = 0) -> int:
    """A small whole number, as XML says it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def is_on(element: Element | None, name: str) -> bool | None:
    """Whether a look is switched on or off; None where nothing is said of it."""
    said = value(element, name)
    return None if said is None else said not in ("0", "false", "off", "none")


def text_in(element: Element) -> str:
    """All words in an element, in one line."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    for one in element.iter():
        if one.tag in ("t", "delText"):
            yield one.text or ""
        elif one.tag in ("p", "tab", "br"):
            yield " "
