"""Turtle, JSON-LD and N-Quads by W3C vocabularies, and N-Quads back into the same entities and edges.

Entities and relations stand in the default part; relations with their properties and all evidence in the named graph
`urn:jixiao:provenance`. Import reads N-Quads of ours only: no entity, no URL is ever fetched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import TypeAlias

from rdflib import RDF, RDFS, XSD, Dataset, Literal, Namespace, URIRef
from rdflib import Graph as TripleSet
from rdflib.exceptions import ParserError
from rdflib.term import Node

from graph.errors import ImportRejected
from graph.exports_checks import check_dump
from graph.model import Edge, EdgeId, EdgeType, Entity, EntityId, EntityType, Source, Value
from graph.selection import BOOLEANS, DATES, DECIMALS, INTEGERS, Selection, select

Quad: TypeAlias = tuple[URIRef, URIRef, Node]

JX = Namespace("urn:jixiao:ontology#")
DATA = "urn:jixiao:id:"
PROVENANCE = URIRef("urn:jixiao:provenance")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
ORG = Namespace("http://www.w3.org/ns/org#")
PROV = Namespace("http://www.w3.org/ns/prov#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")

# what a reader without our ontology can still make of our classes
_ALSO = {
    EntityType.UNIT: ORG.FormalOrganization,
    EntityType.POLICY: ELI.LegalResource,
    EntityType.PROJECT: PROV.Activity,
    EntityType.SOURCE: PROV.Entity,
}


def load_ontology() -> str:
    """Our ontology, Turtle."""
    return (files("graph") / "lexicon" / "ontology.ttl").read_text(encoding="utf-8")


def load_shapes() -> str:
    """SHACL shapes that our exports pass, Turtle."""
    return (files("graph") / "lexicon" / "shapes.ttl").read_text(encoding="utf-8")


def _iri(identifier: str) -> URIRef:
    return URIRef(DATA + identifier)


def _literal(name: str, value: str | int | bool) -> Literal:
    if name in BOOLEANS:
        return Literal(value)
    if name in INTEGERS:
        return Literal(f"{int(value):04d}", datatype=XSD.gYear)
    if name in DECIMALS:
        return Literal(str(value), datatype=XSD.decimal, normalize=False)
    if name in DATES:
        kind = XSD.date if str(value).count("-") == 2 else XSD.gYearMonth
        return Literal(str(value), datatype=kind, normalize=False)
    return Literal(str(value))


def _values(subject: URIRef, name: str, value: Value) -> Iterator[Quad]:
    if isinstance(value, tuple):
        # order of a list is part of it; RDF has sets only
        yield subject, JX[name + "_list"], Literal(json.dumps(list(value), ensure_ascii=False))
        for one in value:
            yield subject, JX[name], Literal(one)
    else:
        yield subject, JX[name], _literal(name, value)


def _quotation(source: Source) -> tuple[URIRef, list[Quad]]:
    said = json.dumps(
        [source.document, source.start, source.end, source.quote, source.page, source.cell], ensure_ascii=False
    )
    node = URIRef("urn:jixiao:quotation:" + hashlib.sha256(said.encode()).hexdigest()[:20])
    quads: list[Quad] = [
        (node, RDF.type, JX.Quotation),
        (node, JX.document, Literal(source.document)),
        (node, JX.start, Literal(source.start)),
        (node, JX.end, Literal(source.end)),
        (node, JX.quote, Literal(source.quote)),
    ]
    if source.page is not None:
        quads.append((node, JX.page, Literal(source.page)))
    if source.cell is not None:
        quads.append((node, JX.cell, Literal(source.cell)))
    return node, quads


def _evidence(subject: URIRef, sources: tuple[Source, ...]) -> Iterator[Quad]:
    for source in sources:
        node, quads = _quotation(source)
        yield subject, JX.hasEvidence, node
        yield from quads


def _entity_facts(entity: Entity) -> Iterator[Quad]:
    node = _iri(entity.id)
    yield node, RDF.type, JX[entity.type.value]
    if also := _ALSO.get(entity.type):
        yield node, RDF.type, also
    yield node, RDFS.label, Literal(entity.label, lang="zh")
    for name, value in entity.properties.items():
        yield from _values(node, name, value)
        if name == "aliases" and isinstance(value, tuple):
            for alias in value:
                yield node, SKOS.altLabel, Literal(alias, lang="zh")
    if entity.type is EntityType.POLICY and (title := entity.properties.get("title")):
        yield node, DCTERMS.title, Literal(str(title), lang="zh")


def _entity_evidence(entity: Entity) -> Iterator[Quad]:
    node = _iri(entity.id)
    yield from _evidence(node, entity.sources)
    for name, sources in entity.evidence.items():
        proof = URIRef(f"urn:jixiao:evidence:{entity.id}:{name}")
        yield proof, RDF.type, JX.PropertyEvidence
        yield proof, JX.of, node
        yield proof, JX.property, Literal(name)
        yield from _evidence(proof, sources)


def _relation(edge: Edge) -> Iterator[Quad]:
    node = URIRef("urn:jixiao:relation:" + edge.id)
    yield node, RDF.type, JX.Relation
    yield node, RDF.subject, _iri(edge.source)
    yield node, RDF.predicate, JX[edge.type.value]
    yield node, RDF.object, _iri(edge.target)
    for name, value in edge.properties.items():
        yield from _values(node, name, value)
    yield from _evidence(node, edge.sources)


def to_dataset(selection: Selection) -> Dataset:
    """All of a selection as quads."""
    data = Dataset()
    facts, provenance = data.default_graph, data.graph(PROVENANCE)
    for prefix, space in (("jx", JX), ("skos", SKOS), ("dcterms", DCTERMS), ("org", ORG), ("prov", PROV), ("eli", ELI)):
        data.bind(prefix, space)
    for entity in selection.entities:
        for quad in _entity_facts(entity):
            facts.add(quad)
        for quad in _entity_evidence(entity):
            provenance.add(quad)
    for edge in selection.edges:
        facts.add((_iri(edge.source), JX[edge.type.value], _iri(edge.target)))
        for quad in _relation(edge):
            provenance.add(quad)
    return data


def _flat(selection: Selection) -> TripleSet:
    flat = TripleSet()
    data = to_dataset(selection)
    for prefix, space in data.namespaces():
        flat.bind(prefix, space)
    for s, p, o, _ in data.quads((None, None, None, None)):
        flat.add((s, p, o))
    return flat


def to_turtle(selection: Selection) -> bytes:
    """Turtle with facts, relations and evidence in one set of triples."""
    data: bytes = _flat(selection).serialize(format="turtle", encoding="utf-8")
    return data


def to_jsonld(selection: Selection) -> bytes:
    """JSON-LD with its context inside the file: nothing is fetched to read it."""
    context = {
        "jx": str(JX),
        "rdfs": str(RDFS),
        "rdf": str(RDF),
        "xsd": str(XSD),
        "skos": str(SKOS),
        "dcterms": str(DCTERMS),
        "org": str(ORG),
        "prov": str(PROV),
        "eli": str(ELI),
    }
    data: bytes = _flat(selection).serialize(
        format="json-ld", context=context, encoding="utf-8", indent=1, sort_keys=True
    )
    return data


def to_nquads(selection: Selection) -> bytes:
    """N-Quads, one a line, sorted: same selection, same bytes."""
    lines = to_dataset(selection).serialize(format="nquads", encoding="utf-8").splitlines()
    return b"\n".join(sorted({line for line in lines if line.strip()})) + b"\n"


def from_nquads(data: bytes, *, title: str, source: str = "N-Quads") -> Selection:
    """The selection that `to_nquads` wrote. Raises ImportRejected where it is not of ours or damaged."""
    quads = Dataset()
    try:
        quads.parse(data=data.decode("utf-8"), format="nquads")
    except (ParserError, ValueError) as err:
        raise ImportRejected(source, "不是合法的 N-Quads 文件", "请导入由本程序导出的文件") from err
    flat = TripleSet()
    for s, p, o, _ in quads.quads((None, None, None, None)):
        flat.add((s, p, o))
    try:
        entities = [_read_entity(flat, node, kind) for kind in EntityType for node in flat.subjects(RDF.type, JX[kind])]
        edges = [_read_edge(flat, node) for node in flat.subjects(RDF.type, JX.Relation)]
    except (ValueError, RecursionError, StopIteration) as err:
        raise ImportRejected(source, "内容不完整或被改动过", "请重新导出后再导入") from err
    check_dump(entities, edges, source=source)
    return select(title, entities, edges)


_OWN = str(JX)
_STRUCTURE = frozenset({"hasEvidence", *EdgeType})


def _one(flat: TripleSet, subject: Node, predicate: URIRef) -> Node:
    return next(iter(flat.objects(subject, predicate)))


def _read_properties(flat: TripleSet, node: Node) -> dict[str, Value]:
    found: dict[str, Value] = {}
    lists: dict[str, Value] = {}
    for predicate, value in flat.predicate_objects(node):
        name = str(predicate).removeprefix(_OWN)
        if not str(predicate).startswith(_OWN) or name in _STRUCTURE or not isinstance(value, Literal):
            continue
        if name.endswith("_list"):
            lists[name.removesuffix("_list")] = _read_list(str(value))
        elif name in BOOLEANS:
            found[name] = str(value) == "true"
        elif name in INTEGERS:
            found[name] = int(str(value)[:4])
        else:
            found[name] = str(value)
    return dict(sorted({**found, **lists}.items()))


def _read_list(text: str) -> tuple[str, ...]:
    """Raises ValueError where it is no JSON list of texts, RecursionError where lists nest without end."""
    read = json.loads(text)
    if not isinstance(read, list) or not all(isinstance(one, str) for one in read):
        raise ValueError("not a list of texts")
    return tuple(read)


def _read_sources(flat: TripleSet, node: Node) -> tuple[Source, ...]:
    def integer(of: Node, name: str) -> int | None:
        value = next(iter(flat.objects(of, JX[name])), None)
        return None if value is None else int(str(value))

    found = []
    for q in flat.objects(node, JX.hasEvidence):
        cell = next(iter(flat.objects(q, JX.cell)), None)
        found.append(
            Source(
                document=str(_one(flat, q, JX.document)),
                start=integer(q, "start") or 0,
                end=integer(q, "end") or 0,
                quote=str(_one(flat, q, JX.quote)),
                page=integer(q, "page"),
                cell=None if cell is None else str(cell),
            )
        )
    return tuple(sorted(found, key=lambda s: (s.document, s.start, s.end, s.quote)))


def _read_entity(flat: TripleSet, node: Node, kind: EntityType) -> Entity:
    evidence = {str(_one(flat, proof, JX.property)): _read_sources(flat, proof) for proof in flat.subjects(JX.of, node)}
    return Entity(
        id=EntityId(str(node).removeprefix(DATA)),
        type=kind,
        label=str(_one(flat, node, RDFS.label)),
        properties=_read_properties(flat, node),
        sources=_read_sources(flat, node),
        evidence=dict(sorted(evidence.items())),
    )


def _read_edge(flat: TripleSet, node: Node) -> Edge:
    return Edge(
        id=EdgeId(str(node).removeprefix("urn:jixiao:relation:")),
        type=EdgeType(str(_one(flat, node, RDF.predicate)).removeprefix(_OWN)),
        source=EntityId(str(_one(flat, node, RDF.subject)).removeprefix(DATA)),
        target=EntityId(str(_one(flat, node, RDF.object)).removeprefix(DATA)),
        properties=_read_properties(flat, node),
        sources=_read_sources(flat, node),
    )
