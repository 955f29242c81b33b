"""One size of plan and all that is measured on it: rounds of whole processes, ours and the others' in turn.

A busy second of the machine then meets every tool alike, and what is reported are ratios inside one run.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from measure import Failed, Sample, peak_memory, reloads, run
from plans import write_plan
from rivals import hugo, mkdocs, rows, write_hugo_site, write_mkdocs_site

_BENCH = Path(__file__).parent
_DATE = "2026-01-01"
_ALL = "html,pdf,docx,xlsx,md,json"
#: Beyond these a run takes minutes, or gigabytes, and says nothing new; above `_ONCE` it is done once.
MKDOCS_LIMIT, FORMATS_LIMIT = 1000, 1000
_ONCE, _FEW = 300, 3


class Format(NamedTuple):
    """A format alone: a cold build and one after a changed sentence, its peak memory in MB, and the bytes of its file."""

    cold: Sample
    touched: Sample
    memory: float | None
    size: int


@dataclass
class Results:
    """What was measured on one size: samples by name, peak memory in MB, stages, and what each page holds."""

    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    #: Why something has no figure.
    notes: dict[str, str] = field(default_factory=dict)
    memory: float | None = None
    stages: dict[str, dict[str, float]] = field(default_factory=dict)
    formats: dict[str, Format] = field(default_factory=dict)
    #: By page: bytes, tables, and rows of tables.
    pages: dict[str, tuple[int, int, int]] = field(default_factory=dict)


class Course:
    """A plan, its outputs and caches, and the sites of the other tools, in one folder."""

    def __init__(self, folder: Path, size: int, labels: dict[str, str]) -> None:
        self.folder, self.size, self.labels = folder, size, labels
        self.plan, self.cache, self.out = folder / "plan", folder / "cache", folder / "out"
        self.results = Results()
        write_plan(self.plan, size)
        (folder / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
        self.touched = sorted(self.plan.glob("pillars/smart-economy/program-*.md"))[size // 12]
        self.original = self.touched.read_text(encoding="utf-8")
        self.sentences = self.figures = 0
        self._save()
        self.hugo, self.mkdocs = hugo(), mkdocs()
        self._sites()

    def _sites(self) -> None:
        if self.hugo:
            write_hugo_site(self.folder / "hugo", self.plan, self.labels)
        else:
            self.results.notes["hugo"] = "not installed"
        if self.size > MKDOCS_LIMIT:
            self.results.notes["mkdocs"] = f"not run above {MKDOCS_LIMIT:,} programs"
        elif self.mkdocs:
            run(self._build("md"), self._env)
            write_mkdocs_site(
                self.folder / "mkdocs", (self.out / "masterplan.md").read_text(encoding="utf-8")
            )
        else:
            self.results.notes["mkdocs"] = "not installed"
        if self.size > FORMATS_LIMIT:
            self.results.notes["all"] = f"not run above {FORMATS_LIMIT:,} programs"

    # --- commands

    @property
    def _env(self) -> dict[str, str]:
        return {"MASTERPLAN_CACHE": str(self.cache)}

    def _build(self, formats: str = "html") -> list[str]:
        return [
            *masterplan(),
            "build",
            "--to",
            formats,
            "--date",
            _DATE,
            "--out",
            str(self.out),
            str(self.plan),
        ]

    def _floor(self, work: str) -> list[str]:
        files = [self.plan, self.folder / f"{work}.html", self.folder / "labels.json"]
        # Imported, so that Python keeps its compiled form as it keeps that of an installed program.
        start = f"import sys; sys.path.insert(0, {str(_BENCH)!r}); import floor; floor.main(*sys.argv[1:])"
        return [sys.executable, "-c", start, work, *map(str, files)]

    def _hugo(self) -> list[str]:
        site = self.folder / "hugo"
        return [str(self.hugo), "--quiet", "--source", str(site), "--destination", str(site / "out")]

    def _mkdocs(self) -> list[str]:
        site = self.folder / "mkdocs"
        return [str(self.mkdocs), "build", "-q", "-f", str(site / "mkdocs.yml"), "-d", str(site / "out")]

    # --- states before a run

    def _fresh(self) -> None:
        """Neither a cache nor an output."""
        for folder in (self.cache, self.out):
            shutil.rmtree(folder, ignore_errors=True)
        self.cache.mkdir()

    def _touch_prose(self) -> None:
        """Another sentence in one program."""
        self.sentences += 1
        self._save()

    def _touch_figure(self) -> None:
        """Another budget in one program: it moves the sums of many pages."""
        self.figures += 1
        self._save()

    def _save(self) -> None:
        """The program as so many edits leave it: no two rounds have the same."""
        text = self.original.replace("## Uraian\n\n", f"## Uraian\n\nPerubahan nomor {self.sentences}. ")
        amount = f"    amount: {1_000_000_000 + self.figures * 1_000_000}\n"
        text = re.sub(r"^    amount: \d+\n", amount, text, count=1, flags=re.M)
        self.touched.write_text(text, encoding="utf-8", newline="\n")

    # --- rounds

    def round(self, number: int) -> None:
        """Everything once, in an order that puts what is compared side by side."""
        for name, prepare, command in self._jobs(number):
            if name in self.results.notes:
                continue
            prepare()
            self._attempt(name, partial(self._sample, name, command))

    def _sample(self, name: str, command: list[str]) -> None:
        self.results.samples[name].append(run(command, self._env))

    def _jobs(self, number: int) -> Iterator[tuple[str, Callable[[], None], list[str]]]:
        yield "python", _nothing, [sys.executable, "-c", "pass"]
        yield "version", _nothing, [*masterplan(), "--version"]
        yield "help", _nothing, [*masterplan(), "--help"]
        check = [*masterplan(), "check", str(self.plan)]
        yield "check floor", _nothing, self._floor("check")
        yield "check cold", self._fresh, check
        yield "check again", _nothing, check
        yield "book floor", _nothing, self._floor("book")
        yield "html cold", self._fresh, self._build()
        if self.hugo:
            yield "hugo cold", self._fresh_hugo, self._hugo()
        yield "page floor", _nothing, self._floor("page")
        yield "html again", _nothing, self._build()
        if self.hugo:
            yield "hugo again", _nothing, self._hugo()
        yield "html prose", self._touch_prose, self._build()
        if self.hugo:
            yield "hugo touched", _nothing, self._hugo()  # the same file changed since its last run
        yield "html figure", self._touch_figure, self._build()
        if (self.folder / "mkdocs").is_dir() and (number == 0 or self.size <= _ONCE):
            yield "mkdocs cold", _nothing, self._mkdocs()
        if self.size <= FORMATS_LIMIT and number < (_FEW if self.size <= _ONCE else 1):
            yield "all cold", self._fresh, self._build(_ALL)
            yield "all touched", self._touch_prose, self._build(_ALL)

    def _fresh_hugo(self) -> None:
        for name in ("out", "resources"):
            shutil.rmtree(self.folder / "hugo" / name, ignore_errors=True)

    # --- once, after the rounds

    def finish(self, saves: int) -> None:
        """Peak memory, stages, the live preview, and what the pages hold."""
        self._fresh()
        self._attempt("memory", self._memory)
        if self.size <= FORMATS_LIMIT:
            self._attempt("formats", self._formats)
            self._attempt("typst", self._typst)
        self._count_pages()
        self._attempt("stages", self._stages)
        self._attempt("serve", partial(self._serve, saves))

    def _attempt(self, name: str, step: Callable[[], None]) -> None:
        """One thing that cannot be measured leaves the others their figures."""
        try:
            step()
        except Failed as failure:
            self.results.notes[name] = str(failure)

    def _memory(self) -> None:
        self.results.memory = peak_memory(self._build(), self._env)

    def _formats(self) -> None:
        for form in _ALL.split(","):
            self._fresh()
            cold = run(self._build(form), self._env)
            self._touch_prose()
            touched = run(self._build(form), self._env)
            size = (self.out / f"masterplan.{form}").stat().st_size
            self._fresh()
            memory = peak_memory(self._build(form), self._env)
            self.results.formats[form] = Format(cold, touched, memory, size)
        self._fresh()
        run(self._build(), self._env)

    def _typst(self) -> None:
        """The code of the book, set by Typst and nothing else."""
        script, folder = str(_BENCH / "setting.py"), str(self.folder / "typst")
        run([sys.executable, script, "write", str(self.plan), folder], self._env)
        self.results.samples["typst"].append(run([sys.executable, script, "set", folder, _DATE]))

    def _count_pages(self) -> None:
        pages = {
            "masterplan": self.out / "masterplan.html", "book floor": self.folder / "book.html",
            "page floor": self.folder / "page.html", "hugo": self.folder / "hugo/out/index.html",
            "mkdocs": self.folder / "mkdocs/out/index.html",
        }  # fmt: skip
        for name, path in pages.items():
            if path.is_file():
                page = path.read_text(encoding="utf-8")
                self.results.pages[name] = (path.stat().st_size, page.count("<table"), rows(page).total())

    def _stages(self) -> None:
        said = self.folder / "stages.json"
        self._fresh()
        run([sys.executable, str(_BENCH / "stages.py"), str(self.plan), str(said)], self._env)
        self.results.stages = json.loads(said.read_text(encoding="utf-8"))

    def _serve(self, saves: int) -> None:
        port = _free_port()
        command = [*masterplan(), "serve", "--no-open", "--port", str(port), str(self.plan)]
        run([*masterplan(), "serve", "--help"])
        seconds = reloads(command, port, [self._touch_prose] * saves, self._env)
        self.results.samples["serve"] = [Sample(wall, cpu=0.0) for wall in seconds]


def _nothing() -> None:
    """A run that follows the last one as things are."""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def masterplan() -> list[str]:
    """The command as it was installed beside this interpreter."""
    installed = Path(sys.executable).with_name("masterplan")
    return [str(installed)] if installed.is_file() else [sys.executable, "-m", "masterplan_cli"]
