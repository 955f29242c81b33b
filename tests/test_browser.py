"""The page in a real browser: readable without JavaScript, by everybody, at any width, on paper; found, sorted and linked with it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from conftest import CHROMIUM, DEEP, every, masterplan, write

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


class Browser:
    """Chromium, with one page that runs scripts and one that does not: to start a process for each test takes long."""

    def __init__(self, chromium: Any) -> None:
        self.pages = {script: chromium.new_page(java_script_enabled=script) for script in (True, False)}

    def open(
        self,
        address: str,
        *,
        script: bool = True,
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
    ) -> Any:
        """The page at an address as if it were new."""
        page = self.pages[script]
        page.goto("about:blank")  # from the same page, an address would only be another place of it
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="screen", color_scheme=scheme)
        page.goto(address)
        return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Browser(chromium)
        chromium.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, example_file: Callable[[str], bytes]) -> str:
    page = tmp_path_factory.mktemp("book") / "masterplan.html"
    page.write_bytes(example_file("masterplan.html"))
    return page.as_uri()


@pytest.fixture(scope="module")
def one_of_each(tmp_path_factory: pytest.TempPathFactory, example_file: Callable[[str], bytes]) -> str:
    """The page with one block of each kind and short tables; the deep tests take it whole, a minute's work for axe."""
    page = lxml_html.fromstring(example_file("masterplan.html"))
    kinds: set[str] = set()
    for block in page.xpath("//main//*[contains(concat(' ', @class, ' '), ' block ')]") if not DEEP else ():
        kind = block.get("class").split()[1]
        if kind in kinds:
            block.drop_tree()
        kinds.add(kind)
    for more in (
        page.xpath("//main//tbody/tr[position() > 3] | //main//svg[position() > 2]") if not DEEP else ()
    ):
        more.drop_tree()
    assert DEEP or len(kinds) > 15
    target = tmp_path_factory.mktemp("few") / "masterplan.html"
    target.write_bytes(lxml_html.tostring(page, doctype="<!doctype html>", encoding="utf-8"))
    return target.as_uri()


def until(page: Any, condition: str) -> None:
    """Wait for something to hold; the page's policy forbids the browser to wait by a script of ours."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {condition}")


def test_contents_and_links_work_without_javascript(browser: Browser, address: str) -> None:
    page = browser.open(address, script=False)
    page.locator("nav.contents a", has_text="Pasar Digital Kota Pasuruan").click()
    assert page.url.endswith("#smart-economy/pasar-digital")
    heading = page.locator("[id='smart-economy/pasar-digital']")
    box = heading.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 200, "the heading is in view, not under the banner"
    assert page.locator("nav.contents li").count() > 80
    assert page.locator("table").count() > 100


@pytest.mark.deep
@pytest.mark.parametrize(
    ("scheme", "width", "sought"), every(2, [("dark", 320, "pasar"), ("light", 1280, "")])
)
def test_axe_reports_no_violation(
    browser: Browser, one_of_each: str, scheme: str, width: int, sought: str
) -> None:
    page = browser.open(one_of_each, scheme=scheme, width=width)
    if sought:
        page.keyboard.press("/")
        page.keyboard.type(sought)
        page.locator(".side .hits li").first.wait_for()
    results = axe.Axe().run(
        page,
        options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    )
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.deep
@pytest.mark.parametrize(("width", "script"), every(3, product([320, 768, 1280, 1600], [True, False])))
def test_no_width_scrolls_sideways(browser: Browser, address: str, width: int, script: bool) -> None:
    page = browser.open(address, width=width, script=script)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.block-budget table').closest('.scroll') !== null")
    assert page.locator("main p").first.bounding_box()["width"] > 200


def test_the_page_asks_nothing_of_the_network_and_runs_only_its_own_script(
    browser: Browser, address: str
) -> None:
    page = browser.pages[True]
    asked: list[str] = []
    messages: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: messages.append(m.text))
    page.on("pageerror", lambda e: messages.append(str(e)))
    browser.open(address)
    assert [url for url in asked if not url.startswith(("data:", "about:"))] == [address]
    assert messages == []
    [script] = page.locator("script").all_text_contents()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = page.locator("meta[http-equiv]").get_attribute("content")
    assert "default-src 'none'" in policy
    assert f"script-src 'sha256-{digest}';" in policy
    assert page.locator("html.js").count() == 1, "the policy lets the page's own script run"
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    refused = "const s = document.createElement('script'); s.text = 'window.strange = 1'; document.body.append(s); window.strange"
    assert page.evaluate(refused) is None, "the policy lets no other script run"


def test_a_plan_may_bring_its_own_script(browser: Browser, plan: Path) -> None:
    write(plan, "templates/html/page.js", "document.title = 'Skrip kota';\r\n// é\r\n")
    assert masterplan("build", plan, "--to", "html").code == 0
    page = browser.open((plan / "build" / "masterplan.html").as_uri())
    assert page.title() == "Skrip kota"


# --- the contents beside the text


def comes_to(page: Any, title: str) -> None:
    """Wait until a line of the contents, and no other, is marked as the reader's place."""
    until(
        page, f"document.querySelector('.side [aria-current=location]')?.textContent === {json.dumps(title)}"
    )
    marked = page.locator(".side [aria-current=location]")
    assert marked.count() == 1
    assert marked.is_visible()


def test_the_contents_follow_the_reader(browser: Browser, address: str) -> None:
    page = browser.open(address)
    page.goto(address + "#smart-economy/pasar-digital")
    comes_to(page, "Pasar Digital Kota Pasuruan")
    box = page.locator(".side [aria-current]").bounding_box()
    assert 0 < box["y"] < 800, "the contents have scrolled to the place"
    page.locator(".side .tree a", has_text="Rencana Aksi").click()
    assert page.url.endswith("#part-action")
    comes_to(page, "Pengembangan Kebijakan dan Kelembagaan")
    page.evaluate("scrollTo(0, 0)")
    until(page, "document.querySelector('.side [aria-current]').closest('.front')")
    assert page.locator(".side .tree ol ol").first.is_hidden(), "only the reader's chapter stands open"
    page.evaluate("document.getElementById('smart-economy/pasar-digital:keberlanjutan').scrollIntoView()")
    comes_to(page, "Pasar Digital Kota Pasuruan")


def test_the_contents_are_plain_links_without_javascript(browser: Browser, address: str) -> None:
    page = browser.open(address, script=False)
    assert page.locator(".side [role=search]").is_hidden()
    assert page.locator("main thead button").count() == 0
    page.locator(".side .tree a", has_text="Rencana Aksi").click()
    assert page.url.endswith("#part-action")


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_the_contents_fold(browser: Browser, address: str, script: bool) -> None:
    page = browser.open(address, width=320, height=640, script=script)
    link = page.locator(".side .tree a", has_text="Rencana Aksi")
    assert link.is_hidden()
    page.locator(".side summary").click()
    link.click()
    assert page.url.endswith("#part-action")
    if script:
        assert link.is_hidden(), "the contents fold again, so that the text is in view"
    assert 0 <= page.locator("h1#part-action").bounding_box()["y"] < 300


# --- finding


def test_words_are_found_anywhere_and_the_number_of_hits_is_announced(browser: Browser, address: str) -> None:
    page = browser.open(address)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "_find"
    page.keyboard.type("pasar digital")
    hits = page.locator(".side .hits li")
    assert hits.first.locator("a").text_content() == "Pasar Digital Kota Pasuruan", "titles come first"
    assert page.locator(".side [role=status]").text_content() == f"Bagian yang memuatnya: {hits.count()}."
    assert page.locator(".side .tree").is_hidden()
    field = page.locator("#_find")
    field.fill("kode qr kios")
    assert page.locator(".hits mark").first.text_content().lower() in ("kode", "qr", "kios")
    page.locator(".hits a", has_text="Pasar Digital Kota Pasuruan").click()
    assert page.url.endswith("#smart-economy/pasar-digital")
    field.fill("zzz")
    assert page.locator(".side [role=status]").text_content() == "Tidak ada bagian yang memuatnya."
    field.press("Escape")
    assert field.input_value() == ""
    assert page.locator(".side .tree").is_visible()
    assert hits.count() == 0
    field.press("/")
    assert field.input_value() == "/", "in a field it is a character like any other"


def test_the_first_hit_is_in_sight_wherever_the_contents_stood(browser: Browser, address: str) -> None:
    page = browser.open(
        f"{address}#smart-environment/lampu-jalan-hemat-energi",
        width=1280,
        height=500,
    )
    until(page, "document.querySelector('.side').scrollTop > 0")
    page.locator("#_find").fill("banjir")
    assert page.evaluate("document.querySelector('.side').scrollTop") == 0


def test_what_is_sought_is_text_and_never_markup(browser: Browser, address: str) -> None:
    page = browser.open(address)
    page.keyboard.press("/")
    page.keyboard.type("<img src=x onerror=alert(1)>")
    assert page.locator(".side img").count() == 0


# --- deep links


def test_every_heading_has_a_link_to_itself(browser: Browser, address: str) -> None:
    page = browser.open(address)
    without = "[...document.querySelectorAll('main :is(h1,h2,h3,h4,h5,h6)')].filter(h => h.lastElementChild?.hash !== '#' + encodeURI(h.id)).map(h => h.id)"
    assert page.evaluate(without) == []
    heading = page.locator("[id='smart-economy/pasar-digital']")
    assert heading.inner_text() == heading.text_content() == "Pasar Digital Kota Pasuruan"
    link = heading.locator(".anchor")
    assert link.get_attribute("aria-label") == "Tautan ke bagian ini"
    assert link.evaluate("e => getComputedStyle(e).opacity") == "0"
    link.focus()
    assert link.evaluate("e => getComputedStyle(e).opacity") == "1"
    link.press("Enter")
    assert page.url.endswith("#smart-economy/pasar-digital")


# --- sorting


def column(table: Any, index: int) -> list[str]:
    return [text.strip() for text in table.locator(f"tbody tr > :nth-child({index})").all_text_contents()]


def rupiah(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def test_a_click_on_a_head_sorts_figures_as_figures_and_keeps_the_total_last(
    browser: Browser, address: str
) -> None:
    page = browser.open(address)
    table = page.locator(".block-budget table").last
    before = column(table, 1)
    head = table.locator("thead th").last
    head.locator("button").click()
    amounts = [rupiah(text) for text in column(table, 12)]
    assert amounts[:-1] == sorted(amounts[:-1])
    assert amounts[-1] == sum(amounts[:-1])
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").press("Enter")
    assert [rupiah(text) for text in column(table, 12)][:-1] == sorted(amounts[:-1], reverse=True)
    assert head.get_attribute("aria-sort") == "descending"
    table.locator("th button").first.click()
    names = column(table, 1)
    assert names[:-1] == sorted(before[:-1], key=str.casefold)
    assert names[-1] == before[-1]
    assert table.locator("[aria-sort]").count() == 1


def test_years_and_decimals_are_sorted_as_figures_and_nothing_comes_last(
    browser: Browser, address: str
) -> None:
    page = browser.open(address)
    table = page.locator(".block-glance table").first
    table.locator("thead th button", has_text="Bagian").click()
    shown = column(table, 6)[:-1]
    values = [float(text.replace(",", ".").removesuffix("%")) for text in shown]
    assert values == sorted(values)
    assert len({*values}) > 3
    table = page.locator(".block-quick-wins table").first
    table.locator("thead th button", has_text="Periode").click()
    assert column(table, 5) == sorted(column(table, 5))


# --- pictures and paper


def test_pictures_stand_on_a_light_card_at_night_and_are_numbered(browser: Browser, address: str) -> None:
    page = browser.open(address, scheme="dark")
    card = page.locator(".block-roadmap .chart")
    assert card.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    caption = page.locator(".block-budget figcaption").nth(1)
    content = caption.evaluate("e => getComputedStyle(e, '::before').content")
    assert content == f'"{caption.get_attribute("data-number")}  "'
    assert re.fullmatch(r'"Gambar \d+\.\d+  "', content)


def test_print_begins_chapters_on_a_new_page_and_repeats_heads(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    page = browser.open(address)
    page.emulate_media(media="print")
    assert page.locator(".block-part h1").first.evaluate("e => getComputedStyle(e).breakBefore") == "page"
    assert page.locator("thead").first.evaluate("e => getComputedStyle(e).display") == "table-header-group"
    for away in (".skip", ".side", ".anchor"):
        assert page.locator(away).first.evaluate("e => getComputedStyle(e).display") == "none"
    pdf = page.pdf(path=str(tmp_path / "buku.pdf"), prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") > 50


def test_chapters_and_tables_are_numbered(browser: Browser, address: str) -> None:
    page = browser.open(address)
    content = "e => getComputedStyle(e, '::before').content"
    assert "BAB" in page.locator(".block-chapter h1").first.evaluate(
        "e => getComputedStyle(e).getPropertyValue('--chapter')"
    ) + page.locator(".block-chapter h1").first.evaluate(content)
    assert page.locator(".block-preface h1").first.evaluate(content) == "none"
