"""The table of agencies: their part in each pillar, what they own and support."""

from __future__ import annotations

from collections.abc import Callable

from masterplan_cli import schema
from masterplan_cli.messages import Both
from masterplan_cli.plan import Role
from masterplan_cli.writers.xlsx.scope import ID, Scope
from masterplan_cli.writers.xlsx.tables import Sheet, Value

_SHEET = Both("Peran Serta", "Participation")
_AGENCIES = Both("perangkat daerah", "agencies")
_ROLES: tuple[tuple[str, Callable[[Role], int]], ...] = (
    ("P", lambda cell: cell.owner), ("U", lambda cell: cell.programs), ("D", lambda cell: cell.supports),
    ("T", lambda cell: cell.duty),
)  # fmt: skip


def participation_sheet(scope: Scope) -> Sheet:
    """One row an agency, with its marks in each pillar."""
    columns = [
        scope.number(),
        scope.counted("agency", 44, _AGENCIES),
        scope.column("short", 18),
        scope.column(ID, 18),
        scope.column("kind", 16),
        *(scope.column(Both(pillar.title, pillar.title), 14) for pillar in scope.plan.pillars),
        scope.whole("owns", 15),
        scope.whole("supports", 16),
        scope.money("budget", scope.plan.total),
    ]
    rows: list[list[Value]] = []
    for agency, cells in scope.plan.participation():
        if scope.agency in (None, agency):
            kind = schema.AGENCY_KIND.label(agency.data.kind, scope.language)
            marks = [" ".join(_roles(cell)) for cell in cells]
            counts = len(agency.owned), len(agency.supported), sum(program.total for program in agency.owned)
            rows.append([len(rows) + 1, agency.name, agency.data.short, agency.id, kind, *marks, *counts])
    about = f"{scope.t('matrix.table')}. {scope.t('matrix.key').replace('**', '')}"
    return Sheet(scope.t(_SHEET), about, columns, rows)


def _roles(cell: Role) -> list[str]:
    """The marks of the participation matrix, as its key explains them."""
    shown = [(mark, role(cell)) for mark, role in _ROLES]
    return [mark if isinstance(count, bool) else f"{mark}{count}" for mark, count in shown if count]
