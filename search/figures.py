"""One figure over many rows: counts, sums, averages (weighted where the column says so), extremes; groups of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from graph.model import Entity, Source
from graph.store import Store
from search.columns import Cell, edges_of, read_cells
from search.plan import Group
from search.plan_terms import Aggregate, Column
from search.rows import Figure, Row
from search.vocabulary import ColumnType, spec_of

_CENT = Decimal("0.01")
_MOST_SOURCES = 200


def reckon(
    store: Store, rows: Iterable[Row], aggregate: Aggregate, column: Column | None
) -> tuple[Figure, tuple[Row, ...]]:
    """The figure, and the rows that went into it, each with its value."""
    listed = list(rows)
    if column is None:
        return Figure(value=Decimal(len(listed)), unit="个", counted=len(listed)), tuple(listed)
    entities = [row.entity for row in listed if row.entity is not None]
    cells = read_cells(store, entities, column)
    kept = tuple(_valued(row, cells[row.entity.id]) for row in listed if row.entity and row.entity.id in cells)
    unit = spec_of(column).type.unit or ""
    numbers = [row.value for row in kept if isinstance(row.value, Decimal)]
    lacking = len(listed) - len(kept)
    if aggregate is Aggregate.COUNT:
        return Figure(value=Decimal(len(kept)), unit="个", column=column, counted=len(kept), lacking=lacking), kept
    if not numbers:
        return Figure(value=Decimal(0), unit=unit, column=column, counted=0, lacking=lacking), ()
    if aggregate is Aggregate.AVERAGE:
        return _average(store, kept, numbers, column, unit, lacking), kept
    value = {
        Aggregate.SUM: lambda: sum(numbers, Decimal(0)),
        Aggregate.MAX: lambda: max(numbers),
        Aggregate.MIN: lambda: min(numbers),
        Aggregate.MEDIAN: lambda: _median(numbers),
    }[aggregate]()
    parts = _by_form(kept) if aggregate is Aggregate.SUM and spec_of(column).type is ColumnType.MONEY else ()
    return Figure(value=value, unit=unit, column=column, counted=len(kept), lacking=lacking, parts=parts), kept


def _valued(row: Row, cell: Cell) -> Row:
    value = cell.value if isinstance(cell.value, Decimal) else str(cell.value)
    unit = spec_of(cell.column).type.unit
    others = tuple(c for c in row.cells if c.column is not cell.column)
    return Row(
        label=row.label,
        entity=row.entity,
        value=value,
        unit=unit,
        cells=(cell, *others),
        sources=(*cell.sources, *(s for s in row.sources if s not in cell.sources)),
        edges=row.edges,
        owner=row.owner,
        members=row.members,
    )


def _average(
    store: Store, rows: tuple[Row, ...], numbers: list[Decimal], column: Column, unit: str, lacking: int
) -> Figure:
    plain = (sum(numbers, Decimal(0)) / len(numbers)).quantize(_CENT)
    weight = spec_of(column).weight
    figure = Figure(value=plain, unit=unit, column=column, counted=len(numbers), lacking=lacking)
    if weight is None or len(numbers) == 1:  # the rate of one form is the rate it prints
        return figure
    above = {Column.EXECUTION_RATE: Column.EXECUTED, Column.PREVIOUS_RATE: Column.PREVIOUS_EXECUTED}[column]
    entities = [row.entity for row in rows if row.entity]
    tops, bottoms = read_cells(store, entities, above), read_cells(store, entities, weight)
    both = [e.id for e in entities if e.id in tops and e.id in bottoms]
    top = sum((_number(tops[i]) for i in both), Decimal(0))
    bottom = sum((_number(bottoms[i]) for i in both), Decimal(0))
    if not bottom or len(both) < len(numbers):
        return figure
    return Figure(
        value=(top / bottom * 100).quantize(_CENT),
        unit=unit,
        column=column,
        counted=len(numbers),
        lacking=lacking,
        weighted_by=weight,
        weights=(top, bottom),
        plain=plain,
    )


def _number(cell: Cell) -> Decimal:
    return cell.value if isinstance(cell.value, Decimal) else Decimal(0)


def _median(numbers: list[Decimal]) -> Decimal:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else ((ordered[middle - 1] + ordered[middle]) / 2).quantize(_CENT)


def _by_form(rows: Iterable[Row]) -> tuple[tuple[str, Decimal, int], ...]:
    """Sums by the column that each kind of form prints, where several kinds are in it."""
    sums: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        if row.entity is not None and isinstance(row.value, Decimal):
            cell = row.cells[0]
            printed = spec_of(
                cell.parts[0].column if cell.column is Column.BUDGET and cell.parts else cell.column
            ).label
            sums[f"{row.entity.properties.get('document_type', '')}“{printed}”"].append(row.value)
    if len(sums) < 2:
        return ()
    return tuple((label, sum(values, Decimal(0)), len(values)) for label, values in sorted(sums.items()))


# groups -----------------------------------------------------------------------------------------------------


def group(store: Store, rows: Iterable[Row], step: Group) -> tuple[tuple[Row, ...], int]:
    """One row for each group, by label; and how many rows belong to none."""
    listed = [row for row in rows if row.entity is not None]
    keyed: dict[str, list[Row]] = defaultdict(list)
    heads: dict[str, Entity] = {}
    grouped: set[str] = set()
    if step.relation is not None:
        joined = edges_of(store, [row.entity.id for row in listed if row.entity], step.relation)
        ends = {there for pairs in joined.values() for there, _ in pairs}
        heads = {str(entity.id): entity for entity in store.nodes(sorted(ends))}
        for row in listed:
            for there, edge in joined.get(row.entity.id, ()) if row.entity else ():
                keyed[str(there)].append(row.proven_by(tuple(edge.sources)))
                grouped.add(str(row.entity.id) if row.entity else "")
    elif step.column is not None:
        cells = read_cells(store, [row.entity for row in listed if row.entity], step.column)
        for row in listed:
            cell = cells.get(row.entity.id) if row.entity else None
            if cell is not None and row.entity is not None:
                keyed[group_label(cell)].append(row.proven_by(cell.sources))
                grouped.add(str(row.entity.id))
    made = [_group_row(store, key, members, heads.get(key), step) for key, members in keyed.items()]
    complete = [row for row in made if row is not None]
    if step.aggregate is Aggregate.SHARE and step.measure is not None:
        whole, _ = reckon(store, listed, Aggregate.SUM, step.measure)
        complete = [_share_row(row, whole.value) for row in complete if whole.value]
    return tuple(sorted(complete, key=lambda row: row.label)), len(listed) - len(grouped)


def group_label(cell: Cell) -> str:
    """How a group is named after its value."""
    if isinstance(cell.value, bool):
        return "是" if cell.value else "否"
    if cell.column in (Column.YEAR, Column.POLICY_YEAR):
        return f"{cell.value}年"
    return " ".join(str(cell.value).split())


def _share_row(row: Row, whole: Decimal) -> Row:
    value = row.value if isinstance(row.value, Decimal) else Decimal(0)
    figure = row.figure and replace(row.figure, weights=(value, whole))
    return replace(row, value=(value / whole * 100).quantize(_CENT), unit="%", figure=figure)


def _group_row(store: Store, key: str, members: list[Row], head: Entity | None, step: Group) -> Row | None:
    aggregate = Aggregate.SUM if step.aggregate is Aggregate.SHARE else step.aggregate
    figure, kept = reckon(store, members, aggregate, step.measure)
    if step.measure is not None and not kept:
        return None
    sources: dict[Source, None] = {}
    for row in kept or members:
        sources.update(dict.fromkeys(row.sources[:3]))
    return Row(
        label=head.label if head is not None else key,
        entity=head,
        value=figure.value,
        unit=figure.unit,
        sources=tuple(sources)[:_MOST_SOURCES],
        members=tuple(row.entity for row in kept or members if row.entity),
        figure=figure if step.measure is not None else None,
    )
