"""SVG and WebP as PNG, for programs that draw neither: the same bytes on every machine."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from masterplan_cli.files import digest
from masterplan_cli.store import Store, tool
from masterplan_cli.typesetting import MAIN, typeset
from masterplan_cli.worker import Bounds

#: Media types that are drawn anew, with the endings that typst knows them by.
DRAWN = {"image/svg+xml": "svg", "image/webp": "webp"}
#: Pixels for each inch of the picture: sharp in print at the width of a page.
DPI = 180
#: However large a picture says it is, it is drawn no larger than a page needs.
_PAGE = """\
#context {{
  let size = measure(image("{file}"))
  image("{file}", width: size.width * calc.min(1, 800pt / size.width, 800pt / size.height))
}}
"""
_PAGES = "#set page(width: auto, height: auto, margin: 0pt)\n"
_BOUNDS = Bounds(60, 1 << 30, 1 << 29)
#: To begin drawing takes longer than to draw a chart; one that cannot be drawn has half of these drawn again.
_TOGETHER = 50


def pngs_of(pictures: Mapping[str, tuple[str, bytes]], store: Store | None = None) -> dict[str, bytes]:
    """Those of the pictures that are to be drawn anew as PNG, their text in the fonts of the package only.

    What cannot be drawn is left out; what the `store` has is not drawn again.
    """
    wanted = {name: (DRAWN[media], data) for name, (media, data) in pictures.items() if media in DRAWN}
    keys = {
        name: digest(f"png {tool()} {form} {digest(data)}".encode()) for name, (form, data) in wanted.items()
    }
    drawn = store.get_all(set(keys.values())) if store else {}
    missing = {keys[name]: picture for name, picture in wanted.items() if keys[name] not in drawn}
    waiting = list(missing)
    for start in range(0, len(waiting), _TOGETHER):
        part = waiting[start : start + _TOGETHER]
        made = dict(zip(part, _drawn([missing[key] for key in part]), strict=True))
        drawn |= made
        if store:
            store.put(made)
    return {name: drawn[key] for name, key in keys.items() if drawn[key]}


def _drawn(pictures: Sequence[tuple[str, bytes]]) -> list[bytes]:
    """Each picture drawn, in halves where they cannot be together; nothing where it cannot be drawn at all."""
    pages = _pages(pictures)
    if len(pages) == len(pictures):
        return pages
    if len(pictures) == 1:
        return [b""]
    half = len(pictures) // 2
    return [*_drawn(pictures[:half]), *_drawn(pictures[half:])]


def _pages(pictures: Sequence[tuple[str, bytes]]) -> list[bytes]:
    # A picture may name files beside it: it must not find another one, for then it would hang on its company.
    secret = secrets.token_hex()
    files = {f"{secret}-{number}.{form}": data for number, (form, data) in enumerate(pictures)}
    source = _PAGES + "#pagebreak(weak: true)\n".join(_PAGE.format(file=file) for file in files)
    made = typeset({MAIN: source.encode(), **files}, _BOUNDS, format="png", ppi=float(DPI))
    return made if isinstance(made, list) else []
