"""Numbers, amounts, rates, years and dates as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.normalise import key_of
from search.parse_quantities import find_quantities, plain, read_chinese_number
from search.query import Kind


def found(text: str, kind: Kind) -> list[str]:
    return [q.value for q in find_quantities(key_of(text)) if q.kind is kind]


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("超过150万元", ["1500000"]),
        ("１５０万", ["1500000"]),
        ("1,500,000元", ["1500000"]),
        ("一百五十万元", ["1500000"]),
        ("一百五十万", ["1500000"]),
        ("1.5亿", ["150000000"]),
        ("一个亿", ["100000000"]),
        ("两千三百元", ["2300"]),
        ("27.65万", ["276500"]),
        ("3个项目", []),
    ],
)
def test_amounts(text: str, yuan: list[str]) -> None:
    assert found(text, Kind.MONEY)[: len(yuan) or None] == yuan


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("低于95%", Kind.PERCENT, ["95"]),
        ("低于百分之九十五", Kind.PERCENT, ["95"]),
        ("90.5分以上", Kind.POINTS_VALUE, ["90.5"]),
        ("按3分之一", Kind.POINTS_VALUE, []),
        ("2020年度", Kind.YEAR, ["2020"]),
        ("二〇二三年", Kind.YEAR, ["2023"]),
        ("23年", Kind.YEAR, ["2023"]),
        ("2020到2024年", Kind.YEAR, ["2020-2024", "2020", "2024"]),
        ("2020年6月30日前", Kind.DATE, ["2020-06-30", "2020-06"]),
        ("2020-6-3", Kind.DATE, ["2020-06-03"]),
        ("2020年13月", Kind.DATE, []),
        ("8月开工", Kind.MONTH, ["08"]),
        ("8月31日", Kind.MONTH, ["08-31", "08"]),
        ("近三年", Kind.RECENT, ["3"]),
        ("前三名", Kind.NUMBER, ["3"]),
        ("少于100天", Kind.DAYS, ["100"]),
    ],
)
def test_other_quantities(text: str, kind: Kind, values: list[str]) -> None:
    assert found(text, kind) == values


@pytest.mark.parametrize(
    ("spelt", "value"),
    [("十", 10), ("二十三", 23), ("一百零五", 105), ("三千万", 30_000_000), ("一亿零二万", 100_020_000), ("万", None)],
)
def test_read_chinese_number(spelt: str, value: int | None) -> None:
    assert read_chinese_number(spelt) == (None if value is None else Decimal(value))


@given(st.integers(min_value=1, max_value=99_999_999))
def test_amounts_in_yuan_are_read_back(yuan: int) -> None:
    assert found(f"{yuan:,}元", Kind.MONEY) == [str(yuan)]


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_plain_keeps_the_value(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert "E" not in plain(value)


@given(st.text(alphabet="0123456789零一二三十百千万亿年月日号%分元点.,-到至近前第", max_size=40))
def test_find_quantities_survives_any_figures(text: str) -> None:
    for q in find_quantities(text):
        assert 0 <= q.start < q.end <= len(text)
