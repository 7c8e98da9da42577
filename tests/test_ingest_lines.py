"""Whole forms in one line, cut into rows."""

from __future__ import annotations

import pytest

from ingest import extract
from ingest.model import Document, IndicatorField, MediaType

HEAD = (
    "项目支出绩效自评表 (2023年度) 项目名称 河渠清淤 主管部门 甲市水利局 实施单位 甲市河渠中心 项目资金 (万元) "
    "年初预算数 全年预算数 全年执行数 分值 执行率 得分 年度资金总额: 10 10 10 10 100 10 上年结转资金 其他资金 "
    "年度总体目标 预期目标 实际完成情况 清理河渠三条。 已经清理三条。 "
    "绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施 "
)


@pytest.mark.parametrize(
    "reason", ["", "汛期延误，已补做。 ", "汛期 延误 "], ids=["none", "sentence", "words-before-a-level"]
)
def test_reason_of_a_row_stays_with_it(reason: str) -> None:
    body = f"产出指标(50分) 数量指标 清淤条数 =3条 3条 50 48 {reason}"
    body += "效益指标(40分) 社会效益指标 内涝情况 有所缓解 有所缓解 40 40 总分 100 98"
    doc = Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=HEAD + body)
    (project,) = extract(doc).projects
    names = [one.value(IndicatorField.LEVEL3) for one in project.indicators]
    levels = [one.value(IndicatorField.LEVEL1) for one in project.indicators]
    assert (names, levels) == (["清淤条数", "内涝情况"], ["产出指标", "效益指标"])
