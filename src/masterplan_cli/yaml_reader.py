"""YAML and front matter, read as values that keep the text as written and the place of every key.

The reader stands on libyaml's events: no YAML 1.1 guesses, so ``no`` stays a word and ``012`` keeps its zero (the
schema gives a scalar its type).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from sys import intern
from typing import Any, TypeAlias

import yaml

from masterplan_cli.diagnostics import Finding, Place, Related, Rule
from masterplan_cli.messages import Both
from masterplan_cli.source import Route, Source, Span, Spans
from masterplan_cli.values import without_odd
from masterplan_cli.yaml_rules import (
    ANCHOR,
    DUPLICATE_KEY,
    EMPTY_FILE,
    FRONT_MATTER,
    MERGE_KEY,
    SEVERAL_DOCUMENTS,
    SWALLOWED,
    SYNTAX,
    TAB,
    TAG,
    TOO_DEEP,
    UNCLOSED_QUOTE,
    VALUE_LOST,
)

#: What a file says: text as written, nothing, or containers of these.
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

MAX_DEPTH = 32
_SHORT = 12
_NULLS = {"", "~", "null", "Null", "NULL"}
#: `key:value`, which YAML reads as one word.
_UNSPACED = re.compile(r"\s*(?:- )?([\w-]+):(?!- )([^\s:].*)")
#: A comment that resembles a value.
_COMMENT = re.compile(r"\s*#\S")
#: A line that may be a key which lacks its colon, up to a colon further on.
_KEY_ALONE = re.compile(r"[\s-]*+(?:[\w.][\w.-]*+\s*+)?")
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
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BEGINS = Both("teks itu mulai di sini", "that text begins here")
_ABOVE = Both("baris di atasnya", "the line above")


@dataclass
class Parsed:
    """What a file says. `value` is None when it could not be read; `findings` then say why."""

    value: dict[str, Value] | None
    findings: list[Finding] = field(default_factory=list)
    body: str | None = None
    body_line: int = 1
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
    if lines[0].rstrip() != "---":
        return Parsed(None, findings=[FRONT_MATTER.at(_place(source, 1))], body=source.text)
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        return Parsed(None, findings=[FRONT_MATTER.at(_place(source, 1), "open")])
    if _goes_on(lines[end + 1 :]):
        return Parsed(None, findings=[FRONT_MATTER.at(_place(source, end + 1), "early")])
    parsed = _parse_mapping(source, "\n".join(lines[1:end]), 2, empty={})
    parsed.body, parsed.body_line = "\n".join(lines[end + 1 :]), end + 2
    return parsed


def parsed_before(source: Source, value: dict[str, Value], body_line: int) -> Parsed:
    """A file whose data are known and right; `body_line` is 0 where it has no prose."""
    lines = source.lines
    if not body_line:
        return Parsed(value, locate=partial(_places, source, source.text, 1))
    data = "\n".join(lines[1 : body_line - 2])
    body = "\n".join(lines[body_line - 1 :])
    return Parsed(value, [], body, body_line, partial(_places, source, data, 2))


def _goes_on(lines: list[str]) -> bool:
    """Whether what follows the data part is more data with a `---` of its own, and no prose."""
    end = next((n for n, line in enumerate(lines) if line.rstrip() == "---"), 0)
    data = [line for line in lines[:end] if line.strip()]
    return bool(data) and all(re.match(r"[a-z_]+:(\s|$)|\s|- |#\s", line) for line in data)


def _parse_mapping(
    source: Source, text: str, first_line: int, empty: dict[str, Value] | None = None
) -> Parsed:
    """Read `key: value` pairs; a text that says nothing is `empty`, or an empty file where that is None."""
    builder = _Builder(source, first_line)
    value = builder.build(text)
    parsed = Parsed(None, builder.findings, locate=partial(_places, source, text, first_line))
    if isinstance(value, dict):
        parsed.value = value
    elif not builder.findings and value is None and empty is not None:
        parsed.value = empty
    elif not builder.findings and value is None:
        parsed.findings.append(EMPTY_FILE.at(_place(source, first_line)))
    elif not builder.findings and isinstance(value, str) and (match := _UNSPACED.fullmatch(value)):
        suggestion = f"{match[1]}: {match[2]}"
        parsed.findings.append(
            SYNTAX.at(Place(source.path, span=builder.spans[()].value), "space", suggestion=suggestion)
        )
    elif not builder.findings:
        parsed.findings.append(FRONT_MATTER.at(_place(source, first_line), "mapping"))
    return parsed


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


class _Builder:
    """Builds one document out of libyaml's events."""

    def __init__(self, source: Source, first_line: int) -> None:
        self.source, self.offset = source, first_line
        self.spans: dict[Route, Spans] = {}
        self.findings: list[Finding] = []
        self.stack: list[_Frame] = []
        self.root: Value = None
        self.documents = 0

    def build(self, text: str) -> Value:
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
            self._syntax_error(error)
            return None
        except yaml.reader.ReaderError:
            self._found(SYNTAX, Span(self.offset, 1, self.offset, 2))
            return None
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
        if frame is not None and isinstance(frame.container, dict) and frame.key is None:
            self._key(frame, event.value, span)
            return
        plain = event.implicit[0]
        if plain and span.end_line > span.line:
            self._swallowed(span)
        # Years and sources of funds come again in file after file: they are held once.
        text = intern(event.value) if len(event.value) <= _SHORT else event.value
        value: Value = None if plain and text in _NULLS else text
        if value is None and frame is not None:
            value = self._lost_to_comment(frame, span)
        self._put(value, span)

    def _swallowed(self, span: Span) -> None:
        """Name the first line of a text without quotes that resembles an item or a field of its own."""
        for number in range(span.line + 1, span.end_line + 1):
            match = re.match(r"\s*(-(?=\s|$)|([a-z_]+):[^\s/])", self.source.line(number))
            if match:
                line, key = self.source.whole_line(number), match[2]
                above = Related(Place(self.source.path, span=self.source.whole_line(span.line)), _BEGINS)
                place = Place(self.source.path, span=line)
                self.findings.append(SWALLOWED.at(place, "colon" if key else "", [above], key=key))
                return

    def _key(self, frame: _Frame, key: str, span: Span) -> None:
        if key == "<<":
            self._found(MERGE_KEY, span)
            raise _Stop
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
        self.stack.append(_Frame(container, route))

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
        if frame.ignored:  # of a repeated key the first value counts; the second has its finding
            return (*frame.route, f"{key}\0again")
        route = (*frame.route, key)
        frame.container[intern(key)] = value
        self.spans[route] = Spans(frame.key_span, span)
        return route

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
            self._found(SYNTAX, span, "quote")
        elif re.search(r":(\s|$)", above):
            self._badly_indented(self.source.whole_line(span.line))
        else:
            self._lacks_colon(self.source.whole_line(span.line - 1))

    def _lacks_colon(self, span: Span) -> None:
        """A line that ought to be `key: value`, or an item, but lacks its colon or its space."""
        line = self.source.line(span.line)
        if re.match(r"\s*(?:- )?[\w-]+:- ", line):
            self._found(SYNTAX, self.source.whole_line(span.line), "dash")
        elif match := _UNSPACED.match(line):
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
