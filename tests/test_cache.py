"""What is kept between runs: after any change of a plan, the same findings and the same bytes as without it.

The plan here has something of everything; a second one has templates of its own besides, that reach far: each shows in
one block what stands in other files. `Pair` checks and builds a plan twice, with one store through all changes and
without any, and compares.
"""

from __future__ import annotations

import datetime
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import DEEP, SMALL_PLAN, every, examples, write
from masterplan_cli.build import Built, Order, build
from masterplan_cli.cache.results import Inputs
from masterplan_cli.cache.store import Store
from masterplan_cli.checking import Checked, check
from masterplan_cli.diagnostics import Diagnostic
from masterplan_cli.document import Block
from masterplan_cli.messages import Language
from masterplan_cli.writers.html import HtmlRenderer
from picture_files import PNG

pytestmark = pytest.mark.usefixtures("one_process", "typst_here")
DAY = datetime.date(2026, 1, 1)
OWNED = "pillars/alfa/layanan.md"

#: Each block shows what it is about, and what stands far from it.
TEMPLATES = {
    "program.md.j2": """\
{% extends "shipped/program.md.j2" %}
{% from "macros.md.j2" import sum, facts %}
{% block goals %}{{ super() }}
Pemilik mengampu {{ program.owner.owned | length if program.owner else "-" }}; semua {{ plan.programs | map(attribute="title") | join(", ") }};
perlu {{ program.needed_by[0].data.budget | length if program.needed_by else "-" }}; berkas {{ plan.paths | length }}; jumlah {{ sum }};
{{ facts(program) }}; koordinator {{ plan.responsible(program.path) or "-" }}; unit {{ plan.units | length }}.
{% endblock %}
""",
    "vision.md.j2": """\
# Visi {{ plan.logo or "tanpa lambang" }}
""",
    "macros.md.j2": """\
{% set sum = plan.total %}
{% macro facts(program) %}{{ program.pillar.title }} {{ program.depends_on | map(attribute="title") | join(", ") }}{% endmacro %}
""",
    "agency.md.j2": """\
{% extends "shipped/agency.md.j2" %}
{% block duties %}{{ super() }}
Temuan {{ findings | length }}, tugas {{ tasks | length }}, miliknya {{ tasks_of(agency) | map(attribute="message") | join("; ") }}.
{% include "aside.md.j2" %}
{% endblock %}
""",
    "aside.md.j2": """\
{% for year, amounts, total in plan.budget_by_source().rows %}{{ year }} {{ total }} {% endfor %}
{% set all = work() %}{% for row in all.urgent %}{{ row.tasks[0].message }} {% endfor %}
""",
    "commitment.md.j2": """\
# Komitmen

{{ picture("assets/foto.png", "Foto") if plan.picture("assets/foto.png") else "tanpa foto" }}

{{ plan.agencies | length }} {{ plan.chapters | map(attribute="title") | join(", ") }}

{{ chart("budget-years") }}
""",
}
FILES: dict[str, str | bytes] = {
    "assets/logo.png": PNG,
    "assets/foto.png": PNG + b"foto",
    "assets/data.csv": "a,b\n",
    "agencies/dinas-c.yaml": "name: Dinas C\n",
    "pillars/alfa/induk.md": """\
---
title: Program Induk
subdimension: satu
owner: dinas-b
depends_on: [alfa/layanan, alfa/lain]
period: 2023-2025
budget:
  - {year: 2023, amount: 5000000, source: APBN}
evidence:
  - {title: Data, file: assets/data.csv}
---

## Latar belakang

Lihat [layanan](layanan.md#tujuan-khusus), [bab](../../chapters/pendahuluan.md), [situs](https://contoh.id) dan
[tidak ada](hilang.md).[^1]

![Foto kota](../../assets/foto.png)

[^1]: Catatan.

## Tujuan khusus

Isi.
""",
    "pillars/alfa/lain.md": """\
---
title: Program Lain
subdimension: satu
supporting: [dinas-a, dinas-x]
period: 2021-2030
budgets: []
---

## Latar belakang

TODO tulis. Lihat [induk](induk.md#tujuan-khusus) dan [data](../../assets/data.csv).
""",
    "pillars/beta/pillar.md": "---\ntitle: Pilar Beta\n---\n\nTeks beta.\n",
    "pillars/beta/tanpa-pengampu.yaml": "title: Tanpa Pengampu\nperiod: 2022-2023\n",
    "chapters/penutup.md": "---\ntitle: Penutup\npart: closing\norder: 2\n---\n\nAkhir Bupati [induk](../pillars/alfa/induk.md).\n",
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan that has something of everything."""
    root = tmp_path_factory.mktemp("plain") / "plan"
    shutil.copytree(SMALL_PLAN, root)
    for path, content in FILES.items():
        write(root, path, content)
    text = (root / "masterplan.yaml").read_text(encoding="utf-8") + "logo: assets/logo.png\n"
    text = text.replace("coordinator: dinas-a", "coordinator: dinas-c")
    write(root, "masterplan.yaml", text)
    program = (root / OWNED).read_text(encoding="utf-8") + "\n## Tujuan khusus\n\nCepat.\n"
    write(root, OWNED, program)
    return root


@pytest.fixture(scope="module")
def whole(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with templates of its own."""
    root = Path(shutil.copytree(plain, tmp_path_factory.mktemp("whole") / "plan"))
    for name, text in TEMPLATES.items():
        write(root, f"templates/{name}", text)
    return root


class Made(NamedTuple):
    """What is found in a plan, and what is made of it."""

    found: list[Diagnostic]
    built: Built


@dataclass
class Pair:
    """A plan that is checked and built twice, with a store and without."""

    root: Path
    place: str
    language: Language | None = None
    order: Order = field(default_factory=lambda: Order(formats=("html",), date=DAY, draft=True))

    def compare(self) -> Made:
        """Both ways say the same and make the same bytes; returned is what they made."""
        fresh = check(self.root, self.language)
        return self.expect(Made(fresh.diagnostics, self._build(fresh, None)))

    def expect(self, fresh: Made) -> Made:
        """With the store it is just this that is found and made."""
        store = Store(self.place)
        kept = check(self.root, self.language, store=store)
        assert kept.diagnostics == fresh.found
        assert [d.route for d in kept.diagnostics] == [d.route for d in fresh.found]
        made, expected = self._build(kept, store), fresh.built
        store.flush()
        assert made.diagnostics == expected.diagnostics
        assert list(made.files) == list(expected.files)
        ours, theirs = made.files, expected.files
        for name, data in theirs.items():
            if name.endswith((".html", ".md", ".json")):
                assert ours[name].decode("utf-8", "replace") == data.decode("utf-8", "replace"), name
        assert ours == theirs
        return fresh

    def _build(self, checked: Checked, store: Store | None) -> Built:
        order = self.order
        if checked.plan:
            agencies = tuple(id_ for id_ in order.agencies if id_ in checked.plan.agencies)
            order = Order(order.books, agencies, order.formats, order.date, order.draft)
        return build(checked, order, store=store)


class Lasting:
    """A plan that is built with one store in all tests of a module, and is as it was before each of them."""

    def __init__(self, source: Path, at: Path) -> None:
        self.source, self.at = source, at
        self.root, self.place = at / "plan", str(at / "cache")
        self.first = self.fresh().compare()

    def fresh(self) -> Pair:
        self.restore()
        return Pair(self.root, self.place)

    def restore(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.source, self.root)


@pytest.fixture(scope="module")
def shipped(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Lasting:
    return Lasting(plain, tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="module")
def own(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Lasting:
    return Lasting(whole, tmp_path_factory.mktemp("own"))


@pytest.fixture
def pair(own: Lasting) -> Pair:
    """The plan with templates of its own."""
    return own.fresh()


# --- single changes

Change = Callable[[Path], None]
CHANGES: dict[str, Change] = {}


def change(function: Change) -> Change:
    CHANGES[function.__name__] = function
    return function


def swap(root: Path, path: str, old: str, new: str) -> None:
    """Put something in another's place, where it stands in the file."""
    data = (root / path).read_bytes()
    write(root, path, data.replace(old.encode(), new.encode()))


def texts(name: str, path: str, old: str, new: str) -> None:
    CHANGES[name] = lambda root: swap(root, path, old, new)


ROOT = "masterplan.yaml"
INDUK, LAIN = "pillars/alfa/induk.md", "pillars/alfa/lain.md"
texts("a figure", OWNED, "100.000.000", "900.000.000")
texts("a year of a budget", INDUK, "year: 2023", "year: 2024")
texts("a title", OWNED, "title: Layanan Cepat", "title: Layanan Lambat")
texts("a title to another's", OWNED, "title: Layanan Cepat", "title: Program Induk")
texts("a word of prose", OWNED, "Teks tentang", "Naskah tentang")
texts("a word that is not allowed", OWNED, "Teks tentang", "Bupati Kabupaten tentang")
texts("a heading that others link to", OWNED, "## Tujuan khusus", "## Tujuan umum")
texts(
    "a heading above, so that anchors shift",
    INDUK,
    "## Latar belakang",
    "## Tujuan khusus\n\nx\n\n## Latar belakang",
)
texts("a heading taken away", INDUK, "## Tujuan khusus", "Tujuan khusus")
texts("a line above all prose", OWNED, "quick_win: Ya", "quick_win: Ya\ntags: [a]")
texts("a blank line in the prose", LAIN, "TODO", "\n\nTODO")
texts("the owner of a program", OWNED, "owner: dinas-a", "owner: dinas-b")
texts("the owner taken away", OWNED, "owner: dinas-a\n", "")
texts("an unknown owner", OWNED, "owner: dinas-a", "owner: dinas-z")
texts("the owner of a pillar", "pillars/alfa/pillar.md", "owner: dinas-a", "owner: dinas-c")
texts("a dependency taken away", INDUK, "depends_on: [alfa/layanan, alfa/lain]", "depends_on: [alfa/lain]")
texts("a circle of dependencies", OWNED, "owner: dinas-a", "owner: dinas-a\ndepends_on: [alfa/induk]")
texts("a supporting agency", LAIN, "dinas-x", "dinas-b")
texts("a misspelt key mended", LAIN, "budgets: []", "tags: [x]")
texts("the period of a program", LAIN, "2021-2030", "2022-2023")
texts("a quick win no more", OWNED, "quick_win: Ya", "quick_win: Tidak")
texts("a unit", OWNED, "unit: menit", "unit: Menit")
texts("a short name", "agencies/dinas-a.yaml", "short: A", "short: AA")
texts("an agency's name", "agencies/dinas-b.yaml", "name: Dinas B", "name: Ax Dinas")
texts("an agency's duty", "agencies/dinas-a.yaml", "Memimpin", "Mengawal")
texts("an agency's years", "agencies/dinas-b.yaml", "valid: 2023-", "valid: 2030-")
texts("a chapter's title", "chapters/pendahuluan.md", "title: Pendahuluan", "title: Pengantar")
texts("a chapter's order", "chapters/penutup.md", "order: 2", "order: 0.5")
texts("a chapter's part", "chapters/penutup.md", "part: closing", "part: preface")
texts("a pillar's title", "pillars/beta/pillar.md", "title: Pilar Beta", "title: Pilar Gama")
texts("the plan's title", ROOT, "title: Rencana Kota Uji", "title: Rencana Lain")
texts("the plan's period", ROOT, "period: 2022-2026", "period: 2023-2027")
texts("the plan's language", ROOT, "status: final", "status: final\nlanguage: en")
texts("the plan's status", ROOT, "status: final", "status: example")
texts("a severity", ROOT, "status: final", "status: final\nrules:\n  MP401: {severity: off, reason: Nanti.}")
texts("the coordinator", ROOT, "coordinator: dinas-c", "coordinator: dinas-a")
texts("the logo", ROOT, "logo: assets/logo.png", "logo: assets/foto.png")
texts("a phase", ROOT, "title: Awal", "title: Mula")
texts("the taxonomy's names", "taxonomy.yaml", "name: Satu", "name: Kesatu")
texts("the taxonomy's sections", "taxonomy.yaml", "name: Latar belakang", "name: Latar")
texts("the taxonomy's words", "taxonomy.yaml", "Bupati", "Teks")
texts("another taxonomy", ROOT, "taxonomy: taxonomy.yaml", "taxonomy: smart-city-indonesia")
texts("a template", "templates/program.md.j2", "Pemilik mengampu", "Pengampu memiliki")
texts("a template that another one includes", "templates/aside.md.j2", "{{ total }}", "{{ total | rupiah }}")
texts("a macro", "templates/macros.md.j2", "program.pillar.title", "program.pillar.id")
texts("a template's mistake", "templates/macros.md.j2", "plan.total", "plan.totals")
texts("a broken file", OWNED, "title: Layanan Cepat", "title: [")
texts("a broken pillar", "pillars/alfa/pillar.md", "owner: dinas-a", "owner: {")
texts("a broken agency", "agencies/dinas-b.yaml", "name: Dinas B", "name: {")
texts("a broken plan file", ROOT, "title: Rencana Kota Uji", "title: {")


@change
def a_program_is_added(root: Path) -> None:
    write(
        root,
        "pillars/beta/baru.md",
        "---\ntitle: Baru\nowner: dinas-c\n---\n\nTeks [induk](../alfa/induk.md).\n",
    )


@change
def a_file_that_a_link_needs_appears(root: Path) -> None:
    write(root, "pillars/alfa/hilang.md", "---\ntitle: Tidak Hilang\n---\n\nTeks.\n")


@change
def a_program_is_renamed(root: Path) -> None:
    (root / OWNED).rename(root / "pillars/alfa/aalayanan.md")


@change
def a_program_moves_to_another_pillar(root: Path) -> None:
    (root / OWNED).rename(root / "pillars/beta/layanan.md")


@change
def a_program_changes_its_ending(root: Path) -> None:
    (root / "pillars/beta/tanpa-pengampu.yaml").rename(root / "pillars/beta/tanpa-pengampu.md")


@change
def two_files_change_places(root: Path) -> None:
    first, second = (root / OWNED).read_bytes(), (root / INDUK).read_bytes()
    write(root, OWNED, second)
    write(root, INDUK, first)


@change
def a_file_takes_another_s_text(root: Path) -> None:
    write(root, LAIN, (root / OWNED).read_bytes())


@change
def an_agency_is_added(root: Path) -> None:
    write(root, "agencies/dinas-x.yaml", "name: Dinas X\n")


@change
def a_pillar_becomes_too_large(root: Path) -> None:
    write(root, "pillars/beta/pillar.md", b"x" * 600_000)


@change
def a_pillar_file_becomes_a_folder(root: Path) -> None:
    (root / "pillars/beta/pillar.md").unlink()
    (root / "pillars/beta/pillar.md").mkdir()


def a_pillar_file_becomes_a_link(root: Path) -> None:
    (root / "pillars/beta/pillar.md").unlink()
    (root / "pillars/beta/pillar.md").symlink_to("../alfa/pillar.md")


if os.name != "nt":  # symbolic links need rights there
    change(a_pillar_file_becomes_a_link)


@change
def an_asset_changes(root: Path) -> None:
    write(root, "assets/foto.png", PNG + b"lain")


@change
def an_asset_becomes_empty(root: Path) -> None:
    write(root, "assets/foto.png", b"")


@change
def the_logo_becomes_empty(root: Path) -> None:
    write(root, "assets/logo.png", b"")


@change
def an_asset_becomes_too_large(root: Path) -> None:
    write(root, "assets/foto.png", PNG + bytes(21 << 20))


@change
def an_asset_s_case_changes(root: Path) -> None:
    (root / "assets/foto.png").rename(root / "assets/Foto.png")


@change
def a_file_that_nobody_reads_appears(root: Path) -> None:
    write(root, "catatan.txt", "x")


@change
def a_template_is_taken_away(root: Path) -> None:
    (root / "templates/agency.md.j2").unlink()


@change
def a_template_appears(root: Path) -> None:
    write(root, "templates/cover.md.j2", "# {{ plan.total }} {{ plan.programs | length }}\n")


@change
def a_file_is_no_text(root: Path) -> None:
    write(root, LAIN, b"\xff\xfe\x00")


@change
def a_file_gets_windows_line_ends(root: Path) -> None:
    swap(root, OWNED, "\n", "\r\n")


@change
def a_file_gets_a_mark_at_its_start(root: Path) -> None:
    write(root, OWNED, b"\xef\xbb\xbf" + (root / OWNED).read_bytes())


@change
def a_hidden_character(root: Path) -> None:
    swap(root, OWNED, "Teks", "Te\u200bks\x07")


def _gone(path: str) -> Change:
    return lambda root: (root / path).unlink(missing_ok=True)


for _path in (OWNED, INDUK, "agencies/dinas-a.yaml", "agencies/dinas-b.yaml", "agencies/dinas-c.yaml", "chapters/penutup.md",
              "pillars/beta/pillar.md", "pillars/beta/tanpa-pengampu.yaml", "assets/data.csv", "assets/foto.png", "assets/logo.png", "taxonomy.yaml"):  # fmt: skip
    CHANGES[f"{_path} is deleted"] = _gone(_path)


OF_TEMPLATES = [name for name in CHANGES if "template" in name or name == "a macro"]


@pytest.mark.deep
@pytest.mark.parametrize("name", every(6, (name for name in CHANGES if name not in OF_TEMPLATES)))
def test_after_any_change_and_back_again_all_is_as_without_a_store(shipped: Lasting, name: str) -> None:
    _change_and_back(shipped, name)


#: What is tried with templates of the plan's own, on which all that they make depends: a few in the usual run.
OWN = list(dict.fromkeys([*OF_TEMPLATES, *list(CHANGES)[::24], *list(CHANGES)[1::4]]))
USUAL = {*OF_TEMPLATES, *list(CHANGES)[::24]}


@pytest.mark.deep
@pytest.mark.parametrize("name", [name for name in OWN if (name in USUAL) != DEEP])
def test_so_it_is_with_templates_of_its_own(own: Lasting, name: str) -> None:
    _change_and_back(own, name)


def _change_and_back(plan: Lasting, name: str) -> None:
    pair = plan.fresh()
    CHANGES[name](pair.root)
    pair.compare()
    plan.restore()
    pair.expect(plan.first)


def _is_missing(target: Path) -> None:
    pass


def _is_empty(target: Path) -> None:
    target.write_bytes(b"")


def _is_no_text(target: Path) -> None:
    target.write_bytes(b"\xff\xfe\x00")


def _is_too_large(target: Path) -> None:
    target.write_bytes(b"x" * 600_000)


def _is_a_folder(target: Path) -> None:
    target.mkdir()


def _is_a_link(target: Path) -> None:
    target.symlink_to("nowhere")


STATES = [_is_missing, _is_empty, _is_no_text, _is_too_large, _is_a_folder]
if os.name != "nt":  # symbolic links need rights there
    STATES.append(_is_a_link)


@pytest.mark.deep
@pytest.mark.parametrize(
    "path",
    every(
        3, ["pillars/alfa/pillar.md", LAIN, "agencies/dinas-c.yaml", "taxonomy.yaml", "templates/aside.md.j2"]
    ),
)
def test_a_file_that_cannot_be_read_in_one_way_after_another(
    shipped: Lasting, own: Lasting, path: str
) -> None:
    pair = (own if path.startswith("templates/") else shipped).fresh()
    for state in (*STATES, *reversed(STATES)) if DEEP else STATES:
        target = pair.root / path
        if target.is_dir():
            target.rmdir()
        else:
            target.unlink(missing_ok=True)
        state(target)
        pair.compare()


# --- a block that stands in a book twice

TWICE = """\
{% for turn in (1, 2) %}
{% do block("vision") %}
{% for program in plan.programs %}
{% do block("program", program=program) %}
{% endfor %}
{% endfor %}
"""


def test_a_block_that_stands_in_a_book_twice_has_the_ids_of_each_place(shipped: Lasting) -> None:
    pair = shipped.fresh()
    write(pair.root, "templates/books/masterplan.j2", TWICE)
    whole = replace(pair.order, formats=("html", "md"))  # made from all blocks at once
    expected = build(check(pair.root), whole).files["masterplan.html"]
    assert expected.count(b'id="alfa/layanan"') == expected.count(b'id="alfa/layanan-2"') == 1
    for _ in range(3):
        made = pair.compare()
        assert made.built.files["masterplan.html"] == expected
        swap(pair.root, OWNED, "Teks tentang", "Teks tentang tentang")
        expected = build(check(pair.root), whole).files["masterplan.html"]


# --- other options

ORDERS = {
    "no date": Order(formats=("html",), draft=True),
    "another date": Order(formats=("html",), date=datetime.date(2027, 2, 3), draft=True),
    "a summary": Order(books=("summary",), formats=("html",), date=DAY, draft=True),
    "an agency": Order(agencies=("dinas-a",), formats=("html",), date=DAY, draft=True),
    "two agencies": Order(agencies=("dinas-b", "dinas-a"), formats=("html",), date=DAY, draft=True),
    "all books": Order(books=("all",), formats=("html",), date=DAY, draft=True),
    "no draft": Order(formats=("html",), date=DAY),
    "two formats": Order(formats=("html", "md"), date=DAY, draft=True),
    "all formats": Order(formats=("html", "pdf", "docx", "xlsx", "md", "json"), date=DAY, draft=True),
}
BOOKS = "books:\n  - {id: summary, template: summary}\n  - {id: law, template: regulation}\n"


@pytest.fixture
def books(pair: Pair) -> Pair:
    write(pair.root, ROOT, (pair.root / ROOT).read_text(encoding="utf-8") + BOOKS)
    return pair


@pytest.mark.deep
@pytest.mark.parametrize("name", every(4, ORDERS))
def test_after_any_change_of_the_order_all_is_as_without_a_store(books: Pair, name: str) -> None:
    books.order = ORDERS[name]
    books.compare()
    swap(books.root, OWNED, "100.000.000", "900.000.000")
    swap(books.root, "agencies/dinas-a.yaml", "name: Dinas A", "name: Dinas Aman")
    books.compare()
    books.language = Language.EN
    books.compare()


# --- a plan that changes while it is at work


def test_what_a_picture_saved_meanwhile_went_into_is_not_kept(shipped: Lasting) -> None:
    pair, path = shipped.fresh(), "assets/foto.png"
    plan = check(pair.root).plan
    assert plan
    inputs, node = Inputs(plan), plan.by_path[INDUK]
    before = inputs.of_rules(node, "id")
    assert before
    assert inputs.of_rules(node, "id") == before
    write(pair.root, path, PNG)
    assert inputs.of_rules(node, "id") is None
    write(pair.root, path, FILES[path])
    assert inputs.of_rules(node, "id") is None, "what was made meanwhile may be of either"
    assert plan.project.digests[path] is None, "no later run may be answered by this one"


@pytest.mark.parametrize("part", range(3))
def test_what_the_store_has_let_go_of_is_made_anew(shipped: Lasting, part: int) -> None:
    pair = shipped.fresh()
    pair.compare()
    with closing(sqlite3.connect(next(Path(pair.place).glob("*.sqlite")))) as database, database:
        assert database.execute(f"DELETE FROM kept WHERE rowid % 3 = {part}").rowcount
    pair.expect(shipped.first)


#: The programs whose sheets are made again after a change.
AGAIN = {
    "a word of prose": {OWNED},
    "a figure": {OWNED},
    "the owner of a program": {OWNED, INDUK, LAIN, "pillars/beta/tanpa-pengampu.yaml"},
}


@pytest.mark.parametrize("name", AGAIN)
def test_what_did_not_change_is_not_made_again(
    shipped: Lasting, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = shipped.fresh()
    made: list[Block] = []
    render = HtmlRenderer.render_block

    def noted(renderer: HtmlRenderer, block: Block) -> str:
        made.append(block)
        return render(renderer, block)

    monkeypatch.setattr(HtmlRenderer, "render_block", noted)
    pair.expect(shipped.first)  # another test may have left the plan as it was otherwise
    CHANGES[name](pair.root)
    for expected in (AGAIN[name], set()):
        made.clear()
        store = Store(pair.place)
        pair._build(check(pair.root, store=store), store)
        store.flush()
        assert {block.path for block in made if block.name == "program"} == expected


# --- through the command line


@pytest.mark.deep
def test_the_command_says_and_makes_after_each_change_what_it_does_without_a_cache(
    own: Lasting, shipped: Lasting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASTERPLAN_CACHE", str(tmp_path / "cache"))
    pair = (own if DEEP else shipped).fresh()
    names = ["a heading that others link to", "a broken file", "an agency's name", "a_program_is_renamed"]
    _command(pair.root)
    for name in (None, *names) if DEEP else names[:1]:
        if name:
            CHANGES[name](pair.root)
        assert _command(pair.root) == _command(pair.root, "--no-cache"), name


def _command(root: Path, *more: str) -> tuple[object, ...]:
    """What checking and building say and leave; each process has its own order of sets."""
    out = root / "build"
    shutil.rmtree(out, ignore_errors=True)
    runs = [
        subprocess.run([sys.executable, "-m", "masterplan_cli", *args, *more], cwd=root, capture_output=True)
        for args in (["check"], ["build", "--to", "html", "--draft", "--date", "2026-01-01"])
    ]
    assert not any(b"Traceback" in run.stderr for run in runs)
    said = [(run.returncode, run.stdout, run.stderr) for run in runs]
    return *said, {path.name: path.read_bytes() for path in out.iterdir()}


# --- several changes, one after another


@pytest.mark.deep
@settings(max_examples=examples(2, 8), suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(CHANGES)), st.sampled_from(sorted(ORDERS))), min_size=2, max_size=4
    ),
    templates=st.booleans(),
)
def test_after_any_changes_in_any_order_all_is_as_without_a_store(
    plain: Path,
    whole: Path,
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, str]],
    templates: bool,
) -> None:
    at = tmp_path_factory.mktemp("steps")
    pair = Pair(Path(shutil.copytree(whole if templates else plain, at / "plan")), str(at / "cache"))
    write(pair.root, ROOT, (pair.root / ROOT).read_text(encoding="utf-8") + BOOKS)
    try:
        pair.compare()
        for name, order in steps:
            try:
                CHANGES[name](pair.root)
            except OSError:
                continue  # an earlier change took away what this one is about
            pair.order = ORDERS[order]
            pair.compare()
    finally:
        shutil.rmtree(at)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("pillars/alfa/layanan.md", "title: Layanan Cepat", "title: Layanan Lain"),
        ("pillars/alfa/layanan.md", "owner: dinas-a\n", "owner: entah\n"),
        ("pillars/alfa/layanan.md", "amount: Rp 100.000.000", "amount: 1.250"),
        ("agencies/dinas-b.yaml", "  alfa: Membantu pilar.\n", "  entah: x\n"),
        ("masterplan.yaml", "period: 2022-2026", "period: 2024-2026"),
        ("taxonomy.yaml", "id: satu", "id: dua"),
    ],
)
def test_what_is_tried_in_memory_is_found_with_a_store_as_without(
    plan: Path, tmp_path: Path, path: str, old: str, new: str
) -> None:
    store = Store(str(tmp_path / "kept"))
    text = (plan / path).read_text(encoding="utf-8")
    assert old in text
    tried = {
        path: text.replace(old, new).encode(),
        "pillars/alfa/baru.md": b"---\ntitle: Baru\nlain: x\n---\n",
    }
    other = {path: text.encode() + b"\n", "pillars/alfa/baru.md": b"---\ntitle: Baru\n---\n"}
    for overlay in (None, other, tried, other, tried, None):
        found = check(plan, overlay=overlay, store=store).diagnostics
        assert found == check(plan, overlay=overlay).diagnostics
        store.flush()
