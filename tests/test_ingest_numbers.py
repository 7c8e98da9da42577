"""Document numbers in every form that offices and typists give them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import CitationKind
from ingest.numbers import find_numbers, parse_number

BRACKETS = ["〔〕", "[]", "［］", "【】", "（）", "()", "﹝﹞", "〈〉", "<>", "{}", "「」", "〖〗"]
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
CODES = [
    "沪财绩",
    "国办发",
    "发改办法规",
    "财预",
    "中委办",
    "川府",
    "沪发改财金",
    "粤办函",
    "工信部联企业",
    "交规划发",
    "厅字",
    "京政发",
    "宁财（绩）发",
    "校发",
]


@pytest.mark.parametrize(
    ("text", "canonical", "kind"),
    [
        pytest.param("沪财绩〔2019〕19号", "沪财绩〔2019〕19号", CitationKind.NUMBER, id="as-the-standard-wants"),
        pytest.param("国发[2002]017号", "国发〔2002〕17号", CitationKind.NUMBER, id="leading-zero"),
        pytest.param("沪财绩2019 19号", "沪财绩〔2019〕19号", CitationKind.NUMBER, id="typed-with-a-space"),
        pytest.param("沪财绩2019年19号", "沪财绩〔2019〕19号", CitationKind.NUMBER, id="typed-with-a-year"),
        pytest.param("财预202010号", "财预〔2020〕10号", CitationKind.NUMBER, id="typed-without-anything"),
        pytest.param("沪府发〔2015 33号", "沪府发〔2015〕33号", CitationKind.NUMBER, id="closing-bracket-lost"),
        pytest.param("(86)国办发32号", "国办发〔1986〕32号", CitationKind.NUMBER, id="two-digit-year-first"),
        pytest.param("渝府令〔2021〕345号", "渝府令〔2021〕345号", CitationKind.ORDER, id="order-with-year"),
        pytest.param("国务院令第673号", "国务院令第673号", CitationKind.ORDER, id="order"),
        pytest.param("国务院令712号", "国务院令第712号", CitationKind.ORDER, id="order-without-ordinal"),
        pytest.param("财政部81号令", "财政部令第81号", CitationKind.ORDER, id="order-behind"),
        pytest.param("市政府2010年第25号令", "市政府令2010年第25号", CitationKind.ORDER, id="order-behind-with-year"),
        pytest.param("主席令第三十一号", "主席令第31号", CitationKind.ORDER, id="chinese-numeral"),
        pytest.param("国务院令第六百五十八号", "国务院令第658号", CitationKind.ORDER, id="long-chinese-numeral"),
        pytest.param(
            "税务总局公告2018年第28号", "税务总局公告2018年第28号", CitationKind.ANNOUNCEMENT, id="announcement"
        ),
        pytest.param(
            "工信部2019年52号公告", "工信部公告2019年第52号", CitationKind.ANNOUNCEMENT, id="announcement-behind"
        ),
        pytest.param(
            "财政部、税务总局公告2020年第43号", "财政部 税务总局公告2020年第43号", CitationKind.ANNOUNCEMENT, id="joint"
        ),
        pytest.param(
            "证监会公告〔2019〕10号", "证监会公告〔2019〕10号", CitationKind.ANNOUNCEMENT, id="announcement-in-brackets"
        ),
        pytest.param("GBT22239-2008", "GB/T 22239-2008", CitationKind.STANDARD, id="standard-without-slash"),
        pytest.param("DB31/T 1205—2020", "DB31/T 1205-2020", CitationKind.STANDARD, id="local-standard"),
    ],
)
def test_parse_number_reads_every_form(text: str, canonical: str, kind: CitationKind) -> None:
    number = parse_number(text)
    assert number is not None
    assert (number.canonical, number.kind) == (canonical, kind)
    assert number.raw == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("其他〔2020〕32号", id="stand-in"),
        pytest.param("工作通知〔2020〕1928号", id="residue-of-a-title"),
        pytest.param("（2019）沪01民终123号", id="judgment"),
        pytest.param("(2010)浦民初字第26号", id="old-judgment"),
        pytest.param("沪（2019）浦字不动产权第012345号", id="title-deed"),
        pytest.param("江府信息【2022】1期", id="issue-of-a-bulletin"),
        pytest.param("（18个部委令）", id="count"),
        pytest.param("2022年第12号台风", id="typhoon"),
        pytest.param("中山东一路12号2号楼", id="address"),
        pytest.param("合同编号：2022-08号", id="contract"),
        pytest.param("第四批", id="batch"),
        pytest.param("〔1209〕5号", id="no-such-year"),
        pytest.param("", id="empty"),
    ],
)
def test_parse_number_refuses_what_only_looks_alike(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("并按照区政府批转的浦发改投〔2020〕3号", "浦发改投", id="sent-on"),
        pytest.param("关于下达预算的通知沪财预〔2020〕8号", "沪财预", id="title-before"),
        pytest.param("经上海市财政局沪财库〔2019〕33号批准", "沪财库", id="organ-before"),
        pytest.param("财预〔2009〕76号文和财行〔2015〕88号", "财预", id="first-of-two"),
        pytest.param("2019年3月以沪发改投〔2019〕40号立项", "沪发改投", id="date-before"),
        pytest.param("落实省两办〔2014〕43号", "两办", id="colloquial"),
        pytest.param("《总体规划》按照城市总体规划沪府发〔2016〕70号", "沪府发", id="word-that-codes-hold-too"),
        pytest.param("按照发改规划〔2019〕328号", "发改规划", id="that-word-within-the-code"),
    ],
)
def test_parse_number_leaves_running_text_behind(text: str, code: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert number.issuer_code == code


PRINTED = {
    "关于转发国办发〔2019〕5号": "国办发〔2019〕5号",
    "关于贯彻国发〔2019〕5号": "国发〔2019〕5号",
    "等文件沪府发〔2019〕1号": "沪府发〔2019〕1号",
    "省委办公厅省政府办公厅川委办〔2019〕1号": "川委办〔2019〕1号",
    "以下简称沪府发〔2019〕1号": "沪府发〔2019〕1号",
    "本市沪府发〔2019〕1号": "沪府发〔2019〕1号",
    "的决定沪府令〔2019〕1号": "沪府令〔2019〕1号",
    "的批复沪府〔2019〕1号": "沪府〔2019〕1号",
    "的公告国家税务总局公告2019年第2号": "国家税务总局公告2019年第2号",
    "的实施细则黄府规〔2022〕2号": "黄府规〔2022〕2号",
    "（征求意见稿）沪府规〔2022〕2号": "沪府规〔2022〕2号",
    "补助资金的通知虹财〔2022〕2号": "虹财〔2022〕2号",
    "上海市人民政府沪府〔2019〕1号": "沪府〔2019〕1号",
    "自治区人民政府宁政发〔2019〕1号": "宁政发〔2019〕1号",
    "国办函〔2019〕1号文件": "国办函〔2019〕1号",
    "通告〔2020〕3号": "通告〔2020〕3号",
    "公告〔2020〕3号": "公告〔2020〕3号",
    "市人大常委会公告2013年第52号": "市人大常委会公告2013年第52号",
    "总局公告2019年第22号": "总局公告2019年第22号",
    "财政部 税务总局公告2019年第2号": "财政部 税务总局公告2019年第2号",
    "中国人民银行令〔2019〕第1号": "中国人民银行令〔2019〕1号",
    "上海市人民政府令 第 52 号": "上海市人民政府令第52号",
    "发文字号：重庆市人民政府令第３５９号": "重庆市人民政府令第359号",
    "渝府令﹝2021﹞345号": "渝府令〔2021〕345号",
    "沪府令52号": "沪府令第52号",
    "晋政发（2007)19号": "晋政发〔2007〕19号",
    "晋政发[2007〕19号": "晋政发〔2007〕19号",
    "渝府发 〔 2022 〕 32 号": "渝府发〔2022〕32号",
    "索引号：渝府发〔2022〕32号": "渝府发〔2022〕32号",
    "文  号:渝府发〔2022〕32号": "渝府发〔2022〕32号",
    "辽委办发〔2016〕 12 号": "辽委办发〔2016〕12号",
    "国办发明电〔2020〕14号": "国办发明电〔2020〕14号",
    "云政任〔2018〕13号": "云政任〔2018〕13号",
    "粤府函〔1987〕 5号": "粤府函〔1987〕5号",
    "国发〔1979〕102号": "国发〔1979〕102号",
    "(1979)国发102号": "国发〔1979〕102号",
    "国发(79)102号": "国发〔1979〕102号",
    "沪税发〔2018〕2号": "沪税发〔2018〕2号",
    "国家税务总局上海市税务局公告2018年第3号": "国家税务总局上海市税务局公告2018年第3号",
    "上海市地方税务局公告2016年第9号": "上海市地方税务局公告2016年第9号",
    "沪地税财行〔2013〕28号": "沪地税财行〔2013〕28号",
    "教体艺厅函〔2020〕3号": "教体艺厅函〔2020〕3号",
    "中卫办〔2019〕1号": "中卫办〔2019〕1号",
    "武政规〔2019〕1号": "武政规〔2019〕1号",
    "西政办发〔2019〕1号": "西政办发〔2019〕1号",
    "厦府办规〔2019〕1号": "厦府办规〔2019〕1号",
    "落实深府办〔2019〕1号": "深府办〔2019〕1号",
    "关于印发厦府办规〔2019〕1号": "厦府办规〔2019〕1号",
    "执行武政规〔2019〕1号": "武政规〔2019〕1号",
    "根据济政字〔2019〕1号": "济政字〔2019〕1号",
    "国家卫生健康委办公厅国卫办医函〔2020〕1号": "国卫办医函〔2020〕1号",
    "经信委沪经信软〔2018〕1号": "沪经信软〔2018〕1号",
    "住房城乡建设委沪建管〔2018〕1号": "沪建管〔2018〕1号",
    "沪发改委〔2018〕1号": "沪发改委〔2018〕1号",
    "沪建交联〔2009〕1号": "沪建交联〔2009〕1号",
    "市发展改革委等四部门沪发改规范〔2018〕1号": "沪发改规范〔2018〕1号",
    "财政局沪财教〔2018〕1号": "沪财教〔2018〕1号",
    "见习沪人社职〔2018〕1号": "沪人社职〔2018〕1号",
    "附则沪府规〔2018〕1号": "沪府规〔2018〕1号",
    "公安厅鲁公通〔2018〕1号": "鲁公通〔2018〕1号",
    "施行鲁政发〔2018〕1号": "鲁政发〔2018〕1号",
    "本办法鲁政发〔2018〕1号": "鲁政发〔2018〕1号",
    "推进计划鲁政发〔2018〕1号": "鲁政发〔2018〕1号",
    "试点方案鲁政字〔2018〕1号": "鲁政字〔2018〕1号",
    "行动计划苏政发〔2018〕1号": "苏政发〔2018〕1号",
    "工作规划苏政办发〔2018〕1号": "苏政办发〔2018〕1号",
}


@pytest.mark.parametrize("text", PRINTED)
def test_parse_number_reads_what_offices_print(text: str) -> None:
    number = parse_number(text)
    assert number is not None
    assert number.canonical == PRINTED[text]


@pytest.mark.parametrize(
    "text",
    [
        "晋政办发〔2012〕号",
        "晋政办发〔2012〕",
        "〔2012〕18号",
        "无〔2020〕1号",
        "XX〔2020〕1号",
        "沪府发〔2018〕第号",
        "文件〔2020〕1号",
        "规范性文件〔2020〕1号",
        "其它〔2020〕3号",
        "意见〔2020〕3号",
        "方案〔2020〕3号",
    ],
)
def test_parse_number_refuses_residues(text: str) -> None:
    assert parse_number(text) is None


def test_find_numbers_learns_a_code_from_the_same_text() -> None:
    text = "（穹天办〔2020〕5号）此前报送的材料穹天办〔2019〕7号"
    assert [hit.issuer_code for hit in find_numbers(text)] == ["穹天办", "穹天办"]


@pytest.mark.parametrize(
    ("text", "canonicals"),
    [
        pytest.param("财税〔2018〕32、33号", ["财税〔2018〕32号", "财税〔2018〕33号"], id="one-mark-for-all"),
        pytest.param("沪财发〔2020〕5号和6号", ["沪财发〔2020〕5号", "沪财发〔2020〕6号"], id="each-its-mark"),
        pytest.param("国发〔2016〕31号、〔2017〕21号", ["国发〔2016〕31号", "国发〔2017〕21号"], id="code-once"),
        pytest.param("财政部令第74号、第87号", ["财政部令第74号", "财政部令第87号"], id="orders"),
        pytest.param("财税〔2018〕32号、2019年报告", ["财税〔2018〕32号"], id="year-is-no-serial"),
    ],
)
def test_find_numbers_reads_lists(text: str, canonicals: list[str]) -> None:
    assert [hit.canonical for hit in find_numbers(text)] == canonicals


@given(
    code=st.sampled_from(CODES),
    year=st.integers(1949, 2099),
    serial=st.integers(1, 99999),
    opening=st.sampled_from(BRACKETS),
    closing=st.sampled_from(BRACKETS),
    wide=st.booleans(),
    ordinal=st.sampled_from(["", "第"]),
    zeros=st.integers(0, 2),
    gap=st.sampled_from(["", " ", "\u3000", "\n", "\u200b", "  \t"]),
)
def test_every_writing_of_a_number_has_one_key(
    code: str, year: int, serial: int, opening: str, closing: str, wide: bool, ordinal: str, zeros: int, gap: str
) -> None:
    digits = f"{year}", f"{'0' * zeros}{serial}"
    year_text, serial_text = (part.translate(WIDE) if wide else part for part in digits)
    raw = f"{code}{gap}{opening[0]}{gap}{year_text}{gap}{closing[1]}{gap}{ordinal}{gap}{serial_text}{gap}号"
    number = parse_number(f"（{raw}）")
    assert number is not None
    assert (number.issuer_code, number.year, number.serial) == (code, year, str(serial))
    assert number.raw == raw
    assert (number.span.start, number.span.end) == (1, 1 + len(raw))


@given(st.text(alphabet="沪财发国令公告第号年〔〕[]（）0123456789１２ \n、和GB/T-", max_size=60))
def test_numbers_stand_where_they_say(text: str) -> None:
    hits = find_numbers(text)
    assert all(a.end <= b.start for a, b in pairwise(hits))
    for hit in hits:
        assert hit.serial.lstrip("0") or hit.serial == "0"
        assert text[hit.start : hit.end].strip()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "甲财绩〔2019〕15号、16号和〔2020〕3号文件",
            ["甲财绩〔2019〕15号", "甲财绩〔2019〕16号", "甲财绩〔2020〕3号"],
        ),
        ("按《办法》（生态环境部部令第32号）执行", ["生态环境部令第32号"]),
    ],
    ids=["year-behind-and", "ministry-twice"],
)
def test_words_that_join_numbers_are_no_part_of_them(text: str, numbers: list[str]) -> None:
    assert [hit.canonical for hit in find_numbers(text)] == numbers
