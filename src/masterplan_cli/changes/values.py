"""Differences in words: what a field is called, and its values as a document prints them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, get_args, get_origin

from masterplan_cli import schema
from masterplan_cli.changes.compare import Difference, ItemName, Step
from masterplan_cli.figures import Figures
from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.schema.labels import field_label, model_in, type_in
from masterplan_cli.values import Period, grouped, long_date

_NO = Both("Tidak", "No")
_RUPIAH, _PERCENT, _YEAR, _ID, _NUMBER = (
    get_args(kind)[1] for kind in (schema.Rupiah, schema.Percent, schema.Year, schema.Id, schema.Number)
)
#: What stands before something that came, that went, and that changed.
ADDED, REMOVED, CHANGED = "+", "−", "~"


class ValueWords:
    """Says values and their differences in one language; `names` are what ids stand for."""

    def __init__(self, names: dict[str, str], language: Language) -> None:
        self._names, self.language = names, language
        self._figures = Figures(language)

    def label(self, difference: Difference) -> str:
        """What a difference is about: `indikator Waktu layanan – target 2024`."""
        parts: list[str] = []
        for step in difference.steps:
            if step.label:
                parts.append(step.label.of(self.language))
            else:
                parts[-1:] = [" ".join([*parts[-1:], self._step(step)]).rstrip()]
        return " – ".join(parts)

    def _step(self, step: Step) -> str:
        if not isinstance(step.at, ItemName):
            return self.name(step.at)
        before, after = step.at.before or step.at.after or {}, step.at.after or step.at.before or {}
        fields = step.annotation.model_fields
        kept = [(name, value) for name, value in after.items() if before[name] == value]
        return ", ".join(self.value(value, fields[name]) for name, value in kept)

    def name(self, id_: str) -> str:
        """What an id stands for; itself where it is none."""
        return self._names.get(id_, id_)

    def line(self, difference: Difference) -> str:
        """A difference in a line, with a sign for its kind before it."""
        label, kind = self.label(difference), difference.annotation
        if difference.before is None or difference.after is None:
            here = difference.before if difference.after is None else difference.after
            said = (
                self._rest(here, kind)
                if isinstance(difference.steps[-1].at, ItemName)
                else self.value(here, kind)
            )
            sign = ADDED if difference.before is None else REMOVED
            return f"{sign} {label}: {said}" if said else f"{sign} {label}"
        change = f"{self.value(difference.before, kind)} → {self.value(difference.after, kind)}"
        by = self.gap(difference)
        return f"{CHANGED} {label}: {change}{f' ({by})' if by else ''}"

    def gap(self, difference: Difference) -> str:
        """By how much a figure differs; empty for what is no figure."""
        kind = type_in(difference.annotation)
        if kind not in (_RUPIAH, _NUMBER, _PERCENT) or None in (difference.before, difference.after):
            return ""
        by = Decimal(str(difference.after)) - Decimal(str(difference.before))
        return (
            self.signed(int(by))
            if kind is _RUPIAH
            else f"{'+' if by > 0 else '−'}{grouped(abs(by), self.language)}"
        )

    def rupiah(self, amount: int) -> str:
        return self._figures.rupiah(amount)

    def signed(self, amount: int) -> str:
        """An amount that was added or taken away."""
        sign = ADDED if amount > 0 else REMOVED if amount < 0 else "±"
        return f"{sign}{self._figures.rupiah(abs(amount))}"

    def value(self, value: Any, annotation: Any) -> str:
        """A value of a type of the schema, as it is printed."""
        kind = model_in(getattr(annotation, "annotation", annotation))
        if value is None:
            return "–"
        if isinstance(value, list):
            return ", ".join(self.value(item, get_args(kind)[0]) for item in value)
        if get_origin(kind) is dict:
            return ", ".join(
                f"{self.name(k)}: {self.value(v, get_args(kind)[1])}" for k, v in sorted(value.items())
            )
        if isinstance(value, dict):
            period = kind is Period
            return str(Period(value["first"], value["last"])) if period else self._group(kind, value, ())
        return self._leaf(value, kind, type_in(annotation))

    def _leaf(self, value: Any, kind: Any, typed: Any) -> str:
        if isinstance(value, bool):
            return (LABELS["yes"] if value else _NO).of(self.language)
        if isinstance(typed, schema.Choice):
            return typed.label(value, self.language)
        if kind is datetime.date:
            return long_date(datetime.date.fromisoformat(value), self.language)
        if typed is _RUPIAH:
            return self._figures.rupiah(value)
        if typed is _PERCENT:
            return self._figures.percent(value)
        if typed is _ID:
            return self.name(value)
        if isinstance(value, int | float) and typed is not _YEAR:
            return grouped(Decimal(str(value)), self.language)
        return str(value)

    def _rest(self, item: Any, kind: Any) -> str:
        """What an item says besides its name."""
        group = model_in(getattr(kind, "annotation", kind))
        return self._group(group, item, group.called_by or tuple(group.model_fields)[:1])

    def _group(self, kind: Any, value: dict[str, Any], left_out: tuple[str, ...]) -> str:
        said = []
        for name, info in kind.model_fields.items():
            here = value.get(name)
            if name in left_out or here in (None, [], {}, False):
                continue
            label = field_label(kind, (name,))
            said.append(f"{label.of(self.language) if label else name} {self.value(here, info)}")
        return "; ".join(said)
