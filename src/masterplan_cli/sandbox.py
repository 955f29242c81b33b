"""Jinja in a sandbox: a template reaches the plan's data and nothing else, and prints the same each time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Set
from decimal import Decimal
from enum import Enum
from types import BuiltinMethodType, MethodType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join, make_attrgetter
from jinja2.runtime import Undefined, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from pydantic import BaseModel

from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node
from masterplan_cli.plan import Plan
from masterplan_cli.templates import Templates


class Mistake(Exception):  # noqa: N818 - a template's mistake, and no fault of the program
    """What a template may not do; `variant` names the sentence of MP902 that explains it.

    `among` are the names that a misspelt `name` may have meant.
    """

    def __init__(self, variant: str, among: Iterable[str] = (), **args: object) -> None:
        super().__init__(variant)
        self.variant, self.among, self.args_ = variant, among, args


_TYPES = {
    "int": Both("angka", "a number"), "float": Both("angka", "a number"), "Decimal": Both("angka", "a number"),
    "str": Both("teks", "text"), "Md": Both("teks", "text"), "NoneType": Both("nilai kosong", "nothing"),
    "list": Both("daftar", "a list"), "tuple": Both("daftar", "a list"), "dict": Both("kelompok", "a group"),
    "bool": Both("ya/tidak", "yes or no"), "date": Both("tanggal", "a date"), "Period": Both("periode", "a period"),
}  # fmt: skip


def kind_of(value: object) -> Both | str:
    """What sort of value a thing is, as a sentence names it."""
    if isinstance(value, Undefined):
        str(value)  # says what is missing
    return type_of(type(value).__name__)


def type_of(name: str) -> Both | str:
    return _TYPES.get(name) or f"`{name}`"


class AbsentError(jinja2.UndefinedError):
    """The use of a name, or of a part of a thing, that is not there."""

    def __init__(self, message: str, name: object, thing: object, hint: str | None) -> None:
        super().__init__(message)
        self.name, self.thing, self.hint = name, thing, hint


class ClosedError(SecurityError):
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
            made: Any = lambda message: ClosedError(message, name)  # noqa: E731
        else:
            made = lambda message: AbsentError(message, name, obj, hint)  # noqa: E731
        super().__init__(hint, obj, name, made)


#: What Jinja treats with more care: among them are the texts' own `format`, which could reach anything.
_METHODS = {MethodType, BuiltinMethodType}
DEEP = "nested too deeply"


#: Whose things a template may look into: a path would reach the whole disk, a token the prose of other blocks.
_OPEN = {"builtins", "collections", "datetime", "decimal", "jinja2", "markupsafe", "masterplan_cli"}
#: What stays closed of them: Pydantic's own methods, which read files and run code; the clock; and the plan's folder.
_CLOSED: dict[type, frozenset[str]] = {
    BaseModel: frozenset(dir(BaseModel)),
    datetime.date: frozenset(["today", "now", "utcnow", "fromtimestamp", "utcfromtimestamp"]),
    Plan: frozenset(["project", "assets", "links"]),
    Node: frozenset(["shaped"]),
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


_COMPILED: dict[tuple[object, ...], Any] = {}
_MOST_COMPILED = 200


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
        templates.environment = self
        self._safe: dict[tuple[type, str], bool] = {}
        # Both answer differently each time, and a book must not.
        del self.globals["lipsum"], self.filters["random"]
        self.filters |= {name: _printing(self.filters[name]) for name in _TO_TEXT} | {"join": _join}

    def compile(self, source: Any, name: Any = None, filename: Any = None, *args: Any, **named: Any) -> Any:
        """As Jinja's, once for a text in each kind of environment: `serve` prints the same templates again and again."""
        key = (type(self), self.autoescape, source, name, filename)
        if key not in _COMPILED:
            try:
                code = super().compile(source, name, filename, *args, **named)
            except (RecursionError, MemoryError, SyntaxError):
                raise jinja2.TemplateSyntaxError(DEEP, 1, name, filename) from None
            if len(_COMPILED) == _MOST_COMPILED:
                _COMPILED.clear()
            _COMPILED[key] = code
        return _COMPILED[key]

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
