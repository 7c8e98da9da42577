"""Which rows meet a condition, and what proves it. Batch-wise on the Store boundary; no row is looked up twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from graph.model import Entity, EntityId, EntityType, Source
from graph.store import Store
from search.columns import Cell, as_decimal, edges_of, read_cells
from search.outcomes import agrees, judge
from search.plan import Both, Compare, Condition, Either, Except, Has, Known, Number, Reached, Typo
from search.plan_terms import Column, Match, Op, Relation
from search.vocabulary import ColumnType, spec_of

Proof = dict[EntityId, tuple[Source, ...]]

_BRACKETED = re.compile(r"[(（〔][^()（）〔〕]{0,20}[)）〕]$")  # 《…法（2018年修正）》


def satisfy(store: Store, condition: Condition, entities: Mapping[EntityId, Entity]) -> Proof:
    """The entities that meet the condition, in their order, each with the places that prove it."""
    match condition:
        case Compare():
            return _compare(store, condition, entities)
        case Known(column=column):
            cells = read_cells(store, entities.values(), column)
            return {i: cells[i].sources for i in entities if i in cells}
        case Has():
            return _has(store, condition, entities)
        case Number(relation=relation, op=op, count=count):
            joined = edges_of(store, entities, relation)
            return {
                i: tuple(s for _, edge in joined.get(i, ()) for s in edge.sources[:1])
                for i in entities
                if holds(op, Decimal(len(joined.get(i, ()))), Decimal(count))
            }
        case Reached(outcome=outcome):
            return {
                i: (*entity.evidence.get("target_text", ()), *entity.evidence.get("actual_text", ()))
                for i, entity in entities.items()
                if agrees(judge(entity), outcome)
            }
        case Typo():
            joined = edges_of(store, entities, Relation.CITED_BY)
            return {
                i: tuple(s for _, edge in pairs if edge.properties.get("suspected_typo") for s in edge.sources)
                for i, pairs in joined.items()
                if any(edge.properties.get("suspected_typo") for _, edge in pairs)
            }
        case Both(parts=parts):
            proof: Proof = dict.fromkeys(entities, ())
            left = dict(entities)
            for part in parts:
                met = satisfy(store, part, left)
                proof = {i: (*proof[i], *met[i]) for i in left if i in met}
                left = {i: left[i] for i in proof}
            return proof
        case Either(parts=parts):
            found: Proof = {}
            for part in parts:
                for i, sources in satisfy(store, part, entities).items():
                    found[i] = (*found.get(i, ()), *sources)
            return {i: found[i] for i in entities if i in found}
        case Except(part=part):
            met = satisfy(store, part, entities)
            return {i: _whole(entity) for i, entity in entities.items() if i not in met}


def _whole(entity: Entity) -> tuple[Source, ...]:
    """What proves the entity itself, where a condition holds because something is not there."""
    return tuple(entity.evidence.get("name", entity.sources[:1]))


def _compare(store: Store, condition: Compare, entities: Mapping[EntityId, Entity]) -> Proof:
    cells = read_cells(store, entities.values(), condition.column)
    others = read_cells(store, entities.values(), condition.other) if condition.other else {}
    kept: Proof = {}
    for i in entities:
        cell = cells.get(i)
        if cell is None:
            continue
        if condition.other is not None:
            other = others.get(i)
            if other is not None and _cell_holds(condition.op, cell, other.value):
                kept[i] = (*cell.sources, *other.sources)
        elif _cell_holds(condition.op, cell, condition.value or ""):
            kept[i] = cell.sources
    return kept


def _cell_holds(op: Op, cell: Cell, wanted: object) -> bool:
    value = cell.value
    if isinstance(value, bool):
        same = value == (str(wanted).lower() in ("true", "是"))
        return same if op is Op.EQ else not same
    if isinstance(value, Decimal):
        number = wanted if isinstance(wanted, Decimal) else as_decimal(str(wanted))
        return number is not None and holds(op, value, number)
    text = str(value)
    if op is Op.CONTAINS:
        return str(wanted) in text or _squeeze(str(wanted)) in _squeeze(text)  # words run over lines
    if op is Op.ENDS:
        return _BRACKETED.sub("", text).endswith(str(wanted))
    if op in (Op.EQ, Op.NE):
        return (_squeeze(text) == _squeeze(str(wanted))) == (op is Op.EQ)
    if spec_of(cell.column).type is ColumnType.DATE and len(text) < len(str(wanted)):
        text = text + ("-31" if op in (Op.LE, Op.LT) else "-01")
    return _ordered(op, text, str(wanted))


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _ordered(op: Op, left: str, right: str) -> bool:
    return {Op.GT: left > right, Op.GE: left >= right, Op.LT: left < right, Op.LE: left <= right}[op]


def holds(op: Op, left: Decimal, right: Decimal) -> bool:
    """Whether the operator holds between two figures; those of words never do."""
    return {
        Op.EQ: left == right,
        Op.NE: left != right,
        Op.GT: left > right,
        Op.GE: left >= right,
        Op.LT: left < right,
        Op.LE: left <= right,
        Op.CONTAINS: False,
        Op.ENDS: False,
    }[op]


def _has(store: Store, condition: Has, entities: Mapping[EntityId, Entity]) -> Proof:
    wanted = {EntityId(i) for i in condition.ids}
    joined = edges_of(store, entities, condition.relation)
    proof_there: Proof = {}
    if condition.where is not None:
        ends = {there for pairs in joined.values() for there, _ in pairs}
        there = {entity.id: entity for entity in store.nodes(sorted(ends))}
        proof_there = satisfy(store, condition.where, there)
        wanted = set(proof_there)
    kept: Proof = {}
    for i in entities:
        pairs = [(there, edge) for there, edge in joined.get(i, ()) if there in wanted]
        if not pairs or (condition.match is Match.ALL and len({there for there, _ in pairs}) < len(wanted)):
            continue
        own = condition.relation.ends is not EntityType.INDICATOR
        kept[i] = tuple(
            s
            for there, edge in pairs
            for s in ((*edge.sources,) if own else (*proof_there.get(there, ()), *edge.sources[:1]))
        )
    return kept


def columns_in(condition: Condition) -> tuple[Column, ...]:
    """The columns that the condition reads of its own rows, in order."""
    match condition:
        case Compare(column=column, other=other):
            return (column, other) if other else (column,)
        case Known(column=column):
            return (column,)
        case Both(parts=parts) | Either(parts=parts):
            return tuple(dict.fromkeys(c for part in parts for c in columns_in(part)))
        case Except(part=part):
            return columns_in(part)
        case _:
            return ()
