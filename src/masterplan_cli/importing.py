"""What a file from elsewhere changes in a plan: made in memory and checked there, to be saved as a whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from typing import NamedTuple, TypeAlias

from masterplan_cli.cache.store import Store
from masterplan_cli.checking import Checked, check, diagnose
from masterplan_cli.diagnostics import Diagnostic, Finding, Place, Severity
from masterplan_cli.edits import Edit, apply
from masterplan_cli.messages import Both
from masterplan_cli.project import ID
from masterplan_cli.rules.tool import CANNOT_WRITE
from masterplan_cli.source import Route
from masterplan_cli.values import slug

#: The places in a file from elsewhere that values of the plan come from, by path and route; words by `section_route`, or by path and line.
Places: TypeAlias = Mapping[tuple[str, Route], str]
_SECTION = "#"
#: So much of a text is shown in a list of changes, and so long is the name of a new file.
_SHOWN, LONGEST_ID = 60, 60
_TEXTS = (".md", ".yaml")


def section_route(heading: str) -> Route:
    """What stands for the words of a section, which have no route, among `Places`."""
    return _SECTION, slug(heading)


def short(text: str, most: int = _SHOWN) -> str:
    """A text in one line of a list."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def program_stem(title: str) -> str:
    """The name for the file of a new program, which another one may have."""
    stem = slug(title)[:LONGEST_ID].strip("-")
    return stem if ID.fullmatch(stem) and stem != "pillar" else "program"


class Changed(NamedTuple):
    """What one place of the file changes, such as a cell: what that is about, and what the plan said and says."""

    place: str
    about: Both
    before: str
    after: str
    new: bool = False


@dataclass
class Imported:
    """What a file does to a plan, not yet saved: the changes, what is refused, and the plan's files before and after."""

    changes: list[Changed] = field(default_factory=list)
    refused: list[Diagnostic] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    #: Where what is in the file has gone, in lines of text.
    summary: list[Both] = field(default_factory=list)
    #: What is said of a cell, or of another place in the file, by its name.
    notes: dict[str, str] = field(default_factory=dict)
    #: The places in the file of what the plan says afterwards, and the plan as it was checked then.
    places: Places = field(default_factory=dict)
    checked: Checked | None = None

    def diff(self) -> str:
        """All changes as one unified diff."""
        return "".join(_diff(path, self.before.get(path), self.after[path]) for path in sorted(self.after))

    def tell(
        self,
        found: Iterable[Diagnostic],
        places: Places | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Keep what was found; without `places`, each one's message begins with its place in the file.

        `files` are those that findings on words are in.
        """
        for diagnostic in found:
            told = self.refused if diagnostic.severity is Severity.ERROR else self.warnings
            if places is None:
                place, _, said = diagnostic.message.partition(": ")
            else:
                place, said = place_of(diagnostic, places, files or {}), diagnostic.message
                diagnostic = replace(diagnostic, message=f"{place}: {said}") if place else diagnostic
            told.append(diagnostic)
            if place:
                self.notes.setdefault(place, f"{said}. {diagnostic.help}")


def place_of(diagnostic: Diagnostic, places: Places, files: Mapping[str, bytes]) -> str:
    """The place in the file that brought a finding on the plan about."""
    path, route = diagnostic.path, diagnostic.route
    routes = [route[:depth] for depth in range(len(route), -1, -1)]
    if not route and path in files:
        lines = files[path].decode("utf-8-sig", "replace").split("\n")[: diagnostic.span.line]
        headings = (line.lstrip("#") for line in reversed(lines) if line.startswith("#"))
        routes = [(diagnostic.span.line,), *map(section_route, headings), *routes]
    return next((places[path, one] for one in routes if (path, one) in places), "")


def try_edits(
    made: Imported,
    checked: Checked,
    edits: Sequence[Edit],
    places: Places | Callable[[Mapping[str, bytes]], Places],
    findings: Sequence[Finding] = (),
    assets: Mapping[str, bytes] | None = None,
) -> None:
    """Make the edits in memory and check the plan again; what was not found before is told at its place in the file.

    `places` names those of the plan's values, or tells them when it sees the new files; `findings` are on the file
    itself, and nothing is saved with an error. New `assets` are saved with the edits.
    """
    project, language = checked.project, checked.language
    paths = {edit.path for edit in edits} & {*project.parsed, *project.paths}
    as_checked = {path: project.digests.get(path) for path in paths}
    made.before = {path: project.read_bytes(path) for path in sorted(paths)}
    changed = [p for p, was in sorted(as_checked.items()) if was and was != project.digests.get(p)]
    if changed:  # what the edits were made for is no longer what the file says
        lost = [CANNOT_WRITE.at(Place(path), "changed", path=path) for path in changed]
        made.tell(diagnose(project, checked.plan, lost, language), {})
        return
    made.tell(diagnose(project, checked.plan, findings, language))
    after = apply(made.before, edits)
    if isinstance(after, list):
        told = {} if callable(places) else places
        made.tell(diagnose(project, checked.plan, after, language), told)
        return
    after |= assets or {}
    if not after:
        return
    known = Counter((d.path, d.code, d.message) for d in checked.diagnostics)
    store = project.store if isinstance(project.store, Store) else None
    made.checked = check(project.root, language, after, store, untrusted=project.untrusted)
    made.places = places(after) if callable(places) else places
    made.tell([d for d in made.checked.diagnostics if _is_new(d, known)], made.places, after)
    if not made.refused:
        made.after = after


def _is_new(diagnostic: Diagnostic, known: Counter[tuple[str, str, str]]) -> bool:
    """Whether a finding is one more than those that were `known`, from which it is taken away."""
    key = diagnostic.path, diagnostic.code, diagnostic.message
    known[key] -= 1
    return known[key] < 0


def _diff(path: str, before: bytes | None, after: bytes) -> str:
    name = f"a/{path}" if before is not None else "/dev/null"
    if not path.endswith(_TEXTS):
        return f"Binary files {name} and b/{path} differ\n"
    old, new = (data.decode("utf-8-sig").splitlines(keepends=True) for data in (before or b"", after))
    lines = unified_diff(old, new, name, f"b/{path}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
