"""The documentation tells the truth: generated pages are fresh, commands and files that it names exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from conftest import REPO, masterplan, write
from masterplan_cli import __version__
from masterplan_cli.rules import all_rules
from picture_files import PNG

PAGES = sorted([*(REPO / "docs").rglob("*.md"), *REPO.glob("*.md")])


def test_generated_pages_are_fresh() -> None:
    spec = importlib.util.spec_from_file_location("write_docs", REPO / "tools" / "write_docs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, page in module.PAGES.items():
        assert (REPO / name).read_text(encoding="utf-8") == page(), f"{name} is stale: run `make docs`"


def test_every_code_has_an_example_and_its_sentences_in_both_languages() -> None:
    sections = re.split(
        r"^## (MP\d{3})\n", (REPO / "docs" / "rules.md").read_text(encoding="utf-8"), flags=re.M
    )
    pages = dict(zip(sections[1::2], sections[2::2], strict=True))
    assert list(pages) == [rule.code for rule in all_rules()]
    for rule in all_rules():
        page = pages[rule.code]
        assert f"[{rule.code}]" in page.partition("```text\n")[2], rule.code
        assert all(words in page for words in (rule.title.id, rule.title.en, rule.why.id, rule.why.en)), (
            rule.code
        )
        assert page.partition("```text")[0].count(" → ") == 2 * (1 + len(rule.variants)), rule.code


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(REPO).as_posix())
def test_links_between_pages_lead_to_files(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    text = re.sub(r"`[^`]*`", "", text)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_every_command_is_documented() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    commands = re.findall(r"^  (\w+)  ", masterplan("--help").out.partition("Perintah:")[2], flags=re.M)
    assert len(commands) == 15
    for command in commands:
        assert f"masterplan {command}" in text, command


def test_the_program_of_the_officers_guide_is_whole(tmp_path: Path) -> None:
    guide = (REPO / "docs" / "panduan-perangkat-daerah.md").read_text(encoding="utf-8")
    [text] = re.findall(r"^```markdown\n(.*?)^```$", guide, flags=re.M | re.S)
    root = tmp_path / "rencana"
    assert masterplan("init", root, "--name", "Kota Uji").code == 0
    for path in root.glob("pillars/*/*.md"):
        write(
            root,
            path.relative_to(root).as_posix(),
            re.sub(r"^owner:.*$", "owner: diskominfo", path.read_text("utf-8"), flags=re.M),
        )
    write(root, "pillars/smart-living/peta-banjir.md", text)
    (root / "assets").mkdir()
    (root / "assets" / "peta-sensor.png").write_bytes(PNG)
    found = masterplan("check", root, "--output-format", "concise").out
    assert "peta-banjir.md" not in found
    assert "error[" not in found


def test_the_first_two_commands_of_the_readme() -> None:
    commands = re.findall(
        r"^(?:make|masterplan|pip|python) .*$",
        (REPO / "README.md").read_text(encoding="utf-8"),
        flags=re.M,
    )
    assert commands[:2] == ["make build", "make test"]


def test_the_changelog_names_the_version() -> None:
    assert f"## {__version__}" in (REPO / "CHANGELOG.md").read_text(encoding="utf-8")


def test_runtime_licences_are_permissive() -> None:
    """What is installed with the tool must be free to pass on: no copyleft among the run-time dependencies."""
    from importlib.metadata import distribution, requires

    names = [
        re.split(r"[ ;<>=!\[(]", line)[0]
        for line in requires("masterplan-cli") or []
        if "extra ==" not in line
    ]
    assert len(names) >= 6
    for name in names:
        metadata = distribution(name).metadata.json
        licence = " ".join(
            str(metadata.get(key, "")) for key in ("license_expression", "license", "classifier")
        )
        assert re.search(r"\b(MIT|BSD|Apache|MPL)", licence), name
        assert "GPL" not in licence, name
