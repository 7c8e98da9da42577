"""`jixiao diff`: what changed between two graphs, entity by entity and edge by edge, with the places that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Prefix

from graph.explain import place_of, source_json
from graph.headings import edge_heading, entity_heading, property_heading
from graph.kg import KnowledgeGraph
from graph.model import Edge, EdgeType, Entity, EntityType, Source, Value

_LONGEST = 60  # letters of a value shown in the text form
_BEFORE = 8  # letters shown before the first difference of long values


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A property that changed; None where it was or is absent. `sources` prove the new value, else the old."""

    property: str
    old: Value | None
    new: Value | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Entities and edges by id: only in the new graph, only in the old, in both but different."""

    added: tuple[Entity, ...]
    removed: tuple[Entity, ...]
    changed: tuple[tuple[Entity, tuple[Change, ...]], ...]
    added_edges: tuple[Edge, ...]
    removed_edges: tuple[Edge, ...]
    changed_edges: tuple[tuple[Edge, tuple[Change, ...]], ...]
    labels: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether the two graphs say the same."""
        found = (self.added, self.removed, self.changed, self.added_edges, self.removed_edges, self.changed_edges)
        return not any(found)

    def to_json(self) -> dict[str, object]:
        """Plain values for `--json`."""
        return {
            "added": [_entity_json(entity) for entity in self.added],
            "removed": [_entity_json(entity) for entity in self.removed],
            "changed": [_entity_json(e) | {"changes": [_change_json(c) for c in cs]} for e, cs in self.changed],
            "added_edges": [self._edge_json(edge) for edge in self.added_edges],
            "removed_edges": [self._edge_json(edge) for edge in self.removed_edges],
            "changed_edges": [
                self._edge_json(e) | {"changes": [_change_json(c) for c in cs]} for e, cs in self.changed_edges
            ],
        }

    def to_text(self) -> str:
        """Chinese lines for people."""
        if self.is_empty:
            return "两份快照的内容相同。"
        lines = [
            f"实体：增加 {len(self.added)}，减少 {len(self.removed)}，改变 {len(self.changed)}；"
            f"关系：增加 {len(self.added_edges)}，减少 {len(self.removed_edges)}，改变 {len(self.changed_edges)}"
        ]
        lines += [f"+ {_named(entity)}{_at(entity.sources)}" for entity in self.added]
        lines += [f"- {_named(entity)}{_at(entity.sources)}" for entity in self.removed]
        for entity, changes in self.changed:
            lines.append(f"* {_named(entity)}")
            lines += [_change_line(change) for change in changes]
        lines += [f"+ {self._edge_named(edge)}{_at(edge.sources)}" for edge in self.added_edges]
        lines += [f"- {self._edge_named(edge)}{_at(edge.sources)}" for edge in self.removed_edges]
        for edge, changes in self.changed_edges:
            lines.append(f"* {self._edge_named(edge)}")
            lines += [_change_line(change) for change in changes]
        return "\n".join(lines)

    def _edge_named(self, edge: Edge) -> str:
        ends = self.labels.get(edge.source, edge.source), self.labels.get(edge.target, edge.target)
        return f"{ends[0]} —{edge_heading(EdgeType(edge.type))}→ {ends[1]}"

    def _edge_json(self, edge: Edge) -> dict[str, object]:
        return {
            "id": edge.id,
            "type": edge.type.value,
            "source": edge.source,
            "target": edge.target,
            "text": self._edge_named(edge),
            "sources": [source_json(s) for s in edge.sources],
        }


def compare(old: KnowledgeGraph, new: KnowledgeGraph) -> Changes:
    """What changed from the old graph to the new."""
    before, after = old.entities, new.entities
    edges_before, edges_after = old.edges, new.edges
    changed = ((after[i], _changes(before[i], after[i])) for i in after if i in before)
    kept = [i for i in edges_after if i in edges_before]
    changed_edges = ((edges_after[i], _edge_changes(edges_before[i], edges_after[i])) for i in kept)
    return Changes(
        added=tuple(entity for i, entity in after.items() if i not in before),
        removed=tuple(entity for i, entity in before.items() if i not in after),
        changed=tuple((entity, changes) for entity, changes in changed if changes),
        added_edges=tuple(edge for i, edge in edges_after.items() if i not in edges_before),
        removed_edges=tuple(edge for i, edge in edges_before.items() if i not in edges_after),
        changed_edges=tuple((edge, changes) for edge, changes in changed_edges if changes),
        labels={i: e.label for i, e in (*before.items(), *after.items())},
    )


def _changes(old: Entity, new: Entity) -> tuple[Change, ...]:
    names = sorted({*old.properties, *new.properties})
    found = [
        Change(
            property=name,
            old=old.properties.get(name),
            new=new.properties.get(name),
            sources=new.evidence.get(name, ()) or old.evidence.get(name, ()),
        )
        for name in names
        if old.properties.get(name) != new.properties.get(name)
    ]
    if old.sources != new.sources:
        found.append(_moved(old.sources, new.sources))
    return tuple(found)


def _edge_changes(old: Edge, new: Edge) -> tuple[Change, ...]:
    names = sorted({*old.properties, *new.properties})
    found = [
        Change(property=n, old=old.properties.get(n), new=new.properties.get(n), sources=new.sources)
        for n in names
        if old.properties.get(n) != new.properties.get(n)
    ]
    if old.sources != new.sources:
        found.append(_moved(old.sources, new.sources))
    return tuple(found)


def _moved(old: tuple[Source, ...], new: tuple[Source, ...]) -> Change:
    gained = tuple(source for source in new if source not in old)
    lost = tuple(source for source in old if source not in new)
    before, after = (tuple(place_of(source) for source in found) for found in (lost, gained))
    return Change(property="sources", old=before, new=after, sources=gained or lost)


def _entity_json(entity: Entity) -> dict[str, object]:
    return {
        "id": entity.id,
        "type": entity.type.value,
        "label": entity.label,
        "sources": [source_json(s) for s in entity.sources],
    }


def _change_json(change: Change) -> dict[str, object]:
    return {
        "property": change.property,
        "old": change.old,
        "new": change.new,
        "sources": [source_json(s) for s in change.sources],
    }


def _named(entity: Entity) -> str:
    dated = entity.type is EntityType.PROJECT and "year" in entity.properties
    year = f"（{entity.properties['year']}）" if dated else ""
    return f"{entity_heading(entity.type)} {entity.label}{year}"


def _at(sources: tuple[Source, ...]) -> str:
    return f"　{place_of(sources[0])}" if sources else ""


def _change_line(change: Change) -> str:
    heading = "出处" if change.property == "sources" else property_heading(change.property)
    old, new = _shown(change.old), _shown(change.new)
    same = Prefix.similarity(old, new)
    skip = max(0, same - _BEFORE) if max(len(old), len(new)) > _LONGEST else 0
    return f"    {heading}：{_cut(old, skip)} → {_cut(new, skip)}{_at(change.sources)}"


def _shown(value: Value | None) -> str:
    if value is None or value == ():
        return "（无）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "；".join(value) if isinstance(value, tuple) else str(value)


def _cut(text: str, skip: int) -> str:
    """What people see of a long value: from a little before the first letter that differs."""
    rest = text[skip:]
    shown = rest if len(rest) <= _LONGEST else rest[: _LONGEST - 1] + "…"
    return f"…{shown}" if skip else shown
