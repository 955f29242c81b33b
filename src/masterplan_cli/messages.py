"""The languages of the tool, and the printed labels of the document in each of them.

A rule's sentences stand with the rule, a field's name with the field; here stands what belongs to neither.
"""

from __future__ import annotations

import errno
from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language of messages and documents."""

    ID = "id"
    EN = "en"


class Both(NamedTuple):
    """One sentence in both languages."""

    id: str
    en: str

    def of(self, language: Language) -> str:
        return self.id if language is Language.ID else self.en


#: How a worker came to its end, by the reason that `worker.Stopped` gives.
STOPPED = {
    "start": Both(
        "tidak dapat dikerjakan, karena komputer tidak dapat menjalankan proses lain",
        "cannot be worked on, because the computer can start no other process",
    ),
    "time": Both("tidak selesai dalam waktu yang wajar", "does not end in a reasonable time"),
    "memory": Both("memakai terlalu banyak memori", "takes too much memory"),
    "output": Both("menghasilkan berkas yang terlalu besar", "makes a file that is too large"),
    "crash": Both("membuat program berhenti tiba-tiba", "made the program end suddenly"),
}
_REFUSED = Both("izin ditolak", "permission denied")
_REASONS = {
    errno.EACCES: _REFUSED,
    errno.EPERM: _REFUSED,
    errno.EROFS: Both("cakram hanya dapat dibaca", "the disk is read-only"),
    errno.ENOSPC: Both("cakram penuh", "the disk is full"),
    errno.EEXIST: Both("sudah ada berkas dengan nama itu", "a file of that name exists already"),
    errno.ENOTDIR: Both("bagian dari jalurnya bukan folder", "a part of its path is not a folder"),
    errno.EISDIR: Both("sudah ada folder dengan nama itu", "a folder of that name exists already"),
    errno.ENAMETOOLONG: Both("namanya terlalu panjang", "its name is too long"),
    errno.EIO: Both("cakram tidak dapat dibaca", "the disk cannot be read"),
    errno.ENOENT: Both("berkas atau folder itu tidak ada", "there is no such file or folder"),
    errno.ENXIO: Both("itu bukan berkas biasa", "it is not an ordinary file"),
    errno.EFBIG: Both("berkasnya terlalu besar", "the file is too large"),
    errno.EDQUOT: Both("jatah ruang cakram habis", "the quota of disk space is used up"),
    errno.EXDEV: Both("foldernya ada di cakram lain", "its folder is on another disk"),
    errno.ELOOP: Both("tautannya berputar", "its links lead in a circle"),
}


def reason(error: OSError) -> Both:
    """Why the system refused a file; what is rare stays in the system's own words."""
    own = error.strerror or str(error)
    return _REASONS.get(error.errno or 0, Both(own, own))


#: The words that templates and writers print, by the key that templates name: `t("budget")`.
LABELS: dict[str, Both] = {
    "actual": Both("Realisasi", "Result"),
    "affairs": Both("Urusan", "Affairs"),
    "agencies": Both("Perangkat Daerah", "Agencies"),
    "agency": Both("Perangkat daerah", "Agency"),
    "alignment": Both("Keselarasan dengan dokumen perencanaan", "Alignment with other plans"),
    "amount": Both("Jumlah", "Amount"),
    "annex": Both("LAMPIRAN", "ANNEX"),
    "annex.about": Both("TENTANG", "ON"),
    "annex.number": Both("NOMOR {number} TAHUN {year}", "NUMBER {number} OF {year}"),
    "attachment": Both("Isi rencana sebagai data", "The plan as data"),
    "back": Both("Kembali ke catatan", "Back to note"),
    "baseline": Both("Nilai awal", "Baseline"),
    "baseline.short": Both("Awal", "Start"),
    "beneficiaries": Both("Penerima manfaat", "Beneficiaries"),
    "budget": Both("Anggaran", "Budget"),
    "budget.agency": Both(
        "Anggaran menurut perangkat daerah pengampu (Rp juta)", "Budget by owning agency (Rp million)"
    ),
    "budget.by_pillar": Both(
        "Anggaran menurut pilar dan tahun (Rp juta)", "Budget by pillar and year (Rp million)"
    ),
    "budget.by_source": Both(
        "Anggaran menurut sumber dana dan tahun (Rp juta)", "Budget by source of funds and year (Rp million)"
    ),
    "budget.pillar_source": Both(
        "Anggaran menurut sumber dana dan pilar (Rp juta)",
        "Budget by source of funds and pillar (Rp million)",
    ),
    "budget.intro": Both(
        "Seluruh anggaran program berjumlah {total} ({words}). Keempat tabel berikut menghitung baris yang sama dari sudut yang berbeda, sehingga jumlah akhirnya sama.",
        "The budgets of all programs sum to {total} ({words}). The four tables below count the same lines from different sides, so their totals are equal.",
    ),
    "budget.none": Both("Belum ada anggaran yang dicatat.", "No budget has been recorded yet."),
    "chapter": Both("BAB", "CHAPTER"),
    "code": Both("Kode", "Code"),
    "codes": Both("Kode nomenklatur", "Nomenclature codes"),
    "commitment": Both("Lembar Komitmen", "Commitment Sheet"),
    "commitment.text": Both(
        "Kami yang bertanda tangan di bawah ini menyatakan berkomitmen melaksanakan {title} sesuai tugas dan fungsi masing-masing, serta melaporkan hasilnya setiap tahun.",
        "We, the undersigned, commit ourselves to carry out {title} according to our duties, and to report on the results every year.",
    ),
    "contents": Both("Daftar Isi", "Contents"),
    "council": Both("Dewan Smart City", "Smart City Council"),
    "council.none": Both("Susunan dewan belum ditetapkan.", "The council has not been set up yet."),
    "council.table": Both("Susunan Dewan Smart City", "Seats of the Smart City Council"),
    "course": Both("Tren", "Trend"),
    "date": Both("Tanggal", "Date"),
    "dependencies": Both("Ketergantungan Program", "Dependencies between Programs"),
    "dependencies.none": Both(
        "Tidak ada program yang bergantung pada program lain.", "No program depends on another."
    ),
    "dependencies.table": Both(
        "Program dan program yang harus mendahuluinya", "Programs and the programs they wait for"
    ),
    "definition": Both("Definisi operasional", "Definition"),
    "depends_on": Both("Bergantung pada", "Depends on"),
    "digest": Both("Ringkasan Anggaran", "Budget Summary"),
    "digest.intro": Both(
        "Rencana {period} memuat {programs} program dengan anggaran {total} ({words}).",
        "The plan {period} holds {programs} programs with a budget of {total} ({words}).",
    ),
    "digest.phases": Both("Anggaran menurut pilar dan tahap", "Budget by pillar and phase"),
    "digest.table": Both("Program dan anggaran setiap pilar", "Programs and budget of each pillar"),
    "document": Both("Dokumen", "Document"),
    "pending.banner": Both("DRAF – belum ditetapkan", "DRAFT – not adopted yet"),
    "draft.banner": Both(
        "DRAF – pemeriksaan belum bersih; lihat daftar kekurangan",
        "DRAFT – the checks are not clean yet; see the list of gaps",
    ),
    "duties": Both("Tugas di setiap pilar", "Duties in each pillar"),
    "duty": Both("Tugas", "Duty"),
    "emblem": Both("Lambang {region}", "Emblem of {region}"),
    "evidence": Both("Data Dukung", "Evidence"),
    "evidence.none": Both("Belum ada data dukung yang dicatat.", "No evidence has been recorded yet."),
    "evidence.table": Both("Register data dukung", "Register of evidence"),
    "example.banner": Both(
        "CONTOH – anggaran, target, dan uraian keadaan adalah ilustrasi, bukan data resmi",
        "EXAMPLE – budgets, targets and descriptions are illustrations, not official data",
    ),
    "example.note": Both(
        "Angka pada lembar ini adalah contoh (ilustrasi), bukan data resmi.",
        "The figures of this sheet are examples (illustrations), not official data.",
    ),
    "figure": Both("Gambar", "Figure"),
    "figures": Both("Daftar Gambar", "List of Figures"),
    "find": Both("Cari di dokumen ini", "Search this document"),
    "find.none": Both("Tidak ada bagian yang memuatnya.", "No section holds it."),
    "find.some": Both("Bagian yang memuatnya: #.", "Sections that hold it: #."),
    "finding": Both("Kekurangan", "Gap"),
    "former_names": Both("Nama terdahulu", "Former names"),
    "former_until": Both("{name} (sampai {year})", "{name} (until {year})"),
    "gaps": Both("Daftar Kekurangan", "List of Gaps"),
    "gaps.count": Both("Jumlah temuan: {count}.", "Findings: {count}."),
    "gaps.intro": Both(
        "Draf ini belum lolos pemeriksaan. Jumlah temuan: {count}.",
        "This draft has not passed the checks. Findings: {count}.",
    ),
    "gaps.more": Both(
        "Ditampilkan {shown} dari {count} temuan; daftar lengkapnya dibuat dengan `masterplan tasks --to xlsx`.",
        "Shown are {shown} of {count} findings; `masterplan tasks --to xlsx` makes the full list.",
    ),
    "gaps.table": Both("Temuan yang harus diselesaikan", "Findings to be resolved"),
    "government": Both("Pemerintah {region}", "Government of {region}"),
    "goal": Both("Sasaran", "Goal"),
    "goals.program": Both("Tujuan", "Goals"),
    "goals.table": Both("Sasaran {pillar} dan ukurannya", "Goals of {pillar} and their measures"),
    "holder": Both("Pejabat", "Holder"),
    "how": Both("Caranya", "How"),
    "indicator": Both("Indikator", "Indicator"),
    "indicators": Both("Indikator", "Indicators"),
    "indicators.book": Both("Indikator dan Target Tahunan", "Indicators and Yearly Targets"),
    "indicators.none": Both("Belum ada indikator.", "No indicators yet."),
    "indicators.table": Both(
        "Indikator {pillar}: nilai awal dan target", "Indicators of {pillar}: baseline and targets"
    ),
    "innovation": Both("Jenis inovasi", "Kind of innovation"),
    "kind": Both("Jenis", "Kind"),
    "legal": Both("Dasar Hukum", "Legal Basis"),
    "level": Both("Tingkat", "Level"),
    "link.here": Both("Tautan ke bagian ini", "Link to this section"),
    "matrix": Both("Matriks Peran Serta", "Participation Matrix"),
    "matrix.key": Both(
        "Keterangan: **P** pengampu pilar; **U** pengampu program, dengan jumlah programnya; **D** pendukung program, dengan jumlahnya; **T** tugas tertulis di pilar itu.",
        "Key: **P** owns the pillar; **U** owns programs, with their number; **D** supports programs, with their number; **T** has a written duty in the pillar.",
    ),
    "matrix.table": Both(
        "Peran serta perangkat daerah di setiap pilar", "Part of each agency in each pillar"
    ),
    "missions": Both("Misi", "Missions"),
    "mitigation": Both("Mitigasi", "Mitigation"),
    "navigation": Both("Navigasi", "Navigation"),
    "needed_by": Both("Dibutuhkan oleh", "Needed by"),
    "no": Both("No.", "No."),
    "no_owner": Both("belum ada pengampu", "no owner yet"),
    "open_tasks": Both("Yang harus diselesaikan", "Open tasks"),
    "open_tasks.none": Both("Tidak ada temuan yang terbuka.", "No open findings."),
    "origin": Both("Asal usulan", "Origin"),
    "owner": Both("Pengampu", "Owner"),
    "owner.pillar": Both("Perangkat daerah pengampu pilar", "Owning agency of the pillar"),
    "owns": Both("Mengampu", "Owns"),
    "owned.table": Both("Program yang diampu {agency}", "Programs owned by {agency}"),
    "part": Both("Bagian", "Part"),
    "partners": Both("Mitra", "Partners"),
    "period": Both("Periode", "Period"),
    "pillar": Both("Pilar", "Pillar"),
    "program": Both("Program", "Program"),
    "programs.count": Both("Jumlah program", "Programs"),
    "programs.sheets": Both("Lembar program", "Program sheets"),
    "progress": Both("Kemajuan", "Progress"),
    "quick_win": Both("Quick win", "Quick win"),
    "quick_wins": Both("Quick Win", "Quick Wins"),
    "quick_wins.intro": Both(
        "Program berikut dirancang memberi hasil yang dapat dirasakan dalam 6–12 bulan.",
        "These programs are meant to give results that can be felt within 6–12 months.",
    ),
    "quick_wins.none": Both("Belum ada quick win.", "No quick wins yet."),
    "quick_wins.table": Both("Program quick win", "Quick-win programs"),
    "about": Both("Tentang", "About"),
    "risk": Both("Risiko", "Risk"),
    "risks": Both("Risiko dan mitigasi", "Risks and mitigation"),
    "roadmap": Both("Peta Jalan", "Roadmap"),
    "role": Both("Kedudukan", "Role"),
    "share": Both("Bagian", "Share"),
    "short": Both("Nama singkat", "Short name"),
    "signature": Both("Tanda tangan", "Signature"),
    "skip": Both("Langsung ke isi", "Skip to the contents"),
    "source": Both("Sumber dana", "Source of funds"),
    "source.data": Both("Sumber data", "Source of data"),
    "stage": Both("Tahapan", "Stage"),
    "status": Both("Kelengkapan Rencana", "Completeness of the Plan"),
    "status.all": Both("Semua", "All"),
    "status.done": Both("Terisi", "Done"),
    "status.intro": Both(
        "Terisi {done} dari {asked} bagian yang diminta dari perangkat daerah ({percent}). Bagian yang diminta ialah tugas di setiap pilar, serta isi setiap pilar dan program yang diampu. Bagian yang masih memuat error belum dihitung terisi.",
        "{done} of the {asked} parts asked of the agencies are there ({percent}). What is asked: a duty in each pillar, and the content of each pillar and program an agency owns. A part with an error in it does not count.",
    ),
    "status.key": Both(
        "Keterangan: **P** pengampu pilar; **U** pengampu program; – tidak ada yang diminta.",
        "Key: **P** owns the pillar; **U** owns programs; – nothing is asked.",
    ),
    "status.none": Both("Belum ada perangkat daerah atau pilar.", "There are no agencies or pillars yet."),
    "status.nobody": Both("Belum ditentukan", "Nobody yet"),
    "status.table": Both(
        "Bagian yang terisi, per perangkat daerah dan pilar", "Parts that are there, by agency and pillar"
    ),
    "subdimension": Both("Subdimensi", "Sub-dimension"),
    "supporting": Both("Pendukung", "Supporting"),
    "sheets.others": Both(
        "Program yang diampu atau didukung {agency} di pilar lain",
        "Programs that {agency} owns or supports in other pillars",
    ),
    "sheets.table": Both(
        "Program yang diampu atau didukung {agency}", "Programs that {agency} owns or supports"
    ),
    "supports": Both("Mendukung", "Supports"),
    "table": Both("Tabel", "Table"),
    "tables": Both("Daftar Tabel", "List of Tables"),
    "tags": Both("Tanda", "Tags"),
    "target": Both("Target", "Target"),
    "target.last": Both("Target akhir", "Final target"),
    "tasks.intro": Both(
        "Terisi {done} dari {asked} bagian yang diminta dari perangkat daerah ini.",
        "{done} of the {asked} parts asked of this agency are there.",
    ),
    "tasks.table": Both("Yang harus diselesaikan {agency}", "Open tasks of {agency}"),
    "total": Both("Jumlah", "Total"),
    "unit": Both("Satuan", "Unit"),
    "valid": Both("Masa berlaku", "Valid"),
    "vision": Both("Visi", "Vision"),
    "vision_missions": Both("Visi, Misi, dan Dewan Smart City", "Vision, Missions and Council"),
    "where": Both("Tempat", "Place"),
    "year": Both("Tahun", "Year"),
    "abbreviations": Both("Daftar Singkatan", "Abbreviations"),
    "abbreviation": Both("Singkatan", "Abbreviation"),
    "agencies.count": Both("Perangkat daerah", "Agencies"),
    "alignment.book": Both("Keselarasan dengan Rencana Lain", "Alignment with Other Plans"),
    "alignment.item": Both("Bagian yang didukung", "Part that is served"),
    "alignment.none": Both("Belum ada keselarasan yang dicatat.", "No alignment has been recorded yet."),
    "alignment.table": Both(
        "Rencana lain dan program yang mendukungnya",
        "Other plans and the programs that serve them",
    ),
    "action.table": Both(
        "Sasaran, strategi, dan program {pillar}",
        "Goals, strategies and programs of {pillar}",
    ),
    "action": Both("Rencana Kerja", "Action Plan"),
    "action.intro": Both(
        "Setiap baris adalah satu program: apa yang diukur, siapa yang mengerjakan, dengan dana apa, dan pada tahap mana.",
        "Each line is a program: what it is measured by, who does it, with which money, and in which phase.",
    ),
    "budget.year": Both(
        "Anggaran program {pillar} per tahun (Rp juta)",
        "Budgets of the programs of {pillar} by year (Rp million)",
    ),
    "budget.note": Both("Catatan anggaran", "Notes on the budget"),
    "full.text": Both("Uraian lengkapnya ada di {book}.", "The whole text stands in {book}."),
    "funds": Both("Dana (Rp juta)", "Funds (Rp million)"),
    "glance": Both("Rencana dalam Angka", "The Plan in Figures"),
    "index": Both("Indeks Program", "Index of Programs"),
    "index.table": Both("Program menurut abjad", "Programs in alphabetical order"),
    "indicators.budget": Both("Indikator dan anggaran", "Indicators and budget"),
    "indicators.count": Both("Indikator", "Indicators"),
    "indicators.with": Both("Indikator (satuan)", "Indicator (unit)"),
    "meaning": Both("Kepanjangan", "Meaning"),
    "number": Both("Nomor", "Number"),
    "number.program": Both("{pillar} · Program {number}", "{pillar} · Program {number}"),
    "number.pillar": Both("Pilar {number}", "Pillar {number}"),
    "part.action": Both("Rencana Aksi", "Action"),
    "part.analysis": Both("Analisis", "Analysis"),
    "part.annexes": Both("Lampiran", "Annexes"),
    "part.closing": Both("Pemantauan dan Penutup", "Monitoring and Closing"),
    "part.direction": Both("Arah Pembangunan", "Direction"),
    "part.introduction": Both("Pendahuluan", "Introduction"),
    "part.pillars": Both("Pilar dan Program", "Pillars and Programs"),
    "phase": Both("Tahap", "Phase"),
    "review": Both("Tinjauan: yang masih harus diselesaikan", "Review: what is still to be done"),
    "risks.book": Both("Register Risiko", "Risk Register"),
    "risks.none": Both("Belum ada risiko yang dicatat.", "No risks have been recorded yet."),
    "risks.table": Both("Risiko program, yang terberat dahulu", "Risks of the programs, the gravest first"),
    "rounded": Both(
        "Angka dibulatkan, sehingga jumlahnya dapat berselisih di angka terakhir.",
        "Figures are rounded, so sums may differ in their last digit.",
    ),
    "rp_million": Both("Rp juta", "Rp million"),
    "situation.table": Both(
        "Keadaan, arah, kesenjangan, dan strategi {pillar}",
        "State, direction, gaps and strategies of {pillar}",
    ),
    "sources.book": Both("Sumber Data", "Sources of Data"),
    "sources.table": Both("Sumber nilai awal indikator", "Where the baselines of the indicators come from"),
    "sources.other": Both("Lainnya", "Other"),
    "used.in": Both("Dipakai di", "Used in"),
    "waits": Both("Menunggu", "Waits for"),
    "yes": Both("Ya", "Yes"),
}


def banners(language: Language, *, draft: bool, example: bool, pending: bool = False) -> list[str]:
    """What every reader must know first: that this is a draft, or an example.

    A draft is built despite errors, or is `pending` by its own status until somebody adopts it.
    """
    marks = [("draft.banner", draft), ("pending.banner", pending and not draft), ("example.banner", example)]
    return [LABELS[key].of(language) for key, holds in marks if holds]
