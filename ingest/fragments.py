"""Words that cell borders, line ends or recognition have cut into pieces, put together again.

Where a border cuts a character, both cells may show it, or the right cell only its right half: the surplus is dropped.
Letters that are gone stay gone; the result says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ingest.cleaning import clean, is_cjk
from ingest.model import Cell, Document, Span
from ingest.wordlists import table_of

_NOISE = re.compile(r"[\s,.;:'\"`|\\/\[\]{}<>=_~^·•\-–—\u0600-\u06ff]+|[A-Za-z0-9]{1,2}")
_LINE_CUT = re.compile(r"[ \n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A word put together. `mended`: pieces were joined or a surplus dropped; `lost`: letters are missing."""

    text: str
    spans: tuple[Span, ...]
    mended: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    span: Span


def join_cells(doc: Document, cells: Sequence[Cell]) -> Joined:
    """The one name that stands in `cells` (left to right, empty ones included); empty text where there is none."""
    pieces, lost = _pieces(doc, cells)
    if not pieces:
        return Joined(text="", spans=())
    text, spans, mended = pieces[0].text, [pieces[0].span], len(pieces) > 1
    for piece in pieces[1:]:
        surplus = _overlap(text, piece.text)
        text += piece.text[surplus:]
        spans.append(piece.span)
    return Joined(text=text, spans=tuple(spans), mended=mended, lost=lost)


def _pieces(doc: Document, cells: Sequence[Cell]) -> tuple[list[_Piece], bool]:
    """What of `cells` is writing, and whether noise at its edges shows that letters are lost."""
    pieces: list[_Piece] = []
    lost = False
    for cell in cells:
        text = cell.text
        if not any(is_cjk(char) for char in text) and (pieces or _NOISE.fullmatch(text) or not text):
            continue
        cleaned = clean(doc.text[cell.span.start : cell.span.end], offset=cell.span.start)
        pieces.append(_Piece(text, cleaned.span(0, len(cleaned.text))))
    return pieces, lost


def _overlap(left: str, right: str) -> int:
    """How many letters at the start of `right` repeat the end of `left`."""
    for size in range(min(len(left), len(right)), 0, -1):
        head, tail = right[:size], left[-size:]
        if head[1:] == tail[1:] and (head[0] == tail[0] or tail[0] in _halves().get(head[0], ())):
            if size == 1 and head == tail and _begins_word(right):
                return 0
            return size
    return 0


@cache
def _halves() -> dict[str, tuple[str, ...]]:
    return table_of("glyphs", "right_halves")


def _begins_word(text: str) -> bool:
    """Whether a word of the language begins at the start of `text` (区域… does, 区投… does not)."""
    import jieba  # noqa: PLC0415 - its dictionary takes half a second, and few documents need it

    jieba.setLogLevel(60)
    jieba.initialize()
    return any(jieba.dt.FREQ.get(text[:size], 0) > 0 for size in (2, 3, 4) if len(text) >= size)
