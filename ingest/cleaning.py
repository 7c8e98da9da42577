"""Cleaned text that still knows where each of its characters stands in the original.

Finders match on `Cleaned.text`; `Cleaned.span` brings every hit back. Must not judge what the text means.
"""

from __future__ import annotations

import html
import re
from array import array
from dataclasses import dataclass

from ingest.model import Span

# Only real HTML element names are markup: 《<政府会计准则第3号>应用指南》 and "<30分钟" are text.
_TAG = re.compile(
    r"</?(?:p|br|div|span|ol|ul|li|b|i|u|em|strong|font|table|tbody|thead|tr|td|th|h[1-6]|sup|sub|a|hr|center)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"</?(?:p|br|div|ol|ul|li|tr|h[1-6]|hr)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_ZERO_WIDTH = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
    "\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\u00ad\ufe0f\ufe0e"
)
_NO_ZERO_WIDTH = str.maketrans("", "", _ZERO_WIDTH)
_DIRT = re.compile(f"[\\s{_ZERO_WIDTH}]+|[<&]")
_NEW_LINE = re.compile("[\n\r\v\f\x85\u2028\u2029]")
_NARROW = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
_ALL_NARROW = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


def is_cjk(char: str) -> bool:
    """Whether `char` is a Chinese character or full-width punctuation: OCR spaces between two such mean nothing."""
    return (
        "\u4e00" <= char <= "\u9fff"
        or "\u3400" <= char <= "\u4dbf"
        or "\u3001" <= char <= "\u301f"
        or char in "，。；：！？（）“”‘’《》〈〉【】〔〕、—…·"
        or "\U00020000" <= char <= "\U0003ffff"
    )


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text after cleaning. `starts[i]`, `ends[i]` bound, in the original, what became character i."""

    text: str
    starts: array[int]
    ends: array[int]

    def span(self, start: int, end: int) -> Span:
        """Half-open range of the original that holds `text[start:end]`; an empty range maps to an empty span.

        >>> cleaned = clean("沪发 改财<br>金")
        >>> cleaned.text, cleaned.span(1, 3)
        ('沪发改财金', Span(start=1, end=4))
        """
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return Span(start=at, end=at)
        return Span(start=self.starts[start], end=self.ends[end - 1])


def clean(text: str, *, offset: int = 0, fold_width: bool = False, keep_breaks: bool = False) -> Cleaned:
    """`text` without markup, entities, zero-width characters and the spaces that OCR put between Chinese characters.

    offset: added to every position, for text that is a slice of a document.
    fold_width: full-width letters and digits become ASCII (punctuation stays as printed).
    keep_breaks: block tags and line breaks become one "\\n" instead of vanishing between Chinese characters.
    Other runs of white space become one space, or vanish beside a Chinese character; none stands at either end.
    """
    pieces: list[str] = []  # stretches without dirt, copied whole: cleaning costs what there is to clean
    starts = array("l")
    ends = array("l")
    last = ""  # the last character kept
    gap = ""  # "", " " or "\n": white space seen since then

    def put(piece: str, start: int, end: int) -> None:
        """`piece` came from `start`..`end`: character by character where the lengths agree, as a whole where not."""
        nonlocal last, gap
        if last and gap == "\n" and keep_breaks:
            fill(gap, start)
        elif last and gap and not (is_cjk(last) or is_cjk(piece[0])):
            fill(" ", start)
        gap = ""
        last = piece[-1]
        pieces.append(piece)
        if len(piece) == end - start:
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            starts.extend([start] * len(piece))
            ends.extend([end] * len(piece))

    def fill(space: str, start: int) -> None:
        pieces.append(space)
        starts.append(ends[-1])
        ends.append(start)

    at = 0
    for dirt in _DIRT.finditer(text):
        low, high = dirt.span()
        if low < at:
            continue  # inside a tag that was read already
        char = text[low]
        if char == "<":
            tag = _TAG.match(text, low)
            if tag is None:
                continue
            high = tag.end()
        elif char == "&":
            entity = _ENTITY.match(text, low)
            if entity is None or html.unescape(entity[0]) == entity[0]:
                continue
            high = entity.end()
        if low > at:
            put(fold(text[at:low]) if fold_width else text[at:low], offset + at, offset + low)
        at = high
        if char == "<":
            gap = "\n" if gap == "\n" or _BLOCK.match(text, low) else gap
        elif char == "&":
            piece = html.unescape(text[low:high])
            if piece.isspace():
                gap = gap or " "
            else:
                put(piece, offset + low, offset + high)
        elif gap != "\n" and (space := dirt[0].translate(_NO_ZERO_WIDTH)):
            gap = "\n" if _NEW_LINE.search(space) else " "
    if at < len(text):
        put(fold(text[at:]) if fold_width else text[at:], offset + at, offset + len(text))
    return Cleaned("".join(pieces), starts, ends)


def fold(text: str) -> str:
    """`text` with full-width letters and digits as ASCII, length unchanged."""
    return text.translate(_NARROW)


def narrow(text: str) -> str:
    """`text` with full-width letters, digits and signs as ASCII, length unchanged.

    >>> narrow("９４．８５％")
    '94.85%'
    """
    return text.translate(_ALL_NARROW)
