"""From an Extraction to claims: what one document says at one place, before any name is resolved.

Mention keys (`project@<sha16>:120`) stand for what the document speaks of; resolution maps them to entities. Nothing
here compares two documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from graph.ids import claim_id
from graph.model import Claim, EdgeType, EntityType, Source, Value
from ingest.model import (
    Citation,
    Document,
    Extraction,
    Field,
    ProjectReading,
    SectionCitation,
    Span,
    TaskReading,
    UnitReading,
    WarningCode,
)

TYPE = "type"  # predicate of the claim that proves a mention itself
SHORT_TITLE = "short_title"  # predicate: a policy document's title without the edition that stands behind its marks
ISSUER = "issuer"  # predicate: the organisation written beside a policy document's title or number
DAMAGED = "damaged"  # predicate: letters of this name are lost in the source
_MAX_HEAD = 200  # characters of a form's first line that serve as its evidence


def unique_documents(extractions: Iterable[Extraction]) -> tuple[Extraction, ...]:
    """Each content once, in an order that does not depend on the input's; no two documents bear one name.

    Of several files with the same bytes the smallest name stays. Where different contents share a name, all but the
    one with the smallest hash carry a piece of their hash in the name, so that evidence stays unambiguous.
    """
    by_content: dict[str, Extraction] = {}
    for extraction in sorted(extractions, key=lambda e: (e.document.sha256, e.document.name)):
        by_content.setdefault(extraction.document.sha256, extraction)
    taken: set[str] = set()
    unique = []
    for extraction in by_content.values():
        doc = extraction.document
        if doc.name in taken:
            doc = replace(doc, name=f"{doc.name}#{doc.sha256[:8]}")
            extraction = replace(extraction, document=doc)
        taken.add(doc.name)
        unique.append(extraction)
    return tuple(sorted(unique, key=lambda e: (e.document.name, e.document.sha256)))


def find_claims(extraction: Extraction) -> tuple[Claim, ...]:
    """All claims of one document, in reading order."""
    return tuple(_Speaker(extraction).claims())


@dataclass(frozen=True, slots=True)
class Mention:
    """The claims about one mention key, by predicate."""

    key: str
    type: EntityType
    claims: tuple[Claim, ...]

    def first(self, predicate: str) -> Claim | None:
        """The first claim with this predicate, or None."""
        return next((claim for claim in self.claims if claim.predicate == predicate), None)

    def text(self, predicate: str) -> str | None:
        """The value of the first claim with this predicate as text, or None."""
        claim = self.first(predicate)
        return None if claim is None else str(claim.value)

    @property
    def sources(self) -> tuple[Source, ...]:
        """What proves the mention itself."""
        claim = self.first(TYPE)
        return () if claim is None else claim.sources

    @property
    def document(self) -> str:
        """Name of the document that mentions it."""
        return self.claims[0].sources[0].document


def gather_mentions(claims: Iterable[Claim]) -> dict[str, Mention]:
    """Mentions by key, in the order of their first claim. Keys that no `type` claim proves are left out."""
    grouped: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        grouped[claim.subject].append(claim)
    mentions = {}
    for key, group in grouped.items():
        kind = next((claim.value for claim in group if claim.predicate == TYPE), None)
        if isinstance(kind, str):
            mentions[key] = Mention(key, EntityType(kind), tuple(group))
    return mentions


def find_sources(doc: Document, spans: Iterable[Span]) -> tuple[Source, ...]:
    """Where the spans stand, with the exact characters; blank stretches are left out."""
    sources = []
    for span in spans:
        quote = doc.quote(span)
        if quote.strip():
            page = doc.page_of(span) if doc.page_starts else None
            cell = doc.cell_of(span) if doc.anchors else None
            sources.append(Source(document=doc.name, start=span.start, end=span.end, quote=quote, page=page, cell=cell))
    return tuple(sources)


def make_claim(
    subject: str,
    predicate: str,
    value: Value,
    sources: tuple[Source, ...],
    *,
    raw: str = "",
    rule: str = "",
    document_sha256: str = "",
    qualifiers: Mapping[str, Value] | None = None,
) -> Claim:
    """A claim with its id. `document_sha256` is empty for what follows from several documents together."""
    named = tuple((qualifiers or {}).items())
    places = (f"{source.document}:{source.start}-{source.end}" for source in sources)
    return Claim(
        id=claim_id(subject, predicate, repr(value), repr(named), rule, *places),
        subject=subject,
        predicate=predicate,
        raw=raw or (value if isinstance(value, str) else str(value)),
        value=value,
        sources=sources,
        rule=rule,
        document_sha256=document_sha256,
        qualifiers=named,
    )


def _loses_letters(project: ProjectReading, spans: tuple[Span, ...]) -> bool:
    """Whether a warning says that letters are lost where the spans stand."""
    lost = (s for warning in project.warnings if warning.code is WarningCode.LOST_CELL for s in warning.spans)
    return any(a.start < b.end and b.start < a.end for a in lost for b in spans)


class _Speaker:
    """One document saying its claims."""

    def __init__(self, extraction: Extraction) -> None:
        self.extraction = extraction
        self.doc = extraction.document
        self.at = self.doc.sha256[:16]
        self.told: set[str] = set()

    def claims(self) -> Iterator[Claim]:
        """Every claim that some printed characters prove; a reading without a place is none."""
        return (claim for claim in self._said() if claim.sources)

    def _said(self) -> Iterator[Claim]:
        yield from self._source_document()
        for project in self.extraction.projects:
            yield from self._project(project)
        for citation in self.extraction.citations:
            yield from self._policy(self._key("policy", citation.span), citation)

    def _key(self, kind: str, span: Span, *rest: object) -> str:
        """A mention key that no earlier mention of this document has."""
        key = ":".join([f"{kind}@{self.at}", f"{span.start}-{span.end}", *map(str, rest)])
        unique, again = key, 1
        while unique in self.told:
            again += 1
            unique = f"{key}~{again}"
        self.told.add(unique)
        return unique

    def _say(
        self,
        subject: str,
        predicate: str,
        value: Value,
        spans: Iterable[Span],
        *,
        raw: str = "",
        rule: str = "",
        qualifiers: Mapping[str, Value] | None = None,
    ) -> Claim:
        sources = find_sources(self.doc, spans)
        return make_claim(
            subject,
            predicate,
            value,
            sources,
            raw=raw,
            rule=rule,
            document_sha256=self.doc.sha256,
            qualifiers=qualifiers,
        )

    def _head(self, span: Span) -> Span:
        """The first line with text in `span`."""
        at = span.start
        for line in self.doc.quote(span).splitlines(keepends=True):
            if line.strip():
                return Span(start=at, end=min(at + len(line.rstrip()), at + _MAX_HEAD))
            at += len(line)
        return span

    def _source_document(self) -> Iterator[Claim]:
        key = f"source@{self.at}"
        head = (self._head(Span(start=0, end=len(self.doc.text))),)
        yield self._say(key, TYPE, EntityType.SOURCE.value, head)
        said: dict[str, Value | None] = {
            "file": self.doc.name,
            "sha256": self.doc.sha256,
            "media_type": self.doc.media_type.value,
            "year": self.extraction.year,
            "document_type": self.extraction.document_type,
        }
        for name, value in said.items():
            if value is not None:
                yield self._say(key, name, value, head, rule="document")

    def _project(self, project: ProjectReading) -> Iterator[Claim]:
        key = self._key("project", project.span)
        name = next((r for r in project.readings if r.name is Field.NAME and find_sources(self.doc, r.spans)), None)
        proof = name.spans if name else (self._head(project.span),)
        yield self._say(key, TYPE, EntityType.PROJECT.value, proof, raw=name.raw if name else "")
        head = (self._head(project.span),)
        yield self._say(key, "document_type", project.kind.value, head, rule="form.kind")
        for reading in project.readings:
            yield self._say(key, reading.name.value, reading.value, reading.spans, raw=reading.raw, rule=reading.rule)
        if name is not None and _loses_letters(project, name.spans):
            yield self._say(key, DAMAGED, True, name.spans, raw=name.raw, rule="form.warning")
        if project.value(Field.YEAR) is None and self.extraction.year is not None:
            yield self._say(key, "year", self.extraction.year, head, rule="document.year")
        yield self._say(key, EdgeType.DESCRIBED_IN.value, f"source@{self.at}", proof, rule="form")
        for unit in project.units:
            yield from self._unit(key, unit)
        for indicator in project.indicators:
            row = self._key("indicator", project.span, indicator.row)
            yield self._say(row, TYPE, EntityType.INDICATOR.value, (indicator.span,))
            for cell in indicator.readings:
                yield self._say(row, cell.name.value, cell.value, cell.spans, raw=cell.raw, rule=cell.rule)
            yield self._say(key, EdgeType.HAS_INDICATOR.value, row, (indicator.span,), rule="form.row")
        for task in project.tasks:
            yield from self._task(key, project, task)
        for mention in project.citations:
            yield from self._cited(key, mention)

    def _unit(self, project: str, unit: UnitReading) -> Iterator[Claim]:
        first = unit.spans[0] if unit.spans else Span(start=0, end=0)
        key = self._key("unit", first, unit.role.value, project)
        yield self._say(key, TYPE, EntityType.UNIT.value, unit.spans, raw=unit.raw)
        yield self._say(key, "name", unit.name, unit.spans, raw=unit.raw, rule=unit.rule)
        if unit.code:
            yield self._say(key, "code", unit.code, unit.spans, rule=unit.rule)
        if unit.damaged:
            yield self._say(key, DAMAGED, True, unit.spans, raw=unit.raw, rule=unit.rule)
        yield self._say(key, unit.role.value, project, unit.spans, raw=unit.raw, rule=unit.rule)

    def _task(self, project: str, form: ProjectReading, task: TaskReading) -> Iterator[Claim]:
        key = self._key("task", form.span, task.number)
        yield self._say(key, TYPE, EntityType.TASK.value, task.spans)
        said = {"name": task.name, "number": task.number, "section": task.section.value}
        for name, value in said.items():
            yield self._say(key, name, value, task.spans, rule=task.rule)
        yield self._say(project, EdgeType.HAS_TASK.value, key, task.spans, rule=task.rule)

    def _cited(self, project: str, mention: SectionCitation) -> Iterator[Claim]:
        citation = mention.citation
        key = self._key("policy", citation.span)
        yield from self._policy(key, citation)
        if not citation.mention_only:
            surface = self.doc.quote(citation.span)
            qualifiers: dict[str, Value] = {"surface": surface}
            if mention.section is not None:
                qualifiers["section"] = mention.section.value
            yield self._say(
                project,
                EdgeType.CITES.value,
                key,
                (citation.span,),
                raw=surface,
                rule=citation.rule,
                qualifiers=qualifiers,
            )

    def _policy(self, key: str, citation: Citation) -> Iterator[Claim]:
        if citation.mention_only:  # a newspaper or map in book marks: a claim that names it, but no policy document
            yield self._say(key, "named", citation.title or "", (citation.span,), rule=citation.rule)
            return
        yield self._say(key, TYPE, EntityType.POLICY.value, (citation.span,), raw=self.doc.quote(citation.span))
        yield self._say(key, "kind", citation.kind.value, (citation.span,), rule=citation.rule)
        if citation.title:
            title, raw = citation.title, citation.raw_title or citation.title
            where: tuple[Span, ...] = (citation.title_span or citation.span,)
            if citation.edition_span is not None and citation.number is None:  # a number tells editions apart by itself
                yield self._say(key, SHORT_TITLE, title, where, raw=raw, rule=citation.rule)
                title, where = f"{title}（{citation.edition}）", (*where, citation.edition_span)
            yield self._say(key, "title", title, where, raw=raw, rule=citation.rule)
        if citation.issuer:
            yield self._say(key, ISSUER, citation.issuer, (citation.span,), rule=citation.rule)
        number = citation.number
        if number is not None:
            said: dict[str, Value | None] = {
                "number": number.canonical,
                "issuer_code": number.issuer_code,
                "year": number.year,
                "serial": number.serial,
            }
            for name, value in said.items():
                if value is not None:
                    yield self._say(key, name, value, (number.span,), raw=number.raw, rule=citation.rule)
