"""Which kind of thing a question asks for, and which projects it names as what it is about."""

from __future__ import annotations

from dataclasses import replace

from graph.model import EntityType
from search.parse_draft import Draft
from search.plan import Compare
from search.plan_terms import Column, Op
from search.query import How, Kind, Sense
from search.vocabulary import ColumnType, spec_of


def guess_kind(draft: Draft) -> EntityType:
    """The kind of thing that the question seems to ask for; projects where nothing says otherwise."""
    for index in draft.indexes(Kind.WHICH, Kind.HOW_MANY):
        after = draft.after(index, Kind.MEASURE_WORD, Kind.MANY)
        if (kind := noun_kind(draft, after)) is not None:
            return kind
        if draft.is_at(after, Kind.ROLE) and draft.tokens[after].text.endswith(("单位", "部门", "主体", "机构")):
            return EntityType.UNIT
        token = draft.at(after)
        if token is not None and any(v.startswith("indicator.") for v in token.values(Kind.FIELD)):
            return EntityType.INDICATOR
        cited = draft.before(index, Kind.HAVE)
        named = draft.has(Kind.PROJECT, Kind.UNIT) or any(
            noun_kind(draft, i) is EntityType.PROJECT for i in range(max(cited, 0))
        )
        if draft.is_at(cited, Kind.CITE) and named and not draft.has(Kind.POLICY):
            return EntityType.POLICY
    if sum(token.has(Kind.PROJECT) for token in draft.tokens) > 1 and draft.has(Kind.WHO):
        return EntityType.PROJECT
    if any(_whom_among_projects(draft, index) for index in draft.indexes(Kind.WHO)):
        return EntityType.PROJECT
    projects_only = any("Project" in t.values(Kind.NOUN) for t in draft.tokens) and not any(
        "Unit" in t.values(Kind.NOUN) or t.has(Kind.ROLE) for t in draft.tokens
    )
    if projects_only and draft.has(Kind.WHO) and draft.has(Kind.SUPERLATIVE, Kind.PLACE):
        return EntityType.PROJECT
    if draft.has(Kind.WHO) and _speaks_of_figures(draft):
        return EntityType.PROJECT
    if any(True for _ in draft.indexes(Kind.WHO)):
        cites = draft.has(Kind.CITE) and draft.has(Kind.POLICY, Kind.MISSING) and not draft.has(Kind.ROLE)
        return EntityType.PROJECT if cites or _is_measured(draft) else EntityType.UNIT
    for index in draft.indexes(Kind.WHICH, Kind.HOW_MANY):
        before = draft.before(index, Kind.HAVE, Kind.BE, Kind.SUM, Kind.BOTH)
        told = draft.is_at(before + 1, Kind.DE) and any(draft.is_at(i, Kind.NOUN) for i in range(before))
        if told and draft.is_at(before, Kind.GENRE):
            continue  # …的项目，依据里有国务院令的是哪几个: the noun tells of what was named before
        if (kind := noun_kind(draft, before)) is not None:
            return kind
        token = draft.at(before)
        if token is not None and token.has(Kind.FIELD):
            return Column(token.value(Kind.FIELD)).kind
    for index in reversed(list(draft.indexes(Kind.NOUN, Kind.VALUE, Kind.GENRE))):
        if draft.tokens[index].only(Kind.GENRE) and draft.after(index) < len(draft):
            continue  # only at the end is it what is asked for: 被引用最多的条例
        if draft.is_at(index, Kind.TITLE_WORDS) and draft.is_at(draft.before(index), Kind.POLICY):
            continue  # 18号文, 预算法这份文件
        if (kind := noun_kind(draft, index)) is not None:
            return kind
    for index in draft.indexes(Kind.LITERAL):
        if mention := draft.tokens[index].mention(Kind.LITERAL):
            return Column(mention.key).kind
    return EntityType.PROJECT


def _is_measured(draft: Draft) -> bool:
    """谁的执行率没到95%, 得分低于98分的都有谁: figures stand on the forms of projects, and nothing speaks of units."""
    units = draft.has(Kind.ROLE, Kind.UNIT, Kind.BASIS, Kind.ISSUE, Kind.CITE)
    units = units or any("Unit" in token.values(Kind.NOUN) for token in draft.tokens)
    return not units and draft.has(Kind.COMPARE, Kind.AFTER, Kind.THAN) and not draft.has(Kind.SUPERLATIVE)


def _whom_among_projects(draft: Draft, index: int) -> bool:
    """实施的项目里谁的…, 2020年的项目都有谁: people say 谁 of projects too."""
    noun = draft.before(index, Kind.HAVE, Kind.BOTH, Kind.YEAR)
    done_by = any(draft.tokens[i].text in {"由", "被", "让", "归"} for i in range(max(noun, 0), index))
    by_role = draft.is_at(draft.after(index), Kind.ROLE)
    return noun_kind(draft, noun) is EntityType.PROJECT and not done_by and not by_role


def _speaks_of_figures(draft: Draft) -> bool:
    """谁的执行率没到95%: figures of projects, and no word of units."""
    columns = [Column(value) for token in draft.tokens for value in token.values(Kind.FIELD)]
    figures = any(c.kind is EntityType.PROJECT and spec_of(c).type in _FIGURES for c in columns)
    of_units = any(
        token.has(Kind.ROLE, Kind.CITE) or "Unit" in token.values(Kind.NOUN) or "Project" in token.values(Kind.NOUN)
        for token in draft.tokens
    )
    figures = figures or (draft.has(Kind.THAN) and draft.has(Kind.LAST_YEAR))
    ordered = draft.has(Kind.SUPERLATIVE) or any(
        not t.has(Kind.MEASURE_WORD) for t in draft.tokens if t.has(Kind.PLACE)
    )
    return figures and not of_units and not ordered and not draft.has(Kind.UNIT, Kind.PROJECT, Kind.POLICY)


_FIGURES = (ColumnType.MONEY, ColumnType.RATE, ColumnType.SCORE)


def noun_kind(draft: Draft, index: int) -> EntityType | None:
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
        if mention.kind is Kind.PROJECT and _is_left_out(draft, index):
            draft.add(Compare(column=Column.NAME, op=Op.EQ, value=mention.label), index, index)
            continue
        draft.subjects.append((index, mention))
        draft.use(index)
        noun = index + 1
        if draft.is_at(noun, Kind.NOUN) and "Project" in draft.tokens[noun].values(Kind.NOUN):
            draft.use(noun)


def _is_left_out(draft: Draft, index: int) -> bool:
    """除了…以外: the project is named for what is not asked about."""
    before = draft.at(draft.before(index))
    return (
        before is not None and before.has(Kind.NOT) and before.text.startswith(("除", "排除", "剔除", "不含", "不包括"))
    )


def _loose_names_are_topics(draft: Draft) -> None:
    """哪些项目开展了城市更新, or the bare phrase: pieces of names of indicators and tasks say a topic."""
    if draft.topic is not None or draft.has(Kind.CITE, Kind.FIELD, Kind.NOT, Kind.RELATION, Kind.EVIDENCE):
        return
    nouns = {value for t in draft.tokens for value in t.values(Kind.NOUN)}
    bare = not nouns and not draft.has(Kind.WHICH, Kind.WHO, Kind.HOW_MANY, Kind.EXIST)
    if not bare and (nouns != {"Project"} or draft.has(Kind.HOW_MANY)):
        return
    loose = list(draft.indexes(Kind.INDICATOR, Kind.TASK, *([Kind.POLICY] if bare else [])))
    for index in loose:
        token = draft.tokens[index]
        mention = next((s.mention for s in token.senses if s.mention), None)
        if mention is not None and mention.how in (How.PARTIAL, How.FUZZY):
            draft.tokens[index] = replace(token, senses=(Sense(kind=Kind.UNKNOWN),))
