"""Templates by name: a plan's own files before the shipped ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from masterplan_cli.diagnostics import Finding, Place
from masterplan_cli.files import digest
from masterplan_cli.project import REFERENCE, TEMPLATES, Project
from masterplan_cli.rules.templates import TEMPLATE_UNUSED
from masterplan_cli.source import Span
from masterplan_cli.suggestions import suggest

#: What stands before the path of a shipped template.
SHIPPED = "<masterplan>/"
#: How the first line of a shipped template begins that declares what it reads.
_INPUTS = "{# inputs: "


class Templates:
    """The templates of a plan by name."""

    def __init__(self, project: Project) -> None:
        self.project = project
        #: The Jinja environment that reads them last, whose filters and tests a misspelt name may have meant.
        self.environment: Any = None

    def text(self, name: str) -> tuple[str, str] | None:
        """A template's text and the path to show for it; the plan's own goes before the shipped one."""
        path = f"{TEMPLATES}/{name}"
        own = self.project.located.get(path)
        # Line ends as browsers, Jinja and Typst count them: a script is named by the hash of what runs.
        return (own.source.text.replace("\r\n", "\n"), path) if own else shipped_text(name)

    def load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        found = (
            shipped_text(name.removeprefix("shipped/")) if name.startswith("shipped/") else self.text(name)
        )
        return (*found, lambda: True) if found else None

    @cached_property
    def own(self) -> list[str]:
        """The paths of the plan's own Jinja templates; a copy that says what the shipped one does is none."""
        names = [
            path.removeprefix(f"{TEMPLATES}/") for path in self.project.templates if path.endswith(".j2")
        ]
        return [f"{TEMPLATES}/{name}" for name in names if self._differs(name)]

    @cached_property
    def mark(self) -> str:
        """What stands in a template's text for something that is put in later: no template can hold a digest of itself."""
        texts = [self.project.located[path].source.text for path in self.project.templates]
        return f"\x1a{digest(chr(0).join(texts).encode('utf-8', 'surrogatepass'))[:32]}"

    def inputs(self, name: str) -> tuple[str, ...] | None:
        """What a shipped template declares that it reads of the plan beside its own files; None where that is unknown.

        A template of the plan's own may read everything, whatever it says.
        """
        if f"{TEMPLATES}/{name}" in self.own:
            return None
        return _declared(name)

    def _differs(self, name: str) -> bool:
        own, shipped = self.text(name), shipped_text(name)
        return own is not None and (shipped is None or own[0] != shipped[0])

    def names(self) -> list[str]:
        """Every name that a template may include or extend."""
        own = [path.removeprefix(f"{TEMPLATES}/") for path in self.project.templates]
        shipped = list(_shipped_names(shipped_templates()))
        return sorted({*own, *shipped, *(f"shipped/{name}" for name in shipped)})


#: A template that another one calls by a name that is only known when it runs.
_CALLED_BY_VALUE = re.compile(r"\{%-?\s*(?:include|extends|import|from)\s+[^\s\"']")


def unused(project: Project) -> Iterator[Finding]:
    """The files among a plan's own templates that take no shipped one's place, and that no other template names."""
    shipped = [*_shipped_names(shipped_templates()), REFERENCE.removeprefix(f"{TEMPLATES}/")]
    own = {path: project.located[path].source.text for path in project.templates}
    by_value = any(map(_CALLED_BY_VALUE.search, own.values()))
    for path in sorted(path for path in project.paths if path.startswith(f"{TEMPLATES}/")):
        name = path.removeprefix(f"{TEMPLATES}/")
        leaf = PurePosixPath(name).name
        named = any(leaf in text for other, text in own.items() if other != path)
        # A book's template has the name that the book gives it.
        if name in shipped or named or name.startswith("books/") or leaf.startswith("."):
            continue
        guess = _meant(name, shipped)
        if guess or (path in own and not by_value):
            yield TEMPLATE_UNUSED.at(Place(path), "suggestion" if guess else "", name=name, suggestion=guess)
    for path, text in own.items():
        yield from _lost_blocks(path, text)


#: What opens or closes a block, or says which template's blocks these are.
_BLOCK = re.compile(r"\{%-?[ \t]*(extends|block|endblock)[ \t]+([\w./\"'-]+)|\{%-?[ \t]*endblock\b")


def _lost_blocks(path: str, text: str) -> Iterator[Finding]:
    """The blocks that a template changes of a shipped one which has them no more: nobody prints them."""
    name, depth = "", 0
    for tag in _BLOCK.finditer(text):
        kind, word = tag[1] or "endblock", (tag[2] or "").strip("\"'")
        if kind == "extends":
            name = word.removeprefix("shipped/") if word.startswith("shipped/") else ""
        elif kind == "block":
            known = _blocks_of(name)
            if not depth and known is not None and word not in known:
                line = text.count("\n", 0, tag.start()) + 1
                column = tag.start(2) - text.rfind("\n", 0, tag.start(2))
                place = Place(path, span=Span(line, column, line, column + len(word)))
                variant = "block" if known else "no_block"
                yield TEMPLATE_UNUSED.at(place, variant, name=name, block=word, known=", ".join(known))
            depth += 1
        else:
            depth = max(0, depth - 1)


@cache
def _blocks_of(name: str) -> tuple[str, ...] | None:
    """The blocks of a shipped template; None where there is no such template."""
    shipped = shipped_text(name) if name else None
    if shipped is None:
        return None
    return tuple(tag[2] for tag in _BLOCK.finditer(shipped[0]) if tag[1] == "block")


def _meant(name: str, shipped: list[str]) -> str | None:
    """The shipped template whose name was meant: in another folder, misspelt, or with an ending that Windows hides."""
    bare = name.removesuffix(".txt")
    elsewhere = [known for known in shipped if PurePosixPath(known).name == PurePosixPath(bare).name]
    return elsewhere[0] if len(elsewhere) == 1 else suggest(bare, shipped)


@cache
def shipped_templates() -> Path:
    """The templates that come with the tool: inside the wheel, or at the top of a checkout."""
    inside = Path(__file__).with_name(TEMPLATES)
    return inside if inside.is_dir() else Path(__file__).parents[2] / TEMPLATES


def shipped_text(name: str) -> tuple[str, str] | None:
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/"):
        return None
    shipped = shipped_templates().joinpath(*parts)
    return (
        (shipped.read_text(encoding="utf-8"), f"{SHIPPED}{TEMPLATES}/{name}") if shipped.is_file() else None
    )


@cache
def _declared(name: str) -> tuple[str, ...] | None:
    shipped = shipped_text(name)
    first = shipped[0].partition("\n")[0] if shipped else ""
    if not first.startswith(_INPUTS):
        return None
    return tuple(first.removeprefix(_INPUTS).removesuffix("#}").replace(",", " ").split())


def _shipped_names(folder: Path, prefix: str = "") -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _shipped_names(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name
