"""Words that a column must say or hold: 名称里带“信息”, 目标值是到位的. Marked before names are linked."""

from __future__ import annotations

from graph.model import EntityType
from search.normalise import key_of
from search.parse_combining import any_of
from search.parse_draft import Draft
from search.plan import Compare, Condition, Except, Has
from search.plan_terms import Column, Op, Relation
from search.query import Kind, Mention, Sense, Token
from search.vocabulary import ColumnType, spec_of, words_of

_NAMES_OF = {
    "Project": Column.NAME,
    "PolicyDocument": Column.TITLE,
    "Unit": Column.UNIT_NAME,
    "Indicator": Column.LEVEL3,
    "Task": Column.TASK_NAME,
}
_ASKING = (Kind.WHICH, Kind.WHO, Kind.HOW_MANY, Kind.EXIST, Kind.STOP)
_JOINED = {
    EntityType.POLICY: Relation.CITES,
    EntityType.UNIT: Relation.BY_UNIT,
    EntityType.INDICATOR: Relation.HAS_INDICATOR,
    EntityType.TASK: Relation.HAS_TASK,
}


def mark_literals(draft: Draft) -> None:
    """One token for each column with the words that it must hold or say."""
    index = 0
    while index < len(draft):
        column, lead = _column_at(draft, index)
        found = None if column is None else _held(draft, column, lead) or _said(draft, column, lead)
        if column is not None and found is not None:
            op, text, last = found
            first = index - 1 if index and draft.is_at(index, Kind.ABOUT_NAME) and _noun_of(draft, index - 1) else index
            _join(draft, first, last, column, op, text)
            index = first
        index += 1


def _column_at(draft: Draft, index: int) -> tuple[Column | None, int]:
    """The column named at this token, and the last token that names it."""
    token = draft.tokens[index]
    last = index
    while draft.is_at(last + 1, Kind.ABOUT_NAME) or (last + 1 < len(draft) and draft.tokens[last + 1].text in _INSIDE):
        last += 1
    if token.has(Kind.ABOUT_NAME):
        noun = _noun_of(draft, index - 1) or ("PolicyDocument" if "标题" in token.text else None)
        nouns = [noun] if noun else [v for t in draft.tokens for v in t.values(Kind.NOUN) if v in _NAMES_OF]
        return _NAMES_OF[nouns[0] if nouns else "Project"], last
    columns = [Column(value) for value in token.values(Kind.FIELD)]
    if Column.TARGET_TEXT in columns and not draft.has(Kind.INDICATOR) and not _noun_of_kind(draft, "Indicator"):
        columns = [Column.GOALS]  # 项目的目标里提到
    fitting = (ColumnType.NAME, ColumnType.TEXT, ColumnType.QUANTITY, ColumnType.SECTION)
    return next((c for c in columns if spec_of(c).type in fitting), None), last


def _noun_of_kind(draft: Draft, value: str) -> bool:
    return any(value in token.values(Kind.NOUN) for token in draft.tokens)


_INSIDE = frozenset({"里", "里面", "中", "内", "上"})


def _noun_of(draft: Draft, index: int) -> str | None:
    token = draft.at(index) if index >= 0 else None
    return next((v for v in token.values(Kind.NOUN) if v in _NAMES_OF), None) if token is not None else None


def _held(draft: Draft, column: Column, lead: int) -> tuple[Op, str, int] | None:
    """…里带“信息”(字样): the words, and the last token of the phrase."""
    verb = lead + 1
    while verb < len(draft) and draft.tokens[verb].text in {"都", "均", "也"}:
        verb += 1
    denied = verb < len(draft) and draft.tokens[verb].text in _LACKING
    mentions = verb < len(draft) and draft.tokens[verb].text in _MENTIONING
    if not (draft.is_at(verb, Kind.CONTAIN) or denied or mentions) or draft.is_at(verb, Kind.EXIST):
        return None
    first = verb + 1
    while first < len(draft) and draft.tokens[first].text in {"了", "着", "有"}:
        first += 1
    if first >= len(draft):
        return None
    start = draft.tokens[first].start
    quote = next((end for begin, end in draft.question.quotes if begin == start), None)
    last = first
    if quote is not None:
        while last + 1 < len(draft) and draft.tokens[last + 1].start < quote:
            last += 1
        document = any(draft.is_at(i, Kind.POLICY) for i in range(first, last + 1))
        if draft.tokens[last].end != quote or (document and spec_of(column).type is ColumnType.SECTION):
            return None
    elif spec_of(column).type is not ColumnType.NAME and not (mentions and spec_of(column).type is ColumnType.SECTION):
        return None
    else:
        while last + 1 < len(draft) and not draft.is_at(last + 1, Kind.DE, Kind.NOUN, *_ASKING):
            last += 1
    if any(draft.is_at(i, *_ASKING) for i in range(first, last + 1)):
        return None
    text = draft.question.original(start, draft.tokens[last].end)
    for ending in words_of("words", "plain", "wording"):
        text = text.removesuffix(ending) or text
        behind = draft.question.folded[draft.tokens[last].end :]
        if behind.startswith(ending):
            while last + 1 < len(draft) and draft.tokens[last + 1].end <= draft.tokens[last].end + len(ending):
                last += 1
    return Op.NE if denied else Op.CONTAINS, text, last


_LACKING = frozenset({"不含", "不包含", "不包括", "没有", "不带"})
_MENTIONING = frozenset({"提到", "提到了", "提及", "提及了", "写到", "写到了", "写着", "写有", "写了"})


def _said(draft: Draft, column: Column, lead: int) -> tuple[Op, str, int] | None:
    """目标值是到位的: words that stand in this column somewhere, linked by 是 or 为."""
    if spec_of(column).type is not ColumnType.QUANTITY:
        return None
    first = lead + 1
    while draft.is_at(first, Kind.BE) and not draft.is_at(first, *_ASKING):
        first += 1
    if first == lead + 1:
        return None
    last = first
    while last < len(draft) and not draft.is_at(last, Kind.NOUN, *_ASKING):
        text = key_of(draft.text_of([first, last]))
        if draft.names.texts_like(column, text) and not draft.is_at(last + 1, Kind.UNKNOWN):
            return Op.EQ, text, last
        last += 1
    return None


def _join(draft: Draft, first: int, last: int, column: Column, op: Op, text: str) -> None:
    tokens = draft.tokens[first : last + 1]
    mention = Mention(kind=Kind.LITERAL, text=text, label=text, key=column.value)
    joined = Token(
        text="".join(token.text for token in tokens),
        start=tokens[0].start,
        end=tokens[-1].end,
        senses=(Sense(kind=Kind.LITERAL, value=op.value, mention=mention),),
    )
    draft.tokens[first : last + 1] = [joined]


def read_literals(draft: Draft, asked: EntityType) -> None:
    """The conditions that these words put, on the kind asked for or on what projects are joined to."""
    for index in list(draft.indexes(Kind.LITERAL)):
        token = draft.tokens[index]
        mention = token.mention(Kind.LITERAL)
        if mention is None:
            continue
        column, op = Column(mention.key), Op(token.value(Kind.LITERAL))
        texts = draft.names.texts_like(column, mention.text) if op is Op.EQ else (mention.text,)
        lacking = op is Op.NE
        op = Op.CONTAINS if lacking else op
        columns = (Column.GOALS, Column.EXPECTED_GOALS) if column is Column.GOALS else (column,)
        condition: Condition = any_of([Compare(column=c, op=op, value=text) for c in columns for text in texts])
        condition = Except(part=condition) if lacking else condition
        if column.kind is not asked and column.kind in _JOINED and not (op is Op.EQ and asked is EntityType.PROJECT):
            condition = Has(relation=_JOINED[column.kind], where=condition)
        draft.add(condition, index, index)
