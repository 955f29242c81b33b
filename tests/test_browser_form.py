"""The browser form: what its pages save, whom it refuses, and that it is filled in by keyboard alone."""

from __future__ import annotations

import html
import http.client
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from conftest import CHROMIUM, DEEP, commit, edit, git, masterplan, only_deep, write
from masterplan_cli.checking import check
from masterplan_cli.diagnostics import Severity
from masterplan_cli.git import send
from masterplan_cli.live.editing import Editing
from masterplan_cli.live.page import Page
from masterplan_cli.live.server import Preview, Sight
from masterplan_cli.messages import Language

PROGRAM = "pillars/alfa/layanan.md"
PILLAR = "pillars/alfa/pillar.md"
DUTIES = "agencies/dinas-b.yaml"
#: The sheets of the form, by their places.
OWN, INDICATORS, BUDGET, RISKS = 0, 1, 2, 3


class Site:
    """The form of a plan on an address of its own, as a page of it asks."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self.root = root
        self.editing = Editing(root)
        given = None if read_only else self.editing
        self.preview = Preview(Sight(Page(b"<body>x"), {}), 8790, given)
        self.host = f"127.0.0.1:{self.preview.port}"
        self.headers = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            "X-Masterplan-Secret": self.editing.secret,
            "Content-Type": "application/json",
        }

    def request(
        self, method: str, path: str, body: bytes = b"", **headers: str | None
    ) -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.preview.port, timeout=30)
        connection.putrequest(method, path, skip_host=True)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | self.headers | named).items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        got = connection.getresponse()
        data = got.read()
        connection.close()
        return got.status, data, {name.lower(): value for name, value in got.getheaders()}

    def ask(self, what: str, given: object, **headers: str | None) -> tuple[int, dict[str, Any]]:
        status, body, _ = self.request("POST", f"/_form/{what}", json.dumps(given).encode(), **headers)
        answer = json.loads(body)
        assert isinstance(answer, dict)
        return status, answer

    def get(self, path: str) -> str:
        status, body, _ = self.request("GET", path)
        assert status == 200, path
        return body.decode()

    def page(self, path: str = PROGRAM) -> Filled:
        kind, query = "program", f"path={path}"
        if path.startswith("agencies/"):
            kind, query = "duties", f"agency={Path(path).stem}"
        elif path.endswith("/pillar.md"):
            kind, query = "pillar", f"pillar={path.split('/')[1]}"
        return Filled(self, self.get(f"/_form/{kind}?{query}"), kind, path)


RECORD = re.compile(
    r'class="record[^"]*" data-sheet="(\d+)" data-number="(\d+)" data-path="([^"]*)" data-route="([^"]*)" data-base="([^"]*)"'
)


class Filled:
    """A page as it was read, with what somebody types into it."""

    def __init__(self, site: Site, text: str, kind: str, path: str) -> None:
        self.site, self.kind, self.path = site, kind, path
        self.rows: list[dict[str, Any]] = [
            {
                "sheet": int(sheet), "number": int(number), "path": at, "route": route,
                "base": json.loads(html.unescape(base)), "cells": {},
            }
            for sheet, number, at, route, base in RECORD.findall(text)
        ]  # fmt: skip

    def row(self, sheet: int, number: int = 0) -> dict[str, Any]:
        return [row for row in self.rows if row["sheet"] == sheet][number]

    def add(self, sheet: int, **cells: str) -> None:
        self.rows.append({"sheet": sheet, "number": 900 + len(self.rows), "cells": cells})

    def ask(self, what: str) -> dict[str, Any]:
        status, answer = self.site.ask(
            what, {"kind": self.kind, "path": self.path, "pillar": "alfa", "title": "", "rows": self.rows}
        )
        assert status == 200, answer
        return answer


@pytest.fixture
def site(plan: Path) -> Iterator[Site]:
    made = Site(plan)
    with made.preview:
        yield made


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


# --- whom it refuses


FILLED = {"kind": "program", "path": PROGRAM, "rows": []}


#: What a request may lack or have wrong, and how it is answered.
WRONG: list[tuple[int, str, dict[str, str | None]]] = [
    (403, "secret", {"X_Masterplan_Secret": None}),
    (403, "secret", {"X_Masterplan_Secret": "x" * 43}),
    (403, "secret", {"X_Masterplan_Secret": "é"}),
    (403, "origin", {"Origin": None}),
    (403, "origin", {"Origin": "null"}),
    (403, "origin", {"Origin": "http://evil.example"}),
    (403, "origin", {"Origin": "http://127.0.0.1:1"}),
    (403, "origin", {"Origin": "https://{host}"}),
    (400, "json", {"Content_Type": "application/x-www-form-urlencoded"}),
    (400, "json", {"Content_Type": "text/plain"}),
    (400, "json", {"Content_Length": None}),
    (400, "json", {"Content_Length": "-1"}),
    (413, "large", {"Content_Length": "99999999"}),
    (413, "large", {"Content_Length": "9" * 400}),
]


@pytest.mark.parametrize("what", ["save", "send"])
def test_what_comes_from_elsewhere_changes_nothing(site: Site, what: str) -> None:
    before = contents(site.root)
    for status, why, headers in WRONG:
        given = {name: value and value.replace("{host}", site.host) for name, value in headers.items()}
        got, answer = site.ask(what, FILLED, **given)
        assert (got, answer["why"]) == (status, why), headers
        assert len(answer["said"]) > 20
    assert contents(site.root) == before


def test_another_name_of_this_computer_is_answered_by_nothing(site: Site) -> None:
    for host in ("evil.example", f"evil.example:{site.preview.port}", "127.0.0.1", ""):
        for method, path in (("GET", "/_form"), ("GET", "/_form/form.js"), ("POST", "/_form/save")):
            status, body, headers = site.request(method, path, Host=host, Origin=f"http://{host}")
            assert status == 403
            assert site.editing.secret.encode() not in body
            assert "access-control-allow-origin" not in headers


def test_no_page_from_elsewhere_may_show_or_read_a_page_of_the_form(site: Site) -> None:
    for path in ("/_form", "/_form/form.js", f"/_form/program?path={PROGRAM}"):
        _, _, headers = site.request("GET", path)
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers
    policy = site.request("GET", "/_form")[2]["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_only_what_is_asked_by_post_changes_anything(site: Site) -> None:
    before = contents(site.root)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"):
        assert site.request(method, "/_form/save")[0] == 405
    for path in ("/_form/save", "/_form/check", "/_form/send", "/_form/x", "/_form/preview?of=x"):
        assert site.request("GET", path)[0] == 404
    assert site.request("POST", "/")[0] == 405
    assert site.ask("entah", FILLED)[0] == 404
    assert contents(site.root) == before


STRANGE_PATHS: list[str] = [
    "../masterplan.yaml",
    "/etc/passwd",
    "masterplan.yaml",
    "pillars/alfa/pillar.md",
    "pillars/../masterplan.yaml",
    "agencies/dinas-a.yaml",
    "C:\\x.md",
    "templates/x.j2",
    "pillars/alfa/%2e%2e/x.md",
]


def test_a_path_that_is_no_page_of_the_form_is_refused(site: Site) -> None:
    before = contents(site.root)
    for path in STRANGE_PATHS:
        assert site.request("GET", f"/_form/program?path={path}".replace("\\", "%5C"))[0] == 404
        row = {"sheet": 0, "number": 0, "path": path, "route": "", "base": {}, "cells": {"title": "x"}}
        status, answer = site.ask("save", {"kind": "program", "path": path, "rows": [row]})
        assert answer["said"]
        assert status == 404 or answer["saved"] is False
        status, answer = site.ask("save", {**FILLED, "rows": [row]})
        assert (status, answer["why"]) == (400, "row")
    assert contents(site.root) == before


STRANGE_ROWS: list[dict[str, Any]] = [
    {"sheet": 99},
    {"sheet": -1},
    {"sheet": "0"},
    {"cells": {"entah": "x"}},
    {"cells": {"@pillar": "x"}},
    {"cells": {"title": 1}},
    {"cells": {"title": "x" * 500_000}},
    {"more": 1},
    {"number": 10**9},
    {"sheet": 8},
]


def test_a_row_that_the_page_does_not_have_is_refused(site: Site) -> None:
    before = contents(site.root)
    for change in STRANGE_ROWS:
        row = {"sheet": 0, "number": 0, "path": PROGRAM, "route": "", "base": {}, "cells": {}} | change
        status, answer = site.ask("save", {**FILLED, "rows": [row]})
        assert status in (400, 413)
        assert answer["said"]
    assert contents(site.root) == before


STRANGE_BODIES: list[bytes] = [b"", b"{", b"[" * 100_000, b'"x"', b"null", b"\xff", b'{"kind": "program"}']


def test_what_is_no_request_is_refused(site: Site) -> None:
    for body in STRANGE_BODIES:
        status, answer, _ = site.request("POST", "/_form/save", body)
        assert (status, json.loads(answer)["why"]) == (400, "json")


def test_a_route_that_does_not_exist_changes_nothing(site: Site) -> None:
    page = site.page()
    page.row(INDICATORS).update(route="indicators/7", base={"name": "0000000000"}, cells={"name": "x"})
    answer = page.ask("save")
    assert not answer["saved"]
    assert "sudah tidak ada di berkas" in answer["found"][0]["html"]


def test_read_only_there_is_no_form(plan: Path) -> None:
    site = Site(plan, read_only=True)
    with site.preview:
        assert site.request("GET", "/")[0] == 200
        for path in ("/_form", "/_form/form.js", f"/_form/program?path={PROGRAM}"):
            assert site.request("GET", path)[0] == 404
        assert site.request("POST", "/_form/save")[0] == 405
        assert next(site.preview.messages("")) == (
            site.preview.page.version,
            {"panel": {}, "page": {"reload": True}},
        )


def test_the_document_leads_to_the_form(site: Site) -> None:
    news = next(site.preview.messages(""))
    assert news
    assert news[1]["panel"] == {"form": "/_form"}


def test_the_icon_that_browsers_ask_for_is_no_fault(site: Site) -> None:
    assert site.request("GET", "/favicon.ico")[:2] == (204, b"")


def test_the_pages_of_one_agency_come_first(site: Site) -> None:
    first = "<h2>Dinas A</h2>"
    assert first not in site.get("/_form")
    site.editing.agency = "dinas-a"
    own = site.get("/_form").partition(first)[2].partition("</ul>")[0]
    assert f'href="/_form/program?path={PROGRAM}"' in own
    assert 'href="/_form/duties?agency=dinas-a"' in own
    site.editing.agency = "entah"
    assert first not in site.get("/_form")


# --- what it saves


def changed_lines(root: Path, before: dict[str, bytes]) -> list[str]:
    """The lines of the one file that changed, each with its sign."""
    import difflib

    [path] = [path for path, data in contents(root).items() if data != before.get(path)]
    old, new = before[path].decode().splitlines(), (root / path).read_text(encoding="utf-8").splitlines()
    return [line for line in difflib.ndiff(old, new) if line[0] in "+-"]


def test_a_field_changes_its_value_and_nothing_else(site: Site) -> None:
    edit(site.root, PROGRAM, "owner: dinas-a\n", "owner: dinas-a   # sudah disepakati\n")
    edit(site.root, DUTIES, "valid: 2023-\n", "")
    before = contents(site.root)
    page = site.page()
    page.row(OWN)["cells"] = {"owner": "Dinas B", "supporting": "", "text/latar": "Kata *baru*.\n\nDua."}
    page.row(BUDGET)["cells"] = {"amount/2022": "Rp 1,25 miliar"}
    answer = page.ask("save")
    assert answer["saved"], answer
    assert PROGRAM in answer["said"]
    assert changed_lines(site.root, before) == [
        "- owner: dinas-a   # sudah disepakati", "+ owner: dinas-b   # sudah disepakati", "- supporting: [dinas-b]",
        "-     amount: Rp 100.000.000", "+     amount: 1.250.000.000", "- Teks tentang layanan.", "+ Kata *baru*.",
        "+ ", "+ Dua.",
    ]  # fmt: skip
    assert site.page().ask("save")["said"] == "Tidak ada yang berubah."


def test_rows_are_added_and_removed(site: Site) -> None:
    before = contents(site.root)
    page = site.page()
    row = page.row(INDICATORS)
    row["cells"] = dict.fromkeys(row["base"], "")
    page.add(INDICATORS, **{"name": "Waktu layanan", "unit": "jam", "targets/2022": "2,5"})
    page.add(RISKS, risk="Server mati", level="sedang")
    page.add(BUDGET, **{"source": "APBN", "amount/2023": "50.000.000"})
    assert page.ask("save")["saved"]
    program = check(site.root).plan.by_id["alfa/layanan"]  # type: ignore[union-attr]
    assert [(i.name, i.unit, dict(i.targets)) for i in program.data.indicators] == [
        ("Waktu layanan", "jam", {2022: pytest.approx(2.5)})
    ], "a new row of the same name is no change of the one that is removed"
    assert program.total == 150_000_000
    assert len([path for path, data in contents(site.root).items() if data != before.get(path)]) == 1


def test_duties_are_filled_in(site: Site) -> None:
    page = site.page(DUTIES)
    page.rows[0]["cells"] = {"duty": "Menyertai pilar."}
    assert page.ask("save")["saved"]
    assert "  alfa: Menyertai pilar.\n" in (site.root / DUTIES).read_text(encoding="utf-8")


def add_goal(root: Path) -> None:
    """Let the pillar have a goal that nothing measures, behind the one that it has."""
    edit(
        root,
        PILLAR,
        "{2026: 80}\n",
        "{2026: 80}   # disepakati\n  - title: Layanan dekat\n    subdimension: dua\n",
    )


def sheet_of(site: Site, key: str) -> int:
    """The place of the sheet that has such a field on a pillar's page."""
    found = re.search(rf'id="(\d+)!{key}@', site.get("/_form/pillar?pillar=alfa"))
    assert found
    return int(found[1])


def test_a_pillar_is_filled_in_with_its_goals_and_their_indicators(site: Site) -> None:
    add_goal(site.root)
    before = contents(site.root)
    pillar, goals = sheet_of(site, "owner"), sheet_of(site, "subdimension")
    page = site.page(PILLAR)
    assert [row["route"] for row in page.rows] == ["", "goals/0", "goals/1", "goals/0/indicators/0"]
    assert "Sasaran Alfa: Warga puas" in site.get("/_form/pillar?pillar=alfa")
    page.row(pillar)["cells"] = {"owner": "Dinas B"}
    page.row(goals, 1)["cells"] = {"title": "Layanan lebih dekat"}
    page.row(INDICATORS)["cells"] = {"baseline/value": "45", "targets/2023": "60"}
    page.add(goals, title="Layanan murah", subdimension="Alfa: Satu")
    page.add(INDICATORS, **{"@program": "Sasaran Alfa: Layanan dekat", "name": "Loket", "unit": "unit"})
    preview = page.ask("check")["preview"]
    assert "Layanan murah" in site.get(f"/_form/preview?of={preview}")
    answer = page.ask("save")
    assert answer["saved"], answer
    assert changed_lines(site.root, before) == [
        "- owner: dinas-a", "+ owner: dinas-b",
        "-         baseline: {value: 50, year: 2021, source: Survei 2021}",
        "+         baseline: {value: 45, year: 2021, source: Survei 2021}",
        "-         targets: {2026: 80}   # disepakati", "+         targets: {2023: 60, 2026: 80}   # disepakati",
        "-   - title: Layanan dekat", "+   - title: Layanan lebih dekat", "+     indicators:", "+       - name: Loket",
        "+         unit: unit", "+   - title: Layanan murah", "+     subdimension: satu",
    ]  # fmt: skip
    assert site.page(PILLAR).ask("save")["said"] == "Tidak ada yang berubah."


def test_an_indicator_of_a_pillar_says_which_of_its_goals_it_measures(site: Site) -> None:
    add_goal(site.root)
    before = contents(site.root)
    page = site.page(PILLAR)
    page.add(INDICATORS, name="Loket", unit="unit")
    new = page.rows[-1]
    place = f"{INDICATORS}!@program@{new['number']}"
    for said in ("", "Sasaran Alfa: yang sudah dihapus"):
        new["cells"]["@program"] = said
        assert place in {one["place"] for one in page.ask("save")["found"] if one["severity"] == "error"}
    for said in ("Layanan Cepat", "alfa/layanan"):
        new["cells"]["@program"] = said
        status, answer = site.ask(
            "save", {"kind": "pillar", "path": PILLAR, "pillar": "alfa", "rows": page.rows}
        )
        assert (status, answer["why"]) == (400, "row"), "a program is no goal of this pillar"
    assert contents(site.root) == before


def test_a_pillar_that_changes_meanwhile_loses_nothing(site: Site) -> None:
    pillar = sheet_of(site, "owner")
    page = site.page(PILLAR)
    edit(site.root, PILLAR, "owner: dinas-a", "owner: dinas-b")
    page.row(pillar)["cells"] = {"owner": "", "summary": "Ringkas."}
    [conflict] = page.ask("save")["conflicts"]
    assert (conflict["place"], conflict["theirs"]) == (f"{pillar}!owner@0", "Dinas B")
    (site.root / PILLAR).unlink()
    answer = page.ask("save")
    assert not answer["saved"]
    assert answer["found"]
    assert not (site.root / PILLAR).exists()


def new_program(site: Site, title: str) -> Filled:
    text = site.get(f"/_form/program?pillar=alfa&title={title}&owner=dinas-a")
    page = Filled(site, text, "program", "")
    page.row(OWN)["cells"] = {
        "title": title,
        "owner": "Dinas A",
        "subdimension": "Alfa: Satu",
        "period": "2023",
    }
    return page


def test_a_new_program_comes_with_its_rows(site: Site) -> None:
    page = new_program(site, "Peta")
    page.add(BUDGET, **{"source": "APBN", "amount/2023": "5.000.000"})
    answer = page.ask("check")
    assert answer["preview"]
    assert "Peta" in site.get(f"/_form/preview?of={answer['preview']}")
    assert not (site.root / "pillars/alfa/peta.md").exists()
    answer = page.ask("save")
    assert (answer["saved"], answer["path"]) == (True, "pillars/alfa/peta.md")
    assert new_program(site, "Peta").ask("save")["path"] == "pillars/alfa/peta-2.md"
    without = new_program(site, "Peta")
    del without.row(OWN)["cells"]["title"]
    refused = without.ask("save")
    assert not refused["saved"]
    assert {one["place"] for one in refused["found"]} == {"0!title@0"}


def test_the_first_program_of_a_plan_comes_with_its_rows_as_well(site: Site) -> None:
    edit(site.root, PILLAR, (site.root / PILLAR).read_text(encoding="utf-8"), "---\nowner: dinas-a\n---\n")
    (site.root / PROGRAM).unlink()
    page = new_program(site, "Peta")
    page.add(BUDGET, **{"source": "APBN", "amount/2023": "5.000.000"})
    page.add(INDICATORS, name="Antrean", unit="menit")
    assert page.ask("save")["saved"]
    program = check(site.root).plan.by_id["alfa/peta"]  # type: ignore[union-attr]
    assert (program.total, [one.name for one in program.data.indicators]) == (5_000_000, ["Antrean"])


def test_findings_stand_at_their_fields_before_anything_is_saved(site: Site) -> None:
    before = contents(site.root)
    page = site.page()
    page.row(OWN)["cells"] = {"period": "2022-20266"}
    page.row(BUDGET)["cells"] = {"amount/2022": "1.250"}
    page.add(INDICATORS, name="Antrean")
    number = page.rows[-1]["number"]
    answer = page.ask("save")
    assert not answer["saved"]
    assert answer["errors"] == 3
    assert {one["place"] for one in answer["found"] if one["severity"] == "error"} == {
        f"{OWN}!period@0", f"{BUDGET}!amount/2022@0", f"{INDICATORS}!unit@{number}",
    }  # fmt: skip
    assert contents(site.root) == before


def test_what_was_wrong_before_is_shown_and_keeps_nobody_from_saving(site: Site) -> None:
    edit(site.root, PROGRAM, "unit: menit\n", "unit:\n")
    edit(site.root, PROGRAM, "title: Layanan Cepat\n", "title: Layanan Cepat\nlain: x\n")
    page = site.page()
    found = page.ask("check")["found"]
    assert f"{INDICATORS}!unit@0" in {one["place"] for one in found}
    assert any(one["place"] == "" and one["html"].startswith("isian <code>lain</code>") for one in found)
    page.row(OWN)["cells"] = {"short": "Lacep"}
    assert page.ask("save")["saved"]


#: What a file lacks or has wrong, and what is said beside which field, in both languages.
ADVICE: list[tuple[str, str, str, str, str]] = [
    ("owner: dinas-a\n", "", "0!owner@0", "pilih dari daftar", "choose from the list"),
    ("owner: dinas-a\n", "owner: entah\n", "0!owner@0", "pilih dari daftar", "choose from the list"),
    ("direction: turun", "direction: miring", "1!direction@0", "pilih dari daftar", "choose from the list"),
    ("period: 2022-2024\n", "", "0!period@0", "isi kolom ini", "fill in this field"),
    ("    source: APBD Kota\n", "", "2!source@0", "isi kolom ini", "fill in this field"),
    ("    baseline:\n      value: 30\n      year: 2021\n      source: Survei 2021\n", "", "1!baseline/value@0", "isi kolom ini", "fill in this field"),
    ("    targets:\n      2022: 25\n      2024: 10\n", "", "1!targets/2022@0", "isi salah satu tahun", "fill in one of the years"),
    # Where a value is there and another one may be wrong, the help stays as it is.
    ("direction: turun", "direction: naik", "1!targets/2022@0", "periksa angkanya, atau “Arah” (sekarang: naik)",
     "look at the figure, or at “Direction” (now: up)"),
]  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_findings_say_what_to_do_in_the_form(site: Site, language: str) -> None:
    if language == "en":
        edit(site.root, "masterplan.yaml", "status: final\n", "status: final\nlanguage: en\n")
    text = (site.root / PROGRAM).read_text(encoding="utf-8")
    for old, new, place, *words in ADVICE:
        assert old in text
        write(site.root, PROGRAM, text.replace(old, new))
        found = {one["place"]: one["html"] for one in site.page().ask("check")["found"]}
        assert found[place].endswith(f" – {words[language == 'en']}"), old
        assert "agencies/" not in found[place]


def test_findings_on_a_new_row_stand_where_it_is_to_be_filled_in(site: Site) -> None:
    page = site.page()
    page.add(INDICATORS, name="Antrean", unit="menit")
    page.add(BUDGET, source="APBN")
    indicator, line = (row["number"] for row in page.rows[-2:])
    found = {(one["place"], one["html"].rpartition(" – ")[2]) for one in page.ask("check")["found"]}
    assert found == {
        (f"{INDICATORS}!baseline/value@{indicator}", "isi kolom ini"),
        (f"{INDICATORS}!targets/2022@{indicator}", "isi salah satu tahun"),
        (f"{BUDGET}!amount/2022@{line}", "isi salah satu tahun"),
    }


def test_a_change_by_somebody_else_is_kept_and_a_conflict_shown_with_both(site: Site) -> None:
    page = site.page()
    edit(site.root, PROGRAM, "period: 2022-2024", "period: 2022-2025")
    edit(site.root, PROGRAM, "Teks tentang layanan.", "Teks orang lain.")
    before = contents(site.root)
    page.row(OWN)["cells"] = {"period": "2022-2026", "short": "Lacep"}
    answer = page.ask("save")
    assert not answer["saved"]
    [conflict] = answer["conflicts"]
    assert (conflict["place"], conflict["theirs"]) == ("0!period@0", "2022-2025")
    assert contents(site.root) == before
    page.row(OWN)["base"]["period"] = conflict["base"]
    assert page.ask("save")["saved"], "the person has chosen"
    text = (site.root / PROGRAM).read_text(encoding="utf-8")
    assert "period: 2022-2026" in text
    assert "short: Lacep" in text
    assert "Teks orang lain." in text


def test_what_a_program_says_is_never_markup(site: Site) -> None:
    bad = "<img src=x onerror=alert(1)>\"'"
    edit(site.root, PROGRAM, "title: Layanan Cepat", f"title: {json.dumps(bad)}")
    for path in ("/_form", f"/_form/program?path={PROGRAM}"):
        assert "<img" not in site.get(path)
    page = site.page()
    page.row(OWN)["cells"] = {"owner": bad}
    answer = page.ask("check")
    assert "<img" not in json.dumps(answer)
    assert "<img src=x" not in site.get(f"/_form/preview?of={answer['preview']}")


def test_a_plan_that_is_not_linked_says_what_to_mend_first(site: Site) -> None:
    write(site.root, "masterplan.yaml", "title: [")
    assert "perbaiki dahulu" in site.get("/_form")
    assert site.ask("save", FILLED)[0] == 404


def test_a_file_that_goes_away_loses_nothing_that_was_typed(site: Site) -> None:
    page = site.page()
    page.row(OWN)["cells"] = {"short": "Lacep"}
    (site.root / PROGRAM).unlink()
    answer = page.ask("save")
    assert not answer["saved"]
    assert answer["found"]
    assert not (site.root / PROGRAM).exists()


# --- what comes after saving


@pytest.fixture
def shared(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A plan in git with a remote, of somebody whose own settings say who they are."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    write(tmp_path, "own.gitconfig", "[user]\n\tname = a\n\temail = a@b.c\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "own.gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    commit(site.root)
    git(tmp_path, "init", "-q", "--bare", "pusat.git")
    git(site.root, "remote", "add", "origin", str(tmp_path / "pusat.git"))
    git(site.root, "push", "-q", "-u", "origin", "main")
    return site


def save_something(site: Site, text: str = "Lacep") -> dict[str, Any]:
    """What the form says to do after something was saved."""
    page = site.page()
    page.row(OWN)["cells"] = {"short": text}
    assert page.ask("save")["saved"]
    return site.editing.sending.view(Language.ID)


def test_what_was_saved_is_sent_by_just_the_commands_that_were_shown(shared: Site, tmp_path: Path) -> None:
    write(shared.root, "agencies/lain.txt", "bukan dari formulir")
    write(shared.root, "chapters/pendahuluan.md", "---\ntitle: Diubah di luar\n---\n")
    git(shared.root, "add", "chapters")
    assert shared.editing.sending.view(Language.ID) == {}, "nothing was saved yet"
    view = save_something(shared)
    assert view["runs"]
    assert view["commands"] == [
        f"git add -- {PROGRAM}",
        f'git commit -m "Isi layanan lewat formulir" -- {PROGRAM}',
        "git push",
    ]
    assert "git push" in shared.get("/_form")
    for name in ("pre-commit", "commit-msg", "post-commit", "pre-push", "reference-transaction"):
        write(shared.root, f".git/hooks/{name}", f"#!/bin/sh\ntouch {tmp_path}/sprung\nexit 1\n")
        (shared.root / ".git/hooks" / name).chmod(0o755)
    assert shared.ask("send", {"commands": ["git push --force"]})[1]["done"] is False
    status, answer = shared.ask("send", {"commands": view["commands"]})
    assert (status, answer["done"]) == (200, True), answer
    assert "$ git push" in answer["output"]
    assert answer["next"] == {}
    assert not (tmp_path / "sprung").exists()
    assert git(tmp_path / "pusat.git", "show", "--name-only", "--format=%s", "main").splitlines() == [
        "Isi layanan lewat formulir", "", PROGRAM,
    ]  # fmt: skip
    assert "chapters/pendahuluan.md" in git(shared.root, "status", "--short"), "the rest is left as it was"


def test_what_git_refuses_is_shown_and_never_forced(shared: Site, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "pusat.git", "teman")
    commit(tmp_path / "teman", "lain")
    git(tmp_path / "teman", "push", "-q")
    ours = git(tmp_path / "pusat.git", "rev-parse", "main")
    view = save_something(shared)
    answer = shared.ask("send", {"commands": view["commands"]})[1]
    assert not answer["done"]
    assert "rejected" in answer["output"]
    assert "git pull" in answer["said"]
    assert git(tmp_path / "pusat.git", "rev-parse", "main") == ours
    assert answer["next"]["commands"] == ["git push"], "what was committed is not committed again"


@pytest.mark.parametrize(
    "setting",
    [
        ("core.sshCommand", "touch {sprung}"), ("filter.x.clean", "touch {sprung}"), ("core.fsmonitor", "touch {sprung}"),
        ("credential.helper", "!touch {sprung}"), ("gpg.program", "touch"), ("remote.origin.receivepack", "touch"),
        ("include.path", "../evil"), ("core.hooksPath", "hooks"), ("alias.push", "!touch {sprung}"),
        ("url.ext::touch.insteadOf", "/"), ("core.worktree", "/tmp"), ("extensions.worktreeConfig", "true"),
    ],
)  # fmt: skip
def test_a_repository_whose_settings_name_a_program_is_sent_by_hand(
    shared: Site, tmp_path: Path, setting: tuple[str, str]
) -> None:
    git(shared.root, "config", setting[0], setting[1].replace("{sprung}", str(tmp_path / "sprung")))
    write(shared.root, ".gitattributes", "*.md filter=x\n")
    view = save_something(shared)
    assert not view["runs"]
    assert setting[0].lower() in view["said"].lower()
    assert view["commands"][-1] == "git push"
    assert not shared.ask("send", {"commands": view["commands"]})[1]["done"]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "address", ["ext::sh -c x", "pusat.git", "--upload-pack=x", "{root}/evil.git", "file://{root}/e"]
)
def test_a_remote_that_is_none_gets_no_button(shared: Site, address: str) -> None:
    git(shared.root, "config", "remote.origin.url", address.replace("{root}", str(shared.root)))
    view = save_something(shared)
    assert (view["runs"], view["commands"]) == (False, [])
    assert "remote" in view["said"]


def test_a_remote_of_several_addresses_gets_no_button(shared: Site, tmp_path: Path) -> None:
    """git pushes to each of them: one inside of the repository would run the hooks that came with it."""
    evil = shared.root / "evil.git"
    git(shared.root, "init", "-q", "--bare", "evil.git")
    write(evil, "hooks/pre-receive", f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    (evil / "hooks/pre-receive").chmod(0o755)
    known = git(shared.root, "config", "remote.origin.url").strip()
    git(shared.root, "config", "remote.origin.url", str(evil))
    git(shared.root, "config", "--add", "remote.origin.url", known)
    view = save_something(shared)
    assert (view["runs"], view["commands"]) == (False, [])
    commands = [
        f"git add -- {PROGRAM}",
        f'git commit -m "Isi layanan lewat formulir" -- {PROGRAM}',
        "git push",
    ]
    assert not shared.ask("send", {"commands": commands})[1]["done"]
    assert not (tmp_path / "sprung").exists()


def test_a_name_is_no_pattern_of_git(shared: Site) -> None:
    """To git, `:!a` means everything but `a`."""
    write(shared.root, ":!a/b.md", "a")
    write(shared.root, "c/b.md", "b")
    assert send(shared.root, ["add", "--", ":!a/b.md"]).code == 0
    assert git(shared.root, "diff", "--cached", "--name-only").split() == [":!a/b.md"]


def test_without_git_the_files_go_to_the_coordinator(site: Site) -> None:
    view = save_something(site)
    assert (view["runs"], view["commands"]) == (False, [])
    assert "koordinator" in view["said"]
    assert "koordinator" in site.get("/_form")


# --- in a real browser


class Officer:
    """Somebody at a page of the form who has a keyboard only."""

    def __init__(self, page: Any, site: Site) -> None:
        self.page, self.site = page, site

    def open(self, path: str) -> None:
        self.page.goto(f"http://{self.site.host}{path}")
        self.checked()

    def checked(self) -> None:
        """Wait until what was typed is checked."""
        if self.page.locator("form.fields").count():
            self.page.wait_for_selector("form.fields[data-checked]")

    def reach(self, words: str) -> None:
        """Go by the tab key to what is called so."""
        name = """() => { const e = document.activeElement; const l = e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent;
            return l.replace(/\\s+/g, ' ').trim(); }"""
        for _ in range(160):
            if self.page.evaluate(name).startswith(words):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"never came to {words}")

    def type(self, words: str, text: str) -> None:
        self.reach(words)
        if self.page.evaluate("document.activeElement.localName") != "select":
            self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text) if "\n" in text else self.page.keyboard.type(text)

    def press(self, words: str) -> None:
        self.reach(words)
        self.page.keyboard.press("Enter")

    def save(self) -> str:
        """Save, and wait for what comes of it."""
        self.page.keyboard.press("Control+S")
        # The page's policy forbids the browser to wait by a script of ours.
        done = "/^(Tersimpan|Belum disimpan|Tidak)/.test(document.getElementById('outcome')?.textContent)"
        for _ in range(400):
            with suppress(Exception):  # the page is being read anew
                if self.page.evaluate(done):
                    break
            self.page.wait_for_timeout(25)
        return str(self.page.locator("#outcome").inner_text())


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (on Debian: apt install chromium)")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def officer(chromium: Any) -> Iterator[Callable[[Site], Officer]]:
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda m: said.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("dialog", lambda dialog: dialog.accept())
    yield lambda site: Officer(page, site)
    page.close()
    assert not said


BY_HAND = """\
---
title: Peta Banjir Warga
subdimension: harmony
owner: diskominfo
period: 2025-2027
goals:
  - Warga tahu kapan air naik
indicators:
  - name: Sensor
    unit: unit
    direction: naik
    baseline:
      value: 0
      year: 2024
      source: Diskominfo
    targets:
      2025: 5
      2027: 12
budget:
  - year: 2025
    amount: 200.000.000
    source: APBD Kota
  - year: 2026
    amount: 150.000.000
    source: APBD Kota
---

## Latar belakang

Banjir datang tanpa kabar.

## Uraian

Sensor di sungai.
"""


def test_a_new_program_is_filled_in_by_keyboard_alone(tmp_path: Path, officer: Any) -> None:
    root = tmp_path / "rencana"
    assert masterplan("init", root, "--name", "Kota Uji").code == 0
    before = check(root).diagnostics
    site = Site(root)
    with site.preview:
        person = officer(site)
        person.open("/_form")
        person.type("Judul program", "Peta Banjir Warga")
        person.type("Pilar", "Smart Living")
        person.type("Perangkat daerah pengampu", "Dinas Komunikasi")
        person.press("Mulai")
        person.page.wait_for_selector("form.fields[data-checked]")
        person.type("Subdimensi", "Smart Living: Harmonisasi tata")
        person.type("Periode program", "2025-2027")
        person.type("Tujuan", "Warga tahu kapan air naik")
        person.type("Latar belakang", "Banjir datang tanpa kabar.")
        person.type("Uraian", "Sensor di sungai.")
        person.press("+ Tambah baris: Indikator")
        for words, text in (
            ("Nama indikator", "Sensor"), ("Satuan", "unit"), ("Arah", "naik"), ("Nilai awal", "0"),
            ("Tahun nilai awal", "2024"), ("Sumber data", "Diskominfo"), ("Target 2025", "5"), ("Target 2027", "12"),
        ):  # fmt: skip
            person.type(words, text)
        person.press("+ Tambah baris: Anggaran")
        for words, text in (
            ("Sumber dana", "APBD Kota"),
            ("Jumlah (Rp) 2025", "200 juta"),
            ("Jumlah (Rp) 2026", "Rp 150 juta"),
        ):
            person.type(words, text)
        said = person.save()
        assert said.startswith("Tersimpan: pillars/smart-living/peta-banjir-warga.md. Berikutnya: kirimkan")
        assert person.page.evaluate("document.activeElement.id") == "outcome"
        assert person.page.url.endswith("path=pillars%2Fsmart-living%2Fpeta-banjir-warga.md")
    path = root / "pillars/smart-living/peta-banjir-warga.md"
    assert path.read_text(encoding="utf-8") == BY_HAND
    assert [
        d.message for d in check(root).diagnostics if d not in before and d.path.endswith("warga.md")
    ] == []


@pytest.mark.deep
def test_a_fresh_plan_has_no_errors_when_its_owners_are_chosen(tmp_path: Path, officer: Any) -> None:
    """All of them by keyboard alone in the deep run, one otherwise."""
    root = tmp_path / "rencana"
    assert masterplan("init", root, "--name", "Kota Uji").code == 0
    files = sorted(str(path.relative_to(root)) for path in (root / "pillars").rglob("*.md"))
    by_hand = files if DEEP else files[-1:]
    site = Site(root)
    with site.preview:
        for path in files[: -len(by_hand)]:
            page = site.page(path)
            page.rows[0]["cells"] = {"owner": "Dinas Komunikasi dan Informatika"}
            assert page.ask("save")["saved"]
        assert len([d for d in check(root).diagnostics if d.severity is Severity.ERROR]) == len(by_hand)
        person = officer(site)
        for path in by_hand:
            node = check(root).plan.by_path[path]  # type: ignore[union-attr]
            person.open("/_form")
            person.press(f"Isi pilar: {node.title}" if path.endswith("/pillar.md") else node.title)
            person.page.wait_for_selector("form.fields[data-checked]")
            person.type("Perangkat daerah pengampu", "Dinas Komunikasi")
            assert person.save().startswith("Tersimpan")
    assert masterplan("check", root).code == 0


def test_a_finding_and_a_conflict_stand_beside_their_fields(site: Site, officer: Any) -> None:
    person = officer(site)
    person.open(f"/_form/program?path={PROGRAM}")
    page = person.page
    assert page.locator("#state").inner_text() == "Semua tersimpan – tidak ada temuan"
    assert page.frame_locator("iframe").locator("h3").inner_text() == "Layanan Cepat"
    person.type("Periode program", "2022-20255")
    field = page.locator("[aria-invalid=true]")
    field.wait_for()
    assert field.get_attribute("data-key") == "period"
    found = page.locator("[id='0!period@0:found']")
    assert "Error:" in found.inner_text()
    assert "0!period@0:found" in field.get_attribute("aria-describedby")
    assert person.save().startswith("Belum disimpan")
    assert page.evaluate("document.activeElement.dataset.key") == "period", "the field to mend has the focus"
    page.keyboard.press("Control+A")
    page.keyboard.type("2022-2025")
    edit(site.root, PROGRAM, "period: 2022-2024", "period: 2022-2026")
    found.get_by_text("Berkas sudah diubah").wait_for()
    assert "2022-2026" in found.inner_text()
    assert "2022-2025" in found.inner_text()
    person.press("Pakai isian saya")
    found.wait_for(state="hidden")
    assert person.save().startswith("Tersimpan")
    assert "period: 2022-2025" in (site.root / PROGRAM).read_text(encoding="utf-8")


@only_deep
def test_cells_of_a_spreadsheet_are_pasted_and_rows_removed(site: Site, officer: Any) -> None:
    person = officer(site)
    person.open(f"/_form/program?path={PROGRAM}")
    page = person.page
    person.reach("Target 2022")
    paste = "(text) => { const d = new DataTransfer(); d.setData('text/plain', text); document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true })); }"
    page.evaluate(paste, "24\t23\t22\r\n27\t26\t\r\n")
    person.reach("Sumber dana")
    page.evaluate(paste, 'APBN\t"dua\nbaris"\t1.000.000\nHibah\tx\t2.000.000')
    assert page.locator("table.lines tbody tr").count() == 2
    person.press("+ Tambah baris: Risiko")
    person.type("Risiko", "Server mati")
    page.keyboard.press("Tab")
    assert person.save().startswith("Tersimpan")
    program: Any = check(site.root).plan.by_id["alfa/layanan"]  # type: ignore[union-attr]
    assert dict(program.data.indicators[0].targets) == {2022: 24, 2023: 23, 2024: 22}
    assert dict(program.data.indicators[0].actuals) == {2022: 27, 2023: 26}
    assert [(b.source, b.amount) for b in program.data.budget] == [("APBN", 1_000_000), ("Hibah", 2_000_000)]
    assert program.data.risks[0].risk == "Server mati"
    person.press("Hapus")
    assert page.locator(".record.out").count() == 1
    assert person.save().startswith("Tersimpan")
    assert not check(site.root).plan.by_id["alfa/layanan"].data.indicators  # type: ignore[union-attr]


@only_deep
def test_a_server_that_was_started_again_still_saves_what_was_typed(plan: Path, officer: Any) -> None:
    site = Site(plan)
    person = officer(site)
    with site.preview:
        person.open(f"/_form/program?path={PROGRAM}")
        person.type("Nama singkat", "Lacep")
        site.editing.secret = "x" * 43
        assert person.save().startswith("Tersimpan")


@only_deep
def test_saved_files_are_sent_after_asking(shared: Site, officer: Any, tmp_path: Path) -> None:
    save_something(shared)
    person = officer(shared)
    person.open(f"/_form/program?path={PROGRAM}")
    person.press("Kirim")
    assert "git push" in person.page.locator("dialog").inner_text()
    person.press("Batal")
    assert git(tmp_path / "pusat.git", "log", "--oneline", "main").count("\n") == 0
    person.press("Kirim")
    person.press("Jalankan")
    person.page.get_by_text("Terkirim ke origin.").wait_for()
    assert "Isi layanan" in git(tmp_path / "pusat.git", "log", "-1", "--format=%s", "main")
    person.press("Tutup")
    person.page.wait_for_selector("#send", state="detached")


@pytest.mark.deep
@pytest.mark.parametrize(
    ("language", "scheme", "widths"),
    [("id", "dark", (320, 380, 1280)), ("en", "light", (320, 380, 1280))]
    if DEEP
    else [("id", "light", (380,))],
)
def test_axe_reports_no_violation(
    shared: Site, officer: Any, language: str, scheme: str, widths: tuple[int, ...]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    if language == "en":
        edit(shared.root, "masterplan.yaml", "status: final\n", "status: final\nlanguage: en\n")
    save_something(shared)
    person = officer(shared)
    person.page.emulate_media(color_scheme=scheme)
    others = ("/_form", "/_form/duties?agency=dinas-b", "/_form/pillar?pillar=alfa") if DEEP else ()
    for path in (*others, f"/_form/program?path={PROGRAM}"):
        person.open(path)
        if "path=" in path:
            field = person.page.locator("[data-key=period]")
            field.fill("2022-20255")
            person.page.locator("[data-key=period][aria-invalid=true]").wait_for()
            person.page.locator(".more").nth(2).click()
        for width in widths:
            person.page.set_viewport_size({"width": width, "height": 800})
            assert person.page.evaluate("document.documentElement.scrollWidth") <= width
            results = axe.run(
                person.page,
                options={
                    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
                },
            )
            assert results.violations_count == 0, results.generate_report()
