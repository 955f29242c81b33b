"""The page in a real browser: readable without JavaScript, by everybody, at any width, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import CHROMIUM, REPO, masterplan

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed (on Debian: apt install chromium)"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("book")
    assert masterplan("build", REPO, "--to", "html", "--out", out).code == 0
    return (out / "masterplan.html").as_uri()


def page_at(browser: Any, address: str, **options: object) -> Any:
    page = browser.new_page(**options)
    page.goto(address)
    return page


def test_contents_and_links_work_without_javascript(browser: Any, address: str) -> None:
    page = page_at(browser, address, java_script_enabled=False)
    page.locator("nav.contents a", has_text="Pasar Digital Kota Pasuruan").click()
    assert page.url.endswith("#smart-economy/pasar-digital")
    heading = page.locator("[id='smart-economy/pasar-digital']")
    box = heading.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 200, "the heading is in view, not under the banner"
    assert page.locator("nav.contents li").count() > 80
    assert page.locator("table").count() > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_reports_no_violation(browser: Any, address: str, scheme: str) -> None:
    page = page_at(browser, address, color_scheme=scheme)
    results = axe.Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_width_scrolls_sideways(browser: Any, address: str, width: int) -> None:
    page = page_at(browser, address, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('table.wide').closest('.scroll') !== null")


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(browser: Any, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    messages: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: messages.append(m.text))
    page.goto(address)
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert messages == []
    assert page.locator("script").count() == 0
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")


def test_print_begins_chapters_on_a_new_page_and_repeats_heads(
    browser: Any, address: str, tmp_path: Path
) -> None:
    page = page_at(browser, address)
    page.emulate_media(media="print")
    assert page.locator(".block-pillar h1").first.evaluate("e => getComputedStyle(e).breakBefore") == "page"
    assert page.locator("thead").first.evaluate("e => getComputedStyle(e).display") == "table-header-group"
    assert page.locator(".skip").evaluate("e => getComputedStyle(e).display") == "none"
    pdf = page.pdf(path=str(tmp_path / "buku.pdf"), prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") > 50


def test_chapters_and_tables_are_numbered(browser: Any, address: str) -> None:
    page = page_at(browser, address)
    content = "e => getComputedStyle(e, '::before').content"
    assert "BAB" in page.locator(".block-chapter h1").first.evaluate(
        "e => getComputedStyle(e).getPropertyValue('--chapter')"
    ) + page.locator(".block-chapter h1").first.evaluate(content)
    assert page.locator(".block-preface h1").first.evaluate(content) == "none"
