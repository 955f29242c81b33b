"""Coverage-guided fuzzing of a plan's files: `make fuzz`. What it finds is kept in corpus/ and replayed by `make test`.

An input is a letter that names the file it becomes, then the file's bytes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).parents[1]
#: The file that an input becomes, by its first letter.
KINDS = {
    "m": "masterplan.yaml",
    "t": "taxonomy.yaml",
    "a": "agencies/dinas-b.yaml",
    "p": "pillars/alfa/pillar.md",
    "g": "pillars/alfa/layanan.md",
    "y": "pillars/alfa/lain.yaml",
    "c": "chapters/pendahuluan.md",
    "j": "templates/contents.md.j2",
    "h": "templates/html/page.html.j2",
    "b": "templates/books/masterplan.j2",
}
FORMATS = ("html", "md", "json")


def plan_with(root: Path, data: bytes) -> None:
    """The small plan in `root`, one of its files replaced."""
    shutil.copytree(TESTS / "plans" / "small", root)
    target = root / KINDS.get(data[:1].decode("latin-1"), KINDS["c"])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data[1:])


def compile_plan(root: Path) -> None:
    """Everything that the tool does with a plan; an exception is a finding of the fuzzer."""
    from masterplan_cli.build import Order, build
    from masterplan_cli.checking import check
    from masterplan_cli.messages import Language
    from masterplan_cli.report import FORM_NAMES, report

    checked = check(root)
    built = build(checked, Order(formats=FORMATS, draft=True))
    for language in Language:
        for form in FORM_NAMES:
            report([*checked.diagnostics, *built.diagnostics], form, language)


def run(data: bytes) -> None:
    """One input through the whole tool."""
    with tempfile.TemporaryDirectory() as folder:
        plan_with(Path(folder) / "plan", data)
        compile_plan(Path(folder) / "plan")


def main() -> None:
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is missing; `make fuzz` installs it, on Linux only")
    with atheris.instrument_imports(include=["masterplan_cli", "markdown_it", "jinja2"]):
        import masterplan_cli.build
        import masterplan_cli.report  # noqa: F401 - imported here to be instrumented
    atheris.Setup(sys.argv, run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
