"""What a picture holds: items, what was named, neighbours by kind of relation, and how much is left out."""

from __future__ import annotations

from graph.model import EdgeType, EntityType
from ui.drawing import draw_answer, draw_everything, draw_expansion, draw_neighbourhood, render_drawing


def test_answer_drawing_joins_items_and_what_was_named(sample, knowledge):
    drawing = draw_answer(knowledge, sample.citing_answer("q"))
    assert {e.id for e in drawing.entities} == {sample.road.id, sample.trees.id, sample.rule.id}
    assert {e.type for e in drawing.edges} == {EdgeType.CITES}
    assert drawing.focus == (sample.rule.id,)


def test_answer_drawing_grows_where_items_stand_alone(sample, knowledge):
    drawing = draw_answer(knowledge, sample.total_answer("q"))
    assert sample.office.id in {e.id for e in drawing.entities}
    assert EntityType.INDICATOR not in {e.type for e in drawing.entities}


def test_neighbourhood_respects_the_limit_and_counts_the_rest(sample, knowledge):
    drawing = draw_neighbourhood(knowledge, sample.road.id, limit=3)
    assert len(drawing.entities) == 3
    assert drawing.left_out == 3
    assert {e.type for e in drawing.entities} == {EntityType.PROJECT, EntityType.POLICY}


def test_neighbourhood_of_a_stranger_is_empty(knowledge):
    assert draw_neighbourhood(knowledge, "project:none").entities == ()


def test_expansion_adds_only_what_is_not_shown(sample, knowledge):
    drawing = draw_expansion(knowledge, sample.road.id, [sample.road.id, sample.rule.id])
    ids = {e.id for e in drawing.entities}
    assert ids.isdisjoint({sample.road.id, sample.rule.id})
    assert {sample.quota.id, sample.office.id, sample.whole.id} <= ids
    assert all(ids & {e.source, e.target} for e in drawing.edges)


def test_everything_keeps_the_best_connected(sample, knowledge):
    drawing = draw_everything(knowledge, (EntityType.PROJECT, EntityType.POLICY), limit=2)
    assert sample.road.id in {e.id for e in drawing.entities}
    assert drawing.left_out == 2


def test_rendered_drawing_says_totals_and_marks_misprints(sample, knowledge):
    command = render_drawing(knowledge, draw_answer(knowledge, sample.citing_answer("q")))
    assert command["op"] == "set"
    assert command["total"] == 7
    assert [e["kindName"] for e in command["edges"] if e["typo"]] == ["引用（疑似笔误）"]
    assert {n["kindName"] for n in command["nodes"]} == {"项目", "政策文件"}
