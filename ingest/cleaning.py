"""Cleaned text that still knows where each of its characters stands in the original.

Finders match on `Cleaned.text`; `Cleaned.span` brings every hit back. Must not judge what the text means.
"""

from __future__ import annotations

import html
import re
import unicodedata
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
_ZERO_WIDTH = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\u00ad\ufe0f\ufe0e"
)


def is_cjk(char: str) -> bool:
    """Whether `char` is a Chinese character or punctuation written full width (between which OCR spaces mean nothing)."""
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
    chars: list[str] = []
    starts = array("l")
    ends = array("l")
    gap = ""  # "", " " or "\n": white space seen since the last character

    def put(piece: str, start: int, end: int) -> None:
        nonlocal gap
        if chars and gap == "\n" and keep_breaks:
            chars.append("\n")
            starts.append(ends[-1])
            ends.append(start)
        elif chars and gap and not (is_cjk(chars[-1]) or is_cjk(piece[0])):
            chars.append(" ")
            starts.append(ends[-1])
            ends.append(start)
        gap = ""
        for char in piece:
            chars.append(char)
            starts.append(start)
            ends.append(end)

    at, size = 0, len(text)
    while at < size:
        char = text[at]
        if char == "<" and (tag := _TAG.match(text, at)):
            gap = "\n" if gap == "\n" or _BLOCK.match(text, at) else gap
            at = tag.end()
            continue
        if char == "&" and (entity := _ENTITY.match(text, at)):
            piece = html.unescape(entity[0])
            if piece.isspace():
                gap = gap or " "
            elif piece != entity[0]:
                put(piece, offset + at, offset + entity.end())
            else:
                put(char, offset + at, offset + at + 1)
                at += 1
                continue
            at = entity.end()
            continue
        if char in _ZERO_WIDTH:
            at += 1
            continue
        if char.isspace():
            gap = "\n" if char in "\n\r\v\f\x85\u2028\u2029" or gap == "\n" else " "
            at += 1
            continue
        piece = char
        if fold_width and "\uff01" <= char <= "\uff5e" and unicodedata.normalize("NFKC", char).isalnum():
            piece = unicodedata.normalize("NFKC", char)
        put(piece, offset + at, offset + at + 1)
        at += 1
    return Cleaned("".join(chars), starts, ends)
