"""YAML and front matter, read as values that keep the text as written and the place of every key.

The reader stands on libyaml's events: no recursion, so depth cannot crash it; no YAML 1.1 guesses, so
``no`` stays a word and ``012`` keeps its zero (the schema gives a scalar its type).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from masterplan_cli.diagnostics import Finding, Place, Related, Rule, Severity, Text
from masterplan_cli.messages import Both
from masterplan_cli.source import Route, Source, Span, Spans

#: What a file says: text as written, nothing, or containers of these.
Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

MAX_DEPTH = 32
_NULLS = {"", "~", "null", "Null", "NULL"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

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
RULES = (
    SYNTAX, UNCLOSED_QUOTE, TAB, DUPLICATE_KEY, ANCHOR, TAG, SEVERAL_DOCUMENTS, TOO_DEEP, MERGE_KEY,
    EMPTY_FILE, FRONT_MATTER, VALUE_LOST,
)  # fmt: skip


@dataclass
class Parsed:
    """What a file says. `value` is None when it could not be read; `findings` then say why."""

    value: dict[str, Value] | None
    spans: dict[Route, Spans] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    body: str | None = None
    body_line: int = 1


def parse_yaml_file(source: Source) -> Parsed:
    """A file of YAML alone."""
    return _parse_mapping(source, source.text, 1)


def parse_markdown_file(source: Source) -> Parsed:
    """Front matter as values, and the prose after it with the number of its first line."""
    if not source.text.strip():
        return Parsed(None, findings=[EMPTY_FILE.at(_place(source, 1))])
    lines = source.lines
    if lines[0].rstrip() != "---":
        return Parsed(None, findings=[FRONT_MATTER.at(_place(source, 1))], body=source.text)
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        return Parsed(None, findings=[FRONT_MATTER.at(_place(source, 1), "open")])
    parsed = _parse_mapping(source, "\n".join(lines[1:end]), 2, empty={})
    parsed.body, parsed.body_line = "\n".join(lines[end + 1 :]), end + 2
    return parsed


def _parse_mapping(
    source: Source, text: str, first_line: int, empty: dict[str, Value] | None = None
) -> Parsed:
    """Read `key: value` pairs; a text that says nothing is `empty`, or an empty file where that is None."""
    builder = _Builder(source, first_line)
    value = builder.build(text)
    parsed = Parsed(None, builder.spans, builder.findings)
    if isinstance(value, dict):
        parsed.value = value
    elif not builder.findings and value is None and empty is not None:
        parsed.value = empty
    elif not builder.findings and value is None:
        parsed.findings.append(EMPTY_FILE.at(_place(source, first_line)))
    elif not builder.findings:
        parsed.findings.append(FRONT_MATTER.at(_place(source, first_line), "mapping"))
    return parsed


def _place(source: Source, line: int) -> Place:
    return Place(source.path, span=source.whole_line(line))


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
        value: Value = None if plain and event.value in _NULLS else event.value
        if value is None and frame is not None:
            value = self._lost_to_comment(frame, span)
        self._put(value, span)

    def _key(self, frame: _Frame, key: str, span: Span) -> None:
        if key == "<<":
            self._found(MERGE_KEY, span)
            raise _Stop
        frame.key, frame.key_span = key, span
        frame.ignored = key in frame.first
        if frame.ignored:
            first = frame.first[key]
            self.findings.append(
                DUPLICATE_KEY.at(
                    Place(self.source.path, span=span),
                    related=[Related(Place(self.source.path, span=first), Both("yang pertama", "the first"))],
                    key=key,
                    first=first.line,
                )
            )
        frame.first.setdefault(key, span)

    def _lost_to_comment(self, frame: _Frame, span: Span) -> str | None:
        """The text that a value lost by beginning with `#`; reported, then used, so that it counts once.

        `owner: # isi id` is a comment beside an empty field; `title: #5 program` is a lost value.
        """
        lost = self.source.line(span.line)[span.column - 1 :].rstrip()
        if frame.key is None or frame.key_span is None or frame.key_span.line != span.line:
            return None
        if not re.match(r"\s*#\S", lost):
            return None
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
        mark = error.problem_mark or error.context_mark
        problem, context = error.problem or "", error.context or ""
        span = self._point(mark) if mark else Span(self.offset, 1, self.offset, 2)
        if "quoted scalar" in context and ("end of stream" in problem or "document indicator" in problem):
            opening = error.context_mark or mark
            self._found(UNCLOSED_QUOTE, self._point(opening))
        elif (tab := self._tab_indent(span, problem)) is not None:
            self._found(TAB, tab)
        elif "tag" in context or "tag" in problem:
            tag = self._point(error.context_mark or mark)
            self._found(TAG, tag, mark=self.source.line(tag.line)[tag.column - 1 :].split(" ")[0])
        elif "document" in problem and "start" in problem:
            self._found(SEVERAL_DOCUMENTS, span)
        elif "mapping values are not allowed" in problem:
            self._stray_colon(span)
        else:
            cause = self._cause(problem, context, span)
            # A missing colon or bracket is noticed lines later; what waits for it stands where it began.
            began = cause in ("colon", "bracket") and error.context_mark
            self._found(SYNTAX, self._point(error.context_mark) if began else span, cause)

    def _stray_colon(self, span: Span) -> None:
        """A colon where none may stand: in a text, after a wrong indent, or after a line that lacks its own."""
        before = self.source.line(span.line)[: span.column - 1]
        above = self.source.line(span.line - 1) if span.line > self.offset else ""
        if not re.fullmatch(r"[\s-]*[\w.-]+\s*", before) or not above.strip():
            self._found(SYNTAX, span, "quote")
        elif ":" in above:
            self._found(SYNTAX, self.source.whole_line(span.line), "indent")
        else:
            self._found(SYNTAX, self.source.whole_line(span.line - 1), "colon")

    def _tab_indent(self, span: Span, problem: str) -> Span | None:
        """The tab that indents the failing line, if one does."""
        for number in (span.line, span.line - 1):
            indent = re.match(r" *\t[ \t]*", self.source.line(number))
            if indent and ("tab" in problem or "token" in problem or "expected" in problem):
                column = indent.group().index("\t") + 1
                return Span(number, column, number, indent.end() + 1)
        return None

    def _cause(self, problem: str, context: str, span: Span) -> str:
        if "cannot start any token" in problem or "mapping keys are not allowed" in problem:
            return "quote"
        if "alphabetic or numeric" in problem or "anchor" in context or "alias" in context:
            return "quote"
        if "expected ':'" in problem:
            return "colon"
        if "flow" in context:
            return "bracket"
        if "escape" in problem or "hexdecimal" in problem:
            return "escape"
        if "directive" in context or "directive" in problem:
            return "quote"
        if "block" in context or "sequence entries" in problem:
            rest = self.source.line(span.line)[span.column - 1 :]
            return (
                "quote"
                if rest and self.source.line(span.line)[: span.column - 1].rstrip().endswith(('"', "'"))
                else "indent"
            )
        return ""


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
