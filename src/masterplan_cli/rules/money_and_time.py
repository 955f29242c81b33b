"""MP3xx: budgets and periods."""

from __future__ import annotations

import re
from collections.abc import Iterator

from masterplan_cli.diagnostics import Finding, Related, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Program, Root
from masterplan_cli.plan import Plan
from masterplan_cli.rules.registry import rule
from masterplan_cli.suggestions import EFFORT, Choices
from masterplan_cli.values import rupiah, suggested_period, suggested_year

#: Below and above these a year's budget of a program is rather a slip (thousands left out, zeros too many).
_SMALL, _LARGE = 100_000, 1_000_000_000_000

#: The state's system writes the number of a source or the code of a region, in brackets or without, before its name.
_NUMBERED = re.compile(r"^\s*(?:\[[^\]]*\]|\d[\d.]*)[\s.:-]*")

_TIME_WHY = Both(
    "Tahun di luar periode berarti target atau uang yang tidak akan dihitung, atau salah ketik.",
    "A year outside the period is a target or an amount that nobody will count, or a slip of the hand.",
)
_MONEY_WHY = Both(
    "Jumlah anggaran per tahun, sumber, pilar, dan perangkat daerah hanya benar bila setiap barisnya benar.",
    "The sums by year, source, pillar and agency are right only if every line is.",
)


@rule(
    "MP301",
    "period-outside-plan",
    Severity.ERROR,
    title=Both("periode program di luar periode rencana", "program period outside the plan's"),
    why=_TIME_WHY,
    message=Both(
        "program berjalan {period}, di luar periode rencana {plan}",
        "the program runs {period}, outside the plan's period {plan}",
    ),
    fix=Both("ubah `period` menjadi di dalam {plan}", "change `period` to lie within {plan}"),
    variants={
        "suggestion": Text(
            Both(
                "program berjalan {period}, di luar periode rencana {plan}",
                "the program runs {period}, outside the plan's period {plan}",
            ),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        ),
        "open": Text(
            Both("periode {period} tidak punya tahun akhir", "the period {period} has no last year"),
            Both("tulis tahun akhirnya, paling jauh {last}", "write its last year, {last} at the latest"),
        ),
        "phase": Text(
            Both(
                "tahap {period} di luar periode rencana {plan}",
                "the phase {period} lies outside the plan's period {plan}",
            ),
            Both(
                "ubah `period` tahap ini menjadi di dalam {plan}",
                "change the phase's `period` to lie within {plan}",
            ),
        ),
    },
    each=(Program, Root),
)
def period_outside_plan(found: Rule, plan: Plan, node: Program | Root) -> Iterator[Finding]:
    whole = plan.settings.period
    if isinstance(node, Root):
        for index, phase in enumerate(node.data.phases):
            if not whole.covers(phase.period):
                yield found.at(node.at("phases", index, "period"), "phase", period=phase.period, plan=whole)
        return
    period = node.period
    if period and period.last is None:
        yield found.at(node.at("period"), "open", period=period, last=whole.last)
    elif period and not whole.covers(period):
        guess = suggested_period(period, whole)
        yield found.at(
            node.at("period"), "suggestion" if guess else "", period=period, plan=whole, suggestion=guess
        )


@rule(
    "MP302",
    "budget-year-outside-period",
    Severity.ERROR,
    title=Both("tahun anggaran di luar periode program", "budget year outside the program's period"),
    why=_TIME_WHY,
    message=Both(
        "tahun anggaran {year} di luar periode program {period}",
        "budget year {year} is outside the program's period {period}",
    ),
    fix=Both("ubah tahunnya, atau `period` program", "change the year, or the program's `period`"),
    variants={
        "suggestion": Text(
            Both(
                "tahun anggaran {year} di luar periode program {period}",
                "budget year {year} is outside the program's period {period}",
            ),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        )
    },
    each=Program,
)
def budget_year_outside_period(found: Rule, plan: Plan, program: Program) -> Iterator[Finding]:
    period = program.period or plan.settings.period
    for index, line in enumerate(program.data.budget):
        if line.year not in period:
            guess = suggested_year(str(line.year), period)
            place = program.at("budget", index, "year")
            yield found.at(
                place, "suggestion" if guess else "", year=line.year, period=period, suggestion=guess
            )


@rule(
    "MP303",
    "unknown-funding-source",
    Severity.ERROR,
    title=Both("sumber dana tidak dikenal", "unknown source of funds"),
    why=_MONEY_WHY,
    message=Both(
        "sumber dana `{source}` tidak ada dalam daftar", "source of funds `{source}` is not in the list"
    ),
    fix=Both(
        "pilih salah satu: {known}; atau tambahkan di `funding_sources` masterplan.yaml",
        "choose one of: {known}; or add it to `funding_sources` of masterplan.yaml",
    ),
    variants={
        "suggestion": Text(
            Both(
                "sumber dana `{source}` tidak ada dalam daftar",
                "source of funds `{source}` is not in the list",
            ),
            Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
        )
    },
    each=Program,
)
def unknown_funding_source(found: Rule, plan: Plan, program: Program) -> Iterator[Finding]:
    known, choices = set(plan.funding_sources), Choices(plan.source_names, EFFORT)
    listed = ", ".join(plan.offered_sources)
    for index, line in enumerate(program.data.budget if known else ()):
        if line.source not in known:
            guess = choices.suggest(_NUMBERED.sub("", line.source))
            yield found.at(
                program.at("budget", index, "source"),
                "suggestion" if guess else "",
                fix=guess and guess.fix,
                source=line.source,
                suggestion=guess,
                known=listed,
            )


@rule(
    "MP304",
    "program-without-budget",
    Severity.WARNING,
    title=Both("program tanpa anggaran dan tanpa alasan", "program without a budget and without a reason"),
    why=Both(
        "Program tanpa dana dan tanpa penjelasan adalah keluhan penilai yang paling sering; sering kali hanya lupa diisi.",
        "A program with neither money nor an explanation is what assessors complain of most; often it was just forgotten.",
    ),
    message=Both("program `{program}` belum punya anggaran", "program `{program}` has no budget"),
    fix=Both(
        "isi `budget:`, atau jelaskan di `no_budget_reason:`",
        "fill in `budget:`, or explain in `no_budget_reason:`",
    ),
    each=Program,
)
def program_without_budget(found: Rule, _plan: Plan, program: Program) -> Iterator[Finding]:
    if not program.wrote("budget") and not program.wrote("no_budget_reason"):
        yield found.at(program.at("budget", part="key"), program=program.id)


@rule(
    "MP305",
    "doubtful-amount",
    Severity.WARNING,
    title=Both("jumlah anggaran meragukan", "doubtful amount"),
    why=_MONEY_WHY,
    message=Both(
        "anggaran {amount} setahun terlalu kecil untuk sebuah program",
        "{amount} a year is too little for a program",
    ),
    fix=Both(
        "apakah ditulis dalam ribuan atau jutaan? tulis rupiah penuh",
        "was it written in thousands or millions? Write whole rupiah",
    ),
    variants={
        "large": Text(
            Both(
                "anggaran {amount} setahun terlalu besar untuk satu program",
                "{amount} a year is too much for one program",
            ),
            Both("periksa jumlah nolnya", "count its zeros"),
        ),
        "zero": Text(
            Both(
                "program ini tidak punya dana: anggaran {year} Rp 0",
                "this program has no money: Rp 0 in {year}",
            ),
            Both(
                "isi jumlahnya; atau ganti `budget:` dengan `no_budget_reason:`, satu kalimat mengapa tidak perlu dana",
                "fill in the amount; or replace `budget:` by `no_budget_reason:`, one sentence on why it needs no money",
            ),
        ),
        "zero_line": Text(
            Both("anggaran {year} dari {source} Rp 0", "the budget of {year} from {source} is Rp 0"),
            Both("isi jumlahnya, atau hapus baris anggaran ini", "fill in the amount, or remove this line"),
        ),
    },
    each=Program,
)
def doubtful_amount(found: Rule, _plan: Plan, program: Program) -> Iterator[Finding]:
    for index, line in enumerate(program.data.budget):
        if not _SMALL <= line.amount < _LARGE:
            yield found.at(
                program.at("budget", index, "amount"),
                _doubt(line.amount, program),
                amount=rupiah(line.amount),
                year=line.year,
                source=line.source,
            )


def _doubt(amount: int, program: Program) -> str:
    """Which sentence is true of an amount that is too little or too much."""
    if amount:
        return "large" if amount >= _LARGE else ""
    explained = program.total or program.data.no_budget_reason or program.spoiled("budget")
    return "zero_line" if explained else "zero"


@rule(
    "MP306",
    "budget-line-twice",
    Severity.WARNING,
    title=Both("baris anggaran ganda", "budget line written twice"),
    why=_MONEY_WHY,
    message=Both(
        "anggaran {year} dari {source} tertulis dua kali dengan jumlah yang sama",
        "the budget of {year} from {source} stands twice with the same amount",
    ),
    fix=Both(
        "hapus salah satu, atau beri `note:` bila memang dua kegiatan",
        "remove one, or add a `note:` if they are two activities",
    ),
    each=Program,
)
def budget_line_twice(found: Rule, _plan: Plan, program: Program) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], int] = {}
    for index, line in enumerate(program.data.budget):
        key = (line.year, line.source, line.amount, line.note)
        if key in seen:
            first = Related(program.at("budget", seen[key], "year"), Both("yang pertama", "the first"))
            yield found.at(
                program.at("budget", index, "year"), related=[first], year=line.year, source=line.source
            )
        seen.setdefault(key, index)


@rule(
    "MP307",
    "year-without-phase",
    Severity.WARNING,
    title=Both("tahun rencana tanpa tahap", "a year of the plan without a phase"),
    why=Both(
        "Peta jalan dicetak per tahap; tahun tanpa tahap hilang dari peta jalan.",
        "The roadmap is printed by phase; a year without one is lost from it.",
    ),
    message=Both("tahun {years} tidak masuk tahap mana pun", "{years} belong to no phase"),
    fix=Both("perpanjang salah satu tahap, atau tambahkan tahap baru", "extend a phase, or add one"),
    variants={
        "twice": Text(
            Both(
                "tahun {years} juga masuk tahap `{other}`, dan anggarannya hanya dihitung di sana",
                "{years} also belong to the phase `{other}`, and their money is counted there only",
            ),
            Both(
                "ubah `period:` sehingga setiap tahun masuk satu tahap saja",
                "change `period:` so that each year belongs to one phase only",
            ),
        ),
    },
    each=Root,
)
def year_without_phase(found: Rule, plan: Plan, root: Root) -> Iterator[Finding]:
    phases = root.data.phases
    missing = [year for year in plan.years if not any(year in phase.period for phase in phases)]
    if phases and missing:
        yield found.at(root.at("phases", part="key"), years=", ".join(map(str, missing)))
    first: dict[int, str] = {}
    for index, phase in enumerate(phases):
        both = [year for year in plan.years if year in phase.period and year in first]
        if both:
            other = first[both[0]]
            shared = ", ".join(str(year) for year in both if first[year] == other)
            yield found.at(root.at("phases", index, "period"), "twice", years=shared, other=other)
        first = {year: phase.title for year in plan.years if year in phase.period} | first


@rule(
    "MP308",
    "program-without-period",
    Severity.WARNING,
    title=Both("program tanpa periode", "program without a period"),
    why=Both(
        "Program tanpa periode tidak dapat masuk peta jalan.",
        "A program without a period has no place in the roadmap.",
    ),
    message=Both("program `{program}` belum punya periode", "program `{program}` has no period"),
    fix=Both("tambahkan `period:`, misalnya `period: {plan}`", "add `period:`, as in `period: {plan}`"),
    each=Program,
)
def program_without_period(found: Rule, plan: Plan, program: Program) -> Iterator[Finding]:
    if not program.wrote("period"):
        example = str(plan.settings.period).replace("–", "-")
        yield found.at(program.at("period", part="key"), program=program.id, plan=example)


@rule(
    "MP309",
    "open-plan-period",
    Severity.ERROR,
    title=Both("periode rencana tanpa tahun akhir", "plan period without a last year"),
    why=_TIME_WHY,
    message=Both(
        "periode rencana {period} tidak punya tahun akhir", "the plan's period {period} has no last year"
    ),
    fix=Both("tulis keduanya, misalnya `2022-2031`", "write both years, as in `2022-2031`"),
    each=Root,
)
def open_plan_period(found: Rule, _plan: Plan, root: Root) -> Iterator[Finding]:
    if root.data.period.last is None:
        yield found.at(root.at("period"), period=root.data.period)


@rule(
    "MP310",
    "program-twice",
    Severity.WARNING,
    title=Both("program tertulis di dua berkas", "program written in two files"),
    why=Both(
        "Program yang tertulis dua kali dihitung dua kali: jumlah program dan jumlah uangnya menjadi terlalu besar.",
        "A program that stands twice is counted twice: the number of programs and the sum of money become too large.",
    ),
    message=Both(
        "`{path}` sama dengan `{other}`: judul, pengampu, kode, dan anggarannya, sehingga terhitung dua kali",
        "`{path}` equals `{other}` in title, owner, codes and budget, and so is counted twice",
    ),
    fix=Both(
        "bila satu program, satukan di satu berkas; bila dua program, bedakan judulnya",
        "if they are one program, join them in one file; if they are two, give them titles that tell them apart",
    ),
)
def program_twice(found: Rule, plan: Plan) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], Program] = {}
    for program in plan.programs:
        first = seen.setdefault(_same(program), program)
        if first is not program:
            related = [Related(first.at("title"), Both("yang pertama", "the first"))]
            yield found.at(program.at("title"), related=related, path=program.path, other=first.path)


def _same(program: Program) -> tuple[object, ...]:
    """What two files of one program agree in."""
    data = program.data
    title = " ".join(data.title.casefold().split())
    lines = sorted((line.year, line.source, line.amount) for line in data.budget)
    return title, data.owner, tuple(sorted(code.code for code in data.codes)), tuple(lines)


@rule(
    "MP311",
    "code-without-affair",
    Severity.WARNING,
    title=Both("kode nomenklatur masih memakai X.XX", "a nomenclature code that still says X.XX"),
    why=Both(
        "Daftar nomenklatur menulis `X.XX` untuk program yang ada di setiap urusan; kode itu baru menunjuk sesuatu setelah "
        "diganti dengan urusan perangkat daerahnya.",
        "The nomenclature writes `X.XX` for programs that every affair has; such a code names something only with the affair of "
        "its agency in that place.",
    ),
    message=Both("kode `{code}` belum menyebut urusannya", "the code `{code}` does not name its affair"),
    fix=Both(
        "ganti `X.XX` dengan kode urusan perangkat daerah pengampu, misalnya `2.16`",
        "replace `X.XX` by the code of the owner's affair, as in `2.16`",
    ),
    variants={
        "suggestion": Text(
            Both("kode `{code}` belum menyebut urusannya", "the code `{code}` does not name its affair"),
            Both(
                "tulis `{suggestion}`, sesuai `affairs` {agency_name}",
                "write `{suggestion}`, after the `affairs` of {agency_name}",
            ),
        )
    },
)
def code_without_affair(found: Rule, plan: Plan) -> Iterator[Finding]:
    for agency in plan.agency_list:
        for index, code in enumerate(agency.data.affairs):
            if code.startswith(_ANY_AFFAIR):
                yield found.at(agency.at("affairs", index), code=code)
    for program in plan.programs:
        affairs = (
            {code[:4] for code in program.owner.data.affairs} - {_ANY_AFFAIR} if program.owner else set()
        )
        for index, line in enumerate(program.data.codes):
            if line.code.startswith(_ANY_AFFAIR):
                meant = min(affairs) + line.code[4:] if len(affairs) == 1 else None
                yield found.at(
                    program.at("codes", index, "code"),
                    "suggestion" if meant else "",
                    fix=meant,
                    code=line.code,
                    suggestion=meant,
                    agency_name=program.owner and program.owner.short,
                )


_ANY_AFFAIR = "X.XX"
