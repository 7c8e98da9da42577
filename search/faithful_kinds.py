"""Whether a plan gives the kind of thing asked for: 哪个项目 projects, 几个指标 a count of indicators, 做什么 words."""

from __future__ import annotations

from collections.abc import Iterator

from graph.model import EntityType
from search.faithful_words import Words, columns_of
from search.plan import Compare, Contrast, Define, Follow, Has, Paths, Prove, Tabulate
from search.plan_checks import FIGURE, GROUPS, Shape
from search.plan_contents import COUNT_COLUMNS, Contents, head_of
from search.plan_terms import Aggregate, Column, Relation
from search.query import Kind, Query
from search.vocabulary import ColumnType, spec_of, words_of

_DOING = words_of("faithfulness", "doing", "words")


def find_other_kinds(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """哪个项目 gives projects, 几个指标 a count of indicators, 做什么 words of the form."""
    for index, token in words.of(Kind.WHICH):
        noun = words.after(index, Kind.MEASURE_WORD, Kind.MANY, Kind.NUMBER, Kind.YEAR)
        kinds = words.nouns(noun)
        if kinds and not token.has(Kind.HOW_MANY) and not any(_gives(kind, contents, shape) for kind in kinds):
            yield words.span(index, noun)
    several = sum(t.has(Kind.HOW_MANY) or t.text.startswith("多少") for t in words.said) > 1
    for index, token in words.of(Kind.HOW_MANY):
        noun = words.after(index, Kind.MEASURE_WORD, Kind.PLACE)
        kinds = words.nouns(noun) if not token.has(Kind.FIELD) else ()
        if kinds and not any(_counts(kind, contents, shape, several=several) for kind in kinds):
            yield words.span(index, noun)
        before = _noun_before(words, index)
        measured = words[index + 1]
        bare = not kinds and measured is not None and measured.text in _COUNTING
        if bare and before and not any(_counts(kind, contents, shape, several=several) for kind in before):
            yield words.span(index, index + 1)
    for index, token in words.of(Kind.FIELD):
        full = token.text == "满分" and EntityType.INDICATOR in words.nouns(index + 1)
        if full and not any(isinstance(c, Compare) and c.other is Column.WEIGHT for c in contents.conditions):
            yield words.span(index, index + 1)  # 满分指标有几个: such as have full marks
    yield from _nouns(words, contents, shape)
    yield from _of_documents(words, contents, query, shape)
    asks = [w for w in _DOING if w in words.text]
    if asks and shape is EntityType.PROJECT and contents.picked and not contents.by_topic:
        sections = any(spec_of(c).type is ColumnType.SECTION for c in contents.columns)
        if not sections:
            yield asks[0]


def _nouns(words: Words, contents: Contents, shape: Shape) -> Iterator[str]:
    """子项目的预算, 单位的得分: a kind of thing that is named and that no step of the plan comes near."""
    if contents.by_topic or isinstance(contents.plan.steps[0], Paths | Define) or isinstance(contents.end, Prove):
        return
    near = {EntityType.PROJECT, *contents.counted} | {column.kind for column in contents.columns}
    near |= {end for relation in contents.relations for end in (relation.starts, relation.ends)}
    near |= {kind for kind, columns in COUNT_COLUMNS.items() if columns & contents.columns}
    if contents.columns & {*_UNITS, Column.BASIS}:
        near |= {EntityType.UNIT, EntityType.POLICY}
    for index, token in words.of(Kind.NOUN):
        kinds = words.nouns(index)
        if token.only(Kind.NOUN) and not near.intersection(kinds):
            yield token.text


def _of_documents(words: Words, contents: Contents, query: Query, shape: Shape) -> Iterator[str]:
    """《…》的文号, 81号有几个文件: what is asked of a document itself is not answered with what cites it."""
    named = [i for i, _ in words.of(Kind.POLICY)]
    last = len(words.said) - 1
    own = [c for c in columns_of(words.said[last]) if c.kind is EntityType.POLICY]
    if named and own and shape is EntityType.PROJECT and last - 2 <= named[-1] < last:
        yield words.said[last].text
    cited = any(isinstance(c, Has) and c.relation is Relation.CITES and c.ids for c in contents.conditions)
    projects = words.has(Kind.PROJECT) or any("Project" in t.values(Kind.NOUN) for t in words.said)
    again = Relation.CITES in {s.relation for s in contents.steps if isinstance(s, Follow)}
    if named and cited and again and not projects and not words.has(Kind.UNIT, Kind.BOTH, Kind.OTHER):
        yield from (t.text for _, t in words.of(Kind.HOW_MANY, Kind.WHICH))


_COUNTING = frozenset({"个", "项", "家", "份", "条", "部", "件"})


def _noun_before(words: Words, index: int) -> tuple[EntityType, ...]:
    index -= 1
    while (token := words[index]) is not None and token.has(Kind.FILLER, Kind.HAVE, Kind.BE, Kind.SUM, Kind.BOTH):
        index -= 1
    return words.nouns(index) if words[index] is not None and index >= 0 else ()


def _gives(kind: EntityType, contents: Contents, shape: Shape) -> bool:
    """The plan's rows are of this kind, or each of them names one."""
    if shape is kind or shape not in (GROUPS, FIGURE, *EntityType):
        return True
    if kind is EntityType.PROJECT and shape in (EntityType.INDICATOR, EntityType.TASK):
        columns = getattr(contents.end, "columns", ())  # 哪些项目设了…这个二级目标: not the level of each indicator
        return not columns or any(c not in (Column.LEVEL1, Column.LEVEL2) for c in columns)
    if kind is EntityType.UNIT and contents.columns & _UNITS:
        return True
    if shape == GROUPS:
        heads = [head_of(group) for group in contents.groups]
        tabled = any(isinstance(step, Tabulate) for step in contents.steps)
        return kind in heads or (not contents.groups and tabled)
    if shape == FIGURE:
        return kind in contents.counted and not contents.groups
    return kind is EntityType.POLICY and Column.BASIS in contents.columns


_UNITS = frozenset({Column.DECLARING_UNIT, Column.SUPERVISING_UNIT, Column.IMPLEMENTING_UNIT})


def _counts(kind: EntityType, contents: Contents, shape: Shape, *, several: bool) -> bool:
    """The plan counts things of this kind, or lists them in full."""
    if shape is kind or COUNT_COLUMNS.get(kind, frozenset()) & contents.columns:
        return True
    if shape in (FIGURE, GROUPS):
        counts = Aggregate.COUNT in contents.aggregates or any(isinstance(s, Contrast) for s in contents.steps)
        counts = counts or several  # 有几个，合计多少: the figure is told with how many it is of
        return counts and (kind in contents.counted or not contents.counted)
    return shape not in (GROUPS, FIGURE, *EntityType)
