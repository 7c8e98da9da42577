"""Whether a plan keeps what its question says: no word of weight dropped, the kind asked for, the whole scope.

Looks at the words as read and at the finished plan, and knows no rule of reading: what a rule forgot is found here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graph.model import EntityType
from search.faithful_columns import find_dropped_columns
from search.faithful_kinds import find_other_kinds
from search.faithful_traces import TRACES, UNREAD
from search.faithful_words import Words
from search.plan import Contrast, Follow, Group, Pick, Plan, Rank
from search.plan_checks import Shape
from search.plan_contents import Contents
from search.plan_terms import Column
from search.query import Kind, Query


def find_unkept(query: Query, plan: Plan, shape: Shape) -> tuple[str, ...]:
    """The words of the question that the plan does not keep, by the first check that finds some; () where it keeps all.

    `shape` is what the plan's last step yields.
    """
    if not query.said:
        return ()
    words = Words(query.said, query.unread)
    contents = Contents(plan, query.claim.every if query.claim is not None else ())
    for check in _CHECKS:
        found = tuple(dict.fromkeys(check(words, contents, query, shape)))
        if found:
            return found
    return ()


# the scope --------------------------------------------------------------------------------------------------


def _scope(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """A rank among one, a contrast of a thing with itself."""
    for step in contents.steps:
        if isinstance(step, Contrast) and step.parts[0].steps == step.parts[1].steps:
            yield from (t.text for _, t in words.of(Kind.THAN, Kind.DIFFERENCE, Kind.SHARE, Kind.TIMES))
    if query.yes_no and contents.ranks and query.claim is None:
        yield from (t.text for _, t in words.of(Kind.SUPERLATIVE, Kind.PLACE))
    steps = contents.plan.steps
    if not isinstance(steps[0], Pick) or steps[0].kind is not EntityType.PROJECT:
        return
    ranked = [s for s in steps if isinstance(s, Rank)]
    moved = any(isinstance(s, Follow | Group) for s in steps)
    named = {m.label for m in query.subjects if m.kind is Kind.PROJECT}
    if ranked and not moved and len(named) == 1 and not words.has(Kind.EACH_YEAR) and not _asks_year(words):
        yield from (t.text for _, t in words.of(Kind.SUPERLATIVE, Kind.PLACE, Kind.SORT))


def _asks_year(words: Words) -> bool:
    return any(t.has(Kind.FIELD) and Column.YEAR.value in t.values(Kind.FIELD) for t in words.said)


def _columns(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    return find_dropped_columns(words.said, contents, shape)


Check = Callable[[Words, Contents, Query, Shape], Iterator[str]]
_CHECKS: tuple[Check, ...] = (*TRACES, find_other_kinds, _scope, _columns, *UNREAD)
