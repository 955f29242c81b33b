"""MP1xx: who answers for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.messages import Both, Language
from masterplan_cli.nodes import Agency, Pillar, Program
from masterplan_cli.plan import Plan
from masterplan_cli.rules.agency_names import agency_names, named_in, new_id
from masterplan_cli.rules.registry import rule
from masterplan_cli.schema import AGENCY_KIND
from masterplan_cli.taxonomy import Spellings, Term
from masterplan_cli.values import Period, slug

_OWNER_WHY = Both(
    "Setiap pilar dan program harus punya satu perangkat daerah yang menjawab atasnya. Tanpa pengampu, tidak ada yang "
    "menganggarkan, mengerjakan, dan melaporkannya.",
    "Every pillar and program needs one agency that answers for it. Without an owner nobody budgets it, does it, or reports on it.",
)
_PILLAR_WHY = Both(
    "Rencana harus memuat semua pilar taksonominya dan hanya itu, supaya dapat dinilai dan dibandingkan.",
    "A plan must hold the pillars of its taxonomy, all of them and no others, so that it can be assessed and compared.",
)


@rule(
    "MP101",
    "pillar-without-owner",
    Severity.ERROR,
    title=Both("pilar tanpa pengampu", "pillar without an owner"),
    why=_OWNER_WHY,
    message=Both(
        "pilar `{pillar}` belum punya perangkat daerah pengampu", "pillar `{pillar}` has no owning agency"
    ),
    fix=Both(
        "tambahkan `owner:` dengan salah satu id di agencies/, misalnya `owner: {example}`",
        "add `owner:` with one of the ids in agencies/, as in `owner: {example}`",
    ),
)
def pillar_without_owner(found: Rule, plan: Plan) -> Iterator[Finding]:
    for pillar in plan.pillars:
        if pillar.exists and not pillar.wrote("owner"):
            example = _likely_owner(plan, pillar)
            yield found.at(
                pillar.at("owner", part="key"), pillar=pillar.id, example=example, agency=plan.responsible("")
            )


def _likely_owner(plan: Plan, pillar: Pillar) -> str:
    """An id to show as an example: the pillar's owner, else who owns most of its programs, else the coordinator."""
    if pillar.owner:
        return pillar.owner.id
    owners = Counter(program.owner.id for program in pillar.programs if program.owner)
    if owners:
        return min(owners, key=lambda id_: (-owners[id_], id_))
    return plan.responsible("") or next(iter(plan.agencies), "diskominfo")


@rule(
    "MP102",
    "unknown-owner",
    Severity.ERROR,
    title=Both("pengampu tidak terdaftar", "owner not in the register"),
    why=_OWNER_WHY,
    message=Both("pengampu `{owner}` tidak ada di agencies/", "owner `{owner}` is not in agencies/"),
    fix=Both(
        'tulis id yang ada, atau buat agencies/{new}.yaml dengan `masterplan new agency {new} --name "…"`',
        'write an existing id, or make agencies/{new}.yaml with `masterplan new agency {new} --name "…"`',
    ),
    variants={
        "suggestion": Text(
            Both("pengampu `{owner}` tidak ada di agencies/", "owner `{owner}` is not in agencies/"),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        ),
        "several": Text(
            Both(
                "`{owner}` menyebut beberapa perangkat daerah, padahal pengampu hanya satu",
                "`{owner}` names several agencies, but there is one owner only",
            ),
            Both(
                "tulis yang utama, misalnya `owner: {first}`, dan yang lain sebagai pendukung: `supporting: [{others}]`",
                "write the main one, as in `owner: {first}`, and the others as supporting: `supporting: [{others}]`",
            ),
        ),
        "kind": Text(
            Both(
                "pengampu `{owner}` adalah {kind}, bukan perangkat daerah",
                "owner `{owner}` is {kind}, not an agency",
            ),
            Both("tulis id satu perangkat daerah di agencies/", "write the id of one agency in agencies/"),
        ),
    },
)
def unknown_owner(found: Rule, plan: Plan) -> Iterator[Finding]:
    nodes: list[Pillar | Program] = [*plan.pillars, *plan.programs]
    unknown = [(n, n.data.owner) for n in nodes if n.data.owner and n.owner is None and plan.agencies]
    known = agency_names(plan) if unknown else None
    for node, owner in unknown:
        kind = plan.kind_of(owner)
        guess = known.suggest(owner) if known and not kind else None
        kind = kind or (None if guess else plan.kind_called(owner))
        several = named_in(known, owner) if known and not (kind or (guess and guess.fix)) else []
        if several and isinstance(node, Program):
            first, others = several[0], ", ".join(several[1:])
            agency = plan.responsible("")
            yield found.at(
                node.at("owner"), "several", agency=agency, owner=owner, first=first, others=others
            )
            continue
        yield found.at(
            node.at("owner"),
            "kind" if kind else "suggestion" if guess else "",
            fix=guess and guess.fix,
            owner=owner,
            new=new_id(owner),
            suggestion=guess,
            kind=kind,
            agency=plan.responsible(""),
        )


@rule(
    "MP103",
    "program-without-owner",
    Severity.ERROR,
    title=Both("program tanpa pengampu", "program without an owner"),
    why=_OWNER_WHY,
    message=Both(
        "program `{program}` belum punya perangkat daerah pengampu",
        "program `{program}` has no owning agency",
    ),
    fix=Both(
        "tambahkan `owner:` dengan salah satu id di agencies/, misalnya `owner: {example}`",
        "add `owner:` with one of the ids in agencies/, as in `owner: {example}`",
    ),
)
def program_without_owner(found: Rule, plan: Plan) -> Iterator[Finding]:
    for program in plan.programs:
        if not program.data.owner and not program.wrote("owner"):
            example = _likely_owner(plan, program.pillar)
            yield found.at(program.at("owner", part="key"), program=program.id, example=example)


@rule(
    "MP104",
    "agency-not-valid",
    Severity.ERROR,
    title=Both(
        "perangkat daerah tidak berlaku pada masa program", "agency not valid in the program's period"
    ),
    why=Both(
        "Perangkat daerah berganti nama dan bergabung; program tidak dapat diampu lembaga yang belum atau tidak lagi ada.",
        "Agencies are renamed and merged; a program cannot be owned by one that does not exist yet, or no longer does.",
    ),
    message=Both(
        "{agency_name} berlaku {valid}, sedangkan program berjalan {period}",
        "{agency_name} is valid {valid}, but the program runs {period}",
    ),
    fix=Both(
        "ubah `period` program, `valid` perangkat daerah, atau pengampunya",
        "change the program's `period`, the agency's `valid`, or the owner",
    ),
    variants={
        "support": Text(
            Both(
                "{agency_name} berlaku {valid}, tidak satu tahun pun dalam periode program {period}",
                "{agency_name} is valid {valid}, in no year of the program's period {period}",
            ),
            Both(
                "ubah `valid` perangkat daerah, atau hapus dari `supporting`",
                "change the agency's `valid`, or remove it from `supporting`",
            ),
        )
    },
    each=Program,
)
def agency_not_valid(found: Rule, _plan: Plan, program: Program) -> Iterator[Finding]:
    period = program.period
    for agency, place, owns in _agencies_of(program) if period else ():
        valid = agency.data.valid
        if valid and period and not (valid.covers(period) if owns else _overlap(valid, period)):
            yield found.at(
                place, "" if owns else "support", agency_name=agency.short, valid=valid, period=period
            )


def _agencies_of(program: Program) -> Iterator[tuple[Agency, Place, bool]]:
    """The owner (True) and the supporters (False) of a program with their places."""
    if program.owner:
        yield program.owner, program.at("owner"), True
    supporting = {agency.id: agency for agency in program.supporting}
    for index, id_ in enumerate(program.data.supporting):
        if id_ in supporting:
            yield supporting[id_], program.at("supporting", index), False


@rule(
    "MP105",
    "missing-pillar",
    Severity.ERROR,
    title=Both("pilar taksonomi tidak ada", "a pillar of the taxonomy is missing"),
    why=_PILLAR_WHY,
    message=Both("pilar `{pillar}` tidak ada dalam rencana", "pillar `{pillar}` is missing from the plan"),
    fix=Both("buat berkas pillars/{pillar}/pillar.md", "make the file pillars/{pillar}/pillar.md"),
)
def missing_pillar(found: Rule, plan: Plan) -> Iterator[Finding]:
    # A misspelt folder is the same mistake; MP106 names it.
    spellings = Spellings(plan.taxonomy.pillars)
    misspelt = {spellings.meant(p.id) for p in plan.pillars if p.term is None}
    there, folders = {p.id for p in plan.pillars if p.exists}, {p.id for p in plan.pillars}
    for id_ in plan.taxonomy.by_id:
        if id_ in there or id_ in misspelt:
            continue
        yield found.at(
            Place(f"pillars/{id_}/pillar.md") if id_ in folders else plan.root.at("taxonomy", part="key"),
            pillar=id_,
        )


@rule(
    "MP106",
    "unknown-pillar",
    Severity.ERROR,
    title=Both("folder pilar tidak dikenal", "unknown pillar folder"),
    why=_PILLAR_WHY,
    message=Both(
        "`pillars/{pillar}/` bukan pilar dalam taksonomi", "`pillars/{pillar}/` is no pillar of the taxonomy"
    ),
    fix=Both("pilarnya: {known}", "the pillars are: {known}"),
    variants={
        "suggestion": Text(
            Both(
                "`pillars/{pillar}/` bukan pilar dalam taksonomi",
                "`pillars/{pillar}/` is no pillar of the taxonomy",
            ),
            Both("ganti nama folder menjadi `{suggestion}`", "rename the folder to `{suggestion}`"),
        )
    },
    each=Pillar,
)
def unknown_pillar(found: Rule, plan: Plan, pillar: Pillar) -> Iterator[Finding]:
    if pillar.term is None:
        guess = Spellings(plan.taxonomy.pillars).meant(pillar.id)
        known = ", ".join(plan.taxonomy.by_id)
        yield found.at(
            Place(pillar.path), "suggestion" if guess else "", pillar=pillar.id, suggestion=guess, known=known
        )


@rule(
    "MP107",
    "agency-without-duty",
    Severity.WARNING,
    title=Both("perangkat daerah tanpa tugas di sebuah pilar", "agency without a duty in a pillar"),
    why=Both(
        "Masterplan bukan tanggung jawab satu dinas: setiap perangkat daerah ikut dalam setiap pilar menurut tugasnya.",
        "The masterplan is not one office's business: every agency takes part in every pillar according to its duties.",
    ),
    message=Both(
        "{agency_name} belum menulis tugasnya di: {pillars}",
        "{agency_name} has not written its duty in: {pillars}",
    ),
    fix=Both(
        "tambahkan di bawah `duties:`, misalnya `{first}: …`", "add it below `duties:`, as in `{first}: …`"
    ),
)
def agency_without_duty(found: Rule, plan: Plan) -> Iterator[Finding]:
    for agency in plan.agency_list:
        wanted = agency.data.valid is None or _overlap(agency.data.valid, plan.settings.period)
        missing = [p.id for p in plan.pillars if p.term and not agency.data.duties.get(p.id)]
        if missing and wanted and agency.owes_duties and not agency.spoiled("duties"):
            yield found.at(
                agency.at("duties", part="key"),
                agency_name=agency.short,
                pillars=", ".join(missing),
                first=missing[0],
            )


def _overlap(one: Period, other: Period) -> bool:
    return (other.last is None or one.first <= other.last) and (one.last is None or other.first <= one.last)


@rule(
    "MP108",
    "subdimension-without-program",
    Severity.WARNING,
    title=Both("subdimensi tanpa program", "sub-dimension without a program"),
    why=Both(
        "Penilai menghitung program di setiap subdimensi; yang kosong berarti sasaran tanpa tindakan.",
        "Assessors count programs in every sub-dimension; an empty one is a goal without an action.",
    ),
    message=Both(
        "subdimensi `{subdimension}` ({name}) belum punya program",
        "sub-dimension `{subdimension}` ({name}) has no program",
    ),
    fix=Both(
        "buat satu dengan `masterplan new program {pillar} <id>` dan tulis `subdimension: {subdimension}`",
        "make one with `masterplan new program {pillar} <id>` and write `subdimension: {subdimension}`",
    ),
)
def subdimension_without_program(found: Rule, plan: Plan) -> Iterator[Finding]:
    for pillar in plan.pillars:
        # A program without a place in the pillar has its own finding, and may be the one that is missed here.
        if pillar.term is None or not pillar.exists or any(p.subdimension is None for p in pillar.programs):
            continue
        used = {program.data.subdimension for program in pillar.programs}
        for term in pillar.term.subdimensions:
            if term.id not in used:
                yield found.at(
                    pillar.at(), subdimension=term.id, name=Both(term.name.id, term.name.en), pillar=pillar.id
                )


@rule(
    "MP109",
    "pillar-without-quick-win",
    Severity.WARNING,
    title=Both("pilar tanpa quick win", "pillar without a quick win"),
    why=Both(
        "Setiap pilar menunjukkan satu program yang hasilnya terasa dalam 6–12 bulan; evaluasi tahunan menilainya sendiri.",
        "Each pillar shows one program whose result is felt within 6–12 months; the yearly evaluation scores it separately.",
    ),
    message=Both("pilar `{pillar}` belum punya quick win", "pillar `{pillar}` has no quick win"),
    fix=Both(
        "tulis `quick_win: Ya` pada salah satu programnya", "write `quick_win: yes` in one of its programs"
    ),
)
def pillar_without_quick_win(found: Rule, plan: Plan) -> Iterator[Finding]:
    for pillar in plan.pillars:
        written = any(p.data.quick_win or p.spoiled("quick_win") for p in pillar.programs)
        if pillar.exists and pillar.programs and not written:
            yield found.at(pillar.at(), pillar=pillar.id)


@rule(
    "MP110",
    "duty-in-unknown-pillar",
    Severity.ERROR,
    title=Both("tugas di pilar yang tidak dikenal", "duty in an unknown pillar"),
    why=_PILLAR_WHY,
    message=Both("`{pillar}` bukan pilar dalam taksonomi", "`{pillar}` is no pillar of the taxonomy"),
    fix=Both("pilarnya: {known}", "the pillars are: {known}"),
    variants={
        "suggestion": Text(
            Both("`{pillar}` bukan pilar dalam taksonomi", "`{pillar}` is no pillar of the taxonomy"),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        )
    },
    each=Agency,
)
def duty_in_unknown_pillar(found: Rule, plan: Plan, agency: Agency) -> Iterator[Finding]:
    spellings, known = Spellings(plan.taxonomy.pillars), ", ".join(plan.taxonomy.by_id)
    for id_ in agency.data.duties:
        if id_ not in plan.taxonomy.by_id:
            guess = spellings.meant(id_)
            yield found.at(
                agency.at("duties", id_, part="key"),
                "suggestion" if guess else "",
                fix=guess.fix if guess and guess not in agency.data.duties else None,
                pillar=id_,
                suggestion=guess,
                known=known,
            )


@rule(
    "MP111",
    "subdimension",
    Severity.ERROR,
    title=Both("subdimensi tidak ada atau tidak dikenal", "sub-dimension missing or unknown"),
    why=Both(
        "Program dihitung dan dicetak di bawah subdimensinya; tanpa itu program tidak punya tempat.",
        "A program is counted and printed under its sub-dimension; without one it has no place.",
    ),
    message=Both(
        "subdimensi `{subdimension}` tidak ada di pilar `{pillar}`",
        "pillar `{pillar}` has no sub-dimension `{subdimension}`",
    ),
    fix=Both("pilih salah satu: {known}", "choose one of: {known}"),
    variants={
        "suggestion": Text(
            Both(
                "subdimensi `{subdimension}` tidak ada di pilar `{pillar}`",
                "pillar `{pillar}` has no sub-dimension `{subdimension}`",
            ),
            Both(
                "mungkin maksudnya `{suggestion}`; pilihannya: {known}",
                "did you mean `{suggestion}`? The choices: {known}",
            ),
        ),
        "missing": Text(
            Both(
                "program `{program}` belum menyebut subdimensinya",
                "program `{program}` does not name its sub-dimension",
            ),
            Both(
                "tambahkan `subdimension:` dengan salah satu: {known}",
                "add `subdimension:` with one of: {known}",
            ),
        ),
    },
    each=(Pillar, Program),
)
def subdimension(found: Rule, _plan: Plan, node: Pillar | Program) -> Iterator[Finding]:
    pillar = node.pillar if isinstance(node, Program) else node
    terms = pillar.term.subdimensions if pillar.term else ()
    known, spellings, listed = {term.id for term in terms}, Spellings(terms), _listed(terms)
    for place, id_ in _placed_in(node) if terms else ():
        if id_ not in known:
            guess = spellings.meant(id_)
            yield found.at(
                place,
                "suggestion" if guess else "",
                fix=guess and guess.fix,
                subdimension=id_,
                pillar=pillar.id,
                suggestion=guess,
                known=listed,
            )
    if terms and isinstance(node, Program) and not node.wrote("subdimension"):
        place = node.at("subdimension", part="key")
        yield found.at(place, "missing", program=node.id, known=listed)


def _placed_in(node: Pillar | Program) -> Iterator[tuple[Place, str]]:
    """Where a program, or each goal of a pillar, says what its sub-dimension is, and which."""
    if isinstance(node, Program):
        if node.data.subdimension:
            yield node.at("subdimension"), node.data.subdimension
        return
    for index, goal in enumerate(node.data.goals):
        if goal.subdimension:
            yield node.at("goals", index, "subdimension"), goal.subdimension


def _listed(terms: tuple[Term, ...]) -> Both:
    """The ids of terms, each with what it is called where that is more than the id."""

    def named(term: Term, language: Language) -> str:
        name = term.name.of(language)
        return f"`{term.id}`" if slug(name) == term.id else f"`{term.id}` ({name})"

    return Both(
        *(", ".join(named(term, language) for term in terms) for language in (Language.ID, Language.EN))
    )


@rule(
    "MP112",
    "owner-also-supports",
    Severity.WARNING,
    title=Both("pengampu juga tercatat sebagai pendukung", "owner also listed as supporting"),
    why=Both(
        "Satu program punya satu pengampu dan banyak pendukung; peran ganda membuat hitungan peran serta keliru.",
        "A program has one owner and many supporters; a double part falsifies the count of participation.",
    ),
    message=Both(
        "`{agency_id}` sudah menjadi pengampu program ini", "`{agency_id}` already owns this program"
    ),
    fix=Both("hapus dari `supporting:`", "remove it from `supporting:`"),
    variants={
        "twice": Text(
            Both(
                "`{agency_id}` tercatat dua kali sebagai pendukung",
                "`{agency_id}` is listed twice as supporting",
            ),
            Both("hapus salah satu", "remove one of them"),
        )
    },
    each=Program,
)
def owner_also_supports(found: Rule, _plan: Plan, program: Program) -> Iterator[Finding]:
    earlier: set[str] = set()
    for index, id_ in enumerate(program.data.supporting):
        if id_ == program.data.owner:
            yield found.at(program.at("supporting", index), agency_id=id_)
        elif id_ in earlier:
            yield found.at(program.at("supporting", index), "twice", agency_id=id_)
        earlier.add(id_)


@rule(
    "MP113",
    "empty-register",
    Severity.ERROR,
    title=Both("register perangkat daerah kosong", "the register of agencies is empty"),
    why=_OWNER_WHY,
    message=Both("belum ada perangkat daerah di agencies/", "there is no agency in agencies/"),
    fix=Both(
        "buat yang pertama dengan `masterplan new agency <id>`",
        "make the first with `masterplan new agency <id>`",
    ),
)
def empty_register(found: Rule, plan: Plan) -> Iterator[Finding]:
    if not plan.agencies:
        yield found.at(Place(PLAN_FILE))


#: Words that a full name of an agency holds beside those for kinds of agencies.
_FULL = {
    "kantor",
    "rumah",
    "majelis",
    "perusahaan",
    "perumda",
    "perumdam",
    "perseroda",
    "city",
    "town",
    "authority",
    "agency",
    "department",
    "council",
}


@rule(
    "MP115",
    "agency-twice",
    Severity.WARNING,
    title=Both("dua perangkat daerah bernama sama", "two agencies of one name"),
    why=Both(
        "Tabel dan matriks menyebut perangkat daerah dengan namanya; dua yang bernama sama tidak dapat dibedakan, dan satu lembaga terhitung dua kali.",
        "Tables and matrices call agencies by their names; two of one name cannot be told apart, and one agency is counted twice.",
    ),
    message=Both(
        "nama `{name}` juga nama perangkat daerah `{other}`",
        "the name `{name}` is also that of the agency `{other}`",
    ),
    fix=Both(
        "bila satu lembaga, satukan kedua berkasnya; bila dua, tulis nama yang membedakannya",
        "if they are one agency, join both files; if they are two, write names that tell them apart",
    ),
    variants={
        "short": Text(
            Both(
                "nama singkat `{name}` juga dipakai perangkat daerah `{other}`",
                "the short name `{name}` is also that of the agency `{other}`",
            ),
            Both("tulis nama singkat yang membedakannya", "write a short name that tells them apart"),
        ),
    },
)
def agency_twice(found: Rule, plan: Plan) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Agency] = {}
    for agency in plan.agency_list:
        for field, name in (("name", agency.name), ("short", agency.data.short)):
            first = seen.setdefault((field, slug(name)), agency) if name and slug(name) else agency
            if first is not agency and _at_one_time(first, agency):
                related = [Related(first.at(field), Both("yang pertama", "the first"))]
                variant = "short" if field == "short" else ""
                yield found.at(agency.at(field), variant, related=related, name=name, other=first.id)
                break


def _at_one_time(one: Agency, other: Agency) -> bool:
    return not one.data.valid or not other.data.valid or _overlap(one.data.valid, other.data.valid)


@rule(
    "MP114",
    "name-is-id",
    Severity.WARNING,
    title=Both("nama perangkat daerah hanya idnya", "an agency's name that is only its id"),
    why=Both(
        "Nama lengkap tercetak di sampul, tabel, dan lembar komitmen; id hanya singkatan untuk nama berkas.",
        "The full name is printed on the cover, in tables and on the commitment sheet; an id is but a short word for a file's name.",
    ),
    message=Both(
        "nama `{name}` hanya mengulang id berkasnya", "the name `{name}` only repeats its file's id"
    ),
    fix=Both(
        "tulis nama lengkapnya, misalnya `Dinas Kesehatan`", "write its full name, as in `Health Office`"
    ),
    each=Agency,
)
def name_is_id(found: Rule, _plan: Plan, agency: Agency) -> Iterator[Finding]:
    words = set(slug(agency.name).split("-"))
    kinds = {word for spelt in AGENCY_KIND.words.values() for word in spelt}
    if slug(agency.name) == agency.id and not words & (kinds | _FULL):
        yield found.at(agency.at("name"), name=agency.name)
