"""All that one file says, for rules that look for a word wherever it may stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from masterplan_cli.markdown import Prose
from masterplan_cli.source import Route
from masterplan_cli.yaml_reader import Value


class Words:
    """The fields and the prose of a file, in whole for a first look and in pieces with their places."""

    def __init__(self, path: str, value: Value, prose: Prose | None) -> None:
        self.path, self.value, self.prose = path, value, prose

    @cached_property
    def field_text(self) -> str:
        """Every text of the fields, with a mark between them that no text holds."""
        return "\0".join(self._gathered[0])

    @property
    def named_lists(self) -> list[tuple[str | int, list[Value]]]:
        """Every list of the fields with its key or its number."""
        return self._gathered[1]

    @cached_property
    def _gathered(self) -> tuple[list[str], list[tuple[str | int, list[Value]]]]:
        texts: list[str] = []
        lists: list[tuple[str | int, list[Value]]] = []
        _gather(self.value, texts, lists)
        return texts, lists

    @cached_property
    def prose_text(self) -> str:
        """The prose, perhaps with the end of the data before it."""
        text = self.prose.source.text if self.prose else ""
        return text[max(text.find("\n---", 3), 0) :]

    @cached_property
    def folded(self) -> str:
        """All of it in small letters."""
        return folded(f"{self.field_text}\0{self.prose_text}")

    def lines(self) -> Iterator[tuple[int, str]]:
        """Every line of the prose with its number."""
        return self.prose.lines_of_text() if self.prose else iter(())

    def fields(self) -> Iterator[tuple[Route, str]]:
        """Every text of the fields with its route."""
        return ((route, value) for route, value in _values(self.value) if isinstance(value, str))

    def lists(self) -> Iterator[tuple[Route, list[Value]]]:
        """Every list of the fields with its route."""
        return ((route, value) for route, value in _values(self.value) if isinstance(value, list))


def folded(text: str) -> str:
    """A text in small letters; two that a pattern takes for one, capitals aside, are one here as well."""
    return (text if text.isascii() else text.replace("İ", "i").replace("ı", "i")).casefold()


def _gather(value: Value, texts: list[str], lists: list[tuple[str | int, list[Value]]]) -> None:
    """Collect the texts and the lists inside a group or a list."""
    inner: Iterable[tuple[str | int, Value]]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        if isinstance(item, str):
            texts.append(item)
        elif item is not None:
            if isinstance(item, list):
                lists.append((key, item))
            _gather(item, texts, lists)


def _values(whole: Value) -> Iterator[tuple[Route, Value]]:
    """Every value inside another, itself included, with its route."""
    stack: list[tuple[Route, Value]] = [((), whole)]
    while stack:
        route, value = stack.pop()
        yield route, value
        if isinstance(value, dict):
            stack += [((*route, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            stack += [((*route, index), inner) for index, inner in enumerate(value)]
