"""Drawing in SVG: shapes and text in points, text measured and cut without any font at hand.

Nothing here has an id, a style sheet or an address, so that many pictures may stand in one page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import accumulate, takewhile
from typing import Literal, TypeAlias, TypeVar

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]
Item = TypeVar("Item")

#: 165 mm, what lies between the margins of A4, in points; and what fits below a heading of that page.
WIDTH, HEIGHT = 467.0, 600.0
#: The sizes of text: no picture has a smaller one than the first.
SMALL, NORMAL = 7.5, 8.0
ELLIPSIS = "…"
_FONT = "Noto Sans, DejaVu Sans, sans-serif"


class _Widths(dict[str, float]):
    """Widths of characters; one that is not listed is judged by its kind."""

    def __missing__(self, char: str) -> float:
        self[char] = _unlisted(char)
        return self[char]


#: Widths in hundredths of the size: of Noto Sans and DejaVu Sans, the wider.
_WIDTHS = _Widths({
    char: width / 100
    for width, chars in {
        28: "'ijl", 30: "J", 32: " ,.\N{NO-BREAK SPACE}·‘’", 34: ":;I", 36: "f", 37: "-", 38: "/\\", 40: "()[]t",
        41: "!", 42: "r", 46: '"', 50: "_`–", 52: "“”§", 53: "sz", 54: "?", 55: "c", 56: "*L|", 58: "Fk",
        60: "vxy", 61: "P", 62: "TYaeo", 64: "$0123456789ESbdghnpqu{}", 66: "K", 69: "ABVXZ", 70: "CR", 74: "U",
        76: "HN", 78: "&DG", 79: "OQ", 82: "w", 84: "#+<=>^~→×±", 91: "M", 96: "%", 98: "m", 99: "W",
        100: "@…—",
    }.items()
    for char in chars
})  # fmt: skip
_LATIN, _OTHER, _WIDE, _BOLD = 0.85, 1.1, 1.4, 1.12
_NOT_XML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Chart:
    """A picture: its name among the document's pictures (`chart:…`), its SVG, caption and text alternative."""

    name: str
    svg: str
    caption: str
    alt: str


@dataclass
class Drawing:
    """A picture in the making; what is drawn later lies above."""

    width: float = WIDTH
    parts: list[str] = field(default_factory=list)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, stroke: str = "", *, dash: str = ""
    ) -> None:
        """A rectangle; its stroke is a line of 0.75 point."""
        self._add("rect", x=x, y=y, width=width, height=height, fill=fill, **_stroke(stroke, 0.75, dash))

    def line(self, start: Point, end: Point, stroke: str = PALETTE.line, width: float = 0.75) -> None:
        (x1, y1), (x2, y2) = start, end
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, **_stroke(stroke, width))

    def path(self, d: str, stroke: str, width: float = 1, dash: str = "") -> None:
        """A line along a path, not filled."""
        self._add("path", d=d, fill="none", **_stroke(stroke, width, dash))

    def area(self, d: str, fill: str, stroke: str) -> None:
        """What a path surrounds; what lies inside it twice is a hole."""
        self._add("path", d=d, fill=fill, fill_rule="evenodd", **_stroke(stroke, 0.75))

    def polygon(self, points: Iterable[Point], fill: str) -> None:
        self._add("polygon", points=" ".join(f"{_n(x)},{_n(y)}" for x, y in points), fill=fill)

    def circle(self, centre: Point, radius: float, fill: str, stroke: str = "", width: float = 1.2) -> None:
        self._add("circle", cx=centre[0], cy=centre[1], r=radius, fill=fill, **_stroke(stroke, width))

    def bar(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A bar in a colour; a light one has an edge, so that it is seen on paper."""
        self.rect(x, y, width, height, fill, PALETTE.edge(fill))

    def badge(self, x: float, y: float, number: int, fill: str) -> float:
        """A number in a box of a colour, 10 points high; how wide it is."""
        width = max(10.0, text_width(str(number), SMALL, bold=True) + 4)
        self.bar(x, y, width, 10, fill)
        at, on = (x + width / 2, y + 7.7), PALETTE.on(fill)
        self.text(at, str(number), width=width, size=SMALL, fill=on, anchor="middle", bold=True)
        return width

    def star(self, centre: Point, radius: float, fill: str) -> None:
        """A star of five points."""
        x, y = centre
        self.polygon([(x + radius * dx, y + radius * dy) for dx, dy in _STAR], fill)

    def text(
        self,
        at: Point,
        text: str,
        *,
        width: float,
        size: float = NORMAL,
        fill: str = PALETTE.ink,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        """A line of text on its baseline, cut where it would be wider than `width`."""
        shown = cut(text, width, size, bold=bold)
        weight = ' font-weight="bold"' if bold else ""
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(
            f'<text x="{_n(at[0])}" y="{_n(at[1])}" font-size="{_n(size)}" fill="{fill}"{weight}{place}>'
            f"{escape(shown, quote=False)}</text>"
        )

    def svg(self, height: float, *, bare: bool = False) -> str:
        """The picture as XML, its size in points; a bare one has neither text nor a ground."""
        w, h = _n(self.width), _n(height)
        font = "" if bare else f' font-family="{_FONT}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}pt" height="{h}pt" viewBox="0 0 {w} {h}"{font}>'
        ground = [] if bare else [f'<rect x="0" y="0" width="{w}" height="{h}" fill="{PALETTE.paper}"/>']
        return "\n".join([head, *ground, *self.parts, "</svg>"]) + "\n"

    def _add(self, tag: str, **attributes: str | float) -> None:
        written = (
            f'{k.replace("_", "-")}="{v if isinstance(v, str) else _n(v)}"' for k, v in attributes.items()
        )
        self.parts.append(f"<{tag} {' '.join(written)}/>")


#: Every second point of a star lies at 0.4 of its radius; sines and cosines of multiples of 36 degrees.
_STAR = [
    (0, -1), (0.2351, -0.3236), (0.9511, -0.309), (0.3804, 0.1236), (0.5878, 0.809),
    (0, 0.4), (-0.5878, 0.809), (-0.3804, 0.1236), (-0.9511, -0.309), (-0.2351, -0.3236),
]  # fmt: skip


def _stroke(colour: str, width: float, dash: str = "") -> dict[str, str | float]:
    if not colour:
        return {}
    dashed: dict[str, str | float] = {"stroke_dasharray": dash} if dash else {}
    return {"stroke": colour, "stroke_width": width, **dashed}


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def clean(text: str) -> str:
    """The text in one line, without what XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text).translate(_BREAKS)


_BREAKS = dict.fromkeys(map(ord, "\t\n\r\x85\u2028\u2029"), " ")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most in the fonts of the pictures."""
    return _advance(text) * size * (_BOLD if bold else 1)


@lru_cache(maxsize=4096)
def _advance(text: str) -> float:
    """How wide a text is at size 1; years and words come again in picture after picture."""
    return sum(map(_WIDTHS.__getitem__, text))


def _unlisted(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return _WIDE
    return _LATIN if char < "\u0250" and char not in "ƢǄǅǆǊǋǱǲǳ" else _WIDE if char > "\u3000" else _OTHER


def cut(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, or its beginning and `…` where it would be wider than `width`."""
    text = clean(text)
    if text_width(text, size, bold=bold) <= width:
        return text
    room = width - text_width(ELLIPSIS, size, bold=bold)
    ends = accumulate(text_width(char, size, bold=bold) for char in text)
    length = sum(1 for _ in takewhile(lambda end: end <= room, ends))
    return text[:length].rstrip() + ELLIPSIS


def wrapped(text: str, width: float, lines: int, size: float = NORMAL, *, bold: bool = False) -> list[str]:
    """The text in at most so many lines, broken between words; the last is cut."""
    words, out = clean(text).split(" "), [""]
    for index, word in enumerate(words):
        longer = f"{out[-1]} {word}".strip()
        if text_width(longer, size, bold=bold) <= width or not out[-1]:
            out[-1] = longer
        elif len(out) < lines:
            out.append(word)
        else:
            out[-1] = f"{out[-1]} {' '.join(words[index:])}"
            break
    return [cut(line, width, size, bold=bold) for line in out]


def pages(items: Sequence[Item], heights: Sequence[float], limit: float = HEIGHT) -> list[list[Item]]:
    """The items in their order, as many to a page as its height holds, at least one."""
    out: list[list[Item]] = []
    left = 0.0
    for item, height in zip(items, heights, strict=True):
        if not out or height > left:
            out.append([])
            left = limit
        out[-1].append(item)
        left -= height
    return out


def shared(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """The items in their order, in as few parts as hold at most so many, all of about one size."""
    count = -(-len(items) // max(1, most))
    size = -(-len(items) // count) if count else 1
    return [items[i : i + size] for i in range(0, len(items), size)]


def say(words: Both, plan: Plan, **args: object) -> str:
    """A sentence in the plan's language."""
    return words.of(plan.language).format(**args)


_PART = Both("bagian {number} dari {count}", "part {number} of {count}")


#: A name in a sentence is no longer than this, in points.
_NAMED = 260.0


def named(text: str) -> str:
    """A name as a sentence of a caption or text alternative holds it: a long one is cut."""
    return cut(text, _NAMED, SMALL)


def part_of(caption: str, plan: Plan, number: int, count: int) -> str:
    """A caption that says which of several pictures it belongs to."""
    return caption if count == 1 else f"{caption} ({say(_PART, plan, number=number, count=count)})"


def numbered(name: str, number: int) -> str:
    """The name of the n-th picture of a kind."""
    return f"chart:{name}" if number == 1 else f"chart:{name}-{number}"
