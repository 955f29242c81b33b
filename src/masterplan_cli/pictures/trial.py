"""What only a decoder finds: each picture is drawn once by itself, in a worker, before it stands in a book."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from masterplan_cli.files import digest
from masterplan_cli.messages import STOPPED
from masterplan_cli.pictures.faults import Fault
from masterplan_cli.typesetting import ENDINGS, MAIN, ONE, Kept, Refused, typeset
from masterplan_cli.worker import Stopped

_PAGE = """\
#set document(title: "x")
#set text(lang: "id")
#set page(width: 160mm, height: auto, margin: 0pt)
#image("picture.{ending}", alt: "x", width: 100%)
"""
#: So many pictures may come to no end before no more are tried.
_MOST_STOPPED = 3


class Trial(NamedTuple):
    """Why a picture cannot be drawn, if so; and whether the picture itself decides, so that it will be so again."""

    fault: Fault | None
    final: bool = True


class Trials:
    """Draws pictures and remembers, in a `store` as well where there is one, what came of it.

    `known` holds the cause of a fault, what Typst said or the bound that was met, and whether that is final, by the kind
    and the digest of each picture that was tried.
    """

    def __init__(
        self, store: Kept | None = None, known: Mapping[str, tuple[str, str, bool]] | None = None
    ) -> None:
        self.store, self.known = store, dict(known or {})

    def of(self, media: str, data: bytes) -> Trial:
        """What comes of drawing a picture whose structure is right."""
        name = f"{media} {digest(data)}"
        if name not in self.known:
            self.known[name] = self._kept(name) or self._tried(name, media, data)
        cause, said, final = self.known[name]
        args: dict[str, object] = {"how": STOPPED[said]} if cause == "heavy" else {"reason": said}
        return Trial(Fault(cause, args) if cause else None, final)

    def _kept(self, name: str) -> tuple[str, str, bool] | None:
        kept = self.store.get(_key(name)) if self.store else None
        if kept is None:
            return None
        cause, said = json.loads(kept)
        return cause, said, True

    def _tried(self, name: str, media: str, data: bytes) -> tuple[str, str, bool]:
        if sum(cause == "heavy" for cause, _, _ in self.known.values()) >= _MOST_STOPPED:
            return "untried", "", False
        try:
            came = _draw(media, data)
        except OSError:  # no room to try: whoever makes a file says so
            return "", "", False
        if came == ("heavy", "start"):
            return "", "", False
        if came == ("heavy", "crash"):  # the picture did it, or somebody who has ended the worker
            return *came, False
        if self.store:
            self.store.put({_key(name): json.dumps(came).encode("ascii")})
        return *came, True


def _key(name: str) -> str:
    return digest(f"picture {name}".encode())


def _draw(media: str, data: bytes) -> tuple[str, str]:
    """The cause of a fault, and Typst's word on it or the bound that was met; empty where there is none."""
    ending = ENDINGS[media]
    files = {MAIN: _PAGE.format(ending=ending).encode(), f"picture.{ending}": data}
    # Letters of a drawing that no font has are no fault of it, but the standards would say so.
    standards: dict[str, Any] = {} if ending == "svg" else {"pdf_standards": ["a-2a", "ua-1"]}
    # As large as it is drawn for Word.
    forms: list[dict[str, Any]] = [{"format": "pdf", **standards}, {"format": "png", "ppi": 320.0}]
    for options in forms if ending in ("svg", "webp") else forms[:1]:
        made = typeset(files, ONE, **options)
        if isinstance(made, Stopped):
            return "heavy", made.why
        if isinstance(made, Refused):
            return "undrawn", made.message
    return "", ""
