"""Cells of a table row put into the columns that the head names, also where they stand one column off.

One row at a time: the cheapest reading of all cells in the order of the columns. Knows no other rows and no levels'
history; joins and splits cells, never drops one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from ingest.cleaning import clean
from ingest.columns import LEVELS, Column, Header, Role
from ingest.fitness import BEFORE_OPERATOR, MEASURE_START, is_measure, is_result, misfit
from ingest.levels import Level, first_levels_of, is_level_name, is_noise, is_piece, looks_like_label
from ingest.measures import parse_nature
from ingest.model import Row, Span
from ingest.wordlists import words_of

_SPLIT_BELOW = 60  # a longer cell is prose and stays whole
_CJK = re.compile(r"[\u3400-\u9fff]")
_SHIFT = 1.0
_SAME_CELL_SPLIT = 0.8
_JOIN = 2.5
_JOIN_COMPACT = 0.7
_BEAM = 24  # half-read rows that are followed up; a row that makes sense needs few
_TOO_MUCH = 12.0
_NAME_ENDS = ("标", "指标")  # what a second line brings of 产出指标
_FREE = 0.35  # a row in which every cell is at home costs less than this a cell

_MISSING: dict[Role, float] = {
    Role.LEVEL3: 4.0,
    Role.TARGET: 1.8,
    Role.ACTUAL: 1.1,
    Role.WEIGHT: 2.0,
    Role.SCORE: 1.5,
    Role.NATURE: 0.8,
    Role.UNIT: 0.3,
}
_TEXT_ROLES = (Role.LEVEL3, Role.TARGET, Role.ACTUAL, Role.REASON, Role.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A cell or, where one cell holds what belongs to two columns, a part of it. `column` counts from 0."""

    text: str
    span: Span
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRow:
    """A row's pieces by column. `shifted` where levels or name do not stand below their heads, `split` where a cell
    was cut.
    """

    row: Row
    pieces: dict[Role, tuple[Piece, ...]]
    shifted: bool = False
    split: bool = False

    def text(self, role: Role) -> str:
        """The joined text of `role`; "" where nothing stands there."""
        return join_texts([piece.text for piece in self.pieces.get(role, ())])

    def spans(self, role: Role) -> tuple[Span, ...]:
        return tuple(piece.span for piece in self.pieces.get(role, ()))

    def has(self, *roles: Role) -> bool:
        return any(self.pieces.get(role) for role in roles)


def join_texts(texts: Sequence[str]) -> str:
    """`texts` as one: a space only between two that are not Chinese."""
    return texts[0] if len(texts) == 1 else _joined(tuple(texts))


@lru_cache(maxsize=4096)  # the search for the best reading of a row joins the same pieces for each of its columns
def _joined(texts: tuple[str, ...]) -> str:
    return clean("\n".join(texts)).text


def place_row(text: str, row: Row, header: Header) -> PlacedRow:
    """`row` read in the columns of `header`; `text` is the document's."""
    whole = [Piece(text=cell.text, span=cell.span, column=at) for at, cell in enumerate(row.cells) if cell.text]
    if header.compact:
        if (labels := labels_alone(whole)) is not None:
            return PlacedRow(row=row, pieces=labels)
        whole = without_side_heading(whole)
    if (at_home := _at_home(whole, row, header)) is not None:
        return at_home
    if _is_remainder(whole, header):
        return _by_position(whole, row, header)
    pieces = [piece for cell in whole for piece in _cut(text, cell)]
    return read_pieces(pieces, row, header)[0]


def labels_alone(pieces: Sequence[Piece]) -> dict[Role, tuple[Piece, ...]] | None:
    """Level names that stand in a line of their own, by what they are; None where anything else stands there.

    What is left of a heading down the side of the table (`绩效` … `指标`) goes to no column.
    """
    placed: dict[Role, tuple[Piece, ...]] = {}
    for piece in pieces:
        if is_level_name(piece.text, Level.FIRST) and Role.LEVEL2 not in placed and Role.LEVEL1 not in placed:
            role = Role.LEVEL1
        elif is_piece(piece.text, Level.SECOND):
            role = Role.LEVEL2
        elif is_piece(piece.text, Level.FIRST):
            role = Role.LEVEL1
        elif piece.text in words_of("columns", "side", "words"):
            role = Role.OTHER
        else:
            return None
        placed[role] = (*placed.get(role, ()), piece)
    return placed


def without_side_heading(pieces: list[Piece]) -> list[Piece]:
    """`pieces` of a line without what a heading down the side of the table left before its first level name."""
    if len(pieces) > 2 and pieces[0].text in words_of("columns", "side", "words"):
        following = pieces[2 if pieces[1].text in _NAME_ENDS else 1].text
        if is_level_name(following, Level.FIRST) or is_level_name(following, Level.SECOND):
            return pieces[1:]
    return pieces


def fits_columns(placed: PlacedRow, header: Header) -> bool:
    """Whether `placed` is a whole row: a name, and every value that the head asks for, each of its kind."""
    needed = [role for role in (Role.LEVEL3, Role.TARGET, Role.WEIGHT, Role.SCORE) if header.has(role)]
    return all(placed.has(role) and misfit(role, placed.text(role)) <= _FREE for role in needed)


def _at_home(pieces: Sequence[Piece], row: Row, header: Header) -> PlacedRow | None:
    """The reading that takes every cell as the head says; None where one of them does not fit or one is missing."""
    if header.compact:
        return None
    placed: dict[Role, tuple[Piece, ...]] = {}
    for piece in pieces:
        column = next((c for c in header.columns if c.first <= piece.column <= c.last), None)
        if column is None or misfit(column.role, piece.text) > _FREE:
            return None
        if column.role in placed and column.role not in (*_TEXT_ROLES, Role.NATURE):
            return None
        placed[column.role] = (*placed.get(column.role, ()), piece)
    needed = [role for role in (Role.LEVEL3, Role.TARGET, Role.ACTUAL, Role.WEIGHT, Role.SCORE) if header.has(role)]
    if any(role not in placed for role in needed):
        return None
    if len(placed[Role.LEVEL3]) > 1 and any(is_measure(piece.text) for piece in placed[Role.LEVEL3]):
        return None
    return PlacedRow(row=row, pieces=placed)


def _is_remainder(pieces: Sequence[Piece], header: Header) -> bool:
    """Whether the cells only go on with something: level names alone, one cell, or no figure where each row has one."""
    if header.compact:
        return False
    if len(pieces) == 1:
        return not is_measure(pieces[0].text)
    if all(_is_level_piece(piece.text) or _is_scrap(piece.text) for piece in pieces):
        return True
    if not (header.has(Role.WEIGHT) or header.has(Role.SCORE)):
        return False
    return not any(char.isdigit() for piece in pieces for char in piece.text[:8]) and not any(
        is_result(piece.text) for piece in pieces
    )


def _by_position(pieces: Sequence[Piece], row: Row, header: Header) -> PlacedRow:
    placed: dict[Role, list[Piece]] = {}
    for piece in pieces:
        near = min(header.columns, key=lambda column: _distance(column, piece.column))
        role = near.role
        if role is Role.LEVEL1 and not is_piece(piece.text, Level.FIRST) and is_piece(piece.text, Level.SECOND):
            role = Role.LEVEL2
        elif role in (Role.LEVEL1, Role.LEVEL2) and not _may_be_label(piece.text):
            role = Role.LEVEL3
        elif role is Role.LEVEL3 and Role.LEVEL2 not in placed and _is_label_only(piece.text, len(pieces)):
            role = Role.LEVEL2
        placed.setdefault(role, []).append(piece)
    return PlacedRow(row=row, pieces={role: tuple(found) for role, found in placed.items()})


def _is_caption(text: str) -> bool:
    """Whether `text` is the name of a level with its 指标, whole or cut in it, and so no part of another cell."""
    bare = text.partition("(")[0].partition("（")[0]
    if bare.endswith("指"):
        return _is_level_piece(bare)
    return bare.endswith("指标") and (is_level_name(text, Level.FIRST) or is_level_name(text, Level.SECOND))


def _is_level_piece(text: str) -> bool:
    return is_piece(text, Level.FIRST) or is_piece(text, Level.SECOND)


def _is_scrap(text: str) -> bool:
    """Whether `text` is nothing at all: no figure, and hardly a Chinese letter."""
    return is_noise(text) and not is_measure(text) and len(_CJK.findall(text)) <= 2


def _may_be_label(text: str) -> bool:
    return _is_level_piece(text) or looks_like_label(text) or is_noise(text)


def _is_label_only(text: str, count: int) -> bool:
    return count > 1 and is_level_name(text, Level.SECOND) and not is_level_name(text, Level.FIRST)


def _cut(text: str, cell: Piece) -> list[Piece]:
    """`cell` in parts that may belong to different columns: at white space, and before an operator."""
    quote = text[cell.span.start : cell.span.end]
    if len(quote) > _SPLIT_BELOW or "\n" in quote:
        return [cell]
    marks = {hit.start() for hit in BEFORE_OPERATOR.finditer(quote)} | {
        hit.start() for hit in re.finditer(r"\s", quote)
    }
    parts: list[Piece] = []
    for start, end in zip([0, *sorted(marks)], [*sorted(marks), len(quote)], strict=True):
        cleaned = clean(quote[start:end], offset=cell.span.start + start)
        if cleaned.text:
            parts.append(Piece(text=cleaned.text, span=cleaned.span(0, len(cleaned.text)), column=cell.column))
    return parts or [cell]


_Key = tuple[int, int]  # the column last used, and how far off it its cell stood


@dataclass(frozen=True, slots=True)
class _Step:
    """The cheapest way to have read all up to some piece: its cost, where its last value began, whence it came."""

    cost: float
    start: int
    came: _Key


def read_pieces(pieces: Sequence[Piece], row: Row, header: Header) -> tuple[PlacedRow, float]:
    """`pieces`, the cells of `row` in order, in the columns that suit them best, and how ill they fit (from 0)."""
    columns = header.columns
    missing = [0.0, *accumulate(_MISSING.get(column.role, 0.0) for column in columns)]
    steps: list[dict[_Key, _Step]] = [{} for _ in range(len(pieces) + 1)]
    steps[0] = {(-1, 0): _Step(0.0, 0, (-1, 0))}
    for start in range(len(pieces)):
        near = sorted(steps[start].items(), key=lambda item: (item[1].cost, item[0]))[:_BEAM]
        segments = (
            [list(_segments(pieces, start, column, compact=header.compact)) for column in columns] if near else []
        )
        for (before, shift), step in near:
            for number in range(before + 1, len(columns)):
                moved, off = _move_cost(pieces, start, columns[number], shift, compact=header.compact)
                begun = step.cost + missing[number] - missing[before + 1] + moved
                if columns[number].role is Role.LEVEL3 and step.start == 0 < start:
                    begun += _loneliness(pieces[:start], columns[before].role)
                for end, cost in segments[number]:
                    known = steps[end].get((number, off))
                    if known is None or begun + cost < known.cost:
                        steps[end][number, off] = _Step(begun + cost, start, (before, shift))
    if not steps[-1]:
        return _by_position(pieces, row, header), _TOO_MUCH
    last = min(steps[-1], key=lambda key: steps[-1][key].cost - missing[key[0] + 1])
    found = _walk_back(pieces, columns, steps, last)
    by_column = {column.role: column for column in columns}
    shifted = not header.compact and any(
        _distance(by_column[role], part.column) > 0 for role in LEVELS for part in found.get(role, ())
    )
    ends = [(parts[0].column, parts[-1].column) for parts in found.values()]
    split = any(left[1] == right[0] for left, right in pairwise(ends))
    cost = steps[-1][last].cost - missing[last[0] + 1] + missing[-1]
    return PlacedRow(row=row, pieces=found, shifted=shifted, split=split), cost


def _walk_back(
    pieces: Sequence[Piece], columns: Sequence[Column], steps: Sequence[dict[_Key, _Step]], key: _Key
) -> dict[Role, tuple[Piece, ...]]:
    found: dict[Role, tuple[Piece, ...]] = {}
    end = len(pieces)
    while end > 0:
        step = steps[end][key]
        role = columns[key[0]].role
        found[role] = (*pieces[step.start : end], *found.get(role, ()))
        end, key = step.start, step.came
    return dict(reversed(found.items()))


def _loneliness(pieces: Sequence[Piece], role: Role) -> float:
    """A price on a name of both levels that stands alone: 成本指标 is rather the second, 满意度指标 the first."""
    name = join_texts([piece.text for piece in pieces])
    if not (is_level_name(name, Level.FIRST) and is_level_name(name, Level.SECOND)):
        return 0.0
    own = name in first_levels_of(name)  # 满意度指标 is a first level that some print as the second of itself
    return 0.5 if role is (Role.LEVEL2 if own else Role.LEVEL1) else 0.0


def _distance(column: Column, at: int) -> int:
    return max(column.first - at, 0, at - column.last)


def _offset(column: Column, at: int) -> int:
    """How far `at` lies to the left (negative) or right of the column."""
    return at - column.last if at > column.last else min(at - column.first, 0)


def _move_cost(pieces: Sequence[Piece], start: int, column: Column, shift: int, *, compact: bool) -> tuple[float, int]:
    """What it costs that the cell at `start` stands further off its column than the one before, and how far off."""
    if compact:
        return 0.0, 0
    if start and pieces[start - 1].column == pieces[start].column:
        return 0.0, shift
    offset = _offset(column, pieces[start].column)
    return _SHIFT * min(abs(offset - shift), 3), offset


def _segments(pieces: Sequence[Piece], start: int, column: Column, *, compact: bool) -> Iterator[tuple[int, float]]:
    """Ends of the values of `column` that may begin at `start`, each with what it costs to read them so."""
    split = bool(start) and pieces[start - 1].column == pieces[start].column and not compact
    cost = _SAME_CELL_SPLIT if split else 0.0
    for end in range(start + 1, len(pieces) + 1):
        if end > start + 1:
            cost += _join_cost(pieces[end - 2], pieces[end - 1], column, compact=compact)
        if cost > _TOO_MUCH:
            return
        yield end, cost + misfit(column.role, join_texts([piece.text for piece in pieces[start:end]]))


def _join_cost(left: Piece, right: Piece, column: Column, *, compact: bool) -> float:
    cost = 0.0
    if column.role is Role.LEVEL3 and (
        is_measure(right.text) or MEASURE_START.match(right.text) or parse_nature(right.text) is not None
    ):
        cost = 3.0
    if column.role not in LEVELS[:2] and (_is_caption(left.text) or _is_caption(right.text)):
        cost += 3.0
    if compact:
        return cost + (_JOIN_COMPACT if column.role in _TEXT_ROLES else _JOIN)
    within = left.column == right.column or (column.first <= left.column and right.column <= column.last)
    return cost if within else cost + _JOIN
