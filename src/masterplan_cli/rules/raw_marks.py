"""MP517: marks of other kinds of Markdown, or marks without their counterpart, which are printed as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from masterplan_cli.diagnostics import Exact, Finding, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node
from masterplan_cli.plan import Plan
from masterplan_cli.rules.passages import Passage, passages
from masterplan_cli.rules.registry import rule

_MESSAGE = Both("`{text}` tercetak apa adanya", "`{text}` is printed as it stands")
_BOX = re.compile(r"^(?::::+[^\n]{0,80}|!!! ?\w[^\n]{0,80}|\[!\w{1,20}\])", re.M)
#: What each variant searches for; some count at the beginning of a line only.
_SIGNS = {
    "settings": re.compile(r"\{(?:[#.:][\w .#:=-]{1,80}|(?:width|height|style|class)=[^{}\n]{1,80})\}"),
    "box": _BOX,
    "command": re.compile(r"^\[TOC\]$|\\(?:newpage|pagebreak|clearpage)\b", re.M),
    "abbreviation": re.compile(r"^\*\[[^\[\]\n]{1,80}\]:", re.M),
    "highlight": re.compile(r"(?<!=)==(?=\w)[^=\n]{1,200}(?<!\s)==(?!=)"),
    "colon": re.compile(r"\A:(?=[ \t])"),
    "raised": re.compile(r"(?<=\w)(?:\^[\w+-]{1,5}\^|~[\w+-]{1,5}~)"),
}
_STARS = re.compile(r"^\*\*[ \t]", re.M)


@rule(
    "MP517",
    "raw-marks",
    Severity.WARNING,
    title=Both("tanda yang tercetak apa adanya", "marks that are printed as they stand"),
    why=Both(
        "Tanda yang tidak dikenal, atau yang tidak berpasangan, tercetak di tengah kalimat dan tampak sebagai salah ketik.",
        "Marks that are not known, or lack their counterpart, are printed within the sentence and seem to be slips.",
    ),
    message=Both("tanda `{text}` tercetak apa adanya", "the mark `{text}` is printed as it stands"),
    fix=Both(
        "untuk huruf tebal tulis `**kata**`, tanpa spasi di sebelah dalam tandanya; atau hapus tandanya",
        "for bold letters write `**word**`, without blanks on the inner side of the marks; or remove the mark",
    ),
    variants={
        "settings": Text(
            _MESSAGE, Both("hapus bagian dalam kurung kurawal itu", "remove what stands in the braces")
        ),
        "box": Text(
            _MESSAGE,
            Both(
                "hapus tandanya, dan tulis isinya sebagai paragraf",
                "remove the mark, and write what follows as a paragraph",
            ),
        ),
        "command": Text(
            _MESSAGE,
            Both(
                "hapus; daftar isi dan halaman baru dibuat sendiri oleh dokumen",
                "remove it; the document makes its contents and its new pages by itself",
            ),
        ),
        "abbreviation": Text(
            _MESSAGE,
            Both("tulis kepanjangannya di dalam kalimat", "write out the abbreviation within a sentence"),
        ),
        "highlight": Text(_MESSAGE, Both("tulis `{suggestion}`", "write `{suggestion}`")),
        "colon": Text(
            Both(
                "titik dua di awal paragraf ini tercetak apa adanya",
                "the colon at the beginning of this paragraph is printed as it stands",
            ),
            Both(
                "hapus titik dua itu; judul tabel tulis sebagai kalimat di atas tabelnya",
                "remove the colon; write the title of a table as a sentence above it",
            ),
        ),
        "raised": Text(
            _MESSAGE,
            Both(
                "tulis angkanya sebagai huruf kecil, seperti `m²` atau `H₂O`",
                "write the figure as a small letter, as in `m²` or `H₂O`",
            ),
        ),
    },
    each=Node,
)
def raw_marks(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    for passage in passages(node.prose):
        yield from _signs(found, passage)
        if "**" in passage.text:
            yield from _lone_stars(found, passage)


def _signs(found: Rule, passage: Passage) -> Iterator[Finding]:
    """Marks of other kinds of Markdown."""
    if not any(sign in passage.text for sign in "{=^~!:[\\"):
        return
    for variant, pattern in _SIGNS.items():
        for match in pattern.finditer(passage.masked) if variant != "colon" or _opens(passage) else ():
            text = passage.text[match.start() : match.end()]
            if variant == "highlight":
                suggestion = f"**{text.strip('=')}**"
                place = passage.place(*match.span())
                yield found.at(place, variant, text=text, suggestion=suggestion, fix=Exact(suggestion))
            else:
                yield found.at(passage.place(*match.span()), variant, text=text)


def _opens(passage: Passage) -> bool:
    """Whether a passage is a paragraph; in a cell a colon may follow the words of the cell before."""
    return passage.holder == "paragraph_open"


def _lone_stars(found: Rule, passage: Passage) -> Iterator[Finding]:
    """Stars for bold letters that have a blank on the inner side, or no counterpart; MP514 tells those of items."""
    children = passage.inline.children or ()
    raw = any(child.type == "text" and "**" in child.content for child in children)
    if raw and "**" in passage.masked and not _STARS.search(passage.text):
        odd = passage.masked.count("**") % 2
        start = passage.masked.rfind("**") if odd else passage.masked.find("**")
        yield found.at(passage.place(start, start + 2), text="**")
