"""Tables: computed widths, repeated heads, rows that stay whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import lru_cache

from masterplan_cli.layout import column_widths, least_width, roomy_width
from masterplan_cli.tree import Line, Table, plain
from masterplan_cli.writers.docx.base import Base, PageLayout
from masterplan_cli.writers.docx.elements import TWIPS, Element, el, legal, on, paragraph
from masterplan_cli.writers.docx.text import Look

#: The width of a digit of the table's text, bold ones too, and the space beside a cell's text, in twips.
_CHARACTER = {"sans": 96.0, "serif": 118.0}
_PADDING = 85
#: The text's size, the smallest that is comfortable and the smallest that can be read, in half points.
_SIZE, _SMALL, _SMALLEST = 18, 15, 13
#: A cell of up to so many characters should stand in one line before a table is turned.
_ONE_LINE = 22
#: A table of no more rows and characters than these is kept on one page.
_SHORT_ROWS, _SHORT_TEXT = 14, 1500
#: The height of a row to sign, and the share of the other columns in its width.
_SIGNATURE, _SIGNED_REST = round(16 * TWIPS), 0.64
_FACT_SHARES = (0.3, 0.7)

Cell = Callable[[Line, Look], list[Element]]


def _cells(table: Table) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in (table.head, *table.rows)]


def _capacity(width: int, font: str) -> int:
    return int(width / _CHARACTER[font])


def turns(table: Table, page: PageLayout, font: str) -> bool:
    """Whether a table needs a turned page: one that may be wide for comfort, another to be read at all."""
    if not table.head:
        return False
    cells, capacity = _cells(table), _capacity(page.text_width, font)
    if table.wide:
        return roomy_width(cells, _ONE_LINE) > capacity
    return least_width(cells) * _SMALL > capacity * _SIZE


class Tables:
    """Builds tables of one document."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def table(self, table: Table, width: int, cell: Cell, *, signatures: bool = False) -> Element:
        """A table `width` twips wide; `cell` writes a line in a look."""
        cells, capacity = _cells(table), _capacity(width, self._base.document.font)
        least = least_width(cells)
        size = None if least <= capacity else max(_SMALLEST, int(_SIZE * capacity / least))
        capacity = capacity * _SIZE // (size or _SIZE)
        shares = _signing(cells, capacity) if signatures else column_widths(cells, capacity)
        rows = self._rows(
            table, _rounded(shares, width), cell, Look(cell=True, size=size), cells, signatures=signatures
        )
        description = plain(table.caption) if table.caption else None
        return self._frame("MasterplanTable", _rounded(shares, width), rows, description, size)

    def _rows(
        self,
        table: Table,
        widths: list[int],
        cell: Cell,
        look: Look,
        cells: list[list[str]],
        *,
        signatures: bool,
    ) -> list[Element]:
        """The head and the rows: a short table stays on one page, of a longer one the last row is not alone."""
        last = len(table.rows) - 1
        first_kept = 0 if not signatures and _is_short(cells) else last - 1
        height = _SIGNATURE if signatures else None
        head = self._row(
            table, table.head, widths, lambda line: cell(line, replace(look, head=True)), head=True
        )
        return [head] + [
            self._row(
                table,
                row,
                widths,
                lambda line: cell(line, look),
                keep=first_kept <= index < last,
                height=height,
            )
            for index, row in enumerate(table.rows)
        ]

    def facts(self, pairs: Sequence[tuple[list[Element], list[Element]]], width: int) -> Element:
        """Terms and what is said of them, side by side without lines."""
        widths = _rounded(_FACT_SHARES, width)
        for term, _ in pairs[:-1] if len(pairs) <= _SHORT_ROWS else ():
            term[0].get_or_add_pPr().get_or_add_keepNext()
        rows = [
            el("w:tr", el("w:trPr", el("w:cantSplit")), *(_cell(w, *c) for w, c in zip(widths, pair, strict=True)))
            for pair in pairs
        ]  # fmt: skip
        return self._frame("MasterplanFacts", widths, rows)

    def _frame(
        self,
        style: str,
        widths: list[int],
        rows: list[Element],
        description: str | None = None,
        size: int | None = None,
    ) -> Element:
        head = int(style == "MasterplanTable")
        flags = {"w_firstRow": head, "w_lastRow": 0, "w_firstColumn": 0, "w_lastColumn": 0}
        properties = el(
            "w:tblPr",
            el("w:tblStyle", w_val=self._base.ids[style]),
            el("w:tblW", w_w=sum(widths), w_type="dxa"),
            el("w:tblLayout", w_type="fixed"),
            _margins(_PADDING * size // _SIZE) if size else None,
            el("w:tblLook", w_val="0420" if head else "0400", **flags, w_noHBand=1 - head, w_noVBand=1),
            el("w:tblCaption", w_val=legal(description)) if description else None,
        )
        return el("w:tbl", properties, el("w:tblGrid", *(el("w:gridCol", w_w=w) for w in widths)), *rows)

    def _row(
        self,
        table: Table,
        row: Sequence[Line],
        widths: list[int],
        content: Callable[[Line], list[Element]],
        *,
        head: bool = False,
        keep: bool = False,
        height: int | None = None,
    ) -> Element:
        style = self._base.ids["TableHead" if head else "TableText"]
        properties = el(
            "w:trPr",
            el("w:cantSplit"),
            el("w:trHeight", w_val=height, w_hRule="atLeast") if height else None,
            on("tblHeader", wanted=head),
        )
        cells = []
        for width, line, align in zip(widths, row, table.aligns, strict=True):
            cell = copy(_empty_cell(width, style, align, keep=keep))
            cell[-1].extend(content(line))
            cells.append(cell)
        return el("w:tr", properties, *cells)


def _margins(side: int) -> Element:
    return el("w:tblCellMar", *(el(f"w:{tag}", w_w=side, w_type="dxa") for tag in ("left", "right")))


def _is_short(cells: list[list[str]]) -> bool:
    return len(cells) <= _SHORT_ROWS and sum(len(text) for row in cells for text in row) <= _SHORT_TEXT


def _cell(width: int, *content: Element) -> Element:
    return el("w:tc", el("w:tcPr", el("w:tcW", w_w=width, w_type="dxa")), *content)


@lru_cache(1024)  # the cells of a column differ in their text only: to copy one takes a tenth of the time
def _empty_cell(width: int, style: str, align: str, *, keep: bool) -> Element:
    side = None if align == "left" else el("w:jc", w_val=align)
    return _cell(width, paragraph(style, keepNext=on("keepNext", wanted=keep), jc=side))


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
