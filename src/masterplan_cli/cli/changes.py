"""`masterplan diff`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from masterplan_cli.cli.console import fail, in_colour, put, say, spoken, text_width
from masterplan_cli.cli.options import ChangesForm, LangOption, OnlyAgencyOption, OnlyPillarOption
from masterplan_cli.cli.plans import asked, root_of, save, store

if TYPE_CHECKING:
    from masterplan_cli.changes import Comparison, State
    from masterplan_cli.messages import Language

_State = Annotated[
    str | None,
    typer.Argument(help="Keadaan lama: revisi git, folder, atau masterplan.json; biasanya tag terakhir. "
    "(Older state: a git revision, a folder or a masterplan.json; else the last tag.)", metavar="[A]"),
]  # fmt: skip
_NewState = Annotated[
    str | None,
    typer.Argument(help="Keadaan baru; biasanya berkas sekarang. (Newer state; else the files as they are.)", metavar="[B]"),
]  # fmt: skip


def diff(
    before: _State = None,
    after: _NewState = None,
    agency: OnlyAgencyOption = None,
    pillar: OnlyPillarOption = None,
    money: Annotated[bool, typer.Option("--money", help="Hanya anggaran. (Budgets only.)")] = False,
    to: Annotated[
        ChangesForm, typer.Option("--to", help="Bentuk keluaran. (Form of the output.)")
    ] = ChangesForm.text,
    out: Annotated[
        Path | None, typer.Option("--out", help="Berkas hasil. (Output file.)", metavar="FILE")
    ] = None,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="Kode keluar 1 bila ada yang berubah. (Exit with 1 on changes.)"),
    ] = False,
    path: Annotated[Path, typer.Option("--path", help="Folder rencana. (Folder of the plan.)")] = Path(),
    lang: LangOption = None,
) -> None:
    """Tell what changed between two states of the plan."""
    from masterplan_cli.changes import NotRead, compare, read_states
    from masterplan_cli.report import report

    root = root_of(path, lang)
    states = read_states(root, before, after, spoken(lang), store(path, lang))
    if isinstance(states, NotRead):
        if states.finding is None:
            fail(states.sentence, states.sentence, spoken(lang))
        put(report([states.finding], "full", spoken(lang)), report=False)
        raise typer.Exit(2)
    language = asked(lang) or states[1].language
    for state in states:
        _say_unread(state, language)
    found = compare(*states)
    found = found.narrowed(
        _known(found, "agency", agency, language), _known(found, "pillar", pillar, language), money=money
    )
    text = _text(found, to, language, colour=out is None and in_colour())
    if out:
        save(out, text.encode("utf-8"), out.parent, language)
    else:
        put(text)
    if exit_code and found.changes:
        raise typer.Exit(1)


def _text(found: "Comparison", to: ChangesForm, language: "Language", *, colour: bool) -> str:
    from masterplan_cli.changes.data import comparison_json
    from masterplan_cli.changes.screen import comparison_markdown, comparison_text

    if to is ChangesForm.json:
        return comparison_json(found)
    if to is ChangesForm.md:
        return comparison_markdown(found, language)
    return comparison_text(found, language, text_width(), colour=colour)


def _say_unread(state: "State", language: "Language") -> None:
    """Say of which files something did not read."""
    from masterplan_cli.terminal import shown

    if state.unread:
        paths = [f"`{shown(path)}`" for path in sorted(state.unread)]
        rest = len(paths) - _MOST
        names = ", ".join(paths[:_MOST])
        say(
            f"masterplan: {shown(state.name)}: sebagian isi tidak terbaca dan dibandingkan sejauh terbaca: {names}"
            + (f" dan {rest} berkas lagi" if rest > 0 else ""),
            f"masterplan: {shown(state.name)}: a part does not read and is compared as far as it does: {names}"
            + (f" and {rest} more files" if rest > 0 else ""),
            language,
        )


#: So many files are named.
_MOST = 5


def _known(found: "Comparison", kind: str, asked_for: str | None, language: "Language") -> str | None:
    """The id of an agency or a pillar that is called by its id or its name; an unknown one is wrong use."""
    if asked_for is None:
        return None
    records = [*found.before.of_kind(kind), *found.after.of_kind(kind)]
    named = [(name, one.id) for one in records for name in (one.data.get("short"), one.title, one.id)]
    ids = {name.casefold(): id_ for name, id_ in named if name}
    return ids.get(asked_for.casefold()) or _unknown(kind, asked_for, [one.id for one in records], language)


def _unknown(kind: str, asked_for: str, ids: list[str], language: "Language") -> NoReturn:
    from masterplan_cli.suggestions import suggest
    from masterplan_cli.terminal import shown

    guess = suggest(asked_for, ids)
    indonesian, english = {"agency": ("perangkat daerah", "agency"), "pillar": ("pilar", "pillar")}[kind]
    fail(
        f"{indonesian} `{shown(asked_for)}` tidak ada di kedua keadaan"
        + (f"; mungkin maksudnya `{shown(guess)}`?" if guess else ""),
        f"there is no {english} `{shown(asked_for)}` in either state"
        + (f"; did you mean `{shown(guess)}`?" if guess else ""),
        language,
    )
