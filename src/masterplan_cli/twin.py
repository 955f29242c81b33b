"""A second process for work that divides by files: both know the whole plan, each reads a part of its files.

Whatever the second process does not send, the first does itself; so a lost twin costs time and nothing else.
"""

from __future__ import annotations

import os
import pickle
import warnings
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import IO, Any

#: With fewer files, to start a twin and to hear from it takes longer than to do its part.
LEAST = 150


class Twin:
    """Two processes with a pipe each way; `part` is the second one's part of the files.

    The first one gets the `data` of what the second has read where it has use for it.

    What goes through the pipes was made by this program a moment before, so it may be pickled.
    """

    def __init__(self, part: float = 0.5, *, data: bool = True) -> None:
        self.part, self.data = part, data
        self.child = self.running = False
        #: The files that this process reads, and those that the other one does.
        self.mine: set[str] = set()
        self.others: set[str] = set()
        self._pid = 0
        self._in: IO[bytes] | None = None
        self._out: IO[bytes] | None = None

    def __enter__(self) -> Twin:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self, paths: Sequence[str]) -> Sequence[str]:
        """Begin the second process, where that pays; the files that this process shall read."""
        if len(paths) < LEAST or not _can_fork():
            return paths
        (down, to_child), (up, to_parent) = os.pipe(), os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # the other threads only show that work goes on
            self._pid = os.fork()
        self.child, self.running = self._pid == 0, True
        ours, theirs = (
            ((down, to_parent), (up, to_child)) if self.child else ((up, to_child), (down, to_parent))
        )
        for handle in theirs:
            os.close(handle)
        self._in, self._out = os.fdopen(ours[0], "rb"), os.fdopen(ours[1], "wb")
        # Neighbours are of one agency or pillar, and often alike in length: each takes its turn among them.
        turns = [int((n + 1) * self.part) > int(n * self.part) for n in range(len(paths))]
        self.others = {path for path, second in zip(paths, turns, strict=True) if second is not self.child}
        self.mine = set(paths) - self.others
        return [path for path in paths if path in self.mine]

    def send(self, thing: Any) -> None:
        """Give something to the other process; one that is gone gets nothing."""
        if self._out:
            with suppress(OSError):
                pickle.dump(thing, self._out, protocol=pickle.HIGHEST_PROTOCOL)
                self._out.flush()

    def receive(self) -> Any:
        """What the other process sends next; None when it is gone."""
        try:
            return pickle.load(self._in) if self._in else None  # noqa: S301 - our own, see the class
        except (OSError, EOFError, pickle.UnpicklingError):
            return None

    def dismiss(self) -> None:
        """Tell the second process that nothing more will be sent: it ends when it has done what it was given."""
        if self._out and not self.child:
            with suppress(OSError):
                self._out.close()
            self._out = None

    def end(self) -> None:
        """End the second process from within, without what a program does at its end."""
        os._exit(0)

    def close(self) -> None:
        """Let go of the second process and wait until it is gone."""
        if not self.running or self.child:
            return
        self.running = False
        for pipe in (self._in, self._out):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        with suppress(OSError):
            os.waitpid(self._pid, 0)


def _can_fork() -> bool:
    """Whether a process can be copied as it is, and has a core to run on."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return hasattr(os, "fork") and cores > 1
