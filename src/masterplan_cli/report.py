"""Reports: diagnostics as text for people, and in the forms that CI systems read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable

from masterplan_cli.diagnostics import Diagnostic, Severity
from masterplan_cli.messages import Both, Language

_WIDTH = 100
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")

_WORDS = {
    Severity.ERROR: Both("error", "error"),
    Severity.WARNING: Both("peringatan", "warning"),
}
_HELP, _MORE = Both("tolong", "help"), Both("lanjut", "more")
_CLEAN = Both("bersih: tidak ada temuan", "clean: nothing found")
_COUNTS = Both("{errors} error, {warnings} peringatan", "{errors} errors, {warnings} warnings")
_ACT = Both("yang harus bertindak: {agencies}", "to act: {agencies}")
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33"}


def shown(text: str) -> str:
    """A text made safe for a terminal: no control characters, nothing that turns the reading direction."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def report(diagnostics: list[Diagnostic], form: str, language: Language, *, colour: bool = False) -> str:
    """The diagnostics in one of `FORMS`, ending in a line break unless empty."""
    if form == "full":
        return _full(diagnostics, language, colour=colour)
    return FORMS[form](diagnostics, language)


def _full(diagnostics: list[Diagnostic], language: Language, *, colour: bool) -> str:
    parts = [_one(d, language, colour=colour) for d in diagnostics]
    return "\n".join([*parts, summary(diagnostics, language) + "\n"])


def _one(found: Diagnostic, language: Language, *, colour: bool) -> str:
    paint = _painter(colour)
    head = paint(f"{_WORDS[found.severity].of(language)}[{found.code}]", f"1;{_COLOURS[found.severity]}")
    line, column = found.span.line, found.span.column
    margin = " " * len(str(line))
    out = [f"{head}: {shown(found.message)}", f"{margin}--> {shown(found.path)}:{line}:{column}"]
    if found.excerpt.strip():
        text, start, length = _window(found)
        bar = paint("|", "34")
        out += [
            f"{margin} {bar}",
            f"{line} {bar} {text}",
            f"{margin} {bar} {' ' * start}{paint('^' * length, _COLOURS[found.severity])}",
        ]
    out += [f"{margin} = {label}: {shown(text)}" for label, text in _afterwords(found, language)]
    return "\n".join(out) + "\n"


def _afterwords(found: Diagnostic, language: Language) -> list[tuple[str, str]]:
    notes = [(note.label, f"{note.path}:{note.span.line}:{note.span.column}") for note in found.notes]
    return [
        *notes,
        (_HELP.of(language), found.help),
        (_MORE.of(language), f"masterplan explain {found.code}"),
    ]


def _painter(colour: bool) -> Callable[[str, str], str]:
    return (lambda text, code: f"\x1b[{code}m{text}\x1b[0m") if colour else (lambda text, _: text)


def _window(found: Diagnostic) -> tuple[str, int, int]:
    """The excerpt cut to the width of a terminal, where the mark begins in it, and its length."""
    text = shown(found.excerpt.replace("\t", " "))
    start = found.span.column - 1
    one_line = found.span.end_line == found.span.line
    end = found.span.end_column - 1 if one_line else len(text.rstrip())
    cut = max(0, start - _WIDTH // 2) if len(text) > _WIDTH else 0
    visible = text[cut : cut + _WIDTH]
    return visible, start - cut, max(1, min(end - start, len(visible) - (start - cut)))


def summary(diagnostics: list[Diagnostic], language: Language) -> str:
    """One line: how many of each, and which agencies must act."""
    if not diagnostics:
        return _CLEAN.of(language)
    count = Counter(d.severity for d in diagnostics)
    text = _COUNTS.of(language).format(errors=count[Severity.ERROR], warnings=count[Severity.WARNING])
    agencies = Counter(d.agency for d in diagnostics if d.agency)
    if agencies:
        ranked = sorted(agencies.items(), key=lambda item: (-item[1], item[0]))
        names = ", ".join(f"{agency} ({n})" for agency, n in ranked[:6]) + (", …" if len(ranked) > 6 else "")
        text += "; " + _ACT.of(language).format(agencies=names)
    return text


def _concise(diagnostics: list[Diagnostic], language: Language) -> str:
    return "".join(
        f"{shown(d.path)}:{d.span.line}:{d.span.column}: {_WORDS[d.severity].of(language)}[{d.code}] {shown(d.message)}\n"
        for d in diagnostics
    )


def _json(diagnostics: list[Diagnostic], _language: Language) -> str:
    return json.dumps([_object(d) for d in diagnostics], ensure_ascii=False, indent=2) + "\n"


def _object(found: Diagnostic) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "path": found.path,
        "line": found.span.line,
        "column": found.span.column,
        "end_line": found.span.end_line,
        "end_column": found.span.end_column,
        "help": found.help,
        "agency": found.agency,
    }


def _github(diagnostics: list[Diagnostic], _language: Language) -> str:
    """Workflow commands, which GitHub shows on the changed line."""
    return "".join(
        f"::{d.severity} file={_property(d.path)},line={d.span.line},col={d.span.column},"
        f"endLine={d.span.end_line},endColumn={d.span.end_column},title={d.code}"
        f"::{_data(shown(f'{d.message}. {d.help}'))}\n"
        for d in diagnostics
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


#: The forms of a report, beside `full`.
FORMS: dict[str, Callable[[list[Diagnostic], Language], str]] = {
    "concise": _concise,
    "json": _json,
    "github": _github,
}
FORM_NAMES = ("full", *FORMS)
