"""Which number belongs to which title: behind it, before it, inside it, or away from it.

Works on cleaned text; what comes out is in the order of the text. Nothing is found here that is not given.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ingest.breaks import Breaks
from ingest.issuers import one_of, read_organ
from ingest.model import CitationKind
from ingest.numbers import ORDER_WORDS, NumberHit
from ingest.titles import Title
from ingest.unmarked import read_below, read_enclosed, read_left, read_right
from ingest.wordlists import words_of

_SOFT = r"[\s*_`|\"'“”‘’]*"
_AFTER_NUMBER = re.compile(rf"(?:文件?|通知)?{_SOFT}[）)\]】]?{_SOFT}(?:文件?)?{_SOFT}[:：]?{_SOFT}")
_BETWEEN_TITLES = re.compile(rf"{_SOFT}(?:、|和|及|以及|与|，|,)?{_SOFT}")
_REST = re.compile(r"[）)\]】\s:：]*(?:文件?|通知)?[\s:：]*")


class Pair(NamedTuple):
    """A title, a number, or both."""

    title: Title | None
    number: NumberHit | None

    @property
    def start(self) -> int:
        return min(part.start for part in self if part is not None)


class _Patterns(NamedTuple):
    behind: re.Pattern[str]
    enclosed: re.Pattern[str]
    label: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    labels = one_of(words_of("titles", "pairing", "labels"))
    version = r"(?:[（(][^（）()《》]{1,24}[）)])?"
    return _Patterns(
        behind=re.compile(rf"{_SOFT}{version}{_SOFT}[,，]?{_SOFT}(?:{labels})?{_SOFT}[:：]?{_SOFT}[（(\[【]?{_SOFT}(?:(?:{labels})[:：]?)?{_SOFT}"),
        enclosed=re.compile(rf"{_SOFT}{version}{_SOFT}[（(][^（）()《》。]{{0,60}}"),
        label=re.compile(
            rf"(?:['\"”’]\s?[，,]\s?['\"“‘]|\]\([^()\s]{{1,200}}\))?{_SOFT}(?:[（(\[【]{_SOFT})?(?:{labels})?[:：]?{_SOFT}$"
        ),
    )


def pair(text: str, titles: list[Title], numbers: list[NumberHit], breaks: Breaks) -> list[Pair]:
    """Every title and every number once, together where the text says so; in order."""
    free = list(numbers)
    pairs: list[Pair] = []
    alone: list[Title] = []
    for title in titles:
        found = _inside(text, title, free)
        pairs += found
        if not any(one.title for one in found) and not (found and found[0].number and _is_number_only(title, found[0].number)):
            alone.append(title)
    pairs += _beside(text, alone, titles, free, breaks)
    pairs.sort(key=lambda one: one.start)
    edges = sorted([(one.start, part.end) for one in pairs for part in one if part] + [(one.start, one.end) for one in free])
    bare = [_without_marks(text, number, edges, breaks) for number in free]
    return sorted([*pairs, *bare], key=lambda one: one.start)


def _is_number_only(title: Title, number: NumberHit) -> bool:
    return number.start - title.text_start < 2 and title.text_end - number.end < 3


def _inside(text: str, title: Title, free: list[NumberHit]) -> list[Pair]:
    """Numbers within a title: detached where they stand at its edge, on their own where they are part of its wording."""
    pairs: list[Pair] = []
    for number in [one for one in free if title.text_start <= one.start < title.text_end]:
        free.remove(number)
        bare = None if any(one.title for one in pairs) else _detach(text, title, number)
        if bare is None and _is_number_only(title, number):
            organ = read_organ(text, title.start) if number.issuer_code in ORDER_WORDS else None
            pairs.append(Pair(None, number.signed(organ.name, organ.start) if organ else number))
        elif bare is not None:
            pairs.append(Pair(bare, number))
        elif number.kind is not CitationKind.STANDARD:
            pairs.append(Pair(None, number))
    return pairs


def _detach(text: str, title: Title, number: NumberHit) -> Title | None:
    """`title` without the number that stands at its edge; None where the number is part of its wording or all of it."""
    head = text[title.text_start : number.start]
    if not head.strip("（([【 "):
        rest = _REST.match(text, number.end, title.text_end)
        begin = rest.end() if rest else number.end
        return title._replace(text_start=begin) if title.text_end - begin > 3 else None
    if not re.sub(r"[文）)\]】\s]", "", text[number.end : title.text_end]):
        label = _patterns().label.search(head)
        return title._replace(text_end=title.text_start + (label.start() if label else len(head)))
    return None


def _beside(text: str, alone: list[Title], titles: list[Title], free: list[NumberHit], breaks: Breaks) -> list[Pair]:
    starts = [title.start for title in titles]
    pairs: list[Pair] = []
    queue: list[Title] = []  # titles that stand side by side and have no number yet
    for at, title in enumerate(alone):
        following = next((start for start in starts if start >= title.end), len(text) + 1)
        behind = next((one for one in free if one.start >= title.end), None)
        before = next((one for one in reversed(free) if one.end <= title.start), None)
        if before and not _AFTER_NUMBER.fullmatch(text, before.end, title.start):
            before = None
        if before and breaks.splits(before.end - 1, title.start) and text[title.start - 1] not in ":：":
            before = None
        if behind and (behind.start >= following or not _follows(text, title.end, behind, following, breaks, first=before is None)):
            behind = None
        chosen = behind or before
        if behind is not None:
            several = _several(text, behind, free)
            if len(several) > 1 and len(several) == len(queue) + 1:
                for other, number in zip([*queue, title], several, strict=True):
                    free.remove(number)
                    pairs.append(Pair(other, number))
                queue = []
                continue
        if chosen is not None:
            free.remove(chosen)
            pairs += [Pair(other, None) for other in queue]
            queue = []
            pairs.append(Pair(title, chosen))
            continue
        queue.append(title)
        if at + 1 == len(alone) or not _BETWEEN_TITLES.fullmatch(text, title.end, alone[at + 1].start):
            pairs += [Pair(other, None) for other in queue]
            queue = []
    return pairs


def _several(text: str, first: NumberHit, free: list[NumberHit]) -> list[NumberHit]:
    """`first` and the numbers listed after it."""
    found = [first]
    for number in free[free.index(first) + 1 :]:
        if not re.fullmatch(r"\s?(?:[、，,;；]|和|及)\s?", text[found[-1].end : number.start]):
            break
        found.append(number)
    return found


def _follows(text: str, end: int, number: NumberHit, following: int, breaks: Breaks, *, first: bool) -> bool:
    """Whether `number` stands behind the title that ends at `end`, and not before the next title."""
    patterns = _patterns()
    gap = text[end : number.start]
    if patterns.behind.fullmatch(text, end, number.start):
        bracket = any(char in "（([【" for char in gap)
        if not bracket and "号" not in gap and breaks.splits(end - 1, number.start) and "|" not in gap:
            return False
        leads_on = not bracket and following <= len(text) and _AFTER_NUMBER.fullmatch(text, number.end, following)
        return not (leads_on and (not first or any(char in ",，" for char in gap)))
    return patterns.enclosed.fullmatch(text, end, number.start) is not None


def _without_marks(text: str, number: NumberHit, edges: list[tuple[int, int]], breaks: Breaks) -> Pair:
    """`number` with the title beside it that has no book marks, if there is one.

    edges: where all other titles and numbers begin and end.
    """
    low = max((end for _, end in edges if end <= number.start), default=0)
    label = _patterns().label.search(text, low, number.start)
    stop = label.start() if label else number.start
    if title := read_left(text, stop, low, breaks):
        return Pair(title, number)
    if title := read_enclosed(text, number.end):
        return Pair(title, number)
    if not breaks.begins(number.start, reach=2) or number.end == len(text):
        return Pair(None, number)
    taken = min((start for start, _ in edges if start >= number.end), default=len(text))
    if breaks.begins(number.end):
        below = read_below(text, number.end, breaks)
        return Pair(below if below and below.end <= taken else None, number)
    return Pair(read_right(text, number.end, min(breaks.next(number.end, breaks.lines), taken), breaks), number)
