"""What the tests share: a small clean plan, edits to it, and the command in one process."""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import pytest
from hypothesis import settings
from typer.testing import CliRunner

from masterplan_cli import build as building
from masterplan_cli import typesetting
from masterplan_cli.blocks import Context, render_book
from masterplan_cli.build import Order, build
from masterplan_cli.checking import Checked, check
from masterplan_cli.cli.app import app_for
from masterplan_cli.document import Document
from masterplan_cli.pictures import trial
from masterplan_cli.plan import MASTERPLAN
from masterplan_cli.templates import Templates
from masterplan_cli.worker import Bounds

REPO = Path(__file__).parents[1]
# No test leans on what an earlier run kept, save those that are about it.
os.environ["MASTERPLAN_CACHE"] = ""
#: Whether the deep tests run: larger samples, longer properties.
DEEP = bool(os.environ.get("MASTERPLAN_STUDY"))
SMALL_PLAN = Path(__file__).parent / "plans" / "small"
#: The day of the books that several tests read.
DAY = datetime.date(2026, 11, 24)
T = TypeVar("T")
Test = TypeVar("Test", bound=Callable[..., None])
#: What is made, by its name and how.
Once: TypeAlias = Callable[[str, Callable[[], bytes]], bytes]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def examples(usual: int, deep: int) -> int:
    """How many examples a property is tried on."""
    return deep if DEEP else usual


def every(step: int, cases: Iterable[T]) -> list[T]:
    """One case of so many, always the same ones; the deep tests take the others."""
    return [case for place, case in enumerate(cases) if bool(place % step) == DEEP]


def only_deep(test: Test) -> Test:
    """A test that takes seconds of its own, and that the deep run alone tries."""
    return cast(
        Test, pytest.mark.deep(pytest.mark.skipif(not DEEP, reason="is tried by make test-deep")(test))
    )


# The usual run tries the same examples each time; the deep one looks for others.
settings.register_profile("masterplan", max_examples=50, derandomize=not DEEP, deadline=None)
settings.load_profile("masterplan")


@dataclass
class Result:
    code: int
    out: str
    err: str


def masterplan(*args: str | Path) -> Result:
    """Run the command in this process; an exception is a failure of the test, as it would be a traceback."""
    given = [str(a) for a in args]
    result = CliRunner().invoke(app_for(given), given, catch_exceptions=False)
    return Result(result.exit_code, result.stdout, result.stderr)


def write(root: Path, path: str, content: str | bytes) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replace a piece of a file that must be there exactly once."""
    text = (root / path).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    write(root, path, text.replace(old, new))


def git(root: Path, *args: str) -> str:
    """Run git, away from the settings of whoever runs the tests."""
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]
    run = subprocess.run(
        ["git", *who, *args], cwd=root, check=True, capture_output=True, env={**os.environ, **own}
    )
    return run.stdout.decode().strip()


def commit(root: Path, message: str = "x") -> str:
    """Commit everything below a folder, which becomes a repository if it is in none; the commit's id."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")


def document_of(root: Path, date: datetime.date | None = None, *, draft: bool = False) -> Document:
    """The masterplan document of a plan's folder."""
    checked = check(root)
    assert checked.plan
    context = Context(date, draft, checked.diagnostics)
    return render_book(checked.plan, checked.plan.books[MASTERPLAN], context, Templates(checked.plan.project))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page in the order in which it was written; Poppler reads in a second what takes pypdf twenty."""
    if not shutil.which("pdftotext"):
        pypdf = pytest.importorskip("pypdf")
        return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    run = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, check=True, capture_output=True
    )
    return run.stdout.decode().split("\f")[:-1]


def codes(checked: Checked) -> list[str]:
    return [d.code for d in checked.diagnostics]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A copy of the small plan, which is clean."""
    return shutil.copytree(SMALL_PLAN, tmp_path / "plan")


@pytest.fixture
def kota_pasuruan(tmp_path: Path) -> Path:
    """A copy of this repository's own plan."""
    root = tmp_path / "kota-pasuruan"
    for name in ("agencies", "pillars", "chapters", "assets"):
        shutil.copytree(REPO / name, root / name)
    shutil.copy(REPO / "masterplan.yaml", root)
    return root


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than the computer has cores, for tests wait for processes, browsers and files."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def checked_example() -> Checked:
    """This repository's own plan, for tests that only read it."""
    return check(REPO)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """A file that the first process of a run to ask for it makes for all; who asks meanwhile waits."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent

    def file(name: str, make: Callable[[], bytes]) -> bytes:
        with closing(sqlite3.connect(folder / f"{name}.sqlite", timeout=600)) as database, database:
            database.execute("BEGIN EXCLUSIVE")  # whatever becomes of a process, its lock ends with it
            database.execute("CREATE TABLE IF NOT EXISTS made (data BLOB)")
            found = database.execute("SELECT data FROM made").fetchone()
            data: bytes = found[0] if found else make()
            if not found:
                database.execute("INSERT INTO made VALUES (?)", (data,))
        return data

    return file


@pytest.fixture(scope="session")
def example_file(once: Once, request: pytest.FixtureRequest) -> Callable[[str], bytes]:
    """An output of this repository's own plan, by its name, such as `masterplan.pdf`."""

    def make(name: str) -> bytes:
        book, _, form = name.rpartition(".")
        agency = book.removeprefix("agency-")
        chosen = Order(books=(book,)) if agency == book else Order(agencies=(agency,))
        checked = request.getfixturevalue("checked_example")
        return bytes(build(checked, replace(chosen, formats=(form,), date=DAY)).files[name])

    return cache(lambda name: once(name, lambda: make(name)))


@pytest.fixture(scope="session")
def example_files(example_file: Callable[[str], bytes]) -> dict[str, bytes]:
    """The masterplan document of this repository's own plan, in the formats that are made fast."""
    return {f"masterplan.{form}": example_file(f"masterplan.{form}") for form in ("html", "md", "json")}


@pytest.fixture(scope="module")
def one_process() -> Iterator[None]:
    """A plan's own templates are rendered, and pictures tried once, in this process; the deep tests do as a user does."""
    with pytest.MonkeyPatch.context() as patch:
        if not DEEP:
            patch.setattr(building, "work", work_here)
            patch.setattr(trial, "_draw", cache(trial._draw))
        yield


@pytest.fixture(scope="module")
def typst_here() -> Iterator[None]:
    """Typst is asked in this process, which spares the start of a worker; the deep tests do as a user does."""
    with pytest.MonkeyPatch.context() as patch:
        if not DEEP:
            patch.setattr(typesetting, "work", work_here)
        yield


def work_here(
    task: str, request: dict[str, Any], _bounds: Bounds, note: Callable[[Any], None] = lambda _: None
) -> Any:
    """The work of a worker, without one and without its bounds."""
    module, _, name = task.partition(":")
    with warnings.catch_warnings(action="ignore"):  # what a library warns a worker of, nobody sees
        try:
            return getattr(import_module(module), name)(json.loads(json.dumps(request)), note)
        except OSError as error:
            return error


@pytest.fixture
def find(plan: Path) -> Callable[[], list[str]]:
    """The codes found in the small plan as it stands when called."""
    return lambda: codes(check(plan))


def visible_text(html: str) -> str:
    """The text of a page without its marks and style."""
    from html import unescape

    body = html.partition("<body")[2].partition(">")[2]
    return unescape(re.sub(r"<[^>]*>", "", body))
