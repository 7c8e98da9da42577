"""Drawing: which nodes and edges a picture holds, and what the page needs to draw them.

Chooses by kind of relation, never by hazard; says how much it leaves out. Positions come from ui/layouting.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from graph.model import Edge, EdgeType, Entity, EntityId, EntityType
from search.model import Answer
from ui.layouting import ASPECT, Point, lay_out, place_around
from ui.rendering import short_label, visible
from ui.service import Knowledge
from ui.wording import kind_word, relation_word

ANSWER_LIMIT = 60
HARD_LIMIT = 2_000
LABEL_CUT = 33
SEQUENCE = count(1)  # the page takes a command it has seen for no command

# What a reader wants to see first around a node; indicators come last because there are dozens.
RELATION_ORDER = (
    EdgeType.CITES,
    EdgeType.DECLARES,
    EdgeType.SUPERVISES,
    EdgeType.IMPLEMENTS,
    EdgeType.SAME_PROGRAMME,
    EdgeType.RENAMED_TO,
    EdgeType.ISSUED_BY,
    EdgeType.HAS_TASK,
    EdgeType.MENTIONS,
    EdgeType.DESCRIBED_IN,
    EdgeType.HAS_INDICATOR,
)
QUIET = frozenset({EdgeType.HAS_INDICATOR, EdgeType.HAS_TASK, EdgeType.DESCRIBED_IN, EdgeType.MENTIONS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Nodes and edges of one picture. `left_out` counts neighbours that the limit kept away."""

    entities: tuple[Entity, ...]
    edges: tuple[Edge, ...]
    left_out: int = 0
    focus: tuple[EntityId, ...] = ()


EMPTY_DRAWING = Drawing(entities=(), edges=())


def _rank(edge: Edge) -> int:
    return RELATION_ORDER.index(edge.type)


def other_end(edge: Edge, entity_id: EntityId) -> EntityId:
    """The end of `edge` that is not `entity_id`."""
    return edge.target if edge.source == entity_id else edge.source


def edges_among(knowledge: Knowledge, ids: Iterable[EntityId]) -> tuple[Edge, ...]:
    """Edges with both ends among `ids`, by id."""
    inside = set(ids)
    found = {
        edge.id: edge
        for entity_id in inside
        for edge in knowledge.edges(entity_id)
        if edge.source in inside and edge.target in inside
    }
    return tuple(found[key] for key in sorted(found))


def named_in(plan: object) -> frozenset[str]:
    """Every text in a plan; ids of what the question named are among them."""
    return frozenset(_texts_in(plan))


def _texts_in(plan: object) -> Iterator[str]:
    if isinstance(plan, str):
        yield plan
    elif isinstance(plan, Mapping):
        for value in plan.values():
            yield from _texts_in(value)
    elif isinstance(plan, Sequence):
        for value in plan:
            yield from _texts_in(value)


def draw_answer(knowledge: Knowledge, answer: Answer, *, limit: int = ANSWER_LIMIT) -> Drawing:
    """The items of an answer, what the question named, and the direct relations that tell the rest.

    The rest is left out where items and what was named are related among themselves: they are the answer.
    """
    asked = [EntityId(text) for text in dict.fromkeys(_texts_in(answer.plan))]
    items = [item.id for item in answer.items if item.id is not None]
    core: dict[EntityId, Entity] = {}
    for entity_id in [*items, *asked]:
        if len(core) < limit and (entity := knowledge.entity(entity_id)) is not None:
            core[entity_id] = entity
    focus = tuple(i for i in asked if i in core) or tuple(core)[:1]
    edges = edges_among(knowledge, core)
    if len(core) > 1 and {end for edge in edges for end in (edge.source, edge.target)} == set(core):
        return Drawing(entities=tuple(core.values()), edges=edges, focus=focus)
    return _grow(knowledge, core, limit=limit, focus=focus)


def draw_neighbourhood(knowledge: Knowledge, entity_id: EntityId, *, limit: int = ANSWER_LIMIT) -> Drawing:
    """One entity and what it is directly related to, nearest kinds of relation first."""
    entity = knowledge.entity(entity_id)
    if entity is None:
        return EMPTY_DRAWING
    return _grow(knowledge, {entity_id: entity}, limit=limit, focus=(entity_id,), quiet=True)


def draw_expansion(knowledge: Knowledge, entity_id: EntityId, shown: Iterable[EntityId], *, limit: int = 40) -> Drawing:
    """What clicking a node adds: its neighbours not yet shown, and every edge between them and the shown ones."""
    present = {i for i in shown if knowledge.entity(i) is not None}
    fresh = [n for n in _neighbours(knowledge, entity_id, quiet=True) if n.id not in present]
    added = fresh[: max(0, min(limit, HARD_LIMIT - len(present)))]
    ids = {n.id for n in added}
    edges = tuple(e for e in edges_among(knowledge, present | ids | {entity_id}) if ids & {e.source, e.target})
    return Drawing(entities=tuple(added), edges=edges, left_out=len(fresh) - len(added), focus=(entity_id,))


def draw_everything(knowledge: Knowledge, kinds: Iterable[EntityType], *, limit: int = HARD_LIMIT) -> Drawing:
    """All entities of `kinds` up to the cap, best connected first, and their edges."""
    found = [entity for kind in kinds for entity in knowledge.of_type(kind)]
    found.sort(key=lambda entity: (-len(knowledge.edges(entity.id)), entity.id))
    kept = found[:limit]
    edges = edges_among(knowledge, (entity.id for entity in kept))
    return Drawing(entities=tuple(kept), edges=edges, left_out=len(found) - len(kept))


def _neighbours(knowledge: Knowledge, entity_id: EntityId, *, quiet: bool) -> list[Entity]:
    edges = sorted(
        (e for e in knowledge.edges(entity_id) if quiet or e.type not in QUIET),
        key=lambda e: (_rank(e), e.id),
    )
    ends = dict.fromkeys(other_end(edge, entity_id) for edge in edges)
    return [entity for end in ends if end != entity_id and (entity := knowledge.entity(end)) is not None]


def _grow(
    knowledge: Knowledge,
    core: Mapping[EntityId, Entity],
    *,
    limit: int,
    focus: tuple[EntityId, ...],
    quiet: bool = False,
) -> Drawing:
    """Add neighbours round by round, so that each core node gets its share of the room."""
    kept = dict(core)
    queues = [_neighbours(knowledge, i, quiet=quiet or len(core) == 1) for i in core]
    missed: set[EntityId] = set()
    while any(queues):
        for queue in queues:
            if not queue:
                continue
            entity = queue.pop(0)
            if entity.id in kept:
                continue
            if len(kept) < limit:
                kept[entity.id] = entity
            else:
                missed.add(entity.id)
    edges = edges_among(knowledge, kept)
    return Drawing(entities=tuple(kept.values()), edges=edges, left_out=len(missed), focus=focus)


def _cut(label: str) -> str:
    return label if len(label) <= LABEL_CUT else label[: LABEL_CUT - 1] + "…"


def render_node(entity: Entity, point: Point, degree: int) -> dict[str, object]:
    """A node as the page draws it. `degree` is its number of edges in the whole graph."""
    year = entity.properties.get("year")
    return {
        "id": entity.id,
        "kind": entity.type.value,
        "kindName": kind_word(entity.type),
        "label": _cut(short_label(entity)),
        "full": visible(entity.label),
        "year": year if isinstance(year, int) and not isinstance(year, bool) else None,
        "number": visible(str(entity.properties.get("number", ""))),
        "degree": degree,
        "x": point[0],
        "y": point[1],
    }


def render_edge(edge: Edge) -> dict[str, object]:
    """An edge as the page draws it."""
    typo = edge.properties.get("suspected_typo") is True
    return {
        "id": edge.id,
        "source": edge.source,
        "target": edge.target,
        "kind": edge.type.value,
        "kindName": relation_word(edge.type) + ("（疑似笔误）" if typo else ""),
        "typo": typo,
    }


def render_drawing(
    knowledge: Knowledge, drawing: Drawing, *, op: str = "set", note: str = "", aspect: float = ASPECT
) -> dict[str, object]:
    """The command that the graph component draws: set replaces the picture, merge adds to it.

    `aspect` is how much wider than high the picture's window is.
    """
    pairs = [(str(edge.source), str(edge.target)) for edge in drawing.edges]
    points = lay_out([entity.id for entity in drawing.entities], pairs, aspect=aspect)
    return _command(knowledge, drawing, points, op=op, note=note)


def render_expansion(
    knowledge: Knowledge, drawing: Drawing, center: Point, taken: Mapping[str, Point]
) -> dict[str, object]:
    """A merge command whose new nodes stand around the clicked one."""
    spots = place_around(center, len(drawing.entities), taken)
    points = {str(entity.id): spot for entity, spot in zip(drawing.entities, spots, strict=True)}
    return _command(knowledge, drawing, points, op="merge")


def _command(
    knowledge: Knowledge, drawing: Drawing, points: Mapping[str, Point], *, op: str, note: str = ""
) -> dict[str, object]:
    total = sum(knowledge.info().counts.get(kind.value, 0) for kind in EntityType)
    return {
        "op": op,
        "seq": next(SEQUENCE),
        "nodes": [render_node(e, points[e.id], len(knowledge.edges(e.id))) for e in drawing.entities],
        "edges": [render_edge(edge) for edge in drawing.edges],
        "focus": list(drawing.focus),
        "total": total,
        "leftOut": drawing.left_out,
        "note": note,
    }
