"""Rows and cells as they stand in a document's text: tab lines, markdown pipes, HTML tables, plain columns.

Knows layout only: what a cell means is none of its business, and no row is dropped or mended here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.cleaning import clean
from ingest.model import Cell, Document, Row, Span

_TABLE_TAG = re.compile(r"<(/?)(table|tr|td|th)\b([^<>]{0,300})>", re.IGNORECASE)
_SPAN_ATTRIBUTE = re.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,3})", re.IGNORECASE)
_RULE_CELL = re.compile(r"\s*:?-{2,}:?\s*")
_LINE = re.compile(r"[^\n\r\f]+")
_PIPE = re.compile(r"(?<!\\)\|")
_WIDEST_SPAN = 60  # columns or rows that one merged cell may claim; more is damage


def find_rows(doc: Document) -> tuple[Row, ...]:
    """Every line or table row of `doc` that holds anything, in reading order; () for empty text.

    A line without tabs, pipes or markup is one cell; `ingest.lines` cuts it where a form has plain columns.
    A merged HTML cell is followed by the empty cells that it covers, in its own row and below.
    """
    rows: list[Row] = []
    at = 0
    for table in _find_tables(doc.text):
        rows.extend(_line_rows(doc.text, at, table.start))
        rows.extend(_html_rows(doc.text, table))
        at = table.end
    rows.extend(_line_rows(doc.text, at, len(doc.text)))
    return tuple(rows)


def part_of(text: str, cell: Cell, start: int, end: int) -> Cell:
    """The cell that is `cell.text[start:end]`, with its own span."""
    cleaned = clean(text[cell.span.start : cell.span.end], offset=cell.span.start)
    return Cell(text=cleaned.text[start:end], span=cleaned.span(start, min(end, len(cleaned.text))))


def make_cell(text: str, start: int, end: int) -> Cell:
    """The cell that stands in `text[start:end]`, its span without the white space and markup around it."""
    cleaned = clean(text[start:end], offset=start)
    if not cleaned.text:
        return Cell(text="", span=Span(start=start, end=start))
    return Cell(text=cleaned.text, span=cleaned.span(0, len(cleaned.text)))


def _line_rows(text: str, start: int, end: int) -> Iterator[Row]:
    for line in _LINE.finditer(text, start, end):
        if row := _line_row(text, line.start(), line.end()):
            yield row


def _line_row(text: str, start: int, end: int) -> Row | None:
    line = text[start:end]
    if "\t" in line:
        edges = [start, *(start + at for at, char in enumerate(line) if char == "\t"), end]
    elif line.lstrip().startswith("|") or line.rstrip().endswith("|") or line.count(" | ") >= 1:
        edges = _pipe_edges(line, start, end)
    else:
        edges = [start - 1, end]
    cells = []
    for at, (left, right) in enumerate(pairwise(edges)):
        skip = 0 if at == 0 and "\t" in line else 1
        cells.append(make_cell(text, left + skip, right))
    if not any(cell.text for cell in cells) or all(_RULE_CELL.fullmatch(c.text) or not c.text for c in cells):
        return None
    filled = [cell.span for cell in cells if cell.text]
    return Row(cells=tuple(cells), span=Span(start=filled[0].start, end=filled[-1].end))


def _pipe_edges(line: str, start: int, end: int) -> list[int]:
    edges = [start + hit.start() for hit in _PIPE.finditer(line)]
    if not line.lstrip().startswith("|"):
        edges.insert(0, start - 1)
    if not line.rstrip().endswith("|"):
        edges.append(end)
    return edges


def _find_tables(text: str) -> list[Span]:
    """Stretches of HTML rows: from the first `<table>` or `<tr>` to the last tag of the same table."""
    tables: list[Span] = []
    begin = last = -1
    for tag in _TABLE_TAG.finditer(text):
        closing, name = tag[1] == "/", tag[2].lower()
        if begin < 0:
            if closing or name not in ("table", "tr"):
                continue
            begin = tag.start()
        last = tag.end()
        if closing and name == "table":
            tables.append(Span(start=begin, end=last))
            begin = -1
    if begin >= 0:
        tables.append(Span(start=begin, end=last))
    return tables


def _html_rows(text: str, table: Span) -> Iterator[Row]:
    covered: dict[int, int] = {}  # column -> rows below that a merged cell still covers
    for start, end in _html_row_bounds(text, table):
        cells: list[Cell] = []

        def fill(cells: list[Cell] = cells, at: int = start) -> None:
            while covered.get(len(cells), 0) > 0:
                covered[len(cells)] -= 1
                cells.append(Cell(text="", span=Span(start=at, end=at)))

        for cell_start, cell_end, attributes in _html_cells(text, start, end):
            fill()
            merged = {kind.lower(): min(int(size), _WIDEST_SPAN) for kind, size in _SPAN_ATTRIBUTE.findall(attributes)}
            cell = make_cell(text, cell_start, cell_end)
            for column in range(max(merged.get("col", 1), 1)):
                if merged.get("row", 1) > 1:
                    covered[len(cells)] = merged["row"] - 1
                cells.append(cell if column == 0 else Cell(text="", span=Span(start=cell_end, end=cell_end)))
        fill()
        if any(cell.text for cell in cells):
            filled = [cell.span for cell in cells if cell.text]
            yield Row(cells=tuple(cells), span=Span(start=filled[0].start, end=filled[-1].end))


def _html_row_bounds(text: str, table: Span) -> Iterator[tuple[int, int]]:
    begin = -1
    for tag in _TABLE_TAG.finditer(text, table.start, table.end):
        if tag[2].lower() in ("tr", "table"):
            if begin >= 0:
                yield begin, tag.start()
            begin = tag.end() if tag[2].lower() == "tr" and not tag[1] else -1
    if begin >= 0:
        yield begin, table.end


def _html_cells(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    begin, attributes = -1, ""
    for tag in _TABLE_TAG.finditer(text, start, end):
        if begin >= 0:
            yield begin, tag.start(), attributes
        begin, attributes = (-1, "") if tag[1] else (tag.end(), tag[3])
    if begin >= 0:
        yield begin, end, attributes
