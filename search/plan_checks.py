"""Whether the steps of a plan follow one another and its columns belong to its rows. Executes nothing."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import pairwise

from graph.model import EntityType
from search.errors import PlanRejected
from search.plan import (
    Both,
    Calculate,
    Compare,
    Condition,
    Contrast,
    Decide,
    Define,
    Either,
    Except,
    Figures,
    Follow,
    Group,
    Has,
    Keep,
    Known,
    Number,
    Paths,
    Pick,
    Plan,
    Prove,
    Rank,
    Reached,
    Recall,
    Select,
    Show,
    Step,
    Tabulate,
    Topic,
    Typo,
    Without,
)
from search.plan_terms import Aggregate, Column, Op

MAX_DEPTH = 8  # of conditions within conditions, of plans within plans
MAX_STEPS = 24
MAX_IDS = 20_000
MAX_TEXT = 500

GROUPS = "groups"
FIGURE = "figure"
PATHS = "paths"
MEANING = "meaning"
Shape = EntityType | str  # what the rows are after a step

_ENDS = (Calculate, Prove, Decide, Show, Contrast, Define, Tabulate)


def check_plan(plan: Plan) -> Shape:
    """What the plan's last step yields.

    Raises PlanRejected where a step does not fit what comes before it.
    """
    return _check_steps(plan.steps, depth=0)


def _check_steps(steps: tuple[Step, ...], *, depth: int) -> Shape:
    if not steps or len(steps) > MAX_STEPS or depth > MAX_DEPTH:
        raise PlanRejected("计划为空或过长", "请换一种问法")
    shape = _begin(steps[0], depth)
    heads: EntityType | None = None  # what the groups are groups of, where they are entities
    for before, step in pairwise(steps):
        if isinstance(before, _ENDS):
            raise PlanRejected(f"{_name(before)} 之后不能再有步骤", "请换一种问法")
        if isinstance(step, Group):
            heads = step.relation.ends if step.relation is not None else None
        if shape == GROUPS and isinstance(step, Follow):
            _expect(heads is step.relation.starts, step)
            shape = step.relation.ends
        else:
            shape = _go(step, shape)
    return shape


def _begin(step: Step, depth: int) -> Shape:
    match step:
        case Select(kind=kind):
            return kind
        case Pick(kind=kind, ids=ids) | Recall(kind=kind, ids=ids):
            _check_ids(ids)
            return kind
        case Topic(kind=kind, text=text):
            if not text.strip() or len(text) > MAX_TEXT:
                raise PlanRejected("主题为空或过长", "请换一种问法")
            return kind
        case Paths(starts=starts, ends=ends):
            _check_ids(starts)
            _check_ids(ends)
            return PATHS
        case Define(columns=columns) if columns:
            return MEANING
        case Contrast(parts=parts):
            if len(parts) != 2:
                raise PlanRejected("对比要有两部分", "请换一种问法")
            for part in parts:
                if _check_steps(part.steps, depth=depth + 1) != FIGURE:
                    raise PlanRejected("对比的每一部分都要得出一个数", "请换一种问法")
            return FIGURE
        case _:
            raise PlanRejected(f"计划不能以 {_name(step)} 开头", "请换一种问法")


def _go(step: Step, shape: Shape) -> Shape:
    if isinstance(step, Prove | Show) and shape == GROUPS and not step.columns:
        return shape
    if shape == GROUPS:
        return _go_groups(step)
    if not isinstance(shape, EntityType):
        raise PlanRejected(f"{_name(step)} 前面没有可用的条目", "请换一种问法")
    match step:
        case Keep(condition=condition):
            _check_condition(condition, shape, 0)
            return shape
        case Follow(relation=relation):
            _expect(relation.starts is shape, step)
            return relation.ends
        case Without(ids=ids):
            _check_ids(ids)
            return shape
        case Rank(column=column, first=first, last=last, each=each):
            _expect(
                column is not None and column.kind is shape and first >= 1 and (last is None or last >= first), step
            )
            _expect(each is None or each.kind is shape, step)
            return shape
        case Group(column=column, relation=relation, aggregate=aggregate, measure=measure):
            _expect((column is None) != (relation is None), step)
            _expect(column is None or column.kind is shape, step)
            _expect(relation is None or relation.starts is shape, step)
            _check_measure(aggregate, measure, shape, step)
            return GROUPS
        case Calculate(aggregate=aggregate, column=column):
            _expect(aggregate is not Aggregate.SHARE, step)
            _check_measure(aggregate, column, shape, step)
            return FIGURE
        case Tabulate(aggregate=aggregate, columns=columns):
            _expect(bool(columns) and aggregate is not Aggregate.SHARE, step)
            for column in columns:
                _check_measure(aggregate, column, shape, step)
            return GROUPS
        case Show(columns=columns) | Prove(columns=columns):
            _expect(all(column.kind is shape for column in columns), step)
            return shape
        case Decide():
            return shape
        case _:
            raise PlanRejected(f"{_name(step)} 只能放在开头", "请换一种问法")


def _go_groups(step: Step) -> Shape:
    match step:
        case Rank(column=None, first=first, last=last, each=None):
            _expect(first >= 1 and (last is None or last >= first), step)
            return GROUPS
        case Figures(value=value):
            _number(value)
            return GROUPS
        case Calculate(aggregate=Aggregate.COUNT, column=None):
            return FIGURE
        case _:
            raise PlanRejected(f"分组之后不能再做 {_name(step)}", "请换一种问法")


def _check_measure(aggregate: Aggregate, measure: Column | None, shape: EntityType, step: Step) -> None:
    _expect((measure is None) == (aggregate is Aggregate.COUNT), step)
    _expect(measure is None or measure.kind is shape, step)


def _check_condition(condition: Condition, shape: EntityType, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise PlanRejected("条件嵌套过深", "请换一种问法")
    match condition:
        case Compare(column=column, op=op, value=value, other=other):
            _expect(column.kind is shape and (value is None) != (other is None), condition)
            _expect(other is None or other.kind is shape, condition)
            _expect(op not in (Op.CONTAINS, Op.ENDS) or value is not None, condition)
            _expect(value is None or len(value) <= MAX_TEXT, condition)
        case Known(column=column):
            _expect(column.kind is shape, condition)
        case Has(relation=relation, ids=ids, where=where):
            _expect(relation.starts is shape and bool(ids) != (where is not None), condition)
            if where is not None:
                _check_condition(where, relation.ends, depth + 1)
            else:
                _check_ids(ids)
        case Number(relation=relation, count=count):
            _expect(relation.starts is shape and 0 <= count <= MAX_IDS, condition)
        case Reached():
            _expect(shape is EntityType.INDICATOR, condition)
        case Typo():
            _expect(shape is EntityType.POLICY, condition)
        case Both(parts=parts) | Either(parts=parts):
            _expect(bool(parts), condition)
            for part in parts:
                _check_condition(part, shape, depth + 1)
        case Except(part=part):
            _check_condition(part, shape, depth + 1)


def _check_ids(ids: tuple[str, ...]) -> None:
    if not ids or len(ids) > MAX_IDS or not all(len(i) <= MAX_TEXT for i in ids):
        raise PlanRejected("缺少编号或编号过多", "请换一种问法")


def _number(text: str) -> None:
    try:
        finite = Decimal(text).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise PlanRejected(f"不是数：{text[:40]}", "请换一种问法")


def _expect(holds: bool, part: Step | Condition) -> None:
    if not holds:
        raise PlanRejected(f"{_name(part)} 与它前面的条目不相称", "请换一种问法")


def _name(part: Step | Condition) -> str:
    return type(part).__name__.lower()
