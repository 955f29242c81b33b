"""The command line: options in, one call, print, exit code. Everything else is imported inside commands.

Exit codes: 0 clean, 1 findings at error level, 2 wrong use or no plan found.
"""

from __future__ import annotations

import codecs
import gc
import os
import sys

from masterplan_cli import __version__
from masterplan_cli.cache.invocation import COMMANDS, Invocation

__all__ = ["main", "run"]

#: The run of this process, which the commands fill in as they go.
run = Invocation()


def main() -> None:
    """The console script; what a Windows code page lacks is shown by the nearest ASCII characters."""
    codecs.register_error("ascii-fallback", in_ascii)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="ascii-fallback")
    try:
        if sys.argv[1:] == ["--version"]:
            print(f"masterplan {__version__}")  # noqa: T201 - what Typer prints, without loading it
        else:
            _run(sys.argv[1:])
    finally:
        # The interpreter's last collections would walk through all that there is, only to free what ends with it.
        gc.freeze()


def _run(args: list[str]) -> None:
    """Answer as an equal run did, or run the command and keep its answer for the next time."""
    code = None
    if args[:1] and args[0] in COMMANDS:
        from masterplan_cli.cache.replay import replay

        code = replay(args, run)
    if code is None:
        # What is read stays until the end, so a collector that goes through all of it every few files only costs time.
        gc.set_threshold(200_000, 20, 100)
        # Pydantic would look through all installed distributions for plugins, which our models do without.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        from masterplan_cli.cli.app import app_for

        try:
            app_for(args)(args)
        finally:
            if run.store or run.code is not None:
                from masterplan_cli.cache.replay import keep

                keep(args, run)
    sys.exit(code)


_ASCII = {
    "–": "-", "—": "-", "−": "-", "…": "...", "→": "->", "←": "<-", "“": '"', "”": '"', "‘": "'", "’": "'", "‹": "<",
    "›": ">", "×": "x", "·": "*", "•": "*", "■": "#", "✓": "v", "✗": "x", "≥": ">=", "≤": "<=", "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip


def in_ascii(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: the characters that do not encode, as ASCII shows them best."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_ASCII.get(c, "?") for c in missing), error.end
