"""Reports: diagnostics as text for people, and in the forms that CI systems read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from masterplan_cli.diagnostics import Diagnostic
from masterplan_cli.messages import Language
from masterplan_cli.report.text import PLAIN, Screen, concise, full

#: The forms that programs read, each a function of `machine`. `json` is the newest version; a version's own name stays
#: as it is for ever.
_MACHINE = {
    "json": "json_v1",
    "json-v1": "json_v1",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
}
#: The forms whose paths a CI system finds in the repository, where the plan may be a folder among others.
FROM_REPOSITORY = ("github", "gitlab", "sarif", "junit")
FORM_NAMES = ("full", "concise", *_MACHINE)


def report(
    diagnostics: list[Diagnostic],
    form: str,
    language: Language,
    screen: Screen = PLAIN,
    *,
    prefix: str = "",
) -> str:
    """The diagnostics in one of `FORM_NAMES`, ending in a line break unless empty.

    `prefix` is the plan's folder in its repository, with a slash at its end, or nothing.
    """
    if form == "full":
        return full(diagnostics, language, screen)
    if form == "concise":
        return concise(diagnostics, language)
    if prefix and form in FROM_REPOSITORY:
        diagnostics = [
            replace(d, path=prefix + d.path, notes=tuple(n._replace(path=prefix + n.path) for n in d.notes))
            for d in diagnostics
        ]
    return _machine(form)(diagnostics, language)


def _machine(form: str) -> Callable[[list[Diagnostic], Language], str]:
    """A report for programs; what makes it is loaded when one of them is asked for."""
    made: Callable[[list[Diagnostic], Language], str] = getattr(
        import_module("masterplan_cli.report.machine"), _MACHINE[form]
    )
    return made
