"""Rows that a comparison left out because their form does not give the figure: an answer names them beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.model import Entity, EntityId, EntityType
from graph.store import Store
from search.columns import read_cells
from search.conditions import satisfy
from search.outcomes import judge
from search.plan import Both, Compare, Condition, Either, Except, Reached
from search.plan_terms import Column
from search.vocabulary import ColumnType, spec_of

_SILENT = (ColumnType.NAME, ColumnType.SECTION)
_COMPARED = (EntityType.PROJECT, EntityType.INDICATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Entities without the column that they were to be compared or reckoned by."""

    column: Column
    entities: tuple[Entity, ...]


def find_absences(store: Store, condition: Condition, entities: Mapping[EntityId, Entity]) -> tuple[Absence, ...]:
    """By column, the entities that only a missing figure keeps from meeting the condition."""
    met = satisfy(store, condition, entities)
    open_to = {i for i in _possible(store, condition, entities) if i not in met}
    found = []
    for column in _compared(condition):
        missing = _missing(store, column, {i: entities[i] for i in entities if i in open_to})
        if missing:
            found.append(Absence(column=column, entities=tuple(missing.values())))
    return tuple(found)


def _possible(store: Store, condition: Condition, entities: Mapping[EntityId, Entity]) -> Mapping[EntityId, Entity]:
    """The entities that meet the condition or would with a figure that is not there."""
    match condition:
        case Compare(column=column, other=other):
            met = satisfy(store, condition, entities)
            missing = {i for c in (column, other) if c and _tells(c) for i in _missing(store, c, entities)}
            return {i: entities[i] for i in entities if i in met or i in missing}
        case Reached():
            met = satisfy(store, condition, entities)
            untold = {i for i, entity in entities.items() if judge(entity) is None}
            return {i: entities[i] for i in entities if i in untold or i in met}
        case Both(parts=parts):
            left = dict(entities)
            for part in parts:
                left = dict(_possible(store, part, left))
            return left
        case Either(parts=parts):
            found = {i for part in parts for i in _possible(store, part, entities)}
            return {i: entities[i] for i in entities if i in found}
        case _:
            met = satisfy(store, condition, entities)
            return {i: entities[i] for i in entities if i in met}


def _missing(store: Store, column: Column, entities: Mapping[EntityId, Entity]) -> dict[EntityId, Entity]:
    cells = read_cells(store, entities.values(), column)
    return {i: e for i, e in entities.items() if i not in cells and e.type is column.kind}


def _compared(condition: Condition) -> tuple[Column, ...]:
    match condition:
        case Compare(column=column, other=other):
            return tuple(c for c in (column, other) if c and _tells(c))
        case Reached():
            return (Column.ACTUAL_TEXT,)
        case Both(parts=parts) | Either(parts=parts):
            return tuple(dict.fromkeys(c for part in parts for c in _compared(part)))
        case Except(part=part):
            return _compared(part)
        case _:
            return ()


def _tells(column: Column) -> bool:
    """The column's absence is a gap of a form, not the way these things are."""
    return column is not Column.YEAR and column.kind in _COMPARED and spec_of(column).type not in _SILENT


def find_gaps(store: Store, entities: Mapping[EntityId, Entity], columns: tuple[Column, ...]) -> tuple[Absence, ...]:
    """By column, the entities that cannot be ranked or reckoned by it."""
    found = []
    for column in columns:
        missing = _missing(store, column, entities) if column.kind in _COMPARED else {}
        if missing:
            found.append(Absence(column=column, entities=tuple(missing.values())))
    return tuple(found)
