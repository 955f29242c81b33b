"""Values as officers type them: what reads, what is refused and why, and which slip was meant."""

from __future__ import annotations

import difflib
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import REPO
from masterplan_cli import suggestions, values
from masterplan_cli.checking import check
from masterplan_cli.figures import Figures, rounded, scale_of
from masterplan_cli.messages import Language
from masterplan_cli.rules.texts import _personal
from masterplan_cli.values import BadValue, Period

REFUSED = {  # the text, its reader, the kind of refusal, and what it may have meant
    ("012", "rupiah"): ("amount_zero", {"whole": "12"}),
    ("Rp 012.000.000", "rupiah"): ("amount_zero", {"whole": "12.000.000"}),
    ("1,250", "rupiah"): ("amount_doubtful", {"whole": "1.250", "part": "1,25", "plain": "1250"}),
    ("1.250", "rupiah"): ("amount_doubtful", {"whole": "1.250", "part": "1,25", "plain": "1250"}),
    ("1.000", "rupiah"): ("amount_doubtful", {"whole": "1.000", "part": "1", "plain": "1000"}),
    ("1,250,000", "rupiah"): ("amount_commas", {"suggestion": "Rp 1.250.000"}),
    ("1 250 000", "rupiah"): ("amount_spaces", {"suggestion": "1250000"}),
    ("9" * 30, "rupiah"): ("amount_long", {"limit": 20}),
    ("5²", "decimal"): ("number", {}),
    ("007", "decimal"): ("number_zero", {"whole": "7"}),
    ("25 menit", "decimal"): ("number_unit", {"suggestion": "25"}),
    ("1O", "decimal"): ("number", {}),
    ("5 dari 10", "decimal"): ("number", {}),
    ("40 orang", "percent"): ("percent", {}),
    ("TA 2026", "year"): ("year_suggestion", {"suggestion": "2026"}),
    ("2025/2026", "year"): ("year", {}),
    ("Rp 1,2 M", "rupiah"): ("amount_letter", {"whole": "Rp 1.200.000.000", "part": "Rp 1.200.000"}),
    ("Januari 2025 s.d. Desember 2027", "period"): ("period_words", {"suggestion": "2025-2027"}),
    ("9" * 30, "decimal"): ("number_long", {"limit": 20}),
    ("0202", "year"): ("year_zero", {}),
    ("18 Novembr 2021", "date"): ("date_month", {"suggestion": "18 November 2021"}),
    ("tidka", "yes_no"): ("yes_no_suggestion", {"suggestion": "Tidak"}),
    ("mungkin", "yes_no"): ("yes_no", {}),
}  # fmt: skip


@pytest.mark.parametrize(("written", "refusal"), REFUSED.items(), ids=lambda v: str(v)[:40])
def test_a_refused_value_says_what_it_may_have_meant(
    written: tuple[str, str], refusal: tuple[str, dict[str, object]]
) -> None:
    text, reader = written
    with pytest.raises(BadValue) as caught:
        getattr(values, f"read_{reader}")(text)
    kind, meant = refusal
    assert caught.value.kind == kind
    assert caught.value.args_.items() >= meant.items()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("0,5 miliar", 500_000_000),
        ("350 juta rupiah", 350_000_000),
        ("1.250.000 Rupiah", 1_250_000),
        ("750 rb", 750_000),
        ("Rp\u00a0850.000.000", 850_000_000),
        ("８５０００００００", 850_000_000),
    ],
)
def test_amounts_that_read(text: str, amount: int) -> None:
    assert values.read_rupiah(text) == amount


def _outcome(reader: str, text: str) -> object:
    try:
        return getattr(values, f"read_{reader}")(text)
    except BadValue as error:
        return error.kind


@given(
    reader=st.sampled_from(["rupiah", "decimal", "percent", "year", "period", "date"]),
    text=st.text("0123456789.,-%/ ", max_size=25) | st.integers(0, 10**22).map(str),
)
@example("year", "2022")
@example("rupiah", "9" * 20)
@example("decimal", "0")
def test_full_width_figures_read_as_ordinary_ones(reader: str, text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
    assert _outcome(reader, wide) == _outcome(reader, text)


NEAR = [  # a word, the choices, and the one that was meant
    ("jxm", ["jam", "hari"], "jam"),
    ("jma", ["jam", "hari"], "jam"),
    ("jaam", ["jam", "hari"], "jam"),
    ("JAM", ["jam", "jamu"], "jam"),
    ("dax", ["DAK", "DAU"], None),
    ("disdukcapl", ["disdukcapil", "dinkes"], "disdukcapil"),
    ("entah", ["jam", "hari"], None),
]


@pytest.mark.parametrize(("word", "choices", "meant"), NEAR)
def test_a_near_miss_is_named_only_when_it_is_the_only_one(
    word: str, choices: list[str], meant: str | None
) -> None:
    assert suggestions.suggest(word, choices) == meant


def _near(word: str, meanings: dict[str, str]) -> str | None:
    """What a word may have meant, by looking at every choice."""
    bare = {
        m
        for spelling, m in meanings.items()
        if suggestions._bare(word) and suggestions._bare(spelling) == suggestions._bare(word)
    }
    if len(bare) == 1:
        return bare.pop()
    options, folded = (
        {spelling.casefold(): meaning for spelling, meaning in meanings.items()},
        word.casefold()[:80],
    )
    slips = [option for option in options if len(option) > 2 and suggestions.one_slip(folded, option)]
    similar = difflib.get_close_matches(folded, options, n=4, cutoff=0.72)
    meant = {options[spelling] for spelling in slips or similar[:1]}
    return meant.pop() if len(meant) == 1 else None


WORDS = st.text("abAB-_ é1", min_size=1, max_size=9)


@given(st.dictionaries(WORDS, WORDS, max_size=12), st.lists(WORDS, max_size=6))
def test_choices_that_are_searched_again_give_what_a_search_of_all_gives(
    meanings: dict[str, str], words: list[str]
) -> None:
    choices = suggestions.Choices(meanings, suggestions.EFFORT)
    assert [choices.suggest(word) for word in words * 2] == [_near(word, meanings) for word in words * 2]


def test_among_many_words_only_the_first_are_looked_for_and_those_spelt_otherwise() -> None:
    choices = suggestions.Choices([f"dinas-{n:05}" for n in range(2_000)], suggestions.EFFORT)
    found = [choices.suggest(f"dinas-x{n:05}") for n in range(1_000)]
    assert found[0] == "dinas-00000"
    assert found[-1] is None
    assert choices.suggest("Dinas 01999") == "dinas-01999"


@pytest.mark.parametrize(
    ("text", "meant"),
    [("2205", 2025), ("2O24", 2024), ("20226", None), ("2034", None), ("1999", None), ("2099", 2029)],
)
def test_a_year_is_looked_for_in_the_period(text: str, meant: int | None) -> None:
    assert values.suggested_year(text, Period(2022, 2031)) == meant


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dinas\u00a0a", "a no-break space NBSP"),
        ("dinas\u200ba", "a zero-width space"),
        ("di\u00adnas", "a soft hyphen"),
        ("２０２２", "a full-width digit or letter"),
        ("سلام\u200f", None),
        ("👩\u200d💻", None),
        ("Pasar Digital – tahap 2", None),
    ],
)
def test_odd_characters_are_called_by_their_name(text: str, name: str | None) -> None:
    odd = values.odd_character(text)
    assert (odd.name.en if odd else None) == name


PERSONAL = {
    "19691015 199003 1 007": "nip", "196910151990031007": "nip", "19691015.199003.1.007": "nip",
    "19691015\u00a0199003\u00a01\u00a0007": "nip", "199001012023211001": "nip",  # a contract civil servant
    "3575011508890003": "nik", "3575014110890003": "nik", "3575 0115 0889 0003": "nik", "357501 150889 0003": "nik",
}  # fmt: skip
IMPERSONAL = [
    "Rp 1.234.567.890.123.456", "2.16.03.2.02.0014", "35.75.01.1001", "188/423.011/2022", "1234567890123456",
    "19691315 199003 1 007",  # month 13
    "19691015 197003 1 007",  # hired as an infant
    "19691015 199003 3 007",  # neither man nor woman
    "3575013513890003",  # day 35, month 13
    "9975011508890003",  # no such province
    "3575011508890000", "35750115088900031", "081234567890", "2022-2031",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), PERSONAL.items())
def test_personal_numbers_are_found_and_not_repeated(text: str, kind: str) -> None:
    [(_, found, shown)] = _personal(f"Fulan, {text}, Pasar")
    assert found == kind
    assert len(shown) < 8


@pytest.mark.parametrize("text", IMPERSONAL)
def test_other_numbers_are_not_personal(text: str) -> None:
    assert not list(_personal(f"Nomor {text} tahun ini"))


def test_the_example_plan_stays_clean() -> None:
    assert check(REPO).diagnostics == []


# --- figures as they are printed


@pytest.mark.parametrize(
    ("amount", "indonesian", "english"),
    [
        (0, "Rp 0", "Rp 0"),
        (999_999, "Rp 999.999", "Rp 999,999"),
        (1_000_000, "Rp 1 juta", "Rp 1 million"),
        (16_575_000_000, "Rp 16,58 miliar", "Rp 16.58 billion"),  # half of a hundredth is rounded up
        (16_585_000_000, "Rp 16,59 miliar", "Rp 16.59 billion"),
        (999_994_999, "Rp 999,99 juta", "Rp 999.99 million"),
        (999_995_000, "Rp 1 miliar", "Rp 1 billion"),  # no thousand millions
        (999_995_000_000, "Rp 1 triliun", "Rp 1 trillion"),
        (1_500_000_000_000_000, "Rp 1.500 triliun", "Rp 1,500 trillion"),
    ],
)
def test_a_short_amount_is_rounded_half_up_in_the_words_of_its_language(
    amount: int, indonesian: str, english: str
) -> None:
    shown = {language: Figures(language).short_rupiah(amount) for language in Language}
    assert {language: text.replace(values.NBSP, " ") for language, text in shown.items()} == {
        Language.ID: indonesian,
        Language.EN: english,
    }


@given(st.integers(0, 10**18))
def test_what_a_short_amount_stands_for_is_within_half_a_hundredth_of_its_unit(amount: int) -> None:
    power = scale_of(amount)
    assert abs(rounded(amount) - amount) <= (Decimal(10) ** power / 200 if power else 0)
    assert rounded(amount) < 1000 * 10**power or power in (0, 12)


def test_figures_follow_the_language_and_the_space_that_a_plan_asks_for() -> None:
    indonesian, english = Figures(Language.ID), Figures(Language.EN)
    assert indonesian.rupiah(169_115_000_000) == f"Rp{values.NBSP}169.115.000.000"
    assert english.rupiah(169_115_000_000) == f"Rp{values.NBSP}169,115,000,000"
    assert Figures(Language.ID, spaced=False).rupiah(1_250_000_000) == "Rp1.250.000.000"
    assert Figures(Language.ID, spaced=False).short_rupiah(1_250_000_000) == f"Rp1,25{values.NBSP}miliar"
    assert indonesian.percent(55) == f"55{values.NBSP}%"
    assert english.percent(Decimal("12.5")) == "12.5%"
    assert indonesian.percent(None) == "–"
