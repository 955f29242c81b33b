"""Writing into a plan: whole or not at all, one process at a time, through no link, and nothing left behind.

`MASTERPLAN_STUDY=1` kills at every moment and runs twenty builds at once, else some of them stand for all.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import DEEP, edit, every, masterplan, write
from masterplan_cli import cli, outputs
from masterplan_cli.cache.invocation import Invocation
from masterplan_cli.checking import check
from masterplan_cli.cli import serve
from masterplan_cli.files import STAGING, Folder, file_is, list_files, read_file
from masterplan_cli.live.rounds import Round
from masterplan_cli.live.watcher import Watcher, _opens
from masterplan_cli.messages import Language
from masterplan_cli.outputs import clear, write_outputs, write_sources
from picture_files import PNG

ID = Language.ID
PROGRAM = "pillars/alfa/layanan.md"
unix = pytest.mark.skipif(
    os.name == "nt", reason="links need rights on Windows, and it has no pipes in folders"
)


def held(folder: Path) -> dict[str, bytes]:
    """Every ordinary file below a folder, with its bytes."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if stat.S_ISREG(p.lstat().st_mode)
    }


def left(folder: Path) -> list[Path]:
    return sorted(folder.rglob(".masterplan-*"))


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-c", "from masterplan_cli.cli import main; main()", *map(str, args)]


# --- links


@pytest.fixture
def victim(plan: Path) -> Iterator[Path]:
    """A folder beside the plan, which no command may change."""
    folder = plan.parent / "korban"
    for name in ("masterplan.html", "tasks.xlsx", "CODEOWNERS", ".masterplan-abc_1234.tmp", "dinas-a.yaml"):
        write(folder, name, "milik orang lain\n")
    before = held(folder)
    yield folder
    assert held(folder) == before
    assert {p.name for p in folder.iterdir()} == set(before)


def _lead(plan: Path, path: str, target: Path) -> None:
    place = plan / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target, target_is_directory=True)


WRITES = {
    "build": ("build", ["build"]),
    "build/tasks.xlsx": ("build", ["tasks", "--to", "xlsx"]),
    "build, an output": ("build/masterplan.html", ["build"]),
    "codeowners": (".github", ["codeowners", "--teams", "@o/{id}"]),
    "codeowners, the file": ("CODEOWNERS", ["codeowners", "--teams", "@o/{id}"]),
    "codeowners --check": ("CODEOWNERS", ["codeowners", "--teams", "@o/{id}", "--check"]),
}


@unix
@pytest.mark.parametrize("case", WRITES)
def test_no_command_writes_through_a_link_that_a_plan_brings_along(
    plan: Path, victim: Path, case: str
) -> None:
    path, args = WRITES[case]
    leaf = Path(path).name
    _lead(plan, path, victim / leaf if "." in leaf[1:] or leaf == "CODEOWNERS" else victim)
    result = masterplan(args[0], plan, *args[1:])
    assert (result.code, "MP903" in result.out) == (1, True)
    assert str(plan / path) in result.out
    assert "milik orang lain" not in result.out


@unix
def test_no_new_file_is_written_through_a_link(plan: Path, victim: Path, tmp_path: Path) -> None:
    _lead(plan, ".github", victim)
    assert "MP903" in masterplan("init", plan, "--ci", "github").out
    _lead(plan, "pillars/beta", victim)
    (plan / "agencies").rename(plan / "asli")
    _lead(plan, "agencies", victim)
    for args in (["agency", "dinas-c"], ["program", "beta", "baru"]):
        assert masterplan("new", *args, "--path", plan).code in (1, 2)
    (tmp_path / "baru").mkdir()
    _lead(tmp_path / "baru", "agencies", victim)
    assert "MP903" in masterplan("init", tmp_path / "baru").out
    assert [p.name for p in (tmp_path / "baru").iterdir()] == ["agencies"]


@unix
def test_a_fix_is_not_written_through_a_link(plan: Path, victim: Path) -> None:
    (plan / "agencies").rename(plan / "asli")
    _lead(plan, "agencies", victim)
    assert masterplan("check", plan, "--fix").code == 1
    [found] = write_sources(plan, {"agencies/dinas-a.yaml": b"x"}, ID)
    assert (found.code, found.path) == ("MP903", str(plan / "agencies"))


@unix
def test_watching_writes_through_no_link(plan: Path, victim: Path) -> None:
    _lead(plan, "build", victim)
    watcher = Watcher(plan)
    serve._deliver(Round(ID, {"masterplan.html": b"x"}), plan / "build", plan, watcher, serve._Log())
    assert watcher.again


@unix
def test_a_link_within_the_plan_and_a_folder_that_is_named_may_be_links(plan: Path, tmp_path: Path) -> None:
    (plan / "hasil").mkdir()
    _lead(plan, "build", plan / "hasil")
    (tmp_path / "lain").mkdir()
    _lead(tmp_path, "nama", tmp_path / "lain")
    assert masterplan("build", plan, "--to", "md").code == 0
    assert masterplan("build", plan, "--to", "md", "--out", tmp_path / "nama").code == 0
    assert held(plan / "hasil") == held(tmp_path / "lain") != {}


@unix
def test_below_a_named_folder_no_link_may_leave_it(tmp_path: Path) -> None:
    (tmp_path / "luar").mkdir()
    (tmp_path / "hasil").mkdir()
    _lead(tmp_path, "hasil/gambar", tmp_path / "luar")
    [found] = write_outputs(tmp_path / "hasil", {"a.md": b"a", "gambar/b": b"b"}, tmp_path / "hasil", ID)
    assert found.path == str(tmp_path / "hasil" / "gambar")
    assert held(tmp_path) == {}


@unix
def test_an_output_that_has_a_second_name_does_not_change_under_it(plan: Path, tmp_path: Path) -> None:
    write(tmp_path, "asli", "asli")
    (plan / "build").mkdir()
    os.link(tmp_path / "asli", plan / "build" / "masterplan.md")
    assert masterplan("build", plan, "--to", "md").code == 0
    assert (tmp_path / "asli").read_text() == "asli"


# --- what is no ordinary file


def _pipe(place: Path) -> None:
    os.mkfifo(place)


def _socket(place: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # the name of a socket is short
    try:
        socket.socket(socket.AF_UNIX).bind(place.name)
    finally:
        os.chdir(here)


def _nowhere(place: Path) -> None:
    place.symlink_to("tidak-ada")


def _circle(place: Path) -> None:
    place.symlink_to(place.name)


@unix
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("kind", [_pipe, _socket, _nowhere, _circle])
def test_an_output_that_became_something_else_is_replaced(
    tmp_path: Path, kind: Callable[[Path], None]
) -> None:
    kind(tmp_path / "a.md")
    assert write_outputs(tmp_path, {"a.md": b"ab", "b.md": b"b"}, tmp_path, ID) == []
    assert held(tmp_path) == {"a.md": b"ab", "b.md": b"b"}
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o644


@unix
def test_a_pipe_in_an_outputs_place_is_put_back_where_the_others_cannot_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pipe(tmp_path / "a.md")
    with _moves(monkeypatch, refused={"b.md"}):
        assert write_outputs(tmp_path, {"a.md": b"a", "b.md": b"b"}, tmp_path, ID)
    assert (tmp_path / "a.md").is_fifo()


def test_a_folder_in_an_outputs_place_stays_and_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a.md/isi", "x")
    [found] = write_outputs(tmp_path, {"0.md": b"0", "a.md": b"a"}, tmp_path, ID)
    assert (found.code, found.path) == ("MP903", str(tmp_path / "a.md"))
    assert "adalah folder, padahal di situ harus ada berkas" in found.message
    assert held(tmp_path) == {"a.md/isi": b"x"}


@pytest.mark.deep
@unix
@pytest.mark.parametrize(
    "path",
    every(4, ["masterplan.yaml", "agencies/dinas-a.yaml", PROGRAM, "assets/foto.png", "templates/reference.docx", "CODEOWNERS",
     "build/masterplan.md", "build/tasks.xlsx", STAGING, "build/" + STAGING]),
)  # fmt: skip
def test_no_command_waits_at_a_pipe(plan: Path, path: str, tmp_path: Path) -> None:
    with (plan / PROGRAM).open("a", encoding="utf-8") as file:
        file.write("\n![Foto](../../assets/foto.png)\n")
    write(plan, "assets/foto.png", PNG)
    cache = str(tmp_path / "cache")
    commands = [
        ("build", plan, "--to", "md,docx"), ("check", plan), ("check", plan, "--fix"), ("tasks", plan, "--to", "xlsx"),
        ("codeowners", plan, "--teams", "@o/{id}"), ("new", "agency", "dinas-x", "--path", plan),
    ]  # fmt: skip
    assert _ends("build", plan, "--to", "md", cache=cache) == 0
    (plan / path).unlink(missing_ok=True)
    (plan / path).parent.mkdir(exist_ok=True)
    _pipe(plan / path)
    for args in commands:
        assert _ends(*args, cache=cache) in (0, 1, 2), args


@unix
def test_nothing_waits_where_a_pipe_comes_between_listing_and_opening(plan: Path) -> None:
    (plan / PROGRAM).unlink()
    _pipe(plan / PROGRAM)
    with pytest.raises(OSError, match=os.strerror(errno.ENXIO)):
        Folder(str(plan)).read(PROGRAM)
    with pytest.raises(OSError, match=os.strerror(errno.ENXIO)):
        read_file(plan / PROGRAM, 9)
    assert Folder(str(plan)).digest_of(PROGRAM) is None
    assert not file_is(str(plan / PROGRAM), 0, "")
    assert not _opens(plan / PROGRAM, stat.S_IFREG)
    project = check(plan).project
    project.paths.add(PROGRAM)
    assert project.read_asset(PROGRAM) is None


def test_what_is_endless_is_not_read_to_its_end(plan: Path) -> None:
    """A file of four tebibytes: whoever reads it does not come back."""
    for path in ("build/masterplan.md", "assets/foto.png", "agencies/dinas-b.yaml", "CODEOWNERS"):
        write(plan, path, b"")
        try:
            os.truncate(plan / path, 1 << 42)
        except OSError:
            pytest.skip("this disk has no such files")
    assert "MP002" in masterplan("check", plan).out
    assert masterplan("codeowners", plan, "--teams", "@o/{id}").code == 2
    (plan / "agencies" / "dinas-b.yaml").unlink()
    masterplan("build", plan, "--to", "md", "--draft")
    assert (plan / "build" / "masterplan.md").stat().st_size < 1 << 20
    assert not file_is(str(plan / "assets" / "foto.png"), 1, "")
    with pytest.raises(OSError, match="large"):
        Folder(str(plan)).read("assets/foto.png")


# --- all or none


@contextmanager
def _moves(monkeypatch: pytest.MonkeyPatch, refused: set[str]) -> Iterator[None]:
    """Moving a file over one of these names is refused, as where Windows has it open."""
    move = Path.replace

    def replace(source: Path, target: Path) -> Path:
        if target.name in refused:
            raise PermissionError(errno.EACCES, "Access is denied", str(source), None, str(target))
        return move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        yield


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "copies"])
@pytest.mark.parametrize("refused", ["0", "1", "2", "gambar/3"])
def test_where_one_file_cannot_be_moved_all_are_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(
            os, "link", lambda *_, **__: (_ for _ in ()).throw(OSError(errno.EPERM, "no links"))
        )
    for name in ("0", "2"):
        write(tmp_path, name, "lama")
        os.utime(tmp_path / name, (1, 1))
    new = dict.fromkeys(("0", "1", "2", "gambar/3"), b"baru")
    with _moves(monkeypatch, {Path(refused).name}):
        [found] = write_outputs(tmp_path, new, tmp_path, ID)
    assert (found.path, "seperti semula" in found.help) == (str(tmp_path / refused), True)
    assert held(tmp_path) == {"0": b"lama", "2": b"lama"}
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["0", "2"]
    assert {(tmp_path / name).stat().st_mtime for name in ("0", "2")} == {1}
    assert write_outputs(tmp_path, new, tmp_path, ID) == []
    assert held(tmp_path) == new


def test_a_failed_run_leaves_no_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _moves(monkeypatch, {"c"}):
        assert write_outputs(tmp_path / "a" / "b", {"c": b"c"}, tmp_path, ID)
    assert list(tmp_path.iterdir()) == []


@unix
def test_rights_are_kept_and_new_files_get_the_usual_ones(tmp_path: Path) -> None:
    write(tmp_path, "lama", "x")
    (tmp_path / "lama").chmod(0o640)
    write_outputs(tmp_path, {"lama": b"y", "baru": b"y"}, tmp_path, ID)
    before = os.umask(0o077)
    try:
        write_outputs(tmp_path, {"sendiri": b"y"}, tmp_path, ID)
    finally:
        os.umask(before)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    assert modes == {"lama": 0o640, "baru": 0o644, "sendiri": 0o600}


# --- several at once


def _set(tag: int) -> dict[str, bytes]:
    return {f"{n}/a" if n % 3 else f"a{n}": bytes([tag]) * (1000 * n + 1) for n in range(8)}


def _tags(folder: Path) -> set[bytes]:
    return {data[:1] for data in held(folder).values()}


def test_of_simultaneous_writers_each_leaves_a_whole_set(tmp_path: Path) -> None:
    folder, done = tmp_path / "hasil", threading.Event()

    def write_often(tag: int) -> list[object]:
        return [found for _ in range(15) for found in write_outputs(folder, _set(tag), tmp_path, ID)]

    def look() -> None:
        while not done.wait(0.05):
            if folder.is_dir():
                with outputs._Staging(folder).held():
                    seen.append({name: held(folder).get(name) for name in _set(0)})

    seen: list[dict[str, bytes | None]] = []
    with ThreadPoolExecutor(7) as pool:
        looking = pool.submit(look)
        found = list(pool.map(write_often, range(6)))
        done.set()
        looking.result()
    assert found == [[]] * 6
    whole = [_set(tag) for tag in range(6)]
    assert seen
    assert all(one in whole or not any(one.values()) for one in seen)
    assert left(tmp_path) == []


def test_of_simultaneous_processes_each_leaves_a_whole_set(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from masterplan_cli.outputs import write_outputs\n"
        "from masterplan_cli.messages import Language\n"
        "tag, folder = sys.argv[1].encode(), Path(sys.argv[2])\n"
        "for _ in range(20):\n"
        "    assert not write_outputs(folder, {f'a{n}': tag * 1000 for n in range(8)}, folder, Language.ID)\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, tag, str(tmp_path)]) for tag in "abcd"]
    assert [run.wait() for run in runs] == [0, 0, 0, 0]
    assert len(_tags(tmp_path)) == 1
    assert len(held(tmp_path)) == 8
    assert left(tmp_path) == []


@pytest.mark.deep
def test_simultaneous_builds_all_succeed(plan: Path) -> None:
    count = 20 if DEEP else 3
    runs = [
        subprocess.Popen(
            command("build", plan, "--to", "html,md"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(count)
    ]  # fmt: skip
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0] * count, said
    assert left(plan) == []


def test_a_process_that_lives_is_waited_for_and_never_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "_PATIENCE", 0.1)
    staging = outputs._Staging(tmp_path)
    with staging.held():
        (staging.path / "0.new").write_bytes(b"setengah")
        clear(tmp_path, tmp_path)
        [found] = write_outputs(tmp_path, {"a": b"a"}, tmp_path, ID)
        assert "sedang menulis" in found.message
        assert (staging.path / "0.new").read_bytes() == b"setengah"
    assert write_outputs(tmp_path, {"a": b"a"}, tmp_path, ID) == []
    assert held(tmp_path) == {"a": b"a"}


@unix
def test_a_disk_without_locks_is_written_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    assert write_outputs(tmp_path, {"a": b"a"}, tmp_path, ID) == []
    assert held(tmp_path) == {"a": b"a"}


# --- killed


def _ticks(tick: Callable[[], object]) -> None:
    """Call back before each step of writing: each piece of a file, each call of the system about what is on its way."""
    steps = {"open", "os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.link", "os.chmod", "os.listdir"}
    save = outputs._save

    def listen(event: str, args: tuple[object, ...]) -> None:
        about = [str(arg) for arg in args if isinstance(arg, str | os.PathLike)]
        if event == "fcntl.flock" or (event in steps and any(STAGING in path for path in about)):
            tick()

    def in_pieces(new: Path, data: bytes, mode: int | None) -> None:
        save(new, b"", mode)
        with new.open("ab", buffering=0) as stream:
            for at in range(0, len(data), 1 << 14):
                tick()
                stream.write(data[at : at + (1 << 14)])

    outputs._save = in_pieces
    sys.addaudithook(listen)


def _in_a_copy_of_this_process(work: Callable[[], int]) -> int:
    """Do something in a process of its own; its exit code, or less than nothing for the signal that ended it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        code = 99
        try:
            code = work()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _ends(*args: str | Path, cache: str) -> int:
    """The exit code of the console script in a copy of this process, which has five minutes."""

    def work() -> int:
        signal.alarm(300)
        os.environ["MASTERPLAN_CACHE"] = cache
        sys.argv = ["masterplan", *map(str, args)]
        vars(cli.run).update(vars(Invocation()))
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    return _in_a_copy_of_this_process(work)


def _killed(moment: int, *args: str | Path) -> bool:
    """Run the command and kill it before that step of its writing."""

    def work() -> int:
        seen: list[int] = []

        def tick() -> None:
            seen.append(1)
            if len(seen) == moment:
                os.kill(os.getpid(), signal.SIGKILL)

        _ticks(tick)
        return masterplan(*args).code

    return _in_a_copy_of_this_process(work) == -signal.SIGKILL


def _moments(*args: str | Path) -> list[int]:
    """The steps of a command's writing, fifty of them in the deep tests, else six."""
    down, up = os.pipe()

    def work() -> int:
        seen: list[int] = []
        _ticks(lambda: seen.append(1))
        masterplan(*args)
        os.write(up, str(len(seen)).encode())
        return 0

    assert _in_a_copy_of_this_process(work) == 0
    os.close(up)
    with os.fdopen(down) as answer:
        last = int(answer.read())
    wanted = 50 if DEEP else 6
    return [1 + n * (last - 1) // (wanted - 1) for n in range(wanted)]


@pytest.mark.deep
@unix
def test_a_build_killed_at_any_moment_leaves_whole_files_and_the_next_clears_up(
    plan: Path, tmp_path: Path
) -> None:
    asked = ("--to", "html,json,md", "--date", "2026-01-01")
    assert masterplan("build", plan, *asked).code == 0
    edit(plan, PROGRAM, "title: Layanan Cepat", "title: Layanan Baru")
    earlier = held(plan / "build")
    whole = shutil.copytree(plan, tmp_path / "whole")
    moments = _moments("build", whole, *asked)
    later = held(whole / "build")
    assert sum(earlier[name] != later[name] for name in later) == 4
    for turn, moment in enumerate(moments):
        root = shutil.copytree(plan, tmp_path / f"{turn}")
        assert _killed(moment, "build", root, *asked)
        for name, data in held(root / "build").items():
            assert STAGING in name or data in (earlier[name], later[name])
        assert masterplan("build", root, *asked).code == 0
        assert held(root / "build") == later
        assert left(root) == []
        shutil.rmtree(root)


@pytest.mark.deep
@unix
def test_a_fix_killed_at_any_moment_leaves_whole_files_and_nothing_in_their_folders(
    plan: Path, tmp_path: Path
) -> None:
    for path in ("agencies/dinas-a.yaml", "agencies/dinas-b.yaml", PROGRAM, "chapters/pendahuluan.md"):
        write(plan, path, (plan / path).read_bytes().replace(b"\n", b"  \r\n") * 1)
    earlier = held(plan)
    whole = shutil.copytree(plan, tmp_path / "whole")
    moments = _moments("check", whole, "--fix")
    later = held(whole)
    assert sum(earlier[name] != later[name] for name in later) == 4
    for turn, moment in enumerate(moments):
        root = shutil.copytree(plan, tmp_path / f"{turn}")
        assert _killed(moment, "check", root, "--fix")
        for name, data in held(root).items():
            assert name.startswith(STAGING) or data in (earlier[name], later[name])
        assert masterplan("check", root).code == 0
        assert left(root) == []
        assert masterplan("check", root, "--fix").code == 0
        assert held(root) == later
        shutil.rmtree(root)


def _dead(folder: Path) -> Path:
    """What a killed process leaves."""
    write(folder, f"{STAGING}/{outputs._LOCK}", "")
    write(folder, f"{STAGING}/0.new", "setengah")
    return folder / STAGING


def test_whatever_comes_next_clears_up(plan: Path, tmp_path: Path) -> None:
    edit(plan, PROGRAM, "owner: dinas-a", "owner: dinas-z")
    for args in (
        ("check",),
        ("status",),
        ("tasks",),
        ("build",),
        ("codeowners", "--teams", "@o/{id}"),
        ("check", "--fix"),
    ):
        for folder in (plan, plan / "build", tmp_path / "lain"):
            _dead(folder)
        masterplan(args[0], plan, *args[1:])
        masterplan("build", plan, "--out", tmp_path / "lain")
        assert left(plan) == left(tmp_path) == []


def test_what_is_on_its_way_does_not_change_what_a_plan_is(plan: Path) -> None:
    before = list_files(str(plan))
    _dead(plan)
    _dead(plan / "pillars" / "alfa")
    write(plan, "agencies/.masterplan-abc_1234.tmp", "x")
    assert list_files(str(plan)) == before


@unix
def test_what_earlier_versions_and_others_left_goes_whatever_it_is(plan: Path, tmp_path: Path) -> None:
    write(tmp_path, "korban/isi", "x")
    for folder in (plan, plan / "build", plan / "build" / "gambar"):
        write(folder, ".masterplan-aaaaaaaa.tmp", "x")
        (folder / ".masterplan-cccccccc.tmp").symlink_to(tmp_path / "korban")
        _pipe(folder / ".masterplan-dddddddd.tmp")
    for folder in (plan, plan / "build"):
        write(folder, f"{STAGING}/dalam/lagi", "x")
        (folder / STAGING / "keluar").symlink_to(tmp_path / "korban")
    assert write_outputs(plan / "build", {"gambar/a": b"a"}, plan, ID) == []
    assert masterplan("check", plan).code == 0
    assert left(plan) == []
    assert held(tmp_path / "korban") == {"isi": b"x"}


def test_what_people_name_so_is_theirs(plan: Path) -> None:
    theirs = [".masterplan-catatan.tmp/isi", ".masterplan-catatan_rapat.tmp", ".masterplan-aaaaaaaa.tmp/isi"]
    for path in theirs:
        write(plan, path, "x")
    write(plan, f"{STAGING}/0.new", "x")
    assert masterplan("status", plan).code == 0
    assert all((plan / path).is_file() for path in theirs)
    assert not (plan / STAGING).exists()


def test_what_is_nested_deeper_than_python_goes_is_removed(plan: Path) -> None:
    deep = plan / STAGING
    for _ in range(1200):
        deep.mkdir()
        deep /= "a"
    assert masterplan("check", plan).code == 0
    assert not (plan / STAGING).exists()


def test_what_cannot_be_put_back_is_kept_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a", "lama")
    (tmp_path / "b").mkdir()
    replace = Path.replace

    def stubborn(self: Path, target: Path) -> Path:
        if self.name == "0.old" and Path(target).name == "a":
            raise PermissionError(13, "x")
        if self.name == "1.new":
            raise PermissionError(13, "x")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stubborn)
    (problem,) = write_outputs(tmp_path, {"a": b"baru", "c": b"c"}, tmp_path, ID)
    assert str(tmp_path / "a") in problem.message
    assert "akhiran `.lama-1`" in problem.help
    assert (tmp_path / "a.lama-1").read_bytes() == b"lama"


@unix
@pytest.mark.parametrize("name", [STAGING, f"{STAGING}/{outputs._LOCK}"])
@pytest.mark.parametrize("kind", ["link", "pipe", "file", "folder"])
def test_a_plan_that_brings_our_names_along_leads_nowhere(tmp_path: Path, name: str, kind: str) -> None:
    write(tmp_path, "korban/lock", "x")
    write(tmp_path, "korban/0.new", "x")
    place = tmp_path / "hasil" / name
    place.parent.mkdir(parents=True)
    make: dict[str, Callable[[], object]] = {
        "link": lambda: place.symlink_to(tmp_path / "korban" / ("lock" if name.endswith("lock") else "")),
        "pipe": lambda: os.mkfifo(place),
        "file": lambda: place.write_bytes(b"x"),
        "folder": lambda: write(place, "dalam/lagi", "x"),
    }
    make[kind]()
    assert write_outputs(tmp_path / "hasil", {"a": b"a"}, tmp_path, ID) == []
    assert held(tmp_path / "hasil") == {"a": b"a"}
    assert held(tmp_path / "korban") == {"lock": b"x", "0.new": b"x"}
    assert left(tmp_path) == []
