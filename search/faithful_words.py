"""The words of a question as read, for asking what stands beside what. Reads no plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from graph.model import EntityType
from search.plan_terms import Column
from search.query import Kind, Token

NAME_KINDS = (
    Kind.PROJECT,
    Kind.POLICY,
    Kind.UNIT,
    Kind.INDICATOR,
    Kind.TASK,
    Kind.QUOTED,
    Kind.LITERAL,
    Kind.VALUE,
    Kind.MISSING,
)


def columns_of(token: Token) -> tuple[Column, ...]:
    """The columns that the token may name."""
    return tuple(Column(value) for value in token.values(Kind.FIELD))


class Words:
    """The tokens of a question, with what is beside each."""

    def __init__(self, said: tuple[Token, ...], unread: frozenset[int]) -> None:
        self.said, self.unread = said, unread
        self.text = "".join(token.text for token in said)
        self._at: dict[Kind, list[int]] = defaultdict(list)
        for index, token in enumerate(said):
            for kind in {sense.kind for sense in token.senses}:
                self._at[kind].append(index)

    def __getitem__(self, index: int) -> Token | None:
        return self.said[index] if 0 <= index < len(self.said) else None

    def of(self, *kinds: Kind) -> Iterator[tuple[int, Token]]:
        """The tokens that can be of one of these kinds, in order."""
        found = sorted({index for kind in kinds if kind in self._at for index in self._at[kind]})
        return ((index, self.said[index]) for index in found)

    def has(self, *kinds: Kind) -> bool:
        return any(kind in self._at for kind in kinds)

    def after(self, index: int, *passing: Kind) -> int:
        index += 1
        while (token := self[index]) is not None and token.has(Kind.FILLER, Kind.DE, *passing):
            index += 1
        return index

    def nouns(self, index: int) -> tuple[EntityType, ...]:
        token = self[index]
        return tuple(EntityType(value) for value in token.values(Kind.NOUN)) if token is not None else ()

    def span(self, first: int, last: int) -> str:
        return "".join(token.text for token in self.said[first : last + 1])

    def named(self, text: str) -> bool:
        """The text stands within a name, a title or a quoted phrase only."""
        at = self.text.find(text)
        return at >= 0 and any(
            t.start - self.said[0].start <= at and at + len(text) <= t.end - self.said[0].start
            for t in self.said
            if t.has(*NAME_KINDS)
        )
