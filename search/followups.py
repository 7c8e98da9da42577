"""Follow-ups: what a question takes over from the answer before. What is taken over is said in the interpretation."""

from __future__ import annotations

from dataclasses import replace

from graph.ids import type_of
from search.conditions import columns_in
from search.errors import PlanRejected
from search.linking import Names
from search.model import Answer, Status
from search.normalise import normalise_question
from search.parse import parse_question
from search.plan import Both, Calculate, Condition, Has, Keep, Rank, Show, plan_from_json
from search.plan_terms import Aggregate
from search.planning_rows import Before
from search.query import Asked, Query, Ranking


def previous_items(previous: Answer | None) -> Before | None:
    """The items that 它们 and 其中 speak of; None where there are none of one kind."""
    if previous is None or previous.status is not Status.ANSWERED:
        return None
    ids = tuple(str(item.id) for item in previous.items if item.id)
    kinds = {type_of(i) for i in ids}
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    return Before(kind=kind, ids=ids) if kind is not None else None


def with_previous(query: Query, previous: Answer, names: Names) -> Query:
    """The query with what it leaves out filled from the question before (那2024年呢？)."""
    if query.follows or not _is_fragment(query, previous.question):
        return query
    earlier = parse_question(normalise_question(previous.question), names)
    if earlier.unknown or earlier.missing or earlier.outside:
        return query
    if earlier.fragment:  # what it left out in its turn was filled in the plan
        earlier = _with_end_of(earlier, previous.plan)
    return _overlaid(earlier, query)


def _with_end_of(query: Query, plan: object) -> Query:
    """The query asking for what the plan ends in: its columns or its figure."""
    try:
        steps = plan_from_json(plan).steps
    except PlanRejected:
        return query
    kept = tuple(c for step in steps if isinstance(step, Keep) for c in _parts(step.condition))
    query = replace(query, conditions=(*query.conditions, *(c for c in kept if c not in query.conditions)))
    match steps[-1]:
        case Show(columns=columns) if columns:
            ranks = [step for step in steps if isinstance(step, Rank) and step.column is not None]
            ranking = tuple(
                Ranking(column=r.column, descending=r.descending, first=r.first, last=r.last, both_ends=r.both_ends)
                for r in ranks
            )
            return replace(query, asked=Asked.VALUES, kind=columns[0].kind, columns=columns, ranking=ranking)
        case Calculate(aggregate=Aggregate.COUNT, column=None):
            return replace(query, asked=Asked.COUNT)
        case Calculate(aggregate=aggregate, column=column) if column is not None:
            return replace(query, asked=Asked.FIGURE, aggregate=aggregate, columns=(column,))
        case _:
            return query


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, Both) else (condition,)


def _is_fragment(query: Query, before: str) -> bool:
    """Names only what differs: a year, a unit, a document; asks nothing of its own."""
    bare = query.asked is Asked.ITEMS and not query.columns and not query.ranking and query.topic is None
    return bool(before) and query.fragment and bare and bool(query.conditions or query.subjects)


def _overlaid(earlier: Query, later: Query) -> Query:
    """The earlier query with the later one's years, units, documents and projects in the place of its own."""

    def slot(condition: Condition) -> object:
        return condition.relation.ends if isinstance(condition, Has) else columns_in(condition)

    taken = {slot(c) for c in later.conditions}
    kept = tuple(c for c in earlier.conditions if slot(c) not in taken)
    kinds = {m.kind for m in later.subjects}
    subjects = tuple(m for m in earlier.subjects if m.kind not in kinds)
    note = "承接上一问，只换了条件"
    return replace(
        earlier,
        conditions=(*later.conditions, *kept),
        subjects=(*subjects, *later.subjects),
        unknown=later.unknown,
        missing=later.missing,
        notes=(*earlier.notes, note),
    )
