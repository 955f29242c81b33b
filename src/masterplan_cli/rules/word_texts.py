"""MP920 to MP922: Word files that cannot be read, what of them is refused, and what is not carried into a plan."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

_SAVE_AGAIN = Both(
    "buka di Word atau LibreOffice, lalu simpan sebagai .docx tanpa kata sandi",
    "open it in Word or LibreOffice, then save it as .docx without a password",
)
UNREADABLE_WORD = Rule(
    "MP920",
    "unreadable-word-file",
    Severity.ERROR,
    Both("berkas tidak terbaca sebagai naskah Word", "a file does not read as a Word text"),
    Both(
        "Naskah dibaca dari berkas .docx di proses tersendiri; makro tidak dijalankan, dan tidak ada yang diambil dari luar berkas.",
        "A text is read from a .docx file in a process of its own; macros are not run, and nothing outside of the file is fetched.",
    ),
    Text(Both("`{file}` bukan berkas Word", "`{file}` is no Word file"), _SAVE_AGAIN),
    variants={
        "broken": Text(
            Both("`{file}` bukan berkas Word yang utuh", "`{file}` is no whole Word file"), _SAVE_AGAIN
        ),
        "unread": Text(
            Both("`{file}` tidak dapat dibuka: {reason}", "`{file}` cannot be opened: {reason}"),
            Both("periksa nama berkas dan izinnya", "look at the name of the file and its permissions"),
        ),
        "password": Text(
            Both("`{file}` dikunci dengan kata sandi", "`{file}` is locked by a password"), _SAVE_AGAIN
        ),
        "old": Text(
            Both("`{file}` berkas Word lama (.doc)", "`{file}` is an old Word file (.doc)"), _SAVE_AGAIN
        ),
        "large": Text(
            Both(
                "`{file}` memuat lebih banyak daripada naskah program mana pun",
                "`{file}` holds more than the text of any program",
            ),
            Both(
                "salin naskah program ini saja ke berkas baru, lalu impor lagi",
                "copy the text of this program alone into a new file, and import it again",
            ),
        ),
        "stopped": Text(
            Both("`{file}` {how}", "`{file}` {how}"),
            Both(
                "salin naskahnya ke berkas baru, simpan sebagai .docx, lalu impor lagi",
                "copy the text into a new file, save it as .docx, and import it again",
            ),
        ),
    },
)
_HEADINGS = Both(
    "di Word beri tiap bagian judulnya dengan gaya Heading 1: {sections}; lalu impor lagi",
    "in Word give each section its heading in the style Heading 1: {sections}; then import again",
)
WORD_REFUSED = Rule(
    "MP921",
    "word-text-refused",
    Severity.ERROR,
    Both("naskah Word tidak dapat diterima", "a Word text cannot be taken over"),
    Both(
        "Naskah masuk ke bagian program menurut judulnya; bila satu hal ditolak, tidak ada yang disimpan.",
        "A text goes into the sections of a program by its headings; where one thing is refused, nothing is saved.",
    ),
    Text(
        Both(
            "{where}: judul `{heading}` bukan bagian program",
            "{where}: the heading `{heading}` is no section of a program",
        ),
        Both(
            "mungkin maksudnya `{suggestion}`; ganti judulnya di Word, lalu impor lagi",
            "did you mean `{suggestion}`? change the heading in Word, then import again",
        ),
    ),
    variants={
        "headings": Text(
            Both(
                "tidak ada judul bagian program di `{file}`",
                "there is no heading of a program's section in `{file}`",
            ),
            _HEADINGS,
        ),
        "empty": Text(
            Both("`{file}` tidak memuat naskah", "`{file}` holds no text"),
            _HEADINGS,
        ),
        "twice": Text(
            Both(
                "{where}: bagian `{heading}` ada dua kali di naskah ini",
                "{where}: this text has the section `{heading}` twice",
            ),
            Both(
                "gabungkan keduanya di bawah satu judul di Word, lalu impor lagi",
                "put both below one heading in Word, then import again",
            ),
        ),
        "picture": Text(
            Both(
                "{where}: gambar ini tidak punya teks pengganti",
                "{where}: this picture has no text alternative",
            ),
            Both(
                "di Word: klik kanan gambarnya, pilih Edit Alt Text (Edit Teks Alternatif), tulis apa yang terlihat, simpan, lalu impor lagi",
                "in Word: click the picture with the right button, choose Edit Alt Text, write what it shows, save, then import again",
            ),
        ),
    },
)


def _left(indonesian: str, english: str, fix: Both) -> Text:
    """A sentence on something that is not carried, with its words."""
    return Text(
        Both(f"{{where}}: {indonesian} tidak diambil{{said}}", f"{{where}}: {english} is not taken{{said}}"),
        fix,
    )


_AS_TEXT = Both(
    "bila isinya perlu, tulis di Word sebagai paragraf atau tabel biasa",
    "if what it says is needed, write it in Word as an ordinary paragraph or table",
)
_AS_PICTURE = Both(
    "bila perlu, di Word simpan sebagai gambar PNG, sisipkan, dan beri teks pengganti",
    "if it is needed, in Word save it as a PNG picture, insert that, and give it a text alternative",
)
_ASKED = Both(
    "selesaikan perubahan itu di Word (Review: Accept atau Reject), lalu impor lagi bila hasilnya lain",
    "settle the change in Word (Review: Accept or Reject), then import again if that makes a difference",
)
_NOTHING = Both(
    "tidak ada yang perlu dikerjakan; dokumen mencetaknya sendiri",
    "nothing needs to be done; the document prints its own",
)
_SAY_IT = Both(
    "bila itu berarti sesuatu, katakan dengan kata-kata",
    "if that means something, say it in words",
)
WORD_LEFT_OUT = Rule(
    "MP922",
    "word-text-left-out",
    Severity.WARNING,
    Both(
        "bagian naskah Word yang tidak diambil sebagaimana adanya",
        "what of a Word text is not taken as it is",
    ),
    Both(
        "Rencana memuat judul, paragraf, daftar, tabel, gambar, tautan, catatan kaki, huruf tebal dan miring; yang lain disebut, tidak hilang diam-diam.",
        "A plan holds headings, paragraphs, lists, tables, pictures, links, footnotes, bold and italic letters; anything else is named, and never lost in silence.",
    ),
    _left("`{kind}`", "`{kind}`", _AS_TEXT),
    variants={
        "box": _left("kotak teks", "a text box", _AS_TEXT),
        "chart": _left("grafik", "a chart", _AS_PICTURE),
        "diagram": _left("diagram SmartArt", "a SmartArt diagram", _AS_PICTURE),
        "shape": _left("bentuk gambar", "a drawn shape", _AS_PICTURE),
        "object": _left("objek sisipan", "an embedded object", _AS_PICTURE),
        "equation": _left("rumus", "an equation", _AS_PICTURE),
        "picture": Text(
            Both(
                "{where}: gambar yang ditautkan, terlalu besar, atau hilang tidak diambil{said}",
                "{where}: a picture that is linked, too large or missing is not taken{said}",
            ),
            Both(
                "sisipkan gambarnya ke dalam berkas Word sebagai PNG atau JPEG",
                "insert the picture into the Word file as PNG or JPEG",
            ),
        ),
        "format": Text(
            Both(
                "{where}: gambar ini bukan PNG, JPEG, GIF, WebP, atau SVG, sehingga tidak diambil{said}",
                "{where}: this picture is no PNG, JPEG, GIF, WebP or SVG, and so is not taken{said}",
            ),
            _AS_PICTURE,
        ),
        "part": _left("dokumen yang disisipkan", "an inserted document", _AS_TEXT),
        "control": _left("kotak centang formulir", "a check box of a form", _AS_TEXT),
        "sign": _left("tanda dari huruf khusus", "a sign of a special font", _AS_TEXT),
        "hidden": _left("teks tersembunyi", "hidden text", _AS_TEXT),
        "header": _left("kepala atau kaki halaman", "a header or footer", _NOTHING),
        "page": _left("nomor halaman", "a page number", _NOTHING),
        "contents": _left("daftar isi", "a table of contents", _NOTHING),
        "macros": Text(
            Both(
                "{where}: makro di berkas ini tidak dijalankan dan tidak diambil",
                "{where}: the macros of this file are not run and not taken",
            ),
            Both("simpan sebagai .docx, tanpa makro", "save it as .docx, without macros"),
        ),
        "outside": Text(
            Both(
                "{where}: teks di luar bagian program tidak diambil{said}",
                "{where}: text outside of a program's sections is not taken{said}",
            ),
            Both(
                "bila isinya perlu, pindahkan ke bawah judul salah satu bagian",
                "if what it says is needed, move it below the heading of a section",
            ),
        ),
        "row": Text(
            Both(
                "{where}: baris tabel ini bukan bagian program, sehingga tidak diambil{said}",
                "{where}: this row of a table is no section of a program, and so is not taken{said}",
            ),
            Both(
                "data seperti judul, anggaran, dan indikator diisi lewat formulir (`masterplan form`)",
                "data such as the title, the budget and indicators are filled in by the form (`masterplan form`)",
            ),
        ),
        "heading": Text(
            Both(
                "{where}: judul tanpa teks di bawahnya tidak diambil{said}",
                "{where}: a heading without text below it is not taken{said}",
            ),
            Both(
                "bila bagian ini harus berisi, tulis teks di bawah judulnya; bila tidak, biarkan",
                "if this section is to say something, write that below its heading; if not, leave it",
            ),
        ),
        "own": Text(
            Both(
                "{where}: bagian ini tidak diminta dari program; ia menjadi bagian sendiri{said}",
                "{where}: this section is not asked of a program; it becomes one of its own{said}",
            ),
            Both(
                "bila isinya milik bagian lain, pindahkan ke bawah judul bagian itu di Word",
                "if it belongs into another section, move it below the heading of that in Word",
            ),
        ),
        "merged": Text(
            Both(
                "{where}: sel gabungan di tabel ini menjadi sel biasa, sisanya kosong",
                "{where}: merged cells of this table become ordinary ones, the rest of them empty",
            ),
            Both(
                "pisahkan sel-selnya di Word, atau periksa tabelnya sesudah diimpor",
                "split the cells in Word, or look at the table after the import",
            ),
        ),
        "nested": Text(
            Both(
                "{where}: tabel di dalam sel menjadi teks biasa",
                "{where}: a table within a cell becomes ordinary text",
            ),
            Both("tulis sebagai tabel tersendiri", "write it as a table of its own"),
        ),
        "marks": Text(
            Both(
                "{where}: huruf, angka romawi, atau nomor bertingkat di depan butir menjadi nomor biasa ({count} butir)",
                "{where}: letters, roman or compound numbers before items become ordinary numbers (items: {count})",
            ),
            Both(
                "bila naskah merujuk ke butir itu, misalnya “huruf a”, sesuaikan rujukannya",
                "where the text refers to such an item, such as “letter a”, adapt that",
            ),
        ),
        "link": Text(
            Both(
                "{where}: tautan ini tidak menuju alamat web, sehingga hanya kata-katanya diambil{said}",
                "{where}: this link leads to no web address, so that only its words are taken{said}",
            ),
            Both("pakai alamat yang diawali https://", "use an address that begins with https://"),
        ),
        "underline": Text(
            Both(
                "{where}: garis bawah tidak diambil ({count} tempat){said}",
                "{where}: underlining is not taken (places: {count}){said}",
            ),
            Both("bila perlu, pakai huruf tebal", "if it is needed, use bold letters"),
        ),
        "colour": Text(
            Both(
                "{where}: warna huruf tidak diambil ({count} tempat){said}",
                "{where}: the colour of letters is not taken (places: {count}){said}",
            ),
            _SAY_IT,
        ),
        "highlight": Text(
            Both(
                "{where}: sorotan warna tidak diambil ({count} tempat){said}",
                "{where}: highlighting is not taken (places: {count}){said}",
            ),
            _SAY_IT,
        ),
        "raised": Text(
            Both(
                "{where}: huruf di atas atau di bawah garis menjadi huruf biasa ({count} tempat){said}",
                "{where}: letters above or below the line become ordinary ones (places: {count}){said}",
            ),
            Both("periksa rumus dan satuannya", "look at formulas and units"),
        ),
        "inserted": Text(
            Both(
                "{where}: sisipan terlacak dari {who} ikut diambil ({count}){said}",
                "{where}: tracked insertions by {who} are taken ({count}){said}",
            ),
            _ASKED,
        ),
        "deleted": Text(
            Both(
                "{where}: penghapusan terlacak dari {who} dianggap berlaku ({count}){said}",
                "{where}: tracked deletions by {who} count as done ({count}){said}",
            ),
            _ASKED,
        ),
        "moved": Text(
            Both(
                "{where}: teks yang dipindah oleh {who} diambil di tempat barunya ({count}){said}",
                "{where}: text moved by {who} is taken at its new place ({count}){said}",
            ),
            _ASKED,
        ),
        "formats": Text(
            Both(
                "{where}: perubahan bentuk terlacak dari {who} dianggap berlaku ({count})",
                "{where}: tracked changes of formatting by {who} count as done ({count})",
            ),
            _ASKED,
        ),
        "comment": Text(
            Both(
                "{where}: komentar dari {who} tidak diambil ({count}){said}",
                "{where}: comments by {who} are not taken ({count}){said}",
            ),
            Both(
                "jawab komentarnya, dan ubah naskahnya bila perlu",
                "answer the comments, and change the text where that is needed",
            ),
        ),
    },
)
WORD_RULES = (UNREADABLE_WORD, WORD_REFUSED, WORD_LEFT_OUT)
