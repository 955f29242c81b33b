"""MP930: what is to be compared, and is no plan."""

from __future__ import annotations

from masterplan_cli.diagnostics import Rule, Severity, Text
from masterplan_cli.messages import Both

_NAME_ONE = Both(
    "sebut sebuah revisi git, folder rencana, atau masterplan.json yang ditulis `masterplan build --to json`",
    "name a revision of git, a plan's folder, or a masterplan.json that `masterplan build --to json` wrote",
)
NO_STATE = Rule(
    "MP930",
    "no-state-to-compare",
    Severity.ERROR,
    Both("bukan rencana yang dapat dibandingkan", "no plan that can be compared"),
    Both(
        "`masterplan diff` membandingkan dua keadaan rencana: sebuah revisi git, sebuah folder, atau sebuah masterplan.json.",
        "`masterplan diff` compares two states of a plan: a revision of git, a folder, or a masterplan.json.",
    ),
    Text(
        Both("`{name}` bukan JSON sebuah rencana", "`{name}` is not the JSON of a plan"),
        _NAME_ONE,
    ),
    variants={
        "syntax": Text(Both("`{name}` bukan berkas JSON", "`{name}` is no JSON file"), _NAME_ONE),
        "unreadable": Text(
            Both("`{name}` tidak dapat dibaca: {reason}", "`{name}` cannot be read: {reason}"), _NAME_ONE
        ),
        "large": Text(
            Both(
                "`{name}` terlalu besar untuk sebuah rencana; batasnya {limit}",
                "`{name}` is too large for a plan; the limit is {limit}",
            ),
            _NAME_ONE,
        ),
        "version": Text(
            Both(
                "`{name}` ditulis oleh versi masterplan yang lain",
                "`{name}` was written by another version of masterplan",
            ),
            Both(
                "tulis lagi dengan `masterplan build --to json`, atau perbarui masterplan",
                "write it again with `masterplan build --to json`, or bring masterplan up to date",
            ),
        ),
        "revision": Text(
            Both(
                "di revisi `{name}` belum ada masterplan.yaml di folder ini",
                "at revision `{name}` there is no masterplan.yaml in this folder yet",
            ),
            Both(
                "sebut revisi yang lebih baru; lihat `git log -- masterplan.yaml`",
                "name a later revision; see `git log -- masterplan.yaml`",
            ),
        ),
    },
)
