"""Pieces of titles and of numbers that are none: words of a question that only happen to stand in a document's name."""

from __future__ import annotations

from dataclasses import replace

from graph.model import EntityType
from search.parse_draft import Draft
from search.plan_terms import Column
from search.query import How, Kind, Sense, Token
from search.vocabulary import ColumnType, spec_of

_CITING = (
    Kind.CITE,
    Kind.BASIS,
    Kind.CITED_OFTEN,
    Kind.GENRE,
    Kind.MAKE,
    Kind.ISSUE,
    Kind.ISSUER,
    Kind.TITLE_WORDS,
    Kind.RELATION,
    Kind.EVIDENCE,
    Kind.EDITION,
    Kind.TYPO,
    Kind.SHARED,
)
_MOST_OF_A_TITLE = 3  # a piece of a third of the title or more names it by itself


def drop_loose_documents(draft: Draft) -> None:
    """劳务派遣预算, 市级财政资金: no document, where nothing in the question speaks of citing or of documents."""
    if _speaks_of_documents(draft):
        return
    for index, token in enumerate(draft.tokens):
        mention = token.mention(Kind.POLICY)
        if mention is None or mention.how not in (How.PARTIAL, How.FUZZY) or _is_title(draft, token, mention.label):
            continue
        kept = tuple(s for s in token.senses if s.kind is not Kind.POLICY)
        draft.tokens[index] = replace(token, senses=kept or (Sense(kind=Kind.UNKNOWN),))


_TOLD = (Kind.OUTCOME, Kind.POINTS, Kind.WHY, Kind.EVIDENCE, Kind.HAVE, Kind.DONE, Kind.WHICH)
_OF_INDICATORS = (*_TOLD, Kind.HOW_MANY)


def drop_loose_indicators(draft: Draft) -> None:
    """社会信用预算合计, 没有政府采购的项目: no indicator, where amounts are asked for or something is denied."""
    if any("Indicator" in token.values(Kind.NOUN) for token in draft.tokens):
        return
    columns = [Column(value) for token in draft.tokens for value in token.values(Kind.FIELD)]
    if any(column.kind is EntityType.INDICATOR for column in columns):
        return
    money = any(spec_of(column).type is ColumnType.MONEY for column in columns)
    for index, token in enumerate(draft.tokens):
        mention = token.mention(Kind.INDICATOR)
        if mention is None or mention.how is not How.PARTIAL or token.has(Kind.PROJECT, Kind.FIELD):
            continue
        before = draft.at(index - 1) if index else None
        bare = not draft.has(Kind.PROJECT, *_TOLD) and len(mention.text) * 2 < len(mention.label)
        denied = before is not None and before.has(Kind.NOT) and not before.has(Kind.EXIST)
        if denied or bare or (money and not draft.has(*_OF_INDICATORS)):
            kept = tuple(s for s in token.senses if s.kind is not Kind.INDICATOR)
            draft.tokens[index] = replace(token, senses=kept or (Sense(kind=Kind.UNKNOWN),))


def _speaks_of_documents(draft: Draft) -> bool:
    return draft.has(*_CITING) or any("PolicyDocument" in token.values(Kind.NOUN) for token in draft.tokens)


def _is_title(draft: Draft, token: Token, label: str) -> bool:
    """Put between 《》, or so much of the title that nothing else can be meant."""
    titled = any(begin <= token.start and token.end <= end for begin, end in draft.question.titles)
    return titled or len(token.text) * _MOST_OF_A_TITLE >= max(len(label), 8 * _MOST_OF_A_TITLE)
