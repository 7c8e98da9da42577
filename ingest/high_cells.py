"""Cells of plain text that are higher than their row: their lines, shared out by symmetry.

A printed table centres its cells. So a cell of several lines leaves as many of them above the line of its row as below
it, and knows one line more or none within it. Told for tables whose rows all end in figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise

from ingest.columns import Header, Role
from ingest.levels import Level, is_beginning, is_piece
from ingest.measures import parse_quantity
from ingest.placement import Piece, PlacedRow, join_texts, labels_alone, read_pieces, without_side_heading
from ingest.wordlists import words_of

_MOST_CELLS = 2  # high cells of one row that are told apart
_OWN_LINE = 0.4  # price of taking a cell of the row for the middle of a high one
_NO_LOSS = 0.6  # price of a reason where no point was lost


@dataclass(frozen=True, slots=True)
class _Share:
    """The loose lines of one row: the pieces of text of each, above and below it."""

    above: tuple[tuple[Piece, ...], ...]
    below: tuple[tuple[Piece, ...], ...]

    @property
    def width(self) -> int:
        """How many cells the lines are of; 0 where lines differ."""
        sizes = {len(line) for line in (*self.above, *self.below)}
        return sizes.pop() if len(sizes) == 1 else 0

    def cell(self, number: int) -> tuple[list[Piece], list[Piece]]:
        return [line[number] for line in self.above], [line[number] for line in self.below]


def settle_high_cells(rows: Sequence[PlacedRow], header: Header) -> list[PlacedRow] | None:
    """`rows` with the text of loose lines in the cells of their rows; None where lines and rows do not agree.

    None too where nothing shows that cells are centred: then loose lines go on with the row above.
    """
    anchors = [at for at, row in enumerate(rows) if row.has(Role.WEIGHT, Role.SCORE)]
    loose = {at: _text_of(row) for at, row in enumerate(rows) if at not in anchors}
    shares = _share({at: text for at, text in loose.items() if text}, anchors, len(rows))
    if not shares or not any(loose.values()):
        return None
    if not shares[0].above and header.rows == 1 and not any(_begins_name(rows[at]) for at in loose):
        return None
    settled = list(rows)
    for at, share in zip(anchors, shares, strict=True):
        if share.above:
            placed = _place(rows[at], share, header)
            if placed is None:
                return None
            settled[at] = placed
    for at, text in loose.items():
        if text:
            settled[at] = replace(rows[at], pieces=labels_alone(_captions_of(rows[at])) or {})
    return settled


def _pieces_of(row: PlacedRow) -> list[Piece]:
    return [Piece(text=cell.text, span=cell.span, column=at) for at, cell in enumerate(row.row.cells) if cell.text]


def _is_caption(piece: Piece) -> bool:
    text = piece.text
    return is_piece(text, Level.FIRST) or is_piece(text, Level.SECOND) or text in words_of("columns", "side", "words")


def _captions_of(row: PlacedRow) -> list[Piece]:
    return [piece for piece in _pieces_of(row) if _is_caption(piece)]


def _begins_name(row: PlacedRow) -> bool:
    """Whether a line without figures begins the name of a level, which then stands in the middle of its rows."""
    return any(is_beginning(piece.text) for piece in _captions_of(row))


def _text_of(row: PlacedRow) -> tuple[Piece, ...]:
    return tuple(piece for piece in _pieces_of(row) if not _is_caption(piece))


def _share(loose: dict[int, tuple[Piece, ...]], anchors: Sequence[int], size: int) -> list[_Share]:
    """For each anchor as many lines above as below; [] where no such sharing takes all lines."""
    edges = [-1, *anchors, size]
    gaps = [[loose[at] for at in range(left + 1, right) if at in loose] for left, right in pairwise(edges)]
    shares: list[_Share] = []
    taken = 0
    for number in range(len(anchors)):
        above = gaps[number][taken:]
        below = gaps[number + 1][: len(above)]
        if len(below) < len(above):
            return []
        shares.append(_Share(tuple(above), tuple(below)))
        taken = len(below)
    return shares if taken == len(gaps[-1]) else []


def _place(anchor: PlacedRow, share: _Share, header: Header) -> PlacedRow | None:
    """`anchor` with the cells of `share` where the whole row fits its columns best; None where they fit nowhere."""
    own = without_side_heading(_pieces_of(anchor))
    if not 0 < share.width <= _MOST_CELLS:
        return None
    cells = [share.cell(number) for number in range(share.width)]
    best: tuple[float, PlacedRow] | None = None
    for pieces, price in _ways(own, cells):
        placed, cost = read_pieces(pieces, anchor.row, header)
        cost += price + (_NO_LOSS if placed.has(Role.REASON) and not _has_lost(placed) else 0.0)
        if best is None or cost < best[0]:
            best = cost, placed
    return _written_out(best[1], cells) if best else None


def _ways(
    own: Sequence[Piece], cells: Sequence[tuple[list[Piece], list[Piece]]]
) -> Iterator[tuple[list[Piece], float]]:
    """The row's pieces with the high cells among them, or around some of them, each with a price."""
    texts = [_joined(above, (), below) for above, below in cells]
    for places in combinations(range(len(own) + len(texts)), len(texts)):
        rest = iter(own)
        yield [texts[places.index(n)] if n in places else next(rest) for n in range(len(own) + len(texts))], 0.0
    if len(cells) == 1:
        for at, piece in enumerate(own):
            if not _is_caption(piece) and parse_quantity(piece.text) is None:
                yield [*own[:at], _joined(cells[0][0], (piece,), cells[0][1]), *own[at + 1 :]], _OWN_LINE


def _joined(above: Sequence[Piece], own: Sequence[Piece], below: Sequence[Piece]) -> Piece:
    """One piece for a high cell; its span tells it apart and is written out again in the end."""
    parts = [*above, *own, *below]
    return Piece(text=join_texts([part.text for part in parts]), span=above[0].span, column=(own or above)[0].column)


def _written_out(placed: PlacedRow, cells: Sequence[tuple[list[Piece], list[Piece]]]) -> PlacedRow:
    """`placed` with the pieces of the high cells in the place of what stood for them."""
    whole = {cell[0][0].span: cell for cell in cells}
    pieces: dict[Role, tuple[Piece, ...]] = {}
    for role, parts in placed.pieces.items():
        for part in parts:
            above, below = whole.get(part.span, ([], []))
            middle = _middle(placed, part, above, below)
            pieces[role] = (*pieces.get(role, ()), *above, *middle, *below)
    return replace(placed, pieces=pieces)


def _middle(placed: PlacedRow, part: Piece, above: Sequence[Piece], below: Sequence[Piece]) -> tuple[Piece, ...]:
    """What the row itself holds of a cell: all of it where it is not high, else nothing or the line in the middle."""
    if not above:
        return (part,)
    lone = join_texts([piece.text for piece in (*above, *below)])
    if part.text == lone:
        return ()
    cell = placed.row.cells[part.column]
    return (Piece(text=cell.text, span=cell.span, column=part.column),)


def _has_lost(placed: PlacedRow) -> bool:
    weight, score = (parse_quantity(placed.text(role)) for role in (Role.WEIGHT, Role.SCORE))
    return weight is not None and score is not None and Decimal(score) < Decimal(weight)
