"""Knowledge over one snapshot: the graph, the texts of its sources, and an engine that answers. Read only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from graph.errors import UnknownId
from graph.kg import KnowledgeGraph
from graph.model import Edge, EdgeType, Entity, EntityId, EntityType, Source
from graph.snapshot import Snapshot
from graph.store import EmbeddedStore
from ingest.model import Document, ReadingWarning
from search.errors import PlanRejected
from search.model import Answer
from search.plan import plan_from_json
from search.plan_chips import Chip, find_chips
from ui.rendering import fold_name, to_int
from ui.service import Doubt, SnapshotInfo, SourceRow

PATH_CUTOFF = 8
SHORT_ID = 8


class Asker(Protocol):
    """What answers questions: `search.SearchEngine`."""

    def ask(self, question: str, *, previous: Answer | None = None) -> Answer: ...

    def ask_plan(self, plan: object, *, question: str) -> Answer: ...


class GraphKnowledge:
    """Fulfils `ui.service.Knowledge` over a KnowledgeGraph.

    `documents` maps a source's name to its text; `doubts` are the warnings of reading.
    """

    def __init__(
        self,
        kg: KnowledgeGraph,
        *,
        documents: Mapping[str, str],
        asker: Asker,
        info: SnapshotInfo,
        doubts: tuple[Doubt, ...] = (),
        folder: Path | None = None,
    ) -> None:
        self._kg = kg
        self._documents = documents
        self._asker = asker
        self._info = info
        self._doubts = doubts
        self._folder = folder

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot, asker: Asker) -> GraphKnowledge:
        """Knowledge over an opened snapshot."""
        return cls(
            snapshot.kg,
            documents=snapshot.documents,
            asker=asker,
            info=info_of(snapshot),
            doubts=doubts_of(snapshot),
            folder=snapshot.path,
        )

    def info(self) -> SnapshotInfo:
        return self._info

    def ask(self, question: str, *, previous: Answer | None = None) -> Answer:
        return self._asker.ask(question, previous=previous)

    def ask_plan(self, plan: object, *, question: str) -> Answer:
        return self._asker.ask_plan(plan, question=question)

    def chips(self, plan: object) -> tuple[Chip, ...]:
        try:
            return find_chips(plan_from_json(plan), EmbeddedStore(self._kg))
        except PlanRejected:
            return ()

    def entity(self, entity_id: EntityId) -> Entity | None:
        return self._kg.entities.get(entity_id)

    def of_type(self, kind: EntityType) -> tuple[Entity, ...]:
        return self._sorted[kind]

    def edges(self, entity_id: EntityId) -> tuple[Edge, ...]:
        return (*self._kg.edges_from(entity_id), *self._kg.edges_to(entity_id))

    def edge(self, edge_id: str) -> Edge | None:
        try:
            return self._kg.edge(edge_id)
        except UnknownId:
            return None

    def path_between(self, start: EntityId, goal: EntityId) -> tuple[Edge, ...]:
        return self._kg.path_between(start, goal, cutoff=PATH_CUTOFF)

    def find_names(self, text: str, *, limit: int) -> tuple[Entity, ...]:
        needle = fold_name(text)
        if not needle:
            return ()
        found = [
            (place, KIND_ORDER.get(entity.type, 9), len(entity.label), entity.id, entity)
            for entity, names in self._names
            if (place := min((at for name in names if (at := name.find(needle)) >= 0), default=-1)) >= 0
        ]
        return tuple(entry[-1] for entry in sorted(found, key=lambda entry: entry[:-1])[:limit])

    def document_text(self, name: str) -> str | None:
        return self._documents.get(name)

    def doubts(self, document: str | None = None) -> tuple[Doubt, ...]:
        return self._doubts if document is None else self._doubts_of.get(document, ())

    def sources(self) -> tuple[SourceRow, ...]:
        return self._source_rows

    def folder(self) -> Path | None:
        return self._folder

    @cached_property
    def _source_rows(self) -> tuple[SourceRow, ...]:
        return tuple(map(self._source_row, self.of_type(EntityType.SOURCE)))

    @cached_property
    def _doubts_of(self) -> Mapping[str, tuple[Doubt, ...]]:
        grouped: dict[str, list[Doubt]] = {}
        for doubt in self._doubts:
            grouped.setdefault(doubt.document, []).append(doubt)
        return {document: tuple(doubts) for document, doubts in grouped.items()}

    @cached_property
    def _sorted(self) -> Mapping[EntityType, tuple[Entity, ...]]:
        return {kind: tuple(sorted(self._kg.of_type(kind), key=lambda e: (e.label, e.id))) for kind in EntityType}

    @cached_property
    def _names(self) -> tuple[tuple[Entity, tuple[str, ...]], ...]:
        return tuple((entity, tuple(map(fold_name, names_of(entity)))) for entity in self._kg.entities.values())

    def _source_row(self, entity: Entity) -> SourceRow:
        name = str(entity.properties.get("file", entity.label))
        projects = [edge.source for edge in self.edges(entity.id) if edge.type is EdgeType.DESCRIBED_IN]
        cited = {
            edge.id
            for project in projects
            for edge in self._kg.edges_from(project, EdgeType.CITES)
            if any(source.document == name for source in edge.sources)
        }
        kind = entity.properties.get("document_type")
        return SourceRow(
            name=name,
            size=len(self._documents.get(name, "").encode()),
            media_type=str(entity.properties.get("media_type", "")),
            sha256=str(entity.properties.get("sha256", "")),
            year=to_int(entity.properties.get("year")),
            document_type=str(kind) if kind else None,
            projects=len(projects),
            citations=len(cited),
            doubts=len(self.doubts(name)),
        )


KIND_ORDER = {
    EntityType.PROJECT: 0,
    EntityType.POLICY: 1,
    EntityType.UNIT: 2,
    EntityType.TASK: 3,
    EntityType.INDICATOR: 4,
}


def names_of(entity: Entity) -> tuple[str, ...]:
    """Every name by which a reader may look for an entity."""
    values = [entity.label]
    for key in ("name", "title", "number", "level3"):
        value = entity.properties.get(key)
        values += [value] if isinstance(value, str) else []
    for key in ("aliases", "number_variants"):
        value = entity.properties.get(key)
        values += list(value) if isinstance(value, tuple) else []
    return tuple(dict.fromkeys(values))


def info_of(snapshot: Snapshot) -> SnapshotInfo:
    """Name, time and counts of a snapshot; the time is when its manifest was written."""
    model = snapshot.manifest.model
    number, _, digest = snapshot.id.partition("-")
    version = f"{int(number)}-{digest[:SHORT_ID]}" if number.isdecimal() else snapshot.id[:16]
    written = (snapshot.path / "manifest.json").stat().st_mtime
    return SnapshotInfo(
        version=version,
        built_at=datetime.fromtimestamp(written, tz=UTC),
        model=model.name if model else "无（只按字词查找）",
        counts=dict(snapshot.manifest.counts) or snapshot.kg.counts(),
    )


def doubts_of(snapshot: Snapshot) -> tuple[Doubt, ...]:
    """Every warning of reading, by document and place."""
    found = []
    for extraction in snapshot.extractions:
        doc = extraction.document
        warnings = [*doc.warnings, *extraction.warnings]
        warnings += [warning for project in extraction.projects for warning in project.warnings]
        found += [_doubt(doc, warning) for warning in warnings]
    return tuple(sorted(found, key=lambda doubt: (doubt.document, doubt.sources[:1], doubt.message)))


def _doubt(doc: Document, warning: ReadingWarning) -> Doubt:
    places = tuple(
        Source(
            document=doc.name,
            start=span.start,
            end=span.end,
            quote=doc.quote(span),
            page=doc.page_of(span),
            cell=doc.cell_of(span),
        )
        for span in warning.spans
    )
    return Doubt(document=doc.name, code=warning.code.value, message=warning.message, sources=places)
