"""Edits of a plan's files: other values and other words where they are asked for, and every other byte as it was.

An edit names its place by path and route. Edits are made together or not at all: what cannot be done for certain is
refused by a finding, and so is whatever would not read afterwards as the file did before, with that change alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from pydantic import BaseModel

from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.edits import draft as drafts
from masterplan_cli.edits.changes import changes_of
from masterplan_cli.edits.draft import Draft, NoPlaceError, arranged, same
from masterplan_cli.edits.prose import Headings, with_section
from masterplan_cli.edits.text import Given, Layout, as_value, block
from masterplan_cli.edits.tree import Tree, UnknownLayoutError
from masterplan_cli.file_rules import TOO_LARGE
from masterplan_cli.files import MAX_TEXT_BYTES, PLAN_FILE
from masterplan_cli.project import ID, FileReading, mebibytes, read_text
from masterplan_cli.rules.tool import CANNOT_EDIT
from masterplan_cli.schema import KINDS, fields_at
from masterplan_cli.source import Change, Route, changed
from masterplan_cli.taxonomy import Taxonomy
from masterplan_cli.values import CONTROLS
from masterplan_cli.yaml_reader import MAX_DEPTH, Value

__all__ = ["Edit", "Given", "InsertItem", "NewFile", "RemoveValue", "SetProse", "SetValue", "apply"]

_BOM = b"\xef\xbb\xbf"
#: No figure of a plan has more digits before or behind its mark.
_DIGITS = 40


@dataclass(frozen=True)
class SetValue:
    """Let the value at a route be another; it and what must hold it are made where they are missing."""

    path: str
    route: Route
    value: Given


@dataclass(frozen=True)
class RemoveValue:
    """Remove a key with its value, or an item; a list without its last item stays as an empty one."""

    path: str
    route: Route


@dataclass(frozen=True)
class InsertItem:
    """Put an item into a list before the one at its number, or at the end."""

    path: str
    route: Route
    value: Given


@dataclass(frozen=True)
class SetProse:
    """Let a section say something else, by the headings that lead to it; None removes it with its heading.

    A new section stands where `order`, the words of all sections beside it, places it. No headings mean the whole text.
    """

    path: str
    headings: Headings
    text: str | None
    order: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class NewFile:
    """Make a file that is not there, of values and, in Markdown, a text."""

    path: str
    value: Mapping[str, Given]
    text: str = ""


Edit: TypeAlias = SetValue | RemoveValue | InsertItem | SetProse | NewFile


def apply(files: Mapping[str, bytes], edits: Iterable[Edit]) -> dict[str, bytes] | list[Finding]:
    """The new bytes of each file that edits change, each edit after those before it; or why none of them is made.

    `files` are the bytes of the files that are there, by their paths in the plan.
    """
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    new: dict[str, bytes] = {}
    findings: list[Finding] = []
    for path, own in by_path.items():
        try:
            data = _edited(path, files.get(path), own)
        except _Refusal as refusal:
            findings += refusal.findings
            continue
        if data != files.get(path):
            new[path] = data
    return findings or new


class _Refusal(Exception):  # noqa: N818 - it carries findings, and is no fault of the program
    """Why the edits of a file are not made."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings


def _refused(variant: str, path: str, route: Route = ()) -> _Refusal:
    shown = "/".join(map(str, route)) or path
    return _Refusal(CANNOT_EDIT.at(Place(path, route), variant, path=path, route=shown))


def _edited(path: str, data: bytes | None, edits: list[Edit]) -> bytes:
    for edit in edits:
        _check(edit)
    if isinstance(edits[0], NewFile):
        data = _made(edits[0], data)
        edits = edits[1:]
    if any(isinstance(edit, NewFile) for edit in edits):
        raise _refused("exists", path)
    if data is None:
        raise _refused("file", path)
    if len(data) > MAX_TEXT_BYTES:
        raise _too_large(path, data)
    reading = read_text(path, data)
    if reading.findings or reading.parsed.value is None:
        raise _Refusal(*reading.findings)
    text = _File(path, reading).edited(edits)
    new = (_BOM if data.startswith(_BOM) else b"") + text.encode("utf-8")
    if len(new) > MAX_TEXT_BYTES:
        raise _too_large(path, new)
    return new


def _too_large(path: str, data: bytes) -> _Refusal:
    return _Refusal(TOO_LARGE.at(Place(path), size=mebibytes(len(data)), limit=mebibytes(MAX_TEXT_BYTES)))


class _File:
    """A file that reads, and what edits make of its text."""

    def __init__(self, path: str, reading: FileReading) -> None:
        self.path, self.reading, self.text = path, reading, reading.source.text
        self.line_end = "\r\n" if self.text.count("\r\n") * 2 > self.text.count("\n") else "\n"
        #: Where the values end and, in Markdown, where they begin and the words begin.
        self.prose = reading.parsed.body is not None
        body_line = reading.parsed.body_line
        starts = reading.source.starts
        self.start = starts[1] if self.prose else 0
        self.end = starts[body_line - 2] if self.prose else len(self.text)
        self.body = min(starts[body_line - 1], len(self.text)) if self.prose else len(self.text)

    def edited(self, edits: list[Edit]) -> str:
        """The text with all edits made; what does not read as it should is refused."""
        value: dict[str, Value] = {"": deepcopy(self.reading.parsed.value)}
        words = self.reading.parsed.body or ""
        values = [edit for edit in edits if not isinstance(edit, SetProse)]
        for edit in edits:
            try:
                if isinstance(edit, SetProse):
                    words = self._reworded(words, edit)
                else:
                    _revalue(value, edit)
            except NoPlaceError as error:
                raise _refused(error.kind, self.path, getattr(edit, "route", ())) from None
        changes = self._changes_of_values(values) if values else []
        if words != (self.reading.parsed.body or ""):
            changes.append(self._change_of_words(words))
        text = changed(self.text, changes)
        self._compare(text, value[""], words, _route_of(edits))
        return text

    def _reworded(self, words: str, edit: SetProse) -> str:
        if not self.prose:
            raise NoPlaceError("no_text")
        text = None if edit.text is None else edit.text.replace("\r\n", "\n")
        return with_section(words, edit.headings, text, edit.order)

    def _changes_of_values(self, edits: Sequence[Edit]) -> list[Change]:
        part = self.text[self.start : self.end]
        # What ends without a line feed is read with one.
        added = "" if not part or part.endswith("\n") else self.line_end
        try:
            draft = Draft(Tree(part + added), partial(_fields, _model(self.path)))
            for edit in edits:
                _redraft(draft, edit)
            found = changes_of(draft, self.line_end)
        except (NoPlaceError, UnknownLayoutError):
            raise _refused("", self.path, _route_of(edits)) from None
        new = changed(part + added, found)
        new = new.removesuffix(added) if added else new
        return [Change(self.start, self.end, new)] if new != part else []

    def _change_of_words(self, words: str) -> Change:
        """The lines that change behind the data."""
        old, new = (self.reading.parsed.body or "").split("\n"), words.split("\n")
        least = min(len(old), len(new)) - 1
        first = next((at for at in range(least) if old[at] != new[at]), least)
        last = next((at for at in range(least - first) if old[-1 - at] != new[-1 - at]), least - first)
        made = self.line_end.join(new[first : len(new) - last])
        # A file may end with the line that closes its data.
        before = "" if self.text[self.body - 1] == "\n" else self.line_end
        starts = self.reading.source.starts
        line = self.reading.parsed.body_line - 1
        if last:
            return Change(starts[line + first], starts[line + len(old) - last], made + self.line_end)
        at = min(starts[min(line + first, len(starts) - 1)], len(self.text))
        return Change(at, len(self.text), before + made)

    def _compare(self, text: str, value: Value, words: str, route: Route) -> None:
        """Refuse a text that does not say just what it should, or has lost a comment."""
        after = read_text(self.path, text.encode("utf-8"))
        said = (
            not after.findings
            and after.parsed.value is not None
            and same(after.parsed.value, value)
            and (after.parsed.body or "") == words
        )
        if not said or self._comments(self.reading) != self._comments(after):
            raise _refused("", self.path, route)

    def _comments(self, reading: FileReading) -> list[str]:
        """The comments beside the values."""
        lines = reading.source.lines
        data = lines[1 : reading.parsed.body_line - 2] if self.prose else lines
        try:
            return Tree("\n".join([*data, ""])).said
        except UnknownLayoutError:
            raise _refused("", self.path) from None


# --- edits of values


def _revalue(root: dict[str, Value], edit: Edit) -> None:
    """Make an edit in a value whose own place is below the empty name."""
    if isinstance(edit, SetValue):
        drafts.put(root, ("", *edit.route), as_value(edit.value))
    elif isinstance(edit, InsertItem):
        drafts.insert(root, ("", *edit.route), as_value(edit.value))
    elif isinstance(edit, RemoveValue):
        drafts.remove(root, ("", *edit.route))
    if not isinstance(root[""], dict):
        raise NoPlaceError("kind")


def _redraft(draft: Draft, edit: Edit) -> None:
    if isinstance(edit, SetValue):
        draft.put(edit.route, as_value(edit.value))
    elif isinstance(edit, InsertItem):
        draft.insert(edit.route, as_value(edit.value))
    elif isinstance(edit, RemoveValue):
        draft.remove(edit.route)


def _route_of(edits: Sequence[Edit]) -> Route:
    """The place that a finding on several edits shows: that of the first which has one."""
    return next((edit.route for edit in edits if isinstance(edit, SetValue | InsertItem | RemoveValue)), ())


def _check(edit: Edit) -> None:
    """Refuse what no file can hold."""
    match edit:
        case SetValue() | InsertItem():
            sound = _is_sound(edit.value) and _is_sound(edit.route)
        case NewFile():
            sound = _is_sound(edit.value) and _is_sound(edit.text)
        case SetProse():
            sound = _is_sound(edit.text) and all(_is_sound(word) for words in edit.headings for word in words)
        case RemoveValue():
            sound = True
    if not sound:
        raise _refused("value", edit.path, _route_of([edit]))
    if isinstance(edit, RemoveValue | InsertItem) and not edit.route:
        raise _refused("missing", edit.path)


def _is_sound(given: Given) -> bool:
    """Whether a value is not too deep and its texts have no hidden characters."""
    level: list[Given] = [given]
    for _ in range(MAX_DEPTH):
        texts = [one for one in level if isinstance(one, str)]
        texts += [key for one in level if isinstance(one, dict) for key in one if isinstance(key, str)]
        if any(CONTROLS.search(text) or not _is_text(text) for text in texts):
            return False
        if any(isinstance(one, int | float | Decimal) and not _is_figure(one) for one in level):
            return False
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return True
    return False


def _is_figure(number: float | Decimal) -> bool:
    """Whether a number is one that people write."""
    if isinstance(number, int):
        return bool(abs(number) < 10**_DIGITS)
    return Decimal(number).is_finite() and (not number or abs(Decimal(number).adjusted()) < _DIGITS)


def _inside(given: Given) -> Iterable[Given]:
    if isinstance(given, dict):
        return given.values()
    return given if isinstance(given, list | tuple) else ()


def _is_text(text: str) -> bool:
    """Whether a text can be written as UTF-8."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


# --- files


def _model(path: str) -> type[BaseModel] | None:
    """What a file at a path may say; None where a plan has no file."""
    parts = path.split("/")
    stem, _, ending = parts[-1].rpartition(".")
    if path == PLAN_FILE:
        return KINDS["masterplan"]
    if not ID.fullmatch(stem):
        return None
    if len(parts) == 3 and parts[0] == "pillars" and ID.fullmatch(parts[1]):
        if stem == "pillar":
            return KINDS["pillar"] if ending == "md" else None
        return KINDS["program"] if ending in ("md", "yaml") else None
    kinds = {("agencies", "yaml"): "agency", ("chapters", "md"): "chapter"}
    kind = kinds.get((parts[0], ending)) if len(parts) == 2 else None
    return KINDS[kind] if kind else Taxonomy if len(parts) == 1 and ending == "yaml" else None


def _fields(model: type[BaseModel] | None, route: Route) -> list[str]:
    return fields_at(model, route) if model else []


def _made(edit: NewFile, there: bytes | None) -> bytes:
    """The bytes of a new file."""
    model = _model(edit.path)
    if there is not None:
        raise _refused("exists", edit.path)
    if model is None:
        raise _refused("path", edit.path)
    lines = block(arranged(partial(_fields, model), (), as_value(edit.value)), Layout())
    text = edit.text.replace("\r\n", "\n").strip("\n")
    if edit.path.endswith(".md"):
        lines = ["---", *lines, "---", *(["", text] if text else [])]
    elif text:
        raise _refused("no_text", edit.path)
    return ("\n".join(lines) + "\n").encode("utf-8")
