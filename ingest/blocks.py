"""Which level names stand over which rows of an indicator table.

A level name stands once for many rows: in the first of them, or half way down where the cell is centred and its lines
fall on several rows. Names come from `ingest.levels`; cells are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.captions import Caption, complete_firsts, name_lost, read_captions
from ingest.columns import Role
from ingest.levels import Level, first_levels_of
from ingest.placement import Piece, PlacedRow

_LINE_BREAK = re.compile(r"(?<=[\u3400-\u9fff])(?:\s|<br\s?/?>)+(?=[\u3400-\u9fff])", re.IGNORECASE)
_CENTRED = "centred_label"
_ABOVE = 1.0  # a centred name may have as many rows above as below
_BELOW = 0.5  # a name at the top has none above: less odd than the other way round
_TALL = 1.5  # a name with several lines in one cell of one row made that row tall: it has no other


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """What the levels need of a row: its level cells, whether an indicator stands in it, its height in lines."""

    first_pieces: tuple[Piece, ...]
    second_pieces: tuple[Piece, ...]
    is_indicator: bool
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The level names of one row; None where none can be told. `rule` says how each came to the row."""

    first: Caption | None
    second: Caption | None
    first_rule: str = ""
    second_rule: str = ""
    first_inferred: str | None = None  # the name that the second level implies, where it is printed nowhere

    @property
    def is_centred(self) -> bool:
        """Whether the second level stands further down, in the middle of the rows that it covers."""
        return self.second is not None and self.second_rule == _CENTRED


def table_row(text: str, placed: PlacedRow, *, is_indicator: bool) -> TableRow:
    """`placed`, a row of the document `text`, as the levels see it.

    A line break inside a Chinese cell shows as white space between two of its letters.
    """
    cells = [text[piece.span.start : piece.span.end] for pieces in placed.pieces.values() for piece in pieces]
    height = max((len(_LINE_BREAK.findall(cell)) for cell in cells), default=0)
    return TableRow(
        first_pieces=placed.pieces.get(Role.LEVEL1, ()),
        second_pieces=placed.pieces.get(Role.LEVEL2, ()),
        is_indicator=is_indicator,
        height=1 + height,
    )


def find_levels(rows: Sequence[TableRow], *, plain: bool = False) -> tuple[Levels, ...]:
    """The levels of every row, in the order of `rows`; rows without an indicator have none.

    plain: rows are lines of plain text, in which a name has a line of its own only where its cell is centred.
    """
    firsts = read_captions([row.first_pieces for row in rows], Level.FIRST)
    seconds = name_lost(read_captions([row.second_pieces for row in rows], Level.SECOND))
    firsts = complete_firsts(firsts, seconds)
    over = _assign_seconds(rows, firsts, seconds, plain=plain)
    blocks = _block_ranges(over)
    levels: list[Levels] = []
    for at, row in enumerate(rows):
        if not row.is_indicator:
            levels.append(Levels(first=None, second=None))
            continue
        second = over[at]
        first, rule, inferred = _first_over(at, second, firsts, blocks.get(_key(second), (at, at)))
        levels.append(
            Levels(
                first=first,
                second=second if second is not None and second.name else None,
                first_rule=rule,
                second_rule=_second_rule(at, second),
                first_inferred=inferred,
            )
        )
    return tuple(levels)


def _key(caption: Caption | None) -> int:
    return -1 if caption is None else caption.first


def _second_rule(at: int, caption: Caption | None) -> str:
    if caption is None:
        return ""
    if caption.first <= at <= caption.last:
        return "label_in_row"
    return "filled_down" if at > caption.last else _CENTRED


def _contradicts(first: Caption, second: Caption) -> bool:
    parents = first_levels_of(second.name)
    return bool(parents) and first.known and _stem(first.name) not in {_stem(parent) for parent in parents}


def _stem(name: str) -> str:
    return name.removesuffix("指标").removesuffix("目标")


def _assign_seconds(
    rows: Sequence[TableRow], firsts: Sequence[Caption], seconds: Sequence[Caption], *, plain: bool
) -> list[Caption | None]:
    over: list[Caption | None] = [None] * len(rows)
    for caption in seconds:
        for at in range(caption.first, caption.last + 1):
            over[at] = caption
    if not seconds:
        return over
    gaps = [(None, seconds[0]), *pairwise(seconds), (seconds[-1], None)]
    free = [_gap_rows(rows, above, below) for above, below in gaps]
    centred = (plain and _stands_alone(rows, seconds)) or _is_centred(rows, firsts, seconds, gaps, free)
    splits = [
        _choices(rows, firsts, above, below, gap, centred=centred)
        for (above, below), gap in zip(gaps, free, strict=True)
    ]
    for (above, below), gap, split in zip(gaps, free, _best_splits(rows, seconds, free, splits), strict=True):
        for number, at in enumerate(gap):
            over[at] = above if number < split[0] else (below if number >= split[1] else None)
    return over


def _gap_rows(rows: Sequence[TableRow], above: Caption | None, below: Caption | None) -> list[int]:
    start = 0 if above is None else above.last + 1
    end = len(rows) if below is None else below.first
    return [at for at in range(start, end) if rows[at].is_indicator]


def _stands_alone(rows: Sequence[TableRow], seconds: Sequence[Caption]) -> bool:
    """Whether a name has lines of its own, and the row below them has no other name."""
    for caption, following in zip(seconds, [*seconds[1:], None], strict=True):
        alone = not any(rows[at].is_indicator or rows[at].first_pieces for at in range(caption.first, caption.last + 1))
        below = next((at for at in range(caption.last + 1, len(rows)) if rows[at].is_indicator), len(rows))
        if alone and below < (following.first if following else len(rows)):
            return True
    return False


def _is_centred(
    rows: Sequence[TableRow],
    firsts: Sequence[Caption],
    seconds: Sequence[Caption],
    gaps: Sequence[tuple[Caption | None, Caption | None]],
    free: Sequence[Sequence[int]],
) -> bool:
    """Whether names stand half way down here: one runs over several indicators, or rows come before their name."""
    if any(sum(rows[at].is_indicator for at in range(caption.first, caption.last + 1)) > 1 for caption in seconds):
        return True
    if free[0]:
        return True
    return any(
        above is not None and below is not None and any(not _may_fill_down(above, at, firsts) for at in gap)
        for (above, below), gap in zip(gaps, free, strict=True)
    )


def _may_fill_down(above: Caption, at: int, firsts: Sequence[Caption]) -> bool:
    return not any(above.last < first.first <= at and _parts_company(first, above, firsts) for first in firsts)


def _may_reach_up(below: Caption, at: int, firsts: Sequence[Caption]) -> bool:
    return not any(
        (first.first <= at <= first.last or at < first.first < below.first) and _contradicts(first, below)
        for first in firsts
    )


def _parts_company(first: Caption, above: Caption, firsts: Sequence[Caption]) -> bool:
    """Whether `first`, which begins after `above`, cannot be the first level of `above`."""
    if first_levels_of(above.name):
        return _contradicts(first, above)
    own = [caption for caption in firsts if caption.first <= above.first]
    return not own or own[-1].name != first.name


def _choices(
    rows: Sequence[TableRow],
    firsts: Sequence[Caption],
    above: Caption | None,
    below: Caption | None,
    gap: Sequence[int],
    *,
    centred: bool,
) -> list[tuple[int, int]]:
    """Ways to share a gap: (how many rows go up, from which on they go down); rows between go nowhere."""
    up = 0
    while above is not None and up < len(gap) and _may_fill_down(above, gap[up], firsts):
        up += 1
    down = len(gap)
    while centred and below is not None and down > 0 and _may_reach_up(below, gap[down - 1], firsts):
        down -= 1
    if not centred or below is None:
        return [(up, max(up, len(gap)))]
    if down > up:
        return [(up, down)]
    return [(at, at) for at in range(up, down - 1, -1)]


def _best_splits(
    rows: Sequence[TableRow],
    seconds: Sequence[Caption],
    free: Sequence[Sequence[int]],
    choices: Sequence[Sequence[tuple[int, int]]],
) -> list[tuple[int, int]]:
    """For each gap the choice by which the names stand best in the middle, or at the top, of their rows."""

    def height(rows_of: Sequence[int]) -> int:
        return sum(rows[at].height for at in rows_of)

    costs = [0.0] * len(choices[0])
    came: list[list[int]] = [[]]
    for number in range(1, len(free)):
        reached: list[float] = []
        origins: list[int] = []
        for choice in choices[number]:
            options = []
            for before, cost in enumerate(costs):
                above = height(free[number - 1][choices[number - 1][before][1] :])
                under = height(free[number][: choice[0]])
                lean = _ABOVE * max(0, above - under) + _BELOW * max(0, under - above)
                if seconds[number - 1].is_tall:
                    lean = _TALL * (above + under)
                options.append((cost + lean, before))
            cheapest = min(options)
            reached.append(cheapest[0])
            origins.append(cheapest[1])
        costs = reached
        came.append(origins)
    at = costs.index(min(costs))
    path: list[tuple[int, int]] = []
    for number in range(len(free) - 1, -1, -1):
        path.append(choices[number][at])
        at = came[number][at] if came[number] else at
    return path[::-1]


def _block_ranges(over: Sequence[Caption | None]) -> dict[int, tuple[int, int]]:
    ranges: dict[int, tuple[int, int]] = {}
    for at, caption in enumerate(over):
        if caption is not None:
            low, high = ranges.get(caption.first, (at, at))
            ranges[caption.first] = (min(low, at), max(high, at))
    return ranges


def _first_over(
    at: int, second: Caption | None, firsts: Sequence[Caption], block: tuple[int, int]
) -> tuple[Caption | None, str, str | None]:
    """The first level of row `at`, how it was found, and the name where only the second level implies it."""
    own = [caption for caption in firsts if caption.first <= at <= caption.last]
    if second is None or not first_levels_of(second.name):
        above = own or [caption for caption in firsts if caption.first <= at]
        return (above[-1], "label_in_row" if own else "filled_down", None) if above else (None, "", None)
    beside = [caption for caption in firsts if caption.first <= second.first <= caption.last]
    if beside:
        return beside[-1], "label_in_row" if own else "filled_down", None
    fitting = [caption for caption in firsts if not _contradicts(caption, second)]
    within = [caption for caption in fitting if caption.first <= block[1] and caption.last >= block[0]]
    upper = [caption for caption in fitting if caption.first <= at]
    lower = [caption for caption in fitting if caption.first > at]
    for captions, number, rule in (
        (within, 0, "centred_label"),
        (upper, -1, "filled_down"),
        (lower, 0, "centred_label"),
    ):
        if captions:
            return captions[number], "label_in_row" if captions[number] in own else rule, None
    parents = first_levels_of(second.name)
    return None, "first_level_of_second", parents[0] if len(parents) == 1 else None
