"""A plan with the oddities of a regency's real budget: many agencies and funds, few titles for many programs, long ones."""

from __future__ import annotations

import random
from pathlib import Path

from plans import PILLARS, _prose, _settings, _write

AGENCIES, FUNDS = 97, 29
#: So many of a hundred programs share a title with others; of the rest, every third title is as long as it may be.
_SHARED, _TITLES, _LONG = 75, 95, 250


def write_regency(folder: Path, programs: int) -> None:
    """A plan of so many programs in an empty folder: 97 agencies, 29 funds, three quarters of equal titles."""
    funds = "".join(f"  - Dana Uji {number:02}\n" for number in range(FUNDS))
    _write(
        folder / "masterplan.yaml", f"{_settings().replace('dinas-00', 'unit-00')}funding_sources:\n{funds}"
    )
    for number in range(AGENCIES):
        _write(folder / "agencies" / f"unit-{number:02}.yaml", _agency(number))
    for number, pillar in enumerate(PILLARS):
        _write(
            folder / "pillars" / pillar / "pillar.md",
            f"---\nowner: unit-{number:02}\nsummary: Ringkasan {pillar}.\n---\n",
        )
    for number in range(programs):
        pillar = list(PILLARS)[number % len(PILLARS)]
        _write(folder / "pillars" / pillar / f"kegiatan-{number:05}.md", _program(number, pillar))


def _agency(number: int) -> str:
    kind = ("dinas", "kecamatan", "puskesmas")[number % 3]
    name = f"{kind.capitalize()} Uji {_prose(number, 3).rstrip('.')} {number:02}"
    return f"name: {name}\nkind: {kind}\nhead: Kepala {name}\n"


def _title(number: int) -> str:
    if number % 100 < _SHARED:
        return f"Penyediaan {_prose(number % _TITLES, 4).rstrip('.').lower()}"
    words = _prose(number, 60 if number % 3 else 8).rstrip(".")
    return f"{words[: _LONG - 6].rsplit(' ', 1)[0]} {number:05}"


def _program(number: int, pillar: str) -> str:
    draw = random.Random(number)
    years = draw.sample(range(2022, 2032), draw.randint(1, 3))
    budget = "".join(
        f"  - year: {year}\n    amount: {draw.randrange(1, 90_000) * 100_000}\n"
        f"    source: Dana Uji {min(draw.randrange(FUNDS), draw.randrange(FUNDS)):02}\n"
        for year in sorted(years)
    )
    return (
        f"---\ntitle: {_title(number)}\nsubdimension: {PILLARS[pillar][number // 6 % 3]}\n"
        f"owner: unit-{number % AGENCIES:02}\nperiod: {min(years)}-{max(years)}\n"
        f'codes:\n  - code: "2.16.{number // 99 + 1:02}.2.{number % 99 + 1:02}.{number:04}"\n'
        f"    nomenclature: Nomenklatur uji\n"
        f"indicators:\n  - name: Jumlah dokumen\n    unit: dokumen\n    direction: naik\n"
        f"    targets: {{{min(years)}: {draw.randint(1, 90)}}}\n"
        f"budget:\n{budget}---\n\n{_prose(number, 12)}\n"
    )
