"""Which number belongs to which title: behind it, before it, inside it, or away from it.

Works on cleaned text; what comes out is in the order of the text. Nothing is found here that is not given.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

from ingest.breaks import Breaks
from ingest.hits import ORDER_WORDS, NumberHit
from ingest.model import CitationKind
from ingest.organs import one_of, read_organ
from ingest.titles import Title
from ingest.unmarked import read_below, read_enclosed, read_left, read_right
from ingest.wordlists import words_of

_SOFT = r"[\s*_`|\"'“”‘’]*"
_BETWEEN_TITLES = re.compile(rf"{_SOFT}(?:、|和|及|以及|与|，|,)?{_SOFT}")
_BETWEEN_NUMBERS = re.compile(r"\s?(?:[、，,;；]|和|及)\s?")
_REST = re.compile(r"[）)\]】\s:：]*(?:文件?|通知)?[\s:：]*")
_CLOSING = re.compile(r"[文件）)\]】\s]*")
_BRACKETS = re.compile(r"[（(\[【]")
_FARTHEST = 100  # characters between a title and what stands behind it
_NEAR = 40  # characters of label and brackets before a number


class Pair(NamedTuple):
    """A title, a number, or both."""

    title: Title | None
    number: NumberHit | None

    @property
    def start(self) -> int:
        return min(part.start for part in self if part is not None)

    @property
    def end(self) -> int:
        return max(part.end for part in self if part is not None)


class _Patterns(NamedTuple):
    before: re.Pattern[str]
    behind: re.Pattern[str]
    enclosed: re.Pattern[str]
    label: re.Pattern[str]
    link: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    labels = one_of(words_of("titles", "pairing", "labels"))
    key = r"(?:['\"]?\w{1,20}['\"]?\s?[:：]\s?)?"
    version = r"(?:[（(][^（）()《》]{1,24}[）)])?"
    opening = rf"(?:[；;](?={_SOFT}(?:{labels})))?{_SOFT}(?:[（(\[【]{_SOFT})?(?:{labels})?[:：]?{_SOFT}"
    heads = one_of(words_of("titles", "pairing", "heads"))
    return _Patterns(
        before=re.compile(
            rf"(?:文件?|通知)?{_SOFT}[）)\]】]?{_SOFT}(?:文件?)?{_SOFT}(?:[，,；;]?{_SOFT}(?P<head>{heads}){_SOFT}[:：|])?[:：]?{_SOFT}"
        ),
        behind=re.compile(rf"{_SOFT}{version}{_SOFT}[,，]?{_SOFT}(?:{labels})?{_SOFT}[:：]?{opening}"),
        enclosed=re.compile(rf"{_SOFT}{version}{_SOFT}[（(][^（）()《》。]{{0,60}}"),
        label=re.compile(rf"(?:['\"”’]\s?[，,]\s?{key}['\"“‘])?{opening}$"),
        link=re.compile(r"\]\([^()\s]{1,200}\)$"),
    )


class _Numbers:
    """The numbers that have no title yet."""

    def __init__(self, numbers: list[NumberHit]) -> None:
        self.all = numbers
        self.free = [True] * len(numbers)
        self._starts = [number.start for number in numbers]

    def at(self, position: int) -> int:
        """Index of the first number at or after `position`."""
        return bisect_left(self._starts, position)

    def get(self, index: int) -> NumberHit | None:
        """The number at `index`; None where it is taken or there is none."""
        return self.all[index] if 0 <= index < len(self.all) and self.free[index] else None


def pair(text: str, titles: list[Title], numbers: list[NumberHit], breaks: Breaks) -> list[Pair]:
    """Every title and every number once, together where the text says so; in order."""
    left = _Numbers(numbers)
    pairs: list[Pair] = []
    alone: list[tuple[Title, int]] = []  # with the start of the next title
    for at, title in enumerate(titles):
        found = _inside(text, title, left)
        pairs += found
        if not any(one.title for one in found) and not (found and _is_all(title, found[0])):
            alone.append((title, titles[at + 1].start if at + 1 < len(titles) else len(text) + 1))
    pairs += _beside(text, alone, left, breaks)
    edges = sorted(
        [(one.start, one.end) for one in pairs]
        + [(n.start, n.end) for n, free in zip(numbers, left.free, strict=True) if free]
    )
    low = 0
    for start, end in edges:
        index = left.at(start)
        if (number := left.get(index)) is not None and number.start == start:
            following = bisect_left(edges, (end, 0))
            high = edges[following][0] if following < len(edges) else len(text)
            pairs.append(_without_marks(text, number, low, high, breaks))
        low = max(low, end)
    return sorted(pairs, key=lambda one: one.start)


def _is_all(title: Title, one: Pair) -> bool:
    """Whether the number is all that stands within the title's marks."""
    number = one.number
    return (
        number is not None
        and number.end - title.text_start > 0
        and title.text_end - number.end < 3
        and (number.start - title.text_start < 2)
    )


def _inside(text: str, title: Title, left: _Numbers) -> list[Pair]:
    """Numbers within a title: detached where they stand at its edge, on their own where they are of its wording."""
    pairs: list[Pair] = []
    index = left.at(title.text_start)
    while index < len(left.all) and (number := left.all[index]).start < title.text_end:
        left.free[index] = False
        index += 1
        bare = None if any(one.title for one in pairs) else _detach(text, title, number)
        if bare is not None:
            pairs.append(Pair(bare, number))
        elif _is_all(title, Pair(None, number)):
            organ = read_organ(text, title.start) if number.issuer_code in ORDER_WORDS else None
            if organ and index > 1 and organ.start < left.all[index - 2].end:
                organ = None
            pairs.append(Pair(None, number.signed(organ.name, organ.start) if organ else number))
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
    if _CLOSING.fullmatch(text, number.end, title.text_end):
        end = _before_label(text, number.start, title.text_start)
        return title._replace(text_end=end) if text[title.text_start : end].strip() else None
    return None


def _before_label(text: str, start: int, low: int) -> int:
    """Where the label and the bracket before a number at `start` begin: （文号：财预…"""
    label = _patterns().label.search(text, max(low, start - _NEAR), start)
    begin = label.start() if label else start
    if text[begin - 1 : begin] == ")" and (
        link := _patterns().link.search(text, max(low, begin - 2 * _FARTHEST), begin)
    ):
        return link.start()
    return begin


def _beside(text: str, alone: list[tuple[Title, int]], left: _Numbers, breaks: Breaks) -> list[Pair]:
    pairs: list[Pair] = []
    queue: list[Title] = []  # titles that stand side by side and have no number yet
    for at, (title, following) in enumerate(alone):
        index = left.at(title.end)
        behind = left.get(index)
        before = left.get(index - 1)
        if before and not _leads(text, before, title, breaks):
            before = None
        if behind and (
            behind.start >= following or not _follows(text, title.end, behind, following, breaks, first=before is None)
        ):
            behind = None
        if behind is not None and queue:
            several = _several(text, index, left)
            if len(several) == len(queue) + 1:
                pairs += [Pair(other, number) for other, number in zip([*queue, title], several, strict=True)]
                left.free[index : index + len(several)] = [False] * len(several)
                queue = []
                continue
        if behind is not None or before is not None:
            left.free[index if behind is not None else index - 1] = False
            pairs += [*(Pair(other, None) for other in queue), Pair(title, behind or before)]
            queue = []
            continue
        queue.append(title)
        if at + 1 == len(alone) or not _BETWEEN_TITLES.fullmatch(
            text, title.end, min(alone[at + 1][0].start, title.end + _NEAR)
        ):
            pairs += [Pair(other, None) for other in queue]
            queue = []
    return pairs


def _alone(number: NumberHit, breaks: Breaks, text: str) -> bool:
    """Whether `number` has a line or a cell of its own."""
    return breaks.begins(number.start) and (number.end == len(text) or breaks.begins(number.end))


def _leads(text: str, number: NumberHit, title: Title, breaks: Breaks) -> bool:
    """Whether `number` stands directly before `title`: in its line, above it, or in a list of labels."""
    gap = _patterns().before.fullmatch(text, number.end, title.start) if number.end <= title.start else None
    if gap is None:
        return False
    return bool(
        gap["head"]
        or text[title.start - 1] in ":："
        or _alone(number, breaks, text)
        or not breaks.splits(number.end - 1, title.start)
    )


def _several(text: str, index: int, left: _Numbers) -> list[NumberHit]:
    """The number at `index` and those listed after it."""
    found = [left.all[index]]
    while (number := left.get(index + len(found))) and _BETWEEN_NUMBERS.fullmatch(text, found[-1].end, number.start):
        found.append(number)
    return found


def _follows(text: str, end: int, number: NumberHit, following: int, breaks: Breaks, *, first: bool) -> bool:
    """Whether `number` stands behind the title that ends at `end`, and not before the next title."""
    if number.start - end > _FARTHEST:
        return False
    patterns = _patterns()
    if not patterns.behind.fullmatch(text, end, number.start):
        return patterns.enclosed.fullmatch(text, end, number.start) is not None
    gap = text[end : number.start]
    if _BRACKETS.search(gap):
        return True
    if "号" not in gap and "|" not in gap and breaks.splits(end - 1, number.start):
        return first and _alone(number, breaks, text)
    leads_on = following <= len(text) and _patterns().before.fullmatch(text, number.end, following)
    return not (leads_on and (not first or "," in gap or "，" in gap))


def _without_marks(text: str, number: NumberHit, low: int, high: int, breaks: Breaks) -> Pair:
    """`number` with the title beside it that has no book marks, if there is one between `low` and `high`."""
    title = read_left(text, _before_label(text, number.start, low), low, breaks) or read_enclosed(text, number.end)
    if title is not None and title.end <= max(high, number.start):
        return Pair(title, number)
    if not breaks.begins(number.start, reach=2) or number.end >= high:
        return Pair(None, number)
    if breaks.begins(number.end):
        below = read_below(text, number.end, breaks)
        return Pair(below if below and below.end <= high else None, number)
    return Pair(read_right(text, number.end, min(breaks.next(number.end, breaks.lines), high), breaks), number)
