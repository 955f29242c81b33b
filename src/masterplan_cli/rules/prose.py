"""MP5xx: the text that agencies write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile
from typing import Any

from masterplan_cli.diagnostics import Finding, Place, Rule, Severity, Text
from masterplan_cli.markdown import MAX_CELLS, MAX_PARAGRAPH, Prose, ProseHeading
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Chapter, Node, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.rules.registry import rule
from masterplan_cli.rules.words import Words, folded
from masterplan_cli.source import Span
from masterplan_cli.taxonomy import Term
from masterplan_cli.values import grouped

_SECTION_WHY = Both(
    "Penilai dan pembaca mencari bagian yang sama di setiap program dan pilar; yang kosong terbaca sebagai belum dipikirkan.",
    "Assessors and readers look for the same sections in every program and pillar; an empty one reads as not thought through.",
)


def _place(prose: Prose, line: int) -> Place:
    return Place(prose.source.path, span=prose.source.whole_line(line))


@rule(
    "MP501",
    "missing-section",
    Severity.WARNING,
    title=Both("bagian wajib tidak ada", "a required section is missing"),
    why=_SECTION_WHY,
    message=Both("bagian `{section}` belum ada", "the section `{section}` is missing"),
    fix=Both(
        "tambahkan judul `{mark} {section}` dan isinya", "add a heading `{mark} {section}` and its text"
    ),
    variants={
        "under": Text(
            Both(
                "bagian `{section}` belum ada di bawah `{parent}`",
                "the section `{section}` is missing below `{parent}`",
            ),
            Both(
                "tambahkan judul `{mark} {section}` dan isinya",
                "add a heading `{mark} {section}` and its text",
            ),
        )
    },
    each=(Program, Pillar),
)
def missing_section(found: Rule, plan: Plan, node: Program | Pillar) -> Iterator[Finding]:
    if node.broken:
        return
    if isinstance(node, Pillar):
        if node.term and node.exists:
            yield from _pillar_sections(found, plan, node)
    elif node.path.endswith(".md"):  # a `.yaml` program chose to have no narrative
        for section in _missing(plan.taxonomy.sections.program, _headings(node.prose)):
            yield found.at(_body_start(node), section=_both(section), mark="##")


def _pillar_sections(found: Rule, plan: Plan, pillar: Pillar) -> Iterator[Finding]:
    headings = _headings(pillar.prose)
    for term in pillar.term.subdimensions if pillar.term else ():
        heading = _match(term, headings)
        if heading is None:
            yield found.at(_body_start(pillar), section=_both(term), mark="##")
            continue
        own = _below(heading, headings)
        for section in _missing(plan.taxonomy.sections.pillar, own):
            mark = "#" * (heading.level + 1)
            yield found.at(
                _line(pillar, heading), "under", section=_both(section), parent=heading.text, mark=mark
            )


def _headings(prose: Prose | None) -> list[ProseHeading]:
    return prose.headings if prose else []


def _missing(sections: tuple[Term, ...], headings: list[ProseHeading]) -> list[Term]:
    return [section for section in sections if _match(section, headings) is None]


def _match(term: Term, headings: list[ProseHeading]) -> ProseHeading | None:
    spellings = set(term.spellings)
    return next((h for h in headings if h.slug in spellings), None)


def _below(heading: ProseHeading, headings: list[ProseHeading]) -> list[ProseHeading]:
    """The headings of a section."""
    later = headings[_after(heading, headings) :]
    return list(takewhile(lambda other: other.level > heading.level, later))


def _after(heading: ProseHeading, headings: list[ProseHeading]) -> int:
    """Where the headings below one begin."""
    return headings.index(heading) + 1


def narrated(prose: Prose | None, sections: tuple[Term, ...], below: Term | None = None) -> bool:
    """Whether a text has every section with words in it: below the heading of a term when one is given."""
    headings = _headings(prose)
    if below:
        heading = _match(below, headings)
        if heading is None or not heading.worded:
            return False
        headings = _below(heading, headings)
    found = [_match(section, headings) for section in sections]
    return all(heading is not None and heading.worded for heading in found)


def lines_of(prose: Prose | None, below: Term | None = None) -> range:
    """The lines of a text: all of it, or the section of a term."""
    if prose is None:
        return range(0)
    start, end = prose.first_line, len(prose.source.lines) + 1
    if below:
        heading = _match(below, prose.headings)
        if heading is None:
            return range(0)
        later = prose.headings[_after(heading, prose.headings) :]
        start, end = heading.line, next((h.line for h in later if h.level <= heading.level), end)
    return range(start, end)


def _both(term: Term) -> Both:
    return Both(term.name.id, term.name.en)


def _body_start(node: Program | Pillar) -> Place:
    """The first line of the text; the end of the data where there is no text."""
    if node.prose is None:
        return node.at()
    lines = node.prose.source.lines
    first = next((n for n in range(node.prose.first_line, len(lines) + 1) if lines[n - 1].strip()), 1)
    return _place(node.prose, first)


def _line(node: Pillar, heading: ProseHeading) -> Place:
    return _place(node.prose, heading.line) if node.prose else node.at()


@rule(
    "MP502",
    "empty-section",
    Severity.WARNING,
    title=Both("bagian tanpa isi", "a section without text"),
    why=_SECTION_WHY,
    message=Both("bagian `{section}` belum berisi", "the section `{section}` is empty"),
    fix=Both(
        "tulis isinya di bawah judul ini, atau hapus judulnya",
        "write its text below the heading, or remove the heading",
    ),
    each=Node,
)
def empty_section(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    prose = node.prose
    for heading in _headings(prose):
        if prose and not heading.worded:
            yield found.at(_place(prose, heading.line), section=heading.text)


@rule(
    "MP511",
    "endless-paragraph",
    Severity.ERROR,
    title=Both("paragraf atau baris tabel terlalu panjang", "a paragraph or table row that is too long"),
    why=Both(
        "Paragraf yang tidak berakhir tidak terbaca siapa pun dan membuat penyusunan dokumen macet; biasanya baris kosong di antara paragraf hilang saat disalin.",
        "Nobody reads a paragraph without end, and it makes the build hang; usually the empty lines between paragraphs were lost in copying.",
    ),
    message=Both(
        "paragraf ini lebih dari {limit} huruf, atau baris tabel ini lebih dari {cells} kolom",
        "this paragraph has more than {limit} characters, or this table row more than {cells} columns",
    ),
    fix=Both(
        "pisahkan menjadi beberapa paragraf dengan baris kosong, atau bagi tabelnya",
        "split it into paragraphs with empty lines, or divide the table",
    ),
    each=Node,
)
def endless_paragraph(found: Rule, plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    prose = node.prose
    endless = prose.reading.endless if prose else []
    if prose is not None and endless:
        limit = grouped(MAX_PARAGRAPH, plan.language)
        # The rows below a row that is too long belong to the same table.
        for line in sorted(set(endless) - {number + 1 for number in endless}):
            yield found.at(_place(prose, line), limit=limit, cells=MAX_CELLS)


_FILLERS = (
    "TODO", "TBD", "FIXME", "lorem ipsum", "isi di sini", "diisi nanti", "diisi kemudian", "tulis di sini", "write here",
    "to be filled", "to be written", "ganti dengan sumber kota ini", "replace by this city's source", "tulis nama lengkapnya",
)  # fmt: skip
_BRACKETED = ("isi", "nama", "angka", "fill in", "name")
_PLACEHOLDER = re.compile(
    rf"\b(?:{'|'.join(_FILLERS)}|XXX+)\b"
    r"|(?:^|\s)(?:\.{3,}|…+|_{3,}|-{4,})\s*$"
    rf"|\[(?:{'|'.join(_BRACKETED)})[^\[\]]*\](?!\()",
    re.IGNORECASE,
)
#: One of these stands in every text that the pattern fits; to look for them costs little.
_SIGNS = (*map(folded, _FILLERS), "xxx", "...", "…", "___", "----", *(f"[{word}" for word in _BRACKETED))


@rule(
    "MP503",
    "placeholder",
    Severity.WARNING,
    title=Both("teks pengganti belum diisi", "placeholder text"),
    why=Both(
        "Teks pengganti yang ikut tercetak mempermalukan kota di depan penilai.",
        "A placeholder that gets printed embarrasses the city before its assessors.",
    ),
    message=Both(
        "`{text}` tampak seperti teks yang belum diisi", "`{text}` seems to be text still to be filled in"
    ),
    fix=Both("ganti dengan isi yang sebenarnya, atau hapus", "replace it by real content, or remove it"),
    each=Words,
)
def placeholder(found: Rule, _plan: Plan, words: Words) -> Iterator[Finding]:
    if not any(sign in words.folded for sign in _SIGNS):
        return
    for number, line in words.lines():
        for match in _PLACEHOLDER.finditer(line):
            start = match.start() + len(match.group()) - len(match.group().lstrip()) + 1
            span = Span(number, start, number, match.end() + 1)
            yield found.at(Place(words.path, span=span), text=match.group().strip())
    for route, text in words.fields():
        if hit := _PLACEHOLDER.search(text):
            yield found.at(Place(words.path, route), text=hit.group().strip())


@rule(
    "MP504",
    "heading-level",
    Severity.ERROR,
    title=Both("tingkat judul keliru", "wrong heading level"),
    why=Both(
        "Daftar isi dan pembaca layar mengikuti tingkat judul; tingkat yang terlompat membuat keduanya tersesat.",
        "Contents and screen readers follow the levels of headings; a skipped level leads both astray.",
    ),
    message=Both(
        "judul `{text}` melompat dari tingkat {before} ke tingkat {level}",
        "heading `{text}` jumps from level {before} to level {level}",
    ),
    fix=Both("tulis `{suggestion}`", "write `{suggestion}`"),
    variants={
        "empty": Text(
            Both("judul ini tidak punya kata", "this heading has no words"),
            Both(
                "tulis judulnya sesudah `{mark}`, atau hapus baris ini",
                "write it after `{mark}`, or remove this line",
            ),
        ),
        "picture": Text(
            Both(
                "judul ini hanya gambar, sehingga tidak dapat masuk daftar isi",
                "this heading is a picture only, so that it cannot stand in the contents",
            ),
            Both(
                "tulis kata-kata judulnya, dan pindahkan gambar ke baris di bawahnya",
                "write the words of the heading, and move the picture to a line below it",
            ),
        ),
        "top": Text(
            Both(
                "judul `{text}` memakai tingkat 1, yang dipakai judul berkas (`title`)",
                "heading `{text}` uses level 1, which belongs to the file's `title`",
            ),
            Both("tulis `{suggestion}`", "write `{suggestion}`"),
        ),
    },
    each=Node,
)
def heading_level(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    level = 1
    wordless = set(_wordless(node.prose)) if node.prose else set()
    for heading in _headings(node.prose):
        place = Place(node.path, span=node.prose.source.whole_line(heading.line)) if node.prose else node.at()
        if not heading.text:
            yield found.at(place, "empty", mark="#" * heading.level)
        elif heading.line in wordless:
            yield found.at(place, "picture")
        elif heading.level == 1:
            yield found.at(place, "top", text=heading.text, suggestion=f"## {heading.text}")
        elif heading.level > level + 1:
            suggestion = f"{'#' * (level + 1)} {heading.text}"
            yield found.at(place, text=heading.text, before=level, level=heading.level, suggestion=suggestion)
        level = max(heading.level, 2)


def _wordless(prose: Prose) -> Iterator[int]:
    """The lines of headings that are made of pictures and marks of notes alone."""
    for opening, inline in pairwise(prose.tokens):
        children = inline.children or () if opening.type == "heading_open" and opening.map else ()
        if any(child.type == "image" for child in children):
            words = "".join(child.content for child in children if child.type != "image")
            if opening.map and not words.strip():
                yield prose.first_line + opening.map[0]


@rule(
    "MP505",
    "picture-without-text",
    Severity.ERROR,
    title=Both("gambar tanpa teks pengganti", "picture without a text alternative"),
    why=Both(
        "Pembaca tunanetra dan PDF yang sah membutuhkan teks yang menerangkan gambar.",
        "Blind readers, and a valid PDF, need a text that says what a picture shows.",
    ),
    message=Both("gambar `{path}` tidak punya teks pengganti", "picture `{path}` has no text alternative"),
    fix=Both(
        "tulis di dalam kurung siku: `![apa yang terlihat]({path})`",
        "write it in the square brackets: `![what it shows]({path})`",
    ),
    each=Node,
)
def picture_without_text(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    for link in node.prose.links if node.prose else ():
        if link.image and link.target and not link.text.strip():
            yield found.at(Place(node.path, span=link.span), path=link.target)


_BREAK = re.compile(r"</?br\b", re.I)


@rule(
    "MP506",
    "raw-html",
    Severity.ERROR,
    title=Both("HTML di dalam naskah", "HTML in the text"),
    why=Both(
        "HTML hanya berarti di peramban; di Word dan PDF ia tercetak sebagai tanda. Karena itu HTML tidak dijalankan di mana pun.",
        "HTML means something to browsers only; in Word and PDF it would print as marks. So it is not run anywhere.",
    ),
    message=Both(
        "`{text}` adalah HTML, yang akan tercetak apa adanya",
        "`{text}` is HTML, which will be printed as it stands",
    ),
    fix=Both(
        "pakai Markdown (`**tebal**`, `- butir`), atau tulis di antara tanda `` ` ``",
        "use Markdown (`**bold**`, `- item`), or put it between `` ` `` marks",
    ),
    variants={
        "comment": Text(
            Both(
                "komentar HTML `{text}` … `-->` tidak disembunyikan, dan akan tercetak apa adanya",
                "the HTML comment `{text}` … `-->` is not hidden, and will be printed as it stands",
            ),
            Both("hapus komentar itu beserta tandanya", "remove the comment together with its marks"),
        ),
        "break": Text(
            Both(
                "`{text}` adalah HTML, yang akan tercetak apa adanya",
                "`{text}` is HTML, which will be printed as it stands",
            ),
            Both(
                "akhiri baris dengan `\\` untuk baris baru; di dalam sel tabel tulis `;`",
                "end the line with `\\` for a new line; in a cell of a table write `;`",
            ),
        ),
    },
    each=Node,
)
def raw_html(found: Rule, _plan: Plan, node: Node[Any]) -> Iterator[Finding]:
    seen: set[int] = set()
    for span in node.prose.reading.html if node.prose else ():
        if span.line not in seen and node.prose:
            text = node.prose.source.line(span.line)[span.column - 1 : span.end_column - 1]
            variant = "comment" if text.startswith("<!--") else "break" if _BREAK.match(text) else ""
            yield found.at(Place(node.path, span=span), variant, text=text)
        seen.add(span.line)


@rule(
    "MP507",
    "other-government",
    Severity.WARNING,
    title=Both("kata milik pemerintahan jenis lain", "a word of another kind of government"),
    why=Both(
        'Rencana sering disalin dari daerah lain; kata "Bupati" di rencana kota menunjukkan salinan yang belum disesuaikan.',
        'Plans are often copied from other regions; "Bupati" in a city\'s plan shows a copy that was not adapted.',
    ),
    message=Both("`{word}` bukan kata untuk {region}", "`{word}` is not a word for {region}"),
    fix=Both(
        "ganti, atau bila memang nama diri tambahkan frasanya di `prose: allowed:` masterplan.yaml",
        "replace it, or if it is a proper name add the phrase to `prose: allowed:` of masterplan.yaml",
    ),
    each=Words,
)
def other_government(found: Rule, plan: Plan, words: Words) -> Iterator[Finding]:
    foreign_words = plan.taxonomy.foreign_words.get(plan.settings.region.kind, ())
    if not any(word in words.folded for word in map(folded, foreign_words)):
        return
    foreign = re.compile(rf"\b(?:{'|'.join(map(re.escape, foreign_words))})\b", re.IGNORECASE)
    phrases = (*plan.taxonomy.allowed_phrases, *plan.settings.prose.allowed)
    allowed = {phrase: folded(phrase) for phrase in phrases if folded(phrase) in words.folded}
    for number, line in words.lines():
        for match in foreign.finditer(_without(line, allowed)) if foreign.search(line) else ():
            span = Span(number, match.start() + 1, number, match.end() + 1)
            yield found.at(Place(words.path, span=span), word=match.group(), region=plan.settings.region.name)


def _without(line: str, phrases: dict[str, str]) -> str:
    """The line with allowed phrases, given with their small letters, blanked out; its columns kept."""
    small = folded(line)
    for phrase in (phrase for phrase, letters in phrases.items() if letters in small):
        line = re.sub(re.escape(phrase), lambda m: " " * len(m.group()), line, flags=re.IGNORECASE)
    return line


@rule(
    "MP508",
    "no-narrative",
    Severity.WARNING,
    title=Both("naskah kosong", "no text"),
    why=_SECTION_WHY,
    message=Both("bab ini belum punya naskah", "this chapter has no text"),
    fix=Both("tulis naskahnya sesudah baris `---` kedua", "write its text after the second line `---`"),
    each=Chapter,
)
def no_narrative(found: Rule, _plan: Plan, chapter: Chapter) -> Iterator[Finding]:
    if chapter.prose is None and not chapter.broken:
        yield found.at(chapter.at())
