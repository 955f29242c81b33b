"""Links: what an address written in a file leads to, and what one that leads nowhere may have meant."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Literal, NamedTuple
from urllib.parse import unquote

from masterplan_cli.diagnostics import Place
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.nodes import AnyNode, Linked, Program, Root
from masterplan_cli.project import Project
from masterplan_cli.values import EFFORT, Choices


class Target(NamedTuple):
    """What a link of prose leads to; `suggestion` is what may be meant by one that leads nowhere."""

    kind: Literal["node", "asset", "external", "unsafe", "outside", "case", "missing", "anchor", "backslash"]
    node: Linked | None = None
    anchor: str = ""
    path: str = ""
    suggestion: str | None = None


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
        raw, _, fragment = unquote(target).partition("#")
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", raw)
        if raw.startswith("//"):
            return Target("unsafe", path=raw)
        if scheme:
            safe = scheme[1].lower() in ("http", "https", "mailto", "tel")
            return Target("external" if safe else "unsafe", path=raw)
        if "\\" in raw:
            return Target("backslash", path=raw, suggestion=raw.replace("\\", "/"))
        base = "" if raw.startswith("/") else posixpath.dirname(path)
        full = posixpath.normpath(posixpath.join(base, raw.lstrip("/"))) if raw else path
        if full == ".." or full.startswith("../"):
            return Target("outside", path=raw)
        return self._inside(full, fragment)

    def _inside(self, full: str, fragment: str) -> Target:
        node = self._nodes.get(full) or self._nodes.get(f"{full}/pillar.md")
        if node is not None:
            anchors = node.prose.anchors if fragment and node.prose else {}
            kind: Literal["anchor", "node"] = "anchor" if fragment and fragment not in anchors else "node"
            return Target(kind, node, fragment, full)
        if full in self._project.paths:
            return Target("asset", path=full)
        if real := self._project.real_name(full):
            return Target("case", path=full, suggestion=PurePosixPath(real).name)
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
            target = guesses.added(self.resolve(node.path, link.target))
            yield Reference(Place(node.path, span=link.span), target, link.image)
        if isinstance(node, Program):
            for index, item in enumerate(node.data.evidence):
                if item.file:
                    target = guesses.added(self.resolve(PLAN_FILE, item.file))
                    yield Reference(node.at("evidence", index, "file"), target, False)
        if isinstance(node, Root) and node.data.logo:
            target = guesses.added(self.resolve(PLAN_FILE, node.data.logo))
            yield Reference(node.at("logo"), target, True)


class _Guesses:
    """What the links of one file that lead nowhere may have meant."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._choices: dict[str, Choices] = {}

    def added(self, target: Target) -> Target:
        """The same, with what was meant in the place of what is not there."""
        if target.kind == "missing":
            return target._replace(suggestion=self._among("", self._project.paths).suggest(target.path))
        if target.kind == "anchor":
            prose = target.node.prose if target.node else None
            anchors = self._among(target.path, prose.anchors if prose else ())
            return target._replace(suggestion=anchors.suggest(target.anchor))
        return target

    def _among(self, path: str, words: Iterable[str]) -> Choices:
        if path not in self._choices:
            self._choices[path] = Choices(list(words), EFFORT)
        return self._choices[path]
