"""Query → Plan: which rows, by which steps, to which end. Decides readings that the words leave open and says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph.model import EntityType
from graph.store import Store
from search.errors import PlanRejected
from search.linking import Names
from search.parse_columns import PROFILE
from search.parse_grouping import grouping_for
from search.plan import (
    Calculate,
    Compare,
    Condition,
    Contrast,
    Decide,
    Define,
    Either,
    Group,
    Has,
    Part,
    Paths,
    Plan,
    Prove,
    Show,
    Step,
    Tabulate,
)
from search.plan_terms import Aggregate, Column, Contrasting, Op, Relation
from search.planning_readings import (
    mention_notes,
    other_budget,
    settle_adjustment,
    settle_basis,
    settle_columns,
    settle_last_year,
    settle_profile,
    split_verdict,
    summed,
)
from search.planning_rows import Before, ids_of, indicator_side, project_rows, rank_step, rows_of
from search.query import Asked, Grouping, Kind, Query, Side, kind_of
from search.vocabulary import ColumnType, spec_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, remarks on how the question was read, and the plan for another reading that people may have meant."""

    plan: Plan
    query: Query
    notes: tuple[str, ...] = ()
    alternative: Plan | None = None
    verdict: Condition | None = None  # what a yes-or-no question asks of the rows


def plan_query(query: Query, *, store: Store, names: Names, before: Before | None = None) -> Planned:
    """The plan for a query that holds nothing unknown, missing or ambiguous."""
    query, adjusted = settle_adjustment(query, store)
    query, notes = settle_columns(query, store, names, before)
    query, basis = settle_basis(query, store)
    query, earlier = settle_last_year(query, names)
    query = settle_profile(query, store)
    notes = (*query.notes, *mention_notes(query), *adjusted, *notes, *basis, *earlier)
    query = summed(query)
    query, verdict = split_verdict(query)
    match query.asked:
        case Asked.MEANING:
            return Planned(plan=Plan(steps=(Define(columns=query.columns),)), query=query)
        case Asked.PATH:
            return Planned(plan=_path_plan(query), query=query, notes=notes)
        case Asked.CONTRAST:
            plan = _contrast_plan(query, names, before)
        case _:
            _expect_all_held(query)
            plan = Plan(steps=_steps(query, before))
    return Planned(plan=plan, query=query, notes=notes, alternative=other_budget(plan), verdict=verdict)


def _expect_all_held(query: Query) -> None:
    """Every condition is of a kind that the rows go through; one that would be passed over is not understood."""
    ways = {EntityType.PROJECT, EntityType.INDICATOR, query.kind, query.within.of if query.within else None}
    if any(kind_of(condition) not in ways for condition in query.conditions):
        raise PlanRejected("条件和所问的对象对不上", "请换一种问法")


# ends -------------------------------------------------------------------------------------------------------


def _steps(query: Query, before: Before | None) -> tuple[Step, ...]:
    if query.asked in (Asked.ITEMS, Asked.VALUES) and _ranked_groups(query) is not None:
        if query.kind is EntityType.INDICATOR:
            return (*rows_of(query, before), *_item_steps(query))
        return (*project_rows(query, before), *indicator_side(query), *_item_steps(query))
    rows = rows_of(query, before)
    match query.asked:
        case Asked.COUNT:
            return (*rows, Calculate(aggregate=Aggregate.COUNT))
        case Asked.FIGURE:
            aggregate = query.aggregate or Aggregate.SUM
            rates = all(spec_of(c).type is ColumnType.RATE for c in query.columns)
            if rates and aggregate is Aggregate.SUM:  # 总执行率: rates are not added up
                aggregate = Aggregate.AVERAGE
            if len(query.columns) > 1:
                return (*rows, Tabulate(aggregate=aggregate, columns=query.columns))
            return (*rows, Calculate(aggregate=aggregate, column=query.columns[0]))
        case Asked.GROUPS:
            return (*rows, *_group_steps(query))
        case Asked.EVIDENCE:
            return (*rows, Prove(columns=query.columns))
        case Asked.YES_NO:
            return (*rows, Decide())
        case _:
            return (*rows, *_item_steps(query))


def _item_steps(query: Query) -> tuple[Step, ...]:
    grouping = _ranked_groups(query)
    if grouping is not None:
        ranking = query.ranking[0]
        measure = ranking.column if ranking.column in _MEASURES else None
        return (*_group_by(grouping, measure, query.aggregate), rank_step(replace(ranking, column=None)))
    if query.ranking:
        ranked: list[Step] = [rank_step(r) for r in query.ranking[:1]]
        shown = tuple(dict.fromkeys([*query.columns, *(r.column for r in query.ranking if r.column)]))
        return (*ranked, Show(columns=_of_kind(shown, query.kind)))
    return (Show(columns=_of_kind(_shown(query), query.kind)),)


_MEASURES = frozenset(c for c in Column if c.kind is EntityType.PROJECT)


def _ranked_groups(query: Query) -> Grouping | None:
    """Units and documents are ranked by figures of the projects that they stand in."""
    if not query.ranking or query.kind is None:
        return None
    column = query.ranking[0].column
    if query.kind is EntityType.UNIT and (
        column is None or column.kind is not EntityType.UNIT or column is Column.PROJECT_COUNT
    ):
        return grouping_for(query.kind)
    if query.kind is EntityType.INDICATOR and column is None:
        return Grouping(column=Column.LEVEL3)
    own = query.kind is EntityType.POLICY and query.conditions_on(EntityType.POLICY)
    if own and column is Column.CITED_COUNT and len(own) == len(query.conditions) and not query.subjects:
        return None  # 被引用最多的法律: of those documents, by how many projects cite each
    if own:
        raise PlanRejected("按项目分组时不能再限定文件", "请分两步来问")
    if query.kind is EntityType.POLICY and column in (Column.CITED_COUNT, None):
        return grouping_for(query.kind)
    return None


def _shown(query: Query) -> tuple[Column, ...]:
    if query.asked is Asked.VALUES and query.columns:
        return query.columns
    bare = not query.conditions and not query.columns and not query.neighbours
    if query.subjects and bare and query.kind is EntityType.PROJECT:
        named = [m for m in query.subjects if m.kind is Kind.PROJECT]
        return PROFILE if len(named) == len(query.subjects) else ()
    if query.kind is EntityType.INDICATOR and not query.columns:
        return (Column.TARGET_TEXT, Column.ACTUAL_TEXT, Column.SCORE, Column.WEIGHT)
    return query.columns


def _of_kind(columns: Iterable[Column], kind: EntityType | None) -> tuple[Column, ...]:
    return tuple(c for c in columns if c.kind is kind)


def _group_steps(query: Query) -> tuple[Step, ...]:
    measure = query.columns[0] if query.columns and query.columns[0] is not Column.PROJECT_COUNT else None
    lost = {r.column for r in query.ranking} - {None, measure, Column.PROJECT_COUNT, Column.CITED_COUNT}
    if measure is None and any(column in _MEASURES for column in lost):
        raise PlanRejected("排名的数和分组对不上", "请换一种问法")
    ranked = [rank_step(replace(r, column=None)) for r in query.ranking[:1]]
    if query.grouping is None:
        return tuple(ranked)
    return (*_group_by(query.grouping, measure, query.aggregate), *ranked)


def _group_by(grouping: Grouping, measure: Column | None, aggregate: Aggregate | None) -> tuple[Step, ...]:
    if measure is None or measure in (Column.PROJECT_COUNT, Column.CITED_COUNT):
        return (Group(column=grouping.column, relation=grouping.relation),)
    summed = spec_of(measure).type in (ColumnType.MONEY, ColumnType.COUNT)
    chosen = aggregate or (Aggregate.SUM if summed else Aggregate.AVERAGE)
    return (Group(column=grouping.column, relation=grouping.relation, aggregate=chosen, measure=measure),)


def _path_plan(query: Query) -> Plan:
    first, *others = [m for m in query.subjects if m.ids]
    return Plan(steps=(Paths(starts=first.ids, ends=ids_of(others)),))


def _contrast_plan(query: Query, names: Names, before: Before | None) -> Plan:
    parts = tuple(
        Part(label=side.label, steps=(*_side_rows(query, side, names, before), _side_end(query, side)))
        for side in query.sides
    )
    return Plan(steps=(Contrast(how=query.contrasting or Contrasting.DIFFERENCE, parts=parts),))


def _side_rows(query: Query, side: Side, names: Names, before: Before | None) -> list[Step]:
    conditions = [*query.conditions, *side.conditions]
    subjects = list(query.subjects)
    for mention in side.subjects:
        if mention.kind is Kind.PROJECT:
            subjects.append(mention)
        elif mention.kind is Kind.UNIT:
            conditions.append(Has(relation=query.role or Relation.BY_UNIT, ids=names.family(mention.ids)))
        elif mention.kind is Kind.POLICY:
            conditions.append(Has(relation=Relation.CITES, ids=mention.ids))
        elif mention.kind is Kind.VALUE:
            parts = tuple(Compare(column=Column(mention.key), op=Op.EQ, value=v) for v in mention.ids)
            conditions.append(parts[0] if len(parts) == 1 else Either(parts=parts))
    own = replace(query, conditions=tuple(conditions), subjects=tuple(subjects), kind=EntityType.PROJECT)
    return project_rows(own, before)


def _side_end(query: Query, side: Side) -> Calculate:
    column = side.column or (query.columns[0] if query.columns else Column.PROJECT_COUNT)
    if column is Column.PROJECT_COUNT:
        return Calculate(aggregate=Aggregate.COUNT)
    summed = spec_of(column).type in (ColumnType.MONEY, ColumnType.COUNT)
    aggregate = side.aggregate or query.aggregate or (Aggregate.SUM if summed else Aggregate.AVERAGE)
    return Calculate(aggregate=aggregate, column=column)
