"""MP12x: the books that a plan asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.plan import EXCERPT, Plan
from masterplan_cli.project import ID, REFERENCE
from masterplan_cli.rules.registry import rule
from masterplan_cli.schema import BOOK_TEMPLATE
from masterplan_cli.suggestions import EFFORT, Choices
from masterplan_cli.values import slug

_BOOK_WHY = Both(
    "Setiap buku disusun dari satu templat dan disimpan dengan id-nya sebagai nama berkas.",
    "Every book is made of one template and saved under its id.",
)


@rule(
    "MP120",
    "unknown-book-template",
    Severity.ERROR,
    title=Both("templat buku tidak ada", "book template does not exist"),
    why=_BOOK_WHY,
    message=Both("templat buku `{name}` tidak ada", "book template `{name}` does not exist"),
    fix=Both(
        "pakai salah satu: {known}; atau buat templates/books/{name}.j2",
        "use one of: {known}; or make templates/books/{name}.j2",
    ),
    variants={
        "suggestion": Text(
            Both("templat buku `{name}` tidak ada", "book template `{name}` does not exist"),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        ),
        "excerpt": Text(
            Both(
                "templat `{name}` hanya untuk petikan perangkat daerah",
                "template `{name}` is for the excerpts of agencies only",
            ),
            Both(
                "susun petikan dengan `masterplan build --agency <id>`; di sini pakai salah satu: {known}",
                "make an excerpt with `masterplan build --agency <id>`; here use one of: {known}",
            ),
        ),
    },
)
def unknown_book_template(found: Rule, plan: Plan) -> Iterator[Finding]:
    own = _own_templates(plan)
    words = [word for canon, spelt in BOOK_TEMPLATE.words.items() for word in (*spelt, canon)]
    known = ", ".join([spelt[0] for spelt in BOOK_TEMPLATE.words.values()] + own)
    choices = Choices([*words, *own], EFFORT)
    for index, book in enumerate(plan.settings.books):
        name = book.template
        if name in own or name in BOOK_TEMPLATE.words:
            continue
        guess = None if name == _EXCERPTS else choices.suggest(name)
        variant = "excerpt" if name == _EXCERPTS else "suggestion" if guess else ""
        place = plan.root.at("books", index, "template")
        yield found.at(place, variant, fix=guess and guess.fix, name=name, known=known, suggestion=guess)


def _own_templates(plan: Plan) -> list[str]:
    """The book templates of the plan's own that no shipped one is called like."""
    folder, shipped = PurePosixPath("templates/books"), {*BOOK_TEMPLATE.words, _EXCERPTS}
    paths = (PurePosixPath(path) for path in sorted(plan.paths))
    return [p.stem for p in paths if p.parent == folder and p.suffix == ".j2" and p.stem not in shipped]


#: The template of the excerpts of `--agency`.
_EXCERPTS = "agency"


@rule(
    "MP121",
    "duplicate-book",
    Severity.ERROR,
    title=Both("dua buku dengan satu id", "two books with one id"),
    why=_BOOK_WHY,
    message=Both("buku `{id}` ditulis lebih dari sekali", "book `{id}` is written more than once"),
    fix=Both("beri buku ini id lain, atau hapus salah satunya", "give this book another id, or remove one"),
)
def duplicate_book(found: Rule, plan: Plan) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, book in enumerate(plan.settings.books):
        earlier = first.setdefault(book.id, index)
        if earlier != index:
            other = Related(plan.root.at("books", earlier, "id"), Both("buku yang pertama", "the first book"))
            yield found.at(plan.root.at("books", index, "id"), related=[other], id=book.id)


@rule(
    "MP122",
    "book-id",
    Severity.ERROR,
    title=Both("id buku tidak dapat dipakai", "a book id cannot be used"),
    why=_BOOK_WHY,
    message=Both(
        "id buku `{id}` bukan huruf kecil, angka, dan tanda hubung",
        "book id `{id}` is not of small letters, digits and hyphens",
    ),
    fix=Both("tulis misalnya `{better}`", "write for example `{better}`"),
    variants={
        "taken": Text(
            Both("id buku `{id}` sudah punya arti lain", "book id `{id}` means something else already"),
            Both("tulis misalnya `{better}`", "write for example `{better}`"),
        )
    },
)
def book_id(found: Rule, plan: Plan) -> Iterator[Finding]:
    for index, book in enumerate(plan.settings.books):
        taken = book.id.startswith(EXCERPT) or _TAKEN.fullmatch(book.id)
        if taken or not ID.fullmatch(book.id):
            better = (
                f"buku-{slug(book.id)[:40]}"
                if taken
                else slug(book.id)[:60].strip("-") or f"buku-{index + 1}"
            )
            yield found.at(
                plan.root.at("books", index, "id"), "taken" if taken else "", id=book.id, better=better
            )


#: Words of the command line, another output of the tool, and what Windows keeps for its devices.
_TAKEN = re.compile(r"all|tasks|con|prn|aux|nul|(com|lpt)[0-9]")


@rule(
    "MP125",
    "chapter-of-an-unknown-book",
    Severity.ERROR,
    title=Both("bab untuk buku yang tidak ada", "a chapter of a book that does not exist"),
    why=Both(
        "Bab yang menyebut buku hanya tercetak di buku itu; bila bukunya tidak ada, bab itu tidak tercetak di mana pun.",
        "A chapter that names books is printed in these alone; when there is no such book, it is printed nowhere.",
    ),
    message=Both("buku `{id}` tidak ada", "book `{id}` does not exist"),
    fix=Both("pakai salah satu: {known}", "use one of: {known}"),
    variants={
        "suggestion": Text(
            Both("buku `{id}` tidak ada", "book `{id}` does not exist"),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        )
    },
)
def chapter_of_an_unknown_book(found: Rule, plan: Plan) -> Iterator[Finding]:
    choices = Choices(list(plan.books), EFFORT)
    for chapter in plan.chapters:
        for index, id_ in enumerate(chapter.data.books):
            if id_ not in plan.books:
                guess = choices.suggest(id_)
                yield found.at(
                    chapter.at("books", index),
                    "suggestion" if guess else "",
                    fix=guess and guess.fix,
                    id=id_,
                    known=", ".join(plan.books),
                    suggestion=guess,
                )


@rule(
    "MP123",
    "annex-without-regulation",
    Severity.ERROR,
    title=Both("lampiran tanpa peraturan", "annex without a regulation"),
    why=Both(
        "Kepala lampiran menyebut peraturannya: nama, nomor, tahun, dan tentang apa. Nomor dan tahun boleh menyusul.",
        "The head of an annex names its regulation: name, number, year and what it is about. Number and year may follow later.",
    ),
    message=Both(
        "buku `{id}` memakai templat peraturan, tetapi peraturannya belum ditulis",
        "book `{id}` uses the regulation template, but no regulation is written",
    ),
    fix=Both(
        "tambahkan `regulation:` dengan `title:` dan `about:` di bawah buku ini",
        "add `regulation:` with `title:` and `about:` to this book",
    ),
)
def annex_without_regulation(found: Rule, plan: Plan) -> Iterator[Finding]:
    for index, book in enumerate(plan.settings.books):
        spoiled = plan.root.spoiled("books", index, "regulation")
        if book.template == "regulation" and book.regulation is None and not spoiled:
            yield found.at(plan.root.at("books", index, "template"), id=book.id)


@rule(
    "MP124",
    "reference-document",
    Severity.ERROR,
    title=Both("dokumen acuan Word tidak terpakai", "the Word reference document is of no use"),
    why=Both(
        "Gaya, kop, dan margin dokumen Word diambil dari templates/reference.docx bila berkas itu ada.",
        "The styles, letterhead and margins of the Word file come from templates/reference.docx where there is one.",
    ),
    message=Both("`{path}` bukan berkas Word (.docx)", "`{path}` is no Word file (.docx)"),
    fix=Both(
        "simpan dokumen acuan dari Word sebagai .docx, atau hapus berkas ini",
        "save the reference document from Word as .docx, or delete this file",
    ),
    variants={
        "unreadable": Text(
            Both(
                "`{path}` tidak terbaca, terlalu besar, atau berupa tautan",
                "`{path}` cannot be read, is too large, or is a link",
            ),
            Both(
                "simpan dokumen acuan itu sendiri di sini, di bawah 20 MiB",
                "save the reference document itself here, of less than 20 MiB",
            ),
        )
    },
)
def reference_document(found: Rule, plan: Plan) -> Iterator[Finding]:
    if plan.project.untrusted:
        return
    data = plan.project.read_asset(REFERENCE)
    place = Place(REFERENCE)
    if data is None and os.path.lexists(plan.project.root / REFERENCE):
        yield found.at(place, "unreadable", path=REFERENCE)
    elif data is not None and not data.startswith(b"PK\x03\x04"):
        yield found.at(place, path=REFERENCE)
