"""export_graph: the whole graph to a file in one of the formats of `exports`."""

from __future__ import annotations

from pathlib import Path

from graph.kg import KnowledgeGraph


def export_graph(kg: KnowledgeGraph, *, format: str, path: Path, version: str = "") -> None:  # noqa: A002
    """Write the graph to `path`; `format` is a value of `exports.ExportFormat`, `version` the snapshot's id.

    Raises ValueError for an unknown format, OSError where the file cannot be written.
    """
    from graph.exports import ExportFormat, export_selection  # noqa: PLC0415  rdflib takes half a second to import
    from graph.selection import select  # noqa: PLC0415

    selection = select("全图", kg.entities.values(), kg.edges.values(), version=version)
    path.write_bytes(export_selection(selection, ExportFormat(format)))
