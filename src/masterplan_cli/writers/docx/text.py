"""Lines of a book as runs of Word: styles, links, pictures and footnotes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part

from masterplan_cli.layout import hyphenated
from masterplan_cli.tree import Break, Footnote, Inline, Line, Picture, Run, words
from masterplan_cli.writers.docx.base import Base
from masterplan_cli.writers.docx.markup import (
    EMU,
    NOTHING,
    Xml,
    bookmarked,
    common,
    element,
    emu,
    field,
    joined,
    on,
    run,
    web_address,
)
from masterplan_cli.writers.docx.pictures import Pictures, drawing
from masterplan_cli.writers.docx.sections import Bookmarks

#: A picture in the middle of a text is no higher than this, on the cover than that.
_INLINE_HEIGHT, _COVER_HEIGHT = 40 * EMU, 22 * EMU


@dataclass(frozen=True)
class Look:
    """How a line differs from running text: in a `cell` of so many twips long words may break; `size` is in half points.

    Where a table is too wide for its page, amounts are `loose` from their currency rather than cut among their digits.
    """

    cell: int = 0
    size: int | None = None
    loose: bool = False
    cover: bool = False


PLAIN = Look()


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

    def line(self, line: Line, look: Look = PLAIN) -> Xml:
        """A line's runs."""
        if len(line) == 1 and isinstance(line[0], Run) and not line[0].link:  # as most cells are
            return self._run(line[0], False, look)
        out: list[Xml] = []
        for link, items in groupby(line, key=lambda i: i.link if isinstance(i, Run) else None):
            address = self._target(link) if link else {}
            made = [self._inline(item, bool(address), look) for item in items]
            out += [element("w:hyperlink", *made, **address)] if address else made
        return joined(*out)

    def picture(self, src: str, alt: str, width: int, height: int) -> Xml | None:
        """A picture in a box of EMU, as a run."""
        shown = self._pictures.get(src)
        if shown is None:
            return None
        vector = self._relation(RELATIONSHIP_TYPE.IMAGE, shown.vector) if shown.vector else None
        raster = self._relation(RELATIONSHIP_TYPE.IMAGE, shown.raster)
        return element("w:r", drawing(self.count.next(), alt, shown.within(width, height), raster, vector))

    def ground(self) -> str:
        """The relation to a picture of one colour, that of the house."""
        return self._relation(RELATIONSHIP_TYPE.IMAGE, self._pictures.ground())

    def _inline(self, item: Inline, linked: bool, look: Look) -> Xml:
        match item:
            case Run():
                return self._run(item, linked, look)
            case Break():
                return common("w:r", common("w:br"))
            case Picture():
                width = emu(look.cell or self._base.page.text_width)
                height = _COVER_HEIGHT if look.cover else _INLINE_HEIGHT
                made = self.picture(item.src, item.alt, width, height)
                return run(item.alt) if made is None else made
            case Footnote():
                return self._reference(item)

    def _run(self, item: Run, linked: bool, look: Look) -> Xml:
        style = "InlineCode" if item.code else "Hyperlink" if linked and not look.cover else None
        properties = _run_properties(
            self._base.ids[style] if style else None, item.bold, item.italic, item.strike, look.size
        )
        text = item.text.replace("\N{NO-BREAK SPACE}", " ") if look.loose else item.text
        return run(hyphenated(text) if look.cell and not item.code else text, properties)

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

    def _reference(self, note: Footnote) -> Xml:
        """The mark of a note; the first place that cites it puts the note at the foot of its page."""
        style = common("w:rPr", common("w:rStyle", w_val=self._base.ids["FootnoteReference"]))
        if note in self._bookmarks.notes:
            number, mark = self._bookmarks.notes[note]
            return joined(*field(f"NOTEREF {mark} \\f \\h", run(str(number), style)))
        if self._note is None:  # a note of a note: Word knows none, so it stands in the text
            return run(f" ({words(note)})")
        mark = self._bookmarks.new()
        number = self._note(note, mark)
        reference = element("w:r", style, element("w:footnoteReference", w_id=number))
        return bookmarked(mark, self.count.next(), reference) if note.cited > 1 else reference


@lru_cache(1024)
def _run_properties(style: str | None, bold: bool, italic: bool, strike: bool, size: int | None) -> Xml:
    chosen = [
        element("w:rStyle", w_val=style) if style else NOTHING,
        *(on(tag, wanted=bold) for tag in ("b", "bCs")),
        *(on(tag, wanted=italic) for tag in ("i", "iCs")),
        on("strike", wanted=strike),
        *(element(f"w:{tag}", w_val=size) for tag in ("sz", "szCs") if size),
    ]
    return element("w:rPr", *chosen) if any(chosen) else NOTHING
