"""What is said of a plan's files, told to somebody who fills in a form: fields by their labels instead of their keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import BaseModel

from masterplan_cli import schema
from masterplan_cli.diagnostics import Diagnostic
from masterplan_cli.forms.records import spoken
from masterplan_cli.messages import Language
from masterplan_cli.schema.labels import field_label
from masterplan_cli.source import Route


def in_form_words(found: Diagnostic, language: Language) -> Diagnostic:
    """A finding whose message and help name fields as forms do."""
    model = _model_of(found.path)
    if model is None:
        return found
    message, help_ = (_worded(text, model, found.route, language) for text in (found.message, found.help))
    return replace(found, message=message, help=help_)


def _model_of(path: str) -> type[BaseModel] | None:
    """What a file says that forms are about."""
    folder, _, name = path.partition("/")
    if folder == "agencies":
        return schema.Agency
    if folder != "pillars":
        return None
    return schema.Pillar if name.rpartition("/")[2].startswith("pillar.") else schema.Program


def _worded(text: str, model: type[BaseModel], route: Route, language: Language) -> str:
    """A sentence whose codes `key:`, `key: value` and, in brackets behind a label, `key` are written for a form."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return text
    said, group = parts[0], ""
    for code, after in zip(parts[1::2], parts[2::2], strict=True):
        key, colon, value = code.partition(":")
        # What follows the name of a list are the keys of its items.
        label = _label(model, (*route, group, 0) if group and not colon else route, key, language)
        if label and not colon and said.endswith(" (") and after.startswith(")"):
            said, after = said.removesuffix(" ("), after[1:]
        elif label and (colon or group):
            said += f"“{label}{colon if value else ''}{value}”"
            group = key if colon else group
        elif code.startswith("## "):
            said += f"“{code.removeprefix('## ')}”"
        else:
            said += f"`{code}`"
        said += after
    return said


def _label(model: type[BaseModel], route: Route, key: str, language: Language) -> str:
    """What the field of a key is called that stands at a route or beside it, or is one of the whole file's."""
    for above in _ends(route):
        label = field_label(model, (*above, key))
        if label and label != field_label(model, above):
            return spoken(label).of(language)
    return ""


def _ends(route: Route) -> Iterator[Route]:
    """A route, and those that lead to it."""
    return (route[:depth] for depth in range(len(route), -1, -1))
