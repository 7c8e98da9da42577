"""Why-questions about indicators of the invented city: the reason printed, and what the question takes for granted."""

from __future__ import annotations

import pytest

from search.engine import SearchEngine
from search.model import Status
from tests.asked_city import STORE, text_of

ENGINE = SearchEngine(STORE, text_of=text_of)


@pytest.mark.parametrize(
    "question",
    [
        "河道疏浚工程专项的疏浚长度为什么没有达标",
        "河道疏浚工程专项2023年疏浚长度没有完全达成的原因",
        "河道疏浚工程专项疏浚长度为何只得16分",
        "疏浚长度为什么扣了4分",
        "疏浚长度为什么只做了8公里",
    ],
)
def test_the_reason_of_the_row_is_told(question: str) -> None:
    answer = ENGINE.ask(question)
    assert answer.status is Status.ANSWERED
    assert "汛期停工" in answer.text


@pytest.mark.parametrize("question", ["疏浚长度为什么扣了7分", "疏浚长度为何只得3分", "疏浚长度为什么只做了5公里"])
def test_what_is_taken_for_granted_must_hold(question: str) -> None:
    assert ENGINE.ask(question).status is not Status.ANSWERED
