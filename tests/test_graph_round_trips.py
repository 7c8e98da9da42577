"""The whole graph of the seeds, exported and read again by readers that are not ours: same nodes, edges and values."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import networkx as nx
import openpyxl
import pytest
from lxml import etree
from rdflib import RDF, RDFS, XSD, Dataset, Literal, URIRef
from rdflib import Graph as TripleSet

from graph import open_snapshot
from graph.exports import ExportFormat, export_selection
from graph.exports_jsonl import read_jsonl, to_jsonl
from graph.exports_rdf import from_nquads, load_ontology, load_shapes
from graph.headings import edge_heading, entity_heading, property_heading
from graph.model import Edge, EdgeType, Entity, EntityType, Value
from graph.selection import BOOLEANS, DECIMALS, Selection, select
from ingest.model import SECTIONS

JX = "urn:jixiao:ontology#"
ID = "urn:jixiao:id:"
RENAMED = {"number": "number", "kind": "kind_", "weight": "weight_"}  # names that XML readers keep for themselves


MADE: dict[str, bytes] = {}  # each export once: turning quads into text takes seconds


@pytest.fixture(scope="module")
def selection(seeds_snapshot: Path) -> Selection:
    MADE.clear()
    kg = open_snapshot(seeds_snapshot).kg
    return select("全图", kg.entities.values(), kg.edges.values(), version="seeds")


def export(selection: Selection, form: str) -> bytes:
    if form not in MADE:
        MADE[form] = export_selection(selection, ExportFormat(form), date="2026-11-20")
    return MADE[form]


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def said(value: Value) -> str:
    """A value as tables and graph files write it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "；".join(value) if isinstance(value, tuple) else str(value)


def ends(edges: tuple[Edge, ...]) -> Counter[tuple[str, str, str]]:
    return Counter((edge.source, edge.type.value, edge.target) for edge in edges)


def test_the_graph_is_worth_the_trip(selection: Selection) -> None:
    assert len(selection.entities) > 500
    assert len(selection.edges) > 600
    assert {e.type for e in selection.entities} == set(EntityType)
    assert {e.type for e in selection.edges} >= {EdgeType.CITES, EdgeType.HAS_INDICATOR, EdgeType.DECLARES}


def test_import_of_an_export_is_the_same_graph(selection: Selection, tmp_path: Path) -> None:
    dump = tmp_path / "全图.jsonl"
    dump.write_bytes(export(selection, "jsonl"))
    lines = read_jsonl(dump)
    quads = from_nquads(export(selection, "nquads"), title="全图")
    entities, edges = {e.id: e for e in selection.entities}, {e.id: e for e in selection.edges}
    assert dict(lines.entities) == entities
    assert dict(lines.edges) == edges
    assert {e.id: e for e in quads.entities} == entities
    assert {e.id: e for e in quads.edges} == edges
    again = select("全图", lines.entities.values(), lines.edges.values(), version="seeds")
    assert to_jsonl(again) == dump.read_bytes()


def plain(node: object) -> object:
    """A term for comparison: 20 and 20.0 are one decimal, and Turtle writes the longer one."""
    if isinstance(node, Literal) and node.datatype == XSD.decimal:
        return Decimal(str(node)).normalize()
    return node


def read_rdf(data: bytes, form: str) -> set[tuple[object, object, object]]:
    read = Dataset()
    read.parse(data=data, format=form)
    return {(s, p, o) for s, p, o, _ in read.quads((None, None, None, None))}


def test_rdf_formats_hold_the_same_statements_and_every_value(selection: Selection) -> None:
    forms = {"turtle": "turtle", "jsonld": "json-ld", "nquads": "nquads"}
    read = {form: read_rdf(export(selection, form), name) for form, name in forms.items()}
    alike = [{(s, p, plain(o)) for s, p, o in facts} for facts in read.values()]
    assert alike[0] == alike[1] == alike[2]
    facts = read["nquads"]
    values = {(str(s), str(p), str(o)) for s, p, o in facts if isinstance(o, Literal)}
    for entity in selection.entities:
        node = ID + entity.id
        assert (URIRef(node), RDF.type, URIRef(JX + entity.type.value)) in facts
        assert (node, str(RDFS.label), entity.label) in values
        for name, value in entity.properties.items():
            for one in value if isinstance(value, tuple) else (value,):
                text = str(one).lower() if isinstance(one, bool) else str(one)
                assert (node, JX + name, text) in values, (entity.id, name)
    among = {p.value for p in EdgeType}
    found = Counter(
        (str(s).removeprefix(ID), str(p).removeprefix(JX), str(o).removeprefix(ID))
        for s, p, o in facts
        if str(p).removeprefix(JX) in among and isinstance(o, URIRef)
    )
    assert found == ends(selection.edges)


def test_shapes_accept_the_export(selection: Selection) -> None:
    from pyshacl import validate

    facts = TripleSet().parse(data=export(selection, "turtle"), format="turtle")
    shapes = TripleSet().parse(data=load_shapes(), format="turtle")
    ontology = TripleSet().parse(data=load_ontology(), format="turtle")
    conforms, _, report = validate(facts, shacl_graph=shapes, ont_graph=ontology)
    assert conforms, report


def attribute(name: str) -> str:
    return RENAMED.get(name, name)


def check_network(kg: nx.MultiDiGraph[str], selection: Selection) -> None:
    """Nodes, edges and values of a graph that networkx has read."""
    assert set(kg.nodes) == {e.id for e in selection.entities}
    assert Counter((u, d["relation"], v) for u, v, d in kg.edges(data=True)) == ends(selection.edges)
    for entity in selection.entities:
        check_attributes(kg.nodes[entity.id], entity)
        assert kg.nodes[entity.id]["kind"] == entity.type.value
    by_ends = {(u, d["relation"], v): d for u, v, d in kg.edges(data=True)}
    for edge in selection.edges:
        check_attributes(by_ends[edge.source, edge.type.value, edge.target], edge)


def check_attributes(read: dict[str, object], thing: Entity | Edge) -> None:
    for name, value in thing.properties.items():
        got = read[attribute(name)]
        if name in DECIMALS:
            assert float(str(got)) == float(str(value))
            assert str(read[f"{name}_text"]) == value
        elif name in BOOLEANS or name == "year":
            assert got == value
            assert type(got) is type(value)
        else:
            assert got == said(value), (thing.id, name)


def test_graphml_by_networkx(selection: Selection) -> None:
    check_network(nx.read_graphml(io.BytesIO(export(selection, "graphml")), force_multigraph=True), selection)


def test_gexf_by_networkx_and_lxml(selection: Selection) -> None:
    data = export(selection, "gexf")
    check_network(nx.read_gexf(io.BytesIO(data)), selection)
    tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    labels = {node.get("id"): node.get("label") for node in tree.findall(".//{*}node")}
    assert labels == {e.id: e.label for e in selection.entities}
    heads = [(a.getparent().get("class"), a.get("title")) for a in tree.findall(".//{*}attribute")]
    assert len(heads) == len(set(heads))  # no attribute twice under two types


def test_cytoscape_json(selection: Selection) -> None:
    elements = json.loads(export(selection, "cytoscape"))["elements"]
    nodes = {n["data"]["id"]: n["data"] for n in elements["nodes"]}
    assert set(nodes) == {e.id for e in selection.entities}
    assert Counter(
        (e["data"]["source"], e["data"]["relation"], e["data"]["target"]) for e in elements["edges"]
    ) == ends(selection.edges)
    for entity in selection.entities:
        read = nodes[entity.id]
        for name, value in entity.properties.items():
            assert read[attribute(name)] == (list(value) if isinstance(value, tuple) else value)
        assert [s["quote"] for s in read["sources"]] == [s.quote for s in entity.sources]


def rows_of(data: bytes, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(encoding), newline="")))


def test_csv_for_people(selection: Selection) -> None:
    members = unzip(export(selection, "csv"))
    nodes = {row["编号"]: row for row in rows_of(members["节点.csv"], "utf-8-sig")}
    assert set(nodes) == {e.id for e in selection.entities}
    for entity in selection.entities:
        row = nodes[entity.id]
        assert row["类型"] == entity_heading(entity.type)
        for name, value in entity.properties.items():
            cell = row[property_heading(name)]
            if name in DECIMALS:
                assert Decimal(cell) == Decimal(str(value))
            elif name != "section":
                assert cell.removeprefix("'") == said(value)
    edges = rows_of(members["关系.csv"], "utf-8-sig")
    words = {edge_heading(kind): kind.value for kind in EdgeType}
    assert Counter((r["起点"], words[r["关系"]], r["终点"]) for r in edges) == ends(selection.edges)
    assert {e["编号"] for e in edges} == {e.id for e in selection.edges}


def test_csv_for_neo4j(selection: Selection) -> None:
    members = unzip(export(selection, "neo4j"))
    nodes = {row[":ID"]: row for row in rows_of(members["nodes.csv"], "utf-8")}
    assert {i: row[":LABEL"] for i, row in nodes.items()} == {e.id: e.type.value for e in selection.entities}
    heads = {head.partition(":")[0]: head for head in next(iter(nodes.values())) if not head.startswith(":")}
    for entity in selection.entities:
        for name, value in entity.properties.items():
            expected = str(value).lower() if isinstance(value, bool) else said(value)
            assert nodes[entity.id][heads[name]] == expected
    edges = rows_of(members["relationships.csv"], "utf-8")
    assert Counter((r[":START_ID"], r[":TYPE"], r[":END_ID"]) for r in edges) == ends(selection.edges)


def test_workbook_by_openpyxl(selection: Selection) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export(selection, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    seen = 0
    for kind in EntityType:
        sheet = book[entity_heading(kind)]
        heads, *rows = sheet.iter_rows(values_only=True)
        read = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}
        for entity in (e for e in selection.entities if e.type is kind):
            row = read.pop(entity.id)
            seen += 1
            for name, value in entity.properties.items():
                cell = row[property_heading(name, kind)]
                if name in DECIMALS or name == "year":
                    assert isinstance(cell, (int, float)), (entity.id, name)
                    assert Decimal(repr(cell)) == Decimal(str(value))
                elif name != "section":
                    assert cell == said(value)
        assert read == {}
    assert seen == len(selection.entities)
    labels = {e.id: e.label for e in selection.entities}
    drawn = Counter(
        row[:3] for name in ("引用", "其他关系") for row in list(book[name].iter_rows(values_only=True))[1:]
    )
    kept = (e for e in selection.edges if e.type is not EdgeType.HAS_INDICATOR)
    assert drawn == Counter((labels[e.source], edge_heading(e.type), labels[e.target]) for e in kept)
    owners = {e.target: labels[e.source] for e in selection.edges if e.type is EdgeType.HAS_INDICATOR}
    heads, *rows = book["绩效指标"].iter_rows(values_only=True)
    assert {row[0]: row[heads.index("所属项目")] for row in rows} == owners
    words = {word for row in book["引用"].iter_rows(values_only=True, min_row=2) for word in str(row[3]).split("；")}
    assert words <= {property_heading(name) for name in SECTIONS}


def test_every_property_has_a_chinese_heading(selection: Selection) -> None:
    names = {name for thing in (*selection.entities, *selection.edges) for name in thing.properties}
    assert {name for name in names if property_heading(name) == name} == set()


def test_bundle_is_what_its_manifest_says(selection: Selection) -> None:
    members = unzip(export(selection, "zip"))
    manifest = json.loads(members.pop("manifest.json"))
    assert manifest["files"] == {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    assert manifest["counts"] == {
        **Counter(e.type.value for e in selection.entities),
        "edges": len(selection.edges),
    }
    assert (manifest["date"], manifest["version"]) == ("2026-11-20", "seeds")
    assert manifest["licence"]
    for form in ("jsonl", "nquads", "gexf", "xlsx"):
        assert export(selection, form) in members.values()


def test_offline_page_holds_every_node_and_edge(selection: Selection) -> None:
    from ui.formats import write_selection

    page = etree.HTML(write_selection(selection, "html", date="2026-11-20").decode(), etree.HTMLParser(huge_tree=True))
    data = json.loads(page.xpath("string(//script[@id='data'])"))
    assert {n["id"]: n["full"] for n in data["nodes"]} == {e.id: e.label for e in selection.entities}
    assert Counter((e["source"], e["kind"], e["target"]) for e in data["edges"]) == ends(selection.edges)
    assert page.xpath("//*[@src or @href]") == []
