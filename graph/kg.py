"""KnowledgeGraph: entities and edges, read by id, type and neighbour. Folded elsewhere (`folding`), frozen here.

networkx appears inside `path_between` only and is never handed out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

from graph.errors import UnknownId
from graph.model import Claim, Edge, EdgeId, EdgeType, Entity, EntityId, EntityType, Judgement

Direction = Literal["out", "in", "both"]


class KnowledgeGraph:
    """Entities and edges in the order of their ids; the claims that carry them; the judgements that joined names.

    `claims` and `judgements` may be given as functions: they are then called when first asked for.
    """

    def __init__(
        self,
        entities: Iterable[Entity] = (),
        edges: Iterable[Edge] = (),
        *,
        claims: Iterable[Claim] = (),
        judgements: Iterable[Judgement] = (),
    ) -> None:
        self._entities = {entity.id: entity for entity in sorted(entities, key=lambda entity: entity.id)}
        self._edges = {edge.id: edge for edge in sorted(edges, key=lambda edge: edge.id)}
        self._claims = claims
        self._judgements = judgements
        for edge in self._edges.values():
            for end in (edge.source, edge.target):
                if end not in self._entities:
                    raise UnknownId(end, f"边 {edge.id} 的一端不在图中")

    def __len__(self) -> int:
        return len(self._entities)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._entities

    @property
    def entities(self) -> Mapping[EntityId, Entity]:
        """All entities by id, sorted by id."""
        return MappingProxyType(self._entities)

    @property
    def edges(self) -> Mapping[EdgeId, Edge]:
        """All edges by id, sorted by id."""
        return MappingProxyType(self._edges)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """What the documents say and what follows from it, sorted by document and place."""
        return tuple(self._claims)

    @cached_property
    def judgements(self) -> tuple[Judgement, ...]:
        """Why names were joined, linked or kept apart."""
        return tuple(self._judgements)

    def entity(self, identifier: str) -> Entity:
        """The entity with this id. Raises UnknownId."""
        try:
            return self._entities[EntityId(identifier)]
        except KeyError:
            raise UnknownId(identifier, "图谱中没有这个编号", "编号可从回答或导出文件中复制") from None

    def edge(self, identifier: str) -> Edge:
        """The edge with this id. Raises UnknownId."""
        try:
            return self._edges[EdgeId(identifier)]
        except KeyError:
            raise UnknownId(identifier, "图谱中没有这条边", "编号可从回答或导出文件中复制") from None

    def of_type(self, entity_type: EntityType) -> tuple[Entity, ...]:
        """Entities of one type, by id."""
        return self._by_type.get(entity_type, ())

    def edges_from(self, identifier: EntityId, relation: EdgeType | None = None) -> tuple[Edge, ...]:
        """Edges that leave the entity, by id; all relations where none is given."""
        return _of(self._out.get(identifier, ()), relation)

    def edges_to(self, identifier: EntityId, relation: EdgeType | None = None) -> tuple[Edge, ...]:
        """Edges that reach the entity, by id."""
        return _of(self._in.get(identifier, ()), relation)

    def expand(
        self, ids: Iterable[EntityId], relation: EdgeType | None = None, *, direction: Direction = "out"
    ) -> tuple[Edge, ...]:
        """One hop from each of `ids`: every edge once, by id."""
        found: dict[EdgeId, Edge] = {}
        for identifier in ids:
            if direction != "in":
                found.update((edge.id, edge) for edge in self.edges_from(identifier, relation))
            if direction != "out":
                found.update((edge.id, edge) for edge in self.edges_to(identifier, relation))
        return tuple(found[key] for key in sorted(found))

    def targets(self, identifier: EntityId, relation: EdgeType) -> tuple[Entity, ...]:
        """Entities that edges of this relation lead to, in the order of the first evidence."""
        edges = sorted(self.edges_from(identifier, relation), key=lambda edge: (edge.sources[:1], edge.id))
        return tuple(self._entities[edge.target] for edge in edges)

    def origins(self, identifier: EntityId, relation: EdgeType) -> tuple[Entity, ...]:
        """Entities from which edges of this relation come, in the order of the first evidence."""
        edges = sorted(self.edges_to(identifier, relation), key=lambda edge: (edge.sources[:1], edge.id))
        return tuple(self._entities[edge.source] for edge in edges)

    def neighbourhood(self, ids: Iterable[EntityId], *, hops: int = 1, limit: int = 300) -> KnowledgeGraph:
        """The part of the graph within `hops` of `ids`, breadth first, at most `limit` entities."""
        kept = {identifier: None for identifier in ids if identifier in self._entities}
        border = list(kept)
        for _ in range(hops):
            reached: dict[EntityId, None] = {}
            for edge in self.expand(border, direction="both"):
                for end in (edge.source, edge.target):
                    if end not in kept and len(kept) < limit:
                        kept[end] = reached[end] = None
            border = list(reached)
        among = (edge for edge in self._edges.values() if edge.source in kept and edge.target in kept)
        return KnowledgeGraph((self._entities[identifier] for identifier in kept), among)

    def path_between(self, start: EntityId, goal: EntityId, *, cutoff: int = 6) -> tuple[Edge, ...]:
        """The edges of one shortest way between two entities, whatever their direction; () where there is none."""
        import networkx  # noqa: PLC0415  exact questions need no paths and load faster without it

        net: Any = networkx.Graph()
        net.add_nodes_from(self._entities)
        for edge in self._edges.values():
            if not net.has_edge(edge.source, edge.target):
                net.add_edge(edge.source, edge.target, edge=edge)
        if start not in net or goal not in net or not networkx.has_path(net, start, goal):
            return ()
        steps = networkx.shortest_path(net, start, goal)
        if len(steps) > cutoff + 1:
            return ()
        return tuple(net.edges[a, b]["edge"] for a, b in pairwise(steps))

    def judgements_on(self, identifier: str) -> tuple[Judgement, ...]:
        """Judgements that concern the entity."""
        return tuple(j for j in self.judgements if identifier in j.entities)

    def counts(self) -> dict[str, int]:
        """How many entities of each type and edges of each relation; absent kinds are left out."""
        kinds: dict[str, int] = defaultdict(int)
        for entity in self._entities.values():
            kinds[entity.type.value] += 1
        for edge in self._edges.values():
            kinds[edge.type.value] += 1
        return dict(sorted(kinds.items()))

    @cached_property
    def _by_type(self) -> dict[EntityType, tuple[Entity, ...]]:
        grouped: dict[EntityType, list[Entity]] = defaultdict(list)
        for entity in self._entities.values():
            grouped[entity.type].append(entity)
        return {kind: tuple(members) for kind, members in grouped.items()}

    @cached_property
    def _out(self) -> dict[EntityId, tuple[Edge, ...]]:
        return _index((edge.source, edge) for edge in self._edges.values())

    @cached_property
    def _in(self) -> dict[EntityId, tuple[Edge, ...]]:
        return _index((edge.target, edge) for edge in self._edges.values())


def _index(pairs: Iterator[tuple[EntityId, Edge]]) -> dict[EntityId, tuple[Edge, ...]]:
    grouped: dict[EntityId, list[Edge]] = defaultdict(list)
    for end, edge in pairs:
        grouped[end].append(edge)
    return {end: tuple(edges) for end, edges in grouped.items()}


def _of(edges: tuple[Edge, ...], relation: EdgeType | None) -> tuple[Edge, ...]:
    return edges if relation is None else tuple(edge for edge in edges if edge.type is relation)
