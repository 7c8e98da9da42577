"""What a question asks for: which kind of thing, which columns, a list, a count, a figure, a proof, a meaning."""

from __future__ import annotations

from graph.model import EntityType
from search.parse_draft import Draft
from search.plan import Aggregate, Column, Compare, Has, Op, Reached, Relation
from search.query import Asked, Grouping, How, Kind, kind_of
from search.vocabulary import ColumnType, spec_of

_COMPOSITES = {
    "执行情况": (Column.BUDGET, Column.EXECUTED, Column.EXECUTION_RATE),
    "得分情况": (Column.TOTAL_SCORE, Column.GRADE),
    "预算情况": (Column.BUDGET, Column.PREVIOUS_BUDGET),
    "起止时间": (Column.START_DATE, Column.END_DATE),
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
_ROLE_ASKED = {
    "declared_by": Relation.DECLARED_BY,
    "supervised_by": Relation.SUPERVISED_BY,
    "implemented_by": Relation.IMPLEMENTED_BY,
    "by_unit": Relation.BY_UNIT,
    "by_bearer": Relation.BY_BEARER,
}
_COUNT_KINDS = {
    Column.PROJECT_COUNT: EntityType.PROJECT,
    Column.INDICATOR_COUNT: EntityType.INDICATOR,
    Column.CITATION_COUNT: EntityType.POLICY,
    Column.TASK_COUNT: EntityType.TASK,
}
# What a word of one kind's column means when the question is about the other kind.
_ON_INDICATOR = {
    Column.TOTAL_SCORE: Column.SCORE,
    Column.ACTUAL_COMPLETION: Column.ACTUAL_TEXT,
    Column.GOALS: Column.TARGET_TEXT,
}
_ON_PROJECT = {
    Column.SCORE: (Column.TOTAL_SCORE,),
    Column.TARGET_TEXT: (Column.GOALS, Column.EXPECTED_GOALS),
    Column.ACTUAL_TEXT: (Column.ACTUAL_COMPLETION,),
}


def guess_kind(draft: Draft) -> EntityType:
    """The kind of thing that the question seems to ask for; projects where nothing says otherwise."""
    for index in draft.indexes(Kind.WHICH, Kind.HOW_MANY):
        after = draft.after(index, Kind.MEASURE_WORD, Kind.MANY)
        if (kind := _noun_kind(draft, after)) is not None:
            return kind
        if draft.is_at(after, Kind.ROLE) and draft.tokens[after].text.endswith(("单位", "部门", "主体", "机构")):
            return EntityType.UNIT
        token = draft.at(after)
        if token is not None and any(v.startswith("indicator.") for v in token.values(Kind.FIELD)):
            return EntityType.INDICATOR
    if sum(token.has(Kind.PROJECT) for token in draft.tokens) > 1 and draft.has(Kind.WHO):
        return EntityType.PROJECT
    for index in draft.indexes(Kind.WHO):
        return EntityType.PROJECT if draft.has(Kind.CITE) and draft.has(Kind.POLICY, Kind.MISSING) else EntityType.UNIT
    for index in draft.indexes(Kind.WHICH, Kind.HOW_MANY):
        before = draft.before(index, Kind.HAVE, Kind.BE, Kind.SUM, Kind.BOTH)
        if (kind := _noun_kind(draft, before)) is not None:
            return kind
        token = draft.at(before)
        if token is not None and token.has(Kind.FIELD):
            return Column(token.value(Kind.FIELD)).kind
    for index in reversed(list(draft.indexes(Kind.NOUN, Kind.VALUE))):
        if (kind := _noun_kind(draft, index)) is not None:
            return kind
    return EntityType.PROJECT


def _noun_kind(draft: Draft, index: int) -> EntityType | None:
    token = draft.at(index)
    values = token.values(Kind.NOUN) if token is not None else ()
    if not values and token is not None and token.has(Kind.GENRE) and not token.has(Kind.FIELD):
        return EntityType.POLICY
    levels = token.values(Kind.VALUE) if token is not None and not values else ()
    if any(Column(v).kind is EntityType.INDICATOR for v in levels) and token is not None and token.text[-1] in "标目":
        return EntityType.INDICATOR
    return EntityType(values[0]) if values else None


def read_subjects(draft: Draft) -> None:
    """Projects and tasks named are what the question is about."""
    _loose_names_are_topics(draft)
    for index in list(draft.indexes(Kind.PROJECT, Kind.TASK)):
        token = draft.tokens[index]
        mention = token.mention(Kind.PROJECT) or token.mention(Kind.TASK)
        if mention is None:
            continue
        draft.subjects.append((index, mention))
        draft.use(index)
        noun = index + 1
        if draft.is_at(noun, Kind.NOUN) and "Project" in draft.tokens[noun].values(Kind.NOUN):
            draft.use(noun)


def _loose_names_are_topics(draft: Draft) -> None:
    """哪些项目开展了城市更新, or the bare phrase: pieces of names of indicators and tasks say a topic, not that name."""
    if draft.topic is not None or draft.has(Kind.CITE, Kind.FIELD, Kind.NOT, Kind.RELATION, Kind.EVIDENCE):
        return
    nouns = {value for t in draft.tokens for value in t.values(Kind.NOUN)}
    bare = not nouns and not draft.has(Kind.WHICH, Kind.WHO, Kind.HOW_MANY, Kind.EXIST)
    if not bare and (nouns != {"Project"} or draft.has(Kind.HOW_MANY)):
        return
    for index in list(draft.indexes(Kind.INDICATOR, Kind.TASK, *([Kind.POLICY] if bare else []))):
        mention = next((s.mention for s in draft.tokens[index].senses if s.mention), None)
        if mention is not None and mention.how in (How.PARTIAL, How.FUZZY):
            draft.topic = draft.question.original(draft.tokens[index].start, draft.tokens[index].end)
            draft.use(index)
            return


def read_focus(draft: Draft, kind: EntityType) -> None:
    """Settle what is asked for."""
    named = {mention.kind for _, mention in draft.subjects}
    draft.yes_no = draft.has(Kind.EXIST) and not draft.has(Kind.WHICH, Kind.WHO, Kind.HOW_MANY)
    _read_separate_counts(draft)
    draft.each = draft.each or draft.has(Kind.SEPARATELY, Kind.LIST)
    draft.common = _asks_common(draft, kind)
    draft.neighbours = draft.has(Kind.SHARED) and Kind.PROJECT in named and kind is EntityType.PROJECT
    columns = _asked_columns(draft)
    if draft.has(Kind.MEANING) and columns and not named:
        draft.asked, draft.columns = Asked.MEANING, columns
        return
    if _asks_of_document(draft, columns, named):
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
        draft.use(*evidence, *draft.indexes(Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.UNIT_WORDS, Kind.NOT))
        draft.asked, draft.kind = Asked.EVIDENCE, _evidence_kind(draft, columns, named, kind)
        on_indicator = draft.kind is EntityType.INDICATOR
        chosen = (
            _for_indicator(columns) or [Column.TARGET_TEXT, Column.ACTUAL_TEXT]
            if on_indicator
            else _for_project(columns)
        )
        draft.columns = [c for c in chosen if c.kind is draft.kind]
        return
    if draft.grouping is None and draft.ranking:
        columns = _group_by_asked(draft, columns)
    if (
        draft.grouping is not None
        and draft.grouping.column is Column.NAME
        and kind is EntityType.INDICATOR
        and draft.ranking
    ):
        draft.grouping = None
    if draft.grouping is not None:
        _settle_groups(draft, columns, kind)
        return
    counted = _counted_kind(draft, columns)
    if counted is not None and not draft.ranking and not (draft.columns or _has_figure(columns)):
        draft.asked, draft.kind = Asked.COUNT, counted
        return
    if _asks_units(draft, named, kind):
        return
    if draft.columns:  # a change against the year before
        draft.asked, draft.kind = Asked.VALUES, EntityType.PROJECT
        return
    _settle_rest(draft, columns, kind, named)


def _group_by_asked(draft: Draft, columns: list[Column]) -> list[Column]:
    """哪一年的项目最多, 哪个类别预算最大: the column asked for is the key of groups, ranked by the figure."""
    for index, token in enumerate(draft.tokens):
        asked = token.text.startswith("哪") or draft.is_at(draft.before(index, Kind.MEASURE_WORD), Kind.WHICH)
        for value in token.values(Kind.FIELD) if asked else ():
            column = Column(value)
            if column.kind is EntityType.PROJECT and spec_of(column).type in (ColumnType.TEXT, ColumnType.INTEGER):
                draft.grouping = Grouping(column=column)
                measured = [r.column for r in draft.ranking if r.column is not None]
                draft.columns = [c for c in measured if c.kind is EntityType.PROJECT]
                return []
    return columns


def _settle_rest(draft: Draft, columns: list[Column], kind: EntityType, named: set[Kind]) -> None:
    whys = list(draft.indexes(Kind.WHY))
    if whys and Kind.INDICATOR in named:
        draft.use(*whys)
        draft.use(*draft.indexes(Kind.NOT))
        draft.found = [f for f in draft.found if not isinstance(f.condition, Reached)]
        columns = [Column.DEVIATION_REASON]
    head_is_noun = _head_is_noun(draft, kind)
    if Kind.INDICATOR in named and not head_is_noun and (Kind.PROJECT in named or columns or not draft.has(Kind.WHICH)):
        draft.asked, draft.kind = Asked.VALUES, EntityType.INDICATOR
        draft.columns = _for_indicator(columns) or [Column.TARGET_TEXT, Column.ACTUAL_TEXT]
        return
    if columns and not head_is_noun:
        draft.kind = _columns_kind(columns, named | ({Kind.INDICATOR} if _speaks_of_indicators(draft) else set()))
        draft.columns = _for_indicator(columns) if draft.kind is EntityType.INDICATOR else _for_project(columns)
        if draft.ranking and draft.aggregate is None:
            draft.asked = Asked.VALUES
        elif draft.aggregate is not None and _has_figure(draft.columns):
            draft.asked = Asked.FIGURE
        elif draft.columns == [Column.BASIS]:
            draft.asked, draft.kind, draft.columns = Asked.ITEMS, EntityType.POLICY, []
            draft.role = Relation.RESTS_ON
        else:
            draft.asked = Asked.VALUES
        return
    draft.asked, draft.kind = Asked.ITEMS, kind
    columns = [c for c in columns if c is not Column.BASIS or Kind.POLICY not in named]
    draft.columns = [
        c for c in (_for_indicator(columns) if kind is EntityType.INDICATOR else columns) if c.kind is kind
    ]
    if draft.aggregate in (Aggregate.AVERAGE, Aggregate.MEDIAN) and _has_figure(columns):
        draft.asked = Asked.FIGURE
        draft.columns = columns


def _asked_columns(draft: Draft) -> list[Column]:
    columns: list[Column] = []
    for index in list(draft.indexes(Kind.COMPOSITE, Kind.FIELD, Kind.BOOLEAN)):
        token = draft.tokens[index]
        draft.use(index)
        if token.has(Kind.COMPOSITE):
            name = token.value(Kind.COMPOSITE)
            columns.extend(PROFILE if name == "基本信息" else _COMPOSITES[name])
        elif token.has(Kind.FIELD):
            columns.extend(_first_fitting(draft, [Column(v) for v in token.values(Kind.FIELD)]))
        else:
            columns.append(Column.GOVERNMENT_PROCUREMENT)
    return list(dict.fromkeys(columns))


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


def _head_is_noun(draft: Draft, kind: EntityType) -> bool:
    """哪些项目 or 项目有哪些: things are asked for, not their columns."""
    for index in range(len(draft)):
        if not draft.is_at(index, Kind.WHICH, Kind.WHO):
            continue
        after = draft.after(index, Kind.MEASURE_WORD)
        before = draft.before(index, Kind.HAVE, Kind.BE, Kind.BOTH, Kind.SEPARATELY)
        if _noun_kind(draft, after) is kind or (
            _noun_kind(draft, before) is kind and not draft.is_at(after, Kind.FIELD)
        ):
            return True
        if draft.is_at(index, Kind.WHO) and kind is EntityType.PROJECT:
            return True
    if draft.has(Kind.WHICH, Kind.HOW_MANY, Kind.HOW):
        return False
    if draft.has(Kind.EXIST):
        return any(
            _noun_kind(draft, i) is kind for i in range(len(draft)) if i in draft.used or draft.is_at(i, Kind.NOUN)
        )
    last = draft.before(len(draft), Kind.SORT, Kind.LIST)
    return _noun_kind(draft, last) is kind


def _counted_kind(draft: Draft, columns: list[Column]) -> EntityType | None:
    for index in draft.indexes(Kind.HOW_MANY):
        after = draft.after(index, Kind.MEASURE_WORD)
        if (kind := _noun_kind(draft, after)) is not None:
            return kind
        before = draft.before(index, Kind.HAVE, Kind.BE, Kind.SUM, Kind.BOTH)
        if (kind := _noun_kind(draft, before)) is not None and not draft.is_at(index + 1, Kind.UNIT_WORDS):
            return kind
        if not columns and draft.is_at(after, Kind.CITE):
            return EntityType.PROJECT
    for column in columns:
        if column in _COUNT_KINDS:
            return _COUNT_KINDS[column]
        if column is Column.CITED_COUNT:
            return EntityType.PROJECT
    if draft.aggregate is Aggregate.SUM and not columns and not draft.has(Kind.WHICH):
        nouns = [k for i in draft.indexes(Kind.NOUN) if (k := _noun_kind(draft, i)) is not None]
        return nouns[-1] if nouns and draft.has(Kind.HOW_MANY) else None
    return None


def _has_figure(columns: list[Column]) -> bool:
    return any(spec_of(c).type.numeric and spec_of(c).type is not ColumnType.COUNT for c in columns)


def _asks_common(draft: Draft, kind: EntityType) -> bool:
    projects = [m for _, m in draft.subjects if m.kind is Kind.PROJECT]
    return kind is not EntityType.PROJECT and len(projects) > 1 and draft.has(Kind.BOTH, Kind.SAME)


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


def _asks_units(draft: Draft, named: set[Kind], kind: EntityType) -> bool:
    """谁申报的, 主管部门是谁, 由哪个单位负责."""
    roles = [i for i in draft.indexes(Kind.ROLE) if not draft.is_at(i, Kind.FIELD)]
    noun_roles = [i for i in roles if draft.tokens[i].text.endswith(("单位", "部门", "主体", "机构", "名称"))]
    if kind is not EntityType.UNIT and not noun_roles:
        return False
    if kind is not EntityType.UNIT and Kind.PROJECT not in named and not draft.has(Kind.WHICH, Kind.WHO):
        return False
    chosen = noun_roles or roles
    relation = _ROLE_ASKED[draft.tokens[chosen[0]].value(Kind.ROLE)] if chosen else Relation.BY_UNIT
    draft.use(*roles)
    draft.asked, draft.kind = Asked.ITEMS, EntityType.UNIT
    draft.role = relation
    return True


_OF_DOCUMENT = {Column.NAME: Column.TITLE, Column.YEAR: Column.POLICY_YEAR, Column.TITLE: Column.TITLE}


def _asks_of_document(draft: Draft, columns: list[Column], named: set[Kind]) -> bool:
    """沪财绩〔2019〕19号的全称是什么, …是什么文件: the document itself is asked about."""
    if named != {Kind.POLICY} or draft.has(Kind.CITED_OFTEN, Kind.EVIDENCE, Kind.EXIST, Kind.SUPERLATIVE):
        return False
    if any("Project" in t.values(Kind.NOUN) or "Unit" in t.values(Kind.NOUN) for t in draft.tokens):
        return False
    asked = [_OF_DOCUMENT.get(c, c) for c in columns]
    asked = [c for c in asked if c.kind is EntityType.POLICY and c is not Column.CITED_COUNT]
    if not asked and (columns or draft.has(Kind.CITE, Kind.BASIS, Kind.WHO) or not draft.has(Kind.WHICH, Kind.HOW)):
        return False
    if draft.has(Kind.CITE, Kind.BASIS) and not asked:
        return False
    draft.asked, draft.kind = Asked.VALUES, EntityType.POLICY
    draft.columns = asked or [Column.TITLE, Column.NUMBER, Column.ISSUER_CODE, Column.POLICY_YEAR, Column.POLICY_KIND]
    draft.found = []
    return True


def _evidence_kind(draft: Draft, columns: list[Column], named: set[Kind], kind: EntityType) -> EntityType:
    if Kind.INDICATOR in named and not any(c.kind is EntityType.PROJECT for c in columns):
        return EntityType.INDICATOR
    if columns:
        return _columns_kind(columns, named)
    return EntityType.PROJECT if Kind.POLICY in named or Kind.PROJECT in named else kind


def _read_separate_counts(draft: Draft) -> None:
    """2023年和2024年分别有多少, 含和不含的各有多少: values of one column counted apart."""
    words = [i for i in draft.indexes(Kind.SEPARATELY)]
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


def _settle_groups(draft: Draft, columns: list[Column], kind: EntityType) -> None:
    draft.asked, draft.kind = Asked.GROUPS, EntityType.PROJECT
    grouping = draft.grouping
    nouns = [k for i in draft.indexes(Kind.NOUN) if (k := _noun_kind(draft, i)) is not None]
    if grouping is not None and grouping.column is Column.NAME:
        draft.grouping = None
        draft.asked, draft.each = Asked.VALUES, True
        if not columns and EntityType.INDICATOR in nouns:
            columns = [Column.INDICATOR_COUNT]
        elif not columns and EntityType.POLICY in nouns:
            columns = [Column.CITATION_COUNT]
        draft.columns = [c for c in columns if c.kind is EntityType.PROJECT] or draft.columns
        if not draft.columns:
            draft.asked = Asked.ITEMS
        return
    if grouping is not None and grouping.column is not None and grouping.column.kind is EntityType.INDICATOR:
        draft.kind = EntityType.INDICATOR
        return
    if EntityType.INDICATOR in nouns and not columns and draft.has(Kind.HOW_MANY):
        columns = [Column.INDICATOR_COUNT]
    if EntityType.POLICY in nouns and not columns and draft.has(Kind.HOW_MANY) and draft.has(Kind.CITE):
        columns = [Column.CITATION_COUNT]
    measures = [c for c in columns if spec_of(c).type is not ColumnType.INTEGER]
    figures = [c for c in measures if spec_of(c).type.numeric and c.kind is EntityType.PROJECT]
    draft.columns = figures or [c for c in draft.columns if c.kind is EntityType.PROJECT]


def _count_contrast(draft: Draft) -> None:
    if any(side.column for side in draft.sides):
        return
    if draft.columns:
        draft.columns = [{Column.PROJECT_COUNT: Column.PROJECT_COUNT}.get(c, c) for c in draft.columns]
        return
    for index in draft.indexes(Kind.NOUN):
        kind = _noun_kind(draft, index)
        draft.use(index)
        if kind is EntityType.INDICATOR:
            draft.columns = [Column.INDICATOR_COUNT]
        elif kind is EntityType.POLICY:
            draft.columns = [Column.CITATION_COUNT]
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


def _columns_kind(columns: list[Column], named: set[Kind]) -> EntityType:
    if Kind.INDICATOR in named and all(c in _ON_INDICATOR or c.kind is EntityType.INDICATOR for c in columns):
        return EntityType.INDICATOR
    kinds = {c.kind for c in columns}
    if kinds == {EntityType.INDICATOR}:
        only_project = Kind.PROJECT in named and all(c in _ON_PROJECT for c in columns)
        return EntityType.PROJECT if only_project else EntityType.INDICATOR
    if EntityType.POLICY in kinds and Kind.POLICY in named and Kind.PROJECT not in named:
        return EntityType.POLICY
    return columns[0].kind


def _for_indicator(columns: list[Column]) -> list[Column]:
    return [c for c in dict.fromkeys(_ON_INDICATOR.get(c, c) for c in columns) if c.kind is EntityType.INDICATOR]


def _for_project(columns: list[Column]) -> list[Column]:
    mapped: list[Column] = []
    for column in columns:
        mapped.extend(_ON_PROJECT.get(column, (column,)) if column.kind is EntityType.INDICATOR else (column,))
    return list(dict.fromkeys(mapped))


def grouping_for(kind: EntityType) -> Grouping | None:
    """The groups that a ranking of this kind by figures of projects means."""
    if kind is EntityType.UNIT:
        return Grouping(relation=Relation.BY_BEARER)
    if kind is EntityType.POLICY:
        return Grouping(relation=Relation.CITES)
    return None
