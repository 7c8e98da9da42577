"""The text of an answer: lists, values, counts, figures, groups, proofs. Says only what the result holds, in full."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from graph.model import Entity, EntityId, EntityType, Source
from search.columns import Cell, read_cell
from search.phrasing import (
    as_printed,
    count_word,
    join_words,
    label_of,
    name_entity,
    name_inner,
    name_project,
    quote,
    say_cell,
    say_cell_fully,
    say_document,
    say_move,
    say_number,
    say_value,
)
from search.plan_terms import Column
from search.rows import Figure, Result, Row
from search.vocabulary import ColumnType, spec_of

MOST_LINES = 60
_CLOSINGS = {True: "已全部列出。", False: "按相关程度列出。"}
_MOST_OF_A_LINE = 120  # signs of a text in a list of several
_MOST_IN_A_SENTENCE = 5  # names of a count; more stand one to a line
_SELF_EVIDENT = (Column.YEAR, Column.NAME, Column.LEVEL3, Column.TITLE, Column.NUMBER, Column.DOCUMENT_TYPE)

Marks = Mapping[EntityId, str]
"""What is said behind an entity in a list beyond its columns: the indicator that a project is listed for."""


def count_words(rows: tuple[Row, ...]) -> str:
    """How many of what, such as 3个项目."""
    kinds = {row.entity.type for row in rows if row.entity}
    word = count_word(next(iter(kinds))) if len(kinds) == 1 else "项"
    return f"{len(rows)}{word}"


def list_text(result: Result, *, whole: bool = True, marks: Marks | None = None) -> str:
    """The list, each line with its columns; `whole` where it holds all there are, and not what is most like a topic."""
    rows = result.rows
    owner = one_owner(rows)
    lines = [_line(row, (*result.columns, *result.beside), marks or {}, owner=owner) for row in rows[:MOST_LINES]]
    opening = f"{_opening(rows, whole=whole)}{_titles_in(rows)}"
    if len(rows) == 1:
        return f"{opening}：{lines[0]}。"
    return f"{opening}：\n" + "；\n".join(f"· {line}" for line in lines) + f"。\n{_closing(rows, whole=whole)}"


def _opening(rows: tuple[Row, ...], *, whole: bool) -> str:
    owner = one_owner(rows)
    if not whole:
        kind = count_words(rows).removeprefix(str(len(rows)))
        return f"按内容相近找到{len(rows)}{kind[:1]}可能相关的{kind[1:]}"
    return f"{name_project(owner)}共{count_words(rows)}" if owner is not None else f"共{count_words(rows)}"


def one_owner(rows: tuple[Row, ...]) -> Entity | None:
    """The project that all the rows belong to, where there are several rows and only one project."""
    owners = {row.owner.id: row.owner for row in rows if row.owner is not None}
    return next(iter(owners.values())) if len(rows) > 1 and len(owners) == 1 and rows[0].owner is not None else None


def count_titles(rows: tuple[Row, ...]) -> int:
    """How many documents the rows are where each title counts: one number may stand for several."""
    return sum(len(titles_of(row.entity)) or 1 for row in rows)


def titles_of(entity: Entity | None) -> tuple[str, ...]:
    """The titles of all documents under one number, () where the number stands for one."""
    titles = entity.properties.get("titles", ()) if entity is not None else ()
    return titles if isinstance(titles, tuple) else ()


def _titles_in(rows: tuple[Row, ...]) -> str:
    """Both counts, where one number stands for several documents."""
    several = [row for row in rows if titles_of(row.entity)]
    if not several:
        return ""
    numbers = "、".join(
        f"{row.entity.properties.get('number')}一号{len(titles_of(row.entity))}件" for row in several if row.entity
    )
    return f"（{numbers}按1个计；按标题计共{count_titles(rows)}件）"


def _closing(rows: tuple[Row, ...], *, whole: bool) -> str:
    left = len(rows) - MOST_LINES
    return _CLOSINGS[whole] if left <= 0 else f"其余{left}项见列表。"


def _line(row: Row, columns: tuple[Column, ...], marks: Marks, *, owner: Entity | None = None) -> str:
    name = name_inner(row.entity) if owner is not None and row.entity else _name(row)
    said = [_labelled(cell) for c in dict.fromkeys(columns) if (cell := say_shown(row, c)) is not None]
    said += [marks[row.entity.id]] if row.entity is not None and row.entity.id in marks else []
    return f"{name}：{'，'.join(said)}" if said else name


def _name(row: Row) -> str:
    return name_entity(row.entity, row.owner) if row.entity else row.label


def _labelled(cell: Cell) -> str:
    if isinstance(cell.value, bool):
        return f"{'含有' if cell.value else '不含'}{label_of(cell.column).removeprefix('是否含有')}"
    moved = say_move(cell.column, cell.value) if isinstance(cell.value, Decimal) else None
    return moved or f"{label_of(cell.column)}{_gap(cell)}{say_cell(cell, limit=_MOST_OF_A_LINE)}"


def say_shown(row: Row, column: Column) -> Cell | None:
    """The cell to be shown in a line; None for what the name says already and for whole sections."""
    if column in _SELF_EVIDENT and row.entity is not None:
        return None
    if spec_of(column).type is ColumnType.SECTION and column.kind is EntityType.PROJECT:
        return None
    printed = as_printed(column)
    if printed is not column and row.entity is not None:  # ≥10.00(公里), not the 10 that was compared
        return read_cell(row.entity, printed)
    return row.cell(column)


def _gap(cell: Cell) -> str:
    return "" if isinstance(cell.value, Decimal) else " "


def values_text(result: Result, *, whole: bool = True) -> str:
    """Columns of a few rows, figures in full, texts as written; `whole` as in a list."""
    rows = result.rows
    left = f"另有{result.unwritten}项的表中没有写，未列。" if result.unwritten else ""
    if len(rows) == 1:
        return f"{_values_of(rows[0], result, None).removesuffix('。')}。{left}"
    blocks = []
    for owner, listed in _by_owner(rows[:MOST_LINES]):
        parts = [_values_of(row, result, owner).removesuffix("。") for row in listed]
        lines = "；\n".join(parts) if owner is None else "；\n".join(f"· {part}" for part in parts)
        blocks.append(lines if owner is None else f"{name_project(owner)}：\n{lines}")
    closing = f"共{count_words(rows)}{_titles_in(rows)}，{_closing(rows, whole=whole)}{left}"
    return "；\n".join(blocks) + f"。\n{closing}"


def _by_owner(rows: tuple[Row, ...]) -> list[tuple[Entity | None, list[Row]]]:
    """The rows under the projects that they belong to; all under none where a heading would save nothing."""
    owners = {row.owner.id: row.owner for row in rows if row.owner is not None}
    if 2 * len(owners) > len(rows) or any(row.owner is None for row in rows):
        return [(None, list(rows))]
    listed = {i: [row for row in rows if row.owner is not None and row.owner.id == i] for i in owners}
    return [(owners[i], found) for i, found in listed.items()]


def _values_of(row: Row, result: Result, owner: Entity | None) -> str:
    if row.entity is not None and row.entity.type is EntityType.POLICY:
        return say_document(row.entity, [cell for c in result.columns if (cell := row.cell(c)) is not None])
    name = f"“{name_inner(row.entity)}”" if owner is not None and row.entity else _name(row)
    shown = [c for c in result.beside if as_printed(c) not in result.columns]
    beside = [_labelled(cell) for c in shown if (cell := say_shown(row, c)) is not None]
    one = len(result.columns) == 1
    said = []
    for column in result.columns:
        cell = row.cell(column)
        if cell is None:
            continue
        section = spec_of(column).type is ColumnType.SECTION
        several = section and len(result.rows) > 1
        value = say_cell(cell, limit=_MOST_OF_A_LINE) if several else say_cell_fully(cell)
        moved = say_move(column, cell.value) if isinstance(cell.value, Decimal) and len(result.rows) > 1 else None
        if section and one:
            more = f"（{'，'.join(beside)}）" if beside else ""
            return f"{name}的{label_of(column)}{more}：{value}"
        said.append(moved or f"{label_of(column)}{'为' if one else '：'}{value}")
    if not said:
        said.append(f"表中没有写“{label_of(result.columns[0])}”" if one else "表中没有写")
    return f"{name}：{'；'.join([*said, *beside])}"


def figure_text(figure: Figure, rows: tuple[Row, ...], noun: str) -> str:
    """The figure, what it was reckoned from, and what is not in it."""
    if figure.column is None:
        return f"{noun}共{say_number(figure.value)}个。"
    kind, column = spec_of(figure.column).type, figure.column
    moved = say_move(column, figure.value)
    text = f"{_unweighted(noun)}为{say_value(figure.value, kind, figure.unit)}{_weighting(figure)}"
    if moved:  # 合计预算比上年减少…, not 增减额合计为-…
        rest, _, aggregate = noun.rpartition(f"的{label_of(column)}")
        text = f"{rest}{'，' if rest else ''}{aggregate or '合计'}{moved}"
    shown = [
        f"{_name(r)}：{say_move(column, r.value) or say_value(r.value, kind, r.unit)}"
        for r in rows
        if r.entity and isinstance(r.value, Decimal)
    ]
    if len(shown) == 1:
        return f"{text}（{name_entity(rows[0].entity, rows[0].owner) if rows[0].entity else rows[0].label}）。"
    text += f"，共{figure.counted}个项目。" if _are_projects(rows) else f"，共{figure.counted}项。"
    if figure.parts:
        text += (
            "其中"
            + "，".join(f"{label}{figure_count}个项目{say_value(v, kind)}" for label, v, figure_count in figure.parts)
            + "。"
        )
    if 1 < len(shown) <= MOST_LINES:
        text += "分别是：\n" + "；\n".join(f"· {line}" for line in shown) + "。"
    return text


def _unweighted(noun: str) -> str:
    """The noun without 按…加权, where the figure itself says by what it was weighted."""
    return noun.partition("（按")[0] if noun.endswith("加权）") else noun


def _weighting(figure: Figure) -> str:
    """How a weighted average came about, and the plain one beside it."""
    if figure.weights is None or figure.weighted_by is None:
        return ""
    top, bottom = (f"{say_number(w)}元" for w in figure.weights)
    plain = say_number(figure.plain if figure.plain is not None else figure.value)
    return f"（按预算加权：执行数之和{top} ÷ 预算数之和{bottom}；不加权的简单平均为{plain}{figure.unit}）"


def _are_projects(rows: tuple[Row, ...]) -> bool:
    return all(row.entity is not None and row.entity.type is EntityType.PROJECT for row in rows)


def count_text(rows: tuple[Row, ...]) -> str:
    """The count and, where it is not too long, what was counted: so that both can be set against each other."""
    owner = one_owner(rows)
    names = [name_inner(row.entity) if owner is not None and row.entity else _name(row) for row in rows]
    text = f"{_opening(rows, whole=True)}{_titles_in(rows)}"
    if len(names) > MOST_LINES or not names:
        return f"{text}。"
    if len(names) > _MOST_IN_A_SENTENCE:
        return f"{text}：\n" + "；\n".join(f"· {name}" for name in names) + "。"
    return f"{text}：{'；'.join(names)}。"


def groups_text(result: Result) -> str:
    """Each group with its figure."""
    rows = result.rows
    several = any(len(row.members) > 1 for row in rows)
    lines = [f"{row.label}：{say_figure(row)}{_of_how_many(row) if several else ''}" for row in rows[:MOST_LINES]]
    figure = rows[0].figure if rows else None
    if figure is not None and figure.weights is not None and is_share(figure):
        lines.append(f"全部：{say_value(figure.weights[1], None, figure.unit)}")
    groups = f"共{len(rows)}组：\n" if len(rows) > 1 else ""
    return groups + "；\n".join(f"· {line}" for line in lines) + "。"


def _of_how_many(row: Row) -> str:
    return f"，共{len(row.members)}{count_word(row.members[0].type)}" if row.members and row.unit != "个" else ""


def say_figure(row: Row) -> str:
    """The figure of a group: how many projects, or the amount, the weighted average with its parts."""
    if row.unit == "个" and row.members:  # a group counted
        counted = (
            f"{say_number(row.value) if isinstance(row.value, Decimal) else row.value}{count_word(row.members[0].type)}"
        )
        cited = row.entity is not None and row.entity.type is EntityType.POLICY
        return f"被{counted}引用" if cited else counted
    said = say_value(row.value, None, row.unit) if isinstance(row.value, Decimal) else str(row.value)
    if row.figure is None:
        return said
    part = is_share(row.figure) and row.figure.weights
    return f"{said}，{say_value(part[0], None, row.figure.unit)}" if part else f"{said}{_weighting(row.figure)}"


def is_share(figure: Figure) -> bool:
    """The figure is a part, told as a share of the whole."""
    return figure.weights is not None and figure.weighted_by is None


def evidence_text(result: Result, places: tuple[Source, ...]) -> str:
    """The sentences themselves, those that give a figure under its name."""
    figures = [cell for row in result.rows for cell in row.cells if isinstance(cell.value, Decimal) and cell.printed]
    cells = [cell for cell in figures if cell.column is not Column.YEAR]
    said = [f"{_proven_by(source, cells)}{quote(source)}" for source in places[:10]]
    left = len(places) - len(said)
    names = join_words(list(dict.fromkeys(name_entity(r.entity, r.owner) for r in result.rows if r.entity))[:6])
    values = values_text(result).split("\n")[0] if result.columns and len(result.rows) == 1 else ""
    more = f"（另有{left}处见出处）" if left > 0 else ""
    return f"{values or names + '。'}\n出自：\n" + "\n".join(f"· {line}" for line in said) + more


def _proven_by(place: Source, cells: list[Cell]) -> str:
    """Which column the place gives the figure of, where the form's heading does not stand in the same line."""
    named = [
        f"{label_of(cell.column)}{cell.printed}"
        for cell in cells
        if any(s.document == place.document and place.start <= s.start and s.end <= place.end for s in cell.sources)
    ]
    return f"{'、'.join(dict.fromkeys(named))}，见" if named else ""


def meaning_text(columns: tuple[Column, ...]) -> str:
    """What our own glossary says of the columns."""
    said = [f"“{label_of(c)}”：{spec_of(c).about or '没有说明'}" for c in columns]
    return "本图谱中，" + "\n".join(said)
