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


class StatusForm(StrEnum):
    """Form of the status."""

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


PathArgument = Annotated[
    Path,
    typer.Argument(help="Folder rencana, atau folder di dalamnya. (Folder of the plan.)", metavar="[PATH]"),
]


LangOption = Annotated[Lang | None, typer.Option("--lang", help="Bahasa pesan. (Language of messages.)")]

NoCacheOption = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        help="Kerjakan semuanya dari awal; hasilnya sama. (Do all work anew; the result is the same.)",
    ),
]
