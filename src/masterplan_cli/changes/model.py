"""A plan as it is compared: a record for each file, of plain data, whatever state of the plan it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from masterplan_cli import schema
from masterplan_cli.diagnostics import Finding, Severity
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.linking import Nodes
from masterplan_cli.messages import Language
from masterplan_cli.nodes import AnyNode, Pillar, Root
from masterplan_cli.taxonomy import Taxonomy


class FileRecord(NamedTuple):
    """What one file says; `unread` are the fields of it that did not read, all of them where it is `broken`."""

    kind: str
    id: str
    title: str
    data: dict[str, Any]
    text: str | None
    unread: frozenset[str] = frozenset()
    broken: bool = False

    @property
    def pillar(self) -> str | None:
        """The id of the pillar that a program or a pillar belongs to."""
        return self.id.partition("/")[0] if self.kind in ("pillar", "program") else None

    @property
    def owner(self) -> str | None:
        """The agency that answers for it."""
        return self.id if self.kind == "agency" else self.data.get("owner")

    @property
    def agencies(self) -> set[str]:
        """The agencies that have a part in it."""
        return {id_ for id_ in (self.owner, *self.data.get("supporting", ())) if id_}

    @property
    def total(self) -> int:
        return sum(line["amount"] for line in self.data.get("budget", ()))


@dataclass(frozen=True)
class State:
    """A plan at one time: what it is called, its records in the order of the document, and what things are called in it.

    `unread` counts what did not read, by file.
    """

    name: str
    records: list[FileRecord]
    names: dict[str, str]
    language: Language = Language.ID
    revision: str | None = None
    unread: dict[str, int] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[tuple[str, str], FileRecord]:
        return {(record.kind, record.id): record for record in self.records}

    def of_kind(self, kind: str) -> list[FileRecord]:
        return [record for record in self.records if record.kind == kind]


def state_of(name: str, nodes: Nodes, findings: Iterable[Finding], revision: str | None = None) -> State:
    """The state that the files of a folder are in, as far as they can be read."""
    language = Language(nodes.root.data.language) if nodes.root else Language.ID
    records = [_record(node) for node in _nodes(nodes)]
    if nodes.root is None:
        records.insert(0, FileRecord("masterplan", "masterplan", PLAN_FILE, {}, None, broken=True))
    unread = Counter(f.place.path for f in findings if f.rule.severity is Severity.ERROR)
    return State(name, records, _names(records, nodes.taxonomy, language), language, revision, dict(unread))


def _nodes(nodes: Nodes) -> Iterator[AnyNode]:
    if nodes.root:
        yield nodes.root
    for pillar in nodes.pillars:
        yield pillar
        yield from pillar.programs
    yield from nodes.agencies.values()
    yield from nodes.chapters


def _record(node: AnyNode) -> FileRecord:
    kind = type(node).__name__.lower() if not isinstance(node, Root) else "masterplan"
    data = schema.plain(node.data)
    title = node.data.title if isinstance(node, Root) else node.title
    if isinstance(node, Pillar):
        data["title"] = title
    for name in schema.OF_THE_TOOL if isinstance(node, Root) else ():
        del data[name]
    routes = (*node.shaped.spoilt, *node.shaped.meant) if node.shaped else ()
    unread = {str(route[0]) for route in routes if len(route) == 1}
    if isinstance(node, Pillar) and not node.term and not node.data.title:
        unread.add("title")  # it is the taxonomy's, which did not read
    exists = not isinstance(node, Pillar) or node.exists
    return FileRecord(
        kind, node.id, title or node.id, data, node.text, frozenset(unread), node.broken and exists
    )


def _names(records: list[FileRecord], taxonomy: Taxonomy | None, language: Language) -> dict[str, str]:
    """What ids stand for."""
    terms = [term for pillar in (taxonomy.pillars if taxonomy else ()) for term in pillar.subdimensions]
    return {term.id: term.name.of(language) for term in terms} | titles(records)


def titles(records: Iterable[FileRecord]) -> dict[str, str]:
    """The titles of programs, pillars and agencies by their ids; an agency's is short where it has a short name."""
    named = [record for record in records if record.kind in ("program", "pillar", "agency")]
    return {
        record.id: record.data.get("short") or record.title if record.kind == "agency" else record.title
        for record in named
    }


# --- a plan's JSON


def state_in_json(name: str, plan: dict[str, Any]) -> State | None:
    """The state that the JSON output of a plan tells of; None where it lacks what every plan has."""
    root = _read("masterplan", "masterplan", plan)
    if root is None:
        return None
    records = [root]
    for pillar in _groups(plan, "pillars"):
        records += _listed("pillar", pillar)
        for program in _groups(pillar, "programs"):
            records += _listed("program", program)
    for kind, name_ in (("agency", "agencies"), ("chapter", "chapters")):
        for group in _groups(plan, name_):
            records += _listed(kind, group)
    unique = list({(record.kind, record.id): record for record in records}.values())
    terms = [term for pillar in _groups(plan, "pillars") for term in _groups(pillar, "subdimensions")]
    names = {str(t["id"]): str(t["name"]) for t in terms if {"id", "name"} <= set(t)} | titles(unique)
    return State(name, unique, names, Language(root.data["language"]))


def _groups(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = value.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _listed(kind: str, value: dict[str, Any]) -> list[FileRecord]:
    id_ = value.get("id")
    record = _read(kind, id_, value) if isinstance(id_, str) else None
    return [record] if record else []


def _read(kind: str, id_: str, value: dict[str, Any]) -> FileRecord | None:
    fields = schema.KINDS[kind].model_fields
    data = schema.conformed(schema.KINDS[kind], {k: v for k, v in value.items() if k in fields})
    if data is schema.UNFIT:
        return None
    for name in schema.OF_THE_TOOL if kind == "masterplan" else ():
        del data[name]
    text = value.get("text")
    title = data.get("title") or data.get("name") or id_
    return FileRecord(
        kind,
        schema.conformed(str, id_),
        title,
        data,
        schema.conformed(str, text) if isinstance(text, str) else None,
    )
