"""Mistakes of a plan's own templates as findings, each with a sentence for its author."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from traceback import walk_tb
from typing import Any, TypeVar

import jinja2
from jinja2.runtime import Undefined
from jinja2.utils import missing

from masterplan_cli.diagnostics import Finding, Place, Related
from masterplan_cli.messages import Both
from masterplan_cli.rules.tool import TEMPLATE_FAILED, TEMPLATE_SYNTAX
from masterplan_cli.sandbox import DEEP, AbsentError, ClosedError, Mistake, kind_of, type_of
from masterplan_cli.source import Source, Span
from masterplan_cli.suggestions import suggest
from masterplan_cli.templates import SHIPPED, Templates

Made = TypeVar("Made")


def attempt(templates: Templates, call: Callable[[], Made]) -> tuple[Made | None, list[Finding]]:
    """What a call makes, or the mistake of an own template that stopped it; our own mistakes are raised."""
    try:
        return call(), []
    except Exception as error:
        finding = _TemplateError(templates, error).finding()
        if finding is None:
            raise
        return None, [finding]


_TAGS = (
    "for", "if", "elif", "else", "endif", "endfor", "block", "endblock", "extends", "include", "import", "from",
    "macro", "endmacro", "set", "endset", "call", "endcall", "filter", "endfilter", "with", "endwith", "do",
    "raw", "endraw", "autoescape", "endautoescape", "break", "continue",
)  # fmt: skip
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_TOKENS = {"end of print statement": "}}", "end of statement block": "%}", "begin of statement block": "{%",
           "begin of print statement": "{{"}  # fmt: skip
#: Jinja notices an unknown filter or test inside a condition only when it runs.
_LATE = r"No (filter|test) named"
_OF_JINJA = {"range", "dict", "cycler", "joiner", "namespace", "context", "environment", "self"}


_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")


class _TemplateError:
    """An exception out of a template, as the finding that its author needs."""

    def __init__(self, templates: Templates, error: Exception) -> None:
        self.templates, self.error = templates, error
        frames = [(f.f_code.co_filename, line, f) for f, line in walk_tb(error.__traceback__)]
        self.frames = [
            (path, line, f) for path, line, f in frames if self._own(path) or path.startswith(SHIPPED)
        ]
        self.name = ""

    def _own(self, path: str | None) -> bool:
        return path is not None and path in self.templates.project.located

    def finding(self) -> Finding | None:
        if isinstance(self.error, jinja2.TemplateSyntaxError):
            # Of an open comment Jinja tells the file as its name.
            path = self.error.filename or self.error.name
            return (
                self._syntax(path, self.error.lineno, self.error.message or "")
                if path and self._own(path)
                else None
            )
        own = next(((path, line) for path, line, _ in reversed(self.frames) if self._own(path)), None)
        if own is None:
            return None
        path, line = own
        if isinstance(self.error, jinja2.TemplateRuntimeError) and re.match(_LATE, str(self.error)):
            return self._syntax(path, line, str(self.error))
        variant, args = self._cause()
        inner, inner_line, _ = self.frames[-1]
        related = (
            [
                Related(
                    Place(inner, span=_line(inner_line)), Both("di templat bawaan", "in the shipped template")
                )
            ]
            if inner != path and not self._own(inner)
            else []
        )
        return TEMPLATE_FAILED.at(self._place(path, line, self.name), variant, related, **args)

    def _place(self, path: str, line: int, word: str) -> Place:
        source = self.templates.project.located[path].source
        pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") if word else None
        found = pattern.search(source.line(line)) if pattern else None
        span = Span(line, found.start() + 1, line, found.end() + 1) if found else source.whole_line(line)
        return Place(path, span=span)

    # --- while running

    def _cause(self) -> tuple[str, dict[str, Any]]:
        match self.error:
            case Mistake():
                self.name = str(self.error.args_.get("name", ""))
                among = self.error.among
                return _guessed(self.error.variant, self.name, among, **self.error.args_)
            case AbsentError():
                return self._absent(self.error)
            case ClosedError():
                self.name = str(self.error.name)
                return "unsafe", {"name": self.name}
            case jinja2.TemplateNotFound():
                self.name = str(self.error.name)
                return _guessed("template", self.name, self.templates.names(), name=self.name)
            case ZeroDivisionError():
                return "zero", {}
            case RecursionError():
                return "recursion", {}
            case OverflowError() | MemoryError():
                return "size", {}
            case ValueError() if "too big" in str(self.error):
                return "size", {}
        return self._technical()

    def _absent(self, error: AbsentError) -> tuple[str, dict[str, Any]]:
        self.name = _ADDRESS.sub("", str(error.name or ""))
        if not self.name:
            return "", {"kind": "UndefinedError", "reason": str(error)}
        if error.thing is missing and not error.hint:
            known = self._names()
            return _guessed("name", self.name, known, name=self.name, known=", ".join(known))
        if error.thing is None or isinstance(error.thing, Undefined):
            return "nothing", {"name": self.name}
        if error.hint:
            return "missing", {"name": self.name}
        thing = kind_of(error.thing)
        return _guessed("attribute", self.name, _parts(error.thing), name=self.name, thing=thing)

    def _names(self) -> list[str]:
        """The names that could be used where the template failed."""
        names = self.frames[-1][2].f_locals  # Jinja lays a template's names out as locals
        return sorted(n for n in names if n.isidentifier() and not n.startswith("_") and n not in _OF_JINJA)

    def _technical(self) -> tuple[str, dict[str, Any]]:
        # Where a thing lies in memory differs in every run.
        kind, reason = type(self.error).__name__, _ADDRESS.sub("", str(self.error))
        operands = re.fullmatch(r"unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'", reason)
        pasted = re.fullmatch(r'can only concatenate (\w+) \(not "(\w+)"\) to \w+', reason)
        compared = re.fullmatch(r"'(\S+)' not supported between instances of '(\w+)' and '(\w+)'", reason)
        if found := operands or compared:
            return "types", {"operator": found[1], "left": type_of(found[2]), "right": type_of(found[3])}
        if pasted:
            return "types", {"operator": "+", "left": type_of(pasted[1]), "right": type_of(pasted[2])}
        return "", {"kind": kind, "reason": reason or kind}

    # --- while reading

    def _syntax(self, path: str, line: int, message: str) -> Finding:
        source = self.templates.project.located[path].source
        variant, args, word = _misread(message)
        if variant in ("filter", "test") and self.templates.environment:
            known = getattr(self.templates.environment, f"{variant}s")
            variant, args = _guessed(variant, word, known, name=word)
        place = self._place(path, line, word)
        if variant == "unclosed":
            opening, span = _opening(source, line)
            place, args = Place(path, span=span), {"opening": opening, "closing": _CLOSING[opening]}
        elif variant == "end_missing":
            place = Place(path, span=_open_tag(source, word))
        elif variant == "character" and (found := re.search(r" at (\d+)$", message)):
            place = Place(path, span=_at(source.text, int(found[1])))
        return TEMPLATE_SYNTAX.at(place, variant, **args)


def _misread(message: str) -> tuple[str, dict[str, Any], str]:
    """The variant of MP901 for Jinja's message, its arguments, and the word to point at."""
    for pattern, read in _MESSAGES:
        if found := re.match(pattern, message):
            return read(found)
    return "", {}, ""


def _unknown_tag(found: re.Match[str]) -> tuple[str, dict[str, Any], str]:
    word, rest = found[1], found[2]
    wanted = re.search(r"currently looking for '(\w+)'|following tags: '(\w+)'", rest)
    if (word.startswith("end") or word in ("else", "elif")) and word in _TAGS:
        if wanted and (still := (wanted[1] or wanted[2])).startswith(("end", "el")):
            inner = re.search(r"closed is '(\w+)'", rest)
            return "end_crossed", {"tag": word, "inner": inner[1] if inner else still}, word
        return (
            "end_unexpected",
            {"tag": word, "start": word.removeprefix("end") if word[:3] == "end" else "if"},
            word,
        )
    return *_guessed("tag", word, _TAGS, name=word), word


def _token(found: re.Match[str]) -> tuple[str, dict[str, Any], str]:
    expected, got = (_TOKENS.get(text, text) for text in found.groups())
    return "token", {"expected": expected, "got": got}, ""


_MESSAGES: list[tuple[str, Callable[[re.Match[str]], tuple[str, dict[str, Any], str]]]] = [
    (r"Unexpected end of template.*closed is '(\w+)'", lambda m: ("end_missing", {"tag": m[1]}, m[1])),
    (r"Encountered unknown tag '(\w+)'\.(.*)", _unknown_tag),
    (r"unexpected end of template|Missing end of (?:comment|raw)", lambda _: ("unclosed", {}, "")),
    (r"Missing end of", lambda _: ("unclosed", {}, "")),
    (r"No filter named '(\w+)'", lambda m: ("filter", {"name": m[1]}, m[1])),
    (r"No test named '(\w+)'", lambda m: ("test", {"name": m[1]}, m[1])),
    (DEEP, lambda _: ("deep", {}, "")),
    (r"block '(\w+)' defined twice", lambda m: ("block_twice", {"name": m[1]}, m[1])),
    (r"expected token '(.*)', got '(.*)'$", _token),
    (r"unexpected '(.*)', expected '(.*)'$", lambda m: ("token", {"expected": m[2], "got": m[1]}, "")),
    (r"unexpected char '(.*)' at", lambda m: ("character", {"character": m[1]}, m[1])),
    (r"Expected an expression|unexpected 'end of", lambda _: ("empty", {}, "")),
    (r"unexpected '(.*)'$", lambda m: ("character", {"character": _TOKENS.get(m[1], m[1])}, m[1])),
]


def _guessed(
    variant: str, word: str, choices: Iterable[str], /, **args: object
) -> tuple[str, dict[str, Any]]:
    guess = suggest(word, list(choices))
    return (f"{variant}_suggestion", {**args, "suggestion": guess}) if guess else (variant, args)


def _parts(thing: object) -> list[str]:
    """The parts of a thing that a template may read."""
    if isinstance(thing, dict):
        return [key for key in thing if isinstance(key, str)]
    return [n for n in dir(type(thing)) if not n.startswith(("_", "model_"))] + [
        *getattr(type(thing), "model_fields", ()), *getattr(thing, "__dict__", ()),
    ]  # fmt: skip


def _line(number: int) -> Span:
    return Span(number, 1, number, 2)


def _at(text: str, offset: int) -> Span:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return Span(line, column, line, column + 1)


def _opening(source: Source, line: int) -> tuple[str, Span]:
    """The last mark that opens something at or before a line, and is never closed."""
    lines = source.lines[:line]
    for number in range(len(lines), 0, -1):
        ends = {opening: lines[number - 1].rfind(end) for opening, end in _CLOSING.items()}
        marks = [m for m in re.finditer(r"\{[{%#]", lines[number - 1]) if ends[m[0]] < m.end()]
        if marks:
            column = marks[-1].start() + 1
            return marks[-1][0], Span(number, column, number, column + 2)
    return "{%", source.whole_line(line)


def _open_tag(source: Source, tag: str) -> Span:
    """Where the innermost `{% tag` stands that has no `{% endtag`."""
    open_: list[Span] = []
    for number, line in enumerate(source.lines, 1):
        for found in re.finditer(rf"\{{%[-+]?\s*(end)?({tag})\b", line):
            if found[1] and open_:
                open_.pop()
            elif not found[1]:
                open_.append(Span(number, found.start(2) + 1, number, found.end(2) + 1))
    return open_[-1] if open_ else source.whole_line(len(source.lines))
