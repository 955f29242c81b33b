"""What the commands share: the plan that they work on, and how a file of theirs is saved."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from masterplan_cli.cli import run
from masterplan_cli.cli.console import fail, put, say, short_path, spoken, terminal
from masterplan_cli.cli.options import Lang

if TYPE_CHECKING:
    from masterplan_cli.cache.store import Store
    from masterplan_cli.checking import Checked
    from masterplan_cli.diagnostics import Diagnostic
    from masterplan_cli.messages import Language
    from masterplan_cli.plan import Plan
    from masterplan_cli.tasks import Work


def root_of(path: Path, lang: Lang | None) -> Path:
    """The root of the plan at or above a path; without one the program ends with 2.

    What killed processes left on its way into the plan, or into its usual outputs, is cleared away.
    """
    from masterplan_cli.diagnostics import Place, place_findings
    from masterplan_cli.files import leftovers
    from masterplan_cli.report import report
    from masterplan_cli.rules.tool import NO_PLAN

    root = _root_above(path, lang)
    if root is None:
        language = spoken(lang)
        shown = str(path.resolve())
        finding = NO_PLAN.at(Place(shown), path=shown)
        put(report(place_findings([finding], {}, {}, language), "full", language), report=False)
        raise typer.Exit(2)
    for place in (root, root / "build"):
        if leftovers(str(place)):
            from masterplan_cli.outputs import clear

            clear(place, root)
    return root


def _root_above(path: Path, lang: Lang | None) -> Path | None:
    """The root of the plan at or above a path that must exist: above a misspelt one another plan may stand."""
    from masterplan_cli.project import find_root
    from masterplan_cli.suggestions import suggest
    from masterplan_cli.terminal import shown

    if not os.path.exists(path):  # noqa: PTH110 - `Path.exists` raises where a folder is closed to us
        beside: list[str] = []
        with suppress(OSError):
            beside = [entry.name for entry in path.parent.iterdir() if entry.is_dir()]
        near = suggest(path.name, beside)
        guess = shown(str(path.parent / near)) if near else ""
        fail(
            f"`{shown(str(path))}` tidak ada; "
            + (f"mungkin maksudnya `{guess}`" if guess else "tulis folder rencana yang ada"),
            f"there is no `{shown(str(path))}`; "
            + (f"did you mean `{guess}`?" if guess else "name a folder of the plan that exists"),
            spoken(lang),
        )
    return find_root(path)


def asked(lang: Lang | None) -> Language | None:
    from masterplan_cli.messages import Language

    return Language(lang.value) if lang else None


def store(path: Path, lang: Lang | None, *, cache: bool = True) -> Store | None:
    """Where results of the plan at or above a path are kept between runs, unless a run shall do without.

    A folder that others may have filled is not used, and a sentence says so.
    """
    from masterplan_cli.cache.store import Store, folder, is_private, is_within
    from masterplan_cli.git import top_level

    root = _root_above(path, lang)
    place = folder() if cache else None
    if place is None or root is None:
        return None
    if is_within(place, str(top_level(root) or root)):
        _say_unused(place, lang, *_INSIDE)
        return None
    if not is_private(place):
        _say_unused(place, lang, *(_OPEN if Path(place).is_dir() else _NO_FOLDER))
        return None
    run.store = Store(place)
    return run.store


_INSIDE = (
    "berada di dalam repo rencana, sehingga isinya dapat berasal dari siapa saja; pilih folder di luar repo",
    "lies inside the plan's repository, so anybody may have filled it; name a folder outside the repository",
)
_NO_FOLDER = ("bukan folder yang dapat dipakai", "is no folder that can be used")
_OPEN = (
    "bukan milik Anda sendiri atau dapat ditulisi orang lain; pakai folder sendiri, dengan `chmod 700`",
    "is not your own, or others can write to it; use a folder of your own, with `chmod 700`",
)


def _say_unused(place: str, lang: Lang | None, indonesian: str, english: str) -> None:
    from masterplan_cli.cache.store import VARIABLE
    from masterplan_cli.terminal import shown

    say(
        f"masterplan: simpanan hasil tidak dipakai: `{shown(place)}` {indonesian} ({VARIABLE})",
        f"masterplan: kept results are not used: `{shown(place)}` {english} ({VARIABLE})",
        spoken(lang),
    )


def check_at(
    path: Path,
    lang: Lang | None,
    kept: Store | None = None,
    *,
    untrusted: bool = False,
) -> Checked:
    """Find the plan at or above a path and check it; wrong use ends the program with 2."""
    from masterplan_cli.checking import check
    from masterplan_cli.progress import Progress

    root = root_of(path, lang)
    folder = run.folder if run.folder and run.folder.root == str(root) else None
    with Progress(spoken(lang)) as progress:
        progress("check")
        checked = check(root, asked(lang), store=kept, folder=folder, untrusted=untrusted)
    project = checked.project
    run.start, run.root, run.names, run.read = str(path), str(root), project.names, project.digests
    return checked


def say_untrusted(root: Path, language: Language) -> None:
    """Say that the plan's own templates are ignored, where it has some."""
    from masterplan_cli.files import list_files
    from masterplan_cli.project import TEMPLATES

    ignored = [path for path in list_files(str(root)).files if path.startswith(f"{TEMPLATES}/")]
    if ignored:
        say(
            f"masterplan: templates/ rencana ini diabaikan (--untrusted): {len(ignored)} berkas",
            f"masterplan: this plan's templates/ are ignored (--untrusted): {len(ignored)} files",
            language,
        )


def assess_at(path: Path, lang: Lang | None) -> tuple[Checked, Work]:
    """Check the plan and see who must do what; a plan that cannot be linked ends the program with 1."""
    from masterplan_cli.report import report
    from masterplan_cli.tasks import assess

    checked = check_at(path, lang, store(path, lang))
    if checked.plan is None:
        put(report(checked.diagnostics, "full", checked.language, terminal()))
        raise typer.Exit(1)
    return checked, assess(checked.plan, checked.diagnostics, checked.language)


def save(target: Path, data: bytes, within: Path, language: Language) -> None:
    """Save one file as safely as outputs are, and say where it is; no link may lead out of `within`."""
    from masterplan_cli.outputs import write_outputs

    stop_at(write_outputs(target.parent, {target.name: data}, within, language), language)
    put(f"{short_path(target)}\n")


def stop_at(problems: list[Diagnostic], language: Language) -> None:
    """Say what was in the way of writing, if anything was, and end the program with 1."""
    from masterplan_cli.report import report

    if problems:
        put(report(problems, "full", language, terminal()))
        raise typer.Exit(1)


def known_agency(agency: str, plan: Plan, language: Language, *, new: bool = False) -> str:
    """The id of an agency that a person calls by its id or its name; an unknown one is wrong use, or may be a new one."""
    from masterplan_cli.rules.agency_names import named_agency

    return named_agency(plan, agency) or unknown_agency(agency, plan, language, new=new)


def unknown_agency(agency: str, plan: Plan, language: Language, *, new: bool = False) -> NoReturn:
    """Say which agencies may have been meant, by their ids with their names; and how a new one is made."""
    from masterplan_cli.rules.agency_names import agency_names, near_agencies, new_id
    from masterplan_cli.terminal import shown

    guess = agency_names(plan).suggest(agency)
    meant = [plan.agencies[guess]] if guess else near_agencies(plan, agency)
    names = ", ".join(f"`{one.id}` ({shown(one.name)})" for one in meant)
    all_ = len(meant) == len(plan.agencies)
    indonesian = f"{'yang ada' if all_ else 'yang paling mirip'}: {names}"
    english = f"{'there are' if all_ else 'the nearest are'}: {names}"
    if guess:
        indonesian, english = f"mungkin maksudnya {names}", f"did you mean {names}?"
    elif new:
        command = f'`masterplan new agency {new_id(agency)} --name "…"`'
        indonesian += f"; yang belum ada dibuat dengan {command}"
        english += f"; one that is not there is made by {command}"
    fail(
        f"perangkat daerah `{shown(agency)}` tidak ada di agencies/; {indonesian}",
        f"agency `{shown(agency)}` is not in agencies/; {english}",
        language,
    )
