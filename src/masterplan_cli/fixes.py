"""Safe fixes: changes to a plan's files that cannot change what they mean, and nothing else byte for byte.

A finding brings its own fix when only one thing can be meant. Beside that each file is tidied: no byte order
mark, line ends as Unix has them, letters composed (NFC), no blanks at the ends of lines; a tidied file must
read as the same data and the same prose, or it stays as it was.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from math import inf
from pathlib import Path

from masterplan_cli.checking import Checked, check
from masterplan_cli.diagnostics import Diagnostic, Exact
from masterplan_cli.markdown import prose_parser
from masterplan_cli.messages import Language
from masterplan_cli.source import Change, Source, Span, changed, inside_quotes
from masterplan_cli.yaml_reader import literal_lines, parse_markdown_file, parse_yaml_file

#: A fix may uncover another one (a key put right shows its value); real plans need two rounds.
_ROUNDS = 8
_BLANKS = " \t"
#: So many lines stand around a change in a diff.
_CONTEXT = 3


@dataclass
class Fixed:
    """A plan after its safe fixes, not yet saved: what is still found, and each changed file before and after."""

    checked: Checked
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)

    def diff(self) -> str:
        """All changes as one unified diff."""
        return "".join(_diff(path, self.before[path], self.after[path]) for path in sorted(self.after))


def fix_plan(root: Path, language: Language | None = None) -> Fixed:
    """Fix a plan's files in memory until nothing more can be fixed safely."""
    fixed = Fixed(check(root, language))
    for _ in range(_ROUNDS):
        changed = dict(_changed(fixed.checked))
        if not changed:
            break
        for path in changed:
            fixed.before.setdefault(path, fixed.checked.project.read_bytes(path))
        fixed.after |= changed
        fixed.checked = check(root, language, fixed.after)
    return fixed


def _changed(checked: Checked) -> Iterator[tuple[str, bytes]]:
    """The files that a round of fixes changes, with their new bytes."""
    by_path: dict[str, list[Diagnostic]] = {}
    for d in checked.diagnostics:
        if d.fix is not None:
            by_path.setdefault(d.path, []).append(d)
    for path in sorted(checked.project.located):
        data = checked.project.read_bytes(path)
        text = data.decode("utf-8-sig")
        new = _tidied(path, edited(text, by_path.get(path, ())))
        if new.encode("utf-8") != data:
            yield path, new.encode("utf-8")


# --- what findings know to mend


def edited(text: str, diagnostics: Iterable[Diagnostic]) -> str:
    """The text with the fixes of its findings in place; of two at one place the later one counts."""
    source = Source("", text)
    changes = (_change(source, d.span, d.fix) for d in diagnostics if d.fix is not None)
    return changed(text, [change for change in changes if change])


def _change(source: Source, span: Span, fix: str) -> Change | None:
    """What a fix puts in place of what stands at a span; only an exact one may change more than one line."""
    if isinstance(fix, Exact):
        # A text that begins with `|` or `>` ends where the next line begins.
        before_next = fix and span.end_column == 1 < span.end_line - span.line + 1
        new = f"{fix}\n" if before_next else str(fix)
    elif span.line == span.end_line:
        span, new = inside_quotes(source.line(span.line), span), fix
    else:
        return None
    return Change(source.offset(*span[:2]), source.offset(*span[2:]), new)


# --- what every file can do without


def _tidied(path: str, text: str) -> str:
    """The text without what means nothing; a step that would change the meaning is left out."""
    text = text.replace("\r\n", "\n")
    steps: tuple[Callable[[str, str], str], ...] = (_composed, _without_trailing_blanks)
    for step in steps:
        new = step(path, text)
        if new != text and _meaning(path, new) == _meaning(path, text):
            text = new
    return text


def _composed(_path: str, text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _meaning(path: str, text: str) -> object:
    """What a file says, whichever way its letters are composed; None when it does not read."""
    source = Source(path, text)
    parsed = parse_markdown_file(source) if path.endswith(".md") else parse_yaml_file(source)
    if parsed.value is None:
        return None
    prose = prose_parser().render(parsed.body or "")
    return unicodedata.normalize("NFC", repr(parsed.value)), unicodedata.normalize("NFC", prose)


def _without_trailing_blanks(path: str, text: str) -> str:
    lines = text.split("\n")
    if not any(line.endswith((" ", "\t")) for line in lines) or _meaning(path, text) is None:
        return text
    kept = _meaningful(path, Source(path, text))
    return "\n".join(line if n in kept else line.rstrip(_BLANKS) for n, line in enumerate(lines, 1))


def _meaningful(path: str, source: Source) -> set[int]:
    """The lines whose blanks at the end say something: literal text, code, and Markdown's hard line breaks."""
    if not path.endswith(".md"):
        return literal_lines(source.text, 1)
    parsed = parse_markdown_file(source)
    data = "\n".join(source.lines[1 : parsed.body_line - 2])
    return literal_lines(data, 2) | _prose_lines(parsed.body or "", parsed.body_line)


def _prose_lines(body: str, first: int) -> set[int]:
    kept: set[int] = set()
    for token in prose_parser().parse(body):
        if token.type in ("fence", "code_block") and token.map:
            kept.update(range(token.map[0] + first, token.map[1] + first))
    lines = body.split("\n")
    for number, (line, following) in enumerate(zip(lines, [*lines[1:], ""], strict=True), first):
        if line.endswith("  ") and line.strip() and following.strip():
            kept.add(number)
    return kept


# --- showing


def _diff(path: str, before: bytes, after: bytes) -> str:
    """One file's changes as `diff -u` and git write them; fixes change lines where they stand."""
    # Only a line feed ends a line here, as in git; `str.splitlines` knows a dozen other ends.
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", data.decode("utf-8")) for data in (before, after))
    changed = [n for n, (one, other) in enumerate(zip_longest(old, new)) if one != other]
    lines = [f"--- a/{path}\n", f"+++ b/{path}\n"] if changed else []
    for hunk in _hunks(changed, max(len(old), len(new))):
        lines.append(f"@@ -{_range(hunk, len(old))} +{_range(hunk, len(new))} @@\n")
        for kept, numbers in groupby(hunk, lambda n: old[n : n + 1] == new[n : n + 1]):
            run = list(numbers)
            gone, come = (side[run[0] : run[-1] + 1] for side in (old, new))
            marked = ((" ", gone),) if kept else (("-", gone), ("+", come))
            lines += [mark + line for mark, part in marked for line in part]
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _hunks(changed: list[int], count: int) -> Iterator[range]:
    """The numbers of changed lines with those around them, in one piece where they are close."""
    start = 0
    for this, following in zip(changed, [*changed[1:], inf], strict=False):
        if following - this > 2 * _CONTEXT + 1:
            yield range(max(0, changed[start] - _CONTEXT), min(this + _CONTEXT + 1, count))
            start = bisect_right(changed, this)


def _range(hunk: range, count: int) -> str:
    """Where the lines of a hunk stand in a file of so many lines, as a unified diff says it."""
    length = min(hunk.stop, count) - hunk.start
    first = hunk.start + 1 if length else hunk.start
    return str(first) if length == 1 else f"{first},{length}"
