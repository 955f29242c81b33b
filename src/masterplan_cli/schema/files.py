"""What each kind of file may say, field by field."""

# Annotations are no texts here: Pydantic would have to compile each of them whenever the program starts.
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel

from masterplan_cli.messages import Both
from masterplan_cli.schema.fields import STATUS_WORDS, Group, field
from masterplan_cli.schema.settings import Masterplan
from masterplan_cli.schema.types import (
    AGENCY_KIND,
    DIRECTION,
    INNOVATION,
    LEVEL,
    ORIGIN,
    PART,
    PARTNER_KIND,
    STAGE,
    STATUS,
    Code,
    Date,
    Id,
    Listed,
    Number,
    Percent,
    PlainText,
    Reviewer,
    Rupiah,
    Tag,
    Unit,
    Url,
    Year,
    Years,
    YesNo,
)


class Baseline(Group):
    value: Number = field(
        Both("nilai awal", "baseline value"),
        Both("Angka sebelum program berjalan.", "The figure before the program."),
    )
    year: Year | None = field(
        Both("tahun nilai awal", "baseline year"), Both("Tahun angka itu.", "The year of that figure."), None
    )
    source: PlainText | None = field(
        Both("sumber data", "source of data"),
        Both("Dari mana angka itu.", "Where the figure comes from."),
        None,
    )
    date: Date | None = field(
        Both("tanggal data", "date of data"), Both("Kapan data diambil.", "When the data were taken."), None
    )


class Indicator(Group):
    name: PlainText = field(
        Both("nama indikator", "indicator name"), Both("Apa yang diukur.", "What is measured.")
    )
    unit: Unit = field(
        Both("satuan", "unit"),
        Both("Satuan angkanya, misalnya persen.", "The unit of its figures, as in percent."),
    )
    direction: Annotated[str, DIRECTION] = field(
        Both("arah", "direction"), Both("naik, turun, atau tetap.", "up, down or keep."), "up"
    )
    definition: PlainText | None = field(
        Both("definisi operasional", "definition"), Both("Cara menghitungnya.", "How it is computed."), None
    )
    baseline: Baseline | None = field(
        Both("nilai awal", "baseline"),
        Both("Nilai, tahun, dan sumber sebelum mulai.", "Value, year and source at the start."),
        None,
    )
    targets: dict[Year, Number] = field(
        Both("target", "targets"),
        Both("Target setiap tahun: `2022: 40`.", "The target of each year: `2022: 40`."),
        {},
    )
    actuals: dict[Year, Number] = field(
        Both("realisasi", "actuals"), Both("Hasil setiap tahun.", "The result of each year."), {}
    )


class BudgetLine(Group):
    called_by = ("year", "source")
    year: Year = field(Both("tahun anggaran", "budget year"), Both("Satu tahun.", "One year."))
    amount: Rupiah = field(
        Both("jumlah", "amount"),
        Both("Rupiah, misalnya `Rp 850.000.000`.", "Rupiah, as in `Rp 850.000.000`."),
    )
    source: Listed = field(
        Both("sumber dana", "source of funds"), Both("Misalnya APBD Kota.", "For instance APBD Kota.")
    )
    note: PlainText | None = field(Both("keterangan", "note"), Both("Bila perlu.", "If needed."), None)


class Partner(Group):
    name: PlainText = field(
        Both("nama mitra", "partner name"),
        Both("Lembaga di luar pemerintah kota.", "A body outside the city government."),
    )
    kind: Annotated[str, PARTNER_KIND] = field(
        Both("jenis mitra", "kind of partner"),
        Both("swasta, perguruan-tinggi, komunitas, …", "business, university, community, …"),
        "other",
    )
    role: PlainText | None = field(
        Both("peran", "role"), Both("Apa yang dikerjakannya.", "What it does."), None
    )


class NomenclatureCode(Group):
    code: Code = field(
        Both("kode", "code"),
        Both("Kode program, kegiatan, atau subkegiatan.", "A code of the government nomenclature."),
    )
    nomenclature: PlainText = field(
        Both("versi nomenklatur", "nomenclature version"),
        Both("Peraturan yang memuat kode itu.", "The regulation that holds the code."),
    )
    title: PlainText | None = field(
        Both("nomenklatur", "title"), Both("Bunyi kode itu.", "What the code stands for."), None
    )


class Alignment(Group):
    called_by = ("plan", "item")
    plan: PlainText = field(
        Both("dokumen perencanaan", "plan"), Both("Misalnya RPJMD.", "For instance the RPJMD.")
    )
    period: Years | None = field(
        Both("periode", "period"), Both("Periode dokumen itu.", "That plan's period."), None
    )
    item: PlainText = field(
        Both("bagian yang didukung", "item"),
        Both("Misi, tujuan, sasaran, atau program.", "A mission, goal or program of it."),
    )


class Risk(Group):
    risk: PlainText = field(Both("risiko", "risk"), Both("Apa yang dapat terjadi.", "What may happen."))
    mitigation: PlainText | None = field(
        Both("mitigasi", "mitigation"), Both("Apa yang dilakukan.", "What is done about it."), None
    )
    level: Annotated[str, LEVEL] = field(
        Both("tingkat", "level"), Both("tinggi, sedang, atau rendah.", "high, medium or low."), "medium"
    )


class Evidence(Group):
    title: PlainText = field(
        Both("judul bukti", "title"), Both("Nama dokumen atau halaman.", "Name of the document or page.")
    )
    file: Id | None = field(Both("berkas", "file"), Both("Jalur di `assets/`.", "A path in `assets/`."), None)
    url: Url | None = field(
        Both("alamat web", "address"), Both("Alamat `https://…`.", "An address `https://…`."), None
    )
    date: Date | None = field(Both("tanggal", "date"), Both("Tanggal dokumen.", "The document's date."), None)


class Program(Group):
    """Satu program atau inovasi (lembar inovasi). / One program or innovation."""

    title: PlainText = field(
        Both("judul program", "program title"), Both("Nama lengkap program.", "The program's full name.")
    )
    short: PlainText | None = field(
        Both("nama singkat", "short name"), Both("Singkatan atau merek.", "An acronym or brand."), None
    )
    subdimension: Id | None = field(
        Both("subdimensi", "sub-dimension"),
        Both("Id subdimensi pilar ini.", "Id of a sub-dimension of this pillar."),
        None,
    )
    owner: Id | None = field(
        Both("perangkat daerah pengampu", "owning agency"),
        Both("Id satu perangkat daerah di `agencies/`.", "Id of one agency in `agencies/`."),
        None,
    )
    supporting: tuple[Id, ...] = field(
        Both("perangkat daerah pendukung", "supporting agencies"), Both("Daftar id.", "A list of ids."), ()
    )
    partners: tuple[Partner, ...] = field(
        Both("mitra", "partners"),
        Both("Pihak di luar pemerintah kota.", "Bodies outside the city government."),
        (),
    )
    status: Annotated[str, STATUS] = field(*STATUS_WORDS, "final")
    period: Years | None = field(
        Both("periode program", "program period"),
        Both("Tahun mulai dan selesai: `2022-2026`.", "First and last year: `2022-2026`."),
        None,
    )
    quick_win: YesNo = field(
        Both("quick win", "quick win"),
        Both("Ya bila terasa hasilnya dalam 6–12 bulan.", "Yes if its result is felt within 6–12 months."),
        False,
    )
    innovation: Annotated[str, INNOVATION] | None = field(
        Both("jenis inovasi", "kind of innovation"),
        Both("program, produk, layanan, …", "program, product, service, …"),
        None,
    )
    origin: Annotated[str, ORIGIN] | None = field(
        Both("asal usulan", "origin"),
        Both("perangkat-daerah, dewan-smart-city, atau masyarakat.", "agency, council or citizens."),
        None,
    )
    goals: tuple[PlainText, ...] = field(
        Both("tujuan", "goals"), Both("Apa yang hendak dicapai.", "What it is to achieve."), ()
    )
    beneficiaries: tuple[PlainText, ...] = field(
        Both("penerima manfaat", "beneficiaries"), Both("Siapa yang merasakan manfaat.", "Who gains."), ()
    )
    indicators: tuple[Indicator, ...] = field(
        Both("indikator", "indicators"), Both("Ukuran keberhasilan.", "Measures of success."), ()
    )
    budget: tuple[BudgetLine, ...] = field(
        Both("anggaran", "budget"),
        Both("Satu baris untuk setiap tahun dan sumber dana.", "One line for each year and source."),
        (),
    )
    no_budget_reason: PlainText | None = field(
        Both("alasan tanpa anggaran", "reason for no budget"),
        Both("Mengapa program tidak memerlukan dana sendiri.", "Why it needs no money of its own."),
        None,
    )
    codes: tuple[NomenclatureCode, ...] = field(
        Both("kode nomenklatur", "nomenclature codes"),
        Both("Kode beserta versinya.", "Codes with their version."),
        (),
    )
    alignment: tuple[Alignment, ...] = field(
        Both("keselarasan", "alignment"),
        Both("Hubungan dengan RPJMD, Renstra, SPBE, ….", "Its place in other plans."),
        (),
    )
    depends_on: tuple[Id, ...] = field(
        Both("bergantung pada", "depends on"),
        Both("Id program lain: `pilar/program`.", "Ids of other programs: `pillar/program`."),
        (),
    )
    formerly: tuple[Id, ...] = field(
        Both("id terdahulu", "former ids"),
        Both(
            "Id yang dulu, bila berkas ini berganti nama atau pindah pilar.",
            "What it was called before its file was renamed or moved to another pillar.",
        ),
        (),
    )
    replaces: tuple[Id, ...] = field(
        Both("menggantikan", "replaces"),
        Both(
            "Id program yang dilebur ke sini, atau yang pecahannya adalah program ini.",
            "Ids of programs that were merged into this one, or split into it and others.",
        ),
        (),
    )
    risks: tuple[Risk, ...] = field(
        Both("risiko", "risks"), Both("Risiko dan mitigasinya.", "Risks and what is done about them."), ()
    )
    evidence: tuple[Evidence, ...] = field(
        Both("data dukung", "evidence"),
        Both("Berkas atau alamat yang membuktikan.", "Files or addresses that prove it."),
        (),
    )
    tags: tuple[Tag, ...] = field(
        Both("tanda", "tags"), Both('Misalnya `"sdg:11.6"`.', 'For instance `"sdg:11.6"`.'), ()
    )
    stage: Annotated[str, STAGE] | None = field(
        Both("tahapan", "stage"), Both("perumusan-masalah … evaluasi.", "problem … evaluation."), None
    )
    progress: Percent | None = field(
        Both("kemajuan", "progress"), Both("0 sampai 100 persen.", "0 to 100 percent."), None
    )


class Goal(Group):
    title: PlainText = field(Both("sasaran", "goal"), Both("Satu kalimat.", "One sentence."))
    subdimension: Id | None = field(
        Both("subdimensi", "sub-dimension"), Both("Id subdimensi.", "Id of a sub-dimension."), None
    )
    indicators: tuple[Indicator, ...] = field(
        Both("indikator", "indicators"), Both("Ukuran sasaran.", "Measures of the goal."), ()
    )


class Pillar(Group):
    """Satu pilar: pengampu, sasaran, dan narasinya. / One pillar: owner, goals and narrative."""

    title: PlainText | None = field(
        Both("judul pilar", "pillar title"),
        Both("Bila berbeda dari taksonomi.", "If it differs from the taxonomy."),
        None,
    )
    owner: Id | None = field(
        Both("perangkat daerah pengampu", "owning agency"),
        Both("Id satu perangkat daerah di `agencies/`.", "Id of one agency in `agencies/`."),
        None,
    )
    status: Annotated[str, STATUS] = field(*STATUS_WORDS, "final")
    summary: PlainText | None = field(
        Both("ringkasan", "summary"), Both("Satu atau dua kalimat.", "One or two sentences."), None
    )
    goals: tuple[Goal, ...] = field(
        Both("sasaran", "goals"),
        Both("Sasaran pilar dengan indikatornya.", "The pillar's goals with their indicators."),
        (),
    )


class FormerName(Group):
    name: PlainText = field(
        Both("nama lama", "former name"), Both("Nama lengkap yang dulu.", "The former full name.")
    )
    short: PlainText | None = field(
        Both("singkatan lama", "former short name"), Both("Singkatan yang dulu.", "The former acronym."), None
    )
    until: Year | None = field(
        Both("sampai tahun", "until"),
        Both("Tahun terakhir nama itu dipakai.", "Last year of that name."),
        None,
    )


class Agency(Group):
    """Satu perangkat daerah dan tugasnya di setiap pilar. / One agency and its duty in each pillar."""

    name: PlainText = field(Both("nama perangkat daerah", "agency name"), Both("Nama lengkap.", "Full name."))
    short: PlainText | None = field(
        Both("singkatan", "short name"), Both("Nama singkat.", "Short name."), None
    )
    kind: Annotated[str, AGENCY_KIND] = field(
        Both("jenis", "kind"), Both("dinas, badan, kecamatan, ….", "office, board, district, …."), "other"
    )
    status: Annotated[str, STATUS] = field(*STATUS_WORDS, "final")
    head: PlainText | None = field(
        Both("jabatan kepala", "title of its head"),
        Both("Jabatan penanda tangan.", "The signatory's title."),
        None,
    )
    valid: Years | None = field(
        Both("masa berlaku", "validity"),
        Both("Tahun lembaga ini ada: `2025-`.", "Years in which it exists: `2025-`."),
        None,
    )
    former_names: tuple[FormerName, ...] = field(
        Both("nama terdahulu", "former names"), Both("Nama sebelum berubah.", "Names before a change."), ()
    )
    affairs: tuple[Code, ...] = field(
        Both("urusan", "affairs"), Both("Kode urusan pemerintahan.", "Codes of government affairs."), ()
    )
    reviewers: tuple[Reviewer, ...] = field(
        Both("peninjau", "reviewers"),
        Both(
            'Siapa yang menyetujui perubahan berkasnya: `"@pengguna"`, `"@organisasi/tim"`, atau surel.',
            'Who approves changes to its files: `"@user"`, `"@organisation/team"` or an e-mail address.',
        ),
        (),
    )
    duties: dict[Id, PlainText | None] = field(
        Both("tugas per pilar", "duties"),
        Both("Satu kalimat untuk setiap pilar.", "One sentence for each pillar."),
        {},
    )


class Chapter(Group):
    """Satu bab naratif. / One narrative chapter."""

    title: PlainText = field(
        Both("judul bab", "chapter title"), Both("Judul yang dicetak.", "The printed title.")
    )
    part: Annotated[str, PART] = field(
        Both("bagian", "part"),
        Both(
            "preface, introduction, analysis, direction, action, atau closing.",
            "preface, introduction, analysis, direction, action or closing.",
        ),
        "introduction",
    )
    order: Number = field(
        Both("urutan", "order"), Both("Urutan di dalam bagiannya.", "Its place within the part."), Decimal(0)
    )
    books: tuple[Id, ...] = field(
        Both("buku yang memuatnya", "books that hold it"),
        Both("Id buku; tanpa ini bab ada di semua buku.", "Ids of books; without it, all of them."),
        (),
    )
    summary: PlainText | None = field(
        Both("ringkasan", "summary"),
        Both(
            "Beberapa kalimat untuk masterplan, bila uraian lengkapnya ada di buku analisis.",
            "Some sentences for the masterplan, when the whole text stands in the book of analysis.",
        ),
        None,
    )
    status: Annotated[str, STATUS] = field(*STATUS_WORDS, "final")


KINDS: dict[str, type[BaseModel]] = {
    "masterplan": Masterplan,
    "agency": Agency,
    "pillar": Pillar,
    "program": Program,
    "chapter": Chapter,
}
