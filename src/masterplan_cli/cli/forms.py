"""`masterplan form`: the workbook that an agency fills in."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from masterplan_cli.cli.console import fail, say, short_path, typed
from masterplan_cli.cli.options import LangOption, OnlyAgencyOption, OnlyPillarOption, PathArgument
from masterplan_cli.cli.plans import check_at, known_agency, save, stop_at
from masterplan_cli.messages import Both

if TYPE_CHECKING:
    from masterplan_cli.checking import Checked
    from masterplan_cli.messages import Language
    from masterplan_cli.nodes import Pillar
    from masterplan_cli.plan import Plan

_ENDING = ".xlsx"
_NAME = Both("formulir", "form")


def form(
    path: PathArgument = Path(),
    agency: OnlyAgencyOption = None,
    pillar: OnlyPillarOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Berkas hasil; biasanya build/formulir.xlsx. (Output file.)", metavar="FILE.xlsx"
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Make the workbook that an agency fills in."""
    from masterplan_cli.forms.records import PlanForm
    from masterplan_cli.forms.workbook import write_form

    checked = check_at(path, lang)
    plan, language = plan_of(checked), checked.language
    if out is not None:
        check_name(out, language)
    owner = plan.agencies[known_agency(agency, plan, language)] if agency else None
    only = _pillar(pillar, checked) if pillar else None
    made = write_form(PlanForm(plan, owner, only))
    parts = [_NAME.of(language), *(one.id for one in (owner, only) if one)]
    target = out or checked.project.root / "build" / f"{'-'.join(parts)}{_ENDING}"
    _check_free(target, made, language)
    save(target, made, out.parent if out else checked.project.root, language)
    shown = typed(Path(short_path(target)))
    say(
        f"berikutnya: isi di Excel atau LibreOffice, simpan, lalu jalankan `masterplan import {shown}`",
        f"next: fill it in with Excel or LibreOffice, save it, then run `masterplan import {shown}`",
        language,
    )


def plan_of(checked: "Checked") -> "Plan":
    """The plan; one that cannot be linked ends the program with 1."""
    stop_at([] if checked.plan else checked.diagnostics, checked.language)
    assert checked.plan  # noqa: S101 - a plan without findings is linked
    return checked.plan


def check_name(out: Path, language: "Language") -> None:
    """A name that is no workbook's is wrong use."""
    if out.suffix.lower() != _ENDING:
        fail(
            f"`{short_path(out)}` bukan nama buku kerja; pakai akhiran {_ENDING}",
            f"`{short_path(out)}` is no name of a workbook; let it end in {_ENDING}",
            language,
        )


def _check_free(target: Path, made: bytes, language: "Language") -> None:
    """A form that stands there may be filled in, and is not written over."""
    from masterplan_cli.files import read_file

    with suppress(FileNotFoundError):
        with suppress(OSError):
            if read_file(target, len(made)) == made:
                return
        target.lstat()
        fail(
            f"{short_path(target)} sudah ada dan mungkin sudah diisi; pindahkan, atau pilih nama lain dengan --out",
            f"{short_path(target)} exists already and may be filled in; move it, or choose another name with --out",
            language,
        )


def _pillar(pillar: str, checked: "Checked") -> "Pillar":
    """The pillar of an id or a title; an unknown one is wrong use."""
    from masterplan_cli.terminal import shown
    from masterplan_cli.values import slug

    pillars = plan_of(checked).pillars
    found = next((p for p in pillars if slug(pillar) in (p.id, slug(p.title))), None)
    if found is None:
        known = ", ".join(p.id for p in pillars)
        fail(
            f"pilar `{shown(pillar)}` tidak ada; yang ada: {known}",
            f"there is no pillar `{shown(pillar)}`; there are: {known}",
            checked.language,
        )
    return found
