"""Make the pictures of the officers' guide anew from the real screens: `python tools/write_screens.py`.

Needs Chromium, LibreOffice and pdftoppm. The plan in the pictures is a fresh one of `masterplan init`; its figures are an illustration.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

REPO = Path(__file__).resolve().parent.parent
IMAGES = REPO / "docs" / "images"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
_WIDTH, _HEIGHT = 1120, 760
_OWNER = "Dinas Komunikasi"
_ROW = "+ Tambah baris: {name}"
_FIELDS = [
    ("Subdimensi", "Smart Living: Harmonisasi tata"), ("Periode program", "2025-2027"), ("Tujuan", "Warga tahu kapan air naik"),
    ("Latar belakang", "Banjir datang tanpa kabar."), ("Uraian", "Sensor di sungai mengirim tinggi air setiap lima menit."),
]  # fmt: skip
_INDICATOR = [
    ("Nama indikator", "Sensor yang terpasang"), ("Satuan", "unit"), ("Arah", "naik"), ("Nilai awal", "0"), ("Tahun nilai awal", "2024"),
    ("Sumber data", "Diskominfo"), ("Target 2025", "5"), ("Target 2027", "12"),
]  # fmt: skip
_BUDGET = [
    ("Sumber dana", "APBD Kota"),
    ("Jumlah (Rp) 2025", "Rp 200 juta"),
    ("Jumlah (Rp) 2026", "Rp 150 juta"),
]
_NAMED = """() => { const e = document.activeElement; const l = e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent;
    return l.replace(/\\s+/g, ' ').trim(); }"""


#: The commands are those of this copy of the sources.
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPO / "src")}


def run(*args: str | Path, folder: Path) -> str:
    """What a command of ours says on a terminal of eighty columns."""
    command = [sys.executable, "-m", "masterplan_cli", *map(str, args)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=_ENVIRONMENT)
    return done.stdout + done.stderr


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(folder), *args], check=True, capture_output=True)


def new_plan(folder: Path) -> Path:
    """A fresh plan whose pillars have owners, in a repository that knows where to send to."""
    run("init", "rencana", "--name", "Kota Contoh", folder=folder)
    plan = folder / "rencana"
    for path in plan.glob("pillars/*/*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^owner:.*$", "owner: diskominfo", text, flags=re.M), encoding="utf-8")
    git(folder, "init", "-q", "--bare", "pusat.git")
    git(plan, "init", "-q", "-b", "main")
    git(plan, "config", "user.name", "Petugas")
    git(plan, "config", "user.email", "petugas@kota.example")
    git(plan, "remote", "add", "origin", str(folder / "pusat.git"))
    git(plan, "add", "-A")
    git(plan, "commit", "-qm", "Rencana baru")
    return plan


@contextmanager
def serving(plan: Path) -> Iterator[str]:
    """The address of the live preview of a plan."""
    command = [sys.executable, "-u", "-m", "masterplan_cli", "serve", "--no-open", "--port", "8899"]
    with subprocess.Popen(
        command, cwd=plan, env=_ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout
            yield next(found[0] for line in server.stdout if (found := re.search(r"http://[\d.:]+/", line)))
        finally:
            server.terminate()


class Screen:
    """A page of the browser, filled in by keyboard, of which pictures are made."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def picture(self, name: str) -> None:
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=str(IMAGES / f"{name}.png"))
        print(f"docs/images/{name}.png")

    def reach(self, words: str) -> None:
        for _ in range(200):
            if str(self.page.evaluate(_NAMED)).startswith(words):
                return
            self.page.keyboard.press("Tab")
        raise SystemExit(f"no field or button is called {words}")

    def fill(self, fields: list[tuple[str, str]]) -> None:
        for words, text in fields:
            self.reach(words)
            self.page.keyboard.type(text)

    def press(self, words: str) -> None:
        self.reach(words)
        self.page.keyboard.press("Enter")

    def checked(self) -> None:
        self.page.wait_for_timeout(1500)

    def top_at(self, selector: str) -> None:
        self.page.locator(selector).first.evaluate(
            "e => window.scrollBy(0, e.getBoundingClientRect().top - 40)"
        )


def form_pictures(screen: Screen, address: str) -> None:
    """A new program from its title to its sending."""
    page = screen.page
    page.goto(f"{address}_form")
    screen.fill(
        [
            ("Judul program", "Peta Banjir Warga"),
            ("Pilar", "Smart Living"),
            ("Perangkat daerah pengampu", _OWNER),
        ]
    )
    screen.top_at("h2:has-text('Program baru')")
    screen.picture("isi-mulai")
    screen.press("Mulai")
    page.wait_for_selector("form.fields[data-checked]")
    screen.fill(_FIELDS)
    screen.press(_ROW.format(name="Indikator"))
    screen.fill(_INDICATOR)
    screen.press(_ROW.format(name="Anggaran"))
    screen.fill([("Sumber dana", "APBD Kota"), ("Jumlah (Rp) 2025", "1,2 M")])
    screen.checked()
    screen.top_at("h2:has-text('Anggaran')")
    screen.picture("isi-temuan")
    page.keyboard.press("Control+A")
    page.keyboard.type("Rp 200 juta")
    screen.fill(_BUDGET[2:])
    screen.checked()
    page.keyboard.press("Control+S")
    page.wait_for_timeout(3000)
    page.evaluate("window.scrollTo(0, 0)")
    screen.picture("isi-tersimpan")


def terminal_picture(screen: Screen, name: str, said: str) -> None:
    """What a terminal shows, as a picture."""
    style = "margin:0;padding:20px;background:#0c1a1f;color:#e8eef0;font:15px/1.45 'DejaVu Sans Mono',monospace;white-space:pre-wrap"
    lines = said.rstrip().count("\n") + 1
    screen.page.set_viewport_size({"width": _WIDTH, "height": 44 + lines * 22})
    screen.page.set_content(
        f"<body style='margin:0'><pre style=\"{style}\">{html.escape(said.rstrip())}</pre>"
    )
    screen.picture(name)


def workbook_picture(plan: Path, folder: Path) -> None:
    """The first sheet of the Excel form, as LibreOffice prints it."""
    run("form", "--out", folder / "formulir.xlsx", folder=plan)
    office = [
        str(OFFICE),
        f"-env:UserInstallation={(folder / 'office').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    for command in (
        [*office, "--outdir", str(folder), str(folder / "formulir.xlsx")],
        [
            "pdftoppm",
            "-png",
            "-singlefile",
            "-r",
            "80",
            str(folder / "formulir.pdf"),
            str(IMAGES / "formulir-petunjuk"),
        ],
    ):
        subprocess.run(command, check=True, capture_output=True)
    print("docs/images/formulir-petunjuk.png")


def main() -> None:
    if CHROMIUM is None or OFFICE is None or not shutil.which("pdftoppm"):
        raise SystemExit("needed on Debian: apt install chromium libreoffice-calc poppler-utils")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as p:
        folder = Path(place)
        plan = new_plan(folder)
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        screen = Screen(chromium.new_page(viewport={"width": _WIDTH, "height": _HEIGHT}, locale="id-ID"))
        with serving(plan) as address:
            form_pictures(screen, address)
        # The pages of the form forbid styles of others in their window.
        terminal_picture(
            Screen(chromium.new_page()), "periksa", f"> masterplan check\n{run('check', folder=plan)}"
        )
        workbook_picture(plan, folder)
        chromium.close()


if __name__ == "__main__":
    main()
