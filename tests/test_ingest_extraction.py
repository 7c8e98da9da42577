"""Forms in many layouts, each with what a careful reader finds in it (`tests/data/forms`), and the golden seeds."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import extract, read_document
from ingest.cleaning import clean
from ingest.model import SECTIONS, Document, Extraction, MediaType, ReadingWarning, Span, WarningCode

FORMS = Path(__file__).parent / "data" / "forms"
CASES = sorted(path for path in FORMS.glob("*.json") if not path.name.startswith("forms_ind_"))


def document(text: str, *, name: str = "表.txt") -> Document:
    return Document(name=name, sha256="0" * 64, media_type=MediaType.TEXT, text=text)


def read(case: Path) -> tuple[Extraction, list[dict[str, Any]]]:
    source = next(path for path in FORMS.glob(case.stem + ".*") if path.suffix != ".json")
    return extract(read_document(source)), json.loads(case.read_text(encoding="utf-8"))["projects"]


def all_spans(extraction: Extraction) -> list[Span]:
    spans: list[Span] = [citation.span for citation in extraction.citations]
    for project in extraction.projects:
        spans += [span for reading in project.readings for span in reading.spans]
        spans += [span for unit in project.units for span in unit.spans]
        spans += [span for task in project.tasks for span in task.spans]
        spans += [span for row in project.indicators for reading in row.readings for span in reading.spans]
        spans += [citation.citation.span for citation in project.citations]
    return spans


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_extract_reads_fields_and_units(case: Path) -> None:
    extraction, expected = read(case)
    assert [project.kind.value for project in extraction.projects] == [project["kind"] for project in expected]
    for project, gold in zip(extraction.projects, expected, strict=True):
        assert {reading.name.value: reading.value for reading in project.readings} == gold["fields"]
        assert {unit.role.value: unit.name for unit in project.units} == gold["units"]
        assert [[task.number, task.name] for task in project.tasks] == gold.get("tasks", [])
        assert set(gold.get("doubts", [])) <= {warning.code.value for warning in project.warnings}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_extract_quotes_the_document(case: Path) -> None:
    extraction, _ = read(case)
    doc = extraction.document
    assert all(span.start < span.end <= len(doc.text) for span in all_spans(extraction))
    for project in extraction.projects:
        for reading in project.readings:
            quoted = "".join(clean(doc.quote(span)).text for span in reading.spans)
            assert quoted
            if reading.name in SECTIONS:
                assert re.sub(r"[\s\-]", "", str(reading.value)) in re.sub(r"[\s\-]", "", quoted)


def _tabs(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def _pipes(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def _html(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _plain(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(" ".join(cell for cell in row if cell) for row in rows)


WORDS = st.text(st.sampled_from("河道保洁养护经费照明公园绿地学校设备购置系统"), min_size=4, max_size=12)
MONEY = st.decimals(min_value=1, max_value=9999, places=2)


@settings(max_examples=40, deadline=None)
@given(name=WORDS, budgets=st.tuples(MONEY, MONEY, MONEY), score=st.integers(60, 100), year=st.integers(2015, 2035))
def test_extract_reads_the_same_from_every_layout(
    name: str, budgets: tuple[Any, Any, Any], score: int, year: int
) -> None:
    rows = [
        ["项目支出绩效自评表", "", "", "", "", "", "", ""],
        [f"（{year}年度）", "", "", "", "", "", "", ""],
        ["项目名称", name, "", "", "", "", "", ""],
        ["主管部门", "甲市教育局", "实施单位", "甲市第一中学", "", "", "", ""],
        ["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分", ""],
        ["年度资金总额", *(str(amount) for amount in budgets), "10", "95%", "9.5", ""],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
        ["产出指标", "数量指标", "完成数量", "=1个", "1个", "90", "90", ""],
        ["总分", "", "", "", "", "100", str(score), ""],
    ]
    readings = []
    for layout in (_tabs, _pipes, _html, _plain):
        (project,) = extract(document(layout(rows))).projects
        readings.append(
            (
                {reading.name.value: reading.value for reading in project.readings},
                [unit.name for unit in project.units],
            )
        )
    assert readings[0][0]["name"] == name
    assert readings[0][0]["executed"] == format((budgets[2] * 10000).normalize(), "f")
    assert readings[0][0]["total_score"] == str(score)
    assert all(reading == readings[0] for reading in readings)


LABELS = ["项目名称", "主管部门", "绩效自评表", "年度资金总额", "一级指标", "三级指标", "总分", "评分等级", "立项依据"]
SIGNS = ["：", "\t", "\n", " ", "|", "<td>", "</td>", "<tr>", "。", "《", "》", "\f", "1、", "1.5", "优", "河道"]
TITLES = ["（2024年度）", "项目经费情况说明", "实际完成情况", "预期目标"]
PIECES = st.sampled_from([*LABELS, *SIGNS, *TITLES])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_extract_survives_anything(pieces: list[str]) -> None:
    extraction = extract(document("".join(pieces)))
    assert all(0 <= span.start <= span.end <= len(extraction.document.text) for span in all_spans(extraction))


def test_extract_warns_of_a_title_without_its_form() -> None:
    extraction = extract(document("附件2\n项目支出绩效自评表\n（图片）\n"))
    assert extraction.projects == ()
    assert ["项目支出绩效自评表" in warning.message for warning in extraction.warnings] == [True]


def test_extract_leaves_the_warnings_of_the_document_with_it() -> None:
    doubt = ReadingWarning(code=WarningCode.UNDECODABLE, message="有 3 个字无法解码")
    doc = replace(document("正文"), warnings=(doubt,))
    extraction = extract(doc)
    assert (extraction.document.warnings, extraction.warnings) == ((doubt,), ())  # readers of both would say it twice


HEAD = "项目支出绩效自评表\n（2020年度）\n项目名称\t甲桥维护\n主管部门\t甲局\t实施单位\t甲中心\n"
TABLE = HEAD + "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因\n"
HOSTILE = {
    "short lines": (HEAD, "甲\n"),
    "numbered lines": (HEAD + "项目概况\t", "1、甲\n"),
    "goals again": (HEAD, "\n年度总体目标：\n1、甲乙丙丁\n"),
    "labels without text": (HEAD, "年度总体目标：\n立项依据：\n"),
    "years": ("", "2020年度\n"),
    "tabs": (HEAD, "甲\t"),
    "levels in one line": (TABLE, "三级指标\t"),
    "heads of tables": (TABLE, "一级指标\t二级指标\t三级指标\n"),
    "totals": (TABLE, "总分\t100\n"),
    "cut words": (TABLE, "产出\n指标\n数量\n"),
    "damaged labels": (TABLE, "际完成情\t页期目标\n"),
    "forms": ("", HEAD),
    "brackets": (HEAD, "（("),
}


@pytest.mark.parametrize(("head", "unit"), HOSTILE.values(), ids=HOSTILE)
def test_extract_takes_steps_in_proportion_to_the_text(head: str, unit: str) -> None:
    def steps(size: int) -> int:
        text = head + unit * (size // len(unit))
        doc = Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text)
        counted = 0

        def count(_frame: FrameType, event: str, _arg: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            extract(doc)
        finally:
            sys.setprofile(None)
        return counted

    size = 4_000 if "立项依据" in unit else 1_500
    steps(1_000)  # word lists are loaded once
    assert steps(2 * size) < 2.15 * steps(size)
