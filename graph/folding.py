"""Claims into entities and edges. Which mention is which entity is decided before; nothing is compared here.

Where claims about one property disagree, the value that most documents say wins, then the one said in the most places,
then the one said first (document name, offset). The others stay in the claims, and `checks` shows the conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.claims import TYPE
from graph.errors import GraphError
from graph.headings import property_heading
from graph.ids import PREFIXES, edge_id, type_of
from graph.model import Claim, Edge, EdgeType, Entity, EntityId, EntityType, Judgement, Ruling, Source, Value
from ingest.model import SECTIONS

_LABELS = {
    EntityType.PROJECT: "name",
    EntityType.INDICATOR: "level3",
    EntityType.TASK: "name",
    EntityType.SOURCE: "file",
    EntityType.UNIT: "name",
    EntityType.POLICY: "title",
}
_UNNAMED = {
    EntityType.PROJECT: "（未读出名称的项目）",
    EntityType.INDICATOR: "（未读出名称的指标）",
    EntityType.TASK: "（未读出名称的子项目）",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """One value of a property and the claims that say it."""

    value: Value
    claims: tuple[Claim, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every place that says it, in document order."""
        return merge_sources(source for claim in self.claims for source in claim.sources)


def weigh(claims: Sequence[Claim]) -> tuple[Saying, ...]:
    """The different values that claims give one property, the one to believe first."""
    if len(claims) == 1:
        return (Saying(claims[0].value, tuple(claims)),)
    grouped: dict[Value, list[Claim]] = defaultdict(list)
    for claim in claims:
        grouped[claim.value].append(claim)
    sayings = [Saying(value, tuple(group)) for value, group in grouped.items()]

    def rank(saying: Saying) -> tuple[int, int, tuple[Source, ...], str]:
        documents = {claim.document_sha256 for claim in saying.claims}
        places = [source for claim in saying.claims for source in claim.sources]
        first = (min(places, key=source_order),) if places else ()
        return -len(documents), -len(saying.claims), first, str(saying.value)

    return tuple(sorted(sayings, key=rank))


def fold_entity(identifier: EntityId, entity_type: EntityType, claims: Sequence[Claim]) -> Entity:
    """The entity that these claims (of all its mentions) make."""
    said: dict[str, list[Claim]] = defaultdict(list)
    relations = set(EdgeType)
    for claim in claims:
        if claim.predicate not in relations:
            said[claim.predicate].append(claim)
    proof = merge_sources(source for claim in said.pop(TYPE, []) for source in claim.sources)
    properties: dict[str, Value] = {}
    evidence: dict[str, tuple[Source, ...]] = {}
    for predicate in sorted(said):
        believed = weigh(said[predicate])[0]
        properties[predicate] = believed.value
        evidence[predicate] = believed.sources
    label = str(properties.get(_LABELS[entity_type]) or _UNNAMED.get(entity_type, identifier))
    return Entity(id=identifier, type=entity_type, label=label, properties=properties, sources=proof, evidence=evidence)


def fold_all(claims: Iterable[Claim], ids: Mapping[str, EntityId], types: Iterable[EntityType]) -> list[Entity]:
    """Entities of these types, folded from the claims about their mentions."""
    prefixes = {PREFIXES[entity_type]: entity_type for entity_type in types}
    grouped: dict[EntityId, list[Claim]] = defaultdict(list)
    for claim in claims:
        identifier = ids.get(claim.subject)
        if identifier is not None and identifier.partition(":")[0] in prefixes:
            grouped[identifier].append(claim)
    return [fold_entity(i, prefixes[i.partition(":")[0]], group) for i, group in grouped.items()]


def find_disputes(claims: Iterable[Claim], ids: Mapping[str, EntityId]) -> list[Judgement]:
    """Properties of projects and indicators about which documents (or two places of one) do not say the same.

    Text sections may differ from form to form and are no dispute.
    """
    said: dict[tuple[EntityId, str], list[Claim]] = defaultdict(list)
    free = {section.value for section in SECTIONS} | {TYPE, "document_type"} | set(EdgeType)
    for claim in claims:
        identifier = ids.get(claim.subject)
        if identifier is not None and type_of(identifier) in _DISPUTABLE and claim.predicate not in free:
            said[identifier, claim.predicate].append(claim)
    disputes = []
    for (identifier, predicate), group in said.items():
        sayings = weigh(group) if len(group) > 1 else ()
        if len(sayings) > 1:
            shown = "、".join(f"“{saying.claims[0].raw}”" for saying in sayings)
            disputes.append(
                Judgement(
                    ruling=Ruling.DISPUTED,
                    entities=(identifier,),
                    writings=tuple(str(saying.value) for saying in sayings),
                    reason=f"“{property_heading(predicate)}”有不同的说法：{shown}，图谱采用前者",
                    confidence=1.0,
                    rule="folding.weigh",
                    sources=merge_sources(source for saying in sayings for source in saying.sources),
                )
            )
    return disputes


_DISPUTABLE = (EntityType.PROJECT, EntityType.INDICATOR)


def mark_claims(claims: Iterable[Claim], marks: Mapping[str, Mapping[str, Value]]) -> list[Claim]:
    """Citing claims with what resolution found about the cited mention (`marks` by key) as further qualifiers."""
    return [
        replace(claim, qualifiers=(*claim.qualifiers, *marks[str(claim.value)].items()))
        if claim.predicate == EdgeType.CITES and str(claim.value) in marks
        else claim
        for claim in claims
    ]


def sort_claims(claims: Iterable[Claim]) -> list[Claim]:
    """Each claim once, by document, place and id."""
    unique = {claim.id: claim for claim in claims}
    return sorted(unique.values(), key=lambda claim: (*map(source_order, claim.sources[:1]), claim.id))


def merge_judgements(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Judgements that say the same of the same entities once, with all their sources; sorted."""
    grouped: dict[tuple[str, tuple[EntityId, ...], tuple[str, ...], str], list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        grouped[judgement.ruling.value, judgement.entities, judgement.writings, judgement.reason].append(judgement)
    return [
        replace(group[0], sources=merge_sources(source for judgement in group for source in judgement.sources))
        for _, group in sorted(grouped.items())
    ]


def fold_edges(claims: Iterable[Claim], ids: Mapping[str, EntityId]) -> list[Edge]:
    """The edges that the relation claims make; one per type, source and target, every source kept.

    A claim about a mention that became no entity makes no edge. Qualifiers become properties: those in LISTED as tuples
    in reading order, a truth holds if one claim says it, of confidences the highest stays, of other texts the first.
    """
    relations = {edge_type.value: edge_type for edge_type in EdgeType}
    grouped: dict[tuple[EdgeType, EntityId, EntityId], list[Claim]] = defaultdict(list)
    for claim in claims:
        edge_type = relations.get(claim.predicate)
        source, target = ids.get(claim.subject), ids.get(str(claim.value))
        if edge_type is not None and source is not None and target is not None and source != target:
            if not claim.sources:
                raise GraphError(claim.id, f"边 {claim.predicate} 没有出处", "这是程序的缺陷，请报告")
            grouped[edge_type, source, target].append(claim)
    edges = []
    for (edge_type, source, target), group in grouped.items():
        group.sort(key=lambda claim: (claim.sources[:1], claim.id))
        edges.append(
            Edge(
                id=edge_id(edge_type, source, target),
                type=edge_type,
                source=source,
                target=target,
                properties=_fold_qualifiers(group),
                sources=merge_sources(source for claim in group for source in claim.sources),
            )
        )
    return edges


LISTED = frozenset({"section", "surface"})  # qualifiers that are lists even where only one claim speaks


def _fold_qualifiers(claims: Sequence[Claim]) -> dict[str, Value]:
    said: dict[str, list[Value]] = defaultdict(list)
    for claim in claims:
        for name, value in claim.qualifiers:
            if value not in said[name]:
                said[name].append(value)
    folded: dict[str, Value] = {}
    for name in sorted(said):
        values = said[name]
        if name in LISTED:
            folded[name] = tuple(str(value) for value in values)
        elif isinstance(values[0], bool):
            folded[name] = any(values)
        else:
            folded[name] = max(values, key=str) if name == "confidence" else values[0]
    return folded


def merge_sources(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Each place once, in order of document and offset."""
    unique = set(sources)
    return tuple(unique) if len(unique) == 1 else tuple(sorted(unique, key=source_order))


def source_order(source: Source) -> tuple[str, int, int]:
    """Document name, then place."""
    return source.document, source.start, source.end
