"""Word: the book as a .docx that officers go on editing, in the office's own style where it gives one."""

from __future__ import annotations

from functools import cached_property

from masterplan_cli.diagnostics import Place
from masterplan_cli.document import Document
from masterplan_cli.files import digest
from masterplan_cli.messages import STOPPED
from masterplan_cli.project import REFERENCE
from masterplan_cli.rules.tool import CANNOT_WRITE, REFERENCE_UNUSABLE, no_room
from masterplan_cli.tree import parts_of
from masterplan_cli.typesetting import Kept, UndrawnError
from masterplan_cli.writers import Job, Request, Written
from masterplan_cli.writers.docx.base import Base
from masterplan_cli.writers.docx.body import Body
from masterplan_cli.writers.docx.elements import Element, el, name, paragraph
from masterplan_cli.writers.docx.house_style import (
    UnusableReferenceError,
    empty_house_style,
    read_house_style,
)
from masterplan_cli.writers.docx.sections import Bookmarks, Section, sections_of
from masterplan_cli.writers.docx.tables import turns


def write(request: Request) -> Job:
    """The document in Word; the styles and pages of the office's own .docx go before ours."""
    return DocxJob(request.document, request.plan.project.reference, request.name, request.kept)


class DocxJob:
    """The parts of a document on their way to Word; pictures that the `store` has are not drawn again."""

    def __init__(
        self, document: Document, reference: bytes | None, name: str, store: Kept | None = None
    ) -> None:
        self.document, self.reference, self.name, self.store = document, reference, name, store
        self.parts = parts_of(document)

    @cached_property
    def key(self) -> str:
        """A digest of all that is written; what blocks and parts say is told by their representation."""
        document = self.document
        front = (
            document.title, document.language.value, document.date, document.example, document.draft, document.pending,
            document.author, document.paper, document.font, document.entries,
        )  # fmt: skip
        pictures = [(name, media, digest(data)) for name, (media, data) in document.pictures.items()]
        reference = digest(self.reference) if self.reference is not None else None
        made_from = repr(("docx", front, self.parts, pictures, reference))
        return digest(made_from.encode("utf-8", "surrogatepass"))

    def make(self) -> Written:
        try:
            house_style = (
                read_house_style(self.reference) if self.reference is not None else empty_house_style()
            )
        except UnusableReferenceError as error:
            return Written({}, (REFERENCE_UNUSABLE.at(Place(REFERENCE), reason=error.reason),))
        base = Base(self.document, house_style)
        sections = sections_of(self.parts, lambda table: turns(table, base.page, self.document.font))
        sections = sections or [Section("body")]
        try:
            _fill(base, Body(base, Bookmarks(sections), self.store), sections)
            return self.done(base.saved())
        except OSError as error:
            return Written({}, (no_room(error),))
        except UndrawnError as error:
            path, how = f"{self.name}.docx", STOPPED[error.stopped.why]
            return Written(
                {}, (CANNOT_WRITE.at(Place(path), "undrawn", path=path, picture=error.name, how=how),)
            )

    def done(self, data: bytes) -> Written:
        return Written({f"{self.name}.docx": data})


def _fill(base: Base, body: Body, sections: list[Section]) -> None:
    """Put the sections into the document, each closed by its properties."""
    content = base.part.element.body
    for old in list(content):
        content.remove(old)
    headers_footers = {
        "cover": base.headers_footers(None),
        "front": base.headers_footers("FrontHeading"),
        "body": base.headers_footers("Heading1"),
    }
    seen: set[str] = set()
    for index, section in enumerate(sections):
        for element in body.section(section):
            content.append(element)
        first = section.kind not in seen
        seen.add(section.kind)
        end = base.section(
            headers_footers[section.kind],
            landscape=section.landscape,
            number=_page_number(section.kind, first=first),
        )
        if index == len(sections) - 1:
            content.append(end)
        else:
            _close(base, content, end)


def _page_number(kind: str, *, first: bool) -> Element | None:
    """Roman numbers before the first chapter, which begins with page 1."""
    form = "lowerRoman" if kind == "front" else None
    return el("w:pgNumType", w_fmt=form, w_start=1 if first else None) if form or first else None


def _close(base: Base, content: Element, end: Element) -> None:
    """A section ends in the last paragraph; after anything else that is one of no height."""
    last = content[-1] if len(content) else None
    if last is None or last.tag != name("w:p"):
        last = paragraph(base.ids["TableEnd"])
        content.append(last)
    last.get_or_add_pPr().append(end)
