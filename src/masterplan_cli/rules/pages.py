"""What the rules say of themselves, for `masterplan explain` and docs/rules.md."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule
from masterplan_cli.messages import Both, Language

_WHY, _FIX = Both("Mengapa", "Why"), Both("Cara memperbaiki", "How to fix")
_SEVERITY = Both("Tingkat", "Severity")
_FIXED = Both("tetap", "fixed")
_FORMS = Both("Pesannya", "Its messages")


def explanation(rule: Rule, language: Language) -> str:
    """A rule on a screen: its title, why it is there, and each message with its remedy."""
    severity = f"{rule.severity}{f' ({_FIXED.of(language)})' if rule.fixed else ''}"
    lines = [
        f"{rule.code} {rule.name} – {rule.title.of(language)}",
        f"{_SEVERITY.of(language)}: {severity}",
        "",
        f"{_WHY.of(language)}: {rule.why.of(language)}",
        "",
        f"{_FORMS.of(language)}:",
    ]
    for text in (rule.text, *rule.variants.values()):
        lines += [
            f"  - {_plain(text.message.of(language))}",
            f"    {_FIX.of(language)}: {_plain(text.help.of(language))}",
        ]
    return "\n".join(lines) + "\n"


def _plain(template: str) -> str:
    """A template with its placeholders shown as ‹name›."""
    return (
        template.replace("{{", "\x01")
        .replace("}}", "\x02")
        .replace("{", "‹")
        .replace("}", "›")
        .replace("\x01", "{")
        .replace("\x02", "}")
    )


def rule_page(rule: Rule, example: str) -> str:
    """A rule's section of docs/rules.md, in both languages, with a report as an example."""
    lines = [
        f"## {rule.code}",
        "",
        f"**{rule.title.id}** – {rule.title.en} (`{rule.name}`, {rule.severity})",
        "",
    ]
    lines += [rule.why.id, "", f"*{rule.why.en}*", ""]
    for text in (rule.text, *rule.variants.values()):
        lines += [f"- {_plain(text.message.id)} → {_plain(text.help.id)}"]
        lines += [f"  *{_plain(text.message.en)} → {_plain(text.help.en)}*"]
    if example:
        lines += ["", "```text", example.rstrip(), "```"]
    return "\n".join(lines) + "\n"
