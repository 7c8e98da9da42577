"""Running text put together from stretches of a document: lines and pages joined, paragraphs kept.

Every character still knows where it stands. Does not know what the text is about.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.cleaning import Cleaned, clean, is_cjk
from ingest.model import Document, Span

_ENDED = re.compile(r"[。！？；;!?][”’\"'）)》]?$|[…】]$")
_BEGINS_ITEM = re.compile(
    r"(?:\d{1,2}(?:[、．）)\\]|\.(?!\d))|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,2}[）)]|目标\d)"
)
_STYLE = re.compile(r"\d{1,2}([、．）)]|\.(?!\d))")
_BULLET = re.compile(r"[-•●·*]+ *(?=\S)")
_BLOCK_TAG = re.compile(r"</?(?:p|li|div|h[1-6])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """`text` and where its characters stand: character i came from `starts[i]`..`ends[i]` of the document."""

    text: str
    spans: tuple[Span, ...]
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def spans_of(self, start: int, end: int) -> tuple[Span, ...]:
        """Where `text[start:end]` stands, one span for each stretch that the document does not interrupt."""
        found: list[Span] = []
        for piece in self.spans:
            first = max(start, bisect_right(self.starts, piece.start - 1))
            last = min(end, bisect_right(self.starts, piece.end - 1))
            if first < last:
                found.append(Span(start=self.starts[first], end=self.ends[last - 1]))
        return tuple(found)


def join_prose(doc: Document, spans: Sequence[Span]) -> Prose:
    """The text of `spans`, in the order given, which is also that of the document.

    Breaks inside a sentence vanish; "\\n" stands between paragraphs. List bullets of recognised text are dropped.
    """
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    kept: list[Span] = []
    for span in spans:
        piece = clean(doc.text[span.start : span.end], offset=span.start, keep_breaks=True)
        if not piece.text:
            continue
        kept.append(piece.span(0, len(piece.text)))
        for begin, end in _lines(piece):
            bullet = _BULLET.match(piece.text, begin, end)
            begin = bullet.end() if bullet else begin
            if begin >= end:
                continue
            if chars:
                gap = doc.text[ends[-1] : piece.starts[begin]] if ends[-1] <= piece.starts[begin] else "\n"
                if joint := _joint("".join(chars[-4:]), piece.text[begin:end], gap, bulleted=bullet is not None):
                    chars.append(joint)
                    starts.append(ends[-1])
                    ends.append(ends[-1])
            chars.extend(piece.text[begin:end])
            starts.extend(piece.starts[begin:end])
            ends.extend(piece.ends[begin:end])
    return Prose(text="".join(chars), spans=tuple(kept), starts=tuple(starts), ends=tuple(ends))


def is_sentence_end(text: str) -> bool:
    """Whether a sentence or an item of a list is over at the end of `text`."""
    return _ENDED.search(text.rstrip()[-4:]) is not None


def is_cut_off(text: str) -> bool:
    """Whether `text` ends in the middle of a title, a bracket, or a clause that has hardly begun.

    >>> is_cut_off("制定《办法》、《上海市"), is_cut_off("开展工作，虹"), is_cut_off("完成印刷")
    (True, True, False)
    """
    tail = text[-40:]
    for opening, closing in ("《》", "（）", "〔〕"):
        if tail.rfind(opening) > tail.rfind(closing):
            return True
    return re.search(r"[，、,][^，、,。；！？\s]{0,2}$", tail) is not None


def begins_item(text: str) -> bool:
    """Whether `text` begins with the number of a list item."""
    return _BEGINS_ITEM.match(text.lstrip()) is not None


def _lines(piece: Cleaned) -> list[tuple[int, int]]:
    """Lines of a piece: at its breaks, and where a gap stands between items of the list with which it begins."""
    style = _STYLE.match(piece.text)
    begins = [0]
    for at in range(1, len(piece.text)):
        if piece.text[at - 1] == "\n":
            begins.append(at)
        elif style and piece.starts[at] > piece.ends[at - 1] and is_sentence_end(piece.text[max(at - 4, 0) : at]):
            item = _STYLE.match(piece.text, at)
            if item and item[1] == style[1]:
                begins.append(at)
    pairs = zip(begins, [*begins[1:], len(piece.text)], strict=True)
    trimmed = ((begin, end - 1 if piece.text[end - 1 : end] == "\n" else end) for begin, end in pairs)
    return [(begin, end) for begin, end in trimmed if begin < end]


def _joint(left: str, right: str, gap: str, *, bulleted: bool) -> str:
    within_cell = "\t" not in gap and "\n" not in gap and "|" not in gap
    if (within_cell and _BLOCK_TAG.search(gap)) or bulleted or is_sentence_end(left) or begins_item(right):
        return "\n"
    return "" if is_cjk(left[-1]) or is_cjk(right[0]) else " "
