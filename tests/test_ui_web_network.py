"""What the page sends to the graph's functions is not trusted: odd shapes do no harm."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def network():
    """The module under test; importing it imports gradio, which warns."""
    from ui import web_network

    return web_network


@pytest.mark.parametrize(
    "data",
    [
        {"nodes": 5},
        {"nodes": "ab"},
        {"nodes": ["a"], "edges": 7},
        {"nodes": ["a"], "edges": [["a", 10**400]]},
        {"nodes": ["a", 5, None, ["a"], {}], "edges": [["a"], ["a", "b", "c"], "ab", None, ["a", "none"]]},
    ],
    ids=["number", "text", "edges-number", "huge-end", "mixed"],
)
def test_arrange_places_the_nodes_that_are_well_formed(network, data):
    nodes = ["a"] if isinstance(data["nodes"], list) else []
    assert list(network.arrange(data)) == nodes


@pytest.mark.parametrize(
    "point",
    [[10**400, 1], [float("nan"), 1], [1, float("inf")], [1e300, 0], ["1", 2], [1], None],
    ids=["huge", "nan", "infinite", "far", "text", "short", "none"],
)
def test_read_points_keeps_points_that_can_be_drawn(network, point):
    assert network.read_points({"taken": {"a": point, "b": [1, 2.5]}}) == {"b": (1.0, 2.5)}


@pytest.mark.parametrize("data", [None, 5, "x", [], {}, {"id": 5}, {"taken": [], "id": None}], ids=repr)
def test_functions_answer_whatever_the_page_sends(network, sample, data):
    functions = network.build_functions(sample.workspace(sample.make_knowledge()))
    for call in functions.all():
        assert call(data) is not None
