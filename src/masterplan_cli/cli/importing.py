"""`masterplan import`: what is filled in elsewhere comes into the plan, all of it or nothing."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan_cli.cli.console import fail, finish, put, say, terminal
from masterplan_cli.cli.forms import check_name
from masterplan_cli.cli.options import LangOption
from masterplan_cli.cli.plans import check_at, save, stop_at
from masterplan_cli.messages import Both

if TYPE_CHECKING:
    from masterplan_cli.checking import Checked
    from masterplan_cli.forms.importing import ImportedForm
    from masterplan_cli.importing import Changed, Imported
    from masterplan_cli.messages import Language

#: So many changes are listed.
_MOST = 200
_NEW, _CHANGED, _REMOVED = Both("baru", "new"), Both("ubah", "change"), Both("hapus", "remove")


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Formulir yang sudah diisi; folder rencana boleh menyusul. (The form, filled in; then, if you like, the plan's folder.)",
            metavar="FILE... [PATH]",
        ),
    ],
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Tampilkan perubahannya sebagai diff. (Show the changes as a diff.)"),
    ] = False,
    only_check: Annotated[
        bool, typer.Option("--check", help="Periksa saja; tidak ada yang disimpan. (Save nothing.)")
    ] = False,
    marked: Annotated[
        Path | None,
        typer.Option(
            "--marked",
            help="Tulis formulir itu lagi dengan sel merah dan keterangannya. (Write it again, with red cells.)",
            metavar="OUT.xlsx",
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Take over what a form says."""
    from masterplan_cli.forms.importing import ImportedForm
    from masterplan_cli.outputs import write_sources
    from masterplan_cli.terminal import shown_lines

    path = files.pop() if len(files) > 1 and files[-1].is_dir() else Path()
    checked = check_at(path, lang)
    language = checked.language
    if marked is not None:
        check_name(marked, language)
    made = _made(checked, files)
    if diff and made.after:
        put(shown_lines(made.diff()) if sys.stdout.isatty() else made.diff())
    _tell(made, language)
    if marked is not None and isinstance(made, ImportedForm) and made.tables:
        _save_marked(made, checked, marked)
    if not made.refused and not only_check:
        stop_at(write_sources(checked.project.root, made.after, language), language)
    _say_outcome(made, language, only_check=only_check)
    finish(failed=bool(made.refused))


def _made(checked: "Checked", files: list[Path]) -> "Imported":
    """What files change in a plan, by what they are."""
    from masterplan_cli.forms.importing import import_form

    if len(files) > 1:
        fail(
            f"formulir diimpor satu per satu; yang disebut {len(files)}",
            f"forms are imported one by one; {len(files)} were named",
            checked.language,
        )
    return import_form(checked, files[0])


def _tell(made: "Imported", language: "Language") -> None:
    """The changes one by one, and what was found."""
    from masterplan_cli.report import report

    for change in made.changes[:_MOST]:
        put(f"{_line(change, language)}\n")
    if len(made.changes) > _MOST:
        left = len(made.changes) - _MOST
        put(Both(f"… dan {left} perubahan lagi\n", f"… and {left} more changes\n").of(language))
    if found := [*made.refused, *made.warnings]:
        put(report(found, "full", language, terminal()))


def _line(change: "Changed", language: "Language") -> str:
    """A change in one line."""
    from masterplan_cli.terminal import shown

    word = (_NEW if change.new else _REMOVED if not change.after else _CHANGED).of(language)
    about = change.about.of(language)
    if change.new:
        return shown(f"{change.place}  {word}: {about}")
    return shown(f"{change.place}  {word}: {about}: {change.before or '–'} → {change.after or '–'}")


def _save_marked(made: "ImportedForm", checked: "Checked", out: Path) -> None:
    from masterplan_cli.forms.marking import marked_form

    save(out, marked_form(checked, made), out.parent, checked.language)


def _say_outcome(made: "Imported", language: "Language", *, only_check: bool) -> None:
    """How much is new, changed and refused, and what comes next."""
    new = sum(change.new for change in made.changes)
    changed, refused = len(made.changes) - new, len(made.refused)
    put(
        Both(
            f"baru {new}, berubah {changed}, ditolak {refused}\n",
            f"new {new}, changed {changed}, refused {refused}\n",
        ).of(language)
    )
    if refused:
        said = Both("tidak ada yang disimpan", "nothing was saved")
    elif not made.changes:
        said = Both("formulir ini sama dengan rencana", "this form says what the plan says")
    elif only_check:
        said = Both(
            "belum disimpan; jalankan lagi tanpa --check", "not saved yet; run it again without --check"
        )
    else:
        names = ", ".join(sorted(made.after))
        said = Both(f"disimpan: {names}", f"saved: {names}")
    say(said.id, said.en, language)
