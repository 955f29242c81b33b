"""The font that comes along in the file, so that its lines and columns are the same where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from masterplan_cli import fonts
from masterplan_cli.files import digest

#: The font of books in a sans face.
EMBEDDED = "Noto Sans"
_FILES = {
    "embedRegular": "NotoSans-Regular.ttf",
    "embedBold": "NotoSans-Bold.ttf",
    "embedItalic": "NotoSans-Italic.ttf",
}
#: The format asks that the first bytes be mixed with a key, which is a GUID.
_MIXED, _KEY = 32, 16


def embedded() -> Iterator[tuple[str, str, bytes]]:
    """The element that names each face, the key, and the face's file as the format wants it."""
    for tag, file in _FILES.items():
        data = Path(fonts.FOLDER, file).read_bytes()
        key = bytes.fromhex(digest(data)[: 2 * _KEY])
        pairs = enumerate(data[:_MIXED])
        mixed = bytes(byte ^ key[-1 - number % _KEY] for number, byte in pairs)
        yield tag, _guid(key), mixed + data[_MIXED:]


def _guid(key: bytes) -> str:
    digits = key.hex().upper()
    return "{" + "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])) + "}"
