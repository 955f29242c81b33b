"""The books: what `books:` asks for, what `--book` and `--agency` make of it, and what is in each."""

from __future__ import annotations

import errno
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import REPO, edit, masterplan, write
from masterplan_cli import outputs
from masterplan_cli.build import Order, build
from masterplan_cli.checking import check
from masterplan_cli.document import Document
from masterplan_cli.plan import percentages
from masterplan_cli.rules.tool import CANNOT_WRITE
from masterplan_cli.schema import BOOK_TEMPLATE
from masterplan_cli.writers import Written
from masterplan_cli.writers import docx as docx_module
from masterplan_cli.writers import pdf as pdf_module

BOOKS = """
outputs: [md]
books:
  - id: satu
    template: analisis
    title: Buku Analisis
  - id: tiga
    template: ringkasan
    outputs: [html, md]
  - id: lampiran
    template: peraturan
    regulation: {title: Peraturan Wali Kota Uji, about: Rencana kota, annex: II}
"""


@pytest.fixture
def library(plan: Path) -> Path:
    """The small plan with three books, two more chapters, and a region whose head has a title."""
    settings = (plan / "masterplan.yaml").read_text(encoding="utf-8")
    settings = settings.replace("  kind: kota\n", "  kind: kota\n  head: Wali Kota Uji\n")
    write(plan, "masterplan.yaml", settings + BOOKS)
    write(plan, "chapters/tren.md", "---\ntitle: Tren\npart: analisis\n---\n\nDunia berubah.\n")
    write(plan, "chapters/akhir.md", "---\ntitle: Penutup\npart: penutup\n---\n\nSelesai.\n")
    return plan


def made(root: Path, *args: str) -> dict[str, str]:
    """The text files that a build makes."""
    out = root / "out"
    result = masterplan("build", root, "--out", out, "--date", "2026-11-24", *args)
    assert result.code == 0, result.out + result.err
    return texts(out)


def texts(folder: Path) -> dict[str, str]:
    """The files of a folder, without the pictures beside the Markdown."""
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(folder.iterdir()) if p.is_file()}


def headings(markdown: str) -> list[str]:
    """The headings of the first level, without the numbers of chapters."""
    return re.findall(r"^# <a [^>]*></a>(?:BAB [IVXLC]+ – )?(.*)$", markdown, flags=re.M)


# --- which books are made


def test_every_shipped_template_has_a_word_of_its_own() -> None:
    shipped = {path.stem for path in (REPO / "templates" / "books").iterdir()}
    assert shipped == {*BOOK_TEMPLATE.words, "agency"}


def test_build_alone_makes_the_one_masterplan_document(library: Path) -> None:
    assert list(made(library)) == ["masterplan.md"]


def test_books_are_named_by_their_ids_and_each_has_its_own_outputs(library: Path) -> None:
    assert list(made(library, "--book", "tiga", "--book", "satu")) == ["satu.md", "tiga.html", "tiga.md"]


def test_all_books_at_once(library: Path) -> None:
    files = ["lampiran.md", "masterplan.md", "satu.md", "tiga.html", "tiga.md"]
    assert list(made(library, "--book", "all")) == files
    both = list(made(library, "--book", "all", "--book", "review"))
    assert both == sorted([*files, "review.md"]), "the review only where it is asked for"


def test_formats_asked_for_go_before_those_of_the_books(library: Path) -> None:
    assert list(made(library, "--book", "tiga", "--to", "html")) == ["tiga.html"]


def test_a_book_called_masterplan_takes_the_place_of_the_default(library: Path) -> None:
    edit(library, "masterplan.yaml", "id: satu", "id: masterplan")
    assert headings(made(library)["masterplan.md"])[0] == "Buku Analisis"


def test_the_plan_as_data_is_one_file_whichever_books_are_made(library: Path) -> None:
    result = masterplan("build", library, "--book", "all", "--to", "json,xlsx", "--out", library / "out")
    assert result.code == 0
    assert sorted(p.name for p in (library / "out").iterdir()) == ["masterplan.json", "masterplan.xlsx"]
    assert result.out.count("masterplan.json") == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--book", "lampirn"], "buku `lampirn` tidak ada; mungkin maksudnya `lampiran`"),
        (["--book", "xyz"], "pilihannya: satu, tiga, lampiran, masterplan, review, all"),
        (["--agency", "dinas-aa"], "perangkat daerah `dinas-aa` tidak ada di agencies/; mungkin maksudnya"),
        (["--agency", "dinas-aa"], "`dinas-a` (Dinas A)"),
        (["--agency", "entah"], "yang ada: `dinas-a` (Dinas A), `dinas-b` (Dinas B)"),
        (["--to", "pdff"], "keluaran tidak dikenal: pdff (pdf?)"),
    ],
)
def test_a_wrong_id_is_wrong_use_and_says_what_was_meant(library: Path, args: list[str], said: str) -> None:
    result = masterplan("build", library, *args)
    assert result.code == 2
    assert said in result.err
    assert not (library / "build").exists()


@pytest.mark.parametrize(
    "to", [["--to", "json", "--to", "md"], ["--to", "json,md"], ["--to=md", "--to", "json,md"]]
)
def test_formats_may_be_named_one_by_one(plan: Path, to: list[str]) -> None:
    assert masterplan("build", plan, *to, "--out", plan / "out").code == 0
    assert sorted(p.name for p in (plan / "out").glob("*.*")) == ["masterplan.json", "masterplan.md"]


@pytest.mark.parametrize("word", ["Dinas B", "dinas b", "DB", "dinas-b"])
def test_an_agency_is_found_by_its_name(plan: Path, word: str) -> None:
    edit(plan, "agencies/dinas-b.yaml", "short: B\n", "short: DB\n")
    result = masterplan("build", plan, "--to", "md", "--agency", word, "--out", plan / "out")
    assert (result.code, [p.name for p in (plan / "out").glob("*.md")]) == (0, ["agency-dinas-b.md"])
    assert (
        masterplan("tasks", plan, "--agency", word).out
        == masterplan("tasks", plan, "--agency", "dinas-b").out
    )


def test_a_name_that_two_agencies_have_is_nobodys(plan: Path) -> None:
    for id_ in ("dinas-b", "dinas-c", "dinas-d", "dinas-e", "dinas-f", "dinas-g"):
        write(plan, f"agencies/{id_}.yaml", (plan / "agencies/dinas-b.yaml").read_text(encoding="utf-8"))
    result = masterplan("build", plan, "--draft", "--to", "md", "--agency", "Dinas B")
    assert (result.code, result.out) == (2, "")
    assert "yang paling mirip: `dinas-b` (Dinas B), `dinas-c` (Dinas B)" in result.err


def test_word_and_excel_are_names_of_formats(plan: Path) -> None:
    assert masterplan("build", plan, "--to", "Excel", "--out", plan / "out").code == 0
    assert [p.name for p in (plan / "out").iterdir()] == ["masterplan.xlsx"]


# --- what is in them


def test_the_books_of_this_plan_do_not_reprint_one_another(kota_pasuruan: Path) -> None:
    files = made(kota_pasuruan, "--book", "analisis", "--book", "masterplan", "--to", "md")
    plan = check(kota_pasuruan).plan
    assert plan
    summarised = [chapter for chapter in plan.chapters if chapter.data.summary]
    assert {c.id for c in plan.chapters_of("analysis")} <= {c.id for c in summarised}
    for chapter in summarised:
        text = (kota_pasuruan / chapter.path).read_text(encoding="utf-8").partition("\n---\n")[2]
        for line in text.splitlines():
            if len(line) > 60 and line.isascii() and line.isprintable() and "](" not in line:
                assert line in files["analisis.md"]
                assert line not in files["masterplan.md"]
    assert files["masterplan.md"].count("Uraian lengkapnya ada di Buku 1.") == len(summarised)


def test_a_text_that_another_book_holds_is_its_summary_and_nowhere_else(library: Path) -> None:
    write(
        library,
        "chapters/tren.md",
        "---\ntitle: Tren\npart: analisis\nsummary: Pendek.\n---\n\nDunia berubah.\n",
    )
    whole = made(library, "--book", "satu")["satu.md"]
    short = made(library)["masterplan.md"]
    assert "Pendek." in whole
    assert "Dunia berubah." in whole
    assert "Pendek. Uraian lengkapnya ada di Buku Analisis." in short
    assert "Dunia berubah." not in short


def test_the_analysis_holds_the_chapters_of_analysis_and_the_vision(library: Path) -> None:
    text = made(library, "--book", "satu")["satu.md"]
    assert headings(text)[0] == "Buku Analisis"
    assert headings(text)[-3:] == ["Pendahuluan", "Tren", "Visi, Misi, dan Dewan Smart City"]


def test_the_summary_has_a_spread_for_each_pillar_with_its_goals_quick_win_and_budget(library: Path) -> None:
    text = made(library, "--book", "tiga")["tiga.md"]
    assert headings(text)[-3:] == ["Alfa", "Quick Win", "Ringkasan Anggaran"]
    spread = text.partition('<a id="alfa"></a>')[2].partition('<a id="quick-wins"></a>')[0]
    assert "Dinas A" in spread
    assert "| Warga puas | Kepuasan (persen) | 50 (2021) | 80 (2026) |" in spread
    assert re.search(r"\| Layanan Cepat \| Dinas A \| .* \| 2022–2024 \| 100 \|", spread)


def test_the_budget_summary_adds_up_by_pillar_and_by_phase(kota_pasuruan: Path) -> None:
    plan = check(kota_pasuruan).plan
    assert plan
    assert sum(line.total for line in plan.digest()) == plan.budget_by_phase().total == plan.total
    assert sum(line.percent for line in plan.digest()) == 100
    assert [line.programs for line in plan.digest()] == [len(p.programs) for p in plan.pillars]


def test_a_year_outside_of_all_phases_has_a_column_of_its_own(plan: Path) -> None:
    edit(plan, "masterplan.yaml", "    period: 2024-2026", "    period: 2024-2025")
    checked = check(plan)
    assert checked.plan
    assert checked.plan.budget_by_phase().columns == ["Awal (2022–2023)", "Akhir (2024–2025)", "2026"]


def test_shares_add_up_to_a_hundred_however_they_round() -> None:
    assert [str(share) for share in percentages([1, 1, 1])] == ["33.4", "33.3", "33.3"]
    assert [str(share) for share in percentages([2, 0, 4])] == ["33.3", "0", "66.7"]
    assert percentages([0, 0]) == [0, 0]
    assert percentages([]) == []


def test_an_annex_has_its_head_in_capitals_and_ends_with_the_signature(library: Path) -> None:
    text = made(library, "--book", "lampiran")["lampiran.md"]
    head = "LAMPIRAN II\nPERATURAN WALI KOTA UJI\nNOMOR …………… TAHUN ……………\nTENTANG\nRENCANA KOTA\n"
    assert text.replace("  \n", "\n").startswith(head)
    assert headings(text)[0] == "RENCANA KOTA UJI"
    assert re.search(r"WALI KOTA UJI,\s+…{8,}\s*$", text)


def test_an_annex_prints_its_number_and_signatory_once_they_are_known(library: Path) -> None:
    edit(library, "masterplan.yaml", "annex: II", "number: 7, year: 2027, signatory: Siti Aminah")
    text = made(library, "--book", "lampiran")["lampiran.md"]
    assert text.startswith("LAMPIRAN  \nPERATURAN")
    assert "NOMOR 7 TAHUN 2027" in text
    assert text.rstrip().endswith("SITI AMINAH")


def test_an_annex_is_on_folio_in_serifs_and_other_books_as_they_ask(library: Path) -> None:
    edit(library, "masterplan.yaml", "    outputs: [html, md]", "    paper: folio")
    checked = check(library)
    assert checked.plan
    looks = {id_: (book.paper, book.font) for id_, book in checked.plan.all_books.items()}
    assert looks == {
        "satu": ("a4", "sans"), "tiga": ("f4", "sans"), "lampiran": ("f4", "serif"), "masterplan": ("a4", "sans"),
    }  # fmt: skip


def test_a_draft_of_an_annex_without_its_regulation_has_dots(library: Path) -> None:
    text = (library / "masterplan.yaml").read_text(encoding="utf-8")
    write(library, "masterplan.yaml", re.sub(r"    regulation: .*\n", "", text))
    assert masterplan("build", library, "--book", "lampiran").code == 1
    assert "LAMPIRAN" in made(library, "--book", "lampiran", "--draft")["lampiran.md"]


def test_an_excerpt_holds_the_agencys_page_tasks_pillars_and_programs(kota_pasuruan: Path) -> None:
    plan = check(kota_pasuruan).plan
    assert plan
    for id_ in ("dlhkp", "kecamatan-purworejo"):
        agency = plan.agencies[id_]
        text = made(kota_pasuruan, "--agency", id_, "--to", "md")[f"agency-{id_}.md"]
        sheets = re.findall(r'^### <a id="([^":]+/[^":]+)"', text, flags=re.M)
        assert sorted(sheets) == sorted(p.id for p in (*agency.owned, *agency.supported))
        assert headings(text)[2:] == ["Perangkat Daerah", "Pilar dan Program"]
        assert [p.title for p in agency.pillars] == re.findall(
            r'^## <a id="smart-[^"]*"></a>(.*)$', text, flags=re.M
        )
        listed = text.partition('<a id="program-sheets"></a>')[2].partition("\n### ")[0]
        others = [
            p for pillar, programs in plan.sheets_of(agency) if pillar.owner is not agency for p in programs
        ]
        assert re.findall(r"^\| [\d.]+ \[[^]]*\]\(<#([^>]+)>\)", listed, flags=re.M) == [p.id for p in others]
        assert "Yang harus diselesaikan" in text


def test_an_excerpt_says_what_the_agencys_own_programs_cost(kota_pasuruan: Path) -> None:
    masterplan("build", kota_pasuruan, "--agency", "dlhkp", "--to", "md", "--out", kota_pasuruan / "keluar")
    text = (kota_pasuruan / "keluar/agency-dlhkp.md").read_text(encoding="utf-8")
    table = text.partition("Program yang diampu DLHKP**\n\n")[2].partition("\n\n")[0].splitlines()
    amounts = [int(re.sub(r"\D", "", row.split("|")[-2])) for row in table[2:]]
    plan = check(kota_pasuruan).plan
    assert plan
    assert amounts[:-1] == [program.total for program in plan.agencies["dlhkp"].owned]
    assert amounts[-1] == sum(amounts[:-1])


def test_programs_of_the_same_title_are_told_apart_by_owner_or_id(plan: Path) -> None:
    text = (plan / "pillars/alfa/layanan.md").read_text(encoding="utf-8")
    write(
        plan,
        "pillars/alfa/dua.md",
        text.replace("owner: dinas-a", "owner: dinas-b").replace("[dinas-b]", "[dinas-a]"),
    )
    write(plan, "pillars/alfa/tiga.md", text.replace("Rp 100", "Rp 300"))
    checked = check(plan)
    assert checked.plan
    names = {
        "alfa/dua": "Layanan Cepat (B)",
        "alfa/layanan": "Layanan Cepat (alfa/layanan)",
        "alfa/tiga": "Layanan Cepat (alfa/tiga)",
    }
    assert {program.id: program.name for program in checked.plan.programs} == names
    made = build(checked, Order(formats=("html", "md", "xlsx"), draft=True)).files
    page = made["masterplan.html"].decode("utf-8")
    for name in names.values():
        assert page.count(f">{name}<") >= 4, "contents, heading, tables and charts"
    assert "Layanan Cepat<" not in re.sub(r"<title>.*?</title>", "", page)


def test_an_excerpt_is_made_beside_books(library: Path) -> None:
    assert list(made(library, "--book", "satu", "--agency", "dinas-b")) == ["agency-dinas-b.md", "satu.md"]


def test_no_heading_of_an_excerpt_stands_without_a_text(library: Path) -> None:
    """An agency that owns a pillar but has no program in it gets no heading for their sheets."""
    edit(library, "pillars/alfa/layanan.md", "owner: dinas-a", "owner: dinas-b")
    edit(library, "pillars/alfa/layanan.md", "supporting: [dinas-b]\n", "")
    text = made(library, "--agency", "dinas-a", "--draft")["agency-dinas-a.md"]
    assert "Lembar program" not in text


def test_a_plans_own_template_makes_a_book(library: Path) -> None:
    edit(library, "masterplan.yaml", "template: analisis", "template: saku")
    write(library, "templates/books/saku.j2", '{% do block("cover") %}{% do block("legal") %}')
    assert headings(made(library, "--book", "satu")["satu.md"]) == ["Buku Analisis"]


# --- writers that other modules bring, and how they meet


class _Job:
    """A job that calls a stand-in with what it was given."""

    def __init__(self, table: dict[str, Callable[..., Any]], form: str, *given: Any) -> None:
        self.key, self.make = form, lambda: table[form](*given)

    def done(self, data: bytes) -> Written:
        raise AssertionError(f"nothing is kept here, yet {data!r} came")


@pytest.fixture
def writers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[..., Any]]:
    """Stand-ins for the writers of PDF and DOCX: what a test puts here is called in their place."""

    def pdf(document: Document, templates: object, name: str, attachments: object, *_: object) -> Written:
        return Written({f"{name}.pdf": b"%PDF"})

    def docx(document: Document, reference: bytes | None, name: str, *_: object) -> Written:
        return Written({f"{name}.docx": b"PK"})

    table: dict[str, Callable[..., Any]] = {"pdf": pdf, "docx": docx}

    monkeypatch.setattr(pdf_module, "PdfJob", lambda *given: _Job(table, "pdf", *given))
    monkeypatch.setattr(docx_module, "DocxJob", lambda *given: _Job(table, "docx", *given))
    return table


def test_outputs_come_in_the_order_of_the_books_and_their_formats(
    library: Path, writers: dict[str, Callable[..., Any]]
) -> None:
    order = Order(books=("tiga", "satu"), formats=("docx", "html", "pdf"))
    assert list(build(check(library), order).files) == [
        "tiga.docx", "tiga.html", "tiga.pdf", "satu.docx", "satu.html", "satu.pdf",
    ]  # fmt: skip


def test_the_pdf_is_made_while_the_other_formats_are(
    library: Path, writers: dict[str, Callable[..., Any]]
) -> None:
    """The PDF waits here for the DOCX, so that one after the other would never end."""
    docx_made = threading.Event()

    def pdf(document: Document, templates: object, name: str, attachments: object, *_: object) -> Written:
        assert docx_made.wait(timeout=30)
        return Written({f"{name}.pdf": b"%PDF"})

    def docx(document: Document, reference: bytes | None, name: str, *_: object) -> Written:
        docx_made.set()
        return Written({f"{name}.docx": b"PK"})

    writers.update(pdf=pdf, docx=docx)
    assert len(build(check(library), Order(formats=("pdf", "docx"))).files) == 2


def test_what_a_writer_finds_stops_its_format_alone(
    library: Path, writers: dict[str, Callable[..., Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from masterplan_cli.diagnostics import Place

    finding = CANNOT_WRITE.at(Place("masterplan.yaml"), path="uji", reason="uji")
    writers["pdf"] = lambda *_: Written({}, (finding,))
    result = masterplan("build", library, "--to", "pdf,html", "--out", library / "out")
    assert result.code == 1
    assert "MP903" in result.out
    assert [path.suffix for path in (library / "out").iterdir() if path.is_file()] == [".html"]


def test_a_fault_of_our_own_in_the_pdf_is_not_swallowed(
    library: Path, writers: dict[str, Callable[..., Any]]
) -> None:
    def broken(*_: object) -> Written:
        raise ZeroDivisionError

    writers["pdf"] = broken
    with pytest.raises(ZeroDivisionError):
        build(check(library), Order(formats=("pdf", "html")))


def test_the_archive_edition_carries_the_plan_as_data(
    library: Path, writers: dict[str, Callable[..., Any]]
) -> None:
    edit(library, "masterplan.yaml", "template: analisis", "template: analisis\n    archive: Ya")
    given: dict[str, Any] = {}

    def pdf(document: Document, templates: object, name: str, attachments: object, *_: object) -> Written:
        given[name] = attachments
        return Written({f"{name}.pdf": b"%PDF"})

    writers["pdf"] = pdf
    files = build(check(library), Order(books=("satu", "tiga"), formats=("pdf", "json"))).files
    assert given["tiga"] is None
    assert sorted(given["satu"]) == ["masterplan.json", "masterplan.xlsx"]
    assert given["satu"]["masterplan.json"] == files["masterplan.json"]


def test_word_takes_its_styles_from_the_plans_reference(
    library: Path, writers: dict[str, Callable[..., Any]]
) -> None:
    given = []

    def docx(document: Document, reference: bytes | None, name: str, *_: object) -> Written:
        given.append(reference)
        return Written({f"{name}.docx": b"PK"})

    writers["docx"] = docx
    build(check(library), Order(formats=("docx",)))
    write(library, "templates/reference.docx", b"PK\x03\x04gaya")
    build(check(library), Order(formats=("docx",)))
    assert given == [None, b"PK\x03\x04gaya"]


def test_a_reference_that_is_a_link_or_too_large_is_reported(library: Path, tmp_path: Path) -> None:
    outside = tmp_path / "gaya.docx"
    outside.write_bytes(b"PK\x03\x04")
    (library / "templates").mkdir()
    reference = library / "templates" / "reference.docx"
    reference.symlink_to(outside)
    assert [d.code for d in check(library).diagnostics] == ["MP124"]
    reference.unlink()
    with reference.open("wb") as stream:
        stream.truncate(21 * 1024 * 1024)
    [found] = check(library).diagnostics
    assert (found.code, found.path) == ("MP124", "templates/reference.docx")
    assert "20 MiB" in found.help


def test_a_failed_build_of_many_books_leaves_every_earlier_output(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made(library, "--book", "all")
    edit(library, "pillars/alfa/layanan.md", "title: Layanan Cepat", "title: Layanan Baru")
    write(library, "templates/signature.md.j2", "{{ tidak_ada }}")
    result = masterplan("build", library, "--book", "all", "--out", library / "out")
    assert (result.code, "MP902" in result.out) == (1, True)
    assert texts(library / "out") == before


def test_a_disk_that_fills_at_the_last_book_leaves_every_earlier_output(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made(library, "--book", "all")
    edit(library, "pillars/alfa/layanan.md", "title: Layanan Cepat", "title: Layanan Baru")
    save, calls = outputs._save, []

    def full(new: Path, *given: Any) -> None:
        calls.append(new)
        if len(calls) == 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        save(new, *given)

    monkeypatch.setattr(outputs, "_save", full)
    result = masterplan("build", library, "--book", "all", "--out", library / "out")
    assert (result.code, CANNOT_WRITE.code in result.out) == (1, True)
    assert texts(library / "out") == before


def test_a_plan_that_says_it_is_a_draft_prints_so_in_every_format(library: Path) -> None:
    edit(library, "masterplan.yaml", "status: final", "status: draf")
    files = build(check(library), Order(formats=("html", "md"))).files
    assert "DRAF – belum ditetapkan" in files["masterplan.html"].decode()
    assert "DRAF – belum ditetapkan" in files["masterplan.md"].decode()
    edit(library, "masterplan.yaml", "status: draf\n", "")
    files = build(check(library), Order(formats=("html", "md"))).files
    assert b"DRAF" not in files["masterplan.md"], "one that says nothing may be anything"


def test_a_document_that_is_pending_says_so_once(library: Path) -> None:
    edit(library, "masterplan.yaml", "status: final", "status: draf")
    plan = check(library).plan
    assert plan
    assert [mark.split(" ")[0] for mark in plan.banners(draft=True)] == ["DRAF"]
    assert plan.banners(draft=False) == ["DRAF – belum ditetapkan"]
