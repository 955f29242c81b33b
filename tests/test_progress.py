"""What a terminal shows of a long build, and that nothing else ever sees it."""

from __future__ import annotations

import io
import threading

from masterplan_cli.messages import Language
from masterplan_cli.progress import Progress


class Screen(io.StringIO):
    """A terminal that tells when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        count = super().write(text)
        self.written.set()
        return count


def test_a_long_build_names_its_step_and_leaves_no_trace() -> None:
    screen = Screen()
    with Progress(Language.ID, screen, patience=0) as progress:
        progress("pdf", "ringkasan")
        assert screen.written.wait(timeout=30)
        progress("docx", "ringkasan")
    text = screen.getvalue()
    assert "menyusun DOCX ringkasan …" in text
    assert text.endswith("\r\x1b[K")
    assert "\n" not in text


def test_a_short_build_shows_nothing() -> None:
    screen = Screen()
    with Progress(Language.ID, screen, patience=3600) as progress:
        progress("pdf", "ringkasan")
    assert screen.getvalue() == ""


def test_the_step_is_named_in_the_plans_language() -> None:
    screen = Screen()
    with Progress(Language.EN, screen, patience=0) as progress:
        progress("book", "summary")
        assert screen.written.wait(timeout=30)
        progress("xlsx", "summary")
    assert "making the XLSX of summary …" in screen.getvalue()


def test_a_pipe_or_a_file_sees_nothing() -> None:
    pipe = io.StringIO()
    with Progress(Language.ID, pipe, patience=0) as progress:
        progress("pdf", "ringkasan")
        assert not progress.timer.is_alive()
    assert pipe.getvalue() == ""
