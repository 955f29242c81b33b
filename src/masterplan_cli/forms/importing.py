"""What a workbook changes in a plan: each cell against what it said before and what the file says now.

A cell that says what it said before changes nothing; one that says something else changes the file, unless the file has
changed as well. All of it is made and checked in memory first; whoever asked for it saves all of it or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from masterplan_cli.checking import Checked, diagnose
from masterplan_cli.diagnostics import Diagnostic, Finding, Place
from masterplan_cli.edits.prose import stands_alone
from masterplan_cli.forms.cells import plain, value_at
from masterplan_cli.forms.edits_of import EditsOf
from masterplan_cli.forms.matching import Match, Matcher, can_show, changed_columns, is_as_was, rejoined, says
from masterplan_cli.forms.reading import FormTable, FormTableRow, read_form
from masterplan_cli.forms.records import FormColumn, FormSheet, Home, PlanForm, Record, digest
from masterplan_cli.forms.wording import in_form_words
from masterplan_cli.forms.workbook import key_digest
from masterplan_cli.importing import Changed, Imported, Places, program_stem, section_route, short, try_edits
from masterplan_cli.messages import Both, Language
from masterplan_cli.rules.forms import FORM_IGNORED, FORM_REFUSED, UNREADABLE_FORM
from masterplan_cli.suggestions import EFFORT, Choices
from masterplan_cli.workbooks import Cell, CellFault, Unreadable, typed

#: Stands for a title that several programs have, and for none of them.
_SEVERAL = "?"
#: What Excel shows for a formula without a value, and how a formula begins that was pasted as a text.
_FAULT = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)|=\S.*", re.S)


@dataclass
class ImportedForm(Imported):
    """What a form does to a plan, with its tables."""

    tables: list[FormTable] = field(default_factory=list)
    #: What the file says where both have changed, by the cell.
    conflicts: dict[str, str] = field(default_factory=dict)
    language: Language = Language.ID

    def tell(
        self,
        found: Iterable[Diagnostic],
        places: Places | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        """Keep what was found, in the words of a form."""
        super().tell((in_form_words(one, self.language) for one in found), places, files)


def import_form(checked: Checked, file: Path) -> ImportedForm:
    """What the workbook in a file changes in a plan that was checked."""
    made = ImportedForm(language=checked.language)
    if checked.plan is None:
        made.refused = checked.diagnostics
        return made
    form = PlanForm(checked.plan)
    reading = read_form(file, form)
    if isinstance(reading, Unreadable):
        finding = UNREADABLE_FORM.at(Place(file.name), reading.variant, file=file.name, **reading.words)
        made.refused = diagnose(checked.project, None, [finding], checked.language)
        return made
    made.tables = reading.tables
    take_tables(made, checked, form, file.name, reading.others)
    return made


def take_tables(
    made: ImportedForm, checked: Checked, form: PlanForm, file: str, others: Iterable[str] = ()
) -> None:
    """Try what the tables of a form say; `file` is where they come from, `others` where sheets begin that are none."""
    plan = _Planner(form, file)
    for cell in others:
        plan.ignore("sheet", cell=cell)
    for table in sorted(plan.one_of_each(made.tables), key=lambda table: table.sheet.form != "file"):
        plan.take(table)
    made.changes, made.conflicts = plan.changes, plan.conflicts
    edits, made.places = plan.edits.made()
    try_edits(made, checked, edits, made.places, plan.findings)


class _Planner:
    """The edits that the rows of a workbook ask for, table after table, and why some are not made."""

    def __init__(self, form: PlanForm, file: str) -> None:
        self.form, self.file = form, file
        self.changes: list[Changed] = []
        self.findings: list[Finding] = []
        self.conflicts: dict[str, str] = {}
        self.edits = EditsOf(form)
        #: The ids of the programs that this workbook brings along or knows by another title, by that.
        self.titles: dict[str, str] = {}
        #: The ids of the programs that are called otherwise in this workbook.
        self.renamed: set[str] = set()
        #: The titles of new programs as they are written, and of those that are refused.
        self.new_titles: list[str] = []
        self.refused_titles: set[str] = set()
        self._meant: dict[str, Choices] = {}
        self.paths = set(form.plan.by_path)

    def ignore(self, variant: str, **words: Any) -> None:
        """Say what is not taken over."""
        self.findings.append(FORM_IGNORED.at(Place(self.file), variant, **words))

    def one_of_each(self, tables: list[FormTable]) -> list[FormTable]:
        """One table of each kind: of a copied sheet the one that says something new; where both do, neither counts."""
        kept: list[FormTable] = []
        for sheet in dict.fromkeys(table.sheet.name for table in tables):
            own = [table for table in tables if table.sheet.name == sheet]
            new = [table for table in own if any(_is_new(table.sheet, row) for row in table.rows)]
            kept += (new or own)[:1]
            for other in new[1:]:
                cell = other.place(other.head)
                self.findings.append(FORM_REFUSED.at(Place(self.file), "twice", cell=cell, sheet=new[0].name))
        return kept

    def take(self, table: FormTable) -> None:
        """Take over what the rows of a table say."""
        for cell, head in table.others.items():
            self.ignore("", cell=cell, head=short(head) or "–")
        if table.bare and table.sheet.records:
            self.ignore("bare", cell=table.place(table.head))
        matcher = Matcher(table.sheet)
        told = table.rows if table.complete else rejoined(table.sheet, table.rows)
        rows = [self._without_faults(table, row) for row in told]
        matches = {match.row.number: match for match in matcher.placed(r for r in rows if r.base is not None)}
        for row in rows:
            match = matches.get(row.number)
            if row.astray:
                self._refuse(table, row, "", "astray")
            elif row.base is not None and (match is None or match.row is row):
                self._take_placed(table, match)
            else:
                self._take_named(table, match.row if match else row, matcher)

    def _without_faults(self, table: FormTable, row: FormTableRow) -> FormTableRow:
        """A row whose cells without a value are told, and say nothing."""
        faults = {key: typed(cell) for key, cell in row.cells.items() if isinstance(cell, CellFault)}
        for key in changed_columns(table.sheet, row):
            if _FAULT.fullmatch(said := typed(row.cells[key])):
                faults[key] = said
        for key, said in faults.items():
            self._refuse(table, row, key, "fault", cell_says=short(said))
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
                words = {"at": row.path} if row.path in known else {"path": short(row.path)}
                self._refuse(table, row, "", "gone" if row.path in known else "path", **words)
            return
        if table.complete:
            self._note_all(table, row, record)
        if self._is_emptied(table, row):
            self._remove(table, row, record)
        elif not self._is_moved(table, row, record):
            self._compare(table, row, record)

    def _note_all(self, table: FormTable, row: FormTableRow, record: Record) -> None:
        """Remember where each value of a record is shown, whether it changes or not."""
        for column in table.sheet.columns:
            place = table.place(row.number, column.key)
            route = record.places.get(column.key) or (*record.route, *column.route)
            routes = [*map(section_route, column.headings[-1])] if column.headings else [route]
            if table.sheet.form == "lines" and not column.year:  # all lines of the row have it
                routes = [(*amount[:-1], *column.route) for amount in record.places.values()]
            for one in routes:
                self.edits.note(record.path, one, place)
            if len(column.route) > 1:  # what is missing as a whole is shown at its first part
                self.edits.note(record.path, (*record.route, *column.route[:-1]), place)

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
        elif self._holds_more(table, record):
            self._refuse(table, row, "", "holds", at=record.path)
        else:
            self.edits.remove(table.sheet, record)
            first = next(iter(record.said.values()), "")
            self.changes.append(Changed(table.place(row.number), self._about(record), short(first), ""))

    def _holds_more(self, table: FormTable, record: Record) -> bool:
        """Whether an item has lists of its own, which stand on another sheet and would go with it."""
        item = value_at(self.form.plan.by_path[record.path].value, record.route)
        own = {column.route[0] for column in table.sheet.columns if column.route}
        return isinstance(item, dict) and any(item[name] for name in item.keys() - own)

    def _is_moved(self, table: FormTable, row: FormTableRow, record: Record) -> bool:
        """Whether a row now names another owner than its record has."""
        for column, own in zip(table.sheet.keys, record.owner, strict=True):
            cell = row.cells.get(column.key)
            as_was = key_digest(cell) == (row.base or {}).get(column.key, "")
            if not typed(cell) or as_was or column.key in row.covered:
                continue
            if own not in (column.kind.of_cell(cell, ""), self.titles.get(plain(typed(cell)).casefold())):
                shown = short(typed(cell))
                self._refuse(table, row, column.key, "moved", at=record.path, cell_says=shown)
                return True
        return False

    def _id(self, column: FormColumn, cell: Cell) -> str:
        """The id of what a cell names; programs are called by their titles after the import as well."""
        known = column.kind.of_cell(cell, "")
        if column.key != "@program" or not (titled := self.titles.get(plain(typed(cell)).casefold())):
            return known
        named = known in self.form.names["programs"].shown and known not in {titled, *self.renamed}
        return _SEVERAL if named else titled

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
            elif not is_as_was(column, row, record.pillar):
                if row.base.get(column.key, "") == digest(file):
                    changes[column.key] = cell
                else:
                    self._refuse_conflict(table, row, record, column, file)
        if table.sheet.form == "file" and (title := changes.get("title")):
            id_ = record.path.removeprefix("pillars/").rpartition(".")[0]
            self.renamed.add(id_)
            self._name_program(title, record.pillar, id_)
        self._change(table, row, record, changes)

    def _change(
        self, table: FormTable, row: FormTableRow, record: Record, changes: Mapping[str, str]
    ) -> None:
        """Let a record say what is new in a row."""
        changes = self._without_headings(table, row, changes)
        cells = {key: table.place(row.number, key) for key in changes}
        for key, said in changes.items():
            column = table.sheet.by_key[key]
            before = column.kind.in_cell(record.said.get(key, ""), record.pillar)
            after = column.kind.in_cell(said, record.pillar)
            about = self._about(record, column)
            self.changes.append(Changed(cells[key], about, short(typed(before)), short(typed(after))))
        if changes:
            self.edits.change(table.sheet, record, changes, cells)

    def _without_headings(
        self, table: FormTable, row: FormTableRow, said: Mapping[str, str]
    ) -> dict[str, str]:
        """What cells say, without the texts of sections that would begin others or swallow them."""
        prose = {key for key in said if table.sheet.by_key[key].headings}
        bad = {key for key in prose if not stands_alone(said[key])}
        for key in sorted(bad):
            self._refuse(table, row, key, "section")
        return {key: text for key, text in said.items() if key not in bad}

    def _refuse_conflict(
        self, table: FormTable, row: FormTableRow, record: Record, column: FormColumn, file: str
    ) -> None:
        route = record.places.get(column.key, record.route)
        words: dict[str, Any] = {
            "cell_says": short(typed(row.cells[column.key])) or "–",
            "file_says": short(typed(column.kind.in_cell(file, record.pillar))) or "–",
        }
        cell = table.place(row.number, column.key)
        self.conflicts[cell] = file
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
        record = None if table.complete and home else matcher.named(row, owner, pillar)
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
            self._refuse_owner(table, row, several=owner[0] == _SEVERAL)
            return None
        return tuple(owner)

    def _refuse_owner(self, table: FormTable, row: FormTableRow, *, several: bool) -> None:
        """Say that nobody knows whose a row is, unless it is of a program that is refused itself."""
        column = table.sheet.keys[0]
        said = plain(typed(row.cells.get(column.key)))
        if table.sheet.form == "file":
            self.refused_titles.add(plain(typed(row.cells.get("title"))).casefold())
        elif said.casefold() in self.refused_titles:
            return
        words = {"cell_says": short(said)}
        if near := None if several else self._near(said, column.options):
            words["near"] = short(near)
        self._refuse(
            table, row, column.key, "several" if several else "near" if near else "homeless", **words
        )

    def _near(self, said: str, listed: str) -> str | None:
        """The name of a list, or of a new program, that was probably meant."""
        if listed not in self._meant:
            names = self.form.lists[listed]
            self._meant[listed] = Choices(
                [*names, *self.new_titles] if listed != "pillars" else names, EFFORT
            )
        return self._meant[listed].suggest(said)

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
        said = self._without_headings(table, row, said)
        place = table.place(row.number, table.sheet.columns[0].key)
        shown = table.sheet.by_key if table.complete else said
        cells = {key: table.place(row.number, key) for key in shown}
        if table.sheet.form == "file":
            if not said.get("title"):
                column = table.sheet.by_key["title"]
                self._refuse(table, row, "title", "nowhere", column=column.title.of(self.form.plan.language))
                return
            path, id_ = self._new_path(home, said["title"])
            self._name_program(said["title"], home.pillar, id_)
            self.new_titles.append(said["title"])
            self.edits.new_file(table.sheet, path, (id_, home.pillar), said, cells)
        else:
            self.edits.insert(table.sheet, home, said, cells)
        about = next((said[c.key] for c in table.sheet.columns if said.get(c.key)), "")
        self.changes.append(Changed(place, Both(about, about), "", short(about), new=True))

    def _name_program(self, title: str, pillar: str, id_: str) -> None:
        """Let other rows name a new program by its title, with its pillar where another program has the same one."""
        for name in (title, f"{title} ({self.form.names['pillars'].name_of(pillar, '')})"):
            key = name.casefold()
            self.titles[key] = id_ if self.titles.get(key, id_) == id_ else _SEVERAL

    def _new_path(self, home: Home, title: str) -> tuple[str, str]:
        """A path for a new program, and its id, which no other one has."""
        names = _numbered(program_stem(title))
        name = next(n for n in names if not {f"{home.path}/{n}.md", f"{home.path}/{n}.yaml"} & self.paths)
        self.paths.add(f"{home.path}/{name}.md")
        return f"{home.path}/{name}.md", f"{home.pillar}/{name}"


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _is_new(sheet: FormSheet, row: FormTableRow) -> bool:
    """Whether a row says something that was not in the form when it was made."""
    return bool(changed_columns(sheet, row)) if row.base is not None else not row.is_empty
