"""Why-questions about indicators: what they take for granted of the indicator holds as a condition on it."""

from __future__ import annotations

from search.parse_draft import Draft
from search.plan import Compare, Reached
from search.plan_terms import Column, Op
from search.query import Kind


def read_presumed(draft: Draft) -> None:
    """为何只得9分, 为什么扣了1分, 为什么只办了3场: the row whose figure is so; none where it is otherwise."""
    if not draft.has(Kind.WHY) or not draft.has(Kind.INDICATOR):
        return
    for index in list(draft.indexes(Kind.POINTS_VALUE, Kind.NUMBER)):
        lead = draft.before(index, Kind.ONLY)
        column = _presumed_column(draft, lead, index)
        if column is None:
            continue
        token = draft.tokens[index]
        value = token.value(Kind.POINTS_VALUE) or token.value(Kind.NUMBER)
        last = index + 1 if draft.is_at(index + 1, Kind.MEASURE_WORD, Kind.UNIT_WORDS, Kind.UNKNOWN) else index  # 公里
        draft.add(Compare(column=column, op=Op.EQ, value=value), lead, last)
        draft.use(*(i for i in draft.indexes(Kind.ONLY) if lead - 2 <= i < index))


def _presumed_column(draft: Draft, lead: int, index: int) -> Column | None:
    if draft.is_at(lead, Kind.DEDUCTED):
        return Column.LOST_SCORE
    if draft.is_at(index, Kind.POINTS_VALUE):
        return Column.SCORE if draft.is_at(lead, Kind.BE, Kind.WHY, Kind.GRADE_LEAD) else None
    return Column.ACTUAL_VALUE if draft.is_at(lead, Kind.DONE, Kind.END_HINT) else None


def read_reason(draft: Draft) -> bool:
    """为什么没有达标 of an indicator named: the reason that its row prints is asked for."""
    whys = list(draft.indexes(Kind.WHY))
    if not whys or not any(mention.kind is Kind.INDICATOR for _, mention in draft.subjects):
        return False
    draft.use(*whys, *draft.indexes(Kind.NOT))
    draft.found = [f for f in draft.found if not isinstance(f.condition, Reached)]
    return True
