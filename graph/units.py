"""Units: one entity per body, with every name it bears; damaged names completed, short names read in their document.

Renaming over the years is an edge and lives in `renaming`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel, Levenshtein

from graph.claims import DAMAGED, Mention
from graph.folding import merge_sources
from graph.ids import entity_id
from graph.model import Claim, Entity, EntityId, EntityType, Judgement, Ruling, Source, Value
from graph.organisations import fold_name, official_name
from graph.places import area_length
from ingest.model import UnitRole

_ROLES = frozenset(role.value for role in UnitRole)
_DAMAGED_ALIKE = 0.7  # share of common letters from which a name known to be damaged is completed
_MARGIN = 0.05  # by which the best candidate must lead the next
_LEAST_NAME = 8  # letters below which a rare name is never taken for a slip of a frequent one
_FREQUENT = 3  # how often the intact name must stand against a single deviating one
_DISTINCT = frozenset("0123456789一二三四五六七八九十东西南北中上下前后新老大小第")


@dataclass(slots=True)
class UnitResolution:
    """Entities of units, which mention is which, and why."""

    ids: dict[str, EntityId] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UnitMention:
    """One place where a unit is named. `role` is "" for an issuer."""

    mention: Mention
    name: str  # official, as far as the name itself and its document tell
    printed: str
    role: str
    damaged: bool

    @property
    def document(self) -> str:
        return self.mention.document


def read_unit(mention: Mention, *, province: str | None) -> UnitMention:
    """The mention made comparable; `province` is where its document speaks from."""
    name = mention.first("name")
    printed = str(name.value) if name is not None else ""
    role = next((claim.predicate for claim in mention.claims if claim.predicate in _ROLES), "")
    return UnitMention(
        mention=mention,
        name=official_name(printed, province),
        printed=printed,
        role=role,
        damaged=mention.first(DAMAGED) is not None,
    )


def resolve_units(mentions: Iterable[UnitMention], *, joins: Mapping[str, str] | None = None) -> UnitResolution:
    """One entity per unit. `joins` maps folded names to the folded name that corrections put in their place."""
    ordered = sorted(mentions, key=lambda m: (m.document, m.mention.key))
    result = UnitResolution()
    readings, rulings = _complete(ordered)
    grouped: dict[str, list[UnitMention]] = defaultdict(list)
    for m in ordered:
        name = readings[m.mention.key]
        grouped[(joins or {}).get(fold_name(name), fold_name(name))].append(m)
    names = _display_names(grouped, readings)
    for folded, members in sorted(grouped.items()):
        entity = _portray(folded, names[folded], members)
        result.entities.append(entity)
        result.ids.update((m.mention.key, entity.id) for m in members)
    for m, reason, confidence in rulings:
        result.judgements.append(
            Judgement(
                ruling=Ruling.COMPLETED,
                entities=(result.ids[m.mention.key],),
                writings=(m.mention.claims[0].raw or m.printed, readings[m.mention.key]),
                reason=reason,
                confidence=confidence,
                rule="units.complete",
                sources=m.mention.sources,
            )
        )
    return result


def _complete(mentions: list[UnitMention]) -> tuple[dict[str, str], list[tuple[UnitMention, str, float]]]:
    """The name that each mention stands for, and why where it is not the printed one."""
    readings: dict[str, str] = {}
    rulings: list[tuple[UnitMention, str, float]] = []
    intact = [m for m in mentions if not m.damaged and m.role]
    overall = Counter(m.name for m in intact)
    within: dict[str, Counter[str]] = defaultdict(Counter)
    for m in intact:
        within[m.document][m.name] += 1
    for m in mentions:
        readings[m.mention.key] = m.name
        if not m.role:
            continue
        others = [counts for counts in (within[m.document], overall) if counts]
        found = next((name for counts in others if (name := _intact_name(m, counts))), None)
        if found and fold_name(found) != fold_name(m.name):
            readings[m.mention.key] = found
            alike = Indel.normalized_similarity(m.name, found)
            reason = f"名称“{m.printed}”有残损或误识，同类表格中完整的名称是“{found}”"
            rulings.append((m, reason, round(min(0.99, alike), 2)))
    return readings, rulings


def _intact_name(m: UnitMention, counts: Counter[str]) -> str | None:
    """The one intact name that a damaged or single deviating name stands for."""
    if m.damaged:
        scored = sorted(((Indel.normalized_similarity(m.name, name), name) for name in counts if name != m.name), reverse=True)
        scored = [(score, name) for score, name in scored if score >= _DAMAGED_ALIKE and _same_head(m.name, name)]
        clear = scored and (len(scored) == 1 or scored[0][0] - scored[1][0] >= _MARGIN)
        return scored[0][1] if clear else None
    if counts[m.name] > 1 or len(m.name) < _LEAST_NAME:
        return None
    near = [name for name, count in counts.items() if count >= _FREQUENT and _is_slip(m.name, name)]
    return near[0] if len(near) == 1 else None


def _same_head(damaged: str, name: str) -> bool:
    """Whether the two can be one place's unit: the first letters agree unless they are what is lost."""
    return damaged[:2] == name[:2] or damaged in name


def _is_slip(rare: str, name: str) -> bool:
    """Whether `rare` is `name` with one or two letters lost, doubled or misread; figures, directions and places count."""
    distance = Levenshtein.distance(rare, name, score_cutoff=2)
    if not 1 <= distance <= 2:
        return False
    area = max(area_length(name[k:]) + k for k in range(min(6, len(name))))
    for edit in Levenshtein.editops(rare, name):
        touched = rare[edit.src_pos : edit.src_pos + 1] + name[edit.dest_pos : edit.dest_pos + 1]
        if any(sign in _DISTINCT for sign in touched) or edit.dest_pos < area:
            return False
        if edit.tag == "insert" and distance > 1:
            return False
    return True


def _display_names(grouped: Mapping[str, list[UnitMention]], readings: Mapping[str, str]) -> dict[str, str]:
    names = {}
    for folded, members in grouped.items():
        counts = Counter(readings[m.mention.key] for m in members)
        same = [name for name in counts if fold_name(name) == folded] or list(counts)
        names[folded] = min(same, key=lambda name: (-counts[name], name))
    return names


def _portray(folded: str, name: str, members: list[UnitMention]) -> Entity:
    places: dict[str, list[Source]] = defaultdict(list)
    codes: list[Claim] = []
    for m in members:
        claim = m.mention.first("name")
        if claim is not None:
            places["".join(m.printed.split())].extend(claim.sources)
        code = m.mention.first("code")
        if code is not None:
            codes.append(code)
    everywhere = merge_sources(source for found in places.values() for source in found)
    aliases = tuple(sorted(alias for alias in places if alias and alias != name))
    properties: dict[str, Value] = {"name": name}
    evidence = {"name": merge_sources(places.get(name, ())) or everywhere}
    if aliases:
        properties["aliases"] = aliases
        evidence["aliases"] = merge_sources(source for alias in aliases for source in places[alias])
    if codes:
        properties["code"] = str(min(codes, key=lambda claim: claim.sources).value)
        evidence["code"] = merge_sources(source for claim in codes for source in claim.sources)
    return Entity(
        id=entity_id(EntityType.UNIT, folded),
        type=EntityType.UNIT,
        label=name,
        properties=dict(sorted(properties.items())),
        sources=merge_sources(source for m in members for source in m.mention.sources),
        evidence=dict(sorted(evidence.items())),
    )
