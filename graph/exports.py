"""Exports by format, and all of them in one ZIP with a manifest. Each format lives in a module of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from enum import StrEnum

from graph.exports_jsonl import to_jsonl
from graph.exports_network import to_cytoscape, to_gexf, to_graphml
from graph.exports_rdf import load_ontology, load_shapes, to_jsonld, to_nquads, to_turtle
from graph.exports_tables import to_csv, to_neo4j, to_xlsx, zip_bytes
from graph.selection import Selection


class ExportFormat(StrEnum):
    """Formats of `jixiao export --format`."""

    JSONL = "jsonl"
    TURTLE = "turtle"
    JSONLD = "jsonld"
    NQUADS = "nquads"
    GRAPHML = "graphml"
    GEXF = "gexf"
    CYTOSCAPE = "cytoscape"
    CSV = "csv"
    NEO4J = "neo4j"
    XLSX = "xlsx"
    BUNDLE = "zip"


_WRITERS: Mapping[ExportFormat, tuple[str, Callable[[Selection], bytes]]] = {
    ExportFormat.JSONL: ("jsonl", to_jsonl),
    ExportFormat.TURTLE: ("ttl", to_turtle),
    ExportFormat.JSONLD: ("jsonld", to_jsonld),
    ExportFormat.NQUADS: ("nq", to_nquads),
    ExportFormat.GRAPHML: ("graphml", to_graphml),
    ExportFormat.GEXF: ("gexf", to_gexf),
    ExportFormat.CYTOSCAPE: ("cytoscape.json", to_cytoscape),
    ExportFormat.CSV: ("csv.zip", to_csv),
    ExportFormat.NEO4J: ("neo4j.zip", to_neo4j),
    ExportFormat.XLSX: ("xlsx", to_xlsx),
}

DATA_LICENCE = "数据来自所列来源文件（政府信息公开材料），版权与使用条件以发布机关的规定为准；本程序不附加任何限制。"


def suffix_of(export_format: ExportFormat) -> str:
    """File name ending of a format, without the dot."""
    return "zip" if export_format is ExportFormat.BUNDLE else _WRITERS[export_format][0]


def export_selection(selection: Selection, export_format: ExportFormat, *, date: str = "") -> bytes:
    """A selection in one format; `zip` holds every other format, the ontology, the shapes and a manifest.

    date: ISO date of the export for the manifest; the caller has the clock.
    """
    if export_format is ExportFormat.BUNDLE:
        return _bundle(selection, date)
    return _WRITERS[export_format][1](selection)


def _bundle(selection: Selection, date: str) -> bytes:
    members = {f"图谱.{ending}": write(selection) for ending, write in _WRITERS.values()}
    members["ontology.ttl"] = load_ontology().encode()
    members["shapes.ttl"] = load_shapes().encode()
    manifest = {
        "title": selection.title,
        "date": date,
        "version": selection.version,
        "counts": {**selection.counts, "edges": len(selection.edges)},
        "licence": DATA_LICENCE,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(members.items())},
    }
    members["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    return zip_bytes(members)
