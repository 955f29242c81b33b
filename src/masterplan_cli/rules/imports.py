"""MP915 to MP919: tables of other systems that cannot be read, and what of them is not taken or waits for a decision."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

_GIVE_OUT_AGAIN = Both(
    "ekspor lagi dari sistem asalnya, atau simpan sebagai .xlsx tanpa kata sandi",
    "export it again from its system, or save it as .xlsx without a password",
)
UNREADABLE_TABLE = Rule(
    "MP915",
    "unreadable-table",
    Severity.ERROR,
    Both("tabel tidak terbaca", "a table does not read"),
    Both(
        "Tabel dikenali dari judul kolom yang disebut pemetaan; baris judul boleh sampai tiga, di tiga puluh baris pertama.",
        "A table is known by the heads of columns that the mapping names; the head has up to three rows, within the first thirty.",
    ),
    Text(
        Both(
            "tidak ada baris judul kolom yang dikenal di `{file}`",
            "there is no row of known column heads in `{file}`",
        ),
        Both(
            "sebutkan judul kolomnya di `columns:` sebuah pemetaan: docs/import.md",
            "name the heads of its columns in `columns:` of a mapping: docs/import.md",
        ),
    ),
    variants={
        "unread": Text(
            Both("`{file}` tidak dapat dibuka: {reason}", "`{file}` cannot be opened: {reason}"),
            Both("periksa nama berkas dan izinnya", "look at the name of the file and its permissions"),
        ),
        "broken": Text(Both("`{file}` bukan tabel yang utuh", "`{file}` is no whole table"), _GIVE_OUT_AGAIN),
        "password": Text(
            Both("`{file}` dikunci dengan kata sandi", "`{file}` is locked by a password"), _GIVE_OUT_AGAIN
        ),
        "large": Text(
            Both(
                "`{file}` terlalu besar: lebih dari seratus ribu baris, lima ratus kolom, atau empat juta sel, atau satu selnya terlalu panjang",
                "`{file}` is too large: more than a hundred thousand rows, five hundred columns or four million cells, or one of its cells is too long",
            ),
            Both(
                "ekspor per perangkat daerah, lalu impor bersama",
                "export each agency, and import them together",
            ),
        ),
        "doubled": Text(
            Both(
                "sebuah objek di `{file}` menyebut satu kunci dua kali",
                "an object in `{file}` says one key twice",
            ),
            _GIVE_OUT_AGAIN,
        ),
        "stopped": Text(Both("`{file}` {how}", "`{file}` {how}"), _GIVE_OUT_AGAIN),
    },
)
UNUSABLE_MAP = Rule(
    "MP916",
    "unusable-mapping",
    Severity.ERROR,
    Both("pemetaan yang tidak dapat dipakai", "a mapping that cannot be used"),
    Both(
        "Pemetaan memberi tahu kolom mana yang menjadi isian apa. Kolom orang, rekening, dan pengguna tidak pernah diambil.",
        "A mapping tells which column becomes which field. Columns of persons, accounts and users are never taken.",
    ),
    Text(
        Both(
            "kolom `{head}` memuat orang, rekening, atau pengguna",
            "the column `{head}` holds persons, accounts or users",
        ),
        Both("hapus judul itu dari pemetaan", "remove that head from the mapping"),
    ),
    variants={
        "base": Text(
            Both("pemetaan dasar `{base}` tidak ada", "there is no mapping `{base}` to begin with"),
            Both("pilih salah satu: {known}", "choose one of: {known}"),
        ),
        "year": Text(
            Both(
                "{cell}: baris ini berisi uang atau target, tetapi tidak menyebut tahunnya",
                "{cell}: this row has money or targets, but names no year",
            ),
            Both(
                "tambahkan `--year`, atau sebutkan kolom tahunnya di pemetaan",
                "add `--year`, or name the column of the year in the mapping",
            ),
        ),
        "agency": Text(
            Both(
                "{cell}: baris ini tidak menyebut perangkat daerahnya",
                "{cell}: this row does not name its agency",
            ),
            Both(
                "tambahkan `--agency`, atau tulis `agency:` di pemetaan",
                "add `--agency`, or write `agency:` in the mapping",
            ),
        ),
        "pillar": Text(
            Both(
                "`{pillar}` untuk kode {code} bukan pilar atau subdimensi rencana ini",
                "`{pillar}` for the code {code} is no pillar or sub-dimension of this plan",
            ),
            Both(
                "tulis `pilar/subdimensi` dari taksonomi rencana di `pillars:`",
                "write `pillar/sub-dimension` of the plan's taxonomy in `pillars:`",
            ),
        ),
        "agency_wanted": Text(
            Both(
                "tabel ini tidak memuat perangkat daerah `{name}`",
                "this table has no agency `{name}`",
            ),
            Both("yang ada: {known}", "it has: {known}"),
        ),
    },
)
_TOLD = Both(
    "periksa di tabel asal; isi sendiri di berkas program bila perlu",
    "look at the table; fill it into the program's file yourself where needed",
)
NOT_TAKEN = Rule(
    "MP917",
    "not-taken",
    Severity.WARNING,
    Both("isi tabel yang tidak diambil", "what of a table is not taken"),
    Both(
        "Yang tidak terbaca dengan pasti tidak ditebak. Semua uang tabel diambil atau disebut mengapa tidak.",
        "What does not read for certain is not guessed. All money of a table is taken, or it is told why not.",
    ),
    Text(
        Both(
            "{cell}: `{text}` bukan angka, jadi tidak diambil",
            "{cell}: `{text}` is no number, so it is not taken",
        ),
        _TOLD,
    ),
    variants={
        "amount": Text(
            Both(
                "{cell}: `{text}` bukan jumlah rupiah, jadi tidak dihitung",
                "{cell}: `{text}` is no amount of rupiah, so it is not counted",
            ),
            _TOLD,
        ),
        "counts": Text(
            Both(
                "{cell}: {names} indikator dengan {targets} target, jadi tidak diambil",
                "{cell}: {names} indicators with {targets} targets, so they are not taken",
            ),
            _TOLD,
        ),
        "unit": Text(
            Both(
                "{cell}: indikator `{text}` tidak punya satuan, jadi tidak diambil",
                "{cell}: the indicator `{text}` has no unit, so it is not taken",
            ),
            _TOLD,
        ),
        "targets": Text(
            Both(
                "{cell}: `{text}` punya target yang berlainan untuk {year}: {values}; tidak satu pun diambil",
                "{cell}: `{text}` has different targets for {year}: {values}; none of them is taken",
            ),
            _TOLD,
        ),
        "total": Text(
            Both(
                "{cell}: tertulis {total}, sedangkan baris-barisnya berjumlah {sum}",
                "{cell}: it says {total}, but its rows come to {sum}",
            ),
            Both(
                "yang dipakai jumlah baris; tanyakan selisihnya kepada pembuat tabel",
                "the sum of the rows is used; ask whoever made the table about the difference",
            ),
        ),
        "rounded": Text(
            Both(
                "{cell}: {sum} dibulatkan menjadi rupiah utuh",
                "{cell}: {sum} is rounded to whole rupiah",
            ),
            _TOLD,
        ),
        "differs": Text(
            Both(
                "{cell}: tabel menulis {table}, sedangkan {file} menulis {plan}; yang ditulis orang tetap",
                "{cell}: the table says {table}, but {file} says {plan}; what people wrote stays",
            ),
            Both(
                "sepakati angkanya, lalu ubah berkas itu sendiri",
                "agree on the figure, then change that file yourself",
            ),
        ),
        "title": Text(
            Both(
                "{cell}: tidak ada nama untuk kode {code}, jadi barisnya tidak diambil",
                "{cell}: there is no name for the code {code}, so its rows are not taken",
            ),
            Both(
                "pilih tingkat lain dengan `--level`, atau impor bersama tabel yang memuat namanya",
                "choose another level with `--level`, or import it with a table that has the name",
            ),
        ),
    },
)
TO_DECIDE = Rule(
    "MP918",
    "import-to-decide",
    Severity.WARNING,
    Both("keputusan sesudah impor", "what to decide after an import"),
    Both(
        "Tabel menyebut siapa dan berapa, bukan untuk apa; yang tidak dikatakannya diputuskan orang.",
        "A table says who and how much, not what for; what it does not say is for people to decide.",
    ),
    Text(
        Both(
            "{count} program dari urusan {affair} ({amount}) belum punya pilar, jadi tidak diambil",
            "{count} programs of the affair {affair} ({amount}) have no pillar, so they are not taken",
        ),
        Both(
            'tulis di pemetaan, dengan `base:`: `pillars: {{"{affair}": pilar/subdimensi}}`',
            'write into a mapping, with `base:`: `pillars: {{"{affair}": pillar/sub-dimension}}`',
        ),
    ),
    variants={
        "guess": Text(
            Both(
                "pilar dan subdimensi {count} program baru ditebak dari bidang urusannya: {guesses}",
                "the pillar and sub-dimension of {count} new programs are guessed from their affairs: {guesses}",
            ),
            Both(
                "baca daftar itu; pindahkan berkas program yang keliru, atau tulis `pillars:` di pemetaan",
                "read that list; move the files of programs that are wrong, or write `pillars:` in a mapping",
            ),
        ),
        "fund": Text(
            Both(
                "sumber dana `{funds}` tidak dikenal; disimpan sebagai {source}, dengan namanya di keterangan",
                "the source of funds `{funds}` is not known; it is kept as {source}, with its name in the note",
            ),
            Both("tulis di `funds:` pemetaan", "write it into `funds:` of the mapping"),
        ),
        "twice": Text(
            Both(
                "{count} kode ada di `{file}` dan di `{other}` untuk tahun yang sama; uangnya diambil dari `{other}` saja ({amount} tidak diambil)",
                "{count} codes are in `{file}` and in `{other}` for the same year; their money is taken from `{other}` alone ({amount} is not taken)",
            ),
            Both(
                "sebut lebih dahulu berkas yang uangnya berlaku",
                "name the file first whose money is to count",
            ),
        ),
        "many": Text(
            Both(
                "{count} program baru lebih banyak daripada isi sebuah masterplan",
                "{count} new programs are more than a masterplan holds",
            ),
            Both(
                "pilih dengan `--agency`, `--affair`, `--code`, atau `--least`, atau dengan `select:` di pemetaan",
                "select by `--agency`, `--affair`, `--code` or `--least`, or by `select:` of a mapping",
            ),
        ),
    },
)
JOINT_FUNDS = Rule(
    "MP919",
    "joint-funds",
    Severity.WARNING,
    Both("satu jumlah untuk beberapa sumber dana", "one amount for several sources of funds"),
    Both(
        "Pembagian yang tidak tertulis di tabel tidak ditebak; jumlahnya tetap utuh.",
        "Shares that a table does not tell are not guessed; the amount stays whole.",
    ),
    Text(
        Both(
            "{cell}: satu jumlah untuk beberapa sumber dana: {funds}",
            "{cell}: one amount for several sources of funds: {funds}",
        ),
        Both(
            "disimpan sebagai satu baris {source}; bagi sendiri bila pembagiannya diketahui",
            "it is kept as one line of {source}; divide it yourself where the shares are known",
        ),
    ),
)
IMPORT_RULES = (UNREADABLE_TABLE, UNUSABLE_MAP, NOT_TAKEN, TO_DECIDE, JOINT_FUNDS)
