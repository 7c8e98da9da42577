"""What lies between two things in words: two figures set against each other, ways from one entity to another."""

from __future__ import annotations

from decimal import Decimal

from graph.model import Edge, EdgeType, Entity, EntityType
from search.answering_texts import MOST_LINES
from search.phrasing import join_words, label_of, name_project, say_number, say_value
from search.phrasing_plan import KIND_WORDS
from search.plan_terms import Column, Contrasting
from search.rows import Figure, Path, Result
from search.vocabulary import ColumnType, spec_of

_MOST_OF_A_NAME = 18  # signs of a side that is named twice in one sentence


def contrast_text(result: Result, how: Contrasting) -> str:
    """Both sides and what lies between them; sides with long names stand on lines of their own."""
    (one, first), (two, second) = result.sides
    a, b = first.figure, second.figure
    if a is None or b is None or result.figure is None:
        return ""
    kind = spec_of(a.column).type if a.column else None
    long = max(len(one), len(two)) > _MOST_OF_A_NAME
    here, there = ("前者", "后者") if long else (one, two)
    value = result.figure.value
    match how:
        case Contrasting.DIFFERENCE:
            years = one.endswith("年") and two.endswith("年")
            more = ("增加" if value > 0 else "减少") if years else _more(value, a, b)
            apart = f"{say_number(abs(value))}个百分点" if a.unit == "%" else say_value(abs(value), kind, a.unit)
            move = "两者相同" if not value else f"{here}比{there}{more}{apart}"
        case Contrasting.GROWTH:
            move = f"{here}比{there}{'增加' if value >= 0 else '减少'}{say_number(abs(value))}%"
        case Contrasting.SHARE:
            move = f"{here}占{there}的{say_number(value)}%"
        case Contrasting.RATIO:
            move = f"{here}是{there}的{say_number(value)}倍"
    said = [f"{label}{_about(fig, label)}" for label, fig in ((one, a), (two, b))]
    figures = [say_value(fig.value, kind, fig.unit) for fig in (a, b)]
    if long:
        lines = [f"· {name}：{side}：{fig}" for name, side, fig in zip((here, there), said, figures, strict=True)]
        return f"{move}：\n" + "；\n".join(lines) + "。"
    return f"{move}：{said[0]}{figures[0]}，{said[1]}{figures[1]}。"


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
    EdgeType.RENAMED_TO: ("疑似更名为", "疑似原名"),
    EdgeType.MENTIONS: ("提到", "被提到于"),
    EdgeType.DESCRIBED_IN: ("出自", "载有"),
}


def paths_text(paths: tuple[Path, ...]) -> str:
    """Every shortest way, step by step; what only we infer is called so."""
    said = [_path(path) for path in paths[:MOST_LINES]]
    hops = len(paths[0].edges)
    inferred = all(edge.type is EdgeType.RENAMED_TO for path in paths for edge in path.edges)
    direct = "两者疑为同一单位的先后名称（推断，原文没有写明）" if inferred else "两者直接相连"
    opening = direct if hops == 1 else f"两者通过{_between(paths)}相连"
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
