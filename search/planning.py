"""Query → Plan: which rows, by which steps, to which end. Decides readings that the words leave open and says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph.model import EntityId, EntityType
from graph.store import Store
from search.columns import edges_of, read_cells
from search.conditions import columns_in
from search.execute import execute
from search.linking import Names
from search.parse_focus import PROFILE, grouping_for
from search.plan import (
    Aggregate,
    Both,
    Calculate,
    Column,
    Compare,
    Condition,
    Contrast,
    Contrasting,
    Decide,
    Define,
    Either,
    Except,
    Follow,
    Group,
    Has,
    Keep,
    Match,
    Number,
    Op,
    Part,
    Paths,
    Pick,
    Plan,
    Prove,
    Rank,
    Recall,
    Relation,
    Select,
    Show,
    Step,
    Tabulate,
    Topic,
    Without,
)
from search.query import Asked, Grouping, Kind, Mention, Query, Ranking, Side
from search.vocabulary import ColumnType, spec_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, remarks on how the question was read, and the plan for another reading that people may have meant."""

    plan: Plan
    query: Query
    notes: tuple[str, ...] = ()
    alternative: Plan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a follow-up can speak of: the kind and ids of the items of the answer before."""

    kind: EntityType
    ids: tuple[str, ...]


def plan_query(query: Query, *, store: Store, names: Names, before: Before | None = None) -> Planned:
    """The plan for a query that holds nothing unknown, missing or ambiguous."""
    query, notes = _settle_columns(query, store, names, before)
    query, basis = _settle_basis(query, store)
    query, earlier = _settle_last_year(query, names)
    query = _settle_profile(query, store)
    notes = (*query.notes, *_mention_notes(query), *notes, *basis, *earlier)
    query = _summed(query)
    match query.asked:
        case Asked.MEANING:
            return Planned(plan=Plan(steps=(Define(columns=query.columns),)), query=query)
        case Asked.PATH:
            return Planned(plan=_path_plan(query), query=query, notes=notes)
        case Asked.CONTRAST:
            plan = _contrast_plan(query, names, before)
        case _:
            plan = Plan(steps=_steps(query, before))
    return Planned(plan=plan, query=query, notes=notes, alternative=_alternative(plan))


# rows -------------------------------------------------------------------------------------------------------


def _project_rows(query: Query, before: Before | None) -> list[Step]:
    """The projects that the question speaks of."""
    steps: list[Step] = []
    projects = [m for m in query.subjects if m.kind is Kind.PROJECT]
    tasks = [m for m in query.subjects if m.kind is Kind.TASK]
    if query.topic is not None:
        steps.append(Topic(kind=EntityType.PROJECT, text=query.topic, literal=query.topic_literal))
    elif projects:
        steps.append(Pick(kind=EntityType.PROJECT, ids=_ids(projects)))
    elif tasks:
        steps += [Pick(kind=EntityType.TASK, ids=_ids(tasks)), Follow(relation=Relation.TASK_OF)]
    elif query.follows and before is not None:
        steps.append(Recall(kind=before.kind, ids=before.ids))
        if before.kind is not EntityType.PROJECT:
            steps.append(Follow(relation=_TO_PROJECT[before.kind]))
    else:
        steps.append(Select(kind=EntityType.PROJECT))
    if query.neighbours:
        steps += [Follow(relation=Relation.CITES), Follow(relation=Relation.CITED_BY), Without(ids=_ids(projects))]
    return [*steps, *_keep(query.conditions_on(EntityType.PROJECT))]


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


def _rows(query: Query, before: Before | None) -> list[Step]:
    """The rows of the kind asked for."""
    kind = query.kind or EntityType.PROJECT
    if kind is EntityType.PROJECT:
        return [*_project_rows(query, before), *_indicator_side(query)]
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
        return [Pick(kind=kind, ids=_ids(_policies(query))), *own]
    if kind is EntityType.UNIT and query.asked is Asked.VALUES and _units(query):
        return [Pick(kind=kind, ids=_ids(_units(query))), *own]
    relation = query.role if query.role is not None and query.role.ends is kind else _FROM_PROJECT[kind]
    through = _project_rows(query, before)
    if through == [Select(kind=EntityType.PROJECT)] and kind not in (EntityType.UNIT, EntityType.POLICY):
        return [Select(kind=kind), *own]
    match = Match.ALL if query.common else Match.ANY
    return [*through, Follow(relation=relation, match=match), *own]


def _indicator_side(query: Query) -> list[Step]:
    """Conditions on indicators hold for a project by any one of its indicators."""
    conditions = query.conditions_on(EntityType.INDICATOR)
    if not conditions:
        return []
    return [Keep(condition=Has(relation=Relation.HAS_INDICATOR, where=_all_of(conditions)))]


def _policies(query: Query) -> list[Mention]:
    return [m for m in query.subjects if m.kind is Kind.POLICY]


def _units(query: Query) -> list[Mention]:
    return [m for m in query.subjects if m.kind is Kind.UNIT]


def _ids(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for m in mentions for i in m.ids))


def _keep(conditions: tuple[Condition, ...]) -> list[Step]:
    return [Keep(condition=_all_of(conditions))] if conditions else []


def _all_of(conditions: tuple[Condition, ...]) -> Condition:
    return conditions[0] if len(conditions) == 1 else Both(parts=conditions)


# ends -------------------------------------------------------------------------------------------------------


def _steps(query: Query, before: Before | None) -> tuple[Step, ...]:
    if query.asked in (Asked.ITEMS, Asked.VALUES) and _ranked_groups(query) is not None:
        return (*_project_rows(query, before), *_indicator_side(query), *_item_steps(query))
    rows = _rows(query, before)
    match query.asked:
        case Asked.COUNT:
            return (*rows, Calculate(aggregate=Aggregate.COUNT))
        case Asked.FIGURE:
            aggregate = query.aggregate or Aggregate.SUM
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
        return (*_group_by(grouping, measure, query.aggregate), _rank(replace(ranking, column=None)))
    if query.ranking:
        ranked: list[Step] = [_rank(r) for r in query.ranking[:1] if r.column is not None]
        shown = tuple(dict.fromkeys([*(r.column for r in query.ranking if r.column), *query.columns]))
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


def _rank(ranking: Ranking) -> Rank:
    return Rank(column=ranking.column, descending=ranking.descending, first=ranking.first, last=ranking.last)


def _group_steps(query: Query) -> tuple[Step, ...]:
    measure = query.columns[0] if query.columns and query.columns[0] is not Column.PROJECT_COUNT else None
    ranked = [_rank(replace(r, column=None)) for r in query.ranking[:1]]
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
    return Plan(steps=(Paths(starts=first.ids, ends=_ids(others)),))


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
    return _project_rows(own, before)


def _side_end(query: Query, side: Side) -> Calculate:
    column = side.column or (query.columns[0] if query.columns else Column.PROJECT_COUNT)
    if column is Column.PROJECT_COUNT:
        return Calculate(aggregate=Aggregate.COUNT)
    summed = spec_of(column).type in (ColumnType.MONEY, ColumnType.COUNT)
    return Calculate(aggregate=query.aggregate or (Aggregate.SUM if summed else Aggregate.AVERAGE), column=column)


def _summed(query: Query) -> Query:
    """An amount asked of many projects at once is their sum, unless one for each is wanted."""
    amounts = [c for c in query.columns if spec_of(c).type is ColumnType.MONEY]
    named = any(m.kind in (Kind.PROJECT, Kind.TASK) for m in query.subjects)
    single = len(query.columns) == 1 and len(amounts) == 1 and query.asked is Asked.VALUES
    if single and not query.each and not query.ranking and query.kind is EntityType.PROJECT and not named:
        return replace(query, asked=Asked.FIGURE, aggregate=query.aggregate or Aggregate.SUM)
    return query


# readings ---------------------------------------------------------------------------------------------------


def _mention_notes(query: Query) -> tuple[str, ...]:
    mentions = [*query.subjects, *(m for side in query.sides for m in side.subjects)]
    return tuple(dict.fromkeys(m.note for m in mentions if m.note))


_LAST_YEAR = {
    Column.BUDGET: Column.PREVIOUS_BUDGET,
    Column.BUDGET_YEAR: Column.PREVIOUS_BUDGET,
    Column.BUDGET_TOTAL: Column.PREVIOUS_BUDGET,
    Column.EXECUTED: Column.PREVIOUS_EXECUTED,
    Column.EXECUTION_RATE: Column.PREVIOUS_RATE,
}


def _settle_last_year(query: Query, names: Names) -> tuple[Query, tuple[str, ...]]:
    """A project's figures of the year before its own stand on its form as those of 上年."""
    mentions = [*query.subjects, *(m for side in query.sides for m in side.subjects)]
    own = {names.year_of(i) for m in mentions if m.kind is Kind.PROJECT for i in m.ids}
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
        rate = query.contrasting is Contrasting.GROWTH
        column = Column.CHANGE_RATE if rate else Column.CHANGE
        return replace(query, asked=Asked.VALUES, sides=(), columns=(column,), contrasting=None), (note,)
    return query, ()


def _settle_profile(query: Query, store: Store) -> Query:
    """Where a form has no 项目概况, what it does have is shown."""
    if query.columns != (Column.OVERVIEW,):
        return query
    ids = [EntityId(i) for m in query.subjects if m.kind is Kind.PROJECT for i in m.ids]
    if ids and not read_cells(store, store.nodes(ids), Column.OVERVIEW):
        return replace(query, columns=(*PROFILE, Column.EXPECTED_GOALS, Column.ACTUAL_COMPLETION))
    return query


def _settle_basis(query: Query, store: Store) -> tuple[Query, tuple[str, ...]]:
    """立项依据 is the section of that name; where nothing stands in it, what other sections cite is taken, and it is said."""
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


def _settle_columns(query: Query, store: Store, names: Names, before: Before | None) -> tuple[Query, tuple[str, ...]]:
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
        scope = replace(query, conditions=left, subjects=subjects, kind=EntityType.PROJECT, ranking=())
        if query.topic is not None:
            continue
        rows = execute(Plan(steps=tuple(_project_rows(scope, before))), store).rows
        if sides:
            wanted = {c.value for c in sides if isinstance(c, Compare)}
            rows = tuple(r for r in rows if r.entity and str(r.entity.properties.get("year")) in wanted)
        entities = [row.entity for row in rows if row.entity]
        known = read_cells(store, entities, column)
        over_many = query.asked in (Asked.FIGURE, Asked.GROUPS, Asked.CONTRAST)
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
    found = [*query.columns, *(r.column for r in query.ranking if r.column)]
    if len(query.columns) > 4:  # a profile shows what is there
        found = [r.column for r in query.ranking if r.column]
    for condition in query.conditions:
        found.extend(columns_in(condition))
    return tuple(dict.fromkeys(found))


def _exchange(query: Query, exchanged: dict[Column, Column]) -> Query:
    return replace(
        query,
        columns=tuple(dict.fromkeys(exchanged.get(c, c) for c in query.columns)),
        conditions=tuple(exchange_columns(c, exchanged) for c in query.conditions),
        ranking=tuple(
            replace(r, column=exchanged.get(r.column, r.column) if r.column else None) for r in query.ranking
        ),
    )


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


def _alternative(plan: Plan) -> Plan | None:
    """The same plan with 年初预算数 where 预算 was read as 全年预算数."""
    changed = tuple(_alter(step) for step in plan.steps)
    return Plan(steps=changed) if changed != plan.steps else None


_OTHER_BUDGET = {Column.BUDGET: Column.BUDGET_INITIAL}


def _alter(step: Step) -> Step:
    match step:
        case Keep(condition=condition):
            return Keep(condition=exchange_columns(condition, _OTHER_BUDGET))
        case Rank(column=Column.BUDGET):
            return Rank(column=Column.BUDGET_INITIAL, descending=step.descending, first=step.first, last=step.last)
        case Show(columns=columns):
            return Show(columns=tuple(_OTHER_BUDGET.get(c, c) for c in columns))
        case Calculate(aggregate=aggregate, column=Column.BUDGET):
            return Calculate(aggregate=aggregate, column=Column.BUDGET_INITIAL)
        case Group(measure=Column.BUDGET):
            return Group(
                column=step.column, relation=step.relation, aggregate=step.aggregate, measure=Column.BUDGET_INITIAL
            )
        case Contrast(how=how, parts=parts):
            return Contrast(
                how=how, parts=tuple(Part(label=p.label, steps=tuple(_alter(s) for s in p.steps)) for p in parts)
            )
        case _:
            return step


def recalled(ids: Iterable[str], kind: EntityType) -> Before:
    """What a follow-up speaks of."""
    return Before(kind=kind, ids=tuple(EntityId(i) for i in ids))


__all__ = ["Before", "Number", "Planned", "plan_query", "recalled"]
