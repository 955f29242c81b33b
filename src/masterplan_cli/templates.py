"""Templates: Jinja in a sandbox, a plan's own files before the shipped ones, every mistake of theirs a finding."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Set
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from traceback import walk_tb
from types import BuiltinMethodType, MethodType
from typing import Any, TypeVar

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join, make_attrgetter
from jinja2.runtime import Undefined, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from pydantic import BaseModel

from masterplan_cli.diagnostics import Finding, Place, Related
from masterplan_cli.markdown import Prose
from masterplan_cli.messages import Both
from masterplan_cli.plan import Node, Plan
from masterplan_cli.project import TEMPLATES, Project
from masterplan_cli.rules.tool import TEMPLATE_FAILED, TEMPLATE_SYNTAX
from masterplan_cli.source import Source, Span
from masterplan_cli.values import near

_SHIPPED = "<masterplan>/"

Made = TypeVar("Made")


class Mistake(Exception):  # noqa: N818 - a template's mistake, and no fault of the program
    """What a template may not do; `variant` names the sentence of MP902 that explains it.

    `among` are the names that a misspelt `name` may have meant.
    """

    def __init__(self, variant: str, among: Iterable[str] = (), **args: object) -> None:
        super().__init__(variant)
        self.variant, self.among, self.args_ = variant, among, args


class Templates:
    """The templates of a plan by name."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.sandbox: Sandbox | None = None

    def text(self, name: str) -> tuple[str, str] | None:
        """A template's text and the path to show for it; the plan's own goes before the shipped one."""
        path = f"{TEMPLATES}/{name}"
        own = self.project.located.get(path)
        # Line ends as browsers, Jinja and Typst count them: a script is named by the hash of what runs.
        return (own.source.text.replace("\r\n", "\n"), path) if own else shipped_text(name)

    def load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        found = (
            shipped_text(name.removeprefix("shipped/")) if name.startswith("shipped/") else self.text(name)
        )
        return (*found, lambda: True) if found else None

    @cached_property
    def own(self) -> list[str]:
        """The paths of the plan's own Jinja templates; a copy that says what the shipped one does is none."""
        names = [
            path.removeprefix(f"{TEMPLATES}/") for path in self.project.templates if path.endswith(".j2")
        ]
        return [f"{TEMPLATES}/{name}" for name in names if self._differs(name)]

    def _differs(self, name: str) -> bool:
        own, shipped = self.text(name), shipped_text(name)
        return own is not None and (shipped is None or own[0] != shipped[0])

    def names(self) -> list[str]:
        """Every name that a template may include or extend."""
        own = [path.removeprefix(f"{TEMPLATES}/") for path in self.project.templates]
        shipped = list(_shipped_names(shipped_templates()))
        return sorted({*own, *shipped, *(f"shipped/{name}" for name in shipped)})

    def attempt(self, call: Callable[[], Made]) -> tuple[Made | None, list[Finding]]:
        """What a call makes, or the mistake of an own template that stopped it; our own mistakes are raised."""
        try:
            return call(), []
        except Exception as error:
            finding = _Mishap(self, error).finding()
            if finding is None:
                raise
            return None, [finding]


@cache
def shipped_templates() -> Path:
    """The templates that come with the tool: inside the wheel, or at the top of a checkout."""
    inside = Path(__file__).with_name(TEMPLATES)
    return inside if inside.is_dir() else Path(__file__).parents[2] / TEMPLATES


def shipped_text(name: str) -> tuple[str, str] | None:
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/"):
        return None
    shipped = shipped_templates().joinpath(*parts)
    return (
        (shipped.read_text(encoding="utf-8"), f"{_SHIPPED}{TEMPLATES}/{name}") if shipped.is_file() else None
    )


def _shipped_names(folder: Path, prefix: str = "") -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _shipped_names(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name


# --- the sandbox ---------------------------------------------------------------------------------------


class _Absent(jinja2.UndefinedError):
    """The use of a name, or of a part of a thing, that is not there."""

    def __init__(self, message: str, name: object, thing: object, hint: str | None) -> None:
        super().__init__(message)
        self.name, self.thing, self.hint = name, thing, hint


class _Refused(SecurityError):  # noqa: N818 - as `Mistake`
    """The use of a part of a thing that the sandbox keeps closed."""

    def __init__(self, message: str, name: object) -> None:
        super().__init__(message)
        self.name = name


class _Strict(jinja2.StrictUndefined):
    """An undefined value whose error knows what was missing, and where."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: Any = None,
    ) -> None:
        if exc is SecurityError:
            made: Any = lambda message: _Refused(message, name)  # noqa: E731
        else:
            made = lambda message: _Absent(message, name, obj, hint)  # noqa: E731
        super().__init__(hint, obj, name, made)


#: What Jinja looks at more closely: among them are the texts' own `format`, which could reach anything.
_METHODS = {MethodType, BuiltinMethodType}
_DEEP = "nested too deeply"


#: Whose things a template may look into: a path would reach the whole disk, a token the prose of other blocks.
_OPEN = {"builtins", "collections", "datetime", "decimal", "jinja2", "markupsafe", "masterplan_cli"}
#: What stays closed of them: Pydantic's own methods, which read files and run code; the clock; what looks at the plan
#: without leaving a trace; and what differs when a file is read by another process or was known before.
_CLOSED: dict[type, frozenset[str]] = {
    BaseModel: frozenset(dir(BaseModel)),
    datetime.date: frozenset(["today", "now", "utcnow", "fromtimestamp", "utcfromtimestamp"]),
    Plan: frozenset(["project", "whole_project", "located", "known_files", "states", "stands_there"]),
    Node: frozenset(["contents", "fact", "facts", "rest", "shaped"]),
    Prose: frozenset(["rest"]),
    Source: frozenset(["rest"]),
}


def _is_open(kind: type, attribute: str) -> bool:
    """Whether a template may use a part of a thing of this kind."""
    return kind.__module__.partition(".")[0] in _OPEN and not any(
        attribute in names for closed, names in _CLOSED.items() if issubclass(kind, closed)
    )


#: What prints as itself; of anything else a template prints the parts, for its own name would differ in every run.
_PLAIN = (str, int, float, Decimal, datetime.date, Enum, type(None), Undefined, Both)
_GROUPS = (list, tuple, set, frozenset)
#: The filters of Jinja that make a text of whatever they are given.
_TO_TEXT = (
    "capitalize", "center", "e", "escape", "forceescape", "format", "indent", "lower", "pprint", "replace", "safe",
    "string", "striptags", "title", "tojson", "trim", "truncate", "upper", "urlencode", "urlize", "wordcount", "wordwrap",
    "xmlattr",
)  # fmt: skip


def printable(value: object) -> object:
    """The value, which a template is about to print; a `Mistake` when it has no text of its own."""
    if isinstance(value, dict):
        for pair in value.items():
            printable(pair)
    elif isinstance(value, _GROUPS):
        for item in value:
            printable(item)
    elif not isinstance(value, _PLAIN):
        raise Mistake("unprintable", thing=kind_of(value))
    return value


def _printing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter, or a text's `format`, that makes a text of what it is given."""

    def printing(*args: Any, **named: Any) -> Any:
        for value in (*args, *named.values()):
            if not isinstance(value, _OF_THE_RUN):
                printable(value)
        return function(*args, **named)

    for mark in _PASSED:
        if hasattr(function, mark):
            setattr(printing, mark, getattr(function, mark))
    return printing


@jinja2.pass_eval_context
def _join(context: Any, values: Iterable[Any], between: str = "", attribute: str | int | None = None) -> Any:
    """As Jinja's, of what can be printed."""
    take = make_attrgetter(context.environment, attribute) if attribute is not None else lambda value: value
    return do_join(context, [printable(take(value)) for value in values], between)


_OF_THE_RUN = (jinja2.Environment, jinja2.runtime.Context, jinja2.nodes.EvalContext)
_PASSED = ("jinja_pass_arg",)


class _Code(CodeGenerator):
    """Jinja's, whose `~` would print anything."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - the visitor's protocol
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Template(jinja2.Template):
    """A template that is read anew wherever it is imported, so that no block depends on one before it."""

    def _get_default_module(self, ctx: Any = None) -> Any:
        self._module = None
        return super()._get_default_module(ctx)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja that reaches nothing but the plan and always gives the same; what bounds its work is a process of its own."""

    template_class = _Template
    code_generator_class = _Code
    intercepted_binops = frozenset(["%", "-"])

    def __init__(self, templates: Templates, **options: Any) -> None:
        super().__init__(
            loader=jinja2.FunctionLoader(templates.load),
            undefined=_Strict,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
            # To look for constants to fold takes a tenth of the reading, and the shipped templates have none.
            optimized=False,
            **{"finalize": printable, **options},
        )
        templates.sandbox = self
        self._safe: dict[tuple[type, str], bool] = {}
        # Both answer differently each time, and a book must not.
        del self.globals["lipsum"], self.filters["random"]
        self.filters |= {name: _printing(self.filters[name]) for name in _TO_TEXT} | {"join": _join}

    def compile(self, source: Any, name: Any = None, filename: Any = None, *args: Any, **named: Any) -> Any:
        try:
            return super().compile(source, name, filename, *args, **named)
        except (RecursionError, MemoryError, SyntaxError):
            raise jinja2.TemplateSyntaxError(_DEEP, 1, name, filename) from None

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """As Jinja decides it, and never beyond the plan; it depends on the type and the name alone, once for each."""
        key = (type(obj), attr)
        if key not in self._safe:
            self._safe[key] = _is_open(*key) and super().is_safe_attribute(obj, attr, value)
        return self._safe[key]

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As Jinja's, which goes a longer way to the parts that are neither methods nor closed."""
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)
        if type(value) not in _METHODS and self._safe.get((type(obj), attribute)):
            return value
        return super().getattr(obj, attribute)

    def joined(self, parts: tuple[object, ...]) -> str:
        """What `~` makes."""
        printable(parts)
        return markup_join(parts) if self.autoescape else str_join(parts)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, Set) and operator == "-":
            return [item for item in left if item not in right]  # in their order, which a set would not keep
        if isinstance(left, str):
            printable(right)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        formatted = super().wrap_str_format(value)
        return _printing(formatted) if formatted else None


# --- mistakes as findings ------------------------------------------------------------------------------

_TAGS = (
    "for", "if", "elif", "else", "endif", "endfor", "block", "endblock", "extends", "include", "import", "from",
    "macro", "endmacro", "set", "endset", "call", "endcall", "filter", "endfilter", "with", "endwith", "do",
    "raw", "endraw", "autoescape", "endautoescape", "break", "continue",
)  # fmt: skip
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_TOKENS = {"end of print statement": "}}", "end of statement block": "%}", "begin of statement block": "{%",
           "begin of print statement": "{{"}  # fmt: skip
_TYPES = {
    "int": Both("angka", "a number"), "float": Both("angka", "a number"), "Decimal": Both("angka", "a number"),
    "str": Both("teks", "text"), "Md": Both("teks", "text"), "NoneType": Both("nilai kosong", "nothing"),
    "list": Both("daftar", "a list"), "tuple": Both("daftar", "a list"), "dict": Both("kelompok", "a group"),
    "bool": Both("ya/tidak", "yes or no"), "date": Both("tanggal", "a date"), "Period": Both("periode", "a period"),
}  # fmt: skip


#: Jinja notices an unknown filter or test inside a condition only when it runs.
_LATE = r"No (filter|test) named"
_OF_JINJA = {"range", "dict", "cycler", "joiner", "namespace", "context", "environment", "self"}


_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")


class _Mishap:
    """An exception out of a template, as the finding that its author needs."""

    def __init__(self, templates: Templates, error: Exception) -> None:
        self.templates, self.error = templates, error
        frames = [(f.f_code.co_filename, line, f) for f, line in walk_tb(error.__traceback__)]
        self.frames = [
            (path, line, f) for path, line, f in frames if self._own(path) or path.startswith(_SHIPPED)
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
            case _Absent():
                return self._absent(self.error)
            case _Refused():
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

    def _absent(self, error: _Absent) -> tuple[str, dict[str, Any]]:
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
            return "types", {"operator": found[1], "left": _type(found[2]), "right": _type(found[3])}
        if pasted:
            return "types", {"operator": "+", "left": _type(pasted[1]), "right": _type(pasted[2])}
        return "", {"kind": kind, "reason": reason or kind}

    # --- while reading

    def _syntax(self, path: str, line: int, message: str) -> Finding:
        source = self.templates.project.located[path].source
        variant, args, word = _misread(message)
        if variant in ("filter", "test") and self.templates.sandbox:
            known = getattr(self.templates.sandbox, f"{variant}s")
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
    (_DEEP, lambda _: ("deep", {}, "")),
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
    guess = near(word, list(choices))
    return (f"{variant}_near", {**args, "near": guess}) if guess else (variant, args)


def kind_of(value: object) -> Both | str:
    """What sort of value a thing is, as a sentence names it."""
    if isinstance(value, Undefined):
        str(value)  # says what is missing
    return _type(type(value).__name__)


def _type(name: str) -> Both | str:
    return _TYPES.get(name) or f"`{name}`"


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
