"""Where everything stands in a text of YAML that reads: its scalars, its lists and mappings, and its comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import yaml

from masterplan_cli.source import Source
from masterplan_cli.values import CONTROLS
from masterplan_cli.yaml_reader import NULLS, Value

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT = re.compile(r"(?:(?<=\s)|^)#[^\r\n]*", re.M)
_HEADER = re.compile(r"[|>][-+0-9]*")


@dataclass(eq=False)
class ScalarNode:
    """A text as it is written; `style` is the mark that it begins with, empty for a plain one.

    A block (`|` or `>`) ends with its last line that says something; its lines begin at `body`.
    """

    start: int
    end: int
    style: str
    value: str | None
    body: int = 0


@dataclass(eq=False)
class TreeEntry:
    """An item of a list or a pair of a mapping: its `key`, where it starts, and where what stands before its value ends."""

    key: str | None
    start: int
    mark: int
    node: TreeNode

    @property
    def end(self) -> int:
        return self.node.end


@dataclass(eq=False)
class CollectionNode:
    """A list, or with `keys` a mapping, in brackets where it is of flow style."""

    start: int
    end: int
    keys: bool
    flow: bool
    entries: list[TreeEntry] = field(default_factory=list)


TreeNode: TypeAlias = ScalarNode | CollectionNode


class _Key(NamedTuple):
    text: str
    start: int
    end: int


class UnknownLayoutError(Exception):
    """A text whose parts stand in a way that is read but not known how to change."""


class Tree:
    """A text of YAML in its parts; offsets count its characters."""

    def __init__(self, text: str) -> None:
        """Read a text that ends with a line feed and has been found to be right."""
        if CONTROLS.search(text):
            raise UnknownLayoutError
        self.text, self._source = text, Source("", text)
        self.root: TreeNode | None = None
        #: The stretches in which a `#` begins no comment.
        self._opaque: list[tuple[int, int]] = []
        #: What is being read, each with the key that waits for its value.
        self._open: list[tuple[CollectionNode, list[_Key]]] = []
        for event in yaml.parse(text, Loader=_Loader):
            self._event(event)

    def _event(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                start, keys = self._offset(event.start_mark), isinstance(event, yaml.MappingStartEvent)
                self._open.append((CollectionNode(start, start, keys, bool(event.flow_style)), []))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                node, _ = self._open.pop()
                if node.flow:
                    node.end = self._offset(event.end_mark)
                elif node.entries:
                    node.end = node.entries[-1].end
                self._attach(node)

    def _scalar(self, event: Any) -> None:
        start, end = self._offset(event.start_mark), self._offset(event.end_mark)
        if self._open and self._open[-1][0].keys and not self._open[-1][1]:
            self._opaque.append((start, end))
            self._open[-1][1].append(_Key(event.value, start, end))
            return
        style = "" if event.implicit[0] else event.style
        value = None if not style and event.value in NULLS else event.value
        node = ScalarNode(start, end, style, value)
        if style in ("|", ">"):
            self._measure(node)
        elif start < end:
            self._opaque.append((start, end))
        self._attach(node)

    def _measure(self, node: ScalarNode) -> None:
        """Find the lines of a block, and keep a comment behind its mark apart from them."""
        header = _HEADER.match(self.text, node.start)
        mark = header.end() if header else node.start + 1
        node.body = self.text.index("\n", node.start) + 1
        content = self.text[node.body : node.end]
        kept = (
            content.removesuffix("\n").removesuffix("\r")
            if "+" in self.text[node.start : mark]
            else content.rstrip()
        )
        node.end = node.body + len(kept) if kept else self.line_end(node.start)
        self._opaque.append((node.start, mark))
        if kept:
            self._opaque.append((node.body, node.end))

    def _attach(self, node: TreeNode) -> None:
        if not self._open:
            self.root = node
            return
        parent, waiting = self._open[-1]
        if parent.keys:
            key = waiting.pop()
            mark = self._after_colon(key.end, node)
            parent.entries.append(TreeEntry(key.text, key.start, mark, node))
        elif parent.flow:
            parent.entries.append(TreeEntry(None, node.start, node.start, node))
        else:
            dash = self._dash(parent, node)
            parent.entries.append(TreeEntry(None, dash, dash + 1, node))

    def _after_colon(self, end: int, node: TreeNode) -> int:
        colon = self.text.find(":", end, max(node.start, end + 1))
        if colon < 0 or self.text[end:colon].strip(" "):
            raise UnknownLayoutError
        return colon + 1

    def _dash(self, parent: CollectionNode, node: TreeNode) -> int:
        if not parent.entries:
            return parent.start
        before = parent.entries[-1].end
        gap = _COMMENT.sub(lambda comment: " " * len(comment[0]), self.text[before : node.start])
        at = gap.rfind("-")
        if at < 0:
            raise UnknownLayoutError
        return before + at

    def _offset(self, mark: Any) -> int:
        return self._source.starts[int(mark.line)] + int(mark.column)

    # --- comments and lines

    @cached_property
    def comments(self) -> list[tuple[int, int]]:
        """Where each comment stands, from its mark to the end of its line."""
        gaps = zip([0, *(end for _, end in self._opaque)], [*(start for start, _ in self._opaque), len(self.text)], strict=True)  # fmt: skip
        return [found.span() for start, end in gaps for found in _COMMENT.finditer(self.text, start, end)]

    @property
    def said(self) -> list[str]:
        """The comments as they are written."""
        return [self.text[start:end].rstrip() for start, end in self.comments]

    def comments_in(self, start: int, end: int) -> list[tuple[int, int]]:
        first = bisect_left(self.comments, (start, 0))
        return self.comments[first : bisect_left(self.comments, (end, 0))]

    def column(self, offset: int) -> int:
        """How many characters stand before a place in its line."""
        return offset - (self.text.rfind("\n", 0, offset) + 1)

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line of a place ends, before its line feed."""
        end = self.text.index("\n", offset)
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def next_line(self, offset: int) -> int:
        return self.text.index("\n", offset) + 1

    def lines(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The lines that a stretch touches, each by its start and by its end before the line feed."""
        at = self.line_start(start)
        while at < end:
            yield at, self.line_end(at)
            at = self.next_line(at)


def value_of(node: TreeNode) -> Value:
    """What a part of a tree says, as the reader tells it."""
    if isinstance(node, ScalarNode):
        return node.value
    if node.keys:
        return {str(entry.key): value_of(entry.node) for entry in node.entries}
    return [value_of(entry.node) for entry in node.entries]
