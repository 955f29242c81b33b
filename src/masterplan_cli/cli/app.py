"""The commands, their order and their sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer

# Typer shows what it has taken over of click nowhere else; its version is held in pyproject.toml.
from typer._click.exceptions import NoArgsIsHelpError, UsageError

from masterplan_cli import __version__
from masterplan_cli.cli.help_pages import (
    HELP,
    TranslatedCommand,
    TranslatedGroup,
    asked_language,
    in_language,
    without_language,
)
from masterplan_cli.messages import Both, Language


class _Named(NamedTuple):
    """A command: its name, the module and the name of its function, and its sentence in both languages."""

    name: str
    module: str
    function: str
    help: str

    def load(self) -> Callable[..., None]:
        """The function, out of its module."""
        function: Callable[..., None] = getattr(
            import_module(f"masterplan_cli.cli.{self.module}"), self.function
        )
        return function


#: The commands in the order of the help.
_COMMANDS = (
    _Named(
        "build",
        "build",
        "build",
        "Memeriksa rencana lalu menyusun dokumennya. (Check the plan, then make its document.)",
    ),
    _Named(
        "serve",
        "serve",
        "serve",
        "Menampilkan dokumen di peramban dan mengikuti berkas. "
        "(Show the document in a browser and follow the files.)",
    ),
    _Named(
        "watch",
        "serve",
        "watch",
        "Menyusun dokumen lagi setiap kali berkas disimpan. (Make the document again after every change.)",
    ),
    _Named(
        "check",
        "check",
        "check",
        "Memeriksa rencana; hanya --fix yang mengubah berkas. (Check the plan; --fix alone changes files.)",
    ),
    _Named(
        "tasks",
        "work",
        "tasks",
        "Siapa harus berbuat apa, yang paling mendesak dahulu. (Who must do what, most urgent first.)",
    ),
    _Named(
        "status",
        "work",
        "status",
        "Kelengkapan tiap perangkat daerah di tiap pilar. (Completeness by agency and pillar.)",
    ),
    _Named(
        "form",
        "forms",
        "form",
        "Membuat formulir Excel untuk diisi perangkat daerah. (Make the Excel form that agencies fill in.)",
    ),
    _Named(
        "import",
        "importing",
        "import_",
        "Mengambil isi formulir Excel, naskah Word, atau tabel. (Take a form, a Word text or a table into the plan.)",
    ),
    _Named(
        "diff",
        "changes",
        "diff",
        "Apa yang berubah antara dua keadaan rencana. (What changed between two states of the plan.)",
    ),
    _Named(
        "explain",
        "knowledge",
        "explain",
        "Menerangkan satu kode: mengapa, dan cara memperbaikinya. (Explain a code.)",
    ),
    _Named("rules", "knowledge", "list_rules", "Daftar semua aturan. (List all rules.)"),
    _Named(
        "schema",
        "knowledge",
        "print_schema",
        "JSON Schema sebuah jenis berkas, untuk penyunting. (JSON Schema, for editors.)",
    ),
    _Named(
        "init",
        "start",
        "init",
        "Membuat rencana baru yang kecil, dengan petunjuk di dalamnya. (Make a small new plan.)",
    ),
    _Named(
        "codeowners",
        "codeowners",
        "codeowners",
        "Menulis CODEOWNERS: setiap perangkat daerah meninjau berkasnya sendiri. (Write CODEOWNERS from the plan.)",
    ),
)
_NEW = "new"
_NEW_COMMANDS = (
    _Named("program", "start", "new_program", "Membuat pillars/<pilar>/<id>.md. (Make a program.)"),
    _Named("agency", "start", "new_agency", "Membuat agencies/<id>.yaml. (Make an agency.)"),
    _Named(
        "taxonomy",
        "start",
        "new_taxonomy",
        "Menyalin taksonomi bawaan ke taxonomy.yaml untuk diubah. (Copy the shipped taxonomy, to be changed.)",
    ),
)


#: How the same page is had in the other language.
_OTHER_LANGUAGE = Both(
    "English: masterplan --help --lang en", "Bahasa Indonesia: masterplan --help --lang id"
)


class _Commands(TranslatedGroup):
    """The commands, whose wrong use is told in the language of the user."""

    given: Sequence[str] = ()

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:
        self.given = list(args)
        with self._translated():
            return super().make_context(info_name, without_language(args), *rest, **extra)

    def invoke(self, ctx: Any) -> Any:
        with self._translated():
            return super().invoke(ctx)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except NoArgsIsHelpError:
            raise
        except UsageError as error:
            from masterplan_cli.cli.usage import translated

            raise translated(error, list(self.given)) from None


def app_for(args: list[str]) -> typer.Typer:
    """The command line for what was asked: with one command when it is named first, else with all."""
    language = asked_language(args)
    app = typer.Typer(
        name="masterplan",
        cls=_Commands,
        epilog=_OTHER_LANGUAGE.of(language),
        help="Menyusun satu masterplan dari berkas Markdown dan YAML perangkat daerah. "
        "(Compiles the Markdown and YAML files of a city's agencies into one masterplan.)",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        context_settings={"help_option_names": list(HELP)},
    )
    app.callback()(_root)
    first = args[0] if args else ""
    named = [command for command in _COMMANDS if command.name == first]
    # The help of all shows no command's options, which Typer would take long to work out.
    listed = first in HELP
    _add(app, named or _COMMANDS, language, listed=listed)
    if not named:
        new = typer.Typer(cls=TranslatedGroup, no_args_is_help=True, rich_markup_mode=None)
        _add(new, _NEW_COMMANDS, language, listed=listed)
        app.add_typer(
            new,
            name=_NEW,
            help=in_language(
                "Membuat berkas baru: program, perangkat daerah, atau taksonomi. (Make a new file.)", language
            ),
        )
    return app


def _add(app: typer.Typer, commands: Iterable[_Named], language: Language, *, listed: bool) -> None:
    """Add commands, or no more of them than a list of them shows."""
    for command in commands:
        said = in_language(command.help, language)
        app.command(command.name, cls=TranslatedCommand, help=said)(_listed if listed else command.load())


def _listed() -> None:
    """Stands for each command where all are only listed."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"masterplan {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Versi program. (Version.)")
    ] = False,
) -> None:
    """Options of every command."""
