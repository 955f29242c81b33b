"""Pictures made by hand, right and wrong, without any library for pictures."""

from __future__ import annotations

import struct
import zlib

SVG_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 50">'
)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width: int, height: int, depth: int = 8, colour: int = 0, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def png(*before: bytes, width: int = 4, height: int = 4, rows: bytes | None = None, **head: int) -> bytes:
    """A PNG of shades of grey, unless its head says otherwise; `before` are chunks before its pixels."""
    packed = zlib.compress(bytes((width + 1) * height) if rows is None else rows)
    parts = [header(width, height, **head), *before, chunk(b"IDAT", packed), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PNG = png()


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def frame(
    marker: int = 0xC0, *, width: int = 8, height: int = 8, precision: int = 8, components: int = 1
) -> bytes:
    parts = b"".join(bytes([number + 1, 0x11, 0]) for number in range(components))
    return segment(marker, struct.pack(">BHHB", precision, height, width, components) + parts)


#: One grey block: each of its two code tables has the one word `0`, so eight bits of zero are all of it.
TABLES = segment(0xDB, b"\0" + b"\1" * 64) + b"".join(
    segment(0xC4, bytes([kind, 1]) + bytes(15) + b"\0") for kind in (0x00, 0x10)
)
SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x3f"


def jpeg(*frames: bytes, before: bytes = TABLES, scan: bytes = SCAN, end: bytes = b"\xff\xd9") -> bytes:
    return b"\xff\xd8" + before + b"".join(frames or (frame(),)) + scan + end


JPEG = jpeg()


def gif(*frames: tuple[int, int], width: int = 1, height: int = 1, end: bytes = b";") -> bytes:
    """A GIF of frames of one colour, as wide and high as each is said to be."""
    drawn = b"".join(
        b"," + struct.pack("<HHHHB", 0, 0, w, h, 0) + b"\2\2\x44\1\0" for w, h in frames or ((1, 1),)
    )
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + drawn + end


GIF = gif()


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def lossless(width: int = 1, height: int = 1) -> bytes:
    """The coded data of a WebP of one colour."""
    bits = (width - 1) | (height - 1) << 14 | 1 << 28
    return webp_chunk(b"VP8L", b"\x2f" + struct.pack("<I", bits) + bytes.fromhex("071011118888fe0700"))


def canvas(width: int, height: int, flags: int = 0) -> bytes:
    return webp_chunk(
        b"VP8X",
        struct.pack("<I", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
    )


def moving(width: int, height: int, *, left: int = 0, drawn: bytes | None = None) -> bytes:
    """A frame of a moving WebP."""
    numbers = b"".join(n.to_bytes(3, "little") for n in (left // 2, 0, width - 1, height - 1, 0)) + b"\0"
    return webp_chunk(b"ANMF", numbers + (drawn or lossless(width, height)))


WEBP = riff(lossless())


def svg(inside: str = '<rect width="9" height="9"/>', head: str = SVG_HEAD) -> bytes:
    return f"{head}{inside}</svg>".encode()
