"""The stretches of a text in which documents can be cited; all else need not be cleaned and read.

A stretch may hold no citation; a citation never stands outside one, nor over the edge of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.organs import is_organ_end
from ingest.standards import standard_codes

# Marks that only titles and numbers use
_MARK = re.compile("[《》≪≫«»‹]")
# A year in brackets
_YEAR = re.compile(
    r"[(（\[<〈{「『＜〔［【﹝〖]\s{0,3}(?:[12１２lI]\s{0,2}[09０９Oo\uff2f\u3007]\s{0,2}[\dOolI]\s{0,2}[\dOolI]|\d\s{0,2}\d)"
)
_ANGLE = re.compile("[<〈＜][\u4e00-\u9fff“]")
_STANDARD = re.compile(r"([A-Z]{1,6})(?:[/／]([A-Z]{1,6}))?\d{0,4}(?:[/／][TZ]?)?\s{0,3}\d")
_OPENING = "《≪«<〈＜‹"
_COUNTED = re.compile(r"[\d\u3007零○一二三四五六七八九十百千)）]\s{0,3}$")
_NUMBER = 25  # characters of a number that scanning scattered
_NUMBER_REACH = (190, 150)  # characters before and behind a number that a title beside it may fill
_MARK_REACH = (110, 110)  # the same of a mark: its organ, the wrapper around it, the number behind it


def find_windows(text: str) -> list[tuple[int, int]]:
    """Half-open ranges of `text`, in order, apart from each other; [] where nothing is cited."""
    windows: list[tuple[int, int]] = []
    size = len(text)
    first = last = 0
    high = -1
    for at, (before, behind) in sorted([*_marks(text), *_numbers(text)]):
        if at - before > high:
            if high >= 0:
                windows.append((first, _sentence_end(text, last, high)))
            first = _sentence_start(text, max(0, at - before), at)
        last, high = at, min(max(high, at + behind), size)
    if high >= 0:
        windows.append((first, _sentence_end(text, last, high)))
    return windows


def _sentence_start(text: str, low: int, at: int) -> int:
    """Where the sentence or the cell begins in which `at` stands; no title that lost its marks reaches farther back."""
    cell = text.rfind("\t", low, max(low, at - _NUMBER)) + 1  # nearer tabs may cut a number in two
    return max(low, cell, text.rfind("。", low, at) + 1)


def _sentence_end(text: str, at: int, high: int) -> int:
    """Where the sentence ends in which `at` stands, but for what opens there."""
    stop = -1 if text[at] in _OPENING else text.find("。", at, high)
    return stop + 1 if stop >= 0 else high


def _marks(text: str) -> list[tuple[int, tuple[int, int]]]:
    return [(mark.start(), _MARK_REACH) for pattern in (_MARK, _ANGLE) for mark in pattern.finditer(text)]


def _numbers(text: str) -> list[tuple[int, tuple[int, int]]]:
    codes = standard_codes()
    found = [mark.start() for mark in _YEAR.finditer(text)]
    found += [mark.start() for mark in _STANDARD.finditer(text) if mark[2] or mark[1].rstrip("TZ") in codes]
    found += [at for at in _places(text, "号") if _COUNTED.search(text, max(0, at - 4), at)]
    found += [at for at in _places(text, "关于") if is_organ_end(text, at)]
    found += [*_places(text, "法第"), *_places(text, "中华人民共和国")]
    return [(at, _NUMBER_REACH) for at in found]


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
