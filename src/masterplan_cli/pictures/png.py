"""PNG, moving ones included: chunks, checksums, and how much comes out of what is packed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from masterplan_cli.pictures.faults import MAX_NOTES, Fault, Size, crowd, cut_short, damaged, misfit

START = b"\x89PNG\r\n\x1a\n"
#: The depths that each type of colour may have, and its channels.
_COLOURS = {0: ((1, 2, 4, 8, 16), 1), 2: ((8, 16), 3), 3: ((1, 2, 4, 8), 1), 4: ((8, 16), 2), 6: ((8, 16), 4)}
#: Of an interlaced picture, where each pass begins and how far its pixels lie apart: across, and down.
_PASSES = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))
_IN, _OUT = 16 * 1024, 1024 * 1024


class Chunk(NamedTuple):
    """A part of the file; its data and checksum lie from `start` to `end`."""

    kind: bytes
    start: int
    end: int


def examine_png(data: bytes) -> Size | Fault:
    """Its size, or what is wrong with it."""
    chunks = _chunks(data)
    if isinstance(chunks, Fault):
        return chunks
    head = _head(data, chunks[0])
    if isinstance(head, Fault):
        return head
    size, rows = head
    parts = (_order(data, chunks), _notes(data, chunks), _frames(data, chunks, size))
    wrong = next(filter(None, parts), None) or _pixels(data, chunks, rows)
    return wrong or size


def _chunks(data: bytes) -> list[Chunk] | Fault:
    """All chunks up to the last; what follows is nobody's business."""
    chunks: list[Chunk] = []
    at = len(START)
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        if end + 4 > len(data):
            return cut_short()
        kind = data[at + 4 : at + 8]
        # Decoders skip what they need not understand, whatever its checksum.
        if kind[:1].isupper() and zlib.crc32(memoryview(data)[at + 4 : end]) != int.from_bytes(
            data[end : end + 4], "big"
        ):
            return damaged(
                "sebagian isinya berubah (checksum salah)", "a part of it has changed (wrong checksum)"
            )
        chunks.append(Chunk(kind, at + 8, end))
        if kind == b"IEND":
            return chunks
        at = end + 4
    return cut_short()


def _head(data: bytes, chunk: Chunk) -> tuple[Size, list[tuple[int, int]]] | Fault:
    """The size that the file says it has, and the rows to come: how many, of how many bytes."""
    if chunk.kind != b"IHDR" or chunk.end - chunk.start != 13:
        return damaged("kepala berkas PNG-nya tidak ada", "its PNG header is missing")
    size = Size(*(int.from_bytes(data[chunk.start + at : chunk.start + at + 4], "big") for at in (0, 4)))
    depth, colour, packing, filtering, interlaced = data[chunk.start + 8 : chunk.end]
    depths, channels = _COLOURS.get(colour, ((), 0))
    if depth not in depths or packing or filtering or interlaced > 1:
        return damaged("kepala berkas PNG-nya mustahil", "its PNG header is impossible")
    if wrong := misfit(size.width, size.height):
        return wrong
    steps = _PASSES if interlaced else ((0, 1, 0, 1),)
    rows = [
        (-(-(size.height - top) // down), (-(-(size.width - left) // across) * depth * channels + 7) // 8 + 1)
        for left, across, top, down in steps
        if size.height > top and size.width > left
    ]
    return size, rows


def _order(data: bytes, chunks: list[Chunk]) -> Fault | None:
    """Whether the chunks that a picture is made of are there once, and in their order."""
    kinds = [chunk.kind for chunk in chunks]
    critical = [kind for at, kind in enumerate(kinds) if kind[:1].isupper() and kind != kinds[at - 1]]
    palette = [chunk for chunk in chunks if chunk.kind == b"PLTE"]
    needed = data[chunks[0].start + 9] == 3
    ordered = critical in ([b"IHDR", b"IDAT", b"IEND"], [b"IHDR", b"PLTE", b"IDAT", b"IEND"])
    if not ordered or kinds.count(b"IHDR") > 1 or (needed and not palette):
        return damaged("bagian-bagian PNG-nya tidak lengkap", "parts of the PNG are missing or out of order")
    if len(palette) > 1 or any((c.end - c.start) % 3 or not 3 <= c.end - c.start <= 768 for c in palette):
        return damaged("palet warnanya rusak", "its palette is broken")
    return None


def _notes(data: bytes, chunks: list[Chunk]) -> Fault | None:
    """Whether texts or a colour profile unpack to more than anybody writes."""
    size = 0
    for chunk in chunks:
        packed = _packed(data, chunk)
        # What does not unpack is left alone by every decoder.
        with suppress(zlib.error):
            for piece in inflated([packed], MAX_NOTES + 1 - size) if packed else ():
                size += len(piece)
        if size > MAX_NOTES:
            return Fault("notes")
    return None


def _packed(data: bytes, chunk: Chunk) -> memoryview | None:
    """The packed part of a text or a profile, which begins after a name and some marks."""
    name = data.find(b"\0", chunk.start, chunk.end)
    if name < 0 or chunk.kind not in (b"zTXt", b"iCCP", b"iTXt"):
        return None
    start = name + 2
    if chunk.kind == b"iTXt":
        language = data.find(b"\0", name + 3, chunk.end)
        start = data.find(b"\0", language + 1, chunk.end) + 1
        if data[name + 1 : name + 2] != b"\1" or language < 0 or not start:
            return None
    return memoryview(data)[start : chunk.end]


def _frames(data: bytes, chunks: list[Chunk], size: Size) -> Fault | None:
    """Whether the frames of a moving PNG lie on its canvas, and are not too much."""
    frames: list[Size] = []
    for chunk in chunks:
        if chunk.kind == b"fcTL":
            width, height, left, top = (
                int.from_bytes(data[chunk.start + at : chunk.start + at + 4], "big") for at in (4, 8, 12, 16)
            )
            if chunk.end - chunk.start != 26 or left + width > size.width or top + height > size.height:
                return damaged("sebuah bingkainya di luar gambar", "a frame lies outside of the picture")
            frames.append(Size(width, height))
    return crowd(frames)


def _pixels(data: bytes, chunks: list[Chunk], rows: list[tuple[int, int]]) -> Fault | None:
    """Whether exactly the pixels that the header speaks of come out of the file."""
    expected = sum(count * length for count, length in rows)
    view, seen = memoryview(data), 0
    try:
        for piece in inflated((view[c.start : c.end] for c in chunks if c.kind == b"IDAT"), expected + 1):
            # The first byte of a row says how it is written; there are five ways.
            first = piece[-seen % rows[0][1] :: rows[0][1]] if len(rows) == 1 else b""
            if first and max(first) > 4:
                return damaged("sebuah barisnya tidak terbaca", "a row of it cannot be read")
            seen += len(piece)
    except zlib.error:
        return damaged("isinya tidak dapat dibuka", "its content cannot be unpacked")
    if seen < expected:
        return cut_short()
    if seen > expected:
        return damaged("isinya lebih banyak daripada ukurannya", "it holds more than its size")
    return None


def inflated(parts: Iterable[memoryview], most: int) -> Iterator[bytes]:
    """What packed parts unpack to, a piece at a time, and never more than `most` bytes."""
    machine = zlib.decompressobj()
    for part in parts:
        for start in range(0, len(part), _IN):
            waiting: bytes | memoryview = part[start : start + _IN]
            while waiting and most > 0 and not machine.eof:
                piece = machine.decompress(waiting, min(_OUT, most))
                most -= len(piece)
                yield piece
                waiting = machine.unconsumed_tail
    while most > 0 and not machine.eof and (piece := machine.decompress(b"", min(_OUT, most))):
        most -= len(piece)
        yield piece
