"""What a document stands on: its package, styles, lists, page, headers and footers."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable
from functools import cached_property
from importlib import resources
from string import Template
from typing import NamedTuple

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.document import Document
from masterplan_cli.messages import LABELS, Language
from masterplan_cli.writers.docx.elements import Element, el, name, parsed
from masterplan_cli.writers.docx.fonts import EMBEDDED, embedded
from masterplan_cli.writers.docx.house_style import HeaderFooter, HouseStyle
from masterplan_cli.writers.docx.markup import (
    NAMESPACES,
    TWIPS,
    Xml,
    element,
    field,
    joined,
    legal,
    on,
    opened,
    paragraph,
    run,
)
from masterplan_cli.writers.docx.package import TextPart, packed
from masterplan_cli.writers.docx.styles import Lists, add_styles, list_levels, style_of, value

_FONTS = {
    "sans": (EMBEDDED, "Calibri", "swiss"),
    "serif": ("Bookman Old Style", "TeX Gyre Bonum", "roman"),
}
_LANGUAGES = {Language.ID: "id-ID", Language.EN: "en-US"}
COLOURS = {
    **{part: getattr(PALETTE, part).removeprefix("#") for part in ("brand", "ink", "soft", "line", "tint")},
    "mark": "7A3E00",
    "mark_tint": "FFF3DC",
}
#: Sizes in half points, and the height of a line of text; an annex of a regulation is black, as the law's other pages.
_BLACK = "000000"
_SIZES = {
    "sans": {"size": "20", "leading": "276", "h1": "52", "h1_leading": "640", "h2": "30", "h3": "22"},
    "serif": {
        "size": "24", "leading": "340", "h1": "28", "h1_leading": "400", "h2": "26", "h3": "24",
        "brand": _BLACK, "ink": _BLACK, "soft": _BLACK,
    },
}  # fmt: skip
#: Width and height in millimetres; F4 is the folio of Indonesian offices.
_PAPERS = {"a4": (210.0, 297.0), "f4": (215.0, 330.0)}
#: As in the PDF: offices print on one side and bind at the left.
_MARGINS = {"top": 24.0, "right": 20.0, "bottom": 22.0, "left": 25.0, "header": 11.0, "footer": 11.0}
_WHITE = "FFFFFF"
_COVER = ("Title", "Subtitle", "CoverBook", "CoverFoot")
_FONT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
_OBFUSCATED = "application/vnd.openxmlformats-officedocument.obfuscatedFont"


class PageLayout(NamedTuple):
    """An upright page in twips."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    header: int
    footer: int

    def turned(self) -> PageLayout:
        """The same sheet across; what was its left margin is at its top, where it is bound."""
        return self._replace(
            width=self.height, height=self.width, top=self.left, right=self.top, bottom=self.right, left=self.bottom
        )  # fmt: skip

    @property
    def text_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        return self.height - self.top - self.bottom


class Base:
    """An empty document in the office's style, or in ours."""

    def __init__(self, document: Document, house_style: HouseStyle) -> None:
        self.document, self.house_style = document, house_style
        self.part: XmlPart = docx.Document().part
        self.package = self.part.package
        self.part.rels.clear()
        for rid in [r for r, rel in self.package.rels.items() if rel.target_part is not self.part]:
            self.package.rels.pop(rid)
        self._count = 0
        self.page = self._page()
        self._words = {
            **COLOURS,
            **_SIZES[document.font],
            "font": _FONTS[document.font][0],
            "language": _LANGUAGES[document.language],
            "right": str(self.page.text_width),
            "word": LABELS["chapter"].of(document.language),
        }
        #: The ids that our styles have in this document.
        self.ids = self._add_styles()
        self.lists = self._add_lists()
        self._bind_chapters()
        self._add_settings()
        self._add_fonts()
        if house_style.theme is not None:
            self.add(
                "theme/theme1.xml", CONTENT_TYPE.OFC_THEME, RELATIONSHIP_TYPE.THEME, house_style.theme.blob
            )
        self.footnotes = self._gathered(
            "footnotes.xml", CONTENT_TYPE.WML_FOOTNOTES, RELATIONSHIP_TYPE.FOOTNOTES, "w:footnotes"
        )
        #: Whether the cover's text is written on a dark ground.
        self.light_cover = self._light_cover()
        self._describe()

    # --- parts

    def add(self, path: str, media: str, relation: str, content: bytes | Element) -> Part:
        """Put a part into the package, related to the document."""
        part = self.part_of(path, media, content)
        self.relate(self.part, relation, part)
        return part

    def part_of(self, path: str, media: str, content: bytes | Element) -> Part:
        uri = PackURI(f"/word/{path}")
        if isinstance(content, bytes):
            return Part(uri, media, content, self.package)
        return XmlPart(uri, media, content, self.package)

    def _gathered(self, path: str, media: str, relation: str, root: str) -> TextPart:
        """A part whose content comes later, related to the document."""
        part = TextPart(PackURI(f"/word/{path}"), media, self.package, root)
        self.relate(self.part, relation, part)
        return part

    def relate(self, source: Part, relation: str, target: Part | str) -> str:
        """Relate a part to another, or to an address; python-docx's own way goes through all of them each time."""
        rid = f"rId{len(source.rels) + 1}"
        source.load_rel(relation, target, rid, is_external=isinstance(target, str))
        return rid

    def _text(self, file: str, **words: str) -> Element:
        text = resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
        return parsed(Xml(Template(text).substitute(self._words, **words)))

    # --- styles and lists

    def _add_styles(self) -> dict[str, str]:
        styles = self.house_style.styles
        ids = add_styles(styles, self._text("styles.xml"))
        self.add("styles.xml", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES, styles)
        return ids

    def _add_lists(self) -> Lists:
        lists = Lists(self.house_style.numbering, self._text("numbering.xml", **list_levels()), self.ids)
        self.add("numbering.xml", CONTENT_TYPE.WML_NUMBERING, RELATIONSHIP_TYPE.NUMBERING, lists.element)
        return lists

    def _bind_chapters(self) -> None:
        """Number Heading 1 unless the office's own style does; see whether it begins a page."""
        heading = style_of(self.house_style.styles, self.ids["Heading1"])
        properties = heading.get_or_add_pPr()
        #: Whether the style says nothing of where a chapter begins.
        self.breaks_chapters = properties.find(name("w:pageBreakBefore")) is None
        self._chapters = self.lists.chapters
        numbered = properties.find(name("w:numPr"))
        if numbered is None:
            properties.get_or_add_numPr().extend(
                [el("w:ilvl", w_val=0), el("w:numId", w_val=self.lists.chapters)]
            )
        else:
            self._chapters = int(value(numbered, "w:numId") or 0)

    def chapter_label(self, number: int) -> str:
        """What Word prints before the title of a chapter."""
        return self.lists.label(self._chapters, number)

    def _light_cover(self) -> bool:
        """Whether all text of the cover is white; where an office gives some of it a colour, the rest is dark as well."""
        styles = [style_of(self.house_style.styles, self.ids[style]) for style in _COVER]
        found = [colour for style in styles for colour in style.iter(name("w:color"))]
        white = [colour for colour in found if colour.get(name("w:val")) == _WHITE]
        if len(white) == len(styles):
            return True
        for colour in white:
            colour.set(name("w:val"), "auto")
        return False

    # --- settings, fonts, properties

    def _add_settings(self) -> None:
        even = any(b.kind == "even" for b in self.house_style.headers_footers)
        compatibility = element(
            "w:compatSetting", w_name="compatibilityMode", w_uri="http://schemas.microsoft.com/office/word", w_val=15
        )  # fmt: skip
        settings = element(
            "w:settings",
            element("w:zoom", w_percent=100),
            on("embedTrueTypeFonts", wanted=self._embeds),
            element("w:defaultTabStop", w_val=720),
            on("evenAndOddHeaders", wanted=even),
            element("w:characterSpacingControl", w_val="doNotCompress"),
            # Page numbers are Word's to know: it offers to fill them in when the file is opened.
            element("w:updateFields", w_val="true"),
            element("w:footnotePr", element("w:footnote", w_id=-1), element("w:footnote", w_id=0)),
            element("w:compat", compatibility),
            element("w:themeFontLang", w_val=self._words["language"]),
            **NAMESPACES,
        )
        self.add("settings.xml", CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS, parsed(settings))

    @cached_property
    def _embeds(self) -> bool:
        """Whether any style is written in the font that comes along."""
        fonts = self.house_style.styles.iter(name("w:rFonts"))
        return any(font.get(name("w:ascii")) == EMBEDDED for font in fonts)

    def _add_fonts(self) -> None:
        """Our fonts, and what stands in for them where they are missing."""
        font, instead, family = _FONTS[self.document.font]
        table = self._gathered(
            "fontTable.xml", CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE, "w:fonts"
        )
        along = []
        for number, (tag, key, data) in enumerate(embedded() if self._embeds else (), 1):
            part = self.part_of(f"fonts/font{number}.odttf", _OBFUSCATED, data)
            along.append(element(f"w:{tag}", r_id=self.relate(table, _FONT, part), w_fontKey=key))
        fonts = {font: (instead, family), "Consolas": ("DejaVu Sans Mono", "modern")}
        made = [
            element(
                "w:font", element("w:altName", w_val=other), element("w:family", w_val=kind),
                *(along if known == EMBEDDED else ()), w_name=known,
            )
            for known, (other, kind) in fonts.items()
        ]  # fmt: skip
        if along and font != EMBEDDED:
            made.append(element("w:font", *along, w_name=EMBEDDED))
        table.pieces += made

    def _describe(self) -> None:
        properties, day = self.package.core_properties, self.document.date or datetime.date(2000, 1, 1)
        properties.title = legal(self.document.title)[:255]
        properties.author = properties.last_modified_by = legal(self.document.author)[:255]
        properties.language = self._words["language"]
        properties.created = properties.modified = datetime.datetime(day.year, day.month, day.day)
        properties.revision = 1

    # --- pages

    def _page(self) -> PageLayout:
        width, height = _PAPERS[self.document.paper]
        ours = {"w": width, "h": height, **_MARGINS}
        found: dict[str, int] = {key: round(value * TWIPS) for key, value in ours.items()}
        if self.house_style.section is not None:
            for tag in ("w:pgSz", "w:pgMar"):
                sizes = self.house_style.section.find(name(tag))
                for key in found if sizes is not None else ():
                    given = sizes.get(name(f"w:{key}"), "").lstrip("-")
                    found[key] = int(given) if given.isdecimal() else found[key]
        page = PageLayout(found.pop("w"), found.pop("h"), **found)
        return page._replace(width=page.height, height=page.width) if page.width > page.height else page

    def section(self, headers_footers: Xml, *, landscape: bool, number: Xml) -> Xml:
        """The properties of a section, which stand at its end."""
        page = self.page.turned() if landscape else self.page
        turned = "landscape" if landscape else None
        return element(
            "w:sectPr",
            headers_footers,
            element("w:type", w_val="nextPage"),
            element("w:pgSz", w_w=page.width, w_h=page.height, w_orient=turned),
            element("w:pgMar", w_top=page.top, w_right=page.right, w_bottom=page.bottom, w_left=page.left,
                    w_header=page.header, w_footer=page.footer, w_gutter=0),
            number,
            element("w:cols", w_space=720),
        )  # fmt: skip

    def headers_footers(self, heading: str | None) -> Xml:
        """Headers and footers that show the running `heading` style; None for a page that shows only what it is."""
        marks = [self._banner(text) for text in self.document.banners]
        if heading is None:
            own = [HeaderFooter("header", "default", el("w:hdr", *marks))] if marks else []
        elif self.house_style.headers_footers:
            own = [
                self._unmarked(header_footer)
                for header_footer in copy.deepcopy(self.house_style.headers_footers)
            ]
        else:
            own = [
                HeaderFooter("header", "default", self._running(heading)),
                HeaderFooter("footer", "default", self._foot()),
            ]
        if heading is not None:
            for header_footer in own:
                if header_footer.tag == "header":
                    header_footer.element[0:0] = copy.deepcopy(marks)
            if marks and not any(header_footer.tag == "header" for header_footer in own):
                own.insert(0, HeaderFooter("header", "default", el("w:hdr", *marks)))
        return joined(
            *(self._referred(header_footer) for header_footer in sorted(own, key=lambda b: b.tag == "footer"))
        )

    def _unmarked(self, header_footer: HeaderFooter) -> HeaderFooter:
        """A header without the marks of an earlier book, where the office's file was made from one."""
        for style in [
            s
            for s in header_footer.element.iter(name("w:pStyle"))
            if s.get(name("w:val")) == self.ids["Banner"]
        ]:
            marked = style.getparent().getparent()
            marked.getparent().remove(marked)
        if not len(header_footer.element):
            header_footer.element.append(el("w:p"))
        return header_footer

    def _banner(self, words: str) -> Element:
        return self._line("Banner", run(words))

    def _line(self, style: str, *content: Xml) -> Element:
        """A paragraph of a header or a footer."""
        return parsed(
            Xml(paragraph(self.ids[style], *content).replace("<w:p>", opened("w:p", **NAMESPACES), 1))
        )

    def _running(self, heading: str) -> Element:
        # `1` is Heading 1 in every language of Word; our own style has one name everywhere.
        style = (
            "1"
            if heading == "Heading1"
            else f'"{value(style_of(self.house_style.styles, self.ids[heading]), "w:name")}"'
        )
        shown = run(self.document.title)
        return el("w:hdr", self._line("Header", *field(f"STYLEREF {style}", shown)))

    def _foot(self) -> Element:
        title = run(f"{self.document.title}  |  ")
        return el("w:ftr", self._line("Footer", title, *field("PAGE", run("1"))))

    def _referred(self, header_footer: HeaderFooter) -> Xml:
        self._count += 1
        header = header_footer.tag == "header"
        media = CONTENT_TYPE.WML_HEADER if header else CONTENT_TYPE.WML_FOOTER
        part = self.part_of(f"{header_footer.tag}{self._count}.xml", media, header_footer.element)
        for rid, picture in header_footer.pictures.items():
            path = f"media/{header_footer.tag}{self._count}-{rid}{_extension(picture)}"
            copied = self.part_of(path, picture.content_type, picture.blob)
            part.load_rel(RELATIONSHIP_TYPE.IMAGE, copied, rid)
        relation = RELATIONSHIP_TYPE.HEADER if header else RELATIONSHIP_TYPE.FOOTER
        return element(
            f"w:{header_footer.tag}Reference",
            w_type=header_footer.kind,
            r_id=self.relate(self.part, relation, part),
        )

    # --- the file

    def saved(self, content: Iterable[Xml]) -> bytes:
        """The document's bytes, with this body."""
        return packed(self.package, self.part, content)


def _extension(part: Part) -> str:
    return f".{part.partname.ext}"
