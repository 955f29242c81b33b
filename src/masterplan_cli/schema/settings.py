"""What the plan's own file may say, `masterplan.yaml`."""

# Annotations are no texts here: Pydantic would have to compile each of them whenever the program starts.
from typing import Annotated

from masterplan_cli.messages import Both
from masterplan_cli.schema.fields import STATUS_WORDS, Group, field
from masterplan_cli.schema.types import (
    FONT,
    LANGUAGE,
    OUTPUT,
    PAPER,
    REGION_KIND,
    SEVERITY,
    STATUS,
    Id,
    Listed,
    PlainText,
    RegionCode,
    Template,
    Year,
    Years,
    YesNo,
)
from masterplan_cli.taxonomy import MOST_WORDS

#: A part of the period is a year or more, and no plan is longer than this.
_PHASES = 50


class Region(Group):
    name: PlainText = field(
        Both("nama daerah", "region name"), Both("Misalnya Kota Contoh.", "As in Kota Contoh.")
    )
    kind: Annotated[str, REGION_KIND] = field(
        Both("jenis daerah", "kind of region"),
        Both("kota, kabupaten, provinsi, atau lainnya.", "city, regency, province or other."),
        "other",
    )
    code: RegionCode | None = field(
        Both("kode wilayah", "region code"), Both("Kode wilayah resmi.", "The official code."), None
    )
    province: PlainText | None = field(
        Both("provinsi", "province"), Both("Nama provinsi.", "Name of the province."), None
    )
    head: PlainText | None = field(
        Both("kepala daerah", "head of the region"),
        Both("Jabatan penanda tangan, misalnya Wali Kota Contoh.", "Title of the signatory."),
        None,
    )


class Phase(Group):
    title: PlainText = field(
        Both("nama tahap", "phase name"), Both("Misalnya Jangka pendek.", "As in Short term.")
    )
    period: Years = field(
        Both("periode tahap", "phase period"), Both("Misalnya `2022-2023`.", "As in `2022-2023`.")
    )


class Legal(Group):
    title: PlainText = field(
        Both("peraturan", "regulation"), Both("Jenis, nomor, dan tahun.", "Kind, number and year.")
    )
    about: PlainText | None = field(
        Both("tentang", "about"), Both("Judul peraturan.", "What it is about."), None
    )


class Abbreviation(Group):
    term: PlainText = field(
        Both("singkatan atau istilah", "abbreviation or term"), Both("Misalnya SPBE.", "As in GDP.")
    )
    meaning: PlainText = field(
        Both("kepanjangan atau arti", "meaning"),
        Both("Tercetak di daftar singkatan.", "Printed in the list of abbreviations."),
    )


class CouncilSeat(Group):
    role: PlainText = field(Both("kedudukan", "role"), Both("Misalnya Pembina.", "As in Patron."))
    holder: PlainText | None = field(
        Both("pejabat", "holder"), Both("Jabatan yang memegangnya.", "The office that holds it."), None
    )
    agency: Id | None = field(
        Both("perangkat daerah", "agency"),
        Both("Id perangkat daerah, bila ada.", "Id of an agency, if any."),
        None,
    )


class Regulation(Group):
    """Peraturan yang melampirkan sebuah buku. / The regulation that a book is annexed to."""

    title: PlainText = field(
        Both("nama peraturan", "name of the regulation"),
        Both("Misalnya Peraturan Wali Kota Contoh.", "As in Peraturan Wali Kota Contoh."),
    )
    about: PlainText = field(
        Both("tentang", "about"),
        Both("Judul peraturan, sesudah kata TENTANG.", "The regulation's title, after the word TENTANG."),
    )
    number: PlainText | None = field(
        Both("nomor peraturan", "number"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )
    year: Year | None = field(
        Both("tahun peraturan", "year"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )
    annex: PlainText | None = field(
        Both("nomor lampiran", "annex number"),
        Both("Misalnya I, bila lampirannya lebih dari satu.", "As in I, when there are several annexes."),
        None,
    )
    signatory: PlainText | None = field(
        Both("nama penanda tangan", "name of the signatory"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )


class Book(Group):
    id: PlainText = field(
        Both("id buku", "book id"),
        Both(
            "Nama berkas hasilnya dan kata untuk `--book`: `ringkasan` menjadi ringkasan.pdf.",
            "The name of its files and the word for `--book`: `summary` becomes summary.pdf.",
        ),
    )
    template: Template = field(
        Both("templat buku", "book template"),
        Both(
            "masterplan, analisis, ringkasan, peraturan, atau tinjauan; atau nama berkas di templates/books/.",
            "masterplan, analysis, summary, regulation or review; or the name of a file in templates/books/.",
        ),
        "masterplan",
    )
    title: PlainText | None = field(
        Both("judul buku", "book title"),
        Both("Judul di sampul; biasanya judul rencana.", "The title on the cover; else that of the plan."),
        None,
    )
    subtitle: PlainText | None = field(
        Both("anak judul buku", "book subtitle"),
        Both(
            "Baris kedua sampul; biasanya milik rencana.", "The cover's second line; else that of the plan."
        ),
        None,
    )
    outputs: tuple[Annotated[str, OUTPUT], ...] = field(
        Both("keluaran buku", "outputs of the book"),
        Both("Biasanya sama dengan `outputs` rencana.", "Else the same as the plan's `outputs`."),
        (),
    )
    paper: Annotated[str, PAPER] | None = field(
        Both("kertas", "paper"),
        Both("a4 atau f4; lampiran peraturan memakai f4.", "a4 or f4; f4 for the annex of a regulation."),
        None,
    )
    font: Annotated[str, FONT] | None = field(
        Both("jenis huruf", "font"),
        Both(
            "sans atau serif; lampiran peraturan memakai serif.",
            "sans or serif; serif for the annex of a regulation.",
        ),
        None,
    )
    archive: YesNo = field(
        Both("edisi arsip", "archive edition"),
        Both(
            "Ya bila PDF-nya membawa berkas XLSX dan JSON rencana di dalamnya.",
            "Yes when its PDF carries the plan's XLSX and JSON files.",
        ),
        False,
    )
    regulation: Regulation | None = field(
        Both("peraturan", "regulation"),
        Both("Peraturan yang melampirkannya.", "The regulation that it is annexed to."),
        None,
    )


class RuleSetting(Group):
    severity: Annotated[str, SEVERITY] = field(
        Both("tingkat", "severity"), Both("error, warning, atau off.", "error, warning or off.")
    )
    reason: PlainText = field(Both("alasan", "reason"), Both("Mengapa diubah.", "Why it is changed."))


class ProseSettings(Group):
    allowed: tuple[PlainText, ...] = field(
        Both("kata yang diizinkan", "allowed phrases"),
        Both(
            "Frasa yang boleh memuat kata pemerintahan lain.",
            "Phrases that may hold a word of another government.",
        ),
        (),
        max_length=MOST_WORDS,
    )


class Masterplan(Group):
    """Rencana: judul, daerah, periode, dan aturannya. / The plan: title, region, period and its rules."""

    title: PlainText = field(
        Both("judul rencana", "plan title"), Both("Judul di sampul.", "The title on the cover.")
    )
    subtitle: PlainText | None = field(
        Both("anak judul", "subtitle"), Both("Baris kedua sampul.", "The cover's second line."), None
    )
    logo: PlainText | None = field(
        Both("lambang", "emblem"),
        Both(
            "Gambar di sampul, misalnya `assets/lambang.svg`.",
            "A picture on the cover, as in `assets/emblem.svg`.",
        ),
        None,
    )
    status: Annotated[str, STATUS] = field(*STATUS_WORDS, "draft")
    language: Annotated[str, LANGUAGE] = field(
        Both("bahasa", "language"),
        Both("Bahasa dokumen dan pesan: id atau en.", "Language of the document and messages: id or en."),
        "id",
    )
    region: Region = field(
        Both("daerah", "region"), Both("Nama dan jenis daerah.", "Name and kind of the region.")
    )
    period: Years = field(
        Both("periode rencana", "plan period"), Both("Misalnya `2022-2031`.", "As in `2022-2031`.")
    )
    phases: tuple[Phase, ...] = field(
        Both("tahap", "phases"), Both("Pembagian periode.", "Parts of the period."), (), max_length=_PHASES
    )
    taxonomy: Id = field(
        Both("taksonomi", "taxonomy"),
        Both(
            "Nama taksonomi bawaan, atau berkas `.yaml` di repo ini.",
            "A shipped taxonomy, or a `.yaml` file of this repo.",
        ),
        "kominfo-2021",
    )
    vision: PlainText | None = field(Both("visi", "vision"), Both("Satu kalimat.", "One sentence."), None)
    missions: tuple[PlainText, ...] = field(
        Both("misi", "missions"), Both("Daftar misi.", "The list of missions."), ()
    )
    legal_basis: tuple[Legal, ...] = field(
        Both("dasar hukum", "legal basis"), Both("Daftar peraturan.", "The list of regulations."), ()
    )
    council: tuple[CouncilSeat, ...] = field(
        Both("Dewan Smart City", "council"), Both("Susunan dewan.", "The council's seats."), ()
    )
    glossary: tuple[Abbreviation, ...] = field(
        Both("singkatan dan istilah", "abbreviations"),
        Both(
            "Daftar singkatan; nama singkat perangkat daerah dicetak dengan sendirinya.",
            "Abbreviations and terms; the short names of agencies are printed by themselves.",
        ),
        (),
    )
    coordinator: Id | None = field(
        Both("koordinator", "coordinator"),
        Both("Id perangkat daerah sekretariat.", "Id of the agency that coordinates."),
        None,
    )
    funding_sources: tuple[Listed, ...] = field(
        Both("sumber dana tambahan", "more sources of funds"),
        Both("Di luar daftar taksonomi.", "Beyond the taxonomy's list."),
        (),
    )
    units: tuple[Listed, ...] = field(
        Both("satuan tambahan", "more units"),
        Both("Satuan indikator di luar daftar taksonomi.", "Units of indicators beyond the taxonomy's list."),
        (),
    )
    signing_place: PlainText | None = field(
        Both("tempat penandatanganan", "place of signing"),
        Both("Untuk lembar komitmen.", "For the commitment sheet."),
        None,
    )
    rupiah_space: YesNo = field(
        Both("spasi sesudah Rp", "space after Rp"),
        Both(
            "Ya mencetak `Rp 1.250.000`, Tidak mencetak `Rp1.250.000`.",
            "Yes prints `Rp 1.250.000`, no prints `Rp1.250.000`.",
        ),
        True,
    )
    outputs: tuple[Annotated[str, OUTPUT], ...] = field(
        Both("keluaran", "outputs"),
        Both("html, pdf, docx, xlsx, md, json.", "html, pdf, docx, xlsx, md, json."),
        ("html", "md", "json"),
    )
    books: tuple[Book, ...] = field(
        Both("buku", "books"),
        Both(
            "Daftar buku yang disusun dengan `--book`; tanpa daftar ini hanya satu dokumen masterplan.",
            "The books that `--book` makes; without this list there is the one masterplan document.",
        ),
        (),
    )
    prose: ProseSettings = field(
        Both("naskah", "prose"), Both("Pengaturan naskah.", "Settings for prose."), ProseSettings()
    )
    rules: dict[Id, RuleSetting] = field(
        Both("aturan", "rules"),
        Both("Tingkat per kode, dengan alasan.", "Severity by code, with a reason."),
        {},
    )


#: The fields of a plan's own file that say how the tool works, and nothing of the plan.
OF_THE_TOOL = ("rules", "prose", "outputs", "books")
