"""MP2xx: what one file says of another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.links import Reference
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Node, Program, Root
from masterplan_cli.plan import Plan
from masterplan_cli.rules.ownership import agency_names
from masterplan_cli.rules.registry import rule
from masterplan_cli.source import Route
from masterplan_cli.values import EFFORT, Choices, suggest

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
        kind = plan.kind_of(id_)
        guess = known.suggest(id_) if known and not kind else None
        variant = "kind" if kind else "suggestion" if guess else ""
        yield found.at(node.at(*route), variant, fix=guess and guess.fix, id=id_, suggestion=guess, kind=kind)


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
    known, by_name = Choices(list(programs), EFFORT), _by_name(plan) if unknown else {}
    for program, index, id_ in unknown:
        tail = by_name.get(id_.rpartition("/")[2], [])
        only = {id_: tail[0]} if len(tail) == 1 else None
        kind = plan.kind_of(id_)
        guess = suggest(id_, only) if only else None if kind else known.suggest(id_)
        yield found.at(
            program.at("depends_on", index),
            "suggestion" if guess else "kind" if kind else "",
            fix=guess and guess.fix,
            id=id_,
            suggestion=guess,
            kind=kind,
            example=next(iter(programs)),
        )


def _by_name(plan: Plan) -> dict[str, list[str]]:
    """The ids of programs by what follows the pillar in them."""
    found: dict[str, list[str]] = {}
    for id_ in plan.by_id:
        found.setdefault(id_.rpartition("/")[2], []).append(id_)
    return found


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
        yield found.at(
            place, "suggestion" if target.suggestion else "", path=target.path, suggestion=target.suggestion
        )
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

    One whose closing step joins programs that were told already is left out: among many that all wait for each other
    there are more circles than anybody could read.
    """
    done: set[str] = set()
    told: set[str] = set()
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
                if not {program.id, following.id} <= told:
                    circle = trail[trail.index(following) :]
                    told.update(p.id for p in circle)
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


def _svg(id_: str, en: str, fix_id: str, fix_en: str) -> Text:
    """What is said of something inside of a drawing, at its line."""
    return Text(
        Both(f"gambar `{{path}}` baris {{line}}: {id_}", f"picture `{{path}}` line {{line}}: {en}"),
        Both(fix_id, fix_en),
    )


_AS_PNG = ("ekspor gambar itu sebagai PNG", "export the picture as PNG")


@rule(
    "MP209",
    "unusable-picture",
    Severity.ERROR,
    title=Both("gambar tidak dapat ditampilkan", "a picture that cannot be shown"),
    why=Both(
        "Gambar yang rusak, terlalu besar, atau memuat lebih dari sekadar gambar menggagalkan pembuatan dokumen atau menghilang darinya; karena itu gambar seperti ini tidak dicetak.",
        "A picture that is broken, too large, or more than a picture makes the document fail or is missing from it; so such a picture is not printed.",
    ),
    message=Both("gambar `{path}` rusak: {reason}", "picture `{path}` is damaged: {reason}"),
    fix=Both(
        "salin lagi dari berkas aslinya, atau buka dengan program gambar dan simpan ulang sebagai PNG atau JPEG",
        "copy it again from the original, or open it in a picture program and save it anew as PNG or JPEG",
    ),
    variants={
        "kind": Text(
            Both(
                "isi `{path}` adalah {found}, bukan gambar PNG, JPEG, GIF, WebP, atau SVG",
                "what `{path}` holds is {found}, not a PNG, JPEG, GIF, WebP or SVG picture",
            ),
            Both(
                "buka berkas aslinya dengan program gambar, lalu simpan sebagai PNG atau JPEG",
                "open the original in a picture program and save it as PNG or JPEG",
            ),
        ),
        "pointer": Text(
            Both(
                "`{path}` hanya penunjuk Git LFS; gambarnya sendiri tidak ada di sini",
                "`{path}` is only a Git LFS pointer; the picture itself is not here",
            ),
            Both(
                "jalankan `git lfs pull` (di CI: checkout dengan LFS), atau commit gambarnya sendiri tanpa LFS",
                "run `git lfs pull` (in CI: check out with LFS), or commit the picture itself without LFS",
            ),
        ),
        "page": Text(
            Both(
                "`{path}` adalah halaman web (HTML) yang tersimpan sebagai ganti gambarnya",
                "`{path}` is a web page (HTML) that was saved instead of the picture",
            ),
            Both(
                "buka halaman itu di peramban, klik kanan gambarnya, lalu pilih “Simpan gambar sebagai”; jika halamannya minta masuk, mintalah berkas gambarnya kepada pemiliknya",
                "open the page in a browser, right-click the picture and choose “Save image as”; if the page asks to sign in, ask its owner for the picture's file",
            ),
        ),
        "pixels": Text(
            Both(
                "gambar `{path}` terlalu besar: {width} × {height} piksel",
                "picture `{path}` is too large: {width} × {height} pixels",
            ),
            Both(
                "simpan ulang sebagai PNG atau JPEG dengan lebar dan tinggi paling banyak 4.000 piksel",
                "save it anew as PNG or JPEG, at most 4,000 pixels wide and high",
            ),
        ),
        "slim": Text(
            Both(
                "gambar `{path}` terlalu tipis: {width} × {height} piksel",
                "picture `{path}` is too slim: {width} × {height} pixels",
            ),
            Both(
                "potong gambar itu: sisi panjangnya paling banyak 1.000 kali sisi pendeknya",
                "cut it: its long side may be 1,000 times its short side at most",
            ),
        ),
        "frames": Text(
            Both(
                "gambar bergerak `{path}` terlalu besar: {count} bingkai",
                "the moving picture `{path}` is too large: {count} frames",
            ),
            Both("simpan satu bingkainya sebagai PNG", "save one frame of it as PNG"),
        ),
        "notes": Text(
            Both(
                "gambar `{path}` membawa teks atau profil warna lebih dari 4 MiB",
                "picture `{path}` carries more than 4 MiB of text or colour profile",
            ),
            Both("simpan ulang sebagai PNG tanpa metadata", "save it anew as PNG without metadata"),
        ),
        "cmyk": Text(
            Both(
                "warna gambar `{path}` CMYK, sedangkan dokumen memakai RGB",
                "the colours of picture `{path}` are CMYK, but documents use RGB",
            ),
            Both(
                "ubah modus warnanya menjadi RGB (di Photoshop: Image > Mode > RGB Color), lalu simpan ulang sebagai JPEG atau PNG",
                "change its colour mode to RGB (in Photoshop: Image > Mode > RGB Color), then save it anew as JPEG or PNG",
            ),
        ),
        "coding": Text(
            Both(
                "JPEG `{path}` memakai penyandian yang jarang dan tidak terbaca di banyak program",
                "the JPEG `{path}` is coded in a rare way that many programs cannot read",
            ),
            Both("simpan ulang sebagai JPEG biasa atau PNG", "save it anew as an ordinary JPEG or as PNG"),
        ),
        "undrawn": Text(
            Both(
                "gambar `{path}` tidak dapat digambar: {reason}", "picture `{path}` cannot be drawn: {reason}"
            ),
            Both(
                "buka dengan program gambar, lalu simpan ulang sebagai PNG atau JPEG",
                "open it in a picture program and save it anew as PNG or JPEG",
            ),
        ),
        "heavy": Text(
            Both("gambar `{path}` {how}", "picture `{path}` {how}"),
            Both(
                "sederhanakan gambar itu, atau ekspor sebagai PNG dengan lebar paling banyak 4.000 piksel",
                "simplify the picture, or export it as PNG, at most 4,000 pixels wide",
            ),
        ),
        "untried": Text(
            Both(
                "gambar `{path}` belum dicoba, karena beberapa gambar lain tidak selesai digambar",
                "picture `{path}` was not tried, because several others came to no end",
            ),
            Both("perbaiki dahulu gambar-gambar lain itu", "mend those other pictures first"),
        ),
        "root": _svg(
            "elemen pertamanya bukan `<svg>` dari standar SVG",
            "its first element is not the `<svg>` of the SVG standard",
            "simpan ulang sebagai SVG biasa (di Inkscape: Plain SVG), atau ekspor sebagai PNG",
            "save it anew as plain SVG (in Inkscape: Plain SVG), or export it as PNG",
        ),
        "xml": _svg(
            "kode SVG-nya rusak atau terpotong",
            "its SVG code is broken or cut short",
            "simpan atau ekspor ulang gambar itu dari program asalnya",
            "save or export the picture anew from the program that it comes from",
        ),
        "unsized": Text(
            Both("SVG `{path}` tidak menyebut ukurannya", "the SVG `{path}` does not say its size"),
            Both(
                "tulis `width` dan `height`, atau `viewBox`, pada `<svg>`-nya; atau ekspor sebagai PNG",
                "write `width` and `height`, or a `viewBox`, in its `<svg>`; or export it as PNG",
            ),
        ),
        "encoding": Text(
            Both("teks SVG `{path}` bukan UTF-8", "the text of the SVG `{path}` is not UTF-8"),
            Both(
                "simpan ulang sebagai SVG dengan pengodean UTF-8, atau ekspor sebagai PNG",
                "save it anew as SVG in the encoding UTF-8, or export it as PNG",
            ),
        ),
        "entities": _svg(
            "SVG ini memakai entitas (ENTITY)",
            "this SVG uses entities (ENTITY)",
            "di Illustrator simpan tanpa “Preserve Illustrator Editing Capabilities”; atau ekspor sebagai PNG",
            "in Illustrator save it without “Preserve Illustrator Editing Capabilities”; or export it as PNG",
        ),
        "script": _svg(
            "`{part}` menjalankan program",
            "`{part}` runs a program",
            "hapus `{part}` dari SVG itu, atau ekspor sebagai PNG",
            "remove `{part}` from the SVG, or export it as PNG",
        ),
        "animation": _svg(
            "`{part}` menggerakkan gambar, padahal dokumen tercetak tidak bergerak",
            "`{part}` moves the picture, but a printed document does not move",
            *_AS_PNG,
        ),
        "effect": _svg(
            "SVG ini memakai efek (filter) seperti bayangan atau kabur",
            "this SVG uses an effect (filter) such as a shadow or a blur",
            "hapus efeknya (di Inkscape: Filters > Remove Filters), atau ekspor sebagai PNG",
            "remove the effect (in Inkscape: Filters > Remove Filters), or export it as PNG",
        ),
        "foreign": _svg(
            "SVG ini memuat teks HTML (foreignObject), yang tidak tercetak",
            "this SVG holds HTML text (foreignObject), which is not printed",
            "ekspor sebagai PNG (di draw.io: File > Export as > PNG)",
            "export it as PNG (in draw.io: File > Export as > PNG)",
        ),
        "outside": _svg(
            "`{address}` menunjuk ke luar gambar",
            "`{address}` points outside the picture",
            "sematkan gambar atau gaya itu di dalam SVG (di Inkscape: Extensions > Images > Embed Images), atau ekspor sebagai PNG",
            "embed that picture or style in the SVG (in Inkscape: Extensions > Images > Embed Images), or export it as PNG",
        ),
        "unknown": _svg(
            "`{part}` tidak dikenal dan tidak akan tercetak dengan benar",
            "`{part}` is not known and would not be printed rightly",
            "simpan ulang sebagai SVG biasa (di Inkscape: Plain SVG), atau ekspor sebagai PNG",
            "save it anew as plain SVG (in Inkscape: Plain SVG), or export it as PNG",
        ),
        "number": _svg(
            "nilai `{part}` di luar batas: {value}",
            "the value of `{part}` is out of bounds: {value}",
            *_AS_PNG,
        ),
        "cycle": Text(
            Both(
                "di SVG `{path}`, `{part}` menggambar dirinya sendiri",
                "in the SVG `{path}`, `{part}` draws itself",
            ),
            Both(*_AS_PNG),
        ),
        "inside": _svg(
            "gambar yang disematkan di sini rusak, terlalu besar, atau bukan PNG, JPEG, GIF, atau WebP",
            "the picture that is embedded here is damaged, too large, or not PNG, JPEG, GIF or WebP",
            "sematkan ulang gambar itu sebagai PNG atau JPEG dengan lebar paling banyak 4.000 piksel",
            "embed that picture anew as PNG or JPEG, at most 4,000 pixels wide",
        ),
        "complex": Text(
            Both("SVG `{path}` terlalu rumit: {reason}", "the SVG `{path}` is too complicated: {reason}"),
            Both(
                "sederhanakan gambar itu, atau ekspor sebagai PNG dengan lebar paling banyak 4.000 piksel",
                "simplify the picture, or export it as PNG, at most 4,000 pixels wide",
            ),
        ),
    },
    each=Reference,
)
def unusable_picture(found: Rule, plan: Plan, reference: Reference) -> Iterator[Finding]:
    place, target, image = reference
    fault = plan.assets.fault(target.path) if image and target.kind == "asset" else None
    if fault:
        cause = "" if fault.cause == "damaged" else fault.cause
        yield replace(found.at(place, cause), args={"path": target.path, **fault.args})
