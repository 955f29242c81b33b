"""Files on disk as names and digests: cheap enough to ask about before anything heavier is loaded."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from hashlib import blake2b
from typing import BinaryIO, NamedTuple

PLAN_FILE = "masterplan.yaml"
#: Two hundred printed pages; what is larger was made by a program, or to make one hang.
MAX_TEXT_BYTES = 512 * 1024
MAX_ASSET_BYTES = 20 * 1024 * 1024
#: Folders that never hold a part of a plan.
SKIPPED = {".git", ".venv", "build", "node_modules", "__pycache__"}
#: Where files wait until all are there; a name like those of earlier versions' temporary files, which git leaves out.
STAGING = ".masterplan-staging.tmp"
_RANDOM = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_PIECE = 1 << 20
#: A pipe that is opened so does not wait for its other end, nor a terminal take over the process.
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


class Listing(NamedTuple):
    """The ordinary files below a folder by their relative paths, and a digest of every name and kind there."""

    files: list[str]
    digest: str


class Folder:
    """A plan's folder as one run finds it: its names are listed once, and each text is read once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._held: dict[str, tuple[bytes, str]] = {}
        self._listing: Listing | None = None

    @property
    def listing(self) -> Listing:
        if self._listing is None:
            self._listing = list_files(self.root)
        return self._listing

    def holds(self, path: str) -> bool:
        """Whether a text was read already."""
        return path in self._held

    def read(self, path: str) -> bytes:
        """The bytes of a file, by its path from here; an `OSError` when they cannot be read."""
        if path in self._held:
            return self._held[path][0]
        data = read_file(f"{self.root}/{path}", MAX_ASSET_BYTES)
        if len(data) <= MAX_TEXT_BYTES:
            self._held[path] = data, digest(data)
        return data

    def release(self, path: str) -> None:
        """Let go of a text's bytes."""
        self._held.pop(path, None)

    def digest_of(self, path: str) -> str | None:
        """The digest of a file's bytes; None when they cannot be read."""
        try:
            data = self.read(path)
        except OSError:
            return None
        return self._held[path][1] if path in self._held else digest(data)


def digest(data: bytes) -> str:
    return blake2b(data, digest_size=32).hexdigest()


def open_file(path: str | os.PathLike[str]) -> BinaryIO:
    """Open an ordinary file to read it; an `OSError` for anything else, which might keep its reader waiting."""
    return open(path, "rb", opener=_ordinary)


def _ordinary(path: str | os.PathLike[str], flags: int) -> int:
    try:
        handle = os.open(path, flags | _AT_ONCE)
    except BlockingIOError:
        # Another program has a lease on it, as only an ordinary file can be held, and is asked to give it back.
        handle = os.open(path, flags)
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        code = errno.EISDIR if stat.S_ISDIR(mode) else errno.ENXIO
        raise OSError(code, os.strerror(code), path)
    return handle


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The bytes of an ordinary file; an `OSError` when they cannot be read or are more than `limit`."""
    # Without a buffered stream, which takes as long to make as a small file to read.
    handle = _ordinary(path, _READ)
    try:
        size = os.fstat(handle).st_size
        data = os.read(handle, size + 1) if size <= limit else b""
        while size <= limit and len(data) <= limit and (more := os.read(handle, limit + 1 - len(data))):
            data += more  # it was cut by a signal, or it grows
    finally:
        os.close(handle)
    if max(size, len(data)) > limit:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def digest_of_file(path: str) -> str | None:
    """The digest of the bytes of one of the program's own files; None when they cannot be read."""
    try:
        with open(path, "rb") as stream:  # noqa: PTH123 - `pathlib` would cost a tenth of the whole answer
            return digest(stream.read())
    except OSError:
        return None


def file_is(path: str, size: int, digest: str) -> bool:
    """Whether a file has just so many bytes, and these; it is not read when their number differs."""
    try:
        with open_file(path) as stream:
            if os.fstat(stream.fileno()).st_size != size:
                return False
            seen = blake2b(digest_size=32)
            while piece := stream.read(_PIECE):
                seen.update(piece)
            return seen.hexdigest() == digest
    except OSError:
        return False


def is_temporary(name: str) -> bool:
    """Whether a name is that of the folder in which files wait, or of a temporary file of earlier versions."""
    random = name.removeprefix(".masterplan-").removesuffix(".tmp")
    former = name == f".masterplan-{random}.tmp" and len(random) == 8 and _RANDOM.issuperset(random)
    return name == STAGING or former


def leftovers(folder: str) -> list[str]:
    """The names of what is on its way into a folder, or was when a process was killed."""
    try:
        return [name for name in os.listdir(folder) if is_temporary(name)]  # noqa: PTH208 - as above
    except OSError:
        return []


def list_files(root: str) -> Listing:
    """Every ordinary file below the root; a link, which may lead outside, is none."""
    files: list[str] = []
    seen = blake2b(digest_size=32)
    for path, kind in _walk(root, ""):
        seen.update(f"{kind}{path}\0".encode("utf-8", "surrogateescape"))
        if kind == "f":
            files.append(path)
    return Listing(files, seen.hexdigest())


def _walk(root: str, folder: str) -> Iterator[tuple[str, str]]:
    """The entries below a folder in the order of their names, each with the letter of its kind."""
    try:
        with os.scandir(f"{root}/{folder}") as scan:
            entries = sorted((entry.name, _kind(entry)) for entry in scan if not is_temporary(entry.name))
    except OSError:
        yield folder, "x"
        return
    for name, kind in entries:
        path = f"{folder}{name}"
        if kind == "d":
            if name in SKIPPED:
                continue
            yield path, kind
            yield from _walk(root, f"{path}/")
        else:
            yield path, kind


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "l"
    if entry.is_dir(follow_symlinks=False):
        return "d"
    return "f" if entry.is_file(follow_symlinks=False) else "o"


def find_root(start: str) -> str | None:
    """The nearest folder at or above `start` that holds a plan file, as git finds its repository."""
    folder = os.path.realpath(start)
    while not os.path.exists(os.path.join(folder, PLAN_FILE)):  # noqa: PTH110, PTH118 - as above
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return None
        folder = above
    return folder
