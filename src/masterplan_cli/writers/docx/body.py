"""Blocks of a book as paragraphs and tables of Word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE

from masterplan_cli.messages import LABELS
from masterplan_cli.tree import (
    Code,
    Definitions,
    Divider,
    Division,
    Figure,
    Footnote,
    Heading,
    Items,
    Paragraph,
    Quote,
    Run,
    Table,
    TreeNode,
    plain,
)
from masterplan_cli.typesetting import Kept
from masterplan_cli.writers.docx.base import Base
from masterplan_cli.writers.docx.elements import Element, bookmarked, el, emu, field, name, on, paragraph, run
from masterplan_cli.writers.docx.pictures import Pictures
from masterplan_cli.writers.docx.sections import Bookmarks, Caption, Section
from masterplan_cli.writers.docx.styles import LIST_INDENT
from masterplan_cli.writers.docx.tables import Tables
from masterplan_cli.writers.docx.text import Counter, TextWriter

_CONTENTS_DEPTH = 3
_DEEPEST = 8
#: A figure leaves room on its page for its caption and some text.
_FIGURE_HEIGHT = 0.72
#: Where the text of the cover begins.
_COVER_TOP = 0.3
#: The style of a note at the foot of a page: lists there are as small as its text.
_NOTE = "FootnoteText"
_STYLES = {
    "note": "NoteText",
    "banner": "Banner",
    "cover": "Subtitle",
    "facts": "FactText",
    "regulation": "RegulationText",
}
#: The styles of a title that begins no chapter, by its division.
_TITLES = {"cover": "Title", "regulation": "AnnexTitle"}


@dataclass(frozen=True)
class _Place:
    """Where a block stands: the style of plain text, how deep in lists, and the width it may fill."""

    width: int
    style: str = "Normal"
    level: int = 0
    front: bool = False
    division: str = ""

    @property
    def indent(self) -> Element | None:
        return el("w:ind", w_left=LIST_INDENT * self.level) if self.level else None


class Body:
    """Writes the sections of a book, and the footnotes that they hold."""

    def __init__(self, base: Base, bookmarks: Bookmarks, store: Kept | None) -> None:
        self._base, self._bookmarks = base, bookmarks
        pictures, self._count = Pictures(base, store), Counter()
        self._text = TextWriter(base, base.part, bookmarks, pictures, self._count, self._add_note)
        self._notes = self._separators()
        notes = base.add(
            "footnotes.xml", CONTENT_TYPE.WML_FOOTNOTES, RELATIONSHIP_TYPE.FOOTNOTES, self._notes
        )
        self._note_text = TextWriter(base, notes, bookmarks, pictures, self._count, None)
        self._tables = Tables(base)
        self._page_break = False
        self._language = base.document.language

    def section(self, section: Section) -> Iterator[Element]:
        """The elements of a section, without the properties that close it."""
        page = self._base.page.turned() if section.landscape else self._base.page
        for front, block in section.blocks:
            yield from self._block(block, _Place(page.text_width, front=front or section.kind != "body"))

    # --- blocks

    def _blocks(self, blocks: Iterable[TreeNode], place: _Place) -> Iterator[Element]:
        for block in blocks:
            yield from self._block(block, place)

    def _block(self, block: TreeNode, place: _Place) -> Iterator[Element]:
        match block:
            case Heading():
                yield self._heading(block, place)
            case Paragraph():
                yield self._paragraph(place.style, *self._text.line(block.line), ind=place.indent)
            case Code():
                yield self._paragraph("SourceCode", run(block.text), ind=place.indent)
            case Divider():
                yield self._paragraph("RuleLine")
            case _:
                yield from self._group(block, place)

    def _group(
        self, block: Items | Quote | Table | Figure | Definitions | Division, place: _Place
    ) -> Iterator[Element]:
        match block:
            case Items():
                yield from self._items(block, place)
            case Quote():
                yield from self._blocks(block.children, replace(place, style="Quote"))
            case Table():
                yield from self._table(block, place)
            case Figure():
                yield from self._figure(block, place)
            case Definitions():
                yield from self._definitions(block, place)
            case Division():
                yield from self._division(block, place)

    def _paragraph(self, style: str, *content: Element, **more: Element | None) -> Element:
        starts = on("pageBreakBefore", wanted=self._page_break)
        self._page_break = False
        return paragraph(self._base.ids[style], *content, pageBreakBefore=starts, **more)

    def _heading(self, heading: Heading, place: _Place) -> Element:
        if place.style == _NOTE:  # it is in no list, and no page begins there
            line = tuple(replace(i, bold=True) if isinstance(i, Run) else i for i in heading.line)
            return self._paragraph(_NOTE, *self._text.line(line), ind=place.indent)
        level = min(heading.level, 6)
        style = f"Heading{level}"
        if level == 1 and place.front:
            style = _TITLES.get(place.division, "FrontHeading")
        self._page_break |= level == 1 and style not in _TITLES.values() and self._base.breaks_chapters
        mark = self._bookmarks.marks[heading.anchor]
        words = bookmarked(mark, self._count.next(), *self._text.line(heading.line))
        return self._paragraph(style, *words)

    def _items(self, items: Items, place: _Place) -> Iterator[Element]:
        level = min(place.level, _DEEPEST)
        ordered = items.start is not None
        number = self._base.lists.ordered(level, items.start or 0) if ordered else self._base.lists.bullets
        style = _NOTE if place.style == _NOTE else "ListNumber" if ordered else "ListBullet"
        inside = replace(place, level=level + 1)
        for item in items.items:
            first = item[0] if item and isinstance(item[0], Paragraph) else None
            mark = el("w:numPr", el("w:ilvl", w_val=level), el("w:numId", w_val=number))
            yield self._paragraph(style, *(self._text.line(first.line) if first else ()), numPr=mark)
            yield from self._blocks(item[1:] if first else item, inside)

    def _definitions(self, block: Definitions, place: _Place) -> Iterator[Element]:
        if place.division == "facts":
            yield from self._facts(block, place)
            return
        for term, said in block.pairs:
            yield self._paragraph("DefinitionTerm", *self._text.line(term), ind=place.indent)
            yield from self._blocks(said, replace(place, level=place.level + 1))

    def _facts(self, block: Definitions, place: _Place) -> Iterator[Element]:
        inside = replace(place, style="FactText", width=round(place.width * 0.65))
        pairs = [
            (
                [self._paragraph("FactTerm", *self._text.line(term))],
                list(self._blocks(said, inside)) or [self._paragraph("FactText")],
            )
            for term, said in block.pairs
        ]
        if pairs:
            yield self._tables.facts(pairs, place.width)
            yield self._paragraph("TableEnd")

    def _division(self, block: Division, place: _Place) -> Iterator[Element]:
        match block.name:
            case "contents":
                yield from self._contents()
            case "tables":
                yield from self._list_of(self._bookmarks.tables, "table")
            case "figures":
                yield from self._list_of(self._bookmarks.figures, "figure")
            case other:
                self._page_break |= other == "page"
                style = _STYLES.get(other, place.style)
                made = list(self._blocks(block.children, replace(place, style=style, division=other)))
                if other == "cover" and made:
                    self._lower(made[0])
                yield from made

    def _lower(self, first: Element) -> None:
        """Let the cover's text begin below the top of the page; not every program knows vertical alignment."""
        if first.tag == name("w:p"):
            first.get_or_add_pPr().append(
                el("w:spacing", w_before=round(self._base.page.text_height * _COVER_TOP))
            )

    # --- tables and figures

    def _table(self, table: Table, place: _Place) -> Iterator[Element]:
        if place.style == _NOTE:
            # LibreOffice loses the head of a table that follows another paragraph there, or shows a bullet too many.
            yield self._paragraph(_NOTE)
        caption = self._bookmarks.caption(table)
        if caption:
            yield self._caption(caption, "table", keep=True)
        elif table.caption:
            yield self._paragraph("Caption", *self._text.line(table.caption), keepNext=on("keepNext"))
        signatures = place.division == "signatures"
        yield self._tables.table(table, place.width, self._text.line, signatures=signatures)
        yield self._paragraph("TableEnd")

    def _figure(self, figure: Figure, place: _Place) -> Iterator[Element]:
        caption = self._bookmarks.caption(figure)
        height = round(emu(self._base.page.text_height) * _FIGURE_HEIGHT)
        made = self._text.picture(figure.src, figure.alt, emu(place.width), height)
        content = run(figure.alt) if made is None else made
        if caption:
            yield self._paragraph("Figure", content)
            yield self._caption(caption, "figure", keep=False)
        else:
            below = el("w:spacing", w_before=160, w_after=160)
            yield self._paragraph("Figure", content, keepNext=el("w:keepNext", w_val=0), spacing=below)

    def _caption(self, caption: Caption, kind: str, *, keep: bool) -> Element:
        word = LABELS[kind].of(self._language)
        chapter, dot, number = caption.number.rpartition(".")
        # Word begins anew at each Heading 1 by `\\s 1`; LibreOffice does by `\\r 1` only.
        begins = " \\r 1" if number == "1" else ""
        counted = field(f"SEQ {word} \\* ARABIC \\s 1{begins}", run(number))
        label = bookmarked(caption.mark, self._count.next(), run(f"{word} {chapter}{dot}"), *counted)
        text = self._text.line(caption.line)
        return self._paragraph("Caption", *label, run("\u2003"), *text, keepNext=on("keepNext", wanted=keep))

    # --- contents

    def _contents(self) -> Iterator[Element]:
        lines = []
        for entry in self._base.document.entries:
            mark = self._bookmarks.marks.get(entry.anchor)
            if entry.level <= _CONTENTS_DEPTH and mark:
                label = self._base.chapter_label(entry.chapter) if entry.chapter else ""
                lines.append((f"TOC{entry.level}", label + entry.title, mark))
        if not lines:
            return
        listed = self._listed(f'TOC \\o "1-{_CONTENTS_DEPTH}" \\h \\z \\u', lines)
        gallery = el("w:docPartObj", el("w:docPartGallery", w_val="Table of Contents"), el("w:docPartUnique"))
        yield el("w:sdt", el("w:sdtPr", gallery), el("w:sdtContent", *listed))

    def _list_of(self, captions: list[Caption], kind: str) -> Iterator[Element]:
        word = LABELS[kind].of(self._language)
        lines = [
            ("TableofFigures", f"{word} {caption.number}\u2003{plain(caption.line)}", caption.mark)
            for caption in captions
        ]
        if lines:
            yield from self._listed(f'TOC \\h \\z \\c "{word}"', lines)

    def _listed(self, instruction: str, lines: list[tuple[str, str, str]]) -> list[Element]:
        """A field that lists something, filled in; only the page numbers wait for Word."""
        *begin, end = field(instruction)
        made = []
        for style, text, mark in lines:
            page = [run("\t"), *field(f"PAGEREF {mark} \\h", run("–"))]
            link = el("w:hyperlink", run(text), *page, w_anchor=mark, w_history=1)
            made.append(self._paragraph(style, link, tabs=self._tabs()))
        first = made[0].find(name("w:hyperlink"))
        for element in begin:
            first.addprevious(element)
        made[-1].append(end)
        return made

    def _tabs(self) -> Element:
        right = el("w:tab", w_val="right", w_leader="dot", w_pos=self._base.page.text_width)
        return el("w:tabs", right)

    # --- footnotes

    def _separators(self) -> Element:
        """The footnotes, with the lines above them that Word asks for and nothing else yet."""
        lines = [
            el("w:footnote", paragraph(self._base.ids[_NOTE], el("w:r", el(f"w:{kind}"))),
               w_type=kind, w_id=number)
            for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
        ]  # fmt: skip
        return el("w:footnotes", *lines)

    def _add_note(self, note: Footnote, mark: str) -> int:
        """Put a note at the foot of its page; its number."""
        number = len(self._notes) - 1
        self._bookmarks.notes[note] = number, mark
        place = _Place(self._base.page.text_width, style=_NOTE, front=True)
        self._text, text = self._note_text, self._text
        waits, self._page_break = self._page_break, False
        content = list(self._blocks(note.children, place))
        self._text, self._page_break = text, waits
        sign = el(
            "w:r", el("w:rPr", el("w:rStyle", w_val=self._base.ids["FootnoteReference"])), el("w:footnoteRef")
        )
        if not note.children or not isinstance(note.children[0], Heading | Paragraph | Table):
            content.insert(0, self._paragraph(_NOTE))
        content[0][0].addnext(sign)
        sign.addnext(run(" "))
        self._notes.append(el("w:footnote", *content, w_id=number))
        return number
