"""What a Word file says, as plain data: its paragraphs and tables, its notes, and what no plan can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias


class WordRun(NamedTuple):
    """Words of one look, a line feed for each break of a line; or the mark of a note, or a picture with its text alternative."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    link: str = ""
    note: str = ""
    #: The number of a picture, from 1.
    picture: int = 0


class WordItem(NamedTuple):
    """The mark of an item of a list: how deep it stands, and its number, which is 0 for a bullet."""

    depth: int
    number: int


class WordParagraph(NamedTuple):
    """A paragraph by its number in the file: a heading with its level, an item of a list, or one of a `role`."""

    number: int
    runs: list[WordRun]
    level: int = 0
    item: WordItem | None = None
    #: What its style makes of it: `title`, `caption`, `quote` or `contents`.
    role: str = ""

    @property
    def words(self) -> str:
        """All its words in one line."""
        return " ".join("".join(run.text for run in self.runs if not run.picture).split())

    @property
    def pictures(self) -> list[WordRun]:
        return [run for run in self.runs if run.picture]


class WordTable(NamedTuple):
    """A table by the number of the paragraph before it: the paragraphs of each cell of each row."""

    number: int
    rows: list[list[list[WordParagraph]]]


WordBlock: TypeAlias = WordParagraph | WordTable


class Oddity(NamedTuple):
    """What is not carried as it is: its kind, the number of its paragraph (0 for the whole file), its words, and whose it is."""

    kind: str
    number: int
    said: str = ""
    who: str = ""


class WordText(NamedTuple):
    """All that was read of a Word file; pictures by the numbers that runs have."""

    blocks: list[WordBlock]
    notes: dict[str, list[WordParagraph]]
    oddities: list[Oddity]
    pictures: list[bytes]


def paragraphs_of(blocks: Iterable[WordBlock]) -> Iterator[WordParagraph]:
    """All paragraphs, those in tables as well."""
    for block in blocks:
        if isinstance(block, WordParagraph):
            yield block
        else:
            yield from (paragraph for row in block.rows for cell in row for paragraph in cell)


def as_json(block: WordBlock) -> list[Any]:
    """A block as what JSON knows."""
    return [isinstance(block, WordTable), *block]


def block_of(data: list[Any]) -> WordBlock:
    """A block as it was before it went through JSON."""
    is_table, *values = data
    if is_table:
        number, rows = values
        return WordTable(number, [[[_paragraph(one) for one in cell] for cell in row] for row in rows])
    return _paragraph(values)


def _paragraph(values: list[Any]) -> WordParagraph:
    number, runs, level, item, role = values
    return WordParagraph(
        number, [WordRun(*run) for run in runs], level, WordItem(*item) if item else None, role
    )
