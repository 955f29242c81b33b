"""What only a decoder finds: each picture is drawn once by itself, in a worker, before it stands in a book."""

from __future__ import annotations

import json
from typing import Any

from masterplan_cli.files import digest
from masterplan_cli.messages import STOPPED
from masterplan_cli.pictures.faults import Fault
from masterplan_cli.store import Store, tool
from masterplan_cli.typesetting import ENDINGS, MAIN, Refused, typeset
from masterplan_cli.worker import Bounds, Stopped

_BOUNDS = Bounds(12, 1 << 30, 1 << 29)
_PAGE = """\
#set document(title: "x")
#set text(lang: "id")
#set page(width: 160mm, height: auto, margin: 0pt)
#image("picture.{ending}", alt: "x", width: 100%)
"""
#: So many pictures may come to no end before no more are tried.
_MOST_STOPPED = 3


class Trials:
    """Draws pictures and remembers in a `store`, where there is one, what came of it."""

    def __init__(self, store: Store | None = None) -> None:
        self._store, self._stopped = store, 0

    def fault(self, media: str, data: bytes) -> Fault | None:
        """Why a picture whose structure is right cannot be drawn, if so."""
        key = digest(f"picture {tool()} {media} {digest(data)}".encode()) if self._store else ""
        kept = self._store.get(key) if self._store else None
        if kept is not None:
            return _fault(json.loads(kept))
        if self._stopped >= _MOST_STOPPED:
            return Fault("untried")
        try:
            came = _draw(media, data)
        except OSError:  # no room to try: whoever makes a file says so
            return None
        self._stopped += bool(came and came[0] == "heavy")
        if self._store:
            self._store.put({key: json.dumps(came).encode("ascii")})
        return _fault(came)


def _draw(media: str, data: bytes) -> tuple[str, str] | None:
    """The cause of a fault, and Typst's word on it or the bound that was met."""
    ending = ENDINGS[media]
    files = {MAIN: _PAGE.format(ending=ending).encode(), f"picture.{ending}": data}
    # Letters of a drawing that no font has are no fault of it, but the standards would say so.
    standards: dict[str, Any] = {} if ending == "svg" else {"pdf_standards": ["a-2a", "ua-1"]}
    # As large as it is drawn for Word.
    forms: list[dict[str, Any]] = [{"format": "pdf", **standards}, {"format": "png", "ppi": 320.0}]
    for options in forms if ending in ("svg", "webp") else forms[:1]:
        made = typeset(files, _BOUNDS, **options)
        if isinstance(made, Stopped):
            return "heavy", made.why
        if isinstance(made, Refused):
            return "undrawn", made.message
    return None


def _fault(came: list[str] | tuple[str, str] | None) -> Fault | None:
    if came is None:
        return None
    cause, said = came
    return Fault(cause, {"how": STOPPED[said]} if cause == "heavy" else {"reason": said})
