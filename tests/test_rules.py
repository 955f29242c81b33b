"""Every rule, and every sentence of it, against its specification, `tests/rules/MPxxx.md`.

tests/specs.py says what a specification may hold. `MASTERPLAN_UPDATE=1 pytest tests/test_rules.py` writes the
reports anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from conftest import DEEP
from masterplan_cli.diagnostics import Finding, Rule
from masterplan_cli.messages import Both, Language
from masterplan_cli.rules import all_rules
from specs import SPECS, UNIX_ONLY, Case, cases, parts, run

# The deep tests start a worker for each build, as a user does.
CASES = [case for case in cases() if not DEEP or "build" in case.command]


def _can_run(case: Case) -> bool:
    return os.name != "nt" or not any(kind in UNIX_ONLY for kind, _, _ in case.files)


@pytest.mark.deep
@pytest.mark.parametrize("code", dict.fromkeys(case.code for case in CASES))
def test_a_rule_says_what_its_specification_shows(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each case, and each sentence of the rule in one of them, whole in both languages."""
    found: list[Finding] = []
    own = [case for case in CASES if case.code == code and _can_run(case)]
    for number, case in enumerate(own):
        with monkeypatch.context() as patch:
            actual, findings = run(case, tmp_path / str(number) / "plan", patch)
        found += (finding for finding in findings if finding.rule.code == code)
        if os.environ.get("MASTERPLAN_UPDATE"):
            _update(case, actual)
        else:
            assert actual == case.expected, f"{code}: {case.title}"
    if not DEEP and os.name != "nt":
        unsaid = VARIANTS[code] - {finding.variant for finding in found}
        assert not unsaid, f"variants of {code} that no case in tests/rules/{code}.md shows: {sorted(unsaid)}"
    for finding, language in product(found, Language):
        for sentence in finding.says(language):
            _assert_whole(sentence, finding)


def _update(case: Case, actual: str) -> None:
    spec = SPECS / f"{case.code}.md"
    sections = parts(spec.read_text(encoding="utf-8"))
    at = next(i for i, part in enumerate(sections) if part.startswith(f"## {case.title}\n"))
    new = f"```text\n{actual}```"
    sections[at] = re.sub(r"^```text\n.*?^```$", lambda _: new, sections[at], count=1, flags=re.M | re.S)
    spec.write_text("".join(sections), encoding="utf-8")


def test_every_rule_has_a_specification() -> None:
    assert {rule.code for rule in all_rules()} == {spec.stem for spec in SPECS.glob("MP*.md")}


@pytest.mark.parametrize("spec", sorted(SPECS.glob("MP*.md")), ids=lambda s: s.stem)
def test_a_specification_shows_its_rule_and_a_silent_case(spec: Path) -> None:
    own = [case for case in CASES if case.code == spec.stem]
    assert len({case.title for case in own}) == len(own)
    assert any(f"[{spec.stem}]" in case.expected for case in own)
    assert any(case.expected == "silent\n" for case in own)


#: What stands by for messages of libyaml and Typst that no file is known to cause, and for what tests/test_bounds.py,
#: tests/test_pictures.py and tests/test_geojson.py make: a full disk, a book without measure, pictures that come to no
#: end, a map of endless detail; for edits that tests/test_edits.py
#: tries, for workbooks of tests/test_workbooks.py, and for a revision without a plan in tests/test_changes.py.
FALLBACKS = {
    ("MP010", ""),
    ("MP209", "heavy"), ("MP209", "untried"), ("MP903", "undrawn"),
    ("MP903", "temporary"), ("MP903", "undrawn"),
    ("MP905", ""), ("MP905", "picture"), ("MP905", "stopped"), ("MP905", "whole"),
    ("MP909", "points"), ("MP930", "revision"),
    *(("MP911", cause) for cause in ("missing", "kind", "value", "file", "exists", "path", "section", "headings", "no_text")),
    *(("MP915", cause) for cause in ("password", "large", "stopped")),
    *(("MP912", cause) for cause in ("broken", "password", "large", "stopped")),
    *(("MP920", cause) for cause in ("large", "stopped")),
}  # fmt: skip
VARIANTS = {
    rule.code: {variant for variant in ("", *rule.variants) if (rule.code, variant) not in FALLBACKS}
    for rule in all_rules()
}


def _assert_whole(sentence: str, finding: Finding) -> None:
    """A sentence with every placeholder filled by something that can be read."""
    assert not re.search(r"\bNone\b|<[\w.]+ object|\{\w+\}|Both\(", sentence), sentence
    assert "``" not in sentence.replace("`` ` ``", ""), f"{finding.rule.code} names nothing: {sentence}"
    assert sentence == sentence.strip()


def test_codes_and_names_are_unique() -> None:
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda r: r.code)
def test_a_rule_speaks_both_languages_with_the_same_placeholders(rule: Rule) -> None:
    for both in _sentences(rule):
        assert both.id.strip()
        assert both.en.strip()
        assert set(_names(both.id)) == set(_names(both.en)), both
    assert rule.title.id != rule.title.en
    assert rule.why.id != rule.why.en


def _sentences(rule: Rule) -> Iterator[Both]:
    for text in (rule.text, *rule.variants.values()):
        yield from text


def _names(template: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(template) if name]
