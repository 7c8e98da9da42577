"""Refusals say the whole name that was not read, and that nothing here bears it."""

from __future__ import annotations

import pytest

from search.answering_refusals import refuse
from search.model import Status
from search.refusals import Reason, Refusal
from tests.asked_city import STORE


@pytest.mark.parametrize(
    ("question", "word", "said"),
    [
        ("乙县新区财政局申报了哪些项目", "乙县新区", "“乙县新区财政局”（图谱中没有这个名称的单位）"),
        ("地铁建设专项的预算是多少", "地铁建", "“地铁建设专项”（图谱中没有这个名称的项目）"),
        ("蓝色的平台是哪个", "蓝色", "没有读懂“蓝色”，"),
        ("蓝色，河道疏浚工程", "蓝色", "没有读懂“蓝色”，"),
        ("甲市水务局怎么样", "甲市水", "没有读懂“甲市水务局”，"),
    ],
    ids=["unit", "project", "particle", "comma", "known"],
)
def test_refuse_says_the_whole_name(question: str, word: str, said: str) -> None:
    refusal = Refusal(status=Status.UNANSWERABLE, reason=Reason.NOT_UNDERSTOOD, words=(word,))
    assert said in refuse(question, refusal, STORE).text
