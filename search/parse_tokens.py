"""A folded question cut into tokens: the cheapest cover of it by words, names, quantities and what remains unknown.

A token keeps every sense that its stretch can have; rules of the parser choose among them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import ahocorasick_rs

from ingest.citations import find_citations
from search.linking import Names
from search.linking_pieces import Hit
from search.normalise import Folded, key_of
from search.parse_quantities import find_quantities, is_edition
from search.plan_terms import Column
from search.query import How, Kind, Mention, Sense, Token
from search.vocabulary import ColumnType, column_specs, load_lexicon, spec_of, table_of, words_of

_NAME_KINDS = (Kind.PROJECT, Kind.POLICY, Kind.UNIT, Kind.INDICATOR, Kind.TASK)
_WEAK = 1.3  # a single sign that often is part of a longer, unknown word
_FIRM = 0.8
_STRONG = 0.9  # single signs that carry the grammar
_STRONG_KINDS = frozenset(
    {
        Kind.DE,
        Kind.BE,
        Kind.HAVE,
        Kind.NOT,
        Kind.OR,
        Kind.STOP,
        Kind.THAN,
        Kind.EACH,
        Kind.WHICH,
        Kind.AND,
        Kind.TOPIC_OPEN,
    }
)
_UNKNOWN_RUN, _UNKNOWN_SIGN = 1.0, 1.2
_COSTS = {How.EXACT: 0.8, How.NUMBER: 0.6, How.SHORT: 1.0, How.PARTIAL: 2.3, How.FUZZY: 1.8}
_WITHIN_WORDS = frozenset("无非同")  # as often part of a longer word as a word
_STOPS = frozenset(",.;:!?。，；：！？…()·、/-=+→⇒")


def cut(question: Folded, names: Names, *, pieces: bool = True) -> tuple[Token, ...]:
    """The tokens of the question, gapless, in order. Without `pieces` names are linked by whole forms only."""
    text = question.folded
    found: dict[tuple[int, int], list[Sense]] = defaultdict(list)
    costs: dict[tuple[int, int], float] = {}

    def offer(start: int, end: int, sense: Sense, cost: float) -> None:
        if sense not in found[start, end]:
            found[start, end].append(sense)
        costs[start, end] = min(cost, costs.get((start, end), cost))

    for hit in names.find(text):
        offer(hit.start, hit.end, _sense(hit), _COSTS[hit.mention.how] - 0.01 * (hit.end - hit.start))
    if pieces:
        for hit in names.find_pieces(text, _NAME_KINDS):
            offer(hit.start, hit.end, _sense(hit), _COSTS[How.PARTIAL] - 0.01 * (hit.end - hit.start))
    for start, end, sense in _words(text):
        weak = end - start == 1 and (sense.kind not in _STRONG_KINDS or text[start] in _WITHIN_WORDS)
        plain = _WEAK if weak else _STRONG if end - start == 1 else 1.0
        if sense.kind is Kind.EACH_YEAR:
            plain = _FIRM  # 各年度|预算, not 各|年度预算
        if sense.kind is Kind.EXIST and end - start > 2:
            plain = _FIRM  # 是不是|满分, not 是|不是满分
        offer(start, end, sense, plain - 0.001 * (end - start))
    for q in find_quantities(text):
        offer(q.start, q.end, Sense(kind=q.kind, value=q.value), 0.95 - 0.01 * (q.end - q.start))
    for at, sign in enumerate(text):
        if sign in _STOPS:
            offer(at, at + 1, Sense(kind=Kind.STOP, value=sign), _STRONG)
    for start, end, mention in _other_numbers(question, found, names):
        offer(start, end, Sense(kind=mention.kind, mention=mention), _COSTS[How.NUMBER])
    for start, end in question.titles:
        if (title := _without_edition(text, start, end, found)) is not None:
            offer(start, end, title, _COSTS[How.EXACT])
        if not any(s.kind is Kind.POLICY for s in found.get((start, end), ())):
            mention = Mention(kind=Kind.MISSING, text=text[start:end], label=f"《{question.original(start, end)}》")
            offer(start, end, Sense(kind=Kind.MISSING, mention=mention), 0.5)
            offer(start, end, Sense(kind=Kind.QUOTED, value=question.original(start, end)), 0.5)
        costs[start, end] = min(costs[start, end], 0.3)
    tokens = tuple(_cheapest(text, found, costs))
    for start, end, mention in _units_within(tokens, names) if pieces else ():
        offer(start, end, Sense(kind=Kind.UNIT, mention=mention), _COSTS[How.SHORT])
        tokens = ()
    return tuple(_split_nouns(tokens or _cheapest(text, found, costs)))


def _units_within(tokens: Iterable[Token], names: Names) -> Iterator[tuple[int, int, Mention]]:
    """A unit that an unknown stretch abbreviates, where other words stand before or behind it: 投促中心|都参(与)."""
    endings = words_of("names", "units", "endings")
    for token in tokens:
        if not token.has(Kind.UNKNOWN) or len(token.text) < 4:
            continue
        for end in range(len(token.text), 2, -1):
            if not token.text[:end].endswith(endings):
                continue
            starts = range(end - 2)
            units = ((a, names.abbreviated_unit(token.text[a:end])) for a in starts if end - a < len(token.text))
            unit = next(((a, mention) for a, mention in units if mention is not None), None)
            if unit is not None:
                yield token.start + unit[0], token.start + end, unit[1]
                break


def _split_nouns(tokens: Iterable[Token]) -> Iterator[Token]:
    """哪些|项目|预算 and 几|个|项目|预算, where 项目预算 is one word elsewhere."""
    _, senses, _ = _lexicon()
    before: Token | None = None
    for token in tokens:
        rest = token.text.removeprefix("项目")
        asked = before is not None and before.has(Kind.WHICH, Kind.HOW_MANY, Kind.MEASURE_WORD)
        if before is not None and before.has(Kind.EACH):  # 各|项目|预算, but 各|项目类别
            asked = any(spec_of(Column(v)).type is ColumnType.MONEY for v in token.values(Kind.FIELD))
        if (
            asked
            and token.has(Kind.FIELD)
            and rest != token.text
            and any(s.kind is Kind.FIELD for s in senses.get(rest, ()))
        ):
            middle = token.start + len("项目")
            yield Token(text="项目", start=token.start, end=middle, senses=tuple(senses["项目"]))
            token = Token(text=rest, start=middle, end=token.end, senses=tuple(senses[rest]))
        yield token
        before = token


def _without_edition(text: str, start: int, end: int, found: dict[tuple[int, int], list[Sense]]) -> Sense | None:
    """《…（2015年修订）》 where the graph has the title without an edition."""
    for at in range(end - 1, start, -1):
        if is_edition(text[at:end]):
            return next((s for s in found.get((start, at), ()) if s.kind is Kind.POLICY), None)
    return None


def _other_numbers(
    question: Folded, found: dict[tuple[int, int], list[Sense]], names: Names
) -> Iterator[tuple[int, int, Mention]]:
    """Numbers that only the words before complete (673号和712号), and such as a document could bear and none does."""
    if not any(sign in question.folded for sign in "号令("):
        return
    named = [span for span, senses in found.items() if any(s.kind in (Kind.POLICY, Kind.MISSING) for s in senses)]
    for citation in find_citations(question.text):
        if citation.number is None:
            continue
        start, end = (
            bisect_left(question.origins, at) for at in (citation.number.span.start, citation.number.span.end)
        )
        if not any(a < end and start < b for a, b in named):
            label = citation.number.canonical
            text, whole = question.folded[start:end], key_of(label)
            hits = [h.mention for h in names.find(whole) if h.mention.how is How.NUMBER and h.end == len(whole)]
            held = {mention.ids: mention for mention in hits if mention.kind is Kind.POLICY and mention.ids}
            if len(held) == 1:
                (mention,) = held.values()
                yield start, end, replace(mention, text=text, note=f"“{text}”按“{mention.label}”理解")
                continue
            yield start, end, Mention(kind=Kind.MISSING, text=question.folded[start:end], label=label, how=How.NUMBER)


def _cheapest(
    text: str, found: dict[tuple[int, int], list[Sense]], costs: dict[tuple[int, int], float]
) -> Iterator[Token]:
    ending: dict[int, list[int]] = defaultdict(list)
    for start, end in found:
        ending[end].append(start)
    far = float("inf")
    known = [0.0] + [far] * len(text)  # cheapest cover that ends with a known token here
    unknown = [far] * (len(text) + 1)  # or within a run of unknown signs
    starts = [0] * (len(text) + 1)  # where that known token begins
    opened = [0] * (len(text) + 1)  # where that run begins
    for end in range(1, len(text) + 1):
        for start in ending[end]:
            cost = min(known[start], unknown[start]) + costs[start, end]
            if cost < known[end]:
                known[end], starts[end] = cost, start
        fresh = known[end - 1] + _UNKNOWN_RUN + _UNKNOWN_SIGN
        further = unknown[end - 1] + _UNKNOWN_SIGN
        unknown[end] = min(fresh, further)
        opened[end] = end - 1 if fresh < further else opened[end - 1]
    cuts: list[Token] = []
    at = len(text)
    while at > 0:
        plain = known[at] <= unknown[at]
        begin = starts[at] if plain else opened[at]
        senses = tuple(found[begin, at]) if plain else (Sense(kind=Kind.UNKNOWN),)
        cuts.append(Token(text=text[begin:at], start=begin, end=at, senses=senses))
        at = begin
    yield from _join_unknown(reversed(cuts))


def _join_unknown(tokens: Iterable[Token]) -> Iterator[Token]:
    last: Token | None = None
    for token in tokens:
        if last is not None and last.has(Kind.UNKNOWN) and token.has(Kind.UNKNOWN):
            last = replace(last, text=last.text + token.text, end=token.end)
            continue
        if last is not None:
            yield last
        last = token
    if last is not None:
        yield last


def _sense(hit: Hit) -> Sense:
    mention = hit.mention
    value = mention.key if mention.kind in (Kind.VALUE, Kind.ISSUER) else ""
    return Sense(kind=mention.kind, value=value, mention=mention)


def _words(text: str) -> Iterator[tuple[int, int, Sense]]:
    patterns, senses, automaton = _lexicon()
    for at, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
        if _latin_inside(text, start, end):
            continue
        for sense in senses[patterns[at]]:
            yield start, end, sense


def _latin_inside(text: str, start: int, end: int) -> bool:
    """A Latin word found within a longer one."""
    return any(
        0 < at < len(text) and all(s.isascii() and s.isalpha() for s in (text[at - 1], text[at])) for at in (start, end)
    )


@cache
def _lexicon() -> tuple[list[str], dict[str, list[Sense]], ahocorasick_rs.AhoCorasick]:
    """Every word of questions with its senses, and the automaton that finds them."""
    senses: dict[str, list[Sense]] = defaultdict(list)
    tables = load_lexicon("words")
    for kind in Kind:
        if kind.value in tables["plain"]:
            for word in words_of("words", "plain", kind.value):
                senses[key_of(word) or word].append(Sense(kind=kind))
        elif kind.value in tables:
            for value, words in table_of("words", kind.value).items():
                for word in words:
                    senses[key_of(word) or word].append(Sense(kind=kind, value=value))
    for column, spec in column_specs().items():
        for word in spec.words:
            senses[key_of(word)].append(Sense(kind=Kind.FIELD, value=column.value))
    patterns = sorted(senses)
    return patterns, dict(senses), ahocorasick_rs.AhoCorasick(patterns)
