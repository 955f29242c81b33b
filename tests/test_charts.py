"""Pictures: what they show agrees with the plan, stays inside the page, and reads for everybody."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from conftest import REPO, SMALL_PLAN, edit, write
from masterplan_cli.charts import CHARTS, PALETTE, Chart, draw
from masterplan_cli.charts.palette import contrast
from masterplan_cli.charts.svg import HEIGHT, SMALL, WIDTH, cut, text_width
from masterplan_cli.checking import check
from masterplan_cli.figures import Figures
from masterplan_cli.messages import Language
from masterplan_cli.plan import Plan
from masterplan_cli.values import NBSP

WHOLE = [name for name in CHARTS if name != "indicator"]
HOSTILE = [
    "<script>alert(1)</script> & ]]> <!-- x --> \" '",
    "M" * 400,
    "kata " * 200,
    "عربي ꦗꦮ 🙂 Jum\u2019at \u202e kanan \u00ad",
    "\ufffe\uffff \x85 \u2028 baris",
    "漢字" * 60,
]


class Label(NamedTuple):
    """A text as it stands in a picture, as wide as it may become."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    fill: str


def tree(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)


def labels(chart: Chart) -> list[Label]:
    out = []
    for node in tree(chart).iter("{http://www.w3.org/2000/svg}text"):
        size = float(node.attrib["font-size"])
        width = text_width(node.text or "", size, bold=node.get("font-weight") == "bold")
        x, y = float(node.attrib["x"]), float(node.attrib["y"])
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[node.get("text-anchor", "start")]
        out.append(Label(node.text or "", left, left + width, y - 0.75 * size, y + 0.2 * size))
    return out


def boxes(chart: Chart) -> list[Box]:
    return [
        Box(
            float(n.attrib["x"]),
            float(n.attrib["y"]),
            float(n.attrib["width"]),
            float(n.attrib["height"]),
            n.attrib["fill"],
        )
        for n in tree(chart).iter("{http://www.w3.org/2000/svg}rect")
    ]


def drawn(plan: Plan) -> Iterator[Chart]:
    """Every picture of a plan."""
    for name in WHOLE:
        yield from draw(name, plan)
    for program in plan.programs:
        for index in range(len(program.data.indicators)):
            yield from draw("indicator", plan, program, index)


def linked(root: Path) -> Plan:
    plan = check(root).plan
    assert plan is not None
    return plan


@pytest.fixture(scope="module")
def example() -> Plan:
    """This repository's own plan."""
    return linked(REPO)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Plan]:
    """A plan of so many programs in six pillars; `say` gives a program's lines, by its number."""

    def made(
        programs: int,
        say: Callable[[int], dict[str, object]] = lambda _: {},
        language: str = "id",
        **settings: object,
    ) -> Plan:
        root = tmp_path / f"plan-{len(list(tmp_path.iterdir()))}"
        pillars = [f"p{n}" for n in range(1, 7)]
        terms = [
            {"id": p, "name": f"Pilar {p}", "subdimensions": [{"id": "s", "name": "S"}]} for p in pillars
        ]
        write(
            root, "taxonomy.yaml", json.dumps({"title": "Uji", "pillars": terms, "funding_sources": ["APBD"]})
        )
        plan = {
            "title": "Rencana", "region": {"name": "Kota", "kind": "kota"}, "period": "2022-2031", "language": language,
            "taxonomy": "taxonomy.yaml", **settings,
        }  # fmt: skip
        write(root, "masterplan.yaml", yaml_of(plan))
        write(root, "agencies/dinas.yaml", "name: Dinas\n")
        for pillar in pillars:
            write(root, f"pillars/{pillar}/pillar.md", "---\nowner: dinas\n---\n")
        for n in range(programs):
            data = {"title": f"Program nomor {n} yang panjang namanya sekali", "owner": "dinas", **say(n)}
            write(root, f"pillars/{pillars[n % 6]}/program-{n:03}.yaml", yaml_of(data))
        return linked(root)

    return made


def yaml_of(data: object) -> str:
    """JSON, which is YAML; of its characters only those that do not print are written by number."""
    text = json.dumps(data, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if not c.isprintable() and c <= "\uffff" else c for c in text)


def program_id(n: int) -> str:
    return f"p{n % 6 + 1}/program-{n:03}"


def busy(n: int) -> dict[str, object]:
    """A program that stands in every picture: it waits for another, has money, years and an indicator."""
    return {
        "period": f"{2022 + n % 7}-{2024 + n % 8}",
        "quick_win": "Ya" if n % 5 == 0 else "Tidak",
        "supporting": ["dinas"],
        "depends_on": [program_id(n // 3)] if n else [],
        "budget": [{"year": 2022 + n % 10, "amount": 1_000_000 * (n + 1), "source": f"Dana {n % 9}"}],
        "indicators": [{"name": "Capaian", "unit": "persen", "targets": {2022: n, 2030: n + 5}, "actuals": {2023: n}}],
    }  # fmt: skip


def assert_fits(chart: Chart) -> None:
    """A picture is XML, no wider than the page, none of its text smaller than 7 points or outside of it."""
    root = tree(chart)
    _, _, width, height = (float(v) for v in root.attrib["viewBox"].split())
    assert width <= WIDTH
    assert height <= HEIGHT + 40, "higher than a page"
    assert (root.attrib["width"], root.attrib["height"]) == (f"{width:g}pt", f"{height:g}pt")
    assert not re.search(r"\bid=|href|url\(|<style|<script", chart.svg)
    for node in root.iter("{http://www.w3.org/2000/svg}text"):
        assert float(node.attrib["font-size"]) >= SMALL
    for label in labels(chart):
        assert label.left >= -0.01, label
        assert label.right <= width + 0.01, label
        assert label.top >= -0.01, label
        assert label.bottom <= height + 0.01, label
    for box in boxes(chart):
        assert box.x >= -0.01, box
        assert box.y >= -0.01, box
        assert box.x + box.width <= width + 0.01, box
        assert box.y + box.height <= height + 0.01, box


def assert_apart(chart: Chart) -> None:
    """No two texts overlap."""
    for one, other in combinations(labels(chart), 2):
        across = min(one.right, other.right) - max(one.left, other.left)
        down = min(one.bottom, other.bottom) - max(one.top, other.top)
        assert across <= 0.01 or down <= 0.01, (chart.name, one, other)


def test_every_picture_of_the_example_fits_its_page_and_no_texts_meet(example: Plan) -> None:
    charts = list(drawn(example))
    assert len({chart.name for chart in charts}) == len(charts) > 40
    for chart in charts:
        assert_fits(chart)
        assert_apart(chart)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_name_makes_well_formed_pictures_that_fit(make: Callable[..., Plan], text: str) -> None:
    seen = text.replace("\u202e", "").replace("\xad", "")  # a source of funds may hold nothing invisible

    def hostile(n: int) -> dict[str, object]:
        said = busy(n) | {"title": text}
        said["budget"] = [{"year": 2022, "amount": 10**19 + n, "source": f"{seen}{n}"}]
        said["indicators"] = [{"name": text, "unit": text, "targets": {2022: "1" * 19, 2023: 2}}]
        return said

    phases = [{"title": text, "period": "2022-2022"}, {"title": text, "period": "2022-2031"}]
    plan = make(8, hostile, phases=phases)
    charts = list(drawn(plan))
    assert {chart.name for chart in charts} >= {f"chart:{name}" for name in WHOLE}
    for chart in charts:
        assert_fits(chart)
        assert_apart(chart)


@pytest.mark.parametrize("count", [1, 36, 300])
def test_few_and_many_programs_stay_legible(make: Callable[..., Plan], count: int) -> None:
    plan = make(count, busy)
    for chart in drawn(plan):
        assert_fits(chart)
        assert_apart(chart)
    titles = Counter(label.text for chart in draw("roadmap", plan) for label in labels(chart))
    assert all(titles[cut(p.title, 156, SMALL)] >= 1 for p in plan.programs)
    assert sum(n for text, n in titles.items() if text.startswith("Program nomor")) == count


def test_a_plan_without_programs_has_no_pictures_but_a_map_of_its_agencies(make: Callable[..., Plan]) -> None:
    assert [chart.name for chart in drawn(make(0))] == ["chart:participation"]


def test_pictures_are_the_same_each_time(make: Callable[..., Plan]) -> None:
    assert list(drawn(make(40, busy))) == list(drawn(make(40, busy)))


# --- the roadmap


def test_each_bar_spans_the_years_of_its_program(example: Plan) -> None:
    [chart] = draw("roadmap", example)
    texts = labels(chart)
    years = {
        int(label.text): label.middle
        for label in texts
        if re.fullmatch(r"\d{4}", label.text) and label.top < 60
    }
    assert list(years) == example.years
    half = (years[2023] - years[2022]) / 2
    bars = [b for b in boxes(chart) if b.fill in PALETTE.categories and b.height == 9]
    assert len(bars) == len(example.programs)
    for program in example.programs:
        assert program.period
        last = program.period.last
        assert last
        row = next(label for label in texts if label.text == cut(program.title, 156, SMALL))
        [bar] = [b for b in bars if row.top < b.y + b.height / 2 < row.bottom]
        assert bar.x == pytest.approx(years[program.period.first] - half, abs=0.02)
        assert bar.x + bar.width == pytest.approx(years[last] + half, abs=0.02)


def test_each_quick_win_has_a_star_beside_its_name(example: Plan) -> None:
    [chart] = draw("roadmap", example)
    stars = [
        float(n.attrib["points"].split(",")[1].split()[0]) + 4
        for n in tree(chart).iter("{http://www.w3.org/2000/svg}polygon")
    ]
    rows = {label.text: label for label in labels(chart)}
    starred = [p for p in example.programs if _near(rows[cut(p.title, 156, SMALL)], stars)]
    assert starred == example.quick_wins


def _near(label: Label, heights: list[float]) -> bool:
    return any(label.top < y < label.bottom for y in heights)


def test_a_program_beyond_the_plans_years_ends_at_their_edge_with_an_arrow(make: Callable[..., Plan]) -> None:
    periods = ["2020-2023", "2030-2040", "2035-2036", "2010-2011"]
    [chart] = draw("roadmap", make(4, lambda n: {"period": periods[n]}))
    assert_fits(chart)
    bars = [b for b in boxes(chart) if b.fill in PALETTE.categories and b.height == 9]
    assert len(bars) == 2, "those that run outside of the plan only have no bar"
    assert len(list(tree(chart).iter("{http://www.w3.org/2000/svg}polygon"))) == 4


def test_three_hundred_years_and_phases_that_overlap_fit(make: Callable[..., Plan]) -> None:
    phases = [{"title": f"Tahap {n}", "period": f"{1900 + n}-{2100 + n}"} for n in range(6)]
    for chart in draw("roadmap", make(12, busy, period="1900-2199", phases=phases)):
        assert_fits(chart)
        assert_apart(chart)


# --- money


def figures(chart: Chart) -> list[str]:
    return [label.text for label in labels(chart)]


def test_the_columns_and_the_legend_show_the_plans_totals(example: Plan) -> None:
    [chart] = draw("budget-years", example)
    table = example.budget_by_source()
    shown = labels(chart)
    for year, _, total in table.rows:
        [name] = [label for label in shown if label.text == str(year)]
        above = sorted(
            (label.top, label.text)
            for label in shown
            if abs(label.middle - name.middle) < 1 and label.top < name.top
        )
        assert NBSP.join(text for _, text in above[:2]) == Figures(Language.ID).short_rupiah(total)
    for source, total in zip(table.columns, table.totals, strict=True):
        assert f"{source} · {Figures(Language.ID).short_rupiah(total)}" in figures(chart)


def test_the_parts_of_a_column_are_as_high_as_their_amounts(example: Plan) -> None:
    [chart] = draw("budget-years", example)
    most = max(total for _, _, total in example.budget_by_source().rows)
    parts = [b for b in boxes(chart) if b.fill in PALETTE.categories and b.width > 20]
    wanted = [
        190 * amount / most for _, cells, _ in example.budget_by_source().rows for amount in cells if amount
    ]
    assert sorted(b.height for b in parts) == pytest.approx(sorted(wanted), abs=0.02)


def test_more_sources_than_marks_are_shown_as_one(make: Callable[..., Plan]) -> None:
    plan = make(30, lambda n: {"budget": [{"year": 2023, "amount": 10**9 + n, "source": f"Dana {n:02}"}]})
    [chart] = draw("budget-years", plan)
    assert_fits(chart)
    legend = [text for text in figures(chart) if " · " in text]
    assert len(legend) == 12
    assert legend[-1].startswith("19 sumber lain · Rp\N{NO-BREAK SPACE}19")


def test_many_years_come_in_parts_of_one_scale(make: Callable[..., Plan]) -> None:
    plan = make(
        30, lambda n: {"budget": [{"year": 2022 + n, "amount": 10**9, "source": "APBD"}]}, period="2022-2051"
    )
    charts = draw("budget-years", plan)
    assert [chart.name for chart in charts] == [
        "chart:budget-years",
        "chart:budget-years-2",
        "chart:budget-years-3",
    ]
    assert {b.height for c in charts for b in boxes(c) if b.width > 20 and b.fill in PALETTE.categories} == {
        190
    }
    assert "2022–2031 (bagian 1 dari 3)" in charts[0].caption


def test_the_bars_of_the_pillars_show_their_amounts(example: Plan) -> None:
    [chart] = draw("budget-pillars", example)
    bars = [b.width for b in boxes(chart) if b.fill in PALETTE.categories]
    totals = [pillar.total for pillar in example.pillars]
    assert [b / max(bars) for b in bars] == pytest.approx([t / max(totals) for t in totals], abs=0.001)
    for total in totals:
        assert any(text.startswith(Figures(Language.ID).short_rupiah(total)) for text in figures(chart))
    assert f"Jumlah: {Figures(Language.ID).short_rupiah(example.total)}" in figures(chart)


# --- agencies


def test_the_map_says_in_letters_what_each_agency_does(example: Plan) -> None:
    [chart] = draw("participation", example)
    shown = labels(chart)
    for agency, cells in example.participation():
        name = next(label for label in shown if label.text == agency.short and label.left == 0)
        row = [label.text for label in shown if label.left > 100 and abs(label.top - name.top) < 2]
        assert len(row) == len(example.pillars)
        for text, cell in zip(row, cells, strict=True):
            said = dict(re.findall(r"([PUDT])(\d*)", text))
            assert said == (
                ({"P": ""} if cell.owner else {})
                | ({"U": str(cell.programs)} if cell.programs else {})
                | ({"D": str(cell.supports)} if cell.supports else {})
                | ({"T": ""} if cell.duty else {})
            )


# --- indicators


def test_a_sparkline_says_its_first_and_last_figures_and_the_last_result() -> None:
    plan = linked(SMALL_PLAN)
    [chart] = draw("indicator", plan, plan.programs[0], 0)
    assert [label.text for label in labels(chart)] == [
        "30",
        "2021",
        "10",
        "2024",
        "Target",
        "Realisasi 2022: 27",
    ]
    marks = sorted(
        float(n.attrib["cy"]) for n in list(tree(chart).iter("{http://www.w3.org/2000/svg}circle"))[:3]
    )
    assert marks == pytest.approx([8, 8 + 34 * 5 / 20, 8 + 34], abs=0.01)


def test_one_figure_makes_no_sparkline(plan: Path) -> None:
    edit(
        plan,
        "pillars/alfa/layanan.md",
        "      2022: 25\n      2024: 10\n    actuals:\n      2022: 27\n",
        "      2021: 25\n",
    )
    small = linked(plan)
    assert draw("indicator", small, small.programs[0], 0) == []


# --- dependencies


def _arrows(chart: Chart) -> int:
    return len(list(tree(chart).iter("{http://www.w3.org/2000/svg}polygon")))


@pytest.mark.parametrize(
    "needs",
    [
        lambda n: [n - 1],
        lambda _: [0],
        lambda n: [n // 2, n // 3],
        lambda n: [m for m in (n - 1, n - 7, n - 30) if m >= 0],
        lambda n: [(n + 1) % 60, (n + 17) % 60],
        lambda n: list(range(59)) if n == 59 else [],
        lambda n: [n],
    ],
    ids=["a chain", "a star", "a tree", "long lines", "circles", "one waits for all", "each for itself"],
)
def test_every_dependency_has_one_arrow_however_they_hang_together(
    make: Callable[..., Plan], needs: Callable[[int], list[int]]
) -> None:
    plan = make(
        60, lambda n: {"depends_on": [program_id(m) for m in needs(n)] if n or needs(1) == [1] else []}
    )
    charts = draw("dependencies", plan)
    for chart in charts:
        assert_fits(chart)
        assert_apart(chart)
    waits = sum(1 for p in plan.programs for needed in p.depends_on if needed is not p)
    assert sum(map(_arrows, charts)) == waits


def test_what_waits_stands_to_the_right_of_all_it_waits_for(example: Plan) -> None:
    places = {}
    for chart in draw("dependencies", example):
        frames = [b for b in boxes(chart) if b.fill == PALETTE.tint]
        texts = labels(chart)
        for frame in frames:
            inside = [
                label
                for label in texts
                if frame.x < label.left < frame.x + frame.width
                and frame.y < label.top < frame.y + frame.height
            ]
            name, pillar = " ".join(label.text for label in inside[:-1]), inside[-1].text
            places[name, pillar] = frame
    waiting = [(p, needed) for p in example.programs for needed in p.depends_on]
    assert len(waiting) > 20
    for program, needed in waiting:
        one, other = (places[n.data.short or n.title, n.pillar.title] for n in (needed, program))
        assert one.x + one.width < other.x


# --- words


@pytest.mark.parametrize("language", ["id", "en"])
def test_captions_and_alternatives_speak_the_plans_language_and_name_the_figures(
    make: Callable[..., Plan], language: str
) -> None:
    plan = make(12, busy, language, phases=[{"title": "Awal", "period": "2022-2024"}])
    alts = {chart.name: chart.alt for chart in drawn(plan)}
    total = plan.figures.short_rupiah(plan.total)
    assert total in alts["chart:budget-years"]
    assert total in alts["chart:budget-pillars"]
    assert "12 program" in alts["chart:roadmap"]
    assert "11" in alts["chart:dependencies"]
    assert all(plan.figures.short_rupiah(p.total) in alts["chart:budget-pillars"] for p in plan.pillars)
    assert all(
        f"{y}: {plan.figures.short_rupiah(t)}" in alts["chart:budget-years"]
        for y, _, t in plan.budget_by_source().rows
    )
    assert "2022: 0" in alts["chart:indicator-1-1"]
    captions = " ".join(chart.caption for chart in drawn(plan))
    assert ("Anggaran" in captions, "Budget" in captions) == (language == "id", language == "en")


def test_figures_of_a_book_are_captioned_and_numbered_apart_from_sparklines(
    example_files: dict[str, bytes],
) -> None:
    page = example_files["masterplan.html"].decode()
    figures_ = re.findall(r"<figure.*?</figure>", page, re.S)
    charts = [f for f in figures_ if "<svg" in f]
    assert all('role="img"' in f and re.search(r'aria-label="[^"]{20,}"', f) for f in charts)
    captioned = [f for f in charts if "<figcaption" in f]
    assert len(captioned) == 6
    assert len(charts) > 40


# --- colours


def _rgb(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def _linear(c: float) -> float:
    return c / 12.92 if c <= 0.04045 else float(((c + 0.055) / 1.055) ** 2.4)


def _lab(linear: list[float]) -> tuple[float, float, float]:
    """CIE L*a*b* of a linear sRGB colour under D65."""
    to_xyz = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
    white = (0.95047, 1.0, 1.08883)
    x, y, z = (
        sum(m * c for m, c in zip(row, linear, strict=True)) / w for row, w in zip(to_xyz, white, strict=True)
    )
    fx, fy, fz = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


#: Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.0.
EYES = {
    "trichromacy": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}  # fmt: skip


def _seen(colour: str, eye: str) -> tuple[float, float, float]:
    linear = [_linear(c) for c in _rgb(colour)]
    return _lab(
        [min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear, strict=True)))) for row in EYES[eye]]
    )


def _lightness(colour: str) -> float:
    return _seen(colour, "trichromacy")[0]


@pytest.mark.parametrize("eye", list(EYES))
def test_any_two_categories_differ_for_every_eye(eye: str) -> None:
    for one, other in combinations(PALETTE.categories, 2):
        distance = sum((a - b) ** 2 for a, b in zip(_seen(one, eye), _seen(other, eye), strict=True)) ** 0.5
        assert distance >= 25, (one, other)


def test_categories_differ_in_grey_print() -> None:
    assert all(abs(_lightness(a) - _lightness(b)) >= 5 for a, b in combinations(PALETTE.categories, 2))
    assert all(abs(_lightness(a) - _lightness(b)) >= 15 for a, b in pairwise(PALETTE.categories))
    assert all(_lightness(b) - _lightness(a) >= 5 for a, b in pairwise(PALETTE.weights))


def test_text_and_graphics_have_the_contrast_that_wcag_asks() -> None:
    for fill in (*PALETTE.categories, *PALETTE.weights, PALETTE.paper, PALETTE.tint, PALETTE.brand):
        assert contrast(PALETTE.on(fill), fill) >= 4.5, fill
    for fill in (PALETTE.paper, PALETTE.tint):
        assert contrast(PALETTE.ink, fill) >= 7
        assert contrast(PALETTE.soft, fill) >= 4.5
    assert all(contrast(colour, PALETTE.paper) >= 3 for colour in PALETTE.categories)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_text_is_cut_only_where_it_must() -> None:
    assert cut("Pasar Digital", 200, 7) == "Pasar Digital"
    assert cut("Pasar Digital Kota", 30, 7) == "Pasar…"
    assert text_width(cut("x" * 500, 90, 7), 7) <= 90


# --- rounded figures


def _budget(root: Path, *amounts: int) -> Plan:
    lines = "".join(
        f"  - {{year: 2022, amount: {amount}, source: {source}}}\n"
        for amount, source in zip(amounts, ("APBD Kota", "APBN", "CSR"), strict=False)
    )
    text = (root / "pillars/alfa/layanan.md").read_text(encoding="utf-8")
    text = re.sub(r"budget:\n(?:  .*\n)+", f"budget:\n{lines}", text)
    (root / "pillars/alfa/layanan.md").write_text(text, encoding="utf-8")
    plan = check(root).plan
    assert plan
    return plan


def test_parts_that_do_not_add_up_say_that_they_are_rounded(plan: Path) -> None:
    note = "Angka dibulatkan"
    (exact,) = draw("budget-years", _budget(plan, 1_500_000_000, 2_250_000_000))
    assert note not in exact.svg
    assert ">1,50<" in exact.svg, "as many decimals in every part"
    assert ">2,25<" in exact.svg
    (rough,) = draw("budget-years", _budget(plan, 1_504_000_000, 2_254_000_000))
    assert note in rough.svg
