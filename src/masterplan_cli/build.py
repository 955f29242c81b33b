"""The pipeline: read, link, check, render, write. What `cli` calls, and what a test calls without it."""

from __future__ import annotations

import datetime
import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from masterplan_cli import git
from masterplan_cli.blocks import Context, Document, render_book
from masterplan_cli.diagnostics import Diagnostic, Finding, Place, Severity, place_findings, with_agency
from masterplan_cli.messages import Language, reason
from masterplan_cli.plan import Plan, link
from masterplan_cli.project import Project, read_project
from masterplan_cli.rules import check_plan, severities
from masterplan_cli.rules.tool import CANNOT_WRITE
from masterplan_cli.templates import Templates
from masterplan_cli.writers.html import write_html
from masterplan_cli.writers.json import write_json
from masterplan_cli.writers.markdown import write_markdown

BOOK = "masterplan"
_TEMPORARY = ".masterplan-"


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
    root: Path, language: Language | None = None, overlay: Mapping[str, bytes] | None = None
) -> Checked:
    """Read a plan's folder and find everything that is wrong with it; never raises for what is in it.

    `overlay` holds bytes that stand for those of files on disk.
    """
    project = read_project(root, overlay)
    plan, findings = link(project)
    found = [*project.findings, *findings, *(check_plan(plan) if plan else ())]
    spoken = language or (plan.language if plan else Language.ID)
    return Checked(project, plan, spoken, _diagnose(project, plan, found, spoken))


def _diagnose(
    project: Project, plan: Plan | None, found: list[Finding], language: Language
) -> list[Diagnostic]:
    if plan:
        found = [with_agency(f, plan.responsible(f.place.path)) for f in found]
    return place_findings(found, project.located, severities(plan), language)


@dataclass
class Built:
    """The files of a build, or why there are none."""

    files: dict[str, bytes] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def build(checked: Checked, formats: list[str], date: datetime.date | None, *, draft: bool = False) -> Built:
    """Render the plan; `draft` prints it with its gaps although the check failed."""
    plan = checked.plan
    if plan is None or (checked.failed and not draft):
        return Built()
    context = Context(date, draft and checked.failed, checked.diagnostics)
    templates = Templates(checked.project)
    files, findings = templates.attempt(lambda: _files(plan, formats, context, templates))
    if files is None:
        return Built(diagnostics=_diagnose(checked.project, plan, findings, checked.language))
    return Built(files)


def _files(plan: Plan, formats: list[str], context: Context, templates: Templates) -> dict[str, bytes]:
    book = {"html", "md"} & set(formats)
    document = render_book(plan, BOOK, context, templates) if book else None
    writers = _writers(plan, document, context, templates)
    return {path: data for form in formats for path, data in writers[form]().items()}


def _writers(
    plan: Plan, document: Document | None, context: Context, templates: Templates
) -> dict[str, Callable[[], dict[str, bytes]]]:
    return {
        "html": lambda: write_html(document, templates, BOOK) if document else {},
        "md": lambda: write_markdown(document, BOOK) if document else {},
        "json": lambda: write_json(plan, context.date, BOOK, draft=context.draft),
    }


def write_outputs(folder: Path, files: dict[str, bytes], language: Language) -> list[Diagnostic]:
    """Put every file in place, or none: all are written beside their targets first, then moved over them.

    A file whose bytes did not change is not touched. What a killed build left behind is cleared away.
    """
    staged: list[tuple[Path, Path]] = []
    target = folder
    try:
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not (target.is_file() and target.read_bytes() == data):
                staged.append((_stage(target, data), target))
        for temporary, target in staged:
            temporary.replace(target)
    except OSError as error:
        for temporary, _ in staged:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        blamed = next((str(p) for p in target.parents if str(p) == error.filename), str(target))
        finding = CANNOT_WRITE.at(Place(blamed), path=blamed, reason=reason(error))
        return place_findings([finding], {}, {}, language)
    _clear(folder)
    return []


def _stage(target: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o644)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{_TEMPORARY}*.tmp"):
        with suppress(OSError):
            left.unlink()


def book_date(project: Project, given: str | None) -> datetime.date | None:
    """The date of the book: the one given, else `SOURCE_DATE_EPOCH`, else the day of the last commit."""
    if given:
        return datetime.date.fromisoformat(given)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    day = git.last_commit_day(project.root)
    return datetime.date.fromisoformat(day) if day else None
