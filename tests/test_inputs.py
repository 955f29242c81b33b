"""What a template declares that it reads, and what the rules for one file may read, is all that they read.

Each shipped book is made from plans that have something of everything, with a recorder at work: whatever a block reads
of another file's data or text must be held by an input that its template declares (`cache.results.FIELDS`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest

from conftest import REPO, SMALL_PLAN, every
from masterplan_cli import blocks, schema
from masterplan_cli import templates as templates_module
from masterplan_cli.assets import Assets
from masterplan_cli.blocks import Context, render_book
from masterplan_cli.cache.results import FIELDS
from masterplan_cli.checking import check
from masterplan_cli.markdown import Prose
from masterplan_cli.nodes import AnyNode, Linked
from masterplan_cli.plan import Book, Plan
from masterplan_cli.project import Project
from masterplan_cli.rules import check_node
from masterplan_cli.templates import SHIPPED, Templates, shipped_templates

#: What is asked of a text beside its words, and the input that holds it.
_TEXT = {"anchors": "directory", "headings": "sections", "outline": "sections"}
#: What a node is linked to, which the directory tells, and what holds all that its file says.
_LINKS = {"owner", "supporting", "depends_on", "needed_by", "owned", "supported", "pillars", "programs"}
_RAW = {"value", "shaped"}
_DATA = (schema.Agency, schema.Chapter, schema.Pillar, schema.Program)


class Recorder:
    """Notes what is read of a plan's files, as `(path, what)`: a field of its data, its value, or its text."""

    def __init__(self, plan: Plan, patch: pytest.MonkeyPatch) -> None:
        self.plan, self.patch = plan, patch
        self.read: set[tuple[str, str]] = set()
        self.at_work = False
        self.owners = {id(node.data): node.path for node in plan.by_path.values()}
        self.owners |= {id(node.prose): node.path for node in plan.by_path.values() if node.prose}
        self.owners |= {id(node): node.path for node in plan.by_path.values()}
        for kind in _DATA:
            self._watch(kind, partial(_field, frozenset(kind.model_fields)))
        self._watch(Prose, lambda name: "" if name.startswith("__") else f"prose.{name}")
        for node in {type(node) for node in plan.by_path.values()}:
            self._watch(node, lambda name: "links" if name in _LINKS else name if name in _RAW else "")
        self._wrap(Project, "read_asset", lambda path: (path, "asset"))
        self._wrap(Assets, "picture_file", lambda path: (path, "asset"))
        self._areas()
        self._wrap(blocks._Printer, "tasks_of", lambda *_: ("", "findings"))
        self._wrap(blocks._Printer, "work", lambda *_: ("", "findings"))
        for method in ("__iter__", "__len__", "__getitem__"):
            self._wrap(blocks._Found, method, lambda *_: ("", "findings"))

    def _watch(self, kind: Any, what: Callable[[str], str]) -> None:
        plain = kind.__getattribute__

        def get(thing: object, name: str) -> Any:
            if self.at_work and (id(thing) in self.owners) and (noted := what(name)):
                self.read.add((self.owners[id(thing)], noted))
            return plain(thing, name)

        self.patch.setattr(kind, "__getattribute__", get)

    def _areas(self) -> None:
        """Note when the plan's map is read."""
        plain = vars(Assets)["areas"].fget

        def get(assets: Assets) -> Any:
            if self.at_work:
                self.read.add(("", "map"))
            return plain(assets)

        self.patch.setattr(Assets, "areas", property(get))

    def _wrap(self, kind: Any, method: str, noted: Callable[..., tuple[str, str]]) -> None:
        plain = getattr(kind, method)

        def call(thing: Any, *args: Any, **options: Any) -> Any:
            if self.at_work:
                self.read.add(noted(*args))
            return plain(thing, *args, **options)

        self.patch.setattr(kind, method, call)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Note what is read inside, whatever was worked out for the plan before."""
        for name in list(vars(self.plan)):
            if isinstance(getattr(Plan, name, None), cached_property) and name not in ("links", "assets"):
                del vars(self.plan)[name]
        self.read, self.at_work = set(), True
        try:
            yield
        finally:
            self.at_work = False

    def beyond(self, nodes: list[AnyNode], declared: tuple[str, ...]) -> set[tuple[str, str]]:
        """What was read that is neither of these nodes' own files nor held by a declared input."""
        own = {node.path for node in nodes}
        own |= {path for node in nodes for path in self.plan.links.pictures_of(node)}
        kinds = {node.path: type(node) for node in self.plan.by_path.values()}
        return {
            (path, what)
            for path, what in self.read
            if path not in own and not _held(kinds.get(path), what, declared)
        }


def _field(fields: frozenset[str], name: str) -> str:
    return f"data.{name}" if name in fields else ""


def _held(kind: type[AnyNode] | None, what: str, declared: tuple[str, ...]) -> bool:
    """Whether some input holds what was read of a file of some kind."""
    if what in declared or (what == "links" and {"directory", "data"}.intersection(declared)):
        return True
    if what.startswith("prose."):
        return _TEXT.get(what.removeprefix("prose.")) in declared
    field = what.removeprefix("data.")
    inputs = [FIELDS[name].get(kind) for name in declared if name in FIELDS] if kind else []
    return any(fields is None or field in fields for fields in inputs)


def _books(plan: Plan) -> list[Book]:
    shipped = sorted(path.stem for path in (shipped_templates() / "books").iterdir())
    named = [Book(name, name, "Judul", None, ("html",), "a4", "sans") for name in shipped if name != "agency"]
    return [*named, plan.excerpt(next(iter(plan.agencies.values())))]


def recorded(root: Path, patch: pytest.MonkeyPatch, only: str = "") -> dict[str, set[tuple[str, str]]]:
    """What the blocks of every shipped book, or of one, read beyond their declaration, by the names of their templates."""
    checked = check(root)
    plan = checked.plan
    assert plan
    recorder = Recorder(plan, patch)
    beyond: dict[str, set[tuple[str, str]]] = {}
    make = blocks._Printer._block

    def watched(printer: blocks._Printer, name: str, context: dict[str, object]) -> Any:
        declared = printer.templates.inputs(f"{name}.md.j2")
        if declared is None:
            return make(printer, name, context)
        with recorder.work():
            made = make(printer, name, context)
        nodes: list[AnyNode] = [value for value in context.values() if isinstance(value, Linked)]
        beyond.setdefault(name, set()).update(recorder.beyond(nodes, declared))
        return made

    patch.setattr(blocks._Printer, "_block", watched)
    told = Context(datetime.date(2026, 1, 1), True, checked.diagnostics)
    for book in _books(plan):
        if only in ("", book.id):
            render_book(plan, book, told, Templates(plan.project))
    return beyond


def declaring() -> set[str]:
    names = {path.name.removesuffix(".md.j2") for path in shipped_templates().glob("*.md.j2")}
    return {name for name in names if templates_module._declared(f"{name}.md.j2") is not None}


@pytest.mark.parametrize("root", [REPO, SMALL_PLAN], ids=["this plan", "a small one"])
def test_no_shipped_template_reads_beyond_its_declaration(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beyond = recorded(root, monkeypatch)
    assert {name: sorted(read)[:5] for name, read in beyond.items() if read} == {}
    if root == REPO:
        assert set(beyond) == declaring(), "every template that declares something is rendered here"


@pytest.mark.deep
@pytest.mark.parametrize(
    ("name", "too_little", "missed"),
    every(
        3,
        [
            ("indicators", ("directory",), "data.indicators"),
            ("budget", ("directory",), "data.budget"),
            ("program", (), "data.title"),
            ("pillar", ("budget",), "links"),
            ("agency", ("directory",), "findings"),
            ("status", ("data", "findings"), "prose.outline"),
            ("evidence", ("directory",), "data.evidence"),
        ],
    ),
)
def test_a_template_that_reads_more_than_it_declares_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, too_little: tuple[str, ...], missed: str
) -> None:
    declared = templates_module._declared
    monkeypatch.setattr(
        templates_module,
        "_declared",
        lambda file: too_little if file == f"{name}.md.j2" else declared(file),
    )
    beyond = recorded(REPO, monkeypatch, only="masterplan")
    assert {other for other, read in beyond.items() if read} == {name}
    assert missed in {what for _, what in beyond[name]}


@pytest.mark.parametrize("root", [REPO, SMALL_PLAN], ids=["this plan", "a small one"])
def test_the_rules_for_one_file_read_no_other_beyond_the_directory(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = check(root).plan
    assert plan
    recorder = Recorder(plan, monkeypatch)
    for node in plan.nodes:
        with recorder.work():
            found = list(check_node(plan, node))
        assert recorder.beyond([node], ("directory",)) == set(), node.path
        places = [place for one in found for place in (one.place, *(r.place for r in one.related))]
        assert {place.path for place in places} <= {node.path}, "it is shown with the lines of its own file"


def test_templates_name_inputs_that_there_are() -> None:
    known = {*FIELDS, "sections", "findings", "map"}
    for name in declaring():
        assert set(templates_module._declared(f"{name}.md.j2") or ()) <= known, name
    for kinds in FIELDS.values():
        for kind, fields in kinds.items():
            assert set(fields) <= set(getattr(schema, kind.__name__).model_fields), kind


def test_no_shipped_template_is_made_of_others() -> None:
    """What is declared in a template holds for all of its text."""
    for path in shipped_templates().glob("*.md.j2"):
        text = path.read_text(encoding="utf-8")
        assert not any(word in text for word in ("{% include", "{% import", "{% from", "{% extends")), path


def test_a_template_of_the_plans_own_may_read_everything(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "masterplan.yaml").write_text("title: x\n")
    (tmp_path / "templates/program.md.j2").write_text("{# inputs: directory #}\n# {{ program.title }}\n")
    templates = Templates(check(tmp_path).project)
    assert templates.inputs("program.md.j2") is None
    assert templates.inputs("pillar.md.j2") == ("directory", "budget")
    assert SHIPPED in (templates.text("pillar.md.j2") or ("", ""))[1]
