"""PDF: an archive-proof and accessible book (PDF/A, PDF/UA), set by Typst in the fonts that come with the tool."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from html.entities import html5
from itertools import chain
from pathlib import PurePath
from typing import Any

from masterplan_cli import fonts
from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.document import Document
from masterplan_cli.files import PLAN_FILE, digest
from masterplan_cli.messages import STOPPED
from masterplan_cli.pictures import pixels_of
from masterplan_cli.rules.tool import NO_GLYPH, PDF_REFUSED, PDF_TOO_LARGE, no_room
from masterplan_cli.source import Span
from masterplan_cli.templates import Templates
from masterplan_cli.tree import Trees
from masterplan_cli.typesetting import MAIN, SCHEME, Kept, Refused, make_apart
from masterplan_cli.worker import Bounds, Stopped, memory_left
from masterplan_cli.writers import Job, Request, Written
from masterplan_cli.writers.typst_parts import (
    BookPart,
    Origin,
    PartedBook,
    TypstSource,
    parts_of_source,
    places_of,
    string,
)
from masterplan_cli.writers.typst_source import typst_source
from masterplan_cli.writers.typst_text import visible

_PREAMBLE = "book.typ"
#: Where the compiler saw a mistake: file, line and column.
_PLACE = re.compile(r"^ *┌─ (.+):(\d+):(\d+)$", re.MULTILINE)
_TEN_MEGABYTES = 10 << 20
#: PDF/A asks for a date; a book without one gets the first that any file system knows.
_NO_DATE = datetime.date(1980, 1, 1)


def write(request: Request) -> Job:
    """The document as PDF/A; an archive edition carries the plan as data inside."""
    carried = {**request.whole("xlsx"), **request.whole("json")} if request.book.archive else None
    return PdfJob(request.document, request.templates, request.name, carried, request.kept, request.trees)


class PdfJob:
    """All that Typst gets of a document: to gather it takes the interpreter, to set it does not.

    A large book is set in parts, which are kept one by one. A book, a picture or a preamble that Typst refuses becomes a
    finding; so does each character without a glyph.
    """

    def __init__(
        self,
        document: Document,
        templates: Templates,
        name: str,
        attachments: dict[str, bytes] | None = None,
        kept: Kept | None = None,
        trees: Trees | None = None,
    ) -> None:
        self.document, self.templates, self.name, self.kept = document, templates, name, kept
        self.attachments = attachments or {}
        self.source = typst_source(document, self.attachments, trees)
        preamble, self.shown_as = templates.text(f"pdf/{_PREAMBLE}") or ("", f"templates/pdf/{_PREAMBLE}")
        self.preamble = preamble.encode("utf-8")
        # A preamble of the plan's own may know nothing of parts.
        self.parts = [] if self._has_own_preamble else parts_of_source(self.source)

    @cached_property
    def key(self) -> str:
        """A digest of what Typst gets."""
        return self._key("pdf", self._files(self.source, self.attachments))

    def _files(self, code: TypstSource, attachments: Mapping[str, bytes]) -> dict[str, bytes]:
        text = code.text().encode("utf-8")
        return {**attachments, **code.pictures, _PREAMBLE: self.preamble, MAIN: text}

    def _key(self, kind: str, files: Mapping[str, bytes], *more: object) -> str:
        contents = [(path, digest(data)) for path, data in files.items()]
        return digest(
            repr((kind, contents, self.document.date, bool(self.attachments), *more)).encode("utf-8")
        )

    def make(self) -> Written:
        whole = self._files(self.source, self.attachments)
        needed, left = _needed(whole, self.parts), memory_left()
        if needed > left:
            # An estimate: the last figure of a number of megabytes would say more than is known.
            needed, left = -(-needed // _TEN_MEGABYTES) * 10, left // _TEN_MEGABYTES * 10
            return Written({}, (PDF_TOO_LARGE.at(Place(PLAN_FILE), needed=needed, left=left),))
        try:
            if len(self.parts) > 1:
                return self._made_of_parts()
            return self._bound(whole, 0, {}, self.source)
        except OSError as error:
            return Written({}, (no_room(error),))

    @property
    def _options(self) -> dict[str, Any]:
        """What Typst is told for a book and for each of its parts."""
        standards = ["a-3a" if self.attachments else "a-2a", "ua-1"]
        day = self.document.date or _NO_DATE
        return {"format": "pdf", "pdf_standards": standards, "timestamp": day.isoformat()}

    # --- a book in parts

    def _made_of_parts(self) -> Written:
        book = PartedBook(self.source, self.parts)
        made: dict[int, bytes] = {}
        keys: dict[int, str] = {}
        for order in book.passes():
            for number in order:
                code = book.code(number)
                files = self._files(code, self.attachments if number == 0 else {})
                key = self._key("part", files, number)
                if keys.get(number) == key:
                    continue
                part = self._part(key, files, number)
                if not isinstance(part, list):
                    return self._failed(part, code)
                keys[number], (made[number], places) = key, part
                book.known[number] = places_of(places)
        files = {str(number): data for number, data in sorted(made.items())}
        return self._bound(files, len(files), book.places(), self.source)

    def _part(self, key: str, files: Mapping[str, bytes], number: int) -> list[bytes] | Refused | Stopped:
        """A part as PDF, and what is told of its places: from the store, or set now."""
        if self.kept and (data := self.kept.get(key)):
            places, _, pdf = data.partition(b"\n\0")
            return [pdf, places]
        request = {
            "options": self._options,
            "number": number,
            "stand_ins": len(self.parts[number].cut.above),
        }
        made = make_apart("masterplan_cli.binding:set_task", files, bounds_of(files), request)
        if isinstance(made, list) and self.kept:
            self.kept.put({key: b"\n\0".join(reversed(made))})
        return made

    def _bound(
        self, files: Mapping[str, bytes], parts: int, places: Mapping[str, Any], code: TypstSource
    ) -> Written:
        """The book of parts that are set, or of files that are to be set first."""
        request = {
            "options": self._options,
            "parts": parts,
            "places": places,
            "headings": [(title.level, title.anchor, title.words) for title in self.source.titles],
            "aliases": self.source.aliases,
        }
        made = make_apart("masterplan_cli.binding:bind_task", files, bounds_of(files), request)
        if not isinstance(made, list):
            return self._failed(made, code)
        for anchor in json.loads(made[1]):
            reason = f"label `<{anchor}>` does not exist in the document"
            origin = self.source.origin_of(string(f"{SCHEME}{anchor}"))
            return Written({}, (self._refused_at(origin, reason),))
        return self.done(made[0])

    @property
    def _has_own_preamble(self) -> bool:
        return self.shown_as in self.templates.project.located

    def _failed(self, result: Refused | Stopped, code: TypstSource) -> Written:
        finding = self._refusal(result, code) if isinstance(result, Refused) else self._stopped(result)
        return Written({}, (finding,))

    def _stopped(self, stopped: Stopped) -> Finding:
        """Why Typst came to no end: by the plan's own preamble, for every picture was tried, or by the size of the book."""
        if self._has_own_preamble:
            return PDF_REFUSED.at(Place(self.shown_as), "preamble_stopped", how=STOPPED[stopped.why])
        return PDF_REFUSED.at(Place(PLAN_FILE), "stopped", how=STOPPED[stopped.why])

    def _refusal(self, refused: Refused, code: TypstSource) -> Finding:
        """What Typst says, at the file of the plan that it is about; what ships is never to blame."""
        said = refused.diagnostic
        said = said[max(0, said.find("error: ")) :]
        reason = said.partition("\n")[0].removeprefix("error: ")
        places = [
            (PurePath(file).name, int(line), int(column)) for file, line, column in _PLACE.findall(said)
        ]
        origins = [code.origin(line) for file, line, _ in places if file == MAIN]
        drawn = [*(self.source.names.get(file) for file, _, _ in places), *(o.picture for o in origins if o)]
        if picture := next(filter(None, drawn), None):
            return PDF_REFUSED.at(Place(picture), "picture", reason=reason)
        if self._has_own_preamble:
            # The shipped functions take all that the tool writes: with others, the mistake is theirs.
            line, column = next(((n, c) for file, n, c in places if file == _PREAMBLE), (1, 1))
            place = Place(self.shown_as, span=Span(line, column, line, column + 1))
            variant = "package" if "package" in reason else "preamble"
            return PDF_REFUSED.at(place, variant, reason=reason)
        return self._refused_at(next((o for o in origins if o and o.block), None), reason)

    def _refused_at(self, origin: Origin | None, reason: str) -> Finding:
        if origin is None:
            return PDF_REFUSED.at(Place(PLAN_FILE), "whole", reason=reason)
        template = f"templates/{origin.block}.md.j2"
        path = origin.path or (template if template in self.templates.own else PLAN_FILE)
        return PDF_REFUSED.at(Place(path), block=origin.block, reason=reason)

    def done(self, data: bytes) -> Written:
        return Written({f"{self.name}.pdf": data}, tuple(unprintable(self.document, self.source.missing)))


def bounds_of(files: Mapping[str, bytes]) -> Bounds:
    """What a book or a part may take, four times what those of its size do: a thousand pages are some three megabytes of code.

    A raster picture takes room by its pixels, however few bytes it has, and data that is attached hardly any.
    """
    code = sum(len(data) for path, data in files.items() if path.endswith((".typ", ".svg")))
    others = sum(map(len, files.values())) - code
    pixels = sum(pixels_of(data) for path, data in files.items() if path.startswith("picture-"))
    parts = sum(len(data) for path, data in files.items() if path.isdigit())
    seconds = 30 + 25 * code / (1 << 20) + pixels / 1e7 + 5 * parts / (1 << 20)
    return Bounds(seconds, (768 << 20) + 1400 * code + 12 * pixels + 4 * others + 240 * parts, 1 << 30)


def _needed(whole: Mapping[str, bytes], parts: list[BookPart]) -> int:
    """About what a book takes of memory: its largest part while it is set, or all of them while they are bound."""
    code = sum(len(data) for path, data in whole.items() if path.endswith((".typ", ".svg")))
    drawn = {name: len(whole[name]) for name in whole if name.endswith(".svg")}
    largest = max(
        (part.weight + sum(drawn.get(name, 0) for name in part.pictures) for part in parts), default=code
    )
    return (100 << 20) + max(400 * largest, 100 * code)


def unprintable(document: Document, missing: Iterable[str]) -> list[Finding]:
    """A warning for each character that the book's fonts lack, in its text or a drawing, in each file that has it."""
    drawn = chain.from_iterable(map(fonts.missing(document.font).findall, _drawn(document).values()))
    return [
        NO_GLYPH.at(place, character=character, code=visible(character, document.font))
        for character in dict.fromkeys(chain(missing, drawn))
        if visible(character, document.font) and not character.isspace()
        for place in _places(character, document)
    ]


def _drawn(document: Document) -> dict[str, str]:
    """The code of each drawing, by the picture's name."""
    pictures = document.pictures.items()
    return {
        name: data.decode("utf-8", "ignore") for name, (media, data) in pictures if media == "image/svg+xml"
    }


def _places(character: str, document: Document) -> list[Place]:
    """Where the plan's files have a character first; the plan itself when it comes from elsewhere."""
    texts = {path: located.source.text for path, located in document.files.items()}
    texts |= {name: text for name, text in _drawn(document).items() if not name.startswith("chart:")}
    forms = [character, *_escapes(character)]
    places = []
    for path, text in texts.items():
        form = next((form for form in forms if form in text), "")
        if form:
            at = text.find(form)
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            places.append(Place(path, span=Span(line, column, line, column + len(form))))
    return places or [Place(PLAN_FILE, span=Span(1, 1, 1, 2))]


def _escapes(character: str) -> list[str]:
    """How YAML and Markdown write a character that is not typed itself."""
    code = ord(character)
    names = [f"&{name}" for name, meant in html5.items() if meant == character and name.endswith(";")]
    numbers = [f"\\u{code:04x}", f"\\u{code:04X}"] if code < 0x10000 else []
    numbers += [f"\\U{code:08x}", f"\\U{code:08X}"]
    return [
        *numbers,
        f"&#{code};",
        *(f"&#{x}{form};" for x in "xX" for form in (f"{code:x}", f"{code:X}")),
        *names,
    ]
