"""Values in Chinese: amounts in 万元 with the exact yuan behind, rates, scores, figures as printed beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from graph.model import Entity, EntityType, Source
from search.columns import Cell
from search.parse_quantities import plain
from search.plan_terms import Column
from search.vocabulary import ColumnType, spec_of

_WAN = Decimal(10000)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,80}>|&nbsp;")
MOST_SIGNS = 3000  # of a section said back


def say_number(value: Decimal) -> str:
    """A figure with thousands separated, without idle zeros.

    >>> say_number(Decimal("1955450.00")), say_number(Decimal("99.21"))
    ('1,955,450', '99.21')
    """
    whole, _, fraction = plain(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}"
    return f"{sign}{grouped}.{fraction}" if fraction else f"{sign}{grouped}"


def say_money(yuan: Decimal, *, printed: str = "") -> str:
    """An amount in 万元, the exact yuan behind it, and the figure as printed where that looks different.

    >>> say_money(Decimal(2080000), printed="208.00"), say_money(Decimal(860))
    ('208万元（2,080,000元；原文“208.00”）', '860元')
    """
    exact = f"{say_number(yuan)}元"
    original = (
        f"原文“{printed}”" if printed and printed != say_number(yuan) and any(s.isdigit() for s in printed) else ""
    )
    if abs(yuan) < _WAN:
        return f"{exact}（{original}）" if original else exact
    inner = "；".join(part for part in (exact, original) if part)
    return f"{say_number(yuan / _WAN)}万元（{inner}）"


def say_value(value: Decimal, column_type: ColumnType | None, unit: str | None = None) -> str:
    """A figure with its unit, by the type of its column."""
    if column_type is ColumnType.MONEY or (column_type is None and unit == "元"):
        return say_money(value)
    if column_type is ColumnType.INTEGER:
        return plain(value)
    return f"{say_number(value)}{unit or (column_type.unit if column_type else '') or ''}"


def say_cell(cell: Cell, *, limit: int = MOST_SIGNS) -> str:
    """The cell's value for people."""
    kind = spec_of(cell.column).type
    value = cell.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        if kind is ColumnType.MONEY:
            return say_money(
                value,
                printed=cell.printed if not cell.parts or cell.column in (Column.BUDGET, Column.BUDGET_FIRST) else "",
            )
        return say_value(value, kind)
    if cell.column is Column.POLICY_KIND:
        return _KINDS.get(str(value), str(value))
    text = " ".join(str(value).split()) if kind is not ColumnType.SECTION else str(value).strip()
    if len(text) > limit:
        return f"{text[:limit]}……（全文见出处）"
    return text


def say_cell_fully(cell: Cell) -> str:
    """The cell's value and, where it was reckoned, what from."""
    said = say_cell(cell)
    if cell.column in (Column.BUDGET, Column.BUDGET_FIRST) or not cell.parts:
        return said
    parts = "，".join(f"{spec_of(part.column).label}{say_cell(part)}" for part in cell.parts)
    return f"{said}（{parts}）"


def name_project(entity: Entity) -> str:
    """A project by name and year.

    The year is part of what a project is: the same name in another year is another project.
    """
    year = entity.properties.get("year")
    return f"{entity.label}（{year}年）" if year is not None else entity.label


def name_entity(entity: Entity, owner: Entity | None = None) -> str:
    """How answers name an entity; an indicator or task with its project, a number with all documents under it."""
    if entity.type is EntityType.PROJECT:
        return name_project(entity)
    if isinstance(titles := entity.properties.get("titles"), tuple):
        return f"{'、'.join(f'《{title}》' for title in titles)}（{entity.properties.get('number')}）"
    if owner is None:
        return entity.label
    return f"{name_project(owner)}“{name_inner(entity)}”"


def name_inner(entity: Entity) -> str:
    """An indicator or task by its own name, where its project was named before."""
    return str(entity.properties.get("level3") or entity.properties.get("name") or entity.label)


_KINDS = {
    "文号": "有发文字号的文件",
    "令": "令（按令号）",
    "公告": "公告（按公告号）",
    "标准": "标准",
}
_UNNUMBERED = "只写了标题，没有写文号"


def say_document(entity: Entity, cells: Sequence[Cell]) -> str:
    """What was asked of a document, its title and number said once.

    Laws bear no 文号: where none is printed it is not called missing.
    """
    number = entity.properties.get("number")
    titles = entity.properties.get("titles") or entity.properties.get("title") or ()
    listed = (titles,) if isinstance(titles, str) else titles if isinstance(titles, tuple) else ()
    title = "、".join(f"《{t}》" for t in listed)
    asked = [cell.column for cell in cells]
    several = f"（一号{len(listed)}件）" if len(listed) > 1 else ""
    if title and number and Column.TITLE in asked and set(asked) <= {Column.TITLE, Column.NUMBER}:
        return f"{number}的标题是{title}{several}"
    if title and number and asked == [Column.NUMBER]:
        return f"{title}的文号是{number}{several}"
    name = f"{title}（{number}）{several}" if title and number else title or entity.label
    by_office = entity.properties.get("kind") in ("令", "公告")  # 国务院令 names who issued it, and has no 机关代字
    said = [
        f"{'发布机关' if by_office and c.column is Column.ISSUER_CODE else label_of(c.column)}：{say_cell(c)}"
        for c in cells
        if c.column not in (Column.TITLE, Column.NUMBER)
    ]
    if not number:
        said.append(_UNNUMBERED)
    return f"{name}：{'；'.join(said)}" if said else name


_COUNTED = {
    EntityType.PROJECT: "个项目",
    EntityType.POLICY: "个文件",
    EntityType.UNIT: "个单位",
    EntityType.INDICATOR: "个绩效指标",
    EntityType.TASK: "个子项目",
    EntityType.SOURCE: "个来源文件",
}


def count_word(kind: EntityType) -> str:
    """What follows a count of these: 个项目."""
    return _COUNTED[kind]


_AS_PRINTED = {Column.TARGET_VALUE: Column.TARGET_TEXT, Column.ACTUAL_VALUE: Column.ACTUAL_TEXT}


def as_printed(column: Column) -> Column:
    """The column of the form that a figure was read from."""
    return _AS_PRINTED.get(column, column)


def label_of(column: Column) -> str:
    """What people call the column."""
    return spec_of(as_printed(column)).label


_MOVES = {
    Column.CHANGE: ("预算比上年增加", "预算比上年减少", "预算与上年持平"),
    Column.CHANGE_RATE: ("预算比上年增加", "预算比上年减少", "预算与上年持平"),
    Column.ADJUSTMENT: ("预算调增", "预算调减", "预算未调整"),
}


def is_move(column: Column | None) -> bool:
    """The column holds how much something rose or fell."""
    return column in _MOVES


def say_move(column: Column, value: Decimal) -> str | None:
    """预算比上年减少20万元, not 增减额-20万元; None where the column holds no change."""
    if column not in _MOVES:
        return None
    more, less, same = _MOVES[column]
    said = say_value(abs(value), spec_of(column).type)
    return f"{more if value > 0 else less}{said}" if value else same


def join_words(words: Iterable[str], *, last: str = "和") -> str:
    """Words joined the Chinese way.

    >>> join_words(["甲", "乙", "丙"]), join_words(["甲"])
    ('甲、乙和丙', '甲')
    """
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return "、".join(listed[:-1]) + last + listed[-1]


def join_names(names: Iterable[str]) -> str:
    """Names one after another, apart even where one of them holds a 、 itself.

    >>> join_names(["甲", "乙"]), join_names(["水网、绿网", "乙"])
    ('甲、乙', '水网、绿网；乙')
    """
    listed = list(names)
    return ("；" if any("、" in name for name in listed) else "、").join(listed)


def quote(source: Source) -> str:
    """A place as text: the words and the file they stand in."""
    page = f"第{source.page}页" if source.page else ""
    return f"“{' '.join(_MARKUP.sub(' ', source.quote).split())}”（{source.document}{page}）"
