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
    return _bounds_included(draft, op, first, last)


_STRICT = {Op.GE: Op.GT, Op.LE: Op.LT}
_INCLUSIVE = {strict: wide for wide, strict in _STRICT.items()}
_WITHIN = {"含": True, "包含": True, "包括": True, "不含": False, "不包含": False, "不包括": False}


def _bounds_included(draft: Draft, op: Op | None, first: int, last: int) -> tuple[Op | None, int, int]:
    """…以上（含100万元）, …之前（不含）: whether the bound itself is within."""
    said = draft.at(last + 2)
    bracketed = (opening := draft.at(last + 1)) is not None and opening.text == "("
    closing = next((i for i in range(last + 3, min(last + 6, len(draft))) if draft.tokens[i].text == ")"), None)
    if op is None or said is None or not bracketed or said.text not in _WITHIN or closing is None:
        return op, first, last
    table = _INCLUSIVE if _WITHIN[said.text] else _STRICT
    return table.get(op, op), first, closing
