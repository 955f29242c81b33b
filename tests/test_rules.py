"""Every rule against its specification, `tests/rules/MPxxx.md`.

A heading is a case. A fenced block with a path is a file of the small plan: `yaml`/`markdown` blocks replace it,
`diff` blocks change lines of it, `delete` blocks remove it. The `text` block is the whole report, or the word `silent`.
`MASTERPLAN_UPDATE=1 pytest tests/test_rules.py` writes the reports anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from conftest import SMALL_PLAN, write
from masterplan_cli.build import check
from masterplan_cli.diagnostics import Rule
from masterplan_cli.messages import Language
from masterplan_cli.report import report
from masterplan_cli.rules import all_rules

SPECS = Path(__file__).parent / "rules"
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.M | re.S)


class Case(NamedTuple):
    code: str
    title: str
    files: list[tuple[str, str, str]]
    expected: str


def _cases() -> list[Case]:
    cases = []
    for spec in sorted(SPECS.glob("MP*.md")):
        for part in _parts(spec.read_text(encoding="utf-8"))[1:]:
            blocks = _BLOCK.findall(part)
            expected = next(body for kind, path, body in blocks if kind == "text" and not path)
            files = [(kind, path, body) for kind, path, body in blocks if path]
            cases.append(Case(spec.stem, part.partition("\n")[0].removeprefix("## "), files, expected))
    return cases


def _parts(text: str) -> list[str]:
    """The text cut before each heading `## …` that stands outside of a fenced block."""
    parts, fenced = [""], False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            parts.append("")
        parts[-1] += line
    return parts


def _apply(root: Path, kind: str, path: str, body: str) -> None:
    if kind == "delete":
        (root / path).unlink()
        return
    if kind != "diff":
        write(root, path, body)
        return
    text = (root / path).read_text(encoding="utf-8")
    for hunk in re.finditer(r"((?:^-.*\n)+)((?:^\+.*\n)*)", body, flags=re.M):
        old, new = (re.sub(r"^[-+]", "", part, flags=re.M) for part in hunk.groups())
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        text = text.replace(old, new)
    write(root, path, text)


def _report(case: Case, root: Path) -> str:
    shutil.copytree(SMALL_PLAN, root)
    for kind, path, body in case.files:
        _apply(root, kind, path, body)
    diagnostics = check(root).diagnostics
    return report(diagnostics, "full", Language.ID) if diagnostics else "silent\n"


@pytest.mark.parametrize("case", _cases(), ids=lambda c: f"{c.code}: {c.title}")
def test_a_rule_says_what_its_specification_shows(case: Case, tmp_path: Path) -> None:
    actual = _report(case, tmp_path / "plan")
    if os.environ.get("MASTERPLAN_UPDATE"):
        spec = SPECS / f"{case.code}.md"
        parts = _parts(spec.read_text(encoding="utf-8"))
        at = next(i for i, part in enumerate(parts) if part.startswith(f"## {case.title}\n"))
        new = f"```text\n{actual}```"
        parts[at] = re.sub(r"^```text\n.*?^```$", lambda _: new, parts[at], count=1, flags=re.M | re.S)
        spec.write_text("".join(parts), encoding="utf-8")
        return
    assert actual == case.expected


#: Rules about bytes and file types, which Markdown cannot show; tests/test_hostile.py holds their cases.
ON_DISK = {"MP001", "MP002", "MP003", "MP004", "MP005", "MP007", "MP009", "MP901", "MP902", "MP903", "MP904"}


def test_every_rule_has_a_specification() -> None:
    assert {rule.code for rule in all_rules()} - ON_DISK == {spec.stem for spec in SPECS.glob("MP*.md")}


@pytest.mark.parametrize("spec", sorted(SPECS.glob("MP*.md")), ids=lambda s: s.stem)
def test_a_specification_shows_its_rule_and_a_silent_case(spec: Path) -> None:
    cases = [case for case in _cases() if case.code == spec.stem]
    assert any(f"[{spec.stem}]" in case.expected for case in cases)
    assert any(case.expected == "silent\n" for case in cases)


def test_codes_and_names_are_unique() -> None:
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda r: r.code)
def test_a_rule_speaks_both_languages_with_the_same_placeholders(rule: Rule) -> None:
    for text in (rule.text, *rule.variants.values()):
        for both in text:
            assert both.id.strip()
            assert both.en.strip()
            assert set(_names(both.id)) == set(_names(both.en)), both
    assert rule.title.id != rule.title.en
    assert rule.why.id != rule.why.en


def _names(template: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(template) if name]
