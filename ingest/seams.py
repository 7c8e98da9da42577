"""Text that a stray column line cut in two: joined again, without the letter that the cut doubled or spoilt.

Judges by the document's own words only; no word list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add

_OPENING = '《“"(（'
_CLOSING = '》”")）%'
_BREAKS = re.compile(r"[\s|]+|<[^<>]{1,40}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """`text` after joining; `mended` where a letter at a seam was dropped, else every letter is kept."""

    text: str
    mended: bool = False


def join_cut(parts: Sequence[str], *, is_written: Callable[[str], bool]) -> Joined:
    """`parts`, cells of one row that make one name, joined.

    A letter that stands on both sides of the cut is taken once. A letter at the cut is dropped as a misread half of its
    neighbour only where the letters across the seam stand side by side elsewhere without it, and nowhere with it;
    `is_written` says whether a short word does, these parts apart (see `count_pairs`).

    >>> join_cut(["对接部门", "门数量"], is_written=lambda word: False).text
    '对接部门数量'
    """
    parts = [bare for part in parts if (bare := _without_specks(part))]
    if not parts:
        return Joined(text="")
    text, mended = parts[0], False
    for part in parts[1:]:
        seam, dropped = _seam(text, part, is_written)
        text, mended = seam, mended or dropped
    return Joined(text=text, mended=mended)


def _without_specks(text: str) -> str:
    """`text` without the signs that a column line leaves at its ends."""
    start, end = 0, len(text)
    while start < end and not (text[start].isalnum() or text[start] in _OPENING):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in _CLOSING):
        end -= 1
    return text[start:end]


@lru_cache(maxsize=4)
def count_pairs(text: str) -> Counter[str]:
    """How often any two letters stand side by side in one cell of `text`."""
    runs = _BREAKS.sub("\n", text)
    return Counter(map(add, runs, runs[1:]))


def _seam(left: str, right: str, is_written: Callable[[str], bool]) -> tuple[str, bool]:
    if not (left[-1].isalpha() and right[0].isalpha()) or is_written(left[-1] + right[0]):
        return left + right, False
    if left[-1] == right[0]:
        return left + right[1:], True
    if len(left) < 3 or len(right) < 3:
        return left + right, False
    spoilt_left, spoilt_right = not is_written(left[-2:]), not is_written(right[:2])
    if spoilt_left and is_written(left[-2] + right[0]):
        return left[:-1] + right, True
    if spoilt_right and not spoilt_left and is_written(left[-1] + right[1]):
        return left + right[1:], True
    return left + right, False
