"""Word files: what of them becomes the text of a program, what is named instead, and what is refused."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from conftest import edit, examples, masterplan, only_deep, write
from masterplan_cli.checking import check
from masterplan_cli.edits.prose import section_text
from masterplan_cli.importing import Imported
from masterplan_cli.markdown import prose_parser
from masterplan_cli.rules.word_texts import UNREADABLE_WORD
from masterplan_cli.words.blocks import WordBlock, WordItem, WordParagraph, WordRun, WordTable, WordText
from masterplan_cli.words.importing import import_word, is_same
from masterplan_cli.words.markdown import WordMarkdown
from masterplan_cli.words.reading import read_parts, read_word
from masterplan_cli.words.sections import SectionFinder, unnumbered
from masterplan_cli.workbooks import Unreadable
from picture_files import PNG
from word_files import WordFile, cell, h, link, note, p, picture, r, table

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PROGRAM = "pillars/alfa/layanan.md"
MARKET = "smart-economy/pasar-digital"


def read(path: Path, file: WordFile) -> WordText:
    text = read_word(file.save(path / "naskah.docx"))
    assert isinstance(text, WordText), text
    return text


def brought(root: Path, file: WordFile) -> Imported:
    """What a Word file does to the program of the small plan, in memory."""
    checked = check(root)
    assert checked.plan
    path = file.save(root.parent / "naskah.docx")
    return import_word(checked, path, checked.plan.programs[0])


def told(made: Imported) -> list[str]:
    return [one.message for one in (*made.refused, *made.warnings)]


def as_markdown(text: WordText) -> str:
    """The blocks of a text below a heading of level 1."""
    writer = WordMarkdown(lambda number: f"../../assets/{number}.png", text.notes)
    return writer.section(text.blocks, 1, "uraian").text


# --- words


def _look(tokens: Sequence[Token]) -> list[tuple[str, bool, bool]]:
    """The characters of Markdown that are no space, each with whether it is bold and italic."""
    made: list[tuple[str, bool, bool]] = []
    bold = italic = 0
    for token in tokens:
        bold += token.nesting if token.tag == "strong" else 0
        italic += token.nesting if token.tag == "em" else 0
        if token.type == "text":
            made += [(sign, bold > 0, italic > 0) for sign in token.content if not sign.isspace()]
    return made


def _words(markdown: str) -> str:
    """All characters that Markdown shows, without spaces, with straight quotes."""
    tokens = prose_parser().parse(markdown)
    shown = "".join(
        sign for token in tokens if token.type == "inline" for sign, _, _ in _look(token.children or [])
    )
    return _straight(shown)


def _straight(text: str) -> str:
    return re.sub(r"\s", "", text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"}))


SIGNS = st.text("ab 1.)-+*_#>|[]()!<&;:=~`\\\"'\n{}^/", max_size=12)
RUNS = st.tuples(SIGNS, st.booleans(), st.booleans()).map(lambda values: WordRun(*values))
ITEMS = st.none() | st.tuples(st.integers(0, 2), st.integers(0, 4)).map(lambda values: WordItem(*values))
PARAGRAPHS = st.tuples(st.lists(RUNS, max_size=4), st.integers(0, 3), ITEMS).map(
    lambda values: WordParagraph(1, *values)
)
CELLS = st.lists(st.lists(RUNS, max_size=2).map(lambda runs: WordParagraph(1, runs)), max_size=2)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=2)


@pytest.mark.parametrize("kind", ["paragraphs", "tables"])
def test_markdown_shows_just_the_words_of_the_text(kind: str) -> None:
    blocks: st.SearchStrategy[list[WordBlock]] = st.lists(
        PARAGRAPHS if kind == "paragraphs" else ROWS.map(lambda rows: WordTable(1, rows)), max_size=4
    )

    @settings(max_examples=examples(100, 3000))
    @given(blocks)
    @example([WordParagraph(1, [WordRun("a:", bold=True), WordRun("b")])])
    @example([WordParagraph(1, [WordRun("- - a")]), WordParagraph(1, [WordRun("---")])])
    @example([WordParagraph(1, [WordRun("a!"), WordRun("b", link="https://x.id/")])])
    def holds(made: list[WordBlock]) -> None:
        written = WordMarkdown(str, {}).section(made, 1, "a").text
        shown, said = _words(written), _straight("".join(_said(one) for one in made))
        # Paragraphs of a cell are parted by semicolons.
        assert shown.replace(";", "") == said.replace(";", ""), written
        if kind == "paragraphs":
            assert _parts_of(written) == [part for one in made if (part := _part(one))], written

    holds()


def _parts_of(markdown: str) -> list[tuple[str, str]]:
    """What stands in Markdown, block after block: whether it is a heading, an item or neither, and its characters."""
    tokens = prose_parser().parse(markdown)
    made: list[tuple[str, str]] = []
    for at, token in enumerate(tokens):
        if token.type == "inline":
            kind = "heading" if tokens[at - 1].type == "heading_open" else "item" if token.level > 1 else ""
            made.append((kind, _words_of(token)))
    return made


def _words_of(token: Token) -> str:
    return _straight("".join(sign for sign, _, _ in _look(token.children or [])))


def _part(block: WordBlock) -> tuple[str, str] | None:
    assert isinstance(block, WordParagraph)
    said = _straight(_said(block))
    typed = _straight("".join(run.text for run in block.runs)) != said
    kind = "heading" if block.level else "item" if block.item or typed else ""
    return (kind, said) if said else None


def _said(block: WordBlock) -> str:
    if isinstance(block, WordParagraph):
        said = "".join(run.text for run in block.runs)
        # A hyphen that begins a paragraph is the mark of an item.
        return said if block.level or block.item else re.sub(r"^\s*-\s+(?=\S)", "", said)
    return "".join(run.text for row in block.rows for cell_ in row for one in cell_ for run in one.runs)


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        (p("Satu") + p() + p("Dua"), "Satu\n\nDua"),
        (p(r("tebal", "b") + r(" dan ") + r("miring", "i")), "**tebal** dan *miring*"),
        (p(r("te", "b") + r("bal", "b")), "**tebal**"),
        (p(r("bukan", '<w:b w:val="0"/>')), "bukan"),
        (p(r("Kuat", '<w:rStyle w:val="Strong"/>')), "**Kuat**"),
        (p(r("Catatan:", "b") + r(" isi")), "**Catatan:** isi"),
        (p(r("Catatan:", "b") + r("isi")), "**Catatan**:isi"),
        (p(r(" a ", "b") + r("b")), "**a** b"),
        (p(r("lama", "strike")), "~~lama~~"),
        (p(r("m") + r("2", '<w:vertAlign w:val="superscript"/>')), "m²"),
        (p("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r>"), "a\\\nb c"),
        (p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t> ya</w:t></w:r>'), "✓ ya"),
        (p("a\u00a0b\u200bc\u00add"), "a bcd"),
        (p("butir", list_=(1, 0)) + p("dalam", list_=(1, 1)) + p("lagi", list_=(1, 0)), "- butir\n  - dalam\n- lagi"),
        (p("a", list_=(2, 0)) + p("x") + p("b", list_=(2, 0)), "1. a\n\nx\n\n2. b"),
        (p("a", list_=(2, 0)) + p("b", list_=(4, 0)), "1. a\n\n1) b"),
        (p("a", list_=(2, 0)) + p("b", list_=(2, 1)) + p("c", list_=(2, 1)), "1. a\n   1. b\n   2. c"),
        (p("• satu") + p("– dua"), "- satu\n- dua"),
        (p("1. ketik") + p("2) ketik"), "1\\. ketik\n\n2\\) ketik"),
        (p("# x") + p("> y") + p("a_b *c* [d] <b> & &amp; `e`"), "\\# x\n\n\\> y\n\na_b \\*c\\* \\[d\\] \\<b> & \\&amp; \\`e\\`"),
        (h(2, "Tahap") + p("a") + h(4, "Rinci") + p("b") + p("Lain", "Sub") + p("c"), "### Tahap\n\na\n\n#### Rinci\n\nb\n\n### Lain\n\nc"),
        (p("kutipan", "Quote"), "> kutipan"),
        (table(["A|B", "C"], ["1", "2"]), "| A\\|B | C |\n| --- | --- |\n| 1 | 2 |"),
        (table(["a", "b"], [p("x") + p("y.") + p("z"), "2"]), "| a | b |\n| --- | --- |\n| x; y. z | 2 |"),
        (table(["dalam kotak"]), "dalam kotak"),
        (p(r("Perda", "b") + note(1)), "**Perda**[^uraian-1]\n\n[^uraian-1]: Perda 5"),
        (p(r("lihat ") + note(1)), "lihat [^uraian-1]\n\n[^uraian-1]: Perda 5"),
        (p(link("rWeb", r("situs"))), "[situs](<https://x.id/a%20b?c=(d)&e>)"),
        (
            p('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "https://y.id"</w:instrText>'
              '<w:fldChar w:fldCharType="separate"/><w:t>situs</w:t><w:fldChar w:fldCharType="end"/></w:r>'),
            "[situs](<https://y.id>)",
        ),
        (p(f'<w:ins w:author="Budi">{r("baru")}</w:ins><w:del w:author="Budi"><w:r><w:delText>lama</w:delText></w:r></w:del>'), "baru"),
        (p("satu ", more="<w:rPr><w:del/></w:rPr>") + p("dua"), "satu dua"),
        (p(picture(alt="Alur")), "![Alur](../../assets/1.png)"),
        (p(picture(alt="Alur")) + p("Gambar 3. Alur layanan", "Caption"), '![Alur](../../assets/1.png "Alur layanan")'),
        (p(picture(alt="image1.png")) + p("Gambar 3: Alur"), "![Alur](../../assets/1.png)"),
        (p(r("lihat ") + picture(alt="A") + r(" ini")), "lihat ![A](../../assets/1.png) ini"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{p('isian')}</w:sdtContent></w:sdt>", "isian"),
        (f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Klik di sini')}</w:sdtContent></w:sdt>", ""),
    ],
)  # fmt: skip
def test_elements_become_markdown(tmp_path: Path, body: str, markdown: str) -> None:
    file = WordFile(body).notes("Perda 5").web("rWeb", "https://x.id/a b?c=(d)&e").picture(PNG)
    assert as_markdown(read(tmp_path, file)) == markdown


_BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><w:drawing><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>"
    f"{p('isi kotak')}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{p('isi kotak')}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)
_GRAPHIC = '<w:r><w:drawing><wp:inline><wp:docPr id="1" descr="Grafik"/><a:graphic><a:graphicData uri="{}"/></a:graphic></wp:inline></w:drawing></w:r>'
_FIELD = '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>{}</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>{}</w:t><w:fldChar w:fldCharType="end"/></w:r>'


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (p(_BOX), "kotak teks tidak diambil: “isi kotak”"),
        (p(_GRAPHIC.format("http://x/chart")), "grafik tidak diambil: “Grafik”"),
        (p(_GRAPHIC.format("http://x/diagram")), "diagram SmartArt tidak diambil: “Grafik”"),
        (p(_GRAPHIC.format("http://x/lain")), "bentuk gambar tidak diambil: “Grafik”"),
        (p('<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'), "objek sisipan tidak diambil: “Excel.Sheet.12”"),
        (p("<m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>"), "rumus tidak diambil: “x=2”"),
        ('<w:altChunk r:id="x"/>', "dokumen yang disisipkan tidak diambil"),
        (p("<w:r><w:baru/></w:r>"), "`baru` tidak diambil"),
        (p('<w:r><w:sym w:font="Aneh" w:char="F041"/></w:r>'), "tanda dari huruf khusus tidak diambil: “Aneh F041”"),
        (p(r("rahasia", "vanish")), "teks tersembunyi tidak diambil: “rahasia”"),
        (p(_FIELD.format("PAGE", "7")), "nomor halaman tidak diambil"),
        (p(_FIELD.format("TOC", "Latar 1")), "daftar isi tidak diambil"),
        (p("Latar ..... 1", "TOC1"), "daftar isi tidak diambil"),
        (p(r("garis", "<w:u w:val='single'/>")), "garis bawah tidak diambil (1 tempat)"),
        (p(r("merah", "<w:color w:val='FF0000'/>")), "warna huruf tidak diambil (1 tempat)"),
        (p(r("kuning", "<w:highlight w:val='yellow'/>")), "sorotan warna tidak diambil (1 tempat)"),
        (p(r("st", "<w:vertAlign w:val='superscript'/>")), "huruf di atas atau di bawah garis menjadi huruf biasa"),
        (p("a", list_=(3, 0)) + p("b", list_=(3, 0)), "menjadi nomor biasa (2 butir)"),
        (table([cell("x", '<w:gridSpan w:val="2"/>')], ["a", "b"]), "sel gabungan di tabel ini menjadi sel biasa"),
        (table([table(["a", "b"]).join(["<w:tc>", "</w:tc>"]), "c"]), "tabel di dalam sel menjadi teks biasa"),
        (p(link("rFile", r("berkas"))), "tautan ini tidak menuju alamat web, sehingga hanya kata-katanya diambil: “file:///C:/x”"),
        (p(f'<w:hyperlink w:anchor="bab2">{r("bab 2")}</w:hyperlink>'), "sehingga hanya kata-katanya diambil"),
        (p(picture("rWeb", attribute="link")), "gambar yang ditautkan, terlalu besar, atau hilang tidak diambil"),
        (p(picture("rTidakAda", "Peta")), "gambar yang ditautkan, terlalu besar, atau hilang tidak diambil: “Peta”"),
        (p(picture("rEmf", "Peta")), "gambar ini bukan PNG, JPEG, GIF, WebP, atau SVG, sehingga tidak diambil: “Peta”"),
        (p(f'<w:ins w:author="Budi">{r("baru")}</w:ins>'), "sisipan terlacak dari Budi ikut diambil (1)"),
        (p('<w:del w:author="Ani"><w:r><w:delText>lama</w:delText></w:r></w:del>'), "penghapusan terlacak dari Ani dianggap berlaku (1): “lama”"),
        (table(["a", cell("lama", '<w:cellDel w:author="Ani"/>')], ["b"]), "penghapusan terlacak dari Ani dianggap berlaku (1): “lama”"),
        (table(["a", cell("baru", '<w:cellIns w:author="Budi"/>')], ["b", "c"]), "sisipan terlacak dari Budi ikut diambil (1)"),
        (p(f'<w:moveTo w:author="Ani">{r("geser")}</w:moveTo>'), "teks yang dipindah oleh Ani diambil di tempat barunya"),
        (p(r("x", '<w:rPrChange w:author="Ani"/>')), "perubahan bentuk terlacak dari Ani dianggap berlaku (1)"),
        (p(r("x") + '<w:r><w:commentReference w:id="0"/></w:r>'), "komentar dari Citra tidak diambil (1): “Benarkah?”"),
    ],
)  # fmt: skip
def test_what_is_not_carried_is_named(plan: Path, body: str, sentence: str) -> None:
    file = (
        WordFile(h(1, "Latar belakang"), p("Teks."), body)
        .web("rFile", "file:///C:/x")
        .web("rWeb", "https://x.id/a.png")
    )
    file.picture(b"\x01\x00\x00\x00EMF", "rEmf", "image2.emf")
    file.part("comments", f'<w:comment w:id="0" w:author="Citra">{p("Benarkah?")}</w:comment>')
    made = brought(plan, file)
    assert any(sentence in one for one in told(made)), told(made)
    assert not made.refused
    assert all(re.match(r"paragraf \d", one) for one in told(made)), told(made)


def test_headers_and_macros_are_named_for_the_whole_file(plan: Path) -> None:
    file = WordFile(h(1, "Latar belakang"), p("Teks.")).header("Dinas A")
    file.parts["word/vbaProject.bin"] = b"x"
    said = told(brought(plan, file))
    assert "seluruh naskah: makro di berkas ini tidak dijalankan dan tidak diambil" in said
    assert "seluruh naskah: kepala atau kaki halaman tidak diambil: “Dinas A”" in said


# --- sections


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("1.2 Latar Belakang", "Latar Belakang"),
        ("BAB I LATAR BELAKANG", "LATAR BELAKANG"),
        ("BAB I: LATAR BELAKANG", "LATAR BELAKANG"),
        ("Bab 2 – Uraian", "Uraian"),
        ("A. Uraian:", "Uraian"),
        ("(a) Uraian", "Uraian"),
        ("IV. Uraian", "Uraian"),
        ("1.Uraian", "Uraian"),
        ("Uraian", "Uraian"),
        ("5 Uraian", "Uraian"),
        ("BAB II", "BAB II"),
        ("Satu Data", "Satu Data"),
    ],
)
def test_the_number_of_a_heading_is_no_part_of_its_words(heading: str, words: str) -> None:
    assert unnumbered(heading) == words


@pytest.mark.parametrize(
    "body",
    [
        h(1, "Latar belakang") + p("Baru."),
        h(3, "1.2 LATAR BELAKANG") + p("Baru."),
        h(1, "BAB I") + h(1, "LATAR BELAKANG") + p("Baru."),
        h(1, "Layanan Cepat") + h(2, "Latar Belakang:") + p("Baru."),
        p(r("A. Latar Belakang", "b")) + p("Baru."),
        p(r("Latar belakang", "b"), list_=(2, 0)) + p("Baru."),
    ],
)
def test_a_section_is_found_by_its_heading(plan: Path, body: str) -> None:
    made = brought(plan, WordFile(body))
    assert not told(made)
    text = made.after[PROGRAM].decode()
    assert text.endswith("---\n\n## Latar belakang\n\nBaru.\n")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (h(1, "Latar Blkg") + p("a"), "paragraf 1 “Latar Blkg”: judul `Latar Blkg` bukan bagian program"),
        (p("Naskah tanpa judul."), "tidak ada judul bagian program di `naskah.docx`"),
        (h(1, "Anggaran") + p("a"), "tidak ada judul bagian program di `naskah.docx`"),
        (p(), "`naskah.docx` tidak memuat naskah"),
        (
            h(1, "Latar belakang") + p("a") + h(1, "A. Latar belakang") + p("b"),
            "paragraf 3 “A. Latar belakang”: bagian `Latar belakang` ada dua kali di naskah ini",
        ),
        (
            h(1, "Latar belakang") + p(picture()),
            "paragraf 2, sesudah “Latar belakang”: gambar ini tidak punya teks pengganti",
        ),
    ],
)
def test_what_has_no_place_is_refused(plan: Path, body: str, sentence: str) -> None:
    made = brought(plan, WordFile(body).picture(PNG))
    assert [one.message for one in made.refused] == [sentence]
    assert not made.after


def test_other_sections_stand_behind_and_text_before_them_is_named(kota_pasuruan: Path) -> None:
    body = [
        p("Naskah program", "Title"), p("Dinas X"), h(1, "BAB I PENDAHULUAN"), h(2, "1.1 Latar belakang"), p("Satu."), h(3, "Data"),
        p("Dua."), h(2, "1.2 Dasar hukum"), p("Perda."), h(1, "BAB II ISI"), h(2, "Uraian"), p("Tiga."), h(2, "Jadwal"), p("Empat."),
    ]  # fmt: skip
    path = WordFile(*body).save(kota_pasuruan.parent / "n.docx")
    result = masterplan("import", path, kota_pasuruan, "--program", MARKET)
    assert result.code == 0, result.out
    assert "baru 2, berubah 2, ditolak 0" in result.out
    text = (kota_pasuruan / "pillars" / f"{MARKET}.md").read_text(encoding="utf-8").partition("\n---\n")[2]
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "## Latar belakang", "### Data", "## Uraian", "## Keberlanjutan", "## Dasar hukum", "## Jadwal",
    ]  # fmt: skip
    assert "“Naskah program Dinas X”" in result.out
    assert "“BAB I PENDAHULUAN”: judul tanpa teks di bawahnya tidak diambil" in " ".join(result.out.split())
    again = masterplan("import", path, kota_pasuruan, "--program", MARKET)
    assert again.out.endswith("baru 0, berubah 0, ditolak 0\n")
    assert "isinya sama dengan rencana" in again.err


def test_a_table_whose_rows_are_called_like_sections_is_a_form(kota_pasuruan: Path) -> None:
    rows = [
        ["1.", "Nama inovasi", ":", "Pasar"], ["2.", "Latar belakang", ":", p("Satu.") + p("Dua.")],
        ["3.", "Uraian:", ":", "Tiga."], ["4.", "Keberlanjutan", ":", p("a", list_=(1, 0)) + p("b", list_=(1, 0))],
    ]  # fmt: skip
    path = WordFile(p("Lembar inovasi", "Title"), table(*rows), p("Tanda tangan")).save(
        kota_pasuruan.parent / "n.docx"
    )
    result = masterplan("import", path, kota_pasuruan, "--program", MARKET)
    text = (kota_pasuruan / "pillars" / f"{MARKET}.md").read_text(encoding="utf-8").partition("\n---\n")[2]
    assert (
        text == "\n## Latar belakang\n\nSatu.\n\nDua.\n\n## Uraian\n\nTiga.\n\n## Keberlanjutan\n\n- a\n- b\n"
    )
    assert "baris tabel ini bukan bagian program, sehingga tidak diambil: “Nama inovasi Pasar”" in result.out
    assert "“Tanda tangan”: teks di luar bagian program tidak diambil" in result.out


def test_a_table_with_a_column_called_like_a_section_stays_one(kota_pasuruan: Path) -> None:
    body = h(1, "Latar belakang") + table(["Uraian", "Volume"], ["Kios", "5"])
    path = WordFile(body).save(kota_pasuruan.parent / "n.docx")
    result = masterplan("import", path, kota_pasuruan, "--program", MARKET, "--diff", "--check")
    assert "\n+| Uraian | Volume |\n" in result.out


# --- into the plan


def test_a_text_that_says_the_same_changes_nothing(plan: Path) -> None:
    edit(plan, PROGRAM, "Teks tentang layanan.", "Teks __tentang__\nlayanan.\n\n* satu\n* dua")
    body = h(1, "Latar belakang") + p(r("Teks ") + r("tentang", "b") + r(" layanan."))
    made = brought(plan, WordFile(body + p("satu", list_=(1, 0)) + p("dua", list_=(1, 0))))
    assert not made.changes
    assert not made.after


def test_a_section_that_differs_is_shown_and_replaced(plan: Path) -> None:
    path = WordFile(h(1, "Latar belakang"), p("Teks tentang layanan dan warga.")).save(plan.parent / "n.docx")
    result = masterplan("import", path, plan, "--program", "Layanan Cepat", "--diff", "--check")
    assert (
        "bagian Latar belakang diganti: Teks tentang layanan. → Teks tentang layanan dan warga." in result.out
    )
    assert "\n-Teks tentang layanan.\n+Teks tentang layanan dan warga.\n" in result.out
    assert "berubah 1" in result.out
    assert "dan warga" not in (plan / PROGRAM).read_text(encoding="utf-8")


def test_a_heading_without_text_removes_nothing(plan: Path) -> None:
    made = brought(plan, WordFile(h(1, "Latar belakang"), p(_GRAPHIC.format("http://x/chart"))))
    assert not made.changes
    assert not made.after
    assert "paragraf 1 “Latar belakang”: judul tanpa teks di bawahnya tidak diambil" in told(made)


def test_letters_in_black_and_grey_have_no_colour(plan: Path) -> None:
    shades = "".join(
        p(r("a", f"<w:color w:val='{shade}'/>")) for shade in ("auto", "000000", "333333", "262626")
    )
    assert not told(brought(plan, WordFile(h(1, "Latar belakang"), shades)))


def test_pictures_become_assets_by_their_content(plan: Path) -> None:
    file = WordFile(
        h(1, "Latar belakang"), p("Teks."), p(picture(alt="Alur layanan")), p(picture(alt="Alur layanan"))
    )
    path = file.picture(PNG).save(plan.parent / "n.docx")
    result = masterplan("import", path, plan, "--program", "alfa/layanan", "--diff")
    assert result.code == 0, result.out
    [asset] = (plan / "assets").iterdir()
    assert re.fullmatch(r"layanan-[0-9a-f]{10}\.png", asset.name)
    assert asset.read_bytes() == PNG
    assert f"Binary files /dev/null and b/assets/{asset.name} differ\n" in result.out
    assert (plan / PROGRAM).read_text(encoding="utf-8").count(
        f"![Alur layanan](../../assets/{asset.name})"
    ) == 2
    assert not check(plan).failed
    assert "isinya sama dengan rencana" in masterplan("import", path, plan, "--program", "alfa/layanan").err


def test_a_picture_that_the_program_shows_keeps_its_name(plan: Path) -> None:
    write(plan, "assets/alur.png", PNG)
    edit(plan, PROGRAM, "Teks tentang layanan.", "![Alur](/assets/alur.png)")
    made = brought(plan, WordFile(h(1, "Latar belakang"), p("Teks."), p(picture(alt="Alur"))).picture(PNG))
    assert set(made.after) == {PROGRAM}
    assert "![Alur](../../assets/alur.png)" in made.after[PROGRAM].decode()


def test_what_the_check_finds_is_told_at_its_paragraph(plan: Path) -> None:
    broken = PNG[: len(PNG) // 2]
    body = h(1, "Latar belakang") + p("Bupati hadir.") + p(picture(alt="Alur"))
    made = brought(plan, WordFile(body).picture(broken))
    assert [(one.code, one.message.partition(":")[0]) for one in made.refused] == [
        ("MP209", "paragraf 3, sesudah “Bupati hadir.”")
    ]
    assert [(one.code, one.message.partition(":")[0]) for one in made.warnings] == [
        ("MP507", "paragraf 2 “Bupati hadir.”")
    ]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "naskah Word milik program mana? Tulis `--program PILAR/ID`"),
        (["--program", "alfa/layana"], "program `alfa/layana` tidak ada; mungkin maksudnya `alfa/layanan`"),
        (["--program", "zzz"], "program `zzz` tidak ada; buat dengan `masterplan new program`"),
    ],
)
def test_the_program_must_be_named(plan: Path, args: list[str], sentence: str) -> None:
    path = WordFile(h(1, "Latar belakang")).save(plan.parent / "n.docx")
    result = masterplan("import", path, plan, *args)
    assert result.code == 2
    assert sentence in " ".join(result.err.split())


# --- files from anybody


def _with(name: str, data: bytes) -> bytes:
    """A Word file one part of which says something else."""
    file = WordFile(h(1, "Latar belakang"), p("a"))
    file.parts.pop(name, None)
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file.bytes())) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, data)
    return buffer.getvalue()


def _written(body: str) -> bytes:
    return WordFile(h(1, "Latar belakang"), p("a"), body).bytes()


_BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (n + 1, n, n, n, n) for n in range(97, 120)
)
_MAIN = "word/document.xml"
HOSTILE = {
    "nothing": (b"", "broken"),
    "a text": (b"Latar belakang", "broken"),
    "an archive of something else": (None, ""),
    "an old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "old"),
    "a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "entities": (_with(_MAIN, _ENTITIES + b"]><x>&x;</x>"), "broken"),
    "an entity from outside": (_with(_MAIN, b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'), "broken"),
    "no XML": (_with(_MAIN, b"<x>"), "broken"),
    "another root": (_with(_MAIN, b"<x/>"), ""),
    "depth": (_with(_MAIN, b"<a>" * 100_000), "large"),
    "zeros": (_with(_MAIN, b"\0" * (65 << 20)), "large"),
    "many paragraphs": (_written(p("x") * 20_001), "large"),
    "a field without an end": (_written("<w:p>" + _BEGIN + "</w:p>" + p("b")), "broken"),
    "many elements": (_with(_MAIN, b"<a>" + b"<b/>" * 1_000_000 + b"</a>"), "large"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(tmp_path: Path, name: str) -> None:
    data, variant = HOSTILE[name]
    if data is None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("xl/workbook.xml", "<x/>")
        data = buffer.getvalue()
    (tmp_path / "x.docx").write_bytes(data)
    text = read_word(tmp_path / "x.docx")
    assert isinstance(text, Unreadable)
    assert text.variant == variant


@only_deep
def test_a_long_text_is_read_in_seconds(plan: Path) -> None:
    """As much as a file holds comes in; more is refused before anything is made of it."""
    words = "<w:p>" + "".join(r(f"kata{n % 7} ", *(["b"] if n % 5 == 0 else [])) for n in range(6)) + "</w:p>"
    made = brought(plan, WordFile(h(1, "Latar belakang"), words * 3_000))
    assert made.after[PROGRAM].count(b"**kata0** kata1 kata2 kata3 kata4 **kata5**") == 3_000
    broken = brought(plan, WordFile(h(1, "Latar belakang"), p("kata " * 100) * 10_000))
    assert [one.message for one in broken.refused] == [
        "`naskah.docx` memuat lebih banyak daripada naskah program mana pun"
    ]


def test_nothing_outside_of_a_file_is_fetched(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target of a relation is a name in the archive, whatever it leads to."""
    write(plan.parent, "rahasia.png", PNG)
    monkeypatch.chdir(plan.parent)
    body = h(1, "Latar belakang") + p("a") + p(picture("r1", "A")) + p(picture("r2", "B"))
    file = (
        WordFile(body)
        .relate("r1", "image", "../../rahasia.png")
        .relate("r2", "image", "file:///etc/passwd", outside=True)
    )
    made = brought(plan, file)
    assert set(made.after) == {PROGRAM}
    assert sum("hilang tidak diambil" in one for one in told(made)) == 2


def test_no_damage_is_an_error_of_ours(tmp_path: Path) -> None:
    """Whatever became of a file, it is read or refused by a finding; the worker's part is called in this process."""
    body = (
        h(1, "Latar belakang")
        + p(r("a", "b") + note(1), list_=(2, 1))
        + table(["a", cell("b", '<w:gridSpan w:val="2"/>')])
    )
    body += (
        p(picture(alt="x") + link("rWeb", r("s")))
        + p(_FIELD.format("TOC", "x"))
        + f'<w:ins w:author="A">{p("a")}</w:ins>'
    )
    data = WordFile(body).notes("n").web("rWeb", "https://x.id").picture(PNG).header("Dinas").bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(7)
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    read = 0
    for number in range(examples(200, 3000)):
        damaged = _damaged(data, chance) if number % 4 == 0 else _said_otherwise(parts, chance)
        (tmp_path / "in" / "text").write_bytes(damaged)
        request = {"input": str(tmp_path / "in"), "folder": str(tmp_path / "out")}
        made = read_parts(request, lambda _at: None)
        read += isinstance(made, int)
        assert isinstance(made, int) or made[1] in UNREADABLE_WORD.variants or not made[1]
    assert read > 50


def _damaged(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def _said_otherwise(parts: dict[str, bytes], chance: random.Random) -> bytes:
    """A Word file in whose parts some values, elements and words are others."""
    values = [b'""', b'"-1"', b'"99999999999"', b'"a"', b'"1"', b'"../x"', b'"word/document.xml"']
    elements = [
        b"<w:p/>",
        b"<w:tbl/>",
        b"<w:tbl><w:tr/></w:tbl>",
        b"<w:r/>",
        b"<w:sdt/>",
        b"<w:hyperlink/>",
        b"",
        b"<w:ins/>",
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            if chance.random() < 0.1:
                continue
            said = data
            if name.endswith((".xml", ".rels")):
                said = re.sub(
                    rb'(?<= )([a-zA-Z:]+=)"[^":]*"',
                    lambda m: m[1] + chance.choice(values) if chance.random() < 0.05 else m[0],
                    said,
                )
                said = re.sub(
                    rb"<w:[a-zA-Z]+/>",
                    lambda m: chance.choice(elements) if chance.random() < 0.1 else m[0],
                    said,
                )
            archive.writestr(name, said)
    return buffer.getvalue()


# --- files of other programs


@only_deep
def test_a_book_of_ours_comes_back_as_it_was(tmp_path: Path, kota_pasuruan: Path) -> None:
    """Each program's sheet in the Word book, read back, has the sections of its file."""
    result = masterplan("build", kota_pasuruan, "--to", "docx", "--out", tmp_path / "b")
    assert result.code == 0, result.out
    text = read_word(tmp_path / "b" / "masterplan.docx")
    assert isinstance(text, WordText)
    checked = check(kota_pasuruan)
    assert checked.plan
    same = 0
    for program in checked.plan.programs:
        blocks = _sheet(text.blocks, program.title)
        terms = checked.plan.taxonomy.sections.program
        found = SectionFinder(terms, program.title, frozenset()).sort(blocks)
        assert [one.heading.term for one in found.sections] == [*terms], program.id
        for section in found.sections:
            written = WordMarkdown(str, text.notes).section(section.blocks, section.heading.level, "a").text
            assert program.prose
            before = section_text(program.prose.text, ((section.heading.words,),)) or ""
            # A link to another file of the plan is one within the book, which no other file has.
            if "](" not in before:
                assert is_same(before, written), program.id
                same += 1
    assert same > 90


def _sheet(blocks: Sequence[WordBlock], title: str) -> list[WordBlock]:
    """What the sheet of a program says before its indicators."""
    own = dropwhile(
        lambda one: not (isinstance(one, WordParagraph) and one.level and one.words.endswith(title)), blocks
    )
    return [
        *takewhile(
            lambda one: not (isinstance(one, WordParagraph) and one.words == "Indikator dan anggaran"), own
        )
    ]


@only_deep
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_file_of_libreoffice_is_read(tmp_path: Path) -> None:
    page = """<html><body><h1>1. Latar belakang</h1><p>Teks <b>tebal</b>, <i>miring</i>, dan <a href="https://x.id/a">tautan</a>.</p>
    <ul><li>satu<ul><li>dalam</li></ul></li><li>dua</li></ul><ol><li>a</li><li>b</li></ol><h2>Data</h2>
    <table border="1"><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2 &amp; 3</td></tr></table><blockquote>kutipan</blockquote>
    <p>catatan<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a></p>
    <div id="sdfootnote1"><p><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Perda 5</p></div></body></html>"""
    write(tmp_path, "naskah.html", page)
    for source, filter_, target in (("html", "HTML (StarWriter)", "odt"), ("odt", "writer8", "docx")):
        command = [
            str(OFFICE),
            f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}",
            "--headless",
            f"--infilter={filter_}",
        ]
        subprocess.run(
            [*command, "--convert-to", target, f"naskah.{source}"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
    text = read_word(tmp_path / "naskah.docx")
    assert isinstance(text, WordText)
    assert not text.oddities
    assert (
        as_markdown(text._replace(blocks=text.blocks[1:]))
        == """\
Teks **tebal**, *miring*, dan [tautan](<https://x.id/a>).

- satu
  - dalam
- dua

1. a
2. b

### Data

| A | B |
| --- | --- |
| 1 | 2 & 3 |

> kutipan

catatan[^uraian-1]

[^uraian-1]: Perda 5"""
    )


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["naskah.docx", "--program", "alfa/layanan", "--from", "sipd"], "--program"),
        (["tabel.csv", "--from", "sipd", "--marked", "m.xlsx"], "--marked"),
        (["naskah.docx", "--program", "alfa/layanan", "--marked", "m.xlsx"], "--marked"),
    ],
)
def test_an_option_of_another_kind_of_file_is_not_passed_over(
    plan: Path, args: list[str], named: str
) -> None:
    result = masterplan("import", *args, plan)
    assert result.code == 2
    assert named in result.err
