"""From what rows say anew to edits of a plan's files, and which cell each value of the files then comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from masterplan_cli.edits import Edit, Given, InsertItem, NewFile, RemoveValue, SetProse, SetValue
from masterplan_cli.forms.cells import nested, value_at
from masterplan_cli.forms.records import FormColumn, FormSheet, Home, PlanForm, Record
from masterplan_cli.importing import section_route
from masterplan_cli.source import Route

_YEAR, _AMOUNT = "year", "amount"


class _Inserted(NamedTuple):
    """A new item of a list, before which of the old ones it belongs, and the cells that its values come from."""

    before: int
    value: Given
    cells: dict[Route, str]


@dataclass
class _ListEdits:
    """What becomes of a list of a file that has so many items."""

    count: int
    removed: set[int] = field(default_factory=set)
    inserted: list[_Inserted] = field(default_factory=list)

    def _by_place(self) -> dict[int, list[_Inserted]]:
        """The new items by the old ones that they stand before."""
        at: dict[int, list[_Inserted]] = {}
        for new in self.inserted:
            at.setdefault(new.before, []).append(new)
        return at

    def order(self) -> list[int | _Inserted]:
        """The items as they stand afterwards, the old ones by their numbers."""
        after: list[int | _Inserted] = []
        at = self._by_place()
        for number in range(self.count + 1):
            after += at.get(number, [])
            if number < self.count and number not in self.removed:
                after.append(number)
        return after

    def edits(self, path: str, route: Route) -> Iterator[Edit]:
        """The edits from the end of the list on, so that the numbers before stay what they are."""
        at = self._by_place()
        for number in sorted({*self.removed, *at}, reverse=True):
            if number in self.removed:
                yield RemoveValue(path, (*route, number))
            for new in reversed(at.get(number, [])):
                yield InsertItem(path, (*route, number), new.value)


class EditsOf:
    """The edits of a plan's files, as they are asked for one by one."""

    def __init__(self, form: PlanForm) -> None:
        self.form = form
        #: The path and the pillar of each new program by its id.
        self.new_programs: dict[str, tuple[str, str]] = {}
        #: The values of each of them, by its path.
        self._new: dict[str, dict[str, Any]] = {}
        self._values: list[Edit] = []
        self._lists: dict[tuple[str, Route], _ListEdits] = {}
        self._cells: dict[tuple[str, Route], str] = {}

    def note(self, path: str, route: Route, cell: str) -> None:
        """Remember which cell a value comes from."""
        self._cells.setdefault((path, route), cell)

    def made(self) -> tuple[list[Edit], dict[tuple[str, Route], str]]:
        """All edits in the order in which they can be made, and the cells of the values that they leave."""
        edits: list[Edit] = [NewFile(path, values) for path, values in self._new.items()]
        edits += self._values
        # What is inside of an item before the item moves.
        for (path, route), one in sorted(self._lists.items(), key=lambda pair: -len(pair[0][1])):
            edits += one.edits(path, route)
        places = {(path, self._after(path, route)): cell for (path, route), cell in self._cells.items()}
        for (path, route), one in self._lists.items():
            for number, item in enumerate(one.order()):
                if isinstance(item, _Inserted):
                    above = self._after(path, route)
                    places |= {(path, (*above, number, *rest)): cell for rest, cell in item.cells.items()}
        return edits, places

    def _after(self, path: str, route: Route) -> Route:
        """Where what stands at a route stands afterwards."""
        after: list[str | int] = []
        for depth, step in enumerate(route):
            one = self._lists.get((path, route[:depth]))
            gone = isinstance(step, int) and one is not None and step not in (order := one.order())
            after.append(order.index(step) if one and isinstance(step, int) and not gone else step)
        return tuple(after)

    def _list(self, path: str, route: Route) -> _ListEdits:
        if (path, route) not in self._lists:
            node = self.form.plan.by_path[path]
            items = value_at(node.value, route)
            self._lists[path, route] = _ListEdits(len(items) if isinstance(items, list) else 0)
        return self._lists[path, route]

    # --- records that are there

    def remove(self, sheet: FormSheet, record: Record) -> None:
        """Remove an item, or all lines of a row."""
        routes = [route[:-1] for route in record.places.values()] if sheet.form == "lines" else [record.route]
        for route in routes:
            *list_route, number = route
            assert isinstance(number, int)  # noqa: S101 - an item of a list
            self._list(record.path, tuple(list_route)).removed.add(number)

    def change(
        self, sheet: FormSheet, record: Record, changes: Mapping[str, str], cells: Mapping[str, str]
    ) -> None:
        """Let a record say something else in some of its columns."""
        for key, cell in cells.items():
            column = sheet.by_key[key]
            self.note(record.path, record.places.get(key) or (*record.route, *column.route), cell)
            self.note(record.path, record.route, cell)
        if sheet.form == "lines":
            self._change_lines(sheet, record, changes, cells)
            return
        gone: list[Route] = []
        for key, said in changes.items():
            column = sheet.by_key[key]
            route = (*record.route, *column.route)
            if column.headings:
                self._set_section(record.path, column, said, cells[key])
            elif said:
                self._values.append(SetValue(record.path, route, column.kind.in_file(said)))
            else:
                gone.append(route)
        self._values += self._removals(record, gone, changes, sheet)

    def _set_section(self, path: str, column: FormColumn, said: str, cell: str) -> None:
        self._values.append(SetProse(path, column.headings, said or None, self.form.order))
        for word in column.headings[-1]:
            self.note(path, section_route(word), cell)

    def _removals(
        self, record: Record, gone: list[Route], changes: Mapping[str, str], sheet: FormSheet
    ) -> Iterable[Edit]:
        """Values that go, and with the last of a group the group."""
        value = self.form.plan.by_path[record.path].value
        depth = len(record.route) + 1
        set_ = {(*record.route, *sheet.by_key[key].route)[:depth] for key, said in changes.items() if said}
        for group in dict.fromkeys(route[:depth] for route in gone):
            own = {route for route in gone if route[:depth] == group}
            inside = value_at(value, group)
            rest = isinstance(inside, dict) and {*inside} - {str(route[-1]) for route in own}
            if group in own or (group not in set_ and not rest):
                yield RemoveValue(record.path, group)
            else:
                yield from (RemoveValue(record.path, route) for route in gone if route in own)

    # --- lines of years

    def _change_lines(
        self, sheet: FormSheet, record: Record, changes: Mapping[str, str], cells: Mapping[str, str]
    ) -> None:
        lines = self._list(record.path, record.route)
        numbers = {key: route[-2] for key, route in record.places.items()}
        plain = {k: said for k, said in changes.items() if not sheet.by_key[k].year}
        said = {c.key: record.said.get(c.key, "") for c in sheet.columns if not c.year} | plain
        for key, text in changes.items():
            column, number = sheet.by_key[key], numbers.get(key)
            if not column.year:
                continue
            if number is None:
                value, own = _line(sheet, column, said | {key: text}, cells)
                lines.inserted.append(_Inserted(self._place(sheet, numbers, column, lines), value, own))
            elif text:
                self._values.append(SetValue(record.path, record.places[key], column.kind.in_file(text)))
            else:
                assert isinstance(number, int)  # noqa: S101 - an item of a list
                lines.removed.add(number)
        for key, text in plain.items():
            self._change_all(record, sheet.by_key[key], text, lines, cells.get(key, ""))

    def _change_all(
        self, record: Record, column: FormColumn, text: str, lines: _ListEdits, cell: str
    ) -> None:
        """Change what all lines of a row have in common."""
        for *above, number, _ in record.places.values():
            if number in lines.removed:
                continue
            route = (*above, number, *column.route)
            self.note(record.path, route, cell)
            if text:
                self._values.append(SetValue(record.path, route, column.kind.in_file(text)))
            elif record.said.get(column.key):
                self._values.append(RemoveValue(record.path, route))

    def _place(
        self, sheet: FormSheet, numbers: Mapping[str, Any], column: FormColumn, lines: _ListEdits
    ) -> int:
        """Where the line of a new year belongs among those of its row."""
        years = [(sheet.by_key[key].year, number) for key, number in numbers.items()]
        later = [number for year, number in years if year > column.year]
        earlier = [number + 1 for year, number in years if year < column.year]
        return int(max(earlier) if earlier else min(later) if later else lines.count)

    # --- new ones

    def insert(self, sheet: FormSheet, home: Home, said: Mapping[str, str], cells: Mapping[str, str]) -> None:
        """Put a new record at the end of its list."""
        for value, own in _items(sheet, said, cells):
            new = self._new.get(home.path)
            if new is None:
                lines = self._list(home.path, home.route)
                lines.inserted.append(_Inserted(lines.count, value, own))
                continue
            items = new.setdefault(str(home.route[-1]), [])
            for route, cell in own.items():
                self.note(home.path, (*home.route, len(items), *route), cell)
            items.append(value)

    def new_file(
        self,
        sheet: FormSheet,
        path: str,
        identity: tuple[str, str],
        said: Mapping[str, str],
        cells: Mapping[str, str],
    ) -> None:
        """Make a new program, with its id and pillar."""
        id_, pillar = identity
        self.new_programs[id_] = path, pillar
        [(values, own)] = _items(sheet, said, cells)
        self._new[path] = dict(values)
        for route, cell in own.items():
            self.note(path, route, cell)
        for column in sheet.columns:
            if column.headings and said.get(column.key):
                self._set_section(path, column, said[column.key], cells[column.key])


def _items(
    sheet: FormSheet, said: Mapping[str, str], cells: Mapping[str, str]
) -> Iterator[tuple[dict[str, Given], dict[Route, str]]]:
    """What a new row puts into a list, with the cells that it comes from: one item, or one for each year."""
    if sheet.form == "lines":
        years = [column for column in sheet.columns if column.year and said.get(column.key)]
        yield from (_line(sheet, column, said, cells) for column in years or (None,))
        return
    columns = [c for c in sheet.columns if said.get(c.key) and not c.headings]
    value = nested({tuple(map(str, c.route)): c.kind.in_file(said[c.key]) for c in columns})
    first = next(iter(cells.values()), "")
    own = {c.route: cells[c.key] for c in sheet.columns if c.key in cells and not c.headings}
    groups = {route[:-1]: cell for route, cell in reversed(own.items()) if len(route) > 1}
    yield value, groups | own | {(): first}


def _line(
    sheet: FormSheet, column: FormColumn | None, said: Mapping[str, str], cells: Mapping[str, str]
) -> tuple[dict[str, Given], dict[Route, str]]:
    """A line of one year, or without any."""
    columns = [c for c in sheet.columns if said.get(c.key) and (not c.year or c is column)]
    value: dict[str, Given] = {str(c.route[0]): c.kind.in_file(said[c.key]) for c in columns}
    first = next((cells[c.key] for c in columns if c.key in cells), next(iter(cells.values()), ""))
    # A value that is missing has its cell as well: of a line without a year that of the first one.
    shown = [c for c in sheet.columns if c.key in cells and (not c.year or column in (c, None))]
    own = {c.route: cells[c.key] for c in reversed(shown)} | {(): first}
    if column is None and (_AMOUNT,) in own:
        own[_YEAR,] = own[_AMOUNT,]
    return ({_YEAR: column.year} if column else {}) | value, own
