"""`masterplan serve` and `masterplan watch`: build again whenever a file is saved, until Ctrl+C."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan_cli.cli import run
from masterplan_cli.cli.build import chosen_agencies, chosen_books, chosen_date, chosen_formats, say_undated
from masterplan_cli.cli.console import fail, put, say, short_path, spoken, terminal
from masterplan_cli.cli.options import (
    AgencyOption,
    BookOption,
    DateOption,
    DraftOption,
    LangOption,
    NoCacheOption,
    OutOption,
    PathArgument,
    ToOption,
    UntrustedOption,
)
from masterplan_cli.cli.plans import asked, root_of, say_untrusted, store

if TYPE_CHECKING:
    from masterplan_cli.diagnostics import Diagnostic
    from masterplan_cli.live.rounds import Round
    from masterplan_cli.live.watcher import Watcher
    from masterplan_cli.messages import Language

#: Findings that are told in full, or in a line each, after one build.
_MOST = 5


_PortOption = Annotated[
    int,
    typer.Option(
        "--port",
        min=1,
        max=65535,
        help="Port; bila terpakai, yang berikutnya. (Port; the next free one when it is taken.)",
    ),
]
_NoOpenOption = Annotated[
    bool, typer.Option("--no-open", help="Jangan membuka peramban. (Do not open the browser.)")
]
_ReadOnlyOption = Annotated[
    bool, typer.Option("--read-only", help="Tanpa halaman untuk mengisi. (Without the pages to fill in.)")
]
_OneBookOption = Annotated[
    str | None,
    typer.Option("--book", help="Id buku di masterplan.yaml. (Book to show.)", metavar="ID"),
]
_OneAgencyOption = Annotated[
    str | None,
    typer.Option(
        "--agency", help="Petikan untuk perangkat daerah ini. (Excerpt for this agency.)", metavar="ID"
    ),
]


def serve(
    path: PathArgument = Path(),
    port: _PortOption = 8484,
    no_open: _NoOpenOption = False,
    book: _OneBookOption = None,
    agency: _OneAgencyOption = None,
    draft: DraftOption = False,
    read_only: _ReadOnlyOption = False,
    untrusted: UntrustedOption = False,
    lang: LangOption = None,
) -> None:
    """Show the document in a browser, and follow the files."""
    from masterplan_cli.build import ALL, Order
    from masterplan_cli.cache.store import Store
    from masterplan_cli.live.editing import Editing
    from masterplan_cli.live.rounds import rounds
    from masterplan_cli.live.server import Preview, View
    from masterplan_cli.live.watcher import Watcher

    root, language = root_of(path, lang), spoken(lang)
    if (book and agency) or book == ALL:
        fail(
            "yang ditampilkan satu dokumen: pilih satu --book atau satu --agency",
            "one document can be shown: choose one --book or one --agency",
            language,
        )
    books, agencies = (book,) if book else (), (agency,) if agency else ()
    order = Order(books, agencies, ("html",), chosen_date(None, language), draft, untrusted)
    log, screen, kept = _Log(), View(language), store(root, lang)
    saved = Store(kept.place if kept else None)
    editing = None if read_only else Editing(root, asked(lang), language, saved, agency or "")
    with _until_stopped(log), Preview(screen.sight, port, editing) as preview:
        log.starts(preview.address, language)
        if untrusted:
            say_untrusted(root, language)
        if order.date is None:
            say_undated(root, language)
        if not no_open:
            _browse(preview.address)
        for made in rounds(root, order, asked(lang), language, Watcher(root), kept):
            _wrong_use(made, order.books, order.agencies, first=log.last is None)
            preview.show(screen.after(made))
            log.tells(made)


def watch(
    path: PathArgument = Path(),
    to: ToOption = None,
    book: BookOption = None,
    agency: AgencyOption = None,
    out: OutOption = None,
    draft: DraftOption = False,
    no_cache: NoCacheOption = False,
    date: DateOption = None,
    untrusted: UntrustedOption = False,
    lang: LangOption = None,
) -> None:
    """Write the document again after every change."""
    from masterplan_cli.build import Order
    from masterplan_cli.live.rounds import rounds
    from masterplan_cli.live.watcher import Watcher

    root, language = root_of(path, lang), spoken(lang)
    formats, day = chosen_formats(to, language), chosen_date(date, language)
    folder, within = out or root / "build", out or root
    order = Order(tuple(book or ()), tuple(agency or ()), formats, day, draft, untrusted)
    log, watcher = _Log(), Watcher(root, [folder])
    with _until_stopped(log):
        say("masterplan: Ctrl+C untuk berhenti", "masterplan: press Ctrl+C to stop", language)
        if untrusted:
            say_untrusted(root, language)
        if order.date is None:
            say_undated(root, language)
        for made in rounds(
            root, order, asked(lang), language, watcher, store(root, lang, cache=not no_cache)
        ):
            _wrong_use(made, order.books, order.agencies, first=log.last is None)
            if made is not log.last or watcher.again:
                _deliver(made, folder, within, watcher, log)


def _deliver(made: "Round", folder: Path, within: Path, watcher: "Watcher", log: "_Log") -> None:
    """Put the files in place; what another program holds open is tried again soon, and told once."""
    from masterplan_cli.outputs import write_outputs

    tried = watcher.again and made is log.last
    problems = write_outputs(folder, made.files, within, made.language) if made.files else []
    watcher.again = bool(problems)
    watcher.ignore(folder / name for name in made.files)
    if not (problems and tried):
        log.tells(made, problems, folder)


def _wrong_use(made: "Round", books: tuple[str, ...], agencies: tuple[str, ...], *, first: bool) -> None:
    """A book or an agency that was never there ends the command, as it ends `build`."""
    if first and made.trouble and made.checked and made.checked.plan:
        chosen_books(list(books), made.checked)
        chosen_agencies(list(agencies), made.checked)


@contextmanager
def _until_stopped(log: "_Log") -> Iterator[None]:
    """Run until Ctrl+C, or until the system asks the program to end; both are the ordinary end."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    names = [getattr(signal, name) for name in ("SIGTERM", "SIGBREAK") if hasattr(signal, name)]
    before = {name: signal.signal(name, stop) for name in names}
    try:
        with suppress(BrokenPipeError):
            yield
    except KeyboardInterrupt:
        log.ends()
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _browse(address: str) -> None:
    """Open the browser, but none that would take over the terminal."""
    import webbrowser

    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(address)


class _Log:
    """What the terminal tells: after each build what is new in full, what is still wrong in a line each, and how it went."""

    def __init__(self) -> None:
        self.last: Round | None = None
        self._known: set[tuple[str, str, str]] = set()

    def starts(self, address: str, language: "Language") -> None:
        say(
            f"masterplan: pratinjau di {address} – Ctrl+C untuk berhenti",
            f"masterplan: preview at {address} – press Ctrl+C to stop",
            language,
        )

    def ends(self) -> None:
        language = self.last.language if self.last else spoken(None)
        say("masterplan: berhenti", "masterplan: stopped", language)

    def tells(
        self, made: "Round", problems: "list[Diagnostic] | None" = None, folder: Path | None = None
    ) -> None:
        """Tell of one build; `problems` are those of writing its files into `folder`."""
        found = [*made.diagnostics, *(problems or ())]
        self._findings(made, found)
        self._known = {_name(d) for d in found}
        self.last = made
        say(*_line(made, not problems, folder), made.language)
        # Kept for commands that can be repeated; this one may run for days.
        run.said.clear()

    def _findings(self, made: "Round", found: "list[Diagnostic]") -> None:
        from masterplan_cli.diagnostics import Severity
        from masterplan_cli.report.text import concise, findings

        errors = [d for d in found if d.severity is Severity.ERROR]
        shown = found if self.last else errors
        new = [d for d in shown if _name(d) not in self._known]
        still = [d for d in errors if _name(d) in self._known]
        put("".join(f"{text}\n" for text in findings(new[:_MOST], made.language, terminal())))
        put(concise(still[:_MOST], made.language))
        more = len(new[_MOST:]) + len(still[_MOST:])
        if more:
            say(
                f"… dan {more} temuan lain: masterplan check",
                f"… and {more} other findings: masterplan check",
                made.language,
            )


def _name(found: "Diagnostic") -> tuple[str, str, str]:
    """What makes a finding the same when lines above it come and go."""
    return found.code, found.path, found.message


def _line(made: "Round", written: bool, folder: Path | None) -> tuple[str, str]:
    """When, because of which file, how it went, how long it took; in both languages."""
    from masterplan_cli.live.panel import clock, seconds
    from masterplan_cli.messages import Language

    done = bool(made.files) and written
    where = f" → {short_path(folder)}" if folder and done else ""
    lines = []
    for language, words in (
        (Language.ID, ("tersusun", "belum tersusun", "dalam {} detik", "dan {} lain")),
        (Language.EN, ("made", "not made", "in {} seconds", "and {} more")),
    ):
        cause = ""
        if made.changed:
            more = len(made.changed) - 1
            cause = made.changed[0] + (" " + words[3].format(more) if more else "") + ": "
        trouble = f"; {made.trouble}" if made.trouble else ""
        took = words[2].format(seconds(made.seconds, language))
        lines.append(
            f"{clock(made.clock, language)}  {cause}{words[0] if done else words[1]}{where} {took} – {made.counts(language)}{trouble}"
        )
    return lines[0], lines[1]
