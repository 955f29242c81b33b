"""The document: what agencies wrote comes out as text, sums agree, links lead somewhere."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from html import unescape
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from conftest import REPO, edit, visible_text, write
from masterplan_cli.build import Order, build
from masterplan_cli.checking import check
from masterplan_cli.messages import LABELS
from masterplan_cli.values import rupiah


def built(root: Path, *, draft: bool = False) -> dict[str, bytes]:
    result = build(check(root), Order(formats=("html", "md", "json"), draft=draft))
    assert result.diagnostics == []
    return result.files


def html_of(files: dict[str, bytes]) -> str:
    return files["masterplan.html"].decode()


def rendered_markdown(files: dict[str, bytes]) -> str:
    """The Markdown file as a viewer that allows raw HTML would show it: the strictest reader."""
    return str(
        MarkdownIt("commonmark", {"html": True})
        .enable(["table", "strikethrough"])
        .render(files["masterplan.md"].decode())
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[klik](javascript:alert(1))",
    "{{ 7*7 }} {% include '/etc/passwd' %} {# hilang #}",
    "a | b || c",
    "*tebal* _miring_ `kode` ~~coret~~ # judul",
    "1. satu",
    "&amp; &lt; &copy; &#35;",
    "\\ \\| \\\\ ganda",
    "kiri \u200f\u05d0\u05d1\u05d2 kanan",
    "[^1] ![x](y) <https://contoh.go.id>",
    "::: cover",
    "\"kutip\" 'tunggal' (c) -- ...",
    "عربي ꦗꦮ 🙂 Jum'at",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_shows_exactly_its_characters_everywhere(plan: Path, text: str) -> None:
    quoted = json.dumps(text, ensure_ascii=False)
    edit(
        plan,
        "pillars/alfa/layanan.md",
        "title: Layanan Cepat",
        f"title: {quoted}\ngoals: [{quoted}]\nno_budget_reason: {quoted}\nrisks: [{{risk: {quoted}, mitigation: {quoted}}}]",
    )
    edit(plan, "agencies/dinas-a.yaml", "name: Dinas A\nshort: A", f"name: {quoted}\nshort: {quoted}")
    files = built(plan)
    page = html_of(files)
    headings = [visible_text(f"<body>{h}") for h in re.findall(r"<h\d[^>]*>(.*?)</h\d>", page)]
    cells = [visible_text(f"<body>{c}") for c in re.findall(r"<td[^>]*>(.*?)</td>", page, re.S)]
    assert text in headings
    assert text in cells
    assert page.count("<script") == 1, "the page's own"
    assert "onerror=alert(1)>" not in page
    assert json.loads(files["masterplan.json"])["pillars"][0]["programs"][0]["title"] == text
    shown = rendered_markdown(files)
    assert text in [visible_text(f"<body>{c}") for c in re.findall(r"<td[^>]*>(.*?)</td>", shown, re.S)]
    assert "<script" not in shown
    assert shown.count("<img") == shown.count('<img src="masterplan_files/charts/')


def test_hostile_prose_comes_out_as_text(plan: Path) -> None:
    lines = [
        line
        for line in HOSTILE
        if not line.startswith(("1.", "*tebal*", ":::", "[^1]", "&amp;", "\\ ", '"kutip'))
    ]
    edit(
        plan,
        "chapters/pendahuluan.md",
        "Teks pendahuluan.",
        "\n\n".join(lines) + "\n\n<div onclick='x()'>\nblok\n</div>\n\n::: cover\nbukan sampul\n:::",
    )
    files = built(plan, draft=True)
    page = html_of(files)
    text = visible_text(page)
    for line in lines:
        assert line in text or line.replace("'", "’") in text or "Jum’at" in text, line
    assert "49" not in re.findall(r"<section class=\"block block-chapter\">(.*?)</section>", page, re.S)[0]
    for source, scripts in ((page, 1), (rendered_markdown(files), 0)):
        assert source.count("<script") == scripts
        assert 'href="javascript' not in source
        assert "<div onclick" not in source
    assert page.count('<div class="cover">') == 1


def test_every_link_of_the_page_leads_to_something(example_files: dict[str, bytes]) -> None:
    page = html_of(example_files)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    inside = {unescape(h)[1:] for h in re.findall(r'href="(#[^"]*)"', page)}
    assert inside
    assert inside <= set(map(unescape, ids))


def test_every_link_of_the_markdown_leads_to_something(example_files: dict[str, bytes]) -> None:
    text = example_files["masterplan.md"].decode()
    ids = set(re.findall(r'<a id="([^"]+)">', text))
    targets = set(re.findall(r"\]\(<?#([^)>]+)>?\)", text))
    assert targets
    assert targets <= ids


def test_an_empty_link_prints_its_targets_title(plan: Path) -> None:
    edit(
        plan,
        "chapters/pendahuluan.md",
        "Teks pendahuluan.",
        "Lihat [](../pillars/alfa/layanan.md) dan [](../pillars/alfa/layanan.md#latar-belakang).",
    )
    page = html_of(built(plan))
    assert (
        '<a href="#alfa/layanan">Layanan Cepat</a> dan <a href="#alfa/layanan:latar-belakang">Latar belakang</a>'
        in page
    )


def test_footnotes_of_two_files_do_not_meet(plan: Path) -> None:
    for path, old in (
        ("chapters/pendahuluan.md", "Teks pendahuluan."),
        ("pillars/alfa/layanan.md", "Teks tentang layanan."),
    ):
        edit(plan, path, old, f"Teks[^a].\n\n[^a]: Catatan {path}.")
    files = built(plan)
    page = html_of(files)
    ids = re.findall(r' id="(fn:[^"]+)"', page)
    assert len(ids) == len(set(ids)) == 2
    assert files["masterplan.md"].decode().count("]: Catatan") == 2


def test_a_picture_is_inside_the_page_and_beside_the_markdown(plan: Path) -> None:
    write(plan, "assets/peta.svg", '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>')
    edit(plan, "chapters/pendahuluan.md", "Teks pendahuluan.", "![Peta <kota>](../assets/peta.svg)")
    files = built(plan)
    assert 'src="data:image/svg+xml;base64,' in html_of(files)
    assert 'alt="Peta &lt;kota&gt;"' in html_of(files)
    assert files["masterplan_files/assets/peta.svg"] == (plan / "assets/peta.svg").read_bytes()
    assert "](<masterplan_files/assets/peta.svg>)" in files["masterplan.md"].decode()


def _written_budget(root: Path) -> list[tuple[str, str, str, int, int]]:
    """(pillar, owner, source, year, amount) of every budget line, read without any code of the tool."""
    lines = []
    for path in sorted((root / "pillars").glob("*/*")):
        if path.name == "pillar.md":
            continue
        text = path.read_text(encoding="utf-8")
        data = yaml.safe_load(text.split("---\n")[1] if path.suffix == ".md" else text)
        for line in data.get("budget", []):
            amount = int(re.sub(r"\D", "", str(line["amount"])))
            lines.append((path.parent.name, data["owner"], line["source"], line["year"], amount))
    return lines


def test_every_total_equals_the_sum_of_the_lines_as_written(example_files: dict[str, bytes]) -> None:
    lines = _written_budget(REPO)
    page = html_of(example_files)
    total = sum(line[-1] for line in lines)
    assert total > 0
    book = re.search(r'<section class="block block-budget">(.*?)</section>', page, re.S)
    assert book
    tables = re.findall(r"<table.*?</table>", book[1], re.S)
    assert len(tables) == 4
    for table in tables:
        rows = [
            re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)
        ]
        assert f'title="{rupiah(total)}">{total // 10**6:,}<'.replace(",", ".") in rows[-1][-1]
        numbers = [[_amount(cell) for cell in row[1:]] for row in rows[1:]]
        assert all(sum(row[:-1]) == row[-1] for row in numbers)
        assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == numbers[-1]
    for index, key in enumerate(("by_pillar", "by_agency", "by_source", "by_year")):
        sums: dict[str, int] = defaultdict(int)
        for line in lines:
            sums[str(line[index])] += line[-1]
        printed = json.loads(example_files["masterplan.json"])["budget"][key]
        assert {k: v for k, v in printed.items() if v} == dict(sums)
    for pillar in {line[0] for line in lines}:
        section = re.search(rf'<h2 id="{pillar}"[^>]*>(.*?)</section>', page, re.S)
        assert section
        assert f'title="{rupiah(sum(line[-1] for line in lines if line[0] == pillar))}"' in section[1]


def _amount(cell: str) -> int:
    """The exact amount behind one that is shown in millions."""
    exact = re.search(r'<data value="(\d+)"', cell)
    return int(exact[1]) if exact else 0


def test_the_example_says_on_every_output_that_it_is_one(example_files: dict[str, bytes]) -> None:
    assert LABELS["example.banner"].id in html_of(example_files)
    assert LABELS["example.banner"].id in example_files["masterplan.md"].decode()
    assert json.loads(example_files["masterplan.json"])["status"] == "example"


def test_the_document_holds_every_part(example_files: dict[str, bytes]) -> None:
    page = html_of(example_files)
    for name in (
        "cover",
        "preface",
        "legal",
        "contents",
        "vision",
        "pillar",
        "program",
        "roadmap",
        "budget",
        "indicators",
        "quick-wins",
        "matrix",
        "dependencies",
        "evidence",
        "agencies",
        "agency",
        "commitment",
    ):
        assert f"block-{name}" in page, name
    assert page.count('block-program"') == 36
    assert page.count('block-agency"') == 30


def test_an_agencys_page_lists_what_it_has_to_mend(plan: Path) -> None:
    edit(plan, "pillars/alfa/layanan.md", "quick_win: Ya\n", "quick_win: Ya\nsalah: x\n")
    page = html_of(built(plan, draft=True))
    agency = re.findall(r'<section class="block block-agency">(.*?)</section>', page, re.S)[0]
    assert "MP021" in agency


def test_a_book_that_is_signed_holds_no_words_of_the_tool(plan: Path) -> None:
    edit(plan, "pillars/alfa/layanan.md", "quick_win: Ya\n", "")
    page = html_of(built(plan))
    assert not re.search(r"MP\d{3}", page)
    assert LABELS["status"].id not in page
    result = build(check(plan), Order(formats=("html",), books=("review",)))
    review = result.files["review.html"].decode()
    assert "MP109" in review
    assert "belum lolos pemeriksaan" not in review, "what is no draft is not called one"


def test_a_draft_shows_its_gaps(plan: Path) -> None:
    edit(plan, "pillars/alfa/pillar.md", "owner: dinas-a\n", "")
    files = built(plan, draft=True)
    page = html_of(files)
    assert LABELS["draft.banner"].id in page
    assert "block-gaps" in page
    assert "MP101" in page
    assert json.loads(files["masterplan.json"])["draft"] is True


def test_a_draft_with_thousands_of_gaps_says_how_many_it_does_not_list(plan: Path) -> None:
    lines = "".join(f"salah{n}: x\n" for n in range(150))
    for number in range(6):
        write(plan, f"chapters/bab-{number}.md", f"---\ntitle: Bab {number}\n{lines}---\n\nTeks.\n")
    page = html_of(built(plan, draft=True))
    assert "Jumlah temuan: 900." in page
    assert "di berkas ini masih ada 50 temuan MP021 lagi" in page
    assert "Ditampilkan 500 dari 900 temuan" in page
    assert "Ditampilkan 100 dari 900 temuan" in page
    assert page.count('<th scope="row">MP021</th>') == 500


def test_a_broken_program_still_appears_in_a_draft(plan: Path) -> None:
    write(plan, "pillars/alfa/layanan.md", '---\ntitle: "Rusak\n---\n')
    assert '<h3 id="alfa/layanan">layanan<a class="anchor"' in html_of(built(plan, draft=True))


#: The chapters that a book puts its parts under.
PARTS = {"introduction", "analysis", "direction", "pillars", "action", "closing", "annexes"}
TEMPLATES = sorted((REPO / "templates").rglob("*.j2"))


def test_templates_and_labels_know_each_other() -> None:
    named = {
        key for path in TEMPLATES for key in re.findall(r'\bt\("([^"]+)"', path.read_text(encoding="utf-8"))
    }
    named = named - {"part."} | {f"part.{part}" for part in PARTS}
    in_code = {"draft.banner", "pending.banner", "example.banner"} | {
        key
        for path in (REPO / "src").rglob("*.py")
        for key in re.findall(r"""LABELS\[["']([^"']+)["']\]""", path.read_text(encoding="utf-8"))
    }
    in_code |= {
        key
        for path in (REPO / "src/masterplan_cli/writers/xlsx").glob("*.py")
        for key in re.findall(r'\bscope\.\w+\("([^"]+)"', path.read_text(encoding="utf-8"))
        if key in LABELS
    }
    assert named <= set(LABELS)
    assert set(LABELS) == named | in_code
    for label in LABELS.values():
        assert label.id
        assert label.en


def test_the_lists_of_tables_and_figures_lead_to_each_that_has_a_number(
    example_files: dict[str, bytes],
) -> None:
    page = html_of(example_files)
    for kind in ("table", "figure"):
        links = re.findall(rf'<li><a href="#({kind}-[\d.]+)">', page)
        assert len(links) > 5
        assert sorted(links) == sorted(re.findall(rf' id="({kind}-[\d.]+)"', page))
    for sheet in re.findall(r'<section class="block block-program">(.*?)</section>', page, re.S):
        assert "<caption id=" not in sheet, "the tables of a sheet have no number"


@pytest.mark.usefixtures("one_process")
def test_a_book_without_figures_has_no_list_of_them(plan: Path) -> None:
    write(plan, "templates/books/masterplan.j2", '{% do block("figures") %}{% do block("contents") %}')
    assert "Daftar Gambar" not in html_of(built(plan))


@pytest.mark.usefixtures("one_process")
def test_a_plan_overrides_a_file_and_a_block(plan: Path) -> None:
    write(plan, "templates/contents.md.j2", '# Isi Buku {{ "contents" | anchor }}\n\n::: contents\n:::\n')
    write(
        plan,
        "templates/program.md.j2",
        '{% extends "shipped/program.md.j2" %}\n{% block risks %}\nAnggaran **rahasia** {{ program.title }}\n\n{{ super() }}\n{% endblock %}\n',
    )
    page = html_of(built(plan))
    assert "Isi Buku" in page
    assert "Anggaran <strong>rahasia</strong> Layanan Cepat" in page
    assert "Rp\N{NO-BREAK SPACE}100.000.000" in page


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize(
    ("template", "code", "line"),
    [
        ("# Judul\n\n{% if %}\n", "MP901", 3),
        ("# Judul\n\n{{ tidak_ada }}\n", "MP902", 3),
        ("# Judul\n{{ plan.__class__.__mro__ }}\n", "MP902", 2),
        ("# Judul\n{% for i in range(10**9) %}{% endfor %}\n", "MP902", 2),
        ("# Judul\n{{ 1 / 0 }}\n", "MP902", 2),
        ('# Judul\n{{ chart("roadmapp") }}\n', "MP902", 2),
        ('# Judul\n\n{{ chart("indicator") }}\n', "MP902", 3),
        ('# Judul\n{% include "../../etc/passwd" %}\n', "MP902", 2),
        ('{% include "contents.md.j2" %}', "MP902", 1),
    ],
)
def test_a_broken_template_is_a_finding(plan: Path, template: str, code: str, line: int) -> None:
    write(plan, "templates/contents.md.j2", template)
    result = build(check(plan), Order(formats=("html",)))
    assert result.files == {}
    [found] = result.diagnostics
    assert (found.code, found.path, found.span.line) == (code, "templates/contents.md.j2", line)


def test_prose_is_never_read_as_a_template(plan: Path) -> None:
    edit(plan, "chapters/pendahuluan.md", "Teks pendahuluan.", "{{ plan.settings.title }} {% raw %}")
    assert "{{ plan.settings.title }} {% raw %}" in visible_text(html_of(built(plan)))
