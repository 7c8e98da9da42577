"""What a document says: forms into projects, citations outside them, doubts. A list of steps."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib import import_module
from typing import Any

from ingest.citations import find_citations
from ingest.forms import Form, find_forms
from ingest.funds import read_funds
from ingest.heads import Draft, read_head
from ingest.model import (
    SECTIONS,
    Citation,
    Document,
    Extraction,
    Field,
    ProjectReading,
    Reading,
    ReadingWarning,
    SectionCitation,
    Span,
    WarningCode,
)
from ingest.sections import find_tasks, read_sections
from ingest.unit_names import find_units


def extract(doc: Document) -> Extraction:
    """Everything that `doc` says of projects and policy documents, with its spans and doubts."""
    forms = find_forms(doc)
    citations = find_citations(doc.text)
    projects = tuple(_read_form(doc, form, citations) for form in forms)
    projects = _share_year(projects)
    within = {id(found.citation) for project in projects for found in project.citations}
    kinds = Counter(project.kind.value for project in projects)
    years = Counter(project.value(Field.YEAR) for project in projects)
    year = years.most_common(1)[0][0] if years else None
    return Extraction(
        document=doc,
        projects=projects,
        citations=tuple(citation for citation in citations if id(citation) not in within),
        warnings=doc.warnings,
        document_type=kinds.most_common(1)[0][0] if kinds else None,
        year=year if isinstance(year, int) else None,
    )


def _read_form(doc: Document, form: Form, citations: tuple[Citation, ...]) -> ProjectReading:
    draft = Draft()
    read_head(doc, form, draft)
    read_funds(doc, form, draft)
    read_sections(doc, form, draft)
    indicators, doubts = _find_indicators(doc, form)
    return ProjectReading(
        kind=form.kind,
        span=form.span,
        readings=tuple(draft.readings),
        units=find_units(doc, form),
        indicators=indicators,
        tasks=find_tasks(doc, draft),
        citations=tuple(
            SectionCitation(section=_section_at(draft.readings, citation.span), citation=citation)
            for citation in citations
            if form.span.start <= citation.span.start < form.span.end
        ),
        warnings=(*draft.warnings, *doubts),
    )


def _section_at(readings: list[Reading[Field]], span: Span) -> Field | None:
    for reading in readings:
        if reading.name in SECTIONS and any(part.start <= span.start < part.end for part in reading.spans):
            return reading.name
    return None


def _share_year(projects: tuple[ProjectReading, ...]) -> tuple[ProjectReading, ...]:
    years = {project.value(Field.YEAR) for project in projects} - {None}
    if len(years) != 1:
        return projects
    (year,) = years
    source = next(r for p in projects for r in p.readings if r.name is Field.YEAR)
    shared = []
    for project in projects:
        if project.value(Field.YEAR) is None:
            reading = Reading(
                name=Field.YEAR, raw=source.raw, value=source.value, spans=source.spans, rule="document.year"
            )
            doubt = ReadingWarning(
                code=WarningCode.INFERRED_VALUE,
                message=f"表头未见年度，按同一文件其他各表记为{year}年",
                spans=source.spans,
            )
            project = replace(project, readings=(*project.readings, reading), warnings=(*project.warnings, doubt))
        shared.append(project)
    return tuple(shared)


def _find_indicators(doc: Document, form: Form) -> Any:
    try:
        return import_module("ingest.indicators").find_indicators(doc, form.rows, kind=form.kind)
    except ModuleNotFoundError:
        return (), ()
