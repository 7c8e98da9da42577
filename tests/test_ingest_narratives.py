"""Projects told in sentences: years, money and units read only where they are said."""

from __future__ import annotations

import pytest

from ingest import extract
from ingest.model import Document, Field, MediaType, ProjectReading, UnitRole
from ingest.short_names import write_out


def read(body: str, *, before: str = "") -> ProjectReading:
    text = f"{before}甲工程项目经费情况说明\n{body}\n"
    doc = Document(name="说明.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text)
    (project,) = extract(doc).projects
    assert all(doc.quote(span) for reading in project.readings for span in reading.spans)
    return project


@pytest.mark.parametrize(
    ("body", "year"),
    [
        ("四、实施方案\n计划于2026年三季度完工。", 2026),
        ("四、实施方案\n项目已于2025年开工，计划于2026年完工。", 2026),
        ("六、年度预算安排\n2025年预算安排5万元。", 2025),
        (
            "一、项目概述\n已于2025年10月开工。\n六、年度预算安排\n2025年安排建设资金5万元。\n四、实施方案\n拟2026年完工。",
            2026,
        ),
        ("一、项目概述\n本工程位于甲路。", None),
        ("二、立项依据\n依据2024年3月的复函。", None),
    ],
    ids=["planned", "after-start", "budget", "past-budget", "none", "basis-only"],
)
def test_year_is_the_first_that_is_planned(body: str, year: int | None) -> None:
    assert read(body).value(Field.YEAR) == year


def test_year_of_the_documents_title_comes_first() -> None:
    project = read("四、实施方案\n计划于2027年完工。", before="甲局2026年部门预算\n")
    assert project.value(Field.YEAR) == 2026


@pytest.mark.parametrize(
    ("text", "total", "year"),
    [
        ("可研批复总投资为13526.06万元，其中工程费11668.67万元。2026年预算安排300万元。", "135260600", "3000000"),
        ("已于2025年6月开工。2025年安排建设资金5000万元。计划于2026年完工。", None, None),
        ("本项目年度预算为86.5万元。拟2026年实施。", None, "865000"),
        ("资金来源为区级财政资金。拟2026年实施。", None, None),
    ],
    ids=["both", "other-year", "no-year-said", "no-figure"],
)
def test_money_belongs_to_its_year(text: str, total: str | None, year: str | None) -> None:
    project = read(f"六、年度预算安排\n{text}")
    assert (project.value(Field.BUDGET_TOTAL), project.value(Field.BUDGET_YEAR)) == (total, year)


@pytest.mark.parametrize(
    ("body", "units"),
    [
        ("三、实施主体\n实施单位为甲市乙局，监理单位为丙公司。", {UnitRole.IMPLEMENTS: "甲市乙局"}),
        ("三、实施主体\n甲市乙中心", {UnitRole.IMPLEMENTS: "甲市乙中心"}),
        (
            "三、实施主体\n产权单位为区文旅局，建设单位为江城市滨江区文化馆。",
            {UnitRole.SUPERVISES: "江城市滨江区文化和旅游局", UnitRole.IMPLEMENTS: "江城市滨江区文化馆"},
        ),
        (
            "三、实施主体\n项目主管部门为甲市文化和旅游局，实施单位为甲市图书馆。",
            {UnitRole.SUPERVISES: "甲市文化和旅游局", UnitRole.IMPLEMENTS: "甲市图书馆"},
        ),
        ("三、实施主体\n由甲市图书馆负责实施。", {UnitRole.IMPLEMENTS: "甲市图书馆"}),
        ("三、实施主体\n按程序确定。", {}),
    ],
    ids=["sentence", "bare", "short-name", "and-within", "by", "none"],
)
def test_units_are_named_in_so_many_words(body: str, units: dict[UnitRole, str]) -> None:
    assert {unit.role: unit.name for unit in read(body).units} == units


@pytest.mark.parametrize(
    ("text", "name", "full"),
    [
        ("位于江城市滨江区某路，江城市滨江区财政局批复。", "区文旅局", "江城市滨江区文化和旅游局"),
        ("位于江城市滨江区某路。", "区教育局", "江城市滨江区教育局"),
        ("公共服务区与后勤区。", "区教育局", None),
        ("江城市滨江区与江城市东湖区。", "区教育局", None),
        ("江城市滨江区。", "江城市教育局", None),
    ],
    ids=["twice", "once", "no-place", "two-places", "no-short-name"],
)
def test_write_out_needs_one_place(text: str, name: str, full: str | None) -> None:
    assert write_out(text, name) == full
