"""How a sheet is printed: on one page's width while its type stays readable, else over several."""

from __future__ import annotations

from typing import Any

from masterplan_cli.writers.xlsx.names import printed

#: Excel's numbers of paper sizes.
_A3, _A4 = 8, 9
#: The longer side of A3 without its margins, and a margin, in inches.
_ROOM, _MARGIN = 16.54 - 2 * 0.4, 0.4
#: In pixels of a 96th of an inch: a character's width in the workbook's type of 11 points, and what a cell has around it.
_CHARACTER, _AROUND = 7, 5
#: The least percentage that a sheet is shrunk to: with a little to spare, its type is printed in 8 points.
LEAST_SCALE = 74


def set_up(page: Any, widths: list[float], frozen: int, marks: list[str], foot: str) -> None:
    """Turned A3, heads on every page, and what every reader must know first above them."""
    page.set_landscape()
    page.set_paper(_A3)
    page.set_margins(left=_MARGIN, right=_MARGIN, top=0.6 + 0.2 * len(marks), bottom=0.6)
    page.repeat_rows(0)
    if scale(widths) >= LEAST_SCALE:
        page.fit_to_pages(1, 0)
    else:
        page.set_print_scale(LEAST_SCALE)
        page.print_across()
        page.repeat_columns(0, max(frozen, 1) - 1)
    head_and_foot(page, marks, foot)


def set_up_opening(page: Any, marks: list[str], foot: str) -> None:
    """The page that says what stands where."""
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    head_and_foot(page, marks, foot)


def head_and_foot(page: Any, marks: list[str], foot: str) -> None:
    """The marks above; below, the sheet, the plan and its day, and which page of how many."""
    if marks:
        page.set_header("&L" + printed(marks, 250), {"margin": 0.3})
    page.set_footer("&L&A&C" + printed([foot], 200) + "&R&P / &N")


def scale(widths: list[float]) -> int:
    """The percentage at which columns of these widths, in characters, fill a page's width."""
    inches = sum(width * _CHARACTER + _AROUND for width in widths) / 96
    return int(100 * _ROOM / max(inches, 1))
