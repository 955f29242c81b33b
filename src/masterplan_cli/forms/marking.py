"""The workbook again as it was sent in, with what is wrong in red and said beside it."""

from __future__ import annotations

from masterplan_cli.checking import Checked
from masterplan_cli.forms.importing import ImportedForm
from masterplan_cli.forms.reading import FormTable, FormTableRow
from masterplan_cli.forms.records import PlanForm
from masterplan_cli.forms.workbook import SHOWN, FormRow, write_form
from masterplan_cli.workbooks import CellFault


def marked_form(checked: Checked, made: ImportedForm) -> bytes:
    """A form with the rows of a workbook that was read, and the findings on them."""
    assert checked.plan  # noqa: S101 - a workbook is read for a plan that is linked
    rows = [(table.sheet, [_row(table, row, made.notes) for row in table.rows]) for table in made.tables]
    return write_form(PlanForm(checked.plan), rows)


def _row(table: FormTable, row: FormTableRow, notes: dict[str, str]) -> FormRow:
    known = (row.base or {}) | {f"{key}{SHOWN}": digest for key, digest in row.shown.items()}
    base = " ".join(f"{key}={digest}" for key, digest in known.items())
    own = {key: notes[place] for key in row.cells if (place := table.place(row.number, key)) in notes}
    shown = {key: cell for key, cell in row.cells.items() if key not in row.covered}
    cells = {key: cell.said if isinstance(cell, CellFault) else cell for key, cell in shown.items()}
    return FormRow(row.path, row.route, base, cells, own)
