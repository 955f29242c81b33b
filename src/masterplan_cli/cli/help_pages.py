"""Pages of help in the language of who asks: our sentences in it, and what Typer says around them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

# Typer shows what it has taken over of click nowhere else; its version is held in pyproject.toml.
from typer._click.core import Context
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup

from masterplan_cli.messages import Both, Language

#: What asks for a page of help.
HELP = ("-h", "--help")
_LANGUAGE = re.compile(r"(?:^|\0)--lang[=\0](id|en)(?=\0|$)")
#: A sentence in Indonesian with the English one behind it, and what Typer adds.
_BOTH = re.compile(r"(?P<id>[^\n]{1,400}?) \((?P<en>[A-Z][^\n]{1,400}\.)\)(?P<added>  \[[^\n]{1,200}\])?")
#: What Typer says, as we say it.
_SAYINGS = {
    "Show this message and exit.": Both("Tampilkan halaman ini.", "Show this page."),
    "Install completion for the current shell.": Both(
        "Pasang pelengkapan perintah untuk shell ini.", "Install completion for this shell."
    ),
    "Show completion for the current shell, to copy it or customize the installation.": Both(
        "Tampilkan pelengkapan itu, untuk disalin atau diubah.", "Show it, to be copied or changed."
    ),
}
#: What Typer says around that, and its Indonesian.
_WORDS = {
    "Usage": "Cara pakai",
    "Options": "Opsi",
    "Arguments": "Argumen",
    "Commands": "Perintah",
    "[OPTIONS]": "[OPSI]",
    "COMMAND [ARGS]...": "PERINTAH [ARGUMEN]...",
}
_ADDED = (("[default: ", "[bawaan: "), ("[required]", "[wajib]"), ("; required]", "; wajib]"))


def asked_language(args: Sequence[str]) -> Language:
    """The language that a command line asks for, even where it does not read; else that of the environment."""
    asked = _LANGUAGE.search("\0".join(args))
    return Language.EN if (asked[1] if asked else os.environ.get("MASTERPLAN_LANG")) == "en" else Language.ID


def without_language(args: list[str]) -> list[str]:
    """A command line that asks for help, without its `--lang`, which only commands have as an option."""
    if not set(args) & set(HELP):
        return args
    return [word for word in _LANGUAGE.sub("", "\0".join(args)).split("\0") if word]


def in_language(text: str, language: Language) -> str:
    """A sentence of ours in one language, with what Typer adds to it."""
    said = _SAYINGS.get(text)
    found = _BOTH.fullmatch(text)
    text = said.of(language) if said else found[language.value] + (found["added"] or "") if found else text
    for english, indonesian in _ADDED if language is Language.ID else ():
        text = text.replace(english, indonesian)
    return text


class _Page(HelpFormatter):
    """A page of help in one language."""

    language = Language.ID

    def _said(self, text: str) -> str:
        return text if self.language is Language.EN else _WORDS.get(text, text)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for words in ("[OPTIONS]", "COMMAND [ARGS]..."):
            args = args.replace(words, self._said(words))
        super().write_usage(prog, args, prefix or f"{self._said('Usage')}: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(self._said(heading))

    def write_text(self, text: str) -> None:
        super().write_text(in_language(text, self.language))

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().write_dl([(name, in_language(text, self.language)) for name, text in rows], *args, **kwargs)


class _HelpContext(Context):
    """What was asked, with a page of help in the language that was asked for."""

    def make_formatter(self) -> HelpFormatter:
        page = _Page(width=self.terminal_width, max_width=self.max_content_width)
        page.language = asked_language(getattr(self.find_root().command, "given", ()))
        return page


class TranslatedCommand(TyperCommand):
    """A command with such pages."""

    context_class = _HelpContext


class TranslatedGroup(TyperGroup):
    """A group of commands with such pages."""

    context_class = _HelpContext
