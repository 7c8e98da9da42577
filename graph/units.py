"""Units: one entity per body, with every name it bears; damaged names completed, short names read in their document.

Renaming over the years is an edge and lives in `renaming`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import Indel, Levenshtein, Postfix, Prefix

from graph.claims import DAMAGED, Mention
from graph.corrections import Corrections
from graph.folding import merge_sources
from graph.ids import entity_id
from graph.model import Claim, Entity, EntityId, EntityType, Judgement, Ruling, Source, Value
from graph.organisations import fold_name, looks_damaged, official_name
from graph.places import area_length, begins_with_area, province_of, without_province
from graph.titles import fold
from ingest.model import UnitRole

_ROLES = frozenset(role.value for role in UnitRole)
_DAMAGED_ALIKE = 0.7  # share of common letters from which a name known to be damaged is completed
_MARGIN = 0.05  # by which the best candidate must lead the next
_LEAST_NAME = 8  # letters below which a rare name is never taken for a slip of a frequent one
_FREQUENT = 3  # how often the intact name must stand against a single deviating one
_LEAST_HEAD, _LEAST_TAIL = 6, 3  # letters that a torn name must share with the intact one at both ends
_DEEPEST_AREA = 6  # letters before a place within a name, such as the province
_MOST_RUBBISH = 2  # letters between them that the tear left
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
    damaged: bool  # letters are lost or strange, by the reader's word or by the look of the name
    torn: bool  # the name is broken over cells or lines

    @property
    def document(self) -> str:
        return self.mention.document


def read_units(mentions: Iterable[Mention], provinces: Mapping[str, str | None]) -> list[UnitMention]:
    """The mentions of units made comparable; `provinces` says from where each document speaks."""
    return [read_unit(m, province=provinces.get(m.document)) for m in mentions if m.type is EntityType.UNIT]


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
        damaged=mention.first(DAMAGED) is not None or looks_damaged(printed),
        torn=name is not None and (len(name.sources) > 1 or len(name.raw.split()) > 1),
    )


def resolve_units(mentions: Iterable[UnitMention], *, corrections: Corrections) -> UnitResolution:
    """One entity per unit, whatever the order of the mentions."""
    ordered = sorted(mentions, key=lambda m: (m.document, m.mention.key))
    result = UnitResolution()
    readings, rulings = _complete(ordered, corrections)
    leaders = corrections.leaders(EntityType.UNIT)
    grouped: dict[str, list[UnitMention]] = defaultdict(list)
    for m in ordered:
        name = fold_name(readings[m.mention.key])
        grouped[leaders.get(fold(name), name)].append(m)
    names = _display_names(grouped, readings)
    for folded, members in sorted(grouped.items()):
        entity = _portray(folded, names[folded], members)
        result.entities.append(entity)
        result.ids.update((m.mention.key, entity.id) for m in members)
    result.judgements += _short_name_rulings(ordered, result.ids, names)
    for m, reason, confidence, rule in rulings:
        result.judgements.append(
            Judgement(
                ruling=Ruling.COMPLETED,
                entities=(result.ids[m.mention.key],),
                writings=(m.mention.claims[0].raw or m.printed, readings[m.mention.key]),
                reason=reason,
                confidence=confidence,
                rule=rule,
                sources=m.mention.sources,
            )
        )
    return result


def _short_name_rulings(
    mentions: Iterable[UnitMention], ids: Mapping[str, EntityId], names: Mapping[str, str]
) -> list[Judgement]:
    """Why a short name (市发改委) was read as a full one."""
    return [
        Judgement(
            ruling=Ruling.MERGED,
            entities=(ids[m.mention.key],),
            writings=(m.printed, m.name),
            reason=f"“{m.printed}”是“{m.name}”的简称",
            confidence=0.95,
            rule="units.short_name",
            sources=m.mention.sources,
        )
        for m in mentions
        if m.name != m.printed and fold_name(m.name) in names and fold_name(m.name) != fold_name(m.printed)
    ]


def add_aliases(units: Iterable[Entity], aliases: Mapping[EntityId, Mapping[str, tuple[Source, ...]]]) -> list[Entity]:
    """The units with the short names that documents use for them, each with the places where it stands."""
    widened = []
    for unit in units:
        new = aliases.get(unit.id)
        if new is None:
            widened.append(unit)
            continue
        before = unit.properties.get("aliases", ())
        names = tuple(sorted({*(before if isinstance(before, tuple) else ()), *new}))
        places = merge_sources((*unit.evidence.get("aliases", ()), *(s for found in new.values() for s in found)))
        widened.append(
            replace(
                unit,
                properties={**unit.properties, "aliases": names},
                evidence={**unit.evidence, "aliases": places},
            )
        )
    return widened


def _complete(
    mentions: list[UnitMention], corrections: Corrections
) -> tuple[dict[str, str], list[tuple[UnitMention, str, float, str]]]:
    """The name that each mention stands for, and why where it is not the printed one."""
    readings: dict[str, str] = {}
    rulings: list[tuple[UnitMention, str, float, str]] = []
    intact = [m for m in mentions if not m.damaged and m.role]
    overall = Counter(m.name for m in intact)
    within: dict[str, Counter[str]] = defaultdict(Counter)
    for m in intact:
        within[m.document][m.name] += 1
    everywhere = _full_names(overall)
    nearby = {document: _full_names(counts) for document, counts in within.items()}
    for m in mentions:
        readings[m.mention.key] = m.name
        if corrections.apart(EntityType.UNIT, (m.printed, m.name)):
            readings[m.mention.key] = m.printed
            continue
        if full := _with_province(m.name, (nearby.get(m.document, {}), everywhere)):
            readings[m.mention.key] = full
            rulings.append((m, f"“{m.printed}”省略了省市名，全称是“{full}”", 0.9, "units.province"))
            continue
        if not m.role:
            continue
        others = [counts for counts in (within[m.document], overall) if counts]
        found = next((name for counts in others if (name := _intact_name(m, counts))), None)
        if found and fold_name(found) != fold_name(m.name):
            readings[m.mention.key] = found
            alike = Indel.normalized_similarity(m.name, found)
            reason = f"名称“{m.printed}”有残损或误识，同类表格中完整的名称是“{found}”"
            rulings.append((m, reason, round(min(0.99, alike), 2), "units.complete"))
    return readings, rulings


def _full_names(names: Iterable[str]) -> dict[str, list[str]]:
    """Those of `names` that begin with a province, by what is left without it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if province_of(name):
            found[without_province(name)].append(name)
    return found


def _with_province(name: str, known: Iterable[Mapping[str, list[str]]]) -> str | None:
    """The one full name that a district's unit bears with its province, in its document or else anywhere."""
    if province_of(name) is not None or not begins_with_area(name):
        return None
    full = next((names[name] for names in known if name in names), [])
    return full[0] if len(full) == 1 else None


def _intact_name(m: UnitMention, counts: Counter[str]) -> str | None:
    """The one intact name that a damaged, torn or single deviating name stands for."""
    if m.damaged:
        scored = sorted(((Indel.normalized_similarity(m.name, name), name) for name in counts), reverse=True)
        scored = [(score, name) for score, name in scored if score >= _DAMAGED_ALIKE and _same_head(m.name, name)]
        most = max((counts[name] for _, name in scored), default=0)
        scored = [(score, name) for score, name in scored if counts[name] * _FREQUENT >= most]
        clear = scored and (len(scored) == 1 or scored[0][0] - scored[1][0] >= _MARGIN)
        return scored[0][1] if clear else None
    if len(m.name) < _LEAST_NAME:
        return None
    frequent = [name for name, count in counts.items() if count >= _FREQUENT * max(1, counts[m.name])]
    near = [name for name in frequent if _is_slip(m.name, name, torn=m.torn) or (m.torn and _is_tear(m.name, name))]
    return near[0] if len(near) == 1 else None


def _is_tear(torn: str, name: str) -> bool:
    """Whether `torn` is `name` with a stretch lost and a letter or two of rubbish in its place."""
    head = Prefix.similarity(torn, name)
    tail = Postfix.similarity(torn, name)
    tail = min(tail, len(torn) - head)
    rubbish = len(torn) - head - tail
    lost = len(name) - head - tail
    return head >= _LEAST_HEAD and tail >= _LEAST_TAIL and 1 <= rubbish <= _MOST_RUBBISH and lost >= rubbish + 2


def _same_head(damaged: str, name: str) -> bool:
    """Whether the two can be one place's unit: the first letters agree unless they are what is lost."""
    return damaged[:2] == name[:2] or damaged in name


def _is_slip(rare: str, name: str, *, torn: bool) -> bool:
    """Whether `rare` is `name` with one letter lost, or a letter or two too many.

    A letter that stands for another is never taken for a slip (教育局, 体育局), nor is anything about figures,
    directions and names of places; but a letter too many in a torn name is rubbish of the tear, even within a place.
    """
    distance = Levenshtein.distance(rare, name, score_cutoff=2)
    if not 1 <= distance <= 2:
        return False
    area = max(area_length(name[k:]) + k for k in range(min(_DEEPEST_AREA, len(name))))
    for edit in Levenshtein.editops(rare, name):
        letter = name[edit.dest_pos] if edit.tag == "insert" else rare[edit.src_pos]
        rubbish = torn and edit.tag == "delete"
        if edit.tag == "replace" or letter in _DISTINCT or (edit.tag == "insert" and distance > 1):
            return False
        if edit.dest_pos < area and not rubbish:
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
    spoilt: dict[str, list[Source]] = defaultdict(list)
    codes: list[Claim] = []
    for m in members:
        claim = m.mention.first("name")
        if claim is not None:
            intact = not m.damaged and folded.endswith(fold_name(m.name))
            (places if intact else spoilt)["".join(m.printed.split())].extend(claim.sources)
        code = m.mention.first("code")
        if code is not None:
            codes.append(code)
    everywhere = merge_sources(source for found in (*places.values(), *spoilt.values()) for source in found)
    aliases = tuple(sorted(alias for alias in places if alias and alias != name))
    properties: dict[str, Value] = {"name": name}
    evidence = {"name": merge_sources(places.get(name, ())) or everywhere}
    if aliases:
        properties["aliases"] = aliases
        evidence["aliases"] = merge_sources(source for alias in aliases for source in places[alias])
    if spoilt and places:
        properties["damaged_writings"] = tuple(sorted(spoilt))
        evidence["damaged_writings"] = merge_sources(source for found in spoilt.values() for source in found)
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
