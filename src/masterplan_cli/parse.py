"""YAML and front matter, read as values that keep the text as written and the place of every key.

The readers stand on libyaml's events: no YAML 1.1 guesses, so ``no`` stays a word and ``012`` keeps its zero (the
schema gives a scalar its type). Nearly every file is in order and nobody asks for its places, so a file is first read
for its values alone; what is unusual in any way, and every place, comes from the careful reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial
from sys import intern
from typing import Any, TypeAlias

import yaml

from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.source import Route, Source, Span, Spans
from masterplan_cli.values import without_odd

#: What a file says: text as written, nothing, or containers of these.
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

MAX_DEPTH = 32
_NULLS = {"", "~", "null", "Null", "NULL"}
#: `key:value`, which YAML reads as one word.
_UNSPACED = re.compile(r"\s*(?:- )?([\w-]+):(?!- )([^\s:].*)")
#: A comment that looks like a value.
_COMMENT = re.compile(r"\s*#\S")
#: A line that may be a key which lacks its colon, up to a colon further on.
_KEY_ALONE = re.compile(r"[\s-]*+(?:[\w.][\w.-]*+\s*+)?")
#: What libyaml says ("context: problem"), and what it means here; the first that fits counts.
_CAUSES = (
    (r"quoted scalar: found unexpected (end of stream|document indicator)", "unclosed"),
    (r"directive|version number|incompatible YAML", "directive"),
    (r"\btag\b", "tag"),
    (r"(anchor|alias):", "anchor"),
    (r"<document start>", "document"),
    (r"mapping values are not allowed", "stray"),
    (r"sequence entries are not allowed", "dash"),
    (r"start any token|mapping keys are not allowed", "mark"),
    (r"expected ':'", "colon"),
    (r"block scalar", "block"),
    (r"escape|hexdecimal", "escape"),
    (r"expected node content", "no_item"),
    (r"expected ',' or", "bracket"),
    (r"expected '-' indicator", "item"),
    (r"expected key", "place"),
)
#: What libyaml notices only where the next thing begins; it stands where its own beginning is.
_BEGAN = ("unclosed", "anchor", "bracket", "colon")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BEGINS = Both("teks itu mulai di sini", "that text begins here")
_ABOVE = Both("baris di atasnya", "the line above")
_YAML_WHY = Both(
    "Berkas harus dapat dibaca sebagai YAML: `kunci: nilai`, menjorok dengan spasi. Selama satu tanda salah, "
    "isi berkas tidak dapat diketahui.",
    "A file must read as YAML: `key: value`, indented by spaces. While one mark is wrong, nobody can know "
    "what the file says.",
)

SYNTAX = Rule(
    "MP010",
    "yaml-syntax",
    Severity.ERROR,
    Both("berkas tidak terbaca sebagai YAML", "the file does not read as YAML"),
    _YAML_WHY,
    Text(
        Both("bagian ini tidak terbaca sebagai YAML", "this part does not read as YAML"),
        Both(
            "periksa baris ini dan baris sebelumnya: bentuknya `kunci: nilai`, menjorok dengan spasi",
            "look at this line and the one before it: the form is `key: value`, indented by spaces",
        ),
    ),
    variants={
        "quote": Text(
            Both(
                "teks ini memuat tanda yang punya arti khusus di YAML",
                "this text holds a mark that has a meaning of its own in YAML",
            ),
            Both(
                'beri tanda kutip pada seluruh teks, misalnya `judul: "Peta: jalan"`',
                'put quotes around the whole text, as in `title: "Map: roads"`',
            ),
        ),
        "mark": Text(
            Both(
                "teks ini diawali `{mark}`, tanda yang punya arti khusus di YAML",
                "this text begins with `{mark}`, a mark that has a meaning of its own in YAML",
            ),
            Both(
                'beri tanda kutip pada seluruh teks, misalnya `"{mark}…"`',
                'put quotes around the whole text, as in `"{mark}…"`',
            ),
        ),
        "after_quote": Text(
            Both("masih ada teks sesudah kutip penutup", "there is more text after the closing quote"),
            Both(
                "apit seluruh teks dengan satu pasang kutip; bila di dalamnya ada `\"`, pakai `'…'`, dan sebaliknya",
                "put one pair of quotes around the whole text; if it holds a `\"`, use `'…'`, and the other way round",
            ),
        ),
        "after_bracket": Text(
            Both("masih ada teks sesudah kurung penutup", "there is more text after the closing bracket"),
            Both(
                'hapus teks itu; bila kurungnya bagian dari teks, beri tanda kutip pada semuanya: `"[…] …"`',
                'remove that text; if the bracket belongs to it, put quotes around all of it: `"[…] …"`',
            ),
        ),
        "closing": Text(
            Both("`{mark}` di sini tidak punya kurung pembuka", "this `{mark}` has no opening bracket"),
            Both(
                "hapus `{mark}`; bila bagian dari teks, beri tanda kutip pada seluruh teks",
                "remove `{mark}`; if it belongs to a text, put quotes around the whole text",
            ),
        ),
        "no_item": Text(
            Both("di sini diharapkan isi, bukan `{mark}`", "a value is expected here, not `{mark}`"),
            Both(
                "hapus tanda yang berlebih, atau tulis isinya di depannya",
                "remove the surplus mark, or write the value before it",
            ),
        ),
        "no_key": Text(
            Both("titik dua ini tidak punya kunci di depannya", "this colon has no key before it"),
            Both("tulis `kunci: nilai`, atau hapus barisnya", "write `key: value`, or remove the line"),
        ),
        "list": Text(
            Both(
                "butir daftar `-` ini tidak punya kunci di atasnya", "this list item `-` has no key above it"
            ),
            Both(
                "tulis dulu kuncinya tanpa nilai, misalnya `goals:`, lalu butirnya di bawahnya",
                "write its key first, without a value, as in `goals:`, and the items below it",
            ),
        ),
        "item": Text(
            Both(
                "baris ini setingkat dengan butir daftar, tetapi tidak diawali `-`",
                "this line is on the level of list items, but does not begin with `-`",
            ),
            Both(
                "tambahkan `- ` di depannya, atau kurangi spasinya bila bukan bagian daftar",
                "put `- ` before it, or take away spaces if it is no part of the list",
            ),
        ),
        "dash": Text(
            Both(
                "butir daftar `-` tidak boleh sebaris dengan kuncinya",
                "a list item `-` may not stand on the line of its key",
            ),
            Both(
                "pindahkan `- …` ke baris berikutnya; bila bagian dari teks, beri tanda kutip",
                "move `- …` to the next line; if it belongs to a text, put quotes around it",
            ),
        ),
        "dash_space": Text(
            Both("sesudah tanda `-` tidak ada spasi", "there is no space after the `-`"),
            Both("tulis `{near}`", "write `{near}`"),
        ),
        "space": Text(
            Both("sesudah titik dua tidak ada spasi", "there is no space after the colon"),
            Both("tulis `{near}`", "write `{near}`"),
        ),
        "block": Text(
            Both(
                "tanda `|` atau `>` harus berdiri sendiri di ujung baris",
                "a mark `|` or `>` must stand alone at the end of its line",
            ),
            Both(
                "tulis teksnya di baris berikut, menjorok; bila tanda itu bagian dari teks, beri tanda kutip",
                "write the text on the next line, indented; if the mark belongs to the text, put quotes around it",
            ),
        ),
        "directive": Text(
            Both(
                "baris `%…` adalah perintah YAML, yang tidak dipakai di sini",
                "a line `%…` is a YAML directive, which is not used here",
            ),
            Both(
                "hapus baris ini; bila bagian dari teks, beri tanda kutip",
                "remove the line; if it belongs to a text, put quotes around it",
            ),
        ),
        "colon": Text(
            Both("kunci di sini tidak diikuti titik dua", "the key here is not followed by a colon"),
            Both(
                "tulis `kunci: nilai`, dengan spasi sesudah titik dua",
                "write `key: value`, with a space after the colon",
            ),
        ),
        "indent": Text(
            Both(
                "lekukan (indentasi) baris ini tidak cocok dengan baris di atasnya",
                "this line's indentation does not fit the lines above it",
            ),
            Both(
                "samakan jumlah spasi di awal baris dengan baris yang setingkat",
                "give the line as many leading spaces as the lines of the same level",
            ),
        ),
        "bracket": Text(
            Both(
                "kurung `[` atau `{{` tidak ditutup atau kurang koma",
                "a bracket `[` or `{{` is not closed, or a comma is missing",
            ),
            Both(
                "tutup dengan `]` atau `}}`, dan pisahkan isinya dengan koma",
                "close it with `]` or `}}`, and put commas between the items",
            ),
        ),
        "escape": Text(
            Both(
                "garis miring terbalik `\\` di dalam kutip ganda tidak dikenal",
                "the backslash `\\` inside double quotes is not understood",
            ),
            Both(
                "pakai kutip tunggal `'…'` bila teks memuat `\\`",
                "use single quotes `'…'` when the text holds a `\\`",
            ),
        ),
        "key": Text(
            Both(
                "nama kunci harus berupa satu kata, bukan daftar atau kelompok",
                "a key must be a plain word, not a list or a group",
            ),
            Both("tulis `kunci: nilai`", "write `key: value`"),
        ),
    },
)
UNCLOSED_QUOTE = Rule(
    "MP011",
    "unclosed-quote",
    Severity.ERROR,
    Both("tanda kutip tidak ditutup", "a quote is not closed"),
    _YAML_WHY,
    Text(
        Both("tanda kutip yang dibuka di sini tidak ditutup", "the quote opened here is never closed"),
        Both("tambahkan kutip penutup yang sama di ujung teks", "add the same quote at the end of the text"),
    ),
)
TAB = Rule(
    "MP012",
    "tab-indent",
    Severity.ERROR,
    Both("tab dipakai sebagai lekukan", "a tab is used for indentation"),
    _YAML_WHY,
    Text(
        Both("baris ini menjorok dengan tab", "this line is indented with a tab"),
        Both(
            "ganti tab dengan spasi (dua spasi setiap tingkat)",
            "replace the tab by spaces (two for each level)",
        ),
    ),
)
DUPLICATE_KEY = Rule(
    "MP013",
    "duplicate-key",
    Severity.ERROR,
    Both("kunci ditulis dua kali", "a key is written twice"),
    Both(
        "Bila satu kunci ditulis dua kali, tidak jelas nilai mana yang berlaku; kebanyakan program diam-diam memakai yang terakhir.",
        "When a key stands twice nobody can tell which value counts; most programs silently take the last.",
    ),
    Text(
        Both("kunci `{key}` ditulis dua kali", "key `{key}` is written twice"),
        Both(
            "hapus salah satu; yang pertama ada di baris {first}",
            "remove one of them; the first is on line {first}",
        ),
    ),
)
ANCHOR = Rule(
    "MP014",
    "anchor-or-alias",
    Severity.ERROR,
    Both("jangkar atau rujukan YAML dipakai", "a YAML anchor or alias is used"),
    Both(
        "Jangkar (`&nama`) dan rujukan (`*nama`) menyembunyikan isi di tempat lain; berkas harus terbaca utuh di tempatnya.",
        "Anchors (`&name`) and aliases (`*name`) hide content elsewhere; a file must say what it means where it stands.",
    ),
    Text(
        Both(
            "`{mark}` adalah jangkar atau rujukan YAML, yang tidak dipakai di sini",
            "`{mark}` is a YAML anchor or alias, which is not used here",
        ),
        Both(
            "tulis nilainya lengkap; bila tanda itu bagian dari teks, beri tanda kutip",
            "write the value out; if the mark belongs to the text, put quotes around it",
        ),
    ),
)
TAG = Rule(
    "MP015",
    "yaml-tag",
    Severity.ERROR,
    Both("tanda tipe YAML dipakai", "a YAML tag is used"),
    Both(
        "Tanda tipe (`!nama`) menyuruh program membuat objek lain dari teks; di sini skema yang menentukan tipe.",
        "A tag (`!name`) tells a program to make something else of the text; here the schema decides on types.",
    ),
    Text(
        Both(
            "`{mark}` adalah tanda tipe YAML, yang tidak dipakai di sini",
            "`{mark}` is a YAML tag, which is not used here",
        ),
        Both(
            "hapus tanda itu; bila bagian dari teks, beri tanda kutip",
            "remove it; if it belongs to the text, put quotes around it",
        ),
    ),
)
SEVERAL_DOCUMENTS = Rule(
    "MP016",
    "several-documents",
    Severity.ERROR,
    Both("lebih dari satu dokumen dalam satu berkas", "more than one document in a file"),
    Both(
        "Satu berkas memuat satu hal; dokumen kedua tidak akan terbaca siapa pun.",
        "A file holds one thing; nobody would read the second document.",
    ),
    Text(
        Both("di sini mulai dokumen YAML kedua", "a second YAML document starts here"),
        Both(
            "pindahkan ke berkas sendiri, atau hapus baris `---`",
            "move it to a file of its own, or remove the `---` line",
        ),
    ),
)
TOO_DEEP = Rule(
    "MP017",
    "too-deep",
    Severity.ERROR,
    Both("isi bersarang terlalu dalam", "content is nested too deeply"),
    Both(
        "Tidak ada isian yang perlu lebih dari beberapa tingkat; berkas seperti ini rusak atau dibuat untuk merusak.",
        "No field needs more than a few levels; such a file is broken, or made to break things.",
    ),
    Text(
        Both(
            "isi di sini bersarang lebih dari {limit} tingkat",
            "content here is nested more than {limit} levels deep",
        ),
        Both("periksa kurung `[` dan `{{` yang berlebih", "look for brackets `[` and `{{` too many"),
    ),
)
MERGE_KEY = Rule(
    "MP018",
    "merge-key",
    Severity.ERROR,
    Both("kunci gabung `<<` dipakai", "the merge key `<<` is used"),
    Both(
        "`<<` menyalin isi dari tempat lain; berkas harus terbaca utuh di tempatnya.",
        "`<<` copies content from elsewhere; a file must say what it means where it stands.",
    ),
    Text(
        Both("`<<` tidak dipakai di sini", "`<<` is not used here"),
        Both("tulis isinya lengkap", "write the content out"),
    ),
)
EMPTY_FILE = Rule(
    "MP019",
    "empty-file",
    Severity.ERROR,
    Both("berkas kosong", "the file is empty"),
    Both(
        "Berkas yang ada tetapi kosong biasanya tersimpan sebelum diisi.",
        "A file that exists but is empty was usually saved before it was filled in.",
    ),
    Text(
        Both("berkas ini kosong", "this file is empty"),
        Both(
            "isi berkas ini (contoh: `masterplan new --help`) atau hapus",
            "fill it in (see `masterplan new --help`) or delete it",
        ),
    ),
)
FRONT_MATTER = Rule(
    "MP020",
    "front-matter",
    Severity.ERROR,
    Both(
        "bagian data `---` di awal berkas tidak ada atau tidak ditutup",
        "the `---` data part at the top is missing or not closed",
    ),
    Both(
        "Data sebuah berkas Markdown (judul, pengampu, …) berada di antara dua baris `---` di awal berkas.",
        "The data of a Markdown file (title, owner, …) stands between two lines `---` at its top.",
    ),
    Text(
        Both("berkas ini tidak diawali bagian data `---`", "this file does not begin with a `---` data part"),
        Both(
            "mulai berkas dengan baris `---`, lalu `title: …`, lalu baris `---`",
            "begin the file with a line `---`, then `title: …`, then a line `---`",
        ),
    ),
    variants={
        "open": Text(
            Both(
                "bagian data yang dibuka di sini tidak ditutup", "the data part opened here is never closed"
            ),
            Both(
                "tambahkan baris `---` sesudah data, sebelum naskah",
                "add a line `---` after the data, before the text",
            ),
        ),
        "early": Text(
            Both(
                "baris `---` ini menutup bagian data, padahal isian masih berlanjut sesudahnya",
                "this line `---` closes the data part, but fields go on after it",
            ),
            Both(
                "hapus baris `---` ini; cukup satu, sesudah isian terakhir",
                "remove this line `---`; one is enough, after the last field",
            ),
        ),
        "mapping": Text(
            Both(
                "isi berkas ini bukan pasangan `kunci: nilai`", "this file does not hold `key: value` pairs"
            ),
            Both(
                "tulis data sebagai `kunci: nilai`, satu per baris",
                "write the data as `key: value`, one a line",
            ),
        ),
    },
)
VALUE_LOST = Rule(
    "MP031",
    "value-is-comment",
    Severity.ERROR,
    Both("nilai hilang karena dianggap komentar", "a value is lost because it reads as a comment"),
    Both(
        "Di YAML, semua sesudah ` #` adalah komentar dan tidak dibaca.",
        "In YAML everything after ` #` is a comment and is not read.",
    ),
    Text(
        Both(
            "nilai `{key}` kosong, karena teks sesudah `#` dianggap komentar",
            "`{key}` has no value, because the text after `#` reads as a comment",
        ),
        Both('beri tanda kutip: `{key}: "{lost}"`', 'put quotes around it: `{key}: "{lost}"`'),
    ),
)
SWALLOWED = Rule(
    "MP037",
    "swallowed-line",
    Severity.ERROR,
    Both("baris terbaca sebagai lanjutan teks di atasnya", "a line reads as more of the text above it"),
    Both(
        "Baris yang menjorok lebih dalam daripada baris di atasnya menjadi bagian dari teks itu, walaupun tampak seperti "
        "butir atau isian tersendiri; isinya lalu hilang dari daftar.",
        "A line indented deeper than the one above becomes part of its text, even where it looks like an item or a field "
        "of its own; the list then lacks it.",
    ),
    Text(
        Both(
            "baris ini terbaca sebagai lanjutan teks di atasnya, bukan butir tersendiri",
            "this line reads as more of the text above it, not as an item of its own",
        ),
        Both(
            "kurangi spasi di depannya sehingga `-` sejajar dengan `-` butir di atasnya",
            "take away leading spaces, so that its `-` stands below the `-` of the item above",
        ),
    ),
    variants={
        "colon": Text(
            Both(
                "baris ini terbaca sebagai lanjutan teks di atasnya, bukan isian `{key}`",
                "this line reads as more of the text above it, not as the field `{key}`",
            ),
            Both(
                "tulis `{key}: …`, dengan spasi sesudah titik dua dan sejajar dengan isian di atasnya",
                "write `{key}: …`, with a space after the colon, in line with the field above",
            ),
        )
    },
)
RULES = (
    SYNTAX, UNCLOSED_QUOTE, TAB, DUPLICATE_KEY, ANCHOR, TAG, SEVERAL_DOCUMENTS, TOO_DEEP, MERGE_KEY,
    EMPTY_FILE, FRONT_MATTER, VALUE_LOST, SWALLOWED,
)  # fmt: skip


@dataclass
class Parsed:
    """What a file says. `value` is None when it could not be read; `findings` then say why."""

    value: dict[str, Value] | None
    findings: list[Finding] = field(default_factory=list)
    body: str | None = None
    body_line: int = 1
    #: Finds the places of the values; a file without findings is seldom asked for them.
    locate: Callable[[], dict[Route, Spans]] = dict

    @cached_property
    def spans(self) -> dict[Route, Spans]:
        """Where every value stands."""
        return self.locate()


def parse_yaml_file(source: Source) -> Parsed:
    """A file of YAML alone."""
    value = _plain_mapping(source.text)
    if value is None:
        return parse_yaml_carefully(source)
    return Parsed(value, locate=lambda: parse_yaml_carefully(source).spans)


def parse_yaml_carefully(source: Source) -> Parsed:
    """The same, with its places and with a finding for all that is wrong."""
    return _parse_mapping(source, source.text, 1)


def parse_markdown_file(source: Source) -> Parsed:
    """Front matter as values, and the prose after it with the number of its first line."""
    data, body = _plain_parts(source.text)
    value = _plain_mapping(data)
    if value is None:
        return parse_markdown_carefully(source)
    return Parsed(
        value,
        body=body,
        body_line=data.count("\n") + 4,
        locate=lambda: parse_markdown_carefully(source).spans,
    )


def _plain_parts(text: str) -> tuple[str, str]:
    """The data and the prose of a file whose only two lines `---` enclose its data; else nothing."""
    text = text.replace("\r\n", "\n")
    end = text.find("\n---", 3) if text.startswith("---\n") else -1
    body = text[end + 4 :]
    if end < 0 or not body.startswith("\n") or "\r" in text or "\n---" in body:
        return "", ""
    return text[4:end], body[1:]


def parse_markdown_carefully(source: Source) -> Parsed:
    """The same, with its places and with a finding for all that is wrong."""
    if not source.text.strip():
        return Parsed(None, findings=[EMPTY_FILE.at(_place(source, 1))])
    lines = source.lines
    if lines[0].rstrip() != "---":
        return Parsed(None, findings=[FRONT_MATTER.at(_place(source, 1))], body=source.text)
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        return Parsed(None, findings=[FRONT_MATTER.at(_place(source, 1), "open")])
    if _goes_on(lines[end + 1 :]):
        return Parsed(None, findings=[FRONT_MATTER.at(_place(source, end + 1), "early")])
    parsed = _parse_mapping(source, "\n".join(lines[1:end]), 2, empty={})
    parsed.body, parsed.body_line = "\n".join(lines[end + 1 :]), end + 2
    return parsed


def _goes_on(lines: list[str]) -> bool:
    """Whether what follows the data part is more data with a `---` of its own, and no prose."""
    end = next((n for n, line in enumerate(lines) if line.rstrip() == "---"), 0)
    data = [line for line in lines[:end] if line.strip()]
    return bool(data) and all(re.match(r"[a-z_]+:(\s|$)|\s|- |#\s", line) for line in data)


def _parse_mapping(
    source: Source, text: str, first_line: int, empty: dict[str, Value] | None = None
) -> Parsed:
    """Read `key: value` pairs; a text that says nothing is `empty`, or an empty file where that is None."""
    builder = _Builder(source, first_line)
    value = builder.build(text)
    parsed = Parsed(None, builder.findings, locate=lambda: builder.spans)
    if isinstance(value, dict):
        parsed.value = value
    elif not builder.findings and value is None and empty is not None:
        parsed.value = empty
    elif not builder.findings and value is None:
        parsed.findings.append(EMPTY_FILE.at(_place(source, first_line)))
    elif not builder.findings and isinstance(value, str) and (match := _UNSPACED.fullmatch(value)):
        near = f"{match[1]}: {match[2]}"
        parsed.findings.append(
            SYNTAX.at(Place(source.path, span=builder.spans[()].value), "space", near=near)
        )
    elif not builder.findings:
        parsed.findings.append(FRONT_MATTER.at(_place(source, first_line), "mapping"))
    return parsed


def _place(source: Source, line: int) -> Place:
    return Place(source.path, span=source.whole_line(line))


class _Unusual(Exception):  # noqa: N818 - not an error: the careful reader is to look at it
    """Something that is not a value and nothing else."""


def _plain_mapping(text: str) -> dict[str, Value] | None:
    """What a text of `key: value` pairs says; None when anything in it is unusual, or wrong."""
    try:
        return _PlainReader(text).read()
    except (_Unusual, yaml.YAMLError):
        return None


#: Years and sources of funds come again in file after file: texts up to this length are held once.
_SHORT = 12


class _PlainReader:
    """Builds values out of libyaml's events and nothing beside them."""

    def __init__(self, text: str) -> None:
        self.next: Callable[[], Any] = _Loader(text).get_event
        if "&" in text or "!" in text:
            self.next = partial(_unmarked, self.next)
        self.commented = "#" in text or "\r" in text or not text.isascii()
        if "\u2028" in text or "\u2029" in text:  # these break a text into lines, but stay in it
            raise _Unusual

    def read(self) -> dict[str, Value]:
        """The one document of the text."""
        self.next()
        start, first = self.next(), self.next()
        if type(start) is not yaml.DocumentStartEvent or type(first) is not yaml.MappingStartEvent:
            raise _Unusual
        value = self._mapping(MAX_DEPTH - 1)
        self.next()
        if type(self.next()) is not yaml.StreamEndEvent:
            raise _Unusual
        return value

    def _mapping(self, depth: int) -> dict[str, Value]:
        """The pairs up to the end of a mapping, in which so many levels may follow."""
        found: dict[str, Value] = {}
        following, value = self.next, self._value
        while type(event := following()) is yaml.ScalarEvent:
            key = event.value
            if key in found or key == "<<" or not key.isascii() or key != key.strip():
                raise _Unusual
            found[intern(key)] = value(following(), depth)
        if type(event) is not yaml.MappingEndEvent:
            raise _Unusual
        return found

    def _sequence(self, depth: int) -> list[Value]:
        found: list[Value] = []
        following, value = self.next, self._value
        while type(event := following()) is not yaml.SequenceEndEvent:
            found.append(value(event, depth))
        return found

    def _value(self, event: Any, depth: int) -> Value:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            text: str = event.value
            if text in _NULLS or " " in text:
                return self._doubtful(event)
            return intern(text) if len(text) <= _SHORT else text
        if depth and kind is yaml.MappingStartEvent:
            return self._mapping(depth - 1)
        if depth and kind is yaml.SequenceStartEvent:
            return self._sequence(depth - 1)
        raise _Unusual

    def _doubtful(self, event: Any) -> Value:
        """A text that may say nothing, or run over lines that look like more than a text."""
        text: str = event.value
        if event.implicit[0]:
            if event.start_mark.line != event.end_mark.line:
                raise _Unusual
            if text in _NULLS:
                if self.commented:
                    raise _Unusual
                return None
        return text


def _unmarked(following: Callable[[], Any]) -> Any:
    """The next event, which may have no anchor and no tag."""
    event = following()
    if getattr(event, "anchor", None) or getattr(event, "tag", None):
        raise _Unusual
    return event


class _Stop(Exception):  # noqa: N818 - not an error: the reading ends here, its finding is recorded
    """Nothing after this point of the file can be trusted."""


@dataclass
class _Frame:
    """A container under construction; a mapping waits for a key when `key` is None."""

    container: dict[str, Value] | list[Value]
    route: Route
    key: str | None = None
    key_span: Span | None = None
    first: dict[str, Span] = field(default_factory=dict)
    ignored: bool = False


class _Builder:
    """Builds one document out of libyaml's events."""

    def __init__(self, source: Source, first_line: int) -> None:
        self.source, self.offset = source, first_line
        self.spans: dict[Route, Spans] = {}
        self.findings: list[Finding] = []
        self.stack: list[_Frame] = []
        self.root: Value = None
        self.documents = 0

    def build(self, text: str) -> Value:
        try:
            loader = _Loader(text)
            try:
                while loader.check_event():
                    self._event(loader.get_event())
            finally:
                loader.dispose()
        except _Stop:
            return None
        except yaml.MarkedYAMLError as error:
            self._syntax_error(error)
            return None
        except yaml.reader.ReaderError:
            self._found(SYNTAX, Span(self.offset, 1, self.offset, 2))
            return None
        return self.root

    def _event(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._checked(event)
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._checked(event)
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()
            case yaml.AliasEvent():
                self._found(ANCHOR, self._span(event), mark=f"*{event.anchor}")
                raise _Stop
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._found(SEVERAL_DOCUMENTS, self._line_of(event.start_mark))
                    raise _Stop

    def _checked(self, event: Any) -> None:
        """Refuse anchors and tags, which would let a file mean something else than it shows."""
        if event.anchor:
            self._found(ANCHOR, self._mark_span(event, f"&{event.anchor}"), mark=f"&{event.anchor}")
            raise _Stop
        if event.tag:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._found(TAG, self._mark_span(event, shown), mark=shown)
            raise _Stop

    def _scalar(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        span = self._span(event)
        if frame is not None and isinstance(frame.container, dict) and frame.key is None:
            self._key(frame, event.value, span)
            return
        plain = event.implicit[0]
        if plain and span.end_line > span.line:
            self._swallowed(span)
        value: Value = None if plain and event.value in _NULLS else event.value
        if value is None and frame is not None:
            value = self._lost_to_comment(frame, span)
        self._put(value, span)

    def _swallowed(self, span: Span) -> None:
        """Name the first line of a text without quotes that looks like an item or a field of its own."""
        for number in range(span.line + 1, span.end_line + 1):
            match = re.match(r"\s*(-(?=\s|$)|([a-z_]+):[^\s/])", self.source.line(number))
            if match:
                line, key = self.source.whole_line(number), match[2]
                above = Related(Place(self.source.path, span=self.source.whole_line(span.line)), _BEGINS)
                place = Place(self.source.path, span=line)
                self.findings.append(SWALLOWED.at(place, "colon" if key else "", [above], key=key))
                return

    def _key(self, frame: _Frame, key: str, span: Span) -> None:
        if key == "<<":
            self._found(MERGE_KEY, span)
            raise _Stop
        frame.key, frame.key_span = key, span
        plain = without_odd(key).strip()  # `２０２２` is the year 2022 as well
        frame.ignored = plain in frame.first
        if frame.ignored:
            first = frame.first[plain]
            self.findings.append(
                DUPLICATE_KEY.at(
                    Place(self.source.path, span=span),
                    related=[Related(Place(self.source.path, span=first), Both("yang pertama", "the first"))],
                    key=key,
                    first=first.line,
                )
            )
        frame.first.setdefault(plain, span)

    def _lost_to_comment(self, frame: _Frame, span: Span) -> str | None:
        """The text that a value lost by beginning with `#`; reported, then used, so that it counts once.

        `owner: # isi id` is a comment beside an empty field; `title: #5 program` is a lost value.
        """
        if frame.key is None or frame.key_span is None or frame.key_span.line != span.line:
            return None
        line = self.source.line(span.line)
        if not _COMMENT.match(line, span.column - 1):
            return None
        lost = line[span.column - 1 :].rstrip()
        place = Span(span.line, span.column, span.line, span.column + len(lost))
        text = lost.strip()
        self._found(VALUE_LOST, place, key=frame.key, lost=text.replace('"', "'"))
        return text

    def _open(self, event: Any) -> None:
        if self.stack and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None:
            self._found(SYNTAX, self._point(event.start_mark), "key")
            raise _Stop
        if len(self.stack) >= MAX_DEPTH:
            self._found(TOO_DEEP, self._point(event.start_mark), limit=MAX_DEPTH)
            raise _Stop
        container: dict[str, Value] | list[Value] = {} if isinstance(event, yaml.MappingStartEvent) else []
        route = self._put(container, self._point(event.start_mark))
        self.stack.append(_Frame(container, route))

    def _put(self, value: Value, span: Span) -> Route:
        """Put a value where the innermost open container waits for it; the value's route."""
        if not self.stack:
            self.root = value
            self.spans[()] = Spans(None, span)
            return ()
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            route = (*frame.route, len(frame.container))
            frame.container.append(value)
            self.spans[route] = Spans(None, span)
            return route
        key, frame.key = frame.key or "", None
        if frame.ignored:  # of a repeated key the first value counts; the second has its finding
            return (*frame.route, f"{key}\0again")
        route = (*frame.route, key)
        frame.container[key] = value
        self.spans[route] = Spans(frame.key_span, span)
        return route

    def _found(self, rule: Rule, span: Span, variant: str = "", **args: Any) -> None:
        self.findings.append(rule.at(Place(self.source.path, span=span), variant, **args))

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(start.line + self.offset, start.column + 1, end.line + self.offset, end.column + 1)

    def _point(self, mark: Any) -> Span:
        line, column = mark.line + self.offset, mark.column + 1
        return Span(line, column, line, column + 1)

    def _line_of(self, mark: Any) -> Span:
        return self.source.whole_line(mark.line + self.offset)

    def _mark_span(self, event: Any, mark: str) -> Span:
        """libyaml starts an event at its anchor or tag, but a mapping's at its first key."""
        line = event.start_mark.line + self.offset
        return self.source.find(mark, max(line - 1, self.offset), line)

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        """Say in our words what libyaml noticed, where its cause stands rather than where it was noticed."""
        mark = error.problem_mark or error.context_mark
        span = self._point(mark) if mark else Span(self.offset, 1, self.offset, 2)
        began = self._point(error.context_mark) if error.context_mark else span
        said = f"{error.context or ''}: {error.problem or ''}"
        cause = next((cause for pattern, cause in _CAUSES if re.search(pattern, said)), "")
        tab = self._tab_indent(span)
        if tab and cause != "unclosed":
            self._found(TAB, tab)
        else:
            self._explain(cause, began if cause in _BEGAN else span, began)

    def _explain(self, cause: str, span: Span, began: Span) -> None:
        """A finding for one of the causes, worded after what stands there."""
        rest = self.source.line(span.line)[span.column - 1 :]
        match cause:
            case "unclosed":
                self._found(UNCLOSED_QUOTE, span)
            case "anchor":
                self._found(ANCHOR, span, mark=rest[:1])
            case "tag":
                self._bad_tag(span)
            case "document":
                self._second_document(span)
            case "stray":
                self._stray_colon(span)
            case "colon":
                self._lacks_colon(span)
            case "no_item":
                self._no_item(span, rest)
            case "place" | "item":
                self._misplaced(span, began, cause)
            case _:
                self._found(SYNTAX, span, cause, mark=rest[:1])

    def _bad_tag(self, span: Span) -> None:
        text = self.source.line(span.line)
        start = max(text.rfind("!", 0, span.column), 0)
        self._found(TAG, self._point_at(span.line, start + 1), mark=text[start:].split(" ")[0])

    def _point_at(self, line: int, column: int) -> Span:
        return Span(line, column, line, column + 1)

    def _second_document(self, span: Span) -> None:
        """After `...`, a new document; otherwise the first line is not what a file begins with."""
        before = range(self.offset, span.line + 1)
        content = (n for n in before if re.match(r"\s*[^#\s]", self.source.line(n)))
        first = next(content, span.line)
        text = self.source.line(first)
        if any(self.source.line(n).startswith("...") for n in before):
            self._found(SEVERAL_DOCUMENTS, span)
        elif text.startswith("%"):
            self._found(SYNTAX, self.source.whole_line(first), "directive")
        elif text.startswith(" "):
            self._badly_indented(self.source.whole_line(span.line), first)
        elif text.startswith(("[", "{")):
            self._found(SYNTAX, span, "after_bracket")
        else:
            self._lacks_colon(self.source.whole_line(first))

    def _misplaced(self, span: Span, began: Span, cause: str) -> None:
        """What stands where a line of the same level was expected."""
        line = self.source.line(span.line)
        before, rest = line[: span.column - 1].rstrip(), line[span.column - 1 :]
        if rest[:1] in ("]", "}", ","):
            self._found(SYNTAX, span, "closing", mark=rest[0])
        elif before.endswith(('"', "'")):
            self._found(SYNTAX, span, "after_quote")
        elif before.endswith(("]", "}")):
            self._found(SYNTAX, span, "after_bracket")
        elif rest.startswith(":"):
            self._found(SYNTAX, span, "no_key")
        elif span.column == began.column and (cause == "item" or rest.startswith("- ")):
            self._found(SYNTAX, self.source.whole_line(span.line), "item" if cause == "item" else "list")
        else:
            self._badly_indented(span)

    def _no_item(self, span: Span, rest: str) -> None:
        """A comma or colon without what belongs before it; at the end of the text, a bracket left open."""
        if rest.strip():
            self._found(SYNTAX, span, "closing" if rest[0] in "]}" else "no_item", mark=rest[0])
            return
        for number in range(min(span.line, len(self.source.lines)), self.offset - 1, -1):
            column = max(self.source.line(number).rfind("["), self.source.line(number).rfind("{"))
            if column >= 0:
                self._found(SYNTAX, self._point_at(number, column + 1), "bracket")
                return
        self._found(SYNTAX, span)

    def _badly_indented(self, span: Span, other: int | None = None) -> None:
        """Two lines that do not fit each other; which of them is wrong, only their writer knows."""
        above = other or next(
            (n for n in range(span.line - 1, self.offset - 1, -1) if self.source.line(n).strip()), None
        )
        related = (
            [Related(Place(self.source.path, span=self.source.whole_line(above)), _ABOVE)] if above else []
        )
        self.findings.append(SYNTAX.at(Place(self.source.path, span=span), "indent", related))

    def _stray_colon(self, span: Span) -> None:
        """A colon where none may stand: in a text, after a wrong indent, or after a line that lacks its own."""
        before = self.source.line(span.line)[: span.column - 1]
        above = self.source.line(span.line - 1) if span.line > self.offset else ""
        if not (before.strip() and above.strip() and _KEY_ALONE.fullmatch(before)):
            self._found(SYNTAX, span, "quote")
        elif re.search(r":(\s|$)", above):
            self._badly_indented(self.source.whole_line(span.line))
        else:
            self._lacks_colon(self.source.whole_line(span.line - 1))

    def _lacks_colon(self, span: Span) -> None:
        """A line that ought to be `key: value`, or an item, but lacks its colon or its space."""
        line = self.source.line(span.line)
        if re.match(r"\s*(?:- )?[\w-]+:- ", line):
            self._found(SYNTAX, self.source.whole_line(span.line), "dash")
        elif match := _UNSPACED.match(line):
            self._found(
                SYNTAX, self.source.whole_line(span.line), "space", near=f"{match[1]}: {match[2].strip()}"
            )
        elif match := re.match(r"\s*-(\w.*)", line):
            self._found(SYNTAX, self.source.whole_line(span.line), "dash_space", near=f"- {match[1].strip()}")
        else:
            self._found(SYNTAX, span, "colon")

    def _tab_indent(self, span: Span) -> Span | None:
        """The tab that indents the failing line, if one does."""
        for number in (span.line, span.line - 1):
            indent = re.match(r" *\t[ \t]*", self.source.line(number)) if number >= self.offset else None
            if indent:
                column = indent.group().index("\t") + 1
                return Span(number, column, number, indent.end() + 1)
        return None


def literal_lines(text: str, first_line: int) -> set[int]:
    """The lines of a readable text's quoted and block scalars that run over several: blanks count in them."""
    lines: set[int] = set()
    scalars: Iterable[Any] = (e for e in yaml.parse(text, Loader=_Loader) if isinstance(e, yaml.ScalarEvent))
    for scalar in scalars:
        if scalar.style is not None:
            first, last = scalar.start_mark.line, scalar.end_mark.line
            if first != last:
                lines.update(range(first + first_line, last + first_line + 1))
    return lines
