"""Changed files first: of all findings, those that stand in a changed file or that a change has caused.

A change may break a file that nobody touched: a deleted agency, a shorter period, the last quick win taken away. So
the plan is checked a second time, as it was before the changes, and a finding of an unchanged file is hidden only if
it stood there before.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from masterplan_cli import git
from masterplan_cli.checking import Checked, check
from masterplan_cli.diagnostics import Diagnostic, total
from masterplan_cli.leaving import scratch_folder
from masterplan_cli.messages import Both, Language
from masterplan_cli.suggestions import suggest
from masterplan_cli.terminal import shown

_ALL_SHOWN = {
    git.TroubleKind.NO_GIT: Both(
        "git tidak terpasang, jadi berkas yang berubah tidak dapat diketahui",
        "git is not installed, so nobody can tell which files changed",
    ),
    git.TroubleKind.NO_REPOSITORY: Both(
        "rencana ini tidak berada di dalam repo git, jadi berkas yang berubah tidak dapat diketahui",
        "this plan is in no git repository, so nobody can tell which files changed",
    ),
    git.TroubleKind.NO_COMMIT: Both(
        "repo git ini belum punya satu commit pun", "this git repository has no commit yet"
    ),
    git.TroubleKind.SHALLOW: Both(
        "riwayat git di sini terpotong (shallow clone) dan tidak sampai ke `{revision}`; ambil seluruh riwayat dengan "
        '`fetch-depth: 0` (GitHub), `GIT_DEPTH: "0"` (GitLab), atau `git fetch --unshallow`',
        "the git history here is cut off (a shallow clone) and does not reach `{revision}`; fetch all of it with "
        '`fetch-depth: 0` (GitHub), `GIT_DEPTH: "0"` (GitLab) or `git fetch --unshallow`',
    ),
    git.TroubleKind.PARTIAL: Both(
        "sebagian isi riwayat git tidak ada di komputer ini (partial clone); ambil semuanya dengan "
        "`git fetch --refetch --no-filter`",
        "a part of the git history is not on this computer (a partial clone); fetch all of it with "
        "`git fetch --refetch --no-filter`",
    ),
    git.TroubleKind.FAILED: Both("git gagal: {reason}", "git failed: {reason}"),
}
_IGNORED = Both(
    "--since tidak dapat dipakai: {why}. Semua temuan ditampilkan.",
    "--since cannot be used: {why}. All findings are shown.",
)
_UNKNOWN = Both(
    "revisi `{revision}` tidak ada di repo git ini{guess}; lihat `git branch --all` dan `git tag`",
    "there is no revision `{revision}` in this git repository{guess}; see `git branch --all` and `git tag`",
)
_GUESS = Both(" (mungkin maksudnya `{name}`)", " (did you mean `{name}`?)")
_HIDDEN = Both(
    "{count} temuan yang sudah ada sejak `{revision}`, di berkas yang tidak berubah, tidak ditampilkan; "
    "`masterplan check` tanpa --since menampilkan semuanya",
    "findings not shown: {count}, which were there at `{revision}` already, in files that did not change; "
    "`masterplan check` without --since shows them all",
)
_NONE_NEW = Both("tidak ada temuan baru sejak `{revision}`", "nothing new found since `{revision}`")


class Selection(NamedTuple):
    """The findings to show; a sentence on how many are not shown; and one on why it is all of them."""

    diagnostics: list[Diagnostic]
    hidden: str = ""
    notice: str = ""


def since(checked: Checked, revision: str) -> Selection | str:
    """Choose the findings that changes since a revision touch or cause; a sentence when there is no such revision."""
    root, language = checked.project.root, checked.language
    changes = git.changes_since(root, revision)
    if isinstance(changes, git.Trouble):
        return _without_changes(checked, revision, changes)
    changed = {path for path in {d.path for d in checked.diagnostics} if changes.touch(path)}
    untouched = any(d.path not in changed for d in checked.diagnostics)
    found = _found_before(changes, checked) if untouched else []
    if isinstance(found, git.Trouble):
        return _without_changes(checked, revision, found)
    old = _Before(found)
    selected = [d for d in checked.diagnostics if d.path in changed or d not in old]
    hidden = total(checked.diagnostics) - total(selected)
    said = _HIDDEN.of(language).format(count=hidden, revision=shown(revision)) if hidden else ""
    if said and not selected:
        said = f"{_NONE_NEW.of(language).format(revision=shown(revision))}; {said}"
    return Selection(selected, said)


def _identity(found: Diagnostic) -> tuple[object, ...]:
    """What makes a finding the same as one before; its help and its related places may have changed."""
    return (found.code, found.severity, found.path, found.span, found.message)


class _Before:
    """What was found before the changes; where it was too much to be told, every finding of its kind."""

    def __init__(self, found: list[Diagnostic]) -> None:
        self._told = {_identity(one) for one in found}
        self._more = {(one.code, one.path) for one in found if one.count > 1}

    def __contains__(self, found: Diagnostic) -> bool:
        return _identity(found) in self._told or (found.code, found.path) in self._more


def _found_before(changes: git.Changes, checked: Checked) -> list[Diagnostic] | git.Trouble:
    """What was wrong with the plan as a commit holds it; pictures that it has still need not be drawn again."""
    try:
        with scratch_folder() as scratch:
            before = Path(scratch).resolve()
            trouble = git.write_before(changes, before)
            trials = checked.plan.assets.trials if checked.plan else None
            return trouble or check(before, checked.language, trials=trials).diagnostics
    except OSError as error:
        return git.Trouble(git.TroubleKind.FAILED, str(error))


def _without_changes(checked: Checked, revision: str, trouble: git.Trouble) -> Selection | str:
    language = checked.language
    why = trouble_said(checked.project.root, revision, trouble, language)
    if trouble.kind is git.TroubleKind.UNKNOWN_REVISION:
        return why
    return Selection(checked.diagnostics, notice=_IGNORED.of(language).format(why=why))


def trouble_said(root: Path, revision: str, trouble: git.Trouble, language: Language) -> str:
    """Why git cannot tell of a revision, in words for people."""
    name = shown(revision)
    if trouble.kind is git.TroubleKind.UNKNOWN_REVISION:
        guess = _meant(root, revision)
        also = _GUESS.of(language).format(name=guess) if guess else ""
        return _UNKNOWN.of(language).format(revision=name, guess=also)
    reason = shown(" ".join(trouble.reason.split()))
    return _ALL_SHOWN[trouble.kind].of(language).format(revision=name, reason=reason)


def _meant(root: Path, revision: str) -> str | None:
    """The branch or tag that is probably meant: that of a remote, or one that is spelt nearly so."""
    names = git.revision_names(root)
    return next((name for name in names if name.endswith(f"/{revision}")), suggest(revision, names))
