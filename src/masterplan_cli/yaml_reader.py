"""YAML and front matter, read as values that keep the text as written and the place of every key.

The reader stands on libyaml's events: no YAML 1.1 guesses, so ``no`` stays a word and ``012`` keeps its zero (the
schema gives a scalar its type).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import inf
from sys import intern
from typing import Any, TypeAlias

import yaml

from masterplan_cli.diagnostics import Exact, Finding, Place, Related
from masterplan_cli.file_rules import CONTROL
from masterplan_cli.front_matter import goes_on, opening, unclosed
from masterplan_cli.messages import Both
from masterplan_cli.source import Route, Source, Span, Spans
from masterplan_cli.values import BLANKS, CONTROLS, odd_character, without_odd
from masterplan_cli.yaml_faults import UNSPACED, Faults, all_faults, indent, marks_of, quoted
from masterplan_cli.yaml_rules import (
    ANCHOR,
    COMMA,
    COMMENT_CUT,
    DUPLICATE_KEY,
    EMPTY_FILE,
    FRONT_MATTER,
    MERGE_KEY,
    ODD_INDENT,
    SEVERAL_DOCUMENTS,
    SWALLOWED,
    SYNTAX,
    TAG,
    TOO_DEEP,
    UNCLOSED_QUOTE,
    VALUE_LOST,
)

#: What a file says: text as written, nothing, or containers of these.
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

MAX_DEPTH = 32
_SHORT = 12
#: What is written for no value.
NULLS = {"", "~", "null", "Null", "NULL"}
#: Words, and no id, figure or date.
_PHRASE = re.compile(r"(?=.*[\sA-Z])[^\d]+")
#: A comment that resembles a value.
_COMMENT = re.compile(r"\s*#\S")
_OWNER = re.compile(r"""owner:\s+["']?([a-z0-9-]+)["']?\s*(?:#|$)""")
_FLOW_TEXT = re.compile(r"[^,\]}]*")
_WITH_KEY = re.compile(r":(?:\s|$)")
#: An item, also without its space, or a field without its space.
_ITS_OWN = re.compile(r"\s*(?:-(?=\s|$)|(-)(?=[^\W\d_])|([A-Za-z_]+):[^\s/])")
#: A field or an item that has a line of its own.
_OWN_LINE = re.compile(r"(\s*)(?:- |-$|[A-Za-z_][\w-]*:(?:\s|$))")
_INDENT = re.compile(rf"[ \t]*[{''.join(BLANKS)}][ \t{''.join(BLANKS)}]*")
_INDENTED = re.compile(rf"^[ \t]*[{''.join(BLANKS)}]", re.M)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BEGINS = Both("teks itu mulai di sini", "that text begins here")


@dataclass
class Parsed:
    """What a file says. `value` is None when it could not be read; `findings` then say why."""

    value: dict[str, Value] | None
    findings: list[Finding] = field(default_factory=list)
    body: str | None = None
    body_line: int = 1
    #: The agency that a file names as its owner, also where it does not read.
    owner: str | None = None
    #: Reads the file again for the places of its values: few are asked for them, and all of them take much room.
    locate: Callable[[], dict[Route, Spans]] = dict

    @cached_property
    def spans(self) -> dict[Route, Spans]:
        """Where every value stands."""
        return self.locate()


def parse_yaml_file(source: Source) -> Parsed:
    """A file of YAML alone: its values and their places, with a finding for all that is wrong."""
    return _parse_mapping(source, source.text, 1)


def parse_markdown_file(source: Source) -> Parsed:
    """Front matter in the same way, and the prose after it with the number of its first line."""
    if not source.text.strip():
        return Parsed(None, findings=[EMPTY_FILE.at(_place(source, 1))])
    lines = source.lines
    start, findings = opening(source)
    if start is None:
        return Parsed(None, findings, source.text)
    end = next((n for n, line in enumerate(lines[start:], start) if line.rstrip() == "---"), None)
    if end is None:
        return Parsed(None, [unclosed(source, start)], owner=named_owner(lines))
    if goes_on(lines[end + 1 :]):
        return Parsed(None, [FRONT_MATTER.at(_place(source, end + 1), "early")], owner=named_owner(lines))
    parsed = _parse_mapping(source, "\n".join(lines[start:end]), start + 1, empty={})
    parsed.findings = findings + parsed.findings
    parsed.body, parsed.body_line = "\n".join(lines[end + 1 :]), end + 2
    return parsed


def named_owner(lines: list[str]) -> str | None:
    """The agency that the line `owner:` names."""
    named = (_OWNER.match(line) for line in lines if line.startswith("owner"))
    return next((match[1] for match in named if match), None)


def parsed_before(source: Source, value: dict[str, Value], body_line: int) -> Parsed:
    """A file whose data are known and right; `body_line` is 0 where it has no prose."""
    lines = source.lines
    if not body_line:
        return Parsed(value, locate=partial(_places, source, source.text, 1))
    data = "\n".join(lines[1 : body_line - 2])
    body = "\n".join(lines[body_line - 1 :])
    return Parsed(value, [], body, body_line, locate=partial(_places, source, data, 2))


def _parse_mapping(
    source: Source, text: str, first_line: int, empty: dict[str, Value] | None = None
) -> Parsed:
    """Read `key: value` pairs; a text that says nothing is `empty`, or an empty file where that is None."""
    text, odd = _evenly_indented(source, text, first_line)

    def again(rest: str) -> Faults:
        lines = source.lines[: first_line - 1]
        builder = _Builder(Source(source.path, "\n".join([*lines, rest])), first_line)
        builder.build(rest)
        return builder

    builder = _Builder(source, first_line)
    value = builder.build(text)
    parsed = Parsed(None, odd + builder.findings, locate=partial(_places, source, text, first_line))
    if builder.stopped:
        parsed.findings = odd + all_faults(builder, text, again)
        parsed.owner = named_owner(text.split("\n"))
    elif isinstance(value, dict):
        parsed.value = value
    elif not builder.findings and value is None and empty is not None:
        parsed.value = empty
    elif not builder.findings:
        parsed.findings.append(_no_pairs(source, first_line, value, builder))
    return parsed


def _no_pairs(source: Source, first_line: int, value: Value, builder: _Builder) -> Finding:
    """What is said of a file that holds something else than `key: value`."""
    if value is None:
        return EMPTY_FILE.at(_place(source, first_line))
    if isinstance(value, str) and (match := UNSPACED.fullmatch(value)):
        place = Place(source.path, span=builder.spans[()].value)
        return SYNTAX.at(place, "space", suggestion=f"{match[1]}: {match[2]}")
    return FRONT_MATTER.at(_place(source, first_line), "mapping")


def _evenly_indented(source: Source, text: str, first_line: int) -> tuple[str, list[Finding]]:
    """The text with ordinary spaces before its lines, and a finding for each line that has others."""
    if text.isascii() or not _INDENTED.search(text):
        return text, []
    lines, findings = text.split("\n"), []
    for number, line in enumerate(lines):
        if (match := _INDENT.match(line)) and (odd := odd_character(match.group())):
            start, length = line.index(odd.character), match.end()
            place = Place(
                source.path, span=Span(number + first_line, start + 1, number + first_line, length + 1)
            )
            fix = Exact(" " * (length - start))
            findings.append(ODD_INDENT.at(place, fix=fix, odd=odd.name, point=odd.point))
            lines[number] = " " * length + line[length:]
    return "\n".join(lines), findings


def _places(source: Source, text: str, first_line: int) -> dict[Route, Spans]:
    builder = _Builder(source, first_line)
    builder.build(text)
    return builder.spans


def _place(source: Source, line: int) -> Place:
    return Place(source.path, span=source.whole_line(line))


class _Stop(Exception):  # noqa: N818 - not an error: the reading ends here, its finding is recorded
    """Nothing after this point of the file can be trusted."""


@dataclass
class _Frame:
    """A container under construction; a mapping waits for a key when `key` is None."""

    container: dict[str, Value] | list[Value]
    route: Route
    key: str | None = None
    key_span: Span | None = None
    first: dict[str, Span] = field(default_factory=dict)
    ignored: bool = False
    #: Whether it stands in braces; whether the key at hand is no key but a piece of the value before it.
    flow: bool = False
    piece: bool = False
    #: The key of the value before, and where that value stands.
    last: tuple[str, Span] | None = None


class _Builder(Faults):
    """Builds one document out of libyaml's events."""

    def __init__(self, source: Source, first_line: int) -> None:
        super().__init__(source, first_line)
        self.spans: dict[Route, Spans] = {}
        self.stack: list[_Frame] = []
        self.root: Value = None
        self.documents = 0
        #: Comment marks with a word right behind them, by line and column, as far as no text holds them.
        self.marks: dict[int, list[int]] = {}
        #: The last text without quotes, which may have been cut.
        self.plain: Span | None = None

    def build(self, text: str) -> Value:
        self.marks = marks_of(text, self.offset)
        value = self._read(text)
        if not self.stopped:
            self._other_cuts()
        return value

    def _read(self, text: str) -> Value:
        self.stopped = True
        try:
            loader = _Loader(text)
            try:
                while loader.check_event():
                    self._event(loader.get_event())
            finally:
                loader.dispose()
        except _Stop:
            return None
        except yaml.MarkedYAMLError as error:
            if not self._cut_before(error):
                self._syntax_error(error)
            return None
        except yaml.reader.ReaderError:
            self._found(SYNTAX, Span(self.offset, 1, self.offset, 2))
            return None
        self.stopped = False
        return self.root

    def _event(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._checked(event)
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._checked(event)
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()
            case yaml.AliasEvent():
                self._found(ANCHOR, self._span(event), mark=f"*{event.anchor}")
                raise _Stop
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._found(SEVERAL_DOCUMENTS, self._line_of(event.start_mark))
                    raise _Stop

    def _checked(self, event: Any) -> None:
        """Refuse anchors and tags, which would let a file mean something else than it shows."""
        if event.anchor:
            self._found(ANCHOR, self._mark_span(event, f"&{event.anchor}"), mark=f"&{event.anchor}")
            raise _Stop
        if event.tag:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._found(TAG, self._mark_span(event, shown), mark=shown)
            raise _Stop

    def _scalar(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        span = self._span(event)
        plain, text = event.implicit[0], event.value
        if self.marks:
            self._held(span)
        if event.style == '"' and (found := CONTROLS.search(text)):
            self._found(CONTROL, span, "escape", name=f"U+{ord(found.group()):04X}")
        if frame is not None and isinstance(frame.container, dict) and frame.key is None:
            self._key(frame, text, span)
            return
        if span.end_line > span.line:
            self._runs_on(event, span, frame)
        # Years and sources of funds come again in file after file: they are held once.
        text = intern(text) if len(text) <= _SHORT else text
        value: Value = None if plain and text in NULLS else text
        if value is None and frame is not None:
            value = self._lost_to_comment(frame, span)
        elif plain:
            self.plain = span
            if self.marks:
                self._check_end(span)
        self._put(value, span)

    def _runs_on(self, event: Any, span: Span, frame: _Frame | None) -> None:
        """A text of several lines may hold what was meant to be none of it."""
        if event.implicit[0]:
            self._swallowed(span, event.value)
        elif event.style in ("'", '"') and self._swallows(span, frame):
            self._found(UNCLOSED_QUOTE, self._point(event.start_mark))
            raise _Stop

    def _swallows(self, span: Span, frame: _Frame | None) -> bool:
        """Whether a text in quotes runs over a field or an item that stands no deeper than its own."""
        key = frame.key_span if frame is not None and frame.key is not None else None
        own = key.column - 1 if key and key.line == span.line else indent(self.source.line(span.line))
        lines = (self.source.line(number) for number in range(span.line + 1, span.end_line + 1))
        return any((match := _OWN_LINE.match(line)) and len(match[1]) <= own for line in lines)

    # --- comments that cut a text

    def _held(self, span: Span) -> None:
        """Forget the marks inside of a text."""
        for number in range(span.line, span.end_line + 1) if self.marks else ():
            if columns := self.marks.get(number):
                start = span.column if number == span.line else 1
                end = span.end_column if number == span.end_line else inf
                self.marks[number] = [column for column in columns if not start <= column < end]

    def _check_end(self, span: Span) -> None:
        """Name what a comment mark cuts off a text without quotes, on its last line or on the one below it."""
        line = self.source.line(span.end_line)
        rest = line[span.end_column - 1 :]
        column = span.end_column + len(rest) - len(rest.lstrip())
        if column in self.marks.get(span.end_line, ()):
            self._cut(span, column)
            return
        number, line = span.end_line + 1, self.source.line(span.end_line + 1)
        column = indent(line) + 1
        deeper = column in self.marks.get(number, ()) and column - 1 > self._level(span)
        if deeper and not _OWN_LINE.match(line[column:]):
            self._found(COMMENT_CUT, self.source.whole_line(number), "whole", lost=line.strip())
            self.marks[number] = []

    def _level(self, span: Span) -> int:
        """How deep the field of a text is indented."""
        key = self.stack[-1].key_span if self.stack else None
        return key.column - 1 if key else indent(self.source.line(span.line))

    def _cut(self, span: Span, column: int) -> None:
        """Report a text that a comment mark at a column of its last line cuts."""
        line = self.source.line(span.end_line)
        self.marks[span.end_line] = []
        lost = line[column - 1 :].rstrip()
        if any(frame.flow for frame in self.stack):
            match = _FLOW_TEXT.match(lost)
            lost = match.group().rstrip() if match else lost
        end = column + len(lost)
        following = self.source.line(span.end_line + 1)
        alone = (
            span.line == span.end_line
            and not _WITH_KEY.search(lost)
            and (any(frame.flow for frame in self.stack) or not self._continues(following, span))
        )
        if alone:
            whole = quoted(line[span.column - 1 : end - 1])
            place = Span(span.line, span.column, span.line, end)
            # An id, a figure or a date would no longer read with more words in it: whether these belong there, who knows?
            fix = Exact(whole) if _PHRASE.fullmatch(line[span.column - 1 : column - 1].rstrip()) else None
            self._found(COMMENT_CUT, place, fix=fix, lost=lost, suggestion=whole)
        else:
            self._found(COMMENT_CUT, Span(span.end_line, column, span.end_line, end), "whole", lost=lost)

    def _continues(self, line: str, span: Span) -> bool:
        """Whether a line goes on with the text above it."""
        return bool(line.strip()) and indent(line) > self._level(span) and not _OWN_LINE.match(line)

    def _cut_before(self, error: yaml.MarkedYAMLError) -> bool:
        """Whether a text that was cut makes the reading fail; then that is the finding."""
        plain, mark = self.plain, error.problem_mark
        if not plain or not mark or not self.marks or not 0 <= mark.line + self.offset - plain.end_line <= 1:
            return False
        before = len(self.findings)
        self._check_end(plain)
        if len(self.findings) > before:
            return True
        cuts = [
            f
            for f in self.findings
            if f.rule is COMMENT_CUT and (f.place.span or plain).end_line == plain.end_line
        ]
        if cuts:
            self.findings.remove(cuts[-1])
            self.findings.append(cuts[-1])
        return bool(cuts)

    def _other_cuts(self) -> None:
        """Comment marks with a word right behind them, after something else than a text without quotes."""
        for number, columns in self.marks.items():
            line = self.source.line(number)
            if columns and line[: columns[0] - 1].strip():
                lost = line[columns[0] - 1 :].rstrip()
                span = Span(number, columns[0], number, columns[0] + len(lost))
                self._found(COMMENT_CUT, span, "whole", lost=lost)

    # --- lines and commas that belong elsewhere

    def _swallowed(self, span: Span, text: str) -> None:
        """Name the first line of a text without quotes that resembles an item or a field of its own."""
        for number in range(span.line + 1, span.end_line + 1):
            match = _ITS_OWN.match(self.source.line(number))
            if match and not (match[1] and text.startswith("-")):
                line, key = self.source.whole_line(number), match[2]
                variant = "colon" if key else "dash" if match[1] else ""
                above = Related(Place(self.source.path, span=self.source.whole_line(span.line)), _BEGINS)
                place = Place(self.source.path, span=line)
                self.findings.append(SWALLOWED.at(place, variant, [above], key=key))
                return

    def _key(self, frame: _Frame, key: str, span: Span) -> None:
        if key == "<<":
            self._found(MERGE_KEY, span)
            raise _Stop
        frame.piece = bool(frame.flow and frame.last) and self._is_piece(span)
        if frame.piece:
            self._comma(frame, span)
            frame.key = key
            return
        frame.key, frame.key_span = key, span
        plain = without_odd(key).strip()  # `２０２２` is the year 2022 as well
        frame.ignored = plain in frame.first
        if frame.ignored:
            first = frame.first[plain]
            self.findings.append(
                DUPLICATE_KEY.at(
                    Place(self.source.path, span=span),
                    related=[Related(Place(self.source.path, span=first), Both("yang pertama", "the first"))],
                    key=key,
                    first=first.line,
                )
            )
        frame.first.setdefault(plain, span)

    def _is_piece(self, span: Span) -> bool:
        """Whether a key in braces has no colon."""
        rest = self.source.line(span.end_line)[span.end_column - 1 :].lstrip()
        return span.line == span.end_line and rest[:1] in (",", "}")

    def _comma(self, frame: _Frame, span: Span) -> None:
        """A value in braces that a comma cuts, put together again."""
        key, before = frame.last or ("", span)
        line = self.source.line(span.line)
        start = before.column if before.line == span.line else span.column
        whole = line[start - 1 : span.end_column - 1]
        place = Span(span.line, start, span.line, span.end_column)
        sure = re.search(r"\d,$", line[: span.column - 1]) and whole[:1] not in ("'", '"')
        if (
            self.findings
            and self.findings[-1].rule is COMMA
            and self.findings[-1].args["start"] == (span.line, start)
        ):
            sure = sure and self.findings.pop().fix is not None
        piece = line[span.column - 1 : span.end_column - 1]
        figures = bool(sure) and piece[:1].isdigit()
        suggestion = quoted(whole.replace('"', "").replace("'", "") if whole[:1] in ("'", '"') else whole)
        self._found(
            COMMA, place, "" if figures else "text", fix=Exact(suggestion) if figures else None,
            text=whole, piece=piece, suggestion=suggestion, start=(span.line, start),
        )  # fmt: skip
        if isinstance(frame.container, dict) and isinstance(frame.container.get(key), str):
            frame.container[key] = _as_meant(whole.strip("'\""))
        frame.last = (key, Span(span.line, start, span.line, span.end_column))

    def _lost_to_comment(self, frame: _Frame, span: Span) -> str | None:
        """The text that a value lost by beginning with `#`; reported, then used, so that it counts once.

        `owner: # isi id` is a comment beside an empty field; `title: #5 program` is a lost value.
        """
        if frame.key is None or frame.key_span is None or frame.key_span.line != span.line:
            return None
        line = self.source.line(span.line)
        if not _COMMENT.match(line, span.column - 1):
            return None
        lost = line[span.column - 1 :].rstrip()
        place = Span(span.line, span.column, span.line, span.column + len(lost))
        text = lost.strip()
        self.marks[span.line] = []
        self._found(VALUE_LOST, place, key=frame.key, lost=text.replace('"', "'"))
        return text

    def _open(self, event: Any) -> None:
        if self.stack and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None:
            self._found(SYNTAX, self._point(event.start_mark), "key")
            raise _Stop
        if len(self.stack) >= MAX_DEPTH:
            self._found(TOO_DEEP, self._point(event.start_mark), limit=MAX_DEPTH)
            raise _Stop
        container: dict[str, Value] | list[Value] = {} if isinstance(event, yaml.MappingStartEvent) else []
        route = self._put(container, self._point(event.start_mark))
        flow = bool(event.flow_style)
        self.stack.append(_Frame(container, route, flow=flow))

    def _put(self, value: Value, span: Span) -> Route:
        """Put a value where the innermost open container waits for it; the value's route."""
        if not self.stack:
            self.root = value
            self.spans[()] = Spans(None, span)
            return ()
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            route = (*frame.route, len(frame.container))
            frame.container.append(value)
            self.spans[route] = Spans(None, span)
            return route
        key, frame.key = frame.key or "", None
        if frame.piece:  # it has been put to the value before it
            return (*frame.route, f"{key}\0piece")
        frame.last = (key, span)
        if frame.ignored:  # of a repeated key the first value counts; the second has its finding
            return (*frame.route, f"{key}\0again")
        route = (*frame.route, key)
        frame.container[intern(key)] = value
        self.spans[route] = Spans(frame.key_span, span)
        return route


def _as_meant(text: str) -> str:
    """A figure that a comma cut as its field reads it, so that its form is not named as well."""
    plain = re.sub(r"(?<=\d), +(?=\d)", ",", text)
    return plain.replace(",", ".") if re.fullmatch(r"\d{1,3}(,\d{3}){2,}", plain) else plain


def literal_lines(text: str, first_line: int) -> set[int]:
    """The lines of a readable text's quoted and block scalars that run over several: blanks count in them."""
    lines: set[int] = set()
    scalars: Iterable[Any] = (e for e in yaml.parse(text, Loader=_Loader) if isinstance(e, yaml.ScalarEvent))
    for scalar in scalars:
        if scalar.style is not None:
            first, last = scalar.start_mark.line, scalar.end_mark.line
            if first != last:
                lines.update(range(first + first_line, last + first_line + 1))
    return lines
