"""What the commands' options can be."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Lang(StrEnum):
    """Language of the messages."""

    id = "id"
    en = "en"


class Form(StrEnum):
    """Form of a report."""

    full = "full"
    concise = "concise"
    json = "json"
    json_v1 = "json-v1"
    github = "github"
    gitlab = "gitlab"
    sarif = "sarif"
    junit = "junit"


class System(StrEnum):
    """A CI system."""

    github = "github"
    gitlab = "gitlab"


class TaskForm(StrEnum):
    """Form of the list of tasks."""

    text = "text"
    md = "md"
    json = "json"
    xlsx = "xlsx"
    wa = "wa"


class StatusForm(StrEnum):
    """Form of the status."""

    text = "text"
    md = "md"
    json = "json"


class ChangesForm(StrEnum):
    """Form of a comparison."""

    text = "text"
    md = "md"
    json = "json"


class Kind(StrEnum):
    """Kind of file."""

    masterplan = "masterplan"
    agency = "agency"
    pillar = "pillar"
    program = "program"
    chapter = "chapter"
    findings = "findings"
    changes = "changes"


PathArgument = Annotated[
    Path,
    typer.Argument(help="Folder rencana, atau folder di dalamnya. (Folder of the plan.)", metavar="[PATH]"),
]

LangOption = Annotated[Lang | None, typer.Option("--lang", help="Bahasa pesan. (Language of messages.)")]

# What `form` and `diff` are narrowed to.

OnlyAgencyOption = Annotated[
    str | None,
    typer.Option("--agency", help="Hanya perangkat daerah ini. (This agency alone.)", metavar="ID"),
]
OnlyPillarOption = Annotated[
    str | None, typer.Option("--pillar", help="Hanya pilar ini. (This pillar alone.)", metavar="ID")
]

NoCacheOption = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        help="Kerjakan semuanya dari awal; hasilnya sama. (Do all work anew; the result is the same.)",
    ),
]

UntrustedOption = Annotated[
    bool,
    typer.Option(
        "--untrusted",
        help="Abaikan templates/ milik rencana, misalnya untuk rencana dari fork. "
        "(Ignore the plan's own templates/, as for a plan from a fork.)",
    ),
]

# What `build` and `watch` make, and where.

ToOption = Annotated[
    list[str] | None,
    typer.Option(
        "--to",
        help="Bentuk keluaran: html,pdf,docx,xlsx,md,json; boleh diulang. (Output formats; repeatable.)",
        metavar="LIST",
    ),
]
BookOption = Annotated[
    list[str] | None,
    typer.Option(
        "--book",
        help="Id buku di masterplan.yaml, atau all; boleh diulang. (Book to make, or all; repeatable.)",
        metavar="ID",
    ),
]
AgencyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--agency",
        help="Petikan untuk perangkat daerah ini; boleh diulang. (Excerpt for this agency; repeatable.)",
        metavar="ID",
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder keluaran; biasanya build/. (Output folder.)")
]
DraftOption = Annotated[
    bool,
    typer.Option(
        "--draft",
        help="Susun juga bila masih ada error, dengan daftar kekurangan. (Build despite errors.)",
    ),
]
DateOption = Annotated[
    str | None,
    typer.Option("--date", help="Tanggal di sampul, TTTT-BB-HH. (Date on the cover.)", metavar="DATE"),
]
