"""Rules drawn on a page, and the grids of cells that they make.

Coordinates run right and down from the top left corner. Must not know what is written in the cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

Box = tuple[float, float, float, float]  # left, top, right, bottom
Rule = dict[str, object]  # a rule as pdfplumber's functions want it

SNAP = 3.0  # points: rules nearer than this are one
_MOST_RULES = 6_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one table by rows; None where a merged cell covers the place."""

    rows: tuple[tuple[Box | None, ...], ...]
    columns: tuple[float, ...]
    box: Box


def find_grids(rules: Sequence[Box]) -> tuple[Grid, ...]:
    """Tables drawn by `rules` (thin boxes), top to bottom. Frames around text and one-column boxes are none."""
    if len(rules) > _MOST_RULES:
        return ()
    edges = merge_edges([_edge(rule) for rule in rules], SNAP, SNAP, SNAP, SNAP)
    edges += _closing_edges(edges)
    cells = intersections_to_cells(edges_to_intersections(edges, SNAP, SNAP))
    grids = (_grid(group) for group in cells_to_tables(cells))
    return tuple(sorted((grid for grid in grids if grid is not None), key=lambda grid: (grid.box[1], grid.box[0])))


def _edge(rule: Box) -> Rule:
    left, top, right, bottom = rule
    lying = right - left >= bottom - top
    if lying:
        top = bottom = (top + bottom) / 2
    else:
        left = right = (left + right) / 2
    return {
        "x0": left,
        "x1": right,
        "top": top,
        "bottom": bottom,
        "width": right - left,
        "height": bottom - top,
        "orientation": "h" if lying else "v",
        "object_type": "line",
    }


def _closing_edges(edges: list[Rule]) -> list[Rule]:
    """Rules that a page break or an open side left out: where rules end at one height, unmet."""
    closing = []
    for along, across, start, end in (("v", "h", "top", "bottom"), ("h", "v", "x0", "x1")):
        side, far = ("x0", "x1") if along == "v" else ("top", "bottom")
        crossing = [edge for edge in edges if edge["orientation"] == across]
        for tip in (start, end):
            loose = [
                edge
                for edge in edges
                if edge["orientation"] == along
                and not any(
                    abs(_at(other, start) - _at(edge, tip)) <= SNAP
                    and _at(other, side) - SNAP <= _at(edge, side) <= _at(other, far) + SNAP
                    for other in crossing
                )
            ]
            loose.sort(key=lambda edge: _at(edge, tip))
            for group in _runs(loose, tip):
                level = sum(_at(edge, tip) for edge in group) / len(group)
                low, high = min(_at(edge, side) for edge in group), max(_at(edge, side) for edge in group)
                ends = [_at(e, side) for e in edges if e["orientation"] == along and abs(_at(e, tip) - level) <= SNAP]
                low = max((end for end in ends if end < low - SNAP), default=low)  # up to the next rule that is met
                high = min((end for end in ends if end > high + SNAP), default=high)
                if high - low > SNAP:
                    closing.append(_edge((low, level, high, level) if along == "v" else (level, low, level, high)))
    return closing


def _at(edge: Rule, key: str) -> float:
    return float(str(edge[key]))


def _runs(edges: list[Rule], key: str) -> list[list[Rule]]:
    """Sorted edges, grouped where neighbours stand within the snapping distance."""
    groups: list[list[Rule]] = []
    for edge in edges:
        if groups and _at(edge, key) - _at(groups[-1][-1], key) <= SNAP:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return groups


def _grid(cells: Sequence[Box]) -> Grid | None:
    columns = sorted({cell[0] for cell in cells})
    if len(columns) < 2:
        return None
    rows = []
    for top in sorted({cell[1] for cell in cells}):
        by_left = {cell[0]: cell for cell in cells if cell[1] == top}
        rows.append(tuple(by_left.get(left) for left in columns))
    box = (columns[0], min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells))
    return Grid(tuple(rows), tuple(columns), box)
