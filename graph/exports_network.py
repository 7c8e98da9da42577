"""GraphML, GEXF and Cytoscape JSON, for Gephi, yEd and Cytoscape. The writers are networkx's; the cleaning is ours.

networkx fails on None, Decimal and lists, writes control characters into GEXF, gives one attribute two types when
values are mixed, and lets an attribute called `id` rename the node. So each attribute gets one type over its whole
column, and reserved names a suffix. Labels are Chinese, for people; `kind` and `relation` stay as the graph has them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping

import networkx as nx

from graph.headings import edge_heading, entity_heading
from graph.model import Edge, Entity, Value
from graph.selection import BOOLEANS, DECIMALS, INTEGERS, Selection, as_text

_RESERVED = frozenset(
    {
        "id",
        "label",
        "start",
        "end",
        "source",
        "target",
        "type",
        "for",
        "weight",
        "viz",
        "pid",
        "kind",
        "kind_name",
        "relation",
        "evidence",
    }
)


def _column(name: str) -> str:
    return f"{name}_" if name in _RESERVED else name


def _typed(name: str, value: Value) -> str | int | float | bool:
    if name in BOOLEANS and isinstance(value, bool):
        return value
    if name in INTEGERS and isinstance(value, int):
        return value
    # XML graph formats know doubles only: the exact figure stands beside it as text
    return float(str(value)) if name in DECIMALS and isinstance(value, (str, int)) else as_text(value)


def _attributes(properties: Mapping[str, Value]) -> dict[str, str | int | float | bool]:
    found: dict[str, str | int | float | bool] = {}
    for name in sorted(properties):
        value = properties[name]
        found[_column(name)] = _typed(name, value)
        if name in DECIMALS:
            found[f"{name}_text"] = as_text(value)
    return found


def _quotes(thing: Entity | Edge) -> str:
    return as_text(tuple(f"{s.document}：{s.quote}" for s in thing.sources[:3]))


def _network(selection: Selection) -> nx.MultiDiGraph[str]:
    kg: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=as_text(selection.title))
    for entity in selection.entities:
        kg.add_node(
            entity.id,
            label=as_text(entity.label),
            kind=entity.type.value,
            kind_name=entity_heading(entity.type),
            evidence=_quotes(entity),
            **_attributes(entity.properties),
        )
    for edge in selection.edges:
        kg.add_edge(
            edge.source,
            edge.target,
            key=edge.id,
            label=edge_heading(edge.type),
            relation=edge.type.value,
            evidence=_quotes(edge),
            **_attributes(edge.properties),
        )
    return kg


def to_graphml(selection: Selection) -> bytes:
    """GraphML, UTF-8. Money and scores stand twice: as double and, exact, as text in `…_text`."""
    out = io.BytesIO()
    nx.write_graphml(_network(selection), out, named_key_ids=True)
    return out.getvalue()


def to_gexf(selection: Selection) -> bytes:
    """GEXF 1.2, UTF-8, without the date that networkx would write: same input, same bytes."""
    out = io.BytesIO()
    nx.write_gexf(_network(selection), out)
    return _undated(out.getvalue())


def _undated(data: bytes) -> bytes:
    before, mark, after = data.partition(b'lastmodifieddate="')
    return before + mark + b"1970-01-01" + after[10:] if mark else data


def to_cytoscape(selection: Selection) -> bytes:
    """Cytoscape's JSON (`elements.nodes[].data`), every property as printed text, sources in full."""

    def sources(thing: Entity | Edge) -> list[dict[str, object]]:
        return [
            {"document": s.document, "start": s.start, "end": s.end, "page": s.page, "quote": s.quote}
            for s in thing.sources
        ]

    def element(data: dict[str, object], properties: Mapping[str, Value], thing: Entity | Edge) -> dict[str, object]:
        plain: Iterable[tuple[str, object]] = (
            (_column(k), list(v) if isinstance(v, tuple) else v) for k, v in sorted(properties.items())
        )
        return {"data": {**dict(plain), **data, "sources": sources(thing)}}

    nodes = [element({"id": e.id, "label": e.label, "kind": e.type.value}, e.properties, e) for e in selection.entities]
    edges = [
        element({"id": e.id, "source": e.source, "target": e.target, "relation": e.type.value}, e.properties, e)
        for e in selection.edges
    ]
    body = {
        "data": {"name": selection.title, "version": selection.version},
        "elements": {"nodes": nodes, "edges": edges},
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()
