"""Indicator tables among the rows of a form: where each begins and ends, and its parts under repeated heads.

A page may end a table's part; only 总分 and the like end the table. Reads heads and layout, no cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.columns import Header, ends_table, is_furniture, read_header
from ingest.levels import Level, is_piece
from ingest.lines import split_columns
from ingest.model import Cell, Document, Row, Span
from ingest.placement import PlacedRow, fits_columns, join_texts, place_row
from ingest.wrapping import unwrap_rows

_LONGEST_TABLE = 1000  # rows; no form is as long, and the search for levels looks at all pairs
_PAGE_MARK = re.compile(r"第?\d{1,4}页?(?:[,，/、]?共\d{1,4}页)?")
_DASHES = re.compile(r"[-—–\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorTable:
    """One table: its first head, and its rows put into columns, each by the head above it."""

    header: Header
    rows: tuple[PlacedRow, ...]


def find_tables(doc: Document, rows: Sequence[Row]) -> tuple[IndicatorTable, ...]:
    """The indicator tables in `rows`, in order; () where no head of one is found."""
    tables: list[IndicatorTable] = []
    at = 0
    ended = True
    while at < len(rows):
        found = _header_at(doc, rows, at)
        if found is None:
            ended = ended or ends_table(rows[at])
            at += 1
            continue
        header, body = found
        used = header.rows
        while True:
            begin = used
            part, used, closed = _read_part(doc, body, header, begin)
            part = unwrap_rows(part, header)
            if not header.compact and _is_spaced(doc, body[0]):
                part = _without_places(doc, body, header, begin, part)
            if ended or not tables or len(tables[-1].rows) >= _LONGEST_TABLE:
                tables.append(IndicatorTable(header=header, rows=part))
            else:
                tables[-1] = replace(tables[-1], rows=(*tables[-1].rows, *part))
            ended = closed
            if len(part) < _LONGEST_TABLE:
                break
        at += used
    return tuple(tables)


def _header_at(doc: Document, rows: Sequence[Row], at: int) -> tuple[Header, Sequence[Row]] | None:
    if header := read_header(rows, at, compact=_is_compact(doc, rows[at])):
        return header, rows[at:]
    if len(rows[at].cells) == 1 and ("二级" in rows[at].cells[0].text or "指标值" in rows[at].cells[0].text):
        above = min(at, 1)  # a head may have a line above
        split = split_columns(doc.text, rows[at - above :])
        if header := read_header(split, above, compact=_is_compact(doc, split[above])):
            return header, split[above:]
    return None


def _is_compact(doc: Document, row: Row) -> bool:
    """Whether single spaces set the cells of `row` apart, so that an empty cell leaves no gap."""
    filled = [cell for cell in row.cells if cell.text]
    return len(filled) > 1 and all(
        doc.text[left.span.end : right.span.start] in (" ", "\u00a0") for left, right in pairwise(filled)
    )


def _read_part(doc: Document, rows: Sequence[Row], header: Header, at: int) -> tuple[tuple[PlacedRow, ...], int, bool]:
    """Placed rows under one head from `at` on, where they stop, and whether the table ended there."""
    placed: list[PlacedRow] = []
    while at < len(rows) and len(placed) < _LONGEST_TABLE:
        row = rows[at]
        if ends_table(row):
            return tuple(placed), at, True
        if is_furniture(row) or read_header(rows, at, compact=header.compact):
            return tuple(placed), at, False
        if not header.compact and (joined := _join_lines(doc, rows, at, header)) is not None:
            row, taken = joined
            placed.append(place_row(doc.text, row, header))
            at += taken
            continue
        if not _is_page_mark(row):
            placed.append(_place_line(doc, row, header))
        at += 1
    return tuple(placed), at, False


def _is_spaced(doc: Document, row: Row) -> bool:
    """Whether nothing but spaces sets the cells of `row` apart."""
    filled = [cell for cell in row.cells if cell.text]
    return len(filled) > 1 and all(
        not doc.text[left.span.end : right.span.start].strip(" \u00a0") for left, right in pairwise(filled)
    )


def _without_places(
    doc: Document, rows: Sequence[Row], header: Header, at: int, part: tuple[PlacedRow, ...]
) -> tuple[PlacedRow, ...]:
    """`part`, or the same rows read in their order alone, where more of them are whole so: cells may be centred."""
    ordered = replace(header, compact=True)
    other = unwrap_rows(_read_part(doc, rows, ordered, at)[0], ordered)
    return max(part, other, key=lambda placed: sum(fits_columns(row, header) for row in placed))


def _is_page_mark(row: Row) -> bool:
    filled = [cell.text for cell in row.cells if cell.text]
    return len(filled) == 1 and _PAGE_MARK.fullmatch(_DASHES.sub("", filled[0])) is not None


def _place_line(doc: Document, row: Row, header: Header) -> PlacedRow:
    """`row` placed; a line without cells in a table of cells is cut at its spaces where that gives a whole row."""
    if header.compact or len(row.cells) > 1 or is_piece(row.cells[0].text, Level.SECOND):
        return place_row(doc.text, row, header)
    cut = split_columns(doc.text, [row])[0]
    if len(cut.cells) > 2:
        placed = place_row(doc.text, cut, replace(header, compact=True))
        if fits_columns(placed, header):
            return placed
    return place_row(doc.text, row, header)


def _join_lines(doc: Document, rows: Sequence[Row], at: int, header: Header) -> tuple[Row, int] | None:
    """One row made of the lines into which breaks within its cells cut it; None unless they fit the head exactly."""
    cells = list(rows[at].cells)
    if len(cells) >= header.width or not cells[-1].text:
        return None
    for further in range(at + 1, min(at + 12, len(rows))):
        following = rows[further]
        if not following.cells[0].text or not cells[-1].text or ends_table(following):
            return None
        cells = [*cells[:-1], _join_cells(cells[-1], following.cells[0]), *following.cells[1:]]
        if len(cells) > header.width:
            return None
        if len(cells) == header.width:
            row = Row(cells=tuple(cells), span=Span(start=rows[at].span.start, end=following.span.end))
            return (row, further - at + 1) if fits_columns(place_row(doc.text, row, header), header) else None
    return None


def _join_cells(upper: Cell, lower: Cell) -> Cell:
    return Cell(
        text=join_texts([upper.text, lower.text]),
        span=Span(start=upper.span.start, end=max(lower.span.end, upper.span.end)),
    )
