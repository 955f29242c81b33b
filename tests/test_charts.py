"""Pictures: what they show agrees with the plan, stays inside the page, and reads for everybody."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from conftest import REPO, edit, write
from masterplan_cli.charts import CHARTS, PALETTE, Chart, draw
from masterplan_cli.charts.series import reached
from masterplan_cli.charts.svg import HEIGHT, SMALL, WIDTH, cut, text_width
from masterplan_cli.checking import check
from masterplan_cli.figures import Figures, scaled
from masterplan_cli.messages import Language
from masterplan_cli.nodes import Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.values import NBSP

WHOLE = [name for name in CHARTS if name not in ("indicators", "spark")]
#: The bars of programs in the roadmap are so high, and their titles so wide.
BAR, TITLE = 7, 174
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
    for pillar in plan.pillars:
        yield from draw("indicators", plan, pillar)
    nodes: list[Pillar | Program] = [*plan.pillars, *plan.programs]
    for node in nodes:
        for index in range(len(node.measures)):
            yield from draw("spark", plan, node, index)


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
        measured: Callable[[str], list[object]] = lambda _: [],
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
            goals = yaml_of(measured(pillar))
            write(root, f"pillars/{pillar}/pillar.md", f"---\nowner: dinas\ngoals: {goals}\n---\n")
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
    """A picture is XML, no wider than the page, none of its text smaller than 7.5 points or outside of it."""
    root = tree(chart)
    _, _, width, height = (float(v) for v in root.attrib["viewBox"].split())
    assert width <= WIDTH
    assert height <= HEIGHT + 40, "higher than a page"
    assert (root.attrib["width"], root.attrib["height"]) == (f"{width:g}pt", f"{height:g}pt")
    assert not re.search(r"\bid=|href|url\(|<style|<script", chart.svg)
    for node in root.iter("{http://www.w3.org/2000/svg}text"):
        assert float(node.attrib["font-size"]) >= SMALL == 7.5
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
    seats = [{"role": role, "holder": text} for role in ("Ketua", text, text, text, text)]
    goals = [{"title": text, "indicators": hostile(0)["indicators"]}]
    plan = make(8, hostile, measured=lambda _: goals, phases=phases, council=seats)
    charts = list(drawn(plan))
    assert {chart.name for chart in charts} >= {f"chart:{name}" for name in WHOLE if name != "map"}
    assert all(len(chart.caption) < 400 for chart in charts)
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
    assert all(titles[cut(p.title, TITLE, SMALL)] >= 1 for p in plan.programs)
    assert sum(n for text, n in titles.items() if text.startswith("Program nomor")) == count


def test_a_plan_without_programs_has_no_pictures(make: Callable[..., Plan]) -> None:
    assert list(drawn(make(0))) == []


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
    bars = [b for b in boxes(chart) if b.fill in PALETTE.categories and b.height == BAR]
    assert len(bars) == len(example.programs)
    for program in example.programs:
        assert program.period
        last = program.period.last
        assert last
        row = next(label for label in texts if label.text in _names(program))
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
    starred = [p for p in example.programs if _near(next(rows[n] for n in _names(p) if n in rows), stars)]
    assert starred == example.quick_wins


def _names(program: Program) -> list[str]:
    return [name for name in (program.title, program.short) if name]


def _near(label: Label, heights: list[float]) -> bool:
    return any(label.top < y < label.bottom for y in heights)


def test_a_program_beyond_the_plans_years_ends_at_their_edge_with_an_arrow(make: Callable[..., Plan]) -> None:
    periods = ["2020-2023", "2030-2040", "2035-2036", "2010-2011"]
    [chart] = draw("roadmap", make(4, lambda n: {"period": periods[n]}))
    assert_fits(chart)
    bars = [b for b in boxes(chart) if b.fill in PALETTE.categories and b.height == BAR]
    assert len(bars) == 2, "those that run outside of the plan only have no bar"
    assert len(list(tree(chart).iter("{http://www.w3.org/2000/svg}polygon"))) == 4


def test_three_hundred_years_and_phases_that_overlap_fit(make: Callable[..., Plan]) -> None:
    phases = [{"title": f"Tahap {n}", "period": f"{1900 + n}-{2100 + n}"} for n in range(6)]
    for chart in draw("roadmap", make(12, busy, period="1900-2199", phases=phases)):
        assert_fits(chart)
        assert_apart(chart)


def test_the_roadmap_shows_costs_and_sums_and_whoever_has_no_years(make: Callable[..., Plan]) -> None:
    def said(n: int) -> dict[str, object]:
        money = [{"year": 2023, "amount": (10**6 * 1234, 2 * 10**5, 0)[n % 3], "source": "APBD"}]
        return {"budget": money} | ({} if n % 2 else {"period": "2022-2023"})

    plan = make(12, said)
    [chart] = draw("roadmap", plan)
    assert_apart(chart)
    shown = Counter(figures(chart))
    assert shown["belum ada periode"] == 6
    assert (shown["Rp juta"], shown["1.234"], shown["<1"]) == (1, 4, 4 + 2)
    assert (shown["2.468"], shown["·"], shown["4.937"]) == (2, 4 + 2, 1), (
        "the sums of two pillars, and of all"
    )
    assert [shown[str(n)] for n in range(1, 7)] == [1] * 6, "each pillar's number"
    assert chart.caption == "Terbanyak berjalan pada 2022–2023: 6 dari 12 program"
    assert "Belum ada periode: 6" in chart.alt


def test_thirty_six_programs_fit_one_page_and_many_are_paged_by_pillar(
    make: Callable[..., Plan], example: Plan
) -> None:
    assert len(draw("roadmap", example)) == 1
    charts = draw("roadmap", make(200, busy))
    assert len(charts) == 6
    assert [chart.caption.partition(": ")[2].rpartition(" (")[0][-8:] for chart in charts] == [
        f"Pilar p{n}"[-8:] for n in range(1, 7)
    ]
    assert sum("Jumlah 200 program" in chart.svg for chart in charts) == 1


# --- the council


def test_the_council_stands_in_levels_however_it_is_listed(make: Callable[..., Plan]) -> None:
    roles = ["Koordinator A", "Sekretaris", "Koordinator B", "Ketua", "Wakil Ketua", "Pembina", "Pengarah"]
    seats = [{"role": role, "holder": f"Pejabat {n}", "agency": "dinas"} for n, role in enumerate(roles)]
    [chart] = draw("council", make(0, council=seats))
    places = {label.text: label.top for label in labels(chart) if label.text in roles}
    assert sorted(places, key=lambda role: places[role]) == [
        "Pembina", "Pengarah", "Ketua", "Wakil Ketua", "Sekretaris", "Koordinator A", "Koordinator B",
    ]  # fmt: skip
    assert places["Koordinator A"] == places["Koordinator B"]
    assert chart.caption == "Dewan Smart City: 7 kedudukan, 2 di antaranya koordinator"
    assert "Ketua: Pejabat 3 (Dinas)" in chart.alt
    assert draw("council", make(0)) == []


def test_a_council_of_hundreds_comes_in_parts(make: Callable[..., Plan]) -> None:
    charts = draw(
        "council", make(0, council=[{"role": "Anggota", "holder": f"Pejabat {n}"} for n in range(300)])
    )
    assert len(charts) > 1
    for chart in charts:
        assert_fits(chart)
        assert_apart(chart)


# --- money


def figures(chart: Chart) -> list[str]:
    return [label.text for label in labels(chart)]


def test_the_columns_and_the_sources_show_the_plans_totals_in_one_unit(example: Plan) -> None:
    [chart] = draw("budget-years", example)
    table, shown = example.budget_by_source(), labels(chart)
    assert "Dalam miliar rupiah." in figures(chart)
    for year, _, total in table.rows:
        [name] = [label for label in shown if label.text == str(year)]
        above = [label for label in shown if abs(label.middle - name.middle) < 1 and label.top < name.top]
        assert min(above, key=lambda label: label.top).text == example.figures.grouped(scaled(total, 9))
    sums = dict(zip(table.columns, table.totals, strict=True))
    named = [label.text for label in shown if label.text in sums]
    assert named == sorted(sums, key=lambda source: sums[source])[-5:], "the five largest, stacked from below"
    for source in named:
        assert any(
            text.startswith(f"{example.figures.grouped(scaled(sums[source], 9))} (")
            for text in figures(chart)
        )


def test_the_parts_of_a_column_are_as_high_as_their_amounts(example: Plan) -> None:
    [chart] = draw("budget-years", example)
    most = max(total for _, _, total in example.budget_by_source().rows)
    parts = [b for b in boxes(chart) if b.fill in PALETTE.funds and b.width > 20]
    for year, _, total in example.budget_by_source().rows:
        column = [b for b in parts if b.x < _middle_of(chart, year) < b.x + b.width]
        assert sum(b.height for b in column) == pytest.approx(190 * total / most, abs=0.05)


def _middle_of(chart: Chart, year: int) -> float:
    return next(label.middle for label in labels(chart) if label.text == str(year))


@pytest.mark.parametrize(
    ("count", "named", "rest"), [(1, 1, ""), (5, 5, ""), (6, 6, ""), (29, 5, "Lainnya (24 sumber)")]
)
def test_more_than_five_sources_are_folded_into_one_with_their_sum(
    make: Callable[..., Plan], count: int, named: int, rest: str
) -> None:
    plan = make(
        count, lambda n: {"budget": [{"year": 2023, "amount": 10**9 * (n + 1), "source": f"Dana {n:02}"}]}
    )
    [chart] = draw("budget-years", plan)
    assert_fits(chart)
    shown = figures(chart)
    assert sum(text.startswith("Dana ") for text in shown) == named
    assert [text for text in shown if text.startswith("Lainnya")] == ([rest] if rest else [])
    if rest:
        assert any(text.startswith(f"{24 * 25 // 2} (") for text in shown)


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
    assert {b.height for c in charts for b in boxes(c) if b.width > 20 and b.fill in PALETTE.funds} == {190}
    assert "2022–2031 (bagian 1 dari 3)" in charts[0].caption
    assert charts[0].caption.startswith("Anggaran menurut tahun dan sumber dana"), "no year stands out"


def test_the_bars_of_the_pillars_are_sorted_and_have_their_numbers(example: Plan) -> None:
    [chart] = draw("budget-pillars", example)
    bars = [b for b in boxes(chart) if b.fill in PALETTE.categories and b.x > 100]
    pillars = sorted(example.pillars, key=lambda pillar: -pillar.total)
    wanted = [pillar.total / pillars[0].total for pillar in pillars]
    assert [b.width / bars[0].width for b in bars] == pytest.approx(wanted, abs=0.001)
    shown = figures(chart)
    for pillar in pillars:
        place = shown.index(pillar.title)
        assert shown[place - 1] == str(example.pillars.index(pillar) + 1)
        assert shown[place + 1].startswith(Figures(Language.ID).short_rupiah(pillar.total))
    assert f"Jumlah: {Figures(Language.ID).short_rupiah(example.total)}" in shown


@pytest.mark.parametrize(
    ("amounts", "years", "pillars"),
    [
        (
            [5, 9],
            "Anggaran memuncak pada 2023, Rp 9 juta",
            "Pilar p2 memakai bagian anggaran terbesar, 64,3 %",
        ),
        ([9, 9], "Anggaran menurut tahun dan sumber dana, 2022–2031", "Anggaran menurut pilar"),
        (
            [9],
            "Anggaran menurut tahun dan sumber dana, 2022–2031",
            "Pilar p1 memakai bagian anggaran terbesar, 100 %",
        ),
    ],
    ids=["one stands out", "a tie", "one alone"],
)
def test_titles_state_the_finding_and_are_never_false(
    make: Callable[..., Plan], amounts: list[int], years: str, pillars: str
) -> None:
    plan = make(
        len(amounts),
        lambda n: {"budget": [{"year": 2022 + n, "amount": amounts[n] * 10**6, "source": "APBD"}]},
    )
    captions = {
        name: draw(name, plan)[0].caption.replace(NBSP, " ") for name in ("budget-years", "budget-pillars")
    }
    assert captions == {"budget-years": years, "budget-pillars": pillars}


def test_the_glance_shows_years_sources_and_indicators_on_course(
    make: Callable[..., Plan], example: Plan
) -> None:
    for plan in (
        example,
        make(40, busy),
        make(40, busy, period="1900-2199"),
        make(3, lambda n: busy(n) | {"budget": []}),
    ):
        [chart] = draw("glance", plan)
        assert_fits(chart)
        assert_apart(chart)
        assert float(tree(chart).attrib["height"].removesuffix("pt")) <= 250
        assert ("mencapai target" in chart.svg) == any(
            m.indicator.actuals for p in plan.programs for m in p.measures
        )
    assert next(c.caption for c in draw("glance", example)).startswith("Rencana dalam angka: Rp")
    assert (
        draw("glance", make(2, lambda _: {"indicators": busy(0)["indicators"]}))[0].alt.count("mencapai") == 1
    )


@pytest.mark.parametrize(
    ("direction", "actual", "good"),
    [
        ("naik", 27, True),
        ("naik", 24, False),
        ("turun", 24, True),
        ("turun", 27, False),
        ("tetap", 25, True),
        ("tetap", 26, False),
    ],
)
def test_an_indicator_is_on_course_when_its_last_result_is_as_good_as_the_target_then_due(
    make: Callable[..., Plan], direction: str, actual: int, good: bool
) -> None:
    said = {
        "name": "Uji",
        "unit": "persen",
        "direction": direction,
        "targets": {2022: 25, 2026: 99},
        "actuals": {2024: actual},
    }
    plan = make(1, lambda _: {"indicators": [said]})
    assert reached(plan.programs[0].data.indicators[0]) is good
    early = make(1, lambda _: {"indicators": [said | {"targets": {2025: 1}}]})
    assert reached(early.programs[0].data.indicators[0]) is None


# --- indicators


def _grid_of(make: Callable[..., Plan], said: Mapping[str, object]) -> Chart:
    """The picture of a pillar with one goal and one indicator."""
    plan = make(0, measured=lambda _: [{"title": "Sasaran", "indicators": [said]}])
    [chart] = draw("indicators", plan, plan.pillars[0])
    return chart


def test_a_small_picture_says_its_range_its_years_and_its_first_and_last_figures(
    make: Callable[..., Plan],
) -> None:
    said = {
        "name": "Waktu layanan", "unit": "menit", "direction": "turun", "baseline": {"value": 30, "year": 2021},
        "targets": {2022: 25, 2024: 10}, "actuals": {2022: 27},
    }  # fmt: skip
    chart = _grid_of(make, said)
    assert figures(chart)[:8] == ["Waktu layanan", "menit", "0", "30", "2021", "2031", "30", "10"]
    heights = [float(n.attrib["cy"]) for n in tree(chart).iter("{http://www.w3.org/2000/svg}circle")]
    wanted = [72 - 34 * value / 30 for value in (30, 27, 25, 10)]
    assert sorted(heights)[:4] == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize(
    ("values", "low"), [((20, 100), "0"), ((80, 92), "80"), ((-4, 3), "-4"), ((51, 100), "51")]
)
def test_zero_is_shown_where_it_is_near(make: Callable[..., Plan], values: tuple[int, int], low: str) -> None:
    said = {"name": "Uji", "unit": "persen", "targets": {2022: values[0], 2031: values[1]}}
    assert figures(_grid_of(make, said))[2] == low


def _goals(count: int) -> list[object]:
    return [
        {
            "title": "Sasaran",
            "indicators": [
                {
                    "name": f"Capaian nomor {n} dengan nama yang cukup panjang untuk dua baris lebih",
                    "unit": "persen",
                    "baseline": {"value": 10 * n, "year": 2000 + n % 20},
                    "targets": {2023: 5 + 90 * (n % 2), 2030: 50} if n % 5 else {},
                    "actuals": {2022: 40, 2023: 41} if n % 3 else {},
                }
                for n in range(count)
            ],
        }
    ]


@pytest.mark.parametrize(
    ("count", "parts"), [(0, []), (1, [1]), (12, [12]), (13, [7, 6]), (40, [10, 10, 10, 10])]
)
def test_indicators_of_a_pillar_share_one_time_axis_twelve_to_a_picture(
    make: Callable[..., Plan], count: int, parts: list[int]
) -> None:
    plan = make(0, measured=lambda _: _goals(count))
    charts = draw("indicators", plan, plan.pillars[1])
    assert [sum(text == "persen" for text in figures(chart)) for chart in charts] == parts
    for chart in charts:
        assert_fits(chart)
        assert_apart(chart)
        years = {text for text in figures(chart) if re.fullmatch("20[123].", text)}
        assert years <= {"2017", "2018", "2031"}
    assert "".join(chart.alt for chart in charts).count("Nilai awal:") == count


def test_a_spark_is_small_and_has_no_text(example: Plan) -> None:
    charts = [
        c for p in example.programs for n in range(len(p.measures)) for c in draw("spark", example, p, n)
    ]
    assert len(charts) > 40
    for chart in charts:
        assert "<text" not in chart.svg
        assert "font" not in chart.svg
        assert len(chart.svg) < 700
        assert tree(chart).attrib["viewBox"] == "0 0 56 13"
        assert not chart.caption
    [chart] = draw("spark", example, example.pillars[0], 1)
    assert chart.alt == "Indeks SPBE: 2,4 (2021), lalu 4,0 (2031)"


def test_one_figure_makes_no_sparkline(plan: Path) -> None:
    edit(
        plan,
        "pillars/alfa/layanan.md",
        "      2022: 25\n      2024: 10\n    actuals:\n      2022: 27\n",
        "      2021: 25\n",
    )
    small = linked(plan)
    assert draw("spark", small, small.programs[0], 0) == []


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
        one, other = (
            places[n.data.short or n.title, f"{example.pillars.index(n.pillar) + 1} {n.pillar.title}"]
            for n in (needed, program)
        )
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
    assert re.search(r"\(20\d\d\)", alts["chart:spark-1-1"])
    captions = " ".join(chart.caption for chart in drawn(plan))
    assert ("anggaran" in captions, "budget" in captions) == (language == "id", language == "en")


def test_figures_of_a_book_are_captioned_and_numbered_apart_from_sparklines(
    example_file: Callable[[str], bytes],
) -> None:
    page = example_file("masterplan.html").decode()
    figures_ = re.findall(r"<figure.*?</figure>", page, re.S)
    charts = [f for f in figures_ if "<svg" in f]
    assert all('role="img"' in f and re.search(r'aria-label="[^"]{20,}"', f) for f in charts)
    captioned = [f for f in charts if "<figcaption" in f]
    assert len(captioned) >= 6
    assert len(charts) == len(captioned)
    assert len(re.findall(r'<img class="spark" [^>]*alt="[^"]{20,}"', page)) > 40


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
    (exact,) = draw("budget-years", _budget(plan, 1_500_000_000, 2_200_000_000))
    assert note not in exact.svg
    assert ">1,5<" in exact.svg, "as many decimals in every part"
    assert ">2,2<" in exact.svg
    (rough,) = draw("budget-years", _budget(plan, 1_504_000_000, 2_254_000_000))
    assert note in rough.svg
    (tiny,) = draw("budget-years", _budget(plan, 1_000_000_000, 1_000))
    assert "&lt;0,01 (0" in tiny.svg, "it is there, and not nothing"
