"""The head of an indicator table: which column holds what, whatever the form calls it.

Reads heads only; cells below are put into columns in `ingest.placement`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ingest.model import Row
from ingest.wordlists import table_of, words_of

_FORM = "columns"
_LONGEST_HEAD = 60
_MOST_HEAD_ROWS = 4
_LEVELS_NAMED = 2
_FEWEST_COLUMNS = 3


class Role(StrEnum):
    """What a column holds. OTHER is a column that no property is read from."""

    LEVEL1 = "level1"
    LEVEL2 = "level2"
    LEVEL3 = "level3"
    NATURE = "nature"
    TARGET = "target"
    TOTAL_TARGET = "total_target"
    UNIT = "unit"
    ACTUAL = "actual"
    WEIGHT = "weight"
    SCORE = "score"
    REASON = "reason"
    OTHER = "other"


LEVELS = (Role.LEVEL1, Role.LEVEL2, Role.LEVEL3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Cells `first`..`last` of a row (from 0, both included) as the head lays them out."""

    role: Role
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Columns in order. `rows` says how many rows the head takes; `compact` that its columns stand by spaces only."""

    columns: tuple[Column, ...]
    rows: int
    compact: bool = False

    def has(self, role: Role) -> bool:
        return any(column.role is role for column in self.columns)


def read_header(rows: Sequence[Row], at: int, *, compact: bool = False) -> Header | None:
    """The table head that begins in `rows[at]`; None where none does.

    A head names at least two of the three levels. Further rows belong to it while they only finish its words
    (`指标`, `及改进措施`), with at most a row of noise between.
    """
    if sum(1 for cell in rows[at].cells if cell.text) < _FEWEST_COLUMNS:
        return None
    named = _named_columns(rows[at])
    levels = {role for role, _ in named if role in LEVELS}
    values = {role for role, _ in named if role not in LEVELS and role is not Role.OTHER}
    if len(levels) < _LEVELS_NAMED or not values:
        return None
    used = 1
    for further in range(at + 1, min(at + _MOST_HEAD_ROWS + 1, len(rows))):
        if _finishes_head(rows[further]):
            used = further - at + 1
    return Header(columns=_lay_out(named, len(rows[at].cells)), rows=used, compact=compact)


def is_table_end(row: Row) -> bool:
    """Whether `row` stands behind the last indicator: 总分, 评分等级, 备注 and the like in one of its first cells."""
    filled = [cell.text for cell in row.cells if cell.text]
    words = words_of(_FORM, "ends", "words")
    return any(_fold(text).startswith(words) and len(text) <= 16 for text in filled[:3])


@cache
def _role_words() -> tuple[tuple[str, Role], ...]:
    pairs = [(_fold(word), Role(role)) for role, words in table_of(_FORM, "roles").items() for word in words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _role_pattern() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word, _ in _role_words()))


def _fold(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def roles_named(text: str) -> tuple[Role, ...]:
    """The columns that the words of a head's cell name, in order; () for any other text."""
    folded = _fold(text)
    if not folded or len(folded) > _LONGEST_HEAD:
        return ()
    roles = dict(_role_words())
    found = [roles[hit[0]] for hit in _role_pattern().finditer(folded)]
    return tuple(dict.fromkeys(found))


def _named_columns(row: Row) -> list[tuple[Role, int]]:
    named: list[tuple[Role, int]] = []
    seen: set[Role] = set()
    for at, cell in enumerate(row.cells):
        for role in roles_named(cell.text):
            if role is Role.OTHER or role not in seen:
                named.append((role, at))
                seen.add(role)
    return named


def _lay_out(named: Sequence[tuple[Role, int]], width: int) -> tuple[Column, ...]:
    """Columns with their widths: each reaches to the next one; what lies unnamed before the first value is level 3."""
    columns: list[Column] = []
    for number, (role, first) in enumerate(named):
        following = named[number + 1][1] if number + 1 < len(named) else width
        columns.append(Column(role=role, first=first, last=max(first, following - 1)))
    if not any(column.role is Role.LEVEL3 for column in columns):
        columns = _with_level3(columns)
    return tuple(columns)


def _with_level3(columns: Sequence[Column]) -> list[Column]:
    result: list[Column] = []
    for column in columns:
        if column.role is Role.LEVEL2 and column.last > column.first:
            result.append(Column(role=Role.LEVEL2, first=column.first, last=column.first))
            result.append(Column(role=Role.LEVEL3, first=column.first + 1, last=column.last))
        else:
            result.append(column)
    return result


def _finishes_head(row: Row) -> bool:
    filled = [_fold(cell.text) for cell in row.cells if cell.text]
    if not filled or any(len(text) > _LONGEST_HEAD for text in filled):
        return False
    words = words_of(_FORM, "head_rest", "words")
    if all(text in words for text in filled):
        return True
    last_words = words_of(_FORM, "head_rest", "last")
    return filled[0] in words and any(text.startswith(last_words) and len(text) <= 8 for text in filled[1:])
