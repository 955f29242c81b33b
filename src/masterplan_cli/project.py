"""The plan's folder: its root, its files, and their text. The one module that reads a plan from disk."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from masterplan_cli.conflicts import without_conflicts
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
from masterplan_cli.markdown import Prose, ProseOutline
from masterplan_cli.messages import Both, reason
from masterplan_cli.source import Located, Source, Span
from masterplan_cli.values import CONTROLS, slug
from masterplan_cli.yaml_reader import (
    Parsed,
    Value,
    named_owner,
    parse_markdown_file,
    parse_yaml_file,
    parsed_before,
)

if TYPE_CHECKING:
    from masterplan_cli.pictures.trial import Trials
    from masterplan_cli.typesetting import Kept

TEMPLATES = "templates"
#: The office's own Word file, whose styles a Word output takes.
REFERENCE = "templates/reference.docx"
_TEMPLATE_ENDINGS = (".j2", ".css", ".js", ".typ")
_TEMPLATE_DEPTH = 4
#: The form of an id, and so of the name of a file that has one.
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

#: Where the files of a plan stand beside its own one.
_MEMBER = re.compile(r"(?:agencies/[^/]+\.yaml|chapters/[^/]+\.md|pillars/([^/]+)/[^/]+\.(?:md|yaml))")


class Known(NamedTuple):
    """What an earlier run has read out of a file of the same bytes in which it found nothing wrong."""

    value: dict[str, Value]
    #: Where the prose begins; 0 in a file that has no place for it.
    body_line: int
    outline: ProseOutline | None


@dataclass
class Project:
    """A plan's folder as read: every text file parsed, every other file known by name."""

    root: Path
    folder: Folder
    located: dict[str, Located] = field(default_factory=dict)
    parsed: dict[str, Parsed] = field(default_factory=dict)
    #: The text that a file has below its data.
    prose: dict[str, Prose] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    #: The files in whose text nothing was found.
    clean: set[str] = field(default_factory=set)
    #: The bytes of each text file until it is parsed; None where they cannot be had.
    read: dict[str, bytes | None] = field(default_factory=dict)
    #: Every ordinary file of the repo that prose may link to, by its relative path.
    paths: set[str] = field(default_factory=set)
    #: What was known of files before they were read.
    known: Mapping[str, Known] = field(default_factory=dict)
    #: Bytes that stand for those of a file on disk, or are a new one: a change that is tried before it is saved.
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    pillar_folders: list[str] = field(default_factory=list)
    #: The plan's own templates and style sheets; their text stands in `located`.
    templates: list[str] = field(default_factory=list)
    #: Stands for the name and kind of everything in the folder.
    names: str = ""
    #: The digest of every file read so far; None where its bytes are not all that was asked of it.
    digests: dict[str, str | None] = field(default_factory=dict)
    #: Whether the plan's own templates are left out.
    untrusted: bool = False
    #: Where what became of pictures is kept between runs, or what is known of them already.
    store: Kept | None = None
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
        if path in self.overlay:
            self.digests[path] = None
            return self.overlay[path]
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

    def known_of(self, path: str) -> Known | None:
        """What a later run may know of a file before it is read, where nothing is wrong with its text."""
        parsed = self.parsed.get(path)
        if path not in self.clean or parsed is None or parsed.value is None:
            return None
        prose = self.prose.get(path)
        line = 0 if parsed.body is None else parsed.body_line
        return Known(parsed.value, line, prose.outline if prose else None)

    def asset_digest(self, path: str) -> str | None:
        """The digest of a picture or attachment as a plan can have it, empty where it cannot; None of one that changes."""
        return "" if self.read_asset(path) is None else self.digests[path]

    def real_name(self, path: str) -> str | None:
        """The file that differs from `path` in capitals, or in the way its letters are composed, only."""
        return self._folded.get(_letters(path))

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {_letters(path): path for path in sorted(self.paths, reverse=True)}


def _letters(path: str) -> str:
    """A path in small letters, composed as one may be written in either way."""
    return composed(path).casefold()


def composed(path: str) -> str:
    """A path with its letters composed, as most systems write it."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def find_root(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds a plan file."""
    found = root_above(str(start))
    return Path(found) if found else None


def read_project(
    root: Path,
    overlay: Mapping[str, bytes] | None = None,
    known: Callable[[Mapping[str, str | None]], Mapping[str, Known]] = lambda _digests: {},
    folder: Folder | None = None,
    *,
    untrusted: bool = False,
) -> Project:
    """Read every file of the plan; what cannot be read becomes a finding. An untrusted plan's templates are left out.

    `known` tells by the digests of files what is known of them.
    """
    project = Project(root, folder or Folder(str(root)), overlay=overlay or {}, untrusted=untrusted)
    project.paths, project.names = set(project.folder.listing.files), project.folder.listing.digest
    _read(project, PLAN_FILE)
    _parse(project, PLAN_FILE)
    own_taxonomy = (project.parsed[PLAN_FILE].value or {}).get("taxonomy")
    if isinstance(own_taxonomy, str) and own_taxonomy.endswith(".yaml") and own_taxonomy in project.paths:
        _read(project, own_taxonomy)
        _parse(project, own_taxonomy)
    for place, ending in (("agencies", ".yaml"), ("chapters", ".md")):
        for entry in _entries(project, place):
            _read_member(project, f"{place}/{entry.name}", entry, (ending,))
    for entry in _entries(project, "pillars"):
        _read_pillar(project, entry)
    for path in sorted(project.overlay.keys() - project.read.keys()):
        _take_new(project, path)
    project.known = known(project.digests)
    for path in project.read:
        if path not in project.parsed:
            _parse(project, path, project.known.get(path))
    if not untrusted:
        _read_templates(project, TEMPLATES)
    return project


def _take_new(project: Project, path: str) -> None:
    """Take in a file that is tried before it is there."""
    match = _MEMBER.fullmatch(path)
    if path in project.paths:
        return
    project.paths.add(path)
    if match is None:  # it is no text, but an asset
        return
    project.read[path] = project.read_bytes(path)
    if match[1] and match[1] not in project.pillar_folders:
        project.pillar_folders = sorted([*project.pillar_folders, match[1]])


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


#: Files that explain a folder, or that Windows makes in each, are nobody's business.
_IGNORED = ("readme.md", "readme.txt", "thumbs.db", "desktop.ini")
#: Endings of texts and pictures that a person may have saved in a wrong place, and those that are slips for others.
_DOCUMENTS = (
    "doc",
    "docx",
    "odt",
    "rtf",
    "xls",
    "xlsx",
    "ods",
    "csv",
    "pdf",
    "ppt",
    "pptx",
    "odp",
    "html",
    "htm",
)
_ATTACHED = ("png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "tif", "tiff", "heic", "zip", "rar", "mp4")
_MEANT = {"yml": ".yaml", "yaml": ".yaml", "markdown": ".md", "mdown": ".md", "md": ".md"}


def _read_member(project: Project, path: str, entry: os.DirEntry[str], endings: tuple[str, ...]) -> None:
    """Read one file whose name is an id."""
    stem, dot, ending = entry.name.rpartition(".")
    if dot + ending not in endings:
        if entry.is_dir(follow_symlinks=False) or entry.name.lower() not in _IGNORED:
            project.findings.append(_stray(path, entry, endings))
        return
    if stem == "pillar" and ending == "yaml":
        project.findings.append(STRAY.at(Place(path), "pillar", name=entry.name, expected="pillar.md"))
        return
    if not ID.fullmatch(stem):
        if stem.casefold() == "readme":
            return
        better = (slug(stem) or "nama-berkas") + dot + ending
        project.findings.append(BAD_NAME.at(Place(path), name=entry.name, better=better))
        return
    others = (path[: -len(ending)] + other[1:] for other in endings)
    other = next((other for other in others if other in project.read), None)
    if other:
        project.findings.append(DUPLICATE_ID.at(Place(path), id=stem, other=other))
        return
    _read(project, path)


def _stray(path: str, entry: os.DirEntry[str], endings: tuple[str, ...]) -> Finding:
    """What is said of a file or a folder where others are read: what to do differs by what it is."""
    stem, _, ending = entry.name.rpartition(".")
    expected = " / ".join(f"*{e}" for e in endings)
    better = f"{slug(stem) or 'nama-berkas'}{_MEANT.get(ending.lower(), '')}"
    if entry.is_dir(follow_symlinks=False):
        variant = "folder"
    elif entry.name.startswith(("~$", ".~lock")) or ending.lower() == "tmp":
        variant = "lock"
    elif better.endswith(endings):
        other = Path(entry.path).with_name(better)
        taken = better.casefold() != entry.name.casefold() and os.path.lexists(other)
        variant = "taken" if taken else "ending"
    else:
        kind = ending.lower()
        variant = "document" if kind in _DOCUMENTS else "picture" if kind in _ATTACHED else ""
    return STRAY.at(Place(path), variant, name=entry.name, expected=expected, better=better)


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


def _parse(project: Project, path: str, known: Known | None = None) -> None:
    """Decode and parse one text file of the plan; the bytes of one that is known were found to be plain text."""
    data, before = project.read[path], len(project.findings)
    text = (
        None if data is None else _decode(project, path, data) if known is None else data.decode("utf-8-sig")
    )
    project.read[path] = None
    project.folder.release(path)
    if text is None:
        ascii_ = (data or b"").replace(b"\0", b"").decode("ascii", "replace")
        project.parsed[path] = Parsed(None, owner=named_owner(ascii_.splitlines()))
        return
    take_text(project, path, text, known)
    if len(project.findings) == before:
        project.clean.add(path)


def take_text(project: Project, path: str, text: str, known: Known | None = None) -> None:
    """Parse the text of a file of the plan."""
    written = Source(path, text)
    source, conflicts = (written, []) if known else without_conflicts(written)
    if known:
        parsed = parsed_before(source, known.value, known.body_line)
    else:
        parsed = parse_markdown_file(source) if path.endswith(".md") else parse_yaml_file(source)
    project.parsed[path] = parsed
    project.located[path] = Located(written, lambda: parsed.spans)
    project.findings += conflicts + parsed.findings
    if parsed.body and parsed.body.strip():
        project.prose[path] = Prose(source, parsed.body, parsed.body_line, known.outline if known else None)


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
        return TOO_LARGE.at(place, size=mebibytes(status.st_size), limit=mebibytes(MAX_TEXT_BYTES))
    return None


def mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB" if size >= 1024 * 1024 else f"{size // 1024} KiB"


class FileReading(NamedTuple):
    """The text of a file, what it says, and what is wrong with it."""

    source: Source
    parsed: Parsed
    findings: list[Finding]


def read_text(path: str, data: bytes) -> FileReading:
    """Read the bytes of one file of a plan."""
    text, findings = _decoded(path, data)
    if text is None:
        return FileReading(Source(path, ""), Parsed(None), findings)
    source, conflicts = without_conflicts(Source(path, text))
    parsed = parse_markdown_file(source) if path.endswith(".md") else parse_yaml_file(source)
    return FileReading(source, parsed, [*findings, *conflicts, *parsed.findings])


def _decode(project: Project, path: str, data: bytes) -> str | None:
    text, findings = _decoded(path, data)
    project.findings += findings
    return text


def _decoded(path: str, data: bytes) -> tuple[str | None, list[Finding]]:
    """The text of a file without hidden characters, and what was wrong with its bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, [NOT_UTF8.at(Place(path), "utf16")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode("utf-8", "replace")) + 1
        place = Place(path, span=Span(line, column, line, column + 1))
        return None, [NOT_UTF8.at(place, offset=error.start + 1)]
    return _without_controls(path, text)


def _without_controls(path: str, text: str) -> tuple[str, list[Finding]]:
    """Report hidden characters once a file, and put U+FFFD in their place so that reading goes on."""
    first = CONTROLS.search(text)
    if first is None:
        return text, []
    line = text.count("\n", 0, first.start()) + 1
    column = first.start() - text.rfind("\n", 0, first.start())
    found = CONTROLS.findall(text)
    place = Place(path, span=Span(line, column, line, column + 1))
    said = CONTROL.at(place, name=f"U+{ord(first.group()):04X}", count=len(found))
    return CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text), [said]
