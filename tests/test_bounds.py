"""What a plan's own templates may take: a build ends, says which template was at work, and leaves the other formats.

tests/rules/MP902.md and MP905.md hold the sentences; here stands what would go on for ever, or take all memory.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from conftest import DEEP, SMALL_PLAN, every, masterplan, visible_text, work_here, write
from masterplan_cli import build, typesetting
from masterplan_cli.build import Order
from masterplan_cli.checking import check
from masterplan_cli.worker import Bounds, Stopped
from masterplan_cli.writers import pdf
from picture_files import chunk, png

#: Each of these took more than a minute or ten gigabytes before a build had bounds.
ENDLESS = {
    "a sum in a loop": "{% for i in range(99999) %}{% set x = plan.programs|length + range(99999)|sum %}{% endfor %}",
    "joins": "{% for i in range(99999) %}{% set x = range(99999 + i*0)|join('x') %}{% endfor %}",
    "unique": "{% for i in range(99999) %}{% set x = range(99999 - i % 2)|unique|list %}{% endfor %}",
    "a wrapped text": "{% for i in range(99999) %}{% set x = ('a ' * (900000 + i))|wordwrap(1) %}{% endfor %}",
    "addresses": "{% for i in range(99999) %}{% set x = ('www.a.bc ' * (90000 + i))|urlize %}{% endfor %}",
    "marks": "{% for i in range(99999) %}{% set x = ('<a' * (900000 + i))|striptags %}{% endfor %}",
    "lists in lists": "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
    "texts that grow": "{% set ns = namespace(t='') %}{% for i in range(99999) %}{% set ns.t = ns.t ~ 'a' * 900000 ~ i %}{% endfor %}",
    "a precision": "{% set p = '%.' ~ 2000000000 ~ 'f' %}{{ p % 1.5 }}",
    "a width": "{{ '%*d' % (2000000000, plan.programs|length) }}",
    "a format": "{{ ('{:>' ~ 2000000000 ~ '}').format(plan.settings.title) }}",
    "a power": "{{ ((plan.programs|length + 9) ** (10 ** 8)) % 7 }}",
    "blocks without end": "{% for i in range(99999) %}{% for j in range(99999) %}{% do block('vision') %}{% endfor %}{% endfor %}",
}


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that are soon met."""
    monkeypatch.setattr(build, "bounds_of", lambda _plan, _order: Bounds(1.5, 250 << 20, 3 << 20))


@pytest.mark.deep
@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("name", every(5, ENDLESS))
def test_a_template_without_end_is_ended_and_named(plan: Path, name: str) -> None:
    write(plan, "templates/legal.md.j2", ENDLESS[name])
    result = masterplan("build", plan, "--to", "html,docx")
    assert result.code == 1
    assert "error[MP902]" in result.out
    assert "templates/legal.md.j2:1" in result.out
    assert not (plan / "build").exists()


def test_a_plan_of_large_pictures_has_room_for_them(plan: Path) -> None:
    write(plan, "assets/foto.png", b"x" * (8 << 20))
    checked = check(plan)
    assert checked.plan
    bounds = build.bounds_of(checked.plan, Order())
    assert bounds.output > (64 + 5 * 8) << 20
    assert bounds.memory > (640 + 7 * 8) << 20


def test_the_room_of_a_pdf_goes_by_the_pixels_of_a_picture_and_hardly_by_its_bytes(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Bounds] = []

    def make_apart(_task: str, _files: Any, bounds: Bounds, _request: Any) -> Stopped:
        given.append(bounds)
        return Stopped("time")

    monkeypatch.setattr(pdf, "make_apart", make_apart)
    write(plan, "chapters/lampiran.md", "---\ntitle: Lampiran\n---\n\n![Foto](../assets/a.png)\n")
    noted = chunk(b"vpAg", bytes(3 << 20))
    for picture in (
        png(width=100, height=100),
        png(noted, width=100, height=100),
        png(width=2000, height=1000),
    ):
        write(plan, "assets/a.png", picture)
        masterplan("build", plan, "--to", "pdf", "--draft")
    small, with_notes, large = (bounds.memory >> 20 for bounds in given)
    assert with_notes - small < 20
    assert 20 < large - small < 40


@pytest.mark.deep
@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("name", every(3, ["tables.md.j2", "books/masterplan.j2", "signature.md.j2"]))
def test_wherever_the_loop_stands(plan: Path, name: str) -> None:
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    write(plan, f"templates/{name}", loop)
    write(plan, "templates/vision.md.j2", "{% import 'tables.md.j2' as t %}{% include 'signature.md.j2' %}")
    result = masterplan("build", plan, "--to", "md")
    assert result.code == 1
    assert "error[MP902]: templat tidak selesai" in result.out


def test_a_copy_of_a_shipped_template_needs_no_worker(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = Path(build.__file__).parents[2] / "templates"
    names = [path.relative_to(shipped).as_posix() for path in shipped.rglob("*") if path.is_file()]
    for name in names:
        write(plan, f"templates/{name}", (shipped / name).read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(build, "work", _refuse)
    assert masterplan("build", plan, "--to", "html").code == 0
    write(plan, "templates/vision.md.j2", "# Visi\n")
    with pytest.raises(AssertionError, match="a worker"):
        masterplan("build", plan, "--to", "html")


def _refuse(*_: Any, **__: Any) -> Any:
    raise AssertionError("a worker was asked")


@pytest.mark.deep
@pytest.mark.parametrize("name", ["kota_pasuruan" if DEEP else "plan"])
def test_what_a_worker_makes_is_what_this_process_would(name: str, request: pytest.FixtureRequest) -> None:
    root = request.getfixturevalue(name)
    write(root, "templates/vision.md.j2", "{% extends 'shipped/vision.md.j2' %}\n")
    checked = check(root)
    order = Order(formats=("html", "md", "json", "xlsx", "docx", "pdf"))
    apart = build.build(checked, order)
    here = build._build_here(checked, order, lambda _form, _book: None, None)
    assert {name: bytes(data) for name, data in apart.files.items()} == {
        name: bytes(data) for name, data in here.files.items()
    }
    assert (apart.diagnostics, list(apart.files)) == (here.diagnostics, list(here.files))


def test_progress_is_told_from_the_worker(plan: Path) -> None:
    write(plan, "templates/vision.md.j2", "# Visi\n")
    told: list[tuple[str, str]] = []
    build.build(check(plan), Order(formats=("html", "md")), lambda form, book: told.append((form, book)))
    assert [form for form, _ in told] == ["book", "html", "md"]


def test_a_plan_that_changed_between_two_looks_is_told_as_it_is_now(plan: Path) -> None:
    write(plan, "templates/vision.md.j2", "# Visi\n")
    checked = check(plan)
    write(plan, "pillars/alfa/pillar.md", "---\n")
    built = build.build(checked, Order(formats=("md",)))
    assert built.files == {}
    assert built.diagnostics


# --- what prints, and what does not

PRINTED = {
    "{{ plan.programs | map(attribute='title') | join(', ') }}": "Layanan Cepat",
    "{{ plan.programs | join(', ', attribute='title') }}": "Layanan Cepat",
    "{{ plan.programs | join(attribute='title') }}": "Layanan Cepat",
    "{{ ['a', 1, none] | join('-') }}": "a-1-None",
    "{{ range(3) | list | join }}": "012",
    "{{ 'a' ~ 1 ~ plan.settings.title }}": "a1Rencana Kota Uji",
    "{{ '%s %s' % ('a', 1) }} {{ '{}'.format(plan.settings.title) }} {{ '%s' | format(2) }}": "a 1 Rencana Kota Uji 2",
    "{{ 'abc' | upper | replace('B', 'x') | reverse }}": "CxA",
    "{{ plan.settings.title | truncate(10) | string | trim }}": "Rencana",
    "{% set s = joiner('; ') %}{{ s() }}a{{ s() }}b": "a; b",
    "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(1) ~ m(2) }}": "<1><2>",
}


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize(("template", "printed"), PRINTED.items(), ids=str)
def test_what_has_a_text_is_printed(plan: Path, template: str, printed: str) -> None:
    write(plan, "templates/vision.md.j2", f"# Visi\n\n{template}\n")
    result = masterplan("build", plan, "--to", "html")
    assert result.code == 0, result.out
    assert printed in visible_text((plan / "build/masterplan.html").read_text("utf-8"))


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize(
    "template",
    ["{{ plan }}", "{{ plan.picture }}", "{{ [plan] }}", "{{ {'a': plan} }}", "{{ plan.programs }}", "{{ 'a' ~ plan }}",
     "{{ '%s' % plan }}", "{{ '%s' | format(plan) }}", "{{ '{}'.format(plan) }}", "{{ '{a}'.format(a=plan.picture) }}",
     "{{ plan | string }}", "{{ plan.programs | join }}", "{{ plan.programs | join(attribute='at') }}", "{{ [plan] | tojson }}",
     "{{ plan | pprint }}", "{{ block }}", "{{ range(3) | map('string') }}", "{{ plan.programs | map('string') | list }}",
     "{{ chart }}", "{{ namespace(a=plan) }}", "{{ cycler(1) }}", "{{ plan | e }}", "{{ plan.settings.title.upper }}", "{{ t }}"],
)  # fmt: skip
def test_what_has_no_text_is_a_mistake_and_no_address(plan: Path, template: str) -> None:
    write(plan, "templates/vision.md.j2", f"# Visi\n\n{template}\n")
    result = masterplan("build", plan, "--to", "md")
    assert (result.code, "error[MP902]" in result.out) == (1, True), result.out
    assert "0x" not in result.out


# --- the PDF's own template


PREAMBLES = {
    "a loop": "#while true {}",
    "a deep call": "#let f(x) = f(x + 1) + f(x)\n#f(0)",
    "memory": "#let a = (1,)\n#while true { a = a + a }",
    "pages": "#for i in range(1000000000) { pagebreak() }",
    "a package": '#import "@preview/example:0.1.0": *',
    "a package by a computed name": '#import "@" + "preview/example:0.1.0": *',
    "a file outside": '#read("../../../../../etc/passwd")',
    "an absolute file": '#read("/etc/passwd")',
    "a plug-in": "#plugin(bytes((0, 97, 115, 109, 1, 0, 0, 0)))",
    "a mistake": "#let (",
}


@pytest.mark.parametrize("preamble", PREAMBLES.values(), ids=PREAMBLES)
def test_a_preamble_cannot_harm_and_the_other_formats_are_written(
    plan: Path, preamble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(plan, "templates/pdf/book.typ", preamble)
    monkeypatch.setattr(pdf, "bounds_of", lambda _files: Bounds(2, 400 << 20, 1 << 28))
    (plan / "build").mkdir()
    write(plan, "build/masterplan.pdf", b"earlier")
    result = masterplan("build", plan, "--to", "pdf,html,md")
    assert result.code == 1
    assert "error[MP905]" in result.out
    assert "--> templates/pdf/book.typ" in result.out
    assert "<masterplan>" not in result.out
    assert sorted(p.name for p in (plan / "build").iterdir() if p.is_file()) == [
        "masterplan.html",
        "masterplan.md",
        "masterplan.pdf",
    ]
    assert (plan / "build/masterplan.pdf").read_bytes() == b"earlier"
    assert "hasil lamanya, bila ada, tidak berubah" in result.err


def test_a_book_that_is_too_large_blames_nothing_that_ships(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "bounds_of", lambda _files: Bounds(0.01, 1 << 30, 1 << 30))
    result = masterplan("build", plan, "--to", "pdf,md")
    assert (
        "error[MP905]: penyusunan PDF tidak selesai dalam waktu yang wajar\n --> masterplan.yaml:1:1"
        in result.out
    )
    assert (plan / "build/masterplan.md").exists()


#: Headings where no page can begin.
CONTAINED = {
    "a quotation": "> # Foo\n>\n> isi\n",
    "a list": "- # Foo\n",
    "a numbered list": "1. satu\n\n   # Foo\n\n   isi\n",
    "a quotation in a list in a quotation": "> - > # Foo\n",
    "a definition": "Istilah\n\n:   # Foo\n\n    isi\n",
    "a note": "Teks[^a].\n\n[^a]: Catatan.\n\n    # Foo\n\n    isi\n",
    "under lines": "> Foo\n> ===\n",
    "many levels": "> # A\n> ## B\n> ### C\n\n- ###### D\n",
}


@pytest.mark.parametrize("text", CONTAINED.values(), ids=CONTAINED)
def test_a_heading_in_a_container_breaks_no_page(
    plan: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "work", work_here)  # none of these takes long
    for path in ("chapters/pendahuluan.md", "pillars/alfa/layanan.md", "pillars/alfa/pillar.md"):
        with (plan / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{text}")
    result = masterplan("build", plan, "--draft", "--to", "pdf")
    assert (result.code, (plan / "build/masterplan.pdf").exists()) == (0, True), result.out


def test_a_heading_of_a_plans_own_template_in_a_container_breaks_no_page(plan: Path) -> None:
    write(plan, "templates/vision.md.j2", "> # Visi\n>\n> ::: page\n> isi\n> :::\n\n::: note\n# Lagi\n:::\n")
    assert masterplan("build", plan, "--to", "pdf").code == 0


# --- no room for temporary files


def full(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device", "/full/x")


@pytest.mark.parametrize("formats", ["docx", "pdf", "docx,pdf,html,xlsx,md,json"])
@pytest.mark.parametrize("own", [False, True])
def test_a_full_temporary_folder_is_a_finding(
    tmp_path: Path, formats: str, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:

    root = shutil.copytree(SMALL_PLAN, tmp_path / "plan")
    if own:
        write(root, "templates/vision.md.j2", "# Visi\n")
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    result = masterplan("build", root, "--to", formats)
    assert result.code == 1
    assert "error[MP903]: berkas sementara tidak dapat disimpan di" in result.out
    if not own:
        left = {p.suffix.removeprefix(".") for p in (root / "build").glob("masterplan.*")}
        assert left == set(formats.split(",")) - {"docx", "pdf"}


def test_no_temporary_folder_at_all_is_a_finding(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    monkeypatch.setattr(tempfile, "gettempdir", full)
    assert "error[MP903]" in masterplan("build", plan, "--to", "docx").out
