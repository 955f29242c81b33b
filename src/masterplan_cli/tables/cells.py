"""What the cells of a table say: texts, codes, amounts of money, and figures with their units; nothing is guessed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from masterplan_cli.values import BadValue, collapsed, read_decimal, read_rupiah, without_odd
from masterplan_cli.workbooks import Cell, PercentCell, typed

_CODE = re.compile(r"(?:X|x|[0-9])[0-9Xx]?(?:\.[0-9Xx]{1,5}){0,7}")
_LED = re.compile(r"((?:[0-9X]{1,2})(?:\.[0-9X]{1,5}){1,7})\s+(?=\S)")
_CENTS = re.compile(r"[0-9]{1,18}\.[0-9]{1,2}")
_GROUPED_CENTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){1,6},[0-9]{1,2}")
_FIGURE = re.compile(r"([-+]?[0-9][0-9.,]*+) *([^\W\d_%](?:[^\n\d]|(?<=[Mm])[23])*+|%|)")
#: Numbers of offices, such as those of branches.
_KEPT = re.compile(r"[IVX]{1,5}")
_YEAR = re.compile(r"20[0-9]{2}")
#: Cells that say nothing.
_NOTHING = {"", "-", "–", "—", "null", "none", "n/a"}
_MOST = Decimal(10) ** 20


def clean(cell: Cell) -> str:
    """A cell as one line without odd characters; nothing where it only says that there is nothing."""
    text = typed(cell)
    if not text.isascii():
        text = without_odd(text.encode("utf-8", "replace").decode("utf-8"))
    line = collapsed(text).strip()
    return "" if line.casefold() in _NOTHING else line


def lines(cell: Cell) -> list[str]:
    """The lines of a cell that are not empty; `-` stays, so that line by line two cells belong together."""
    return [collapsed(without_odd(line)).strip() for line in typed(cell).splitlines() if line.strip()]


def code_of(cell: Cell) -> str:
    """A code with its blocks as official lists write them: `1.3` is `1.03`, a fourth block `02` is `2`."""
    text = clean(cell).rstrip(".")
    if isinstance(cell, float) and "," in text:
        whole, _, part = text.partition(",")
        text = f"{whole}.{part.ljust(2, '0')}"
    if not _CODE.fullmatch(text):
        return ""
    blocks = text.upper().split(".")
    widths = (1, 2, 2, 1, 2)
    made = [
        str(int(block)).zfill(widths[at]) if block.isdecimal() and at < len(widths) else block
        for at, block in enumerate(blocks)
    ]
    return ".".join(made)


def blocks_of(code: str) -> int:
    """How many blocks a code has."""
    return code.count(".") + 1 if code else 0


def cut(code: str, blocks: int) -> str:
    """The first blocks of a code; nothing where it has fewer."""
    parts = code.split(".")
    return ".".join(parts[:blocks]) if len(parts) >= blocks else ""


def office_code(cell: Cell) -> str:
    """The code of an agency as it is written."""
    text = clean(cell)
    return text if re.fullmatch(r"[0-9Xx.]{1,40}", text) else ""


def titled(text: str) -> tuple[str, str]:
    """The code that a name begins with, and the rest of it."""
    led = _LED.match(text)
    return (code_of(led[1]), text[led.end() :]) if led else ("", text)


def sentence(text: str, abbreviations: Collection[str]) -> str:
    """A title in capitals as a sentence, in which abbreviations keep theirs."""
    if not text.isupper():
        return text
    words = [word if word.strip("(),.") in abbreviations else word.lower() for word in text.split(" ")]
    said = " ".join(words)
    return said[:1].upper() + said[1:]


def in_title_case(text: str, abbreviations: Collection[str], small: Collection[str]) -> str:
    """A name in capitals with one for each word, but for small words; abbreviations keep theirs."""
    if not text.isupper():
        return text
    kept = {form: form for word in abbreviations for form in (word, f"({word})")} | {
        word.upper(): word for word in small
    }
    words = (kept.get(word, word if _KEPT.fullmatch(word) else word.capitalize()) for word in text.split(" "))
    return " ".join(words)


def amount_of(cell: Cell) -> Decimal | None:
    """An amount of rupiah; None where there is none, `BadValue` where it is no amount."""
    text = clean(cell)
    if not text:
        return None
    if isinstance(cell, PercentCell | bool):
        raise BadValue("amount", text=text)
    if isinstance(cell, int | float):
        amount = Decimal(str(cell))
    else:
        plain = re.sub(r"^[Rr][Pp]\.? ?", "", text)
        if _CENTS.fullmatch(plain):
            amount = Decimal(plain)
        elif _GROUPED_CENTS.fullmatch(plain):
            amount = Decimal(plain.replace(".", "").replace(",", "."))
        else:
            amount = Decimal(read_rupiah(text[:80]))
    if not amount.is_finite() or not 0 <= amount < _MOST:
        raise BadValue("amount", text=text)
    return amount


def year_of(cell: Cell) -> int | None:
    """The year that a cell names, by itself or in a date."""
    if isinstance(cell, datetime.date):
        return cell.year
    found = set(_YEAR.findall(clean(cell)[:40]))
    return int(found.pop()) if len(found) == 1 else None


class TargetFigure(NamedTuple):
    """A figure and the unit that stands beside it."""

    value: Decimal
    unit: str


def figure_of(cell: Cell) -> TargetFigure | None:
    """A figure with its unit; None where there is none, `BadValue` where it is no single figure."""
    text = clean(cell)
    if not text:
        return None
    if isinstance(cell, PercentCell):
        return TargetFigure(Decimal(str(float(cell))), "%")
    if isinstance(cell, int | float):
        return TargetFigure(read_decimal(text), "")
    match = _FIGURE.fullmatch(text[:200])
    if not match:
        raise BadValue("number", text=text)
    return TargetFigure(read_decimal(match[1].lstrip("+")), match[2].strip())
