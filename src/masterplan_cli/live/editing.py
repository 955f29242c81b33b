"""What the browser form asks for: pages to fill in, what is found in what was typed, and that it be saved.

A page names its records as a workbook of the Excel form does, and its fields say what was typed; both are planned alike.
Everything is answered by one request after another, from the files as they are on disk then.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_urlsafe
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from masterplan_cli.blocks import Context, render_block
from masterplan_cli.cache.store import Store
from masterplan_cli.checking import Checked, check
from masterplan_cli.diagnostics import Diagnostic, Severity
from masterplan_cli.files import digest as digest_of_bytes
from masterplan_cli.forms.cells import Several, value_at
from masterplan_cli.forms.importing import ImportedForm, take_tables
from masterplan_cli.forms.reading import FormTable, FormTableRow
from masterplan_cli.forms.records import FormColumn, FormSheet, digest, fillable_pillars
from masterplan_cli.forms.wording import in_form_words
from masterplan_cli.importing import place_of
from masterplan_cli.live.form_page import (
    FormPage,
    PageOf,
    agencies_of,
    form_of,
    has_sheet,
    measures_goals,
    programs_of,
    render,
    shown_text,
)
from masterplan_cli.live.panel import coded
from masterplan_cli.live.sending import Sending
from masterplan_cli.live.watcher import Snapshot, Watcher
from masterplan_cli.live.words import REFUSALS, WORDS
from masterplan_cli.messages import Language
from masterplan_cli.nodes import Agency, Pillar, Program
from masterplan_cli.outputs import write_sources
from masterplan_cli.plan import Plan
from masterplan_cli.rules.agency_names import named_agency
from masterplan_cli.rules.forms import FORM_REFUSED
from masterplan_cli.templates import Templates
from masterplan_cli.writers.html import write_alone

#: A page has no more rows and no longer texts than these.
_MOST_ROWS, _LONGEST = 2_000, 400_000
#: Seconds that a request waits for another one.
_PATIENCE = 60.0
#: Previews that open pages may still ask for, findings that a page is told, and tries to save while files change.
_PREVIEWS, _MOST_FOUND, _TRIES = 8, 100, 3
#: What names a key of a file, or a field of the form, in a help.
_NAMES_KEYS = re.compile(r"`\w+:|“")
#: The folder that is a list of names on a page.
_REGISTER = re.compile(r"\bagencies/(?!\w)")
#: The blocks that show what a page is about.
_BLOCKS: dict[type, str] = {Program: "program", Pillar: "pillar", Agency: "agency"}
T = TypeVar("T")
_Text = Annotated[str, Field(max_length=_LONGEST)]
_Name = Annotated[str, Field(max_length=500)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PageRow(_Request):
    """A row of a page: where it stands in the plan and what stood there, or neither where it is new; what was typed."""

    sheet: Annotated[int, Field(ge=0, le=100)]
    number: Annotated[int, Field(ge=0, le=1_000_000)]
    path: _Name = ""
    route: _Name = ""
    base: dict[_Name, _Name] = {}
    cells: dict[_Name, _Text] = {}


class PageRequest(_Request):
    """What a page says: which it is, and its rows."""

    kind: Literal["program", "pillar", "duties"]
    path: _Name = ""
    pillar: _Name = ""
    title: _Name = ""
    rows: Annotated[list[PageRow], Field(max_length=_MOST_ROWS)]


class SendRequest(_Request):
    """That what was saved be sent, by just these commands."""

    commands: Annotated[list[_Name], Field(max_length=10)]


class RefusedRequest(Exception):  # noqa: N818 - it carries a sentence, and is no fault of the program
    """Why a request is not answered."""

    def __init__(self, why: str, name: str = "") -> None:
        super().__init__(why)
        self.why, self.name = why, name

    def says(self, language: Language) -> str:
        return REFUSALS[self.why].of(language).format(name=self.name)


@dataclass
class Editing:
    """The browser form of a plan."""

    root: Path
    asked: Language | None = None
    language: Language = Language.ID
    store: Store | None = None
    #: The agency whose pages are listed first.
    agency: str = ""
    #: What a page must say to change anything; no page from elsewhere can read it.
    secret: str = field(default_factory=lambda: token_urlsafe(32))
    sending: Sending = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _previews: OrderedDict[str, bytes] = field(default_factory=OrderedDict)

    #: The plan as it was read last, and how its files looked then; what is saved is compared by its bytes.
    _last: tuple[Snapshot, Checked] | None = None

    def __post_init__(self) -> None:
        self.sending = Sending(self.root)
        self._watcher = Watcher(self.root)

    # --- pages

    def page(self, name: str, query: Mapping[str, str]) -> bytes:
        """A page by its name: the list of all, a program, a pillar, or the duties of an agency."""
        with self._alone():
            checked = self._checked()
            given: dict[str, Any] = {
                "secret": self.secret,
                "plan": "",
                "send": self.sending.view(self.language),
            }
            if checked.plan is None:
                found = [
                    _said(d, "", self.language) for d in checked.diagnostics if d.severity is Severity.ERROR
                ]
                return render(self.language, view="unlinked", title=_word("home", self), wrong=found, **given)
            given["plan"] = checked.plan.settings.title
            if name == "":
                return self._index(checked.plan, given)
            of = self._page_of(checked.plan, name, query)
            page = FormPage(form_of(checked.plan, of), of)
            title = of.title or _word("new", self)
            return render(self.language, view="form", title=title, page=page, **given)

    def _index(self, plan: Plan, given: dict[str, Any]) -> bytes:
        agencies = [(a.id, a.name) for a in plan.agency_list]
        pillars, duties = list(programs_of(plan)), agencies_of(plan)
        own = next((a for a in plan.agency_list if a.id == self.agency), None)
        title = _word("home", self)
        return render(
            self.language,
            view="index",
            title=title,
            pillars=pillars,
            duties=duties,
            agencies=agencies,
            own=own,
            **given,
        )

    def _page_of(self, plan: Plan, name: str, query: Mapping[str, str]) -> PageOf:
        if name == "duties":
            agency = next((a for a in agencies_of(plan) if a.id == query.get("agency")), None)
            if agency:
                title = WORDS["duties_of"].of(self.language).format(name=agency.name)
                return PageOf("duties", agency.path, "", title)
        elif name == "pillar":
            pillar = next((p for p in fillable_pillars(plan) if p.id == query.get("pillar")), None)
            if pillar:
                title = WORDS["pillar_of"].of(self.language).format(name=pillar.title)
                return PageOf("pillar", pillar.path, pillar.id, title)
        elif name == "program" and "path" in query:
            program = plan.by_path.get(query["path"])
            if isinstance(program, Program) and not program.broken:
                return PageOf("program", program.path, program.pillar.id, program.name)
        elif name == "program":
            pillar = next((p for p in fillable_pillars(plan) if p.id == query.get("pillar")), None)
            owner = named_agency(plan, query.get("owner", "")) or ""
            if pillar:
                preset = {"title": query.get("title", "")[:500].strip(), "owner": owner}
                return PageOf("program", "", pillar.id, "", preset)
        raise RefusedRequest("page")

    def preview(self, name: str) -> bytes:
        """A preview that an answer named."""
        if name not in self._previews:
            raise RefusedRequest("page")
        return self._previews[name]

    # --- requests

    def check(self, given: object) -> dict[str, Any]:
        """What is found in a plan in which the files say what a page does."""
        asked = _read(PageRequest, given)
        with self._alone():
            return self._answer(*self._tried(asked))

    def save(self, given: object) -> dict[str, Any]:
        """Save what a page says, all of it or nothing."""
        asked = _read(PageRequest, given)
        with self._alone():
            for _ in range(_TRIES):
                page, checked, made = self._tried(asked)
                if made.refused or not made.after:
                    said = "refused" if made.refused else "nothing"
                    return self._answer(page, checked, made) | {"said": _word(said, self)}
                if self._is_as_read(made):
                    return self._saved(page, checked, made)
            raise RefusedRequest("busy")

    def _saved(self, page: FilledPage, checked: Checked, made: ImportedForm) -> dict[str, Any]:
        problems = write_sources(self.root, made.after, self.language, made.before)
        if problems:
            made.refused = problems
            return self._answer(page, checked, made) | {"said": problems[0].message}
        self.sending.saved(made.after)
        files = ", ".join(sorted(made.after))
        said = WORDS["saved"].of(self.language).format(files=files)
        new = next((path for path in made.after if path not in made.before), "") or page.of.path
        after = self.sending.view(self.language).get("said", "")
        return {"saved": True, "said": f"{said} {after}".strip(), "path": new}

    def send(self, given: object) -> dict[str, Any]:
        """Send what was saved, by the commands that the person has seen."""
        asked = _read(SendRequest, given)
        with self._alone():
            return self.sending.send(asked.commands, self.language)

    # --- how they are answered

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=_PATIENCE):
            raise RefusedRequest("busy")
        try:
            yield
        finally:
            self._lock.release()

    def _checked(self) -> Checked:
        """The plan as it is on disk; its own templates are nothing that a form shows."""
        seen = self._watcher.look()
        if self._last is None or self._last[0] != seen:
            # Let go of first: a large plan need not be here twice.
            self._last = None
            checked = check(self.root, self.asked, store=self.store, untrusted=True)
            self._last, self.language = (seen, checked), checked.language
            if self.store:
                self.store.flush()
        return self._last[1]

    def _tried(self, asked: PageRequest) -> tuple[FilledPage, Checked, ImportedForm]:
        """What a page changes, in memory."""
        checked = self._checked()
        if checked.plan is None:
            raise RefusedRequest("page")
        page = FilledPage(checked.plan, asked)
        made = ImportedForm(tables=page.tables, language=self.language)
        take_tables(made, checked, page.form, asked.path or f"pillars/{asked.pillar}")
        return page, checked, made

    def _is_as_read(self, made: ImportedForm) -> bool:
        """Whether the files that are to change are still what they were when the change was planned."""
        for path in made.after:
            try:
                data = (self.root / path).read_bytes()
            except FileNotFoundError:
                data = None
            except OSError:
                continue  # whoever writes says so
            if data != made.before.get(path):
                return False
        return True

    def _answer(self, page: FilledPage, checked: Checked, made: ImportedForm) -> dict[str, Any]:
        """What is found, each at its field, and the preview."""
        after = made.checked or checked
        path = next((p for p, _ in made.places if p not in checked.project.parsed), page.of.path)
        own = [d for d in after.diagnostics if d.path == path]
        known = {(d.path, d.code, d.span) for d in own}
        rest = [d for d in (*made.refused, *made.warnings) if (d.path, d.code, d.span) not in known]
        written = after.project.located.get(path)
        files = {path: written.source.text.encode("utf-8", "replace")} if written else {}
        worded = [*rest, *(in_form_words(d, self.language) for d in own)]
        shown = [page.finding(d, made, files, after.plan) for d in worded[:_MOST_FOUND]]
        return {
            "saved": False,
            "found": [one for one in shown if one["place"] not in made.conflicts],
            "conflicts": page.conflicts(made, self.language),
            "errors": len(made.refused),
            "preview": self._previewed(after, path),
        }

    def _previewed(self, checked: Checked, path: str) -> str:
        """Make the preview of a file as it would be; its name, or nothing."""
        node = checked.plan.by_path.get(path) if checked.plan else None
        name = next((name for kind, name in _BLOCKS.items() if isinstance(node, kind)), "")
        if checked.plan is None or not name:
            return ""
        templates = Templates(checked.project)
        context = Context(diagnostics=checked.diagnostics)
        html = write_alone(render_block(checked.plan, context, templates, name, **{name: node}), templates)
        key = digest_of_bytes(html)
        self._previews[key] = html
        self._previews.move_to_end(key)
        while len(self._previews) > _PREVIEWS:
            self._previews.popitem(last=False)
        return key


def _word(name: str, of: Editing) -> str:
    return WORDS[name].of(of.language)


def _read(model: type[T], given: object) -> T:
    try:
        return model.model_validate(given)  # type: ignore[attr-defined,no-any-return]
    except ValidationError as error:
        kinds = {detail["type"] for detail in error.errors(include_url=False, include_input=False)}
        raise RefusedRequest("large" if kinds & {"string_too_long", "too_long"} else "json") from None


class FilledPage:
    """A page that was filled in, as the tables of a form."""

    def __init__(self, plan: Plan, asked: PageRequest) -> None:
        self.of, self.asked = _asked_page(plan, asked), asked
        self.form = form_of(plan, self.of)
        self.tables = [*self._tables()]

    def _tables(self) -> Iterator[FormTable]:
        rows: dict[int, list[FormTableRow]] = {}
        for row in self.asked.rows:
            sheet = self._sheet(row)
            rows.setdefault(row.sheet, []).append(self._table_row(sheet, row))
        for index, own in sorted(rows.items()):
            sheet = self.form.sheets[index]
            shown = (*sheet.columns, *(sheet.keys if self._asks_goal(sheet) else ()))
            letters = {column.key: f"{column.key}@" for column in shown}
            yield FormTable(sheet, str(index), letters, own, complete=True)

    def _sheet(self, row: PageRow) -> FormSheet:
        """The sheet of a row, if it is one of the page."""
        sheets = self.form.sheets
        if row.sheet >= len(sheets) or row.path not in ("", self.of.path):
            raise RefusedRequest("row", row.path or str(row.sheet))
        sheet = sheets[row.sheet]
        columns = {column.key for column in sheet.columns}
        if self._asks_goal(sheet) and not row.path:
            columns.add(sheet.keys[0].key)
        strange = next((key for key in row.cells if key not in columns), "")
        if not has_sheet(self.of.kind, sheet) or strange:
            raise RefusedRequest("row", strange or str(row.sheet))
        if sheet.form in ("file", "fixed") and bool(row.path) != bool(self.of.path):
            raise RefusedRequest("row", sheet.name.of(self.form.plan.language))
        return sheet

    def _table_row(self, sheet: FormSheet, row: PageRow) -> FormTableRow:
        cells: dict[str, Any] = dict(row.cells)
        if not row.path:
            key = sheet.keys[0].key
            if key == "@pillar":
                cells[key] = self.of.pillar
            else:
                cells[key] = self._goal(sheet, row) if self._asks_goal(sheet) else self._owner()
        return FormTableRow(row.number, row.path, row.route, row.base if row.path else None, cells)

    def _asks_goal(self, sheet: FormSheet) -> bool:
        """Whether a new row of a sheet says which goal of the page's pillar it belongs to."""
        return self.of.kind == "pillar" and measures_goals(sheet)

    def _goal(self, sheet: FormSheet, row: PageRow) -> str:
        """The goal that a row names, which is none of another file."""
        key = sheet.keys[0]
        said = row.cells.get(key.key, "")
        id_ = key.kind.of_cell(said, "")
        if id_ in self.form.names["holders"].shown and not id_.startswith(f"{self.of.pillar}/goals/"):
            raise RefusedRequest("row", said)
        return said

    def _owner(self) -> str:
        """What new rows name as their program; a new one is named by its title and pillar."""
        if self.of.path:
            return self.of.path.removeprefix("pillars/").rpartition(".")[0]
        title = next((row.cells.get("title", "") for row in self.asked.rows if row.sheet == 0), "")
        return f"{title.strip()} ({self.form.names['pillars'].name_of(self.of.pillar, '')})"

    def finding(
        self, found: Diagnostic, made: ImportedForm, files: Mapping[str, bytes], plan: Plan | None
    ) -> dict[str, str]:
        """A finding as the page shows it."""
        place, colon, message = found.message.partition(": ")
        if colon and place in made.notes:
            found = replace(found, message=message)
        else:
            place = place_of(found, made.places, files)
            # What is said of a file as a whole is said of none of its fields.
            if not found.route and place == made.places.get((found.path, ())):
                place = ""
        advice = (
            self._advice(found, place, plan) if made.places.get((found.path, found.route)) == place else ""
        )
        return _said(found, place, self.form.plan.language, advice, own=found.path in files)

    def _advice(self, found: Diagnostic, place: str, plan: Plan | None) -> str:
        """What to do in the field that a finding is about, if that is certain: fill it in, or choose another name."""
        node = plan.by_path.get(found.path) if plan else None
        if node is None or not (place and found.route) or isinstance(found.route[-1], int):
            return ""
        column, value = self._column(place), value_at(node.value, found.route)
        choice = column.closed and not isinstance(column.kind, Several)
        if not value and _NAMES_KEYS.search(found.help):
            of_years = column.year and column.year not in map(str, found.route)
            return "choose_one" if choice else "fill_in_year" if of_years else "fill_in"
        if not choice or not isinstance(value, str):
            return ""
        shown = shown_text(
            column, column.kind.of_file(value, self.of.pillar), self.of.pillar, self.form.plan.language
        )
        return "" if shown in self.form.lists[column.options] else "choose_one"

    def _column(self, place: str) -> FormColumn:
        index, _, rest = place.partition("!")
        return self.form.sheets[int(index)].by_key[rest.rpartition("@")[0]]

    def conflicts(self, made: ImportedForm, language: Language) -> list[dict[str, str]]:
        """The fields that were changed here and in the file, with what the file says now."""
        out = []
        for place, said in made.conflicts.items():
            theirs = shown_text(self._column(place), said, self.of.pillar, language)
            out.append({"place": place, "theirs": theirs, "base": digest(said)})
        return out


def _asked_page(plan: Plan, asked: PageRequest) -> PageOf:
    """What the page of a request is about."""
    node = plan.by_path.get(asked.path)
    if asked.kind == "duties" and isinstance(node, Agency) and not node.broken:
        return PageOf("duties", node.path, "", node.name)
    if asked.kind == "pillar" and isinstance(node, Pillar) and node in fillable_pillars(plan):
        return PageOf("pillar", node.path, node.id, node.title)
    if asked.kind == "program" and isinstance(node, Program) and not node.broken:
        return PageOf("program", node.path, node.pillar.id, node.name)
    if (
        asked.kind == "program"
        and not asked.path
        and any(p.id == asked.pillar for p in fillable_pillars(plan))
    ):
        return PageOf("program", "", asked.pillar, "")
    # A file that somebody has moved meanwhile is told by the rows that named it.
    gone = node is None or (isinstance(node, Pillar) and not node.exists)
    if asked.kind != "duties" and gone and asked.path.startswith("pillars/"):
        return PageOf(asked.kind, asked.path, asked.pillar, "")
    raise RefusedRequest("page")


def _said(
    found: Diagnostic, place: str, language: Language, advice: str = "", *, own: bool = False
) -> dict[str, str]:
    """A finding as a page shows it; one of its `own` file needs no path, and `advice` stands for a help about files."""
    # What the help of an import says is about workbooks.
    help_ = "" if found.code == FORM_REFUSED.code else WORDS[advice].of(language) if advice else found.help
    at = "" if place or own else f"{found.path}:{found.span.line}: "
    message = _REGISTER.sub(WORDS["register"].of(language), found.message)
    return {
        "place": place,
        "severity": str(found.severity),
        "code": found.code,
        "html": coded(f"{at}{message}") + (f" – {coded(help_)}" if help_ else ""),
    }


#: What a request may ask for, by the last part of its address.
REQUESTS: dict[str, Callable[[Editing, object], dict[str, Any]]] = {
    "check": Editing.check,
    "save": Editing.save,
    "send": Editing.send,
}
