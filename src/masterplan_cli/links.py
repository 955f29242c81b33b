"""Links: what an address written in a file leads to, and what one that leads nowhere may have meant."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple
from urllib.parse import unquote

from masterplan_cli.diagnostics import Place
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.markdown import Link, Prose
from masterplan_cli.nodes import AnyNode, Linked, Program, Root
from masterplan_cli.project import Project, composed
from masterplan_cli.suggestions import EFFORT, Choices


class Target(NamedTuple):
    """What a link of prose leads to; `suggestion` is what may be meant by one that leads nowhere."""

    kind: Literal["node", "asset", "external", "unsafe", "outside", "case", "missing", "anchor", "backslash"]
    node: Linked | None = None
    anchor: str = ""
    path: str = ""
    suggestion: str | None = None
    #: Whether the suggestion leads somewhere.
    sure: bool = False
    #: Where a file that is nowhere ought to be saved.
    home: str | None = None


class Reference(NamedTuple):
    """A link, a picture or the file of some evidence: where it stands, and what it leads to."""

    place: Place
    target: Target
    image: bool


class Links:
    """Where the links of a plan lead."""

    def __init__(self, project: Project, nodes: Mapping[str, Linked]) -> None:
        self._project, self._nodes = project, nodes

    def resolve(self, path: str, target: str) -> Target:
        """What a link written in the file `path` leads to."""
        raw, fragment = (unquote(part) for part in target.partition("#")[::2])
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", raw)
        if raw.startswith("//"):
            return Target("unsafe", path=raw)
        if scheme:
            safe = scheme[1].lower() in ("http", "https", "mailto", "tel")
            return Target("external" if safe else "unsafe", path=raw)
        if "\\" in raw:
            return self._slashed(path, raw)
        base = "" if raw.startswith("/") else posixpath.dirname(path)
        full = posixpath.normpath(posixpath.join(base, raw.lstrip("/"))) if raw else path
        if full == ".." or full.startswith("../"):
            return Target("outside", path=raw)
        return self._inside(full, fragment)

    def _as_written(self, path: str, link: Link) -> Target:
        """What a link leads to; one that leads nowhere may be a path of Windows, whose backslashes Markdown drops."""
        target = self.resolve(path, link.target)
        if target.kind in ("missing", "backslash") and link.written and "\\" in link.written:
            return self._slashed(path, link.written)
        return target

    def _slashed(self, path: str, written: str) -> Target:
        """A path of Windows, and the same with ordinary slashes."""
        slashed = written.replace("\\", "/")
        sure = self.resolve(path, slashed).kind in ("node", "asset")
        return Target("backslash", path=written, suggestion=slashed, sure=sure)

    def _inside(self, full: str, fragment: str) -> Target:
        node = self._nodes.get(full) or self._nodes.get(f"{full}/pillar.md")
        if node is not None:
            anchors = node.prose.anchors if fragment and node.prose else {}
            kind: Literal["anchor", "node"] = "anchor" if fragment and fragment not in anchors else "node"
            return Target(kind, node, fragment, full)
        if full in self._project.paths:
            return Target("asset", path=full)
        if real := self._project.real_name(full):
            if composed(real) == composed(full):
                return self._inside(real, fragment)
            return Target("case", path=full, suggestion=real)
        return Target("missing", path=full)

    def pictures_of(self, node: AnyNode) -> list[str]:
        """The paths of the pictures that a node shows."""
        shown = node.prose.outline.pictures if node.prose else []
        targets = [self.resolve(node.path, picture) for picture in shown]
        if isinstance(node, Root) and node.data.logo:
            targets.append(self.resolve(PLAN_FILE, node.data.logo))
        return [target.path for target in targets if target.kind == "asset"]

    def references_of(self, node: AnyNode) -> Iterator[Reference]:
        """Every link, picture and evidence file of a node with what it leads to."""
        guesses = _Guesses(self._project)
        for link in node.prose.links if node.prose else ():
            if not link.target:  # MP512 says so
                continue
            target = guesses.added(self._as_written(node.path, link), node.path)
            fixable = "prose" if link.written is not None else "value"
            yield Reference(Place(node.path, part=fixable, span=link.span), target, link.image)
        if isinstance(node, Program):
            for index, item in enumerate(node.data.evidence):
                if item.file:
                    target = guesses.added(self.resolve(PLAN_FILE, item.file), PLAN_FILE)
                    yield Reference(node.at("evidence", index, "file"), target, False)
        if isinstance(node, Root) and node.data.logo:
            target = guesses.added(self.resolve(PLAN_FILE, node.data.logo), PLAN_FILE)
            yield Reference(node.at("logo"), target, True)


class _Guesses:
    """What the links of one file that lead nowhere may have meant."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._choices: dict[str, Choices] = {}
        self._by_name: dict[str, list[str]] | None = None

    def added(self, target: Target, path: str) -> Target:
        """The same, with what was meant in the place of what is not there, as a file at `path` writes it."""
        if target.kind == "case" and target.suggestion:
            return target._replace(suggestion=_from(path, target.suggestion))
        if target.kind == "missing":
            meant = self._named(target.path) or self._alike(target.path).suggest(target.path)
            home = None if meant else _home(target.path)
            written = meant or home
            return target._replace(suggestion=_from(path, written) if written else None, home=home)
        if target.kind == "anchor":
            prose = target.node.prose if target.node else None
            meant = _renumbered(target.anchor, prose) or self._anchors(target.path, prose).suggest(
                target.anchor
            )
            return target._replace(suggestion=meant)
        return target

    def _named(self, path: str) -> str | None:
        """The only file of that name, in whatever folder."""
        if self._by_name is None:
            self._by_name = {}
            for known in self._project.paths:
                self._by_name.setdefault(posixpath.basename(known).casefold(), []).append(known)
        found = self._by_name.get(posixpath.basename(path).casefold(), [])
        return found[0] if len(found) == 1 else None

    def _alike(self, path: str) -> Choices:
        """The files of the same kind: no picture is meant by the name of a text."""
        end = posixpath.splitext(path)[1].lower()
        if (kind := f"*{end}") not in self._choices:
            paths = [known for known in self._project.paths if posixpath.splitext(known)[1].lower() == end]
            self._choices[kind] = Choices(paths, EFFORT)
        return self._choices[kind]

    def _anchors(self, path: str, prose: Prose | None) -> Choices:
        if path not in self._choices:
            self._choices[path] = Choices(list(prose.anchors) if prose else [], EFFORT)
        return self._choices[path]


def _home(path: str) -> str | None:
    """Where in assets/ a picture or an attachment belongs that stands elsewhere in its link; texts have other places."""
    name = posixpath.basename(path)
    inside = path.startswith("assets/") or posixpath.splitext(name)[1].lower() in ("", ".md", ".yaml", ".yml")
    return None if inside else f"assets/{name}"


def _from(path: str, target: str) -> str:
    """A file of the plan as a link in the file at `path` writes it."""
    return posixpath.relpath(target, posixpath.dirname(path) or ".")


def _renumbered(anchor: str, prose: Prose | None) -> str | None:
    """The anchor of a repeated heading, which GitHub counts from 1 and a book from 2."""
    base, _, number = anchor.rpartition("-")
    ours = f"{base}-{int(number) + 1}" if number.isascii() and number.isdigit() and len(number) < 6 else ""
    return ours if prose and ours in prose.anchors else None
