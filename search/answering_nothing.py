"""What is said where nothing was found: what was looked for, and what the graph does hold."""

from __future__ import annotations

from itertools import takewhile

from graph.model import EntityType
from graph.store import Store
from search.conditions import columns_in
from search.execute import execute
from search.outcomes import judge
from search.phrasing import label_of, name_project
from search.phrasing_plan import say_plan
from search.plan import (
    Calculate,
    Condition,
    Contrast,
    Decide,
    Figures,
    Group,
    Keep,
    Plan,
    Prove,
    Rank,
    Reached,
    Show,
    Tabulate,
    Topic,
)
from search.plan_terms import Column
from search.rows import Result
from search.vocabulary import spec_of


def say_nothing(plan: Plan, result: Result, store: Store) -> str:
    """What was looked for, and what the graph does hold."""
    last = plan.steps[-1]
    if isinstance(plan.steps[0], Topic):
        return "在这些文件里没有找到与该主题相近的内容。可以换一个说法，或改用项目、文件、单位的名称提问。"
    if result.rows and result.columns:
        names = "、".join(row.label if row.entity is None else name_any(row.entity) for row in result.rows[:5])
        asked = "、".join(label_of(c) for c in result.columns[:6])
        return f"{names}：表中没有写“{asked}”，图谱中没有这项数据。{_forms_hint(result)}"
    if isinstance(last, Contrast) and result.sides:
        bare = [label for label, side in result.sides if side.figure is None or not side.figure.counted]
        return f"图谱中没有{'、'.join(bare)}的相应数据，无法比较。{_years(store)}"
    if is_untold(plan, result, store):
        return f"无法判断有没有{_looked_for(plan, store)}：表中没有可与目标值相比的“{label_of(Column.ACTUAL_TEXT)}”。"
    return f"图谱中没有{_looked_for(plan, store)}。{_hints(plan, store)}"


def _looked_for(plan: Plan, store: Store) -> str:
    """The rows that were wanted, without what was to be done with them."""
    ends = (Rank, Group, Figures, Show, Calculate, Tabulate, Prove, Decide)
    kept = tuple(takewhile(lambda step: not isinstance(step, ends), plan.steps))
    return say_plan(Plan(steps=kept), store) if kept else f"符合条件的条目（{say_plan(plan, store)}）"


def is_untold(plan: Plan, result: Result, store: Store) -> bool:
    """No indicator in question says what was done: that none missed its target cannot be said either."""
    before = tuple(takewhile(lambda step: not (isinstance(step, Keep) and _judges(step.condition)), plan.steps))
    if len(before) == len(plan.steps) or not before or isinstance(before[0], Topic) or result.rows:
        return False
    rows = execute(Plan(steps=before), store).rows
    return bool(rows) and all(row.entity is not None and judge(row.entity) is None for row in rows)


def _judges(condition: Condition) -> bool:
    return isinstance(condition, Reached) or any(map(_judges, getattr(condition, "parts", ())))


def name_any(entity: object) -> str:
    from graph.model import Entity  # noqa: PLC0415

    return (
        name_project(entity)
        if isinstance(entity, Entity) and entity.type is EntityType.PROJECT
        else getattr(entity, "label", "")
    )


def _forms_hint(result: Result) -> str:
    kinds = {str(row.entity.properties.get("document_type")) for row in result.rows if row.entity}
    forms = {form for column in result.columns for form in spec_of(column).forms}
    if forms and not forms & kinds:
        return f"这一栏只见于{'、'.join(sorted(forms))}。"
    return ""


def _hints(plan: Plan, store: Store) -> str:
    for step in plan.steps:
        if isinstance(step, Keep) and Column.YEAR in columns_in(step.condition):
            return _years(store)
    return ""


def _years(store: Store) -> str:
    years = sorted({str(e.properties["year"]) for e in store.of_type(EntityType.PROJECT) if "year" in e.properties})
    return f"图谱中有数据的年度：{'、'.join(f'{y}年' for y in years)}。" if years else ""
