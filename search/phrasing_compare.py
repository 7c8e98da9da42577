"""Comparisons in Chinese: a column, an operator, a value."""

from __future__ import annotations

from decimal import Decimal

from search.phrasing import label_of, say_money, say_number
from search.plan import Compare
from search.plan_terms import Column, Op
from search.vocabulary import ColumnType, spec_of

OPERATORS = {
    Op.EQ: "为",
    Op.NE: "不为",
    Op.GT: "超过",
    Op.GE: "不低于",
    Op.LT: "低于",
    Op.LE: "不超过",
    Op.CONTAINS: "含有",
    Op.ENDS: "末尾为",
}
_DATE_OPS = {
    Op.EQ: "为",
    Op.NE: "不为",
    Op.GT: "晚于",
    Op.GE: "不早于",
    Op.LT: "早于",
    Op.LE: "不晚于",
    Op.CONTAINS: "含有",
    Op.ENDS: "末尾为",
}
_SAID_OF_MOVES = frozenset({Op.GT, Op.GE, Op.LT, Op.LE, Op.EQ, Op.NE})
_MOVES = {Op.GT: "增加", Op.LT: "减少", Op.EQ: "持平", Op.NE: "不同"}


def say_compare(condition: Compare) -> str:
    """A comparison as it is said: 当年预算超过90万元, 2020年度, 预算比上年减少超过20万元."""
    column, op, value = condition.column, condition.op, condition.value
    kind = spec_of(column).type
    if column is Column.LEVEL3 and op is Op.EQ:
        return f"名为“{value}”"
    if condition.other is not None:
        return f"{label_of(column)}{OPERATORS[op]}{label_of(condition.other)}"
    if value is None:
        return label_of(column)
    if column in (Column.CHANGE, Column.CHANGE_RATE) and op in _SAID_OF_MOVES:
        return _say_move(column, op, Decimal(value))
    if column is Column.YEAR and op is Op.EQ:
        return f"{value}年度"
    if column is Column.POLICY_YEAR and op is Op.EQ:
        return f"{value}年"
    if kind is ColumnType.BOOLEAN:
        yes = (value == "true") == (op is Op.EQ)
        return f"{'含有' if yes else '不含'}{label_of(column).removeprefix('是否含有')}"
    words = _DATE_OPS if kind is ColumnType.DATE else OPERATORS
    return f"{label_of(column)}{words[op]}{say_value(column, value)}"


def _say_move(column: Column, op: Op, value: Decimal) -> str:
    """预算比上年减少超过20万元, not 增减额低于-20万元."""
    if not value and op not in _MOVES:
        return f"{label_of(column)}{OPERATORS[op]}0"
    if not value:
        return f"预算{'与' if op in (Op.EQ, Op.NE) else '比'}上年{_MOVES[op]}"
    if value > 0:
        return f"预算比上年增加{OPERATORS[op]}{say_value(column, str(value))}"
    return f"预算比上年减少{OPERATORS[op.mirrored]}{say_value(column, str(-value))}"


def say_value(column: Column, value: str) -> str:
    """A value of a plan with the unit of its column; words in quotation marks."""
    kind = spec_of(column).type
    match kind:
        case ColumnType.MONEY:
            return say_money(Decimal(value))
        case ColumnType.RATE | ColumnType.SCORE | ColumnType.COUNT | ColumnType.DURATION:
            return f"{say_number(Decimal(value))}{kind.unit or ''}"
        case ColumnType.DATE | ColumnType.INTEGER | ColumnType.QUANTITY:
            return value
        case _:
            return f"“{value}”"
