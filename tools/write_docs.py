"""Write the pages of docs/ that come from the code: docs/rules.md and docs/fields.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from masterplan_cli.messages import Language
from masterplan_cli.rules import all_rules
from masterplan_cli.rules.pages import rule_page
from masterplan_cli.schema import KINDS, json_schema

ROOT = Path(__file__).parents[1]
_FILES = {
    "masterplan": "masterplan.yaml",
    "agency": "agencies/<id>.yaml",
    "pillar": "pillars/<pilar>/pillar.md",
    "program": "pillars/<pilar>/<program>.md",
    "chapter": "chapters/<id>.md",
}


def rules_page() -> str:
    """Every rule, with an example from its specification."""
    head = (
        "# Aturan – the rules\n\n"
        "Ditulis oleh `make docs` dari kode dan dari `tests/rules/`. Written by `make docs`; do not edit.\n\n"
        "| Kode | Tingkat | Aturan | Rule |\n| --- | --- | --- | --- |\n"
    )
    rows = "".join(
        f"| [{r.code}](#{r.code.lower()}) | {r.severity} | {r.title.id} | {r.title.en} |\n"
        for r in all_rules()
    )
    return head + rows + "".join(f"\n{rule_page(r, _example(r.code))}" for r in all_rules())


def _example(code: str) -> str:
    """The first report of a rule's specification."""
    spec = ROOT / "tests" / "rules" / f"{code}.md"
    if not spec.exists():
        return ""
    reports = re.findall(r"^```text\n(.*?)^```$", spec.read_text(encoding="utf-8"), flags=re.M | re.S)
    return next((report for report in reports if f"[{code}]" in report), "")


def fields_page() -> str:
    """Every field of every kind of file, in both languages."""
    parts = [
        "# Isian – the fields\n\nDitulis oleh `make docs` dari skema. Written by `make docs`; do not edit.\n"
        "Tanda * berarti wajib. A mark * means required.\n"
    ]
    for kind in KINDS:
        schemas = [json_schema(kind, language) for language in Language]
        parts.append(f"\n## {kind}: `{_FILES[kind]}`\n\n{_table(*schemas)}")
        names = schemas[0].get("$defs", {})
        parts += [f"\n### {name}\n\n{_table(*(s['$defs'][name] for s in schemas))}" for name in names]
    return "".join(parts)


def _table(indonesian: dict[str, Any], english: dict[str, Any]) -> str:
    rows = ["| Isian | Nama | Keterangan | Meaning |\n| --- | --- | --- | --- |\n"]
    required = indonesian.get("required", [])
    for name, about in indonesian.get("properties", {}).items():
        mark = "*" if name in required else ""
        other = english["properties"][name]
        rows.append(
            f"| `{name}`{mark} | {about['title']} | {about['description']} | {other['title']}: {other['description']} |\n"
        )
    return "".join(rows)


PAGES = {"docs/rules.md": rules_page, "docs/fields.md": fields_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8", newline="\n")
        print(name)
