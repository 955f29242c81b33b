"""MP908: templates of a plan's own that change nothing."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

_UNUSED = Both(
    "templat `{name}` tidak dipakai: tidak ada templat bawaan yang bernama begitu",
    "template `{name}` is not used: no shipped template is called so",
)
TEMPLATE_UNUSED = Rule(
    "MP908",
    "template-unused",
    Severity.WARNING,
    Both("templat yang tidak dipakai", "a template that is not used"),
    Both(
        "Berkas di templates/ menggantikan templat bawaan yang namanya sama; dengan nama lain, dokumen tetap seperti semula tanpa pemberitahuan.",
        "A file in templates/ replaces the shipped template of the same name; under another name the document silently stays as it was.",
    ),
    Text(
        _UNUSED,
        Both(
            "pakai salah satu nama di docs/templates.md, panggil dari templat lain dengan `include`, atau hapus berkasnya",
            "use one of the names in docs/templates.md, call it from another template by `include`, or delete the file",
        ),
    ),
    {
        "suggestion": Text(
            _UNUSED,
            Both(
                "mungkin maksudnya `{suggestion}`; bila begitu, ganti nama berkasnya",
                "did you mean `{suggestion}`? If so, rename the file",
            ),
        ),
        "block": Text(
            Both(
                "bagian `{block}` tidak dipakai: templat bawaan `{name}` tidak punya bagian itu",
                "block `{block}` is not used: the shipped template `{name}` has no such block",
            ),
            Both(
                "pindahkan isinya ke salah satu bagian ini: {known}",
                "move what it says into one of these blocks: {known}",
            ),
        ),
        "no_block": Text(
            Both(
                "bagian `{block}` tidak dipakai: templat bawaan `{name}` tidak punya bagian itu",
                "block `{block}` is not used: the shipped template `{name}` has no such block",
            ),
            Both(
                "hapus bagian ini; `{name}` hanya dapat diganti seluruhnya",
                "delete this block; `{name}` can only be replaced as a whole",
            ),
        ),
    },
)
