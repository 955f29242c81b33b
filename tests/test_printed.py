"""Whatever a file says is printed in the book, or stands in a list here with the reason why not."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from conftest import masterplan, write
from masterplan_cli import schema
from masterplan_cli.schema.labels import type_in
from masterplan_cli.schema.types import PlainText

#: What fields say that are no free texts: they must fit each other. Fields of other types that are absent here stay out.
SAID: dict[str, Any] = {
    "owner": "dinas-a", "supporting": ["dinas-b"], "subdimension": "satu", "depends_on": ["alfa/layanan"], "unit": "zorang",
    "value": "13.5", "targets": {"2024": "61.5"}, "actuals": {"2024": "62.25"}, "year": "2024",
    "amount": "123456000", "code": "2.16.01", "affairs": ["2.17"], "file": "assets/zbukti.txt",
    "url": "https://zbukti.go.id", "date": "2023-04-05", "tags": ["sdg:11.6"], "stage": "evaluasi", "progress": "37",
    "innovation": "produk", "origin": "masyarakat", "level": "tinggi", "valid": "2019-", "until": "2018", "quick_win": "Ya",
    "agency": "dinas-b", "source": "APBD Kota", "period": "2022-2026", "duties": {"alfa": "Zduty"}, "kind": "lainnya",
}  # fmt: skip
#: How the values above look in print; the others look as they are written.
PRINTED = {
    "13.5": "13,5",
    "61.5": "61,5",
    "62.25": "62,25",
    "123456000": "123.456.000",
    "2023-04-05": "5 April 2023",
}
#: What the book leaves out, by kind and name.
LEFT_OUT = {
    "reviewers": "who approves changes is no matter of the book",
    "no_budget_reason": "MP515 tells where a budget stands beside it; the program without a budget is another test's",
    "funding_sources": "settings", "units": "settings", "allowed": "settings", "outputs": "settings", "rules": "settings",
    "books": "other books", "logo": "a picture", "taxonomy": "settings", "language": "settings", "rupiah_space": "settings",
    "formerly": "ids that the plan has no more; a comparison tells of them", "replaces": "as formerly",
    "status": "printed as a banner", "direction": "the figures show it",
}  # fmt: skip


def _value(name: str, annotation: Any, info: Any, numbers: count[int]) -> Any:
    """What a field says, every text a word of its own; None for what is left out."""
    if name in LEFT_OUT:
        return None
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return [_group(inner, numbers)]
        return [f"Zkata{next(numbers)}z"] if type_in(inner) is type_in(PlainText) else SAID.get(name)
    model = next((a for a in (annotation, *get_args(annotation)) if _is_model(a)), None)
    if model:
        return _group(model, numbers)
    return f"Zkata{next(numbers)}z" if type_in(info) is type_in(PlainText) else SAID.get(name)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _group(model: type[BaseModel], numbers: count[int]) -> dict[str, Any]:
    said = {name: _value(name, info.annotation, info, numbers) for name, info in model.model_fields.items()}
    return {name: value for name, value in said.items() if value is not None}


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("kind", ["masterplan", "agency", "pillar", "program", "chapter"])
def test_the_book_prints_every_field(plan: Path, kind: str) -> None:
    said = _group(schema.KINDS[kind], count())
    write(plan, "assets/zbukti.txt", "x")
    data = f"---\n{json.dumps(said)}\n---\n\nTeks.\n"
    if kind == "masterplan":
        said |= {
            "taxonomy": "taxonomy.yaml",
            "period": "2022-2026",
            "region": said["region"] | {"kind": "kota"},
        }
        write(plan, "masterplan.yaml", json.dumps(said))
    elif kind == "agency":
        write(plan, "agencies/dinas-b.yaml", json.dumps(said))
    else:
        paths = {"pillar": "pillars/alfa/pillar.md", "program": "pillars/alfa/zbaru.md"}
        write(plan, paths.get(kind, "chapters/zbab.md"), data)
    result = masterplan("build", plan, "--draft", "--to", "md")
    assert "MP02" not in result.out + result.err
    written = (plan / "build" / "masterplan.md").read_text(encoding="utf-8")
    book = written.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
    told = {text for text in _texts(said) if text not in ("taxonomy.yaml", "kota", "lainnya")}
    lost = [text for text in told if not _stands(text, book)]
    assert not lost, {text: [name for name in said if text in _texts(said[name])] for text in lost}


def _stands(text: str, book: str) -> bool:
    """Whether a text is printed: by its words, by an id's name, or by the name of a choice."""
    names = {
        "dinas-a": "Dinas A", "dinas-b": "B", "satu": "Satu", "alfa/layanan": "Layanan Cepat",
        "tinggi": "tinggi", "evaluasi": "valuasi", "produk": "roduk", "masyarakat": "asyarakat", "37": "37",
        "2022-2026": "2022–2026", "2019-": "2019–", "Ya": "Ya",
    }  # fmt: skip
    return PRINTED.get(text, names.get(text, text)).casefold() in book.casefold()
