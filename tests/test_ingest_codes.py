"""Where a 机关代字 begins, whatever words run into it."""

from __future__ import annotations

import pytest

from ingest.codes import read_code
from ingest.organs import read_organ

CODES = [
    "沪财绩",
    "国办发",
    "发改办法规",
    "财预",
    "中委办发",
    "川府发",
    "沪发改财金",
    "粤办函",
    "工信部联企业",
    "交规划发",
    "京政发",
    "渝肺炎组办发",
    "沪规划资源规",
    "国卫办医发",
    "新党编",
    "沪府办秘",
    "皖财绩",
    "普府规范",
    "徐发改投",
    "惠府办",
    "建标",
    "银保监办发",
    "人社部规",
    "工信部规财",
    "自然资办发",
    "国能发规划",
    "赣府厅发",
]
WORDS = [
    "根据",
    "按照",
    "落实",
    "关于废止",
    "的通知",
    "现转发",
    "参照",
    "以",
    "据",
    "按",
    "和",
    "与",
    "以及",
    "由",
    "将",
    "严格执行",
    "实施方案",
    "若干规定",
    "总体规划",
    "省人民政府",
    "区人民政府办公室",
    "省政府办公厅",
    "上海市财政局",
    "市发改委",
    "国务院",
    "国务院办公厅",
    "财政部",
    "市委办公室",
    "省委",
    "本项目依据",
    "市政府批转的",
    "已经",
    "并按",
    "今年印发的",
    "收到",
    "文号：",
    "第12号文",
    "（",
    "》",
]


@pytest.mark.parametrize("word", WORDS)
def test_read_code_begins_after_running_text(word: str) -> None:
    read = {code: read_code(word + code, len(word + code)) for code in CODES}
    assert {code: issuer and issuer.name for code, issuer in read.items()} == {code: code for code in CODES}
    assert all(issuer is not None and issuer.start == len(word) for issuer in read.values())


@pytest.mark.parametrize("text", ["其他", "工作通知", "实施方案", "合同编号", "字", "2020年", ""])
def test_read_code_refuses_words(text: str) -> None:
    assert read_code(text, len(text)) is None


def test_read_code_trusts_codes_met_elsewhere() -> None:
    text = "材料穹天办"
    assert read_code(text, 5, frozenset({"穹天办"})) == (2, "穹天办", True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("违反财政部", "财政部"),
        ("依据财政部、税务总局", "财政部 税务总局"),
        ("中华人民共和国工业和信息化部国家发展改革委", "工业和信息化部 国家发展改革委"),
        ("按照住房和城乡建设部", "住房和城乡建设部"),
        ("和平区人民政府", "和平区人民政府"),
        ("国家税务总局上海市税务局", "国家税务总局上海市税务局"),
        ("国务院国资委财政部", "国务院国资委 财政部"),
        ("教育部等九部门", "教育部等九部门"),
        ("号市人大", "市人大"),
        ("要求及市发改委", "市发改委"),
    ],
)
def test_read_organ_finds_the_whole_name(text: str, name: str) -> None:
    organ = read_organ(text, len(text))
    assert organ is not None
    assert organ.name == name


@pytest.mark.parametrize("text", ["现行", "输入口", "有关规定", ""])
def test_read_organ_refuses_words(text: str) -> None:
    assert read_organ(text, len(text)) is None
