"""What the web interface asks of the layers below: Knowledge for reading one snapshot, Workspace for changing sources.

Only protocols and the nouns they hand over; `ui/knowledge.py` and `ui/workspace.py` fulfil them over a real snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from graph.model import Edge, Entity, EntityId, EntityType, Source
from search.model import Answer
from search.plan_chips import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """The open snapshot as a reader should know it. `version` is short and changes with the content."""

    version: str
    built_at: datetime | None
    model: str
    counts: Mapping[str, int]  # entity and edge types -> how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A warning of reading, ready to be shown."""

    document: str
    code: str
    message: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source in the list of files. `size` in bytes."""

    name: str
    size: int
    media_type: str
    sha256: str
    year: int | None
    document_type: str | None
    projects: int
    citations: int
    doubts: int


class Knowledge(Protocol):
    """One open snapshot, read only; every call of one request goes to the same object."""

    def __hash__(self) -> int:
        """By identity: what is derived from a snapshot is kept as long as it is."""

    def info(self) -> SnapshotInfo: ...

    def ask(self, question: str, *, previous: Answer | None = None) -> Answer:
        """Raises SearchError."""

    def ask_plan(self, plan: object, *, question: str) -> Answer:
        """The answer to a plan that a reader changed, as JSON values. Raises SearchError."""

    def chips(self, plan: object) -> tuple[Chip, ...]:
        """The conditions of a plan; () where it is none."""

    def entity(self, entity_id: EntityId) -> Entity | None: ...

    def of_type(self, kind: EntityType) -> tuple[Entity, ...]:
        """All entities of that kind, by label."""

    def edges(self, entity_id: EntityId) -> tuple[Edge, ...]:
        """Edges that begin or end there."""

    def edge(self, edge_id: str) -> Edge | None: ...

    def path_between(self, start: EntityId, goal: EntityId) -> tuple[Edge, ...]:
        """Edges of a shortest path, () where there is none."""

    def find_names(self, text: str, *, limit: int) -> tuple[Entity, ...]:
        """Entities whose label, alias or number holds `text`, best first."""

    def document_text(self, name: str) -> str | None:
        """The whole text of a source, None where the snapshot has none of that name."""

    def doubts(self, document: str | None = None) -> tuple[Doubt, ...]:
        """Warnings of reading, of one source or of all."""

    def sources(self) -> tuple[SourceRow, ...]: ...

    def folder(self) -> Path | None:
        """The snapshot's folder on disk, None where it was never saved."""


class BuildStage(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildState:
    """How the last or running build stands; `lines` are Chinese sentences, newest last."""

    stage: BuildStage
    done: int = 0
    total: int = 0
    lines: tuple[str, ...] = ()


class Workspace(Protocol):
    """Holds the current Knowledge and replaces it when a build is whole; the old one serves until then."""

    @property
    def read_only(self) -> bool: ...

    def current(self) -> Knowledge: ...

    def add(self, name: str, data: bytes) -> str:
        """Take a file in and start building; returns a Chinese sentence. Raises IngestError or UiError."""

    def remove(self, name: str) -> str:
        """Take a source out and start building; returns a Chinese sentence. Raises UiError."""

    def deny(self, edge_id: str) -> str:
        """Note that a relation does not hold and start building; returns a Chinese sentence. Raises UiError."""

    def state(self) -> BuildState: ...

    def dates(self) -> Mapping[str, date]:
        """The day of each source's file, by name; sources whose file is not at hand are left out."""
