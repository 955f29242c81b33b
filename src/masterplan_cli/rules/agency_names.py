"""What people call agencies who do not write their ids."""

from __future__ import annotations

from masterplan_cli.diagnostics import Exact, Place
from masterplan_cli.nodes import Agency
from masterplan_cli.plan import Plan
from masterplan_cli.schema import SEPARATORS
from masterplan_cli.suggestions import EFFORT, Choices
from masterplan_cli.values import slug


def new_id(word: str) -> str:
    """The id that a word makes: a command that is to be typed holds nothing that a shell could take for its own."""
    made = slug(word)[:60].strip("-")
    return made if made.isascii() and made else "<id>"


def agency_names(plan: Plan) -> Choices:
    """What an agency may be called by mistake for its id: its short or its full name, or nearly its id."""
    return Choices({name: a.id for a in plan.agencies.values() for name in (a.name, a.short, a.id)}, EFFORT)


#: How many agencies are named to a person who asked for one that is not there.
_NEAR = 5
#: So much of a name is compared.
_LONGEST = 80


def named_agency(plan: Plan, word: str) -> str | None:
    """The id of the agency that a person calls by its id, or by a full or a short name that no other one has."""
    if word in plan.agencies:
        return word
    meant = slug(word)
    found = [a.id for a in plan.agencies.values() if meant and meant in map(slug, (a.id, a.name, a.short))]
    return found[0] if len(found) == 1 else None


def near_agencies(plan: Plan, word: str) -> list[Agency]:
    """The agencies that a person may have meant, the most likely first."""
    from difflib import SequenceMatcher

    small = word.casefold()[:_LONGEST]

    def likeness(agency: Agency) -> float:
        names = [name.casefold()[:_LONGEST] for name in (agency.id, agency.short, agency.name)]
        return max(1 if small in name else SequenceMatcher(None, small, name).ratio() for name in names)

    return sorted(plan.agencies.values(), key=lambda agency: (-likeness(agency), agency.id))[:_NEAR]


#: So many agencies are looked for in one text.
_MOST = 50


def named_in(known: Choices, text: str) -> list[str]:
    """The ids of the agencies that a text names one after the other, if it surely names those and nothing else."""
    parts = [part.strip() for part in SEPARATORS.split(text) if part.strip()]
    meant = [known.suggest(part) for part in parts] if 1 < len(parts) <= _MOST else []
    sure = [guess.fix for guess in meant if guess and guess.fix]
    return sure if len(sure) == len(parts) else []


def as_items(plan: Plan, place: Place, ids: list[str]) -> Exact | None:
    """Ids as items of the list in which the text at a place stands: between brackets, or one a line."""
    located = plan.project.located.get(place.path)
    span = located.span(place.route) if located else None
    if not located or not span or span.line != span.end_line:
        return None
    line = located.source.line(span.line)
    before, after = line[: span.column - 1], line[span.end_column - 1 :]
    if before.strip() == "-" and not after.strip():
        return Exact(f"\n{before}".join(ids))
    return Exact(", ".join(ids)) if before.rstrip().endswith(("[", ",")) else None
