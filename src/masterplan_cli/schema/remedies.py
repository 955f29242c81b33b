"""How a list or a group is written that somebody wrote as one text: the form of the field, with that text in it."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from masterplan_cli.schema.labels import annotation_at, model_in, type_in
from masterplan_cli.schema.types import Code, Id, Listed, Number, PlainText, Rupiah, Typed, Url, Year, Years
from masterplan_cli.source import Route
from masterplan_cli.values import BadValue, Period, items_of

_UNKNOWN = "…"
#: A number of so few digits is hardly an amount.
_SHORT = 5
_YEAR_IN = re.compile(r"\(?(?<!\d)((?:19|20)\d\d)(?!\d)\)?")
_PERIOD_IN = re.compile(r"\(?(?<!\d)((?:19|20)\d\d ?[-–] ?(?:19|20)\d\d)(?!\d)\)?")
_CODE_IN = re.compile(r"(?<![\w.])[\dX]++(?:\.[\dX]++)++(?![\w.])")
#: An amount that a word or its length shows to be one.
_MONEY_IN = re.compile(
    r"(?:Rp\.? ?)?(?<![\w.,])\d[\d.]*+(?:,\d++)?(?: ?(?:ribu|rb|juta|jt|miliar|milyar|triliun)\b)?", re.I
)
#: What comes after the unit of a figure, and what leads to a source or follows one.
_SOURCE_IN = re.compile(
    r"[(,;]|\b(?:sumber|survei|data|bps|laporan|menurut|dari|source|survey|report|from)\b", re.I
)
_LEADING = ("dari", "sumber", "dana", "data", "tahun", "pada", "from", "source", "of", "funds", "in")
_TRAILING = ("sampai", "hingga", "until", "tahun", "pada", "dari", "th", "in", "year")
_AROUND = " :,;-–()\n"
_FUNDS = re.compile(
    r"\b(?:APBD|APBN|APBDes|DAK|DAU|DBH|PAD|BLUD|CSR|TJSL|hibah|bantuan|dana|swasta|pinjaman|grant)\b", re.I
)
_REGULATION = re.compile(r"\b(?:permen|kepmen|peraturan|keputusan|regulation)", re.I)
#: With one of these a text in YAML is another thing, or ends.
_SPECIAL = re.compile(r"^[\[\]{}>|*&!%#`@\"'?,:-]|: | #|:$")
_NUMBER_IN = re.compile(r"(?<![\w.,])-?\d[\d.]*(?:,\d+)?")
#: A number of an item within a text.
_NUMBERED = re.compile(r"(?:^|(?<=\s))\d{1,2}[.)](?=\s)")
#: What stands between several names or ids that are written as one text.
_BETWEEN = re.compile(r"[,;\n&]| dan | serta | and ")
SEPARATORS = re.compile(rf"/|{_BETWEEN.pattern}")
_ID = re.compile(r"[a-z0-9][a-z0-9/-]*")
_ADDRESS = re.compile(r"https?://\S+")
_FILE = re.compile(r"\S+\.[A-Za-z]{2,5}")


class Remedy(NamedTuple):
    """How to write it: the variant of the sentence, what it shows, and the value when only one thing can be meant."""

    variant: str
    shown: str
    fix: str | None = None
    #: The fields that it shows.
    names: tuple[str, ...] = ()


def remedy_at(model: type[BaseModel], route: Route, text: str, period: Period | None) -> Remedy | None:
    """The form of the field at a route for a text that was written there; None where the schema knows no better."""
    found = annotation_at(model, tuple(0 if isinstance(step, int) else step for step in route))
    if isinstance(found, type) and issubclass(found, BaseModel):
        return _item(found, text) if isinstance(route[-1], int) else _group(found, text)
    if get_origin(found) is dict:
        return _years(text, period) if type_in(get_args(found)[0]) is _kind(Year) else None
    if get_origin(found) is tuple:
        inside = model_in(get_args(found)[0])
        if isinstance(inside, type) and issubclass(inside, BaseModel):
            item = _item(inside, text)
            several = _several(inside, text)
            return (
                Remedy("form", several)
                if several
                else item._replace(fix=f"[{item.fix}]" if item.fix else None)
            )
        return _texts(str(route[-1]), text, ids=type_in(get_args(found)[0]) is _kind(Id))
    return None


def _kind(annotated: Any) -> Typed:
    """What reads the values of an annotated type."""
    kind = type_in(annotated)
    assert kind  # noqa: S101 - as it was declared
    return kind


def _group(model: type[BaseModel], text: str) -> Remedy:
    return Remedy("form", ", ".join(f"`{name}: {value}`" for name, value in _pairs(model, text).items()))


def _item(model: type[BaseModel], text: str) -> Remedy:
    pairs = _pairs(model, text)
    alone = list(pairs.values()) == [text] and not re.search(r"[,;\n]| dan | and | - ", text)
    fix = f"{{{next(iter(pairs))}: {json.dumps(text, ensure_ascii=False)}}}" if alone else None
    return Remedy("form", _shown(pairs), fix, tuple(pairs))


def _shown(pairs: dict[str, str]) -> str:
    """The fields of an item of a list, the first behind its dash."""
    lines = [f"`{name}: {value}`" for name, value in pairs.items()]
    return ", ".join(["`- " + lines[0][1:], *lines[1:]])


def _several(model: type[BaseModel], text: str) -> str | None:
    """Several texts, each as an item of its own, where an item needs no more than a text."""
    texts = items_of(text) or [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]
    if "\n" in text and not items_of(text):
        texts = [line.strip() for line in text.split("\n") if line.strip()]
    pairs = [_pairs(model, part) for part in texts[:_MOST_ITEMS]]
    simple = all(len(pair) == 1 and _UNKNOWN not in pair.values() for pair in pairs)
    return ", ".join(map(_shown, pairs)) if len(texts) > 1 and (simple or "\n" in text) else None


#: So many items are shown.
_MOST_ITEMS = 20


def _pairs(model: type[BaseModel], text: str) -> dict[str, str]:
    """The fields that a group must have, and what of the text belongs to each: what tells itself by its form comes first."""
    kinds = {name: type_in(info) for name, info in model.model_fields.items() if _is_single(model, name)}
    required = [name for name, info in model.model_fields.items() if info.is_required()]
    found: dict[str, str] = {}
    rest = text.strip()
    for taker, names in ((_timed, list(kinds)), (_figure, required)):
        for name in names:
            if taken := taker(kinds.get(name), rest):
                found[name], rest = taken
    figures = {_kind(Number), _kind(Rupiah), _kind(Code)} & {kinds[name] for name in found}
    slot = _rest_slot(kinds, rest) if figures else _slot(kinds, required, rest)
    if figures and "note" in kinds and " untuk " in rest:
        rest, _, found["note"] = rest.partition(" untuk ")
    if slot in required and (other := _following(kinds, required, slot)) and ": " in rest:
        rest, _, found[other] = rest.partition(": ")
    if slot and rest:
        found[slot] = f"assets/{rest}" if slot == "file" and "/" not in rest else rest
    shown = [name for name in model.model_fields if name in found or name in required]
    return {name: _written(found[name]) if name in found else _UNKNOWN for name in shown}


def _following(kinds: dict[str, Typed | None], required: list[str], slot: str) -> str | None:
    """The field that says more of what a text names before its colon: the other text that must be there, or the next."""
    texts = [name for name, kind in kinds.items() if kind is _kind(PlainText) and name != slot]
    needed = [name for name in texts if name in required]
    return next(iter(needed or (texts if required == [slot] else [])), None)


def _written(value: str) -> str:
    """A text as it must stand in YAML."""
    return json.dumps(value, ensure_ascii=False) if _SPECIAL.search(value) else value


def _timed(kind: Typed | None, text: str) -> tuple[str, str] | None:
    """A year or a period in a text, and what is left of it."""
    pattern = _YEAR_IN if kind is _kind(Year) else _PERIOD_IN if kind is _kind(Years) else None
    match = pattern.search(text) if pattern else None
    return (match[1], _bare(text[: match.start()] + text[match.end() :])) if match else None


def _figure(kind: Typed | None, text: str) -> tuple[str, str] | None:
    """A figure, an amount or a code in a text, and what is left of it; a unit right behind a figure has another field."""
    if kind is _kind(Number) and (match := _NUMBER_IN.search(text)):
        source = _SOURCE_IN.search(text, match.end())
        return match[0], _bare(text[: match.start()] + (text[source.start() :] if source else ""))
    if kind is _kind(Code) and (match := _CODE_IN.search(text)) and _reads(kind, match[0]):
        return match[0], _bare(text[: match.start()] + text[match.end() :])
    if kind is _kind(Rupiah):
        for match in _MONEY_IN.finditer(text):
            amount = match[0] == text or not match[0].isdigit() or len(match[0]) > _SHORT
            if amount and _reads(kind, match[0]):
                return match[0], _bare(text[: match.start()] + text[match.end() :])
    return None


def _bare(text: str) -> str:
    """The words of a text without what stood around something that was taken out of it."""
    words = text.strip(_AROUND).split()
    start, end = 0, len(words)
    while start < end and words[start].strip(_AROUND).casefold() in _LEADING:
        start += 1
    while end > start and words[end - 1].strip(_AROUND).casefold() in _TRAILING:
        end -= 1
    return " ".join(words[start:end]).strip(_AROUND).replace(" :", ":").replace(" ,", ",")


def _rest_slot(kinds: dict[str, Typed | None], text: str) -> str | None:
    """Where the words beside a figure, an amount or a code belong."""
    if "nomenclature" in kinds and _REGULATION.search(text):
        return "nomenclature"
    if "note" in kinds and not _FUNDS.search(text):
        return "note"
    return next(
        (name for name in ("source", "title") if kinds.get(name) in (_kind(PlainText), _kind(Listed))), None
    )


def _is_single(model: type[BaseModel], name: str) -> bool:
    """Whether a field holds one value, and no list or group."""
    return get_origin(annotation_at(model, (name,))) not in (dict, tuple)


def _slot(kinds: dict[str, Typed | None], required: list[str], text: str) -> str | None:
    """The field that a text belongs to: an address, a file, else the first that must be a text."""
    if _ADDRESS.fullmatch(text):
        return next((name for name, kind in kinds.items() if kind is _kind(Url)), None)
    if "file" in kinds and _FILE.fullmatch(text):
        return "file"
    own = [name for name in required if kinds.get(name) in (_kind(PlainText), _kind(Code))]
    exact = (name for name in own if kinds[name] is _kind(Code) and _reads(kinds[name], text))
    return next(exact, next((name for name in own if kinds[name] is _kind(PlainText)), None))


def _reads(kind: Typed | None, text: str) -> bool:
    try:
        return kind is not None and kind.read(text) is not None
    except (BadValue, PydanticCustomError):
        return False


def _years(text: str, period: Period | None) -> Remedy | None:
    """Figures in a row, each under a year of the plan."""
    written = _YEAR_IN.findall(text)
    figures = _NUMBER_IN.findall(_YEAR_IN.sub(" ", text).replace(", ", " ; "))
    years = [int(year) for year in written] or list(period.years if period else ())
    if not figures or not years or (written and len(written) != len(figures)):
        return None
    return Remedy(
        "form", ", ".join(f"`{year}: {figure}`" for year, figure in zip(years, figures, strict=False))
    )


def _texts(key: str, text: str, *, ids: bool) -> Remedy | None:
    """One text, or several ids, as a list; which of several names is which, only a rule can tell that knows them."""
    if ids and ": " in text:
        return None
    items = [item.strip() for item in _BETWEEN.split(text) if item.strip()] if ids else []
    if items and all(map(_ID.fullmatch, items)):
        return Remedy("texts", f"{key}: [{', '.join(items)}]", f"[{', '.join(items)}]")
    if ids and SEPARATORS.search(text):
        lines = [json.dumps(line.strip(), ensure_ascii=False) for line in text.split("\n") if line.strip()]
        return Remedy("ids", key, f"[{', '.join(lines)}]")
    marked = items_of(text)
    numbered = [part.strip() for part in _NUMBERED.split(text)] if len(_NUMBERED.findall(text)) > 1 else []
    parts = (
        marked
        or [part for part in numbered if part]
        or [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    )
    listed = json.dumps(parts, ensure_ascii=False)
    sure = marked or (len(parts) == 1 and " - " not in text and not numbered)
    return Remedy("texts", f"{key}: {listed}", listed if sure else None)
