"""Figures of an answer stem from what was found; quotes stand in their files."""

from __future__ import annotations

from typing import Any

import pytest

from search.answer_checks import find_false_quotes, find_stray_figures

TEXT = "项目当年预算（元）：1,200,500.00"


def answered(text: str, **parts: Any) -> dict[str, Any]:
    item = {"label": "道路养护", "year": 2021, "value": 1200500, "properties": {"执行率": "99.21%"}}
    return {"status": "answered", "question": "最大的三个", "text": text, "items": [item], "total": 1, **parts}


@pytest.mark.parametrize(
    "text",
    [
        "道路养护（2021年）1,200,500元",
        "120.05万元",
        "共1个，执行率99.21%",
        "约120.1万元",
        "见第3页",
    ],
)
def test_find_stray_figures_accepts_what_was_found(text: str) -> None:
    assert find_stray_figures(answered(text, sources=[{"page": 3, "quote": "x"}])) == ()


@pytest.mark.parametrize(
    ("text", "stray"), [("1,200,501元", "1200501"), ("2022年", "2022"), ("120.06万元", "120.06"), ("共7个", "7")]
)
def test_find_stray_figures_names_what_was_not(text: str, stray: str) -> None:
    assert find_stray_figures(answered(text)) == (stray,)


@pytest.mark.parametrize(
    ("second", "stray"), [("170万元（1,700,000元）", ()), ("180万元（1,800,000元）", ("330", "3300000"))]
)
def test_find_stray_figures_accepts_two_parts_of_the_value(second: str, stray: tuple[str, ...]) -> None:
    text = f"合计500万元，其中绩效目标表330万元（3,300,000元），绩效自评表{second}"
    assert find_stray_figures(answered(text, value=5_000_000))[: len(stray) or None] == stray


def test_find_stray_figures_leaves_refusals_alone() -> None:
    assert find_stray_figures({**answered("图谱里有2020年的项目"), "status": "no_match"}) == ()


@pytest.mark.parametrize(
    ("source", "false"),
    [
        ({"document": "甲.txt", "start": 10, "end": 22, "quote": "1,200,500.00"}, False),
        ({"document": "甲.txt", "start": 9, "end": 21, "quote": "1,200,500.00"}, True),
        ({"document": "乙.txt", "start": 10, "end": 22, "quote": "1,200,500.00"}, True),
        ({"document": "甲.txt", "start": 10, "end": 10, "quote": ""}, True),
    ],
    ids=["right", "shifted", "no-such-file", "empty"],
)
def test_find_false_quotes(source: dict[str, Any], false: bool) -> None:
    answer = {"sources": [source], "items": [{"sources": [source]}]}
    assert len(find_false_quotes(answer, {"甲.txt": TEXT}.get)) == (2 if false else 0)
