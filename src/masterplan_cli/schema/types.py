"""The types of values: each reads the text of a YAML scalar, or says why it does not read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic_core import PydanticCustomError, core_schema

from masterplan_cli import values
from masterplan_cli.formats import FORMATS
from masterplan_cli.messages import Language
from masterplan_cli.suggestions import suggest
from masterplan_cli.values import BadValue, Period


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
        read, validate = self.read, self._validate

        def plainly(value: object) -> object:
            """Nearly every text is ASCII and reads; any other is looked at closely, to say what is wrong."""
            try:
                if isinstance(value, str) and value.isascii():
                    return read(values.collapsed(value))
                return validate(value)
            except BadValue:
                return validate(value)

        return core_schema.no_info_plain_validator_function(plainly)

    def __get_pydantic_json_schema__(self, _core: Any, _handler: Any) -> dict[str, Any]:
        return self.form

    def _validate(self, value: object) -> object:
        if value is None:
            raise PydanticCustomError("missing", "empty")
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "not a text")
        value = values.collapsed(value)
        odd = values.odd_character(value)
        try:
            if odd and self.exact:
                raise BadValue("odd")
            return self.read(value)
        except BadValue as error:
            if odd:
                plain = self._plain(value)
                args = odd_args(odd, value, plain) | {"fix": plain if self._reads(plain) else None}
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


def odd_args(odd: values.Odd, text: str, suggestion: str) -> dict[str, Any]:
    return {
        "kind": "odd",
        "text": odd.shown_in(text),
        "odd": odd.name,
        "point": odd.point,
        "suggestion": suggestion,
    }


def _text(text: str) -> str:
    """White space at the ends does not belong to a value; an empty text is a missing one."""
    said = text.strip()
    if not said:
        raise PydanticCustomError("missing", "empty")
    return said


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
        shown = ", ".join(dict.fromkeys(spelt[0] for spelt in words.values()))

        @lru_cache(maxsize=256)
        def read(text: str) -> str:
            word = re.sub(r"[\s_]+", "-", text.strip().casefold())
            if word in by_word:
                return by_word[word]
            guess = suggest(word, list(by_word))
            raise BadValue(
                "choice_suggestion" if guess else "choice",
                text=text,
                choices=shown,
                suggestion=str(guess or ""),
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
        _matching("url", r"https?://[!#-;=?-~][!#-\-/-;=?-~]*\.[!#-;=?-~]+"),
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
    ward="kelurahan,ward", hospital="rsud,rumah-sakit,hospital", technical="upt,uptd,puskesmas,technical-unit", company="bumd,company",
    other="lainnya,other",
)  # fmt: skip
#: Kinds that work for another agency; its duty in each pillar stands for them.
WITHOUT_DUTIES = {"ward", "hospital", "technical"}
REGION_KIND = Choice(
    kota="kota,city", kabupaten="kabupaten,regency", provinsi="provinsi,province", other="lainnya,other"
)
DIRECTION = Choice(up="naik,meningkat,up", down="turun,menurun,down", keep="tetap,keep")
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
    building="pembangunan,building", running="implementasi,berjalan,running", evaluation="evaluasi,evaluation",
)  # fmt: skip
PART = Choice(
    preface="sambutan,preface", introduction="pendahuluan,introduction", analysis="analisis,analysis",
    direction="arah,direction", action="rencana-aksi,action", closing="penutup,closing",
)  # fmt: skip
LANGUAGE = Choice(id="id,indonesia", en="en,english")
OUTPUT = Choice(**{name: f"{name},{one.words}".rstrip(",") for name, one in FORMATS.items()})
PAPER = Choice(a4="a4", f4="f4,folio")
FONT = Choice(sans="sans", serif="serif")
#: The shipped book templates; a plan may have others in its own templates/books/.
BOOK_TEMPLATE = Choice(
    masterplan="masterplan,rencana-induk,buku-2,masterplan", analysis="analisis,analisis-strategis,buku-1,analysis",
    summary="ringkasan,ringkasan-eksekutif,quick-win,buku-3,summary",
    regulation="peraturan,lampiran,perwali,perbup,regulation", review="tinjauan,review",
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
