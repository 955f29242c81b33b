"""The reader of YAML: what it says without a finding is what the library reads, and every value has its place."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import REPO, examples
from masterplan_cli.source import Located, Route, Source, Spans
from masterplan_cli.yaml_reader import NULLS, Value, parse_markdown_file, parse_yaml_file

FILES = [
    path for folder in ("agencies", "chapters", "pillars") for path in sorted((REPO / folder).rglob("*.*"))
]

#: Pieces of YAML, ordinary and odd; joined, most give a file that reads.
PIECES = st.sampled_from(
    [
        "title", "a", "b", "2022", ": ", ": x\n", ":\n", "\n", "\n  ", "\n    ", "- ", "  - a\n", "- a: b\n", "{a: 1, b: 2}",
        "[x, y]", "[", "]", "{", "}", ", ", "'a b'", '"a\\nb"', "'", '"', "|\n", ">\n", "|+\n", "? ", "# c\n", " #c", "~", "null",
        "---\n", "--- \n", "\n---\n", "...\n", "%YAML 1.1\n", "&a ", "*a", "!b ", "! ", "<<: ", "two words", "a\n  b", "２", "é",
        "\t", "\r\n", "\r", "\u2028", "\x85", "\ufeff", "a: b\n", "a : c\n", "goals:\n", "teks: |\n  satu\n\n  dua\n", "=", "",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40)


def alike(ours: Value, theirs: Any) -> bool:
    """Whether both say the same; a key without a value is nothing to us and an empty text to the library."""
    match ours:
        case dict():
            return list(ours) == list(theirs) and all(alike(ours[key], theirs[key]) for key in ours)
        case list():
            return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    return ours == theirs or (ours is None and theirs in NULLS)


@pytest.mark.deep
@settings(max_examples=examples(300, 1500))
@given(TEXTS)
@example("teks: |\n  satu\n")
@example("a:\nb: ~\n")
@example("a: b\u2028  c\n")
def test_what_is_in_order_says_what_the_library_reads(text: str) -> None:
    parsed = parse_yaml_file(Source("masterplan.yaml", text))
    if parsed.value is not None and not parsed.findings:
        assert alike(parsed.value, yaml.load(text, Loader=yaml.CBaseLoader))
    assert parsed.value is not None or parsed.findings


@pytest.mark.deep
@settings(max_examples=examples(100, 400))
@given(TEXTS, st.sampled_from(["\n---\n", "\n---", "\r\n---\r\n", "\n--- \n", "\n----\n", ""]), TEXTS)
@example("teks: |+\n  satu\n", "\n---\n", "\n## Uraian\n")
@example("title: a", "\n---\n", "owner: b\n---\n")
@example("a:\n", "\n---\n", "#b")
def test_front_matter_is_read_or_a_finding_says_why(data: str, end: str, body: str) -> None:
    parsed = parse_markdown_file(Source("chapters/a.md", f"---\n{data}{end}{body}"))
    assert (parsed.value is not None and parsed.body is not None) or parsed.findings


@pytest.mark.deep
@settings(max_examples=examples(100, 400))
@given(TEXTS)
@example("a: 1\na: 2\n")
def test_every_value_has_a_place(text: str) -> None:
    parsed = parse_yaml_file(Source("masterplan.yaml", text))
    if parsed.value is not None:
        assert set(parsed.spans) >= {(), *((key,) for key in parsed.value)}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_example_plan_reads_without_a_finding(newline: str) -> None:
    for path in FILES:
        source = Source(path.name, path.read_text(encoding="utf-8").replace("\n", newline))
        parsed = parse_markdown_file(source) if path.suffix == ".md" else parse_yaml_file(source)
        assert parsed.value, path
        assert not parsed.findings, path


def test_places_are_looked_for_when_somebody_asks() -> None:
    asked: list[str] = []

    def locate() -> dict[Route, Spans]:
        asked.append("places")
        return {}

    located = Located(Source("a.yaml", "a: b\n"), locate)
    assert not asked
    located.span(("a",))
    located.span(("b",))
    assert asked == ["places"]
