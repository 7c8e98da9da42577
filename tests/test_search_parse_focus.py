"""What questions ask for, and that no part of one is dropped in silence, on the invented city."""

from __future__ import annotations

import pytest

from search.engine import SearchEngine
from search.model import Status
from tests.asked_city import STORE, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)
D21, P21, C21 = ("甲市河道疏浚工程专项", 2021), ("泵站运行维护经费", 2021), ("政务云平台(运维)", 2021)
D23, W23 = ("甲市河道疏浚工程专项", 2023), ("水质监测项目", 2023)


@pytest.mark.parametrize(
    "question",
    [
        "申报单位和实施单位不同的项目",
        "与河道疏浚无关的项目有哪些",
        "得分超过80分的项目由谁实施，预算多少",
        "2021年的项目有哪些，偏差原因呢",
    ],
)
def test_a_column_that_is_named_and_not_told_is_refused(question: str) -> None:
    assert ENGINE.ask(question).status is not Status.ANSWERED


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("哪些项目写了偏差原因", [D23]),
        ("没有填评分等级的项目有哪些", [D21, P21, C21]),
        ("甲市水务局作为主管部门的项目有哪些", [D23, W23]),
        ("水文总站实施的项目里谁的执行率最低", [D23]),
        ("2021年的项目都有谁", [D21, P21, C21]),
        ("执行率最低的项目是哪个（全部年度）", [D23]),
        ("2021年预算跟上年一样没变的项目", [C21]),
        ("都有谁在用甲府发〔2019〕7号", [D21, P21]),
        ("引用了政府令的项目", [C21]),
        ("既没有引用水法也没有引用水系规划的2021年项目", [C21]),
    ],
)
def test_projects_asked_for(question: str, items: list[tuple[str, int]]) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert [(item.name, item.year) for item in answer.items] == items


def test_orders_of_another_authority_are_not_taken_for_those_asked() -> None:
    assert ENGINE.ask("引用了国务院令的项目").status is Status.NO_MATCH


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("有几个项目写了偏差原因", 1, "个"),
        ("扣分的指标一共有几个", 2, "个"),
        ("被引用了两次以上的文件有几个", 1, "个"),
        ("水文总站一共实施了多少个项目", 2, "个"),
        ("水质监测项目的预算执行率是百分之几", 100, "%"),
        ("河道疏浚工程专项2023年预算执行得分是多少分", 9, "分"),
        ("甲市水文总站作为实施单位的2023年项目年初预算总额", 1500000, "元"),
        ("2023年没执行完的预算一共多少", 120000, "元"),
        ("泵站运行维护经费2021年预算比上年减少百分之多少", 16.67, "%"),
        ("2021年预算下降的项目一共减少了多少钱", 100000, "元"),
        ("2023年预算一共调增了多少", 200000, "元"),
        ("河道疏浚工程专项2023年预算调增了多少", 200000, "元"),
    ],
)
def test_figures_asked_for(question: str, value: float, unit: str) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.value is not None and (float(answer.value), answer.unit) == (value, unit)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("设备完好率的目标值是多少？哪个项目的？", ["≥90%", "泵站运行维护经费"]),
        ("疏浚长度目标多少，完成如何", ["10.00(公里)", "8.00(公里)"]),
        ("水法和甲市水利局怎么扯上关系的", ["甲市河道疏浚工程专项"]),
        ("河道疏浚工程专项2023年得95.5分，有证据吗", ["95.5"]),
        ("河道疏浚工程专项2023年的预算、执行数和得分", ["120万元", "108万元", "95.5分"]),
        ("水质监测项目的全部指标和得分", ["监测次数", "30分", "报告质量", "17分"]),
    ],
)
def test_texts_say_it(question: str, words: list[str]) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert all(word in answer.text for word in words), answer.text


def test_a_document_made_by_a_project_is_shown_with_what_the_graph_cannot_tell() -> None:
    answer = ENGINE.ask("水系规划由哪个项目编制")
    assert [(item.name, item.year) for item in answer.items] == [D21, P21]
    assert any("不区分" in caveat for caveat in answer.caveats)


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("2021年预算80万元以上的有几个？", 2),
        ("2021年预算80万元以上的有多少？", 2),
        ("2023年得分在90分以上的一共有几个？", 1),
        ("2023年得分低于60分的有多少个？", 0),
        ("引用了水法的有几个？", 1),
    ],
)
def test_what_conditions_say_is_counted_without_a_noun(question: str, count: int) -> None:
    answer = ENGINE.ask(question)
    assert (answer.status, answer.value, len(answer.items)) == (Status.ANSWERED, count, count)


@pytest.mark.parametrize("question", ["未达标的有几个", "执行率最高的有几个"])
def test_a_count_without_a_noun_is_not_guessed(question: str) -> None:
    assert ENGINE.ask(question).unit != "个"
