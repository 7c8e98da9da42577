"""What a document says: forms into projects, citations outside them, doubts. A list of steps.

A long document is understood in a limited process: however it was made, it holds up nothing but itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from ingest.citations import find_citations
from ingest.drafts import Draft
from ingest.forms import Form, find_bare_titles, find_forms
from ingest.fragments import find_mended, mend_title
from ingest.funds import declared_unit, read_funds
from ingest.heads import read_head
from ingest.indicators import find_indicators
from ingest.isolation import extract_isolated
from ingest.items import find_items
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.model import (
    Citation,
    Document,
    Extraction,
    Field,
    FormKind,
    ProjectReading,
    SectionCitation,
)
from ingest.narratives import join_narratives, read_narrative
from ingest.results import read_results
from ingest.sections import read_sections
from ingest.tasks import find_tasks
from ingest.unit_names import find_units, mark_damaged
from ingest.years import share_year

ValueT = TypeVar("ValueT")

_SHORT = 20_000  # characters that are understood in this very process


def extract_bounded(doc: Document, *, limits: Limits = DEFAULT_LIMITS) -> Extraction:
    """`extract` within `limits` of time and memory, whatever stands in `doc`. Raises the IngestError tree."""
    return extract(doc) if len(doc.text) <= _SHORT else extract_isolated(doc, limits=limits)


def extract(doc: Document) -> Extraction:
    """Everything that `doc` says of projects and policy documents, with its spans and doubts."""
    citations = tuple(map(mend_title, find_citations(doc.text)))
    forms = find_forms(doc)
    unit = _common_unit(forms)
    projects = tuple(_read_form(doc, form, citations, unit) for form in forms)
    projects = join_narratives(mark_damaged(share_year(doc, projects)))
    return Extraction(
        document=doc,
        projects=projects,
        citations=_outside(citations, projects),
        warnings=() if projects else find_bare_titles(doc),
        document_type=_most_common([project.kind.value for project in projects]),
        year=_most_common([year for project in projects if isinstance(year := project.value(Field.YEAR), int)]),
    )


def _read_form(doc: Document, form: Form, citations: Sequence[Citation], unit: Decimal | None) -> ProjectReading:
    draft = Draft()
    if form.kind is FormKind.NARRATIVE:
        sections, units = read_narrative(doc, form, draft)
    else:
        items = find_items(doc, form)
        read_head(doc, form, items, draft)
        units = find_units(doc, form, items, draft)
        read_funds(doc, form, items, draft, unit=unit)
        read_results(doc, form, items, draft)
        sections = read_sections(doc, form, draft)
    indicators, doubts = find_indicators(doc, form.rows, kind=form.kind)
    cited = _within(citations, form)
    return ProjectReading(
        kind=form.kind,
        span=form.span,
        readings=tuple(draft.readings),
        units=units,
        indicators=indicators,
        tasks=find_tasks(sections),
        citations=tuple(
            SectionCitation(section=draft.section_at(citation.span), citation=citation) for citation in cited
        ),
        warnings=(*draft.warnings, *doubts, *find_mended(cited)),
    )


def _within(citations: Sequence[Citation], form: Form) -> Sequence[Citation]:
    """Those of `citations`, which are in order, that begin within `form`."""
    first = bisect_left(citations, form.span.start, key=lambda citation: citation.span.start)
    last = bisect_left(citations, form.span.end, key=lambda citation: citation.span.start)
    return citations[first:last]


def _common_unit(forms: Sequence[Form]) -> Decimal | None:
    """The unit of money, where all forms that declare one declare the same."""
    units = {unit for form in forms if (unit := declared_unit(form)) is not None}
    return units.pop() if len(units) == 1 else None


def _outside(citations: Sequence[Citation], projects: Sequence[ProjectReading]) -> tuple[Citation, ...]:
    within = {found.citation.span for project in projects for found in project.citations}
    return tuple(citation for citation in citations if citation.span not in within)


def _most_common(values: Sequence[ValueT | None]) -> ValueT | None:
    counts = Counter(value for value in values if value is not None)
    return counts.most_common(1)[0][0] if counts else None
