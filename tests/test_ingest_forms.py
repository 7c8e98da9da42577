"""Where forms begin and end, and what is none."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from ingest import read_document
from ingest.forms import Form, find_forms
from ingest.model import Document, FormKind, MediaType

SEEDS = Path(__file__).parent.parent / "seeds"
TARGET, SELF = FormKind.TARGET, FormKind.SELF_EVALUATION
BODY = "主管部门\t甲市乙局\t实施单位\t甲市丙中心\n年度资金总额\t1\t1\t1\t10\t100\t10\n"
TABLE = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n产出指标\t数量指标\t甲\t=1\t1\t90\t90\n"


def forms(text: str) -> tuple[Form, ...]:
    return find_forms(Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text))


@pytest.mark.parametrize(
    ("seed", "kind", "years"),
    [
        ("000", TARGET, [2020] * 9),
        ("001", SELF, [2024, 2024, 2024, None, 2024, None, None, None, 2024, 2024]),
        ("002", SELF, [2023] * 3),
        ("003", TARGET, [2020] * 7),
        ("004", SELF, [2024] * 3),
    ],
    ids=["000", "001", "002", "003", "004"],
)
def test_find_forms_cuts_the_seeds(seed: str, kind: FormKind, years: list[int | None]) -> None:
    found = find_forms(read_document(next(SEEDS.glob(f"{seed}_*.txt"))))
    assert [form.year for form in found] == years
    assert {form.kind for form in found} == {kind}
    assert all(left.span.end <= right.span.start for left, right in pairwise(found))


@pytest.mark.parametrize(
    ("head", "kind", "year"),
    [
        ("财政项目支出绩效自评表\n(2023 年度)\n", SELF, 2023),
        ("# 2022年度项目支出绩效自评表\n", SELF, 2022),
        ("附件2-1：项目支出绩效自评表（2021年度）\n", SELF, 2021),
        ("（二〇二四年度）\n", SELF, 2024),
        ("（２０２４年度）\n", SELF, 2024),
        ("(2020)年度\t\t\t\n", SELF, 2020),
        ("（2024年度）\t\t单位：万元\n", SELF, 2024),
        ("", SELF, None),
        ("项目支出绩效目标申报表\n(2026年度)\n", TARGET, 2026),
    ],
    ids=[
        "two-lines",
        "in-title",
        "annex",
        "chinese-year",
        "full-width-year",
        "bracketed-year",
        "with-unit",
        "bare",
        "target",
    ],
)
def test_find_forms_reads_heads(head: str, kind: FormKind, year: int | None) -> None:
    (form,) = forms(head + "项目名称\t河道保洁\n" + BODY + TABLE)
    assert (form.kind, form.year, form.name) == (kind, year, "河道保洁")


@pytest.mark.parametrize(
    "text",
    [
        "项目支出绩效自评表............12\n项目支出绩效目标表............15\n",
        "详见附件项目支出绩效自评表\n",
        "根据《项目支出绩效目标表》编制要求\n项目名称：甲\n",
        "部门整体支出绩效自评表\n(2023年度)\n部门名称\t甲局\n" + TABLE,
        "项目支出绩效自评结果汇总表\n序号\t项目名称\t年初预算数\t全年预算数\n1\t甲\t1\t1\n",
        "项目名称：甲工程\n开标时间：上午九点\n",
        "",
    ],
    ids=["contents", "reference", "citation", "whole-office", "summary", "tender", "empty"],
)
def test_find_forms_leaves_what_is_none(text: str) -> None:
    assert forms(text) == ()


def test_find_forms_starts_anew_at_each_head() -> None:
    one = "项目支出绩效自评表\n(2023年度)\n项目名称\t甲\n" + BODY + TABLE
    assert [form.name for form in forms(one + one.replace("\t甲\n", "\t乙\n"))] == ["甲", "乙"]


def test_find_forms_joins_pages_with_the_same_head() -> None:
    head = "项目支出绩效自评表\n(2023年度)\n项目名称\t甲\n"
    (form,) = forms(head + BODY + TABLE + "\f" + head + TABLE)
    assert len([row for row in form.rows if row.cells[0].text == "一级指标"]) == 2


def test_find_forms_starts_after_a_grade_where_the_next_head_is_lost() -> None:
    one = "项目名称\t甲\n" + BODY + TABLE + "总分\t\t\t\t\t100\t99\n评分等级\t优\n"
    lost = "\t\t乙专项\n" + BODY + TABLE
    assert [len(form.rows) for form in forms("(2023年度)\n" + one + lost)] == [8, 5]


def test_find_forms_ends_before_the_next_chapter() -> None:
    text = "项目名称\t甲\n" + BODY + TABLE + "二、存在的问题\n执行偏慢。\n"
    (form,) = forms(text)
    assert text[form.span.end :].strip().startswith("二、")


def test_find_forms_drops_page_marks() -> None:
    (form,) = forms("项目名称\t甲\n- 3 -\n" + BODY + "第 4 页 共 9 页\n" + TABLE)
    assert not any("页" in cell.text or cell.text == "- 3 -" for row in form.rows for cell in row.cells)


def test_find_forms_reads_a_head_that_stands_in_one_cell() -> None:
    head = '<p style="text-align: center;">绩效目标表</p> <p>(2020年度)</p> <p>申报单位名称：甲市乙局</p>\t\t\t\n'
    (form,) = forms(head + "项目名称：\t甲\n项目总预算（元）：\t1\n" + TABLE)
    assert [row.cells[0].text for row in form.rows[:3]] == ["绩效目标表", "(2020年度)", "申报单位名称：甲市乙局"]
    assert (form.year, form.name) == (2020, "甲")
