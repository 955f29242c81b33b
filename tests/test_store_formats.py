"""Word and PDF with a store: what nothing touched is not made again, and the bytes are those of a build without one."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import typst

from masterplan_cli.store import Store
from masterplan_cli.svg import pngs_of

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100" width="400" height="100">'
    '<rect width="400" height="100" fill="#0b5d57"/></svg>'
)
DAY = datetime.date(2026, 1, 1)
PICTURES = {
    "chart:satu": ("image/svg+xml", SVG.encode()),
    "chart:dua": ("image/svg+xml", SVG.replace("<svg", '<svg class="b"').encode()),
    "peta.svg": ("image/svg+xml", SVG.encode()),
    "foto.png": ("image/png", b"\x89PNG"),
}


class Calls:
    """How often Typst was asked for each format."""

    def __init__(self) -> None:
        self.png = self.pdf = 0


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    counted = Calls()
    draw = typst.compile

    def drawn(*args: object, **options: object) -> object:
        counted.png += 1
        return draw(*args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(typst, "compile", drawn)
    return counted


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


# --- pictures as PNG


def test_what_needs_no_drawing_is_left_out() -> None:
    assert pngs_of(PICTURES).keys() == {"chart:satu", "chart:dua", "peta.svg"}


def test_equal_pictures_are_equal_whatever_they_are_called_and_drawn_with() -> None:
    together = pngs_of(PICTURES)
    alone = {name: pngs_of({name: picture}).get(name) for name, picture in PICTURES.items()}
    assert {name: png for name, png in alone.items() if png} == together
    assert together["chart:satu"] == together["peta.svg"]


def test_one_that_cannot_be_drawn_keeps_none_of_the_others_back() -> None:
    broken = ("image/svg+xml", b"<svg")
    assert pngs_of({"a.svg": broken, **PICTURES, "b.svg": broken}) == pngs_of(PICTURES)


def test_a_picture_does_not_find_the_one_beside_it() -> None:
    """Else its own look would hang on what else is drawn at that time."""
    names = [f'<image href="{name}" width="9" height="9"/>' for name in ("0.svg", "1.svg", "picture.svg")]
    reaching = ("image/svg+xml", SVG.replace("</svg>", "".join(names) + "</svg>").encode())
    together = pngs_of({"a.svg": reaching, **PICTURES})
    assert together.get("a.svg") == pngs_of({"a.svg": reaching}).get("a.svg")


def test_a_picture_is_drawn_once(store: Store, calls: Calls) -> None:
    first = pngs_of(PICTURES, store)
    drawn = calls.png
    assert pngs_of(PICTURES, store) == first == pngs_of(PICTURES)
    assert drawn == 1
    assert calls.png == 2  # the one without the store


def test_that_a_picture_cannot_be_drawn_is_kept_as_well(store: Store, calls: Calls) -> None:
    broken = {"a.svg": ("image/svg+xml", b"<svg")}
    assert pngs_of(broken, store) == {}
    drawn = calls.png
    assert pngs_of(broken, store) == {}
    assert calls.png == drawn
