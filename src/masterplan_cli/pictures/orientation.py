"""How a camera was held, as it notes in a JPEG's EXIF."""

from __future__ import annotations

_START, _EXIF, _APP1 = b"\xff\xd8", b"Exif\0\0", b"\xe1"
_ORIENTATION, _UPRIGHT = 0x0112, 1
_ORDERS = {b"II*\0": "little", b"MM\0*": "big"}
#: Segments before the picture's data; a file has a dozen.
_SEGMENTS = 64


def is_turned(data: bytes) -> bool:
    """Whether a JPEG is to be shown otherwise than it lies in the file."""
    at = 2 if data.startswith(_START) else len(data)
    for _ in range(_SEGMENTS):
        if data[at : at + 1] != b"\xff" or data[at + 1 : at + 2] in (b"\xda", b"\xd9"):
            return False
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1 : at + 2] == _APP1 and data[at + 4 : at + 10] == _EXIF:
            return _orientation(data[at + 10 : at + 2 + length]) in range(_UPRIGHT + 1, 9)
        at += 2 + max(2, length)
    return False


def _orientation(tiff: bytes) -> int:
    """The orientation that the first directory says, or 0."""
    order = _ORDERS.get(tiff[:4])
    if order is None:
        return 0

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], "little" if order == "little" else "big")

    directory = number(4, 4)
    for entry in range(directory + 2, directory + 2 + 12 * number(directory, 2), 12):
        if entry >= len(tiff):
            break
        if number(entry, 2) == _ORIENTATION:
            return number(entry + 8, 2)
    return 0
