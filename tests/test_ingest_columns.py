from __future__ import annotations

import pytest

from ingest.columns import Role, ends_table, is_furniture, read_header, roles_named
from ingest.model import Cell, Row, Span


def make_row(line: str) -> Row:
    cells = tuple(Cell(text=part, span=Span(start=0, end=0)) for part in line.split("|"))
    return Row(cells=cells, span=Span(start=0, end=0))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("一级指标", [Role.LEVEL1]),
        ("二级 目标", [Role.LEVEL2]),
        ("三级扫", [Role.LEVEL3]),
        ("指标目标值", [Role.TARGET]),
        ("年度(/项目)指标值", [Role.TARGET]),
        ("年度指标值（A）", [Role.TARGET]),
        ("全年实际完成值", [Role.ACTUAL]),
        ("实际完成值 分值", [Role.ACTUAL, Role.WEIGHT]),
        ("指标性质", [Role.NATURE]),
        ("度量单位", [Role.UNIT]),
        ("分值（权重）", [Role.WEIGHT]),
        ("得分", [Role.SCORE]),
        ("偏差原因 及改进扩", [Role.REASON]),
        ("未完成原因和改进措施", [Role.REASON]),
        ("评分标准", [Role.OTHER]),
        ("绩效指标（权重分值90分，其中产出指标分值50分）", [Role.OTHER]),
        ("当年预期实现值", [Role.TARGET]),
        ("项目名称", []),
        ("按照一级响应" * 20, []),
        ("", []),
    ],
)
def test_roles_named_reads_the_words_of_a_head(text: str, roles: list[Role]) -> None:
    assert list(roles_named(text)) == roles


def test_read_header_gives_columns_with_their_widths() -> None:
    header = read_header([make_row("一级指标|二级指标|三级指标||年度指标值|分值|得分|偏差原因分析及改进措施|")], 0)
    assert header is not None
    assert [(column.role, column.first, column.last) for column in header.columns] == [
        (Role.LEVEL1, 0, 0),
        (Role.LEVEL2, 1, 1),
        (Role.LEVEL3, 2, 3),
        (Role.TARGET, 4, 4),
        (Role.WEIGHT, 5, 5),
        (Role.SCORE, 6, 6),
        (Role.REASON, 7, 8),
    ]
    assert (header.rows, header.width) == (1, 9)


def test_read_header_takes_what_lies_unnamed_before_the_values_for_the_names() -> None:
    header = read_header([make_row("一级|二级||岩 标|年度指标值|分值|得分")], 0)
    assert header is not None
    assert [(c.role, c.first, c.last) for c in header.columns if c.role is Role.LEVEL3] == [(Role.LEVEL3, 2, 3)]


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (["一级|二级|三级指标|年度指标值|得分", "指标|指标|||", "产出指标|数量指标|甲项|1个|1"], 2),
        (["一级|二级|三级指标|年度指标值|得分", "-7|||HL|19", "指标|指标|||及改进措施"], 3),
        (["一级指标|二级指标|三级指标|年度指标值|得分", "指标|指标|||"], 1),
        (["一级指标|二级指标|三级指标|年度指标值|得分", "产出指标|数量指标|甲项|1个|1", "指标|指标|||及改进措施"], 1),
        (["一级指标|二级指标|三级指标|绩效情况|", "|||年度指标值|实际完成值"], 2),
    ],
)
def test_read_header_takes_the_rows_that_finish_it(lines: list[str], rows: int) -> None:
    header = read_header([make_row(line) for line in lines], 0)
    assert header is not None
    assert header.rows == rows


@pytest.mark.parametrize(
    "line",
    ["项目名称|道路养护|项目类别|其他", "一级响应|二级响应|三级响应|人数", "产出指标|数量指标|甲项|1个", "一级指标"],
)
def test_read_header_of_any_other_row_is_none(line: str) -> None:
    assert read_header([make_row(line)], 0) is None


@pytest.mark.parametrize(
    ("line", "yes"),
    [
        ("总分||||100.00|93.92|", True),
        ("||总分|||100.00|93.46", True),
        ("评分等|级|||优", True),
        ("评分等级优|", True),
        ("合计|100|98", True),
        ("联系人：|张三", True),
        ("||等级医院评审|通过|达成预期指标|40|40", False),
        ("产出指标|数量指标|合计处理件数|≥3件", False),
        ("||备注栏填写完整率|=100%", False),
    ],
)
def test_ends_table_tells_the_last_rows_from_indicators(line: str, yes: bool) -> None:
    assert ends_table(make_row(line)) is yes


@pytest.mark.parametrize(
    ("line", "yes"),
    [
        ("财政项目支出绩效自评表|", True),
        ("(2023 年度)", True),
        ("项目名称|甲", True),
        ("产出指标|数量指标|甲项|1个", False),
    ],
)
def test_is_furniture_knows_the_heads_of_forms(line: str, yes: bool) -> None:
    assert is_furniture(make_row(line)) is yes
