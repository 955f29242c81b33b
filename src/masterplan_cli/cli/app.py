"""The commands, their order and their sentences."""

from __future__ import annotations

from typing import Annotated

import typer

from masterplan_cli import __version__
from masterplan_cli.cli import build, check, codeowners, knowledge, serve, start, work

app = typer.Typer(
    name="masterplan",
    help="Menyusun satu masterplan dari berkas Markdown dan YAML perangkat daerah. "
    "(Compiles the Markdown and YAML files of a city's agencies into one masterplan.)",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
new_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    new_app, name="new", help="Membuat berkas baru: program atau perangkat daerah. (Make a new file.)"
)

#: The commands in the order of the help, each with its sentence in both languages.
_COMMANDS = (
    (
        "build",
        build.build,
        "Memeriksa rencana lalu menyusun dokumennya. (Check the plan, then make its document.)",
    ),
    (
        "serve",
        serve.serve,
        "Menampilkan dokumen di peramban dan mengikuti berkas. "
        "(Show the document in a browser and follow the files.)",
    ),
    (
        "watch",
        serve.watch,
        "Menyusun dokumen lagi setiap kali berkas disimpan. (Make the document again after every change.)",
    ),
    ("check", check.check, "Memeriksa rencana tanpa mengubah apa pun. (Check the plan, changing nothing.)"),
    (
        "tasks",
        work.tasks,
        "Siapa harus berbuat apa, yang paling mendesak dahulu. (Who must do what, most urgent first.)",
    ),
    (
        "status",
        work.status,
        "Kelengkapan tiap perangkat daerah di tiap pilar. (Completeness by agency and pillar.)",
    ),
    (
        "explain",
        knowledge.explain,
        "Menerangkan satu kode: mengapa, dan cara memperbaikinya. (Explain a code.)",
    ),
    ("rules", knowledge.list_rules, "Daftar semua aturan. (List all rules.)"),
    (
        "schema",
        knowledge.print_schema,
        "JSON Schema sebuah jenis berkas, untuk penyunting. (JSON Schema, for editors.)",
    ),
    (
        "init",
        start.init,
        "Membuat rencana baru yang kecil, dengan petunjuk di dalamnya. (Make a small new plan.)",
    ),
    (
        "codeowners",
        codeowners.codeowners,
        "Menulis CODEOWNERS: setiap perangkat daerah meninjau berkasnya sendiri. (Write CODEOWNERS from the plan.)",
    ),
)
for _name, _function, _help in _COMMANDS:
    app.command(_name, help=_help)(_function)
new_app.command("program", help="Membuat pillars/<pilar>/<id>.md. (Make a program.)")(start.new_program)
new_app.command("agency", help="Membuat agencies/<id>.yaml. (Make an agency.)")(start.new_agency)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"masterplan {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Versi program. (Version.)")
    ] = False,
) -> None:
    """Options of every command."""
