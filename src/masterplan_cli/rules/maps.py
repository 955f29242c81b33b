"""MP909: the map of the plan that cannot be drawn."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan_cli.diagnostics import Finding, Place, Rule, Severity, Text
from masterplan_cli.geojson import MAX_BYTES, MAX_POINTS
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan
from masterplan_cli.rules.registry import rule

_EXPORT = Both(
    "simpan batas wilayahnya dari aplikasi peta (misalnya QGIS) sebagai GeoJSON berisi Polygon, dengan koordinat WGS 84 (EPSG:4326)",
    "save the areas' outlines from a map program (such as QGIS) as GeoJSON of Polygons, with coordinates in WGS 84 (EPSG:4326)",
)
_SIMPLIFY = Both(
    "sederhanakan garis batasnya di aplikasi peta (di QGIS: Simplify), lalu simpan lagi",
    "simplify the outlines in a map program (in QGIS: Simplify) and save the file again",
)


@rule(
    "MP909",
    "map-unusable",
    Severity.WARNING,
    title=Both("peta yang tidak dapat digambar", "a map that cannot be drawn"),
    why=Both(
        "Peta wilayah digambar dari berkas GeoJSON pertama di assets/; berkas yang tidak dapat dibaca tidak menghasilkan peta, tanpa pemberitahuan lain.",
        "The map of the region is drawn from the first GeoJSON file in assets/; one that cannot be read makes no map, and nothing else says so.",
    ),
    message=Both("peta ini bukan JSON yang dapat dibaca", "this map is no JSON that can be read"),
    fix=_EXPORT,
    variants={
        "unreadable": Text(
            Both("peta ini tidak dapat dibaca dari cakram", "this map cannot be read from the disk"),
            Both("periksa izin dan ukuran berkasnya", "look at the file's permissions and its size"),
        ),
        "large": Text(
            Both("peta ini lebih besar dari {size} MiB", "this map is larger than {size} MiB"), _SIMPLIFY
        ),
        "points": Text(
            Both(
                "batas wilayah di peta ini lebih dari {points} ribu titik, walau sudah disederhanakan",
                "the outlines of this map have more than {points} thousand points, even when simplified",
            ),
            _SIMPLIFY,
        ),
        "shapes": Text(
            Both(
                "di peta ini tidak ada wilayah (Polygon atau MultiPolygon)",
                "this map has no areas (Polygon or MultiPolygon)",
            ),
            _EXPORT,
        ),
        "coordinates": Text(
            Both(
                "koordinat peta ini bukan derajat bujur dan lintang",
                "the coordinates of this map are no degrees of longitude and latitude",
            ),
            _EXPORT,
        ),
        "partial": Text(
            Both(
                "titik dan garis di peta ini tidak digambar; hanya wilayah (Polygon atau MultiPolygon)",
                "points and lines of this map are not drawn, only areas (Polygon or MultiPolygon)",
            ),
            Both(
                "hapus titik dan garis itu dari berkas, atau gambar sebagai wilayah",
                "remove the points and lines from the file, or draw them as areas",
            ),
        ),
    },
)
def map_unusable(found: Rule, plan: Plan) -> Iterator[Finding]:
    path, areas = plan.assets.map_file, plan.assets.areas
    fault = "partial" if areas and areas.partial else plan.assets.map_fault
    if path and fault is not None:
        yield found.at(Place(path), fault, size=MAX_BYTES // 2**20, points=MAX_POINTS // 1000)
