"""What pieces of work depend on, and their results, kept under it.

Nothing is traced: what a piece of work may read is declared, in `FIELDS` and here for the rules, beside its text for a
template. Its result's key is made of that, so that no result is ever out of date.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from masterplan_cli.cache.store import Store
from masterplan_cli.diagnostics import Diagnostic
from masterplan_cli.files import PLAN_FILE, digest
from masterplan_cli.markdown import ProseHeading, ProseOutline
from masterplan_cli.nodes import Agency, AnyNode, Chapter, Linked, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.project import Known, Project

#: What each input holds of the data of each kind of file; of a kind that is not named, all. The `directory` also holds
#: the headings of every text and the names of all files. Three more inputs: `sections` is where each heading of a
#: text stands and whether words stand below it, `findings` all that was found, `map` the areas of the map in assets/.
FIELDS: dict[str, dict[type[AnyNode], tuple[str, ...]]] = {
    "directory": {
        Program: (
            "title", "short", "status", "subdimension", "owner", "supporting", "depends_on", "period", "quick_win",
        ),
        Pillar: ("title", "status", "owner", "summary"),
    },
    "budget": {Program: ("budget",), Pillar: (), Agency: (), Chapter: ()},
    "indicators": {Program: ("indicators",), Pillar: ("goals",), Agency: (), Chapter: ()},
    "data": {},
}  # fmt: skip


def as_bytes(value: Any) -> bytes:
    """Plain data as JSON of one line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def key_of(*parts: Any) -> str:
    """Stands for plain data."""
    return digest(as_bytes(parts))


# --- files


def known_files(store: Store) -> Callable[[Mapping[str, str | None]], dict[str, Known]]:
    """Tells by the digests of files what an earlier run has read out of the same bytes."""

    def known(digests: Mapping[str, str | None]) -> dict[str, Known]:
        keys = {path: _file_key(path, whole) for path, whole in digests.items() if whole}
        kept = store.get_all(keys.values())
        return {path: _known(json.loads(kept[key])) for path, key in keys.items() if key in kept}

    return known


def keep_files(store: Store, project: Project) -> None:
    """Keep what was read out of the files in whose text nothing was found."""
    keys = {path: _file_key(path, whole) for path, whole in project.digests.items() if whole}
    found = {path: project.known_of(path) for path in keys if path not in project.known}
    store.put({keys[path]: as_bytes(known) for path, known in found.items() if known})


def _file_key(path: str, whole: str) -> str:
    return key_of("file", path.rpartition(".")[2], whole)


def _known(kept: list[Any]) -> Known:
    value, line, outline = kept
    if outline:
        headings, pictures = outline
        outline = ProseOutline([ProseHeading(*heading) for heading in headings], pictures)
    return Known(value, line, outline)


# --- blocks


def kept_blocks(store: Store, book: str) -> dict[str, bytes]:
    """The blocks that a book had in the last run, all read at once."""
    last = store.get(key_of("blocks", book))
    return store.get_all(json.loads(last) if last else [])


def keep_blocks(store: Store, book: str, fresh: Mapping[str, bytes], keys: list[str]) -> None:
    """Keep what was made of a book's blocks, and which they are."""
    if fresh:
        store.put({**fresh, key_of("blocks", book): as_bytes(keys)})


# --- a plan's inputs


class Inputs:
    """Digests of a plan as a whole, by the names of inputs, and the keys of work that reads them."""

    def __init__(self, plan: Plan, findings: Sequence[Diagnostic] = ()) -> None:
        self.plan, self._findings = plan, findings
        self._digests: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._digests:
            self._digests[name] = self._digest(name)
        return self._digests[name]

    def _digest(self, name: str) -> str:
        nodes = self.plan.by_path.values()
        if name == "findings":
            return key_of(repr(self._findings))
        if name == "map":
            return key_of(repr(self.plan.assets.areas))
        if name == "sections":
            return key_of([[node.path, node.prose and node.prose.headings] for node in nodes])
        fields = FIELDS[name]
        said = [_said(node, fields.get(type(node))) for node in nodes]
        names = [self.plan.project.names, *map(_headings, nodes)] if name == "directory" else []
        return key_of(said, names)

    @cached_property
    def settings(self) -> list[str]:
        """Digests of what every piece of work depends on: the plan's own file, its taxonomy and its templates."""
        project = self.plan.project
        paths = [PLAN_FILE, self.plan.settings.taxonomy, *project.templates]
        return [str(project.untrusted), *(f"{path} {project.digests.get(path)}" for path in paths)]

    def own(self, node: AnyNode) -> list[str] | None:
        """Digests of a node's file and of the pictures that it shows; None where another run may find others."""
        project = self.plan.project
        pictures = self.plan.links.pictures_of(node)
        digests = [project.digests.get(node.path), *map(project.asset_digest, pictures)]
        return None if None in digests else [node.path, *pictures, *map(str, digests)]

    def of_rules(self, node: AnyNode, language: str) -> str | None:
        """The key of what the rules find in one file, which may read the directory."""
        own = self.own(node)
        return key_of("rules", language, self.settings, own, self["directory"]) if own else None

    def of_block(self, book: str, unit: str, nodes: Iterable[Linked], declared: Iterable[str]) -> str | None:
        """The key of a block of a book, named with what its template is given, that reads these inputs."""
        own = [self.own(node) for node in nodes]
        if None in own:
            return None
        return key_of("block", book, unit, self.settings, own, [self[name] for name in declared])


def _said(node: Linked, fields: tuple[str, ...] | None) -> list[Any]:
    value = node.value if fields is None else {field: node.value.get(field) for field in fields}
    return [node.path, node.broken, value]


def _headings(node: Linked) -> list[list[str]]:
    return [[heading.anchor, heading.text] for heading in node.prose.headings] if node.prose else []
