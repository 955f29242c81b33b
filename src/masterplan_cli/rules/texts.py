"""What every written value must keep to, whatever field it stands in: MP035, MP036, MP509, MP510, MP516, MP518."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from masterplan_cli import values
from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan
from masterplan_cli.rules.registry import rule
from masterplan_cli.rules.words import Words
from masterplan_cli.schema import ODD_CHARACTER, described
from masterplan_cli.source import Route, Span
from masterplan_cli.yaml_reader import Value

#: Fields of one line; what needs more belongs into the narrative.
_LONGEST_TEXT = 1_000
#: Lists whose repetitions have a rule with more to say: MP112, MP306 and MP409.
_OTHER_RULES = ("supporting", "budget", "indicators")

#: What tells the items of a list from each other: with the same there, they contradict each other.
_NAMES: dict[str | int, tuple[str, ...]] = {
    "partners": ("name",),
    "risks": ("risk",),
    "codes": ("code", "nomenclature"),
    "goals": ("title", "subdimension"),
    "former_names": ("name",),
    "glossary": ("term",),
    "phases": ("title",),
}


def _label(plan: Plan, path: str, route: Route) -> Both:
    """A value's field by its human name."""
    node = plan.node_at(path)
    key = next((str(step) for step in reversed(route) if isinstance(step, str)), path)
    return described(type(node.data), route) if node and route else Both(key, key)


@rule(
    "MP035",
    "odd-character-in-text",
    Severity.WARNING,
    title=Both(
        "huruf tak terlihat atau angka lebar dalam teks",
        "an invisible character or full-width digit in a text",
    ),
    why=ODD_CHARACTER.why,
    message=Both(
        "{label} memuat {odd} ({point}), yang tidak tampak bedanya di layar",
        "{label} holds {odd} ({point}), which a screen does not show",
    ),
    fix=Both("hapus dan ketik ulang: `{suggestion}`", "delete it and type `{suggestion}`"),
    each=Words,
)
def odd_character_in_text(found: Rule, plan: Plan, words: Words) -> Iterator[Finding]:
    for route, text in words.fields() if values.may_be_odd(words.field_text) else ():
        odd = values.odd_character(text, blanks=False)
        if odd and not plan.explained(words.path, route):
            yield found.at(
                Place(words.path, route),
                label=_label(plan, words.path, route),
                odd=odd.name,
                point=odd.point,
                suggestion=values.without_odd(text),
            )


@rule(
    "MP036",
    "item-twice",
    Severity.WARNING,
    title=Both("butir daftar tertulis dua kali", "a list item written twice"),
    why=Both(
        "Butir yang sama dua kali biasanya sisa salin-tempel: yang seharusnya ditulis di tempatnya terlupa, dan hitungannya salah.",
        "The same item twice is usually left over from copying: what should stand there was forgotten, and counts come out wrong.",
    ),
    message=Both(
        "{label} sama dengan butir ke-{first} dalam daftar itu",
        "{label} is the same as item no. {first} of the list",
    ),
    fix=Both("hapus salah satu, atau tulis yang dimaksud", "remove one of them, or write what was meant"),
    variants={
        "named": Text(
            Both(
                "{label} menyebut `{name}`, yang sudah ada di butir ke-{first} dengan isi lain",
                "{label} names `{name}`, which item no. {first} of the list names with other words",
            ),
            Both(
                "satukan keduanya, atau tulis nama yang membedakannya",
                "make one item of them, or write names that tell them apart",
            ),
        ),
    },
    each=Words,
)
def item_twice(found: Rule, plan: Plan, words: Words) -> Iterator[Finding]:
    if not any(_may_repeat(key, items) for key, items in words.named_lists):
        return
    for route, items in words.lists():
        key = route[-1] if route else ""
        said: dict[str, int] = {}
        named: dict[str, int] = {}
        for index, item in enumerate(items if key not in _OTHER_RULES else ()):
            name = _named(key, item)
            same = said.setdefault(_same(item), index)
            first = same if same != index else named.setdefault(_same([*name]), index) if name else index
            if first != index and item:
                place = Place(words.path, (*route, index))
                label = _label(plan, words.path, place.route)
                related = [Related(Place(words.path, (*route, first)), Both("yang pertama", "the first"))]
                variant = "" if same == first else "named"
                yield found.at(
                    place, variant, related=related, label=label, first=first + 1, name="".join(name[:1])
                )


def _may_repeat(key: str | int, items: list[Value]) -> bool:
    """Whether a list may hold an item twice."""
    if len(items) < 2 or key in _OTHER_RULES:
        return False
    return len({_roughly(key, item) for item in items}) < len(items)


def _roughly(key: str | int, item: Value) -> str:
    """Equal at least for items that say the same, or have one name."""
    if isinstance(item, str):
        return " ".join(item.casefold().split())
    return _same([*_named(key, item)] or item)


def _named(key: str | int, item: Value) -> list[str]:
    """What tells an item of a list of groups from the others, where it says all of that."""
    texts = [item.get(field) for field in _NAMES.get(key, ())] if isinstance(item, dict) else []
    return [text for text in texts if isinstance(text, str)] if all(texts) else []


def _same(item: Value) -> str:
    """Equal for items that say the same, capitals and spaces aside."""
    return " ".join(json.dumps(item, sort_keys=True, ensure_ascii=False).casefold().split())


@rule(
    "MP516",
    "items-in-a-text",
    Severity.WARNING,
    title=Both("butir-butir dalam satu isian", "items within one field"),
    why=Both(
        "Isian berupa teks dicetak dalam satu baris, walaupun ditulis dalam beberapa baris sesudah `|`; butir-butirnya lalu menyambung.",
        "A field that is a text is printed in one line, even where it is written in several after a `|`; items in it run together.",
    ),
    message=Both(
        "{label} memuat beberapa butir, yang tercetak bersambung dalam satu baris",
        "{label} holds several items, which run together in one line when printed",
    ),
    fix=Both(
        "satukan menjadi satu kalimat dengan `;` di antara butirnya, atau tulis daftarnya di naskah",
        "make one sentence of them with `;` between the items, or write the list in the text",
    ),
    variants={
        "item": Text(
            Both(
                "{label} memuat beberapa butir, yang tercetak bersambung dalam satu baris",
                "{label} holds several items, which run together in one line when printed",
            ),
            Both(
                "tulis setiap butir dengan `- ` tersendiri, sejajar dengan butir ini",
                "write each item with a `- ` of its own, in line with this item",
            ),
        ),
    },
    each=Words,
)
def items_in_a_text(found: Rule, plan: Plan, words: Words) -> Iterator[Finding]:
    for route, text in words.fields() if "\n" in words.field_text else ():
        if "\n" in text and values.items_of(text) and not plan.explained(words.path, route):
            variant = "item" if isinstance(route[-1], int) else ""
            label = _label(plan, words.path, route)
            yield found.at(Place(words.path, route), variant, label=label)


#: Bold letters, links and tags, which a text of the narrative may have.
_MARKS = re.compile(
    r"\*\*(?P<bold>[^*\s](?:[^*]{0,200}[^*\s])?)\*\*"
    r"|\[(?P<words>[^\[\]\n]{1,200})\]\((?P<address>[^()\s]{1,200})\)|<(?:br|b|i|u|p) ?/?>",
    re.I,
)


@rule(
    "MP518",
    "marks-in-a-field",
    Severity.WARNING,
    title=Both("tanda naskah di dalam isian", "marks of the narrative in a field"),
    why=Both(
        "Isian dicetak huruf demi huruf: tanda tebal, tautan, dan HTML hanya berlaku di naskah, dan di sini ikut tercetak.",
        "Fields are printed letter by letter: bold letters and links are for the narrative; here their marks are printed.",
    ),
    message=Both(
        "`{text}` dalam {label} tercetak beserta tandanya", "`{text}` in {label} is printed with its marks"
    ),
    fix=Both("tulis tanpa tanda: `{suggestion}`", "write it without marks: `{suggestion}`"),
    variants={
        "tag": Text(
            Both("`{text}` dalam {label} tercetak apa adanya", "`{text}` in {label} is printed as it stands"),
            Both("ganti `{text}` dengan spasi, atau hapus", "put a space in place of `{text}`, or remove it"),
        ),
    },
    each=Words,
)
def marks_in_a_field(found: Rule, plan: Plan, words: Words) -> Iterator[Finding]:
    if not any(sign in words.field_text for sign in ("**", "](", "<")):
        return
    for route, text in words.fields():
        match = _MARKS.search(text)
        if match and not plan.explained(words.path, route):
            bare = match["bold"] or (match["words"] and f"{match['words']} ({match['address']})")
            label = _label(plan, words.path, route)
            place = Place(words.path, route)
            yield found.at(place, "" if bare else "tag", text=match[0], label=label, suggestion=bare)


#: What costs little to look for: no personal number has fewer digits.
_LONG = re.compile(r"\d[\d\s.]{15}")
_NIP = re.compile(
    r"(?<![\d.,])(?P<born>(?:19[4-9]|20[01])\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[\s.]?"
    r"(?P<hired>(?:19[6-9]|20[0-4])\d)(?:0[1-9]|1[0-2]|21)[\s.]?[12][\s.]?\d{3}(?!\d)"
)
_NIK = re.compile(r"(?<![\d.,])(?:\d{16}|\d{4} \d{4} \d{4} \d{4}|\d{6}[ .]\d{6}[ .]\d{4})(?!\d)")
#: Province, regency and district; day (a woman's plus 40), month and year of birth; serial.
_NIK_PARTS = re.compile(
    r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])\d{4}"
    r"(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d\d(?!0000)\d{4}"
)
_KINDS = {
    "nip": Both("NIP (nomor induk pegawai)", "a NIP (number of a civil servant)"),
    "nik": Both("NIK (nomor induk kependudukan)", "a NIK (number of a citizen)"),
}


@rule(
    "MP509",
    "personal-number",
    Severity.WARNING,
    title=Both("nomor pribadi seseorang", "somebody's personal number"),
    why=Both(
        "NIP dan NIK memuat tanggal lahir dan menunjuk satu orang. Rencana kota dibaca umum, dan UU 27/2022 tentang "
        "Pelindungan Data Pribadi melarang menyiarkan data pribadi tanpa dasar.",
        "A NIP or NIK holds a date of birth and points to one person. A city's plan is public, and Law 27/2022 on the "
        "Protection of Personal Data forbids to publish personal data without a ground.",
    ),
    message=Both(
        "`{text}` tampak seperti {kind}, data pribadi yang tidak perlu ada di rencana kota",
        "`{text}` seems to be {kind}, personal data that a city's plan does not need",
    ),
    fix=Both(
        "hapus, dan sebut jabatannya saja; bila sudah terkirim ke repo, laporkan kepada koordinator karena riwayatnya masih memuatnya",
        "remove it and name the office only; if it has been pushed, tell the coordinator, for the history still holds it",
    ),
    each=Words,
)
def personal_number(found: Rule, _plan: Plan, words: Words) -> Iterator[Finding]:
    for route, text in words.fields() if _LONG.search(words.field_text) else ():
        for _, kind, number in _personal(text) if route[-1:] != ("amount",) else ():
            yield found.at(Place(words.path, route), kind=_KINDS[kind], text=number)
    for line, text in words.lines() if _LONG.search(words.prose_text) else ():
        for (start, end), kind, number in _personal(text):
            yield found.at(
                Place(words.path, span=Span(line, start + 1, line, end + 1)),
                kind=_KINDS[kind],
                text=number,
            )


def _personal(text: str) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Each personal number of a text: where, of what kind, and its ends, since a report is public as well."""
    if not _LONG.search(text):
        return
    for match in _NIP.finditer(text):
        if 15 <= int(match["hired"]) - int(match["born"]) <= 60:
            yield match.span(), "nip", f"{match.group()[:4]}…{match.group()[-2:]}"
    for match in _NIK.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if _NIK_PARTS.fullmatch(digits):
            yield match.span(), "nik", f"{digits[:4]}…{digits[-2:]}"


@rule(
    "MP510",
    "text-too-long",
    Severity.WARNING,
    title=Both("teks terlalu panjang untuk satu isian", "a text too long for a field"),
    why=Both(
        "Isian dicetak dalam tabel dan daftar; uraian panjang di sana membuat tabel tidak terbaca.",
        "Fields are printed in tables and lists, which a long text makes unreadable.",
    ),
    message=Both(
        "{label} memuat {count} huruf; paling banyak {limit}",
        "{label} has {count} characters; at most {limit}",
    ),
    fix=Both(
        "ringkas di sini, dan pindahkan uraiannya ke naskah sesudah baris `---` kedua",
        "shorten it here, and move the details to the text after the second line `---`",
    ),
    each=Words,
)
def text_too_long(found: Rule, plan: Plan, words: Words) -> Iterator[Finding]:
    for route, text in words.fields() if len(words.field_text) > _LONGEST_TEXT else ():
        if len(text) > _LONGEST_TEXT and not plan.explained(words.path, route):
            label = _label(plan, words.path, route)
            yield found.at(Place(words.path, route), label=label, count=len(text), limit=_LONGEST_TEXT)
