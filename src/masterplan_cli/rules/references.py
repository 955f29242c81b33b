"""MP2xx: what one file says of another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.links import Reference
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node, Program, Root
from masterplan_cli.plan import Plan
from masterplan_cli.project import ID
from masterplan_cli.rules.agency_names import agency_names, as_items, named_in, new_id
from masterplan_cli.rules.registry import rule
from masterplan_cli.schema import SEPARATORS
from masterplan_cli.source import Route
from masterplan_cli.suggestions import EFFORT, Choices, suggest
from masterplan_cli.values import slug

_LINK_WHY = Both(
    "Rujukan yang putus menjadi janji kosong di dokumen tercetak: pembaca tidak dapat menemukan yang dimaksud.",
    "A broken reference is an empty promise in the printed document: its reader cannot find what is meant.",
)


@rule(
    "MP201",
    "unknown-agency",
    Severity.ERROR,
    title=Both("perangkat daerah tidak terdaftar", "agency not in the register"),
    why=_LINK_WHY,
    message=Both("perangkat daerah `{id}` tidak ada di agencies/", "agency `{id}` is not in agencies/"),
    fix=Both(
        'tulis id yang ada, atau buat agencies/{new}.yaml dengan `masterplan new agency {new} --name "…"`',
        'write an existing id, or make agencies/{new}.yaml with `masterplan new agency {new} --name "…"`',
    ),
    variants={
        "one": Text(
            Both("perangkat daerah `{id}` tidak ada di agencies/", "agency `{id}` is not in agencies/"),
            Both(
                "tulis satu id saja, seperti nama berkasnya di agencies/",
                "write one id only, as its file in agencies/ is called",
            ),
        ),
        "names": Text(
            Both("perangkat daerah `{id}` tidak ada di agencies/", "agency `{id}` is not in agencies/"),
            Both(
                "tulis id seperti nama berkasnya di agencies/; bila lebih dari satu, satu id per butir",
                "write the id as its file in agencies/ is called; if there are more, one id an item",
            ),
        ),
        "several": Text(
            Both(
                "`{id}` menyebut beberapa perangkat daerah sekaligus", "`{id}` names several agencies at once"
            ),
            Both("tulis satu id per butir: {suggestion}", "write one id an item: {suggestion}"),
        ),
        "suggestion": Text(
            Both("perangkat daerah `{id}` tidak ada di agencies/", "agency `{id}` is not in agencies/"),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        ),
        "kind": Text(
            Both("`{id}` adalah {kind}, bukan perangkat daerah", "`{id}` is {kind}, not an agency"),
            Both("tulis id satu perangkat daerah di agencies/", "write the id of one agency in agencies/"),
        ),
    },
)
def unknown_agency(found: Rule, plan: Plan) -> Iterator[Finding]:
    agencies = plan.agencies
    unknown = [named for named in _named_agencies(plan) if agencies and named[-1] not in agencies]
    known = agency_names(plan) if unknown else None
    for node, route, id_ in unknown:
        place = node.at(*route)
        kind = plan.kind_of(id_)
        guess = known.suggest(id_) if known and not kind else None
        kind = kind or (None if guess else plan.kind_called(id_))
        several = named_in(known, id_) if known and not (kind or (guess and guess.fix)) else []
        if several and route[0] == "supporting":
            suggestion = ", ".join(f"`{one}`" for one in several)
            listed = as_items(plan, place, several)
            yield found.at(place, "several", fix=listed, id=id_, suggestion=suggestion)
            continue
        unclear = ("names" if route[0] == "supporting" else "one") if SEPARATORS.search(id_) else ""
        variant = "kind" if kind else "suggestion" if guess else unclear
        fix = guess and guess.fix
        yield found.at(place, variant, fix=fix, id=id_, suggestion=guess, kind=kind, new=new_id(id_))


def _named_agencies(plan: Plan) -> Iterator[tuple[Program | Root, Route, str]]:
    """The ids of agencies that programs and the plan's own file name, owners apart, with where they stand."""
    for program in plan.programs:
        for index, id_ in enumerate(program.data.supporting):
            yield program, ("supporting", index), id_
    for index, seat in enumerate(plan.root.data.council):
        if seat.agency:
            yield plan.root, ("council", index, "agency"), seat.agency
    if plan.root.data.coordinator:
        yield plan.root, ("coordinator",), plan.root.data.coordinator


@rule(
    "MP202",
    "unknown-program",
    Severity.ERROR,
    title=Both("program tidak ada", "program does not exist"),
    why=_LINK_WHY,
    message=Both("program `{id}` tidak ada", "program `{id}` does not exist"),
    fix=Both("tulis `pilar/program`, misalnya `{example}`", "write `pillar/program`, as in `{example}`"),
    variants={
        "suggestion": Text(
            Both("program `{id}` tidak ada", "program `{id}` does not exist"),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        ),
        "several": Text(
            Both("`{id}` adalah nama beberapa program", "`{id}` is the name of several programs"),
            Both("tulis id salah satunya: {ids}", "write the id of one of them: {ids}"),
        ),
        "kind": Text(
            Both("`{id}` adalah {kind}, bukan program", "`{id}` is {kind}, not a program"),
            Both("tulis `pilar/program`, misalnya `{example}`", "write `pillar/program`, as in `{example}`"),
        ),
    },
)
def unknown_program(found: Rule, plan: Plan) -> Iterator[Finding]:
    programs = plan.by_id
    named = [(p, index, id_) for p in plan.programs for index, id_ in enumerate(p.data.depends_on)]
    unknown = [one for one in named if one[-1] not in programs]
    known, by_name = Choices(_called(plan) if unknown else {}, EFFORT), _by_name(plan) if unknown else {}
    for program, index, id_ in unknown:
        called = by_name.get(id_.rpartition("/")[2]) or by_name.get(slug(id_)) or set()
        only = dict.fromkeys([id_], min(called)) if len(called) == 1 else None
        kind = None if called else plan.kind_of(id_) or plan.kind_called(id_)
        guess = suggest(id_, only) if only else None if kind or called else known.suggest(id_)
        yield found.at(
            program.at("depends_on", index),
            "suggestion" if guess else "kind" if kind else "several" if called else "",
            ids=", ".join(f"`{id_}`" for id_ in sorted(called)[:_MOST_IDS]),
            fix=guess and guess.fix,
            id=id_,
            suggestion=guess,
            kind=kind,
            example=next(iter(programs)),
        )


#: So many ids of programs with one name are shown.
_MOST_IDS = 5


def _called(plan: Plan) -> dict[str, str]:
    """The ids of programs by what they may be called: themselves, and titles that no other one has."""
    count = Counter(program.data.title for program in plan.programs)
    titles = {p.data.title: p.id for p in plan.programs if count[p.data.title] == 1}
    return titles | {id_: id_ for id_ in plan.by_id}


def _by_name(plan: Plan) -> dict[str, set[str]]:
    """The ids of programs by what follows the pillar in them, by their titles and by their short names."""
    found: dict[str, set[str]] = {}
    for id_, program in plan.by_id.items():
        for name in {id_.rpartition("/")[2], slug(program.title), slug(program.short or "")}:
            found.setdefault(name, set()).add(id_)
    return found


@rule(
    "MP931",
    "former-program",
    Severity.ERROR,
    title=Both("program terdahulu yang tidak mungkin", "a former program that cannot be"),
    why=Both(
        "`formerly:` dan `replaces:` menyebut program yang sudah tidak ada, supaya perbandingan dengan rencana lama "
        "menemukan kelanjutannya.",
        "`formerly:` and `replaces:` name programs that are no more, so that a comparison with an older plan finds what "
        "became of them.",
    ),
    message=Both(
        "program `{id}` masih ada, jadi bukan program terdahulu",
        "program `{id}` still exists, so it is no former one",
    ),
    fix=Both(
        "hapus id ini, atau hapus berkas program yang sudah tidak berlaku",
        "remove this id, or delete the file of the program that is no more",
    ),
    variants={
        "form": Text(
            Both("`{id}` bukan id sebuah program", "`{id}` is no id of a program"),
            Both(
                "tulis `pilar/program`, seperti nama berkasnya yang dulu",
                "write `pillar/program`, as its file was called",
            ),
        ),
        "twice": Text(
            Both(
                "`{id}` menjadi dua program, jadi bukan sekadar berganti nama",
                "`{id}` became two programs, so it was not just renamed",
            ),
            Both(
                "tulis `replaces:` di setiap program yang menjadi kelanjutannya",
                "write `replaces:` in each of the programs that came of it",
            ),
        ),
    },
)
def former_program(found: Rule, plan: Plan) -> Iterator[Finding]:
    renamed: dict[str, Place] = {}
    for program in plan.programs:
        named = (("formerly", program.data.formerly), ("replaces", program.data.replaces))
        for field, index, id_ in ((f, i, id_) for f, ids in named for i, id_ in enumerate(ids)):
            place = program.at(field, index)
            if id_ in plan.by_id:
                yield found.at(place, id=id_)
            elif not (id_.count("/") == 1 and all(map(ID.fullmatch, id_.split("/")))):
                yield found.at(place, "form", id=id_)
            elif field == "formerly" and id_ in renamed:
                related = [Related(renamed[id_], Both("juga di sini", "here as well"))]
                yield found.at(place, "twice", related=related, id=id_)
            elif field == "formerly":
                renamed[id_] = place


@rule(
    "MP210",
    "waits-for-a-later-program",
    Severity.WARNING,
    title=Both("program menunggu program yang mulai sesudahnya", "a program that waits for a later one"),
    why=Both(
        "Program tidak dapat menunggu sesuatu yang baru mulai setelah ia selesai; salah satu periodenya keliru, atau hubungannya terbalik.",
        "A program cannot wait for what begins only after its end; one of the periods is wrong, or the order is.",
    ),
    message=Both(
        "program ini selesai tahun {last}, padahal `{other}` yang ditunggunya baru mulai tahun {first}",
        "this program ends in {last}, but `{other}`, which it waits for, begins only in {first}",
    ),
    fix=Both(
        "periksa `period:` kedua program, atau pindahkan `depends_on:` ke program yang menunggu",
        "check the `period:` of both programs, or move `depends_on:` to the program that waits",
    ),
)
def waits_for_a_later_program(found: Rule, plan: Plan) -> Iterator[Finding]:
    for program in plan.programs:
        last = program.period.last if program.period else None
        for index, id_ in enumerate(program.data.depends_on if last else ()):
            other = plan.by_id.get(id_)
            if last and other and other.period and other.period.first > last:
                related = [Related(other.at("period"), Both("mulai di sini", "begins here"))]
                first = other.period.first
                yield found.at(
                    program.at("depends_on", index), related=related, last=last, first=first, other=id_
                )


@rule(
    "MP203",
    "missing-file",
    Severity.ERROR,
    title=Both("berkas yang dirujuk tidak ada", "a file that is referred to does not exist"),
    why=_LINK_WHY,
    message=Both("berkas `{path}` tidak ada", "file `{path}` does not exist"),
    fix=Both(
        "periksa nama dan jalurnya, atau simpan berkas itu di repo",
        "look at its name and path, or save the file in the repo",
    ),
    variants={
        "unsaved": Text(
            Both("berkas `{path}` tidak ada", "file `{path}` does not exist"),
            Both(
                "simpan berkas itu sebagai `{home}`, lalu tulis `{suggestion}` di sini",
                "save the file as `{home}`, then write `{suggestion}` here",
            ),
        ),
        "suggestion": Text(
            Both("berkas `{path}` tidak ada", "file `{path}` does not exist"),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        ),
        "backslash": Text(
            Both("jalur `{path}` memakai garis miring terbalik", "path `{path}` uses backslashes"),
            Both(
                "tulis `{suggestion}`, dengan garis miring biasa",
                "write `{suggestion}`, with ordinary slashes",
            ),
        ),
        "remote": Text(
            Both(
                "gambar `{path}` ada di server lain, sehingga tidak tercetak",
                "picture `{path}` is on another server, so it is not printed",
            ),
            Both(
                "simpan gambar itu di `assets/` dan rujuk dari sana",
                "save the picture in `assets/` and refer to it there",
            ),
        ),
        "large": Text(
            Both(
                "gambar `{path}` tidak terbaca atau terlalu besar",
                "picture `{path}` cannot be read or is too large",
            ),
            Both(
                "simpan gambar png, jpg, gif, webp, atau svg di bawah 20 MiB",
                "save a png, jpg, gif, webp or svg picture of less than 20 MiB",
            ),
        ),
    },
    each=Reference,
)
def missing_file(found: Rule, plan: Plan, reference: Reference) -> Iterator[Finding]:
    place, target, image = reference
    if target.kind == "missing":
        variant = "unsaved" if target.home else "suggestion" if target.suggestion else ""
        yield found.at(place, variant, path=target.path, suggestion=target.suggestion, home=target.home)
    elif target.kind == "backslash":
        yield found.at(
            place,
            "backslash",
            fix=target.suggestion if target.sure else None,
            path=target.path,
            suggestion=target.suggestion,
        )
    elif image and target.kind == "external":
        yield found.at(place, "remote", path=target.path)
    elif image and target.kind in ("asset", "node") and not plan.assets.picture_file(target.path):
        yield found.at(place, "large", path=target.path)


@rule(
    "MP204",
    "unknown-anchor",
    Severity.ERROR,
    title=Both("bagian yang dirujuk tidak ada", "a section that is referred to does not exist"),
    why=_LINK_WHY,
    message=Both("bagian `#{anchor}` tidak ada di {path}", "there is no section `#{anchor}` in {path}"),
    fix=Both(
        "tulis judul bagian itu dengan huruf kecil dan tanda hubung",
        "write the section's heading in small letters with hyphens",
    ),
    variants={
        "suggestion": Text(
            Both("bagian `#{anchor}` tidak ada di {path}", "there is no section `#{anchor}` in {path}"),
            Both("mungkin maksudnya `#{suggestion}`", "did you mean `#{suggestion}`?"),
        )
    },
    each=Reference,
)
def unknown_anchor(found: Rule, _plan: Plan, reference: Reference) -> Iterator[Finding]:
    place, target, _ = reference
    if target.kind == "anchor":
        yield found.at(
            place,
            "suggestion" if target.suggestion else "",
            anchor=target.anchor,
            path=target.path,
            suggestion=target.suggestion,
        )


@rule(
    "MP205",
    "dependency-cycle",
    Severity.ERROR,
    title=Both("program saling menunggu", "programs wait for each other"),
    why=Both(
        "Bila A menunggu B dan B menunggu A, tidak ada yang dapat dimulai.",
        "If A waits for B and B for A, neither can begin.",
    ),
    message=Both("program saling menunggu: {cycle}", "programs wait for each other: {cycle}"),
    fix=Both("hapus salah satu `depends_on` dalam lingkaran ini", "remove one `depends_on` of this circle"),
)
def dependency_cycle(found: Rule, plan: Plan) -> Iterator[Finding]:
    for cycle in cycles(plan.programs):
        names = [*(p.id for p in cycle), cycle[0].id]
        steps = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        related = [
            Related(
                _edge(one, other), Both(f"{one.id} menunggu {other.id}", f"{one.id} waits for {other.id}")
            )
            for one, other in steps[1:_MOST_STEPS]
        ]
        yield found.at(_edge(*steps[0]), related=related, cycle=" → ".join(names))


#: So many steps of a circle are shown with their places.
_MOST_STEPS = 20


def _edge(one: Program, other: Program) -> Place:
    return one.at("depends_on", one.data.depends_on.index(other.id))


def cycles(programs: list[Program]) -> list[list[Program]]:
    """Circles of programs that wait for each other, each beginning with its first id.

    One whose closing step joins programs that were reported already is left out: among many that all wait for each other
    there are more circles than anybody could read.
    """
    done: set[str] = set()
    reported: set[str] = set()
    circles: list[list[Program]] = []
    for start in sorted(programs, key=lambda p: p.id):
        trail: list[Program] = []
        stack = [(start, iter(start.depends_on))] if start.id not in done else []
        trail.append(start)
        on_trail = {start.id}
        while stack:
            program, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                done.add(program.id)
                stack.pop()
                on_trail.discard(trail.pop().id)
            elif following.id in on_trail:
                if not {program.id, following.id} <= reported:
                    circle = trail[trail.index(following) :]
                    reported.update(p.id for p in circle)
                    circles.append(_from_first(circle))
            elif following.id not in done:
                trail.append(following)
                on_trail.add(following.id)
                stack.append((following, iter(following.depends_on)))
    return circles


def _from_first(circle: list[Program]) -> list[Program]:
    start = circle.index(min(circle, key=lambda p: p.id))
    return circle[start:] + circle[:start]


@rule(
    "MP206",
    "leaves-the-repo",
    Severity.ERROR,
    title=Both("rujukan keluar dari repo", "a reference leaves the repo"),
    why=Both(
        "Berkas di luar repo tidak ada di komputer orang lain dan dapat membocorkan isi komputer ini.",
        "A file outside the repo is not on other people's computers, and may leak what is on this one.",
    ),
    message=Both("`{path}` menunjuk ke luar repo", "`{path}` points outside the repo"),
    fix=Both(
        "simpan berkas itu di `assets/` dan rujuk dari sana",
        "save the file in `assets/` and refer to it there",
    ),
    each=Reference,
)
def leaves_the_repo(found: Rule, _plan: Plan, reference: Reference) -> Iterator[Finding]:
    if reference.target.kind == "outside":
        yield found.at(reference.place, path=reference.target.path)


@rule(
    "MP207",
    "case-mismatch",
    Severity.ERROR,
    title=Both("nama berkas berbeda huruf besar-kecil", "a file name differs in capitals"),
    why=Both(
        "Windows tidak membedakan huruf besar dan kecil, tetapi CI dan situs web membedakannya.",
        "Windows does not tell capitals from small letters, but CI and web sites do.",
    ),
    message=Both(
        "berkas `{path}` ditulis lain: `{suggestion}`", "the file `{path}` is spelt otherwise: `{suggestion}`"
    ),
    fix=Both("tulis `{suggestion}` persis sama", "write `{suggestion}` exactly so"),
    each=Reference,
)
def case_mismatch(found: Rule, _plan: Plan, reference: Reference) -> Iterator[Finding]:
    if reference.target.kind == "case":
        yield found.at(reference.place, path=reference.target.path, suggestion=reference.target.suggestion)


@rule(
    "MP208",
    "unsafe-link",
    Severity.ERROR,
    title=Both("tautan tidak aman", "unsafe link"),
    why=Both(
        "Alamat seperti `javascript:` atau `file:` menjalankan program atau membuka berkas di komputer pembaca.",
        "Addresses such as `javascript:` or `file:` run a program or open a file on the reader's computer.",
    ),
    message=Both("alamat `{scheme}` tidak boleh dipakai", "an address `{scheme}` may not be used"),
    fix=Both(
        "pakai alamat `https://…` atau berkas di `assets/`",
        "use an address `https://…` or a file in `assets/`",
    ),
    variants={
        "computer": Text(
            Both(
                "`{path}` hanya ada di sebagian komputer, sehingga tidak semua orang dapat membukanya",
                "`{path}` is on some computers only, so not everybody can open it",
            ),
            Both(
                "simpan berkas itu di `assets/` dan rujuk dari sana",
                "save the file in `assets/` and refer to it there",
            ),
        )
    },
    each=(Node, Reference),
)
def unsafe_link(found: Rule, _plan: Plan, thing: Node[Any] | Reference) -> Iterator[Finding]:
    if isinstance(thing, Reference):
        if re.match(r"[A-Za-z]:|//", thing.target.path) and thing.target.kind == "unsafe":
            yield found.at(thing.place, "computer", path=thing.target.path)
        elif thing.target.kind == "unsafe":
            yield found.at(thing.place, scheme=thing.target.path.partition(":")[0] + ":")
        return
    for scheme, span in thing.prose.reading.refused if thing.prose else ():
        yield found.at(Place(thing.path, span=span), scheme=f"{scheme}:")
