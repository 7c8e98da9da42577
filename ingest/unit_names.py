"""Units named in a form: who declares, supervises and implements the project, codes set apart."""

from __future__ import annotations

import re

from ingest.forms import Form
from ingest.fragments import join_cells
from ingest.heads import find_labelled
from ingest.model import Document, UnitReading, UnitRole

_CODE = re.compile(r"[\[(（【]?(\d{3,})[\])）】]?\s*[-—–_]?\s*(?=\D)")


def find_units(doc: Document, form: Form) -> tuple[UnitReading, ...]:
    """The units of `form`, one for each role, in the order of the form."""
    units: dict[UnitRole, UnitReading] = {}
    for item in find_labelled(doc, form):
        group, _, name = item.label.key.partition(".")
        if group != "units" or UnitRole(name) in units:
            continue
        joined = join_cells(doc, item.cells)
        code = _CODE.match(joined.text)
        text = joined.text[code.end() :] if code else joined.text
        if text:
            units[UnitRole(name)] = UnitReading(
                role=UnitRole(name),
                name=text,
                raw=" ".join(doc.quote(span) for span in joined.spans),
                spans=joined.spans,
                rule=f"label.{item.label.wording}",
                code=code[1] if code else None,
                damaged=joined.lost,
            )
    return tuple(units.values())
