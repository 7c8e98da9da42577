"""Which rows a query speaks of: the steps before its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph.model import EntityType
from search.errors import PlanRejected
from search.plan import (
    Both,
    Condition,
    Follow,
    Group,
    Has,
    Keep,
    Pick,
    Rank,
    Recall,
    Select,
    Step,
    Topic,
    Without,
)
from search.plan_terms import Match, Relation
from search.query import Asked, Kind, Mention, Query, Ranking


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
    if query.within is not None:
        return _rows_through(query, query.within, before)
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
    relation = _relation_to(query, kind)
    through = project_rows(query, before)
    if kind is not EntityType.INDICATOR:
        through += indicator_side(query)
    if through == [Select(kind=EntityType.PROJECT)] and kind not in (EntityType.UNIT, EntityType.POLICY):
        return [Select(kind=kind), *own]
    match = Match.ALL if query.common else Match.ANY
    return [*through, Follow(relation=relation, match=match), *own]


def _rows_through(query: Query, ranking: Ranking, before: Before | None) -> list[Step]:
    """What the largest of another kind lead to: 预算最大的项目引用的文件, 被引用最多的文件由哪些项目引用."""
    kind = query.kind or EntityType.PROJECT
    own = [] if kind is EntityType.PROJECT else _keep(query.conditions_on(kind))
    outer = replace(query, within=None, kind=ranking.of)
    match ranking.of:
        case EntityType.PROJECT:
            ranked = [*rows_of(outer, before), rank_step(ranking)]
            return [
                *ranked,
                *([Follow(relation=_relation_to(query, kind))] if kind is not EntityType.PROJECT else []),
                *own,
            ]
        case EntityType.INDICATOR:
            ranked = [*rows_of(outer, before), rank_step(ranking)]
            return ranked if kind is EntityType.INDICATOR else [*ranked, Follow(relation=Relation.INDICATOR_OF)]
        case EntityType.POLICY | EntityType.UNIT as of:
            relation = Relation.CITES if of is EntityType.POLICY else Relation.BY_BEARER
            grouped = [*project_rows(query, before), Group(relation=relation), rank_step(replace(ranking, column=None))]
            back = [Follow(relation=_TO_PROJECT[of]), *_keep(query.conditions_on(EntityType.PROJECT))]
            return [*grouped, *back]
        case _:
            raise PlanRejected("这样的排名不能再往下问", "请分两步来问")


def rank_step(ranking: Ranking) -> Rank:
    """The step that a ranking comes to."""
    return Rank(
        column=ranking.column,
        descending=ranking.descending,
        first=ranking.first,
        last=ranking.last,
        both_ends=ranking.both_ends,
        each=ranking.each,
    )


def _relation_to(query: Query, kind: EntityType) -> Relation:
    return query.role if query.role is not None and query.role.ends is kind else _FROM_PROJECT[kind]


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
