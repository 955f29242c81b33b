"""Taxonomies: which pillars, sub-dimensions, sections and words a plan of one kind must have. Data, not code."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from masterplan_cli.messages import Both
from masterplan_cli.suggestions import EFFORT, Choices, Guess, suggest
from masterplan_cli.values import slug

SHIPPED = "kominfo-2021"
#: So many words or phrases, and terms of one kind, are looked for in every text.
MOST_WORDS = 500


def _both(value: object) -> Both:
    """A name is one text for every language, or one for each."""
    if isinstance(value, Both):
        return value
    texts = {"id": value, "en": value} if isinstance(value, str) else value
    if value is None or value == "":
        raise PydanticCustomError("missing", "empty")
    if not isinstance(texts, dict) or not texts or not {"id", "en"} >= set(texts):
        raise PydanticCustomError("name_type", "no name")
    if not all(isinstance(text, str) and text for text in texts.values()):
        raise PydanticCustomError("name_type", "no name")
    first = next(iter(texts.values()))
    return Both(texts.get("id", first), texts.get("en", first))


Name = Annotated[Both, PlainValidator(_both)]


def _named(indonesian: str, english: str, default: Any = ..., **extra: Any) -> Any:
    """A field with its human name in both languages."""
    return Field(default, title=indonesian, json_schema_extra={"x-en": [english]}, **extra)


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Term(_Data):
    """A named thing that files refer to by `id`; `aliases` are other spellings seen in real texts."""

    id: str = _named("id", "id", pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    name: Name = _named("nama", "name")
    about: Name | None = _named("keterangan", "description", None)
    aliases: tuple[str, ...] = _named("ejaan lain", "other spellings", ())

    @property
    def spellings(self) -> list[str]:
        """Every way to write this term, as slugs."""
        return [slug(s) for s in (self.id, self.name.id, self.name.en, *self.aliases)]


class PillarTerm(Term):
    """A pillar with its sub-dimensions in the order they are printed."""

    subdimensions: tuple[Term, ...] = _named("subdimensi", "sub-dimensions", (), max_length=MOST_WORDS)

    def subdimension(self, identity: str) -> Term | None:
        return next((s for s in self.subdimensions if s.id == identity), None)


class Sections(_Data):
    """The sections that the prose of a pillar's sub-dimension and of a program must have."""

    pillar: tuple[Term, ...] = _named("bagian pilar", "sections of a pillar", (), max_length=MOST_WORDS)
    program: tuple[Term, ...] = _named("bagian program", "sections of a program", (), max_length=MOST_WORDS)


class Taxonomy(_Data):
    """The frame of a plan: shipped with the tool or brought by a city."""

    title: Name = _named("judul taksonomi", "taxonomy title")
    pillars: tuple[PillarTerm, ...] = _named("pilar", "pillars", min_length=1, max_length=MOST_WORDS)
    sections: Sections = _named("bagian naskah", "sections of the text", Sections())
    funding_sources: tuple[str, ...] = _named("sumber dana", "sources of funds", ())
    #: Other names of a source of funds, as the state's systems write it.
    funding_aliases: dict[str, tuple[str, ...]] = _named(
        "nama lain sumber dana", "other names of sources", {}
    )
    #: Units of indicators in use everywhere; a word close to one of them is a slip.
    units: tuple[str, ...] = _named("satuan", "units", ())
    #: Units of what the work itself brings forth, of which there is none before it begins.
    countable_units: tuple[str, ...] = _named("satuan hasil kerja", "units of what work brings forth", ())
    #: For a kind of region, the words that belong to other kinds of government.
    foreign_words: dict[str, Annotated[tuple[str, ...], Field(max_length=MOST_WORDS)]] = _named(
        "kata pemerintahan lain", "words of other governments", {}
    )
    #: Phrases that may hold such a word, as official nomenclature does.
    allowed_phrases: tuple[str, ...] = _named(
        "frasa yang diizinkan", "allowed phrases", (), max_length=MOST_WORDS
    )

    @cached_property
    def by_id(self) -> dict[str, PillarTerm]:
        return {pillar.id: pillar for pillar in self.pillars}


class Spellings:
    """The spellings of terms, among which misspelt words are looked for."""

    def __init__(self, terms: tuple[Term, ...] | tuple[PillarTerm, ...]) -> None:
        self._terms = terms

    @cached_property
    def _ids(self) -> dict[str, str]:
        return {spelling: term.id for term in self._terms for spelling in term.spellings}

    @cached_property
    def _choices(self) -> Choices:
        return Choices(self._ids, EFFORT)

    def meant(self, word: str) -> Guess | None:
        """The id of the term that a misspelt word probably means."""
        exact = self._ids.get(slug(word))
        return suggest(slug(word), {slug(word): exact}) if exact else self._choices.suggest(slug(word))


def shipped_taxonomies() -> dict[str, str]:
    """The text of every taxonomy that comes with the tool, by name."""
    files = sorted(Path(__file__).with_name("taxonomies").glob("*.yaml"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}
