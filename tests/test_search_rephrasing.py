"""What is offered in the place of a question that could not be read."""

from __future__ import annotations

import pytest

from search.engine import SearchEngine
from search.model import Status
from search.rephrasing import find_rephrasing
from tests.asked_city import STORE, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)


@pytest.mark.parametrize(
    ("question", "words", "expected"),
    [
        ("预算在五十万左右的项目", ["左右"], "预算在五十万的项目"),
        ("泵站运行维护经费的面积", ["面积"], None),
        ("泵站运行维护经费由谁啰嗦申报", ["啰嗦", "泵站"], None),
        ("左右的项目", ["左右"], None),
        ("泵站运行维护经费预算差几万元", ["差几"], None),
        ("泵站运行维护经费8月预算", ["8月"], None),
        ("泵站运行维护经费验收报告的出处", ["验收报告"], None),
    ],
    ids=["left out", "asked about", "no question then", "too little left", "a difference", "a date", "too long"],
)
def test_words_are_left_out_only_where_a_question_remains(
    question: str, words: list[str], expected: str | None
) -> None:
    assert find_rephrasing(question, words, lambda text: "泵站" in text or "预算" in text) == expected


def test_a_near_question_is_offered_and_can_be_asked() -> None:
    refused = ENGINE.ask("哪些项目同样以水法作为依据")
    assert refused.status is Status.UNANSWERABLE and "同样" in refused.text
    assert [option.question for option in refused.options] == ["哪些项目以水法作为依据"]
    assert ENGINE.ask(refused.options[0].question).total == 1


def test_nothing_is_offered_that_is_refused_too() -> None:
    assert ENGINE.ask("泵站运行维护经费的吉祥物是什么").options == ()


def test_a_lone_sign_is_said_back_with_its_word() -> None:
    assert "得分率" in ENGINE.ask("2023年指标的平均得分率").text
