"""Text sections of a form, as written, and the numbered sub-projects in them."""

from __future__ import annotations

from ingest.cleaning import clean
from ingest.forms import Form
from ingest.heads import Draft
from ingest.labels import find_labels, wordings
from ingest.model import Document, Field, Span, TaskReading


def read_sections(doc: Document, form: Form, draft: Draft) -> None:
    """The text sections of `form`, added to `draft`."""
    vocabulary = wordings(form.kind)
    current: Field | None = None
    spans: dict[Field, list[Span]] = {}
    for row in form.rows:
        labels = find_labels(doc, row, vocabulary)
        texts = [cell for cell in row.cells if len(cell.text) > 1]
        if labels:
            section = next((label for label in labels if label.key.startswith("sections.")), None)
            current = Field(section.key.partition(".")[2]) if section else None
            texts = [section.rest] if section and section.rest else texts[1:]
        if current and len(texts) == 1:
            spans.setdefault(current, []).append(texts[0].span)
    for name, found in spans.items():
        text = "\n".join(clean(doc.quote(span), keep_breaks=True).text for span in found)
        draft.add(name, text, text, found, "section")


def find_tasks(doc: Document, draft: Draft) -> tuple[TaskReading, ...]:
    """Numbered sub-projects named in the sections."""
    return ()
