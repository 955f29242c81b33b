"""The rules: everything the tool can find, and how grave a plan holds it to be."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan_cli import file_rules, schema, yaml_rules
from masterplan_cli.diagnostics import Finding, Rule, Severity, Text
from masterplan_cli.links import Reference
from masterplan_cli.messages import Both
from masterplan_cli.nodes import AnyNode, Measure, Pillar, Program
from masterplan_cli.plan import Plan

from masterplan_cli.rules import (  # isort: skip
    books, indicators, lists, maps, markup, money_and_time, ownership, pasted, prose, raw_marks, references, tables, texts, unprinted, unusable_pictures,  # noqa: F401 - they register
)  # fmt: skip
from masterplan_cli.rules.forms import FORM_RULES
from masterplan_cli.rules.imports import IMPORT_RULES
from masterplan_cli.rules.registry import CHECKS, checks_of, rule
from masterplan_cli.rules.tool import TOOL_RULES
from masterplan_cli.rules.word_texts import WORD_RULES
from masterplan_cli.rules.words import Words
from masterplan_cli.suggestions import EFFORT, Choices


@rule(
    "MP033",
    "rule-setting",
    Severity.ERROR,
    title=Both("pengaturan aturan tidak berlaku", "a rule setting without effect"),
    why=Both(
        "Tingkat sebuah aturan boleh diubah dengan alasan tertulis; aturan yang menjaga arti berkas (MP0xx, MP9xx) tetap.",
        "A rule's severity may be changed for a written reason; the rules that guard a file's meaning (MP0xx, MP9xx) stay.",
    ),
    message=Both(
        "aturan `{code}` tidak ada atau tidak dapat diubah",
        "rule `{code}` does not exist or cannot be changed",
    ),
    fix=Both("lihat daftarnya dengan `masterplan rules`", "see the list with `masterplan rules`"),
    variants={
        "suggestion": Text(
            Both(
                "aturan `{code}` tidak ada atau tidak dapat diubah",
                "rule `{code}` does not exist or cannot be changed",
            ),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        )
    },
)
def rule_setting(found: Rule, plan: Plan) -> Iterator[Finding]:
    codes = {r.code for r in all_rules()}
    known = {r.code for r in all_rules() if not r.fixed}
    choices = Choices(known, EFFORT)
    for code in plan.settings.rules:
        if code not in known:
            # A code that exists but is fixed is no slip of the hand.
            guess = None if code in codes else choices.suggest(code)
            place = plan.root.at("rules", code, part="key")
            yield found.at(place, "suggestion" if guess else "", code=code, suggestion=guess)


def all_rules() -> list[Rule]:
    """Every rule in the order of its code."""
    rules = [
        *file_rules.RULES,
        *yaml_rules.RULES,
        *schema.RULES,
        *TOOL_RULES,
        *FORM_RULES,
        *WORD_RULES,
        *IMPORT_RULES,
        *(check.rule for check in CHECKS),
    ]
    return sorted(rules, key=lambda r: r.code)


def check_whole(plan: Plan) -> Iterator[Finding]:
    """Run the rules that compare files with each other, and those for words on a taxonomy of the plan's own."""
    for made, check in checks_of(Plan):
        yield from check(made, plan)
    own = plan.project.parsed.get(plan.settings.taxonomy)
    if own:
        yield from _check_part(plan, Words(plan.settings.taxonomy, own.value, None))


def check_node(plan: Plan, node: AnyNode) -> Iterator[Finding]:
    """Run the rules that look at one file by itself, at what it says and at what it refers to."""
    yield from _check_part(plan, node)
    yield from _check_part(plan, Words(node.path, node.value, node.prose))
    for measure in node.measures if isinstance(node, Program | Pillar) else ():
        yield from _check_part(plan, measure)
    for reference in plan.links.references_of(node):
        yield from _check_part(plan, reference)


def _check_part(plan: Plan, part: AnyNode | Words | Measure | Reference) -> Iterator[Finding]:
    for made, check in checks_of(type(part)):
        yield from check(made, plan, part)


def severities(plan: Plan | None) -> dict[str, Severity]:
    """The severities that a plan's settings change."""
    if plan is None:
        return {}
    return {
        code: Severity(s.severity)
        for code, s in plan.settings.rules.items()
        if code >= "MP100" and code < "MP900"
    }
