"""The story of a comparison: what matters in a few lines, then what became of each pillar, program, agency and chapter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from masterplan_cli.changes.compare import Comparison, Difference, RecordChange, Sum
from masterplan_cli.changes.values import ADDED, CHANGED, REMOVED, ValueWords
from masterplan_cli.changes.wording import Rewording
from masterplan_cli.messages import Both, Language
from masterplan_cli.values import NBSP

_TITLE = Both("Yang berubah: {before} → {after}", "What changed: {before} → {after}")
_NOTHING = Both("Tidak ada yang berubah.", "Nothing changed.")
_UNCHANGED = Both("tidak berubah", "unchanged")
_TEXT = Both("naskah", "text")
_OVERALL = Both("Rencana secara keseluruhan", "The plan as a whole")
#: What happened, as it is counted: of programs, and of all else.
_WAYS = {
    "added": Both("baru", "new"),
    "ended": Both("berakhir", "ended"),
    "merged": Both("dilebur", "merged"),
    "split": Both("dipecah", "split"),
    "replaced": Both("diganti", "replaced"),
    "renamed": Both("berganti nama", "renamed"),
    "moved": Both("pindah pilar", "moved to another pillar"),
    "transferred": Both("berganti pengampu", "with another owner"),
    "changed": Both("isinya berubah", "with other contents"),
    "unreadable": Both("tidak terbaca", "unreadable"),
}
_KINDS = {
    "program": Both("Program", "Programs"),
    "pillar": Both("Pilar", "Pillars"),
    "agency": Both("Perangkat daerah", "Agencies"),
    "chapter": Both("Bab", "Chapters"),
}
_BUDGET = Both("Anggaran", "Budget")
_BY_YEAR, _BY_SOURCE = Both("per tahun", "by year"), Both("per sumber dana", "by source")
_FIELDS = Both("Isian", "Fields")
_WHO = Both("Siapa", "Who")
_OTHERS = Both("dan {count} lagi", "and {count} more")
_SHARE = Both("{agency}: {count} program", "{agency}: {count} program{s}")
_NOTES = {
    "renamed": Both("dulu {what}", "formerly {what}"),
    "moved": Both("pindah dari {what}", "moved from {what}"),
    "unreadable": Both(
        "tidak terbaca, jadi isinya tidak dibandingkan", "unreadable, so its contents are not compared"
    ),
    "came": Both("dari {what}", "from {what}"),
    "became": Both("menjadi {what}", "became {what}"),
}
_SIGNS = {"added": ADDED, "ended": REMOVED}
#: So many years, sources or agencies are named in the summary.
_MOST = 6
#: So many words around a change are shown.
_AROUND = 6


class SummaryLine(NamedTuple):
    """A line of the summary: what it is about, and what is said of it."""

    label: str
    said: str


class ChangeEntry(NamedTuple):
    """What became of one thing: a sign, its name, notes on it, and a line for each difference."""

    sign: str
    name: str
    notes: list[str]
    lines: list[str]


class StoryPart(NamedTuple):
    """The entries of a pillar, or of one kind of things."""

    title: str
    entries: list[ChangeEntry]


class Story:
    """A comparison in words."""

    def __init__(self, comparison: Comparison, language: Language) -> None:
        self.comparison, self.language = comparison, language
        self.words = ValueWords(comparison.before.names | comparison.after.names, language)

    @property
    def title(self) -> str:
        return self._say(_TITLE, before=self.comparison.before.name, after=self.comparison.after.name)

    def _say(self, both: Both, **words: object) -> str:
        return both.of(self.language).format(**words)

    # --- the summary

    @property
    def summary(self) -> list[SummaryLine]:
        if not self.comparison.changes:
            return [SummaryLine("", _NOTHING.of(self.language))]
        facts = [self._counts("program"), *self._money()]
        facts += [SummaryLine(_FIELDS.of(self.language), ", ".join(self._fields()))]
        facts += [
            self._counts(kind) for kind in ("pillar", "agency", "chapter") if self.comparison.of_kind(kind)
        ]
        facts += self._shares()
        return [fact for fact in facts if fact.said]

    def _counts(self, kind: str) -> SummaryLine:
        before, after = self.comparison.counted(kind)
        ways: Counter[str] = Counter()
        for change in self.comparison.of_kind(kind):
            # What was merged or split is counted by what has ended.
            ways.update(set(change.kinds) - ({change.way} if change.before is None else set()))
        said = ", ".join(f"{ways[way]} {word.of(self.language)}" for way, word in _WAYS.items() if ways[way])
        number = f"{before} → {after}" if before != after else str(after)
        return SummaryLine(
            _KINDS[kind].of(self.language), f"{number}: {said or _UNCHANGED.of(self.language)}"
        )

    def _money(self) -> Iterator[SummaryLine]:
        total = self.comparison.total
        if not any(line.difference for line in self.comparison.budget):
            yield SummaryLine(
                _BUDGET.of(self.language), f"{self.words.rupiah(total.after)}: {_UNCHANGED.of(self.language)}"
            )
            return
        amounts = f"{self.words.rupiah(total.before)} → {self.words.rupiah(total.after)}"
        yield SummaryLine(_BUDGET.of(self.language), f"{amounts} ({self.words.signed(total.difference)})")
        by_year = self.comparison.sums(lambda line, _: str(line.year))
        by_source = self.comparison.sums(lambda line, _: line.source)
        yield SummaryLine("", f"{_BY_YEAR.of(self.language)}: {self._listed(dict(sorted(by_year.items())))}")
        yield SummaryLine("", f"{_BY_SOURCE.of(self.language)}: {self._listed(by_source)}")

    def _listed(self, sums: dict[str, Sum]) -> str:
        said = [f"{name}{NBSP}{self.words.signed(one.difference)}" for name, one in sums.items()]
        return "; ".join(self._first(said)) or _UNCHANGED.of(self.language)

    def _first(self, said: list[str]) -> list[str]:
        rest = len(said) - _MOST
        return [*said[:_MOST], self._say(_OTHERS, count=rest)] if rest > 1 else said

    def _fields(self) -> list[str]:
        """How many differences there are of each field; those of indicators by what of them differs."""
        counts: Counter[str] = Counter()
        for change in self.comparison.changes:
            for one in change.differences:
                counts[_counted_as(one).of(self.language)] += 1
            counts[_TEXT.of(self.language)] += len(change.rewordings)
        return [f"{label} {count}" for label, count in counts.most_common() if count]

    def _shares(self) -> Iterator[SummaryLine]:
        """Whose programs changed, and whose money."""
        programs: Counter[str] = Counter()
        for change in self.comparison.of_kind("program"):
            programs.update({side.owner for side in (change.before, change.after) if side and side.owner})
        money = self.comparison.sums(lambda _, record: record.owner)
        said = []
        for id_, count in sorted(programs.items(), key=lambda item: (-item[1], item[0])):
            who = self._say(_SHARE, agency=self.words.name(id_), count=count, s="s" * (count > 1))
            said.append(f"{who}, {self.words.signed(money[id_].difference)}" if id_ in money else who)
        for place, one in enumerate(self._first(said)):
            yield SummaryLine("" if place else _WHO.of(self.language), one)

    # --- the details

    def parts(self) -> Iterator[StoryPart]:
        """The plan itself, its pillars with their programs, its agencies and its chapters, where something changed."""
        changes = self.comparison.changes
        pillars = dict.fromkeys(one.record.pillar for one in self.comparison.records if one.record.pillar)
        groups = [(_OVERALL.of(self.language), [one for one in changes if one.record.kind == "masterplan"])]
        groups += [
            (self.words.name(id_), [one for one in changes if one.record.pillar == id_]) for id_ in pillars
        ]
        for kind in ("agency", "chapter"):
            groups.append((_KINDS[kind].of(self.language), self.comparison.of_kind(kind)))
        for title, own in groups:
            if own:
                yield StoryPart(title, [self._entry(one) for one in own])

    def _entry(self, change: RecordChange) -> ChangeEntry:
        kinds = change.kinds
        sign = next((_SIGNS[kind] for kind in kinds if kind in _SIGNS), CHANGED)
        record = change.record
        plain = record.kind in ("masterplan", "pillar")
        name = record.title if plain else f"{record.title} ({record.id})"
        lines = [self.words.line(one) for one in change.differences]
        lines += [self._reworded(one) for one in change.rewordings]
        return ChangeEntry(sign, name, self._notes(change, kinds), lines)

    def _notes(self, change: RecordChange, kinds: list[str]) -> list[str]:
        notes = []
        old, new, record = change.before, change.after, change.record
        if old is None or new is None:
            notes.append(_WAYS["added" if old is None else "ended"].of(self.language))
            owner = record.owner if record.kind == "program" else None
            notes += [self.words.name(owner)] if owner else []
        elif "renamed" in kinds:
            names = [name for name, now in ((old.title, new.title), (old.id, new.id)) if name != now]
            notes.append(self._say(_NOTES["renamed"], what=", ".join(names)))
        if old and new and "moved" in kinds:
            notes.append(self._say(_NOTES["moved"], what=self.words.name(old.pillar or "")))
        if change.others:
            what = ", ".join(f"{one.title} ({one.id})" for one in change.others)
            notes.append(self._say(_NOTES["came" if old is None else "became"], what=what))
        if "unreadable" in kinds:
            notes.append(_NOTES["unreadable"].of(self.language))
        money = (new.total if new else 0) - (old.total if old else 0)
        return [*notes, self.words.signed(money)] if money else notes

    def _reworded(self, rewording: Rewording) -> str:
        """A text with marks around the words that were taken away and put in."""
        said = []
        for place, (kind, text) in enumerate(rewording.pieces):
            if kind == "same":
                said.append(_shortened(text, first=place == 0, last=place == len(rewording.pieces) - 1))
            else:
                said.append(f"[-{text}-]" if kind == "removed" else f"{{+{text}+}}")
        heading = f" {rewording.section}" if rewording.section else ""
        return f"{CHANGED} {_TEXT.of(self.language)}{heading}: {' '.join(said)}"


def _counted_as(difference: Difference) -> Both:
    """The field that a difference is counted with: what of an indicator differs, else the field of the file."""
    fields = [step for step in difference.steps if step.label]
    following = [after for step, after in pairwise(fields) if step.at == "indicators"]
    chosen = following[0] if following else fields[0]
    return chosen.label or _TEXT


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """The words next to a change."""
    words = text.split()
    if len(words) <= _AROUND * (1 if first or last else 2) + 1:
        return text
    begin = [] if first else words[:_AROUND]
    end = [] if last else words[-_AROUND:]
    return " ".join([*begin, "…", *end])
