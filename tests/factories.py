"""Nouns for tests, built without the pipeline: a form is described in a few words, text and spans follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from ingest import parse_number
from ingest.model import (
    Citation,
    CitationKind,
    Document,
    Extraction,
    Field,
    FormKind,
    IndicatorField,
    IndicatorReading,
    MediaType,
    ProjectReading,
    Reading,
    ReadingWarning,
    SectionCitation,
    Span,
    TaskReading,
    UnitReading,
    UnitRole,
    WarningCode,
)


@dataclass(frozen=True)
class Cited:
    """A citation to be written: 《title》（number）."""

    title: str | None = None
    number: str | None = None
    section: Field = Field.BASIS
    issuer: str | None = None
    mention_only: bool = False
    edition: str | None = None


@dataclass(frozen=True)
class Form:
    """A form to be written. Unit names may hold line breaks: then they are torn over two spans."""

    name: str | None = "道路养护"
    year: int | None = 2020
    declares: str | None = "甲市建设局"
    supervises: str | None = None
    implements: str | None = None
    kind: FormKind = FormKind.TARGET
    fields: Mapping[Field, str | int | bool] = field(default_factory=dict)
    cites: Sequence[Cited] = ()
    rows: Sequence[Mapping[str, str]] = ()
    tasks: Sequence[str] = ()
    damaged: frozenset[UnitRole] = frozenset()
    warnings: Sequence[str] = ()


class Paper:
    """Text under the pen: every piece written gives back its span."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, piece: str, *, before: str = "", after: str = "\n") -> Span:
        start = len(self.text) + len(before)
        self.text += before + piece + after
        return Span(start=start, end=start + len(piece))


def make_extraction(
    *forms: Form, name: str = "甲.txt", outside: Iterable[Cited] = (), year: int | None = None
) -> Extraction:
    """What reading a document with these forms gives."""
    paper = Paper()
    paper.write("财政项目支出绩效表")
    projects = tuple(_write_form(paper, form) for form in forms)
    citations = tuple(_write_citation(paper, cited) for cited in outside)
    doc = make_document(paper.text, name=name)
    kinds = {form.kind.value for form in forms}
    return Extraction(
        document=doc,
        projects=projects,
        citations=citations,
        document_type=kinds.pop() if len(kinds) == 1 else None,
        year=year or next((form.year for form in forms if form.year), None),
    )


def make_document(text: str, *, name: str = "甲.txt") -> Document:
    """A text document with its hash."""
    return Document(name=name, sha256=sha256(text.encode()).hexdigest(), media_type=MediaType.TEXT, text=text)


def rename_document(extraction: Extraction, name: str) -> Extraction:
    """The same bytes under another name."""
    return replace(extraction, document=replace(extraction.document, name=name))


def _write_form(paper: Paper, form: Form) -> ProjectReading:
    start = len(paper.text)
    paper.write(form.kind.value)
    readings: list[Reading[Field]] = []
    if form.year is not None:
        span = paper.write(f"({form.year}年度)")
        readings.append(Reading(name=Field.YEAR, raw=str(form.year), value=form.year, spans=(span,), rule="test"))
    if form.name is not None:
        span = paper.write(form.name, before="项目名称：")
        readings.append(Reading(name=Field.NAME, raw=form.name, value=form.name, spans=(span,), rule="test"))
    units = []
    for role in UnitRole:
        name = getattr(form, role.value)
        if name is not None:
            units.append(_write_unit(paper, role, name, damaged=role in form.damaged))
    for wanted, value in form.fields.items():
        span = paper.write(str(value), before=f"{wanted.value}：")
        readings.append(Reading(name=wanted, raw=str(value), value=value, spans=(span,), rule="test"))
    cites = []
    for cited in form.cites:
        cites.append(SectionCitation(section=cited.section, citation=_write_citation(paper, cited)))
    rows = tuple(_write_row(paper, n, row) for n, row in enumerate(form.rows))
    tasks = tuple(
        TaskReading(
            number=str(n), name=task, section=Field.OVERVIEW, spans=(paper.write(task, before=f"{n}、"),), rule="test"
        )
        for n, task in enumerate(form.tasks, start=1)
    )
    span = Span(start=start, end=len(paper.text))
    warnings = tuple(
        ReadingWarning(code=WarningCode.LOST_CELL, message=message, spans=(Span(start=start, end=start + 3),))
        for message in form.warnings
    )
    return ProjectReading(
        kind=form.kind,
        span=span,
        readings=tuple(readings),
        units=tuple(units),
        indicators=rows,
        tasks=tasks,
        citations=tuple(cites),
        warnings=warnings,
    )


def _write_unit(paper: Paper, role: UnitRole, name: str, *, damaged: bool) -> UnitReading:
    paper.write("", before=f"{role.value}：", after="")
    spans = tuple(paper.write(piece, after="\n") for piece in name.split("\n"))
    joined = name.replace("\n", "")
    raw = name.replace("\n", " ")
    return UnitReading(role=role, name=joined, raw=raw, spans=spans, rule="test", damaged=damaged)


def _write_citation(paper: Paper, cited: Cited) -> Citation:
    title_span = paper.write(f"《{cited.title}》", before="根据", after="") if cited.title else None
    number = None
    span = title_span
    if cited.number:
        at = paper.write(cited.number, before="（" if title_span else "根据", after="）" if title_span else "")
        read = parse_number(cited.number)
        if read is None:
            raise ValueError(f"no number: {cited.number}")
        number = replace(read, span=at)
        span = Span(start=(title_span or at).start, end=at.end)
    edition_span = paper.write(cited.edition, before="（", after="）") if cited.edition else None
    paper.write("，")
    if span is None:
        raise ValueError("a citation needs a title or a number")
    return Citation(
        kind=number.kind if number else CitationKind.TITLE,
        span=span,
        title=cited.title,
        raw_title=cited.title,
        title_span=title_span,
        number=number,
        issuer=cited.issuer,
        mention_only=cited.mention_only,
        edition=cited.edition,
        edition_span=edition_span,
        rule="test",
    )


def _write_row(paper: Paper, n: int, row: Mapping[str, str]) -> IndicatorReading:
    start = len(paper.text)
    readings = []
    for name, value in row.items():
        span = paper.write(value, after="\t")
        readings.append(Reading(name=IndicatorField(name), raw=value, value=value, spans=(span,), rule="test"))
    end = len(paper.text)
    paper.write("")
    return IndicatorReading(row=n, readings=tuple(readings), span=Span(start=start, end=end))
