"""Checking: read a plan's folder, link it, and find everything that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from masterplan_cli.cache.results import Inputs, as_bytes, keep_files, known_files
from masterplan_cli.cache.store import Store
from masterplan_cli.diagnostics import Diagnostic, Finding, Note, Severity, place_findings, with_agency
from masterplan_cli.files import Folder
from masterplan_cli.linking import link
from masterplan_cli.messages import Language
from masterplan_cli.plan import Plan
from masterplan_cli.project import TEMPLATES, Project, read_project
from masterplan_cli.rules import check_node, check_whole, severities
from masterplan_cli.source import Span

if TYPE_CHECKING:
    from masterplan_cli.pictures.trial import Trials


#: The folders of files whose results depend on nothing in them but what is named as an input.
_KEPT = ("agencies/", "chapters/", "pillars/")


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
    # Of the plan's own settings every result depends on the digest, and what is tried has none.
    trial = any(not path.startswith(_KEPT) for path in overlay or ())
    kept = Store(None) if trial or not store else store
    project = read_project(root, overlay, known_files(kept), folder, untrusted=untrusted)
    project.store, project.trials = store, trials
    plan, findings = link(project)
    spoken = language or (plan.language if plan else Language.ID)
    found = diagnose(project, plan, [*project.findings, *findings], spoken)
    if plan:
        found += diagnose(project, plan, check_whole(plan), spoken)
        found += _check_nodes(plan, spoken, kept)
        found += diagnose(project, plan, _unused_templates(project), spoken)
        found = sorted(dict.fromkeys(found), key=lambda d: d.sort_key)
    keep_files(kept, project)
    return Checked(project, plan, spoken, found)


def _unused_templates(project: Project) -> Iterable[Finding]:
    """What is said of the names of the plan's own templates, where it has some that count."""
    if project.untrusted or not any(path.startswith(f"{TEMPLATES}/") for path in project.paths):
        return ()
    from masterplan_cli.templates import unused

    return unused(project)


def _check_nodes(plan: Plan, language: Language, store: Store) -> list[Diagnostic]:
    """What the rules find in each file by itself."""
    inputs = Inputs(plan)
    keys = {node: inputs.of_rules(node, language) for node in plan.nodes}
    kept = store.get_all(key for key in keys.values() if key)
    found: list[Diagnostic] = []
    for node, key in keys.items():
        if key and key in kept:
            found += diagnostics_of(json.loads(kept[key]))
            continue
        own = diagnose(plan.project, plan, check_node(plan, node), language)
        if key and key == inputs.of_rules(node, language):
            store.put({key: as_bytes(rows(own))})
        found += own
    return found


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


def diagnose(
    project: Project, plan: Plan | None, found: Iterable[Finding], language: Language
) -> list[Diagnostic]:
    if plan:
        found = [with_agency(f, plan.responsible(f.place.path)) for f in found]
    return place_findings(found, project.located, severities(plan), language)
