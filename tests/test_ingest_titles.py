"""Titles in book marks, around them and without them."""

from __future__ import annotations

import pytest

from ingest.breaks import Breaks
from ingest.cleaning import clean
from ingest.titles import find_titles, is_policy


def titles_of(source: str) -> list[tuple[str, str]]:
    cleaned = clean(source)
    found = find_titles(cleaned.text, Breaks(cleaned, source))
    return [(cleaned.text[title.text_start : title.text_end], title.rule) for title in found]


@pytest.mark.parametrize(
    ("source", "title", "rule"),
    [
        pytest.param("根据《档案法》", "档案法", "marked", id="plain"),
        pytest.param("≪上海市消防条例≫", "上海市消防条例", "marked", id="double-angles"),
        pytest.param("依据〈上海市无线电管理办法〉", "上海市无线电管理办法", "angle", id="angles-alone"),
        pytest.param("《关于印发〈甲〉的通知》", "关于印发〈甲〉的通知", "marked", id="angles-within"),
        pytest.param("《关于印发《甲》和《乙》的通知》", "关于印发《甲》和《乙》的通知", "nested", id="marks-within"),
        pytest.param("《关于印发《甲》的通知（", "关于印发《甲》的通知", "nested", id="outer-mark-lost"),
        pytest.param("《《预算法》实施条例》", "《预算法》实施条例", "nested", id="begins-with-a-mark"),
        pytest.param("；市财政局关于印发《甲办法》的通知", "市财政局关于印发《甲办法》的通知", "wrapper", id="wrapper"),
        pytest.param(
            "根据关于修改《甲条例》部分条款的决定", "关于修改《甲条例》部分条款的决定", "wrapper", id="decision"
        ),
        pytest.param("市政府转发《甲意见》的通知", "市政府转发《甲意见》的通知", "wrapper", id="sent-on-without-about"),
        pytest.param("1、上海市公共场所控烟条例》", "上海市公共场所控烟条例", "unopened", id="opening-lost"),
        pytest.param("根据《急救医疗服务条例，配备车辆", "急救医疗服务条例", "unclosed", id="closing-lost"),
        pytest.param("《上海市市级建设财力</p>\n<p>必要性", "上海市市级建设财力", "cut", id="cut-by-a-cell"),
        pytest.param("《上海市\n档案条例》", "上海市档案条例", "marked", id="over-lines"),
    ],
)
def test_find_titles_reads(source: str, title: str, rule: str) -> None:
    assert titles_of(source) == [(title, rule)]


def test_find_titles_drops_empty_marks() -> None:
    assert titles_of("《》和《 》") == []


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("为贯彻《慈善法》，现就有关事项通知如下", id="notice-is-another-sentence"),
        pytest.param("关于《某区总体规划》的审查已完成", id="review-is-no-document"),
    ],
)
def test_find_titles_widens_only_to_documents(source: str) -> None:
    assert [rule for _, rule in titles_of(source)] == ["marked"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("《上海市绿化条例》", True),
        ("《预算法》", True),
        ("《住房发展“十四五”规划（2021-2025年）》", True),
        ("《政府会计准则第3号——固定资产》", True),
        ("《2023年政府工作报告》", True),
        ("《关于预算执行情况的报告》", True),
        ("《中国工会章程》", True),
        ("《解放日报》", False),
        ("《交通地图》", False),
        ("《登记证书》", False),
        ("《2020年发展报告》", False),
        ("《物业服务合同》", False),
        ("《城市规划》杂志", False),
        ("《总体规划》报告文本", False),
        ("签订《合作框架协议》", False),
        ("《条例》", False),
        ("《投资指南》", False),
    ],
)
def test_is_policy_tells_documents_from_other_things(source: str, expected: bool) -> None:
    cleaned = clean(source)
    title = find_titles(cleaned.text, Breaks(cleaned, source))[0]
    assert is_policy(cleaned.text, title) is expected
