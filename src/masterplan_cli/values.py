"""Values as officers type them, and as an office prints them: rupiah, decimals, dates, periods.

Readers take the text of a YAML scalar and return the value or raise `BadValue`, which names the sentence to
show (`schema.sentences.VALUE_RULES`) and what fills it. Printers are their inverse for a language.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from masterplan_cli.messages import Both, Language
from masterplan_cli.suggestions import one_slip, suggest

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
_SCALES = {"ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "triliun": 12}
_LEADING_ZERO = r"0(\d|\.\d{3}\.)"
#: How offices say that an amount has no cents: `,00`, `,-`, `,--`, `.-`.
_NO_CENTS = re.compile(r"(?:,0{1,2}|[.,]-{1,2}|,=)$")
_YEARS = range(1900, 2200)
_WITH_UNIT = re.compile(r"(-?\d[\d.,]*+) [^\W\d]\D*+")
_YEAR_IN = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: Twenty digits are more rupiah than there are; longer figures are typing accidents or attacks.
_MAX_DIGITS = 20


_MARK = Both("tanda arah tulisan yang tak terlihat", "an invisible direction mark")
_JOINER = Both("penyambung tak terlihat", "an invisible joiner")
_SPACE = Both("spasi tak biasa", "an unusual space")
_NBSP = Both("spasi tak terputus NBSP", "a no-break space NBSP")
#: Spaces that look like an ordinary one, by what they are called.
BLANKS = {NBSP: _NBSP, "\u202f": _NBSP} | dict.fromkeys(
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u3000", _SPACE
)
#: Characters that cannot be seen at all.
_HIDDEN = {
    "\u200b": Both("spasi tanpa lebar", "a zero-width space"),
    "\u2060": _JOINER, "\u200c": _JOINER, "\u200d": _JOINER, "\u200e": _MARK, "\u200f": _MARK, "\u061c": _MARK,
    "\u00ad": Both("tanda penggal tersembunyi", "a soft hyphen"),
}  # fmt: skip
_WIDE = Both("angka atau huruf lebar", "a full-width digit or letter")
_ODD = re.compile(f"[{''.join(BLANKS)}{''.join(_HIDDEN)}\uff01-\uff5e]")
#: What libyaml refuses, what breaks lines in some programs only, and what turns the reading direction around.
CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
_RUN = re.compile("[ \t\r\n]+")
_ARABIC = re.compile("[\u0620-\u064a]")


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


#: The texts of figures and dates repeat through a plan; those read last are kept.
_kept = lru_cache(maxsize=8192)


def _digits(text: str) -> str:
    """The text with full-width digits, no-break spaces and odd dashes made plain; `5²` stays what it is."""
    if text.isascii():
        return text.strip()
    plain = "".join(" " if c in BLANKS else _narrow(c) for c in text)
    return plain.replace("−", "-").replace("–", "-").strip()


def _narrow(character: str) -> str:
    """The ordinary form of a full-width character."""
    return chr(ord(character) - 0xFEE0) if "\uff01" <= character <= "\uff5e" else character


@_kept
def read_rupiah(text: str) -> int:
    """Whole rupiah from `850000000`, `850.000.000`, `Rp 850.000.000,00`, `850.000.000,-` or `1,25 miliar`."""
    if _is_plain(text):
        return int(text)
    plain = _digits(text)
    named = plain[:-6].rstrip() if plain[-6:].casefold() == "rupiah" else plain
    body = _NO_CENTS.sub("", re.sub(r"(?i)^rp\.?\s*", "", named))
    marked = body != plain
    if len(body) > 2 * _MAX_DIGITS or re.match(_LEADING_ZERO, body):
        raise _refused_amount(text, body[: 2 * _MAX_DIGITS])
    scaled = re.fullmatch(r"(?i)([\d.,]+)\s*([a-z]+)", body)
    if scaled and scaled[2].lower() in _SCALES:
        return _scaled(text, scaled[1], _SCALES[scaled[2].lower()])
    if scaled and scaled[2].lower() == "m":
        whole, part = (_typed(_scaled(text, scaled[1], _SCALES[word])) for word in ("miliar", "juta"))
        raise BadValue("amount_letter", text=text, whole=whole, part=part)
    if re.fullmatch(r"\d{1,20}", body):
        return int(body)
    if re.fullmatch(r"\d{1,3}(\.\d{3}){2,6}", body) or (marked and re.fullmatch(r"\d{1,3}\.\d{3}", body)):
        return int(body.replace(".", ""))
    raise _refused_amount(text, body)


def _is_plain(text: str) -> bool:
    """Whether a text is digits alone, which mean the same in every way to write a figure."""
    return text.isascii() and text.isdigit() and text[0] != "0" and len(text) <= _MAX_DIGITS


def _refused_amount(text: str, body: str) -> BadValue:
    """Why an amount does not read, with what it may have meant."""
    joined = re.sub(r"\D", "", body)
    if re.match(_LEADING_ZERO, body):
        return BadValue("amount_zero", text=text, whole=body.lstrip("0.") or "0")
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", body):
        whole, part = f"{body[:-4]}.{body[-3:]}", body.replace(".", ",").rstrip("0").removesuffix(",")
        return BadValue("amount_doubtful", text=text, whole=whole, plain=joined, part=part)
    if re.fullmatch(r"\d{1,3}(,\d{3})+", body):
        suggestion = _typed(int(joined))
        return BadValue(
            "amount_commas", text=text, suggestion=suggestion, fix=grouped(int(joined), Language.ID)
        )
    if re.fullmatch(r"\d{1,3}([ _']\d{3})+", body):
        sure = grouped(int(joined), Language.ID) if len(joined) > 6 else None
        return BadValue("amount_spaces", text=text, suggestion=joined, fix=sure)
    if len(joined) > _MAX_DIGITS:
        return BadValue("amount_long", text=text, limit=_MAX_DIGITS)
    return BadValue("amount_negative" if re.fullmatch(r"-\s*\d[\d.,]*", body) else "amount", text=text)


def _scaled(text: str, figure: str, power: int) -> int:
    """An amount such as `1,25 miliar`; `1.250 juta` may be a thousand times as much, and nobody can tell."""
    part = _part(figure)
    if part is None:
        raise BadValue("amount", text=text)
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", figure):
        whole = _whole(text, Decimal(re.sub(r"\D", "", figure)), power)
        less = _whole(text, part, power)
        raise BadValue("amount_scaled", text=text, whole=_typed(whole), part=_typed(less))
    return _whole(text, part, power)


def _part(figure: str) -> Decimal | None:
    """A figure of one mark, which then is a decimal one, or with dots between all thousands."""
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?", figure) and figure.count(".") + figure.count(",") > 1:
        return Decimal(figure.replace(".", "").replace(",", "."))
    return Decimal(figure.replace(",", ".")) if re.fullmatch(r"\d+([.,]\d+)?", figure) else None


def _whole(text: str, figure: Decimal, power: int) -> int:
    amount = figure * 10**power
    if amount != amount.to_integral_value() or amount >= 10**_MAX_DIGITS:
        raise BadValue("amount", text=text)
    return int(amount)


def _typed(amount: int) -> str:
    """An amount as it is typed."""
    return rupiah(amount).replace(NBSP, " ")


@_kept
def read_decimal(text: str) -> Decimal:
    """A figure from `5,65`, `5.65`, `-4,33`, `40 %` or `1.250.000`; `1.250` is refused as doubtful."""
    if _is_plain(text):
        return Decimal(text)
    plain = _digits(text).removesuffix("%").rstrip()
    if len(re.sub(r"\D", "", plain)) > _MAX_DIGITS:
        raise BadValue("number_long", text=text, limit=_MAX_DIGITS)
    if re.match(_LEADING_ZERO, plain.lstrip("-")):
        raise BadValue("number_zero", text=text, whole=plain.lstrip("-0.") or "0")
    if re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", plain):
        if plain.count(".") == 1 and "," not in plain:
            raise BadValue(
                "number_doubtful", text=text, whole=plain.replace(".", ""), part=plain.replace(".", ",")
            )
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d+,\d+", plain):
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        figure = _WITH_UNIT.fullmatch(plain)
        suggestion = figure[1] if figure else ""
        raise BadValue("number_unit" if figure else "number", text=text, suggestion=suggestion)
    try:
        return Decimal(plain)
    except InvalidOperation:  # pragma: no cover - the pattern above leaves nothing to refuse
        raise BadValue("number", text=text) from None


@_kept
def read_percent(text: str) -> int:
    """A whole percentage from 0 to 100."""
    figure = text.strip().casefold().removesuffix("persen").removesuffix("percent")
    try:
        value = read_decimal(figure)
    except BadValue as error:
        plain = error.kind in ("number", "number_unit")
        raise BadValue("percent" if plain else error.kind, **error.args_) from None
    if value != value.to_integral_value() or not 0 <= value <= 100:
        raise BadValue("percent", text=text)
    return int(value)


@_kept
def read_year(text: str) -> int:
    plain = _digits(text)
    if re.fullmatch(r"0\d+", plain):
        raise BadValue("year_zero", text=text)
    if not re.fullmatch(r"\d{4}", plain) or int(plain) not in _YEARS:
        years = _YEAR_IN.findall(plain)
        raise BadValue("year_suggestion" if len(years) == 1 else "year", text=text, suggestion="".join(years))
    return int(plain)


@_kept
def read_period(text: str) -> Period:
    """`2022-2026`, a single year, or `2025-` for a period without an end."""
    match = re.fullmatch(r"(\d{4})(?:\s*(-|s\.?/?d\.?|sampai)\s*(\d{4})?)?", _digits(text))
    if not match or (match[2] and match[2] != "-" and not match[3]):
        years = _YEAR_IN.findall(text)
        suggestion = "-".join(sorted(years))
        raise BadValue("period_words" if len(years) == 2 else "period", text=text, suggestion=suggestion)
    first = read_year(match[1])
    last = read_year(match[3]) if match[3] else (None if match[2] else first)
    if last is not None and last < first:
        raise BadValue("period_backwards", text=text, right=f"{last}-{first}")
    return Period(first, last)


@_kept
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
    guess = suggest(name, (month for names in MONTHS.values() for month in names))
    raise BadValue("date_month" if guess else "date", text=text, suggestion=text.replace(name, guess or ""))


def _date(text: str, year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise BadValue("date_impossible", text=text) from None


@_kept
def read_yes_no(text: str) -> bool:
    match text.strip().casefold():
        case "ya" | "yes" | "true" | "benar":
            return True
        case "tidak" | "no" | "false" | "bukan":
            return False
    guess = suggest(text, ("Ya", "Tidak", "yes", "no"))
    raise BadValue("yes_no_suggestion" if guess else "yes_no", text=text, suggestion=guess or "")


def grouped(value: int | Decimal, language: Language) -> str:
    """A figure with the language's separators: `1.250,5` or `1,250.5`."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if language is Language.ID:
        text = text.translate(str.maketrans(",.", ".,"))
    return text


def rupiah(amount: int) -> str:
    """An amount as offices print it, with a no-break space: `Rp 1.250.000.000`."""
    return f"Rp{NBSP}{grouped(amount, Language.ID)}"


def long_date(date: datetime.date, language: Language) -> str:
    return f"{date.day}{NBSP}{MONTHS[language][date.month - 1]}{NBSP}{date.year}"


@_kept
def roman(number: int) -> str:
    """A number from 1 on as books print it for their chapters."""
    out = ""
    signs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    for worth, sign in (*signs, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        out += sign * (number // worth)
        number %= worth
    return out


#: Marks of items that Word and web pages make and Markdown does not know, ready to stand in a set of a pattern.
BULLETS = "§•·▪▫●○◦‣⁃∙■□◆◇❖➢➤►▶➔⮚\uf0a7\uf0b7\uf0d8\uf076\uf0a8\uf06e"
_ITEM = re.compile(rf"\s*+(?:[{BULLETS}*+–—o✓✔✅☐-]|\(?(?:[A-Za-z]|\d{{1,2}})[.)])\s++(?=\S)")


def items_of(text: str) -> list[str]:
    """The words of each item of a text of several lines, two of which at least begin with the mark of an item.

    What stands before the first of them is the first item.
    """
    items: list[str] = []
    marked = 0
    for line in text.split("\n"):
        mark = _ITEM.match(line)
        marked += bool(mark)
        if mark or not marked:
            items += [line[mark.end() :].strip() if mark else line.strip()]
        else:
            items[-1] += f" {line.strip()}"
    return [item.strip() for item in items if item.strip()] if marked > 1 else []


def slug(text: str) -> str:
    """The text as an anchor or a file name: lower case, letters and digits, hyphens between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def suggested_year(text: str, period: Period | None) -> int | None:
    """The only year of a period that is a slip of one digit away from what was written."""
    plain = _digits(text)
    years = [year for year in period.years if one_slip(str(year), plain)] if period else []
    return years[0] if len(years) == 1 else None


def suggested_period(period: Period, whole: Period) -> str | None:
    """A period inside `whole` whose years are slips of one digit away from those written."""
    years = [y if y in whole else suggested_year(str(y), whole) for y in period if y is not None]
    meant = [year for year in years if year is not None]
    return (
        "-".join(map(str, dict.fromkeys(meant)))
        if len(meant) == len(years) == 2 and meant == sorted(meant)
        else None
    )


class Odd(NamedTuple):
    """A character that resembles another, or nothing, and its name."""

    character: str
    name: Both

    @property
    def point(self) -> str:
        """Its number in Unicode."""
        return f"U+{ord(self.character):04X}"

    def shown_in(self, text: str) -> str:
        """A text in which it can be seen."""
        sign = "␣" if self.character in BLANKS else f"[{self.point}]"
        return text.replace(self.character, sign) if self.name is not _WIDE else text


def odd_character(text: str, *, blanks: bool = True) -> Odd | None:
    """The first odd character of a text; Arabic script and joined emoji keep the marks that they need."""
    if text.isascii() or not _ODD.search(text):
        return None
    arabic = bool(_ARABIC.search(text))
    for match in _ODD.finditer(text):
        found = match.group()
        needed = found in "\u200c\u200d\u200e\u200f\u061c" and (arabic or text[match.end() :][:1] > "\u2190")
        if not needed and (blanks or found not in BLANKS):
            return Odd(found, BLANKS.get(found) or _HIDDEN.get(found) or _WIDE)
    return None


def collapsed(text: str) -> str:
    """The text with every run of white space and control characters as one blank."""
    if text.isprintable() and "  " not in text:
        return text
    return _RUN.sub(" ", CONTROLS.sub(_seen, text))


def _seen(match: re.Match[str]) -> str:
    """What stays of a control character: a blank, and nothing of one that has no width."""
    return "" if match.group() > "\u2029" else " "


def may_be_odd(text: str) -> bool:
    """Whether a text holds a character that is odd in some surroundings."""
    return not text.isascii() and _ODD.search(text) is not None


def without_odd(text: str, blank: str = " ") -> str:
    """The text with odd characters made plain, and odd spaces replaced by `blank`."""
    if text.isascii():
        return text
    return "".join(blank if c in BLANKS else "" if c in _HIDDEN else _narrow(c) for c in text)
