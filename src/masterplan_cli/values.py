"""Values as officers type them, and as an office prints them: rupiah, decimals, dates, periods.

Readers take the text of a YAML scalar and return the value or raise `BadValue`, which names the sentence to
show (`messages.VALUE_ERRORS`) and what fills it. Printers are their inverse for a language.
"""

from __future__ import annotations

import datetime
import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from masterplan_cli.messages import Language

NBSP = "\N{NO-BREAK SPACE}"
MONTHS = {
    Language.ID: [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    Language.EN: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SCALES = {"ribu": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "triliun": 12}
_YEARS = range(1900, 2200)
#: Twenty digits are more rupiah than there are; longer figures are typing accidents or attacks.
_MAX_DIGITS = 20


class BadValue(ValueError):  # noqa: N818 - it names the value, and is no fault of the program
    """A text that is not the value its field asks for; `kind` names the sentence that explains it."""

    def __init__(self, kind: str, **args: object) -> None:
        super().__init__(kind)
        self.kind, self.args_ = kind, args


class Period(NamedTuple):
    """Years from `first` to `last`, both included; `last` is None while a period has no end."""

    first: int
    last: int | None

    def __contains__(self, year: object) -> bool:
        return isinstance(year, int) and self.first <= year and (self.last is None or year <= self.last)

    def covers(self, other: Period) -> bool:
        """Whether every year of another period lies in this one."""
        return other.first in self and (self.last is None or (other.last is not None and other.last in self))

    @property
    def years(self) -> list[int]:
        """Every year of a closed period."""
        return list(range(self.first, (self.last or self.first) + 1))

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        return f"{self.first}–{self.last or ''}"


def _digits(text: str) -> str:
    """The text with full-width digits, no-break spaces and odd dashes made plain."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").strip()


def read_rupiah(text: str) -> int:
    """Whole rupiah from `850000000`, `850.000.000`, `Rp 850.000.000,00` or `1,25 miliar`."""
    plain = _digits(text)
    body = re.sub(r"(?i)^rp\.?\s*", "", plain)
    marked = body != plain
    body = re.sub(r",(?:00?|-)$|,-$", "", body)
    if len(body) > 2 * _MAX_DIGITS:
        raise BadValue("amount", text=text)
    scaled = re.fullmatch(r"(?i)(\d+(?:[.,]\d+)?)\s*([a-z]+)", body)
    if scaled and scaled[2].lower() in _SCALES:
        return _scaled(text, scaled[1], _SCALES[scaled[2].lower()])
    if re.fullmatch(r"\d{1,20}", body):
        return int(body)
    if re.fullmatch(r"\d{1,3}(\.\d{3}){2,6}", body) or (marked and re.fullmatch(r"\d{1,3}\.\d{3}", body)):
        return int(body.replace(".", ""))
    if re.fullmatch(r"\d{1,3}\.\d{3}", body):
        raise BadValue(
            "amount_doubtful", text=text, whole=int(body.replace(".", "")), part=body.replace(".", ",")
        )
    if re.fullmatch(r"\d{1,3}(,\d{3})+", body):
        whole = int(body.replace(",", ""))
        fix = grouped(whole, Language.ID) if body.count(",") > 1 else None
        raise BadValue("amount_commas", text=text, whole=rupiah(whole), fix=fix)
    if re.fullmatch(r"\d{1,3}([ _']\d{3})+", body):
        digits = re.sub(r"\D", "", body)
        fix = grouped(int(digits), Language.ID) if len(digits) > 6 else None
        raise BadValue("amount_spaces", text=text, whole=digits, fix=fix)
    if re.fullmatch(r"-\s*\d[\d.,]*", body):
        raise BadValue("amount_negative", text=text)
    raise BadValue("amount", text=text)


def _scaled(text: str, figure: str, power: int) -> int:
    amount = Decimal(figure.replace(",", ".")) * 10**power
    if amount != amount.to_integral_value() or amount >= 10**_MAX_DIGITS:
        raise BadValue("amount", text=text)
    return int(amount)


def read_decimal(text: str) -> Decimal:
    """A figure from `5,65`, `5.65`, `-4,33`, `40 %` or `1.250.000`; `1.250` is refused as doubtful."""
    plain = _digits(text).removesuffix("%").rstrip()
    if len(plain) > 2 * _MAX_DIGITS:
        raise BadValue("number", text=text)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", plain):
        if plain.count(".") == 1 and "," not in plain:
            raise BadValue(
                "number_doubtful", text=text, whole=plain.replace(".", ""), part=plain.replace(".", ",")
            )
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d+,\d+", plain):
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise BadValue("number", text=text)
    try:
        return Decimal(plain)
    except InvalidOperation:  # pragma: no cover - the pattern above leaves nothing to refuse
        raise BadValue("number", text=text) from None


def read_percent(text: str) -> int:
    """A whole percentage from 0 to 100."""
    value = read_decimal(text)
    if value != value.to_integral_value() or not 0 <= value <= 100:
        raise BadValue("percent", text=text)
    return int(value)


def read_year(text: str) -> int:
    plain = _digits(text)
    if not re.fullmatch(r"\d{4}", plain) or int(plain) not in _YEARS:
        raise BadValue("year", text=text)
    return int(plain)


def read_period(text: str) -> Period:
    """`2022-2026`, a single year, or `2025-` for a period without an end."""
    match = re.fullmatch(r"(\d{4})(?:\s*(-|s\.?/?d\.?|sampai)\s*(\d{4})?)?", _digits(text))
    if not match or (match[2] and match[2] != "-" and not match[3]):
        raise BadValue("period", text=text)
    first = read_year(match[1])
    last = read_year(match[3]) if match[3] else (None if match[2] else first)
    if last is not None and last < first:
        raise BadValue("period_backwards", text=text, right=f"{last}-{first}")
    return Period(first, last)


def read_date(text: str) -> datetime.date:
    """A date from `2021-11-18`, `18 November 2021` or `18/11/2021`."""
    plain = _digits(text)
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (1, 2, 3)),
        (r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", (3, 2, 1)),
    ):
        if match := re.fullmatch(pattern, plain):
            return _date(text, *(int(match[n]) for n in order))
    if match := re.fullmatch(r"(\d{1,2})\s+([A-Za-z]+)\s+(\d{4})", plain):
        return _date(text, int(match[3]), _month(text, match[2]), int(match[1]))
    raise BadValue("date", text=text)


def _month(text: str, name: str) -> int:
    for names in MONTHS.values():
        for number, month in enumerate(names, 1):
            if name.casefold() in (month.casefold(), month[:3].casefold()):
                return number
    raise BadValue("date", text=text)


def _date(text: str, year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise BadValue("date_impossible", text=text) from None


def read_yes_no(text: str) -> bool:
    match text.strip().casefold():
        case "ya" | "yes" | "true" | "benar":
            return True
        case "tidak" | "no" | "false" | "bukan":
            return False
    raise BadValue("yes_no", text=text)


def grouped(value: int | Decimal, language: Language) -> str:
    """A figure with the language's separators: `1.250,5` or `1,250.5`."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if language is Language.ID:
        text = text.translate(str.maketrans(",.", ".,"))
    return text


def rupiah(amount: int) -> str:
    """An amount as offices print it, with a no-break space: `Rp 1.250.000.000`."""
    return f"Rp{NBSP}{grouped(amount, Language.ID)}"


def short_rupiah(amount: int, language: Language) -> str:
    """A round amount in words: `Rp 1,25 miliar`."""
    names = {Language.ID: ("triliun", "miliar", "juta"), Language.EN: ("trillion", "billion", "million")}[
        language
    ]
    for power, name in zip((12, 9, 6), names, strict=True):
        if amount >= 10**power:
            figure = (Decimal(amount) / 10**power).quantize(Decimal("0.01")).normalize()
            return f"Rp{NBSP}{grouped(figure, language)}{NBSP}{name}"
    return rupiah(amount)


def long_date(date: datetime.date, language: Language) -> str:
    return f"{date.day}{NBSP}{MONTHS[language][date.month - 1]}{NBSP}{date.year}"


def slug(text: str) -> str:
    """The text as an anchor or a file name: lower case, letters and digits, hyphens between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


class Guess(str):
    """What a word probably meant; `fix` says it again when nothing else can have been meant."""

    __slots__ = ("fix",)
    fix: str | None


def near(word: str, choices: Iterable[str] | Mapping[str, str]) -> Guess | None:
    """The choice that `word` probably meant; a mapping leads from each spelling to what it stands for."""
    meanings = choices if isinstance(choices, Mapping) else {choice: choice for choice in choices}
    same = {meaning for spelling, meaning in meanings.items() if _bare(spelling) == _bare(word) != ""}
    if len(same) == 1:
        return _guess(same.pop(), sure=True)
    options = {spelling.casefold(): (spelling, meaning) for spelling, meaning in meanings.items()}
    matches = difflib.get_close_matches(word.casefold()[:80], options, n=4, cutoff=0.72)
    if not matches:
        return None
    spelling, meaning = options[matches[0]]
    alone = len({options[match][1] for match in matches}) == 1
    return _guess(meaning, sure=alone and is_slip(word, spelling))


def _guess(meaning: str, *, sure: bool) -> Guess:
    guess = Guess(meaning)
    guess.fix = meaning if sure else None
    return guess


def _bare(text: str) -> str:
    """A word without capitals and separators."""
    return re.sub(r"[\W_]+", "", text.casefold())


def is_slip(word: str, meant: str) -> bool:
    """Whether a word is another with a slip of the hand: other capitals or separators, or a letter or two wrong.

    Parts that tell things apart by themselves (digits, parts shorter than four letters) must be the same:
    `dinas-c` is no slip of `dinas-a`.
    """
    ours, theirs = (re.split(r"[\W_]+", text.casefold().strip()) for text in (word, meant))
    if _bare(word) == _bare(meant):
        return True
    if len(ours) != len(theirs) or re.sub(r"\D", "", word) != re.sub(r"\D", "", meant):
        return False
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    slips = sum(_slips(a, b) for a, b in pairs)
    return all(min(len(a), len(b)) >= 4 for a, b in pairs) and slips <= (2 if len(meant) >= 8 else 1)


def _slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
