"""SVG and WebP as PNG, for programs that draw neither: the same bytes on every machine."""

from __future__ import annotations

import tempfile
from importlib import resources
from pathlib import Path

#: Media types that are drawn anew, with the endings that typst knows them by.
DRAWN = {"image/svg+xml": "svg", "image/webp": "webp"}
#: Pixels for each inch of the picture: sharp in print at the width of a page.
DPI = 180
#: However large a picture says it is, it is drawn no larger than a page needs.
_PAGE = """\
#set page(width: auto, height: auto, margin: 0pt)
#context {{
  let size = measure(image("picture.{form}"))
  image("picture.{form}", width: size.width * calc.min(1, 800pt / size.width, 800pt / size.height))
}}
"""


def png_of(picture: bytes, media: str) -> bytes | None:
    """The picture as PNG, its text in the fonts of the package only; None where it cannot be drawn."""
    import typst

    form = DRAWN[media]
    with (
        tempfile.TemporaryDirectory() as temporary,
        resources.as_file(resources.files("masterplan_cli")) as package,
    ):
        folder, own = Path(temporary), package / "fonts"
        (folder / f"picture.{form}").write_bytes(picture)
        (folder / "page.typ").write_text(_PAGE.format(form=form), encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[own] if own.is_dir() else [])
        try:
            return typst.compile(
                folder / "page.typ", root=folder, font_paths=fonts, format="png", ppi=float(DPI)
            )
        except typst.TypstError:
            return None
