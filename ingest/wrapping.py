"""Lines of plain text around the row whose cells they go on with.

Where a cell of a printed table is higher than its neighbours, extracted text has lines above and below the row's own
line, with nothing to say whose they are. Told here by what they spell, and by the cell being centred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from ingest.columns import Header, Role
from ingest.fitness import is_result
from ingest.high_cells import settle_high_cells
from ingest.levels import Level, is_level_name
from ingest.placement import Piece, PlacedRow, join_texts

_LOOSE = {Role.LEVEL3, Role.TARGET, Role.ACTUAL, Role.REASON}
_CAPTIONS = (Role.LEVEL1, Role.LEVEL2)
_LEVEL_OF = {Role.LEVEL1: Level.FIRST, Role.LEVEL2: Level.SECOND}
_MOST_LINES = 4


def unwrap_rows(rows: Sequence[PlacedRow], header: Header) -> tuple[PlacedRow, ...]:
    """`rows` with the text of loose lines moved to the row whose cell they are part of; emptied lines stay, empty.

    A line that nothing explains is left as it is.
    """
    placed = list(rows)
    if header.compact and header.has(Role.WEIGHT) and (settled := settle_high_cells(rows, header)):
        placed = settled
    figures = [role for role in (Role.WEIGHT, Role.SCORE) if header.has(role)]
    anchors = [at for at, row in enumerate(placed) if row.has(*(figures or [Role.TARGET]))]
    centred = False
    for at in anchors if header.compact else ():
        centred = _settle_captions(placed, at) or centred
        centred = _complete_result(placed, at) or centred
    for at in anchors:
        for role in (Role.LEVEL3, Role.TARGET):
            if header.has(role) and not placed[at].has(role):
                centred = _value_from_around(placed, at, role) or centred
    if centred:
        _share_loose_lines(placed, anchors)
    return tuple(placed)


def _is_loose(row: PlacedRow) -> bool:
    """Whether nothing but text that a higher cell may have left stands in the row."""
    return bool(row.pieces) and set(row.pieces) <= _LOOSE


def _is_caption(row: PlacedRow) -> bool:
    return bool(row.pieces) and set(row.pieces) <= {*_CAPTIONS, Role.OTHER}


def _around(rows: Sequence[PlacedRow], at: int) -> tuple[list[Piece], list[Piece]]:
    """The pieces of the caption lines right above and right below row `at`."""
    sides: list[list[Piece]] = []
    for near in (at - 1, at + 1):
        row = rows[near] if 0 <= near < len(rows) else None
        sides.append([p for role in _CAPTIONS for p in row.pieces.get(role, ())] if row and _is_caption(row) else [])
    return sides[0], sides[1]


def _settle_captions(rows: list[PlacedRow], at: int) -> bool:
    """Give the caption lines around row `at` the level that they spell together; True where they do."""
    above, below = _around(rows, at)
    if not above or not below:
        return False
    if len(above) == len(below) == len(_CAPTIONS) and _settle_both(rows, at, above, below):
        return True
    text = "".join(piece.text for piece in (*above, *below))
    own = {role: rows[at].text(role) for role in _CAPTIONS}
    for role in (Role.LEVEL2, Role.LEVEL1):
        other = Role.LEVEL1 if role is Role.LEVEL2 else Role.LEVEL2
        beside = own[other] or own[role]
        if not is_level_name(text, _LEVEL_OF[role]) or (beside and not is_level_name(beside, _LEVEL_OF[other])):
            continue
        if own[role] and own[other]:
            continue
        pieces = dict(rows[at].pieces)
        if own[role]:
            pieces[other] = pieces.pop(role)
        rows[at] = replace(rows[at], pieces=pieces)
        rows[at - 1] = replace(rows[at - 1], pieces={role: tuple(above)})
        rows[at + 1] = replace(rows[at + 1], pieces={role: tuple(below)})
        return True
    return False


def _settle_both(rows: list[PlacedRow], at: int, above: Sequence[Piece], below: Sequence[Piece]) -> bool:
    """Give the lines around row `at` to two names side by side, where each word and the one below it spell one."""
    own = [piece for role in _CAPTIONS for piece in rows[at].pieces.get(role, ())]
    middle = own if len(own) == len(_CAPTIONS) else [None, None]
    for role, upper, mine, lower in zip(_CAPTIONS, above, middle, below, strict=True):
        if not is_level_name(upper.text + (mine.text if mine else "") + lower.text, _LEVEL_OF[role]):
            return False
    rows[at - 1] = replace(rows[at - 1], pieces={role: (one,) for role, one in zip(_CAPTIONS, above, strict=True)})
    rows[at + 1] = replace(rows[at + 1], pieces={role: (one,) for role, one in zip(_CAPTIONS, below, strict=True)})
    if len(own) == len(_CAPTIONS):
        pieces = rows[at].pieces | {role: (one,) for role, one in zip(_CAPTIONS, own, strict=True)}
        rows[at] = replace(rows[at], pieces=pieces)
    return True


def _complete_result(rows: list[PlacedRow], at: int) -> bool:
    """Put the lines around row `at` to its result where they make one of the words of the forms; True where they do."""
    if not 0 < at < len(rows) - 1:
        return False
    above, below = (rows[near].pieces.get(Role.LEVEL3, ()) for near in (at - 1, at + 1))
    if not above or not below or not (_is_loose(rows[at - 1]) and _is_loose(rows[at + 1])):
        return False
    pieces = (*above, *rows[at].pieces.get(Role.ACTUAL, ()), *below)
    if not is_result(join_texts([piece.text for piece in pieces])):
        return False
    rows[at] = replace(rows[at], pieces={**rows[at].pieces, Role.ACTUAL: pieces})
    rows[at - 1], rows[at + 1] = replace(rows[at - 1], pieces={}), replace(rows[at + 1], pieces={})
    return True


def _value_from_around(rows: list[PlacedRow], at: int, role: Role) -> bool:
    """Make the lines around a row without a `role` that one: as many below as above, or one less; True if there are."""
    brings = [_is_loose(row) and row.has(role) for row in rows[max(0, at - _MOST_LINES) : at + _MOST_LINES + 1]]
    middle = min(at, _MOST_LINES)
    above = at - len(list(takewhile(bool, reversed(brings[:middle]))))
    below = at + min(len(list(takewhile(bool, brings[middle + 1 :]))), at - above)
    if above == at:
        return False
    _give(rows, at, (*range(above, at), *range(at + 1, below + 1)))
    return True


def _share_loose_lines(rows: list[PlacedRow], anchors: Sequence[int]) -> None:
    """Share the loose lines between rows so that each row has as many above as below; not at all where that fails."""
    edges = [-1, *anchors, len(rows)]
    gaps = [[at for at in range(left + 1, right) if _is_loose(rows[at])] for left, right in pairwise(edges)]
    shares: list[tuple[list[int], list[int]]] = []
    taken = 0
    for number in range(len(anchors)):
        above = gaps[number][taken:]
        below = gaps[number + 1][: len(above)]
        if len(below) < len(above):
            return
        shares.append((above, below))
        taken = len(below)
    if taken < len(gaps[-1]):
        return
    for at, (above, below) in zip(anchors, shares, strict=True):
        if above:
            _give(rows, at, (*above, *below))


def _give(rows: list[PlacedRow], at: int, lines: Sequence[int]) -> None:
    """Put the text of `lines`, in their order around its own, into the cells of row `at`."""
    pieces = dict(rows[at].pieces)
    for role in sorted({role for line in lines for role in rows[line].pieces}):
        upper = [piece for line in lines if line < at for piece in rows[line].pieces.get(role, ())]
        lower = [piece for line in lines if line > at for piece in rows[line].pieces.get(role, ())]
        pieces[role] = (*upper, *pieces.get(role, ()), *lower)
    rows[at] = replace(rows[at], pieces=pieces)
    for line in lines:
        rows[line] = replace(rows[line], pieces={})
