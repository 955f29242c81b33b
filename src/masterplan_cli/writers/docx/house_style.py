"""The office's own reference.docx: what of it makes our pages; everything else of it stays behind."""

from __future__ import annotations

import copy
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.package import Package

from masterplan_cli.messages import Both
from masterplan_cli.writers.docx.elements import Element, el, name

#: Of all that the package holds, and of its XML, whose elements take much more room in memory than in the file.
_MAX_SIZE, _MAX_XML, _MAX_ELEMENTS = 64 << 20, 24 << 20, 500_000
_R = name("r:id").removesuffix("id")
#: Fields of headers and footers that look at nothing outside of the document.
_FIELDS = frozenset(
    (
        "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "STYLEREF", "TITLE", "SUBJECT", "AUTHOR", "REF", "DATE", "TIME",
    )
)  # fmt: skip
_FAILURES = (
    zipfile.BadZipFile, SyntaxError, KeyError, ValueError, AttributeError, TypeError, IndexError, RuntimeError,
    EOFError,
)  # fmt: skip


class UnusableReferenceError(Exception):
    """Why a file cannot be the base of a document."""

    def __init__(self, reason: Both) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass
class HeaderFooter:
    """A header or a footer: its kind (`default` or `even`), its content and the pictures it shows."""

    tag: str
    kind: str
    element: Element
    pictures: dict[str, Part] = field(default_factory=dict)


@dataclass
class HouseStyle:
    """A house style: styles, lists, theme, page and its headers and footers."""

    styles: Element
    numbering: Element
    section: Element | None = None
    theme: Part | None = None
    headers_footers: list[HeaderFooter] = field(default_factory=list)


def empty_house_style() -> HouseStyle:
    """The house style of an office that gave none."""
    return HouseStyle(el("w:styles"), el("w:numbering"))


def read_house_style(data: bytes) -> HouseStyle:
    """Take from a .docx what makes its look; macros, links, fields that fetch and its text are left behind."""
    try:
        _refuse_odd_packages(data)
        return _taken(Package.open(BytesIO(data)))
    except _FAILURES as error:
        raise UnusableReferenceError(
            Both("berkasnya rusak atau bukan dokumen Word", "the file is damaged or not a Word document")
        ) from error


def _refuse_odd_packages(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = [info.filename.lower() for info in archive.infolist()]
        size = sum(info.file_size for info in archive.infolist())
        elements = _elements(archive) if size <= _MAX_SIZE else 0
    if any("vbaproject" in n for n in names):
        raise UnusableReferenceError(Both("berkasnya memuat makro", "it holds macros"))
    if size > _MAX_SIZE:
        raise UnusableReferenceError(Both("isinya lebih dari 64 MB", "it holds more than 64 MB"))
    if elements > _MAX_ELEMENTS:
        raise UnusableReferenceError(
            Both(
                "isinya terlalu banyak; hapus teksnya dan simpan hanya gaya dan halamannya",
                "it holds too much; delete its text and keep the styles and pages only",
            )
        )


def _elements(archive: zipfile.ZipFile) -> int:
    """How many elements all XML has, at most; it is unpacked a part at a time."""
    parts = [info for info in archive.infolist() if info.filename.lower().endswith((".xml", ".rels"))]
    if sum(part.file_size for part in parts) > _MAX_XML:
        return _MAX_ELEMENTS + 1
    return sum(archive.read(part).count(b"<") for part in parts)


def _taken(package: Package) -> HouseStyle:
    main = package.main_document_part
    if main.content_type != CONTENT_TYPE.WML_DOCUMENT_MAIN:
        kind = Both(
            "jenisnya bukan dokumen Word biasa (.docx), melainkan templat, dokumen bermakro, atau berkas lain",
            "it is not a plain Word document (.docx) but a template, a document with macros, or another file",
        )
        raise UnusableReferenceError(kind)
    found = {rel.reltype: rel.target_part for rel in main.rels.values() if not rel.is_external}
    house_style = empty_house_style()
    if RELATIONSHIP_TYPE.STYLES in found:
        house_style.styles = copy.deepcopy(found[RELATIONSHIP_TYPE.STYLES].element)
    if RELATIONSHIP_TYPE.NUMBERING in found:
        house_style.numbering = _without_pictures(copy.deepcopy(found[RELATIONSHIP_TYPE.NUMBERING].element))
    theme = found.get(RELATIONSHIP_TYPE.THEME)
    house_style.theme = theme if theme is not None and not theme.rels else None
    sections = main.element.body.findall(name("w:sectPr"))
    if sections:
        house_style.section = sections[-1]
        house_style.headers_footers = list(_headers_footers(main, sections[-1]))
    return house_style


def _without_pictures(numbering: Element) -> Element:
    """The lists without bullets that are pictures, whose files do not come along."""
    for tag in ("w:numPicBullet", "w:lvlPicBulletId"):
        for found in list(numbering.iter(name(tag))):
            found.getparent().remove(found)
    return numbering


def _headers_footers(main: Part, section: Element) -> Iterator[HeaderFooter]:
    seen: set[tuple[str, str]] = set()
    for reference in section.iterchildren(name("w:headerReference"), name("w:footerReference")):
        tag, kind = _local(reference).removesuffix("Reference"), reference.get(name("w:type"), "default")
        source = main.related_parts.get(reference.get(f"{_R}id"))
        if source is None or kind not in ("default", "even") or (tag, kind) in seen:
            continue
        seen.add((tag, kind))
        header_footer = HeaderFooter(tag, kind, copy.deepcopy(source.element))
        header_footer.pictures = {
            rid: rel.target_part
            for rid, rel in source.rels.items()
            if not rel.is_external and rel.reltype == RELATIONSHIP_TYPE.IMAGE
        }
        _cut_links(header_footer.element, set(header_footer.pictures))
        _still_fields(header_footer.element)
        yield header_footer


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _cut_links(root: Element, kept: set[str]) -> None:
    """Take out everything that refers to another file than the pictures that are kept."""
    for element in list(root.iter(tag="{*}*")):
        lost = [key for key, value in element.attrib.items() if key.startswith(_R) and value not in kept]
        if not lost:
            continue
        if _local(element) == "hyperlink":
            for key in lost:
                del element.attrib[key]
            continue
        holders = (e for e in element.iterancestors() if _local(e) in ("drawing", "pict", "object"))
        doomed = element if _local(element).startswith("hlink") else next(holders, element)
        if doomed.getparent() is not None:
            doomed.getparent().remove(doomed)


def _still_fields(root: Element) -> None:
    """Where a field could fetch something, all fields become the text that they show."""
    codes = " ".join(e.text or "" for e in root.iter(name("w:instrText")))
    codes += " ".join(e.get(name("w:instr"), "") for e in root.iter(name("w:fldSimple")))
    commands = re.findall(r"(?<![\"\\\w])[A-Z]{3,}", re.sub(r'"[^"]*"|\\\*\s*\w+', " ", codes.upper()))
    if set(commands) <= _FIELDS:
        return
    for element in [*root.iter(name("w:instrText")), *root.iter(name("w:fldChar"))]:
        element.getparent().remove(element)
    for simple in list(root.iter(name("w:fldSimple"))):
        for child in reversed(simple):
            simple.addnext(child)
        simple.getparent().remove(simple)
