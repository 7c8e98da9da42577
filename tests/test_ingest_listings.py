"""Lists of many projects with their indicators: one project a name, whatever the layout of the list."""

from __future__ import annotations

import pytest

from ingest import extract
from ingest.model import Document, Field, IndicatorField, MediaType, ProjectReading, UnitRole

TABS = """甲市2024年部门预算项目支出绩效目标表
单位：万元
单位名称⇥项目名称⇥预算数⇥年度目标⇥一级指标⇥二级指标⇥三级指标⇥指标值
合计⇥⇥30
101-甲市乙局⇥河渠清淤⇥10⇥清理河渠三条⇥产出指标⇥数量指标⇥清淤条数⇥=3条
⇥⇥⇥⇥效益指标⇥社会效益指标⇥内涝情况⇥有所缓解
⇥路面养护⇥20⇥养护道路⇥产出指标⇥数量指标⇥养护里程⇥≥8公里
"""
REPEATED = """项目支出绩效目标表（2024年度）
单位：万元
项目名称⇥实施单位⇥预算数⇥年度目标⇥一级指标⇥二级指标⇥三级指标⇥指标值
河渠清淤⇥甲市乙局⇥10⇥清理河渠三条⇥产出指标⇥数量指标⇥清淤条数⇥=3条
河渠清淤⇥甲市乙局⇥10⇥清理河渠三条⇥效益指标⇥社会效益指标⇥内涝情况⇥有所缓解
路面养护⇥甲市乙局⇥20⇥养护道路⇥产出指标⇥数量指标⇥养护里程⇥≥8公里
"""
RAGGED = """| 部门预算项目绩效目标申报表(2024年度) | |||||||
| 金额单位:元 | |||||||
| 单位名称 | 项目名称 | 预算数 | 年度目标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | |
| 101-乙局部门 | 300,000.00 | |||||||
| 101001-甲市乙局 | 河渠清淤 | 100,000.00 | 清理河渠三条 | 产出指标 | 数量指标 | 清淤条数 | =3条 | |
| 效益指标 | 社会效益指标 | 内涝情况 | 有所缓解 | |||||
| 路面养护 | 200,000.00 | 养护道路 | 产出指标 | 数量指标 | 养护里程 | ≥8公里 | ||
"""
STOREYS = """2024年项目支出绩效目标表
实施单位⇥项目名称⇥项目资金（万元）⇥⇥绩效目标⇥绩效指标⇥⇥⇥
⇥⇥年度资金总额⇥其中：财政拨款⇥⇥一级指标⇥二级指标⇥三级指标⇥指标值
甲市乙局⇥河渠清淤⇥10⇥10⇥清理河渠三条⇥产出指标⇥数量指标⇥清淤条数⇥=3条
⇥⇥⇥⇥⇥效益指标⇥社会效益指标⇥内涝情况⇥有所缓解
⇥路面养护⇥20⇥20⇥养护道路⇥产出指标⇥数量指标⇥养护里程⇥≥8公里
"""
PAGED = """项目支出绩效目标表（2024年度）
单位：万元
实施单位⇥项目名称⇥预算数⇥年度目标⇥一级指标⇥二级指标⇥三级指标⇥指标值
1⇥2⇥3⇥4⇥5⇥6⇥7⇥8
甲市乙局⇥河渠清淤⇥10⇥清理河渠三条⇥产出指标⇥数量指标⇥清淤条数⇥=3条
- 5 -
\f项目支出绩效目标表（2024年度）
实施单位⇥项目名称⇥预算数⇥年度目标⇥一级指标⇥二级指标⇥三级指标⇥指标值
⇥⇥⇥⇥效益指标⇥社会效益指标⇥内涝情况⇥有所缓解
⇥路面养护⇥20⇥养护道路⇥产出指标⇥数量指标⇥养护里程⇥≥8公里
"""


def read(text: str) -> tuple[ProjectReading, ...]:
    text = text.replace("⇥", "\t")
    return extract(Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text)).projects


@pytest.mark.parametrize(
    "text", [TABS, REPEATED, RAGGED, STOREYS, PAGED], ids=["merged", "repeated", "ragged", "storeys", "paged"]
)
def test_each_project_of_a_list_is_read(text: str) -> None:
    projects = read(text)
    assert [(p.value(Field.NAME), p.value(Field.YEAR), p.value(Field.BUDGET_YEAR)) for p in projects] == [
        ("河渠清淤", 2024, "100000"),
        ("路面养护", 2024, "200000"),
    ]
    names = [[one.value(IndicatorField.LEVEL3) for one in project.indicators] for project in projects]
    assert names == [["清淤条数", "内涝情况"], ["养护里程"]]
    assert [{unit.role: unit.name for unit in project.units} for project in projects] == [
        {UnitRole.IMPLEMENTS: "甲市乙局"}
    ] * 2
    assert [project.value(Field.GOALS) for project in projects] == ["清理河渠三条", "养护道路"]


def test_scores_of_a_list_belong_to_their_project() -> None:
    (project,) = read(
        "2024年度项目支出绩效自评情况表\n单位：万元\n"
        "项目名称⇥全年预算数⇥全年执行数⇥执行率⇥一级指标⇥二级指标⇥三级指标⇥年度指标值⇥实际完成值⇥分值⇥得分⇥自评总分\n"
        "河渠清淤⇥10⇥9⇥90%⇥产出指标⇥数量指标⇥清淤条数⇥=3条⇥3条⇥90⇥90⇥99\n"
    )
    names = (Field.BUDGET_ADJUSTED, Field.EXECUTED, Field.EXECUTION_RATE, Field.TOTAL_SCORE)
    assert [project.value(name) for name in names] == ["100000", "90000", "90", "99"]
    assert project.indicators[0].value(IndicatorField.SCORE) == "90"


def test_list_of_a_whole_office_is_no_project() -> None:
    assert read(TABS.replace("部门预算项目支出绩效目标表", "部门整体支出绩效目标表")) == ()


def test_form_behind_a_list_is_a_form_of_its_own() -> None:
    head = "项目支出绩效目标表\n(2024年度)\n项目名称⇥公园修缮\n"
    form = head + "一级指标⇥二级指标⇥三级指标⇥指标值\n产出指标⇥数量指标⇥座数⇥2座\n"
    assert [project.value(Field.NAME) for project in read(TABS + form)] == ["河渠清淤", "路面养护", "公园修缮"]
