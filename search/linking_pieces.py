"""Pieces of names in questions, and the nouns of linking: Thing, Hit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from search.linking_forms import (
    distinct_core,
)
from search.query import How, Kind, Mention, Rival
from search.vocabulary import words_of

LEAST_PIECE = 3  # signs of a name that can stand for it


MOST_RIVALS = 6  # things that a piece of a name may stand for; more, and it says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A half-open range of the folded text and what it can name."""

    start: int
    end: int
    mention: Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing in the user's eyes: a project over its years, an indicator of many projects, one document."""

    kind: Kind
    label: str
    ids: tuple[str, ...]
    key: str = ""


_YEAR_EDGE = re.compile(r"(?:19|20)\d\d年?度?$|^(?:19|20)?\d\d年度?")


class Pieces:
    """The names of one kind, for finding pieces of them."""

    def __init__(self, names: Mapping[str, list[Thing]]) -> None:
        self._names = [(form, things) for form, things in names.items() if len(form) > 1]
        self._blob = "\n".join(form for form, _ in self._names)

    def find(self, text: str, kind: Kind) -> Iterator[Hit]:
        reach = 0
        for start in range(len(text) - LEAST_PIECE + 1):
            end = max(reach, start + LEAST_PIECE)
            if text[start:end] not in self._blob:
                continue
            while end < len(text) and text[start : end + 1] in self._blob:
                end += 1
            if end <= reach:
                continue  # a part of what was found further left
            reach = end
            piece = text[start:end]
            if _YEAR_EDGE.search(piece):
                continue  # 虹桥商务区2020年: place and time, no piece of a name
            bare = not _says_something(piece) and not (kind is Kind.UNIT and _ends_as_unit(piece))
            if bare and kind is Kind.PROJECT and len(piece) >= 2 * LEAST_PIECE and len(self.holding(piece)) == 1:
                bare = False  # common words all, and yet one name only
            if bare or splits_number(text, start, end):
                continue
            things = self.holding(piece)
            if 0 < len(things) <= MOST_RIVALS:
                yield Hit(start=start, end=end, mention=make_mention(piece, things, How.PARTIAL))

    def holding(self, piece: str) -> list[Thing]:
        """What the names that hold the piece are of."""
        return list(dict.fromkeys(t for form, found in self._names if piece in form for t in found))


def make_mention(text: str, things: list[Thing], how: How) -> Mention:
    first = things[0]
    if len(things) == 1:
        return Mention(kind=first.kind, text=text, ids=first.ids, label=first.label, key=first.key, how=how)
    rivals = tuple(Rival(label=thing.label, ids=thing.ids) for thing in things)
    return Mention(kind=first.kind, text=text, how=how, key=first.key, rivals=rivals)


def _ends_as_unit(piece: str) -> bool:
    return len(piece) > LEAST_PIECE and piece.endswith(words_of("names", "units", "endings"))


def _says_something(piece: str) -> bool:
    core = [sign for sign in distinct_core(piece) if "一" <= sign <= "鿿" and sign not in "年月日第号的和与"]
    return len(core) >= 2


def holds_closely(short: str, long: str) -> bool:
    """`short` is a subsequence of `long` that spans at most two signs more for each three of its own."""
    start = long.find(short[0])
    while start >= 0:
        at = start
        for sign in short[1:]:
            at = long.find(sign, at + 1)
            if at < 0:
                return False
        if at + 1 - start <= len(short) + max(2, len(short) * 2 // 3):
            return True
        start = long.find(short[0], start + 1)
    return False


def splits_number(text: str, start: int, end: int) -> bool:
    """A match that begins or ends within a run of digits or Latin letters."""
    return any(
        0 < at < len(text)
        and text[at - 1].isascii()
        and text[at].isascii()
        and text[at - 1].isalnum()
        and text[at].isalnum()
        for at in (start, end)
    )
