"""How full the pages of a printed book are, and how small its type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from page_fill import PageFill, pages_of, table

from conftest import DAY, DEEP, REPO, document_of, every
from masterplan_cli.build import Order, build
from masterplan_cli.checking import check
from plans import write_plan
from regency import write_regency

#: The masterplan document.
EVERYTHING = Order()
#: No type of a book is smaller, in points.
SMALLEST = 7.5


def pages(root: Path, folder: Path, order: Order = EVERYTHING) -> list[PageFill]:
    """The pages of the one PDF that is asked for."""
    built = build(check(root), replace(order, formats=("pdf",), date=DAY))
    [data] = built.files.values()
    target = folder / "book.pdf"
    target.write_bytes(data)
    return pages_of(target)


def left_over(all_pages: list[PageFill]) -> list[int]:
    return [page.number for page in all_pages if page.is_debris]


def smallest(all_pages: list[PageFill]) -> float:
    return min(page.smallest for page in all_pages if page.smallest)


@pytest.fixture(scope="module")
def masterplan_pages(
    tmp_path_factory: pytest.TempPathFactory, example_file: Callable[[str], bytes]
) -> list[PageFill]:
    target = tmp_path_factory.mktemp("book") / "book.pdf"
    target.write_bytes(example_file("masterplan.pdf"))
    return pages_of(target)


def test_pages_of_this_plan_are_used(masterplan_pages: list[PageFill]) -> None:
    assert left_over(masterplan_pages) == []
    assert len(masterplan_pages) <= 100


def test_type_can_be_read_charts_included(masterplan_pages: list[PageFill]) -> None:
    assert smallest(masterplan_pages) >= SMALLEST


def test_chapters_are_known_by_their_bookmarks(masterplan_pages: list[PageFill]) -> None:
    assert [page.number for page in masterplan_pages if page.opens][:3] == [1, 2, 3]
    assert masterplan_pages[-1].closes
    assert "| 1 | " in table(masterplan_pages)


@pytest.mark.deep
@pytest.mark.skipif(not DEEP, reason="takes a while: make test-deep")
def test_pages_of_a_generated_plan_are_used(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan", 60)
    made = pages(tmp_path / "plan", tmp_path)
    assert left_over(made) == []
    assert smallest(made) >= SMALLEST


@pytest.mark.deep
@pytest.mark.parametrize(
    "order",
    every(
        3, [Order(agencies=("dlhkp",)), Order(books=("review",)), Order(agencies=("kecamatan-purworejo",))]
    ),
)
def test_pages_of_an_excerpt_and_of_the_review_are_used(order: Order, tmp_path: Path) -> None:
    made = pages(REPO, tmp_path, order)
    assert left_over(made) == []
    assert not any(page.turned for page in made)


# --- a plan of the shape of a regency's budget


@pytest.fixture(scope="module")
def regency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("regency")
    write_regency(root, 120)
    return root


def test_many_funds_are_told_in_a_table_that_can_be_read(regency: Path) -> None:
    plan = check(regency).plan
    assert plan
    assert len({line.source for line in plan.budget}) > 20
    for table_of_funds in (plan.sources_by_year(), plan.sources_by_pillar()):
        assert len(table_of_funds.rows) == 12
        assert table_of_funds.rows[-1][0] == "Lainnya"
        assert sum(total for _, _, total in table_of_funds.rows) == table_of_funds.total == plan.total


def test_a_fund_that_is_called_as_the_small_ones_together_is_counted_once(regency: Path) -> None:
    plan = check(regency).plan
    assert plan
    largest = max(plan.budget, key=lambda line: line.amount)
    plan.budget[plan.budget.index(largest)] = largest._replace(source="Lainnya")
    table_of_funds = plan.sources_by_year()
    assert [row[0] for row in table_of_funds.rows].count("Lainnya") == 1
    assert sum(total for _, _, total in table_of_funds.rows) == table_of_funds.total == plan.total


def test_contents_tell_programs_of_one_title_apart(regency: Path) -> None:
    plan = check(regency).plan
    assert plan
    assert len({program.title for program in plan.programs}) < 110
    entries = [entry.title for entry in document_of(regency).entries if entry.anchor in plan.by_id]
    assert len(entries) == len(set(entries)) == 120


@pytest.mark.deep
@pytest.mark.skipif(not DEEP, reason="takes some minutes: make test-deep")
def test_a_regencys_plan_is_made_in_every_format_and_no_page_is_debris(regency: Path, tmp_path: Path) -> None:
    built = build(check(regency), Order(formats=("html", "md", "xlsx", "json", "docx", "pdf"), date=DAY))
    assert built.diagnostics == []
    endings = {Path(name).suffix for name in built.files if "/" not in name}
    assert endings == {".html", ".md", ".xlsx", ".json", ".docx", ".pdf"}
    (tmp_path / "book.pdf").write_bytes(built.files["masterplan.pdf"])
    made = pages_of(tmp_path / "book.pdf")
    # The last rows of a long table may stand alone before the page that a program begins.
    assert len(left_over(made)) <= len(made) / 50
    assert min(page.fill for page in made) > 0.1
    assert smallest(made) >= SMALLEST
