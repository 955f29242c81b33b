"""How much room the parts of a book take on the pages of its PDF: columns of tables, rows, and whole blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from masterplan_cli.layout import column_widths, least_width
from masterplan_cli.tree import (
    Code,
    Definitions,
    Division,
    Figure,
    Footnote,
    Heading,
    Items,
    Line,
    Paragraph,
    Picture,
    Quote,
    Table,
    TreeNode,
    plain,
)

#: Widths of the text of a page in millimetres, upright and turned; as in templates/pdf/book.typ.
_TEXT_WIDTH = {"a4": (165, 253), "f4": (170, 286)}
#: The size of a table's text in points, upright and turned; no table is set smaller than the last.
SIZES, SMALLEST = (8.5, 8.0), 7.5
#: The width of an average character, as a part of the size.
_CHARACTER = 0.56
_POINTS = 72 / 25.4
#: The lines of a page, the characters of a line, the lines of a figure, and the part of a page that is too little for
#: a page of its own.
_LINES, _LINE_LENGTH, _FIGURE_LINES, _LITTLE = 50, 95, 20, 0.85
#: The estimate is generous: what it takes for so many pages fills about one, and is worth being measured.
_LONG = 1.55
#: So much of a page is no page by itself.
_SHORT = 0.33
#: A line is drawn below so many rows; so many stay together at a table's end, where they are short.
_FIFTH, _LAST_ROWS, _LONGEST_LAST = 5, 3, 400
#: As wide as a small picture in a cell.
_PICTURE = "0" * 8
#: So many characters of a name stand in a line beside more columns of figures than `MANY`.
_NAMES = 26
#: The space around a cell, in characters; a table of more columns is set in the smaller size.
PAD, MANY = 1.4, 10


def capacity(paper: str, size: float, *, landscape: bool = False) -> int:
    """How many characters a line of a table holds."""
    return int(_TEXT_WIDTH[paper][landscape] * _POINTS / (size * _CHARACTER))


def is_wide(table: Table, paper: str) -> bool:
    """Whether a table needs a turned page: its words do not fit an upright one, or its template asks for it."""
    upright = capacity(paper, SMALLEST)
    texts = texts_of(table)
    natural = sum(max(map(len, column)) + 2 for column in zip(*texts, strict=True))
    least = least_width(texts, PAD)
    if len(table.head) > MANY:
        # Beside many figures, names would otherwise be set in a column of one word a line.
        names = [row[:1] for row in texts]
        least += max(0, min(_NAMES, max(len(row[0]) for row in names)) - least_width(names))
    return least > upright or (table.wide and natural > upright)


def size_of(texts: Sequence[Sequence[str]], paper: str, *, landscape: bool) -> float:
    """The size in points of a table's text: the usual one, or less where its words would not fit."""
    size = SIZES[landscape or len(texts[0]) > MANY]
    room = capacity(paper, size, landscape=landscape) / least_width(texts, PAD)
    return max(SMALLEST, min(size, size * room))


def is_little(blocks: Sequence[TreeNode], paper: str) -> bool:
    """Whether blocks fill little of a page."""
    return _heights(blocks, paper) < _LITTLE * _LINES


def is_long(blocks: Sequence[TreeNode], paper: str) -> bool:
    """Whether blocks may run over their page."""
    return _heights(blocks, paper) > _LONG * _LINES


def has_short_lead(blocks: Sequence[TreeNode], paper: str) -> bool:
    """Whether little but a turned table stands in a stretch of pages: it needs no upright page of its own."""
    lead = list(takewhile(lambda block: not (isinstance(block, Table) and is_wide(block, paper)), blocks))
    return len(lead) < len(blocks) and _heights(lead, paper) < _SHORT * _LINES


def _height(block: TreeNode, paper: str) -> float:
    """About how many lines of text are as high as a block."""
    match block:
        case Heading():
            return 2.5
        case Paragraph():
            return 1.5 + len(plain(block.line)) / _LINE_LENGTH
        case Table():
            texts, most = texts_of(block), capacity(paper, SIZES[0])
            return 2.5 + 0.9 * lines_of(texts, room_in(column_widths(texts, most, PAD), most))
        case Figure():
            return _FIGURE_LINES
        case Code():
            return 2 + block.text.count("\n")
        case Items():
            return sum(_height(child, paper) for item in block.items for child in item)
        case Definitions():
            return 1 + sum(_heights(said, paper) - 0.3 for _, said in block.pairs)
        case Division() if block.name == "sheet":
            facts, text = sides(block.children)
            return max(1.5 * _heights(facts, paper), 1.3 * _heights(text, paper))
        case Quote() | Division():
            return 1 + _heights(block.children, paper)
    return 1


def _heights(blocks: Iterable[TreeNode], paper: str) -> float:
    return sum(_height(block, paper) for block in blocks)


def sides(children: Sequence[TreeNode]) -> tuple[list[Division], list[TreeNode]]:
    """The facts of a sheet, and the text beside them."""
    facts = [child for child in children if isinstance(child, Division) and child.name == "facts"]
    return facts, [child for child in children if child not in facts]


def texts_of(table: Table) -> list[list[str]]:
    """The words of a table's cells, as its columns hold them: those of a heading of rows go across."""
    rows = (row for row, kind in zip(table.rows, table.kinds, strict=True) if kind != "group")
    return [[_shown(cell) for cell in row] for row in (table.head, *rows)]


def _shown(cell: Line) -> str:
    """The words of a cell; a picture in it is as wide as some letters."""
    return "".join(_PICTURE if isinstance(inline, Picture) else plain((inline,)) for inline in cell)


def kept_rows(table: Table) -> int:
    """How many rows at the end of a table stay together: some, where it has more and they are short."""
    last = table.rows[-_LAST_ROWS:]
    short = all(len(plain(cell)) <= _LONGEST_LAST for row in last for cell in row)
    notes = any(isinstance(inline, Footnote) for row in last for cell in row for inline in cell)
    return _LAST_ROWS if len(table.rows) > _LAST_ROWS and short and not notes else 0


def rules_above(table: Table, number: int) -> list[str]:
    """The lines above a row: above a total, and below every fifth row."""
    if table.kinds[number]:
        return ["total-line"] if number else []
    after = number and number % _FIFTH == 0 and len(table.rows) > _FIFTH
    return ["fifth"] if after else []


def lines_of(texts: Sequence[Sequence[str]], room: Sequence[int]) -> int:
    """About how many lines a table takes."""
    return sum(
        max(1 + len(cell) // longest for cell, longest in zip(row, room, strict=True)) for row in texts
    )


def room_in(widths: Sequence[float], capacity: int) -> list[int]:
    """How many characters fit into a line of each cell; a hair's breadth, which rounding takes, costs none."""
    return [max(4, int(width * capacity - PAD + 0.01)) for width in widths]
