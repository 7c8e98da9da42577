"""Values, tables, evidence and answers as people see them."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Source
from search.model import Answer, Item, Option, Status
from ui.markup import Html, element, join
from ui.rendering import (
    neutral_cell,
    render_date,
    render_money,
    render_number,
    render_size,
    render_value,
    render_wan,
    table_to_csv,
    visible,
)
from ui.rendering_answer import readings_at, render_answer, render_item_evidence
from ui.rendering_evidence import place_of, render_context, render_stretch, window_of
from ui.rendering_table import answer_table


@pytest.mark.parametrize(
    ("yuan", "wan"),
    [
        ("10929880", "1,092.988"),
        ("2080000", "208.00"),
        ("0", "0.00"),
        ("1", "0.0001"),
        ("-125000", "-12.50"),
        ("123456789012.34", "12,345,678.901234"),
    ],
)
def test_render_wan_is_exact_with_separators(yuan, wan):
    assert render_wan(Decimal(yuan)) == wan


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=2, allow_nan=False))
def test_render_wan_gives_the_same_amount_back(yuan):
    assert Decimal(render_wan(yuan).replace(",", "")) * 10_000 == yuan


def test_render_money_shows_both_spellings():
    assert render_money(Decimal(2_080_000)) == "208.00 万元（2,080,000 元）"


@pytest.mark.parametrize(
    ("iso", "shown"),
    [("2020-01-01", "2020年1月1日"), ("2025-10", "2025年10月"), ("长期", "长期"), ("2020-13-40x", "2020-13-40x")],
)
def test_render_date_speaks_chinese(iso, shown):
    assert render_date(iso) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("government_procurement", True, "是"),
        ("budget_year", "950000", "95.00 万元（950,000 元）"),
        ("execution_rate", "99.21", "99.21%"),
        ("total_score", "93.92", "93.92 分"),
        ("year", 2020, "2020 年"),
        ("aliases", ("甲", "乙"), "甲；乙"),
        ("budget_year", "不详", "不详"),
        ("target_value", "1E+3", "1E+3"),
        ("section", ("basis", "overview"), "立项依据；项目概况"),
        ("section", "goals", "总目标及阶段性目标"),
        ("media_type", "application/pdf", "PDF"),
    ],
)
def test_render_value_by_property(name, value, shown):
    assert render_value(name, value) == shown


def test_render_number_drops_trailing_zeros_and_exponent():
    assert render_number(Decimal("1344.50")) == "1,344.5"
    assert render_number(Decimal("1E+6")) == "1,000,000"


@pytest.mark.parametrize(("size", "shown"), [(12, "12 字节"), (2048, "2.0 KB"), (5 << 20, "5.0 MB")])
def test_render_size(size, shown):
    assert render_size(size) == shown


def test_visible_shows_what_turns_the_direction_and_drops_controls():
    assert visible("甲\u202e乙\x07") == "甲\ufffd乙"


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠A", "-cmd", '=HYPERLINK("http://x")']
)
def test_neutral_cell_disarms_formulas(text):
    assert neutral_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["-12.5", "1,092.99", "-1,000", "99.21%", "3", "道路养护"])
def test_neutral_cell_leaves_numbers_and_words(text):
    assert neutral_cell(text) == text


def test_answer_table_has_only_columns_that_say_something(sample):
    table = answer_table(sample.citing_answer("q"))
    assert [c.label for c in table.columns] == ["序号", "项目", "年度", "出处"]
    assert [[c.text for c in row.cells] for row in table.rows] == [
        ["1", "道路养护", "2021", "1 处"],
        ["2", "绿化补种", "2022", "1 处"],
    ]


def test_answer_table_puts_money_in_wan_and_sorts_by_yuan(sample):
    table = answer_table(sample.total_answer("q"))
    at = [c.label for c in table.columns].index("金额（万元）")
    assert table.columns[at].numeric
    assert [(r.cells[at].text, r.cells[at].order, r.cells[at].hint) for r in table.rows] == [
        ("120.05", "1200500", "1,200,500 元"),
        ("8.60", "86000", "86,000 元"),
    ]


def test_answer_table_names_each_unit_where_they_differ():
    items = (
        Item(label="甲", value=Decimal(20_000), unit="元"),
        Item(label="乙", value=Decimal(3), unit="个"),
        Item(label="丙", value="优", unit=None),
        Item(label="丁"),
    )
    answer = Answer(question="q", status=Status.ANSWERED, interpretation="", text="", items=items)
    table = answer_table(answer)
    values = [row.cells[-2].text for row in table.rows]
    assert table.columns[-2].label == "数值"
    assert values == ["2.00 万元", "3 个", "优", ""]


def make_items(*lines):
    """Items of projects: (value, unit, further columns)."""
    return tuple(
        Item(label=f"项目{at}", type="Project", year=2020, value=value, unit=unit, properties=properties)
        for at, (value, unit, properties) in enumerate(lines)
    )


def table_of(*lines):
    items = make_items(*lines)
    return answer_table(Answer(question="q", status=Status.ANSWERED, interpretation="", text="", items=items))


def column_of(table, label):
    at = [c.label for c in table.columns].index(label)
    return table.columns[at], [row.cells[at] for row in table.rows]


def test_answer_table_says_the_year_once():
    table = table_of((None, None, {"年度": "2020", "类别": "甲"}), (None, None, {"年度": "2020"}))
    assert [c.label for c in table.columns] == ["序号", "项目", "年度", "类别", "出处"]


def test_answer_table_keeps_a_year_that_is_another_one():
    table = table_of((None, None, {"年度": "2019"}))
    assert [c.label for c in table.columns].count("年度") == 2


@pytest.mark.parametrize(
    ("value", "unit", "text", "label", "shown"),
    [
        (Decimal(528_000), "元", "52.8万元（528,000元）", "增减额（万元）", "52.80"),
        (Decimal("93.27"), "%", "93.27%", "增减额（%）", "93.27"),
        (Decimal(100), "分", "100分", "增减额（分）", "100"),
        ("满意", None, "满意", "增减额", "满意"),
        (">=95%", None, ">=95%", "增减额", ">=95%"),
    ],
)
def test_answer_table_says_a_value_once_under_its_name(value, unit, text, label, shown):
    table = table_of((value, unit, {"增减额": text}))
    assert [c.label for c in table.columns] == ["序号", "项目", "年度", label, "出处"]
    assert column_of(table, label)[1][0].text == shown


def test_answer_table_keeps_what_is_not_the_value():
    table = table_of((Decimal(2), "个", {"类别": "甲"}), (Decimal(3), "个", {"类别": "3"}))
    assert [c.label for c in table.columns] == ["序号", "项目", "年度", "类别", "数值（个）", "出处"]


def test_answer_table_puts_amounts_in_words_under_wan():
    table = table_of(
        (None, None, {"项目当年预算": "195.545万元（1,955,450元）"}),
        (None, None, {"项目当年预算": "115万元（1,150,000元；原文“1,150,000.00”）"}),
        (None, None, {"项目当年预算": "860元"}),
        (None, None, {"项目当年预算": "-2亿元（-200,000,000元）"}),
        (None, None, {}),
    )
    column, cells = column_of(table, "项目当年预算（万元）")
    assert column.numeric
    assert [c.text for c in cells] == ["195.545", "115.00", "0.086", "-20,000.00", ""]
    assert [c.order for c in cells] == ["1955450", "1150000", "860", "-200000000", ""]
    assert cells[1].hint == "115万元（1,150,000元；原文“1,150,000.00”）"


def test_answer_table_leaves_words_among_amounts_as_they_are():
    table = table_of((None, None, {"预算": "2元"}), (None, None, {"预算": "不详"}))
    column, cells = column_of(table, "预算")
    assert not column.numeric
    assert [c.text for c in cells] == ["2元", "不详"]


def test_answer_table_of_an_empty_answer_is_empty():
    answer = Answer(question="q", status=Status.NO_MATCH, interpretation="", text="没有")
    assert answer_table(answer).rows == ()


def test_table_to_csv_is_for_excel_and_harmless(sample):
    items = (Item(label="=cmd()", value=Decimal("-125000"), unit="元"),)
    answer = Answer(question="=q", status=Status.ANSWERED, interpretation="", text="", items=items)
    data = table_to_csv(answer_table(answer), {"问题": answer.question})
    assert data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["1", "'=cmd()", "-12.50", "0 处"]
    assert rows[-1] == ["问题", "'=q"]


@given(st.text(), st.text())
def test_element_escapes_whatever_is_not_markup(text, value):
    made = element("p", {"title": value}, text)
    inside = made.removeprefix("<p").removesuffix("</p>")
    assert "<" not in inside
    assert inside.count(">") == 1


def test_join_keeps_markup_and_escapes_the_rest():
    assert join([Html("<b>x</b>"), "<i>"], " & ") == "<b>x</b> &amp; &lt;i&gt;"


def test_render_stretch_marks_exactly_the_proof_over_cells_and_tags():
    text = "甲\t<p>乙丙</p>丁\t\t\n戊"
    html = render_stretch(text, 0, len(text), [(text.index("丙"), text.index("丁") + 1)])
    assert "<mark>丙</mark>" in html
    assert "<mark>丁</mark>" in html
    assert "&lt;p&gt;" not in html
    assert "<td>甲</td>" in html


def test_render_stretch_escapes_tags_that_are_not_layout():
    text = "<script>alert(1)</script><img src=x onerror=alert(1)><p onclick=alert(1)>甲</p>"
    html = render_stretch(text, 0, len(text), [])
    assert "<script" not in html
    assert "<img" not in html
    assert "onclick" not in html
    assert "甲" in html


@pytest.mark.parametrize("text", ["<td/甲>", "<p 甲>", "<b，甲>", "<i甲>", "<p 甲=乙>"])
def test_render_stretch_takes_no_words_for_attributes(text):
    assert "甲" in render_stretch(text, 0, len(text), [])


@pytest.mark.parametrize(
    "tag", ["<p>", "</p >", "<br/>", "<BR />", '<td colspan="2" style=\'font:"宋体"\'>', "<p onclick=x() hidden>"]
)
def test_render_stretch_drops_tags_of_layout(tag):
    text = f"{tag}甲"
    assert render_stretch(text, 0, len(text), []) == "<p>甲</p>"


@given(st.text(alphabet="甲乙<>/p\n\t td&", max_size=60), st.data())
def test_render_stretch_loses_no_character_but_layout(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    html = render_stretch(text, 0, len(text), [(start, end)])
    assert html.count("甲") == text.count("甲")
    assert html.count("乙") == text.count("乙")


@given(st.text(max_size=300), st.data(), st.integers(1, 50))
def test_window_holds_the_proof_and_stays_in_the_text(text, data, radius):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = window_of(text, start, end, radius)
    assert 0 <= low <= start
    assert end <= high <= len(text)


def test_render_context_without_the_text_shows_the_quote(sample):
    source = Source(document="x", start=0, end=3, quote="甲<b")
    assert render_context(source, None) == "<p><mark>甲&lt;b</mark></p>"


@pytest.mark.parametrize(
    ("page", "cell", "shown"),
    [(3, None, "第 3 页"), (3, "表1 第2行", "第 3 页，表1 第2行"), (None, None, "第 11–13 字")],
)
def test_place_of_names_page_and_cell(page, cell, shown):
    assert place_of(Source(document="x", start=10, end=13, quote="abc", page=page, cell=cell)) == shown


def test_readings_show_the_printed_form_beside_the_canonical_one(sample, knowledge):
    (reading,) = readings_at(knowledge, sample.trees.id, sample.edges[2].sources[0])
    assert (reading.printed, reading.typo) == ("甲府法〔2019〕7号", True)
    assert reading.canonical == "《城市道路管理条例》（甲府发〔2019〕7号）"


def test_readings_of_a_figure_name_its_property(sample, knowledge):
    road = sample.road
    (reading,) = readings_at(knowledge, road.id, road.evidence["budget_year"][0])
    assert reading.canonical.startswith("名称：") or "当年预算" in reading.canonical


def test_render_answer_offers_options_and_says_the_status():
    answer = Answer(
        question="q",
        status=Status.AMBIGUOUS,
        interpretation="两种理解",
        text="请选择",
        options=(Option(label="甲<", question="问甲"),),
        caveats=("单位已换算",),
    )
    html = render_answer(answer)
    assert 'data-question="问甲"' in html
    assert "甲&lt;" in html
    assert "请选择" in html
    assert "单位已换算" in html


def test_item_evidence_shows_doubts_that_touch_it(sample, knowledge):
    item = Item(label="绿化补种", id=sample.trees.id, sources=(sample.place("绿化补种"),))
    assert "绿化补种缺少项目总预算一格" in render_item_evidence(knowledge, item)
