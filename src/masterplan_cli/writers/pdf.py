"""PDF: an archive-proof and accessible book (PDF/A, PDF/UA), set by Typst in the fonts that come with the tool."""

from __future__ import annotations

import datetime
import re
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import typst
from markdown_it.token import Token

from masterplan_cli import fonts
from masterplan_cli.blocks import Document
from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.files import digest
from masterplan_cli.messages import Both, reason
from masterplan_cli.rules.tool import CANNOT_WRITE, NO_GLYPH, PDF_REFUSED
from masterplan_cli.source import Span
from masterplan_cli.store import tool
from masterplan_cli.templates import Templates
from masterplan_cli.writers import Written
from masterplan_cli.writers.typst_source import TypstSource, typst_source, visible

_PREAMBLE, _BOOK = "book.typ", "main.typ"
#: Where the compiler saw a mistake: file, line and column.
_PLACE = re.compile(r"┌─ .*?([^/\\\s]+):(\d+):(\d+)$", re.MULTILINE)
_CMYK = Both(
    "warnanya CMYK, sedangkan PDF arsip meminta RGB", "its colours are CMYK, but an archive PDF asks for RGB"
)
#: PDF/A asks for a date; a book without one gets the first that any file system knows.
_NO_DATE = datetime.date(1980, 1, 1)


def write_pdf(
    document: Document, templates: Templates, name: str, attachments: dict[str, bytes] | None = None
) -> Written:
    """The document as `name`.pdf; with attachments, the archive edition that carries them inside."""
    return PdfJob(document, templates, name, attachments).make()


class PdfJob:
    """All that Typst gets of a document: to gather it takes the interpreter, to set it does not.

    A book, a picture or a preamble that Typst refuses becomes a finding; so does each character without a glyph.
    """

    def __init__(
        self,
        document: Document,
        templates: Templates,
        name: str,
        attachments: dict[str, bytes] | None = None,
    ) -> None:
        self.document, self.name, self.archive = document, name, bool(attachments)
        self.source = typst_source(document, attachments or ())
        preamble, self.shown_as = templates.text(f"pdf/{_PREAMBLE}") or ("", f"templates/pdf/{_PREAMBLE}")
        self.files = {**(attachments or {}), **self.source.pictures}
        self.files |= {_PREAMBLE: preamble.encode("utf-8"), _BOOK: self.source.text().encode("utf-8")}

    @cached_property
    def key(self) -> str:
        """A digest of what Typst gets, and of Typst with its fonts."""
        files = [(path, digest(data)) for path, data in self.files.items()]
        return digest(repr(("pdf", tool(), files, self.document.date, self.archive)).encode("utf-8"))

    def make(self) -> Written:
        for picture, (_, data) in self.document.pictures.items():
            if _is_cmyk(data):
                return Written({}, (PDF_REFUSED.at(Place(picture), "picture", reason=_CMYK),))
        try:
            with tempfile.TemporaryDirectory(prefix="masterplan-") as folder:
                for path, data in self.files.items():
                    (Path(folder) / path).write_bytes(data)
                return self.done(_compile(Path(folder), self.document, archive=self.archive))
        except typst.TypstError as error:
            return Written({}, (_refusal(error, self.source, self.shown_as),))
        except OSError as error:
            place = tempfile.gettempdir()
            return Written({}, (CANNOT_WRITE.at(Place(place), path=place, reason=reason(error)),))

    def done(self, data: bytes) -> Written:
        return Written({f"{self.name}.pdf": data}, tuple(unprintable(self.document)))


def unprintable(document: Document) -> list[Finding]:
    """A warning for each character that the book's fonts lack, in each file of the plan that has it."""
    found = dict.fromkeys(c for text in _texts(document) for c in fonts.missing(document.font).findall(text))
    return [
        NO_GLYPH.at(place, character=character, code=visible(character, document.font))
        for character in found
        if visible(character, document.font) and not character.isspace()
        for place in _places(character, document)
    ]


def _texts(document: Document) -> Iterator[str]:
    """All that the book prints, the words of its drawings included."""
    yield document.title
    for token in document.tokens():
        caption: Token | None = token.meta.get("caption")
        for part in (token, *(token.children or ()), *((caption and caption.children) or ())):
            yield str(part.attrs.get("alt", ""))
            # The content of an inline token is its source; what is printed are its children.
            yield "" if part.type == "inline" else part.content
    yield from _drawn(document).values()


def _drawn(document: Document) -> dict[str, str]:
    """The code of each drawing, by the picture's name."""
    pictures = document.pictures.items()
    return {
        name: data.decode("utf-8", "ignore") for name, (media, data) in pictures if media == "image/svg+xml"
    }


def _places(character: str, document: Document) -> list[Place]:
    """Where the plan's files have a character first; the plan itself when it comes from elsewhere."""
    texts = {path: located.source.text for path, located in document.files.items()}
    texts |= {name: text for name, text in _drawn(document).items() if not name.startswith("chart:")}
    places = []
    for path, text in texts.items():
        at = text.find(character)
        if at >= 0:
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            places.append(Place(path, span=Span(line, column, line, column + 1)))
    return places or [Place("masterplan.yaml", span=Span(1, 1, 1, 2))]


def _is_cmyk(data: bytes) -> bool:
    """Whether a JPEG has four colours, as its frame header says."""
    at = 2 if data.startswith(b"\xff\xd8") else len(data)
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return data[at + 9] == 4
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _compile(folder: Path, document: Document, *, archive: bool) -> bytes:
    compiler = typst.Compiler(
        root=folder, font_paths=typst.Fonts(False, False, [fonts.FOLDER]), ignore_system_fonts=True
    )
    made = datetime.datetime.combine(document.date or _NO_DATE, datetime.time(), datetime.UTC)
    pdf, _warnings = compiler.compile_with_warnings(
        folder / _BOOK,
        format="pdf",
        pdf_standards=["a-3a" if archive else "a-2a", "ua-1"],
        timestamp=made,
    )
    return pdf if isinstance(pdf, bytes) else b""


def _refusal(error: typst.TypstError, source: TypstSource, preamble: str) -> Finding:
    """What Typst says, at the file of the plan that it is about."""
    said = error.diagnostic or error.message
    said = said[max(0, said.find("error: ")) :]
    reason = said.partition("\n")[0].removeprefix("error: ")
    places = [(file, int(line), int(column)) for file, line, column in _PLACE.findall(said)]
    origins = [source.origin(line) for file, line, _ in places if file == _BOOK]
    drawn = [*(source.names.get(file) for file, _, _ in places), *(o.picture for o in origins if o)]
    if picture := next(filter(None, drawn), None):
        return PDF_REFUSED.at(Place(picture), "picture", reason=reason)
    origin = next((o for o in origins if o and o.block), None)
    if origin and not preamble.startswith("templates/"):
        path = origin.path or f"templates/{origin.block}.md.j2"
        return PDF_REFUSED.at(Place(path), block=origin.block, reason=reason)
    # The shipped functions take all that the tool writes: with others, the mistake is theirs.
    line, column = next(((n, c) for file, n, c in places if file == _PREAMBLE), (1, 1))
    place = Place(preamble, span=Span(line, column, line, column + 1))
    return PDF_REFUSED.at(place, "preamble", reason=reason)
