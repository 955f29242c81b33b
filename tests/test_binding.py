"""A book that is set in parts: bound, it is the book that is set at once, and every tree of the file is whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from conftest import DEEP, REPO, SMALL_PLAN, pages_of, write
from masterplan_cli.blocks import Context, render_book
from masterplan_cli.cache.store import Store
from masterplan_cli.checking import check
from masterplan_cli.document import Document
from masterplan_cli.project import read_project
from masterplan_cli.templates import Templates
from masterplan_cli.typesetting import make_apart
from masterplan_cli.worker import Stopped
from masterplan_cli.writers import pdf, typst_parts
from masterplan_cli.writers.pdf import PdfJob
from masterplan_cli.writers.typst_parts import Origin, parts_of_source
from masterplan_cli.writers.typst_source import typst_source
from test_pdf import book, page_of, refused

pytestmark = pytest.mark.usefixtures("typst_here")
#: How many there are at least of what is compared.
MANY = 100 if DEEP else 20


def made(document: Document, root: Path = SMALL_PLAN, store: Store | None = None, **attached: bytes) -> bytes:
    files = {name.replace("_", "."): data for name, data in attached.items()}
    written = PdfJob(document, Templates(read_project(root)), "buku", files or None, store).make()
    assert not written.findings
    return bytes(written.files["buku.pdf"])


@pytest.fixture
def parted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every book is cut nearly wherever it can be."""
    monkeypatch.setattr(typst_parts, "WHOLE", 0)
    monkeypatch.setattr(typst_parts, "PART", 1000)


@pytest.fixture(scope="module")
def both() -> tuple[bytes, bytes]:
    """A book set at once and in parts: that of the small plan, in the deep tests that of the example plan."""
    document = book(REPO if DEEP else SMALL_PLAN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typst_parts, "WHOLE", 1 << 40)
        whole = made(document)
        patch.setattr(typst_parts, "WHOLE", 0)
        patch.setattr(typst_parts, "PART", 100_000 if DEEP else 5_000)
        assert len(parts_of_source(typst_source(document))) > 3
        return whole, made(document)


def opened(data: bytes) -> Pdf:
    return Pdf.open(io.BytesIO(data))


def elements(node: Any) -> Iterator[Any]:
    """All that a tree of tags holds, references to annotations included."""
    if isinstance(node, Array):
        for kid in node:
            yield from elements(kid)
    elif isinstance(node, Dictionary):
        yield node
        yield from elements(node.get(Name.K, Array()))


def tags(file: Pdf) -> list[Any]:
    return list(elements(file.Root.StructTreeRoot.K))


def pairs(tree: Any, kind: Name) -> list[tuple[Any, Any]]:
    values = list(tree.get(kind, ()))
    below = [pair for kid in tree.get(Name.Kids, ()) for pair in pairs(kid, kind)]
    return [*zip(values[::2], values[1::2], strict=True), *below]


def bookmarks(item: Any, level: int = 1) -> Iterator[tuple[int, str]]:
    while item is not None:
        yield level, str(item.Title)
        if Name.First in item:
            yield from bookmarks(item.First, level + 1)
        item = item.get(Name.Next)


def links(file: Pdf) -> list[Any]:
    return [annotation for page in file.pages for annotation in page.obj.get(Name.Annots, ())]


def places(file: Pdf) -> dict[str, Any]:
    return {str(name): place for name, place in pairs(file.Root.Names.Dests, Name.Names)}


# --- the same book


@pytest.mark.deep
def test_each_page_says_the_same(both: tuple[bytes, bytes]) -> None:
    whole, parts = both
    assert pages_of(parts) == pages_of(whole)


@pytest.mark.deep
def test_pages_are_called_the_same_and_bookmarks_are_the_same(both: tuple[bytes, bytes]) -> None:
    whole, parts = map(opened, both)
    assert [page.label for page in parts.pages] == [page.label for page in whole.pages]
    first = [list(bookmarks(file.Root.Outlines.First)) for file in (whole, parts)]
    assert first[0] == first[1]
    assert len(first[0]) > MANY


@pytest.mark.deep
def test_the_tags_are_the_same(both: tuple[bytes, bytes]) -> None:
    whole, parts = map(opened, both)
    told = [[(str(e.get(Name.S)), str(e.get(Name.Alt))) for e in tags(file)] for file in (whole, parts)]
    assert told[0] == told[1]


@pytest.mark.deep
def test_links_lead_to_the_same_pages(both: tuple[bytes, bytes]) -> None:
    whole, parts = map(opened, both)
    known = [dict.fromkeys(places(file)) for file in (whole, parts)]
    assert known[0].keys() <= known[1].keys()
    lead = []
    for file in (whole, parts):
        at = {name: int(pikepdf.Page(place[0]).index) for name, place in places(file).items()}
        lead.append([_page(link, at) for link in links(file)])
    assert lead[0] == lead[1]
    assert len(lead[0]) > 2 * MANY


def _page(link: Any, at: dict[str, int]) -> object:
    place = link.get(Name.Dest)
    if place is None:
        return str(link.A.URI)
    return int(pikepdf.Page(place[0]).index) if isinstance(place, Array) else at[str(place)]


# --- a whole file


@pytest.mark.deep
@pytest.mark.parametrize("which", [0, 1], ids=["at once", "in parts"])
def test_every_tree_is_whole(both: tuple[bytes, bytes], which: int) -> None:
    file = opened(both[which])
    known, named = tags(file), places(file)
    tree = file.Root.StructTreeRoot
    parents = {int(number): element for number, element in pairs(tree.ParentTree, Name.Nums)}
    assert len(parents) == len(pairs(tree.ParentTree, Name.Nums))
    assert max(parents) < int(tree.ParentTreeNextKey)
    tagged = {element.Obj.objgen for element in known if element.get(Name.Type) == Name.OBJR}
    pages = {page.obj.objgen for page in file.pages}
    for page in file.pages:
        owners = parents[int(page.obj.StructParents)]
        own = [owner for owner in owners if page.obj.objgen in _pages_of(owner)]
        assert len(own) == len(owners), "the tags of a page are of its own contents"
    for link in links(file):
        assert link.objgen in tagged
        assert Name.Link == parents[int(link.StructParent)].S
        assert str(link.Contents)
        assert not str(link.get(Name.A, Dictionary()).get(Name.URI, "")).startswith("masterplan:")
        if Name.Dest in link and not isinstance(link.Dest, Array):
            assert str(link.Dest) in named
    assert all(place[0].objgen in pages for place in named.values())
    assert list(named) == sorted(named, key=lambda name: bytes(pikepdf.String(name)))
    _ids_are_whole(file, known)


def _pages_of(element: Any) -> set[tuple[int, int]]:
    """The pages that an element of the tags has contents on."""
    kids = element.get(Name.K, Array())
    kids = kids if isinstance(kids, Array) else [kids]
    references = [kid for kid in kids if isinstance(kid, Dictionary)]
    return {thing.Pg.objgen for thing in (element, *references) if Name.Pg in thing}


def _ids_are_whole(file: Pdf, known: list[Any]) -> None:
    ids = [str(element.ID) for element in known if Name.ID in element]
    assert len(ids) == len(set(ids)) > MANY
    listed = pairs(file.Root.StructTreeRoot.IDTree, Name.Names)
    assert sorted(ids) == sorted(str(name) for name, _ in listed)
    assert all(str(element.ID) == str(name) for name, element in listed)
    for element in known:
        for attributes in element.get(Name.A, ()):
            assert {str(header) for header in attributes.get(Name.Headers, ())} <= set(ids)
        assert element.get(Name.Type) != Name.StructElem or Name.P in element


@pytest.mark.deep
def test_the_file_says_how_many_pages_it_has_and_is_compressed(both: tuple[bytes, bytes]) -> None:
    for data in both:
        file = opened(data)
        assert f"<xmpTPg:NPages>{len(file.pages)}<".encode() in file.Root.Metadata.read_bytes()
        assert b"/ObjStm" in data
        assert b"<</Type/StructElem" not in data


def test_the_bytes_are_the_same_each_time(parted: None) -> None:
    assert made(book(SMALL_PLAN)) == made(book(SMALL_PLAN))


# --- where a book is cut


def test_a_part_may_begin_in_the_midst_of_a_chapter(parted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typst_parts, "PART", 1)
    texts = (
        "# Satu\n\nAwal.\n\n## Dua\n\nIsi[^1].\n\n[^1]: Catatan satu.\n",
        "::: page\n### Tiga\n\nisi[^1] [^2]\n\n[^1]: Catatan dua.\n[^2]: Catatan tiga.\n:::\n",
    )
    first, second = map(page_of, texts)
    headings = (token for token in second.blocks[0].tokens if token.type == "heading_open")
    next(headings).attrs["id"] = "h3"
    document = replace(first, blocks=[*first.blocks, *second.blocks])
    assert len(parts_of_source(typst_source(document))) == 2
    data = made(document)
    file = opened(data)
    one, two = pages_of(data)
    assert "Satu" in two, "the running head"
    assert "1Catatansatu." in "".join(one.split())
    assert "2Catatandua." in "".join(two.split())
    assert [page.label for page in file.pages] == ["1", "2"]
    assert list(bookmarks(file.Root.Outlines.First)) == [(1, "Satu"), (2, "Dua"), (3, "Tiga")]
    assert [str(e.S) for e in tags(file) if str(e.get(Name.S)) in ("/H1", "/H2", "/H3")] == [
        "/H1",
        "/H2",
        "/H3",
    ]


def test_the_review_can_be_set_in_parts(plan: Path, parted: None) -> None:
    """The body of the review begins with a heading of the second level, below one that stands before it."""
    checked = check(plan)
    assert checked.plan
    document = render_book(
        checked.plan, checked.plan.books["review"], Context(None, True, checked.diagnostics), Templates(checked.plan.project)
    )  # fmt: skip
    in_parts = made(document, plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typst_parts, "WHOLE", 1 << 40)
        assert pages_of(made(document, plan)) == pages_of(in_parts)


def test_a_cover_of_the_plans_own_without_a_division_can_be_set_in_parts(plan: Path, parted: None) -> None:
    write(plan, "templates/cover.md.j2", "# Sampul sendiri\n\nKata.\n")
    assert "Sampul sendiri" in pages_of(made(book(plan), plan))[0]


def test_parts_end_only_where_a_page_ends(plan: Path, parted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Agencies with many duties stay together no more, and begin no page either."""
    tall = "".join(f"\n::: together\n:::\n\n## Bagian {n}\n\n{'Kata-kata. ' * 700}\n" for n in range(6))
    document = page_of(f"# Satu\n\nAwal.\n{tall}")
    in_parts = pages_of(made(document))
    monkeypatch.setattr(typst_parts, "WHOLE", 1 << 40)
    assert pages_of(made(document)) == in_parts


def test_the_word_contents_makes_no_list_of_a_part() -> None:
    source = typst_source(page_of("# Satu\n\nTeks contents( ini.\n"))
    assert not any(piece.has_lists for piece in parts_of_source(source))


def test_a_small_book_and_one_with_a_preamble_of_its_own_are_one_part(plan: Path, parted: None) -> None:
    assert len(PdfJob(book(plan), Templates(read_project(plan)), "buku").parts) > 3
    shipped = (REPO / "templates" / "pdf" / "book.typ").read_text("utf-8")
    write(plan, "templates/pdf/book.typ", shipped)
    assert len(PdfJob(book(plan), Templates(read_project(plan)), "buku").parts) <= 1
    assert len(parts_of_source(typst_source(page_of("# Satu\n")))) == 1


def test_the_archive_edition_in_parts_carries_the_data_once(plan: Path, parted: None) -> None:
    file = opened(made(book(plan), plan, buku_json=b"{}"))
    assert list(file.attachments) == ["buku.json"]
    assert len(file.Root.AF) == 1


def test_a_link_to_what_the_book_has_not_is_refused_at_its_block(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document leaves no such link; a mistake of ours must not become a link that leads nowhere."""
    source = typst_source(page_of("# Satu\n\nisi\n"))
    source.emit('#link("masterplan:tiada", "ke sana")', Origin("chapter", ""))
    monkeypatch.setattr(pdf, "typst_source", lambda *_: source)
    finding = refused(page_of("# Satu\n"), plan)
    assert finding.rule.code == "MP905"
    assert "tiada" in str(finding.args["reason"])
    assert finding.args["block"] == "chapter"


# --- what is kept, and what fails


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that workers were given."""
    given: list[str] = []

    def noting(task: str, *rest: Any) -> Any:
        given.append(task.rpartition(":")[2])
        return make_apart(task, *rest)

    monkeypatch.setattr(pdf, "make_apart", noting)
    return given


def test_a_changed_sentence_sets_its_part_again(
    plan: Path, tmp_path: Path, parted: None, tasks: list[str]
) -> None:
    store = Store(str(tmp_path / "store"))
    made(book(plan), plan, store)
    store.flush()
    assert tasks.count("set_task") > 3
    tasks.clear()
    _say(plan)
    changed = made(book(plan), plan, store)
    assert tasks[-1] == "bind_task"
    assert tasks.count("set_task") <= 2, "the pillar, and the contents if a page has moved"
    assert any("Kalimatbaru" in "".join(page.split()) for page in pages_of(changed))
    assert changed == made(book(plan), plan)


def _say(plan: Path) -> None:
    path = plan / "pillars/alfa/pillar.md"
    path.write_text(path.read_text("utf-8").rstrip("\n") + " Kalimat baru.\n", encoding="utf-8")


@pytest.mark.parametrize("task", ["set_task", "bind_task"])
def test_a_part_that_comes_to_no_end_leaves_no_book(
    plan: Path, parted: None, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    monkeypatch.setattr(
        pdf,
        "make_apart",
        lambda name, *rest: Stopped("time") if name.endswith(task) else make_apart(name, *rest),
    )
    finding = refused(book(plan), plan)
    assert (finding.rule.code, finding.variant) == ("MP905", "stopped")


def test_a_refusal_in_a_part_is_shown_at_the_file_that_part_is_about(
    plan: Path, parted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = book(plan)
    text = (REPO / "templates" / "pdf" / "book.typ").read_text("utf-8")
    text = text.replace(
        "#let side-facts(..pairs) =", '#let side-facts(..) = panic("x")\n#let unused(..pairs) ='
    )
    monkeypatch.setattr(Templates, "text", lambda *_: (text, "templates/pdf/book.typ"))
    finding = refused(document, plan)
    assert (finding.place.path, finding.args["block"]) == ("pillars/alfa/layanan.md", "program")
