"""What libyaml noticed in a text that does not read, said in our words and where its cause stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import yaml

from masterplan_cli.diagnostics import Exact, Finding, Place, Related, Rule
from masterplan_cli.messages import Both
from masterplan_cli.source import Source, Span
from masterplan_cli.yaml_rules import ANCHOR, SEVERAL_DOCUMENTS, SYNTAX, TAB, TAG, TOO_DEEP, UNCLOSED_QUOTE

#: `key:value`, which YAML reads as one word.
UNSPACED = re.compile(r"\s*(?:- )?([\w-]+):(?!- )([^\s:].*)")
#: A line that may be a key which lacks its colon, up to a colon further on.
_KEY_ALONE = re.compile(r"[\s-]*+(?:[\w.][\w.-]*+\s*+)?")
#: A line that has a word like a key and, behind it, a text that needs no quotes.
_KEY_AND_TEXT = re.compile(r"\s*+(?:- )?([a-z_]++)\s++(\w[^:#\[\]{}]*+)")
#: A line of a key and a text that no mark of YAML begins, and no comment ends.
_KEY_AND_VALUE = re.compile(r"\s*+((?:- )?[\w-]++): ++(\w[^#]*+)")
#: What libyaml says ("context: problem"), and what it means here; the first that fits counts.
_CAUSES = (
    (r"quoted scalar: found unexpected (end of stream|document indicator)", "unclosed"),
    (r"directive|version number|incompatible YAML", "directive"),
    (r"\btag\b", "tag"),
    (r"(anchor|alias):", "anchor"),
    (r"<document start>", "document"),
    (r"mapping values are not allowed", "stray"),
    (r"sequence entries are not allowed", "dash"),
    (r"start any token|mapping keys are not allowed", "mark"),
    (r"expected ':'", "colon"),
    (r"block scalar", "block"),
    (r"escape|hexdecimal", "escape"),
    (r"expected node content", "no_item"),
    (r"expected ',' or", "bracket"),
    (r"expected '-' indicator", "item"),
    (r"expected key", "place"),
)
#: What libyaml notices only where the next thing begins; it stands where its own beginning is.
_BEGAN = ("unclosed", "anchor", "bracket", "colon")
_ABOVE = Both("baris di atasnya", "the line above")

#: A comment mark with a word right behind it.
_CUT = re.compile(r"(?<=\s)#[^\W_]")
#: So many faults of syntax are looked for in one file: each costs another reading of it.
MAX_FAULTS = 20
#: What a fault above may cause.
_CONSEQUENCES = ("", "indent", "item", "list", "colon", "closing", "no_item", "no_key")
#: After these nothing more is read.
LAST = (SEVERAL_DOCUMENTS, TOO_DEEP)


class Faults:
    """The findings of one reading of a text whose first line is line `offset` of its file."""

    def __init__(self, source: Source, first_line: int) -> None:
        self.source, self.offset = source, first_line
        self.findings: list[Finding] = []
        #: Whether the text could not be read to its end.
        self.stopped = False

    def _found(self, rule: Rule, span: Span, variant: str = "", **args: Any) -> None:
        self.findings.append(rule.at(Place(self.source.path, span=span), variant, **args))

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(start.line + self.offset, start.column + 1, end.line + self.offset, end.column + 1)

    def _point(self, mark: Any) -> Span:
        line, column = mark.line + self.offset, mark.column + 1
        return Span(line, column, line, column + 1)

    def _line_of(self, mark: Any) -> Span:
        return self.source.whole_line(mark.line + self.offset)

    def _mark_span(self, event: Any, mark: str) -> Span:
        """libyaml starts an event at its anchor or tag, but a mapping's at its first key."""
        line = event.start_mark.line + self.offset
        return self.source.find(mark, max(line - 1, self.offset), line)

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        """Say in our words what libyaml noticed, where its cause stands rather than where it was noticed."""
        mark = error.problem_mark or error.context_mark
        span = self._point(mark) if mark else Span(self.offset, 1, self.offset, 2)
        began = self._point(error.context_mark) if error.context_mark else span
        said = f"{error.context or ''}: {error.problem or ''}"
        cause = next((cause for pattern, cause in _CAUSES if re.search(pattern, said)), "")
        tab = self._tab_indent(span)
        if tab and cause != "unclosed":
            self._found(TAB, tab)
        else:
            self._explain(cause, began if cause in _BEGAN else span, began)

    def _explain(self, cause: str, span: Span, began: Span) -> None:
        """A finding for one of the causes, worded after what stands there."""
        rest = self.source.line(span.line)[span.column - 1 :]
        match cause:
            case "unclosed":
                self._found(UNCLOSED_QUOTE, span)
            case "anchor":
                self._found(ANCHOR, span, mark=rest[:1])
            case "tag":
                self._bad_tag(span)
            case "document":
                self._second_document(span)
            case "stray":
                self._stray_colon(span)
            case "colon":
                self._lacks_colon(span)
            case "no_item":
                self._no_item(span, rest)
            case "place" | "item":
                self._misplaced(span, began, cause)
            case _:
                self._found(SYNTAX, span, cause, mark=rest[:1])

    def _bad_tag(self, span: Span) -> None:
        text = self.source.line(span.line)
        start = max(text.rfind("!", 0, span.column), 0)
        self._found(TAG, self._point_at(span.line, start + 1), mark=text[start:].split(" ")[0])

    def _point_at(self, line: int, column: int) -> Span:
        return Span(line, column, line, column + 1)

    def _second_document(self, span: Span) -> None:
        """After `...`, a new document; otherwise the first line is not what a file begins with."""
        before = range(self.offset, span.line + 1)
        content = (n for n in before if re.match(r"\s*[^#\s]", self.source.line(n)))
        first = next(content, span.line)
        text = self.source.line(first)
        if any(self.source.line(n).startswith("...") for n in before):
            self._found(SEVERAL_DOCUMENTS, span)
        elif text.startswith("%"):
            self._found(SYNTAX, self.source.whole_line(first), "directive")
        elif text.startswith(" "):
            self._badly_indented(self.source.whole_line(span.line), first)
        elif text.startswith(("[", "{")):
            self._found(SYNTAX, span, "after_bracket")
        else:
            self._lacks_colon(self.source.whole_line(first))

    def _misplaced(self, span: Span, began: Span, cause: str) -> None:
        """What stands where a line of the same level was expected."""
        line = self.source.line(span.line)
        before, rest = line[: span.column - 1].rstrip(), line[span.column - 1 :]
        if rest[:1] in ("]", "}", ","):
            self._found(SYNTAX, span, "closing", mark=rest[0])
        elif before.endswith(('"', "'")):
            self._found(SYNTAX, span, "after_quote")
        elif before.endswith(("]", "}")):
            self._found(SYNTAX, span, "after_bracket")
        elif rest.startswith(":"):
            self._found(SYNTAX, span, "no_key")
        elif span.column == began.column and (cause == "item" or rest.startswith("- ")):
            self._found(SYNTAX, self.source.whole_line(span.line), "item" if cause == "item" else "list")
        else:
            self._badly_indented(span)

    def _no_item(self, span: Span, rest: str) -> None:
        """A comma or colon without what belongs before it; at the end of the text, a bracket left open."""
        if rest.strip():
            self._found(SYNTAX, span, "closing" if rest[0] in "]}" else "no_item", mark=rest[0])
            return
        for number in range(min(span.line, len(self.source.lines)), self.offset - 1, -1):
            column = max(self.source.line(number).rfind("["), self.source.line(number).rfind("{"))
            if column >= 0:
                self._found(SYNTAX, self._point_at(number, column + 1), "bracket")
                return
        self._found(SYNTAX, span)

    def _badly_indented(self, span: Span, other: int | None = None) -> None:
        """Two lines that do not fit each other; which of them is wrong, only their writer knows."""
        above = other or next(
            (n for n in range(span.line - 1, self.offset - 1, -1) if self.source.line(n).strip()), None
        )
        related = (
            [Related(Place(self.source.path, span=self.source.whole_line(above)), _ABOVE)] if above else []
        )
        self.findings.append(SYNTAX.at(Place(self.source.path, span=span), "indent", related))

    def _stray_colon(self, span: Span) -> None:
        """A colon where none may stand: in a text, after a wrong indent, or after a line that lacks its own."""
        before = self.source.line(span.line)[: span.column - 1]
        above = self.source.line(span.line - 1) if span.line > self.offset else ""
        if not (before.strip() and above.strip() and _KEY_ALONE.fullmatch(before)):
            line = _KEY_AND_VALUE.fullmatch(self.source.line(span.line))
            meant = f"{line[1]}: {quoted(line[2].rstrip())}" if line else ""
            self._found(SYNTAX, span, "quote_all" if line else "quote", suggestion=meant)
        elif re.search(r":(\s|$)", above):
            self._badly_indented(self.source.whole_line(span.line))
        else:
            self._lacks_colon(self.source.whole_line(span.line - 1))

    def _lacks_colon(self, span: Span) -> None:
        """A line that ought to be `key: value`, or an item, but lacks its colon or its space."""
        line = self.source.line(span.line)
        if re.match(r"\s*(?:- )?[\w-]+:- ", line):
            self._found(SYNTAX, self.source.whole_line(span.line), "dash")
        elif match := UNSPACED.match(line):
            self._found(
                SYNTAX,
                self.source.whole_line(span.line),
                "space",
                suggestion=f"{match[1]}: {match[2].strip()}",
            )
        elif match := re.match(r"\s*-(\w.*)", line):
            self._found(
                SYNTAX, self.source.whole_line(span.line), "dash_space", suggestion=f"- {match[1].strip()}"
            )
        elif match := _KEY_AND_TEXT.fullmatch(line):
            key, text = match.groups()
            self._found(SYNTAX, span, "colon_after", key=key, suggestion=f"{key}: {text.rstrip()}")
        else:
            self._found(SYNTAX, span, "colon")

    def _tab_indent(self, span: Span) -> Span | None:
        """The tab that indents the failing line, if one does."""
        for number in (span.line, span.line - 1):
            indent = re.match(r" *\t[ \t]*", self.source.line(number)) if number >= self.offset else None
            if indent:
                column = indent.group().index("\t") + 1
                return Span(number, column, number, indent.end() + 1)
        return None


def all_faults(reading: Faults, text: str, again: Callable[[str], Faults]) -> list[Finding]:
    """The faults of a text that does not read: what each of them spoils is left out, and the rest read again."""
    lines, block = text.split("\n"), range(0)
    faults: list[Finding] = []
    while reading.stopped and len(faults) < MAX_FAULTS:
        fault = reading.findings[-1]
        number = _wrong(fault, lines, reading.offset)
        blank = not 0 <= number < len(lines) or not lines[number].strip()
        caused = bool(faults) and number in block and _caused(fault, faults[-1])
        if not faults or not (blank or caused):
            faults.append(_with_spaces(fault, text, number, again) if fault.rule is TAB else fault)
        if blank or fault.rule in LAST or fault.variant == "directive":
            return _once(faults + reading.findings[:-1])
        block = _top_block(lines, number)
        mended = fault.rule is TAB and faults[-1].fix is not None
        gone = block if caused or mended else _spoilt(lines, number)
        lines[gone.start : gone.stop] = [""] * len(gone)
        reading = again("\n".join(lines))
    return _once(faults + (reading.findings[:-1] if reading.stopped else reading.findings))


def _with_spaces(fault: Finding, text: str, number: int, again: Callable[[str], Faults]) -> Finding:
    """A tab's fault with its fix, two spaces for each, where a whole field is indented by tabs and reads without them."""
    lines = text.split("\n")
    block = _top_block(lines, number)
    inside = [n for n in block[1:] if lines[n].strip()]
    span = fault.place.span
    if not inside or span is None or not all(lines[n].startswith("\t") for n in inside):
        return fault
    first, last = inside[0], inside[-1]
    spaced = [_in_spaces(line) for line in lines[first : last + 1]]
    reading = again("\n".join([*lines[:first], *spaced, *lines[last + 1 :]]))
    if reading.stopped and _wrong(reading.findings[-1], lines, reading.offset) in block:
        return fault
    offset = span.line - number
    place = fault.place._replace(span=Span(first + offset, 1, last + offset, len(lines[last]) + 1))
    return replace(fault, place=place, fix=Exact("\n".join(spaced)))


def _in_spaces(line: str) -> str:
    """A line with two spaces for each tab that it begins with."""
    rest = line.lstrip("\t")
    return "  " * (len(line) - len(rest)) + rest


def _caused(fault: Finding, before: Finding) -> bool:
    """Whether a fault may come of another one in the same field."""
    if fault.rule is UNCLOSED_QUOTE:
        return before.variant == "indent"
    return fault.rule is SYNTAX and fault.variant in _CONSEQUENCES


def _wrong(fault: Finding, lines: list[str], offset: int) -> int:
    """The line that a fault spoils: of two that do not fit each other the deeper one."""
    number = (fault.place.span or Span(0, 1, 0, 1)).line - offset
    if fault.variant == "indent" and fault.related and 0 <= number < len(lines):
        other = (fault.related[0].place.span or Span(0, 1, 0, 1)).line - offset
        if 0 <= other < len(lines) and indent(lines[other]) > indent(lines[number]):
            return other
    return number


def _once(findings: list[Finding]) -> list[Finding]:
    """Each place of a file once."""
    return list({(f.place.span, f.rule.code): f for f in reversed(findings)}.values())[::-1]


def _top_block(lines: list[str], number: int) -> range:
    """The lines of the field of the file itself that a line belongs to."""
    starts = (n for n in range(number, -1, -1) if lines[n][:1].strip() and lines[n][0] not in "-#]},:")
    first = next(starts, 0)
    ends = (n for n in range(number + 1, len(lines)) if lines[n][:1].strip() and lines[n][0] not in "-#]},:")
    return range(first, next(ends, len(lines)))


def _spoilt(lines: list[str], number: int) -> range:
    """A line and those that belong to it: indented deeper, or the items below a key."""
    own = indent(lines[number])
    item = lines[number].lstrip().startswith("-")
    end = number + 1
    while end < len(lines):
        line = lines[end]
        below = indent(line) > own or (not item and indent(line) == own and line.lstrip()[:1] == "-")
        if line.strip() and not below:
            break
        end += 1
    return range(number, end)


def indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def marks_of(text: str, first_line: int) -> dict[int, list[int]]:
    """The columns of comment marks with a word right behind them, by line."""
    marks: dict[int, list[int]] = {}
    if "#" in text:
        for number, line in enumerate(text.split("\n"), first_line):
            if "#" in line and (columns := [match.start() + 1 for match in _CUT.finditer(line)]):
                marks[number] = columns
    return marks


def quoted(text: str) -> str:
    """The text in quotes that suit it."""
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'
