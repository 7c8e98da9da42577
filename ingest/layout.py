"""From glyphs and ruled lines on a page to text lines and table rows, in reading order.

Coordinates run right and down from the top left corner. Must not know where glyphs come from (PDF or a picture).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.cleaning import is_cjk
from ingest.rulings import SNAP, Box, Grid, find_grids

_SPACE = 0.3  # of a glyph's height: a wider gap is a space
_SURE_SPACE = 0.08  # of a glyph's height: enough where the source itself says that words are parted
_TAB = 2.0  # of a glyph's height: a wider gap outside tables parts columns
_MARGIN = 0.08  # of the page's height: where page numbers stand
_OPENING = frozenset("（(《“‘【〔[〈「『")
_ENDING = frozenset("：:。；;？！")
_FULL_LINES = 3
_PADDING = 6.0  # points that a cell keeps free at its right, at most
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]{0,6}(?:第\s?)?\d{1,4}(?:\s?页)?(?:\s?[/／，,、]?\s?(?:共\s?)?\d{1,4}(?:\s?页)?)?[-—–·\s]{0,6}"
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, or a run of them, and its box; `spaced` where the source parts it from the one before."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    spaced: bool = False

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Line:
    """Text outside tables; columns far apart are separated by a tab."""

    text: str
    top: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a cell begins, the room after its last line, the width of its first word and the size of its text."""

    left: float
    room: float
    lead: float
    size: float


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a table: its number on the page and in the table (from 0), and its cells ("" where merged away).

    `fits` tells for each cell how its text fills it.
    """

    table: int
    row: int
    cells: tuple[str, ...]
    top: float
    fits: tuple[Fit, ...] = ()


Item = Line | GridRow


def lay_out(glyphs: Iterable[Glyph], rules: Sequence[Box], *, height: float) -> tuple[Item, ...]:
    """Lines and table rows from top to bottom; each glyph stands in exactly one. Page numbers are left out."""
    grids = find_grids(rules)
    outside, inside = _assign(glyphs, grids)
    items: list[Item] = []
    for line in _group_lines(outside):
        text = _join_line(line, tab=True)
        top = min(glyph.top for glyph in line)
        bottom = max(glyph.bottom for glyph in line)
        if text and not (_at_margin(top, bottom, height) and _PAGE_NUMBER.fullmatch(text)):
            items.append(Line(text, top))
    for table, grid in enumerate(grids):
        for number, row in enumerate(grid.rows):
            top = min(box[1] for box in row if box is not None)
            lines = [_group_lines(inside.get((table, box), ())) if box is not None else [] for box in row]
            cells = tuple(
                _cell_text(cell, box) if box is not None else "" for cell, box in zip(lines, row, strict=True)
            )
            fits = tuple(_fit(cell, box, left) for cell, box, left in zip(lines, row, grid.columns, strict=True))
            if any(cells):  # an empty row is what a page break leaves of a row that begins on the next page
                items.append(GridRow(table, number, cells, top, fits))
    return tuple(sorted(items, key=lambda item: item.top))


def join_row(last: GridRow, piece: GridRow) -> GridRow | None:
    """The row that a page break cut, whole again; None where `piece` is a row of its own.

    A piece is known by its cells: each goes on below a line that had no room for its first word; where every filled
    cell goes on, none may have been at an end. "\f" stands where the new page begins, in the last cell that goes on.
    """
    columns: dict[int, int] = {}
    for number, (text, fit) in enumerate(zip(piece.cells, piece.fits, strict=True)):
        if not text:
            continue
        column = next((n for n, f in enumerate(last.fits) if abs(f.left - fit.left) <= 2 * SNAP), None)
        if column is None or not last.cells[column] or last.fits[column].room > fit.lead + fit.size:
            return None
        columns[column] = number
    if not columns:
        return None
    whole = len(columns) == sum(1 for text in last.cells if text)
    if whole and any(last.cells[column][-1] in _ENDING for column in columns):
        return None
    cells, fits = list(last.cells), list(last.fits)
    for column, number in columns.items():
        cells[column] += ("\f" if column == max(columns) else "\n") + piece.cells[number]
        fits[column] = replace(piece.fits[number], left=fits[column].left)
    return replace(last, cells=tuple(cells), fits=tuple(fits))


def _assign(glyphs: Iterable[Glyph], grids: Sequence[Grid]) -> tuple[list[Glyph], dict[tuple[int, Box], list[Glyph]]]:
    """Glyphs outside all cells, and those inside by table and cell; a glyph belongs where its middle stands."""
    places = [
        (number, grid.box, [box for row in grid.rows for box in row if box is not None])
        for number, grid in enumerate(grids)
    ]
    outside: list[Glyph] = []
    inside: dict[tuple[int, Box], list[Glyph]] = {}
    last: tuple[int, Box] | None = None
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        if last is None or not _holds(last[1], x, y):  # neighbours mostly stand in one cell
            last = next(
                (
                    (number, cell)
                    for number, box, cells in places
                    if _holds(box, x, y)
                    for cell in cells
                    if _holds(cell, x, y)
                ),
                None,
            )
        if last is None:
            outside.append(glyph)
        else:
            inside.setdefault(last, []).append(glyph)
    return outside, inside


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _group_lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Glyphs by lines, top to bottom, each from left to right: those whose heights overlap by half."""
    lines: list[list[Glyph]] = []
    top = bottom = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.top + glyph.bottom, glyph.left)):
        overlap = min(bottom, glyph.bottom) - max(top, glyph.top)
        if lines and overlap >= 0.5 * min(bottom - top, glyph.height):
            lines[-1].append(glyph)
            if glyph.height > bottom - top:
                top, bottom = glyph.top, glyph.bottom
        else:
            lines.append([glyph])
            top, bottom = glyph.top, glyph.bottom
    for line in lines:
        line.sort(key=lambda glyph: glyph.left)
    return lines


def _join_line(line: Sequence[Glyph], *, tab: bool) -> str:
    """Text of one line; gaps become a space, wide ones a tab where `tab` is set."""
    if not line:
        return ""
    size = max(glyph.height for glyph in line)
    pieces = [line[0].text]
    for before, after in pairwise(line):
        gap = after.left - before.right
        if tab and gap > _TAB * size:
            pieces.append("\t")
        elif gap > (_SURE_SPACE if after.spaced else _SPACE) * size:
            pieces.append(" ")
        pieces.append(after.text)
    columns = (re.sub(r" {2,}", " ", column).strip() for column in "".join(pieces).split("\t"))
    return "\t".join(column for column in columns if column)


def _cell_text(lines: Sequence[Sequence[Glyph]], box: Box) -> str:
    """Lines of a cell joined by line breaks; what only the cell's edge broke in two is whole again."""
    text = ""
    room = 0.0
    limit = _right_limit(lines, box)
    for line in lines:
        part = _join_line(line, tab=False)
        if not part:
            continue
        wrapped = bool(text) and room < _lead(line) + line[0].height / 2
        figure = wrapped and (text[-1].isdigit() or text[-1] in ",.") and part[0].isdigit()
        text += part if not text or figure or (wrapped and (is_cjk(text[-1]) or is_cjk(part[0]))) else "\n" + part
        room = limit - line[-1].right
    return text


def _fit(lines: Sequence[Sequence[Glyph]], box: Box | None, left: float) -> Fit:
    if box is None or not lines:
        return Fit(left, 0.0, 0.0, 0.0)
    size = max(glyph.height for glyph in lines[0])
    return Fit(left, _right_limit(lines, box) - lines[-1][-1].right, _lead(lines[0]), size)


def _right_limit(lines: Sequence[Sequence[Glyph]], box: Box) -> float:
    """How far to the right the lines of a cell may reach."""
    if not lines:
        return box[2]
    padding = max(0.0, min(line[0].left for line in lines) - box[0])
    limit = box[2] - min(padding, _PADDING)
    if len(lines) >= _FULL_LINES:  # the text itself shows where its lines end
        limit = min(limit, max(line[-1].right for line in lines) + lines[0][0].height / 2)
    return limit


def _lead(line: Sequence[Glyph]) -> float:
    """Width of a line's first word."""
    end = line[0].right
    for before, after in pairwise(line):
        held = before.text in _OPENING or not (_may_part(before.text[-1]) and _may_part(after.text[0]))
        if after.text == " " or not held:
            break
        end = after.right
    return end - line[0].left


def _may_part(char: str) -> bool:
    """Whether a line may break beside `char`: Chinese characters stand alone, punctuation and Latin words hold on."""
    return is_cjk(char) and (char.isalpha() or char in _OPENING)


def _at_margin(top: float, bottom: float, height: float) -> bool:
    return bottom < height * _MARGIN or top > height * (1 - _MARGIN)
