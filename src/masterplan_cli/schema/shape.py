"""From values to nodes: what a file says, as far as it is right, and a finding for each part that is not."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from masterplan_cli import values
from masterplan_cli.diagnostics import MOST, Exact, Finding, Place
from masterplan_cli.messages import Both, Language
from masterplan_cli.schema.files import KINDS
from masterplan_cli.schema.labels import described, field_label, fields_at, shown_key
from masterplan_cli.schema.remedies import remedy_at
from masterplan_cli.schema.sentences import (
    FORMAT,
    MISSING_FIELD,
    ODD_CHARACTER,
    UNKNOWN_FIELD,
    VALUE_RULES,
    WRONG_FORM,
)
from masterplan_cli.schema.types import odd_args
from masterplan_cli.schema.words import words_for
from masterplan_cli.source import Route
from masterplan_cli.suggestions import Choices, suggest
from masterplan_cli.values import Period
from masterplan_cli.yaml_reader import Value

Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Shaped(Generic[Model]):
    """A node, as far as its file is right, and what is wrong with the rest.

    `kept` tells, for a list that lost broken items, which of the written items remain: it leads a route in
    the node back to the route in the file.
    """

    data: Model | None
    findings: list[Finding] = field(default_factory=list)
    kept: dict[Route, list[int]] = field(default_factory=dict)

    @property
    def meant(self) -> set[Route]:
        """The routes of fields whose keys are misspelt: not missing, only not read."""
        return {
            (*f.place.route[:-1], str(name))
            for f in self.findings
            if f.place.part == "key"
            for name in _meant_by(f)
        }

    @cached_property
    def spoilt(self) -> set[Route]:
        """The routes of all findings."""
        return {finding.place.route for finding in self.findings}

    @cached_property
    def spoilt_within(self) -> set[Route]:
        """The routes of all that has a finding or was misspelt, and of all that holds such a thing."""
        routes = [*self.spoilt, *self.meant]
        return {route[:depth] for route in routes for depth in range(len(route) + 1)}

    def written(self, route: Route) -> Route:
        """The route in the file of a route in the node."""
        out: Route = ()
        for step in route:
            kept = self.kept.get(out)
            out = (*out, kept[step] if kept is not None and isinstance(step, int) else step)
        return out


def _meant_by(finding: Finding) -> tuple[object, ...]:
    """The fields that a key was meant for."""
    meant, suggestion = finding.args.get("meant"), finding.args.get("suggestion")
    return meant if isinstance(meant, tuple) else (suggestion,) if suggestion else ()


def shape(
    model: type[Model],
    value: dict[str, Value],
    path: str,
    stand_in: dict[str, str],
    period: Period | None = None,
) -> Shaped[Model]:
    """Give a file's values their types.

    Each broken part gets a finding and is then left out, so that the rest of the file still counts; a
    required field of the file itself is replaced by its `stand_in`, else the node is None. A year that does
    not read is looked for in the plan's `period`.
    """
    shaped: Shaped[Model] = Shaped(None)
    rest: Any = value
    for attempt in range(64):
        try:
            shaped.data = model.model_validate(rest)
            break
        except ValidationError as error:
            errors = error.errors(include_url=False)
            if attempt == 0:
                rest = copy.deepcopy(value)
                shaped.findings = _told(_Teller(model, path, value, period), errors)
            if not _prune(rest, errors, shaped, stand_in):
                break
    return shaped


def _told(teller: _Teller, errors: list[ErrorDetails]) -> list[Finding]:
    """What the errors come to: one cause has one finding.

    A list may be too short only because its items are broken, which they say themselves; and what seems to be missing
    may stand there under a misspelt key.
    """
    inside = {e["loc"][:depth] for e in errors for depth in range(len(e["loc"]))}
    findings = [teller.finding(e) for e in errors if e["type"] != "too_short" or e["loc"] not in inside]
    meant = Shaped(None, findings).meant
    return [f for f in findings if f.rule is not MISSING_FIELD or f.place.route not in meant]


def _route(error: ErrorDetails) -> Route:
    """Pydantic marks an error in a mapping's key by a last step `[key]`."""
    return tuple(step for step in error["loc"] if step != "[key]")


def _last_first(route: Route) -> list[tuple[int, str]]:
    """Sorts routes so that, in reverse, what is inside comes before its group and a late item before an early one."""
    return [(step, "") if isinstance(step, int) else (-1, step) for step in route]


def _prune(rest: Any, errors: list[ErrorDetails], shaped: Shaped[Any], stand_in: dict[str, str]) -> bool:
    """Leave the broken parts out of `rest`; False when nothing could be left out."""
    changed = False
    routes = {_route(e)[:-1] if e["type"] == "missing" and len(e["loc"]) > 1 else _route(e) for e in errors}
    for route in sorted(routes, key=_last_first, reverse=True):
        parent = rest
        for step in route[:-1]:
            parent = parent[step]
        last = route[-1] if route else None
        if isinstance(parent, dict) and last in parent:
            del parent[last]
            changed = True
        elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            place = shaped.written(route[:-1])
            if place not in shaped.kept:
                shaped.kept[place] = list(range(len(parent)))
            shaped.kept[place].pop(last)
            del parent[last]
            changed = True
        elif isinstance(parent, dict) and last in stand_in:
            parent[last] = stand_in[str(last)]
            changed = True
    return changed


#: A key is not taken for a word that merely shares its ending, as *ringkasan* does with *singkatan*.
_ALIKE = 0.85
#: So many fields are named to whoever wrote one that does not exist.
_SHOWN = 8
#: The sentence for what Pydantic, or a reader of ours, says of a form.
_FORMS = {
    "string_type": "", "tuple_type": "list", "dict_type": "group", "model_type": "group", "name_type": "name",
}  # fmt: skip
#: What Pydantic says of values that are there but say nothing.
_EMPTY = ("missing", "too_short")


@dataclass
class _Teller:
    """Says what is wrong with a file; who has written many unknown fields is told what the first may have meant."""

    model: type[BaseModel]
    path: str
    value: Value
    period: Period | None
    unknown: int = 0
    #: What misspelt keys of each group have meant: a second one for the same field means that one as well.
    claimed: dict[Route, set[str]] = field(default_factory=dict)

    def finding(self, error: ErrorDetails) -> Finding:
        """What Pydantic, or a reader of ours, says of one value."""
        route = _route(error)
        if error["loc"][-1:] == ("[key]",):
            return self._of_key(route, error)
        place = Place(self.path, route)
        kind = error["type"]
        if kind == "extra_forbidden":
            return self._unknown(place, _siblings(self.value, route))
        args: dict[str, Any] = {"label": described(self.model, route), "key": shown_key(route)}
        if kind in _EMPTY or (kind in _FORMS and error["input"] is None):
            return MISSING_FIELD.at(place._replace(part="key"), _missing(error), **args)
        if kind == "value":
            return self._of_value(place, error, args)
        if kind == "too_long":
            return WRONG_FORM.at(place, "many", limit=error["ctx"]["max_length"], **args)
        if kind == "string_pattern_mismatch":
            return FORMAT.at(place, "id", text=error["input"], **args)
        return self._of_form(place, error, args)

    def _of_form(self, place: Place, error: ErrorDetails, args: dict[str, Any]) -> Finding:
        """How to write what has the form of something else."""
        kind, route = error["type"], place.route
        if kind == "string_type" and (only := _only_pair(error["input"])):
            return _as_text(place, *only, args)
        texts = _texts_in(error["input"]) if kind == "string_type" else []
        if len(texts) == 1 or any(
            " " in text or not text.islower() for text in texts
        ):  # several ids are no words to be joined
            suggestion = json.dumps(", ".join(texts), ensure_ascii=False) if len(texts) > 1 else texts[0]
            return WRONG_FORM.at(place, "joined", suggestion=suggestion, **args)
        if kind == "tuple_type" and re.match(r"-\S", _text(error["input"])):
            return WRONG_FORM.at(place, "dash", **args)
        if _FORMS.get(kind) == "group" and (pair := _unspaced(error["input"])):
            return WRONG_FORM.at(place, "colon", text=error["input"], suggestion=pair, **args)
        if _FORMS[kind] == "list" and (first := _first_field(self.model, route, error["input"])):
            return WRONG_FORM.at(place, "item", first=first, **args)
        pairs = _pairs_in(error["input"]) if _FORMS[kind] == "list" else ""
        figures = ", ".join(_texts_in(error["input"])) if kind == "dict_type" else ""
        text = pairs or figures or _text(error["input"]).strip()
        if text and (remedy := remedy_at(self.model, route, text, self.period)):
            fix = Exact(remedy.fix) if remedy.fix and not pairs else None
            return WRONG_FORM.at(place, remedy.variant, fix=fix, form=remedy.shown, **args)
        return WRONG_FORM.at(place, _FORMS[kind], **args)

    def _of_value(self, place: Place, error: ErrorDetails, args: dict[str, Any]) -> Finding:
        """What a reader refused, in the words of its kind."""
        context = dict(error.get("ctx", {}))
        kind = str(context.pop("kind"))
        if kind == "year" and (year := values.suggested_year(str(context["text"]), self.period)):
            kind, context["suggestion"] = "year_suggestion", year
        rule, variant = VALUE_RULES[kind]
        fix = context.pop("fix", None)  # of a key none: put right, it might stand twice
        return rule.at(place, variant, fix=fix if place.part == "value" else None, **{**args, **context})

    def _of_key(self, route: Route, error: ErrorDetails) -> Finding:
        """A year or an id that stands as a key; its field is the group around it."""
        place = Place(self.path, route, "key")
        group = route[:-1]
        args: dict[str, Any] = {"label": described(self.model, group), "key": shown_key(group)}
        if error["type"] == "missing":
            return MISSING_FIELD.at(place, **args)
        return self._of_value(place, error, args)

    def _unknown(self, place: Place, siblings: dict[str, Value]) -> Finding:
        """A key that no field has: with an odd character in it, misspelt, in the words of a label, or unknown."""
        *group, last = place.route
        key, known = str(last), fields_at(self.model, tuple(group))
        place = place._replace(part="key")
        if odd := values.odd_character(key):
            plain = values.without_odd(key, "")
            args = odd_args(odd, key, suggest(plain, known) or plain)
            return ODD_CHARACTER.at(place, "key", **args)
        if pair := _unspaced(key):
            return UNKNOWN_FIELD.at(place, "colon", key=key, suggestion=pair)
        labels, spelt = _names_at(self.model, tuple(0 if isinstance(step, int) else step for step in group))
        self.unknown += 1
        guess = spelt.suggest(key.replace("_", " ")) if self.unknown <= MOST else None
        claimed = self.claimed.setdefault(tuple(group), set())
        taken = guess in siblings or guess in claimed
        unplaced = "prose" if not group and self.path.endswith(".md") else ""
        variant = unplaced if not guess else "taken" if taken else "suggestion"
        fix = guess.fix if guess and not taken else None
        if guess:
            claimed.add(guess)
        where = described(self.model, tuple(group)) if group else Both("berkas ini", "this file")
        alone = not guess and len(siblings) == 1 and group and isinstance(group[-1], int)
        text = _only_pair(siblings) if alone else None
        if text and (remedy := remedy_at(self.model, tuple(group), f"{key}: {text[1] or ''}".strip(), None)):
            args = {"key": key, "where": where, "form": remedy.shown, "meant": remedy.names}
            return replace(UNKNOWN_FIELD.at(place, "alone"), args=args)
        return UNKNOWN_FIELD.at(
            place,
            variant,
            fix=fix,
            key=key,
            known=_choice(labels, siblings),
            suggestion=guess,
            where=where,
            label=labels.get(guess or ""),
        )


def _only_pair(value: object) -> tuple[str, str | None] | None:
    """The key and the text of a group that has one of each."""
    pairs = list(value.items()) if isinstance(value, dict) else []
    return pairs[0] if len(pairs) == 1 and isinstance(pairs[0][1], str | None) else None


def _as_text(place: Place, key: str, value: str | None, args: dict[str, Any]) -> Finding:
    """A text whose colon made a group of it, in quotes."""
    suggestion = json.dumps(f"{key}: {value or ''}".strip(), ensure_ascii=False)
    place = place._replace(part="pair")
    fix = Exact(suggestion) if value and "\n" not in value else None
    return WRONG_FORM.at(place, "pair", fix=fix, suggestion=suggestion, **args)


def _pairs_in(value: object) -> str:
    """The keys and the texts of a group, one a line; nothing of a group that holds others."""
    pairs = value.items() if isinstance(value, dict) else ()
    lines = [f"{key}: {text}" for key, text in pairs if isinstance(text, str)]
    return "\n".join(lines) if len(lines) == len(pairs) else ""


def _texts_in(value: object) -> list[str]:
    """The texts of a list of nothing else."""
    texts = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    return texts if isinstance(value, list) and len(texts) == len(value) else []


def _first_field(model: type[BaseModel], route: Route, value: object) -> str | None:
    """The first key of a group that stands where a list of such groups belongs."""
    if not isinstance(value, dict):
        return None
    labels, spelt = _names_at(model, (*(0 if isinstance(step, int) else step for step in route), 0))
    keys = list(value)[:MOST]
    return keys[0] if labels and any(spelt.suggest(key.replace("_", " ")) for key in keys) else None


def _missing(error: ErrorDetails) -> str:
    """Whether a list item is missing, a value after its key, or the key as well."""
    if isinstance(error["loc"][-1], int):
        return "item"
    return "" if error["msg"] == "Field required" else "empty"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _unspaced(value: object) -> str | None:
    """`key: value` for a text `key:value`, which lacks the space that YAML asks for."""
    match = re.fullmatch(r"([a-z_]+):((?!//)\S.*)", _text(value))
    return f"{match[1]}: {match[2]}" if match else None


@lru_cache
def _names_at(model: type[BaseModel], group: Route) -> tuple[dict[str, Both], Choices]:
    """The labels of the fields of a group, and each way to write a field's name with the field it means."""
    labels = {
        name: field_label(model, (*group, name)) or Both(name, name) for name in fields_at(model, group)
    }
    words = ((word, name) for name, label in labels.items() for word in (label.en, label.id, name))
    spelt = words_for(list(labels)) | {word.replace("_", " "): name for word, name in words}
    return labels, Choices(spelt, alike=_ALIKE)


def _choice(labels: dict[str, Both], siblings: dict[str, Value]) -> Both:
    """Fields that a group does not have yet, with what they are called; so many as anybody reads."""
    free = [name for name in labels if name not in siblings] or list(labels)
    more = ", …" if len(free) > _SHOWN else ""

    def listed(language: Language) -> str:
        return ", ".join(f"`{name}` ({labels[name].of(language)})" for name in free[:_SHOWN]) + more

    return Both(listed(Language.ID), listed(Language.EN))


def _siblings(value: Value, route: Route) -> dict[str, Value]:
    """The mapping of a file's value that the last name of a route stands in."""
    inner: Any = value
    for step in route[:-1]:
        inner = inner[step]
    return inner if isinstance(inner, dict) else {}


def json_schema(kind: str, language: Language) -> dict[str, Any]:
    """The JSON Schema of a kind of file, with descriptions in a language, for editors."""
    schema = KINDS[kind].model_json_schema()
    for about in _properties(schema):
        english = about.pop("x-en", None)
        if english and language is Language.EN:
            about["title"], about["description"] = english
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _properties(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {}).values()
