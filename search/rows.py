"""Nouns of a result: Row, Result. What executing a plan yields, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from graph.model import Edge, Entity, Source
from search.absences import Absence
from search.columns import Cell
from search.plan_terms import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a result. `sources` prove why it is here, in the order of the conditions; `edges` led to it.

    A group has a label and no entity, or the entity that it is the group of; `value` is its figure or its rank's.
    """

    label: str
    entity: Entity | None = None
    value: Decimal | str | None = None
    unit: str | None = None
    cells: tuple[Cell, ...] = ()
    sources: tuple[Source, ...] = ()
    edges: tuple[Edge, ...] = ()
    owner: Entity | None = None  # the project of an indicator or task
    members: tuple[Entity, ...] = ()  # of a group
    figure: Figure | None = None  # of a group: how its value was reckoned

    def cell(self, column: Column) -> Cell | None:
        """The row's cell of this column, if it was read."""
        return next((cell for cell in self.cells if cell.column is column), None)

    def proven_by(self, sources: tuple[Source, ...]) -> Row:
        """The row with more proof."""
        return replace(self, sources=(*self.sources, *(s for s in sources if s not in self.sources)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure over rows: of how many rows, how many lacked the column, by what it was weighted.

    `plain` is the unweighted mean beside a weighted one; `parts` are sums by kind of form where forms were mixed.
    """

    value: Decimal
    unit: str
    column: Column | None = None
    counted: int = 0
    lacking: int = 0
    weighted_by: Column | None = None
    weights: tuple[Decimal, Decimal] | None = None  # sums above and below the line; of a share, part and whole
    plain: Decimal | None = None
    parts: tuple[tuple[str, Decimal, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One way between two entities: entities and the edges between them, in order."""

    entities: tuple[Entity, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a plan came to. `sides` are the results of a contrast's parts, with their labels.

    `beside` are columns that the conditions compared, where others are shown; `unwritten` rows without any text of the
    columns asked for were left out.
    """

    rows: tuple[Row, ...] = ()
    figure: Figure | None = None
    sides: tuple[tuple[str, Result], ...] = ()
    paths: tuple[Path, ...] = ()
    columns: tuple[Column, ...] = ()
    beside: tuple[Column, ...] = ()
    unwritten: int = 0
    absent: tuple[Absence, ...] = ()  # who was left out of a comparison for want of a figure
    lacking: int = 0  # rows that have none of the columns shown or ranked by
    before: int = 0  # rows before the last narrowing by rank
    chosen: tuple[Row, ...] = ()  # what a rank left, where the plan went on from there
    decided: bool | None = None
    notes: tuple[str, ...] = field(default=())
