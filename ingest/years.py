"""The year of a project whose own head prints none: from what else the document says, always as a doubt.

Never guesses between two years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.model import Document, Field, ProjectReading, Reading, ReadingWarning, Span, WarningCode

_TITLE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?年度?[\u4e00-\u9fff]{0,12}(?:预算|决算|绩效)")


def share_year(doc: Document, projects: Sequence[ProjectReading]) -> tuple[ProjectReading, ...]:
    """`projects`, each with a year where one can be told."""
    if all(project.value(Field.YEAR) is not None for project in projects):
        return tuple(projects)
    common = _common(projects) or _in_text(doc)
    return tuple(
        project if project.value(Field.YEAR) is not None else _with_year(project, common or _of_period(project))
        for project in projects
    )


_Source = tuple[Reading[Field], str]


def _common(projects: Sequence[ProjectReading]) -> _Source | None:
    """The year in which all projects agree that print one."""
    known = [reading for project in projects for reading in project.readings if reading.name is Field.YEAR]
    if len({reading.value for reading in known}) != 1:
        return None
    return replace(known[0], rule="document.forms"), "按同一文件其他各表"


def _in_text(doc: Document) -> _Source | None:
    """The one year of which the document's text says that its budget or its performance is spoken of."""
    hits = list(_TITLE_YEAR.finditer(doc.text))
    if len({hit[1] for hit in hits}) != 1:
        return None
    span = Span(start=hits[0].start(1), end=hits[0].end(1))
    reading = Reading(name=Field.YEAR, raw=hits[0][1], value=int(hits[0][1]), spans=(span,), rule="document.text")
    return reading, "按文件中写明的年度"


def _of_period(project: ProjectReading) -> _Source | None:
    """The year within which a project begins and ends."""
    dates = [reading for reading in project.readings if reading.name in (Field.START_DATE, Field.END_DATE)]
    years = {str(reading.value)[:4] for reading in dates}
    if len(dates) != 2 or len(years) != 1:
        return None
    spans = tuple(span for reading in dates for span in reading.spans)
    raw = " ".join(reading.raw for reading in dates)
    return Reading(name=Field.YEAR, raw=raw, value=int(years.pop()), spans=spans, rule="form.period"), "按项目起止日期"


def _with_year(project: ProjectReading, source: _Source | None) -> ProjectReading:
    if source is None:
        message = "找不到年度"
        lost = ReadingWarning(code=WarningCode.LOST_CELL, message=message, spans=(project.span,))
        return replace(project, warnings=(*project.warnings, lost))
    reading, reason = source
    message = f"表头未见年度，{reason}记为{reading.value}年"
    doubt = ReadingWarning(code=WarningCode.INFERRED_VALUE, message=message, spans=reading.spans)
    return replace(project, readings=(*project.readings, reading), warnings=(*project.warnings, doubt))
