"""The cover: a white field for emblem and region, below it a ground of the house colour from edge to edge."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from masterplan_cli.charts.svg import text_width
from masterplan_cli.tree import Heading, Paragraph, Picture, TreeNode, plain
from masterplan_cli.writers.docx.base import Base
from masterplan_cli.writers.docx.markup import NOTHING, TWIPS, Xml, common, element, emu, paragraph
from masterplan_cli.writers.docx.pictures import ground
from masterplan_cli.writers.docx.text import Look, TextWriter

#: Where the ground begins, and the foot, from the lower edge of the page.
_GROUND, _FOOT = round(66 * TWIPS), round(36 * TWIPS)
#: The room above the title, and how much of it an emblem takes.
_ABOVE, _EMBLEM = round(74 * TWIPS), round(26 * TWIPS)
#: A longer title is not measured.
_LONGEST_TITLE = 300
#: How wide letters may be, beside those that are measured: in none of the fonts may a range of years break.
_SCALES = (1.0, 0.94, 0.88)
_RANGE = re.compile(r"(?<=\d[–-])(?=\d)")
_POINT = 20


class _Fit(NamedTuple):
    """How a title is set, in points: its size, the height of its lines, and what is free beside them."""

    size: int
    line: int
    free: float = 0.0


#: The sizes of titles, each with how many lines it may fill.
_SIZES = ((_Fit(34, 40), 4), (_Fit(26, 31), 6))
_SMALLEST = _Fit(18, 22)


class Cover:
    """Writes the page that begins a book; what stands before its title goes onto the white field."""

    def __init__(self, base: Base, text: TextWriter) -> None:
        self._base, self._text = base, text

    def blocks(
        self,
        children: Sequence[TreeNode],
        marked: Callable[[Heading, Xml], Xml],
        other: Callable[[TreeNode], Iterator[Xml]],
    ) -> Iterator[Xml]:
        """Its paragraphs; `marked` gives the title its bookmark, `other` writes what else a template puts there."""
        behind, above = self._ground(), _ABOVE
        for block, style in zip(children, _styles(children), strict=True):
            if not isinstance(block, Heading | Paragraph) or not style:
                yield from other(block)
                continue
            more: dict[str, Xml] = {}
            if style in ("CoverBook", "Title") and above:
                more["spacing"], above = common("w:spacing", w_before=above), 0
            elif style == "CoverRegion" and above > _EMBLEM and _has_picture(block):
                above -= _EMBLEM
            elif style == "CoverFoot":
                more["framePr"] = self._foot()
            if isinstance(block, Heading):
                yield self._title(block, behind, marked, more)
            else:
                yield paragraph(
                    self._base.ids[style], behind, self._text.line(block.line, Look(cover=True)), **more
                )
            behind = NOTHING
        yield paragraph(
            self._base.ids["TableEnd"]
        )  # one that stands elsewhere on its page cannot close a section

    def _ground(self) -> Xml:
        """The picture behind the text, where the title is written in white."""
        if not self._base.light_cover:
            return NOTHING
        page = self._base.page
        size = emu(page.width), emu(page.height - _GROUND)
        return element("w:r", ground(self._text.count.next(), emu(_GROUND), size, self._text.ground()))

    def _title(
        self, heading: Heading, behind: Xml, marked: Callable[[Heading, Xml], Xml], more: dict[str, Xml]
    ) -> Xml:
        look = Look(cover=True)
        if self._base.light_cover:
            fit = _fitted(plain(heading.line), self._base.page.text_width / _POINT)
            look = Look(cover=True, size=2 * fit.size)
            more["ind"] = element("w:ind", w_right=round(fit.free * _POINT))
            before = more["spacing"][len("<w:spacing ") : -2] if "spacing" in more else ""
            more["spacing"] = Xml(f'<w:spacing {before} w:line="{fit.line * _POINT}" w:lineRule="exact"/>')
        words = marked(heading, self._text.line(heading.line, look))
        return paragraph(self._base.ids["Title"], behind, words, **more)

    def _foot(self) -> Xml:
        page = self._base.page
        return element(
            "w:framePr", w_w=page.text_width, w_wrap="around", w_vAnchor="page", w_hAnchor="margin",
            w_x=1, w_y=page.height - _FOOT,
        )  # fmt: skip


def _styles(children: Sequence[TreeNode]) -> list[str]:
    """The style of each block: region, which book, title, what else there is, and last its dates."""
    title = next(
        (n for n, b in enumerate(children) if isinstance(b, Heading) and b.level == 1), len(children)
    )
    styles, named = [], False
    for number, block in enumerate(children):
        if number == title:
            styles.append("Title")
        elif not isinstance(block, Paragraph):
            styles.append("")
        elif number < title:
            styles.append("CoverBook" if named else "CoverRegion")
            named |= not _has_picture(block)
        else:
            styles.append("CoverFoot" if number == len(children) - 1 else "Subtitle")
    return styles


def _has_picture(block: TreeNode) -> bool:
    return isinstance(block, Paragraph) and any(isinstance(item, Picture) for item in block.line)


def _fitted(title: str, width: float) -> _Fit:
    """The largest size at which a title takes few lines, and these of like length."""
    if len(title) > _LONGEST_TITLE:
        return _SMALLEST
    for fit, most in _SIZES:
        if _lines(title.split(), width, fit.size) <= most:
            return fit._replace(free=_free(title.split(), width, fit.size))
    return _SMALLEST


def _free(words: list[str], width: float, size: int) -> float:
    """How much narrower a title may be set in no more lines, so that they are of like length and no range breaks."""
    most = _lines(words, width, size)
    for share in range(50, 101, 2):
        narrow = width * share / 100
        if all(_lines(words, narrow, size * scale) <= most for scale in _SCALES) and not any(
            _breaks_range(words, narrow, size * scale) for scale in _SCALES
        ):
            return width - narrow
    return 0.0


def _lines(words: list[str], width: float, size: float) -> int:
    """How many lines words fill; one that fits in none counts as many."""
    lines, at = 1, 0.0
    space = text_width(" ", size, bold=True)
    for word in words:
        long = text_width(word, size, bold=True)
        if long > width:
            return len(words) + 9
        if at and at + space + long > width:
            lines, at = lines + 1, long
        else:
            at += (space if at else 0) + long
    return lines


def _breaks_range(words: list[str], width: float, size: float) -> bool:
    """Whether a line would end within a range of years."""
    at, space = 0.0, text_width(" ", size, bold=True)
    for word in words:
        long = text_width(word, size, bold=True)
        begin = text_width(_RANGE.split(word)[0], size, bold=True)
        if at and at + space + long > width:
            if begin < long and at + space + begin <= width:
                return True
            at = long
        else:
            at += (space if at else 0) + long
    return False
