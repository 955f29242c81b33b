"""Every mistake: each key and each value of the example plan, broken in every way that a hand can break it.

A mutant counts as caught when a finding stands on the mutated lines, or names what was mutated. It needs none when the
file still says the same. Everything else must be in `LEGAL`, the short list of changes that no reader could notice.

`make test` tries a deterministic share of the mutants; `make study` tries them all.
"""

from __future__ import annotations

import os
import re
import sys
import types
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from conftest import DEEP, REPO
from masterplan_cli import project as project_module
from masterplan_cli import schema
from masterplan_cli.checking import diagnose
from masterplan_cli.diagnostics import Diagnostic
from masterplan_cli.files import PLAN_FILE
from masterplan_cli.linking import link
from masterplan_cli.messages import Language
from masterplan_cli.plan import Plan
from masterplan_cli.project import Project, read_project
from masterplan_cli.rules import check_node, check_whole
from masterplan_cli.schema.labels import field_label, fields_at
from masterplan_cli.schema.words import words_for
from masterplan_cli.source import Route, Source, Span
from masterplan_cli.yaml_reader import Value

#: One mutant of so many is tried by `make test`, one of thirty-two by `make test-deep`; 1 tries them all. Many are shared by all cores.
SHARE, PARTS = int(os.environ.get("MASTERPLAN_STUDY", "2048")), 4 if DEEP else 1

# --- what stands where ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """One key or list item of a file, with its value and the lines it takes."""

    path: str
    route: Route
    key: Span | None
    value: Span
    content: Value
    last: int
    source: Source
    flow: bool

    @property
    def name(self) -> str:
        return next((str(step) for step in reversed(self.route) if isinstance(step, str)), "")

    @property
    def start(self) -> Span:
        return self.key or self.value

    @property
    def scalar(self) -> bool:
        return isinstance(self.content, str)


class Mutant(NamedTuple):
    """A file with one mistake in it: `lines` are where it stands, `words` are what would name it."""

    kind: str
    spot: Spot
    text: Callable[[], str]  # made when it is needed, for all of them would fill the memory
    lines: range
    words: tuple[str, ...]
    after: str


def spots(path: str, project: Project) -> list[Spot]:
    source, parsed = project.located[path].source, project.parsed[path]
    found = []
    for route, at in parsed.spans.items():
        if not route:
            continue
        content: Any = parsed.value
        for step in route:
            content = content[step]
        inside = [s for r, s in parsed.spans.items() if r[: len(route)] == route]
        last = max((s.value.end_line if s.value.end_column > 1 else s.value.end_line - 1) for s in inside)
        start = at.key or at.value
        before = source.line(start.line)[: start.column - 1]
        flow = not re.fullmatch(r"\s*(- )?", before)
        found.append(Spot(path, route, at.key, at.value, content, max(last, start.line), source, flow))
    return found


def _cut(source: Source, start: tuple[int, int], end: tuple[int, int], new: str) -> str:
    """The file with the text from `start` to `end` (line, column) replaced."""
    lines = source.text.split("\n")
    head = "\n".join([*lines[: start[0] - 1], lines[start[0] - 1][: start[1] - 1]])
    tail = "\n".join([lines[end[0] - 1][end[1] - 1 :], *lines[end[0] :]])
    return head + new + tail


def _on(spot: Spot, kind: str, span: Span, new: str, *words: str) -> Mutant:
    """A mutant whose `span` reads `new`."""
    text = partial(_cut, spot.source, (span.line, span.column), (span.end_line, span.end_column), new)
    lines = range(span.line, span.line + new.count("\n") + 1)
    return Mutant(kind, spot, text, lines, (spot.name, *words), new)


def _written(spot: Spot, span: Span) -> str:
    return spot.source.line(span.line)[span.column - 1 : span.end_column - 1]


def _block(spot: Spot) -> list[str]:
    """The lines of a block entry without what stands before it on its first line."""
    lines = spot.source.lines[spot.start.line - 1 : spot.last]
    return [" " * (spot.start.column - 1) + lines[0][spot.start.column - 1 :], *lines[1:]]


# --- the ways to break something ------------------------------------------------------------------------


def _delete(spot: Spot) -> Iterator[Mutant]:
    if spot.flow:
        line = spot.source.line(spot.value.line)
        end = _flow_end(spot)
        rest = re.match(r"\s*,\s*", line[end - 1 :])
        before = re.search(r",\s*$", line[: spot.start.column - 1])
        start = spot.start.column - (len(before.group()) if before and not rest else 0)
        stop = end + (rest.end() if rest else 0)
        yield _on(spot, "delete", Span(spot.value.line, start, spot.value.line, stop), "")
        return
    lines = spot.source.lines
    cut = spot.start.column - 1
    kept = lines[spot.start.line - 1][:cut].rstrip()
    own = [kept] if spot.key and kept else []
    text = partial("\n".join, [*lines[: spot.start.line - 1], *own, *lines[spot.last :]])
    yield Mutant("delete", spot, text, range(spot.start.line, spot.start.line + 1), (spot.name,), "")


def _flow_end(spot: Spot) -> int:
    line = spot.source.line(spot.value.line)
    if spot.scalar:
        return spot.value.end_column
    depth = 0
    for column in range(spot.value.column, len(line) + 1):
        depth += (line[column - 1] in "[{") - (line[column - 1] in "]}")
        if depth == 0:
            return column + 1
    return len(line) + 1


def _whole(spot: Spot) -> Span:
    """The whole value of an entry, containers too."""
    if spot.scalar:
        return spot.value
    if spot.source.line(spot.value.line)[spot.value.column - 1 : spot.value.column] in ("[", "{"):
        return Span(spot.value.line, spot.value.column, spot.value.line, _flow_end(spot))
    if spot.key:
        column = spot.key.end_column + 1
        return Span(spot.key.line, column, spot.last, len(spot.source.line(spot.last)) + 1)
    return Span(spot.value.line, spot.value.column, spot.last, len(spot.source.line(spot.last)) + 1)


def _misspelt(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + ("y" if text[middle] == "x" else "x") + text[middle + 1 :]


def _transposed(text: str) -> str:
    middle = len(text) // 2
    for at in [*range(middle - 1, len(text) - 1), *range(middle - 1)]:
        if at >= 0 and text[at] != text[at + 1] and text[at].isalnum() and text[at + 1].isalnum():
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


def _inserted(text: str, what: str) -> str:
    """Put something between two letters or digits in the middle of a text."""
    middle = len(text) // 2
    for at in [*range(middle, len(text)), *range(middle, 0, -1)]:
        if 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum():
            return text[:at] + what + text[at:]
    return text + what


def _full_width(text: str) -> str:
    wide = text.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    return wide if wide != text else text + "２"


#: Ways to change the characters of a key or a value.
LETTERS: dict[str, Callable[[str], str]] = {
    "misspell": _misspelt,
    "transpose": _transposed,
    "no-break space": lambda t: _inserted(t, "\N{NO-BREAK SPACE}"),
    "full-width digits": _full_width,
    "emoji": lambda t: _inserted(t, "\N{SMILING FACE WITH OPEN MOUTH}"),
    "right-to-left override": lambda t: _inserted(t, "\u202e"),
    "right-to-left mark": lambda t: _inserted(t, "\u200f"),
    "Arabic letter": lambda t: _inserted(t, "\N{ARABIC LETTER SEEN}"),
    "zero-width space": lambda t: _inserted(t, "\u200b"),
    "NUL byte": lambda t: _inserted(t, "\0"),
}


def _letters(spot: Spot) -> Iterator[Mutant]:
    for span in (spot.key, spot.value if spot.scalar else None):
        if span is None or span.line != span.end_line:
            continue
        old = _written(spot, span)
        part = "key" if span is spot.key else "value"
        for kind, change in LETTERS.items():
            quoted = re.fullmatch(r"(['\"])(.*)\1", old)
            new = f"{quoted[1]}{change(quoted[2])}{quoted[1]}" if quoted else change(old)
            if new != old:
                yield _on(spot, f"{kind} ({part})", span, new, old, new)


def _wrong_type(spot: Spot) -> Iterator[Mutant]:
    if not spot.scalar:
        yield _on(spot, "text for a list or group", _whole(spot), "teks")
    elif spot.value.line == spot.value.end_line:
        old = _written(spot, spot.value)
        old = old if old[0] in "'\"" else f'"{old}"'
        yield _on(spot, "list for a text", spot.value, f"[{old}]")
        yield _on(spot, "group for a text", spot.value, f"{{isi: {old}}}")


def _twice(spot: Spot) -> Iterator[Mutant]:
    if spot.flow:
        line, end = spot.source.line(spot.value.line), _flow_end(spot)
        piece = line[spot.start.column - 1 : end - 1]
        span = Span(spot.value.line, end, spot.value.line, end)
        yield _on(spot, "duplicate", span, f", {piece}")
        return
    lines = spot.source.lines
    block = _block(spot)
    if spot.key is None:
        cut = spot.start.column - 3
        block[0] = " " * cut + "- " + block[0][spot.start.column - 1 :]
    text = partial("\n".join, [*lines[: spot.last], *block, *lines[spot.last :]])
    yield Mutant(
        "duplicate", spot, text, range(spot.last + 1, spot.last + len(block) + 1), (spot.name,), block[0]
    )


def _moved(spot: Spot, everything: list[Spot]) -> Iterator[Mutant]:
    if spot.key is None or spot.flow:
        return
    lines, block = spot.source.lines, _block(spot)
    cut = lines[spot.start.line - 1][: spot.start.column - 1].rstrip()
    own = [cut] if cut else []
    rest = [*lines[: spot.start.line - 1], *own, *lines[spot.last :]]
    gone = len(block) - len(own)
    if len(spot.route) > 1:
        first = min(s.start.line for s in everything)
        level = [line[spot.start.column - 1 :] for line in block]
        text = partial("\n".join, [*rest[: first - 1], *level, *rest[first - 1 :]])
        yield Mutant("move to the top", spot, text, range(first, first + len(level)), (spot.name,), level[0])
        return
    homes = [
        s for s in everything
        if s.key and not s.flow and len(s.route) > 1 and s.route[0] != spot.route[0] and s.scalar
    ]  # fmt: skip
    for home in homes[:1]:
        at = home.last - (gone if home.last > spot.last else 0)
        level = [" " * (home.start.column - 1) + line for line in block]
        text = partial("\n".join, [*rest[:at], *level, *rest[at:]])
        yield Mutant(
            "move into a group", spot, text, range(at + 1, at + 1 + len(level)), (spot.name,), level[0]
        )


def _emptied(spot: Spot) -> Iterator[Mutant]:
    if not spot.flow:
        yield _on(spot, "empty", _whole(spot), "")


def _indented(spot: Spot) -> Iterator[Mutant]:
    if spot.flow:
        return
    lines, number = spot.source.lines, spot.start.line
    line = lines[number - 1]
    ways = {"one space more": f" {line}"} | ({"one space less": line[1:]} if line.startswith(" ") else {})
    words = (spot.name, str(spot.content)) if spot.scalar else (spot.name,)
    for kind, new in ways.items():
        text = partial("\n".join, [*lines[: number - 1], new, *lines[number:]])
        yield Mutant(kind, spot, text, range(number, number + 1), words, new)


HUGE = "panjang " * 12_500


def _huge(spot: Spot) -> Iterator[Mutant]:
    if spot.scalar and spot.value.line == spot.value.end_line:
        yield _on(spot, "huge text", spot.value, HUGE)
        if field_of(spot).kind != "text":
            yield _on(spot, "huge figure", spot.value, "9" * 30)


def _wrong_reference(spot: Spot) -> Iterator[Mutant]:
    if field_of(spot).kind == "id" and spot.scalar:
        other = "bapperida" if spot.route[0] in ("depends_on", "subdimension", "taxonomy") else "smart-living"
        for kind, id_ in (("unknown id", "entah-apa"), ("id of another kind", other)):
            yield _on(spot, kind, spot.value, id_, id_)


def _plain_text(spot: Spot) -> str | None:
    """A value that stands without quotes in one line of its own."""
    old = _written(spot, spot.value) if spot.scalar and spot.value.line == spot.value.end_line else ""
    return old if old and old[0] not in "'\"|>" and not spot.flow else None


def _cut_by_a_comment(spot: Spot) -> Iterator[Mutant]:
    old = _plain_text(spot)
    if old and field_of(spot).kind in ("text", "listed"):
        first, _, rest = old.partition(" ")
        new = f"{first} #{rest or 'Kata'}"
        yield _on(spot, "a word with a hash", spot.value, new, old)


def _run_together(spot: Spot) -> Iterator[Mutant]:
    """A line further in, behind an empty one, that YAML would add to the text above."""
    old = _plain_text(spot)
    if old and spot.key:
        new = f"{old}\n\n{' ' * (spot.key.column + 1)}short:LC"
        yield _on(spot, "a line that is swallowed", spot.value, new, "short:LC")


def _comma_or_juta(spot: Spot) -> Iterator[Mutant]:
    if field_of(spot).kind == "figure" and spot.scalar and spot.value.line == spot.value.end_line:
        old = _written(spot, spot.value)
        if spot.flow:
            yield _on(spot, "a comma in brackets", spot.value, f"{old},5", old)
        elif spot.name == "amount":
            yield _on(spot, "thousands of juta", spot.value, "Rp 1.250 juta")


def _in_indonesian(spot: Spot) -> Iterator[Mutant]:
    model, route = _model_of(spot.path), tuple(0 if isinstance(step, int) else step for step in spot.route)
    if spot.key and route[-1] in fields_at(model, route[:-1]):
        label = field_label(model, route)
        words = [word for word, name in words_for(fields_at(model, route[:-1])).items() if name == route[-1]]
        for key in {label.id if label else "", *words[:1]} - {route[-1], ""}:
            yield _on(spot, "key in Indonesian", spot.key, str(key), str(key))


def mutants(path: str, project: Project) -> Iterator[Mutant]:
    everything = spots(path, project)
    ways = (
        _delete, _letters, _wrong_type, _twice, _emptied, _indented, _huge, _wrong_reference, _cut_by_a_comment, _run_together,
        _comma_or_juta, _in_indonesian,
    )  # fmt: skip
    for spot in everything:
        for way in ways:
            yield from way(spot)
        yield from _moved(spot, everything)


# --- what kind of value a field holds -------------------------------------------------------------------

MODELS: dict[str, type[BaseModel]] = {
    "agencies": schema.Agency, "chapters": schema.Chapter, "pillars": schema.Program, PLAN_FILE: schema.Masterplan,
}  # fmt: skip

#: The kinds of values by the type that the schema gives their fields.
TYPES: dict[Any, str] = {
    schema.PlainText: "text", schema.Id: "id", schema.Listed: "listed", schema.Unit: "listed",
    schema.Rupiah: "figure", schema.Number: "figure", schema.Percent: "figure", schema.Year: "year",
    schema.Years: "year", schema.Date: "date", schema.YesNo: "choice", schema.Tag: "tag", schema.Code: "code",
    schema.RegionCode: "code", schema.Url: "address", schema.Template: "listed", schema.Reviewer: "id",
}  # fmt: skip
#: The fields that a file may leave out, but that a rule then asks for.
ASKED = {
    "Program": {"owner", "subdimension", "period", "indicators", "budget"},
    "Pillar": {"owner"},
    "Goal": {"indicators"},
    "Indicator": {"baseline", "targets"},
    "Baseline": {"year", "source"},
    "Agency": {"duties"},
}


class Field(NamedTuple):
    """What the schema says of the place where a spot stands."""

    kind: str  # of its value: text, id, figure …, list or group
    optional: bool  # whether the file may do without it, and no rule asks for it


def field_of(spot: Spot) -> Field:
    return _field(_model_of(spot.path), tuple(0 if isinstance(step, int) else step for step in spot.route))


def _model_of(path: str) -> type[BaseModel]:
    return schema.Pillar if path.endswith("/pillar.md") else MODELS[path.partition("/")[0]]


@cache
def _field(model: type[BaseModel], route: Route) -> Field:
    current: Any = model
    optional = False
    for step in route:
        current = _bare(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            info = current.model_fields[str(step)]
            optional = not info.is_required() and str(step) not in ASKED.get(current.__name__, ())
            current = info.annotation
            current = Annotated[current, *info.metadata] if info.metadata else current
        else:
            current, optional = get_args(current)[1 if get_origin(current) is dict else 0], True
    return Field(_kind(current), optional)


def _bare(annotation: Any) -> Any:
    """What an optional or annotated type holds, its own annotation aside."""
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(a for a in get_args(annotation) if a is not type(None)))
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _kind(annotation: Any) -> str:
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    if get_origin(annotation) is Annotated:
        inner = get_args(annotation)
        if get_origin(inner[0]) is tuple:  # a list with a limit
            return _kind(inner[0])
        return "choice" if isinstance(inner[1], schema.Choice) else TYPES[annotation]
    return "group" if isinstance(annotation, type) or get_origin(annotation) is dict else "list"


# --- what a reader could not notice ---------------------------------------------------------------------

#: Changes that leave another sound value, by the mutation and the kinds of values, and why nobody could tell.
LEGAL = [
    ("delete|empty", "optional", "an office may leave the field, or the item of a list, out"),
    ("misspell|transpose", "text address", "another word, another address"),
    (
        "emoji|Arabic letter|no-break space",
        "text",
        "a text may hold any letter, and spaces that keep words together",
    ),
    ("transpose", "figure year date code", "another figure"),
    ("misspell|transpose", "tag", "a tag of a group that only its makers know; those of the SDGs are known"),
]


def legal(mutant: Mutant) -> bool:
    """Whether a change that no finding names is one that the tool cannot know of."""
    field = field_of(mutant.spot)
    kinds = {field.kind, "optional" if field.optional else ""}
    way = mutant.kind.removesuffix(" (value)")
    if way in ("delete", "empty") and mutant.spot.name == "baseline" and _counts(mutant.spot):
        return True
    return any(re.fullmatch(ways, way) and kinds & set(of.split()) for ways, of, _ in LEGAL)


def _counts(spot: Spot) -> bool:
    """Whether an indicator counts what the work itself brings forth, of which there may be none before it begins."""
    indicator: Any = _base().parsed[spot.path].value
    for step in spot.route[:-1]:
        indicator = indicator[step]
    plan = _plain().plan
    return plan is not None and indicator["unit"].casefold() in plan._countable


# --- one check for many mutants -------------------------------------------------------------------------


@cache
def _base() -> Project:
    return read_project(REPO)


def _with(texts: dict[str, str]) -> Project:
    """The plan with other texts in some of its files; the prose of the others is parsed once for all."""
    base = _base()
    project = replace(
        base,
        parsed=base.parsed.copy(),
        located=base.located.copy(),
        prose=base.prose.copy(),
        findings=list(base.findings),
    )
    for path, text in texts.items():
        decoded = project_module._decode(project, path, text.encode("utf-8"))
        assert decoded is not None
        project.prose.pop(path, None)
        project_module.take_text(project, path, decoded)
    return project


class Outcome(NamedTuple):
    plan: Plan | None
    project: Project
    found: list[Diagnostic]


def _checked(texts: dict[str, str]) -> Outcome:
    project = _with(texts)
    plan, findings = link(project)
    found = [*project.findings, *findings]
    if plan:
        found += [*check_whole(plan), *(one for node in plan.nodes for one in check_node(plan, node))]
    return Outcome(plan, project, diagnose(project, plan, found, Language.ID))


def says(outcome: Outcome, path: str) -> object:
    """What a file says, for comparing: its typed data and its prose."""
    node = outcome.plan.node_at(path) if outcome.plan else None
    if node is None or node.broken:
        return None
    body = outcome.project.parsed[path].body
    return node.data, body


def caught(mutant: Mutant, found: list[Diagnostic]) -> bool:
    return any(_tells(mutant, diagnostic) for diagnostic in found)


def _tells(mutant: Mutant, found: Diagnostic) -> bool:
    """Whether a finding stands on the mutated lines, or names the key, the value, or what is missing."""
    places = [(found.path, found.span), *((note.path, note.span) for note in found.notes)]
    if any(path == mutant.spot.path and _meets(span, mutant.lines) for path, span in places):
        return True
    said = f"{found.message} {found.help}"
    return any(f"`{word}`" in said or f"`{word}:" in said for word in mutant.words if word)


def _meets(span: Span, lines: range) -> bool:
    return span.line < lines.stop and span.end_line >= lines.start


Tally = Counter[str]


def study(groups: list[list[str]], part: int) -> tuple[dict[str, Tally], list[Mutant]]:
    """Try a part of the mutants of every file; the files of a group are broken together, one mistake each."""
    tallies: dict[str, Tally] = defaultdict(Counter)
    escaped = []
    for paths in groups:
        queues = {path: [m for m in mutants(path, _base()) if _chosen(m, part)] for path in paths}
        while any(queues.values()):
            batch = {path: queue.pop() for path, queue in queues.items() if queue}
            outcome = _checked({path: mutant.text() for path, mutant in batch.items()})
            by_path = defaultdict(list)
            for diagnostic in outcome.found:
                by_path[diagnostic.path].append(diagnostic)
            for path, mutant in batch.items():
                verdict = _verdict(mutant, outcome, by_path[path])
                tallies[mutant.kind][verdict] += 1
                if verdict == "escaped":
                    escaped.append(mutant)
    return tallies, escaped


def _chosen(mutant: Mutant, part: int) -> bool:
    number = zlib.crc32(f"{mutant.spot.path}{mutant.spot.route}{mutant.kind}".encode())
    return number % SHARE == 0 and number // SHARE % PARTS == part


def _verdict(mutant: Mutant, outcome: Outcome, found: list[Diagnostic]) -> str:
    """What became of a mutant; one that seems to escape among others is looked at alone."""
    path = mutant.spot.path
    if caught(mutant, found):
        return "caught"
    if not found and says(outcome, path) == says(_plain(), path):
        return "same"
    if legal(mutant):
        return "legal"
    return "caught" if caught(mutant, _checked({path: mutant.text()}).found) else "escaped"


@cache
def _plain() -> Outcome:
    return _checked({})


def _files() -> list[list[str]]:
    """The files that are broken together; the plan's own file alone, for all others depend on it."""
    paths = [p for p, parsed in _base().parsed.items() if parsed.value and p != PLAN_FILE]
    kinds = ["agencies/", "chapters/", "pillars/"]
    return [[PLAN_FILE], *([p for p in paths if p.startswith(kind)] for kind in kinds)]


def _table(tallies: dict[str, Tally]) -> str:
    verdicts = ("caught", "same", "legal", "escaped")
    total = sum(tallies.values(), Counter[str]())
    rows = [f"{'mutation':<34}" + "".join(f"{verdict:>9}" for verdict in (*verdicts, "of"))]
    for kind, tally in [*sorted(tallies.items()), ("all", total)]:
        figures = [*(tally[verdict] for verdict in verdicts), tally.total()]
        rows.append(f"{kind:<34}" + "".join(f"{figure:>9}" for figure in figures))
    return "\n".join(rows)


def _shown(mutant: Mutant) -> str:
    spot = mutant.spot
    before = spot.source.line(spot.start.line).strip()
    return f"{spot.path}:{spot.start.line} {mutant.kind} [{field_of(spot)}] {before!r} -> {mutant.after.strip()[:60]!r}"


@pytest.mark.deep
@pytest.mark.parametrize("part", range(PARTS))
def test_every_mistake_in_the_example_plan_is_named(capsys: pytest.CaptureFixture[str], part: int) -> None:
    assert _checked({}).found == []
    tallies, escaped = study(_files(), part)
    with capsys.disabled():
        sys.stdout.write(f"\n{_table(tallies)}\n")
    assert not escaped, f"{len(escaped)} escaped:\n" + "\n".join(_shown(m) for m in escaped[:20])
