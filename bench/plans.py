"""Plans of any size for measuring: the same bytes for the same number of programs, on every machine."""

from __future__ import annotations

import random
from pathlib import Path

PILLARS = {
    "smart-governance": ("public-service", "bureaucracy", "public-policy"),
    "smart-branding": ("tourism", "business", "appearance"),
    "smart-economy": ("industry", "welfare", "transaction"),
    "smart-living": ("harmony", "health", "mobility"),
    "smart-society": ("community", "learning", "security"),
    "smart-environment": ("protection", "waste", "energy"),
}
_AGENCIES = 30
_WORDS = [
    "layanan",
    "warga",
    "kota",
    "data",
    "terbuka",
    "perangkat",
    "daerah",
    "program",
    "kegiatan",
    "anggaran",
    "sasaran",
    "indikator",
    "capaian",
    "tahun",
    "kelurahan",
    "kecamatan",
    "pasar",
    "sekolah",
    "puskesmas",
    "jalan",
    "sungai",
    "taman",
    "pedagang",
    "pelajar",
    "keluarga",
    "aplikasi",
    "laporan",
    "musyawarah",
    "rencana",
    "pelaksanaan",
    "pengawasan",
    "evaluasi",
    "perbaikan",
    "kerja",
    "sama",
    "mitra",
    "usaha",
    "mandiri",
    "bersama",
    "cepat",
    "mudah",
]


def write_plan(folder: Path, programs: int) -> None:
    """A clean plan of six pillars and thirty agencies in an empty folder."""
    _write(folder / "masterplan.yaml", _settings())
    for number in range(_AGENCIES):
        _write(folder / "agencies" / f"dinas-{number:02}.yaml", _agency(number))
    for number, (pillar, terms) in enumerate(PILLARS.items()):
        _write(folder / "pillars" / pillar / "pillar.md", _pillar(number, pillar, terms))
    for number in range(programs):
        _write(folder / "pillars" / f"{_id(number)}.md", _program(number, programs))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _id(number: int) -> str:
    """Programs go round the pillars, so that every size has all of them."""
    return f"{list(PILLARS)[number % 6]}/program-{number // 6:05}"


def _settings() -> str:
    return """\
title: Masterplan Kota Uji 2022–2031
region: {name: Kota Uji, kind: kota, head: Wali Kota Uji}
period: 2022-2031
phases:
  - {title: Jangka pendek, period: 2022-2023}
  - {title: Jangka menengah, period: 2024-2026}
  - {title: Jangka panjang, period: 2027-2031}
coordinator: dinas-00
vision: Kota yang melayani.
rules:
  MP107: {severity: off, reason: ukuran uji}
  MP108: {severity: off, reason: ukuran uji}
  MP109: {severity: off, reason: ukuran uji}
  MP501: {severity: off, reason: ukuran uji}
"""


def _agency(number: int) -> str:
    return f"name: Dinas Uji {number:02}\nshort: Dinas {number:02}\nkind: dinas\nhead: Kepala Dinas Uji {number:02}\n"


def _pillar(number: int, pillar: str, terms: tuple[str, ...]) -> str:
    measure = _indicator(random.Random(number), 0).replace("\n", "\n    ").rstrip(" ")
    goals = "".join(
        f"  - title: Sasaran {term} tercapai\n    subdimension: {term}\n    indicators:\n    {measure}"
        for term in terms
    )
    return f"---\nowner: dinas-{number:02}\nsummary: Ringkasan {pillar}.\ngoals:\n{goals}---\n\n{_prose(number, 60)}\n"


def _program(number: int, programs: int) -> str:
    draw = random.Random(number)
    pillar = list(PILLARS)[number % 6]
    owner = number % _AGENCIES
    needs = sorted(map(_id, draw.sample(range(number), 2))) if number > 1 else []
    budget = "".join(
        f"  - year: {year}\n    amount: {draw.randrange(50, 900) * 10_000_000}\n    source: APBD Kota\n"
        for year in range(2022, 2032)
    )
    return (
        f"---\ntitle: Program uji nomor {number} dari {programs}\nsubdimension: {PILLARS[pillar][number // 6 % 3]}\n"
        f"owner: dinas-{owner:02}\nsupporting: [dinas-{(owner + 7) % 30:02}, dinas-{(owner + 13) % 30:02}]\n"
        f"period: 2022-2031\nquick_win: {'Ya' if number < 6 else 'Tidak'}\ndepends_on: [{', '.join(needs)}]\n"
        f"indicators:\n{''.join(_indicator(draw, n) for n in range(3))}budget:\n{budget}---\n\n"
        f"## Latar belakang\n\n{_prose(number, 90)}\n\n## Uraian\n\n{_prose(number + 1, 110)}\n\n"
        f"- {_prose(number + 2, 12)}\n- {_prose(number + 3, 12)}\n\n"
        f"| Tahap | Isi |\n| --- | --- |\n| satu | {_prose(number + 4, 6)} |\n| dua | {_prose(number + 5, 6)} |\n\n"
        f"Lihat [](../{_id(number // 2)}.md) dan **{_prose(number + 6, 3)}**.\n\n"
        f"## Keberlanjutan\n\n{_prose(number + 7, 30)}\n"
    )


def _indicator(draw: random.Random, number: int) -> str:
    start = draw.randrange(10, 50)
    targets = ", ".join(f"{year}: {start + (year - 2021) * 4}" for year in range(2022, 2032))
    return (
        f"  - name: Ukuran {number + 1}\n    unit: persen\n    direction: naik\n"
        f"    baseline: {{value: {start}, year: 2021, source: Survei uji}}\n    targets: {{{targets}}}\n"
    )


def _prose(seed: int, words: int) -> str:
    draw = random.Random(seed * 1000 + words)
    return " ".join(draw.choice(_WORDS) for _ in range(words)).capitalize() + "."
