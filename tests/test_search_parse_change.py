"""Figures set against each other on the invented city: rates, shares, multiples, changes within bounds."""

from __future__ import annotations

import pytest

from search.engine import SearchEngine
from search.model import Status
from tests.asked_city import STORE, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)
D21, P21, C21 = ("甲市河道疏浚工程专项", 2021), ("泵站运行维护经费", 2021), ("政务云平台(运维)", 2021)


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("2023年预算调增比例", 13.33, "%"),
        ("2021年当年预算合计比上年预算合计增长百分之几", 13.79, "%"),
        ("2021年全部项目预算比上年净增加多少", 400000, "元"),
        ("河道疏浚工程专项2021年预算是上年的几倍", 1.33, "倍"),
        ("2023年全年预算是年初预算的几倍", 1.13, "倍"),
        ("泵站运行维护经费2021年预算是水质监测项目2023年的百分之几", 100, "%"),
        ("泵站运行维护经费2021年预算占2021年总额多少", 15.15, "%"),
    ],
)
def test_figures_set_against_each_other(question: str, value: float, unit: str) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.value is not None and (float(answer.value), answer.unit) == (value, unit)


@pytest.mark.parametrize(
    ("question", "shares"),
    [
        ("2021年各单位预算占比", {"甲市水利局": 75.76, "甲市政务信息中心": 24.24}),
        ("水利局2021年各项目预算占比", {D21[0]: 80, P21[0]: 20}),
    ],
)
def test_each_has_its_share_of_the_whole(question: str, shares: dict[str, float]) -> None:
    answer = ENGINE.ask(question)
    assert {item.label: float(item.value or 0) for item in answer.items} == shares
    assert {item.unit for item in answer.items} == {"%"}


def test_shares_over_several_years_are_not_mixed() -> None:
    assert ENGINE.ask("各项目预算占比").status is Status.UNANSWERABLE


def test_a_change_within_bounds_is_neither_up_nor_down_by_more() -> None:
    answer = ENGINE.ask("2021年预算变化不超过20万元的项目")
    assert [(item.name, item.year) for item in answer.items] == [P21]
