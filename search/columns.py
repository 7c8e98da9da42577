"""Values of columns, stored and derived, each with the places that prove it. Batch-wise, on the Store boundary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from graph.model import Edge, Entity, EntityId, Source
from graph.store import Store
from search.plan_terms import Column, Relation
from search.vocabulary import ColumnType, spec_of

Value = Decimal | str | bool

_COUNTS = {
    Column.INDICATOR_COUNT: Relation.HAS_INDICATOR,
    Column.CITATION_COUNT: Relation.CITES,
    Column.TASK_COUNT: Relation.HAS_TASK,
    Column.CITED_COUNT: Relation.CITED_BY,
    Column.PROJECT_COUNT: Relation.RUNS,
}
_UNITS = {
    Column.DECLARING_UNIT: Relation.DECLARED_BY,
    Column.SUPERVISING_UNIT: Relation.SUPERVISED_BY,
    Column.IMPLEMENTING_UNIT: Relation.IMPLEMENTED_BY,
}
# derived column -> the columns it is reckoned from
_PARTS: Mapping[Column, tuple[Column, ...]] = {
    Column.BUDGET: (Column.BUDGET_YEAR, Column.BUDGET_ADJUSTED, Column.BUDGET_TOTAL, Column.BUDGET_INITIAL),
    Column.BUDGET_FIRST: (Column.BUDGET_YEAR, Column.BUDGET_INITIAL, Column.BUDGET_TOTAL, Column.BUDGET_ADJUSTED),
    Column.BALANCE: (Column.BUDGET_ADJUSTED, Column.EXECUTED),
    Column.ADJUSTMENT: (Column.BUDGET_ADJUSTED, Column.BUDGET_INITIAL),
    Column.CHANGE: (Column.BUDGET_YEAR, Column.PREVIOUS_BUDGET),
    Column.CHANGE_RATE: (Column.BUDGET_YEAR, Column.PREVIOUS_BUDGET),
    Column.PREVIOUS_RATE: (Column.PREVIOUS_EXECUTED, Column.PREVIOUS_BUDGET),
    Column.DURATION: (Column.END_DATE, Column.START_DATE),
    Column.LOST_SCORE: (Column.WEIGHT, Column.SCORE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value of a column. `printed` is the figure as the source writes it; `parts` are what it was reckoned from."""

    column: Column
    value: Value
    printed: str = ""
    sources: tuple[Source, ...] = ()
    parts: tuple[Cell, ...] = ()


def edges_of(store: Store, ids: Iterable[EntityId], relation: Relation) -> dict[EntityId, list[tuple[EntityId, Edge]]]:
    """For each id the entities that the relation leads to, with the edge; ids without any are left out."""
    found: dict[EntityId, list[tuple[EntityId, Edge]]] = defaultdict(list)
    wanted = list(ids)
    asked = set(wanted)
    both = relation is Relation.SAME_PROGRAMME
    for edge_type in relation.edges:
        direction = "both" if both else "out" if relation.outward else "in"
        edges: Iterable[Edge] = store.expand(wanted, edge_type, direction=direction)  # type: ignore[arg-type]
        if relation.section:
            edges = _of_section(store, [e for e in edges if relation.section in _sections(e)], relation.section)
        for edge in edges:
            ends = ((edge.source, edge.target), (edge.target, edge.source))
            for here, there in ends if both else ends[:1] if relation.outward else ends[1:]:
                if here in asked and all(there != other for other, _ in found[here]):
                    found[here].append((there, edge))
    return {here: pairs for here, pairs in found.items() if pairs}


def _of_section(store: Store, edges: list[Edge], section: str) -> list[Edge]:
    """The edges with only the places that stand in the section of their project; all where none can be told."""
    projects = {e.id: e for e in store.nodes(sorted({edge.source for edge in edges}))}
    kept = []
    for edge in edges:
        bounds = projects[edge.source].evidence.get(section, ()) if edge.source in projects else ()
        inside = tuple(
            s
            for s in edge.sources
            if any(b.document == s.document and b.start <= s.start and s.end <= b.end for b in bounds)
        )
        kept.append(replace(edge, sources=inside) if inside else edge)
    return kept


def _sections(edge: Edge) -> tuple[str, ...]:
    value = edge.properties.get("section", ())
    return value if isinstance(value, tuple) else (str(value),)


def read_cells(store: Store, entities: Iterable[Entity], column: Column) -> dict[EntityId, Cell]:
    """The column's cell of each entity that has it."""
    listed = [entity for entity in entities if entity.type is column.kind]
    if column in _COUNTS:
        return _count_cells(store, listed, column)
    if column in _UNITS:
        return _unit_cells(store, listed, column)
    cells = {}
    for entity in listed:
        cell = read_cell(entity, column)
        if cell is not None:
            cells[entity.id] = cell
    return cells


def read_cell(entity: Entity, column: Column) -> Cell | None:
    """The cell of a stored column or one derived from stored ones; None where the source does not give it."""
    if column not in _PARTS:
        return _stored(entity, column)
    parts = [read_cell(entity, part) for part in _PARTS[column]]
    if column in (Column.BUDGET, Column.BUDGET_FIRST):
        known = next((part for part in parts if part is not None), None)
        return known and Cell(
            column=column, value=known.value, printed=known.printed, sources=known.sources, parts=(known,)
        )
    first, second = parts
    if first is None or second is None:
        return None
    value = _derive(column, first.value, second.value)
    if value is None:
        return None
    return Cell(column=column, value=value, sources=(*first.sources, *second.sources), parts=(first, second))


def _derive(column: Column, first: Value, second: Value) -> Decimal | None:
    if column is Column.DURATION:
        return _days(str(first), str(second))
    if not isinstance(first, Decimal) or not isinstance(second, Decimal):
        return None
    if column in (Column.CHANGE_RATE, Column.PREVIOUS_RATE):
        if not second:
            return None
        top = first - second if column is Column.CHANGE_RATE else first
        return (top / second * 100).quantize(Decimal("0.01"))
    return first - second


def _days(end: str, start: str) -> Decimal | None:
    try:
        return Decimal((date.fromisoformat(end) - date.fromisoformat(start)).days + 1)
    except ValueError:  # a month without a day
        return None


def _stored(entity: Entity, column: Column) -> Cell | None:
    key = {"source.file": "file"}.get(column.value, column.key)
    raw = entity.properties.get(key)
    if raw is None or raw == "" or raw == ():
        return None
    sources = tuple(entity.evidence.get(key, ()))
    value = _typed(column, raw)
    if value is None:
        return None
    printed = " ".join(sources[0].quote.split()) if sources else ""
    return Cell(column=column, value=value, printed=printed, sources=sources)


def _typed(column: Column, raw: object) -> Value | None:
    kind = spec_of(column).type
    if kind is ColumnType.BOOLEAN:
        return raw if isinstance(raw, bool) else str(raw).lower() in ("true", "是")
    if kind.numeric or column in (Column.TARGET_VALUE, Column.ACTUAL_VALUE):
        return as_decimal(str(raw))
    return "；".join(raw) if isinstance(raw, tuple) else str(raw)


def as_decimal(text: str) -> Decimal | None:
    """The figure that the text spells, None where it spells none.

    >>> as_decimal("1,500.0"), as_decimal("规范")
    (Decimal('1500.0'), None)
    """
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _count_cells(store: Store, entities: list[Entity], column: Column) -> dict[EntityId, Cell]:
    joined = edges_of(store, [entity.id for entity in entities], _COUNTS[column])
    cells = {}
    for entity in entities:
        pairs = joined.get(entity.id, [])
        sources = tuple(source for _, edge in pairs for source in edge.sources[:1])
        cells[entity.id] = Cell(column=column, value=Decimal(len(pairs)), sources=sources)
    return cells


def _unit_cells(store: Store, entities: list[Entity], column: Column) -> dict[EntityId, Cell]:
    joined = edges_of(store, [entity.id for entity in entities], _UNITS[column])
    labels = {e.id: e.label for e in store.nodes(sorted({there for pairs in joined.values() for there, _ in pairs}))}
    return {
        here: Cell(
            column=column,
            value="、".join(labels[there] for there, _ in pairs),
            sources=tuple(source for _, edge in pairs for source in edge.sources[:1]),
        )
        for here, pairs in joined.items()
    }
