"""How a rule is written: one generator function, decorated with its code and everything it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from masterplan_cli.diagnostics import Finding, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan

Check = Callable[[Plan], Iterator[Finding]]
CHECKS: list[tuple[Rule, Check]] = []


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
) -> Callable[[Callable[[Rule, Plan], Iterator[Finding]]], Check]:
    """Register a function as a rule; it gets its own `Rule`, to build findings with, and the plan."""
    made = Rule(code, name, severity, title, why, Text(message, fix), variants or {})

    def register(function: Callable[[Rule, Plan], Iterator[Finding]]) -> Check:
        def run(plan: Plan) -> Iterator[Finding]:
            return function(made, plan)

        CHECKS.append((made, run))
        return run

    return register
