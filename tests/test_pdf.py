"""The PDF: what is in it, read back with pypdf; what cannot be printed is reported, never lost and never a traceback."""

from __future__ import annotations

import datetime
import io
import math
import re
import shutil
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from conftest import DAY, REPO, SMALL_PLAN, document_of, edit, every, pages_of, write
from masterplan_cli import fonts
from masterplan_cli.blocks import _with_captions
from masterplan_cli.diagnostics import Finding
from masterplan_cli.document import Block, Document, apply, outline_of, resolve
from masterplan_cli.layout import column_widths, least_width
from masterplan_cli.markdown import block_parser, escape, plain_text
from masterplan_cli.messages import Language
from masterplan_cli.project import read_project
from masterplan_cli.templates import Templates, shipped_text
from masterplan_cli.writers import Written
from masterplan_cli.writers.pdf import PdfJob, unprintable
from masterplan_cli.writers.typst_source import typst_source

pytestmark = pytest.mark.usefixtures("typst_here")
MM = 72 / 25.4
BAR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 20"><rect width="60" height="20"/><text y="15" font-family="Noto Sans">Batang</text></svg>'


def book(root: Path, *, draft: bool = False) -> Document:
    """The book of a plan's folder."""
    return document_of(root, DAY, draft=draft)


def made(document: Document, root: Path, attachments: dict[str, bytes] | None = None) -> Written:
    """The document as PDF, by the templates of a plan's folder."""
    return PdfJob(document, Templates(read_project(root)), "buku", attachments).make()


def refused(document: Document, root: Path) -> Finding:
    """Why a document cannot be a PDF."""
    files, [finding] = made(document, root)
    assert files == {}
    return finding


def page_of(markdown: str, **settings: Any) -> Document:
    """A book of one block, whose headings are `h1` and so on."""
    tokens = _with_captions(block_parser().parse(markdown))
    for number, token in enumerate((token for token in tokens if token.type == "heading_open"), 1):
        token.attrs["id"] = f"h{number}"
    block = Block("chapter", lambda: tokens)
    document = Document("Judul", Language.ID, DAY, False, False, **settings, blocks=[block])
    document.outlines = [outline_of(block)]
    document.resolved = resolve(document)
    apply(block, document.resolved[0])
    return document


def pdf(document: Document, root: Path = SMALL_PLAN, **attached: bytes) -> PdfReader:
    files = {name.replace("_", "."): data for name, data in attached.items()}
    return PdfReader(io.BytesIO(bytes(made(document, root, files or None).files["buku.pdf"])))


def text_of(reader: PdfReader) -> str:
    """All the text; spaces and the places where words may break say nothing here."""
    return squeezed("".join(texts_of(reader)))


def texts_of(reader: PdfReader) -> list[str]:
    """The text of each page."""
    assert isinstance(reader.stream, io.BytesIO)
    return pages_of(reader.stream.getvalue())


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b]+", "", text)


def catalogue(reader: PdfReader) -> Any:
    """The root of the file's objects."""
    return reader.trailer["/Root"]


def elements(reader: PdfReader) -> list[Any]:
    """The elements of the structure tree, in reading order."""
    return list(_elements(catalogue(reader)["/StructTreeRoot"]))


def _elements(node: Any) -> Iterator[Any]:
    node = node.get_object()
    if isinstance(node, ArrayObject):
        for kid in node:
            yield from _elements(kid)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _elements(node["/K"])


def bookmarks(reader: PdfReader) -> list[tuple[int, str]]:
    return list(_bookmarks(reader.outline, 1))


def _bookmarks(items: list[Any], level: int) -> Iterator[tuple[int, str]]:
    for item in items:
        if isinstance(item, list):
            yield from _bookmarks(item, level + 1)
        else:
            yield level, str(item.title)


def millimetres(reader: PdfReader) -> list[tuple[int, int]]:
    return [(round(float(p.mediabox.width) / MM), round(float(p.mediabox.height) / MM)) for p in reader.pages]


@pytest.fixture(scope="module")
def small() -> PdfReader:
    return pdf(book(SMALL_PLAN), SMALL_PLAN)


@pytest.fixture(scope="module")
def example_book() -> Document:
    return book(REPO)


@pytest.fixture(scope="module")
def example(example_file: Callable[[str], bytes]) -> PdfReader:
    return PdfReader(io.BytesIO(example_file("masterplan.pdf")))


@pytest.fixture(scope="module")
def example_elements(example: PdfReader) -> list[Any]:
    """The elements of the example's structure tree."""
    return elements(example)


@pytest.fixture(scope="module")
def example_pages(example_file: Callable[[str], bytes]) -> list[str]:
    """The text of each page of the example."""
    return [squeezed(text) for text in pages_of(example_file("masterplan.pdf"))]


# --- the file


def test_the_file_names_its_language_title_author_and_date(small: PdfReader) -> None:
    assert catalogue(small)["/Lang"] == "id-ID"
    assert small.metadata
    assert (small.metadata.title, small.metadata.author) == ("Rencana Kota Uji", "Kota Uji")
    assert small.metadata.creation_date == datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
    assert catalogue(small)["/ViewerPreferences"]["/DisplayDocTitle"]


def test_the_file_claims_the_archive_and_the_accessibility_standard(small: PdfReader) -> None:
    about = small.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in about
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert catalogue(small)["/OutputIntents"]


def test_a_book_without_a_date_is_made_all_the_same() -> None:
    document = replace(page_of("# Satu\n"), date=None)
    assert bookmarks(pdf(document)) == [(1, "Satu")]


def test_the_same_book_gives_the_same_bytes_in_any_folder(tmp_path: Path) -> None:
    places = [shutil.copytree(SMALL_PLAN, tmp_path / name) for name in ("a", "b/c d")]
    first, second = (made(book(place), place).files for place in places)
    assert first == second


def test_all_fonts_are_ours_and_inside_the_file(example: PdfReader) -> None:
    ours = {TTFont(path)["name"].getDebugName(6) for path in fonts.FOLDER.glob("*.ttf")}
    used = [
        font.get_object()
        for page in example.pages
        for font in page["/Resources"].get("/Font", {}).values()  # type: ignore[attr-defined]
    ]
    assert {str(font["/BaseFont"]).partition("+")[2] for font in used} <= ours
    for font in used:
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_a_regulation_is_set_in_a_serif_font_on_folio() -> None:
    reader = pdf(page_of("# Satu\n\nIsi.\n", paper="f4", font="serif"))
    assert millimetres(reader) == [(215, 330)]
    names = {str(f.get_object()["/BaseFont"]) for f in reader.pages[0]["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert all("NotoSerif" in name for name in names)


# --- what it holds


def test_bookmarks_are_the_headings_in_their_order(example: PdfReader, example_book: Document) -> None:
    titles = [
        plain_text(block.tokens[i + 1])
        for block in example_book.blocks
        for i, token in enumerate(block.tokens)
        if token.type == "heading_open" and block.name != "cover"
    ]
    assert [title for _, title in bookmarks(example)] == titles
    assert len(titles) > 200


def test_every_heading_cell_and_caption_of_the_book_is_in_the_text(small: PdfReader) -> None:
    text = text_of(small)
    document = book(SMALL_PLAN)
    inlines = [
        token
        for token in document.tokens()
        if token.type == "inline"
        and not (token.level == 1 and "{" in token.content)
        and not any(child.type == "image" for child in token.children or ())
    ]
    captions = [t.meta["caption"] for t in document.tokens() if t.meta.get("caption")]
    assert len(inlines) > 200
    for token in [*inlines, *captions]:
        assert squeezed(plain_text(token)).lower() in text.lower()


def test_structure_names_headings_tables_and_the_contents(small: PdfReader) -> None:
    count = Counter(str(element["/S"]) for element in elements(small))
    assert count["/Document"] == 1
    assert count["/Table"] == count["/THead"] == count["/TBody"] > 8
    assert count["/TH"] > 40
    assert count["/TOCI"] > 20
    assert count["/H1"] > 5


def test_rows_of_tables_have_heads(example_elements: list[Any]) -> None:
    rows = [element for element in example_elements if element["/S"] == "/TR"]
    firsts = [row["/K"][0].get_object() for row in rows if isinstance(row["/K"], ArrayObject)]
    scopes = Counter(
        str(attribute.get("/Scope"))
        for cell in firsts
        if cell["/S"] == "/TH"
        for attribute in cell["/A"]
        if attribute.get_object()["/O"] == "/Table"
    )
    plain_cells = [cell for cell in firsts if cell["/S"] == "/TD" and "/K" in cell]
    assert scopes["/Row"] > 500
    assert scopes["/Column"] > 50
    assert all("/ColSpan" in cell["/A"][0] for cell in plain_cells)
    assert "/TFoot" not in {element["/S"] for element in example_elements}, "its last rows are no foot"


def test_a_picture_has_its_text_alternative_its_caption_and_its_words(plan: Path) -> None:
    write(plan, "assets/peta.svg", BAR)
    chapter = next((plan / "chapters").glob("*.md"))
    write(
        plan,
        str(chapter.relative_to(plan)),
        chapter.read_text("utf-8") + '\n![Peta wilayah](../assets/peta.svg "Wilayah kota")\n',
    )
    reader = pdf(book(plan), plan)
    figures = [e for e in elements(reader) if e["/S"] == "/Figure"]
    assert "Peta wilayah" in [figure["/Alt"] for figure in figures]
    assert "Gambar1.1Wilayahkota" in text_of(reader)
    assert "Batang" in text_of(reader)


def test_a_picture_without_a_text_alternative_takes_its_caption_or_its_name(plan: Path) -> None:
    write(plan, "assets/peta.svg", BAR)
    chapter = next((plan / "chapters").glob("*.md"))
    more = '\n![](../assets/peta.svg "Wilayah")\n\n![](../assets/peta.svg)\n\nDi sini ![](../assets/peta.svg) ada.\n'
    write(plan, str(chapter.relative_to(plan)), chapter.read_text("utf-8") + more)
    alts = [e["/Alt"] for e in elements(pdf(book(plan), plan)) if e["/S"] == "/Figure"]
    first = alts.index("Wilayah")
    assert alts[first : first + 3] == ["Wilayah", "assets/peta.svg", "assets/peta.svg"]


def test_footnotes_are_notes_at_the_foot_of_the_page() -> None:
    reader = pdf(
        page_of(
            "# Satu\n\nKata[^1] dan **kata**[^2].\n\n[^1]: Sumber satu.\n[^2]: Sumber\n\n    dua alinea.\n"
        )
    )
    assert [str(e["/S"]) for e in elements(reader)].count("/Note") == 2
    lines = reader.pages[0].extract_text().split("\n")
    assert next(i for i, line in enumerate(lines) if "Sumber satu" in line) > next(
        i for i, line in enumerate(lines) if "Kata" in line
    )


NOTES = {
    "in one paragraph": "Kata[^1] dan kata[^1].\n\n[^1]: Sumber pertama.",
    "in two sections": "Kata[^1].\n\n## Dua\n\nKata[^1].\n\n[^1]: Sumber pertama.",
    "in a list": "- kata[^1]\n- kata[^1]\n\n[^1]: Sumber pertama.",
    "in a table": "| kata[^1] |\n| --- |\n| kata[^1] |\n\n[^1]: Sumber pertama.",
    "in a caption": "::: table\nKata[^1]\n\n| a |\n| --- |\n| kata[^1] |\n:::\n\n[^1]: Sumber pertama.",
    "in a heading": "## Kata[^1]\n\nKata[^1].\n\n[^1]: Sumber pertama.",
    "in another note": "Kata[^1] dan kain[^2].\n\n[^1]: Sumber pertama.\n[^2]: Kata[^1].",
    "before it": "Kain[^2] dan kata[^1].\n\n[^1]: Sumber pertama.\n[^2]: Kata[^1].",
    "in itself": "Kata[^1].\n\n[^1]: Sumber pertama, kata[^1].",
}


@pytest.mark.parametrize("text", NOTES.values(), ids=NOTES)
def test_a_note_is_printed_once_however_often_it_is_cited(text: str) -> None:
    reader = pdf(page_of(f"# Satu\n\n{text}\n"))
    said = squeezed(text_of(reader))
    assert [e["/S"] for e in elements(reader)].count("/Note") == text.count("]:")
    [number] = re.findall(r"(\d)Sumberpertama", said)
    assert len(re.findall(f"[Kk]ata{number}", said)) == 2, "both marks show its number"


def test_the_contents_the_lists_and_the_running_heads_leave_notes_out() -> None:
    lists = "# Isi\n\n::: contents\n:::\n\n::: tables\n:::\n\n"
    table = "::: table\nTabel kecil[^2]\n\n| a |\n| --- |\n| b[^1] |\n:::\n"
    text = f"# Judul[^1]\n\n{table}\n{'kata ' * 900}\n\n[^1]: Sumber judul.\n[^2]: Sumber tabel.\n"
    reader = pdf(page_of(lists + text))
    first, second, third = (squeezed(page.extract_text()) for page in reader.pages)
    assert "Sumber" not in first
    assert re.search(r"Judul[.]+2.*Tabel2\.1Tabelkecil[.]+2", first)
    assert "1Sumberjudul.2Sumbertabel." in second
    assert third.startswith("Judulkata")
    assert "Sumber" not in third


def lefts(page: Any) -> dict[str, float]:
    """Where each stretch of a page's text begins, from its left edge."""
    found: dict[str, float] = {}

    def see(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        if text.strip():
            found[text.strip()] = round(cm[0] * tm[4] + cm[4], 1)

    page.extract_text(visitor_text=see)
    return found


def test_all_that_a_note_says_hangs_beside_its_number() -> None:
    note = "[^1]: Alfa satu.\n\n    Beta dua.\n\n    - gama\n\n    | delta |\n    | --- |\n    | c |\n\n    Akhir.\n"
    page = pdf(page_of(f"# Satu\n\nKata[^1] lalu[^2].\n\n{note}[^2]: - butir\n")).pages[0]
    left = lefts(page)
    assert left["Alfa satu."] == left["Beta dua."] == left["Akhir."] < left["gama"]
    assert left["Alfa satu."] < left["delta"]
    assert left["gama"] == left["butir"]
    lines = page.extract_text().split("\n")
    assert any(re.fullmatch(r"1\s*Alfa satu\.", line.strip()) for line in lines), lines


def test_a_heading_inside_a_note_is_no_chapter() -> None:
    reader = pdf(page_of("# Satu\n\n[ke sana](#h2) [^1]\n\n[^1]: # Dua\n\n    isi\n"))
    assert [title for _, title in bookmarks(reader)] == ["Satu"]
    assert len(reader.pages) == 1


def test_a_note_without_words_has_a_line_of_its_own() -> None:
    page = pdf(page_of("# Satu\n\na[^1] b[^2]\n\n[^1]:\n[^2]: isi\n")).pages[0]
    lines = map(squeezed, page.extract_text().split("\n"))
    assert [line for line in lines if line.endswith(("–", "isi"))] == ["1–", "2isi"]


def test_links_lead_to_headings_and_to_the_web(small: PdfReader) -> None:
    reader = pdf(page_of("# Satu\n\n[ke dua](#h2), [web](https://contoh.go.id/a?b=1)\n\n# Dua\n"))
    links = [a.get_object() for a in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert [a["/A"].get("/URI") for a in links if "/A" in a] == ["https://contoh.go.id/a?b=1"]
    assert len(links) == 2


def test_chapters_are_numbered_in_roman_and_front_pages_by_small_letters(
    example: PdfReader, example_pages: list[str]
) -> None:
    assert example.page_labels[1:4] == ["i", "ii", "iii"]
    first = example.page_labels.index("1")
    assert example_pages[first].startswith("CONTOH")
    assert "BABIPendahuluan" in example_pages[first]


def test_a_running_head_names_the_chapter_except_where_it_opens(
    example: PdfReader, example_pages: list[str]
) -> None:
    opening = example.page_labels.index("2")
    assert example_pages[opening].startswith("Pendahuluan")
    first = example.page_labels.index("1")
    assert example_pages[first].count("Pendahuluan") == 1, (
        "the page that a chapter opens has its heading alone"
    )


def test_the_contents_list_programs_but_not_the_headings_inside_texts(example_pages: list[str]) -> None:
    contents = "".join(example_pages[4:8])
    assert "MalPelayananPublikDigital" in contents
    assert "Kondisisaatini" not in contents


def test_wide_tables_stand_on_turned_pages_with_their_headings_and_no_page_is_empty(
    example: PdfReader, example_pages: list[str]
) -> None:
    assert set(millimetres(example)) == {(210, 297)}
    assert min(map(len, example_pages)) > 150
    head = " | ".join(f"{n}000000" for n in range(10, 26))
    table = f"::: table\nLebar\n\n| {head} |\n|{' --- |' * 16}\n|{' 1 |' * 16}\n:::\n\n"
    made = pdf(page_of(f"# Satu\n\n{'Teks. ' * 300}\n\n## Di atasnya\n\n{table}# Dua\n\nTeks.\n"))
    assert millimetres(made) == [(210, 297), (297, 210), (210, 297)]
    assert "Diatasnya" in squeezed(made.pages[1].extract_text())


@pytest.mark.parametrize(("words", "upright"), [(20, 1), (300, 2)])
def test_a_short_text_before_a_turned_table_takes_no_page_of_its_own(words: int, upright: int) -> None:
    head = " | ".join(f"{n}000000" for n in range(10, 26))
    table = f"| {head} |\n|{' --- |' * 16}\n|{' 1 |' * 16}\n"
    made = pdf(page_of(f"# Satu\n\nAwal.\n\n::: page\n:::\n\n{'Teks. ' * words}\n\n{table}"))
    assert millimetres(made) == [(210, 297)] * upright + [(297, 210)]


def test_whatever_stands_beside_the_facts_of_a_sheet_is_printed() -> None:
    facts = "::: facts\n\n**Satu**\n: fakta\n\nKalimat tambahan.\n\n- butir\n\n:::\n"
    sheet = f":::: sheet\n\n{facts}\nUraian.\n\n::::\n"
    opener = ":::: opener\n\nDi atas\n\n- daftar\n\n## Judul\n\n::::\n"
    text = text_of(pdf(page_of(f"# Bab\n\n{opener}\n{sheet}")))
    for said in ("Satu", "fakta", "Kalimattambahan.", "butir", "Uraian.", "Diatas", "daftar", "Judul"):
        assert said.lower() in text.lower()


def test_a_long_name_on_a_sheet_to_sign_makes_its_row_higher() -> None:
    name = "Kepala Dinas Komunikasi, Informatika, Statistik, dan Persandian Kabupaten " * 6
    table = "| No. | Pejabat | Tanda tangan |\n| ---: | --- | --- |\n"
    rows = f"| 1 | Wali Kota | |\n| 2 | {name} | |\n| 3 | Sekretaris | |\n"
    page = pdf(page_of(f"# Bab\n\n::: signatures\n\n{table}{rows}\n:::\n")).pages[0]
    heights: dict[str, list[float]] = {}

    def note(text: str, cm: Any, tm: Any, *_: Any) -> None:
        for word in text.split():
            heights.setdefault(word, []).append(float(cm[5] + tm[5] * cm[3]))

    page.extract_text(visitor_text=note)
    assert max(heights["Wali"]) > max(heights["Kepala"]) + 10
    assert min(heights["Kabupaten"]) > max(heights["Sekretaris"]) + 10


def test_tables_are_numbered_by_chapter() -> None:
    table = "::: table\n{}\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n:::\n\n"
    text = f"# Satu\n\n{table.format('Pertama')}{table.format('Kedua')}# Dua\n\n{table.format('Ketiga')}"
    document = page_of(text)
    assert re.findall(r"Tabel(\d\.\d)(\w{5,6})a", text_of(pdf(document))) == [
        ("1.1", "Pertam"), ("1.2", "Kedua"), ("2.1", "Ketiga"),
    ]  # fmt: skip


def test_a_draft_and_an_example_say_so_on_every_page(plan: Path) -> None:
    document = replace(book(plan), draft=True, example=True)
    pages = [squeezed(text) for text in texts_of(pdf(document, plan))]
    for text in pages:
        assert "DRAF" in text
        assert "CONTOH" in text
    assert "DRAF–pemeriksaan" in pages[0]
    assert "CONTOH–anggaran" in pages[0]


def test_the_archive_edition_carries_the_data(plan: Path) -> None:
    reader = pdf(book(plan), plan, buku_xlsx=b"PK data", buku_json=b"{}")
    assert {name: data[0] for name, data in reader.attachments.items()} == {
        "buku.xlsx": b"PK data",
        "buku.json": b"{}",
    }
    about = reader.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in about
    files = [f.get_object() for f in catalogue(reader)["/AF"]]
    assert {str(f["/AFRelationship"]) for f in files} == {"/Data"}
    assert all(f["/Desc"] for f in files)


# --- what could break it

HOSTILE = [
    "#", "$", "\\", "@", "<", "_", "*", "`", "~", "\"", "'", "--", "...", "[a](b)", "#panic()", '"; panic(); "', "//x", "/*y*/",
    "= h", "- li", "{x}", "<label>", "@ref", "$x$", "العربية", "ꦗꦮ", "✓ ✗ ☐ ☑ → ≥ ▲ ● ■", "漢字", "😀", "👨\u200d👩\u200d👧",
    "a\u00adb", "nol\x00nol", "\ue000", "\uffff", "\u202ekiri", "kata\u2028baru", "kata\u0301", "\ufeff", "\U000e0041",
]  # fmt: skip


@pytest.mark.deep
@pytest.mark.parametrize("hostile", every(3, HOSTILE), ids=ascii)
@pytest.mark.filterwarnings("ignore")
def test_a_hostile_text_appears_or_is_reported(hostile: str) -> None:
    safe = escape(hostile)
    document = page_of(
        f"# {safe}\n\n## A {safe} Z\n\nawal {safe} akhir[^1]\n\n| {safe} | b |\n| --- | --- |\n| {safe} | c |\n\n[^1]: {safe}\n"
    )
    text = text_of(pdf(document))
    reported = {
        str(f.args["character"]): str(f.args["code"])
        for f in unprintable(document, typst_source(document).missing)
    }
    for character in hostile:
        code = reported.get(character)
        if code:
            assert code in text
        elif character.isprintable() and not character.isspace():
            assert character in text
    assert "awal" in text


def test_a_character_without_a_glyph_is_reported_where_it_was_written(plan: Path) -> None:
    edit(plan, "masterplan.yaml", "title: Rencana Kota Uji", "title: Rencana Kota Uji 😀")
    document = book(plan)
    [finding] = unprintable(document, typst_source(document).missing)
    assert (finding.rule.code, finding.place.path) == ("MP906", "masterplan.yaml")
    assert finding.place.span
    assert (finding.place.span.line, finding.place.span.column) == (1, 25)
    assert "U+1F600" in finding.says(Language.ID)[0]


def test_coverage_says_what_the_fonts_have() -> None:
    for path in fonts.FOLDER.glob("*.ttf"):
        font = TTFont(path)
        if font["name"].getDebugName(1) == "DejaVu Sans Mono":
            continue
        missing = fonts.missing("serif" if "Serif" in path.name else "sans")
        assert not [c for c in font.getBestCmap() if missing.match(chr(c))]


@pytest.mark.parametrize("markdown", ["### Tiga\n\n# Satu\n\n#### Empat\n", "###### Enam\n", "#\n\nteks\n"])
def test_skipped_and_empty_headings_do_not_stop_the_book(markdown: str) -> None:
    levels = [level for level, _ in bookmarks(pdf(page_of(markdown)))]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_a_table_of_any_width_and_a_cell_of_any_length_stay_on_their_pages() -> None:
    many = 26
    row = "| " + " | ".join(f"Pertanggungjawaban{n}" for n in range(many)) + " |\n"
    long = "kata " * 1900
    document = page_of(
        f"# Satu\n\n{row}|{' --- |' * many}\n{row}\n\n| a | b |\n| --- | --- |\n| {long} | {'x' * 500} |\n"
    )
    reader = pdf(document)
    assert text_of(reader).count("kata") == 1900
    assert text_of(reader).count("x") == 500
    assert (297, 210) in millimetres(reader)


def test_a_heading_may_hold_a_note_a_link_and_code() -> None:
    contents = "# Isi\n\n::: contents\n:::\n\n"
    document = page_of(
        f"{contents}# Judul[^1] [taut](https://contoh.go.id) `kode`\n\n{'kata ' * 900}\n\n[^1]: Catatan.\n"
    )
    assert [title for _, title in bookmarks(pdf(document))] == ["Isi", "Judul taut kode"]


def test_a_heading_that_is_a_picture_shows_its_words() -> None:
    document = page_of("# Satu\n\n## ![Batang](<chart:a>)[^1]\n\nteks\n\n[^1]: Catatan.\n")
    document.pictures["chart:a"] = ("image/svg+xml", BAR.encode())
    reader = pdf(document)
    assert [title for _, title in bookmarks(reader)] == ["Satu", "Batang"]
    assert "Catatan." in text_of(reader)


def test_lists_of_tables_and_figures_name_them_with_their_pages() -> None:
    lists = "# Daftar\n\n::: tables\n:::\n\n::: figures\n:::\n\n"
    table = "::: table\nPertama\n\n| a |\n| --- |\n| b |\n:::\n"
    document = page_of(f"{lists}# Satu\n\n{table}\n::: figure\nBatang naik\n\n![Batang](<chart:a>)\n\n:::\n")
    document.pictures["chart:a"] = ("image/svg+xml", BAR.encode())
    first = squeezed(pdf(document).pages[0].extract_text())
    assert re.search(r"Tabel2\.1Pertama[.]+2.*Gambar2\.1Batangnaik[.]+2", first)


def test_a_short_table_is_not_split_over_two_pages() -> None:
    table = "| Tahun | Jumlah |\n| --- | --- |\n" + "".join(f"| 20{n} | baris{n} |\n" for n in range(22, 30))
    for lines in (30, 34, 38, 42):
        before = "".join(f"- butir {n}\n" for n in range(lines))
        pages = [squeezed(t) for t in texts_of(pdf(page_of(f"# Satu\n\n{before}\n{table}")))]
        assert [p for p in pages if "baris22" in p] == [p for p in pages if "baris29" in p]


def test_a_heading_and_a_caption_stay_with_what_follows_them() -> None:
    rows = "".join(f"| {n} | isi |\n" for n in range(30))
    table = f"::: table\nKeterangan tabel\n\n| kepala | b |\n| --- | --- |\n| pertama | b |\n{rows}:::\n"
    for lines in range(30, 46, 3):
        before = "".join(f"- butir {n}\n" for n in range(lines))
        document = page_of(f"# Satu\n\n{before}\n## Judul penting\n\n{table}")
        pages = [squeezed(text) for text in texts_of(pdf(document))]
        [page] = [page for page in pages if "Judulpenting" in page]
        assert "Keterangantabel" in page
        assert "pertama" in page


def test_a_head_with_links_and_notes_may_repeat() -> None:
    rows = "".join(f"| {n} | isi |\n" for n in range(80))
    document = page_of(f"# Satu\n\n| [a](#h1) | b[^1] |\n| --- | --- |\n{rows}\n[^1]: Catatan.\n")
    assert "Catatan" in text_of(pdf(document))


def test_an_amount_is_not_broken_between_its_sign_and_its_number() -> None:
    amount = "Rp\u00a0148.275.000.000"
    assert least_width([["a"], [amount]]) == len(amount) + 2
    widths = column_widths([["Uraian", "Jumlah"], ["kata " * 200, amount]], 60)
    assert widths[1] * 60 >= len(amount)


def test_a_column_as_narrow_as_its_longest_word_holds_that_word() -> None:
    for words in range(20, 80):
        cells = f"Environment | {'kata ' * words}| {'isi ' * 30}"
        document = page_of(f"# Satu\n\n| Dimensi | Uraian | Isi |\n| --- | --- | --- |\n| {cells}|\n")
        assert "Environment" in typst_source(document).text(), f"{words} words beside it"


def test_widths_do_not_tell_how_a_python_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Since 3.12 `sum` loses no digits, and Windows has another `pow`: the last digits are not the same everywhere."""
    tables = [
        [["Dimensi", "Uraian", "Isi", "Ket"], ["a " * a, "kata " * b, "isi " * 41, "x" * 9]]
        for a in range(20, 40)
        for b in range(30, 50)
    ]
    here = [column_widths(table, 97) for table in tables]
    monkeypatch.setattr("masterplan_cli.layout.sum", math.fsum, raising=False)
    assert [column_widths(table, 97) for table in tables] == here


def test_a_long_address_does_not_starve_the_other_columns() -> None:
    address = "https://contoh.go.id/" + "x" * 300
    widths = column_widths([["Alamat", "Uraian"], [address, "kata " * 40]], 90)
    assert widths[1] > 0.3
    assert least_width([[address, "a"]]) < 40


@pytest.mark.parametrize(
    ("preamble", "line"),
    [
        ("#let book(\n", 1),
        ("#let a = 1\n#let b = panic(a)\n", 2),
        ("", 1),
        ('#import "/etc/passwd": *\n', 1),
    ],
)
def test_a_broken_preamble_of_the_plan_is_shown_at_its_line(plan: Path, preamble: str, line: int) -> None:
    write(plan, "templates/pdf/book.typ", preamble)
    finding = refused(book(plan), plan)
    assert (finding.rule.code, finding.place.path) == ("MP905", "templates/pdf/book.typ")
    assert finding.place.span
    assert finding.place.span.line == line


def test_a_refusal_inside_a_part_is_shown_at_the_file_the_part_is_about(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = book(plan)
    text, path = shipped_text("pdf/book.typ") or ("", "")
    text = text.replace(
        "#let side-facts(..pairs) =", '#let side-facts(..) = panic("x")\n#let unused(..pairs) ='
    )
    monkeypatch.setattr(Templates, "text", lambda *_: (text, path))
    finding = refused(document, plan)
    assert (finding.place.path, finding.args["block"]) == ("pillars/alfa/layanan.md", "program")


def test_a_preamble_of_the_plan_goes_before_the_shipped_one(plan: Path) -> None:
    shipped = (REPO / "templates" / "pdf" / "book.typ").read_text("utf-8")
    write(plan, "templates/pdf/book.typ", shipped.replace('"#0b5d57"', '"#123456"'))
    assert made(book(plan), plan).files != made(book(plan), SMALL_PLAN).files


def test_a_picture_that_gets_into_a_book_and_that_typst_refuses_is_named(plan: Path) -> None:
    document = book(plan)
    assert "chart:roadmap" in " ".join(document.pictures)
    name = next(iter(document.pictures))
    broken = replace(document, pictures={**document.pictures, name: ("image/jpeg", b"\xff\xd8\xff")})
    finding = refused(broken, plan)
    assert (finding.rule.code, finding.variant, finding.place.path) == ("MP905", "picture", name)


def test_a_cover_may_show_an_emblem() -> None:
    document = page_of(
        "::: cover\n\n![Lambang](<lambang.svg>)\n\nKota\n\n# Judul\n\nAnak judul\n\n2026\n\n:::\n"
    )
    document.blocks[0].name = "cover"
    document.pictures["lambang.svg"] = ("image/svg+xml", BAR.encode())
    reader = pdf(document)
    assert [e["/Alt"] for e in elements(reader) if e["/S"] == "/Figure"] == ["Lambang"]
    assert "KOTA" in text_of(reader)
    assert bookmarks(reader) == []


def test_the_title_on_the_cover_is_a_heading_that_no_list_names(
    example: PdfReader, example_elements: list[Any], example_book: Document, example_pages: list[str]
) -> None:
    headings = [str(e["/S"]) for e in example_elements if re.fullmatch("/H[1-6]", str(e["/S"]))]
    assert headings[0] == "/H1"
    assert headings.count("/H1") == 1 + sum(level == 1 for level, _ in bookmarks(example))
    assert example_book.title not in [title for _, title in bookmarks(example)]
    assert example.viewer_preferences
    assert example.viewer_preferences.display_doctitle
    assert squeezed(example_pages[1]).count(squeezed(example_book.title)) == 1


def test_a_picture_is_known_by_its_bytes_not_by_its_name() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    pixel = bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
    white = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", pixel)
        + chunk(b"IDAT", zlib.compress(b"\0\xff"))
        + chunk(b"IEND", b"")
    )
    document = page_of("# Satu\n\n::: figure\nGambar\n\n![Putih](<a.jpg>)\n\n:::\n")
    document.pictures["a.jpg"] = ("image/jpeg", white)
    assert [e["/Alt"] for e in elements(pdf(document)) if e["/S"] == "/Figure"] == ["Putih"]


def test_a_full_disk_is_reported(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = book(plan)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert refused(document, plan).rule.code == "MP903"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(st.lists(TEXTS, min_size=4, max_size=4), st.text(max_size=40))
def test_any_text_makes_a_book(texts: list[str], raw: str) -> None:
    title, said, cell, note = map(escape, texts)
    markdown = (
        f"# {title}\n\n{said}[^1]\n\n| {cell} | b |\n| --- | --- |\n| c | {cell} |\n\n[^1]: {note}\n\n{raw}\n"
    )
    assert len(bytes(made(page_of(markdown), SMALL_PLAN).files["buku.pdf"])) > 1000
