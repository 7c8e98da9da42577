"""分别: which of the things named each line of a list belongs to."""

from __future__ import annotations

from graph.model import EntityType
from graph.store import Store
from search.conditions import satisfy
from search.phrasing import name_entity
from search.plan import Has
from search.plan_terms import Relation
from search.query import Kind, Mention, Query
from search.rows import Result

_JOINED = {
    (Kind.POLICY, EntityType.PROJECT): Relation.CITES,
    (Kind.UNIT, EntityType.PROJECT): Relation.BY_UNIT,
    (Kind.PROJECT, EntityType.POLICY): Relation.CITED_BY,
}


def parts_of(query: Query, shape: object) -> tuple[tuple[Mention, Relation], ...]:
    """The things asked about apart, each with how the rows are joined to it; () where they are not asked apart."""
    if not any(token.has(Kind.SEPARATELY) for token in query.said):
        return ()
    for (kind, rows), relation in _JOINED.items():
        named = [mention for mention in query.subjects if mention.kind is kind and mention.ids]
        if len(named) > 1 and shape is rows:
            return tuple((mention, relation) for mention in named)
    return ()


def apart_text(query: Query, result: Result, store: Store) -> str:
    """A line for each of the things asked about apart; empty where they are not."""
    entities = {row.entity.id: row.entity for row in result.rows if row.entity}
    kinds = {entity.type for entity in entities.values()}
    lines = []
    for mention, relation in parts_of(query, next(iter(kinds))) if len(kinds) == 1 else ():
        met = satisfy(store, Has(relation=relation, ids=mention.ids), entities)
        names = "、".join(name_entity(entities[i]) for i in met) or "没有"
        lines.append(f"· {mention.label}：{names}")
    return "；\n".join(lines) + "。\n" if lines else ""
