"""Two figures set against each other: this year and the year before, two names, two columns, a part and the whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from search.parse_draft import Draft
from search.parse_operators import find_operator
from search.parse_quantities import plain
from search.parse_ranking import read_superlative
from search.plan import Both, Compare, Condition, Either
from search.plan_terms import Column, Contrasting, Op
from search.query import Asked, Kind, Sense, Side, Token
from search.vocabulary import spec_of, words_of

_MORE = (Kind.INCREASE, Kind.DECREASE, Kind.CHANGE, Kind.DIFFERENCE)


def read_change(draft: Draft) -> None:
    """比上年增加了多少, 预算增加的项目, 增幅最大: the change of the budget against the year before."""
    than = next(
        (i for i in draft.indexes(Kind.THAN) if _is_last_year(draft, i) or _is_last_year(draft, draft.after(i))), None
    )
    if than is None:  # 与上年持平, 和上年相比
        than = next(
            (
                i
                for i in draft.indexes(Kind.TOPIC_OPEN, Kind.AND)
                if _is_last_year(draft, i + 1) and draft.has(Kind.THAN, Kind.CHANGE, Kind.DIFFERENCE)
            ),
            None,
        )
    moves = [i for i in draft.indexes(*_MORE) if not draft.is_at(i, Kind.WHICH, Kind.ADJUSTED) and _moves(draft, i)]
    if than is None and not _plain_change(draft, moves):
        return
    if than is not None:
        draft.use(than, *([] if _is_last_year(draft, than) else [draft.after(than)]))
        for index in (than - 1, than + 1):  # 与上年相比
            if draft.is_at(index, Kind.AND, Kind.TOPIC_OPEN):
                draft.use(index)
        later = draft.after(draft.after(than))
        if draft.is_at(later, Kind.THAN):
            draft.use(later)
    draft.use(*moves)
    rate = any("project.change_rate" in t.values(Kind.FIELD) for t in draft.tokens) or (
        draft.has(Kind.SHARE) or any(t.text in {"百分之几", "百分之多少"} for t in draft.tokens)
    )
    column = Column.CHANGE_RATE if rate else Column.CHANGE
    budgets = [i for i in draft.indexes(Kind.FIELD) if _is_budget(draft.tokens[i]) or _is_change(draft.tokens[i])]
    draft.use(*budgets)
    down = any(draft.tokens[i].has(Kind.DECREASE) for i in moves)
    up = any(draft.tokens[i].has(Kind.INCREASE) for i in moves)
    draft.signed = -1 if down and not up else 1 if up and not down else 0
    if rate:
        draft.use(*draft.indexes(Kind.SHARE))
    if rate and draft.has(Kind.SUM) and not draft.has(Kind.WHICH, Kind.SUPERLATIVE):
        draft.use(*draft.indexes(Kind.SUM))
        contrast_sums(draft, Column.BUDGET, Column.PREVIOUS_BUDGET, Contrasting.GROWTH)
        return
    ordering = draft.indexes(Kind.SUPERLATIVE, Kind.PLACE)
    superlative = next((i for i in ordering if draft.tokens[i].value(Kind.PLACE) != "ending"), None)
    bounded = [_read_bound(draft, index) for index in moves]
    if any(bounded):
        return
    if superlative is not None:
        read_superlative(draft, superlative, column=column, flipped=draft.signed < 0)
        if draft.signed:
            op = Op.LT if draft.signed < 0 else Op.GT
            draft.add(Compare(column=Column.CHANGE, op=op, value="0"), superlative, superlative)
    elif draft.signed and _wants_both(draft, moves):
        draft.add(Compare(column=Column.CHANGE, op=Op.GT if draft.signed > 0 else Op.LT, value="0"), moves[0], moves[0])
        draft.columns.append(column)
    elif _wants_figure(draft, moves) or not _asks_projects(draft) or _wants_each(draft, moves):
        draft.columns.append(column)
    else:
        op = Op.GT if draft.signed > 0 else Op.LT if draft.signed < 0 else Op.NE
        if any(draft.tokens[i].text in _FLAT for i in moves):
            op = Op.EQ
        at = moves[0] if moves else than or 0
        draft.add(Compare(column=Column.CHANGE, op=op, value="0"), at, at)


_FLAT = frozenset(words_of("phrases", "plain", "unchanged"))


def contrast_sums(draft: Draft, first: Column, second: Column, how: Contrasting) -> None:
    """Two columns, each summed over the same projects, set against each other."""
    draft.contrasting, draft.asked = how, Asked.CONTRAST
    draft.sides = [Side(label=spec_of(column).label, column=column) for column in (first, second)]


def _read_bound(draft: Draft, move: int) -> bool:
    """减少超过20万元, 增加了10万以上, 增长50%: by how much the budget moved."""
    amount = draft.after(move, Kind.COMPARE, Kind.BE)
    if not draft.is_at(amount, Kind.MONEY, Kind.PERCENT):
        return False
    op, _, last = find_operator(draft, amount)
    op = op or Op.EQ
    token = draft.tokens[amount]
    column = Column.CHANGE if token.has(Kind.MONEY) else Column.CHANGE_RATE
    value = token.value(Kind.MONEY) or token.value(Kind.PERCENT)
    more = Compare(column=column, op=op, value=value)
    less = Compare(column=column, op=op.mirrored, value=f"-{value}")
    either = not draft.tokens[move].has(Kind.INCREASE, Kind.DECREASE)
    within = op in (Op.LT, Op.LE)  # 变化不超过10万元: neither up nor down by more
    both: Condition = Both(parts=(more, less)) if within else Either(parts=(more, less))
    condition = both if either else less if draft.tokens[move].has(Kind.DECREASE) else more
    draft.add(condition, move, last)
    if op in (Op.LT, Op.LE):  # 减少不到20万元 is still less
        draft.add(
            Compare(column=Column.CHANGE, op=Op.NE if either else Op.LT if draft.signed < 0 else Op.GT, value="0"),
            move,
            move,
        )
    return True


_SIGNED = frozenset({Column.CHANGE, Column.CHANGE_RATE, Column.ADJUSTMENT})


def turn_to_less(draft: Draft, condition: Condition, first: int, last: int) -> Condition:
    """降幅超过50%, 减少额不到10万元: the column counts up, the word that names it counts down."""
    if not isinstance(condition, Compare) or condition.column not in _SIGNED or condition.value is None:
        return condition
    naming = [draft.tokens[i].text for i in range(first, last + 1) if draft.is_at(i, Kind.FIELD)]
    risen = any(sign in text for text in naming for sign in "增涨升") and not any("减" in text for text in naming)
    if risen and condition.op in (Op.LT, Op.LE):
        return Both(parts=(condition, Compare(column=condition.column, op=Op.GT, value="0")))
    if Decimal(condition.value) < 0 or not any(speaks_of_less(draft.tokens[i]) for i in range(first, last + 1)):
        return condition
    below = Compare(column=condition.column, op=condition.op.mirrored, value=plain(-Decimal(condition.value)))
    if condition.op in (Op.LT, Op.LE):  # a fall of less than 10% is still a fall
        return Both(parts=(below, Compare(column=condition.column, op=Op.LT, value="0")))
    return below


def speaks_of_less(token: Token) -> bool:
    """The token names a change, and one for the less: 降幅, 减少额; not 增减额."""
    if not any(Column(value) in _SIGNED for value in token.values(Kind.FIELD)):
        return False
    return any(sign in token.text for sign in "降减跌缩") and "增" not in token.text


def _wants_figure(draft: Draft, moves: list[int]) -> bool:
    """增加了多少; but 预算增加的项目有多少个 and 有几个项目预算增加 count projects."""
    of_projects = any(draft.is_at(m + 1, Kind.DE) and _is_project(draft, draft.after(m)) for m in moves)
    counted = any(_is_project(draft, draft.after(i, Kind.MEASURE_WORD)) for i in draft.indexes(Kind.HOW_MANY))
    return draft.has(Kind.HOW_MANY) and not of_projects and not counted


def _wants_both(draft: Draft, moves: list[int]) -> bool:
    """哪些项目增加了预算，各增加多少; 减少的项目一共减少了多少: which did, and by how much."""
    by_how_much = any(_is_how_much(draft, draft.after(m)) for m in moves)
    named = any(draft.is_at(m + 1, Kind.DE) and _is_project(draft, draft.after(m)) for m in moves) or any(
        _is_project(draft, draft.after(i, Kind.MEASURE_WORD)) for i in draft.indexes(Kind.WHICH)
    )
    return by_how_much and named


def _is_how_much(draft: Draft, index: int) -> bool:
    token = draft.at(index)
    return token is not None and (token.has(Kind.HOW_MANY) or (token.has(Kind.FIELD) and token.text.startswith("多少")))


def _is_project(draft: Draft, index: int) -> bool:
    token = draft.at(index)
    return token is not None and "Project" in token.values(Kind.NOUN)


def _wants_each(draft: Draft, moves: list[int]) -> bool:
    """各项目的预算增减情况: how each changed, not which did."""
    neither = bool(moves) and all(
        draft.tokens[i].has(Kind.CHANGE) and not draft.tokens[i].has(Kind.INCREASE, Kind.DECREASE) for i in moves
    )
    return neither and draft.has(Kind.EACH) and not draft.has(Kind.WHICH, Kind.EXIST)


def _is_last_year(draft: Draft, index: int) -> bool:
    token = draft.at(index)
    return token is not None and (
        token.has(Kind.LAST_YEAR) or any(v.startswith("project.previous") for v in token.values(Kind.FIELD))
    )


def _moves(draft: Draft, index: int) -> bool:
    return draft.tokens[index].text not in {"多", "少", "大", "小", "高", "低"} or draft.has(Kind.THAN)


def _plain_change(draft: Draft, moves: list[int]) -> bool:
    """预算增加的项目, 预算增加最多: no 比上年, but a budget that moves and nothing else that it is set against."""
    if draft.has(Kind.THAN) or not moves:
        return False
    for index in moves:
        before = draft.at(draft.before(index))
        if before is not None and before.has(Kind.FIELD) and _is_budget(before):
            return not draft.has(Kind.DIFFERENCE)
    return False


def _is_budget(token: Token) -> bool:
    return any(
        Column(v) in (Column.BUDGET, Column.BUDGET_YEAR, Column.BUDGET_TOTAL, Column.PREVIOUS_BUDGET)
        for v in token.values(Kind.FIELD)
    )


def _is_change(token: Token) -> bool:
    return any(Column(v) in (Column.CHANGE, Column.CHANGE_RATE) for v in token.values(Kind.FIELD))


def _asks_projects(draft: Draft) -> bool:
    return draft.has(Kind.WHICH, Kind.WHO, Kind.EXIST, Kind.LIST) or any(
        "Project" in t.values(Kind.NOUN) for t in draft.tokens
    )


def read_contrast(draft: Draft) -> None:
    """A比B多多少, A和B相差多少, A占B的比例: two sides told apart by names or years of one kind."""
    _read_start_of_year(draft)
    than = next((i for i in draft.indexes(Kind.THAN) if not _is_more(draft, i)), None)
    times = list(draft.indexes(Kind.TIMES))
    apart = next(iter(draft.indexes(Kind.DIFFERENCE, Kind.TIMES)), None)
    if than is None and apart is None:
        return
    if times and _times_last_year(draft, times):
        return
    pair = _pair_around(draft, than) if than is not None else _pair_before(draft, apart if apart is not None else 0)
    if pair is None and than is not None:
        pair = _pair_before(draft, len(draft))
    if pair is None:
        _contrast_columns(draft)
        return
    moves = list(draft.indexes(*_MORE))
    if than is not None:
        draft.use(than)
    draft.use(*moves, *(i for i in draft.indexes(Kind.SEPARATELY)))
    draft.use(*(i for i in draft.indexes(Kind.EXIST, Kind.BE)))
    down = any(draft.tokens[i].has(Kind.DECREASE) for i in moves)
    up = any(draft.tokens[i].has(Kind.INCREASE) for i in moves)
    draft.signed = -1 if down and not up else 1 if up and not down else 0
    growth = any("project.change_rate" in t.values(Kind.FIELD) for t in draft.tokens) or draft.has(Kind.SHARE)
    draft.use(*(i for i in draft.indexes(Kind.SHARE)))
    draft.use(*times)
    how = Contrasting.GROWTH if growth else Contrasting.RATIO if times else Contrasting.DIFFERENCE
    draft.contrasting, draft.asked = how, Asked.CONTRAST
    for index in pair:
        draft.sides.append(_side(draft, index))
    _read_own_columns(draft, pair)


def _read_own_columns(draft: Draft, pair: tuple[int, int]) -> None:
    """2021年当年预算和2023年全年预算相差多少: each side has a column of its own."""
    fields = [i for i in draft.indexes(Kind.FIELD) if i > pair[0]]
    if len(fields) != 2 or not pair[0] < fields[0] < pair[1] < fields[1]:
        return
    columns = [Column(draft.tokens[i].value(Kind.FIELD)) for i in fields]
    if len(set(columns)) == 2 and spec_of(columns[0]).type is spec_of(columns[1]).type:
        draft.use(*fields)
        draft.sides = [replace(side, column=column) for side, column in zip(draft.sides, columns, strict=True)]


def _read_start_of_year(draft: Draft) -> None:
    """比年初减少: 年初 that a budget is set against is the budget at the start of the year."""
    for index in draft.indexes(Kind.THAN):
        token = draft.at(index + 1)
        if token is not None and token.text == "年初" and token.has(Kind.UNKNOWN):
            sense = Sense(kind=Kind.FIELD, value=Column.BUDGET_INITIAL.value)
            draft.tokens[index + 1] = replace(token, senses=(sense,))


def _is_more(draft: Draft, index: int) -> bool:
    degree = draft.at(index + 1)
    comparative = draft.tokens[index].text == "较" and degree is not None and degree.text[0] in "多高大少低小"
    return comparative or draft.tokens[index].text in {"更", "更加"} or _is_last_year(draft, draft.after(index))


def _contrast_columns(draft: Draft) -> None:
    """年初预算和全年预算相差多少: two columns of the same rows."""
    fields = list(draft.indexes(Kind.FIELD))
    columns = [Column(draft.tokens[i].value(Kind.FIELD)) for i in fields]
    alike = len(set(columns)) == len(columns) == 2 and spec_of(columns[0]).type is spec_of(columns[1]).type
    if alike and _compares_columns(draft, fields, columns):
        return
    if not alike or not spec_of(columns[0]).type.numeric or not draft.has(Kind.HOW_MANY, Kind.DIFFERENCE, Kind.TIMES):
        return
    moves = list(draft.indexes(*_MORE))
    draft.use(*fields, *moves, *(i for i in draft.indexes(Kind.THAN)))
    down = any(draft.tokens[i].has(Kind.DECREASE) for i in moves)
    up = any(draft.tokens[i].has(Kind.INCREASE) for i in moves)
    draft.signed = -1 if down and not up else 1 if up and not down else 0
    times = list(draft.indexes(Kind.TIMES))
    draft.use(*times)
    contrast_sums(draft, columns[0], columns[1], Contrasting.RATIO if times else Contrasting.DIFFERENCE)


_LAST_YEARS = {Column.BUDGET: Column.PREVIOUS_BUDGET, Column.BUDGET_YEAR: Column.PREVIOUS_BUDGET}


def _times_last_year(draft: Draft, times: list[int]) -> bool:
    """预算是上年的几倍: the budget against that of the year before."""
    last = next((i for i in draft.indexes(Kind.LAST_YEAR) if i < times[0]), None)
    fields = [i for i in draft.indexes(Kind.FIELD) if last is not None and i < last]
    column = Column(draft.tokens[fields[-1]].value(Kind.FIELD)) if fields else None
    if last is None or column not in _LAST_YEARS:
        return False
    draft.use(*times, last, *fields[-1:])
    contrast_sums(draft, column, _LAST_YEARS[column], Contrasting.RATIO)
    return True


def _compares_columns(draft: Draft, fields: list[int], columns: list[Column]) -> bool:
    """全年预算比年初预算减少的项目: a condition on each project, no figure."""
    moves = [i for i in draft.indexes(Kind.INCREASE, Kind.DECREASE) if i > fields[-1]]
    thans = [i for i in draft.indexes(Kind.THAN) if fields[0] < i < fields[-1]]
    if len(moves) != 1 or not thans or draft.has(Kind.DIFFERENCE) or not _asks_projects(draft):
        return False
    if draft.is_at(draft.after(moves[0]), Kind.HOW_MANY):
        return False
    op = Op.LT if draft.tokens[moves[0]].has(Kind.DECREASE) else Op.GT
    draft.use(*thans)
    draft.add(Compare(column=columns[0], op=op, other=columns[1]), fields[0], moves[0])
    return True


def _side(draft: Draft, index: int) -> Side:
    token = draft.tokens[index]
    draft.use(index)
    if token.has(Kind.YEAR):
        year = token.value(Kind.YEAR)
        return Side(label=f"{year}年", conditions=(Compare(column=Column.YEAR, op=Op.EQ, value=year),))
    mention = next((s.mention for s in token.senses if s.mention), None)
    return Side(label=token.text, subjects=(mention,) if mention else ())


_SIDES = (Kind.PROJECT, Kind.UNIT, Kind.YEAR, Kind.POLICY, Kind.VALUE)


def _pair_around(draft: Draft, than: int) -> tuple[int, int] | None:
    for kind in _SIDES:
        left = [i for i in draft.indexes(kind) if i < than]
        right = [i for i in draft.indexes(kind) if i > than]
        if left and right:
            return left[-1], right[0]
    return None


def _pair_before(draft: Draft, index: int) -> tuple[int, int] | None:
    for kind in _SIDES:
        found = [i for i in draft.indexes(kind) if i < index]
        if len(found) == 2:
            return found[0], found[1]
    return None


def read_extremes(draft: Draft) -> None:
    """最高的和最低的相差多少, 最大的是最小的几倍: both ends of one order set against each other."""
    apart = list(draft.indexes(Kind.DIFFERENCE, Kind.TIMES, Kind.THAN))
    if len(draft.ranking) != 2 or not apart or draft.asked is not None:
        return
    times = any(draft.tokens[i].has(Kind.TIMES) for i in apart)
    draft.use(*apart, *draft.indexes(Kind.INCREASE, Kind.DECREASE))
    draft.asked = Asked.CONTRAST
    draft.contrasting = Contrasting.RATIO if times else Contrasting.DIFFERENCE
