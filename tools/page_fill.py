"""Print how full each page of a PDF is, and the smallest type on it: `python tools/page_fill.py build/masterplan.pdf`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import hypot
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Pdf

#: The margins above and below the text, in millimetres, upright and turned; as in templates/pdf/book.typ.
MARGINS = ((24.0, 22.0), (24.0, 18.0))
#: A page that is less full than this looks left over.
THIRD = 1 / 3
#: What may stand above the heading of a section, in millimetres.
_ABOVE = 9.0
_POINTS = 72 / 25.4
_SHOWING, _PLACING = ("Tj", "TJ", "'", '"'), ("BT", "Tm", "Td", "TD")


class Mark(NamedTuple):
    """What is drawn: how high above the page's lower edge it ends, and the size of its type, or none of a picture."""

    bottom: float
    size: float | None


@dataclass(frozen=True)
class PageFill:
    """A page: how much of the height for its text is used, and the smallest size of type in points."""

    number: int
    turned: bool
    fill: float
    smallest: float | None
    #: Whether a chapter or a section begins with the page, or with the next one.
    opens: bool
    closes: bool

    @property
    def is_debris(self) -> bool:
        return self.fill < THIRD and not self.opens and not self.closes


def pages_of(path: Path) -> list[PageFill]:
    """What is told of each page; the covers of a book count as full."""
    with Pdf.open(path) as pdf:
        openings = set(_openings(pdf))
        return [_filled(page, number, openings, len(pdf.pages)) for number, page in enumerate(pdf.pages, 1)]


def _filled(page: pikepdf.Page, number: int, openings: set[int], last: int) -> PageFill:
    width, height = (float(side) for side in page.mediabox[2:])
    turned = width > height
    above, below = (margin * _POINTS for margin in MARGINS[turned])
    marks = list(_marks(page, page.obj.get(Name.Resources, Dictionary()), Matrix()))
    text = [mark for mark in marks if below - 1 <= mark.bottom <= height - above]
    used = height - above - min((mark.bottom for mark in text), default=height - above)
    sizes = [mark.size for mark in marks if mark.size]
    return PageFill(
        number,
        turned,
        used / (height - above - below),
        round(min(sizes), 2) if sizes else None,
        number in openings,
        number == last or number + 1 in openings,
    )


def _openings(pdf: Pdf) -> Iterator[int]:
    """The pages with which a chapter or a section begins, as the bookmarks tell them, and the first two of the book."""
    yield from (1, 2)
    objects = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
    places = {}
    tree = pdf.Root.get(Name.Names, Dictionary()).get(Name.Dests)
    if tree is not None:
        places = {str(name): place for name, place in pikepdf.NameTree(tree).items()}
    with pdf.open_outline() as outline:
        chapters = list(outline.root)
        for item in [*chapters, *(section for chapter in chapters for section in chapter.children)]:
            place: Any = item.destination
            place = place if isinstance(place, Array) else places.get(str(place))
            if isinstance(place, Array) and (item in chapters or _is_at_top(place)):
                yield objects[place[0].objgen]


def _is_at_top(place: Any) -> bool:
    """Whether a destination is where a page's text begins, or below a line above its heading."""
    return float(place[0].MediaBox[3]) - float(place[3]) < (MARGINS[0][0] + _ABOVE) * _POINTS


def _marks(content: Any, resources: Any, matrix: Matrix) -> Iterator[Mark]:
    """The texts and pictures that a page or a drawing shows."""
    kept: list[Matrix] = []
    text = Matrix()
    size = 0.0
    for instruction in pikepdf.parse_content_stream(content):
        operands, name = instruction.operands, str(instruction.operator)
        if name == "q":
            kept.append(matrix)
        elif name == "Q":
            matrix = kept.pop()
        elif name == "cm":
            matrix = Matrix(*map(float, operands)) @ matrix
        elif name == "Tf":
            size = float(operands[1])
        elif name in _PLACING:
            text = _placed(name, [float(number) for number in operands], text)
        elif name == "Do":
            yield from _drawn(resources.XObject[operands[0]], resources, matrix)
        elif name in _SHOWING:
            at = text @ matrix
            yield Mark(at.f, size * hypot(at.c, at.d))


def _placed(operator: str, numbers: list[float], before: Matrix) -> Matrix:
    """Where the next text stands."""
    if operator == "BT":
        return Matrix()
    return Matrix(*numbers) if operator == "Tm" else Matrix(1, 0, 0, 1, *numbers) @ before


def _drawn(thing: Any, resources: Any, matrix: Matrix) -> Iterator[Mark]:
    """What a drawing shows; a photograph ends at the lower edge of its square."""
    if thing.get(Name.Subtype) == Name.Form:
        own = Matrix(*map(float, thing.get(Name.Matrix, (1, 0, 0, 1, 0, 0)))) @ matrix
        yield from _marks(thing, thing.get(Name.Resources, resources), own)
    else:
        yield Mark(min(matrix.f, matrix.f + matrix.d), None)


def table(pages: Iterable[PageFill]) -> str:
    """The pages as a Markdown table."""
    rows = ["| Page | Full | Smallest type | |", "| ---: | ---: | ---: | --- |"]
    for page in pages:
        notes = [
            *(["turned"] if page.turned else []),
            *(["begins"] if page.opens else []),
            *(["**less than a third**"] if page.is_debris else []),
        ]
        size = "–" if page.smallest is None else f"{page.smallest:g} pt"
        rows.append(f"| {page.number} | {page.fill:.0%} | {size} | {', '.join(notes)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table(pages_of(Path(sys.argv[1]))))
