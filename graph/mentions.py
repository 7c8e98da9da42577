"""Units named in the sections of a project: by full or short name, or by a bare 管委会 where the document has but one.

A name inside a cited title, or inside the name of a longer body, is no mention.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from graph.claims import make_claim
from graph.folding import merge_sources
from graph.lexicon import table_of
from graph.model import Claim, EdgeType, Entity, EntityId, Source
from graph.organisations import words_in
from graph.places import begins_with_area, province_of, without_province
from ingest.cleaning import clean
from ingest.model import SECTIONS, UnitRole

_LEAST_SHORT = 3  # letters of a short name
_ROLES = frozenset(role.value for role in UnitRole)


@dataclass(slots=True)
class UnitMentions:
    """Edges `mentions` as claims, and the short names that documents use for each unit, with their places."""

    claims: list[Claim] = field(default_factory=list)
    aliases: dict[EntityId, dict[str, tuple[Source, ...]]] = field(default_factory=dict)


def find_unit_mentions(
    said: Iterable[Claim], units: Iterable[Entity], ids: Mapping[str, EntityId], mention_of: Mapping[EntityId, str]
) -> UnitMentions:
    """Where sections of projects name units that the graph knows. Units with a role in the project are left out."""
    result = UnitMentions()
    known = sorted(units, key=lambda unit: unit.id)
    claims = list(said)
    sections: dict[str, list[Claim]] = defaultdict(list)
    cited: dict[str, list[Source]] = defaultdict(list)
    roles: dict[str, set[EntityId]] = defaultdict(set)
    local: dict[str, set[EntityId]] = defaultdict(set)
    for claim in claims:
        if claim.predicate in _SECTION_NAMES and claim.sources:
            sections[claim.sources[0].document].append(claim)
        elif claim.predicate == EdgeType.CITES:
            cited[claim.sources[0].document].extend(claim.sources)
        elif claim.predicate in _ROLES and claim.subject in ids:
            roles[str(claim.value)].add(ids[claim.subject])
            local[claim.sources[0].document].add(ids[claim.subject])
    found: dict[tuple[str, EntityId], list[Source]] = defaultdict(list)
    aliases: dict[tuple[EntityId, str], list[Source]] = defaultdict(list)
    names = _Names(known)
    for document, group in sorted(sections.items() if names.patterns else ()):
        taken = sorted((source.start, source.end) for source in cited[document])
        for claim in group:
            for source, name in _hits(names, claim, taken):
                unit = names.bearer(name, local[document])
                if unit is None:
                    continue
                if name not in names.bare and name != names.official[unit]:
                    aliases[unit, name].append(source)
                if unit not in roles[claim.subject]:
                    found[claim.subject, unit].append(source)
    for (project, unit), places in sorted(found.items()):
        result.claims.append(
            make_claim(
                project,
                EdgeType.MENTIONS.value,
                mention_of[unit],
                merge_sources(places),
                raw=places[0].quote,
                rule="mentions.name",
            )
        )
    for (unit, name), places in sorted(aliases.items()):
        result.aliases.setdefault(unit, {})[name] = merge_sources(places)
    return result


_SECTION_NAMES = frozenset(section.value for section in SECTIONS)


class _Names:
    """Every name by which a unit may be called, ready to be searched for in one go."""

    def __init__(self, units: list[Entity]) -> None:
        self.official = {unit.id: unit.label for unit in units}
        self.bare = table_of("organisations", "bare")
        self._bearers: dict[str, set[EntityId]] = defaultdict(set)
        for unit in units:
            aliases = unit.properties.get("aliases", ())
            for name in (unit.label, *(aliases if isinstance(aliases, tuple) else ()), *short_names(unit.label)):
                if len(name) >= _LEAST_SHORT:
                    self._bearers[name].add(unit.id)
        self.patterns = sorted({*self._bearers, *self.bare})
        self.automaton = AhoCorasick(self.patterns, matchkind=MatchKind.LeftmostLongest)

    def bearer(self, name: str, local: set[EntityId]) -> EntityId | None:
        """The one unit that a document means by `name`; `local` are the units with a role in it.

        Where several bear a name, the one with a role has it; a bare 管委会 is the only one of its kind there.
        """
        bearers = self._bearers.get(name, set())
        if name in self.bare:
            bearers = {unit for unit in local if self.official.get(unit, "").endswith(self.bare[name])}
        fitting = bearers if len(bearers) == 1 else bearers & local
        return next(iter(fitting)) if len(fitting) == 1 else None


@cache
def short_names(name: str) -> tuple[str, ...]:
    """Short names by which documents may call a unit, longest first.

    >>> short_names("上海甲桥商务区管理委员会")
    ('上海甲桥商务区管委会', '甲桥商务区管理委员会', '甲桥商务区管委会')
    >>> "市发改委" in short_names("上海市发展和改革委员会")
    True
    """
    variants = [name]
    for short, official in table_of("organisations", "endings").items():
        if name.endswith(official) and name != official:
            variants.append(name[: -len(official)] + short)
    shortened: list[str] = []
    for variant in variants:
        rest = without_province(variant)
        if rest == variant or not rest:
            continue
        if begins_with_area(rest):
            shortened.append(rest)
        elif variant.startswith(f"{province_of(variant)}市"):
            shortened.append(f"市{rest}")
    every = dict.fromkeys(v for v in (*variants, *shortened) if v != name and len(v) >= _LEAST_SHORT)
    return tuple(sorted(every, key=lambda v: (-len(v), v)))


def _hits(names: _Names, claim: Claim, taken: list[tuple[int, int]]) -> Iterable[tuple[Source, str]]:
    inner = words_in("inner_bodies")
    for source in claim.sources:
        cleaned = clean(source.quote)
        for which, start, end in names.automaton.find_matches_as_indexes(cleaned.text):
            if cleaned.text.startswith(inner, end):
                continue
            span = cleaned.span(start, end)
            first, last = source.start + span.start, source.start + span.end
            if any(a < last and first < b for a, b in taken):
                continue
            yield source.part(span.start, span.end), names.patterns[which]
