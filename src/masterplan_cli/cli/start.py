"""`masterplan init` and `masterplan new`: files that do not exist yet."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan_cli.cli.console import fail, say, short_path, spoken, typed
from masterplan_cli.cli.options import LangOption, System
from masterplan_cli.cli.plans import check_at, known_agency, stop_at

if TYPE_CHECKING:
    from masterplan_cli.messages import Language


def init(
    folder: Annotated[Path, typer.Argument(help="Folder baru. (New folder.)", metavar="DIR")],
    name: Annotated[str, typer.Option("--name", help="Nama daerah. (Name of the region.)")] = "Kota Contoh",
    ci: Annotated[
        System | None,
        typer.Option(
            "--ci",
            help="Tulis juga pipeline CI; untuk rencana yang sudah ada, hanya pipeline. "
            "(Write a CI pipeline as well; for an existing plan, that alone.)",
        ),
    ] = None,
    package: Annotated[
        str | None,
        typer.Option(
            "--package",
            metavar="SPEC",
            help="Yang dipasang pip di CI; biasanya masterplan-cli==versi ini. (What pip installs in CI.)",
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Make a new plan, or a pipeline for one."""
    from masterplan_cli.ci import repository_top
    from masterplan_cli.files import PLAN_FILE
    from masterplan_cli.scaffold import new_plan

    if ci and os.path.lexists(folder / PLAN_FILE):
        language = check_at(folder, lang).language
        _create(repository_top(folder), _pipeline(ci, folder, package, language, alone=False), language)
        _say_package(package, language)
        return
    language = spoken(lang)
    made = new_plan(folder, _region(name, language), language)
    if isinstance(made, str):
        fail(made, made, language)
    made |= _pipeline(ci, folder, package, language, alone=True) if ci else {}
    _create(folder, _without_kept(made, language), language)
    if ci:
        _warn_of_foreign_repository(folder, language)
        _say_package(package, language)
    _say_next(folder, language)


def _say_next(folder: Path, language: "Language") -> None:
    """What to do with a new plan."""
    command = f"masterplan check {typed(folder)}"
    say(
        f"berikutnya: isi `owner:` di setiap pilar dan program, misalnya `owner: diskominfo`, lalu jalankan `{command}`",
        f"next: fill in `owner:` in every pillar and program, as in `owner: diskominfo`, then run `{command}`",
        language,
    )


def _region(name: str, language: "Language") -> str:
    """The name of a region in one line; an empty one is wrong use."""
    name = " ".join(name.split())
    if not name or not name.isprintable():
        fail(
            'nama daerah kosong atau memuat huruf kendali; tulis misalnya --name "Kota Contoh"',
            'the region\'s name is empty or has control characters; write for example --name "Kota Contoh"',
            language,
        )
    return name


def new_program(
    pillar: Annotated[
        str, typer.Argument(help="Id pilar, misalnya smart-economy. (Id of the pillar.)", metavar="PILLAR")
    ],
    program: Annotated[
        str, typer.Argument(help="Id program, misalnya pasar-digital. (Id of the program.)", metavar="ID")
    ],
    title: Annotated[str, typer.Option("--title", help="Judul program. (Its title.)")] = "",
    owner: Annotated[
        str, typer.Option("--owner", help="Id atau nama pengampu. (Id or name of its owner.)")
    ] = "",
    path: Annotated[Path, typer.Option("--path", help="Folder rencana. (Folder of the plan.)")] = Path(),
    lang: LangOption = None,
) -> None:
    """Make a program."""
    from masterplan_cli.scaffold import new_program

    checked = check_at(path, lang)
    if owner and checked.plan:
        owner = known_agency(owner, checked.plan, checked.language, new=True)
    made = new_program(checked.project, checked.plan, pillar, program, title, owner, checked.language)
    _create(checked.project.root, made, checked.language)
    if not owner:
        say(
            "berikutnya: isi `owner:` di berkas itu dengan id pengampunya",
            "next: fill in `owner:` in that file with the id of its owner",
            checked.language,
        )


def new_agency(
    agency: Annotated[
        str, typer.Argument(help="Id perangkat daerah, misalnya dinkes. (Id of the agency.)", metavar="ID")
    ],
    name: Annotated[str, typer.Option("--name", help="Nama lengkap. (Full name.)")] = "",
    path: Annotated[Path, typer.Option("--path", help="Folder rencana. (Folder of the plan.)")] = Path(),
    lang: LangOption = None,
) -> None:
    """Make an agency."""
    from masterplan_cli.messages import Both
    from masterplan_cli.scaffold import new_agency

    checked = check_at(path, lang)
    if not name and sys.stdin.isatty():
        name = typer.prompt(Both("Nama lengkap", "Full name").of(checked.language))
    _create(
        checked.project.root,
        new_agency(checked.project, checked.plan, agency, name, checked.language),
        checked.language,
    )


def new_taxonomy(
    path: Annotated[Path, typer.Option("--path", help="Folder rencana. (Folder of the plan.)")] = Path(),
    lang: LangOption = None,
) -> None:
    """Write the shipped taxonomy out, to be changed, and name it in the plan."""
    from masterplan_cli.diagnostics import place_findings
    from masterplan_cli.files import PLAN_FILE
    from masterplan_cli.scaffold import TAXONOMY_FILE, naming_own_taxonomy, new_taxonomy

    checked = check_at(path, lang)
    root, language = checked.project.root, checked.language
    made = new_taxonomy(checked.project, checked.plan, language)
    settings = checked.project.read_bytes(PLAN_FILE)
    named = naming_own_taxonomy(settings, checked.plan.settings.taxonomy) if checked.plan else {}
    if isinstance(named, list):
        stop_at(place_findings(named, checked.project.located, {}, language), language)
        return
    _create(root, made, language, named)
    if not named:
        say(
            f"supaya dipakai, tulis `taxonomy: {TAXONOMY_FILE}` di {PLAN_FILE}",
            f"for it to be used, write `taxonomy: {TAXONOMY_FILE}` in {PLAN_FILE}",
            language,
        )
        return
    say(
        f"{PLAN_FILE} kini menyebut `taxonomy: {TAXONOMY_FILE}`; ubah isinya, lalu jalankan `masterplan check`",
        f"{PLAN_FILE} now says `taxonomy: {TAXONOMY_FILE}`; change that file, then run `masterplan check`",
        language,
    )


def _pipeline(
    system: System, folder: Path, package: str | None, language: "Language", *, alone: bool
) -> dict[Path, str]:
    from importlib.metadata import version

    from masterplan_cli.ci import pipeline

    made = pipeline(system.value, folder, package, version("masterplan-cli"), language, alone=alone)
    if isinstance(made, str):
        fail(made, made, language)
    return made


def _say_package(package: str | None, language: "Language") -> None:
    """What pip finds in CI nobody knows here; who named the package has thought of it."""
    if package is None:
        from importlib.metadata import version

        spec = f"masterplan-cli=={version('masterplan-cli')}"
        say(
            f"bila `{spec}` tidak ada di indeks paket yang dipakai CI, ganti PACKAGE di pipeline itu dengan alamat git atau berkas wheel",
            f"if the package index that CI uses has no `{spec}`, set PACKAGE in that pipeline to a git address or a wheel",
            language,
        )


def _warn_of_foreign_repository(folder: Path, language: "Language") -> None:
    from masterplan_cli.ci import foreign_repository

    top = foreign_repository(folder)
    if top:
        say(
            f"{folder} berada di dalam repo git {top}, sedangkan pipeline hanya berjalan dari puncak repo: jadikan "
            f"{folder} repo tersendiri dengan `git init`, atau hapus pipeline itu lalu jalankan perintah ini sekali lagi",
            f"{folder} is inside the git repository {top}, but a pipeline runs only from the top of one: make {folder} "
            "a repository of its own with `git init`, or delete the pipeline and run this command once more",
            language,
        )


def _without_kept(made: dict[Path, str], language: "Language") -> dict[Path, str]:
    """New files without those for git that a repository has already; they may hold more than ours."""
    from masterplan_cli.scaffold import GIT_FILES

    for target in [target for target in made if target.name in GIT_FILES and os.path.lexists(target)]:
        lines = ", ".join(f"`{line}`" for line in made.pop(target).splitlines())
        say(
            f"{short_path(target)} sudah ada dan dibiarkan; pastikan isinya memuat {lines}",
            f"{short_path(target)} exists already and was left alone; see that it holds {lines}",
            language,
        )
    return made


def _create(
    top: Path, made: dict[Path, str] | str, language: "Language", edited: dict[str, bytes] | None = None
) -> None:
    """Write new files below a folder, or say why not; nothing that exists is overwritten but what was edited for them."""
    from masterplan_cli.outputs import write_sources

    if isinstance(made, str):
        fail(made, made, language)
    taken = next((target for target in made if os.path.lexists(target)), None)
    if taken:
        fail(
            f"{short_path(taken)} sudah ada; tidak ada yang diubah",
            f"{short_path(taken)} exists already; nothing was changed",
            language,
        )
    files = {target.relative_to(top).as_posix(): text.encode() for target, text in made.items()}
    stop_at(write_sources(top, files | (edited or {}), language), language)
    for target in made:
        typer.echo(short_path(target))
