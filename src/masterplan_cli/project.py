"""The plan's folder: its root, its files, and their text. The one module that reads a plan from disk."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.file_rules import (
    BAD_NAME,
    CONTROL,
    DUPLICATE_ID,
    LINK_OUTSIDE,
    NOT_A_FILE,
    NOT_UTF8,
    STRAY,
    TOO_LARGE,
    UNREADABLE,
)
from masterplan_cli.files import MAX_ASSET_BYTES, MAX_TEXT_BYTES, PLAN_FILE, Folder, digest, read_file
from masterplan_cli.files import find_root as root_above
from masterplan_cli.messages import Both, reason
from masterplan_cli.source import Located, Source, Span
from masterplan_cli.values import slug
from masterplan_cli.yaml_reader import Parsed, parse_markdown_file, parse_yaml_file

if TYPE_CHECKING:
    from masterplan_cli.pictures.trial import Trials
    from masterplan_cli.store import Store

Made = TypeVar("Made")

TEMPLATES = "templates"
#: The office's own Word file, whose styles a Word output takes.
REFERENCE = "templates/reference.docx"
_TEMPLATE_ENDINGS = (".j2", ".css", ".js", ".typ")
_TEMPLATE_DEPTH = 4
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

#: What libyaml refuses, what breaks lines in some programs only, and what turns the reading direction around.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)


class Later(Mapping[str, Made]):
    """A mapping by path whose values may be made when they are first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Made] = {}
        self._makers: dict[str, Callable[[], Made]] = {}

    def __getitem__(self, path: str) -> Made:
        if path not in self._made:
            self._made[path] = self._makers[path]()
        return self._made[path]

    def __setitem__(self, path: str, value: Made) -> None:
        self._made[path] = value
        self._makers.setdefault(path, lambda: value)

    def copy(self) -> Later[Made]:
        twin: Later[Made] = Later()
        twin._made, twin._makers = dict(self._made), dict(self._makers)
        return twin

    def later(self, path: str, maker: Callable[[], Made]) -> None:
        self._makers[path] = maker

    def rest(self, path: str) -> None:
        """Let go of a value until somebody asks for it again."""
        self._made.pop(path, None)

    def drop(self, path: str) -> None:
        self._makers.pop(path, None)
        self._made.pop(path, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __contains__(self, path: object) -> bool:
        return path in self._makers


class Known(NamedTuple):
    """What is known of a file that was found right before: some fields of it, and digests.

    These are of the whole, its data, its prose, and of the fields without the budget and of the budget.
    """

    digest: str
    data: str
    prose: str
    fields: str
    budget: str
    facts: dict[str, Any]


@dataclass
class Project:
    """A plan's folder as read: every text file parsed, every other file known by name."""

    root: Path
    folder: Folder
    located: Later[Located] = field(default_factory=Later)
    parsed: Later[Parsed] = field(default_factory=Later)
    findings: list[Finding] = field(default_factory=list)
    #: The files in whose text nothing was found.
    clean: set[str] = field(default_factory=set)
    #: The bytes of each of these files, or once they were decoded the text; None where they cannot be had.
    read: dict[str, bytes | str | None] = field(default_factory=dict)
    #: Every ordinary file of the repo that prose may link to, by its relative path.
    paths: set[str] = field(default_factory=set)
    #: Bytes that stand for those of a file on disk: a change that is tried before it is saved.
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    pillar_folders: list[str] = field(default_factory=list)
    #: The plan's own templates and style sheets; their text stands in `located`.
    templates: list[str] = field(default_factory=list)
    #: Stands for the name and kind of everything in the folder.
    names: str = ""
    #: The digest of every file read so far; None where its bytes are not all that was asked of it.
    digests: dict[str, str | None] = field(default_factory=dict)
    #: What an earlier run found out about files that were right; it holds while their digests do.
    known: dict[str, Known] = field(default_factory=dict)
    #: Whether the plan's own templates are left out.
    untrusted: bool = False
    #: Where what became of pictures is kept between runs, or what is known of them already.
    store: Store | None = None
    trials: Trials | None = None

    def under(self, folder: str) -> list[str]:
        """The parsed files of a folder, in the order of their paths."""
        return sorted(path for path in self.parsed if path.rpartition("/")[0] == folder)

    def read_bytes(self, path: str) -> bytes:
        """The bytes of a text file; an `OSError` when it cannot be read."""
        if path in self.overlay:
            self.digests[path] = None
            return self.overlay[path]
        data = self.folder.read(path)
        self.digests[path] = self.folder.digest_of(path)
        return data

    def read_asset(self, path: str) -> bytes | None:
        """The bytes of a picture or attachment; None when it cannot be had.

        One that is not the same each time has no digest: no later run may rely on it.
        """
        if path not in self.paths:
            return None
        before = self.digests.get(path, "")
        self.digests[path] = None
        try:
            data = read_file(self.root / path, MAX_ASSET_BYTES)
        except OSError:
            return None
        now = digest(data)
        if before in ("", now):
            self.digests[path] = now
        return data

    @property
    def reference(self) -> bytes | None:
        """The office's own Word file, where there is one that counts."""
        return None if self.untrusted else self.read_asset(REFERENCE)

    def facts_of(self, path: str) -> dict[str, Any] | None:
        """The fields of a file that are known without reading it again."""
        known = self.known_as(path)
        return known.facts if known else None

    def known_as(self, path: str) -> Known | None:
        """What is known of a file, if it is as it was."""
        known = self.known.get(path)
        return known if known and known.digest == self.digests.get(path) else None

    def rest(self, path: str) -> None:
        """Let go of what a file was parsed into; it can be parsed again."""
        if path in self.clean:
            self.parsed.rest(path)
            self.located.rest(path)

    def parts(self, path: str) -> tuple[str, str]:
        """Digests of a file's data, and of its prose with the line that it begins at."""
        if known := self.known_as(path):
            return known.data, known.prose
        whole = self.digests.get(path) or ""
        parsed = self.parsed.get(path)
        if parsed is None or parsed.value is None or parsed.body is None:
            return whole, whole
        front = "\n".join(self.located[path].source.lines[: parsed.body_line - 1])
        body = f"{parsed.body_line}\n{parsed.body}"
        return digest(front.encode("utf-8")), digest(body.encode("utf-8"))

    def asset_digest(self, path: str) -> str:
        """The digest of a picture or attachment as a plan can have it; empty where it cannot.

        What was made from one that changes meanwhile may be of either: its digest is like no other.
        """
        data = self.read_asset(path)
        if data is None:
            return ""
        return self.digests[path] or os.urandom(16).hex()

    def real_name(self, path: str) -> str | None:
        """The file that differs from `path` in capitals only."""
        return self._folded.get(path.casefold())

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {path.casefold(): path for path in sorted(self.paths, reverse=True)}


def find_root(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds a plan file."""
    found = root_above(str(start))
    return Path(found) if found else None


def read_project(
    root: Path,
    overlay: Mapping[str, bytes] | None = None,
    known: Callable[[Project], dict[str, Known]] = lambda _project: {},
    folder: Folder | None = None,
    *,
    untrusted: bool = False,
) -> Project:
    """Read every file of the plan; what cannot be read becomes a finding. An untrusted plan's templates are left out.

    `known` tells what is known of files whose digests are there; these are parsed when somebody asks what they say.
    """
    project = Project(root, folder or Folder(str(root)), overlay=overlay or {}, untrusted=untrusted)
    project.paths, project.names = set(project.folder.listing.files), project.folder.listing.digest
    _read(project, PLAN_FILE)
    _parse_later(project, PLAN_FILE)
    own_taxonomy = (project.parsed[PLAN_FILE].value or {}).get("taxonomy")
    if isinstance(own_taxonomy, str) and own_taxonomy.endswith(".yaml") and own_taxonomy in project.paths:
        _read(project, own_taxonomy)
        _parse_later(project, own_taxonomy)
        project.parsed[own_taxonomy]  # what is wrong with it is found, whatever the plan's own file says
    for place, ending in (("agencies", ".yaml"), ("chapters", ".md")):
        for entry in _entries(project, place):
            _read_member(project, f"{place}/{entry.name}", entry, (ending,))
    for entry in _entries(project, "pillars"):
        _read_pillar(project, entry)
    project.known = known(project)
    for path in project.read:
        if path not in project.parsed:
            _parse_later(project, path)
    if not untrusted:
        _read_templates(project, TEMPLATES)
    return project


def _entries(project: Project, folder: str) -> list[os.DirEntry[str]]:
    """The entries of a folder, in the order of their names; hidden ones are nobody's business."""
    path = project.root / folder
    if path.is_symlink():
        project.findings.append(LINK_OUTSIDE.at(Place(folder), name=folder))
        return []
    if not path.is_dir():
        if path.exists():
            project.findings.append(NOT_A_FILE.at(Place(folder), "file", name=folder))
        return []
    try:
        with os.scandir(path) as scan:
            return sorted((e for e in scan if not e.name.startswith(".")), key=lambda e: e.name)
    except OSError as error:
        project.findings.append(UNREADABLE.at(Place(folder), reason=reason(error)))
        return []


def _read_pillar(project: Project, entry: os.DirEntry[str]) -> None:
    path = f"pillars/{entry.name}"
    if entry.is_symlink():
        project.findings.append(LINK_OUTSIDE.at(Place(path), name=entry.name))
    elif entry.is_dir() and not _is_text(entry.name):
        better = slug(entry.name) or "nama-folder"
        project.findings.append(BAD_NAME.at(Place(path), name=entry.name, better=better))
    elif entry.is_dir():
        project.pillar_folders.append(entry.name)
        for member in _entries(project, path):
            _read_member(project, f"{path}/{member.name}", member, (".md", ".yaml"))
    else:
        expected = Both("folder pilar", "pillar folders")
        project.findings.append(STRAY.at(Place(path), name=entry.name, expected=expected))


def _is_text(name: str) -> bool:
    """Whether a name is no bytes that stand for no text."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _read_member(project: Project, path: str, entry: os.DirEntry[str], endings: tuple[str, ...]) -> None:
    """Read one file whose name is an id."""
    stem, dot, ending = entry.name.rpartition(".")
    if dot + ending not in endings:
        if entry.is_dir(follow_symlinks=False) or entry.name.lower() not in ("readme.md", "readme.txt"):
            expected = " / ".join(f"*{e}" for e in endings)
            project.findings.append(STRAY.at(Place(path), name=entry.name, expected=expected))
        return
    if stem == "pillar" and ending == "yaml":
        project.findings.append(STRAY.at(Place(path), name=entry.name, expected="pillar.md"))
        return
    if not _ID.fullmatch(stem):
        if stem.casefold() == "readme":
            return
        better = (slug(stem) or "nama-berkas") + dot + ending
        project.findings.append(BAD_NAME.at(Place(path), name=entry.name, better=better))
        return
    twin = next(
        (path[: -len(ending)] + e[1:] for e in endings if path[: -len(ending)] + e[1:] in project.read),
        None,
    )
    if twin:
        project.findings.append(DUPLICATE_ID.at(Place(path), id=stem, other=twin))
        return
    _read(project, path)


def _read_templates(project: Project, folder: str) -> None:
    """Read the texts of templates; whether they make sense shows when they run."""
    for entry in _entries(project, folder):
        path = f"{folder}/{entry.name}"
        if entry.is_dir(follow_symlinks=False) and path.count("/") < _TEMPLATE_DEPTH:
            _read_templates(project, path)
        elif entry.name.endswith(_TEMPLATE_ENDINGS) and (text := _text(project, path)) is not None:
            project.templates.append(path)
            project.located[path] = Located(Source(path, text))


def _read(project: Project, path: str) -> None:
    """Read one text file; it exists for references even when its inside is broken."""
    project.read[path] = _bytes(project, path)


def _parse_later(project: Project, path: str) -> None:
    """Make a file ready to be parsed once somebody asks what it says."""
    if project.read[path] is None:
        project.parsed[path] = Parsed(None)
        return

    def parse() -> Project:
        before = len(project.findings)
        content = project.read[path]
        text = _decode(project, path, content) if isinstance(content, bytes) else content
        # Of bytes and text, one is enough.
        project.read[path] = text
        project.folder.release(path)
        if text is None:
            project.parsed[path] = Parsed(None)
            project.located.drop(path)
        else:
            take_text(project, path, text)
        if len(project.findings) == before:
            project.clean.add(path)
        return project

    project.parsed.later(path, lambda: parse().parsed[path])
    project.located.later(path, lambda: parse().located[path])


def take_text(project: Project, path: str, text: str) -> None:
    """Parse one text file of the plan."""
    source = Source(path, text)
    parsed = parse_markdown_file(source) if path.endswith(".md") else parse_yaml_file(source)
    project.parsed[path] = parsed
    project.located[path] = Located(source, lambda: parsed.spans)
    project.findings += parsed.findings


def _text(project: Project, path: str) -> str | None:
    data = _bytes(project, path)
    return None if data is None else _decode(project, path, data)


def _bytes(project: Project, path: str) -> bytes | None:
    project.digests[path] = None
    try:
        if not project.folder.holds(path):
            status = (project.root / path).lstat()
            if (problem := _not_plain(path, status)) is not None:
                project.findings.append(problem)
                return None
        return project.read_bytes(path)
    except OSError as error:
        project.findings.append(UNREADABLE.at(Place(path), reason=reason(error)))
        return None


def _not_plain(path: str, status: os.stat_result) -> Finding | None:
    place, name = Place(path), path.rpartition("/")[2]
    if stat.S_ISLNK(status.st_mode):
        return LINK_OUTSIDE.at(place, name=name)
    if stat.S_ISDIR(status.st_mode):
        return NOT_A_FILE.at(place, name=name)
    if not stat.S_ISREG(status.st_mode):
        return NOT_A_FILE.at(place, "special", name=name)
    if status.st_size > MAX_TEXT_BYTES:
        return TOO_LARGE.at(place, size=_mebibytes(status.st_size), limit=_mebibytes(MAX_TEXT_BYTES))
    return None


def _mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB" if size >= 1024 * 1024 else f"{size // 1024} KiB"


def _decode(project: Project, path: str, data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        project.findings.append(NOT_UTF8.at(Place(path), "utf16"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode("utf-8", "replace")) + 1
        place = Place(path, span=Span(line, column, line, column + 1))
        project.findings.append(NOT_UTF8.at(place, offset=error.start + 1))
        return None
    return _without_controls(project, path, text)


def _without_controls(project: Project, path: str, text: str) -> str:
    """Report hidden characters once a file, and put U+FFFD in their place so that reading goes on."""
    first = _CONTROLS.search(text)
    if first is None:
        return text
    line = text.count("\n", 0, first.start()) + 1
    column = first.start() - text.rfind("\n", 0, first.start())
    found = _CONTROLS.findall(text)
    place = Place(path, span=Span(line, column, line, column + 1))
    project.findings.append(CONTROL.at(place, name=f"U+{ord(first.group()):04X}", count=len(found)))
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
