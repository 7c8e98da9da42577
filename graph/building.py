"""build_graph: the steps from extractions to a KnowledgeGraph. Each step is a function of values; no logic lives here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from graph.claims import find_claims, gather_mentions, unique_documents
from graph.folding import fold_edges, fold_entity, source_order
from graph.kg import KnowledgeGraph
from graph.model import Claim, EdgeType, Entity, EntityId, EntityType
from graph.policies import resolve_policies
from graph.projects import identify_parts, identify_projects, read_forms
from graph.provinces import find_provinces
from graph.resolve import read_mention
from graph.units import read_unit, resolve_units
from ingest.model import Extraction


def build_graph(extractions: Iterable[Extraction]) -> KnowledgeGraph:
    """The graph that these documents make together. Their order does not matter."""
    documents = unique_documents(extractions)
    said = [claim for extraction in documents for claim in find_claims(extraction)]
    mentions = gather_mentions(said)
    provinces = find_provinces(mentions.values(), documents)

    citing = {str(claim.value): claim.subject for claim in said if claim.predicate == EdgeType.CITES}
    cited = [
        read_mention(mention, project=citing.get(key), province=provinces.get(mention.document))
        for key, mention in mentions.items()
        if mention.type is EntityType.POLICY
    ]
    policies = resolve_policies(cited, provinces=provinces)

    issuers = gather_mentions(policies.issuers)
    named = [m for m in (*mentions.values(), *issuers.values()) if m.type is EntityType.UNIT]
    units = resolve_units(read_unit(m, province=provinces.get(m.document)) for m in named)

    forms = read_forms(mentions, said, units.ids)
    projects = identify_projects(forms)
    parts = identify_parts(mentions, said, projects)

    ids = {**projects, **parts, **policies.ids, **units.ids}
    claims = [*said, *policies.issuers]
    marked = [
        replace(claim, qualifiers=(*claim.qualifiers, *policies.marks[str(claim.value)].items()))
        if claim.predicate == EdgeType.CITES and str(claim.value) in policies.marks
        else claim
        for claim in claims
    ]
    entities = [*policies.entities, *units.entities, *_fold_rest(claims, ids)]
    return KnowledgeGraph(
        entities,
        fold_edges(marked, ids),
        claims=sorted(claims, key=lambda claim: (source_order(claim.sources[0]), claim.id)),
        judgements=[*policies.judgements, *units.judgements],
    )


def _fold_rest(claims: Iterable[Claim], ids: Mapping[str, EntityId]) -> list[Entity]:
    """Entities that are folded from claims without a portrait of their own: projects, indicators, tasks, sources."""
    kinds = {
        "project": EntityType.PROJECT,
        "indicator": EntityType.INDICATOR,
        "task": EntityType.TASK,
        "source": EntityType.SOURCE,
    }
    grouped: dict[EntityId, list[Claim]] = defaultdict(list)
    for claim in claims:
        identifier = ids.get(claim.subject)
        if identifier is not None and identifier.partition(":")[0] in kinds:
            grouped[identifier].append(claim)
    return [fold_entity(i, kinds[i.partition(":")[0]], group) for i, group in grouped.items()]
