"""What a workbook changes in a plan: each cell against what it said before and what the file says now.

A cell that says what it said before changes nothing; one that says something else changes the file, unless the file has
changed as well. All of it is made and checked in memory first; whoever asked for it saves all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from masterplan_cli.checking import Checked, diagnose
from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.forms.edits_of import EditsOf
from masterplan_cli.forms.matching import Match, Matcher, can_show, changed_columns, says
from masterplan_cli.forms.reading import FormTable, FormTableRow, read_form
from masterplan_cli.forms.records import FormColumn, Home, PlanForm, Record, digest
from masterplan_cli.importing import Changed, Imported, try_edits
from masterplan_cli.messages import Both
from masterplan_cli.project import ID
from masterplan_cli.rules.forms import FORM_IGNORED, FORM_REFUSED, UNREADABLE_FORM
from masterplan_cli.values import slug
from masterplan_cli.workbooks import Cell, CellFault, Unreadable, typed

#: So much of what a cell says is shown.
_SHOWN = 60
_LONGEST_ID = 60
#: Stands for a title that several new programs have, and for none of them.
_SEVERAL = "?"


@dataclass
class ImportedForm(Imported):
    """What a form does to a plan, with its tables."""

    tables: list[FormTable] = field(default_factory=list)


def import_form(checked: Checked, file: Path) -> ImportedForm:
    """What the workbook in a file changes in a plan that was checked."""
    made = ImportedForm()
    if checked.plan is None:
        made.refused = checked.diagnostics
        return made
    form = PlanForm(checked.plan)
    tables = read_form(file, form)
    if isinstance(tables, Unreadable):
        finding = UNREADABLE_FORM.at(Place(file.name), tables.variant, file=file.name, **tables.words)
        made.refused = diagnose(checked.project, None, [finding], checked.language)
        return made
    made.tables = tables
    plan = _Planner(form, file.name)
    for table in sorted(tables, key=lambda table: table.sheet.form != "file"):
        plan.take(table)
    made.changes = plan.changes
    edits, places = plan.edits.made()
    try_edits(made, checked, edits, places, plan.findings)
    return made


class _Planner:
    """The edits that the rows of a workbook ask for, table after table, and why some are not made."""

    def __init__(self, form: PlanForm, file: str) -> None:
        self.form, self.file = form, file
        self.changes: list[Changed] = []
        self.findings: list[Finding] = []
        self.edits = EditsOf(form)
        #: The ids of the programs that this workbook brings along or knows by another title, by that.
        self.titles: dict[str, str] = {}
        self.paths = set(form.plan.by_path)

    def take(self, table: FormTable) -> None:
        """Take over what the rows of a table say."""
        for cell, head in table.others.items():
            self.findings.append(FORM_IGNORED.at(Place(self.file), cell=cell, head=_short(head) or "–"))
        matcher = Matcher(table.sheet)
        rows = [self._without_faults(table, row) for row in table.rows]
        matches = {match.row.number: match for match in matcher.placed(r for r in rows if r.base is not None)}
        for row in rows:
            match = matches.get(row.number)
            if row.base is not None and (match is None or match.row is row):
                self._take_placed(table, match)
            else:
                self._take_named(table, match.row if match else row, matcher)

    def _without_faults(self, table: FormTable, row: FormTableRow) -> FormTableRow:
        """A row whose cells without a value are told, and say nothing."""
        faults = {key: cell.said for key, cell in row.cells.items() if isinstance(cell, CellFault)}
        for key, said in faults.items():
            self._refuse(table, row, key, "fault", cell_says=_short(said))
        return replace(row, covered=row.covered | faults.keys()) if faults else row

    def _refuse(self, table: FormTable, row: FormTableRow, key: str, variant: str, **words: Any) -> None:
        """Say why something is not taken over; a path of the plan is the place of the finding as well."""
        path = words.pop("at", "") or self.file
        cell = table.place(row.number, key)
        self.findings.append(FORM_REFUSED.at(Place(path), variant, cell=cell, **words))

    # --- rows that say where they stand

    def _take_placed(self, table: FormTable, match: Match | None) -> None:
        if match is None:  # a copy of another row that says nothing else
            return
        row, record, sheet = match.row, match.record, table.sheet
        if record is None:
            if changed_columns(sheet, row) and not row.is_empty:
                known = {r.path for r in sheet.records} | {home.path for home in sheet.homes.values()}
                words = {"at": row.path} if row.path in known else {"path": _short(row.path)}
                self._refuse(table, row, "", "gone" if row.path in known else "path", **words)
            return
        if self._is_emptied(table, row):
            self._remove(table, row, record)
        elif not self._is_moved(table, row, record):
            self._compare(table, row, record)

    def _is_emptied(self, table: FormTable, row: FormTableRow) -> bool:
        """Whether all that a row said is gone from its cells."""
        had = {c.key for c in table.sheet.columns if (row.base or {}).get(c.key)}
        empty = all(not typed(row.cells.get(column.key)) for column in table.sheet.columns)
        return empty and bool(had) and had <= set(row.cells) - row.covered and table.sheet.form != "fixed"

    def _remove(self, table: FormTable, row: FormTableRow, record: Record) -> None:
        base = row.base or {}
        if table.sheet.form == "file":
            self._refuse(table, row, "", "program", path=record.path, at=record.path)
        elif any(base.get(c.key, "") != digest(record.said.get(c.key, "")) for c in table.sheet.columns):
            self._refuse(table, row, "", "removed", at=record.path)
        else:
            self.edits.remove(table.sheet, record)
            first = next(iter(record.said.values()), "")
            self.changes.append(Changed(table.place(row.number), self._about(record), _short(first), ""))

    def _is_moved(self, table: FormTable, row: FormTableRow, record: Record) -> bool:
        """Whether a row now names another owner than its record has."""
        for column, own in zip(table.sheet.keys, record.owner, strict=True):
            cell = row.cells.get(column.key)
            said = self._id(column, cell)
            # A name that nothing has any more was that of the row's own program.
            other = said != own and said in self.form.names[column.options].shown
            as_was = digest(said) == (row.base or {}).get(column.key, "")
            if other and not as_was and column.key not in row.covered:
                shown = _short(typed(cell))
                self._refuse(table, row, column.key, "moved", at=record.path, cell_says=shown)
                return True
        return False

    def _id(self, column: FormColumn, cell: Cell) -> str:
        """The id of what a cell names; programs are called by their titles after the import as well."""
        titled = self.titles.get(typed(cell).casefold()) if column.key == "@program" else None
        return titled or column.kind.of_cell(cell, "")

    def _compare(self, table: FormTable, row: FormTableRow, record: Record) -> None:
        """Take over what cells say anew."""
        changes: dict[str, str] = {}
        for column in table.sheet.columns:
            if column.key not in row.cells or column.key in row.covered:
                continue
            file = record.said.get(column.key, "")
            cell = says(column, row.cells[column.key], record.pillar, file)
            if cell == file or not can_show(column, file, record.pillar):
                continue
            if row.base is None:
                if cell:
                    changes[column.key] = cell
            elif digest(cell) != row.base.get(column.key, ""):
                if row.base.get(column.key, "") == digest(file):
                    changes[column.key] = cell
                else:
                    self._refuse_conflict(table, row, record, column, file)
        if table.sheet.form == "file" and (title := changes.get("title")):
            self.titles[title.casefold()] = record.path.removeprefix("pillars/").rpartition(".")[0]
        self._change(table, row, record, changes)

    def _change(
        self, table: FormTable, row: FormTableRow, record: Record, changes: Mapping[str, str]
    ) -> None:
        """Let a record say what is new in a row."""
        cells = {key: table.place(row.number, key) for key in changes}
        for key, said in changes.items():
            column = table.sheet.by_key[key]
            before = column.kind.in_cell(record.said.get(key, ""), record.pillar)
            after = column.kind.in_cell(said, record.pillar)
            about = self._about(record, column)
            self.changes.append(Changed(cells[key], about, _short(typed(before)), _short(typed(after))))
        if changes:
            self.edits.change(table.sheet, record, changes, cells)

    def _refuse_conflict(
        self, table: FormTable, row: FormTableRow, record: Record, column: FormColumn, file: str
    ) -> None:
        route = record.places.get(column.key, record.route)
        words: dict[str, Any] = {
            "cell_says": _short(typed(row.cells[column.key])) or "–",
            "file_says": _short(typed(column.kind.in_cell(file, record.pillar))) or "–",
        }
        cell = table.place(row.number, column.key)
        self.findings.append(FORM_REFUSED.at(Place(record.path, route), cell=cell, **words))

    def _about(self, record: Record, column: FormColumn | None = None) -> Both:
        node = self.form.plan.by_path.get(record.path)
        name = node.title if node else record.path
        return Both(
            *(f"{name}: {word}" if column else name for word in (column.title if column else (name, name)))
        )

    # --- rows that do not

    def _take_named(self, table: FormTable, row: FormTableRow, matcher: Matcher) -> None:
        """A row that is new, or has lost its hidden cells."""
        if all(not typed(row.cells.get(column.key)) for column in table.sheet.columns):
            return
        owner = self._owner(table, row)
        if owner is None:
            return
        home = self._home(table, owner)
        pillar = home.pillar if home else ""
        record = matcher.named(row, owner, pillar)
        if record is not None:
            self._compare(table, replace(row, base=None), record)
        elif home is None:
            self._refuse(table, row, table.sheet.keys[0].key, "fixed")
        else:
            self._insert(table, row, home)

    def _owner(self, table: FormTable, row: FormTableRow) -> tuple[str, ...] | None:
        """Whose a row is."""
        owner: list[str] = []
        for column in table.sheet.keys:
            id_ = self._id(column, row.cells.get(column.key))
            if not id_:
                word = column.title.of(self.form.plan.language)
                self._refuse(table, row, column.key, "nowhere", column=word)
                return None
            owner.append(id_)
        if table.sheet.form != "fixed" and self._home(table, tuple(owner)) is None:
            key = table.sheet.keys[0].key
            self._refuse(table, row, key, "homeless", cell_says=_short(typed(row.cells.get(key))))
            return None
        return tuple(owner)

    def _home(self, table: FormTable, owner: tuple[str, ...]) -> Home | None:
        """Where new records of an owner stand."""
        new = self.edits.new_programs.get(owner[0])
        if new is not None and table.sheet.keys[0].key == "@program":
            return Home(new[0], (table.sheet.list_name,), new[1])
        return table.sheet.homes.get(owner)

    def _insert(self, table: FormTable, row: FormTableRow, home: Home) -> None:
        """Make a new record of a row."""
        said: dict[str, str] = {}
        for column in table.sheet.columns:
            text = (
                column.kind.of_cell(row.cells.get(column.key), home.pillar)
                if column.key not in row.covered
                else ""
            )
            if text:
                said[column.key] = text
        place = table.place(row.number, table.sheet.columns[0].key)
        cells = {key: table.place(row.number, key) for key in said}
        if table.sheet.form == "file":
            if not said.get("title"):
                column = table.sheet.by_key["title"]
                self._refuse(table, row, "title", "nowhere", column=column.title.of(self.form.plan.language))
                return
            path, id_ = self._new_path(home, said["title"])
            self._name_program(said["title"], home.pillar, id_)
            self.edits.new_file(table.sheet, path, (id_, home.pillar), said, cells)
        else:
            self.edits.insert(table.sheet, home, said, cells)
        about = next((said[c.key] for c in table.sheet.columns if said.get(c.key)), "")
        self.changes.append(Changed(place, Both(about, about), "", _short(about), new=True))

    def _name_program(self, title: str, pillar: str, id_: str) -> None:
        """Let other rows name a new program by its title, with its pillar where another program has the same one."""
        key = title.casefold()
        self.titles[f"{key} ({self.form.names['pillars'].name_of(pillar, '').casefold()})"] = id_
        if self.form.names["programs"].id_of(title, "") is None:
            self.titles[key] = _SEVERAL if key in self.titles else id_

    def _new_path(self, home: Home, title: str) -> tuple[str, str]:
        """A path for a new program, and its id, which no other one has."""
        stem = slug(title)[:_LONGEST_ID].strip("-")
        stem = stem if ID.fullmatch(stem) and stem != "pillar" else "program"
        names = _numbered(stem)
        name = next(n for n in names if not {f"{home.path}/{n}.md", f"{home.path}/{n}.yaml"} & self.paths)
        self.paths.add(f"{home.path}/{name}.md")
        return f"{home.path}/{name}.md", f"{home.pillar}/{name}"


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _short(text: str) -> str:
    """A text in one line of a list."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
