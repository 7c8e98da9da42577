"""Nouns of the graph: Claim, Source, Entity, Edge, Passage.

An entity or edge is folded from claims and exists only through them. Imports ingest's nouns, nothing of search or ui.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NewType

EntityId = NewType("EntityId", str)
EdgeId = NewType("EdgeId", str)
ClaimId = NewType("ClaimId", str)

Value = str | int | bool | tuple[str, ...]


class EntityType(StrEnum):
    """Kinds of nodes; the value is the spelling of snapshots and exports."""

    PROJECT = "Project"
    INDICATOR = "Indicator"
    POLICY = "PolicyDocument"
    UNIT = "Unit"
    TASK = "Task"
    SOURCE = "SourceDocument"


class EdgeType(StrEnum):
    """Relations; the value is the spelling of snapshots and exports."""

    DECLARES = "declares"
    SUPERVISES = "supervises"
    IMPLEMENTS = "implements"
    HAS_INDICATOR = "has_indicator"
    CITES = "cites"
    HAS_TASK = "has_task"
    DESCRIBED_IN = "described_in"
    ISSUED_BY = "issued_by"
    SAME_PROGRAMME = "same_programme"
    RENAMED_TO = "renamed_to"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Source:
    """Where something is said: the file's name, a half-open character range and the exact characters there."""

    document: str
    start: int
    end: int
    quote: str
    page: int | None = None
    cell: str | None = None

    def part(self, start: int, end: int) -> Source:
        """The half-open part of it, counted from its own first character; page and cell stay.

        >>> Source(document="甲.txt", start=10, end=14, quote="道路养护").part(2, 4)
        Source(document='甲.txt', start=12, end=14, quote='养护', page=None, cell=None)
        """
        return replace(self, start=self.start + start, end=self.start + end, quote=self.quote[start:end])


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one document says of one subject at one place.

    `subject` and an entity-valued `value` are mention keys before resolution (deterministic strings); `predicate` is a
    property name or an edge type. `raw` is as printed; `qualifiers` become properties of the edge.
    """

    id: ClaimId
    subject: str
    predicate: str
    raw: str
    value: Value
    sources: tuple[Source, ...]
    rule: str
    document_sha256: str
    qualifiers: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A node. `evidence` maps each property to the places that prove it; `sources` prove the node itself."""

    id: EntityId
    type: EntityType
    label: str
    properties: Mapping[str, Value]
    sources: tuple[Source, ...]
    evidence: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A directed edge (same_programme is read both ways). One edge per type, source and target."""

    id: EdgeId
    type: EdgeType
    source: EntityId
    target: EntityId
    properties: Mapping[str, Value]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of text that belongs to an entity and can be found by topic; `text` is cleaned for reading."""

    id: str
    entity: EntityId
    kind: str  # a section's property name, "indicator", "entity", "task"
    text: str
    sources: tuple[Source, ...]


class Ruling(StrEnum):
    """What a judgement decided about names; only `merged`, `completed` and `corrected` join entities."""

    MERGED = "merged"  # two writings are one entity
    COMPLETED = "completed"  # a damaged name was read as an intact one
    RENAMED = "renamed"  # one unit bears another name later
    CONTINUED = "continued"  # one programme in another year
    SUSPECTED = "suspected"  # near, but not joined: a person should look
    KEPT_APART = "kept_apart"  # alike, and different for a stated reason
    DISPUTED = "disputed"  # documents disagree about a property; the first writing is what the graph shows
    CORRECTED = "corrected"  # a person decided, in corrections.toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Why names were joined, linked or kept apart. `reason` is Chinese; `confidence` lies in 0..1.

    `entities` are the ids concerned (one where writings were merged into it), `writings` the names as printed.
    """

    ruling: Ruling
    entities: tuple[EntityId, ...]
    writings: tuple[str, ...]
    reason: str
    confidence: float
    rule: str
    sources: tuple[Source, ...] = ()
