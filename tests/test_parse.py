"""Two readers of one file: the one for values alone gives up, or says what the careful one says."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import REPO
from masterplan_cli.parse import (
    Parsed,
    parse_markdown_carefully,
    parse_markdown_file,
    parse_yaml_carefully,
    parse_yaml_file,
)
from masterplan_cli.source import Located, Route, Source, Spans

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


def same(read: Parsed, careful: Parsed) -> bool:
    """Whether two readings of a file are one, their places included."""
    said = [(p.value, p.findings, p.body, p.body_line, p.spans) for p in (read, careful)]
    order = [[*p.value] if p.value else [] for p in (read, careful)]
    return said[0] == said[1] and order[0] == order[1] and list(read.spans) == list(careful.spans)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("teks: |\n  satu\n")
@example("a:\nb: ~\n")
@example("a: 1\na: 2\n")
@example("- a\n")
@example("a: b\u2028  c\n")
def test_any_yaml_reads_the_same_with_and_without_its_places(text: str) -> None:
    source = Source("masterplan.yaml", text)
    assert same(parse_yaml_file(source), parse_yaml_carefully(source))


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["\n---\n", "\n---", "\r\n---\r\n", "\n--- \n", "\n----\n", ""]), TEXTS)
@example("teks: |+\n  satu\n", "\n---\n", "\n## Uraian\n")
@example("title: a", "\n---\n", "owner: b\n---\n")
@example("a:\n", "\n---\n", "#b")
def test_any_front_matter_reads_the_same(data: str, end: str, body: str) -> None:
    source = Source("chapters/a.md", f"---\n{data}{end}{body}")
    assert same(parse_markdown_file(source), parse_markdown_carefully(source))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_example_plan_reads_the_same(newline: str) -> None:
    for path in FILES:
        source = Source(path.name, path.read_text(encoding="utf-8").replace("\n", newline))
        if path.suffix == ".md":
            assert same(parse_markdown_file(source), parse_markdown_carefully(source)), path
        else:
            assert same(parse_yaml_file(source), parse_yaml_carefully(source)), path


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
