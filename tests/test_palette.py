"""Colours: told apart by every eye and in grey print, and read on what they lie on."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import pytest

from masterplan_cli.charts import PALETTE
from masterplan_cli.charts.palette import contrast


def _rgb(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def _linear(c: float) -> float:
    return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)


def _lab(linear: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b* of a linear sRGB colour under D65."""
    to_xyz = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (
        sum(m * c for m, c in zip(row, linear, strict=True)) / w for row, w in zip(to_xyz, white, strict=True)
    )
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


#: Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.0.
EYES = {
    "trichromacy": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def _seen(colour: str, eye: str) -> tuple[float, float, float]:
    linear = [_linear(c) for c in _rgb(colour)]
    return _lab(
        [min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear, strict=True)))) for row in EYES[eye]]
    )


def _lightness(colour: str) -> float:
    return _seen(colour, "trichromacy")[0]


def _distance(one: str, other: str, eye: str) -> float:
    return math.dist(_seen(one, eye), _seen(other, eye))


@pytest.mark.parametrize("eye", list(EYES))
def test_any_two_pillars_and_any_two_funds_differ_for_every_eye(eye: str) -> None:
    for one, other in combinations(PALETTE.categories, 2):
        assert _distance(one, other, eye) >= 25, (one, other)
    for one, other in combinations(PALETTE.funds, 2):
        assert _distance(one, other, eye) >= 12, (one, other)


def test_pillars_and_funds_differ_in_grey_print() -> None:
    lightness = [_lightness(colour) for colour in PALETTE.categories]
    assert sorted(lightness) == pytest.approx([20, 32, 44, 56, 68, 80], abs=1)
    around = [*PALETTE.categories, PALETTE.categories[0]]
    assert all(abs(_lightness(a) - _lightness(b)) >= 15 for a, b in pairwise(around)), (
        "the seventh looks as the first"
    )
    assert all(abs(_lightness(a) - _lightness(b)) >= 10 for a, b in combinations(PALETTE.funds, 2))
    assert all(_lightness(b) - _lightness(a) >= 10 for a, b in pairwise(PALETTE.funds[:-1])), "one ramp"


def test_text_and_graphics_have_the_contrast_that_wcag_asks() -> None:
    fills = (
        *PALETTE.categories,
        *PALETTE.funds,
        PALETTE.paper,
        PALETTE.tint,
        PALETTE.brand,
    )
    for fill in fills:
        assert contrast(PALETTE.on(fill), fill) >= 4.5, fill
    for fill in (PALETTE.paper, PALETTE.tint):
        assert contrast(PALETTE.ink, fill) >= 7
        assert contrast(PALETTE.soft, fill) >= 4.5
    for colour in (*PALETTE.categories, *PALETTE.funds):
        assert contrast(PALETTE.edge(colour) or colour, PALETTE.paper) >= 3
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
