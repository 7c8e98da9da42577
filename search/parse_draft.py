"""Draft: the tokens of one question while rules read them, and what they have read so far. Lives for one parse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph.model import EntityType
from search.linking import Names
from search.normalise import QUOTATION_MARKS, Folded
from search.plan import Compare, Condition, Except
from search.plan_terms import Aggregate, Column, Contrasting, Op, Relation
from search.query import Asked, Claim, Grouping, Kind, Mention, Ranking, Side, Token
from search.vocabulary import ColumnType, spec_of

NAMES = (Kind.PROJECT, Kind.POLICY, Kind.UNIT, Kind.INDICATOR, Kind.TASK)
QUANTITIES = (Kind.MONEY, Kind.PERCENT, Kind.POINTS_VALUE, Kind.DAYS, Kind.DATE, Kind.MONTH, Kind.NUMBER)
_QUIET = (Kind.FILLER, Kind.DE, Kind.STOP)


_BESIDES = frozenset({"以外", "之外", "外的", "外"})


def _denied(condition: Condition) -> Condition:
    """The condition turned round; a text that is not so must still be there."""
    match condition:
        case Compare(column=column, op=Op.EQ, value=value) if spec_of(column).type is ColumnType.TEXT:
            return Compare(column=column, op=Op.NE, value=value)
        case _:
            return Except(part=condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A condition and the tokens (first to last) that say it."""

    condition: Condition
    first: int
    last: int


@dataclass(slots=True, kw_only=True)
class Draft:
    """What has been read. Rules mark the tokens they explain; what stays unmarked was not understood."""

    question: Folded
    names: Names
    tokens: list[Token]
    used: set[int] = field(default_factory=set)
    found: list[Found] = field(default_factory=list)
    subjects: list[tuple[int, Mention]] = field(default_factory=list)
    years: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: list[Mention] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    topic: str | None = None
    topic_literal: bool = False
    follows: bool = False
    ranking: list[Ranking] = field(default_factory=list)
    grouping: Grouping | None = None
    figures: list[tuple[str, str]] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)
    contrasting: Contrasting | None = None
    signed: int = 0
    aggregate: Aggregate | None = None
    asked: Asked | None = None
    kind: EntityType | None = None
    columns: list[Column] = field(default_factory=list)
    yes_no: bool = False
    common: bool = False
    neighbours: Relation | None = None
    role: Relation | None = None
    outside: list[str] = field(default_factory=list)
    each: bool = False
    claim: Claim | None = None
    share_at: int | None = None
    asked_columns: list[tuple[Column, str]] = field(default_factory=list)  # named, with the word that named it

    def __len__(self) -> int:
        return len(self.tokens)

    def has(self, *kinds: Kind) -> bool:
        """Some token can be of one of these kinds."""
        return any(token.has(*kinds) for token in self.tokens)

    def indexes(self, *kinds: Kind) -> Iterator[int]:
        """Unused tokens that can be of one of these kinds."""
        return (i for i, token in enumerate(self.tokens) if i not in self.used and token.has(*kinds))

    def at(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def is_at(self, index: int, *kinds: Kind) -> bool:
        token = self.at(index)
        return token is not None and token.has(*kinds)

    def quiet(self, index: int) -> bool:
        """The token can be passed over."""
        token = self.at(index)
        return token is not None and token.has(*_QUIET)

    def after(self, index: int, *passing: Kind) -> int:
        """The next token that is neither quiet nor of the kinds to pass over; len(self) where none is."""
        index += 1
        while index < len(self) and (self.quiet(index) or self.tokens[index].has(*passing)):
            index += 1
        return index

    def before(self, index: int, *passing: Kind) -> int:
        """The token before that is neither quiet nor of the kinds to pass over; -1 where none is."""
        index -= 1
        while index >= 0 and (self.quiet(index) or self.tokens[index].has(*passing)):
            index -= 1
        return index

    def use(self, *indexes: int) -> None:
        self.used.update(indexes)

    def use_range(self, first: int, last: int) -> None:
        self.used.update(range(first, last + 1))

    def add(self, condition: Condition, first: int, last: int) -> None:
        """Keep a condition; where 不 or 没有 stands right before its words it is turned round."""
        start = self._negation(first)
        if start is not None:
            self.use(start)
            behind = self.at(self.after(last))
            if self.tokens[start].text.startswith("除") and behind is not None and behind.text in _BESIDES:
                self.use(self.after(last))
            condition, first = _denied(condition), start
        self.use_range(first, last)
        self.found.append(Found(condition=condition, first=first, last=last))

    def _negation(self, first: int) -> int | None:
        index = first - 1
        while index >= 0 and (self.tokens[index].has(Kind.FILLER, Kind.CITE, Kind.HAVE, Kind.BE, Kind.ANY, Kind.DE)):
            if self.tokens[index].has(Kind.NOT):
                return index
            if self.tokens[index].has(Kind.WHICH, Kind.EXIST):
                return None
            index -= 1
        return (
            index
            if index >= 0 and self.tokens[index].has(Kind.NOT) and not self.tokens[index].has(Kind.EXIST)
            else None
        )

    def text_of(self, indexes: Iterable[int]) -> str:
        """The question as typed, from the first to the last of these tokens."""
        listed = sorted(indexes)
        if not listed:
            return ""
        start, end = self.tokens[listed[0]].start, self.tokens[listed[-1]].end
        text = self.question.original(start, end)
        cut = [(a, b) for a, b in self.question.quotes if start <= a < end < b or a < start < b <= end or a == start]
        if not cut:
            return text
        return "".join(sign for sign in text if sign not in QUOTATION_MARKS)  # a mark whose fellow is left outside
