"""The floor of a PDF: the code of a plan's book, written as ours is, and set by one call of Typst.

`setting.py write PLAN FOLDER` writes the code, the preamble and the pictures; `setting.py set FOLDER DATE` sets them.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path


def write(root: Path, folder: Path) -> None:
    from masterplan_cli.blocks import Context, render_book
    from masterplan_cli.checking import check
    from masterplan_cli.templates import Templates
    from masterplan_cli.typesetting import MAIN
    from masterplan_cli.writers.pdf import PdfJob

    plan = check(root).plan
    assert plan
    templates = Templates(plan.project)
    job = PdfJob(render_book(plan, plan.books["masterplan"], Context(), templates), templates, "masterplan")
    folder.mkdir()
    for name, data in {**job.source.pictures, "book.typ": job.preamble}.items():
        (folder / name).write_bytes(data)
    (folder / MAIN).write_text(job.source.text(), encoding="utf-8")


def set_(folder: Path, date: str) -> None:
    import typst

    from masterplan_cli import fonts

    day = datetime.datetime.combine(datetime.date.fromisoformat(date), datetime.time(), datetime.UTC)
    typst.compile(
        folder / "main.typ", folder / "book.pdf", root=folder, font_paths=[fonts.FOLDER],
        ignore_system_fonts=True, pdf_standards=["a-2a", "ua-1"], timestamp=day,
    )  # fmt: skip


if __name__ == "__main__":
    _, task, first, second = sys.argv
    if task == "write":
        write(Path(first), Path(second))
    else:
        set_(Path(first), second)
