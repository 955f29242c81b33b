"""What is said of a file that does not read as YAML or lacks its front matter: codes MP010 to MP022."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

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
                'beri tanda kutip pada seluruh teks, misalnya `title: "Peta: jalan"`',
                'put quotes around the whole text, as in `title: "Map: roads"`',
            ),
        ),
        "quote_all": Text(
            Both(
                "teks ini memuat titik dua, yang punya arti khusus di YAML",
                "this text holds a colon, which has a meaning of its own in YAML",
            ),
            Both(
                "beri tanda kutip pada seluruh teks: `{suggestion}`",
                "put quotes around the whole text: `{suggestion}`",
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
            Both("tulis `{suggestion}`", "write `{suggestion}`"),
        ),
        "space": Text(
            Both("sesudah titik dua tidak ada spasi", "there is no space after the colon"),
            Both("tulis `{suggestion}`", "write `{suggestion}`"),
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
        "colon_after": Text(
            Both(
                "kunci `{key}` di sini tidak diikuti titik dua",
                "the key `{key}` here is not followed by a colon",
            ),
            Both(
                "tulis `{suggestion}`; bila baris ini melanjutkan teks di atasnya, beri spasi lebih banyak di depannya",
                "write `{suggestion}`; if this line goes on with the text above it, put more spaces before it",
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
        "closing": Text(
            Both(
                "`{text}` tidak menutup bagian data; penutupnya tepat tiga tanda hubung pada baris tersendiri",
                "`{text}` does not close the data part; exactly three hyphens on a line of their own do",
            ),
            Both("tulis `---` pada baris tersendiri", "write `---` on a line of its own"),
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
        "before": Text(
            Both(
                "sebelum `---` pertama ada baris atau spasi kosong",
                "an empty line or a blank stands before the first `---`",
            ),
            Both(
                "hapus, sehingga `---` berdiri paling awal di berkas",
                "remove it, so that the file begins with `---`",
            ),
        ),
        "above": Text(
            Both(
                "teks `{text}` berdiri di atas bagian data, sehingga tidak terbaca",
                "the text `{text}` stands above the data part, so it is not read",
            ),
            Both(
                "pindahkan teks itu ke bawah baris `---` kedua, sehingga berkas diawali `---`",
                "move that text below the second line `---`, so that the file begins with `---`",
            ),
        ),
        "first": Text(
            Both(
                "baris `---` pembuka belum ada di atas bagian data",
                "the line `---` that opens the data part is missing",
            ),
            Both("tambahkan baris `---` di atas baris ini", "add a line `---` above this line"),
        ),
        "dashes": Text(
            Both(
                "`{text}` bukan pembuka bagian data; pembukanya tepat tiga tanda hubung",
                "`{text}` does not open the data part; exactly three hyphens do",
            ),
            Both("tulis `---`", "write `---`"),
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
        "A line indented deeper than the one above becomes part of its text, even where it resembles an item or a field "
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
        "dash": Text(
            Both(
                "baris ini terbaca sebagai lanjutan teks di atasnya, bukan butir tersendiri",
                "this line reads as more of the text above it, not as an item of its own",
            ),
            Both(
                "bila butir, tulis `- ` dengan spasi dan sejajar dengan `-` di atasnya; bila lanjutan, satukan dengan baris di atasnya",
                "for an item, write `- ` with a space, below the `-` above; for more of the text, join it to the line above",
            ),
        ),
        "colon": Text(
            Both(
                "baris ini terbaca sebagai lanjutan teks di atasnya, bukan isian `{key}`",
                "this line reads as more of the text above it, not as the field `{key}`",
            ),
            Both(
                "tulis `{key}: …`, dengan spasi sesudah titik dua dan sejajar dengan isian di atasnya",
                "write `{key}: …`, with a space after the colon, in line with the field above",
            ),
        ),
    },
)
COMMENT_CUT = Rule(
    "MP038",
    "cut-by-comment",
    Severity.ERROR,
    Both("teks terpotong karena dianggap komentar", "a text is cut, for its rest reads as a comment"),
    Both(
        "Di YAML, ` #` di dalam teks memulai komentar, dan sisanya tidak dibaca. Komentar yang disengaja diberi spasi: `# …`.",
        "In YAML ` #` inside a text begins a comment, and the rest is not read. A comment that is meant has a space: `# …`.",
    ),
    Text(
        Both(
            "`{lost}` tidak akan terbaca, karena ` #` memulai komentar",
            "`{lost}` will not be read, for ` #` begins a comment",
        ),
        Both(
            "beri tanda kutip: `{suggestion}`; bila memang komentar, beri spasi sesudah `#`",
            "put quotes around it: `{suggestion}`; if it is a comment, put a space after the `#`",
        ),
    ),
    variants={
        "whole": Text(
            Both(
                "`{lost}` tidak akan terbaca, karena `#` memulai komentar",
                "`{lost}` will not be read, for `#` begins a comment",
            ),
            Both(
                "bila bagian dari teks, beri satu pasang tanda kutip pada seluruh teks; bila memang komentar, beri spasi sesudah `#`",
                "if it belongs to the text, put one pair of quotes around the whole text; if it is a comment, put a space after the `#`",
            ),
        ),
    },
)
COMMA = Rule(
    "MP039",
    "comma-in-braces",
    Severity.ERROR,
    Both("koma memotong nilai di dalam `{ }`", "a comma cuts a value inside `{ }`"),
    Both(
        "Di dalam `{ }` koma memisahkan isian, sehingga `{value: 71,5}` terbaca sebagai 71 dan isian lain bernama 5.",
        "Inside `{ }` a comma separates fields, so that `{value: 71,5}` reads as 71 and another field named 5.",
    ),
    Text(
        Both(
            "di dalam `{{ }}` koma memisahkan isian, sehingga `{text}` terpotong",
            "inside `{{ }}` a comma separates fields, which cuts `{text}`",
        ),
        Both(
            "beri tanda kutip: `{suggestion}`; atau tulis setiap isian di barisnya sendiri, tanpa `{{ }}`",
            "put quotes around it: `{suggestion}`; or write each field on its own line, without `{{ }}`",
        ),
    ),
    variants={
        "text": Text(
            Both(
                "di dalam `{{ }}` koma memisahkan isian, dan `{piece}` tidak punya titik dua",
                "inside `{{ }}` a comma separates fields, and `{piece}` has no colon",
            ),
            Both(
                "bila lanjutan teks, beri tanda kutip: `{suggestion}`; bila isian sendiri, tulis `kunci: nilai`",
                "if it belongs to the text before it, put quotes around both: `{suggestion}`; for a field, write `key: value`",
            ),
        ),
    },
)
ODD_INDENT = Rule(
    "MP040",
    "odd-indent",
    Severity.ERROR,
    Both("spasi tak biasa di awal baris", "an unusual space at the beginning of a line"),
    Both(
        "YAML hanya mengenal spasi biasa sebagai lekukan; spasi lain, yang sering terbawa dari Word atau situs web, menjadi "
        "bagian dari kunci atau teks.",
        "YAML knows only ordinary spaces as indentation; others, which often come from Word or a web page, become part of "
        "the key or the text.",
    ),
    Text(
        Both(
            "baris ini menjorok dengan {odd} ({point}), yang tidak tampak bedanya di layar",
            "this line is indented with {odd} ({point}), which a screen does not show",
        ),
        Both(
            "ganti dengan spasi biasa: hapus, lalu tekan tombol spasi",
            "replace it by ordinary spaces: delete it and press the space bar",
        ),
    ),
)
RULES = (
    SYNTAX, UNCLOSED_QUOTE, TAB, DUPLICATE_KEY, ANCHOR, TAG, SEVERAL_DOCUMENTS, TOO_DEEP, MERGE_KEY,
    EMPTY_FILE, FRONT_MATTER, VALUE_LOST, SWALLOWED, COMMENT_CUT, COMMA, ODD_INDENT,
)  # fmt: skip
