"""The formats of outputs, one line each; what writes one is loaded when it is asked for."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Format(NamedTuple):
    """The module of `writers` that makes a format, and the other words by which a plan may call it.

    A format is `of` a book, or holds the plan as data: the whole of it, or in the excerpt of an agency that agency's part.
    One that is made `beside` the others lets go of the interpreter while it works.
    """

    writer: str
    words: str = ""
    of: Literal["book", "plan", "part"] = "book"
    beside: bool = False


FORMATS: dict[str, Format] = {
    "html": Format("html"),
    "pdf": Format("pdf", beside=True),
    "docx": Format("docx", words="word"),
    "xlsx": Format("xlsx", words="excel", of="part"),
    "md": Format("markdown", words="markdown"),
    "json": Format("json", of="plan"),
}
