"""What the names in a table stand for in a plan: agencies, sources of funds, units, and pillars by codes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache, cached_property

from masterplan_cli.plan import Plan
from masterplan_cli.schema import AGENCY_KIND
from masterplan_cli.tables.cells import in_title_case
from masterplan_cli.tables.mapping import TableMap
from masterplan_cli.values import slug

#: Words of a name that no abbreviation takes a letter of.
_SMALL = {"dan", "serta", "di", "untuk", "yang", "the", "of", "and", "for"}
_FEWEST_LETTERS = 3
_WORD_OF_NAME = re.compile(r"[^\W\d_]+")


@dataclass
class Office:
    """An agency as tables name it; `id` is that of the plan, or the one it gets there."""

    key: str
    name: str
    id: str = ""
    known: bool = False
    codes: dict[str, None] = field(default_factory=dict)

    @property
    def affairs(self) -> list[str]:
        """The affairs of government in its code, of up to three pairs of blocks."""
        found: dict[str, None] = {}
        for code in self.codes:
            blocks = code.split(".")
            pairs = [".".join(blocks[at : at + 2]) for at in (0, 2, 4)]
            found |= {pair: None for pair in pairs if re.fullmatch(r"[1-8]\.[0-9]{2}", pair)}
        return [pair for pair in found if not pair.endswith(".00")]


class Vocabulary:
    """The names of a plan and of a mapping, by which those of a table are known."""

    def __init__(self, plan: Plan, map_: TableMap) -> None:
        self.plan, self.map = plan, map_
        self.offices: dict[str, Office] = {}
        self._by_code: dict[str, str] = {}
        #: Units and sources of funds that the plan does not list yet.
        self.new_units: dict[str, None] = {}
        self.new_sources: dict[str, None] = {}
        self.fund = cache(self._fund)

    # --- agencies

    @cached_property
    def _agencies(self) -> dict[str, str]:
        """The plan's agencies by all that they are called."""
        names: dict[str, str] = {}
        for agency in self.plan.agency_list:
            former = [name for one in agency.data.former_names for name in (one.name, one.short)]
            for name in (agency.id, agency.name, agency.data.short, *former):
                if name and slug(name):
                    names.setdefault(slug(name), agency.id)
        return names

    @cached_property
    def _by_short(self) -> dict[str, str]:
        """The full names of agencies by the short ones of the mapping."""
        return {slug(short): name for name, short in self.map.shorts.items()}

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {slug(begin): parent for begin, parent in self.map.parents.items()}

    def office(self, name: str, code: str) -> Office | None:
        """The agency that a row names, by its name or by its code alone; one that belongs to another is that one."""
        if slug(name) not in self._agencies:
            name = self._by_short.get(slug(name), name)
        key = slug(name)
        begin = next((one for one in self._parents if f"{key}-".startswith(f"{one}-")), None)
        if begin is not None:
            name, code = self._parents[begin], ""
            key = slug(name)
        key = self._agencies.get(key, key) or self._by_code.get(code, "")
        if not key:
            return None
        if key not in self.offices:
            known = key in self.plan.agencies
            self.offices[key] = Office(
                key, self.plan.agencies[key].name if known else self._cased(name), key if known else "", known
            )
        if code:
            self._by_code.setdefault(code, key)
            self.offices[key].codes.setdefault(code)
        return self.offices[key]

    def _cased(self, name: str) -> str:
        """The name of an agency as it is printed."""
        return in_title_case(name, self.map.abbreviations, _SMALL) if self.map.sentence_case else name

    def chosen(self, names: Collection[str]) -> set[str]:
        """The keys of agencies that are named by id, name or short name."""
        full = (self._by_short.get(slug(name), name) for name in names if slug(name) not in self._agencies)
        return {self._agencies[slug(name)] for name in names if slug(name) in self._agencies} | set(
            map(slug, full)
        )

    def short_of(self, name: str) -> str:
        """What an agency is called in short: as the mapping says, else by the first letters of its words."""
        listed = {slug(known): short for known, short in self.map.shorts.items()}
        if slug(name) in listed:
            return listed[slug(name)]
        words = [word for word in _WORD_OF_NAME.findall(name) if word.casefold() not in _SMALL]
        letters = "".join(word[0].upper() for word in words)
        district = slug(name).startswith(("kecamatan", "kelurahan", "rsud", "bagian", "puskesmas"))
        return letters if len(letters) >= _FEWEST_LETTERS and not district else ""

    def kind_of(self, name: str) -> str:
        """The word for the kind of an agency, by the word that its name begins with."""
        begun = f"{slug(name)}-"
        kinds = AGENCY_KIND.words.items()
        found = (kind for kind, words in kinds if any(begun.startswith(f"{word}-") for word in words))
        return AGENCY_KIND.label(next(found, "other"), self.plan.language)

    # --- money and measures

    @property
    def own_budget(self) -> str:
        """The source of funds that is the region's own budget."""
        return next(iter(self.plan.offered_sources), "APBD")

    def _fund(self, code: str, name: str) -> str:
        """The plan's source of funds for a code and a name; nothing where it is not known."""
        if not self.plan.funding_sources:
            return name
        padded = f"-{slug(name)}-"
        names = [(slug(n), source) for source, one in self.map.funds.items() for n in one.names]
        names += [(slug(alias), source) for alias, source in self.plan.source_names.items()]
        found = [(len(alias), source) for alias, source in names if alias and f"-{alias}-" in padded]
        if not found:
            codes = [(c, source) for source, one in self.map.funds.items() for c in one.codes]
            found = [(len(c), source) for c, source in codes if f"{code}.".startswith(f"{c}.")]
        if not found:
            return ""
        source = max(found)[1]
        if source not in self.plan.funding_sources:
            self.new_sources.setdefault(source)
        return source

    @cached_property
    def _units(self) -> dict[str, str]:
        own = {
            one.casefold(): unit for unit, spellings in self.map.units.items() for one in (unit, *spellings)
        }
        return {**self.plan.units, **own}

    def unit(self, text: str) -> str:
        """The plan's unit for what a table says; one that nothing knows stays as it is."""
        text = text.strip(" .:;,")
        if not re.search(r"[^\W\d_]|[%°]", text):
            return ""
        unit = self._units.get(text.casefold())
        if unit is None:
            unit = self._units[text.casefold()] = text
        if unit.casefold() not in self.plan.units:
            self.new_units.setdefault(unit)
        return unit

    # --- pillars

    def pillar(self, code: str) -> tuple[str, str, str]:
        """The pillar and sub-dimension of a code, and the longest beginning of it that the mapping names.

        `*` stands for what no other beginning does; a pillar that the plan has not is none.
        """
        blocks = code.split(".")
        begins = (".".join(blocks[:depth]) for depth in range(len(blocks), 0, -1))
        for begin in (*begins, "*"):
            if said := self.map.pillars.get(begin):
                pillar, _, sub = said.partition("/")
                return (pillar, sub, begin) if self.is_pillar(said) else ("", "", begin)
        return "", "", ""

    def is_pillar(self, said: str) -> bool:
        """Whether the plan has a pillar, or `pillar/sub-dimension`."""
        id_, _, sub = said.partition("/")
        term = self.plan.taxonomy.by_id.get(id_)
        folders = {one.id for one in self.plan.pillars}
        return term is not None and id_ in folders and (not sub or term.subdimension(sub) is not None)
