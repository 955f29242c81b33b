"""What the tool is at, in one line of the terminal that goes away; nothing where nobody watches."""

from __future__ import annotations

import sys
from threading import Lock, Timer
from typing import TextIO

from masterplan_cli.messages import Both, Language

_STEPS = {
    "check": Both("memeriksa rencana …", "checking the plan …"),
    "book": Both("menyusun {book} …", "laying out {book} …"),
    "": Both("menyusun {form} {book} …", "making the {form} of {book} …"),
}
_CLEAR = "\r\x1b[K"


class Progress:
    """Shows the step at work once the work takes longer than `patience` seconds."""

    def __init__(self, language: Language, stream: TextIO | None = None, patience: float = 1.0) -> None:
        self.language, self.stream = language, stream or sys.stderr
        self.step, self.shown, self.over = "", False, False
        self.lock = Lock()
        self.timer = Timer(patience, self._show)
        self.timer.daemon = True

    def __enter__(self) -> Progress:
        if self.stream.isatty():
            self.timer.start()
        return self

    def __call__(self, form: str, book: str = "") -> None:
        text = _STEPS.get(form, _STEPS[""]).of(self.language)
        with self.lock:
            self.step = text.format(form=form.upper(), book=book)
            if self.shown:
                self._print(self.step)

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()
        with self.lock:
            if self.shown:
                self._print("")
            self.shown, self.over = False, True

    def _show(self) -> None:
        with self.lock:
            if not self.over:
                self.shown = True
                self._print(self.step)

    def _print(self, text: str) -> None:
        self.stream.write(_CLEAR + text)
        self.stream.flush()
