"""Rankings and changes in words: who stands at which place, from which end, by which figure."""

from __future__ import annotations

from decimal import Decimal

from graph.model import EntityType
from search.answering_texts import MOST_LINES, say_figure, say_shown
from search.columns import Cell
from search.phrasing import label_of, name_entity, say_cell, say_value
from search.plan import Rank
from search.plan_terms import Column
from search.rows import Result, Row
from search.vocabulary import ColumnType, spec_of

_EXTREMES = {
    ColumnType.DATE: ("最晚", "最早"),
    ColumnType.DURATION: ("最长", "最短"),
    ColumnType.COUNT: ("最多", "最少"),
}
_ORDERS = {
    ColumnType.DATE: ("从晚到早", "从早到晚"),
    ColumnType.DURATION: ("从长到短", "从短到长"),
    ColumnType.COUNT: ("从多到少", "从少到多"),
}
_OF_GROUPS = {"元": ColumnType.COUNT, "个": ColumnType.COUNT, "%": ColumnType.RATE, "分": ColumnType.SCORE}


def rank_text(result: Result, rank: Rank, measure: Column | None = None) -> str:
    """Who stands at the top or the bottom, with the figure; ties are said, and places from below as such.

    `measure` is what groups are ranked by.
    """
    rows = result.rows
    column = rank.column
    kind = spec_of(column).type if column else _OF_GROUPS.get(str(rows[0].unit), ColumnType.COUNT)
    extremes = _EXTREMES.get(kind, ("最高", "最低"))
    others = tuple(c for c in result.columns if c is not column)
    said = label_of(column) if column else label_of(measure) if measure else _counted(rows)
    if column in _MOVES and not rank.both_ends and (moved := _moved(result, rank, column, others)):
        return moved
    if rank.both_ends and len({_ranked_value(row, column) for row in rows}) == 2:
        return "\n".join(_at_both_ends(rows, column, others, [f"{said}{word}" for word in extremes]))
    if rank.first == 1:
        word = f"{said}{extremes[0 if rank.descending else 1]}"
    else:
        order = _ORDERS.get(kind, ("从高到低", "从低到高"))[0 if rank.descending else 1]
        word = f"{said}{_place(rank, kind)}（{order}）"
    return _said(rows[:MOST_LINES], column, others, word, _listing(rank, said, kind))


def _at_both_ends(
    rows: tuple[Row, ...], column: Column | None, others: tuple[Column, ...], words: list[str]
) -> list[str]:
    top = max(_ranked_value(row, column) for row in rows)
    high = [_line(row, column, others) for row in rows if _ranked_value(row, column) == top]
    low = [_line(row, column, others) for row in rows if _ranked_value(row, column) != top]
    return [f"{word}的是{'；'.join(lines)}。" for word, lines in zip(words, (high, low), strict=True)]


def _place(rank: Rank, kind: ColumnType) -> str:
    """排第2, or 倒数第2 where the lowest come first; dates have no top and bottom."""
    if rank.descending or kind is ColumnType.DATE:
        return f"排第{rank.first}"
    return f"倒数第{rank.first}"


def _listing(rank: Rank, said: str, kind: ColumnType) -> str:
    order = _ORDERS.get(kind, ("从高到低", "从低到高"))[0 if rank.descending else 1]
    return f"按{said}{order}" if said else order


def _said(rows: tuple[Row, ...], column: Column | None, others: tuple[Column, ...], word: str, order: str) -> str:
    """One who stands there, several who share the place, or a list in its order."""
    if len(rows) == 1:
        return f"{word}的是{_line(rows[0], column, others, joined='为')}。"
    if len({_ranked_value(row, column) for row in rows}) == 1:
        figure = _figure_of(rows[0], column)
        both = f"，均{'' if figure.startswith('被') else '为'}{figure}"
        names = "；\n".join(f"· {_line(row, None, others, figure=False)}" for row in rows)
        return f"{word}的有{len(rows)}个（并列）{both}：\n{names}。"
    lines = [_line(row, column, others) for row in rows]
    return f"{order}依次为（共{len(rows)}个）：\n" + "；\n".join(f"· {line}" for line in lines) + "。"


def _counted(rows: tuple[Row, ...]) -> str:
    """What groups are counted by: how often documents are cited, how many projects a unit has."""
    if any(row.entity is not None and row.entity.type is EntityType.POLICY for row in rows):
        return "被引用"
    projects = all(row.members and row.members[0].type is EntityType.PROJECT for row in rows)
    return "项目" if projects else ""


def _line(row: Row, column: Column | None, others: tuple[Column, ...], *, joined: str = "", figure: bool = True) -> str:
    name = name_entity(row.entity, row.owner) if row.entity else row.label
    parts = [name]
    if figure:
        said = _figure_of(row, column)
        counted = column is None and row.unit == "个"  # a group: 共10个项目, or 被3个项目引用
        joined = "共" if joined and counted else joined
        parts.append(said if said.startswith("被") else f"{joined}{said}")
    parts += [f"{label_of(c)}{say_cell(o)}" for c in others if (o := say_shown(row, c)) is not None]
    return "，".join(parts)


def _figure_of(row: Row, column: Column | None) -> str:
    cell = row.cell(column) if column is not None else None
    return say_cell(cell) if cell is not None else say_figure(row)


_MOVES = {Column.CHANGE: "预算比上年", Column.CHANGE_RATE: "预算比上年", Column.ADJUSTMENT: "预算调整中"}


def _moved(result: Result, rank: Rank, column: Column, others: tuple[Column, ...]) -> str | None:
    """减少最多 for the lowest of changes that are all below nought, 增加最多 likewise; None where signs differ."""
    rows = result.rows[:MOST_LINES]
    values = [v for row in rows if isinstance(v := _ranked_value(row, column), Decimal)]
    if not values or len(values) < len(rows) or not all(v > 0 if rank.descending else v < 0 for v in values):
        return None
    move, kind = "增加" if rank.descending else "减少", spec_of(column).type
    what = _MOVES[column]
    lines = []
    for row, value in zip(rows, values, strict=True):
        name = name_entity(row.entity, row.owner) if row.entity else row.label
        said = (f"{label_of(c)}{say_cell(o)}" for c in others if (o := say_shown(row, c)) is not None)
        lines.append("，".join([name, f"{move}{say_value(abs(value), kind)}", *said]))
    place = f"{what}{move}最多" if rank.first == 1 else f"{what}{move}排第{rank.first}"
    if len(rows) == 1:
        return f"{place}的是{lines[0]}。"
    if len(set(values)) == 1:
        return f"{place}的有{len(rows)}个（并列）：\n" + "；\n".join(f"· {line}" for line in lines) + "。"
    order = f"{move}幅度从大到小" if kind is ColumnType.RATE else f"{move}额从多到少"
    return f"按{order}依次为（共{len(rows)}个）：\n" + "；\n".join(f"· {line}" for line in lines) + "。"


def _ranked_value(row: Row, column: Column | None) -> Decimal | str:
    cell = row.cell(column) if column is not None else None
    value = cell.value if cell is not None else row.value
    return value if isinstance(value, Decimal) else str(value)


def change_text(row: Row, cell: Cell) -> str:
    """比上年增加 or 减少, with both figures."""
    value = cell.value if isinstance(cell.value, Decimal) else Decimal(0)
    budget, previous = cell.parts
    name = name_entity(row.entity) if row.entity else row.label
    rate = cell.column is Column.CHANGE_RATE
    kind = ColumnType.RATE if rate else ColumnType.MONEY
    move = "持平" if not value else f"{'增加' if value > 0 else '减少'}{say_value(abs(value), kind)}"
    return (
        f"{name}的预算比上年{move}：{label_of(budget.column)}{say_cell(budget)}，"
        f"{label_of(previous.column)}{say_cell(previous)}。"
    )
