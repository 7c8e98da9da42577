"""Figures beside levels of the indicator framework: 满意度目标不低于90%, 时效指标在30天以内."""

from __future__ import annotations

from graph.model import EntityType
from search.parse_draft import Draft
from search.plan import Both, Compare, Condition, Either
from search.plan_terms import Column, Op
from search.query import Kind

_SHARE_DONE = frozenset({"完成率"})
_SHARES = ("率", "满意度")
_MEASURED = (Kind.MONEY, Kind.POINTS_VALUE, Kind.DAYS)


def is_of_level(draft: Draft, first: int, kind: Kind) -> bool:
    """A percentage, no column named, behind a level: of the targets of its indicators, not of the project."""
    level = _level_before(draft, first)
    return kind is Kind.PERCENT and level is not None and not draft.is_at(level + 1, Kind.DE)


def in_percent(condition: Condition) -> Condition:
    """Targets of a level are printed in many units: those that are shares, by the sign or, left out, by the name."""
    printed = Compare(column=Column.TARGET_TEXT, op=Op.CONTAINS, value="%")
    named = (Compare(column=Column.LEVEL3, op=Op.ENDS, value=ending) for ending in _SHARES)
    return Both(parts=(condition, Either(parts=(printed, *named))))


def is_untold(draft: Draft, first: int, kind: Kind, edges: list[int]) -> bool:
    """What the figure is of, no column holds: 完成率, or a level beside a sum of money, points or days."""
    if edges:
        return any(draft.tokens[index].text in _SHARE_DONE for index in edges)
    level = _level_before(draft, first)
    if level is None:
        return False
    beside = level == draft.before(first, Kind.BE, Kind.BETWEEN, Kind.HAVE, Kind.THAN)
    owned = draft.is_at(level + 1, Kind.DE)  # 有满意度指标的项目中超过90%的
    return kind is Kind.PERCENT if owned else beside and kind in _MEASURED


def _level_before(draft: Draft, first: int) -> int | None:
    return next((i for i in range(first - 1, -1, -1) if _is_level(draft, i)), None)


def _is_level(draft: Draft, index: int) -> bool:
    return any(Column(value).kind is EntityType.INDICATOR for value in draft.tokens[index].values(Kind.VALUE))
