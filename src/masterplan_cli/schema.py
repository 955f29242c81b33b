"""The schema: what each kind of file may say. Shape only; comparing two fields is the rules' business."""

from __future__ import annotations

import copy
import datetime
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError, core_schema

from masterplan_cli import values
from masterplan_cli.diagnostics import Finding, Place, Rule, Severity, Text
from masterplan_cli.messages import Both, Language
from masterplan_cli.parse import Value
from masterplan_cli.source import Route
from masterplan_cli.values import BadValue, Period, near

# --- what the schema can find -------------------------------------------------------------------------

_SHAPE_WHY = Both(
    "Setiap isian punya nama dan bentuk yang tetap, supaya tabel, jumlah, dan dokumen dapat dibuat darinya. "
    "Daftar lengkapnya: docs/fields.md atau `masterplan schema`.",
    "Every field has a fixed name and form, so that tables, sums and documents can be made of it. "
    "The full list: docs/fields.md or `masterplan schema`.",
)


def _shape_rule(code: str, name: str, title: Both, text: Text, /, **variants: Text) -> Rule:
    return Rule(code, name, Severity.ERROR, title, _SHAPE_WHY, text, variants)


UNKNOWN_FIELD = _shape_rule(
    "MP021",
    "unknown-field",
    Both("isian tidak dikenal", "unknown field"),
    Text(
        Both("isian `{key}` tidak dikenal di {where}", "field `{key}` is not known in {where}"),
        Both("hapus, atau pakai salah satu: {known}", "remove it, or use one of: {known}"),
    ),
    near=Text(
        Both("isian `{key}` tidak dikenal di {where}", "field `{key}` is not known in {where}"),
        Both("mungkin maksudnya `{near}` ({label})", "did you mean `{near}` ({label})?"),
    ),
    colon=Text(
        Both(
            "isian `{key}` tidak punya spasi sesudah titik dua", "field `{key}` lacks a space after its colon"
        ),
        Both("tulis `{near}`", "write `{near}`"),
    ),
)
MISSING_FIELD = _shape_rule(
    "MP022",
    "missing-field",
    Both("isian wajib belum ada", "a required field is missing"),
    Text(
        Both("{label} (`{key}`) belum diisi", "{label} (`{key}`) is missing"),
        Both("tambahkan `{key}:` beserta isinya", "add `{key}:` and its value"),
    ),
    empty=Text(
        Both("{label} (`{key}`) belum diisi", "{label} (`{key}`) is missing"),
        Both("tulis isinya sesudah `{key}:`", "write its value after `{key}:`"),
    ),
    item=Text(
        Both("{label} (`{key}`) belum diisi", "{label} (`{key}`) is missing"),
        Both(
            "tulis isinya sesudah tanda `-`, atau hapus barisnya",
            "write it after the `-`, or remove the line",
        ),
    ),
)
WRONG_FORM = _shape_rule(
    "MP023",
    "wrong-form",
    Both("bentuk isian keliru", "the form of a field is wrong"),
    Text(
        Both("{label} (`{key}`) harus berupa teks", "{label} (`{key}`) must be text"),
        Both("tulis satu teks: `{key}: …`", "write one text: `{key}: …`"),
    ),
    list=Text(
        Both("{label} (`{key}`) harus berupa daftar", "{label} (`{key}`) must be a list"),
        Both(
            "tulis sebagai daftar: `{key}: [satu, dua]` atau satu per baris dengan `- `",
            "write a list: `{key}: [one, two]`, or one a line with `- `",
        ),
    ),
    dash=Text(
        Both(
            "{label} (`{key}`) harus berupa daftar, tetapi sesudah tanda `-` tidak ada spasi",
            "{label} (`{key}`) must be a list, but there is no space after its `-`",
        ),
        Both("tulis `- ` dengan spasi di depan setiap butir", "write `- ` with a space before each item"),
    ),
    group=Text(
        Both(
            "{label} (`{key}`) harus berupa kelompok `kunci: nilai`",
            "{label} (`{key}`) must be a group of `key: value`",
        ),
        Both(
            "tulis isinya menjorok di bawah `{key}:`, satu `kunci: nilai` per baris",
            "write its content indented below `{key}:`, one `key: value` a line",
        ),
    ),
    colon=Text(
        Both(
            "{label} (`{key}`) berisi teks `{text}`, padahal harus `kunci: nilai`",
            "{label} (`{key}`) says `{text}`, which is a text and no `key: value`",
        ),
        Both("tambahkan spasi sesudah titik dua: `{near}`", "put a space after the colon: `{near}`"),
    ),
    name=Text(
        Both(
            "{label} (`{key}`) harus satu teks, atau satu teks untuk setiap bahasa",
            "{label} (`{key}`) must be one text, or one text for each language",
        ),
        Both(
            "tulis `{key}: …`, atau `id: …` dan `en: …` menjorok di bawah `{key}:`",
            "write `{key}: …`, or `id: …` and `en: …` indented below `{key}:`",
        ),
    ),
)
AMOUNT = _shape_rule(
    "MP024",
    "amount",
    Both("jumlah uang tidak terbaca", "an amount of money does not read"),
    Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak terbaca sebagai rupiah",
            "{label} (`{key}`) says `{text}`, which does not read as rupiah",
        ),
        Both(
            "tulis misalnya `850000000`, `850.000.000`, atau `Rp 850.000.000`",
            "write for example `850000000`, `850.000.000` or `Rp 850.000.000`",
        ),
    ),
    amount_doubtful=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang dapat dibaca dua cara: {whole} rupiah atau {part} rupiah",
            "{label} (`{key}`) says `{text}`, which can be read in two ways: {whole} rupiah or {part} rupiah",
        ),
        Both(
            "tulis `{plain}` atau `Rp {whole}` bila tanda itu pemisah ribuan",
            "write `{plain}` or `Rp {whole}` if that mark separates thousands",
        ),
    ),
    amount_commas=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, dengan koma sebagai pemisah ribuan",
            "{label} (`{key}`) says `{text}`, with commas between thousands",
        ),
        Both(
            "pemisah ribuan adalah titik: tulis `{near}`", "thousands are separated by dots: write `{near}`"
        ),
    ),
    amount_spaces=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, dengan spasi atau tanda di antara angkanya",
            "{label} (`{key}`) says `{text}`, with spaces or marks between its digits",
        ),
        Both("tulis `{near}`", "write `{near}`"),
    ),
    amount_long=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, dengan lebih dari {limit} angka",
            "{label} (`{key}`) says `{text}`, with more than {limit} digits",
        ),
        Both(
            "periksa jumlah angkanya; mungkin ada yang tertekan terus",
            "count its digits; a key may have got stuck",
        ),
    ),
    amount_zero=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang diawali nol; nol di depan tidak berarti apa-apa",
            "{label} (`{key}`) says `{text}`, which begins with a zero that has no meaning",
        ),
        Both(
            "tulis `{whole}`; atau lengkapi, bila ada angka yang hilang",
            "write `{whole}`; or complete it if a digit got lost",
        ),
    ),
    amount_negative=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang kurang dari nol",
            "{label} (`{key}`) says `{text}`, which is below zero",
        ),
        Both(
            "anggaran tidak boleh negatif; periksa tanda minusnya",
            "a budget cannot be negative; look at the minus sign",
        ),
    ),
)
NUMBER = _shape_rule(
    "MP025",
    "number",
    Both("angka tidak terbaca", "a figure does not read"),
    Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak terbaca sebagai angka",
            "{label} (`{key}`) says `{text}`, which does not read as a figure",
        ),
        Both(
            "tulis angkanya saja, misalnya `5,65`; satuannya di `unit`",
            "write the figure alone, as in `5.65`; its unit goes into `unit`",
        ),
    ),
    number_doubtful=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang dapat dibaca dua cara: {whole} atau {part}",
            "{label} (`{key}`) says `{text}`, which can be read in two ways: {whole} or {part}",
        ),
        Both(
            "tulis `{whole}` bila ribuan, atau `{part}` bila desimal",
            "write `{whole}` for thousands, or `{part}` for a decimal",
        ),
    ),
    number_long=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, dengan lebih dari {limit} angka",
            "{label} (`{key}`) says `{text}`, with more than {limit} digits",
        ),
        Both(
            "periksa jumlah angkanya; mungkin ada yang tertekan terus",
            "count its digits; a key may have got stuck",
        ),
    ),
    number_zero=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang diawali nol; nol di depan tidak berarti apa-apa",
            "{label} (`{key}`) says `{text}`, which begins with a zero that has no meaning",
        ),
        Both(
            "tulis `{whole}`; atau lengkapi, bila ada angka yang hilang",
            "write `{whole}`; or complete it if a digit got lost",
        ),
    ),
    percent=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan persentase 0 sampai 100",
            "{label} (`{key}`) says `{text}`, which is no percentage from 0 to 100",
        ),
        Both("tulis misalnya `40` atau `40 %`", "write for example `40` or `40 %`"),
    ),
)
DATE = _shape_rule(
    "MP026",
    "date",
    Both("tanggal tidak terbaca", "a date does not read"),
    Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak terbaca sebagai tanggal",
            "{label} (`{key}`) says `{text}`, which does not read as a date",
        ),
        Both(
            "tulis misalnya `2021-11-18` atau `18 November 2021`",
            "write for example `2021-11-18` or `18 November 2021`",
        ),
    ),
    date_impossible=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, tanggal yang tidak ada dalam kalender",
            "{label} (`{key}`) says `{text}`, a date that is not in the calendar",
        ),
        Both("periksa tanggal dan bulannya", "look at its day and its month"),
    ),
    date_month=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, dengan nama bulan yang tidak dikenal",
            "{label} (`{key}`) says `{text}`, with an unknown name of a month",
        ),
        Both("mungkin maksudnya `{near}`", "did you mean `{near}`?"),
    ),
)
YEAR = _shape_rule(
    "MP027",
    "year-or-period",
    Both("tahun atau periode tidak terbaca", "a year or a period does not read"),
    Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak terbaca sebagai tahun",
            "{label} (`{key}`) says `{text}`, which does not read as a year",
        ),
        Both("tulis empat angka, misalnya `2022`", "write four digits, as in `2022`"),
    ),
    year_near=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak terbaca sebagai tahun",
            "{label} (`{key}`) says `{text}`, which does not read as a year",
        ),
        Both("mungkin maksudnya `{near}`", "did you mean `{near}`?"),
    ),
    year_zero=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang diawali nol; tahun tidak diawali nol",
            "{label} (`{key}`) says `{text}`, which begins with a zero, as no year does",
        ),
        Both(
            "tulis empat angka, misalnya `2022`; mungkin satu angka hilang",
            "write four digits, as in `2022`; one may have got lost",
        ),
    ),
    period=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak terbaca sebagai periode",
            "{label} (`{key}`) says `{text}`, which does not read as a period",
        ),
        Both("tulis misalnya `2022-2026`", "write for example `2022-2026`"),
    ),
    period_backwards=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang berakhir sebelum mulai",
            "{label} (`{key}`) says `{text}`, which ends before it begins",
        ),
        Both("mungkin maksudnya `{right}`", "did you mean `{right}`?"),
    ),
)
YES_NO = _shape_rule(
    "MP028",
    "yes-or-no",
    Both("bukan Ya atau Tidak", "neither yes nor no"),
    Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, bukan Ya atau Tidak",
            "{label} (`{key}`) says `{text}`, neither yes nor no",
        ),
        Both("tulis `Ya` atau `Tidak`", "write `yes` or `no`"),
    ),
    yes_no_near=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, bukan Ya atau Tidak",
            "{label} (`{key}`) says `{text}`, neither yes nor no",
        ),
        Both("mungkin maksudnya `{near}`", "did you mean `{near}`?"),
    ),
)
CHOICE = _shape_rule(
    "MP029",
    "choice",
    Both("pilihan tidak dikenal", "unknown choice"),
    Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan pilihan",
            "{label} (`{key}`) says `{text}`, which is no choice",
        ),
        Both("pilih salah satu: {choices}", "choose one of: {choices}"),
    ),
    near=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan pilihan",
            "{label} (`{key}`) says `{text}`, which is no choice",
        ),
        Both(
            "mungkin maksudnya `{near}`; pilihannya: {choices}",
            "did you mean `{near}`? The choices: {choices}",
        ),
    ),
)
FORMAT = _shape_rule(
    "MP030",
    "format",
    Both("kode, tanda, atau alamat tidak sesuai bentuknya", "a code, tag or address does not have its form"),
    Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak berbentuk tanda",
            "{label} (`{key}`) says `{text}`, which has not the form of a tag",
        ),
        Both(
            'tulis kelompok dan nomornya, misalnya `"sdg:11.6"` atau `"iso37122:5.1"`',
            'write its group and number, as in `"sdg:11.6"` or `"iso37122:5.1"`',
        ),
    ),
    tag_sdg=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan tujuan atau target SDGs",
            "{label} (`{key}`) says `{text}`, which is no goal or target of the SDGs",
        ),
        Both(
            'tulis nomor tujuan 1–17 dan targetnya, misalnya `"sdg:11.6"` atau `"sdg:2.c"`',
            'write the number of the goal, 1–17, and its target, as in `"sdg:11.6"` or `"sdg:2.c"`',
        ),
    ),
    code=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan kode urusan, program, kegiatan, atau subkegiatan",
            "{label} (`{key}`) says `{text}`, which is no code of the government nomenclature",
        ),
        Both(
            "tulis misalnya `2.16.03` atau `2.16.03.2.02.0014`, dalam tanda kutip",
            "write for example `2.16.03` or `2.16.03.2.02.0014`, in quotes",
        ),
    ),
    region_code=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan kode wilayah",
            "{label} (`{key}`) says `{text}`, which is no code of a region",
        ),
        Both(
            'tulis dua angka provinsi, titik, dua angka daerah, misalnya `"35.75"`',
            'write two digits of the province, a dot, two of the region, as in `"35.75"`',
        ),
    ),
    id=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak dapat menjadi id",
            "{label} (`{key}`) says `{text}`, which cannot be an id",
        ),
        Both(
            "tulis huruf kecil, angka, dan tanda hubung saja, misalnya `layanan-publik`",
            "write small letters, digits and hyphens only, as in `public-service`",
        ),
    ),
    unit=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan satuan",
            "{label} (`{key}`) says `{text}`, which is no unit",
        ),
        Both(
            "tulis satuannya, misalnya `persen` atau `orang`", "write the unit, as in `percent` or `people`"
        ),
    ),
    url=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan alamat web",
            "{label} (`{key}`) says `{text}`, which is no web address",
        ),
        Both(
            "tulis alamat lengkap yang diawali `https://`",
            "write the full address, beginning with `https://`",
        ),
    ),
    reviewer=Text(
        Both(
            "`{text}` bukan nama pengguna, tim, atau alamat surel",
            "`{text}` is neither a user name, a team nor an e-mail address",
        ),
        Both(
            'tulis dalam tanda kutip: `"@pengguna"`, `"@organisasi/tim"`, atau `"nama@contoh.go.id"`',
            'write it in quotes: `"@user"`, `"@organisation/team"` or `"name@example.org"`',
        ),
    ),
)
ODD_CHARACTER = Rule(
    "MP034",
    "odd-character",
    Severity.ERROR,
    Both("huruf yang tampak biasa tetapi bukan", "a character that looks ordinary but is not"),
    Both(
        "Spasi tak terputus, tanda tak terlihat, dan angka lebar tampak biasa di layar, tetapi bagi komputer berbeda: nama "
        "tidak cocok dan angka tidak terbaca. Biasanya terbawa saat menyalin dari Word, PDF, atau halaman web.",
        "No-break spaces, invisible marks and full-width digits look ordinary on a screen but are not the same to a computer: "
        "names do not match and figures do not read. They usually come along when copying from Word, PDF or a web page.",
    ),
    Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang memuat {odd} ({point}), biasanya terbawa dari Word",
            "{label} (`{key}`) says `{text}`, which holds {odd} ({point}), usually brought along from Word",
        ),
        Both("hapus dan ketik ulang: `{near}`", "delete it and type `{near}`"),
    ),
    {
        "key": Text(
            Both(
                "nama isian `{text}` memuat {odd} ({point}), biasanya terbawa dari Word",
                "the field name `{text}` holds {odd} ({point}), usually brought along from Word",
            ),
            Both("hapus dan ketik ulang: `{near}`", "delete it and type `{near}`"),
        )
    },
)
RULES = (
    UNKNOWN_FIELD, MISSING_FIELD, WRONG_FORM, AMOUNT, NUMBER, DATE, YEAR, YES_NO, CHOICE, FORMAT, ODD_CHARACTER,
)  # fmt: skip

#: The rule and the variant that explain a `BadValue`, by its kind.
_VALUE_RULES = {kind: (rule, kind) for rule in RULES for kind in rule.variants} | {
    "amount": (AMOUNT, ""), "number": (NUMBER, ""), "date": (DATE, ""), "year": (YEAR, ""),
    "yes_no": (YES_NO, ""), "choice": (CHOICE, ""), "choice_near": (CHOICE, "near"), "tag": (FORMAT, ""),
    "odd": (ODD_CHARACTER, ""),
}  # fmt: skip

# --- the types of values ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Typed:
    """Annotates a field with the reader of its text and its form in JSON Schema.

    An odd character is named when the reader refuses the text, or always where the text must be `exact`; what an odd
    space most probably was, `blank` tells.
    """

    read: Callable[[str], Any]
    form: dict[str, Any]
    exact: bool = False
    blank: str = " "

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(self, _core: Any, _handler: Any) -> dict[str, Any]:
        return self.form

    def _validate(self, value: object) -> object:
        if value is None:
            raise PydanticCustomError("missing", "empty")
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "not a text")
        odd = values.odd_character(value)
        try:
            if odd and self.exact:
                raise BadValue("odd")
            return self.read(value)
        except BadValue as error:
            if odd:
                plain = self._plain(value)
                args = _odd_args(odd, value, plain) | {"fix": plain if self._reads(plain) else None}
                raise PydanticCustomError("value", "value", args) from None
            raise PydanticCustomError("value", "value", {"kind": error.kind, **error.args_}) from None

    def _plain(self, text: str) -> str:
        """The text as it was most probably meant: the first plain form that reads."""
        forms = [values.without_odd(text, blank) for blank in (self.blank, "")]
        return next((form for form in forms if self._reads(form)), forms[0])

    def _reads(self, text: str) -> bool:
        try:
            self.read(text)
        except (BadValue, PydanticCustomError):
            return False
        return True


def _odd_args(odd: values.Odd, text: str, near: str) -> dict[str, Any]:
    return {"kind": "odd", "text": odd.shown_in(text), "odd": odd.name, "point": odd.point, "near": near}


def _text(text: str) -> str:
    """White space at the ends does not belong to a value; an empty text is a missing one."""
    if not text.strip():
        raise PydanticCustomError("missing", "empty")
    return text.strip()


def _unit(text: str) -> str:
    """A unit is a word or the sign `%`; figures alone stand in the wrong place."""
    if text.strip() and not re.search(r"[^\W\d_]|[%°]", text):
        raise BadValue("unit", text=text)
    return _text(text)


def _matching(kind: str, pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text.strip()):
            raise BadValue(kind, text=text)
        return text.strip()

    return read


def _tag(text: str) -> str:
    """A tag is a group and a mark of it; the 17 goals of the United Nations and their targets are known."""
    tag = _matching("tag", r"[a-z][a-z0-9-]*:[A-Za-z0-9][A-Za-z0-9_.\-]*")(text)
    if tag.startswith("sdg:") and not re.fullmatch(r"sdg:(1[0-7]|[1-9])(\.(1?[0-9]|[a-d]))?", tag):
        raise BadValue("tag_sdg", text=text)
    return tag


class Choice(Typed):
    """A choice among canonical ids, each with the words that officers write: Indonesian first, English last."""

    def __init__(self, **spellings: str) -> None:
        words = {canon: text.split(",") for canon, text in spellings.items()}
        self._set(words)

    def _set(self, words: dict[str, list[str]]) -> None:
        by_word = {word: canon for canon, spelt in words.items() for word in (canon, *spelt)}
        shown = {spelt[0]: None for spelt in words.values()}

        def read(text: str) -> str:
            word = re.sub(r"[\s_]+", "-", text.strip().casefold())
            if word in by_word:
                return by_word[word]
            guess = near(word, list(by_word))
            raise BadValue(
                "choice_near" if guess else "choice",
                text=text,
                choices=", ".join(shown),
                near=str(guess or ""),
                fix=guess and guess.fix,
            )

        object.__setattr__(self, "read", read)
        object.__setattr__(self, "form", {"enum": sorted(by_word)})
        object.__setattr__(self, "exact", False)
        object.__setattr__(self, "blank", " ")
        object.__setattr__(self, "words", words)

    words: dict[str, list[str]]

    def label(self, canon: str, language: Language) -> str:
        """How a choice is printed."""
        words = self.words[canon]
        return words[0 if language is Language.ID else -1].replace("-", " ")


def _form(*kinds: str, example: str = "") -> dict[str, Any]:
    form: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else list(kinds)}
    return form | ({"examples": [example]} if example else {})


PlainText = Annotated[str, Typed(_text, _form("string", "number", "boolean"))]
#: A text that must equal another, letter by letter: an id, a path; or a name out of a list.
Id = Annotated[str, Typed(_text, _form("string", "number", "boolean"), exact=True, blank="")]
Listed = Annotated[str, Typed(_text, _form("string", "number", "boolean"), exact=True)]
Unit = Annotated[str, Typed(_unit, _form("string"), exact=True)]
Rupiah = Annotated[int, Typed(values.read_rupiah, _form("integer", "string", example="Rp 850.000.000"))]
Number = Annotated[Decimal, Typed(values.read_decimal, _form("number", "string", example="5,65"))]
Percent = Annotated[int, Typed(values.read_percent, _form("integer", "string", example="40 %"))]
Year = Annotated[int, Typed(values.read_year, _form("integer", "string", example="2022"))]
Years = Annotated[Period, Typed(values.read_period, _form("string", "integer", example="2022-2026"))]
Date = Annotated[datetime.date, Typed(values.read_date, _form("string", example="18 November 2021"))]
YesNo = Annotated[bool, Typed(values.read_yes_no, _form("string", "boolean", example="Ya"))]
Tag = Annotated[str, Typed(_tag, _form("string", example="sdg:11.6"), exact=True)]
Code = Annotated[
    str,
    Typed(
        _matching("code", r"(?a)(X\.XX|[1-8]\.\d{2})(\.\d{2}(\.[12]\.\d{2}(\.(\d{2}|\d{4}))?)?)?"),
        _form("string", "number", example="2.16.03.2.02.0014"),
        exact=True,
        blank="",
    ),
]
RegionCode = Annotated[
    str,
    Typed(
        _matching("region_code", r"[1-9][0-9](\.?[0-9]{2})?"),
        _form("string", "number", example="35.75"),
        exact=True,
        blank="",
    ),
]
Url = Annotated[
    str,
    Typed(
        # RFC 3986 knows no other letters; a browser shows `é` but copies `%C3%A9`.
        _matching("url", r"https?://[!#-;=?-~]+\.[!#-;=?-~]+"),
        _form("string", example="https://contoh.go.id/laporan"),
        exact=True,
        blank="",
    ),
]
#: How a reviewer is called in CODEOWNERS, on GitHub (`@org/team`) and on GitLab (`@group/sub/group`).
REVIEWER = r"@[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*|[^\s@#,;<>]+@([\w-]+\.)+[\w-]+"
Reviewer = Annotated[
    str, Typed(_matching("reviewer", REVIEWER), _form("string", example="@organisasi/dinas-kesehatan"))
]

STATUS = Choice(example="contoh,example", draft="draf,draft", final="final")
AGENCY_KIND = Choice(
    secretariat="sekretariat,secretariat", inspectorate="inspektorat,inspectorate", board="badan,board",
    office="dinas,office", unit="satuan,unit", section="bagian,section", district="kecamatan,district",
    ward="kelurahan,ward", hospital="rsud,hospital", technical="upt,uptd,technical-unit", company="bumd,company",
    other="lainnya,other",
)  # fmt: skip
REGION_KIND = Choice(
    kota="kota,city", kabupaten="kabupaten,regency", provinsi="provinsi,province", other="lainnya,other"
)
DIRECTION = Choice(up="naik,up", down="turun,down", keep="tetap,keep")
INNOVATION = Choice(
    program="program", product="produk,product", service="layanan,service", method="metode,method",
    technology="teknologi,technology", policy="kebijakan,policy", concept="konseptual,konsep,concept",
)  # fmt: skip
ORIGIN = Choice(
    agency="perangkat-daerah,agency", council="dewan-smart-city,council", citizens="masyarakat,citizens"
)
PARTNER_KIND = Choice(
    business="swasta,badan-usaha,business", university="perguruan-tinggi,university", community="komunitas,community",
    media="media", government="pemerintah,government", citizens="masyarakat,citizens", other="lainnya,other",
)  # fmt: skip
LEVEL = Choice(high="tinggi,high", medium="sedang,medium", low="rendah,low")
STAGE = Choice(
    problem="perumusan-masalah,problem", idea="perumusan-ide,idea", planning="perencanaan,planning",
    building="pembangunan,building", running="implementasi,running", evaluation="evaluasi,evaluation",
)  # fmt: skip
PART = Choice(
    preface="sambutan,preface", introduction="pendahuluan,introduction", analysis="analisis,analysis",
    direction="arah,direction", action="rencana-aksi,action", closing="penutup,closing",
)  # fmt: skip
LANGUAGE = Choice(id="id,indonesia", en="en,english")
OUTPUT = Choice(
    html="html", pdf="pdf", docx="docx,word", xlsx="xlsx,excel", md="md,markdown", json="json"
)  # fmt: skip
PAPER = Choice(a4="a4", f4="f4,folio")
FONT = Choice(sans="sans", serif="serif")
#: The shipped book templates; a plan may have others in its own templates/books/.
BOOK_TEMPLATE = Choice(
    masterplan="masterplan,rencana-induk,buku-2,masterplan", analysis="analisis,analisis-strategis,buku-1,analysis",
    summary="ringkasan,ringkasan-eksekutif,quick-win,buku-3,summary",
    regulation="peraturan,lampiran,perwali,perbup,regulation",
)  # fmt: skip
SEVERITY = Choice(error="error,galat", warning="warning,peringatan", off="off,mati")


def _template(text: str) -> str:
    """A shipped template by any of its words, or the name of another one."""
    try:
        return str(BOOK_TEMPLATE.read(text))
    except BadValue:
        return _text(text)


Template = Annotated[str, Typed(_template, _form("string", example="masterplan"))]
#: The choices whose words are printed in a document, by the name of their field.
LABELLED = {
    "status": STATUS, "kind": AGENCY_KIND, "direction": DIRECTION, "innovation": INNOVATION, "origin": ORIGIN,
    "partner": PARTNER_KIND, "level": LEVEL, "stage": STAGE,
}  # fmt: skip

# --- the files ----------------------------------------------------------------------------------------


def _f(label: Both, about: Both, default: Any = ..., **extra: Any) -> Any:
    """A field with its human name and one sentence on what to write, in both languages."""
    return Field(
        default,
        title=label.id,
        description=about.id,
        json_schema_extra={"x-en": [label.en, about.en]},
        **extra,
    )


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        """A key without a value is a field not yet filled in, unless the field is required."""
        if not isinstance(value, dict):
            return value
        fields = cls.model_fields
        return {k: v for k, v in value.items() if v is not None or k not in fields or fields[k].is_required()}


_STATUS = (
    Both("status", "status"),
    Both("contoh (angka ilustrasi), draf, atau final.", "example (illustrative figures), draft, or final."),
)


class Baseline(_Node):
    value: Number = _f(
        Both("nilai awal", "baseline value"),
        Both("Angka sebelum program berjalan.", "The figure before the program."),
    )
    year: Year | None = _f(
        Both("tahun nilai awal", "baseline year"), Both("Tahun angka itu.", "The year of that figure."), None
    )
    source: PlainText | None = _f(
        Both("sumber data", "source of data"),
        Both("Dari mana angka itu.", "Where the figure comes from."),
        None,
    )
    date: Date | None = _f(
        Both("tanggal data", "date of data"), Both("Kapan data diambil.", "When the data were taken."), None
    )


class Indicator(_Node):
    name: PlainText = _f(
        Both("nama indikator", "indicator name"), Both("Apa yang diukur.", "What is measured.")
    )
    unit: Unit = _f(
        Both("satuan", "unit"),
        Both("Satuan angkanya, misalnya persen.", "The unit of its figures, as in percent."),
    )
    direction: Annotated[str, DIRECTION] = _f(
        Both("arah", "direction"), Both("naik, turun, atau tetap.", "up, down or keep."), "up"
    )
    definition: PlainText | None = _f(
        Both("definisi operasional", "definition"), Both("Cara menghitungnya.", "How it is computed."), None
    )
    baseline: Baseline | None = _f(
        Both("nilai awal", "baseline"),
        Both("Nilai, tahun, dan sumber sebelum mulai.", "Value, year and source at the start."),
        None,
    )
    targets: dict[Year, Number] = _f(
        Both("target", "targets"),
        Both("Target setiap tahun: `2022: 40`.", "The target of each year: `2022: 40`."),
        {},
    )
    actuals: dict[Year, Number] = _f(
        Both("realisasi", "actuals"), Both("Hasil setiap tahun.", "The result of each year."), {}
    )


class BudgetLine(_Node):
    year: Year = _f(Both("tahun anggaran", "budget year"), Both("Satu tahun.", "One year."))
    amount: Rupiah = _f(
        Both("jumlah", "amount"),
        Both("Rupiah, misalnya `Rp 850.000.000`.", "Rupiah, as in `Rp 850.000.000`."),
    )
    source: Listed = _f(
        Both("sumber dana", "source of funds"), Both("Misalnya APBD Kota.", "For instance APBD Kota.")
    )
    note: PlainText | None = _f(Both("keterangan", "note"), Both("Bila perlu.", "If needed."), None)


class Partner(_Node):
    name: PlainText = _f(
        Both("nama mitra", "partner name"),
        Both("Lembaga di luar pemerintah kota.", "A body outside the city government."),
    )
    kind: Annotated[str, PARTNER_KIND] = _f(
        Both("jenis mitra", "kind of partner"),
        Both("swasta, perguruan-tinggi, komunitas, …", "business, university, community, …"),
        "other",
    )
    role: PlainText | None = _f(Both("peran", "role"), Both("Apa yang dikerjakannya.", "What it does."), None)


class NomenclatureCode(_Node):
    code: Code = _f(
        Both("kode", "code"),
        Both("Kode program, kegiatan, atau subkegiatan.", "A code of the government nomenclature."),
    )
    nomenclature: PlainText = _f(
        Both("versi nomenklatur", "nomenclature version"),
        Both("Peraturan yang memuat kode itu.", "The regulation that holds the code."),
    )
    title: PlainText | None = _f(
        Both("nomenklatur", "title"), Both("Bunyi kode itu.", "What the code stands for."), None
    )


class Alignment(_Node):
    plan: PlainText = _f(
        Both("dokumen perencanaan", "plan"), Both("Misalnya RPJMD.", "For instance the RPJMD.")
    )
    period: Years | None = _f(
        Both("periode", "period"), Both("Periode dokumen itu.", "That plan's period."), None
    )
    item: PlainText = _f(
        Both("bagian yang didukung", "item"),
        Both("Misi, tujuan, sasaran, atau program.", "A mission, goal or program of it."),
    )


class Risk(_Node):
    risk: PlainText = _f(Both("risiko", "risk"), Both("Apa yang dapat terjadi.", "What may happen."))
    mitigation: PlainText | None = _f(
        Both("mitigasi", "mitigation"), Both("Apa yang dilakukan.", "What is done about it."), None
    )
    level: Annotated[str, LEVEL] = _f(
        Both("tingkat", "level"), Both("tinggi, sedang, atau rendah.", "high, medium or low."), "medium"
    )


class Evidence(_Node):
    title: PlainText = _f(
        Both("judul bukti", "title"), Both("Nama dokumen atau halaman.", "Name of the document or page.")
    )
    file: Id | None = _f(Both("berkas", "file"), Both("Jalur di `assets/`.", "A path in `assets/`."), None)
    url: Url | None = _f(
        Both("alamat web", "address"), Both("Alamat `https://…`.", "An address `https://…`."), None
    )
    date: Date | None = _f(Both("tanggal", "date"), Both("Tanggal dokumen.", "The document's date."), None)


class Program(_Node):
    """Satu program atau inovasi (lembar inovasi). / One program or innovation."""

    title: PlainText = _f(
        Both("judul program", "program title"), Both("Nama lengkap program.", "The program's full name.")
    )
    short: PlainText | None = _f(
        Both("nama singkat", "short name"), Both("Singkatan atau merek.", "An acronym or brand."), None
    )
    subdimension: Id | None = _f(
        Both("subdimensi", "sub-dimension"),
        Both("Id subdimensi pilar ini.", "Id of a sub-dimension of this pillar."),
        None,
    )
    owner: Id | None = _f(
        Both("perangkat daerah pengampu", "owning agency"),
        Both("Id satu perangkat daerah di `agencies/`.", "Id of one agency in `agencies/`."),
        None,
    )
    supporting: tuple[Id, ...] = _f(
        Both("perangkat daerah pendukung", "supporting agencies"), Both("Daftar id.", "A list of ids."), ()
    )
    partners: tuple[Partner, ...] = _f(
        Both("mitra", "partners"),
        Both("Pihak di luar pemerintah kota.", "Bodies outside the city government."),
        (),
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "final")
    period: Years | None = _f(
        Both("periode program", "program period"),
        Both("Tahun mulai dan selesai: `2022-2026`.", "First and last year: `2022-2026`."),
        None,
    )
    quick_win: YesNo = _f(
        Both("quick win", "quick win"),
        Both("Ya bila terasa hasilnya dalam 6–12 bulan.", "Yes if its result is felt within 6–12 months."),
        False,
    )
    innovation: Annotated[str, INNOVATION] | None = _f(
        Both("jenis inovasi", "kind of innovation"),
        Both("program, produk, layanan, …", "program, product, service, …"),
        None,
    )
    origin: Annotated[str, ORIGIN] | None = _f(
        Both("asal usulan", "origin"),
        Both("perangkat-daerah, dewan-smart-city, atau masyarakat.", "agency, council or citizens."),
        None,
    )
    goals: tuple[PlainText, ...] = _f(
        Both("tujuan", "goals"), Both("Apa yang hendak dicapai.", "What it is to achieve."), ()
    )
    beneficiaries: tuple[PlainText, ...] = _f(
        Both("penerima manfaat", "beneficiaries"), Both("Siapa yang merasakan manfaat.", "Who gains."), ()
    )
    indicators: tuple[Indicator, ...] = _f(
        Both("indikator", "indicators"), Both("Ukuran keberhasilan.", "Measures of success."), ()
    )
    budget: tuple[BudgetLine, ...] = _f(
        Both("anggaran", "budget"),
        Both("Satu baris untuk setiap tahun dan sumber dana.", "One line for each year and source."),
        (),
    )
    no_budget_reason: PlainText | None = _f(
        Both("alasan tanpa anggaran", "reason for no budget"),
        Both("Mengapa program tidak memerlukan dana sendiri.", "Why it needs no money of its own."),
        None,
    )
    codes: tuple[NomenclatureCode, ...] = _f(
        Both("kode nomenklatur", "nomenclature codes"),
        Both("Kode beserta versinya.", "Codes with their version."),
        (),
    )
    alignment: tuple[Alignment, ...] = _f(
        Both("keselarasan", "alignment"),
        Both("Hubungan dengan RPJMD, Renstra, SPBE, ….", "Its place in other plans."),
        (),
    )
    depends_on: tuple[Id, ...] = _f(
        Both("bergantung pada", "depends on"),
        Both("Id program lain: `pilar/program`.", "Ids of other programs: `pillar/program`."),
        (),
    )
    risks: tuple[Risk, ...] = _f(
        Both("risiko", "risks"), Both("Risiko dan mitigasinya.", "Risks and what is done about them."), ()
    )
    evidence: tuple[Evidence, ...] = _f(
        Both("data dukung", "evidence"),
        Both("Berkas atau alamat yang membuktikan.", "Files or addresses that prove it."),
        (),
    )
    tags: tuple[Tag, ...] = _f(
        Both("tanda", "tags"), Both('Misalnya `"sdg:11.6"`.', 'For instance `"sdg:11.6"`.'), ()
    )
    stage: Annotated[str, STAGE] | None = _f(
        Both("tahapan", "stage"), Both("perumusan-masalah … evaluasi.", "problem … evaluation."), None
    )
    progress: Percent | None = _f(
        Both("kemajuan", "progress"), Both("0 sampai 100 persen.", "0 to 100 percent."), None
    )


class Goal(_Node):
    title: PlainText = _f(Both("sasaran", "goal"), Both("Satu kalimat.", "One sentence."))
    subdimension: Id | None = _f(
        Both("subdimensi", "sub-dimension"), Both("Id subdimensi.", "Id of a sub-dimension."), None
    )
    indicators: tuple[Indicator, ...] = _f(
        Both("indikator", "indicators"), Both("Ukuran sasaran.", "Measures of the goal."), ()
    )


class Pillar(_Node):
    """Satu pilar: pengampu, sasaran, dan narasinya. / One pillar: owner, goals and narrative."""

    title: PlainText | None = _f(
        Both("judul pilar", "pillar title"),
        Both("Bila berbeda dari taksonomi.", "If it differs from the taxonomy."),
        None,
    )
    owner: Id | None = _f(
        Both("perangkat daerah pengampu", "owning agency"),
        Both("Id satu perangkat daerah di `agencies/`.", "Id of one agency in `agencies/`."),
        None,
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "final")
    summary: PlainText | None = _f(
        Both("ringkasan", "summary"), Both("Satu atau dua kalimat.", "One or two sentences."), None
    )
    goals: tuple[Goal, ...] = _f(
        Both("sasaran", "goals"),
        Both("Sasaran pilar dengan indikatornya.", "The pillar's goals with their indicators."),
        (),
    )


class FormerName(_Node):
    name: PlainText = _f(
        Both("nama lama", "former name"), Both("Nama lengkap yang dulu.", "The former full name.")
    )
    short: PlainText | None = _f(
        Both("singkatan lama", "former short name"), Both("Singkatan yang dulu.", "The former acronym."), None
    )
    until: Year | None = _f(
        Both("sampai tahun", "until"),
        Both("Tahun terakhir nama itu dipakai.", "Last year of that name."),
        None,
    )


class Agency(_Node):
    """Satu perangkat daerah dan tugasnya di setiap pilar. / One agency and its duty in each pillar."""

    name: PlainText = _f(Both("nama perangkat daerah", "agency name"), Both("Nama lengkap.", "Full name."))
    short: PlainText | None = _f(Both("singkatan", "short name"), Both("Nama singkat.", "Short name."), None)
    kind: Annotated[str, AGENCY_KIND] = _f(
        Both("jenis", "kind"), Both("dinas, badan, kecamatan, ….", "office, board, district, …."), "other"
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "final")
    head: PlainText | None = _f(
        Both("jabatan kepala", "title of its head"),
        Both("Jabatan penanda tangan.", "The signatory's title."),
        None,
    )
    valid: Years | None = _f(
        Both("masa berlaku", "validity"),
        Both("Tahun lembaga ini ada: `2025-`.", "Years in which it exists: `2025-`."),
        None,
    )
    former_names: tuple[FormerName, ...] = _f(
        Both("nama terdahulu", "former names"), Both("Nama sebelum berubah.", "Names before a change."), ()
    )
    affairs: tuple[Code, ...] = _f(
        Both("urusan", "affairs"), Both("Kode urusan pemerintahan.", "Codes of government affairs."), ()
    )
    reviewers: tuple[Reviewer, ...] = _f(
        Both("peninjau", "reviewers"),
        Both(
            'Siapa yang menyetujui perubahan berkasnya: `"@pengguna"`, `"@organisasi/tim"`, atau surel.',
            'Who approves changes to its files: `"@user"`, `"@organisation/team"` or an e-mail address.',
        ),
        (),
    )
    duties: dict[Id, PlainText | None] = _f(
        Both("tugas per pilar", "duties"),
        Both("Satu kalimat untuk setiap pilar.", "One sentence for each pillar."),
        {},
    )


class Chapter(_Node):
    """Satu bab naratif. / One narrative chapter."""

    title: PlainText = _f(
        Both("judul bab", "chapter title"), Both("Judul yang dicetak.", "The printed title.")
    )
    part: Annotated[str, PART] = _f(
        Both("bagian", "part"),
        Both(
            "preface, introduction, analysis, direction, action, atau closing.",
            "preface, introduction, analysis, direction, action or closing.",
        ),
        "introduction",
    )
    order: Number = _f(
        Both("urutan", "order"), Both("Urutan di dalam bagiannya.", "Its place within the part."), Decimal(0)
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "final")


class Region(_Node):
    name: PlainText = _f(
        Both("nama daerah", "region name"), Both("Misalnya Kota Contoh.", "As in Kota Contoh.")
    )
    kind: Annotated[str, REGION_KIND] = _f(
        Both("jenis daerah", "kind of region"),
        Both("kota, kabupaten, provinsi, atau lainnya.", "city, regency, province or other."),
        "other",
    )
    code: RegionCode | None = _f(
        Both("kode wilayah", "region code"), Both("Kode wilayah resmi.", "The official code."), None
    )
    province: PlainText | None = _f(
        Both("provinsi", "province"), Both("Nama provinsi.", "Name of the province."), None
    )
    head: PlainText | None = _f(
        Both("kepala daerah", "head of the region"),
        Both("Jabatan penanda tangan, misalnya Wali Kota Contoh.", "Title of the signatory."),
        None,
    )


class Phase(_Node):
    title: PlainText = _f(
        Both("nama tahap", "phase name"), Both("Misalnya Jangka pendek.", "As in Short term.")
    )
    period: Years = _f(
        Both("periode tahap", "phase period"), Both("Misalnya `2022-2023`.", "As in `2022-2023`.")
    )


class Legal(_Node):
    title: PlainText = _f(
        Both("peraturan", "regulation"), Both("Jenis, nomor, dan tahun.", "Kind, number and year.")
    )
    about: PlainText | None = _f(
        Both("tentang", "about"), Both("Judul peraturan.", "What it is about."), None
    )


class CouncilSeat(_Node):
    role: PlainText = _f(Both("kedudukan", "role"), Both("Misalnya Pembina.", "As in Patron."))
    holder: PlainText | None = _f(
        Both("pejabat", "holder"), Both("Jabatan yang memegangnya.", "The office that holds it."), None
    )
    agency: Id | None = _f(
        Both("perangkat daerah", "agency"),
        Both("Id perangkat daerah, bila ada.", "Id of an agency, if any."),
        None,
    )


class Regulation(_Node):
    """Peraturan yang melampirkan sebuah buku. / The regulation that a book is annexed to."""

    title: PlainText = _f(
        Both("nama peraturan", "name of the regulation"),
        Both("Misalnya Peraturan Wali Kota Contoh.", "As in Peraturan Wali Kota Contoh."),
    )
    about: PlainText = _f(
        Both("tentang", "about"),
        Both("Judul peraturan, sesudah kata TENTANG.", "The regulation's title, after the word TENTANG."),
    )
    number: PlainText | None = _f(
        Both("nomor peraturan", "number"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )
    year: Year | None = _f(
        Both("tahun peraturan", "year"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )
    annex: PlainText | None = _f(
        Both("nomor lampiran", "annex number"),
        Both("Misalnya I, bila lampirannya lebih dari satu.", "As in I, when there are several annexes."),
        None,
    )
    signatory: PlainText | None = _f(
        Both("nama penanda tangan", "name of the signatory"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )


class Book(_Node):
    id: PlainText = _f(
        Both("id buku", "book id"),
        Both(
            "Nama berkas hasilnya dan kata untuk `--book`: `ringkasan` menjadi ringkasan.pdf.",
            "The name of its files and the word for `--book`: `summary` becomes summary.pdf.",
        ),
    )
    template: Template = _f(
        Both("templat buku", "book template"),
        Both(
            "masterplan, analisis, ringkasan, atau peraturan; atau nama berkas di templates/books/.",
            "masterplan, analysis, summary or regulation; or the name of a file in templates/books/.",
        ),
        "masterplan",
    )
    title: PlainText | None = _f(
        Both("judul buku", "book title"),
        Both("Judul di sampul; biasanya judul rencana.", "The title on the cover; else that of the plan."),
        None,
    )
    subtitle: PlainText | None = _f(
        Both("anak judul buku", "book subtitle"),
        Both(
            "Baris kedua sampul; biasanya milik rencana.", "The cover's second line; else that of the plan."
        ),
        None,
    )
    outputs: tuple[Annotated[str, OUTPUT], ...] = _f(
        Both("keluaran buku", "outputs of the book"),
        Both("Biasanya sama dengan `outputs` rencana.", "Else the same as the plan's `outputs`."),
        (),
    )
    paper: Annotated[str, PAPER] | None = _f(
        Both("kertas", "paper"),
        Both("a4 atau f4; lampiran peraturan memakai f4.", "a4 or f4; f4 for the annex of a regulation."),
        None,
    )
    font: Annotated[str, FONT] | None = _f(
        Both("jenis huruf", "font"),
        Both(
            "sans atau serif; lampiran peraturan memakai serif.",
            "sans or serif; serif for the annex of a regulation.",
        ),
        None,
    )
    archive: YesNo = _f(
        Both("edisi arsip", "archive edition"),
        Both(
            "Ya bila PDF-nya membawa berkas XLSX dan JSON rencana di dalamnya.",
            "Yes when its PDF carries the plan's XLSX and JSON files.",
        ),
        False,
    )
    regulation: Regulation | None = _f(
        Both("peraturan", "regulation"),
        Both("Peraturan yang melampirkannya.", "The regulation that it is annexed to."),
        None,
    )


class RuleSetting(_Node):
    severity: Annotated[str, SEVERITY] = _f(
        Both("tingkat", "severity"), Both("error, warning, atau off.", "error, warning or off.")
    )
    reason: PlainText = _f(Both("alasan", "reason"), Both("Mengapa diubah.", "Why it is changed."))


class ProseSettings(_Node):
    allowed: tuple[PlainText, ...] = _f(
        Both("kata yang diizinkan", "allowed phrases"),
        Both(
            "Frasa yang boleh memuat kata pemerintahan lain.",
            "Phrases that may hold a word of another government.",
        ),
        (),
    )


class Masterplan(_Node):
    """Rencana: judul, daerah, periode, dan aturannya. / The plan: title, region, period and its rules."""

    title: PlainText = _f(
        Both("judul rencana", "plan title"), Both("Judul di sampul.", "The title on the cover.")
    )
    subtitle: PlainText | None = _f(
        Both("anak judul", "subtitle"), Both("Baris kedua sampul.", "The cover's second line."), None
    )
    logo: PlainText | None = _f(
        Both("lambang", "emblem"),
        Both(
            "Gambar di sampul, misalnya `assets/lambang.svg`.",
            "A picture on the cover, as in `assets/emblem.svg`.",
        ),
        None,
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "draft")
    language: Annotated[str, LANGUAGE] = _f(
        Both("bahasa", "language"),
        Both("Bahasa dokumen dan pesan: id atau en.", "Language of the document and messages: id or en."),
        "id",
    )
    region: Region = _f(
        Both("daerah", "region"), Both("Nama dan jenis daerah.", "Name and kind of the region.")
    )
    period: Years = _f(
        Both("periode rencana", "plan period"), Both("Misalnya `2022-2031`.", "As in `2022-2031`.")
    )
    phases: tuple[Phase, ...] = _f(
        Both("tahap", "phases"), Both("Pembagian periode.", "Parts of the period."), ()
    )
    taxonomy: Id = _f(
        Both("taksonomi", "taxonomy"),
        Both(
            "Nama taksonomi bawaan, atau berkas `.yaml` di repo ini.",
            "A shipped taxonomy, or a `.yaml` file of this repo.",
        ),
        "kominfo-2021",
    )
    vision: PlainText | None = _f(Both("visi", "vision"), Both("Satu kalimat.", "One sentence."), None)
    missions: tuple[PlainText, ...] = _f(
        Both("misi", "missions"), Both("Daftar misi.", "The list of missions."), ()
    )
    legal_basis: tuple[Legal, ...] = _f(
        Both("dasar hukum", "legal basis"), Both("Daftar peraturan.", "The list of regulations."), ()
    )
    council: tuple[CouncilSeat, ...] = _f(
        Both("Dewan Smart City", "council"), Both("Susunan dewan.", "The council's seats."), ()
    )
    coordinator: Id | None = _f(
        Both("koordinator", "coordinator"),
        Both("Id perangkat daerah sekretariat.", "Id of the agency that coordinates."),
        None,
    )
    funding_sources: tuple[Listed, ...] = _f(
        Both("sumber dana tambahan", "more sources of funds"),
        Both("Di luar daftar taksonomi.", "Beyond the taxonomy's list."),
        (),
    )
    units: tuple[Listed, ...] = _f(
        Both("satuan tambahan", "more units"),
        Both("Satuan indikator di luar daftar taksonomi.", "Units of indicators beyond the taxonomy's list."),
        (),
    )
    signing_place: PlainText | None = _f(
        Both("tempat penandatanganan", "place of signing"),
        Both("Untuk lembar komitmen.", "For the commitment sheet."),
        None,
    )
    outputs: tuple[Annotated[str, OUTPUT], ...] = _f(
        Both("keluaran", "outputs"),
        Both("html, pdf, docx, xlsx, md, json.", "html, pdf, docx, xlsx, md, json."),
        ("html", "md", "json"),
    )
    books: tuple[Book, ...] = _f(
        Both("buku", "books"),
        Both(
            "Daftar buku yang disusun dengan `--book`; tanpa daftar ini hanya satu dokumen masterplan.",
            "The books that `--book` makes; without this list there is the one masterplan document.",
        ),
        (),
    )
    prose: ProseSettings = _f(
        Both("naskah", "prose"), Both("Pengaturan naskah.", "Settings for prose."), ProseSettings()
    )
    rules: dict[Id, RuleSetting] = _f(
        Both("aturan", "rules"),
        Both("Tingkat per kode, dengan alasan.", "Severity by code, with a reason."),
        {},
    )


KINDS: dict[str, type[BaseModel]] = {
    "masterplan": Masterplan,
    "agency": Agency,
    "pillar": Pillar,
    "program": Program,
    "chapter": Chapter,
}

# --- from values to nodes -----------------------------------------------------------------------------

Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Shaped(Generic[Model]):
    """A node, as far as its file is right, and what is wrong with the rest.

    `kept` tells, for a list that lost broken items, which of the written items remain: it leads a route in
    the node back to the route in the file.
    """

    data: Model | None
    findings: list[Finding] = field(default_factory=list)
    kept: dict[Route, list[int]] = field(default_factory=dict)

    @property
    def meant(self) -> set[Route]:
        """The routes of fields whose keys are misspelt: not missing, only not read."""
        return {
            (*f.place.route[:-1], str(f.args["near"]))
            for f in self.findings
            if f.place.part == "key" and f.args.get("near")
        }

    def written(self, route: Route) -> Route:
        """The route in the file of a route in the node."""
        out: Route = ()
        for step in route:
            kept = self.kept.get(out)
            out = (*out, kept[step] if kept is not None and isinstance(step, int) else step)
        return out


def shape(
    model: type[Model],
    value: dict[str, Value],
    path: str,
    stand_in: dict[str, str],
    period: Period | None = None,
) -> Shaped[Model]:
    """Give a file's values their types.

    Each broken part gets a finding and is then left out, so that the rest of the file still counts; a
    required field of the file itself is replaced by its `stand_in`, else the node is None. A year that does
    not read is looked for in the plan's `period`.
    """
    shaped: Shaped[Model] = Shaped(None)
    rest: Any = copy.deepcopy(value)
    for attempt in range(64):
        try:
            shaped.data = model.model_validate(rest)
            break
        except ValidationError as error:
            errors = error.errors(include_url=False)
            if attempt == 0:
                told = [e for e in errors if not _emptied(e, errors)]
                shaped.findings = [_finding(model, path, e, value, period) for e in told]
                shaped.findings = [
                    f
                    for f in shaped.findings
                    if f.rule is not MISSING_FIELD or f.place.route not in shaped.meant
                ]
            if not _prune(rest, errors, shaped, stand_in):
                break
    return shaped


def _emptied(error: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """Whether a list is too short only because its items are broken, which they say themselves."""
    place = error["loc"]
    return error["type"] == "too_short" and any(
        e["loc"][: len(place)] == place and e is not error for e in errors
    )


def _route(error: ErrorDetails) -> Route:
    """Pydantic marks an error in a mapping's key by a last step `[key]`."""
    return tuple(step for step in error["loc"] if step != "[key]")


def _last_first(route: Route) -> list[tuple[int, str]]:
    """Sorts routes so that, in reverse, what is inside comes before its group and a late item before an early one."""
    return [(step, "") if isinstance(step, int) else (-1, step) for step in route]


def _prune(rest: Any, errors: list[ErrorDetails], shaped: Shaped[Any], stand_in: dict[str, str]) -> bool:
    """Leave the broken parts out of `rest`; False when nothing could be left out."""
    changed = False
    routes = {_route(e)[:-1] if e["type"] == "missing" and len(e["loc"]) > 1 else _route(e) for e in errors}
    for route in sorted(routes, key=_last_first, reverse=True):
        parent = rest
        for step in route[:-1]:
            parent = parent[step]
        last = route[-1] if route else None
        if isinstance(parent, dict) and last in parent:
            del parent[last]
            changed = True
        elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            place = shaped.written(route[:-1])
            if place not in shaped.kept:
                shaped.kept[place] = list(range(len(parent)))
            shaped.kept[place].pop(last)
            del parent[last]
            changed = True
        elif isinstance(parent, dict) and last in stand_in:
            parent[last] = stand_in[str(last)]
            changed = True
    return changed


#: The sentence for what Pydantic, or a reader of ours, says of a form.
_FORMS = {
    "string_type": "", "tuple_type": "list", "dict_type": "group", "model_type": "group", "name_type": "name",
}  # fmt: skip
#: What Pydantic says of values that are there but say nothing.
_EMPTY = ("missing", "too_short")


def _finding(
    model: type[BaseModel], path: str, error: ErrorDetails, value: Value, period: Period | None
) -> Finding:
    route = _route(error)
    if error["loc"][-1:] == ("[key]",):
        return _of_key(model, path, route, error, period)
    place = Place(path, route)
    args: dict[str, Any] = {"label": described(model, route), "key": _shown_key(route)}
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown(model, place, _siblings(value, route))
    if kind in _EMPTY or (kind in _FORMS and error["input"] is None):
        return MISSING_FIELD.at(place._replace(part="key"), _missing(error), **args)
    if kind == "value":
        return _of_value(place, error, period, args)
    if kind == "string_pattern_mismatch":
        return FORMAT.at(place, "id", text=error["input"], **args)
    if kind == "tuple_type" and re.match(r"-\S", str(error["input"])):
        return WRONG_FORM.at(place, "dash", **args)
    if _FORMS.get(kind) == "group" and (pair := _unspaced(error["input"])):
        return WRONG_FORM.at(place, "colon", text=error["input"], near=pair, **args)
    return WRONG_FORM.at(place, _FORMS[kind], **args)


def _missing(error: ErrorDetails) -> str:
    """Whether a list item is missing, a value after its key, or the key as well."""
    if isinstance(error["loc"][-1], int):
        return "item"
    return "" if error["msg"] == "Field required" else "empty"


def _unspaced(value: object) -> str | None:
    """`key: value` for a text `key:value`, which lacks the space that YAML asks for."""
    match = re.fullmatch(r"([a-z_]+):(\S.*)", value) if isinstance(value, str) else None
    return f"{match[1]}: {match[2]}" if match else None


def _of_value(place: Place, error: ErrorDetails, period: Period | None, args: dict[str, Any]) -> Finding:
    """What a reader refused, in the words of its kind."""
    context = dict(error.get("ctx", {}))
    kind = str(context.pop("kind"))
    if kind == "year" and (year := values.near_year(str(context["text"]), period)):
        kind, context["near"] = "year_near", year
    rule, variant = _VALUE_RULES[kind]
    fix = context.pop("fix", None)  # of a key none: put right, it might stand twice
    return rule.at(place, variant, fix=fix if place.part == "value" else None, **{**args, **context})


def _of_key(
    model: type[BaseModel], path: str, route: Route, error: ErrorDetails, period: Period | None
) -> Finding:
    """A year or an id that stands as a key; its field is the group around it."""
    place = Place(path, route, "key")
    group = route[:-1]
    args: dict[str, Any] = {"label": described(model, group), "key": _shown_key(group)}
    return (
        MISSING_FIELD.at(place, **args)
        if error["type"] == "missing"
        else _of_value(place, error, period, args)
    )


def _unknown(model: type[BaseModel], place: Place, siblings: dict[str, Value]) -> Finding:
    """A key that no field has: with an odd character in it, misspelt, in the words of a label, or unknown."""
    *group, last = place.route
    key, known = str(last), fields_at(model, tuple(group))
    place = place._replace(part="key")
    if odd := values.odd_character(key):
        plain = values.without_odd(key, "")
        args = _odd_args(odd, key, near(plain, known) or plain)
        return ODD_CHARACTER.at(place, "key", **args)
    if pair := _unspaced(key):
        return UNKNOWN_FIELD.at(place, "colon", key=key, near=pair)
    labels, spelt = _names_at(model, tuple(0 if isinstance(step, int) else step for step in group))
    guess = near(key.replace("_", " "), spelt)
    where = described(model, tuple(group)) if group else Both("berkas ini", "this file")
    return UNKNOWN_FIELD.at(
        place,
        "near" if guess else "",
        fix=guess.fix if guess and guess not in siblings else None,
        key=key,
        known=", ".join(known),
        near=guess,
        where=where,
        label=labels.get(guess or ""),
    )


@lru_cache
def _names_at(model: type[BaseModel], group: Route) -> tuple[dict[str, Both], dict[str, str]]:
    """The labels of the fields of a group, and each way to write a field's name with the field it means."""
    labels = {
        name: field_label(model, (*group, name)) or Both(name, name) for name in fields_at(model, group)
    }
    words = ((word, name) for name, label in labels.items() for word in (label.en, label.id, name))
    return labels, {word.replace("_", " "): name for word, name in words}


def described(model: type[BaseModel], route: Route) -> Both:
    """A field by its human name, after the numbers of the list items that hold it: `indikator ke-2: satuan`."""
    parts: list[Both] = []
    for depth, step in enumerate(route, 1):
        if isinstance(step, int):
            label = field_label(model, route[: depth - 1]) or Both(_shown_key(route), _shown_key(route))
            parts.append(Both(f"{label.id} ke-{step + 1}", f"{label.en} no. {step + 1}"))
    if route and not isinstance(route[-1], int):
        parts.append(field_label(model, route) or Both(str(route[-1]), str(route[-1])))
    return Both(": ".join(p.id for p in parts), ": ".join(p.en for p in parts))


def _siblings(value: Value, route: Route) -> dict[str, Value]:
    """The mapping of a file's value that the last name of a route stands in."""
    inner: Any = value
    for step in route[:-1]:
        inner = inner[step]
    return inner if isinstance(inner, dict) else {}


def _shown_key(route: Route) -> str:
    """The last name of a route; an item of a list is called by its list."""
    return next((str(step) for step in reversed(route) if isinstance(step, str)), "")


def _model_in(annotation: Any) -> Any:
    """What stands inside an optional or annotated type."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _model_in(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _model_in(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


def _annotation_at(model: Any, route: Route) -> Any:
    """The type that a route leads to; None where the schema knows nothing."""
    current = model
    for step in route:
        current = _model_in(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            info = current.model_fields.get(str(step))
            current = info.annotation if info else None
        elif get_origin(current) is tuple:
            current = get_args(current)[0]
        elif get_origin(current) is dict:
            current = get_args(current)[1]
        else:
            return None
    return _model_in(current)


def fields_at(model: type[BaseModel], route: Route) -> list[str]:
    """The names of the fields that may stand at a route."""
    found = _annotation_at(model, route)
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []


def field_label(model: type[BaseModel], route: Route) -> Both | None:
    """The human name of the field at a route, or of the list or group it belongs to."""
    while route:
        owner = _annotation_at(model, route[:-1])
        if isinstance(owner, type) and issubclass(owner, BaseModel) and str(route[-1]) in owner.model_fields:
            info = owner.model_fields[str(route[-1])]
            english = info.json_schema_extra["x-en"] if isinstance(info.json_schema_extra, dict) else None
            return Both(info.title or "", str(english[0])) if isinstance(english, list) else None
        route = route[:-1]
    return None


def json_schema(kind: str, language: Language) -> dict[str, Any]:
    """The JSON Schema of a kind of file, with descriptions in a language, for editors."""
    schema = KINDS[kind].model_json_schema()
    for described in _properties(schema):
        english = described.pop("x-en", None)
        if english and language is Language.EN:
            described["title"], described["description"] = english
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _properties(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {}).values()
