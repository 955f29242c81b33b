"""Word: the book as a .docx that officers go on editing, in the office's own style where it gives one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property

from masterplan_cli.diagnostics import Place
from masterplan_cli.document import Document
from masterplan_cli.files import digest
from masterplan_cli.messages import STOPPED
from masterplan_cli.project import REFERENCE
from masterplan_cli.rules.tool import CANNOT_WRITE, REFERENCE_UNUSABLE, no_room
from masterplan_cli.tree import Trees
from masterplan_cli.typesetting import Kept, UndrawnError
from masterplan_cli.writers import Job, Request, Written
from masterplan_cli.writers.docx.base import Base
from masterplan_cli.writers.docx.body import Body
from masterplan_cli.writers.docx.house_style import (
    UnusableReferenceError,
    empty_house_style,
    read_house_style,
)
from masterplan_cli.writers.docx.markup import NOTHING, Xml, element, is_paragraph, paragraph, with_section
from masterplan_cli.writers.docx.sections import Bookmarks, Section, sections_of
from masterplan_cli.writers.docx.tables import turns


def write(request: Request) -> Job:
    """The document in Word; the styles and pages of the office's own .docx go before ours."""
    reference = request.plan.project.reference
    return DocxJob(request.document, reference, request.name, request.kept, request.trees)


class DocxJob:
    """The blocks of a document on their way to Word; pictures that the `store` has are not drawn again."""

    def __init__(
        self,
        document: Document,
        reference: bytes | None,
        name: str,
        store: Kept | None = None,
        trees: Trees | None = None,
    ) -> None:
        self.document, self.reference, self.name, self.store = document, reference, name, store
        self.trees = (trees or Trees()).block_trees(document)

    @cached_property
    def key(self) -> str:
        """A digest of all that is written; what they say is told by their representation."""
        document = self.document
        front = (
            document.title, document.language.value, document.date, document.example, document.draft, document.pending,
            document.author, document.paper, document.font, document.entries,
        )  # fmt: skip
        pictures = [(name, media, digest(data)) for name, (media, data) in document.pictures.items()]
        reference = digest(self.reference) if self.reference is not None else None
        made_from = hashlib.blake2b(digest_size=32)
        for part in (("docx", front, pictures, reference), *self.trees):
            made_from.update(repr(part).encode("utf-8", "surrogatepass"))
        return made_from.hexdigest()

    def make(self) -> Written:
        try:
            house_style = (
                read_house_style(self.reference) if self.reference is not None else empty_house_style()
            )
        except UnusableReferenceError as error:
            return Written({}, (REFERENCE_UNUSABLE.at(Place(REFERENCE), reason=error.reason),))
        base = Base(self.document, house_style)
        sections = sections_of(self.trees, lambda table: turns(table, base.page, self.document.font))
        sections = sections or [Section("body")]
        try:
            body = Body(base, Bookmarks(sections), self.store)
            headings = {"cover": None, "front": "FrontHeading", "body": "Heading1"}
            marks = {kind: base.headers_footers(heading) for kind, heading in headings.items()}
            content = _content(base, body, sections, marks)
            return self.done(base.saved(content))
        except OSError as error:
            return Written({}, (no_room(error),))
        except UndrawnError as error:
            path, how = f"{self.name}.docx", STOPPED[error.stopped.why]
            return Written(
                {}, (CANNOT_WRITE.at(Place(path), "undrawn", path=path, picture=error.name, how=how),)
            )

    def done(self, data: bytes) -> Written:
        return Written({f"{self.name}.docx": data})


def _content(
    base: Base, body: Body, sections: list[Section], headers_footers: dict[str, Xml]
) -> Iterator[Xml]:
    """The sections one after the other, each closed by its properties."""
    seen: set[str] = set()
    for index, section in enumerate(sections):
        last = NOTHING
        for block in body.section(section):
            yield last
            last = block
        first = section.kind not in seen
        seen.add(section.kind)
        number = _page_number(section.kind, first=first)
        end = base.section(headers_footers[section.kind], landscape=section.landscape, number=number)
        if index == len(sections) - 1:
            yield last
            yield end
        elif is_paragraph(last):
            yield with_section(last, end)
        else:  # a section ends in a paragraph; after anything else that is one of no height
            yield last
            yield with_section(paragraph(base.ids["TableEnd"]), end)


def _page_number(kind: str, *, first: bool) -> Xml:
    """Roman numbers before the first chapter, which begins with page 1."""
    form = "lowerRoman" if kind == "front" else None
    return element("w:pgNumType", w_fmt=form, w_start=1 if first else None) if form or first else NOTHING
