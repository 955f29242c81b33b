"""What the rules say of themselves, for `masterplan explain` and docs/rules.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from itertools import groupby

from masterplan_cli.diagnostics import SEVERITY_WORDS, Rule
from masterplan_cli.messages import Both, Language

_WHY, _FIX = Both("Mengapa", "Why"), Both("Cara memperbaiki", "How to fix")
_SEVERITY = Both("Tingkat", "Severity")
_FIXED = Both("tetap", "fixed")
_FORMS = Both("Pesannya", "Its messages")
_FAMILIES = {
    "MP0": Both("berkas dan bentuk isian", "files and the form of fields"),
    "MP1": Both("siapa bertanggung jawab", "who answers for what"),
    "MP2": Both("rujukan antarberkas", "what one file says of another"),
    "MP3": Both("anggaran dan waktu", "money and time"),
    "MP4": Both("indikator dan target", "indicators and targets"),
    "MP5": Both("naskah", "the text that agencies write"),
    "MP9": Both("templat, keluaran, dan program ini", "templates, outputs and the tool itself"),
}


def explanation(rule: Rule, language: Language, width: int) -> str:
    """A rule on a screen: its title, why it is there, and each message with its remedy."""
    severity = (
        f"{SEVERITY_WORDS[rule.severity].of(language)}{f' ({_FIXED.of(language)})' if rule.fixed else ''}"
    )
    lines = [
        *_wrapped(f"{rule.code} {rule.name} – {rule.title.of(language)}", width, "", "      "),
        f"{_SEVERITY.of(language)}: {severity}",
        "",
        *_wrapped(f"{_WHY.of(language)}: {rule.why.of(language)}", width),
        "",
        f"{_FORMS.of(language)}:",
    ]
    for text in (rule.text, *rule.variants.values()):
        help_ = f"{_FIX.of(language)}: {_plain(text.help.of(language))}"
        lines += _wrapped(_plain(text.message.of(language)), width, "  - ", "    ")
        lines += _wrapped(help_, width, "    ", "      ")
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def listing(rules: Iterable[Rule], language: Language, width: int) -> str:
    """Every rule on a line of its own, below the name of its family."""
    lines: list[str] = []
    for start, family in groupby(rules, lambda rule: rule.code[:3]):
        lines += ["", f"{start}xx {_FAMILIES[start].of(language)}"]
        for rule in family:
            word = SEVERITY_WORDS[rule.severity].of(language)
            lines += _wrapped(rule.title.of(language), width, f"  {rule.code}  {word:<10}  ", " " * 21)
    return "\n".join(lines[1:]) + "\n"


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
