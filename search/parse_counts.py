"""Conditions on how many: 指标超过10个, 引用了3份以上文件, 被多个项目引用."""

from __future__ import annotations

from decimal import Decimal

from graph.model import EntityType
from search.parse_draft import Draft
from search.parse_operators import find_operator
from search.plan import Number
from search.plan_terms import Op, Relation
from search.query import Kind

_COUNTED = {
    (EntityType.PROJECT, EntityType.INDICATOR): Relation.HAS_INDICATOR,
    (EntityType.PROJECT, EntityType.POLICY): Relation.CITES,
    (EntityType.PROJECT, EntityType.TASK): Relation.HAS_TASK,
    (EntityType.POLICY, EntityType.PROJECT): Relation.CITED_BY,
    (EntityType.UNIT, EntityType.PROJECT): Relation.RUNS,
}


def read_counts(draft: Draft, asked: EntityType) -> None:
    """指标超过10个, 引用了3份以上文件, 被2个以上项目引用, 没有引用任何文件."""
    for index in list(draft.indexes(Kind.NUMBER, Kind.MANY)):
        token = draft.tokens[index]
        if token.has(Kind.YEAR, Kind.MONEY, Kind.PERCENT, Kind.POINTS_VALUE, Kind.DATE):
            continue
        op, first, last = (Op.GE, index, index) if token.has(Kind.MANY) else find_operator(draft, index)
        if draft.is_at(draft.before(first), Kind.ONLY):  # 只被一个项目引用的
            op, first = op or Op.EQ, draft.before(first)
        if op is None and draft.is_at(index + 1, Kind.MEASURE_WORD) and asked.value in _nouns(draft, index + 2):
            draft.use(index)  # 三个项目: said of what is asked for, no condition
            continue
        found = _times_cited(draft, first, last, asked) or _counted(draft, first, last, asked, bare=op is None)
        if found is None:
            continue
        relation, edges = found
        if op is None:
            if not draft.is_at(index + 1, Kind.MEASURE_WORD) or (
                (draft.has(Kind.SUPERLATIVE) or _places(draft)) and not token.has(Kind.MANY)
            ):
                continue
            op = Op.EQ
        count = 2 if token.has(Kind.MANY) else int(Decimal(token.value(Kind.NUMBER)))
        draft.add(Number(relation=relation, op=op, count=count), min([first, *edges]), max([last, *edges]))
    for index in list(draft.indexes(Kind.ANY)):
        found = _counted(draft, index, index, asked, bare=False)
        if found is not None:
            relation, edges = found
            draft.add(Number(relation=relation, op=Op.GE, count=1), min([index, *edges]), max([index, *edges]))


def _times_cited(draft: Draft, first: int, last: int, asked: EntityType) -> tuple[Relation, list[int]] | None:
    """被引用了两次以上: by so many projects."""
    cited = draft.before(first, Kind.HAVE)
    times = any(draft.tokens[i].text in {"次", "回", "遍"} for i in range(first, last + 1)) or (
        (beside := draft.at(last + 1)) is not None and beside.text in {"次", "回", "遍"}
    )
    if asked is not EntityType.POLICY or not times or not draft.is_at(cited, Kind.CITED_OFTEN):
        return None
    return Relation.CITED_BY, [cited]


def _places(draft: Draft) -> bool:
    """前三名, 第二: places in an order; 份 and 个 alone are none."""
    return any(value not in ("ending", "lowest") for t in draft.tokens for value in t.values(Kind.PLACE))


def _nouns(draft: Draft, index: int) -> tuple[str, ...]:
    token = draft.at(index)
    return token.values(Kind.NOUN) if token is not None else ()


def _counted(
    draft: Draft, first: int, last: int, asked: EntityType, *, bare: bool
) -> tuple[Relation, list[int]] | None:
    """What is counted: the noun beside the number, if the thing asked for can have several of it."""
    after = draft.after(last, Kind.MEASURE_WORD, Kind.AFTER)
    before = draft.before(first, Kind.HAVE, Kind.CITE, Kind.COMPARE)
    for index in (after, before):
        token = draft.at(index)
        if token is None or index in draft.used or not token.has(Kind.NOUN):
            continue
        if bare and index == before:
            continue
        for value in token.values(Kind.NOUN):
            kind = EntityType(value)
            relation = _COUNTED.get((asked, kind)) or _COUNTED.get((EntityType.PROJECT, kind))
            if relation is None or (kind is asked and relation.starts is not asked):
                continue
            if index == after and any(draft.is_at(i, Kind.WHICH, Kind.HOW_MANY) for i in range(first - 1, after)):
                continue
            edges = [index]
            passing = index + 1 if index == after else index
            while draft.is_at(passing, Kind.CITE) and relation is Relation.CITED_BY:
                edges.append(passing)
                passing += 1
            cited = draft.before(min(index, first), Kind.HAVE)
            if draft.is_at(cited, Kind.CITE):
                edges.append(cited)
            return relation, edges
    return None
