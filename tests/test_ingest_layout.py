"""Glyphs and rules become lines and rows; nothing is lost and nothing stands twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import Fit, Glyph, GridRow, Line, join_row, lay_out
from ingest.rulings import find_grids

SIZE = 10.0


def written(text: str, left: float, top: float) -> list[Glyph]:
    """Characters one after another, each as wide as it is high; a space leaves a gap."""
    return [
        Glyph(char, left + SIZE * n, top, left + SIZE * (n + 1), top + SIZE)
        for n, char in enumerate(text)
        if char != " "
    ]


def ruled(xs: list[float], ys: list[float]) -> list[tuple[float, float, float, float]]:
    """Rules of a full grid."""
    return [(x, ys[0], x, ys[-1]) for x in xs] + [(xs[0], y, xs[-1], y) for y in ys]


def shown(items: tuple[Line | GridRow, ...]) -> list[str | tuple[str, ...]]:
    return [item.text if isinstance(item, Line) else item.cells for item in items]


def test_lay_out_puts_lines_and_rows_in_order() -> None:
    glyphs = written("尾", 50, 300) + written("乙", 160, 110) + written("甲", 60, 110) + written("标题", 50, 60)
    items = lay_out(glyphs, ruled([50, 150, 250], [100, 130]), height=800)
    assert shown(items) == ["标题", ("甲", "乙"), "尾"]


@pytest.mark.parametrize(
    ("missing", "rows"),
    [
        pytest.param([(150, 100, 150, 130)], [("甲乙", ""), ("丙", "丁")], id="columns-merged"),
        pytest.param([(50, 130, 150, 130)], [("甲\n丙", "乙"), ("", "丁")], id="rows-merged"),
    ],
)
def test_lay_out_leaves_empty_cells_under_a_merge(missing: list, rows: list) -> None:
    rules = [(50, 100, 50, 160), (250, 100, 250, 160), (50, 100, 250, 100), (50, 160, 250, 160)]
    inner = [(150, 100, 150, 130), (150, 130, 150, 160), (50, 130, 150, 130), (150, 130, 250, 130)]
    rules += [rule for rule in inner if rule not in missing]
    glyphs = written("甲", 60, 110) + written("乙", 160, 110) + written("丙", 60, 140) + written("丁", 160, 140)
    found = [tuple(cell.replace(" ", "") for cell in row) for row in shown(lay_out(glyphs, rules, height=800))]
    assert found == rows


def test_lay_out_closes_a_table_that_the_page_left_open() -> None:
    rules = [(x, 100, x, 160) for x in (50, 150, 250)] + [(50, 100, 250, 100), (50, 130, 250, 130)]
    glyphs = written("甲", 60, 110) + written("丙", 60, 140) + written("丁", 160, 140)
    assert shown(lay_out(glyphs, rules, height=800)) == [("甲", ""), ("丙", "丁")]


def test_lay_out_takes_frames_for_no_tables() -> None:
    glyphs = written("文字", 60, 110)
    assert shown(lay_out(glyphs, ruled([50, 250], [100, 130]), height=800)) == ["文字"]


def test_lay_out_parts_columns_without_rules_by_tabs() -> None:
    glyphs = written("名称", 50, 100) + written("道路 养护", 150, 100)
    assert shown(lay_out(glyphs, [], height=800)) == ["名称\t道路 养护"]


@pytest.mark.parametrize("text", ["-3-", "12", "第3页", "第3页共10页", "3/10", "—3—"])
def test_lay_out_drops_page_numbers_at_the_margin_only(text: str) -> None:
    assert shown(lay_out(written(text, 280, 780), [], height=800)) == []
    assert shown(lay_out(written(text, 280, 400), [], height=800)) == [text]


def test_lay_out_joins_a_figure_that_the_cell_broke() -> None:
    glyphs = written("10,308,", 52, 105) + written("000.00", 52, 118) + written("乙", 140, 110)
    (row,) = lay_out(glyphs, ruled([50, 125, 250], [100, 130]), height=800)
    assert row.cells == ("10,308,000.00", "乙")


def piece(*cells: str, room: float = 0.0, row: int = 0) -> GridRow:
    fits = tuple(Fit(left=50.0 + 100 * n, room=room, lead=10.0, size=10.0) for n in range(len(cells)))
    return GridRow(0, row, cells, 700.0, fits)


@pytest.mark.parametrize(
    ("last", "following", "cells"),
    [
        pytest.param(piece("名称", "道路养"), piece("", "护工程"), ("名称", "道路养\f护工程"), id="one-cell-goes-on"),
        pytest.param(
            piece("产", "数", "1"), piece("出", "量", ""), ("产\n出", "数\f量", "1"), id="page-begins-in-the-last"
        ),
        pytest.param(
            piece("保证项目", "制度"), piece("措施：", "健全"), ("保证项目\n措施：", "制度\f健全"), id="all-cells-go-on"
        ),
    ],
)
def test_join_row_makes_a_broken_row_whole(last: GridRow, following: GridRow, cells: tuple[str, ...]) -> None:
    whole = join_row(last, following)
    assert whole is not None and whole.cells == cells


@pytest.mark.parametrize(
    ("last", "following"),
    [
        pytest.param(piece("名称", "道路", room=60.0), piece("", "护工程"), id="there-was-room"),
        pytest.param(piece("产出", ""), piece("", "质量"), id="nothing-to-go-on"),
        pytest.param(piece("名称：", "道路"), piece("依据：", "条例"), id="label-was-at-its-end"),
        pytest.param(piece("名称", "道路"), piece("", ""), id="empty"),
    ],
)
def test_join_row_leaves_rows_of_their_own(last: GridRow, following: GridRow) -> None:
    assert join_row(last, following) is None


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(0, 700), st.sampled_from("甲乙丙1a")), max_size=40),
    st.lists(st.integers(0, 50).map(lambda n: n * 10.0), min_size=0, max_size=5, unique=True),
    st.lists(st.integers(0, 70).map(lambda n: n * 10.0), min_size=0, max_size=5, unique=True),
)
def test_lay_out_keeps_every_glyph_once(marks: list, xs: list[float], ys: list[float]) -> None:
    glyphs = [Glyph(char, x, y + 100, x + 8, y + 108) for x, y, char in marks]
    rules = ruled(sorted(xs), sorted(y + 100 for y in ys)) if len(xs) > 1 and len(ys) > 1 else []
    items = lay_out(glyphs, rules, height=1000)
    kept = "".join(item.text if isinstance(item, Line) else "".join(item.cells) for item in items)
    assert sorted(kept.replace("\t", "").replace(" ", "").replace("\n", "")) == sorted(char for *_, char in marks)


def test_find_grids_gives_up_on_drawings() -> None:
    assert find_grids([(float(n), 0.0, float(n), 500.0) for n in range(7_000)]) == ()
