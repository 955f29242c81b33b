"""Programs that wait for each other: a graph in layers, read from left to right.

What waits stands to the right of all it waits for (the longest path counts). A line that passes a layer gets a place in it,
as if it were a program, so that no line crosses a name.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from masterplan_cli.charts.palette import PALETTE
from masterplan_cli.charts.svg import (
    HEIGHT,
    SMALL,
    WIDTH,
    Chart,
    Drawing,
    named,
    numbered,
    pages,
    part_of,
    say,
    wrapped,
)
from masterplan_cli.messages import Both
from masterplan_cli.nodes import Program
from masterplan_cli.plan import Plan

_DEPENDENCIES = Both("Program dan yang ditunggunya", "Programs and what they wait for")
_DEPENDENCIES_ALT = Both(
    "{programs} program terhubung oleh {count} ketergantungan. Yang paling banyak ditunggu: {most} (oleh {waiting} program). Rinciannya: {pairs}.",
    "{programs} programs are linked by {count} dependencies. Most waited for: {most} (by {waiting}). In detail: {pairs}.",
)
_MOST = Both(
    "{program} paling banyak ditunggu: oleh {count} program", "Most programs wait for {program}: {count}"
)
_WAITS = Both("{after} menunggu {before}", "{after} waits for {before}")

_LAYERS = 5
_GAP, _SPACE, _WIDEST, _LINE = 20.0, 7.0, 138.0, 9.0
_PASSAGE = 5.0
_ROOM = HEIGHT - 3 * _SPACE
#: How often the layers are put in order by their neighbours, forth and back.
_SWEEPS = 6


class _Edge(NamedTuple):
    """`after` waits for `before`, by their places in the plan; `back` closes a circle and is laid the other way."""

    before: int
    after: int
    back: bool


def dependencies(plan: Plan) -> list[Chart]:
    """The programs that take part; what is not connected stands apart, what is too large comes in parts."""
    edges = _edges(plan)
    if not edges:
        return []
    layouts = [layout for part in _components(edges) for layout in _fitting(plan, part)]
    heights = [layout.height + 3 * _SPACE for layout in layouts]
    found = pages(layouts, heights)
    return [_chart(plan, part, number, len(found)) for number, part in enumerate(found, 1)]


def _edges(plan: Plan) -> list[_Edge]:
    place = plan.places
    needs = {place[p]: [place[n] for n in p.depends_on if n is not p] for p in plan.programs if p.depends_on}
    back = _closing(needs)
    return [
        _Edge(*((after, before) if (before, after) in back else (before, after)), (before, after) in back)
        for after, befores in needs.items()
        for before in befores
    ]


def _closing(needs: dict[int, list[int]]) -> set[tuple[int, int]]:
    """The edges (before, after) that close a circle when the programs are walked in the plan's order."""
    closing: set[tuple[int, int]] = set()
    state: dict[int, bool] = {}
    for root in needs:
        stack = [] if root in state else [(root, iter(needs[root]))]
        state.setdefault(root, True)
        while stack:
            after, rest = stack[-1]
            before = next(rest, None)
            if before is None:
                state[after] = False
                stack.pop()
            elif before not in state:
                state[before] = True
                stack.append((before, iter(needs.get(before, ()))))
            elif state[before]:
                closing.add((before, after))
    return closing


def _components(edges: list[_Edge]) -> list[list[_Edge]]:
    """The edges in groups that share no program, in the plan's order."""
    group: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for edge in edges:
        one, other = (group.setdefault(end, end) for end in edge[:2])
        for end in edge[:2]:
            members.setdefault(group[end], [end])
        if one != other:
            keep, drop = (one, other) if len(members[one]) >= len(members[other]) else (other, one)
            for member in members.pop(drop):
                group[member] = keep
                members[keep].append(member)
    parts: dict[int, list[_Edge]] = defaultdict(list)
    for edge in edges:
        parts[group[edge.before]].append(edge)
    return list(parts.values())


def _fitting(plan: Plan, edges: list[_Edge]) -> list[_Layout]:
    """Layouts of a component that fit on a page each; a program may stand in several, a dependency in one."""
    done: list[_Layout] = []
    waiting = [edges]
    while waiting:
        part = waiting.pop()
        layers = _layers(part)
        if max(layers.values()) >= _LAYERS:
            deep = [layers[edge.after] >= _LAYERS for edge in part]
            waiting += [
                [e for e, d in zip(part, deep, strict=True) if d],
                [e for e, d in zip(part, deep, strict=True) if not d],
            ]
            continue
        # What is too high whatever its names are need not be laid out to see that.
        layout = _Layout(plan, part, layers) if _least_height(layers) <= _ROOM or len(part) == 1 else None
        if layout and (layout.height <= _ROOM or len(part) == 1):
            done.append(layout)
            continue
        ordered = sorted(part, key=lambda e: (layers[e.after], e.after, e.before))
        waiting += [ordered[len(ordered) // 2 :], ordered[: len(ordered) // 2]]
    return done


def _least_height(layers: dict[int, int]) -> float:
    """How high a layout is at least: its fullest layer, with names of one line."""
    return max(Counter(layers.values()).values()) * (_box_height(1) + _SPACE) - _SPACE


def _box_height(lines: int) -> float:
    """The height of a box with a name of so many lines, and its pillar's below."""
    return (lines + 1) * _LINE + 5


def _layers(edges: list[_Edge]) -> dict[int, int]:
    """The layer of each program: the length of the longest path that leads to it."""
    befores: dict[int, list[int]] = defaultdict(list)
    afters: dict[int, list[int]] = defaultdict(list)
    for before, after, _ in edges:
        befores[after].append(before)
        afters[before].append(after)
    layer = {before: 0 for before, _, _ in edges if before not in befores}
    left = {after: len(found) for after, found in befores.items()}
    ready = list(layer)
    while ready:
        node = ready.pop()
        for after in afters[node]:
            layer[after] = max(layer.get(after, 0), layer[node] + 1)
            left[after] -= 1
            if not left[after]:
                ready.append(after)
    return layer


#: A program by its place in the plan, or a line's passage through a layer: its edge and the layer.
_Item: TypeAlias = int | tuple[_Edge, int]


@dataclass
class _Layout:
    """Where everything of one connected part lies; x from 0, y from 0."""

    plan: Plan
    edges: list[_Edge]
    layer: dict[int, int]
    columns: list[list[_Item]] = field(init=False)
    top: dict[_Item, float] = field(init=False)

    def __post_init__(self) -> None:
        count = max(self.layer.values()) + 1
        self.width = min(_WIDEST, (WIDTH - _GAP * (count - 1)) / count)
        self.names = {node: self._name(self.plan.programs[node]) for node in self.layer}
        self.box = _box_height(max(map(len, self.names.values())))
        self.left: dict[_Item, list[_Item]] = defaultdict(list)
        self.right: dict[_Item, list[_Item]] = defaultdict(list)
        self.columns = self._columns(count)
        self._order()
        self._place()

    @property
    def room(self) -> float:
        """The width of a name in its box."""
        return self.width - 11

    def _name(self, program: Program) -> list[str]:
        return wrapped(_short(program), self.room, 3, SMALL, bold=True)

    @property
    def height(self) -> float:
        return max(self.top[item] + self._height(item) for column in self.columns for item in column)

    def chain(self, edge: _Edge) -> list[_Item]:
        """An edge's two programs and its passages between them."""
        between: list[_Item] = [(edge, n) for n in range(self.layer[edge.before] + 1, self.layer[edge.after])]
        return [edge.before, *between, edge.after]

    def x(self, item: _Item) -> float:
        return (self.layer[item] if isinstance(item, int) else item[1]) * (self.width + _GAP)

    def middle(self, item: _Item) -> float:
        return self.top[item] + self._height(item) / 2

    def _height(self, item: _Item) -> float:
        return self.box if isinstance(item, int) else _PASSAGE

    def _columns(self, count: int) -> list[list[_Item]]:
        columns: list[list[_Item]] = [[] for _ in range(count)]
        for node in sorted(self.layer):
            columns[self.layer[node]].append(node)
        for edge in self.edges:
            chain = self.chain(edge)
            for one, other in itertools.pairwise(chain):
                self.right[one].append(other)
                self.left[other].append(one)
            for item in chain[1:-1]:
                columns[item[1] if isinstance(item, tuple) else 0].append(item)
        return columns

    def _order(self) -> None:
        """Bring every layer into the order of the neighbours' mean places, from the left, then from the right."""
        for sweep in range(_SWEEPS):
            forth = sweep % 2 == 0
            neighbours = self.left if forth else self.right
            place = {item: n for column in self.columns for n, item in enumerate(column)}
            for column in self.columns if forth else reversed(self.columns):
                column.sort(key=lambda item: _mean((place[n] for n in neighbours[item]), place[item]))
                place.update({item: n for n, item in enumerate(column)})

    def _place(self) -> None:
        """Give each its height beside its neighbours on the left, those above it allowing."""
        self.top = {}
        for column in self.columns:
            free = 0.0
            for item in column:
                wish = _mean((self.middle(n) for n in self.left[item]), free) - self._height(item) / 2
                self.top[item] = max(free, wish)
                free = self.top[item] + self._height(item) + _SPACE
        for column in reversed(self.columns[:-1]):
            self._settle(column)

    def _settle(self, column: list[_Item]) -> None:
        """Let a layer down to the middle of what waits for it, from the last to the first."""
        limit = self.height
        for item in reversed(column):
            wish = (
                _mean((self.middle(n) for n in self.right[item]), self.middle(item)) - self._height(item) / 2
            )
            lowest = limit - self._height(item)
            self.top[item] = max(self.top[item], min(wish, lowest))
            limit = self.top[item] - _SPACE


def _mean(values: Iterable[float], otherwise: float) -> float:
    found = list(values)
    return sum(found) / len(found) if found else otherwise


def _chart(plan: Plan, layouts: list[_Layout], number: int, count: int) -> Chart:
    art = Drawing()
    y = 2.0
    for layout in layouts:
        for edge in layout.edges:
            _line(art, layout, edge, y)
        for node in layout.layer:
            _box(art, layout, node, y)
        y += layout.height + 3 * _SPACE
    caption = part_of(_finding(plan), plan, number, count)
    drawn = [edge for layout in layouts for edge in layout.edges]
    return Chart(numbered("dependencies", number), art.svg(y - 2 * _SPACE), caption, _alt(plan, drawn))


def _finding(plan: Plan) -> str:
    """The program that most wait for; a neutral title where several are waited for alike, or for each but one waits."""
    waiting = Counter(needed for p in plan.programs for needed in p.depends_on if needed is not p)
    first, *others = waiting.most_common(2)
    if first[1] < 2 or (others and others[0][1] == first[1]):
        return say(_DEPENDENCIES, plan)
    return say(_MOST, plan, program=named(_short(first[0])), count=first[1])


def _line(art: Drawing, layout: _Layout, edge: _Edge, y: float) -> None:
    """A curve from box to box, its arrow at the program that waits."""
    chain = layout.chain(edge)
    x = layout.x(chain[0]) + layout.width
    d = f"M{x + (4 if edge.back else 0):.2f} {y + layout.middle(chain[0]):.2f}"
    for one, other in itertools.pairwise(chain):
        start, end = layout.x(one) + layout.width, layout.x(other)
        y1, y2 = y + layout.middle(one), y + layout.middle(other)
        if other == chain[-1] and not edge.back:
            end -= 4
        bend = _GAP * 0.45
        d += f"C{start + bend:.2f} {y1:.2f} {end - bend:.2f} {y2:.2f} {end:.2f} {y2:.2f}"
        if other != chain[-1]:
            d += f"L{layout.x(other) + layout.width:.2f} {y2:.2f}"
    art.path(d, PALETTE.soft, 1, "3 2" if edge.back else "")
    tip, turn = (x, 1) if edge.back else (layout.x(chain[-1]), -1)
    height = y + layout.middle(chain[0] if edge.back else chain[-1])
    art.polygon([(tip, height), (tip + 5.5 * turn, height - 3), (tip + 5.5 * turn, height + 3)], PALETTE.ink)


def _box(art: Drawing, layout: _Layout, node: int, y: float) -> None:
    """A program's short name over its pillar's, the pillar's colour at its edge."""
    plan, room = layout.plan, layout.room
    pillar = plan.programs[node].pillar
    x, top = layout.x(node), y + layout.top[node]
    number = plan.pillars.index(pillar) + 1
    art.rect(x, top, layout.width, layout.box, PALETTE.tint, PALETTE.soft)
    art.rect(x, top, 4, layout.box, PALETTE.category(number - 1))
    for row, line in enumerate(layout.names[node]):
        art.text((x + 8, top + 9 + _LINE * row), line, width=room, size=SMALL, bold=True)
    shown = f"{number} {pillar.title}"
    art.text((x + 8, top + layout.box - 3.5), shown, width=room, size=SMALL, fill=PALETTE.soft)


def _short(program: Program) -> str:
    return program.name if program.apart else program.short or program.title


def _alt(plan: Plan, drawn: list[_Edge]) -> str:
    """How many wait for how many, whom most wait for, and each wait by name."""
    waits = [(e.after, e.before) if e.back else (e.before, e.after) for e in drawn]
    counts: dict[int, int] = defaultdict(int)
    for before, _ in waits:
        counts[before] += 1
    most = min(counts, key=lambda node: (-counts[node], node))
    programs = plan.programs
    return say(
        _DEPENDENCIES_ALT,
        plan,
        programs=len({end for pair in waits for end in pair}),
        count=len(waits),
        most=programs[most].name,
        waiting=counts[most],
        pairs="; ".join(
            say(_WAITS, plan, after=_short(programs[a]), before=_short(programs[b])) for b, a in waits
        ),
    )
