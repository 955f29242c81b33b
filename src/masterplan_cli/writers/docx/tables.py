"""Tables: computed widths, rules instead of fills, repeated heads, rows that stay whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from masterplan_cli.layout import column_widths, least_width, roomy_width
from masterplan_cli.tree import Line, Paragraph, Picture, RowKind, Run, Table, TreeNode, plain
from masterplan_cli.writers.docx.base import COLOURS, Base, PageLayout
from masterplan_cli.writers.docx.markup import (
    NOTHING,
    TWIPS,
    Xml,
    common,
    element,
    joined,
    legal,
    on,
    paragraph,
)
from masterplan_cli.writers.docx.text import Look

#: The width of a digit of the table's text, bold ones too and in the fonts that stand in where ours are missing; and
#: the space beside a cell's text, in twips.
_CHARACTER = {"sans": 97.0, "serif": 112.0}
_PADDING = 54
#: The same at both sides, in digits of the widest font.
_PAD = 1.7
#: The text's size and the smallest that can be read, in half points.
_SIZE, _SMALLEST = 17, 15
#: A cell of up to so many characters should stand in one line before a table is turned.
_ONE_LINE = 22
#: A table of no more rows and characters than these is kept on one page.
_SHORT_ROWS, _SHORT_TEXT = 14, 1500
#: So many rows stand together before a break and after it.
_TOGETHER = 3
#: A line helps the eye along after so many rows.
_EVERY = 5
#: The height of a row to sign, and the share of the other columns in its width.
_SIGNATURE, _SIGNED_REST = round(16 * TWIPS), 0.64
#: Two facts stand in a row, save those that say more than a line.
_FACT_SHARES, _LONGEST_FACT = (0.18, 0.32, 0.18, 0.32), 36
_NO_BREAK = "\N{NO-BREAK SPACE}"
#: How wide a picture in a cell is: a chart, or any other.
_CHART, _PICTURE = "0" * 8, "0" * 28
#: Two of the marks in an amount are as wide as one digit.
_NARROW = re.compile(r"([.,\u00a0][^.,\u00a0]*)[.,\u00a0]")
#: How a row of the body differs from others.

Cell = Callable[[Line, Look], Xml]


class _Row(NamedTuple):
    """How a row is set: what it is, whether it keeps with the next, and the line below it."""

    kind: RowKind
    keep: bool
    lined: bool


def _cells(table: Table) -> list[list[str]]:
    return [[_width_of(cell) for cell in row] for row in (table.head, *table.rows)]


def _width_of(line: Line) -> str:
    """The words of a cell, a picture as wide as it is drawn."""
    if len(line) == 1 and isinstance(line[0], Run):  # as most cells are
        text = line[0].text
        return _NARROW.sub(r"\1", text) if text[-1:].isdigit() else text
    return "".join(
        (_CHART if item.src.startswith("chart:") else _PICTURE)
        if isinstance(item, Picture)
        else plain((item,))
        for item in line
    )


def _capacity(width: int, font: str) -> int:
    return int(width / _CHARACTER[font])


def turns(table: Table, page: PageLayout, font: str) -> bool:
    """Whether a table needs a turned page: one that may be wide for comfort, another to be read at all."""
    if not table.head:
        return False
    cells, capacity = _cells(table), _capacity(page.text_width, font)
    if table.wide:
        return roomy_width(cells, _ONE_LINE) > capacity
    return least_width(cells, _PAD) * _SMALLEST > capacity * _SIZE


class Fact(NamedTuple):
    """A term, what is said of it, both as paragraphs, and whether that fits a half of the page's width."""

    term: Xml
    said: Xml
    short: bool


def is_short_fact(said: Sequence[TreeNode]) -> bool:
    """Whether what is said of a term is one line in half of the page's width."""
    return len(said) == 1 and isinstance(said[0], Paragraph) and len(plain(said[0].line)) <= _LONGEST_FACT


class Tables:
    """Builds tables of one document."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def table(self, table: Table, width: int, cell: Cell, *, signatures: bool = False) -> Xml:
        """A table `width` twips wide; `cell` writes a line in a look."""
        cells, capacity = _cells(table), _capacity(width, self._base.document.font)
        least = least_width(cells, _PAD)
        loose = least * _SMALLEST > capacity * _SIZE
        if loose:
            cells = [[cell.replace(_NO_BREAK, " ") for cell in row] for row in cells]
            least = least_width(cells, _PAD)
        size = None if least <= capacity else max(_SMALLEST, int(_SIZE * capacity / least))
        capacity = capacity * _SIZE // (size or _SIZE)
        shares = _signing(cells, capacity) if signatures else column_widths(cells, capacity, _PAD)
        widths = _rounded(shares, width)
        formats = [Look(cell=max(1, w - 2 * _PADDING), size=size, loose=loose) for w in widths]
        height = _SIGNATURE if signatures else None
        ids = self._base.ids
        head = _row(_row_properties(None, head=True), [
            _cell(w, ids["TableHead"], align, cell(line, look))
            for w, align, line, look in zip(widths, table.aligns, table.head, formats, strict=True)
        ])  # fmt: skip
        rows = [head]
        short = not signatures and _is_short(cells)
        for row, how in zip(table.rows, _settings(table, keep=short), strict=True):
            rows.append(self._body_row(table, row, how, widths, formats, cell, height))
        return self._frame(
            "MasterplanTable", widths, rows, plain(table.caption) if table.caption else None, size
        )

    def _body_row(
        self,
        table: Table,
        row: tuple[Line, ...],
        how: _Row,
        widths: list[int],
        formats: list[Look],
        cell: Cell,
        height: int | None,
    ) -> Xml:
        ids, properties = self._base.ids, _row_properties(height)
        if how.kind == "group":
            made = cell(row[0], Look(cell=sum(widths), size=formats[0].size))
            return _row(properties, [
                _cell(sum(widths), ids["TableGroup"], "left", made, "group", span=len(row), keep=True)
            ])  # fmt: skip
        style = ids["TableTotal" if how.kind == "total" else "TableText"]
        part = "lined" if not how.kind and how.lined else how.kind or "row"
        return _row(properties, [
            _cell(w, style, align, cell(line, look), part, keep=how.keep)
            for w, align, line, look in zip(widths, table.aligns, row, formats, strict=True)
        ])  # fmt: skip

    def facts(self, facts: Sequence[Fact], width: int) -> Xml:
        """Terms and what is said of them."""
        widths = _rounded(_FACT_SHARES, width)
        rows = [
            _row(_row_properties(None), _fact_cells(facts_of_row, widths)) for facts_of_row in _paired(facts)
        ]
        return self._frame("MasterplanFacts", widths, rows)

    def _frame(
        self,
        style: str,
        widths: list[int],
        rows: list[Xml],
        description: str | None = None,
        size: int | None = None,
    ) -> Xml:
        """A table; its look tells readers that the first row and the first column are headers."""
        head = int(style == "MasterplanTable")
        properties = element(
            "w:tblPr",
            element("w:tblStyle", w_val=self._base.ids[style]),
            element("w:tblW", w_w=sum(widths), w_type="dxa"),
            element("w:tblLayout", w_type="fixed"),
            _margins(_PADDING * size // _SIZE) if size else NOTHING,
            common("w:tblLook", w_val="06A0" if head else "0680", w_firstRow=head, w_lastRow=0, w_firstColumn=1,
                   w_lastColumn=0, w_noHBand=1, w_noVBand=1),
            element("w:tblCaption", w_val=legal(description)) if description else NOTHING,
        )  # fmt: skip
        grid = element("w:tblGrid", *(element("w:gridCol", w_w=w) for w in widths))
        return element("w:tbl", properties, grid, *rows)


# --- rows


def _settings(table: Table, *, keep: bool) -> list[_Row]:
    """How each row is set: a short table stays on one page, of a longer one few rows are never alone."""
    kinds = table.kinds
    last = len(kinds) - 1
    out: list[_Row] = []
    since = 0
    for index, kind in enumerate(kinds):
        following = kinds[index + 1] if index < last else "end"
        since = 0 if kind == "group" else since + 1
        opens = kinds[index - 1] == "group" if index else True
        together = index < _TOGETHER - 1 or index > last - _TOGETHER or opens
        lined = since % _EVERY == 0 and not following
        out.append(_Row(kind, index < last and (keep or together), lined))
    return out


def _row(properties: Xml, cells: list[Xml]) -> Xml:
    return element("w:tr", properties, *cells)


@lru_cache(16)
def _row_properties(height: int | None, *, head: bool = False) -> Xml:
    return element(
        "w:trPr",
        element("w:cantSplit"),
        element("w:trHeight", w_val=height, w_hRule="atLeast") if height else NOTHING,
        on("tblHeader", wanted=head),
    )


def _is_short(cells: list[list[str]]) -> bool:
    return len(cells) <= _SHORT_ROWS and sum(len(text) for row in cells for text in row) <= _SHORT_TEXT


# --- cells

_CELL_END = Xml("</w:tc>")


def _cell(
    width: int, style: str, align: str, content: Xml, part: str = "row", *, span: int = 1, keep: bool = False
) -> Xml:
    side = NOTHING if align == "left" else common("w:jc", w_val=align)
    made = paragraph(style, content, keepNext=on("keepNext", wanted=keep), jc=side)
    return Xml(f"{_cell_begin(width, part, span)}{made}{_CELL_END}")


def _paired(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """The facts of each row: a short one takes the next short one to its side."""
    rest = list(facts)
    while rest:
        row = [rest.pop(0)]
        if row[0].short and (other := next((fact for fact in rest if fact.short), None)):
            rest.remove(other)
            row.append(other)
        yield row


def _fact_cells(facts: Sequence[Fact], widths: Sequence[int]) -> list[Xml]:
    if len(facts) == 1:
        return [_fact_cell(widths[0], facts[0].term), _fact_cell(sum(widths[1:]), facts[0].said, 3)]
    parts = [part for fact in facts for part in (fact.term, fact.said)]
    return [_fact_cell(width, part) for width, part in zip(widths, parts, strict=True)]


def _fact_cell(width: int, content: Xml, span: int = 1) -> Xml:
    return joined(_cell_begin(width, "facts", span), content, _CELL_END)


@lru_cache(1024)
def _cell_begin(width: int, part: str, span: int) -> Xml:
    properties = element(
        "w:tcPr",
        element("w:tcW", w_w=width, w_type="dxa"),
        element("w:gridSpan", w_val=span) if span > 1 else NOTHING,
        _BORDERS.get(part, NOTHING),
    )
    return Xml(f"<w:tc>{properties}")


def _border(side: str, size: int, colour: str) -> Xml:
    return element("w:tcBorders", element(f"w:{side}", w_val="single", w_sz=size, w_space=0, w_color=colour))


#: Lines in eighths of a point: thin every few rows, stronger above a sum.
_BORDERS = {
    "lined": _border("bottom", 2, COLOURS["line"]),
    "group": _border("bottom", 2, COLOURS["line"]),
    "facts": _border("bottom", 2, COLOURS["line"]),
    "total": _border("top", 3, COLOURS["ink"]),
}


def _margins(side: int) -> Xml:
    return element(
        "w:tblCellMar", *(element(f"w:{tag}", w_w=side, w_type="dxa") for tag in ("left", "right"))
    )


# --- widths


def _signing(cells: list[list[str]], capacity: int) -> list[float]:
    """Room for a signature in the last column."""
    rest = (
        column_widths([row[:-1] for row in cells], int(capacity * _SIGNED_REST)) if len(cells[0]) > 1 else []
    )
    return [share * _SIGNED_REST for share in rest] + [1 - _SIGNED_REST]


def _rounded(shares: Sequence[float], width: int) -> list[int]:
    widths = [int(share * width) for share in shares]
    widths[-1] += width - sum(widths)
    return widths
