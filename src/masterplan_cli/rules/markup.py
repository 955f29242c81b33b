"""MP512: links, pictures and notes that Markdown reads otherwise than whoever wrote them meant."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from markdown_it.common.utils import normalizeReference

from masterplan_cli.diagnostics import Exact, Finding, Place, Rule, Severity, Text
from masterplan_cli.markdown import Prose, prose_parser
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node, Root
from masterplan_cli.plan import Plan
from masterplan_cli.rules.passages import Passage, passages
from masterplan_cli.rules.registry import rule

_LINK_WHY = Both(
    "Tautan, gambar, atau catatan yang tidak terbaca tercetak sebagai tanda, atau hilang bersama isinya.",
    "A link, a picture or a note that is not read is printed as marks, or is lost with what it says.",
)
#: A link or a picture whose address may hold blanks and brackets, and a title.
_WRITTEN = re.compile(r"!?\[[^\[\]\n]*+\]\(((?:[^()<>\n]|\([^()<>\n]*\))*+)\)")
_TITLE = re.compile(r"""[ \t](?:"[^"]*"|'[^']*')$""")
_PATH = r"(?:https?://[^()\s]+|[\w./-]*[\w-]\.(?:pdf|md|html?|png|jpe?g|svg|docx?|xlsx?|pptx?))"
#: In brackets with a `^` is the mark of a note, which may stand on either side of a link or of words in brackets.
_SPACED = re.compile(rf"(?<!\])\[(?!\^)([^\[\]\n]+)\][ \t]+\(({_PATH})\)")
_REVERSED = re.compile(rf"(?<!\])\(({_PATH})\)\[(?!\^)([^\[\]\n]+)\](?![(\[])")
_WIKI = re.compile(r"\[\[([^\[\]\n]+)\]\](?![\[(])")
_REFERENCE = re.compile(r"(?<!\])\[([^\[\]\n^][^\[\]\n]*)\]\[((?!\^)[^\[\]\n]*)\]")
_NOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
_INLINE_NOTE = re.compile(r"\^\[[^\[\]\n]+\]")
_NOTED = re.compile(r"[ >]*\[\^([^\[\]\s]+)\]:")
_BRACKETED = re.compile(r"\[([^\[\]\n]+)\]")


#: What only an address has.
_ADDRESS = re.compile(r"[/#<]|\w\.\w")


@rule(
    "MP512",
    "unread-link",
    Severity.ERROR,
    title=Both("tautan, gambar, atau catatan yang tidak terbaca", "a link, a picture or a note that is not read"),
    why=_LINK_WHY,
    message=Both(
        "alamat `{address}` memuat spasi, sehingga tidak terbaca sebagai alamat",
        "the address `{address}` holds blanks, so it is not read as an address",
    ),
    fix=Both("apit dengan `<` dan `>`: `{suggestion}`", "put it between `<` and `>`: `{suggestion}`"),
    variants={
        "empty": Text(
            Both("tautan `{text}` tidak punya alamat", "the link `{text}` has no address"),
            Both(
                "tulis alamatnya di dalam kurung, atau hapus kurung-kurungnya",
                "write its address in the brackets, or remove the brackets",
            ),
        ),
        "empty_picture": Text(
            Both("gambar `{text}` tidak punya alamat", "the picture `{text}` has no address"),
            Both(
                "tulis apa yang terlihat dan berkasnya: `![apa yang terlihat](../assets/nama.png)`",
                "write what it shows and its file: `![what it shows](../assets/name.png)`",
            ),
        ),
        "order": Text(
            Both(
                "`{text}` tercetak apa adanya, karena bukan bentuk tautan",
                "`{text}` is printed as it stands, because a link has another form",
            ),
            Both("tulis `{suggestion}`", "write `{suggestion}`"),
        ),
        "title": Text(
            Both(
                "`{text}` tercetak apa adanya; Markdown tidak mengenal kurung siku rangkap",
                "`{text}` is printed as it stands; Markdown knows no double brackets",
            ),
            Both("tulis tautan: `{suggestion}`", "write a link: `{suggestion}`"),
        ),
        "brackets": Text(
            Both(
                "`{text}` tercetak apa adanya; Markdown tidak mengenal kurung siku rangkap",
                "`{text}` is printed as it stands; Markdown knows no double brackets",
            ),
            Both(
                "tulis tautan dengan alamatnya: `[{name}](jalur/berkas.md)`",
                "write a link with its address: `[{name}](path/file.md)`",
            ),
        ),
        "reference": Text(
            Both(
                "`{text}` tidak menuju ke mana pun, karena baris `[{label}]: alamat` tidak ada",
                "`{text}` leads nowhere, because there is no line `[{label}]: address`",
            ),
            Both("tulis alamatnya: `[{name}](alamat)`", "write its address: `[{name}](address)`"),
        ),
        "note": Text(
            Both("catatan `{text}` tidak ada", "there is no note `{text}`"),
            Both(
                "tulis catatannya pada baris tersendiri: `{text}: …`, atau hapus tandanya",
                "write the note on a line of its own: `{text}: …`, or remove the mark",
            ),
        ),
        "inline": Text(
            Both(
                "`{text}` tercetak apa adanya; catatan ditulis pada baris tersendiri",
                "`{text}` is printed as it stands; a note is written on a line of its own",
            ),
            Both(
                "tulis `[^1]` di sini dan `[^1]: …` pada baris tersendiri",
                "write `[^1]` here and `[^1]: …` on a line of its own",
            ),
        ),
        "twice": Text(
            Both("`{text}` ditulis dua kali; hanya satu yang tercetak", "`{text}` is written twice; only one is printed"),
            Both("beri nama lain, atau hapus salah satu", "give one another name, or remove it"),
        ),
        "unused": Text(
            Both(
                "`{text}` tidak dirujuk di mana pun, sehingga isinya tidak tercetak",
                "nothing refers to `{text}`, so what it says is not printed",
            ),
            Both("tulis `{mark}` di tempat yang dimaksud, atau hapus baris ini", "write `{mark}` where it belongs, or remove this line"),
        ),
        "words": Text(
            Both(
                "`{text}` di awal baris menjadikan baris ini alamat sebuah tautan, sehingga tidak tercetak",
                "`{text}` at its beginning makes this line the address of a link, so that it is not printed",
            ),
            Both("tulis tanpa kurung siku: `{name}: …`", "write it without brackets: `{name}: …`"),
        ),
        "in_picture": Text(
            Both(
                "tanda catatan `{text}` di teks pengganti gambar tidak tercetak, sehingga catatannya tidak dirujuk",
                "the mark `{text}` of a note in the text alternative of a picture is not printed, so nothing refers to the note",
            ),
            Both(
                "pindahkan `{text}` ke kalimat yang menyebut gambar itu",
                "move `{text}` to the sentence that speaks of the picture",
            ),
        ),
    },
    each=Node,
)  # fmt: skip
def unread_link(found: Rule, plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    if node.prose is None or "[" not in node.prose.text:
        return
    titles = _titles(plan) if "[[" in node.prose.text else {}
    for passage in passages(node.prose):
        if "[" in passage.text and "[" in passage.masked:
            yield from _addresses(found, passage)
            yield from _other_orders(found, passage)
            yield from _double_brackets(found, titles, node, passage)
            yield from _marks(found, passage)
            yield from _in_pictures(found, passage)
    yield from _definitions(found, node.prose)


def _addresses(found: Rule, passage: Passage) -> Iterator[Finding]:
    for match in _WRITTEN.finditer(passage.masked):
        start, end = match.span(1)
        written = passage.text[start:end]
        if not written.strip() and _is_read(passage.text[match.start() : match.end()]):
            text = passage.text[match.start() : match.end()]
            variant = "empty_picture" if text[0] == "!" else "empty"
            yield found.at(passage.place(*match.span()), variant, text=text)
        if " " not in written.strip() or _is_read(passage.text[match.start() : match.end()]):
            continue
        title = _TITLE.search(written.rstrip())
        address = written[: title.start() if title else end].strip()
        if match[0][0] == "!" or any(
            sign in address for sign in "./#"
        ):  # else: words in brackets after others
            suggestion = f"<{address.replace(chr(92), '/')}>{title[0] if title else ''}"
            place = passage.place(start, end)
            yield found.at(place, address=address, suggestion=suggestion, fix=Exact(suggestion))


def _other_orders(found: Rule, passage: Passage) -> Iterator[Finding]:
    """Links with a blank between their words and their address, or with the address first."""
    for pattern, words, address in ((_SPACED, 1, 2), (_REVERSED, 2, 1)):
        for match in pattern.finditer(passage.masked):
            text = passage.text[match.start() : match.end()]
            suggestion = f"[{match[words]}]({match[address]})"
            place = passage.place(*match.span())
            yield found.at(place, "order", text=text, suggestion=suggestion, fix=Exact(suggestion))


def _is_read(text: str) -> bool:
    """Whether a piece of text is a link or a picture."""
    children = prose_parser().parseInline(text)[0].children or ()
    return any(child.type in ("link_open", "image") for child in children)


def _double_brackets(
    found: Rule, titles: Mapping[str, list[str]], node: Node[Any], passage: Passage
) -> Iterator[Finding]:
    for match in _WIKI.finditer(passage.masked):
        text = passage.text[match.start() : match.end()]
        target, _, label = match[1].partition("|")
        name, place = (label or target).strip(), passage.place(*match.span())
        meant = titles.get(target.strip().casefold(), [])
        if len(meant) != 1:
            yield found.at(place, "brackets", text=text, name=name)
            continue
        address = posixpath.relpath(meant[0], posixpath.dirname(node.path) or ".")
        suggestion = f"[{name}]({f'<{address}>' if ' ' in address else address})"
        yield found.at(place, "title", text=text, suggestion=suggestion, fix=Exact(suggestion))


def _titles(plan: Plan) -> dict[str, list[str]]:
    """The paths of what a plan consists of, by titles and ids in small letters."""
    paths: dict[str, list[str]] = {}
    for node in plan.nodes:
        if not isinstance(node, Root):
            for name in {node.title.casefold(), node.id.casefold()}:
                paths.setdefault(name, []).append(node.path)
    return paths


def _marks(found: Rule, passage: Passage) -> Iterator[Finding]:
    """References and marks of notes that lead to no line."""
    reading = passage.prose.reading
    for match in _REFERENCE.finditer(passage.masked):
        label = match[2] or match[1]
        if normalizeReference(label) not in reading.references and not (match[1] + label).isdecimal():
            yield found.at(
                passage.place(*match.span()), "reference", text=match[0], label=label, name=match[1]
            )
    for match in _NOTE.finditer(passage.masked):
        if match[1] not in reading.notes:
            yield found.at(passage.place(*match.span()), "note", text=match[0])
    for match in _INLINE_NOTE.finditer(passage.masked):
        yield found.at(passage.place(*match.span()), "inline", text=match[0])


def _in_pictures(found: Rule, passage: Passage) -> Iterator[Finding]:
    """Marks of notes in the text alternative of a picture, which only browsers and blind readers are given."""
    for picture in passage.inline.children or () if "![" in passage.text else ():
        for child in picture.children or () if picture.type == "image" else ():
            if child.type == "footnote_ref":
                text = f"[^{child.meta.get('label', '')}]"
                start = max(passage.text.find(text), 0)
                yield found.at(passage.place(start, start + len(text)), "in_picture", text=text)


def _definitions(found: Rule, prose: Prose) -> Iterator[Finding]:
    """Lines that say what a note or a reference leads to, written twice or referred to by none."""
    reading = prose.reading
    written = Counter[str]()
    blocks = (token.map for token in prose.tokens if token.type in ("fence", "code_block") and token.map)
    code = {number for first, end in blocks for number in range(first, end)}
    for number, line in enumerate(prose.text.split("\n") if reading.notes else ()):
        match = None if number in code else _NOTED.match(line)
        if match is None or match[1] not in reading.notes:
            continue
        label, mark = match[1], f"[^{match[1]}]"
        written[label] += 1
        place = _line(prose, number)
        if written[label] == 2:
            yield found.at(place, "twice", text=f"{mark}:")
        elif written[label] == 1 and not reading.notes[label]:
            yield found.at(place, "unused", text=f"{mark}:", mark=mark)
    if not reading.references:
        return
    used = {normalizeReference(m[1]) for p in passages(prose) for m in _BRACKETED.finditer(p.text)}
    for label, at in reading.references.items():
        if label not in used:
            place = _line(prose, at)
            line = prose.source.line(place.span.line).strip() if place.span else ""
            name, _, address = line.lstrip("[").partition("]:")
            variant = "unused" if _ADDRESS.search(address) else "words"
            yield found.at(place, variant, text=f"[{name}]:", mark=f"[…][{name}]", name=name)
    for label, at in reading.doubles:
        yield found.at(_line(prose, at), "twice", text=f"[{label.lower()}]:")


def _line(prose: Prose, index: int) -> Place:
    return Place(prose.source.path, span=prose.source.whole_line(prose.first_line + index))
