"""Names in questions on the invented city: damaged forms, units that only text or documents name, joint conditions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph.kg import KnowledgeGraph
from graph.model import EdgeType
from graph.store import EmbeddedStore
from search.engine import SearchEngine
from search.model import Status
from tests.asked_city import STORE, build_city, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)
D21, P21, C21 = ("甲市河道疏浚工程专项", 2021), ("泵站运行维护经费", 2021), ("政务云平台(运维)", 2021)
D23, W23 = ("甲市河道疏浚工程专项", 2023), ("水质监测项目", 2023)


def changed_city() -> SearchEngine:
    """A later form of 泵站运行维护经费 with letters lost, an office that texts mention, and a ministry that issues."""
    city = build_city()
    city.evaluation(
        "pumps23", "泵站运护经费", 2023, ("new", "new"), ("50", "50", "40"), execution_rate="80", grade="良"
    )
    spoilt = city.entities["pumps23"]
    city.entities["pumps23"] = replace(spoilt, properties={**spoilt.properties, "damaged": True})
    city.unit("bureau", "甲市审计局")
    city.join(EdgeType.MENTIONS, "watch23", "bureau", "甲市审计局抽查水质监测项目。")
    city.unit("ministry", "水利部")
    city.join(EdgeType.ISSUED_BY, "save", "ministry")
    city.cites("cloud21", "plan", "政务云平台依据甲府发〔2019〕7号。", "甲府发〔2019〕7号")
    return SearchEngine(EmbeddedStore(KnowledgeGraph(city.entities.values(), city.edges)), text_of=lambda _: city.text)


CHANGED = changed_city()


def test_a_damaged_name_of_the_year_asked_for_is_found_and_said() -> None:
    answer = CHANGED.ask("泵站运行维护经费2023年的执行率")
    assert (answer.value, answer.unit) == (80, "%")
    assert any("名称残缺" in caveat for caveat in answer.caveats)
    assert CHANGED.ask("泵站运行维护经费2021年的预算").value == 500000
    apart = CHANGED.ask("泵站运行维护经费2021年当年预算和2023年全年执行数相差多少")
    assert apart.value == 100000


def test_no_intact_name_is_taken_for_a_damaged_one() -> None:
    assert ENGINE.ask("泵站运行维护经费2023年的执行率").status is Status.NO_MATCH


def test_units_without_projects_are_sought_in_texts_and_as_issuers() -> None:
    assert [(i.name, i.year) for i in CHANGED.ask("甲市审计局被哪些项目提到").items] == [W23]
    assert [i.label for i in CHANGED.ask("水利部的文件有哪些").items] == ["《甲市节约用水条例》"]


def test_what_two_units_share_is_what_both_have() -> None:
    shared = CHANGED.ask("甲市水利局和甲市政务信息中心共同引用过的文件")
    assert [i.name for i in shared.items] == ["甲市水系规划"]
    assert CHANGED.ask("2021年甲市水利局和甲市政务信息中心都引用的文件").total == 1
    joint = ENGINE.ask("甲市水务局和甲市水文总站都参与的项目")
    assert [(i.name, i.year) for i in joint.items] == [D23, W23]
    assert ENGINE.ask("甲市水利局和甲市政务信息中心都有哪些项目").total == 5


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("2023年得分低于90分的都有谁", [W23]),
        ("2023年谁的执行率没到95%", [D23]),
        ("2021年谁的钱比去年少了", [P21]),
        ("2021年12月15日之前（含12月15日）完成的项目", [P21, C21]),
        ("2021年12月15日之前（不含12月15日）完成的项目", [P21]),
        ("预算80万元以上（不含80万元）的2021年项目", [D21]),
        ("哪些项目的预算执行率目标值为≥95%", [D21]),
        ("哪些项目的目标里提到了河道疏浚", [D23]),
        ("除了泵站运行维护经费以外，水利局还有哪些2021年项目", [D21]),
        ("哪些项目设了投入管理这个二级目标", [D21, P21]),
        ("2021年依据里有政府令的项目", [C21]),
        ("甲府发〔2019〕7号 → 项目", [D21, P21]),
    ],
)
def test_projects_asked_for(question: str, items: list[tuple[str, int]]) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert [(item.name, item.year) for item in answer.items] == items


def test_what_is_done_in_a_month_is_the_plan_of_the_year_as_written() -> None:
    city = build_city()
    plan = "7-8月清淤，11-12月验收"
    form = city.entities["dredge21"]
    said = {**form.properties, "schedule": plan}
    proof = {**form.evidence, "schedule": (city.print(plan),)}
    city.entities["dredge21"] = replace(form, properties=said, evidence=proof)
    engine = SearchEngine(
        EmbeddedStore(KnowledgeGraph(city.entities.values(), city.edges)), text_of=lambda _: city.text
    )
    for question in ("河道疏浚工程专项11-12月要完成什么", "河道疏浚工程专项2021年第三季度做什么"):
        answer = engine.ask(question)
        assert plan in answer.text
        assert any("项目实施计划" in caveat for caveat in answer.caveats)


def test_whose_figure_is_the_largest_is_still_asked_of_units() -> None:
    assert [i.name for i in ENGINE.ask("谁的上年预算最高").items] == ["甲市水利局"]
