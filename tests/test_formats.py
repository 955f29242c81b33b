"""Every format says the same: the headings, the cells of the tables and the totals of a book, read back from each.

A format joins by a reader in `READERS`; what a book must hold comes from its tokens.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from conftest import DAY, document_of, edit, every, examples, masterplan, pages_of, write
from masterplan_cli.blocks import Context, render_book
from masterplan_cli.build import Order, build
from masterplan_cli.checking import Checked, check
from masterplan_cli.document import Document
from masterplan_cli.markdown import escape, plain_text, prose_parser
from masterplan_cli.plan import Plan
from masterplan_cli.templates import Templates
from masterplan_cli.tree import (
    Definitions,
    Division,
    Heading,
    Items,
    Line,
    Picture,
    Quote,
    Table,
    TreeNode,
    block_trees,
    plain,
)
from masterplan_cli.values import rupiah
from masterplan_cli.writers.markdown import _MarkdownWriter

pytestmark = pytest.mark.usefixtures("typst_here")
TableText: TypeAlias = list[list[str]]


@dataclass
class Said:
    """What a reader finds in a file: headings and tables in their order, or only words where a format has no more."""

    headings: list[str] = field(default_factory=list)
    tables: list[TableText] = field(default_factory=list)
    words: str = ""


def tidy(text: str) -> str:
    """Words without what a format may choose: kinds of white space, soft hyphens."""
    return re.sub(r"\s+", " ", text.replace("\N{SOFT HYPHEN}", "")).strip()


def squeezed(text: str) -> str:
    """The characters alone: a page breaks a line where it likes, and a word by a hyphen."""
    return re.sub(r"[\s\u00ad\u200b\u2010-]+", "", text)


# --- what a book must say


def of_tokens(document: Document) -> Said:
    said = Said()
    for part in block_trees(document):
        _collect(part.children, said)
    return said


def _collect(blocks: tuple[TreeNode, ...], said: Said) -> None:
    for block in blocks:
        match block:
            case Heading():
                said.headings.append(tidy(plain(block.line)))
            case Table():
                rows = (block.head, *block.rows)
                said.tables.append([across([tidy(text_of(cell)) for cell in row]) for row in rows])
            case Items():
                for item in block.items:
                    _collect(item, said)
            case Definitions():
                for _, children in block.pairs:
                    _collect(children, said)
            case Quote() | Division():
                _collect(block.children, said)


def text_of(line: Line) -> str:
    """The words of a line; those of its pictures are no text."""
    return plain(tuple(inline for inline in line if not isinstance(inline, Picture)))


def across(row: list[str]) -> list[str]:
    """A row of one text, such as a heading of the rows below it, stands in one cell, however a format spans it."""
    return row[:1] if len(row) > 1 and row[0] and not {*row[1:]} - {"", row[0]} else row


# --- how each format is read


def read_html(data: bytes) -> Said:
    page = lxml_html.document_fromstring(data.decode("utf-8")).find(".//main")
    headings = [tidy(h.text_content()) for h in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    tables = [
        [across([tidy(cell.text_content()) for cell in row]) for row in t.iter("tr")]
        for t in page.iter("table")
    ]
    return Said(headings, tables, page.text_content())


def read_md(data: bytes) -> Said:
    said = Said()
    tokens = MarkdownIt("commonmark").enable("table").parse(data.decode("utf-8"))
    for before, token in pairwise(tokens):
        match before.type:
            case "heading_open":
                said.headings.append(re.sub(r"^(BAB|CHAPTER) [IVXLC]+ – ", "", _inline(token)))
            case "table_open":
                said.tables.append([])
            case "tr_open":
                said.tables[-1].append([])
        if before.type in ("th_open", "td_open"):
            said.tables[-1][-1].append(_inline(token))
    said.tables = [[across(row) for row in table] for table in said.tables]
    said.words = " ".join(_inline(token) for token in tokens if token.type == "inline")
    return said


def _inline(token: Token) -> str:
    shown = ("text", "code_inline", "text_special")
    return tidy(
        "".join(
            c.content if c.type in shown else " " if "break" in c.type else "" for c in token.children or []
        )
    )


def read_docx(data: bytes) -> Said:
    docx = pytest.importorskip("docx")
    file = docx.Document(io.BytesIO(data))
    titled = [p for p in file.paragraphs if re.match(r"(Front )?Heading|(Annex )?Title", p.style.name)]
    headings = [re.sub(r"^(BAB|CHAPTER) [IVXLC]+\s+", "", tidy(p.text)) for p in titled]
    tables = [
        [across([tidy(cell.text) for cell in row.cells]) for row in table.rows] for table in file.tables
    ]
    return Said(headings, tables, " ".join(p.text for p in file.paragraphs))


def read_pdf(data: bytes) -> Said:
    return Said(words="".join(pages_of(data)))


READERS: dict[str, Callable[[bytes], Said]] = {
    "html": read_html, "md": read_md, "docx": read_docx, "pdf": read_pdf,
}  # fmt: skip
#: The formats of pages alone: their tables are found as words.
WORDS_ONLY = {"pdf"}
#: The formats that lay out other parts as tables as well.
MORE_TABLES = {"docx"}
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1" width="400" height="100"><rect width="4" height="1"/></svg>'
EXCERPT = "agency-dlhkp"
BOOKS = ["masterplan", "lampiran-peraturan", "ringkasan", "analisis", EXCERPT]
SOME = every(3, BOOKS)


# --- the example plan in each


@pytest.fixture(scope="module")
def example(checked_example: Checked) -> Plan:
    assert checked_example.plan
    return checked_example.plan


@pytest.fixture(scope="module")
def expected(example: Plan) -> Callable[[str], Said]:
    """What a book must say, by its name."""

    def of(book: str) -> Said:
        made = example.excerpt(example.agencies["dlhkp"]) if book == EXCERPT else example.books[book]
        document = render_book(example, made, Context(DAY), Templates(example.project))
        assert document
        return of_tokens(document)

    return cache(of)


@pytest.fixture(scope="module")
def said(example_file: Callable[[str], bytes]) -> Callable[[str, str], Said]:
    """What a book says in a format, by the names of both."""
    return cache(lambda form, book: READERS[form](example_file(f"{book}.{form}")))


@pytest.mark.deep
@pytest.mark.parametrize("book", SOME)
@pytest.mark.parametrize("form", READERS)
def test_the_headings_are_those_of_the_book(
    form: str, book: str, said: Callable[[str, str], Said], expected: Callable[[str], Said]
) -> None:
    found, wanted = said(form, book), expected(book)
    assert len(wanted.headings) > 5
    if form in WORDS_ONLY:
        words = squeezed(found.words)
        assert not [heading for heading in wanted.headings if squeezed(heading) not in words]
    else:
        assert found.headings == wanted.headings


@pytest.mark.deep
@pytest.mark.parametrize("book", SOME)
@pytest.mark.parametrize("form", READERS)
def test_the_tables_hold_the_cells_of_the_book(
    form: str, book: str, said: Callable[[str, str], Said], expected: Callable[[str], Said]
) -> None:
    found, wanted = said(form, book), expected(book)
    assert wanted.tables
    if form in WORDS_ONLY:
        words = squeezed(found.words)
        cells = {cell for table in wanted.tables for row in table for cell in row}
        assert not [cell for cell in cells if squeezed(cell) not in words]
    elif form in MORE_TABLES:
        rest = iter(found.tables)
        assert not [table[0] for table in wanted.tables if not any(table == other for other in rest)]
    else:
        assert found.tables == wanted.tables


@pytest.mark.parametrize("form", READERS)
def test_the_totals_are_the_plans(form: str, said: Callable[[str, str], Said], example: Plan) -> None:
    found = said(form, "masterplan")
    cells = (cell for table in found.tables for row in table for cell in row)
    words = squeezed(" ".join([found.words, *cells]))
    totals = [example.total, *(p.total for p in example.programs if p.total)]
    assert not [total for total in totals if squeezed(rupiah(total)) not in words]
    millions = [example.figures.millions(pillar.total) for pillar in example.pillars]
    assert not [total for total in millions if total not in words]


def test_every_book_of_the_example_is_compared(example: Plan) -> None:
    assert {*BOOKS} == {*example.all_books, EXCERPT}


# --- numbers are the document's


def test_every_format_prints_the_numbers_that_the_document_has(plan: Path) -> None:
    """Two chapters before the first numbered one go on counting; a counter of each format's own once began anew."""
    write(plan, "assets/a.svg", DRAWING)
    for name in ("satu", "dua"):
        picture = f"![Gambar {name}](../assets/a.svg)"
        write(plan, f"chapters/{name}.md", f"---\ntitle: Bab {name}\npart: preface\n---\n\n{picture}\n")
    write(plan, "chapters/tiga.md", "---\ntitle: Bab tiga\n---\n\n![Gambar tiga](../assets/a.svg)\n")
    checked = check(plan)
    assert checked.plan
    document = document_of(plan)
    wanted = [
        (one.number, one.caption) for one in document.listed["figure"] if one.caption.startswith("Gambar")
    ]
    assert [number for number, _ in wanted][:2] == ["2", "3"], "behind the picture of the plan in figures"
    chapters = [(document.chapter_label(e.chapter), e.title) for e in document.entries if e.chapter]
    built = build(checked, Order(formats=("html", "md", "docx", "pdf"))).files
    page = lxml_html.document_fromstring(built["masterplan.html"].decode("utf-8"))
    shown = {tidy(c.text_content()): c.get("data-number") for c in page.iter("figcaption")}
    headed = [(h.get("data-number"), tidy(h.text_content())) for h in page.iter("h1") if h.get("data-number")]
    assert headed == chapters
    word = read_docx(built["masterplan.docx"]).words
    text = built["masterplan.md"].decode("utf-8")
    paper = squeezed(read_pdf(built["masterplan.pdf"]).words)
    for number, caption in wanted:
        assert shown[caption] == f"Gambar {number}"
        assert f"Gambar {number}\u2003{caption}" in word
        assert f"**Gambar {number}. {caption}**" in text
        assert squeezed(f"Gambar {number} {caption}") in paper
    for label, title in chapters:
        assert f"{label} – {title}" in text.replace("\\", "")
        assert squeezed(f"{label} {title}") in paper


def test_markdown_says_a_term_with_each_of_its_definitions(plan: Path) -> None:
    _narrate(plan, "Istilah\n: Satu.\n: Dua.\n\nLain\n: Tiga.")
    text = _file(plan, "md")
    assert "- Istilah: Satu.\n- Istilah: Dua.\n- Lain: Tiga." in text


WORDS = st.text("abc *_`|<>&#[]!\\~-+.:1)\"'", min_size=1, max_size=12).map(lambda text: f"x{escape(text)}y")
TEXT = st.lists(
    st.one_of(WORDS, WORDS.map(lambda w: f"**{w}**"), WORDS.map(lambda w: f"[{w}](https://contoh.go.id)"), st.just("`a | b`")),
    min_size=1, max_size=3,
).map(" ".join)  # fmt: skip


def _within(mark: str, text: str) -> str:
    return mark + text.replace("\n", "\n" + " " * len(mark))


BLOCKS = st.recursive(
    st.one_of(
        TEXT,
        st.tuples(TEXT, TEXT).map(lambda t: f"| {t[0]} | b |\n| --- | ---: |\n| c | {t[1]} |".replace("`a | b`", "`a`")),
        TEXT.map(lambda text: f"~~~\n{text}\n~~~"),
        st.just("Satu[^n].\n\n[^n]: Catatan.\n\n    - butir\n    - butir"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: "\n".join(_within("- ", item) for item in items)),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: "\n".join(_within("3. ", item) for item in items)),
        st.lists(inner, min_size=1, max_size=2).map(lambda parts: "> " + "\n\n".join(parts).replace("\n", "\n> ")),
    ),
    max_leaves=5,
)  # fmt: skip


def _shape(tokens: list[Token]) -> list[tuple[str, str]]:
    """The blocks of a text and the words in them, whatever a writer may choose: loose or tight, how code is fenced."""
    kinds = {"code_block": "fence"}
    return [
        (kinds.get(token.type, token.type), plain_text(token) if token.type == "inline" else token.content)
        for token in tokens
        if not token.type.startswith("paragraph")
    ]


@pytest.mark.deep
@given(text=st.lists(BLOCKS, min_size=1, max_size=4).map("\n\n".join))
@settings(max_examples=examples(20, 60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_markdown_is_read_again_as_what_was_written(plan: Path, text: str) -> None:
    _narrate(plan, text)
    document = document_of(plan)
    block = next(
        block
        for block in document.blocks
        if "chapter/pendahuluan" in str([t.attrs.get("id") for t in block.tokens[:1]])
    )
    for token in block.tokens:
        token.meta.pop("caption", None)  # that a table of a chapter has a caption is told elsewhere
    own = _MarkdownWriter(document, "x_files").blocks(block.tokens[3:])
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin, inline=False)
    assert _shape(reader.parse(own)) == _shape(prose_parser().parse(text))


def test_a_page_takes_the_same_rows_for_totals_and_headings_as_the_other_formats(plan: Path) -> None:
    cells = [
        "",
        "kata",
        "**kata**",
        "**kata** biasa",
        "biasa **kata**",
        "***kata***",
        "**kata `kode`**",
        "`kode`",
        "~~kata~~",
    ]
    rows = "\n".join(f"| {first} | {second} |" for first in cells for second in cells)
    _narrate(plan, f"| Tentang | Isi |\n| --- | --- |\n{rows}")
    [kinds] = [
        table.kinds
        for tree in block_trees(document_of(plan))
        for table in tree.children
        if isinstance(table, Table) and plain(table.head[0]) == "Tentang"
    ]
    page = lxml_html.fromstring(_file(plan, "html"))
    [table] = [t for t in page.iter("table") if t.findtext(".//th") == "Tentang"]
    shown = [row.get("class", "") for row in table.find("tbody").iter("tr")]
    assert {"", "group", "total"} == set(kinds)
    assert shown == kinds


@pytest.mark.parametrize(("first", "second", "said"), [
    (2_000_000_000, 350_000_000, ("2.000", "350")),
    (2_000_000_000, 350_500_000, ("2.000,0", "350,5")),
])  # fmt: skip
def test_amounts_of_one_column_have_as_many_decimals(
    plan: Path, first: int, second: int, said: tuple[str, str]
) -> None:
    for program, amount in (("satu", first), ("dua", second)):
        text = f"---\ntitle: Program {program}\nowner: dinas-a\nquick_win: Ya\nbudget:\n- {{year: 2026, source: APBD Kota, amount: {amount}}}\n---\n"
        write(plan, f"pillars/alfa/program-{program}.md", text)
    tables = READERS["html"](_file(plan, "html").encode()).tables
    [rows] = [table for table in tables if table[0][0] == "Program" and table[0][-1].startswith("Rp")]
    shown = {row[0].split()[-1]: row[-1] for row in rows}
    assert (shown["satu"], shown["dua"]) == said


def test_each_arrow_of_a_note_leads_back_to_its_own_place(plan: Path) -> None:
    _narrate(plan, "Satu[^a] dan dua[^a].\n\n[^a]: Catatan.")
    page = _file(plan, "html")
    places = re.findall(r'id="fnref:([^"]+)"', page)
    assert len(set(places)) == 2
    assert re.findall(r'href="#fnref:([^"]+)"', page) == places


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_format_by_itself_is_what_it_is_among_others(plan: Path, form: str) -> None:
    """An excerpt has links to what other books print."""
    built = []
    for formats in (form, f"{form},html"):
        assert masterplan("build", plan, "--agency", "dinas-a", "--to", formats, "--draft").code == 0
        built.append((plan / f"build/agency-dinas-a.{form}").read_bytes())
    assert built[0] == built[1]


def test_a_note_stands_once_in_every_format_and_book(plan: Path) -> None:
    note = "Satu[^a] dan dua[^a].\n\n[^a]: Catatan {}."
    _narrate(plan, note.format("pendahuluan"))
    edit(plan, "pillars/alfa/layanan.md", "Teks tentang layanan.", note.format("layanan"))
    wanted = {"masterplan": ["pendahuluan", "layanan"], "agency-dinas-a": ["layanan"]}
    for name, notes in wanted.items():
        chosen = () if name == "masterplan" else ("--agency", "dinas-a")
        result = masterplan("build", plan, *chosen, "--to", "pdf,docx", "--draft")
        assert result.code == 0, result.err
        [paper], [word] = plan.glob(f"build/**/*{name}.pdf"), plan.glob(f"build/**/*{name}.docx")
        said = ["".join(map(squeezed, pages_of(paper.read_bytes())))]
        with zipfile.ZipFile(word) as archive:
            said.append(squeezed(archive.read("word/footnotes.xml").decode("utf-8")))
        for text in said:
            assert re.findall(r"Catatan(pendahuluan|layanan)\.", text) == notes, name


def _narrate(plan: Path, text: str) -> None:
    write(plan, "chapters/pendahuluan.md", f"---\ntitle: Pendahuluan\n---\n\n{text}\n")


def _file(plan: Path, kind: str) -> str:
    result = masterplan("build", plan, "--to", kind, "--draft")
    assert result.code == 0, result.err
    return next(plan.glob(f"build/**/*.{kind}")).read_text(encoding="utf-8")
