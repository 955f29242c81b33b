"""Which part of a Word text belongs into which section of a program, by its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from masterplan_cli.taxonomy import Spellings, Term
from masterplan_cli.values import slug
from masterplan_cli.words.blocks import Oddity, WordBlock, WordParagraph, WordTable, paragraphs_of

_CHAPTERS = {"bab", "bagian", "chapter", "section"}
_NUMBER = r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){0,4}|[A-Za-z]|[IVXLC]{1,6}|[ivxlc]{1,6})"
_NUMBERED = re.compile(rf"\(?{_NUMBER}[.):]?")
_RUN_TOGETHER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,4}[.)](?=[^\W\d])")
_LONGEST = 120
#: So many rows of a table are called like sections where it is a form.
_FEWEST = 2


class WordHeading(NamedTuple):
    """A heading of a Word text: its place among the blocks, its level, its words without a number, and its term."""

    at: int
    level: int
    words: str
    paragraph: WordParagraph
    term: Term | None


@dataclass
class WordSection:
    """A part of a text for one section: its term, or its own heading where it has none."""

    heading: WordHeading
    blocks: list[WordBlock] = field(default_factory=list)


class SortedText(NamedTuple):
    """The sections of a text, headings that may be slips with what they may mean, and what belongs nowhere."""

    sections: list[WordSection]
    slips: list[tuple[WordHeading, Term]]
    oddities: list[Oddity]


def unnumbered(text: str) -> str:
    """A heading without the number that it begins with, nor a colon at its end."""
    text = _RUN_TOGETHER.sub("", text.strip(), count=1) if _RUN_TOGETHER.match(text.strip()) else text
    words = text.split()
    if len(words) > 2 and words[0].casefold() in _CHAPTERS and _NUMBERED.fullmatch(words[1]):
        words = words[2:]
        words = words[1:] if words and words[0] in ("-", "–", ":") else words
    elif len(words) > 1 and _NUMBERED.fullmatch(words[0]):
        words = words[1:]
    return " ".join(words).rstrip(" :")


class SectionFinder:
    """Finds the sections that a program's text must have, and those that it has besides, in a Word text."""

    def __init__(self, terms: tuple[Term, ...], title: str, own: frozenset[str]) -> None:
        self._terms, self._title, self._own = terms, slug(title), own
        self._by_slug = {spelling: term for term in terms for spelling in term.spellings}
        self._spellings = Spellings(terms)

    def sort(self, blocks: Sequence[WordBlock]) -> SortedText:
        """The text by its sections."""
        made = SortedText([], [], [])
        blocks = [*self._unfolded(blocks, made.oddities)]
        headings = [*self._headings(blocks)]
        before = blocks[: headings[0].at] if headings else blocks
        made.oddities.extend(_left_out("outside", before))
        open_: WordSection | None = None
        for at, heading in enumerate(headings):
            end = headings[at + 1].at if at + 1 < len(headings) else len(blocks)
            inside = blocks[heading.at + 1 : end]
            if (
                open_
                and heading.level > open_.heading.level
                and not (heading.term and not open_.heading.term)
            ):
                open_.blocks += [heading.paragraph._replace(level=heading.level), *inside]
                continue
            open_ = self._opened(heading, inside, made)
        return made

    def _opened(
        self, heading: WordHeading, inside: Sequence[WordBlock], made: SortedText
    ) -> WordSection | None:
        """The section that a heading begins; None where it begins none."""
        known = heading.term is not None or slug(heading.words) in self._own
        if not heading.words:
            made.oddities.extend(_left_out("outside", inside))
            return None
        if not known and self._is_title(heading):
            is_own = slug(heading.paragraph.words) == self._title
            made.oddities.extend(_left_out("outside", inside if is_own else [heading.paragraph, *inside]))
            return None
        if not known and not inside:
            if not _NUMBERED.fullmatch(heading.words.split()[-1]):
                made.oddities.append(Oddity("heading", heading.paragraph.number, heading.words))
            return None
        meant = None if known else self._spellings.meant(heading.words[:_LONGEST])
        if meant:
            made.slips.append((heading, next(term for term in self._terms if term.id == meant)))
            return None
        section = WordSection(heading, [*inside])
        made.sections.append(section)
        return section

    def _unfolded(self, blocks: Sequence[WordBlock], oddities: list[Oddity]) -> Iterator[WordBlock]:
        """The blocks, with each table whose rows are called like sections as these sections."""
        for block in blocks:
            rows = [_labelled(row) for row in block.rows] if isinstance(block, WordTable) else []
            terms = {term.id for label, said in rows if said and label and (term := self._term(label))}
            if len(terms) < _FEWEST:  # one may be the head of a column
                yield block
                continue
            for label, said in rows:
                if label and self._term(label):
                    yield label._replace(level=1, item=None)
                    yield from said
                else:
                    oddities.extend(_left_out("row", [*([label] if label else []), *said]))
            # The section of the last row ends with the table.
            yield WordParagraph(block.number, [], 1)

    def _is_title(self, heading: WordHeading) -> bool:
        return heading.paragraph.role == "title" or slug(heading.paragraph.words) == self._title

    def _headings(self, blocks: Sequence[WordBlock]) -> Iterator[WordHeading]:
        """The headings of a text, and paragraphs that say what a section is called and nothing else."""
        levels = [
            one.level for one in blocks if isinstance(one, WordParagraph) and one.level and self._term(one)
        ]
        top = min(levels, default=1)
        for at, block in enumerate(blocks):
            if not isinstance(block, WordParagraph):
                continue
            term = self._term(block)
            if block.level or block.role == "title":
                yield WordHeading(at, block.level, unnumbered(block.words), block, term)
            elif term and (block.item is None or all(run.bold for run in block.runs if run.text.strip())):
                yield WordHeading(at, top, unnumbered(block.words), block, term)

    def _term(self, paragraph: WordParagraph) -> Term | None:
        if len(paragraph.words) > _LONGEST:
            return None
        words = paragraph.words
        return self._by_slug.get(slug(words)) or self._by_slug.get(slug(unnumbered(words)))


def _labelled(row: Sequence[list[WordParagraph]]) -> tuple[WordParagraph | None, list[WordParagraph]]:
    """What a row of a form is called, by its first cell that says more than a number, and what it says."""
    cells = [cell for cell in row if any(one.pictures or one.words.strip(" :") for one in cell)]
    at = 1 if cells and len(cells[0]) == 1 and _NUMBERED.fullmatch(cells[0][0].words) else 0
    label = cells[at][0] if at < len(cells) and len(cells[at]) == 1 else None
    return label, [one for cell in cells[at + 1 if label else 0 :] for one in cell]


def _left_out(kind: str, blocks: Sequence[WordBlock]) -> Iterator[Oddity]:
    """What of a text stands in no section, as one thing."""
    said = [one for one in paragraphs_of(blocks) if one.words or one.pictures]
    if said:
        yield Oddity(kind, said[0].number, " ".join(one.words for one in said[:3]))
