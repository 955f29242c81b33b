"""Reports for programs: JSON, and what GitHub, GitLab, SARIF viewers and JUnit readers take."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from masterplan_cli.diagnostics import Diagnostic, Severity, total
from masterplan_cli.messages import Language
from masterplan_cli.rules import all_rules
from masterplan_cli.terminal import escaped_json, shown, shown_lines

_TEXT, _COUNT = {"type": "string"}, {"type": "integer", "minimum": 1}
_PLACE = {"path": _TEXT, "line": _COUNT, "column": _COUNT, "end_line": _COUNT, "end_column": _COUNT}
_RELATED = {**_PLACE, "label": _TEXT}
_FINDING = {
    "code": {"type": "string", "pattern": "^MP[0-9]{3}$"},
    "name": _TEXT,
    "severity": {"enum": ["error", "warning"]},
    "message": _TEXT,
    **_PLACE,
    "help": _TEXT,
    "count": {**_COUNT, "description": "how many findings of its kind it tells of"},
    "agency": {"type": ["string", "null"], "description": "id of the agency that must act"},
    "fix": {"type": ["string", "null"], "description": "what to write at the place instead, when it is sure"},
    "related": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": _RELATED,
            "required": list(_RELATED),
            "additionalProperties": False,
        },
    },
}
#: JSON Schema of `--output-format json`, version 1: lines and columns count characters from 1, ends are exclusive.
FINDINGS_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "masterplan findings, version 1",
    "type": "array",
    "items": {
        "type": "object",
        "properties": _FINDING,
        "required": list(_FINDING),
        "additionalProperties": False,
    },
}


def json_v1(diagnostics: list[Diagnostic], _language: Language) -> str:
    """A list of findings after `FINDINGS_SCHEMA`."""
    return _json([_object(d) for d in diagnostics])


def _json(value: object) -> str:
    return escaped_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _object(found: Diagnostic) -> dict[str, object]:
    return {
        "code": found.code,
        "name": found.name,
        "severity": str(found.severity),
        "message": found.message,
        "path": found.path,
        **found.span._asdict(),
        "help": found.help,
        "count": found.count,
        "agency": found.agency,
        "fix": found.fix,
        "related": [{"path": n.path, **n.span._asdict(), "label": n.label} for n in found.notes],
    }


def github(diagnostics: list[Diagnostic], _language: Language) -> str:
    """Workflow commands, which GitHub shows on the changed line."""
    return "".join(
        f"::{d.severity} file={_property(d.path)},line={d.span.line},col={d.span.column},"
        f"endLine={d.span.end_line},endColumn={d.span.end_column},title={d.code}"
        f"::{_data(_sentences(d))}\n"
        for d in diagnostics
    )


def _data(text: str) -> str:
    return shown_lines(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(diagnostics: list[Diagnostic], _language: Language) -> str:
    """A code quality report, which GitLab shows in the merge request."""
    levels = {Severity.ERROR: "major", Severity.WARNING: "minor"}
    issues = [
        {
            "description": f"{shown(d.message)} ({shown(d.help)})",
            "check_name": d.code,
            "fingerprint": fingerprint,
            "severity": levels[d.severity],
            "location": {"path": d.path, "lines": {"begin": d.span.line, "end": d.span.end_line}},
        }
        for d, fingerprint in _fingerprinted(diagnostics)
    ]
    return _json(issues)


def _fingerprinted(diagnostics: list[Diagnostic]) -> Iterator[tuple[Diagnostic, str]]:
    """Each finding with a name that survives when lines above it come and go."""
    seen: Counter[tuple[str, ...]] = Counter()
    for d in diagnostics:
        key = (d.code, d.path, d.message)
        seen[key] += 1
        yield d, hashlib.sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "replace")).hexdigest()


def sarif(diagnostics: list[Diagnostic], language: Language) -> str:
    """SARIF 2.1.0: one run, its rules, its results."""
    codes = sorted({d.code for d in diagnostics})
    rules = {rule.code: rule for rule in all_rules()}
    run = {
        "tool": {
            "driver": {
                "name": "masterplan",
                "version": version("masterplan-cli"),
                "rules": [
                    {
                        "id": code,
                        "name": rules[code].name,
                        "shortDescription": {"text": rules[code].title.of(language)},
                        "fullDescription": {"text": rules[code].why.of(language)},
                        "defaultConfiguration": {"level": str(rules[code].severity)},
                    }
                    for code in codes
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, codes.index(d.code), name) for d, name in _fingerprinted(diagnostics)],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return _json(log)


def _result(found: Diagnostic, rule: int, fingerprint: str) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": str(found.severity),
        "message": {"text": _sentences(found)},
        "locations": [_location(found.path, *found.span)],
        "partialFingerprints": {"masterplan/v1": fingerprint},
    }
    if found.notes:
        result["relatedLocations"] = [
            {**_location(n.path, *n.span), "message": {"text": n.label}} for n in found.notes
        ]
    if found.agency:
        result["properties"] = {"agency": found.agency}
    return result


def _location(path: str, line: int, column: int, end_line: int, end_column: int) -> dict[str, object]:
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path, errors="surrogateescape")},
            "region": region,
        }
    }


def junit(diagnostics: list[Diagnostic], _language: Language) -> str:
    """JUnit XML: a suite for each file, a failure for each error; a warning is a skipped case, which fails nothing."""
    by_path: dict[str, list[Diagnostic]] = {}
    for d in diagnostics:
        by_path.setdefault(d.path, []).append(d)
    suites = "".join(_suite(path, found) for path, found in by_path.items())
    clean = f"<testsuite {_counts([], 1)} name={quoteattr('masterplan check')}><testcase name={quoteattr('masterplan check')}/></testsuite>\n"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="masterplan check" tests="{total(diagnostics) or 1}" failures="{_errors(diagnostics)}" errors="0">\n'
        f"{suites or clean}</testsuites>\n"
    )


def _suite(path: str, diagnostics: list[Diagnostic]) -> str:
    cases = "".join(_case(d) for d in diagnostics)
    return f"<testsuite {_counts(diagnostics, total(diagnostics))} name={_attribute(path)}>\n{cases}</testsuite>\n"


def _counts(diagnostics: list[Diagnostic], tests: int) -> str:
    failures = _errors(diagnostics)
    return f'tests="{tests}" failures="{failures}" errors="0" skipped="{total(diagnostics) - failures}"'


def _errors(diagnostics: list[Diagnostic]) -> int:
    return total(d for d in diagnostics if d.severity is Severity.ERROR)


def _case(found: Diagnostic) -> str:
    kind = "failure" if found.severity is Severity.ERROR else "skipped"
    name = f"{found.code} {found.path}:{found.span.line}:{found.span.column}"
    return (
        f"<testcase classname={_attribute(found.code)} name={_attribute(name)}>"
        f"<{kind} type={_attribute(found.name)} message={_attribute(found.message)}>"
        f"{escape(shown(found.help))}</{kind}></testcase>\n"
    )


def _attribute(text: str) -> str:
    return quoteattr(shown(text))


def _sentences(found: Diagnostic) -> str:
    return f"{shown(found.message)}. {shown(found.help)}"
