"""MP912 to MP914: workbooks of a form that cannot be read, and what of them is not taken over."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

_AGAIN = Both(
    "buat formulir baru dengan `masterplan form`, salin isiannya, lalu impor lagi",
    "make a new form with `masterplan form`, copy what was filled in, and import it again",
)
_SAVE_AGAIN = Both(
    "buka di Excel atau LibreOffice, lalu simpan sebagai .xlsx tanpa kata sandi",
    "open it in Excel or LibreOffice, then save it as .xlsx without a password",
)
UNREADABLE_FORM = Rule(
    "MP912",
    "unreadable-form",
    Severity.ERROR,
    Both("buku kerja tidak terbaca sebagai formulir", "a workbook does not read as a form"),
    Both(
        "Formulir dikenali dari judul kolomnya; nama dan urutan lembar tidak berpengaruh.",
        "A form is known by the heads of its columns; the names and the order of sheets do not matter.",
    ),
    Text(
        Both("tidak ada lembar formulir di `{file}`", "there is no sheet of a form in `{file}`"),
        Both(
            "pakai buku kerja yang dibuat dengan `masterplan form`, dengan baris judul kolomnya",
            "use a workbook that `masterplan form` has made, with its row of column heads",
        ),
    ),
    variants={
        "unread": Text(
            Both("`{file}` tidak dapat dibuka: {reason}", "`{file}` cannot be opened: {reason}"),
            Both("periksa nama berkas dan izinnya", "look at the name of the file and its permissions"),
        ),
        "broken": Text(
            Both("`{file}` bukan buku kerja yang utuh", "`{file}` is no whole workbook"), _SAVE_AGAIN
        ),
        "password": Text(
            Both("`{file}` dikunci dengan kata sandi", "`{file}` is locked by a password"), _SAVE_AGAIN
        ),
        "large": Text(
            Both(
                "`{file}` memuat lebih banyak baris atau sel daripada formulir mana pun",
                "`{file}` holds more rows or cells than any form",
            ),
            Both(
                "hapus lembar dan baris yang bukan formulir, atau bagi menurut perangkat daerah dengan `masterplan form --agency`",
                "delete sheets and rows that are no form, or divide it by agencies with `masterplan form --agency`",
            ),
        ),
        "kind": Text(Both("`{file}` bukan buku kerja .xlsx", "`{file}` is no .xlsx workbook"), _SAVE_AGAIN),
        "stopped": Text(Both("`{file}` {how}", "`{file}` {how}"), _AGAIN),
    },
)
FORM_REFUSED = Rule(
    "MP913",
    "form-refused",
    Severity.ERROR,
    Both("isian formulir tidak dapat diterima", "what a form says cannot be taken over"),
    Both(
        "Impor mengubah hanya yang diubah di formulir, dan tidak menimpa perubahan orang lain; bila satu isian ditolak, tidak ada yang disimpan.",
        "An import changes only what was changed in the form, and never overwrites what others changed; where one entry is refused, nothing is saved.",
    ),
    Text(
        Both(
            "{cell}: formulir menulis `{cell_says}`, sedangkan berkas kini menulis `{file_says}`",
            "{cell}: the form says `{cell_says}`, but the file now says `{file_says}`",
        ),
        Both(
            "sepakati isinya, tulis di sel itu seperti di berkas atau ubah berkasnya, lalu impor lagi",
            "agree on one of them, write it into the cell as the file says it or change the file, then import again",
        ),
    ),
    variants={
        "path": Text(
            Both(
                "{cell}: `{path}` bukan berkas untuk lembar ini",
                "{cell}: `{path}` is no file that this sheet is about",
            ),
            Both(
                "kembalikan kolom tersembunyi `#path` seperti semula, atau kosongkan supaya baris ini menjadi isian baru",
                "put the hidden column `#path` back as it was, or empty it so that this row becomes a new entry",
            ),
        ),
        "gone": Text(
            Both(
                "{cell}: isian ini diubah di formulir, tetapi sudah tidak ada di berkas",
                "{cell}: this entry was changed in the form, but the file no longer has it",
            ),
            _AGAIN,
        ),
        "removed": Text(
            Both(
                "{cell}: baris ini dikosongkan, tetapi isinya di berkas sudah diubah",
                "{cell}: this row was emptied, but the file has changed since",
            ),
            _AGAIN,
        ),
        "program": Text(
            Both(
                "{cell}: program tidak dihapus lewat formulir",
                "{cell}: a program is not removed by a form",
            ),
            Both(
                "kembalikan isinya; untuk menghapus program, hapus berkas `{path}`",
                "put back what it says; to remove the program, delete the file `{path}`",
            ),
        ),
        "moved": Text(
            Both(
                "{cell}: baris yang sudah ada tidak dapat dipindah ke `{cell_says}`",
                "{cell}: a row that exists cannot be moved to `{cell_says}`",
            ),
            Both(
                "kosongkan baris ini, dan tulis isinya di baris baru",
                "empty this row, and write what it says into a new one",
            ),
        ),
        "homeless": Text(
            Both(
                "{cell}: `{cell_says}` tidak dikenal, sehingga baris ini tidak punya tempat",
                "{cell}: `{cell_says}` is not known, so that this row has no place",
            ),
            Both("pilih nama dari daftar di sel itu", "choose a name from the list in that cell"),
        ),
        "near": Text(
            Both(
                "{cell}: `{cell_says}` tidak dikenal, sehingga baris ini tidak punya tempat",
                "{cell}: `{cell_says}` is not known, so that this row has no place",
            ),
            Both(
                "mungkin maksudnya `{near}`; pilih nama dari daftar di sel itu",
                "did you mean `{near}`? Choose a name from the list in that cell",
            ),
        ),
        "nowhere": Text(
            Both(
                "{cell}: baris ini belum menyebut `{column}`", "{cell}: this row does not say its `{column}`"
            ),
            Both("isi sel itu", "fill in that cell"),
        ),
        "fault": Text(
            Both(
                "{cell}: rumus di sel ini tidak bernilai: `{cell_says}`",
                "{cell}: the formula in this cell has no value: `{cell_says}`",
            ),
            Both(
                "perbaiki rumusnya dan simpan di Excel, atau tulis nilainya",
                "mend the formula and save it in Excel, or write the value",
            ),
        ),
        "holds": Text(
            Both(
                "{cell}: isian yang dikosongkan ini masih memuat isian di lembar lain",
                "{cell}: this emptied entry still holds entries of another sheet",
            ),
            Both(
                "kosongkan dan impor dahulu baris-barisnya di lembar itu",
                "first empty its rows in that sheet, and import them",
            ),
        ),
        "several": Text(
            Both(
                "{cell}: beberapa program bernama `{cell_says}`",
                "{cell}: several programs are called `{cell_says}`",
            ),
            Both(
                "tulis id programnya, seperti `smart-living/peta-banjir`; untuk program baru, judulnya dengan nama pilar dalam kurung",
                "write the id of the program, such as `smart-living/peta-banjir`; of a new one, its title with the pillar's name in parentheses",
            ),
        ),
        "astray": Text(
            Both(
                "{cell}: kolom tersembunyi `#path`, `#route`, dan `#base` di baris ini milik baris lain",
                "{cell}: the hidden columns `#path`, `#route` and `#base` of this row are those of another one",
            ),
            Both(
                "bila baris ini isian baru, kosongkan ketiga sel itu; bila bukan, salin isinya ke formulir baru dari `masterplan form`",
                "empty these three cells if the row is a new entry; otherwise copy it into a new form from `masterplan form`",
            ),
        ),
        "twice": Text(
            Both(
                "{cell}: lembar ini memuat isian yang sejenis dengan lembar `{sheet}`, dan keduanya diubah",
                "{cell}: this sheet holds the same kind of entries as the sheet `{sheet}`, and both were changed",
            ),
            Both(
                "gabungkan ke satu lembar, hapus yang lain", "bring them into one sheet, and delete the other"
            ),
        ),
        "section": Text(
            Both(
                "{cell}: naskah ini memuat judul atau tanda yang memecah bagian lain",
                "{cell}: this text has a heading or a mark that cuts other sections",
            ),
            Both(
                "hapus `#` di awal baris, atau pakai `###` untuk anak judul; tutup blok kode dan komentar yang masih terbuka",
                "remove the `#` at the beginning of a line, or use `###` for a heading within; close blocks of code and comments",
            ),
        ),
        "fixed": Text(
            Both("{cell}: lembar ini tidak menerima baris baru", "{cell}: this sheet takes no new rows"),
            Both("isi baris yang sudah ada", "fill in the rows that are there"),
        ),
    },
)
FORM_IGNORED = Rule(
    "MP914",
    "form-ignored",
    Severity.WARNING,
    Both("kolom atau lembar yang bukan milik formulir", "a column or sheet that a form does not have"),
    Both(
        "Kolom dikenali dari judulnya; kolom lain boleh untuk catatan sendiri, tetapi tidak masuk ke rencana.",
        "Columns are known by their heads; others may hold notes of your own, but do not come into the plan.",
    ),
    Text(
        Both(
            "{cell}: kolom `{head}` tidak dikenal, sehingga isinya tidak diambil",
            "{cell}: the column `{head}` is not known, so that what it holds is not taken",
        ),
        Both(
            "pakai judul kolom seperti di formulir yang baru dibuat; tahun di luar periode rencana tidak punya kolom",
            "use the head that a newly made form has; a year outside of the plan's period has no column",
        ),
    ),
    variants={
        "bare": Text(
            Both(
                "{cell}: kolom tersembunyi lembar ini sudah dihapus; barisnya dikenali dari namanya saja",
                "{cell}: the hidden columns of this sheet were deleted; its rows are known by their names alone",
            ),
            Both(
                "baris yang namanya diubah menjadi isian baru; bila bukan itu maksudnya, salin isinya ke formulir baru",
                "a row whose name was changed becomes a new entry; if that is not meant, copy what it says into a new form",
            ),
        ),
        "sheet": Text(
            Both(
                "{cell}: lembar ini tidak punya judul kolom formulir, sehingga isinya tidak diambil",
                "{cell}: this sheet has no column heads of a form, so that what it holds is not taken",
            ),
            Both(
                "kembalikan judul kolomnya bila lembar ini bagian dari formulir; bila bukan, biarkan atau hapus",
                "put its column heads back if it belongs to the form; if it does not, leave or delete it",
            ),
        ),
    },
)
FORM_RULES = (UNREADABLE_FORM, FORM_REFUSED, FORM_IGNORED)
