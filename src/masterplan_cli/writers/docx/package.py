"""The file: the parts of a package in one archive, the body streamed into it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import IO

from docx.opc.package import OpcPackage
from docx.opc.part import Part

from masterplan_cli.writers.docx.markup import DECLARATION, NAMESPACES, Xml, closed, element, joined, opened

#: Kinds of pictures by their endings; every other part is named with its kind.
_PICTURES = {
    "bmp": "image/bmp",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tiff": "image/tiff",
}
_PLAIN = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "odttf": "application/vnd.openxmlformats-officedocument.obfuscatedFont",
    **_PICTURES,
}
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_DATE = (1980, 1, 1, 0, 0, 0)
#: What no method makes smaller.
_PACKED = (".png", ".jpg", ".jpeg", ".gif")
#: So much text is gathered before it goes into the archive.
_PIECE = 1 << 18


def packed(package: OpcPackage, main: Part, content: Iterable[Xml]) -> bytes:
    """The package's bytes: nothing in them tells when or where they were made.

    All parts but pictures are there when the body's `content` begins; it may add pictures, notes and relations.
    """
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_info("[Content_Types].xml"), _types(package))
        with archive.open(_info(main.partname.membername), "w", force_zip64=True) as stream:
            _stream(stream, content)
        archive.writestr(_info("_rels/.rels"), package.rels.xml)
        for part in sorted(package.iter_parts(), key=lambda part: str(part.partname)):
            if part is not main:
                archive.writestr(_info(part.partname.membername), part.blob)
            if len(part.rels):
                archive.writestr(_info(part.partname.rels_uri.membername), part.rels.xml)
    return out.getvalue()


def _stream(stream: IO[bytes], content: Iterable[Xml]) -> None:
    stream.write(DECLARATION)
    begin = joined(opened("w:document", **NAMESPACES), opened("w:body"))
    gathered: list[str] = [begin]
    size = 0
    for piece in content:
        gathered.append(piece)
        size += len(piece)
        if size > _PIECE:
            stream.write("".join(gathered).encode())
            gathered, size = [], 0
    gathered += [closed("w:body"), closed("w:document")]
    stream.write("".join(gathered).encode())


def _types(package: OpcPackage) -> bytes:
    defaults = [element("Default", Extension=end, ContentType=kind) for end, kind in sorted(_PLAIN.items())]
    return DECLARATION + element("Types", *defaults, *_overrides(package), xmlns=_TYPES).encode()


def _overrides(package: OpcPackage) -> Iterator[Xml]:
    for part in sorted(package.iter_parts(), key=lambda part: str(part.partname)):
        if _PLAIN.get(part.partname.ext) != part.content_type:
            yield element("Override", PartName=part.partname, ContentType=part.content_type)


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _DATE)
    info.compress_type = zipfile.ZIP_STORED if path.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    info.external_attr, info.create_system = 0o644 << 16, 0
    return info


class TextPart(Part):
    """A part whose text is gathered while the body is written."""

    def __init__(self, partname: object, content_type: str, package: OpcPackage, root: str) -> None:
        super().__init__(partname, content_type, None, package)  # type: ignore[arg-type]
        self.root = root
        self.pieces: list[Xml] = []

    @property
    def blob(self) -> bytes:
        return DECLARATION + element(self.root, *self.pieces, **NAMESPACES).encode()
