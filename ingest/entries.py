"""Rows of an indicator table after damage: one entry an indicator, with all its cells.

Joins rows that a page or a narrow column cut, drops repeated and unreadable ones, each with a warning. Knows columns,
not levels' history and not what a target means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.columns import Header, Role
from ingest.levels import Level, is_level_name
from ingest.model import ReadingWarning, Row, Span, WarningCode
from ingest.placement import Piece, PlacedRow, join_texts

_VALUES = (Role.NATURE, Role.TARGET, Role.TOTAL_TARGET, Role.UNIT, Role.ACTUAL, Role.WEIGHT, Role.SCORE)
_FIGURES = (Role.WEIGHT, Role.SCORE)
_CJK = re.compile(r"[\u3400-\u9fff]")
_PAGE_GAP = re.compile(r"\n\s*\n|\f")


@dataclass(slots=True)
class Entry:
    """One indicator. `row` is the index of its first row in the table; `cells` its pieces by column.

    `joined` names the columns that go on from another row, `mended` those taken from a repeated print of the row.
    """

    row: int
    placed: PlacedRow
    cells: dict[Role, tuple[Piece, ...]]
    joined: set[Role] = field(default_factory=set)
    mended: set[Role] = field(default_factory=set)

    def text(self, role: Role) -> str:
        return join_texts([piece.text for piece in self.cells.get(role, ())])

    def spans(self, role: Role) -> tuple[Span, ...]:
        return tuple(piece.span for piece in self.cells.get(role, ()))

    def take(self, role: Role, pieces: tuple[Piece, ...]) -> None:
        if pieces:
            if self.cells.get(role):
                self.joined.add(role)
            self.cells[role] = (*self.cells.get(role, ()), *pieces)


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a table, and what was doubtful on the way."""

    entries: tuple[Entry, ...]
    warnings: tuple[ReadingWarning, ...]


def find_entries(text: str, placed: Sequence[PlacedRow], header: Header) -> Entries:
    """The indicators in `placed`, rows of one table in order."""
    entries: list[Entry] = []
    warnings: list[ReadingWarning] = []
    pending: Entry | None = None  # a row with a new level name and an indicator's name, its values still to come
    weighed = header.has(Role.WEIGHT) and _mostly_weighed(placed)
    for at, row in enumerate(placed):
        cells = dict(row.pieces)
        name = row.text(Role.LEVEL3)
        if not _CJK.search("".join(cell.text for cell in row.row.cells)) and not _is_latin_name(name):
            continue
        if name and _is_unreadable(name) and (not _is_latin_name(name) or not row.has(Role.TARGET)):
            if row.has(*_VALUES):
                warnings.append(_ghost(row.row, "无法辨认的一行，未作为指标"))
            continue
        if not name and not row.has(*_VALUES, Role.REASON):
            continue
        last = entries[-1] if entries else None
        if pending is not None and _goes_on(row, weighed=weighed):
            _join(pending, cells)
            pending = None if pending.cells.get(Role.TARGET) or pending.cells.get(Role.WEIGHT) else pending
            continue
        if name and last is not None and (same := _repeats(text, last, row, entries, placed)):
            warnings.append(_ghost(row.row, same))
            for role in (Role.TARGET, Role.ACTUAL, Role.REASON):
                if not last.cells.get(role) and cells.get(role):
                    last.cells[role] = cells[role]
                    last.mended.add(role)
            continue
        if last is not None and _is_rest(row, weighed=weighed):
            _join(last, cells)
            continue
        if not name and not row.has(*_FIGURES):
            continue
        entry = Entry(row=at, placed=row, cells=cells)
        entries.append(entry)
        waits = name and not row.has(*_VALUES) and not row.shifted
        pending = entry if waits else None
    return Entries(tuple(entries), tuple(warnings))


def _mostly_weighed(placed: Sequence[PlacedRow]) -> bool:
    named = [row for row in placed if row.has(Role.LEVEL3) and row.has(Role.TARGET, Role.ACTUAL)]
    return sum(row.has(Role.WEIGHT) for row in named) * 2 > len(named)


def _starts_block(row: PlacedRow) -> bool:
    """Whether a whole level name stands in the row, so that an indicator begins in it."""
    return is_level_name(row.text(Role.LEVEL2), Level.SECOND) and row.text(Role.LEVEL2) not in ("指标", "成本", "效益")


def _is_rest(row: PlacedRow, *, weighed: bool) -> bool:
    """Whether the row only goes on with the indicator above."""
    if _starts_block(row) or (row.shifted and row.has(Role.LEVEL1) and row.has(Role.LEVEL2)):
        return False
    if row.has(*_FIGURES):
        return False
    if row.has(Role.LEVEL3) and row.has(Role.TARGET):
        return weighed and not row.has(Role.ACTUAL)
    return not (row.has(Role.LEVEL3) and row.has(Role.ACTUAL))


def _goes_on(row: PlacedRow, *, weighed: bool) -> bool:
    """Whether the row brings what a pending one still lacks."""
    if _starts_block(row):
        return False
    return row.has(*_VALUES) if weighed or row.has(Role.TARGET) else row.has(Role.LEVEL3)


def _join(entry: Entry, cells: Mapping[Role, tuple[Piece, ...]]) -> None:
    for role, pieces in cells.items():
        if role not in (Role.LEVEL1, Role.LEVEL2):
            entry.take(role, pieces)


def _repeats(
    text: str, last: Entry, row: PlacedRow, entries: Sequence[Entry], placed: Sequence[PlacedRow]
) -> str | None:
    """Why `row` is another print of an indicator above; None where it is one of its own."""
    name = row.text(Role.LEVEL3)
    figures = [(row.text(role), last.text(role)) for role in _FIGURES]
    same_figures = any(own for own, _ in figures) and all(own == other for own, other in figures)
    whole = last.text(Role.LEVEL3)
    if not _starts_block(row) and same_figures and len(name) >= 2 and name != whole and whole.startswith(name):
        own, other = row.text(Role.TARGET), last.text(Role.TARGET)
        if own == other or len(_CJK.findall(own)) < len(_CJK.findall(other)) or not other:
            return "同一行被重复识别，已并入上一行"
    for entry in reversed(entries[-6:]):
        alike = all(entry.text(role) == row.text(role) for role in (Role.LEVEL3, *_VALUES))
        if alike and row.has(*_VALUES) and not _starts_block(row):
            between = text[entry.placed.row.span.end : row.row.span.start]
            if _PAGE_GAP.search(between):
                return "跨页重复的一行，未重复计入"
    return None


def _is_unreadable(name: str) -> bool:
    letters = len(_CJK.findall(name))
    return letters < 2 or letters * 10 < len(name) * 3


def _is_latin_name(name: str) -> bool:
    return sum(char.isascii() and char.isalpha() for char in name) >= 2 and len(name) <= 40


def _ghost(row: Row, message: str) -> ReadingWarning:
    return ReadingWarning(code=WarningCode.GHOST_ROW, message=message, spans=(row.span,))
