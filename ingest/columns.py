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
_NOISE_LETTERS = 3
_CJK = re.compile(r"[\u3400-\u9fff]")
_YEAR_LINE = re.compile(r"\(?(?:19|20)\d{2}\)?年?度?\)?")
_NOTE = re.compile(r"\([^()]{8,}\)")  # 绩效指标（权重分值90分，其中产出指标50分）
_END_REST = re.compile(r"(?:$|[:：\d(（]|[优良中差]|合?格)")


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
    """Columns in order. `rows` says how many rows the head takes, `width` how many cells, `compact` that its columns
    stand apart by single spaces only.
    """

    columns: tuple[Column, ...]
    rows: int
    width: int
    compact: bool = False

    def has(self, role: Role) -> bool:
        return any(column.role is role for column in self.columns)


def read_header(rows: Sequence[Row], at: int, *, compact: bool = False) -> Header | None:
    """The table head that begins in `rows[at]`; None where none does.

    A head names at least two of the three levels, or names and targets with more. The names of its values may stand in
    the row above or below. Further rows belong to it while
    they only finish its words (`指标`, `及改进措施`), with at most a row of noise between.
    """
    if sum(1 for cell in rows[at].cells if cell.text) < _FEWEST_COLUMNS:
        return None
    named, used = _over_three_lines(rows, at) if compact else ([], 0)
    if not named:
        named, used = _with_other_storey(rows, at)
    levels = {role for role, _ in named if role in LEVELS}
    values = {role for role, _ in named if role not in LEVELS and role is not Role.OTHER}
    names_only = levels == {Role.LEVEL3} and Role.TARGET in values and len(values) > 1
    if not (len(levels) >= _LEVELS_NAMED and values) and not names_only:
        return None
    whole = _fold(rows[at].cells[named[0][1]].text).endswith(("指标", "目标"))
    for further in range(at + used, min(at + _MOST_HEAD_ROWS + 1, len(rows))):
        if _finishes_head(rows[further], whole=whole):
            used = further - at + 1
        elif len(_CJK.findall("".join(cell.text for cell in rows[further].cells))) > _NOISE_LETTERS:
            break
    width = max(len(rows[at].cells), len(named))
    return Header(columns=_lay_out(_right_group(named), width), rows=used, width=width, compact=compact)


def is_furniture(row: Row) -> bool:
    """Whether `row` belongs to the head of a form, printed again on a new page or that of the next one."""
    first = next((_fold(cell.text) for cell in row.cells if cell.text), "")
    return first.startswith(words_of(_FORM, "furniture", "words")) or bool(_YEAR_LINE.fullmatch(first))


def ends_table(row: Row) -> bool:
    """Whether `row` stands behind the last indicator: 总分, 评分等级, 备注 and the like in one of its first cells."""
    filled = [_fold(cell.text[:_LONGEST_HEAD]) for cell in row.cells if cell.text]
    if filled and filled[0].startswith(words_of(_FORM, "ends", "notes")):
        return True
    ended = [(text, next((word for word in _end_words() if text.startswith(word)), "")) for text in filled[:3]]
    return any(word and len(text) <= 16 and _END_REST.match(text, len(word)) for text, word in ended)


@cache
def _end_words() -> tuple[str, ...]:
    words = sorted(words_of(_FORM, "ends", "words"), key=len, reverse=True)
    return tuple(map(_fold, words))


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
    folded = _NOTE.sub("", _fold(text))
    if not folded or len(folded) > _LONGEST_HEAD:
        return ()
    roles = dict(_role_words())
    found = [roles[hit[0]] for hit in _role_pattern().finditer(folded)]
    return tuple(dict.fromkeys(found))


def _named_columns(row: Row) -> list[tuple[Role, int]]:
    named: list[tuple[Role, int]] = []
    for at, cell in enumerate(row.cells):
        for role in roles_named(cell.text):
            if not named or named[-1][0] is not role:
                named.append((role, at))
    return named


def _with_other_storey(rows: Sequence[Row], at: int) -> tuple[list[tuple[Role, int]], int]:
    """The columns that `rows[at]` names, with those of the row above or below where a head has two storeys."""
    named = _named_columns(rows[at])
    if len({role for role, _ in named if role in LEVELS}) < _LEVELS_NAMED:
        return named, 1
    last_level = max(column for role, column in named if role in LEVELS)
    below = _value_columns(rows[at + 1]) if at + 1 < len(rows) else []
    if below and below[0][1] > last_level:
        return [pair for pair in named if pair[1] < below[0][1]] + below, 2
    if max(column for _, column in named) == last_level and at > 0:
        return named + [pair for pair in _named_columns(rows[at - 1]) if pair[1] > last_level], 1
    return named, 1


def _over_three_lines(rows: Sequence[Row], at: int) -> tuple[list[tuple[Role, int]], int]:
    """The columns of a head of plain text whose higher cells have a line above and a line below `rows[at]`.

    Where the cells of the line stand among them is lost; they are put into the usual order. Nothing where the lines
    around it do not spell names of columns together.
    """
    own = [role for role, _ in _named_columns(rows[at])]
    if not own or not 0 < at < len(rows) - 1:
        return [], 0
    upper, lower = ([cell.text for cell in rows[near].cells if cell.text] for near in (at - 1, at + 1))
    words = dict(_role_words())
    spelt = [words.get(_fold(above + below)) for above, below in zip(upper, lower, strict=False)]
    if len(upper) != len(lower) or None in spelt:
        return [], 0
    roles = [role for role in Role if role in {*own, *spelt}]
    if len(roles) != len(own) + len(spelt) or Role.TARGET not in roles:
        return [], 0
    return [(role, number) for number, role in enumerate(roles)], 2


def _value_columns(row: Row) -> list[tuple[Role, int]]:
    """The values that `row` names; [] where it holds anything else."""
    filled = [cell.text for cell in row.cells if cell.text]
    named = _named_columns(row)
    only = len(filled) > 1 and all(_role_pattern().fullmatch(_fold(text)) for text in filled)
    return named if only and not any(role in LEVELS for role, _ in named) else []


def _right_group(named: Sequence[tuple[Role, int]]) -> list[tuple[Role, int]]:
    """`named` with each role once, but for signs: 指标性质 and 指标方向 stand side by side, and either has them.

    Where names stand twice side by side, the left group is of the whole term and the right one of the year: the left
    one is passed over, but for the first level.
    """
    roles = [role for role, _ in named]
    last = len(roles) - 1 - roles[::-1].index(Role.LEVEL3) if Role.LEVEL3 in roles else 0
    if roles.count(Role.LEVEL3) > 1 and Role.TARGET in roles[last:]:
        begin = last - 1 if roles[last - 1] is Role.LEVEL2 else last
        named = [
            (role if at >= begin or role is Role.LEVEL1 else Role.OTHER, column)
            for at, (role, column) in enumerate(named)
        ]
    seen: set[Role] = set()
    once: list[tuple[Role, int]] = []
    for role, column in named:
        once.append((Role.OTHER if role in seen and role is not Role.NATURE else role, column))
        seen.add(role)
    return once


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


def _finishes_head(row: Row, *, whole: bool) -> bool:
    """Whether `row` only ends the words of a head; `whole` says that the head's level names lack nothing."""
    filled = [_fold(cell.text) for cell in row.cells if cell.text]
    if not filled or any(len(text) > _LONGEST_HEAD for text in filled):
        return False
    words = words_of(_FORM, "head_rest", "words")
    if all(text in words for text in filled) and not (whole and all(text in ("指标", "目标") for text in filled)):
        return True
    last_words = words_of(_FORM, "head_rest", "last")
    return filled[0] in words and any(text.startswith(last_words) and len(text) <= 8 for text in filled[1:])
