"""Verdicts on answers: every kind of gold, right and wrong; writings that count as the same."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.verdicts import Gold, fold_writing, has_evidence, judge

ROAD = {"type": "Project", "label": "道路养护", "name": "道路养护", "year": 2021, "sources": [{"quote": "道路养护"}]}
TREES = {"type": "Project", "label": "绿化补种", "name": "绿化补种", "year": 2022, "sources": []}
RULE = {"type": "PolicyDocument", "label": "《城市道路管理条例》（甲府发〔2019〕7号）", "number": "甲府发〔2019〕7号"}
SOURCE = {"document": "folder/甲.txt", "quote": "<td>项目当年预算</td> 1,200,500.00"}


def answered(**parts: Any) -> dict[str, Any]:
    return {"status": "answered", "text": "", "items": [], "sources": [], "value": None, "unit": None, **parts}


def items(*names: str, **more: Any) -> dict[str, Any]:
    return {"items": [{"names": [name], "year": 2021 if name == "道路养护" else 2022} for name in names], **more}


CASES = [
    ("items-all", items("道路养护", "绿化补种"), answered(items=[TREES, ROAD]), True),
    ("items-one-missing", items("道路养护", "绿化补种"), answered(items=[TREES]), False),
    ("items-one-extra", items("道路养护"), answered(items=[ROAD, TREES]), False),
    (
        "items-extra-is-optional",
        items("道路养护", optional=[{"names": ["绿化补种"]}]),
        answered(items=[ROAD, TREES]),
        True,
    ),
    ("items-another-year", items("绿化补种"), answered(items=[{**TREES, "year": 2021}]), False),
    ("items-project-without-year", items("绿化补种"), answered(items=[{**TREES, "year": None}]), False),
    ("items-given-twice", items("道路养护"), answered(items=[ROAD, ROAD]), False),
    ("items-in-order", items("道路养护", "绿化补种", ordered=True), answered(items=[ROAD, TREES]), True),
    ("items-out-of-order", items("道路养护", "绿化补种", ordered=True), answered(items=[TREES, ROAD]), False),
    ("items-but-no-match", items("道路养护"), answered(status="no_match", items=[ROAD]), False),
    ("items-by-title", {"items": [{"names": ["城市道路管理条例"]}]}, answered(items=[RULE]), True),
    ("items-by-number", {"items": [{"names": ["甲府发[2019]7号"]}]}, answered(items=[RULE]), True),
    ("items-by-alias", {"items": [{"names": ["条例"]}]}, answered(items=[{**RULE, "aliases": ["条例"]}]), True),
    (
        "items-damaged",
        {"items": [{"names": ["甲区城市道路日常养护专项"], "damaged": True}]},
        answered(items=[{"label": "道路日常养护专项"}]),
        True,
    ),
    (
        "items-by-pattern",
        {"items": [{"names": ["甲区政策工作专项"], "regex": "^甲区政策.{0,5}专项$"}]},
        answered(items=[{"label": "甲区政策咨询专项"}]),
        True,
    ),
    ("status-refused", {"status": ["no_match", "unanswerable"]}, answered(status="no_match"), True),
    ("status-refused-with-items", {"status": ["no_match"]}, answered(status="no_match", items=[ROAD]), False),
    ("status-answered-instead", {"status": ["no_match"]}, answered(), False),
    ("value-in-yuan", {"value": 1200500, "unit": "元"}, answered(value=1200500, unit="元"), True),
    ("value-in-wan", {"value": 1200500, "unit": "元"}, answered(value=120.05, unit="万元"), True),
    ("value-as-text", {"value": 1200500, "unit": "元"}, answered(value="1,200,500", unit="元"), True),
    ("value-wrong", {"value": 1200500, "unit": "元"}, answered(value=1200501, unit="元"), False),
    ("value-none", {"value": 3, "unit": "个"}, answered(), False),
    ("value-near-enough", {"value": 92.7, "tolerance": 0.1}, answered(value=92.65), True),
    ("value-sign-forgiven", {"value": 5, "absolute": True}, answered(value=-5), True),
    ("value-sign-counts", {"value": 5}, answered(value=-5), False),
    (
        "value-direction-said",
        {"value": 5, "absolute": True, "direction": "减"},
        answered(value=5, text="减少了5元"),
        True,
    ),
    ("value-direction-missing", {"value": 5, "absolute": True, "direction": "减"}, answered(value=5), False),
    ("value-or-words", {"value": 5, "or_contains": ["五元"]}, answered(text="共五元"), True),
    (
        "table-right",
        {"table": {"2021": 3, "2022": 10000}},
        answered(items=[{"label": "2021年", "value": 3}, {"label": "2022年", "value": 1, "unit": "万元"}]),
        True,
    ),
    ("table-one-wrong", {"table": {"2021": 3}}, answered(items=[{"label": "2021年", "value": 4}]), False),
    (
        "table-one-extra",
        {"table": {"2021": 3}},
        answered(items=[{"label": "2021年", "value": 3}, {"label": "2022年", "value": 3}]),
        False,
    ),
    (
        "indicators-all",
        {"indicator_items": [{"level3": "完好率"}]},
        answered(items=[{"label": "道路养护·完好率"}]),
        True,
    ),
    ("indicators-one-extra", {"indicator_items": []}, answered(items=[{"label": "完好率"}]), False),
    ("indicators-one-missing", {"indicator_items": [{"level3": "完好率"}]}, answered(), False),
    ("topic-in-top", {"any_of": [{"names": ["绿化补种"]}], "top": 2}, answered(items=[ROAD, TREES]), True),
    ("topic-below-top", {"any_of": [{"names": ["绿化补种"]}], "top": 1}, answered(items=[ROAD, TREES]), False),
    (
        "evidence-through-markup",
        {"evidence": ["项目当年预算1,200,500.00"], "document": "甲.txt"},
        answered(sources=[SOURCE]),
        True,
    ),
    (
        "evidence-in-an-item",
        {"evidence": ["1,200,500.00"], "document": "甲.txt"},
        answered(items=[{"label": "x", "sources": [SOURCE]}]),
        True,
    ),
    (
        "evidence-elsewhere",
        {"evidence": ["1,200,500.00"], "document": "乙.txt"},
        answered(sources=[SOURCE]),
        False,
    ),
    (
        "evidence-any",
        {"evidence_any": ["无此句", "项目当年预算"], "document": "甲.txt"},
        answered(sources=[SOURCE]),
        True,
    ),
    ("words-said", {"contains": ["1344"]}, answered(text="面积为 1,344 m²"), True),
    ("words-inside-a-longer-figure", {"contains": ["344"]}, answered(text="面积为1344"), False),
    ("words-with-more-digits", {"contains": ["1344"]}, answered(text="13445"), False),
    ("words-with-decimals", {"contains": ["95"]}, answered(text="95.5%"), True),
    ("words-missing", {"contains": ["甲", "乙"]}, answered(text="只有甲"), False),
    ("words-any", {"contains_any": ["甲", "乙"]}, answered(text="只有乙"), True),
    ("words-any-missing", {"contains_any": ["甲", "乙"]}, answered(text="丙"), False),
    ("words-each-group", {"contains_all_any": [["甲", "乙"], ["丙"]]}, answered(text="乙和丙"), True),
    ("words-one-group-missing", {"contains_all_any": [["甲", "乙"], ["丙"]]}, answered(text="乙"), False),
]


@pytest.mark.parametrize(("gold", "answer", "right"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_judge(gold: dict[str, Any], answer: dict[str, Any], right: bool) -> None:
    verdict = judge(msgspec.convert(gold, Gold, strict=False), answer)
    assert verdict.right is right
    assert bool(verdict.why) is not right


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("沪财绩[2019] 19号", "沪财绩〔２０１９〕19号"),
        ("“十三五”规划", '"十三五"规划'),
        ("A－B", "a-b"),
        ("（试行）", "(试行)"),
    ],
)
def test_fold_writing_takes_as_the_same(one: str, other: str) -> None:
    assert fold_writing(one) == fold_writing(other)


@given(st.text(alphabet="道路养护（）《》 -1２.", min_size=1))
def test_judge_finds_a_text_in_itself(text: str) -> None:
    assert judge(Gold(contains=(text,)), answered(text=f"即{text}也")).right


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (answered(items=[ROAD]), True),
        (answered(items=[ROAD, TREES]), False),
        (answered(items=[TREES], sources=[SOURCE]), True),
        (answered(), False),
    ],
)
def test_has_evidence(answer: dict[str, Any], shown: bool) -> None:
    assert has_evidence(answer) is shown
