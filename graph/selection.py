"""What is exported (the whole graph, an answer's part, a neighbourhood) and how values look in foreign formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from graph.model import Edge, Entity, EntityType, Value

# Signs that XML 1.0 forbids; GEXF writers pass them through and the file becomes unreadable.
_XML_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

MONEY = frozenset(
    {
        "budget_total",
        "budget_year",
        "previous_budget",
        "previous_executed",
        "budget_initial",
        "budget_adjusted",
        "executed",
    }
)
DECIMALS = MONEY | {
    "execution_rate",
    "execution_weight",
    "execution_score",
    "total_score",
    "target_value",
    "actual_value",
    "weight",
    "score",
    "confidence",
}
INTEGERS = frozenset({"year"})
BOOLEANS = frozenset({"government_procurement", "suspected_typo", "damaged"})
DATES = frozenset({"start_date", "end_date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Entities and the edges among them, both sorted by id; `title` says in Chinese what was selected."""

    title: str
    entities: tuple[Entity, ...]
    edges: tuple[Edge, ...]
    version: str = ""  # of the snapshot
    counts: Mapping[str, int] = field(default_factory=dict)


def select(title: str, entities: Iterable[Entity], edges: Iterable[Edge], *, version: str = "") -> Selection:
    """Entities and those of `edges` whose two ends are among them."""
    kept = {e.id: e for e in entities}
    among = sorted((e for e in edges if e.source in kept and e.target in kept), key=lambda e: e.id)
    nodes = tuple(kept[i] for i in sorted(kept))
    counts = {t.value: n for t in EntityType if (n := sum(e.type is t for e in nodes))}
    return Selection(title=title, entities=nodes, edges=tuple(among), version=version, counts=counts)


def as_text(value: Value) -> str:
    """A value as one string: lists joined by ；, booleans 是/否, signs that XML forbids removed."""
    match value:
        case bool():
            text = "是" if value else "否"
        case tuple():
            text = "；".join(value)
        case _:
            text = str(value)
    return _XML_ILLEGAL.sub("", text)


def as_number(name: str, value: Value) -> Decimal | None:
    """The value of a numeric property, exact; None for others."""
    if isinstance(value, (bool, tuple)) or name not in DECIMALS | INTEGERS:
        return None
    return Decimal(str(value))
