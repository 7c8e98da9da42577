from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numerals import parse_chinese_numeral


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一千零一十", 1010),
        ("一万零五", 10005),
        ("二千零二十", 2020),
        ("二〇二〇", 2020),
        ("一亿二千万", 120000000),
        ("两千", 2000),
        ("一百五", None),
        ("一万五", None),
        ("百", None),
        ("万", None),
        ("二三百", None),
        ("一千百", None),
        ("一流", None),
    ],
)
def test_parse_chinese_numeral_reads_well_formed_ones_only(text: str, value: int | None) -> None:
    assert parse_chinese_numeral(text) == value


def spell(value: int) -> str:
    """`value` below 10000 as a Chinese numeral, by the textbook rule."""
    digits = "零一二三四五六七八九"
    text, zero = "", False
    for worth, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // worth % 10
        if digit:
            text += ("零" if zero and text else "") + digits[digit] + name
            zero = False
        else:
            zero = True
    return text or "零"


@given(st.integers(0, 9999))
def test_parse_chinese_numeral_reads_what_is_spelt(value: int) -> None:
    assert parse_chinese_numeral(spell(value)) == value


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_parse_chinese_numeral_reads_myriads(high: int, low: int) -> None:
    text = spell(high) + "万" + ("零" if low < 1000 else "") + spell(low)
    assert parse_chinese_numeral(text) == high * 10000 + low
