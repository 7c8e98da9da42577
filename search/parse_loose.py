"""Pieces of titles and of numbers that are none: words of a question that only happen to stand in a document's name."""

from __future__ import annotations

from dataclasses import replace

from search.parse_draft import Draft
from search.query import How, Kind, Sense, Token

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


def _speaks_of_documents(draft: Draft) -> bool:
    return draft.has(*_CITING) or any("PolicyDocument" in token.values(Kind.NOUN) for token in draft.tokens)


def _is_title(draft: Draft, token: Token, label: str) -> bool:
    """Put between 《》, or so much of the title that nothing else can be meant."""
    titled = any(begin <= token.start and token.end <= end for begin, end in draft.question.titles)
    return titled or len(token.text) * _MOST_OF_A_TITLE >= max(len(label), 8 * _MOST_OF_A_TITLE)
