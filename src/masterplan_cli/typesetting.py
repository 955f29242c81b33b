"""Typst, in a worker: it gets the files that it shall read, the fonts of the package, and nothing else.

It sets the PDF, and draws SVG and WebP as PNG for programs that draw neither: the same bytes on every machine.
"""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from masterplan_cli import fonts
from masterplan_cli.files import digest
from masterplan_cli.leaving import scratch_folder
from masterplan_cli.worker import Bounds, Stopped, work

MAIN = "main.typ"
#: The scheme of a link within a book; of an address that people write, it makes no link.
SCHEME = "masterplan:"
#: Begins the name of the place of a numbered table or figure.
CAPTION = "caption:"
#: The endings by which Typst knows pictures.
ENDINGS = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}
_INPUT, _MADE = "input", "made"


class Refused(NamedTuple):
    """Why Typst makes nothing of its input, as it says it with all places; and the short of it."""

    diagnostic: str
    message: str


def typeset(files: Mapping[str, bytes], bounds: Bounds, **options: Any) -> list[bytes] | Refused | Stopped:
    """What Typst makes of `main.typ` among the files: a PDF, or with `format` set to `png` a picture for each page.

    `options` are those of the compiler; its `timestamp` is a day. An `OSError` where there is no room for the files.
    """
    return make_apart("masterplan_cli.typesetting:typeset_task", files, bounds, {"options": options})


def make_apart(
    task: str, files: Mapping[str, bytes], bounds: Bounds, request: dict[str, Any]
) -> list[bytes] | Refused | Stopped:
    """What a worker makes of files: it gets their folder as `input`, and puts what it makes into another one, by numbers."""
    with scratch_folder() as folder:
        source, made = Path(folder, _INPUT), Path(folder, _MADE)
        source.mkdir()
        made.mkdir()
        for name, data in files.items():
            (source / name).write_bytes(data)
        request = {**request, "scratch": folder, "folder": str(made), "input": str(source)}
        result = work(task, request, bounds)
        if isinstance(result, Stopped):
            return result
        if isinstance(result, int):
            return [(made / str(number)).read_bytes() for number in range(result)]
        return Refused(*result)


def typeset_task(request: dict[str, Any], _note: Callable[[Any], None]) -> int | tuple[str, str]:
    """The worker's part: how many pages it has put into the folder, or why there are none."""
    set_ = set_here(Path(request["input"]), request["options"])
    if isinstance(set_, Refused):
        return set_
    for number, page in enumerate(set_.pages):
        Path(request["folder"], str(number)).write_bytes(page)
    return len(set_.pages)


class Typeset(NamedTuple):
    """What Typst has made in this process, and a way to ask it for data by their label."""

    pages: list[bytes]
    told: Callable[[str], str]


def set_here(folder: Path, options: dict[str, Any]) -> Typeset | Refused:
    """What Typst makes of `main.typ` in a folder, in this process, which nobody else may need: only a worker calls it."""
    import typst

    if "timestamp" in options:
        day = datetime.date.fromisoformat(options["timestamp"])
        options["timestamp"] = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    compiler = typst.Compiler(
        root=folder,
        font_paths=typst.Fonts(False, False, [fonts.FOLDER]),
        ignore_system_fonts=True,
        # Packages of this computer would make another book of the same plan.
        package_path=folder,
        package_cache_path=folder,
    )
    try:
        made, _warnings = compiler.compile_with_warnings(folder / MAIN, **options)
    except typst.TypstError as error:
        # Where the files lie for the moment says nothing to anybody; in a place it may be told from the folder at work.
        here = f"{folder}{os.sep}"
        lines = (error.diagnostic or error.message).split("\n")
        said = "\n".join(line if "┌─ " in line else line.replace(here, "") for line in lines)
        return Refused(said, error.message.replace(here, ""))
    pages = made if isinstance(made, list) else [made or b""]
    return Typeset(pages, lambda name: str(compiler.query(f"<{name}>", field="value", one=True)))


# --- pictures

#: Media types that are drawn anew.
DRAWN = ("image/svg+xml", "image/webp")
#: Pixels for each inch of the picture: sharp in print at the width of a page.
DPI = 150
#: However large a picture says it is, it is drawn no larger than a page needs.
_PAGE = """\
#context {{
  let size = measure(image("{file}"))
  image("{file}", width: size.width * calc.min(1, 800pt / size.width, 800pt / size.height))
}}
"""
_PICTURES = "#set page(width: auto, height: auto, margin: 0pt)\n"
#: What one picture may take, and what many may that are drawn together, for to begin takes longer than to draw a chart.
ONE, _MANY = Bounds(12, 1 << 30, 1 << 29), Bounds(60, 1 << 30, 1 << 29)
#: So many are drawn together, and of so many bytes: small ones cost less than to begin, large ones much memory.
_TOGETHER, _BYTES = 250, 200_000


class Kept(Protocol):
    """Where what came of a picture or of a part of a book is kept, by keys that stand for it."""

    def get(self, key: str) -> bytes | None: ...
    def get_all(self, keys: Iterable[str]) -> dict[str, bytes]: ...
    def put(self, values: Mapping[str, bytes]) -> None: ...


class UndrawnError(Exception):
    """A picture that was drawn before, when it was tried, and now came to no end."""

    def __init__(self, name: str, stopped: Stopped) -> None:
        super().__init__(name)
        self.name, self.stopped = name, stopped


def pngs_of(
    pictures: Mapping[str, tuple[str, bytes]], store: Kept | None = None, also: Collection[str] = ()
) -> dict[str, bytes]:
    """Those of the pictures that are to be drawn anew as PNG, their text in the fonts of the package only.

    These are drawings, and those whose names are `also` given. What cannot be drawn is left out; what the `store` has is not drawn again. `UndrawnError` where one comes to no end.
    """
    wanted = {
        name: (ENDINGS[media], data)
        for name, (media, data) in pictures.items()
        if media in DRAWN or name in also
    }
    keys = {name: digest(f"png {form} {digest(data)}".encode()) for name, (form, data) in wanted.items()}
    drawn = store.get_all(set(keys.values())) if store else {}
    waiting = list({key: name for name, key in keys.items() if key not in drawn}.values())
    for names in _batches(waiting, wanted):
        part = {name: wanted[name] for name in names}
        made = {keys[name]: png for name, png in _drawn(part).items()}
        drawn |= made
        if store:
            store.put(made)
    return {name: drawn[key] for name, key in keys.items() if drawn[key]}


def _batches(names: Iterable[str], pictures: Mapping[str, tuple[str, bytes]]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for name in names:
        size += len(pictures[name][1])
        if batch and (len(batch) >= _TOGETHER or size > _BYTES):
            yield batch
            batch, size = [], len(pictures[name][1])
        batch.append(name)
    if batch:
        yield batch


def _drawn(pictures: Mapping[str, tuple[str, bytes]]) -> dict[str, bytes]:
    """The pictures drawn together, or each by itself where they cannot be; nothing for one that cannot be drawn at all."""
    pages = _pages(list(pictures.values()), _MANY)
    if isinstance(pages, list) and len(pages) == len(pictures):
        return dict(zip(pictures, pages, strict=True))
    return {name: _alone(name, picture) for name, picture in pictures.items()}


def _alone(name: str, picture: tuple[str, bytes]) -> bytes:
    pages = _pages([picture], ONE)
    if isinstance(pages, Stopped):
        raise UndrawnError(name, pages)
    return pages[0] if isinstance(pages, list) and len(pages) == 1 else b""


def _pages(pictures: Sequence[tuple[str, bytes]], bounds: Bounds) -> list[bytes] | Refused | Stopped:
    # A picture may name files beside it: it must not find another one, for then it would hang on its company.
    secret = secrets.token_hex()
    files = {f"{secret}-{number}.{form}": data for number, (form, data) in enumerate(pictures)}
    source = _PICTURES + "#pagebreak(weak: true)\n".join(_PAGE.format(file=file) for file in files)
    return typeset({MAIN: source.encode(), **files}, bounds, format="png", ppi=float(DPI))
