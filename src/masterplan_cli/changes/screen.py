"""A comparison as people read it: text for a terminal, and Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from masterplan_cli.changes.compare import Comparison
from masterplan_cli.changes.story import ChangeEntry, Story, StoryPart
from masterplan_cli.changes.values import ADDED, REMOVED
from masterplan_cli.messages import Both, Language
from masterplan_cli.screens import Paint, markdown_text, padded, painter, width_of, wrapped
from masterplan_cli.terminal import shown

_LEGEND = Both(
    "+ baru, − tidak ada lagi, ~ berubah; di naskah [-dihapus-], {+ditambahkan+}, ¶ paragraf baru",
    "+ new, − no more, ~ changed; in texts [-taken away-], {+put in+}, ¶ new paragraph",
)
_COLOURS = {ADDED: "32", REMOVED: "31"}
_CHANGED_COLOUR = "33"
#: The marks of words in a text, with the colours of what stands between them.
_MARKS = {"[-": "31", "{+": "32"}
_ENDS = ("-]", "+}")


def comparison_text(comparison: Comparison, language: Language, width: int, *, colour: bool = False) -> str:
    """The story in a screen, then each change."""
    story, paint = Story(comparison, language), painter(colour)
    out = [paint(line, "1") for line in wrapped(shown(story.title), width)]
    out += ["", *_summary(story, width)]
    for part in story.parts():
        out += ["", *_part(part, width, paint)]
    if comparison.changes:
        out += ["", *wrapped(_LEGEND.of(language), width)]
    return "\n".join(out) + "\n"


def _summary(story: Story, width: int) -> Iterator[str]:
    label = max(width_of(fact.label) for fact in story.summary)
    for fact in story.summary:
        head = f"  {padded(fact.label, label)}  " if label else "  "
        lines = wrapped(shown(fact.said), width, " " * len(head))
        yield head + lines[0][len(head) :]
        yield from lines[1:]


def _part(part: StoryPart, width: int, paint: Paint) -> Iterator[str]:
    yield from (paint(line, "1") for line in wrapped(shown(part.title), width))
    for entry in part.entries:
        yield from _entry(entry, width, paint)


def _entry(entry: ChangeEntry, width: int, paint: Paint) -> Iterator[str]:
    notes = f": {'; '.join(entry.notes)}" if entry.notes else ""
    yield from _signed(f"{entry.sign} {entry.name}{notes}", width, 2, paint)
    for line in entry.lines:
        yield from _signed(line, width, 6, paint)


def _signed(text: str, width: int, indent: int, paint: Paint) -> Iterator[str]:
    """A line that begins with a sign, in the sign's colour; words within marks in theirs."""
    lines = wrapped(shown(text), width, " " * indent, " " * (indent + 2))
    first, sign = lines[0], text[:1]
    lines[0] = " " * indent + paint(sign, _COLOURS.get(sign, _CHANGED_COLOUR)) + first[indent + 1 :]
    inside = ""
    for line in lines:
        coloured, inside = _marked(line, inside, paint)
        yield coloured


def _marked(line: str, inside: str, paint: Paint) -> tuple[str, str]:
    """A line with the words between marks coloured, and the mark that is still open at its end."""
    if paint("x", "1") == "x":
        return line, ""
    words = []
    for word in line.split(" "):
        inside = inside or next((mark for mark in _MARKS if word.startswith(mark)), "")
        words.append(paint(word, _MARKS[inside]) if inside and word else word)
        inside = "" if word.endswith(_ENDS) else inside
    return " ".join(words), inside


# --- Markdown


def comparison_markdown(comparison: Comparison, language: Language) -> str:
    """The story and each change, to be pasted where Markdown is read."""
    story = Story(comparison, language)
    out = [f"# {markdown_text(story.title)}", ""]
    for fact in story.summary:
        label = f"**{markdown_text(fact.label)}**: " if fact.label else "  "
        out.append(
            f"- {label}{markdown_text(fact.said)}" if fact.label else f"  - {markdown_text(fact.said)}"
        )
    for part in story.parts():
        out += ["", f"## {markdown_text(part.title)}"]
        for entry in part.entries:
            notes = f": {markdown_text('; '.join(entry.notes))}" if entry.notes else ""
            out += ["", f"**{entry.sign} {markdown_text(entry.name)}**{notes}", ""]
            out += [f"- {_line(line)}" for line in entry.lines]
            out = out if entry.lines else out[:-1]
    if comparison.changes:
        out += ["", _line(_LEGEND.of(language))]
    return "\n".join(out) + "\n"


def _line(line: str) -> str:
    """A line of a change; its sign would begin a list in a list."""
    return markdown_text(line).replace("+ ", "\\+ ", 1) if line.startswith(ADDED) else markdown_text(line)
