"""A first look at a whole file misses nothing that a close look at each of its texts finds."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from masterplan_cli import values
from masterplan_cli.rules.prose import _FILLERS, _PLACEHOLDER, _SIGNS
from masterplan_cli.rules.texts import _LONG, _may_repeat, _named, _personal, _same
from masterplan_cli.rules.words import Words, folded
from masterplan_cli.yaml_reader import Value

#: Letters that a pattern takes for others when capitals do not count.
TWINS = str.maketrans({"i": "ı", "s": "ſ", "k": "\N{KELVIN SIGN}", "I": "İ"})
FILLERS = st.sampled_from(
    [*_FILLERS, "xxx", "XXXXX", "...", "…", "____", "-----", "[isi nama]", "[name]", "[nama"]
)
PIECES = st.one_of(
    FILLERS, FILLERS.map(str.upper), FILLERS.map(str.title), FILLERS.map(lambda f: f.translate(TWINS)),
    st.sampled_from([" ", "\n", ".", "-", "warga", "196910151990031007", "3575 0115 0889 0003", "\u200b", "\u00a0", "é"]),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=4).map("".join) | st.text(max_size=20)
NAMED = st.dictionaries(st.sampled_from(["name", "code", "nomenclature"]), TEXTS, max_size=3)
FIELDS = st.dictionaries(st.sampled_from("abc"), TEXTS | st.lists(TEXTS, max_size=3), max_size=3)


@settings(deadline=None)
@given(TEXTS)
@example("tulıs dı ſini")
def test_a_filler_shows_a_sign(text: str) -> None:
    if _PLACEHOLDER.search(text):
        assert any(sign in folded(text) for sign in _SIGNS)


@settings(deadline=None)
@given(FIELDS)
def test_a_file_shows_what_its_fields_hold(fields: dict[str, Value]) -> None:
    words = Words("a.yaml", {"group": fields}, None)
    texts = [text for _, text in words.fields()]
    for text in texts:
        assert text in words.field_text
        assert not list(_personal(text)) or _LONG.search(words.field_text)
        assert not values.odd_character(text) or values.may_be_odd(words.field_text)


@settings(deadline=None)
@given(
    st.sampled_from(["misi", "partners", "codes"]), st.lists(TEXTS | FIELDS | NAMED | st.none(), max_size=4)
)
@example("misi", ["Warga  kota", "warga kota"])
@example("misi", [None, None])
@example("partners", [{"name": "PT Satu"}, {"name": "PT  SATU", "role": "melatih"}])
def test_items_that_repeat_are_seen(key: str, items: list[Value]) -> None:
    names = [_same([*name]) for item in items if (name := _named(key, item))]
    if len({_same(item) for item in items}) < len(items) or len(set(names)) < len(names):
        assert _may_repeat(key, items)
