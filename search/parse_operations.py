"""What is to be done with the rows: rank, group, sum, average, set against each other."""

from __future__ import annotations

from decimal import Decimal

from graph.model import EntityType
from search.parse_draft import Draft
from search.plan import Aggregate, Column, Compare, Contrasting, Op, Relation
from search.query import Asked, Grouping, Kind, Mention, Ranking, Side, Token
from search.vocabulary import ColumnType, spec_of

_ROLE_GROUPS = {
    "declared_by": Relation.DECLARED_BY,
    "supervised_by": Relation.SUPERVISED_BY,
    "implemented_by": Relation.IMPLEMENTED_BY,
    "by_unit": Relation.BY_BEARER,
    "by_bearer": Relation.BY_BEARER,
}
_NOUN_COUNTS = {
    (EntityType.PROJECT, "Indicator"): Column.INDICATOR_COUNT,
    (EntityType.PROJECT, "PolicyDocument"): Column.CITATION_COUNT,
    (EntityType.PROJECT, "Task"): Column.TASK_COUNT,
    (EntityType.POLICY, "Project"): Column.CITED_COUNT,
    (EntityType.UNIT, "Project"): Column.PROJECT_COUNT,
}
_MORE = (Kind.INCREASE, Kind.DECREASE, Kind.CHANGE, Kind.DIFFERENCE)


# change against the year before -----------------------------------------------------------------------------


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
    moves = [i for i in draft.indexes(*_MORE) if not draft.is_at(i, Kind.WHICH) and _moves(draft, i)]
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
    superlative = next(iter(draft.indexes(Kind.SUPERLATIVE, Kind.PLACE)), None)
    if superlative is not None:
        _read_superlative(draft, superlative, column=column, flipped=draft.signed < 0)
        if draft.signed:
            op = Op.LT if draft.signed < 0 else Op.GT
            draft.add(Compare(column=Column.CHANGE, op=op, value="0"), superlative, superlative)
    elif draft.has(Kind.HOW_MANY) or not _asks_projects(draft):
        draft.columns.append(column)
    else:
        op = Op.GT if draft.signed > 0 else Op.LT if draft.signed < 0 else Op.NE
        if any(draft.tokens[i].text in {"持平", "不变"} for i in moves):
            op = Op.EQ
        at = moves[0] if moves else than or 0
        draft.add(Compare(column=Column.CHANGE, op=op, value="0"), at, at)


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


# ranking ----------------------------------------------------------------------------------------------------


def read_ranking(draft: Draft, asked: EntityType) -> None:
    """最大, 前三名, 第二高, 倒数第一, 按…从高到低."""
    for index in list(draft.indexes(Kind.SUPERLATIVE)):
        if index not in draft.used:
            _read_superlative(draft, index, asked=asked)
    for index in list(draft.indexes(Kind.PLACE)):
        if index not in draft.used and draft.tokens[index].value(Kind.PLACE) != "ending":
            _read_place(draft, index, asked)
    sorts = list(draft.indexes(Kind.SORT))
    if sorts and not draft.ranking:
        column = _ranked_column(draft, sorts[0], asked)
        if column is not None or draft.grouping is not None:
            descending = not any("asc" in draft.tokens[i].values(Kind.SORTS) for i in sorts)
            draft.ranking.append(Ranking(column=column, descending=descending))
    draft.use(*sorts)
    draft.use(*(i for i in draft.indexes(Kind.SORTS)))


def _read_superlative(
    draft: Draft,
    index: int,
    *,
    column: Column | None = None,
    asked: EntityType = EntityType.PROJECT,
    flipped: bool = False,
) -> None:
    token = draft.tokens[index]
    if token.has(Kind.PLACE) and not token.has(Kind.SUPERLATIVE):
        _read_place(draft, index, asked, column=column)
        return
    values = token.values(Kind.SUPERLATIVE)
    descending = "desc" in values
    last = 1
    number = draft.after(index)
    if draft.is_at(number, Kind.NUMBER) and not draft.is_at(number, Kind.MONEY, Kind.YEAR, Kind.PERCENT):
        last = int(Decimal(draft.tokens[number].value(Kind.NUMBER)))
        draft.use(number)
        draft.use(*(i for i in (number + 1,) if draft.is_at(i, Kind.MEASURE_WORD)))
    elif draft.is_at(index + 1, Kind.MANY):
        draft.use(index + 1)
    draft.use(index)
    if column is None:
        column = _ranked_column(draft, index, asked)
        flipped = flipped or (column in (Column.CHANGE, Column.CHANGE_RATE) and _speaks_of_less(draft, index))
        if flipped:
            draft.add(Compare(column=Column.CHANGE, op=Op.LT, value="0"), index, index)
    if column is None:
        column = _implied_column(draft, index, values)
    draft.ranking.append(
        Ranking(column=column, descending=descending != flipped, first=1, last=max(1, min(last, 1000)))
    )


def _speaks_of_less(draft: Draft, index: int) -> bool:
    """降幅, 减少额: the largest is the most negative."""
    near = (draft.at(draft.before(index)), draft.at(draft.after(index)))
    return any(t is not None and t.has(Kind.FIELD) and any(s in t.text for s in ("降", "减少")) for t in near)


def _implied_column(draft: Draft, index: int, values: tuple[str, ...]) -> Column | None:
    """最晚 and 最早 speak of dates, 最长 and 最短 of duration."""
    if "date_desc" in values or "date_asc" in values:
        near = [draft.at(draft.after(index)), draft.at(draft.before(index))]
        for token in near:
            if token is not None and token.has(Kind.END_HINT):
                draft.use(draft.tokens.index(token))
                return Column.END_DATE
        for token in near:
            if token is not None and token.has(Kind.START_HINT):
                draft.use(draft.tokens.index(token))
        return Column.START_DATE
    if "long_desc" in values or "long_asc" in values:
        return Column.DURATION
    return None


def _read_place(draft: Draft, index: int, asked: EntityType, *, column: Column | None = None) -> None:
    value = draft.tokens[index].value(Kind.PLACE)
    number = index + 1
    if not draft.is_at(number, Kind.NUMBER) or value == "ending":
        return
    places = max(1, min(1000, int(Decimal(draft.tokens[number].value(Kind.NUMBER)))))
    last_used = number
    lowest = value in ("last", "bottom")
    while draft.is_at(last_used + 1, Kind.PLACE, Kind.MEASURE_WORD) and not draft.is_at(last_used + 1, Kind.HAVE):
        token = draft.tokens[last_used + 1]
        if "lowest" in token.values(Kind.PLACE):
            lowest = not lowest
        elif "ending" not in token.values(Kind.PLACE) and not token.has(Kind.MEASURE_WORD):
            break
        last_used += 1
    draft.use_range(index, last_used)
    if column is None:
        column = _ranked_column(draft, index, asked) or _ranked_column(draft, last_used, asked)
    if column is None and asked is EntityType.PROJECT:
        column = Column.BUDGET
        draft.notes.append("没有写按什么排，按预算排")
    first = places if value in ("nth", "last") else 1
    asc = any(t.has(Kind.SUPERLATIVE) and "asc" in t.values(Kind.SUPERLATIVE) for t in draft.tokens)
    draft.ranking = [r for r in draft.ranking if r.column is not None and r.column is not column]
    draft.ranking.append(Ranking(column=column, descending=not (lowest or asc), first=first, last=places))


def _ranked_column(draft: Draft, index: int, asked: EntityType) -> Column | None:
    """The figure beside the word: a column, or how many of what a noun names."""
    before = draft.before(index, Kind.SORT, Kind.INCREASE, Kind.HAVE, Kind.THAN)
    after = draft.after(index, Kind.SORT, Kind.NUMBER, Kind.MEASURE_WORD)
    for at in (before, after):
        token = draft.at(at)
        if token is None or (at in draft.used and at != before):
            continue
        columns = [Column(v) for v in token.values(Kind.FIELD)]
        fitting = [
            c for c in columns if spec_of(c).type.numeric or spec_of(c).type in (ColumnType.DATE, ColumnType.QUANTITY)
        ]
        if fitting:
            draft.use(at)
            return _for_kind(fitting, asked)
    token = draft.at(before)
    if token is not None and token.has(Kind.CITED_OFTEN):
        draft.use(before)
        return Column.CITED_COUNT
    if token is not None and token.has(Kind.CITE) and before not in draft.used:
        noun = draft.at(draft.after(index))
        draft.use(before)
        if asked is EntityType.POLICY:
            return Column.CITED_COUNT
        if noun is not None and "PolicyDocument" in noun.values(Kind.NOUN):
            draft.use(draft.after(index))
        return Column.CITATION_COUNT
    for at in (before, after):
        noun = draft.at(at)
        for value in noun.values(Kind.NOUN) if noun is not None else ():
            column = _NOUN_COUNTS.get((asked, value))
            if column is not None and (at == before or value != asked.value):
                draft.use(at)
                cited = draft.before(at)
                if column is Column.CITATION_COUNT and draft.is_at(cited, Kind.CITE):
                    draft.use(cited)
                if column is Column.CITED_COUNT and draft.is_at(draft.after(at), Kind.CITE):
                    draft.use(draft.after(at))
                return column
    return None


def _for_kind(columns: list[Column], asked: EntityType) -> Column:
    chosen = next((c for c in columns if c.kind is asked), columns[0])
    if asked is EntityType.INDICATOR:
        return {
            Column.TOTAL_SCORE: Column.SCORE,
            Column.TARGET_TEXT: Column.TARGET_VALUE,
            Column.ACTUAL_TEXT: Column.ACTUAL_VALUE,
        }.get(chosen, chosen)
    return chosen


# grouping ---------------------------------------------------------------------------------------------------


def read_grouping(draft: Draft) -> None:
    """各年度, 按单位统计, 每个项目, …分布."""
    yearly = next(iter(draft.indexes(Kind.EACH_YEAR)), None)
    if yearly is not None:
        draft.use(yearly)
        draft.grouping = Grouping(column=Column.YEAR)
        _use_grouped_words(draft)
        return
    for index in list(draft.indexes(Kind.EACH)):
        key = draft.after(index, Kind.MEASURE_WORD)
        while key < len(draft) and draft.tokens[key].text == "个":
            key = draft.after(key)
        grouping = _key_at(draft, key)
        if grouping is None:
            continue
        if draft.tokens[index].text in {"按", "按照", "依", "依照", "分"} and _sorted_by(draft, key):
            continue
        draft.use(index, key)
        if draft.is_at(key + 1, Kind.NOUN) and "Project" in draft.tokens[key + 1].values(Kind.NOUN) and grouping.column:
            pass
        draft.grouping = grouping
        _use_grouped_words(draft)
        return
    for index in list(draft.indexes(Kind.GROUPED)):
        if draft.tokens[index].text == "分布":
            grouping = _key_at(draft, draft.before(index))
            if grouping is not None:
                draft.use(index, draft.before(index))
                draft.grouping = grouping
                return


def _use_grouped_words(draft: Draft) -> None:
    draft.use(*(i for i in draft.indexes(Kind.GROUPED) if not draft.is_at(i, Kind.LIST, Kind.SUM)))


def _sorted_by(draft: Draft, key: int) -> bool:
    return draft.is_at(draft.after(key), Kind.SORT) or (
        draft.is_at(key, Kind.FIELD)
        and draft.has(Kind.SORT)
        and spec_of(Column(draft.tokens[key].value(Kind.FIELD))).type.numeric
    )


def _key_at(draft: Draft, index: int) -> Grouping | None:
    token = draft.at(index)
    if token is None or index in draft.used:
        return None
    if token.has(Kind.ROLE) and not token.has(Kind.HAVE):
        return Grouping(relation=_ROLE_GROUPS[token.value(Kind.ROLE)])
    for value in token.values(Kind.NOUN):
        match value:
            case "Unit":
                supervised = token.text in {"部门"} and any("主管" in t.text for t in draft.tokens)
                return Grouping(relation=Relation.SUPERVISED_BY if supervised else Relation.BY_BEARER)
            case "Project":
                return Grouping(column=Column.NAME)
            case "PolicyDocument":
                return Grouping(relation=Relation.CITES)
            case "Indicator":
                return Grouping(column=Column.LEVEL3)
    for value in token.values(Kind.FIELD):
        column = Column(value)
        if spec_of(column).type in (ColumnType.TEXT, ColumnType.INTEGER, ColumnType.BOOLEAN):
            return Grouping(column=column)
    if token.has(Kind.FORM):
        return Grouping(column=Column.DOCUMENT_TYPE)
    if token.has(Kind.BOOLEAN):
        return Grouping(column=Column.GOVERNMENT_PROCUREMENT)
    return None


# aggregates and contrasts -----------------------------------------------------------------------------------


def read_aggregates(draft: Draft) -> None:
    """合计, 平均, 中位数, 占比."""
    for kind, aggregate in (
        (Kind.AVERAGE, Aggregate.AVERAGE),
        (Kind.MEDIAN, Aggregate.MEDIAN),
        (Kind.SUM, Aggregate.SUM),
    ):
        indexes = list(draft.indexes(kind))
        if indexes and draft.aggregate is None:
            draft.aggregate = aggregate
        draft.use(*indexes)


def read_contrast(draft: Draft) -> None:
    """A比B多多少, A和B相差多少, A占B的比例: two sides told apart by names or years of one kind."""
    than = next((i for i in draft.indexes(Kind.THAN) if not _is_more(draft, i)), None)
    apart = next(iter(draft.indexes(Kind.DIFFERENCE)), None)
    if than is None and apart is None:
        return
    pair = _pair_around(draft, than) if than is not None else _pair_before(draft, apart if apart is not None else 0)
    if pair is None and than is not None:
        pair = _pair_before(draft, len(draft))
    if pair is None:
        _contrast_columns(draft)
        return
    moves = [i for i in draft.indexes(*_MORE)]
    if than is not None:
        draft.use(than)
    draft.use(*moves, *(i for i in draft.indexes(Kind.SEPARATELY)))
    draft.use(*(i for i in draft.indexes(Kind.EXIST, Kind.BE)))
    down = any(draft.tokens[i].has(Kind.DECREASE) for i in moves)
    up = any(draft.tokens[i].has(Kind.INCREASE) for i in moves)
    draft.signed = -1 if down and not up else 1 if up and not down else 0
    growth = any("project.change_rate" in t.values(Kind.FIELD) for t in draft.tokens) or draft.has(Kind.SHARE)
    draft.use(*(i for i in draft.indexes(Kind.SHARE)))
    draft.contrasting = Contrasting.GROWTH if growth else Contrasting.DIFFERENCE
    draft.asked = Asked.CONTRAST
    for index in pair:
        draft.sides.append(_side(draft, index))


def _is_more(draft: Draft, index: int) -> bool:
    return draft.tokens[index].text in {"更", "更加"} or _is_last_year(draft, draft.after(index))


def _contrast_columns(draft: Draft) -> None:
    """年初预算和全年预算相差多少: two columns of the same rows."""
    fields = [i for i in draft.indexes(Kind.FIELD)]
    columns = [Column(draft.tokens[i].value(Kind.FIELD)) for i in fields]
    alike = len(columns) == 2 and spec_of(columns[0]).type is spec_of(columns[1]).type
    if not alike or not spec_of(columns[0]).type.numeric or not draft.has(Kind.HOW_MANY, Kind.DIFFERENCE):
        return
    moves = list(draft.indexes(*_MORE))
    draft.use(*fields, *moves, *(i for i in draft.indexes(Kind.THAN)))
    down = any(draft.tokens[i].has(Kind.DECREASE) for i in moves)
    up = any(draft.tokens[i].has(Kind.INCREASE) for i in moves)
    draft.signed = -1 if down and not up else 1 if up and not down else 0
    draft.contrasting, draft.asked = Contrasting.DIFFERENCE, Asked.CONTRAST
    draft.sides.extend(Side(label=spec_of(column).label, column=column) for column in columns)


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


def read_share(draft: Draft) -> None:
    """…占比多少, …占全部的百分之几: what was said before against all; set out when the conditions are known."""
    if draft.asked is Asked.CONTRAST or draft.contrasting is not None:
        return
    indexes = [i for i in draft.indexes(Kind.SHARE)]
    if not indexes:
        return
    draft.use(*indexes)
    draft.asked, draft.contrasting = Asked.CONTRAST, Contrasting.SHARE
    draft.share_at = indexes[0]


def read_choice(draft: Draft) -> None:
    """A和B哪个预算高: the larger or smaller of two named."""
    words = [
        i
        for i in draft.indexes(Kind.INCREASE, Kind.DECREASE)
        if draft.tokens[i].text in {"多", "高", "大", "少", "低", "小"}
    ]
    choosing = draft.has(Kind.WHICH, Kind.WHO) or any(t.text.startswith("哪") for t in draft.tokens)
    if not words or not choosing or draft.has(Kind.HOW_MANY):
        return
    named: list[Mention] = [m for i in draft.indexes(Kind.PROJECT) if (m := draft.tokens[i].mention(Kind.PROJECT))]
    units = list(draft.indexes(Kind.UNIT))
    years = list(draft.indexes(Kind.YEAR))
    plain = any("Project" in t.values(Kind.NOUN) for t in draft.tokens)
    if len(named) < 2 and len(units) < 2 and len(years) < 2 and not plain:
        return
    asked = EntityType.PROJECT
    column = _ranked_column(draft, words[-1], asked)
    draft.use(*words, *(i for i in draft.indexes(Kind.THAN) if draft.tokens[i].text in {"更", "更加"}))
    if len(named) < 2 and (len(units) >= 2 or len(years) >= 2):
        draft.grouping = Grouping(relation=Relation.BY_UNIT) if len(units) >= 2 else Grouping(column=Column.YEAR)
        if column is not None and column not in (Column.PROJECT_COUNT,):
            draft.columns.append(column)
            draft.aggregate = draft.aggregate or Aggregate.SUM
        column = None
    descending = not draft.tokens[words[-1]].has(Kind.DECREASE)
    draft.ranking.append(Ranking(column=column, descending=descending, first=1, last=1))
