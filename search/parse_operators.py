"""How a quantity compares: 超过, 不低于, 以上, and their negation."""

from __future__ import annotations

from search.parse_draft import Draft
from search.plan_terms import Op
from search.query import Kind

_OPPOSITE = {Op.GT: Op.LE, Op.GE: Op.LT, Op.LT: Op.GE, Op.LE: Op.GT, Op.EQ: Op.NE, Op.NE: Op.EQ}


def find_operator(draft: Draft, index: int) -> tuple[Op | None, int, int]:
    """How the quantity compares, and the first and last token that say so."""
    before = draft.before(index, Kind.BE, Kind.MEASURE_WORD)
    token = draft.at(before)
    op: Op | None = None
    first, last = index, index
    if token is not None and token.has(Kind.COMPARE) and token.value(Kind.COMPARE) in {op.value for op in Op}:
        op, first = Op(token.value(Kind.COMPARE)), before
        if draft.is_at(before - 1, Kind.NOT) and op in _OPPOSITE:
            op, first = _OPPOSITE[op], before - 1
    following = index + 1
    if draft.is_at(following, Kind.MEASURE_WORD) and not draft.is_at(following, Kind.AFTER):
        following += 1
    later = draft.at(following)
    if later is not None and later.has(Kind.AFTER) and later.value(Kind.AFTER) != "around":
        tail = Op(later.value(Kind.AFTER))
        if op is None:
            op = tail
        last = following
    return op, first, last
