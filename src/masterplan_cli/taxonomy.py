"""Taxonomies: which pillars, sub-dimensions, sections and words a plan of one kind must have. Data, not code."""

from __future__ import annotations

from functools import cached_property
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from masterplan_cli.messages import Both, Language
from masterplan_cli.values import Guess, near, slug

SHIPPED = "kominfo-2021"


def _both(value: object) -> object:
    """A name is one text for every language, or one for each."""
    if isinstance(value, str):
        return Both(value, value)
    if (
        isinstance(value, dict)
        and {"id", "en"} >= set(value)
        and all(isinstance(v, str) for v in value.values())
    ):
        first = next(iter(value.values()), "")
        return Both(value.get("id", first), value.get("en", first))
    return value


Name = Annotated[Both, BeforeValidator(_both)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Term(_Data):
    """A named thing that files refer to by `id`; `aliases` are other spellings seen in real texts."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: Name
    about: Name | None = None
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> list[str]:
        """Every way to write this term, as slugs."""
        return [slug(s) for s in (self.id, self.name.id, self.name.en, *self.aliases)]


class PillarTerm(Term):
    """A pillar with its sub-dimensions in the order they are printed."""

    subdimensions: tuple[Term, ...] = ()

    def subdimension(self, identity: str) -> Term | None:
        return next((s for s in self.subdimensions if s.id == identity), None)


class Sections(_Data):
    """The sections that the prose of a pillar's sub-dimension and of a program must have."""

    pillar: tuple[Term, ...] = ()
    program: tuple[Term, ...] = ()


class Taxonomy(_Data):
    """The frame of a plan: shipped with the tool or brought by a city."""

    title: Name
    pillars: tuple[PillarTerm, ...] = Field(min_length=1)
    sections: Sections = Sections()
    funding_sources: tuple[str, ...] = ()
    #: For a kind of region, the words that belong to other kinds of government.
    foreign_words: dict[str, tuple[str, ...]] = {}
    #: Phrases that may hold such a word, as official nomenclature does.
    allowed_phrases: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, PillarTerm]:
        return {pillar.id: pillar for pillar in self.pillars}


def meant(word: str, terms: tuple[Term, ...] | tuple[PillarTerm, ...]) -> Guess | None:
    """The id of the term that a misspelt word probably means."""
    spellings = {spelling: term.id for term in terms for spelling in term.spellings}
    exact = spellings.get(slug(word))
    return near(slug(word), {slug(word): exact} if exact else spellings)


def shipped_taxonomies() -> dict[str, str]:
    """The text of every taxonomy that comes with the tool, by name."""
    folder = resources.files("masterplan_cli") / "taxonomies"
    return {
        entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".yaml")
    }


def name_of(term: Term, language: Language) -> str:
    return term.name.of(language)
