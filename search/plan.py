"""Plans: closed, typed sequences of exact operations on the graph, to and from JSON.

A plan begins with a start (what the rows are), goes on with steps that narrow or change the rows, and may end in a
figure. Records are msgspec structs, not dataclasses: their tags give the JSON form and its schema check for nothing.
Knows no words of questions and no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import msgspec

from graph.model import EntityType
from search.errors import PlanRejected
from search.plan_terms import Aggregate, Column, Contrasting, Match, Op, Outcome, Relation


class Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of every record in a plan: frozen, and no field but its own."""


# conditions ------------------------------------------------------------------------------------------------


class Compare(Node, frozen=True, kw_only=True, tag_field="is", tag="compare"):
    """The column compared with a value (money in yuan, rates in percent, dates ISO) or with another column."""

    column: Column
    op: Op
    value: str | None = None
    other: Column | None = None


class Has(Node, frozen=True, kw_only=True, tag_field="is", tag="has"):
    """Joined by the relation to any or all of these entities, or to any that meets `where`."""

    relation: Relation
    ids: tuple[str, ...] = ()
    match: Match = Match.ANY
    where: Condition | None = None


class Number(Node, frozen=True, kw_only=True, tag_field="is", tag="number"):
    """Joined by the relation to so many entities."""

    relation: Relation
    op: Op
    count: int


class Known(Node, frozen=True, kw_only=True, tag_field="is", tag="known"):
    """The source gives this column."""

    column: Column


class Reached(Node, frozen=True, kw_only=True, tag_field="is", tag="reached"):
    """An indicator whose target was reached, partly reached or missed."""

    outcome: Outcome


class Typo(Node, frozen=True, kw_only=True, tag_field="is", tag="typo"):
    """A policy document whose number or title is misprinted somewhere."""


class Both(Node, frozen=True, kw_only=True, tag_field="is", tag="and"):
    parts: tuple[Condition, ...]


class Either(Node, frozen=True, kw_only=True, tag_field="is", tag="or"):
    parts: tuple[Condition, ...]


class Except(Node, frozen=True, kw_only=True, tag_field="is", tag="not"):
    part: Condition


Condition: TypeAlias = Compare | Has | Number | Known | Reached | Typo | Both | Either | Except


# steps -----------------------------------------------------------------------------------------------------


class Select(Node, frozen=True, kw_only=True, tag_field="do", tag="select"):
    """Start: all entities of a kind."""

    kind: EntityType


class Pick(Node, frozen=True, kw_only=True, tag_field="do", tag="pick"):
    """Start: these entities."""

    kind: EntityType
    ids: tuple[str, ...]


class Recall(Node, frozen=True, kw_only=True, tag_field="do", tag="recall"):
    """Start: the items of the answer before."""

    kind: EntityType
    ids: tuple[str, ...]


class Topic(Node, frozen=True, kw_only=True, tag_field="do", tag="topic"):
    """Start: entities whose text is near this topic, best first. `literal` wants its words in the text."""

    kind: EntityType
    text: str
    literal: bool = False


class Keep(Node, frozen=True, kw_only=True, tag_field="do", tag="keep"):
    """Narrow to the rows that meet the condition."""

    condition: Condition


class Follow(Node, frozen=True, kw_only=True, tag_field="do", tag="follow"):
    """Go to what the rows are joined to; `all`: only to what every row is joined to."""

    relation: Relation
    match: Match = Match.ANY


class Without(Node, frozen=True, kw_only=True, tag_field="do", tag="without"):
    ids: tuple[str, ...]


class Rank(Node, frozen=True, kw_only=True, tag_field="do", tag="rank"):
    """Order by a column (None: by the figure of a group); keep places `first` to `last`, ties included.

    `both_ends` keeps those places from the other end too. `each` counts the places anew for each value of a column.
    """

    column: Column | None = None
    descending: bool = True
    first: int = 1
    last: int | None = None
    both_ends: bool = False
    each: Column | None = None


class Group(Node, frozen=True, kw_only=True, tag_field="do", tag="group"):
    """One row for each value of a column or each entity at the end of a relation, with a figure."""

    column: Column | None = None
    relation: Relation | None = None
    aggregate: Aggregate = Aggregate.COUNT
    measure: Column | None = None


class Figures(Node, frozen=True, kw_only=True, tag_field="do", tag="figures"):
    """Narrow to groups whose figure compares so."""

    op: Op
    value: str


class Show(Node, frozen=True, kw_only=True, tag_field="do", tag="show"):
    """Show these columns of each row."""

    columns: tuple[Column, ...] = ()


class Calculate(Node, frozen=True, kw_only=True, tag_field="do", tag="calculate"):
    """One figure over all rows; an average is weighted where the column's definition says so."""

    aggregate: Aggregate
    column: Column | None = None


class Tabulate(Node, frozen=True, kw_only=True, tag_field="do", tag="tabulate"):
    """The same figure of several columns: one row for each column."""

    aggregate: Aggregate
    columns: tuple[Column, ...]


class Contrast(Node, frozen=True, kw_only=True, tag_field="do", tag="contrast"):
    """Two figures set against each other. Each part is a plan that ends in a figure."""

    how: Contrasting
    parts: tuple[Part, ...]


class Part(Node, frozen=True, kw_only=True):
    label: str
    steps: tuple[Step, ...]


class Paths(Node, frozen=True, kw_only=True, tag_field="do", tag="paths"):
    """Start: the shortest ways between two sets of entities."""

    starts: tuple[str, ...]
    ends: tuple[str, ...]


class Prove(Node, frozen=True, kw_only=True, tag_field="do", tag="prove"):
    """End: the sentences that prove the rows, or these columns of them."""

    columns: tuple[Column, ...] = ()


class Define(Node, frozen=True, kw_only=True, tag_field="do", tag="define"):
    """Start: what these columns mean."""

    columns: tuple[Column, ...]


class Decide(Node, frozen=True, kw_only=True, tag_field="do", tag="decide"):
    """End: yes where a row is left, no where none is."""


Step: TypeAlias = (
    Select
    | Pick
    | Recall
    | Topic
    | Keep
    | Follow
    | Without
    | Rank
    | Group
    | Figures
    | Show
    | Calculate
    | Tabulate
    | Contrast
    | Paths
    | Prove
    | Define
    | Decide
)


class Plan(Node, frozen=True, kw_only=True):
    """Steps in the order they are done."""

    steps: tuple[Step, ...]


def plan_to_json(plan: Plan) -> dict[str, object]:
    """The plan as plain JSON values."""
    return dict(msgspec.json.decode(msgspec.json.encode(plan)))


def plan_from_json(value: object) -> Plan:
    """The plan that the JSON value spells out.

    Raises PlanRejected where it does not fit the schema; `plan_checks.check_plan` says whether its steps make sense.
    """
    try:
        plan = msgspec.convert(value, Plan)
    except (msgspec.ValidationError, RecursionError) as err:
        raise PlanRejected(f"计划不符合约定（{err}）", "请换一种问法") from err
    return plan


def plan_schema() -> dict[str, Any]:
    """JSON schema of plans, for whoever writes one."""
    return msgspec.json.schema(Plan)


def steps_in(steps: Iterable[Step]) -> Iterator[Step]:
    """Every step, those inside contrasts too."""
    for step in steps:
        yield step
        if isinstance(step, Contrast):
            for part in step.parts:
                yield from steps_in(part.steps)


def within(condition: Condition) -> Iterator[Condition]:
    """The condition and all that it is made of."""
    yield condition
    match condition:
        case Both(parts=parts) | Either(parts=parts):
            for part in parts:
                yield from within(part)
        case Except(part=part):
            yield from within(part)
        case Has(where=where) if where is not None:
            yield from within(where)


def print_plan(plan: Plan) -> str:
    """The plan as indented text, one step a line."""
    return "\n".join(f"{n}. {_line(step)}" for n, step in enumerate(plan.steps, start=1))


def _line(step: Step) -> str:
    values = msgspec.to_builtins(step)
    name = values.pop("do")
    spelt = msgspec.json.encode({k: v for k, v in values.items() if v not in (None, (), [])}).decode()
    return f"{name} {spelt}" if spelt != "{}" else str(name)
