from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.measures import (
    Target,
    canonical_decimal,
    parse_amount,
    parse_date,
    parse_nature,
    parse_quantity,
    parse_rate,
    parse_target,
)

FIGURES = [
    ("≥90.00(%)", "≥", "90.00", "%"),
    (">=200次", "≥", "200", "次"),
    ("> = 95%", "≥", "95", "%"),
    ("＞＝95％", "≥", "95", "%"),
    ("<=5分钟", "≤", "5", "分钟"),
    ("≤ 1 %", "≤", "1", "%"),
    ("<30分钟", "<", "30", "分钟"),
    (">10000", ">", "10000", None),
    ("＞1,500次", ">", "1500", "次"),
    ("=0", "=", "0", None),
    ("=12.00 (份)", "=", "12.00", "份"),
    ("≥20.00(万字)", "≥", "20.00", "万字"),
    ("≥90.00(百分 比)", "≥", "90.00", "%"),
    ("95.00(百分", None, "95.00", "%"),
    ("≥100000000条", "≥", "100000000", "条"),
    ("≥1.5万条", "≥", "1.5", "万条"),
    ("≤202.6万元", "≤", "202.6", "万元"),
    ("1344m ²", None, "1344", "m²"),
    ("100", None, "100", None),
    ("96.00(%)", None, "96.00", "%"),
    ("≥３场", "≥", "3", "场"),
    ("大于等于80%", "≥", "80", "%"),
    ("不低于90%", "≥", "90", "%"),
    ("不少于2个", "≥", "2", "个"),
    ("不超过3天", "≤", "3", "天"),
    ("低于5%", "<", "5", "%"),
    ("90%以上", "≥", "90", "%"),
    ("95%及以上", "≥", "95", "%"),
    ("24小时以内", "≤", "24", "小时"),
    ("达到95%以上", "≥", "95", "%"),
    ("百分之九十五", None, "95", "%"),
    ("三次", None, "3", "次"),
    ("≥十二篇", "≥", "12", "篇"),
    ("6个月", None, "6", "个月"),
    ("≥3年", "≥", "3", "年"),
    ("≥4.00(次)", "≥", "4.00", "次"),
    ("<1.00(周)", "<", "1.00", "周"),
]
WORDS = [
    "规范",
    "通过检测报告",
    "12月底前",
    "12月",
    "2021年6月",
    "2020年",
    "2020-12-31",
    "10月31日前",
    "一年2次以上会议",
    "公示渠道不少于2个",
    "90%-95%",
    "3-5个",
    "≥90%且≤95%",
    "1:1",
    "1/3",
    "7*24小时",
    "一流",
    "一致",
    "十分满意",
    "百分百满意",
    "三级甲等",
    "5G",
    "1 000",
    "8 8",
    "1,23",
    "1.2.3",
    "无",
    "第3名",
    "≥",
    "≥优",
]


@pytest.mark.parametrize(("text", "operator", "value", "unit"), FIGURES, ids=[row[0] for row in FIGURES])
def test_parse_target_reads_operator_figure_and_unit(
    text: str, operator: str | None, value: str, unit: str | None
) -> None:
    assert parse_target(text) == Target(operator=operator, value=Decimal(value), unit=unit)


@pytest.mark.parametrize("text", WORDS)
def test_parse_target_leaves_words_dates_and_ranges_qualitative(text: str) -> None:
    assert parse_target(text) == Target(qualitative=text)


def test_parse_target_of_nothing_is_empty() -> None:
    assert parse_target(" ") == Target()


@pytest.mark.parametrize(
    ("text", "value"),
    [("96.00(%)", "96.00"), ("3场", "3"), ("8", "8"), ("=8个", "8"), ("达成指标", None), ("≥90", None), ("-", None)],
)
def test_parse_quantity_reads_plain_figures_only(text: str, value: str | None) -> None:
    assert parse_quantity(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [
        ("1,955,450", 1, "1955450"),
        ("600,000.00", 1, "600000"),
        ("208.00", 10000, "2080000"),
        ("202.64", 10000, "2026400"),
        ("132.912", 10000, "1329120"),
        ("0", 10000, "0"),
        ("（12.5）", 10000, "-125000"),
        ("(12.5)万元", 1, "-125000"),
        ("-3.5", 10000, "-35000"),
        ("－3.5", 10000, "-35000"),
        ("5000万元", 1, "50000000"),
        ("12.5(万元)", 1, "125000"),
        ("13526.06万元", 1, "135260600"),
        ("100元", 10000, "100"),
        ("1.2亿元", 10000, "120000000"),
        ("3千元", 1, "3000"),
        ("２０８．００", 10000, "2080000"),
        ("1,955, 450", 1, "1955450"),
        ("人民币600,000.00元", 1, "600000"),
        ("¥20", 1, "20"),
        ("壹佰万元整", 1, "1000000"),
        ("二百万元", 1, "2000000"),
        ("三千二百万", 1, "32000000"),
    ],
)
def test_parse_amount_gives_yuan(text: str, unit: int, yuan: str) -> None:
    value = parse_amount(text, unit=Decimal(unit))
    assert value is not None
    assert canonical_decimal(value) == yuan


@pytest.mark.parametrize(
    "text",
    ["", "-", "—", "无", "1,23", "12,3456", "208 208", "1.234.5", "约100万元", "100-200万元", "100万元左右", "十几万"],
)
def test_parse_amount_never_guesses(text: str) -> None:
    assert parse_amount(text, unit=Decimal(1)) is None


@pytest.mark.parametrize("text", ["9" * 30, "一" * 5000, "9" * 5000 + "万元"], ids=["digits", "chinese", "unit"])
def test_parse_amount_refuses_figures_that_cannot_be_money(text: str) -> None:
    assert parse_amount(text, unit=Decimal(1)) is None


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("99.21", "99.21"),
        ("99.21%", "99.21"),
        ("98.5 ％", "98.5"),
        ("100.00(%)", "100"),
        ("百分之九十五", "95"),
        ("5‰", "0.5"),
        ("0", "0"),
    ],
)
def test_parse_rate_gives_percent(text: str, percent: str) -> None:
    value = parse_rate(text)
    assert value is not None
    assert canonical_decimal(value) == percent


@pytest.mark.parametrize("text", ["", "-", "≥95%", "9.9 9", "95分", "100%以上", "优"])
def test_parse_rate_is_none_where_no_bare_rate_stands(text: str) -> None:
    assert parse_rate(text) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-01-01", "2020-01-01"),
        ("2020/2/1", "2020-02-01"),
        ("2020.2.1", "2020-02-01"),
        ("20200201", "2020-02-01"),
        ("2020年2月1日", "2020-02-01"),
        ("2020 年 2 月 1 号", "2020-02-01"),
        ("２０２０年２月１日", "2020-02-01"),
        ("二〇二〇年十二月三十一日", "2020-12-31"),
        ("2020-01-01 00:00:00", "2020-01-01"),
        ("2025年10月", "2025-10"),
        ("2025-10", "2025-10"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_parse_date_gives_iso(text: str, iso: str) -> None:
    assert parse_date(text) == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020",
        "2020年",
        "2020-02-30",
        "2023-02-29",
        "2020-13-01",
        "12月底",
        "2020-1/2",
        "2020年1月-2020年3月",
        "1月1日",
        "2020-01-01 2020-12-31",
        "2020年10月正式开工",
        "3020-01-01",
    ],
)
def test_parse_date_is_none_where_no_single_day_or_month_stands(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "sign"),
    [("≥", "≥"), ("＞＝", "≥"), ("＝", "="), ("大于等于", "≥"), ("定性", ""), ("无", ""), ("道路", None)],
)
def test_parse_nature_gives_the_operator(text: str, sign: str | None) -> None:
    assert parse_nature(text) == sign


@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_parse_amount_reads_what_python_prints(value: Decimal) -> None:
    assert parse_amount(f"{value:,}", unit=Decimal(1)) == value


@given(st.dates())
def test_parse_date_reads_every_way_to_write_a_day(day: object) -> None:
    iso = str(day)
    year, month, date = (int(part) for part in iso.split("-"))
    ways = {parse_date(iso), parse_date(f"{year:04d}/{month}/{date}"), parse_date(f"{year:04d}年{month}月{date}日")}
    assert ways == ({iso} if 1900 <= year <= 2100 else {None})


@given(st.text(alphabet="≥<=0123456789.,%()（）万亿元年月日 -达标次", max_size=12))
def test_parsers_never_fail_and_give_finite_values(text: str) -> None:
    target = parse_target(text)
    assert target.value is None or target.value.is_finite()
    amount = parse_amount(text, unit=Decimal(10000))
    assert amount is None or amount.is_finite()
    assert (target.value is None) or (target.qualitative is None)
    parse_rate(text)
    parse_date(text)
