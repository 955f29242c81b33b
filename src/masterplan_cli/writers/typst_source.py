"""A book as Typst code: calls of the functions of templates/pdf/book.typ, every text a string of code.

No character of a plan is ever markup, so none can change what the code does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from masterplan_cli import fonts
from masterplan_cli.document import LISTS, Document
from masterplan_cli.layout import column_widths
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.tree import (
    BlockTree,
    Break,
    Code,
    Definitions,
    Divider,
    Division,
    Figure,
    Footnote,
    Heading,
    Inline,
    Items,
    Line,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    TreeNode,
    Trees,
    plain,
    row_kind,
    words,
)
from masterplan_cli.typesetting import ENDINGS
from masterplan_cli.writers.typst_pages import (
    Placed,
    Treatment,
    chapters_of,
    headings_in,
    nodes_by_block,
    pages_of,
    treatment,
    with_headings,
)
from masterplan_cli.writers.typst_parts import (
    Captioned,
    Cut,
    Origin,
    Title,
    TypstSource,
    array,
    attachment,
    fractions,
    string,
    target_of,
)
from masterplan_cli.writers.typst_room import (
    PAD,
    capacity,
    is_wide,
    kept_rows,
    lines_of,
    room_in,
    rules_above,
    sides,
    size_of,
    texts_of,
)
from masterplan_cli.writers.typst_text import (
    breakable,
    for_lists,
    has_words,
    unlinked,
    visible,
    visible_drawing,
    with_syllables,
    worded,
)

#: Longer words get places to break, in text and in headings.
_LONG_WORD, _LONG_IN_HEADING, _LONG_CODE = 40, 20, 60
#: A row of more lines may run over to the next page; a table of fewer stays on one.
_TALL_ROW, _SHORT_TABLE = 25, 16
#: Facts of more code than this may run over to the next page.
_LONG_FACTS = 4000
#: The part of a sheet to sign that says who signs.
_NAMED = 0.6
#: So many characters of code are very many for one part of a book.
_VERY_MANY = 150_000
#: What stands before the number of a caption.
_WORDS = {"table": LABELS["table"], "figure": LABELS["figure"]}
#: How many levels a heading may lie below the one before it, how deep lists of contents go.
_DEEPEST, _CONTENTS_DEPTH = 6, 3
#: A note of a note is one too; what that cites stands in its text.
_DEEPEST_NOTE = 2
_NEWLINES = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
#: A picture whose name lies about its kind, such as a PNG saved as .jpg, is known by its first bytes.
_STARTS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp"}


def typst_source(
    document: Document, attachments: Iterable[str] = (), trees: Trees | None = None
) -> TypstSource:
    """The code of a document; `attachments` are the names of the files to embed."""
    return _Writer(document).write(attachments, (trees or Trees()).block_trees(document))


def _body(parts: Iterable[str]) -> str:
    """Several pieces of content as one."""
    joined = ";".join(parts)
    return f"{{{joined}}}" if joined else "[]"


class _Writer:
    """Writes one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.source = TypstSource()
        self.files: dict[str, str] = {}
        self.dead = {f"#{target}" for places in document.resolved for target in places.dead}
        self.level = 0
        self.block_name = self.path = ""
        #: Cover, front or body; and the headings that what comes next stands below.
        self.place = "cover"
        self.above: list[Title] = []
        #: How many characters of code have come since the last place where the book can be cut.
        self.written = 0
        #: Whether the page is turned, and whether it has just been, so that a chapter needs no page of its own.
        self.landscape = self.new_page = False
        #: The labels of the notes that are printed, and how many notes, one in another, are being written.
        self.notes: dict[Footnote, str] = {}
        self.noted = 0
        #: Whether what is written stands inside something that cannot be broken by a page of its own.
        self.contained = False

    def write(self, attachments: Iterable[str], trees: Iterable[BlockTree]) -> TypstSource:
        self._pictures()
        blocks = zip(trees, self.document.blocks, strict=True)
        chapters = list(chapters_of((tree, block.path) for tree, block in blocks))
        self._opening(attachments)
        for place, chapter in chapters:
            if place != self.place:
                level = next((one.level for one in headings_in(placed.node for placed in chapter)), 1)
                self.above = [title for title in self.above if title.level < level]
                self._cut(place, begins_place=True)
                self._emit(f"#show: {place}")
            self.place = place
            self._chapter(chapter)
        return self.source

    def _cut(self, place: str, *, begins_place: bool = False) -> None:
        """Note that a page begins with the next line."""
        if not self.source.cuts or self.source.cuts[-1].line < len(self.source.lines) - 1:
            above, self.written = tuple(self.above), 0
            self.source.cuts.append(Cut(len(self.source.lines), place, begins_place, len(self.notes), above))

    # --- the frame

    def _emit(self, code: str, picture: str = "") -> None:
        self.written += len(code)
        self.source.emit(code, Origin(self.block_name, self.path, picture))

    def _word(self, word: Both) -> str:
        return string(word.of(self.document.language))

    def _opening(self, attachments: Iterable[str]) -> None:
        document = self.document
        date = document.date
        day = f"datetime(year: {date.year}, month: {date.month}, day: {date.day})" if date else "auto"
        region = "ID" if document.language == "id" else "GB"
        self._emit('#import "book.typ": *')
        self._emit(
            f"#show: book.with(title: {self._string(document.title)}, author: {self._string(document.author)}, "
            f"date: {day}, language: {string(str(document.language))}, region: {string(region)}, "
            f"paper: {string(document.paper)}, font: {string(document.font)}, "
            f"annexed: {_yes(any(block.name == 'annex' for block in document.blocks))}, banner: {self._mark()})"
        )
        self.source.opening = len(self.source.lines)
        for name in attachments:
            self._emit(attachment(name, self._word(LABELS["attachment"])))

    def _banner(self) -> str:
        return string(" · ".join(self.document.banners))

    def _mark(self) -> str:
        """The banners in a word each, for the heads of pages."""
        return string(" · ".join(banner.partition(" – ")[0] for banner in self.document.banners))

    def _pictures(self) -> None:
        for name, (media, data) in self.document.pictures.items():
            kinds = (kind for start, kind in _STARTS.items() if data.startswith(start))
            file = f"picture-{len(self.files) + 1}.{next(kinds, ENDINGS[media])}"
            self.files[name] = file
            drawn = media == "image/svg+xml"
            self.source.pictures[file] = visible_drawing(data, self.document.font) if drawn else data
            self.source.names[file] = name

    # --- blocks

    def _chapter(self, children: Sequence[Placed]) -> None:
        """The blocks of a chapter; what asks for a page has one, unless it would fill little of it."""
        first = children[0].node
        parts = nodes_by_block(children)
        if children[0].begins and isinstance(first, Heading) and first.level == 1:
            self._cut_above(first)
        begun = False
        for group in pages_of(children):
            blocks = [child.node for child in group]
            # A block in several stretches of pages is judged as a whole where it begins.
            measured = parts[group[0].block_name, group[0].path] if group[0].begins else blocks
            self._stretch(group, treatment(group, measured, self.document.paper), begun=begun)
            begun = begun or not all(isinstance(block, Heading) for block in blocks)

    def _stretch(self, group: list[Placed], how: Treatment, *, begun: bool) -> None:
        """Blocks that ask for a page, or do not; `begun` is whether anything stands below the chapter's heading."""
        if how == "together":
            self._together(group)
        elif how == "kept":
            self._within("kept", group)
        elif how == "plain":
            self._turned(group)
        elif how == "run-on" or not begun:  # the page has begun with the heading above
            self._turned(group[1:])
        else:
            if how != "torn" and group[0].begins:
                self._cut_above(*(child.node for child in group))
            if how == "one-page":
                self._emit("#pagebreak(weak: true)")
                self._within("one-page", group)
            else:
                self._turned(group)

    def _together(self, group: Sequence[Placed]) -> None:
        """Blocks that no page tears apart; after very many, a page begins, so that the book can be cut."""
        if group[0].begins and self.written > _VERY_MANY:
            self._emit("#pagebreak(weak: true)")
            self._cut_above(*(child.node for child in group))
        self._within("block.with(breakable: false, width: 100%)", group)

    def _within(self, function: str, group: Sequence[Placed]) -> None:
        """Blocks as what a function of the preamble takes; no page begins among them."""
        self._emit(f"#{function}({{")
        self.contained = True
        for self.block_name, self.path, block, _ in group:
            self._emit(self._block(block), block.src if isinstance(block, Figure) else "")
        self.contained = False
        self._emit("})")

    def _cut_above(self, *blocks: TreeNode) -> None:
        """Note that the code may be cut before these blocks, with which a page begins."""
        level = next((heading.level for heading in headings_in(blocks)), _DEEPEST)
        self.above = [title for title in self.above if title.level < level]
        if self.place != "cover":
            self._cut(self.place)

    def _turned(self, children: Sequence[Placed]) -> None:
        """The blocks of a chapter, each on lines of its own; wide tables and their headings on turned pages."""
        blocks = [child.node for child in children]
        turned = with_headings(
            blocks, [isinstance(b, Table) and is_wide(b, self.document.paper) for b in blocks]
        )
        for landscape, group in groupby(zip(children, turned, strict=True), key=lambda pair: pair[1]):
            if landscape:
                self._emit("#landscape({")
            self.landscape = self.new_page = landscape
            for (self.block_name, self.path, block, _), _turn in group:
                picture = block.src if isinstance(block, Figure) else ""
                self._emit(("" if landscape else "#") + self._block(block), picture)
                self.new_page = False
            if landscape:
                self._emit("})")

    def _inner(self, children: Iterable[TreeNode]) -> str:
        return _body(self._block(child) for child in children)

    def _contained(self, children: Sequence[TreeNode], each: Callable[[TreeNode], str] | None = None) -> str:
        """What stands in a quotation, a list, a note or a definition: no page begins there."""
        before, self.contained = self.contained, True
        inner = _body(map(each or self._block, children))
        self.contained = before
        return inner

    def _block(self, block: TreeNode) -> str:
        """The statement that prints a block, by the method below that is named after its class."""
        return str(getattr(self, f"_{type(block).__name__.lower()}")(block))

    def _paragraph(self, paragraph: Paragraph) -> str:
        return f"par({self._line(paragraph.line)})"

    def _quote(self, quote: Quote) -> str:
        return f"quoted({self._contained(quote.children)})"

    def _code(self, code: Code) -> str:
        lines = (_NEWLINES.sub(" ", line) for line in code.text.expandtabs(4).split("\n"))
        shown = "\n".join(breakable(self._visible(line), _LONG_CODE) for line in lines)
        return f"code({string(shown)})"

    def _divider(self, _divider: Divider) -> str:
        return "rule()"

    def _definitions(self, definitions: Definitions) -> str:
        return f"definitions({self._pairs(definitions)})"

    def _heading(self, heading: Heading) -> str:
        anchor = string(heading.anchor)
        if self.noted:
            self.source.aliases[heading.anchor] = self.above[-1].anchor if self.above else ""
            # No chapter begins in a note, and no list names what stands there.
            return f"[#par(strong({self._line(heading.line)}))#label({anchor})]"
        self.level = min(heading.level, self.level + 1, _DEEPEST)
        label = self.document.chapter_label(heading.chapter) if heading.chapter else ""
        word = f"chapter: {string(label)}, " if label else ""
        in_lists = self._is_listed(heading)
        begins = not (self.new_page or self.contained)
        line = worded(heading.line, self.document.font)
        self._titled(heading.anchor, line, listed=in_lists)
        body = self._line(unlinked(line), _LONG_IN_HEADING)
        return f"head(level: {self.level}, anchor: {anchor}, {word}listed: {_yes(in_lists)}, new-page: {_yes(begins)}, {body})"

    def _titled(self, anchor: str, line: Line, *, listed: bool) -> None:
        """Note what lists and bookmarks show of a heading."""
        said = for_lists(line)
        words = visible(plain(said), self.document.font).strip()
        code = self._line(said, _LONG_IN_HEADING)
        title = Title(len(self.source.lines), self.level, anchor, words, code, listed)
        self.source.titles.append(title)
        self.above = [above for above in self.above if above.level < self.level] + [title]

    def _is_listed(self, heading: Heading) -> bool:
        """Whether the contents name it: headings deep inside a text, whose anchors have a colon, would drown the rest."""
        return self.block_name not in ("contents", "annex", *LISTS) and (
            self.level < _CONTENTS_DEPTH or ":" not in heading.anchor
        )

    def _items(self, items: Items) -> str:
        bodies = [self._tight(children) for children in items.items]
        if items.start is None:
            return f"list({','.join(bodies)})"
        return f"enum(start: {items.start}, {','.join(bodies)})"

    def _tight(self, children: Sequence[TreeNode]) -> str:
        """What stands in a list item, a note or a definition: a lone paragraph is no paragraph there."""
        if len(children) == 1 and isinstance(children[0], Paragraph):
            return self._line(children[0].line)
        return self._contained(children)

    def _pairs(self, definitions: Definitions) -> str:
        return ", ".join(f"({self._line(term)}, {self._tight(said)})" for term, said in definitions.pairs)

    def _division(self, division: Division) -> str:
        """A part that a template marked, by the method that is named after its mark."""
        children = division.children
        match division.name:
            case "contents":
                self.source.lists.add(len(self.source.lines))
                return self._contents()
            case "tables" | "figures":
                self.source.lists.add(len(self.source.lines))
                return f"listing({'table' if division.name == 'tables' else 'image'})"
            case "note" | "lead":
                return f"{division.name}({self._contained(children)})"
            case "page":
                breaks = [] if self.contained else ["pagebreak(weak: true)"]
                return _body([*breaks, *map(self._block, children)])
        each = {
            "facts": self._facts,
            "numbers": self._numbers,
            "regulation": self._regulation,
            "signatures": self._signatures,
        }
        whole = {"cover": self._cover, "opener": self._opener, "sheet": self._beside}
        if division.name in whole:
            return whole[division.name](children)
        return _body(map(each.get(division.name, self._block), children))

    def _contents(self) -> str:
        begun = (
            (e.anchor, self.document.chapter_label(e.chapter)) for e in self.document.entries if e.chapter
        )
        names = ", ".join(f"{string(anchor)}: {string(label)}" for anchor, label in begun)
        return f"contents(depth: {_CONTENTS_DEPTH}, chapters: ({names or ':'}))"

    def _regulation(self, child: TreeNode) -> str:
        """A part of an annex's head or of its signature; the name of the annex stands below its head."""
        if not isinstance(child, Heading):
            return f"regulation({self._block(child)})"
        self.new_page = True
        return f"annex-title({self._heading(child)})"

    def _opener(self, children: Sequence[TreeNode]) -> str:
        """A heading below what it is a part of."""
        at = next((i for i, child in enumerate(children) if isinstance(child, Heading)), None)
        if at is None:
            return self._inner(children)
        heading = children[at]
        above = _body(self._tight([child]) for child in children[:at])
        title = self._block(heading)
        rest = map(self._block, children[at + 1 :])
        return _body([f"opener(level: {self.level}, {above}, {title})", *rest])

    def _numbers(self, child: TreeNode) -> str:
        return f"numbers({self._pairs(child)})" if isinstance(child, Definitions) else self._block(child)

    def _beside(self, children: Sequence[TreeNode]) -> str:
        """Text beside its facts; without facts, or without text, by itself."""
        facts, text = sides(children)
        if not facts or not text:
            return self._inner(children)
        said = [child for division in facts for child in division.children]
        return f"beside({self._contained(said, self._side_fact)}, {self._contained(text)})"

    def _side_fact(self, child: TreeNode) -> str:
        return f"side-facts({self._pairs(child)})" if isinstance(child, Definitions) else self._block(child)

    def _facts(self, child: TreeNode) -> str:
        if isinstance(child, Definitions):
            pairs = self._pairs(child)
            return f"facts(whole: {_yes(len(pairs) < _LONG_FACTS)}, {pairs})"
        return self._block(child)

    def _cover(self, children: Sequence[TreeNode]) -> str:
        """The cover: its head, above the title which book it is, the title, and what stands below."""
        at = next((i for i, child in enumerate(children) if isinstance(child, Heading)), 0)
        head, title, rest = children[:at], children[at : at + 1], children[at + 1 :]
        heading = title[0].line if title and isinstance(title[0], Heading) else ()
        self.contained = True
        said = [self._on_cover(child) for child in head]
        texts = [n for n, child in enumerate(head) if isinstance(child, Paragraph) and has_words(child)]
        book = said.pop(texts[-1]) if len(texts) > 1 else "[]"
        made = (
            f"cover(banner: {self._banner()}, kicker: {_body(said)}, "
            f"title: {self._line(heading, _LONG_IN_HEADING)}, rest: {array([book, *map(self._on_cover, rest)])})"
        )
        self.contained = False
        return made

    def _on_cover(self, child: TreeNode) -> str:
        """A paragraph of the cover; a picture by itself there is an emblem."""
        inlines = child.line if isinstance(child, Paragraph) else ()
        picture = inlines[0] if len(inlines) == 1 else child
        if isinstance(picture, Picture | Figure) and (file := self.files.get(picture.src)):
            return f"emblem({self._image(file, picture.alt.strip() or picture.src)})"
        return f"par({self._line(inlines)})" if inlines else self._block(child)

    # --- tables and pictures

    def _caption(self, kind: str, block: Table | Figure) -> str:
        if block.caption is None:
            return ""
        if not block.number:
            return f"caption: {self._line(block.caption)}, "
        word = self._word(_WORDS[kind])
        mark = f"{_WORDS[kind].of(self.document.language)} {block.number}"
        self.source.captions.append(Captioned(kind, mark, self._line(for_lists(block.caption))))
        return f"word: {word}, number: {string(block.number)}, caption: {self._line(block.caption)}, "

    def _table(self, table: Table) -> str:
        texts = texts_of(table)
        size = size_of(texts, self.document.paper, landscape=self.landscape)
        most = capacity(self.document.paper, size, landscape=self.landscape)
        widths = column_widths(texts, most, PAD)
        room = room_in(widths, most)
        opening = (
            f"sheet(columns: {fractions(widths)}, aligns: {array(table.aligns)}, size: {size:.2f}pt, "
            f"whole: {_yes(lines_of(texts, room) <= _SHORT_TABLE)}, {self._caption('table', table)}{self._head(table, room)}"
        )
        rows = [",".join([*rules_above(table, n), self._row(row, room)]) for n, row in enumerate(table.rows)]
        last = len(rows) - kept_rows(table)
        return "\n".join([opening, *rows[:last], f"last: ({''.join(rows[last:])}),", ")"])

    def _head(self, table: Table, room: Sequence[int]) -> str:
        """The head, repeated on each page; a repetition may hold neither links nor notes."""
        repeat = not any(isinstance(inline, Footnote) for cell in table.head for inline in cell)
        cells = self._cells([unlinked(cell) for cell in table.head], room)
        return f"repeat: {_yes(repeat)}, head: {array(cells)},"

    def _cells(self, row: Sequence[Line], room: Sequence[int]) -> list[str]:
        return [self._line(cell, longest, cell=True) for cell, longest in zip(row, room, strict=True)]

    def _row(self, row: Sequence[Line], room: Sequence[int]) -> str:
        if row_kind(row) == "group":
            return f"table.cell(colspan: {len(row)}, {self._line(row[0], sum(room), cell=True)}),"
        cells = self._cells(row, room)
        if any(len(plain(cell)) > longest * _TALL_ROW for cell, longest in zip(row, room, strict=True)):
            cells = [f"table.cell(breakable: true, {cell})" for cell in cells]
        return ",".join(cells) + ","

    def _signatures(self, block: TreeNode) -> str:
        if not isinstance(block, Table):
            return self._block(block)
        return self._sheet_to_sign(block)

    def _sheet_to_sign(self, table: Table) -> str:
        most = capacity(self.document.paper, 9.5)
        # The last column is the one to sign in.
        named = (
            column_widths([row[:-1] for row in texts_of(table)], int(most * _NAMED), PAD)
            if len(table.head) > 1
            else []
        )
        widths = [*(width * _NAMED for width in named), 1 - _NAMED]
        room = room_in(widths, most)
        opening = f"signatures(columns: {fractions(widths)}, {self._head(table, room)}"
        return "\n".join([opening, *(self._row(row, room) for row in table.rows), ")"])

    def _figure(self, figure: Figure) -> str:
        file = self.files.get(figure.src)
        if file is None:
            return f"par({self._string(figure.alt)})"
        alt = figure.alt.strip() or plain(figure.caption).strip() or figure.src
        full = "true" if figure.src.startswith("chart:") else "false"
        caption = self._caption("figure", figure)
        return f"picture(drawn: {self._image(file, alt)}, full: {full}, {caption})"

    def _image(self, file: str, alt: str) -> str:
        # Called here and not in the preamble, so that a refusal names this line.
        return f"image({string(file)}, alt: {self._string(alt)})"

    # --- lines

    def _string(self, text: str) -> str:
        return string(self._visible(_NEWLINES.sub(" ", text)))

    def _visible(self, text: str) -> str:
        """The text as it can be printed; what cannot is noted."""
        shown = visible(text, self.document.font)
        if shown != text:
            self.source.missing |= dict.fromkeys(fonts.missing(self.document.font).findall(text))
        return shown

    def _line(self, line: Line, longest: int = _LONG_WORD, *, cell: bool = False) -> str:
        return _body(self._linked(line, longest, cell=cell))

    def _linked(self, line: Line, longest: int, *, cell: bool) -> Iterator[str]:
        """The pieces of a line; those of one link are one link."""
        for address, group in groupby(line, key=lambda i: i.link if isinstance(i, Run) else None):
            pieces = [self._inline(inline, longest, cell=cell) for inline in group]
            target = None if address in self.dead else target_of(address)
            yield from [f"link({target}, {_body(pieces)})"] if target else pieces

    def _inline(self, inline: Inline, longest: int, *, cell: bool) -> str:
        match inline:
            case Run():
                return self._run(inline, longest, cell=cell)
            case Break():
                return "linebreak()"
            case Footnote():
                return self._cited(inline)
            case Picture():
                file = self.files.get(inline.src)
                alt = inline.alt.strip() or inline.src
                return f"inline-picture({self._image(file, alt)})" if file else self._string(alt)

    def _cited(self, note: Footnote) -> str:
        """The mark of a note, which the first place that cites it prints.

        In a context, a note in a heading stays out of the bookmark's text; by the label of that context the contents
        and the running heads leave it out.
        """
        if note in self.notes:
            made = f"footnote(label({string(self.notes[note])}))"
        elif self.noted == _DEEPEST_NOTE:
            return self._string(f" ({words(note)})")
        else:
            self.notes[note] = f"note:{len(self.notes) + 1}"
            self.noted += 1
            said = self._tight(note.children) if note.children else string("–")
            made = f"footnote({said})"
            self.noted -= 1
            made = f"[#{made}#label({string(self.notes[note])})]" if note.cited > 1 else made
        return f"[#context {made}<noted>]"

    def _run(self, run: Run, longest: int, *, cell: bool) -> str:
        text = self._visible(_NEWLINES.sub(" ", run.text))
        if run.code:
            code = f"raw({string(breakable(text, longest))})"
        else:
            code = string(breakable(with_syllables(text, longest) if cell else text, longest))
        for on, function in ((run.bold, "strong"), (run.italic, "emph"), (run.strike, "strike")):
            code = f"{function}({code})" if on else code
        return code


def _yes(holds: bool) -> str:
    return "true" if holds else "false"
