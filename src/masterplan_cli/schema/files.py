"""What each kind of file may say, field by field, with its human name and one sentence, in both languages."""

# Annotations are no texts here: Pydantic would have to compile each of them whenever the program starts.
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from masterplan_cli.messages import Both
from masterplan_cli.schema.types import (
    AGENCY_KIND,
    DIRECTION,
    FONT,
    INNOVATION,
    LANGUAGE,
    LEVEL,
    ORIGIN,
    OUTPUT,
    PAPER,
    PART,
    PARTNER_KIND,
    REGION_KIND,
    SEVERITY,
    STAGE,
    STATUS,
    Code,
    Date,
    Id,
    Listed,
    Number,
    Percent,
    PlainText,
    RegionCode,
    Reviewer,
    Rupiah,
    Tag,
    Template,
    Unit,
    Url,
    Year,
    Years,
    YesNo,
)
from masterplan_cli.taxonomy import MOST_WORDS


def _f(label: Both, about: Both, default: Any = ..., **extra: Any) -> Any:
    """A field with its human name and one sentence on what to write, in both languages."""
    return Field(
        default,
        title=label.id,
        description=about.id,
        json_schema_extra={"x-en": [label.en, about.en]},
        **extra,
    )


class _Node(BaseModel):
    #: A model is built when the first file of its kind is read; those inside it are built with it.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        """A key without a value is a field not yet filled in, unless the field is required."""
        if not isinstance(value, dict) or None not in value.values():
            return value
        fields = cls.model_fields
        return {k: v for k, v in value.items() if v is not None or k not in fields or fields[k].is_required()}


#: A part of the period is a year or more, and no plan is longer than this.
_PHASES = 50
_STATUS = (
    Both("status", "status"),
    Both("contoh (angka ilustrasi), draf, atau final.", "example (illustrative figures), draft, or final."),
)


class Baseline(_Node):
    value: Number = _f(
        Both("nilai awal", "baseline value"),
        Both("Angka sebelum program berjalan.", "The figure before the program."),
    )
    year: Year | None = _f(
        Both("tahun nilai awal", "baseline year"), Both("Tahun angka itu.", "The year of that figure."), None
    )
    source: PlainText | None = _f(
        Both("sumber data", "source of data"),
        Both("Dari mana angka itu.", "Where the figure comes from."),
        None,
    )
    date: Date | None = _f(
        Both("tanggal data", "date of data"), Both("Kapan data diambil.", "When the data were taken."), None
    )


class Indicator(_Node):
    name: PlainText = _f(
        Both("nama indikator", "indicator name"), Both("Apa yang diukur.", "What is measured.")
    )
    unit: Unit = _f(
        Both("satuan", "unit"),
        Both("Satuan angkanya, misalnya persen.", "The unit of its figures, as in percent."),
    )
    direction: Annotated[str, DIRECTION] = _f(
        Both("arah", "direction"), Both("naik, turun, atau tetap.", "up, down or keep."), "up"
    )
    definition: PlainText | None = _f(
        Both("definisi operasional", "definition"), Both("Cara menghitungnya.", "How it is computed."), None
    )
    baseline: Baseline | None = _f(
        Both("nilai awal", "baseline"),
        Both("Nilai, tahun, dan sumber sebelum mulai.", "Value, year and source at the start."),
        None,
    )
    targets: dict[Year, Number] = _f(
        Both("target", "targets"),
        Both("Target setiap tahun: `2022: 40`.", "The target of each year: `2022: 40`."),
        {},
    )
    actuals: dict[Year, Number] = _f(
        Both("realisasi", "actuals"), Both("Hasil setiap tahun.", "The result of each year."), {}
    )


class BudgetLine(_Node):
    year: Year = _f(Both("tahun anggaran", "budget year"), Both("Satu tahun.", "One year."))
    amount: Rupiah = _f(
        Both("jumlah", "amount"),
        Both("Rupiah, misalnya `Rp 850.000.000`.", "Rupiah, as in `Rp 850.000.000`."),
    )
    source: Listed = _f(
        Both("sumber dana", "source of funds"), Both("Misalnya APBD Kota.", "For instance APBD Kota.")
    )
    note: PlainText | None = _f(Both("keterangan", "note"), Both("Bila perlu.", "If needed."), None)


class Partner(_Node):
    name: PlainText = _f(
        Both("nama mitra", "partner name"),
        Both("Lembaga di luar pemerintah kota.", "A body outside the city government."),
    )
    kind: Annotated[str, PARTNER_KIND] = _f(
        Both("jenis mitra", "kind of partner"),
        Both("swasta, perguruan-tinggi, komunitas, …", "business, university, community, …"),
        "other",
    )
    role: PlainText | None = _f(Both("peran", "role"), Both("Apa yang dikerjakannya.", "What it does."), None)


class NomenclatureCode(_Node):
    code: Code = _f(
        Both("kode", "code"),
        Both("Kode program, kegiatan, atau subkegiatan.", "A code of the government nomenclature."),
    )
    nomenclature: PlainText = _f(
        Both("versi nomenklatur", "nomenclature version"),
        Both("Peraturan yang memuat kode itu.", "The regulation that holds the code."),
    )
    title: PlainText | None = _f(
        Both("nomenklatur", "title"), Both("Bunyi kode itu.", "What the code stands for."), None
    )


class Alignment(_Node):
    plan: PlainText = _f(
        Both("dokumen perencanaan", "plan"), Both("Misalnya RPJMD.", "For instance the RPJMD.")
    )
    period: Years | None = _f(
        Both("periode", "period"), Both("Periode dokumen itu.", "That plan's period."), None
    )
    item: PlainText = _f(
        Both("bagian yang didukung", "item"),
        Both("Misi, tujuan, sasaran, atau program.", "A mission, goal or program of it."),
    )


class Risk(_Node):
    risk: PlainText = _f(Both("risiko", "risk"), Both("Apa yang dapat terjadi.", "What may happen."))
    mitigation: PlainText | None = _f(
        Both("mitigasi", "mitigation"), Both("Apa yang dilakukan.", "What is done about it."), None
    )
    level: Annotated[str, LEVEL] = _f(
        Both("tingkat", "level"), Both("tinggi, sedang, atau rendah.", "high, medium or low."), "medium"
    )


class Evidence(_Node):
    title: PlainText = _f(
        Both("judul bukti", "title"), Both("Nama dokumen atau halaman.", "Name of the document or page.")
    )
    file: Id | None = _f(Both("berkas", "file"), Both("Jalur di `assets/`.", "A path in `assets/`."), None)
    url: Url | None = _f(
        Both("alamat web", "address"), Both("Alamat `https://…`.", "An address `https://…`."), None
    )
    date: Date | None = _f(Both("tanggal", "date"), Both("Tanggal dokumen.", "The document's date."), None)


class Program(_Node):
    """Satu program atau inovasi (lembar inovasi). / One program or innovation."""

    title: PlainText = _f(
        Both("judul program", "program title"), Both("Nama lengkap program.", "The program's full name.")
    )
    short: PlainText | None = _f(
        Both("nama singkat", "short name"), Both("Singkatan atau merek.", "An acronym or brand."), None
    )
    subdimension: Id | None = _f(
        Both("subdimensi", "sub-dimension"),
        Both("Id subdimensi pilar ini.", "Id of a sub-dimension of this pillar."),
        None,
    )
    owner: Id | None = _f(
        Both("perangkat daerah pengampu", "owning agency"),
        Both("Id satu perangkat daerah di `agencies/`.", "Id of one agency in `agencies/`."),
        None,
    )
    supporting: tuple[Id, ...] = _f(
        Both("perangkat daerah pendukung", "supporting agencies"), Both("Daftar id.", "A list of ids."), ()
    )
    partners: tuple[Partner, ...] = _f(
        Both("mitra", "partners"),
        Both("Pihak di luar pemerintah kota.", "Bodies outside the city government."),
        (),
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "final")
    period: Years | None = _f(
        Both("periode program", "program period"),
        Both("Tahun mulai dan selesai: `2022-2026`.", "First and last year: `2022-2026`."),
        None,
    )
    quick_win: YesNo = _f(
        Both("quick win", "quick win"),
        Both("Ya bila terasa hasilnya dalam 6–12 bulan.", "Yes if its result is felt within 6–12 months."),
        False,
    )
    innovation: Annotated[str, INNOVATION] | None = _f(
        Both("jenis inovasi", "kind of innovation"),
        Both("program, produk, layanan, …", "program, product, service, …"),
        None,
    )
    origin: Annotated[str, ORIGIN] | None = _f(
        Both("asal usulan", "origin"),
        Both("perangkat-daerah, dewan-smart-city, atau masyarakat.", "agency, council or citizens."),
        None,
    )
    goals: tuple[PlainText, ...] = _f(
        Both("tujuan", "goals"), Both("Apa yang hendak dicapai.", "What it is to achieve."), ()
    )
    beneficiaries: tuple[PlainText, ...] = _f(
        Both("penerima manfaat", "beneficiaries"), Both("Siapa yang merasakan manfaat.", "Who gains."), ()
    )
    indicators: tuple[Indicator, ...] = _f(
        Both("indikator", "indicators"), Both("Ukuran keberhasilan.", "Measures of success."), ()
    )
    budget: tuple[BudgetLine, ...] = _f(
        Both("anggaran", "budget"),
        Both("Satu baris untuk setiap tahun dan sumber dana.", "One line for each year and source."),
        (),
    )
    no_budget_reason: PlainText | None = _f(
        Both("alasan tanpa anggaran", "reason for no budget"),
        Both("Mengapa program tidak memerlukan dana sendiri.", "Why it needs no money of its own."),
        None,
    )
    codes: tuple[NomenclatureCode, ...] = _f(
        Both("kode nomenklatur", "nomenclature codes"),
        Both("Kode beserta versinya.", "Codes with their version."),
        (),
    )
    alignment: tuple[Alignment, ...] = _f(
        Both("keselarasan", "alignment"),
        Both("Hubungan dengan RPJMD, Renstra, SPBE, ….", "Its place in other plans."),
        (),
    )
    depends_on: tuple[Id, ...] = _f(
        Both("bergantung pada", "depends on"),
        Both("Id program lain: `pilar/program`.", "Ids of other programs: `pillar/program`."),
        (),
    )
    risks: tuple[Risk, ...] = _f(
        Both("risiko", "risks"), Both("Risiko dan mitigasinya.", "Risks and what is done about them."), ()
    )
    evidence: tuple[Evidence, ...] = _f(
        Both("data dukung", "evidence"),
        Both("Berkas atau alamat yang membuktikan.", "Files or addresses that prove it."),
        (),
    )
    tags: tuple[Tag, ...] = _f(
        Both("tanda", "tags"), Both('Misalnya `"sdg:11.6"`.', 'For instance `"sdg:11.6"`.'), ()
    )
    stage: Annotated[str, STAGE] | None = _f(
        Both("tahapan", "stage"), Both("perumusan-masalah … evaluasi.", "problem … evaluation."), None
    )
    progress: Percent | None = _f(
        Both("kemajuan", "progress"), Both("0 sampai 100 persen.", "0 to 100 percent."), None
    )


class Goal(_Node):
    title: PlainText = _f(Both("sasaran", "goal"), Both("Satu kalimat.", "One sentence."))
    subdimension: Id | None = _f(
        Both("subdimensi", "sub-dimension"), Both("Id subdimensi.", "Id of a sub-dimension."), None
    )
    indicators: tuple[Indicator, ...] = _f(
        Both("indikator", "indicators"), Both("Ukuran sasaran.", "Measures of the goal."), ()
    )


class Pillar(_Node):
    """Satu pilar: pengampu, sasaran, dan narasinya. / One pillar: owner, goals and narrative."""

    title: PlainText | None = _f(
        Both("judul pilar", "pillar title"),
        Both("Bila berbeda dari taksonomi.", "If it differs from the taxonomy."),
        None,
    )
    owner: Id | None = _f(
        Both("perangkat daerah pengampu", "owning agency"),
        Both("Id satu perangkat daerah di `agencies/`.", "Id of one agency in `agencies/`."),
        None,
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "final")
    summary: PlainText | None = _f(
        Both("ringkasan", "summary"), Both("Satu atau dua kalimat.", "One or two sentences."), None
    )
    goals: tuple[Goal, ...] = _f(
        Both("sasaran", "goals"),
        Both("Sasaran pilar dengan indikatornya.", "The pillar's goals with their indicators."),
        (),
    )


class FormerName(_Node):
    name: PlainText = _f(
        Both("nama lama", "former name"), Both("Nama lengkap yang dulu.", "The former full name.")
    )
    short: PlainText | None = _f(
        Both("singkatan lama", "former short name"), Both("Singkatan yang dulu.", "The former acronym."), None
    )
    until: Year | None = _f(
        Both("sampai tahun", "until"),
        Both("Tahun terakhir nama itu dipakai.", "Last year of that name."),
        None,
    )


class Agency(_Node):
    """Satu perangkat daerah dan tugasnya di setiap pilar. / One agency and its duty in each pillar."""

    name: PlainText = _f(Both("nama perangkat daerah", "agency name"), Both("Nama lengkap.", "Full name."))
    short: PlainText | None = _f(Both("singkatan", "short name"), Both("Nama singkat.", "Short name."), None)
    kind: Annotated[str, AGENCY_KIND] = _f(
        Both("jenis", "kind"), Both("dinas, badan, kecamatan, ….", "office, board, district, …."), "other"
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "final")
    head: PlainText | None = _f(
        Both("jabatan kepala", "title of its head"),
        Both("Jabatan penanda tangan.", "The signatory's title."),
        None,
    )
    valid: Years | None = _f(
        Both("masa berlaku", "validity"),
        Both("Tahun lembaga ini ada: `2025-`.", "Years in which it exists: `2025-`."),
        None,
    )
    former_names: tuple[FormerName, ...] = _f(
        Both("nama terdahulu", "former names"), Both("Nama sebelum berubah.", "Names before a change."), ()
    )
    affairs: tuple[Code, ...] = _f(
        Both("urusan", "affairs"), Both("Kode urusan pemerintahan.", "Codes of government affairs."), ()
    )
    reviewers: tuple[Reviewer, ...] = _f(
        Both("peninjau", "reviewers"),
        Both(
            'Siapa yang menyetujui perubahan berkasnya: `"@pengguna"`, `"@organisasi/tim"`, atau surel.',
            'Who approves changes to its files: `"@user"`, `"@organisation/team"` or an e-mail address.',
        ),
        (),
    )
    duties: dict[Id, PlainText | None] = _f(
        Both("tugas per pilar", "duties"),
        Both("Satu kalimat untuk setiap pilar.", "One sentence for each pillar."),
        {},
    )


class Chapter(_Node):
    """Satu bab naratif. / One narrative chapter."""

    title: PlainText = _f(
        Both("judul bab", "chapter title"), Both("Judul yang dicetak.", "The printed title.")
    )
    part: Annotated[str, PART] = _f(
        Both("bagian", "part"),
        Both(
            "preface, introduction, analysis, direction, action, atau closing.",
            "preface, introduction, analysis, direction, action or closing.",
        ),
        "introduction",
    )
    order: Number = _f(
        Both("urutan", "order"), Both("Urutan di dalam bagiannya.", "Its place within the part."), Decimal(0)
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "final")


class Region(_Node):
    name: PlainText = _f(
        Both("nama daerah", "region name"), Both("Misalnya Kota Contoh.", "As in Kota Contoh.")
    )
    kind: Annotated[str, REGION_KIND] = _f(
        Both("jenis daerah", "kind of region"),
        Both("kota, kabupaten, provinsi, atau lainnya.", "city, regency, province or other."),
        "other",
    )
    code: RegionCode | None = _f(
        Both("kode wilayah", "region code"), Both("Kode wilayah resmi.", "The official code."), None
    )
    province: PlainText | None = _f(
        Both("provinsi", "province"), Both("Nama provinsi.", "Name of the province."), None
    )
    head: PlainText | None = _f(
        Both("kepala daerah", "head of the region"),
        Both("Jabatan penanda tangan, misalnya Wali Kota Contoh.", "Title of the signatory."),
        None,
    )


class Phase(_Node):
    title: PlainText = _f(
        Both("nama tahap", "phase name"), Both("Misalnya Jangka pendek.", "As in Short term.")
    )
    period: Years = _f(
        Both("periode tahap", "phase period"), Both("Misalnya `2022-2023`.", "As in `2022-2023`.")
    )


class Legal(_Node):
    title: PlainText = _f(
        Both("peraturan", "regulation"), Both("Jenis, nomor, dan tahun.", "Kind, number and year.")
    )
    about: PlainText | None = _f(
        Both("tentang", "about"), Both("Judul peraturan.", "What it is about."), None
    )


class CouncilSeat(_Node):
    role: PlainText = _f(Both("kedudukan", "role"), Both("Misalnya Pembina.", "As in Patron."))
    holder: PlainText | None = _f(
        Both("pejabat", "holder"), Both("Jabatan yang memegangnya.", "The office that holds it."), None
    )
    agency: Id | None = _f(
        Both("perangkat daerah", "agency"),
        Both("Id perangkat daerah, bila ada.", "Id of an agency, if any."),
        None,
    )


class Regulation(_Node):
    """Peraturan yang melampirkan sebuah buku. / The regulation that a book is annexed to."""

    title: PlainText = _f(
        Both("nama peraturan", "name of the regulation"),
        Both("Misalnya Peraturan Wali Kota Contoh.", "As in Peraturan Wali Kota Contoh."),
    )
    about: PlainText = _f(
        Both("tentang", "about"),
        Both("Judul peraturan, sesudah kata TENTANG.", "The regulation's title, after the word TENTANG."),
    )
    number: PlainText | None = _f(
        Both("nomor peraturan", "number"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )
    year: Year | None = _f(
        Both("tahun peraturan", "year"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )
    annex: PlainText | None = _f(
        Both("nomor lampiran", "annex number"),
        Both("Misalnya I, bila lampirannya lebih dari satu.", "As in I, when there are several annexes."),
        None,
    )
    signatory: PlainText | None = _f(
        Both("nama penanda tangan", "name of the signatory"),
        Both("Selama kosong, tercetak titik-titik.", "While empty, dots are printed."),
        None,
    )


class Book(_Node):
    id: PlainText = _f(
        Both("id buku", "book id"),
        Both(
            "Nama berkas hasilnya dan kata untuk `--book`: `ringkasan` menjadi ringkasan.pdf.",
            "The name of its files and the word for `--book`: `summary` becomes summary.pdf.",
        ),
    )
    template: Template = _f(
        Both("templat buku", "book template"),
        Both(
            "masterplan, analisis, ringkasan, atau peraturan; atau nama berkas di templates/books/.",
            "masterplan, analysis, summary or regulation; or the name of a file in templates/books/.",
        ),
        "masterplan",
    )
    title: PlainText | None = _f(
        Both("judul buku", "book title"),
        Both("Judul di sampul; biasanya judul rencana.", "The title on the cover; else that of the plan."),
        None,
    )
    subtitle: PlainText | None = _f(
        Both("anak judul buku", "book subtitle"),
        Both(
            "Baris kedua sampul; biasanya milik rencana.", "The cover's second line; else that of the plan."
        ),
        None,
    )
    outputs: tuple[Annotated[str, OUTPUT], ...] = _f(
        Both("keluaran buku", "outputs of the book"),
        Both("Biasanya sama dengan `outputs` rencana.", "Else the same as the plan's `outputs`."),
        (),
    )
    paper: Annotated[str, PAPER] | None = _f(
        Both("kertas", "paper"),
        Both("a4 atau f4; lampiran peraturan memakai f4.", "a4 or f4; f4 for the annex of a regulation."),
        None,
    )
    font: Annotated[str, FONT] | None = _f(
        Both("jenis huruf", "font"),
        Both(
            "sans atau serif; lampiran peraturan memakai serif.",
            "sans or serif; serif for the annex of a regulation.",
        ),
        None,
    )
    archive: YesNo = _f(
        Both("edisi arsip", "archive edition"),
        Both(
            "Ya bila PDF-nya membawa berkas XLSX dan JSON rencana di dalamnya.",
            "Yes when its PDF carries the plan's XLSX and JSON files.",
        ),
        False,
    )
    regulation: Regulation | None = _f(
        Both("peraturan", "regulation"),
        Both("Peraturan yang melampirkannya.", "The regulation that it is annexed to."),
        None,
    )


class RuleSetting(_Node):
    severity: Annotated[str, SEVERITY] = _f(
        Both("tingkat", "severity"), Both("error, warning, atau off.", "error, warning or off.")
    )
    reason: PlainText = _f(Both("alasan", "reason"), Both("Mengapa diubah.", "Why it is changed."))


class ProseSettings(_Node):
    allowed: tuple[PlainText, ...] = _f(
        Both("kata yang diizinkan", "allowed phrases"),
        Both(
            "Frasa yang boleh memuat kata pemerintahan lain.",
            "Phrases that may hold a word of another government.",
        ),
        (),
        max_length=MOST_WORDS,
    )


class Masterplan(_Node):
    """Rencana: judul, daerah, periode, dan aturannya. / The plan: title, region, period and its rules."""

    title: PlainText = _f(
        Both("judul rencana", "plan title"), Both("Judul di sampul.", "The title on the cover.")
    )
    subtitle: PlainText | None = _f(
        Both("anak judul", "subtitle"), Both("Baris kedua sampul.", "The cover's second line."), None
    )
    logo: PlainText | None = _f(
        Both("lambang", "emblem"),
        Both(
            "Gambar di sampul, misalnya `assets/lambang.svg`.",
            "A picture on the cover, as in `assets/emblem.svg`.",
        ),
        None,
    )
    status: Annotated[str, STATUS] = _f(*_STATUS, "draft")
    language: Annotated[str, LANGUAGE] = _f(
        Both("bahasa", "language"),
        Both("Bahasa dokumen dan pesan: id atau en.", "Language of the document and messages: id or en."),
        "id",
    )
    region: Region = _f(
        Both("daerah", "region"), Both("Nama dan jenis daerah.", "Name and kind of the region.")
    )
    period: Years = _f(
        Both("periode rencana", "plan period"), Both("Misalnya `2022-2031`.", "As in `2022-2031`.")
    )
    phases: tuple[Phase, ...] = _f(
        Both("tahap", "phases"), Both("Pembagian periode.", "Parts of the period."), (), max_length=_PHASES
    )
    taxonomy: Id = _f(
        Both("taksonomi", "taxonomy"),
        Both(
            "Nama taksonomi bawaan, atau berkas `.yaml` di repo ini.",
            "A shipped taxonomy, or a `.yaml` file of this repo.",
        ),
        "kominfo-2021",
    )
    vision: PlainText | None = _f(Both("visi", "vision"), Both("Satu kalimat.", "One sentence."), None)
    missions: tuple[PlainText, ...] = _f(
        Both("misi", "missions"), Both("Daftar misi.", "The list of missions."), ()
    )
    legal_basis: tuple[Legal, ...] = _f(
        Both("dasar hukum", "legal basis"), Both("Daftar peraturan.", "The list of regulations."), ()
    )
    council: tuple[CouncilSeat, ...] = _f(
        Both("Dewan Smart City", "council"), Both("Susunan dewan.", "The council's seats."), ()
    )
    coordinator: Id | None = _f(
        Both("koordinator", "coordinator"),
        Both("Id perangkat daerah sekretariat.", "Id of the agency that coordinates."),
        None,
    )
    funding_sources: tuple[Listed, ...] = _f(
        Both("sumber dana tambahan", "more sources of funds"),
        Both("Di luar daftar taksonomi.", "Beyond the taxonomy's list."),
        (),
    )
    units: tuple[Listed, ...] = _f(
        Both("satuan tambahan", "more units"),
        Both("Satuan indikator di luar daftar taksonomi.", "Units of indicators beyond the taxonomy's list."),
        (),
    )
    signing_place: PlainText | None = _f(
        Both("tempat penandatanganan", "place of signing"),
        Both("Untuk lembar komitmen.", "For the commitment sheet."),
        None,
    )
    outputs: tuple[Annotated[str, OUTPUT], ...] = _f(
        Both("keluaran", "outputs"),
        Both("html, pdf, docx, xlsx, md, json.", "html, pdf, docx, xlsx, md, json."),
        ("html", "md", "json"),
    )
    books: tuple[Book, ...] = _f(
        Both("buku", "books"),
        Both(
            "Daftar buku yang disusun dengan `--book`; tanpa daftar ini hanya satu dokumen masterplan.",
            "The books that `--book` makes; without this list there is the one masterplan document.",
        ),
        (),
    )
    prose: ProseSettings = _f(
        Both("naskah", "prose"), Both("Pengaturan naskah.", "Settings for prose."), ProseSettings()
    )
    rules: dict[Id, RuleSetting] = _f(
        Both("aturan", "rules"),
        Both("Tingkat per kode, dengan alasan.", "Severity by code, with a reason."),
        {},
    )


KINDS: dict[str, type[BaseModel]] = {
    "masterplan": Masterplan,
    "agency": Agency,
    "pillar": Pillar,
    "program": Program,
    "chapter": Chapter,
}
