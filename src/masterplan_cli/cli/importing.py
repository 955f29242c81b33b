"""`masterplan import`: what is filled in elsewhere comes into the plan, all of it or nothing."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from masterplan_cli.cli.console import fail, finish, put, say, terminal
from masterplan_cli.cli.forms import check_name, plan_of
from masterplan_cli.cli.options import LangOption
from masterplan_cli.cli.plans import check_at, save, stop_at
from masterplan_cli.cli.tables import (
    AffairOption,
    CodeOption,
    LeastOption,
    LevelOption,
    MapOption,
    OfficeOption,
    SourceOption,
    TableRequest,
    YearOption,
    fail_without_map,
    import_asked,
)
from masterplan_cli.messages import Both

if TYPE_CHECKING:
    from masterplan_cli.checking import Checked
    from masterplan_cli.forms.importing import ImportedForm
    from masterplan_cli.importing import Changed, Imported
    from masterplan_cli.messages import Language
    from masterplan_cli.nodes import Program
    from masterplan_cli.plan import Plan

#: So many changes are listed.
_MOST = 200
#: What people write texts in; which of them can be read, reading tells.
_TEXTS = {".docx", ".docm", ".dotx", ".doc", ".odt", ".rtf"}
#: So many files are named of those that were saved.
_NAMED = 20
_NEW, _CHANGED, _REMOVED = Both("baru", "new"), Both("ubah", "change"), Both("hapus", "remove")

MarkedOption = Annotated[
    Path | None,
    typer.Option(
        "--marked",
        help="Tulis formulir itu lagi dengan sel merah dan keterangannya. (Write it again, with red cells.)",
        metavar="OUT.xlsx",
    ),
]

ProgramOption = Annotated[
    str | None,
    typer.Option(
        "--program",
        help="Program yang naskahnya ada di berkas Word. (The program that a Word text is about.)",
        metavar="PILLAR/ID",
    ),
]

FilesArgument = Annotated[
    list[Path],
    typer.Argument(
        help="Formulir Excel yang sudah diisi, naskah Word, atau tabel; folder rencana boleh menyusul. (A form that is filled in, a Word text, or tables; then, if you like, the plan's folder.)",
        metavar="FILE... [PATH]",
    ),
]


def import_(
    files: FilesArgument,
    diff: Annotated[
        bool,
        typer.Option("--diff", help="Tampilkan perubahannya sebagai diff. (Show the changes as a diff.)"),
    ] = False,
    only_check: Annotated[
        bool, typer.Option("--check", help="Periksa saja; tidak ada yang disimpan. (Save nothing.)")
    ] = False,
    marked: MarkedOption = None,
    program: ProgramOption = None,
    source: SourceOption = None,
    map_: MapOption = None,
    level: LevelOption = None,
    year: YearOption = None,
    agency: OfficeOption = None,
    affair: AffairOption = None,
    code: CodeOption = None,
    least: LeastOption = None,
    lang: LangOption = None,
) -> None:
    """Take over what a form, a Word text or a table of another system says."""
    from masterplan_cli.forms.importing import ImportedForm
    from masterplan_cli.outputs import write_sources
    from masterplan_cli.terminal import shown_lines

    path = files.pop() if len(files) > 1 and files[-1].is_dir() else Path()
    checked = check_at(path, lang)
    language = checked.language
    if marked is not None:
        check_name(marked, language)
    asked = TableRequest(source, map_, level, year, agency, affair, code, least)
    _check_together(asked, program, marked, files[0], language)
    made = _made(checked, files, program) if asked == TableRequest() else import_asked(checked, files, asked)
    if diff and made.after:
        put(shown_lines(made.diff()) if sys.stdout.isatty() else made.diff())
    _tell(made, language)
    if marked is not None and isinstance(made, ImportedForm) and made.tables:
        _save_marked(made, checked, marked)
    if not made.refused and not only_check:
        stop_at(write_sources(checked.project.root, made.after, language, made.before), language)
    _say_outcome(made, language, only_check=only_check)
    if made.refused and marked is None and isinstance(made, ImportedForm) and made.tables:
        _suggest_marked(language)
    finish(failed=bool(made.refused))


def _check_together(
    asked: TableRequest, program: str | None, marked: Path | None, file: Path, language: "Language"
) -> None:
    """Options of one kind of file do not go with another; none of them is passed over."""
    table, text = asked != TableRequest(), program is not None or file.suffix.lower() in _TEXTS
    if program is not None and table:
        fail(
            "`--program` untuk naskah Word; tabel tidak memakainya",
            "`--program` is for a Word text; tables have no use for it",
            language,
        )
    if marked is not None and (table or text):
        fail("`--marked` hanya untuk formulir Excel", "`--marked` is for an Excel form alone", language)


def _made(checked: "Checked", files: list[Path], program: str | None) -> "Imported":
    """What files change in a plan, by what they are."""
    from masterplan_cli.forms.importing import import_form
    from masterplan_cli.tables.reading import kind_of

    if len(files) > 1:
        fail(
            f"formulir dan naskah diimpor satu per satu; yang disebut {len(files)}",
            f"forms and texts are imported one by one; {len(files)} were named",
            checked.language,
        )
    if kind_of(files[0]) != "workbook":
        fail_without_map(checked.language)
    if program is not None or files[0].suffix.lower() in _TEXTS:
        return _made_of_text(checked, files[0], program)
    return import_form(checked, files[0])


def _made_of_text(checked: "Checked", file: Path, program: str | None) -> "Imported":
    """What a Word text changes in a program."""
    from masterplan_cli.words.importing import import_word

    plan = plan_of(checked)
    if program is None:
        fail(
            f"naskah Word milik program mana? Tulis `--program PILAR/ID`, misalnya `--program {_example(plan)}`",
            f"which program is the Word text about? Write `--program PILLAR/ID`, such as `--program {_example(plan)}`",
            checked.language,
        )
    return import_word(checked, file, _named_program(program, plan, checked.language))


def _example(plan: "Plan") -> str:
    return next((one.id for one in plan.programs), "smart-economy/pasar-digital")


def _named_program(said: str, plan: "Plan", language: "Language") -> "Program":
    """The program of an id, a path or a title; an unknown one is wrong use."""
    from masterplan_cli.values import slug

    wanted = said.removeprefix("pillars/").rpartition(".md")[0] or said
    names = {one: {one.id, one.id.rpartition("/")[2], slug(one.title)} for one in plan.programs}
    found = [one for one, own in names.items() if {wanted, slug(said)} & own]
    exact = [one for one in found if one.id == wanted] or found
    return exact[0] if len(exact) == 1 else _unknown_program(said, [one.id for one in found], names, language)


def _unknown_program(
    said: str, meant: list[str], names: "dict[Program, set[str]]", language: "Language"
) -> NoReturn:
    """Say which programs may have been meant."""
    from masterplan_cli.suggestions import suggest
    from masterplan_cli.terminal import shown

    near = suggest(said, {name: one.id for one, own in names.items() for name in own})
    options = ", ".join(f"`{name}`" for name in meant or ([near] if near else []))
    new = "masterplan new program"
    fail(
        f"program `{shown(said)}` tidak ada; {f'mungkin maksudnya {options}' if options else f'buat dengan `{new}`'}",
        f"there is no program `{shown(said)}`; {f'did you mean {options}?' if options else f'make it by `{new}`'}",
        language,
    )


def _tell(made: "Imported", language: "Language") -> None:
    """The changes one by one, and what was found."""
    from masterplan_cli.report import report
    from masterplan_cli.terminal import shown

    for change in made.changes[:_MOST]:
        put(f"{_line(change, language)}\n")
    if len(made.changes) > _MOST:
        left = len(made.changes) - _MOST
        put(Both(f"… dan {left} perubahan lagi\n", f"… and {left} more changes\n").of(language))
    for line in made.summary:
        put(f"{shown(line.of(language))}\n")
    # What is not saved yet is nothing that `check --fix` could mend.
    if found := [replace(one, fix=None) for one in (*made.refused, *made.warnings)]:
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


def _suggest_marked(language: "Language") -> None:
    """Tell how whoever filled a form in sees in it what is wrong."""
    say(
        "berikutnya: perbaiki sel-sel itu; `--marked periksa.xlsx` menulis formulir ini lagi dengan sel merah dan alasannya",
        "next: mend these cells; `--marked marked.xlsx` writes this form again, with red cells and the reasons",
        language,
    )


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
        said = Both("isinya sama dengan rencana", "it says what the plan says")
    elif only_check:
        said = Both(
            "belum disimpan; jalankan lagi tanpa --check", "not saved yet; run it again without --check"
        )
    else:
        names = sorted(made.after)
        listed = ", ".join(names[:_NAMED])
        more = len(names) - _NAMED
        said = Both(
            f"disimpan: {listed}" + (f", dan {more} berkas lagi" if more > 0 else ""),
            f"saved: {listed}" + (f", and {more} more files" if more > 0 else ""),
        )
    say(said.id, said.en, language)
