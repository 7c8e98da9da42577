"""Words of a question that no rule explained: harmless ones, a topic, a name the graph lacks, or not understood."""

from __future__ import annotations

from graph.model import EntityType
from search.parse_draft import Draft
from search.plan import Both, Condition, Either, Except, Has, Number
from search.query import Asked, Kind, Mention, Token, kind_of
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


def _topic_of_runs(draft: Draft) -> str | None:
    """The unknown words as one phrase; None where other words stand between them, which a topic would swallow."""
    unread = [i for i, token in enumerate(draft.tokens) if token.has(Kind.UNKNOWN) and i not in draft.used]
    if not unread:
        return None
    joining = (Kind.AND, Kind.TOPIC_NOUN, Kind.FILLER, Kind.DE)
    between = [i for i in range(unread[0], unread[-1]) if i not in unread]
    runs = sorted(_unknown_runs(draft), key=len, reverse=True)
    if all(draft.is_at(i, *joining) for i in between):
        runs = [draft.text_of([unread[0], unread[-1]])]
    lesser = len(runs) > 1 and len(runs[1]) * 2 > len(runs[0])  # 白蚁问题是哪个项目解决的 is about the first
    return runs[0] if len(runs[0]) > 1 and not lesser else None


def _topic_text(draft: Draft) -> str:
    """The phrase without what introduces it and without 的项目 behind it."""
    first, last = 0, len(draft) - 1
    while first < last and (draft.quiet(first) or draft.tokens[first].has(Kind.LIST, Kind.YEAR, Kind.HAVE)):
        first += 1
    while last > first and draft.tokens[last].has(Kind.NOUN, Kind.DE, Kind.STOP, Kind.FILLER):
        last -= 1
    return draft.text_of([first, last])


def read_leftovers(draft: Draft) -> None:
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
            draft.unknown.append(draft.text_of(_phrase_around(draft, index)))
    if unread and not any(token.has(*_HARD) for token in unread):
        _bare_topic(draft)


def _phrase_around(draft: Draft, index: int) -> list[int]:
    """A single sign is said back with the word that it is the end of: 得分|率."""
    token, before = draft.tokens[index], draft.at(index - 1) if index else None
    lone = len(token.text) == 1 and token.only(Kind.UNKNOWN) and before is not None
    if lone and before is not None and before.has(Kind.FIELD, Kind.NOUN) and not before.has(Kind.STOP, Kind.BE):
        return [index - 1, index]
    return [index]


def _may_stay_unread(draft: Draft, index: int) -> bool:
    """The token changes nothing of what is asked, where it stands."""
    token = draft.tokens[index]
    if not token.has(*_HARMLESS):
        return False
    if token.has(Kind.NOT, Kind.COMPARE, Kind.ROLE) and not token.has(Kind.EXIST, Kind.WHICH, Kind.NOUN, Kind.CITE):
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


_COUNTING = ("几", "多少")


def _bare_topic(draft: Draft) -> None:
    """A phrase with no word of asking in it is a topic; so is what projects are said to do in words unknown here."""
    if draft.topic or draft.missing or not draft.unknown or _tells_what_was_done(draft):
        return
    if any(text.startswith(_COUNTING) for text in draft.unknown):
        return  # 办了几场活动: a figure is asked for
    asking = (Kind.WHICH, Kind.WHO, Kind.HOW_MANY, Kind.EXIST, Kind.HOW, Kind.WHY, Kind.NOT, Kind.COMPARE)
    if draft.asked in (Asked.EVIDENCE, Asked.MEANING, Asked.PATH, Asked.CONTRAST):
        return
    fields_apart = any(
        token.has(Kind.FIELD) and not _amid_unknown(draft, index) for index, token in enumerate(draft.tokens)
    )
    plain = not fields_apart and not draft.has(
        *asking, Kind.OUTCOME, Kind.BASIS, Kind.POLICY, Kind.UNIT, Kind.SUM, Kind.SUPERLATIVE, Kind.PRONOUN
    )
    if draft.outside and (not plain or draft.has(Kind.PROJECT)):
        return
    if plain:  # with a word from outside the graph, a topic only where the documents hold its words
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
        topic = _topic_of_runs(draft)
        if topic is None:
            return
        draft.topic = topic
        draft.unknown.clear()
