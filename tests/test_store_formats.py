"""Word and PDF with a store: what nothing touched is not made again, and the bytes are those of a build without one."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import document_of, masterplan
from masterplan_cli import typesetting
from masterplan_cli.build import Built, Order, build
from masterplan_cli.cache.store import Store
from masterplan_cli.checking import check
from masterplan_cli.document import Document, Entry
from masterplan_cli.templates import Templates
from masterplan_cli.typesetting import make_apart, pngs_of, typeset
from masterplan_cli.worker import Stopped
from masterplan_cli.writers import pdf
from masterplan_cli.writers.docx import DocxJob
from masterplan_cli.writers.pdf import PdfJob

pytestmark = pytest.mark.usefixtures("typst_here")
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

    def drawing(*args: Any, **options: Any) -> Any:
        counted.png += 1
        return typeset(*args, **options)

    def setting(*args: Any) -> Any:
        counted.pdf += 1
        return make_apart(*args)

    monkeypatch.setattr(typesetting, "typeset", drawing)
    monkeypatch.setattr(pdf, "make_apart", setting)
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


# --- whole files


def built(root: Path, store: Store | None, *formats: str) -> Built:
    made = build(check(root, store=store), Order(formats=formats or ("pdf", "docx"), date=DAY), store=store)
    assert made.files
    if store:
        store.flush()
    return made


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def same(one: Built, other: Built) -> bool:
    return one.files == other.files and one.diagnostics == other.diagnostics


def test_a_second_build_asks_typst_for_nothing(plan: Path, store: Store, calls: Calls) -> None:
    first = built(plan, store)
    assert (calls.png > 0, calls.pdf) == (True, 1)
    drawn = calls.png
    assert same(built(plan, store), first)
    assert (calls.png, calls.pdf) == (drawn, 1)
    assert same(built(plan, None), first)


def test_an_edit_that_the_book_does_not_show_makes_no_file_anew(
    plan: Path, store: Store, calls: Calls
) -> None:
    first = built(plan, store)
    edit(plan, "masterplan.yaml", "title:", "# catatan\ntitle:")
    assert same(built(plan, store), first)
    assert calls.pdf == 1


def test_an_edit_that_the_book_shows_makes_the_same_as_without_a_store(
    plan: Path, store: Store, calls: Calls
) -> None:
    first = built(plan, store)
    drawn = calls.png
    edit(plan, "masterplan.yaml", "title: Rencana Kota Uji", "title: Rencana Lain")
    second = built(plan, store)
    assert calls.png == drawn, "no picture has changed"
    assert all(second.files[name] != first.files[name] for name in first.files)
    assert same(second, built(plan, None))


def test_what_the_pdf_warns_of_is_said_again(plan: Path, store: Store, calls: Calls) -> None:
    edit(plan, "masterplan.yaml", "title: ", "title: \N{GRINNING FACE} ")
    first = built(plan, store, "pdf")
    assert [d.code for d in first.diagnostics] == ["MP906"]
    assert same(built(plan, store, "pdf"), first)
    assert calls.pdf == 1


def test_a_file_that_was_refused_is_refused_again(plan: Path, store: Store) -> None:
    preamble = plan / "templates" / "pdf" / "book.typ"
    preamble.parent.mkdir(parents=True)
    preamble.write_text("#let", encoding="utf-8")
    order = Order(formats=("pdf",), date=DAY)
    refused = [build(check(plan, store=store), order, store=store) for _ in range(2)]
    assert refused[0] == refused[1]
    assert not refused[0].files


def test_a_file_that_would_push_all_else_out_is_not_kept(plan: Path, tmp_path: Path, calls: Calls) -> None:
    first = built(plan, None, "pdf")
    (size,) = map(len, map(bytes, first.files.values()))
    for limit, made in ((32 * size, 1), (32 * size - 1, 2)):
        calls.pdf, store = 0, Store(str(tmp_path / str(limit)), limit)
        assert same(built(plan, store, "pdf"), first)
        assert same(built(plan, store, "pdf"), first)
        assert calls.pdf == made


@pytest.mark.parametrize("damage", ["value = x'00'", "value = seal", "seal = ''", "key = 'x' || key"])
def test_an_entry_that_somebody_changed_is_made_anew(plan: Path, tmp_path: Path, damage: str) -> None:
    place = tmp_path / "store"
    first = built(plan, Store(str(place)))
    with closing(sqlite3.connect(next(place.glob("*.sqlite")))) as database, database:
        database.execute(f"UPDATE kept SET {damage}")
    assert same(built(plan, Store(str(place))), first)


# --- what stands for a file


@pytest.fixture
def document(plan: Path) -> Document:
    return document_of(plan, DAY)


CHANGES: dict[str, Callable[[Document], Document]] = {
    "title": lambda d: replace(d, title="Lain"),
    "date": lambda d: replace(d, date=datetime.date(2027, 1, 1)),
    "no date": lambda d: replace(d, date=None),
    "example": lambda d: replace(d, example=not d.example),
    "draft": lambda d: replace(d, draft=not d.draft),
    "author": lambda d: replace(d, author="Kota Lain"),
    "paper": lambda d: replace(d, paper="f4"),
    "font": lambda d: replace(d, font="serif"),
    "blocks": lambda d: replace(d, blocks=d.blocks[1:]),
    "pictures": lambda d: replace(d, pictures={**d.pictures, "chart:satu": PICTURES["chart:satu"]}),
    "entries": lambda d: replace(d, entries=[Entry(1, "lain", "Lain", front=False, chapter=1), *d.entries]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_document_says_its_files_stand_for(plan: Path, document: Document, change: str) -> None:
    templates, other = Templates(check(plan).project), CHANGES[change](document)
    assert DocxJob(other, None, "buku").key != DocxJob(document, None, "buku").key
    assert PdfJob(other, templates, "buku").key != PdfJob(document, templates, "buku").key


def test_a_word_file_stands_for_its_reference_as_well(document: Document) -> None:
    assert len({DocxJob(document, given, "buku").key for given in (None, b"", b"a")}) == 3


def test_a_pdf_stands_for_its_preamble_and_its_attachments_as_well(plan: Path, document: Document) -> None:
    def keys() -> set[str]:
        templates = Templates(check(plan).project)
        attached: tuple[dict[str, bytes], ...] = ({}, {"a.json": b"1"}, {"a.json": b"2"})
        return {PdfJob(document, templates, "buku", given).key for given in attached}

    before = keys()
    (plan / "templates" / "pdf").mkdir(parents=True)
    (plan / "templates" / "pdf" / "book.typ").write_text("#let x = 1", encoding="utf-8")
    assert len(before | keys()) == 6


def test_a_picture_that_comes_to_no_end_for_word_is_named_and_not_forgotten(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its trial went well before; what stopped it now may not do so again."""
    drawn = typesetting.typeset
    monkeypatch.setattr(typesetting, "typeset", lambda *_args, **_options: Stopped("crash"))
    store = Store(str(tmp_path / "cache"))
    with pytest.raises(typesetting.UndrawnError) as error:
        pngs_of(PICTURES, store)
    assert error.value.stopped == Stopped("crash")
    result = masterplan("build", plan, "--to", "html,docx")
    assert result.code == 1
    assert "`masterplan.docx` tidak dapat dibuat: gambar `chart:" in result.out
    assert (plan / "build/masterplan.html").exists()
    monkeypatch.setattr(typesetting, "typeset", drawn)
    assert pngs_of(PICTURES, store) == pngs_of(PICTURES)
