"""Writing into a plan or a folder of outputs: all of the files or none, one process at a time, through no link.

The files are written into a staging folder first, and then moved over their targets. A lock in that folder is held by
the process that writes, and goes with it however it ends: so a staging folder whose lock is free was left by a killed
process, and whoever takes the lock clears it. The operating system keeps the lock, for the number of a process means
nothing to other containers and computers that share the folder.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from masterplan_cli.diagnostics import Diagnostic, Place, place_findings
from masterplan_cli.files import STAGING, leftovers, open_file
from masterplan_cli.leaving import finished_first
from masterplan_cli.messages import Both, Language, reason
from masterplan_cli.rules.tool import CANNOT_WRITE

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOCK = "lock"
_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
#: What a lock says that another process holds; on some network folders there are none, and it says something else.
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
#: Seconds to wait for another process that writes into the same folder, and between two tries.
_PATIENCE = 60.0
_PAUSE = 0.02
#: Seconds for which Windows may refuse a name that was just removed, while some program still reads the file.
_GOING = 2.0
_PIECE = 1 << 20
_NEW_MODE = 0o644


def write_outputs(
    folder: Path, files: Mapping[str, bytes], within: Path, language: Language
) -> list[Diagnostic]:
    """Put every output into a folder, or none; a file whose bytes did not change is not touched.

    No link may lead out of `within`, which is the folder itself where a person has named it, else the plan's root.
    """
    return _written(folder, files, within, language, "", "link")


def write_sources(
    root: Path, files: Mapping[str, bytes], language: Language, before: Mapping[str, bytes] | None = None
) -> list[Diagnostic]:
    """Put every file into a plan or a repository, by its path from the top, or none.

    None is put where one is no longer as it was `before`, when what it shall say was planned.
    """
    was = None if before is None else {root / path: before.get(path) for path in files}
    return _written(root, files, root, language, "source", "source_link", was)


def clear(folder: Path, within: Path) -> None:
    """Clear away what killed processes have left on its way into a folder; what lives is not touched."""
    if leftovers(str(folder)) and _leading_out(within, [folder]) is None:
        with suppress(OSError, _Refused), _Staging(folder).held(patience=0):
            pass


def link_outside(within: Path, path: Path, language: Language) -> list[Diagnostic]:
    """The link, if there is one, that leads out of a folder on the way to a path below it."""
    link = _leading_out(within, [path])
    return _found(_Refused(link, "source_link", within=within.resolve()), language) if link else []


def _leading_out(within: Path, paths: Iterable[Path]) -> Path | None:
    """The first link, on the ways from a folder to paths below it, that leads out of the folder."""
    base = _real(within)
    ways = [path.relative_to(within).parts for path in paths]
    places = dict.fromkeys(within.joinpath(*way[:end]) for way in ways for end in range(1, len(way) + 1))
    return next((place for place in places if not _stands_below(_real(place), base)), None)


def _real(path: Path) -> str:
    """Where a path leads through all links, and on Windows through junctions."""
    return os.path.normcase(os.path.realpath(path))


def _stands_below(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


# --- all or none


class _Refused(Exception):  # noqa: N818 - what stands in a person's way is a finding, no error of ours
    """Why nothing was written: what is in the way, and the variant and the words of the finding on it."""

    def __init__(self, path: Path | str, variant: str = "", **words: object) -> None:
        super().__init__(str(path))
        self.path, self.variant = str(path), variant
        self.words: dict[str, Any] = words


@contextmanager
def _blaming(target: Path) -> Iterator[None]:
    """What goes wrong stands in the way of this target, or of the folder above it that the system names."""
    try:
        yield
    except OSError as error:
        blamed = next((p for p in target.parents if str(p) == error.filename), target)
        raise _in_the_way(blamed, error) from None


def _in_the_way(blamed: Path, error: OSError) -> _Refused:
    """A file where a folder must stand and a folder where a file must have a remedy of their own."""
    if error.errno == errno.EISDIR:
        return _Refused(blamed, "folder")
    file = next((place for place in (blamed, *blamed.parents) if os.path.lexists(place)), blamed)
    if error.errno in (errno.ENOTDIR, errno.EEXIST) and not file.is_dir():
        return _Refused(file, "file")
    return _Refused(blamed, reason=reason(error))


#: The program that people have a kind of file open in.
_HOLDERS = {
    ".docx": Both("Word", "Word"),
    ".xlsx": Both("Excel", "Excel"),
    ".pdf": Both("pembaca PDF", "the PDF reader"),
}
_ANY_HOLDER = Both("peramban atau penyunting", "the browser or editor")
#: What systems say of a file that a program has open; Windows says it of one without rights as well.
_HELD = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY)


def _not_replaced(target: Path, error: OSError, stuck: list[_Move]) -> _Refused:
    """Why a target keeps its content, and what was replaced before and could not be put back."""
    holder = _HOLDERS.get(target.suffix.lower(), _ANY_HOLDER)
    if stuck:
        names = ", ".join(sorted(str(move.target) for move in stuck))
        return _Refused(target, "mixed", reason=reason(error), files=names, program=holder)
    if error.errno in _HELD:
        return _Refused(target, "held", reason=reason(error), program=holder)
    return _Refused(target, "taken", reason=reason(error))


def _written(
    folder: Path,
    files: Mapping[str, bytes],
    within: Path,
    language: Language,
    plain: str,
    link: str,
    before: Mapping[Path, bytes | None] | None = None,
) -> list[Diagnostic]:
    """Write, or tell why not in the words for a `plain` reason, or for a `link`."""
    targets = {folder / name: data for name, data in files.items()}
    try:
        if outside := _leading_out(within, [folder, *targets]):
            raise _Refused(outside, link, within=within.resolve())
        if targets:
            _write(folder, targets, before or {})
    except _Refused as refused:
        return _found(refused, language, plain)
    return []


def _found(refused: _Refused, language: Language, plain: str = "") -> list[Diagnostic]:
    finding = CANNOT_WRITE.at(
        Place(refused.path), refused.variant or plain, path=refused.path, **refused.words
    )
    return place_findings([finding], {}, {}, language)


def _write(folder: Path, targets: Mapping[Path, bytes], before: Mapping[Path, bytes | None]) -> None:
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        staging = _Staging(folder)
        with staging.held():
            moves = list(staging.fill(targets))
            for move in moves:
                if move.target in before and not _is_as_was(move.target, before[move.target]):
                    raise _Refused(move.target, "changed")
                _make_folder(move.target.parent, made)
            _move(moves)
            _clear_old(target.parent for target in targets)
    except BaseException:
        for place in reversed(made):
            with suppress(OSError):  # it holds something, or is not there
                place.rmdir()
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    with _blaming(folder):
        made += reversed([place for place in (folder, *folder.parents) if not os.path.lexists(place)])
        folder.mkdir(parents=True, exist_ok=True)


class _Move(NamedTuple):
    """A file that is to take its target's place, and where what stood there is kept until all have moved."""

    new: Path
    old: Path
    target: Path

    def keep(self) -> None:
        if os.path.lexists(self.target):
            try:
                os.link(self.target, self.old, follow_symlinks=False)
            except (OSError, NotImplementedError):  # the disk of a USB stick knows no hard links
                shutil.copy2(self.target, self.old, follow_symlinks=False)

    def undo(self) -> bool:
        """Put back what stood at the target; whether that could be done."""
        try:
            if os.path.lexists(self.old):
                self.old.replace(self.target)
            else:
                self.target.unlink()
        except OSError:
            return False
        return True

    def save(self) -> None:
        """Keep beside the target what stood there and could not be put back."""
        beside = next(name for n in count(1) if not os.path.lexists(name := f"{self.target}.lama-{n}"))
        with suppress(OSError):
            self.old.replace(beside)


def _move(moves: list[_Move]) -> None:
    """Move every file over its target; where one cannot be moved, what was moved before it is put back."""
    for move in moves[: len(moves) if len(moves) > 1 else 0]:  # a single move is done or not
        try:
            move.keep()
        except OSError as error:
            raise _not_replaced(move.target, error, []) from None
    done: list[_Move] = []
    try:
        for move in moves:
            move.new.replace(move.target)
            done.append(move)
    except BaseException as error:
        stuck = [move for move in reversed(done) if not move.undo()]
        for move in stuck:
            move.save()
        if not isinstance(error, OSError):
            raise
        raise _not_replaced(moves[len(done)].target, error, stuck) from None


# --- what is on its way


class _Staging:
    """The place in a folder where files wait until all are there; only the process that holds it writes there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / STAGING
        self.lock = self.path / _LOCK

    @contextmanager
    def held(self, patience: float | None = None) -> Iterator[None]:
        """Hold the place, cleared of what a killed process left there; nothing of it is left afterwards."""
        with _blaming(self.folder):
            handle = self._wait(_PATIENCE if patience is None else patience)
        with finished_first():
            try:
                self._empty()
                _clear_old([self.folder])
                yield
            finally:
                self._empty()
                self._let_go(handle)

    def fill(self, targets: Mapping[Path, bytes]) -> Iterator[_Move]:
        """Write what shall stand at each target and does not already; nothing is moved yet."""
        for number, (target, data) in enumerate(targets.items()):
            new = self.path / f"{number}.new"
            with _blaming(target):
                if _stage(new, target, data):
                    yield _Move(new, self.path / f"{number}.old", target)

    def _wait(self, patience: float) -> int:
        began = time.monotonic()
        while True:
            waited = time.monotonic() - began
            handle = self._try(waited)
            if handle is not None:
                return handle
            if waited >= patience:
                raise _Refused(self.folder, "busy")
            time.sleep(_PAUSE)

    def _try(self, waited: float) -> int | None:
        """Make the place and take its lock; None where another process has it, or is just letting go of it."""
        try:
            self._make()
            handle = os.open(self.lock, _OPEN, 0o666)
        except (FileExistsError, FileNotFoundError):
            if not self.folder.is_dir():
                raise
            return None
        except PermissionError:
            if sys.platform != "win32" or waited > _GOING:
                raise
            return None
        if _take(handle) and self._is_lock(handle):
            self._share(self.lock, 0o666)
            return handle
        os.close(handle)
        return None

    def _make(self) -> None:
        """Make the folder; what a plan brings along under its names, be it a link or a pipe, goes."""
        if not _is_folder(self.path):
            with suppress(OSError):  # it is not there, or another process has made the folder at this moment
                self.path.unlink()
            self.path.mkdir()
            self._share(self.path, 0o7777)
        if os.path.lexists(self.lock) and not stat.S_ISREG(self.lock.lstat().st_mode):
            _remove(self.lock)

    def _share(self, path: Path, most: int) -> None:
        """Whoever may write in the folder may clear this away."""
        with suppress(OSError):  # it is another person's, or the disk knows no rights
            path.chmod((stat.S_IMODE(self.folder.stat().st_mode) | stat.S_IRWXU) & most)

    def _is_lock(self, handle: int) -> bool:
        """Whether the lock still stands there; Windows removes nothing that is open."""
        if sys.platform == "win32":
            return True
        try:
            return os.path.samestat(os.fstat(handle), self.lock.lstat())
        except FileNotFoundError:
            return False

    def _empty(self) -> None:
        with suppress(OSError):
            for name in os.listdir(self.path):  # noqa: PTH208 - the names alone
                if name != _LOCK:
                    _remove(self.path / name)

    def _let_go(self, handle: int) -> None:
        """Remove the lock while it is held; on Windows just after, where one who waits for it keeps it there."""
        if sys.platform == "win32":
            os.close(handle)
        with suppress(OSError):
            self.lock.unlink()
            self.path.rmdir()
        if sys.platform != "win32":
            os.close(handle)


def _take(handle: int) -> bool:
    """Take the lock that an open file stands for, unless another process has it."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True


def _clear_old(folders: Iterable[Path]) -> None:
    """Remove the temporary files of earlier versions, which stood beside their targets."""
    for folder in dict.fromkeys(folders):
        for name in leftovers(str(folder)):
            if name != STAGING and not _is_folder(folder / name):  # those were files
                _remove(folder / name)


def _remove(path: Path) -> None:
    """Remove whatever stands at a path and all that is in it; a link alone, never what it leads to."""
    with suppress(OSError):
        if not _is_folder(path):
            path.unlink()
            return
        folders = [path]  # no recursion, for somebody may have nested them deeper than Python goes
        for folder in folders:
            for entry in folder.iterdir():
                if _is_folder(entry):
                    folders.append(entry)
                else:
                    entry.unlink()
        for folder in reversed(folders):
            folder.rmdir()


def _is_folder(path: Path) -> bool:
    """Whether a folder stands at a path, and no link to one."""
    try:
        status = path.lstat()
    except OSError:
        return False
    junction = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
    return stat.S_ISDIR(status.st_mode) and getattr(status, "st_reparse_tag", 0) != junction


# --- one file


def _stage(new: Path, target: Path, data: bytes) -> bool:
    """Write a file that shall take its target's place; False where the target has just these bytes."""
    if _is_folder(target):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if _holds(target, data):
        return False
    _save(new, data, _mode(target))
    return True


def _holds(target: Path, data: bytes) -> bool:
    """Whether an ordinary file has just these bytes; it is read a piece at a time, for it may be large."""
    whole = memoryview(data)
    try:
        with open_file(target) as stream:
            return os.fstat(stream.fileno()).st_size == len(data) and all(
                stream.read(_PIECE) == whole[at : at + _PIECE] for at in range(0, len(data), _PIECE)
            )
    except OSError:
        return False


def _is_as_was(target: Path, data: bytes | None) -> bool:
    """Whether a target still holds the bytes that were read there, or there is still none."""
    return not os.path.lexists(target) if data is None else _holds(target, data)


def _mode(target: Path) -> int | None:
    """The rights of the file that stands at a target."""
    try:
        mode = target.stat().st_mode
    except OSError:
        return None
    return stat.S_IMODE(mode) if stat.S_ISREG(mode) else None


def _save(new: Path, data: bytes, mode: int | None) -> None:
    with open(new, "xb", opener=lambda path, flags: os.open(path, flags, _NEW_MODE)) as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if mode is not None:
        new.chmod(mode)
