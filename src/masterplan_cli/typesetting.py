"""Typst, in a worker: it gets the files that it shall read, the fonts of the package, and nothing else."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from masterplan_cli import fonts
from masterplan_cli.worker import Bounds, Stopped, work

MAIN = "main.typ"
_INPUT, _PAGES = "input", "pages"


class Refused(NamedTuple):
    """Why Typst makes nothing of its input, as it says it with all places; and the short of it."""

    diagnostic: str
    message: str


def typeset(files: Mapping[str, bytes], bounds: Bounds, **options: Any) -> list[bytes] | Refused | Stopped:
    """What Typst makes of `main.typ` among the files: a PDF, or with `format` set to `png` a picture for each page.

    `options` are those of the compiler; its `timestamp` is a day. An `OSError` where there is no room for the files.
    """
    with tempfile.TemporaryDirectory(prefix="masterplan-") as folder:
        source, pages = Path(folder, _INPUT), Path(folder, _PAGES)
        source.mkdir()
        pages.mkdir()
        for name, data in files.items():
            (source / name).write_bytes(data)
        request = {"folder": str(pages), "input": str(source), "options": options}
        result = work("masterplan_cli.typesetting:typeset_task", request, bounds)
        if isinstance(result, Stopped):
            return result
        if isinstance(result, int):
            return [(pages / str(number)).read_bytes() for number in range(result)]
        return Refused(*result)


def typeset_task(request: dict[str, Any], _note: Callable[[Any], None]) -> int | tuple[str, str]:
    """The worker's part: how many pages it has put into the folder, or why there are none."""
    import typst

    folder, options = Path(request["input"]), request["options"]
    if "timestamp" in options:
        day = datetime.date.fromisoformat(options["timestamp"])
        options["timestamp"] = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    compiler = typst.Compiler(
        root=folder,
        font_paths=typst.Fonts(False, False, [fonts.FOLDER]),
        ignore_system_fonts=True,
        # Packages of this computer would make another book of the same plan.
        package_path=folder,
        package_cache_path=folder,
    )
    try:
        made, _warnings = compiler.compile_with_warnings(folder / MAIN, **options)
    except typst.TypstError as error:
        return error.diagnostic or error.message, error.message
    pages = made if isinstance(made, list) else [made or b""]
    for number, page in enumerate(pages):
        Path(request["folder"], str(number)).write_bytes(page)
    return len(pages)
