"""Places in an order: who stands first, second, last, over all rows or anew for each year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from graph.store import Store
from search.columns import read_cells
from search.figures import reckon
from search.plan import Rank
from search.plan_terms import Aggregate, Column
from search.rows import Row
from search.vocabulary import spec_of


def rank_rows(store: Store, rows: tuple[Row, ...], step: Rank) -> tuple[int, tuple[Row, ...]]:
    """How many rows have the figure, and those at the places asked for, in their order."""
    if step.column is not None:
        _, rows = (
            reckon(store, rows, Aggregate.MAX, step.column)
            if _is_number(step.column)
            else _by_text(store, rows, step.column)
        )
    known = [row for row in rows if row.value is not None]
    ordered = sorted(known, key=lambda row: _order(row.value), reverse=step.descending)
    if step.each is not None:
        ordered = [row for part in _apart(store, ordered, step.each) for row in _placed(part, step)]
    else:
        ordered = _placed(ordered, step)
    return len(known), tuple(ordered)


def _placed(ordered: list[Row], step: Rank) -> list[Row]:
    """The rows at the places asked for."""
    if step.last is None:
        return ordered
    kept = {id(row) for row in _within(ordered, step)}
    if step.both_ends:
        kept |= {id(row) for row in _within(ordered[::-1], step)}
    return [row for row in ordered if id(row) in kept]


def _apart(store: Store, rows: list[Row], column: Column) -> list[list[Row]]:
    """The rows by their value of the column, values in order, rows in theirs."""
    cells = read_cells(store, [row.entity for row in rows if row.entity], column)
    parts: dict[str, list[Row]] = {}
    for row in rows:
        if row.entity and row.entity.id in cells:
            parts.setdefault(str(cells[row.entity.id].value), []).append(row)
    return [parts[value] for value in sorted(parts)]


def _is_number(column: Column) -> bool:
    return spec_of(column).type.numeric or column in (Column.TARGET_VALUE, Column.ACTUAL_VALUE)


def _by_text(store: Store, rows: tuple[Row, ...], column: Column) -> tuple[None, tuple[Row, ...]]:
    cells = read_cells(store, [row.entity for row in rows if row.entity], column)
    valued = tuple(
        replace(row, value=str(cells[row.entity.id].value), cells=(cells[row.entity.id], *row.cells)).proven_by(
            cells[row.entity.id].sources
        )
        for row in rows
        if row.entity and row.entity.id in cells
    )
    return None, valued


def _order(value: Decimal | str | None) -> tuple[int, Decimal, str]:
    return (0, value, "") if isinstance(value, Decimal) else (1, Decimal(0), str(value))


def _within(ordered: list[Row], step: Rank) -> Iterable[Row]:
    last = len(ordered) if step.last is None else step.last
    return (row for row, place in zip(ordered, _places(ordered), strict=True) if step.first <= place <= last)


def _places(rows: list[Row]) -> list[int]:
    """Places from 1; equal values share one, and the next is counted on (1, 1, 3)."""
    places: list[int] = []
    for at, row in enumerate(rows):
        places.append(places[-1] if at and row.value == rows[at - 1].value else at + 1)
    return places
