"""Order in questions: the largest, the first three, the second, sorted by, which of the two."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from graph.model import EntityType
from search.parse_draft import Draft
from search.parse_kind import noun_kind
from search.plan import Compare
from search.plan_terms import Aggregate, Column, Contrasting, Op, Relation
from search.query import Asked, Grouping, Kind, Mention, Ranking, Side
from search.vocabulary import ColumnType, spec_of

_NOUN_COUNTS = {
    (EntityType.PROJECT, "Indicator"): Column.INDICATOR_COUNT,
    (EntityType.PROJECT, "PolicyDocument"): Column.CITATION_COUNT,
    (EntityType.PROJECT, "Task"): Column.TASK_COUNT,
    (EntityType.POLICY, "Project"): Column.CITED_COUNT,
    (EntityType.UNIT, "Project"): Column.PROJECT_COUNT,
    (EntityType.UNIT, "PolicyDocument"): Column.CITATION_COUNT,
    (EntityType.UNIT, "Indicator"): Column.INDICATOR_COUNT,
}


def read_ranking(draft: Draft, asked: EntityType) -> None:
    """最大, 前三名, 第二高, 倒数第一, 按…从高到低."""
    for index in list(draft.indexes(Kind.SUPERLATIVE)):
        if index not in draft.used:
            read_superlative(draft, index, asked=asked)
    for index in list(draft.indexes(Kind.PLACE)):
        if index not in draft.used and draft.tokens[index].value(Kind.PLACE) != "ending":
            _read_place(draft, index, asked)
    _read_number_asked(draft)
    sorts = list(draft.indexes(Kind.SORT))
    if sorts and not draft.ranking:
        column = _ranked_column(draft, sorts[0], asked)
        if column is not None or draft.grouping is not None:
            descending = not any("asc" in draft.tokens[i].values(Kind.SORTS) for i in sorts)
            draft.ranking.append(Ranking(column=column, descending=descending))
    draft.use(*sorts)
    draft.use(*(i for i in draft.indexes(Kind.SORTS)))


def _read_number_asked(draft: Draft) -> None:
    """最高的是哪两个, 前两名是哪两个: how many are wanted, said once or twice."""
    for index in [i for i, token in enumerate(draft.tokens) if token.has(Kind.NUMBER)]:
        if not draft.is_at(index - 1, Kind.WHICH) or not draft.is_at(index + 1, Kind.MEASURE_WORD):
            continue
        places = int(Decimal(draft.tokens[index].value(Kind.NUMBER)))
        draft.use(index, index + 1)
        if draft.ranking and draft.ranking[-1].last == 1 and draft.ranking[-1].first == 1:
            draft.ranking[-1] = replace(draft.ranking[-1], last=max(1, min(places, 1000)))


def read_superlative(
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
    if draft.is_at(number, Kind.END_HINT, Kind.START_HINT):  # 最早完成的三个
        number = draft.after(number)
    placed = number if draft.is_at(number, Kind.PLACE) else number - 1
    if draft.is_at(placed, Kind.PLACE) and draft.is_at(placed + 1, Kind.NUMBER) and placed > index:
        place = draft.tokens[placed].value(Kind.PLACE)
        if place == "first" or (place == "bottom" and not descending):  # 最多的前2个, 最低的后两名
            number = placed + 1
            draft.use(placed)
        elif place == "bottom":  # 最高的后两名
            draft.unknown.append(draft.text_of([index, placed + 1]))
    if draft.is_at(number, Kind.NUMBER) and not draft.is_at(number, Kind.MONEY, Kind.YEAR, Kind.PERCENT):
        last = int(Decimal(draft.tokens[number].value(Kind.NUMBER)))
        draft.use(number)
        draft.use(*(i for i in (number + 1,) if draft.is_at(i, Kind.MEASURE_WORD)))
    elif draft.is_at(index + 1, Kind.MANY):
        draft.use(index + 1)
    draft.use(index)
    head = _head_of(draft, index)
    if column is None:
        column = _ranked_column(draft, index, head or asked)
        signed = column in (Column.CHANGE, Column.CHANGE_RATE, Column.ADJUSTMENT)
        flipped = flipped or (signed and _speaks_of_less(draft, index))
        if flipped:
            moved = Column.ADJUSTMENT if column is Column.ADJUSTMENT else Column.CHANGE
            draft.add(Compare(column=moved, op=Op.LT, value="0"), index, index)
    if column is None:
        column = _implied_column(draft, index, values)
    draft.ranking.append(
        Ranking(column=column, descending=descending != flipped, first=1, last=max(1, min(last, 1000)), of=head)
    )


def _head_of(draft: Draft, index: int) -> EntityType | None:
    """What the word of order says something about: 预算最大的(三个)项目."""
    return noun_kind(draft, draft.after(index, Kind.NUMBER, Kind.MEASURE_WORD, Kind.MANY, Kind.YEAR, Kind.PLACE))


def settle_order(draft: Draft, kind: EntityType) -> Ranking | None:
    """Bring words of order together, once the kind asked for is known.

    The order that narrows things of another kind than asked for is given back; two orders at once that are not the
    two ends of one are not understood.
    """
    draft.ranking = _in_one(draft.ranking)
    ends = [r for r in draft.ranking if r.last is not None]
    if len(ends) > 1:
        columns = {r.column for r in ends if r.column is not None}
        opposite = len(ends) == 2 and {r.descending for r in ends} == {True, False} and ends[0].last == ends[1].last
        if len(columns) > 1 or not opposite:
            draft.unknown.append("两种排序")
            return None
        of = next((r.of for r in ends if r.of), None)
        column = next(iter(columns), None)
        draft.ranking = [Ranking(column=column, first=1, last=ends[0].last, both_ends=True, of=of)]
    if not draft.ranking:
        return None
    ranking = draft.ranking[0]
    figures = [c for c in draft.columns if spec_of(c).type.numeric]
    if ranking.column is None and ranking.of is kind is EntityType.PROJECT and len(figures) == 1:
        ranking = replace(ranking, column=figures[0])  # 排名最后的项目得分是多少
        draft.ranking = [ranking]
    if draft.asked is Asked.CONTRAST:
        _contrast_ends(draft, ranking)
        return None
    beyond = ranking.of is not None and ranking.of is not kind and draft.grouping is None
    rows_wanted = draft.asked in (Asked.ITEMS, Asked.VALUES, Asked.GROUPS, Asked.YES_NO)
    if not beyond and (rows_wanted or ranking.last is None):
        return None
    draft.ranking = []
    if EntityType.POLICY in (ranking.of, kind):
        draft.use(*draft.indexes(Kind.CITE, Kind.CITED_OFTEN))
    return ranking if ranking.of else replace(ranking, of=kind)


def _in_one(rankings: list[Ranking]) -> list[Ranking]:
    """第二名和第三名: places that follow one another."""
    if len(rankings) < 2 or any(r.last is None for r in rankings):
        return rankings
    ordered = sorted(rankings, key=lambda r: r.first)
    heads = {r.of for r in rankings if r.of is not None}
    alike = len({(r.column, r.descending) for r in rankings}) == 1 and len(heads) < 2
    if not alike or any(b.first != (a.last or 0) + 1 for a, b in pairwise(ordered)):
        return rankings
    return [replace(ordered[0], last=ordered[-1].last, of=next(iter(heads), None))]


def _contrast_ends(draft: Draft, ranking: Ranking) -> None:
    """The largest against the smallest, or the largest of one side against that of the other."""
    column = ranking.column or next((c for c in draft.columns if spec_of(c).type.numeric), None)
    draft.ranking = []
    if column is None or column.kind is not EntityType.PROJECT or ranking.last != 1:
        draft.unknown.append("两种排序")
        return
    draft.columns = [column]
    if draft.contrasting is Contrasting.SHARE:  # 预算最大的项目占全部的比例
        end = Aggregate.MAX if ranking.descending else Aggregate.MIN
        draft.sides = [replace(draft.sides[0], aggregate=end), *draft.sides[1:]]
        return
    if ranking.both_ends and not draft.sides:
        draft.sides = [Side(label="最高", aggregate=Aggregate.MAX), Side(label="最低", aggregate=Aggregate.MIN)]
    elif draft.sides and not ranking.both_ends:
        draft.aggregate = Aggregate.MAX if ranking.descending else Aggregate.MIN
    else:
        draft.unknown.append("两种排序")


def _speaks_of_less(draft: Draft, index: int) -> bool:
    """降幅, 减少额: the largest is the most negative."""
    near = (draft.at(draft.before(index)), draft.at(draft.after(index)))
    return any(
        t is not None and t.has(Kind.FIELD) and any(s in t.text for s in "降减跌缩") and "增" not in t.text
        for t in near
    )


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
    named = draft.at(draft.before(index))
    if named is not None and named.has(Kind.ABOUT_NAME):
        draft.unknown.append(named.text + draft.tokens[index].text)  # 名称最长的: no figure of ours
        return None
    if "long_desc" in values or "long_asc" in values:
        return Column.DURATION
    if "money_desc" in values or "money_asc" in values:
        return Column.BUDGET
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
    until = _read_until(draft, last_used + 1) if value == "nth" else None
    if until is not None:
        places_until, last_used = until
    draft.use_range(index, last_used)
    head = _head_of(draft, last_used)
    asked = head or asked
    if column is None:
        column = _ranked_column(draft, index, asked) or _ranked_column(draft, last_used, asked)
    if column is None and draft.ranking:  # 得分第二名和第三名
        column = draft.ranking[-1].column
    if column is None and asked is EntityType.PROJECT:
        column = Column.BUDGET
        draft.notes.append("没有写按什么排，按预算排")
    asc = any(t.has(Kind.SUPERLATIVE) and "asc" in t.values(Kind.SUPERLATIVE) for t in draft.tokens)
    first = places if value in ("nth", "last") else 1
    others = [r for r in draft.ranking if r.column is not None]
    draft.ranking = [r for r in others if r.column is not column or r.first > 1 or first > 1]
    last = max(places, places_until) if until is not None else places
    draft.ranking.append(Ranking(column=column, descending=not (lowest or asc), first=first, last=last, of=head))


def _read_until(draft: Draft, index: int) -> tuple[int, int] | None:
    """第三(名)到第五名: the last place, and the last token that says it."""
    number = index + 1
    if draft.is_at(number, Kind.PLACE) and "nth" in draft.tokens[number].values(Kind.PLACE):
        number += 1
    linked = draft.is_at(index, Kind.BETWEEN) and "middle" in draft.tokens[index].values(Kind.BETWEEN)
    if not linked or draft.tokens[index].text in {"和", "与", "及"} or not draft.is_at(number, Kind.NUMBER):
        return None
    last = number + 1 if draft.is_at(number + 1, Kind.MEASURE_WORD, Kind.PLACE) else number
    return int(Decimal(draft.tokens[number].value(Kind.NUMBER))), last


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


_MORE_OR_LESS = frozenset({"多", "高", "大", "少", "低", "小"})


def read_choice(draft: Draft) -> None:
    """A和B哪个预算高: the larger or smaller of two named."""
    words = [
        i
        for i in draft.indexes(Kind.INCREASE, Kind.DECREASE, Kind.PLACE)
        if draft.tokens[i].text in _MORE_OR_LESS
        or (draft.tokens[i].text.removesuffix("的") in _MORE_OR_LESS and draft.is_at(i - 1, Kind.THAN))
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
    draft.use(*words, *(i for i in draft.indexes(Kind.THAN) if draft.tokens[i].text in {"更", "更加", "较"}))
    if len(named) < 2 and (len(units) >= 2 or len(years) >= 2):
        draft.grouping = Grouping(relation=Relation.BY_UNIT) if len(units) >= 2 else Grouping(column=Column.YEAR)
        if column is not None and column not in (Column.PROJECT_COUNT,):
            draft.columns.append(column)
        column = None
    descending = draft.tokens[words[-1]].text[0] not in "少低小"
    draft.ranking.append(Ranking(column=column, descending=descending, first=1, last=1))
