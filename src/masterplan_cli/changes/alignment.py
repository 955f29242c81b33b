"""Two sequences side by side: the stretches that they share, and those in which they differ."""

from __future__ import annotations

from typing import NamedTuple

#: More items that come and go are no longer followed one by one: the whole is another one.
_MOST = 400


class Stretch(NamedTuple):
    """Neighbours in both sequences: the same in both, or what stands in one for what stands in the other."""

    before: list[str]
    after: list[str]

    @property
    def same(self) -> bool:
        return self.before == self.after


class Effort:
    """How many steps all alignments of a comparison may still take together."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def takes(self, steps: int) -> bool:
        self.left -= steps
        return self.left > 0


def aligned(before: list[str], after: list[str], effort: Effort) -> list[Stretch]:
    """The stretches of two sequences; there and back they are the same ones."""
    if before > after:
        return [Stretch(one.before, one.after) for one in map(_turned, aligned(after, before, effort))]
    first = _shared(before, after)
    last = _shared(before[first:][::-1], after[first:][::-1])
    inner = before[first : len(before) - last], after[first : len(after) - last]
    stretches = [Stretch(before[:first], after[:first]), *_within(*inner, effort)]
    stretches.append(Stretch(before[len(before) - last :], after[len(after) - last :]))
    return [one for one in stretches if one.before or one.after]


def _turned(stretch: Stretch) -> Stretch:
    return Stretch(stretch.after, stretch.before)


def _shared(before: list[str], after: list[str]) -> int:
    """How many items the two have alike from their beginning on."""
    pairs = zip(before, after, strict=False)
    return next((i for i, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))


def _within(before: list[str], after: list[str], effort: Effort) -> list[Stretch]:
    """The stretches of two sequences that begin and end with other items."""
    trail = _shortest(before, after, effort) if before and after else None
    if trail is None:
        return [Stretch(before, after)]
    stretches, x, y = [], 0, 0
    for start, end, length in _snakes(trail, len(before), len(after)):
        stretches.append(Stretch(before[x:start], after[y:end]))
        stretches.append(Stretch(before[start : start + length], after[end : end + length]))
        x, y = start + length, end + length
    return [*stretches, Stretch(before[x:], after[y:])]


def _shortest(before: list[str], after: list[str], effort: Effort) -> list[dict[int, int]] | None:
    """How far each diagonal leads with so many items that come or go (Myers 1986); None where they are too many."""
    furthest, trail = {1: 0}, []
    for count in range(min(_MOST, len(before) + len(after)) + 1):
        trail.append(dict(furthest))
        steps = count
        for diagonal in range(-count, count + 1, 2):
            down = diagonal == -count or (
                diagonal != count and furthest[diagonal - 1] < furthest[diagonal + 1]
            )
            start = x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while x < len(before) and x - diagonal < len(after) and before[x] == after[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            steps += x - start
            if x >= len(before) and x - diagonal >= len(after):
                return trail
        if not effort.takes(steps):
            return None
    return None


def _snakes(trail: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    """The shared stretches on the shortest way, in order: where each begins in both, and its length."""
    found = []
    for count in range(len(trail) - 1, -1, -1):
        furthest, diagonal = trail[count], x - y
        down = diagonal == -count or (diagonal != count and furthest[diagonal - 1] < furthest[diagonal + 1])
        came = diagonal + 1 if down else diagonal - 1
        from_x = furthest[came]
        start = from_x if down else from_x + 1
        if x > start:
            found.append((start, start - diagonal, x - start))
        x, y = from_x, from_x - came
    return found[::-1]
