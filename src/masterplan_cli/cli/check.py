"""`masterplan check`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan_cli.cli import run
from masterplan_cli.cli.console import fail, finish, put, say, terminal
from masterplan_cli.cli.options import Form, Lang, LangOption, NoCacheOption, PathArgument
from masterplan_cli.cli.plans import asked, check_at, root_of, stop_at, store

if TYPE_CHECKING:
    from masterplan_cli.checking import Checked
    from masterplan_cli.diagnostics import Diagnostic
    from masterplan_cli.messages import Language


_FixOption = Annotated[
    bool,
    typer.Option(
        "--fix", help="Simpan perbaikan yang tidak mengubah arti. (Save fixes that keep the meaning.)"
    ),
]
_DiffOption = Annotated[
    bool,
    typer.Option(
        "--diff",
        help="Tampilkan perbaikan itu sebagai diff; tanpa --fix tidak ada yang disimpan. "
        "(Show these fixes; without --fix nothing is saved.)",
    ),
]
_SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="REV",
        help="Hanya temuan di berkas yang berubah sejak revisi git ini, atau yang timbul karenanya; kode keluar "
        "mengikuti temuan itu. Di CI jalankan juga pemeriksaan penuh. (Only findings in files changed since this "
        "git revision, or caused by the changes; the exit code follows them. CI should run the full check as well.)",
    ),
]


_AllOption = Annotated[bool, typer.Option("--all", help="Sebut semua temuan. (Name all findings.)")]
_ErrorsOption = Annotated[
    bool, typer.Option("--errors", help="Tampilkan error saja. (Show the errors alone.)")
]
_OnlyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="CODE",
        help="Tampilkan hanya temuan kode ini; boleh diulang. (Show findings of this code alone.)",
    ),
]


def check(
    path: PathArgument = Path(),
    output_format: Annotated[
        Form, typer.Option("--output-format", help="Bentuk laporan. (Form of the report.)")
    ] = Form.full,
    strict: Annotated[
        bool, typer.Option("--strict", help="Peringatan juga menggagalkan. (Warnings fail as well.)")
    ] = False,
    fix: _FixOption = False,
    diff: _DiffOption = False,
    since: _SinceOption = None,
    every: _AllOption = False,
    errors: _ErrorsOption = False,
    only: _OnlyOption = None,
    no_cache: NoCacheOption = False,
    lang: LangOption = None,
) -> None:
    """Check the plan."""
    from masterplan_cli.diagnostics import Severity
    from masterplan_cli.report import FROM_REPOSITORY, report

    checked = (
        _fix(path, lang, save=fix, show=diff)
        if fix or diff
        else check_at(path, lang, store(path, lang, cache=not no_cache))
    )
    found, hidden = _since(checked, since) if since is not None else (checked.diagnostics, "")
    full = output_format is Form.full
    if (found or not (full and hidden)) and (fix or not diff):
        inside = _prefix(checked) if output_format.value in FROM_REPOSITORY else ""
        shown = _chosen(found, checked.language, only, errors=errors)
        whole = every or bool(only)
        if shown or not (full and found):  # that a choice is empty is no clean plan
            put(report(shown, output_format.value, checked.language, terminal(whole=whole), prefix=inside))
        _say_left_out(found, shown, checked.language)
    if hidden:
        put(f"{hidden}\n", report=full)
    finish(failed=any(strict or d.severity is Severity.ERROR for d in found))


def _chosen(
    found: "list[Diagnostic]", language: "Language", only: list[str] | None, *, errors: bool
) -> "list[Diagnostic]":
    """The findings to show: those of some codes, or the errors; the exit code follows them all."""
    from masterplan_cli.diagnostics import Severity
    from masterplan_cli.rules import all_rules

    codes = {code.upper() for code in only or ()}
    known = [rule.code for rule in all_rules()]
    if unknown := sorted(codes.difference(known)):
        fail(
            f"kode `{unknown[0]}` tidak ada; lihat daftarnya dengan `masterplan rules`",
            f"there is no code `{unknown[0]}`; see the list with `masterplan rules`",
            language,
        )
    return [
        one
        for one in found
        if (not codes or one.code in codes) and (not errors or one.severity is Severity.ERROR)
    ]


def _say_left_out(found: "list[Diagnostic]", shown: "list[Diagnostic]", language: "Language") -> None:
    from masterplan_cli.diagnostics import total

    if left := total(found) - total(shown):
        say(
            f"masterplan: {left} temuan lain tidak ditampilkan",
            f"masterplan: other findings not shown: {left}",
            language,
        )


def _prefix(checked: "Checked") -> str:
    """The plan's folder in its repository."""
    from masterplan_cli import git

    run.git["prefix"] = inside = git.prefix(checked.project.root)
    return inside


def _fix(path: Path, lang: Lang | None, *, save: bool, show: bool) -> "Checked":
    """Fix the plan at or above a path; what is found afterwards."""
    from masterplan_cli.fixes import fix_plan
    from masterplan_cli.outputs import write_sources
    from masterplan_cli.terminal import shown_lines

    root = root_of(path, lang)
    fixed = fix_plan(root, asked(lang))
    language = fixed.checked.language
    if show:
        put(shown_lines(fixed.diff()) if sys.stdout.isatty() else fixed.diff())
    if save:
        stop_at(write_sources(root, fixed.after, language, fixed.before), language)
    names = ", ".join(sorted(fixed.after))
    if not names:
        say("tidak ada yang dapat diperbaiki otomatis", "there is nothing that --fix can mend", language)
    elif save:
        say(f"berkas yang diperbaiki: {names}", f"files that were fixed: {names}", language)
    else:
        say(
            f"berkas yang dapat diperbaiki dengan --fix: {names}",
            f"files that --fix can mend: {names}",
            language,
        )
    return fixed.checked


def _since(checked: "Checked", revision: str) -> "tuple[list[Diagnostic], str]":
    """The findings that changes since a revision touch or cause, and a sentence on those left out."""
    from masterplan_cli.since import since

    chosen = since(checked, revision)
    if isinstance(chosen, str):
        fail(chosen, chosen, checked.language)
    if chosen.notice:
        say(chosen.notice, chosen.notice, checked.language)
    return chosen.diagnostics, chosen.hidden
