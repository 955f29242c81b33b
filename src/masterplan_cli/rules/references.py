"""MP2xx: what one file says of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.plan import Node, Plan, Program, Reference, Root
from masterplan_cli.rules.ownership import agency_meant
from masterplan_cli.rules.registry import rule
from masterplan_cli.source import Route
from masterplan_cli.values import near

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
        "tulis id yang ada, atau buat agencies/{id}.yaml", "write an existing id, or make agencies/{id}.yaml"
    ),
    variants={
        "near": Text(
            Both("perangkat daerah `{id}` tidak ada di agencies/", "agency `{id}` is not in agencies/"),
            Both("mungkin maksudnya `{near}`", "did you mean `{near}`?"),
        ),
        "kind": Text(
            Both("`{id}` adalah {kind}, bukan perangkat daerah", "`{id}` is {kind}, not an agency"),
            Both("tulis id satu perangkat daerah di agencies/", "write the id of one agency in agencies/"),
        ),
    },
)
def unknown_agency(found: Rule, plan: Plan) -> Iterator[Finding]:
    for node, route, id_ in _named_agencies(plan):
        if plan.agencies and id_ not in plan.agencies:
            kind, guess = plan.kind_of(id_), agency_meant(plan, id_)
            variant = "kind" if kind else "near" if guess else ""
            guess = None if kind else guess
            yield found.at(node.at(*route), variant, fix=guess and guess.fix, id=id_, near=guess, kind=kind)


def _named_agencies(plan: Plan) -> Iterator[tuple[Program | Root, Route, str]]:
    """The ids of agencies that programs and the plan's own file name, owners apart, with where they stand."""
    for program in plan.programs:
        for index, id_ in enumerate(program.fact("supporting")):
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
        "near": Text(
            Both("program `{id}` tidak ada", "program `{id}` does not exist"),
            Both("mungkin maksudnya `{near}`", "did you mean `{near}`?"),
        ),
        "kind": Text(
            Both("`{id}` adalah {kind}, bukan program", "`{id}` is {kind}, not a program"),
            Both("tulis `pilar/program`, misalnya `{example}`", "write `pillar/program`, as in `{example}`"),
        ),
    },
)
def unknown_program(found: Rule, plan: Plan) -> Iterator[Finding]:
    for program in plan.programs:
        for index, id_ in enumerate(program.fact("depends_on")):
            if id_ not in plan.by_id:
                tail = [p.id for p in plan.programs if p.id.endswith(f"/{id_.rpartition('/')[2]}")]
                only = {id_: tail[0]} if len(tail) == 1 else None
                kind, guess = plan.kind_of(id_), near(id_, only or list(plan.by_id))
                guess = guess if only or not kind else None
                yield found.at(
                    program.at("depends_on", index),
                    "near" if guess else "kind" if kind else "",
                    fix=guess and guess.fix,
                    id=id_,
                    near=guess,
                    kind=kind,
                    example=next(iter(plan.by_id)),
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
        "near": Text(
            Both("berkas `{path}` tidak ada", "file `{path}` does not exist"),
            Both("mungkin maksudnya `{near}`", "did you mean `{near}`?"),
        ),
        "backslash": Text(
            Both("jalur `{path}` memakai garis miring terbalik", "path `{path}` uses backslashes"),
            Both("tulis `{near}`, dengan garis miring biasa", "write `{near}`, with ordinary slashes"),
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
        yield found.at(place, "near" if target.near else "", path=target.path, near=target.near)
    elif target.kind == "backslash":
        yield found.at(place, "backslash", fix=target.near, path=target.path, near=target.near)
    elif image and target.kind in ("asset", "node", "external") and not plan.picture(target.path):
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
        "near": Text(
            Both("bagian `#{anchor}` tidak ada di {path}", "there is no section `#{anchor}` in {path}"),
            Both("mungkin maksudnya `#{near}`", "did you mean `#{near}`?"),
        )
    },
    each=Reference,
)
def unknown_anchor(found: Rule, _plan: Plan, reference: Reference) -> Iterator[Finding]:
    place, target, _ = reference
    if target.kind == "anchor":
        yield found.at(
            place, "near" if target.near else "", anchor=target.anchor, path=target.path, near=target.near
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
            for one, other in steps[1:]
        ]
        yield found.at(_edge(*steps[0]), related=related, cycle=" → ".join(names))


def _edge(one: Program, other: Program) -> Place:
    return one.at("depends_on", one.data.depends_on.index(other.id))


def cycles(programs: list[Program]) -> list[list[Program]]:
    """One circle for each group of programs that wait for each other, beginning with its first id."""
    done: set[str] = set()
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
                circles.append(_from_first(trail[trail.index(following) :]))
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
    message=Both("berkas itu bernama `{near}`", "that file is called `{near}`"),
    fix=Both("tulis `{near}` persis sama", "write `{near}` exactly so"),
    each=Reference,
)
def case_mismatch(found: Rule, _plan: Plan, reference: Reference) -> Iterator[Finding]:
    if reference.target.kind == "case":
        yield found.at(reference.place, near=reference.target.near)


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
    each=(Node, Reference),
)
def unsafe_link(found: Rule, _plan: Plan, thing: Node[Any] | Reference) -> Iterator[Finding]:
    if isinstance(thing, Reference):
        if thing.target.kind == "unsafe":
            yield found.at(thing.place, scheme=thing.target.path.partition(":")[0] + ":")
        return
    for scheme, span in thing.prose.refused if thing.prose else ():
        yield found.at(Place(thing.path, span=span), scheme=f"{scheme}:")
