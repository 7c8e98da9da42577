"""Lists and pages of the tab 详情, without a browser."""

from __future__ import annotations

import pytest

from graph.model import EntityType
from ui.rendering_entity import render_indicator_page, render_page, render_proof, render_summary

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def tab():
    """The module under test; importing it imports gradio, which warns."""
    from ui import web_entity

    return web_entity


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("项目", ["绿化补种", "道路养护"]),
        ("政策文件", ["城市道路管理条例", "养护定额"]),
        ("单位", ["甲区市政管理所"]),
        ("绩效指标", ["道路完好率"]),
        ("子项目", []),
    ],
)
def test_list_of_each_kind(tab, knowledge, kind, labels):
    assert [row.cells[0].text for row in tab.list_table(knowledge, kind).rows] == labels


def test_kinds_are_those_of_the_choice(tab, knowledge):
    assert [tab.list_table(knowledge, kind).columns[0].label for kind in tab.KINDS] == [
        "项目",
        "政策文件",
        "单位",
        "指标名称",
        "子项目",
    ]


def test_long_list_is_cut_and_says_so(tab, knowledge, monkeypatch):
    monkeypatch.setattr(tab, "MAX_LISTED", 1)
    value = tab.list_value(knowledge, "项目")
    assert len(value["rows"]) == 1
    assert "其余 1 项" in value["note"]


def test_page_of_every_entity_renders_and_names_it(knowledge):
    for kind in EntityType:
        for entity in knowledge.of_type(kind):
            html = render_page(knowledge, entity)
            assert entity.label in html
            assert entity.label in render_summary(knowledge, entity)


def test_unknown_key_gives_the_empty_page(tab, knowledge):
    assert "从左边的列表中选一项" in tab.render_key(knowledge, "project:none")
    assert "（0 条）" in tab.render_key(knowledge, "name:没有这个指标")


def test_indicator_page_gathers_the_name_over_projects(knowledge):
    html = render_indicator_page(knowledge, "道路完好率")
    assert "（1 条）" in html
    assert "道路养护（2021 年）" in html


def test_proof_of_a_property_quotes_its_place(sample, knowledge):
    html = render_proof(knowledge, sample.rule, "number")
    assert "文号：甲府发〔2019〕7号" in html
    assert "<mark" in html


def test_pages_say_sections_and_printed_forms_as_people_read_them(sample, knowledge):
    """@issue 5: the graph keeps both as tuples, and the page of a document showed them as Python writes tuples."""
    for entity in (sample.rule, sample.trees):
        html = render_page(knowledge, entity)
        assert "立项依据" in html
        assert "甲府法〔2019〕7号" in html
        assert "('" not in html
        assert "basis" not in html
    assert "疑为“甲府发〔2019〕7号”之误" in render_page(knowledge, sample.rule)


def test_number_of_a_task_is_no_document_number():
    from ui.wording import property_word

    assert property_word("number") == "文号"
    assert property_word("number", EntityType.TASK) == "序号"
