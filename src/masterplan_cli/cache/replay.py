"""A run that would say and write what an earlier one did, answered without loading what does the work.

Everything that the earlier run depended on is asked anew: every file that it read is read and hashed, every name in
the plan's folder, the tool and its libraries, the options, what git said, and the files that it wrote. Where a killed
process left something behind, the work is done, for that clears it away.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from masterplan_cli.cache.invocation import COMMANDS, Invocation
from masterplan_cli.cache.store import Store, folder, is_in_any_plan
from masterplan_cli.files import Folder, digest, file_is, find_root, leftovers
from masterplan_cli.terminal import is_safe

#: With these, a run writes to the plan, depends on more of git, or is asked to do its work.
_OTHERWISE = ("--fix", "--diff", "--since", "--no-cache", "--help", "-h")
#: What a run takes from the environment.
_VARIABLES = ("MASTERPLAN_LANG", "NO_COLOR", "TERM", "COLUMNS", "SOURCE_DATE_EPOCH")


def replay(args: list[str], run: Invocation) -> int | None:
    """Say again what an equal run said, and give its exit code; None where there was none.

    The plan's folder is left to the run that then does the work.
    """
    run.folder = None
    place = folder()
    # Which plan is asked for is known only from what is kept: no plan may have brought that along.
    if not _repeatable(args) or place is None or is_in_any_plan(place):
        return None
    kept = Store(place).get(_key(args))
    try:
        saved = json.loads(kept) if kept else None
        if saved is None or find_root(saved["start"]) != saved["root"]:
            return None
        if not os.path.exists(saved["start"]):  # noqa: PTH110 - `pathlib` would cost a tenth of an unchanged run
            return None
        if not all(is_safe(text) for _, text in saved["said"]):
            return None
        run.folder = Folder(saved["root"])
        if not _holds(saved, run.folder):
            return None
    except (ValueError, KeyError, TypeError):
        return None
    for report, text in saved["said"]:
        stream = sys.stdout if report else sys.stderr
        stream.write(text)
        stream.flush()
    return int(saved["code"])


def keep(args: list[str], run: Invocation) -> None:
    """Remember a run that a later one may repeat, and what it put into the store."""
    store = run.store
    if store is None:
        return
    if run.code is not None and run.root and None not in run.read.values() and _repeatable(args):
        store.put({_key(args): _saved(run)})
    store.flush()


def _saved(run: Invocation) -> bytes:
    saved = {
        "start": run.start,
        "root": run.root,
        "names": run.names,
        "paths": sorted(run.read),
        "bytes": digest("".join(str(run.read[path]) for path in sorted(run.read)).encode("ascii")),
        "git": run.git,
        "said": run.said,
        "wrote": run.wrote,
        "out": run.out,
        "code": run.code,
    }
    return json.dumps(saved).encode("utf-8")


def _repeatable(args: list[str]) -> bool:
    return bool(args) and args[0] in COMMANDS and not any(a.partition("=")[0] in _OTHERWISE for a in args)


def _holds(saved: dict[str, Any], plan: Folder) -> bool:
    """Whether all that a run depended on is as it was."""
    return (
        plan.listing.digest == saved["names"]
        and digest("".join(str(plan.digest_of(path)) for path in saved["paths"]).encode("ascii"))
        == saved["bytes"]
        and all(_git(question)(plan.root) == answer for question, answer in saved["git"].items())
        and _leads_to(saved["wrote"], saved["out"])
        and all(file_is(path, size, written) for path, (size, written) in saved["wrote"].items())
        and not any(leftovers(place) for place in (plan.root, f"{plan.root}/build", saved["out"]) if place)
    )


def _leads_to(written: Iterable[str], out: str) -> bool:
    """Whether the outputs' paths, which may pass through links, still lead into the folder that was written to."""
    return all(os.path.realpath(path).startswith(f"{out}{os.sep}") for path in written)


def _git(question: str) -> Callable[[str], str | None]:
    """One of git's answers that a run may depend on."""
    from pathlib import Path

    from masterplan_cli import git

    questions = {
        "last_commit_day": git.last_commit_day,
        "prefix": git.prefix,
        "trusting_command": git.trusting_command,
    }
    return lambda root: questions[question](Path(root))


def _key(args: list[str]) -> str:
    """Names a run by all that is known before a plan is looked at."""
    screens = [_width(stream) for stream in (sys.stdout, sys.stderr)]
    variables = [os.environ.get(name) for name in _VARIABLES]
    return digest(json.dumps(["run", args, os.getcwd(), screens, variables]).encode("utf-8"))  # noqa: PTH109


def _width(stream: Any) -> int:
    """The columns of a terminal; 0 for a file or a pipe."""
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        return 0
