"""Checking: read a plan's folder, link it, and find everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from masterplan_cli.diagnostics import Diagnostic, Finding, Note, Severity, place_findings, with_agency
from masterplan_cli.files import PLAN_FILE, Folder
from masterplan_cli.linking import link
from masterplan_cli.looks import States, look
from masterplan_cli.memo import Memo, Result
from masterplan_cli.messages import Language
from masterplan_cli.plan import AnyNode, Plan
from masterplan_cli.project import Known, Project, read_project
from masterplan_cli.rules import check_node, check_whole, severities
from masterplan_cli.source import Span
from masterplan_cli.store import Store, tool

if TYPE_CHECKING:
    from masterplan_cli.pictures.trial import Trials


@dataclass
class Checked:
    """A plan and everything found in it, most of it for its language."""

    project: Project
    plan: Plan | None
    language: Language
    diagnostics: list[Diagnostic]

    @property
    def failed(self) -> bool:
        return any(d.severity is Severity.ERROR for d in self.diagnostics)


def check(
    root: Path,
    language: Language | None = None,
    overlay: Mapping[str, bytes] | None = None,
    store: Store | None = None,
    folder: Folder | None = None,
    trials: Trials | None = None,
    *,
    untrusted: bool = False,
) -> Checked:
    """Read a plan's folder and find everything that is wrong with it; never raises for what is in it.

    `overlay` holds bytes that stand for those of files on disk; what a `store` has need not be worked out again. A
    `folder` is one of which something was read just before; `trials` know of pictures that were drawn before. The
    templates of an `untrusted` plan are ignored.
    """
    store = None if overlay else store
    project, files = _read(root, overlay, store, folder, untrusted=untrusted)
    project.trials = trials
    return _check(project, files, language, store)


def _read(
    root: Path,
    overlay: Mapping[str, bytes] | None,
    store: Store | None,
    folder: Folder | None,
    *,
    untrusted: bool,
) -> tuple[Project, Memo]:
    """A plan's folder, and what was known of its files when it was read."""
    kept: list[Memo] = []

    def known(project: Project) -> dict[str, Known]:
        digests = States(lambda looked_at: project.digests.get(looked_at[1:]) or "")
        kept.append(Memo(store, digests, "files", tool(), str(root)))
        return {path: Known(*head) for path, head in kept[0].heads()}

    project = read_project(root, overlay, known, folder, untrusted=untrusted)
    project.store = store
    return project, kept[0]


def _check(project: Project, files: Memo, language: Language | None, store: Store | None) -> Checked:
    plan, findings = link(project)
    spoken = language or (plan.language if plan else Language.ID)
    found = diagnose(project, plan, [*project.findings, *findings], spoken)
    if plan:
        found = sorted(dict.fromkeys([*found, *_checked(plan, spoken, store)]), key=lambda d: d.sort_key)
        _keep(files, plan.known_files())
    return Checked(project, plan, spoken, found)


def _keep(files: Memo, known: dict[str, Known]) -> None:
    """Keep what is known of the files in which nothing is wrong."""
    for path, one in known.items():
        if path not in files.right:
            files.keep(path, [f"s{path}"], Result(one))
    files.close(known)


def _checked(plan: Plan, language: Language, store: Store | None) -> list[Diagnostic]:
    """What the rules find: in the plan as a whole, and in each file."""
    memo = Memo(store, plan.states, "check", language, *settings_of(plan))
    units = {"": lambda: _placed(plan, check_whole(plan), language)}
    units |= {node.path: partial(_of_node, plan, node, language) for node in plan.nodes}
    heads = memo.all(list(units), lambda unit: Result(rows(units[unit]())))
    return [found for head in heads.values() for found in diagnostics_of(head)]


def _of_node(plan: Plan, node: AnyNode, language: Language) -> list[Diagnostic]:
    found = _placed(plan, check_node(plan, node), language)
    if plan.large:
        node.rest()
    return found


def _placed(plan: Plan, findings: Iterable[Finding], language: Language) -> list[Diagnostic]:
    """Diagnostics of a rule's findings, whose places are looked up in their files."""
    found = list(findings)
    for place in (p for f in found for p in (f.place, *(r.place for r in f.related))):
        look("d", place.path)
        if place.span:
            look("p", place.path)
    return diagnose(plan.whole_project, plan, found, language)


def rows(diagnostics: list[Diagnostic]) -> list[list[Any]]:
    """Diagnostics as plain data."""
    return [[getattr(d, name) for name in _FIELDS] for d in diagnostics]


def diagnostics_of(rows_: list[list[Any]]) -> list[Diagnostic]:
    """Diagnostics from what `rows` made of them."""
    return [_diagnostic(row) for row in rows_]


_FIELDS = [field.name for field in fields(Diagnostic)]


def _diagnostic(row: list[Any]) -> Diagnostic:
    made = dict(zip(_FIELDS, row, strict=True))
    notes = tuple(Note(path, Span(*span), label) for path, span, label in made["notes"])
    plain = {"severity": Severity(made["severity"]), "span": Span(*made["span"])}
    return Diagnostic(**{**made, **plain, "notes": notes, "route": tuple(made["route"])})


def settings_of(plan: Plan) -> list[str]:
    """The program, the plan's folder, and digests of the files that say what the plan as a whole is."""
    project = plan.whole_project
    files = [PLAN_FILE, plan.settings.taxonomy, *project.templates]
    basis = [tool(), str(project.root), str(project.untrusted)]
    return [*basis, *(f"{path} {project.digests.get(path)}" for path in files)]


def diagnose(
    project: Project, plan: Plan | None, found: list[Finding], language: Language
) -> list[Diagnostic]:
    if plan:
        found = [with_agency(f, plan.responsible(f.place.path)) for f in found]
    return place_findings(found, project.located, severities(plan), language)
