"""Money of forms: the unit that a form declares, whatever its rows and columns are called."""

from __future__ import annotations

import pytest

from ingest import extract
from ingest.model import Document, Field, MediaType, ProjectReading

RESULTS = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n产出指标\t数量指标\t甲\t=1\t1\t90\t90\n"
TARGETS = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲\t=1\n"
USUAL = "年初预算数⇥全年预算数⇥全年执行数⇥分值⇥执行率⇥得分"


def read(text: str) -> ProjectReading:
    text = text.replace("⇥", "\t")
    doc = Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text)
    (project,) = extract(doc).projects
    return project


def self_evaluation(lines: str) -> ProjectReading:
    return read(f"项目支出绩效自评表\n(2024年度)\n项目名称\t甲\n{lines}\n{RESULTS}")


@pytest.mark.parametrize(
    ("unit", "figure"),
    [("元", "12,500,000.00"), ("千元", "12500"), ("万元", "1250"), ("百万元", "12.5"), ("亿元", "0.125")],
)
def test_money_is_read_in_the_unit_that_the_form_declares(unit: str, figure: str) -> None:
    project = self_evaluation(f"项目资金（{unit}）⇥⇥{USUAL}\n⇥年度资金总额⇥{figure}⇥{figure}⇥{figure}⇥10⇥100%⇥10")
    assert project.value(Field.EXECUTED) == "12500000"
    target = read(f"项目支出绩效目标表\n(2024年度)\n项目名称\t甲\n年度资金总额（{unit}）⇥{figure}\n{TARGETS}")
    assert target.value(Field.BUDGET_YEAR) == "12500000"


@pytest.mark.parametrize(
    "lines",
    [
        "项目资金（万元）⇥⇥全年预算数（A）⇥全年执行数（B）⇥执行率（B/A）⇥得分\n⇥年度财政资金总额⇥20⇥18⇥90%⇥9",
        "预算执行情况（万元）（20分）⇥⇥预算数（A）⇥执行数（B）⇥执行率（B/A）⇥得分（20分*执行率）\n⇥年度资金⇥20⇥18⇥90%⇥9",
        "项目资金（万元）⇥⇥全年预算数⇥全年执行数⇥执行率⇥自评得分\n⇥本项目共计⇥20⇥18⇥90%⇥9",
        "全年预算数（万元）⇥全年执行数（万元）⇥执行率⇥得分\n20⇥18⇥90%⇥9",
    ],
    ids=["fiscal-total", "letters", "nameless-total", "no-label"],
)
def test_total_is_the_first_row_of_figures(lines: str) -> None:
    project = self_evaluation(lines)
    names = (Field.BUDGET_ADJUSTED, Field.EXECUTED, Field.EXECUTION_RATE, Field.EXECUTION_SCORE)
    assert [project.value(name) for name in names] == ["200000", "180000", "90", "9"]


def test_figures_of_full_width_are_figures() -> None:
    project = self_evaluation(
        f"项目资金（万元）⇥⇥{USUAL}\n⇥年度资金总额⇥３２０．５⇥３１８．２５⇥３０１．８６⇥１０⇥９４．８５％⇥９．４９"
    )
    names = (Field.BUDGET_INITIAL, Field.EXECUTED, Field.EXECUTION_RATE, Field.EXECUTION_SCORE)
    assert [project.value(name) for name in names] == ["3205000", "3018600", "94.85", "9.49"]


@pytest.mark.parametrize(
    "line",
    ["资金总额及构成⇥总额⇥2300万元", "项目预算⇥成本构成⇥金额（万元）\n⇥维护费⇥800\n⇥合计⇥2300"],
    ids=["composition", "costs"],
)
def test_budget_of_a_target_form_may_stand_in_a_row_of_totals(line: str) -> None:
    project = read(f"项目支出绩效目标表\n(2024年度)\n项目名称\t甲\n{line}\n{TARGETS}")
    assert project.value(Field.BUDGET_YEAR) == "23000000"


@pytest.mark.parametrize(
    "head",
    [
        "年初预算 全年预算 全年执行\n分值 执行率 得分\n数 数 数",
        "全年预算 全年执行\n年初预算数 分值 执行率 得分\n数 数",
    ],
    ids=["all", "some"],
)
def test_head_whose_cells_are_two_lines_high_is_read(head: str) -> None:
    text = f"项目支出绩效自评表\n（2024年度）\n项目名称 甲乙丙\n{head}\n年度资金总额 10 20 18 10 90% 9\n"
    project = read(text + RESULTS.replace("\t", " "))
    names = (Field.BUDGET_INITIAL, Field.BUDGET_ADJUSTED, Field.EXECUTED, Field.EXECUTION_RATE, Field.EXECUTION_SCORE)
    assert [project.value(name) for name in names] == ["100000", "200000", "180000", "90", "9"]
