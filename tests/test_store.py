"""The store: what was put there comes back just so, or not at all; nothing that happens to it stops a run."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from masterplan_cli.cache import store as store_module
from masterplan_cli.cache.store import Store, folder, tool

NAME = store_module._NAME


def kept(place: Path, **values: bytes) -> None:
    store = Store(str(place))
    store.put(values)
    store.flush()


def test_what_one_run_puts_another_one_gets(tmp_path: Path) -> None:
    kept(tmp_path / "cache", a=b"1", b=b"\0\n\xff")
    store = Store(str(tmp_path / "cache"))
    assert store.get_all(["a", "b", "c"]) == {"a": b"1", "b": b"\0\n\xff"}
    assert store.get("c") is None


def test_what_was_put_last_counts(tmp_path: Path) -> None:
    kept(tmp_path, a=b"1")
    kept(tmp_path, a=b"2")
    assert Store(str(tmp_path)).get("a") == b"2"


def test_more_keys_than_one_question_can_hold_are_found(tmp_path: Path) -> None:
    values = {f"k{n}": str(n).encode() for n in range(2_500)}
    kept(tmp_path, **values)
    assert Store(str(tmp_path)).get_all(values) == values


# --- what may be in the way


def _garbage(place: Path) -> None:
    place.mkdir()
    (place / NAME).write_bytes(b"no database " * 1000)


def _half(place: Path) -> None:
    kept(place, a=b"x" * 100_000)
    data = (place / NAME).read_bytes()
    (place / NAME).write_bytes(data[:100] + b"\xff" * 5_000 + data[5_100 : len(data) // 2])


def _other_program(place: Path) -> None:
    place.mkdir()
    with closing(sqlite3.connect(place / NAME)) as database, database:
        database.execute("CREATE TABLE bookmarks (url TEXT)")


def _folder_in_its_place(place: Path) -> None:
    (place / NAME).mkdir(parents=True)


def _file_for_the_folder(place: Path) -> None:
    place.write_bytes(b"")


def _other_columns(place: Path) -> None:
    place.mkdir()
    with closing(sqlite3.connect(place / NAME)) as database, database:
        database.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, made INTEGER)")
        database.execute("INSERT INTO kept VALUES ('a', 1)")


@pytest.mark.parametrize("damage", [_garbage, _half, _other_program])
def test_a_file_that_can_be_mended_is_a_store_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    place = tmp_path / "cache"
    damage(place)
    assert Store(str(place)).get("a") is None
    kept(place, b=b"2")
    assert Store(str(place)).get("b") == b"2"


@pytest.mark.parametrize("obstacle", [_folder_in_its_place, _file_for_the_folder, _other_columns])
def test_what_is_not_the_store_s_own_stays_as_it_is(tmp_path: Path, obstacle: Callable[[Path], None]) -> None:
    place = tmp_path / "cache"
    obstacle(place)
    kept(place, a=b"1")
    assert Store(str(place)).get("a") is None
    assert place.is_file() or (place / NAME).is_dir() or b"made INTEGER" in (place / NAME).read_bytes()


@pytest.mark.skipif(
    sys.platform == "win32" or not os.geteuid(), reason="nothing is closed to an administrator"
)
def test_a_folder_that_may_not_be_written_is_no_store(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        kept(tmp_path / "cache", a=b"1")
        assert Store(str(tmp_path / "cache")).get("a") is None
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_is_no_error_and_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(tmp_path, a=b"1")

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_bound", full)
        kept(tmp_path, a=b"2", b=b"2")
    assert Store(str(tmp_path)).get_all(["a", "b"]) == {"a": b"1"}


@pytest.mark.parametrize("value", [b"2", "1", 1, b""])
def test_an_entry_that_somebody_changed_counts_as_missing(tmp_path: Path, value: object) -> None:
    kept(tmp_path, a=b"1", b=b"1")
    with closing(sqlite3.connect(tmp_path / NAME)) as database, database:
        database.execute("UPDATE kept SET value = ? WHERE key = 'a'", (value,))
    assert Store(str(tmp_path)).get_all(["a", "b"]) == {"b": b"1"}


def test_an_entry_under_another_s_name_counts_as_missing(tmp_path: Path) -> None:
    kept(tmp_path, a=b"1", b=b"2")
    with closing(sqlite3.connect(tmp_path / NAME)) as database, database:
        database.execute("DELETE FROM kept WHERE key = 'b'")
        database.execute("UPDATE kept SET key = 'b' WHERE key = 'a'")
    assert Store(str(tmp_path)).get_all(["a", "b"]) == {}


# --- how much it holds


def test_beyond_its_limit_the_oldest_go_first(tmp_path: Path) -> None:
    limit = 1_000_000
    for turn in range(40):
        store = Store(str(tmp_path), limit)
        store.put({f"{turn}": bytes(100_000)})
        store.flush()
    found = Store(str(tmp_path)).get_all(map(str, range(40)))
    assert "39" in found
    assert sorted(map(int, found)) == list(range(40 - len(found), 40)), "the newest stay"
    assert sum(map(len, found.values())) <= limit
    assert (tmp_path / NAME).stat().st_size <= 2 * limit


def test_one_value_beyond_the_limit_is_no_error(tmp_path: Path) -> None:
    store = Store(str(tmp_path), 100_000)
    store.put({"a": bytes(1_000_000)})
    store.flush()
    assert Store(str(tmp_path)).get("a") in (None, bytes(1_000_000))


# --- several at once, and a sudden end

_WRITE = """\
import sys
from masterplan_cli.cache.store import Store
place, who = sys.argv[1:]
for turn in range(int(1e9) if who == "endless" else 30):
    store = Store(place)
    store.put({f"{who} {turn % 50} {n}": f"{who} {turn % 50} {n} ".encode() * 200 for n in range(20)})
    store.flush()
    if turn == 2:
        print("writes", flush=True)
"""


def _writer(place: Path, who: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _WRITE, str(place), who], stdout=subprocess.PIPE)


def _whole(place: Path, who: str) -> int:
    """How many of a writer's values are there; each is just as it was put."""
    found = Store(str(place)).get_all(f"{who} {turn} {n}" for turn in range(50) for n in range(20))
    assert all(value == f"{key} ".encode() * 200 for key, value in found.items())
    return len(found)


def test_two_processes_write_at_once_and_lose_nothing(tmp_path: Path) -> None:
    writers = [_writer(tmp_path, who) for who in "ab"]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0, 0]
    assert [_whole(tmp_path, who) for who in "ab"] == [600, 600]


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be killed from outside alike")
def test_a_writer_that_is_killed_leaves_whole_entries_and_a_store_that_works(tmp_path: Path) -> None:
    for _ in range(5):
        writer = _writer(tmp_path, "endless")
        assert writer.stdout
        writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert _whole(tmp_path, "endless") >= 60
    kept(tmp_path, after=b"1")
    assert Store(str(tmp_path)).get("after") == b"1"


# --- where it stands


def test_the_variable_names_the_folder_and_empty_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTERPLAN_CACHE", "/some/where")
    assert folder() == "/some/where"
    monkeypatch.setenv("MASTERPLAN_CACHE", "")
    assert folder() is None


@pytest.mark.skipif(sys.platform == "win32", reason="paths are written as elsewhere")
@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"HOME": "/home/a"}, "/home/a/.cache/masterplan"),
        ("linux", {"HOME": "/home/a", "XDG_CACHE_HOME": "/c"}, "/c/masterplan"),
        ("linux", {"HOME": "/home/a", "XDG_CACHE_HOME": ""}, "/home/a/.cache/masterplan"),
        ("linux", {"HOME": "/home/a", "XDG_CACHE_HOME": "relative"}, None),
        ("darwin", {"HOME": "/Users/a"}, "/Users/a/Library/Caches/masterplan"),
        ("win32", {"LOCALAPPDATA": "/Local"}, "/Local/masterplan"),
        ("win32", {}, None),
    ],
)
def test_without_it_the_folder_is_the_user_s_own_for_what_can_be_made_again(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], expected: str | None
) -> None:
    for name in ("MASTERPLAN_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert folder() == expected


# --- whose results they are

_TOOL = "from masterplan_cli.cache.store import tool; print(tool())"


def _tool(source: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-c", _TOOL],
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the program, with its templates, that Python finds first."""
    here = Path(store_module.__file__).parents[1]
    shutil.copytree(here, tmp_path / "src" / "masterplan_cli", ignore=shutil.ignore_patterns("__pycache__"))
    if not (here / "templates").is_dir():
        shutil.copytree(here.parents[1] / "templates", tmp_path / "templates")
    return tmp_path / "src"


@pytest.mark.parametrize("changed", ["masterplan_cli/rules/prose.py", "../templates/cover.md.j2"])
def test_one_byte_of_the_program_or_its_templates_makes_another_tool(source: Path, changed: str) -> None:
    before = _tool(source)
    assert _tool(source) == before
    target = source / changed
    if not target.exists():
        target = source / "masterplan_cli" / "templates" / "cover.md.j2"
    target.write_bytes(target.read_bytes() + b"\n")
    assert _tool(source) != before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own")
def test_a_program_installed_as_links_is_read_through_them(source: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.py"
    linked = source / "masterplan_cli" / "taxonomy.py"
    linked.rename(real)
    linked.symlink_to(real)
    before = _tool(source)
    real.write_bytes(real.read_bytes() + b"\n")
    assert _tool(source) != before


def test_a_library_of_another_version_makes_another_tool(source: Path) -> None:
    before = _tool(source)
    (source / "some_library-2.0.dist-info").mkdir()
    assert _tool(source) != before


def test_the_tool_is_one_and_the_same_within_a_run() -> None:
    assert tool() == tool()


# --- whoever could have filled it


def seals_of(place: Path) -> dict[str, str]:
    with closing(sqlite3.connect(place / NAME)) as database:
        return dict(database.execute("SELECT key, seal FROM kept"))


def forge(place: Path, key: str, value: bytes, seal: str) -> None:
    with closing(sqlite3.connect(place / NAME)) as database, database:
        database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, 1)", (key, value, seal))


def test_a_seal_needs_the_secret(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    kept(mine, a=b"1")
    kept(theirs, b=b"forged")
    forge(mine, "b", b"forged", seals_of(theirs)["b"])
    forge(mine, "c", b"forged", sha256(b"cforged").hexdigest())
    forge(mine, "d", b"forged", "")
    assert Store(str(mine)).get_all("abcd") == {"a": b"1"}


def test_a_store_without_its_secret_begins_anew(tmp_path: Path) -> None:
    kept(tmp_path, a=b"1")
    (tmp_path / store_module._SECRET).unlink()
    assert Store(str(tmp_path)).get("a") is None
    kept(tmp_path, b=b"2")
    assert Store(str(tmp_path)).get_all("ab") == {"b": b"2"}


posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@posix
def test_the_folder_the_database_and_the_secret_are_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        kept(tmp_path / "cache", a=b"1")
    finally:
        os.umask(before)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "cache").iterdir()}
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}
    assert {NAME, store_module._SECRET} <= set(modes)


@posix
def test_a_secret_that_others_could_read_is_replaced_and_a_database_closed(tmp_path: Path) -> None:
    kept(tmp_path, a=b"1")
    secret, database = tmp_path / store_module._SECRET, tmp_path / NAME
    before = secret.read_bytes()
    secret.chmod(0o644)
    database.chmod(0o666)
    assert Store(str(tmp_path)).get("a") is None
    assert (secret.read_bytes() == before, stat.S_IMODE(secret.stat().st_mode)) == (False, 0o600)
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("name", [NAME, store_module._SECRET])
@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_what_is_no_file_of_ours_is_neither_followed_nor_waited_for(
    tmp_path: Path, name: str, kind: str
) -> None:
    place, victim = tmp_path / "cache", tmp_path / "victim"
    place.mkdir(mode=0o700)
    victim.write_bytes(b"")
    {"link": lambda p: p.symlink_to(victim), "fifo": os.mkfifo, "folder": Path.mkdir}[kind](place / name)
    kept(place, a=b"1")
    assert Store(str(place)).get("a") in (None, b"1")
    assert victim.read_bytes() == b""


@posix
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_can_write_to_is_no_store(tmp_path: Path, mode: int) -> None:
    kept(tmp_path / "cache", a=b"1")
    (tmp_path / "cache").chmod(mode)
    assert Store(str(tmp_path / "cache")).get("a") is None


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only an administrator can give files away"
)
def test_a_folder_of_another_user_is_no_store(tmp_path: Path) -> None:
    kept(tmp_path / "cache", a=b"1")
    os.chown(tmp_path / "cache", 12345, -1)
    assert Store(str(tmp_path / "cache")).get("a") is None


def test_many_that_begin_at_once_agree_in_the_end(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    code = f"from masterplan_cli.cache.store import Store\ns = Store({str(place)!r})\ns.put({{'a': b'1'}})\ns.flush()\n"
    runs = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(8)]
    assert [run.wait() for run in runs] == [0] * 8
    kept(place, b=b"2")
    assert Store(str(place)).get("b") == b"2"
    assert sorted(p.name for p in place.iterdir() if "-shm" not in p.name and "-wal" not in p.name) == sorted(
        [NAME, store_module._SECRET]
    )
