"""Edits of a plan's files: what was asked for changes, and not one byte beside it."""

from __future__ import annotations

import copy
import datetime
import os
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import REPO, every, examples, write
from masterplan_cli.checking import check
from masterplan_cli.diagnostics import Finding
from masterplan_cli.edits import Edit, Given, InsertItem, NewFile, RemoveValue, SetProse, SetValue, apply
from masterplan_cli.files import MAX_TEXT_BYTES
from masterplan_cli.messages import Language
from masterplan_cli.project import read_text
from masterplan_cli.schema import KINDS
from masterplan_cli.schema.labels import model_in
from masterplan_cli.values import Period
from test_growth import too_fast

PATH = "pillars/alfa/layanan.yaml"
SHEET = "pillars/alfa/layanan.md"


def edited(text: str, *edits: Edit, path: str = PATH) -> str:
    """A file's text after edits, none of which may be refused."""
    made = apply({path: text.encode()}, edits)
    assert isinstance(made, dict), [(found.rule.code, found.variant, found.place) for found in made]
    return made.get(path, text.encode()).decode()


# --- by example ---------------------------------------------------------------------------------------

EXAMPLES = Path(__file__).parent / "edits" / "examples.md"
CASE = re.compile(r"## ([^\n]+)\n\n```yaml\n(.*?)```\n\n```edits\n(.*?)```\n(?:\n```yaml\n(.*?)```\n)?", re.S)
CASES = {found[1]: found for found in CASE.finditer(EXAMPLES.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("title", CASES)
def test_a_file_looks_as_the_example_says(title: str) -> None:
    case = CASES[title]
    names = {"SetValue": SetValue, "RemoveValue": RemoveValue, "InsertItem": InsertItem, "PATH": PATH}
    after = edited(case[2], *(eval(line, names) for line in case[3].splitlines()))
    if os.environ.get("MASTERPLAN_UPDATE"):
        text = EXAMPLES.read_text(encoding="utf-8")
        new = f"## {title}\n\n```yaml\n{case[2]}```\n\n```edits\n{case[3]}```\n\n```yaml\n{after}```\n"
        EXAMPLES.write_text(text.replace(case[0], new), encoding="utf-8")
    else:
        assert after == case[4]


# --- files as people write them, generated ------------------------------------------------------------

WORDS = st.sampled_from(
    ["Layanan", "cepat", "a: b", "ya", "2022", "5,65", "# x", "- y", "'kutip'", '"dua"', "[z]", "é", "日本", "a#b", "null", "", "a b", "x:", "{", "\\n", "  ", "🚲", "%", "-1", "@u", "!t", "&j", "*k", ">", "|", "---", "a\tb"]
)  # fmt: skip
LINES = st.lists(
    st.text("ab é:#-'\"\\", min_size=1, max_size=9).map(str.strip).filter(bool), min_size=1, max_size=2
).map(" ".join)
ONE_LINE = st.one_of(WORDS, LINES, st.lists(WORDS, min_size=2, max_size=3).map(" ".join))
TEXTS = st.one_of(
    ONE_LINE, ONE_LINE, st.lists(st.one_of(LINES, st.just("")), min_size=2, max_size=4).map("\n".join)
)
KEYS = st.sampled_from(
    ["title", "owner", "goals", "budget", "targets", "2022", "2024", "zeta", "a b", "name", "x-1", "risks"]
)


def values(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What a file may say."""
    return st.recursive(
        leaf,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
        max_leaves=8,
    )


ANY = values(st.one_of(st.none(), TEXTS))
ROOTS = st.dictionaries(KEYS, ANY, min_size=1, max_size=4)


@dataclass
class Writer:
    """Writes a value in one of the many ways that people do."""

    draw: Any
    number: int = 0
    comments: list[str] = field(default_factory=list)

    def chance(self, of: int = 4) -> bool:
        return bool(self.draw(st.integers(0, of - 1)) == 0)

    def comment(self) -> str:
        self.number += 1
        self.comments.append(f"# k{self.number}: - '\"")
        return self.comments[-1]

    def end(self) -> str:
        return f"{self.draw(st.sampled_from(['', ' ', '   ']))} {self.comment()}" if self.chance() else ""

    def above(self, columns: int) -> list[str]:
        """Comments and empty lines before a part."""
        lines = [""] if self.chance(8) else []
        return lines + ([" " * columns + self.comment()] if self.chance(5) else [])

    def scalar(self, text: str | None, *, flow: bool) -> str:
        if text is None:
            return self.draw(st.sampled_from(["null", "~"])) if flow or self.chance() else ""
        plain = re.fullmatch(r"[A-Za-z0-9é日本][A-Za-z0-9é日本 ,.-]*", text) and text.strip() == text
        forms = [
            '"'
            + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
            + '"'
        ]
        if "\n" not in text:
            forms.append("'" + text.replace("'", "''") + "'")
        if plain and text not in ("null", "~") and not (flow and "," in text):
            forms += [text] * 3
        return str(self.draw(st.sampled_from(forms)))

    def flow(self, value: Any) -> str:
        gap = self.draw(st.sampled_from(["", " "]))
        if isinstance(value, list):
            return f"[{gap}{', '.join(map(self.flow, value))}{',' if value and self.chance(6) else ''}{gap}]"
        if isinstance(value, dict):
            pairs = (f"{self.scalar(key, flow=True)}: {self.flow(item)}" for key, item in value.items())
            return f"{{{gap}{', '.join(pairs)}{gap}}}"
        return self.scalar(value, flow=True)

    def block_text(self, text: str, columns: int) -> list[str] | None:
        """A text in lines below its mark."""
        lines = text.split("\n")
        if (
            text[:1].isspace()
            or not lines[-1].strip()
            or any(line != line.strip() for line in lines)
            or self.chance()
        ):
            return None
        chomp = self.draw(st.sampled_from(["", "-", "+"]))
        if len(lines) == 1 and self.chance(2):
            half = text.split(" ", 1)
            if all(half) and not any(one[:1].isspace() for one in half):
                return [f">{chomp}{self.end()}", *(" " * columns + one for one in half)]
        return [f"|{chomp}{self.end()}", *(" " * columns + line if line else "" for line in lines)]

    def after(self, value: Any, columns: int, *, item: bool, step: int) -> list[str]:
        """What stands behind a key or a dash at a column, and below it."""
        if isinstance(value, str) and (lines := self.block_text(value, columns + step)):
            return [f" {lines[0]}", *lines[1:]]
        if not value or isinstance(value, str) or self.chance(3):
            said = self.flow(value) if isinstance(value, list | dict) else self.scalar(value, flow=False)
            return [f"{' ' if said else ''}{said}{self.end()}"]
        deeper = columns + (0 if isinstance(value, list) and not item and self.chance(3) else step)
        lines = self.lines(value, deeper)
        if item and not self.chance(4):
            while lines and (not lines[0].strip() or lines[0].lstrip().startswith("#")):
                lines.pop(0)
            return [lines[0][columns + 1 :], *lines[1:]]
        return [self.end(), *lines]

    def lines(self, value: Any, columns: int) -> list[str]:
        lines: list[str] = []
        parts = value.items() if isinstance(value, dict) else ((None, one) for one in value)
        for key, one in parts:
            name = "-" if key is None else f"{self.scalar(key, flow=False)}:"
            first, *rest = self.after(
                one, columns, item=key is None, step=self.draw(st.sampled_from([2, 2, 2, 4]))
            )
            lines += [*self.above(columns), f"{' ' * columns}{name}{first}", *rest]
        return lines


@st.composite
def files(draw: Any) -> tuple[bytes, dict[str, Any], str]:
    """A file of a plan as bytes, and the path that it has."""
    root = draw(ROOTS)
    writer = Writer(draw)
    lines = [*writer.above(0), *writer.lines(root, 0), *writer.above(0)]
    markdown = draw(st.booleans())
    if markdown:
        lines = ["---", *lines, "---", *draw(st.sampled_from([[], ["", "## Uraian", "", "Teks."]]))]
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    text = end.join(lines) + (end if draw(st.booleans()) else "")
    data = (b"\xef\xbb\xbf" if draw(st.booleans()) else b"") + text.encode()
    return data, root, SHEET if markdown else PATH


def routes(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every route of a value."""
    parts = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    return [route for step, one in parts for route in [(*above, step), *routes(one, (*above, step))]]


def at(value: Any, route: tuple[Any, ...]) -> Any:
    for step in route:
        value = value[step]
    return value


def plain(value: Any) -> Any:
    """A value without the line ends at the ends of its texts, which say nothing."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.rstrip("\n") if isinstance(value, str) else value


@st.composite
def changes(draw: Any, value: Any, path: str) -> tuple[Edit, Any]:
    """An edit that a file allows, and what the file says then."""
    new = copy.deepcopy(value)
    route = draw(st.sampled_from(routes(new)))
    kind = draw(st.sampled_from(["set", "set", "remove", "insert", "add"]))
    here, given = at(new, route[:-1]), draw(ANY)
    inner = at(new, route)
    if kind == "insert" and isinstance(inner, list):
        place = draw(st.integers(0, len(inner)))
        inner.insert(place, given)
        return InsertItem(path, (*route, place), given), new
    if kind == "add" and isinstance(inner, dict):
        key = draw(KEYS)
        inner[key] = given
        return SetValue(path, (*route, key), given), new
    if kind == "remove" and (len(route) > 1 or len(new) > 1):
        del here[route[-1]]
        return RemoveValue(path, route), new
    here[route[-1]] = given
    return SetValue(path, route, given), new


def comments(data: bytes) -> list[str]:
    return re.findall(r"# k\d+: - '\"", data.decode())


@pytest.mark.deep
@settings(max_examples=examples(80, 400))
@given(st.data())
def test_a_file_says_what_it_said_with_that_change_alone(data: st.DataObject) -> None:
    before, value, path = data.draw(files())
    reading = read_text(path, before)
    assert not reading.findings, (before.decode(), reading.findings)
    assert plain(reading.parsed.value) == plain(value)
    edits = []
    said = plain(value)
    for _ in range(data.draw(st.integers(1, 3))):
        if routes(said):
            edit, said = data.draw(changes(said, path))
            edits.append(edit)
    made = apply({path: before}, edits)
    assert isinstance(made, dict), _told(made, before, edits)
    after = made.get(path, before)
    new = read_text(path, after)
    assert not new.findings
    assert plain(new.parsed.value) == plain(said)
    assert new.parsed.body == reading.parsed.body
    assert comments(after) == comments(before)
    assert after.startswith(b"\xef\xbb\xbf") == before.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" not in before or b"\n" not in after.replace(b"\r\n", b"")


def _told(found: list[Finding], before: bytes, edits: list[Edit]) -> str:
    return f"{[(one.rule.code, one.variant) for one in found]}\n{before.decode()}\n{edits}"


@pytest.mark.deep
@settings(max_examples=examples(50, 300))
@given(st.data())
def test_a_text_within_a_line_changes_between_its_own_ends(data: st.DataObject) -> None:
    before, value, path = data.draw(files())
    text = before.decode("utf-8-sig")
    source, parsed, _ = read_text(path, before)
    inline = [
        route
        for route in routes(value)
        if isinstance(one := at(value, route), str)
        and one
        and (span := parsed.spans[route].value).line == span.end_line
    ]
    if not inline:
        return
    route, new = data.draw(st.sampled_from(inline)), data.draw(ONE_LINE.filter(bool))
    span = parsed.spans[route].value
    start, end = source.offset(*span[:2]), source.offset(*span[2:])
    made = apply({path: before}, [SetValue(path, route, new)])
    assert isinstance(made, dict)
    after = made.get(path, before).decode("utf-8-sig")
    assert after.startswith(text[:start])
    assert after.endswith(text[end:])
    assert len(after) >= len(text) - (end - start)
    quote = text[start]
    if quote in "'\"":
        assert after[start] == quote, "a text keeps its quotes"
    if quote in "'\"" or after[start] not in "'\"":
        old = at(value, route)
        back = apply({path: made.get(path, before)}, [SetValue(path, route, old)])
        assert isinstance(back, dict)
        assert back.get(path, made.get(path, before)) == before or "\n" in old


@pytest.mark.deep
@settings(max_examples=examples(60, 200))
@given(files())
def test_a_value_that_is_set_to_what_it_is_changes_nothing(file: tuple[bytes, dict[str, Any], str]) -> None:
    data, value, path = file
    assert (
        apply({path: data}, [SetValue(path, route, at(value, route)) for route in [(), *routes(value)]]) == {}
    )


# --- the example plan ---------------------------------------------------------------------------------

SHEETS = [
    path.relative_to(REPO).as_posix()
    for folder in ("agencies", "pillars", "chapters")
    for path in sorted((REPO / folder).rglob("*.*"))
] + ["masterplan.yaml"]


@pytest.mark.deep
@pytest.mark.parametrize("path", every(7, SHEETS))
def test_each_value_of_a_plan_changes_alone_and_back(path: str) -> None:
    before = (REPO / path).read_bytes()
    value = read_text(path, before).parsed.value
    for route in routes(value):
        old = at(value, route)
        if not isinstance(old, str):
            continue
        new = f"{old} lain"
        made = apply({path: before}, [SetValue(path, route, new)])
        assert isinstance(made, dict), route
        expected = copy.deepcopy(value)
        at(expected, route[:-1])[route[-1]] = new
        assert plain(read_text(path, made[path]).parsed.value) == plain(expected)
        if "\n" not in old:
            lines = zip(before.splitlines(), made[path].splitlines(), strict=True)
            assert sum(one != other for one, other in lines) == 1
        assert apply(made, [SetValue(path, route, old)]) == {path: before}


@pytest.mark.deep
@pytest.mark.parametrize("path", every(7, SHEETS))
def test_each_part_of_a_plan_can_be_removed_and_its_comments_stay(path: str) -> None:
    before = (REPO / path).read_bytes()
    value = read_text(path, before).parsed.value
    for route in routes(value):
        made = apply({path: before}, [RemoveValue(path, route)])
        assert isinstance(made, dict), route
        kept = [line.strip() for line in made[path].decode().splitlines()]
        marks = re.findall(r"(?m)(?:^|(?<= ))# .*$", before.decode().split("\n---\n")[0])
        assert all(any(mark in line for line in kept) for mark in marks)


# --- every field --------------------------------------------------------------------------------------


def fields(model: Any, above: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """Every route of a kind of file, with the field that it leads to."""
    found: list[tuple[tuple[Any, ...], Any]] = []
    for name, info in model.model_fields.items():
        kind, route = model_in(info.annotation), (*above, name)
        if get_origin(kind) is tuple:
            kind, route = model_in(get_args(kind)[0]), (*route, 0)
        elif get_origin(kind) is dict:
            key = "2024" if get_args(kind)[0] is not str and "year" in repr(get_args(kind)[0]) else "alfa"
            kind, route = model_in(get_args(kind)[1]), (*route, key)
        found += fields(kind, route) if hasattr(kind, "model_fields") else [(route, info)]
    return found


FIELDS = [(name, route, info) for name, model in KINDS.items() for route, info in fields(model)]
FILES = {
    "masterplan": "masterplan.yaml", "agency": "agencies/dinas-a.yaml", "pillar": "pillars/alfa/pillar.md", "program": SHEET,
    "chapter": "chapters/pendahuluan.md",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "route", "info"),
    FIELDS,
    ids=lambda one: "/".join(map(str, one)) if isinstance(one, tuple) else "",
)
def test_each_field_can_be_set_read_and_removed(name: str, route: tuple[Any, ...], info: Any) -> None:
    path = FILES[name]
    start = b"---\n# komentar\n---\n\nTeks.\n" if path.endswith(".md") else b"# komentar\nzz: x\n"
    made = apply({path: start}, [SetValue(path, route, "isi: baru")])
    assert isinstance(made, dict), made
    assert at(read_text(path, made[path]).parsed.value, route) == "isi: baru"
    gone = apply(made, [RemoveValue(path, route[:1])])
    assert gone == {path: start}


def test_new_fields_stand_in_the_order_of_the_schema() -> None:
    """However they come in."""
    names = list(KINDS["program"].model_fields)
    text = edited(
        "{}\n".replace("{}", "zz: x"), *(SetValue(PATH, (name,), "x") for name in names[::-1] + names)
    )
    assert re.findall(r"(?m)^(\w+):", text) == [*names, "zz"]


GIVEN = [
    (850_000_000, "amount: 850000000"), (Decimal("5.65"), 'amount: 5,65'), (Decimal("1.250"), 'amount: 1,250'), (0.5, 'amount: 0,5'),
    (True, "amount: Ya"), (datetime.date(2021, 11, 18), "amount: 2021-11-18"), (Period(2022, 2026), "amount: 2022-2026"),
    (Period(2025, None), "amount: 2025-"), ("no", "amount: no"), ("null", 'amount: "null"'), ("", 'amount: ""'), (None, "amount:"),
    ("a: b", 'amount: "a: b"'), ('kata "x" # y', "amount: 'kata \"x\" # y'"), ("- x", 'amount: "- x"'), ("sdg:11.6", "amount: sdg:11.6"),
    ("satu\r\ndua\n", "amount: |\n  satu\n  dua"), (" \nx", 'amount: " \\nx"'), ([], "amount: []"), ({}, "amount: {}"),
    ({"year": 2022, "targets": {2024: 1}}, "amount:\n  year: 2022\n  targets:\n    2024: 1"), (("a", "b"), "amount:\n  - a\n  - b"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "line"), GIVEN, ids=[str(number) for number in range(len(GIVEN))])
def test_a_value_is_written_as_people_write_it(value: Any, line: str) -> None:
    assert edited("title: X\n", SetValue(PATH, ("amount",), value)) == f"title: X\n{line}\n"


# --- words --------------------------------------------------------------------------------------------

SECTIONS: tuple[tuple[str, ...], ...] = (
    ("Latar belakang", "background"),
    ("Uraian", "deskripsi"),
    ("Keberlanjutan",),
)
PARAGRAPHS = st.lists(
    st.sampled_from(["Satu.", "- a\n- b", "### Rinci\n\nDua.", "| a | b |\n|---|---|\n| c | d |", "> ## kutip", "```\n## kode\n```", "teks[^1]\n\n[^1]: catatan", "    ## menjorok", "1. x\n\n   ## dalam butir"]),
    min_size=1, max_size=3,
).map("\n\n".join)  # fmt: skip


@pytest.mark.deep
@settings(max_examples=examples(80, 250))
@given(st.data())
def test_a_section_changes_alone(data: st.DataObject) -> None:
    texts = data.draw(
        st.dictionaries(st.sampled_from(SECTIONS), st.one_of(st.just(""), PARAGRAPHS), max_size=3)
    )
    said = {words: text for words in SECTIONS for name, text in texts.items() if words == name}
    lead = data.draw(st.sampled_from(["", "Pembuka."]))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    parts = [lead, *(f"## {words[0]}\n\n{text}".rstrip() for words, text in said.items())]
    body = "\n\n".join(part for part in parts if part)
    before = f"---\ntitle: X\n---\n\n{body}".replace("\n", end) + data.draw(st.sampled_from(["", end]))
    words, new = data.draw(st.sampled_from(SECTIONS)), data.draw(st.one_of(st.none(), PARAGRAPHS))
    made = apply({SHEET: before.encode()}, [SetProse(SHEET, (words,), new, SECTIONS)])
    if new is None and words not in said:
        assert isinstance(made, list)
        return
    assert isinstance(made, dict), (before, words, new)
    expected = dict(said)
    if new is None:
        del expected[words]
    else:
        expected[words] = new
    parts = [lead, *(f"## {one[0]}\n\n{expected[one]}".rstrip() for one in SECTIONS if one in expected)]
    after = made.get(SHEET, before.encode()).decode()
    assert (
        after.replace("\r\n", "\n").partition("---\n\n")[2].strip()
        == "\n\n".join(p for p in parts if p).strip()
    )
    assert end == "\n" or "\n" not in after.replace("\r\n", "")
    if new and said.get(words):
        back = apply({SHEET: after.encode()}, [SetProse(SHEET, (words,), said[words])])
        assert isinstance(back, dict)
        assert back.get(SHEET, after.encode()).decode() == before


def test_the_whole_text_can_be_set_and_a_section_within_a_section() -> None:
    text = "---\ntitle: X\n---\n"
    text = edited(
        text, SetProse(SHEET, (), "Awal.\n\n## Satu\n\n### Isi\n\nA.\n\n## Dua\n\n### Isi\n\nB."), path=SHEET
    )
    text = edited(text, SetProse(SHEET, (("Dua",), ("Isi",)), "C."), path=SHEET)
    text = edited(text, SetProse(SHEET, (("Satu",), ("Lain: (x)",)), "D."), path=SHEET)
    assert text == (
        "---\ntitle: X\n---\n\nAwal.\n\n## Satu\n\n### Isi\n\nA.\n\n### Lain\\: \\(x\\)\n\nD.\n\n## Dua\n\n### Isi\n\nC.\n"
    )


# --- new files, and several at once -------------------------------------------------------------------


def test_a_new_file_is_written_in_the_order_of_the_schema() -> None:
    value: dict[str, Given] = {
        "owner": "dinas-a",
        "budget": [{"amount": 5, "year": 2022}],
        "title": "Baru: ini",
    }
    made = apply({}, [NewFile(SHEET, value, "## Uraian\n\nTeks.")])
    assert made == {
        SHEET: b'---\ntitle: "Baru: ini"\nowner: dinas-a\nbudget:\n  - year: 2022\n    amount: 5\n---\n\n## Uraian\n\nTeks.\n'
    }
    assert apply({}, [NewFile(PATH, {"title": "X"}), SetValue(PATH, ("owner",), "y")]) == {
        PATH: b"title: X\nowner: y\n"
    }


def test_edits_are_made_together_or_not_at_all() -> None:
    there = {PATH: b"title: X\n", SHEET: b"---\ntitle: Y\n---\n"}
    good = [SetValue(PATH, ("title",), "Z"), SetValue(SHEET, ("owner",), "a")]
    assert apply(there, good) == {PATH: b"title: Z\n", SHEET: b"---\ntitle: Y\nowner: a\n---\n"}
    assert isinstance(apply(there, [*good, RemoveValue(SHEET, ("period",))]), list)
    assert apply(there, []) == {}


REFUSED = {
    "missing key": ("", "title: X\n", [RemoveValue(PATH, ("owner",))], "missing"),
    "missing item": ("", "goals: [a]\n", [SetValue(PATH, ("goals", 2), "x")], "missing"),
    "below a text": ("", "title: X\n", [SetValue(PATH, ("title", "a"), "x")], "kind"),
    "a key in a list": ("", "goals: [a]\n", [SetValue(PATH, ("goals", "a"), "x")], "kind"),
    "a file of a list": ("", "goals: [a]\n", [SetValue(PATH, (), ["x"])], "kind"),
    "a control character": ("", "title: X\n", [SetValue(PATH, ("title",), "a\x07")], "value"),
    "half a character": ("", "title: X\n", [SetValue(PATH, ("title",), "\ud83d")], "value"),
    "half a character in a key": ("", "title: X\n", [SetValue(PATH, ("duties", "\ud83d"), "x")], "value"),
    "no number": ("", "title: X\n", [SetValue(PATH, ("title",), float("nan"))], "value"),
    "a huge number": ("", "title: X\n", [SetValue(PATH, ("title",), Decimal("1e999999999"))], "value"),
    "a long number": ("", "title: X\n", [SetValue(PATH, ("title",), 10**5000)], "value"),
    "too deep": ("", "title: X\n", [SetValue(PATH, ("title",), [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]])], "value"),
    "no file": ("", None, [SetValue(PATH, ("title",), "x")], "file"),
    "a file that is there": ("", "title: X\n", [NewFile(PATH, {"title": "Y"})], "exists"),
    "a path out of the plan": ("../x.yaml", None, [NewFile("../x.yaml", {"title": "Y"})], "path"),
    "a path of no kind": ("pillars/alfa/A b.md", None, [NewFile("pillars/alfa/A b.md", {"title": "Y"})], "path"),
    "no section": (SHEET, "---\ntitle: X\n---\n\nA.\n", [SetProse(SHEET, (("Uraian",),), None)], "section"),
    "a heading beside": (SHEET, "---\ntitle: X\n---\n\n## A\n\n## B\n", [SetProse(SHEET, (("A",),), "x\n\n## C\n")], "headings"),
    "an open fence": (SHEET, "---\ntitle: X\n---\n\n## A\n\n## B\n", [SetProse(SHEET, (("A",),), "```\nx")], "headings"),
    "words in a data file": ("", "title: X\n", [SetProse(PATH, (), "x")], "no_text"),
    "a key in two parts": ("", "? title\n: X\n", [SetValue(PATH, ("title",), "Y")], ""),
    "a pair without braces": ("", "goals: [a: b]\n", [SetValue(PATH, ("goals", 0, "c"), "Y")], ""),
    "the last key of a data file": ("", "title: X\n", [RemoveValue(PATH, ("title",))], None),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_is_not_certain_is_refused(case: tuple[str, str | None, list[Edit], str | None]) -> None:
    path, text, edits, variant = case
    made = apply({} if text is None else {path or PATH: text.encode()}, edits)
    assert isinstance(made, list)
    assert made[0].rule.code == "MP911"
    assert variant is None or made[0].variant == variant
    for language in Language:
        assert all("{" not in sentence for sentence in made[0].says(language))


UNREADABLE = {
    "broken": (b'title: "X\n', "MP011"), "bytes": (b"title: \xff\n", "MP001"), "tab": (b"a:\n\tb: c\n", "MP012"),
    "twice": (b"a: b\na: c\n", "MP013"), "anchor": (b"a: &x b\n", "MP014"), "control": (b"a: b\x07\n", "MP009"),
    "conflict": (b"<<<<<<< a\na: b\n=======\na: c\n>>>>>>> b\n", "MP041"), "blanks": ("a:\n\u00a0 b: c\n".encode(), "MP040"),
    "empty": (b"", "MP019"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_does_not_read_is_refused_by_its_own_finding(case: tuple[bytes, str]) -> None:
    made = apply({PATH: case[0]}, [SetValue(PATH, ("zz",), "x")])
    assert isinstance(made, list)
    assert case[1] in [found.rule.code for found in made]


def test_no_file_grows_beyond_what_is_read() -> None:
    made = apply({PATH: b"title: X\n"}, [SetValue(PATH, ("goals",), "x" * MAX_TEXT_BYTES)])
    assert isinstance(made, list)
    assert made[0].rule.code == "MP002"


@pytest.mark.deep
@settings(max_examples=examples(60, 500))
@given(st.text("ab: -#[]{},\n|>'\"?&*!%\t\r\u00a0é---", max_size=60), st.data())
def test_any_text_is_changed_rightly_or_refused(text: str, data: st.DataObject) -> None:
    reading = read_text(PATH, text.encode())
    value = reading.parsed.value or {"a": None}
    if not routes(value):
        return
    edit, said = data.draw(changes(plain(value), PATH))
    made = apply({PATH: text.encode()}, [edit])
    if isinstance(made, dict):
        assert plain(read_text(PATH, made.get(PATH, text.encode())).parsed.value) == plain(said)


# --- time ---------------------------------------------------------------------------------------------

LARGE: dict[str, Any] = {
    "many items": lambda n: ("goals:\n" + "  - x # y\n" * (n // 10), [SetValue(PATH, ("goals", 0), "z"), RemoveValue(PATH, ("goals", 1))]),
    "all items gone": lambda n: ("goals:\n" + "  - x # y\n" * (n // 10), [SetValue(PATH, ("goals",), [])]),
    "all items new": lambda n: ("goals:\n  - a\n", [SetValue(PATH, ("goals",), ["x"] * (n // 5))]),
    "all items else": lambda n: ("goals:\n" + "  - x\n" * (n // 6), [SetValue(PATH, ("goals",), ["y"] * (n // 6))]),
    "an item at each edit": lambda n: ("goals:\n" + "  - x\n" * (n // 6), [SetValue(PATH, ("goals", i), "y") for i in range(n // 6)]),
    "a key at each edit": lambda n: ("duties:\n  a: b\n", [SetValue(PATH, ("duties", f"k{i}"), "y") for i in range(n // 9)]),
    "all keys new": lambda n: ("duties:\n  a: b\n", [SetValue(PATH, ("duties",), {f"k{i}": "y" for i in range(n // 9)})]),
    "all keys gone": lambda n: ("duties:\n" + "".join(f"  k{i}: x\n" for i in range(n // 9)), [SetValue(PATH, ("duties",), {"a": "y"})]),
    "in brackets": lambda n: (f"goals: [{'x, ' * (n // 3)}]\n", [SetValue(PATH, ("goals",), ["y"] * (n // 6))]),
    "comments": lambda n: ("a: b\n" + "  # c\n" * (n // 6) + "d: e\n", [InsertItem(PATH, ("goals", 0), "x"), RemoveValue(PATH, ("a",))]),
    "empty lines": lambda n: ("a:\n  - b\n" + "\n" * n + "d: e\n", [InsertItem(PATH, ("a", 1), "x")]),
    "a long line": lambda n: (f"a: {'b ' * (n // 2)}\n", [SetValue(PATH, ("a",), "c " * (n // 2) + "d")]),
    "a folded text": lambda n: (f"a: >\n  {'b ' * (n // 2)}c\n", [SetValue(PATH, ("a",), "c " * (n // 2) + "d")]),
    "many lines": lambda n: ("a: x\n", [SetValue(PATH, ("a",), "c\n" * (n // 2))]),
    "marks": lambda n: ("a: x\n", [SetValue(PATH, ("a",), "#:'\"-" * (n // 6))]),
}  # fmt: skip


@pytest.mark.deep
@pytest.mark.parametrize("name", every(4, LARGE))
def test_an_edit_takes_no_longer_than_a_file_is_long(name: str) -> None:
    def work(size: int) -> Any:
        text, edits = LARGE[name](size)

        def run() -> None:
            assert isinstance(apply({PATH: text.encode()}, edits), dict)

        return run

    assert not (grown := too_fast(work, 10_000, 0.01)), grown


def test_sections_take_no_longer_than_a_text_is_long() -> None:
    def work(size: int) -> Any:
        text = "---\ntitle: X\n---\n\n" + "".join(f"## A{n}\n\nx\n\n" for n in range(size // 10))
        return lambda: apply({SHEET: text.encode()}, [SetProse(SHEET, (("A5",),), "y")])

    assert not (grown := too_fast(work, 20_000, 0.01)), grown


def test_a_new_file_is_checked_before_it_is_there(plan: Path) -> None:
    """What is tried on top of a plan counts as if it were saved, also where no file is yet."""
    new = {
        "pillars/alfa/baru.md": b"---\ntitle: Baru\nowner: dinas-c\nperiod: 2030\n---\n",
        "agencies/dinas-c.yaml": b"name: Dinas C\n",
        "lain/baru.md": b"---\ntitle: Lain\n---\n",
    }
    checked = check(plan, overlay=new)
    assert checked.plan
    assert checked.plan.by_id["alfa/baru"].owner is checked.plan.agencies["dinas-c"]
    found = {(one.path, one.code) for one in checked.diagnostics}
    for path, data in new.items():
        write(plan, path, data)
    assert {(one.path, one.code) for one in check(plan).diagnostics} == found
    assert ("pillars/alfa/baru.md", "MP301") in found
