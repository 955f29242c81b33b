"""How a rule is written: one generator function, decorated with its code and everything it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from masterplan_cli.diagnostics import Finding, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan

Check = Callable[..., Iterator[Finding]]


class Registered(NamedTuple):
    """A rule, its function, and the kinds of things that the function is given one by one: plans, or parts of them."""

    rule: Rule
    check: Check
    each: tuple[type, ...]


CHECKS: list[Registered] = []


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    title: Both,
    why: Both,
    message: Both,
    fix: Both,
    variants: dict[str, Text] | None = None,
    each: type | tuple[type, ...] = Plan,
) -> Callable[[Check], Check]:
    """Register a function as a rule; it gets its own `Rule`, to build findings with, and the plan.

    A rule that can judge a file, or a part of one, without its fellows names what it is given as `each`; its function
    gets one such thing after the plan, and reaches other files only through it.
    """
    made = Rule(code, name, severity, title, why, Text(message, fix), variants or {})

    def register(function: Check) -> Check:
        CHECKS.append(Registered(made, function, each if isinstance(each, tuple) else (each,)))
        return function

    return register


_BY_KIND: dict[type, list[tuple[Rule, Check]]] = {}


def checks_of(kind: type) -> list[tuple[Rule, Check]]:
    """The rules that look at things of a kind."""
    if kind not in _BY_KIND:
        _BY_KIND[kind] = [(made, check) for made, check, each in CHECKS if issubclass(kind, each)]
    return _BY_KIND[kind]
