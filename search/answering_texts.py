"""The text of an answer, by what its plan ended in. Says only what the result holds; says it in full."""

from __future__ import annotations

from decimal import Decimal

from graph.model import Edge, EdgeType, Entity, EntityType, Source
from search.columns import Cell
from search.phrasing import (
    count_word,
    join_words,
    label_of,
    name_entity,
    name_project,
    quote,
    say_cell,
    say_cell_fully,
    say_number,
    say_value,
)
from search.phrasing_plan import KIND_WORDS
from search.plan import Rank
from search.plan_terms import Column, Contrasting
from search.rows import Figure, Path, Result, Row
from search.vocabulary import ColumnType, spec_of

MOST_LINES = 60
_CLOSINGS = {True: "已全部列出。", False: "按相关程度列出。"}
_MOST_OF_A_LINE = 120  # signs of a text in a list of several


def count_words(rows: tuple[Row, ...]) -> str:
    """How many of what, such as 3个项目."""
    kinds = {row.entity.type for row in rows if row.entity}
    word = count_word(next(iter(kinds))) if len(kinds) == 1 else "项"
    return f"{len(rows)}{word}"


def list_text(result: Result, *, whole: bool = True) -> str:
    """The list, each line with its columns; `whole` where it holds all there are, and not what is most like a topic."""
    rows = result.rows
    lines = [_line(row, result.columns) for row in rows[:MOST_LINES]]
    closing = _closing(rows, whole=whole)
    if len(rows) == 1:
        return f"共1{count_words(rows)[1:]}：{lines[0]}。"
    return f"共{count_words(rows)}：\n" + "；\n".join(f"· {line}" for line in lines) + f"。\n{closing}"


def _closing(rows: tuple[Row, ...], *, whole: bool) -> str:
    left = len(rows) - MOST_LINES
    return _CLOSINGS[whole] if left <= 0 else f"其余{left}项见列表。"


def _line(row: Row, columns: tuple[Column, ...]) -> str:
    name = name_entity(row.entity, row.owner) if row.entity else row.label
    said = [_labelled(cell) for c in columns if (cell := _shown(row, c)) is not None]
    return f"{name}：{'，'.join(said)}" if said else name


def _labelled(cell: Cell) -> str:
    if isinstance(cell.value, bool):
        return f"{'含有' if cell.value else '不含'}{label_of(cell.column).removeprefix('是否含有')}"
    return f"{label_of(cell.column)}{_gap(cell)}{say_cell(cell, limit=_MOST_OF_A_LINE)}"


def _shown(row: Row, column: Column) -> Cell | None:
    if column in (Column.YEAR, Column.NAME, Column.LEVEL3, Column.TITLE, Column.NUMBER) and row.entity is not None:
        return None
    if spec_of(column).type is ColumnType.SECTION and column.kind is EntityType.PROJECT:
        return None
    return row.cell(column)


def _gap(cell: Cell) -> str:
    return "" if isinstance(cell.value, Decimal) else " "


def values_text(result: Result, *, whole: bool = True) -> str:
    """Columns of a few rows, figures in full, texts as written; `whole` as in a list."""
    parts = []
    for row in result.rows[:MOST_LINES]:
        name = name_entity(row.entity, row.owner) if row.entity else row.label
        said = []
        for column in result.columns:
            cell = row.cell(column)
            if cell is None:
                continue
            section = spec_of(column).type is ColumnType.SECTION
            several = section and len(result.rows) > 1
            value = say_cell(cell, limit=_MOST_OF_A_LINE) if several else say_cell_fully(cell)
            said.append(
                f"{label_of(column)}：{value}" if section or len(result.columns) > 1 else f"{label_of(column)}为{value}"
            )
        parts.append(f"{name}：{'；'.join(said)}" if said else f"{name}：表中没有写")
    parts = [part.removesuffix("。") for part in parts]
    closing = "。" if len(parts) == 1 else f"。\n共{count_words(result.rows)}，{_closing(result.rows, whole=whole)}"
    return "；\n".join(parts) + closing


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


def figure_text(figure: Figure, rows: tuple[Row, ...], noun: str) -> str:
    """The figure, what it was reckoned from, and what is not in it."""
    if figure.column is None:
        return f"{noun}共{say_number(figure.value)}个。"
    kind = spec_of(figure.column).type
    text = f"{noun}为{say_value(figure.value, kind, figure.unit)}"
    if figure.weights is not None:
        top, bottom = (say_value(w, ColumnType.MONEY) for w in figure.weights)
        plain = say_value(figure.plain or figure.value, kind)
        text += f"（按预算加权：执行数之和{top} ÷ 预算数之和{bottom}）；不加权的简单平均为{plain}"
    text += f"，共{figure.counted}个项目。" if _are_projects(rows) else f"，共{figure.counted}项。"
    if figure.parts:
        text += (
            "其中"
            + "，".join(f"{label}{figure_count}个项目{say_value(v, kind)}" for label, v, figure_count in figure.parts)
            + "。"
        )
    shown = [
        f"{name_entity(r.entity, r.owner)}{say_value(r.value, kind, r.unit)}"
        for r in rows
        if r.entity and isinstance(r.value, Decimal)
    ]
    if 1 < len(shown) <= MOST_LINES:
        text += "分别是：" + "；".join(shown) + "。"
    return text


def _are_projects(rows: tuple[Row, ...]) -> bool:
    return all(row.entity is not None and row.entity.type is EntityType.PROJECT for row in rows)


def count_text(rows: tuple[Row, ...]) -> str:
    """The count and, where it is not too long, what was counted."""
    names = [name_entity(row.entity) if row.entity else row.label for row in rows]
    text = f"共{count_words(rows)}"
    if 0 < len(names) <= MOST_LINES:
        return f"{text}：{'、'.join(names)}。"
    return f"{text}。"


def groups_text(result: Result) -> str:
    """Each group with its figure."""
    lines = [f"{row.label}：{_figure(row)}{_of_how_many(row)}" for row in result.rows[:MOST_LINES]]
    groups = f"共{len(result.rows)}组：\n" if len(result.rows) > 1 else ""
    return groups + "；\n".join(f"· {line}" for line in lines) + "。"


def _of_how_many(row: Row) -> str:
    return f"，共{len(row.members)}{count_word(row.members[0].type)}" if row.members and row.unit != "个" else ""


def _figure(row: Row) -> str:
    if row.unit == "个" and row.members:  # a group counted
        counted = (
            f"{say_number(row.value) if isinstance(row.value, Decimal) else row.value}{count_word(row.members[0].type)}"
        )
        cited = row.entity is not None and row.entity.type is EntityType.POLICY
        return f"被{counted}引用" if cited else counted
    return say_value(row.value, None, row.unit) if isinstance(row.value, Decimal) else str(row.value)


_EXTREMES = {
    ColumnType.DATE: ("最晚", "最早"),
    ColumnType.DURATION: ("最长", "最短"),
    ColumnType.COUNT: ("最多", "最少"),
}


def rank_text(result: Result, rank: Rank) -> str:
    """Who stands at the top, with the figure; ties are said."""
    rows = result.rows
    column = rank.column
    extremes = _EXTREMES.get(spec_of(column).type if column else ColumnType.COUNT, ("最高", "最低"))
    word = extremes[0 if rank.descending else 1] if rank.first == 1 else f"排第{rank.first}"
    others = tuple(c for c in result.columns if c is not column)
    lines = [_ranked(row, column, others) for row in rows[:MOST_LINES]]
    values = {_ranked_value(row, column) for row in rows}
    said = label_of(column) if column else ""
    if column in _MOVES and rank.first == 1 and not rank.both_ends:
        said, word, lines = _moved(rows[:MOST_LINES], column, others, descending=rank.descending) or (said, word, lines)
    if rank.both_ends and len(values) == 2:
        top = [line for line, row in zip(lines, rows, strict=False) if _ranked_value(row, column) == max(values)]
        bottom = [line for line in lines if line not in top]
        return f"{said}{extremes[0]}的是{'；'.join(top)}。\n{said}{extremes[1]}的是{'；'.join(bottom)}。"
    if len(rows) == 1:
        return f"{said}{word}的是{lines[0]}。"
    if len(values) == 1:
        word = f"{said}{word}" if column in _MOVES else word
        return f"并列{word}的有{len(rows)}个：{'；'.join(lines)}。"
    return f"依次为（共{len(rows)}个）：\n" + "；\n".join(f"· {line}" for line in lines) + "。"


_MOVES = {Column.CHANGE: "预算比上年", Column.CHANGE_RATE: "预算比上年", Column.ADJUSTMENT: "预算调整中"}


def _moved(
    rows: tuple[Row, ...], column: Column, others: tuple[Column, ...], *, descending: bool
) -> tuple[str, str, list[str]] | None:
    """减少最多 for the lowest of changes that are all below nought, 增加最多 likewise; None where signs differ."""
    values = [v for row in rows if isinstance(v := _ranked_value(row, column), Decimal)]
    if not values or len(values) < len(rows) or not all(v > 0 if descending else v < 0 for v in values):
        return None
    word, kind = "增加" if descending else "减少", spec_of(column).type
    lines = []
    for row, value in zip(rows, values, strict=True):
        name = name_entity(row.entity, row.owner) if row.entity else row.label
        said = (f"{label_of(c)} {say_cell(o)}" for c in others if (o := _shown(row, c)))
        lines.append("，".join([name, f"{word}{say_value(abs(value), kind)}", *said]))
    return _MOVES[column], f"{word}最多", lines


def _ranked_value(row: Row, column: Column | None) -> Decimal | str:
    cell = row.cell(column) if column is not None else None
    value = cell.value if cell is not None else row.value
    return value if isinstance(value, Decimal) else str(value)


def _ranked(row: Row, column: Column | None, others: tuple[Column, ...]) -> str:
    name = name_entity(row.entity, row.owner) if row.entity else row.label
    cell = row.cell(column) if column is not None else None
    figure = f"{label_of(cell.column)} {say_cell(cell)}" if cell is not None else _figure(row)
    return "，".join([name, figure, *(f"{label_of(c)} {say_cell(o)}" for c in others if (o := _shown(row, c)))])


def contrast_text(result: Result, how: Contrasting) -> str:
    """Both sides and what lies between them."""
    (one, first), (two, second) = result.sides
    a, b = first.figure, second.figure
    if a is None or b is None or result.figure is None:
        return ""
    kind = spec_of(a.column).type if a.column else None
    said = [f"{label}{_about(fig, label)}{say_value(fig.value, kind, fig.unit)}" for label, fig in ((one, a), (two, b))]
    value = result.figure.value
    match how:
        case Contrasting.DIFFERENCE:
            years = one.endswith("年") and two.endswith("年")
            more = ("增加" if value > 0 else "减少") if years else _more(value, a, b)
            apart = f"{say_number(abs(value))}个百分点" if a.unit == "%" else say_value(abs(value), kind, a.unit)
            move = "两者相同" if not value else f"{one}比{two}{more}{apart}"
        case Contrasting.GROWTH:
            move = f"{one}比{two}{'增加' if value >= 0 else '减少'}{say_number(abs(value))}%"
        case Contrasting.SHARE:
            move = f"{one}占{two}的{say_number(value)}%"
        case Contrasting.RATIO:
            move = f"{one}是{two}的{say_number(value)}倍"
    return f"{move}：{said[0]}，{said[1]}。"


def _about(figure: Figure, label: str) -> str:
    if figure.column is None or label_of(figure.column) in label:
        return ""
    return f"的{label_of(figure.column)}"


def _more(value: Decimal, figure: Figure, other: Figure) -> str:
    if (figure.column, other.column) == (Column.BUDGET_ADJUSTED, Column.BUDGET_INITIAL):
        return "调增" if value > 0 else "调减"
    amount = figure.column is None or spec_of(figure.column).type in (ColumnType.MONEY, ColumnType.COUNT)
    return ("多" if value > 0 else "少") if amount else ("高" if value > 0 else "低")


_LINKS = {
    EdgeType.CITES: ("引用", "被引用于"),
    EdgeType.DECLARES: ("申报", "由其申报："),
    EdgeType.SUPERVISES: ("主管", "由其主管："),
    EdgeType.IMPLEMENTS: ("实施", "由其实施："),
    EdgeType.HAS_INDICATOR: ("设有指标", "属于项目"),
    EdgeType.HAS_TASK: ("含有子项目", "属于项目"),
    EdgeType.ISSUED_BY: ("由其发布：", "发布"),
    EdgeType.SAME_PROGRAMME: ("跨年度同名", "跨年度同名"),
    EdgeType.RENAMED_TO: ("更名为", "原名"),
    EdgeType.MENTIONS: ("提到", "被提到于"),
    EdgeType.DESCRIBED_IN: ("出自", "载有"),
}


def paths_text(paths: tuple[Path, ...]) -> str:
    """Every shortest way, step by step."""
    said = [_path(path) for path in paths[:MOST_LINES]]
    hops = len(paths[0].edges)
    opening = "两者直接相连" if hops == 1 else f"两者通过{_between(paths)}相连"
    return f"{opening}：\n" + "；\n".join(f"· {line}" for line in said) + "。"


def _between(paths: tuple[Path, ...]) -> str:
    between = {e.id: e for path in paths for e in path.entities[1:-1]}
    middle = list(between.values())
    names = [f"“{e.label}”" if e.type is EntityType.PROJECT else e.label for e in middle[:6]]
    kinds = {e.type for e in middle}
    word = KIND_WORDS[next(iter(kinds))] if len(kinds) == 1 else ""
    return f"{word}{join_words(names)}{'等' if len(middle) > 6 else ''}"


def _path(path: Path) -> str:
    words = [_short_name(path.entities[0])]
    for edge, here, there in zip(path.edges, path.entities, path.entities[1:], strict=False):
        words.append(f" —{_link(edge, here)}→ {_short_name(there)}")
    return "".join(words)


def _short_name(entity: Entity) -> str:
    return name_project(entity) if entity.type is EntityType.PROJECT else entity.label


def _link(edge: Edge, here: Entity) -> str:
    forward, backward = _LINKS[edge.type]
    return (forward if edge.source == here.id else backward).rstrip("：")


def evidence_text(result: Result, places: tuple[Source, ...]) -> str:
    """The sentences themselves."""
    said = [quote(source) for source in places[:10]]
    left = len(places) - len(said)
    names = join_words(list(dict.fromkeys(name_entity(r.entity, r.owner) for r in result.rows if r.entity))[:6])
    values = values_text(result).split("\n")[0] if result.columns and len(result.rows) == 1 else ""
    more = f"（另有{left}处见出处）" if left > 0 else ""
    return f"{values or names + '。'}\n出自：\n" + "\n".join(f"· {line}" for line in said) + more


def meaning_text(columns: tuple[Column, ...]) -> str:
    """What our own glossary says of the columns."""
    said = [f"“{label_of(c)}”：{spec_of(c).about or '没有说明'}" for c in columns]
    return "本图谱中，" + "\n".join(said)
