"""What the schema can find: the rules about the shape of a file, and every sentence that they say."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

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
    alone=Text(
        Both(
            "`{key}` terbaca sebagai nama isian di {where}, karena sesudahnya ada titik dua",
            "`{key}` reads as the name of a field in {where}, because a colon follows it",
        ),
        Both(
            "bila itu bagian dari teks, tulis: {form}",
            "if it belongs to a text, write: {form}",
        ),
    ),
    prose=Text(
        Both("isian `{key}` tidak dikenal di {where}", "field `{key}` is not known in {where}"),
        Both(
            "pakai salah satu: {known}; atau pindahkan isinya ke naskah, sesudah baris `---` kedua",
            "use one of: {known}; or move what it says to the text, after the second line `---`",
        ),
    ),
    suggestion=Text(
        Both("isian `{key}` tidak dikenal di {where}", "field `{key}` is not known in {where}"),
        Both("mungkin maksudnya `{suggestion}` ({label})", "did you mean `{suggestion}` ({label})?"),
    ),
    taken=Text(
        Both(
            "isian `{key}` tampaknya berarti `{suggestion}` ({label}), yang sudah ada di {where}",
            "field `{key}` seems to mean `{suggestion}` ({label}), which is there already in {where}",
        ),
        Both(
            "gabungkan isinya ke sana, lalu hapus yang ini", "join what it says with that one and remove this"
        ),
    ),
    colon=Text(
        Both(
            "isian `{key}` tidak punya spasi sesudah titik dua", "field `{key}` lacks a space after its colon"
        ),
        Both("tulis `{suggestion}`", "write `{suggestion}`"),
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
    item=Text(
        Both("{label} (`{key}`) harus berupa daftar", "{label} (`{key}`) must be a list"),
        Both(
            "beri `- ` di depan `{first}:` dan dua spasi di depan baris lainnya",
            "put `- ` before `{first}:` and two spaces before the other lines",
        ),
    ),
    texts=Text(
        Both("{label} (`{key}`) harus berupa daftar", "{label} (`{key}`) must be a list"),
        Both("tulis sebagai daftar: `{form}`", "write a list: `{form}`"),
    ),
    ids=Text(
        Both("{label} (`{key}`) harus berupa daftar id", "{label} (`{key}`) must be a list of ids"),
        Both(
            "tulis satu id per butir, seperti nama berkasnya: `{form}: [id-satu, id-dua]`",
            "write one id an item, as its file is called: `{form}: [id-one, id-two]`",
        ),
    ),
    joined=Text(
        Both(
            "{label} (`{key}`) berisi daftar, padahal harus satu teks",
            "{label} (`{key}`) holds a list, but must be one text",
        ),
        Both("tulis satu teks: `{key}: {suggestion}`", "write one text: `{key}: {suggestion}`"),
    ),
    pair=Text(
        Both(
            "{label} (`{key}`) terbaca sebagai `kunci: nilai`, padahal harus berupa teks",
            "{label} (`{key}`) reads as `key: value`, but must be a text",
        ),
        Both(
            "apit seluruh teks dengan tanda kutip: `{suggestion}`",
            "put quotes around the whole text: `{suggestion}`",
        ),
    ),
    form=Text(
        Both(
            "{label} (`{key}`) hanya berisi teks, padahal terdiri atas beberapa isian",
            "{label} (`{key}`) is only a text, but consists of several fields",
        ),
        Both(
            "tulis menjorok di bawah `{key}:`, satu isian per baris: {form}",
            "write indented below `{key}:`, one field a line: {form}",
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
        Both(
            "tambahkan spasi sesudah titik dua: `{suggestion}`", "put a space after the colon: `{suggestion}`"
        ),
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
    many=Text(
        Both(
            "{label} (`{key}`) memuat lebih dari {limit} butir",
            "{label} (`{key}`) has more than {limit} items",
        ),
        Both("sisakan yang benar-benar dipakai", "keep those that are really used"),
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
    amount_scaled=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang dapat dibaca dua cara: {whole} atau {part}",
            "{label} (`{key}`) says `{text}`, which can be read in two ways: {whole} or {part}",
        ),
        Both(
            "tulis `{whole}` bila tanda itu pemisah ribuan, atau `{part}` bila desimal",
            "write `{whole}` if that mark separates thousands, or `{part}` if it is a decimal one",
        ),
    ),
    amount_letter=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`; `M` dapat berarti miliar atau juta (million)",
            "{label} (`{key}`) says `{text}`; `M` may mean miliar (a thousand million) or million",
        ),
        Both("tulis `{whole}` atau `{part}`", "write `{whole}` or `{part}`"),
    ),
    amount_commas=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, dengan koma sebagai pemisah ribuan",
            "{label} (`{key}`) says `{text}`, with commas between thousands",
        ),
        Both(
            "pemisah ribuan adalah titik: tulis `{suggestion}`",
            "thousands are separated by dots: write `{suggestion}`",
        ),
    ),
    amount_spaces=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, dengan spasi atau tanda di antara angkanya",
            "{label} (`{key}`) says `{text}`, with spaces or marks between its digits",
        ),
        Both("tulis `{suggestion}`", "write `{suggestion}`"),
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
    number_unit=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, padahal hanya angkanya yang ditulis di sini",
            "{label} (`{key}`) says `{text}`, but the figure alone is written here",
        ),
        Both("tulis `{suggestion}`; satuannya di `unit`", "write `{suggestion}`; its unit goes into `unit`"),
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
        Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
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
    year_suggestion=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak terbaca sebagai tahun",
            "{label} (`{key}`) says `{text}`, which does not read as a year",
        ),
        Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
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
    period_words=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang tidak terbaca sebagai periode",
            "{label} (`{key}`) says `{text}`, which does not read as a period",
        ),
        Both("tulis tahunnya saja: `{suggestion}`", "write the years alone: `{suggestion}`"),
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
    yes_no_suggestion=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, bukan Ya atau Tidak",
            "{label} (`{key}`) says `{text}`, neither yes nor no",
        ),
        Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?"),
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
    suggestion=Text(
        Both(
            "{label} (`{key}`) berisi `{text}`, yang bukan pilihan",
            "{label} (`{key}`) says `{text}`, which is no choice",
        ),
        Both(
            "mungkin maksudnya `{suggestion}`; pilihannya: {choices}",
            "did you mean `{suggestion}`? The choices: {choices}",
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
    Both("huruf yang tampak biasa tetapi bukan", "a character that seems ordinary but is not"),
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
        Both("hapus dan ketik ulang: `{suggestion}`", "delete it and type `{suggestion}`"),
    ),
    {
        "key": Text(
            Both(
                "nama isian `{text}` memuat {odd} ({point}), biasanya terbawa dari Word",
                "the field name `{text}` holds {odd} ({point}), usually brought along from Word",
            ),
            Both("hapus dan ketik ulang: `{suggestion}`", "delete it and type `{suggestion}`"),
        )
    },
)
RULES = (
    UNKNOWN_FIELD, MISSING_FIELD, WRONG_FORM, AMOUNT, NUMBER, DATE, YEAR, YES_NO, CHOICE, FORMAT, ODD_CHARACTER,
)  # fmt: skip

#: The rule and the variant that explain a `BadValue`, by its kind.
VALUE_RULES = {kind: (rule, kind) for rule in RULES for kind in rule.variants} | {
    "amount": (AMOUNT, ""), "number": (NUMBER, ""), "date": (DATE, ""), "year": (YEAR, ""),
    "yes_no": (YES_NO, ""), "choice": (CHOICE, ""), "choice_suggestion": (CHOICE, "suggestion"), "tag": (FORMAT, ""),
    "odd": (ODD_CHARACTER, ""),
}  # fmt: skip
