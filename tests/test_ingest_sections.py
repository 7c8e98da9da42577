"""Text sections as written, over page breaks, and the sub-projects numbered in them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import extract
from ingest.model import Document, Field, MediaType, ProjectReading, Span, WarningCode
from ingest.prose import join_prose
from ingest.tasks import find_tasks
from ingest.weaving import is_garbled

TABLE = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t甲\t=1\n"


def document(text: str) -> Document:
    return Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=text.replace("⇥", "\t"))


def target(lines: str) -> tuple[Document, ProjectReading]:
    doc = document(f"财政项目支出绩效目标表\n(2024年度)\n项目名称⇥甲\n{lines}\n{TABLE}")
    (project,) = extract(doc).projects
    return doc, project


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("立项依据：⇥依据一。⇥⇥", "依据一。"),
        ("立项依据：\n\n依据一。\n\n项目总预算（元）：⇥1", "依据一。"),
        ("立项依据：⇥依据的前⇥⇥\n\n⇥半与后半。⇥⇥\n项目概况：⇥概况。", "依据的前半与后半。"),
        ("立项依据：⇥<p>一、甲</p> <p>乙乙</p>", "一、甲\n乙乙"),
        ("立项依据：⇥第一行没有写\n完的句子。\n另起一句。\n项目概况：概况", "第一行没有写完的句子。\n另起一句。"),
        ("立项依据：⇥1.甲。 2.乙。 3.丙。", "1.甲。\n2.乙。\n3.丙。"),
        ("立项依据（300字以内）：依据一。", "依据一。"),
        ("项目立项依据⇥依据一。⇥⇥项目概况⇥概况一。", "依据一。"),
        ("一、立项依据：⇥依据一。", "依据一。"),
        ("立项依据：⇥政策依据：依据一。 文件依据：依据二。", "政策依据：依据一。文件依据：依据二。"),
    ],
    ids=[
        "cell",
        "own-line",
        "page-break",
        "paragraphs",
        "wrapped",
        "list",
        "bracket",
        "two-in-a-row",
        "numbered-label",
        "label-in-text",
    ],
)
def test_section_is_read_as_written(lines: str, expected: str) -> None:
    doc, project = target(lines)
    reading = next(reading for reading in project.readings if reading.name is Field.BASIS)
    assert reading.value == expected
    assert join_prose(doc, reading.spans).text == expected


def test_section_whose_label_a_page_break_has_put_below() -> None:
    lines = "项目设立的必要性：⇥必要。⇥\n⇥1、措施的前⇥\n\n保证项目实施的制度、措施：⇥半与后半。⇥"
    _, project = target(lines)
    assert project.value(Field.NECESSITY) == "必要。"
    assert project.value(Field.MEASURES) == "1、措施的前半与后半。"
    assert any(warning.code is WarningCode.MENDED_CELL for warning in project.warnings)


def test_section_cut_off_in_the_source_is_marked() -> None:
    _, project = target("立项依据：⇥《甲办法》、《乙市")
    assert project.value(Field.BASIS) == "《甲办法》、《乙市"
    assert any(warning.code is WarningCode.TRUNCATED for warning in project.warnings)


def test_citations_know_their_section() -> None:
    _, project = target(
        "立项依据：⇥《甲市财政预算管理办法》（甲财〔2020〕1号）\n项目概况：⇥按《乙市绩效管理办法》执行。"
    )
    found = {citation.citation.title: citation.section for citation in project.citations}
    assert found == {"甲市财政预算管理办法": Field.BASIS, "乙市绩效管理办法": Field.OVERVIEW}


def test_title_that_borders_cut_is_mended_and_marked() -> None:
    _, project = target("立项依据：⇥执行《甲市绿化料⇥青细化养护导⇥-则》与《乙市道路⇥养护标准》。")
    found = {citation.citation.title for citation in project.citations}
    assert found == {"甲市绿化精细化养护导则", "乙市道路养护标准"}
    mended = [warning for warning in project.warnings if "文件名" in warning.message]
    assert [(warning.code, "精细化" in warning.message) for warning in mended] == [(WarningCode.MENDED_CELL, True)]


@pytest.mark.parametrize(
    ("rows", "expected", "actual"),
    [
        ("年度目标⇥预期目标⇥⇥实际完成情况\n⇥甲事。⇥⇥乙事。", "甲事。", "乙事。"),
        ("年度⇥预⇥期目标⇥⇥⇥际完成情\n⇥甲事。⇥⇥⇥⇥乙事。", "甲事。", "乙事。"),
        ("⇥⇥· ⇥⇥⇥· 陈完成情⇥ f况\n⇥⇥甲事。⇥⇥⇥乙事。", "甲事。", "乙事。"),
        ("⇥预期目标⇥⇥实际完成情况\n⇥甲事前⇥⇥乙事前\n⇥半。⇥⇥半。", "甲事前半。", "乙事前半。"),
        ("⇥预期目标⇥⇥实际完成情况\n⇥⇥⇥乙事。", None, "乙事。"),
        ("⇥预期目标⇥⇥实际完成情况\n⇥甲事。⇥⇥乙事。\n⇥· — ·⇥⇥· ·", "甲事。", "乙事。"),
    ],
    ids=["two-columns", "damaged-labels", "left-label-lost", "two-rows", "one-empty", "border-read-as-signs"],
)
def test_goals_keep_their_columns(rows: str, expected: str | None, actual: str | None) -> None:
    head = "项目支出绩效自评表\n(2024年度)\n项目名称⇥甲\n主管部门⇥甲市乙局\n年度资金总额⇥1⇥1⇥1⇥10⇥100⇥10\n"
    doc = document(head + rows + "\n" + TABLE)
    (project,) = extract(doc).projects
    assert (project.value(Field.EXPECTED_GOALS), project.value(Field.ACTUAL_COMPLETION)) == (expected, actual)


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("按照计划按时完成全部项目任务，进一步宣传商务区。", False),
        ("我法虹使提开动推会则务化市桥用高放作进计", True),
        ("按照质许许。在在在在在在在在在后。在后。在后。", True),
        ("是一个人,是一个人,是一个人,是一个人,是一个人,是一个人", True),
        ("短文", False),
    ],
    ids=["sound", "across-lines", "one-letter", "one-phrase", "short"],
)
def test_is_garbled_knows_ruins(text: str, garbled: bool) -> None:
    assert is_garbled(text) is garbled


REPEATED = "1、甲系统运维项目《办法》2、乙平台建设《通知》"
NAMES = ["甲系统运维项目", "乙平台建设"]


@pytest.mark.parametrize(
    ("overview", "basis", "names"),
    [
        ("1、甲系统运维项目为保障运行。2、乙平台建设为方便群众。", REPEATED, NAMES),
        ("1、甲系统运维项目为保障1、日常2、应急。2、乙平台建设好。", REPEATED, NAMES),
        ("1、甲系统运维项目2、乙平台建设3、丙中心装修费", "无", [*NAMES, "丙中心装修费"]),
        ("1、摸清底数，加强管理。2、健全制度，压实责任。", "1、《甲办法》2、《乙办法》", []),
        ("加强管理。", "无", []),
    ],
    ids=["repeated", "nested", "bare-names", "points", "none"],
)
def test_find_tasks_needs_repeated_or_bare_names(overview: str, basis: str, names: list[str]) -> None:
    doc = document(overview + "\n\n" + basis)
    edge = doc.text.index("\n\n")
    sections = {
        Field.OVERVIEW: join_prose(doc, [Span(start=0, end=edge)]),
        Field.BASIS: join_prose(doc, [Span(start=edge + 2, end=len(doc.text))]),
    }
    tasks = find_tasks(sections)
    assert [task.name for task in tasks] == names
    assert all(doc.quote(span) for task in tasks for span in task.spans)


@given(st.lists(st.text(st.sampled_from("甲乙。 1.、\n\t<p>"), max_size=12), min_size=1, max_size=4))
def test_prose_knows_where_its_letters_stand(stretches: list[str]) -> None:
    doc = document("|".join(stretches))
    edges = [0]
    for stretch in stretches:
        edges.append(edges[-1] + len(stretch) + 1)
    prose = join_prose(doc, [Span(start=a, end=b - 1) for a, b in pairwise(edges)])
    assert len(prose.text) == len(prose.starts) == len(prose.ends)
    for at, char in enumerate(prose.text):
        if char not in "\n ":
            (span,) = prose.spans_of(at, at + 1)
            assert doc.quote(span) == char
