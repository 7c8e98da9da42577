"""Names cut by cell borders and line ends."""

from __future__ import annotations

import pytest

from ingest.fragments import join_cells, join_torn, mend_ending
from ingest.grid import find_rows
from ingest.model import Document, MediaType


def join(line: str) -> tuple[str, bool, bool]:
    doc = Document(name="表.txt", sha256="0" * 64, media_type=MediaType.TEXT, text=line.replace("⇥", "\t"))
    joined = join_cells(doc, find_rows(doc)[0].cells)
    assert all(doc.quote(span) for span in joined.spans)
    return joined.text, joined.mended, joined.lost


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("东港新区道路养护专项", "东港新区道路养护专项"),
        ("东港新区计划管理 工作专项", "东港新区计划管理工作专项"),
        ("东港新区城⇥市运行管理工作⇥乍专项", "东港新区城市运行管理工作专项"),
        ("东港新区⇥区域建设专项", "东港新区区域建设专项"),
        ("东港商务区⇥区投资促进专项", "东港商务区投资促进专项"),
        ("东港新区管理⇥理委员会", "东港新区管理委员会"),
        ("东港新区管3⇥理委员会", "东港新区管理委员会"),
        ("东港新区管:⇥理委员会", "东港新区管理委员会"),
        ("东港新区管理委员会⇥⇥里委员会", "东港新区管理委员会"),
        ("东港新⇥东港新区管理委员会", "东港新区管理委员会"),
        ("东港新⇥区城市建设养 中心⇥护管理", "东港新区城市建设养护管理中心"),
        ("<u>, </u>⇥东港新区⇥管理委员会", "东港新区管理委员会"),
        ("绿化养护⇥绿化养护⇥绿化养护", "绿化养护"),
        ("800M 数字集群 运维", "800M数字集群运维"),
        ("东港新区绿化料⇥青细化养护", "东港新区绿化精细化养护"),
        ("东港标⇥工作专项", "东港标工作专项"),
        ("· · ·⇥, ", ""),
    ],
    ids=[
        "whole",
        "space",
        "half-letter",
        "real-double",
        "false-double",
        "doubled-letter",
        "stray-digit",
        "stray-sign",
        "repeated-tail",
        "repeated-head",
        "two-lines",
        "noise-cell",
        "merged-cell",
        "figures",
        "both-halves-misread",
        "no-letter-of-both-halves",
        "no-name",
    ],
)
def test_join_cells_puts_names_together(line: str, text: str) -> None:
    assert join(line)[0] == text


@pytest.mark.parametrize(
    ("line", "mended", "lost"),
    [
        ("东港新区道路养护专项", False, False),
        ("东港新区管理⇥理委员会", True, False),
        ("东港新区政策⇥⇥作专项", True, True),
        ("东港新区⇥道路养护", False, False),
    ],
    ids=["whole", "surplus", "gap", "joined"],
)
def test_join_cells_says_what_it_did(line: str, mended: bool, lost: bool) -> None:
    assert join(line)[1:] == (mended, lost)


@pytest.mark.parametrize(
    ("text", "mended"),
    [("公共服务项闰", "公共服务项目"), ("公共服务项目", "公共服务项目"), ("经弗", "经费"), ("生日", "生日"), ("", "")],
    ids=["lookalike", "sound", "fee", "other-word", "empty"],
)
def test_mend_ending_only_where_a_name_must_end_so(text: str, mended: str) -> None:
    assert mend_ending(text) == mended


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("东港区道路养护导则", "东港区道路养护导则"),
        ("东港⇥-区楼宇料⇥青细化建⇥设导则", "东港区楼宇精细化建设导则"),
        ("东港区城市管理⇥理办法⇥\n⇥⇥（试行）", "东港区城市管理办法（试行）"),
        ("2020⇥-2025年规划", "2020-2025年规划"),
        ("东港区道路、⇥绿化养护标⇥准", "东港区道路、绿化养护标准"),
        ("服务评⇥平估办法", "服务评估办法"),
        ("服务记⇥平估办法", "服务评估办法"),
        ("", ""),
    ],
    ids=["whole", "specks", "doubled-letter", "years", "list", "right-half", "both-halves", "empty"],
)
def test_join_torn_mends_titles_that_borders_cut(text: str, title: str) -> None:
    assert join_torn(text.replace("⇥", "\t")) == title
