"""The colours of every format. `tests/test_palette.py` computes their contrasts, also for colour-blind eyes and grey print."""

from __future__ import annotations

from typing import NamedTuple


class Palette(NamedTuple):
    """Colours by their part: `ink` and `soft` write, `line` divides, `tint` lies behind.

    `categories` tell things apart; `funds` are those of the largest sources of funds, in their order, and of the rest.
    """

    brand: str
    ink: str
    soft: str
    line: str
    tint: str
    paper: str
    categories: tuple[str, ...]
    funds: tuple[str, ...]

    def category(self, index: int) -> str:
        """The colour of the n-th of several things; it comes again when there are more things than colours."""
        return self.categories[index % len(self.categories)]

    def edge(self, fill: str) -> str:
        """The colour of the edge that a light fill needs on paper; none for one that is seen without."""
        return "" if contrast(fill, self.paper) >= 3 else self.soft

    def on(self, fill: str) -> str:
        """The colour that text has on a fill: paper on dark, ink on light."""
        return self.paper if contrast(self.paper, fill) >= contrast(self.ink, fill) else self.ink


#: The lightnesses of the categories are 20, 32, 44, 56, 68 and 80, those of neighbours far apart: they differ in grey print
#: and for eyes that do not see red, green or blue.
PALETTE = Palette(
    brand="#0b5d57",
    ink="#1a1f26",
    soft="#55606e",
    line="#c3cbd5",
    tint="#eef3f2",
    paper="#ffffff",
    categories=("#00554f", "#b47a3a", "#4c2703", "#91ad8d", "#7858a8", "#8cd0e7"),
    funds=("#003733", "#005a54", "#40968e", "#74bab2", "#b0ddd7", "#995b37"),
)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
