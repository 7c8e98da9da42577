"""Every export, read again by somebody else's reader, holds the same nodes, edges and values."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from decimal import Decimal

import networkx as nx
import openpyxl
import pytest
from lxml import etree
from rdflib import Dataset
from rdflib import Graph as TripleSet

from graph import exports_tables
from graph.errors import ImportRejected
from graph.exports import ExportFormat, export_selection
from graph.exports_rdf import JX, from_nquads, load_ontology, load_shapes, to_nquads, to_turtle
from graph.exports_tables import neutral, to_csv, to_xlsx
from graph.ids import PREFIXES, edge_id
from graph.model import Edge, EdgeType, Entity, EntityId, EntityType, Source, Value
from graph.selection import Selection, select

HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>]]>\x0b&'


def make_source(quote: str = "项目名称：示范项目") -> Source:
    return Source(document="示例.txt", start=3, end=3 + len(quote), quote=quote, page=2, cell=None)


def make_entity(at: int, of: EntityType, label: str, /, **properties: Value) -> Entity:
    return Entity(
        id=EntityId(f"{PREFIXES[of]}:{at:012x}"),
        type=of,
        label=label,
        properties=properties,
        sources=(make_source(),),
        evidence={name: (make_source(str(value)),) for name, value in sorted(properties.items())},
    )


def make_edge(kind: EdgeType, source: Entity, target: Entity, **properties: Value) -> Edge:
    return Edge(
        id=edge_id(kind, source.id, target.id),
        type=kind,
        source=source.id,
        target=target.id,
        properties=properties,
        sources=(make_source("依据《示范办法》"),),
    )


@pytest.fixture
def selection() -> Selection:
    unit = make_entity(1, EntityType.UNIT, "示范局", name="示范局", aliases=("市示范局", "示范委"))
    project = make_entity(
        2,
        EntityType.PROJECT,
        "示范项目",
        name="示范项目",
        year=2020,
        budget_year="1200.5",
        government_procurement=False,
        start_date="2020-01-01",
        end_date="2020-10",
        overview=HOSTILE,
    )
    policy = make_entity(
        3, EntityType.POLICY, HOSTILE, title="示范办法", number="示发〔2020〕1号", year=2020, kind="文号"
    )
    indicator = make_entity(
        4, EntityType.INDICATOR, "减排量", level3="减排量", target_text="-12.5", target_value="-12.5"
    )
    source = make_entity(5, EntityType.SOURCE, "示例.txt", file="示例.txt")
    edges = (
        make_edge(EdgeType.DECLARES, unit, project),
        make_edge(
            EdgeType.CITES,
            project,
            policy,
            section=("basis", "goals"),
            surface=("《示范办法》",),
            suspected_typo=True,
        ),
        make_edge(EdgeType.HAS_INDICATOR, project, indicator),
        make_edge(EdgeType.DESCRIBED_IN, project, source),
    )
    return select("全图", (unit, project, policy, indicator, source), edges, version="v1")


def unzip(data: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_nquads_import_gives_the_same_selection(selection: Selection) -> None:
    again = from_nquads(to_nquads(selection), title="全图")
    assert again.entities == selection.entities
    assert again.edges == selection.edges


@pytest.mark.parametrize("data", [b"\xff\xfe", b"<a> <b> .", b"", b"not quads at all"], ids=repr)
def test_from_nquads_rejects_what_is_not_ours(data: bytes) -> None:
    with pytest.raises(ImportRejected):
        from_nquads(data, title="x")


def tampered(quads: bytes, old: str, new: str) -> bytes:
    text = quads.decode()
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param('aliases_list> "[\\"市示范局\\", \\"示范委\\"]"', 'aliases_list> "5"', id="list-is-a-number"),
        pytest.param(
            'aliases_list> "[\\"市示范局', 'aliases_list> "' + "[" * 100_000 + '\\"市示范局', id="list-without-end"
        ),
        pytest.param('aliases_list> "[\\"市示范局\\"', 'aliases_list> "[5', id="list-of-numbers"),
        pytest.param('aliases_list> "[\\"市示范局', 'aliases_list> "[\\"\\\\ud800', id="half-a-sign"),
        pytest.param("urn:jixiao:id:unit:000000000001", "urn:jixiao:id:unit:a%20b", id="odd-id"),
        pytest.param("urn:jixiao:id:unit:000000000001", "urn:jixiao:id:task:000000000001", id="other-type"),
        pytest.param('budget_year> "1200.5"', 'budget_year> "abc"', id="word-for-a-figure"),
        pytest.param('budget_year> "1200.5"', 'budget_year> "1E999999"', id="endless-figure"),
        pytest.param('ontology#year> "2020"', 'ontology#year> "20x0"', id="word-for-a-year"),
        pytest.param("ontology#declares> .", "ontology#cites> .", id="other-relation"),
        pytest.param("ontology#overview>", "ontology#=cmd()>", id="odd-property"),
    ],
)
def test_from_nquads_rejects_what_was_tampered_with(selection: Selection, old: str, new: str) -> None:
    data = to_nquads(selection)
    if "declares" in old:  # the statement about the relation, not the fact
        old, new = "predicate> <urn:jixiao:" + old[:-2], "predicate> <urn:jixiao:" + new[:-2]
    with pytest.raises(ImportRejected) as caught:
        from_nquads(tampered(data, old, new), title="x", source="甲.nq")
    assert caught.value.source == "甲.nq"
    assert not [word for word in ("Error", "Expected", "decode") if word in str(caught.value)]


def test_from_nquads_rejects_a_relation_with_a_lost_end(selection: Selection) -> None:
    lines = to_nquads(selection).splitlines(keepends=True)
    kept = b"".join(line for line in lines if not line.startswith(b"<urn:jixiao:id:unit:"))
    with pytest.raises(ImportRejected, match="一端不在文件中"):
        from_nquads(kept, title="x")


def test_turtle_passes_our_shapes_and_fails_when_evidence_is_missing(selection: Selection) -> None:
    from pyshacl import validate

    shapes = TripleSet().parse(data=load_shapes(), format="turtle")
    facts = TripleSet().parse(data=to_turtle(selection), format="turtle")
    assert validate(facts, shacl_graph=shapes)[0], validate(facts, shacl_graph=shapes)[2]
    facts.remove((None, JX.hasEvidence, None))
    assert not validate(facts, shacl_graph=shapes)[0]


def test_ontology_names_every_class_and_relation() -> None:
    known = TripleSet().parse(data=load_ontology(), format="turtle")
    for name in [*EntityType, *EdgeType]:
        assert (JX[name.value], None, None) in known, name


@pytest.mark.parametrize("export_format", [ExportFormat.TURTLE, ExportFormat.JSONLD, ExportFormat.NQUADS])
def test_rdf_formats_hold_the_same_statements(selection: Selection, export_format: ExportFormat) -> None:
    names = {"turtle": "turtle", "jsonld": "json-ld", "nquads": "nquads"}
    data = Dataset()
    data.parse(data=export_selection(selection, export_format), format=names[export_format.value])
    cites = [(s, o) for s, p, o, _ in data.quads((None, JX.cites, None, None))]
    amounts = [str(o) for _, _, o, _ in data.quads((None, JX.budget_year, None, None))]
    assert len(cites) == 1
    assert amounts == ["1200.5"]


def test_graphml_keeps_nodes_edges_and_exact_figures(selection: Selection) -> None:
    kg = nx.read_graphml(io.BytesIO(export_selection(selection, ExportFormat.GRAPHML)), force_multigraph=True)
    assert set(kg.nodes) == {e.id for e in selection.entities}
    assert {(u, v, d["relation"]) for u, v, d in kg.edges(data=True)} == {
        (e.source, e.target, e.type.value) for e in selection.edges
    }
    project = next(d for _, d in kg.nodes(data=True) if d["kind"] == "Project")
    assert (project["year"], project["budget_year_text"]) == (2020, "1200.5")


def test_gexf_is_well_formed_and_undated(selection: Selection) -> None:
    data = export_selection(selection, ExportFormat.GEXF)
    tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    nodes = tree.findall(".//{*}node")
    assert {n.get("id") for n in nodes} == {e.id for e in selection.entities}
    assert data == export_selection(selection, ExportFormat.GEXF)
    assert b"1970-01-01" in data


def test_cytoscape_json_holds_every_element(selection: Selection) -> None:
    body = json.loads(export_selection(selection, ExportFormat.CYTOSCAPE))
    assert [n["data"]["id"] for n in body["elements"]["nodes"]] == [e.id for e in selection.entities]
    assert [e["data"]["id"] for e in body["elements"]["edges"]] == [e.id for e in selection.edges]


def test_csv_neutralises_formulas_and_keeps_negative_numbers(selection: Selection) -> None:
    members = unzip(to_csv(selection))
    assert members["节点.csv"].startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(members["节点.csv"].decode("utf-8-sig"), newline="")))
    by_id = {r["编号"]: r for r in rows}
    assert by_id["indicator:000000000004"]["目标数值"] == "-12.5"
    assert by_id["policy:000000000003"]["标签"].startswith("'=HYPERLINK")
    assert {r["起点"] for r in csv.DictReader(io.StringIO(members["关系.csv"].decode("utf-8-sig")))} == {
        e.source for e in selection.edges
    }


def test_csv_neutralises_headings_too() -> None:
    odd = make_entity(1, EntityType.UNIT, "示范局", **{"=cmd|'/c calc'!A0": "x"})
    other = make_entity(2, EntityType.UNIT, "示范委")
    edge = make_edge(EdgeType.SUPERVISES, odd, other, **{"@SUM(A1)": "x"})
    members = unzip(to_csv(select("全图", (odd, other), (edge,))))
    for name, heading in (("节点.csv", "'=cmd|'/c calc'!A0"), ("关系.csv", "'@SUM(A1)")):
        assert heading in next(csv.reader(io.StringIO(members[name].decode("utf-8-sig"))))


def test_xlsx_says_how_many_rows_a_sheet_could_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports_tables, "_SHEET_ROWS", 7)
    units = [make_entity(at, EntityType.UNIT, f"{at}局") for at in range(10)]
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(select("全图", units, ()))))
    assert book["单位"].max_row == 8
    assert book["单位"].auto_filter.ref == "A1:C8"
    said = [row[1] for row in book["说明"].iter_rows(values_only=True) if row[0] == "略去"]
    assert len(said) == 1
    assert "“单位”" in said[0] and "略去最后 3 行" in said[0]


def test_tables_for_people_say_sections_in_chinese(selection: Selection) -> None:
    said = "立项依据；总目标及阶段性目标"
    (cites,) = [
        row
        for row in csv.DictReader(io.StringIO(unzip(to_csv(selection))["关系.csv"].decode("utf-8-sig"), newline=""))
        if row["关系"] == "引用"
    ]
    assert cites["所在栏目"] == said
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(selection)))["引用"]
    assert dict(zip(*sheet.iter_rows(values_only=True), strict=True))["所在栏目"] == said


def test_neo4j_tables_have_typed_heads_and_no_bom(selection: Selection) -> None:
    members = unzip(export_selection(selection, ExportFormat.NEO4J))
    heads = next(csv.reader(io.StringIO(members["nodes.csv"].decode())))
    assert heads[:2] == [":ID", ":LABEL"]
    assert "year:int" in heads
    assert len(list(csv.reader(io.StringIO(members["relationships.csv"].decode())))) == 1 + len(selection.edges)


def test_xlsx_numbers_are_numbers_and_no_cell_is_a_formula(selection: Selection) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(selection)))
    assert book.sheetnames == ["说明", "项目", "绩效指标", "政策文件", "单位", "子项目", "来源文件", "引用", "其他关系"]
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    heads = [c.value for c in book["绩效指标"][1]]
    assert book["绩效指标"].cell(2, heads.index("目标数值") + 1).value == -12.5
    heads = [c.value for c in book["项目"][1]]
    assert Decimal(str(book["项目"].cell(2, heads.index("项目当年预算（元）") + 1).value)) == Decimal("1200.5")


def test_bundle_holds_every_format_and_its_hashes(selection: Selection) -> None:
    import hashlib

    members = unzip(export_selection(selection, ExportFormat.BUNDLE, date="2026-01-02"))
    manifest = json.loads(members["manifest.json"])
    assert manifest["date"] == "2026-01-02"
    assert manifest["counts"]["Project"] == 1
    assert set(manifest["files"]) == set(members) - {"manifest.json"}
    assert all(hashlib.sha256(members[name]).hexdigest() == digest for name, digest in manifest["files"].items())
    assert export_selection(selection, ExportFormat.BUNDLE) == export_selection(selection, ExportFormat.BUNDLE)


def test_select_drops_edges_with_a_missing_end(selection: Selection) -> None:
    project = next(e for e in selection.entities if e.type is EntityType.PROJECT)
    assert select("一个项目", (project,), selection.edges).edges == ()


@pytest.mark.parametrize("text", ["=1", "+1", "-a", "@x", "\tx", "\rx", "＝1"])
def test_neutral_disarms_formula_starts(text: str) -> None:
    assert neutral(text) == "'" + text
