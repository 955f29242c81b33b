"""The mapping of a table as data: which column is which field, what is left out, and what names stand for in a plan."""

# Annotations are no texts here: Pydantic would have to compile each of them whenever the program starts.
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.file_rules import TOO_LARGE, UNREADABLE
from masterplan_cli.files import MAX_TEXT_BYTES, read_file
from masterplan_cli.messages import Both, reason
from masterplan_cli.project import mebibytes, read_text
from masterplan_cli.rules.imports import UNUSABLE_MAP
from masterplan_cli.schema import Choice, Id, PlainText, Rupiah, Year, YesNo, shape
from masterplan_cli.schema.fields import Group, field
from masterplan_cli.source import Source
from masterplan_cli.taxonomy import Name
from masterplan_cli.yaml_reader import Value, parse_yaml_file

#: What becomes a program of the plan, and how many blocks a code of it has.
LEVEL = Choice(
    program="program", activity="kegiatan,activity", sub_activity="sub-kegiatan,subkegiatan,sub-activity"
)
BLOCKS = {"program": 3, "activity": 5, "sub_activity": 6}
_MOST = 500


def _heads(indonesian: str, english: str) -> Any:
    """A field for the heads that the column of something may have."""
    about = Both(
        "Judul kolomnya, yang paling tepat lebih dahulu; `{year}` dan `{n}` menggantikan tahun dan urutannya.",
        "The heads of its column, the best one first; `{year}` and `{n}` stand for a year and its number.",
    )
    return field(Both(indonesian, english), about, (), max_length=_MOST)


_Heads = tuple[PlainText, ...]


class TableColumns(Group):
    """Kolom tabel: isian dan judulnya. / The columns of a table: fields and their heads."""

    agency: _Heads = _heads("nama perangkat daerah", "name of the agency")
    agency_code: _Heads = _heads("kode perangkat daerah", "code of the agency")
    unit_code: _Heads = _heads("kode unit di bawah perangkat daerah", "code of a unit below the agency")
    code: _Heads = _heads("kode pada tingkat mana pun", "code of any level")
    name: _Heads = _heads("nama kode itu", "name of that code")
    program_code: _Heads = _heads("kode program", "code of the program")
    program: _Heads = _heads("nama program", "name of the program")
    activity_code: _Heads = _heads("kode kegiatan", "code of the activity")
    activity: _Heads = _heads("nama kegiatan", "name of the activity")
    sub_activity_code: _Heads = _heads("kode subkegiatan", "code of the sub-activity")
    sub_activity: _Heads = _heads("nama subkegiatan", "name of the sub-activity")
    year: _Heads = _heads("tahun, atau tanggal di tahun itu", "year, or a date in it")
    amount: _Heads = _heads("jumlah anggaran", "amount of money")
    source: _Heads = _heads("nama sumber dana", "name of the source of funds")
    source_code: _Heads = _heads("kode sumber dana", "code of the source of funds")
    goals: _Heads = _heads("tujuan", "goals")
    beneficiaries: _Heads = _heads("penerima manfaat", "beneficiaries")


class MeasureColumns(Group):
    """Kolom satu indikator. / The columns of an indicator."""

    level: Annotated[str, LEVEL] | None = field(
        Both("tingkat", "level"),
        Both("Milik program, kegiatan, atau subkegiatan; tanpa ini, milik baris itu.", "What it measures."),
        None,
    )
    name: _Heads = _heads("nama indikator", "name of the indicator")
    unit: _Heads = _heads("satuan", "unit")
    target: _Heads = _heads("target", "target")
    baseline: _Heads = _heads("nilai awal", "baseline")


class LeftOutRows(Group):
    """Baris yang tidak diambil. / Rows that are not taken."""

    codes: tuple[PlainText, ...] = field(
        Both("kode", "codes"),
        Both(
            'Kode atau awalnya; `"*.01"` untuk blok ketiga mana pun.',
            'Codes or their beginnings; `"*.01"` in every affair.',
        ),
        (),
        max_length=_MOST,
    )
    reason: Name = field(Both("alasan", "reason"), Both("Tercetak di laporan.", "Printed in the report."))


class RowSelection(Group):
    """Baris yang diambil; isian yang kosong tidak membatasi. / Which rows are taken; what is empty limits nothing."""

    agencies: tuple[PlainText, ...] = field(
        Both("perangkat daerah", "agencies"),
        Both("Id, nama, atau singkatannya.", "Their ids, names or short names."),
        (),
    )
    affairs: tuple[PlainText, ...] = field(
        Both("bidang urusan", "affairs"), Both('Misalnya `"2.16"`.', 'As in `"2.16"`.'), ()
    )
    codes: tuple[PlainText, ...] = field(
        Both("kode", "codes"), Both("Kode atau awalnya.", "Codes or their beginnings."), ()
    )
    least: Rupiah | None = field(
        Both("jumlah paling kecil", "least amount"),
        Both("Dari semua tahun tabel itu bersama-sama.", "Of all years of the tables together."),
        None,
    )


class FundNames(Group):
    """Nama dan kode satu sumber dana. / Names and codes of a source of funds."""

    names: tuple[PlainText, ...] = field(
        Both("nama lain", "other names"), Both("Kata di dalam namanya.", "Words in its name."), ()
    )
    codes: tuple[PlainText, ...] = field(
        Both("kode", "codes"), Both("Awal kodenya.", "Beginnings of its code."), ()
    )


class TableMap(Group):
    """Pemetaan sebuah tabel. / The mapping of a table."""

    base: Id | None = field(
        Both("pemetaan dasar", "mapping to begin with"),
        Both("`sipd`; yang ditulis di sini menggantinya.", "`sipd`; what is said here replaces it."),
        None,
    )
    label: PlainText = field(
        Both("nama sistem asal", "name of the system"),
        Both("Awal keterangan baris anggaran dari sana.", "Begins the notes of budget lines from there."),
        "Impor",
    )
    level: Annotated[str, LEVEL] = field(
        Both("tingkat yang menjadi program", "level that becomes a program"),
        Both("program, kegiatan, atau sub-kegiatan.", "program, activity or sub-activity."),
        "program",
    )
    nomenclature: PlainText | None = field(
        Both("versi nomenklatur", "nomenclature version"),
        Both("Peraturan yang memuat kode-kode itu.", "The regulation that holds the codes."),
        None,
    )
    year: Year | None = field(
        Both("tahun", "year"),
        Both(
            "Tahun baris yang tidak menyebutnya, dan tahun pertama kolom `{n}`.",
            "Of rows that name none, and the first of the columns `{n}`.",
        ),
        None,
    )
    agency: PlainText | None = field(
        Both("perangkat daerah", "agency"),
        Both("Milik baris yang tidak menyebutnya.", "Of rows that name none."),
        None,
    )
    columns: TableColumns = field(
        Both("kolom", "columns"),
        Both("Isian dan judul kolomnya.", "Fields and the heads of their columns."),
        TableColumns(),
    )
    measures: tuple[MeasureColumns, ...] = field(
        Both("indikator", "indicators"),
        Both("Kolom nama, satuan, dan targetnya.", "The columns of their names, units and targets."),
        (),
    )
    fill_down: tuple[Id, ...] = field(
        Both("isian yang ditulis sekali", "fields that are said once"),
        Both("Berlaku sampai baris yang menyebut lagi.", "Valid until a row says another."),
        (),
    )
    left_out: tuple[LeftOutRows, ...] = field(
        Both("baris yang tidak diambil", "rows that are left out"),
        Both("Kode dan alasannya.", "Codes and the reason."),
        (),
    )
    select: RowSelection = field(
        Both("pilihan", "selection"), Both("Baris yang diambil.", "The rows that are taken."), RowSelection()
    )
    pillars: dict[Id, Id] = field(
        Both("pilar menurut kode", "pillars by code"),
        Both(
            'Awal kode, lalu `pilar/subdimensi` atau `pilar`; `"*"` untuk yang lain.',
            'The beginning of a code, then `pillar/sub-dimension` or `pillar`; `"*"` for all others.',
        ),
        {},
    )
    funds: dict[PlainText, FundNames] = field(
        Both("sumber dana", "sources of funds"),
        Both("Sumber di rencana, lalu nama dan kodenya.", "Sources of the plan, with names and codes."),
        {},
    )
    units: dict[PlainText, tuple[PlainText, ...]] = field(
        Both("satuan", "units"),
        Both("Satuan di rencana, lalu ejaan lain.", "Units of the plan, with other spellings."),
        {},
    )
    parents: dict[PlainText, PlainText] = field(
        Both("perangkat daerah induk", "parent agencies"),
        Both("Awal nama unit, lalu nama induknya.", "The beginning of a unit's name, then its parent."),
        {},
    )
    shorts: dict[PlainText, PlainText] = field(
        Both("singkatan", "short names"),
        Both("Nama perangkat daerah, lalu singkatannya.", "Names of agencies with their short ones."),
        {},
    )
    sentence_case: YesNo = field(
        Both("judul dengan huruf kecil", "titles in small letters"),
        Both("Ya mengubah judul yang seluruhnya kapital.", "Yes changes titles in capitals."),
        False,
    )
    abbreviations: tuple[PlainText, ...] = field(
        Both("singkatan di dalam judul", "abbreviations in titles"),
        Both("Tetap kapital.", "They stay in capitals."),
        (),
        max_length=_MOST,
    )


class MapReading(NamedTuple):
    """A mapping, or what is wrong with its file, whose text then stands beside it."""

    map: TableMap | None
    findings: list[Finding]
    source: Source | None = None
    #: The codes whose pillars the file itself says.
    confirmed: frozenset[str] = frozenset()


def shipped_maps() -> dict[str, str]:
    """The text of every mapping that comes with the tool, by name."""
    files = sorted(Path(__file__).parent.glob("*.yaml"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def shipped_map(name: str) -> dict[str, Value]:
    """What a mapping that comes with the tool says."""
    return parse_yaml_file(Source(name, shipped_maps()[name])).value or {}


def read_map(file: Path | None, base: str, wanted: Mapping[str, Any]) -> MapReading:
    """The mapping in a file, or the shipped one of a name; what is `wanted` stands above what they say."""
    own: dict[str, Value] = {}
    source = None
    if file is not None:
        try:
            data = read_file(file, MAX_TEXT_BYTES + 1)
        except OSError as error:
            return MapReading(None, [UNREADABLE.at(Place(file.name), reason=reason(error))])
        if len(data) > MAX_TEXT_BYTES:
            sizes: dict[str, Any] = {"size": mebibytes(len(data)), "limit": mebibytes(MAX_TEXT_BYTES)}
            return MapReading(None, [TOO_LARGE.at(Place(file.name), **sizes)])
        reading = read_text(f"{file.stem}.yaml", data)
        source, own = Source(file.name, reading.source.text), reading.parsed.value or {}
        shaped = shape(TableMap, own, f"{file.stem}.yaml", {})
        if found := [*reading.findings, *shaped.findings]:
            return MapReading(None, found, source)
    name = str(own.get("base") or base)
    if name and name not in shipped_maps():
        place = Place(file.name if file else "", ("base",))
        return MapReading(
            None, [UNUSABLE_MAP.at(place, "base", base=name, known=", ".join(shipped_maps()))], source
        )
    value = _above(_above(shipped_map(name) if name else {}, own), wanted)
    confirmed = frozenset(TableMap.model_validate(own).pillars)
    return MapReading(TableMap.model_validate(value), [], source, confirmed)


def _above(value: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """What one mapping says with what another one says above it; groups are joined, all else is replaced."""
    out = deepcopy(dict(value))
    for key, said in more.items():
        if isinstance(said, dict) and isinstance(out.get(key), dict):
            out[key] = {**out[key], **said}
        elif said is not None:
            out[key] = said
    return out
