"""git, by its own command: the last commit's day, the repository's top, what changed since a revision.

The one module that calls git. File names come as bytes, ended by NUL, so that every name survives. Nothing
raises because git, a repository or its history is missing: the answer is None or a `Trouble`.
"""

from __future__ import annotations

import os
import re
import subprocess
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

_SECONDS = 60
#: In a hook these point at the repository of the hook, whichever folder is asked about.
_HOOK_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")
_ABSENT, _TOO_SLOW = -1, -2


class Kind(Enum):
    """Why git cannot say what changed."""

    NO_GIT = auto()
    NO_REPOSITORY = auto()
    NO_COMMIT = auto()
    SHALLOW = auto()
    UNKNOWN_REVISION = auto()
    FAILED = auto()


class Trouble(NamedTuple):
    """Why git cannot say what changed, in its own words where it has some."""

    kind: Kind
    reason: str = ""


class Changes(NamedTuple):
    """The files below a folder that differ from a commit, by their paths relative to the folder."""

    base: str
    paths: frozenset[str]


class _Answer(NamedTuple):
    code: int
    out: bytes
    err: str

    @property
    def line(self) -> str | None:
        """The only line of a successful answer."""
        return os.fsdecode(self.out.removesuffix(b"\n").removesuffix(b"\r")) if self.code == 0 else None


def _git(folder: Path, *args: str, index: Path | None = None) -> _Answer:
    inherited = {name: value for name, value in os.environ.items() if name not in _HOOK_VARIABLES}
    own = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
    place = {"GIT_INDEX_FILE": str(index)} if index else {}
    try:
        run = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), "-c", "core.quotepath=off", *args],  # noqa: S607
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            env={**inherited, **own, **place},
        )
    except subprocess.TimeoutExpired:
        return _Answer(_TOO_SLOW, b"", f"no answer in {_SECONDS} s")
    except OSError:
        return _Answer(_ABSENT, b"", "")
    return _Answer(run.returncode, run.stdout, run.stderr.decode("utf-8", "replace"))


def last_commit_day(folder: Path) -> str | None:
    """The day of the last commit, as `YYYY-MM-DD`; None outside git."""
    day = _git(folder, "log", "-1", "--format=%cs").line
    return day if day and re.fullmatch(r"\d{4}-\d\d-\d\d", day) else None


def top_level(folder: Path) -> Path | None:
    """The top folder of the repository that holds a folder; None outside git."""
    top = _git(folder, "rev-parse", "--show-toplevel").line
    return Path(top) if top else None


def prefix(folder: Path) -> str:
    """The path of a folder inside its repository, ending in `/`; empty at its top and outside git."""
    return _git(folder, "rev-parse", "--show-prefix").line or ""


def revision_names(folder: Path) -> list[str]:
    """The branches and tags that a person may mean."""
    names = _git(
        folder, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"
    )
    return (names.line or "").splitlines()


def changes_since(folder: Path, revision: str) -> Changes | Trouble:
    """The files of a folder that differ from the point where HEAD left a revision, untracked ones included."""
    base = _base(folder, revision)
    if isinstance(base, Trouble):
        return base
    paths: set[str] = set()
    for args in (
        ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative", base, "--"),
        ("ls-files", "--others", "--exclude-standard", "-z"),
    ):
        answer = _git(folder, *args)
        if answer.code:
            return Trouble(Kind.FAILED, answer.err)
        paths.update(os.fsdecode(name) for name in answer.out.split(b"\0") if name)
    return Changes(base, frozenset(paths))


def _base(folder: Path, revision: str) -> str | Trouble:
    """The commit to compare with: where HEAD left the revision; the revision itself when they never met."""
    if _commit(folder, "HEAD") is None:
        return _without_head(folder)
    commit = _commit(folder, revision)
    meeting = _git(folder, "merge-base", commit, "HEAD").line if commit else None
    if meeting:
        return meeting
    if _git(folder, "rev-parse", "--is-shallow-repository").line == "true":
        return Trouble(Kind.SHALLOW)
    return commit or Trouble(Kind.UNKNOWN_REVISION)


def _commit(folder: Path, revision: str) -> str | None:
    """The id of a revision's commit. What begins with a hyphen would be read as an option, so it names none."""
    if not revision or revision.startswith("-") or not revision.isprintable():
        return None
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").line
    return commit if commit and re.fullmatch(r"[0-9a-f]{40,64}", commit) else None


def _without_head(folder: Path) -> Trouble:
    answer = _git(folder, "rev-parse", "--git-dir")
    if answer.code == _ABSENT:
        return Trouble(Kind.NO_GIT)
    if "not a git repository" in answer.err:
        return Trouble(Kind.NO_REPOSITORY)
    return Trouble(Kind.FAILED, answer.err) if answer.code else Trouble(Kind.NO_COMMIT)


def write_commit(folder: Path, commit: str, scratch: Path) -> Path:
    """Write a folder's files as a commit holds them into a scratch folder; the repository stays as it is.

    The files are written as a checkout would write them; nothing is written where the commit lacks the folder.
    """
    files, index = scratch / "files", scratch / "index"
    files.mkdir()
    top = top_level(folder) or folder
    tree = f"{commit}:{prefix(folder).removesuffix('/')}"
    if _git(top, "-c", "core.splitIndex=false", "read-tree", tree, index=index).code == 0:
        _git(top, "checkout-index", "--all", "--quiet", f"--prefix={files}{os.sep}", index=index)
    return files
