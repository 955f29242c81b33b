"""The sheets of a form: what columns each has, as the schema tells, and what a plan's files say in its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from masterplan_cli import schema
from masterplan_cli.edits.prose import Headings, section_text
from masterplan_cli.forms.cells import (
    YES_NO,
    CellKind,
    KnownNames,
    Named,
    NamesInPillars,
    Scalar,
    SectionKind,
    Several,
    value_at,
)
from masterplan_cli.messages import LABELS, Both
from masterplan_cli.nodes import Agency, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.rules.agency_names import named_agency
from masterplan_cli.schema.labels import annotation_at, field_label, model_in, type_in
from masterplan_cli.schema.types import Choice
from masterplan_cli.source import Route
from masterplan_cli.taxonomy import Term

#: A list of groups with these fields is shown as one row for all that is alike besides, with a column for each year.
_YEAR, _AMOUNT = "year", "amount"
#: The lists of a program that have their sheets first.
_FIRST = ("indicators", "budget", "risks", "partners", "evidence", "alignment")
#: So wide are columns by what they hold, in characters.
_WIDE, _WIDEST, _NARROW, _FIGURE = 34, 60, 14, 16
_TARGETS = {"targets": Both("Target", "Target"), "actuals": Both("Realisasi", "Result")}
_PROGRAMS, _PILLARS = Both("Program", "Program"), Both("Pilar", "Pillar")
_DUTIES, _DUTY = Both("Tugas pilar", "Pillar duties"), Both("Tugas", "Duty")
_HOLDER = Both("Program atau sasaran", "Program or goal")
_GOAL = Both("Sasaran {pillar}: {goal}", "Goal of {pillar}: {goal}")
_WHOSE = {
    "program": Both(
        "Program yang memuat baris ini; program baru ditulis dahulu di lembar Program.",
        "The program that this row belongs to; a new one is first written in the sheet of programs.",
    ),
    "pillar": Both(
        "Pilar; baris yang sudah ada tidak dapat dipindah.", "The pillar; rows that exist cannot be moved."
    ),
    "agency": Both("Perangkat daerah yang bertugas.", "The agency whose duty it is."),
    "prose": Both(
        "Bagian naskah; baris kosong memisahkan paragraf.",
        "A section of the text; an empty line parts paragraphs.",
    ),
    "year": Both(" Tahun {year}.", " In {year}."),
}


@dataclass(frozen=True)
class FormColumn:
    """A column of a sheet: what it is called, how its values are written, and where they stand in a record."""

    key: str
    title: Both
    about: Both
    kind: CellKind
    route: Route = ()
    required: bool = False
    #: The words that lead to a section, for one that holds prose.
    headings: Headings = ()
    #: The list of names that it is chosen from; `closed` where it holds all that may be chosen.
    options: str = ""
    closed: bool = False
    year: str = ""


class Home(NamedTuple):
    """Where records may stand: a file, or a folder for new ones, and the route in it."""

    path: str
    route: Route
    pillar: str


class Record(NamedTuple):
    """A row that the plan has: where it stands, whose it is, what its cells say and where in the file they stand."""

    path: str
    route: Route
    owner: tuple[str, ...]
    pillar: str
    said: dict[str, str]
    places: dict[str, Route]


@dataclass(frozen=True)
class FormSheet:
    """A kind of record: the columns that tell whose a row is, and those that hold what it says."""

    name: Both
    keys: tuple[FormColumn, ...]
    columns: tuple[FormColumn, ...]
    homes: Mapping[tuple[str, ...], Home]
    records: tuple[Record, ...]
    #: What its records are: `file`, `fixed` ones that are neither made nor removed, `item`, or `lines` of one item each.
    form: str = "item"
    #: The list of a program's file that they stand in.
    list_name: str = ""

    @property
    def all_columns(self) -> tuple[FormColumn, ...]:
        return (*self.keys, *self.columns)

    @cached_property
    def by_key(self) -> dict[str, FormColumn]:
        return {column.key: column for column in self.all_columns}


def digest(said: str) -> str:
    """What stands for a text in a workbook, so that a change of it shows."""
    return sha256(said.encode("utf-8", "replace")).hexdigest()[:10] if said else ""


def spoken(title: Both) -> Both:
    """A label as the head of a column."""
    return Both(title.id[:1].upper() + title.id[1:], title.en[:1].upper() + title.en[1:])


def with_own_heads(sheet: FormSheet) -> FormSheet:
    """A sheet in which no column is called as another one is in either language, such as a section called as a field."""
    taken: set[str] = set()
    made: list[FormColumn] = []
    for column in sheet.all_columns:
        title, number = column.title, 1
        while taken & {word.casefold() for word in title}:
            number += 1
            title = Both(*(f"{word} {number}" for word in column.title))
        taken |= {word.casefold() for word in title}
        made.append(replace(column, title=title))
    keys = len(sheet.keys)
    return replace(sheet, keys=tuple(made[:keys]), columns=tuple(made[keys:]))


def fillable_pillars(plan: Plan) -> list[Pillar]:
    """The pillars that may have programs."""
    return [pillar for pillar in plan.pillars if pillar.exists and not pillar.broken]


@dataclass(eq=False)
class PlanForm:
    """The sheets of a plan's form, with all records or those of one agency or pillar."""

    plan: Plan
    agency: Agency | None = None
    pillar: Pillar | None = None
    lists: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan, language = self.plan, self.plan.language
        self.programs = [program for program in plan.programs if not program.broken]
        self.pillars = fillable_pillars(plan)
        self.agencies = [agency for agency in plan.agency_list if not agency.broken]
        subs = ((p, t) for p in plan.pillars if p.term for t in p.term.subdimensions)
        self.names: dict[str, KnownNames] = {
            "agencies": KnownNames(((a.id, a.name) for a in plan.agency_list), self._agency),
            "pillars": KnownNames((p.id, p.title) for p in plan.pillars),
            "programs": KnownNames((p.id, p.name) for p in plan.programs),
            "subdimensions": NamesInPillars(
                ((f"{p.id}/{t.id}", f"{p.title}: {t.name.of(language)}") for p, t in subs), self._subdimension
            ),
            "holders": KnownNames(self._holders()),
        }
        self.lists = {name: list(names.shown.values()) for name, names in self.names.items()}
        units = {unit.casefold(): unit for unit in (*plan.taxonomy.units, *plan.settings.units)}
        self.lists["units"] = sorted(units.values(), key=str.casefold)
        self.lists["sources"] = list(plan.offered_sources)
        self.sheets = [with_own_heads(sheet) for sheet in self._sheets()]

    def _agency(self, text: str, _pillar: str) -> str | None:
        return named_agency(self.plan, text)

    def _subdimension(self, text: str, pillar: str) -> str | None:
        term = self.plan.taxonomy.by_id.get(pillar)
        subs = term.subdimensions if term else ()
        return next((f"{pillar}/{sub.id}" for sub in subs if text.casefold() in _words(sub)), None)

    def _holders(self) -> Iterator[tuple[str, str]]:
        """What may hold indicators: programs, and the goals of pillars."""
        yield from ((program.id, program.name) for program in self.plan.programs)
        for pillar, goal, number in self._goals():
            said = value_at(goal, ["title"])
            name = _GOAL.of(self.plan.language).format(pillar=pillar.title, goal=said or number + 1)
            yield f"{pillar.id}/goals/{number}", name

    def _goals(self) -> Iterator[tuple[Pillar, Any, int]]:
        for pillar in self.plan.pillars:
            goals = pillar.value.get("goals")
            for number, goal in enumerate(goals if isinstance(goals, list) else ()):
                yield pillar, goal, number

    # --- what is shown

    def shows(self, node: Program | Pillar | Agency) -> bool:
        """Whether a form of one agency or pillar has the records of a file."""
        if isinstance(node, Agency):
            return self.agency in (None, node)
        pillar = node.pillar if isinstance(node, Program) else node
        return self.agency in (None, node.owner) and self.pillar in (None, pillar)

    def _sheets(self) -> Iterator[FormSheet]:
        yield self._file_sheet()
        groups = {name: _group_in(info.annotation) for name, info in schema.Program.model_fields.items()}
        for name in sorted(groups, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)):
            group = groups[name]
            if group is not None:
                yield self._list_sheet(name, group)
        yield from self._pillar_sheets()
        yield self._duties()

    def _file_sheet(self) -> FormSheet:
        keys = (self._key("pillar", _PILLARS, "pillars"),)
        columns = (*self._columns(schema.Program), *self._sections())
        homes: dict[tuple[str, ...], Home] = {
            (p.id,): Home(f"pillars/{p.id}", (), p.id) for p in self.pillars
        }
        records = [
            self._record(node, (), (node.pillar.id,), columns) for node in self.programs if self.shows(node)
        ]
        return FormSheet(_PROGRAMS, keys, columns, homes, tuple(records), "file")

    def _list_sheet(self, name: str, group: type[BaseModel]) -> FormSheet:
        """The sheet of a list that programs have; goals of pillars have indicators as well."""
        with_goals = name == "indicators"
        owners: dict[tuple[str, ...], tuple[Program | Pillar, Route]] = {
            (p.id,): (p, (name,)) for p in self.programs
        }
        if with_goals:
            goals = [(p, n) for p, _, n in self._goals() if p in self.pillars]
            owners |= {(f"{p.id}/goals/{n}",): (p, ("goals", n, name)) for p, n in goals}
        key = (
            self._key("program", _HOLDER, "holders")
            if with_goals
            else self._key("program", _PROGRAMS, "programs")
        )
        label = spoken(field_label(schema.Program, (name,)) or Both(name, name))
        sheet = self._item_sheet(label, key, owners, self._columns(group), group)
        return replace(sheet, list_name=name)

    def _item_sheet(
        self,
        name: Both,
        key: FormColumn,
        owners: Mapping[tuple[str, ...], tuple[Program | Pillar, Route]],
        columns: tuple[FormColumn, ...],
        group: type[BaseModel],
    ) -> FormSheet:
        homes = {ids: Home(node.path, route, _pillar_of(node)) for ids, (node, route) in owners.items()}
        pivoted = {_YEAR, _AMOUNT} <= set(group.model_fields)
        records: list[Record] = []
        for ids, (node, route) in owners.items():
            if not self.shows(node):
                continue
            items = value_at(node.value, route)
            if pivoted:
                records += self._lines(node, route, ids, columns)
            else:
                count = len(items) if isinstance(items, list) else 0
                records += [self._record(node, (*route, n), ids, columns) for n in range(count)]
        form = "lines" if pivoted else "item"
        return FormSheet(name, (key,), columns, homes, tuple(records), form)

    def _pillar_sheets(self) -> Iterator[FormSheet]:
        key = self._key("pillar", _PILLARS, "pillars")
        columns = self._columns(schema.Pillar)
        records = [self._record(p, (), (p.id,), columns) for p in self.pillars if self.shows(p)]
        yield FormSheet(_PILLARS, (key,), columns, {}, tuple(records), "fixed")
        owners: dict[tuple[str, ...], tuple[Program | Pillar, Route]] = {
            (p.id,): (p, ("goals",)) for p in self.pillars
        }
        label = spoken(field_label(schema.Pillar, ("goals",)) or _PILLARS)
        yield self._item_sheet(label, key, owners, self._columns(schema.Goal), schema.Goal)

    def _duties(self) -> FormSheet:
        """Each agency's duty in each pillar, written or not."""
        keys = (
            self._key("agency", Both(*(LABELS["agency"])), "agencies"),
            self._key("pillar", _PILLARS, "pillars"),
        )
        duty = FormColumn("duty", _DUTY, _about(schema.Agency, "duties"), CellKind(_WIDEST))
        places = [(a, p) for a in self.agencies if a.owes_duties and self.shows(a) for p in self.plan.pillars]
        records = [
            self._record(a, ("duties", p.id), (a.id, p.id), (duty,))
            for a, p in places
            if self.pillar in (None, p)
        ]
        return FormSheet(_DUTIES, keys, (duty,), {}, tuple(records), "fixed")

    # --- columns

    def _key(self, key: str, title: Both, options: str) -> FormColumn:
        kind = Named(_WIDE, names=self.names[options])
        return FormColumn(f"@{key}", title, _WHOSE[key], kind, required=True, options=options)

    def _columns(self, model: type[BaseModel], above: Route = ()) -> tuple[FormColumn, ...]:
        """A column for each value that a model holds; those of groups within it, and of years, stand there as well."""
        made: list[FormColumn] = []
        for name, info in model.model_fields.items():
            route, inside = (*above, name), model_in(info.annotation)
            if get_origin(inside) is dict:
                made += self._years(model, name, route, _TARGETS[name])
            elif isinstance(inside, type) and issubclass(inside, BaseModel):
                made += self._columns(inside, route)
            elif name == _AMOUNT and _YEAR in model.model_fields:
                made += self._years(model, name, (), Both("", ""))
            elif name != _YEAR or _AMOUNT not in model.model_fields:
                made += [] if _group_in(inside) else [self._column(model, name, route, above)]
        return tuple(sorted(made, key=lambda column: bool(column.year)))

    def _column(self, model: type[BaseModel], name: str, route: Route, above: Route) -> FormColumn:
        label = field_label(model, (name,)) or Both(name, name)
        kind, options, closed = self._kind(model, name)
        required = model.model_fields[name].is_required() and not above
        key = "/".join(map(str, route))
        about = _NAMED.get(name) or _about(model, name)
        if isinstance(kind, Several) and name not in _NAMED:
            about = Both(*(f"{words} {more}" for words, more in zip(about, _EACH, strict=True)))
        return FormColumn(key, spoken(label), about, kind, route, required, (), options, closed)

    def _kind(self, model: type[BaseModel], name: str) -> tuple[CellKind, str, bool]:
        """How a field's values are written, and the list of names that they are chosen from."""
        language, reader = self.plan.language, type_in(model.model_fields[name])
        several = get_origin(annotation_at(model, (name,))) is tuple
        listed = _LISTED.get((model.__name__, name)) or _LISTED.get(("", name), "")
        kind: CellKind = CellKind(_WIDE)
        if listed in self.names:
            kind = Named(_WIDE, names=self.names[listed])
        elif isinstance(reader, Choice):
            listed = f"{model.__name__}.{name}"
            self.lists[listed] = [reader.label(word, language) for word in reader.words]
            kind = Scalar(_NARROW, type=reader, language=language)
        elif reader is not None:
            form = _FORMS.get(_form_of(reader), "text")
            words = reader.form["type"] in ("string", ["string", "number", "boolean"])
            width = _WIDE if form == "text" and words else _FIGURE
            kind = Scalar(width, form, reader, language)
            if _form_of(reader) == "Ya":
                listed = "yes"
                self.lists[listed] = [word.of(language) for word in YES_NO]
        if several:
            return Several(_WIDE, "lines", kind), listed, False
        return kind, listed, bool(listed) and listed not in ("units", "sources")

    def _years(self, model: type[BaseModel], name: str, above: Route, word: Both) -> list[FormColumn]:
        """A column for each year of the plan, and for those that files write of besides."""
        inside = model_in(model.model_fields[name].annotation)
        money = name == _AMOUNT
        reader = type_in(model.model_fields[name] if money else get_args(inside)[1])
        assert reader  # noqa: S101 - figures have a type
        kind = Scalar(_FIGURE, "money" if money else "text", reader, self.plan.language)
        label, about = word, _about(model, name)
        made = []
        for year in self._all_years(name):
            title = Both(f"{label.id} {year}".strip(), f"{label.en} {year}".strip())
            route = (*above, year) if above else (_AMOUNT,)
            said = Both(
                about.id + _WHOSE["year"].id.format(year=year), about.en + _WHOSE["year"].en.format(year=year)
            )
            made.append(FormColumn(f"{name}/{year}", title, said, kind, route, year=year))
        return made

    def _all_years(self, name: str) -> list[str]:
        years = {str(year) for year in self.plan.years}
        nodes: list[Program | Pillar] = [*self.pillars, *self.programs]
        if name == _AMOUNT:
            years |= {str(line.year) for line in self.plan.budget}
        else:
            figures = (getattr(measure.indicator, name) for node in nodes for measure in node.measures)
            years |= {str(year) for of_one in figures for year in of_one}
        return sorted(years)

    def _sections(self) -> Iterator[FormColumn]:
        for term in self.plan.taxonomy.sections.program:
            words = term.name.of(self.plan.language), *_spellings(term)
            title = spoken(term.name)
            yield FormColumn(
                f"text/{term.id}", title, _WHOSE["prose"], SectionKind(_WIDEST, "lines"), headings=(words,)
            )

    @cached_property
    def order(self) -> tuple[tuple[str, ...], ...]:
        """The words of all sections of a program, in their order."""
        return tuple(column.headings[0] for column in self._sections())

    # --- records

    def _record(
        self,
        node: Program | Pillar | Agency,
        route: Route,
        owner: tuple[str, ...],
        columns: Iterable[FormColumn],
    ) -> Record:
        pillar = _pillar_of(node)
        item, said, places = value_at(node.value, route), {}, {}
        for column in columns:
            if column.headings:
                body = self.plan.project.parsed[node.path].body
                text = column.kind.of_text(section_text(body or "", column.headings) or "", pillar)
            else:
                text = column.kind.of_file(value_at(item, column.route), pillar)
            if text:
                said[column.key], places[column.key] = text, (*route, *column.route)
        return Record(node.path, route, owner, pillar, said, places)

    def _lines(
        self, node: Program | Pillar, route: Route, owner: tuple[str, ...], columns: tuple[FormColumn, ...]
    ) -> list[Record]:
        """Rows of lines that say the same but for their year and amount; a second line of one year begins another."""
        items = value_at(node.value, route)
        rows: dict[tuple[str, ...], list[Record]] = {}
        pillar = _pillar_of(node)
        plain = [column for column in columns if not column.year]
        for number, item in enumerate(items if isinstance(items, list) else ()):
            own = {c.key: c.kind.of_file(value_at(item, c.route), pillar) for c in plain}
            year = str(value_at(item, (_YEAR,)) or "").strip()
            column = next((c for c in columns if c.year == year), None)
            amount = column.kind.of_file(value_at(item, (_AMOUNT,)), pillar) if column else ""
            if column is None or not amount:
                continue
            alike = rows.setdefault(tuple(own.values()), [])
            row = next((row for row in alike if column.key not in row.said), None)
            if row is None:
                row = Record(node.path, route, owner, pillar, {k: v for k, v in own.items() if v}, {})
                alike.append(row)
            row.said[column.key], row.places[column.key] = amount, (*route, number, _AMOUNT)
        return [row for alike in rows.values() for row in alike]


#: What the names in a field are those of, by its model, or in any.
_LISTED = {
    ("", "owner"): "agencies",
    ("", "supporting"): "agencies",
    ("", "subdimension"): "subdimensions",
    ("", "depends_on"): "programs",
    ("", "unit"): "units",
    ("BudgetLine", "source"): "sources",
}
#: What is said of fields that have ids in files, and names in a form.
_NAMED = {
    "owner": Both("Nama satu perangkat daerah.", "The name of one agency."),
    "supporting": Both("Nama perangkat daerah, satu per baris.", "Names of agencies, one a line."),
    "subdimension": Both("Nama subdimensi pilar ini.", "The name of a sub-dimension of this pillar."),
    "depends_on": Both("Judul program lain, satu per baris.", "Titles of other programs, one a line."),
}
_EACH = Both("Satu isian per baris.", "One entry a line.")
_FORMS = {"Rp 850.000.000": "money", "18 November 2021": "date", "40 %": "percent"}


def _form_of(reader: Any) -> str:
    """The example that a type has in its form."""
    return str(next(iter(reader.form.get("examples", ())), ""))


def _about(model: type[BaseModel], name: str) -> Both:
    info = model.model_fields[name]
    extra = info.json_schema_extra
    english = extra["x-en"] if isinstance(extra, dict) else None
    return Both(
        info.description or "", str(english[1]) if isinstance(english, list) else info.description or ""
    )


def _group_in(annotation: Any) -> type[BaseModel] | None:
    """The model of the items of a list."""
    inside = model_in(annotation)
    items = get_args(inside)[:1] if get_origin(inside) is tuple else ()
    found = next((model_in(item) for item in items), None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _pillar_of(node: Program | Pillar | Agency) -> str:
    if isinstance(node, Program):
        return node.pillar.id
    return node.id if isinstance(node, Pillar) else ""


def _words(term: Term) -> set[str]:
    return {word.casefold() for word in (term.name.id, term.name.en, *_spellings(term))}


def _spellings(term: Term) -> tuple[str, ...]:
    return tuple(dict.fromkeys((term.name.id, term.name.en, term.id, *term.aliases)))
