"""The Markdown parser gives the tokens of markdown-it's own rules, whatever it reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from conftest import examples
from masterplan_cli.markdown import DIVISIONS, block_parser, escape, prose_parser


def _library() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "typographer": True})
    md.enable(["table", "strikethrough", "smartquotes"])
    return md.use(footnote_plugin, inline=False).use(deflist_plugin)


PROSE, BLOCKS = _library(), _library()
for _name in DIVISIONS:
    BLOCKS.use(container_plugin, name=_name)

#: What stands in the cells, lists and paragraphs of templates and of agencies' texts, whole and broken.
PIECES = [
    "kata", "satu dua", " ", "  ", "1", "2026", "Rp\N{NO-BREAK SPACE}1\\.000", "–", "\\.", "\\(", "\\)", "\\'", '\\"', "\\!",
    "\\[", "\\]", "\\|", "\\\\", "\\*", "\\_", "\\", "'", '"', "!", "?", ".", ",", ":", ";", "(", ")", "[", "]", "{", "}",
    "#", "&", "&amp;", "<", ">", "<b>", "<http://a.id>", "`", "``", "`x`", "~", "~~", "*", "**", "***", "_", "^", "|", "-",
    "+", "=", "é", "\N{IDEOGRAPHIC SPACE}", "{#kota/a:b}", "[a](#b)", "[a b](#smart-living/p:q)", "[](#a)", "[a](#)",
    "[^1]", "[^1](#a)", "[a]( #b )", "[a](#b 'c')", "![a](b.png)", "![a](<chart:x-1>)", "![a\\.](<chart:x-1>)",
    "![a]", "**a**", "** a**", "**a **", "**\\.a\\.**", "**a** b", "**a**b", "**a**: b", "\t",
]  # fmt: skip
BEGINNINGS = [
    "", "", "", "| ", "|", "  |", "    ", "- ", "* ", "+ ", "1. ", "2) ", "> ", "# ", "#### ", ": ", "~ ", "::: ", ":::: ",
    "```", "~~~", "---", "===", "[a]: b", "[^1]: ", "\t", "   ",
]  # fmt: skip
DELIMITERS = [
    "| --- |",
    "| --- | ---: |",
    "|:-:|:--|",
    "|---|--",
    "--- | ---",
    "| - | ",
    "|---||",
    "|",
    ":-:",
]
FENCES = [
    ":::",
    "::::",
    "::: table",
    "::: table wide",
    "::: facts",
    "::: nothing",
    ":::figure x",
    "  ::: note",
    "-  ::: sheet",
]

texts = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
cells = st.lists(texts, min_size=1, max_size=4).map(lambda row: f"| {' | '.join(row)} |")
lines = st.one_of(
    st.just(""),
    cells,
    st.sampled_from(DELIMITERS + FENCES),
    st.builds(str.__add__, st.sampled_from(BEGINNINGS), texts),
)
tables = st.tuples(cells, st.sampled_from(DELIMITERS), st.lists(cells, max_size=3)).map(
    lambda t: [t[0], t[1], *t[2]]
)
documents = st.lists(st.one_of(lines.map(lambda line: [line]), tables), max_size=8).map(
    lambda parts: "\n".join(line for part in parts for line in part)
)


@pytest.mark.deep
@settings(max_examples=examples(80, 3_000))
@given(texts)
@example("**Total**")
@example("[Dinas \\(A\\)](#dinas-a), [B](#b/c:d)")
@example("Kata \\'kutip\\' dan 'kutip'")
def test_texts_are_read_as_the_library_reads_them(text: str) -> None:
    assert block_parser().parse(text) == BLOCKS.parse(text)


@pytest.mark.deep
@settings(max_examples=examples(80, 3_000))
@given(documents)
@example("::: table\na\n\n| a | b |\n| --- | ---: |\n| 1 |\n| 1 | 2 | 3 |\n:::\nc")
@example("| a |\n| - |\n| b |\n> c")
def test_documents_are_read_as_the_library_reads_them(text: str) -> None:
    assert block_parser().parse(text) == BLOCKS.parse(text)
    assert prose_parser().parse(text) == PROSE.parse(text)


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_escaped_values_are_read_as_the_library_reads_them(values: list[str]) -> None:
    row = f"| {' | '.join(map(escape, values))} |"
    text = (
        f"{row}\n|{' --- |' * len(values)}\n{row}\n{row}\n\n**{escape(values[0])}**\n: {escape(values[-1])}\n"
    )
    assert block_parser().parse(text) == BLOCKS.parse(text)


@pytest.mark.parametrize("nesting", [1, 20, 98, 120])
def test_deep_nesting_is_read_as_the_library_reads_it(nesting: int) -> None:
    text = "> " * nesting + "| a |\n" + "> " * nesting + "|---|\n" + "> " * nesting + "| b |"
    assert block_parser().parse(text) == BLOCKS.parse(text)


def test_more_empty_cells_than_the_library_adds_end_a_table() -> None:
    head = "|" + "a|" * 300
    text = "\n".join([head, "|" + "-|" * 300, *["| b |"] * 250])
    assert block_parser().parse(text) == BLOCKS.parse(text)


def test_the_files_of_this_repository_are_read_as_the_library_reads_them() -> None:
    for path in Path(__file__).parents[1].glob("[!.]*/**/*.md"):
        text = path.read_text(encoding="utf-8", errors="replace")
        assert _without_limits(prose_parser().parse(text)) == _without_limits(PROSE.parse(text)), path


def _without_limits(tokens: list[Token]) -> list[Token]:
    """Paragraphs of more than is read are cut, which the library does not."""
    return [token for token in tokens if len(token.content) < 10_000]
