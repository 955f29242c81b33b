"""`masterplan build`."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from masterplan_cli.cli import run
from masterplan_cli.cli.console import fail, finish, put, say, short_path, terminal
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
from masterplan_cli.cli.plans import check_at, known_agency, say_untrusted, store

if TYPE_CHECKING:
    import datetime

    from masterplan_cli.build import Built
    from masterplan_cli.checking import Checked
    from masterplan_cli.messages import Language


def build(
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
    """Make the document."""
    from masterplan_cli.build import Order
    from masterplan_cli.build import build as make
    from masterplan_cli.outputs import clear
    from masterplan_cli.progress import Progress

    kept = store(path, lang, cache=not no_cache)
    if out:
        clear(out, out)
    checked = check_at(path, lang, kept, untrusted=untrusted)
    if untrusted:
        say_untrusted(checked.project.root, checked.language)
    formats, day = chosen_formats(to, checked.language), _day(date, checked)
    if checked.plan is None or (checked.failed and not draft):
        _refuse(checked)
        return
    books, agencies = chosen_books(book or [], checked), chosen_agencies(agency or [], checked)
    with Progress(checked.language) as progress:
        built = make(checked, Order(books, agencies, formats, day, draft, untrusted), progress, kept)
    root = checked.project.root
    _deliver(built, out or root / "build", out or root, checked)


def _refuse(checked: "Checked") -> None:
    """Say why there will be no document."""
    from masterplan_cli.report import report

    put(report(checked.diagnostics, "full", checked.language, terminal()))
    if checked.plan:
        say(
            "tidak ada dokumen yang ditulis; perbaiki error di atas, atau susun draf dengan --draft",
            "no document was written; mend the errors above, or build a draft with --draft",
            checked.language,
        )
    finish(failed=True)


def _deliver(built: "Built", folder: Path, within: Path, checked: "Checked") -> None:
    """Put the files in place and say where they are, or what stands in the way."""
    from masterplan_cli.files import digest
    from masterplan_cli.outputs import write_outputs
    from masterplan_cli.report import report
    from masterplan_cli.report.text import summary

    problems = (
        write_outputs(folder, built.files, within, checked.language) if built.files else built.diagnostics
    )
    if problems:
        put(report(problems, "full", checked.language, terminal()))
        raise typer.Exit(1)
    run.out = str(folder.resolve())
    run.wrote = {str(folder / name): (len(data), digest(data)) for name, data in built.files.items()}
    for name in built.files:
        if "_files/" not in name:
            put(f"{short_path(folder / name)}\n")
    put(_counts(checked) + "\n")
    if built.failed:
        put(report(built.diagnostics, "full", checked.language, terminal()))
        say(
            "yang gagal tidak ditulis; hasil lamanya, bila ada, tidak berubah",
            "what failed was not written; its earlier output, if any, is unchanged",
            checked.language,
        )
        raise typer.Exit(1)
    if built.diagnostics:
        put(report(built.diagnostics, "full", checked.language), report=False)
    if checked.diagnostics:
        say(
            f"{summary(checked.diagnostics, checked.language)} – lihat `masterplan check`",
            f"{summary(checked.diagnostics, checked.language)} – see `masterplan check`",
            checked.language,
        )
    finish(failed=False)


def chosen_formats(to: list[str] | None, language: "Language") -> tuple[str, ...]:
    """The formats asked for; none: each book's own."""
    from masterplan_cli.schema import OUTPUT
    from masterplan_cli.suggestions import suggest

    if not to:
        return ()
    words = {word: form for form, spelt in OUTPUT.words.items() for word in (form, *spelt)}
    wanted = [form.strip().lower() for form in ",".join(to).split(",") if form.strip()]
    unknown = [form for form in wanted if form not in words]
    if unknown or not wanted:
        guess = suggest(unknown[0], words) if unknown else None
        also = f" ({guess}?)" if guess else ""
        known = ", ".join(OUTPUT.words)
        fail(
            f"keluaran tidak dikenal: {', '.join(unknown) or '(kosong)'}{also}; pilihannya: {known}",
            f"unknown output: {', '.join(unknown) or '(none)'}{also}; the choices: {known}",
            language,
        )
    return tuple(dict.fromkeys(words[form] for form in wanted))


def chosen_books(wanted: list[str], checked: "Checked") -> tuple[str, ...]:
    """The books asked for; an unknown one is wrong use."""
    from masterplan_cli.build import ALL
    from masterplan_cli.suggestions import suggest

    known = [*(checked.plan.books if checked.plan else ()), ALL]
    for id_ in wanted:
        if id_ not in known:
            guess = suggest(id_, known)
            fail(
                f"buku `{id_}` tidak ada"
                + (f"; mungkin maksudnya `{guess}`" if guess else f"; pilihannya: {', '.join(known)}"),
                f"there is no book `{id_}`"
                + (f"; did you mean `{guess}`?" if guess else f"; the choices: {', '.join(known)}"),
                checked.language,
            )
    return tuple(wanted)


def chosen_agencies(wanted: list[str], checked: "Checked") -> tuple[str, ...]:
    """The agencies asked for; an unknown one is wrong use."""
    plan = checked.plan
    ids = [known_agency(word, plan, checked.language) if plan else word for word in wanted]
    return tuple(dict.fromkeys(ids))


def _day(date: str | None, checked: "Checked") -> "datetime.date | None":
    """The date of the book: the one asked for, else the day of the last commit."""
    from masterplan_cli.build import commit_day

    if given := chosen_date(date, checked.language):
        return given
    day = commit_day(checked.project)
    run.git["last_commit_day"] = day.isoformat() if day else None
    if day is None:
        run.git["trusting_command"] = say_undated(checked.project.root, checked.language)
    return day


def say_undated(root: Path, language: "Language") -> str | None:
    """Say why git gives no date, where a person can let it; what they type for that."""
    from masterplan_cli.git import trusting_command
    from masterplan_cli.terminal import shown

    command = trusting_command(root)
    if command:
        say(
            "masterplan: sampul tanpa tanggal, karena git menganggap repo ini milik orang lain; bila Anda mempercayainya, "
            f"jalankan `{shown(command)}`, atau tulis tanggalnya dengan --date",
            "masterplan: the cover has no date, because git takes this repository for another person's; if you trust it, "
            f"run `{shown(command)}`, or give the date with --date",
            language,
        )
    return command


def chosen_date(date: str | None, language: "Language") -> "datetime.date | None":
    """The date asked for, if any; one that does not read is wrong use."""
    from masterplan_cli.build import book_date

    try:
        return book_date(date)
    except ValueError as error:
        if date is None:
            fail(
                f"{error} tidak terbaca; tulis detik sejak 1970, atau kosongkan",
                f"{error} does not read; write seconds since 1970, or leave it empty",
                language,
            )
        fail(
            f"tanggal `{date}` tidak terbaca; tulis misalnya 2026-11-24",
            f"date `{date}` does not read; write for example 2026-11-24",
            language,
        )


def _counts(checked: "Checked") -> str:
    from masterplan_cli.diagnostics import Severity, total
    from masterplan_cli.messages import Both

    plan = checked.plan
    assert plan is not None  # noqa: S101 - a document was built from it
    warnings = total(d for d in checked.diagnostics if d.severity is Severity.WARNING)
    return (
        Both(
            "{pillars} pilar, {programs} program, {agencies} perangkat daerah, {warnings} peringatan",
            "{pillars} pillars, {programs} programs, {agencies} agencies, {warnings} warnings",
        )
        .of(checked.language)
        .format(
            pillars=len(plan.pillars),
            programs=len(plan.programs),
            agencies=len(plan.agencies),
            warnings=warnings,
        )
    )
