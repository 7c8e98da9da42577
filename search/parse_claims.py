"""What a yes-or-no question holds to be so: that a thing named stands first, that all are such, that there are so many.

The thing or condition claimed is taken out of the scope, which it would narrow to itself.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from graph.model import EntityType
from search.parse_combining import combine
from search.parse_draft import Draft, Found
from search.parse_kind import noun_kind
from search.parse_operators import find_operator
from search.plan import Condition, Except, Has, Number
from search.plan_terms import Column, Op, Relation
from search.query import Asked, Claim, Kind, Mention, columns_within, kind_of
from search.vocabulary import spec_of, words_of

_NAMED = {
    EntityType.PROJECT: Kind.PROJECT,
    EntityType.UNIT: Kind.UNIT,
    EntityType.POLICY: Kind.POLICY,
    EntityType.INDICATOR: Kind.INDICATOR,
}

_ALL = frozenset(words_of("faithfulness", "joint", "before_verb"))
_DETERMINERS = frozenset(words_of("faithfulness", "joint", "determiners"))


def read_claims(draft: Draft, kind: EntityType) -> None:
    """X是预算最大的项目吗, 所有项目都…吗, 是不是有三个项目."""
    if not draft.yes_no or draft.topic is not None or draft.asked in (Asked.PATH, Asked.CONTRAST, Asked.MEANING):
        return
    if draft.ranking:
        if not _claim_order(draft, draft.kind or kind):
            _claim_of_first(draft)
    elif not _claim_count(draft, kind) and not _claim_all(draft, draft.kind or kind):
        _claim_of_one(draft, kind)


def _claim_order(draft: Draft, kind: EntityType) -> bool:
    ranking = draft.ranking[0]
    ranked = ranking.of or (ranking.column.kind if ranking.column is not None and kind not in _NAMED else kind)
    named = [pair for pair in draft.subjects if pair[1].kind is _NAMED.get(ranked)]
    if not named or ranking.last is None or any(mention.rivals for _, mention in named):
        return False
    figures = [column for column in draft.columns if spec_of(column).type.numeric]
    if ranking.column is None and len(figures) == 1:
        draft.ranking[0] = replace(ranking, column=figures[0])  # X的预算是不是最高的
    draft.subjects = [pair for pair in draft.subjects if pair not in named]
    indexes = {index for index, _ in named}
    draft.found = [f for f in draft.found if not (_is_name(f.condition, ranked) and _covers(f, indexes))]
    draft.claim = Claim(leads=tuple(_with_family(draft, mention) for _, mention in named))
    draft.asked, draft.kind, draft.columns = Asked.ITEMS, ranked, []
    draft.neighbours, draft.yes_no = None, False
    return True


def _claim_of_first(draft: Draft) -> None:
    """预算最大的项目有没有引用预算法: what is said behind 有没有 is claimed of the first, it does not choose it."""
    asked = next((i for i, t in enumerate(draft.tokens) if t.has(Kind.EXIST)), len(draft))
    said = [f for f in draft.found if f.first > asked or f.first <= asked <= f.last]
    kind = draft.ranking[0].of
    if kind is None or not said or any(kind_of(f.condition) is not kind for f in said):
        return
    _claim_every(draft, said, kind)


def _claim_of_one(draft: Draft, kind: EntityType) -> None:
    """X是管委会申报的吗: what is said of the one project named."""
    named = [mention for _, mention in draft.subjects if mention.kind is Kind.PROJECT]
    plain = draft.asked in (None, Asked.ITEMS) and not draft.columns and not draft.follows and not draft.neighbours
    if len(named) != 1 or kind is not EntityType.PROJECT or not plain or draft.unknown or draft.missing:
        return
    linked = [f for f in draft.found if isinstance(f.condition, Has | Except)]
    if linked and all(kind_of(f.condition) is kind for f in draft.found) and len(named[0].ids) == 1:
        draft.claim = Claim(leads=tuple(named), every=combine(draft, draft.found))
        draft.yes_no = False


def _claim_every(draft: Draft, said: list[Found], kind: EntityType) -> None:
    draft.found = [f for f in draft.found if f not in said]
    every = combine(draft, said)
    draft.claim = Claim(every=every)
    columns = dict.fromkeys(c for condition in every for c in columns_within(condition) if c.kind is kind)
    draft.asked, draft.kind, draft.columns, draft.yes_no = Asked.ITEMS, kind, list(columns), False
    draft.neighbours, draft.common = None, False


def _with_family(draft: Draft, mention: Mention) -> Mention:
    """A unit claimed to stand first stands there under any of its names."""
    return replace(mention, ids=draft.names.family(mention.ids)) if mention.kind is Kind.UNIT else mention


def _is_name(condition: Condition, ranked: EntityType) -> bool:
    if ranked is EntityType.INDICATOR:
        return Column.LEVEL3 in columns_within(condition)
    return isinstance(condition, Has) and condition.relation.ends is ranked and bool(condition.ids)


def _covers(found: Found, indexes: set[int]) -> bool:
    return any(found.first <= index <= found.last for index in indexes)


def _claim_count(draft: Draft, kind: EntityType) -> bool:
    """被两个项目引用吗, 项目数是不是20个: a number that no condition took."""
    _free_numbers(draft)
    for index, token in enumerate(draft.tokens):
        plain = token.has(Kind.NUMBER) and not token.has(Kind.YEAR, Kind.MONEY, Kind.PERCENT, Kind.POINTS_VALUE)
        if not plain or not draft.is_at(index + 1, Kind.MEASURE_WORD) or _is_said(draft, index):
            continue
        counted = noun_kind(draft, draft.after(index, Kind.MEASURE_WORD, Kind.AFTER)) or _counted_before(draft, index)
        if counted is None or counted not in (kind, draft.kind, EntityType.PROJECT, EntityType.INDICATOR):
            continue
        op, first, last = find_operator(draft, index)
        draft.use_range(first, max(last, index + 1))
        draft.use(*(i for i in draft.indexes(Kind.FIELD) if _counts(draft, i)), *draft.indexes(Kind.ONLY))
        draft.claim = Claim(count=(op or Op.EQ, int(Decimal(token.value(Kind.NUMBER)))))
        draft.asked, draft.kind, draft.columns, draft.yes_no = Asked.COUNT, counted, [], False
        return True
    return False


def _free_numbers(draft: Draft) -> None:
    """18号文只被一个项目引用吗: so many projects that cite the one document, not projects that cite so many."""
    if not any(mention.kind is Kind.POLICY for _, mention in draft.subjects):
        return
    for found in list(draft.found):
        match found.condition:
            case Number(relation=Relation.CITES) if _speaks_of_projects(draft, found):
                draft.found.remove(found)


def _speaks_of_projects(draft: Draft, found: Found) -> bool:
    numbers = [i for i in range(found.first, found.last + 1) if draft.is_at(i, Kind.NUMBER)]
    return any(noun_kind(draft, draft.after(i, Kind.MEASURE_WORD, Kind.AFTER)) is EntityType.PROJECT for i in numbers)


def _is_said(draft: Draft, index: int) -> bool:
    return any(f.first <= index <= f.last for f in draft.found) or any(r.last not in (None, 1) for r in draft.ranking)


_COUNTS = {
    Column.PROJECT_COUNT: EntityType.PROJECT,
    Column.INDICATOR_COUNT: EntityType.INDICATOR,
    Column.CITATION_COUNT: EntityType.POLICY,
    Column.TASK_COUNT: EntityType.TASK,
}


def _counts(draft: Draft, index: int) -> bool:
    return any(Column(value) in _COUNTS for value in draft.tokens[index].values(Kind.FIELD))


def _counted_before(draft: Draft, index: int) -> EntityType | None:
    """指标数是不是20个, 项目有20个吗: what is counted stands before the number."""
    if draft.after(index + 1, Kind.EXIST) < len(draft):
        return None
    before = draft.before(index, Kind.BE, Kind.EXIST, Kind.HAVE, Kind.COMPARE, Kind.SUM)
    token = draft.at(before)
    for value in token.values(Kind.FIELD) if token is not None else ():
        if Column(value) in _COUNTS:
            return _COUNTS[Column(value)]
    return noun_kind(draft, before)


def _claim_all(draft: Draft, kind: EntityType) -> bool:
    pivot = _pivot(draft)
    if pivot is None:
        return False
    said = [f for f in draft.found if f.last > pivot]
    kind = next((k for i in range(pivot, -1, -1) if (k := noun_kind(draft, i)) is not None), kind)
    if kind is EntityType.PROJECT and draft.is_at(draft.after(pivot), Kind.HAVE):  # 每个项目都有满意度指标
        said = [_owned(f) if kind_of(f.condition) is EntityType.INDICATOR else f for f in said]
        draft.found = [f for f in draft.found if f.last <= pivot]
    if not said or any(kind_of(f.condition) is not kind for f in said):
        draft.unknown.append(draft.tokens[pivot].text)
    else:
        _claim_every(draft, said, kind)
    return True


def _owned(found: Found) -> Found:
    return Found(
        condition=Has(relation=Relation.HAS_INDICATOR, where=found.condition), first=found.first, last=found.last
    )


def _pivot(draft: Draft) -> int | None:
    """The word behind which stands what is said of all: 都; or 是否 and 吗 where 所有 stands before."""
    for index in range(len(draft) - 1, -1, -1):
        token = draft.tokens[index]
        if token.text in _ALL and _is_subject(draft, index):
            return index
    named = [i for i, t in enumerate(draft.tokens) if t.text in _DETERMINERS]
    for index in named:
        noun = next((i for i in range(index + 1, len(draft)) if draft.is_at(i, Kind.NOUN)), None)
        if noun is None:
            return index  # 指标全部达标了吗
        asked = [i for i in range(noun, len(draft)) if draft.is_at(i, Kind.EXIST)]
        if asked:
            return max(noun, asked[0]) if draft.tokens[asked[0]].text != "吗" else noun
    return None


def _is_subject(draft: Draft, index: int) -> bool:
    """Something stands before 都 of which there can be several."""
    return any(
        draft.is_at(i, Kind.NOUN, Kind.PROJECT, Kind.UNIT, Kind.INDICATOR, Kind.FIELD, Kind.POLICY)
        for i in range(index)
    )
