"""Positions of nodes, computed on the server: the same drawing gets the same picture on every machine.

Each connected part is laid out by springs (rustworkx, fixed seed), labels get room, parts are packed in rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import rustworkx as rx

Point = tuple[float, float]

BOX = (144.0, 86.0)  # room for a node with three lines of label, in drawing units
GAP = 60.0
FEW = 12  # small parts get more air, for the names on their edges
SEED = 20240501
PUSHES = 400
EASING = 20
MAX_PUSHED = 400  # beyond, labels are hidden at overview zoom anyway
ASPECT = 1.6
MAX_SHELF = 24  # parts of the first shelf that are tried


def lay_out(nodes: Sequence[str], edges: Sequence[tuple[str, str]], *, aspect: float = ASPECT) -> dict[str, Point]:
    """A position for each node; no two label boxes overlap up to MAX_PUSHED nodes in one part.

    `aspect` is how much wider than high the window is that the picture should fill.
    """
    kg = rx.PyGraph(multigraph=False)
    index = dict(zip(nodes, kg.add_nodes_from(list(nodes)), strict=True))
    kg.add_edges_from([(index[a], index[b], None) for a, b in edges if a in index and b in index and a != b])
    parts = sorted((sorted(part) for part in rx.connected_components(kg)), key=lambda part: (-len(part), part[0]))
    placed = [_spread(kg.subgraph(part), len(part)) for part in parts]
    positions: dict[str, Point] = {}
    for part, points, (x, y) in zip(parts, placed, _pack([_extent(p) for p in placed], aspect), strict=True):
        shifted = points - points.min(axis=0) + np.array([x, y])
        positions.update(
            (nodes[i], (round(float(px), 1), round(float(py), 1))) for i, (px, py) in zip(part, shifted, strict=True)
        )
    return positions


def place_around(center: Point, count: int, taken: Mapping[str, Point]) -> list[Point]:
    """`count` free places around a clicked node, near first, none on a taken place."""
    occupied = np.array(list(taken.values()) or [center], dtype=float)
    found: list[Point] = []
    ring = 1
    while len(found) < count:
        radius = ring * BOX[0] * 0.95
        slots = max(6, int(2 * np.pi * radius / BOX[0]))
        for slot in range(slots):
            angle = 2 * np.pi * (slot + 0.5 * (ring % 2)) / slots
            spot = np.array(
                [center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle) * BOX[1] / BOX[0] * 1.25]
            )
            apart = np.abs(occupied - spot)
            if not bool(((apart[:, 0] < BOX[0] * 0.9) & (apart[:, 1] < BOX[1] * 0.9)).any()):
                occupied = np.vstack([occupied, spot])
                found.append((round(float(spot[0]), 1), round(float(spot[1]), 1)))
                if len(found) == count:
                    break
        ring += 1
    return found


def _spread(part: rx.PyGraph, size: int) -> np.ndarray:
    if size == 1:
        return np.zeros((1, 2))
    rounds = 200 if size <= MAX_PUSHED else 50
    found = rx.spring_layout(part, seed=SEED, num_iter=rounds, k=1.6 / np.sqrt(size))
    points = np.array([found[i] for i in part.node_indices()], dtype=float)
    span = np.maximum(np.ptp(points, axis=0), 1e-6)
    side = np.sqrt(size) * (1.25 if size <= FEW else 0.9)
    points = (points - points.min(axis=0)) / span * np.array([side * BOX[0] * 1.1, side * BOX[1] * 1.1])
    return _push_apart(points) if size <= MAX_PUSHED else points


def _push_apart(points: np.ndarray) -> np.ndarray:
    """Move overlapping label boxes apart along the axis where they overlap least."""
    size = len(points)
    tie = np.linspace(-1e-3, 1e-3, size)  # equal points would have no direction to part in
    xs, ys = points[:, 0] + tie, points[:, 1] - tie
    for attempt in range(PUSHES):
        apart_x, apart_y = xs[:, None] - xs[None, :], ys[:, None] - ys[None, :]
        touching = (np.abs(apart_x) < BOX[0] - 1e-6) & (np.abs(apart_y) < BOX[1] - 1e-6)
        np.fill_diagonal(touching, val=False)
        one, other = np.nonzero(touching)
        if not one.size:
            break
        dx, dy = apart_x[one, other], apart_y[one, other]
        deep_x, deep_y = BOX[0] - np.abs(dx), BOX[1] - np.abs(dy)
        across = deep_x < deep_y
        crowd = np.maximum(np.sqrt(np.bincount(one, minlength=size)), 1)
        xs = xs + np.bincount(one, np.where(across, np.where(dx >= 0, deep_x, -deep_x) / 2, 0), size) / crowd
        ys = ys + np.bincount(one, np.where(across, 0, np.where(dy >= 0, deep_y, -deep_y) / 2), size) / crowd
        if attempt % EASING == EASING - 1:  # a crowd that blocks itself gets more room
            xs, ys = xs * 1.04, ys * 1.04
    return np.column_stack([xs, ys])


def _extent(points: np.ndarray) -> tuple[float, float]:
    width, height = np.ptp(points, axis=0)
    return float(width) + BOX[0] + GAP, float(height) + BOX[1] + GAP


def _pack(extents: Sequence[tuple[float, float]], aspect: float) -> list[Point]:
    """Shelves from left to right that fit best into a window of `aspect`; places of the upper left corners."""
    widest = max((width for width, _ in extents), default=0.0)
    area = sum(width * height for width, height in extents)
    limits = {widest, float(np.sqrt(area * aspect))}
    limits |= set(np.cumsum([width for width, _ in extents][:MAX_SHELF]).tolist())
    tried = [_shelve(extents, max(limit, widest)) for limit in sorted(limits)]
    return min(tried, key=lambda places: _need(places, extents, aspect), default=[])


def _need(places: Sequence[Point], extents: Sequence[tuple[float, float]], aspect: float) -> float:
    """How far one must step back to see it all: width over the window's aspect, or height."""
    right = max((x + w for (x, _), (w, _) in zip(places, extents, strict=True)), default=0.0)
    bottom = max((y + h for (_, y), (_, h) in zip(places, extents, strict=True)), default=0.0)
    return max(right / aspect, bottom)


def _shelve(extents: Sequence[tuple[float, float]], limit: float) -> list[Point]:
    places: list[Point] = []
    x = y = shelf = 0.0
    for width, height in extents:
        if x > 0 and x + width > limit:
            x, y, shelf = 0.0, y + shelf, 0.0
        places.append((x, y))
        x, shelf = x + width, max(shelf, height)
    return places
