"""The store: bytes by the digest of what they were made from, kept between runs in the user's own cache folder.

Nothing in it is ever out of date, for a key holds all that its value depends on. It stands outside of the plan's
repository and belongs to the user alone, so that no plan can bring ready-made answers along; every value is sealed with
a secret that was made with the store, and holds for the very program that has put it there. Whatever goes wrong with it (no right to write, a full disk, another program's
file) only means that the work is done again.
"""

from __future__ import annotations

import hmac
import os
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from functools import cache
from typing import TYPE_CHECKING

from masterplan_cli.files import PLAN_FILE, digest, digest_of_file

if TYPE_CHECKING:
    import sqlite3

#: Names the folder of the store; empty, there is none.
VARIABLE = "MASTERPLAN_CACHE"
#: What the store may hold; beyond it, what was put first goes first, down to half.
LIMIT = 1 << 30
_NAME, _SECRET = "masterplan-1.sqlite", "masterplan-1.key"
_SECRET_BYTES = 32
_SECONDS = 5.0
_BATCH = 500
#: Large values are read and written in half the time that they take in pages of the usual size.
_PAGE = 1 << 16
_MUCH = 8 << 20


def folder() -> str | None:
    """The folder of the store: the one that is named, else the user's own for what can be made again."""
    if VARIABLE in os.environ:
        return os.path.abspath(os.environ[VARIABLE]) if os.environ[VARIABLE] else None  # noqa: PTH100 - `pathlib` would cost a tenth of an unchanged run
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")  # noqa: PTH111
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return os.path.join(base, "masterplan") if base and os.path.isabs(base) else None  # noqa: PTH117, PTH118


def is_within(place: str, root: str) -> bool:
    """Whether a folder is another one or lies below it, whatever links lead there."""
    inner, outer = os.path.realpath(place), os.path.realpath(root)
    return os.path.normcase(f"{inner}{os.sep}").startswith(
        os.path.normcase(f"{outer.rstrip(os.sep)}{os.sep}")
    )


def is_in_any_plan(place: str) -> bool:
    """Whether a folder lies in some plan or repository, which may have brought what is in it."""
    here = os.path.realpath(place)
    while True:
        if any(os.path.lexists(os.path.join(here, name)) for name in (PLAN_FILE, ".git")):  # noqa: PTH118
            return True
        above = os.path.dirname(here)  # noqa: PTH120
        if above == here:
            return False
        here = above


def is_private(place: str) -> bool:
    """Whether a folder, once it is there, is the user's own and nobody else may write to it."""
    if sys.platform == "win32":  # what may be done there, the folder above says
        return True
    try:
        found = os.stat(place)  # noqa: PTH116
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


class Store:
    """Values by key, in one database that several runs may use at once; what is put there is written by `flush`."""

    def __init__(self, place: str | None, limit: int = LIMIT) -> None:
        self.place, self.limit = (place if place and is_private(place) else None), limit
        self.waiting: dict[str, bytes] = {}
        self._weight = 0
        self._secret = b""

    def get(self, key: str) -> bytes | None:
        return self.get_all([key]).get(key)

    def get_all(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values that the store holds for these keys; what is not as it was put there counts as missing."""
        wanted = list(keys)
        waiting = self.waiting
        found = {key: waiting[key] for key in wanted if key in waiting}
        missing = [key for key in wanted if key not in found]

        def read(database: sqlite3.Connection) -> None:
            for start in range(0, len(missing), _BATCH):
                part = missing[start : start + _BATCH]
                marks = ",".join("?" * len(part))
                rows = database.execute(f"SELECT key, value, seal FROM kept WHERE key IN ({marks})", part)  # noqa: S608 - marks only
                found.update((key, value) for key, value, seal in rows if self._is_sealed(key, value, seal))

        if missing:
            self._use(read)
        return found

    def put(self, values: Mapping[str, bytes]) -> None:
        """Keep values, where there is a place for them; they are written with the others, or when they are many."""
        if not self.place:
            return
        # Another thread may write or put meanwhile: what is lost so is made again, but no dictionary changes in its hands.
        self.waiting = {**self.waiting, **values}
        self._weight += sum(map(len, values.values()))
        if self._weight > _MUCH:
            self.flush()

    def flush(self) -> None:
        """Write what was put, and let go of the oldest values where there are too many."""
        values, self.waiting, self._weight = self.waiting, {}, 0

        def write(database: sqlite3.Connection) -> None:
            # The turn is taken under the same lock as the writing: another run may be at it.
            database.execute("BEGIN IMMEDIATE")
            with database:
                turn = database.execute("SELECT coalesce(max(turn), 0) + 1 FROM kept").fetchone()[0]
                database.executemany(
                    "INSERT OR REPLACE INTO kept (key, value, seal, turn) VALUES (?, ?, ?, ?)",
                    ((key, value, self._seal(key, value), turn) for key, value in values.items()),
                )
                self._bound(database)

        if values:
            self._use(write)

    def _bound(self, database: sqlite3.Connection) -> None:
        pages, free, page = (
            database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        excess = (pages - free) * page - self.limit
        if excess <= 0:
            return
        excess += self.limit // 2
        for row, size in database.execute("SELECT rowid, length(value) FROM kept ORDER BY turn").fetchall():
            if excess <= 0:
                break
            database.execute("DELETE FROM kept WHERE rowid = ?", (row,))
            excess -= size

    def _use(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do something with the database; what goes wrong in it ends that and is no error."""
        if not self.place:
            return
        import sqlite3

        path = os.path.join(self.place, _NAME)  # noqa: PTH118
        try:
            with closing(self._connect(path)) as database:
                work(database)
        except sqlite3.OperationalError:
            pass  # locked, full, or not ours to write
        except OSError:
            pass  # neither a place nor a secret
        except sqlite3.DatabaseError:
            for left in (path, f"{path}-wal", f"{path}-shm"):
                with suppress(OSError):
                    os.unlink(left)  # noqa: PTH108

    def _connect(self, path: str) -> sqlite3.Connection:
        import sqlite3

        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
        self._secret = self._secret or _secret(os.path.join(os.path.dirname(path), _SECRET))  # noqa: PTH118, PTH120
        _own(path)
        database = sqlite3.connect(path, timeout=_SECONDS)
        try:
            database.execute("PRAGMA trusted_schema=OFF")
            # A power cut may damage what was written last: its seals then tell, and the work is done again.
            database.execute("PRAGMA synchronous=OFF")
            database.execute(f"PRAGMA page_size={_PAGE}")  # of a new database; an older one keeps its own
            with suppress(sqlite3.OperationalError):  # another run opens it at this moment; any mode does
                database.execute("PRAGMA journal_mode=WAL")
            database.execute(_TABLE)
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database

    def _seal(self, key: str, value: bytes) -> str:
        """Tells an entry as this program has put it from what a fault of the disk, or anybody else, has made of it."""
        seal = hmac.new(self._secret, f"{tool()}\0{key}\0".encode(), "sha256")
        seal.update(value)
        return seal.hexdigest()

    def _is_sealed(self, key: str, value: object, seal: object) -> bool:
        return isinstance(value, bytes) and seal == self._seal(key, value)


_TABLE = """\
CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB NOT NULL, seal TEXT NOT NULL, turn INTEGER NOT NULL)
"""


def _secret(path: str) -> bytes:
    """The secret of a store; one that others could have read or made is replaced, and all that it sealed with it."""
    try:
        with open(path, "rb", opener=_no_link) as stream:
            if _is_own(os.fstat(stream.fileno())) and len(secret := stream.read()) == _SECRET_BYTES:
                return secret
    except OSError:
        pass
    # Two runs that do so at once keep one of both secrets; what the other one sealed is made again.
    fresh, temporary = os.urandom(_SECRET_BYTES), f"{path}-{os.getpid()}"
    with open(temporary, "wb", opener=_private) as stream:
        stream.write(fresh)
    os.replace(temporary, path)  # noqa: PTH105
    return fresh


def _own(path: str) -> None:
    """See that a file is there, the user's own, and closed to others; an `OSError` where it cannot be."""
    with open(path, "ab", opener=_private) as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError
        if not _is_own(found):
            os.chmod(path, 0o600)  # noqa: PTH101


def _is_own(found: os.stat_result) -> bool:
    return sys.platform == "win32" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o600)


@cache
def tool() -> str:
    """A digest of this program, of its libraries by their versions, and of the language that runs it."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - `pathlib` would cost a tenth of the answer
    shipped = os.path.join(os.path.dirname(os.path.dirname(here)), "templates")  # noqa: PTH118, PTH120
    parts = [sys.version, *_libraries(), *_program(here)]
    if not os.path.isdir(os.path.join(here, "templates")):  # noqa: PTH112, PTH118 - a checkout has them at its top
        parts += _program(shipped)
    return digest("\n".join(parts).encode("utf-8", "surrogateescape"))


def _libraries() -> list[str]:
    """The installed distributions, whose folders are named after their versions."""
    folders = [place for place in sys.path if os.path.isdir(place)]  # noqa: PTH112
    return sorted(name for place in folders for name in os.listdir(place) if name.endswith(".dist-info"))  # noqa: PTH208


def _program(root: str) -> list[str]:
    """Every file below a folder with its digest; some installers make the files links to their own copies."""
    paths = [
        f"{folder}/{name}"
        for folder, _, names in os.walk(root, followlinks=True)
        if not folder.endswith("__pycache__")
        for name in names
    ]
    return [f"{path.removeprefix(root)} {digest_of_file(path)}" for path in sorted(paths)]
