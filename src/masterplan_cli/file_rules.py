"""What is said of a file that is not text, has a name or a place of no use, or is no file at all: codes MP001 to MP009."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

_READ_WHY = Both(
    "Sebuah berkas yang tidak dapat dibaca sebagai teks tidak dapat diperiksa dan tidak akan tercetak.",
    "A file that cannot be read as text cannot be checked and would not be printed.",
)

NOT_UTF8 = Rule(
    "MP001",
    "not-utf8",
    Severity.ERROR,
    Both("berkas bukan teks UTF-8", "the file is not UTF-8 text"),
    _READ_WHY,
    Text(
        Both(
            "berkas ini bukan teks UTF-8 (byte ke-{offset} tidak dikenal)",
            "this file is not UTF-8 text (byte {offset} is not understood)",
        ),
        Both(
            "simpan ulang dengan pengodean UTF-8 (di Notepad: Simpan Sebagai, Pengodean: UTF-8)",
            "save it again as UTF-8 (in Notepad: Save As, Encoding: UTF-8)",
        ),
    ),
    variants={
        "utf16": Text(
            Both(
                'berkas ini tersimpan sebagai UTF-16 ("Unicode"), bukan UTF-8',
                'this file is saved as UTF-16 ("Unicode"), not UTF-8',
            ),
            Both(
                "simpan ulang dengan pengodean UTF-8 (di Notepad: Simpan Sebagai, Pengodean: UTF-8)",
                "save it again as UTF-8 (in Notepad: Save As, Encoding: UTF-8)",
            ),
        ),
    },
)
TOO_LARGE = Rule(
    "MP002",
    "file-too-large",
    Severity.ERROR,
    Both("berkas terlalu besar", "the file is too large"),
    Both(
        "Berkas teks sebesar ini bukan tulisan tangan; gambar dan lampiran disimpan di `assets/`.",
        "No text of this size was written by hand; pictures and attachments belong in `assets/`.",
    ),
    Text(
        Both(
            "berkas ini {size}, lebih dari batas {limit}",
            "this file has {size}, more than the limit of {limit}",
        ),
        Both("perkecil atau pecah berkas ini", "make it smaller or split it"),
    ),
)
NOT_A_FILE = Rule(
    "MP003",
    "not-a-file",
    Severity.ERROR,
    Both("bukan berkas biasa", "not an ordinary file"),
    _READ_WHY,
    Text(
        Both(
            "`{name}` adalah folder, padahal harus berupa berkas",
            "`{name}` is a folder where a file must stand",
        ),
        Both("ganti nama atau pindahkan folder ini", "rename or move the folder"),
    ),
    variants={
        "special": Text(
            Both("`{name}` bukan berkas biasa", "`{name}` is not an ordinary file"),
            Both(
                "hapus, lalu buat berkas biasa dengan nama itu",
                "delete it and make an ordinary file of that name",
            ),
        ),
        "file": Text(
            Both(
                "`{name}` adalah berkas, padahal harus berupa folder",
                "`{name}` is a file where a folder must stand",
            ),
            Both(
                "hapus atau ganti nama berkas ini, lalu buat folder `{name}/`",
                "delete or rename it, then make a folder `{name}/`",
            ),
        ),
    },
)
LINK_OUTSIDE = Rule(
    "MP004",
    "symlink",
    Severity.ERROR,
    Both("berkas berupa tautan (symlink)", "the file is a symbolic link"),
    Both(
        "Tautan dapat menunjuk ke luar repo dan tidak bekerja di semua komputer.",
        "A link may point outside the repo, and does not work on every computer.",
    ),
    Text(
        Both("`{name}` adalah tautan (symlink)", "`{name}` is a symbolic link"),
        Both("ganti dengan salinan berkas yang sebenarnya", "replace it by a copy of the real file"),
    ),
)
BAD_NAME = Rule(
    "MP005",
    "bad-file-name",
    Severity.ERROR,
    Both("nama berkas tidak dapat menjadi id", "the file name cannot be an id"),
    Both(
        "Nama berkas adalah id yang dirujuk berkas lain; huruf besar, spasi, dan tanda baca berbeda artinya di Windows dan Linux.",
        "A file's name is the id that others refer to; capitals, spaces and punctuation mean different things on Windows and Linux.",
    ),
    Text(
        Both(
            "nama `{name}` memuat selain huruf kecil, angka, dan tanda hubung",
            "the name `{name}` holds more than small letters, digits and hyphens",
        ),
        Both("ganti nama menjadi `{better}`", "rename it to `{better}`"),
    ),
)
DUPLICATE_ID = Rule(
    "MP006",
    "duplicate-id",
    Severity.ERROR,
    Both("dua berkas dengan id yang sama", "two files with the same id"),
    Both(
        "Id berasal dari nama berkas; dua berkas dengan nama sama berarti dua kebenaran.",
        "The id comes from the file name; two files of one name are two truths.",
    ),
    Text(
        Both("id `{id}` sudah dipakai `{other}`", "the id `{id}` is already taken by `{other}`"),
        Both(
            "gabungkan kedua berkas atau ganti nama salah satunya",
            "merge the two files or rename one of them",
        ),
    ),
)
UNREADABLE = Rule(
    "MP007",
    "unreadable",
    Severity.ERROR,
    Both("berkas tidak dapat dibuka", "the file cannot be opened"),
    _READ_WHY,
    Text(
        Both("berkas ini tidak dapat dibuka: {reason}", "this file cannot be opened: {reason}"),
        Both(
            "periksa izin berkas, atau tutup program yang sedang memakainya",
            "look at its permissions, or close the program that holds it",
        ),
    ),
)
STRAY = Rule(
    "MP008",
    "stray-file",
    Severity.WARNING,
    Both("berkas tidak akan terbaca", "the file will not be read"),
    Both(
        "Hanya berkas dengan tempat dan akhiran yang ditentukan menjadi bagian rencana; yang lain mudah disangka sudah masuk.",
        "Only files of a known place and ending become part of the plan; others are easily believed to be in it.",
    ),
    Text(
        Both(
            "`{name}` tidak akan terbaca: di sini hanya dibaca {expected}",
            "`{name}` will not be read: only {expected} is read here",
        ),
        Both("ganti akhirannya, pindahkan, atau hapus", "change its ending, move it, or delete it"),
    ),
    variants={
        "folder": Text(
            Both(
                "folder `{name}` tidak akan terbaca: di sini hanya dibaca berkas {expected}",
                "the folder `{name}` will not be read: only files {expected} are read here",
            ),
            Both(
                "pindahkan berkas di dalamnya ke folder di atasnya, lalu hapus folder ini",
                "move the files in it to the folder above, then delete this folder",
            ),
        ),
        "document": Text(
            Both(
                "`{name}` tidak akan terbaca: di sini hanya dibaca {expected}",
                "`{name}` will not be read: only {expected} is read here",
            ),
            Both(
                "salin isinya ke berkas {expected}; berkas aslinya, bila perlu sebagai bukti, simpan di assets/",
                "copy what it says into a file {expected}; keep the original, if it is needed as evidence, in assets/",
            ),
        ),
        "picture": Text(
            Both(
                "`{name}` tidak akan terbaca: di sini hanya dibaca {expected}",
                "`{name}` will not be read: only {expected} is read here",
            ),
            Both(
                "pindahkan gambar atau berkas ini ke assets/, lalu sebut di naskah",
                "move this picture or file to assets/, and name it in the text",
            ),
        ),
        "lock": Text(
            Both(
                "`{name}` adalah berkas sementara Word, Excel, atau LibreOffice, bukan bagian rencana",
                "`{name}` is a temporary file of Word, Excel or LibreOffice, and no part of the plan",
            ),
            Both(
                "tutup dokumennya, maka berkas ini hilang; bila masih ada, hapus",
                "close the document, and it goes away; delete it if it stays",
            ),
        ),
        "pillar": Text(
            Both(
                "`{name}` tidak akan terbaca: di sini hanya dibaca {expected}",
                "`{name}` will not be read: only {expected} is read here",
            ),
            Both(
                "pindahkan isinya ke {expected}, di antara dua baris `---` di awal berkas, lalu hapus berkas ini",
                "move what it says to {expected}, between two lines `---` at its top, then delete this file",
            ),
        ),
        "ending": Text(
            Both(
                "`{name}` tidak akan terbaca: di sini hanya dibaca {expected}",
                "`{name}` will not be read: only {expected} is read here",
            ),
            Both("ganti namanya menjadi `{better}`", "rename it to `{better}`"),
        ),
        "taken": Text(
            Both(
                "`{name}` tidak akan terbaca: di sini hanya dibaca {expected}",
                "`{name}` will not be read: only {expected} is read here",
            ),
            Both(
                "satukan isinya ke `{better}`, yang sudah ada, lalu hapus berkas ini",
                "join what it says with `{better}`, which is there already, then delete this file",
            ),
        ),
    },
)
CONTROL = Rule(
    "MP009",
    "control-character",
    Severity.ERROR,
    Both("huruf kendali tersembunyi", "a hidden control character"),
    Both(
        "Huruf kendali tidak terlihat, merusak dokumen Word dan PDF, dan sering terbawa saat menyalin dari aplikasi lain.",
        "Control characters cannot be seen, break Word and PDF files, and often come along when copying from another program.",
    ),
    Text(
        Both(
            "di sini ada huruf kendali tersembunyi ({name}); jumlah di berkas ini: {count}",
            "a hidden control character ({name}) stands here; in this file: {count}",
        ),
        Both(
            "hapus huruf itu dan ketik ulang kata di sekitarnya",
            "delete it and type the word around it again",
        ),
    ),
    variants={
        "escape": Text(
            Both(
                "teks ini memuat huruf kendali ({name}), yang ditulis dengan garis miring terbalik",
                "this text holds a control character ({name}), written with a backslash",
            ),
            Both(
                "hapus tanda `\\` beserta huruf atau angka sesudahnya",
                "delete the `\\` with the letter or digits after it",
            ),
        ),
    },
)
CONFLICT = Rule(
    "MP041",
    "merge-conflict",
    Severity.ERROR,
    Both("penggabungan (merge) belum selesai", "an unfinished merge"),
    Both(
        "Git menandai baris yang diubah dua orang dengan `<<<<<<<`, `=======`, dan `>>>>>>>`; selama tanda itu ada, dua isi "
        "berdiri bersama dan tidak jelas mana yang berlaku.",
        "Git marks lines that two people changed with `<<<<<<<`, `=======` and `>>>>>>>`; while the marks stand, there are "
        "two contents and nobody can tell which counts.",
    ),
    Text(
        Both(
            "penggabungan (merge) belum selesai: baris {ours} dari satu pihak, baris {theirs} dari pihak lain",
            "an unfinished merge: lines {ours} come from one side, lines {theirs} from the other",
        ),
        Both(
            "pilih atau satukan isinya, lalu hapus baris `<<<<<<<`, `=======`, dan `>>>>>>>`",
            "choose one or join them, then delete the lines `<<<<<<<`, `=======` and `>>>>>>>`",
        ),
    ),
    variants={
        "left": Text(
            Both(
                "sisa penggabungan (merge): tanda `{mark}` tanpa pasangannya",
                "left from a merge: a mark `{mark}` without its counterpart",
            ),
            Both(
                "periksa isi di sekitarnya, lalu hapus baris ini",
                "look at what stands around it, then delete this line",
            ),
        ),
    },
)
_PLAN_WHY = Both(
    "`masterplan.yaml` memberi nama, periode, dan kerangka pilar; tanpa itu berkas lain tidak dapat dinilai.",
    "`masterplan.yaml` gives the name, the period and the pillars; without it no other file can be judged.",
)
UNKNOWN_TAXONOMY = Rule(
    "MP032",
    "unknown-taxonomy",
    Severity.ERROR,
    Both("taksonomi tidak dikenal", "unknown taxonomy"),
    _PLAN_WHY,
    Text(
        Both("taksonomi `{name}` tidak dikenal", "taxonomy `{name}` is not known"),
        Both(
            "pakai salah satu: {known}; atau nama berkas `.yaml` di repo ini",
            "use one of: {known}; or the name of a `.yaml` file in this repo",
        ),
    ),
)
RULES = (
    NOT_UTF8, TOO_LARGE, NOT_A_FILE, LINK_OUTSIDE, BAD_NAME, DUPLICATE_ID, UNREADABLE, STRAY, CONTROL,
    CONFLICT, UNKNOWN_TAXONOMY,
)  # fmt: skip
