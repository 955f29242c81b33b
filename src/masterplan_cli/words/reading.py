"""A Word file that somebody sends: opened by a worker, within bounds of time, memory and words; nothing outside is fetched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from masterplan_cli.files import MAX_TEXT_BYTES, read_file
from masterplan_cli.messages import STOPPED, reason
from masterplan_cli.typesetting import Refused, make_apart
from masterplan_cli.words.blocks import (
    Oddity,
    WordBlock,
    WordParagraph,
    WordText,
    as_json,
    block_of,
    paragraphs_of,
)
from masterplan_cli.words.body import BodyReader
from masterplan_cli.words.drawings import Drawings
from masterplan_cli.words.package import Package, PackageError, child, text_in
from masterplan_cli.words.styles import WordLists, WordStyles
from masterplan_cli.workbooks import MAX_BYTES, Unreadable
from masterplan_cli.worker import Bounds, Stopped

#: What opening a Word file may take.
_BOUNDS = Bounds(60, 1 << 30, 1 << 28)
_FILE = "text"
_OLE, _LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")
#: So many things of one file that are not carried are told, and so much of the words of each.
_MOST_ODD, _LONGEST = 5_000, 200
#: No program has more paragraphs and cells that say something; each takes time.
_MOST_PARAGRAPHS = 20_000


def read_word(file: Path) -> WordText | Unreadable:
    """What a Word file says."""
    try:
        data = read_file(file, MAX_BYTES)
        if data.startswith(_OLE):
            return Unreadable("password" if _LOCKED in data else "old", {})
        made = make_apart("masterplan_cli.words.reading:read_parts", {_FILE: data}, _BOUNDS, {})
    except OSError as error:
        return Unreadable("unread", {"reason": reason(error)})
    if isinstance(made, Stopped):
        return Unreadable("stopped", {"how": STOPPED[made.why]})
    if isinstance(made, Refused):
        return Unreadable(made.message, {})
    said, *pictures = made
    text = json.loads(said)
    notes = {
        id_: [one for one in map(block_of, blocks) if isinstance(one, WordParagraph)]
        for id_, blocks in text["notes"].items()
    }
    oddities = [Oddity(*oddity) for oddity in text["oddities"]]
    return WordText([block_of(block) for block in text["blocks"]], notes, oddities, pictures)


# --- within the worker


def read_parts(request: dict[str, Any], _note: Callable[[Any], None]) -> int | tuple[str, str]:
    """Put all that a Word file says into a file, and its pictures into others; or why there are none."""
    try:
        text = _read(Package(Path(request["input"], _FILE)))
    except PackageError as error:
        return "", error.variant
    said = {
        "blocks": [as_json(block) for block in text.blocks],
        "notes": {id_: [as_json(one) for one in note] for id_, note in text.notes.items()},
        "oddities": text.oddities,
    }
    folder = Path(request["folder"])
    (folder / "0").write_text(json.dumps(said), encoding="ascii")
    for number, picture in enumerate(text.pictures, 1):
        (folder / str(number)).write_bytes(picture)
    return 1 + len(text.pictures)


def _read(package: Package) -> WordText:
    root = package.xml(package.main)
    body = child(root, "body")
    if root is None or body is None:
        raise PackageError("")
    styles, drawings = WordStyles(package.related("styles")), Drawings(package)
    lists = WordLists(package.related("numbering"))
    reader = BodyReader(package.relations(package.main), styles, lists, drawings)
    blocks = [*reader.blocks(body)]
    notes = {id_: note for kind in ("footnotes", "endnotes") for id_, note in _notes(package, kind, reader)}
    said = [len(one.words) for one in paragraphs_of(blocks) if one.words]
    if sum(said) > MAX_TEXT_BYTES or len(said) > _MOST_PARAGRAPHS:
        raise PackageError("large")
    if reader.hides():  # a field without an end would swallow the words behind it
        raise PackageError("broken")
    oddities = [*_whole(package, root), *reader.oddities, *_comments(package, reader)]
    shortened = [
        one._replace(said=one.said[:_LONGEST], who=one.who[:_LONGEST]) for one in oddities[:_MOST_ODD]
    ]
    return WordText(blocks, notes, shortened, drawings.pictures)


def _notes(package: Package, kind: str, above: BodyReader) -> Iterator[tuple[str, list[WordParagraph]]]:
    """The foot- or endnotes, by the first letter of their kind and their ids; those below 1 are lines and no notes."""
    root = package.related(kind)
    name = next((one.target for one in package.relations(package.main).values() if one.kind == kind), "")
    reader = BodyReader(package.relations(name), above.styles, above.lists, above.drawings)
    for note in root if root is not None else ():
        if note.get("type", "normal") == "normal":
            blocks: list[WordBlock] = [*reader.blocks(note)]
            yield f"{kind[0]}{note.get('id', '')}", [*paragraphs_of(blocks)]
    above.oddities += [one._replace(number=0) for one in reader.oddities]


def _comments(package: Package, reader: BodyReader) -> Iterator[Oddity]:
    """The comments of reviewers, where they stand and whose they are."""
    root = package.related("comments")
    said = {one.get("id", ""): one for one in root} if root is not None else {}
    for id_, number in reader.comments:
        comment = said.get(id_)
        if comment is not None:
            yield Oddity("comment", number, text_in(comment), comment.get("author", ""))


def _whole(package: Package, root: Element) -> Iterator[Oddity]:
    """What belongs to no paragraph: macros, and what stands above and below each page."""
    if package.has_macros:
        yield Oddity("macros", 0)
    relations = package.relations(package.main)
    names: dict[str, None] = {}
    for reference in root.iter():
        relation = (
            relations.get(reference.get("id", ""))
            if reference.tag in ("headerReference", "footerReference")
            else None
        )
        if relation and not relation.outside:
            names[relation.target] = None
    texts = [text_in(part) for name in names if (part := package.xml(name)) is not None]
    yield from (Oddity("header", 0, text) for text in dict.fromkeys(texts) if text)
