"""Fields at the head of a form: name, year, kinds, dates, procurement. Money is in `funds`, units in `unit_names`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from ingest.forms import Form
from ingest.fragments import join_cells
from ingest.labels import Label, find_labels, wordings
from ingest.measures import parse_date
from ingest.model import Cell, Document, Field, Reading, ReadingWarning, Span, WarningCode

_YES, _NO = ("是", "有", "√是"), ("否", "无", "不含")
_PLAIN = {
    "category": Field.CATEGORY,
    "performance_type": Field.PERFORMANCE_TYPE,
    "project_nature": Field.PROJECT_NATURE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A label with the cells of its value, empty ones included, in the row where it stands."""

    label: Label
    cells: tuple[Cell, ...]
    row: int

    @property
    def filled(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.text)


@dataclass(slots=True)
class Draft:
    """Readings of one form while it is read; the first reading of a field stands."""

    readings: list[Reading[Field]] = field(default_factory=list)
    warnings: list[ReadingWarning] = field(default_factory=list)

    def add(self, name: Field, raw: str, value: str | int | bool, spans: Sequence[Span], rule: str) -> None:
        if all(reading.name is not name for reading in self.readings):
            self.readings.append(Reading(name=name, raw=raw, value=value, spans=tuple(spans), rule=rule))

    def warn(self, code: WarningCode, message: str, *spans: Span) -> None:
        self.warnings.append(ReadingWarning(code=code, message=message, spans=spans))


def find_labelled(doc: Document, form: Form) -> Iterator[Labelled]:
    """Every label of the form with its value, in reading order."""
    vocabulary = wordings(form.kind)
    for number, row in enumerate(form.rows):
        labels = find_labels(doc, row, vocabulary)
        for label, following in zip_longest(labels, labels[1:]):
            end = following.first if following else len(row.cells)
            cells = ((label.rest,) if label.rest else ()) + row.cells[label.last + 1 : end]
            yield Labelled(label=label, cells=cells, row=number)


def read_head(doc: Document, form: Form, draft: Draft) -> None:
    """Name, year, kinds, dates and procurement of `form`, added to `draft`."""
    if form.year is not None and form.year_span is not None:
        draft.add(Field.YEAR, doc.quote(form.year_span), form.year, (form.year_span,), "head.year")
    for item in find_labelled(doc, form):
        group, _, name = item.label.key.partition(".")
        if group != "head" or not item.filled:
            continue
        rule = f"label.{item.label.wording}"
        joined = join_cells(doc, item.cells)
        raw = "".join(doc.quote(span) for span in joined.spans)
        match name:
            case "name":
                draft.add(Field.NAME, raw, joined.text, joined.spans, rule)
            case "start_date" | "end_date":
                if date := parse_date(item.filled[0].text):
                    draft.add(Field(name), item.filled[0].text, date, (item.filled[0].span,), rule)
            case "government_procurement":
                text = joined.text.strip()
                if text in _YES or text in _NO:
                    draft.add(Field.GOVERNMENT_PROCUREMENT, raw, text in _YES, joined.spans, rule)
            case _ if name in _PLAIN:
                draft.add(_PLAIN[name], raw, joined.text, joined.spans, rule)
