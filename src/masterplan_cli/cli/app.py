"""The commands, their order and their sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer

# Typer shows what it has taken over of click nowhere else; its version is held in pyproject.toml.
from typer._click.exceptions import NoArgsIsHelpError, UsageError
from typer.core import TyperCommand, TyperGroup

from masterplan_cli import __version__


class _Command(NamedTuple):
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
    _Command(
        "build",
        "build",
        "build",
        "Memeriksa rencana lalu menyusun dokumennya. (Check the plan, then make its document.)",
    ),
    _Command(
        "serve",
        "serve",
        "serve",
        "Menampilkan dokumen di peramban dan mengikuti berkas. "
        "(Show the document in a browser and follow the files.)",
    ),
    _Command(
        "watch",
        "serve",
        "watch",
        "Menyusun dokumen lagi setiap kali berkas disimpan. (Make the document again after every change.)",
    ),
    _Command(
        "check",
        "check",
        "check",
        "Memeriksa rencana; hanya --fix yang mengubah berkas. (Check the plan; --fix alone changes files.)",
    ),
    _Command(
        "tasks",
        "work",
        "tasks",
        "Siapa harus berbuat apa, yang paling mendesak dahulu. (Who must do what, most urgent first.)",
    ),
    _Command(
        "status",
        "work",
        "status",
        "Kelengkapan tiap perangkat daerah di tiap pilar. (Completeness by agency and pillar.)",
    ),
    _Command(
        "explain",
        "knowledge",
        "explain",
        "Menerangkan satu kode: mengapa, dan cara memperbaikinya. (Explain a code.)",
    ),
    _Command("rules", "knowledge", "list_rules", "Daftar semua aturan. (List all rules.)"),
    _Command(
        "schema",
        "knowledge",
        "print_schema",
        "JSON Schema sebuah jenis berkas, untuk penyunting. (JSON Schema, for editors.)",
    ),
    _Command(
        "init",
        "start",
        "init",
        "Membuat rencana baru yang kecil, dengan petunjuk di dalamnya. (Make a small new plan.)",
    ),
    _Command(
        "codeowners",
        "codeowners",
        "codeowners",
        "Menulis CODEOWNERS: setiap perangkat daerah meninjau berkasnya sendiri. (Write CODEOWNERS from the plan.)",
    ),
)
_NEW = "new"
_NEW_COMMANDS = (
    _Command("program", "start", "new_program", "Membuat pillars/<pilar>/<id>.md. (Make a program.)"),
    _Command("agency", "start", "new_agency", "Membuat agencies/<id>.yaml. (Make an agency.)"),
    _Command(
        "taxonomy",
        "start",
        "new_taxonomy",
        "Menyalin taksonomi bawaan ke taxonomy.yaml untuk diubah. (Copy the shipped taxonomy, to be changed.)",
    ),
)


_HELP = ("-h", "--help")


#: What Typer writes into every help, and the same in both languages, as we write the rest.
_HELP_WORDS = (
    ("Usage: ", "Pemakaian (usage): "),
    ("\nArguments:\n", "\nArgumen (arguments):\n"),
    ("\nOptions:\n", "\nOpsi (options):\n"),
    ("\nCommands:\n", "\nPerintah (commands):\n"),
    ("Show this message and exit.", "Bantuan ini. (This help.)"),
    ("[required]", "[wajib]"),
    ("[default: ", "[bawaan: "),
)

#: The same for the options that Typer adds to the program.
_COMPLETION = {
    "install_completion": "Pasang pelengkapan perintah di shell ini. (Install completion in this shell.)",
    "show_completion": "Tampilkan skrip pelengkapan itu. (Show the script of completion.)",
}


def _in_both(text: str) -> str:
    """A help with Typer's own words in both languages."""
    for word, both in _HELP_WORDS:
        text = text.replace(word, both)
    return text


class _OneCommand(TyperCommand):
    """A command whose help is in both languages."""

    def get_help(self, ctx: Any) -> str:
        return _in_both(super().get_help(ctx))


class _Commands(TyperGroup):
    """Commands whose help is in both languages."""

    def get_help(self, ctx: Any) -> str:
        options: list[Any] = [param for param in self.params if param.name in _COMPLETION]
        for option in options:
            option.help = _COMPLETION[option.name]
        return _in_both(super().get_help(ctx))


class _AllCommands(_Commands):
    """All commands; wrong use of each is told in the language of the user."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:
        self._given = list(args)
        with self._translated():
            return super().make_context(info_name, args, *rest, **extra)

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

            raise translated(error, self._given) from None


def app_for(args: list[str]) -> typer.Typer:
    """The command line for what was asked: with one command when it is named first, else with all."""
    app = typer.Typer(
        name="masterplan",
        cls=_AllCommands,
        help="Menyusun satu masterplan dari berkas Markdown dan YAML perangkat daerah. "
        "(Compiles the Markdown and YAML files of a city's agencies into one masterplan.)",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        context_settings={"help_option_names": list(_HELP)},
    )
    app.callback()(_root)
    first = args[0] if args else ""
    named = [command for command in _COMMANDS if command.name == first]
    # The help of all shows no command's options, which Typer would take long to work out.
    listed = first in _HELP
    _add(app, named or _COMMANDS, listed=listed)
    if not named:
        new = typer.Typer(cls=_Commands, no_args_is_help=True, rich_markup_mode=None)
        _add(new, _NEW_COMMANDS, listed=listed)
        app.add_typer(
            new,
            name=_NEW,
            help="Membuat berkas baru: program, perangkat daerah, atau taksonomi. (Make a new file.)",
        )
    return app


def _add(app: typer.Typer, commands: Iterable[_Command], *, listed: bool) -> None:
    """Add commands, or no more of them than a list of them shows."""
    for command in commands:
        app.command(command.name, cls=_OneCommand, help=command.help)(_listed if listed else command.load())


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
