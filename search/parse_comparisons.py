"""Comparisons in questions: a column, how it compares, and a quantity, a date or another column.

执行率低于95%, 在50万到100万元之间, 2020年6月30日前完成, 指标超过10个, 执行数小于预算.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from decimal import Decimal

from graph.model import EntityType
from search.parse_change import turn_to_less
from search.parse_combining import any_of
from search.parse_counts import read_counts
from search.parse_draft import QUANTITIES, Draft
from search.parse_levels import in_percent, is_of_level, is_untold
from search.parse_operators import find_operator
from search.parse_quantities import plain
from search.parse_reasons import read_presumed
from search.plan import Both, Compare, Condition, Either, Has
from search.plan_terms import Column, Op, Relation
from search.query import Kind, Mention, Token
from search.vocabulary import ColumnType, spec_of

_DEFAULTS = {
    Kind.MONEY: Column.BUDGET,
    Kind.PERCENT: Column.EXECUTION_RATE,
    Kind.POINTS_VALUE: Column.TOTAL_SCORE,
    Kind.DAYS: Column.DURATION,
}
_FITTING = {
    Kind.MONEY: {ColumnType.MONEY},
    Kind.PERCENT: {ColumnType.RATE, ColumnType.QUANTITY},
    Kind.POINTS_VALUE: {ColumnType.SCORE},
    Kind.DAYS: {ColumnType.DURATION, ColumnType.QUANTITY},
    Kind.DATE: {ColumnType.DATE},
    Kind.MONTH: {ColumnType.DATE},
    Kind.NUMBER: {
        ColumnType.MONEY,
        ColumnType.RATE,
        ColumnType.SCORE,
        ColumnType.COUNT,
        ColumnType.DURATION,
        ColumnType.QUANTITY,
    },
}


def read_comparisons(draft: Draft, asked: EntityType) -> None:
    """All comparisons; `asked` is the kind that the question seems to ask for."""
    read_counts(draft, asked)
    read_presumed(draft)
    for index in list(draft.indexes(*QUANTITIES)):
        if index not in draft.used:
            _read_quantity(draft, index, asked)
    _read_parts_of_years(draft)
    _read_columns_compared(draft)


# quantities ------------------------------------------------------------------------------------------------


def _read_quantity(draft: Draft, index: int, asked: EntityType) -> None:
    token = draft.tokens[index]
    kind = _quantity_kind(token)
    if kind is None or (token.has(Kind.YEAR) and kind is Kind.NUMBER):
        return
    if kind is Kind.NUMBER and _is_place(draft, index):
        return
    if kind is Kind.DAYS and draft.is_at(index - 1, Kind.YEAR):  # 2023、2024两年的
        draft.use(index)
        return
    if (second := _second_bound(draft, index, kind)) is not None:
        _read_between(draft, index, second, kind)
        return
    op, first, last = find_operator(draft, index)
    if op is not None and draft.has(Kind.WHY) and draft.has(Kind.PROJECT) and draft.has(Kind.INDICATOR):
        draft.use_range(first, last)  # 为什么没有达到100%: taken for granted, the reason is asked
        return
    column, edges, mention = _column(draft, first, last, kind)
    if column is None and kind in (Kind.DATE, Kind.MONTH):
        column, edges = _date_hint(draft, first, last)
    if is_untold(draft, first, kind, edges):
        return
    of_level = column is None and is_of_level(draft, first, kind)
    if of_level:
        column = Column.TARGET_VALUE
    if column is None and op is None:
        column = _bare_default(draft, index, last, kind)
    if op is None:
        if column is None or not _stands_equal(draft, index, last, edges, column):
            return
        op = Op.EQ
    if column is None:
        on_indicator = asked is EntityType.INDICATOR and kind is Kind.PERCENT  # 满意度目标不低于90%的指标
        column = Column.TARGET_VALUE if on_indicator else _DEFAULTS.get(kind)
        if column is None:
            return
    first, last = min([first, *edges]), max([last, *edges])
    value = token.value(kind)
    if column in (Column.TARGET_TEXT, Column.TARGET_VALUE) and _is_printed_so(draft, index):
        sign = draft.tokens[index - 1].text
        printed = [Compare(column=Column.TARGET_TEXT, op=Op.CONTAINS, value=s) for s in _SIGNS[sign]]
        exactly = Compare(column=Column.TARGET_VALUE, op=Op.EQ, value=value)
        _offer(draft, column, Both(parts=(exactly, any_of(list(printed)))), mention, first, last)
        return
    if op is Op.LE and _before_month(draft, last, token):
        op = Op.LT  # 12月之前 ends with November; 11月底前 holds its last day
    condition = _with_month(draft, _ranged(column, op, value, kind), column, kind)
    _offer(draft, column, in_percent(condition) if of_level else condition, mention, first, last)


_SIGNS = {"≥": ("≥", ">="), ">=": ("≥", ">="), "≤": ("≤", "<="), "<=": ("≤", "<=")}


def _is_printed_so(draft: Draft, index: int) -> bool:
    """目标值为≥85%: the target as it is printed, sign and all, not every target from there on."""
    if index < 2 or draft.tokens[index - 1].text not in _SIGNS:
        return False
    return draft.is_at(index - 2, Kind.BE) or draft.tokens[index - 2].text.endswith(("是", "为"))


def _is_place(draft: Draft, index: int) -> bool:
    """后三名, 最后两个: a place in an order, no figure."""
    leading = draft.tokens[index - 1].values(Kind.PLACE) if index else ()
    counted = draft.is_at(index + 1, Kind.PLACE, Kind.MEASURE_WORD) or index + 1 >= len(draft)
    return any(value in ("first", "nth", "last", "bottom") for value in leading) and counted


def _before_month(draft: Draft, last: int, token: Token) -> bool:
    whole = token.text.endswith(("月", "月份"))
    return whole and draft.tokens[last].text in {"前", "之前", "以前"}


def _quantity_kind(token: Token) -> Kind | None:
    order = (Kind.MONEY, Kind.PERCENT, Kind.POINTS_VALUE, Kind.DAYS, Kind.DATE, Kind.MONTH, Kind.NUMBER)
    return next((kind for kind in order if token.has(kind)), None)


def _column(draft: Draft, first: int, last: int, kind: Kind) -> tuple[Column | None, list[int], Mention | None]:
    """The column that the quantity speaks of, the tokens that name it, and the indicator it belongs to."""
    index = draft.before(first, Kind.BE, Kind.BETWEEN, Kind.HAVE, Kind.THAN)
    token = draft.at(index)
    if token is not None and index not in draft.used:
        if column := _fitting(token, kind):
            mention, edges = _indicator_before(draft, index, column)
            return column, [index, *edges], mention
        if (named := token.mention(Kind.INDICATOR)) and kind is not Kind.MONEY:
            return Column.TARGET_VALUE, [index], named
    token = draft.at(last + 1)
    if token is not None and (last + 1) not in draft.used and (column := _fitting(token, kind)):
        return column, [last + 1], None
    return None, [], None


def _fitting(token: Token, kind: Kind) -> Column | None:
    columns = [Column(value) for value in token.values(Kind.FIELD)]
    fitting = [c for c in columns if spec_of(c).type in _FITTING[kind]]
    return fitting[0] if fitting else None


def _indicator_before(draft: Draft, index: int, column: Column) -> tuple[Mention | None, list[int]]:
    if column.kind is not EntityType.INDICATOR and column is not Column.TOTAL_SCORE:
        return None, []
    before = draft.before(index)
    token = draft.at(before)
    mention = token.mention(Kind.INDICATOR) if token else None
    return (mention, [before]) if mention else (None, [])


def _stands_equal(draft: Draft, index: int, last: int, edges: list[int], column: Column) -> bool:
    """…为100分, 执行率100%的项目: nothing compares, and nothing is asked of the quantity."""
    if not edges:
        return True
    between = range(min(edges) + 1, index)
    linked = any(draft.is_at(i, Kind.BE, Kind.COMPARE) for i in between)
    if linked and not draft.is_at(last + 1, Kind.HOW_MANY):
        return True
    plain_link = all(draft.quiet(i) or draft.is_at(i, Kind.BE, Kind.COMPARE, Kind.HAVE) for i in between)
    return (plain_link and spec_of(column).type is not ColumnType.QUANTITY) or draft.is_at(last + 1, Kind.DE)


def _bare_default(draft: Draft, index: int, last: int, kind: Kind) -> Column | None:
    """150万元的项目, 得100分的项目."""
    return _DEFAULTS.get(kind) if draft.is_at(last + 1, Kind.DE) and kind is not Kind.NUMBER else None


def _date_hint(draft: Draft, first: int, last: int) -> tuple[Column | None, list[int]]:
    """开始 or 完成 beside a date."""
    for index in (draft.after(last), draft.before(first)):
        token = draft.at(index)
        if token is not None and token.has(Kind.START_HINT):
            return Column.START_DATE, [index]
        if token is not None and token.has(Kind.END_HINT):
            return Column.END_DATE, [index]
        for value in token.values(Kind.FIELD) if token is not None else ():
            if spec_of(Column(value)).type is ColumnType.DATE:
                return Column(value), [index]
    return None, []


# ranges ----------------------------------------------------------------------------------------------------


def _second_bound(draft: Draft, index: int, kind: Kind) -> int | None:
    middle = index + 1
    if not draft.is_at(middle, Kind.BETWEEN) or "middle" not in draft.tokens[middle].values(Kind.BETWEEN):
        return None
    second = middle + 1
    token = draft.at(second)
    if token is None or not token.has(kind, *(QUANTITIES if kind is Kind.NUMBER else ())):
        return None
    opened = any(
        draft.is_at(i, Kind.BETWEEN) and "open" in draft.tokens[i].values(Kind.BETWEEN)
        for i in range(max(0, index - 2), index)
    )
    closed = draft.is_at(second + 1, Kind.BETWEEN) and "close" in draft.tokens[second + 1].values(Kind.BETWEEN)
    return second if opened or closed or draft.tokens[middle].text in {"到", "至", "-", "~"} else None


def _read_between(draft: Draft, index: int, second: int, kind: Kind) -> None:
    upper = draft.tokens[second]
    wanted = next((k for k in QUANTITIES if upper.has(k)), kind)
    low = Decimal(draft.tokens[index].value(kind)) if kind not in (Kind.DATE, Kind.MONTH) else None
    high = upper.value(wanted)
    first, last = index, second
    while draft.is_at(first - 1, Kind.BETWEEN, Kind.FILLER) and not draft.is_at(first - 1, Kind.FIELD):
        first -= 1
    while draft.is_at(last + 1, Kind.BETWEEN) and "close" in draft.tokens[last + 1].values(Kind.BETWEEN):
        last += 1
    column, edges, mention = _column(draft, first, last, wanted)
    if column is None and wanted in (Kind.DATE, Kind.MONTH):
        column, edges = _date_hint(draft, first, last)
    if is_untold(draft, first, wanted, edges):
        return
    of_level = column is None and is_of_level(draft, first, wanted)
    column = column or (Column.TARGET_VALUE if of_level else _DEFAULTS.get(wanted))
    if column is None:
        return
    if low is not None:
        if wanted is Kind.MONEY and kind is Kind.NUMBER:  # 50到100万元: one unit for both
            amount = next((n for n in upper.values(Kind.NUMBER)), None)
            factor = Decimal(high) / Decimal(amount) if amount else _factor(upper)
            low *= factor
        bounds = (plain(low), high)
    else:
        bounds = (draft.tokens[index].value(kind), high)
    parts = (_ranged(column, Op.GE, bounds[0], wanted), _ranged(column, Op.LE, bounds[1], wanted))
    condition = _with_month(draft, Both(parts=parts), column, wanted)
    condition = in_percent(condition) if of_level else condition
    _offer(draft, column, condition, mention, min([first, *edges]), max([last, *edges]))


def _factor(token: Token) -> Decimal:
    digits = "".join(sign for sign in token.text if sign.isdigit() or sign == ".")
    return Decimal(token.value(Kind.MONEY)) / Decimal(digits) if digits.strip(".") else Decimal(1)


def _ranged(column: Column, op: Op, value: str, kind: Kind) -> Condition:
    """A date given by its month is the whole month."""
    if kind is Kind.DATE and len(value) == 7:
        first, last = f"{value}-01", f"{value}-{monthrange(int(value[:4]), int(value[5:]))[1]:02}"
        if op is Op.EQ:
            return Both(
                parts=(Compare(column=column, op=Op.GE, value=first), Compare(column=column, op=Op.LE, value=last))
            )
        return Compare(column=column, op=op, value=first if op in (Op.GE, Op.LT) else last)
    return Compare(column=column, op=op, value=value)


def _with_month(draft: Draft, condition: Condition, column: Column, kind: Kind) -> Condition:
    """A month or day without a year holds in the years named, or in every year of the graph."""
    if kind is not Kind.MONTH:
        return condition
    named = sorted(
        {year for i in draft.indexes(Kind.YEAR) for year in draft.tokens[i].values(Kind.YEAR) if len(year) == 4}
    )
    years = named or [str(year) for year in draft.names.dated_years]
    parts = tuple(_dated(condition, column, year) for year in years)
    return parts[0] if len(parts) == 1 else Either(parts=parts)


def _dated(condition: Condition, column: Column, year: str) -> Condition:
    match condition:
        case Both(parts=parts):
            return Both(parts=tuple(_dated(part, column, year) for part in parts))
        case Compare(op=op, value=value) if value is not None:
            ranged = _ranged(column, op, f"{year}-{value}", Kind.DATE)
            if op is Op.EQ:
                return ranged
            start = Compare(column=column, op=Op.GE, value=f"{year}-01-01")
            end = Compare(column=column, op=Op.LE, value=f"{year}-12-31")
            return Both(parts=(ranged, start, end))
        case _:
            return condition


def _read_parts_of_years(draft: Draft) -> None:
    """2020年上半年完成, 第三季度开始的: within these months of the year named, or of every year of the graph."""
    for index in list(draft.indexes(Kind.PART_OF_YEAR)):
        year, first, last = draft.tokens[index].value(Kind.PART_OF_YEAR).split("/")
        column, edges = _date_hint(draft, index, index)
        if column is None:
            continue
        named = [year] if year else [y for i in draft.indexes(Kind.YEAR) for y in draft.tokens[i].values(Kind.YEAR)]
        years = [y for y in named if len(y) == 4] or [str(y) for y in draft.names.dated_years]
        spans = [
            Both(
                parts=(
                    _ranged(column, Op.GE, f"{y}-{first}", Kind.DATE),
                    _ranged(column, Op.LE, f"{y}-{last}", Kind.DATE),
                )
            )
            for y in years
        ]
        draft.add(any_of(list(spans)), min([index, *edges]), max([index, *edges]))


# other comparisons -----------------------------------------------------------------------------------------


def _read_columns_compared(draft: Draft) -> None:
    """执行数小于预算, 得分低于分值, 预算低于上年, 全年预算与年初预算不一致."""
    for index in list(draft.indexes(Kind.COMPARE)):
        word = draft.tokens[index].value(Kind.COMPARE)
        left, right = draft.before(index, Kind.BE), draft.after(index, Kind.BE)
        if word in _ALIKE:
            right = left
            left = draft.before(right, Kind.AND, Kind.TOPIC_OPEN, Kind.BETWEEN)
        one, two = draft.at(left), draft.at(right)
        if one is None or two is None or not one.has(Kind.FIELD) or left in draft.used or right in draft.used:
            continue
        others = ("project.previous_budget",) if two.has(Kind.LAST_YEAR) else two.values(Kind.FIELD)
        pair = _pair(one.values(Kind.FIELD), others)
        if pair is not None:
            draft.add(
                Compare(column=pair[0], op=_ALIKE.get(word) or Op(word), other=pair[1]),
                min(left, index),
                max(right, index),
            )


_ALIKE = {"same": Op.EQ, "different": Op.NE}


def _pair(one: Iterable[str], two: Iterable[str]) -> tuple[Column, Column] | None:
    numeric = {Column.TARGET_TEXT: Column.TARGET_VALUE, Column.ACTUAL_TEXT: Column.ACTUAL_VALUE}
    scores = {Column.TOTAL_SCORE: Column.SCORE}
    if "project.previous_executed" in one:  # 上年执行数低于预算额: of the same year
        two = [Column.PREVIOUS_BUDGET if Column(v) is Column.BUDGET else Column(v) for v in two]
    ones = [numeric.get(Column(v), Column(v)) for v in one]
    twos = [numeric.get(Column(v), Column(v)) for v in two]
    for a in ones:
        for b in twos:
            a = scores.get(a, a) if b.kind is EntityType.INDICATOR else a
            if a.kind is b.kind and a is not b and spec_of(a).type is spec_of(b).type:
                return a, b
    return None


def _offer(draft: Draft, column: Column, condition: Condition, mention: Mention | None, first: int, last: int) -> None:
    """Keep the comparison; one about an indicator's figures holds for the project that has the indicator."""
    condition = turn_to_less(draft, _numeric(condition), first, last)
    if mention is not None:
        if column is Column.TOTAL_SCORE:
            condition = _on_score(condition)
        condition = Both(parts=(Compare(column=Column.LEVEL3, op=Op.EQ, value=mention.key), condition))
    if mention is not None:
        condition = Has(relation=Relation.HAS_INDICATOR, where=condition)
    draft.add(condition, first, last)


def _numeric(condition: Condition) -> Condition:
    figures = {Column.TARGET_TEXT: Column.TARGET_VALUE, Column.ACTUAL_TEXT: Column.ACTUAL_VALUE}
    match condition:
        case Compare(op=Op.CONTAINS):
            return condition
        case Compare(column=column, op=op, value=value, other=other):
            return Compare(column=figures.get(column, column), op=op, value=value, other=other)
        case Both(parts=parts):
            return Both(parts=tuple(_numeric(part) for part in parts))
        case Either(parts=parts):
            return Either(parts=tuple(_numeric(part) for part in parts))
        case _:
            return condition


def _on_score(condition: Condition) -> Condition:
    match condition:
        case Compare(column=Column.TOTAL_SCORE, op=op, value=value):
            return Compare(column=Column.SCORE, op=op, value=value)
        case Both(parts=parts):
            return Both(parts=tuple(_on_score(part) for part in parts))
        case _:
            return condition
