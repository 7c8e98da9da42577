"""Positions: every node has one, boxes do not overlap, the same drawing looks the same."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.layouting import BOX, lay_out, place_around


def overlapping(points):
    spots = list(points)
    return [
        (a, b)
        for i, a in enumerate(spots)
        for b in spots[i + 1 :]
        if abs(a[0] - b[0]) < BOX[0] - 1 and abs(a[1] - b[1]) < BOX[1] - 1
    ]


def random_drawing(size, seed):
    chance = random.Random(seed)
    nodes = [f"n{i}" for i in range(size)]
    edges = [(f"n{i}", f"n{chance.randrange(i)}") for i in range(1, size) if i % 7]
    return nodes, edges + [(chance.choice(nodes), chance.choice(nodes)) for _ in range(size // 3)]


@pytest.mark.parametrize("size", [1, 2, 9, 60, 150])
def test_lay_out_keeps_label_boxes_apart(size):
    points = lay_out(*random_drawing(size, seed=size))
    assert len(points) == size
    assert overlapping(points.values()) == []


def test_lay_out_is_the_same_each_time():
    assert lay_out(*random_drawing(40, seed=3)) == lay_out(*random_drawing(40, seed=3))


def test_lay_out_of_nothing_is_empty():
    assert lay_out([], []) == {}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=25))
def test_lay_out_bears_loops_parallel_edges_and_strangers(pairs):
    nodes = [str(i) for i in range(10)]
    points = lay_out(nodes, [(str(a), str(b)) for a, b in pairs])
    assert set(points) == set(nodes)


def test_place_around_takes_free_places_near_the_centre():
    taken = lay_out(*random_drawing(20, seed=5))
    center = taken["n3"]
    spots = place_around(center, 15, taken)
    assert len(set(spots)) == 15
    others = [*taken.values(), *spots]
    close = [
        s
        for s in spots
        for o in others
        if o != s and abs(o[0] - s[0]) < BOX[0] * 0.8 and abs(o[1] - s[1]) < BOX[1] * 0.8
    ]
    assert close == []
