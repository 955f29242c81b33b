"""One change, few places: a field, an output format and a chart are added to a copy of the project, and work.

The field is added as docs/add-a-field.md says, to the letter; the others as CONTRIBUTING.md does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from conftest import REPO, SMALL_PLAN

PROGRAM = "pillars/smart-economy/pasar-digital.md"


class Insertion(NamedTuple):
    """Lines that go into a file, above one that stands there once."""

    path: str
    above: str
    lines: str


def insertions(page: str) -> list[Insertion]:
    """What a page of instructions says is to be inserted."""
    pattern = r"In `(.+?)`, above `(.+?)`:\n\n *```\w+\n(.*?)\n *```"
    return [
        Insertion(path, above, textwrap.dedent(lines))
        for path, above, lines in re.findall(pattern, page, flags=re.S)
    ]


class Copy:
    """A copy of the project: its sources and templates, with a plan."""

    def __init__(self, root: Path, plan: Path) -> None:
        self.root = root
        # What Python has compiled comes along: it is as old as its source.
        for name in ("src", "templates", "tools", "docs"):
            shutil.copytree(REPO / name, root / name)
        for name in ("pillars", "agencies", "chapters", "assets"):
            if (plan / name).exists():
                shutil.copytree(plan / name, root / name)
        for file in (REPO / "pyproject.toml", *plan.glob("*.yaml")):
            shutil.copy(file, root)
        (root / "tests").symlink_to(REPO / "tests")

    def insert(self, path: str, above: str, lines: str) -> None:
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert text.count(f"\n{above}") == 1, f"{above!r} stands in {path} once"
        indent = re.match(r" *", above)
        made = textwrap.indent(lines, indent[0] if indent else "")
        file.write_text(text.replace(f"\n{above}", f"\n{made}\n{above}"), encoding="utf-8", newline="\n")

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(textwrap.dedent(text), encoding="utf-8", newline="\n")

    def run(self, *args: str, code: int = 0) -> str:
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src"), "MASTERPLAN_CACHE": ""}
        run = subprocess.run(
            [sys.executable, *args], cwd=self.root, env=environment, capture_output=True, encoding="utf-8"
        )
        assert run.returncode == code, run.stdout + run.stderr
        return run.stdout

    def masterplan(self, *args: str, code: int = 0) -> str:
        return self.run("-m", "masterplan_cli", *args, code=code)

    def built(self, name: str) -> str:
        return (self.root / "build" / name).read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """With the plan that the instructions name files of."""
    return Copy(tmp_path / "copy", REPO)


@pytest.fixture
def small_copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "copy", SMALL_PLAN)


def test_a_field_takes_a_line_in_the_schema_and_one_in_a_template(copy: Copy) -> None:
    steps = insertions((REPO / "docs/add-a-field.md").read_text(encoding="utf-8"))
    assert [step.path.rpartition(".")[2] for step in steps] == ["py", "j2", "md"]
    for step in steps:
        copy.insert(*step)
    copy.masterplan("build", "--to", "html,md,xlsx,json")
    assert "<dt><strong>Luas lahan (m²)</strong></dt>" in copy.built("masterplan.html")
    assert "- **Luas lahan (m²)**: 1\\.250,5\n" in copy.built("masterplan.md")
    pillars = json.loads(copy.built("masterplan.json"))["pillars"]
    lands = {program["id"]: program["land"] for pillar in pillars for program in pillar["programs"]}
    assert {id_ for id_, land in lands.items() if land == 1250.5} == {"smart-economy/pasar-digital"}
    head, *rows = (
        CalamineWorkbook.from_path(str(copy.root / "build/masterplan.xlsx"))
        .get_sheet_by_name("Program")
        .to_python(skip_empty_area=False)
    )
    column = head.index("Luas lahan (m²)")
    assert [row[column] for row in rows if row[column] != ""] == [1250.5]
    schema = json.loads(copy.masterplan("schema", "program"))
    assert schema["properties"]["land"]["title"] == "luas lahan (m²)"
    copy.run("tools/write_docs.py")
    assert "| `land` | luas lahan (m²) | Lahan yang dipakai. | land (m²): The land that it takes. |" in (
        (copy.root / "docs/fields.md").read_text(encoding="utf-8")
    )


def test_what_is_wrong_with_a_new_field_is_said_in_its_own_words(copy: Copy) -> None:
    schema, _, text = insertions((REPO / "docs/add-a-field.md").read_text(encoding="utf-8"))
    copy.insert(*schema)
    copy.insert(text.path, text.above, "land: luas")
    said = copy.masterplan("check", code=1)
    assert "luas lahan (m²)" in said
    assert f"{PROGRAM}:" in said
    file = copy.root / text.path
    file.write_text(file.read_text(encoding="utf-8").replace("land: luas", "lamd: 5"), encoding="utf-8")
    assert "mungkin maksudnya `land`" in copy.masterplan("check", code=1)


def test_an_output_format_takes_a_module_and_a_line(small_copy: Copy) -> None:
    small_copy.write(
        "src/masterplan_cli/writers/outline.py",
        '''
        """The contents of a book as plain text."""

        from masterplan_cli.writers import Request, Written


        def write(request: Request) -> Written:
            lines = ["  " * entry.level + entry.title for entry in request.document.entries]
            return Written({f"{request.name}.txt": "\\n".join(lines).encode("utf-8")})
        ''',
    )
    small_copy.insert(
        "src/masterplan_cli/formats.py",
        '    "json": Format(',
        '"txt": Format("outline", words="garis-besar"),',
    )
    small_copy.masterplan("build", "--to", "html,garis-besar")
    assert "  Pendahuluan\n" in small_copy.built("masterplan.txt")
    file = small_copy.root / "masterplan.yaml"
    plan = file.read_text(encoding="utf-8")
    file.write_text(f"{plan}outputs: [txt]\n", encoding="utf-8")
    assert small_copy.masterplan("build").splitlines()[0].endswith("masterplan.txt")
    file.write_text(f"{plan}outputs: [garis-besat]\n", encoding="utf-8")
    assert "garis-besar" in small_copy.masterplan("check", code=1)


def test_a_chart_takes_a_module_and_a_line(small_copy: Copy) -> None:
    small_copy.write(
        "src/masterplan_cli/charts/owners.py",
        '''
        """How many programs each agency owns."""

        from masterplan_cli.charts.palette import PALETTE
        from masterplan_cli.charts.svg import Chart, Drawing, numbered, say
        from masterplan_cli.messages import Both
        from masterplan_cli.plan import Plan

        _CAPTION = Both("Program menurut pengampu", "Programs by owner")
        _ALT = Both("Pengampu terbanyak: {most}.", "The one that owns most: {most}.")


        def owners(plan: Plan) -> list[Chart]:
            art, listed = Drawing(), [agency for agency in plan.agency_list if agency.owned]
            for row, agency in enumerate(listed):
                art.text((0, 14 * row + 10), agency.short, width=120)
                art.rect(130, 14 * row + 2, 20 * len(agency.owned), 10, PALETTE.category(0))
            most = max(listed, key=lambda agency: len(agency.owned)).short
            caption, alt = say(_CAPTION, plan), say(_ALT, plan, most=most)
            return [Chart(numbered("owners", 1), art.svg(14 * len(listed)), caption, alt)]
        ''',
    )
    charts = "src/masterplan_cli/charts/__init__.py"
    small_copy.insert(
        charts, "from masterplan_cli.charts.palette import", "from masterplan_cli.charts.owners import owners"
    )
    small_copy.insert(charts, '    "roadmap": roadmap,', '"owners": owners,')
    small_copy.insert("templates/commitment.md.j2", "{% block commitment %}", '{{ chart("owners") }}')
    small_copy.masterplan("build", "--to", "html")
    page = small_copy.built("masterplan.html")
    assert re.search(r'<figcaption data-number="Gambar [\d.]+">Program menurut pengampu</figcaption>', page)
    assert 'aria-label="Pengampu terbanyak: ' in page
