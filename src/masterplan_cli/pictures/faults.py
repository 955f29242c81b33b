"""What can be wrong with a picture, as a value, and the bounds that pictures are held to."""

from __future__ import annotations

from dataclasses import dataclass, field

from masterplan_cli.messages import Both

#: What a telephone of fifty megapixels takes still fits; to decode it takes some 200 MB.
MAX_PIXELS = 50 * 1024 * 1024
MAX_SIDE = 30_000
#: A picture drawn as wide as a column is that many times as high.
MAX_RATIO = 1_000
#: Of a moving picture, all frames together: whoever shows them may keep them all.
MAX_FRAME_PIXELS = 4 * MAX_PIXELS
MAX_FRAMES = 2_000
#: What a picture says of itself besides its pixels: texts and a colour profile, unpacked.
MAX_NOTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Fault:
    """What is wrong with a picture: the cause, by the name of the rule's sentence for it, and what that names."""

    cause: str
    args: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Size:
    """How large a raster picture is once it is decoded."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


def damaged(id_: str, en: str) -> Fault:
    """A file that does not hold what its kind of picture must."""
    return Fault("damaged", {"reason": Both(id_, en)})


def cut_short() -> Fault:
    return damaged("berkasnya terpotong sebelum akhir gambar", "the file ends before the picture does")


def misfit(width: int, height: int) -> Fault | None:
    """Whether a picture of this size is none, too large or too slim."""
    slim = max(width, height) > MAX_RATIO * min(width, height)
    return outsized(width, height) or (Fault("slim", {"width": width, "height": height}) if slim else None)


def outsized(width: int, height: int) -> Fault | None:
    """Whether a picture, or a frame of a moving one, is none or too large."""
    if not width or not height:
        return damaged("lebar atau tingginya nol", "its width or height is zero")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        return Fault("pixels", {"width": width, "height": height})
    return None


def crowd(sizes: list[Size]) -> Fault | None:
    """Whether the frames of a moving picture are too many, or too much."""
    for size in sizes:
        if wrong := outsized(size.width, size.height):
            return wrong
    many = len(sizes) > MAX_FRAMES or sum(size.pixels for size in sizes) > MAX_FRAME_PIXELS
    return Fault("frames", {"count": len(sizes)}) if many else None
