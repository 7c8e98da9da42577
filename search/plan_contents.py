"""What a plan holds, wherever it stands in it: columns, aggregates, orders, conditions, its end. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from graph.model import EntityType
from search.plan import (
    Calculate,
    Compare,
    Condition,
    Follow,
    Group,
    Has,
    Keep,
    Known,
    Number,
    Pick,
    Plan,
    Prove,
    Rank,
    Reached,
    Recall,
    Select,
    Show,
    Step,
    Tabulate,
    Topic,
    steps_in,
    within,
)
from search.plan_terms import Aggregate, Column, Match, Relation

COUNT_COLUMNS = {
    EntityType.PROJECT: frozenset({Column.PROJECT_COUNT, Column.CITED_COUNT}),
    EntityType.INDICATOR: frozenset({Column.INDICATOR_COUNT}),
    EntityType.POLICY: frozenset({Column.CITATION_COUNT}),
    EntityType.TASK: frozenset({Column.TASK_COUNT}),
}


@dataclass(frozen=True)
class Contents:
    """The contents of a plan; the parts of a contrast belong to it."""

    plan: Plan
    claimed: tuple[Condition, ...] = ()  # of the rows, by a yes-or-no question

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step, those of a contrast's parts after it."""
        return tuple(steps_in(self.plan.steps))

    @property
    def end(self) -> Step:
        return self.plan.steps[-1]

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition, and every condition within it."""
        kept = [step.condition for step in self.steps if isinstance(step, Keep)]
        return tuple(part for condition in (*kept, *self.claimed) for part in within(condition))

    @cached_property
    def columns(self) -> frozenset[Column]:
        """Every column that is compared, shown, ranked by, grouped by, reckoned or proven."""
        return frozenset(_columns(self.steps, self.conditions))

    @cached_property
    def relations(self) -> frozenset[Relation]:
        """Every relation that is followed, grouped by or demanded."""
        followed = {s.relation for s in self.steps if isinstance(s, Follow | Group) and s.relation is not None}
        return frozenset(followed | {c.relation for c in self.conditions if isinstance(c, Has | Number)})

    @cached_property
    def aggregates(self) -> frozenset[Aggregate]:
        return frozenset(s.aggregate for s in self.steps if isinstance(s, Calculate | Group | Tabulate))

    @cached_property
    def ranks(self) -> tuple[Rank, ...]:
        return tuple(step for step in self.steps if isinstance(step, Rank))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        return tuple(step for step in self.steps if isinstance(step, Group))

    @cached_property
    def picked(self) -> tuple[Pick, ...]:
        return tuple(step for step in self.steps if isinstance(step, Pick))

    @property
    def by_topic(self) -> bool:
        return isinstance(self.plan.steps[0], Topic)

    @cached_property
    def shares(self) -> bool:
        """Something must hold of all that is named, not of any."""
        follows = any(isinstance(s, Follow) and s.match is Match.ALL for s in self.steps)
        return follows or any(isinstance(c, Has) and c.match is Match.ALL for c in self.conditions)

    @cached_property
    def counted(self) -> frozenset[EntityType]:
        """The kinds of things that are rows at some time."""
        kinds: set[EntityType] = set()
        for step in self.steps:
            match step:
                case Select(kind=kind) | Pick(kind=kind) | Recall(kind=kind) | Topic(kind=kind):
                    kinds.add(kind)
                case Follow(relation=relation):
                    kinds.add(relation.ends)
                case Group(relation=relation) if relation is not None:
                    kinds.add(relation.ends)
        return frozenset(kinds)


def head_of(group: Group) -> EntityType | None:
    """What the groups are of, where they are of things."""
    if group.relation is not None:
        return group.relation.ends
    heads = {Column.NAME: EntityType.PROJECT, Column.LEVEL3: EntityType.INDICATOR}
    return heads.get(group.column) if group.column is not None else None


def _columns(steps: Iterable[Step], conditions: Iterable[Condition]) -> Iterator[Column]:
    for step in steps:
        match step:
            case Show(columns=columns) | Prove(columns=columns) | Tabulate(columns=columns):
                yield from columns
            case Rank(column=column) | Calculate(column=column) if column is not None:
                yield column
            case Group(column=column, measure=measure):
                yield from (c for c in (column, measure) if c is not None)
    for condition in conditions:
        match condition:
            case Compare(column=column, other=other):
                yield from (c for c in (column, other) if c is not None)
            case Known(column=column):
                yield column
            case Reached():
                yield from (Column.TARGET_VALUE, Column.ACTUAL_VALUE, Column.TARGET_TEXT, Column.ACTUAL_TEXT)
