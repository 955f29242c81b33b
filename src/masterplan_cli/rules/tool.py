"""MP9xx: templates, outputs and the tool itself; found while building, not by looking at the plan."""

from __future__ import annotations

import tempfile

from masterplan_cli.diagnostics import Finding, Place, Rule, Severity, Text
from masterplan_cli.messages import Both, reason
from masterplan_cli.rules.states import NO_STATE
from masterplan_cli.rules.templates import TEMPLATE_UNUSED

_TEMPLATE_WHY = Both(
    "Dokumen disusun dari templat Jinja; templat milik repo menggantikan templat bawaan berkas demi berkas, blok demi blok.",
    "The document is made of Jinja templates; a repo's own replace the shipped ones, file by file and block by block.",
)
_SEE_NAMES = Both("daftarnya ada di docs/templates.md", "docs/templates.md lists them")
_NEAR = Both("mungkin maksudnya `{suggestion}`", "did you mean `{suggestion}`?")


def _with_suggestion(kind: str, message: Both, fix: Both) -> dict[str, Text]:
    """A sentence on something unknown, and the same where a known name is close."""
    return {kind: Text(message, fix), f"{kind}_suggestion": Text(message, _NEAR)}


TEMPLATE_SYNTAX = Rule(
    "MP901",
    "template-syntax",
    Severity.ERROR,
    Both("templat tidak terbaca", "a template does not read"),
    _TEMPLATE_WHY,
    Text(
        Both("templat tidak terbaca di sini", "the template does not read here"),
        Both(
            "bandingkan baris ini dengan templat bawaan, atau hapus berkasnya untuk kembali ke templat bawaan",
            "compare this line with the shipped template, or delete the file to return to the shipped one",
        ),
    ),
    variants={
        "unclosed": Text(
            Both(
                "`{opening}` yang dibuka di sini tidak ditutup", "the `{opening}` opened here is never closed"
            ),
            Both("tutup dengan `{closing}`", "close it with `{closing}`"),
        ),
        "end_missing": Text(
            Both("`{{% {tag} %}}` di sini tidak ditutup", "the `{{% {tag} %}}` here is never closed"),
            Both(
                "tambahkan `{{% end{tag} %}}` sesudah bagian yang dimaksud",
                "add `{{% end{tag} %}}` after the part it is about",
            ),
        ),
        "end_crossed": Text(
            Both(
                "`{{% {tag} %}}` ditulis selagi `{{% {inner} %}}` masih terbuka",
                "`{{% {tag} %}}` is written while `{{% {inner} %}}` is still open",
            ),
            Both(
                "tutup dahulu yang di dalam dengan `{{% end{inner} %}}`",
                "close the inner one first, with `{{% end{inner} %}}`",
            ),
        ),
        "end_unexpected": Text(
            Both(
                "`{{% {tag} %}}` tidak punya pembuka `{{% {start} %}}`",
                "`{{% {tag} %}}` has no `{{% {start} %}}` that opens it",
            ),
            Both("hapus, atau tambahkan pembukanya", "remove it, or add what opens it"),
        ),
        **_with_suggestion(
            "tag",
            Both("perintah `{{% {name} %}}` tidak dikenal", "the tag `{{% {name} %}}` is not known"),
            Both(
                "pakai perintah Jinja seperti `if`, `for`, `set`, `block`, atau `include`",
                "use a tag of Jinja such as `if`, `for`, `set`, `block` or `include`",
            ),
        ),
        **_with_suggestion(
            "filter",
            Both("penyaring `| {name}` tidak dikenal", "the filter `| {name}` is not known"),
            _SEE_NAMES,
        ),
        **_with_suggestion(
            "test",
            Both("uji `is {name}` tidak dikenal", "the test `is {name}` is not known"),
            Both(
                "pakai uji Jinja seperti `is none` atau `is defined`",
                "use a test of Jinja such as `is none` or `is defined`",
            ),
        ),
        "token": Text(
            Both(
                "di baris ini diharapkan `{expected}`, tetapi tertulis `{got}`",
                "this line should go on with `{expected}`, but says `{got}`",
            ),
            Both(
                "periksa tanda kurung, koma, dan penutup `}}}}` atau `%}}` di baris ini",
                "look at the brackets, the commas and the closing `}}}}` or `%}}` of this line",
            ),
        ),
        "character": Text(
            Both(
                "tanda `{character}` tidak dapat dipakai di sini", "the sign `{character}` cannot stand here"
            ),
            Both(
                "hapus, atau tulis sebagai teks dalam tanda kutip",
                "remove it, or write it as text in quotes",
            ),
        ),
        "empty": Text(
            Both("isi perintah di baris ini belum ditulis", "the content of the tag on this line is missing"),
            Both(
                "tulis apa yang dicetak atau diuji, misalnya `plan.settings.title`",
                "write what it prints or tests, as in `plan.settings.title`",
            ),
        ),
        "deep": Text(
            Both("templat ini bersarang terlalu dalam", "this template is nested too deeply"),
            Both(
                "periksa kurung dan `{{% if %}}` yang berlebih, atau pecah perhitungannya dengan `{{% set %}}`",
                "look for brackets and `{{% if %}}` too many, or split the computation with `{{% set %}}`",
            ),
        ),
        "block_twice": Text(
            Both("blok `{name}` ditulis dua kali", "the block `{name}` is written twice"),
            Both("ganti nama salah satunya atau gabungkan", "rename one of them, or merge them"),
        ),
    },
)
_LOOPS = Both(
    "periksa `{{% for %}}` di dalam `{{% for %}}` lain dan angka yang besar di templat itu dan yang dipakainya",
    "look at a `{{% for %}}` inside another one, and at large figures, in that template and those that it uses",
)
TEMPLATE_FAILED = Rule(
    "MP902",
    "template-failed",
    Severity.ERROR,
    Both("templat gagal dijalankan", "a template failed"),
    _TEMPLATE_WHY,
    Text(
        Both(
            "templat gagal di baris ini (rincian teknis: {kind}, {reason})",
            "the template fails on this line (technical detail: {kind}, {reason})",
        ),
        Both(
            "bandingkan baris ini dengan templat bawaan dan docs/templates.md",
            "compare this line with the shipped template and docs/templates.md",
        ),
    ),
    variants={
        **_with_suggestion(
            "name",
            Both(
                "nama `{name}` tidak dikenal di templat ini",
                "the name `{name}` is not known in this template",
            ),
            Both("nama yang dapat dipakai: {known}", "the names that can be used: {known}"),
        ),
        **_with_suggestion(
            "attribute",
            Both("`{name}` tidak ada pada {thing}", "{thing} has no `{name}`"),
            Both(
                "periksa namanya di docs/templates.md dan docs/fields.md",
                "look for its name in docs/templates.md and docs/fields.md",
            ),
        ),
        "nothing": Text(
            Both("`{name}` dibaca dari nilai yang kosong", "`{name}` is read from a value that is empty"),
            Both(
                "cetak hanya bila ada, dengan `{{% if … %}}` di sekelilingnya",
                "print it only where there is one, inside an `{{% if … %}}`",
            ),
        ),
        "missing": Text(
            Both("`{name}` belum diberi nilai", "`{name}` was given no value"),
            Both(
                "beri nilai saat memanggilnya, atau nilai baku di `{{% macro … %}}`",
                "give it a value in the call, or a default in its `{{% macro … %}}`",
            ),
        ),
        **_with_suggestion(
            "template",
            Both("templat `{name}` tidak ada", "there is no template `{name}`"),
            Both(
                "tulis nama berkasnya di templates/, atau `shipped/` dan nama templat bawaan",
                "write the name of a file in templates/, or `shipped/` and the name of a shipped template",
            ),
        ),
        **_with_suggestion(
            "label",
            Both("kata cetak `{name}` tidak ada", "there is no printed word `{name}`"),
            Both(
                "tulis katanya langsung di templat, atau pakai kata yang ada di templat bawaan",
                "write the word itself into the template, or use one that the shipped templates use",
            ),
        ),
        **_with_suggestion(
            "picture",
            Both(
                "gambar `{name}` tidak ada atau bukan gambar",
                "picture `{name}` does not exist or is no picture",
            ),
            Both(
                "tulis jalurnya dari folder rencana, misalnya `assets/lambang.svg`",
                "write its path from the plan's folder, as in `assets/emblem.svg`",
            ),
        ),
        **_with_suggestion(
            "chart",
            Both("bagan `{name}` tidak ada", "there is no chart `{name}`"),
            Both("pakai salah satu: {known}", "use one of: {known}"),
        ),
        "bad_picture": Text(
            Both("gambar `{name}` tidak dapat ditampilkan", "picture `{name}` cannot be shown"),
            Both(
                "simpan ulang sebagai PNG atau JPEG; sebab-sebabnya ada di `masterplan explain MP209`",
                "save it anew as PNG or JPEG; `masterplan explain MP209` tells the causes",
            ),
        ),
        "value": Text(
            Both("penyaring di baris ini menerima {given}", "a filter on this line is given {given}"),
            Both("beri {wanted}", "give it {wanted}"),
        ),
        **_with_suggestion(
            "field",
            Both("isian `{name}` tidak ada", "there is no field `{name}`"),
            Both("pakai salah satu: {known}", "use one of: {known}"),
        ),
        "choice": Text(
            Both("jenis pilihan `{name}` tidak ada", "there is no kind of choice `{name}`"),
            Both("pakai salah satu: {known}", "use one of: {known}"),
        ),
        "unsafe": Text(
            Both("`{name}` tidak boleh dipakai di templat", "`{name}` may not be used in a template"),
            Both(
                "templat hanya membaca isi rencana; lihat docs/templates.md",
                "a template only reads what the plan says; see docs/templates.md",
            ),
        ),
        "zero": Text(
            Both("baris ini membagi dengan nol", "this line divides by zero"),
            Both(
                "hitung hanya bila pembaginya bukan nol, dengan `{{% if … %}}`",
                "compute it only where the divisor is not zero, inside an `{{% if … %}}`",
            ),
        ),
        "types": Text(
            Both(
                "`{operator}` tidak dapat dipakai antara {left} dan {right}",
                "`{operator}` cannot stand between {left} and {right}",
            ),
            Both(
                "samakan jenisnya; untuk menyambung teks pakai `~`",
                "make both of one kind; to join texts use `~`",
            ),
        ),
        "stopped": Text(
            Both(
                "templat {how}; yang sedang dijalankan: `{template}`",
                "a template {how}; at work was `{template}`",
            ),
            _LOOPS,
        ),
        "output": Text(
            Both(
                "dokumen yang disusun dengan templat rencana ini menjadi terlalu besar",
                "the document becomes too large with this plan's templates",
            ),
            _LOOPS,
        ),
        "unprintable": Text(
            Both("{thing} bukan teks, jadi tidak dapat dicetak", "{thing} is no text and cannot be printed"),
            Both(
                "cetak salah satu bagiannya, misalnya `plan.settings.title`; lihat docs/templates.md",
                "print one of its parts, as in `plan.settings.title`; see docs/templates.md",
            ),
        ),
        "size": Text(
            Both(
                "baris ini membuat teks, angka, atau daftar yang terlalu besar",
                "this line makes a text, figure or list that is too large",
            ),
            Both("perkecil angka di baris ini", "use smaller figures on this line"),
        ),
        "recursion": Text(
            Both(
                "templat ini memanggil dirinya sendiri tanpa henti", "this template calls itself without end"
            ),
            Both(
                "hapus `include` atau `macro` yang memanggil dirinya; templat bawaan dipanggil dengan `shipped/` di depan namanya",
                "remove the `include` or `macro` that calls itself; a shipped template is called with `shipped/` before its name",
            ),
        ),
    },
)
CANNOT_WRITE = Rule(
    "MP903",
    "cannot-write",
    Severity.ERROR,
    Both("hasil tidak dapat disimpan", "the output cannot be saved"),
    Both(
        "Hasil ditulis ke berkas sementara lalu dipindahkan; bila gagal, hasil yang lama tetap utuh.",
        "Output goes to a temporary file that is then moved; when that fails, the earlier output stays whole.",
    ),
    Text(
        Both(
            "hasil tidak dapat disimpan di `{path}`: {reason}",
            "the output cannot be saved in `{path}`: {reason}",
        ),
        Both(
            "periksa ruang cakram dan izin folder, atau pilih folder lain dengan `--out`; hasil lama tidak berubah",
            "look at the disk space and the folder's permissions, or choose another folder with `--out`; earlier output is unchanged",
        ),
    ),
    variants={
        "temporary": Text(
            Both(
                "berkas sementara tidak dapat disimpan di `{path}`: {reason}",
                "a temporary file cannot be saved in `{path}`: {reason}",
            ),
            Both(
                "kosongkan ruang di sana, atau tunjuk folder lain dengan TMPDIR (di Windows: TEMP)",
                "make room there, or name another folder with TMPDIR (on Windows: TEMP)",
            ),
        ),
        "source": Text(
            Both("`{path}` tidak dapat ditulis: {reason}", "`{path}` cannot be written: {reason}"),
            Both(
                "periksa ruang cakram dan izin folder itu, lalu jalankan lagi; tidak ada berkas yang berubah",
                "look at the disk space and the folder's permissions, then run this again; no file was changed",
            ),
        ),
        "link": Text(
            Both(
                "`{path}` adalah tautan ke luar `{within}`; tidak ada yang ditulis lewat tautan itu",
                "`{path}` is a link that leads out of `{within}`; nothing is written through it",
            ),
            Both(
                "hapus tautan itu; bila hasil memang hendak disimpan di tempat lain, sebut tempatnya dengan `--out`",
                "delete the link; if the output is meant to be kept elsewhere, name that place with `--out`",
            ),
        ),
        "source_link": Text(
            Both(
                "`{path}` adalah tautan ke luar `{within}`; tidak ada yang ditulis lewat tautan itu",
                "`{path}` is a link that leads out of `{within}`; nothing is written through it",
            ),
            Both(
                "ganti tautan itu dengan folder atau berkas biasa, lalu jalankan lagi",
                "put an ordinary folder or file in the link's place, then run this again",
            ),
        ),
        "file": Text(
            Both(
                "`{path}` adalah berkas, padahal di situ harus ada folder",
                "`{path}` is a file, but a folder must stand there",
            ),
            Both(
                "pindahkan, hapus, atau ganti nama berkas itu, lalu ulangi; semua berkas tetap seperti semula",
                "move, delete or rename that file, then try again; all files are as they were",
            ),
        ),
        "folder": Text(
            Both(
                "`{path}` adalah folder, padahal di situ harus ada berkas",
                "`{path}` is a folder, but a file must stand there",
            ),
            Both(
                "pindahkan, hapus, atau ganti nama folder itu, lalu ulangi; semua berkas tetap seperti semula",
                "move, delete or rename that folder, then try again; all files are as they were",
            ),
        ),
        "held": Text(
            Both(
                "`{path}` tidak dapat diganti, mungkin karena sedang dibuka di {program} ({reason})",
                "`{path}` cannot be replaced, probably because {program} has it open ({reason})",
            ),
            Both(
                "tutup {program}, lalu ulangi; bila tidak terbuka di mana pun, periksa izin berkas dan foldernya; semua berkas tetap seperti semula",
                "close {program}, then try again; if it is open nowhere, look at the permissions of the file and its folder; all files are as they were",
            ),
        ),
        "taken": Text(
            Both("`{path}` tidak dapat diganti: {reason}", "`{path}` cannot be replaced: {reason}"),
            Both(
                "periksa nama, ruang cakram, dan izin foldernya, lalu ulangi; semua berkas tetap seperti semula",
                "look at the name, the disk space and the folder's permissions, then try again; all files are as they were",
            ),
        ),
        "mixed": Text(
            Both(
                "`{path}` tidak dapat diganti: {reason}; yang sudah terlanjur diganti: {files}",
                "`{path}` cannot be replaced: {reason}; these were replaced already: {files}",
            ),
            Both(
                "tutup {program} dan program lain yang membuka berkas di folder itu, atau periksa izinnya, lalu ulangi sampai berhasil; sampai saat itu isi berkas-berkasnya tidak sejalan; isi lama yang tidak dapat dikembalikan ada di sebelahnya dengan akhiran `.lama-1`",
                "close {program} and any other program that has files of that folder open, or look at the permissions, then try again until it succeeds; until then the files do not agree with each other; earlier content that could not be put back stands beside it, its name ending in `.lama-1`",
            ),
        ),
        "changed": Text(
            Both(
                "`{path}` diubah oleh program lain selagi perubahan ini disiapkan",
                "`{path}` was changed by another program while this change was being made",
            ),
            Both(
                "jalankan lagi; tidak ada berkas yang berubah, dan yang ditulis di sana tetap ada",
                "run this again; no file was changed, and what was written there stays",
            ),
        ),
        "undrawn": Text(
            Both(
                "`{path}` tidak dapat dibuat: gambar `{picture}` {how}",
                "`{path}` cannot be made: picture `{picture}` {how}",
            ),
            Both(
                "jalankan lagi; bila terulang, ganti gambar itu dengan PNG yang lebih sederhana",
                "run this again; if it happens again, replace the picture by a simpler PNG",
            ),
        ),
        "busy": Text(
            Both(
                "proses masterplan lain sedang menulis di `{path}`",
                "another masterplan process is writing in `{path}`",
            ),
            Both(
                "tunggu sampai proses itu selesai, atau hentikan, lalu jalankan lagi; tidak ada berkas yang berubah",
                "wait until it is done, or stop it, then run this again; no file was changed",
            ),
        ),
    },
)


def no_room(error: OSError) -> Finding:
    """The finding for a temporary file that could not be written."""
    try:
        place = tempfile.gettempdir()
    except OSError:  # there is none at all
        place = "TMPDIR"
    return CANNOT_WRITE.at(Place(place), "temporary", path=place, reason=reason(error))


NO_PLAN = Rule(
    "MP904",
    "no-plan",
    Severity.ERROR,
    Both("rencana tidak ditemukan", "no plan found"),
    Both(
        "Perintah mencari `masterplan.yaml` di folder ini dan folder di atasnya.",
        "Commands look for `masterplan.yaml` in this folder and the folders above.",
    ),
    Text(
        Both(
            "tidak ada masterplan.yaml di `{path}` dan folder di atasnya",
            "there is no masterplan.yaml in `{path}` or the folders above",
        ),
        Both(
            "pindah ke folder rencana, atau buat yang baru dengan `masterplan init DIR`",
            "go to the plan's folder, or make a new one with `masterplan init DIR`",
        ),
    ),
)
_OWN_PREAMBLE = Both(
    "perbaiki templat ini, atau hapus berkasnya dari templates/ untuk kembali ke templat bawaan",
    "mend this template, or delete the file from templates/ to return to the shipped one",
)
PDF_REFUSED = Rule(
    "MP905",
    "pdf-refused",
    Severity.ERROR,
    Both("PDF tidak dapat dibuat", "the PDF cannot be made"),
    Both(
        "PDF disusun menurut standar arsip (PDF/A) dan aksesibilitas (PDF/UA); yang melanggarnya ditolak, bukan dicetak cacat.",
        "The PDF follows the standards for archives (PDF/A) and accessibility (PDF/UA); what breaks them is refused, not printed badly.",
    ),
    Text(
        Both("PDF ditolak di bagian `{block}`: {reason}", "the PDF was refused at part `{block}`: {reason}"),
        Both(
            "periksa isi bagian itu; format lain tetap ditulis",
            "look at what that part holds; the other formats are written all the same",
        ),
    ),
    {
        "preamble": Text(
            Both("templat PDF ini tidak terbaca: {reason}", "this PDF template does not read: {reason}"),
            _OWN_PREAMBLE,
        ),
        "package": Text(
            Both(
                "templat PDF ini memakai paket Typst dari luar rencana",
                "this PDF template uses a Typst package from outside the plan",
            ),
            Both(
                "salin fungsi yang dipakai ke dalam templat ini; paket dari jaringan tidak dibaca",
                "copy the functions it uses into this template; no package is read from the network",
            ),
        ),
        "whole": Text(
            Both("PDF ditolak: {reason}", "the PDF was refused: {reason}"),
            Both(
                "format lain tetap ditulis; laporkan kalimat ini kepada pembuat masterplan",
                "the other formats are written all the same; tell the makers of masterplan this sentence",
            ),
        ),
        "preamble_stopped": Text(
            Both("penyusunan PDF dengan templat ini {how}", "the making of the PDF with this template {how}"),
            Both(
                "perbaiki templat ini, atau hapus berkasnya untuk mencoba templat bawaan; bila dengan itu pun begitu, bagi dokumen dengan `--book` atau `--agency`",
                "mend this template, or delete the file to try the shipped one; if it is so with that as well, divide the document by `--book` or `--agency`",
            ),
        ),
        "stopped": Text(
            Both("penyusunan PDF {how}", "the making of the PDF {how}"),
            Both(
                "bagi dokumen dengan `--book` atau `--agency`, atau pakai format lain dengan `--to html,docx`",
                "divide the document by `--book` or `--agency`, or use another format with `--to html,docx`",
            ),
        ),
        "picture": Text(
            Both(
                "gambar ini tidak dapat dicetak di PDF: {reason}",
                "this picture cannot be printed in the PDF: {reason}",
            ),
            Both(
                "simpan ulang gambar sebagai PNG, JPEG, atau SVG yang berdiri sendiri",
                "save the picture again as a PNG, a JPEG, or an SVG that stands by itself",
            ),
        ),
    },
)
NO_GLYPH = Rule(
    "MP906",
    "no-glyph",
    Severity.WARNING,
    Both("huruf tidak ada di font buku", "a character that the book's fonts lack"),
    Both(
        "Font yang ikut terpasang memuat huruf Latin, Arab, dan Jawa serta simbol umum; huruf lain dicetak sebagai kodenya agar tidak hilang diam-diam.",
        "The fonts that come with the tool have Latin, Arabic and Javanese letters and common symbols; any other character is printed as its code, so that none is lost silently.",
    ),
    Text(
        Both(
            "huruf `{character}` tidak ada di font buku; di PDF dicetak sebagai `{code}`",
            "the book's fonts lack the character `{character}`; the PDF prints it as `{code}`",
        ),
        Both(
            "ganti dengan kata atau simbol lain, atau biarkan bila kode itu cukup",
            "write a word or another symbol instead, or leave it if the code will do",
        ),
    ),
)
REFERENCE_UNUSABLE = Rule(
    "MP907",
    "reference-unusable",
    Severity.ERROR,
    Both("reference.docx tidak dapat dipakai", "reference.docx cannot be used"),
    Both(
        "Gaya huruf, margin, kepala, dan kaki halaman dokumen Word diambil dari reference.docx milik kantor; isinya tidak ikut.",
        "The Word document takes its styles, margins, headers and footers from the office's reference.docx; its text does not come along.",
    ),
    Text(
        Both(
            "reference.docx tidak dapat dipakai: {reason}",
            "reference.docx cannot be used: {reason}",
        ),
        Both(
            "buka berkas itu di Word, simpan dengan Save As jenis `Word Document (*.docx)`, lalu ganti berkas yang lama; atau hapus berkasnya untuk memakai gaya bawaan",
            "open it in Word, save it with Save As as type `Word Document (*.docx)` and put it in the old one's place; or delete the file to use the built-in style",
        ),
    ),
)
PDF_TOO_LARGE = Rule(
    "MP910",
    "pdf-too-large",
    Severity.ERROR,
    Both("memori komputer tidak cukup untuk PDF", "the computer has too little memory for the PDF"),
    Both(
        "PDF yang besar disusun bagian demi bagian; kebutuhan bagian yang terbesar dan penjilidannya diperkirakan sebelum mulai.",
        "A large PDF is set part by part; what the largest part and the binding need is estimated before the work begins.",
    ),
    Text(
        Both(
            "PDF ini memerlukan sekitar {needed} MB memori, sedangkan yang tersisa {left} MB",
            "this PDF needs about {needed} MB of memory, and {left} MB are left",
        ),
        Both(
            "tutup program lain, bagi dokumen dengan `--book` atau `--agency`, atau pakai komputer lain; format lain tetap ditulis",
            "close other programs, divide the document by `--book` or `--agency`, or use another computer; the other formats are written all the same",
        ),
    ),
)
CANNOT_EDIT = Rule(
    "MP911",
    "cannot-edit",
    Severity.ERROR,
    Both("berkas tidak dapat diubah secara otomatis", "a file cannot be changed by the program"),
    Both(
        "Program hanya mengubah yang diminta dan membiarkan setiap huruf lainnya; bila itu tidak pasti, berkas tidak disentuh.",
        "The program changes what it was asked to and leaves every other letter alone; where that is not certain, it does not touch the file.",
    ),
    Text(
        Both(
            "`{route}` ditulis dengan cara yang tidak dapat diubah tanpa menyentuh yang lain",
            "`{route}` is written in a way that cannot be changed without touching something else",
        ),
        Both(
            "ubah sendiri dengan penyunting teks; semua berkas tetap seperti semula",
            "change it yourself with a text editor; all files are as they were",
        ),
    ),
    variants={
        "missing": Text(
            Both("`{route}` tidak ada di berkas ini", "there is no `{route}` in this file"),
            Both(
                "berkas mungkin sudah berubah; muat ulang, lalu ulangi",
                "the file may have changed; load it again, then repeat",
            ),
        ),
        "kind": Text(
            Both(
                "`{route}` tidak dapat diisi: di atasnya berdiri isi dari jenis lain",
                "`{route}` cannot be filled in: what stands above it is of another kind",
            ),
            Both(
                "periksa bentuk isian itu dengan `masterplan check`",
                "look at the form of that field with `masterplan check`",
            ),
        ),
        "value": Text(
            Both(
                "isian untuk `{route}` memuat huruf kendali tersembunyi atau bersarang terlalu dalam",
                "the value for `{route}` holds hidden control characters or is nested too deeply",
            ),
            Both("ketik ulang isian itu", "type that value again"),
        ),
        "file": Text(
            Both("berkas `{path}` tidak ada", "there is no file `{path}`"),
            Both(
                "berkas mungkin sudah dihapus atau berganti nama; muat ulang, lalu ulangi",
                "the file may have been deleted or renamed; load the plan again, then repeat",
            ),
        ),
        "exists": Text(
            Both("berkas `{path}` sudah ada", "the file `{path}` exists already"),
            Both("pilih id lain untuk yang baru", "choose another id for the new one"),
        ),
        "path": Text(
            Both("`{path}` bukan tempat berkas rencana", "`{path}` is no place for a file of a plan"),
            Both(
                "misalnya `pillars/<pilar>/<program>.md` atau `agencies/<id>.yaml`",
                "for instance `pillars/<pillar>/<program>.md` or `agencies/<id>.yaml`",
            ),
        ),
        "section": Text(
            Both("berkas ini tidak punya bagian itu", "this file has no such section"),
            Both(
                "berkas mungkin sudah berubah; muat ulang, lalu ulangi",
                "the file may have changed; load it again, then repeat",
            ),
        ),
        "headings": Text(
            Both(
                "teks baru memuat judul setingkat, atau menelan judul di bawahnya",
                "the new text holds a heading of the same level, or swallows the heading below it",
            ),
            Both(
                "turunkan tingkat judulnya (`###`), dan tutup blok kode yang masih terbuka",
                "lower its headings (`###`), and close a block of code that is still open",
            ),
        ),
        "no_text": Text(
            Both(
                "berkas `.yaml` tidak punya tempat untuk naskah",
                "a `.yaml` file has no place for a text",
            ),
            Both(
                "pindahkan isinya ke berkas `.md` dengan nama yang sama",
                "move what it says into an `.md` file of the same name",
            ),
        ),
    },
)

TOOL_RULES = (
    TEMPLATE_SYNTAX,
    TEMPLATE_FAILED,
    CANNOT_WRITE,
    NO_PLAN,
    PDF_REFUSED,
    NO_GLYPH,
    REFERENCE_UNUSABLE,
    TEMPLATE_UNUSED,
    PDF_TOO_LARGE,
    CANNOT_EDIT,
    NO_STATE,
)
