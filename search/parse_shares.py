"""Shares in questions: a part of the whole, the share of each, a rate, by how much a budget was adjusted."""

from __future__ import annotations

from search.parse_change import contrast_sums
from search.parse_draft import Draft
from search.plan_terms import Aggregate, Column, Contrasting
from search.query import Asked, Kind, columns_within
from search.vocabulary import ColumnType, spec_of


def read_share(draft: Draft) -> None:
    """…占比多少, …占全部的百分之几: what was said before against all; set out when the conditions are known."""
    if draft.asked is Asked.CONTRAST or draft.contrasting is not None:
        return
    indexes = list(draft.indexes(Kind.SHARE))
    if not indexes:
        return
    if any(draft.is_at(draft.after(i, Kind.BE), Kind.COMPARE, Kind.PERCENT) for i in indexes):
        draft.unknown.extend(draft.tokens[i].text for i in indexes)  # 占比超过10%的项目: no figure of plans
        return
    draft.use(*indexes)
    if _asks_adjustment(draft):
        return
    if draft.grouping is not None and len({year for _, year in draft.years}) < 2:
        draft.aggregate = Aggregate.SHARE
        return
    if all(draft.tokens[i].text in _HOW_MUCH for i in indexes) and _names_rate(draft):
        return
    draft.asked, draft.contrasting = Asked.CONTRAST, Contrasting.SHARE
    link = next((i for i in range(indexes[0]) if draft.is_at(i, Kind.BE) and _stands_between_names(draft, i)), None)
    draft.share_at = indexes[0] if link is None else link  # A是B的百分之几


def _asks_adjustment(draft: Draft) -> bool:
    """预算调增比例: what was granted in the end against what was granted first."""
    fields = [Column(value) for token in draft.tokens for value in token.values(Kind.FIELD)]
    if Column.ADJUSTMENT not in fields or draft.has(Kind.WHICH, Kind.SUPERLATIVE):
        return False
    draft.found = [f for f in draft.found if Column.BUDGET_INITIAL not in columns_within(f.condition)]
    contrast_sums(draft, Column.BUDGET_ADJUSTED, Column.BUDGET_INITIAL, Contrasting.GROWTH)
    return True


_HOW_MUCH = frozenset({"几成", "百分之几", "百分之多少", "百分比", "百分比是", "比例", "比率"})


def _names_rate(draft: Draft) -> bool:
    """执行率是百分之几: the words ask for the figure of a column that is a percentage itself."""
    fields = [Column(value) for token in draft.tokens for value in token.values(Kind.FIELD)]
    return any(spec_of(column).type is ColumnType.RATE for column in fields)


def _stands_between_names(draft: Draft, index: int) -> bool:
    """A project or unit is named on either side."""
    named = [i for i, token in enumerate(draft.tokens) if token.has(Kind.PROJECT, Kind.UNIT)]
    return any(i < index for i in named) and any(i > index for i in named)
