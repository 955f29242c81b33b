"""XLSX of the whole plan: its programs, budget lines, indicators, registers, agencies and tasks as tables for Excel."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan_cli.messages import Both
from masterplan_cli.tasks import Work, assess
from masterplan_cli.values import long_date
from masterplan_cli.writers import Request, Written
from masterplan_cli.writers.xlsx.agencies import participation_sheet
from masterplan_cli.writers.xlsx.programs import program_sheets
from masterplan_cli.writers.xlsx.registers import register_sheets
from masterplan_cli.writers.xlsx.scope import WHOLE, Scope
from masterplan_cli.writers.xlsx.tables import CellValue, Imprint, Opening, Sheet, write_workbook
from masterplan_cli.writers.xlsx.tasks import completeness_sheet, tasks_sheet

_SUMMARY = Both("Ringkasan", "Summary")
_TITLE, _REGION, _NOTE = Both("Judul", "Title"), Both("Daerah", "Region"), Both("Catatan", "Note")


def write(request: Request) -> Written:
    """The whole plan; of an agency's excerpt, what that agency owns, supports and owes."""
    plan = request.plan
    work = assess(plan, request.diagnostics, plan.language)
    scope = Scope(plan, request.book.agency)
    opening = Opening(scope.t(_SUMMARY), _facts(request, scope))
    book = write_workbook(_imprint(request, scope), _sheets(scope, work), opening)
    return Written({f"{request.name}.xlsx": book})


def _sheets(scope: Scope, work: Work) -> Iterator[Sheet]:
    row = work.row_of(scope.agency) if scope.agency else None
    own = [row] if row else []
    yield from program_sheets(scope)
    yield participation_sheet(scope)
    yield from register_sheets(scope)
    yield completeness_sheet(work, own if scope.agency else work.rows, scope.language)
    yield tasks_sheet(own if scope.agency else work.urgent, scope.language)


def _imprint(request: Request, scope: Scope) -> Imprint:
    settings, plan, day = request.plan.settings, request.plan, request.date
    marks = [settings.title, *plan.banners(draft=request.draft)]
    foot = f"{settings.region.name} · {scope.t('period')} {settings.period}"
    foot += f" · {long_date(day, plan.language)}" if day else ""
    return Imprint(settings.title, plan.language, marks, foot, settings.region.name, day)


def _facts(request: Request, scope: Scope) -> list[tuple[str, CellValue]]:
    """What this workbook is, and the figures that its tables add up to."""
    settings, plan, day = request.plan.settings, request.plan, request.date
    programs = scope.programs
    date = CellValue(long_date(day, plan.language) if day else None)
    notes = [(scope.t(_NOTE), CellValue(mark, "warning")) for mark in plan.banners(draft=request.draft)]
    return [
        (scope.t(_TITLE), CellValue(settings.title)),
        (scope.t(_REGION), CellValue(settings.region.name)),
        (scope.t("period"), CellValue(str(settings.period))),
        (scope.t("date"), date),
        *notes,
        *([(scope.t("agency"), CellValue(scope.agency.name))] if scope.agency else []),
        (scope.t("programs.count"), CellValue(len(programs), "left", WHOLE)),
        (scope.t("quick_wins"), CellValue(sum(1 for p in programs if p.quick_win), "left", WHOLE)),
        (scope.t("budget"), CellValue(scope.total, "left", scope.rupiah)),
    ]
