"""What the commands print, and how: reports on standard output, words on progress on standard error."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from masterplan_cli.cli import run
from masterplan_cli.cli.options import Lang

if TYPE_CHECKING:
    from masterplan_cli.messages import Language
    from masterplan_cli.report.text import Screen


def put(text: str, *, report: bool = True) -> None:
    """Print a report on standard output, or a word on progress on standard error, so that reports stay clean."""
    run.said.append((report, text))
    typer.echo(text, nl=False, err=not report)


def say(indonesian: str, english: str, language: Language) -> None:
    """A word on progress."""
    put(f"{english if language == 'en' else indonesian}\n", report=False)


def finish(*, failed: bool) -> None:
    """End a command that has done all it was asked for."""
    run.code = int(failed)
    if failed:
        raise typer.Exit(1)


def fail(indonesian: str, english: str, language: Language) -> NoReturn:
    say(f"masterplan: {indonesian}", f"masterplan: {english}", language)
    raise typer.Exit(2)


def terminal(*, whole: bool = False) -> Screen:
    """The terminal that standard output is; a file or a pipe has neither colours nor a width. `whole` reports name all."""
    from shutil import get_terminal_size

    from masterplan_cli.report.text import Screen

    width = get_terminal_size().columns if sys.stdout.isatty() else None
    return Screen(in_colour(), width, None if whole else Screen.most)


def in_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def text_width() -> int:
    """The columns of the terminal, 80 where there is none; a longer line than 120 is hard to read."""
    return min(120, max(60, shutil.get_terminal_size((80, 24)).columns))


def short_path(path: Path) -> str:
    """A path as short as it can be shown from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def typed(path: Path) -> str:
    """A path as it is typed in a command, in quotes where a shell would take it apart."""
    text = str(path)
    if text.startswith("-"):
        text = os.path.join(os.curdir, text)  # noqa: PTH118 - `Path` would drop the dot
    if os.name != "nt":
        return shlex.quote(text)
    # cmd.exe and PowerShell know double quotes; no name on Windows holds one.
    return text if re.fullmatch(r"[\w.:/\\-]+", text) else f'"{text}"'


def spoken(lang: Lang | None) -> Language:
    """The language asked for, else that of the environment, else Indonesian."""
    from masterplan_cli.messages import Language

    wanted = lang.value if lang else os.environ.get("MASTERPLAN_LANG", "id")
    return Language.EN if wanted == "en" else Language.ID
