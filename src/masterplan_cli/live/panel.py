"""The panel above a live page: how the last build went and what was found, in the plan's language."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from html import escape
from itertools import groupby

from masterplan_cli.diagnostics import HELP_WORD, SEVERITY_WORDS, Diagnostic, Severity, total
from masterplan_cli.live.rounds import Round
from masterplan_cli.messages import Both, Language
from masterplan_cli.report.text import counted
from masterplan_cli.terminal import shown

#: Findings that are shown; who has more starts at the top anyway.
_MOST = 200
_CONTEXT = 70

_BUSY = Both("sedang menyusun dokumen …", "making the document …")
_MADE = Both("tersusun pukul {clock}, dalam {seconds} detik", "made at {clock}, in {seconds} seconds")
_FAILED = Both(
    "belum tersusun; di bawah ini halaman terakhir yang jadi",
    "not made; below is the last page that was",
)
_NO_PAGE = Both("belum ada dokumen", "no document yet")
_NO_PAGE_HELP = Both(
    "Dokumen tampil di sini begitu error diperbaiki dan disimpan. Untuk melihatnya lebih dahulu, jalankan "
    "masterplan serve --draft.",
    "The document appears here once the errors are mended and saved. To see it before, run masterplan serve --draft.",
)
_WAIT_HELP = Both(
    "Sedang disusun; halaman ini berganti sendiri.", "It is being made; this page changes by itself."
)
_TITLE = Both("Pratinjau", "Preview")
_AGENCY = Both("yang harus bertindak", "to act")
_MORE = Both(
    "Ditampilkan {shown} dari {count} temuan; semuanya ada di `masterplan check`.",
    "Shown are {shown} of {count} findings; `masterplan check` has them all.",
)
_WORDS = {
    "title": Both("Pratinjau masterplan", "Preview of the masterplan"),
    "findings": Both("Temuan", "Findings"),
    "jump": Both("Ke perubahan", "To the change"),
    "fill": Both("Isi rencana", "Fill in"),
    "gone": Both(
        "masterplan serve sudah berhenti; jalankan lagi di terminal",
        "masterplan serve has ended; run it again",
    ),
}
_WAITING = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body {{ font: 1rem/1.6 "Segoe UI", "Noto Sans", Roboto, sans-serif; }} main {{ max-width: 40rem; margin: 20vh auto; padding: 0 1rem; }}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
</main>
</body>
</html>
"""


def waiting_page(language: Language, *, busy: bool) -> bytes:
    """What stands where no document could be made yet."""
    text = (_WAIT_HELP if busy else _NO_PAGE_HELP).of(language)
    return _WAITING.format(language=language, title=_TITLE.of(language), text=escape(text)).encode()


def busy_panel(language: Language) -> dict[str, object]:
    return _panel("busy", _BUSY.of(language), "", 0, language)


def panel(done: Round, *, page: bool) -> dict[str, object]:
    """The panel after a build; `page` tells whether a document stands below it."""
    language = done.language
    counts = done.counts(language)
    if done.files:
        how = _MADE.of(language).format(
            clock=clock(done.clock, language), seconds=seconds(done.seconds, language)
        )
    else:
        how = done.trouble or (_FAILED if page else _NO_PAGE).of(language)
    kind = "errors" if done.errors or not done.files else "warnings" if done.warnings else "clean"
    hint = "" if page else f"<p>{escape(_NO_PAGE_HELP.of(language))}</p>"
    found = hint + _findings(done, language)
    return _panel(kind, f"{counts} – {how}", found, total(done.diagnostics), language, alone=not page)


def _panel(
    kind: str, status: str, found: str, count: int, language: Language, *, alone: bool = False
) -> dict[str, object]:
    words = {name: both.of(language) for name, both in _WORDS.items()}
    return {
        "kind": kind,
        "status": status,
        "html": found,
        "count": count,
        "alone": alone,
        "words": words,
        "language": str(language),
    }


def _findings(done: Round, language: Language) -> str:
    """Errors at once, by their files; warnings as a count that unfolds."""
    out = list(_by_file(done.errors[:_MOST], language))
    if done.warnings:
        label = counted(Severity.WARNING, total(done.warnings), language)
        inner = "".join(_by_file(done.warnings[: max(0, _MOST - len(done.errors))], language))
        out.append(
            f'<details class="warnings" data-key="warnings"><summary>{label}</summary>{inner}</details>'
        )
    if len(done.diagnostics) > _MOST:
        more = _MORE.of(language).format(shown=_MOST, count=total(done.diagnostics))
        out.append(f"<p>{escape(more)}</p>")
    return "".join(out)


def _by_file(found: list[Diagnostic], language: Language) -> Iterator[str]:
    for path, group in groupby(sorted(found, key=lambda d: d.sort_key), lambda d: d.path):
        of_file = list(group)
        items = "".join(_item(d, language) for d in of_file)
        key = escape(f"{found[0].severity} {path}")
        yield (
            f'<details open data-key="{key}"><summary>{escape(shown(path))} <span>({total(of_file)})</span></summary>'
            f"<ul>{items}</ul></details>"
        )


def _item(found: Diagnostic, language: Language) -> str:
    word = SEVERITY_WORDS[found.severity].of(language)
    agency = f"<dt>{_AGENCY.of(language)}</dt><dd>{escape(found.agency)}</dd>" if found.agency else ""
    notes = "".join(
        f"<dt>{escape(n.label)}</dt><dd>{escape(shown(n.path))}:{n.span.line}:{n.span.column}</dd>"
        for n in found.notes
    )
    return (
        f'<li class="{found.severity}"><p><b>{word}[{found.code}]</b> '
        f"<span>{found.span.line}:{found.span.column}</span> {coded(found.message)}</p>{_excerpt(found)}"
        f"<dl><dt>{HELP_WORD.of(language)}</dt><dd>{coded(found.help)}</dd>{notes}{agency}</dl></li>"
    )


def coded(text: str) -> str:
    """A sentence with what stands between grave accents set as code."""
    parts = escape(shown(text)).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _excerpt(found: Diagnostic) -> str:
    """The line with its mark, cut where it is long."""
    if not found.excerpt.strip():
        return ""
    start = min(found.span.column - 1 - found.cut, len(found.excerpt))
    one_line = found.span.end_line == found.span.line
    end = found.span.end_column - 1 - found.cut if one_line else len(found.excerpt)
    before, marked = found.excerpt[max(0, start - _CONTEXT) : start], found.excerpt[start:end][: 2 * _CONTEXT]
    after = found.excerpt[start + len(marked) :][:_CONTEXT]
    lead = "…" if start > _CONTEXT else ""
    cut = "…" if start + len(marked) + len(after) < len(found.excerpt) else ""
    before, marked, after = (escape(shown(part)) for part in (before, marked, after))
    return f"<pre><span>{found.span.line}</span> {lead}{before}<mark>{marked}</mark>{after}{cut}</pre>"


def clock(time: datetime.time, language: Language) -> str:
    return time.strftime("%H.%M.%S" if language is Language.ID else "%H:%M:%S")


def seconds(value: float, language: Language) -> str:
    text = f"{value:.2f}"
    return text.replace(".", ",") if language is Language.ID else text
