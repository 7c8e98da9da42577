"""What stands behind a row in a list because of what it is joined to: the indicator that is meant, how many."""

from __future__ import annotations

from collections.abc import Iterable

from graph.model import Entity, EntityId, EntityType
from graph.store import Store
from search.columns import edges_of, read_cell
from search.conditions import columns_in, satisfy
from search.phrasing import as_printed, label_of, name_inner, say_cell
from search.phrasing_plan import say_joined
from search.plan import Condition, Has, Keep, Number, Plan, Reached
from search.plan_terms import Column, Op, Relation
from search.rows import Result

_MOST_INDICATORS = 3
_NAMES = (Column.LEVEL1, Column.LEVEL2, Column.LEVEL3)


def find_marks(plan: Plan, result: Result, store: Store) -> dict[EntityId, str]:
    """By row, the indicators for which it is in the list, or how many things were counted; {} where none were."""
    rows = [row.entity.id for row in result.rows if row.entity]
    conditions = [step.condition for step in plan.steps if isinstance(step, Keep)]
    marks = _of_indicators(conditions, result, store)
    for counted in (n for condition in conditions for n in _counts(condition)):
        joined = edges_of(store, rows, counted.relation)
        for row in rows:
            said = say_joined(counted.relation, f"{len(joined.get(row, ()))}个")
            marks[row] = "，".join(filter(None, (marks.get(row), said)))
    return marks


def _counts(condition: Condition) -> Iterable[Number]:
    """Counts that the condition compares, where they can differ from row to row."""
    match condition:
        case Number(op=Op.GE, count=1) | Number(op=Op.EQ):
            return
        case Number():
            yield condition
        case _:
            for part in getattr(condition, "parts", ()):
                yield from _counts(part)


def _of_indicators(conditions: list[Condition], result: Result, store: Store) -> dict[EntityId, str]:
    projects = [row.entity.id for row in result.rows if row.entity and row.entity.type is EntityType.PROJECT]
    wanted = [where for condition in conditions for where in _on_indicators(condition)]
    if not projects or not wanted:
        return {}
    joined = edges_of(store, projects, Relation.HAS_INDICATOR)
    indicators = {e.id: e for e in store.nodes(sorted({there for pairs in joined.values() for there, _ in pairs}))}
    met = {i for where in wanted for i in satisfy(store, where, indicators)}
    columns = tuple(dict.fromkeys(c for where in wanted for c in _shown(where)))
    marks = {}
    for project in projects:
        own = [indicators[there] for there, _ in joined.get(project, ()) if there in met]
        if own:
            marks[project] = _say(own, columns)
    return marks


def _on_indicators(condition: Condition) -> Iterable[Condition]:
    match condition:
        case Has(relation=Relation.HAS_INDICATOR, where=where) if where is not None:
            yield where
        case _:
            for part in getattr(condition, "parts", ()):
                yield from _on_indicators(part)


def _shown(where: Condition) -> tuple[Column, ...]:
    """The columns compared, as the form prints them; the target where only a name was asked for."""
    compared = [as_printed(c) for c in columns_in(where) if c not in _NAMES and c.kind is EntityType.INDICATOR]
    if _judges(where):
        compared += [Column.TARGET_TEXT, Column.ACTUAL_TEXT]
    return tuple(dict.fromkeys(compared)) or (Column.TARGET_TEXT,)


def _judges(where: Condition) -> bool:
    return isinstance(where, Reached) or any(map(_judges, getattr(where, "parts", ())))


def _say(indicators: list[Entity], columns: tuple[Column, ...]) -> str:
    said = []
    for indicator in indicators[:_MOST_INDICATORS]:
        cells = [cell for c in columns if (cell := read_cell(indicator, c)) is not None]
        values = "、".join(f"{label_of(cell.column)}{say_cell(cell, limit=60)}" for cell in cells)
        said.append(f"“{name_inner(indicator)}”{values}")
    more = f"等{len(indicators)}个指标" if len(indicators) > _MOST_INDICATORS else ""
    return "，".join(said) + more
