"""Text that a stray column line cut in two: joined again, without the letter that the cut doubled or spoilt.

Judges by the document's own words only; no word list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_EDGE = re.compile(r"^[^\w《“\"(（]+|[^\w》”\")）%]+$")
_BREAKS = re.compile(r"[\s|]+|<[^<>]{1,40}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """`text` after joining; `mended` where a letter at a seam was dropped, else every letter is kept."""

    text: str
    mended: bool = False


def join_cut(parts: Sequence[str], *, document: str) -> Joined:
    """`parts`, cells of one row that make one name, joined.

    A letter that stands on both sides of the cut is taken once. A letter at the cut is dropped as a misread half of its
    neighbour only where the words across the seam occur elsewhere in `document` without it, and nowhere with it.

    >>> join_cut(["对接部门", "门数量"], document="").text
    '对接部门数量'
    """
    parts = [stripped for part in parts if (stripped := _EDGE.sub("", part))]
    if not parts:
        return Joined(text="")
    text, mended = parts[0], False
    for part in parts[1:]:
        seam, dropped = _seam(text, part, document)
        text, mended = seam, mended or dropped
    return Joined(text=text, mended=mended)


def _seam(left: str, right: str, document: str) -> tuple[str, bool]:
    if left[-1] == right[0] and not left[-1].isdigit():
        return left + right[1:], True
    if not (left[-1].isalpha() and right[0].isalpha()) or len(left) < 3 or len(right) < 3:
        return left + right, False
    words = _words(document)
    if left[-1] + right[0] in words or left[-2] + left[-1] in words and left[-1] + right[:2] in words:
        return left + right, False
    without_left = left[-2] + right[0] in words
    without_right = left[-1] + right[1] in words
    if without_left and not without_right and left[-2:] not in words:
        return left[:-1] + right, True
    if without_right and not without_left and right[:2] not in words:
        return left + right[1:], True
    return left + right, False


class _Words:
    """Pairs and triples of letters that stand side by side in a text, cells and lines apart."""

    def __init__(self, text: str) -> None:
        self._runs = "\n".join(_BREAKS.split(text))

    def __contains__(self, word: str) -> bool:
        return word in self._runs


@lru_cache(maxsize=4)
def _words(document: str) -> _Words:
    return _Words(document)
