"""Lines of a book as runs of Word: styles, links, pictures and footnotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part

from masterplan_cli.layout import hyphenated
from masterplan_cli.tree import Break, Footnote, Inline, Picture, Run, words
from masterplan_cli.writers.docx.base import Base
from masterplan_cli.writers.docx.elements import (
    EMU,
    Element,
    bookmarked,
    el,
    emu,
    field,
    on,
    run,
    web_address,
)
from masterplan_cli.writers.docx.pictures import Pictures, drawing
from masterplan_cli.writers.docx.sections import Bookmarks

#: A picture in the middle of a text is no higher than this.
_INLINE_HEIGHT = 40 * EMU
_WHITE = "FFFFFF"


@dataclass(frozen=True)
class Look:
    """How a line differs from running text: in a `cell` long words may break, a `head` is white, `size` is in half points."""

    cell: bool = False
    head: bool = False
    size: int | None = None


_PLAIN = Look()


class Counter:
    """Numbers that must differ in the whole document."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


class TextWriter:
    """Writes lines into one part of the document: its text, or its footnotes."""

    def __init__(
        self,
        base: Base,
        part: Part,
        bookmarks: Bookmarks,
        pictures: Pictures,
        count: Counter,
        note: Callable[[Footnote, str], int] | None,
    ) -> None:
        self._base, self._part, self._bookmarks, self._pictures = base, part, bookmarks, pictures
        self.count, self._note = count, note
        self._relations: dict[object, str] = {}

    def line(self, line: Iterable[Inline], look: Look = _PLAIN) -> list[Element]:
        """A line's elements."""
        out: list[Element] = []
        for link, items in groupby(line, key=lambda i: i.link if isinstance(i, Run) else None):
            address = self._target(link) if link else {}
            made = [e for item in items for e in self._inline(item, bool(address), look)]
            out += [el("w:hyperlink", *made, **address)] if address else made
        return out

    def picture(self, src: str, alt: str, width: int, height: int) -> Element | None:
        """A picture in a box of EMU, as a run."""
        shown = self._pictures.get(src)
        if shown is None:
            return None
        vector = self._relation(RELATIONSHIP_TYPE.IMAGE, shown.vector) if shown.vector else None
        raster = self._relation(RELATIONSHIP_TYPE.IMAGE, shown.raster)
        return el("w:r", drawing(self.count.next(), alt, shown.within(width, height), raster, vector))

    def _inline(self, item: Inline, linked: bool, look: Look) -> list[Element]:
        match item:
            case Run():
                return [self._run(item, linked, look)]
            case Break():
                return [el("w:r", el("w:br"))]
            case Picture():
                width = emu(self._base.page.text_width)
                made = self.picture(item.src, item.alt, width // (3 if look.cell else 1), _INLINE_HEIGHT)
                return [run(item.alt) if made is None else made]
            case Footnote():
                return self._reference(item)

    def _run(self, item: Run, linked: bool, look: Look) -> Element:
        style = None if look.head else "InlineCode" if item.code else "Hyperlink" if linked else None
        chosen = [
            el("w:rStyle", w_val=self._base.ids[style]) if style else None,
            *(e for tag in ("b", "bCs") for e in [on(tag, wanted=item.bold)]),
            *(e for tag in ("i", "iCs") for e in [on(tag, wanted=item.italic)]),
            on("strike", wanted=item.strike),
            # Some programs colour links by themselves, unless the text says otherwise.
            el("w:color", w_val=_WHITE) if look.head and linked else None,
            *(el(f"w:{tag}", w_val=look.size) for tag in ("sz", "szCs") if look.size),
            el("w:u", w_val="none") if look.head and linked else None,
        ]
        text = hyphenated(item.text) if look.cell and not item.code else item.text
        return run(text, *(e for e in chosen if e is not None))

    def _target(self, link: str) -> dict[str, str]:
        """Where a link leads: a bookmark, an address; nothing when Word could not follow it."""
        if link.startswith("#"):
            mark = self._bookmarks.marks.get(link[1:])
            return {"w_anchor": mark, "w_history": "1"} if mark else {}
        address = web_address(link)
        return {"r_id": self._relation(RELATIONSHIP_TYPE.HYPERLINK, address)} if address else {}

    def _relation(self, kind: str, target: Part | str) -> str:
        if target not in self._relations:
            self._relations[target] = self._base.relate(self._part, kind, target)
        return self._relations[target]

    def _reference(self, note: Footnote) -> list[Element]:
        """The mark of a note; the first place that cites it puts the note at the foot of its page."""
        style = el("w:rPr", el("w:rStyle", w_val=self._base.ids["FootnoteReference"]))
        if note in self._bookmarks.notes:
            number, mark = self._bookmarks.notes[note]
            return field(f"NOTEREF {mark} \\f \\h", el("w:r", style, *run(str(number))))
        if self._note is None:  # a note of a note: Word knows none, so it stands in the text
            return [run(f" ({words(note)})")]
        mark = self._bookmarks.new()
        number = self._note(note, mark)
        reference = el("w:r", style, el("w:footnoteReference", w_id=number))
        return bookmarked(mark, self.count.next(), reference) if note.cited > 1 else [reference]
