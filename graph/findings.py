"""Findings of `jixiao check`: one doubt about the data each, with a Chinese sentence and the places that prove it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from graph.explain import place_of, source_json
from graph.model import Entity, EntityId, Source


class Severity(StrEnum):
    ERROR = "error"  # the document contradicts itself, or cannot be right
    WARNING = "warning"  # probably wrong in the source, or lost in it
    NOTICE = "notice"  # worth a look


class Code(StrEnum):
    """What a finding is about; `checks` says when each is raised."""

    TOTAL_SCORE = "total_score"
    WEIGHTS = "weights"
    SCORE_OVER_WEIGHT = "score_over_weight"
    EXECUTION_RATE = "execution_rate"
    EXECUTION_SCORE = "execution_score"
    OVERSPENT = "overspent"
    BUDGET_OVER_TOTAL = "budget_over_total"
    PREVIOUS_OVERSPENT = "previous_overspent"
    GRADE = "grade"
    TARGET_MISSED = "target_missed"
    DATES = "dates"
    LATER_DOCUMENT = "later_document"
    MISPRINT = "misprint"
    LEADING_ZERO = "leading_zero"
    LONG_SERIAL = "long_serial"
    ONE_NUMBER = "one_number"
    SUSPECT = "suspect"
    DISPUTE = "dispute"
    MISSING = "missing"
    READING = "reading"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`message` is a Chinese sentence that stands alone; `entity` is None where a document as a whole is meant."""

    code: Code
    severity: Severity
    message: str
    label: str
    entity: EntityId | None = None
    sources: tuple[Source, ...] = ()
    detail: str = ""  # of reading warnings: their own code

    def to_json(self) -> dict[str, object]:
        """Plain values for `--json`."""
        return {
            "code": self.code.value,
            "severity": self.severity.value,
            "message": self.message,
            "label": self.label,
            "entity": self.entity,
            "detail": self.detail,
            "sources": [source_json(source) for source in self.sources],
        }


_HEADINGS = {Severity.ERROR: "矛盾", Severity.WARNING: "疑问", Severity.NOTICE: "提示"}
_ORDER = tuple(Severity)
_SHOWN = 3  # places listed behind each finding


def find_on(entity: Entity, code: Code, severity: Severity, message: str, *sources: tuple[Source, ...]) -> Finding:
    """A finding about an entity, proved by the groups of sources (by the entity's own where there are none)."""
    year = entity.properties.get("year")
    label = f"{entity.label}（{year}）" if year is not None and entity.id.startswith("project:") else entity.label
    places = tuple(dict.fromkeys(source for group in sources for source in group)) or entity.sources
    return Finding(code=code, severity=severity, message=message, label=label, entity=entity.id, sources=places)


def order_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Gravest first, then by kind, label and place; each once."""
    unique = {(f.code, f.message, f.label, f.sources): f for f in findings}
    return tuple(
        sorted(unique.values(), key=lambda f: (_ORDER.index(f.severity), f.code, f.label, f.sources[:1], f.message))
    )


def render_findings(findings: Iterable[Finding]) -> str:
    """Chinese lines for people."""
    listed = list(findings)
    if not listed:
        return "没有发现问题。"
    counts = "，".join(f"{_HEADINGS[s]} {n} 条" for s in _ORDER if (n := sum(f.severity is s for f in listed)))
    lines = [f"共 {len(listed)} 条：{counts}"]
    for finding in listed:
        lines.append(f"[{_HEADINGS[finding.severity]}] {finding.label}：{finding.message}")
        places = [place_of(source) for source in finding.sources[:_SHOWN]]
        more = f" 等 {len(finding.sources)} 处" if len(finding.sources) > _SHOWN else ""
        if places:
            lines.append(f"    出处：{'；'.join(places)}{more}")
    return "\n".join(lines)
