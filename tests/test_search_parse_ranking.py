"""Orders, places and years of what ranks first, on the invented city."""

from __future__ import annotations

import pytest

from graph.model import EntityType
from search.engine import SearchEngine
from search.errors import PlanRejected
from search.model import Status
from search.plan import Pick, Plan, Rank, Select, Show, plan_from_json, plan_to_json
from search.plan_checks import check_plan
from search.plan_terms import Column
from tests.asked_city import STORE, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)
D21, P21, C21 = ("甲市河道疏浚工程专项", 2021), ("泵站运行维护经费", 2021), ("政务云平台(运维)", 2021)
D23, W23 = ("甲市河道疏浚工程专项", 2023), ("水质监测项目", 2023)


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("每年预算最大的项目各是哪个", [D21, D23]),
        ("各年度预算最小的项目分别是哪个", [P21, W23]),
        ("预算最大的前两个项目按年度分别是哪些", [D21, C21, D23, W23]),
        ("历年来得分最低的项目", [W23]),
        ("得分最低的项目是哪个（所有年度）", [W23]),
        ("两个年度里得分最高的项目", [D23]),
        ("2021年预算后两名", [P21, C21]),
        ("2021年预算最后两个项目", [P21, C21]),
        ("2021年预算倒数前二", [P21, C21]),
        ("2021年预算第二到第三名", [C21, P21]),
        ("2021年预算第1名到第2名的项目", [D21, C21]),
    ],
)
def test_places_of_projects(question: str, items: list[tuple[str, int]]) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert [(item.name, item.year) for item in answer.items] == items


def test_the_year_of_what_ranks_first_is_no_group() -> None:
    answer = ENGINE.ask("指标最多的项目是哪一年的")
    assert [(item.name, item.year) for item in answer.items] == [D21]


def test_what_ranks_first_in_each_year_is_said_year_by_year() -> None:
    answer = ENGINE.ask("每年预算最大的项目各是哪个")
    assert "2021年：甲市河道疏浚工程专项" in answer.text and "2023年：甲市河道疏浚工程专项" in answer.text
    assert "各年度分别" in answer.interpretation


def test_places_of_each_year_survive_the_plan_as_text() -> None:
    ranked = Rank(column=Column.BUDGET, last=1, each=Column.YEAR)
    plan = Plan(steps=(Select(kind=EntityType.PROJECT), ranked, Show()))
    assert plan_from_json(plan_to_json(plan)) == plan
    assert check_plan(plan) is EntityType.PROJECT


def test_places_are_counted_apart_by_columns_of_the_rows_only() -> None:
    ranked = Rank(column=Column.BUDGET, last=1, each=Column.LEVEL1)
    with pytest.raises(PlanRejected):
        check_plan(Plan(steps=(Pick(kind=EntityType.PROJECT, ids=("project:x",)), ranked)))
