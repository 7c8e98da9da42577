"""Plan → Result: each step an exact operation on the Store. Topics go through a callback; no model is loaded here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import assert_never

from graph.model import Edge, EdgeType, Entity, EntityId, EntityType, Passage, Source
from graph.store import Store
from search.absences import Absence, find_absences, find_gaps
from search.columns import edges_of, read_cells
from search.conditions import columns_in, holds, satisfy
from search.figures import group, reckon
from search.places import rank_rows
from search.plan import (
    Calculate,
    Contrast,
    Decide,
    Define,
    Figures,
    Follow,
    Group,
    Keep,
    Paths,
    Pick,
    Plan,
    Prove,
    Rank,
    Recall,
    Select,
    Show,
    Step,
    Tabulate,
    Topic,
    Without,
)
from search.plan_terms import Aggregate, Column, Contrasting, Match, Relation
from search.rows import Figure, Path, Result, Row
from search.vocabulary import ColumnType, spec_of

_MOST_HOPS = 4
_MOST_PATHS = 20
_TOPIC_LIMIT = 10
_LITERAL_LIMIT = 1000  # what holds the very words is a list of its own, and whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An entity found by topic, with the passage that fits best."""

    entity: EntityId
    passage: Passage


TopicFinder = Callable[[str, EntityType, int, bool], tuple[Near, ...]]
"""Topic, kind wanted, how many at most, whether its words must stand there → what is near, best first."""


def execute(plan: Plan, store: Store, *, find_topic: TopicFinder | None = None) -> Result:
    """What the plan comes to."""
    result = Result()
    for step, following in zip_longest(plan.steps, plan.steps[1:]):
        result = _do(step, result, store, find_topic)
        if isinstance(step, Rank) and isinstance(following, Follow):
            result = replace(result, chosen=result.rows)
    return result


def _do(step: Step, result: Result, store: Store, find_topic: TopicFinder | None) -> Result:
    match step:
        case Select(kind=kind):
            return Result(rows=_rows(store, store.of_type(kind)))
        case Pick(ids=ids) | Recall(ids=ids):
            return Result(rows=_rows(store, store.nodes(EntityId(i) for i in ids), ordered=True))
        case Topic():
            return _topic(step, store, find_topic)
        case Keep(condition=condition):
            entities = {row.entity.id: row.entity for row in result.rows if row.entity}
            met = satisfy(store, condition, entities)
            rows = tuple(r.proven_by(met[r.entity.id]) for r in result.rows if r.entity and r.entity.id in met)
            shown = tuple(dict.fromkeys((*result.columns, *columns_in(condition))))
            absent = (*result.absent, *find_absences(store, condition, entities))
            return replace(result, rows=_with_cells(store, rows, columns_in(condition)), columns=shown, absent=absent)
        case Follow():
            return replace(result, rows=_follow(step, result.rows, store), columns=())
        case Without(ids=ids):
            return replace(result, rows=tuple(r for r in result.rows if not r.entity or r.entity.id not in ids))
        case Rank():
            return _rank(step, result, store)
        case Group():
            rows, lacking = group(store, result.rows, step)
            absent = _gaps(store, result, step.measure)
            return replace(result, rows=rows, lacking=lacking, columns=(), absent=absent)
        case Figures(op=op, value=value):
            wanted = Decimal(value)
            kept = (r for r in result.rows if isinstance(r.value, Decimal) and holds(op, r.value, wanted))
            return replace(result, rows=tuple(kept))
        case Show(columns=columns):
            rows = _with_cells(store, result.rows, columns)
            if columns:
                lacking = sum(all(row.cell(c) is None for c in columns) for row in rows)
                rows = tuple(_first_value(row, columns) for row in rows)
                beside = tuple(c for c in result.columns if c not in columns)
                return replace(result, rows=rows, columns=columns, beside=beside, lacking=lacking)
            return replace(result, rows=rows)
        case Calculate(aggregate=aggregate, column=column):
            figure, rows = reckon(store, result.rows, aggregate, column)
            return replace(result, rows=rows, figure=figure, absent=_gaps(store, result, column))
        case Tabulate(aggregate=aggregate, columns=columns):
            rows = tuple(_tabulated(store, result.rows, aggregate, columns))
            return replace(result, rows=rows, columns=(), absent=_gaps(store, result, *columns))
        case Contrast():
            return _contrast(step, store, find_topic)
        case Paths(starts=starts, ends=ends):
            return _paths(store, starts, ends)
        case Prove(columns=columns):
            rows = tuple(_proven(row, columns) for row in _with_cells(store, result.rows, columns))
            return replace(result, rows=rows, columns=columns)
        case Define():
            return Result(columns=step.columns)
        case Decide():
            return replace(result, decided=bool(result.rows))
        case _:
            assert_never(step)


def _gaps(store: Store, result: Result, *columns: Column | None) -> tuple[Absence, ...]:
    """Who was left out so far, and whom the step by these columns leaves out."""
    entities = {row.entity.id: row.entity for row in result.rows if row.entity}
    return (*result.absent, *find_gaps(store, entities, tuple(c for c in columns if c is not None)))


def _rows(store: Store, entities: Iterable[Entity], *, ordered: bool = False) -> tuple[Row, ...]:
    listed = list(entities)
    owners = _owners(store, listed)
    if not ordered:
        listed.sort(key=lambda e: reading_order(owners.get(e.id, e), e))
    return tuple(Row(label=e.label, entity=e, owner=owners.get(e.id)) for e in listed)


def reading_order(first: Entity, second: Entity) -> tuple[object, ...]:
    """Newest year last, then as the documents have it."""
    year = first.properties.get("year") if first.type is EntityType.PROJECT else None
    place = first.sources[0] if first.sources else None
    inner = second.sources[0] if second.sources else None
    return (
        int(str(year or 0)),
        place.document if place else "",
        place.start if place else 0,
        inner.document if inner else "",
        inner.start if inner else 0,
        second.id,
    )


def _owners(store: Store, entities: list[Entity]) -> dict[EntityId, Entity]:
    owners: dict[EntityId, Entity] = {}
    for kind, relation in ((EntityType.INDICATOR, Relation.INDICATOR_OF), (EntityType.TASK, Relation.TASK_OF)):
        ids = [e.id for e in entities if e.type is kind]
        joined = edges_of(store, ids, relation) if ids else {}
        projects = {e.id: e for e in store.nodes(sorted({there for pairs in joined.values() for there, _ in pairs}))}
        owners.update({here: projects[pairs[0][0]] for here, pairs in joined.items()})
    return owners


def _with_cells(store: Store, rows: tuple[Row, ...], columns: Iterable[Column]) -> tuple[Row, ...]:
    entities = [row.entity for row in rows if row.entity]
    for column in columns:
        cells = read_cells(store, entities, column)
        rows = tuple(
            replace(row, cells=(*row.cells, cells[row.entity.id]))
            if row.entity and row.entity.id in cells and row.cell(column) is None
            else row
            for row in rows
        )
    return rows


def _first_value(row: Row, columns: tuple[Column, ...]) -> Row:
    """The first of the columns is the row's value; the cells shown prove the row first."""
    cells = [cell for column in columns if (cell := row.cell(column)) is not None]
    if not cells:
        return row
    sources = tuple(dict.fromkeys(s for cell in cells for s in cell.sources))
    row = replace(row, sources=(*sources, *(s for s in row.sources if s not in sources)))
    first = next((cell for cell in cells if spec_of(cell.column).type is not ColumnType.NAME), cells[0])
    if len(columns) > 1 and spec_of(first.column).type is ColumnType.SECTION:
        return row
    value = first.value
    text = ("是" if value else "否") if isinstance(value, bool) else value
    return replace(row, value=text, unit=spec_of(first.column).type.unit)


def _topic(step: Topic, store: Store, find_topic: TopicFinder | None) -> Result:
    limit = _LITERAL_LIMIT if step.literal else _TOPIC_LIMIT
    found = find_topic(step.text, step.kind, limit, step.literal) if find_topic is not None else ()
    rows = []
    for near in found:
        for entity in store.nodes([near.entity]):
            owner = _owners(store, [entity]).get(entity.id)
            rows.append(Row(label=entity.label, entity=entity, sources=near.passage.sources, owner=owner))
    return Result(rows=tuple(rows))


def _follow(step: Follow, rows: tuple[Row, ...], store: Store) -> tuple[Row, ...]:
    starts = [row.entity.id for row in rows if row.entity]
    joined = edges_of(store, starts, step.relation)
    reached: dict[EntityId, list[tuple[EntityId, Edge]]] = {}
    for start in starts:
        for there, edge in sorted(joined.get(start, ()), key=lambda pair: _first_place(pair[1])):
            reached.setdefault(there, []).append((start, edge))
    needed = len(set(starts)) if step.match is Match.ALL else 1
    kept = {there: pairs for there, pairs in reached.items() if len({start for start, _ in pairs}) >= needed}
    entities = {e.id: e for e in store.nodes(kept)}
    owners = _owners(store, list(entities.values()))
    return tuple(
        Row(
            label=entities[there].label,
            entity=entities[there],
            sources=tuple(dict.fromkeys(s for _, edge in pairs for s in edge.sources)),
            edges=tuple(edge for _, edge in pairs),
            owner=owners.get(there),
        )
        for there, pairs in kept.items()
        if there in entities
    )


def _first_place(edge: Edge) -> tuple[str, int]:
    first = min(edge.sources, default=None)
    return (first.document, first.start) if first else ("", 0)


def _rank(step: Rank, result: Result, store: Store) -> Result:
    known, placed = rank_rows(store, result.rows, step)
    columns = (step.column,) if step.column else result.columns
    return replace(
        result,
        rows=placed,
        columns=columns,
        lacking=result.lacking + len(result.rows) - known,
        absent=_gaps(store, result, step.column),
        before=known,
    )


def _tabulated(store: Store, rows: tuple[Row, ...], aggregate: Aggregate, columns: tuple[Column, ...]) -> Iterable[Row]:
    for column in columns:
        figure, kept = reckon(store, rows, aggregate, column)
        if kept:
            sources = tuple(dict.fromkeys(s for row in kept for s in row.sources[:2]))
            members = tuple(row.entity for row in kept if row.entity)
            yield Row(
                label=spec_of(column).label, value=figure.value, unit=figure.unit, sources=sources, members=members
            )


def _contrast(step: Contrast, store: Store, find_topic: TopicFinder | None) -> Result:
    sides = tuple((part.label, execute(Plan(steps=part.steps), store, find_topic=find_topic)) for part in step.parts)
    figures = [side.figure for _, side in sides]
    rows = tuple(row for _, side in sides for row in side.rows)
    if any(figure is None or not figure.counted for figure in figures):
        return Result(sides=sides, rows=rows)
    first, second = (figure for figure in figures if figure is not None)
    value: Decimal | None
    match step.how:
        case Contrasting.DIFFERENCE:
            value, unit = first.value - second.value, first.unit
        case Contrasting.GROWTH:
            value = (
                ((first.value - second.value) / second.value * 100).quantize(Decimal("0.01")) if second.value else None
            )
            unit = "%"
        case Contrasting.SHARE:
            value = (first.value / second.value * 100).quantize(Decimal("0.01")) if second.value else None
            unit = "%"
        case Contrasting.RATIO:
            value = (first.value / second.value).quantize(Decimal("0.01")) if second.value else None
            unit = "倍"
    figure = Figure(value=value, unit=unit, column=first.column, counted=len(rows)) if value is not None else None
    return Result(sides=sides, rows=rows, figure=figure)


def _paths(store: Store, starts: tuple[str, ...], ends: tuple[str, ...]) -> Result:
    """All shortest ways from any start to any end, direction aside; at most a few."""
    goals = {EntityId(i) for i in ends}
    fronts: list[list[tuple[EntityId, tuple[Edge, ...]]]] = [[(EntityId(i), ()) for i in starts]]
    seen = {EntityId(i) for i in starts}
    found: list[tuple[EntityId, tuple[Edge, ...]]] = []
    while fronts[-1] and not found and len(fronts) <= _MOST_HOPS:
        here = {i for i, _ in fronts[-1]}
        edges = [e for e in store.expand(here, direction="both") if e.type is not EdgeType.DESCRIBED_IN]
        following: list[tuple[EntityId, tuple[Edge, ...]]] = []
        for at, way in fronts[-1]:
            for edge in edges:
                there = edge.target if edge.source == at else edge.source if edge.target == at else None
                if there is None or there in seen or any(there in (e.source, e.target) for e in way):
                    continue
                (found if there in goals else following).append((there, (*way, edge)))
        seen |= {i for i, _ in following}
        fronts.append(following[:5000])
    paths = tuple(_path(store, starts, way) for _, way in found[:_MOST_PATHS])
    between = dict.fromkeys(e.id for path in paths for e in path.entities[1:-1])
    projects = sorted(store.nodes(between), key=lambda e: e.type is not EntityType.PROJECT)
    rows = tuple(
        Row(
            label=e.label,
            entity=e,
            sources=tuple(dict.fromkeys(s for p in paths if e in p.entities for x in p.edges for s in x.sources)),
        )
        for e in projects
    )
    return Result(paths=paths, rows=rows)


def _path(store: Store, starts: tuple[str, ...], way: tuple[Edge, ...]) -> Path:
    at = next(end for end in (way[0].source, way[0].target) if end in starts)
    ids = [at]
    for edge in way:
        at = edge.target if edge.source == at else edge.source
        ids.append(at)
    return Path(entities=store.nodes(ids), edges=way)


def _proven(row: Row, columns: tuple[Column, ...]) -> Row:
    sources: dict[Source, None] = {}
    for column in columns:
        cell = row.cell(column)
        sources.update(dict.fromkeys(cell.sources if cell else ()))
    if columns:
        return replace(_first_value(row, columns), sources=tuple(sources) or row.sources)
    if not row.sources and row.entity is not None:
        return replace(row, sources=row.entity.sources)
    return row
