"""Figures beside levels of indicators, on the invented city: of targets, never of the project's own rates."""

from __future__ import annotations

import pytest

from search.engine import SearchEngine
from search.model import Status
from tests.asked_city import STORE, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)
P21, C21 = ("泵站运行维护经费", 2021), ("政务云平台(运维)", 2021)


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("数量指标在10%以上的项目有哪些？", [P21, C21]),  # 12 km and 12 times are no percentages
        ("产出目标不低于90%的项目有哪些？", [P21, C21]),
        ("哪些项目的数量指标目标在95%以上", [C21]),
        ("数量指标为90%的项目有哪些？", [P21]),
        ("数量指标在85%到95%之间的项目", [P21]),
        ("数量指标达到百分之九十九的有哪些项目", [C21]),
    ],
)
def test_a_percentage_beside_a_level_is_of_the_targets_of_its_indicators(
    question: str, items: list[tuple[str, int]]
) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert sorted((item.name, item.year) for item in answer.items) == sorted(items)
    assert "预算执行率" not in answer.interpretation


@pytest.mark.parametrize(
    "question",
    [
        "完成率在95%以上的项目有哪些？",
        "完成率超过95%的项目有哪些？",
        "监测次数完成率超过90%的项目有哪些",
        "数量指标不超过50万元的项目",
        "质量指标在9分以上的项目",
        "有数量指标的项目中超过90%的",
    ],
)
def test_a_figure_of_what_no_column_holds_is_refused(question: str) -> None:
    answer = ENGINE.ask(question)
    assert (answer.status, answer.items) == (Status.UNANSWERABLE, ())


def test_a_column_named_beside_a_level_keeps_its_figure() -> None:
    answer = ENGINE.ask("有数量指标、执行率在95%以上的项目")
    assert [(item.name, item.year) for item in answer.items] == [("水质监测项目", 2023)]
