"""The stretches of a text of YAML that change when it is to say what a draft says; all others stay as they are.

No comment goes: one at the end of a line that is removed stays there in a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from masterplan_cli.edits.draft import Draft, Slot, arranged
from masterplan_cli.edits.text import (
    Layout,
    block,
    deeper,
    folded,
    inline,
    is_block,
    item,
    literal,
    pair,
    scalar,
)
from masterplan_cli.edits.tree import (
    CollectionNode,
    ScalarNode,
    Tree,
    TreeEntry,
    TreeNode,
    UnknownLayoutError,
)
from masterplan_cli.source import Change, Route
from masterplan_cli.yaml_reader import Value

#: No block is folded narrower than this.
_NARROWEST = 60
_TIGHT_COMMENT = re.compile(r"[ \t]*#\S")


def changes_of(draft: Draft, line_end: str) -> list[Change]:
    """What changes in a draft's text; new lines end as its lines do."""
    made = _Changes(draft, line_end)
    root = draft.root.value
    if not isinstance(draft.tree.root, CollectionNode):
        lines = block(arranged(draft.fields, (), root), made.layout) if root else []
        end = len(draft.tree.text)
        return [Change(end, end, made.joined(lines, 0) + line_end)] if lines else []
    if root is draft.tree.root:
        made.collection(root, (), None, flow=False)
        return made.changes
    raise UnknownLayoutError


def layout_of(tree: Tree) -> Layout:
    """How a text writes mappings and lists below keys, by the first of each."""
    found: dict[bool, int] = {}
    waiting = [tree.root] if isinstance(tree.root, CollectionNode) else []
    for node in waiting:  # it grows at its end
        for entry in node.entries:
            if isinstance(inner := entry.node, CollectionNode) and not inner.flow:
                waiting.append(inner)
                if node.keys:
                    found.setdefault(inner.keys, tree.column(inner.start) - tree.column(entry.start))
    return Layout(found.get(True, 2), found.get(False, 2))


class _Changes:
    """Collects the changes that bring a text to its draft, from the innermost parts outwards."""

    def __init__(self, draft: Draft, line_end: str) -> None:
        self.draft, self.tree, self.line_end = draft, draft.tree, line_end
        self.layout = layout_of(draft.tree)
        self.changes: list[Change] = []

    def joined(self, lines: Iterable[str], columns: int) -> str:
        return self.line_end.join(deeper(lines, columns))

    def _insert(self, at: int, text: str) -> None:
        self.changes.append(Change(at, at, text))

    # --- collections

    def collection(self, node: CollectionNode, route: Route, mark: int | None, *, flow: bool) -> None:
        """What changes in a list or a mapping; what stands before it ends at `mark`."""
        parts = self.draft.parts.get(node)
        if parts is None:
            return
        steps = list(_steps(node, parts)) if node.entries and parts else []
        change = self._flow_step if node.flow else self._block_step
        # Of insertions at one place the first that is noted stands first.
        for step in steps:
            if step[0] < 0:
                change(node, route, *step)
        self._inner(parts, route, flow=node.flow)
        for step in steps:
            if step[0] >= 0:
                change(node, route, *step)
        if parts and not node.entries:
            self._filled(node, route, parts, mark, flow=flow)
        elif node.entries and not parts:
            self._emptied(node, mark)

    def _inner(self, parts: list[Slot], route: Route, *, flow: bool) -> None:
        """What changes inside the parts that stay."""
        for slot in parts:
            if slot.origin is None:
                continue
            below = (*route, slot.key if slot.key is not None else 0)
            if slot.value is not slot.origin.node:
                self._replace(slot.origin, arranged(self.draft.fields, below, slot.value), flow=flow)
            elif isinstance(slot.value, CollectionNode):
                self.collection(slot.value, below, slot.origin.mark, flow=flow)

    def _filled(
        self, node: CollectionNode, route: Route, parts: list[Slot], mark: int | None, *, flow: bool
    ) -> None:
        """Empty brackets get parts: within them where these fit into a line."""
        texts = [self._arranged(route, part) for part in parts]
        if flow or mark is None or not any(map(is_block, texts)):
            self._insert(
                node.start + 1,
                ", ".join(_in_line(part.key, text) for part, text in zip(parts, texts, strict=True)),
            )
            return
        value: Value = (
            dict(zip([str(part.key) for part in parts], texts, strict=True)) if node.keys else texts
        )
        self._lines_below(mark, node, value)

    def _emptied(self, node: CollectionNode, mark: int | None) -> None:
        if node.flow:
            self._brackets(node)
            self._delete(node.start + 1, node.end - 1, trim=False)
            return
        if mark is not None:
            self._insert(mark, " {}" if node.keys else " []")
        self._delete(node.start, node.end)

    def _arranged(self, route: Route, slot: Slot) -> Value:
        return arranged(self.draft.fields, (*route, slot.key if slot.key is not None else 0), slot.value)

    def _block_step(
        self, node: CollectionNode, route: Route, place: int, fresh: list[Slot], gone: range
    ) -> None:
        """New parts behind the one at a place, and what goes behind it."""
        column = self.tree.column(node.entries[0].start)
        lines = [line for slot in fresh for line in self._part(node, route, slot)]
        removed = [node.entries[index] for index in gone]
        following = node.entries[gone.stop].start if gone.stop < len(node.entries) else node.end
        if place >= 0 or self._own_line(node.entries[0].start):
            if lines:
                at = (
                    self._behind(node.entries[place].end, column)
                    if place >= 0
                    else self.tree.line_start(node.start)
                )
                self._insert(at, self.joined(lines, column) + self.line_end)
        elif lines and removed and self._commented(node.start):
            self._insert(self.tree.next_line(node.start), self.joined(lines, column) + self.line_end)
            lines = []
        elif lines:
            text = self.joined(lines, column)[column:]
            self._insert(node.start, text if removed else text + self.line_end + " " * column)
        elif removed and not self.tree.comments_in(node.start, following):
            self.changes.append(Change(node.start, following, ""))
            return
        for entry in removed:
            end = self._with_comments(entry.end, column)
            self._delete(entry.start, end, trim=place >= 0 or not lines, columns=column)

    def _part(self, node: CollectionNode, route: Route, slot: Slot) -> list[str]:
        value = self._arranged(route, slot)
        if slot.key is not None:
            return pair(slot.key, value, self.layout)
        column, line = self.tree.column, self.tree.line_start
        steps = (
            column(entry.node.start) - column(entry.start)
            for entry in node.entries
            if line(entry.node.start) == line(entry.start) and entry.node.start < entry.node.end
        )
        return item(value, self.layout, next(steps, 2))

    def _flow_step(
        self, node: CollectionNode, route: Route, place: int, fresh: list[Slot], gone: range
    ) -> None:
        self._brackets(node)
        entries, between = node.entries, self._separator(node)
        texts = [_in_line(slot.key, self._arranged(route, slot)) for slot in fresh]
        if gone and texts:
            self._insert(entries[gone.start].start, between.join(texts))
            self._delete(entries[gone.start].start, entries[gone.stop - 1].end, trim=False)
        elif texts and place >= 0:
            self._insert(entries[place].end, "".join(between + text for text in texts))
        elif texts:
            self._insert(entries[0].start, "".join(text + between for text in texts))
        elif gone.stop < len(entries):
            self._delete(entries[gone.start].start, entries[gone.stop].start)
        else:
            self._delete(entries[place].end, entries[gone.stop - 1].end)

    def _brackets(self, node: CollectionNode) -> None:
        """Refuse a pair that stands in a list in brackets without its own."""
        if self.tree.text[node.start] not in "[{":
            raise UnknownLayoutError

    def _separator(self, node: CollectionNode) -> str:
        """What stands between the first two parts, where that is no more than a comma and blanks."""
        for one, other in pairwise(node.entries[:2]):
            text = self.tree.text[one.end : other.start]
            if text.strip() == "," and text[:1] == ",":
                return text
        return ", "

    # --- one value

    def _replace(self, entry: TreeEntry, value: Value, *, flow: bool) -> None:
        """Another value in the place of one that stands there."""
        node = entry.node
        if isinstance(node, ScalarNode) and (value is None or isinstance(value, str)):
            self._scalar(entry, node, value, flow=flow)
        elif flow:
            self._exchange(entry, inline(value))
        elif is_block(value):
            self._lines_below(entry.mark, node, value)
        else:
            self._insert(entry.mark, "" if value is None else f" {inline(value, flow=False)}")
            self._delete(node.start, node.end)

    def _exchange(self, entry: TreeEntry, text: str) -> None:
        """Another text within a line; one that had none gets a blank before it."""
        node = entry.node
        if node.start == node.end:
            self._insert(entry.mark, f" {text}")
        elif isinstance(node, ScalarNode) and node.style not in ("|", ">"):
            self.changes.append(Change(node.start, node.end, text))
        else:
            self._insert(node.start, text)
            self._delete(node.start, node.end, trim=False)

    def _lines_below(self, mark: int, node: TreeNode, value: Value) -> None:
        """A value in lines of its own below its key, or beginning behind the dash of an item, in place of another."""
        owner = self._owner_column(mark)
        start, end = node.start, node.end
        if _ends_in_text(value):
            start, end = min(start, self.tree.next_line(mark)), self._with_comments(end, owner)
        self._delete(start, end, columns=owner)
        if isinstance(value, str):
            lines, columns = literal(value) or [], owner + self.layout.mapping
            self._insert(mark, " |")
        else:
            lines = block(value, self.layout)
            columns = owner + (self.layout.sequence if isinstance(value, list) else self.layout.mapping)
            if self.tree.text[mark - 1] == "-":
                columns = owner + 2
                if not self._commented(mark):
                    self._insert(mark, " " + self.joined(lines, columns)[columns:])
                    return
        self._insert(self.tree.next_line(mark), self.joined(lines, columns) + self.line_end)

    def _owner_column(self, mark: int) -> int:
        """The column of the key or the dash that ends at a mark."""
        line = self.tree.text[self.tree.line_start(mark) : mark]
        dashes = re.match(r"[ ]*(?:-[ ]+)*", line)
        return dashes.end() if dashes and dashes.end() < len(line) else len(line) - 1

    def _scalar(self, entry: TreeEntry, node: ScalarNode, text: str | None, *, flow: bool) -> None:
        if text is None:
            self._nothing(entry, node, flow=flow)
        elif node.style in ("|", ">"):
            self._block_text(entry, node, text)
        elif not flow and literal(text):
            self._lines_below(entry.mark, node, text)
        else:
            style = node.style if node.style in ("'", '"') else ""
            self._exchange(entry, scalar(text, flow=flow, style=style))

    def _nothing(self, entry: TreeEntry, node: ScalarNode, *, flow: bool) -> None:
        """No value: nothing behind the key, or a word for it where nothing would mean something else."""
        text = self.tree.text
        if flow or _TIGHT_COMMENT.match(text, node.end):
            self._exchange(entry, "null")
        elif not text[entry.mark : node.start].strip(" ") and node.style not in ("|", ">"):
            self.changes.append(Change(entry.mark, node.end, ""))
        else:
            self._delete(node.start, node.end)

    def _block_text(self, entry: TreeEntry, node: ScalarNode, text: str) -> None:
        """Other lines in a block, which keeps its mark and how deep it stands."""
        old = self.tree.text[node.body : node.end].rstrip()
        said = [line for line in old.split("\n") if line.strip()]
        columns = min((len(line) - len(line.lstrip(" ")) for line in said), default=0)
        width = max((len(line.rstrip("\r")) - columns for line in said), default=0)
        mark = re.match(r"[|>][-+]?(?=[ \r\n])", self.tree.text[node.start : node.start + 3])
        lines = folded(text, max(width, _NARROWEST)) if node.style == ">" else None
        if lines is None and text and not text[0].isspace() and text.rsplit("\n", 1)[-1].strip():
            lines = text.split("\n")
            if node.style == ">":
                self.changes.append(Change(node.start, node.start + 1, "|"))
        if mark is None or lines is None:
            self._exchange(entry, scalar(text, style="" if "\n" not in text else '"'))
        elif said:
            self.changes.append(Change(node.body, node.body + len(old), self.joined(lines, columns)))
        else:
            columns = self._owner_column(entry.mark) + self.layout.mapping
            self._insert(node.body, self.joined(lines, columns) + self.line_end)

    # --- lines

    def _own_line(self, offset: int) -> bool:
        """Whether nothing stands before a place in its line."""
        return not self.tree.text[self.tree.line_start(offset) : offset].strip()

    def _commented(self, offset: int) -> bool:
        """Whether a comment ends the line of a place."""
        return bool(self.tree.comments_in(offset, self.tree.line_end(offset)))

    def _behind(self, end: int, column: int) -> int:
        """The start of the line behind a part and the deeper comments below it, which belong to it."""
        at = found = self.tree.next_line(end)
        while at < len(self.tree.text):
            line = self.tree.text[at : self.tree.line_end(at)]
            said = line.lstrip()
            if said and not (said[0] == "#" and len(line) - len(said) > column):
                break
            at = self.tree.next_line(at)
            found = at if said else found
        return found

    def _with_comments(self, end: int, column: int) -> int:
        """Where a part ends with the deeper comments below it; behind a block of text they would become words of it."""
        behind = self._behind(end, column)
        return end if behind == self.tree.next_line(end) else behind - 1

    def _delete(self, start: int, end: int, *, trim: bool = True, columns: int | None = None) -> None:
        """Remove a stretch, save its comments; a line in which nothing is left goes as a whole.

        A comment that is left alone in its line stands at a column where one is given.
        """
        self.changes += self._deleted(start, end, columns, trim=trim)

    def _deleted(self, start: int, end: int, columns: int | None, *, trim: bool) -> Iterator[Change]:
        text = self.tree.text
        for line, line_end in self.tree.lines(start, end):
            first, last = max(start, line), min(end, line_end)
            comments = self.tree.comments_in(first, last)
            last = first + len(text[first : comments[0][0]].rstrip()) if comments else last
            before, after = text[line:first], text[last:line_end]
            if not before.strip() and not after.strip():
                yield Change(line, self.tree.next_line(line), "")
            elif not before.strip() and after.lstrip()[0] == "#":
                indent = text[line:first] or after[: -len(after.lstrip())]
                blanks = indent if columns is None else " " * columns
                yield Change(line, last + len(after) - len(after.lstrip()), blanks)
            elif not text[first:last].strip():
                continue
            elif not after.strip():
                yield Change(line + len(before.rstrip()) if trim else first, line_end, "")
            else:
                yield Change(first, last, "")


def _steps(node: CollectionNode, parts: list[Slot]) -> Iterator[tuple[int, list[Slot], range]]:
    """Behind each part that stays, and before the first: the new parts, and those that go."""
    places = {entry: place for place, entry in enumerate(node.entries)}
    stays = [-1, *(places[part.origin] for part in parts if part.origin), len(node.entries)]
    fresh: dict[int, list[Slot]] = {}
    place = -1
    for part in parts:
        if part.origin:
            place = places[part.origin]
        else:
            fresh.setdefault(place, []).append(part)
    for place, following in pairwise(stays):
        gone = range(place + 1, following)
        if gone or place in fresh:
            yield place, fresh.get(place, []), gone


def _in_line(key: str | None, value: Value) -> str:
    """A part of a collection in brackets."""
    return inline(value) if key is None else f"{scalar(key, flow=True)}: {inline(value)}"


def _ends_in_text(value: Value) -> bool:
    """Whether the last part of a value is a text in lines of its own."""
    while value and not isinstance(value, str):
        value = value[-1] if isinstance(value, list) else list(value.values())[-1]
    return is_block(value)
