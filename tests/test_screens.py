"""What a person sees in a terminal of 80 columns, kept as golden files in tests/golden/.

`MASTERPLAN_UPDATE=1` writes them anew; look at the difference in a terminal before you commit it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from conftest import edit
from masterplan_cli.checking import check
from masterplan_cli.messages import Language
from masterplan_cli.report import report
from masterplan_cli.report.text import Screen

GOLDEN = Path(__file__).parent / "golden"


def golden(name: str, actual: str) -> None:
    """Hold a screen against its golden file."""
    path = GOLDEN / name
    if os.environ.get("MASTERPLAN_UPDATE"):
        path.write_text(actual, encoding="utf-8", newline="\n")
    assert actual == path.read_text(encoding="utf-8")


@pytest.fixture
def troubled(plan: Path) -> Path:
    """A plan with a mistake of each sort that a screen shows in its own way."""
    edit(plan, "pillars/alfa/pillar.md", "owner: dinas-a\n", "")
    edit(plan, "pillars/alfa/layanan.md", "supporting: [dinas-b]", "suporting: [dinas-b]")
    edit(plan, "pillars/alfa/layanan.md", "quick_win: Ya\n", "owner: dinas-a\n")
    edit(plan, "pillars/alfa/layanan.md", "amount: Rp 100.000.000", "amount: 1.250")
    edit(
        plan,
        "chapters/pendahuluan.md",
        "Teks pendahuluan.",
        f"{'Kata ' * 30}TODO {'kata ' * 30}\n\nTeks TODO.\n\nTODO",
    )
    return plan


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
def test_the_screen_of_check(troubled: Path, language: Language, colour: bool) -> None:
    found = check(troubled, language).diagnostics
    screen = report(found, "full", language, Screen(colour, width=80))
    golden(f"check-{language}{'-colour' if colour else ''}.txt", screen)
    if not colour:
        assert max(map(len, screen.splitlines())) <= 80
