"""MP9xx: templates, outputs and the tool itself; found while building, not by looking at the plan."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

_TEMPLATE_WHY = Both(
    "Dokumen disusun dari templat Jinja; templat milik repo menggantikan templat bawaan berkas demi berkas, blok demi blok.",
    "The document is made of Jinja templates; a repo's own replace the shipped ones, file by file and block by block.",
)
TEMPLATE_SYNTAX = Rule(
    "MP901",
    "template-syntax",
    Severity.ERROR,
    Both("templat tidak terbaca", "a template does not read"),
    _TEMPLATE_WHY,
    Text(
        Both("templat ini tidak terbaca: {reason}", "this template does not read: {reason}"),
        Both(
            "perbaiki baris ini, atau hapus berkasnya untuk kembali ke templat bawaan",
            "mend this line, or delete the file to return to the shipped template",
        ),
    ),
)
TEMPLATE_FAILED = Rule(
    "MP902",
    "template-failed",
    Severity.ERROR,
    Both("templat gagal dijalankan", "a template failed"),
    _TEMPLATE_WHY,
    Text(
        Both("templat ini gagal: {reason}", "this template failed: {reason}"),
        Both(
            "periksa nama di baris ini; daftarnya ada di docs/templates.md",
            "look at the names on this line; docs/templates.md lists them",
        ),
    ),
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
)
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
TOOL_RULES = (TEMPLATE_SYNTAX, TEMPLATE_FAILED, CANNOT_WRITE, NO_PLAN)
