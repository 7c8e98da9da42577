"""Groups and aggregates in questions: each year, by unit, altogether, on average."""

from __future__ import annotations

from graph.model import EntityType
from search.parse_draft import Draft
from search.parse_kind import noun_kind
from search.parse_roles import unit_columns
from search.plan import Compare, Has
from search.plan_terms import Aggregate, Column, Op, Relation
from search.query import Asked, Grouping, Kind
from search.vocabulary import ColumnType, spec_of

_ROLE_GROUPS = {
    "declared_by": Relation.DECLARED_BY,
    "supervised_by": Relation.SUPERVISED_BY,
    "implemented_by": Relation.IMPLEMENTED_BY,
    "by_unit": Relation.BY_BEARER,
    "by_bearer": Relation.BY_BEARER,
}


def read_grouping(draft: Draft) -> None:
    """各年度, 按单位统计, 每个项目, …分布."""
    yearly = next(iter(draft.indexes(Kind.EACH_YEAR)), None)
    if yearly is not None:
        draft.use(yearly)
        draft.grouping = Grouping(column=Column.YEAR)
        _use_grouped_words(draft)
        return
    for index in list(draft.indexes(Kind.EACH)):
        if draft.is_at(index, Kind.COMPARE) and draft.is_at(draft.before(index), Kind.FIELD, Kind.ROLE):
            continue  # 年初预算与全年预算不同的
        key = draft.after(index, Kind.MEASURE_WORD)
        while key < len(draft) and draft.tokens[key].text == "个":
            key = draft.after(key)
        grouping = _key_at(draft, key)
        if grouping is None:
            continue
        if (
            grouping.column is Column.NAME
            and not draft.has(Kind.SHARE)
            and (draft.has(Kind.SUM, Kind.AVERAGE, Kind.MEDIAN) or _totals(draft))
        ):  # 各项目一共: the projects taken together
            draft.use(index)
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
        draft.use(*(i for i in indexes if not draft.is_at(i, Kind.FIELD)))  # 平均分 is a column too
    if draft.aggregate is None and _totals(draft):
        draft.aggregate = Aggregate.SUM


def _totals(draft: Draft) -> bool:
    """预算总额, 执行总额: the word of the column asks for the sum."""
    return any(token.has(Kind.FIELD) and token.text.endswith(("总额", "总数")) for token in draft.tokens)


def group_by_asked(draft: Draft, columns: list[Column]) -> list[Column]:
    """哪一年的项目最多, 哪个类别预算最大: the column asked for is the key of groups, ranked by the figure."""
    if any(r.of is EntityType.PROJECT for r in draft.ranking):
        return columns  # 指标最多的项目是哪一年的: a column of the project that ranks first
    for index, token in enumerate(draft.tokens):
        which = draft.before(index, Kind.MEASURE_WORD)
        apart = any(draft.is_at(i, Kind.STOP) for i in range(which, index))  # …是哪个（全部年度）
        asked = token.text.startswith("哪") or (draft.is_at(which, Kind.WHICH) and not apart)
        for value in token.values(Kind.FIELD) if asked else ():
            column = Column(value)
            key = column.kind in (EntityType.PROJECT, EntityType.INDICATOR)
            if key and spec_of(column).type in (ColumnType.TEXT, ColumnType.INTEGER):
                draft.grouping = Grouping(column=column)
                measured = [r.column for r in draft.ranking if r.column is not None]
                draft.columns = [c for c in measured if c.kind is EntityType.PROJECT]
                return []
    return columns


def read_separate_counts(draft: Draft) -> None:
    """2023年和2024年分别有多少, 含和不含的各有多少: values of one column counted apart."""
    words = list(draft.indexes(Kind.SEPARATELY))
    if not words or draft.grouping is not None or draft.asked is not None or draft.has(Kind.PROJECT):
        return
    if len({year for _, year in draft.years}) > 1:
        draft.grouping = Grouping(column=Column.YEAR)
        return
    same: dict[Column, int] = {}
    for found in draft.found:
        match found.condition:
            case Compare(column=column, op=Op.EQ) if spec_of(column).type in (ColumnType.TEXT, ColumnType.BOOLEAN):
                same[column] = same.get(column, 0) + 1
            case Has(relation=relation) if relation.ends is EntityType.UNIT:
                draft.grouping = (
                    Grouping(relation=relation)
                    if draft.grouping is None and _units_named(draft) > 1
                    else draft.grouping
                )
    for column, times in same.items():
        if times > 1:
            draft.grouping = Grouping(column=column)


def _units_named(draft: Draft) -> int:
    return sum(mention.kind is Kind.UNIT for _, mention in draft.subjects)


_OF_INDICATOR = {Column.TOTAL_SCORE: Column.SCORE, Column.GOALS: Column.TARGET_TEXT}


def settle_groups(draft: Draft, columns: list[Column], kind: EntityType) -> None:
    draft.asked, draft.kind = Asked.GROUPS, EntityType.PROJECT
    grouping = draft.grouping
    nouns = [k for i in draft.indexes(Kind.NOUN) if (k := noun_kind(draft, i)) is not None]
    if draft.aggregate is Aggregate.SHARE:
        draft.columns = [c for c in columns if spec_of(c).type is ColumnType.MONEY and c.kind is EntityType.PROJECT]
        named = grouping is not None and grouping.column is Column.NAME
        if len(draft.columns) != 1 or (named and not draft.years):
            draft.unknown.append("占比")
        return
    if grouping is not None and grouping.column is Column.NAME:
        draft.grouping = None
        draft.asked, draft.each = Asked.VALUES, True
        if not columns and EntityType.INDICATOR in nouns:
            columns = [Column.INDICATOR_COUNT]
        elif not columns and EntityType.POLICY in nouns:
            columns = [Column.CITATION_COUNT]
        of_indicator = [c for c in columns if c.kind is EntityType.INDICATOR]
        if of_indicator and any(m.kind is Kind.INDICATOR for _, m in draft.subjects):
            draft.kind, draft.columns = EntityType.INDICATOR, of_indicator  # 某指标在各项目中的目标值
            return
        columns = [*columns, *unit_columns(draft, kind)]  # 每个项目的主管部门
        draft.columns = [c for c in columns if c.kind is EntityType.PROJECT] or draft.columns
        if not draft.columns:
            draft.asked = Asked.ITEMS
        return
    if grouping is not None and grouping.column is not None and grouping.column.kind is EntityType.INDICATOR:
        draft.kind = EntityType.INDICATOR
        own = [_OF_INDICATOR.get(c, c) for c in columns]
        if grouping.column is Column.LEVEL3 and own and all(c.kind is EntityType.INDICATOR for c in own):
            draft.grouping, draft.asked, draft.columns = None, Asked.VALUES, own  # 每个指标的得分
        return
    if EntityType.INDICATOR in nouns and not columns and draft.has(Kind.HOW_MANY):
        columns = [Column.INDICATOR_COUNT]
    if EntityType.POLICY in nouns and not columns and draft.has(Kind.HOW_MANY) and draft.has(Kind.CITE):
        columns = [Column.CITATION_COUNT]
    measures = [c for c in columns if spec_of(c).type is not ColumnType.INTEGER]
    figures = [c for c in measures if spec_of(c).type.numeric and c.kind is EntityType.PROJECT]
    draft.columns = figures or [c for c in draft.columns if c.kind is EntityType.PROJECT]


def grouping_for(kind: EntityType) -> Grouping | None:
    """The groups that a ranking of this kind by figures of projects means."""
    if kind is EntityType.UNIT:
        return Grouping(relation=Relation.BY_BEARER)
    if kind is EntityType.POLICY:
        return Grouping(relation=Relation.CITES)
    return None
