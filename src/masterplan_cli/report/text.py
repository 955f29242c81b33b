"""Reports for people: the finding, its line, what to type instead; and one line on who must act."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from masterplan_cli.diagnostics import HELP_WORD, SEVERITY_WORDS, SIDE, Diagnostic, Severity
from masterplan_cli.messages import Both, Language
from masterplan_cli.terminal import no_command, shown
from masterplan_cli.values import grouped

_EXCERPT = 100
_PLACES = 4
_AGENCIES = 6

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33"}
_MORE = Both("lanjut", "more")
_ALSO = Both("juga di", "also at")
_AND_MORE = Both("dan {count} tempat lain", "and {count} other places")
_COUNTED = Both("Jumlah temuan menurut kode:", "Findings by code:")
_LEFT = Both(
    ", {count} di antaranya belum disebut: --only {code}", ", of which not named: {count}; --only {code}"
)
_SHOW = Both(
    "`masterplan check --all` menyebut semuanya, `--errors` hanya error, `--only KODE` hanya satu kode.",
    "`masterplan check --all` names them all, `--errors` the errors alone, `--only CODE` those of one code.",
)
_CLEAN = Both("bersih: tidak ada temuan", "clean: nothing found")
_ONE = {
    Severity.ERROR: Both("{count} error", "{count} error"),
    Severity.WARNING: Both("{count} peringatan", "{count} warning"),
}
_MANY = {
    Severity.ERROR: Both("{count} error", "{count} errors"),
    Severity.WARNING: Both("{count} peringatan", "{count} warnings"),
}
_ACT = Both("yang harus bertindak: {agencies}", "to act: {agencies}")
_FIXABLE = Both(
    "{count} dapat diperbaiki otomatis: masterplan check --fix (lihat dulu: --diff)",
    "{count} can be fixed automatically: masterplan check --fix (see first: --diff)",
)


@dataclass(frozen=True)
class Screen:
    """What a report is shown on: whether it has colours, its width in characters (None: no wrapping), and how many
    findings of one code it names (None: all)."""

    colour: bool = False
    width: int | None = None
    most: int | None = 10

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def wrap(self, text: str, hang: int, lead: int = 0) -> str:
        """Break a text at blanks to the width; later lines hang, `lead` characters stand before the first."""
        if self.width is None:
            return text
        width = max(self.width, hang + 20)
        lines = textwrap.wrap(
            text,
            width,
            initial_indent="x" * lead,
            subsequent_indent=" " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return "\n".join([*lines[:1], *map(no_command, lines[1:])])[lead:]


PLAIN = Screen()


def full(diagnostics: list[Diagnostic], language: Language, screen: Screen = PLAIN) -> str:
    """Errors first, each finding with its line and remedy, equal ones once with all their places; then the summary.

    Of one code the first `screen.most` are named; how many more there are of which, a table says.
    """
    groups = sorted(_collapsed(diagnostics), key=lambda group: list(SEVERITY_WORDS).index(group[0].severity))
    named, seen = [], Counter[str]()
    for first, others in groups:
        seen[first.code] += 1
        if screen.most is None or seen[first.code] <= screen.most:
            named.append((first, others))
    parts = [*_told(named, language, screen), f"{summary(diagnostics, language, screen)}\n"]
    if len(named) < len(groups):
        parts.insert(-1, _table(groups, named, language, screen))
    return "\n".join(parts)


_Group: TypeAlias = tuple[Diagnostic, list[Diagnostic]]


def _table(groups: list[_Group], named: list[_Group], language: Language, screen: Screen) -> str:
    """How many findings there are of each code, of how many more than those that were named, and how to see them."""
    counts, more = Counter[str](), Counter[str]()
    severity = {first.code: first.severity for first, _ in groups}
    left = {id(first) for first, _ in groups} - {id(first) for first, _ in named}
    for first, others in groups:
        size = sum(found.count for found in (first, *others))
        counts[first.code] += size
        more[first.code] += size if id(first) in left else 0
    lines = []
    for code, count in sorted(
        counts.items(), key=lambda item: (list(SEVERITY_WORDS).index(severity[item[0]]), -item[1])
    ):
        figure, word = f"{count:>6}", SEVERITY_WORDS[severity[code]].of(language)
        also = _LEFT.of(language).format(count=grouped(more[code], language), code=code) if more[code] else ""
        lines.append(f"{figure}  {screen.paint(f'{word}[{code}]', _COLOURS[severity[code]])}{also}")
    return "\n".join([_COUNTED.of(language), *lines, *screen.wrap(_SHOW.of(language), 2).split("\n")]) + "\n"


def findings(diagnostics: list[Diagnostic], language: Language, screen: Screen = PLAIN) -> Iterator[str]:
    """The findings alone, each ending in a line break."""
    return _told(_collapsed(diagnostics), language, screen)


def _told(groups: Iterable[_Group], language: Language, screen: Screen) -> Iterator[str]:
    explained: set[str] = set()
    for first, others in groups:
        yield _one(first, others, language, screen, teach=first.code not in explained)
        explained.add(first.code)


def concise(diagnostics: list[Diagnostic], language: Language) -> str:
    """A line for each finding."""
    return "".join(
        f"{shown(d.path)}:{d.span.line}:{d.span.column}: {SEVERITY_WORDS[d.severity].of(language)}[{d.code}] {shown(d.message)}\n"
        for d in diagnostics
    )


def _collapsed(diagnostics: list[Diagnostic]) -> Iterator[tuple[Diagnostic, list[Diagnostic]]]:
    """Findings that say the same, in the order of their first; a place that explains one tells it apart."""
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    for d in diagnostics:
        groups.setdefault((d.code, d.severity, d.message, d.help, d.notes), []).append(d)
    return ((group[0], group[1:]) for group in groups.values())


def _one(
    found: Diagnostic, others: list[Diagnostic], language: Language, screen: Screen, *, teach: bool
) -> str:
    word = f"{SEVERITY_WORDS[found.severity].of(language)}[{found.code}]"
    margin = " " * len(str(found.span.line))
    head = screen.wrap(f": {shown(found.message)}", 2, len(word))
    out = [screen.paint(word, f"1;{_COLOURS[found.severity]}") + head, f"{margin}--> {_where(found)}"]
    out += _excerpt(found, margin, screen)
    out += [
        f"{margin} = {label}: {screen.wrap(shown(text), len(margin) + len(label) + 5, len(margin) + len(label) + 5)}"
        for label, text in _afterwords(found, others, language, teach=teach)
    ]
    return "\n".join(out) + "\n"


def _where(found: Diagnostic) -> str:
    return f"{shown(found.path)}:{found.span.line}:{found.span.column}"


def _excerpt(found: Diagnostic, margin: str, screen: Screen) -> list[str]:
    if not found.excerpt or found.excerpt.isspace():
        return []
    text, start, length = _window(found, (screen.width or _EXCERPT + len(margin) + 3) - len(margin) - 3)
    bar = screen.paint("|", "34")
    return [
        f"{margin} {bar}",
        f"{found.span.line} {bar} {text}",
        f"{margin} {bar} {' ' * start}{screen.paint('^' * length, _COLOURS[found.severity])}",
    ]


def _window(found: Diagnostic, width: int) -> tuple[str, int, int]:
    """The part of the line that fits, the cells before the mark in it, and the cells of the mark."""
    width = min(width, SIDE)
    line, start = found.excerpt, found.span.column - 1 - found.cut
    one_line = found.span.end_line == found.span.line
    end = found.span.end_column - 1 - found.cut if one_line else len(line.rstrip())
    cut = max(0, start - width // 2) if len(line) > width else 0
    visible = shown(line[cut : cut + width].replace("\t", " "))
    return visible, _cells(visible[: start - cut]), max(1, _cells(visible[start - cut : max(end - cut, 0)]))


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes: two for a wide character, none for a combining mark."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _afterwords(
    found: Diagnostic, others: list[Diagnostic], language: Language, *, teach: bool
) -> Iterator[tuple[str, str]]:
    for note in found.notes:
        yield note.label, f"{note.path}:{note.span.line}:{note.span.column}"
    if others:
        places = [_where(other) for other in islice(others, _PLACES)]
        if len(others) > _PLACES:
            places.append(_AND_MORE.of(language).format(count=len(others) - _PLACES))
        yield _ALSO.of(language), ", ".join(places)
    yield HELP_WORD.of(language), found.help
    if teach:
        yield _MORE.of(language), f"masterplan explain {found.code}"


def summary(diagnostics: list[Diagnostic], language: Language, screen: Screen = PLAIN) -> str:
    """How many of each, which agencies must act, and how much the tool can mend by itself."""
    if not diagnostics:
        return _CLEAN.of(language)
    count: Counter[Severity] = Counter()
    agencies: Counter[str] = Counter()
    for d in diagnostics:
        count[d.severity] += d.count
        agencies[d.agency or ""] += d.count
    del agencies[""]
    text = ", ".join(counted(severity, count[severity], language) for severity in SEVERITY_WORDS)
    if agencies:
        ranked = sorted(agencies.items(), key=lambda item: (-item[1], item[0]))
        names = ", ".join(f"{agency} ({n})" for agency, n in ranked[:_AGENCIES])
        rest = ", …" if len(ranked) > _AGENCIES else ""
        text += "; " + _ACT.of(language).format(agencies=names + rest)
    fixable = sum(1 for d in diagnostics if d.fix is not None)
    lines = [screen.wrap(text, 2)]
    if fixable:
        lines.append(screen.wrap(_FIXABLE.of(language).format(count=fixable), 2))
    return "\n".join(lines)


def counted(severity: Severity, count: int, language: Language) -> str:
    """A number of findings, with its word."""
    return (_ONE if count == 1 else _MANY)[severity].of(language).format(count=count)
