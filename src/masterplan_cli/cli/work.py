"""`masterplan tasks` and `masterplan status`: who must do what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan_cli.cli.console import in_colour, put, text_width
from masterplan_cli.cli.options import LangOption, PathArgument, StatusForm, TaskForm
from masterplan_cli.cli.plans import assess_at, known_agency, save

if TYPE_CHECKING:
    from masterplan_cli.messages import Language
    from masterplan_cli.tasks import Row, Work


def tasks(
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

    checked, work = assess_at(path, lang)
    only = _row_of(work, agency, checked.language) if agency else None
    if to is TaskForm.xlsx:
        from masterplan_cli.writers.xlsx.tasks import write_tasks

        target = out or checked.project.root / "build" / "tasks.xlsx"
        within = out.parent if out else checked.project.root
        save(target, write_tasks(work, only, checked.language), within, checked.language)
        return
    colour = out is None and in_colour()
    text = {
        TaskForm.text: lambda: screens.tasks_text(work, only, checked.language, text_width(), colour=colour),
        TaskForm.md: lambda: screens.tasks_markdown(work, only, checked.language),
        TaskForm.wa: lambda: screens.tasks_messages(work, only, checked.language),
        TaskForm.json: lambda: screens.tasks_json(work, only),
    }[to]()
    if out:
        save(out, text.encode("utf-8"), out.parent, checked.language)
    else:
        put(text)


def status(
    path: PathArgument = Path(),
    to: Annotated[
        StatusForm, typer.Option("--to", help="Bentuk tabel. (Form of the table.)")
    ] = StatusForm.text,
    lang: LangOption = None,
) -> None:
    """Show how complete the plan is."""
    from masterplan_cli import screens

    checked, work = assess_at(path, lang)
    if to is StatusForm.text:
        put(screens.status_text(work, checked.language, text_width(), colour=in_colour()))
    elif to is StatusForm.md:
        put(screens.status_markdown(work, checked.language))
    else:
        put(screens.status_json(work))


def _row_of(work: "Work", agency: str, language: "Language") -> "Row":
    """The row of an agency; an unknown one is wrong use."""
    id_ = known_agency(agency, work.plan, language)
    return next(row for row in work.rows if row.agency and row.agency.id == id_)
