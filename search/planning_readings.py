"""Readings that the words leave open, settled by what the graph holds: columns, years, sections. It is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from msgspec import structs

from graph.model import EntityId, EntityType
from graph.store import Store
from search.columns import edges_of, read_cells
from search.conditions import columns_in
from search.execute import execute
from search.linking import Names
from search.parse_columns import PROFILE
from search.plan import (
    Both,
    Calculate,
    Compare,
    Condition,
    Contrast,
    Either,
    Except,
    Group,
    Has,
    Keep,
    Part,
    Plan,
    Rank,
    Show,
    Step,
)
from search.plan_terms import Aggregate, Column, Contrasting, Op, Relation
from search.planning_rows import Before, project_rows
from search.query import Asked, Kind, Query, Ranking
from search.vocabulary import ColumnType, spec_of


def summed(query: Query) -> Query:
    """An amount asked of many projects at once is their sum, unless one for each is wanted."""
    amounts = [c for c in query.columns if spec_of(c).type is ColumnType.MONEY]
    named = any(m.kind in (Kind.PROJECT, Kind.TASK) for m in query.subjects)
    single = len(query.columns) == 1 and len(amounts) == 1 and query.asked is Asked.VALUES
    if single and not query.each and not query.ranking and query.kind is EntityType.PROJECT and not named:
        return replace(query, asked=Asked.FIGURE, aggregate=query.aggregate or Aggregate.SUM)
    return query


def mention_notes(query: Query) -> tuple[str, ...]:
    mentions = [*query.subjects, *(m for side in query.sides for m in side.subjects)]
    return tuple(dict.fromkeys(m.note for m in mentions if m.note))


def split_verdict(query: Query) -> tuple[Query, Condition | None]:
    """…的执行率有没有达到95%: the figure of the one project is shown, and whether it is so."""
    one = [m for m in query.subjects if m.kind is Kind.PROJECT]
    plain = query.yes_no and len(one) == len(query.subjects) == 1 and query.asked in (Asked.ITEMS, Asked.VALUES)
    asked = [c for c in query.conditions if isinstance(c, Compare) and c.column is not Column.YEAR]
    if not plain or len(asked) != 1 or query.ranking or any(not isinstance(c, Compare) for c in query.conditions):
        return query, None
    rest = tuple(c for c in query.conditions if c is not asked[0])
    columns = tuple(c for c in (asked[0].column, asked[0].other) if c is not None)
    return replace(query, asked=Asked.VALUES, conditions=rest, columns=columns, kind=EntityType.PROJECT), asked[0]


_LAST_YEAR = {
    Column.BUDGET: Column.PREVIOUS_BUDGET,
    Column.BUDGET_YEAR: Column.PREVIOUS_BUDGET,
    Column.BUDGET_TOTAL: Column.PREVIOUS_BUDGET,
    Column.EXECUTED: Column.PREVIOUS_EXECUTED,
    Column.EXECUTION_RATE: Column.PREVIOUS_RATE,
}


def settle_last_year(query: Query, names: Names) -> tuple[Query, tuple[str, ...]]:
    """A project's figures of the year before its own stand on its form as those of 上年."""
    mentions = [*query.subjects, *(m for side in query.sides for m in side.subjects)]
    own = {names.year_of(i) for m in mentions if m.kind is Kind.PROJECT for i in m.ids}
    if not any(m.kind is Kind.PROJECT for m in mentions):
        own = _year_after_unheld(query, names)
    if len(own) != 1:
        return query, ()
    (year,) = own
    if year is None:
        return query, ()
    before = str(year - 1)
    note = f"{before}年的数取自{year}年表中的“同名项目上年”各栏"
    asks_before = Compare(column=Column.YEAR, op=Op.EQ, value=before)
    if asks_before in query.conditions and query.columns and all(c in _LAST_YEAR for c in query.columns):
        conditions = tuple(c for c in query.conditions if c != asks_before)
        columns = tuple(_LAST_YEAR[c] for c in query.columns)
        return replace(query, conditions=conditions, columns=columns), (note,)
    years = {c.value for side in query.sides for c in side.conditions if isinstance(c, Compare)}
    if years == {before, str(year)} and all(c in _LAST_YEAR for c in query.columns):
        if not any(m.kind is Kind.PROJECT for m in mentions):
            return _with_last_year(query, year), (note,)
        rate = query.contrasting is Contrasting.GROWTH
        column = Column.CHANGE_RATE if rate else Column.CHANGE
        return replace(query, asked=Asked.VALUES, sides=(), columns=(column,), contrasting=None), (note,)
    return query, ()


def _year_after_unheld(query: Query, names: Names) -> set[int | None]:
    """The year that a question compares with the one before, of which the graph has no forms."""
    years = sorted(int(c.value) for side in query.sides for c in side.conditions if _is_year(c) and c.value)
    if len(years) == 2 and years[1] == years[0] + 1 and years[1] in names.years and years[0] not in names.years:
        return {years[1]}
    return set()


def _is_year(condition: Condition) -> TypeGuard[Compare]:
    return isinstance(condition, Compare) and condition.column is Column.YEAR and condition.op is Op.EQ


def _with_last_year(query: Query, year: int) -> Query:
    """Both sides on the forms of the later year; the earlier side reads what they print of 上年."""
    column = query.columns[0] if query.columns else Column.BUDGET
    here = Compare(column=Column.YEAR, op=Op.EQ, value=str(year))
    sides = tuple(
        replace(side, conditions=tuple(here if _is_year(c) else c for c in side.conditions), column=chosen)
        for side in query.sides
        for chosen in ([column] if here in side.conditions else [_LAST_YEAR[column]])
    )
    return replace(query, sides=sides, columns=(column,))


def settle_profile(query: Query, store: Store) -> Query:
    """Where a form has no 项目概况, what it does have is shown."""
    if query.columns != (Column.OVERVIEW,):
        return query
    ids = [EntityId(i) for m in query.subjects if m.kind is Kind.PROJECT for i in m.ids]
    if ids and not read_cells(store, store.nodes(ids), Column.OVERVIEW):
        return replace(query, columns=(*PROFILE, Column.EXPECTED_GOALS, Column.ACTUAL_COMPLETION))
    return query


def settle_basis(query: Query, store: Store) -> tuple[Query, tuple[str, ...]]:
    """立项依据 is the section of that name; where nothing stands in it, what other sections cite is taken."""
    changed: list[Condition] = []
    for condition in query.conditions:
        match condition:
            case Has(relation=Relation.RESTS_ON, ids=ids) if not edges_of(store, map(EntityId, ids), Relation.BASIS_OF):
                changed.append(Has(relation=Relation.CITES, ids=ids))
            case _:
                changed.append(condition)
    role = query.role
    if role is Relation.RESTS_ON:
        projects = [EntityId(i) for m in query.subjects if m.kind is Kind.PROJECT for i in m.ids]
        if projects and not edges_of(store, projects, Relation.RESTS_ON):
            role = Relation.CITES
    if tuple(changed) == query.conditions and role is query.role:
        return query, ()
    note = "“立项依据”一栏没有引用，所列为其他栏目中的引用"
    return replace(query, conditions=tuple(changed), role=role), (note,)


def settle_adjustment(query: Query, store: Store) -> tuple[Query, tuple[str, ...]]:
    """预算调减的项目 where no form prints the budget first granted: against the year before."""
    adjusted = [c for c in query.conditions if isinstance(c, Compare) and c.other is Column.BUDGET_INITIAL]
    if not adjusted or query.topic is not None:
        return query, ()
    scope = replace(query, conditions=tuple(c for c in query.conditions if c not in adjusted), within=None)
    rows = execute(Plan(steps=tuple(project_rows(scope, None))), store).rows
    entities = [row.entity for row in rows if row.entity]
    if not entities or read_cells(store, entities, Column.BUDGET_INITIAL):
        return query, ()
    against = {c: Compare(column=Column.CHANGE, op=c.op, value="0") for c in adjusted}
    conditions = tuple(against.get(c, c) if isinstance(c, Compare) else c for c in query.conditions)
    return replace(query, conditions=conditions), ("所涉表格没有年初预算与调整数，按当年预算与上年预算比较",)


def settle_columns(query: Query, store: Store, names: Names, before: Before | None) -> tuple[Query, tuple[str, ...]]:
    """Columns that none of the forms in question print are replaced by what stands for them there; it is said."""
    notes: list[str] = []
    exchanged: dict[Column, Column] = {}
    for column in _columns_of(query):
        spec = spec_of(column)
        if spec.stands_in is None or column.kind is not EntityType.PROJECT:
            continue
        left = tuple(c for c in query.conditions_on(EntityType.PROJECT) if column not in columns_in(c))
        sides = tuple(c for side in query.sides for c in side.conditions)
        subjects = (*query.subjects, *(m for side in query.sides for m in side.subjects))
        scope = replace(query, conditions=left, subjects=subjects, kind=EntityType.PROJECT, ranking=(), within=None)
        if query.topic is not None:
            continue
        rows = execute(Plan(steps=tuple(project_rows(scope, before))), store).rows
        if sides:
            wanted = {c.value for c in sides if isinstance(c, Compare)}
            rows = tuple(r for r in rows if r.entity and str(r.entity.properties.get("year")) in wanted)
        entities = [row.entity for row in rows if row.entity]
        known = read_cells(store, entities, column)
        ranks_groups = bool(query.ranking) and query.kind is not EntityType.PROJECT
        over_many = ranks_groups or query.asked in (Asked.FIGURE, Asked.GROUPS, Asked.CONTRAST)
        if column is Column.BUDGET_TOTAL and over_many and 0 < len(known) < len(entities):
            exchanged[column] = Column.BUDGET
            notes.append("各表写法不同：绩效目标表取“项目当年预算”，绩效自评表取“全年预算数”")
            continue
        if entities and not read_cells(store, entities, column) and read_cells(store, entities, spec.stands_in):
            exchanged[column] = spec.stands_in
            notes.append(f"所涉表格没有“{spec.label}”一栏，用“{spec_of(spec.stands_in).label}”代替")
    if not exchanged:
        return query, ()
    return _exchange(query, exchanged), tuple(notes)


def _columns_of(query: Query) -> tuple[Column, ...]:
    ranked = [r.column for r in (*query.ranking, query.within) if r and r.column]
    found = ranked if len(query.columns) > 4 else [*query.columns, *ranked]  # a profile shows what is there
    for condition in query.conditions:
        found.extend(columns_in(condition))
    return tuple(dict.fromkeys(found))


def _exchange(query: Query, exchanged: dict[Column, Column]) -> Query:
    return replace(
        query,
        columns=tuple(dict.fromkeys(exchanged.get(c, c) for c in query.columns)),
        conditions=tuple(exchange_columns(c, exchanged) for c in query.conditions),
        ranking=tuple(_exchange_rank(r, exchanged) for r in query.ranking),
        within=_exchange_rank(query.within, exchanged) if query.within else None,
    )


def _exchange_rank(ranking: Ranking, exchanged: dict[Column, Column]) -> Ranking:
    return replace(ranking, column=exchanged.get(ranking.column, ranking.column) if ranking.column else None)


def exchange_columns(condition: Condition, exchanged: dict[Column, Column]) -> Condition:
    """The condition with columns exchanged."""
    match condition:
        case Compare(column=column, op=op, value=value, other=other):
            new_other = exchanged.get(other, other) if other else None
            return Compare(column=exchanged.get(column, column), op=op, value=value, other=new_other)
        case Both(parts=parts):
            return Both(parts=tuple(exchange_columns(p, exchanged) for p in parts))
        case Either(parts=parts):
            return Either(parts=tuple(exchange_columns(p, exchanged) for p in parts))
        case Except(part=part):
            return Except(part=exchange_columns(part, exchanged))
        case _:
            return condition


def other_budget(plan: Plan) -> Plan | None:
    """The same plan with 年初预算数 where 预算 was read as 全年预算数."""
    changed = tuple(_alter(step) for step in plan.steps)
    return Plan(steps=changed) if changed != plan.steps else None


_OTHER_BUDGET = {Column.BUDGET: Column.BUDGET_FIRST}


def _alter(step: Step) -> Step:
    match step:
        case Keep(condition=condition):
            return Keep(condition=exchange_columns(condition, _OTHER_BUDGET))
        case Rank(column=Column.BUDGET):
            return structs.replace(step, column=Column.BUDGET_FIRST)
        case Show(columns=columns):
            return Show(columns=tuple(_OTHER_BUDGET.get(c, c) for c in columns))
        case Calculate(aggregate=aggregate, column=Column.BUDGET):
            return Calculate(aggregate=aggregate, column=Column.BUDGET_FIRST)
        case Group(measure=Column.BUDGET):
            return Group(
                column=step.column, relation=step.relation, aggregate=step.aggregate, measure=Column.BUDGET_FIRST
            )
        case Contrast(how=how, parts=parts):
            return Contrast(
                how=how, parts=tuple(Part(label=p.label, steps=tuple(_alter(s) for s in p.steps)) for p in parts)
            )
        case _:
            return step
