"""Cut the fonts of the PDF to the characters a plan needs, and write down which characters each of them has.

The sources are Debian's packages fonts-noto-core and fonts-dejavu-core; run `python tools/subset_fonts.py` with
fonttools installed. Only what this writes is committed: src/masterplan_cli/fonts/*.ttf and coverage.json.
"""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[1] / "src" / "masterplan_cli" / "fonts"
DEBIAN = Path("/usr/share/fonts/truetype")
#: Latin with all its accents, Greek, punctuation, currencies, letter-like signs and fractions.
TEXT = ((0x20, 0x7E), (0xA0, 0x24F), (0x2B9, 0x2DD), (0x300, 0x345), (0x384, 0x3CE), (0x1E00, 0x1EFF),
        (0x2000, 0x2027), (0x202F, 0x2060), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x218B), (0xFFFD, 0xFFFD))  # fmt: skip
SYMBOLS = ((0x20, 0x7E), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x237F), (0x2460, 0x2473), (0x2500, 0x266F),
           (0x2700, 0x27BF), (0x2B05, 0x2B1C))  # fmt: skip
ARABIC = (
    (0x20, 0x20),
    (0x600, 0x6FF),
    (0x750, 0x77F),
    (0xFB50, 0xFBB1),
    (0xFD3E, 0xFD3F),
    (0xFDF0, 0xFDFD),
    (0xFE80, 0xFEFC),
)
JAVANESE = ((0x20, 0x20), (0xA980, 0xA9DF))
CODE = ((0x20, 0x7E), (0xA0, 0x17F), (0x2010, 0x2026), (0x2190, 0x2193), (0x2500, 0x257F))
CUT = {
    **{f"noto/NotoSans-{style}.ttf": TEXT for style in ("Regular", "Bold", "Italic", "BoldItalic")},
    **{f"noto/NotoSerif-{style}.ttf": TEXT for style in ("Regular", "Bold", "Italic", "BoldItalic")},
    "noto/NotoNaskhArabic-Regular.ttf": ARABIC,
    "noto/NotoSansJavanese-Regular.ttf": JAVANESE,
    "dejavu/DejaVuSans.ttf": SYMBOLS,
    "dejavu/DejaVuSansMono.ttf": CODE,
}


def main() -> int:
    coverage: dict[str, set[int]] = {}
    for source, ranges in CUT.items():
        target = FONTS / Path(source).name
        _cut(DEBIAN / source, target, ranges)
        font = TTFont(target)
        family = font["name"].getBestFamilyName()
        has = set(font.getBestCmap())
        # A style that lacks a character would leave a hole: a family has what all its styles have.
        coverage[family] = coverage.get(family, has) & has
    text = json.dumps({family: _ranges(has) for family, has in sorted(coverage.items())}, indent=None)
    (FONTS / "coverage.json").write_text(text.replace('], "', '],\n "') + "\n", encoding="utf-8")
    size = sum(path.stat().st_size for path in FONTS.iterdir())
    print(f"{len(CUT)} fonts, {size / 1e6:.2f} MB")
    return 0


def _cut(source: Path, target: Path, ranges: tuple[tuple[int, int], ...]) -> None:
    options = subset.Options(hinting=False, name_IDs=["*"], notdef_outline=True, drop_tables=["FFTM", "DSIG"])
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga", "rlig", "rclt", "init",
                               "medi", "fina", "isol", "abvm", "blwm", "abvs", "blws", "abvf", "blwf", "pref", "pres",
                               "psts", "pstf", "half", "haln", "akhn", "rphf", "rkrf", "vatu", "cjct", "dist", "nukt", "tnum"]  # fmt: skip
    font = subset.load_font(str(source), options)
    font.recalcTimestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def _ranges(codes: set[int]) -> list[list[int]]:
    """The codes as pairs of first and last."""
    runs = groupby(enumerate(sorted(codes)), key=lambda pair: pair[1] - pair[0])
    return [[members[0][1], members[-1][1]] for members in (list(run) for _, run in runs)]


if __name__ == "__main__":
    sys.exit(main())
