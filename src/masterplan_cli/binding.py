"""Parts of a book, each a PDF of its own, bound to one: pages, tags, names, bookmarks, labels of pages and links.

Whoever sets a part does not know where the others put things: a link within the book is an address of the scheme
`masterplan:` there, and leads to a named destination when the book is bound.
"""

from __future__ import annotations

import itertools
import json
import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from masterplan_cli.typesetting import CAPTION, SCHEME, Refused, set_here

_SCHEME = SCHEME.encode()
_LETTERS = (string.ascii_uppercase[20:] + string.ascii_uppercase[:20] + string.ascii_lowercase).encode()
_PAGES = re.compile(rb"(?<=<xmpTPg:NPages>)\d+")


#: An id of a table's cell as Typst counts them, and where in a file they stand: in cells, before all that a plan says.
_ID = re.compile(rb"\(U([0-9]{1,9})x([0-9]{1,9})y([0-9]{1,9})\)")
_CELL = re.compile(
    rb"\n<</Type/StructElem/S/T[DH]/P [0-9]{1,9} 0 R(?:/ID\(U[0-9xy]{1,40}\))?/A\[<</O/Table[^<>]{1,4000}>>"
)


#: Elements in which no table of data stands.
_WITHOUT_TABLES = frozenset(
    ("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/L", "/TOC", "/Link", "/Figure", "/Caption", "/THead")
)


# --- the workers' tasks


def set_task(request: dict[str, Any], _note: Callable[[Any], None]) -> int | tuple[str, str]:
    """Set a part, and tell what the preamble's `places` tells of it."""
    set_ = set_here(Path(request["input"]), request["options"])
    if isinstance(set_, Refused):
        return set_
    made = Path(request["folder"], "0")
    made.write_bytes(_with_ids(set_.pages[0], request["number"]))
    prepare(made, request["number"], request["stand_ins"])
    Path(request["folder"], "1").write_text(set_.told("places"), encoding="utf-8")
    return 2


def bind_task(request: dict[str, Any], _note: Callable[[Any], None]) -> int | tuple[str, str]:
    """Bind parts, or set a book that has but one and bind that; and tell the anchors that its links name and nothing has."""
    source, folder = Path(request["input"]), Path(request["folder"])
    parts = [source / str(number) for number in range(request["parts"])]
    if not parts:
        set_ = set_here(source, request["options"])
        if isinstance(set_, Refused):
            return set_
        parts = [source / "0"]
        parts[0].write_bytes(set_.pages[0])
        del set_
    missing = bind(parts, folder / "0", request["headings"], request["aliases"], request["places"])
    (folder / "1").write_text(json.dumps(missing), encoding="ascii")
    return 2


# --- a part


def _with_ids(data: bytes, number: int) -> bytes:
    """A part whose cells have ids that those of another number have not, of the same length.

    In the file as Typst writes it, for that takes a hundredth of the time that it takes to open every cell.
    """
    return _CELL.sub(lambda cell: _ID.sub(partial(_renamed, number), cell[0]), data)


def _renamed(number: int, id_: re.Match[bytes]) -> bytes:
    letters = _LETTERS[number % 52], _LETTERS[number // 52 % 52], _LETTERS[number // 2704 % 52]
    return b"(%c%b%c%b%c%b)" % (letters[0], id_[1], letters[1], id_[2], letters[2], id_[3])


def prepare(path: Path, number: int, stand_ins: int) -> None:
    """Make a part such that it can stand beside others: small, and with ids that no other part has.

    `stand_ins` are the headings at its beginning that show nothing: those that the part stands below.
    """
    with Pdf.open(path, allow_overwriting_input=True) as part:
        children = _document(part.Root.StructTreeRoot).K
        for _ in range(stand_ins):
            del children[0]
        _rename(part, number)
        _name_places(part, f"{number}.")
        _mark_row_heads(part)
        _save(part, path)


def _rename(part: Pdf, number: int) -> None:
    """Set the number of the part before the ids of notes, and list all ids anew, those of the cells as they are now."""
    tree = part.Root.StructTreeRoot.get(Name.IDTree)
    if tree is None:
        return
    elements = {}
    for name, element in _pairs(tree, Name.Names):
        cell = _ID.fullmatch(b"(%b)" % bytes(name))
        id_ = _renamed(number, cell)[1:-1].decode() if cell else f"{number}.{name}"
        if not cell:
            element.ID = String(id_)
        elements[id_] = element
    part.Root.StructTreeRoot.IDTree = Dictionary(Names=_names(elements))


def _name_places(part: Pdf, prefix: str) -> None:
    """Give each place that a link leads to a name: a place is lost when its page is copied later than the link's."""
    places = _destinations(part)
    for number, annotation in enumerate(_annotations(part.pages)):
        if isinstance(annotation.get(Name.Dest), Array):
            places[f"{prefix}{number}"] = annotation.Dest
            annotation.Dest = String(f"{prefix}{number}")
    _set_destinations(part, places)


def _mark_row_heads(pdf: Pdf) -> None:
    """Tell readers that the first cell of a row of figures or texts is its head; Typst marks those of columns alone."""
    for row in _rows(_document(pdf.Root.StructTreeRoot)):
        cell = row.K[0] if isinstance(row.K, Array) else row.K
        if cell.S == Name.TD and Name.K in cell:
            attributes = cell.get(Name.A)
            if attributes is None:
                cell.A = Array([Dictionary(O=Name.Table, Scope=Name.Row)])
            elif Name.ColSpan not in attributes[0]:
                attributes[0].Scope = Name.Row
            else:
                continue
            cell.S = Name.TH


def _rows(element: Any) -> Iterator[Any]:
    """The rows of all tables below an element."""
    for child in element.K if isinstance(element.get(Name.K), Array) else ():
        if isinstance(child, Dictionary):
            kind = str(child.get(Name.S, ""))
            if kind == "/Table":
                _end_in_body(child)
            if kind == "/TR":
                yield child
            elif kind not in _WITHOUT_TABLES:
                yield from _rows(child)


def _end_in_body(table: Any) -> None:
    """Let the last rows of a table, which Typst keeps together as its foot, be rows like those above."""
    kinds = [str(child.get(Name.S, "")) for child in table.K] if isinstance(table.K, Array) else []
    if "/TFoot" not in kinds:
        return
    foot = table.K[kinds.index("/TFoot")]
    if "/TBody" not in kinds:
        foot.S = Name.TBody
        return
    body = table.K[kinds.index("/TBody")]
    for part in (body, foot):
        part.K = part.K if isinstance(part.K, Array) else Array([part.K])
    for row in foot.K:
        row.P = body
        body.K.append(row)
    del table.K[kinds.index("/TFoot")]


# --- the book


def bind(
    parts: Sequence[Path],
    target: Path,
    headings: Sequence[tuple[int, str, str]],
    aliases: Mapping[str, str],
    places: Mapping[str, tuple[int, int, float]],
) -> list[str]:
    """Bind the parts to a book, and tell the anchors that its links name and that nothing in it has.

    The headings are level, anchor and words. An alias is the anchor that stands for one that is no place of its own. More
    places are a part, its page (from 0) and the distance from the upper edge of that in points.
    """
    with Pdf.open(parts[0]) as first:
        book = _Book(first)
        if len(parts) == 1:
            _mark_row_heads(first)
        for path in parts[1:]:
            with Pdf.open(path) as part:
                book.append(part)
        book.name_more(places)
        if len(parts) > 1:
            book.close()
            _set_bookmarks(first, [heading for heading in headings if heading[1] in book.places])
        _set_destinations(first, book.places)
        missing = book.link({anchor: words for _, anchor, words in headings}, aliases)
        about = first.Root.Metadata
        about.write(_PAGES.sub(b"%d" % len(first.pages), about.read_bytes()))
        _save(first, target)
        return missing


class _Book:
    """The first part, to which the others are appended; its trees are gathered, and written when it is closed."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf, self.tree = pdf, pdf.Root.StructTreeRoot
        self.places = _destinations(pdf)
        self.firsts = [0]
        self.next = int(self.tree.get(Name.ParentTreeNextKey, 0))
        self.parents = list(_pairs(self.tree.get(Name.ParentTree, Dictionary()), Name.Nums))
        self.ids = dict(_pairs(self.tree.get(Name.IDTree, Dictionary()), Name.Names))
        self.labels = list(_labels(pdf))

    def append(self, part: Pdf) -> None:
        """Append a part's pages, with their tags, labels and destinations."""
        first = len(self.pdf.pages)
        self.firsts.append(first)
        for page in part.pages:
            page.obj.StructParents = int(page.obj.StructParents) + self.next
        for annotation in _annotations(part.pages):
            annotation.StructParent = int(annotation.StructParent) + self.next
        self.pdf.pages.extend(part.pages)
        self._graft(self._copied(part, part.Root.StructTreeRoot))
        self.labels += [(int(number) + first, self._copied(part, label)) for number, label in _labels(part)]
        places = _pairs(self._copied(part, Dictionary(Names=_names(_destinations(part)))), Name.Names)
        self.places |= {str(name): place for name, place in places}

    def _copied(self, part: Pdf, thing: Any) -> Any:
        return self.pdf.copy_foreign(thing if thing.is_indirect else part.make_indirect(thing))

    def _graft(self, tree: Any) -> None:
        """Put the tags of a part below those of the book."""
        own = _document(self.tree)
        for child in _document(tree).K:
            child.P = own
            own.K.append(child)
        self.parents += [(int(n) + self.next, element) for n, element in _pairs(tree.ParentTree, Name.Nums)]
        self.ids |= dict(_pairs(tree.get(Name.IDTree, Dictionary()), Name.Names))
        self.next += int(tree.ParentTreeNextKey)

    def name_more(self, places: Mapping[str, tuple[int, int, float]]) -> None:
        """Add places that the parts did not name."""
        for name, (part, number, top) in places.items():
            page = self.pdf.pages[self.firsts[part] + number]
            self.places[name] = Array([page.obj, Name.XYZ, 0, round(float(page.mediabox[3]) - top, 3), 0])

    def close(self) -> None:
        """Write the trees that were gathered."""
        self.tree.ParentTree = Dictionary(Nums=Array(itertools.chain(*self.parents)))
        self.tree.ParentTreeNextKey = self.next
        if self.ids:
            self.tree.IDTree = Dictionary(
                Names=_names({str(name): element for name, element in self.ids.items()})
            )
        self.pdf.Root.PageLabels = Dictionary(Nums=Array(itertools.chain(*self.labels)))

    def link(self, words: Mapping[str, str], aliases: Mapping[str, str]) -> list[str]:
        """Lead each link within the book to its destination; the anchors that are none."""
        missing: dict[str, None] = {}
        for annotation in _annotations(self.pdf.pages):
            address = annotation.get(Name.A, Dictionary()).get(Name.URI)
            if address is None or not bytes(address).startswith(_SCHEME):
                continue
            anchor = bytes(address)[len(_SCHEME) :].decode("utf-8")
            name = aliases.get(anchor, anchor)
            if name not in self.places:
                missing[anchor] = None
            del annotation[Name.A]
            annotation.Dest = String(name)
            annotation.Contents = String(words.get(name, name.removeprefix(CAPTION)))
        return list(missing)


def _set_bookmarks(pdf: Pdf, headings: Iterable[tuple[int, str, str]]) -> None:
    """The bookmarks of a book: its headings, each below the last one of a higher level, and all of them shut."""
    root = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    above: list[tuple[int, Any]] = [(0, root)]
    for level, anchor, words in headings:
        while above[-1][0] >= level:
            above.pop()
        parent = above[-1][1]
        item = pdf.make_indirect(Dictionary(Title=String(words), Parent=parent, Dest=String(anchor)))
        if Name.Last in parent:
            item.Prev, parent.Last.Next = parent.Last, item
        else:
            parent.First = item
        parent.Last = item
        parent.Count = int(parent.get(Name.Count, 0)) + (1 if parent == root else -1)
        above.append((level, item))
    pdf.Root.Outlines = root


# --- trees and names


def _document(tree: Any) -> Any:
    """The one element of a tree of tags below which all others stand."""
    top = tree.K
    return top[0] if isinstance(top, Array) else top


def _pairs(tree: Any, kind: Name) -> Iterator[tuple[Any, Any]]:
    """The keys and values of a tree of names or numbers."""
    entries = list(tree.get(kind, ()))
    yield from zip(entries[::2], entries[1::2], strict=True)
    for kid in tree.get(Name.Kids, ()):
        yield from _pairs(kid, kind)


def _names(values: Mapping[str, Any]) -> Array:
    """The leaf of a tree of names, whose order is that of their bytes."""
    ordered = sorted((bytes(String(name)), name) for name in values)
    return Array(itertools.chain.from_iterable((String(name), values[name]) for _, name in ordered))


def _labels(pdf: Pdf) -> Iterator[tuple[Any, Any]]:
    """What numbers the pages, from which page on."""
    return _pairs(pdf.Root.get(Name.PageLabels, Dictionary()), Name.Nums)


def _destinations(pdf: Pdf) -> dict[str, Any]:
    tree = pdf.Root.get(Name.Names, Dictionary()).get(Name.Dests, Dictionary())
    return {str(name): place for name, place in _pairs(tree, Name.Names)}


def _set_destinations(pdf: Pdf, places: Mapping[str, Any]) -> None:
    if places:
        if Name.Names not in pdf.Root:
            pdf.Root.Names = Dictionary()
        pdf.Root.Names.Dests = Dictionary(Names=_names(places))


def _annotations(pages: Iterable[pikepdf.Page]) -> Iterator[Any]:
    for page in pages:
        yield from page.obj.get(Name.Annots, ())


def _save(pdf: Pdf, path: Path) -> None:
    """Write a file that tells neither the day nor the machine."""
    pdf.save(
        path,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,
    )
