"""Topics in questions: 与…有关的项目, 关于…的项目, …方面的项目."""

from __future__ import annotations

from search.parse_draft import NAMES, Draft
from search.parse_names import is_piece
from search.query import Kind

_STRUCTURE = (Kind.WHICH, Kind.WHO, Kind.HOW_MANY, Kind.EXIST, Kind.COMPARE, Kind.SUPERLATIVE, Kind.SUM, Kind.AVERAGE)


def read_topic(draft: Draft) -> None:
    """与…有关的项目, 关于…的项目, …方面的项目: the words between are a topic unless they are a name."""
    for index, token in enumerate(draft.tokens):
        if index in draft.used or not token.has(Kind.TOPIC_CLOSE):
            continue
        opened = _opening(draft, index)
        first = opened + 1 if opened is not None else _left_edge(draft, index)
        if first < index and _take_topic(draft, first, index - 1):
            draft.use(index, *([opened] if opened is not None else []))
            _use_topic_nouns(draft, index)
            return
    for index in range(len(draft)):
        if index in draft.used:
            continue
        token = draft.tokens[index]
        if token.text in {"关于", "有关", "有关于", "围绕", "针对", "聚焦", "涉及", "涉及到"}:
            last = _right_edge(draft, index)
            if last > index and _take_topic(draft, index + 1, last):
                draft.use(index)
                _use_topic_nouns(draft, last)
                return
        ends = draft.after(index)
        of_projects = ends >= len(draft) or "Project" in draft.tokens[ends].values(Kind.NOUN)
        if token.has(Kind.TOPIC_NOUN) and of_projects and index and draft.is_at(index - 1, Kind.UNKNOWN):
            first = _left_edge(draft, index)
            if first < index and _take_topic(draft, first, index - 1):
                draft.use(index)
                return


def _opening(draft: Draft, close: int) -> int | None:
    """与, 跟, 和 or 同 that opens the topic: the farthest that no question word separates from the close."""
    best = None
    for index in range(close - 1, -1, -1):
        token = draft.tokens[index]
        if token.has(*_STRUCTURE, Kind.LIST) and not token.has(Kind.TOPIC_OPEN):
            break
        if token.has(Kind.TOPIC_OPEN):
            best = index
    return best


def _left_edge(draft: Draft, index: int) -> int:
    first = index
    while first > 0 and (
        draft.tokens[first - 1].has(Kind.UNKNOWN, *NAMES) or draft.tokens[first - 1].text in {"和", "与", "、", "及"}
    ):
        first -= 1
    while first < index and draft.tokens[first].text in {"和", "与", "、", "及"}:
        first += 1
    return first


def _right_edge(draft: Draft, index: int) -> int:
    last = index
    while last + 1 < len(draft) and not draft.tokens[last + 1].has(*_STRUCTURE, Kind.DE, Kind.STOP, Kind.HAVE):
        if draft.tokens[last + 1].has(Kind.NOUN) and last > index:
            break
        last += 1
    return last


def _take_topic(draft: Draft, first: int, last: int) -> bool:
    while first <= last and draft.tokens[first].has(Kind.YEAR):
        first += 1
    inner = [draft.tokens[i] for i in range(first, last + 1) if not draft.quiet(i)]
    if not inner or all(t.has(Kind.POLICY, Kind.UNIT, Kind.PROJECT, Kind.MISSING) and not is_piece(t) for t in inner):
        return False
    if any(t.has(Kind.PRONOUN, Kind.BOOLEAN, Kind.WHICH) for t in inner):
        return False
    if all(t.has(Kind.INDICATOR) and not is_piece(t) for t in inner) or all(t.has(Kind.FIELD) for t in inner):
        return False
    draft.topic = draft.text_of(range(first, last + 1))
    draft.use_range(first, last)
    return True


def _use_topic_nouns(draft: Draft, index: int) -> None:
    index += 1
    while index < len(draft) and draft.tokens[index].has(Kind.TOPIC_NOUN, Kind.DE, Kind.TOPIC_CLOSE):
        draft.use(index)
        index += 1
