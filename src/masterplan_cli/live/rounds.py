"""One build after another of a plan whose files change, each with what it found; nothing a file says ends them."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from masterplan_cli.build import ALL, Order, build, commit_day
from masterplan_cli.cache.store import Store
from masterplan_cli.checking import Checked, check
from masterplan_cli.diagnostics import Diagnostic, Place, Severity, place_findings, total
from masterplan_cli.file_rules import UNREADABLE
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.live.watcher import Watcher
from masterplan_cli.messages import Both, Language
from masterplan_cli.plan import Plan
from masterplan_cli.progress import Progress
from masterplan_cli.report.text import counted
from masterplan_cli.rules.agency_names import named_agency
from masterplan_cli.rules.tool import NO_PLAN

_BOOK_GONE = Both("buku `{id}` tidak ada di masterplan.yaml", "there is no book `{id}` in masterplan.yaml")
_AGENCY_GONE = Both(
    "perangkat daerah `{id}` tidak ada di agencies/", "there is no agency `{id}` in agencies/"
)
_OUR_FAULT = Both(
    "masterplan sendiri gagal ({error}); laporkan kepada pembuatnya. Perubahan berikutnya dicoba lagi",
    "masterplan itself failed ({error}); tell its makers. The next change is tried again",
)


@dataclass
class Round:
    """What one build came to: the files, or why there are none."""

    language: Language
    files: dict[str, bytes] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    #: What stood in the way and is no finding in a file.
    trouble: str = ""
    #: The plan as it was checked, when it lacks what was ordered; else it is let go before the next one is read.
    checked: Checked | None = None
    #: The files whose change led to it; none at first.
    changed: list[str] = field(default_factory=list)
    #: When it was ready, and the seconds from seeing the change until then.
    clock: datetime.time = datetime.time()
    seconds: float = 0.0

    @property
    def errors(self) -> list[Diagnostic]:
        return [d for d in self.diagnostics if d.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[Diagnostic]:
        return [d for d in self.diagnostics if d.severity is Severity.WARNING]

    def counts(self, language: Language) -> str:
        """How many errors and how many warnings."""
        each = ((Severity.ERROR, self.errors), (Severity.WARNING, self.warnings))
        return ", ".join(counted(severity, total(found), language) for severity, found in each)


def rounds(
    root: Path,
    order: Order,
    language: Language | None,
    spoken: Language,
    watcher: Watcher,
    store: Store | None = None,
) -> Iterator[Round]:
    """A build now and after every change; the same one again when the watcher only comes back.

    `language` is the one asked for, `spoken` what is used while the plan cannot say its own.
    """
    last: Round | None = None
    for changed in watcher.changes():
        if last is None or changed:
            began = time.perf_counter()
            made = _make(root, order, language, last.language if last else spoken, store)
            seconds = time.perf_counter() - began
            last = replace(made, changed=changed, clock=datetime.datetime.now().time(), seconds=seconds)
            watcher.doubted = {d.path for d in last.diagnostics if d.code == UNREADABLE.code}
        yield last
        if store:
            store.flush()


def _make(
    root: Path, order: Order, language: Language | None, spoken: Language, store: Store | None
) -> Round:
    try:
        if not (root / PLAN_FILE).exists():
            finding = NO_PLAN.at(Place(str(root)), path=str(root))
            return Round(spoken, diagnostics=place_findings([finding], {}, {}, spoken))
        return _compile(root, order, language, spoken, store)
    except Exception as error:  # noqa: BLE001 - our own bug must not end an officer's session
        return Round(spoken, trouble=_OUR_FAULT.of(spoken).format(error=f"{type(error).__name__}: {error}"))


def _compile(
    root: Path, order: Order, language: Language | None, spoken: Language, store: Store | None
) -> Round:
    """Check and build; the one place that runs the compiler. No second process: other threads are at work here."""
    with Progress(spoken) as progress:
        progress("check")
        checked = check(root, language, store=store, untrusted=order.untrusted)
        if checked.plan is None and checked.language is not spoken:
            checked = check(root, spoken, store=store, untrusted=order.untrusted)
        gone = _gone(order, checked.plan, checked.language)
        if gone:
            return Round(checked.language, {}, checked.diagnostics, gone, checked)
        ids = [
            (named_agency(checked.plan, word) if checked.plan else None) or word for word in order.agencies
        ]
        dated = replace(order, agencies=tuple(ids), date=order.date or commit_day(checked.project))
        built = build(checked, dated, progress, store)
        files = {name: bytes(data) for name, data in built.files.items()}
        return Round(checked.language, files, [*checked.diagnostics, *built.diagnostics])


def _gone(order: Order, plan: Plan | None, language: Language) -> str:
    """The book or the agency of the order that the plan does not have, or does no longer have."""
    if plan is None:
        return ""
    book = next((id_ for id_ in order.books if id_ != ALL and id_ not in plan.books), None)
    if book:
        return _BOOK_GONE.of(language).format(id=book)
    agency = next((word for word in order.agencies if not named_agency(plan, word)), None)
    return _AGENCY_GONE.of(language).format(id=agency) if agency else ""
