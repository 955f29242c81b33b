"""Writers: one module a format, whose `write` makes of a `Request` the files of that format."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from masterplan_cli.diagnostics import Diagnostic, Finding
from masterplan_cli.plan import MASTERPLAN, Book, Plan
from masterplan_cli.templates import Templates

if TYPE_CHECKING:
    from masterplan_cli.document import Document
    from masterplan_cli.tree import Trees
    from masterplan_cli.typesetting import Kept
    from masterplan_cli.writers.html import HtmlBlocks


class Written(NamedTuple):
    """The files that a writer made, by their path, and what it found on the way."""

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()


class Job(Protocol):
    """A file to make that takes long, all that goes into it gathered."""

    @property
    def key(self) -> str:
        """Stands for all that goes into the file."""

    def make(self) -> Written:
        """Make the file, or say why it cannot be."""

    def done(self, data: bytes) -> Written:
        """The file that was made from the same before, with what is to be said of it."""


@dataclass(frozen=True)
class Request:
    """What a writer is asked for, and all that it may need; `given` is the book's document, for formats of a book."""

    plan: Plan
    book: Book
    templates: Templates
    date: datetime.date | None
    draft: bool
    diagnostics: list[Diagnostic]
    #: Where what came of drawing a picture is kept.
    kept: Kept
    #: The files of the whole plan in another format, to be put into this one.
    whole: Callable[[str], Mapping[str, bytes]]
    given: Document | None = None
    #: The HTML of a book that is wanted in no other form.
    html: HtmlBlocks | None = None
    #: The trees of a book, for formats that are built of them.
    trees: Trees | None = None

    @property
    def document(self) -> Document:
        assert self.given is not None  # noqa: S101 - rendered for every format of a book
        return self.given

    @property
    def name(self) -> str:
        """The name of the files, less their endings: a book's id; of the plan as data that of the plan, or of the excerpt."""
        return self.book.id if self.given or self.book.agency else MASTERPLAN


#: What the module of every format has as `write`; what takes long comes as a job, to be kept or to be made beside others.
Writer = Callable[[Request], Written | Job]
