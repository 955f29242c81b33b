"""The command line: options in, one call, print, exit code. Everything else is imported inside commands.

Exit codes: 0 clean, 1 findings at error level, 2 wrong use or no plan found.
"""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    import datetime

    from masterplan_cli.build import Checked
    from masterplan_cli.diagnostics import Diagnostic
    from masterplan_cli.messages import Language
    from masterplan_cli.report.text import Screen
    from masterplan_cli.tasks import Row, Work

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


class Lang(StrEnum):
    """Language of the messages."""

    id = "id"
    en = "en"


class Form(StrEnum):
    """Form of a report."""

    full = "full"
    concise = "concise"
    json = "json"
    json_v1 = "json-v1"
    github = "github"
    gitlab = "gitlab"
    sarif = "sarif"
    junit = "junit"


class System(StrEnum):
    """A CI system."""

    github = "github"
    gitlab = "gitlab"


class TaskForm(StrEnum):
    """Form of the list of tasks."""

    text = "text"
    md = "md"
    json = "json"
    xlsx = "xlsx"


class StatusForm(StrEnum):
    """Form of the status."""

    text = "text"
    md = "md"
    json = "json"


class Kind(StrEnum):
    """Kind of file."""

    masterplan = "masterplan"
    agency = "agency"
    pillar = "pillar"
    program = "program"
    chapter = "chapter"
    findings = "findings"


PathArgument = Annotated[
    Path,
    typer.Argument(help="Folder rencana, atau folder di dalamnya. (Folder of the plan.)", metavar="[PATH]"),
]
LangOption = Annotated[Lang | None, typer.Option("--lang", help="Bahasa pesan. (Language of messages.)")]


@app.command(
    "build", help="Memeriksa rencana lalu menyusun dokumennya. (Check the plan, then make its document.)"
)
def build_command(
    path: PathArgument = Path(),
    to: Annotated[
        str | None,
        typer.Option("--to", help="Bentuk keluaran: html,md,json. (Output formats.)", metavar="LIST"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder keluaran; biasanya build/. (Output folder.)")
    ] = None,
    draft: Annotated[
        bool,
        typer.Option(
            "--draft",
            help="Susun juga bila masih ada error, dengan daftar kekurangan. (Build despite errors.)",
        ),
    ] = False,
    date: Annotated[
        str | None,
        typer.Option("--date", help="Tanggal di sampul, TTTT-BB-HH. (Date on the cover.)", metavar="DATE"),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Make the document."""
    from masterplan_cli import build as pipeline
    from masterplan_cli.report import report
    from masterplan_cli.report.text import summary

    checked = _check(path, lang)
    formats = _formats(to, checked)
    day = _date(date, checked)
    if checked.failed and not draft:
        _print(report(checked.diagnostics, "full", checked.language, _screen()))
        _say(
            "tidak ada dokumen yang ditulis; perbaiki error di atas, atau susun draf dengan --draft",
            "no document was written; mend the errors above, or build a draft with --draft",
            checked.language,
        )
        raise typer.Exit(1)
    if checked.plan is None:
        _print(report(checked.diagnostics, "full", checked.language, _screen()))
        raise typer.Exit(1)
    built = pipeline.build(checked, formats, day, draft=draft)
    folder = out or checked.project.root / "build"
    problems = built.diagnostics or pipeline.write_outputs(folder, built.files, checked.language)
    if problems:
        _print(report(problems, "full", checked.language, _screen()))
        raise typer.Exit(1)
    for name in built.files:
        if "_files/" not in name:
            typer.echo(_relative(folder / name))
    _print(_counts(checked) + "\n")
    if checked.diagnostics:
        _say(
            f"{summary(checked.diagnostics, checked.language)} – lihat `masterplan check`",
            f"{summary(checked.diagnostics, checked.language)} – see `masterplan check`",
            checked.language,
        )


@app.command("check", help="Memeriksa rencana tanpa menulis apa pun. (Check the plan, writing nothing.)")
def check_command(
    path: PathArgument = Path(),
    output_format: Annotated[
        Form, typer.Option("--output-format", help="Bentuk laporan. (Form of the report.)")
    ] = Form.full,
    strict: Annotated[
        bool, typer.Option("--strict", help="Peringatan juga menggagalkan. (Warnings fail as well.)")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Simpan perbaikan yang tidak mengubah arti. (Save fixes that keep the meaning.)"
        ),
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff",
            help="Tampilkan perbaikan itu sebagai diff; tanpa --fix tidak ada yang disimpan. "
            "(Show these fixes; without --fix nothing is saved.)",
        ),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="REV",
            help="Hanya temuan di berkas yang berubah sejak revisi git ini, atau yang timbul karenanya; kode keluar "
            "mengikuti temuan itu. Di CI jalankan juga pemeriksaan penuh. (Only findings in files changed since this "
            "git revision, or caused by the changes; the exit code follows them. CI should run the full check as well.)",
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Check the plan."""
    from masterplan_cli import git
    from masterplan_cli.diagnostics import Severity
    from masterplan_cli.report import report

    checked = _fix(path, lang, save=fix, show=diff) if fix or diff else _check(path, lang)
    found, hidden = _since(checked, since) if since is not None else (checked.diagnostics, "")
    full = output_format is Form.full
    if (found or not (full and hidden)) and (fix or not diff):
        inside = git.prefix(checked.project.root)
        _print(report(found, output_format.value, checked.language, _screen(), prefix=inside))
    if hidden:
        typer.echo(hidden, err=not full)
    if any(strict or d.severity is Severity.ERROR for d in found):
        raise typer.Exit(1)


@app.command(
    "tasks",
    help="Siapa harus berbuat apa, yang paling mendesak dahulu. (Who must do what, most urgent first.)",
)
def tasks_command(
    path: PathArgument = Path(),
    agency: Annotated[
        str | None,
        typer.Option("--agency", help="Hanya perangkat daerah ini. (This agency only.)", metavar="ID"),
    ] = None,
    to: Annotated[TaskForm, typer.Option("--to", help="Bentuk daftar. (Form of the list.)")] = TaskForm.text,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Berkas hasil; xlsx biasanya build/tasks.xlsx. (Output file.)"),
    ] = None,
    lang: LangOption = None,
) -> None:
    """List what each agency must do."""
    from masterplan_cli import screens

    checked, work = _assess(path, lang)
    only = _row_of(work, agency, checked.language) if agency else None
    if to is TaskForm.xlsx:
        from masterplan_cli.writers.xlsx import write_tasks

        target = out or checked.project.root / "build" / "tasks.xlsx"
        _write(target, write_tasks(work, only, checked.language), checked.language)
        return
    colour = out is None and _colour()
    text = {
        TaskForm.text: lambda: screens.tasks_text(work, only, checked.language, _width(), colour=colour),
        TaskForm.md: lambda: screens.tasks_markdown(work, only, checked.language),
        TaskForm.json: lambda: screens.tasks_json(work, only),
    }[to]()
    if out:
        _write(out, text.encode("utf-8"), checked.language)
    else:
        _print(text)


@app.command(
    "status", help="Kelengkapan tiap perangkat daerah di tiap pilar. (Completeness by agency and pillar.)"
)
def status_command(
    path: PathArgument = Path(),
    to: Annotated[
        StatusForm, typer.Option("--to", help="Bentuk tabel. (Form of the table.)")
    ] = StatusForm.text,
    lang: LangOption = None,
) -> None:
    """Show how complete the plan is."""
    from masterplan_cli import screens

    checked, work = _assess(path, lang)
    if to is StatusForm.text:
        _print(screens.status_text(work, checked.language, _width(), colour=_colour()))
    elif to is StatusForm.md:
        _print(screens.status_markdown(work, checked.language))
    else:
        _print(screens.status_json(work))


@app.command("explain", help="Menerangkan satu kode: mengapa, dan cara memperbaikinya. (Explain a code.)")
def explain_command(
    code: Annotated[str, typer.Argument(help="Misalnya MP101.", metavar="CODE")],
    lang: LangOption = None,
) -> None:
    """Explain a code."""
    from masterplan_cli.rules import all_rules
    from masterplan_cli.rules.pages import explanation
    from masterplan_cli.values import near

    rules = {rule.code: rule for rule in all_rules()}
    rule = rules.get(code.upper())
    language = _language(lang)
    if rule is None:
        guess = near(code.upper(), list(rules))
        also = f" ({guess}?)" if guess else ""
        _fail(
            f"kode {code} tidak ada{also}; lihat `masterplan rules`",
            f"there is no code {code}{also}; see `masterplan rules`",
            language,
        )
    _print(explanation(rule, language, _width()))


@app.command("rules", help="Daftar semua aturan. (List all rules.)")
def rules_command(lang: LangOption = None) -> None:
    """List all rules."""
    from masterplan_cli.rules import all_rules
    from masterplan_cli.rules.pages import listing

    _print(listing(all_rules(), _language(lang), _width()))


@app.command("schema", help="JSON Schema sebuah jenis berkas, untuk penyunting. (JSON Schema, for editors.)")
def schema_command(
    kind: Annotated[Kind, typer.Argument(help="Jenis berkas. (Kind of file.)", metavar="KIND")],
    lang: LangOption = None,
) -> None:
    """Print a JSON Schema."""
    import json

    from masterplan_cli.report.machine import FINDINGS_SCHEMA
    from masterplan_cli.schema import json_schema

    found = FINDINGS_SCHEMA if kind is Kind.findings else json_schema(kind.value, _language(lang))
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


@app.command(
    "init", help="Membuat rencana baru yang kecil, dengan petunjuk di dalamnya. (Make a small new plan.)"
)
def init_command(
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
    from masterplan_cli.project import PLAN_FILE
    from masterplan_cli.scaffold import new_plan

    if ci and (folder / PLAN_FILE).exists():
        language = _check(folder, lang).language
        _create(_pipeline(ci, folder, package, language, alone=False), language)
        return
    language = _language(lang)
    made = new_plan(folder, name, language)
    if isinstance(made, str):
        _fail(made, made, language)
    made |= _pipeline(ci, folder, package, language, alone=True) if ci else {}
    _create(_without_kept(made, language), language)
    if ci:
        _warn_of_foreign_repository(folder, language)
    _say(
        f"berikutnya: isi `owner:` di setiap pilar, lalu jalankan `masterplan check {folder}`",
        f"next: fill in `owner:` in every pillar, then run `masterplan check {folder}`",
        language,
    )


@app.command(
    "codeowners",
    help="Menulis CODEOWNERS: setiap perangkat daerah meninjau berkasnya sendiri. (Write CODEOWNERS from the plan.)",
)
def codeowners_command(
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

    checked = _check(path, lang)
    language = checked.language
    if checked.plan is None:
        _fail(
            "masterplan.yaml belum benar; jalankan `masterplan check`",
            "masterplan.yaml is not right yet; run `masterplan check`",
            language,
        )
    made = codeowners(checked.plan, teams, language)
    if isinstance(made, str):
        _fail(made, made, language)
    for agency, files in made.fallen.items():
        _say(
            f"`{agency}` belum punya `reviewers`, jadi koordinator meninjau: {', '.join(files)}",
            f"`{agency}` has no `reviewers`, so the coordinator reviews: {', '.join(files)}",
            language,
        )
    target = out or codeowners_place(checked.project.root)
    printed = str(target) == "-"
    if printed and check:
        _fail(
            "--check membandingkan dengan berkas; hapus `--out -`",
            "--check compares with a file; leave out `--out -`",
            language,
        )
    if printed:
        _print(made.text)
    elif check:
        _compare(target, made.text, language)
    else:
        _replace(target, made.text, language)


@new_app.command("program", help="Membuat pillars/<pilar>/<id>.md. (Make a program.)")
def new_program_command(
    pillar: Annotated[str, typer.Argument(help="Id pilar, misalnya smart-economy.", metavar="PILLAR")],
    program: Annotated[str, typer.Argument(help="Id program, misalnya pasar-digital.", metavar="ID")],
    title: Annotated[str, typer.Option("--title", help="Judul program. (Its title.)")] = "",
    owner: Annotated[str, typer.Option("--owner", help="Id pengampu. (Id of its owner.)")] = "",
    path: Annotated[Path, typer.Option("--path", help="Folder rencana. (Folder of the plan.)")] = Path(),
    lang: LangOption = None,
) -> None:
    """Make a program."""
    from masterplan_cli.scaffold import new_program

    checked = _check(path, lang)
    _create(
        new_program(checked.project, checked.plan, pillar, program, title, owner, checked.language),
        checked.language,
    )


@new_app.command("agency", help="Membuat agencies/<id>.yaml. (Make an agency.)")
def new_agency_command(
    agency: Annotated[str, typer.Argument(help="Id perangkat daerah, misalnya dinkes.", metavar="ID")],
    name: Annotated[str, typer.Option("--name", help="Nama lengkap. (Full name.)")] = "",
    path: Annotated[Path, typer.Option("--path", help="Folder rencana. (Folder of the plan.)")] = Path(),
    lang: LangOption = None,
) -> None:
    """Make an agency."""
    from masterplan_cli.scaffold import new_agency

    checked = _check(path, lang)
    _create(new_agency(checked.project, checked.plan, agency, name, checked.language), checked.language)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"masterplan {version('masterplan-cli')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Versi program. (Version.)")
    ] = False,
) -> None:
    """Options of every command."""


# --- what the commands share


def _check(path: Path, lang: Lang | None) -> Checked:
    """Find the plan at or above a path and check it; wrong use ends the program with 2."""
    from masterplan_cli.build import check

    return check(_root_of(path, lang), _asked(lang))


def _fix(path: Path, lang: Lang | None, *, save: bool, show: bool) -> Checked:
    """Fix the plan at or above a path; what is found afterwards."""
    from masterplan_cli.build import write_outputs
    from masterplan_cli.fixes import fix_plan
    from masterplan_cli.report import report
    from masterplan_cli.report.text import shown

    root = _root_of(path, lang)
    fixed = fix_plan(root, _asked(lang))
    language = fixed.checked.language
    if show:
        _print(shown(fixed.diff()) if sys.stdout.isatty() else fixed.diff())
    if save and (problems := write_outputs(root, fixed.after, language)):
        _print(report(problems, "full", language, _screen()))
        raise typer.Exit(1)
    names = ", ".join(sorted(fixed.after)) or "–"
    if save:
        _say(f"berkas yang diperbaiki: {names}", f"files that were fixed: {names}", language)
    else:
        _say(
            f"berkas yang dapat diperbaiki dengan --fix: {names}",
            f"files that --fix can mend: {names}",
            language,
        )
    return fixed.checked


def _asked(lang: Lang | None) -> Language | None:
    from masterplan_cli.messages import Language

    return Language(lang.value) if lang else None


def _root_of(path: Path, lang: Lang | None) -> Path:
    """The root of the plan at or above a path; without one the program ends with 2."""
    from masterplan_cli.diagnostics import Place, place_findings
    from masterplan_cli.project import find_root
    from masterplan_cli.report import report
    from masterplan_cli.rules.tool import NO_PLAN

    root = find_root(path)
    if root is None:
        language = _language(lang)
        shown = str(path.resolve())
        finding = NO_PLAN.at(Place(shown), path=shown)
        typer.echo(report(place_findings([finding], {}, {}, language), "full", language), err=True, nl=False)
        raise typer.Exit(2)
    return root


def _since(checked: Checked, revision: str) -> tuple[list[Diagnostic], str]:
    """The findings that changes since a revision touch or cause, and a sentence on those left out."""
    from masterplan_cli.since import since

    chosen = since(checked, revision)
    if isinstance(chosen, str):
        _fail(chosen, chosen, checked.language)
    if chosen.notice:
        _say(chosen.notice, chosen.notice, checked.language)
    return chosen.diagnostics, chosen.hidden


def _pipeline(
    system: System, folder: Path, package: str | None, language: Language, *, alone: bool
) -> dict[Path, str]:
    from importlib.metadata import version

    from masterplan_cli.ci import pipeline

    made = pipeline(system.value, folder, package, version("masterplan-cli"), language, alone=alone)
    if isinstance(made, str):
        _fail(made, made, language)
    return made


def _warn_of_foreign_repository(folder: Path, language: Language) -> None:
    from masterplan_cli.ci import foreign_repository

    top = foreign_repository(folder)
    if top:
        _say(
            f"{folder} berada di dalam repo git {top}, sedangkan pipeline hanya berjalan dari puncak repo: jadikan "
            f"{folder} repo tersendiri dengan `git init`, atau hapus pipeline itu lalu jalankan perintah ini sekali lagi",
            f"{folder} is inside the git repository {top}, but a pipeline runs only from the top of one: make {folder} "
            "a repository of its own with `git init`, or delete the pipeline and run this command once more",
            language,
        )


def _without_kept(made: dict[Path, str], language: Language) -> dict[Path, str]:
    """New files without those for git that a repository has already; they may hold more than ours."""
    from masterplan_cli.scaffold import GIT_FILES

    for target in [target for target in made if target.name in GIT_FILES and target.exists()]:
        lines = ", ".join(f"`{line}`" for line in made.pop(target).splitlines())
        _say(
            f"{_relative(target)} sudah ada dan dibiarkan; pastikan isinya memuat {lines}",
            f"{_relative(target)} exists already and was left alone; see that it holds {lines}",
            language,
        )
    return made


def _assess(path: Path, lang: Lang | None) -> tuple[Checked, Work]:
    """Check the plan and see who must do what; a plan that cannot be linked ends the program with 1."""
    from masterplan_cli.report import report
    from masterplan_cli.tasks import assess

    checked = _check(path, lang)
    if checked.plan is None:
        _print(report(checked.diagnostics, "full", checked.language, _screen()))
        raise typer.Exit(1)
    return checked, assess(checked.plan, checked.diagnostics, checked.language)


def _row_of(work: Work, agency: str, language: Language) -> Row:
    """The row of an agency; an unknown one is wrong use."""
    from masterplan_cli.rules.ownership import agency_meant

    row = next((row for row in work.rows if row.agency and row.agency.id == agency), None)
    if row is None:
        guess = agency_meant(work.plan, agency)
        _fail(
            f"perangkat daerah `{agency}` tidak ada di agencies/"
            + (f"; mungkin maksudnya `{guess}`" if guess else "; lihat daftarnya dengan `masterplan status`"),
            f"agency `{agency}` is not in agencies/"
            + (f"; did you mean `{guess}`?" if guess else "; see the list with `masterplan status`"),
            language,
        )
    return row


def _write(target: Path, data: bytes, language: Language) -> None:
    """Save one file as safely as outputs are, and say where it is."""
    from masterplan_cli.build import write_outputs
    from masterplan_cli.report import report

    problems = write_outputs(target.parent, {target.name: data}, language)
    if problems:
        _print(report(problems, "full", language, _screen()))
        raise typer.Exit(1)
    typer.echo(_relative(target))


def _width() -> int:
    """The columns of the terminal, 80 where there is none; a longer line than 120 is hard to read."""
    return min(120, max(60, shutil.get_terminal_size((80, 24)).columns))


def _language(lang: Lang | None) -> Language:
    """The language asked for, else that of the environment, else Indonesian."""
    from masterplan_cli.messages import Language

    wanted = lang.value if lang else os.environ.get("MASTERPLAN_LANG", "id")
    return Language.EN if wanted == "en" else Language.ID


def _formats(to: str | None, checked: Checked) -> list[str]:
    known = ("html", "md", "json")
    if to is None:
        return list(checked.plan.settings.outputs) if checked.plan else []
    wanted = [form.strip().lower() for form in to.split(",") if form.strip()]
    unknown = [form for form in wanted if form not in known]
    if unknown or not wanted:
        _fail(
            f"keluaran tidak dikenal: {', '.join(unknown) or '(kosong)'}; pilihannya: {', '.join(known)}",
            f"unknown output: {', '.join(unknown) or '(none)'}; the choices: {', '.join(known)}",
            checked.language,
        )
    return list(dict.fromkeys(wanted))


def _date(date: str | None, checked: Checked) -> datetime.date | None:
    from masterplan_cli.build import book_date

    try:
        return book_date(checked.project, date)
    except ValueError:
        _fail(
            f"tanggal `{date}` tidak terbaca; tulis misalnya 2026-11-24",
            f"date `{date}` does not read; write for example 2026-11-24",
            checked.language,
        )


def _counts(checked: Checked) -> str:
    from masterplan_cli.diagnostics import Severity
    from masterplan_cli.messages import Both

    plan = checked.plan
    assert plan is not None  # noqa: S101 - a document was built from it
    warnings = sum(1 for d in checked.diagnostics if d.severity is Severity.WARNING)
    return (
        Both(
            "{pillars} pilar, {programs} program, {agencies} perangkat daerah, {warnings} peringatan",
            "{pillars} pillars, {programs} programs, {agencies} agencies, {warnings} warnings",
        )
        .of(checked.language)
        .format(
            pillars=len(plan.pillars),
            programs=len(plan.programs),
            agencies=len(plan.agencies),
            warnings=warnings,
        )
    )


def _create(made: dict[Path, str] | str, language: Language) -> None:
    """Write new files, or say why not; nothing that exists is overwritten."""
    if isinstance(made, str):
        _fail(made, made, language)
    taken = next((target for target in made if target.exists()), None)
    if taken:
        _fail(
            f"{_relative(taken)} sudah ada; tidak ada yang diubah",
            f"{_relative(taken)} exists already; nothing was changed",
            language,
        )
    try:
        for target, text in made.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
            typer.echo(_relative(target))
    except OSError as error:
        _fail(f"tidak dapat menulis: {error.strerror}", f"cannot write: {error.strerror}", language)


def _compare(target: Path, text: str, language: Language) -> None:
    """End with 1 and the difference when a file is not as it should be."""
    import difflib

    old = _existing(target, language)
    if old == text:
        return
    name = _relative(target)
    lines = difflib.unified_diff(old.splitlines(), text.splitlines(), name, name, lineterm="")
    _print("".join(f"{line}\n" for line in lines))
    _say(
        f"masterplan: {name} basi; jalankan `masterplan codeowners`",
        f"masterplan: {name} is stale; run `masterplan codeowners`",
        language,
    )
    raise typer.Exit(1)


def _replace(target: Path, text: str, language: Language) -> None:
    """Write a file that an earlier run may have written; what a person wrote is left alone."""
    from masterplan_cli.build import write_outputs
    from masterplan_cli.ci import by_hand
    from masterplan_cli.report import report

    if by_hand(_existing(target, language)):
        _fail(
            f"{_relative(target)} ditulis dengan tangan; tidak diubah. Hapus dahulu, atau cetak dengan `--out -`",
            f"{_relative(target)} was written by hand and was left alone. Delete it first, or print with `--out -`",
            language,
        )
    problems = write_outputs(target.parent, {target.name: text.encode()}, language)
    if problems:
        _print(report(problems, "full", language, _screen()))
        raise typer.Exit(1)
    typer.echo(_relative(target))


def _existing(target: Path, language: Language) -> str:
    """The text of a file, empty when there is none."""
    try:
        return target.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except OSError as error:
        _fail(
            f"{_relative(target)} tidak dapat dibuka: {error.strerror}",
            f"{_relative(target)} cannot be opened: {error.strerror}",
            language,
        )


def _relative(path: Path) -> str:
    """A path as short as it can be shown from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _screen() -> Screen:
    """The terminal that standard output is; a file or a pipe has neither colours nor a width."""
    from shutil import get_terminal_size

    from masterplan_cli.report.text import Screen

    return Screen(_colour(), get_terminal_size().columns if sys.stdout.isatty() else None)


def _print(text: str) -> None:
    typer.echo(text, nl=False)


def _say(indonesian: str, english: str, language: Language) -> None:
    """A word on progress: on standard error, so that reports stay clean."""
    typer.echo(english if language == "en" else indonesian, err=True)


def _fail(indonesian: str, english: str, language: Language) -> NoReturn:
    _say(f"masterplan: {indonesian}", f"masterplan: {english}", language)
    raise typer.Exit(2)


def main() -> None:
    """The console script; what a Windows code page lacks is shown by the nearest ASCII characters."""
    codecs.register_error("ascii-fallback", _in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="ascii-fallback")
    app()


_ASCII = {
    "–": "-", "—": "-", "−": "-", "…": "...", "→": "->", "←": "<-", "“": '"', "”": '"', "‘": "'", "’": "'", "‹": "<",
    "›": ">", "×": "x", "·": "*", "•": "*", "■": "#", "✓": "v", "✗": "x", "≥": ">=", "≤": "<=", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: the characters that do not encode, as ASCII shows them best."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_ASCII.get(c, "?") for c in missing), error.end
