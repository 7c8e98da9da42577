"""Words of weight that leave no trace in a plan: averages, sums, shares, orders, denials, 都 and 分别."""

from __future__ import annotations

from collections.abc import Iterator

from graph.model import EntityType
from search.answering_apart import parts_of
from search.faithful_words import NAME_KINDS, Words, columns_of
from search.plan import Calculate, Compare, Contrast, Either, Except, Has, Show
from search.plan_checks import GROUPS, Shape
from search.plan_contents import Contents, head_of
from search.plan_terms import Aggregate, Column, Contrasting
from search.query import How, Kind, Query, Token
from search.vocabulary import ColumnType, spec_of, words_of

_ABSENT = (*words_of("faithfulness", "absent", "funds"), *words_of("faithfulness", "absent", "persons"))
_SUMMING = frozenset(words_of("faithfulness", "summing", "words"))
_SOME = frozenset(words_of("faithfulness", "some", "words"))
_UNRELATED = words_of("faithfulness", "unrelated", "endings")
_JOINT = words_of("faithfulness", "joint", "always")
_ALL = frozenset(words_of("faithfulness", "joint", "before_verb"))
_DETERMINERS = frozenset(words_of("faithfulness", "joint", "determiners"))


def _absent(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """其他资金, 人均预算: no column of ours, and none that may stand for it."""
    if contents.by_topic:
        return
    yield from (w for w in _ABSENT if w in words.text and not words.named(w))
    for index, _ in words.of(Kind.OTHER):
        behind = words[index + 1]
        if behind is not None and behind.has(Kind.FIELD) and index in words.unread:
            yield words.span(index, index + 1)


def _averages(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """平均, 中位数: the plan reckons one, and of the things that the question means."""
    for kind, aggregate in ((Kind.AVERAGE, Aggregate.AVERAGE), (Kind.MEDIAN, Aggregate.MEDIAN)):
        for index, token in words.of(kind):
            one_score = token.has(Kind.FIELD) and contents.picked  # 某项目的平均分: the column itself
            if aggregate not in contents.aggregates and not one_score and not token.has(*NAME_KINDS):
                yield token.text
            each = words.nouns(words.after(index, Kind.EACH, Kind.MEASURE_WORD))
            reckoned = [s.column for s in contents.steps if isinstance(s, Calculate) and s.column is not None]
            said_each = words.has(Kind.EACH) or "每" in token.text
            if said_each and each and reckoned and all(c.kind not in each for c in reckoned):
                yield words.span(index, words.after(index, Kind.EACH, Kind.MEASURE_WORD))


def _sums(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """合计, 一共: where amounts of several things are listed, none of them is the sum."""
    end = contents.end
    one = [m for m in query.subjects if m.kind is Kind.PROJECT]
    adds = [t for _, t in words.of(Kind.SUM) if t.text in _SUMMING]
    piece = len(one) == len(query.subjects) == 1 and one[0].how is How.PARTIAL and len(one[0].ids) == 1
    if piece and adds:
        yield one[0].text  # 固定资产预算合计: a piece of one name, where several things are added up
    asked = sum(t.has(Kind.HOW_MANY) or t.text.startswith("多少") for t in words.said)
    if isinstance(end, Calculate) and end.column is None and asked > 1:
        yield from (token.text for token in adds)  # 有几个，合计多少: the count alone
    if not isinstance(end, Show) or _is_of_one(contents) or contents.ranks:
        return
    if not contents.by_topic and any(spec_of(c).type in (ColumnType.MONEY, ColumnType.SCORE) for c in contents.columns):
        yield from (token.text for token in adds)
    amounts = [c for c in end.columns if spec_of(c).type in (ColumnType.MONEY, ColumnType.RATE, ColumnType.SCORE)]
    if not amounts:
        return
    for _, token in words.of(Kind.SUM):
        if not token.has(Kind.FIELD, *NAME_KINDS):
            yield token.text


def _is_of_one(contents: Contents) -> bool:
    return any(len(pick.ids) == 1 for pick in contents.picked)


def _shares(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """占比, 百分之几, 几倍: a ratio is reckoned, or a column that is one is read."""
    hows = {step.how for step in contents.steps if isinstance(step, Contrast)}
    rates = Aggregate.SHARE in contents.aggregates or any(spec_of(c).type is ColumnType.RATE for c in contents.columns)
    for index, token in words.of(Kind.SHARE):
        moved = words[index - 1]
        adjusted = moved is not None and index and moved.has(Kind.ADJUSTED, Kind.INCREASE, Kind.DECREASE)
        growth = Contrasting.GROWTH in hows or Column.CHANGE_RATE in contents.columns
        if adjusted and not growth and moved is not None and not token.has(*NAME_KINDS):
            yield moved.text + token.text  # 调增比例: by how much, not which part
        elif not hows & _RATIOS and not rates and not token.has(Kind.FIELD, *NAME_KINDS):
            yield token.text
    for _, token in words.of(Kind.TIMES):
        if not hows & _RATIOS:
            yield token.text


_RATIOS = frozenset({Contrasting.SHARE, Contrasting.GROWTH, Contrasting.RATIO})


def _orders(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """最大, 前三: something is ranked, or an end is reckoned; and of what the word stands before."""
    if contents.by_topic and not contents.ranks:
        yield from (token.text for _, token in words.of(Kind.SUPERLATIVE, Kind.AFTER))
        return
    ends = {Aggregate.MAX, Aggregate.MIN} & contents.aggregates
    for _, token in words.of(Kind.SUPERLATIVE):
        if not contents.ranks and not ends and not token.has(*NAME_KINDS):
            yield token.text
    if any(group.aggregate is Aggregate.COUNT for group in contents.groups) and not _counts(words):
        yield from (t.text for _, t in words.of(Kind.SUPERLATIVE) if t.text[-1] in "高低大小" and not query.columns)
    if any((rank.first, rank.last) == (1, 1) for rank in contents.ranks):
        yield from (words.span(i, i + 1) for i, token in words.of(Kind.NUMBER) if _counts_things(words, i, token))
    for group in contents.groups:
        if group.measure is Column.CITATION_COUNT and group.relation is not None:
            yield from (t.text for i, t in enumerate(words.said) if EntityType.POLICY in words.nouns(i))
    heads = {head_of(group) for group in contents.groups}
    for ranking in query.ranking:
        if ranking.of is not None and heads and ranking.of not in heads and shape == GROUPS:
            yield from (token.text for _, token in words.of(Kind.SUPERLATIVE, Kind.SORT))


def _counts_things(words: Words, index: int, token: Token) -> bool:
    """三个项目: the number says how many things are wanted, and more than one is."""
    measure = words[index + 1]
    if token.value(Kind.NUMBER) in ("0", "1"):
        return False
    return measure is not None and measure.has(Kind.MEASURE_WORD) and bool(words.nouns(index + 2))


def _counts(words: Words) -> bool:
    """Something in the question is counted: 被引用次数最高."""
    counted = any(c.type is ColumnType.COUNT for t in words.said for c in map(spec_of, columns_of(t)))
    return counted or words.has(Kind.CITE, Kind.CITED_OFTEN, Kind.HOW_MANY, Kind.EACH, Kind.EACH_YEAR, Kind.GROUPED)


def _denials(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """A condition turned round twice: 既没有…也没有…; 无关 taken into a topic."""
    if any(isinstance(c, Except) and isinstance(c.part, Except) for c in contents.conditions):
        yield from (token.text for _, token in words.of(Kind.NOT))
    if query.topic is not None and query.topic.endswith(_UNRELATED):
        yield query.topic


def _joined(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """共同, 都: what must hold of all named does not hold of one or another."""
    if contents.shares:
        return
    either = any(_is_of_several(c) for c in contents.conditions)
    named = sum(m.kind in (Kind.UNIT, Kind.PROJECT, Kind.POLICY) for m in query.subjects)
    several = either or (contents.by_topic and named == 0 and _names_units(words) > 1)
    if several:
        yield from (w for w in _JOINT if w in words.text and not words.named(w))
    for index, token in enumerate(words.said):
        if token.text not in _ALL:
            continue
        verb, behind = words[index + 1], words[index + 2]
        if verb is None or verb.has(Kind.WHICH, Kind.WHO, Kind.HOW_MANY, Kind.LIST) or query.claim is not None:
            continue
        asks = behind is not None and behind.has(Kind.WHICH, Kind.WHO, Kind.HOW_MANY)
        if several and not asks and verb.has(Kind.HAVE, Kind.CITE, Kind.ROLE, Kind.BE, Kind.UNKNOWN):
            yield token.text
        before = words.said[:index]
        of_all = any(t.text in _DETERMINERS for t in before)
        ends = next((i for i in range(index + 1, len(words.said)) if words.said[i].has(Kind.DE)), None)
        if of_all and ends is not None and words.nouns(words.after(ends)) and any(t.has(Kind.NOUN) for t in before):
            yield token.text  # 所有项目都有的指标


def _names_units(words: Words) -> int:
    return sum(1 for _ in words.of(Kind.UNIT))


def _is_of_several(condition: object) -> bool:
    """One year or another, one unit or another."""
    if not isinstance(condition, Either):
        return False
    years = sum(isinstance(p, Compare) and p.column is Column.YEAR for p in condition.parts)
    units = sum(isinstance(p, Has) and p.relation.ends is EntityType.UNIT for p in condition.parts)
    return years > 1 or units > 1


def _alike(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """同一个, 相同: something is set beside another, or shared."""
    compared = any(isinstance(c, Compare) and c.other is not None for c in contents.conditions)
    moved = any(isinstance(c, Compare) and c.column in (Column.CHANGE, Column.CHANGE_RATE) for c in contents.conditions)
    if contents.shares or query.neighbours or query.common or query.claim or compared or moved:
        return
    two = sum(m.kind in (Kind.POLICY, Kind.UNIT, Kind.PROJECT) for m in query.subjects) > 1
    if two and query.yes_no:
        yield from (t.text for _, t in words.of(Kind.SAME, Kind.SHARED))


def _apart(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """分别: what is asked of several things named is not told in one heap."""
    if shape == GROUPS or not isinstance(contents.end, Show | Calculate) or parts_of(query, shape):
        return
    for kind, own in _APART.items():
        named = [m for m in query.subjects if m.kind is kind]
        if len(named) > 1 and shape is not own and not (own in (EntityType.PROJECT,) and shape is EntityType.INDICATOR):
            yield from (t.text for i, t in words.of(Kind.SEPARATELY) if not t.has(Kind.EACH) or i in words.unread)


_APART = {Kind.POLICY: EntityType.POLICY, Kind.PROJECT: EntityType.PROJECT, Kind.UNIT: EntityType.UNIT}


def _unread(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """Roles and comparisons that no rule took: 实施, 不同."""
    if contents.by_topic:
        return
    for index in sorted(words.unread):
        token = words.said[index]
        if token.text in _SOME and words.nouns(index + 1):
            yield words.span(index, index + 1)
        if token.has(Kind.OTHER) and not token.has(Kind.VALUE, Kind.FIELD):
            if (
                query.neighbours is None
                and not query.follows
                and not any(isinstance(c, Except) for c in contents.conditions)
            ):
                yield token.text
        elif (token.has(Kind.COMPARE) and token.has(Kind.EACH)) or token.only(Kind.ROLE):
            yield token.text


TRACES = (_absent, _averages, _shares, _orders, _denials, _joined, _alike, _apart)
UNREAD = (_sums, _unread)
