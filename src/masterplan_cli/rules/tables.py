"""MP513: cells that a table loses, and tables that Markdown does not read as such."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from markdown_it.rules_block.table import escapedSplit

from masterplan_cli.diagnostics import Exact, Finding, Place, Rule, Severity, Text
from masterplan_cli.markdown import MAX_CELLS, Prose, masked
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node
from masterplan_cli.plan import Plan
from masterplan_cli.rules.passages import Line, Passage, Tabbed, is_listed, passages, tabbed
from masterplan_cli.rules.registry import rule
from masterplan_cli.source import Span

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_GRID = re.compile(r"^\+(?:[-=:]+\+)+[ \t]*$", re.M)


@rule(
    "MP513",
    "unread-table",
    Severity.ERROR,
    title=Both("tabel atau sel yang tidak terbaca", "a table or a cell that is not read"),
    why=Both(
        "Sel yang lebih dari kepala tabelnya hilang tanpa jejak, dan tabel yang disalin dari Excel menjadi satu paragraf.",
        "A cell beyond the head of its table is lost without a trace, and a table copied from Excel becomes one paragraph.",
    ),
    message=Both(
        "baris ini punya {cells} sel, padahal kepala tabelnya {heads}; `{lost}` tidak tercetak",
        "this row has {cells} cells, but the head of its table {heads}; `{lost}` is not printed",
    ),
    fix=Both(
        "tambah kolom pada kepala tabel, atau gabungkan selnya; tanda `|` yang bagian dari isi ditulis `\\|`",
        "add a column to the head of the table, or join the cells; a `|` that is part of the text is written `\\|`",
    ),
    variants={
        "code": Text(
            Both(
                "tanda `|` di dalam kode memisahkan sel, sehingga `{lost}` tidak tercetak",
                "the `|` inside code separates cells, so `{lost}` is not printed",
            ),
            Both("tulis `{suggestion}`", "write `{suggestion}`"),
        ),
        "delimiter": Text(
            Both(
                "garis di bawah kepala tabel punya {cells} kolom, padahal kepalanya {heads}, sehingga ini bukan tabel",
                "the line below the head of the table has {cells} columns, but the head {heads}, so this is no table",
            ),
            Both("tulis `{suggestion}`", "write `{suggestion}`"),
        ),
        "bare": Text(
            Both(
                "tabel ini tercetak sebagai paragraf, karena di bawah kepalanya tidak ada garis",
                "this table is printed as a paragraph, because there is no line below its head",
            ),
            Both("tulis di bawah baris pertama: `{suggestion}`", "write below the first line: `{suggestion}`"),
        ),
        "below": Text(
            Both(
                "`{text}` menjadi baris tabel, karena langsung di bawahnya",
                "`{text}` becomes a row of the table, because it stands right below",
            ),
            Both("beri baris kosong di antara tabel dan teks ini", "put an empty line between the table and this text"),
        ),
        "above": Text(
            Both(
                "baris ini tidak masuk tabel di bawahnya, karena sebuah tabel hanya punya satu baris kepala",
                "this row is no part of the table below, because a table has one row of heads only",
            ),
            Both(
                "satukan kedua baris kepala, atau pindahkan garis `| --- |` ke bawah baris ini",
                "join both rows of heads, or move the line `| --- |` below this row",
            ),
        ),
        "apart": Text(
            Both(
                "baris kosong ini memisahkan baris di bawahnya dari tabelnya",
                "this empty line parts the row below it from its table",
            ),
            Both("hapus baris kosong ini", "remove this empty line"),
        ),
        "spaced": Text(
            Both(
                "baris-baris tabel ini tercetak sebagai paragraf, karena ada baris kosong di antaranya",
                "the rows of this table are printed as paragraphs, because empty lines stand between them",
            ),
            Both(
                "hapus baris kosong di antaranya; di bawah baris pertama harus ada `{suggestion}`",
                "remove the empty lines between them; below the first one there must be `{suggestion}`",
            ),
        ),
        "grid": Text(
            Both(
                "tabel ini tercetak sebagai paragraf, karena garisnya digambar dengan `+`",
                "this table is printed as a paragraph, because its lines are drawn with `+`",
            ),
            Both(
                "hapus baris-baris garisnya, tulis setiap baris tabel dalam satu baris, dan di bawah kepalanya `{suggestion}`",
                "remove those lines, write each row in one line, and below the head `{suggestion}`",
            ),
        ),
        "signs": Text(
            Both(
                "tabel ini tercetak sebagai satu paragraf; kolomnya hanya dipisahkan `{sign}`",
                "this table is printed as one paragraph; its columns are only separated by `{sign}`",
            ),
            Both("tulis sebagai tabel: `{suggestion}` …", "write it as a table: `{suggestion}` …"),
        ),
        "tabs": Text(
            Both(
                "tabel ini tercetak sebagai satu paragraf; kolomnya hanya dipisahkan tab",
                "this table is printed as one paragraph; its columns are only separated by tabs",
            ),
            Both("tulis sebagai tabel: `{suggestion}` …", "write it as a table: `{suggestion}` …"),
        ),
    },
    each=Node,
)  # fmt: skip
def unread_table(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    prose = node.prose
    if prose is None or not any(sign in prose.text for sign in "|\t;,+"):
        return
    yield from _second_heads(found, prose)
    heads = 0
    for index, token in enumerate(prose.tokens):
        if token.type == "thead_open":
            head = takewhile(lambda t: t.type != "thead_close", prose.tokens[index:])
            heads = sum(t.type == "th_open" for t in head)
        elif token.type == "tr_open" and token.map and prose.tokens[index - 1].type != "thead_open":
            yield from _surplus(found, prose, prose.first_line + token.map[0], heads)
    for passage in passages(prose):
        if passage.holder == "paragraph_open" and "\n" in passage.text:
            yield from _nested_tabs(found, passage) if "\t" in passage.text else _no_table(found, passage)
    if "|" in prose.text:
        yield from _spaced(found, prose)
    if "\t" in prose.text:
        for table in tabbed(prose):
            yield _tabs(found, prose, table)


def _second_heads(found: Rule, prose: Prose) -> Iterator[Finding]:
    """Rows above the head of a table, which has one only."""
    for inline, closing, table in zip(prose.tokens, prose.tokens[1:], prose.tokens[2:], strict=False):
        if table.type == "table_open" and closing.type == "paragraph_close" and inline.map and table.map:
            last = prose.first_line + inline.map[1] - 1
            if inline.map[1] == table.map[0] and _is_row(prose.source.line(last).strip(" \t>")):
                place = Place(prose.source.path, span=prose.source.whole_line(last))
                yield found.at(place, "above")


def _cells(row: str) -> list[str]:
    """The cells of a row as the parser takes it apart."""
    cells = [cell.strip() for cell in escapedSplit(row.strip(" \t>"))]
    cells = cells[1:] if cells and not cells[0] else cells
    return cells[:-1] if cells and not cells[-1] else cells


def _surplus(found: Rule, prose: Prose, number: int, heads: int) -> Iterator[Finding]:
    line = prose.source.line(number)
    if "|" not in line:
        place = Place(prose.source.path, span=prose.source.whole_line(number))
        yield found.at(place, "below", text=line.strip(), fix=Exact("\n" + line.strip()))
        return
    if line.count("|") > MAX_CELLS or (line[:1] == line[-1:] == "|" and line.count("|") - 1 <= heads):
        return
    cells = _cells(line)
    lost = " | ".join(filter(None, cells[heads:]))
    if not lost:
        return
    place = Place(prose.source.path, span=prose.source.whole_line(number))
    code = masked(line, escapes=False)
    escaped = "".join(
        "\\|" if sign == "|" != code[at] and line[at - 1] != "\\" else sign for at, sign in enumerate(line)
    )
    if escaped != line and len(_cells(escaped)) <= heads:
        row = escaped[place.span.column - 1 :] if place.span else escaped
        yield found.at(place, "code", lost=lost, suggestion=row.strip(), fix=Exact(row))
    else:
        yield found.at(place, cells=len(cells), heads=heads, lost=lost)


def _no_table(found: Rule, passage: Passage) -> Iterator[Finding]:
    """Lines that look like a table and are a paragraph."""
    if "|" not in passage.text and not _GRID.search(passage.text):
        yield from _separated(found, passage)
    elif _GRID.search(passage.text):
        yield from _grid(found, passage)
    elif rows := _rows(passage):
        yield from _without_line(found, passage, rows)


def _rows(passage: Passage) -> list[Line]:
    """The first lines of a paragraph that follow each other and have strokes at both ends; else all, if each has as many cells."""
    lines = passage.lines
    start = next((n for n, line in enumerate(lines) if _is_row(line.text)), 0)
    rows = list(takewhile(lambda line: _is_row(line.text), lines[start:]))
    if len(rows) > 1:
        return rows
    masked_lines = passage.masked.split("\n")
    strokes = {line.count("|") for line in masked_lines}
    apart = all(line.count(" | ") == line.count("|") for line in masked_lines)
    if len(lines) == 2 and lines[1].text.endswith("."):
        return []  # a sentence
    return lines if apart and len(strokes) == 1 and strokes != {0} else []


def _is_row(text: str) -> bool:
    return len(text) > 2 and text.startswith("|") and text.rstrip().endswith("|")


def _without_line(found: Rule, passage: Passage, rows: list[Line]) -> Iterator[Finding]:
    """Rows whose second one is no line below a head, or one of another length."""
    heads, second = len(_cells(rows[0].text)), rows[1]
    widest = max((len(_cells(row.text)) for row in rows[2:]), default=heads)
    suggestion = f"|{' --- |' * heads}"
    if _DELIMITER.fullmatch(second.text.strip()):
        cells, line = len(_cells(second.text)), second
        if widest > heads:  # the rows have the right number: a name of a column is missing
            line, suggestion = rows[0], rows[0].text.rstrip() + "  |" * (widest - heads)
        place, fix = passage.lines_at([line]), Exact(suggestion)
        yield found.at(place, "delimiter", cells=cells, heads=heads, suggestion=suggestion, fix=fix)
    elif _above(passage).startswith("|") and rows[0] == passage.lines[0]:
        yield _apart(found, passage, [row.text for row in rows], passage.lines[-1].number)
    else:
        new = Exact(f"{rows[0].text}\n{suggestion}") if passage.level == 1 else None
        yield found.at(passage.lines_at(rows[:1]), "bare", suggestion=suggestion, fix=new)


def _above(passage: Passage) -> str:
    """The line above the empty one before a paragraph."""
    return passage.prose.source.line(passage.first - 2).strip() if passage.first > 2 else ""


def _apart(found: Rule, passage: Passage, rows: list[str], last: int) -> Finding:
    """Rows of the table above; what stands between them and it goes, where they are no wider than it."""
    source = passage.prose.source
    width = len(_cells(_above(passage)))
    sure = passage.level == 1 and all(_is_row(row) and len(_cells(row)) <= width for row in rows)
    span = Span(passage.first - 1, 1, last, len(source.line(last)) + 1)
    return found.at(Place(source.path, span=span), "apart", fix=Exact("\n".join(rows)) if sure else None)


def _grid(found: Rule, passage: Passage) -> Iterator[Finding]:
    """A table drawn with `+---+`; each of its rows is one line, or a cell has several."""
    lines = passage.lines[next(n for n, line in enumerate(passage.lines) if _GRID.match(line.text)) :]
    rows, between = [], True
    single = True
    for line in lines:
        drawn = bool(_GRID.match(line.text))
        single = single and (drawn or (between and _is_row(line.text)))
        between = drawn
        rows += [] if drawn else [line.text]
    if not rows:
        return
    line_below = f"|{' --- |' * len(_cells(rows[0]))}"
    table = [rows[0], line_below, *rows[1:]]
    sure = single and passage.level == 1 and all(len(_cells(row)) <= len(_cells(rows[0])) for row in rows)
    before = "\n" if lines[0] is not passage.lines[0] else ""
    fix = Exact(before + "\n".join(table)) if sure else None
    yield found.at(passage.lines_at(lines), "grid", suggestion=line_below, fix=fix)


def _separated(found: Rule, passage: Passage) -> Iterator[Finding]:
    """Lines of a file of values with semicolons or commas between them, none followed by a blank as in a sentence."""
    lines = passage.lines[1:] if passage.lines[0].text.endswith(":") else passage.lines
    for sign in ";,":
        cells = [line.text.rstrip(f"{sign} ").split(sign) for line in lines]
        tight = all(cell[:1].strip() for row in cells for cell in row[1:])
        same = len({len(row) for row in cells}) == 1
        if len(lines) > 1 and same and tight and len(cells[0]) > (1 if sign == ";" and len(lines) > 2 else 2):
            table = _as_table(cells)
            sure = passage.level == 1 and '"' not in passage.text
            before = "\n" if lines is not passage.lines else ""
            fix = Exact(before + "\n".join(table)) if sure else None
            yield found.at(passage.lines_at(lines), "signs", sign=sign, suggestion=table[0], fix=fix)
            return


def _spaced(found: Rule, prose: Prose) -> Iterator[Finding]:
    """Rows that empty lines part from each other, so that each is a paragraph."""
    group: list[Passage] = []
    for passage in [p for p in passages(prose) if p.holder == "paragraph_open" and p.level == 1]:
        alone = _is_row(passage.text) and "\n" not in passage.text and len(_cells(passage.text)) > 1
        if not alone or not group or _above(passage) != group[-1].text.strip():
            yield from _told_apart(found, group)
            group = []
        group += [passage] if alone else []
    yield from _told_apart(found, group)


def _told_apart(found: Rule, group: list[Passage]) -> Iterator[Finding]:
    """What is said of rows that stand alone: below a table they are its own, else they make one."""
    if group and _above(group[0]).startswith("|"):
        yield _apart(found, group[0], [passage.text for passage in group], group[-1].first)
    elif len(group) > 1:
        rows = [passage.text for passage in group]
        heads = len(_cells(rows[0]))
        if not _DELIMITER.fullmatch(rows[1].strip()):
            rows.insert(1, f"|{' --- |' * heads}")
        first, last = group[0].lines[0], group[-1].lines[0]
        sure = all(len(_cells(row)) <= heads for row in rows)
        place = group[0].lines_at([first, last])
        yield found.at(place, "spaced", suggestion=rows[1], fix=Exact("\n".join(rows)) if sure else None)


def _nested_tabs(found: Rule, passage: Passage) -> Iterator[Finding]:
    """A table of a workbook that stands in a list or a quotation."""
    lines = [line for line in passage.lines if "\t" in line.text.strip()]
    if passage.level > 1 and len(lines) > 1 and not is_listed([line.text for line in lines]):
        cells = [line.text.split("\t") for line in lines]
        yield found.at(passage.lines_at(lines), "tabs", suggestion=_as_table(cells)[0])


def _as_table(rows: list[list[str]]) -> list[str]:
    """Cells as the lines of a table."""
    columns = max(map(len, rows))
    cells = [[cell.strip().replace("|", r"\|") for cell in row] for row in rows]
    table = [f"| {' | '.join([*row, *[''] * (columns - len(row))])} |" for row in cells]
    return [table[0], f"|{' --- |' * columns}", *table[1:]]


def _tabs(found: Rule, prose: Prose, tabbed: Tabbed) -> Finding:
    """A table as it is pasted from a workbook."""
    first, last = tabbed.first, tabbed.last
    table = _as_table(tabbed.rows)
    beside = [
        number <= len(prose.source.lines) and prose.source.line(number).strip()
        for number in (first - 1, last + 1)
    ]
    # What follows may be the rest of a cell.
    torn = beside[1] or tabbed.torn
    fix = None if torn else Exact("\n" * bool(beside[0]) + "\n".join(table))
    place = Place(prose.source.path, span=Span(first, 1, last, len(prose.source.line(last)) + 1))
    return found.at(place, "tabs", suggestion=table[0], fix=fix)
