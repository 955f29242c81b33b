"""Blocks of a book as paragraphs and tables of Word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

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
from masterplan_cli.writers.docx.cover import Cover
from masterplan_cli.writers.docx.markup import (
    NOTHING,
    Xml,
    begins_page,
    bookmarked,
    common,
    element,
    emu,
    field,
    joined,
    on,
    paragraph,
    run,
)
from masterplan_cli.writers.docx.pictures import Pictures
from masterplan_cli.writers.docx.sections import Bookmarks, Caption, Section
from masterplan_cli.writers.docx.styles import LIST_INDENT
from masterplan_cli.writers.docx.tables import Fact, Tables, is_short_fact
from masterplan_cli.writers.docx.text import Counter, TextWriter

_CONTENTS_DEPTH = 3
_DEEPEST = 8
#: A figure leaves room on its page for its caption and some text.
_FIGURE_HEIGHT = 0.72
#: The style of a note at the foot of a page: lists there are as small as its text.
_NOTE = "FootnoteText"
#: The styles of plain text in divisions.
_STYLES = {
    "note": "NoteText",
    "banner": "Banner",
    "facts": "FactText",
    "regulation": "RegulationText",
    "lead": "Lead",
    "opener": "SideLabel",
}
#: The style of a title that begins no chapter, by its division.
_TITLES = {"regulation": "AnnexTitle"}


@dataclass(frozen=True)
class _Place:
    """Where a block stands: the style of plain text, how deep in lists, and the width it may fill."""

    width: int
    style: str = "Normal"
    level: int = 0
    front: bool = False
    division: str = ""

    @property
    def indent(self) -> Xml:
        return common("w:ind", w_left=LIST_INDENT * self.level) if self.level else NOTHING


class Body:
    """Writes the sections of a book, and the footnotes that they hold."""

    def __init__(self, base: Base, bookmarks: Bookmarks, store: Kept | None) -> None:
        self._base, self._bookmarks = base, bookmarks
        pictures, self._count = Pictures(base, store), Counter()
        self._text = TextWriter(base, base.part, bookmarks, pictures, self._count, self._add_note)
        self._notes = base.footnotes.pieces
        self._notes += self._separators()
        self._note_text = TextWriter(base, base.footnotes, bookmarks, pictures, self._count, None)
        self._tables = Tables(base)
        self._cover = Cover(base, self._text)
        #: What the next paragraph begins with: a new page, and the number of a note.
        self._page_break, self._lead = False, NOTHING
        #: Whether nothing stands below the heading of the chapter yet.
        self._opened = False
        self._language = base.document.language

    def section(self, section: Section) -> Iterator[Xml]:
        """The paragraphs and tables of a section, without the properties that close it."""
        page = self._base.page.turned() if section.landscape else self._base.page
        gap, held = paragraph(self._base.ids["TableEnd"]), NOTHING
        for block in chain.from_iterable(
            self._block(block, _Place(page.text_width, front=front or section.kind != "body"))
            for front, block in section.blocks
        ):
            # Below a table that fills its page, the gap would stand on an empty page before the next one.
            if held and not begins_page(block):
                yield held
            held = block if block == gap else NOTHING
            if not held:
                yield block
        if held:
            yield held

    # --- blocks

    def _blocks(self, blocks: Iterable[TreeNode], place: _Place) -> Iterator[Xml]:
        for block in blocks:
            yield from self._block(block, place)

    def _block(self, block: TreeNode, place: _Place) -> Iterator[Xml]:
        match block:
            case Heading():
                yield self._heading(block, place)
            case Paragraph():
                yield self._paragraph(place.style, self._text.line(block.line), ind=place.indent)
            case Code():
                yield self._paragraph("SourceCode", run(block.text), ind=place.indent)
            case Divider():
                yield self._paragraph("RuleLine")
            case _:
                yield from self._group(block, place)

    def _group(
        self, block: Items | Quote | Table | Figure | Definitions | Division, place: _Place
    ) -> Iterator[Xml]:
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

    def _paragraph(self, style: str, content: Xml = NOTHING, **more: Xml) -> Xml:
        if self._page_break:
            more["pageBreakBefore"] = on("pageBreakBefore")
        lead, self._lead, self._page_break, self._opened = self._lead, NOTHING, False, False
        return paragraph(self._base.ids[style], lead, content, **more)

    def _heading(self, heading: Heading, place: _Place) -> Xml:
        if place.style == _NOTE:  # it is in no list, and no page begins there
            line = tuple(i._replace(bold=True) if isinstance(i, Run) else i for i in heading.line)
            return self._paragraph(_NOTE, self._text.line(line), ind=place.indent)
        level = min(heading.level, 6)
        style = f"Heading{level}"
        if level == 1 and place.front:
            style = _TITLES.get(place.division, "FrontHeading")
        self._page_break |= level == 1 and style not in _TITLES.values() and self._base.breaks_chapters
        made = self._paragraph(style, self._marked(heading, self._text.line(heading.line)))
        self._opened = level == 1
        return made

    def _marked(self, heading: Heading, words: Xml) -> Xml:
        return bookmarked(self._bookmarks.marks[heading.anchor], self._count.next(), words)

    def _items(self, items: Items, place: _Place) -> Iterator[Xml]:
        level = min(place.level, _DEEPEST)
        ordered = items.start is not None
        number = self._base.lists.ordered(level, items.start or 0) if ordered else self._base.lists.bullets
        style = _NOTE if place.style == _NOTE else "ListNumber" if ordered else "ListBullet"
        inside = replace(place, level=level + 1)
        mark = common("w:numPr", common("w:ilvl", w_val=level), common("w:numId", w_val=number))
        for item in items.items:
            first = item[0] if item and isinstance(item[0], Paragraph) else None
            yield self._paragraph(style, self._text.line(first.line) if first else NOTHING, numPr=mark)
            yield from self._blocks(item[1:] if first else item, inside)

    def _definitions(self, block: Definitions, place: _Place) -> Iterator[Xml]:
        if place.division in ("facts", "numbers"):
            yield from self._facts(block, place)
            return
        for term, said in block.pairs:
            yield self._paragraph("DefinitionTerm", self._text.line(term), ind=place.indent)
            yield from self._blocks(said, replace(place, level=place.level + 1))

    def _facts(self, block: Definitions, place: _Place) -> Iterator[Xml]:
        inside = replace(place, style="FactText", width=round(place.width * 0.65))
        last = len(block.pairs) - 1
        facts = [
            Fact(
                self._paragraph("FactTerm", self._text.line(term), keepNext=on("keepNext", wanted=n < last)),
                joined(*self._blocks(said, inside)) or self._paragraph("FactText"),
                is_short_fact(said),
            )
            for n, (term, said) in enumerate(block.pairs)
        ]
        if facts:
            yield self._tables.facts(facts, place.width)
            yield self._paragraph("TableEnd")

    def _division(self, block: Division, place: _Place) -> Iterator[Xml]:
        match block.name:
            case "contents":
                yield from self._contents()
            case "tables":
                yield from self._list_of(self._bookmarks.tables, "table")
            case "figures":
                yield from self._list_of(self._bookmarks.figures, "figure")
            case "cover":
                yield from self._cover.blocks(block.children, self._marked, self._blocks_of_cover)
            case other:
                # A chapter that begins with a part on a page of its own has its heading above it.
                self._page_break |= other == "page" and not self._opened
                style = _STYLES.get(other, place.style)
                yield from self._blocks(block.children, replace(place, style=style, division=other))

    def _blocks_of_cover(self, block: TreeNode) -> Iterator[Xml]:
        return self._block(block, _Place(self._base.page.text_width, style="Subtitle", front=True))

    # --- tables and figures

    def _table(self, table: Table, place: _Place) -> Iterator[Xml]:
        if place.style == _NOTE:
            # LibreOffice loses the head of a table that follows another paragraph there, or shows a bullet too many.
            yield self._paragraph(_NOTE)
        caption = self._bookmarks.caption(table)
        if caption:
            yield self._caption(caption, "table", keep=True)
        elif table.caption:
            yield self._paragraph("Caption", self._text.line(table.caption), keepNext=on("keepNext"))
        signatures = place.division == "signatures"
        yield self._tables.table(table, place.width, self._text.line, signatures=signatures)
        yield self._paragraph("TableEnd")

    def _figure(self, figure: Figure, place: _Place) -> Iterator[Xml]:
        caption = self._bookmarks.caption(figure)
        height = round(emu(self._base.page.text_height) * _FIGURE_HEIGHT)
        made = self._text.picture(figure.src, figure.alt, emu(place.width), height)
        content = run(figure.alt) if made is None else made
        if caption:
            yield self._paragraph("Figure", content)
            yield self._caption(caption, "figure", keep=False)
        else:
            below = common("w:spacing", w_before=160, w_after=160)
            yield self._paragraph("Figure", content, keepNext=common("w:keepNext", w_val=0), spacing=below)

    def _caption(self, caption: Caption, kind: str, *, keep: bool) -> Xml:
        word = LABELS[kind].of(self._language)
        chapter, dot, number = caption.number.rpartition(".")
        # Word begins anew at each Heading 1 by `\\s 1`; LibreOffice does by `\\r 1` only.
        begins = " \\r 1" if number == "1" else ""
        counted = field(f"SEQ {word} \\* ARABIC \\s 1{begins}", run(number))
        label = bookmarked(caption.mark, self._count.next(), run(f"{word} {chapter}{dot}"), *counted)
        content = joined(label, run("\u2003"), self._text.line(caption.line))
        return self._paragraph("Caption", content, keepNext=on("keepNext", wanted=keep))

    # --- contents

    def _contents(self) -> Iterator[Xml]:
        lines = []
        for entry in self._base.document.entries:
            mark = self._bookmarks.marks.get(entry.anchor)
            if entry.level <= _CONTENTS_DEPTH and mark:
                label = self._base.chapter_label(entry.chapter) if entry.chapter else ""
                lines.append((f"TOC{entry.level}", label + entry.title, mark))
        if not lines:
            return
        listed = self._listed(f'TOC \\o "1-{_CONTENTS_DEPTH}" \\h \\z \\u', lines)
        gallery = element(
            "w:docPartObj",
            element("w:docPartGallery", w_val="Table of Contents"),
            element("w:docPartUnique"),
        )
        yield element("w:sdt", element("w:sdtPr", gallery), element("w:sdtContent", *listed))

    def _list_of(self, captions: list[Caption], kind: str) -> Iterator[Xml]:
        word = LABELS[kind].of(self._language)
        lines = [
            ("TableofFigures", f"{word} {caption.number}\u2003{plain(caption.line)}", caption.mark)
            for caption in captions
        ]
        if lines:
            yield from self._listed(f'TOC \\h \\z \\c "{word}"', lines)

    def _listed(self, instruction: str, lines: list[tuple[str, str, str]]) -> Iterator[Xml]:
        """A field that lists something, filled in without page numbers.

        Only a program that breaks the pages knows them. Word adds their column when it opens the file; where no
        program does, a list of linked titles is right, and a column of dashes or of guesses would not be.
        """
        begin, _, end = field(instruction)
        for number, (style, text, mark) in enumerate(lines):
            link = element("w:hyperlink", run(text), w_anchor=mark, w_history=1)
            first, last = number == 0, number == len(lines) - 1
            yield self._paragraph(style, joined(begin if first else NOTHING, link, end if last else NOTHING))

    # --- footnotes

    def _separators(self) -> Iterator[Xml]:
        """The lines above the footnotes that Word asks for."""
        for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
            line = paragraph(self._base.ids[_NOTE], element("w:r", element(f"w:{kind}")))
            yield element("w:footnote", line, w_type=kind, w_id=number)

    def _add_note(self, note: Footnote, mark: str) -> int:
        """Put a note at the foot of its page; its number."""
        number = len(self._notes) - 1
        self._notes.append(NOTHING)  # its place, for a note may hold what cites the next one
        self._bookmarks.notes[note] = number, mark
        place = _Place(self._base.page.text_width, style=_NOTE, front=True)
        style = common("w:rStyle", w_val=self._base.ids["FootnoteReference"])
        sign = joined(element("w:r", common("w:rPr", style), element("w:footnoteRef")), run(" "))
        outer = self._text, self._page_break, self._lead
        self._text, self._page_break, self._lead = self._note_text, False, sign
        # A number in front of a list's text would take the place of its bullet.
        alone = not note.children or not isinstance(note.children[0], Heading | Paragraph | Table)
        first = self._paragraph(_NOTE) if alone else NOTHING
        content = joined(first, *self._blocks(note.children, place))
        self._text, self._page_break, self._lead = outer
        self._notes[number + 1] = element("w:footnote", content, w_id=number)
        return number
