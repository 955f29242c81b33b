"""The pages of the browser form, out of the schema: what each field is called, what stands in it, and where it belongs."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from masterplan_cli.forms.cells import Named, NamesInPillars, Scalar, Several
from masterplan_cli.forms.records import FormColumn, FormSheet, PlanForm, Record, digest, fillable_pillars
from masterplan_cli.forms.workbook import shown_route
from masterplan_cli.live.panel import coded
from masterplan_cli.live.words import WORDS
from masterplan_cli.messages import Language
from masterplan_cli.nodes import Agency, Program
from masterplan_cli.plan import Plan
from masterplan_cli.schema.types import Choice
from masterplan_cli.values import long_date
from masterplan_cli.workbooks import Cell, typed

#: So wide are the columns of a form that hold some words, and those that hold whole sentences.
_WORDS, _SENTENCES = 34, 60
#: Stands for the number of a row that is yet to be made.
NEW_ROW = "{n}"


class PageOf(NamedTuple):
    """What a page is about: a program of a file, a new one of a pillar, a pillar, or the duties of an agency."""

    kind: str
    path: str
    pillar: str
    title: str
    preset: Mapping[str, str] = {}


@dataclass(frozen=True)
class FieldView:
    """A field as a page shows it: `control` is `input`, `select`, `text`, `area`, `lines` or `prose`."""

    place: str
    key: str
    label: str
    about: Markup
    control: str
    value: str
    required: bool = False
    year: str = ""
    options: tuple[str, ...] = ()
    #: The list of names that the page offers for it.
    listed: str = ""


@dataclass(frozen=True)
class RowView:
    """A record as a page shows it, with what stood in each of its fields when the page was made."""

    sheet: int
    number: str
    path: str
    route: str
    base: Mapping[str, str]
    fields: tuple[FieldView, ...]
    #: The name of the goal that it measures.
    goal: str
    #: The fields of years, by what they are of.
    series: Mapping[str, tuple[FieldView, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetView:
    """A list of records of one kind, with an empty one to make more of."""

    name: str
    table: bool
    rows: tuple[RowView, ...]
    empty: RowView


def place_of(sheet: int, key: str, number: int | str) -> str:
    """The place of a field in its page, which is the id of its element."""
    return f"{sheet}!{key}@{number}"


def has_sheet(kind: str, sheet: FormSheet) -> bool:
    """Whether pages of a kind show records of a sheet."""
    key = sheet.keys[0]
    if kind == "pillar":
        return measures_goals(sheet) or (key.key == "@pillar" and sheet.form != "file")
    return key.key == "@agency" if kind == "duties" else key.key == "@program" or sheet.form == "file"


def measures_goals(sheet: FormSheet) -> bool:
    """Whether goals have records of a sheet as well, as programs have."""
    return sheet.keys[0].options == "holders"


class FormPage:
    """What one page shows: its own fields, and the lists of records below them."""

    def __init__(self, form: PlanForm, of: PageOf) -> None:
        self.form, self.of, self.language = form, of, form.plan.language
        #: The names that fields offer, by the lists that they stand in.
        self.lists: dict[str, list[str]] = {}
        self.own: list[RowView] = []
        self.sheets: list[SheetView] = []
        own = ((index, sheet) for index, sheet in enumerate(form.sheets) if has_sheet(of.kind, sheet))
        # Goals come before what they are measured by.
        for index, sheet in sorted(own, key=lambda pair: pair[1].keys[0].key):
            records: list[tuple[int, Record | None]] = [
                (number, record) for number, record in enumerate(sheet.records) if self.has(record)
            ]
            if sheet.form not in ("file", "fixed"):
                self.sheets.append(self._sheet(index, sheet, records))
            elif records or sheet.form == "file":
                self.own = [self._row(index, sheet, n, r) for n, r in records or [(0, None)]]

    def has(self, record: Record) -> bool:
        """Whether a record is one of this page."""
        return bool(self.of.path) and record.path == self.of.path

    def _sheet(self, index: int, sheet: FormSheet, records: Iterable[tuple[int, Record | None]]) -> SheetView:
        rows = tuple(self._row(index, sheet, number, record) for number, record in records)
        empty = self._row(index, sheet, NEW_ROW)
        return SheetView(sheet.name.of(self.language), sheet.form == "lines", rows, empty)

    def _row(
        self, index: int, sheet: FormSheet, number: int | str = 0, record: Record | None = None
    ) -> RowView:
        said = record.said if record else self.of.preset if sheet.form == "file" else {}
        views = [
            self._field(place_of(index, c.key, number), c, said.get(c.key, ""), record) for c in sheet.columns
        ]
        of_goal = self.of.kind == "pillar" and measures_goals(sheet)
        if of_goal and record is None:
            views.insert(0, self._goal(place_of(index, sheet.keys[0].key, number), sheet))
        series: dict[str, list[FieldView]] = {}
        for view in views:
            if view.year:
                name = view.label.removesuffix(view.year).strip() or WORDS["amount"].of(self.language)
                series.setdefault(name, []).append(view)
        base = {key: digest(text) for key, text in record.said.items()} if record else {}
        return RowView(
            index,
            str(number),
            record.path if record else "",
            shown_route(record.route) if record else "",
            base,
            tuple(view for view in views if not view.year),
            self.form.names["holders"].name_of(record.owner[0], "") if of_goal and record else "",
            {name: tuple(of_one) for name, of_one in series.items()},
        )

    def _goal(self, place: str, sheet: FormSheet) -> FieldView:
        """Which goal of the page a new indicator measures; one that is new itself is saved first."""
        own = f"{self.of.pillar}/goals/"
        goals = tuple(name for id_, name in self.form.names["holders"].shown.items() if id_.startswith(own))
        label, about = (WORDS[name].of(self.language) for name in ("goal", "goal_help"))
        return FieldView(
            place, sheet.keys[0].key, label, Markup(coded(about)), "select", "", True, "", goals  # noqa: S704 - escaped by `coded`
        )  # fmt: skip

    def _field(self, place: str, column: FormColumn, said: str, record: Record | None) -> FieldView:
        control, options, listed = self._control(column)
        value = shown_text(column, said, self.of.pillar, self.language)
        if control == "select" and value and value not in options:
            options = (value, *options)
        label = column.title.of(self.language)
        if record and column.key == "duty":
            label = self.form.names["pillars"].name_of(record.owner[1], "")
        return FieldView(
            place, column.key, label, self._about(column, control), control, value, column.required, column.year,
            options, listed,
        )  # fmt: skip

    def _control(self, column: FormColumn) -> tuple[str, tuple[str, ...], str]:
        kind = column.kind
        if column.headings:
            return "prose", (), ""
        if isinstance(kind, Several):
            return "lines", (), self._listed(kind.one.names) if isinstance(kind.one, Named) else ""
        if column.closed and column.options:
            names = self.form.lists[column.options]
            if isinstance(kind, Named) and isinstance(kind.names, NamesInPillars):
                own = f"{self.of.pillar}/"
                names = [text for id_, text in kind.names.shown.items() if id_.startswith(own)]
            return "select", tuple(names), ""
        if column.options:
            self.lists[column.options] = self.form.lists[column.options]
            return "input", (), column.options
        if column.year or (isinstance(kind, Scalar) and kind.width < _WORDS):
            return "input", (), ""
        return ("area" if kind.width >= _SENTENCES else "text"), (), ""

    def _listed(self, names: Any) -> str:
        listed = next((name for name, known in self.form.names.items() if known is names), "")
        if listed:
            self.lists[listed] = self.form.lists[listed]
        return listed

    def _about(self, column: FormColumn, control: str) -> Markup:
        """What is said below a field; names that are chosen from a list need no word."""
        kind = column.kind
        one = kind.one if isinstance(kind, Several) else kind
        chosen = isinstance(one, Named) or (isinstance(one, Scalar) and isinstance(one.type, Choice))
        said = [] if chosen or control in ("select", "prose") else [column.about.of(self.language)]
        if control == "lines" and chosen:
            said.append(WORDS["lines"].of(self.language))
        return Markup(coded(" ".join(said)))  # noqa: S704 - escaped by `coded`


def shown_text(column: FormColumn, said: str, pillar: str, language: Language) -> str:
    """What a field shows of what a file says: a text that is read as just that."""
    cell = column.kind.in_cell(said, pillar)
    pretty = _pretty(column, said, cell, language)
    return pretty if column.kind.of_cell(pretty, pillar) == said else typed(cell)


def _pretty(column: FormColumn, said: str, cell: Cell, language: Language) -> str:
    if isinstance(cell, datetime.date):
        return long_date(cell, language)
    if column.kind.form == "money":
        return str(column.kind.in_file(said))
    return typed(cell)


# --- the pages


def asset(name: str) -> bytes:
    """A style sheet or script of the pages."""
    return files(__package__).joinpath(name).read_bytes()


@cache
def _environment() -> jinja2.Environment:
    """Our own templates only: no plan has any of its own here."""
    shipped = files(__package__).joinpath("form.html.j2").read_text(encoding="utf-8")
    return jinja2.Environment(
        loader=jinja2.DictLoader({"form.html.j2": shipped}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(language: Language, **given: Any) -> bytes:
    """A page as it is sent."""
    words = {name: both.of(language) for name, both in WORDS.items()}
    template = _environment().get_template("form.html.j2")
    return template.render(language=str(language), words=words, **given).encode("utf-8", "replace")


def programs_of(plan: Plan) -> Iterator[tuple[str, str, list[Program]]]:
    """The pillars by id and name, with their programs that can be filled in."""
    for pillar in fillable_pillars(plan):
        own = [program for program in plan.programs if program.pillar is pillar and not program.broken]
        yield pillar.id, pillar.title, own


def agencies_of(plan: Plan) -> list[Agency]:
    """The agencies that have duties."""
    return [agency for agency in plan.agency_list if agency.owes_duties and not agency.broken]


def form_of(plan: Plan, of: PageOf) -> PlanForm:
    """The form of the page's own pillar or agency alone, which is small."""
    node = plan.by_path.get(of.path)
    if isinstance(node, Agency):
        return PlanForm(plan, agency=node)
    return PlanForm(plan, pillar=next((p for p in plan.pillars if p.id == of.pillar), None))
