"""git, by its own command: the last commit's day, the repository's top, what changed since a revision.

The one module that calls git, and but for what a person sends it asks for objects and names only. A plan's folder may
come from anybody, with a repository whose settings name programs: none of them may run. So no command is used that reads
the index or the working tree, filters, signs, pages or fetches; files are read by us and compared with the objects' ids.
What is sent goes out from a repository only whose own settings name no program. Nothing raises because git, a repository
or its history is missing: the answer is None or a `Trouble`.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, NamedTuple

from masterplan_cli.files import MAX_ASSET_BYTES, read_file

if TYPE_CHECKING:
    import subprocess

_SECONDS = 30.0
#: What git may answer at once, and the files and bytes of a commit that are worth a second look at the plan.
_MOST_BYTES, _MOST_FILES, _MOST_WRITTEN = 64 << 20, 100_000, 4 << 30
#: A commit names its day in its first lines.
_COMMIT_BYTES = 1 << 20
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    # An object that is missing would be fetched, by a program that the repository names.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_REPLACE_OBJECTS": "1",
    # An object may say that it is larger than all memory; no file that counts is.
    "GIT_ALLOC_LIMIT": "256m",
}
_SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.quotePath=off",
    "core.sshCommand=",
    "core.askPass=",
    "credential.helper=",
    "diff.external=",
    "log.showSignature=false",
    "protocol.allow=never",
)
#: What a person sends goes by their own settings for the whole computer; those of the repository may only say these.
_SENDING_SECONDS = 180.0
_HARMLESS = re.compile(
    r"core\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf|eol"
    r"|safecrlf|longpaths)|user\.(?:name|email)|remote\.[\w.-]{1,100}\.(?:url|fetch|gh-resolved)"
    r"|branch\.[\w./-]{1,200}\.(?:remote|merge|rebase|vscode-merge-base|github-pr-owner-number)|pull\.rebase|push\.default|init\.defaultbranch|gc\.auto"
)
#: Addresses of other computers.
_AWAY = re.compile(r"(?:https?|ssh|git)://[^\s-]\S*|(?!-)[\w.-]+@[\w.-]+:(?!-)\S+")
_SENDING_SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.quotePath=off",
    "submodule.recurse=false",
    "push.recurseSubmodules=no",
    "gc.auto=0",
    "maintenance.auto=false",
)
_SENDING_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "true",
    # A folder may be called `:!plan`, and means no other one.
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file",
}
#: What no file may be called here: on Windows a colon leads to a drive, or to a second content of a file.
_FORBIDDEN = frozenset('\\:<>"|?*' if os.name == "nt" else "\0")
_ABSENT, _TOO_SLOW, _TOO_MUCH = -1, -2, -3
#: `subprocess.DEVNULL`
_NOTHING = -3
#: The size of an object that the repository lacks.
_MISSING = -1
#: How git begins the line that it would have typed; the name that follows is quoted for a shell by git.
_TRUSTING = "git config --global --add safe.directory "
#: Repositories whose git has come to no end: it is not asked again.
_SLOW: set[Path] = set()


class TroubleKind(Enum):
    """Why git cannot say what changed."""

    NO_GIT = auto()
    NO_REPOSITORY = auto()
    NO_COMMIT = auto()
    SHALLOW = auto()
    PARTIAL = auto()
    UNKNOWN_REVISION = auto()
    FAILED = auto()


class Trouble(NamedTuple):
    """Why git cannot say what changed, in its own words where it has some."""

    kind: TroubleKind
    reason: str = ""


class CommitFile(NamedTuple):
    """A file of a commit: its mode, the id of its bytes, and how many they are."""

    mode: str
    id: str
    size: int


class Changes(NamedTuple):
    """A plan's folder, the commit it is compared with, and the files that this holds there by their paths."""

    folder: Path
    base: str
    before: Mapping[str, CommitFile]

    def touch(self, path: str) -> bool:
        """Whether a file is not as the commit holds it; line ends, which git may change in a checkout, do not count."""
        old = self.before.get(path)
        file = self.folder / path
        try:
            kind = file.lstat().st_mode
            if stat.S_ISLNK(kind):
                return old is None or old.id != _blob(os.fsencode(file.readlink()), old.id)
            if not stat.S_ISREG(kind):
                return old is not None
            data = read_file(file, MAX_ASSET_BYTES)
        except OSError:
            return old is not None
        return old is None or old.id not in (_blob(d, old.id) for d in (data, data.replace(b"\r\n", b"\n")))


class Outgoing(NamedTuple):
    """Where what is committed goes: a branch, the remote by its name and address, and whether the branch follows it."""

    branch: str
    remote: str
    address: str
    follows: bool


class Answer(NamedTuple):
    """What git answered: its code, which is 0 where it did what it was to do, what it put out, and its words."""

    code: int
    out: bytes
    err: str

    @property
    def line(self) -> str | None:
        """The only line of a successful answer."""
        return os.fsdecode(self.out.removesuffix(b"\n").removesuffix(b"\r")) if self.code == 0 else None


def _git(
    folder: Path, *args: str, given: bytes = b"", most: int = _MOST_BYTES, sends: bool = False
) -> Answer:
    """Run one command in the repository that holds a folder, with bounds of time and output.

    It is a plumbing command, or one that `sends` from a repository whose settings were looked at.
    """
    program, top = _program(), top_level(folder)
    if program is None:
        return Answer(_ABSENT, b"", "")
    if top is None:
        return Answer(128, b"", "not a git repository")
    if top in _SLOW:
        return Answer(_TOO_SLOW, b"", f"no answer in {_SECONDS:.0f} s")
    inherited = {name: value for name, value in os.environ.items() if _is_kept(name)}
    # Without the ceiling git would look for a repository further up where ours turns out to be none.
    own = {"GIT_CEILING_DIRECTORIES": str(top.parent)} | (_SENDING_ENVIRONMENT if sends else _ENVIRONMENT)
    settings = (part for one in (_SENDING_SETTINGS if sends else _SETTINGS) for part in ("-c", one))
    command = [program, "--no-pager", *settings, "-C", str(top), *args]
    try:
        with _input(given) as stdin:
            seconds = _SENDING_SECONDS if sends else _SECONDS
            answer = _answer(command, {**inherited, **own}, stdin, most, seconds)
    except OSError as error:
        return Answer(128, b"", str(error))
    if answer.code == _TOO_SLOW and not sends:
        _SLOW.add(top)
    return answer


def _is_kept(name: str) -> bool:
    """Whether git gets a variable of the environment.

    Of its own it gets those by which a person or a CI system says which repositories it may trust; all others point at
    other repositories, indexes and programs.
    """
    trusting = name.startswith("GIT_CONFIG_") and name != "GIT_CONFIG_PARAMETERS"
    return trusting or not name.startswith("GIT_")


@contextmanager
def _input(given: bytes) -> Iterator[IO[bytes] | int]:
    """Something that git can read to its end, however slowly, while we read what it answers."""
    if not given:
        yield _NOTHING
        return
    import tempfile

    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        yield stdin


def _answer(
    command: list[str], environment: dict[str, str], stdin: IO[bytes] | int, most: int, seconds: float
) -> Answer:
    # Most runs ask git for nothing.
    import subprocess
    import threading

    with subprocess.Popen(  # noqa: S603 - an absolute path and our own arguments
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as process:
        late, said = threading.Event(), [b""]

        def stop() -> None:
            late.set()
            _end(process)

        def listen() -> None:
            said[0] = process.stderr.read(_COMMIT_BYTES) if process.stderr else b""

        clock, listener = threading.Timer(seconds, stop), threading.Thread(target=listen)
        clock.start()
        listener.start()
        try:
            out = process.stdout.read(most + 1) if process.stdout else b""
            if len(out) > most:
                _end(process)
            process.wait()
        finally:
            clock.cancel()
            listener.join()
    if len(out) > most:
        return Answer(_TOO_MUCH, out[:most], f"more than {most >> 20} MiB")
    if late.is_set():
        return Answer(_TOO_SLOW, b"", f"no answer in {seconds:.0f} s")
    return Answer(process.returncode, out, said[0].decode("utf-8", "replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git, and whatever it has started, which would keep its pipes open."""
    import signal

    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _program() -> str | None:
    """git on the PATH; never one in the folder at work, where Windows would look first."""
    name = "git.exe" if os.name == "nt" else "git"
    places = (os.path.join(place, name) for place in os.get_exec_path() if os.path.isabs(place))  # noqa: PTH117, PTH118
    return next((place for place in places if os.access(place, os.X_OK) and os.path.isfile(place)), None)  # noqa: PTH113


def top_level(folder: Path) -> Path | None:
    """The top folder of the repository that holds a folder; None outside git.

    Found by us: what git says of it may come from the repository's own settings.
    """
    here = folder.absolute()
    return next((place for place in (here, *here.parents) if os.path.lexists(place / ".git")), None)


def prefix(folder: Path) -> str:
    """The path of a folder inside its repository, ending in `/`; empty at its top and outside git."""
    top = top_level(folder)
    inside = folder.absolute().relative_to(top).as_posix() if top else "."
    return "" if inside == "." else f"{inside}/"


def last_commit_day(folder: Path) -> str | None:
    """The day of the last commit where it was made, as `YYYY-MM-DD`; None outside git."""
    commit = _git(folder, "cat-file", "commit", "HEAD", most=_COMMIT_BYTES).out
    lines = commit.partition(b"\n\n")[0].split(b"\n")
    made = next((line for line in lines if line.startswith(b"committer ")), b"")
    try:
        seconds, zone = map(int, made.rpartition(b"> ")[2].split(b" "))
        east = (abs(zone) // 100 * 60 + abs(zone) % 100) * (-60 if zone < 0 else 60)
        year, month, day = time.gmtime(seconds + east)[:3]
        return f"{year:04}-{month:02}-{day:02}" if 0 < year < 10_000 else None
    except (ValueError, OverflowError, OSError):
        return None


def trusting_command(folder: Path) -> str | None:
    """What a person types for git to answer in a repository that is another's; None where that is not in the way."""
    if top_level(folder) is None:
        return None
    said = _git(folder, "cat-file", "-t", "HEAD").err
    lines = said.splitlines() if "dubious ownership" in said else []
    return next((line.strip() for line in lines if line.lstrip().startswith(_TRUSTING)), None)


def revision_names(folder: Path) -> list[str]:
    """The branches and tags that a person may mean."""
    form = "--format=%(refname:lstrip=2)"
    names = _git(folder, "for-each-ref", "--count=10000", form, "refs/heads", "refs/remotes", "refs/tags")
    return (names.line or "").splitlines()


def changes_since(folder: Path, revision: str) -> Changes | Trouble:
    """The files of a folder as they were where HEAD left a revision."""
    base = _base(folder, revision)
    return base if isinstance(base, Trouble) else _files_of(folder, base)


def files_at(folder: Path, revision: str) -> Changes | Trouble:
    """The files of a folder as they were at a revision."""
    commit = _commit(folder, revision)
    if commit:
        return _files_of(folder, commit)
    if _commit(folder, "HEAD") is None:
        return _without_head(folder)
    shallow = _git(folder, "rev-parse", "--is-shallow-repository").line == "true"
    return Trouble(TroubleKind.SHALLOW if shallow else TroubleKind.UNKNOWN_REVISION)


def last_tag(folder: Path) -> str | None:
    """The newest tag that HEAD has behind it, by its whole name; None where there is none."""
    form = "--format=%(refname)"
    tags = _git(
        folder, "for-each-ref", "--count=1", "--sort=-creatordate", "--merged=HEAD", form, "refs/tags"
    )
    return tags.line or None


def _files_of(folder: Path, base: str) -> Changes | Trouble:
    """The files that a commit holds in a folder."""
    inside = prefix(folder).removesuffix("/")
    if inside and _git(folder, "cat-file", "-t", f"{base}:{inside}").line != "tree":
        return Changes(folder, base, {})
    listing = _git(folder, "ls-tree", "-r", "-l", "-z", "--full-tree", f"{base}:{inside}")
    if listing.code or listing.out.count(b"\0") > _MOST_FILES:
        return _failed(listing)
    before = dict(_entries(listing.out))
    lacking = any(entry.size == _MISSING for entry in before.values())
    return Trouble(TroubleKind.PARTIAL) if lacking else Changes(folder, base, before)


def _entries(listing: bytes) -> Iterator[tuple[str, CommitFile]]:
    """The files of a listing; a path that no checkout would write is none, and neither is a submodule."""
    for line in listing.split(b"\0"):
        about, _, name = line.partition(b"\t")
        path = os.fsdecode(name)
        mode, kind, id_, size = [*about.decode("ascii", "replace").split(), "", "", "", ""][:4]
        if kind == "blob" and _is_plain(path):
            yield path, CommitFile(mode, id_, int(size) if size.isdigit() else _MISSING)


def _is_plain(path: str) -> bool:
    """Whether a path leads to one place below the folder it starts from, on every system."""
    parts = PurePosixPath(path).parts
    return path == "/".join(parts) and all(
        part not in ("", ".", "..") and part.casefold() != ".git" and _FORBIDDEN.isdisjoint(part)
        for part in parts
    )


def _failed(answer: Answer) -> Trouble:
    return Trouble(TroubleKind.FAILED, answer.err or f"more than {_MOST_FILES} files")


def _blob(data: bytes, like: str) -> str:
    """The id that git gives to a file's bytes, by the algorithm of another id."""
    made = hashlib.sha1(usedforsecurity=False) if len(like) == 40 else hashlib.sha256()
    made.update(b"blob %d\0" % len(data))
    made.update(data)
    return made.hexdigest()


def _base(folder: Path, revision: str) -> str | Trouble:
    """The commit to compare with: where HEAD left the revision; the revision itself when they never met."""
    if _commit(folder, "HEAD") is None:
        return _without_head(folder)
    commit = _commit(folder, revision)
    meeting = _git(folder, "merge-base", commit, "HEAD").line if commit else None
    if meeting:
        return meeting
    if _git(folder, "rev-parse", "--is-shallow-repository").line == "true":
        return Trouble(TroubleKind.SHALLOW)
    return commit or Trouble(TroubleKind.UNKNOWN_REVISION)


def _commit(folder: Path, revision: str) -> str | None:
    """The id of a revision's commit. What begins with a hyphen would be read as an option, so it names none."""
    if not revision or revision.startswith("-") or not revision.isprintable():
        return None
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").line
    return commit if commit and re.fullmatch(r"[0-9a-f]{40,64}", commit) else None


def _without_head(folder: Path) -> Trouble:
    answer = _git(folder, "rev-parse", "--git-dir")
    if answer.code == _ABSENT:
        return Trouble(TroubleKind.NO_GIT)
    if "not a git repository" in answer.err:
        return Trouble(TroubleKind.NO_REPOSITORY)
    if answer.code == 0 and _git(folder, "rev-parse", "--verify", "--quiet", "HEAD").code == 0:
        return Trouble(TroubleKind.FAILED, "HEAD names no commit that can be read")
    return Trouble(TroubleKind.FAILED, answer.err) if answer.code else Trouble(TroubleKind.NO_COMMIT)


def write_before(changes: Changes, folder: Path) -> Trouble | None:
    """Write the files of a commit into an empty folder, byte for byte as it holds them; the repository stays as it is.

    A file that is too large to be read is written as large, and empty. Links lead nowhere.
    """
    wanted: dict[str, list[str]] = {}
    for path, entry in changes.before.items():
        if _below_a_file(path, changes.before):
            continue
        if entry.mode == "120000" or entry.size > MAX_ASSET_BYTES:
            _put(folder / path, None if entry.mode == "120000" else b"", entry.size)
        else:
            wanted.setdefault(entry.id, []).append(path)
    sizes = {changes.before[paths[0]].id: changes.before[paths[0]].size for paths in wanted.values()}
    if sum(sizes[id_] * len(paths) for id_, paths in wanted.items()) > _MOST_WRITTEN:
        return Trouble(TroubleKind.FAILED, f"more than {_MOST_WRITTEN >> 30} GiB")
    for some in _portions(sizes):
        answer = _git(
            changes.folder, "cat-file", "--batch", given="".join(f"{id_}\n" for id_ in some).encode()
        )
        if answer.code:
            return _failed(answer)
        blobs = dict(_blobs(answer.out))
        if len(blobs) < len(some):
            return Trouble(TroubleKind.PARTIAL)
        for id_, data in blobs.items():
            for path in wanted[id_]:
                _put(folder / path, data, len(data))
    return None


def _below_a_file(path: str, files: Mapping[str, CommitFile]) -> bool:
    """Whether a forged listing has a file in the place of a folder."""
    return any(str(above) in files for above in PurePosixPath(path).parents)


def _put(target: Path, data: bytes | None, size: int) -> None:
    """Write a file of a size, or a link when there is no data."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if data is None:
        with suppress(OSError):  # Windows asks for a right to make links
            target.symlink_to("nowhere")
        return
    with target.open("xb") as stream:
        stream.write(data)
        stream.truncate(size)


def _portions(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Ids of objects, as many together as git may answer at once."""
    some: list[str] = []
    room = _MOST_BYTES
    for id_, size in sizes.items():
        weight = size + 100  # and the line that names it
        if weight > room:
            yield some
            some, room = [], _MOST_BYTES
        some.append(id_)
        room -= weight
    if some:
        yield some


def _blobs(batch: bytes) -> Iterator[tuple[str, bytes]]:
    """The objects of an answer of `cat-file --batch`, by their ids; those that are missing are left out."""
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        head = batch[at:end].split()
        at = end + 1
        if len(head) == 3 and head[2].isdigit():
            size = int(head[2])
            if head[1] == b"blob":
                yield head[0].decode("ascii"), batch[at : at + size]
            at += size + 1


# --- what a person sends


def strange_setting(folder: Path) -> str | None:
    """The first setting of the repository that holds a folder which could name a program, or lead to other settings.

    Empty where they cannot be read; None where all are harmless.
    """
    listing = _git(
        folder, "config", "--local", "--no-includes", "--list", "--name-only", "-z", most=_COMMIT_BYTES
    )
    top = top_level(folder)
    if listing.code or top is None or not (top / ".git").is_dir():
        return ""
    names = os.fsdecode(listing.out).split("\0")
    return next((name for name in names if name and not _HARMLESS.fullmatch(name.lower())), None)


def outgoing(folder: Path) -> Outgoing | None:
    """Where the branch at work goes; None where there is none, or no remote that is known by its address."""
    branch = _git(folder, "symbolic-ref", "--short", "HEAD").line
    if not branch:
        return None
    followed = _git(folder, "config", "--local", "--get", f"branch.{branch}.remote").line
    named = _git(folder, "config", "--local", "--get", f"branch.{branch}.merge").line
    remote = followed or "origin"
    # git pushes to every address of a remote: one that has several is none that is known.
    address = _git(folder, "config", "--local", "--get-all", f"remote.{remote}.url").line
    top = top_level(folder)
    if not address or "\n" in address or top is None or not re.fullmatch(r"[\w][\w.-]{0,99}", remote):
        return None
    return (
        Outgoing(branch, remote, address, bool(followed and named)) if _is_elsewhere(address, top) else None
    )


def _is_elsewhere(address: str, top: Path) -> bool:
    """Whether an address leads out of the repository, by a way that names no program: a remote has hooks of its own."""
    if _AWAY.fullmatch(address):
        return True
    path = Path(address.removeprefix("file://"))
    if not path.is_absolute() or "::" in address:
        return False
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(top))


def differing(folder: Path, paths: Iterable[str]) -> list[str] | None:
    """Those files that the last commit does not hold as they are, as far as that can be told; None where it cannot."""
    changes = changes_since(folder, "HEAD")
    if isinstance(changes, Trouble):
        return list(paths) if changes.kind is TroubleKind.NO_COMMIT else None
    return [path for path in paths if changes.touch(path)]


def send(folder: Path, command: Sequence[str]) -> Answer:
    """Run a command that adds, commits or pushes, without the hooks of the repository; its settings were looked at."""
    return _git(folder, *command, most=_COMMIT_BYTES, sends=True)
