"""JPEG, GIF and WebP by their markers, blocks and chunks; and which kind of raster picture a file is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from masterplan_cli.pictures.faults import Fault, Size, crowd, cut_short, damaged, misfit, outsized
from masterplan_cli.pictures.png import START, examine_png

#: A marker inside of a JPEG's coded data: neither a stuffed byte nor a place to begin anew.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
#: Markers of frames: plain, extended and progressive ones, and those that decoders refuse.
_PLAIN, _REFUSED = {0xC0, 0xC1, 0xC2}, {0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
_SOS, _EOI, _ALONE = 0xDA, 0xD9, {0x01, *range(0xD0, 0xD8)}
#: A progressive picture comes in some ten scans; each makes a decoder go over the whole picture.
_MAX_SCANS = 100


def raster_of(data: bytes) -> str | None:
    """The kind of a raster picture by its first bytes."""
    kinds = (media for media, (start, _) in _RASTERS.items() if data.startswith(start))
    return next(kinds, None)


def examine_raster(media: str, data: bytes) -> Size | Fault:
    """The size of a picture of a kind, or what is wrong with it."""
    return _RASTERS[media][1](data)


# --- JPEG


def examine_jpeg(data: bytes) -> Size | Fault:
    """Its size, or what is wrong with it."""
    scans, size = 0, None
    for marker, start, end in _segments(data):
        if marker is None:
            return damaged("bagian-bagian JPEG-nya tidak bersambung", "the parts of the JPEG do not join")
        if marker == _EOI:
            return size if size and scans else cut_short()
        scans += marker == _SOS
        if scans > _MAX_SCANS:
            return Fault("coding")
        if marker in _PLAIN | _REFUSED:
            found = Fault("coding") if size else _frame(marker, data[start:end])
            if isinstance(found, Fault):
                return found
            size = found
    return cut_short()


def _segments(data: bytes) -> Iterator[tuple[int | None, int, int]]:
    """The markers with what belongs to each, as far as they join; None where they do not."""
    at = 2
    while at + 2 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF:
            yield None, at, at
        elif marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
        if end > len(data) and marker != _EOI:
            return
        yield marker, at + 4, end
        following = _MARKER.search(data, end) if marker == _SOS else None
        at = following.start() if following else len(data) if marker == _SOS else end


def _frame(marker: int, head: bytes) -> Size | Fault:
    """The size that a frame's header says, or why a decoder would refuse it."""
    if marker in _REFUSED:
        return Fault("coding")
    if len(head) < 6 or len(head) != 6 + 3 * head[5]:
        return damaged("kepala berkas JPEG-nya mustahil", "its JPEG header is impossible")
    if head[0] != 8:
        return Fault("coding")
    if head[5] == 4:
        return Fault("cmyk")
    sampling = head[7::3]
    if head[5] not in (1, 3) or not all(1 <= s >> 4 <= 4 and 1 <= s & 15 <= 4 for s in sampling):
        return damaged("kepala berkas JPEG-nya mustahil", "its JPEG header is impossible")
    height, width = int.from_bytes(head[1:3], "big"), int.from_bytes(head[3:5], "big")
    return misfit(width, height) or Size(width, height)


# --- GIF


def examine_gif(data: bytes) -> Size | Fault:
    """Its size, or what is wrong with it."""
    if len(data) < 13:
        return cut_short()
    size = Size(*_little(data, 6, 2, 2))
    if wrong := misfit(size.width, size.height):
        return wrong
    frames: list[Size] = []
    at = 13 + _colours(data[10])
    while at < len(data) and data[at] != 0x3B:
        if data[at] == 0x2C and at + 11 <= len(data):
            frames.append(Size(*_little(data, at + 5, 2, 2)))
            at += 10 + _colours(data[at + 9])
            if at < len(data) and not 1 <= data[at] <= 11:
                return damaged("sebuah bingkainya tidak terbaca", "a frame of it cannot be read")
            at = _after_blocks(data, at + 1)
        elif data[at] == 0x21:
            at = _after_blocks(data, at + 2)
        else:
            return damaged("bagian-bagian GIF-nya tidak bersambung", "the parts of the GIF do not join")
    if at >= len(data) or not frames:
        return cut_short()
    return crowd(frames) or size


def _little(data: bytes, at: int, *lengths: int) -> Iterator[int]:
    """Numbers that stand one after the other, their lowest byte first."""
    for length in lengths:
        yield int.from_bytes(data[at : at + length], "little")
        at += length


def _colours(flags: int) -> int:
    """The bytes of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    """Where a row of blocks ends; beyond the end of the file when it is cut short."""
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


# --- WebP


def examine_webp(data: bytes) -> Size | Fault:
    """Its size, or what is wrong with it."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data) or len(data) < 20:
        return cut_short()
    if data[8:12] != b"WEBP":
        return damaged("berkas ini bukan gambar WebP", "this file is not a WebP picture")
    chunks = list(_riff(data, 12, end))
    if not chunks or chunks[-1][2] > end:
        return cut_short()
    if chunks[0][0] != b"VP8X":
        still = _still(data, chunks[:1])
        return still if isinstance(still, Fault) else misfit(still.width, still.height) or still
    start, size_end = chunks[0][1:]
    if size_end - start < 10:
        return cut_short()
    width, height = _little(data, start + 4, 3, 3)
    return misfit(width + 1, height + 1) or _on_canvas(data, chunks, Size(width + 1, height + 1))


def _riff(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The chunks up to an end: kind, and where the data of each begin and end."""
    while at + 8 <= end:
        after = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], at + 8, after
        at = after + after % 2


def _on_canvas(data: bytes, chunks: list[tuple[bytes, int, int]], canvas: Size) -> Size | Fault:
    """Whether the picture, or each frame, is as large as is said and lies on the canvas."""
    frames: list[Size] = []
    outside = damaged("sebuah bingkainya di luar gambar", "a frame lies outside of the picture")
    for kind, start, end in chunks:
        if kind != b"ANMF":
            continue
        left, top, width, height = _little(data, start, 3, 3, 3, 3)
        said = Size(width + 1, height + 1)
        drawn = _still(data, list(_riff(data, start + 16, end)))
        if isinstance(drawn, Fault):
            return drawn
        if drawn != said or 2 * left + said.width > canvas.width or 2 * top + said.height > canvas.height:
            return outside
        frames.append(said)
    still = None if frames else _still(data, chunks)
    if isinstance(still, Fault):
        return still
    return outside if still and still != canvas else crowd(frames) or canvas


def _still(data: bytes, chunks: list[tuple[bytes, int, int]]) -> Size | Fault:
    """The size of a picture that does not move, as its coded data say."""
    kind, start, end = next((c for c in chunks if c[0] in (b"VP8 ", b"VP8L")), (b"", 0, 0))
    head = data[start : min(end, start + 10)]
    if end > len(data) or len(head) < (10 if kind == b"VP8 " else 5):
        return cut_short()
    if kind == b"VP8L" and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        size = Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    elif kind == b"VP8 " and not head[0] & 1 and head[3:6] == b"\x9d\x01\x2a":
        size = Size(*(side & 0x3FFF for side in _little(head, 6, 2, 2)))
    else:
        return damaged("kepala berkas WebP-nya mustahil", "its WebP header is impossible")
    return outsized(size.width, size.height) or size


_RASTERS: dict[str, tuple[bytes, Callable[[bytes], Size | Fault]]] = {
    "image/png": (START, examine_png),
    "image/jpeg": (b"\xff\xd8\xff", examine_jpeg),
    "image/gif": (b"GIF8", examine_gif),
    "image/webp": (b"RIFF", examine_webp),
}
