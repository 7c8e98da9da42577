"""Columns that a question names, and what they mean of the kind of thing it is about."""

from __future__ import annotations

from dataclasses import replace

from graph.model import EntityType
from search.parse_draft import Draft
from search.plan_terms import Column, Relation
from search.query import Asked, Kind, Sense, columns_within
from search.vocabulary import ColumnType, spec_of

_COMPOSITES = {
    "执行情况": (Column.BUDGET, Column.EXECUTED, Column.EXECUTION_RATE),
    "得分情况": (Column.TOTAL_SCORE, Column.GRADE),
    "预算情况": (Column.BUDGET, Column.PREVIOUS_BUDGET),
    "起止时间": (Column.START_DATE, Column.END_DATE),
    "目标和完成": (Column.TARGET_TEXT, Column.ACTUAL_TEXT),
    "指标情况": (Column.TARGET_TEXT, Column.ACTUAL_TEXT, Column.WEIGHT, Column.SCORE),
}


PROFILE = (
    Column.YEAR,
    Column.DOCUMENT_TYPE,
    Column.CATEGORY,
    Column.PERFORMANCE_TYPE,
    Column.START_DATE,
    Column.END_DATE,
    Column.GOVERNMENT_PROCUREMENT,
    Column.BUDGET_YEAR,
    Column.PREVIOUS_BUDGET,
    Column.BUDGET_INITIAL,
    Column.BUDGET_ADJUSTED,
    Column.EXECUTED,
    Column.EXECUTION_RATE,
    Column.TOTAL_SCORE,
    Column.GRADE,
)


# What a word of one kind's column means when the question is about the other kind.
ON_INDICATOR = {
    Column.TOTAL_SCORE: Column.SCORE,
    Column.ACTUAL_COMPLETION: Column.ACTUAL_TEXT,
    Column.GOALS: Column.TARGET_TEXT,
}


_ON_PROJECT = {
    Column.SCORE: (Column.TOTAL_SCORE,),
    Column.TARGET_TEXT: (Column.GOALS, Column.EXPECTED_GOALS),
    Column.ACTUAL_TEXT: (Column.ACTUAL_COMPLETION,),
}


def read_columns(draft: Draft) -> list[Column]:
    """The columns that words of the question name, in their order."""
    columns: list[Column] = []
    for index in list(draft.indexes(Kind.COMPOSITE, Kind.FIELD, Kind.BOOLEAN)):
        token = draft.tokens[index]
        draft.use(index)
        if token.text in {"什么时候", "何时"} and draft.has(Kind.INDICATOR):
            continue  # the indicator is a time itself
        if token.text in _ANY_MONEY and _names_money(draft, index) and not _listed(draft, index):
            continue
        if token.text in _ANY_SCORE and _follows_score(draft, index):
            continue
        if token.text.startswith("去年") and not draft.years and not draft.has(Kind.PROJECT):
            draft.unknown.append("去年")  # of which year? 上年 alone names a column of the forms
        if token.has(Kind.COMPOSITE):
            name = token.value(Kind.COMPOSITE)
            columns.extend(PROFILE if name == "基本信息" else _COMPOSITES[name])
        elif token.has(Kind.FIELD):
            fitting = _first_fitting(draft, [Column(v) for v in token.values(Kind.FIELD)])
            columns.extend(fitting)
            draft.asked_columns.extend((column, token.text) for column in fitting)
        else:
            columns.append(Column.GOVERNMENT_PROCUREMENT)
    return _with_months(draft, list(dict.fromkeys(columns)))


def _with_months(draft: Draft, columns: list[Column]) -> list[Column]:
    """7-8月干什么, 第三季度做什么: the plan as written, which says itself what month is meant."""
    told = (Column.OVERVIEW, Column.SCHEDULE)
    months = list(draft.indexes(Kind.MONTH, Kind.PART_OF_YEAR))
    if not months or not draft.has(Kind.PROJECT) or not any(c in told for c in columns):
        return columns
    draft.use(*months)
    for index in months:
        if draft.is_at(index - 1, Kind.BETWEEN) and draft.is_at(index - 2, Kind.NUMBER):
            draft.use(index - 1, index - 2)
    draft.asked_columns = [(c, word) for c, word in draft.asked_columns if c is not Column.OVERVIEW]
    planned = Sense(kind=Kind.FIELD, value=Column.SCHEDULE.value)
    for index, token in enumerate(draft.tokens):
        if Column.OVERVIEW.value in token.values(Kind.FIELD):
            draft.tokens[index] = replace(token, senses=(planned,))
    draft.notes.append("所问的月份请看“项目实施计划”一栏原文")
    return list(dict.fromkeys(Column.SCHEDULE if c is Column.OVERVIEW else c for c in columns))


_ANY_MONEY = frozenset({"多少钱", "金额", "资金", "预算", "经费", "资金量", "规模"})


def _listed(draft: Draft, index: int) -> bool:
    """预算、执行数和得分: one of several columns, each for itself."""
    beside = [
        at for at in (index - 1, index + 1) if draft.is_at(at, Kind.AND) and draft.is_at(2 * at - index, Kind.FIELD)
    ]
    return bool(beside)


_ANY_SCORE = frozenset({"多少分", "几分"})


def _follows_score(draft: Draft, index: int) -> bool:
    """预算执行得分是多少分: the word before says which score."""
    before = draft.at(draft.before(index, Kind.BE))
    values = before.values(Kind.FIELD) if before is not None else ()
    return any(spec_of(Column(value)).type is ColumnType.SCORE for value in values)


def _names_money(draft: Draft, index: int) -> bool:
    """Another word of the question says which amount is meant."""
    return any(
        spec_of(Column(value)).type is ColumnType.MONEY and Column(value) is not Column.BUDGET
        for i, token in enumerate(draft.tokens)
        if i != index
        for value in token.values(Kind.FIELD)
    )


def _first_fitting(draft: Draft, columns: list[Column]) -> list[Column]:
    """Of the columns that a word may mean, the one whose kind the question names."""
    named = {mention.kind for _, mention in draft.subjects}
    kinds = {
        Kind.PROJECT: EntityType.PROJECT,
        Kind.POLICY: EntityType.POLICY,
        Kind.UNIT: EntityType.UNIT,
        Kind.INDICATOR: EntityType.INDICATOR,
    }
    fitting = [c for c in columns if c.kind in {kinds[k] for k in named if k in kinds}]
    return fitting[:1] or columns[:1]


def has_figure(columns: list[Column]) -> bool:
    plain = (ColumnType.COUNT, ColumnType.INTEGER)  # years are not added up
    return any(spec_of(c).type.numeric and spec_of(c).type not in plain for c in columns)


def columns_kind(columns: list[Column], named: set[Kind]) -> EntityType:
    if Kind.INDICATOR in named and all(c in ON_INDICATOR or c.kind is EntityType.INDICATOR for c in columns):
        return EntityType.INDICATOR
    kinds = {c.kind for c in columns}
    if kinds == {EntityType.INDICATOR}:
        only_project = Kind.PROJECT in named and all(c in _ON_PROJECT for c in columns)
        return EntityType.PROJECT if only_project else EntityType.INDICATOR
    if EntityType.POLICY in kinds and Kind.POLICY in named and Kind.PROJECT not in named:
        return EntityType.POLICY
    return columns[0].kind


def for_indicator(columns: list[Column]) -> list[Column]:
    return [c for c in dict.fromkeys(ON_INDICATOR.get(c, c) for c in columns) if c.kind is EntityType.INDICATOR]


def for_project_only(columns: list[Column]) -> bool:
    """Some of the columns is none of an indicator."""
    return any(ON_INDICATOR.get(c, c).kind is not EntityType.INDICATOR for c in columns)


def for_project(columns: list[Column]) -> list[Column]:
    mapped: list[Column] = []
    for column in columns:
        mapped.extend(_ON_PROJECT.get(column, (column,)) if column.kind is EntityType.INDICATOR else (column,))
    return list(dict.fromkeys(mapped))


def refuse_dropped(draft: Draft) -> None:
    """A column that was named and is in no part of what was understood: the question is not half answered."""
    if draft.asked in (Asked.MEANING, Asked.PATH, Asked.EVIDENCE):
        return
    kept = {*draft.columns, *(r.column for r in draft.ranking), *(side.column for side in draft.sides)}
    kept |= {column for found in draft.found for column in columns_within(found.condition)}
    if draft.grouping is not None:
        kept.add(draft.grouping.column)
    for column, word in draft.asked_columns:
        by_section = column is Column.BASIS and (draft.asked is Asked.ITEMS or draft.role is Relation.RESTS_ON)
        if spec_of(column).type in _ALWAYS_SAID or by_section or spec_of(column).label in draft.unknown:
            continue
        if column not in kept and kept.isdisjoint({ON_INDICATOR.get(column), *_ON_PROJECT.get(column, ())}):
            draft.unknown.append(word)


_ALWAYS_SAID = frozenset({ColumnType.NAME, ColumnType.INTEGER, ColumnType.COUNT})  # names and years stand in every row
