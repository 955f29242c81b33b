"""Findings: what is wrong, where, how grave, and which agency must act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from masterplan_cli.messages import Both, Language
from masterplan_cli.source import Located, Route, Span

#: A list of all fields still fits; the 50,000 characters of a broken file do not.
_LONGEST = 400


class Severity(StrEnum):
    """How grave a finding is; `OFF` silences a rule."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


class Place(NamedTuple):
    """A place in a file by names (`route`) or, in prose and broken files, by `span`."""

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
    if isinstance(value, Both):
        return value.of(language)
    return value[:_LONGEST] + "…" if isinstance(value, str) and len(value) > _LONGEST else value


class Note(NamedTuple):
    """A related place of a diagnostic, ready to print."""

    path: str
    span: Span
    label: str


@dataclass(frozen=True)
class Diagnostic:
    """A finding with its language, its lines and columns, and the agency that must act."""

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
    #: The names that lead to its place; empty in prose. Not part of what it says, so repetitions stay equal.
    route: Route = field(default=(), compare=False)

    @property
    def sort_key(self) -> tuple[object, ...]:
        return (self.path, self.span, self.code, self.message)


def place_findings(
    findings: Iterable[Finding],
    files: Mapping[str, Located],
    severities: dict[str, Severity],
    language: Language,
) -> list[Diagnostic]:
    """Turn findings into diagnostics in a stable order, leaving out silenced rules and repetitions."""
    placed = dict.fromkeys(_place(findings, files, severities, language))
    return sorted(placed, key=lambda d: d.sort_key)


def _place(
    findings: Iterable[Finding],
    files: Mapping[str, Located],
    severities: dict[str, Severity],
    language: Language,
) -> Iterator[Diagnostic]:
    for finding in findings:
        severity = severities.get(finding.rule.code, finding.rule.severity)
        if severity is Severity.OFF:
            continue
        message, help_ = finding.says(language)
        span = _span(finding.place, files)
        located = files.get(finding.place.path)
        yield Diagnostic(
            code=finding.rule.code,
            name=finding.rule.name,
            severity=severity,
            message=message,
            help=help_,
            path=finding.place.path,
            span=span,
            excerpt=located.source.line(span.line) if located else "",
            notes=tuple(
                Note(r.place.path, _span(r.place, files), r.label.of(language)) for r in finding.related
            ),
            agency=finding.agency,
            fix=finding.fix,
            route=finding.place.route,
        )


def _span(place: Place, files: Mapping[str, Located]) -> Span:
    if place.span is not None:
        return place.span
    located = files.get(place.path)
    return located.span(place.route, place.part) if located else Span(1, 1, 1, 1)


def with_agency(finding: Finding, agency: str | None) -> Finding:
    """The same finding, addressed to an agency unless it already is."""
    return finding if finding.agency else replace(finding, agency=agency)
