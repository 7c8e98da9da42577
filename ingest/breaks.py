"""Where lines and cells begin in cleaned text, which itself has lost them.

Says nothing of what stands in them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from ingest.cleaning import Cleaned

_BREAK = re.compile(
    r"[\t\r\n\f\v\x1c\x85\u2028\u2029]+|</?(?:p|br|div|li|tr|td|th|h[1-6]|ul|ol)\b[^<>]{0,300}>", re.IGNORECASE
)
_WRAPS = ("\n", "\r\n", "<br>", "<br/>", "<br />")
_SHORT_LINE = 18  # characters; a line that ends earlier was ended on purpose
_ENDS = "。；;：:！？"


class Breaks:
    """Positions of cleaned text before which something new begins in the source, in order.

    `cells`: a cell, a paragraph, or a line after one that was ended on purpose. `lines`: these and every wrapped line.
    """

    __slots__ = ("_cleaned", "cells", "lines")

    def __init__(self, cleaned: Cleaned, source: str, *, offset: int = 0, begun: int = 0) -> None:
        """Where things begin in `source`.

        offset: where it begins in the text that `cleaned` points into.
        begun: characters of its first line that stand before it.
        """
        cells = [] if begun else [0]
        lines = [] if begun else [0]
        line = -begun
        at = 0
        for mark in _BREAK.finditer(source):
            at = bisect_left(cleaned.starts, mark.start() + offset, at)
            lines.append(at)
            wrapped = mark[0] in _WRAPS and mark.start() - line >= _SHORT_LINE
            if not wrapped or (at and cleaned.text[at - 1] in _ENDS):
                cells.append(at)
            line = mark.end()
        self.cells = tuple(cells)
        self.lines = tuple(lines)
        self._cleaned = cleaned

    def splits(self, start: int, end: int) -> bool:
        """Whether a cell begins after `start` and not after `end`."""
        at = bisect_right(self.cells, start)
        return at < len(self.cells) and self.cells[at] <= end

    def begins(self, at: int, *, reach: int = 0) -> bool:
        """Whether a line begins at `at`, or up to `reach` characters before it."""
        line = bisect_right(self.lines, at) - 1
        return line >= 0 and self.lines[line] >= at - reach

    def limits(self, at: int) -> tuple[int, ...]:
        """Where what begins at `at` may end: with its line, or, where lines are wrapped, with its cell."""
        line, cell = self.next(at, self.lines), self.next(at)
        return (line,) if line == cell else (line, cell)

    def last(self, at: int, places: tuple[int, ...] | None = None) -> int:
        """The last beginning of a cell (or of `places`) not after `at`; 0 where there is none."""
        places = self.cells if places is None else places
        found = bisect_right(places, at)
        return places[found - 1] if found else 0

    def next(self, at: int, places: tuple[int, ...] | None = None) -> int:
        """The first beginning of a cell (or of `places`) after `at`; the end of the text where there is none."""
        places = self.cells if places is None else places
        found = bisect_right(places, at)
        return places[found] if found < len(places) else len(self._cleaned.text)

    def gaps(self, start: int, end: int) -> bool:
        """Whether anything was dropped between `start` and `end`."""
        return self._cleaned.starts[end] - self._cleaned.starts[start] != end - start

    def gap(self, at: int) -> bool:
        """Whether white space was dropped before the character at `at`."""
        return 0 < at < len(self._cleaned.starts) and self._cleaned.starts[at] > self._cleaned.ends[at - 1]
