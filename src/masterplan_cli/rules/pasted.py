"""MP514: marks of lists and headings that are pasted from Word, and mean nothing to Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from masterplan_cli.diagnostics import Exact, Finding, Place, Rule, Severity, Text
from masterplan_cli.markdown import Prose
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node
from masterplan_cli.plan import Plan
from masterplan_cli.rules.lists import misplaced
from masterplan_cli.rules.passages import Line, Passage, tabbed
from masterplan_cli.rules.registry import rule
from masterplan_cli.source import Span
from masterplan_cli.values import BULLETS

_STAR = re.compile(r"(?<=\d)\*(?=\d)")
_BULLET = re.compile(rf"(?!§\s*+\d)(?:[-*+](?=\xa0)|[{BULLETS}]|o(?=\t|  ))[ \t\xa0]*(?=\S)")
#: A sign that may say something by itself, such as a tick, and so is kept: arrows, symbols and circled figures.
_SYMBOL = re.compile(r"[\u2190-\u23ff\u2460-\u27bf\u2900-\u2bff\U0001f300-\U0001faff]\ufe0f?[ \t\xa0]*(?=\w)")
_DASH = re.compile(r"(?:[–—o]|--|\*\*)[ \t\xa0]+(?=\S)|[-+](?=[^\W\d_])|\*(?=[^\W\d_][^*]*$)")
_NUMERALS = (
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
    "xviii",
    "xix",
    "xx",
)
_RANK = r"([a-z]|[ivx]{2,5}|\d{1,2})"
_ITEM = re.compile(rf"(?:\({_RANK}\)|\[{_RANK}\]|{_RANK}(?:\ ?[.)]|,(?=[ \t])))[ \t\xa0]*(?=[^\W_])", re.I)
#: A line of a form, and what ends a line that the next one does not join.
_LABELLED = re.compile(r"[^\W\d_][\w /().-]{0,40}\s*+:\s++\S")
_ENDED = ("\\", "  ")
_HASHES = re.compile(r"(#{2,6})(?=[^\s#])")
_HASH = re.compile(r"#(?=[^\W\d_]\w* \w)")
#: How a line begins that any of these may fit.
_SIGN = re.compile(r"^[^\w\s]|^o[ \t]|^\w{1,5} ?[.),]|^[\u2460-\u249b]", re.M)
#: What shows that code below an item of a list was meant to be an item itself.
_MARKED = re.compile(r"\s*+(?:[-*+]|\(?\w{1,3}[.)])[ \t]")
_TASK = re.compile(r"\[[ xX]\]\s")


@rule(
    "MP514",
    "run-together",
    Severity.WARNING,
    title=Both("daftar atau judul yang tidak terbaca sebagai itu", "a list or a heading that is not read as one"),
    why=Both(
        "Tanda yang disalin dari Word bukan tanda Markdown: butir-butirnya menyambung menjadi satu paragraf, dan judul tidak masuk daftar isi.",
        "Marks copied from Word are no marks of Markdown: the items run together into one paragraph, and headings miss the contents.",
    ),
    message=Both("`{text}` bukan tanda butir", "`{text}` is no mark of an item"),
    fix=Both("mulai setiap butir dengan `- `", "begin each item with `- `"),
    variants={
        "blank": Text(
            Both("sesudah tanda butir `{text}` tidak ada spasi", "there is no space after the mark `{text}` of an item"),
            Both("mulai setiap butir dengan `- `", "begin each item with `- `"),
        ),
        "second": Text(
            Both(
                "`{text}` tercetak di samping tanda butir yang sudah ada",
                "`{text}` is printed beside the mark of an item that is there already",
            ),
            Both("hapus `{text}`", "remove `{text}`"),
        ),
        "symbol": Text(
            Both(
                "baris yang diawali `{text}` ini tercetak bersambung dengan baris lainnya",
                "this line, which begins with `{text}`, runs together with the others",
            ),
            Both("tulis `- ` di depan `{text}`", "write `- ` before `{text}`"),
        ),
        "star": Text(
            Both(
                "`*` di antara angka menjadi tanda huruf miring dan hilang",
                "`*` between figures becomes a mark of italics and is lost",
            ),
            Both("tulis `\\*` atau `×`", "write `\\*` or `×`"),
        ),
        "numbers": Text(
            Both(
                "nomor `{text}` tercetak sebagai `{suggestion}`",
                "the number `{text}` is printed as `{suggestion}`",
            ),
            Both(
                "urutkan nomornya, atau tulis `{escaped}` bila angka itu bagian dari teks",
                "put the numbers in order, or write `{escaped}` if the figure belongs to the text",
            ),
        ),
        "unclosed": Text(
            Both(
                "blok kode ini tidak ditutup, sehingga semua yang di bawahnya tercetak sebagai kode",
                "this block of code is not closed, so that all below it is printed as code",
            ),
            Both("tutup dengan baris `{text}`, atau hapus baris ini", "close it with a line `{text}`, or remove this line"),
        ),
        "letters": Text(
            Both(
                "butir `{first}` dan `{second}` tercetak bersambung dalam satu paragraf",
                "the items `{first}` and `{second}` run together into one paragraph",
            ),
            Both(
                "akhiri baris sebelum setiap butir dengan `\\`, atau pakai `1.`, `2.`, … sesudah baris kosong",
                "end the line before each item with `\\`, or use `1.`, `2.`, … after an empty line",
            ),
        ),
        "form": Text(
            Both(
                "baris `{first}` dan `{second}` tercetak bersambung dalam satu paragraf",
                "the lines `{first}` and `{second}` run together into one paragraph",
            ),
            Both(
                "akhiri setiap baris selain yang terakhir dengan `\\`, atau tulis sebagai daftar dengan `- `",
                "end each line but the last with `\\`, or write them as a list with `- `",
            ),
        ),
        "heading": Text(
            Both("`{text}` tercetak apa adanya dan bukan judul", "`{text}` is printed as it stands and is no heading"),
            Both("beri spasi sesudah tanda pagar: `{suggestion}`", "put a space after the hashes: `{suggestion}`"),
        ),
        "task": Text(
            Both("`{text}` tercetak apa adanya", "`{text}` is printed as it stands"),
            Both(
                "hapus kurung sikunya; yang sudah selesai tulis dengan kata",
                "remove the brackets; say in words what is done",
            ),
        ),
        "underlined": Text(
            Both(
                "garis `{text}` menjadikan paragraf di atasnya judul",
                "the line `{text}` makes the paragraph above it a heading",
            ),
            Both("beri baris kosong di atas garis itu", "put an empty line above it"),
        ),
        "indented": Text(
            Both(
                "paragraf ini tercetak sebagai kode, karena barisnya menjorok",
                "this paragraph is printed as code, because its lines are indented",
            ),
            Both("hapus spasi atau tab di depannya", "remove the blanks or the tab before it"),
        ),
        "indented_below": Text(
            Both(
                "baris di dalam daftar ini tercetak sebagai kode, karena terlalu menjorok",
                "this line in a list is printed as code, because it is indented too far",
            ),
            Both("sisakan {blanks} spasi di depannya", "leave {blanks} blanks before it"),
        ),
    },
    each=Node,
)  # fmt: skip
def run_together(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    prose = node.prose
    if prose is None:
        return
    tables = tabbed(prose) if "\t" in prose.text else []
    yield from _numbers(found, prose)
    for index, token in enumerate(prose.tokens):
        if not token.map:
            continue
        first = prose.first_line + token.map[0]
        if token.type == "code_block" and (token.level == 0 or _MARKED.match(token.content)):
            if not any(table.first <= first <= table.last for table in tables):
                yield _indented(found, prose, token)
        elif token.type == "fence":
            yield from _unclosed(found, prose, token)
        elif token.type == "inline":
            yield from _in_words(found, prose, index)


def _in_words(found: Rule, prose: Prose, index: int) -> Iterator[Finding]:
    """What the words of a paragraph, a heading or a cell are taken for, by what opens them."""
    token, before = prose.tokens[index], prose.tokens[index - 1]
    if before.type == "heading_open" and before.markup == "-":
        yield from _underlined(found, prose, token)
    passage = Passage(prose, token, before.type)
    if len(_STAR.findall(token.content)) > 1:
        stars = list(_STAR.finditer(passage.masked))  # those in code are none
        for star in stars if len(stars) > 1 else ():
            yield found.at(passage.place(*star.span()), "star", fix=Exact("\\*"))
    if before.type == "paragraph_open" and _SIGN.search(passage.text):
        in_item = prose.tokens[index - 2].type == "list_item_open"
        if in_item and _TASK.match(token.content):
            yield found.at(passage.place(0, 3), "task", text=token.content[:3])
        yield from _bullets(found, passage, in_item=in_item)
        yield from _letters(found, passage)
        yield from _hashes(found, passage)
    if before.type == "paragraph_open" and ":" in token.content and "\n" in token.content:
        yield from _form(found, passage)


def _numbers(found: Rule, prose: Prose) -> Iterator[Finding]:
    """Numbers of a list that are printed as others; all ones are a way to leave the counting to the tool."""
    lists: list[list[Token]] = []
    elsewhere = {item.lines.start for _, items in misplaced(prose) for item in items}
    for token in prose.tokens:
        if token.type == "ordered_list_open":
            lists.append([])
        elif token.type == "list_item_open" and token.info and token.map:
            lists[-1] += [token] if token.map[0] not in elsewhere else []
        elif token.type == "ordered_list_close":
            items = lists.pop()
            numbers = [int(item.info) for item in items]
            wrong = next((i for i, number in enumerate(numbers) if number != numbers[0] + i), None)
            if wrong is not None and len(set(numbers)) > 1:
                item, meant = items[wrong], numbers[0] + wrong
                place = Place(
                    prose.source.path, span=prose.source.whole_line(prose.first_line + (item.map or [0])[0])
                )
                text = f"{item.info}{item.markup}"
                escaped = f"{item.info}\\{item.markup}"
                yield found.at(
                    place, "numbers", text=text, suggestion=f"{meant}{item.markup}", escaped=escaped
                )


def _unclosed(found: Rule, prose: Prose, token: Token) -> Iterator[Finding]:
    first, end = token.map or (0, 0)
    last = prose.source.line(prose.first_line + end - 1).strip(" >")
    if token.content.strip() and (end - first < 2 or not last.startswith(token.markup)):
        place = Place(prose.source.path, span=prose.source.whole_line(prose.first_line + first))
        yield found.at(place, "unclosed", text=token.markup)


def _bullets(found: Rule, passage: Passage, *, in_item: bool) -> Iterator[Finding]:
    """Marks of items that Markdown does not know, save the one that stands behind a mark that it knows."""
    lines = passage.lines
    dashes = [line for line in lines if _DASH.match(line.text)]
    symbols = [line for line in lines if _SYMBOL.match(line.text)]
    for line in lines:
        match = _BULLET.match(line.text) or (len(dashes) > 1 and _DASH.match(line.text))
        marked = in_item and line is lines[0]
        if match:
            variant = "blank" if match[0] in ("-", "+", "*") else "second" if marked else ""
            fix = Exact("" if marked else "- ")
            yield found.at(_beginning(passage, line, match), variant, text=match[0].strip(), fix=fix)
        elif len(lines) > 1 and not marked and (match := _SYMBOL.match(line.text)):
            new = Exact(f"- {match[0]}") if len(symbols) > 1 else None  # one arrow may go on with a sentence
            yield found.at(_beginning(passage, line, match), "symbol", text=match[0].strip(), fix=new)


def _beginning(passage: Passage, line: Line, match: re.Match[str]) -> Place:
    """The place of what a line of a passage begins with."""
    span = Span(line.number, line.column, line.number, line.column + match.end())
    return Place(passage.prose.source.path, span=span)


def _letters(found: Rule, passage: Passage) -> Iterator[Finding]:
    """Lettered or numbered items within a paragraph; Markdown has no letters for lists, so their lines are broken."""
    marked = [(index, match) for index, line in enumerate(passage.lines) if (match := _ITEM.match(line.text))]
    ranks = [match[match.lastindex or 0] for _, match in marked]
    if len(marked) < 3 and all(rank.isupper() and len(rank) == 1 for rank in ranks):
        return  # initials of names
    pairs = zip(pairwise(marked), pairwise(ranks), strict=True)
    items = {i for ((a, _), (b, _)), ranked in pairs if _follows(*ranked) for i in (a, b)}
    broken = {i for i in items if i and not passage.lines[i - 1].text.endswith(("\\", "  "))}
    if not broken:
        return
    marks = {index: match[0].strip() for index, match in marked}
    first, second = (marks[i] for i in sorted(items)[:2])
    source = passage.prose.source
    chosen = passage.lines[max(min(broken) - 1, 0) : max(items) + 1]
    start, end = chosen[0], chosen[-1]
    lines = [source.line(line.number) for line in chosen]
    lines = [
        line + "\\" if i + 1 in broken else line for i, line in enumerate(lines, max(min(broken) - 1, 0))
    ]
    text = "\n".join(lines)[start.column - 1 :]
    span = Span(start.number, start.column, end.number, len(source.line(end.number)) + 1)
    yield found.at(Place(source.path, span=span), "letters", first=first, second=second, fix=Exact(text))


def _form(found: Rule, passage: Passage) -> Iterator[Finding]:
    """Lines of which each has a label before a colon, as in a form."""
    lines = passage.lines
    source = passage.prose.source
    written = [source.line(line.number) for line in lines]
    open_ = [line for line in written[:-1] if not line.endswith(_ENDED)]
    labelled = lines[1:] if lines[0].text.endswith(":") else lines
    if open_ and len(labelled) > 1 and all(_LABELLED.match(line.text) for line in labelled):
        text = "\n".join(
            [*(line if line.endswith(_ENDED) else f"{line}\\" for line in written[:-1]), written[-1]]
        )
        first, second = (line.text.partition(":")[0].strip() for line in labelled[:2])
        span = Span(lines[0].number, lines[0].column, lines[-1].number, len(written[-1]) + 1)
        fix = Exact(text[lines[0].column - 1 :])
        yield found.at(Place(source.path, span=span), "form", first=f"{first}:", second=f"{second}:", fix=fix)


def _follows(one: str, other: str) -> bool:
    """Whether one mark of an item comes right after another, as a number, a letter or a Roman numeral."""
    return bool({(kind, rank + 1) for kind, rank in _ranks(one)} & _ranks(other))


def _ranks(mark: str) -> set[tuple[str, int]]:
    if mark.isdecimal():
        return {("number", int(mark))}
    small = mark.lower()
    roman = {("roman", _NUMERALS.index(small))} if small in _NUMERALS else set[tuple[str, int]]()
    return roman | ({("letter", ord(mark))} if len(mark) == 1 else set())


def _hashes(found: Rule, passage: Passage) -> Iterator[Finding]:
    for line in passage.lines:
        match = _HASHES.match(line.text)
        if match:
            suggestion = f"{match[0]} {line.text[match.end() :]}"
            place = _beginning(passage, line, match)
            yield found.at(place, "heading", text=line.text, suggestion=suggestion, fix=Exact(f"{match[0]} "))
        elif len(passage.lines) == 1 and _HASH.match(line.text) and line.text.count("#") == 1:
            suggestion = f"## {line.text[1:]}"
            yield found.at(passage.lines_at([line]), "heading", text=line.text, suggestion=suggestion)


def _underlined(found: Rule, prose: Prose, token: Token) -> Iterator[Finding]:
    if token.map and ("\n" in token.content or token.content.endswith((".", ",", ";", ":"))):
        # The line below the words; a heading's token counts it.
        number = prose.first_line + token.map[0] + token.content.count("\n") + 1
        line = prose.source.line(number)
        fix = Exact("\n" + line) if not line[:1].isspace() and line[:1] != ">" else None
        span = Span(number, 1, number, len(line) + 1)
        yield found.at(Place(prose.source.path, span=span), "underlined", text=line.strip(), fix=fix)


def _indented(found: Rule, prose: Prose, token: Token) -> Finding:
    first = prose.first_line + (token.map[0] if token.map else 0)
    lines = [prose.source.line(first + i) for i in range(token.content.rstrip("\n").count("\n") + 1)]
    span = Span(first, 1, first + len(lines) - 1, len(lines[-1]) + 1)
    # Below an item of a list a paragraph begins where the words of the item do, and code four blanks behind.
    width, more = (len(line) - len(line.lstrip()) for line in (lines[0].expandtabs(4), token.content))
    blanks = max(width - more - 4, 0) if token.level else 0
    sure = not lines[0].lstrip().startswith(">")
    fix = Exact("\n".join(" " * blanks + line.lstrip() for line in lines)) if sure else None
    variant = "indented_below" if token.level else "indented"
    return found.at(Place(prose.source.path, span=span), variant, blanks=blanks, fix=fix)
