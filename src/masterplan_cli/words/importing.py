"""What a Word file changes in a program: each of its sections against what the program's file says now."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from masterplan_cli.checking import Checked, diagnose
from masterplan_cli.diagnostics import Finding, Place, Rule
from masterplan_cli.edits import SetProse
from masterplan_cli.edits.prose import section_text
from masterplan_cli.files import digest
from masterplan_cli.importing import Changed, Imported, Places, section_route, short, try_edits
from masterplan_cli.markdown import prose_parser
from masterplan_cli.messages import Both, Language
from masterplan_cli.nodes import Program
from masterplan_cli.pictures import media_of
from masterplan_cli.plan import Plan
from masterplan_cli.rules.word_texts import UNREADABLE_WORD, WORD_LEFT_OUT, WORD_REFUSED
from masterplan_cli.source import Route, Span
from masterplan_cli.taxonomy import Term
from masterplan_cli.typesetting import ENDINGS
from masterplan_cli.values import slug
from masterplan_cli.words.blocks import Oddity, WordBlock, WordParagraph, WordTable, WordText, paragraphs_of
from masterplan_cli.words.markdown import MarkdownText, WordMarkdown, is_safe, pictures_of
from masterplan_cli.words.reading import read_word
from masterplan_cli.words.sections import SectionFinder, SortedText, WordHeading, WordSection
from masterplan_cli.workbooks import Unreadable

#: So much of the words at a place is shown, and so many places are named.
_SHOWN_PLACE, _MOST_PLACES = 40, 5
#: What is told once for all places, or for all of one person.
_TOGETHER = {
    "underline", "colour", "highlight", "raised", "marks", "inserted", "deleted", "moved", "formats", "comment", "contents", "page",
    "nested",
}  # fmt: skip
_SECTION_LEVEL = 2


def import_word(checked: Checked, file: Path, program: Program) -> Imported:
    """What the text in a Word file changes in a program of a plan that was checked."""
    made = Imported()
    plan = checked.plan
    assert plan  # noqa: S101 - it has the program
    text = read_word(file)
    if isinstance(text, Unreadable):
        finding = UNREADABLE_WORD.at(Place(file.name), text.variant, file=file.name, **text.words)
        made.refused = diagnose(checked.project, None, [finding], checked.language)
        return made
    taken = _Taken(plan, program, text, file.name, checked.language)
    taken.take()
    made.changes = taken.changes
    try_edits(made, checked, taken.edits, taken.places, taken.findings, taken.pictures.new)
    return made


class _Pictures:
    """Where the pictures of a text stand in the plan: under their old names where the program shows them already."""

    def __init__(self, plan: Plan, program: Program, pictures: Sequence[bytes]) -> None:
        self._pictures = pictures
        self._stem = program.id.rpartition("/")[2]
        self._up = "../" * program.path.count("/")
        self._known: dict[str, str] = {}
        for path in plan.links.pictures_of(program):
            with suppress(OSError):
                self._known[plan.project.asset_digest(path) or ""] = path
        self._paths = plan.project.paths
        self.new: dict[str, bytes] = {}

    def is_picture(self, number: int) -> bool:
        return media_of(self._pictures[number - 1]) is not None

    def path(self, number: int) -> str:
        """The path of a picture, which is made of the program's id and its own content."""
        data = self._pictures[number - 1]
        seen = digest(data)
        if seen in self._known:
            return self._known[seen]
        path = f"assets/{self._stem}-{seen[:10]}.{ENDINGS.get(media_of(data) or '', 'png')}"
        if path not in self._paths:
            self.new[path] = data
        return path

    def address(self, number: int) -> str:
        return self._up + self.path(number)


class _Taken:
    """The sections of a text, as edits of a program's file, and what is said of them."""

    def __init__(self, plan: Plan, program: Program, text: WordText, file: str, language: Language) -> None:
        self.plan, self.program, self.text, self.file, self.language = plan, program, text, file, language
        self.pictures = _Pictures(plan, program, text.pictures)
        self.changes: list[Changed] = []
        self.edits: list[SetProse] = []
        self.findings: list[Finding] = []
        parsed = plan.project.parsed[program.path]
        self._body = parsed.body or ""
        self._written: list[tuple[WordHeading, MarkdownText]] = []
        self._said = {one.number: one.words for one in paragraphs_of(text.blocks) if one.words}
        self._worded = sorted(self._said)

    def take(self) -> None:
        """Take over all sections that say something else than the file."""
        terms = self.plan.taxonomy.sections.program
        headings = self.program.prose.headings if self.program.prose else []
        own = frozenset(one.slug for one in headings if one.level <= _SECTION_LEVEL)
        sorted_ = SectionFinder(terms, self.program.title, own).sort(self.text.blocks)
        # Where there is no section at all, that alone is told.
        oddities = [*self.text.oddities, *(sorted_.oddities if sorted_.sections else ())]
        blocks = [*chain.from_iterable(section.blocks for section in sorted_.sections)]
        oddities += self._odd_in(blocks)
        self._refuse(sorted_)
        order = [self._words(term) for term in terms]
        taken: set[str] = set()
        for section in sorted_.sections:
            name = section.heading.term.id if section.heading.term else slug(section.heading.words)
            if name in taken:
                self._refuse_at(section.heading.paragraph.number, "twice", heading=section.heading.words)
                continue
            taken.add(name)
            if not section.heading.term:
                order.append((section.heading.words,))
            self._take(section, tuple(order))
        self._tell_left_out(oddities)

    def _refuse(self, sorted_: SortedText) -> None:
        """Refuse what has no headings, and headings that are slips."""
        names = ", ".join(
            f"`{term.name.of(self.plan.language)}`" for term in self.plan.taxonomy.sections.program
        )
        words: dict[str, Any] = {"file": self.file, "sections": names}
        known = any(section.heading.term for section in sorted_.sections)
        for heading, term in sorted_.slips:
            suggestion = term.name.of(self.plan.language)
            self._refuse_at(heading.paragraph.number, "", heading=heading.words, suggestion=suggestion)
        if not self.text.blocks:
            self._tell(WORD_REFUSED, [0], "empty", **words)
        elif not known and not sorted_.slips:
            self._tell(WORD_REFUSED, [0], "headings", **words)

    def _refuse_at(self, number: int, variant: str, **words: Any) -> None:
        self._tell(WORD_REFUSED, [number], variant, **words)

    def _tell(self, rule: Rule, numbers: Sequence[int], variant: str, **words: Any) -> None:
        """Say something of paragraphs of the Word file, whose lines they are, to whom the program belongs."""
        span = Span(numbers[0], 1, numbers[0], 1) if numbers[0] else None
        owner = self.program.owner.id if self.program.owner else None
        place = Place(self.file, span=span)
        self.findings.append(rule.at(place, variant, agency=owner, where=self._place(*numbers), **words))

    def _place(self, *numbers: int) -> Both:
        """What paragraphs are called: by their number, and one by its words or those of the one before it."""
        if not numbers[0]:
            return Both("seluruh naskah", "the whole text")
        if len(numbers) > 1:
            listed = ", ".join(map(str, numbers[:_MOST_PLACES])) + (
                ", …" if len(numbers) > _MOST_PLACES else ""
            )
            return Both(f"paragraf {listed}", f"paragraphs {listed}")
        own, before = self._said.get(numbers[0], ""), self._words_before(numbers[0])
        quoted = short((own or before).replace(": ", " "), _SHOWN_PLACE)
        marks = ("", "") if own else (", sesudah", ", after")
        return Both(
            *(
                f"{word} {numbers[0]}{mark} “{quoted}”" if quoted else f"{word} {numbers[0]}"
                for word, mark in zip(("paragraf", "paragraph"), marks, strict=True)
            )
        )

    def _words_before(self, number: int) -> str:
        """What the nearest paragraph before one says."""
        at = bisect_left(self._worded, number)
        return self._said[self._worded[at - 1]] if at else ""

    def _words(self, term: Term) -> tuple[str, ...]:
        """All words that the heading of a section may have, first those of a new one."""
        return (term.name.of(self.plan.language), term.name.id, term.name.en, *term.spellings)

    def _headings_of(self, heading: WordHeading) -> tuple[str, ...]:
        """All words that the heading of a section may have in the file."""
        return self._words(heading.term) if heading.term else (heading.words,)

    # --- sections

    def _take(self, section: WordSection, order: tuple[tuple[str, ...], ...]) -> None:
        heading, term = section.heading, section.heading.term
        words = self._headings_of(heading)
        blocks = [*self._without_foreign(section.blocks)]
        level = max(heading.level, 1)
        writer = WordMarkdown(self.pictures.address, self.text.notes)
        made = writer.section(blocks, level, slug(words[0]) or "bagian")
        before = section_text(self._body, (words,))
        if before is not None and is_same(before, made.text):
            return
        if not made.text:  # what the file says is not removed by a heading that nobody has filled in
            self._tell(WORD_LEFT_OUT, [heading.paragraph.number], "heading", said="")
            return
        self._require_alternatives(made, blocks)
        self._written.append((heading, made))
        self.edits.append(SetProse(self.program.path, (words,), made.text, order))
        number, name = heading.paragraph.number, words[0]
        place = self._place(number).of(self.language)
        if before is None:
            about = Both(f"bagian {name}", f"section {name}")
            self.changes.append(Changed(place, about, "", short(made.text), new=True))
            if term is None:
                self._tell(WORD_LEFT_OUT, [number], "own", said="")
        else:
            about = Both(f"bagian {name} diganti", f"section {name} replaced")
            self.changes.append(Changed(place, about, *_apart(before, made.text)))

    def _without_foreign(self, blocks: Iterable[WordBlock]) -> Iterator[WordBlock]:
        """The blocks without pictures that no plan can hold."""
        foreign = {run.picture for run, _ in pictures_of(blocks) if not self.pictures.is_picture(run.picture)}
        for block in blocks:
            yield _without(block, foreign) if foreign else block

    def _require_alternatives(self, made: MarkdownText, blocks: Sequence[WordBlock]) -> None:
        """Refuse pictures for which neither a text alternative nor a caption says what they show."""
        for run, number in pictures_of(blocks):
            address = self.pictures.address(run.picture)
            name = address.rpartition("/")[2]
            if not run.text and f"![{name}]({address})" in made.text:
                self._refuse_at(number, "picture")

    def _odd_in(self, blocks: Sequence[WordBlock]) -> Iterator[Oddity]:
        """What shows only when words and pictures are looked at."""
        for run, number in pictures_of(blocks):
            if not self.pictures.is_picture(run.picture):
                yield Oddity("format", number, run.text)
        links = (
            (run.link, one.number)
            for one in paragraphs_of(blocks)
            for run in one.runs
            if run.link and not is_safe(run.link)
        )
        yield from (Oddity("link", number, link) for link, number in dict.fromkeys(links))

    # --- what is not carried

    def _tell_left_out(self, oddities: Iterable[Oddity]) -> None:
        """Say what is not carried: for each place, or once for all of a kind and a person."""
        together: dict[tuple[str, str, int], list[Oddity]] = {}
        for at, oddity in enumerate(oddities):
            alone = 0 if oddity.kind in _TOGETHER else at + 1
            together.setdefault((oddity.kind, oddity.who, alone), []).append(oddity)
        for (kind, who, _), alike in together.items():
            numbers = [*dict.fromkeys(one.number for one in alike)]
            said = next((one.said for one in alike if one.said), "")
            words = {"who": who or "–", "count": len(alike)}
            if kind in WORD_LEFT_OUT.variants:
                quoted = f": “{short(said)}”" if self._adds(said, numbers) else ""
                self._tell(WORD_LEFT_OUT, numbers, kind, said=quoted, **words)
            else:
                self._tell(WORD_LEFT_OUT, numbers, "", kind=said, said="", **words)

    def _adds(self, said: str, numbers: Sequence[int]) -> bool:
        """Whether words say more than the name of their place, which is a paragraph's first words."""
        return bool(said) and (len(numbers) > 1 or said != self._said.get(numbers[0]))

    def places(self, files: Mapping[str, bytes]) -> Places:
        """The paragraphs that the new lines of the program's file come from, by their numbers."""
        path = self.program.path
        lines = files.get(path, b"").decode("utf-8-sig").splitlines()
        found: dict[tuple[str, Route], str] = {}
        for heading, made in self._written:
            place = self._place(heading.paragraph.number).of(self.language)
            found |= {(path, section_route(words)): place for words in self._headings_of(heading)}
            at = _find(lines, [line for line, _ in made.lines])
            for offset, (_, number) in enumerate(made.lines if at >= 0 else ()):
                found[path, (at + offset + 1,)] = self._place(number).of(self.language)
        return found


def _find(lines: Sequence[str], part: Sequence[str]) -> int:
    """Where lines stand among others; -1 where they do not."""
    starts = (at for at, line in enumerate(lines) if part and line == part[0])
    return next((at for at in starts if lines[at : at + len(part)] == [*part]), -1)


def _without(block: WordBlock, pictures: set[int]) -> WordBlock:
    """A block without some pictures."""
    if isinstance(block, WordTable):
        rows = [[[_bare(one, pictures) for one in cell] for cell in row] for row in block.rows]
        return WordTable(block.number, rows)
    return _bare(block, pictures)


def _bare(paragraph: WordParagraph, pictures: set[int]) -> WordParagraph:
    return paragraph._replace(runs=[run for run in paragraph.runs if run.picture not in pictures])


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same with the same marks, however their lines are broken."""
    return one == other or _rendered(one) == _rendered(other)


def _rendered(text: str) -> str:
    return " ".join(prose_parser().render(text).split())


def _apart(before: str, after: str) -> tuple[str, str]:
    """Two texts from the word on in which they differ."""
    old, new = before.split(), after.split()
    same = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )
    start = max(0, same - 2)
    mark = "… " if start else ""
    return mark + short(" ".join(old[start:])), mark + short(" ".join(new[start:]))
