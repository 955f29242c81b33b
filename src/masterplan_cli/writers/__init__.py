"""Writers: one module a format, from a document or the plan to files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from masterplan_cli.diagnostics import Finding


class Written(NamedTuple):
    """The files that a writer made, by their path, and what it found on the way."""

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()
