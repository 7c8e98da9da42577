"""Questions folded for matching: one writing for all, the way back kept, hostile signs gone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import QuestionRejected
from search.normalise import MAX_QUESTION, clean, echo, fold, key_of, normalise_question


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("沪府发〔２０１６〕７０号", "沪府发(2016)70号"),
        ("沪府发【2016】 70 号", "沪府发(2016)70号"),
        ("沪府发［2016］70號", "沪府发(2016)70号"),
        ("《關於印發〈辦法（試行）〉的通知》", "关于印发办法(试行)的通知"),
        ("“十三五”规划", "十三五规划"),
        ("GB／T 22239—2008", "gb/t22239-2008"),
        ("Open Data 平台", "open data平台"),
    ],
    ids=["width", "spaces", "traditional-sign", "traditional-words", "quotes", "standard", "latin-words"],
)
def test_key_of_writes_alike_what_is_alike(written: str, folded: str) -> None:
    assert key_of(written) == folded


def test_fold_keeps_where_titles_stood() -> None:
    folded = fold(clean("引用《预算法》和《水法》的项目"))
    assert [folded.folded[a:b] for a, b in folded.titles] == ["预算法", "水法"]
    assert folded.original(*folded.titles[1]) == "水法"


@pytest.mark.parametrize("question", ["", "   ", "？？！", "😀😀", "\u202e\u200b", "。。。《》"])
def test_normalise_question_refuses_what_says_nothing(question: str) -> None:
    with pytest.raises(QuestionRejected) as err:
        normalise_question(question)
    assert "请" in str(err.value)


def test_normalise_question_refuses_long_questions_by_their_length_as_typed() -> None:
    assert normalise_question("预" * MAX_QUESTION).folded == "预" * MAX_QUESTION
    with pytest.raises(QuestionRejected, match="过长"):
        normalise_question("预" * (MAX_QUESTION + 1))


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "{{7*7}}%s", "`rm`$HOME&amp;", "a\x00b\u202ec"])
def test_echo_says_nothing_back_that_could_act(typed: str) -> None:
    said = echo(typed)
    assert not set(said) & set("<>&{}%`$\\\x00\u202e")


@given(st.text(max_size=MAX_QUESTION))
def test_normalise_question_takes_or_refuses_any_text(text: str) -> None:
    try:
        folded = normalise_question(text)
    except QuestionRejected:
        return
    assert len(folded.origins) == len(folded.folded)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(unicodedata.category(sign) not in ("Cc", "Cf") for sign in folded.text)
    assert folded.original(0, len(folded.folded)) in folded.text


@given(st.text(max_size=60))
def test_key_of_is_stable(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)
