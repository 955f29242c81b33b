"""Findings: what is wrong, where, how grave, and which agency must act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from masterplan_cli.messages import Both, Language
from masterplan_cli.source import Located, Route, Span, needs_quotes

#: A list of all fields still fits; the 50,000 characters of a broken file do not.
_LONGEST = 400
#: So many characters of a line are kept on each side of the place of a finding; no terminal is as wide as one side.
SIDE = 500
#: So many findings of one code in one file are told one by one: nobody reads more, and most have one cause.
MOST = 100


class Exact(str):
    """A fix that is written as it is, over one line or several: it brings its own quotes and line ends."""


class Severity(StrEnum):
    """How grave a finding is; `OFF` silences a rule."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


#: What stands before the remedy of a finding.
HELP_WORD = Both("tolong", "help")
#: What a finding of each severity is called, the gravest first.
SEVERITY_WORDS = {
    Severity.ERROR: Both("error", "error"),
    Severity.WARNING: Both("peringatan", "warning"),
}


class Place(NamedTuple):
    """A place in a file by names (`route`) or, in prose and broken files, by `span`; in prose its `part` says so.

    The `part` of a route is its value, its `key`, or the `pair` of a key and a value that its value holds.
    """

    path: str
    route: Route = ()
    part: str = "value"
    span: Span | None = None


class Text(NamedTuple):
    """What a rule says in both languages; `message` and `help` are templates over a finding's arguments."""

    message: Both
    help: Both


@dataclass(frozen=True)
class Rule:
    """One thing the tool can find: its code, its name, and every sentence about it.

    `variants` hold other wordings for causes that deserve their own sentence. A `fixed` rule guards the
    meaning of a file, so a plan cannot lower its severity.
    """

    code: str
    name: str
    severity: Severity
    title: Both
    why: Both
    text: Text
    variants: dict[str, Text] = field(default_factory=dict)

    @property
    def fixed(self) -> bool:
        return self.code < "MP100" or self.code >= "MP900"

    def at(
        self,
        place: Place,
        variant: str = "",
        related: Iterable[Related] = (),
        agency: str | None = None,
        fix: str | None = None,
        **args: object,
    ) -> Finding:
        """A finding of this rule; `args` fill the placeholders of its sentences.

        `fix` is what to write at the place instead, given only when nothing else can be meant.
        """
        return Finding(self, place, variant, dict(args), tuple(related), agency, fix)


class Related(NamedTuple):
    """Another place that explains a finding, with a word on why."""

    place: Place
    label: Both


@dataclass(frozen=True)
class Finding:
    """A rule broken at a place; still without language, line or column."""

    rule: Rule
    place: Place
    variant: str
    args: dict[str, object]
    related: tuple[Related, ...] = ()
    agency: str | None = None
    fix: str | None = None

    def says(self, language: Language) -> tuple[str, str]:
        """The message and the help in a language."""
        text = self.rule.variants[self.variant] if self.variant else self.rule.text
        args = {name: _spoken(value, language) for name, value in self.args.items()}
        return text.message.of(language).format(**args), text.help.of(language).format(**args)


def _spoken(value: object, language: Language) -> object:
    """An argument as a sentence shows it: in its language, and never longer than a line or two."""
    said = value.of(language) if isinstance(value, Both) else value
    return said[:_LONGEST] + "…" if isinstance(said, str) and len(said) > _LONGEST else said


class Note(NamedTuple):
    """A related place of a diagnostic, ready to print."""

    path: str
    span: Span
    label: str


@dataclass(frozen=True)
class Diagnostic:
    """A finding with its language, its lines and columns, and the agency that must act.

    Of a long line the `excerpt` holds what stands around the place; `cut` characters stand before it.
    """

    code: str
    name: str
    severity: Severity
    message: str
    help: str
    path: str
    span: Span
    excerpt: str
    notes: tuple[Note, ...]
    agency: str | None
    fix: str | None = None
    cut: int = 0
    #: How many findings it stands for: more than one where those of its code in its file are too many to tell.
    count: int = 1
    #: The names that lead to its place; empty in prose. Not part of what it says, so repetitions stay equal.
    route: Route = field(default=(), compare=False)

    @property
    def sort_key(self) -> tuple[object, ...]:
        return (self.path, self.span, self.code, self.message)


_MORE = Text(
    Both(
        "di berkas ini masih ada {count} temuan {code} lagi",
        "this file has {count} more findings of {code}",
    ),
    Both(
        "perbaiki dahulu yang sudah disebut, lalu jalankan `masterplan check` lagi",
        "mend those that were named first, then run `masterplan check` again",
    ),
)
_MORE_FIXABLE = Text(
    Both(
        "di berkas ini masih ada {count} temuan {code} lagi yang dapat diperbaiki otomatis",
        "this file has {count} more findings of {code} that can be fixed automatically",
    ),
    Both(
        "jalankan `masterplan check --fix` sampai tidak ada yang tersisa",
        "run `masterplan check --fix` until none is left",
    ),
)


def place_findings(
    findings: Iterable[Finding],
    files: Mapping[str, Located],
    severities: dict[str, Severity],
    language: Language,
) -> list[Diagnostic]:
    """Turn findings into diagnostics in a stable order, leaving out silenced rules and repetitions.

    Of one code in one file the first `MOST` are shown, and the others by their number; those that can be fixed count
    apart, so that fixing them comes to an end.
    """
    groups: dict[tuple[str, str, bool], list[tuple[Span, Finding]]] = {}
    for finding in findings:
        key = (finding.place.path, finding.rule.code, finding.fix is not None)
        groups.setdefault(key, []).append((_span(finding.place, files), finding))
    placer = _Placer(files, severities, language)
    placed = dict.fromkeys(
        diagnostic for group in groups.values() for diagnostic in placer.diagnostics_of(group)
    )
    return sorted(placed, key=lambda d: d.sort_key)


@dataclass(frozen=True)
class _Placer:
    """Puts findings into words, with the lines that they stand in."""

    files: Mapping[str, Located]
    severities: dict[str, Severity]
    language: Language

    def diagnostics_of(self, group: list[tuple[Span, Finding]]) -> list[Diagnostic]:
        """The findings of one code in one file, the first by themselves and all others as one."""
        rule = group[0][1].rule
        severity = self.severities.get(rule.code, rule.severity)
        if severity is Severity.OFF:
            return []
        made: list[Diagnostic] = []
        rest = 0
        for span, placed in groupby(sorted(group, key=itemgetter(0)), key=itemgetter(0)):
            alike = [finding for _, finding in placed]
            if len(made) > MOST and len(alike) == 1:
                rest += 1
                continue
            distinct = list(dict.fromkeys(self._diagnostic(finding, span, severity) for finding in alike))
            fitting = distinct[: MOST + 1 - len(made)]
            made += fitting
            rest += len(distinct) - len(fitting)
        return [*made[:MOST], self._others(made[MOST], rest + 1)] if rest else made

    def _others(self, first: Diagnostic, count: int) -> Diagnostic:
        """What stands for the rest of the findings, at the place of the first of them."""
        text = _MORE_FIXABLE if first.fix is not None else _MORE
        message = text.message.of(self.language).format(count=count, code=first.code)
        help_ = text.help.of(self.language)
        return replace(first, message=message, help=help_, notes=(), fix=None, count=count)

    def _fixable(self, finding: Finding, span: Span) -> bool:
        """Whether a fix can be put exactly where its words stand, and means there what it says."""
        place, located = finding.place, self.files.get(finding.place.path)
        if isinstance(finding.fix, Exact):
            return True
        if finding.fix is None or located is None or span.line != span.end_line:
            return False
        written = place.span is not None or place.route in located.spans
        return written and (place.part == "prose" or not needs_quotes(finding.fix))

    def _diagnostic(self, finding: Finding, span: Span, severity: Severity) -> Diagnostic:
        message, help_ = finding.says(self.language)
        located = self.files.get(finding.place.path)
        line = located.source.line(span.line) if located else ""
        cut = max(0, span.column - 1 - SIDE) if len(line) > 2 * SIDE else 0
        related = [(r.place, r.label.of(self.language)) for r in finding.related]
        return Diagnostic(
            code=finding.rule.code,
            name=finding.rule.name,
            severity=severity,
            message=_text(message),
            help=_text(help_),
            path=_text(finding.place.path),
            span=span,
            excerpt=line[cut : cut + 2 * SIDE],
            notes=tuple(Note(_text(place.path), _span(place, self.files), label) for place, label in related),
            agency=finding.agency,
            fix=finding.fix if self._fixable(finding, span) else None,
            cut=cut,
            route=finding.place.route,
        )


def _text(text: str) -> str:
    """The same without what stands for the bytes of a file's name that are no text."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def total(diagnostics: Iterable[Diagnostic]) -> int:
    """How many findings diagnostics stand for."""
    return sum(diagnostic.count for diagnostic in diagnostics)


def _span(place: Place, files: Mapping[str, Located]) -> Span:
    if place.span is not None:
        return place.span
    located = files.get(place.path)
    return located.span(place.route, place.part) if located else Span(1, 1, 1, 1)


def with_agency(finding: Finding, agency: str | None) -> Finding:
    """The same finding, addressed to an agency unless it already is."""
    return finding if finding.agency else replace(finding, agency=agency)
