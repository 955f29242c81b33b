"""Where a state of a plan comes from: a revision of git, a folder, or the JSON that the tool wrote."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from masterplan_cli import git
from masterplan_cli.cache.results import known_files
from masterplan_cli.cache.store import Store
from masterplan_cli.changes.model import State, state_in_json, state_of
from masterplan_cli.diagnostics import Diagnostic, Finding, Place, place_findings
from masterplan_cli.files import PLAN_FILE, read_file
from masterplan_cli.leaving import scratch_folder
from masterplan_cli.linking import read_nodes
from masterplan_cli.messages import Both, Language, reason
from masterplan_cli.project import Known, find_root, mebibytes, read_project
from masterplan_cli.rules.states import NO_STATE
from masterplan_cli.rules.tool import NO_PLAN
from masterplan_cli.since import trouble_said
from masterplan_cli.terminal import shown
from masterplan_cli.writers.json import FORMAT, VERSION

#: A plan of ten thousand programs has less, and no such file holds more values.
_MOST_BYTES, _MOST_VALUES = 64 << 20, 4_000_000
_AS_IT_IS = Both("berkas sekarang", "the files as they are")
#: What a plan's model is read from; pictures and attachments are no part of it.
_ENDINGS = (".md", ".yaml")


class NotRead(NamedTuple):
    """Why there is no state to compare: a finding, or a sentence on the use of git."""

    finding: Diagnostic | None
    sentence: str = ""


def read_states(
    root: Path, before: str | None, after: str | None, language: Language, store: Store | None = None
) -> tuple[State, State] | NotRead:
    """The two states to compare: by default the last tag, else the last commit, and the files as they are."""
    reader = _StateReader(root, language, known_files(store or Store(None)))
    old = reader.named(before) if before is not None else reader.last()
    if isinstance(old, NotRead):
        return old
    new = reader.named(after) if after is not None else reader.folder(root, _AS_IT_IS.of(language))
    return new if isinstance(new, NotRead) else (old, new)


class _StateReader:
    """Reads states for a plan in whose repository revisions are looked up."""

    def __init__(
        self, root: Path, language: Language, known: Callable[[Mapping[str, str | None]], Mapping[str, Known]]
    ) -> None:
        self.root, self.language, self._known = root, language, known

    def named(self, name: str) -> State | NotRead:
        """What a person calls so: a file or folder that exists, else a revision."""
        path = Path(name)
        try:
            if name and path.is_dir():
                return self._folder_at(path, name)
            if name and path.exists():
                return self._json(path)
        except (OSError, ValueError):  # no path of this system
            pass
        return self._revision(name, name)

    def last(self) -> State | NotRead:
        """The state that was approved last."""
        tag = git.last_tag(self.root)
        return self._revision(tag or "HEAD", tag.removeprefix("refs/tags/") if tag else "HEAD")

    def folder(self, root: Path, name: str, revision: str | None = None) -> State:
        project = read_project(root, None, self._known, untrusted=True)
        nodes, findings = read_nodes(project)
        return state_of(name, nodes, [*project.findings, *findings], revision)

    def _folder_at(self, path: Path, name: str) -> State | NotRead:
        root = find_root(path)
        if root is None:
            place = str(path.resolve())
            return self._refused(NO_PLAN.at(Place(place), path=place))
        return self.folder(root, name)

    def _revision(self, revision: str, name: str) -> State | NotRead:
        held = git.files_at(self.root, revision)
        if isinstance(held, git.Trouble):
            return self._troubled(name, held)
        if PLAN_FILE not in held.before:
            return self._refused(NO_STATE.at(Place(name), "revision", name=name))
        texts = {path: file for path, file in held.before.items() if path.endswith(_ENDINGS)}
        try:
            with scratch_folder() as scratch:
                folder = Path(scratch).resolve()
                trouble = git.write_before(held._replace(before=texts), folder)
                if trouble:
                    return self._troubled(name, trouble)
                return self.folder(folder, name, held.base)
        except OSError as error:
            return self._troubled(name, git.Trouble(git.TroubleKind.FAILED, str(error)))

    def _troubled(self, name: str, trouble: git.Trouble) -> NotRead:
        said = trouble_said(self.root, name, trouble, self.language)
        return NotRead(None, said)

    def _refused(self, finding: Finding) -> NotRead:
        return NotRead(place_findings([finding], {}, {}, self.language)[0])

    def _json(self, path: Path) -> State | NotRead:
        name, why = shown(str(path)), Both("", "")
        try:
            read = _state_in(name, read_file(path, _MOST_BYTES))
        except OSError as error:
            read, why = "large" if error.errno == errno.EFBIG else "unreadable", reason(error)
        if isinstance(read, State):
            return read
        limit = mebibytes(_MOST_BYTES)
        return self._refused(NO_STATE.at(Place(name), read, name=name, limit=limit, reason=why))


def _state_in(name: str, data: bytes) -> State | str:
    """The state that a plan's JSON tells of, or how it is none."""
    if sum(map(data.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        return "large"
    try:
        plan = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return "syntax"
    if not isinstance(plan, dict) or plan.get("format") != FORMAT:
        return ""
    return "version" if plan.get("version") != VERSION else state_in_json(name, plan) or ""


def _no_number(name: str) -> Any:
    raise ValueError(name)
