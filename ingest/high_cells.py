"""Cells of plain text that are higher than their row: their lines, shared out by symmetry.

A printed table centres its cells. So a cell of several lines leaves as many of them above the line of its row as below
it, and has one line more or none within it. Told for tables whose rows all end in figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product

from ingest.columns import Header, Role
from ingest.fitness import is_result
from ingest.levels import Level, is_beginning, is_piece
from ingest.measures import parse_quantity
from ingest.model import Span
from ingest.placement import Piece, PlacedRow, join_texts, labels_alone, read_pieces, without_side_heading
from ingest.wordlists import words_of

_MOST_DOUBTS = 6  # lines of one letter that may be the end of a name or of a level
_SHORT = 2  # letters of 成本, 数量, which end names too
_MOST_LINES = 6  # above a row
_OWN_LINE = 0.4  # price of taking a cell of the row for the middle of a high one
_RESULT = 1.0  # worth of lines that spell one of the results of the forms
_SECOND_CELL = 0.5  # price of taking lines of one word each for two cells
_NO_LOSS = 0.6  # price of a reason where no point was lost

Line = tuple[Piece, ...]  # the words of a loose line that are no level's
Cell = tuple[list[Piece], list[Piece]]  # a high cell: its pieces above and below the line of its row


def settle_high_cells(rows: Sequence[PlacedRow], header: Header) -> list[PlacedRow] | None:
    """`rows` with the text of loose lines in the cells of their rows; None where lines and rows do not agree.

    None too where nothing shows that cells are centred: then loose lines go on with the row above.
    """
    anchors = [at for at, row in enumerate(rows) if row.has(Role.WEIGHT, Role.SCORE)]
    loose = {at: _text_of(row) for at, row in enumerate(rows) if at not in anchors}
    if not any(loose.values()):
        return None
    centred = header.rows > 1 or any(_begins_name(rows[at]) for at in loose)
    for lines in _without_doubtful(loose):
        shares = _share(lines, anchors, len(rows))
        if not shares or not (centred or shares[0][0]):
            continue
        settled = list(rows)
        for at, (above, below) in zip(anchors, shares, strict=True):
            if above and (placed := _place(rows[at], above, below, header)):
                settled[at] = placed
            elif above:
                break
        else:
            for at in loose:
                if lines.get(at):
                    captions = [piece for piece in _pieces_of(rows[at]) if piece not in lines[at]]
                    settled[at] = replace(rows[at], pieces=labels_alone(captions) or {})
            return settled
    return None


def _pieces_of(row: PlacedRow) -> list[Piece]:
    return [Piece(text=cell.text, span=cell.span, column=at) for at, cell in enumerate(row.row.cells) if cell.text]


def _is_caption(piece: Piece) -> bool:
    text = piece.text
    return is_piece(text, Level.FIRST) or is_piece(text, Level.SECOND) or text in words_of("columns", "side", "words")


def _is_doubtful(piece: Piece) -> bool:
    """Whether a few letters may end the name of an indicator as well as that of a level (度, 意度)."""
    text = piece.text
    begins = is_beginning(text) and len(text) > _SHORT
    return _is_caption(piece) and not text.endswith(("标", "指", "绩效")) and not begins


def _begins_name(row: PlacedRow) -> bool:
    """Whether a line without figures begins the name of a level, which then stands in the middle of its rows."""
    return any(is_beginning(piece.text) for piece in _pieces_of(row))


def _text_of(row: PlacedRow) -> Line:
    return tuple(piece for piece in _pieces_of(row) if not _is_caption(piece) or _is_doubtful(piece))


def _without_doubtful(loose: dict[int, Line]) -> Iterator[dict[int, Line]]:
    """`loose` with all its letters in doubt, then without some of them, the fewest first."""
    doubtful = [at for at, line in loose.items() if any(map(_is_doubtful, line))]
    for size in range(len(doubtful) + 1 if len(doubtful) <= _MOST_DOUBTS else 1):
        for dropped in combinations(doubtful, size):
            lines = {
                at: tuple(piece for piece in line if at not in dropped or not _is_doubtful(piece))
                for at, line in loose.items()
            }
            yield {at: line for at, line in lines.items() if line}


def _share(loose: dict[int, Line], anchors: Sequence[int], size: int) -> list[tuple[list[Line], list[Line]]]:
    """For each anchor as many lines above as below; [] where no such sharing takes all lines."""
    edges = [-1, *anchors, size]
    gaps = [[loose[at] for at in range(left + 1, right) if at in loose] for left, right in pairwise(edges)]
    shares: list[tuple[list[Line], list[Line]]] = []
    taken = 0
    for number in range(len(anchors)):
        above = gaps[number][taken:]
        below = gaps[number + 1][: len(above)]
        if len(below) < len(above) or len(above) > _MOST_LINES:
            return []
        shares.append((above, below))
        taken = len(below)
    return shares if taken == len(gaps[-1]) else []


def _place(anchor: PlacedRow, above: Sequence[Line], below: Sequence[Line], header: Header) -> PlacedRow | None:
    """`anchor` with the lines around it in the cells where the whole row fits its columns best; None if nowhere."""
    own = without_side_heading(_pieces_of(anchor))
    best: tuple[float, PlacedRow] | None = None
    for cells, first in _cells(above, below):
        whole = {up[0].span: (up, down) for up, down in cells}
        for pieces, price in _ways(own, cells, _first_text(own)):
            placed, cost = read_pieces(pieces, anchor.row, header)
            cost += first + price + (_NO_LOSS if placed.has(Role.REASON) and not _has_lost(placed) else 0.0)
            cost -= _RESULT if is_result(placed.text(Role.ACTUAL)) else 0.0
            if best is None or cost < best[0]:
                best = cost, _written_out(placed, whole)
    return best[1] if best else None


def _cells(above: Sequence[Line], below: Sequence[Line]) -> Iterator[tuple[list[Cell], float]]:
    """The cells, left to right, that the lines may be of, each with a price; lines at the same height go together."""
    pairs = list(zip(above, reversed(below), strict=True))
    width = max(len(up) for up, _ in pairs)
    if any(len(up) != len(down) for up, down in pairs) or any(len(up) not in (1, width) for up, _ in pairs):
        return
    choices = [range(width + 1) if len(up) == 1 else (-1,) for up, _ in pairs]
    for columns in product(*choices):
        cells = _gather(pairs, columns, width + 1)
        *known, further = cells
        if not further[0]:
            yield known, 0.0
        elif all(up for up, _ in known):
            for at in range(width + 1):  # a cell of its own, anywhere among the others
                yield [*known[:at], further, *known[at:]], _SECOND_CELL


def _gather(pairs: Sequence[tuple[Line, Line]], columns: Sequence[int], width: int) -> list[Cell]:
    cells: list[Cell] = [([], []) for _ in range(width)]
    for (up, down), column in zip(pairs, columns, strict=True):
        for number in range(len(up)):
            cells[column if column >= 0 else number][0].append(up[number])
            cells[column if column >= 0 else number][1].insert(0, down[number])
    return cells


def _first_text(own: Sequence[Piece]) -> int:
    return next((at for at, piece in enumerate(own) if not _is_caption(piece)), len(own))


def _ways(own: Sequence[Piece], cells: Sequence[Cell], start: int) -> Iterator[tuple[list[Piece], float]]:
    """The row's pieces with the high cells between them or around some of them, from `start` on, each with a price."""
    if not cells:
        yield list(own), 0.0
        return
    cell, rest = cells[0], cells[1:]
    if not cell[0]:
        return
    for at in range(start, len(own) + 1):
        lone = _joined(cell, ())
        for pieces, price in _ways(own, rest, at):
            yield [*pieces[:at], lone, *pieces[at:]], price
        if at < len(own) and parse_quantity(own[at].text) is None:
            around = _joined(cell, own[at : at + 1])
            for pieces, price in _ways(own, rest, at + 1):
                behind = at > 0 and parse_quantity(own[at - 1].text) is not None and at == len(own) - 1
                yield [*pieces[:at], around, *pieces[at + 1 :]], price + _OWN_LINE / (2 if behind else 1)


def _joined(cell: Cell, own: Sequence[Piece]) -> Piece:
    """One piece for a high cell; its span tells it apart until it is written out again."""
    above, below = cell
    parts = [*above, *own, *below]
    column = own[0].column if own else -1
    return Piece(text=join_texts([part.text for part in parts]), span=above[0].span, column=column)


def _written_out(placed: PlacedRow, whole: dict[Span, Cell]) -> PlacedRow:
    """`placed` with the pieces of the high cells in the place of what stood for them."""
    pieces: dict[Role, tuple[Piece, ...]] = {}
    for role, parts in placed.pieces.items():
        for part in parts:
            if part.span not in whole:
                pieces[role] = (*pieces.get(role, ()), part)
                continue
            above, below = whole[part.span]
            cell = placed.row.cells[part.column]
            middle = [Piece(text=cell.text, span=cell.span, column=part.column)] if part.column >= 0 else []
            pieces[role] = (*pieces.get(role, ()), *above, *middle, *below)
    return replace(placed, pieces=pieces)


def _has_lost(placed: PlacedRow) -> bool:
    weight, score = (parse_quantity(placed.text(role)) for role in (Role.WEIGHT, Role.SCORE))
    return weight is not None and score is not None and score < weight
