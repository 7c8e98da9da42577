"""What a reader brings back from a file, and the draft in which it is put together line by line.

The rules of `Document.text` live here: one line a paragraph, one line a table row, cells separated by a tab, line
breaks inside a cell one space, "\\f" before the first line of each further page. Must not know any format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.errors import OversizedSource
from ingest.limits import DEFAULT_LIMITS
from ingest.model import CellAnchor, ReadingWarning, Span, WarningCode

_BREAK = re.compile(r"[\n\r\v\f\x85\u2028\u2029]")
_LINE_ENDS = re.compile(r"\r\n?|[\v\x85\u2028\u2029]")
# What no export can carry and no reader can see: control characters, halves of surrogate pairs, non-characters.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file's text with pages, cell addresses and doubts; a Document without name and hash."""

    text: str
    encoding: str = "utf-8"
    page_starts: tuple[int, ...] = ()
    anchors: tuple[CellAnchor, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()


def fold_line_ends(text: str) -> str:
    """`text` with every kind of line end written "\\n"."""
    return _LINE_ENDS.sub("\n", text)


def drop_unprintable(text: str) -> str:
    """`text` without characters that mean nothing on paper (a form feed stays)."""
    return _UNPRINTABLE.sub("", text)


def mark_unprintable(text: str) -> tuple[str, int]:
    """`text` with each such character replaced by U+FFFD, and how many there were; no offset moves."""
    return _UNPRINTABLE.subn("\ufffd", text)


def find_page_starts(text: str) -> tuple[int, ...]:
    """Offsets at which pages begin in a text with form feeds; () where it has none."""
    end = len(text.rstrip())
    starts = [0, *(match.end() for match in re.finditer("\f", text) if match.start() < end)]
    return tuple(starts) if len(starts) > 1 else ()


class Draft:
    """Text under construction. Lines go in in reading order; `finish` gives the Content."""

    def __init__(self, *, source: str, limit: int = DEFAULT_LIMITS.text) -> None:
        self._source = source
        self._limit = limit
        self._parts: list[str] = []
        self._size = 0
        self._page_starts: list[int] = []
        self._anchors: list[CellAnchor] = []
        self._warnings: list[ReadingWarning] = []

    @property
    def size(self) -> int:
        """Offset at which the next line begins."""
        return self._size

    @property
    def blank(self) -> bool:
        """Whether nothing but white space is in it."""
        return not any(part.strip() for part in self._parts)

    def start_page(self) -> None:
        """Begin a page; the first call gives page 1."""
        if self._page_starts:
            self._put("\f")
        self._page_starts.append(self._size)

    def add_line(self, text: str, *, address: str = "") -> None:
        """One paragraph; line breaks inside it stay line breaks. `address` names it where people are to be told."""
        line = drop_unprintable(fold_line_ends(text).replace("\f", "\n"))
        if line and address:
            self._anchors.append(CellAnchor(span=Span(start=self._size, end=self._size + len(line)), address=address))
        self._put(line + "\n")

    def add_row(self, cells: Sequence[str], *, addresses: Sequence[str] = ()) -> None:
        """One table row; `addresses[i]` names the cell i and is kept where the cell is not empty.

        A form feed inside a cell means that a further page begins there; it becomes a space like other breaks.
        """
        at = self._size
        texts = []
        for number, cell in enumerate(cells):
            pieces = [fold_cell(piece) for piece in cell.split("\f")]
            text = pieces[0]
            for piece in pieces[1:]:
                text += " "
                self._page_starts.append(at + len(text))
                text += piece
            if text and number < len(addresses):
                self._anchors.append(CellAnchor(span=Span(start=at, end=at + len(text)), address=addresses[number]))
            texts.append(text)
            at += len(text) + 1
        self._put("\t".join(texts) + "\n")

    def warn(self, code: WarningCode, message: str, *spans: Span) -> None:
        """Keep a doubt with the text."""
        self._warnings.append(ReadingWarning(code=code, message=message, spans=spans))

    def finish(self, *, encoding: str = "utf-8") -> Content:
        """The text as it now stands."""
        return Content(
            text="".join(self._parts),
            encoding=encoding,
            page_starts=tuple(self._page_starts),
            anchors=tuple(self._anchors),
            warnings=tuple(self._warnings),
        )

    def _put(self, text: str) -> None:
        self._size += len(text)
        if self._size > self._limit:
            raise OversizedSource(
                self._source, f"文字超过 {self._limit // 10_000} 万字的上限", "请把文件拆成几份后再导入"
            )
        self._parts.append(text)


def fold_cell(text: str) -> str:
    """A cell on one line: breaks become one space, tabs a space, nothing at either end.

    >>> fold_cell(" 产出\\n 指标\\t")
    '产出 指标'
    """
    lines = (line.strip() for line in _BREAK.split(text))
    return drop_unprintable(" ".join(line for line in lines if line).replace("\t", " "))
