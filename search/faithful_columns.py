"""Columns that a question names and its plan does not read: which word of a column is kept by which other column."""

from __future__ import annotations

from collections.abc import Iterator

from graph.model import EntityType
from search.plan import Define, Paths, Prove
from search.plan_checks import GROUPS, Shape
from search.plan_contents import Contents
from search.plan_terms import Column, Relation
from search.query import Kind, Token
from search.vocabulary import ColumnType, spec_of, words_of

_KEPT_BY: dict[Column, frozenset[Column]] = {
    Column.BUDGET: frozenset({Column.BUDGET_FIRST, Column.CHANGE, Column.CHANGE_RATE, Column.PREVIOUS_BUDGET}),
    Column.BUDGET_YEAR: frozenset({Column.CHANGE, Column.CHANGE_RATE, Column.PREVIOUS_BUDGET, Column.BUDGET}),
    Column.BUDGET_TOTAL: frozenset({Column.BUDGET, Column.PREVIOUS_BUDGET, Column.CHANGE}),
    Column.BUDGET_INITIAL: frozenset({Column.ADJUSTMENT}),
    Column.BUDGET_ADJUSTED: frozenset({Column.ADJUSTMENT, Column.BALANCE}),
    Column.ADJUSTMENT: frozenset({Column.BUDGET_INITIAL, Column.CHANGE}),
    Column.PREVIOUS_BUDGET: frozenset({Column.CHANGE, Column.CHANGE_RATE}),
    Column.CHANGE: frozenset({Column.CHANGE_RATE}),
    Column.CHANGE_RATE: frozenset({Column.CHANGE}),
    Column.EXECUTED: frozenset({Column.PREVIOUS_EXECUTED, Column.BALANCE}),
    Column.EXECUTION_RATE: frozenset({Column.PREVIOUS_RATE}),
    Column.BALANCE: frozenset({Column.EXECUTED}),
    Column.TOTAL_SCORE: frozenset({Column.SCORE, Column.LOST_SCORE, Column.EXECUTION_SCORE}),
    Column.SCORE: frozenset({Column.TOTAL_SCORE, Column.LOST_SCORE}),
    Column.LOST_SCORE: frozenset({Column.SCORE}),
    Column.WEIGHT: frozenset({Column.SCORE, Column.TOTAL_SCORE}),
    Column.TARGET_TEXT: frozenset({Column.TARGET_VALUE, Column.GOALS, Column.EXPECTED_GOALS}),
    Column.TARGET_VALUE: frozenset({Column.TARGET_TEXT}),
    Column.ACTUAL_TEXT: frozenset({Column.ACTUAL_VALUE, Column.ACTUAL_COMPLETION}),
    Column.ACTUAL_VALUE: frozenset({Column.ACTUAL_TEXT}),
    Column.GOALS: frozenset({Column.TARGET_TEXT, Column.TARGET_VALUE, Column.EXPECTED_GOALS}),
    Column.ACTUAL_COMPLETION: frozenset({Column.ACTUAL_TEXT, Column.ACTUAL_VALUE}),
    Column.DURATION: frozenset({Column.START_DATE, Column.END_DATE}),
    Column.GRADE: frozenset({Column.TOTAL_SCORE}),
}
_RELATED: dict[Column, frozenset[Relation]] = {
    Column.BASIS: frozenset({Relation.CITES, Relation.CITED_BY, Relation.RESTS_ON, Relation.BASIS_OF}),
    Column.DECLARING_UNIT: frozenset({Relation.DECLARED_BY, Relation.DECLARES, Relation.BY_UNIT, Relation.BY_BEARER}),
    Column.SUPERVISING_UNIT: frozenset({Relation.SUPERVISED_BY, Relation.SUPERVISES, Relation.BY_UNIT}),
    Column.IMPLEMENTING_UNIT: frozenset(
        {Relation.IMPLEMENTED_BY, Relation.IMPLEMENTS, Relation.BY_UNIT, Relation.BY_BEARER}
    ),
    Column.SOURCE_FILE: frozenset({Relation.DESCRIBED_IN, Relation.DESCRIBES}),
    Column.ISSUER_CODE: frozenset({Relation.ISSUED_BY, Relation.ISSUES}),
}
_COUNTS = frozenset({Column.INDICATOR_COUNT, Column.CITATION_COUNT, Column.TASK_COUNT, Column.CITED_COUNT})
_LOOSE = {
    ColumnType.MONEY: frozenset(words_of("faithfulness", "loose", "money")),
    ColumnType.SCORE: frozenset(words_of("faithfulness", "loose", "score")),
}
_WHOLE = 8  # columns of a profile, which shows what the form has


def find_dropped_columns(said: tuple[Token, ...], contents: Contents, shape: Shape) -> Iterator[str]:
    """The words that name a column of which the plan shows, compares, ranks or reckons nothing."""
    first = contents.plan.steps[0]
    if contents.by_topic or isinstance(first, Define | Paths) or isinstance(contents.end, Prove):
        return
    if len(getattr(contents.end, "columns", ())) >= _WHOLE:
        return
    for index, token in enumerate(said):
        if not token.only(Kind.FIELD, Kind.FILLER) or not token.has(Kind.FIELD):
            continue
        named = [Column(value) for value in token.values(Kind.FIELD)]
        if not any(_is_kept(column, contents, shape) for column in named) and not _is_loose(said, index, contents):
            yield token.text


def _is_kept(column: Column, contents: Contents, shape: Shape) -> bool:
    kind = spec_of(column).type
    kept = {column, *_KEPT_BY.get(column, ())}
    if (stands_in := spec_of(column).stands_in) is not None:
        kept.add(stands_in)
    if kept & contents.columns or _RELATED.get(column, frozenset()) & contents.relations:
        return True
    if column in _COUNTS or kind is ColumnType.COUNT:
        return True  # counts are read in many ways, and are checked by what is counted
    if column is Column.YEAR:
        return shape in (EntityType.PROJECT, EntityType.INDICATOR, EntityType.TASK)
    if kind is ColumnType.NAME and isinstance(shape, EntityType):
        return True  # every row is named
    if kind is ColumnType.NAME or column in (Column.NUMBER, Column.TITLE, Column.POLICY_KIND, Column.POLICY_YEAR):
        return column.kind in contents.counted or shape == GROUPS
    if column in (Column.DECLARING_UNIT, Column.SUPERVISING_UNIT, Column.IMPLEMENTING_UNIT):
        return shape is EntityType.UNIT
    return False


def _is_loose(said: tuple[Token, ...], index: int, contents: Contents) -> bool:
    """执行数是多少钱, 年初预算的金额: a word of amounts beside the column that is meant, and not one of a list."""
    for kind, loose in _LOOSE.items():
        if said[index].text in loose:
            other = any(spec_of(c).type is kind for c in contents.columns)
            listed = any(0 <= i < len(said) and said[i].has(Kind.AND) for i in (index - 1, index + 1))
            return other and not listed
    return False
