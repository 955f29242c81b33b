"""New files: a small plan for a new city, a program, an agency; with comments that teach the format."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from masterplan_cli.diagnostics import Finding
from masterplan_cli.edits import SetValue, apply
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.messages import Both, Language
from masterplan_cli.plan import Plan
from masterplan_cli.project import ID, Project
from masterplan_cli.schema.types import AGENCY_KIND
from masterplan_cli.source import Source
from masterplan_cli.taxonomy import SHIPPED, PillarTerm, Spellings, Taxonomy, Term, shipped_taxonomies
from masterplan_cli.values import slug
from masterplan_cli.yaml_reader import parse_yaml_file

Files = dict[Path, str]
#: A repo on Windows turns line ends around unless it is told; what `build` makes is not committed, nor what a killed run leaves.
GIT_FILES = {
    ".gitattributes": "*.md text eol=lf\n*.yaml text eol=lf\n",
    ".gitignore": "build/\n.masterplan-*.tmp\n",
}

_PLAN = Both(
    """\
# Rencana kota ini. Baris yang diawali `#` adalah keterangan; hapus bila sudah dipahami.
# Periksa dengan `masterplan check`, susun dokumen dengan `masterplan build`.
title: {title}
status: draf                # contoh | draf | final
language: id                # bahasa dokumen: id | en
outputs: [html, pdf, docx, xlsx]   # yang ditulis `masterplan build`; ada pula md dan json

region:
  name: {name}
  kind: {kind}                # kota | kabupaten | provinsi | lainnya
  head: {head}

period: 2025-2034           # periode rencana
phases:                     # bersama-sama mencakup seluruh periode
  - title: Jangka pendek
    period: 2025-2026
  - title: Jangka menengah
    period: 2027-2029
  - title: Jangka panjang
    period: 2030-2034

taxonomy: kominfo-2021      # enam pilar; daftarnya keluar bila salah tulis
coordinator: diskominfo     # perangkat daerah sekretariat, salah satu id di agencies/

vision: Kota yang melayani warganya dengan mudah, terbuka, dan cerdas.
missions:
  - Memberi layanan publik yang mudah dan cepat.
  - Menumbuhkan ekonomi dari potensi setempat.

# Aturan yang sengaja dilonggarkan selama rencana masih baru. Hapus barisnya satu per satu.
rules:
  MP108:
    severity: off
    reason: "rencana baru: program belum mencakup semua subdimensi"
  MP109:
    severity: off
    reason: "rencana baru: quick win belum dipilih"
  MP501:
    severity: off
    reason: "rencana baru: narasi pilar belum lengkap"
""",
    """\
# The plan of this city. Lines that begin with `#` explain; remove them once they are understood.
# Check with `masterplan check`, make the document with `masterplan build`.
title: {title}
status: draft               # example | draft | final
language: en                # language of the document: id | en
outputs: [html, pdf, docx, xlsx]   # what `masterplan build` writes; there are md and json as well

region:
  name: {name}
  kind: {kind}                # city | regency | province | other
  head: {head}

period: 2025-2034           # years of the plan
phases:                     # together they cover the whole period
  - title: Short term
    period: 2025-2026
  - title: Medium term
    period: 2027-2029
  - title: Long term
    period: 2030-2034

taxonomy: kominfo-2021      # the six pillars
coordinator: diskominfo     # the agency that coordinates, an id of agencies/

vision: A city that serves its people simply, openly and wisely.
missions:
  - Public services that are easy and quick.
  - An economy that grows from local strength.

# Rules that are relaxed on purpose while the plan is new. Remove the lines one by one.
rules:
  MP108:
    severity: off
    reason: "new plan: programs do not cover every sub-dimension yet"
  MP109:
    severity: off
    reason: "new plan: quick wins are not chosen yet"
  MP501:
    severity: off
    reason: "new plan: the pillars' narratives are not complete"
""",
)
_PILLAR = Both(
    """\
---
# Pengampu: satu id perangkat daerah di agencies/, misalnya `owner: diskominfo`.
owner:
summary: {about}
# Sasaran pilar dan ukurannya, misalnya:
# goals:
#   - title: Warga mengurus layanan dari rumah
#     subdimension: {sub}        # {subs}
#     indicators:
#       - name: Layanan yang tersedia daring
#         unit: persen
#         direction: naik
#         baseline:
#           value: 35
#           year: 2024
#           source: Laporan SPBE 2024
#         targets:
#           2026: 50
#           2030: 90
---
""",
    """\
---
# Owner: the id of one agency in agencies/, as in `owner: diskominfo`.
owner:
summary: {about}
# The pillar's goals and how they are measured, for instance:
# goals:
#   - title: People use services from home
#     subdimension: {sub}        # {subs}
#     indicators:
#       - name: Services available online
#         unit: percent
#         direction: up
#         baseline:
#           value: 35
#           year: 2024
#           source: SPBE report 2024
#         targets:
#           2026: 50
#           2030: 90
---
""",
)
_PROGRAM = Both(
    """\
---
title: {title}
subdimension: {sub}       # salah satu: {subs}
owner: {owner}
# supporting: [bappeda]            # id perangkat daerah lain yang membantu
period: {period}              # di dalam periode rencana
# quick_win: Ya                    # bila hasilnya terasa dalam 6–12 bulan
# goals:
#   - Satu kalimat tentang yang hendak dicapai.
# indicators:
#   - name: Pengguna layanan
#     unit: orang
#     direction: naik              # naik | turun | tetap
#     baseline:
#       value: 100
#       year: 2024
#       source: Laporan dinas 2024
#     targets:
#       {first}: 200
#       {last}: 900
# budget:                          # satu baris untuk setiap tahun dan sumber dana
#   - year: {first}
#     amount: Rp 250.000.000
#     source: {source}
---

## Latar belakang

## Uraian

## Keberlanjutan
""",
    """\
---
title: {title}
subdimension: {sub}       # one of: {subs}
owner: {owner}
# supporting: [bappeda]            # ids of other agencies that help
period: {period}              # within the plan's period
# quick_win: yes                   # if its result is felt within 6–12 months
# goals:
#   - One sentence on what it is to achieve.
# indicators:
#   - name: Users of the service
#     unit: people
#     direction: up                # up | down | keep
#     baseline:
#       value: 100
#       year: 2024
#       source: Office report 2024
#     targets:
#       {first}: 200
#       {last}: 900
# budget:                          # one line for each year and source of funds
#   - year: {first}
#     amount: Rp 250.000.000
#     source: {source}
---

## Background

## Description

## Continuity
""",
)
_AGENCY = Both(
    """\
name: {name}
short: {short}
kind: {kind}          # sekretariat | badan | dinas | kecamatan | …
head: {head}
# reviewers: ["@organisasi/tim"]    # yang meninjau berkasnya; lihat `masterplan codeowners`
duties:                    # tugasnya di setiap pilar, satu kalimat
{duties}""",
    """\
name: {name}
short: {short}
kind: {kind}          # secretariat | board | office | district | …
head: {head}
# reviewers: ["@organisation/team"]    # who reviews its files; see `masterplan codeowners`
duties:                    # its duty in each pillar, one sentence
{duties}""",
)
_CHAPTER = Both(
    """\
---
title: Pendahuluan
part: pendahuluan      # sambutan | pendahuluan | analisis | arah | rencana-aksi | penutup
order: 1
---

Masterplan ini memuat arah, program, dan pengampu pembangunan kota cerdas {name}. Setiap perangkat daerah menulis bagiannya sendiri.
""",
    """\
---
title: Introduction
part: introduction     # preface | introduction | analysis | direction | action | closing
order: 1
---

This masterplan holds the direction, the programs and the owners of the smart city of {name}. Every agency writes its own part.
""",
)
_FIRST = Both(
    """\
---
title: Kanal Aduan Warga
subdimension: public-service
# Pengampu program ini, misalnya `owner: diskominfo`.
owner:
supporting: [bappeda]
period: 2025-2027
quick_win: Ya
goals:
  - Setiap aduan warga dijawab dan dapat dilacak.
indicators:
  - name: Aduan yang dijawab tepat waktu
    unit: persen
    direction: naik
    baseline:
      value: 40
      year: 2024
      source: Rekap aduan 2024 (ganti dengan sumber kota ini)
    targets:
      2025: 60
      2026: 75
      2027: 90
budget:
  - year: 2025
    amount: Rp 250.000.000
    source: {source}
  - year: 2026
    amount: Rp 150.000.000
    source: {source}
---

## Latar belakang

Warga menyampaikan keluhan lewat banyak jalan, sehingga sulit diketahui mana yang sudah ditangani.

## Uraian

Satu kanal menerima semua aduan, meneruskannya ke perangkat daerah yang berwenang, dan memberi tahu pelapor setiap perkembangannya.

## Keberlanjutan

Setiap perangkat daerah menunjuk petugas aduan, dan rekapnya dibahas setiap bulan.
""",
    """\
---
title: One Channel for Complaints
subdimension: public-service
# The program's owner, as in `owner: diskominfo`.
owner:
supporting: [bappeda]
period: 2025-2027
quick_win: yes
goals:
  - Every complaint is answered and can be followed.
indicators:
  - name: Complaints answered in time
    unit: percent
    direction: up
    baseline:
      value: 40
      year: 2024
      source: Complaints of 2024 (replace by this city's source)
    targets:
      2025: 60
      2026: 75
      2027: 90
budget:
  - year: 2025
    amount: Rp 250.000.000
    source: {source}
  - year: 2026
    amount: Rp 150.000.000
    source: {source}
---

## Background

People complain in many ways, so that nobody knows which complaints have been dealt with.

## Description

One channel takes every complaint, hands it to the agency in charge, and tells the sender how it goes on.

## Continuity

Every agency names an officer for complaints, and their list is discussed every month.
""",
)
_DUTIES = {
    "diskominfo": Both(
        "Menyediakan jaringan, data, dan keamanan informasi bagi program {pillar}.",
        "Provides network, data and information security for the programs of {pillar}.",
    ),
    "bappeda": Both(
        "Menyelaraskan program {pillar} dengan RPJMD dan RKPD serta memantau hasilnya.",
        "Aligns the programs of {pillar} with the city's plans and follows their results.",
    ),
}


def new_plan(folder: Path, name: str, language: Language) -> Files | str:
    """The files of a small plan; a sentence when the folder holds a plan already."""
    if os.path.exists(folder / PLAN_FILE):  # noqa: PTH110 - `Path.exists` raises at a name that is too long
        return Both(f"{folder / PLAN_FILE} sudah ada", f"{folder / PLAN_FILE} exists already").of(language)
    taxonomy = Taxonomy.model_validate(parse_yaml_file(Source(SHIPPED, shipped_taxonomies()[SHIPPED])).value)
    kind = {"kota": "kota", "kabupaten": "kabupaten", "provinsi": "provinsi"}.get(
        name.split(" ")[0].lower(), "other"
    )
    title = Both(f"Masterplan Smart City {name} 2025–2034", f"Smart-City Masterplan of {name} 2025–2034").of(
        language
    )
    head = {
        "kota": f"Wali Kota {name.removeprefix('Kota ')}",
        "kabupaten": f"Bupati {name.removeprefix('Kabupaten ')}",
    }
    files = {
        PLAN_FILE: _PLAN.of(language).format(
            title=quoted(title), name=quoted(name), kind=kind, head=quoted(head.get(kind, name))
        ),
        "agencies/diskominfo.yaml": _agency(
            "Dinas Komunikasi dan Informatika", "Diskominfo", taxonomy, _DUTIES["diskominfo"], language
        ),
        "agencies/bappeda.yaml": _agency(
            "Badan Perencanaan Pembangunan Daerah", "Bappeda", taxonomy, _DUTIES["bappeda"], language
        ),
        "chapters/pendahuluan.md": _CHAPTER.of(language).format(name=name),
        "pillars/smart-governance/kanal-aduan.md": _FIRST.of(language).format(source=_own_budget(kind)),
        **GIT_FILES,
    }
    for term in taxonomy.pillars:
        files[f"pillars/{term.id}/pillar.md"] = _pillar(term, language)
    return {folder / path: text for path, text in files.items()}


def _pillar(term: PillarTerm, language: Language) -> str:
    subs = [s.id for s in term.subdimensions]
    about = term.about.of(language) if term.about else term.name.of(language)
    return _PILLAR.of(language).format(about=about, sub=subs[0] if subs else "…", subs=", ".join(subs))


def _short(id_: str, name: str) -> str:
    """What an agency is called in short: its id, in capitals where that is an abbreviation."""
    words = id_.split("-")
    return " ".join(
        word.upper() if not re.search("[aeiou]", word) or word.upper() in name.split() else word.title()
        for word in words
    )


def _own_budget(kind: str) -> str:
    """The source of funds of a region of a kind that is its own budget."""
    return "APBD Kota" if kind == "other" else f"APBD {kind.capitalize()}"


def _agency_kind(name: str) -> str:
    """The kind of an agency by the word that its name begins with; most are offices."""
    begun = f"{slug(name)}-"
    kinds = AGENCY_KIND.words.items()
    return next(
        (kind for kind, words in kinds if any(begun.startswith(f"{word}-") for word in words)), "office"
    )


#: Who stands at the head of an agency of a kind, where that is no `Kepala`: of its name, or of the rest of it.
_HEADS = {
    "secretariat": "Sekretaris {rest}", "inspectorate": "Inspektur {rest}", "district": "Camat {rest}",
    "ward": "Lurah {rest}", "hospital": "Direktur {name}",
}  # fmt: skip


def _head(name: str, kind: str, language: Language) -> str:
    """Who stands at the head of an agency."""
    if language is Language.ID and kind in _HEADS:
        return _HEADS[kind].format(name=name, rest=" ".join(name.split()[1:])).strip()
    return Both(f"Kepala {name}", f"Head of {name}").of(language)


def _agency(name: str, short: str, taxonomy: Taxonomy, duty: Both | None, language: Language) -> str:
    lines = [
        f"  {term.id}:{' ' + duty.of(language).format(pillar=term.name.of(language)) if duty else ''}\n"
        for term in taxonomy.pillars
    ]
    kind = _agency_kind(name)
    return _AGENCY.of(language).format(
        name=quoted(name), short=quoted(short), kind=AGENCY_KIND.label(kind, language),
        head=quoted(_head(name, kind, language)), duties="".join(lines),
    )  # fmt: skip


def new_program(
    project: Project, plan: Plan | None, pillar: str, program: str, title: str, owner: str, language: Language
) -> Files | str:
    """The file of a new program; a sentence when its pillar or id will not do."""
    if plan is None:
        return _broken_plan(language)
    term = plan.taxonomy.by_id.get(pillar)
    if term is None:
        guess = Spellings(plan.taxonomy.pillars).meant(pillar)
        known = guess or ", ".join(plan.taxonomy.by_id)
        return Both(
            f"pilar `{pillar}` tidak ada; mungkin maksudnya: {known}",
            f"there is no pillar `{pillar}`; did you mean: {known}?",
        ).of(language)
    if not ID.fullmatch(program) or program == "pillar":
        return _bad_id(program, f"program {pillar}", "--title", language)
    subs = [s.id for s in term.subdimensions]
    first, last = plan.settings.period.first, plan.settings.period.last or plan.settings.period.first
    text = _PROGRAM.of(language).format(
        title=quoted(title or program.replace("-", " ").capitalize()),
        owner=owner or "                             # id di agencies/" if language is Language.ID else owner,
        sub=subs[0] if subs else "", subs=_named(term.subdimensions, language), period=f"{first}-{last}", first=first, last=last,
        source=next(iter(plan.offered_sources), _own_budget(plan.settings.region.kind)),
    )  # fmt: skip
    return {project.root / "pillars" / pillar / f"{program}.md": text}


def _named(terms: tuple[Term, ...], language: Language) -> str:
    """The ids of terms, each with its name."""
    return ", ".join(f"{term.id} ({term.name.of(language)})" for term in terms)


def new_agency(
    project: Project, plan: Plan | None, agency: str, name: str, language: Language
) -> Files | str:
    """The file of a new agency; a sentence when its id will not do."""
    if plan is None:
        return _broken_plan(language)
    if not ID.fullmatch(agency):
        return _bad_id(agency, "agency", "--name", language)
    if not name.strip():
        return Both(
            f'sebutkan nama lengkapnya: `masterplan new agency {agency} --name "Dinas …"`',
            f'say its full name: `masterplan new agency {agency} --name "Dinas …"`',
        ).of(language)
    text = _agency(name, _short(agency, name), plan.taxonomy, None, language)
    return {project.root / "agencies" / f"{agency}.yaml": text}


#: The file of a plan's own taxonomy.
TAXONOMY_FILE = "taxonomy.yaml"


def new_taxonomy(project: Project, plan: Plan | None, language: Language) -> Files | str:
    """The shipped taxonomy as a file of the plan's own."""
    if plan is None:
        return _broken_plan(language)
    shipped = shipped_taxonomies()
    text = shipped.get(plan.settings.taxonomy, shipped[SHIPPED])
    return {project.root / TAXONOMY_FILE: text}


def naming_own_taxonomy(settings: bytes, taxonomy: str) -> dict[str, bytes] | list[Finding]:
    """The plan file with its own taxonomy in the place of a shipped one, or why that cannot be written there."""
    if taxonomy not in shipped_taxonomies():
        return {}
    return apply({PLAN_FILE: settings}, [SetValue(PLAN_FILE, ("taxonomy",), TAXONOMY_FILE)])


def _broken_plan(language: Language) -> str:
    return Both(
        "masterplan.yaml belum benar; jalankan `masterplan check`",
        "masterplan.yaml is not right yet; run `masterplan check`",
    ).of(language)


def _bad_id(word: str, what: str, option: str, language: Language) -> str:
    """Why a word is no id; a title or a name is handed back in its place, with an id made of it."""
    id_, title = slug(word)[:60].strip("-"), word.replace('"', "'")
    again = f': `masterplan new {what} {id_} {option} "{title}"`' if ID.fullmatch(id_) and id_ != word else ""
    return Both(
        f"`{word}` tidak dapat menjadi id; pakai huruf kecil, angka, dan tanda hubung{again}",
        f"`{word}` cannot be an id; use small letters, digits and hyphens{again}",
    ).of(language)


def quoted(text: str) -> str:
    """A text as a YAML scalar, in quotes only when it needs them."""
    plain = (
        re.fullmatch(r"[^\W\d_][\w .,/()–-]*", text)
        and text.lower() not in ("null", "true", "false", "yes", "no")
        and text == text.strip()
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
