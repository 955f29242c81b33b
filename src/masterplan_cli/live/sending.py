"""What comes after saving: the commands of git that send it, and running just these once the person agrees.

Only files that were saved through the form are sent. Nothing is ever forced, and neither hooks nor programs that the
plan's own repository names are run: what needs them is left to the person, with the commands to type.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from masterplan_cli import git
from masterplan_cli.messages import Both, Language
from masterplan_cli.terminal import shown_lines

#: Words that mean themselves between quotes in any shell.
_WORDED = re.compile(r"[\w./-]+(?: [\w./-]+)+")
#: So much of what git says is shown, and so many files are named.
_WORDS, _MOST = 4_000, 50
_SUBJECT = Both("Isi rencana lewat formulir", "Fill in the plan by the form")
_SUBJECT_OF = Both("Isi {name} lewat formulir", "Fill in {name} by the form")
_NEXT = Both(
    "Berikutnya: kirim yang sudah disimpan dengan tombol Kirim, atau ketik sendiri perintah ini di terminal.",
    "Next: send what was saved with the button Send, or type these commands yourself.",
)
_NO_REPOSITORY = Both(
    "Berikutnya: kirimkan berkas yang tersimpan kepada koordinator, karena folder ini bukan repo git.",
    "Next: send the files that were saved to the coordinator, for this folder is no git repository.",
)
_NO_REMOTE = Both(
    "Berikutnya: tanyakan kepada koordinator ke mana rencana ini dikirim, karena repo git ini tidak punya tujuan (remote) yang dapat dipakai.",
    "Next: ask the coordinator where this plan goes, for this git repository has no remote that can be used.",
)
_STRANGE = Both(
    "Berikutnya: ketik sendiri perintah ini di terminal; dari sini tidak dijalankan, karena pengaturan repo ini dapat menjalankan program lain ({name}).",
    "Next: type these commands yourself; they are not run from here, for the settings of this repository may run other programs ({name}).",
)
_SENT = Both("Terkirim ke {remote}.", "Sent to {remote}.")
_FAILED = Both(
    "Belum terkirim: git menolak, dan tidak ada yang dipaksakan. Berkas Anda tetap tersimpan; bila cabangnya tertinggal, jalankan `git pull` dahulu.",
    "Not sent: git refused, and nothing was forced. Your files stay saved; where the branch is behind, run `git pull` first.",
)
_OTHER = Both(
    "Perintahnya sudah lain daripada yang Anda setujui; periksa lagi.",
    "The commands are no longer those that you agreed to; look at them again.",
)
_HOOKS = Both("Kait (hook) milik repo ini tidak ikut dijalankan.", "Hooks of this repository are not run.")


@dataclass
class Sending:
    """The files that were saved through the form and are not sent yet."""

    root: Path
    paths: set[str] = field(default_factory=set)
    #: Whether something was committed that is not sent yet.
    committed: bool = False

    def saved(self, paths: Iterable[str]) -> None:
        self.paths |= {*paths}

    def view(self, language: Language) -> dict[str, Any]:
        """What to do next: a sentence, the commands, and whether they can be run from here; nothing before saving."""
        if self.paths and (left := git.differing(self.root, sorted(self.paths))) is not None:
            self.paths = {*left}
        if not self.paths and not self.committed:
            return {}
        said, commands, runs = self._next(language)
        words = [said.of(language)] if isinstance(said, Both) else [said]
        if runs:
            words.append(_HOOKS.of(language))
        return {"said": " ".join(words), "commands": [_typed(c) for c in commands], "runs": runs}

    def _next(self, language: Language) -> tuple[Both | str, list[list[str]], bool]:
        if git.top_level(self.root) is None:
            return _NO_REPOSITORY, [], False
        strange = git.strange_setting(self.root)
        to = git.outgoing(self.root)
        if to is None and strange is None:
            return _NO_REMOTE, [], False
        commands = self._commands(to, language)
        if strange is not None:
            return _STRANGE.of(language).format(name=strange or ".git"), commands, False
        return _NEXT, commands, True

    def _commands(self, to: git.Outgoing | None, language: Language) -> list[list[str]]:
        inside = git.prefix(self.root)
        paths = [f"{inside}{path}" for path in sorted(self.paths)]
        names = [_name(path) for path in sorted(self.paths)]
        subject = _SUBJECT_OF.of(language).format(name=names[0]) if len(names) == 1 else _SUBJECT.of(language)
        commands = [["add", "--", *paths], ["commit", "-m", subject, "--", *paths]] if paths else []
        follows = to is None or to.follows
        return [*commands, ["push"] if follows or to is None else ["push", "-u", to.remote, to.branch]]

    def send(self, agreed: list[str], language: Language) -> dict[str, Any]:
        """Run the commands, if they are those that the person agreed to; git's words, and what came of it."""
        _, commands, runs = self._next(language)
        to = git.outgoing(self.root)
        if not runs or to is None or agreed != [_typed(command) for command in commands]:
            return {"done": False, "said": _OTHER.of(language), "output": "", "next": self.view(language)}
        words: list[str] = []
        for command in commands:
            answer = git.send(self.root, command)
            told = shown_lines("\n".join((answer.out.decode("utf-8", "replace"), answer.err)).strip())
            words += [f"$ {_typed(command)}", *([told] if told else [])]
            if answer.code:
                return self._answer(False, _FAILED.of(language), words, language)
            if command[0] == "commit":
                self.paths, self.committed = set(), True
        self.committed = False
        return self._answer(True, _SENT.of(language).format(remote=to.remote), words, language)

    def _answer(self, done: bool, said: str, words: list[str], language: Language) -> dict[str, Any]:
        output = "\n".join(words)[-_WORDS:]
        return {"done": done, "said": said, "output": output, "next": self.view(language)}


def _name(path: str) -> str:
    """What a file is called in the subject of a commit; that of a pillar as its folder."""
    folder, name = path.split("/")[-2:] if "/" in path else ("", path)
    stem = name.rpartition(".")[0]
    return folder if folder and stem == "pillar" else stem


def _typed(command: list[str]) -> str:
    """A command as a person types it; these quotes are read by the shells of Windows as well."""
    quoted = [f'"{part}"' if _WORDED.fullmatch(part) else shlex.quote(part) for part in command]
    return " ".join(["git", *quoted])
