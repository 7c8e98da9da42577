"""The boundary to the store: closed operations that any engine can serve. Callers hold a Store, never a graph.

EmbeddedStore serves them from a KnowledgeGraph in this process. Text and vector search live in `search`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from graph.kg import Direction, KnowledgeGraph
from graph.model import Edge, EdgeType, Entity, EntityId, EntityType, Passage, Value


class Comparison(StrEnum):
    """How a property is compared."""

    EQUAL = "="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    CONTAINS = "contains"
    PRESENT = "present"  # the property is there; `value` is not looked at


class Statistic(StrEnum):
    """What is reckoned over the entities of a group."""

    COUNT = "count"  # entities; with a property: entities that have it
    SUM = "sum"
    MEAN = "mean"
    LEAST = "least"
    MOST = "most"
    DISTINCT = "distinct"  # different values of the property


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a property must be. Figures compare as numbers, else as text; an absent property meets nothing but !=."""

    property: str
    comparison: Comparison
    value: Value = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A statistic over a property of the entities in a group (`property` may be empty for COUNT)."""

    statistic: Statistic
    property: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBy:
    """A closed aggregate: which entities, under which conditions, by what, which measures.

    Grouped by a property (`property`), or by the neighbour at the other end of an edge (`relation`, `direction`), or
    not at all: then one row. `ids` narrows the entities. An entity with several neighbours counts in each group.
    """

    type: EntityType
    measures: tuple[Measure, ...] = (Measure(statistic=Statistic.COUNT),)
    conditions: tuple[Condition, ...] = ()
    property: str = ""
    relation: EdgeType | None = None
    direction: Direction = "out"
    ids: tuple[EntityId, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group: `key` is the value or the neighbour's id (None where all entities form one group), `label` for people.

    `values` follow the measures; None where no entity of the group has the property. `members` are sorted by id.
    """

    key: Value | None
    label: str
    values: tuple[Decimal | None, ...]
    members: tuple[EntityId, ...]


class Store(Protocol):
    """What the layers above may ask of a snapshot. Every answer is complete and sorted by id unless said otherwise."""

    def nodes(self, ids: Iterable[EntityId]) -> tuple[Entity, ...]:
        """The entities with these ids, in their order; unknown ids are left out."""
        ...

    def of_type(self, entity_type: EntityType) -> tuple[Entity, ...]:
        """All entities of one type."""
        ...

    def expand(
        self, ids: Iterable[EntityId], relation: EdgeType | None = None, *, direction: Direction = "out"
    ) -> tuple[Edge, ...]:
        """Edges one hop from any of `ids`."""
        ...

    def aggregate(self, spec: GroupBy) -> tuple[GroupRow, ...]:
        """The rows of a closed aggregate, by label."""
        ...

    def passages(self, ids: Iterable[EntityId]) -> tuple[Passage, ...]:
        """Passages of these entities, in their order and within an entity in reading order."""
        ...


class EmbeddedStore:
    """A Store in this process. `passages` may be a function: it is called when passages are first asked for."""

    def __init__(self, kg: KnowledgeGraph, passages: Iterable[Passage] | Callable[[], Iterable[Passage]] = ()) -> None:
        self.kg = kg
        self._given = passages

    def nodes(self, ids: Iterable[EntityId]) -> tuple[Entity, ...]:
        """The entities with these ids, in their order; unknown ids are left out."""
        known = self.kg.entities
        return tuple(known[i] for i in ids if i in known)

    def of_type(self, entity_type: EntityType) -> tuple[Entity, ...]:
        """All entities of one type."""
        return self.kg.of_type(entity_type)

    def expand(
        self, ids: Iterable[EntityId], relation: EdgeType | None = None, *, direction: Direction = "out"
    ) -> tuple[Edge, ...]:
        """Edges one hop from any of `ids`."""
        return self.kg.expand(ids, relation, direction=direction)

    def aggregate(self, spec: GroupBy) -> tuple[GroupRow, ...]:
        """The rows of a closed aggregate, by label."""
        chosen = self.kg.of_type(spec.type)
        if spec.ids is not None:
            wanted = frozenset(spec.ids)
            chosen = tuple(entity for entity in chosen if entity.id in wanted)
        chosen = tuple(e for e in chosen if all(meets(e.properties, c) for c in spec.conditions))
        groups: dict[Value | None, list[Entity]] = defaultdict(list)
        if not spec.property and spec.relation is None:
            groups[None] = list(chosen)
        for entity in chosen if groups.get(None) is None else ():
            for key in self._keys(entity, spec):
                groups[key].append(entity)
        rows = [
            GroupRow(
                key=key,
                label=self._label(key, spec),
                values=tuple(measure_entities(members, m) for m in spec.measures),
                members=tuple(e.id for e in members),
            )
            for key, members in groups.items()
        ]
        return tuple(sorted(rows, key=lambda row: (row.label, str(row.key))))

    def passages(self, ids: Iterable[EntityId]) -> tuple[Passage, ...]:
        """Passages of these entities, in their order and within an entity in reading order."""
        return tuple(passage for i in ids for passage in self._by_entity.get(i, ()))

    def _keys(self, entity: Entity, spec: GroupBy) -> list[Value]:
        if spec.relation is None:
            value = entity.properties.get(spec.property)
            return [] if value is None else [value]
        found: dict[Value, None] = {}
        for edge in self.kg.expand((entity.id,), spec.relation, direction=spec.direction):
            found[str(edge.source if edge.target == entity.id else edge.target)] = None
        return list(found)

    def _label(self, key: Value | None, spec: GroupBy) -> str:
        if key is None:
            return "全部"
        if spec.relation is not None:
            return self.kg.entity(str(key)).label
        return "；".join(key) if isinstance(key, tuple) else str(key)

    @cached_property
    def _by_entity(self) -> Mapping[EntityId, tuple[Passage, ...]]:
        given = self._given() if callable(self._given) else self._given
        grouped: dict[EntityId, list[Passage]] = defaultdict(list)
        for passage in given:
            grouped[passage.entity].append(passage)
        return {entity: tuple(group) for entity, group in grouped.items()}


def as_decimal(value: Value | None) -> Decimal | None:
    """A figure among property values as a number; None for what is none (booleans are none)."""
    if value is None or isinstance(value, bool | tuple):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def meets(properties: Mapping[str, Value], condition: Condition) -> bool:
    """Whether the properties fulfil the condition."""
    value = properties.get(condition.property)
    match condition.comparison:
        case Comparison.PRESENT:
            return value is not None
        case Comparison.CONTAINS:
            wanted = str(condition.value)
            return any(wanted in text for text in (value if isinstance(value, tuple) else (str(value or ""),)))
        case Comparison.DIFFERENT:
            return not _equal(value, condition.value)
        case Comparison.EQUAL:
            return _equal(value, condition.value)
        case _:
            return _in_order(value, condition)


def _equal(value: Value | None, wanted: Value) -> bool:
    if isinstance(value, tuple) and not isinstance(wanted, tuple):
        return str(wanted) in value
    a, b = as_decimal(value), as_decimal(wanted)
    return a == b if a is not None and b is not None else value == wanted


def _in_order(value: Value | None, condition: Condition) -> bool:
    if value is None or isinstance(value, bool | tuple) or isinstance(condition.value, bool | tuple):
        return False
    a: Decimal | str | None = as_decimal(value)
    b: Decimal | str | None = as_decimal(condition.value)
    if a is None or b is None:  # ISO dates and other text
        a, b = str(value), str(condition.value)
    match condition.comparison:
        case Comparison.LESS:
            return a < b  # type: ignore[operator]
        case Comparison.AT_MOST:
            return a <= b  # type: ignore[operator]
        case Comparison.MORE:
            return a > b  # type: ignore[operator]
        case _:
            return a >= b  # type: ignore[operator]


def measure_entities(entities: Iterable[Entity], measure: Measure) -> Decimal | None:
    """The statistic over the entities; None where none of them has the property (counts are 0 instead)."""
    values = [e.properties.get(measure.property) for e in entities]
    if measure.statistic is Statistic.COUNT:
        return Decimal(len(values) if not measure.property else sum(v is not None for v in values))
    if measure.statistic is Statistic.DISTINCT:
        return Decimal(len({v for v in values if v is not None}))
    figures = [figure for v in values if (figure := as_decimal(v)) is not None]
    if not figures:
        return None
    match measure.statistic:
        case Statistic.SUM:
            return sum(figures, Decimal(0))
        case Statistic.MEAN:
            return sum(figures, Decimal(0)) / len(figures)
        case Statistic.LEAST:
            return min(figures)
        case _:
            return max(figures)
