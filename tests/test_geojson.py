"""The map of a plan: any file is read within bounds, and what is drawn keeps its shape."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import REPO, write
from masterplan_cli.cache.results import Inputs
from masterplan_cli.charts import draw
from masterplan_cli.charts.svg import HEIGHT, WIDTH
from masterplan_cli.checking import check
from masterplan_cli.geojson import MAX_BYTES, MAX_POINTS, AreaError, Areas, read_areas
from masterplan_cli.pictures import examine
from masterplan_cli.plan import Plan
from test_charts import assert_apart, assert_fits, labels

SQUARE = [[112.8, -7.6], [112.9, -7.6], [112.9, -7.7], [112.8, -7.7], [112.8, -7.6]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(name: object, geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"nama": name}, "geometry": geometry}


def collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def read(value: object) -> Areas:
    return read_areas(json.dumps(value).encode())


def fault(data: bytes) -> str:
    with pytest.raises(AreaError) as caught:
        read_areas(data)
    return caught.value.kind


@pytest.mark.parametrize(
    "value",
    [
        polygon(SQUARE),
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        feature("Kota", polygon(SQUARE)),
        collection(feature("Kota", polygon(SQUARE)), {"type": "Feature", "geometry": None}, 7, None),
        collection(feature({"a": 1}, {"type": "GeometryCollection", "geometries": [polygon(SQUARE)]})),
    ],
)
def test_every_form_of_an_area_is_read(value: object) -> None:
    [area] = read(value).parts
    assert len(area.rings[0]) == 5
    assert area.name in ("", "Kota")


@pytest.mark.parametrize("latitude", [0, -7.65, 60])
def test_a_square_on_the_ground_is_a_square_on_the_map(latitude: float) -> None:
    east = 0.1 / math.cos(math.radians(latitude))
    ring = [(x, latitude + y) for x, y in ((0, -0.05), (east, -0.05), (east, 0.05), (0, 0.05))]
    areas = read(polygon([list(point) for point in ring]))
    assert areas.width == pytest.approx(areas.height, abs=0.001)
    assert [
        p == pytest.approx(q, abs=0.001)
        for p, q in zip(areas.parts[0].rings[0], [(0, 1), (1, 1), (1, 0), (0, 0)], strict=True)
    ]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", ""),
        (b"\xff\xfe{}", ""),
        (b"[" * 100_000, ""),
        (b'{"a":' * 100_000, ""),
        (b"1" * 100_000, ""),
        (b"[]", "shapes"),
        (b"{}", "shapes"),
        (b"null", "shapes"),
        (b'{"type": "FeatureCollection", "features": {"type": "Feature"}}', "shapes"),
        (json.dumps(polygon()).encode(), "shapes"),
        (json.dumps(polygon([])).encode(), "shapes"),
        (json.dumps(polygon([[1, 2], [1, 2], [1, 2]])).encode(), "shapes"),
        (json.dumps(polygon([[1, 2], [2, 2], [1, 2]])).encode(), "shapes"),
        (
            json.dumps(collection(feature("a", {"type": "LineString", "coordinates": SQUARE}))).encode(),
            "shapes",
        ),
        (b'{"type": "Polygon"}', "coordinates"),
        (b'{"type": "Polygon", "coordinates": {"a": 1}}', "coordinates"),
        (b'{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5]]]}', "coordinates"),
        (b'{"type": "Polygon", "coordinates": [[[Infinity, 1], [2, 3], [4, 5]]]}', "coordinates"),
        (b'{"type": "Polygon", "coordinates": [[[1e999, 1], [2, 3], [4, 5]]]}', "coordinates"),
        (b'{"type": "Polygon", "coordinates": [[[' + b"9" * 4000 + b", 1], [2, 3], [4, 5]]]}", "coordinates"),
        (b'{"type": "Polygon", "coordinates": [[[true, 1], [2, 3], [4, 5]]]}', "coordinates"),
        (b'{"type": "Polygon", "coordinates": [[["1", "2"], [2, 3], [4, 5]]]}', "coordinates"),
        (b'{"type": "Polygon", "coordinates": [[[1], [2, 3], [4, 5]]]}', "coordinates"),
        (b'{"type": "Polygon", "coordinates": [[[10, 91], [2, 3], [4, 5]]]}', "coordinates"),
        (b" " * (MAX_BYTES + 1), "large"),
    ],
)
def test_what_cannot_be_drawn_is_named(data: bytes, kind: str) -> None:
    assert fault(data) == kind


def _wave(points: int, turns: int) -> list[list[float]]:
    """A ring with so many points, as jagged as it has turns."""
    return [
        [
            round(math.cos(t) * (1 + 0.3 * math.sin(turns * t)), 5),
            round(math.sin(t) * (1 + 0.3 * math.sin(turns * t)), 5),
        ]
        for t in (2 * math.pi * n / points for n in range(points))
    ]


def test_an_outline_is_made_no_finer_than_print_shows() -> None:
    areas = read(polygon(_wave(90_000, 3)))
    assert 1000 < len(areas.parts[0].rings[0]) < 10_000


def test_a_map_of_endless_detail_is_refused_in_time() -> None:
    points = [[n % 300 / 10 * (1 + n % 2), n // 300 / 10] for n in range(100_000)]
    data = json.dumps(polygon(points)).encode()
    assert len(data) < MAX_BYTES
    start = time.process_time()
    assert fault(data) == "points"
    assert time.process_time() - start < 10
    assert MAX_POINTS == 20_000


def _plan(root: Path, value: object, name: str = "assets/kota.geojson", language: str = "id") -> Plan:
    text = f"title: Rencana\nregion: {{name: Kota Uji}}\nperiod: 2022-2031\nlanguage: {language}\n"
    write(root, "masterplan.yaml", text)
    write(root, name, json.dumps(value))
    plan = check(root).plan
    assert plan
    return plan


def test_the_example_has_a_schematic_map_that_says_so() -> None:
    plan = check(REPO).plan
    assert plan
    [chart] = draw("map", plan)
    assert chart.caption == "Peta Kota Pasuruan: 4 wilayah (skematis, bukan batas resmi)"
    assert {label.text for label in labels(chart)} == {
        "Bugul Kidul",
        "Gadingrejo",
        "Panggungrejo",
        "Purworejo",
    }
    assert all(label.text in chart.alt for label in labels(chart))
    assert_fits(chart)
    assert_apart(chart)


def test_the_first_file_of_the_folder_is_drawn_and_no_other(tmp_path: Path) -> None:
    for name in ("assets/lama/a.geojson", "assets/z.geojson", "a.geojson"):
        write(tmp_path, name, json.dumps(feature("Salah", polygon(SQUARE))))
    plan = _plan(tmp_path, feature("Benar", polygon(SQUARE)), "assets/b.GeoJSON")
    assert "Benar" in draw("map", plan)[0].alt
    assert not [found for found in check(tmp_path).diagnostics if found.code == "MP909"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_hostile_map_makes_a_picture_that_fits(tmp_path: Path, language: str) -> None:
    names = ["<script>alert(1)</script>", "M" * 5_000, "kata " * 900, "\ud800", "\u202e", "", 5, "漢字"]
    across = [[[x + n / 50, y + n / 70] for x, y in SQUARE] for n in range(900)]
    parts = [feature(names[n % len(names)], polygon(ring, across[0])) for n, ring in enumerate(across)]
    plan = _plan(tmp_path, collection(*parts) | {"note": "catatan " * 500}, language=language)
    [chart] = draw("map", plan)
    assert_fits(chart)
    assert_apart(chart)
    assert len(chart.caption) < 300
    assert len(chart.alt) < 5000
    assert ("Wilayah" in chart.alt) == (language == "id")
    assert examine(chart.svg.encode("utf-8", "replace")) is None


@pytest.mark.parametrize(
    "ring", [[[0, 0], [50, 0], [50, 0.2], [0, 0.2]], [[0, 0], [0.2, 0], [0.2, 50], [0, 50]]]
)
def test_a_region_of_any_shape_stays_on_the_page(tmp_path: Path, ring: list[list[float]]) -> None:
    [chart] = draw("map", _plan(tmp_path, polygon(ring)))
    assert_fits(chart)
    numbers = [
        float(number) for number in chart.svg.split(' d="M')[1].split('Z"')[0].replace("L", " ").split()
    ]
    assert all(0 <= number <= max(WIDTH, HEIGHT) for number in numbers)


def test_a_map_that_cannot_be_used_draws_nothing_and_is_found(tmp_path: Path) -> None:
    plan = _plan(tmp_path, {"type": "Polygon", "coordinates": [[[9e5, 1], [2, 3], [4, 5]]]})
    assert draw("map", plan) == []
    [found] = [found for found in check(tmp_path).diagnostics if found.code == "MP909"]
    assert found.path == "assets/kota.geojson"


def test_what_is_kept_of_a_map_is_kept_for_its_areas_alone(tmp_path: Path) -> None:
    inputs = {
        name: Inputs(_plan(tmp_path / name, feature(title, polygon(SQUARE))))["map"]
        for name, title in (("one", "Kota"), ("same", "Kota"), ("other", "Kabupaten"))
    }
    assert inputs["one"] == inputs["same"] != inputs["other"]
