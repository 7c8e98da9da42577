"""What a question asks for: which kind of thing, which columns, a list, a count, a figure, a proof, a meaning."""

from __future__ import annotations

from dataclasses import replace

from graph.model import EntityType
from search.parse_columns import (
    ON_INDICATOR,
    columns_kind,
    for_indicator,
    for_project,
    for_project_only,
    has_figure,
    read_columns,
)
from search.parse_documents import asks_basis, asks_of_document, read_sections
from search.parse_draft import Draft
from search.parse_grouping import group_by_asked, read_separate_counts, settle_groups
from search.parse_kind import noun_kind
from search.parse_reasons import read_reason
from search.parse_roles import asks_units, unit_columns
from search.plan import Has
from search.plan_terms import Aggregate, Column, Contrasting, Relation
from search.query import Asked, Kind, kind_of
from search.vocabulary import words_of

_FIGURES = {  # what a bare figure whose source is asked for is a figure of
    Kind.MONEY: Column.BUDGET,
    Kind.PERCENT: Column.EXECUTION_RATE,
    Kind.POINTS_VALUE: Column.TOTAL_SCORE,
}
_COUNT_KINDS = {
    Column.PROJECT_COUNT: EntityType.PROJECT,
    Column.INDICATOR_COUNT: EntityType.INDICATOR,
    Column.CITATION_COUNT: EntityType.POLICY,
    Column.TASK_COUNT: EntityType.TASK,
}


def read_focus(draft: Draft, kind: EntityType) -> None:
    """Settle what is asked for."""
    named = {mention.kind for _, mention in draft.subjects}
    draft.yes_no = draft.has(Kind.EXIST) and not draft.has(Kind.WHICH, Kind.WHO, Kind.HOW_MANY)
    read_separate_counts(draft)
    draft.each = draft.each or draft.has(Kind.SEPARATELY, Kind.LIST)
    draft.common = _asks_common(draft, kind)
    if Kind.PROJECT in named and kind is EntityType.PROJECT:
        draft.neighbours = _shared_with(draft)
    columns = read_columns(draft)
    citing = any(t.has(Kind.CITE) and not t.has(Kind.BASIS, Kind.FIELD) for t in draft.tokens)
    if kind is EntityType.POLICY and Kind.POLICY not in named and citing:
        columns = read_sections(draft, columns)
    if draft.has(Kind.MEANING) and columns and not named:
        draft.use(*draft.indexes(Kind.MEANING))
        draft.asked, draft.columns = Asked.MEANING, columns
        return
    if asks_of_document(draft, columns, named):
        return
    if _asks_path(draft):
        draft.asked = Asked.PATH
        return
    if draft.asked is Asked.CONTRAST:
        draft.columns, draft.kind = columns or draft.columns, EntityType.PROJECT
        _count_contrast(draft)
        return
    evidence = list(draft.indexes(Kind.EVIDENCE))
    if evidence:
        columns = columns or [c for kind, c in _FIGURES.items() if any(True for _ in draft.indexes(kind))]
        draft.use(*evidence, *draft.indexes(Kind.NUMBER, *_FIGURES, Kind.UNIT_WORDS, Kind.NOT))
        draft.asked, draft.kind = Asked.EVIDENCE, _evidence_kind(draft, columns, named, kind)
        on_indicator = draft.kind is EntityType.INDICATOR
        chosen = (
            for_indicator(columns) or [Column.TARGET_TEXT, Column.ACTUAL_TEXT] if on_indicator else for_project(columns)
        )
        draft.columns = [c for c in chosen if c.kind is draft.kind]
        return
    if draft.grouping is None and draft.ranking:
        columns = group_by_asked(draft, columns)
    if (
        draft.grouping is not None
        and draft.grouping.column is Column.NAME
        and kind is EntityType.INDICATOR
        and draft.ranking
    ):
        draft.grouping = None
    if draft.grouping is not None and _ranks_in_each(draft, kind):
        draft.grouping = None
    if draft.grouping is not None:
        settle_groups(draft, columns, kind)
        return
    counted = _counted_kind(draft, columns) or (kind if _counts_what_was_said(draft, columns, kind) else None)
    if counted is not None and _counts_of_each(draft, counted, columns):
        return
    ranked_itself = any(
        r.of in (None, counted) or (r.column and _RANKED_BY.get(r.column) is counted) for r in draft.ranking
    )
    if counted is not None and not ranked_itself and not (draft.columns or has_figure(columns)):
        draft.asked, draft.kind = Asked.COUNT, counted
        return
    if asks_units(draft, columns, named, kind) or asks_basis(draft, named, columns):
        return
    if draft.columns:  # a change against the year before
        draft.asked, draft.kind = Asked.VALUES, EntityType.PROJECT
        return
    _settle_rest(draft, [*columns, *unit_columns(draft, kind)], kind, named)


def _ranks_in_each(draft: Draft, kind: EntityType) -> bool:
    """各年度得分最高的项目: places counted within each year; 历年来得分最低的项目: over all the years."""
    by_year = draft.grouping is not None and draft.grouping.column is Column.YEAR
    measured = [r for r in draft.ranking if r.column is not None and r.column not in _COUNT_KINDS]
    projects = kind is EntityType.PROJECT and (_head_is_noun(draft, kind) or any(r.of is kind for r in measured))
    if not by_year or not measured or not projects or len(measured) != len(draft.ranking):
        return False
    apart = draft.has(Kind.SEPARATELY) or not any(t.text.startswith("历年") for t in draft.tokens)
    if apart:
        draft.ranking = [replace(ranking, each=Column.YEAR) for ranking in measured]
    return True


def _settle_rest(draft: Draft, columns: list[Column], kind: EntityType, named: set[Kind]) -> None:
    done = [*draft.indexes(Kind.END_HINT, Kind.DONE), *(i for i in range(len(draft)) if draft.tokens[i].text in _DONE)]
    if done and Kind.INDICATOR in named and Column.ACTUAL_TEXT not in columns and _counts_done(draft, done, columns):
        draft.use(*done)
        columns = [Column.ACTUAL_TEXT, *columns]
    if read_reason(draft):
        columns = [Column.DEVIATION_REASON]
    head_is_noun = _head_is_noun(draft, kind)
    asked = [column for column, _ in draft.asked_columns]
    if Kind.INDICATOR in named and Kind.PROJECT not in named and asked and not for_project_only(asked):
        head_is_noun = False  # 目标值是多少？哪个项目的？: each row of an indicator names its project
    of_projects = any(c.kind is EntityType.PROJECT and c not in ON_INDICATOR for c in columns)
    if (
        Kind.INDICATOR in named
        and not head_is_noun
        and not of_projects
        and (Kind.PROJECT in named or columns or not draft.has(Kind.WHICH))
    ):
        draft.asked, draft.kind = Asked.VALUES, EntityType.INDICATOR
        draft.columns = for_indicator(columns) or [Column.TARGET_TEXT, Column.ACTUAL_TEXT]
        return
    if columns and not head_is_noun:
        of_indicators = _speaks_of_indicators(draft) or any(
            t.has(Kind.FIELD)
            and (t.text.startswith("指标") or noun_kind(draft, draft.before(i, Kind.AND)) is EntityType.INDICATOR)
            for i, t in enumerate(draft.tokens)
        )
        draft.kind = columns_kind(columns, named | ({Kind.INDICATOR} if of_indicators else set()))
        draft.columns = for_indicator(columns) if draft.kind is EntityType.INDICATOR else for_project(columns)
        if draft.ranking and draft.aggregate is None:
            draft.asked = Asked.VALUES
        elif draft.aggregate is not None and has_figure(draft.columns):
            draft.asked = Asked.FIGURE
        elif draft.columns == [Column.BASIS] and Kind.POLICY not in named:
            draft.asked, draft.kind, draft.columns = Asked.ITEMS, EntityType.POLICY, []
            draft.role = Relation.RESTS_ON
        else:
            draft.asked = Asked.VALUES
        return
    draft.asked, draft.kind = Asked.ITEMS, kind
    if kind is EntityType.POLICY and Column.BASIS in columns and Kind.POLICY not in named:
        draft.role = Relation.RESTS_ON  # 立项依据是哪些文件: of that section only
    columns = [c for c in columns if c is not Column.BASIS or Kind.POLICY not in named]
    draft.columns = [c for c in (for_indicator(columns) if kind is EntityType.INDICATOR else columns) if c.kind is kind]
    if draft.aggregate in (Aggregate.AVERAGE, Aggregate.MEDIAN) and has_figure(columns):
        draft.asked = Asked.FIGURE
        draft.columns = columns


_DONE = words_of("words", "plain", "done")


def _counts_done(draft: Draft, done: list[int], columns: list[Column]) -> bool:
    """完成了几份, 办了几场，目标是几场: what was done is asked for."""
    return not columns or any(draft.is_at(draft.after(i), Kind.HOW_MANY, Kind.HOW) for i in done)


def _head_is_noun(draft: Draft, kind: EntityType) -> bool:
    """哪些项目 or 项目有哪些: things are asked for, not their columns."""
    for index in range(len(draft)):
        if not draft.is_at(index, Kind.WHICH, Kind.WHO):
            continue
        after = draft.after(index, Kind.MEASURE_WORD)
        before = draft.before(index, Kind.HAVE, Kind.BE, Kind.BOTH, Kind.SEPARATELY)
        if noun_kind(draft, after) is kind or (noun_kind(draft, before) is kind and not draft.is_at(after, Kind.FIELD)):
            return True
        if draft.is_at(index, Kind.WHO) and kind is EntityType.PROJECT:
            return True
    if draft.has(Kind.WHICH, Kind.HOW_MANY, Kind.HOW):
        return False
    if draft.has(Kind.EXIST):
        return any(
            noun_kind(draft, i) is kind for i in range(len(draft)) if i in draft.used or draft.is_at(i, Kind.NOUN)
        )
    last = draft.before(len(draft), Kind.SORT, Kind.LIST)
    return noun_kind(draft, last) is kind


def _counted_kind(draft: Draft, columns: list[Column]) -> EntityType | None:
    for index in draft.indexes(Kind.HOW_MANY):
        after = draft.after(index, Kind.MEASURE_WORD)
        if (kind := noun_kind(draft, after)) is not None:
            return kind
        before = draft.before(index, Kind.HAVE, Kind.BE, Kind.SUM, Kind.BOTH)
        if (kind := noun_kind(draft, before)) is not None and not draft.is_at(index + 1, Kind.UNIT_WORDS):
            return kind
        if not columns and draft.is_at(after, Kind.CITE):
            return EntityType.PROJECT
        times = draft.at(index + 1)  # 被引用了几次
        if times is not None and times.text in {"次", "回"} and draft.is_at(before, Kind.CITE, Kind.CITED_OFTEN):
            return EntityType.PROJECT
    for column in columns:
        if column in _COUNT_KINDS:
            return _COUNT_KINDS[column]
        if column is Column.CITED_COUNT:
            return EntityType.PROJECT
    if draft.aggregate is Aggregate.SUM and not columns and not draft.has(Kind.WHICH):
        nouns = [k for i in draft.indexes(Kind.NOUN) if (k := noun_kind(draft, i)) is not None]
        return nouns[-1] if nouns and draft.has(Kind.HOW_MANY) else None
    return None


def _counts_what_was_said(draft: Draft, columns: list[Column], kind: EntityType) -> bool:
    """执行率在99%以上的有几个: no noun says of what, the conditions do."""
    named = any(mention.kind in (Kind.PROJECT, Kind.INDICATOR, Kind.TASK) for _, mention in draft.subjects)
    if (
        columns
        or named
        or draft.ranking
        or not draft.found
        or any(kind_of(f.condition) is not kind for f in draft.found)
    ):
        return False
    for index in draft.indexes(Kind.HOW_MANY):
        last = index - 1
        while draft.is_at(last, Kind.HAVE, Kind.SUM, Kind.FILLER) and not draft.is_at(last, Kind.DE):
            last -= 1
        if last < index - 1 and draft.is_at(last, Kind.DE) and draft.after(index, Kind.MEASURE_WORD) >= len(draft):
            return True
    return False


_RANKED_BY = {**_COUNT_KINDS, Column.CITED_COUNT: EntityType.PROJECT}
_COUNT_OF = {EntityType.INDICATOR: Column.INDICATOR_COUNT, EntityType.POLICY: Column.CITATION_COUNT}


def _counts_of_each(draft: Draft, counted: EntityType, columns: list[Column]) -> bool:
    """超过150万元的项目各有多少指标, 指标最多的项目有多少指标: how many each of the projects has."""
    column = _COUNT_OF.get(counted)
    if column is None or any(c is not column for c in columns):
        return False
    ranked = any(r.column is column and r.of is EntityType.PROJECT for r in draft.ranking)
    apart = draft.has(Kind.SEPARATELY) and any("Project" in t.values(Kind.NOUN) for t in draft.tokens)
    if not ranked and not apart:
        return False
    draft.asked, draft.kind, draft.columns, draft.each = Asked.VALUES, EntityType.PROJECT, [column], True
    return True


def _shared_with(draft: Draft) -> Relation | None:
    """引用同一文件的, 在同一份文件里的, 同一单位的: what other projects share with the one named."""
    if draft.has(Kind.SHARED):
        return Relation.CITES if draft.has(Kind.CITE, Kind.BASIS) else Relation.DESCRIBED_IN
    for index in draft.indexes(Kind.SAME):
        after = draft.after(index, Kind.MEASURE_WORD)
        if noun_kind(draft, after) is EntityType.UNIT or draft.is_at(after, Kind.ROLE):
            draft.use(index, after)
            return Relation.BY_BEARER
    return None


def _asks_common(draft: Draft, kind: EntityType) -> bool:
    projects = [m for _, m in draft.subjects if m.kind is Kind.PROJECT]
    if kind is EntityType.PROJECT or len(projects) < 2 or not draft.has(Kind.BOTH, Kind.SAME):
        return False
    draft.use(*draft.indexes(Kind.SAME))
    return True


def _asks_path(draft: Draft) -> bool:
    words = list(draft.indexes(Kind.RELATION))
    if not words or not any(draft.tokens[i].text != "之间" for i in words):
        return False
    named = [mention for _, mention in draft.subjects]
    if len(named) < 2:
        return False
    draft.use(*words)
    draft.found = []
    return True


def _evidence_kind(draft: Draft, columns: list[Column], named: set[Kind], kind: EntityType) -> EntityType:
    if Kind.INDICATOR in named and not any(c.kind is EntityType.PROJECT for c in columns):
        return EntityType.INDICATOR
    if columns:
        return columns_kind(columns, named)
    return EntityType.PROJECT if Kind.POLICY in named or Kind.PROJECT in named else kind


def _count_contrast(draft: Draft) -> None:
    if any(side.column for side in draft.sides):
        return
    if draft.columns:
        draft.columns = [{Column.PROJECT_COUNT: Column.PROJECT_COUNT}.get(c, c) for c in draft.columns]
        return
    for index in draft.indexes(Kind.NOUN):
        kind = noun_kind(draft, index)
        draft.use(index)
        if kind is EntityType.INDICATOR:
            draft.columns = [Column.INDICATOR_COUNT]
        elif kind is EntityType.POLICY:
            draft.columns = [Column.CITATION_COUNT]
    if not draft.columns and draft.contrasting is Contrasting.SHARE:
        nouns = any("Project" in t.values(Kind.NOUN) for t in draft.tokens)
        money = any(m.kind is Kind.PROJECT for _, m in draft.subjects) or not nouns
        if money or any(t.text == "总额" for t in draft.tokens):
            draft.columns = [Column.BUDGET]
            return
    if not draft.columns:
        projects = all(m.kind is Kind.PROJECT for side in draft.sides for m in side.subjects) and any(
            side.subjects for side in draft.sides
        )
        draft.columns = [Column.BUDGET] if projects else [Column.PROJECT_COUNT]


def _speaks_of_indicators(draft: Draft) -> bool:
    return any(
        kind_of(f.condition) is EntityType.INDICATOR
        or (isinstance(f.condition, Has) and f.condition.relation is Relation.HAS_INDICATOR)
        for f in draft.found
    )
