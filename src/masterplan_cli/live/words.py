"""What the browser form says, in both languages."""

from __future__ import annotations

from masterplan_cli.messages import Both

WORDS: dict[str, Both] = {
    "home": Both("Isi rencana", "Fill in the plan"),
    "document": Both("Lihat dokumen", "See the document"),
    "skip": Both("Langsung ke isian", "Skip to the form"),
    "intro": Both(
        "Pilih pilar, program, atau tugas yang hendak diisi. Tidak ada yang berubah sebelum Anda menekan Simpan.",
        "Choose the pillar, the program or the duties to fill in. Nothing changes until you press Save.",
    ),
    "programs": Both("Isi program", "Fill in a program"),
    "duties": Both("Tugas pilar", "Pillar duties"),
    "duties_of": Both("Tugas pilar: {name}", "Pillar duties: {name}"),
    "pillar_fill": Both("Isi pilar", "Fill in the pillar"),
    "pillar_of": Both("Isi pilar: {name}", "Fill in the pillar: {name}"),
    "goal": Both("Sasaran", "Goal"),
    "goal_help": Both(
        "Sasaran yang diukur indikator ini; sasaran baru disimpan dahulu.",
        "The goal that this indicator measures; a new goal is saved first.",
    ),
    "new": Both("Program baru", "New program"),
    "new_title": Both("Judul program", "Program title"),
    "pillar": Both("Pilar", "Pillar"),
    "owner": Both("Perangkat daerah pengampu", "Owning agency"),
    "begin": Both("Mulai mengisi", "Start filling in"),
    "none": Both("Belum ada program.", "No programs yet."),
    "required": Both("wajib diisi", "required"),
    "choose": Both("– pilih –", "– choose –"),
    "lines": Both("Satu isian per baris.", "One entry a line."),
    "add_name": Both("Tambah ke {label}", "Add to {label}"),
    "add": Both("Tambah", "Add"),
    "add_row": Both("Tambah baris: {name}", "Add a row: {name}"),
    "remove": Both("Hapus", "Remove"),
    "restore": Both("Batal hapus", "Keep"),
    "removed": Both("Dihapus saat disimpan.", "Removed when you save."),
    "row": Both("Baris", "Row"),
    "year": Both("Tahun", "Year"),
    "amount": Both("Jumlah (Rp)", "Amount (Rp)"),
    "paste": Both(
        "Sel-sel dari Excel dapat ditempel langsung: mulailah di isian pertamanya.",
        "Cells from Excel can be pasted: begin in the first field.",
    ),
    "prose": Both("Naskah", "Text"),
    "prose_help": Both(
        "Teks biasa; satu baris kosong memisahkan paragraf. Hasilnya tampak di pratinjau.",
        "Plain text; an empty line parts paragraphs. The preview shows the result.",
    ),
    "preview": Both("Pratinjau lembar", "Preview of the sheet"),
    "save": Both("Simpan", "Save"),
    "saving": Both("Menyimpan …", "Saving …"),
    "checking": Both("Memeriksa …", "Checking …"),
    "changed": Both("Belum disimpan", "Not saved yet"),
    "unchanged": Both("Semua tersimpan", "All saved"),
    "nothing": Both("Tidak ada yang berubah.", "Nothing has changed."),
    "saved": Both("Tersimpan: {files}.", "Saved: {files}."),
    "refused": Both(
        "Belum disimpan: perbaiki dahulu isian yang ditandai.",
        "Not saved: mend the fields that are marked first.",
    ),
    "choose_one": Both("pilih dari daftar", "choose from the list"),
    "fill_in": Both("isi kolom ini", "fill in this field"),
    "fill_in_year": Both("isi salah satu tahun", "fill in one of the years"),
    "register": Both("daftar perangkat daerah", "the list of agencies"),
    "clean": Both("tidak ada temuan", "no findings"),
    "found": Both("temuan: {count}", "findings: {count}"),
    "others": Both("Temuan lain", "Other findings"),
    "error": Both("Error", "Error"),
    "warning": Both("Peringatan", "Warning"),
    "conflict": Both(
        "Berkas sudah diubah di tempat lain. Di berkas kini: {theirs}. Isian Anda: {mine}.",
        "The file was changed elsewhere. It now says: {theirs}. You wrote: {mine}.",
    ),
    "empty": Both("(kosong)", "(nothing)"),
    "mine": Both("Pakai isian saya", "Use mine"),
    "theirs": Both("Pakai isi berkas", "Use the file's"),
    "as_new": Both("Jadikan baris baru", "Make it a new row"),
    "gone": Both(
        "masterplan serve tidak menjawab. Isian Anda masih ada di halaman ini; jalankan lagi di terminal, lalu simpan.",
        "masterplan serve does not answer. What you wrote is still on this page; run it again, then save.",
    ),
    "script": Both(
        "Halaman ini memerlukan JavaScript untuk menyimpan.", "This page needs JavaScript to save."
    ),
    "unlinked": Both(
        "Rencana ini belum dapat diisi: perbaiki dahulu kesalahan di bawah.",
        "This plan cannot be filled in yet: mend what stands below first.",
    ),
    "send": Both("Kirim", "Send"),
    "send_title": Both("Kirim perubahan?", "Send the changes?"),
    "send_ask": Both("Perintah berikut akan dijalankan:", "These commands will be run:"),
    "send_go": Both("Jalankan", "Run them"),
    "send_no": Both("Batal", "Cancel"),
    "sending": Both("Mengirim …", "Sending …"),
    "close": Both("Tutup", "Close"),
}

#: Why a request is refused.
REFUSALS: dict[str, Both] = {
    "secret": Both(
        "halaman ini berasal dari masterplan serve yang sudah berhenti; muat ulang halaman",
        "this page is of a masterplan serve that has ended; load it again",
    ),
    "origin": Both(
        "permintaan ini tidak datang dari halaman formulir", "this request does not come from the form's page"
    ),
    "json": Both("permintaan ini bukan permintaan formulir", "this is no request of the form"),
    "large": Both("isian halaman ini terlalu besar", "what this page says is too large"),
    "page": Both("halaman formulir ini tidak ada", "the form has no such page"),
    "row": Both(
        "formulir tidak punya isian `{name}` di halaman ini", "the form has no `{name}` on this page"
    ),
    "busy": Both(
        "permintaan lain sedang dikerjakan; coba lagi sebentar", "another request is at work; try again soon"
    ),
    "fault": Both(
        "masterplan sendiri gagal ({name}); laporkan kepada pembuatnya. Tidak ada yang disimpan",
        "masterplan itself failed ({name}); tell its makers. Nothing was saved",
    ),
}
