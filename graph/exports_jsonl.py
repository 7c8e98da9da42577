"""The stable machine-readable dump: one node or edge a line, the format that docs/cli.md lays down; and the way back.

    {"kind":"node","id":…,"type":"Project","label":…,"properties":{…},"sources":[{"document","start","end","page","quote"}]}
    {"kind":"edge","id":…,"type":"cites","source":id,"target":id,"properties":{…},"sources":[…]}
A node also carries "evidence": for each property the numbers (from 0) of the sources in its "sources" that prove it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from graph.errors import ImportRejected
from graph.exports_checks import check_dump
from graph.folding import merge_sources
from graph.kg import KnowledgeGraph
from graph.model import Edge, EdgeId, EdgeType, Entity, EntityId, EntityType, Source, Value
from graph.selection import Selection


class _SourceLine(msgspec.Struct, frozen=True):
    document: str
    start: int
    end: int
    page: int | None
    quote: str
    cell: str | None = None


class _NodeLine(msgspec.Struct, frozen=True, tag_field="kind", tag="node"):
    id: str
    type: EntityType
    label: str
    properties: dict[str, str | int | bool | tuple[str, ...]]
    sources: tuple[_SourceLine, ...]
    evidence: dict[str, tuple[int, ...]] = {}
    proof: int = 0  # the first `proof` sources prove the node itself


class _EdgeLine(msgspec.Struct, frozen=True, tag_field="kind", tag="edge"):
    id: str
    type: EdgeType
    source: str
    target: str
    properties: dict[str, str | int | bool | tuple[str, ...]]
    sources: tuple[_SourceLine, ...]


_Line = _NodeLine | _EdgeLine


def dump_lines(entities: Iterable[Entity], edges: Iterable[Edge]) -> Iterator[bytes]:
    """The lines of the dump, nodes first, each ending in a newline."""
    encoder = msgspec.json.Encoder()
    for entity in entities:
        yield encoder.encode(_node_line(entity)) + b"\n"
    for edge in edges:
        line = _EdgeLine(
            edge.id, edge.type, edge.source, edge.target, dict(edge.properties), tuple(map(_source_line, edge.sources))
        )
        yield encoder.encode(line) + b"\n"


def to_jsonl(selection: Selection) -> bytes:
    """The dump of a selection."""
    return b"".join(dump_lines(selection.entities, selection.edges))


def write_jsonl(entities: Iterable[Entity], edges: Iterable[Edge], path: Path) -> None:
    """Write the dump to a file."""
    with path.open("wb") as stream:
        stream.writelines(dump_lines(entities, edges))


def read_jsonl(path: Path) -> KnowledgeGraph:
    """The graph of a dump that `write_jsonl` wrote. Raises ImportRejected, naming the line or the id."""
    entities: list[Entity] = []
    edges: list[Edge] = []
    decoder = msgspec.json.Decoder(_Line)
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                read = decoder.decode(line)
            except (msgspec.DecodeError, ValueError, RecursionError) as err:
                raise ImportRejected(str(path), f"第 {number} 行不合规", "请导入 jixiao export 写出的文件") from err
            match read:
                case _NodeLine():
                    entities.append(_entity(read, path, number))
                case _EdgeLine():
                    edges.append(_edge(read))
    check_dump(entities, edges, source=str(path))
    return KnowledgeGraph(entities, edges)


def _node_line(entity: Entity) -> _NodeLine:
    sources: dict[Source, int] = {}
    for source in (*entity.sources, *(s for places in entity.evidence.values() for s in places)):
        sources.setdefault(source, len(sources))
    evidence = {name: tuple(sources[s] for s in places) for name, places in entity.evidence.items()}
    return _NodeLine(
        entity.id,
        entity.type,
        entity.label,
        dict(entity.properties),
        tuple(map(_source_line, sources)),
        evidence,
        len(merge_sources(entity.sources)),
    )


def _source_line(source: Source) -> _SourceLine:
    return _SourceLine(source.document, source.start, source.end, source.page, source.quote, source.cell)


def _source(line: _SourceLine) -> Source:
    return Source(
        document=line.document, start=line.start, end=line.end, quote=line.quote, page=line.page, cell=line.cell
    )


def _entity(line: _NodeLine, path: Path, number: int) -> Entity:
    sources = tuple(map(_source, line.sources))
    if not all(0 <= n < len(sources) for places in line.evidence.values() for n in places):
        raise ImportRejected(str(path), f"第 {number} 行的证据序号超出范围", "请导入 jixiao export 写出的文件")
    properties: dict[str, Value] = dict(line.properties)
    return Entity(
        id=EntityId(line.id),
        type=line.type,
        label=line.label,
        properties=properties,
        sources=sources[: line.proof],
        evidence={name: tuple(sources[n] for n in places) for name, places in line.evidence.items()},
    )


def _edge(line: _EdgeLine) -> Edge:
    return Edge(
        id=EdgeId(line.id),
        type=line.type,
        source=EntityId(line.source),
        target=EntityId(line.target),
        properties=dict(line.properties),
        sources=tuple(map(_source, line.sources)),
    )
