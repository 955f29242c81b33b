"""Leaving at once when the system asks for it, with no scratch folder left and no output half moved.

The handler of a signal may run within any line of Python, also one whose exceptions nobody sees. So it raises nothing:
it clears away what is known here, and ends the process.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STATUS = 128 + signal.SIGTERM
#: A worker that was just killed may still be writing: so many tries, and seconds between two.
_TRIES = 50
_PAUSE = 0.02


class _State:
    """What stands in the way of leaving: open scratch folders, and work that is to be finished first."""

    def __init__(self) -> None:
        self.folders: set[str] = set()
        self.unfinished = 0
        self.asked = False


_STATE = _State()


@contextmanager
def scratch_folder() -> Iterator[str]:
    """A temporary folder that goes with the block, or with this process; an `OSError` where there is no room."""
    with finished_first():
        folder = tempfile.mkdtemp(prefix="masterplan-")
        _STATE.folders.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _STATE.folders.discard(folder)


@contextmanager
def finished_first() -> Iterator[None]:
    """What is done in the block is done to its end, before the process leaves."""
    _STATE.unfinished += 1
    try:
        yield
    finally:
        _STATE.unfinished -= 1
        if _STATE.asked and not _STATE.unfinished:
            _leave()


def leave_when_asked(end_others: Callable[[], None]) -> None:
    """From now on, the process leaves when it is asked to, after it has ended the others that work for it."""

    def leave(*_: object) -> None:
        end_others()
        _STATE.asked = True
        if not _STATE.unfinished:
            _leave()

    signal.signal(signal.SIGTERM, leave)


def _leave() -> None:
    for _ in range(_TRIES):
        # Other threads let go of their folders meanwhile.
        folders = tuple(_STATE.folders)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        if not any(os.path.lexists(folder) for folder in folders):
            break
        time.sleep(_PAUSE)
    os._exit(_STATUS)
