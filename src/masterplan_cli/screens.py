"""The tasks and the status of a plan, as people and programs read them: text for a terminal, Markdown, JSON."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from masterplan_cli.diagnostics import HELP_WORD
from masterplan_cli.messages import LABELS, Both, Language
from masterplan_cli.tasks import Cell, Level, Row, Share, Task, Work
from masterplan_cli.terminal import escaped_json, no_command, shown

TASKS_FORMAT, STATUS_FORMAT, VERSION = "masterplan-tasks", "masterplan-status", 1

_COLOURS = {Level.ERROR: "1;31", Level.WARNING: "1;33", Level.GAP: "1;36"}
_GENERAL = Both("umum", "general")
_NOTHING = Both("tidak ada tugas", "nothing to do")
_ALL_DONE = Both("Tidak ada tugas: rencana lengkap.", "Nothing to do: the plan is complete.")
_WHO = Both("Siapa yang harus bertindak", "Who must act")
_DONE = Both("Tanpa tugas: {names}", "Nothing to do: {names}")
_ONE = Both(
    "Satu perangkat daerah saja: masterplan tasks --agency {id}",
    "One agency alone: masterplan tasks --agency {id}",
)
_NOBODY = Both(
    "Isi `coordinator:` di masterplan.yaml agar ada yang menanganinya.",
    "Fill in `coordinator:` in masterplan.yaml, so that somebody takes care.",
)
_PLEASE = Both("Mohon diselesaikan untuk {title}:", "Please complete for {title}:")
_TITLE = Both("Yang harus diselesaikan: {title}", "What remains to be done: {title}")
_STATUS = Both("Kelengkapan {title}", "Completeness of {title}")
_FILLED = Both(
    "Terisi {done} dari {asked} bagian ({percent}).", "{done} of {asked} parts are there ({percent})."
)
_LEGEND = Both(
    "P/U pengampu pilar/program; – tidak ada yang diminta; Err error; Per peringatan",
    "P/U owns the pillar/programs; – nothing is asked; Err errors; Wrn warnings",
)
_NEXT = Both("Rinciannya: masterplan tasks", "In detail: masterplan tasks")
#: The heads of the narrow columns that count findings.
_NARROW = {Level.ERROR: Both("Err", "Err"), Level.WARNING: Both("Per", "Wrn")}

Paint = Callable[[str, str], str]


def painter(colour: bool) -> Paint:
    """What colours a text, or leaves it as it is."""
    return (lambda text, code: f"\x1b[{code}m{text}\x1b[0m") if colour else (lambda text, _: text)


# --- words both share


def row_name(row: Row, language: Language) -> str:
    """The agency's name and its id; who nobody is has a name as well."""
    if row.agency is None:
        return LABELS["status.nobody"].of(language)
    return shown(f"{row.agency.name} ({row.agency.id})")


def task_name(task: Task) -> str:
    """What a task is about: its name, then its id; the file for what has no name."""
    return shown(f"{task.node.title} ({task.node.id})" if task.node else task.path)


def _place(task: Task) -> str:
    return shown(f"{task.path}:{task.line}" if task.line else task.path)


def _counts(row: Row, language: Language) -> str:
    counts = [(level, row.count(level)) for level in Level]
    return ", ".join(f"{level.word(language)}: {n}" for level, n in counts if n) or _NOTHING.of(language)


def _pillar_counts(work: Work, row: Row, language: Language) -> str:
    return ", ".join(
        f"{shown(pillar.title) if pillar else _GENERAL.of(language)} {n}" for pillar, n in work.by_pillar(row)
    )


#: So many tasks of each agency are listed where those of all are asked for.
_FEW = 10
_REST = Both(
    "dan {count} tugas lagi: masterplan tasks --agency {id}",
    "and {count} more: masterplan tasks --agency {id}",
)
_REST_OF_NOBODY = Both("dan {count} tugas lagi", "and {count} more")

# --- tasks as a message

#: A message that is read on a telephone without scrolling.
_MESSAGE = 700
_GREETING = Both(
    "*{agency}*: yang perlu dilengkapi di {title}\n{counts}\n",
    "*{agency}*: what {title} still needs\n{counts}\n",
)
_COMPLETE = Both("lengkapi {part}", "complete: {part}")
_FURTHER = Both("… dan {count} lagi.", "… and {count} more.")


def tasks_messages(work: Work, only: Row | None, language: Language) -> str:
    """A message for each agency, each of fewer than 700 characters and in plain words, a line of dashes between them."""
    rows = [only] if only else [row for row in work.urgent if row.agency]
    return "\n-----\n".join(_message(work, row, language) for row in rows)


def _message(work: Work, row: Row, language: Language) -> str:
    name = row.agency.short if row.agency else LABELS["status.nobody"].of(language)
    title = clipped(shown(work.plan.settings.title), 80)
    text = _GREETING.of(language).format(
        agency=clipped(shown(name), 80), title=title, counts=_counts(row, language)
    )
    for place, task in enumerate(row.tasks):
        line = f"{place + 1}. {clipped(_in_plain_words(task, language), 160)}\n"
        further = _FURTHER.of(language).format(count=len(row.tasks) - place)
        if len(text) + len(line) + len(further) + 8 > _MESSAGE:
            return f"{text}{further}\n"
        text += line
    return text


def _in_plain_words(task: Task, language: Language) -> str:
    """What is to be done, without codes and marks that a telephone would show."""
    about = task.node.title if task.node else task.path
    said = _COMPLETE.of(language).format(part=task.label) if task.level is Level.GAP else task.message
    pieces = shown(f"{about}: {said}").split("`")
    quoted = "".join(f"“{piece}”" if n % 2 else piece for n, piece in enumerate(pieces))
    return quoted.replace("*", "").replace("_", " ")


# --- tasks on a terminal


def tasks_text(work: Work, only: Row | None, language: Language, width: int, *, colour: bool = False) -> str:
    """The tasks of one agency; or the first of all, most urgent first, with a table of who must act at the end."""
    paint = painter(colour)
    rows = [only] if only else work.urgent
    parts = [_group(work, row, language, width, paint, most=None if only else _FEW) for row in rows]
    if only is None:
        parts.append(_ranking(work, language, width, paint))
    return "\n".join(parts)


def _group(work: Work, row: Row, language: Language, width: int, paint: Paint, most: int | None) -> str:
    out = [paint(line, "1") for line in wrapped(row_name(row, language), width)]
    out += wrapped(_counts(row, language), width, "  ")
    if row.tasks:
        out += wrapped(_pillar_counts(work, row, language), width, "  ")
    if row.agency is None:
        out += wrapped(_NOBODY.of(language), width, "  ")
    for (level, name), tasks in groupby(row.tasks[:most], key=lambda t: (t.level, task_name(t))):
        word = level.word(language)
        first, *rest = wrapped(f"{word}: {name}", width, "  ", "    ")
        out += ["", first.replace(word, paint(word, _COLOURS[level]), 1), *rest]
        listed = list(tasks)
        out += _gaps(listed, width) if level is Level.GAP else _findings(listed, language, width)
    if most is not None and len(row.tasks) > most:
        id_ = row.agency.id if row.agency else None
        text = (_REST if id_ else _REST_OF_NOBODY).of(language)
        out += ["", *wrapped(text.format(count=len(row.tasks) - most, id=id_), width, "  ")]
    return "\n".join(out) + "\n"


def _findings(tasks: list[Task], language: Language, width: int) -> Iterator[str]:
    for task in tasks:
        yield f"    {_place(task)} [{task.code}]"
        yield from wrapped(shown(task.message), width, "      ")
        yield from wrapped(f"{HELP_WORD.of(language)}: {shown(task.help)}", width, "      ", "        ")


def _gaps(tasks: list[Task], width: int) -> Iterator[str]:
    yield f"    {_place(tasks[0])}"
    for task in tasks:
        yield from wrapped(f"- {shown(task.label)}: {shown(task.help)}", width, "      ", "        ")


def _ranking(work: Work, language: Language, width: int, paint: Paint) -> str:
    """Who must act: a line for each agency."""
    rows = work.urgent
    if not rows:
        return _ALL_DONE.of(language) + "\n"
    heads = [level.word(language) for level in Level]
    space = width - sum(len(head) + 2 for head in heads)
    lines = [(clipped(_WHO.of(language), space), heads)]
    lines += [(_name_in(row, language, space), [str(row.count(level)) for level in Level]) for row in rows]
    lines.append((LABELS["total"].of(language), [str(sum(r.count(level) for r in rows)) for level in Level]))
    out = [
        padded(name, space)
        + "".join(cell.rjust(len(head) + 2) for cell, head in zip(cells, heads, strict=True))
        for name, cells in lines
    ]
    out[0], out[-1] = paint(out[0], "1"), paint(out[-1], "1")
    done = ", ".join(shown(row.agency.short) for row in work.rows if row.agency and not row.tasks)
    out += wrapped(_DONE.of(language).format(names=done), width) if done else []
    if rows[0].agency:
        out += ["", *wrapped(_ONE.of(language).format(id=rows[0].agency.id), width)]
    return "\n".join(out) + "\n"


def _name_in(row: Row, language: Language, space: int) -> str:
    """The agency's name cut to leave room for its id, which `--agency` asks for."""
    if row.agency is None:
        return clipped(row_name(row, language), space)
    id_ = f" ({row.agency.id})"
    return clipped(shown(row.agency.name), max(1, space - len(id_))) + id_


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """The lines of a text, safe for systems that take a line's beginning for a command."""
    lines = textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=first if rest is None else rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [*lines[:1], *map(no_command, lines[1:])]


# --- the status on a terminal


def status_text(work: Work, language: Language, width: int, *, colour: bool = False) -> str:
    """The matrix of agencies and pillars, cut into several where the terminal is too narrow for one."""
    paint = painter(colour)
    out = [
        paint(line, "1")
        for line in wrapped(_STATUS.of(language).format(title=shown(work.plan.settings.title)), width)
    ]
    out += [*wrapped(_filled(work.total, language), width), ""]
    if not work.rows or not work.plan.pillars:
        return "\n".join([*out, LABELS["status.none"].of(language)]) + "\n"
    for table in _matrix(work, language, width, paint):
        out += [*table, ""]
    out += wrapped(_LEGEND.of(language), width)
    out += wrapped(_NEXT.of(language), width)
    return "\n".join(out) + "\n"


def _filled(share: Share, language: Language) -> str:
    return _FILLED.of(language).format(done=share.done, asked=share.asked, percent=percent(share))


def percent(share: Share) -> str:
    """A share as it is printed; nothing asked is a dash."""
    return "–" if share.percent is None else f"{share.percent}%"


def _short(row: Row, language: Language) -> str:
    return shown(row.agency.short) if row.agency else LABELS["status.nobody"].of(language)


#: How wide the column of a pillar is, and between what the column of names may vary.
_CELL, _LEAST, _MOST = 7, 18, 28


@dataclass(frozen=True)
class _Column:
    """A column of the matrix: its head, a text for each agency with its colour, and the sum below."""

    head: str
    cells: list[tuple[str, str]]
    total: str
    least: int = 0

    @property
    def width(self) -> int:
        return max(
            self.least,
            *(width_of(text) for text in (self.head, self.total, *(text for text, _ in self.cells))),
        )


def _matrix(work: Work, language: Language, width: int, paint: Paint) -> Iterator[list[str]]:
    """The lines of each table: as many pillars as fit beside the names; the sums stand in the last."""
    pillars, sums = _pillar_columns(work), _sum_columns(work, language)
    spare = width - _room(pillars + sums)
    label = min(_MOST, spare) if spare >= _LEAST else _LEAST
    names = _distinct([_short(row, language) for row in work.rows], work, label)
    for table in _tables(pillars, sums, width - label):
        heads = [padded(column.head, column.width, right=True) for column in table]
        totals = [column.total.rjust(column.width) for column in table]
        body = [[_painted(column, index, paint) for column in table] for index in range(len(names))]
        yield [
            paint(_line(LABELS["agency"].of(language), label, heads), "1"),
            *(_line(name, label, cells) for name, cells in zip(names, body, strict=True)),
            paint(_line(LABELS["status.all"].of(language), label, totals), "1"),
        ]


def _line(name: str, label: int, cells: Iterable[str]) -> str:
    return " ".join([padded(clipped(name, label), label), *cells]).rstrip()


def _painted(column: _Column, index: int, paint: Paint) -> str:
    text, code = column.cells[index]
    cell = " " * (column.width - width_of(text)) + text
    return paint(cell, code) if code else cell


def _tables(pillars: list[_Column], sums: list[_Column], room: int) -> list[list[_Column]]:
    """The columns in as few tables of equal size as fit into `room`; the sums end the last."""
    for count in range(1, len(pillars) + 1):
        size = -(-len(pillars) // count)
        tables = [pillars[start : start + size] for start in range(0, len(pillars), size)]
        tables[-1] = tables[-1] + sums
        if all(_room(table) <= room for table in tables):
            break
    return tables


def _room(columns: list[_Column]) -> int:
    return sum(1 + column.width for column in columns)


def _pillar_columns(work: Work) -> list[_Column]:
    heads = short_names([shown(pillar.title) for pillar in work.plan.pillars], _CELL)
    return [
        _Column(head, [_cell(row.cells[i]) for row in work.rows], percent(work.totals[i]), _CELL)
        for i, head in enumerate(heads)
    ]


def _cell(cell: Cell) -> tuple[str, str]:
    return f"{cell.marks} {percent(cell.share)}".strip(), _colour_of(cell.share)


def _colour_of(share: Share) -> str:
    """Green for all, yellow for half or more, red for less; the number says the same."""
    value = share.percent
    return "" if value is None else "32" if value == 100 else "33" if value >= 50 else "31"


def _sum_columns(work: Work, language: Language) -> list[_Column]:
    shares = [(percent(row.share), _colour_of(row.share)) for row in work.rows]
    columns = [_Column(LABELS["status.all"].of(language), shares, percent(work.total))]
    for level, head in _NARROW.items():
        counts = [row.count(level) for row in work.rows]
        cells = [(str(n), _COLOURS[level]) if n else ("–", "") for n in counts]
        columns.append(_Column(head.of(language), cells, str(sum(counts))))
    return columns


def short_names(names: list[str], width: int) -> list[str]:
    """Heads for narrow columns: without the words that all of them begin with, cut to `width`, all different."""
    words = [name.split() for name in names]
    common = 0
    while (
        len(names) > 1
        and all(len(w) > common + 1 for w in words)
        and len({w[common].casefold() for w in words}) == 1
    ):
        common += 1
    rest = [" ".join(w[common:]) for w in words]
    cut = [clipped(name, width) for name in rest]
    cut = [text if cut.count(text) == 1 else _middle(rest[i], width) for i, text in enumerate(cut)]
    return [
        text if cut.count(text) == 1 else clipped(rest[i], width - len(str(i + 1))) + str(i + 1)
        for i, text in enumerate(cut)
    ]


def _middle(text: str, width: int) -> str:
    """The beginning and the end of a text, for names that begin alike."""
    if width_of(text) <= width:
        return text
    begin = clipped(text, width // 2 + 1)
    end = text
    while width_of(begin + end) > width:
        end = end[1:]
    return begin + end


def _distinct(names: list[str], work: Work, width: int) -> list[str]:
    """The names, or the ids of those whose names look alike when they are cut; what tells two ids apart stands at their end."""
    cut = Counter(clipped(name, width) for name in names)
    return [
        _middle(row.agency.id, width) if row.agency and cut[clipped(name, width)] > 1 else name
        for name, row in zip(names, work.rows, strict=True)
    ]


def _columns(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_columns, text))


def clipped(text: str, width: int) -> str:
    """The text in at most `width` columns, with an ellipsis where it was cut."""
    if width_of(text) <= width:
        return text
    while text and width_of(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text with blanks behind it, or before it, so that it takes so many columns."""
    space = " " * (width - width_of(text))
    return space + text if right else text + space


# --- Markdown


def tasks_markdown(work: Work, only: Row | None, language: Language) -> str:
    """A message to paste for each agency: a list of boxes to tick."""
    title = markdown_text(work.plan.settings.title)
    out = [] if only else [f"# {_TITLE.of(language).format(title=title)}", ""]
    for row in [only] if only else work.urgent:
        out += [f"## {markdown_text(row_name(row, language))}", "", f"{_counts(row, language)}.", ""]
        if row.tasks:
            out += [
                _PLEASE.of(language).format(title=title),
                "",
                *(_box(task, language) for task in row.tasks),
                "",
            ]
    if not only and not work.urgent:
        out.append(_ALL_DONE.of(language))
    return "\n".join(out).rstrip() + "\n"


def _box(task: Task, language: Language) -> str:
    what = task.label or task.message
    where = f"`{_place(task).replace('`', '')}`" + (f", {task.code}" if task.code else "")
    return (
        f"- [ ] **{task.level.word(language)}** – {markdown_text(task_name(task))}: "
        f"{markdown_text(what)} → {markdown_text(task.help)} ({where})"
    )


def markdown_text(text: str) -> str:
    """A sentence that shows its characters anywhere; what stands between backticks stays code."""
    pieces = " ".join(shown(text).split()).split("`")
    if len(pieces) % 2 == 0:
        return re.sub(r"([\\`*_\[\]<>|~#&])", r"\\\1", "`".join(pieces))
    return "`".join(p if i % 2 else re.sub(r"([\\*_\[\]<>|~#&])", r"\\\1", p) for i, p in enumerate(pieces))


def status_markdown(work: Work, language: Language) -> str:
    """The matrix as a table of GitHub-flavoured Markdown."""
    pillars = [markdown_text(pillar.title) for pillar in work.plan.pillars]
    levels = [level.word(language) for level in Level]
    head = [LABELS["agency"].of(language), *pillars, LABELS["status.all"].of(language), *levels]
    rows = [head, ["---", *("---:" for _ in head[1:])]]
    for row in work.rows:
        cells = [f"{cell.marks} {percent(cell.share)}".strip() for cell in row.cells]
        rows.append(
            [
                markdown_text(row_name(row, language)),
                *cells,
                percent(row.share),
                *(str(row.count(lv)) for lv in Level),
            ]
        )
    sums = [str(sum(row.count(level) for row in work.rows)) for level in Level]
    rows.append([LABELS["status.all"].of(language), *map(percent, work.totals), percent(work.total), *sums])
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    title = _STATUS.of(language).format(title=markdown_text(work.plan.settings.title))
    return f"# {title}\n\n{_filled(work.total, language)}\n\n{table}\n\n{LABELS['status.key'].of(language)}\n"


# --- JSON


def tasks_json(work: Work, only: Row | None) -> str:
    """The tasks as data, versioned: a field never changes its meaning."""
    rows = [only] if only else sorted(work.rows, key=lambda row: row.urgency)
    return _json(
        TASKS_FORMAT,
        work,
        {
            "agencies": [
                {**_agency(row), **_counted(row), "tasks": [_task(t) for t in row.tasks]} for row in rows
            ]
        },
    )


def status_json(work: Work) -> str:
    """The matrix as data, versioned."""
    agencies = [
        {
            **_agency(row),
            **_counted(row),
            "total": _share(row.share),
            "pillars": {
                p.id: {**_share(c.share), "role": c.marks}
                for p, c in zip(work.plan.pillars, row.cells, strict=True)
            },
        }
        for row in work.rows
    ]
    pillars = [
        {"id": p.id, "title": p.title, **_share(s)}
        for p, s in zip(work.plan.pillars, work.totals, strict=True)
    ]
    return _json(STATUS_FORMAT, work, {"total": _share(work.total), "pillars": pillars, "agencies": agencies})


def _json(form: str, work: Work, content: dict[str, object]) -> str:
    head = {"format": form, "version": VERSION, "plan": work.plan.settings.title}
    return escaped_json(json.dumps({**head, **content}, ensure_ascii=False, indent=2)) + "\n"


def _agency(row: Row) -> dict[str, object]:
    return {"id": row.agency.id if row.agency else None, "name": row.agency.name if row.agency else None}


def _counted(row: Row) -> dict[str, object]:
    return {"counts": {str(level): row.count(level) for level in Level}}


def _share(share: Share) -> dict[str, object]:
    return {"done": share.done, "asked": share.asked, "percent": share.percent}


def _task(task: Task) -> dict[str, object]:
    return {
        "level": str(task.level),
        "code": task.code or None,
        "pillar": task.pillar.id if task.pillar else None,
        "about": task.node.id if task.node else None,
        "name": task.node.title if task.node else None,
        "message": task.message,
        "help": task.help,
        "path": task.path,
        "line": task.line,
    }
