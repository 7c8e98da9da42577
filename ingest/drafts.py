"""The project that is being read: readings and doubts gathered while its form is gone through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.model import Field, Reading, ReadingWarning, Span, WarningCode


@dataclass(slots=True)
class Draft:
    """Readings of one form while it is read; the first reading of a field stands."""

    readings: list[Reading[Field]] = field(default_factory=list)
    warnings: list[ReadingWarning] = field(default_factory=list)

    def add(self, name: Field, *, raw: str, value: str | int | bool, spans: Sequence[Span], rule: str) -> None:
        """Keep a reading, unless the field has one already."""
        if not self.has(name):
            self.readings.append(Reading(name=name, raw=raw, value=value, spans=tuple(spans), rule=rule))

    def warn(self, code: WarningCode, message: str, *spans: Span) -> None:
        """Keep a doubt about what stands at `spans`; each only once."""
        doubt = ReadingWarning(code=code, message=message, spans=spans)
        if doubt not in self.warnings:
            self.warnings.append(doubt)

    def has(self, name: Field) -> bool:
        return self.value(name) is not None

    def value(self, name: Field) -> str | int | bool | None:
        """The value read for `name`, or None."""
        return next((reading.value for reading in self.readings if reading.name is name), None)

    def section_at(self, span: Span) -> Field | None:
        """The text section in which `span` begins."""
        for reading in self.readings:
            if reading.rule.startswith("section") and any(
                part.start <= span.start < part.end for part in reading.spans
            ):
                return reading.name
        return None
