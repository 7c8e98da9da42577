"""Extractions → KnowledgeGraph → Snapshot: claims, resolution, checks, exports. Imports ingest only."""

from __future__ import annotations

from graph.building import build_graph
from graph.exporting import export_graph
from graph.passages import cut_passages
from graph.publishing import save_snapshot
from graph.snapshot import open_snapshot

__all__ = ["build_graph", "cut_passages", "export_graph", "open_snapshot", "save_snapshot"]
