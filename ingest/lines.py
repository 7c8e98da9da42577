"""Rows of forms that came as plain text: columns set apart by spaces, one cell a line, a whole form in one line.

Cuts lines into cells and puts cells of a column above one another; knows only which words begin a row.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from ingest.cleaning import narrow
from ingest.grid import make_cell
from ingest.labels import fold
from ingest.levels import Level, is_level_name
from ingest.model import Cell, Row, Span
from ingest.wordlists import words_of

_WIDE_GAP = re.compile(r"[ \u00a0]{2,}|[ \u00a0]*[\u3000\u2003][ \u00a0\u3000\u2003]*")
_GAP = re.compile(r"[ \u00a0\u3000\u2003]+")
_FIGURE = re.compile(r"-?[\d,]+(?:\.\d+)?%?")
_CLOSED = re.compile(r"[ \t]*\|[ \t]*(?:\n|$)")
_COLUMN_SLACK = 2  # columns of text may begin this many half-width places apart and still be one column
_LONG_LINE = 200
_LONGEST_REASON = 4  # tokens
_SIGNS = "≥≤><=＞＜＝"


def is_plain(text: str, rows: Sequence[Row]) -> bool:
    """Whether nothing but white space sets cells apart in any of `rows`."""
    return not any(
        text[left.span.end : right.span.start].strip(" \u00a0\u3000\u2003")
        for row in rows
        for left, right in pairwise(row.cells)
    )


def unroll(text: str, rows: Sequence[Row]) -> tuple[Row, ...]:
    """`rows` with very long lines that run on through a whole form cut into the rows of that form."""
    return tuple(line for row in rows for line in _unroll(text, row))


def is_stacked(text: str, rows: Sequence[Row]) -> bool:
    """Whether a form has one cell a line, each closed by a pipe (as copied from a web page)."""
    closed = sum(len(row.cells) == 1 and _CLOSED.match(text, row.span.end) is not None for row in rows)
    return closed >= 12 and closed * 10 >= len(rows) * 9


def is_aligned(text: str, rows: Sequence[Row]) -> bool:
    """Whether columns stand below one another: gaps of two or more spaces in three rows at least."""
    whole = [row for row in rows if len(row.cells) == 1]
    return sum(_WIDE_GAP.search(text, row.span.start, row.span.end) is not None for row in whole) >= 3


def split_columns(text: str, rows: Sequence[Row]) -> tuple[Row, ...]:
    """`rows` of plain lines cut where columns are set apart by white space only.

    Gaps of two or more spaces are column gaps where the block has them in three rows, and cells then stand in the
    column in which they begin; else every space is a gap.
    """
    if not is_aligned(text, rows):
        return tuple(
            row if len(row.cells) > 1 else Row(cells=tuple(_cells(text, row.span, _GAP)), span=row.span) for row in rows
        )
    cut = [list(_cells(text, line.span, _WIDE_GAP)) for line in rows]
    starts = [[_place(text, cell.span.start) for cell in cells] for cells in cut]
    columns = _columns(starts)
    return tuple(
        Row(cells=_in_columns(cells, places, columns), span=line.span)
        for line, cells, places in zip(rows, cut, starts, strict=True)
    )


def _cells(text: str, span: Span, gap: re.Pattern[str]) -> Iterator[Cell]:
    begin = span.start
    for hit in gap.finditer(text, span.start, span.end):
        yield make_cell(text, begin, hit.start())
        begin = hit.end()
    yield make_cell(text, begin, span.end)


def _place(text: str, at: int) -> int:
    """Half-width places between the start of the line and `at`."""
    begin = max(text.rfind("\n", 0, at), text.rfind("\f", 0, at)) + 1
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text[begin:at])


def _columns(starts: Sequence[Sequence[int]]) -> list[int]:
    """Where columns begin: places that are more than the slack apart from the one before."""
    columns: list[int] = []
    for place in sorted({place for row in starts for place in row}):
        if not columns or place - columns[-1] > _COLUMN_SLACK:
            columns.append(place)
    return columns


def _in_columns(cells: Sequence[Cell], places: Sequence[int], columns: Sequence[int]) -> tuple[Cell, ...]:
    placed: list[Cell] = []
    for cell, place in zip(cells, places, strict=True):
        column = max(bisect_right(columns, place) - 1, len(placed))
        while len(placed) < column:
            placed.append(Cell(text="", span=Span(start=cell.span.start, end=cell.span.start)))
        placed.append(cell)
    return tuple(placed)


@cache
def _row_starts() -> frozenset[str]:
    return frozenset(fold(word) for word in words_of("lines", "row_starts", "words"))


def _unroll(text: str, row: Row) -> Iterator[Row]:
    """The rows of a form that was written in one line, begun at its known words and after two closing figures."""
    span = row.cells[0].span
    if span.end - span.start < _LONG_LINE or len(row.cells) > 1:
        yield row
        return
    tokens = list(_cells(text, span, _GAP))
    begins = [number for number, token in enumerate(tokens) if fold(token.text).rstrip(":") in _row_starts()]
    if len(begins) < 5:
        yield row
        return
    edges = sorted({0, *begins, *_after_scores(tokens), *_after_heads(tokens)})
    for first, end in zip(edges, [*edges[1:], len(tokens)], strict=True):
        yield Row(
            cells=tuple(tokens[first:end]), span=Span(start=tokens[first].span.start, end=tokens[end - 1].span.end)
        )


def _after_scores(tokens: Sequence[Cell]) -> Iterator[int]:
    """Where a row of indicators begins because the one before has had its weight and its score."""
    inside = False
    for number, token in enumerate(tokens):
        inside = inside or "三级指标" in token.text
        figures = [
            _FIGURE.fullmatch(narrow(tokens[at].text)) is not None for at in (number - 2, number - 1, number) if at >= 0
        ]
        if inside and figures == [True, True, False]:
            yield number + _reason_size(tokens, number)


def _reason_size(tokens: Sequence[Cell], at: int) -> int:
    """How many tokens from `at` on still tell the reason of the row before: sentences, or all before a level's name."""
    for size in range(min(_LONGEST_REASON, len(tokens) - at)):
        text = tokens[at + size].text
        if is_level_name(text, Level.FIRST) or is_level_name(text, Level.SECOND):
            return size
        if any(char.isdigit() for char in text[:2]) or text[:1] in _SIGNS:
            break
    return int(tokens[at].text.endswith(("。", "；")))


def _after_heads(tokens: Sequence[Cell]) -> Iterator[int]:
    """Where a row begins because a head of columns is over."""
    closing = {fold(word) for word in words_of("lines", "head_ends", "words")}
    for number, token in enumerate(tokens[:-1]):
        if fold(token.text) in closing and fold(tokens[number + 1].text) not in closing:
            yield number + 1
        elif number and re.fullmatch(r"\(?\d{4}年度\)?", fold(token.text)):
            yield number
            yield number + 1


def unstack(text: str, start: int, end: int) -> tuple[Row, ...]:
    """The rows of a form whose cells stand one a line, each closed by a pipe; empty lines with a pipe are cells too.

    Labels of the head go with the cell below; heads of columns say how many cells a row has.
    """
    cells = list(_stacked_cells(text, start, end))
    rows: list[list[Cell]] = []
    at = 0
    while at < len(cells):
        size = _run(cells, at, _is_column)
        if size >= 3:
            at = _unstack_table(cells, at, size, rows)
        elif _is_pair(cells[at].text) and at + 1 < len(cells):
            heads = _run(cells, at, lambda word: _is_pair(word))
            heads = heads if heads == 2 and _both_goals(cells[at], cells[at + 1]) else 1
            rows.append(cells[at : at + heads])
            rows[-1] += [] if heads == 2 else cells[at + 1 : at + 2]
            if heads == 2:
                rows.append(cells[at + 2 : at + 4])
            at += 2 * heads
        else:
            figures = _run(cells, at + 1, lambda word: _FIGURE.fullmatch(narrow(word)) is not None)
            rows.append(list(cells[at : at + 1 + figures]))
            at += 1 + figures
    return tuple(
        Row(cells=tuple(row), span=Span(start=row[0].span.start, end=max(cell.span.end for cell in row)))
        for row in rows
        if any(cell.text for cell in row)
    )


def _stacked_cells(text: str, start: int, end: int) -> Iterator[Cell]:
    at = start
    for line in text[start:end].split("\n"):
        bare = line.rstrip().removesuffix("|")
        if line.strip():
            yield make_cell(text, at, at + len(bare))
        at += len(line) + 1


def _run(cells: Sequence[Cell], at: int, belongs: Callable[[str], bool]) -> int:
    size = 0
    while at + size < len(cells) and belongs(cells[at + size].text):
        size += 1
    return size


def _is_column(text: str) -> bool:
    return _bare(text) in {fold(word) for word in words_of("lines", "columns", "words")}


def _is_pair(text: str) -> bool:
    return _bare(text) in {fold(word) for word in words_of("lines", "pairs", "words")}


def _both_goals(left: Cell, right: Cell) -> bool:
    return all("目标" in cell.text or "情况" in cell.text for cell in (left, right))


def _bare(text: str) -> str:
    return re.sub(r"^\d\.|\([^()]*\)$", "", fold(text)).rstrip(":")


def _unstack_table(cells: Sequence[Cell], at: int, size: int, rows: list[list[Cell]]) -> int:
    """Append the rows of the table whose head of `size` columns begins at `at`; the place behind its last row.

    A row that lacks the cells of merged columns begins with the first cell that names no level.
    """
    funds = "预算" in "".join(cell.text for cell in cells[at : at + size])
    blank = Cell(text="", span=Span(start=cells[at].span.start, end=cells[at].span.start))
    rows.append(([blank] if funds else []) + list(cells[at : at + size]))
    at += size
    while at < len(cells):
        word = _bare(cells[at].text)
        if funds:
            if word not in {fold(other) for other in words_of("lines", "fund_rows", "words")}:
                break
            end = at + 1
            while (
                end < len(cells)
                and end - at <= size
                and (_FIGURE.fullmatch(narrow(cells[end].text)) or cells[end].text in ("", "/", "-", "—"))
            ):
                end += 1
            rows.append(list(cells[at:end]))
            at = end + (end < len(cells) and len(cells[end].text) > 30)
            continue
        if word in {fold(other) for other in words_of("lines", "table_ends", "words")} or not word:
            break
        lacking = (
            0
            if word.endswith("指标") and _bare(cells[at + 1].text if at + 1 < len(cells) else "").endswith("指标")
            else 1
            if word.endswith("指标")
            else 2
        )
        row = [blank] * lacking + list(cells[at : at + size - lacking])
        rows.append(row)
        at += size - lacking
    return at
