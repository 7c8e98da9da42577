"""Question → Query: the steps of understanding, in order, and what is done with words that no step explained."""

from __future__ import annotations

from graph.model import EntityType
from search.linking import Names
from search.normalise import Folded
from search.parse_change import read_change, read_contrast, read_extremes, read_share
from search.parse_combining import combine, join_indicator_conditions, on_indicators
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
from search.parse_draft import Draft
from search.parse_focus import read_focus
from search.parse_grouping import read_aggregates, read_grouping
from search.parse_kind import guess_kind, read_subjects
from search.parse_literals import mark_literals, read_literals
from search.parse_names import choose_senses, link_to_project, mend_names, settle_rivals
from search.parse_phrases import read_misprints, read_outcomes, read_phrases, read_plain_relations
from search.parse_ranking import read_choice, read_ranking, settle_order
from search.parse_tokens import cut
from search.parse_topics import read_topic
from search.parse_years import read_years, year_condition
from search.plan import Both, Condition, Either, Except, Has, Number
from search.plan_terms import Column, Contrasting
from search.query import Asked, Kind, Mention, Query, Side, Token, kind_of
from search.vocabulary import words_of

# What may stay unread without changing what is asked. Every other word that no rule explains was not understood.
_HARD = (
    Kind.NOT,
    Kind.COMPARE,
    Kind.MONEY,
    Kind.PERCENT,
    Kind.POINTS_VALUE,
    Kind.DATE,
    Kind.LAST_YEAR,
    Kind.SUPERLATIVE,
    Kind.SHARE,
    Kind.INCREASE,
    Kind.DECREASE,
    Kind.THAN,
    Kind.DIFFERENCE,
    Kind.WHY,
    Kind.GRADE,
)
_HARMLESS = (
    Kind.FILLER,
    Kind.DE,
    Kind.STOP,
    Kind.WHICH,
    Kind.WHO,
    Kind.HOW_MANY,
    Kind.HOW,
    Kind.EXIST,
    Kind.HAVE,
    Kind.BE,
    Kind.LIST,
    Kind.CITE,
    Kind.BASIS,
    Kind.CITED_OFTEN,
    Kind.AND,
    Kind.BOTH,
    Kind.OTHER,
    Kind.EACH,
    Kind.GROUPED,
    Kind.SEPARATELY,
    Kind.SORT,
    Kind.THIS_YEAR,
    Kind.TOPIC_NOUN,
    Kind.TITLE_WORDS,
    Kind.ABOUT_NAME,
    Kind.CONTAIN,
    Kind.ISSUE,
    Kind.ANY,
    Kind.UNIT_WORDS,
    Kind.NOUN,
    Kind.ROLE,
    Kind.BETWEEN,
    Kind.TRUTH,
    Kind.MEASURE_WORD,
    Kind.GRADE_LEAD,
    Kind.SHARED,
    Kind.ISSUER,
)


def parse_question(question: Folded, names: Names) -> Query:
    """What the question asks, as far as it was understood."""
    draft = Draft(question=question, names=names, tokens=list(cut(question, names)))
    mark_literals(draft)
    mend_names(draft)
    choose_senses(draft)
    settle_rivals(draft)
    link_to_project(draft)
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
    _leftovers(draft)
    conditions = list(combine(draft, draft.found))
    if draft.kind is EntityType.INDICATOR:
        conditions = [on_indicators(condition) for condition in conditions]
    else:
        conditions = join_indicator_conditions(conditions)
    years = year_condition(draft, _year_column(draft), draft.years)
    if years is not None:
        conditions.insert(0, years)
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
    )


def _unknown_runs(draft: Draft) -> list[str]:
    """Stretches of unknown words side by side, as typed."""
    runs: list[list[int]] = []
    for index, token in enumerate(draft.tokens):
        if token.has(Kind.UNKNOWN) and index not in draft.used:
            if runs and runs[-1][-1] == index - 1:
                runs[-1].append(index)
            else:
                runs.append([index])
    return [draft.text_of(run) for run in runs]


def _topic_text(draft: Draft) -> str:
    """The phrase without what introduces it and without 的项目 behind it."""
    first, last = 0, len(draft) - 1
    while first < last and (draft.quiet(first) or draft.tokens[first].has(Kind.LIST, Kind.YEAR, Kind.HAVE)):
        first += 1
    while last > first and draft.tokens[last].has(Kind.NOUN, Kind.DE, Kind.STOP, Kind.FILLER):
        last -= 1
    return draft.text_of([first, last])


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


def _leftovers(draft: Draft) -> None:
    """What is unread and means something was not understood."""
    unread: list[Token] = []
    for index, token in enumerate(draft.tokens):
        if index in draft.used:
            continue
        if token.has(Kind.UNKNOWN) and (absent := _absent_name(draft, index)) is not None:
            draft.missing.append(absent)
            continue
        harmless = _may_stay_unread(draft, index)
        if not token.has(*_HARMLESS, Kind.MISSING, Kind.OUTSIDE):
            unread.append(token)
        if token.has(Kind.MISSING) and not token.has(Kind.POLICY):
            mention = token.mention(Kind.MISSING)
            if mention is not None:
                draft.missing.append(mention)
        elif token.has(Kind.OUTSIDE):
            draft.outside.append(token.text)
        elif not harmless:
            draft.unknown.append(draft.question.original(token.start, token.end))
    if unread and not any(token.has(*_HARD) for token in unread):
        _bare_topic(draft)


def _may_stay_unread(draft: Draft, index: int) -> bool:
    """The token changes nothing of what is asked, where it stands."""
    token = draft.tokens[index]
    if not token.has(*_HARMLESS):
        return False
    if token.has(Kind.NOT) and not token.has(Kind.EXIST):
        return False
    if token.has(Kind.DE, Kind.STOP):
        return True
    if any(begin <= token.start and token.end <= end for begin, end in draft.question.quotes):
        return False  # what is put in quotation marks is meant
    if token.only(Kind.MEASURE_WORD, Kind.PLACE):
        before = draft.at(index - 1) if index else None
        return before is not None and (before.has(*_COUNTABLE) or before.text in _POINTING or before.text[-1] in "少几")
    if token.text.startswith("引") and token.only(Kind.CITE):
        return _speaks_of_documents(draft)
    return True


_COUNTABLE = (
    Kind.NUMBER,
    Kind.WHICH,
    Kind.HOW_MANY,
    Kind.EACH,
    Kind.MANY,
    Kind.PLACE,
    Kind.ANY,
    Kind.SAME,
    Kind.OTHER,
    Kind.SUPERLATIVE,
    Kind.MEASURE_WORD,
    Kind.SEPARATELY,
    Kind.HAVE,
    Kind.ONLY,
    Kind.VALUE,
)


_POINTING = frozenset({"这", "那", "该", "各", "每", "此", "整"})


def _speaks_of_documents(draft: Draft) -> bool:
    """What is cited, or that something is, has been read."""
    if draft.kind in (EntityType.POLICY, None) or draft.asked is not Asked.ITEMS or draft.neighbours or draft.ranking:
        return True
    if not any("Project" in token.values(Kind.NOUN) for token in draft.tokens):
        return True
    named = draft.has(Kind.POLICY, Kind.MISSING, Kind.ISSUER, Kind.GENRE, Kind.PRONOUN, Kind.QUOTED, Kind.UNKNOWN)
    return named or draft.common or draft.role is not None or any(_is_citing(f.condition) for f in draft.found)


def _is_citing(condition: Condition) -> bool:
    match condition:
        case Has(relation=relation) | Number(relation=relation):
            return EntityType.POLICY in (relation.starts, relation.ends)
        case Except(part=part):
            return _is_citing(part)
        case Both(parts=parts) | Either(parts=parts):
            return any(_is_citing(part) for part in parts)
        case _:
            return kind_of(condition) is EntityType.POLICY


def _absent_name(draft: Draft, index: int) -> Mention | None:
    """An unknown word that is said to be a unit or, where a project must be named, a project."""
    token = draft.tokens[index]
    text = draft.question.original(token.start, token.end)
    noun = draft.at(index + 1)
    asks_of_it = (
        draft.asked in (Asked.VALUES, Asked.FIGURE, Asked.EVIDENCE, Asked.COUNT) or draft.kind is not EntityType.PROJECT
    )
    if noun is not None and "Project" in noun.values(Kind.NOUN) and asks_of_it and not draft.subjects:
        draft.use(index, index + 1)
        return Mention(kind=Kind.MISSING, text=token.text + noun.text, label=text + noun.text, key=Kind.PROJECT.value)
    cited = any(any(verb in t.text for verb in _CITING) for t in draft.tokens if t.has(Kind.CITE, Kind.CITED_OFTEN))
    if cited and len(token.text) >= 3 and draft.kind is EntityType.PROJECT and not draft.has(Kind.POLICY):
        draft.use(index)
        return Mention(kind=Kind.MISSING, text=token.text, label=text)
    office = token.text[-1] in "委局厅办" and len(token.text) >= 3  # 市教委
    long_enough = office or len(token.text) >= 4
    if long_enough and token.text.endswith(words_of("names", "units", "endings")) and draft.has(*_ASKING):
        draft.use(index)
        return Mention(kind=Kind.MISSING, text=token.text, label=text, key=Kind.UNIT.value)
    return None


_CITING = ("引用", "依据", "援引", "引述", "参照", "参考", "依照", "根据", "遵照")
_ASKING = (Kind.NOUN, Kind.FIELD, Kind.CITE, Kind.HOW_MANY)


def _amid_unknown(draft: Draft, index: int) -> bool:
    """科技经费投入统筹: a word of the lexicon within a phrase that is otherwise unknown."""
    first, last = index, index
    while draft.is_at(first, Kind.FIELD):
        first -= 1
    while draft.is_at(last, Kind.FIELD):
        last += 1
    return draft.is_at(first, Kind.UNKNOWN) and draft.is_at(last, Kind.UNKNOWN)


def _tells_what_was_done(draft: Draft) -> bool:
    """年底完成的, 引用了…的: said of projects by their dates or documents, no topic."""
    return any(
        (token.has(Kind.END_HINT, Kind.START_HINT) and (draft.is_at(i + 1, Kind.DE) or i + 1 == len(draft)))
        or (token.has(Kind.CITE) and token.text.startswith("引用") and i + 1 < len(draft))
        for i, token in enumerate(draft.tokens)
        if i not in draft.used
    )


def _bare_topic(draft: Draft) -> None:
    """A phrase with no word of asking in it is a topic; so is what projects are said to do in words unknown here."""
    if draft.topic or draft.missing or draft.outside or not draft.unknown or _tells_what_was_done(draft):
        return
    asking = (Kind.WHICH, Kind.WHO, Kind.HOW_MANY, Kind.EXIST, Kind.HOW, Kind.WHY, Kind.NOT, Kind.COMPARE)
    if draft.asked in (Asked.EVIDENCE, Asked.MEANING, Asked.PATH, Asked.CONTRAST):
        return
    fields_apart = any(
        token.has(Kind.FIELD) and not _amid_unknown(draft, index) for index, token in enumerate(draft.tokens)
    )
    plain = not fields_apart and not draft.has(
        *asking, Kind.OUTCOME, Kind.BASIS, Kind.POLICY, Kind.UNIT, Kind.SUM, Kind.SUPERLATIVE, Kind.PRONOUN
    )
    if plain:
        draft.topic = _topic_text(draft)
        draft.unknown.clear()
        draft.subjects = []
        draft.found = []
        return
    asks_projects = draft.asked is Asked.ITEMS and draft.kind is EntityType.PROJECT and not draft.subjects
    named = any("Project" in token.values(Kind.NOUN) for token in draft.tokens)
    if (
        asks_projects
        and named
        and draft.has(Kind.WHICH, Kind.EXIST)
        and not draft.has(Kind.NOT, Kind.COMPARE, Kind.WHY, Kind.FIELD)
    ):
        longest = max(_unknown_runs(draft), key=len, default="")
        if len(longest) < 2:
            return
        draft.topic = longest
        draft.unknown.clear()
