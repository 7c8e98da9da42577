"""Rows of a snapshot's tables. A source is stored as numbers; its quote comes back from the document that owns it.

Packing and unpacking are inverse: unpack(pack(x)) == x. Evidence of properties is unpacked when first looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from graph.model import (
    Claim,
    ClaimId,
    Edge,
    EdgeId,
    EdgeType,
    Entity,
    EntityId,
    EntityType,
    Judgement,
    Passage,
    Ruling,
    Source,
)
from ingest.model import Document

Place = tuple[int, int, int, int | None, str | None]  # document (index by name), start, end, page, cell
_ValueRow = str | int | bool | tuple[str, ...]


class EntityRow(msgspec.Struct, frozen=True, array_like=True):
    """A line of nodes.jsonl; `evidence` stays packed until it is looked at."""

    id: str
    type: EntityType
    label: str
    properties: dict[str, _ValueRow]
    sources: tuple[Place, ...]
    evidence: msgspec.Raw


class EdgeRow(msgspec.Struct, frozen=True, array_like=True):
    """A line of edges.jsonl."""

    id: str
    type: EdgeType
    source: str
    target: str
    properties: dict[str, _ValueRow]
    sources: tuple[Place, ...]


class ClaimRow(msgspec.Struct, frozen=True, array_like=True):
    """A line of claims.jsonl."""

    id: str
    subject: str
    predicate: str
    raw: str | None  # None where it is the first quote
    value: _ValueRow | None  # None where it is `raw`
    sources: tuple[Place, ...]
    rule: str
    document: int | None  # None for what follows from several documents
    qualifiers: tuple[tuple[str, _ValueRow], ...]


class JudgementRow(msgspec.Struct, frozen=True, array_like=True):
    """A line of judgements.jsonl."""

    ruling: Ruling
    entities: tuple[str, ...]
    writings: tuple[str, ...]
    reason: str
    confidence: float
    rule: str
    sources: tuple[Place, ...]


class PassageRow(msgspec.Struct, frozen=True, array_like=True):
    """A line of passages.jsonl."""

    id: str
    entity: str
    kind: str
    text: str | None  # None where it is the only quote
    sources: tuple[Place, ...]


class Packer:
    """Turns nouns into rows, given the documents that own the text."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._index = {doc.name: n for n, doc in enumerate(documents)}
        self._by_content = {doc.sha256: n for n, doc in enumerate(documents)}
        self._encoder = msgspec.json.Encoder()

    def entity(self, entity: Entity) -> EntityRow:
        evidence = {name: self._places(sources) for name, sources in entity.evidence.items()}
        return EntityRow(
            entity.id,
            entity.type,
            entity.label,
            dict(entity.properties),
            self._places(entity.sources),
            msgspec.Raw(self._encoder.encode(evidence)),
        )

    def edge(self, edge: Edge) -> EdgeRow:
        return EdgeRow(edge.id, edge.type, edge.source, edge.target, dict(edge.properties), self._places(edge.sources))

    def claim(self, claim: Claim) -> ClaimRow:
        quoted = bool(claim.sources) and claim.raw == claim.sources[0].quote
        said = isinstance(claim.value, str) and claim.value == claim.raw
        return ClaimRow(
            claim.id,
            claim.subject,
            claim.predicate,
            None if quoted else claim.raw,
            None if said else claim.value,
            self._places(claim.sources),
            claim.rule,
            self._by_content.get(claim.document_sha256),
            claim.qualifiers,
        )

    def judgement(self, judgement: Judgement) -> JudgementRow:
        return JudgementRow(
            judgement.ruling,
            judgement.entities,
            judgement.writings,
            judgement.reason,
            judgement.confidence,
            judgement.rule,
            self._places(judgement.sources),
        )

    def passage(self, passage: Passage) -> PassageRow:
        quoted = len(passage.sources) == 1 and passage.text == passage.sources[0].quote
        text = None if quoted else passage.text
        return PassageRow(passage.id, passage.entity, passage.kind, text, self._places(passage.sources))

    def _places(self, sources: tuple[Source, ...]) -> tuple[Place, ...]:
        return tuple((self._index[s.document], s.start, s.end, s.page, s.cell) for s in sources)


class Unpacker:
    """Turns rows back into nouns. Raises IndexError for a place in a document that is not there."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._known: dict[Place, Source] = {}

    def entity(self, row: EntityRow) -> Entity:
        return Entity(
            id=EntityId(row.id),
            type=row.type,
            label=row.label,
            properties=row.properties,
            sources=self.sources(row.sources),
            evidence=_Evidence(row.evidence, self),
        )

    def edge(self, row: EdgeRow) -> Edge:
        return Edge(
            id=EdgeId(row.id),
            type=row.type,
            source=EntityId(row.source),
            target=EntityId(row.target),
            properties=row.properties,
            sources=self.sources(row.sources),
        )

    def claim(self, row: ClaimRow) -> Claim:
        sources = self.sources(row.sources)
        raw = sources[0].quote if row.raw is None else row.raw
        return Claim(
            id=ClaimId(row.id),
            subject=row.subject,
            predicate=row.predicate,
            raw=raw,
            value=raw if row.value is None else row.value,
            sources=sources,
            rule=row.rule,
            document_sha256="" if row.document is None else self._documents[row.document].sha256,
            qualifiers=row.qualifiers,
        )

    def judgement(self, row: JudgementRow) -> Judgement:
        return Judgement(
            ruling=row.ruling,
            entities=tuple(map(EntityId, row.entities)),
            writings=row.writings,
            reason=row.reason,
            confidence=row.confidence,
            rule=row.rule,
            sources=self.sources(row.sources),
        )

    def passage(self, row: PassageRow) -> Passage:
        sources = self.sources(row.sources)
        text = sources[0].quote if row.text is None else row.text
        return Passage(id=row.id, entity=EntityId(row.entity), kind=row.kind, text=text, sources=sources)

    def sources(self, places: tuple[Place, ...]) -> tuple[Source, ...]:
        """The sources at these places, each object shared by all that name it."""
        return tuple(self._known.get(place) or self._source(place) for place in places)

    def _source(self, place: Place) -> Source:
        number, start, end, page, cell = place
        doc = self._documents[number]
        if not 0 <= start < end <= len(doc.text):
            raise IndexError(f"{doc.name} {start}-{end}")
        source = Source(document=doc.name, start=start, end=end, quote=doc.text[start:end], page=page, cell=cell)
        self._known[place] = source
        return source


class _Evidence(Mapping[str, tuple[Source, ...]]):
    """Sources by property, unpacked when first looked at. Equal to any mapping of the same content."""

    __slots__ = ("__dict__", "_row", "_unpacker")

    def __init__(self, row: msgspec.Raw, unpacker: Unpacker) -> None:
        self._row = row
        self._unpacker = unpacker

    @cached_property
    def _content(self) -> dict[str, tuple[Source, ...]]:
        rows = _EVIDENCE.decode(self._row)
        return {name: self._unpacker.sources(places) for name, places in rows.items()}

    def __getitem__(self, name: str) -> tuple[Source, ...]:
        return self._content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def __repr__(self) -> str:
        return repr(self._content)


_EVIDENCE = msgspec.json.Decoder(dict[str, tuple[Place, ...]])
