"""Fields at the head of a form, its units and its money."""

from __future__ import annotations

import pytest

from ingest import extract
from ingest.model import Document, Field, MediaType, ProjectReading, UnitRole, WarningCode

TABLE = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲\t=1\n"
RESULTS = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n产出指标\t数量指标\t甲\t=1\t1\t90\t90\n"


def read(text: str) -> ProjectReading:
    text = text.replace("⇥", "\t")
    doc = Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text)
    (project,) = extract(doc).projects
    for reading in project.readings:
        assert all(doc.quote(span) for span in reading.spans), reading
    return project


def target(lines: str) -> ProjectReading:
    return read(f"项目支出绩效目标表\n(2024年度)\n{lines}\n{TABLE}")


def self_evaluation(lines: str, *, results: str = "") -> ProjectReading:
    return read(f"项目支出绩效自评表\n(2024年度)\n项目名称\t甲\n{lines}\n{RESULTS}{results}")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("项目名称：河道保洁", "河道保洁"),
        ("项目名称*：⇥河道保洁", "河道保洁"),
        ("项 目 名 称⇥河道保洁", "河道保洁"),
        ("项目⇥名称⇥⇥河道保洁", "河道保洁"),
        ("项目名称⇥330102240001-河道保洁", "330102240001-河道保洁"[13:]),
        ("项目名称⇥51012323T000008123456-河道保洁", "河道保洁"),
        ("项目名称⇥12345热线运行", "12345热线运行"),
        ("项目名称⇥2024年河道保洁", "2024年河道保洁"),
        ("项目名称⇥河道保洁（一期）⇥项目类别⇥一次性", "河道保洁（一期）"),
    ],
    ids=["colon", "star", "spaced", "cut-label", "digits-code", "letter-code", "hotline", "year", "neighbour"],
)
def test_name_is_read(line: str, name: str) -> None:
    assert target(line).value(Field.NAME) == name


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("计划开始日期⇥2024/2/1⇥计划完成日期⇥2024-12-31", "2024-02-01", "2024-12-31"),
        ("开始日期：⇥2024年3月⇥完成日期：⇥2024.11.30", "2024-03", "2024-11-30"),
        ("项目起止时间⇥2024年3月至2025年6月", "2024-03", "2025-06"),
        ("起止时间⇥2024-01-01～2024-12-31", "2024-01-01", "2024-12-31"),
        ("实施期限⇥2024年1-12月", "2024-01", "2024-12"),
        ("项目期⇥3年", None, None),
        ("计划开始日期⇥2024-02-30⇥计划完成日期⇥另定", None, None),
    ],
    ids=["slashes", "months", "period", "wave", "months-only", "years", "no-dates"],
)
def test_dates_are_iso_or_absent(line: str, start: str | None, end: str | None) -> None:
    project = target("项目名称⇥甲\n" + line)
    assert (project.value(Field.START_DATE), project.value(Field.END_DATE)) == (start, end)


@pytest.mark.parametrize(
    ("value", "read_as"),
    [("是", True), ("否", False), ("是☑ 否□", True), ("□是 ☑否", False), ("是□ 否□", None), ("待定", None)],
    ids=["yes", "no", "ticked-behind", "ticked-before", "none-ticked", "other"],
)
def test_procurement_is_a_boolean(value: str, read_as: bool | None) -> None:
    project = target(f"项目名称⇥甲\n是否含有政府购买服务：⇥{value}⇥绩效类型：⇥其他")
    assert project.value(Field.GOVERNMENT_PROCUREMENT) is read_as
    assert project.value(Field.PERFORMANCE_TYPE) == "其他"


@pytest.mark.parametrize(
    ("line", "name", "code"),
    [
        ("主管部门⇥219-甲市乙局", "甲市乙局", "219"),
        ("主管部门及代码⇥[045]甲市乙局", "甲市乙局", "045"),
        ("主管部门⇥甲市乙局[068]", "甲市乙局", "068"),
        ("主管部门（盖章）：甲市乙局", "甲市乙局", None),
        ("主管部门⇥甲市乙局（公章）", "甲市乙局", None),
        ("主管部门⇥12345热线管理局", "热线管理局", "12345"),
    ],
    ids=["dash", "brackets", "behind", "seal-label", "seal-value", "figures"],
)
def test_units_lose_their_codes(line: str, name: str, code: str | None) -> None:
    (unit,) = target("项目名称⇥甲\n" + line).units
    assert (unit.role, unit.name, unit.code) == (UnitRole.SUPERVISES, name, code)


def test_unit_without_label_stands_before_the_next() -> None:
    project = self_evaluation("甲市乙局⇥实施单位⇥甲市丙中心\n年度资金总额⇥1⇥1⇥1⇥10⇥100⇥10")
    assert {unit.role: unit.name for unit in project.units} == {
        UnitRole.IMPLEMENTS: "甲市丙中心",
        UnitRole.SUPERVISES: "甲市乙局",
    }
    assert any(warning.code is WarningCode.LOST_CELL for warning in project.warnings)


@pytest.mark.parametrize(
    ("lines", "total", "year"),
    [
        ("项目总预算（元）：⇥1,234.50⇥项目当年预算（元）：⇥1,000", "1234.5", "1000"),
        ("项目资金（万元）⇥项目资金总额⇥12.5⇥年度资金申请总额⇥3", "125000", "30000"),
        ("单位：万元\n年度资金总额⇥3", None, "30000"),
        ("资金总额：126.75万元", None, "1267500"),
        ("项目资金（万元）⇥80⇥其中：财政拨款⇥80", None, "800000"),
        ("项目资金（元）⇥年度资金总额⇥—", None, None),
    ],
    ids=["yuan", "wan", "unit-line", "own-unit", "bare", "dash"],
)
def test_budgets_are_yuan(lines: str, total: str | None, year: str | None) -> None:
    project = target("项目名称⇥甲\n" + lines)
    assert (project.value(Field.BUDGET_TOTAL), project.value(Field.BUDGET_YEAR)) == (total, year)


HEAD = "项目资金（万元）⇥⇥年初预算数⇥全年预算数⇥全年执行数⇥分值⇥执行率⇥得分\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (HEAD + "⇥年度资金总额⇥3⇥2⇥1⇥10⇥50⇥5", ("30000", "20000", "10000", "50", "5")),
        (HEAD + "⇥年度资金总额⇥3⇥⇥1⇥10⇥⇥", ("30000", None, "10000", None, None)),
        (HEAD + "⇥年度资金总额: 3 2⇥⇥1⇥10⇥50⇥5", ("30000", "20000", "10000", "50", "5")),
        (HEAD + "⇥年度资金总额⇥3⇥2⇥1⇥—⇥50%⇥—", ("30000", "20000", "10000", "50", None)),
        (HEAD + "⇥年度资金总额⇥0⇥0⇥0⇥10⇥0⇥0\n⇥其中：财政拨款⇥3⇥2⇥1", ("30000", "20000", "10000", None, None)),
        (HEAD + "⇥年度资金总额⇥0⇥0⇥0⇥10⇥0⇥0\n⇥其中：财政拨款⇥0⇥0⇥0", ("0", "0", "0", "0", "0")),
        (HEAD + "⇥年度资金总额⇥⇥⇥⇥10⇥⇥\n⇥其中：财政拨款⇥3⇥2⇥1", ("30000", "20000", "10000", None, None)),
        ("年度资金总额 3 2 1 10 50 5", ("30000", "20000", "10000", "50", "5")),
        (HEAD + "⇥年度资金总额 3 2 7 1⇥⇥⇥10⇥50⇥5", ("30000", "20000", "10000", "50", "5")),
    ],
    ids=[
        "aligned",
        "lost-cell",
        "in-label",
        "dashes",
        "zero-total",
        "zero-all",
        "empty-total",
        "no-head",
        "ghost-figure",
    ],
)
def test_fund_table_is_read(lines: str, expected: tuple[str | None, ...]) -> None:
    project = self_evaluation(lines)
    names = (Field.BUDGET_INITIAL, Field.BUDGET_ADJUSTED, Field.EXECUTED, Field.EXECUTION_RATE, Field.EXECUTION_SCORE)
    assert tuple(project.value(name) for name in names) == expected


@pytest.mark.parametrize(
    ("results", "score", "grade"),
    [
        ("总分⇥⇥⇥⇥⇥100⇥98.5\n评分等级⇥优", "98.5", "优"),
        ("总分⇥⇥⇥⇥115⇥100⇥99.93\n", "99.93", None),
        ("⇥总分⇥⇥⇥⇥⇥98.56\n评分等⇥F级⇥⇥⇥优", "98.56", "优"),
        ("评分等⇥= 4B⇥总分⇥⇥优⇥100⇥99.94\n", "99.94", "优"),
        ("⇥'⇥•⇥•⇥100.00⇥99.96\n评分等级", "99.96", None),
        ("自评总分⇥95分\n自评等级：优□ 良☑", "95", "良"),
        ("总分⇥⇥⇥⇥⇥100⇥\n评分等级⇥⇥", None, None),
        ("总分⇥⇥⇥⇥⇥⇥100\n", "100", None),
        ("评分等级 优⇥⇥\n", None, "优"),
    ],
    ids=[
        "plain",
        "stray-figure",
        "one-figure",
        "both-in-a-row",
        "lost-label",
        "ticked",
        "only-weight",
        "full-score",
        "in-label",
    ],
)
def test_results_are_read(results: str, score: str | None, grade: str | None) -> None:
    project = self_evaluation("年度资金总额⇥1⇥1⇥1⇥10⇥100⇥10", results=results)
    assert (project.value(Field.TOTAL_SCORE), project.value(Field.GRADE)) == (score, grade)


@pytest.mark.parametrize(
    ("text", "year", "code"),
    [
        ("项目支出绩效目标表\n项目名称⇥甲\n计划开始日期⇥2024-01-01⇥计划完成日期⇥2024-12-31\n", 2024, "inferred_value"),
        ("甲局2023年度部门决算\n项目支出绩效目标表\n项目名称⇥甲\n", 2023, "inferred_value"),
        ("项目支出绩效目标表\n项目名称⇥甲\n计划开始日期⇥2023-01-01⇥计划完成日期⇥2024-12-31\n", None, "lost_cell"),
    ],
    ids=["period", "document", "two-years"],
)
def test_lost_year_is_inferred_or_missed(text: str, year: int | None, code: str) -> None:
    project = read(text + TABLE)
    assert project.value(Field.YEAR) == year
    assert code in {warning.code.value for warning in project.warnings}


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("1、部门预算项目☑  2、市直专项□  3、转移支付项目□", "部门预算项目"),
        ("新增项目（ ） 延续项目（√）", "延续项目"),
        ("□新增项目 ■延续项目", "延续项目"),
        ("(31)部门预算项目", "部门预算项目"),
        ("31-部门预算项目", "部门预算项目"),
        ("2024年度重点项目", "2024年度重点项目"),
    ],
    ids=["numbered-boxes", "brackets", "boxes-before", "code-in-brackets", "code", "no-code"],
)
def test_kind_is_the_one_that_is_ticked_without_its_code(printed: str, kind: str) -> None:
    assert target(f"项目名称⇥甲\n项目类别⇥{printed}").value(Field.CATEGORY) == kind


@pytest.mark.parametrize(
    "line",
    [
        "专项资金名称⇥河道保洁⇥负责人及电话⇥王某 0571-8888",
        "专项资金名称⇥河道保洁⇥归口科室⇥农业科",
        "专项资金名称⇥河道保洁⇥项目立项代码⇥A01",
    ],
    ids=["telephone", "section", "code"],
)
def test_labels_of_nobodys_list_end_a_value(line: str) -> None:
    project = target(f"{line}\n县级主管部门⇥甲县水利局(部门)⇥实施单位⇥甲县河湖中心")
    assert project.value(Field.NAME) == "河道保洁"
    assert {unit.role: unit.name for unit in project.units} == {
        UnitRole.SUPERVISES: "甲县水利局",
        UnitRole.IMPLEMENTS: "甲县河湖中心",
    }


def test_name_of_three_lines_of_plain_text_is_joined() -> None:
    name = "甲市乙区老旧小区道路\n项目名称 照明设施节能改造与日常 项目性质 经常性项目\n维护专项"
    table = TABLE.replace("\t", " ")
    project = read(f"项目支出绩效目标表\n（2024年度）\n{name}\n主管部门 甲市乙局 实施单位 甲市丙中心\n{table}")
    assert project.value(Field.NAME) == "甲市乙区老旧小区道路照明设施节能改造与日常维护专项"
