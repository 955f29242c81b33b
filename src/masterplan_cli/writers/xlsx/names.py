"""Names and texts as Excel takes them."""

from __future__ import annotations

import re
from functools import lru_cache

from masterplan_cli.values import slug

#: The most characters that a cell can hold, that a sheet's name can have, and that the head of a table's column can.
LONGEST, _LONGEST_NAME, _LONGEST_HEAD = 32767, 31, 250
#: What a sheet's name cannot have.
_UNNAMEABLE = re.compile(r"[\[\]:*?/\\\s]+")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
#: What the head of a column has a quotation mark before, where a formula names it.
_MARKS = re.compile(r"(['#\[\]])")


class Names:
    """Names that are used once each, whatever their capitals."""

    #: What a name does not begin or end with.
    edges = " "

    def __init__(self, longest: int, *taken: str, joint: str = " ") -> None:
        self.longest, self.taken, self.joint = longest, set(taken), joint

    def of(self, plain: str) -> str:
        """The name, cut where it is too long, with a number where it is taken."""
        name, count = cut(plain, self.longest).strip(self.edges), 1
        while name.casefold() in self.taken:
            count += 1
            number = f"{self.joint}{count}"
            name = cut(plain, self.longest - len(number)).strip(self.edges) + number
        self.taken.add(name.casefold())
        return name


class SheetNames(Names):
    """Names of sheets, without the characters and words that Excel keeps for itself."""

    edges = " '"

    def __init__(self) -> None:
        super().__init__(_LONGEST_NAME, "history", "riwayat")

    def of(self, plain: str) -> str:
        return super().of(_UNNAMEABLE.sub(" ", clean(plain)).strip(self.edges) or "-")


def column_heads(titles: list[str]) -> list[str]:
    """The heads of a table's columns: one line each, used once, and no code for a character in them."""
    names = Names(_LONGEST_HEAD)
    return [names.of(" ".join(clean(title).split()).replace("_x", "-x") or "-") for title in titles]


def table_name(word: str, sheet: str, number: int) -> str:
    """The name of a table in formulas: that of its sheet, in letters that every Excel takes."""
    plain = slug(sheet).encode("ascii", "ignore").decode("ascii").replace("-", "_").strip("_")
    return f"{word}_{plain or number}"


def reference(table: str, head: str) -> str:
    """A column of a table as formulas name it."""
    return f"{table}[" + _MARKS.sub(r"'\1", head) + "]"


def cut(text: str, units: int) -> str:
    """The beginning of a text in as many units as Excel counts, which are those of UTF-16."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def printed(lines: list[str], room: int) -> str:
    """Lines of a page's head or foot, where `&` begins an instruction; the first one gives way to the others."""
    first, *others = [clean(line).replace("&", "&&") for line in lines]
    shown = cut(first, max(room - sum(len(line) + 1 for line in others), 0))
    odd = (len(shown) - len(shown.rstrip("&"))) % 2
    return "\n".join([shown[: len(shown) - odd], *others])


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """A text that Excel accepts and that shows what it holds."""
    plain = _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
