"""Which writings of a title are one document, and which only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.titles import fold, nearly_same_title, parse_title, same_title, similar_title

SAME = [
    ("预算法", "中华人民共和国预算法"),
    ("《中华人民共和国劳动合同法》", "劳动合同法"),
    ("上海市虹桥商务区管理办法", "虹桥商务区管理办法"),
    ("上海浦东新区绩效管理办法", "浦东新区绩效管理办法"),
    ("浙江省宁波市城市管理条例", "宁波市城市管理条例"),
    ("关于印发《上海市预算绩效管理实施办法》的通知", "上海市预算绩效管理实施办法"),
    ("国务院办公厅关于印发政府网站发展指引的通知", "政府网站发展指引"),
    ("关于公布《市级行政事业性收费目录》的公告", "市级行政事业性收费目录"),
    ("上海市市级建设财力项目管理办法的通知", "上海市市级建设财力项目管理办法"),
    ("财政支出绩效评价管理暂行办法（试行）", "财政支出绩效评价管理暂行办法"),
    ("上海市财政局部门预算管理办法(试行)", "上海市财政局部门预算管理办法（试行）"),
    ("国务院关于加强地方政府性债务管理的意见", "关于加强地方政府性债务管理的意见"),
    ("中共中央 国务院关于深化投融资体制改革的意见", "中共中央国务院关于深化投融资体制改革的意见"),
    ("全国深化“放管服”改革工作方案", "全国深化放管服改革工作方案"),
    ("ＰＰＰ项目管理办法", "PPP项目管理办法"),
    ("社会信用体系建设规划纲要（2014—2020年）", "社会信用体系建设规划纲要（2014-2020年）"),
    ("社会信用体系建设规划纲要（2014—2020年）", "社会信用体系建设规划纲要"),
    ("外商投资产业指导目录（2015年修订）", "外商投资产业指导目录(2015年修订)"),
    ("中华人民共和国城乡规划法（2019修正）", "城乡规划法"),
    ("河道管理条例（2018年修正）", "河道管理条例"),
    ("上海市城市总体规划（2017-2035）", "上海市城市总体规划（2017—2035年）"),
]
NEARLY = [
    ("关于优化新城体制机制有关建议的请示", "关于优化新城体制机制的有关建议"),
    ("上海市临港新城“十三五”规划", "上海市临港新城发展“十三五”规划"),
    ("甲市国民经济和社会发展第十四个五年规划纲要", "甲市“十四五”规划纲要"),
    ("文化专项发展资金管理办法", "文化专项资金管理办法"),
    ("关于加强绩效管理的若干意见", "关于加强绩效管理的意见"),
]
DIFFERENT = [
    ("专项资金管理办法", "专项资金管理办法实施细则"),
    ("专项资金使用管理实施细则", "专项资金管理办法"),
    ("企业投资项目核准和备案管理条例", "企业投资项目核准和备案管理办法"),
    ("中华人民共和国档案法", "中华人民共和国档案法实施办法"),
    ("项目支出绩效评价管理办法", "浦东新区项目支出绩效评价管理办法（试行）"),
    ("固定资产投资项目节能审查办法", "上海市固定资产投资项目节能审查办法"),
    ("社会信用条例", "上海市社会信用条例"),
    ("外商投资产业指导目录（2015年修订）", "外商投资产业指导目录（2017年修订）"),
    ("外商投资产业指导目录（2015年修订）", "外商投资产业指导目录"),
    ("河道管理办法（2018年修正）", "河道管理办法"),
    ("关于做好2019年预算编制工作的通知", "关于做好2020年预算编制工作的通知"),
    ("社会信用体系建设规划纲要（2014—2020年）", "社会信用体系建设规划纲要（2021—2025年）"),
    ("上海市临港新城“十三五”规划", "上海市临港新城“十四五”规划"),
    ("绩效管理办法（征求意见稿）", "绩效管理办法"),
    ("国务院关于加强安全生产的意见", "江苏省人民政府关于加强安全生产的意见"),
    ("上海市人民政府办公厅转发市财政局关于推进绩效管理意见的通知", "关于推进绩效管理的意见"),
    ("财政支出绩效评价管理办法", "财政支出绩效评价管理办法解读"),
    ("上海市社区卫生服务管理办法", "社区卫生服务管理办法"),
    ("政府采购法", "政府采购法实施条例"),
]


@pytest.mark.parametrize(("a", "b"), SAME, ids=[f"{a}={b}" for a, b in SAME])
def test_same_title_joins_writings_of_one_document(a: str, b: str) -> None:
    assert same_title(parse_title(a), parse_title(b))
    assert same_title(parse_title(b), parse_title(a))


@pytest.mark.parametrize(("a", "b"), NEARLY, ids=[f"{a}~{b}" for a, b in NEARLY])
def test_nearly_same_title_forgives_words_left_out(a: str, b: str) -> None:
    assert nearly_same_title(parse_title(a), parse_title(b))
    assert not same_title(parse_title(a), parse_title(b))


@pytest.mark.parametrize(("a", "b"), DIFFERENT, ids=[f"{a}≠{b}" for a, b in DIFFERENT])
def test_titles_of_two_documents_stay_apart(a: str, b: str) -> None:
    one, two = parse_title(a), parse_title(b)
    assert not same_title(one, two)
    assert not nearly_same_title(one, two)


@pytest.mark.parametrize(
    ("a", "b"),
    [(a, b) for a, b in DIFFERENT if "解读" not in b],
    ids=[f"{a}≠{b}" for a, b in DIFFERENT if "解读" not in b],
)
def test_similar_title_never_crosses_kinds_years_or_bodies(a: str, b: str) -> None:
    assert not similar_title(parse_title(a), parse_title(b))


def test_similar_title_forgives_letters_in_another_order() -> None:
    a = parse_title("关于优化完善新城运行管理体制机制有关建议的请示")
    b = parse_title("关于优化完善新城运行管理机制体制的建议")
    assert similar_title(a, b)


@given(st.text(max_size=60))
def test_parse_title_is_stable_under_printing(text: str) -> None:
    assert parse_title(text).core == parse_title(f"《{text}》").core
    assert same_title(parse_title(text), parse_title(text))


@given(st.text(alphabet="上海市预算绩效管理办法（试行）《》〈〉“” 2019年\u3000", max_size=40))
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
