"""What one run of the command depends on and says, so that an equal one can be answered by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from masterplan_cli.cache.store import Store
    from masterplan_cli.files import Folder

#: The commands whose runs can be repeated.
COMMANDS = ("check", "build")


class Invocation:
    """What a run depended on, and what came of it; the commands fill it in as they go."""

    def __init__(self) -> None:
        #: The plan's folder, where something was read there before the work began.
        self.folder: Folder | None = None
        #: The path that was given, the plan's root above it, and what stands for all names there.
        self.start = self.root = self.names = ""
        #: The digest of each file that was read, by its path in the plan; None: a repetition cannot be told from it.
        self.read: dict[str, str | None] = {}
        #: What git answered, by the question's name in `git`.
        self.git: dict[str, str | None] = {}
        #: What was printed: whether it is a report or a word on progress, and the text.
        self.said: list[tuple[bool, str]] = []
        #: The sizes and digests of the files written, by their paths as they were given; and the folder that these lead into.
        self.wrote: dict[str, tuple[int, str]] = {}
        self.out = ""
        #: Where its results are kept.
        self.store: Store | None = None
        #: The exit code of a run that came to its end.
        self.code: int | None = None
