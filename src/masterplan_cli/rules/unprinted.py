"""MP515: what is written, and no book prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markdown_it.token import Token

from masterplan_cli.diagnostics import Finding, Place, Rule, Severity, Text
from masterplan_cli.markdown import Prose
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node, Program
from masterplan_cli.plan import Plan
from masterplan_cli.rules.registry import rule

#: The name of a language behind the marks of a block of code says how to colour it, and is no text.
_LANGUAGES = {
    "bash", "c", "console", "cpp", "csharp", "css", "csv", "diff", "dot", "go", "html", "http", "ini", "java", "javascript", "js",
    "json", "kotlin", "latex", "markdown", "math", "md", "mermaid", "php", "plaintext", "powershell", "python", "py", "r", "rust",
    "sh", "shell", "sql", "svg", "text", "toml", "ts", "txt", "typescript", "xml", "yaml", "yml",
}  # fmt: skip


@rule(
    "MP515",
    "not-printed",
    Severity.WARNING,
    title=Both("tulisan yang tidak tercetak", "words that are not printed"),
    why=Both(
        "Yang tertulis di tempat ini tidak tampak di dokumen mana pun, sehingga pembaca tidak akan mengetahuinya.",
        "What is written here shows in no document, so its readers would not learn of it.",
    ),
    message=Both("judul tautan `{text}` tidak tercetak", "the title of the link, `{text}`, is not printed"),
    fix=Both(
        "tulis kata-kata itu di dalam kalimat, sesudah tautannya",
        "write these words in the sentence, after the link",
    ),
    variants={
        "picture": Text(
            Both(
                "judul gambar `{text}` tidak tercetak, karena gambarnya berdiri di dalam kalimat",
                "the title of the picture, `{text}`, is not printed, for the picture stands in a sentence",
            ),
            Both(
                "beri baris kosong sebelum dan sesudah gambar, maka judulnya menjadi keterangan gambar",
                "put an empty line before and after the picture, and the title becomes its caption",
            ),
        ),
        "cell": Text(
            Both(
                "judul gambar `{text}` tidak tercetak, karena gambarnya berdiri di dalam sel tabel atau judul",
                "the title of the picture, `{text}`, is not printed, for the picture stands in a cell or a heading",
            ),
            Both("tulis kata-kata itu sesudah gambarnya", "write these words after the picture"),
        ),
        "code": Text(
            Both(
                "`{text}` di belakang `{mark}` tidak tercetak",
                "`{text}` behind `{mark}` is not printed",
            ),
            Both(
                "tulis kata-kata itu sebagai kalimat di atas blok kode ini",
                "write these words as a sentence above this block of code",
            ),
        ),
        "reason": Text(
            Both(
                "alasan tanpa anggaran tidak tercetak, karena program ini punya anggaran",
                "the reason for no budget is not printed, for this program has a budget",
            ),
            Both(
                "bila anggarannya benar, hapus `no_budget_reason:`; keterangan tentang anggaran tulis di `note:` barisnya",
                "if the budget is right, remove `no_budget_reason:`; a remark on the budget belongs in the `note:` of its line",
            ),
        ),
    },
    each=Node,
)
def not_printed(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    if isinstance(node, Program) and node.data.no_budget_reason and node.total:
        yield found.at(node.at("no_budget_reason", part="key"), "reason")
    prose = node.prose
    for index, token in enumerate(prose.tokens if prose else ()):
        if prose and token.map and token.type == "fence":
            yield from _behind_the_marks(found, prose, token)
        elif prose and token.map and token.children and "]" in token.content:
            yield from _titles(found, prose, token, prose.tokens[index - 1].type)


def _behind_the_marks(found: Rule, prose: Prose, token: Token) -> Iterator[Finding]:
    """Words behind the marks that open a block of code."""
    if token.info.strip() and token.info.strip().lower() not in _LANGUAGES:
        place = _place(prose, token, token.info.strip())
        yield found.at(place, "code", text=token.info.strip(), mark=token.markup)


def _titles(found: Rule, prose: Prose, token: Token, holder: str) -> Iterator[Finding]:
    """Titles of links, and of pictures that do not stand by themselves in a paragraph."""
    for child in token.children or ():
        title = str(child.attrs.get("title") or "")
        in_words = holder in ("paragraph_open", "dt_open")
        alone = holder == "paragraph_open" and len(token.children or ()) == 1
        if title and (child.type == "link_open" or (child.type == "image" and not alone)):
            place = _place(prose, token, title)
            variant = "" if child.type == "link_open" else "picture" if in_words else "cell"
            yield found.at(place, variant, text=title)


def _place(prose: Prose, token: Token, words: str) -> Place:
    first, end = token.map or (0, 1)
    span = prose.source.find(words, prose.first_line + first, prose.first_line + end - 1)
    return Place(prose.source.path, span=span)
