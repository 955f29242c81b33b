"""The command line: options in, one call, print, exit code. Everything else is imported inside commands.

Exit codes: 0 clean, 1 findings at error level, 2 wrong use or no plan found.
"""

from __future__ import annotations

import codecs
import errno
import gc
import os
import sys
from contextlib import suppress
from typing import Any, NoReturn

from masterplan_cli import __version__
from masterplan_cli.cache.invocation import COMMANDS, Invocation

__all__ = ["main", "run"]

#: The run of this process, which the commands fill in as they go.
run = Invocation()


def main() -> None:
    """The console script; what a Windows code page lacks is shown by the nearest ASCII characters."""
    codecs.register_error("ascii-fallback", in_ascii)
    _have_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=_encoding(stream), errors="ascii-fallback")
    try:
        if sys.argv[1:] == ["--version"]:
            print(f"masterplan {__version__}")  # noqa: T201 - what Typer prints, without loading it
        elif _is_somewhere():
            _run(sys.argv[1:])
        sys.stdout.flush()
    except OSError as error:
        _say_unwritable(error)
    finally:
        # The interpreter's last collections would walk through all that there is, only to free what ends with it.
        gc.freeze()


def _have_streams() -> None:
    """What was started with closed streams writes into nothing, and no file of ours takes their places."""
    while (handle := os.open(os.devnull, os.O_RDWR)) < 3:
        pass
    os.close(handle)
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _is_somewhere() -> bool:
    """Whether the folder that the command is run in is still there; else the program says so and ends with 2."""
    try:
        os.getcwd()  # noqa: PTH109 - `pathlib` would cost a tenth of an unchanged run
    except OSError:
        print(_GONE[os.environ.get("MASTERPLAN_LANG") == "en"], file=sys.stderr)  # noqa: T201
        sys.exit(2)
    return True


_GONE = (
    "masterplan: folder tempat perintah ini dijalankan sudah tidak ada; pindah dahulu ke folder lain dengan `cd`",
    "masterplan: the folder that this command is run in is gone; go to another one with `cd` first",
)
_UNWRITABLE = (
    "masterplan: keluaran tidak dapat ditulis ({reason}); arahkan ke berkas di disk yang masih punya ruang",
    "masterplan: the output cannot be written ({reason}); send it to a file on a disk that has room",
)


def _say_unwritable(error: OSError) -> NoReturn:
    """Say that a report went nowhere; one whose reader has gone away is nobody's loss. Any other error is ours."""
    if error.filename is not None or error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EFBIG):
        raise error
    # What is left of it must not fail once more at the end.
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if error.errno != errno.EPIPE:
        from masterplan_cli.messages import reason

        english, why = os.environ.get("MASTERPLAN_LANG") == "en", reason(error)
        with suppress(OSError):
            print(_UNWRITABLE[english].format(reason=why.en if english else why.id), file=sys.stderr)  # noqa: T201
    sys.exit(1)


def _encoding(stream: Any) -> str | None:
    """UTF-8 for a file or a pipe, as JSON and XML must be, where Python would write a code page; None leaves it as it is."""
    chosen = os.environ.get("PYTHONIOENCODING")
    return "utf-8" if sys.platform == "win32" and not chosen and not stream.isatty() else None


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
        from masterplan_cli.leaving import leave_when_asked
        from masterplan_cli.worker import end_all

        leave_when_asked(end_all)
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
