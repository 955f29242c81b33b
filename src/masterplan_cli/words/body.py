"""The elements of a Word text as blocks, as they stand with all tracked changes accepted; what has no place is noted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from masterplan_cli.words.blocks import Oddity, WordBlock, WordItem, WordParagraph, WordRun, WordTable
from masterplan_cli.words.drawings import Drawings, drawn
from masterplan_cli.words.package import Relation, child, is_on, number, text_in, value
from masterplan_cli.words.styles import WordLists, WordStyles, level_of

#: What holds other elements, and says nothing by itself.
_HOLDERS = {"sdtContent", "smartTag", "customXml", "dir", "bdo", "ruby", "rubyBase", "fldSimple"}
#: What says nothing, or only how something is shown on a page.
_SILENT = {
    "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "tblPrEx", "rubyPr", "rt",
    "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd", "sectPr",
    "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "lastRenderedPageBreak", "softHyphen",
    "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart", "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
    "footnoteRef", "endnoteRef", "annotationRef", "separator", "continuationSeparator", "instrText", "delInstrText", "delText",
}  # fmt: skip
_KEPT, _GONE = {"ins": "inserted", "moveTo": "moved"}, {"del": "deleted", "moveFrom": ""}
_FORMATS = ("rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange")
_PLAIN = {"tab": " ", "ptab": " ", "noBreakHyphen": "-", "cr": "\n"}
#: Signs of the fonts Wingdings and Symbol that are characters of Unicode as well.
_SYMBOLS = {
    0xA7: "▪", 0xA8: "☐", 0xB7: "•", 0xD8: "➢", 0xE0: "→", 0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0x6F: "☐", 0x71: "☐", 0x76: "❖",
    0x6C: "●", 0x6E: "■",
}  # fmt: skip
_PRIVATE = {0xF000 + code: sign for code, sign in _SYMBOLS.items()}
_SIGNS = ("wingdings", "symbol")
_PAGES = ("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF")
_CONTENTS = ("TOC", "INDEX", "TOA", "BIBLIOGRAPHY")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
#: No page is wider than so many columns.
_MOST_COLUMNS = 200
#: So far apart are red, green and blue of what is no shade of grey.
_COLOURED = 0x40


class _Field:
    """A field of Word: what it asks for, and whether its result has begun."""

    def __init__(self) -> None:
        self.asks = ""
        self.shown = False


class _Look(NamedTuple):
    """How words look, and what they are linked to."""

    bold: bool
    italic: bool
    struck: bool
    link: str


class BodyReader:
    """Reads the elements of one part of a file, in their order."""

    def __init__(
        self, relations: dict[str, Relation], styles: WordStyles, lists: WordLists, drawings: Drawings
    ) -> None:
        self.relations, self.styles, self.lists, self.drawings = relations, styles, lists, drawings
        self.number = 0
        self.oddities: list[Oddity] = []
        #: Where notes of reviewers stand, by their ids.
        self.comments: list[tuple[str, int]] = []
        self._fields: list[_Field] = []
        self._joined: list[WordRun] = []

    def _odd(self, kind: str, said: str = "", who: str = "") -> None:
        self.oddities.append(Oddity(kind, self.number, said, who))

    # --- blocks

    def blocks(self, parent: Element) -> Iterator[WordBlock]:
        """The paragraphs and tables in an element."""
        for element in _parts(parent):
            tag = element.tag
            if tag == "p":
                yield from self._paragraph(element)
            elif tag == "tbl":
                yield from self._table(element)
            elif tag == "sdt":
                yield from self._control(element)
            elif tag in _KEPT or tag in _HOLDERS:
                yield from self.blocks(element)
            elif tag in _GONE:
                self._change(element)
            else:
                self._leave(element)

    def _control(self, element: Element) -> Iterator[WordBlock]:
        """What stands in a content control; a table of contents is the document's own."""
        gallery = value(element, "sdtPr", "docPartObj", "docPartGallery") or ""
        content = child(element, "sdtContent")
        if gallery.lower() in ("table of contents", "bibliographies"):
            self._odd("contents")
        elif content is not None and child(element, "sdtPr", "showingPlcHdr") is None:
            yield from self.blocks(content)

    def _paragraph(self, element: Element) -> Iterator[WordParagraph]:
        self.number += 1
        style = self.styles.of(value(element, "pPr", "pStyle"))
        runs = [*self._joined, *self._runs(element, "")]
        self._joined = []
        properties = child(element, "pPr")
        mark = child(properties, "rPr", "del")
        if mark is not None:  # it ends no longer here, but with the next one
            self._joined = runs
            return
        for change in _FORMATS:
            if (said := child(properties, change)) is not None:
                self._odd("formats", who=said.get("author", ""))
        level = level_of(element) or style.level
        item = None if level else self._item(properties, style.list_id, style.depth)
        if style.role == "contents":
            self._odd("contents")
        elif any(run.text.strip() or run.picture or run.note for run in runs):
            yield WordParagraph(self.number, runs, level, item, style.role)

    def _item(self, properties: Element | None, list_id: str, depth: int) -> WordItem | None:
        own = value(properties, "numPr", "numId")
        list_id = list_id if own is None else own
        if list_id in ("", "0"):
            return None
        item, plain = self.lists.item(list_id, number(value(properties, "numPr", "ilvl"), depth))
        if not plain:
            self._odd("marks")
        return item

    # --- tables

    def _table(self, element: Element) -> Iterator[WordBlock]:
        first, merged = self.number, False
        rows: list[list[list[WordParagraph]]] = []
        for row in _within(element, "tr"):
            deleted = child(row, "trPr", "del")
            if deleted is not None:
                self._odd("deleted", text_in(row), deleted.get("author", ""))
                continue
            cells: list[list[WordParagraph]] = []
            for cell in _within(row, "tc"):
                if self._is_deleted(cell):
                    continue
                span = min(number(value(cell, "tcPr", "gridSpan"), 1), _MOST_COLUMNS)
                below = value(cell, "tcPr", "vMerge")
                merged = merged or span > 1 or below is not None
                cells.append([*self._cell(cell)])
                cells += [[] for _ in range(span - 1)]
            rows.append(cells)
        if merged:
            self.oddities.append(Oddity("merged", first + 1))
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame around a text
            yield from rows[0][0]
        elif any(any(row) for row in rows):
            yield WordTable(first, rows)

    def _is_deleted(self, cell: Element) -> bool:
        """Whether a tracked change takes a cell away; one that puts it in is noted as well."""
        for tag, kind in (("cellIns", "inserted"), ("cellDel", "deleted")):
            change = child(cell, "tcPr", tag)
            if change is not None:
                self._odd(kind, text_in(cell), change.get("author", ""))
        return child(cell, "tcPr", "cellDel") is not None

    def _cell(self, cell: Element) -> Iterator[WordParagraph]:
        for block in self.blocks(cell):
            if isinstance(block, WordParagraph):
                yield block
            else:
                self._odd("nested")
                yield from (paragraph for row in block.rows for inner in row for paragraph in inner)

    # --- words

    def _runs(self, parent: Element, link: str) -> Iterator[WordRun]:
        """The words of an element, with what stands between them."""
        for element in _parts(parent):
            tag = element.tag
            if tag == "r":
                yield from self._run(element, link)
            elif tag == "hyperlink":
                yield from self._runs(element, link or self._address(element))
            elif tag in _KEPT or tag in _GONE:
                self._change(element)
                yield from self._runs(element, link) if tag in _KEPT else ()
            elif tag in _HOLDERS:
                hidden = tag == "fldSimple" and not self._is_printed(element.get("instr", ""))
                yield from () if hidden else self._runs(element, link)
            elif tag == "sdt":
                yield from self._runs_of_control(element, link)
            else:
                self._leave(element)

    def _leave(self, element: Element) -> None:
        """Note what is not carried, unless it says nothing."""
        if element.tag in ("oMath", "oMathPara"):
            self._odd("equation", text_in(element))
        elif element.tag not in _SILENT:
            self._odd("part" if element.tag == "altChunk" else "other", element.tag)

    def _runs_of_control(self, element: Element, link: str) -> Iterator[WordRun]:
        content = child(element, "sdtContent")
        if content is not None and child(element, "sdtPr", "showingPlcHdr") is None:
            yield from self._runs(content, link)

    def _change(self, element: Element) -> None:
        kind = (_KEPT | _GONE)[element.tag]
        if kind:
            self._odd(kind, text_in(element), element.get("author", ""))

    def _address(self, element: Element) -> str:
        """Where a link leads; within the file it leads nowhere in a plan."""
        relation = self.relations.get(element.get("id", ""))
        if relation is None or not relation.outside:
            self._odd("link", text_in(element))
            return ""
        anchor = element.get("anchor")
        return relation.target + (f"#{anchor}" if anchor and "#" not in relation.target else "")

    def _run(self, run: Element, link: str) -> Iterator[WordRun]:
        formats = child(run, "rPr")
        if formats is not None:
            self._look_for_colours(formats, run)
            if is_on(formats, "vanish"):
                self._odd("hidden", text_in(run))
                return
        look = self._look(formats, link)
        for element in _parts(run):
            if element.tag in ("fldChar", "instrText"):
                self._field(element)
            elif self.hides():
                continue
            elif (said := self._said(element)) is not None:
                yield WordRun(_raised(said, formats, self), *look._replace(link=link or self._field_link()))
            else:
                yield from self._mark(element, look)

    def _look(self, formats: Element | None, link: str) -> _Look:
        style = self.styles.of(value(formats, "rStyle"))
        own = is_on(formats, "b"), is_on(formats, "i"), is_on(formats, "strike") or is_on(formats, "dstrike")
        bold, italic, struck = (
            bool(other if one is None else one)
            for one, other in zip(own, (style.bold, style.italic, style.struck), strict=True)
        )
        return _Look(bold, italic, struck, link)

    def _look_for_colours(self, formats: Element, run: Element) -> None:
        """Note what formats mean that no plan has."""
        said = text_in(run)
        shade = child(formats, "shd")
        marked = value(formats, "highlight") not in (None, "none")
        if said and (marked or (shade is not None and shade.get("fill", "auto") not in ("auto", "FFFFFF"))):
            self._odd("highlight", said)
        elif said and _is_colour(value(formats, "color") or "") and child(formats, "rStyle") is None:
            self._odd("colour", said)
        if said and is_on(formats, "u") and child(formats, "rStyle") is None:
            self._odd("underline", said)
        change = child(formats, "rPrChange")
        if change is not None:
            self._odd("formats", who=change.get("author", ""))

    def _said(self, element: Element) -> str | None:
        """The words of an element of a run; None where it is something else."""
        tag = element.tag
        if tag == "t":
            return (element.text or "").replace("\n", " ").translate(_PRIVATE)
        if tag == "br":
            return "\n" if element.get("type", "textWrapping") == "textWrapping" else " "
        if tag == "sym":
            return self._sign(element)
        return _PLAIN.get(tag)

    def _sign(self, element: Element) -> str:
        """A sign by its number in a font."""
        font, code = element.get("font", ""), element.get("char", "")
        try:
            point = int(code[-4:], 16)
        except ValueError:
            point = 0
        known = _SYMBOLS.get(point & 0xFF) if font.lower().startswith(_SIGNS) else None
        if known is None:
            self._odd("sign", f"{font} {code}")
        return known or ""

    def _mark(self, element: Element, look: _Look) -> Iterator[WordRun]:
        """What a run holds beside words: notes, pictures, and what has no place."""
        tag = element.tag
        if tag in ("footnoteReference", "endnoteReference"):
            yield WordRun("", note=f"{tag[0]}{element.get('id', '')}")
        elif tag == "commentReference":
            self.comments.append((element.get("id", ""), self.number))
        elif tag in ("drawing", "pict", "object"):
            for thing in drawn(element):
                place = self.drawings.number_of(thing, self.relations)
                if place:
                    yield WordRun(thing.said, link=look.link, picture=place)
                else:
                    self._odd(thing.kind, thing.said)
        elif tag == "pgNum":
            self._odd("page")
        elif tag in _HOLDERS:
            yield from self._runs(element, look.link)
        else:
            self._leave(element)

    # --- fields

    def _field(self, element: Element) -> None:
        """Follow a field from its beginning to its end, which may stand in another paragraph."""
        kind = element.get("fldCharType", "")
        if kind == "begin":
            self._fields.append(_Field())
        elif self._fields and element.tag == "instrText":
            self._fields[-1].asks += element.text or ""
        elif self._fields and kind == "separate":
            field = self._fields.pop()
            field.shown = self._is_printed(field.asks)
            self._fields.append(field)
        elif self._fields and kind == "end":
            field = self._fields.pop()
            if field.asks.strip().upper().startswith("FORMCHECKBOX"):
                self._odd("control", field.asks.strip())

    def _is_printed(self, asks: str) -> bool:
        """Whether the result of a field belongs to the text."""
        name = (asks.split() or [""])[0].upper()
        if name in (*_CONTENTS, *_PAGES) and not self.hides():
            self._odd("contents" if name in _CONTENTS else "page")
        return name not in (*_CONTENTS, *_PAGES)

    def hides(self) -> bool:
        """Whether what is read now belongs to a field that is not shown; at the end, none of it has ended."""
        return any(not field.shown for field in self._fields)

    def _field_link(self) -> str:
        """The address of the field `HYPERLINK "…"` in whose result the words stand."""
        for field in reversed(self._fields):
            parts = field.asks.split('"')
            if parts[0].split() == ["HYPERLINK"] and len(parts) > 1:
                return parts[1]
        return ""


def _is_colour(said: str) -> bool:
    """Whether letters have a colour that may mean something, and are not black or grey."""
    try:
        red, green, blue = bytes.fromhex(said)
    except ValueError:
        return False
    return max(red, green, blue) - min(red, green, blue) >= _COLOURED


def _raised(said: str, formats: Element | None, reader: BodyReader) -> str:
    """Words as they stand above or below the line, where there are such characters."""
    how = value(formats, "vertAlign")
    if how not in ("superscript", "subscript") or not said.strip():
        return said
    if not said.strip().isdigit() or not said.isascii():
        reader.oddities.append(Oddity("raised", reader.number, said.strip()))
        return said
    return said.translate(_RAISED if how == "superscript" else _LOWERED)


def _parts(parent: Element) -> Iterator[Element]:
    """The elements in another one; of two ways to write the same thing the first."""
    for element in parent:
        if element.tag != "AlternateContent":
            yield element
            continue
        chosen = child(element, "Choice")
        chosen = chosen if chosen is not None else child(element, "Fallback")
        yield from chosen if chosen is not None else ()


def _within(parent: Element, tag: str) -> Iterator[Element]:
    """The rows or the cells of an element, through what may hold them."""
    for element in _parts(parent):
        if element.tag == tag:
            yield element
        elif element.tag in ("sdt", *_HOLDERS, *_KEPT):
            yield from _within(element, tag)
