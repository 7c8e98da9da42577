"""Pace: how long a stage still takes."""

from __future__ import annotations

from search.progress import Pace


def test_pace_goes_on_as_it_went_so_far() -> None:
    times = iter((0.0, 10.0, 20.0))
    pace = Pace(lambda: next(times))
    assert pace.seconds_left("读取文件", 100, 200) is None  # kept from before: they took no time
    assert pace.seconds_left("读取文件", 120, 200) == 40.0
    assert pace.seconds_left("读取文件", 200, 200) is None


def test_pace_begins_anew_with_each_stage() -> None:
    times = iter((0.0, 100.0, 104.0))
    pace = Pace(lambda: next(times))
    pace.seconds_left("读取文件", 0, 2)
    assert pace.seconds_left("计算向量", 0, 10) is None
    assert pace.seconds_left("计算向量", 2, 10) == 16.0


def test_pace_foretells_nothing_from_a_moment() -> None:
    times = iter((0.0, 0.5))
    pace = Pace(lambda: next(times))
    pace.seconds_left("计算向量", 0, 10)
    assert pace.seconds_left("计算向量", 1, 10) is None
