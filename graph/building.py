"""build_graph: the steps from extractions to a KnowledgeGraph. Each step is a function of values; no logic here."""

from __future__ import annotations

from collections.abc import Iterable

from graph.claims import find_claims, gather_mentions, unique_documents
from graph.corrections import Corrections
from graph.folding import find_disputes, fold_all, fold_edges, mark_claims, merge_judgements, sort_claims
from graph.kg import KnowledgeGraph
from graph.mentions import find_unit_mentions
from graph.model import EntityType
from graph.policies import read_policies, resolve_policies
from graph.programmes import link_programmes
from graph.projects import identify_parts, identify_projects, read_forms
from graph.provinces import find_provinces
from graph.renaming import find_renamings
from graph.units import add_aliases, read_units, resolve_units
from ingest.model import Extraction


def build_graph(extractions: Iterable[Extraction], *, corrections: Corrections | None = None) -> KnowledgeGraph:
    """The graph that these documents make together, people's corrections applied. Their order does not matter."""
    wanted = corrections or Corrections()
    documents = unique_documents(extractions)

    # What each document says by itself
    said = wanted.rename(claim for extraction in documents for claim in find_claims(extraction))
    mentions = gather_mentions(said)
    provinces = find_provinces(mentions.values(), documents)

    # Which names are one thing
    cited = read_policies(mentions, said, provinces, wanted)
    policies = resolve_policies(cited, corrections=wanted)
    issuers = gather_mentions(policies.issuers)
    units = resolve_units(read_units((*mentions.values(), *issuers.values()), provinces), corrections=wanted)
    forms = read_forms(mentions, said, units.ids)
    projects = identify_projects(forms, corrections=wanted)
    parts = identify_parts(mentions, said, projects)
    ids = {**projects, **parts, **policies.ids, **units.ids}

    # What follows from several documents together
    spoken = {unit: mention for mention, unit in sorted(units.ids.items(), reverse=True)}
    renamings = find_renamings(units.entities, forms, spoken)
    programmes = link_programmes(forms, projects, units.entities, renamings.lineage)
    named = find_unit_mentions(said, units.entities, ids, spoken)

    claims = [*said, *policies.issuers, *renamings.claims, *programmes.claims, *named.claims]
    entities = [*policies.entities, *add_aliases(units.entities, named.aliases), *fold_all(claims, ids, _FOLDED)]
    edges, dropped = wanted.drop_edges(fold_edges(mark_claims(claims, policies.marks), ids), entities)
    judgements = (
        *policies.judgements,
        *units.judgements,
        *renamings.judgements,
        *programmes.judgements,
        *find_disputes(said, ids),
        *dropped,
        *wanted.judge(entities),
    )
    return KnowledgeGraph(entities, edges, claims=sort_claims(claims), judgements=merge_judgements(judgements))


_FOLDED = (EntityType.PROJECT, EntityType.INDICATOR, EntityType.TASK, EntityType.SOURCE)
