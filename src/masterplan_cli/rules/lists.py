"""MP519: items of a list that are indented too little to stand below another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from markdown_it.token import Token

from masterplan_cli.diagnostics import Exact, Finding, Place, Rule, Severity
from masterplan_cli.markdown import Prose
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node
from masterplan_cli.plan import Plan
from masterplan_cli.rules.registry import rule
from masterplan_cli.source import Span

_ITEM = re.compile(r"([ \t]*+)([-*+]|\d{1,9}[.)])([ \t]*+)")
#: Behind the mark of an item so many blanks at most belong to it; more make what follows code.
_MOST_BLANKS = 4


class ListItem(NamedTuple):
    """An item of a list: its lines in the text, how far its mark and its words are indented, and its mark."""

    lines: range
    indent: int
    words: int
    mark: str

    def follows(self, other: ListItem) -> bool:
        """Whether an item goes on with the numbers of another one, whose marks may be set flush right."""
        one, next_ = other.mark[:-1], self.mark[:-1]
        return one.isdecimal() and next_.isdecimal() and int(next_) > int(one)


@rule(
    "MP519",
    "item-not-below",
    Severity.WARNING,
    title=Both("butir anak yang tercetak sejajar", "an item that is printed beside the one it belongs to"),
    why=Both(
        "Butir anak harus dimulai tepat di bawah kata pertama butir induknya; bila kurang menjorok, ia tercetak sejajar dan hubungannya hilang.",
        "An item below another one must begin right below its first word; with fewer blanks it is printed beside it, and what belongs to what is lost.",
    ),
    message=Both(
        "butir ini kurang menjorok, sehingga tercetak sejajar dengan butir `{parent}` dan bukan di bawahnya",
        "this item is not indented enough, so that it is printed beside the item `{parent}` and not below it",
    ),
    fix=Both(
        "beri {blanks} spasi di depannya; bila memang sejajar, samakan spasi di depan keduanya",
        "put {blanks} blanks before it; if it belongs beside it, give both the same blanks",
    ),
    each=Node,
)
def item_not_below(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    prose = node.prose
    for parent, children in misplaced(prose) if prose else ():
        if prose:
            yield _moved(found, prose, parent, children)


def _neighbours(prose: Prose) -> Iterator[list[ListItem]]:
    """Items that stand beside each other: of one list, or of lists with nothing between them."""
    runs: dict[int, list[ListItem]] = {}
    ended: Token | None = None
    for token in prose.tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            if ended is None or ended.level != token.level:
                yield runs.pop(token.level, [])
        elif token.type == "list_item_open" and token.map:
            item = _item(prose, range(*token.map))
            if item:
                runs.setdefault(token.level - 1, []).append(item)
        ended = token if token.type.endswith("_list_close") else None
    yield from runs.values()


def _item(prose: Prose, lines: range) -> ListItem | None:
    line = prose.source.line(prose.first_line + lines.start).expandtabs(4)
    match = _ITEM.match(line)
    if not match:
        return None  # in a quotation
    blanks = len(match[3])
    words = match.end(2) + (blanks if 0 < blanks <= _MOST_BLANKS else 1)
    return ListItem(lines, len(match[1]), words, match[2])


def misplaced(prose: Prose) -> list[tuple[ListItem, list[ListItem]]]:
    """Items that were meant to stand below another one, with that one."""
    return [pair for items in _neighbours(prose) for pair in _below(items)]


def _below(items: list[ListItem]) -> Iterator[tuple[ListItem, list[ListItem]]]:
    """Items that are indented further than one before, and are of another kind or followed by one that is not."""
    least = [*accumulate((item.indent for item in reversed(items)), min)][::-1]
    parents: list[ListItem] = []
    found: list[tuple[ListItem, int]] = []
    for number, item in enumerate(items):
        while parents and parents[-1].indent >= item.indent:
            parents.pop()
        beside = found and found[-1][1] == number - 1 and item.indent == items[number - 1].indent
        if parents and (beside or not item.follows(parents[-1])):
            found.append((parents[-1], number))
        else:
            parents.append(item)
    for parent, pairs in groupby(found, key=lambda pair: pair[0]):
        numbers = [number for _, number in pairs]
        returns = numbers[-1] + 1 < len(items) and least[numbers[-1] + 1] <= parent.indent
        if returns or items[numbers[0]].mark[-1] != parent.mark[-1]:
            yield parent, [items[number] for number in numbers]


def _moved(found: Rule, prose: Prose, parent: ListItem, children: list[ListItem]) -> Finding:
    """What is said of items, and how they are written below their parent; where one blank is too much, nobody can tell."""
    source = prose.source
    numbers = range(prose.first_line + children[0].lines.start, prose.first_line + children[-1].lines.stop)
    lines = [source.line(number) for number in numbers]
    while not lines[-1].strip():
        lines.pop()
    more = " " * max(parent.words - children[0].indent, 1)
    text = "\n".join(more + line.expandtabs(4) if line.strip() else line for line in lines)
    sure = children[0].indent > parent.indent + 1 or children[0].mark[-1] != parent.mark[-1]
    span = Span(numbers[0], 1, numbers[0] + len(lines) - 1, len(lines[-1]) + 1)
    name = source.line(prose.first_line + parent.lines.start).strip()
    place = Place(source.path, span=span)
    return found.at(place, parent=name, blanks=parent.words, fix=Exact(text) if sure else None)
