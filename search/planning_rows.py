"""Which rows a query speaks of: the steps before its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.model import EntityType
from search.plan import (
    Both,
    Condition,
    Follow,
    Has,
    Keep,
    Pick,
    Recall,
    Select,
    Step,
    Topic,
    Without,
)
from search.plan_terms import Match, Relation
from search.query import Asked, Kind, Mention, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a follow-up can speak of: the kind and ids of the items of the answer before."""

    kind: EntityType
    ids: tuple[str, ...]


def project_rows(query: Query, before: Before | None) -> list[Step]:
    """The projects that the question speaks of."""
    steps: list[Step] = []
    projects = [m for m in query.subjects if m.kind is Kind.PROJECT]
    tasks = [m for m in query.subjects if m.kind is Kind.TASK]
    if query.topic is not None:
        steps.append(Topic(kind=EntityType.PROJECT, text=query.topic, literal=query.topic_literal))
    elif projects:
        steps.append(Pick(kind=EntityType.PROJECT, ids=ids_of(projects)))
    elif tasks:
        steps += [Pick(kind=EntityType.TASK, ids=ids_of(tasks)), Follow(relation=Relation.TASK_OF)]
    elif query.follows and before is not None:
        steps.append(Recall(kind=before.kind, ids=before.ids))
        if before.kind is not EntityType.PROJECT:
            steps.append(Follow(relation=_TO_PROJECT[before.kind]))
    else:
        steps.append(Select(kind=EntityType.PROJECT))
    if query.neighbours is not None:
        steps += [
            Follow(relation=query.neighbours),
            Follow(relation=_BACK[query.neighbours]),
            Without(ids=ids_of(projects)),
        ]
    return [*steps, *_keep(query.conditions_on(EntityType.PROJECT))]


_BACK = {
    Relation.CITES: Relation.CITED_BY,
    Relation.DESCRIBED_IN: Relation.DESCRIBES,
    Relation.BY_BEARER: Relation.RUNS,
}
_TO_PROJECT = {
    EntityType.POLICY: Relation.CITED_BY,
    EntityType.UNIT: Relation.RUNS,
    EntityType.INDICATOR: Relation.INDICATOR_OF,
    EntityType.TASK: Relation.TASK_OF,
    EntityType.SOURCE: Relation.DESCRIBES,
}


_FROM_PROJECT = {
    EntityType.POLICY: Relation.CITES,
    EntityType.UNIT: Relation.BY_UNIT,
    EntityType.INDICATOR: Relation.HAS_INDICATOR,
    EntityType.TASK: Relation.HAS_TASK,
    EntityType.SOURCE: Relation.DESCRIBED_IN,
}


def rows_of(query: Query, before: Before | None) -> list[Step]:
    """The rows of the kind asked for."""
    kind = query.kind or EntityType.PROJECT
    if kind is EntityType.PROJECT:
        return [*project_rows(query, before), *indicator_side(query)]
    own = _keep(query.conditions_on(kind))
    if query.follows and before is not None and before.kind is kind and not query.subjects:
        return [Recall(kind=kind, ids=before.ids), *own]
    through_projects = any(m.kind is not Kind.POLICY for m in query.subjects)
    if (
        kind is EntityType.POLICY
        and query.asked in (Asked.VALUES, Asked.EVIDENCE)
        and _policies(query)
        and not through_projects
    ):
        return [Pick(kind=kind, ids=ids_of(_policies(query))), *own]
    if kind is EntityType.UNIT and query.asked is Asked.VALUES and _units(query):
        return [Pick(kind=kind, ids=ids_of(_units(query))), *own]
    relation = query.role if query.role is not None and query.role.ends is kind else _FROM_PROJECT[kind]
    through = project_rows(query, before)
    if through == [Select(kind=EntityType.PROJECT)] and kind not in (EntityType.UNIT, EntityType.POLICY):
        return [Select(kind=kind), *own]
    match = Match.ALL if query.common else Match.ANY
    return [*through, Follow(relation=relation, match=match), *own]


def indicator_side(query: Query) -> list[Step]:
    """Conditions on indicators hold for a project by any one of its indicators."""
    conditions = query.conditions_on(EntityType.INDICATOR)
    if not conditions:
        return []
    return [Keep(condition=Has(relation=Relation.HAS_INDICATOR, where=_all_of(conditions)))]


def _policies(query: Query) -> list[Mention]:
    return [m for m in query.subjects if m.kind is Kind.POLICY]


def _units(query: Query) -> list[Mention]:
    return [m for m in query.subjects if m.kind is Kind.UNIT]


def ids_of(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for m in mentions for i in m.ids))


def _keep(conditions: tuple[Condition, ...]) -> list[Step]:
    return [Keep(condition=_all_of(conditions))] if conditions else []


def _all_of(conditions: tuple[Condition, ...]) -> Condition:
    return conditions[0] if len(conditions) == 1 else Both(parts=conditions)
