"""The specifications `tests/rules/MPxxx.md` as cases that run: their files put in place, their command called.

A heading `## …` is a case. Its fenced blocks change a copy of the small plan, in their order:

    yaml PATH, markdown PATH, text PATH, jinja PATH, …   the file's new content
    diff PATH                                            lines of the file that go (`-`) and come (`+`)
    delete PATH                                          the file or folder goes
    form PATH                                            a form of the plan as it is then, in which cells say something else
    word PATH                                            a Word file: `# heading`, paragraphs, and elements of XML
    rename PATH                                          its new path
    bytes PATH                                           content with Python's escapes (`\\xff`); line breaks do not count
    size PATH                                            a file of that many bytes
    folder PATH                                          an empty folder
    link PATH                                            a symbolic link to that target
    pipe PATH                                            something that is no file
    unreadable PATH                                      opening the file is refused, to administrators as well
    taken PATH                                           after that many moves over the file a further one is refused, for
                                                         want of rights or for the error that is named (`0 ENOSPC`)
    memory PATH                                          the computer has that many bytes of memory left; the path says nothing
    busy PATH                                            another process writes in that folder, and does not end
    meanwhile PATH                                       the file's content from just before anything is written

The case then runs `masterplan check`, or the command of its `run` block, in the plan's folder; `<folder>` stands
for that folder in what it prints. A worker's bounds are narrow. The `text` block without a path is the whole report, or the word `silent`.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from conftest import DEEP, SMALL_PLAN, masterplan, work_here, write
from masterplan_cli import build, outputs, typesetting
from masterplan_cli.checking import check
from masterplan_cli.diagnostics import Finding
from masterplan_cli.files import Folder
from masterplan_cli.messages import Language
from masterplan_cli.report import report
from masterplan_cli.worker import Bounds, Stopped, work
from masterplan_cli.writers import pdf
from officer import write_filled
from word_files import write_word

SPECS = Path(__file__).parent / "rules"
_BLOCK = re.compile(r"^```(\w+)(?: (\S[^\n]*))?\n(.*?)^```$", re.M | re.S)


#: A warning in what an import tells, behind its changes.
_WARNING = re.compile(r"^peringatan\[", re.M)


class Case(NamedTuple):
    code: str
    title: str
    files: list[tuple[str, str, str]]
    command: str
    expected: str


def cases() -> list[Case]:
    """Every case of every specification."""
    made = []
    for spec in sorted(SPECS.glob("MP*.md")):
        for part in parts(spec.read_text(encoding="utf-8"))[1:]:
            blocks = _BLOCK.findall(part)
            files = [(kind, path, body) for kind, path, body in blocks if path]
            alone = {kind: body for kind, path, body in blocks if not path}
            title = part.partition("\n")[0].removeprefix("## ")
            made.append(Case(spec.stem, title, files, alone.get("run", "").strip(), alone["text"]))
    return made


def parts(text: str) -> list[str]:
    """The text cut before each heading `## …` that stands outside of a fenced block."""
    out, fenced = [""], False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            out.append("")
        out[-1] += line
    return out


def run(case: Case, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[Finding]]:
    """What a case reports, and the findings that were put into words for it."""
    prepared(case, root, monkeypatch)
    said: list[Finding] = []
    says = Finding.says

    def listen(finding: Finding, language: Language) -> tuple[str, str]:
        said.append(finding)
        return says(finding, language)

    with monkeypatch.context() as patch:
        patch.setattr(Finding, "says", listen)
        # What comes to no end is not waited for as long as what grows until it meets another bound.
        seconds = 1.5 if _TIMED in case.expected else 3
        patch.setattr(build, "bounds_of", lambda _plan, _order: Bounds(seconds, 300 << 20, 3 << 20))
        # Only what a worker ends needs one; the deep tests start one for each build, as a user does.
        if not DEEP and not any(said in case.expected for said in _ENDED):
            patch.setattr(build, "work", work_here)
            patch.setattr(typesetting, "work", work_here)
        else:
            patch.setattr(build, "work", _work)
        patch.setattr(pdf, "bounds_of", lambda _files: Bounds(seconds, 400 << 20, 1 << 28))
        text = _call(case.command, root, patch) if case.command else _check(root)
    return text.replace(str(root.resolve()), "<folder>"), said


def prepared(case: Case, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small plan with a case's files."""
    shutil.copytree(SMALL_PLAN, root)
    for kind, path, body in case.files:
        if kind in _REFUSALS:
            _REFUSALS[kind](root / path, body, monkeypatch)
        else:
            _KINDS.get(kind, write)(root, path, body)
    return root


def _work(task: str, request: dict[str, Any], bounds: Bounds, note: Callable[[Any], None]) -> Any:
    """The work of a worker; what ended well there is done here once more, so that its findings are heard."""
    result = work(task, request, bounds, note)
    return result if isinstance(result, Stopped) else build.build_task(request, note)


def _check(root: Path) -> str:
    diagnostics = check(root).diagnostics
    return report(diagnostics, "full", Language.ID) if diagnostics else "silent\n"


def _call(command: str, root: Path, patch: pytest.MonkeyPatch) -> str:
    """What a command prints when it fails, and its warnings when it does not; nothing but success is silent."""
    patch.chdir(root)
    patch.delenv("COLUMNS", raising=False)
    program, *args = shlex.split(command)
    assert program == "masterplan", command
    result = masterplan(*args)
    told = _warnings(result.err) or (result.out if _WARNING.search(result.out) else "")
    return result.out + result.err if result.code else told or "silent\n"


def _warnings(err: str) -> str:
    """The report that a build sends to standard error, without the line that counts what the check had found."""
    return err.partition(" – lihat `masterplan check`")[0] if err.startswith("peringatan[") else ""


def _unreadable(target: Path, _body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Folder.read

    def refused(folder: Folder, path: str) -> bytes:
        if Path(folder.root, path) == target:
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
        return read(folder, path)

    monkeypatch.setattr(Folder, "read", refused)


def _taken(target: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    count, *named = body.split()
    move, left = Path.replace, [int(count)]
    number = getattr(errno, named[0]) if named else errno.EACCES

    def refused(source: Path, to: Path) -> Path:
        if to == target:
            if not left[0]:
                raise OSError(number, os.strerror(number), str(source), None, str(to))
            left[0] -= 1
        return move(source, to)

    monkeypatch.setattr(Path, "replace", refused)


def _memory(_target: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "memory_left", lambda: int(body))


def _busy(target: Path, _body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = outputs._Staging._try

    def taken(staging: outputs._Staging, waited: float) -> int | None:
        return None if staging.folder == target else attempt(staging, waited)

    monkeypatch.setattr(outputs, "_PATIENCE", 0)
    monkeypatch.setattr(outputs._Staging, "_try", taken)


def _meanwhile(target: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = outputs._Staging._try

    def late(staging: outputs._Staging, waited: float) -> int | None:
        target.write_text(body, encoding="utf-8")
        return attempt(staging, waited)

    monkeypatch.setattr(outputs._Staging, "_try", late)


def _diff(root: Path, path: str, body: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    for hunk in re.finditer(r"((?:^-.*\n)+)((?:^\+.*\n)*)", body, flags=re.M):
        old, new = (re.sub(r"^[-+]", "", part, flags=re.M) for part in hunk.groups())
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        text = text.replace(old, new)
    write(root, path, text)


def _delete(root: Path, path: str, _body: str) -> None:
    target = root / path
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink()


def _rename(root: Path, path: str, body: str) -> None:
    target = root / body.strip()
    target.parent.mkdir(parents=True, exist_ok=True)
    (root / path).rename(target)


def _bytes(root: Path, path: str, body: str) -> None:
    write(root, path, codecs.escape_decode(body.replace("\n", "").encode("utf-8"))[0])


def _size(root: Path, path: str, body: str) -> None:
    write(root, path, b"")
    with (root / path).open("wb") as stream:
        stream.truncate(int(body))


def _folder(root: Path, path: str, _body: str) -> None:
    (root / path).mkdir(parents=True)


def _link(root: Path, path: str, body: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to(body.strip())


def _pipe(root: Path, path: str, _body: str) -> None:
    os.mkfifo(root / path)


_KINDS: dict[str, Callable[[Path, str, str], None]] = {
    "diff": _diff, "delete": _delete, "rename": _rename, "bytes": _bytes, "size": _size, "folder": _folder,
    "link": _link, "pipe": _pipe, "form": write_filled, "word": write_word,
}  # fmt: skip
#: What is said of work that takes too long.
_TIMED = "waktu yang wajar"
#: What is said of work that a worker did not end by itself.
_ENDED = ("yang sedang dijalankan", "menjadi terlalu besar", "MP905")
_REFUSALS: dict[str, Callable[[Path, str, pytest.MonkeyPatch], None]] = {
    "unreadable": _unreadable, "taken": _taken, "busy": _busy, "meanwhile": _meanwhile, "memory": _memory,
}  # fmt: skip
#: What cannot be made on Windows without rights.
UNIX_ONLY = {"link", "pipe"}
