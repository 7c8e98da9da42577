"""Question → Query: the steps of understanding, in order, and what is done with words that no step explained."""

from __future__ import annotations

from graph.model import EntityType
from search.linking import Names
from search.normalise import Folded
from search.parse_change import read_change, read_contrast, read_extremes
from search.parse_claims import read_claims
from search.parse_columns import refuse_dropped
from search.parse_combining import combine, documents_of_each, join_indicator_conditions, on_indicators
from search.parse_comparisons import read_comparisons
from search.parse_conditions import (
    read_about,
    read_except,
    read_genres,
    read_indicators,
    read_issuers,
    read_policies,
    read_units,
    read_values,
)
from search.parse_doings import read_doings
from search.parse_draft import Draft, Found
from search.parse_focus import read_focus
from search.parse_grouping import read_aggregates, read_grouping
from search.parse_kind import guess_kind, read_subjects
from search.parse_leftovers import read_leftovers
from search.parse_literals import mark_literals, read_literals
from search.parse_loose import drop_loose_documents, drop_loose_indicators
from search.parse_names import choose_senses, link_to_project, mend_names, settle_rivals, take_damaged_names
from search.parse_phrases import read_misprints, read_outcomes, read_phrases, read_plain_relations
from search.parse_ranking import read_choice, read_ranking, settle_order
from search.parse_shares import read_share
from search.parse_tokens import cut
from search.parse_topics import read_topic
from search.parse_years import read_years, year_condition
from search.plan_terms import Column, Contrasting
from search.query import Asked, Kind, Query, Side


def parse_question(question: Folded, names: Names) -> Query:
    """What the question asks, as far as it was understood."""
    draft = Draft(question=question, names=names, tokens=list(cut(question, names)))
    mark_literals(draft)
    drop_loose_documents(draft)
    mend_names(draft)
    drop_loose_documents(draft)
    drop_loose_indicators(draft)
    choose_senses(draft)
    settle_rivals(draft)
    take_damaged_names(draft)
    link_to_project(draft)
    read_doings(draft)
    read_pronouns(draft)
    read_except(draft)
    read_topic(draft)
    kind = guess_kind(draft)
    read_change(draft)
    read_contrast(draft)
    read_choice(draft)
    read_grouping(draft)
    read_comparisons(draft, kind)
    read_years(draft, kind)
    read_subjects(draft)
    read_policies(draft)
    read_units(draft, kind)
    read_about(draft)
    read_issuers(draft, kind)
    read_genres(draft, kind)
    read_indicators(draft, kind)
    read_values(draft)
    read_literals(draft, kind)
    read_phrases(draft)
    read_misprints(draft, kind)
    read_outcomes(draft)
    read_plain_relations(draft, kind)
    read_ranking(draft, kind)
    read_extremes(draft)
    read_share(draft)
    read_aggregates(draft)
    read_focus(draft, kind)
    refuse_dropped(draft)
    read_claims(draft, kind)
    return assemble(draft, kind)


def read_pronouns(draft: Draft) -> None:
    """它们, 其中, 这些: the question speaks of the answer before."""
    for index in list(draft.indexes(Kind.PRONOUN)):
        draft.follows = True
        draft.use(index)


def assemble(draft: Draft, kind: EntityType) -> Query:
    """The query that the draft comes to."""
    if draft.contrasting is Contrasting.SHARE:
        _set_out_share(draft)
    within = settle_order(draft, draft.kind or kind)
    combine(draft, draft.found)
    read_leftovers(draft)
    conditions = list(combine(draft, draft.found))
    if draft.kind is EntityType.INDICATOR:
        conditions = [on_indicators(condition) for condition in conditions]
    else:
        conditions = join_indicator_conditions(conditions)
    years = year_condition(draft, _year_column(draft), draft.years)
    if years is not None:
        conditions.insert(0, years)
    conditions = documents_of_each(draft, conditions)
    return Query(
        asked=draft.asked or Asked.ITEMS,
        kind=draft.kind or kind,
        subjects=tuple(mention for _, mention in sorted(draft.subjects, key=lambda pair: pair[0])),
        conditions=tuple(conditions),
        columns=tuple(draft.columns),
        aggregate=draft.aggregate,
        ranking=tuple(draft.ranking),
        within=within,
        grouping=draft.grouping,
        figures=tuple(draft.figures),
        sides=tuple(draft.sides),
        contrasting=draft.contrasting,
        signed=draft.signed,
        topic=draft.topic,
        topic_literal=draft.topic_literal,
        follows=draft.follows,
        yes_no=draft.yes_no,
        common=draft.common,
        neighbours=draft.neighbours,
        role=draft.role,
        each=draft.each,
        fragment=_is_fragment(draft),
        idle=within is None and _is_idle(draft),
        unknown=tuple(draft.unknown),
        missing=tuple(draft.missing),
        outside=tuple(draft.outside),
        notes=tuple(draft.notes),
        claim=draft.claim,
        said=tuple(draft.tokens),
        unread=frozenset(i for i in range(len(draft)) if i not in draft.used),
    )


def _set_out_share(draft: Draft) -> None:
    """The part is what is said before 占; the whole is what is said behind it, or all projects."""
    at = draft.share_at or 0
    whole = [f for f in draft.found if f.first > at]
    part = [f for f in draft.found if f.first <= at]
    projects = [(i, m) for i, m in draft.subjects if m.kind in (Kind.PROJECT, Kind.TASK)]
    behind = [m for i, m in projects if i > at]
    before = [m for i, m in projects if i <= at]
    if before and not whole and not behind:  # 经信中心的预算中，备案系统占多少
        whole = [f for f in part if f.last < min(i for i, _ in projects)]
    if {i < at for i, _ in draft.years} == {True, False}:  # each side has a year of its own
        for side, told in ((part, True), (whole, False)):
            own = [pair for pair in draft.years if (pair[0] < at) is told]
            condition = year_condition(draft, Column.YEAR, own)
            side.extend(Found(condition=condition, first=own[0][0], last=own[0][0]) for _ in own[:1] if condition)
        draft.years = []
    same = (not part and not before) or draft.grouping is not None
    if same and not draft.ranking:
        draft.unknown.append(draft.tokens[at].text)  # 每个单位的占比, or the share of nothing in particular
    draft.found = []
    draft.subjects = [pair for pair in draft.subjects if pair not in projects]
    draft.sides = [
        Side(label="所问的部分", conditions=combine(draft, part), subjects=tuple(before)),
        Side(label="总体", conditions=combine(draft, whole), subjects=tuple(behind)),
    ]


def _is_idle(draft: Draft) -> bool:
    """Greetings, lone question words, 引用 of nothing: no noun, column, name, condition or topic."""
    if draft.found or draft.years or draft.subjects or draft.topic or draft.unknown or draft.missing or draft.follows:
        cites_nothing = draft.has(Kind.CITE) and draft.kind is EntityType.PROJECT and draft.asked is Asked.ITEMS
        bare = not (draft.found or draft.subjects or draft.topic or draft.unknown or draft.missing or draft.follows)
        return cites_nothing and bare and not draft.ranking
    if draft.has(Kind.CITE) and draft.kind is EntityType.PROJECT and draft.asked is Asked.ITEMS and not draft.ranking:
        return True
    return not draft.has(
        Kind.NOUN, Kind.FIELD, Kind.FORM, Kind.VALUE, Kind.GENRE, Kind.ROLE, Kind.EACH_YEAR, Kind.COMPOSITE
    )


def _is_fragment(draft: Draft) -> bool:
    """那2024年呢？, 换成信息中心呢？: no word of asking but 呢 at the end or 那 at the beginning."""
    asking = (Kind.WHICH, Kind.WHO, Kind.HOW_MANY, Kind.EXIST, Kind.HOW, Kind.FIELD, Kind.SUM)
    text = draft.question.folded.rstrip("?!.。")
    return not draft.has(*asking) and (text.endswith("呢") or text.startswith(("那", "换成", "如果是", "要是")))


def _year_column(draft: Draft) -> Column:
    """Years are budget years, unless documents are asked for and nothing of projects is said."""
    speaks_of_projects = any(
        "Project" in token.values(Kind.NOUN) or token.has(Kind.PROJECT, Kind.UNIT, Kind.CITE, Kind.CITED_OFTEN)
        for token in draft.tokens
    )
    issued = draft.has(Kind.ISSUE)
    return Column.POLICY_YEAR if draft.kind is EntityType.POLICY and (issued or not speaks_of_projects) else Column.YEAR
