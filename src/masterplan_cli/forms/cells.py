"""What a cell says: one plain text for each value, whether it stands in a file of the plan or in a cell of a workbook.

Two values mean the same when their texts are equal; that is all that an import compares. A text that is no value of its
column stays as it was typed, so that checking the plan finds it in the file as it would find it anywhere.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError

from masterplan_cli.edits import Given
from masterplan_cli.edits.text import as_value
from masterplan_cli.messages import Both, Language
from masterplan_cli.schema.types import Choice, Typed
from masterplan_cli.values import BLANKS, BadValue, collapsed, grouped
from masterplan_cli.workbooks import EXACT, Cell, typed
from masterplan_cli.yaml_reader import Value

YES_NO = Both("Ya", "Yes"), Both("Tidak", "No")
#: What Excel counts its days from; days from 1954 on are no amounts and no years.
_FIRST_DAY, _DAYS = datetime.date(1899, 12, 30), range(20_000, 100_000)
_ENTRY = re.compile(r"[-•]\s+")
_BLANKS = dict.fromkeys(map(ord, BLANKS), " ")
#: Amounts from a million on are grouped: a single dot could be a decimal one.
_GROUPED = 6


def plain(text: str) -> str:
    """A text in one line, with ordinary blanks alone."""
    return collapsed(text if text.isascii() else text.translate(_BLANKS)).strip()


@dataclass(frozen=True)
class CellKind:
    """How values of one kind are written in cells and in files; this one is words."""

    width: float = 24
    #: How they are shown: `text`, `money`, `date`, `percent`, or `lines` of their own.
    form: str = "text"

    @property
    def shows_names(self) -> bool:
        """Whether cells show what things are called, which may be called otherwise by and by."""
        return False

    def of_file(self, value: Value, pillar: str) -> str:
        """The text for what a file says; a program's `pillar` decides what some names mean."""
        return self.of_text(value, pillar) if isinstance(value, str) else ""

    def of_cell(self, cell: Cell, pillar: str) -> str:
        """The text for what stands in a cell."""
        return self.of_text(typed(cell), pillar)

    def of_text(self, text: str, pillar: str) -> str:
        """The text for what a person has typed."""
        del pillar
        return plain(text)

    def in_cell(self, said: str, pillar: str) -> Cell:
        """What a cell shows."""
        del pillar
        return said

    def in_file(self, said: str) -> Given:
        """What a file says."""
        return said


@dataclass(frozen=True)
class Scalar(CellKind):
    """A value with a type of the schema."""

    type: Typed = field(default=Typed(str, {}))
    language: Language = Language.ID

    def of_text(self, text: str, pillar: str) -> str:
        words = super().of_text(text, pillar)
        read = self._read(words)
        # `3,0` and the 3 that Excel makes of it are one figure.
        read = read.normalize() if isinstance(read, Decimal) else read
        return words if read is None else str(as_value(read))

    def _read(self, text: str) -> Any:
        try:
            return self.type.read(text)
        except (BadValue, PydanticCustomError):
            return None

    def of_cell(self, cell: Cell, pillar: str) -> str:
        if self.form == "date" and isinstance(cell, int | float) and int(cell) in _DAYS:
            return (_FIRST_DAY + datetime.timedelta(days=int(cell))).isoformat()
        return super().of_cell(cell, pillar)

    def in_cell(self, said: str, pillar: str) -> Cell:
        del pillar
        read = self._read(said)
        if isinstance(self.type, Choice):
            return said if read is None else self.type.label(read, self.language)
        if isinstance(read, bool):
            return YES_NO[not read].of(self.language)
        if isinstance(read, datetime.date):
            return read
        exact = isinstance(read, int | Decimal) and len(said) <= EXACT
        if exact and self.form != "percent":
            return float(read) if isinstance(read, Decimal) else int(read)
        return f"{said} %" if exact else said

    def in_file(self, said: str) -> Given:
        read = self._read(said)
        if isinstance(self.type, Choice) and read in self.type.words:
            return self.type.words[read][0 if self.language is Language.ID else -1]
        if self.form == "money" and isinstance(read, int) and len(said) > _GROUPED:
            return grouped(read, Language.ID)
        if self.form == "percent" and isinstance(read, int):
            return f"{said} %"
        if isinstance(read, bool):
            return str(self.in_cell(said, ""))
        return said if read is None or isinstance(read, str) else read


class KnownNames:
    """Things by ids, and by names that tell each of them from all others; some names count within a pillar only."""

    def __init__(
        self, named: Iterable[tuple[str, str]], find: Callable[[str, str], str | None] | None = None
    ) -> None:
        pairs = [(id_, plain(name)) for id_, name in named]
        counts: dict[str, int] = {}
        for _, name in pairs:
            counts[name.casefold()] = counts.get(name.casefold(), 0) + 1
        self.shown = {
            id_: name if name and counts[name.casefold()] == 1 else f"{name} ({id_})".strip()
            for id_, name in pairs
        }
        self._ids = {name.casefold(): id_ for id_, name in self.shown.items()}
        self._find = find

    def id_of(self, text: str, pillar: str) -> str | None:
        """The id of what a text names."""
        if text in self.shown:
            return text
        return self._ids.get(text.casefold()) or (self._find(text, pillar) if self._find else None)

    def name_of(self, id_: str, pillar: str) -> str:
        del pillar
        return self.shown.get(id_, id_)


class NamesInPillars(KnownNames):
    """Names of which each belongs to a pillar; an id may stand for another thing in each."""

    def id_of(self, text: str, pillar: str) -> str | None:
        found = super().id_of(text, pillar) or super().id_of(f"{pillar}/{text}", pillar)
        return found.rpartition("/")[2] if found else None

    def name_of(self, id_: str, pillar: str) -> str:
        return self.shown.get(f"{pillar}/{id_}", id_)


@dataclass(frozen=True)
class Named(CellKind):
    """A thing of the plan: by its id in files, by its name in cells."""

    names: KnownNames = field(default=KnownNames(()))

    @property
    def shows_names(self) -> bool:
        return True

    def of_file(self, value: Value, pillar: str) -> str:
        del pillar
        return plain(value) if isinstance(value, str) else ""

    def of_text(self, text: str, pillar: str) -> str:
        words = super().of_text(text, pillar)
        return (self.names.id_of(words, pillar) if words else None) or words

    def in_cell(self, said: str, pillar: str) -> Cell:
        return self.names.name_of(said, pillar)


@dataclass(frozen=True)
class Several(CellKind):
    """A list: in cells one entry a line; in one line `;` parts them."""

    one: CellKind = field(default=CellKind())

    @property
    def shows_names(self) -> bool:
        return self.one.shows_names

    def of_file(self, value: Value, pillar: str) -> str:
        items = value if isinstance(value, list) else [value]
        return "\n".join(said for item in items if (said := self.one.of_file(item, pillar)))

    def of_text(self, text: str, pillar: str) -> str:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if lines and all(_ENTRY.match(line) for line in lines):
            lines = [line[1:].strip() for line in lines]
        elif len(lines) == 1:
            lines = lines[0].split(";")
        return "\n".join(said for line in lines if (said := self.one.of_text(line, pillar)))

    def in_cell(self, said: str, pillar: str) -> Cell:
        lines = [str(self.one.in_cell(line, pillar)) for line in said.split("\n")]
        marked = any(_ENTRY.match(line) for line in lines) or (len(lines) == 1 and ";" in lines[0])
        return "\n".join(f"- {line}" if marked else line for line in lines)

    def in_file(self, said: str) -> Given:
        return [self.one.in_file(line) for line in said.split("\n")]


@dataclass(frozen=True)
class SectionKind(CellKind):
    """The text of a section, with its lines."""

    def of_text(self, text: str, pillar: str) -> str:
        del pillar
        return text.replace("\r\n", "\n").strip()


def value_at(value: Value, route: Iterable[str | int]) -> Value:
    """What stands at a route of a value; None where nothing does."""
    for step in route:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def nested(values: Mapping[tuple[str, ...], Given]) -> dict[str, Given]:
    """Values by their routes as one mapping within others."""
    made: dict[str, Any] = {}
    for route, given in values.items():
        here = made
        for step in route[:-1]:
            here = here.setdefault(step, {})
        here[route[-1]] = given
    return made
