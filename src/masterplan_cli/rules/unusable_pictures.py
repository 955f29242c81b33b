"""MP209: pictures that no output could show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from masterplan_cli.diagnostics import Finding, Rule, Severity, Text
from masterplan_cli.links import Reference
from masterplan_cli.messages import Both
from masterplan_cli.plan import Plan
from masterplan_cli.rules.registry import rule


def _svg(id_: str, en: str, fix_id: str, fix_en: str) -> Text:
    """What is said of something inside of a drawing, at its line."""
    return Text(
        Both(f"gambar `{{path}}` baris {{line}}: {id_}", f"picture `{{path}}` line {{line}}: {en}"),
        Both(fix_id, fix_en),
    )


_AS_PNG = ("ekspor gambar itu sebagai PNG", "export the picture as PNG")


@rule(
    "MP209",
    "unusable-picture",
    Severity.ERROR,
    title=Both("gambar tidak dapat ditampilkan", "a picture that cannot be shown"),
    why=Both(
        "Gambar yang rusak, terlalu besar, atau memuat lebih dari sekadar gambar menggagalkan pembuatan dokumen atau menghilang darinya; karena itu gambar seperti ini tidak dicetak.",
        "A picture that is broken, too large, or more than a picture makes the document fail or is missing from it; so such a picture is not printed.",
    ),
    message=Both("gambar `{path}` rusak: {reason}", "picture `{path}` is damaged: {reason}"),
    fix=Both(
        "salin lagi dari berkas aslinya, atau buka dengan program gambar dan simpan ulang sebagai PNG atau JPEG",
        "copy it again from the original, or open it in a picture program and save it anew as PNG or JPEG",
    ),
    variants={
        "kind": Text(
            Both(
                "isi `{path}` adalah {found}, bukan gambar PNG, JPEG, GIF, WebP, atau SVG",
                "what `{path}` holds is {found}, not a PNG, JPEG, GIF, WebP or SVG picture",
            ),
            Both(
                "buka berkas aslinya dengan program gambar, lalu simpan sebagai PNG atau JPEG",
                "open the original in a picture program and save it as PNG or JPEG",
            ),
        ),
        "pointer": Text(
            Both(
                "`{path}` hanya penunjuk Git LFS; gambarnya sendiri tidak ada di sini",
                "`{path}` is only a Git LFS pointer; the picture itself is not here",
            ),
            Both(
                "jalankan `git lfs pull` (di CI: checkout dengan LFS), atau commit gambarnya sendiri tanpa LFS",
                "run `git lfs pull` (in CI: check out with LFS), or commit the picture itself without LFS",
            ),
        ),
        "page": Text(
            Both(
                "`{path}` adalah halaman web (HTML) yang tersimpan sebagai ganti gambarnya",
                "`{path}` is a web page (HTML) that was saved instead of the picture",
            ),
            Both(
                "buka halaman itu di peramban, klik kanan gambarnya, lalu pilih “Simpan gambar sebagai”; jika halamannya minta masuk, mintalah berkas gambarnya kepada pemiliknya",
                "open the page in a browser, right-click the picture and choose “Save image as”; if the page asks to sign in, ask its owner for the picture's file",
            ),
        ),
        "pixels": Text(
            Both(
                "gambar `{path}` terlalu besar: {width} × {height} piksel",
                "picture `{path}` is too large: {width} × {height} pixels",
            ),
            Both(
                "simpan ulang sebagai PNG atau JPEG dengan lebar dan tinggi paling banyak 4.000 piksel",
                "save it anew as PNG or JPEG, at most 4,000 pixels wide and high",
            ),
        ),
        "slim": Text(
            Both(
                "gambar `{path}` terlalu tipis: {width} × {height} piksel",
                "picture `{path}` is too slim: {width} × {height} pixels",
            ),
            Both(
                "potong gambar itu: sisi panjangnya paling banyak 1.000 kali sisi pendeknya",
                "cut it: its long side may be 1,000 times its short side at most",
            ),
        ),
        "frames": Text(
            Both(
                "gambar bergerak `{path}` terlalu besar: {count} bingkai",
                "the moving picture `{path}` is too large: {count} frames",
            ),
            Both("simpan satu bingkainya sebagai PNG", "save one frame of it as PNG"),
        ),
        "notes": Text(
            Both(
                "gambar `{path}` membawa teks atau profil warna lebih dari 4 MiB",
                "picture `{path}` carries more than 4 MiB of text or colour profile",
            ),
            Both("simpan ulang sebagai PNG tanpa metadata", "save it anew as PNG without metadata"),
        ),
        "cmyk": Text(
            Both(
                "warna gambar `{path}` CMYK, sedangkan dokumen memakai RGB",
                "the colours of picture `{path}` are CMYK, but documents use RGB",
            ),
            Both(
                "ubah modus warnanya menjadi RGB (di Photoshop: Image > Mode > RGB Color), lalu simpan ulang sebagai JPEG atau PNG",
                "change its colour mode to RGB (in Photoshop: Image > Mode > RGB Color), then save it anew as JPEG or PNG",
            ),
        ),
        "coding": Text(
            Both(
                "JPEG `{path}` memakai penyandian yang jarang dan tidak terbaca di banyak program",
                "the JPEG `{path}` is coded in a rare way that many programs cannot read",
            ),
            Both("simpan ulang sebagai JPEG biasa atau PNG", "save it anew as an ordinary JPEG or as PNG"),
        ),
        "undrawn": Text(
            Both(
                "gambar `{path}` tidak dapat digambar: {reason}", "picture `{path}` cannot be drawn: {reason}"
            ),
            Both(
                "buka dengan program gambar, lalu simpan ulang sebagai PNG atau JPEG",
                "open it in a picture program and save it anew as PNG or JPEG",
            ),
        ),
        "heavy": Text(
            Both("gambar `{path}` {how}", "picture `{path}` {how}"),
            Both(
                "sederhanakan gambar itu, atau ekspor sebagai PNG dengan lebar paling banyak 4.000 piksel",
                "simplify the picture, or export it as PNG, at most 4,000 pixels wide",
            ),
        ),
        "untried": Text(
            Both(
                "gambar `{path}` belum dicoba, karena beberapa gambar lain tidak selesai digambar",
                "picture `{path}` was not tried, because several others came to no end",
            ),
            Both("perbaiki dahulu gambar-gambar lain itu", "mend those other pictures first"),
        ),
        "root": _svg(
            "elemen pertamanya bukan `<svg>` dari standar SVG",
            "its first element is not the `<svg>` of the SVG standard",
            "simpan ulang sebagai SVG biasa (di Inkscape: Plain SVG), atau ekspor sebagai PNG",
            "save it anew as plain SVG (in Inkscape: Plain SVG), or export it as PNG",
        ),
        "xml": _svg(
            "kode SVG-nya rusak atau terpotong",
            "its SVG code is broken or cut short",
            "simpan atau ekspor ulang gambar itu dari program asalnya",
            "save or export the picture anew from the program that it comes from",
        ),
        "unsized": Text(
            Both("SVG `{path}` tidak menyebut ukurannya", "the SVG `{path}` does not say its size"),
            Both(
                "tulis `width` dan `height`, atau `viewBox`, pada `<svg>`-nya; atau ekspor sebagai PNG",
                "write `width` and `height`, or a `viewBox`, in its `<svg>`; or export it as PNG",
            ),
        ),
        "encoding": Text(
            Both("teks SVG `{path}` bukan UTF-8", "the text of the SVG `{path}` is not UTF-8"),
            Both(
                "simpan ulang sebagai SVG dengan pengodean UTF-8, atau ekspor sebagai PNG",
                "save it anew as SVG in the encoding UTF-8, or export it as PNG",
            ),
        ),
        "entities": _svg(
            "SVG ini memakai entitas (ENTITY)",
            "this SVG uses entities (ENTITY)",
            "di Illustrator simpan tanpa “Preserve Illustrator Editing Capabilities”; atau ekspor sebagai PNG",
            "in Illustrator save it without “Preserve Illustrator Editing Capabilities”; or export it as PNG",
        ),
        "script": _svg(
            "`{part}` menjalankan program",
            "`{part}` runs a program",
            "hapus `{part}` dari SVG itu, atau ekspor sebagai PNG",
            "remove `{part}` from the SVG, or export it as PNG",
        ),
        "animation": _svg(
            "`{part}` menggerakkan gambar, padahal dokumen tercetak tidak bergerak",
            "`{part}` moves the picture, but a printed document does not move",
            *_AS_PNG,
        ),
        "effect": _svg(
            "SVG ini memakai efek (filter) seperti bayangan atau kabur",
            "this SVG uses an effect (filter) such as a shadow or a blur",
            "hapus efeknya (di Inkscape: Filters > Remove Filters), atau ekspor sebagai PNG",
            "remove the effect (in Inkscape: Filters > Remove Filters), or export it as PNG",
        ),
        "foreign": _svg(
            "SVG ini memuat teks HTML (foreignObject), yang tidak tercetak",
            "this SVG holds HTML text (foreignObject), which is not printed",
            "ekspor sebagai PNG (di draw.io: File > Export as > PNG)",
            "export it as PNG (in draw.io: File > Export as > PNG)",
        ),
        "outside": _svg(
            "`{address}` menunjuk ke luar gambar",
            "`{address}` points outside the picture",
            "sematkan gambar atau gaya itu di dalam SVG (di Inkscape: Extensions > Images > Embed Images), atau ekspor sebagai PNG",
            "embed that picture or style in the SVG (in Inkscape: Extensions > Images > Embed Images), or export it as PNG",
        ),
        "unknown": _svg(
            "`{part}` tidak dikenal dan tidak akan tercetak dengan benar",
            "`{part}` is not known and would not be printed rightly",
            "simpan ulang sebagai SVG biasa (di Inkscape: Plain SVG), atau ekspor sebagai PNG",
            "save it anew as plain SVG (in Inkscape: Plain SVG), or export it as PNG",
        ),
        "number": _svg(
            "nilai `{part}` di luar batas: {value}",
            "the value of `{part}` is out of bounds: {value}",
            *_AS_PNG,
        ),
        "cycle": Text(
            Both(
                "di SVG `{path}`, `{part}` menggambar dirinya sendiri",
                "in the SVG `{path}`, `{part}` draws itself",
            ),
            Both(*_AS_PNG),
        ),
        "inside": _svg(
            "gambar yang disematkan di sini rusak, terlalu besar, atau bukan PNG, JPEG, GIF, atau WebP",
            "the picture that is embedded here is damaged, too large, or not PNG, JPEG, GIF or WebP",
            "sematkan ulang gambar itu sebagai PNG atau JPEG dengan lebar paling banyak 4.000 piksel",
            "embed that picture anew as PNG or JPEG, at most 4,000 pixels wide",
        ),
        "complex": Text(
            Both("SVG `{path}` terlalu rumit: {reason}", "the SVG `{path}` is too complicated: {reason}"),
            Both(
                "sederhanakan gambar itu, atau ekspor sebagai PNG dengan lebar paling banyak 4.000 piksel",
                "simplify the picture, or export it as PNG, at most 4,000 pixels wide",
            ),
        ),
    },
    each=Reference,
)
def unusable_picture(found: Rule, plan: Plan, reference: Reference) -> Iterator[Finding]:
    place, target, image = reference
    fault = plan.assets.fault(target.path) if image and target.kind == "asset" else None
    if fault:
        cause = "" if fault.cause == "damaged" else fault.cause
        yield replace(found.at(place, cause), args={"path": target.path, **fault.args})
