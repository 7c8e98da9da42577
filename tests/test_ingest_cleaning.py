"""Cleaning keeps the way back to every original character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cleaning import clean


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("沪发 改财\n金", "沪发改财金", id="ocr-spaces-between-characters"),
        pytest.param("800M 数字集群", "800M数字集群", id="space-beside-a-character"),
        pytest.param("ERC  team", "ERC team", id="spaces-between-latin-words"),
        pytest.param("<p>一</p><p>二</p>", "一二", id="tags"),
        pytest.param("系统故障<30分钟", "系统故障<30分钟", id="less-than-is-no-tag"),
        pytest.param("<政府会计准则第3号>应用指南", "<政府会计准则第3号>应用指南", id="chinese-angle-brackets"),
        pytest.param("a&nbsp;b&lt;c", "a b<c", id="entities"),
        pytest.param("渝府\u200b〔2023〕8号\ufeff", "渝府〔2023〕8号", id="zero-width"),
        pytest.param("", "", id="empty"),
    ],
)
def test_clean_removes_what_is_no_text(raw: str, cleaned: str) -> None:
    assert clean(raw).text == cleaned


def test_clean_keeps_breaks_on_request() -> None:
    assert clean("<p>一</p> <p>二</p>", keep_breaks=True).text == "一\n二"


def test_clean_folds_width_of_letters_and_digits_only() -> None:
    assert clean("１２（Ａ）", fold_width=True).text == "12（A）"


@given(st.text(alphabet="沪发改金 \n<p>/&;ampbr〔2018〕号\u200b１", max_size=60), st.integers(0, 9))
def test_span_quotes_the_same_characters(text: str, offset: int) -> None:
    padded = "x" * offset + text
    cleaned = clean(text, offset=offset)
    for at, char in enumerate(cleaned.text):
        span = cleaned.span(at, at + 1)
        quoted = padded[span.start : span.end]
        assert char == " " or clean(quoted).text in (char, "") or quoted.startswith("&")
    assert list(cleaned.starts) == sorted(cleaned.starts)
