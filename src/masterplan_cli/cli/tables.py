"""`masterplan import --from`: what the options for tables of other systems ask for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn

import typer

from masterplan_cli.cli.console import fail

if TYPE_CHECKING:
    from masterplan_cli.checking import Checked
    from masterplan_cli.importing import Imported
    from masterplan_cli.messages import Language

SourceOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Tabel dari sistem lain: sipd, atau table dengan --map. (Tables of another system.)",
        metavar="sipd|table",
    ),
]
MapOption = Annotated[
    Path | None,
    typer.Option("--map", help="Pemetaan kolom tabel itu. (The mapping of its columns.)", metavar="MAP.yaml"),
]
LevelOption = Annotated[
    str | None,
    typer.Option(
        "--level",
        help="Yang menjadi program: program, kegiatan, atau sub-kegiatan. (The level that becomes a program.)",
        metavar="LEVEL",
    ),
]
YearOption = Annotated[
    str | None,
    typer.Option(
        "--year", help="Tahun baris yang tidak menyebutnya. (Of rows that name none.)", metavar="YEAR"
    ),
]
OfficeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--agency",
        help="Hanya perangkat daerah ini; boleh diulang. (Only this agency; may be repeated.)",
        metavar="ID",
    ),
]
AffairOption = Annotated[
    list[str] | None,
    typer.Option(
        "--affair",
        help="Hanya bidang urusan ini, misalnya 2.16; boleh diulang. (Only this affair; may be repeated.)",
        metavar="CODE",
    ),
]
CodeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--code",
        help="Hanya kode yang berawal begini; boleh diulang. (Only codes that begin so; may be repeated.)",
        metavar="CODE",
    ),
]
LeastOption = Annotated[
    str | None,
    typer.Option(
        "--least", help='Jumlah paling kecil, misalnya "1 miliar". (The least amount.)', metavar="AMOUNT"
    ),
]


class TableRequest(NamedTuple):
    """The options as they were given."""

    source: str | None = None
    map: Path | None = None
    level: str | None = None
    year: str | None = None
    agencies: list[str] | None = None
    affairs: list[str] | None = None
    codes: list[str] | None = None
    least: str | None = None


def import_asked(checked: "Checked", files: list[Path], asked: TableRequest) -> "Imported":
    """What tables of another system change in a plan."""
    from masterplan_cli.tables.importing import TableChoice, import_tables
    from masterplan_cli.tables.mapping import shipped_maps

    name = asked.source or "table"
    known = [*shipped_maps(), "table"]
    if name not in known:
        said = ", ".join(known)
        fail(
            f"--from `{name}` tidak dikenal; pilih: {said}",
            f"--from `{name}` is not known; choose: {said}",
            checked.language,
        )
    if name == "table" and asked.map is None:
        fail_without_map(checked.language)
    base = "" if name == "table" else name
    return import_tables(checked, files, TableChoice(base, asked.map, _wanted(checked, asked)))


def fail_without_map(language: "Language") -> NoReturn:
    """Say that a table is read by a mapping."""
    fail(
        "tabel memerlukan `--from sipd`, atau `--from table --map MAP.yaml`: docs/import.md",
        "tables need `--from sipd`, or `--from table --map MAP.yaml`: docs/import.md",
        language,
    )


def _wanted(checked: "Checked", asked: TableRequest) -> dict[str, Any]:
    """What the options ask for, as a mapping says it."""
    from masterplan_cli.tables.mapping import LEVEL
    from masterplan_cli.values import BadValue, read_rupiah, read_year

    for option, read in (("level", LEVEL.read), ("year", read_year), ("least", read_rupiah)):
        said = getattr(asked, option)
        try:
            if said is not None:
                read(said)
        except BadValue:
            fail(
                f"--{option} `{said}` tidak terbaca",
                f"--{option} `{said}` does not read",
                checked.language,
            )
    select = {key: getattr(asked, key) for key in ("agencies", "affairs", "codes", "least")}
    made = {
        "level": asked.level,
        "year": asked.year,
        "select": {key: said for key, said in select.items() if said},
    }
    agencies = asked.agencies or []
    return made | ({"agency": agencies[0]} if len(agencies) == 1 else {})
