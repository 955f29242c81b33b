"""The code of a book, and its parts: stretches of it that can be set each by itself, one after another.

A part knows the number of its first page and of its first note, and the headings that it stands below. The lists of
contents come last: they print the pages of all that is set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from masterplan_cli.typesetting import CAPTION, SCHEME

#: Of a book of more code and drawings than the first, parts of about the second are set one by one.
WHOLE, PART = 700_000, 240_000
_PICTURE = re.compile(r'image\("(picture-[0-9]{1,9}\.[a-z]{1,4})"')
_ADDRESS = re.compile(r"(https?://|mailto:|tel:)\S", re.IGNORECASE)
_LONGEST_ADDRESS = 2000
#: How often parts are set again because the number of pages of another one was not yet known.
_PASSES = 4
#: Stands for a page that is not known yet.
_UNKNOWN = "–"


class Origin(NamedTuple):
    """Where a stretch of generated lines comes from: a block and the plan's file it is about."""

    block: str
    path: str
    picture: str = ""


class Title(NamedTuple):
    """A heading of the book: where its code begins, and what the lists and the bookmarks show of it."""

    line: int
    level: int
    anchor: str
    words: str
    code: str
    listed: bool


class Captioned(NamedTuple):
    """A numbered table or figure: what stands before its caption, and the caption."""

    kind: str
    mark: str
    code: str


class Cut(NamedTuple):
    """A line at which a page begins, and what is needed to begin there: cover, front or body, how many notes came before, and the headings above."""

    line: int
    place: str
    begins_place: bool
    notes: int
    above: tuple[Title, ...]


@dataclass
class TypstSource:
    """The code of a book: `lines`, where each comes from, and the pictures by the file the code names."""

    lines: list[str] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    #: The number of lines with which every part begins.
    opening: int = 0
    cuts: list[Cut] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    captions: list[Captioned] = field(default_factory=list)
    #: The lines that hold the contents and the lists of tables and figures.
    lists: set[int] = field(default_factory=set)
    #: The characters that no font of the book has, in the order in which they come.
    missing: dict[str, None] = field(default_factory=dict)
    #: Anchors that a link cannot lead to, as those in notes, with the headings above them.
    aliases: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def origin(self, line: int) -> Origin | None:
        """Where line `line` (from 1) comes from."""
        return self.origins[line - 1] if 1 <= line <= len(self.origins) else None

    def emit(self, code: str, origin: Origin) -> None:
        lines = code.split("\n")
        self.lines += lines
        self.origins += [origin] * len(lines)

    def origin_of(self, code: str) -> Origin | None:
        """Where the first line that holds a piece of code comes from."""
        return next((self.origins[i] for i, line in enumerate(self.lines) if code in line), None)


@dataclass(frozen=True)
class BookPart:
    """A stretch of a book's code, from a cut on."""

    cut: Cut
    lines: list[str]
    origins: list[Origin]
    pictures: frozenset[str]
    #: The anchors of its headings.
    anchors: frozenset[str]
    has_lists: bool

    @property
    def weight(self) -> int:
        return sum(map(len, self.lines))


def parts_of_source(source: TypstSource) -> list[BookPart]:
    """The parts of a book; of a small one, a single part."""
    pieces = [piece for piece in _pieces(source) if piece.lines] or list(_pieces(source))
    if sum(_weight(piece, source) for piece in pieces) <= WHOLE:
        return [_joined(pieces)]
    groups: list[list[BookPart]] = []
    weight = 0
    for piece in pieces:
        new_body = piece.cut.begins_place and piece.cut.place == "body"
        if not groups or new_body or weight + _weight(piece, source) / 2 > PART:
            groups.append([])
            weight = 0
        groups[-1].append(piece)
        weight += _weight(piece, source)
    return [_joined(group) for group in groups]


def _pieces(source: TypstSource) -> Iterator[BookPart]:
    """The stretches between all cuts."""
    start = Cut(source.opening, "cover", True, 0, ())
    cuts = [start, *source.cuts, start._replace(line=len(source.lines))]
    for cut, end in pairwise(cuts):
        lines = source.lines[cut.line : end.line]
        yield BookPart(
            cut,
            lines,
            source.origins[cut.line : end.line],
            frozenset(name for line in lines for name in _PICTURE.findall(line)),
            frozenset(title.anchor for title in source.titles if cut.line <= title.line < end.line),
            any(cut.line <= line < end.line for line in source.lists),
        )


def _weight(part: BookPart, source: TypstSource) -> int:
    drawn = (source.pictures[name] for name in part.pictures if name.endswith(".svg"))
    return part.weight + sum(map(len, drawn)) // 2


def _joined(parts: list[BookPart]) -> BookPart:
    """Several parts that follow one another as one."""
    return replace(
        parts[0],
        lines=[line for part in parts for line in part.lines],
        origins=[origin for part in parts for origin in part.origins],
        pictures=frozenset().union(*(part.pictures for part in parts)),
        anchors=frozenset().union(*(part.anchors for part in parts)),
        has_lists=any(part.has_lists for part in parts),
    )


class Places(NamedTuple):
    """What is known of a part when it is set: the labels of the pages of its headings, where its numbered captions stand, and the number of the next page."""

    headings: Mapping[str, str]
    captions: Mapping[str, tuple[str, int, float]]
    next: int


def places_of(data: bytes) -> Places:
    """The same as the preamble's function `places` tells it."""
    said = json.loads(data)
    captions = {mark: (label, page - 1, top) for mark, label, page, top in said["captions"]}
    return Places(dict(said["headings"]), captions, said["next"])


class PartedBook:
    """The parts of a book while they are set, and what is known of each."""

    def __init__(self, source: TypstSource, parts: list[BookPart]) -> None:
        self.source, self.parts = source, parts
        self.known: list[Places | None] = [None] * len(parts)

    def passes(self) -> Iterator[list[int]]:
        """The numbers of the parts in the order in which to set them, again and again until nothing new is known, or so often that it never will be."""
        order = sorted(range(len(self.parts)), key=lambda number: self.parts[number].has_lists)
        for _ in range(_PASSES):
            before = list(self.known)
            yield order
            if before == self.known:
                return

    def code(self, number: int) -> TypstSource:
        """The code of a part as a text of its own."""
        part, nowhere = self.parts[number], Origin("", "")
        made = TypstSource(names=self.source.names)
        # What turns to the body, and with that to a new page, is the first line of its part.
        turn = int(part.cut.begins_place)
        for line in self.source.lines[: self.source.opening]:
            made.emit(line, nowhere)
        made.lines += part.lines[:turn]
        made.origins += part.origins[:turn]
        for line in self._before(number):
            made.emit(line, nowhere)
        made.lines += part.lines[turn:]
        made.origins += part.origins[turn:]
        made.emit("#places()", nowhere)
        made.pictures = {name: self.source.pictures[name] for name in sorted(part.pictures)}
        return made

    def _before(self, number: int) -> Iterator[str]:
        """What a part must be told of those before it, and its lists of all others."""
        part = self.parts[number]
        cut = part.cut
        if part.has_lists:
            yield from self._told(part)
        if not cut.begins_place:
            yield f"#show: {cut.place}"
            yield f"#counter(page).update({self._first_page(number)})"
        if cut.notes:
            yield f"#counter(footnote).update({cut.notes})"
        yield from (f"#stand-in({title.level}, {title.code})" for title in cut.above)

    def _first_page(self, number: int) -> int:
        before = self.known[number - 1]
        return before.next if before else 1

    def _told(self, part: BookPart) -> Iterator[str]:
        """The entries of the lists."""
        pages = {anchor: label for known in self.known if known for anchor, label in known.headings.items()}
        entries = (
            f"({title.level}, {string(title.anchor)}, "
            f"{'none' if title.anchor in part.anchors else string(pages.get(title.anchor, _UNKNOWN))}, {title.code}),"
            for title in self.source.titles
            if title.listed
        )
        yield f"#let contents = contents.with(entries: ({''.join(entries)}))"
        labels = {mark: at[0] for known in self.known if known for mark, at in known.captions.items()}
        listed = (
            f"({string(kind)}, {string(mark)}, {string(labels.get(mark, _UNKNOWN))}, {code}),"
            for kind, mark, code in self.source.captions
        )
        yield f"#let listing = listing.with(entries: ({''.join(listed)}))"

    def places(self) -> dict[str, tuple[int, int, float]]:
        """Where the numbered captions stand: part, page and distance from its upper edge."""
        return {
            f"{CAPTION}{mark}": (number, page, top)
            for number, known in enumerate(self.known)
            for mark, (_, page, top) in (known.captions.items() if known else ())
        }


def array(items: Iterable[str]) -> str:
    return "(" + "".join(f"{item}," for item in items) + ")"


def fractions(widths: Sequence[float]) -> str:
    return array(f"{width * 100:.2f}fr" for width in widths)


def string(text: str) -> str:
    """A text as a string of code."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def attachment(name: str, description: str) -> str:
    """The line that puts a file into the PDF; its description is code."""
    kinds = {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "json": "application/json",
    }
    kind = kinds.get(name.rpartition(".")[2], "application/octet-stream")
    return f'#pdf.attach({string(name)}, relationship: "data", mime-type: {string(kind)}, description: {description})'


def target_of(address: str | None) -> str | None:
    """What a link leads to, as code; None where there is nothing a PDF could open."""
    if not address:
        return None
    if address.startswith("#") and len(address) > 1:
        return string(f"{SCHEME}{address[1:]}")
    fits = _ADDRESS.match(address) and len(address) <= _LONGEST_ADDRESS
    return string("".join(address.replace("\t", "").splitlines())) if fits else None
