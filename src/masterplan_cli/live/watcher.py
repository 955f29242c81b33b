"""When the files of a plan have changed and come to rest, found by looking at them again and again.

Notices of the operating system come differently on each, and not at all from network drives, where offices keep their
files; a look at a thousand files takes some milliseconds.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from masterplan_cli.files import SKIPPED, open_file

#: What tells one state of a file from another, a folder's being only its kind and rights; at the end, whether it opens.
Stamp = tuple[int | bool, ...]
Snapshot = dict[str, Stamp]

#: Seconds between two rounds while nothing happens.
_INTERVAL = 0.05
#: Of the time, looking may take one part in so many, however many files there are.
_SHARE = 20
#: Seconds that files must lie still before they count as saved; an editor writes in several steps.
_REST = 0.03
#: Seconds after which a change is told although something goes on writing.
_PATIENCE = 1.0
#: Seconds until something that did not work is tried again.
_AGAIN = 2.0


class Watcher:
    """Looks at every file below a folder that can be part of the plan."""

    def __init__(
        self,
        root: Path,
        away: Iterable[Path] = (),
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.root, self._sleep, self._clock = root.resolve(), sleep, clock
        self._away: set[str] = set()
        self.ignore(away)
        #: Files that could not be opened; a lock that goes away changes nothing else about a file.
        self.doubted: set[str] = set()
        #: Whether to come back soon even if nothing changes.
        self.again = False
        self.ignore(self._own_output())

    def ignore(self, paths: Iterable[Path]) -> None:
        """Leave out files and folders that are built from the plan; not the plan's own folder, when they go there."""
        for path in (path.resolve() for path in paths):
            if path.is_relative_to(self.root):
                self._away.add(path.relative_to(self.root).as_posix())

    def _own_output(self) -> list[Path]:
        """The files below that our standard output or error goes to: what we say there is no change of the plan.

        Looked for once by what they are, as the system gives an open file no name, and its number on Windows to a
        slower question only.
        """
        ours = []
        for handle in (1, 2):
            with suppress(OSError):  # it is closed
                ours.append(os.fstat(handle))
        ours = [status for status in ours if stat.S_ISREG(status.st_mode)]
        return [
            self.root / path for path in (self.look() if ours else ()) if _is_any_of(self.root / path, ours)
        ]

    def changes(self) -> Iterator[list[str]]:
        """The paths that changed, each time they have come to rest; at first, and when asked to come back, none."""
        known = self.look()
        yield []
        while True:
            known = {
                path: (*stamp[:-1], path not in self.doubted)
                for path, stamp in known.items()
                if path not in self._away
            }
            seen = self._wait(known)
            changed = sorted(path for path in known | seen if known.get(path) != seen.get(path))
            known = seen
            yield changed

    def look(self) -> Snapshot:
        """Every file and folder with its stamp; what goes away meanwhile is not there."""
        seen: Snapshot = {}
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                with os.scandir(self.root / folder) as scan:
                    entries = list(scan)
            except OSError:
                continue
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if not self._watches(entry.name, path) or (stamp := _stamp(entry)) is None:
                    continue
                if stat.S_ISDIR(stamp[0]):
                    folders.append(path)
                seen[path] = (*stamp, path not in self.doubted or _opens(self.root / path, stamp[0]))
        return seen

    def _watches(self, name: str, path: str) -> bool:
        """Hidden files are an editor's own, and come and go with every save."""
        return not name.startswith(".") and name not in SKIPPED and path not in self._away

    def _wait(self, known: Snapshot) -> Snapshot:
        """The files once they differ from what is known, or unchanged once it is time to come back."""
        since, cost = self._clock(), 0.0
        while True:
            self._sleep(max(_INTERVAL, _SHARE * cost))
            began = self._clock()
            seen = self.look()
            cost = self._clock() - began
            if seen != known and (seen := self._settled(seen)) != known:
                return seen
            if self.again and self._clock() - since >= _AGAIN:
                return seen

    def _settled(self, seen: Snapshot) -> Snapshot:
        """The files once two rounds agree."""
        until = self._clock() + _PATIENCE
        while self._clock() < until:
            self._sleep(_REST)
            before, seen = seen, self.look()
            if before == seen:
                break
        return seen


def _is_any_of(path: Path, files: list[os.stat_result]) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return any(os.path.samestat(found, file) for file in files)


def _stamp(entry: os.DirEntry[str]) -> Stamp | None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):
        return (status.st_mode,)
    return status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _opens(path: Path, mode: int) -> bool:
    """Whether a file can be read."""
    if not stat.S_ISREG(mode):
        return False
    try:
        with open_file(path):
            return True
    except OSError:
        return False
