"""`masterplan codeowners`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan_cli.cli.console import fail, put, say, short_path
from masterplan_cli.cli.options import LangOption, PathArgument
from masterplan_cli.cli.plans import check_at, stop_at

if TYPE_CHECKING:
    from masterplan_cli.messages import Language


_TeamsOption = Annotated[
    str | None,
    typer.Option(
        "--teams",
        metavar="PATTERN",
        help="Nama tim bagi yang belum menulis `reviewers`, misalnya '@organisasi/{id}'. "
        "(Team of an agency without `reviewers`.)",
    ),
]
_FileOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Berkas keluaran, atau - untuk mencetaknya. (Output file, or - to print.)",
    ),
]
_CheckOption = Annotated[
    bool,
    typer.Option(
        "--check",
        help="Jangan menulis; gagal bila berkasnya basi. (Write nothing; fail when it is stale.)",
    ),
]


def codeowners(
    path: PathArgument = Path(),
    teams: _TeamsOption = None,
    out: _FileOption = None,
    check: _CheckOption = False,
    lang: LangOption = None,
) -> None:
    """Write CODEOWNERS."""
    from masterplan_cli.ci import codeowners, codeowners_place, repository_top, with_others

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
    top = out.parent if out else repository_top(checked.project.root)
    name = out.name if out else codeowners_place(top)
    printed = str(out) == "-"
    if printed and check:
        fail(
            "--check membandingkan dengan berkas; hapus `--out -`",
            "--check compares with a file; leave out `--out -`",
            language,
        )
    text = made.text if printed else with_others(made.text, _existing(top, name, language), checked.plan)
    if printed:
        put(text)
    elif check:
        _compare(top, name, text, language)
    else:
        _replace(top, name, text, language)


def _compare(top: Path, file: str, text: str, language: "Language") -> None:
    """End with 1 and the difference when a file is not as it should be."""
    import difflib

    old = _existing(top, file, language)
    if old == text:
        return
    name = short_path(top / file)
    lines = difflib.unified_diff(old.splitlines(), text.splitlines(), name, name, lineterm="")
    put("".join(f"{line}\n" for line in lines))
    say(
        f"masterplan: {name} basi; jalankan `masterplan codeowners`",
        f"masterplan: {name} is stale; run `masterplan codeowners`",
        language,
    )
    raise typer.Exit(1)


def _replace(top: Path, file: str, text: str, language: "Language") -> None:
    """Write a file that an earlier run may have written; what a person wrote is left alone."""
    from masterplan_cli.ci import by_hand
    from masterplan_cli.outputs import write_sources

    target = top / file
    if by_hand(_existing(top, file, language)):
        fail(
            f"{short_path(target)} ditulis dengan tangan; tidak diubah. Hapus dahulu, atau cetak dengan `--out -`",
            f"{short_path(target)} was written by hand and was left alone. Delete it first, or print with `--out -`",
            language,
        )
    stop_at(write_sources(top, {file: text.encode()}, language), language)
    typer.echo(short_path(target))


def _existing(top: Path, file: str, language: "Language") -> str:
    """The text of a file, empty when there is none; one that a link leads to elsewhere is not read."""
    from masterplan_cli.files import MAX_ASSET_BYTES, read_file
    from masterplan_cli.messages import reason
    from masterplan_cli.outputs import link_outside

    target = top / file
    stop_at(link_outside(top, target, language), language)
    try:
        return read_file(target, MAX_ASSET_BYTES).decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except OSError as error:
        why = reason(error)
        fail(
            f"{short_path(target)} tidak dapat dibuka: {why.id}",
            f"{short_path(target)} cannot be opened: {why.en}",
            language,
        )
