"""The tables of tasks and of completeness: in the plan's workbook, and as one of their own."""

from __future__ import annotations

from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.tasks import Level, Row, Share, Task, Work
from masterplan_cli.writers.xlsx.tables import (
    CellValue,
    Column,
    Imprint,
    Sheet,
    Total,
    Value,
    columns_of,
    write_workbook,
)

_SHEETS = Both("Tugas", "Tasks"), Both("Kelengkapan", "Completeness")
_COLUMNS = (
    (Both("Perangkat daerah", "Agency"), 30),
    (Both("Id", "Id"), 16),
    (Both("Tingkat", "Level"), 14),
    (Both("Pilar", "Pillar"), 20),
    (Both("Tentang", "About"), 30),
    (Both("Yang harus diselesaikan", "What remains to be done"), 50),
    (Both("Caranya", "How"), 50),
    (Both("Berkas", "File"), 36),
    (Both("Baris", "Line"), 9),
    (Both("Kode", "Code"), 9),
)
#: Which of them says what is to be done, and what is counted below it.
_TASK, _COUNTED = 5, Both("tugas", "tasks")
_ABOUT = Both("Yang harus diselesaikan setiap perangkat daerah.", "What each agency has to resolve.")
_DONE = Both("Terisi", "Done"), Both("Diminta", "Asked")
_WHOLE, _PERCENT = "#,##0", "0%"


def write_tasks(work: Work, only: Row | None, language: Language) -> bytes:
    """The tasks, and how complete every agency is, as a workbook."""
    rows = [only] if only else work.urgent
    sheets = [tasks_sheet(rows, language), completeness_sheet(work, [only] if only else work.rows, language)]
    return write_workbook(Imprint(work.plan.settings.title, language, [work.plan.settings.title]), sheets)


def tasks_sheet(rows: list[Row], language: Language) -> Sheet:
    """The tasks of some agencies."""
    tasks = [_task(row, task, language) for row in rows for task in row.tasks]
    columns = columns_of(language, _COLUMNS)
    columns[0] = columns[0]._replace(total=Total("word", word=LABELS["total"].of(language)))
    columns[_TASK] = columns[_TASK]._replace(total=Total("count", form=f'#,##0 "{_COUNTED.of(language)}"'))
    return Sheet(_SHEETS[0].of(language), _ABOUT.of(language), columns, tasks, frozen=1)


def _name(row: Row, language: Language) -> str:
    return row.agency.name if row.agency else LABELS["status.nobody"].of(language)


def _task(row: Row, task: Task, language: Language) -> list[Value]:
    return [
        _name(row, language),
        row.agency.id if row.agency else None,
        CellValue(task.level.word(language), str(task.level)),
        task.pillar.title if task.pillar else None,
        task.node.title if task.node else None,
        task.message,
        task.help,
        task.path,
        task.line,
        task.code,
    ]


def completeness_sheet(work: Work, rows: list[Row], language: Language) -> Sheet:
    """Agencies down, pillars across, with the sums of the rows that are shown."""
    shares = [*(pillar.title for pillar in work.plan.pillars), LABELS["status.all"].of(language)]
    counts = [*(head.of(language) for head in _DONE), *(level.word(language) for level in Level)]
    named = Column(_COLUMNS[0][0].of(language), 44, total=Total("word", word=LABELS["total"].of(language)))
    columns = [named, *columns_of(language, [(_COLUMNS[1][0], 18)])]
    columns += [Column(title, 14, _PERCENT) for title in shares]
    at = len(columns)
    columns[-1] = columns[-1]._replace(total=Total("share", parts=(at, at + 1)))
    columns += [Column(head, 13, _WHOLE, Total("sum")) for head in counts]
    about = f"{LABELS['status.table'].of(language)}. {LABELS['status.key'].of(language).replace('**', '')}"
    return Sheet(_SHEETS[1].of(language), about, columns, [_status(row, language) for row in rows], frozen=1)


def _status(row: Row, language: Language) -> list[Value]:
    share = row.share
    return [
        _name(row, language),
        row.agency.id if row.agency else None,
        *(_percent(cell.share, cell.marks) for cell in row.cells),
        _percent(share, style="strong"),
        share.done,
        share.asked,
        *(CellValue(row.count(level), str(level) if row.count(level) else "") for level in Level),
    ]


def _percent(share: Share, marks: str = "", style: str = "") -> CellValue:
    """A number that Excel can sort and count with; the marks stand before it as part of its form."""
    if share.percent is None:
        return CellValue("–", style)
    return CellValue(share.percent / 100, style, f'"{marks} "0%' if marks else _PERCENT)
