"""A plan's conditions as chips: each said in Chinese, taken away or given another value, the rest left as it is.

A chip's key is the place of its condition in the plan, so that the plan alone says what is changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import msgspec

from graph.store import Store
from search.columns import as_decimal
from search.errors import PlanRejected
from search.parse_quantities import plain
from search.phrasing_plan import say_plan
from search.plan import (
    Both,
    Compare,
    Condition,
    Contrast,
    Figures,
    Keep,
    Number,
    Pick,
    Plan,
    Rank,
    Recall,
    Select,
    Step,
    Topic,
    Without,
)
from search.plan_admission import is_date, is_figure
from search.plan_checks import MAX_IDS, check_plan
from search.plan_terms import Column
from search.vocabulary import ColumnType, spec_of

_WAN = Decimal(10_000)
_UNITS = {"亿元": _WAN * _WAN, "亿": _WAN * _WAN, "万元": _WAN, "万": _WAN, "元": Decimal(1)}  # longest ending first
_YEARLY = (Column.YEAR, Column.POLICY_YEAR)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_DATE_SIGNS = str.maketrans({"年": "-", "月": "-", "日": None, "/": "-", ".": "-"})
_MOST_LABEL = 40  # signs of the name of a side, or of what was typed, said back

T = TypeVar("T")
Path = tuple[int, ...]
Change = Callable[[Step, Path], Step | None]
"""A step and what of it is meant → the step instead, None to leave it out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipValue:
    """What stands in the box of a chip that can be changed, and the unit behind it."""

    text: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One condition of a plan. `value` is None where only the whole condition can be taken away."""

    key: str
    label: str
    removable: bool
    value: ChipValue | None = None


def find_chips(plan: Plan, store: Store) -> tuple[Chip, ...]:
    """The conditions of the plan in their order."""
    found = []
    for path, part, side in _conditions(plan.steps, (), ""):
        key = ".".join(map(str, path))
        value = _value_of(part)
        found.append(Chip(key=key, label=side + _say(part, store), removable=_can_go(plan, key), value=value))
    return tuple(found)


def without_chip(plan: Plan, key: str) -> Plan:
    """The plan without this condition. Raises PlanRejected where there is none or the rest makes no sense."""
    return _changed(plan, key, _left_out)


def with_value(plan: Plan, key: str, text: str) -> Plan:
    """The plan with another value in this condition, as typed in the unit that the chip shows.

    Raises PlanRejected where the text is no value of that kind.
    """
    return _changed(plan, key, lambda step, inner: _with_value(step, inner, text))


def _conditions(steps: tuple[Step, ...], before: Path, side: str) -> Iterator[tuple[Path, Step | Condition, str]]:
    for at, step in enumerate(steps):
        path = (*before, at)
        match step:
            case Contrast(parts=parts):
                for n, part in enumerate(parts):
                    yield from _conditions(part.steps, (*path, n), f"{part.label[:_MOST_LABEL]}：")
            case Keep(condition=Both(parts=joined)):
                yield from (((*path, n), one, side) for n, one in enumerate(joined))
            case Keep(condition=condition):
                yield path, condition, side
            case Pick() | Recall() | Topic() | Figures():
                yield path, step, side
            case Rank(last=last) if last is not None:
                yield path, step, side


def _say(part: Step | Condition, store: Store) -> str:
    step = part if isinstance(part, Step) else Keep(condition=part)
    said = say_plan(Plan(steps=(step,)), store)
    return said.removesuffix("的") if isinstance(step, Keep) else said.removeprefix("，")


def _can_go(plan: Plan, key: str) -> bool:
    try:
        without_chip(plan, key)
    except PlanRejected:
        return False
    return True


def _changed(plan: Plan, key: str, change: Change) -> Plan:
    pieces = key.split(".")
    if not all(piece.isascii() and piece.isdecimal() and len(piece) <= 4 for piece in pieces):
        raise PlanRejected("没有这个条件", "请重新提问")
    try:
        changed = Plan(steps=_steps_changed(plan.steps, tuple(map(int, pieces)), change))
    except IndexError as err:
        raise PlanRejected("没有这个条件", "请重新提问") from err
    check_plan(changed)
    return changed


def _steps_changed(steps: tuple[Step, ...], path: Path, change: Change) -> tuple[Step, ...]:
    at, inner = path[0], path[1:]
    step = steps[at]
    if isinstance(step, Contrast):
        side = step.parts[inner[0]]
        part = msgspec.structs.replace(side, steps=_steps_changed(side.steps, inner[1:], change))
        return _replaced(steps, at, msgspec.structs.replace(step, parts=_replaced(step.parts, inner[0], part)))
    if isinstance(step, Pick | Recall) and any(isinstance(one, Without) for one in steps):
        raise PlanRejected("去掉这一条，问题就没有意义了", "请重新提问")
    return _replaced(steps, at, change(step, inner))


def _replaced(whole: tuple[T, ...], at: int, instead: T | None) -> tuple[T, ...]:
    return (*whole[:at], *(() if instead is None else (instead,)), *whole[at + 1 :])


def _left_out(step: Step, inner: Path) -> Step | None:
    match step:
        case Keep(condition=Both(parts=parts)) if inner:
            joined = _replaced(parts, _place(inner, parts), None)
            return Keep(condition=joined[0] if len(joined) == 1 else Both(parts=joined)) if joined else None
        case Pick(kind=kind) | Recall(kind=kind) | Topic(kind=kind) if not inner:
            return Select(kind=kind)
        case Keep() | Rank() | Figures() if not inner:
            return None
    raise PlanRejected("没有这个条件", "请重新提问")


def _with_value(step: Step, inner: Path, text: str) -> Step:
    match step:
        case Keep(condition=Both(parts=parts)) if inner:
            at = _place(inner, parts)
            return Keep(condition=Both(parts=_replaced(parts, at, _other_condition(parts[at], text))))
        case Keep(condition=condition) if not inner:
            return Keep(condition=_other_condition(condition, text))
        case Figures() if not inner:
            return msgspec.structs.replace(step, value=_read_number(text, ""))
        case Rank(first=first, last=last) if not inner and last is not None:
            place = _read_count(text, least=1)
            return msgspec.structs.replace(step, first=place if first == last > 1 else 1, last=place)
    raise PlanRejected("这个条件不能改成别的值", "请去掉它，或重新提问")


def _place(inner: Path, parts: tuple[Condition, ...]) -> int:
    if len(inner) != 1 or inner[0] >= len(parts):
        raise IndexError(inner)
    return inner[0]


def _value_of(part: Step | Condition) -> ChipValue | None:
    match part:
        case Compare(column=column, value=value) if value is not None:
            kind = spec_of(column).type
            if kind is ColumnType.MONEY and is_figure(value):
                unit = _money_unit(value)
                return ChipValue(text=plain(Decimal(value) / _UNITS[unit]), unit=unit)
            if kind.numeric and is_figure(value):
                return ChipValue(text=plain(Decimal(value)), unit="年" if column in _YEARLY else kind.unit or "")
            return ChipValue(text=value) if kind is ColumnType.DATE else None
        case Number(count=count):
            return ChipValue(text=str(count), unit="个")
        case Figures(value=value) if is_figure(value):
            return ChipValue(text=plain(Decimal(value)))
        case Rank(first=first, last=last) if last is not None and first in (1, last):
            return ChipValue(text=str(last), unit="名")
    return None


def _other_condition(condition: Condition, text: str) -> Condition:
    match condition:
        case Compare(column=column, value=value) if value is not None and _value_of(condition) is not None:
            return msgspec.structs.replace(condition, value=_read(column, value, text))
        case Number():
            return msgspec.structs.replace(condition, count=_read_count(text, least=0))
    raise PlanRejected("这个条件不能改成别的值", "请去掉它，或重新提问")


def _read(column: Column, old: str, text: str) -> str:
    """The text as a value of the column. Raises PlanRejected."""
    kind = spec_of(column).type
    if column in _YEARLY:
        year = _read_number(text, "年")
        if not (year.isdecimal() and _FIRST_YEAR <= int(year) <= _LAST_YEAR):
            raise PlanRejected("年份不对", f"请写 {_FIRST_YEAR} 到 {_LAST_YEAR} 之间的四位数")
        return year
    if kind is ColumnType.MONEY:
        typed = _fold(text)
        unit = next((unit for unit in _UNITS if typed.endswith(unit)), _money_unit(old))
        return plain(Decimal(_read_number(typed, unit)) * _UNITS[unit])
    if kind is ColumnType.DATE:
        typed = "-".join(p.zfill(2) for p in _fold(text).translate(_DATE_SIGNS).strip("-").split("-"))
        if not is_date(typed):
            raise PlanRejected("日期不对", "请写成 2024-05-01 的样子")
        return typed
    return _read_number(text, kind.unit or "")


def _money_unit(value: str) -> str:
    return "万元" if abs(Decimal(value)) >= _UNITS["万元"] else "元"


def _read_number(text: str, unit: str) -> str:
    typed = _fold(text).removesuffix(unit).replace(",", "")
    number = as_decimal(typed)
    if number is None or not is_figure(typed):
        raise PlanRejected(f"“{text.strip()[:_MOST_LABEL]}”不是可用的数", "请写一个数，例如 100")
    return plain(number)


def _read_count(text: str, *, least: int) -> int:
    count = _read_number(_fold(text).removesuffix("个"), "名")
    if not count.isdecimal() or not least <= int(count) <= MAX_IDS:
        raise PlanRejected("个数不对", f"请写 {least} 到 {MAX_IDS} 之间的整数")
    return int(count)


def _fold(text: str) -> str:
    """Without spaces, full-width signs as half-width ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())
