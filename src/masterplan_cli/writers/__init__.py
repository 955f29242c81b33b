"""Writers: one module a format, from a document or the plan to files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from masterplan_cli.diagnostics import Finding


class Written(NamedTuple):
    """The files that a writer made, by their path, and what it found on the way."""

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()


class Job(Protocol):
    """A file to make, all that goes into it gathered."""

    @property
    def key(self) -> str:
        """Stands for all that goes into the file, and for what makes it."""

    def make(self) -> Written:
        """Make the file, or say why it cannot be."""

    def done(self, data: bytes) -> Written:
        """The file that was made from the same before, with what is to be said of it."""
