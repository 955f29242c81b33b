"""A built page as a browser gets it live, and what has to be replaced in it after a build.

The file's own bytes stay as they are; only what is sent gets the script, and the policy that lets it run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property
from html import escape, unescape
from importlib.resources import files
from typing import NamedTuple

_SECTION = b'<section class="block '
_SECTION_END = b"</section>"
_CONTENTS = re.compile(rb'(?<=<div class="tree">).*?(?=</div>)', re.S)
_POLICY = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(")')
_BODY = re.compile(rb"<body\b[^>]*>")
#: A change of more than this, and of most of the page, is quicker read anew.
_LARGE = 1 << 20
_SCRIPT = files(__package__).joinpath("live.js").read_text(encoding="utf-8")
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode("utf-8")).digest()).decode("ascii")


class PageOutline(NamedTuple):
    """What is remembered of an earlier page: its parts by their hashes."""

    frame: bytes
    contents: bytes
    sections: tuple[bytes, ...]


class Page:
    """A page in parts: its sections, the contents beside them, and the frame around both."""

    def __init__(self, html: bytes) -> None:
        self.html = html
        frame, self.sections = _divided(html)
        found = _CONTENTS.search(frame)
        self.contents = found.group() if found else b""
        if found:
            frame = frame[: found.start()] + frame[found.end() :]
        self.outline = PageOutline(_hash(frame), _hash(self.contents), tuple(map(_hash, self.sections)))
        self.version = _hash(b"".join([*self.outline[:2], *self.outline.sections])).hex()

    @cached_property
    def live(self) -> bytes:
        """The page with the script in it, at the start of its body."""
        script = f'<script data-version="{self.version}">{_SCRIPT}</script>'.encode()
        html = _POLICY.sub(lambda m: m[1] + _admitting(m[2]) + m[3], self.html, count=1)
        body = _BODY.search(html)
        at = body.end() if body else 0
        return b"".join([html[:at], script, html[at:]])

    def since(self, old: PageOutline | None) -> dict[str, object]:
        """What makes this page out of an earlier one: pieces of it, or the word that it must be read anew."""
        if old is None or old.frame != self.outline.frame:
            return {"reload": True}
        runs = list(_runs(old.sections, self.outline.sections))
        size = sum(len(section) for _, _, first, last in runs for section in self.sections[first:last])
        if size > _LARGE and size > len(self.html) // 2:
            return {"reload": True}
        change: dict[str, object] = {
            "count": len(old.sections),
            "pieces": [
                {"at": start, "drop": end - start, "html": [s.decode() for s in self.sections[first:last]]}
                for start, end, first, last in runs
            ],
        }
        if old.contents != self.outline.contents:
            change["contents"] = self.contents.decode()
        return change


def _divided(html: bytes) -> tuple[bytes, list[bytes]]:
    """The frame and the sections; a plan's own page may be built in another way, and then has no sections."""
    first, end = html.find(_SECTION), html.rfind(b"</main>")
    if not 0 < first < end:
        return html, []
    sections = [_SECTION + rest.rstrip() for rest in html[first:end].split(_SECTION)[1:]]
    if not all(section.endswith(_SECTION_END) for section in sections):
        return html, []
    return html[:first] + html[end:], sections


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _runs(old: tuple[bytes, ...], new: tuple[bytes, ...]) -> Iterator[tuple[int, int, int, int]]:
    """The runs of sections that differ: from and to in the old page, from and to in the new one."""
    if len(old) == len(new):
        yield from (
            (i, i + 1, i, i + 1) for i, pair in enumerate(zip(old, new, strict=True)) if len({*pair}) > 1
        )
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    yield from ((i, j, k, m) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal")


def _admitting(policy: bytes) -> bytes:
    """A page's Content-Security-Policy that lets our script run and hear from its own server, and nothing else new."""
    rules: dict[str, list[str]] = {}
    for rule in unescape(policy.decode("utf-8")).split(";"):
        name, *values = rule.split() or [""]
        if name:
            rules.setdefault(name, values)
    for name, source in (("script-src", f"'sha256-{_SCRIPT_HASH}'"), ("connect-src", "'self'")):
        before = rules.get(name, rules.get("default-src"))
        # What is free already would be narrowed by naming us.
        if before is not None and "'unsafe-inline'" not in before:
            rules[name] = [value for value in before if value != "'none'"] + [source]
    return escape("; ".join(" ".join([name, *values]) for name, values in rules.items())).encode()
