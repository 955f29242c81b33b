"""`masterplan explain`, `rules` and `schema`: what the tool knows."""

from pathlib import Path
from typing import Annotated

import typer

from masterplan_cli.cli.console import fail, put, spoken, text_width
from masterplan_cli.cli.options import Kind, LangOption


def explain(
    code: Annotated[
        str, typer.Argument(help="Kode sebuah temuan, misalnya MP101. (A code, as in MP101.)", metavar="CODE")
    ],
    lang: LangOption = None,
) -> None:
    """Explain a code, or list the codes that begin so."""
    from masterplan_cli.rules import all_rules
    from masterplan_cli.rules.pages import explanation, listing
    from masterplan_cli.suggestions import suggest

    rules = {rule.code: rule for rule in all_rules()}
    name = f"MP{code}" if code.isdigit() else code.upper()
    rule = rules.get(name)
    language = spoken(lang)
    begun = [one for one in rules.values() if one.code.startswith(name.rstrip("X"))]
    if rule is None and begun:
        put(listing(begun, language, text_width()))
        return
    if rule is None:
        guess = suggest(name, list(rules))
        also = f" ({guess}?)" if guess else ""
        fail(
            f"kode {code} tidak ada{also}; lihat `masterplan rules`",
            f"there is no code {code}{also}; see `masterplan rules`",
            language,
        )
    put(explanation(rule, language, text_width()))


def list_rules(lang: LangOption = None) -> None:
    """List all rules."""
    from masterplan_cli.rules import all_rules
    from masterplan_cli.rules.pages import listing

    put(listing(all_rules(), spoken(lang), text_width()))


def print_schema(
    kind: Annotated[Kind, typer.Argument(help="Jenis berkas. (Kind of file.)", metavar="KIND")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Berkas hasil, dalam UTF-8. (Output file, in UTF-8.)"),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Print a JSON Schema."""
    import json

    from masterplan_cli.changes.data import CHANGES_SCHEMA
    from masterplan_cli.report.machine import FINDINGS_SCHEMA
    from masterplan_cli.schema import json_schema

    reports = {Kind.findings: FINDINGS_SCHEMA, Kind.changes: CHANGES_SCHEMA}
    found = reports[kind] if kind in reports else json_schema(kind.value, spoken(lang))
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    from masterplan_cli.cli.plans import save

    save(out, text.encode("utf-8"), out.parent, spoken(lang))
