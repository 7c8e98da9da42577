"""What a project did, counted: the figure of the indicator that counts it, or a refusal; never units or a topic."""

from __future__ import annotations

import pytest

from graph.kg import KnowledgeGraph
from graph.store import EmbeddedStore
from search.engine import SearchEngine
from search.model import Answer, Status
from tests.asked_city import City

_OUTPUT = ("产出指标", "数量指标")


def _open() -> SearchEngine:
    city = City()
    city.unit("office", "甲市交通局")
    city.unit("station", "甲市交通总站")
    city.evaluation("fair23", "公交宣传项目", 2023, ("office", "station"), ("50", "50", "40"), total_score="90")
    city.evaluation("roads23", "道路养护项目", 2023, ("office", "station"), ("80", "80", "70"), total_score="91")
    for name, target, actual in (
        ("对接部门数量", "≥5(个)", "6(个)"),
        ("走访部门数量", "≥3(个)", "2(个)"),
        ("出行报告数量", "≥4(份)", "3(份)"),
        ("公交进社区活动", "≥9(场)", "8(场)"),
        ("活动规范性", "规范", "达成指标"),
    ):
        city.indicator("fair23", name, _OUTPUT, target, actual_text=actual)
    city.indicator("roads23", "养护里程", _OUTPUT, "≥20(公里)", actual_text="20(公里)")
    store = EmbeddedStore(KnowledgeGraph(city.entities.values(), city.edges))
    return SearchEngine(store, text_of=lambda name: city.text)


ENGINE = _open()


def _figures(answer: Answer) -> dict[str, str]:
    return {k: v for item in answer.items for k, v in item.properties.items() if k in ("目标值", "实际完成值")}


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("公交宣传项目对接了几个部门？", {"实际完成值": "6(个)"}),
        ("公交宣传项目2023年一共走访了多少个部门？", {"实际完成值": "2(个)"}),
        ("公交宣传项目要对接几个部门？", {"目标值": "≥5(个)"}),
        ("公交宣传项目对接多少个部门？", {"目标值": "≥5(个)", "实际完成值": "6(个)"}),
        ("公交宣传项目出了几份出行报告？", {"实际完成值": "3(份)"}),
        ("公交宣传项目办了几场活动？", {"实际完成值": "8(场)"}),
    ],
)
def test_what_was_done_is_the_figure_of_its_indicator(question: str, figures: dict[str, str]) -> None:
    answer = ENGINE.ask(question)
    assert (answer.status, _figures(answer)) == (Status.ANSWERED, figures)


@pytest.mark.parametrize(
    "question",
    ["道路养护项目对接了几个部门？", "道路养护项目对接多少个部门？", "道路养护项目办了几场活动？", "办了几场活动"],
)
def test_what_no_indicator_counts_is_refused(question: str) -> None:
    answer = ENGINE.ask(question)
    assert (answer.status, answer.items) == (Status.UNANSWERABLE, ())


@pytest.mark.parametrize(("question", "count"), [("公交宣传项目有几个指标？", 5), ("公交宣传项目涉及几个单位？", 2)])
def test_what_the_graph_itself_counts_is_counted(question: str, count: int) -> None:
    assert ENGINE.ask(question).value == count
