"""Plans from outside: whether one may be carried out. Schema and sequence, then values and ids against the graph."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from graph.model import Entity, EntityId, EntityType
from graph.store import Store
from search.columns import as_decimal
from search.errors import PlanRejected
from search.plan import (
    Both,
    Compare,
    Condition,
    Either,
    Except,
    Figures,
    Has,
    Keep,
    Paths,
    Pick,
    Plan,
    Rank,
    Recall,
    Step,
    Without,
    plan_from_json,
    steps_in,
)
from search.plan_checks import MAX_IDS, check_plan
from search.vocabulary import ColumnType, spec_of

MAX_NUMBER = 30  # signs of a figure
MAX_POWER = 18  # of ten: more is no amount of a budget, and would fill the page with noughts
_ADVICE = "请重新提问"


def admit_plan(value: object, store: Store) -> Plan:
    """The plan that the JSON value spells, ready to be executed.

    Raises PlanRejected where it does not fit the schema, its steps do not follow one another, a value is none of its
    column, or an id is not in the graph.
    """
    plan = plan_from_json(value)
    check_plan(plan)
    for step in steps_in(plan.steps):
        _check_step(step, store)
    return plan


def is_figure(text: str) -> bool:
    """Whether the text spells a figure of a size that can be meant."""
    number = as_decimal(text) if len(text) <= MAX_NUMBER else None
    return number is not None and abs(number.adjusted()) <= MAX_POWER


def is_date(text: str) -> bool:
    """Whether the text is an ISO year, month or day."""
    rest = {4: "-01-01", 7: "-01", 10: ""}.get(len(text))
    if rest is None or not text.replace("-", "").isdecimal():
        return False
    try:
        date.fromisoformat(text + rest)
    except ValueError:
        return False
    return True


def _check_step(step: Step, store: Store) -> None:
    match step:
        case Pick(kind=kind, ids=ids) | Recall(kind=kind, ids=ids):
            _check_ids(ids, store, kind)
        case Without(ids=ids):
            _check_ids(ids, store)
        case Paths(starts=starts, ends=ends):
            _check_ids((*starts, *ends), store)
        case Keep(condition=condition):
            _check_condition(condition, store)
        case Figures(value=value) if not is_figure(value):
            raise PlanRejected(f"不是可用的数：{value[:40]}", _ADVICE)
        case Rank(first=first, last=last) if max(first, last or 0) > MAX_IDS:
            raise PlanRejected("名次过大", _ADVICE)


def _check_condition(condition: Condition, store: Store) -> None:
    match condition:
        case Compare(column=column, value=value) if value is not None:
            _check_value(value, spec_of(column).type)
        case Has(relation=relation, ids=ids, where=where):
            _check_ids(ids, store, relation.ends)
            if where is not None:
                _check_condition(where, store)
        case Both(parts=parts) | Either(parts=parts):
            for part in parts:
                _check_condition(part, store)
        case Except(part=part):
            _check_condition(part, store)


def _check_value(value: str, kind: ColumnType) -> None:
    fits = True
    if kind.numeric:
        fits = is_figure(value)
    elif kind is ColumnType.DATE:
        fits = is_date(value)
    if not fits:
        raise PlanRejected(f"条件里的值“{value[:40]}”不合该字段", _ADVICE)


def _check_ids(ids: Iterable[str], store: Store, kind: EntityType | None = None) -> None:
    wanted = set(ids)
    found: tuple[Entity, ...] = store.nodes(EntityId(i) for i in wanted)
    if len(found) < len(wanted) or any(kind is not None and entity.type is not kind for entity in found):
        raise PlanRejected("条件里的条目在现在的图谱中找不到", _ADVICE)
