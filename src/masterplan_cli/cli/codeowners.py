"""`masterplan codeowners`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan_cli.cli.console import fail, put, say, short_path, terminal
from masterplan_cli.cli.options import LangOption, PathArgument
from masterplan_cli.cli.plans import check_at

if TYPE_CHECKING:
    from masterplan_cli.messages import Language


def codeowners(
    path: PathArgument = Path(),
    teams: Annotated[
        str | None,
        typer.Option(
            "--teams",
            metavar="PATTERN",
            help="Nama tim bagi yang belum menulis `reviewers`, misalnya '@organisasi/{id}'. "
            "(Team of an agency without `reviewers`.)",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Berkas keluaran, atau - untuk mencetaknya. (Output file, or - to print.)",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Jangan menulis; gagal bila berkasnya basi. (Write nothing; fail when it is stale.)",
        ),
    ] = False,
    lang: LangOption = None,
) -> None:
    """Write CODEOWNERS."""
    from masterplan_cli.ci import codeowners, codeowners_place

    checked = check_at(path, lang)
    language = checked.language
    if checked.plan is None:
        fail(
            "masterplan.yaml belum benar; jalankan `masterplan check`",
            "masterplan.yaml is not right yet; run `masterplan check`",
            language,
        )
    made = codeowners(checked.plan, teams, language)
    if isinstance(made, str):
        fail(made, made, language)
    for agency, files in made.fallen.items():
        say(
            f"`{agency}` belum punya `reviewers`, jadi koordinator meninjau: {', '.join(files)}",
            f"`{agency}` has no `reviewers`, so the coordinator reviews: {', '.join(files)}",
            language,
        )
    target = out or codeowners_place(checked.project.root)
    printed = str(target) == "-"
    if printed and check:
        fail(
            "--check membandingkan dengan berkas; hapus `--out -`",
            "--check compares with a file; leave out `--out -`",
            language,
        )
    if printed:
        put(made.text)
    elif check:
        _compare(target, made.text, language)
    else:
        _replace(target, made.text, language)


def _compare(target: Path, text: str, language: "Language") -> None:
    """End with 1 and the difference when a file is not as it should be."""
    import difflib

    old = _existing(target, language)
    if old == text:
        return
    name = short_path(target)
    lines = difflib.unified_diff(old.splitlines(), text.splitlines(), name, name, lineterm="")
    put("".join(f"{line}\n" for line in lines))
    say(
        f"masterplan: {name} basi; jalankan `masterplan codeowners`",
        f"masterplan: {name} is stale; run `masterplan codeowners`",
        language,
    )
    raise typer.Exit(1)


def _replace(target: Path, text: str, language: "Language") -> None:
    """Write a file that an earlier run may have written; what a person wrote is left alone."""
    from masterplan_cli.build import write_outputs
    from masterplan_cli.ci import by_hand
    from masterplan_cli.report import report

    if by_hand(_existing(target, language)):
        fail(
            f"{short_path(target)} ditulis dengan tangan; tidak diubah. Hapus dahulu, atau cetak dengan `--out -`",
            f"{short_path(target)} was written by hand and was left alone. Delete it first, or print with `--out -`",
            language,
        )
    problems = write_outputs(target.parent, {target.name: text.encode()}, language)
    if problems:
        put(report(problems, "full", language, terminal()))
        raise typer.Exit(1)
    typer.echo(short_path(target))


def _existing(target: Path, language: "Language") -> str:
    """The text of a file, empty when there is none."""
    try:
        return target.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except OSError as error:
        fail(
            f"{short_path(target)} tidak dapat dibuka: {error.strerror}",
            f"{short_path(target)} cannot be opened: {error.strerror}",
            language,
        )
