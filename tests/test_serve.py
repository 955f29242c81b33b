"""The live preview: what counts as a change, what a browser is told, what it keeps, and how it all ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import conftest
from conftest import CHROMIUM, SMALL_PLAN, masterplan
from masterplan_cli.build import Order
from masterplan_cli.checking import check
from masterplan_cli.diagnostics import Place, place_findings
from masterplan_cli.file_rules import UNREADABLE
from masterplan_cli.live.page import Page
from masterplan_cli.live.panel import panel
from masterplan_cli.live.rounds import Round, rounds
from masterplan_cli.live.server import Preview, Sight
from masterplan_cli.live.watcher import Watcher
from masterplan_cli.messages import Language

PROGRAM = "pillars/alfa/layanan.md"
ROOT_USER = hasattr(os, "geteuid") and os.geteuid() == 0


# --- what counts as a change


def write(root: Path, path: str, content: str | bytes) -> None:
    """Save a file at once, as an editor does: who watches never sees half of it."""
    conftest.write(root.parent, "being-saved", content)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root.parent / "being-saved").replace(root / path)


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Replace a piece of a file that must be there exactly once."""
    text = (root / path).read_text(encoding="utf-8")
    assert text.count(old) == 1
    write(root, path, text.replace(old, new))


def told(root: Path, *steps: Callable[[], object], away: tuple[Path, ...] = ()) -> list[str]:
    """The paths that a watcher tells of after some steps, each of them done while it sleeps."""
    left = [*steps]

    def sleep(_: float) -> None:
        if left:
            left.pop(0)()
        else:
            watcher.again = True

    ticks = iter(range(1_000_000))
    watcher = Watcher(root, away, sleep=sleep, clock=lambda: float(next(ticks)) / 10)
    changes = watcher.changes()
    assert next(changes) == [], "the first build waits for nothing"
    return next(changes)


def test_a_file_saved_made_deleted_and_renamed(plan: Path) -> None:
    assert told(plan, lambda: write(plan, PROGRAM, "lain")) == [PROGRAM]
    assert told(plan, lambda: write(plan, "assets/baru/peta.png", b"x")) == [
        "assets",
        "assets/baru",
        "assets/baru/peta.png",
    ]
    assert told(plan, (plan / "agencies/dinas-b.yaml").unlink) == ["agencies/dinas-b.yaml"]
    assert told(plan, lambda: (plan / PROGRAM).rename(plan / "pillars/alfa/lain.md")) == [
        "pillars/alfa/lain.md",
        PROGRAM,
    ]
    assert told(plan, lambda: write(plan, "templates/cover.md.j2", "x")) == [
        "templates",
        "templates/cover.md.j2",
    ]
    assert told(plan, lambda: shutil.rmtree(plan / "templates")) == ["templates", "templates/cover.md.j2"]


def test_an_editor_that_saves_beside_and_renames(plan: Path) -> None:
    def save() -> None:
        write(plan, "pillars/alfa/layanan.md.tmp", (plan / PROGRAM).read_bytes())
        os.utime(plan / "pillars/alfa/layanan.md.tmp", ns=(0, (plan / PROGRAM).stat().st_mtime_ns))
        (plan / "pillars/alfa/layanan.md.tmp").replace(plan / PROGRAM)

    assert told(plan, save) == [PROGRAM], "seen even where size and time are those of the old file"


def test_a_file_written_in_steps_is_told_once_it_rests(plan: Path) -> None:
    steps = [partial(write, plan, PROGRAM, "x" * part) for part in range(5)]
    assert told(plan, *steps) == [PROGRAM]
    temporary = plan / "pillars/alfa/x.tmp"
    assert told(plan, temporary.touch, temporary.unlink) == [], "what came and went was nothing"


def test_what_is_no_part_of_the_plan_is_not_told(plan: Path) -> None:
    for path in (
        "build/masterplan.pdf",
        ".git/index",
        ".venv/x",
        "pillars/alfa/.layanan.md.swp",
        "hasil/masterplan.pdf",
    ):
        assert told(plan, partial(write, plan, path, b"x"), away=(plan / "hasil",)) == [], path


def test_output_beside_the_plans_own_files_leaves_these_watched(plan: Path) -> None:
    away = (plan, plan.parent, plan / "masterplan.html")
    assert told(plan, lambda: write(plan, "masterplan.html", b"x"), away=away) == []
    assert told(plan, lambda: write(plan, PROGRAM, b"x"), away=away) == [PROGRAM]


def test_what_is_found_to_be_output_only_later_is_not_told(plan: Path) -> None:
    write(plan, "masterplan.html", b"x")
    watcher = Watcher(plan, sleep=lambda _: write(plan, PROGRAM, b"x"))
    changes = watcher.changes()
    next(changes)
    watcher.ignore([plan / "masterplan.html"])
    assert next(changes) == [PROGRAM]


def test_a_plan_that_goes_away_and_comes_back(plan: Path) -> None:
    aside = plan.parent / "lain"
    assert "masterplan.yaml" in told(plan, lambda: plan.rename(aside))
    assert "masterplan.yaml" in told(plan, lambda: aside.rename(plan))


@pytest.mark.skipif(os.name == "nt" or ROOT_USER, reason="needs a file that its owner may not read")
def test_a_file_that_could_not_be_opened_is_told_once_it_can(plan: Path) -> None:
    """On Windows a lock that ends leaves no other trace; here only the doubt and the right to read stand for it."""
    watcher = Watcher(plan)
    watcher.doubted = {PROGRAM}
    assert watcher.look()[PROGRAM][-1] is True
    (plan / PROGRAM).chmod(0)
    assert watcher.look()[PROGRAM][-1] is False


def test_a_lock_that_ends_is_a_change(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = True
    monkeypatch.setattr("masterplan_cli.live.watcher._opens", lambda *_: not locked)
    slept = []

    def sleep(_: float) -> None:
        nonlocal locked
        slept.append(1)
        locked = len(slept) < 20

    watcher = Watcher(plan, sleep=sleep)
    changes = watcher.changes()
    next(changes)
    watcher.doubted = {PROGRAM}
    assert next(changes) == [PROGRAM]
    assert len(slept) >= 20, "while it is locked nothing changes"
    watcher.doubted, watcher.again = set(), True
    ends = iter((0.0, 0.0, 0.0, 9.0, 9.0, 9.0))
    watcher._clock = lambda: next(ends)
    assert next(changes) == [], "a doubt that is over is no change"


NAMES = st.sampled_from(["a.md", "b.md", "p/a.md", "p/b.md", "p/q/c.yaml"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), NAMES, st.integers(0, 9)),
        st.tuples(st.just("delete"), NAMES),
        st.tuples(st.just("rename"), NAMES, NAMES),
    ),
    max_size=6,
)


@given(STEPS)
@settings(deadline=None, max_examples=60)
def test_the_paths_told_are_those_whose_content_differs(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    root = tmp_path_factory.mktemp("w")

    def content() -> dict[str, bytes | None]:
        return {
            p.relative_to(root).as_posix(): p.read_bytes() if p.is_file() else None for p in root.rglob("*")
        }

    def do() -> None:
        for kind, name, *more in steps:
            target = root / name
            if kind == "write":
                write(root, name, b"x" * more[0])
            elif target.exists() and kind == "delete":
                target.unlink()
            elif target.exists() and (root / more[0]).parent.exists():
                target.replace(root / more[0])

    before = content()
    found = set(told(root, do))
    after = content()
    assert found >= {path for path in before | after if before.get(path, b"?") != after.get(path, b"?")}
    assert found <= {*before, *after}


# --- what a page is made of


def page_of(*sections: str, contents: str = "<ol></ol>", title: str = "T") -> Page:
    body = "".join(f'<section class="block block-x">\n{text}</section>\n\n' for text in sections)
    return Page(
        f'<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; '
        f'script-src &#39;sha256-abc&#39;"><title>{title}</title></head><body class="marked"><div class="tree">{contents}</div>'
        f"<main>\n{body}</main><script>1</script></body></html>".encode()
    )


TEXTS = st.lists(
    st.sampled_from(["a", "b", "c", "<section class='footnotes'>d</section>"]), min_size=1, max_size=8
)


@given(TEXTS, TEXTS)
def test_the_pieces_turn_the_old_sections_into_the_new_ones(old: list[str], new: list[str]) -> None:
    change: dict[str, Any] = page_of(*new).since(page_of(*old).outline)
    sections = [section.decode() for section in page_of(*old).sections]
    assert change["count"] == len(sections)
    for piece in reversed(change["pieces"]):
        sections[piece["at"] : piece["at"] + piece["drop"]] = piece["html"]
    assert sections == [section.decode() for section in page_of(*new).sections]


def test_only_what_differs_is_sent() -> None:
    old = page_of("a", "b", "c")
    assert page_of("a", "x", "c").since(old.outline)["pieces"] == [
        {"at": 1, "drop": 1, "html": ['<section class="block block-x">\nx</section>']}
    ]
    assert page_of("a", "b", "c", contents="<ol>1</ol>").since(old.outline)["contents"] == "<ol>1</ol>"
    assert page_of("a", "b", "c", title="U").since(old.outline) == {"reload": True}
    assert old.since(None) == {"reload": True}
    large = "x" * (1 << 21)
    assert page_of(large).since(page_of("a").outline) == {"reload": True}


def test_a_page_of_the_plans_own_making_is_read_anew() -> None:
    own = [Page(f"<html><body><p>{text}".encode()) for text in "ab"]
    assert own[1].since(own[0].outline) == {"reload": True}
    assert own[0].live.startswith(b"<html><body><script data-version=")
    assert Page(b"").live.startswith(b"<script")


def policy(page: Page) -> str:
    found = re.search(rb'Security-Policy" content="([^"]*)"', page.live)
    assert found
    return found[1].decode().replace("&#x27;", "'")


def test_the_policy_admits_our_script_and_our_server_only() -> None:
    page = page_of("a")
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-abc' 'sha256-[\w+/]{43}='; connect-src 'self'", policy(page)
    )
    assert b"connect-src" not in page.html
    free = page.html.replace(b"script-src &#39;sha256-abc&#39;", b"script-src &#39;unsafe-inline&#39;")
    assert "script-src 'unsafe-inline'; connect" in policy(Page(free)), (
        "a hash would forbid the page's own scripts"
    )


def test_findings_are_text_and_never_markup(plan: Path) -> None:
    edit(plan, PROGRAM, "owner: dinas-a", "owner: '<img src=x onerror=alert(1)>'")
    checked = check(plan)
    shown = panel(Round(Language.ID, diagnostics=checked.diagnostics), page=False)
    assert "<img" not in str(shown["html"])
    assert "&lt;img" in str(shown["html"])
    assert shown["kind"] == "errors"


def test_a_thousand_findings_are_cut_and_counted() -> None:
    found = [UNREADABLE.at(Place(f"agencies/a{n}.yaml"), reason="x") for n in range(1000)]
    shown = panel(Round(Language.EN, diagnostics=place_findings(found, {}, {}, Language.EN)), page=True)
    assert str(shown["html"]).count("<li") == 200
    assert "Shown are 200 of 1000" in str(shown["html"])


# --- a build after every change


def test_our_own_bug_is_told_and_does_not_end_the_rounds(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = Watcher(plan, sleep=lambda _: None)
    each = rounds(plan, Order(formats=("html",)), None, Language.ID, watcher)
    assert next(each).files
    with monkeypatch.context() as patch:
        patch.setattr("masterplan_cli.live.rounds.check", lambda *_, **__: 1 / 0)
        write(plan, "assets/x.txt", "x")
        broken = next(each)
        assert "ZeroDivisionError" in broken.trouble
        assert not broken.files
    write(plan, "assets/x.txt", "xx")
    assert next(each).files


def test_sentences_stay_in_the_plans_language_while_it_cannot_say_its_own(plan: Path) -> None:
    edit(plan, "masterplan.yaml", "status: final\n", "status: final\nlanguage: en\n")
    each = rounds(plan, Order(formats=("html",)), None, Language.ID, Watcher(plan, sleep=lambda _: None))
    assert next(each).language is Language.EN
    good = (plan / "masterplan.yaml").read_bytes()
    write(plan, "masterplan.yaml", "title: [")
    broken = next(each)
    assert (broken.language, broken.files) == (Language.EN, {})
    assert broken.errors
    (plan / "masterplan.yaml").unlink()
    missing = next(each)
    assert [d.code for d in missing.diagnostics] == ["MP904"]
    assert "there is no masterplan.yaml" in missing.diagnostics[0].message
    write(plan, "masterplan.yaml", good)
    assert next(each).files


# --- the server


@pytest.fixture
def preview() -> Iterator[Preview]:
    with Preview(Sight(page_of("a"), {"status": "x"}), 8700) as served:
        yield served


def answer(
    port: int, path: str = "/", method: str = "GET", **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, headers=headers)
    got = connection.getresponse()
    body = got.read()
    connection.close()
    return got.status, body, {name.lower(): value for name, value in got.getheaders()}


def test_the_page_is_served_to_this_computer_only(preview: Preview) -> None:
    status, body, headers = answer(preview.port)
    assert (status, body) == (200, preview.page.live)
    assert headers["content-security-policy"] == "frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers
    assert answer(preview.port, Host=f"localhost:{preview.port}")[0] == 200
    for host in ("evil.example", f"evil.example:{preview.port}", "127.0.0.1", "127.0.0.1:1", ""):
        status, body, _ = answer(preview.port, Host=host)
        assert status == 403, host
        assert b"block-x" not in body
    assert preview._server.server_address[0] == "127.0.0.1"


def test_no_path_leads_to_a_file(preview: Preview) -> None:
    for path in (
        "/masterplan.yaml",
        "/../masterplan.yaml",
        "/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/build/",
        "/_live/x",
    ):
        assert answer(preview.port, path)[0] == 404, path
    for method in ("POST", "PUT", "HEAD", "OPTIONS", "DELETE"):
        assert answer(preview.port, method=method)[0] == 405, method


@pytest.mark.parametrize("path", ["http://[", "/?" + "&".join("a=1" for _ in range(30))])
def test_an_address_that_is_none_is_answered(preview: Preview, path: str) -> None:
    with socket.create_connection(("127.0.0.1", preview.port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.0 400 ")


def test_a_taken_port_leads_to_the_next(preview: Preview) -> None:
    with Preview(Sight(page_of("b"), {}), preview.port) as other:
        assert other.port == preview.port + 1
        assert b"\nb</section>" in answer(other.port)[1]


class Listener:
    """A browser's ear: the messages of the stream, one after another."""

    def __init__(self, port: int, at: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", f"/_live?at={at}")
        self.stream = self.connection.getresponse()
        self.version = at

    def next(self) -> dict[str, Any]:
        while True:
            line = self.stream.readline().decode()
            assert line, "the stream has ended"
            if line.startswith("id: "):
                self.version = line[4:].strip()
            if line.startswith("data: "):
                message: dict[str, Any] = json.loads(line[6:])
                return message

    def until(self, status: str) -> dict[str, Any]:
        """The first message whose panel says something."""
        for _ in range(50):
            message = self.next()
            if re.search(status, message["panel"]["status"]):
                return message
        pytest.fail(f"never said: {status}")


def test_a_browser_hears_what_differs_from_what_it_shows(preview: Preview) -> None:
    ear = Listener(preview.port, preview.page.version)
    assert "page" not in ear.next()
    new = page_of("b")
    preview.show(Sight(new, {"status": "y"}))
    message = ear.next()
    assert message["page"]["pieces"][0]["html"] == ['<section class="block block-x">\nb</section>']
    assert ear.version == new.version
    preview.show(Sight(new, {"status": "z"}))
    assert ear.next() == {"panel": {"status": "z"}}, (
        "a build that changes nothing changes nothing on the screen"
    )


def test_a_browser_that_comes_back_gets_what_it_missed(preview: Preview) -> None:
    first = preview.page.version
    for text in "bcd":
        preview.show(Sight(page_of(text), {}))
    assert "\nd</section>" in Listener(preview.port, first).next()["page"]["pieces"][0]["html"][0]
    assert Listener(preview.port, "unknown").next()["page"] == {"reload": True}
    for number in range(40):
        preview.show(Sight(page_of(str(number)), {}))
    assert Listener(preview.port, first).next()["page"] == {"reload": True}, "nothing is remembered for ever"


def test_the_end_leaves_no_thread_and_no_open_connection() -> None:
    import threading

    before = threading.active_count()
    with Preview(Sight(page_of("a"), {}), 8700) as served:
        ears = [Listener(served.port, served.page.version) for _ in range(4)]
        assert all(ear.next() for ear in ears)
        silent = socket.create_connection(("127.0.0.1", served.port))
        while len(served._server.connections) < 5:
            time.sleep(0.01)
    assert threading.active_count() == before
    assert all(ear.stream.read().strip() == b"" for ear in ears), "each stream has its end"
    silent.close()


# --- the commands


class Running:
    """A command in a process of its own, with what it has printed."""

    def __init__(self, folder: Path, *args: str | Path) -> None:
        self.log = folder / "log.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "masterplan_cli", *map(str, args)],
                stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
                # A shell lets what it starts beside itself ignore Ctrl+C; that is not what is tested here.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )  # fmt: skip

    def said(self, pattern: str, times: int = 1) -> str:
        """Wait until something was printed; the last of what matches."""
        for _ in range(1200):
            found = re.findall(pattern, self.text)
            if len(found) >= times:
                return str(found[-1])
            assert self.process.poll() is None, self.text
            time.sleep(0.05)
        pytest.fail(f"never said {pattern}: {self.text}")

    @property
    def text(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def port(self) -> int:
        return int(self.said(r"http://127\.0\.0\.1:(\d+)/"))

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def start(*args: str | Path) -> Running:
        running.append(Running(tmp_path, *args))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
        assert "Traceback" not in one.text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals between processes")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", [("serve", "--no-open"), ("watch", "--to", "json")])
def test_a_stop_is_clean(plan: Path, run: Any, command: tuple[str, ...], how: signal.Signals) -> None:
    running = run(*command, plan)
    running.said("tersusun")
    if command[0] == "serve":
        ear = Listener(running.port, "x")
        ear.next()
    assert running.stop(how) == 0
    assert running.text.endswith("masterplan: berhenti\n")


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


BROKEN: dict[str, Callable[[Path], object]] = {
    "half written": lambda root: write(root, PROGRAM, (root / PROGRAM).read_bytes()[:20]),
    "empty": lambda root: write(root, PROGRAM, b""),
    "not text": lambda root: write(root, PROGRAM, b"\xff\xfe\x00\x01"),
    "bad yaml": lambda root: write(root, "agencies/dinas-a.yaml", "name: [\n"),
    "no plan file": lambda root: (root / "masterplan.yaml").unlink(),
    "empty plan file": lambda root: write(root, "masterplan.yaml", b""),
    "plan file a folder": lambda root: folder_instead(root / "masterplan.yaml"),
    "template": lambda root: write(root, "templates/cover.md.j2", "{% if %}"),
    "template that fails": lambda root: write(root, "templates/cover.md.j2", "{{ plan.title.x.y }}"),
    "page": lambda root: write(root, "templates/html/page.html.j2", "{{ nothing }}"),
    "no pillars": lambda root: shutil.rmtree(root / "pillars"),
    "no folder": lambda root: shutil.rmtree(root),
}  # fmt: skip


def test_every_broken_state_is_shown_and_left_again(plan: Path, run: Any) -> None:
    running = run("serve", "--no-open", plan)
    ear = Listener(running.port, "x")
    ear.until("0 error, 0 peringatan")
    good = ear.version
    for state, brk in BROKEN.items():
        brk(plan)
        message = ear.until("belum tersusun")
        assert message["panel"]["kind"] == "errors", state
        assert "<li" in message["panel"]["html"], state
        assert ear.version == good, f"{state}: the last good page stays"
        assert answer(running.port)[0] == 200
        if plan.exists():
            shutil.rmtree(plan)
        shutil.copytree(SMALL_PLAN, plan)
        ear.until("0 error, 0 peringatan – tersusun")
        assert ear.version == good, f"{state}: mended, it is the same page again"
    assert running.stop() == 0


def test_before_there_is_a_page_the_findings_stand_alone(plan: Path, run: Any) -> None:
    text = (plan / PROGRAM).read_text(encoding="utf-8")
    edit(plan, PROGRAM, "owner: dinas-a\n", "owner: entah\n")
    running = run("serve", "--no-open", plan)
    ear = Listener(running.port, "x")
    message = ear.until("belum ada dokumen")
    assert "MP102" in message["panel"]["html"]
    assert "Dokumen tampil di sini" in answer(running.port)[1].decode()
    write(plan, PROGRAM, text)
    assert ear.until("tersusun")["page"] == {"reload": True}


def test_the_terminal_tells_what_is_new_in_full_and_what_remains_in_a_line(plan: Path, run: Any) -> None:
    running = run("serve", "--no-open", plan)
    running.said("tersusun")
    edit(plan, PROGRAM, "owner: dinas-a\n", "owner: entah\n")
    running.said(r"layanan\.md: belum tersusun dalam \d+,\d\d detik – 1 error, 0 peringatan")
    assert running.text.count("error[MP102]: pengampu") == 1
    write(plan, "assets/x.txt", "x")
    running.said(r"assets\S* .*belum tersusun")
    assert running.text.count("error[MP102]: pengampu") == 1, "not told in full again"
    assert re.search(r"^pillars/alfa/layanan\.md:\d+:\d+: error\[MP102\]", running.text, flags=re.M)


def test_watch_writes_what_is_asked_and_keeps_it_while_the_plan_is_broken(
    plan: Path, run: Any, tmp_path: Path
) -> None:
    out = plan / "hasil"
    running = run("watch", plan, "--to", "md,json", "--out", out, "--date", "2026-11-24")
    running.said("tersusun")
    assert {p.name for p in out.iterdir()} >= {"masterplan.md", "masterplan.json"}
    edit(plan, PROGRAM, "owner: dinas-a\n", "owner: entah\n")
    running.said("belum tersusun")
    edit(plan, PROGRAM, "owner: entah\n", "owner: dinas-a\n")
    running.said(r"layanan\.md: tersusun")
    built = tmp_path / "sekali"
    assert masterplan("build", plan, "--to", "md,json", "--out", built, "--date", "2026-11-24").code == 0
    assert (out / "masterplan.md").read_bytes() == (built / "masterplan.md").read_bytes()
    assert running.text.count("tersusun dalam") + running.text.count("tersusun →") == 3, (
        "what it writes is no change"
    )


@pytest.mark.parametrize("command", [("watch", "--to", "json"), ("serve", "--no-open")])
def test_it_does_not_feed_on_its_own_log(plan: Path, command: tuple[str, ...]) -> None:
    running = Running(plan, *command, plan)
    try:
        running.said("  tersusun")
        edit(plan, PROGRAM, "title: Layanan Cepat", "title: Layanan Baru")
        running.said(r"layanan\.md: tersusun")
        time.sleep(1.5)
    finally:
        running.stop(signal.SIGTERM)
    assert running.log.parent == plan
    assert running.text.count("tersusun") == 2, running.text


def test_the_excerpt_of_an_agency_called_by_its_name_is_made(plan: Path, run: Any) -> None:
    running = run("watch", plan, "--to", "md", "--agency", "dinas b")
    running.said("  tersusun")
    assert (plan / "build/agency-dinas-b.md").is_file()


def test_only_what_is_our_own_output_is_left_out(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(plan, "catatan.log", "x")
    write(plan, "lain.log", "x")
    fstat, ours = os.fstat, (plan / "catatan.log").stat()
    monkeypatch.setattr(os, "fstat", lambda handle: ours if handle == 2 else fstat(handle))
    assert told(plan, lambda: write(plan, "catatan.log", "xy"), lambda: write(plan, "lain.log", "xy")) == [
        "lain.log"
    ]


def test_an_output_that_cannot_be_replaced_is_tried_again(plan: Path, run: Any) -> None:
    (plan / "build/masterplan.json").mkdir(parents=True)
    running = run("watch", plan, "--to", "json")
    running.said(r"error\[MP903\]")
    (plan / "build/masterplan.json").rmdir()
    running.said("  tersusun")
    assert running.text.count("error[MP903]") == 1, "told once, however often it is tried"


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("serve", "--book", "entah"), "buku `entah` tidak ada"),
        (("watch", "--agency", "entah"), "yang ada: `dinas-a` (Dinas A)"),
        (("serve", "--agency", "entah"), "perangkat daerah `entah` tidak ada"),
        (("serve", "--book", "masterplan", "--agency", "dinas-a"), "pilih satu"),
        (("serve", "--book", "all"), "pilih satu"),
        (("watch", "--book", "entah"), "buku `entah` tidak ada"),
        (("watch", "--to", "pdx"), "keluaran tidak dikenal"),
        (("watch", "--date", "besok"), "tanggal `besok` tidak terbaca"),
    ],
)
def test_wrong_use_ends_with_2(plan: Path, args: tuple[str, ...], word: str) -> None:
    more = ("--no-open",) if args[0] == "serve" else ()
    result = masterplan(*args, plan, *more)
    assert result.code == 2
    assert word in result.err


def test_without_a_plan_there_is_nothing_to_serve(tmp_path: Path) -> None:
    result = masterplan("serve", tmp_path, "--no-open")
    assert result.code == 2
    assert "MP904" in result.err


# --- in a real browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (on Debian: apt install chromium)")
    with playwright.sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def until(page: Any, condition: str) -> None:
    """Wait for something to hold, however often the page is read anew meanwhile."""
    from playwright.sync_api import Error

    for _ in range(600):
        with suppress(Error):
            if page.evaluate(condition):
                return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {condition}")


HEADING = "document.getElementById('beta')"
TOP = f"{HEADING}.getBoundingClientRect().top"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the servers keep for each other."""
    return str(tmp_path_factory.mktemp("kept"))


def second_pillar(plan: Path) -> None:
    """A long pillar behind the one that there is, and a budget of several sources."""
    taxonomy = "  - {id: beta, name: Beta, subdimensions: [{id: dua, name: Dua}]}\nsections:\n"
    edit(plan, "taxonomy.yaml", "sections:\n", taxonomy)
    for agency in ("dinas-a", "dinas-b"):
        edit(plan, f"agencies/{agency}.yaml", "duties:\n", "duties:\n  beta: Menyertai.\n")
    for name in ("pillar.md", "layanan.md"):
        text = (plan / "pillars/alfa" / name).read_text(encoding="utf-8")
        text = text.replace("subdimension: satu", "subdimension: dua").replace("## Satu", "## Dua")
        write(plan, f"pillars/beta/{name}", text.replace("Layanan Cepat", "Layanan Tepat"))
    with (plan / "pillars/beta/pillar.md").open("a", encoding="utf-8") as file:
        file.write("\nKeadaan di sini.\n" * 100)
    lines = "".join(
        f"  - {{year: 2023, amount: 1000000, source: {source}}}\n" for source in ("APBN", "Hibah")
    )
    edit(plan, PROGRAM, "budget:\n", f"budget:\n{lines}")


@pytest.fixture
def opened(browser: Any, plan: Path, run: Any, kept: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A plan of two pillars in a browser, its reader at the second."""
    monkeypatch.setenv("MASTERPLAN_CACHE", kept)
    second_pillar(plan)
    running = run("serve", "--no-open", plan)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"http://127.0.0.1:{running.port}/")
    until(page, f"{HEADING} !== null && document.querySelector('#_live').shadowRoot.querySelector('.clean')")
    page.evaluate(f"{HEADING}.scrollIntoView(); window.mark = 'same page'")
    page.running = running
    yield page
    page.close()


def test_a_change_above_leaves_everything_where_it_was(opened: Any, plan: Path) -> None:
    opened.locator("#_find").fill("layanan")
    before = opened.evaluate(TOP)
    text = (plan / PROGRAM).read_text(encoding="utf-8")
    write(plan, PROGRAM, text + "\n\nKalimat yang baru. " * 8)
    until(opened, "document.body.textContent.includes('Kalimat yang baru')")
    assert opened.evaluate(TOP) == pytest.approx(before, abs=1)
    assert opened.evaluate("window.mark") == "same page", "nothing was loaded again"
    assert opened.locator("#_find").input_value() == "layanan"
    jump = opened.locator("#_live .jump")
    assert jump.inner_text() == "Ke perubahan"
    jump.click()
    until(
        opened,
        "(p => p && p.getBoundingClientRect().top < innerHeight && p.getBoundingClientRect().bottom > 0)([...document.querySelectorAll('.block-program p')].find(p => p.textContent.includes('Kalimat yang baru')))",
    )


def test_a_title_changes_the_contents_beside_the_page_too(opened: Any, plan: Path) -> None:
    before = opened.evaluate(TOP)
    edit(plan, PROGRAM, "title: Layanan Cepat", "title: Layanan Rakyat")
    until(
        opened,
        "[...document.querySelectorAll('.side .tree a')].some(a => a.textContent === 'Layanan Rakyat')",
    )
    until(opened, "document.querySelector('.side .tree [aria-current]')?.textContent === 'Beta'")
    assert opened.evaluate(TOP) == pytest.approx(before, abs=1)
    assert opened.evaluate("window.mark") == "same page"
    assert opened.locator(".block-budget thead button").count() > 0, "tables that came anew can be sorted"


def test_a_new_program_comes_in_its_place(opened: Any, plan: Path) -> None:
    count = opened.locator(".block-program").count()
    shutil.copy(plan / PROGRAM, plan / "pillars/alfa/layanan-lain.md")
    until(opened, f"document.querySelectorAll('.block-program').length === {count + 1}")
    (plan / "pillars/alfa/layanan-lain.md").unlink()
    until(opened, f"document.querySelectorAll('.block-program').length === {count}")
    assert opened.evaluate("window.mark") == "same page"


def test_a_page_read_anew_keeps_the_place_and_what_was_sought(opened: Any, plan: Path) -> None:
    opened.locator("#_find").fill("layanan")
    opened.evaluate("scrollBy(0, 333)")
    before = opened.evaluate(TOP)
    text = (plan / "masterplan.yaml").read_text(encoding="utf-8")
    write(plan, "masterplan.yaml", re.sub(r"^title: ", "title: Baru ", text, count=1, flags=re.M))
    until(
        opened,
        "document.title.startsWith('Baru') && window.mark === undefined && document.readyState === 'complete'",
    )
    until(opened, f"Math.abs({TOP} - {before}) < 2")
    assert opened.locator("#_find").input_value() == "layanan"
    assert opened.locator(".side .hits li").count() > 0


def test_findings_stand_above_the_page_and_go_when_they_are_mended(opened: Any, plan: Path) -> None:
    before = opened.evaluate(TOP)
    path = "pillars/alfa/pillar.md"
    text = (plan / path).read_text(encoding="utf-8")
    write(plan, path, re.sub(r"^owner:.*\n", "", text, count=1, flags=re.M))
    found = opened.locator("#_live .list")
    found.wait_for()
    assert path in found.inner_text()
    assert "error[MP101]" in found.inner_text()
    assert "tambahkan owner:" in found.inner_text()
    assert (
        opened.locator("#_live [role=status]")
        .inner_text()
        .startswith("1 error, 0 peringatan – belum tersusun")
    )
    assert opened.evaluate(TOP) == pytest.approx(before, abs=1), "the page below does not move"
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    results = axe.run(opened, context="#_live")
    assert results.violations_count == 0, results.generate_report()
    fold = opened.locator("#_live .fold")
    assert fold.get_attribute("aria-expanded") == "true"
    fold.press("Enter")
    assert found.is_hidden()
    write(plan, path, text)
    opened.locator("#_live .clean").wait_for()
    assert opened.evaluate(TOP) == pytest.approx(before, abs=1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals between processes")
def test_a_page_whose_server_ended_says_so(opened: Any) -> None:
    assert opened.running.stop() == 0
    until(
        opened,
        "document.querySelector('#_live').shadowRoot.querySelector('[role=status]').textContent.includes('sudah berhenti')",
    )
    assert opened.evaluate("window.mark") == "same page", "what was read can still be read"
